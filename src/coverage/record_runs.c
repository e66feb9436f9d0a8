/*
 * Runs of record ids. Appended as they come, joined when there are twice as many as were left after
 * the last time, so that joining pays for itself and takes no more room than the runs there are:
 * logs count upwards, so these are few. The array has room for twice the limit, so that a set
 * within the limit is never cut.
 *
 * Where two logs of one name lie in the same ids, a run is held against the last few that are open:
 * of one log at most one of them fits.
 */
#include "coverage/record_runs.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"

/* Fewer are not worth joining. */
#define FEWEST_JOINED 64U
/* Runs that one may go on: logs of one name in the same ids. */
#define MOST_OPEN 8U

void iw_record_runs_done(struct iw_record_runs *runs)
{
    iw_free(runs->items);
    runs->items = NULL;
    runs->n = runs->cap = runs->join_at = 0;
}

/* --- what goes together --------------------------------------------------------------------- */

/* How much later b is than a; 0 where one is not known. */
static int64_t later_by(int64_t a, int64_t b)
{
    int64_t difference;
    if (!iw_time_known(a) || !iw_time_known(b))
        return 0;
    if (__builtin_sub_overflow(b, a, &difference))
        return b > a ? INT64_MAX : INT64_MIN;
    return difference;
}

static bool is_same_time(int64_t a, int64_t b)
{
    int64_t later = later_by(a, b);
    return later >= -IW_RECORD_SAME_NS && later <= IW_RECORD_SAME_NS;
}

/* Whether a record may be of that time that lies in the run. */
static bool may_hold(const struct iw_record_run *run, uint64_t id, int64_t time_ns)
{
    if (id == run->first && !is_same_time(run->first_ns, time_ns))
        return false;
    if (id == run->last && !is_same_time(run->last_ns, time_ns))
        return false;
    return later_by(run->first_ns, time_ns) >= -IW_RECORD_SAME_NS &&
           later_by(time_ns, run->last_ns) >= -IW_RECORD_SAME_NS;
}

/* Whether *run*, which touches or overlaps *into* and begins no earlier, is of the same log. */
static bool goes_with(const struct iw_record_run *into, const struct iw_record_run *run)
{
    if (run->first > into->last) {
        int64_t later = later_by(into->last_ns, run->first_ns);
        return later >= -IW_RECORD_BACK_NS && later <= IW_RECORD_APART_NS;
    }
    return may_hold(into, run->first, run->first_ns) &&
           (run->last <= into->last ? may_hold(into, run->last, run->last_ns)
                                    : may_hold(run, into->last, into->last_ns));
}

static bool touches(const struct iw_record_run *into, const struct iw_record_run *run)
{
    return into->last == UINT64_MAX || run->first <= into->last + 1;
}

/* --- joining -------------------------------------------------------------------------------- */

static int compare_runs(const void *left, const void *right)
{
    const struct iw_record_run *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->last != b->last)
        return a->last < b->last ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return (a->last_ns > b->last_ns) - (a->last_ns < b->last_ns);
}

void iw_record_runs_sort(struct iw_record_run *runs, size_t n)
{
    if (n > 1)
        qsort(runs, n, sizeof *runs, compare_runs);
}

/* *run* touches or overlaps *into*, and begins no earlier. */
static void extend(struct iw_record_run *into, const struct iw_record_run *run)
{
    int64_t ignored = IW_TIME_UNKNOWN;
    if (run->first == into->first)
        iw_time_widen(&into->first_ns, &ignored, run->first_ns);
    ignored = IW_TIME_UNKNOWN;
    if (run->last == into->last)
        iw_time_widen(&ignored, &into->last_ns, run->last_ns);
    if (run->last <= into->last)
        return;
    into->last = run->last;
    into->last_ns = run->last_ns;
}

/* The runs that the next one may go on; of those that are too many the one that ends first. */
struct open_runs {
    size_t items[MOST_OPEN]; /* places */
    size_t n;
};

static void open_add(struct open_runs *open, const struct iw_record_run *runs, size_t place)
{
    size_t at = 0;
    if (open->n < MOST_OPEN) {
        open->items[open->n++] = place;
        return;
    }
    for (size_t i = 1; i < open->n; i++) {
        if (runs[open->items[i]].last < runs[open->items[at]].last)
            at = i;
    }
    open->items[at] = place;
}

