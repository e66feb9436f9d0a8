/*
 * Habits in words: why a command is usual, which file came beside it, why what recurs is no habit.
 */
#include "detect/chain/chain_telling.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
/* Runs that nobody expects to recur need no word. */
#define TIMES_TOLD 5U

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
