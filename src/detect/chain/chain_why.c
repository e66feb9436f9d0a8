/*
 * Why: each mark with its points and what it was here, the floor, the sum; then what is to be known
 * beside. One function says one mark; the points are those of the table.
 */
#include <stdio.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/carrier.h"
#include "detect/chain/chain_telling.h"
#include "detect/chain/command_shape.h"

#define NS_PER_MS INT64_C(1000000)
#define SITE_NOT_PROVED "; that the URL was this file's then is not proved"
/* Below that, seconds are too coarse for the order of two acts. */
#define SHORT_NS (10 * IW_NS_PER_SECOND)
#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

/* At most 160 bytes, with "..." where something is left out. */
static struct iw_str cut_line(struct iw_telling *telling, struct iw_str text)
{
    size_t n = 157;
    struct iw_str cut;
    if (text.n <= n + 3)
        return text;
    while (n != 0 && ((uint8_t)text.p[n] & 0xC0U) == 0x80U)
        n--;
    cut = iw_arena_format(telling->arena, "%.*s...", (int)n, text.p);
    if (cut.p != NULL)
        return cut;
    telling->why.no_memory = true;
    return IW_STR("");
}

/* --- texts of marks ----------------------------------------------------------------------------
 */

/* Between two moments of the chain, for people: "480 ms", "130 s". */
static struct iw_str distance(struct iw_telling *telling, int64_t from_ns, int64_t to_ns)
{
    int64_t distance_ns = iw_chain_distance_ns(from_ns, to_ns);
    struct iw_str text;
    if (!iw_time_known(distance_ns))
        return IW_STR("some time");
    if (distance_ns < SHORT_NS)
        text = iw_arena_format(telling->arena, "%lld ms", (long long)(distance_ns / NS_PER_MS));
    else
        text =
            iw_arena_format(telling->arena, "%lld s", (long long)(distance_ns / IW_NS_PER_SECOND));
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

/* Who did the writing that a shell is joined by. */
static struct iw_str writer_text_of(struct iw_telling *telling, const struct iw_chain_item *item,
                                    const struct iw_chain_fact *write)
{
    const struct iw_chain_written *known = iw_chain_logon_of(telling->chain->file, item);
    struct iw_str image = iw_path_name(write->process.image);
    struct iw_str who = write->user.n != 0 ? write->user : write->sid;
    struct iw_str logon = known != NULL ? known->logon : IW_STR("");
    struct iw_str text =
        iw_arena_format(telling->arena, "%.*s%s%.*s%s%.*s%s",
                        IW_STR_ARG(image.n != 0 ? image : IW_STR("a process that is not told")),
                        who.n != 0 ? " as " : "", IW_STR_ARG(who), logon.n != 0 ? " (" : "",
                        IW_STR_ARG(logon), logon.n != 0 ? ")" : "");
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

static struct iw_str writer_text(struct iw_telling *telling)
{
    return writer_text_of(telling, telling->write_item, &telling->write);
}

static void say_shell(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_shell *shell = telling->best;
    iw_chain_say(&telling->why, "%s %.*s, %s, was started by %.*s", head,
                 IW_STR_ARG(iw_path_name(shell->image)),
                 iw_program_kind_words(shell->program->kind),
                 IW_STR_ARG(iw_chain_server_text(telling)));
}

static void say_identity(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s %.*s ran as %.*s, the account of a web server; that the web server started it "
                 "is not told",
                 head, IW_STR_ARG(iw_path_name(telling->best->image)),
                 IW_STR_ARG(telling->best_start.user));
}

static void say_file(struct iw_telling *telling, const char *head)
{
    static const char *const CLASSES[IW_WEB_FILE_CLASS_COUNT] = {
        [IW_WEB_FILE_PROGRAM] = "a program among web files",
        [IW_WEB_FILE_SUPPORT] = "runs with pages of the site",
        [IW_WEB_FILE_SCRIPT] = "runs when it is asked for"};
    static const char *const PLACES[] = {
        [IW_CHAIN_PLACE_POSSIBLE] = "its folder may be one of a web server",
        [IW_CHAIN_PLACE_USUAL] = "in a folder that web servers use by default",
        [IW_CHAIN_PLACE_ASSUMED] = "in a folder of a site, by a configuration of another time",
        [IW_CHAIN_PLACE_CONFIGURED] = "in a folder of a site, by the configuration"};
    const struct iw_chain_file *file = telling->chain->file;
    iw_chain_say(&telling->why, "%s %.*s (%s, %s) was written by %.*s %.*s before it", head,
                 IW_STR_ARG(file->path),
                 file->class == IW_WEB_FILE_SCRIPT &&
                         iw_web_file_is_never_asked_for(file->path, telling->chains->settings)
                     ? CLASSES[IW_WEB_FILE_SUPPORT]
                 : CLASSES[file->class] != NULL ? CLASSES[file->class]
                                                : "a file",
                 file->place == IW_CHAIN_PLACE_ASSUMED && file->n_roots == 0
                     ? "in a folder that WebRootPath names"
                 : PLACES[file->place] != NULL ? PLACES[file->place]
                                               : "in no known folder",
                 IW_STR_ARG(writer_text(telling)),
                 IW_STR_ARG(distance(telling, telling->best->join.write.time_ns,
                                     telling->best->moment.time_ns)));
}

static void say_undecided(struct iw_telling *telling, const char *head)
{
    bool is_one_clock = telling->best->join.write.clock == telling->best->moment.clock;
    iw_chain_say(&telling->why,
                 "%s %.*s was written by %.*s at the same time; which came first cannot be decided "
                 "(%s)",
                 head, IW_STR_ARG(telling->chain->file->path), IW_STR_ARG(writer_text(telling)),
                 is_one_clock ? "their times are equal"
                              : "they are of different clocks, and nearer than both are exact");
}

static void say_unseen(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s %.*s was compiled by ASP.NET %.*s before it, while it was asked for the first "
                 "time that its log knows; no event tells how the page came there",
                 head, IW_STR_ARG(telling->chain->file->path),
                 IW_STR_ARG(distance(telling, telling->best->join.write.time_ns,
                                     telling->best->moment.time_ns)));
}

