/*
 * Facts of web servers out of events: what each kind of event becomes (fields as domain.md §2.1 to
 * §2.4 shows them), what is no fact, the same facts in any order and however divided, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "context/server_events.h"
#include "tests/support/test_event.h"
#include "tests/unit/context/context_rig.h"
#include "tests/support/skip_because.h"

#define EVT IW_PLACE_EVENT_DATA
#define SYS IW_PLACE_SYSTEM
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define CONFIGURATION "Microsoft-IIS-Configuration/Operational"
#define W3WP "C:\\Windows\\System32\\inetsrv\\w3wp.exe"
#define HASH "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"

struct fixture {
    struct iw_names names;
    struct iw_arena arena;
    struct iw_hosts hosts;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    if (iw_names_init(&f->names) != IW_OK)
        return -1;
    iw_arena_init(&f->arena, 0);
    iw_hosts_init(&f->hosts);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    iw_arena_done(&f->arena);
    iw_hosts_done(&f->hosts);
    iw_names_done(&f->names);
    test_free(f);
    return 0;
}

static struct iw_event at(struct iw_event event, int64_t time_s, uint64_t record_id)
{
    event.time_ns = time_s * IW_NS_PER_SECOND;
    event.record_id = record_id;
    return event;
}

static struct iw_server_facts settle(struct fixture *f, struct iw_server_events *events)
{
    struct iw_server_facts facts;
    assert_int_equal(iw_server_events_hosts(events, &f->hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(&f->hosts), IW_OK);
    assert_int_equal(iw_server_events_settle(events, &f->hosts, &facts), IW_OK);
    return facts;
}

/* --- what an event becomes ------------------------------------------------------------------ */

/* domain.md §2.3: real values of event 29; a change carries who by SID and process id. */
static void configuration_change(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_event event =
        at(EVENT(f, CONFIGURATION, 29,
                 {"PhysicalPath",
                  "\\\\?\\C:\\WINDOWS\\system32\\inetsrv\\config\\applicationHost.config", EVT},
                 {"ConfigPath", "MACHINE/WEBROOT/APPHOST", EVT}, {"EffectiveLocationPath", "", EVT},
                 {"Configuration", "/system.webServer/modules/add", EVT}, {"OldValue", "", EVT},
                 {"NewValue", "Evil", EVT}, {"Security_UserID", "S-1-5-21-1-2-3-500", SYS},
                 {"Execution_ProcessID", "4242", SYS}),
           1000, 7);
    struct iw_server_facts facts;
    assert_int_equal(iw_server_events_add(events, &event), IW_OK);
    facts = settle(f, events);
    assert_int_equal(facts.n, 2);
    assert_int_equal(facts.items[0].kind, IW_FACT_CONFIG_CHANGE);
    text_is(facts.items[0].host, "WEB01");
    text_is(facts.items[0].path, "C:\\WINDOWS\\system32\\inetsrv\\config\\applicationHost.config");
    text_is(facts.items[0].configuration, "/system.webServer/modules/add");
    text_is(facts.items[0].new_value, "Evil");
    text_is(facts.items[0].user, "S-1-5-21-1-2-3-500");
    assert_int_equal(facts.items[0].process_id, 4242);
    assert_int_equal(facts.items[0].record_id, 7);
    assert_int_equal(facts.items[1].kind, IW_FACT_CONFIG_LOGGING);
    iw_server_events_free(events);
}

/* The log is being written whatever is in it, decoded or not; not by what was carved. */
static void configuration_log_span(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_server_facts facts;
    for (int i = 0; i < 4; i++) {
        struct iw_event event = at(EVENT(f, CONFIGURATION, 13, {"x", "", EVT}), 100LL * (i + 1), 1);
        event.flags = i == 3 ? IW_EVENT_RECOVERED : 0;
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
    }
    facts = settle(f, events);
    assert_int_equal(facts.n, 1);
    assert_int_equal(facts.items[0].kind, IW_FACT_CONFIG_LOGGING);
    assert_true(facts.items[0].time_ns == 100 * IW_NS_PER_SECOND);
    assert_true(facts.items[0].last_ns == 300 * IW_NS_PER_SECOND);
    iw_server_events_free(events);
}

