/*
 * Canaries: which acts there are, that names of servers stay names in the script, and that events
 * show the acts they show and no others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "coverage/canary_watch.h"
#include "tests/support/test_event.h"
#include "tests/support/skip_because.h"

#define MARKER "iwc0123456789ab"
#define STAMP "20260105T100000Z"
#define STAMP_NS INT64_C(1767607200000000000) /* 2026-01-05T10:00:00Z */

static const struct iw_str bindings[] = {IW_STR("https *:443:"),
                                         IW_STR("http *:8080:shop.example")};
static struct iw_inventory_site sites[] = {{.name = IW_STR("Shop"), .bindings = {bindings, 2}},
                                           {.name = IW_STR("Bare")}};
static struct iw_inventory_pool pools[] = {
    {.name = IW_STR("p32"), .clr = IW_STR("v4.0"), .is_32 = true},
    {.name = IW_STR("o'neil & co"), .clr = IW_STR("v4.0")},
    {.name = IW_STR("static")}};
static struct iw_inventory_root roots[] = {
    {.site = IW_STR("Shop"),
     .application = IW_STR("/a b"),
     .directory = IW_STR("/"),
     .pool = IW_STR("o'neil & co"),
     .path = IW_STR("D:\\it's $(calc)"),
     .is_resolved = true},
    {.site = IW_STR("Shop"),
     .application = IW_STR("/"),
     .directory = IW_STR("/"),
     .pool = IW_STR("static"),
     .path = IW_STR("E:\\"),
     .is_resolved = true},
    {.site = IW_STR("Bare"),
     .application = IW_STR("/"),
     .directory = IW_STR("/"),
     .pool = IW_STR("p32"),
     .path = IW_STR("F:\\bare"),
     .is_resolved = true},
};
static struct iw_inventory_server server = {.host = IW_STR("WEB01"),
                                            .sites = sites,
                                            .n_sites = 2,
                                            .pools = pools,
                                            .n_pools = 3,
                                            .roots = roots,
                                            .n_roots = 3};
static struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
static struct iw_canary_plan plan;
static struct iw_names names;
static struct iw_arena arena;
static size_t n_left_out;

static int setup(void **state)
{
    (void)state;
    iw_canary_plan_init(&plan);
    iw_arena_init(&arena, 0);
    if (iw_names_init(&names) != IW_OK)
        return -1;
    return iw_canary_plan_make(&inventory, IW_STR(MARKER), &plan, &n_left_out) == IW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    iw_canary_plan_done(&plan);
    iw_names_done(&names);
    iw_arena_done(&arena);
    return 0;
}

/* --- plans --- */

static void markers(void **state)
{
    (void)state;
    assert_true(iw_canary_marker_fits(IW_STR("iwc01234")));
    assert_true(iw_canary_marker_fits(IW_STR("a1234567890123456789012345678901")));
    assert_false(iw_canary_marker_fits(IW_STR("a12345678901234567890123456789012")));
    assert_false(iw_canary_marker_fits(IW_STR("iwc0123")));
    assert_false(iw_canary_marker_fits(IW_STR("1wc01234")));
    assert_false(iw_canary_marker_fits(IW_STR("iwc-0123")));
    assert_false(iw_canary_marker_fits(IW_STR("IWC01234")));
}

static void acts_fit_the_server(void **state)
{
    static const struct {
        const char *id;
        enum iw_canary_kind kind;
        const char *subject;
    } ACTS[] = {
        {"f001", IW_CANARY_FILE, "D:\\it's $(calc)"},
        {"f002", IW_CANARY_FILE, "E:\\"},
        {"f003", IW_CANARY_FILE, "F:\\bare"},
        {"c001", IW_CANARY_FILE, "D:\\it's $(calc)"}, /* a pool with .NET and an http binding */
        {"c001", IW_CANARY_REQUEST, "Shop"},
        {"c001", IW_CANARY_CHILD, "o'neil & co"},
        {"m001", IW_CANARY_REGISTRATION, "o'neil & co"}, /* the first of 64 bits */
        {"m001", IW_CANARY_LOAD, "o'neil & co"},
        {"m001", IW_CANARY_UNREGISTRATION, "o'neil & co"},
    };
    (void)state;
    assert_int_equal(plan.n, sizeof ACTS / sizeof *ACTS);
    for (size_t i = 0; i < plan.n; i++) {
        assert_true(iw_str_equal(plan.acts[i].id, iw_str_of(ACTS[i].id)));
        assert_int_equal(plan.acts[i].kind, ACTS[i].kind);
        assert_true(iw_str_equal(plan.acts[i].subject, iw_str_of(ACTS[i].subject)));
        assert_true(iw_str_equal(plan.acts[i].host, IW_STR("WEB01")));
    }
    assert_int_equal(n_left_out, 1); /* the page of p32, whose site has no address */
}

