/**
 * Sets of record ids as runs [first, last], built from ids that mostly count upwards; of both ends
 * of a run it is known when they were written. Of records that share an id at an end, the earliest
 * is that of the first and the latest that of the last: a gap between two runs is never taken for
 * longer than it may be. Unknown times are passed over where others are known.
 */
#ifndef IW_COVERAGE_RECORD_RUNS_H
#define IW_COVERAGE_RECORD_RUNS_H

#include "base/error.h"
#include "base/timestamp.h"

#include <stdbool.h>
#include <stddef.h>

struct iw_record_run {
    uint64_t first, last;
    int64_t first_ns, last_ns; /* of these two; IW_TIME_UNKNOWN: not known */
};

struct iw_record_runs {
    struct iw_record_run *items;
    size_t n;
    size_t cap;
    size_t join_at; /* so many: they are joined before there are more */
    bool is_cut;    /* more runs than IW_LIMIT_RECORD_ID_RUNS: what did not fit was left out */
    uint64_t lowest, highest; /* of all ids added, also those left out; 0 when there are none */
};

void iw_record_runs_done(struct iw_record_runs *runs);
/** Adds ids first..last (first <= last, first != 0). IW_OK or IW_ENOMEM. */
enum iw_rc iw_record_runs_add(struct iw_record_runs *runs, const struct iw_record_run *run);
/** Only lowest and highest: for ids that find no room. */
void iw_record_runs_widen(struct iw_record_runs *runs, uint64_t first, uint64_t last);
/** Sorts, joins runs that touch or overlap, cuts to the limit. */
void iw_record_runs_settle(struct iw_record_runs *runs);

#endif
