/*
 * A chain as a finding: which of its shells counts most, what that comes to, and what it is known
 * by. The id of a chain of a file is that of the file alone, so that neither more writings nor more
 * shells rename it; without a file it is that of the first shell.
 */
#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/chain/chain_telling.h"
#include "result/change_level.h"

#define NS_PER_MS INT64_C(1000000)
/* "2026-01-05T10:00:00.000" */
#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

/* --- lines ------------------------------------------------------------------------------------ */

void iw_chain_say(struct iw_chain_lines *lines, const char *format, ...)
{
    va_list arguments;
    struct iw_str text;
    va_start(arguments, format);
    text = iw_arena_vformat(lines->arena, format, arguments);
    va_end(arguments);
    if (text.p != NULL && lines->n == lines->cap) {
        size_t cap = lines->cap != 0 ? 2 * lines->cap : 16;
        struct iw_str *items = iw_arena_calloc(lines->arena, cap, sizeof *items);
        if (items != NULL && lines->n != 0)
            memcpy(items, lines->items, lines->n * sizeof *items);
        if (items != NULL) {
            lines->items = items;
            lines->cap = cap;
        } else {
            text.p = NULL;
        }
    }
    if (text.p == NULL) {
        lines->no_memory = true;
        return;
    }
    lines->items[lines->n++] = text;
}

static const char *time_text(struct iw_telling *telling, int64_t time_ns, bool is_second)
{
    char *text = iw_arena_alloc(telling->arena, IW_TIME_TEXT_BYTES);
    if (text == NULL) {
        telling->why.no_memory = true;
        return "";
    }
    if (!iw_time_known(time_ns))
        return "an unknown time";
    return iw_time_words(time_ns, is_second, text);
}

const char *iw_chain_time_text(struct iw_telling *telling, int64_t time_ns)
{
    return time_text(telling, time_ns, false);
}

const char *iw_chain_request_time_text(struct iw_telling *telling, int64_t time_ns)
{
    return time_text(telling, time_ns, true);
}