static void say_collected(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s %.*s lies in the evidence, does what a request tells it, and was asked for "
                 "the first time that its log knows %.*s before it; no event tells how or when "
                 "it came there",
                 head, IW_STR_ARG(telling->chain->file->path),
                 IW_STR_ARG(distance(telling, telling->best->join.write.time_ns,
                                     telling->best->moment.time_ns)));
}

/* It may be another shell than the one that the rest is said of. */
static void say_wrote(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_file *file = telling->chain->file;
    const struct iw_chain_item *item = iw_chain_joined_write(file, telling->wrote);
    struct iw_chain_fact fact;
    if (telling->wrote == telling->best)
        iw_chain_say(&telling->why, "%s it, or what it started, wrote %.*s (%.*s)", head,
                     IW_STR_ARG(file->path), IW_STR_ARG(writer_text(telling)));
    else if (iw_chain_fact_parse(item->payload, &fact))
        iw_chain_say(&telling->why, "%s %.*s, started at %s, or what it started, wrote %.*s (%.*s)",
                     head, IW_STR_ARG(iw_path_name(telling->wrote->image)),
                     iw_chain_time_text(telling, telling->wrote->moment.time_ns),
                     IW_STR_ARG(file->path), IW_STR_ARG(writer_text_of(telling, item, &fact)));
}

static void say_request(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    iw_chain_say(&telling->why, "%s %.*s was asked for at %s, %sbefore the shell%s", head,
                 IW_STR_ARG(request->url.n != 0 ? request->url : IW_STR("its URL")),
                 iw_chain_request_time_text(telling, telling->best->join.request_begin_ns),
                 (telling->marks & (IW_MARK(PAGE_UNSEEN) | IW_MARK(COLLECTED_FILE))) != 0
                     ? ""
                     : "after the writing and ",
                 request->is_site_known ? "" : SITE_NOT_PROVED);
}

static void say_request_undecided(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    iw_chain_say(&telling->why,
                 "%s %.*s was asked for at %s, within the second of the shell: its log knows no "
                 "parts of seconds, and it may have come after it",
                 head, IW_STR_ARG(request->url.n != 0 ? request->url : IW_STR("its URL")),
                 iw_chain_request_time_text(telling, telling->best->join.request_begin_ns));
}

