/*
 * The catalogue of kinds and records made of them. Field lists are checked against the documented
 * schemas at places where a slip would be easy: first and last field, and how many there are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab/event/lab_record.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define FILETIME_2026 134120808000000000ULL /* 2026-01-05T10:00:00Z */

static size_t count_fields(const struct iw_lab_kind *kind)
{
    size_t n = 0;
    while (kind->fields[n].type != IW_LAB_TYPE_NULL) {
        n++;
    }
    return n;
}

static void test_every_kind_stands_once(void **state)
{
    (void)state;
    const struct iw_lab_kind *kind = NULL;
    size_t n_kinds = 0;
    for (; (kind = iw_lab_kind_at(n_kinds)) != NULL; n_kinds++) {
        assert_in_range(count_fields(kind), 1, IW_LAB_KIND_MAX_FIELDS);
        assert_non_null(kind->provider);
        assert_ptr_equal(iw_lab_kind_named(iw_lab_kind_channel(kind), kind->event_id), kind);
        assert_int_equal(kind->channel == IW_LAB_CHANNEL_OTHER, kind->other_channel != NULL);
        assert_int_equal(kind->user_data_root != NULL, kind->user_data_namespace != NULL);
    }
    assert_null(iw_lab_kind_at(n_kinds + 1));
    assert_null(iw_lab_kind_named("Nowhere", 1));
    assert_null(iw_lab_kind_named(SYSMON, 4624));
}

static void test_documented_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *channel;
        uint16_t event_id;
        size_t n_fields;
        const char *first;
        const char *last;
    } known[] = {
        {SYSMON, 1, 23, "RuleName", "ParentUser"},
        {SYSMON, 2, 9, "RuleName", "User"},
        {SYSMON, 8, 14, "RuleName", "TargetUser"},
        {SYSMON, 16, 3, "UtcTime", "ConfigurationFileHash"},
        {SYSMON, 19, 8, "RuleName", "Query"},
        {SYSMON, 21, 7, "RuleName", "Filter"},
        {SYSMON, 23, 10, "RuleName", "Archived"},
        {SYSMON, 29, 8, "RuleName", "Hashes"},
        {SYSMON, 255, 3, "UtcTime", "Description"},
        {"Security", 4616, 8, "SubjectUserSid", "ProcessName"},
        {"Security", 4656, 17, "SubjectUserSid", "ResourceAttributes"},
        {"Security", 4657, 14, "SubjectUserSid", "ProcessName"},
        {"Security", 4907, 12, "SubjectUserSid", "ProcessName"},
        {"Security", 5145, 13, "SubjectUserSid", "AccessReason"},
        {"System", 104, 4, "SubjectUserName", "BackupPath"},
        {"System", 5009, 3, "AppPoolID", "ExitCode"},
        {"Microsoft-Windows-Windows Defender/Operational", 1117, 42, "Product Name",
         "Engine Version"},
        {"Microsoft-Windows-WMI-Activity/Operational", 5861, 4, "Namespace", "PossibleCause"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct iw_lab_kind *kind = iw_lab_kind_named(known[i].channel, known[i].event_id);
        assert_non_null(kind);
        assert_int_equal(count_fields(kind), known[i].n_fields);
        assert_string_equal(kind->fields[0].name, known[i].first);
        assert_string_equal(kind->fields[known[i].n_fields - 1].name, known[i].last);
    }
}

static void test_channel_files(void **state)
{
    (void)state;
    char file[96];
    iw_lab_channel_print_file(SYSMON, file, sizeof file);
    assert_string_equal(file, "Microsoft-Windows-Sysmon%4Operational");
    iw_lab_channel_print_file("Windows PowerShell", file, sizeof file);
    assert_string_equal(file, "Windows PowerShell");
    for (int channel = 0; channel < IW_LAB_N_CHANNELS; channel++) {
        iw_lab_channel_print_file(iw_lab_channel_name((enum iw_lab_channel)channel), file,
                                  sizeof file);
        assert_string_equal(file, iw_lab_channel_file((enum iw_lab_channel)channel));
    }
}

static void begin(struct iw_lab_record *record, const char *channel, uint16_t event_id)
{
    iw_lab_record_begin(record, iw_lab_kind_named(channel, event_id), FILETIME_2026, "4312",
                        "S-1-5-18");
}

