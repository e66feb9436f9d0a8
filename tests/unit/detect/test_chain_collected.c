/*
 * Pages nobody saw come that were collected: which shells go to them, and which never do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define HOUR_MS 3600000
/* Asked for at 2.7 s, in a log that begins an hour before. */
#define PAGE                                                                                       \
    {                                                                                              \
        A, 2700, HOUR_MS, 0, false                                                                 \
    }
#define BY_COLLECTED                                                                               \
    "a.aspx high 78 partial: shell collected-file request request-rare same-pool / "

static void joined(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "first asked for, then the shell",
         .script = WORKER SHELL(3000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = BY_COLLECTED "request process_created file",
         .why = "no event tells how or when it came there"},
        {.name = "its time is that of the copying, and says nothing",
         .script = WORKER SHELL(3000),
         .collected = {{A, 2700, HOUR_MS, 0, false}},
         .requests = {{A, 2700, 1, 0}},
         .found = BY_COLLECTED "request process_created file"},
        {.name = "its time is that of the server's file, before the shell",
         .script = WORKER SHELL(3000),
         .collected = {{A, 2700, HOUR_MS, 1500, false}},
         .requests = {{A, 2700, 1, 0}},
         .found = BY_COLLECTED "file request process_created"},
        {.name = "all its shells are one chain",
         .script = WORKER SHELL(3000) "9000 start 30 10 cmd.exe cmd /c ver\n",
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = BY_COLLECTED "request process_created process_created file"},
        {.name = "of two pages each has the shell that came behind its first request",
         .script = WORKER SHELL(3000) "9000 start 30 10 cmd.exe cmd /c ver\n",
         .collected = {PAGE, {B, 8700, HOUR_MS, 0, false}},
         .requests = {{A, 2700, 1, 0}, {B, 8700, 1, 0}},
         .found = BY_COLLECTED "request process_created file\n"
                               "b.aspx high 78 partial: shell collected-file request request-rare "
                               "same-pool / request process_created file"},
        {.name = "the request may have come within the second of the shell",
         .script = WORKER SHELL(3000),
         .collected = {{A, 3200, HOUR_MS, 0, false}},
         .requests = {{A, 3200, 1, 0}},
         .found = "a.aspx medium 71 partial: shell collected-file request-undecided request-rare "
                  "same-pool / process_created request file"},
        {.name = "exactly as long as the log was silent before",
         .script = WORKER "3602700 start 20 10 cmd.exe cmd /c ver\n",
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = BY_COLLECTED "request process_created file"},
    };
    (void)state;
    RUN(CASES);
}

