/*
 * Which events findings about components show: only what was done to the component counts, at the
 * level of the finding, and only for rules about components that say no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "engine/told_components.h"

static const struct iw_str AN0184 = {"AN0184", 6}, AN1108 = {"AN1108", 6};

static void tell(struct iw_told_components *told, enum iw_finding_kind kind, enum iw_level level,
                 const char *role, uint64_t record_id)
{
    struct iw_evidence_item item = {
        .role = iw_str_of(role), .channel = IW_STR("Log"), .record_id = record_id, .time_ns = 5};
    const struct iw_finding finding = {
        .kind = kind, .level = level, .host = IW_STR("WEB01"), .evidence = &item, .n_evidence = 1};
    assert_int_equal(iw_told_components_tell(told, &finding), IW_OK);
}

static bool is_told(struct iw_told_components *told, enum iw_level level,
                    const struct iw_str *analytic, const char *host, uint64_t record_id)
{
    struct iw_evidence_item item = {
        .role = IW_STR("match"), .channel = IW_STR("LOG"), .record_id = record_id, .time_ns = 5};
    const struct iw_finding finding = {.kind = IW_FINDING_RULE,
                                       .level = level,
                                       .host = iw_str_of(host),
                                       .analytic = {analytic, 1},
                                       .evidence = &item,
                                       .n_evidence = 1};
    bool ret;
    assert_int_equal(iw_told_components_ask(told, &finding, &ret), IW_OK);
    return ret;
}

static void acts_of_components(void **state)
{
    struct iw_told_components told;
    (void)state;
    iw_told_components_init(&told);
    assert_false(is_told(&told, IW_LEVEL_LOW, &AN0184, "web01", 7));
    tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_MEDIUM, "registration", 7);
    assert_true(is_told(&told, IW_LEVEL_LOW, &AN0184, "web01", 7));
    assert_true(is_told(&told, IW_LEVEL_MEDIUM, &AN0184, "web01", 7));
    assert_int_equal(told.n_folded, 2);
    /* Louder, of another analytic, another event, another host. */
    assert_false(is_told(&told, IW_LEVEL_HIGH, &AN0184, "web01", 7));
    assert_false(is_told(&told, IW_LEVEL_MEDIUM, &AN1108, "web01", 7));
    assert_false(is_told(&told, IW_LEVEL_MEDIUM, &AN0184, "web01", 8));
    assert_false(is_told(&told, IW_LEVEL_MEDIUM, &AN0184, "web02", 7));
    /* A low finding tells nothing louder, nor does one of a file; a logon is no act. */
    tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_LOW, "registration", 9);
    tell(&told, IW_FINDING_WEBFILE, IW_LEVEL_HIGH, "file_created", 9);
    tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_HIGH, "logon", 9);
    assert_false(is_told(&told, IW_LEVEL_INFORMATIONAL, &AN0184, "web01", 9));
    tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_HIGH, "module_load", 9);
    /* Above medium a rule speaks for itself all the same. */
    assert_true(is_told(&told, IW_LEVEL_MEDIUM, &AN0184, "web01", 9));
    assert_false(is_told(&told, IW_LEVEL_HIGH, &AN0184, "web01", 9));
    /* Records without a number are not known from one another. */
    tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_HIGH, "registration", 0);
    assert_false(is_told(&told, IW_LEVEL_LOW, &AN0184, "web01", 0));
    iw_told_components_done(&told);
}

/* What records say of the one act is kept, whatever they say of the component. */
static void answers_of_change_records(void **state)
{
    static const bool IS_TOLD[IW_CHANGE_STATUS_COUNT] = {
        [IW_CHANGE_NOT_CHECKED] = true, [IW_CHANGE_UNEXPLAINED] = true};
    struct iw_told_components told;
    (void)state;
    iw_told_components_init(&told);
    tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_MEDIUM, "registration", 7);
    for (unsigned status = 0; status < IW_CHANGE_STATUS_COUNT; status++) {
        struct iw_evidence_item item = {.channel = IW_STR("Log"), .record_id = 7, .time_ns = 5};
        const struct iw_finding finding = {.kind = IW_FINDING_RULE,
                                           .level = IW_LEVEL_LOW,
                                           .host = IW_STR("WEB01"),
                                           .analytic = {&AN0184, 1},
                                           .change = {.status = (enum iw_change_status)status},
                                           .evidence = &item,
                                           .n_evidence = 1};
        bool ret;
        assert_int_equal(iw_told_components_ask(&told, &finding, &ret), IW_OK);
        assert_int_equal(ret, IS_TOLD[status]);
    }
    iw_told_components_done(&told);
}

static void events_are_bounded(void **state)
{
    struct iw_told_components told;
    (void)state;
    iw_told_components_init(&told);
    for (uint64_t i = 1; i <= IW_LIMIT_TOLD_EVENTS + 1; i++)
        tell(&told, IW_FINDING_COMPONENT, IW_LEVEL_MEDIUM, "registration", i);
    assert_true(is_told(&told, IW_LEVEL_MEDIUM, &AN0184, "web01", IW_LIMIT_TOLD_EVENTS));
    assert_false(is_told(&told, IW_LEVEL_MEDIUM, &AN0184, "web01", IW_LIMIT_TOLD_EVENTS + 1));
    iw_told_components_done(&told);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(acts_of_components),
        cmocka_unit_test(answers_of_change_records),
        cmocka_unit_test(events_are_bounded),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
