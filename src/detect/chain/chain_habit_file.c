/*
 * Habits and files: a file that came beside a habit explains none of its runs, unless it speaks for
 * itself: it was asked for or compiled as the shell started, is made to be overlooked, has content
 * that does what a request says.
 */
#include "base/arena_text.h"
#include "base/limits.h"
#include "detect/chain/chain_fit.h"
#include "detect/chain/chain_state.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
#define HIDDEN_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, hidden)
/* A shell starts while its request runs; logs have whole seconds. */
#define NEAR_BEFORE_NS (2 * IW_NS_PER_SECOND)
#define NEAR_AFTER_NS IW_NS_PER_SECOND
/* So many addresses are no public. */
#define FEW_ADDRESSES 3U
/* A page asked for so rarely is near a shell by chance once in a hundred times at most. */
#define CHANCES 100

/* --- files that speak for themselves -----------------------------------------------------------
 */

/* Chance brings a request for a page of the public near to any shell. */
static bool is_near_by_chance(const struct iw_chains *chains,
                              const struct iw_chain_request *request, int64_t time_ns)
{
    const struct iw_chain_span *log =
        chains->telemetry != NULL ? &chains->telemetry->of[IW_CHAIN_SOURCE_REQUESTS] : NULL;
    int64_t left_ns;
    if (request->n_addresses <= FEW_ADDRESSES || log == NULL || !log->is_seen)
        return false;
    left_ns = iw_chain_distance_ns(time_ns, log->last_ns);
    return left_ns <= 0 ||
           request->n_requests > (uint64_t)(left_ns / CHANCES / (NEAR_BEFORE_NS + NEAR_AFTER_NS));
}

static enum iw_rc ask_near(struct iw_chains *chains, const struct iw_chain_file *file,
                           const struct iw_chain_item *write, const struct iw_chain_shell *shell,
                           bool *ret, bool *ret_called)
{
    struct iw_chain_request request = {0};
    int64_t time_ns = shell->moment.time_ns;
    if (chains->input.ask_requests == NULL || file->class == IW_WEB_FILE_PROGRAM ||
        !iw_time_known(write->request_begin_ns) ||
        iw_chain_distance_ns(time_ns, write->request_begin_ns) > NEAR_AFTER_NS)
        return IW_OK; /* it was not asked for yet */
    if (chains->n_near_asks == IW_LIMIT_CHAIN_NEAR_ASKS) {
        chains->account.n_habits_not_asked++;
        *ret = true;
        return IW_OK;
    }
    chains->n_near_asks++;
    IW_TRY(chains->input.ask_requests(chains->input.context, chains->context->host, file->path,
                                      time_ns - NEAR_BEFORE_NS, &chains->scratch, &request));
    if (!request.is_found || iw_chain_distance_ns(time_ns, request.begin_ns) > NEAR_AFTER_NS ||
        is_near_by_chance(chains, &request, time_ns))
        return IW_OK;
    *ret = true;
    *ret_called = request.n_addresses <= FEW_ADDRESSES;
    return IW_OK;
}

static enum iw_rc is_compiled_near(struct iw_chains *chains, const struct iw_chain_file *file,
                                   const struct iw_chain_item *write,
                                   const struct iw_chain_shell *shell, bool *ret)
{
    int64_t distance_ns;
    enum iw_rc rc;
    const struct iw_chain_item *compiled =
        iw_chain_compiled_between(chains, file, write, shell, &rc);
    *ret = false;
    if (rc != IW_OK || compiled == NULL)
        return rc;
    distance_ns = iw_chain_distance_ns(compiled->moment.time_ns, shell->moment.time_ns);
    *ret = iw_time_known(distance_ns) && distance_ns <= IW_CHAIN_COMPILED_NEAR_NS;
    return IW_OK;
}

