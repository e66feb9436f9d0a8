/*
 * Dialects: one event as each program writes it, and the names of Windows that must come out. The
 * records are made after the descriptions named in src/input/json/dialect_*.c.
 */
#include "tests/unit/input/json_rig.h"
#include "tests/support/skip_because.h"

#define LINES IW_EVIDENCE_JSON_LINES
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
/* 2026-01-05T10:00:00.120Z and .123Z */
#define UTC_NS 1767607200120000000LL
#define CREATED_NS 1767607200123000000LL

static struct json_rig_result read_one(const char *text)
{
    struct json_rig_result result = json_rig_read_text(LINES, text);
    if (result.n != 1)
        fail_msg("%zu events of %s", result.n, text);
    json_rig_assert_only(&result, IW_DAMAGE_COUNT);
    return result;
}

static void assert_head(const struct json_rig_result *result, const char *channel, uint32_t id,
                        uint64_t record_id, const char *computer, int64_t time_ns)
{
    const struct json_rig_event *event = &result->events[0];
    assert_string_equal(event->channel, channel);
    assert_string_equal(event->computer, computer);
    assert_int_equal(event->event_id, id);
    assert_int_equal(event->record_id, record_id);
    assert_int_equal(event->time_ns, time_ns);
}

static void assert_all(const struct json_rig_result *result, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_rig_assert_has(&result->events[0], texts[i]);
}

#define EXPECT(result, ...)                                                                        \
    do {                                                                                           \
        static const char *const texts_[] = {__VA_ARGS__};                                         \
        assert_all(result, texts_, sizeof texts_ / sizeof texts_[0]);                              \
    } while (0)

/* What every dialect must come to for the one event: w3wp.exe starts cmd.exe. */
static void assert_shell(const struct json_rig_result *result)
{
    EXPECT(result, "\"Channel\":\"" SYSMON "\"", "\"EventID\":1",
           "\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"",
           "\"CommandLine\":\"cmd /c whoami\"",
           "\"ParentImage\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\"",
           "\"ProcessId\":\"3616\"", "\"Provider_Name\":\"Microsoft-Windows-Sysmon\"");
}

#define IMAGES                                                                                     \
    "\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\",\"CommandLine\":\"cmd /c whoami\","        \
    "\"ParentImage\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\""
#define PAYLOAD                                                                                    \
    IMAGES ",\"ProcessId\":\"3616\",\"UtcTime\":\"2026-01-05 10:00:00.120\",\"User\":\"IIS "       \
           "APPPOOL\\\\DefaultAppPool\""

/* --- flat
 * ------------------------------------------------------------------------------------------------
 */

static void flat_as_nxlog_and_otrf_write_it(void **state)
{
    struct json_rig_result result = read_one(
        "{\"EventTime\":\"2026-01-05 11:00:00\",\"Hostname\":\"WEB01\",\"Keywords\":"
        "-9223372036854775808,\"EventID\":1,\"SourceName\":\"Microsoft-Windows-Sysmon\","
        "\"ProviderGuid\":\"{5770385F-C22A-43E0-BF4C-06F5698FFBD9}\",\"Version\":5,\"Task\":1,"
        "\"OpcodeValue\":0,\"RecordNumber\":113744,\"ExecutionProcessID\":11220,\"ThreadID\":4416,"
        "\"Channel\":\"" SYSMON "\",\"UserID\":\"S-1-5-18\",\"Opcode\":\"Info\"," PAYLOAD
        ",\"EventReceivedTime\":\"2026-01-05 "
        "11:00:03\",\"@timestamp\":\"2026-01-05T10:00:05.952Z\","
        "\"host\":\"wec.internal\",\"tags\":[\"a\",\"b\"],\"x\":{\"y\":[1,{\"z\":null}]}}");
    (void)state;
    assert_head(&result, SYSMON, 1, 113744, "WEB01", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"Computer\":\"WEB01\"", "\"Hostname\":\"WEB01\"", "\"EventRecordID\":113744",
           "\"Execution_ProcessID\":11220", "\"Execution_ThreadID\":4416",
           "\"Security_UserID\":\"S-1-5-18\"", "\"Keywords\":\"0x8000000000000000\"",
           "\"Opcode\":0", "\"EventData.Opcode\":\"Info\"", "\"host\":\"wec.internal\"",
           "\"TimeCreated_SystemTime\":\"2026-01-05T10:00:00.0000000Z\"", "\"tags\":[\"a\",\"b\"]",
           "\"x.y\":\"1\"", "\"x.y.z\":\"\"");
    json_rig_done(&result);
}

/* What a carrier knows itself is none of the payload: a copy of the record in another form has it
 * not, and both are one event. */
