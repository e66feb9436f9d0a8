/**
 * What rule tests came to.
 */
#ifndef IW_RESULT_RULE_TEST_REPORT_H
#define IW_RESULT_RULE_TEST_REPORT_H

#include "base/arena.h"
#include "result/explanation.h"

enum iw_rule_test_state {
    IW_RULE_TEST_PASSED = 0,
    IW_RULE_TEST_FAILED,
    IW_RULE_TEST_SKIPPED, /* needs what this version does not do: said, never passed */
    IW_RULE_TEST_BROKEN,  /* cannot be run as it is written: counts as failed */
    IW_RULE_TEST_STATE_COUNT
};

/** "passed", "failed", "skipped" or "broken"; never NULL. */
const char *iw_rule_test_state_name(enum iw_rule_test_state state);

struct iw_rule_test_result {
    enum iw_rule_test_state state;
    struct iw_str file;
    uint32_t line;
    struct iw_str rule;          /* as the test names it */
    struct iw_str why;           /* what the test is about; may be empty */
    struct iw_str reason;        /* why it did not pass; empty when it did */
    struct iw_text_list changes; /* what the event would need to match, or what made it match */
};

struct iw_rule_test_report {
    struct iw_arena arena;
    struct iw_rule_test_result *items; /* in the order of files and lines */
    size_t n, cap;
    size_t n_by_state[IW_RULE_TEST_STATE_COUNT];
    size_t n_files;
    struct iw_text_list notes; /* rules without a test that must match, or must not */
};

void iw_rule_test_report_init(struct iw_rule_test_report *report);
void iw_rule_test_report_done(struct iw_rule_test_report *report);
/** Adds a result; its texts are copied but for *changes*, which lie in report->arena. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_rule_test_report_add(struct iw_rule_test_report *report,
                                   const struct iw_rule_test_result *result);

#endif