/* *ret_called*: it is what called the shell, as far as can be told. */
static enum iw_rc speaks(struct iw_chains *chains, const struct iw_chain_file *file,
                         const struct iw_chain_item *write, const struct iw_chain_shell *shell,
                         bool *ret, bool *ret_called)
{
    const struct iw_inventory_web_file *collected = NULL;
    const struct iw_chain_written *written = write->written;
    /* What updates itself writes many pages, and none of them for a shell. */
    bool is_by_server = written != NULL && (written->marks & IW_MARK(WRITTEN_BY_SERVER)) != 0 &&
                        !iw_chain_is_of_burst(written);
    bool is_compiled;
    *ret = *ret_called = false;
    if (chains->input.ask_web_file != NULL)
        IW_TRY(chains->input.ask_web_file(chains->input.context, chains->context->host, file->path,
                                          &chains->scratch, &collected));
    if (file->is_unseen || file->times != NULL || file->deleted != NULL || is_by_server ||
        (file->marks & IW_MARK(ODD_NAME)) != 0 ||
        (collected != NULL && collected->n_strong_marks != 0)) {
        *ret = true;
        return IW_OK;
    }
    IW_TRY(is_compiled_near(chains, file, write, shell, &is_compiled));
    if (is_compiled) {
        *ret = *ret_called = true;
        return IW_OK;
    }
    return ask_near(chains, file, write, shell, ret, ret_called);
}

enum iw_rc iw_chain_habit_excuses(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                  struct iw_chain_file *file, const struct iw_chain_item *write,
                                  int64_t since_ns, bool *ret)
{
    bool is_known = (shell->marks & IW_MARK(USUAL)) != 0 && !shell->is_below_unusual;
    bool does_speak, is_called;
    *ret = false;
    if (!is_known && (shell->habit == NULL || shell->has_unknown_below ||
                      !iw_habit_was_before(shell->habit, since_ns)))
        return IW_OK;
    IW_TRY(speaks(chains, file, write, shell, &does_speak, &is_called));
    *ret = !does_speak;
    return IW_OK;
}

/* One run that a page called does not end a habit that was there before the page: somebody took its
 * command once, and is found by the page. */
static enum iw_rc see_joined(struct iw_chains *chains, struct iw_chain_shell *shell,
                             const struct iw_chain_file *file, int64_t written_ns, int64_t since_ns,
                             bool is_called)
{
    struct iw_habit *habit = shell->habit;
    const struct iw_habit_page page = {
        .path = file->path, .written_ns = written_ns, .run_ns = shell->moment.time_ns};
    bool was_before = iw_habit_was_before(habit, since_ns);
    const char *why = NULL;
    habit->n_called += is_called;
    if (is_called && (!was_before || habit->n_called > 1))
        why = "a page was asked for as it started";
    else if (shell->is_spoken_for && !was_before)
        why = "a page that stands out came before one of its runs";
    else if (habit->first_ns >= since_ns && file->class == IW_WEB_FILE_SCRIPT)
        habit->is_after_file = shell->is_after_file = true;
    return why != NULL ? iw_habit_spoil_by_page(&chains->habits, habit, why, &page,
                                                iw_chain_span_of_commands(chains))
                       : IW_OK;
}

enum iw_rc iw_chain_habit_joined(struct iw_chains *chains, struct iw_chain_shell *shell,
                                 struct iw_chain_file *file, const struct iw_chain_item *write,
                                 int64_t since_ns)
{
    bool is_called;
    if (shell->habit == NULL && (shell->marks & IW_MARK(USUAL)) == 0)
        return IW_OK;
    IW_TRY(speaks(chains, file, write, shell, &shell->is_spoken_for, &is_called));
    if (shell->habit == NULL)
        return IW_OK;
    shell->n_runs_before = iw_habit_runs_before(shell->habit, since_ns);
    return see_joined(chains, shell, file, write->moment.time_ns, since_ns, is_called);
}

/* --- what is said of it
 * -------------------------------------------------------------------------------------
 */

enum iw_rc iw_chain_keep_beside(struct iw_chains *chains, struct iw_chain_shell *shell,
                                struct iw_str text)
{
    if (text.p == NULL)
        return IW_ENOMEM;
    iw_chain_text_free(chains, &shell->beside);
    shell->beside = iw_chain_text_keep(chains, text);
    if (shell->beside.p != NULL)
        return IW_OK;
    shell->beside = IW_STR("");
    return IW_ENOMEM;
}