static void module_load(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_server_facts facts;
    for (int i = 0; i < 3; i++) {
        struct iw_event event =
            at(EVENT(f, SYSMON, 7, {"Image", i == 2 ? "C:\\x\\other.exe" : W3WP, EVT},
                     {"ImageLoaded", "C:\\x\\evil.dll", EVT}, {"Company", "Contoso", EVT},
                     {"Hashes", "MD5=00,SHA256=" HASH, EVT}, {"Signed", "false", EVT},
                     {"Signature", "-", EVT}, {"SignatureStatus", "Unavailable", EVT}),
               500 - 100LL * i, 10);
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
    }
    facts = settle(f, events);
    assert_int_equal(facts.n, 1);
    assert_int_equal(facts.items[0].kind, IW_FACT_MODULE_LOAD);
    assert_int_equal(facts.items[0].n, 2);
    assert_true(facts.items[0].time_ns == 400 * IW_NS_PER_SECOND);
    assert_true(facts.items[0].last_ns == 500 * IW_NS_PER_SECOND);
    assert_true(facts.items[0].has_sha256);
    assert_int_equal(facts.items[0].sha256[0], 0x9F);
    assert_int_equal(facts.items[0].sha256[31], 0x08);
    text_is(facts.items[0].is_signed, "false");
    text_is(facts.items[0].company, "Contoso");
    iw_server_events_free(events);
}

static void workers(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_event made[] = {
        EVENT(f, SYSMON, 1, {"Image", W3WP, EVT},
              {"CommandLine", "w3wp.exe -ap \"Shop\" -v v4.0", EVT}),
        EVENT(f, "Security", 4688, {"NewProcessName", "C:\\Windows\\System32\\cmd.exe", EVT},
              {"ParentProcessName", "C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe", EVT}),
        EVENT(f, SYSMON, 1, {"Image", "C:\\Windows\\notepad.exe", EVT}),
    };
    struct iw_server_facts facts;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(iw_server_events_add(events, &made[i]), IW_OK);
    facts = settle(f, events);
    assert_int_equal(facts.n, 2);
    text_is(facts.items[0].pool, "Shop");
    text_is(facts.items[1].path, "C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe");
    iw_server_events_free(events);
}

static void files(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *path, *mask; /* mask NULL: Sysmon 11 */
        int kind;                /* -1: no fact */
    } FILES[] = {
        {"C:\\inetpub\\wwwroot\\bin\\a.DLL", NULL, IW_FACT_FILE_WRITTEN},
        {"C:\\inetpub\\wwwroot\\web.config", NULL, IW_FACT_FILE_WRITTEN},
        {"C:\\inetpub\\wwwroot\\a.aspx", NULL, IW_FACT_FILE_WRITTEN},
        {"C:\\inetpub\\wwwroot\\a.jpg", NULL, -1},
        {"C:\\Windows\\WinSxS\\x\\a.dll", NULL, -1},
        {"C:\\x\\Temporary ASP.NET Files\\root\\App_Web_x.dll", NULL, -1},
        {"C:\\x\\a.dll", "0x2", IW_FACT_FILE_WRITTEN},
        {"C:\\x\\a.dll", "0x4", IW_FACT_FILE_WRITTEN},
        {"C:\\x\\a.dll", "0x10000", IW_FACT_FILE_DELETED},
        {"C:\\x\\a.dll", "0x1", -1},
        {"C:\\x\\a.dll", "", -1},
    };
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        struct iw_server_events *events = iw_server_events_new();
        struct iw_event event =
            FILES[i].mask == NULL
                ? EVENT(f, SYSMON, 11, {"TargetFilename", FILES[i].path, EVT},
                        {"Image", "System", EVT}, {"User", "NT AUTHORITY\\SYSTEM", EVT})
                : EVENT(f, "Security", 4663, {"ObjectName", FILES[i].path, EVT},
                        {"AccessMask", FILES[i].mask, EVT}, {"SubjectUserName", "bob", EVT},
                        {"SubjectDomainName", "CORP", EVT});
        struct iw_server_facts facts;
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
        facts = settle(f, events);
        assert_int_equal(facts.n, FILES[i].kind >= 0);
        if (facts.n != 0) {
            assert_int_equal(facts.items[0].kind, FILES[i].kind);
            text_is(facts.items[0].user,
                    FILES[i].mask == NULL ? "NT AUTHORITY\\SYSTEM" : "CORP\\bob");
        }
        iw_server_events_free(events);
    }
}