static void say_request_served(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    struct iw_str url = request->url.n != 0 ? request->url : IW_STR("its URL");
    const char *when = iw_chain_request_time_text(telling, telling->best->join.request_begin_ns);
    if (request->is_served_before)
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for at %s, after the writing, as it was answered before "
                     "it: that proves little",
                     head, IW_STR_ARG(url), when);
    else
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for at %s, after the writing, as it is by more than %u "
                     "addresses: that proves little",
                     head, IW_STR_ARG(url), when, IW_CHAIN_MANY_ADDRESSES);
}

static void say_request_after(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    iw_chain_say(&telling->why, "%s %.*s was first asked for at %s, after it was written%s", head,
                 IW_STR_ARG(request->url.n != 0 ? request->url : IW_STR("its URL")),
                 iw_chain_request_time_text(telling, request->begin_ns),
                 request->is_site_known ? "" : SITE_NOT_PROVED);
}

static void say_rare(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s one address and one agent alone asked for it (%llu request%s)",
                 head, (unsigned long long)telling->request.n_requests,
                 telling->request.n_requests == 1 ? "" : "s");
}

/* A page's name tells nothing of its folder, and neither the page nor its application is told to be
 * that of the shell. */
static void say_compiled_before(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_item *compiled = telling->best->join.compiled;
    const char *deployment = telling->best->join.deployment;
    struct iw_chain_fact fact;
    struct iw_str page, application;
    if (compiled == NULL || !iw_chain_fact_parse(compiled->payload, &fact))
        return;
    page = iw_web_compiled_page(fact.path);
    application = iw_web_compiled_application(fact.path.n != 0 ? fact.path : fact.command_line);
    iw_chain_say(
        &telling->why,
        "%s the same worker compiled %.*s%s%.*s%s %.*s before it: ASP.NET does so when a "
        "page is asked for the first time, and again when it or what it needs was "
        "changed%s%s%s; that the shell came from %s page is not told",
        head, IW_STR_ARG(page.n != 0 ? page : IW_STR("a page")),
        application.n != 0 ? " (application " : "", IW_STR_ARG(application),
        application.n != 0 ? ")" : "",
        IW_STR_ARG(distance(telling, compiled->moment.time_ns, telling->best->moment.time_ns)),
        deployment != NULL ? " (" : "", deployment != NULL ? deployment : "",
        deployment != NULL ? " within ten minutes of it)" : "", page.n != 0 ? "that" : "such a");
}

static void say_same_pool(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s the configuration of that time gives the file to pool %.*s",
                 head, IW_STR_ARG(telling->best->pool));
}

static void say_other_pool(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_file *file = telling->chain->file;
    iw_chain_say(&telling->why,
                 "%s the file seems to belong to pool %.*s and not to %.*s; that is assumed, not "
                 "proved for that time",
                 head, IW_STR_ARG(file->n_roots != 0 ? file->roots[0]->pool : IW_STR("another")),
                 IW_STR_ARG(telling->best->pool));
}

static void say_writer(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_written *written = telling->write_item->written;
    iw_chain_say(&telling->why, "%s %s wrote the file", head,
                 written != NULL && written->deployment != NULL ? written->deployment
                                                                : "a deployment");
}

static void say_over_network(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s %s", head,
                 telling->best->join.is_by_share
                     ? "the file came over the network (SMB)"
                     : "the file may have come over the network (SMB): System wrote it, as it does "
                       "for shares, while somebody was there over the network");
}

static void say_near(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s %s within ten minutes of %s", head,
                 telling->best->join.deployment,
                 telling->chain->file->is_unseen ? "its first request" : "the writing");
}

static void say_burst(struct iw_telling *telling, const char *head)
{
    bool has_process = telling->write.process.has_pid || telling->write.process.image.n != 0;
    iw_chain_say(&telling->why, "%s the same %s wrote %llu such files within ten minutes", head,
                 has_process ? "process" : "account, from the same address,",
                 (unsigned long long)telling->best->join.n_burst);
}

static void say_explained(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why,
                 "%s change record %.*s explains the file; nothing explains the shell", head,
                 IW_STR_ARG(telling->change.record));
}

static void say_odd_name(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s its name is made to be overlooked: %.*s", head,
                 IW_STR_ARG(telling->chain->file->odd));
}

