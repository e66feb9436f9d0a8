/*
 * A finding: names, and identity against a hash computed another way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "result/finding.h"
#include "tests/support/skip_because.h"

static struct iw_finding make(int64_t time_ns, const char *host, const char *title)
{
    return (struct iw_finding){
        .title = iw_str_of(title),
        .rule_id = IW_STR("5f3c0ac9"),
        .host = iw_str_of(host),
        .first_time_ns = time_ns,
        .last_time_ns = time_ns,
        .subject_type = IW_STR("process"),
        .subject_name = IW_STR("C:\\Windows\\System32\\cmd.exe"),
        .anchor = IW_STR("1|1607689681299|{guid}"),
    };
}

static void make_id(struct iw_finding *finding)
{
    struct iw_buffer scratch;
    iw_buffer_init(&scratch);
    assert_int_equal(iw_finding_make_id(finding, &scratch), IW_OK);
    iw_buffer_done(&scratch);
}

static void names(void **state)
{
    enum iw_level level = IW_LEVEL_LOW;
    (void)state;
    assert_string_equal(iw_level_name(IW_LEVEL_CRITICAL), "critical");
    assert_string_equal(iw_finding_kind_name(IW_FINDING_WEBFILE), "webfile");
    assert_true(iw_level_parse(IW_STR("HiGh"), &level));
    assert_int_equal(level, IW_LEVEL_HIGH);
    assert_false(iw_level_parse(IW_STR("hig"), &level));
    assert_false(iw_level_parse(IW_STR(""), &level));
    assert_int_equal(level, IW_LEVEL_HIGH);
}

/*
 * printf
 * 'iiswarden.finding/1\0005f3c0ac9\000web01\000processc:\\windows\\system32\\cmd.exe\0001|1607689681299|{guid}'
 * | sha256sum | cut -c1-16
 */
static void id_is_the_documented_hash(void **state)
{
    struct iw_finding finding = make(5, "WEB01", "t");
    (void)state;
    make_id(&finding);
    assert_string_equal(finding.id, "f-980d4fd63679677f");
    /* Where it was read, and the letter case of host and subject, are not part of it. */
    finding.host = IW_STR("web01");
    finding.subject_name = IW_STR("c:\\WINDOWS\\system32\\CMD.EXE");
    finding.rule_title = IW_STR("something else");
    finding.event_json = IW_STR("{\"EventRecordID\":7}");
    finding.first_time_ns = 6;
    make_id(&finding);
    assert_string_equal(finding.id, "f-980d4fd63679677f");
    finding.anchor = IW_STR("1|1607689681300|{guid}");
    make_id(&finding);
    assert_string_not_equal(finding.id, "f-980d4fd63679677f");
}

static void identity_without_a_rule_id(void **state)
{
    static const struct iw_str AN1108 = {"AN1108", 6};
    struct iw_finding by_title = make(1, "H", "t"), by_analytic = make(2, "H", "t"),
                      by_own_title = make(3, "H", "t");
    (void)state;
    by_title.rule_id = by_analytic.rule_id = by_own_title.rule_id = IW_STR("");
    by_title.rule_title = IW_STR("Rule");
    by_analytic.analytic = (struct iw_text_list){&AN1108, 1};
    make_id(&by_title);
    make_id(&by_analytic);
    make_id(&by_own_title);
    assert_string_not_equal(by_title.id, by_analytic.id);
    assert_string_not_equal(by_title.id, by_own_title.id);
    assert_string_not_equal(by_analytic.id, by_own_title.id);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    struct iw_finding finding = make(1, "H", "t");
    struct iw_buffer scratch;
    iw_buffer_init(&scratch);
    iw_alloc_fail_at(1);
    assert_int_equal(iw_finding_make_id(&finding, &scratch), IW_ENOMEM);
    iw_alloc_fail_at(0);
    iw_buffer_done(&scratch);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(id_is_the_documented_hash),
        cmocka_unit_test(identity_without_a_rule_id),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
