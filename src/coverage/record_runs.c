/*
 * Runs of record ids. Appended as they come, joined when there are twice as many as were left after
 * the last time, so that joining pays for itself and takes no more room than the runs there are:
 * logs count upwards, so these are few. The array has room for twice the limit, so that a set
 * within the limit is never cut.
 */
#include "coverage/record_runs.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"

void iw_record_runs_done(struct iw_record_runs *runs)
{
    iw_free(runs->items);
    runs->items = NULL;
    runs->n = runs->cap = runs->join_at = 0;
}

/* Fewer are not worth joining. */
#define FEWEST_JOINED 64U

static int compare_runs(const void *left, const void *right)
{
    const struct iw_record_run *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->last > b->last) - (a->last < b->last);
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

/* Sorts and joins. */
static void join(struct iw_record_runs *runs)
{
    size_t out = 0;
    if (runs->n < 2)
        return;
    qsort(runs->items, runs->n, sizeof *runs->items, compare_runs);
    for (size_t i = 1; i < runs->n; i++) {
        struct iw_record_run *last = &runs->items[out];
        if (last->last == UINT64_MAX || runs->items[i].first <= last->last + 1)
            extend(last, &runs->items[i]);
        else
            runs->items[++out] = runs->items[i];
    }
    runs->n = out + 1;
}

void iw_record_runs_settle(struct iw_record_runs *runs)
{
    join(runs);
    if (runs->n <= IW_LIMIT_RECORD_ID_RUNS)
        return;
    runs->n = IW_LIMIT_RECORD_ID_RUNS;
    runs->is_cut = true;
}

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
        if (newest->last != UINT64_MAX && run->first == newest->last + 1) {
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