/* The one among them that *run* goes on: of several the one that is nearest in time. NULL: none. */
static struct iw_record_run *open_find(const struct open_runs *open, struct iw_record_run *runs,
                                       const struct iw_record_run *run)
{
    struct iw_record_run *found = NULL;
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < open->n; i++) {
        struct iw_record_run *into = &runs[open->items[i]];
        int64_t later;
        if (!touches(into, run) || !goes_with(into, run))
            continue;
        later = run->first > into->last ? later_by(into->last_ns, run->first_ns) : 0;
        later = later < 0 ? -later : later; /* within an hour */
        if (found == NULL || later < least) {
            found = into;
            least = later;
        }
    }
    return found;
}

/* By ids and times. */
static size_t join_logs(struct iw_record_run *runs, size_t n)
{
    struct open_runs open = {.items = {0}, .n = 1};
    size_t out = 1;
    for (size_t i = 1; i < n; i++) {
        struct iw_record_run *into = open_find(&open, runs, &runs[i]);
        if (into != NULL) {
            extend(into, &runs[i]);
            continue;
        }
        runs[out] = runs[i];
        open_add(&open, runs, out++);
    }
    return out;
}

/* By ids alone. */
static size_t join_ids(struct iw_record_run *runs, size_t n)
{
    size_t out = 0;
    for (size_t i = 1; i < n; i++) {
        if (touches(&runs[out], &runs[i]))
            extend(&runs[out], &runs[i]);
        else
            runs[++out] = runs[i];
    }
    return out + 1;
}

static void join(struct iw_record_runs *runs)
{
    if (runs->n < 2)
        return;
    iw_record_runs_sort(runs->items, runs->n);
    runs->n = runs->is_ids_only ? join_ids(runs->items, runs->n) : join_logs(runs->items, runs->n);
}

void iw_record_runs_settle(struct iw_record_runs *runs)
{
    join(runs);
    if (runs->n > IW_LIMIT_RECORD_ID_RUNS && !runs->is_ids_only) {
        runs->is_ids_only = true;
        join(runs);
    }
    if (runs->n <= IW_LIMIT_RECORD_ID_RUNS)
        return;
    runs->n = IW_LIMIT_RECORD_ID_RUNS;
    runs->is_cut = true;
}

void iw_record_runs_ids_only(struct iw_record_runs *runs)
{
    struct iw_record_run *items;
    runs->is_ids_only = true;
    join(runs);
    if (runs->n == 0)
        return;
    items = iw_realloc(runs->items, runs->n * sizeof *items);
    if (items == NULL) /* then the room stays as it is */
        return;
    runs->items = items;
    runs->cap = runs->n;
    runs->join_at = 2 * runs->n;
}

/* --- adding --------------------------------------------------------------------------------- */

void iw_record_runs_widen(struct iw_record_runs *runs, uint64_t first, uint64_t last)
{
    if (runs->lowest == 0 || first < runs->lowest)
        runs->lowest = first;
    if (last > runs->highest)
        runs->highest = last;
}

/* Joins; only a full array is cut. */
static void make_fewer(struct iw_record_runs *runs)
{
    const size_t most = 2 * (size_t)IW_LIMIT_RECORD_ID_RUNS;
    if (runs->n >= most)
        iw_record_runs_settle(runs);
    else
        join(runs);
    runs->join_at = 2 * runs->n < most ? 2 * runs->n : most;
}

enum iw_rc iw_record_runs_add(struct iw_record_runs *runs, const struct iw_record_run *run)
{
    iw_record_runs_widen(runs, run->first, run->last);
    if (runs->n != 0) {
        struct iw_record_run *newest = &runs->items[runs->n - 1];
        if (newest->last != UINT64_MAX && run->first == newest->last + 1 &&
            (runs->is_ids_only || goes_with(newest, run))) {
            newest->last = run->last;
            newest->last_ns = run->last_ns;
            return IW_OK;
        }
    }
    if (runs->n >= FEWEST_JOINED && runs->n >= runs->join_at)
        make_fewer(runs);
    if (!iw_array_reserve(&runs->items, &runs->cap, runs->n + 1, sizeof *runs->items))
        return IW_ENOMEM;
    runs->items[runs->n++] = *run;
    return IW_OK;
}

/* --- gaps ----------------------------------------------------------------------------------- */

size_t iw_record_gaps_find(const struct iw_record_run *runs, size_t n, struct iw_record_gap *ret)
{
    struct iw_record_run joined;
    size_t n_gaps = 0;
    if (n == 0)
        return 0;
    joined = runs[0];
    for (size_t i = 1; i < n; i++) {
        if (touches(&joined, &runs[i])) {
            extend(&joined, &runs[i]);
            continue;
        }
        ret[n_gaps++] =
            (struct iw_record_gap){joined.last, runs[i].first, joined.last_ns, runs[i].first_ns};
        joined = runs[i];
    }
    return n_gaps;
}