static void what_carriers_add_is_no_payload(void **state)
{
    static const struct {
        const char *fields;
        size_t n_of_payload; /* beside the six of PAYLOAD */
    } CASES[] = {
        {"", 0},
        {",\"EventReceivedTime\":\"2026-01-05 11:00:03\",\"SourceModuleName\":\"eventlog\","
         "\"SourceModuleType\":\"im_msvistalog\",\"SeverityValue\":2,\"Severity\":\"INFO\","
         "\"LevelValue\":4,\"EventType\":\"INFO\",\"Domain\":\"NT AUTHORITY\","
         "\"AccountName\":\"SYSTEM\",\"AccountType\":\"User\",\"Category\":\"x\"",
         0},
        {",\"@timestamp\":\"2026-01-05T10:00:05.952Z\",\"@version\":\"1\",\"host\":\"wec\","
         "\"port\":64545,\"tags\":[\"a\"]",
         0},
        /* Without the carrier's time they are whoever's. */
        {",\"AccountName\":\"SYSTEM\",\"Domain\":\"x\",\"host\":\"y\"", 3},
        /* Sysmon's own EventType stands there too. */
        {",\"EventReceivedTime\":\"2026-01-05 11:00:03\",\"EventType\":\"SetValue\"", 1},
        {",\"EventReceivedTime\":\"2026-01-05 11:00:03\",\"Port\":\"80\",\"host\":\"y\"", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[2048];
        struct json_rig_result result;
        (void)snprintf(text, sizeof text,
                       "{\"Hostname\":\"WEB01\",\"EventID\":1,\"RecordNumber\":7,"
                       "\"EventTime\":\"2026-01-05 11:00:00\",\"Channel\":\"" SYSMON "\"," PAYLOAD
                       "%s}",
                       CASES[i].fields);
        result = read_one(text);
        if (result.events[0].n_of_payload != 6 + CASES[i].n_of_payload)
            fail_msg("%zu of the payload: %s", result.events[0].n_of_payload, text);
        json_rig_done(&result);
    }
}

/* The writer's ProcessID must not pass for the event's ProcessId. */
static void header_process_is_not_the_events(void **state)
{
    struct json_rig_result result =
        read_one("{\"EventID\":1,\"Channel\":\"" SYSMON
                 "\",\"ProcessID\":11220,\"ThreadID\":4416," IMAGES "}");
    (void)state;
    json_rig_assert_has(&result.events[0], "\"Execution_ProcessID\":11220");
    json_rig_assert_has(&result.events[0], "\"Execution_ThreadID\":4416");
    json_rig_assert_has_not(&result.events[0], "\"ProcessID\"");
    json_rig_assert_has_not(&result.events[0], "\"ThreadID\"");
    json_rig_done(&result);
    /* Both at once, as Fluent Bit may have them. */
    result = read_one("{\"EventID\":1,\"Channel\":\"" SYSMON
                      "\",\"ProcessID\":11220,\"ThreadID\":4416,\"ProcessId\":\"3616\"}");
    json_rig_assert_has(&result.events[0], "\"Execution_ProcessID\":11220");
    json_rig_assert_has(&result.events[0], "\"ProcessId\":\"3616\"");
    json_rig_assert_has_not(&result.events[0], "\"ProcessID\"");
    json_rig_done(&result);
    /* WAS 5139 has a payload field of that name. */
    result = read_one("{\"EventID\":5139,\"Channel\":\"System\",\"Execution_ProcessID\":4,"
                      "\"AppPoolID\":\"DefaultAppPool\",\"ProcessID\":\"28652\"}");
    json_rig_assert_has(&result.events[0], "\"Execution_ProcessID\":4");
    json_rig_assert_has(&result.events[0], "\"ProcessID\":\"28652\"");
    json_rig_done(&result);
}

static void clocks_of_flat_records(void **state)
{
    static const struct {
        const char *times;
        int64_t created_ns;
    } CASES[] = {
        /* no zone, and nothing that tells it */
        {"\"EventTime\":\"2026-01-05 10:00:00\"", 1767607200000000000},
        {"\"EventTime\":\"2026-01-05T11:00:00+01:00\"", 1767607200000000000},
        /* five hours and a half */
        {"\"EventTime\":\"2026-01-05 15:30:00\",\"EventReceivedTime\":\"2026-01-05 15:30:02\","
         "\"@timestamp\":\"2026-01-05T10:00:03.5Z\"",
         1767607200000000000},
        /* not whole quarter-hours: no zone */
        {"\"EventTime\":\"2026-01-05 10:00:00\",\"EventReceivedTime\":\"2026-01-05 10:00:02\","
         "\"@timestamp\":\"2026-01-05T10:07:30Z\"",
         1767607200000000000},
        {"\"@timestamp\":\"2026-01-05T10:00:00.123Z\"", CREATED_NS},
        {"\"TimeCreated\":\"2026-01-05 11:00:00 +0100\",\"@timestamp\":\"2027-01-05T10:00:00Z\"",
         1767607200000000000},
        {"\"TimeCreated\":\"/Date(1767607200123)/\"", CREATED_NS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[512];
        struct json_rig_result result;
        (void)snprintf(text, sizeof text, "{\"EventID\":1,\"Channel\":\"Security\",%s}",
                       CASES[i].times);
        result = read_one(text);
        if (result.events[0].time_ns != CASES[i].created_ns)
            fail_msg("%s: %lld", CASES[i].times, (long long)result.events[0].time_ns);
        json_rig_done(&result);
    }
}

static void flat_variants(void **state)
{
    struct json_rig_result result;
    (void)state;
    /* Fluent Bit with Event_Data_As_Map; Velociraptor's rows and Sentinel look alike. */
    result = read_one("{\"ProviderName\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,\"Channel\":"
                      "\"" SYSMON "\",\"Computer\":\"WEB01.corp.example\",\"EventRecordID\":20,"
                      "\"TimeCreated\":\"2026-01-05 11:00:00 +0100\",\"EventData\":{" PAYLOAD "}}");
    assert_head(&result, SYSMON, 1, 20, "WEB01.corp.example", UTC_NS);
    assert_shell(&result);
    json_rig_done(&result);
    /* NXLog with AddPrefix. */
    result =
        read_one("{\"EventID\":1,\"SourceName\":\"Microsoft-Windows-Sysmon\",\"Hostname\":\"W\","
                 "\"Channel\":\"" SYSMON "\",\"EventData.Image\":\"a.exe\",\"EventData."
                 "ProcessId\":\"5\",\"ProcessID\":1,\"ThreadID\":2}");
    EXPECT(&result, "\"Image\":\"a.exe\"", "\"ProcessId\":\"5\"", "\"Execution_ProcessID\":1");
    json_rig_done(&result);
    /* Our own output. */
    result = read_one("{\"schema\":\"iiswarden.event/1\",\"host\":\"W\",\"fields\":{\"EventID\":1,"
                      "\"Channel\":\"" SYSMON "\",\"Provider_Name\":\"Microsoft-Windows-Sysmon\","
                      "\"Computer\":\"W\",\"EventData.Level\":\"x\",\"Level\":4," PAYLOAD "}}");
    assert_head(&result, SYSMON, 1, 0, "W", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"Level\":4", "\"EventData.Level\":\"x\"");
    json_rig_done(&result);
    /* A provider that writes to one channel only. */
    result =
        read_one("{\"EventID\":4688,\"Provider_Name\":\"Microsoft-Windows-Security-Auditing\"}");
    assert_string_equal(result.events[0].channel, "Security");
    json_rig_done(&result);
    /* Names twice, names with escapes. */
    result = read_one("{\"EventID\":1,\"\\u0043hannel\":\"C\",\"A\":\"1\",\"A\":2,\"a\\\"b\":3}");
    assert_string_equal(result.events[0].channel, "C");
    EXPECT(&result, "\"A\":[\"1\",\"2\"]", "\"a\\\"b\":\"3\"");
    json_rig_done(&result);
}

/* --- XML turned into JSON
 * --------------------------------------------------------------------------------
 */

#define DUMP_SYSTEM                                                                                \
    "\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"Microsoft-Windows-Sysmon\",\"Guid\":"   \
    "\"5770385F-C22A-43E0-BF4C-06F5698FFBD9\"}},\"EventID\":1,\"Version\":5,\"TimeCreated\":{"     \
    "\"#attributes\":{\"SystemTime\":\"2026-01-05T10:00:00.123456Z\"}},\"EventRecordID\":20,"      \
    "\"Correlation\":null,\"Execution\":{\"#attributes\":{\"ProcessID\":7144,\"ThreadID\":6876}}," \
    "\"Channel\":\"" SYSMON "\",\"Computer\":\"WEB01\",\"Security\":{\"#attributes\":{\"UserID\":" \
    "\"S-1-5-18\"}}}"
#define DUMP_DATA                                                                                  \
    "\"EventData\":{" IMAGES ",\"ProcessId\":3616,\"UtcTime\":\"2026-01-05 10:00:00.120\","        \
    "\"ProcessGuid\":\"0FD50764-F82F-62FC-4504-000000001600\"}"

static void evtx_dump(void **state)
{
    static const char *const FORMS[] = {
        "{\"Event\":{\"#attributes\":{\"xmlns\":\"http://x\"}," DUMP_SYSTEM "," DUMP_DATA "}}",
        "{\"event_record_id\":20,\"timestamp\":\"2026-01-05 10:00:00.123456 UTC\",\"data\":{"
        "\"Event\":{" DUMP_SYSTEM "," DUMP_DATA "}}}",
        /* --separate-json-attributes */
        "{\"Event_attributes\":{\"xmlns\":\"http://x\"},\"Event\":{\"System\":{"
        "\"Provider_attributes\":{\"Name\":\"Microsoft-Windows-Sysmon\",\"Guid\":"
        "\"5770385F-C22A-43E0-BF4C-06F5698FFBD9\"},\"EventID\":1,\"Version\":5,"
        "\"TimeCreated_attributes\":{\"SystemTime\":\"2026-01-05T10:00:00.123456Z\"},"
        "\"EventRecordID\":20,\"Execution_attributes\":{\"ProcessID\":7144,\"ThreadID\":6876},"
        "\"Channel\":\"" SYSMON "\",\"Computer\":\"WEB01\",\"Security_attributes\":{\"UserID\":"
        "\"S-1-5-18\"}}," DUMP_DATA "}}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct json_rig_result result = read_one(FORMS[i]);
        assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
        assert_shell(&result);
        EXPECT(&result, "\"Provider_Guid\":\"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}\"",
               "\"TimeCreated_SystemTime\":\"2026-01-05T10:00:00.123456Z\"", "\"Version\":5",
               "\"Execution_ProcessID\":7144", "\"Execution_ThreadID\":6876",
               "\"Security_UserID\":\"S-1-5-18\"",
               "\"ProcessGuid\":\"{0fd50764-f82f-62fc-4504-000000001600}\"");
        json_rig_assert_has_not(&result.events[0], "xmlns");
        json_rig_done(&result);
    }
}

static void evtx_dump_payloads(void **state)
{
    static const struct {
        const char *payload, *expected;
    } CASES[] = {
        {"\"EventData\":{\"Data\":\"one\"}", "\"Data\":[\"one\"]"},
        {"\"EventData\":{\"Data\":[\"one\",\"two\"]}", "\"Data\":[\"one\",\"two\"]"},
        {"\"EventData\":{\"Data\":{\"#text\":[\"one\",\"two\"]}}", "\"Data\":[\"one\",\"two\"]"},
        {"\"EventData\":{\"Data\":[{\"@Name\":\"A\",\"#text\":\"1\"},{\"@Name\":\"B\"}]}",
         "\"A\":\"1\",\"B\":\"\""},
        {"\"EventData\":{\"Data\":[{\"#attributes\":{\"Name\":\"A\"},\"#text\":\"1\"}]}",
         "\"A\":\"1\""},
        {"\"EventData\":{\"Data\":{\"@Name\":\"A\",\"#text\":\"1\"}}", "\"A\":\"1\""},
        {"\"EventData\":{\"Data\":{\"param1\":\"1\",\"param2\":\"2\"}}",
         "\"param1\":\"1\",\"param2\":\"2\""},
        {"\"EventData\":[{\"Name\":\"A\",\"Value\":\"1\"}]", "\"A\":\"1\""},
        {"\"EventData\":{\"#attributes\":{\"Name\":\"N\"},\"A\":\"1\",\"Binary\":\"0500\"}",
         "\"EventData_Name\":\"N\",\"A\":\"1\",\"Binary\":\"0500\""},
        {"\"EventData\":null", "\"Computer\":\"W\""},
        {"\"UserData\":{\"EventXML\":{\"#attributes\":{\"xmlns\":\"x\"},\"Param1\":\"1\",\"Sub\":{"
         "\"#attributes\":{\"At\":\"2\"},\"#text\":\"3\"},\"L\":[\"4\",\"5\"]}}",
         "\"Param1\":\"1\",\"At\":\"2\",\"Sub\":\"3\",\"L\":[\"4\",\"5\"]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[1024];
        struct json_rig_result result;
        (void)snprintf(text, sizeof text,
                       "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\"}},"
                       "\"EventID\":{\"#attributes\":{\"Qualifiers\":16384},\"#text\":7045},"
                       "\"Channel\":\"System\",\"Computer\":\"W\"},%s}}",
                       CASES[i].payload);
        result = read_one(text);
        assert_int_equal(result.events[0].event_id, 7045);
        EXPECT(&result, "\"EventID\":7045", "\"EventID_Qualifiers\":16384");
        json_rig_assert_has(&result.events[0], CASES[i].expected);
        json_rig_assert_has_not(&result.events[0], "xmlns");
        json_rig_done(&result);
    }
}

static void velociraptor_openwec_datadog(void **state)
{
    struct json_rig_result result = read_one(
        "{\"System\":{\"Provider\":{\"Name\":\"Microsoft-Windows-Sysmon\",\"Guid\":\"{5770385F-"
        "C22A-"
        "43E0-BF4C-06F5698FFBD9}\"},\"EventID\":{\"Value\":1},\"TimeCreated\":{\"SystemTime\":"
        "1767607200.123},\"EventRecordID\":20,\"Channel\":\"" SYSMON "\",\"Computer\":\"WEB01\"},"
        "\"EventData\":{" PAYLOAD "},\"Message\":\"m\"}");
    (void)state;
    assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"TimeCreated_SystemTime\":\"2026-01-05T10:00:00.1230000Z\"",
           "\"Message\":\"m\"");
    json_rig_done(&result);
    result =
        read_one("{\"System\":{\"Provider\":{\"Name\":\"Microsoft-Windows-Sysmon\"},\"EventID\":1,"
                 "\"TimeCreated\":\"2026-01-05T10:00:00.123Z\",\"EventRecordID\":20,\"Channel\":"
                 "\"" SYSMON "\",\"Computer\":\"WEB01\",\"UserID\":\"S-1-5-18\",\"Execution\":{"
                 "\"ProcessID\":7}},\"EventData\":{" PAYLOAD "},\"RenderingInfo\":{\"Message\":"
                 "\"m\"},\"OpenWEC\":{\"IpAddress\":\"192.0.2.1\"}}");
    assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"Security_UserID\":\"S-1-5-18\"", "\"Execution_ProcessID\":7",
           "\"RenderingInfo.Message\":\"m\"", "\"OpenWEC.IpAddress\":\"192.0.2.1\"");
    json_rig_done(&result);
    result = read_one(
        "{\"Event\":{\"System\":{\"EventID\":{\"value\":\"7036\",\"Qualifiers\":\"16384\"},"
        "\"Provider\":{\"Name\":\"SCM\"},\"Channel\":\"System\",\"TimeCreated\":{"
        "\"SystemTime\":\"2026-01-05T10:00:00.123Z\"}},\"EventData\":{\"Data\":{"
        "\"param1\":\"x\"}}}}");
    assert_head(&result, "System", 7036, 0, "", CREATED_NS);
    EXPECT(&result, "\"EventID_Qualifiers\":16384", "\"param1\":\"x\"");
    json_rig_done(&result);
}

/* --- shippers
 * --------------------------------------------------------------------------------------------
 */

static void winlogbeat(void **state)
{
    struct json_rig_result result = read_one(
        "{\"@timestamp\":\"2026-01-05T10:00:00.123Z\",\"event\":{\"code\":\"1\",\"provider\":"
        "\"Microsoft-Windows-Sysmon\"},\"host\":{\"name\":\"COLLECTOR\"},\"message\":\"Process "
        "Create:\",\"winlog\":{\"channel\":\"" SYSMON "\",\"computer_name\":\"WEB01.corp.example\","
        "\"event_id\":\"1\",\"record_id\":20,\"provider_name\":\"Microsoft-Windows-Sysmon\","
        "\"provider_guid\":\"{5770385F-C22A-43E0-BF4C-06F5698FFBD9}\",\"process\":{\"pid\":7144,"
        "\"thread\":{\"id\":6876}},\"version\":5,\"user\":{\"identifier\":\"S-1-5-18\"},"
        "\"event_data\":{" PAYLOAD "}}}");
    (void)state;
    assert_head(&result, SYSMON, 1, 20, "WEB01.corp.example", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"Execution_ProcessID\":7144", "\"Execution_ThreadID\":6876",
           "\"Security_UserID\":\"S-1-5-18\"", "\"host.name\":\"COLLECTOR\"",
           "\"message\":\"Process Create:\"", "\"winlog.channel\":\"" SYSMON "\"");
    json_rig_done(&result);
    result = read_one("{\"@timestamp\":\"2026-01-05T10:00:00.123Z\",\"beat\":{\"name\":\"X\"},"
                      "\"log_name\":\"" SYSMON "\",\"event_id\":1,\"computer_name\":\"WEB01\","
                      "\"source_name\":\"Microsoft-Windows-Sysmon\",\"record_number\":\"20\","
                      "\"event_data\":{" PAYLOAD "}}");
    assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
    assert_shell(&result);
    json_rig_done(&result);
}

/* What Windows leaves without a name is found by rules that ask for Data, in every form. */
static void winlogbeat_values_without_a_name(void **state)
{
    static const char *const FORMS[] = {
        "{\"@timestamp\":\"2026-01-05T10:00:00.123Z\",\"winlog\":{\"channel\":\"MSExchange "
        "Management\",\"computer_name\":\"MX\",\"event_id\":\"1\",\"provider_name\":\"MSExchange "
        "CmdletLogs\",\"event_data\":{\"param1\":\"New-X\",\"param2\":\"-Y z\",\"param4\":\"w\"}}}",
        "{\"winlog.channel\":\"MSExchange Management\",\"winlog.event_id\":\"1\","
        "\"winlog.provider_name\":\"MSExchange CmdletLogs\",\"winlog.event_data.param1\":\"New-X\","
        "\"winlog.event_data.param2\":\"-Y z\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct json_rig_result result = read_one(FORMS[i]);
        EXPECT(&result, "\"param1\":\"New-X\"", "\"Data\":[\"New-X\",\"-Y z\"]");
        json_rig_done(&result);
    }
}

#define ECS_HEAD(id)                                                                               \
    "{\"@timestamp\":\"2026-01-05T10:00:00.120Z\",\"event\":{\"module\":\"sysmon\",\"code\":"      \
    "\"" #id "\"},\"winlog\":{\"channel\":\"" SYSMON "\",\"computer_name\":\"WEB01\","             \
    "\"event_id\":\"" #id                                                                          \
    "\",\"record_id\":\"20\",\"provider_name\":\"Microsoft-Windows-Sysmon\","                      \
    "\"event_data\":{\"IntegrityLevel\":\"High\"}},"

static void elastic_common_schema(void **state)
{
    struct json_rig_result result = read_one(ECS_HEAD(
        1) "\"process\":{\"executable\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\","
           "\"command_line\":\"cmd /c "
           "whoami\",\"pid\":3616,\"entity_id\":\"{g}\",\"working_directory\":"
           "\"C:\\\\w\",\"parent\":{\"executable\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp."
           "exe\","
           "\"command_line\":\"w3wp -ap\",\"pid\":7436,\"entity_id\":\"{p}\"},\"hash\":{\"sha256\":"
           "\"abcd\",\"md5\":\"ef01\"},\"pe\":{\"original_file_name\":\"Cmd.Exe\",\"imphash\":"
           "\"77\"}},"
           "\"user\":{\"name\":\"DefaultAppPool\",\"domain\":\"IIS APPPOOL\"}}");
    (void)state;
    assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"ProcessGuid\":\"{g}\"", "\"ParentProcessGuid\":\"{p}\"",
           "\"ParentProcessId\":\"7436\"", "\"ParentCommandLine\":\"w3wp -ap\"",
           "\"CurrentDirectory\":\"C:\\\\w\"", "\"OriginalFileName\":\"Cmd.Exe\"",
           "\"Hashes\":\"MD5=EF01,SHA256=ABCD,IMPHASH=77\"",
           "\"User\":\"IIS APPPOOL\\\\DefaultAppPool\"", "\"IntegrityLevel\":\"High\"",
           "\"process.pid\":\"3616\"");
    json_rig_done(&result);
    result = read_one(ECS_HEAD(11) "\"process\":{\"executable\":\"w3wp.exe\"},\"file\":{\"path\":"
                                   "\"C:\\\\inetpub\\\\x.aspx\"}}");
    EXPECT(&result, "\"TargetFilename\":\"C:\\\\inetpub\\\\x.aspx\"", "\"Image\":\"w3wp.exe\"");
    json_rig_done(&result);
    result = read_one(ECS_HEAD(7) "\"process\":{\"executable\":\"w3wp.exe\"},\"file\":{\"path\":"
                                  "\"C:\\\\m.dll\",\"hash\":{\"sha1\":\"aa\"},\"code_signature\":{"
                                  "\"subject_name\":\"S\",\"status\":\"Valid\",\"signed\":true}}}");
    EXPECT(&result, "\"ImageLoaded\":\"C:\\\\m.dll\"", "\"Hashes\":\"SHA1=AA\"",
           "\"Signature\":\"S\"", "\"SignatureStatus\":\"Valid\"", "\"Signed\":\"true\"");
    json_rig_done(&result);
    result = read_one(ECS_HEAD(13) "\"process\":{\"executable\":\"r.exe\"},\"registry\":{\"path\":"
                                   "\"HKLM\\\\X\",\"data\":{\"strings\":[\"1\"]}}}");
    EXPECT(&result, "\"TargetObject\":\"HKLM\\\\X\"", "\"Details\":\"1\"");
    json_rig_done(&result);
    result = read_one(ECS_HEAD(3) "\"process\":{\"executable\":\"n.exe\"},\"source\":{\"ip\":"
                                  "\"192.0.2.1\",\"port\":1},\"destination\":{\"ip\":\"192.0.2.2\","
                                  "\"port\":443},\"network\":{\"transport\":\"tcp\",\"direction\":"
                                  "\"egress\"}}");
    EXPECT(&result, "\"SourceIp\":\"192.0.2.1\"", "\"DestinationIp\":\"192.0.2.2\"",
           "\"DestinationPort\":\"443\"", "\"Protocol\":\"tcp\"", "\"Initiated\":\"true\"");
    json_rig_done(&result);
    result = read_one(ECS_HEAD(10) "\"process\":{\"executable\":\"s.exe\",\"pid\":5}}");
    EXPECT(&result, "\"SourceImage\":\"s.exe\"", "\"SourceProcessId\":\"5\"");
    json_rig_assert_has_not(&result.events[0], "\"Image\"");
    json_rig_done(&result);
    /* Dotted keys, values in lists. */
    result = read_one("{\"@timestamp\":[\"2026-01-05T10:00:00.120Z\"],\"winlog.channel\":[\"" SYSMON
                      "\"],\"winlog.event_id\":[\"1\"],\"winlog.computer_name\":[\"WEB01\"],"
                      "\"winlog.record_id\":[\"20\"],\"winlog.provider_name\":[\"Microsoft-Windows-"
                      "Sysmon\"],\"process.executable\":[\"C:\\\\Windows\\\\System32\\\\cmd.exe\"],"
                      "\"winlog.event_data.IntegrityLevel\":[\"High\"]}");
    assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
    EXPECT(&result, "\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"",
           "\"IntegrityLevel\":\"High\"");
    json_rig_done(&result);
}

