/*
 * A rule hit as a finding, for each kind of event: subject, detail, anchor and evidence fields
 * (docs/DATA-MODEL.md), and an id that does not depend on where the event was read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/event_finding.h"
#include "engine/rule_finding.h"
#include "tests/support/test_event.h"
#include "tests/support/skip_because.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define IIS "Microsoft-IIS-Configuration/Operational"
#define W3WP "C:\\Windows\\System32\\inetsrv\\w3wp.exe"
#define SYS IW_PLACE_SYSTEM
#define EVT IW_PLACE_EVENT_DATA

/* 2021-03-14T06:40:13.6590000Z and 0.4 ms: the anchor has whole milliseconds. */
#define TIME_NS 1615704013659400000LL
#define AT "@1615704013659:"

static const struct {
    const char *channel;
    uint32_t event_id;
    struct test_field fields[12];
    const char *subject_type, *subject, *detail, *user, *pool, *anchor, *evidence;
} KINDS[] = {
    {SYSMON,
     1,
     {{"Execution_ProcessID", "1234", SYS},
      {"UtcTime", "2021-03-14 06:40:13.659", EVT},
      {"ProcessGuid", "{ABCDEF00-0000-0000-0000-000000000001}", EVT},
      {"ProcessId", "77", EVT},
      {"Image", "C:\\cmd.exe", EVT},
      {"CommandLine", "cmd /c whoami", EVT},
      {"User", "IIS APPPOOL\\Shop", EVT},
      {"ParentImage", W3WP, EVT},
      {"ParentCommandLine", "w3wp.exe -ap \"Shop\"", EVT},
      {"Company", "Microsoft", EVT}},
     "process",
     "C:\\cmd.exe",
     "cmd /c whoami",
     "IIS APPPOOL\\Shop",
     "Shop",
     "microsoft-windows-sysmon/operational/1" AT "{abcdef00-0000-0000-0000-000000000001}",
     "{\"Image\":\"C:\\\\cmd.exe\",\"CommandLine\":\"cmd /c whoami\",\"User\":\"IIS "
     "APPPOOL\\\\Shop\",\"ProcessId\":\"77\",\"ProcessGuid\":\"{ABCDEF00-0000-0000-0000-"
     "000000000001}\",\"ParentImage\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\","
     "\"ParentCommandLine\":\"w3wp.exe -ap \\\"Shop\\\"\",\"Web.AppPool\":\"Shop\"}"},
    /* Security 4688, through the taxonomy: the new process, in decimal */
    {"Security",
     4688,
     {{"Execution_ProcessID", "4", SYS},
      {"SubjectUserName", "Shop", EVT},
      {"SubjectDomainName", "IIS APPPOOL", EVT},
      {"NewProcessId", "0x1a4", EVT},
      {"NewProcessName", "C:\\cmd.exe", EVT},
      {"ProcessId", "0x3e8", EVT},
      {"CommandLine", "cmd /c dir", EVT},
      {"ParentProcessName", W3WP, EVT},
      {"MandatoryLabel", "S-1-16-12288", EVT}},
     "process",
     "C:\\cmd.exe",
     "cmd /c dir",
     "IIS APPPOOL\\Shop",
     "",
     "security/4688" AT "420",
     "{\"Image\":\"C:\\\\cmd.exe\",\"CommandLine\":\"cmd /c dir\",\"User\":\"IIS "
     "APPPOOL\\\\Shop\",\"ProcessId\":\"420\",\"ParentImage\":\"C:\\\\Windows\\\\System32\\\\"
     "inetsrv\\\\w3wp.exe\",\"ParentProcessId\":\"1000\",\"IntegrityLevel\":\"High\"}"},
    /* a worker itself */
    {SYSMON,
     1,
     {{"Image", W3WP, EVT}, {"CommandLine", "w3wp.exe -ap \"Own\"", EVT}, {"ProcessId", "5", EVT}},
     "process",
     W3WP,
     "w3wp.exe -ap \"Own\"",
     "",
     "Own",
     "microsoft-windows-sysmon/operational/1" AT "5",
     "{\"Image\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\",\"CommandLine\":\"w3wp.exe "
     "-ap \\\"Own\\\"\",\"ProcessId\":\"5\",\"Web.AppPool\":\"Own\"}"},
    {SYSMON,
     11,
     {{"ProcessGuid", "{A}", EVT},
      {"TargetFilename", "C:\\inetpub\\x.aspx", EVT},
      {"Image", W3WP, EVT},
      {"User", "u", EVT}},
     "file",
     "C:\\inetpub\\x.aspx",
     "C:\\inetpub\\x.aspx",
     "u",
     "",
     "microsoft-windows-sysmon/operational/11" AT "{a}",
     "{\"TargetFilename\":\"C:\\\\inetpub\\\\x.aspx\",\"Image\":\"C:\\\\Windows\\\\System32\\\\"
     "inetsrv\\\\w3wp.exe\",\"User\":\"u\",\"ProcessGuid\":\"{A}\"}"},
    {SYSMON,
     15,
     {{"TargetFilename", "C:\\a:s", EVT}},
     "file",
     "C:\\a:s",
     "C:\\a:s",
     "",
     "",
     "microsoft-windows-sysmon/operational/15" AT,
     "{\"TargetFilename\":\"C:\\\\a:s\"}"},
    {SYSMON,
     29,
     {{"TargetFilename", "C:\\a.dll", EVT}, {"Hashes", "SHA256=0", EVT}},
     "file",
     "C:\\a.dll",
     "C:\\a.dll",
     "",
     "",
     "microsoft-windows-sysmon/operational/29" AT,
     "{\"TargetFilename\":\"C:\\\\a.dll\",\"Hashes\":\"SHA256=0\"}"},
    {SYSMON,
     7,
     {{"ImageLoaded", "C:\\m.dll", EVT}, {"Image", W3WP, EVT}, {"Signed", "false", EVT}},
     "component",
     "C:\\m.dll",
     "C:\\m.dll",
     "",
     "",
     "microsoft-windows-sysmon/operational/7" AT,
     "{\"ImageLoaded\":\"C:\\\\m.dll\",\"Image\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp."
     "exe\",\"Signed\":\"false\"}"},
    {SYSMON,
     10,
     {{"SourceImage", "a", EVT}, {"TargetImage", "b", EVT}, {"GrantedAccess", "0x10", EVT}},
     "process",
     "b",
     "b",
     "",
     "",
     "microsoft-windows-sysmon/operational/10" AT,
     "{\"SourceImage\":\"a\",\"TargetImage\":\"b\",\"GrantedAccess\":\"0x10\"}"},
    /* IIS-Configuration 29 (evtx.md T13b): the component is what was configured; pid of System */
    {IIS,
     29,
     {{"Execution_ProcessID", "900", SYS},
      {"Security_UserID", "S-1-5-18", SYS},
      {"PhysicalPath", "", EVT},
      {"ConfigPath", "MACHINE/WEBROOT/APPHOST", EVT},
      {"Configuration", "/system.webServer/globalModules/add[@name=\"x\"]/@image", EVT},
      {"EditOperationType", "1", EVT},
      {"OldValue", "", EVT},
      {"NewValue", "C:\\x.dll", EVT}},
     "component",
     "/system.webServer/globalModules/add[@name=\"x\"]/@image",
     "/system.webServer/globalModules/add[@name=\"x\"]/@image = C:\\x.dll",
     "",
     "",
     "microsoft-iis-configuration/operational/29" AT "900",
     "{\"Configuration\":\"/system.webServer/globalModules/add[@name=\\\"x\\\"]/@image\","
     "\"ConfigPath\":\"MACHINE/WEBROOT/APPHOST\",\"NewValue\":\"C:\\\\x.dll\","
     "\"Security_UserID\":\"S-1-5-18\",\"Execution_ProcessID\":\"900\"}"},
    {"security",
     4663,
     {{"ObjectName", "C:\\inetpub\\x.aspx", EVT},
      {"ProcessName", W3WP, EVT},
      {"AccessMask", "0x2", EVT},
      {"ProcessId", "0x3e8", EVT}},
     "file",
     "C:\\inetpub\\x.aspx",
     "C:\\inetpub\\x.aspx",
     "",
     "",
     "security/4663" AT "0x3e8",
     "{\"ObjectName\":\"C:\\\\inetpub\\\\x.aspx\",\"ProcessName\":\"C:\\\\Windows\\\\System32\\\\"
     "inetsrv\\\\w3wp.exe\",\"AccessMask\":\"0x2\",\"ProcessId\":\"0x3e8\"}"},
    /* no known kind: about its log source, with the whole payload */
    {"Some-Channel/Admin",
     7,
     {{"Channel", "Some-Channel/Admin", SYS},
      {"Execution_ProcessID", "3", SYS},
      {"Level", "x", EVT},
      {"Data", "d", EVT},
      {"Message", "m", IW_PLACE_RENDERING}},
     "logsource",
     "Some-Channel/Admin/7",
     "",
     "",
     "",
     "some-channel/admin/7" AT "3",
     "{\"Level\":\"x\",\"Data\":[\"d\"]}"},
    /* a known kind without its subject */
    {SYSMON,
     1,
     {{"ProcessId", "9", EVT}},
     "logsource",
     "Microsoft-Windows-Sysmon/Operational/1",
     "",
     "",
     "",
     "microsoft-windows-sysmon/operational/1" AT "9",
     "{\"ProcessId\":\"9\"}"},
    {"", 0, {{NULL, NULL, SYS}}, "logsource", "/0", "", "", "", "/0" AT, "{}"},
};

