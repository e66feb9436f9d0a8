/*
 * Programs that the web server wrote and that are run then: links wherever they lie.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define FOUND "w3wp.exe medium 60 partial: shell written-then-run / file_created process_created"
#define WRITTEN_THEN_RUN(path) WORKER "2000 write 10 " path "\n3000 start 20 10 " path " u -c 1\n"

static void written_then_run(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "in a folder of the application",
         .script = WRITTEN_THEN_RUN("D:\\Data\\u.exe"),
         .found = FOUND,
         .why = "the web server itself wrote D:\\Data\\u.exe 1000 ms before it was run"},
        {.name = "in a folder of Windows that anybody may write to",
         .script = WRITTEN_THEN_RUN("C:\\Windows\\tracing\\u.exe"),
         .found = FOUND},
        {.name = "in the profile of the pool",
         .script = WRITTEN_THEN_RUN("C:\\Users\\ShopPool\\AppData\\Local\\u.exe"),
         .found = FOUND},
        {.name = "in a stream of another file",
         .script = WRITTEN_THEN_RUN("D:\\Data\\readme.txt:u.exe"),
         .found = FOUND},
        {.name = "another stream than that",
         .script = WORKER "2000 write 10 D:\\Data\\readme.txt:u.exe\n"
                          "3000 start 20 10 D:\\Data\\readme.txt:v.exe v\n",
         .found = ""},
        {.name = "spelt otherwise",
         .script = WORKER "2000 write 10 \\\\?\\D:\\Data\\..\\Data\\U.EXE\n"
                          "3000 start 20 10 D:\\Data\\u.exe u\n",
         .found = FOUND},
        {.name = "told by the audit",
         .script = WORKER "2000L write 10 D:\\Data\\u.exe\n3000 start 20 10 D:\\Data\\u.exe u\n",
         .found = "w3wp.exe medium 60 partial: shell written-then-run / file_written "
                  "process_created"},
        {.name = "exactly 24 hours later",
         .script = WORKER "2000 write 10 D:\\Data\\u.exe\n86402000 start 20 10 D:\\Data\\u.exe u\n",
         .found = FOUND},
        {.name = "and a millisecond",
         .script = WORKER "2000 write 10 D:\\Data\\u.exe\n86402001 start 20 10 D:\\Data\\u.exe u\n",
         .found = ""},
        {.name = "run before it was written",
         .script = WORKER "2000 start 20 10 D:\\Data\\u.exe u\n3000 write 10 D:\\Data\\u.exe\n",
         .found = ""},
        {.name = "somebody else wrote it",
         .script = WORKER "2000 write 99 D:\\Data\\u.exe\n3000 start 20 10 D:\\Data\\u.exe u\n",
         .found = ""},
        {.name = "somebody else runs it",
         .script = WORKER "2000 write 10 D:\\Data\\u.exe\n"
                          "2500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
                          "3000 user 20 30 CORP\\bob D:\\Data\\u.exe u\n",
         .found = ""},
        {.name = "by WMI, as the pool's account",
         .script =
             WORKER "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n2000 write 10 D:\\Data\\u.exe\n"
                    "3000 start 20 12 D:\\Data\\u.exe u\n",
         .found = "ShopPool low 40 partial: pool-identity written-then-run / file_created "
                  "process_created"},
        {.name = "it is no program by its name: what it runs is not known",
         .script = WORKER "2000 write 10 D:\\Data\\u.bin\n3000 start 20 10 D:\\Data\\u.bin u\n",
         .found = ""},
        {.name = "a page before",
         .script = WORKER "1500 write 10 " A "\n2000 write 10 D:\\Data\\u.exe\n"
                          "3000 start 20 10 D:\\Data\\u.exe u\n",
         .found = "a.aspx high 80: shell file same-pool written-by-server written-then-run / "
                  "file_created file_created process_created"},
        {.name = "among web files: one writing, told once",
         .script = WRITTEN_THEN_RUN("C:\\inetpub\\shop\\u.exe"),
         .found = "u.exe high 80: shell file same-pool written-by-server written-then-run / "
                  "file_created process_created"},
        {.name = "run twice: written once",
         .script = WRITTEN_THEN_RUN("D:\\Data\\u.exe") "4000 start 21 10 D:\\Data\\u.exe u -c 2\n",
         .found = "w3wp.exe medium 60 partial: shell written-then-run / file_created "
                  "process_created process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* The oldest of more than are known is forgotten, and counted. */