static struct iw_str checked(struct iw_telling *telling, struct iw_str text)
{
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

struct iw_str iw_chain_server_text(struct iw_telling *telling)
{
    const struct iw_chain_shell *shell = telling->best;
    struct iw_str name = iw_path_name(shell->server);
    if (name.n == 0)
        return IW_STR("a process that is not known");
    if (shell->pool.n == 0)
        return name;
    return checked(telling, iw_arena_format(telling->arena, "%.*s (pool %.*s)", IW_STR_ARG(name),
                                            IW_STR_ARG(shell->pool)));
}

/* --- marks ------------------------------------------------------------------------------------ */

/* What any shell of the chain did counts for the chain. */
#define OF_ANY                                                                                     \
    (IW_MARK(COMMAND_SHAPE) | IW_MARK(DISCOVERY) | IW_MARK(CREDENTIALS) | IW_MARK(NETWORK) |       \
     IW_MARK(SYSTEM) | IW_MARK(ODD_WORKER) | IW_MARKS_MADE_FILE)
#define OF_USUAL (IW_MARK(USUAL) | IW_MARK(USUAL_HERE))

/* Whatever writing a shell is joined by; what is known of that is in its join. */
static iw_chain_marks marks_of_file(const struct iw_chain_file *file)
{
    iw_chain_marks marks = file->marks;
    if (!iw_chain_is_of_writing(file, file->times))
        marks &= ~IW_MARK(TIMES_CHANGED);
    if (!iw_chain_is_of_writing(file, file->deleted))
        marks &= ~IW_MARK(DELETED);
    return marks;
}

/* What of a shell is usual: by a baseline, unless its file speaks for itself; by what was hunted,
 * only where no file explains it and all of the host is known. */
static enum iw_rc marks_of_shell(struct iw_telling *telling, const struct iw_chain_shell *shell,
                                 iw_chain_marks *ret)
{
    bool is_usual = false;
    *ret = shell->marks;
    if (shell->is_below_unusual || shell->is_spoken_for)
        *ret &= ~OF_USUAL;
    if ((*ret & OF_USUAL) != 0 || telling->is_early || telling->chain->file != NULL)
        return IW_OK;
    IW_TRY(iw_chain_habit_is_usual(telling->chains, shell, &is_usual, NULL));
    if (is_usual)
        *ret |= IW_MARK(USUAL_HERE);
    return IW_OK;
}

static enum iw_rc is_hidden_usual(const struct iw_telling *telling, bool *ret)
{
    const struct iw_chain *chain = telling->chain;
    *ret = !chain->hidden_is_unusual && (chain->n_hidden_habits == 0 || !telling->is_early);
    return *ret && chain->n_hidden_habits != 0
               ? iw_chain_habit_hidden_usual(telling->chains, chain, ret)
               : IW_OK;
}

static enum iw_rc choose_best(struct iw_telling *telling)
{
    const struct iw_chain *chain = telling->chain;
    iw_chain_marks of_file = chain->file != NULL ? marks_of_file(chain->file) : 0;
    iw_chain_marks of_any = chain->hidden_marks & OF_ANY;
    uint32_t highest = 0;
    bool is_usual;
    for (const struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF((struct iw_link *)(uintptr_t)link);
        iw_chain_marks marks;
        IW_TRY(marks_of_shell(telling, shell, &marks));
        marks |= of_file | shell->join.marks;
        of_any |= (shell->marks | shell->join.marks) & OF_ANY;
        if ((marks & OF_USUAL) != 0)
            marks &= ~IW_MARK(COMPILED_BEFORE); /* what is usual needs no page */
        if (telling->wrote == NULL && (shell->join.marks & IW_MARKS_MADE_FILE) != 0)
            telling->wrote = shell;
        if (telling->best != NULL && iw_chain_score(marks) <= highest)
            continue;
        telling->best = shell;
        highest = iw_chain_score(marks);
        telling->marks = marks;
    }
    telling->marks |= of_any;
    IW_TRY(is_hidden_usual(telling, &is_usual));
    if (!is_usual)
        telling->marks &= ~OF_USUAL;
    return IW_OK;
}

/* The page a shell wrote was asked for, and never before: one that was served already proves
 * nothing by being asked for again. Within the second of the writing the order is not known. */
static bool is_asked_behind(const struct iw_telling *telling)
{
    const struct iw_chain_request *request = &telling->request;
    const struct iw_chain_moment begin = {request->begin_ns, IW_CLOCK_REQUEST};
    return (telling->best->join.marks & IW_MARKS_MADE_FILE) != 0 && request->is_found &&
           request->n_before == 0 &&
           iw_chain_order_of(telling->write_item->moment, begin) == IW_CHAIN_BEFORE;
}

/* A page that all ask for is compiled by whoever asks first after it was written: that says
 * something of a shell that comes right behind alone. */
static void weigh_compiling(struct iw_telling *telling)
{
    const iw_chain_marks COMPILINGS = IW_MARK(COMPILED) | IW_MARK(COMPILED_SOMETHING);
    const struct iw_chain_shell *best = telling->best;
    if ((telling->marks & COMPILINGS) == 0 || best->join.compiled == NULL ||
        iw_chain_distance_ns(best->join.compiled->moment.time_ns, best->moment.time_ns) <=
            IW_CHAIN_COMPILED_NEAR_NS)
        return;
    telling->marks &= ~COMPILINGS;
    telling->is_compiled_by_any = true;
}

static void weigh_request(struct iw_telling *telling)
{
    const iw_chain_marks BETWEEN = IW_MARK(REQUEST) | IW_MARK(REQUEST_UNDECIDED);
    const struct iw_chain_request *request = &telling->request;
    if ((telling->marks & BETWEEN) == 0 || !iw_chain_is_served(request))
        return;
    telling->marks &= ~BETWEEN;
    telling->marks |= IW_MARK(REQUEST_SERVED);
    if (request->n_addresses > IW_CHAIN_MANY_ADDRESSES)
        weigh_compiling(telling);
}

static enum iw_rc read_write(struct iw_telling *telling)
{
    const struct iw_chain_file *file = telling->chain->file;
    const struct iw_chains *chains = telling->chains;
    if (file == NULL)
        return IW_OK;
    telling->write_item = iw_chain_joined_write(file, telling->best);
    (void)iw_chain_fact_parse(telling->write_item->payload, &telling->write);
    if (chains->input.ask_web_file != NULL)
        IW_TRY(chains->input.ask_web_file(chains->input.context, chains->context->host, file->path,
                                          telling->arena, &telling->web_file));
    if (chains->input.ask_requests == NULL)
        return IW_OK;
    IW_TRY(chains->input.ask_requests(chains->input.context, chains->context->host, file->path,
                                      telling->write_item->moment.time_ns, telling->arena,
                                      &telling->request));
    if (is_asked_behind(telling))
        telling->marks |= IW_MARK(REQUEST_AFTER);
    weigh_request(telling);
    if ((telling->marks & IW_MARKS_REQUEST & ~IW_MARK(REQUEST_SERVED)) != 0 &&
        telling->request.is_found && telling->request.n_addresses == 1 &&
        telling->request.n_agents <= 1 && telling->request.n_forwarded <= 1)
        telling->marks |= IW_MARK(REQUEST_RARE);
    return iw_chain_find_running(telling);
}

/* --- change records ----------------------------------------------------------------------------
 */

/* A record may explain the file; what the worker started is another act, which no record is about.
 */
static enum iw_rc ask_change(struct iw_telling *telling)
{
    const struct iw_chains_input *input = &telling->chains->input;
    struct iw_act act = {.host = telling->chains->context->host,
                         .computer = telling->chains->context->host,
                         .action = IW_ACT_UNKNOWN};
    bool is_usual = (telling->marks & OF_USUAL) != 0;
    if (telling->chain->file == NULL || telling->chain->file->is_unseen ||
        input->judge_change == NULL)
        return IW_OK; /* there is no act that a record could be about */
    act.first_ns = act.last_ns = telling->write_item->moment.time_ns;
    act.actor = telling->write.user;
    act.actor_sid = telling->write.sid;
    act.path = telling->chain->file->path;
    telling->is_file_asked = true;
    IW_TRY(input->judge_change(input->changes, &act, telling->arena, &telling->change));
    telling->change.keeps_level |= !is_usual;
    if (telling->change.status != IW_CHANGE_EXPLAINED)
        return IW_OK;
    telling->marks |= IW_MARK(FILE_EXPLAINED);
    if (is_usual)
        return IW_OK;
    telling->change.status = IW_CHANGE_PARTLY;
    telling->change.why = IW_STR("the record explains the file, not what the web server started");
    return IW_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Another writing of the file before all of the chain, behind which it was not deleted. */
static bool is_written_before(const struct iw_telling *telling)
{
    const struct iw_chain_file *file = telling->chain->file;
    const struct iw_chain_item *deleted = file->deleted;
    for (size_t i = 0; i < file->n_writes && !iw_chain_is_link(telling, file->writes[i]); i++) {
        const struct iw_chain_item *write = file->writes[i];
        if (deleted == NULL ||
            iw_chain_order_of(deleted->moment, write->moment) == IW_CHAIN_BEFORE ||
            iw_chain_order_of(telling->write_item->moment, deleted->moment) == IW_CHAIN_BEFORE)
            return iw_chain_order_of(write->moment, telling->write_item->moment) == IW_CHAIN_BEFORE;
    }
    return false;
}

/* An event of a writing does not say whether the file was there: what else is known does. */
static const char *coming(const struct iw_telling *telling)
{
    return telling->request.is_served_before || is_written_before(telling)
               ? "File among web files was changed"
               : "File was written among web files";
}

static void set_title(struct iw_telling *telling)
{
    struct iw_finding *finding = telling->finding;
    const struct iw_chain_file *file = telling->chain->file;
    struct iw_str image = iw_path_name(telling->best->image);
    struct iw_arena *arena = telling->arena;
    struct iw_str text;
    if (file != NULL && (telling->best->join.marks & IW_MARK(SHELL_WROTE_FILE)) != 0)
        text = iw_arena_format(
            arena, "What the web server started wrote a file among its pages: %.*s by %.*s",
            IW_STR_ARG(iw_path_name(file->path)), IW_STR_ARG(image));
    else if (file != NULL && (telling->best->join.marks & IW_MARK(SHELL_NAMED_FILE)) != 0)
        text = iw_arena_format(arena,
                               "What the web server started was told to write a page: %.*s by %.*s",
                               IW_STR_ARG(iw_path_name(file->path)), IW_STR_ARG(image));
    else if (file != NULL && (telling->marks & IW_MARK(POOL_IDENTITY)) != 0)
        text = iw_arena_format(arena, "%s, then %.*s ran as the account of a web server: %.*s",
                               coming(telling), IW_STR_ARG(image),
                               IW_STR_ARG(iw_path_name(file->path)));
    else if (file != NULL && file->is_collected)
        text = iw_arena_format(
            arena,
            "Page of unknown origin was first asked for, then the web server started %.*s: %.*s",
            IW_STR_ARG(image), IW_STR_ARG(iw_path_name(file->path)));
    else if (file != NULL && file->is_unseen)
        text = iw_arena_format(
            arena, "Page of unknown origin was compiled, then the web server started %.*s: %.*s",
            IW_STR_ARG(image), IW_STR_ARG(iw_path_name(file->path)));
    else if (file != NULL && (telling->marks & IW_MARK(CGI_RUN)) != 0)
        text =
            iw_arena_format(arena, "%s, then the web server ran it by %.*s: %.*s", coming(telling),
                            IW_STR_ARG(image), IW_STR_ARG(iw_path_name(file->path)));
    else if (file != NULL)
        text = iw_arena_format(arena, "%s, then the web server started %.*s: %.*s", coming(telling),
                               IW_STR_ARG(image), IW_STR_ARG(iw_path_name(file->path)));
    else if ((telling->marks & IW_MARK(MANAGEMENT_SERVER)) != 0)
        text = iw_arena_format(arena, "Management service of the web server started %.*s",
                               IW_STR_ARG(image));
    else if ((telling->marks & IW_MARK(CGI_RUN)) != 0)
        text = iw_arena_format(arena, "Web server ran pages by %.*s", IW_STR_ARG(image));
    else if ((telling->marks & IW_MARK(SHELL)) != 0)
        text = iw_arena_format(arena, "Web server started %.*s", IW_STR_ARG(image));
    else
        text = iw_arena_format(arena, "%.*s ran as the account of a web server", IW_STR_ARG(image));
    finding->title = checked(telling, text);
}

static void set_tags(struct iw_telling *telling)
{
    static const struct iw_str AN1108 = {"AN1108", 6};
    const struct iw_chain *chain = telling->chain;
    struct iw_str *attack =
        iw_arena_calloc(telling->arena, IW_CHAIN_TECHNIQUES + 1, sizeof *attack);
    uint64_t techniques = chain->hidden_techniques;
    size_t n = 0;
    if (attack == NULL) {
        telling->why.no_memory = true;
        return;
    }
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next)
        techniques |= SHELL_OF(link)->techniques;
    if (chain->file != NULL)
        attack[n++] = IW_STR("T1505.003");
    for (size_t i = 0; i < IW_CHAIN_TECHNIQUES; i++) {
        if ((techniques & ((uint64_t)1 << i)) != 0)
            attack[n++] = iw_str_of(iw_chain_technique(i));
    }
    telling->finding->analytic = (struct iw_text_list){&AN1108, 1};
    telling->finding->attack = (struct iw_text_list){attack, n};
}

static void set_subject(struct iw_telling *telling)
{
    const struct iw_chain *chain = telling->chain;
    struct iw_finding *finding = telling->finding;
    if (chain->file != NULL) {
        finding->subject_type = IW_STR("file");
        finding->subject_name = chain->file->path;
        finding->anchor = IW_STR("file");
        return;
    }
    finding->subject_type = IW_STR("process");
    finding->subject_name =
        telling->best->server.n != 0 ? telling->best->server : telling->best_start.user;
    finding->anchor =
        checked(telling, iw_arena_format(telling->arena, "process_created|%lld|%llu",
                                         (long long)(chain->first.time_ns / NS_PER_MS),
                                         (unsigned long long)chain->first_pid));
}

static void set_times(struct iw_telling *telling)
{
    const struct iw_chain *chain = telling->chain;
    iw_time_widen(&telling->first_ns, &telling->last_ns, chain->first.time_ns);
    iw_time_widen(&telling->first_ns, &telling->last_ns, chain->hidden_last_ns);
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        if (shell->items.n_hidden != 0)
            iw_time_widen(&telling->first_ns, &telling->last_ns, shell->items.hidden_ns);
    }
    telling->finding->first_time_ns = telling->first_ns;
    telling->finding->last_time_ns = telling->last_ns;
}

