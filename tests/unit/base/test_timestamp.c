/*
 * Times: known values, leap days, the ends of the range, and everything that is no time. Expected
 * numbers were computed with another calendar (Python datetime).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/timestamp.h"

static void expect_text(int64_t time_ns, const char *expected)
{
    char text[IW_TIME_TEXT_BYTES + 1];
    iw_time_format(time_ns, text);
    text[IW_TIME_TEXT_BYTES] = '\0';
    assert_string_equal(text, expected);
}

static void filetimes(void **state)
{
    char text[IW_TIME_TEXT_BYTES + 1] = "";
    (void)state;
    assert_int_equal(iw_time_from_filetime(132521632812990045ULL), 1607689681299004500LL);
    expect_text(1607689681299004500LL, "2020-12-11T12:28:01.2990045Z");
    assert_int_equal(iw_time_from_filetime(116444736000000000ULL), 0);
    assert_int_equal(iw_time_from_filetime(116444735999999999ULL), -100);
    iw_filetime_format(132521632812990045ULL, text);
    assert_string_equal(text, "2020-12-11T12:28:01.2990045Z");
    iw_filetime_format(0, text);
    assert_string_equal(text, "1601-01-01T00:00:00.0000000Z");
    iw_filetime_format(UINT64_MAX, text); /* in the year 60056: cut */
    assert_memory_equal(text, "9999-", 5);
}

/* No sentence has digits that its clock has not. */
static void words(void **state)
{
    const int64_t second = 1607689681LL * IW_NS_PER_SECOND;
    char room[IW_TIME_TEXT_BYTES];
    (void)state;
    assert_string_equal(iw_time_words(second + 299004500, false, room), "2020-12-11T12:28:01.299Z");
    assert_string_equal(iw_time_words(second, false, room), "2020-12-11T12:28:01Z");
    assert_string_equal(iw_time_words(second + 999999, false, room), "2020-12-11T12:28:01Z");
    assert_string_equal(iw_time_words(second + 1000000, false, room), "2020-12-11T12:28:01.001Z");
    assert_string_equal(iw_time_words(second + 299004500, true, room), "2020-12-11T12:28:01Z");
}

static void ends_of_the_range(void **state)
{
    (void)state;
    assert_int_equal(iw_time_from_filetime(208678456368547758ULL), 9223372036854775800LL);
    assert_false(iw_time_known(iw_time_from_filetime(208678456368547759ULL)));
    assert_int_equal(iw_time_from_filetime(24211015631452242ULL), -9223372036854775800LL);
    assert_false(iw_time_known(iw_time_from_filetime(24211015631452241ULL)));
    assert_false(iw_time_known(iw_time_from_filetime(0)));
    assert_false(iw_time_known(iw_time_from_filetime(UINT64_MAX)));
    assert_false(iw_time_known(iw_time_from_filetime((uint64_t)INT64_MAX + 1)));
    expect_text(INT64_MAX, "2262-04-11T23:47:16.8547758Z");
    expect_text(-1, "1969-12-31T23:59:59.9999999Z");
}

static const struct {
    const char *text;
    int64_t time_ns;
    const char *canonical;
} GOOD[] = {
    {"2020-12-11T12:28:01.2990045Z", 1607689681299004500LL, "2020-12-11T12:28:01.2990045Z"},
    {"2020-12-11 12:28:01.299", 1607689681299000000LL, "2020-12-11T12:28:01.2990000Z"},
    {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.0000000Z"},
    {"1970-01-01t00:00:00z", 0, "1970-01-01T00:00:00.0000000Z"},
    {"2000-02-29T00:00:00", 951782400000000000LL, "2000-02-29T00:00:00.0000000Z"},
    {"2024-02-29T23:59:59", 1709251199000000000LL, "2024-02-29T23:59:59.0000000Z"},
    {"2100-02-28T23:59:59", 4107542399000000000LL, "2100-02-28T23:59:59.0000000Z"},
    {"1900-03-01T00:00:00", -2203891200000000000LL, "1900-03-01T00:00:00.0000000Z"},
    {"1678-01-01T00:00:00", -9214560000000000000LL, "1678-01-01T00:00:00.0000000Z"},
    {"2261-12-31T00:00:00", 9214560000000000000LL, "2261-12-31T00:00:00.0000000Z"},
    {"2021-01-01T01:30:00+01:30", 1609459200000000000LL, "2021-01-01T00:00:00.0000000Z"},
    {"2020-12-31T16:00:00.5-08:00", 1609459200500000000LL, "2021-01-01T00:00:00.5000000Z"},
    {"1970-01-01T00:00:00.1234567899999", 123456789, "1970-01-01T00:00:00.1234567Z"},
    {"2016-12-31T23:59:60Z", 1483228800000000000LL, "2017-01-01T00:00:00.0000000Z"},
};

static void reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        int64_t time_ns = 1;
        if (!iw_time_parse(iw_str_of(GOOD[i].text), &time_ns))
            fail_msg("refused: %s", GOOD[i].text);
        assert_int_equal(time_ns, GOOD[i].time_ns);
        expect_text(time_ns, GOOD[i].canonical);
    }
}

