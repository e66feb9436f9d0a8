/**
 * Outputs of the `rules` commands. As those of output.h: they write into a buffer.
 */
#ifndef IW_OUTPUT_RULES_H
#define IW_OUTPUT_RULES_H

#include "output/output.h"
#include "result/explanation.h"
#include "result/rule_problem.h"
#include "result/rule_test_report.h"

/** Which documents `rules list` shows. */
struct iw_rule_filter {
    int min_level;       /* enum iw_level; -1: any */
    const char *pattern; /* in title, id, log source or file, letter case ignored; NULL: any */
};

void iw_output_rules_table(const struct iw_rule_account *account,
                           const struct iw_rule_filter *filter, const struct iw_style *style,
                           struct iw_buffer *out);
/** `iiswarden.rule/1`, one a line. */
void iw_output_rules_ndjson(const struct iw_rule_account *account,
                            const struct iw_rule_filter *filter, struct iw_buffer *out);

/** Problems by file, then counts. */
void iw_output_problems_table(const struct iw_rule_account *account,
                              const struct iw_rule_problems *problems, const struct iw_style *style,
                              struct iw_buffer *out);
/** `iiswarden.rule-problem/1`, one a line. */
void iw_output_problems_ndjson(const struct iw_rule_account *account,
                               const struct iw_rule_problems *problems, struct iw_buffer *out);
/** The checks there are. */
void iw_output_checks_table(const struct iw_rule_check *checks, size_t n,
                            const struct iw_style *style, struct iw_buffer *out);
/** `iiswarden.rule-check/1`, one a line. */
void iw_output_checks_ndjson(const struct iw_rule_check *checks, size_t n, struct iw_buffer *out);

void iw_output_explanation_table(const struct iw_run *run, const struct iw_explain_report *report,
                                 const struct iw_style *style, struct iw_buffer *out);
/** Of a correlation one `iiswarden.explained-correlation/1` for it and each it stands on, with an
 * `iiswarden.explained-group/1` for each group shown; of a rule one `iiswarden.explained-rule/1`,
 * then an `iiswarden.explained-event/1` for each event shown. */
void iw_output_explanation_ndjson(const struct iw_run *run, const struct iw_explain_report *report,
                                  struct iw_buffer *out);
/** The rules a name might mean, one a line, for people. */
void iw_output_candidates(const struct iw_run *run, const struct iw_explain_report *report,
                          struct iw_buffer *out);

void iw_output_rule_tests_table(const struct iw_rule_test_report *report,
                                const struct iw_style *style, struct iw_buffer *out);
/** `iiswarden.rule-test/1`, one a line. */
void iw_output_rule_tests_ndjson(const struct iw_rule_test_report *report, struct iw_buffer *out);

#endif