/* The first of the shown ones that ran what the web server wrote. */
static void say_brought(struct iw_telling *telling, const char *head)
{
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        struct iw_chain_fact fact;
        if (shell->brought == NULL || !iw_chain_fact_parse(shell->brought->payload, &fact))
            continue;
        iw_chain_say(
            &telling->why, "%s the web server itself wrote %.*s %.*s before it was run", head,
            IW_STR_ARG(fact.path),
            IW_STR_ARG(distance(telling, shell->brought->moment.time_ns, shell->moment.time_ns)));
        return;
    }
    iw_chain_say(&telling->why, "%s the web server itself wrote what was run", head);
}

/* The first command of the shown ones that has such a shape. */
static void say_command(struct iw_telling *telling, const char *head)
{
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        for (const struct iw_chain_item *item = SHELL_OF(link)->items.first; item != NULL;
             item = item->next) {
            struct iw_chain_fact fact;
            const char *words;
            if (!iw_chain_fact_parse(item->payload, &fact))
                continue;
            words = iw_command_shape_words(iw_chain_fact_command(&fact));
            if (words == NULL)
                continue;
            iw_chain_say(&telling->why, "%s a command as web shells send it (%s): %.*s", head,
                         words, IW_STR_ARG(cut_line(telling, fact.command_line)));
            return;
        }
    }
    iw_chain_say(&telling->why, "%s a command as web shells send it", head);
}

/* The first of the shown ones. */
static void say_loaded(struct iw_telling *telling, const char *head)
{
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        struct iw_chain_fact fact;
        if (shell->loaded == NULL || !iw_chain_fact_parse(shell->loaded->payload, &fact))
            continue;
        iw_chain_say(
            &telling->why,
            "%s its worker loaded %.*s %.*s before it, which the web server itself had "
            "written %.*s before that",
            head, IW_STR_ARG(cut_line(telling, fact.path)),
            IW_STR_ARG(distance(telling, shell->loaded->moment.time_ns, shell->moment.time_ns)),
            IW_STR_ARG(distance(telling, shell->loaded_written->moment.time_ns,
                                shell->loaded->moment.time_ns)));
        return;
    }
    iw_chain_say(&telling->why, "%s its worker loaded what the web server itself had written",
                 head);
}

typedef void say_mark(struct iw_telling *telling, const char *head);

static const struct {
    say_mark *say; /* NULL: the words do */
    const char *words;
} SAYINGS[IW_MARK_COUNT] = {
    [IW_MARK_SHELL] = {say_shell, NULL},
    [IW_MARK_POOL_IDENTITY] = {say_identity, NULL},
    [IW_MARK_SHARED_ACCOUNT] = {NULL, "others work as that account too: tasks, services, people"},
    [IW_MARK_FILE] = {say_file, NULL},
    [IW_MARK_FILE_UNDECIDED] = {say_undecided, NULL},
    [IW_MARK_PAGE_UNSEEN] = {say_unseen, NULL},
    [IW_MARK_COLLECTED_FILE] = {say_collected, NULL},
    [IW_MARK_SHELL_WROTE_FILE] = {say_wrote, NULL},
    [IW_MARK_REQUEST] = {say_request, NULL},
    [IW_MARK_REQUEST_UNDECIDED] = {say_request_undecided, NULL},
    [IW_MARK_REQUEST_SERVED] = {say_request_served, NULL},
    [IW_MARK_REQUEST_AFTER] = {say_request_after, NULL},
    [IW_MARK_REQUEST_RARE] = {say_rare, NULL},
    [IW_MARK_COMPILED] = {NULL, "ASP.NET compiled that page between the two"},
    [IW_MARK_COMPILED_SOMETHING] = {NULL, "the same worker compiled a page between the two; which "
                                          "one is not told"},
    [IW_MARK_COMPILED_BEFORE] = {say_compiled_before, NULL},
    [IW_MARK_SAME_POOL] = {say_same_pool, NULL},
    [IW_MARK_OTHER_POOL] = {say_other_pool, NULL},
    [IW_MARK_FOLDER_POSSIBLE] = {NULL,
                                 "no configuration and no usual folder says that a web server "
                                 "reaches the file; its ending does"},
    [IW_MARK_WRITTEN_BY_SERVER] = {NULL, "the web server itself wrote the file"},
    [IW_MARK_WRITTEN_OVER_NETWORK] = {say_over_network, NULL},
    [IW_MARK_ODD_NAME] = {say_odd_name, NULL},
    [IW_MARK_TIMES_CHANGED] = {NULL, "the file's time stamps were changed"},
    [IW_MARK_DELETED] = {NULL, "the file was deleted or moved again"},
    [IW_MARK_BROUGHT] = {say_brought, NULL},
    [IW_MARK_LOADED] = {say_loaded, NULL},
    [IW_MARK_COMMAND_SHAPE] = {say_command, NULL},
    [IW_MARK_DISCOVERY] = {NULL, "what was started tells of the machine, its users, its network"},
    [IW_MARK_CREDENTIALS] = {NULL, "what was started reads secrets"},
    [IW_MARK_NETWORK] = {NULL, "what was started connected, or asked for a name"},
    [IW_MARK_SYSTEM] = {NULL, "what it started ran as SYSTEM, the web server does not"},
    [IW_MARK_ODD_WORKER] = {NULL, "the w3wp.exe that started it lies in no folder of IIS"},
    [IW_MARK_DEVELOPER_SERVER] = {NULL, "IIS Express serves one developer's machine"},
    [IW_MARK_DEPLOYMENT_WRITER] = {say_writer, NULL},
    [IW_MARK_DEPLOYMENT_LIKE] = {say_writer, NULL},
    [IW_MARK_DEPLOYMENT_NEAR] = {say_near, NULL},
    [IW_MARK_BURST] = {say_burst, NULL},
    [IW_MARK_USUAL_WRITER] = {NULL, "the baseline of behaviour has that program writing there, as "
                                    "that kind of account"},
    [IW_MARK_FILE_EXPLAINED] = {say_explained, NULL},
    [IW_MARK_USUAL] = {NULL, "the baseline of behaviour has this child of this pool"},
    [IW_MARK_USUAL_HERE] = {iw_chain_say_usual_here, NULL},
};