static void vector_and_wazuh(void **state)
{
    struct json_rig_result result = read_one(
        "{\"timestamp\":\"2026-01-05T10:00:00.123Z\",\"host\":\"COLLECTOR\",\"event_id\":1,"
        "\"record_id\":20,\"channel\":\"" SYSMON
        "\",\"provider_name\":\"Microsoft-Windows-Sysmon\","
        "\"computer\":\"WEB01\",\"level_value\":4,\"process_id\":7144,\"event_data\":{" PAYLOAD
        "}}");
    (void)state;
    assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
    assert_shell(&result);
    EXPECT(&result, "\"Execution_ProcessID\":7144", "\"Level\":4");
    json_rig_done(&result);
    for (int doubled = 0; doubled < 2; doubled++) {
        char text[1024];
        const char *slash = doubled != 0 ? "\\\\\\\\" : "\\\\";
        (void)snprintf(
            text, sizeof text,
            "{\"timestamp\":\"2026-01-05T10:00:01.005+0000\",\"agent\":{\"name\":\"A\"},\"data\":{"
            "\"win\":{\"system\":{\"providerName\":\"Microsoft-Windows-Sysmon\",\"eventID\":\"1\","
            "\"systemTime\":\"2026-01-05T10:00:00.123Z\",\"eventRecordID\":\"20\",\"processID\":"
            "\"3536\",\"channel\":\"" SYSMON "\",\"computer\":\"WEB01\"},\"eventdata\":{\"image\":"
            "\"C:%sWindows%sSystem32%scmd.exe\",\"commandLine\":\"cmd /c whoami\",\"parentImage\":"
            "\"C:%sWindows%sSystem32%sinetsrv%sw3wp.exe\",\"processId\":\"3616\",\"utcTime\":"
            "\"2026-01-05 10:00:00.120\"}}}}",
            slash, slash, slash, slash, slash, slash, slash);
        result = read_one(text);
        assert_head(&result, SYSMON, 1, 20, "WEB01", UTC_NS);
        assert_shell(&result);
        EXPECT(&result, "\"Execution_ProcessID\":3536");
        json_rig_done(&result);
    }
}