static void more_than_are_known(void **state)
{
    for (unsigned more = 0; more < 2; more++) {
        struct chain_rig rig;
        char line[128];
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (unsigned i = 0; i < IW_LIMIT_CHAIN_BROUGHT + more; i++) {
            (void)snprintf(line, sizeof line, "%u write 10 D:\\Data\\u%u.exe\n", 2000 + i, i);
            rig_script(&rig, line);
        }
        rig_script(&rig, "9000 start 20 10 D:\\Data\\u0.exe u\n");
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1 - more);
        assert_int_equal(iw_chains_account(rig.chains).n_brought_forgotten, more);
        rig_done(&rig);
    }
    (void)state;
}

#define DLL "C:\\Windows\\Temp\\1683.dll"
#define LOADED                                                                                     \
    "w3wp.exe medium 60 partial: shell written-then-loaded / file_created module_load "            \
    "process_created"

static void written_then_loaded(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "wherever it lies",
         .script = WORKER "2000 write 10 " DLL "\n2500 load 10 " DLL "\n" SHELL(3000),
         .found = LOADED,
         .why =
             "its worker loaded C:\\Windows\\Temp\\1683.dll 500 ms before it, which the web server "
             "itself had written 500 ms before that"},
        {.name = "at the time of the shell",
         .script = WORKER "2000 write 10 " DLL "\n3000 load 10 " DLL "\n" SHELL(3000),
         .found = LOADED},
        {.name = "exactly ten minutes before",
         .script = WORKER "2000 write 10 " DLL "\n3000 load 10 " DLL "\n" SHELL(603000),
         .found = LOADED},
        {.name = "and a millisecond",
         .script = WORKER "2000 write 10 " DLL "\n3000 load 10 " DLL "\n" SHELL(603001),
         .found = ALONE},
        {.name = "by all shells behind it, each once",
         .script = WORKER "2000 write 10 " DLL "\n2500 load 10 " DLL
                          "\n" SHELL(3000) "3100 start 21 10 cmd.exe\n",
         .found = LOADED " process_created"},
        {.name = "after the shell",
         .script = WORKER "2000 write 10 " DLL "\n" SHELL(3000) "3001 load 10 " DLL "\n",
         .found = ALONE},
        {.name = "by another worker",
         .script = WORKER "1000 worker 11 ShopPool\n2000 write 10 " DLL "\n2500 load 11 " DLL
                          "\n" SHELL(3000),
         .found = ALONE},
        {.name = "somebody else wrote it",
         .script = WORKER "2000 write 99 " DLL "\n2500 load 10 " DLL "\n" SHELL(3000),
         .found = ALONE},
        {.name = "a copy that ASP.NET keeps",
         .script =
             WORKER "2000 write 10 C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                    "Temporary ASP.NET Files\\root\\1\\2\\assembly\\dl3\\1\\2\\x.dll\n"
                    "2500 load 10 C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                    "Temporary ASP.NET Files\\root\\1\\2\\assembly\\dl3\\1\\2\\x.dll\n" SHELL(3000),
         .found = ALONE},
        {.name = "beside a page that explains the shell",
         .script = WORKER "1500 write 99 " A "\n2000 write 10 " DLL "\n2500 load 10 " DLL
                          "\n" SHELL(3000),
         .found = "a.aspx high 75: shell file same-pool written-then-loaded / file_created "
                  "file_created module_load process_created"},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_then_run),
        cmocka_unit_test(written_then_loaded),
        cmocka_unit_test(more_than_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