/* --- the sum ---------------------------------------------------------------------------------- */

static int32_t say_marks(struct iw_telling *telling)
{
    int32_t sum = 0;
    for (int i = 0; i < IW_MARK_COUNT; i++) {
        const struct iw_chain_mark_row *row = iw_chain_mark_row((enum iw_chain_mark)i);
        char head[48];
        if ((telling->marks & ((iw_chain_marks)1 << i)) == 0)
            continue;
        (void)snprintf(head, sizeof head, "%+d %s:", row->points, row->name);
        sum += row->points;
        if (SAYINGS[i].say != NULL)
            SAYINGS[i].say(telling, head);
        else
            iw_chain_say(&telling->why, "%s %s", head, SAYINGS[i].words);
    }
    return sum;
}

static void say_sum(struct iw_telling *telling, int32_t sum)
{
    struct iw_chain_floor floor = iw_chain_floor_of(telling->marks);
    uint32_t score = iw_chain_score(telling->marks);
    if (floor.why != NULL && sum < (int32_t)iw_chain_level_begins(floor.level))
        iw_chain_say(&telling->why, "raised from %d to %u: never below %s, for %s", (int)sum, score,
                     iw_level_name(floor.level), floor.why);
    if (sum > (int32_t)score) /* the lines above add up to more */
        iw_chain_say(&telling->why, "= %u (of %d, at most %u): %s", score, (int)sum, score,
                     iw_level_name(iw_chain_level(score)));
    else
        iw_chain_say(&telling->why, "= %u: %s", score, iw_level_name(iw_chain_level(score)));
    if (telling->finding->level != iw_chain_level(score))
        iw_chain_say(&telling->why, "lowered to %s: the change records explain it",
                     iw_level_name(telling->finding->level));
}

/* --- what else is to be known ------------------------------------------------------------------
 */

static void say_shells(struct iw_telling *telling)
{
    const struct iw_chain *chain = telling->chain;
    if (chain->n_shells > 1)
        iw_chain_say(&telling->why, "%llu programs were started in this way, from %s to %s",
                     (unsigned long long)chain->n_shells,
                     iw_chain_time_text(telling, chain->first.time_ns),
                     iw_chain_time_text(telling, chain->last_ns));
    if (chain->n_shells > chain->n_shown)
        iw_chain_say(&telling->why, "%zu of them are shown: of what recurs only the first ones",
                     chain->n_shown);
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        if (shell->items.n_hidden == 0)
            continue;
        iw_chain_say(&telling->why, "%llu more event%s of what %.*s did %s not shown",
                     (unsigned long long)shell->items.n_hidden,
                     shell->items.n_hidden == 1 ? "" : "s", IW_STR_ARG(iw_path_name(shell->image)),
                     shell->items.n_hidden == 1 ? "is" : "are");
        break;
    }
}

