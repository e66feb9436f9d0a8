/*
 * Parts of a time: which texts are times, the week of ISO 8601, comparisons in rules. Weeks are
 * those of published ISO calendars.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sigma/sigma_time.h"
#include "tests/support/sigma_bench.h"

static uint32_t part_of(const char *text, enum iw_time_part part)
{
    uint32_t value = 0;
    return iw_time_part_read(iw_str_of(text), part, &value) ? value : UINT32_MAX;
}

static void parts_are_taken_as_they_are_written(void **state)
{
    static const char *const SAME[] = {
        "2024-03-05 03:07:09.123",   "2024-03-05T03:07:09.1234567Z",
        "2024-03-05T03:07:09+09:00", "2024-03-05 03:07:09,5-0800",
        "2024-03-05T03:07",          "2024/03/05 03:07:60",
    };
    (void)state;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        assert_int_equal(part_of(SAME[i], IW_TIME_MINUTE), 7);
        assert_int_equal(part_of(SAME[i], IW_TIME_HOUR), 3);
        assert_int_equal(part_of(SAME[i], IW_TIME_DAY), 5);
        assert_int_equal(part_of(SAME[i], IW_TIME_WEEK), 10);
        assert_int_equal(part_of(SAME[i], IW_TIME_MONTH), 3);
        assert_int_equal(part_of(SAME[i], IW_TIME_YEAR), 2024);
    }
    /* A date alone has no hour. */
    assert_int_equal(part_of("2024-03-05", IW_TIME_DAY), 5);
    assert_int_equal(part_of("2024-03-05", IW_TIME_HOUR), UINT32_MAX);
    assert_int_equal(part_of("2024-03-05", IW_TIME_MINUTE), UINT32_MAX);
}

static void anything_else_is_no_time(void **state)
{
    static const char *const NONE[] = {
        "",
        "not a date",
        "2024",
        "2024-03",
        "2024-3-5 03:07",
        "2024-03-05 ",
        "2024-03-05T",
        "2024-03-05 03",
        "2024-03-05 3:07",
        "2024-03-05 24:07",
        "2024-03-05 03:60",
        "2024-03-05 03:07:61",
        "2024-03-05 03:07:09.",
        "2024-03-05 03:07:09 -0800",
        "2024-03-05 03:07:09Zx",
        "2024-03-05 03:07:09+24:00",
        "2024-03/05 03:07",
        "2024-00-05 03:07",
        "2024-13-05 03:07",
        "2024-03-00 03:07",
        "2024-03-32 03:07",
        "2023-02-29 03:07",
        "1900-02-29 03:07",
        "0000-01-01 03:07",
        "1709608029",
        "03:07",
        " 2024-03-05 03:07",
    };
    (void)state;
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_int_equal(part_of(NONE[i], IW_TIME_YEAR), UINT32_MAX);
    assert_int_equal(part_of("2000-02-29 03:07", IW_TIME_DAY), 29);
    assert_int_equal(part_of("2024-02-29 03:07", IW_TIME_DAY), 29);
}

static void weeks_are_those_of_iso_8601(void **state)
{
    static const struct {
        const char *day;
        uint32_t week;
    } CASES[] = {
        {"2023-01-01", 52}, {"2023-01-02", 1},  {"2024-12-29", 52}, {"2024-12-30", 1},
        {"2020-12-31", 53}, {"2021-01-03", 53}, {"2021-01-04", 1},  {"2016-01-03", 53},
        {"2015-12-28", 53}, {"2010-01-03", 53}, {"2008-12-29", 1},  {"2005-01-01", 53},
        {"0001-01-01", 1},  {"9999-12-31", 52},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(part_of(CASES[i].day, IW_TIME_WEEK), CASES[i].week);
}

static bool ask(const char *item)
{
    char detection[128];
    (void)snprintf(detection, sizeof detection, "{a: {%s}, condition: a}", item);
    return sigma_rule_matches(detection, NULL,
                              "{F: '2024-03-05T20:07:09Z', G: [x, '2024-01-01 01:00'], H: x}");
}

static void rules_compare_parts(void **state)
{
    (void)state;
    assert_true(ask("F|hour: 20"));
    assert_true(ask("F|hour: [3, 20]"));
    assert_false(ask("F|hour: 21"));
    assert_true(ask("F|hour|gte: 20"));
    assert_false(ask("F|hour|gt: 20"));
    assert_true(ask("F|hour|lte: 20"));
    assert_true(ask("F|hour|lt: 21"));
    assert_true(ask("F|minute|lt: 8"));
    assert_true(ask("F|year|gt: 2023"));
    assert_true(ask("F|week: 10"));
    assert_true(ask("F|hour|neq: 21"));
    assert_false(ask("F|hour|neq: 20"));
    /* Any value of the field; what is no time never holds. */
    assert_true(ask("G|hour: 1"));
    assert_false(ask("H|hour|gte: 0"));
    assert_false(ask("Absent|hour|gte: 0"));
    assert_true(ask("H|hour|neq: 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_taken_as_they_are_written),
        cmocka_unit_test(anything_else_is_no_time),
        cmocka_unit_test(weeks_are_those_of_iso_8601),
        cmocka_unit_test(rules_compare_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
