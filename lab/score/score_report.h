/*
 * The quality report: Markdown, the same bytes for the same scores.
 */
#ifndef IW_LAB_SCORE_REPORT_H
#define IW_LAB_SCORE_REPORT_H

#include "lab/score/score_tally.h"

#include <stdio.h>

/* Writes the report. The caller looks after errors of the stream. */
void iw_lab_report_write(FILE *stream, const struct iw_lab_score *score, struct iw_lab_plan plan);

/* The part that tells each difference to the truth; the report calls it. */
void iw_lab_report_differences(FILE *stream, const struct iw_lab_score *score);

/* Writes a text of evidence or scenario so that it cannot break out of a code span or table cell,
 * or reach a terminal as control characters. */
void iw_lab_report_text(FILE *stream, const char *text);

#endif
