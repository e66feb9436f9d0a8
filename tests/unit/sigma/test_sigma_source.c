/*
 * Log sources and the names of their events: Security 4657 for registry rules, Defender for
 * antivirus, hashes and the block of Windows PowerShell as fields. The forms of the values are
 * those of Windows' own records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/sigma_bench.h"

#define DETECTION(item) "detection: {s: {" item "}, condition: s}\n---\n"
#define CATEGORY(title, category, item)                                                            \
    "title: " title "\nlogsource: {product: windows, category: " category "}\n" DETECTION(item)

/* One rule for each category of the registry. */
static const char REGISTRY[] = CATEGORY("event", "registry_event", "TargetObject|contains: Run")
    CATEGORY("set", "registry_set", "TargetObject|contains: Run")
        CATEGORY("add", "registry_add", "TargetObject|contains: Run")
            CATEGORY("delete", "registry_delete", "TargetObject|contains: Run")
                CATEGORY("rename", "registry_rename", "TargetObject|contains: Run");

static void expect(const char *rules, const char *event, const char *titles)
{
    struct sigma_bench bench;
    const char *got;
    sigma_bench_load(&bench, iw_str_of(rules), NULL);
    assert_int_equal(bench.account.n, bench.account.n_by_state[IW_RULE_LOADED]);
    got = sigma_bench_match(&bench, event);
    if (strcmp(got, titles) != 0)
        (void)fprintf(stderr, "%s\n", event);
    assert_string_equal(got, titles);
    sigma_bench_done(&bench);
}

#define SYSMON(id, fields)                                                                         \
    "{Channel: Microsoft-Windows-Sysmon/Operational, EventID: " #id ", " fields "}"
#define AUDIT(fields)                                                                              \
    "{Channel: Security, EventID: 4657, ObjectName: '\\REGISTRY\\MACHINE\\SOFTWARE\\Run', "        \
    "ObjectValueName: Upd, SubjectUserName: bob, SubjectDomainName: CORP, ProcessId: '0x1a4', "    \
    "ProcessName: 'C:\\a.exe', " fields "}"

static void categories_of_the_registry_take_what_is_theirs(void **state)
{
    (void)state;
    expect(REGISTRY, SYSMON(12, "EventType: CreateKey, TargetObject: Run"), "event add");
    expect(REGISTRY, SYSMON(12, "EventType: DeleteKey, TargetObject: Run"), "event delete");
    expect(REGISTRY, SYSMON(12, "EventType: DeleteValue, TargetObject: Run"), "event delete");
    expect(REGISTRY, SYSMON(12, "TargetObject: Run"), "event");
    expect(REGISTRY, SYSMON(13, "EventType: SetValue, TargetObject: Run"), "event set");
    expect(REGISTRY, SYSMON(13, "TargetObject: Run"), "event set");
    expect(REGISTRY, SYSMON(14, "EventType: RenameKey, TargetObject: Run"), "event rename");
    expect(REGISTRY, AUDIT("OperationType: '%%1904'"), "event set add");
    expect(REGISTRY, AUDIT("OperationType: '%%1905'"), "event set");
    expect(REGISTRY, AUDIT("OperationType: '%%1906'"), "event delete");
    expect(REGISTRY, AUDIT("OperationType: Existing registry value modified"), "event set");
    expect(REGISTRY, AUDIT("OperationType: '%%9'"), "event");
    expect(REGISTRY, "{Channel: Security, EventID: 4656, ObjectName: Run}", "");
}

static void a_4657_has_the_names_of_sysmon(void **state)
{
#define ONE(item) CATEGORY("t", "registry_event", item)
    (void)state;
    expect(ONE("TargetObject: 'HKLM\\SOFTWARE\\Run\\Upd', User: 'CORP\\bob', Image: 'C:\\a.exe', "
               "ProcessId: 420"),
           AUDIT("OperationType: '%%1904'"), "t");
    expect(ONE("TargetObject: 'HKU\\S-1-5-18\\x'"),
           "{Channel: Security, EventID: 4657, ObjectName: '\\registry\\user\\S-1-5-18\\x', "
           "ObjectValueName: '-'}",
           "t");
    expect(ONE("TargetObject: '\\REGISTRY\\MACHINES\\x'"),
           "{Channel: Security, EventID: 4657, ObjectName: '\\REGISTRY\\MACHINES\\x'}", "t");
    expect(ONE("EventType: CreateKey"), AUDIT("OperationType: '%%1904'"), "t");
    expect(ONE("EventType: SetValue"), AUDIT("OperationType: '%%1904'"), "t");
    expect(ONE("EventType: SetValue"), AUDIT("OperationType: '%%1905'"), "t");
    expect(ONE("EventType: CreateKey"), AUDIT("OperationType: '%%1905'"), "");
    expect(ONE("EventType: DeleteValue"), AUDIT("OperationType: '%%1906'"), "t");
    expect(ONE("Details: 'C:\\b.exe'"), AUDIT("NewValueType: '%%1873', NewValue: 'C:\\b.exe'"),
           "t");
    expect(ONE("Details: 'DWORD (0x00000001)'"), AUDIT("NewValueType: '%%1876', NewValue: 1"), "t");
    expect(ONE("Details: 'DWORD (0x000000ff)'"), AUDIT("NewValueType: '%%1876', NewValue: '0xff'"),
           "t");
    expect(ONE("Details: 'QWORD (0x00000001-0x00000002)'"),
           AUDIT("NewValueType: '%%1883', NewValue: 4294967298"), "t");
    expect(ONE("Details: 'odd'"), AUDIT("NewValueType: '%%1876', NewValue: odd"), "t");
    /* A rule by service sees the record's own names. */
    expect("title: t\nlogsource: {product: windows, service: security}\n" DETECTION(
               "ObjectValueName: Upd, ProcessId: '0x1a4'"),
           AUDIT("OperationType: '%%1904'"), "t");
}