static const struct iw_str LISTS[] = {{"AN1108", 6}, {"T1505.003", 9}, {"preserve it", 11}};

static struct iw_sigma_rule rule_of(void)
{
    return (struct iw_sigma_rule){.id = IW_STR("5b2e"),
                                  .title = IW_STR("Shell of a worker"),
                                  .description = IW_STR("  First line\n\tsecond\r\n\nthird  "),
                                  .level = IW_LEVEL_HIGH,
                                  .analytic = {&LISTS[0], 1},
                                  .attack = {&LISTS[1], 1},
                                  .triage = {&LISTS[2], 1},
                                  .kind = IW_FINDING_RULE};
}

struct scene {
    struct iw_names names;
    struct iw_arena arena, scratch, rules, findings;
};

/* A rule is copied whole, its description as one line; nothing of the ruleset is needed after. */
static void rules_are_kept(void **state)
{
    char title[] = "Title", item[] = "AN1108";
    struct iw_str list = iw_str_of(item);
    struct iw_sigma_rule rule = rule_of(), kept;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    rule.title = iw_str_of(title);
    rule.analytic = (struct iw_text_list){&list, 1};
    rule.triage = (struct iw_text_list){NULL, 0};
    assert_int_equal(iw_rule_finding_keep_rule(&rule, &arena, &kept), IW_OK);
    title[0] = item[0] = 'X';
    list.n = 0;
    assert_true(iw_str_equal(kept.title, IW_STR("Title")));
    assert_true(iw_str_equal(kept.id, rule.id));
    assert_true(iw_str_equal(kept.analytic.items[0], IW_STR("AN1108")));
    assert_int_equal(kept.triage.n, 0);
    assert_int_equal(kept.level, IW_LEVEL_HIGH);
    assert_true(iw_str_equal(kept.description, IW_STR("First line second third")));
    rule.description = IW_STR("");
    assert_int_equal(iw_rule_finding_keep_rule(&rule, &arena, &kept), IW_OK);
    assert_int_equal(kept.description.n, 0);
    iw_arena_done(&arena);
    iw_arena_init(&arena, 1);
    assert_int_equal(iw_rule_finding_keep_rule(&rule, &arena, &kept), IW_ENOMEM);
    iw_arena_done(&arena);
}