/* Opened over the network for writing: the file on the server, who, and from where. */
static void writes_over_a_share(void **state)
{
    static const struct {
        const char *target, *folder, *mask, *path; /* path NULL: no fact */
    } CASES[] = {
        {"x\\a.dll", "\\??\\C:\\", "0x2", "C:\\x\\a.dll"},
        {"web.config", "\\??\\D:\\Sites\\Shop", "0x100182", "D:\\Sites\\Shop\\web.config"},
        {"x\\a.dll", "", "0x4", "\\\\*\\C$\\x\\a.dll"}, /* the folder is not told */
        {"x\\a.dll", "\\??\\C:\\", "0x120089", NULL},   /* read */
        {"x\\a.txt", "\\??\\C:\\", "0x2", NULL},
        {"Windows\\WinSxS\\a.dll", "\\??\\C:\\", "0x2", NULL},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_server_events *events = iw_server_events_new();
        struct iw_event event = EVENT(
            f, "Security", 5145, {"ShareName", "\\\\*\\C$", EVT},
            {"ShareLocalPath", CASES[i].folder, EVT}, {"RelativeTargetName", CASES[i].target, EVT},
            {"AccessMask", CASES[i].mask, EVT}, {"IpAddress", "10.37.7.77", EVT},
            {"SubjectUserName", "it-ops", EVT}, {"SubjectDomainName", "CORP", EVT});
        struct iw_server_facts facts;
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
        facts = settle(f, events);
        assert_int_equal(facts.n, CASES[i].path != NULL);
        if (facts.n != 0) {
            assert_true(iw_fact_is_of_share(&facts.items[0]));
            text_is(facts.items[0].path, CASES[i].path);
            text_is(facts.items[0].user, "CORP\\it-ops");
            text_is(facts.items[0].address, "10.37.7.77");
        }
        iw_server_events_free(events);
    }
}

/* domain.md §2.4: 2280 with ModuleDll; other events name the DLL otherwise. */
static void load_failures(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_event made[] = {
        EVENT(f, "Application", 2280, {"ModuleDll", "E:\\x\\exppw.dll", EVT},
              {"Binary", "7E000000", EVT}),
        EVENT(f, "Application", 2293, {"Name", "Evil", EVT}, {"Path", "C:\\x\\evil.dll", EVT}),
        EVENT(f, "Application", 2276, {"ModuleDll", "E:\\x\\other.dll", EVT}),
        EVENT(f, "Application", 2280, {"Binary", "7E000000", EVT}),
    };
    struct iw_server_facts facts;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(iw_server_events_add(events, &made[i]), IW_OK);
    facts = settle(f, events);
    assert_int_equal(facts.n, 2);
    text_is(facts.items[0].path, "C:\\x\\evil.dll");
    text_is(facts.items[1].path, "E:\\x\\exppw.dll");
    iw_server_events_free(events);
}

/* --- the whole ------------------------------------------------------------------------------ */

