/*
 * Sums over the facts of a score: one filter, one set of counters.
 */
#ifndef IW_LAB_SCORE_COUNT_H
#define IW_LAB_SCORE_COUNT_H

#include "lab/score/score_tally.h"

/* Which facts count; a member that is NULL does not choose. */
struct iw_lab_filter {
    const char *scenario;
    const char *variant;
    const char *group;
    const char *analytic; /* "" chooses findings without any */
    const char *row;
};

struct iw_lab_counts {
    size_t n_judged; /* runs */
    size_t n_same;
    size_t n_not_made;
    size_t n_failed;       /* of the detector */
    size_t n_not_answered; /* the detector does not know the aid */
    double server_days;    /* of judged runs */
    size_t n_found;
    size_t n_in_part;
    size_t n_missed;
    size_t n_not_visible;
    size_t n_true;
    size_t n_false;
    size_t n_right; /* verdicts */
    size_t n_wrong;
    size_t n_unanswered;
};

/* Counts what passes the filter. `analytic` does not choose runs; `row` chooses a must by its own
 * rows, all else by the rows of the run. */
struct iw_lab_counts iw_lab_count(const struct iw_lab_score *score,
                                  const struct iw_lab_filter *filter);

/* Due: found, in part and missed. Asked: verdicts of any answer or none. */
size_t iw_lab_counts_due(const struct iw_lab_counts *counts);
size_t iw_lab_counts_asked(const struct iw_lab_counts *counts);

#endif
