/*
 * Pages that were written longer ago than TimeWindow and asked for the first time ever right before
 * a shell: what is known of the writing never makes less of them than if nobody had seen it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

/* Two hours behind the writing. */
#define COMPILED "7202600 compiled 10 a.aspx.cdcab7d2.compiled\n"
#define LATE_SHELL "7203000 start 20 10 cmd.exe cmd /c ver\n"
#define WRITE "2000 write 99 " A "\n"
#define DEPLOYED AGENT("1400") COPY_BY("1500", "70") "2000 write 71 " A "\n"
#define FIRST                                                                                      \
    {                                                                                              \
        A, 7202700, 1, 0                                                                           \
    }
#define AS_UNSEEN "a.aspx high 78 partial: shell page-unseen request request-rare same-pool / "
#define AS_SEEN "a.aspx high 85: shell file request request-rare same-pool / file_created request "

static void joined(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "nobody saw it come: the measure of the others",
         .script = WORKER COMPILED LATE_SHELL,
         .setting = "TimeWindow=1h",
         .page = A,
         .requests = {FIRST},
         .found = AS_UNSEEN "page_compiled request process_created"},
        {.name = "written, and compiled at its first request",
         .script = WORKER "2000 write 10 " A "\n" COMPILED LATE_SHELL,
         .setting = "TimeWindow=1h",
         .page = A,
         .requests = {FIRST},
         .found = "a.aspx critical 100: shell file request request-rare compiled same-pool "
                  "written-by-server / file_created page_compiled request process_created",
         .why = "had it compiled 400 ms before the shell",
         .not_why = "near miss"},
        {.name = "compiled long before the shell, as pages that nobody saw come",
         .script = WORKER WRITE COMPILED "10802000 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .page = A,
         .requests = {FIRST},
         .found = "a.aspx critical 95: shell file request request-rare compiled same-pool / "
                  "file_created page_compiled request process_created"},
        {.name = "written, and asked for",
         .script = WORKER WRITE LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = AS_SEEN "process_created",
         .why = "came 300 ms before the shell"},
        {.name = "exactly a minute before the shell",
         .script = WORKER WRITE "7262700 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = AS_SEEN "process_created"},
        {.name = "by two addresses",
         .script = WORKER WRITE LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {{A, 7202700, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created"},
        {.name = "a deployment brought it: no less than if nobody had seen that",
         .script = WORKER DEPLOYED LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = AS_SEEN "process_created",
         .why = "what excuses its writing does not count"},
        {.name = "a deployment brought it, and it is more all the same",
         .script = WORKER DEPLOYED COMPILED LATE_SHELL,
         .setting = "TimeWindow=1h",
         .page = A,
         .requests = {FIRST},
         .found = "a.aspx high 80: shell file request request-rare compiled same-pool "
                  "deployment-writer deployment-near / file_created page_compiled request "
                  "process_created"},
        {.name = "collected, and first asked for half an hour before",
         .script = WORKER WRITE "9002700 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .collected = {{A, 7202700, 7000000, 0, false}},
         .requests = {FIRST},
         .found = AS_SEEN "file process_created"},
        {.name = "collected, of an assumed pool, and compiled when it was first asked for",
         .script = WORKER WRITE CSC("7202800") "9002700 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .collected = {{A, 7202700, 7000000, 0, false}},
         .requests = {FIRST},
         .is_assumed = true,
         .found = "a.aspx high 83: shell file request request-rare compiled-something / "
                  "file_created request compiler_started file process_created"},
        {.name = "what was compiled before its first request says nothing",
         .script = WORKER WRITE CSC("5000000") LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = AS_SEEN "process_created",
         .not_why = "compiled"},
        {.name = "all its shells within TimeWindow of its first request",
         .script = WORKER WRITE LATE_SHELL "10802700 start 21 10 cmd.exe cmd /c ver\n"
                                           "10802701 start 22 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = AS_SEEN "process_created process_created\n" ALONE},
        {.name = "whose later shells a shell of another pool does not cut off",
         .script = WORKER "1100 worker 11 OtherPool\n" WRITE LATE_SHELL
                          "7223000 start 30 11 cmd.exe cmd /c ver\n"
                          "7500000 start 21 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = ALONE "\n" AS_SEEN "process_created process_created"},
        {.name = "before an upload nobody asked for",
         .script = WORKER WRITE "7202900 write 99 " B "\n" LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = AS_SEEN "candidate process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* What was written long before counts from its first use: what is said of it says so. The chain
 * that stands first is the one with the earliest last act. */
static void missed_after_waking(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "by a shell of another pool, seconds after its first request",
         .script = WORKER "1100 worker 11 OtherPool\n" WRITE LATE_SHELL
                          "7223000 start 30 11 cmd.exe cmd /c ver\n"
                          "7230000 start 22 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = ALONE "\n" AS_SEEN "process_created process_created",
         .why = "near miss: " A " was written 7221 s before it, and its first request that its log "
                "knows came 20 s before it, but the configuration gives it to pool ShopPool"},
        {.name = "by a shell of another pool, a while after it was compiled",
         .script = WORKER "1100 worker 11 OtherPool\n" WRITE COMPILED LATE_SHELL
                          "7303000 start 30 11 cmd.exe cmd /c ver\n"
                          "7310000 start 22 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .page = A,
         .requests = {FIRST},
         .found =
             ALONE "\na.aspx critical 95: shell file request request-rare compiled "
                   "same-pool / file_created page_compiled request process_created process_created",
         .why = "near miss: " A " was written 7301 s before it, and its first request that its log "
                "knows had it compiled 100 s before it, but the configuration gives it to"},
        {.name = "by a shell of another worker, past TimeWindow of its first request",
         .script = WORKER WRITE LATE_SHELL "7203500 end 10\n"
                                           "10802000 worker 12 ShopPool\n"
                                           "10803700 start 21 12 cmd.exe cmd /c ver\n"
                                           "10900000 start 40 20 ping.exe ping localhost\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = ALONE "\na.aspx high 88: shell file request request-rare same-pool "
                        "discovery / file_created request process_created child_created",
         .why = "near miss: " A " was written 10801 s before it, and its first request that its "
                "log knows came 1 s past TimeWindow of 3600 s"},
    };
    (void)state;
    RUN(CASES);
}

static void not_joined(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "first asked for a minute and a millisecond before",
         .script = WORKER WRITE "7262701 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = ALONE,
         .why = "near miss"},
        {.name = "collected, its URL is assumed, and nothing was compiled",
         .script = WORKER WRITE "9002700 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .collected = {{A, 7202700, 7000000, 0, true}},
         .requests = {FIRST},
         .found = ALONE},
        {.name = "asked for after the shell",
         .script = WORKER WRITE LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {{A, 7204003, 1, 0}},
         .found = ALONE},
        {.name = "asked for before it was written",
         .script = WORKER WRITE LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {{A, 7202700, 1, 1}},
         .found = ALONE},
        {.name = "by three addresses",
         .script = WORKER WRITE LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {{A, 7202700, 3, 0}},
         .found = ALONE},
        {.name = "compiled anew: it was asked for before",
         .script = WORKER WRITE COMPILED LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {{A, 5000, 1, 0}},
         .found = ALONE},
        {.name = "of another pool",
         .script = WORKER "2000 write 99 " P "\n" LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {{P, 7202700, 1, 0}},
         .found = ALONE},
        {.name = "something was deployed near its first request",
         .script = WORKER WRITE "7000000 msi Contoso\n" LATE_SHELL,
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = ALONE},
        {.name = "what ran as the account of the pool, by whom is not known",
         .script = WORKER WRITE "7201500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                                "7203000 start 20 12 powershell.exe powershell\n",
         .setting = "TimeWindow=1h",
         .requests = {FIRST},
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined),
        cmocka_unit_test(missed_after_waking),
        cmocka_unit_test(not_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