static void set_score(struct iw_telling *telling)
{
    struct iw_finding *finding = telling->finding;
    finding->score = iw_chain_score(telling->marks);
    finding->level = iw_change_level(&telling->change, iw_chain_level(finding->score));
    if (finding->level != iw_chain_level(finding->score))
        finding->score = iw_chain_level_begins(finding->level);
    finding->change = telling->change;
}

static void set_rest(struct iw_telling *telling)
{
    struct iw_finding *finding = telling->finding;
    finding->kind = IW_FINDING_CHAIN;
    finding->rule_account = SIZE_MAX; /* of no rule */
    finding->host = telling->chains->context->host;
    finding->computer = telling->chains->context->host;
    finding->is_partial = telling->chain->file == NULL || telling->chain->file->is_unseen;
    finding->user = telling->best_start.user;
    finding->pool = telling->best->pool;
    finding->asked_by = iw_chain_askers(telling);
    finding->detail = telling->best_start.command_line.n != 0 ? telling->best_start.command_line
                                                              : telling->best->image;
    finding->why = (struct iw_text_list){telling->why.items, telling->why.n};
    finding->blind = (struct iw_text_list){telling->blind.items, telling->blind.n};
    finding->triage = (struct iw_text_list){telling->triage.items, telling->triage.n};
}

