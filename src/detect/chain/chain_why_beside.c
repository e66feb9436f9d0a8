/*
 * What is to be known of a chain beside its marks: what is not shown, what nearly fitted, what
 * makes something of it doubtful.
 */
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/carrier.h"
#include "detect/chain/chain_why.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

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
                     "%.*s was first asked for so near the writing that which came first cannot be "
                     "decided: logged at %s",
                     IW_STR_ARG(url), iw_chain_request_time_text(telling, request->end_ns));
}

static void say_not_asked(struct iw_telling *telling)
{
    const struct iw_chain_request *request = &telling->request;
    if (telling->chain->file == NULL || !request->is_logged ||
        (telling->marks & IW_MARKS_REQUEST) != 0)
        return;
    if ((telling->best->join.marks & IW_MARKS_MADE_FILE) != 0)
        say_not_asked_behind(telling);
    else if ((telling->marks & IW_MARKS_MADE_FILE) != 0)
        return;
    else if (request->is_found)
        iw_chain_say(&telling->why, "%.*s was first asked for after the shell, logged at %s",
                     IW_STR_ARG(request->url),
                     iw_chain_request_time_text(telling, request->end_ns));
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
        IW_STR_ARG(
            iw_chain_distance_text(telling, join->woken.time_ns, telling->best->moment.time_ns)),
        join->is_unexcused ? "; what excuses its writing does not count" : "");
}

/* What its content says now: it may have been written again since. */
static void say_web_file(struct iw_telling *telling)
{
    const struct iw_inventory_web_file *web_file = telling->web_file;
    for (size_t i = 0; web_file != NULL && i < web_file->marks.n; i++)
        iw_chain_say(&telling->why, "the file as it was collected: %.*s",
                     IW_STR_ARG(web_file->marks.items[i]));
    if (web_file != NULL && web_file->approval == IW_APPROVAL_NONE)
        iw_chain_say(&telling->why,
                     "the file as it was collected does not stand so in the baseline");
    else if (web_file != NULL && web_file->approval == IW_APPROVAL_EXPIRED)
        iw_chain_say(&telling->why, "the approval of the file in the baseline is over");
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
                     IW_STR_ARG(iw_chain_cut_line(telling, telling->write.path)),
                     IW_STR_ARG(file->path));
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
                     IW_STR_ARG(iw_chain_cut_line(telling, fact.path)),
                     IW_STR_ARG(iw_chain_writer_text_of(telling, write, &fact)),
                     IW_STR_ARG(iw_chain_distance_text(telling, write->moment.time_ns,
                                                       telling->others[i].shell->moment.time_ns)),
                     telling->others[i].shell == telling->best ? "it" : "another shell");
    }
    if (telling->n_more_others != 0)
        iw_chain_say(&telling->why, "%llu more files fit that stand out",
                     (unsigned long long)telling->n_more_others);
    else if (telling->has_more_others)
        iw_chain_say(&telling->why, "more files that stand out fit other shells of it");
}

void iw_chain_say_beside(struct iw_telling *telling)
{
    iw_chain_say_running(telling);
    if (telling->is_compiled_by_any)
        iw_chain_say(&telling->why, "ASP.NET compiled it between the two, as it does when anybody "
                                    "asks for a page that was written: that weighs nothing");
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