/* What makes a web server load code, however its control set is called; Sysmon and Security. */
static void registry_values(void **state)
{
    static const struct {
        const char *target;
        const char *place; /* NULL: no fact */
    } VALUES[] = {
        {"HKLM\\System\\CurrentControlSet\\Services\\W3SVC\\Environment",
         "Services\\W3SVC\\Environment"},
        {"HKLM\\SYSTEM\\ControlSet001\\services\\was\\environment", "services\\was\\environment"},
        {"HKLM\\System\\CurrentControlSet\\Control\\Session "
         "Manager\\Environment\\COR_PROFILER_PATH",
         "Control\\Session Manager\\Environment\\COR_PROFILER_PATH"},
        {"HKLM\\System\\CurrentControlSet\\Services\\W3SVC\\Parameters\\Filter DLLs",
         "Services\\W3SVC\\Parameters\\Filter DLLs"},
        {"HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment\\Path", NULL},
        {"HKLM\\System\\CurrentControlSet\\Services\\Spooler\\Environment", NULL},
        {"HKLM\\System\\ControlSetX\\Services\\W3SVC\\Environment", NULL},
        {"CurrentControlSet", NULL},
        {"", NULL},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        struct iw_server_events *events = iw_server_events_new();
        struct iw_event event = EVENT(f, SYSMON, 13, {"EventType", "SetValue", EVT},
                                      {"TargetObject", VALUES[i].target, EVT},
                                      {"Details", "Binary Data", EVT}, {"Image", "r.exe", EVT});
        struct iw_server_facts facts;
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
        assert_int_equal(iw_server_events_settle(events, &f->hosts, &facts), IW_OK);
        assert_int_equal(facts.n, VALUES[i].place != NULL);
        if (VALUES[i].place != NULL) {
            assert_int_equal(facts.items[0].kind, IW_FACT_REGISTRY_SET);
            assert_true(iw_str_equal(facts.items[0].path, iw_str_of(VALUES[i].place)));
            assert_true(iw_str_equal(facts.items[0].location, iw_str_of(VALUES[i].target)));
            assert_true(iw_str_equal(facts.items[0].image, iw_str_of("r.exe")));
        }
        iw_server_events_free(events);
    }
}

static void registry_values_of_security(void **state)
{
    static const struct {
        const char *operation;
        bool is_fact;
    } OPERATIONS[] = {{"%%1904", true}, {"%%1905", true}, {"%%1906", false}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++) {
        struct iw_server_events *events = iw_server_events_new();
        struct iw_event event = EVENT(
            f, "Security", 4657, {"SubjectUserName", "bob", EVT},
            {"SubjectDomainName", "CORP", EVT},
            {"ObjectName", "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\W3SVC", EVT},
            {"ObjectValueName", "Environment", EVT},
            {"OperationType", OPERATIONS[i].operation, EVT}, {"NewValue", "COR_PROFILER={A}", EVT},
            {"ProcessName", "C:\\r.exe", EVT});
        struct iw_server_facts facts;
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
        assert_int_equal(iw_server_events_settle(events, &f->hosts, &facts), IW_OK);
        assert_int_equal(facts.n, OPERATIONS[i].is_fact);
        if (OPERATIONS[i].is_fact) {
            assert_true(
                iw_str_equal(facts.items[0].path, iw_str_of("Services\\W3SVC\\Environment")));
            assert_true(iw_str_equal(facts.items[0].new_value, iw_str_of("COR_PROFILER={A}")));
            assert_true(iw_str_equal(facts.items[0].user, iw_str_of("CORP\\bob")));
        }
        iw_server_events_free(events);
    }
}