static void test_set_and_get(void **state)
{
    (void)state;
    struct iw_lab_record record;
    char out[96];
    begin(&record, "Security", 4656);
    assert_string_equal(iw_lab_record_get(&record, "ObjectName", out, sizeof out), "-");
    assert_string_equal(iw_lab_record_get(&record, "SubjectUserSid", out, sizeof out), "S-1-0-0");
    assert_string_equal(iw_lab_record_get(&record, "ProcessId", out, sizeof out), "0x0");
    assert_null(iw_lab_record_get(&record, "Nothing", out, sizeof out));
    assert_true(iw_lab_record_try_set(&record, "ObjectName",
                                      "C:\\gr\xC3\xB6\xC3\x9F"
                                      "e"));
    assert_string_equal(iw_lab_record_get(&record, "ObjectName", out, sizeof out),
                        "C:\\gr\xC3\xB6\xC3\x9F"
                        "e");
    assert_true(iw_lab_record_try_set(&record, "ProcessId", "4312"));
    assert_string_equal(iw_lab_record_get(&record, "ProcessId", out, sizeof out), "0x10d8");
    assert_true(iw_lab_record_try_set(&record, "AccessMask", "0x2"));
    assert_string_equal(iw_lab_record_get(&record, "AccessMask", out, sizeof out), "0x2");
    assert_true(iw_lab_record_try_set(&record, "SubjectUserSid", "S-1-5-18"));
    assert_string_equal(iw_lab_record_get(&record, "SubjectUserSid", out, sizeof out), "S-1-5-18");
    assert_string_equal(record.user_sid_text, "S-1-5-18");
}

static void test_what_does_not_fit(void **state)
{
    (void)state;
    struct iw_lab_record record;
    begin(&record, SYSMON, 3);
    assert_false(iw_lab_record_try_set(&record, "Nothing", "x"));
    assert_false(iw_lab_record_try_set(&record, "ProcessGuid", "{5770385F}"));
    assert_false(iw_lab_record_try_set(&record, "ProcessId", ""));
    assert_false(iw_lab_record_try_set(&record, "ProcessId", "-1"));
    assert_false(iw_lab_record_try_set(&record, "ProcessId", " 1"));
    assert_false(iw_lab_record_try_set(&record, "ProcessId", "4294967296"));
    assert_true(iw_lab_record_try_set(&record, "ProcessId", "4294967295"));
    assert_true(iw_lab_record_try_set(&record, "SourcePort", "65535"));
    assert_false(iw_lab_record_try_set(&record, "SourcePort", "65536"));
    begin(&record, "Security", 4719);
    assert_false(iw_lab_record_try_set(&record, "SubjectUserSid", "LAB\\j.doe"));
    assert_false(iw_lab_record_try_set(&record, "SubjectLogonId", "18446744073709551616"));
}

static void test_times_and_truths(void **state)
{
    (void)state;
    struct iw_lab_record record;
    char out[96];
    begin(&record, "Security", 4616);
    assert_true(iw_lab_record_try_set(&record, "NewTime", "2026-01-05T10:00:00.5Z"));
    assert_string_equal(iw_lab_record_get(&record, "NewTime", out, sizeof out),
                        "2026-01-05T10:00:00.5000000Z");
    assert_false(iw_lab_record_try_set(&record, "NewTime", "yesterday"));
    begin(&record, SYSMON, 23);
    assert_true(iw_lab_record_try_set(&record, "IsExecutable", "true"));
    assert_string_equal(iw_lab_record_get(&record, "IsExecutable", out, sizeof out), "true");
    assert_true(iw_lab_record_try_set(&record, "IsExecutable", "0"));
    assert_string_equal(iw_lab_record_get(&record, "IsExecutable", out, sizeof out), "false");
    assert_false(iw_lab_record_try_set(&record, "IsExecutable", "yes"));
}

static void test_items(void **state)
{
    (void)state;
    struct iw_lab_record record;
    struct iw_lab_value items[2] = {iw_lab_value_text("one"), iw_lab_value_text("two")};
    begin(&record, "Windows PowerShell", 400);
    iw_lab_record_set_items(&record, items, 2);
    assert_int_equal(record.n_values, 1);
    assert_int_equal(record.values[0].n_items, 2);
    assert_ptr_equal(record.values[0].items, items);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_stands_once),
        cmocka_unit_test(test_documented_shapes),
        cmocka_unit_test(test_channel_files),
        cmocka_unit_test(test_set_and_get),
        cmocka_unit_test(test_what_does_not_fit),
        cmocka_unit_test(test_times_and_truths),
        cmocka_unit_test(test_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