static void refusals(void **state)
{
    static const char *const BAD[] = {
        "",
        "2021",
        "2021-01-01",
        "2021-01-01T",
        "2021-01-01T00:00",
        "2021-13-01T00:00:00",
        "2021-00-01T00:00:00",
        "2021-01-00T00:00:00",
        "2021-01-32T00:00:00",
        "2021-02-29T00:00:00",
        "2100-02-29T00:00:00",
        "1900-02-29T00:00:00",
        "2021-04-31T00:00:00",
        "2021-01-01T24:00:00",
        "2021-01-01T00:60:00",
        "2021-01-01T00:00:61",
        "2021-01-01T00:00:00.",
        "2021-01-01T00:00:00.Z",
        "2021-01-01T00:00:00ZZ",
        "2021-01-01T00:00:00Z+01:00",
        "2021-01-01T00:00:00 ",
        "2021-01-01T00:00:00+1:00",
        "2021-01-01T00:00:00+24:00",
        "2021-01-01T00:00:00+01:60",
        "2021-01-01T00:00:00+01:00Z",
        "2021-01-01T00:00:00+",
        "2021/01/01T00:00:00",
        "21-01-01T00:00:00",
        " 2021-01-01T00:00:00",
        "-021-01-01T00:00:00",
        "1677-01-01T00:00:00",
        "2263-01-01T00:00:00",
        "0000-01-01T00:00:00",
        "9999-12-31T23:59:59",
    };
    int64_t time_ns = 1;
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        if (iw_time_parse(iw_str_of(BAD[i]), &time_ns))
            fail_msg("accepted: %s", BAD[i]);
    }
    assert_false(iw_time_parse(IW_STR("2021-01-01\0"
                                      "00:00:00"),
                               &time_ns));
    assert_int_equal(time_ns, 1);
}

static void put_u16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value & 0xFF);
    p[1] = (uint8_t)(value >> 8);
}

/* year month weekday day hour minute second ms */
static bool from_parts(const unsigned parts[8], int64_t *ret_ns)
{
    uint8_t bytes[16];
    for (size_t i = 0; i < 8; i++)
        put_u16(bytes + 2 * i, parts[i]);
    return iw_time_from_systemtime(bytes, ret_ns);
}

static void systemtimes(void **state)
{
    static const unsigned GOOD_PARTS[8] = {2020, 12, 5, 11, 12, 28, 1, 299};
    static const struct {
        size_t part;
        unsigned value;
    } SPOILT[] = {
        {0, 1600}, {0, 30828}, {0, 2262}, {1, 0},  {1, 13},   {3, 0},
        {3, 32},   {4, 24},    {5, 60},   {6, 60}, {7, 1000}, {0, 65535},
    };
    int64_t time_ns = 0;
    (void)state;
    assert_true(from_parts(GOOD_PARTS, &time_ns));
    assert_int_equal(time_ns, 1607689681299000000LL);
    for (size_t i = 0; i < sizeof SPOILT / sizeof SPOILT[0]; i++) {
        unsigned parts[8];
        memcpy(parts, GOOD_PARTS, sizeof parts);
        parts[SPOILT[i].part] = SPOILT[i].value;
        assert_false(from_parts(parts, &time_ns));
    }
    assert_true(from_parts((const unsigned[8]){2024, 2, 0, 29, 0, 0, 0, 0}, &time_ns));
    assert_false(from_parts((const unsigned[8]){2023, 2, 0, 29, 0, 0, 0, 0}, &time_ns));
}

/* Every day of four centuries and a bit: written and read again, one day apart. */
static void every_day(void **state)
{
    const int64_t day_ns = 86400 * IW_NS_PER_SECOND;
    char text[IW_TIME_TEXT_BYTES];
    (void)state;
    for (int64_t day = -106000; day <= 106000; day++) {
        int64_t back = 0;
        iw_time_format(day * day_ns + 1234567800LL, text);
        assert_true(iw_time_parse((struct iw_str){text, sizeof text}, &back));
        assert_int_equal(back, day * day_ns + 1234567800LL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(filetimes),
        cmocka_unit_test(ends_of_the_range),
        cmocka_unit_test(reading),
        cmocka_unit_test(refusals),
        cmocka_unit_test(systemtimes),
        cmocka_unit_test(every_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