static void which_records_tell_which_kind(void **state)
{
    (void)state;
    assert_true(iw_server_event_is(IW_FACT_LOAD_FAILURE, IW_STR("Application"), 2282));
    assert_true(iw_server_event_is(IW_FACT_LOAD_FAILURE, IW_STR("APPLICATION"), 2214));
    assert_false(iw_server_event_is(IW_FACT_LOAD_FAILURE, IW_STR("Application"), 2219));
    assert_false(iw_server_event_is(IW_FACT_LOAD_FAILURE, IW_STR("System"), 2282));
    assert_false(iw_server_event_is(IW_FACT_WORKER, IW_STR("Application"), 2282));
    assert_true(iw_server_event_is(IW_FACT_WORKER, IW_STR("Security"), 4688));
}

static void route_asks(void **state)
{
    static const struct {
        const char *channel;
        uint32_t id;
        bool is_wanted;
    } ASKED[] = {
        {SYSMON, 7, true},         {SYSMON, 3, false},          {CONFIGURATION, 29, true},
        {CONFIGURATION, 8, false}, {"Application", 2295, true}, {"Security", 4663, true},
    };
    struct iw_route route;
    (void)state;
    iw_route_init(&route);
    assert_int_equal(iw_server_events_route(&route), IW_OK);
    for (size_t i = 0; i < sizeof ASKED / sizeof ASKED[0]; i++)
        assert_int_equal(
            iw_route_wants(&route, iw_route_find(&route, iw_str_of(ASKED[i].channel)), ASKED[i].id),
            ASKED[i].is_wanted);
    iw_route_done(&route);
}

static struct iw_event load_of(struct fixture *f, const char *path, int64_t time_s)
{
    return at(EVENT(f, SYSMON, 7, {"Image", W3WP, EVT}, {"ImageLoaded", path, EVT}), time_s,
              (uint64_t)time_s);
}

/* Spellings, times and threads: one answer. */
static void same_in_any_order(void **state)
{
    struct fixture *f = *state;
    struct iw_event made[6] = {load_of(f, "C:\\x\\a.dll", 30), load_of(f, "C:\\X\\A.DLL", 10),
                               load_of(f, "C:\\x\\b.dll", 20), load_of(f, "C:\\x\\a.dll", 20),
                               load_of(f, "C:\\X\\A.DLL", 40), load_of(f, "C:\\x\\c.dll", 5)};
    struct iw_server_facts first = {0};
    struct iw_server_events *all[3];
    for (unsigned way = 0; way < 3; way++) {
        struct iw_server_events *other = iw_server_events_new();
        struct iw_server_facts facts;
        all[way] = iw_server_events_new();
        for (size_t i = 0; i < 6; i++) {
            size_t k = way == 1 ? 5 - i : i;
            assert_int_equal(
                iw_server_events_add(way == 2 && i % 2 == 0 ? other : all[way], &made[k]), IW_OK);
        }
        assert_int_equal(iw_server_events_merge(all[way], other), IW_OK);
        iw_server_events_free(other);
        facts = settle(f, all[way]);
        if (way == 0) {
            first = facts;
            assert_int_equal(facts.n, 4);
            continue;
        }
        assert_int_equal(facts.n, first.n);
        for (size_t i = 0; i < facts.n; i++) {
            assert_true(iw_str_equal(facts.items[i].path, first.items[i].path));
            assert_true(facts.items[i].time_ns == first.items[i].time_ns);
            assert_true(facts.items[i].last_ns == first.items[i].last_ns);
            assert_int_equal(facts.items[i].record_id, first.items[i].record_id);
            assert_int_equal(facts.items[i].n, first.items[i].n);
        }
    }
    for (unsigned way = 0; way < 3; way++)
        iw_server_events_free(all[way]);
}

static void facts_of_a_host(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_server_facts facts;
    const struct iw_server_fact *found;
    size_t n;
    static const char *const COMPUTERS[] = {"b.corp", "A", "a.corp", "C"};
    for (size_t i = 0; i < 4; i++) {
        struct iw_event event = load_of(f, "C:\\x\\a.dll", (int64_t)i);
        event.computer = iw_str_of(COMPUTERS[i]);
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
    }
    facts = settle(f, events);
    found = iw_server_facts_of(&facts, IW_STR("a"), &n);
    assert_int_equal(n, 2);
    assert_true(found == facts.items);
    found = iw_server_facts_of(&facts, IW_STR("B"), &n);
    assert_int_equal(n, 1);
    text_is(found->computer, "b.corp");
    (void)iw_server_facts_of(&facts, IW_STR("z"), &n);
    assert_int_equal(n, 0);
    iw_server_events_free(events);
}

