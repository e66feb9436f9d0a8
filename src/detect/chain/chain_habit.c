/*
 * Habits and chains: whose run a shell is, what spoils a habit, and whether one is usual when all
 * of its host is known.
 *
 * A habit must not hide a web shell that somebody uses every day. So it is none when it did
 * anything odd, when a file that fits came before its first runs, when it began inside the
 * evidence, and when one page that is seldom asked for was asked for whenever it ran.
 */
#include "base/limits.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/command_shape.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

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

enum iw_rc iw_chain_habit_see_odd(struct iw_chains *chains, struct iw_chain_shell *shell,
                                  const char *why)
{
    IW_TRY(iw_habit_spoil_by_run(&chains->habits, shell->habit, why, shell->moment.time_ns));
    for (size_t k = 0; k < shell->n_below; k++)
        IW_TRY(iw_habit_spoil_by_run(&chains->habits, shell->below[k], why, shell->moment.time_ns));
    return IW_OK;
}

enum iw_rc iw_chain_habit_see_marks(struct iw_chains *chains, struct iw_chain_shell *shell,
                                    iw_chain_marks marks)
{
    for (size_t i = 0; i < sizeof ODD / sizeof ODD[0]; i++) {
        if ((marks & ODD[i].marks) != 0)
            IW_TRY(iw_chain_habit_see_odd(chains, shell, ODD[i].words));
    }
    return IW_OK;
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
    if ((!is_below && shell->habit != NULL) || !iw_chains_learn_at(chains, time_ns))
        return IW_OK;
    shape = iw_command_shape(command_line, &chains->scratch);
    if (shape.p == NULL)
        return IW_ENOMEM;
    IW_TRY(ask_behaviour(chains, shell, what->process.image, shape, is_below, time_ns));
    if ((shell->marks & IW_MARK(SHELL)) == 0)
        return IW_OK; /* who starts it is not known: it is nobody's habit */
    if (is_below)
        return note_below(chains, shell, what->process.image, shape, time_ns);
    IW_TRY(iw_habits_find(&chains->habits, NULL, shell->pool, what->process.image, shape,
                          &shell->habit));
    if (shell->habit == NULL)
        return IW_OK;
    iw_habit_run(shell->habit, shell->moment.time_ns);
    return iw_chain_habit_see_marks(chains, shell, shell->marks);
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
    if (habit->is_cut)
        n = habit->n_cut_times;
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
        iw_habit_spoil(habit,
                       "a page that is seldom asked for beside was asked for whenever it ran");
    return IW_OK;
}

const struct iw_chain_span *iw_chain_span_of_commands(const struct iw_chains *chains)
{
    return chains->telemetry != NULL ? &chains->telemetry->of[IW_CHAIN_SOURCE_COMMAND_LINES] : NULL;
}

enum iw_rc iw_chain_habit_is_none(struct iw_chains *chains, struct iw_habit *habit,
                                  const char **ret)
{
    const struct iw_chain_span *span = iw_chain_span_of_commands(chains);
    *ret = iw_habit_is_none(habit, span);
    if (*ret != NULL || habit->is_below)
        return IW_OK;
    IW_TRY(iw_chain_habit_ask_callers(chains, habit));
    *ret = iw_habit_is_none(habit, span);
    return IW_OK;
}

/* The habit is the caller's, or its own copy of that. */
struct iw_habit *iw_chain_habit_at(struct iw_habit *habit, int64_t time_ns)
{
    return (struct iw_habit *)(uintptr_t)iw_habit_at(habit, time_ns);
}

enum iw_rc iw_chain_habit_is_usual(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                   bool *ret, struct iw_habit_none *ret_none)
{
    struct iw_habit_none none = {NULL, NULL};
    struct iw_habit *habit =
        shell->habit != NULL ? iw_chain_habit_at(shell->habit, shell->moment.time_ns) : NULL;
    if (shell->habit == NULL || shell->has_unknown_below)
        none.why = "what it started is not known whole";
    else if (shell->is_spoken_for)
        none.why = "its file speaks for itself";
    else
        none.of = habit;
    if (none.why == NULL)
        none.why = iw_habit_is_none(habit, iw_chain_span_of_commands(chains));
    for (size_t i = 0; none.why == NULL && i < shell->n_below; i++) {
        none.of = iw_habit_at(shell->below[i], shell->moment.time_ns);
        none.why = iw_habit_is_none(none.of, iw_chain_span_of_commands(chains));
    }
    if (none.why == NULL) { /* who called it is asked last: that is dear */
        none.of = habit;
        IW_TRY(iw_chain_habit_is_none(chains, habit, &none.why));
    }
    *ret = none.why == NULL;
    if (ret_none != NULL)
        *ret_none = none;
    return IW_OK;
}
