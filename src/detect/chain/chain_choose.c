/*
 * Which file a shell goes to: of those that fit the one that chain_fit.c puts first.
 *
 * A file fits when it was written before the shell, not longer than TimeWindow, in a folder of a
 * web server, and is not proved to belong to another pool. Equal candidates are told apart by their
 * paths, so that nothing depends on the order they came in.
 */
#include "base/limits.h"
#include "detect/chain/chain_fit.h"
#include "detect/chain/chain_miss.h"

enum pool_relation { POOL_NOT_KNOWN = 0, POOL_SAME, POOL_OTHER };

struct choosing {
    struct iw_chains *chains;
    struct iw_chain_shell *shell;
    struct iw_chain_fit best;
    struct iw_chain_miss miss;
    struct iw_chain_others others;
    struct iw_chain_fit beside; /* the latest file that came beside a habit */
    struct iw_str page;         /* key of the only one that may be it, where a command line names
                                   the page that ran; empty: any may */
};

/* --- pools ------------------------------------------------------------------------------------ */

static enum pool_relation relation_of(const struct iw_chain_file *file,
                                      const struct iw_chain_shell *shell)
{
    bool is_any_known = false;
    if (!shell->is_iis || shell->pool.n == 0)
        return POOL_NOT_KNOWN;
    for (size_t i = 0; i < file->n_roots; i++) {
        if (iw_web_root_has_pool(file->roots[i], shell->pool))
            return POOL_SAME;
        is_any_known |= file->roots[i]->pool.n != 0;
    }
    return is_any_known && !file->has_more_roots ? POOL_OTHER : POOL_NOT_KNOWN;
}

bool iw_chain_file_is_of_pool(const struct iw_chain_file *file, struct iw_str pool)
{
    for (size_t i = 0; i < file->n_roots; i++) {
        if (iw_web_root_has_pool(file->roots[i], pool))
            return file->place == IW_CHAIN_PLACE_CONFIGURED;
    }
    return false;
}

bool iw_chain_file_is_beyond(const struct iw_chain_file *file, const struct iw_chain_shell *shell)
{
    return shell->is_iis && file->is_beyond_iis;
}

bool iw_chain_file_may_be_of(const struct iw_chain_file *file, const struct iw_chain_shell *shell)
{
    return file->place != IW_CHAIN_PLACE_NONE && !iw_chain_file_is_beyond(file, shell) &&
           relation_of(file, shell) != POOL_OTHER;
}

/* --- fits ------------------------------------------------------------------------------------- */

static iw_chain_marks marks_of(const struct iw_chain_fit *fit, const struct iw_chain_file *file,
                               const struct iw_chain_shell *shell, enum pool_relation relation)
{
    bool is_unseen = file->is_unseen && fit->write == file->writes[0];
    iw_chain_marks marks = is_unseen && file->is_collected ? IW_MARK(COLLECTED_FILE)
                           : is_unseen                     ? IW_MARK(PAGE_UNSEEN)
                           : fit->is_undecided             ? IW_MARK(FILE_UNDECIDED)
                                                           : IW_MARK(FILE);
    if (fit->is_asked_for)
        marks |= fit->request_begin_ns <= shell->moment.time_ns && !shell->is_trace
                     ? IW_MARK(REQUEST)
                     : IW_MARK(REQUEST_UNDECIDED);
    if (relation == POOL_SAME && file->place == IW_CHAIN_PLACE_CONFIGURED)
        marks |= IW_MARK(SAME_POOL);
    if (relation == POOL_OTHER)
        marks |= IW_MARK(OTHER_POOL);
    if (file->place == IW_CHAIN_PLACE_POSSIBLE)
        marks |= IW_MARK(FOLDER_POSSIBLE);
    return marks;
}

/* One writing of a file against the best one so far. *ret*: no earlier writing of it is better. */
static enum iw_rc try_write(struct choosing *choosing, struct iw_chain_file *file,
                            struct iw_chain_item *write, bool is_undecided,
                            enum pool_relation relation, struct iw_chain_moment since, bool *ret)
{
    const struct iw_chain_shell *shell = choosing->shell;
    struct iw_chain_fit fit = {.file = file,
                               .write = write,
                               .since = since,
                               .is_undecided = is_undecided,
                               .is_other_pool = relation == POOL_OTHER};
    bool is_beside;
    choosing->chains->n_looks++;
    IW_TRY(iw_chain_fit_ask(choosing->chains, file, write));
    iw_chain_fit_weigh(choosing->chains, &fit, shell);
    /* The first request stands for its coming: how exact that is, the request's own mark says. */
    fit.is_undecided &= !file->is_collected || write != file->writes[0];
    fit.is_undecided |= shell->is_trace;
    *ret = fit.is_asked_for && !is_undecided;
    iw_chain_others_note(choosing->chains, shell, &fit, &choosing->others);
    if (choosing->best.file != NULL && iw_chain_fit_compare(&fit, &choosing->best) <= 0)
        return IW_OK;
    IW_TRY(iw_chain_habit_excuses(choosing->chains, shell, file, fit.write, since.time_ns,
                                  &is_beside));
    if (is_beside) {
        if (choosing->beside.file == NULL || iw_chain_fit_compare(&fit, &choosing->beside) > 0)
            choosing->beside = fit;
        return IW_OK;
    }
    fit.marks = marks_of(&fit, file, shell, relation);
    choosing->best = fit;
    return IW_OK;
}