static void has(struct iw_str text, const char *part)
{
    if (iw_str_find(text, iw_str_of(part)) == SIZE_MAX)
        fail_msg("lacks: %s\n%.*s", part, IW_STR_ARG(text));
}

static void script_keeps_names_names(void **state)
{
    struct iw_buffer out, again;
    struct iw_str text;
    (void)state;
    iw_buffer_init(&out);
    iw_buffer_init(&again);
    iw_canary_plan_script(&plan, &out);
    iw_canary_plan_script(&plan, &again);
    text = iw_buffer_str(&out);
    assert_true(iw_str_equal(text, iw_buffer_str(&again)));
    has(text, "Set-Content -LiteralPath (Join-Path 'D:\\it''s $(calc)' \"" MARKER
              "-f001-$stamp.aspx\") -Encoding ASCII -Value '<%-- IISWarden canary");
    has(text, "Get-ChildItem -LiteralPath 'E:\\' -Filter '" MARKER "-f002-*.aspx' | Remove-Item\n");
    has(text, "/c rem " MARKER "-c001-\" + DateTime.UtcNow.ToString(\"yyyyMMdd''T''HHmmss''Z''\")");
    has(text, "if (!Request.IsLocal)");
    has(text, "Invoke-WebRequest -UseBasicParsing -Uri ('http://localhost:8080/a%20b/" MARKER
              "-c001-' + $stamp + '.aspx') -Headers @{ Host = 'shop.example' }");
    has(text, "\"/image:$image\" /add:false '/preCondition:bitness64,appPoolName=o''neil & co'\n");
    has(text, "uninstall module $file.BaseName\n");
    has(text, "# proves module_load (AN0184)");
    iw_buffer_done(&out);
    iw_buffer_done(&again);
}

static void document_is_read_back(void **state)
{
    struct iw_canary_plan back;
    struct iw_buffer out, again;
    struct iw_error err;
    (void)state;
    iw_buffer_init(&out);
    iw_buffer_init(&again);
    iw_canary_plan_write(&plan, &out);
    iw_canary_plan_init(&back);
    assert_int_equal(iw_canary_plan_read(iw_buffer_str(&out), &back, &err), IW_OK);
    iw_canary_plan_write(&back, &again);
    assert_true(iw_str_equal(iw_buffer_str(&out), iw_buffer_str(&again)));
    iw_canary_plan_done(&back);
    for (size_t n = 0; n + 2 < out.n; n += 7) { /* cut anywhere: no plan */
        iw_canary_plan_init(&back);
        assert_int_equal(iw_canary_plan_read((struct iw_str){out.p, n}, &back, &err), IW_EFORMAT);
        iw_canary_plan_done(&back);
    }
    iw_buffer_done(&out);
    iw_buffer_done(&again);
}

static void documents_that_are_none(void **state)
{
    static const char *const TEXTS[] = {
        "{}",
        "[]",
        "{\"schema\":\"iiswarden.canary-plan/2\",\"marker\":\"" MARKER "\",\"acts\":[]}",
        "{\"schema\":\"iiswarden.canary-plan/1\",\"marker\":\"X\",\"acts\":[]}",
        "{\"schema\":\"iiswarden.canary-plan/1\",\"marker\":\"" MARKER "\"}",
        "{\"schema\":\"iiswarden.canary-plan/1\",\"marker\":\"" MARKER "\",\"acts\":[{}]}",
        "{\"schema\":\"iiswarden.canary-plan/1\",\"marker\":\"" MARKER
        "\",\"acts\":[{\"id\":\"f1\",\"kind\":\"file\",\"host\":\"\",\"subject\":\"\",\"run\":\"\","
        "\"undo\":\"\"}]}",
        "{\"schema\":\"iiswarden.canary-plan/1\",\"marker\":\"" MARKER
        "\",\"acts\":[{\"id\":\"f001\",\"kind\":\"dance\",\"host\":\"\",\"subject\":\"\",\"run\":"
        "\"\",\"undo\":\"\"}]}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct iw_canary_plan back;
        struct iw_error err;
        iw_canary_plan_init(&back);
        if (iw_canary_plan_read(iw_str_of(TEXTS[i]), &back, &err) != IW_EFORMAT)
            fail_msg("%s", TEXTS[i]);
        iw_canary_plan_done(&back);
    }
}