/* --- envelopes
 * --------------------------------------------------------------------------------------------
 */

#define FLAT "{\"EventID\":1,\"Channel\":\"" SYSMON "\",\"Image\":\"a.exe\"}"
#define FLAT_TEXT                                                                                  \
    "{\\\"EventID\\\":1,\\\"Channel\\\":\\\"" SYSMON "\\\",\\\"Image\\\":\\\"a.exe\\\"}"

static void envelopes(void **state)
{
    static const char *const FORMS[] = {
        "{\"time\":1767607200.123,\"host\":\"H\",\"sourcetype\":\"x\",\"event\":" FLAT "}",
        "{\"time\":\"1\",\"event\":\"" FLAT_TEXT "\"}",
        "{\"preview\":false,\"result\":{\"_raw\":\"" FLAT_TEXT "\",\"_time\":\"1\"}}",
        "{\"_raw\":\"" FLAT_TEXT "\"}",
        "{\"_index\":\"i\",\"_source\":" FLAT "}",
        "{\"message\":\"  " FLAT_TEXT "\",\"host\":\"H\"}",
        "{\"log\":\"" FLAT_TEXT "\\n\",\"stream\":\"stdout\"}",
        "{\"event\":{\"original\":\"" FLAT_TEXT "\"}}",
        "{\"result\":" FLAT "}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct json_rig_result result = read_one(FORMS[i]);
        assert_string_equal(result.events[0].channel, SYSMON);
        EXPECT(&result, "\"Image\":\"a.exe\"");
        json_rig_done(&result);
    }
}

