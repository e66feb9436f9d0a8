/*
 * Habits in words: why a command is usual, which file came beside it, why what recurs is no habit.
 */
#include "base/arena_text.h"
#include "detect/chain/chain_telling.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
/* Runs that nobody expects to recur need no word. */
#define TIMES_TOLD 5U

void iw_chain_say_usual_here(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_shell *shell = telling->best;
    const struct iw_habit *habit =
        shell->habit != NULL ? iw_habit_at(shell->habit, shell->moment.time_ns) : NULL;
    if ((shell->marks & IW_MARK(USUAL_HERE)) != 0 || habit == NULL) {
        iw_chain_say(&telling->why,
                     "%s the baseline of behaviour has this child of this pool, but that was "
                     "learned from the time that is hunted, or with a doubt",
                     head);
        return;
    }
    iw_chain_say(&telling->why,
                 "%s this command of this pool ran %llu times on %llu days (UTC) from %s to %s, as "
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
    return chain->beside;
}

/* "8 times on 3 days (UTC)" */
static struct iw_str runs_text(struct iw_telling *telling, const struct iw_habit *habit)
{
    struct iw_str text = iw_arena_format(
        telling->arena, "%llu time%s on %llu day%s (UTC)", (unsigned long long)habit->n,
        habit->n == 1 ? "" : "s", (unsigned long long)habit->n_days, habit->n_days == 1 ? "" : "s");
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

enum iw_rc iw_chain_find_none(struct iw_telling *telling)
{
    const struct iw_chain_shell *shell = telling->best;
    bool is_usual;
    if (shell->habit == NULL || shell->habit->n < TIMES_TOLD || telling->is_early ||
        (telling->marks & (IW_MARK(USUAL) | IW_MARK(USUAL_HERE))) != 0)
        return IW_OK;
    return iw_chain_habit_is_usual(telling->chains, shell, &is_usual, &telling->none);
}

const struct iw_habit_page *iw_chain_page_of_none(const struct iw_telling *telling)
{
    const struct iw_habit_page *page = telling->none.of != NULL ? telling->none.of->page : NULL;
    return page != NULL && page->why == telling->none.why ? page : NULL;
}

/* What is said of what it started is not said of it. */
static void say_none(struct iw_telling *telling)
{
    const struct iw_chain_shell *shell = telling->best;
    const struct iw_habit_none *none = &telling->none;
    const struct iw_habit_page *page = iw_chain_page_of_none(telling);
    const struct iw_habit *habit = iw_habit_at(shell->habit, shell->moment.time_ns);
    struct iw_str below = IW_STR(""), named = IW_STR("");
    if (none->of != NULL && none->of != habit)
        below = iw_arena_format(telling->arena, ", for what it started (%.*s)",
                                IW_STR_ARG(runs_text(telling, none->of)));
    if (page != NULL && page->path.n == 0)
        named = iw_arena_format(telling->arena, ": first in its run at %s",
                                iw_chain_time_text(telling, page->run_ns));
    else if (page != NULL)
        named =
            iw_arena_format(telling->arena, ": %.*s, written at %s, before the run at %s",
                            IW_STR_ARG(page->path), iw_chain_time_text(telling, page->written_ns),
                            iw_chain_time_text(telling, page->run_ns));
    if (below.p == NULL || named.p == NULL) {
        telling->why.no_memory = true;
        return;
    }
    iw_chain_say(&telling->why,
                 "the command ran %.*s from %s to %s and is no habit all the same%.*s: %s%.*s",
                 IW_STR_ARG(runs_text(telling, habit)),
                 iw_chain_time_text(telling, habit->first_ns),
                 iw_chain_time_text(telling, habit->last_ns), IW_STR_ARG(below), none->why,
                 IW_STR_ARG(named));
}

/* What came behind is another finding. */
static void say_until(struct iw_telling *telling)
{
    const struct iw_habit *habit = telling->best->habit;
    if (habit == NULL || iw_habit_at(habit, telling->best->moment.time_ns) == habit)
        return;
    if (habit->page->path.n == 0) {
        iw_chain_say(&telling->why,
                     "of its run at %s it is told that %s: that run and those behind it are told "
                     "apart",
                     iw_chain_time_text(telling, habit->page->run_ns), habit->page->why);
        return;
    }
    if ((telling->marks & IW_MARK(USUAL_HERE)) == 0)
        return;
    iw_chain_say(
        &telling->why, "%.*s was written at %s: from then on its runs are in doubt, and told apart",
        IW_STR_ARG(habit->page->path), iw_chain_time_text(telling, habit->page->written_ns));
}

void iw_chain_say_habit(struct iw_telling *telling)
{
    struct iw_str beside = iw_chain_beside(telling->chain);
    if (beside.n != 0)
        iw_chain_say(&telling->why, "%.*s", IW_STR_ARG(beside));
    if (telling->none.why != NULL)
        say_none(telling);
    say_until(telling);
}
