/*
 * Habits and chains: whose run a shell is, what spoils a habit, which file only came beside one.
 *
 * A habit must not hide a web shell that somebody uses every day. So it is none when it did
 * anything odd, when a file that fits came before its first runs, when it began inside the
 * evidence, and when one page that hardly anybody knows was asked for whenever it ran. And a file
 * that speaks for itself (asked for or compiled as the shell started, made to be overlooked, with
 * content that does what a request says) keeps its shell, habit or not.
 */
#include "base/limits.h"
#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/chain/chain_telling.h"
#include "detect/chain/command_shape.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
/* A shell starts while its request runs; logs have whole seconds. */
#define NEAR_BEFORE_NS (2 * IW_NS_PER_SECOND)
#define NEAR_AFTER_NS IW_NS_PER_SECOND
/* A page compiled so shortly before is that of the first request. */
#define COMPILED_NEAR_NS (10 * IW_NS_PER_SECOND)
/* So many addresses are no public. */
#define FEW_ADDRESSES 3U
/* A page asked for so rarely is near a shell by chance once in a hundred times at most. */
#define CHANCES 100
/* What ran so seldom is shown rather than one more run of what recurs. */
#define RARE_RUNS 4U
/* Runs that nobody expects to recur need no word. */
#define TIMES_TOLD 5U

/* --- runs ------------------------------------------------------------------------------------- */

static const struct {
    iw_chain_marks marks;
    const char *words;
} ODD[] = {
    {IW_MARK(COMMAND_SHAPE), "its command is one that clients of web shells send"},
    {IW_MARK(CREDENTIALS), "it reads secrets"},
    {IW_MARK(DISCOVERY), "it tells of the machine, its users, its network"},
    {IW_MARK(NETWORK), "it connected, or asked for a name"},
    {IW_MARK(SYSTEM), "it came to run as SYSTEM"},
    {IW_MARK(ODD_WORKER), "the w3wp.exe that started it lies in no folder of IIS"},
};

#define ALL_ODD                                                                                    \
    (IW_MARK(COMMAND_SHAPE) | IW_MARK(CREDENTIALS) | IW_MARK(DISCOVERY) | IW_MARK(NETWORK) |       \
     IW_MARK(SYSTEM))

void iw_chain_habit_see_marks(struct iw_chain_shell *shell, iw_chain_marks marks)
{
    for (size_t i = 0; i < sizeof ODD / sizeof ODD[0]; i++) {
        if ((marks & ODD[i].marks) == 0)
            continue;
        iw_habit_spoil(shell->habit, ODD[i].words);
        for (size_t k = 0; k < shell->n_below; k++)
            iw_habit_spoil(shell->below[k], ODD[i].words);
    }
}

static enum iw_rc ask_behaviour(struct iw_chains *chains, struct iw_chain_shell *shell,
                                struct iw_str image, struct iw_str shape, bool is_below,
                                int64_t time_ns)
{
    const struct iw_chain_usage usage = {is_below ? IW_CHAIN_USAGE_BELOW : IW_CHAIN_USAGE_CHILD,
                                         shell->pool, shape, image, time_ns};
    enum iw_chain_behaviour behaviour = IW_BEHAVIOUR_NOT_KNOWN;
    if (chains->input.ask_behaviour == NULL)
        return IW_OK;
    IW_TRY(chains->input.ask_behaviour(chains->input.context, chains->context->host, &usage,
                                       &behaviour));
    if (is_below)
        shell->is_below_unusual |= behaviour == IW_BEHAVIOUR_NOT_KNOWN;
    else if (behaviour == IW_BEHAVIOUR_KNOWN)
        shell->marks |= IW_MARK(USUAL);
    else if (behaviour == IW_BEHAVIOUR_KNOWN_HERE)
        shell->marks |= IW_MARK(USUAL_HERE);
    return IW_OK;
}

static bool has_below(const struct iw_chain_shell *shell, const struct iw_habit *habit)
{
    for (size_t i = 0; i < shell->n_below; i++) {
        if (shell->below[i] == habit)
            return true;
    }
    return false;
}