enum iw_rc iw_chain_habit_say_beside(struct iw_chains *chains, struct iw_chain_shell *shell,
                                     const struct iw_chain_file *file, int64_t written_ns)
{
    long long seconds =
        (long long)(iw_chain_distance_ns(written_ns, shell->moment.time_ns) / IW_NS_PER_SECOND);
    if ((shell->marks & IW_MARK(USUAL)) != 0)
        return iw_chain_keep_beside(
            chains, shell,
            iw_arena_format(&chains->scratch,
                            "beside: %.*s was written %lld s before it, but the "
                            "baseline of behaviour has the command: it is not joined",
                            IW_STR_ARG(file->path), seconds));
    return iw_chain_keep_beside(
        chains, shell,
        iw_arena_format(&chains->scratch,
                        "beside: %.*s was written %lld s before it, but the command had "
                        "run %llu times before that: it is not joined",
                        IW_STR_ARG(file->path), seconds,
                        (unsigned long long)iw_habit_runs_before(shell->habit, written_ns)));
}

/* --- shells that are not shown ------------------------------------------------------------------
 */

static bool is_early(const struct iw_chain_shell *shell)
{
    return shell->n_runs_before < IW_HABIT_TIMES_BEFORE;
}

static bool keeps_file(const struct iw_chain_shell *shell)
{
    return shell->is_spoken_for || (shell->join.marks & IW_MARKS_MADE_FILE) != 0;
}

static bool add_hidden(struct iw_chain *chain, struct iw_habit *habit)
{
    for (size_t i = 0; i < chain->n_hidden_habits; i++) {
        if (chain->hidden_habits[i] == habit)
            return true;
    }
    if (chain->n_hidden_habits == IW_LIMIT_HABIT_BELOW)
        return false;
    chain->hidden_habits[chain->n_hidden_habits++] = habit;
    return true;
}

void iw_chain_habit_hide(struct iw_chain *chain, const struct iw_chain_shell *shell)
{
    bool is_known = (shell->marks & (IW_MARK(USUAL) | IW_MARK(USUAL_HERE))) != 0 &&
                    !shell->is_below_unusual && !shell->is_spoken_for;
    bool is_kept;
    chain->hidden_is_joined |= keeps_file(shell);
    chain->hidden_is_early |= is_early(shell);
    if (is_known)
        return;
    is_kept = shell->habit != NULL && !shell->has_unknown_below && !shell->is_spoken_for &&
              add_hidden(chain, shell->habit);
    for (size_t i = 0; is_kept && i < shell->n_below; i++)
        is_kept = add_hidden(chain, shell->below[i]);
    chain->hidden_is_unusual |= !is_kept;
}

enum iw_rc iw_chain_habit_hidden_usual(struct iw_chains *chains, const struct iw_chain *chain,
                                       bool *ret)
{
    *ret = true;
    for (size_t i = 0; *ret && i < chain->n_hidden_habits; i++) {
        const char *why;
        IW_TRY(iw_chain_habit_is_none(
            chains, iw_chain_habit_at(chain->hidden_habits[i], chain->hidden_last_ns), &why));
        *ret = why == NULL;
    }
    return IW_OK;
}

/* --- files that came beside --------------------------------------------------------------------
 */

/** A file whose shells are looked at once more. */
struct reviewing {
    struct iw_chains *chains;
    struct iw_chain *chain;
    struct iw_chain_ordinary ordinary;
};

static enum iw_rc move(struct reviewing *reviewing, struct iw_chain_shell *shell,
                       struct iw_chain **ret_to, struct iw_error *err)
{
    struct iw_chains *chains = reviewing->chains;
    const struct iw_chain_file *file = reviewing->chain->file;
    struct iw_chain *to = iw_chain_of_worker(chains, shell);
    if (to == NULL)
        return IW_ENOMEM;
    if (reviewing->ordinary.is_ordinary || reviewing->ordinary.is_by_the_way)
        IW_TRY(iw_chain_habit_say_ordinary(chains, shell, file, &reviewing->ordinary));
    else
        IW_TRY(iw_chain_habit_say_beside(chains, shell, file, shell->join.write.time_ns));
    iw_chain_take_out(chains, shell); /* the chain may be gone */
    iw_chain_shell_join(chains, shell, NULL);
    *ret_to = to;
    return iw_chain_put(chains, to, shell, err); /* it may be gone */
}

/* Those that are not shown go where the last one that is went: they are counted there. *n_left*: of
 * those that were shown; where none is, one that was not is by now, and goes with them. */