/* At the moment of the shell. */
static bool files_were_logged(struct iw_telling *telling)
{
    const struct iw_chain_telemetry *telemetry = telling->chains->telemetry;
    int64_t shell_ns = telling->chain->first.time_ns;
    struct iw_chain_reach reach;
    if (telemetry == NULL || !telemetry->of[IW_CHAIN_SOURCE_FILES].is_seen)
        return false;
    if (iw_chain_reach_of(telling, IW_CHAIN_SOURCE_FILES, shell_ns, shell_ns, &reach) != IW_OK) {
        telling->why.no_memory = true;
        return false;
    }
    return reach.is_seen;
}

/* The near miss of the first shell that has one; of a shell that was joined later none counts. */
static void say_misses(struct iw_telling *telling)
{
    const struct iw_chain *chain = telling->chain;
    const struct iw_chain_telemetry *telemetry = telling->chains->telemetry;
    if (chain->file != NULL)
        return;
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        if (shell->near_miss.n == 0)
            continue;
        iw_chain_say(&telling->why, "%.*s", IW_STR_ARG(shell->near_miss));
        break;
    }
    if (iw_chain_beside(chain).n == 0 && files_were_logged(telling))
        iw_chain_say(&telling->why,
                     "files being written were logged (%.*s); none among web files fits",
                     IW_STR_ARG(telemetry->of[IW_CHAIN_SOURCE_FILES].by));
    if (chain->near_after.n != 0)
        iw_chain_say(&telling->why, "%.*s", IW_STR_ARG(chain->near_after));
}

/* A page that a shell wrote: why requests for it are no link. */
static void say_not_asked_behind(struct iw_telling *telling)
{
    const struct iw_chain_request *request = &telling->request;
    struct iw_str url = request->url.n != 0 ? request->url : IW_STR("its URL");
    if (!request->is_found)
        iw_chain_say(&telling->why, "the log of requests has none for it after the writing");
    else if (request->n_before != 0)
        iw_chain_say(&telling->why,
                     "%.*s was asked for after the writing as it was before it: "
                     "that is no link",
                     IW_STR_ARG(url));
    else
        iw_chain_say(&telling->why,
                     "%.*s was first asked for at %s, so near the writing that which came first "
                     "cannot be decided",
                     IW_STR_ARG(url), iw_chain_request_time_text(telling, request->begin_ns));
}

static void say_not_asked(struct iw_telling *telling)
{
    const struct iw_chain_request *request = &telling->request;
    if (telling->chain->file == NULL || !request->is_logged ||
        (telling->marks & IW_MARKS_REQUEST) != 0)
        return;
    if ((telling->best->join.marks & IW_MARK(SHELL_WROTE_FILE)) != 0)
        say_not_asked_behind(telling);
    else if ((telling->marks & IW_MARK(SHELL_WROTE_FILE)) != 0)
        return;
    else if (request->is_found)
        iw_chain_say(&telling->why, "%.*s was first asked for at %s, after the shell",
                     IW_STR_ARG(request->url),
                     iw_chain_request_time_text(telling, request->begin_ns));
    else if (iw_web_file_is_never_asked_for(telling->chain->file->path, telling->chains->settings))
        iw_chain_say(&telling->why, "a file of its kind is never asked for by its own name: that "
                                    "the log of requests has none for it says nothing");
    else
        iw_chain_say(&telling->why, "the log of requests has none for it after the writing: the "
                                    "shell went to the file that fits best");
}

/* Written longer before than TimeWindow, and joined all the same. */
static void say_late(struct iw_telling *telling)
{
    const struct iw_chain_join *join = &telling->best->join;
    if (telling->chain->file == NULL || !join->is_late)
        return;
    iw_chain_say(
        &telling->why,
        "the writing is past TimeWindow of %lld s: joined because the first request for the "
        "page that its log knows %s %.*s before the shell%s",
        (long long)(telling->chains->settings->window_ns / IW_NS_PER_SECOND),
        join->woken.clock == IW_CLOCK_REQUEST ? "came" : "had it compiled",
        IW_STR_ARG(distance(telling, join->woken.time_ns, telling->best->moment.time_ns)),
        join->is_unexcused ? "; what excuses its writing does not count" : "");
}