#define XML                                                                                        \
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "      \
    "Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated "                           \
    "SystemTime='2026-01-05T10:00:00.123Z'/><EventRecordID>20</EventRecordID><Channel>" SYSMON     \
    "</Channel><Computer>WEB01</Computer></System><EventData><Data "                               \
    "Name='Image'>C:\\\\a.exe</Data>"                                                              \
    "<Data Name='CommandLine'>a &amp; \\u00e4</Data></EventData></Event>"

/* XML in JSON, wherever a program puts it; `<` spelled as some writers do. */
static void xml_in_envelopes(void **state)
{
    static const char *const FORMS[] = {
        "{\"time\":1,\"host\":\"H\",\"sourcetype\":\"XmlWinEventLog\",\"event\":\"" XML "\"}",
        "{\"preview\":false,\"result\":{\"_raw\":\"" XML
        "\",\"EventCode\":\"1\",\"Channel\":\"x\"}}",
        "{\"System\":\"" XML "\",\"Message\":\"m\",\"StringInserts\":[]}",
        "{\"meta\":{\"IpAddress\":\"192.0.2.1\"},\"data\":\"" XML "\"}",
        "{\"message\":\"\\r\\n" XML "\\n\"}",
        "{\"event\":{\"original\":\"" XML "\"}}",
    };
    (void)state;
    if (iw_span_class_of(IW_EVIDENCE_XML) == NULL)
        skip_because("built without expat");
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct json_rig_result result = read_one(FORMS[i]);
        assert_head(&result, SYSMON, 1, 20, "WEB01", CREATED_NS);
        assert_int_equal(result.events[0].dialect, 0); /* its time is Windows' own */
        EXPECT(&result, "\"Image\":\"C:\\\\a.exe\"", "\"CommandLine\":\"a & \xC3\xA4\"");
        json_rig_done(&result);
    }
}