static void default_root_without_servers(void **state)
{
    static const struct iw_inventory none;
    struct iw_canary_plan other;
    (void)state;
    iw_canary_plan_init(&other);
    assert_int_equal(iw_canary_plan_make(&none, IW_STR(MARKER), &other, &n_left_out), IW_OK);
    assert_int_equal(other.n, 1);
    assert_true(iw_str_equal(other.acts[0].subject, IW_STR("C:\\inetpub\\wwwroot")));
    iw_canary_plan_done(&other);
}

static void literals(void **state)
{
    static const struct {
        const char *text, *id;
        int64_t done_ns;
    } CASES[] = {
        {"C:\\x\\" MARKER "-f001-" STAMP ".aspx", "f001", STAMP_NS},
        {MARKER "-c001", "c001", IW_TIME_UNKNOWN},
        {MARKER "-c001-2026010XT100000Z", "c001", IW_TIME_UNKNOWN},
        {MARKER "-c001-20261305T100000Z", "c001", IW_TIME_UNKNOWN},
        {MARKER " " MARKER "-m001-" STAMP, "m001", STAMP_NS}, /* the second one is whole */
        {MARKER "-f0", NULL, 0},
        {MARKER, NULL, 0},
        {"", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct iw_str id;
        int64_t done_ns;
        bool found =
            iw_canary_literal_find(IW_STR(MARKER), iw_str_of(CASES[i].text), &id, &done_ns);
        if (found != (CASES[i].id != NULL) ||
            (found && (!iw_str_equal(id, iw_str_of(CASES[i].id)) || done_ns != CASES[i].done_ns)))
            fail_msg("%s", CASES[i].text);
    }
}

/* --- watching --- */

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define CONFIGURATION "Microsoft-IIS-Configuration/Operational"
#define DATA IW_PLACE_EVENT_DATA
#define FILE_TEXT "D:\\it's $(calc)\\" MARKER "-f001-" STAMP ".aspx"
#define CHILD_TEXT "\"cmd.exe\" /c rem " MARKER "-c001-" STAMP
#define WORKER "C:\\Windows\\System32\\inetsrv\\w3wp.exe"
#define MODULE MARKER "-m001-" STAMP

static const struct shown {
    const char *channel;
    uint32_t event_id;
    struct test_field fields[3];
    size_t n;
    const char *id; /* of the act it shows; NULL: none */
    enum iw_canary_kind kind;
    const char *source;
} SHOWN[] = {
    {SYSMON, 11, {{"TargetFilename", FILE_TEXT, DATA}}, 1, "f001", IW_CANARY_FILE, "Sysmon 11"},
    {"security",
     4663,
     {{"ObjectName", FILE_TEXT, DATA}, {"AccessMask", "0x2", DATA}},
     2,
     "f001",
     IW_CANARY_FILE,
     "Security 4663"},
    {"Security",
     4663,
     {{"ObjectName", FILE_TEXT, DATA}, {"AccessMask", "0x10000", DATA}},
     2,
     NULL,
     IW_CANARY_FILE,
     NULL}, /* undone */
    {"Security", 4663, {{"ObjectName", FILE_TEXT, DATA}}, 1, NULL, IW_CANARY_FILE, NULL},
    {SYSMON, 11, {{"TargetFilename", "D:\\other.aspx", DATA}}, 1, NULL, IW_CANARY_FILE, NULL},
    {SYSMON, 1, {{"CommandLine", FILE_TEXT, DATA}}, 1, NULL, IW_CANARY_FILE, NULL},
    {"IIS/W3SVC",
     0,
     {{"cs-uri-stem", "/a+b/" MARKER "-c001-" STAMP ".aspx", DATA}},
     1,
     "c001",
     IW_CANARY_REQUEST,
     "log of requests"},
    {SYSMON,
     1,
     {{"CommandLine", CHILD_TEXT, DATA}, {"ParentImage", WORKER, DATA}},
     2,
     "c001",
     IW_CANARY_CHILD,
     "Sysmon 1"},
    {SYSMON,
     1,
     {{"CommandLine", CHILD_TEXT, DATA}, {"ParentImage", "C:\\x\\explorer.exe", DATA}},
     2,
     NULL,
     IW_CANARY_CHILD,
     NULL},
    {"Security",
     4688,
     {{"CommandLine", CHILD_TEXT, DATA}},
     1,
     "c001",
     IW_CANARY_CHILD,
     "Security 4688"}, /* former versions name no parent */
    {CONFIGURATION,
     29,
     {{"Configuration", "/system.webServer/globalModules/add[@name=\"" MODULE "\"]", DATA},
      {"NewValue", MODULE, DATA}},
     2,
     "m001",
     IW_CANARY_REGISTRATION,
     "IIS-Configuration/Operational"},
    {CONFIGURATION,
     29,
     {{"Configuration", "/system.webServer/globalModules/add[@name=\"" MODULE "\"]/@preCondition",
       DATA},
      {"NewValue", "bitness64", DATA}},
     2,
     "m001",
     IW_CANARY_REGISTRATION,
     "IIS-Configuration/Operational"},
    {CONFIGURATION,
     29,
     {{"Configuration", "/system.webServer/globalModules/remove[@name=\"" MODULE "\"]", DATA},
      {"OldValue", MODULE, DATA},
      {"NewValue", "", DATA}},
     3,
     "m001",
     IW_CANARY_UNREGISTRATION,
     "IIS-Configuration/Operational"},
    {SYSMON,
     7,
     {{"ImageLoaded", "C:\\Windows\\System32\\inetsrv\\" MODULE ".dll", DATA},
      {"Image", WORKER, DATA}},
     2,
     "m001",
     IW_CANARY_LOAD,
     "Sysmon 7"},
    {SYSMON,
     7,
     {{"ImageLoaded", "C:\\Windows\\System32\\inetsrv\\" MODULE ".dll", DATA},
      {"Image", "C:\\x\\procexp.exe", DATA}},
     2,
     NULL,
     IW_CANARY_LOAD,
     NULL},
};
#define N_SHOWN (sizeof SHOWN / sizeof *SHOWN)

static struct iw_event make(const struct shown *shown, int64_t time_ns, const char *computer)
{
    struct iw_event event =
        test_event(&names, &arena, shown->channel, shown->event_id, shown->fields, shown->n);
    event.time_ns = time_ns;
    event.computer = iw_str_of(computer);
    return event;
}

static void settle(const struct iw_canary_watch *watch, struct iw_canary_report *report)
{
    struct iw_hosts hosts;
    iw_hosts_init(&hosts);
    assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB01.corp.example")), IW_OK);
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    iw_canary_report_init(report);
    assert_int_equal(iw_canary_watch_settle(watch, &hosts, NULL, report), IW_OK);
    iw_hosts_done(&hosts);
}

static void each_event_shows_its_act(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SHOWN; i++) {
        struct iw_canary_watch *watch = iw_canary_watch_new(&plan);
        struct iw_event event = make(&SHOWN[i], STAMP_NS + 3, "WEB01.corp.example");
        struct iw_canary_report report;
        size_t n_seen = 0;
        bool names_parent = SHOWN[i].kind != IW_CANARY_CHILD || SHOWN[i].n > 1;
        assert_non_null(watch);
        assert_int_equal(iw_canary_watch_see(watch, &event), IW_OK);
        settle(watch, &report);
        assert_int_equal(report.n_outcomes, plan.n);
        for (size_t k = 0; k < report.n_outcomes; k++) {
            const struct iw_canary_outcome *outcome = &report.outcomes[k];
            n_seen += outcome->n;
            if (outcome->n == 0)
                continue;
            if (SHOWN[i].id == NULL || !iw_str_equal(outcome->act->id, iw_str_of(SHOWN[i].id)) ||
                outcome->act->kind != SHOWN[i].kind)
                fail_msg("event %zu shows %.*s %s", i, IW_STR_ARG(outcome->act->id),
                         iw_canary_kind_name(outcome->act->kind));
            assert_true(iw_str_equal(outcome->sightings[0].source, iw_str_of(SHOWN[i].source)));
            assert_true(iw_str_equal(outcome->sightings[0].host, IW_STR("WEB01")));
            assert_int_equal(outcome->sightings[0].time_ns, STAMP_NS + 3);
            assert_int_equal(outcome->sightings[0].done_ns,
                             SHOWN[i].kind == IW_CANARY_UNREGISTRATION ? IW_TIME_UNKNOWN
                                                                       : STAMP_NS);
        }
        if (n_seen != (SHOWN[i].id != NULL))
            fail_msg("event %zu is seen %zu times", i, n_seen);
        assert_int_equal(report.n_proofs, names_parent ? n_seen : 0);
        if (report.n_proofs != 0) {
            assert_true(
                iw_str_equal(report.proofs[0].link, iw_str_of(iw_canary_kind_link(SHOWN[i].kind))));
            assert_int_equal(report.proofs[0].time_ns, STAMP_NS + 3);
        }
        iw_canary_report_done(&report);
        iw_canary_watch_free(watch);
    }
}

