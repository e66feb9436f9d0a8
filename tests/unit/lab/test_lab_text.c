/*
 * Text forms, name hash and CRC of the lab against values that come from elsewhere: published check
 * values, names as they stand in real event logs, and calendar facts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab/evtx/lab_crc32.h"
#include "lab/evtx/lab_text.h"

static void test_crc_check_value(void **state)
{
    (void)state;
    /* The catalogue's check value of CRC-32/ISO-HDLC. */
    assert_int_equal(iw_lab_crc32(0, "123456789", 9), 0xCBF43926U);
    assert_int_equal(iw_lab_crc32(0, "", 0), 0);
}

static void test_crc_in_two_parts(void **state)
{
    (void)state;
    uint32_t first = iw_lab_crc32(0, "12345", 5);
    assert_int_equal(iw_lab_crc32(first, "6789", 4), 0xCBF43926U);
}

static void test_name_hashes_of_real_logs(void **state)
{
    (void)state;
    /* Hash fields beside these names in logs that Windows wrote. */
    static const struct {
        const char *name;
        uint16_t hash;
    } known[] = {{"Event", 0x0CBA},    {"System", 0x546F},    {"Provider", 0x7BF1},
                 {"Name", 0x954B},     {"Guid", 0x1529},      {"EventID", 0x61F5},
                 {"Version", 0x0918},  {"Level", 0xCE64},     {"Task", 0x7B45},
                 {"Keywords", 0xCF6A}, {"xmlns", 0x0FBC},     {"EventRecordID", 0x0346},
                 {"Data", 0x6F8A},     {"EventData", 0x8244}, {"LogFileCleared", 0x41AC}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint16_t units[32];
        size_t n_units = iw_lab_text_to_utf16(known[i].name, strlen(known[i].name), units);
        assert_int_equal((uint16_t)iw_lab_text_hash(units, n_units), known[i].hash);
    }
}

static void test_utf16(void **state)
{
    (void)state;
    static const uint16_t expected[] = {'a', 0x00FC, 0x20AC, 0xD834, 0xDD1E, 0};
    static const char text[] = "a\xC3\xBC\xE2\x82\xAC\xF0\x9D\x84\x9E";
    uint16_t units[sizeof text];
    assert_int_equal(iw_lab_text_to_utf16(text, sizeof text, units), 6);
    assert_memory_equal(units, expected, sizeof expected);
    assert_int_equal(iw_lab_text_to_utf16("\xFF\xC3", 2, units), 2);
    assert_int_equal(units[0], 0xFFFD);
    assert_int_equal(units[1], 0xFFFD);
}

static void test_times(void **state)
{
    (void)state;
    uint64_t filetime = 1;
    char text[32];
    assert_true(iw_lab_text_parse_time("1601-01-01T00:00:00Z", &filetime));
    assert_int_equal(filetime, 0);
    /* 11644473600 seconds lie between 1601 and 1970. */
    assert_true(iw_lab_text_parse_time("1970-01-01T00:00:00.0000001Z", &filetime));
    assert_int_equal(filetime, 116444736000000001ULL);
    assert_true(iw_lab_text_parse_time("2024-02-29T23:59:59.9999999Z", &filetime));
    iw_lab_text_print_time(filetime, text);
    assert_string_equal(text, "2024-02-29T23:59:59.9999999Z");
    iw_lab_text_print_time(filetime + 1, text);
    assert_string_equal(text, "2024-03-01T00:00:00.0000000Z");
    assert_false(iw_lab_text_parse_time("2024-02-29 23:59:59Z", &filetime));
    assert_false(iw_lab_text_parse_time("2024-13-01T00:00:00Z", &filetime));
    assert_false(iw_lab_text_parse_time("2024-01-01T00:00:00", &filetime));
}

static void test_system_time(void **state)
{
    (void)state;
    uint64_t filetime = 0;
    uint16_t words[8];
    static const uint16_t expected[] = {2026, 1, 1, 5, 10, 11, 12, 987}; /* a Monday */
    assert_true(iw_lab_text_parse_time("2026-01-05T10:11:12.9876543Z", &filetime));
    iw_lab_text_split_time(filetime, words);
    assert_memory_equal(words, expected, sizeof expected);
}

static void test_guid(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x5F, 0x38, 0x70, 0x57, 0x2A, 0xC2, 0xE0, 0x43,
                                       0xBF, 0x4C, 0x06, 0xF5, 0x69, 0x8F, 0xFB, 0xD9};
    uint8_t guid[16];
    assert_true(iw_lab_text_parse_guid("{5770385F-C22A-43E0-BF4C-06F5698FFBD9}", guid));
    assert_memory_equal(guid, expected, 16);
    assert_true(iw_lab_text_parse_guid("5770385f-c22a-43e0-bf4c-06f5698ffbd9", guid));
    assert_memory_equal(guid, expected, 16);
    assert_false(iw_lab_text_parse_guid("{5770385F-C22A-43E0-BF4C-06F5698FFBD9", guid));
    assert_false(iw_lab_text_parse_guid("{5770385F-C22A-43E0-BF4C-06F5698FFBG9}", guid));
    assert_false(iw_lab_text_parse_guid("", guid));
}

static void test_sid(void **state)
{
    (void)state;
    static const uint8_t expected[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
    uint8_t sid[68];
    size_t size_bytes = 0;
    assert_true(iw_lab_text_parse_sid("S-1-5-32-544", sid, &size_bytes));
    assert_int_equal(size_bytes, sizeof expected);
    assert_memory_equal(sid, expected, sizeof expected);
    assert_true(
        iw_lab_text_parse_sid("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", sid, &size_bytes));
    assert_int_equal(size_bytes, 68);
    assert_false(
        iw_lab_text_parse_sid("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", sid, &size_bytes));
    assert_false(iw_lab_text_parse_sid("S-1-5-4294967296", sid, &size_bytes));
    assert_false(iw_lab_text_parse_sid("X-1", sid, &size_bytes));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc_check_value),
        cmocka_unit_test(test_crc_in_two_parts),
        cmocka_unit_test(test_name_hashes_of_real_logs),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_system_time),
        cmocka_unit_test(test_guid),
        cmocka_unit_test(test_sid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