static void not_joined(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "an old page that is asked for every day: the log was silent for less time",
         .script = WORKER "3602701 start 20 10 cmd.exe cmd /c ver\n",
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE},
        {.name = "first asked for longer ago than TimeWindow",
         .script = WORKER "3602701 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .collected = {{A, 2700, 24 * HOUR_MS, 0, false}},
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE},
        {.name = "first asked for after the shell",
         .script = WORKER SHELL(3000),
         .collected = {{A, 5000, HOUR_MS, 0, false}},
         .requests = {{A, 5000, 1, 0}},
         .found = ALONE},
        {.name = "younger than the shell",
         .script = WORKER SHELL(3000),
         .collected = {{A, 2700, HOUR_MS, 3001, false}},
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE,
         .why = "younger than the shell"},
        {.name = "a page of the pool of another site",
         .script = WORKER SHELL(3000),
         .collected = {{P, 2700, HOUR_MS, 0, false}},
         .requests = {{P, 2700, 1, 0}},
         .found = ALONE},
        {.name = "the pool of its folder is assumed, not proved",
         .script = WORKER SHELL(3000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = ALONE},
        {.name = "something was deployed near its first request",
         .script = WORKER "2500 msi Contoso\n" SHELL(3000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE},
        {.name = "what ran as the account of the pool, by whom is not known",
         .script = WORKER "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                          "3000 start 20 12 powershell.exe powershell\n",
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "an upload nobody asked for does not take its place",
         .script = WORKER "2900 write 99 " B "\n" SHELL(3000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = BY_COLLECTED "request candidate process_created file"},
        {.name = "a page that was seen come is what it was",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = "a.aspx high 85: shell file request request-rare same-pool / file_created "
                  "request process_created file"},
    };
    (void)state;
    RUN(CASES);
}

/* No configuration proves the pool: the worker does that compiled a page at the first request. */
static void compiled_when_first_asked_for(void **state)
{
#define BY_COMPILING                                                                               \
    "a.aspx high 76 partial: shell collected-file request request-rare compiled-something / "
#define SHELL_AND_COMPILER                                                                         \
    "w3wp.exe medium 53 partial: shell compiled-before / compiler_started process_created"
    static const struct scenario CASES[] = {
        {.name = "the pool of its folder is assumed",
         .script = WORKER CSC("2800") SHELL(30000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = BY_COMPILING "request compiler_started process_created file"},
        {.name = "no configuration at all",
         .script = WORKER CSC("2800") SHELL(30000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_unknown = true,
         .found = BY_COMPILING "request compiler_started process_created file"},
        {.name = "its URL is assumed",
         .script = WORKER CSC("2800") SHELL(30000),
         .collected = {{A, 2700, HOUR_MS, 0, true}},
         .requests = {{A, 2700, 1, 0}},
         .found = "a.aspx high 81 partial: shell collected-file request request-rare "
                  "compiled-something same-pool / request compiler_started process_created file"},
        {.name = "its URL is assumed, and nothing was compiled",
         .script = WORKER SHELL(30000),
         .collected = {{A, 2700, HOUR_MS, 0, true}},
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE},
        {.name = "something was deployed near, but the shell came ten seconds after the request",
         .script = WORKER "2500 msi Contoso\n" CSC("2800") SHELL(12700),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = "a.aspx high 76 partial: shell collected-file request request-rare "
                  "compiled-something same-pool deployment-near / request compiler_started "
                  "process_created file",
         .why = "within ten minutes of its first request"},
        {.name = "something was deployed near, and the shell came later",
         .script = WORKER "2500 msi Contoso\n" CSC("2800") SHELL(12701),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .found = SHELL_AND_COMPILER},
        {.name = "ten seconds after the request began",
         .script = WORKER CSC("12700") SHELL(30000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = BY_COMPILING "request compiler_started process_created file"},
        {.name = "a millisecond later",
         .script = WORKER CSC("12701") SHELL(30000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = SHELL_AND_COMPILER},
        {.name = "longer before the request than logs of requests are off",
         .script = WORKER CSC("1600") SHELL(30000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = SHELL_AND_COMPILER},
        {.name = "another worker compiled it",
         .script =
             WORKER "1100 worker 11 PortalPool\n" CSC_OF("2800", "30", "11", "shop") SHELL(30000),
         .collected = {PAGE},
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = ALONE},
        {.name = "its folder is assumed to be another pool's",
         .script = WORKER CSC("2800") SHELL(30000),
         .collected = {{P, 2700, HOUR_MS, 0, false}},
         .requests = {{P, 2700, 1, 0}},
         .is_assumed = true,
         .found = SHELL_AND_COMPILER},
        {.name = "its folder is another pool's",
         .script = WORKER CSC("2800") SHELL(30000),
         .collected = {{P, 2700, HOUR_MS, 0, false}},
         .requests = {{P, 2700, 1, 0}},
         .found = SHELL_AND_COMPILER},
    };
    (void)state;
    RUN(CASES);
}

/* The list is asked for once a host, however many shells come. */
static void asked_once(void **state)
{
    struct chain_rig rig;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    assert_int_equal(rig.n_collected_asks, 0);
    rig_script(&rig, SHELL(3000) "9000 start 30 10 cmd.exe\n20000 start 31 10 cmd.exe\n");
    rig_end(&rig);
    assert_int_equal(rig.n_collected_asks, 1);
    rig_done(&rig);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined),
        cmocka_unit_test(not_joined),
        cmocka_unit_test(compiled_when_first_asked_for),
        cmocka_unit_test(asked_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
