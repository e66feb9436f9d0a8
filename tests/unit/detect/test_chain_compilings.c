/*
 * Compilings that name no page: what is left of a page's first request where neither files nor
 * requests are logged. Expectations are made from docs/DETECTIONS.md: the same worker, before the
 * shell, within TimeWindow (24 hours), nothing deployed within ten minutes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/detect/chain_scenario.h"

#define COMPILED_THEN "w3wp.exe medium 53 partial: shell compiled-before / compiler_started "

static void before_a_shell(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a compiler, then a shell",
         .script = WORKER CSC("2000") SHELL(52000),
         .found = COMPILED_THEN "process_created",
         .why = "+3 compiled-before: the same worker compiled a page (application shop) 50 s "
                "before it"},
        {.name = "by the Security log alone",
         .script = "1000L worker 10 ShopPool\n" CSC("2000L") "3000L start 20 10 cmd.exe cmd /c "
                                                             "ver\n",
         .found = COMPILED_THEN "process_created",
         .why = "that the shell came from such a page is not told"},
        {.name = "what was compiled is named, and no log tells who asked for it",
         .script = WORKER "2000 compiled 10 a.aspx.cdcab7d2.compiled\n" SHELL(3000),
         .has_no_requests_log = true,
         .found = "w3wp.exe medium 53 partial: shell compiled-before / page_compiled "
                  "process_created",
         .why = "compiled a.aspx (application root) 1000 ms before it"},
        {.name = "the log of requests was asked about the page, and knows it as an old one",
         .script = WORKER CSC("1900") "2000 compiled 10 a.aspx.cdcab7d2.compiled\n"
                                      "2100 compiled 10 App_Web_x1.dll\n" SHELL(3000),
         .found = ALONE},
        {.name = "that page was compiled long before",
         .script = WORKER "2000 compiled 10 a.aspx.cdcab7d2.compiled\n" CSC("12001") SHELL(13000),
         .found = COMPILED_THEN "process_created"},
        {.name = "and exactly ten seconds before",
         .script = WORKER "2000 compiled 10 a.aspx.cdcab7d2.compiled\n" CSC("12000") SHELL(13000),
         .found = ALONE},
        {.name = "once for all shells behind it",
         .script = WORKER CSC("2000") SHELL(3000) "4000 start 21 10 cmd.exe cmd /c dir\n",
         .found = COMPILED_THEN "process_created process_created"},
        {.name = "for each shell what was compiled last",
         .script = WORKER CSC("2000") SHELL(3000)
             CSC_OF("3500", "31", "10", "shop") "4000 start 21 10 cmd.exe cmd /c dir\n",
         .found = COMPILED_THEN "process_created compiler_started process_created"},
        {.name = "exactly TimeWindow before it",
         .script = WORKER CSC("2000") SHELL(86402000),
         .found = COMPILED_THEN "process_created"},
        {.name = "a millisecond longer",
         .script = WORKER CSC("2000") SHELL(86402001),
         .found = ALONE},
        {.name = "TimeWindow is ten seconds",
         .script = WORKER CSC("2000") SHELL(13000),
         .setting = "TimeWindow=10s",
         .found = ALONE},
        {.name = "another worker compiled it",
         .script =
             WORKER "1100 worker 11 PortalPool\n" CSC_OF("2000", "30", "11", "shop") SHELL(3000),
         .found = ALONE},
        {.name = "the worker that had the number before",
         .script = WORKER CSC("2000") "2600 end 10\n2700 worker 10 ShopPool\n" SHELL(3000),
         .found = ALONE},
        {.name = "after the shell", .script = WORKER SHELL(3000) CSC("3500"), .found = ALONE},
        {.name = "something was deployed near it",
         .script = WORKER "1500 msi Contoso\n" CSC("2000") SHELL(12001),
         .found = ALONE},
        {.name = "something was deployed near it, but the shell came within ten seconds",
         .script = WORKER "1500 msi Contoso\n" CSC("2000") SHELL(12000),
         .found = COMPILED_THEN "process_created",
         .why = "within ten minutes of it)"},
        {.name = "something was deployed more than ten minutes before",
         .script = WORKER "1500 msi Contoso\n" CSC("601501") SHELL(700000),
         .found = COMPILED_THEN "process_created"},
        {.name = "what is usual needs no page",
         .script = WORKER CSC("2000") SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .found = "w3wp.exe informational 10 partial: shell usual / process_created"},
        {.name = "a developer's web server", /* it would be medium by the three points */
         .script = "1000 start 10 1 C:\\dev\\iisexpress.exe\n" CSC("2000")
             SHELL(3000) "3100 start 21 20 whoami.exe\n3200 start 22 20 procdump.exe\n",
         .found = "iisexpress.exe low 48 partial: shell discovery credentials developer-server / "
                  "process_created child_created child_created"},
        {.name = "no web server started it",
         .script = WORKER CSC("2000") "2500 start 15 1 wbem\\wmiprvse.exe\n"
                                      "3000 user 20 15 IIS~APPPOOL\\ShopPool cmd.exe\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
    };
    (void)state;
    RUN(CASES);
}