/* However events are shared among threads, the same is said. */
static void threads_make_no_difference(void **state)
{
    (void)state;
    for (unsigned split = 0; split < 4; split++) {
        struct iw_canary_watch *watches[2] = {iw_canary_watch_new(&plan),
                                              iw_canary_watch_new(&plan)};
        struct iw_canary_report report;
        for (size_t i = 0; i < 8; i++) {
            struct iw_event event =
                make(&SHOWN[0], STAMP_NS + (int64_t)((i * 5) % 8), "WEB01.corp.example");
            event.record_id = i;
            assert_int_equal(iw_canary_watch_see(watches[(i >> split) & 1U], &event), IW_OK);
        }
        assert_int_equal(iw_canary_watch_merge(watches[0], watches[1]), IW_OK);
        settle(watches[0], &report);
        assert_int_equal(report.outcomes[0].n, 1);
        assert_int_equal(report.outcomes[0].sightings[0].n, 8);
        assert_int_equal(report.outcomes[0].sightings[0].time_ns, STAMP_NS);
        assert_int_equal(report.outcomes[0].sightings[0].record_id, 0);
        iw_canary_report_done(&report);
        iw_canary_watch_free(watches[0]);
        iw_canary_watch_free(watches[1]);
    }
}

/* An act of one host, told by another: no proof, but said. */
static void other_hosts_prove_nothing(void **state)
{
    struct iw_canary_watch *watch = iw_canary_watch_new(&plan);
    struct iw_event event = make(&SHOWN[0], STAMP_NS, "WEB02");
    struct iw_canary_report report;
    (void)state;
    assert_int_equal(iw_canary_watch_see(watch, &event), IW_OK);
    settle(watch, &report);
    assert_int_equal(report.outcomes[0].n, 0);
    assert_int_equal(report.n_proofs, 0);
    assert_int_equal(report.n_foreign, 1);
    iw_canary_report_done(&report);
    iw_canary_watch_free(watch);
}