/* Two witnesses tell of one program; what a shell starts several times counts once for it. */
static enum iw_rc note_below(struct iw_chains *chains, struct iw_chain_shell *shell,
                             struct iw_str image, struct iw_str shape, int64_t time_ns)
{
    struct iw_habit *habit = NULL;
    if (shell->habit != NULL)
        IW_TRY(iw_habits_find(&chains->habits, shell->habit, shell->pool, image, shape, &habit));
    if (habit == NULL || (shell->n_below == IW_LIMIT_HABIT_BELOW && !has_below(shell, habit))) {
        shell->has_unknown_below = true;
        return IW_OK;
    }
    if (has_below(shell, habit))
        return IW_OK;
    shell->below[shell->n_below++] = habit;
    iw_habit_run(habit, time_ns);
    return IW_OK;
}

enum iw_rc iw_chain_habit_note(struct iw_chains *chains, struct iw_chain_shell *shell,
                               const struct iw_chain_fact *what, const struct iw_process *process,
                               bool is_below, int64_t time_ns)
{
    struct iw_str command_line = what->command_line, shape;
    if (command_line.n == 0 && process != NULL)
        command_line = process->command_line;
    if ((shell->marks & IW_MARK(SHELL)) == 0 || (!is_below && shell->habit != NULL) ||
        !iw_chains_learn_at(chains, time_ns))
        return IW_OK;
    shape = iw_command_shape(command_line, &chains->scratch);
    if (shape.p == NULL)
        return IW_ENOMEM;
    IW_TRY(ask_behaviour(chains, shell, what->process.image, shape, is_below, time_ns));
    if (is_below)
        return note_below(chains, shell, what->process.image, shape, time_ns);
    IW_TRY(iw_habits_find(&chains->habits, NULL, shell->pool, what->process.image, shape,
                          &shell->habit));
    if (shell->habit == NULL)
        return IW_OK;
    iw_habit_run(shell->habit, shell->moment.time_ns);
    iw_chain_habit_see_marks(shell, shell->marks);
    return IW_OK;
}

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
                           const struct iw_chain_shell *shell, bool *ret, bool *ret_called)
{
    struct iw_chain_request request = {0};
    int64_t time_ns = shell->moment.time_ns;
    if (chains->input.ask_requests == NULL || file->class == IW_WEB_FILE_PROGRAM ||
        !iw_time_known(file->request_begin_ns) ||
        iw_chain_distance_ns(time_ns, file->request_begin_ns) > NEAR_AFTER_NS)
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

static bool is_compiled_near(const struct iw_chain_file *file, const struct iw_chain_shell *shell)
{
    int64_t distance_ns;
    if (file->compiled == NULL ||
        iw_chain_order_of(file->compiled->moment, shell->moment) == IW_CHAIN_AFTER)
        return false;
    distance_ns = iw_chain_distance_ns(file->compiled->moment.time_ns, shell->moment.time_ns);
    return iw_time_known(distance_ns) && distance_ns <= COMPILED_NEAR_NS;
}

/* *ret_called*: it is what called the shell, as far as can be told. */
static enum iw_rc speaks(struct iw_chains *chains, const struct iw_chain_file *file,
                         const struct iw_chain_shell *shell, bool *ret, bool *ret_called)
{
    const struct iw_inventory_web_file *collected = NULL;
    *ret = *ret_called = false;
    if (chains->input.ask_web_file != NULL)
        IW_TRY(chains->input.ask_web_file(chains->input.context, chains->context->host, file->path,
                                          &chains->scratch, &collected));
    if (file->is_unseen || file->times != NULL || file->deleted != NULL ||
        (file->marks & (IW_MARK(ODD_NAME) | IW_MARK(WRITTEN_BY_SERVER))) != 0 ||
        (collected != NULL && collected->n_strong_marks != 0)) {
        *ret = true;
        return IW_OK;
    }
    if (is_compiled_near(file, shell)) {
        *ret = *ret_called = true;
        return IW_OK;
    }
    return ask_near(chains, file, shell, ret, ret_called);
}

enum iw_rc iw_chain_habit_excuses(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                  struct iw_chain_file *file, const struct iw_chain_item *write,
                                  bool *ret)
{
    bool is_known = (shell->marks & IW_MARK(USUAL)) != 0 && !shell->is_below_unusual;
    bool does_speak, is_called;
    *ret = false;
    if (!is_known && (shell->habit == NULL || shell->has_unknown_below ||
                      !iw_habit_was_before(shell->habit, write->moment.time_ns)))
        return IW_OK;
    IW_TRY(speaks(chains, file, shell, &does_speak, &is_called));
    *ret = !does_speak;
    return IW_OK;
}

/* One run that a page called does not end a habit that was there before the page: somebody took its
 * command once, and is found by the page. */
static void see_joined(struct iw_chain_shell *shell, const struct iw_chain_file *file,
                       bool is_called, bool was_before)
{
    struct iw_habit *habit = shell->habit;
    habit->n_called += is_called;
    if (is_called && (!was_before || habit->n_called > 1))
        iw_habit_spoil(habit, "a page was asked for as it started");
    else if (shell->is_spoken_for && !was_before)
        iw_habit_spoil(habit, "a page that stands out came before one of its runs");
    else if (shell->n_runs_before == 0 && file->class == IW_WEB_FILE_SCRIPT)
        habit->is_after_file = true;
}

enum iw_rc iw_chain_habit_joined(struct iw_chains *chains, struct iw_chain_shell *shell,
                                 struct iw_chain_file *file, const struct iw_chain_item *write)
{
    bool is_called;
    if (shell->habit == NULL && (shell->marks & IW_MARK(USUAL)) == 0)
        return IW_OK;
    IW_TRY(speaks(chains, file, shell, &shell->is_spoken_for, &is_called));
    if (shell->habit == NULL)
        return IW_OK;
    shell->n_runs_before = iw_habit_runs_before(shell->habit, write->moment.time_ns);
    see_joined(shell, file, is_called, iw_habit_was_before(shell->habit, write->moment.time_ns));
    return IW_OK;
}

/* --- words -------------------------------------------------------------------------------------
 */

static enum iw_rc keep_beside(struct iw_chains *chains, struct iw_chain_shell *shell,
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
        return keep_beside(
            chains, shell,
            iw_arena_format(&chains->scratch,
                            "beside: %.*s was written %lld s before it, but the "
                            "baseline of behaviour has the command: it is not joined",
                            IW_STR_ARG(file->path), seconds));
    return keep_beside(
        chains, shell,
        iw_arena_format(&chains->scratch,
                        "beside: %.*s was written %lld s before it, but the command had "
                        "run %llu times before that: it is not joined",
                        IW_STR_ARG(file->path), seconds,
                        (unsigned long long)iw_habit_runs_before(shell->habit, written_ns)));
}

void iw_chain_say_usual_here(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_shell *shell = telling->best;
    const struct iw_habit *habit = shell->habit;
    if ((shell->marks & IW_MARK(USUAL_HERE)) != 0 || habit == NULL) {
        iw_chain_say(&telling->why,
                     "%s the baseline of behaviour has this child of this pool, but that was "
                     "learned from the time that is hunted, or with a doubt",
                     head);
        return;
    }
    iw_chain_say(&telling->why,
                 "%s this command of this pool ran %llu times on %llu days from %s to %s, as "
                 "regularly as long as the logs reach, and did nothing odd; but that was learned "
                 "from what is hunted",
                 head, (unsigned long long)habit->n, (unsigned long long)habit->n_days,
                 iw_chain_time_text(telling, habit->first_ns),
                 iw_chain_time_text(telling, habit->last_ns));
}

struct iw_str iw_chain_beside(const struct iw_chain *chain)
{
    for (const struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF((struct iw_link *)(uintptr_t)link);
        if (shell->beside.n != 0)
            return shell->beside;
    }
    return IW_STR("");
}

void iw_chain_say_habit(struct iw_telling *telling)
{
    const struct iw_chain_shell *shell = telling->best;
    struct iw_str beside = iw_chain_beside(telling->chain);
    const char *why = NULL;
    bool is_usual;
    if (beside.n != 0)
        iw_chain_say(&telling->why, "%.*s", IW_STR_ARG(beside));
    if (shell->habit == NULL || shell->habit->n < TIMES_TOLD || telling->is_early ||
        (telling->marks & (IW_MARK(USUAL) | IW_MARK(USUAL_HERE))) != 0)
        return;
    if (iw_chain_habit_is_usual(telling->chains, shell, &is_usual, &why) != IW_OK)
        telling->why.no_memory = true;
    else if (!is_usual)
        iw_chain_say(&telling->why, "the command ran %llu times and is no habit all the same: %s",
                     (unsigned long long)shell->habit->n, why);
}

/* --- all of the host is known -------------------------------------------------------------------
 */

/* Once for a habit: what called it is asked where everything else speaks for it. */
enum iw_rc iw_chain_habit_ask_callers(struct iw_chains *chains, struct iw_habit *habit)
{
    const struct iw_chain_span *log =
        chains->telemetry != NULL ? &chains->telemetry->of[IW_CHAIN_SOURCE_REQUESTS] : NULL;
    struct iw_chain_callers callers = {0};
    size_t n = habit->n < IW_LIMIT_HABIT_TIMES ? (size_t)habit->n : IW_LIMIT_HABIT_TIMES;
    if (habit->is_asked)
        return IW_OK;
    habit->is_asked = true;
    if (chains->input.ask_callers == NULL || log == NULL || !log->is_seen ||
        iw_chain_distance_ns(habit->first_ns, log->first_ns) > habit->longest_ns ||
        iw_chain_distance_ns(log->last_ns, habit->last_ns) > habit->longest_ns) {
        if (chains->input.take_learned == NULL) /* else somebody vouches for the span */
            iw_habit_spoil(habit, "no log of requests could show who called it");
        return IW_OK;
    }
    if (chains->n_caller_asks == IW_LIMIT_CHAIN_CALLER_ASKS) {
        chains->account.n_habits_not_asked++;
        iw_habit_spoil(habit, "nobody asked any more who called it");
        return IW_OK;
    }
    chains->n_caller_asks++;
    IW_TRY(chains->input.ask_callers(chains->input.context, chains->context->host, habit->times, n,
                                     &chains->scratch, &callers));
    if (callers.is_found)
        iw_habit_spoil(habit, "a page that hardly anybody asks for was asked for whenever it ran");
    return IW_OK;
}

static enum iw_rc is_none(struct iw_chains *chains, struct iw_habit *habit, const char **ret)
{
    const struct iw_chain_span *span =
        chains->telemetry != NULL ? &chains->telemetry->of[IW_CHAIN_SOURCE_COMMAND_LINES] : NULL;
    *ret = iw_habit_is_none(habit, span);
    if (*ret != NULL || habit->is_below)
        return IW_OK;
    IW_TRY(iw_chain_habit_ask_callers(chains, habit));
    *ret = iw_habit_is_none(habit, span);
    return IW_OK;
}

enum iw_rc iw_chain_habit_is_usual(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                   bool *ret, const char **ret_why)
{
    const char *why = NULL;
    if (shell->habit == NULL || shell->has_unknown_below)
        why = "what it started is not known whole";
    else if (shell->is_spoken_for)
        why = "its file speaks for itself";
    for (size_t i = 0; why == NULL && i < shell->n_below; i++)
        IW_TRY(is_none(chains, shell->below[i], &why));
    if (why == NULL)
        IW_TRY(is_none(chains, shell->habit, &why));
    *ret = why == NULL;
    if (ret_why != NULL)
        *ret_why = why;
    return IW_OK;
}

static bool keeps_file(const struct iw_chain_shell *shell)
{
    return shell->is_spoken_for || shell->n_runs_before < IW_HABIT_TIMES_BEFORE ||
           (shell->join.marks & IW_MARK(SHELL_WROTE_FILE)) != 0;
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
        IW_TRY(is_none(chains, chain->hidden_habits[i], &why));
        *ret = why == NULL;
    }
    return IW_OK;
}

