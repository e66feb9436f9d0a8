/**
 * Tests of correlations: a series of events, or evidence, and what the correlation finds in it.
 */
#ifndef IW_ENGINE_RULE_TEST_CORRELATION_H
#define IW_ENGINE_RULE_TEST_CORRELATION_H

#include "engine/rule_tests.h"

/** What a correlation found. */
struct iw_rule_test_findings {
    uint64_t n_findings, n_groups; /* episodes; groups in which there was one */
    uint64_t n_events;             /* of the series, or read */
    struct iw_text_list reasons;   /* what held where, or what it came nearest to; in the report's
                                      arena */
};

/** Runs the events of a test. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_rule_test_run_events(struct iw_rule_tests *tests, const struct iw_running_test *item,
                                   struct iw_rule_test_findings *ret, struct iw_error *err);
/** Runs its evidence, as a hunt over it alone. Codes as iw_engine_hunt; also IW_OK when the run was
 * cancelled (tests->run->interrupted). */
enum iw_rc iw_rule_test_run_evidence(struct iw_rule_tests *tests,
                                     const struct iw_engine_options *options,
                                     const struct iw_running_test *item,
                                     struct iw_rule_test_findings *ret, struct iw_error *err);

#endif