static void move_hidden(struct iw_chains *chains, struct iw_chain *from, struct iw_chain *to,
                        size_t n_left)
{
    while (from->hidden.first != NULL) {
        struct iw_chain_shell *shell = HIDDEN_OF(from->hidden.first);
        iw_linked_remove(&shell->hidden);
        iw_linked_append(&to->hidden, &shell->hidden);
        shell->chain = to;
    }
    to->n_shells += from->n_shells - n_left;
    to->hidden_marks |= from->hidden_marks;
    to->hidden_techniques |= from->hidden_techniques;
    to->hidden_is_unusual |= from->hidden_is_unusual;
    iw_chain_reach_hidden_time(to, from->hidden_last_ns);
    for (size_t i = 0; i < from->n_hidden_habits; i++)
        to->hidden_is_unusual |= !add_hidden(to, from->hidden_habits[i]);
    if (n_left == 0) {
        iw_chain_free(chains, from);
        return;
    }
    from->n_shells = n_left;
    from->hidden_marks = from->hidden_techniques = 0;
    from->hidden_is_unusual = false;
    from->hidden_last_ns = IW_TIME_UNKNOWN;
    from->n_hidden_habits = 0;
    iw_chain_find_first(from);
}

/* Of what is left: a writing that only shells were joined by that left is no link. */
static void link_anew(struct iw_chain *chain)
{
    struct iw_chain_file *file = chain->file;
    bool is_link[IW_LIMIT_CHAIN_WRITES] = {false};
    for (const struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_item *write =
            iw_chain_joined_write(file, SHELL_OF((struct iw_link *)(uintptr_t)link));
        for (size_t i = 0; i < file->n_writes; i++)
            is_link[i] |= file->writes[i] == write;
    }
    for (size_t i = 0; i < file->n_writes; i++)
        file->writes[i]->is_link = is_link[i];
}

/* A command that recurs is a file's no more where that came as files do every day, though it may
 * be no habit of the whole evidence. */
static enum iw_rc recurs(struct iw_chains *chains, struct iw_habit *habit, bool *ret)
{
    *ret = false;
    if (!iw_habit_recurs(habit))
        return IW_OK;
    if (!habit->is_below)
        IW_TRY(iw_chain_habit_ask_callers(chains, habit));
    *ret = iw_habit_recurs(habit);
    return IW_OK;
}

/* What a shell that somebody has for himself does soon. */
#define ACTS                                                                                       \
    (IW_MARK(COMMAND_SHAPE) | IW_MARK(DISCOVERY) | IW_MARK(CREDENTIALS) | IW_MARK(NETWORK) |       \
     IW_MARK(SYSTEM) | IW_MARK(ODD_WORKER) | IW_MARK(BROUGHT) | IW_MARK(LOADED))

/* Files that were written behind the shell make no burst of what came before it. */
static bool is_in_company(const struct reviewing *reviewing, const struct iw_chain_shell *shell)
{
    return reviewing->ordinary.n_burst == 0 || (shell->join.marks & IW_MARK(BURST)) != 0;
}

/* A page that came by the way, and does not speak: the shell would have gone to any other as well.
 * What is not counted was not asked whether its page speaks. */
static bool leaves_by_the_way(const struct reviewing *reviewing, const struct iw_chain_shell *shell)
{
    return reviewing->ordinary.is_by_the_way && shell->habit != NULL &&
           (shell->marks & ACTS) == 0 && is_in_company(reviewing, shell);
}

static enum iw_rc leaves(struct reviewing *reviewing, const struct iw_chain_shell *shell, bool *ret)
{
    struct iw_chains *chains = reviewing->chains;
    bool is_known = (shell->marks & (IW_MARK(USUAL) | IW_MARK(USUAL_HERE))) != 0;
    *ret = !keeps_file(shell) && leaves_by_the_way(reviewing, shell);
    if (*ret || keeps_file(shell) || (is_early(shell) && !reviewing->ordinary.is_ordinary))
        return IW_OK;
    IW_TRY(iw_chain_habit_is_usual(chains, shell, ret, NULL));
    if (*ret || !reviewing->ordinary.is_ordinary)
        return IW_OK;
    *ret = is_known && !shell->is_below_unusual;
    if (*ret || shell->habit == NULL || shell->has_unknown_below)
        return IW_OK;
    IW_TRY(recurs(chains, shell->habit, ret));
    for (size_t i = 0; *ret && i < shell->n_below; i++)
        IW_TRY(recurs(chains, shell->below[i], ret));
    return IW_OK;
}