/* --- which are shown ---------------------------------------------------------------------------
 */

static size_t n_shown_of(const struct iw_chain *chain, const struct iw_habit *habit,
                         struct iw_chain_shell **ret_last)
{
    size_t n = 0;
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        if (SHELL_OF(link)->habit != habit)
            continue;
        n++;
        *ret_last = SHELL_OF(link);
    }
    return n;
}

struct iw_chain_shell *iw_chain_habit_gives_room(const struct iw_chain *chain,
                                                 const struct iw_chain_shell *shell)
{
    struct iw_chain_shell *last = NULL, *room = NULL;
    size_t most = 1;
    if (shell->habit == NULL
            ? (shell->marks & ALL_ODD) == 0
            : shell->habit->n > RARE_RUNS || n_shown_of(chain, shell->habit, &last) != 0)
        return NULL;
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_habit *habit = SHELL_OF(link)->habit;
        size_t n = habit != NULL ? n_shown_of(chain, habit, &last) : 0;
        if (n > most) {
            most = n;
            room = last;
        }
    }
    return room;
}

/* --- files that came beside --------------------------------------------------------------------
 */

/* Shells of a chain are shown in time. */
static void put_in_time(struct iw_chain *chain, const struct iw_chain_shell *shell)
{
    struct iw_link *link = chain->shells.first, *last = chain->shells.last, *next;
    while (link != NULL && SHELL_OF(link)->moment.time_ns <= shell->moment.time_ns)
        link = link->next;
    for (; link != NULL; link = next) {
        bool is_last = link == last;
        next = link->next;
        iw_linked_remove(link);
        iw_linked_append(&chain->shells, link);
        if (is_last)
            return;
    }
}

