/**
 * `rules explain` of a correlation: the part of rules_explain.c and rules_explain_ndjson.c that is
 * not about single events.
 */
#ifndef IW_OUTPUT_RULES_EXPLAIN_CORRELATION_H
#define IW_OUTPUT_RULES_EXPLAIN_CORRELATION_H

#include "output/rules.h"

/** All correlations of *report*, below the head of the rule. */
void iw_output_explained_correlations(const struct iw_run *run,
                                      const struct iw_explain_report *report,
                                      const struct iw_style *style, struct iw_buffer *out);
void iw_output_explained_correlations_ndjson(const struct iw_run *run,
                                             const struct iw_explain_report *report,
                                             struct iw_buffer *out);

#endif