static int setup(void **state)
{
    struct scene *scene = test_calloc(1, sizeof *scene);
    iw_arena_init(&scene->arena, 0);
    iw_arena_init(&scene->scratch, 0);
    iw_arena_init(&scene->rules, 0);
    iw_arena_init(&scene->findings, 0);
    *state = scene;
    return iw_names_init(&scene->names) == IW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    iw_arena_done(&scene->findings);
    iw_names_done(&scene->names);
    iw_arena_done(&scene->arena);
    iw_arena_done(&scene->scratch);
    iw_arena_done(&scene->rules);
    test_free(scene);
    return 0;
}

static struct iw_event event_of_kind(struct scene *scene, size_t kind)
{
    struct iw_event event;
    size_t n = 0;
    while (n < 12 && KINDS[kind].fields[n].name != NULL)
        n++;
    event = test_event(&scene->names, &scene->arena, KINDS[kind].channel, KINDS[kind].event_id,
                       KINDS[kind].fields, n);
    event.time_ns = TIME_NS;
    event.record_id = 3733;
    event.offset = 123456;
    return event;
}

/* What pass 1 keeps of an event, and what pass 2 makes of it and of the fact it was kept in. */
static enum iw_rc make(const struct iw_sigma_rule *rule, const struct iw_event *event,
                       struct iw_arena *arena, struct iw_arena *scratch, struct iw_finding *ret)
{
    IW_TRY(iw_event_finding_make(event, arena, scratch, ret));
    ret->computer = event->computer;
    ret->first_time_ns = ret->last_time_ns = ret->evidence[0].time_ns = event->time_ns;
    ret->evidence[0].offset = event->offset;
    return iw_rule_finding_complete(rule, arena, ret);
}