static enum iw_rc move(struct iw_chains *chains, struct iw_chain *from,
                       struct iw_chain_shell *shell, struct iw_chain **ret_to)
{
    struct iw_chain *to = iw_chain_of_worker(chains, shell);
    bool is_shown = to != NULL && to->n_shown < IW_LIMIT_CHAIN_SHELLS;
    if (to == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_chain_habit_say_beside(chains, shell, from->file, shell->join.write.time_ns));
    iw_chain_take_out(chains, shell); /* *from* may be gone */
    shell->join = (struct iw_chain_join){.request_begin_ns = IW_TIME_UNKNOWN};
    iw_chain_put(chains, to, shell);
    if (is_shown) /* else it may be gone */
        put_in_time(to, shell);
    *ret_to = to;
    return IW_OK;
}

/* Those that are not shown go where the last one that is went: they are counted there. */
static void move_hidden(struct iw_chains *chains, struct iw_chain *from, struct iw_chain *to)
{
    for (struct iw_link *link = chains->not_shown.first; link != NULL; link = link->next) {
        if (SHELL_OF(link)->chain == from)
            SHELL_OF(link)->chain = to;
    }
    to->n_shells += from->n_shells;
    to->hidden_marks |= from->hidden_marks;
    to->hidden_techniques |= from->hidden_techniques;
    if (!iw_time_known(to->hidden_last_ns) || from->hidden_last_ns > to->hidden_last_ns)
        to->hidden_last_ns = from->hidden_last_ns;
    for (size_t i = 0; i < from->n_hidden_habits; i++)
        to->hidden_is_unusual |= !add_hidden(to, from->hidden_habits[i]);
    iw_chain_free(chains, from);
}