/* Since when a writing counts: since it was made, or since its page was asked for or compiled the
 * first time ever, where a shell was joined by that. */
static struct iw_chain_moment since_of(const struct iw_chain_file *file,
                                       const struct iw_chain_item *write,
                                       const struct iw_chain_shell *shell)
{
    return file->is_woken && iw_chain_order_of(write->moment, file->woken) == IW_CHAIN_BEFORE &&
                   iw_chain_order_of(file->woken, shell->moment) != IW_CHAIN_AFTER
               ? file->woken
               : write->moment;
}

/* All its writings that came before the shell, the latest first: what was written, asked for, and
 * then touched again was asked for. *ret_on* false: the files behind are older still. */
static enum iw_rc try_file(struct choosing *choosing, struct iw_chain_file *file, bool *ret_on)
{
    const struct iw_chain_shell *shell = choosing->shell;
    enum pool_relation relation = relation_of(file, shell);
    bool is_first = true, is_best = false;

    *ret_on = true;
    if (file->place == IW_CHAIN_PLACE_NONE || iw_chain_file_is_beyond(file, shell) ||
        (choosing->page.n != 0 && !iw_str_equal(choosing->page, file->key)))
        return IW_OK;
    for (size_t i = file->n_writes; i-- != 0 && !is_best;) {
        struct iw_chain_item *write = file->writes[i];
        enum iw_chain_order order = iw_chain_order_of(write->moment, shell->moment);
        struct iw_chain_moment since = since_of(file, write, shell);
        int64_t distance_ns = iw_chain_distance_ns(since.time_ns, shell->moment.time_ns);
        int64_t past_ns = distance_ns - choosing->chains->settings->window_ns;
        if (order == IW_CHAIN_AFTER)
            continue;
        if (relation == POOL_OTHER && file->place == IW_CHAIN_PLACE_CONFIGURED) {
            iw_chain_miss_note(&choosing->miss, file, write, since, shell, IW_CHAIN_MISS_POOL, 0);
            return IW_OK;
        }
        if (past_ns > 0) {
            if (is_first)
                iw_chain_miss_note(&choosing->miss, file, write, since, shell, IW_CHAIN_MISS_LATE,
                                   past_ns);
            *ret_on = file->is_woken || write != iw_chain_latest_write(file);
            return IW_OK;
        }
        IW_TRY(try_write(choosing, file, write, order == IW_CHAIN_UNDECIDED, relation, since,
                         &is_best));
        is_first = false;
    }
    return IW_OK;
}

/* Past the files that are looked at one by one, whether anybody asked is asked once of each, of the
 * first writing that is in the window: who asked for a later one asked after that one too. */
static enum iw_rc ask_about_rest(struct choosing *choosing)
{
    struct iw_chains *chains = choosing->chains;
    size_t n_left = IW_LIMIT_CHAIN_FILES;
    for (struct iw_link *link = chains->unasked.first, *next; link != NULL && n_left-- != 0;
         link = next) {
        struct iw_chain_file *file = IW_LINKED_IN(link, struct iw_chain_file, unasked);
        next = link->next;
        iw_linked_remove(link);
        for (size_t i = 0; i < file->n_writes; i++) {
            if (iw_chain_distance_ns(file->writes[i]->moment.time_ns,
                                     choosing->shell->moment.time_ns) > chains->settings->window_ns)
                continue;
            IW_TRY(iw_chain_fit_ask(chains, file, file->writes[i]));
            iw_chains_note_late(chains, file, file->writes[i]);
            break;
        }
    }
    return IW_OK;
}

/* Whoever writes many files many times, and starts many shells, makes each look at all. */
static size_t most_looks(const struct iw_chains *chains)
{
    return chains->n_looks < IW_LIMIT_CHAIN_ALL_LOOKS ? IW_LIMIT_CHAIN_LOOKS
                                                      : IW_LIMIT_CHAIN_LOOKS_PAST;
}