static void only_so_many_are_kept(void **state)
{
    struct iw_canary_watch *watch = iw_canary_watch_new(&plan);
    struct iw_canary_report report;
    (void)state;
    for (size_t i = 0; i <= IW_LIMIT_CANARY_SIGHTINGS; i++) {
        char computer[24];
        struct iw_event event;
        iw_arena_reset(&arena);
        (void)snprintf(computer, sizeof computer, "h%zu", i);
        event = make(&SHOWN[0], STAMP_NS, computer);
        assert_int_equal(iw_canary_watch_see(watch, &event), IW_OK);
    }
    settle(watch, &report);
    assert_int_equal(report.n_hidden, 1);
    assert_int_equal(report.n_foreign, IW_LIMIT_CANARY_SIGHTINGS);
    iw_canary_report_done(&report);
    iw_canary_watch_free(watch);
}

static void no_memory(void **state)
{
    struct iw_event event = make(&SHOWN[0], STAMP_NS, "WEB01");
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t n = 1;; n++) {
        struct iw_canary_plan other;
        struct iw_canary_watch *watch = NULL;
        enum iw_rc rc;
        iw_canary_plan_init(&other);
        iw_alloc_fail_at(n);
        rc = iw_canary_plan_make(&inventory, IW_STR(MARKER), &other, &n_left_out);
        if (rc == IW_OK) {
            watch = iw_canary_watch_new(&other);
            rc = watch != NULL ? iw_canary_watch_see(watch, &event) : IW_ENOMEM;
        }
        if (iw_alloc_count() < n) {
            assert_int_equal(rc, IW_OK);
            iw_canary_watch_free(watch);
            iw_canary_plan_done(&other);
            break;
        }
        assert_int_equal(rc, IW_ENOMEM);
        iw_alloc_fail_at(0);
        iw_canary_watch_free(watch);
        iw_canary_plan_done(&other);
    }
    iw_alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markers),
        cmocka_unit_test_setup_teardown(acts_fit_the_server, setup, teardown),
        cmocka_unit_test_setup_teardown(script_keeps_names_names, setup, teardown),
        cmocka_unit_test_setup_teardown(document_is_read_back, setup, teardown),
        cmocka_unit_test(documents_that_are_none),
        cmocka_unit_test(default_root_without_servers),
        cmocka_unit_test(literals),
        cmocka_unit_test_setup_teardown(each_event_shows_its_act, setup, teardown),
        cmocka_unit_test_setup_teardown(threads_make_no_difference, setup, teardown),
        cmocka_unit_test_setup_teardown(other_hosts_prove_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(only_so_many_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