static void between_file_and_shell(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a compiler names no page",
         .script = WORKER "2000 write 99 " A "\n" CSC("2500") SHELL(3000),
         .found = "a.aspx medium 68: shell file compiled-something same-pool / file_created "
                  "compiler_started process_created"},
        {.name = "before the file", /* it is not that file's */
         .script = WORKER CSC("1500") "2000 write 99 " A "\n" SHELL(3000),
         .found = JOINED},
        {.name = "the page itself goes before the compiler",
         .script = WORKER "2000 write 99 " A
                          "\n2400 compiled 10 a.aspx.cdcab7d2.compiled\n" CSC("2500") SHELL(3000),
         .found = "a.aspx high 75: shell file compiled same-pool / file_created page_compiled "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

static int64_t time_of(const struct chain_rig *rig, const char *role)
{
    const struct iw_finding *finding = &rig->findings[0];
    for (size_t i = 0; i < finding->n_evidence; i++) {
        if (iw_str_equal(finding->evidence[i].role, iw_str_of(role)))
            return (finding->evidence[i].time_ns - CHAIN_EPOCH_NS) / MS;
    }
    return -1;
}

/* ASP.NET compiles a page while it is asked for; what it compiles later is another one. */
static void while_it_was_asked_for(void **state)
{
    const struct chain_request request = {.path = A, .begin_ms = 20000, .n_addresses = 3};
    struct chain_rig rig;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rig_init(&rig);
        rig.requests = &request;
        rig.n_requests = i;
        rig_begin(&rig);
        rig_script(&rig, WORKER "2000 write 99 " A "\n" CSC("20500")
                             CSC_OF("50000", "31", "10", "shop") SHELL(60000));
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        assert_int_equal(time_of(&rig, "compiler_started"), i != 0 ? 20500 : 50000);
        rig_done(&rig);
    }
}

/* A compiling beside the acts of a chain does not make it begin earlier. */
static void time_is_that_of_shells(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER CSC("2000") SHELL(52000));
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal((rig.findings[0].first_time_ns - CHAIN_EPOCH_NS) / MS, 52000);
    assert_int_equal(time_of(&rig, "compiler_started"), 2000);
    rig_done(&rig);
}

/* What was compiled once is loaded again whenever the worker starts. */
static void a_load_is_no_compiling(void **state)
{
    struct chain_rig rig;
    struct iw_str found;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    RIG_EVENT(&rig, 2500, SYSMON, 7, {"Image", "C:\\Windows\\System32\\inetsrv\\w3wp.exe", EVT},
              {"ProcessId", "10", EVT},
              {"ImageLoaded",
               FRAMEWORK_FOLDER "Temporary ASP.NET Files\\root\\1\\2\\App_Web_x1.dll", EVT});
    rig_script(&rig, SHELL(3000));
    rig_end(&rig);
    found = rig_found(&rig);
    assert_true(iw_str_equal(found, IW_STR(ALONE)));
    rig_done(&rig);
}

static size_t count_role(const struct chain_rig *rig, const char *role)
{
    const struct iw_finding *finding = &rig->findings[0];
    size_t n = 0;
    for (size_t i = 0; i < finding->n_evidence; i++)
        n += iw_str_equal(finding->evidence[i].role, iw_str_of(role));
    return n;
}

/* The 33rd run of one command repeats the others; but not where a page was compiled just before. */
static void runs_behind_a_compiling_are_shown(void **state)
{
    (void)state;
    for (unsigned late = 0; late <= 1; late++) {
        struct chain_rig rig;
        char line[512];
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (unsigned i = 0; i < IW_LIMIT_CHAIN_SHELLS; i++) {
            (void)snprintf(line, sizeof line, "%u start %u 10 cmd.exe cmd /c ver\n",
                           100000 * (i + 1), 100 + i);
            rig_script(&rig, line);
        }
        rig_script(&rig, CSC("5000000"));
        (void)snprintf(line, sizeof line, "%u start 90 10 cmd.exe cmd /c ver\n", 5010000 + late);
        rig_script(&rig, line);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        assert_int_equal(count_role(&rig, "process_created"), IW_LIMIT_CHAIN_SHELLS + 1 - late);
        assert_int_equal(count_role(&rig, "compiler_started"), 1 - late);
        rig_done(&rig);
    }
}

/* Of a host the latest 64 events are known. */
static void too_many(void **state)
{
    (void)state;
    for (unsigned n = 63; n <= 64; n++) {
        struct chain_rig rig;
        struct iw_str found;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER "1100 worker 11 PortalPool\n" CSC("2000"));
        for (unsigned i = 0; i < n; i++) {
            char line[64];
            (void)snprintf(line, sizeof line, "%u compiled 11 App_Web_%u.dll\n", 2100 + i, i);
            rig_script(&rig, line);
        }
        rig_script(&rig, SHELL(3000));
        rig_end(&rig);
        found = rig_found(&rig);
        assert_string_equal(found.p, n == 63 ? COMPILED_THEN "process_created" : ALONE);
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(before_a_shell),
        cmocka_unit_test(between_file_and_shell),
        cmocka_unit_test(while_it_was_asked_for),
        cmocka_unit_test(time_is_that_of_shells),
        cmocka_unit_test(runs_behind_a_compiling_are_shown),
        cmocka_unit_test(a_load_is_no_compiling),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