/* Files that were asked for, however many others came after them. */
static enum iw_rc try_asked_for(struct choosing *choosing)
{
    size_t n = 0, n_most = most_looks(choosing->chains);
    for (struct iw_link *link = choosing->chains->asked_for.last, *before;
         link != NULL && n < n_most; link = before, n++) {
        bool is_on;
        before = link->prev;
        IW_TRY(try_file(choosing, IW_LINKED_IN(link, struct iw_chain_file, asked_for), &is_on));
    }
    return IW_OK;
}

static enum iw_rc try_latest(struct choosing *choosing)
{
    struct iw_chains *chains = choosing->chains;
    size_t n = 0, n_most = most_looks(chains);
    bool is_on = true;
    for (struct iw_link *link = chains->by_time.last; link != NULL && is_on; link = link->prev) {
        struct iw_chain_file *file = IW_LINKED_IN(link, struct iw_chain_file, by_time);
        if (iw_chain_file_is_beyond(file, choosing->shell))
            continue;
        if (n++ == n_most) {
            choosing->shell->n_looks = n_most;
            chains->account.n_looks_cut += n_most < IW_LIMIT_CHAIN_LOOKS;
            return ask_about_rest(choosing);
        }
        IW_TRY(try_file(choosing, file, &is_on));
    }
    return IW_OK;
}

/* A page that is looked at for its first request or compiling: one that nobody saw come, or one
 * that was written longer ago than TimeWindow. That stays awake if the shell goes to it; else it is
 * as it was, for an earlier shell may have woken it, and later ones look for it there. */
static enum iw_rc try_found(struct choosing *choosing, struct iw_chain_file *file,
                            struct iw_chain_moment moment)
{
    struct iw_chains *chains = choosing->chains;
    bool is_late = iw_chain_late_write(chains, file, choosing->shell) != NULL, is_on;
    bool was_woken = file->is_woken;
    struct iw_chain_moment before = file->woken;
    if (is_late) {
        file->is_woken = true;
        file->woken = moment;
    }
    IW_TRY(try_file(choosing, file, &is_on));
    if (is_late && choosing->best.file != file) {
        file->is_woken = was_woken;
        file->woken = before;
    }
    return IW_OK;
}

/* --- pages nobody saw come ---------------------------------------------------------------------
 */

/* The latest page of a ring that the shell's worker compiled before it, within TimeWindow, and that
 * no deployment near in time may have brought; none of a name that was written within TimeWindow.
 */
static struct iw_chain_compiling *compiled_before(const struct iw_chains *chains,
                                                  struct iw_chain_compiling *ring,
                                                  const struct iw_chain_shell *shell)
{
    struct iw_chain_compiling *latest = NULL;
    for (size_t i = 0; i < IW_CHAIN_UNSEEN; i++) {
        struct iw_chain_compiling *one = &ring[i];
        if (one->item == NULL || !iw_chain_is_of_worker(one, shell) ||
            iw_chain_order_of(one->moment, shell->moment) != IW_CHAIN_BEFORE ||
            iw_chain_distance_ns(one->moment.time_ns, shell->moment.time_ns) >
                chains->settings->window_ns ||
            (iw_time_known(one->written_ns) &&
             iw_chain_distance_ns(one->written_ns, shell->moment.time_ns) <=
                 chains->settings->window_ns) ||
            iw_chains_is_deployed_near(chains, one->moment.time_ns))
            continue;
        if (latest == NULL || one->moment.time_ns > latest->moment.time_ns)
            latest = one;
    }
    return latest;
}

/* One compiling is asked about once: what is not found stays so, and shells may be many. */
static enum iw_rc ask_page(struct iw_chains *chains, const struct iw_chain_shell *shell,
                           struct iw_chain_compiling *compiling, struct iw_chain_file **ret)
{
    struct iw_chain_fact what;
    struct iw_str path = IW_STR("");
    *ret = NULL;
    if (iw_chain_fact_parse(compiling->item->payload, &what))
        IW_TRY(chains->input.ask_page(chains->input.context, chains->context->host, shell->pool,
                                      iw_web_compiled_page(what.path), compiling->moment.time_ns,
                                      shell->moment.time_ns, &chains->scratch, &path));
    if (path.n != 0)
        IW_TRY(iw_chains_find_file(chains, path, ret));
    if (path.n != 0 && *ret == NULL)
        IW_TRY(iw_chains_add_unseen(chains, path, compiling, ret));
    iw_chain_item_free(chains, compiling->item);
    compiling->item = NULL;
    return IW_OK;
}

