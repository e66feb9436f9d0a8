/*
 * What runs as an account of the web server though no web server stands above it: by WMI, COM, a
 * task, a service, under a forged parent. Alone it is low; with its file it is told as file and
 * shell are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define WMI "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
#define BY_WMI "3000 start 20 12 cmd.exe cmd /c ver\n"

/* --- file and shell ----------------------------------------------------------------------------
 */

static void joined_to_a_file(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "alone",
         .script = WORKER WMI BY_WMI,
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "the worker wrote a page before, and no configuration says of which pool",
         .script = WORKER WMI "2000 write 10 " A "\n" BY_WMI,
         .is_unknown = true,
         .found = "a.aspx medium 50: pool-identity file written-by-server / file_created "
                  "process_created"},
        {.name = "somebody else wrote it",
         .script = WORKER WMI "2000 write 99 " A "\n" BY_WMI,
         .found = "a.aspx medium 50: pool-identity file same-pool / file_created process_created",
         .why =
             "never below medium, for file and what ran as the account of a web server are joined"},
        {.name = "it was asked for",
         .script = WORKER WMI "2000 write 99 " A "\n" BY_WMI,
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx high 75: pool-identity file request same-pool / file_created request "
                  "process_created"},
        {.name = "it was compiled",
         .script =
             WORKER WMI "2000 write 99 " A "\n2500 compiled 10 a.aspx.1a2b3c4d.compiled\n" BY_WMI,
         .found = "a.aspx high 75: pool-identity file compiled same-pool / file_created "
                  "page_compiled process_created"},
        {.name = "what ran wrote it",
         .script = WORKER WMI BY_WMI "3500 write 20 " A "\n",
         .found = "a.aspx medium 50: pool-identity shell-wrote-file / process_created "
                  "file_created"},
        {.name = "and it was first asked for after that",
         .script = WORKER WMI BY_WMI "3500 write 20 " A "\n",
         .requests = {{A, 9000, 2, 0}},
         .found = "a.aspx high 75: pool-identity shell-wrote-file request-after / "
                  "process_created file_created request"},
        {.name = "which came first is not decided",
         .script = WORKER WMI "2998L write 99 " A "\n" BY_WMI,
         .found = "a.aspx low 38: pool-identity file-undecided same-pool / file_written "
                  "process_created"},
        {.name = "a deployment wrote it: points alone decide",
         .script =
             WORKER WMI "1800 user 71 1 CORP\\deploy robocopy.exe\n2000 write 71 " A "\n" BY_WMI,
         .found = "a.aspx low 30: pool-identity file same-pool deployment-writer deployment-near "
                  "/ file_created process_created"},
        {.name = "only its ending speaks for a web folder: points alone decide",
         .script = WORKER WMI "2000 write 99 D:\\sites\\a.aspx\n" BY_WMI,
         .is_unknown = true,
         .found = "a.aspx low 35: pool-identity file folder-possible / file_created "
                  "process_created"},
        {.name = "the baseline of behaviour has it",
         .script = WORKER WMI "2000 write 99 " A "\n" BY_WMI,
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .found = "ShopPool informational 0 partial: pool-identity usual / process_created"},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_to_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
