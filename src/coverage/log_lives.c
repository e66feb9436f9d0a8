/*
 * Runs are gone through in time. One that begins behind all that came before it, with ids that came
 * before, begins a life. What lies in the time of others is none: two logs of one name were not
 * written at once, so that there the clock was set, or copies have different clocks.
 */
#include "coverage/log_lives.h"

#include <stdlib.h>

#include "base/limits.h"
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

/* --- clocks that were set back --------------------------------------------------------------- */

/* Steps of the clock that may make time go back. */
struct steps {
    struct {
        int64_t old_ns, new_ns;
    } items[IW_LIMIT_CLOCK_STEPS];
    size_t n;
};

static void find_steps(const struct iw_switch *switches, size_t n, struct steps *ret)
{
    ret->n = 0;
    for (size_t i = 0; i < n && ret->n < IW_LIMIT_CLOCK_STEPS; i++) {
        const struct iw_switch *own = &switches[i];
        if (own->kind != IW_SWITCH_CLOCK_SET || !iw_time_known(own->old_ns) ||
            !iw_time_known(own->new_ns) ||
            !iw_span_is_longer(own->new_ns, own->old_ns, IW_RECORD_SAME_NS))
            continue;
        ret->items[ret->n].old_ns = own->old_ns;
        ret->items[ret->n++].new_ns = own->new_ns;
    }
}

/* Whether one step lies between two moments of which the earlier was written later: it begins
 * behind the one, ends before the other, and is about as long as time goes back there. A step over
 * years, at another time, would lie around everything. */
static bool was_set_back(const struct steps *steps, int64_t before_ns, int64_t behind_ns)
{
    int64_t back_ns = iw_span_length(behind_ns, before_ns);
    int64_t rest_ns = back_ns > IW_LOG_LIVES_REST_NS ? back_ns : IW_LOG_LIVES_REST_NS;
    for (size_t i = 0; i < steps->n; i++) {
        int64_t old_ns = steps->items[i].old_ns, new_ns = steps->items[i].new_ns;
        if (!iw_span_is_longer(old_ns, before_ns, IW_RECORD_SAME_NS) &&
            !iw_span_is_longer(behind_ns, new_ns, IW_RECORD_SAME_NS) &&
            iw_span_length(new_ns, old_ns) - back_ns <= rest_ns)
            return true;
    }
    return false;
}

/* The runs of the life so far that *run* may come before, by their ids. */
struct so_far {
    const struct iw_record_run *runs; /* by time */
    const uint64_t *highest;          /* of each and those before it: ascending */
    size_t n;
};

/* The earliest one that reaches the id or a higher one. */
static const struct iw_record_run *first_from(const struct so_far *before, uint64_t id)
{
    size_t low = 0, high = before->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before->highest[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < before->n ? &before->runs[low] : NULL;
}

/* Whether *run*, whose ids go back, was written before what has higher ids, and the clock was set
 * back in between. No clock gives an id twice. */
static bool is_of_set_clock(const struct life *life, const struct so_far *before,
                            const struct iw_record_run *run, const struct steps *steps)
{
    const struct iw_record_run *behind = first_from(before, run->first);
    return behind != NULL && behind->first > run->last && life->high->first > run->last &&
           was_set_back(steps, run->last_ns, behind->first_ns);
}

/* --- lives ----------------------------------------------------------------------------------- */

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
    struct steps *steps = iw_arena_alloc(arena, sizeof *steps);
    uint64_t *highest = iw_arena_alloc(arena, (n + 1) * sizeof *highest);
    struct life life = no_life();
    size_t n_timed = 0, n_lives = 0, begin = 0;
    *ret = (struct iw_log_lives){NULL, 0};
    if (timed == NULL || steps == NULL || highest == NULL)
        return IW_ENOMEM;
    find_steps(switches, n_switches, steps);
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
        const struct so_far before = {timed + begin, highest + begin, i - begin};
        if (i != begin && goes_back(&life, &timed[i]) &&
            !is_of_set_clock(&life, &before, &timed[i], steps)) {
            lives[n_lives++] = end_life(&life, timed + begin, i - begin);
            begin = i;
            life = no_life();
        }
        add_run(&life, &timed[i]);
        highest[i] = life.highest;
    }
    lives[n_lives++] = end_life(&life, timed + begin, n_timed - begin);
    *ret = (struct iw_log_lives){lives, n_lives};
    return IW_OK;
}