static struct iw_finding *add(struct scene *scene, const struct iw_event *event, const char *source)
{
    struct iw_sigma_rule *rule = iw_arena_alloc(&scene->rules, sizeof *rule), written = rule_of();
    struct iw_finding *finding = iw_arena_alloc(&scene->findings, sizeof *finding);
    assert_int_equal(iw_rule_finding_keep_rule(&written, &scene->rules, rule), IW_OK);
    iw_arena_reset(&scene->scratch);
    assert_int_equal(make(rule, event, &scene->findings, &scene->scratch, finding), IW_OK);
    finding->evidence[0].source = iw_str_of(source);
    return finding;
}

static void expect(size_t row, const char *what, struct iw_str got, const char *expected)
{
    if (!iw_str_equal(got, iw_str_of(expected)))
        fail_msg("row %zu, %s: %.*s", row, what, IW_STR_ARG(got));
}

static void kinds(void **state)
{
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        struct iw_event event = event_of_kind(scene, i);
        struct iw_finding *f = add(scene, &event, "dir/a.evtx");
        iw_arena_reset(&scene->arena); /* nothing of the event is needed any longer */
        expect(i, "subject type", f->subject_type, KINDS[i].subject_type);
        expect(i, "subject", f->subject_name, KINDS[i].subject);
        expect(i, "detail", f->detail, KINDS[i].detail);
        expect(i, "user", f->user, KINDS[i].user);
        expect(i, "pool", f->pool, KINDS[i].pool);
        expect(i, "anchor", f->anchor, KINDS[i].anchor);
        assert_int_equal(f->n_evidence, 1);
        expect(i, "evidence", f->evidence[0].fields_json, KINDS[i].evidence);
        expect(i, "channel", f->evidence[0].channel, KINDS[i].channel);
        assert_int_equal(f->evidence[0].event_id, KINDS[i].event_id);
    }
}

static void what_comes_from_rule_and_record(void **state)
{
    struct scene *scene = *state;
    struct iw_event event = event_of_kind(scene, 0);
    struct iw_finding *f = add(scene, &event, "dir/a.evtx");
    expect(0, "title", f->title, "Shell of a worker");
    expect(0, "rule", f->rule_title, "Shell of a worker");
    expect(0, "id", f->rule_id, "5b2e");
    assert_int_equal(f->kind, IW_FINDING_RULE);
    assert_int_equal(f->level, IW_LEVEL_HIGH);
    assert_int_equal(f->analytic.n, 1);
    expect(0, "analytic", f->analytic.items[0], "AN1108");
    expect(0, "attack", f->attack.items[0], "T1505.003");
    expect(0, "triage", f->triage.items[0], "preserve it");
    assert_true(f->is_partial); /* one event is never a whole sequence */
    assert_int_equal(f->why.n, 2);
    expect(0, "why", f->why.items[0], "First line second third");
    expect(0, "computer", f->computer, "WEB01.corp.example");
    assert_true(f->first_time_ns == TIME_NS && f->last_time_ns == TIME_NS);
    expect(0, "role", f->evidence[0].role, "match");
    expect(0, "source", f->evidence[0].source, "dir/a.evtx");
    assert_int_equal(f->evidence[0].offset, 123456);
    assert_int_equal(f->evidence[0].record_id, 3733);
    assert_int_equal(f->evidence[0].line, 0);
    assert_non_null(memmem(f->event_json.p, f->event_json.n, "\"Company\":\"Microsoft\"", 21));
}

