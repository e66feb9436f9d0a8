/*
 * Runs are gone through in time. One that begins behind all that came before it, with ids that came
 * before, begins a life. What lies in the time of others is none: two logs of one name were not
 * written at once, so that there the clock was set, or copies have different clocks.
 */
#include "coverage/log_lives.h"

#include <stdlib.h>

#include "coverage/record_runs.h"
#include "coverage/span_set.h"

/* What came of the life so far. */
struct life {
    uint64_t lowest, highest;
    int64_t first_ns, last_ns;        /* earliest and latest */
    const struct iw_record_run *high; /* that has the highest id */
};

static int compare_in_time(const void *left, const void *right)
{
    const struct iw_record_run *a = left, *b = right;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->last_ns != b->last_ns)
        return a->last_ns < b->last_ns ? -1 : 1;
    return (a->last > b->last) - (a->last < b->last);
}

/* Whether the clock was set back over the time between two moments: what is later by it may have
 * come before. */
static bool was_set_back(const struct iw_switch *switches, size_t n, int64_t from_ns, int64_t to_ns)
{
    for (size_t i = 0; i < n; i++) {
        const struct iw_switch *own = &switches[i];
        if (own->kind == IW_SWITCH_CLOCK_SET && iw_time_known(own->old_ns) &&
            iw_time_known(own->new_ns) && own->new_ns <= from_ns && own->old_ns >= to_ns)
            return true;
    }
    return false;
}

/* Whether *run*, which begins no earlier than what came so far, cannot be of the same life. The
 * times of neighbours may be a little apart; those of one record are not. */
static bool goes_back(const struct life *life, const struct iw_record_run *run)
{
    bool is_one_id = life->lowest == life->highest && run->first == run->last;
    if (run->first > life->highest || run->first_ns <= life->last_ns || is_one_id)
        return false;
    if (run->first <= life->lowest &&
        iw_span_is_longer(life->first_ns, run->first_ns, IW_RECORD_BACK_NS))
        return true;
    return iw_span_is_longer(life->high->last_ns, run->first_ns,
                             run->first >= life->high->first ? IW_RECORD_SAME_NS
                                                             : IW_RECORD_BACK_NS);
}

static void add_run(struct life *life, const struct iw_record_run *run)
{
    if (life->high == NULL || run->last > life->highest) {
        life->highest = run->last;
        life->high = run;
    }
    if (life->lowest == 0 || run->first < life->lowest)
        life->lowest = run->first;
    iw_time_widen(&life->first_ns, &life->last_ns, run->first_ns);
    iw_time_widen(&life->first_ns, &life->last_ns, run->last_ns);
}

static struct iw_log_life end_life(const struct life *life, struct iw_record_run *runs, size_t n)
{
    struct iw_log_life ret = {runs, n, life->lowest, life->highest, life->first_ns, life->last_ns};
    iw_record_runs_sort(runs, n);
    return ret;
}

static struct life no_life(void)
{
    return (struct life){.first_ns = IW_TIME_UNKNOWN, .last_ns = IW_TIME_UNKNOWN};
}

enum iw_rc iw_log_lives_find(const struct iw_record_run *runs, size_t n,
                             const struct iw_switch *switches, size_t n_switches,
                             struct iw_arena *arena, struct iw_log_lives *ret)
{
    struct iw_record_run *timed = iw_arena_alloc(arena, (n + 1) * sizeof *timed);
    struct iw_log_life *lives;
    struct life life = no_life();
    size_t n_timed = 0, n_lives = 0, begin = 0;
    *ret = (struct iw_log_lives){NULL, 0};
    if (timed == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (iw_time_known(runs[i].first_ns) && iw_time_known(runs[i].last_ns))
            timed[n_timed++] = runs[i];
    }
    if (n_timed == 0)
        return IW_OK;
    qsort(timed, n_timed, sizeof *timed, compare_in_time);
    lives = iw_arena_alloc(arena, n_timed * sizeof *lives);
    if (lives == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n_timed; i++) {
        if (i != begin && goes_back(&life, &timed[i]) &&
            !was_set_back(switches, n_switches, life.last_ns, timed[i].first_ns)) {
            lives[n_lives++] = end_life(&life, timed + begin, i - begin);
            begin = i;
            life = no_life();
        }
        add_run(&life, &timed[i]);
    }
    lives[n_lives++] = end_life(&life, timed + begin, n_timed - begin);
    *ret = (struct iw_log_lives){lives, n_lives};
    return IW_OK;
}