/* Whose clock an event's header has: each dialect has a number of its own, within envelopes, too.
 */
static void dialects_have_numbers(void **state)
{
    static const struct {
        const char *text;
        uint8_t dialect;
    } CASES[] = {
        {"{\"EventID\":1,\"Channel\":\"Security\",\"Hostname\":\"W\"}", 5},
        {"{\"winlog\":{\"channel\":\"Security\",\"event_id\":\"1\"}}", 1},
        {"{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"Security\"}}}", 3},
        {"{\"System\":{\"EventID\":{\"Value\":1},\"Channel\":\"Security\"}}", 4},
        {"{\"event\":{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"Security\"}}}}", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct json_rig_result result = json_rig_read_text(LINES, CASES[i].text);
        assert_int_equal(result.n, 1);
        assert_int_equal(result.events[0].dialect, CASES[i].dialect);
        json_rig_done(&result);
    }
}

/* An event id in any spelling of a number is one; any other is a cut event that is wanted. */
static void event_ids(void **state)
{
    static const char *const READ[] = {"1",         "\" 1\"", "\"0x1\"",      "1.0",     "1e0",
                                       "\"10e-1\"", "[1]",    "\"1\\u0000\"", "\"0001\""};
    static const char *const UNREAD[] = {"1.5",
                                         "-0",
                                         "true",
                                         "{}",
                                         "null",
                                         "4294967296",
                                         "[1,2]",
                                         "\"+1\"",
                                         "1,\"EventID\":2",
                                         "1,\"EventId\":2"};
    struct iw_route nothing;
    (void)state;
    iw_route_init(&nothing);
    for (size_t i = 0; i < sizeof READ / sizeof READ[0] + sizeof UNREAD / sizeof UNREAD[0]; i++) {
        bool is_read = i < sizeof READ / sizeof READ[0];
        const char *id = is_read ? READ[i] : UNREAD[i - sizeof READ / sizeof READ[0]];
        struct json_rig_result result;
        char text[256];
        (void)snprintf(text, sizeof text,
                       "{\"Channel\":\"" SYSMON "\",\"Provider_Name\":\"P\",\"EventID\":%s}", id);
        result = json_rig_read_routed(LINES, text, strlen(text), 0, &nothing);
        if (result.n != 1 || result.account.n_decoded != !is_read ||
            json_rig_count(&result, IW_DAMAGE_RECORD_CUT) != !is_read ||
            (is_read && result.events[0].event_id != 1))
            fail_msg("event id %s", id);
        json_rig_done(&result);
    }
    iw_route_done(&nothing);
}

/* A foreign key beside an event does not hide it. */
static void foreign_keys(void **state)
{
    static const char *const KEYS[] = {"\"winlog\":{}",
                                       "\"winlog.channel\":\"x\"",
                                       "\"win\":{\"system\":{}}",
                                       "\"data\":{\"win\":{\"system\":1}}",
                                       "\"System\":{\"a\":1}",
                                       "\"_raw\":\"{}\"",
                                       "\"_raw\":\"{\\\"a\\\":1}\"",
                                       "\"_raw\":\"<x/>\"",
                                       "\"Event\":{\"System\":{}}"};
    (void)state;
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        struct json_rig_result result;
        char text[256];
        (void)snprintf(text, sizeof text,
                       "{%s,\"Channel\":\" " SYSMON "\\u0000\",\"EventID\":1,\"F\":\"f\"}",
                       KEYS[i]);
        result = read_one(text);
        assert_string_equal(result.events[0].channel, SYSMON);
        assert_int_equal(result.events[0].event_id, 1);
        json_rig_assert_has(&result.events[0], "\"F\":\"f\"");
        json_rig_done(&result);
    }
}