/* By host, kind and path, whose letter case does not count; neighbours of each are none of them. */
static void facts_at_a_path(void **state)
{
    static const struct {
        const char *computer, *path;
        uint32_t event_id;
    } MADE[] = {{"a", "C:\\x\\a.dll", 11},        {"a", "C:\\x\\a.dll", 23},
                {"a", "C:\\x\\a.dll.config", 11}, {"a", "C:\\x\\b.dll", 11},
                {"b", "C:\\x\\a.dll", 11},        {"A", "C:\\X\\A.dll", 2}};
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_server_facts facts;
    struct iw_fact_span span;
    for (size_t i = 0; i < sizeof MADE / sizeof MADE[0]; i++) {
        struct iw_event event =
            EVENT(f, SYSMON, MADE[i].event_id, {"TargetFilename", MADE[i].path, EVT});
        event.computer = iw_str_of(MADE[i].computer);
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
    }
    facts = settle(f, events);
    span = iw_server_facts_at(&facts, IW_STR("A"), IW_FACT_FILE_WRITTEN, IW_STR("c:\\x\\A.DLL"));
    assert_int_equal(span.n, 2);
    for (size_t i = 0; i < span.n; i++) {
        assert_true(iw_str_equal_nocase(span.items[i].host, IW_STR("a")));
        assert_int_equal(span.items[i].kind, IW_FACT_FILE_WRITTEN);
        assert_true(iw_str_equal_nocase(span.items[i].path, IW_STR("C:\\x\\a.dll")));
    }
    span = iw_server_facts_at(&facts, IW_STR("b"), IW_FACT_FILE_DELETED, IW_STR("C:\\x\\a.dll"));
    assert_int_equal(span.n, 0);
    span = iw_server_facts_at(&facts, IW_STR("z"), IW_FACT_FILE_WRITTEN, IW_STR("C:\\x\\a.dll"));
    assert_int_equal(span.n, 0);
    iw_server_events_free(events);
}

/* --- limits --------------------------------------------------------------------------------- */

/* A flood of one kind is counted, and leaves the others their room. */
static void flood(void **state)
{
    struct fixture *f = *state;
    struct iw_server_events *events = iw_server_events_new();
    struct iw_server_facts facts;
    struct iw_event load;
    char path[32];
    for (unsigned i = 0; i <= IW_LIMIT_SERVER_FACTS; i++) {
        struct iw_event event;
        (void)snprintf(path, sizeof path, "C:\\%u.dll", i);
        event = EVENT(f, SYSMON, 11, {"TargetFilename", path, EVT});
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
        iw_arena_reset(&f->arena);
    }
    load = load_of(f, "C:\\x\\a.dll", 1);
    assert_int_equal(iw_server_events_add(events, &load), IW_OK);
    facts = settle(f, events);
    assert_int_equal(facts.n, IW_LIMIT_SERVER_FACTS + 1);
    assert_int_equal(facts.n_hidden, 1);
    iw_server_events_free(events);
}