static enum iw_rc review(struct iw_chains *chains, struct iw_chain *chain)
{
    size_t n_left = chain->n_shown;
    bool has_hidden = chain->n_shells > chain->n_shown, is_usual = !chain->hidden_is_unusual;
    struct iw_chain *to = NULL;
    if (has_hidden && is_usual)
        IW_TRY(iw_chain_habit_hidden_usual(chains, chain, &is_usual));
    if (has_hidden && (chain->hidden_is_joined || !is_usual))
        return IW_OK;
    for (struct iw_link *link = chain->shells.first, *next; link != NULL; link = next) {
        struct iw_chain_shell *shell = SHELL_OF(link);
        next = link->next;
        iw_arena_reset(&chains->scratch);
        if (keeps_file(shell))
            continue;
        IW_TRY(iw_chain_habit_is_usual(chains, shell, &is_usual, NULL));
        if (!is_usual)
            continue;
        n_left--;
        IW_TRY(move(chains, chain, shell, &to));
    }
    if (n_left == 0 && has_hidden)
        move_hidden(chains, chain, to);
    return IW_OK;
}

/* Chains of files stay in their places while shells leave them; those of workers do not. */
static struct iw_chain *next_of_file(struct iw_link *link)
{
    while (link != NULL && IW_LINKED_IN(link, struct iw_chain, by_activity)->file == NULL)
        link = link->next;
    return link != NULL ? IW_LINKED_IN(link, struct iw_chain, by_activity) : NULL;
}

enum iw_rc iw_chains_review_habits(struct iw_chains *chains)
{
    struct iw_chain *chain = next_of_file(chains->chains.first), *next;
    for (; chain != NULL; chain = next) {
        next = next_of_file(chain->by_activity.next);
        IW_TRY(review(chains, chain));
    }
    return IW_OK;
}