/* All that are not shown go, or none. */
static enum iw_rc hidden_leave(struct reviewing *reviewing, bool *ret)
{
    const struct iw_chain *chain = reviewing->chain;
    *ret = reviewing->ordinary.is_by_the_way && !chain->hidden_is_joined &&
           (chain->hidden_marks & ACTS) == 0 && chain->shells.first != NULL &&
           is_in_company(reviewing, SHELL_OF(chain->shells.first));
    if (*ret)
        return IW_OK;
    *ret = !chain->hidden_is_unusual && !chain->hidden_is_joined &&
           (!chain->hidden_is_early || reviewing->ordinary.is_ordinary);
    if (!*ret)
        return IW_OK;
    IW_TRY(iw_chain_habit_hidden_usual(reviewing->chains, chain, ret));
    if (*ret || !reviewing->ordinary.is_ordinary)
        return IW_OK;
    *ret = true;
    for (size_t i = 0; *ret && i < chain->n_hidden_habits; i++)
        IW_TRY(recurs(reviewing->chains, chain->hidden_habits[i], ret));
    return IW_OK;
}

static enum iw_rc review(struct iw_chains *chains, struct iw_chain *chain, struct iw_error *err)
{
    bool has_hidden = chain->n_shells > chain->n_shown, does_leave = true;
    size_t n_left = chain->n_shown;
    struct reviewing reviewing = {.chains = chains, .chain = chain};
    struct iw_chain *to = NULL;
    IW_TRY(iw_chain_file_is_ordinary(chains, chain->file, &reviewing.ordinary));
    if (has_hidden)
        IW_TRY(hidden_leave(&reviewing, &does_leave));
    if (!does_leave)
        return IW_OK;
    for (struct iw_link *link = chain->shells.first, *next; link != NULL; link = next) {
        struct iw_chain_shell *shell = SHELL_OF(link);
        next = link->next;
        iw_arena_reset(&chains->scratch);
        IW_TRY(leaves(&reviewing, shell, &does_leave));
        if (!does_leave)
            continue;
        n_left--;
        IW_TRY(move(&reviewing, shell, &to, err));
    }
    if (has_hidden && to != NULL)
        move_hidden(chains, chain, to, n_left);
    if (n_left != 0 && to != NULL)
        link_anew(chain);
    return IW_OK;
}

/* Chains of files stay in their places while shells leave them; those of workers do not. */
static struct iw_chain *next_of_file(struct iw_link *link)
{
    while (link != NULL && IW_LINKED_IN(link, struct iw_chain, by_activity)->file == NULL)
        link = link->next;
    return link != NULL ? IW_LINKED_IN(link, struct iw_chain, by_activity) : NULL;
}

/* Which files say something of habits that first ran after them is known of all, before any habit
 * is judged. */
static enum iw_rc settle(struct iw_chains *chains)
{
    for (struct iw_chain *chain = next_of_file(chains->chains.first); chain != NULL;
         chain = next_of_file(chain->by_activity.next)) {
        struct iw_chain_ordinary ordinary = {.is_ordinary = true};
        if (chain->n_first_habits != 0)
            IW_TRY(iw_chain_file_is_ordinary(chains, chain->file, &ordinary));
        if (!ordinary.is_ordinary)
            IW_TRY(iw_chain_habit_settle_first(chains, chain));
        iw_chain_habit_keep_pages(chain);
    }
    return IW_OK;
}

/* --- runs behind a page ------------------------------------------------------------------------
 */

/* Whether what the shells of a chain ran was a habit before the pages that make them doubtful. */
static enum iw_rc was_habit(struct iw_chains *chains, const struct iw_chain *chain, bool *ret)
{
    *ret = true;
    for (const struct iw_link *link = chain->shells.first; link != NULL && *ret;
         link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF((struct iw_link *)(uintptr_t)link);
        const struct iw_habit_page *page = shell->habit != NULL ? shell->habit->page : NULL;
        const char *why = "no page";
        if (page != NULL && page->before != NULL)
            IW_TRY(iw_chain_habit_is_none(chains, page->before, &why));
        *ret = why == NULL;
    }
    return IW_OK;
}