static enum iw_rc make(struct iw_telling *telling)
{
    IW_TRY(choose_best(telling));
    IW_TRY(iw_chain_find_none(telling));
    (void)iw_chain_fact_parse(telling->best->items.first->payload, &telling->best_start);
    IW_TRY(read_write(telling));
    IW_TRY(ask_change(telling));
    set_score(telling);
    IW_TRY(iw_chain_tell_others(telling));
    IW_TRY(iw_chain_evidence(telling));
    set_times(telling);
    set_title(telling);
    set_tags(telling);
    set_subject(telling);
    iw_chain_explain(telling);
    iw_chain_tell_blind(telling);
    iw_chain_tell_clock(telling);
    iw_chain_advise(telling);
    set_rest(telling);
    return telling->why.no_memory || telling->blind.no_memory || telling->triage.no_memory
               ? IW_ENOMEM
               : IW_OK;
}

enum iw_rc iw_chain_tell(struct iw_chains *chains, struct iw_chain *chain, bool is_early,
                         struct iw_error *err)
{
    struct iw_finding finding = {0};
    struct iw_telling telling = {.chains = chains,
                                 .chain = chain,
                                 .arena = &chains->arena,
                                 .is_early = is_early,
                                 .first_ns = IW_TIME_UNKNOWN,
                                 .last_ns = IW_TIME_UNKNOWN,
                                 .finding = &finding};
    if (chain->shells.first == NULL)
        return IW_OK; /* memory ended before its first shell came */
    iw_arena_reset(&chains->arena);
    telling.why.arena = telling.blind.arena = telling.triage.arena = &chains->arena;
    IW_TRY(make(&telling));
    IW_TRY(iw_chain_tell_level(&telling, err));
    chains->account.n_findings++;
    return chains->input.take_finding(chains->input.context, &finding, err);
}