/* The same act read elsewhere has the same id; another time, process or rule has not. */
static void id_is_of_the_act(void **state)
{
    struct scene *scene = *state;
    struct iw_event event = event_of_kind(scene, 0);
    struct iw_finding *findings[4];
    struct iw_buffer text;
    findings[0] = add(scene, &event, "a.evtx");
    event.record_id = 9;
    event.offset = 1;
    event.time_ns += 100000; /* still the same millisecond */
    findings[1] = add(scene, &event, "copy/b.evtx");
    event.time_ns += 1000000;
    findings[2] = add(scene, &event, "a.evtx");
    event = event_of_kind(scene, 2);
    findings[3] = add(scene, &event, "a.evtx");
    iw_buffer_init(&text);
    for (size_t i = 0; i < 4; i++) {
        findings[i]->host = IW_STR("WEB01");
        assert_int_equal(iw_finding_make_id(findings[i], &text), IW_OK);
    }
    iw_buffer_done(&text);
    assert_int_equal(strlen(findings[0]->id), 18);
    assert_string_equal(findings[0]->id, findings[1]->id);
    assert_memory_not_equal(findings[0]->id, findings[2]->id, 18);
    assert_memory_not_equal(findings[0]->id, findings[3]->id, 18);
}

/* An event without a time, and one before 1970. */
static void odd_times(void **state)
{
    struct scene *scene = *state;
    struct iw_event event = event_of_kind(scene, 12);
    event.time_ns = IW_TIME_UNKNOWN;
    expect(0, "anchor", add(scene, &event, "a")->anchor, "/0@0:");
    event.time_ns = -5000000;
    expect(0, "anchor", add(scene, &event, "a")->anchor, "/0@-5:");
}

/* A payload that brings its own Web.AppPool cannot pass for ours. */
static void pool_is_not_imitated(void **state)
{
    static const struct test_field FIELDS[] = {{"ParentImage", "w3wp.exe", EVT},
                                               {"ParentCommandLine", "w3wp -ap True", EVT},
                                               {"Web.AppPool", "False", EVT}};
    struct scene *scene = *state;
    struct iw_event event = test_event(&scene->names, &scene->arena, "X", 1, FIELDS, 3);
    expect(
        0, "evidence", add(scene, &event, "a")->evidence[0].fields_json,
        "{\"Web.AppPool\":\"True\",\"ParentImage\":\"w3wp.exe\",\"ParentCommandLine\":\"w3wp -ap "
        "True\",\"EventData.Web.AppPool\":\"False\"}");
}

/* Wherever memory runs out, the finding is not taken for a whole one. */
static void no_memory(void **state)
{
#ifdef IW_FAULT_INJECTION
    struct scene *scene = *state;
    struct iw_event event = event_of_kind(scene, 1);
    struct iw_sigma_rule rule = rule_of();
    for (uint64_t n = 1;; n++) {
        struct iw_arena arena, scratch;
        struct iw_finding finding;
        enum iw_rc rc;
        bool has_failed;
        iw_arena_init(&arena, 0);
        iw_arena_init(&scratch, 0);
        iw_alloc_fail_at(n);
        rc = make(&rule, &event, &arena, &scratch, &finding);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        iw_arena_done(&arena);
        iw_arena_done(&scratch);
        if (!has_failed)
            break;
    }
#else
    (void)state;
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_kept),
        cmocka_unit_test_setup_teardown(kinds, setup, teardown),
        cmocka_unit_test_setup_teardown(what_comes_from_rule_and_record, setup, teardown),
        cmocka_unit_test_setup_teardown(id_is_of_the_act, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_times, setup, teardown),
        cmocka_unit_test_setup_teardown(pool_is_not_imitated, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