/* What never was a habit is told once, for its own reason. */
static enum iw_rc unite(struct iw_chains *chains, struct iw_chain *chain, struct iw_error *err)
{
    struct iw_chain *to =
        iw_chain_index_find(&chains->by_worker, SHELL_OF(chain->shells.first)->worker);
    bool has_hidden = chain->n_shells > chain->n_shown, is_habit;
    size_t n_left = chain->n_shown;
    if (to == NULL)
        return IW_OK;
    IW_TRY(was_habit(chains, chain, &is_habit));
    if (is_habit)
        return IW_OK;
    for (struct iw_link *link = chain->shells.first, *next; n_left-- != 0; link = next) {
        struct iw_chain_shell *shell = SHELL_OF(link);
        next = link->next;
        iw_chain_take_out(chains, shell); /* the chain may be gone */
        IW_TRY(iw_chain_put(chains, to, shell, err));
    }
    if (has_hidden)
        move_hidden(chains, chain, to, 0);
    return IW_OK;
}

static struct iw_chain *next_behind_page(struct iw_link *link)
{
    while (link != NULL && !IW_LINKED_IN(link, struct iw_chain, by_activity)->is_behind_page)
        link = link->next;
    return link != NULL ? IW_LINKED_IN(link, struct iw_chain, by_activity) : NULL;
}

/* --- runs that did something odd ---------------------------------------------------------------
 */

/* Runs of a worker's chain that are odd, or behind such a one of their command. */
static size_t count_behind_run(const struct iw_chain *chain)
{
    size_t n = 0;
    for (const struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF((struct iw_link *)(uintptr_t)link);
        n += shell->habit != NULL && iw_habit_is_behind_run(shell->habit, shell->moment.time_ns);
    }
    return n;
}

/* The latest of those that are left and not shown: the odd one may have been one of them. Of these
 * the latest are known. */
static void find_hidden_last(struct iw_chain *chain)
{
    if (chain->hidden.first == NULL)
        return;
    chain->hidden_last_ns = IW_TIME_UNKNOWN;
    for (struct iw_link *link = chain->hidden.first; link != NULL; link = link->next)
        iw_chain_reach_hidden(chain, HIDDEN_OF(link));
}

/* Told at their own time, not at that of the first of all runs. What a run does is seen behind its
 * start, when it stands among the others. */
static enum iw_rc tell_apart(struct iw_chains *chains, struct iw_chain *chain, struct iw_error *err)
{
    for (struct iw_link *link = chain->shells.first, *next; link != NULL; link = next) {
        struct iw_chain_shell *shell = SHELL_OF(link);
        struct iw_chain *to;
        next = link->next;
        if (shell->habit == NULL || !iw_habit_is_behind_run(shell->habit, shell->moment.time_ns))
            continue;
        iw_arena_reset(&chains->scratch);
        to = iw_chain_of_worker(chains, shell);
        if (to == NULL)
            return IW_ENOMEM;
        iw_chain_take_out(chains, shell);
        IW_TRY(iw_chain_put(chains, to, shell, err));
    }
    find_hidden_last(chain);
    iw_chain_find_first(chain);
    return IW_OK;
}

/* Chains that lose shells stay in their places; those that get them stand behind all others. */
static enum iw_rc tell_odd_runs_apart(struct iw_chains *chains, struct iw_error *err)
{
    for (struct iw_link *link = chains->chains.first; link != NULL; link = link->next) {
        struct iw_chain *chain = IW_LINKED_IN(link, struct iw_chain, by_activity);
        size_t n = chain->file != NULL || chain->is_behind_page || chain->is_behind_run
                       ? 0
                       : count_behind_run(chain);
        if (n != 0 && n != chain->n_shells)
            IW_TRY(tell_apart(chains, chain, err));
    }
    return IW_OK;
}

static enum iw_rc end_habits(struct iw_chains *chains)
{
    const struct iw_map *map = &chains->habits.by_key;
    for (size_t i = 0; i < map->n; i++)
        IW_TRY(iw_habit_end(&chains->habits, map->entries[i].value.pointer));
    return IW_OK;
}

enum iw_rc iw_chains_review_habits(struct iw_chains *chains, struct iw_error *err)
{
    struct iw_chain *chain, *next;
    IW_TRY(end_habits(chains));
    IW_TRY(settle(chains));
    chain = next_of_file(chains->chains.first);
    for (; chain != NULL; chain = next) {
        next = next_of_file(chain->by_activity.next);
        IW_TRY(review(chains, chain, err));
    }
    chain = next_behind_page(chains->chains.first);
    for (; chain != NULL; chain = next) {
        next = next_behind_page(chain->by_activity.next);
        IW_TRY(unite(chains, chain, err));
    }
    return tell_odd_runs_apart(chains, err);
}