static void what_is_no_event(void **state)
{
    static const char *const NONE[] = {"{}", "{\"index\":{}}", "{\"create\":{\"_id\":\"1\"}}"};
    static const char *const OTHER[] = {"{\"a\":1}",
                                        "{\"EventID\":1}",
                                        "{\"Channel\":\"C\"}",
                                        "{\"message\":\"text\"}",
                                        "{\"Event\":{\"System\":{\"a\":1}}}",
                                        "{\"message\":\"{}\"}",
                                        "{\"message\":\"{\\\"index\\\":{}}\"}",
                                        "{\"index\":{},\"a\":1}",
                                        "{\"event\":{\"event\":{\"event\":{}}}}"};
    (void)state;
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        struct json_rig_result result = json_rig_read_text(LINES, NONE[i]);
        assert_int_equal(result.n, 0);
        json_rig_assert_only(&result, IW_DAMAGE_COUNT);
        json_rig_done(&result);
    }
    for (size_t i = 0; i < sizeof OTHER / sizeof OTHER[0]; i++) {
        struct json_rig_result result = json_rig_read_text(LINES, OTHER[i]);
        assert_int_equal(result.n, 0);
        if (json_rig_count(&result, IW_DAMAGE_FORM_UNKNOWN) != 1)
            fail_msg("not counted: %s", OTHER[i]);
        json_rig_done(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_as_nxlog_and_otrf_write_it),
        cmocka_unit_test(what_carriers_add_is_no_payload),
        cmocka_unit_test(header_process_is_not_the_events),
        cmocka_unit_test(clocks_of_flat_records),
        cmocka_unit_test(flat_variants),
        cmocka_unit_test(evtx_dump),
        cmocka_unit_test(evtx_dump_payloads),
        cmocka_unit_test(velociraptor_openwec_datadog),
        cmocka_unit_test(winlogbeat),
        cmocka_unit_test(winlogbeat_values_without_a_name),
        cmocka_unit_test(elastic_common_schema),
        cmocka_unit_test(vector_and_wazuh),
        cmocka_unit_test(envelopes),
        cmocka_unit_test(xml_in_envelopes),
        cmocka_unit_test(dialects_have_numbers),
        cmocka_unit_test(event_ids),
        cmocka_unit_test(foreign_keys),
        cmocka_unit_test(what_is_no_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
