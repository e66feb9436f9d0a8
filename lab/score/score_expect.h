/*
 * The committed file of scores, and what became better or worse against it.
 *
 * One line a scenario and group of variants, in byte order:
 *
 *     webshell-upload without runs 12 found 10/12 false 0 verdicts 20/24
 *
 * `runs` are those whose evidence was made and whose detector did not fail. Empty lines and lines
 * that begin with # are passed over.
 */
#ifndef IW_LAB_SCORE_EXPECT_H
#define IW_LAB_SCORE_EXPECT_H

#include "lab/score/score_tally.h"

#include <stdio.h>

struct iw_lab_expect_result {
    size_t n_worse;
    size_t n_better;
    size_t n_new;     /* scored, but not in the file */
    size_t n_unasked; /* in the file, but of scenarios that were not played */
};

/* Writes the scores to a file, replacing it. False with the reason in error. */
bool iw_lab_expect_write(const char *path, const struct iw_lab_score *score,
                         struct iw_lab_error *error);

/* Compares. Worse is: more missed or less asked for, more false, more verdicts not right or fewer
 * asked for, fewer runs. Each difference is told on `told` (may be NULL). Groups that
 * were not played are passed over. False with the reason in error when the file cannot be read or
 * understood; that something got worse is no failure of the call. */
bool iw_lab_expect_compare(const char *path, const struct iw_lab_score *score,
                           struct iw_lab_plan plan, FILE *told, struct iw_lab_expect_result *result,
                           struct iw_lab_error *error);

#endif