/* A page that ASP.NET compiled, and whose first request ever was running then, had come shortly
 * before: what tells of that is missing. An old page that is compiled anew had requests before. */
static enum iw_rc try_unseen(struct choosing *choosing)
{
    struct iw_chains *chains = choosing->chains;
    const struct iw_chain_shell *shell = choosing->shell;
    struct iw_chain_compiling *compiling;
    struct iw_chain_moment moment;
    struct iw_chain_file *file = NULL;

    if (chains->input.ask_page == NULL || !shell->is_iis || shell->pool.n == 0 ||
        (shell->marks & IW_MARK(SHELL)) == 0)
        return IW_OK;
    while (file == NULL && ((compiling = compiled_before(chains, chains->unseen, shell)) != NULL ||
                            (compiling = compiled_before(chains, chains->seen, shell)) != NULL)) {
        if (chains->n_page_asks == IW_LIMIT_CHAIN_PAGE_ASKS) {
            chains->account.n_pages_not_asked++;
            return IW_OK;
        }
        chains->n_page_asks++;
        moment = compiling->moment;
        IW_TRY(ask_page(chains, shell, compiling, &file));
    }
    return file != NULL ? try_found(choosing, file, moment) : IW_OK;
}

/* It counts as if it had been written at its first request, from here on; and as no less than if
 * nobody had seen it come. */
static void stay_awake(struct iw_chains *chains, struct iw_chain_file *file,
                       struct iw_chain_join *joined)
{
    const iw_chain_marks EXCUSES = IW_MARK(DEPLOYMENT_WRITER) | IW_MARK(DEPLOYMENT_LIKE) |
                                   IW_MARK(DEPLOYMENT_NEAR) | IW_MARK(BURST) |
                                   IW_MARK(USUAL_WRITER);
    const iw_chain_marks KNOWN = EXCUSES | IW_MARK(FILE) | IW_MARK(COMPILED) |
                                 IW_MARK(COMPILED_SOMETHING) | IW_MARK(WRITTEN_BY_SERVER) |
                                 IW_MARK(WRITTEN_OVER_NETWORK);
    if (iw_chain_points(joined->marks & KNOWN) < iw_chain_points(IW_MARK(PAGE_UNSEEN))) {
        joined->is_unexcused = true;
        joined->marks &= ~EXCUSES;
    }
    iw_linked_remove(&file->by_time);
    iw_linked_append(&chains->by_time, &file->by_time);
}

/* What was compiled between the writing and the shell: the page itself, else something, by the same
 * worker. */
static enum iw_rc join_compiling(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                 const struct iw_chain_fit *best, struct iw_chain_join *joined)
{
    const struct iw_chain_compiling *something;
    enum iw_rc rc;
    joined->compiled = iw_chain_compiled_between(chains, best->file, best->write, shell, &rc);
    if (joined->compiled != NULL)
        joined->marks |= IW_MARK(COMPILED);
    if (rc != IW_OK || joined->compiled != NULL || (joined->marks & IW_MARK(PAGE_UNSEEN)) != 0)
        return rc;
    something = iw_chain_compiling_between(chains, best->since, joined->request_begin_ns, shell);
    if (something == NULL)
        return IW_OK;
    joined->marks |= IW_MARK(COMPILED_SOMETHING);
    joined->compiled = something->item;
    return IW_OK;
}

/* No file explains the shell. That its worker compiled a page not long before is what is left of
 * the page's first request, where neither files nor requests are logged. */
static void join_compiling_alone(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    const struct iw_chain_compiling *before =
        (shell->marks & IW_MARK(SHELL)) != 0 ? iw_chain_compiling_before(chains, shell) : NULL;
    if (before != NULL)
        iw_chain_shell_join(
            chains, shell,
            &(struct iw_chain_join){.marks = IW_MARK(COMPILED_BEFORE),
                                    .request_begin_ns = IW_TIME_UNKNOWN,
                                    .deployment = iw_chains_deployed_near(
                                        chains, before->moment.time_ns, shell->moment.time_ns),
                                    .compiled = before->item});
}

/* How a page that nobody saw come may have come. */
static void join_renaming(const struct iw_chains *chains, const struct iw_chain_fit *best,
                          struct iw_chain_join *joined)
{
    const struct iw_chain_rename *rename;
    if (!best->file->is_unseen || best->write != best->file->writes[0])
        return;
    rename = iw_chain_find_renamed(chains, best->file, best->write->moment);
    if (rename == NULL)
        return;
    joined->marks |= IW_MARK(RENAMED);
    joined->renamed = rename->from;
    joined->renamed_to = rename->to;
}