static void defender_is_an_antivirus(void **state)
{
    static const char RULE[] = "title: t\nlogsource: {category: antivirus}\n" DETECTION(
        "Signature|startswith: Backdoor, Filename|startswith: 'C:\\inetpub'");
    (void)state;
#define DEFENDER(id)                                                                               \
    "{Channel: Microsoft-Windows-Windows Defender/Operational, EventID: " #id ", 'Threat Name': "  \
    "'Backdoor:ASP/Ace', Path: 'file:_C:\\inetpub\\a.aspx'}"
    expect(RULE, DEFENDER(1006), "t");
    expect(RULE, DEFENDER(1116), "t");
    expect(RULE, DEFENDER(1019), "t");
    expect(RULE, DEFENDER(1013), "");
    expect(RULE, DEFENDER(1117), "");
}

static void hashes_are_fields_of_their_own(void **state)
{
#define HASH(item) CATEGORY("t", "process_creation", item)
#define HASHES "Hashes: 'SHA1=AB,MD5=CD,SHA256=EF,IMPHASH=01'"
    (void)state;
    expect(HASH("md5: cd"), SYSMON(1, HASHES), "t");
    expect(HASH("SHA1: ab, sha256: ef, Imphash: '01'"), SYSMON(1, HASHES), "t");
    expect(HASH("Imphash: '01'"), SYSMON(1, "Hashes: 'IMPHASH=01'"), "t");
    expect(HASH("md5: '*'"), SYSMON(1, "Hashes: 'SHA1=AB'"), "");
    expect(HASH("md5: null"), SYSMON(1, "Hashes: 'SHA1=AB'"), "t");
    expect(HASH("md5: cd"), SYSMON(1, "Hashes: 'XMD5=CD,MD51=CD,=,MD5'"), "");
    /* A field of that name wins. */
    expect(HASH("md5: own"), SYSMON(1, "md5: own, " HASHES), "t");
    expect(HASH("md5: cd"), SYSMON(1, "md5: own, " HASHES), "");
    expect(CATEGORY("t", "create_stream_hash", "md5: cd"), SYSMON(15, "Hash: 'MD5=CD'"), "t");
    /* For rules of a service as well. */
    expect("title: t\nlogsource: {product: windows, service: sysmon}\n" DETECTION("md5: cd"),
           SYSMON(7, HASHES), "t");
}

static void the_block_of_windows_powershell_is_read(void **state)
{
#define CLASSIC(item) CATEGORY("t", "ps_classic_start", item)
#define BLOCK(text)                                                                                \
    "{Channel: Windows PowerShell, EventID: 400, Data: [Available, None, \"" text "\"]}"
#define WHOLE                                                                                      \
    BLOCK("\\tNewEngineState=Available\\r\\n\\tPreviousEngineState=None\\r\\n\\r\\n"               \
          "\\tSequenceNumber=13\\r\\n\\r\\n\\tHostName=ConsoleHost\\r\\n"                          \
          "\\tHostApplication=powershell.exe -c \\nfoo=2\\nbar\\r\\n\\tEngineVersion=5.1\\r\\n"    \
          "\\tCommandLine=")
    (void)state;
    expect(CLASSIC("HostApplication|startswith: powershell"), WHOLE, "t");
    expect(CLASSIC("HostApplication|endswith: bar"), WHOLE, "t");
    expect(CLASSIC("EngineVersion: '5.1', HostName: ConsoleHost, SequenceNumber: 13"), WHOLE, "t");
    expect(CLASSIC("CommandLine: ''"), WHOLE, "t");
    expect(CLASSIC("HostVersion: null, Name: null"), WHOLE, "t");
    expect(CLASSIC("Data|contains: HostApplication"), WHOLE, "t");
    expect(CLASSIC("HostApplication: a"), BLOCK("HostApplication=a\\nHostName=b"), "t");
    expect(CLASSIC("HostName: b"), BLOCK("HostApplication=a\\nHostName=b"), "t");
    expect(CLASSIC("HostName: '*'"), BLOCK("xHostName=b"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(categories_of_the_registry_take_what_is_theirs),
        cmocka_unit_test(a_4657_has_the_names_of_sysmon),
        cmocka_unit_test(defender_is_an_antivirus),
        cmocka_unit_test(hashes_are_fields_of_their_own),
        cmocka_unit_test(the_block_of_windows_powershell_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
