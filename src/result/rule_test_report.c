/*
 * Results of rule tests: a growing list and a count for each state.
 */
#include "result/rule_test_report.h"

#include <assert.h>

#include "base/alloc.h"

const char *iw_rule_test_state_name(enum iw_rule_test_state state)
{
    static const char *const NAMES[IW_RULE_TEST_STATE_COUNT] = {"passed", "failed", "skipped",
                                                                "broken"};
    assert((unsigned)state < IW_RULE_TEST_STATE_COUNT);
    return NAMES[state];
}

void iw_rule_test_report_init(struct iw_rule_test_report *report)
{
    memset(report, 0, sizeof *report);
    iw_arena_init(&report->arena, 0);
}

void iw_rule_test_report_done(struct iw_rule_test_report *report)
{
    iw_free(report->items);
    iw_arena_done(&report->arena);
    memset(report, 0, sizeof *report);
}

enum iw_rc iw_rule_test_report_add(struct iw_rule_test_report *report,
                                   const struct iw_rule_test_result *result)
{
    struct iw_rule_test_result copy = *result;
    if (!iw_array_reserve(&report->items, &report->cap, report->n + 1, sizeof copy) ||
        !iw_arena_keep(&report->arena, &copy.file) || !iw_arena_keep(&report->arena, &copy.rule) ||
        !iw_arena_keep(&report->arena, &copy.why) || !iw_arena_keep(&report->arena, &copy.reason))
        return IW_ENOMEM;
    report->items[report->n++] = copy;
    report->n_by_state[copy.state]++;
    return IW_OK;
}
