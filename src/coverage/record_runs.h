/**
 * Sets of record ids as runs [first, last], built from ids that mostly count upwards; of both ends
 * of a run it is known when they were written. Of records that share an id at an end, the earliest
 * is that of the first and the latest that of the last: a gap between two runs is never taken for
 * longer than it may be. Unknown times are passed over where others are known.
 *
 * Ids and times are seen together: runs that touch or overlap are joined where they can be of one
 * log, that is where neighbours follow each other within an hour (and at most five minutes the
 * other way: what happens while Windows starts is stamped late), and copies of a record are of one
 * time. Two logs of one name, one begun anew after the other was deleted, stay apart, so that the
 * ids of one fill no hole of the other (log_lives.h). Past the limit, and where memory ends, ids
 * alone are looked at.
 */
#ifndef IW_COVERAGE_RECORD_RUNS_H
#define IW_COVERAGE_RECORD_RUNS_H

#include "base/error.h"
#include "result/telemetry.h"

/** Neighbours that are further apart stay runs of their own. */
#define IW_RECORD_APART_NS (INT64_C(3600) * IW_NS_PER_SECOND)
/** The time of a record may be so much before that of the one before it. */
#define IW_RECORD_BACK_NS (INT64_C(300) * IW_NS_PER_SECOND)
/** Times of copies of one record differ by no more: some exports write whole seconds. */
#define IW_RECORD_SAME_NS (INT64_C(30) * IW_NS_PER_SECOND)

struct iw_record_runs {
    struct iw_record_run *items;
    size_t n;
    size_t cap;
    size_t join_at;   /* so many: they are joined before there are more */
    bool is_ids_only; /* times are not looked at any more: runs touch and overlap nowhere */
    bool is_cut;      /* more runs than IW_LIMIT_RECORD_ID_RUNS: what did not fit was left out */
    uint64_t lowest, highest; /* of all ids added, also those left out; 0 when there are none */
};

void iw_record_runs_done(struct iw_record_runs *runs);
/** Adds ids first..last (first <= last, first != 0). IW_OK or IW_ENOMEM. */
enum iw_rc iw_record_runs_add(struct iw_record_runs *runs, const struct iw_record_run *run);
/** Adds one id that goes on the run that was added last, as nearly all do; false: it does not, or
 * what comes of it is to be looked at. */
static inline bool iw_record_runs_go_on(struct iw_record_runs *runs, uint64_t id, int64_t time_ns)
{
    struct iw_record_run *newest;
    if (runs->n == 0 || runs->is_cut)
        return false;
    newest = &runs->items[runs->n - 1];
    if (newest->last + 1 != id || id <= runs->highest || time_ns < newest->last_ns ||
        (uint64_t)time_ns - (uint64_t)newest->last_ns > (uint64_t)IW_RECORD_APART_NS)
        return false;
    newest->last = runs->highest = id;
    newest->last_ns = time_ns;
    return true;
}
/** Only lowest and highest: for ids that find no room. */
void iw_record_runs_widen(struct iw_record_runs *runs, uint64_t first, uint64_t last);
/** Sorts by id, joins, cuts to the limit. */
void iw_record_runs_settle(struct iw_record_runs *runs);
/** Looks at ids alone from now on, and gives back what room that leaves. */
void iw_record_runs_ids_only(struct iw_record_runs *runs);

/** The jumps of the ids of *n* runs, which are sorted by id; *ret* has room for n. Returns how many
 * there are. */
size_t iw_record_gaps_find(const struct iw_record_run *runs, size_t n, struct iw_record_gap *ret);
/** Sorts runs by id. */
void iw_record_runs_sort(struct iw_record_run *runs, size_t n);

#endif
