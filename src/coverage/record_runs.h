/**
 * Sets of record ids as runs [first, last], built from ids that mostly count upwards.
 */
#ifndef IW_COVERAGE_RECORD_RUNS_H
#define IW_COVERAGE_RECORD_RUNS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct iw_record_run {
    uint64_t first, last;
};

struct iw_record_runs {
    struct iw_record_run *items;
    size_t n;
    size_t cap;
    bool is_cut; /* more runs than IW_LIMIT_RECORD_ID_RUNS: what did not fit was left out */
};

void iw_record_runs_done(struct iw_record_runs *runs);
/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_record_runs_add(struct iw_record_runs *runs, uint64_t first, uint64_t last);
/** Sorts and joins runs that touch or overlap. */
void iw_record_runs_settle(struct iw_record_runs *runs);

#endif