static void long_texts_are_cut(void **state)
{
    struct fixture *f = *state;
    for (size_t extra = 0; extra < 2; extra++) {
        struct iw_server_events *events = iw_server_events_new();
        struct iw_server_facts facts;
        char *value = test_calloc(1, IW_LIMIT_SERVER_FACT_TEXT_BYTES + 2);
        struct iw_event event;
        memset(value, 'x', IW_LIMIT_SERVER_FACT_TEXT_BYTES + extra);
        if (extra != 0) /* the limit falls into a character: é */
            memcpy(value + IW_LIMIT_SERVER_FACT_TEXT_BYTES - 1, "\xC3\xA9", 2);
        event = EVENT(f, CONFIGURATION, 29, {"NewValue", value, EVT});
        assert_int_equal(iw_server_events_add(events, &event), IW_OK);
        facts = settle(f, events);
        assert_int_equal(facts.n_cut, extra);
        for (size_t i = 0; i < facts.n; i++) {
            if (facts.items[i].kind == IW_FACT_CONFIG_CHANGE)
                assert_int_equal(facts.items[i].new_value.n,
                                 IW_LIMIT_SERVER_FACT_TEXT_BYTES - extra);
        }
        iw_server_events_free(events);
        test_free(value);
    }
}

#ifdef IW_FAULT_INJECTION
static enum iw_rc whole_life(struct fixture *f, const struct iw_event *made, size_t n)
{
    struct iw_server_events *events = iw_server_events_new();
    struct iw_server_events *other = iw_server_events_new();
    struct iw_server_facts facts;
    struct iw_hosts hosts;
    enum iw_rc rc = events != NULL && other != NULL ? IW_OK : IW_ENOMEM;
    (void)f;
    iw_hosts_init(&hosts);
    for (size_t i = 0; rc == IW_OK && i < n; i++)
        rc = iw_server_events_add(i % 2 == 0 ? events : other, &made[i]);
    if (rc == IW_OK)
        rc = iw_server_events_merge(events, other);
    if (rc == IW_OK)
        rc = iw_server_events_hosts(events, &hosts);
    if (rc == IW_OK)
        rc = iw_hosts_settle(&hosts);
    if (rc == IW_OK)
        rc = iw_server_events_settle(events, &hosts, &facts);
    iw_hosts_done(&hosts);
    iw_server_events_free(events);
    iw_server_events_free(other);
    return rc;
}
#endif

static void no_memory(void **state)
{
#ifdef IW_FAULT_INJECTION
    struct fixture *f = *state;
    const struct iw_event made[] = {
        load_of(f, "C:\\x\\a.dll", 1),
        EVENT(f, CONFIGURATION, 29, {"NewValue", "x", EVT}),
        EVENT(f, "Security", 4663, {"ObjectName", "C:\\a.dll", EVT}, {"AccessMask", "0x2", EVT},
              {"SubjectUserName", "bob", EVT}, {"SubjectDomainName", "CORP", EVT}),
        EVENT(f, "Application", 2280, {"ModuleDll", "E:\\x\\exppw.dll", EVT}),
    };
    for (uint64_t n = 1;; n++) {
        enum iw_rc rc;
        bool has_failed;
        iw_alloc_fail_at(n);
        rc = whole_life(f, made, 4);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
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
        cmocka_unit_test_setup_teardown(configuration_change, setup, teardown),
        cmocka_unit_test_setup_teardown(configuration_log_span, setup, teardown),
        cmocka_unit_test_setup_teardown(module_load, setup, teardown),
        cmocka_unit_test_setup_teardown(workers, setup, teardown),
        cmocka_unit_test_setup_teardown(files, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_over_a_share, setup, teardown),
        cmocka_unit_test_setup_teardown(load_failures, setup, teardown),
        cmocka_unit_test_setup_teardown(registry_values, setup, teardown),
        cmocka_unit_test_setup_teardown(registry_values_of_security, setup, teardown),
        cmocka_unit_test(which_records_tell_which_kind),
        cmocka_unit_test(route_asks),
        cmocka_unit_test_setup_teardown(same_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(facts_of_a_host, setup, teardown),
        cmocka_unit_test_setup_teardown(facts_at_a_path, setup, teardown),
        cmocka_unit_test_setup_teardown(flood, setup, teardown),
        cmocka_unit_test_setup_teardown(long_texts_are_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