/* What its content says now: it may have been written again since. */
static void say_web_file(struct iw_telling *telling)
{
    const struct iw_inventory_web_file *web_file = telling->web_file;
    for (size_t i = 0; web_file != NULL && i < web_file->marks.n; i++)
        iw_chain_say(&telling->why, "the file as it was collected: %.*s",
                     IW_STR_ARG(web_file->marks.items[i]));
}

static void say_looks(struct iw_telling *telling)
{
    if (telling->best->n_looks != 0 && (telling->marks & IW_MARKS_REQUEST) == 0)
        iw_chain_say(
            &telling->why,
            "more than %zu files were written within TimeWindow: of those before the latest "
            "only such as were asked for were looked at",
            telling->best->n_looks);
    if (telling->best->is_hurried)
        iw_chain_say(&telling->why,
                     "more than %u such programs were started in one moment: which file fits was "
                     "decided before all files of that moment were known",
                     IW_LIMIT_CHAIN_PENDING);
}

static void say_spelling(struct iw_telling *telling)
{
    const struct iw_chain_file *file = telling->chain->file;
    if (file != NULL && file->is_path_assumed)
        iw_chain_say(&telling->why,
                     "the event spells it %.*s; that this is %.*s is assumed: no other folder of a "
                     "site fits",
                     IW_STR_ARG(cut_line(telling, telling->write.path)), IW_STR_ARG(file->path));
}

/* Without a mark: backup drivers write so too. */
static void say_system(struct iw_telling *telling)
{
    const struct iw_chain_written *written =
        telling->write_item != NULL ? telling->write_item->written : NULL;
    if (written != NULL && written->is_by_system &&
        (telling->marks & IW_MARK(WRITTEN_OVER_NETWORK)) == 0)
        iw_chain_say(&telling->why,
                     "System wrote the file: it may have come over the network (SMB), or a driver "
                     "wrote it, as of a backup; no event tells which");
}

static void say_carrier(struct iw_telling *telling)
{
    const char *words =
        telling->write_item != NULL ? iw_carrier_words(telling->write.process.image) : NULL;
    if (words != NULL)
        iw_chain_say(&telling->why, "%s wrote the file: it brings what lies elsewhere", words);
}

static void say_contradiction(struct iw_telling *telling)
{
    if (telling->best->join.is_contradicted)
        iw_chain_say(&telling->why,
                     "the record of the writing contradicts itself: another form of it (same "
                     "channel, number and time) names another writer; nothing in it excuses the "
                     "file");
}

static void say_others(struct iw_telling *telling)
{
    for (size_t i = 0; i < telling->n_others; i++) {
        const struct iw_chain_item *write = telling->others[i].write;
        struct iw_chain_fact fact;
        if (!iw_chain_fact_parse(write->payload, &fact))
            continue;
        iw_chain_say(&telling->why,
                     "another file that fits: %.*s was written by %.*s %.*s before %s",
                     IW_STR_ARG(cut_line(telling, fact.path)),
                     IW_STR_ARG(writer_text_of(telling, write, &fact)),
                     IW_STR_ARG(distance(telling, write->moment.time_ns,
                                         telling->others[i].shell->moment.time_ns)),
                     telling->others[i].shell == telling->best ? "it" : "another shell");
    }
    if (telling->n_more_others != 0)
        iw_chain_say(&telling->why, "%llu more files fit that stand out",
                     (unsigned long long)telling->n_more_others);
    else if (telling->has_more_others)
        iw_chain_say(&telling->why, "more files that stand out fit other shells of it");
}

void iw_chain_explain(struct iw_telling *telling)
{
    say_sum(telling, say_marks(telling));
    say_system(telling);
    say_carrier(telling);
    say_contradiction(telling);
    say_late(telling);
    say_spelling(telling);
    say_web_file(telling);
    say_looks(telling);
    say_shells(telling);
    say_others(telling);
    say_misses(telling);
    iw_chain_say_habit(telling);
    say_not_asked(telling);
    if (telling->is_early)
        iw_chain_say(&telling->why, "told before the end of this host, for memory: later events of "
                                    "it are a finding of their own");
}