/* What is known of the writing is taken as it is now: what comes later says nothing of it. */
static enum iw_rc join(struct choosing *choosing)
{
    struct iw_chains *chains = choosing->chains;
    struct iw_chain_shell *shell = choosing->shell;
    const struct iw_chain_fit *best = &choosing->best;
    struct iw_chain_join joined = {.marks = best->marks,
                                   .request_begin_ns = best->request_begin_ns};
    IW_TRY(join_compiling(chains, shell, best, &joined));
    join_renaming(chains, best, &joined);
    iw_chain_join_write(chains, best->file, best->write, shell, &joined);
    joined.woken = best->since;
    joined.is_late = best->file->is_woken && best->since.time_ns != best->write->moment.time_ns;
    if (joined.is_late)
        stay_awake(chains, best->file, &joined);
    iw_chain_others_join(&choosing->others, best->file, &joined);
    best->write->is_link = true;
    iw_chain_shell_join(chains, shell, &joined);
    return IW_OK;
}

/* The page that ran, where a command line names it: no other may be what a shell came of. */
static enum iw_rc try_page(struct choosing *choosing)
{
    struct iw_web_file_path path;
    struct iw_chain_file *file;
    bool is_on;
    IW_TRY(iw_web_file_path_read(choosing->shell->page, choosing->chains->context->host,
                                 &choosing->chains->scratch, &path));
    choosing->page = path.key.n != 0 ? path.key : IW_STR("?");
    file = iw_chain_index_find(&choosing->chains->files, choosing->page);
    return file != NULL ? try_file(choosing, file, &is_on) : IW_OK;
}

/* A page that lies in the evidence, does what a request tells it, and was asked for the first time
 * ever not long before: no event tells how it came. */
static enum iw_rc try_collected(struct choosing *choosing)
{
    struct iw_chain_moment moment = {.clock = IW_CLOCK_REQUEST};
    struct iw_chain_file *file;
    IW_TRY(iw_chains_find_collected(choosing->chains, choosing->shell, &file, &moment.time_ns,
                                    &choosing->miss.younger));
    return file != NULL ? try_found(choosing, file, moment) : IW_OK;
}

/* A page that was written long ago, and that nobody asked for until now. */
static enum iw_rc try_late(struct choosing *choosing)
{
    struct iw_chain_file *file;
    IW_TRY(iw_chains_find_late(choosing->chains, choosing->shell, &file));
    return file != NULL ? try_found(choosing, file,
                                    (struct iw_chain_moment){file->late_ns, IW_CLOCK_REQUEST})
                        : IW_OK;
}

enum iw_rc iw_chains_choose(struct iw_chains *chains, struct iw_chain_shell *shell,
                            struct iw_chain_file **ret)
{
    struct choosing choosing = {.chains = chains, .shell = shell, .page = IW_STR("")};
    struct iw_chain_fit *best = &choosing.best;

    *ret = NULL;
    if ((shell->marks & IW_MARK(SHELL)) == 0 && shell->pool.n == 0 &&
        shell->identity != IW_WEB_IDENTITY_ACCOUNT && shell->identity != IW_WEB_IDENTITY_WINDOWS)
        return IW_OK;
    if (shell->page.n != 0)
        IW_TRY(try_page(&choosing));
    else
        IW_TRY(try_latest(&choosing));
    if (shell->n_looks != 0)
        IW_TRY(try_asked_for(&choosing));
    /* What was asked for goes before what was only written, seen or not. */
    if (!best->is_called && shell->page.n == 0) /* ASP.NET compiles no page of CGI */
        IW_TRY(try_unseen(&choosing));
    if (!best->is_called || best->file->is_collected)
        IW_TRY(try_collected(&choosing));
    if (!best->is_called)
        IW_TRY(try_late(&choosing));
    if (best->file == NULL && choosing.beside.file != NULL)
        return iw_chain_habit_say_beside(chains, shell, choosing.beside.file,
                                         choosing.beside.write->moment.time_ns);
    if (best->file == NULL) {
        if (shell->page.n == 0)
            join_compiling_alone(chains, shell);
        IW_TRY(iw_chain_miss_tell(chains, &choosing.miss, shell));
        return iw_chain_say_near_renamed(chains, shell);
    }
    if (shell->identity == IW_WEB_IDENTITY_WINDOWS &&
        !iw_chain_identity_is_spoken_for(shell, best->write, best->request_begin_ns))
        return IW_OK;
    IW_TRY(join(&choosing));
    *ret = best->file;
    return iw_chain_habit_joined(chains, shell, best->file, best->write, best->since.time_ns);
}
