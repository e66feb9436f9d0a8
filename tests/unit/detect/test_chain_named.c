/*
 * Which of several files that fit a shell goes to. Expectations are made from what web servers do
 * (which files can be asked for), not from what is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define CONTROL "C:\\inetpub\\shop\\c.ascx"
#define VIEW "C:\\inetpub\\shop\\v.cshtml"
#define HONEST_VIEW "C:\\inetpub\\shop\\Views\\h.cshtml"
#define LIBRARY "C:\\inetpub\\shop\\bin\\x.dll"
#define DEPLOYED AGENT("1400") COPY_BY("1500", "70") "2000 write 71 " A "\n"
#define LATE_SHELL "30000000 start 20 10 cmd.exe cmd /c ver\n" /* 8 h 20 min after */
#define CROWD                                                                                      \
    {                                                                                              \
        A, 2500, 17, 0                                                                             \
    }

#define OF_WORKER(name) name " medium 70: shell file same-pool written-by-server / file_created "

static void what_the_server_wrote(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a control of the worker before a page of a deployment that all ask for",
         .script = WORKER DEPLOYED "2600 compiled 10 a.aspx.cdcab7d2.compiled\n"
                                   "29960000 write 10 " CONTROL "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = OF_WORKER("c.ascx") "process_created",
         .why = "a file of its kind is never asked for"},
        {.name = "a fresh page of the worker before one that it wrote long ago and all ask for",
         .script = WORKER "2000 write 10 " A "\n29960000 write 10 " B "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = OF_WORKER("b.aspx") "process_created"},
        {.name = "the view that came last, where neither can be asked for",
         .script = WORKER "2000 write 10 " HONEST_VIEW "\n29960000 write 10 " VIEW "\n" LATE_SHELL,
         .requests = {{A, 40000000, 1, 0}},
         .found = "v.cshtml medium 70: shell file same-pool written-by-server / candidate "
                  "file_created process_created",
         .why = "another file that fits: C:\\inetpub\\shop\\Views\\h.cshtml"},
        {.name = "exactly ten minutes before",
         .script = WORKER "2000 write 99 " A "\n29400000 write 10 " B "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = OF_WORKER("b.aspx") "process_created"},
        {.name = "longer before, where the log shows that nobody asked for it",
         .script = WORKER "2000 write 99 " A "\n29399999 write 10 " B "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created"},
        {.name = "longer before, of a kind that nobody can ask for",
         .script = WORKER "2000 write 99 " A "\n29399999 write 10 " LIBRARY "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = OF_WORKER("x.dll") "process_created"},
        {.name = "a page before a library, both fresh",
         .script = WORKER "29950000 write 10 " B "\n29960000 write 10 " LIBRARY "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = OF_WORKER("b.aspx") "candidate process_created"},
        {.name = "a page that one client asked for before what the worker wrote",
         .script = WORKER "2000 write 99 " A "\n29960000 write 10 " CONTROL "\n" LATE_SHELL,
         .requests = {{A, 2500, 3, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request candidate "
                  "process_created",
         .why = "another file that fits: C:\\inetpub\\shop\\c.ascx"},
        {.name = "a program among web files is brought by a page, and is none",
         .script =
             WORKER "2000 write 99 " A "\n29960000 write 10 C:\\inetpub\\shop\\t.exe\n" LATE_SHELL,
         .requests = {CROWD},
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "candidate process_created"},
        {.name = "an assumed other pool is no reason",
         .script = WORKER "2000 write 99 " A "\n29960000 write 10 " P "\n" LATE_SHELL,
         .requests = {CROWD},
         .is_assumed = true,
         .found = "a.aspx medium 65: shell file request-served / file_created request candidate "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

static void what_all_ask_for(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a page nobody asked for before one of a deployment that all ask for",
         .script = WORKER DEPLOYED "29000000 write 99 " B "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = "b.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "else the page that all ask for, which was changed in place",
         .script = WORKER "2000 write 99 " A "\n29000000 write 99 " B "\n" LATE_SHELL,
         .requests = {CROWD},
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created"},
        {.name = "one that was answered before is as one that all ask for",
         .script = WORKER "2000 write 10 " A "\n29960000 write 10 " B "\n" LATE_SHELL,
         .requests = {{A, 2500, 1, 1}},
         .found = OF_WORKER("b.aspx") "process_created"},
        {.name = "sixteen addresses are not all",
         .script = WORKER "2000 write 10 " A "\n29960000 write 10 " B "\n" LATE_SHELL,
         .requests = {{A, 2500, 16, 0}},
         .found = "a.aspx high 85: shell file request same-pool written-by-server / file_created "
                  "request candidate process_created"},
    };
    (void)state;
    RUN(CASES);
}

#define CALLED                                                                                     \
    {                                                                                              \
        A, 2500, 3, 0                                                                              \
    }
#define WITHOUT_OTHERS                                                                             \
    "a.aspx high 80: shell file request same-pool / file_created request process_created"

static void others(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "what anybody wrote shortly before",
         .script = WORKER "2000 write 99 " A "\n29960000 write 99 " B "\n" LATE_SHELL,
         .requests = {CALLED},
         .found = "a.aspx high 80: shell file request same-pool / file_created request candidate "
                  "process_created",
         .why = "b.aspx was written by"},
        {.name = "not longer before, where nothing speaks for it",
         .script = WORKER "2000 write 99 " A "\n29399999 write 99 " B "\n" LATE_SHELL,
         .requests = {CALLED},
         .found = WITHOUT_OTHERS},
        {.name = "but a name made to be overlooked does",
         .script = WORKER "2000 write 99 " A
                          "\n29399999 write 99 C:\\inetpub\\shop\\b.txt:c.asp\n" LATE_SHELL,
         .requests = {CALLED},
         .found = "a.aspx high 80: shell file request same-pool / file_created request candidate "
                  "process_created"},
        {.name = "what a deployment wrote is none",
         .script = WORKER "2000 write 99 " A "\n" AGENT("29940000")
             COPY_BY("29950000", "70") "29960000 write 71 " B "\n" LATE_SHELL,
         .requests = {CALLED},
         .found = WITHOUT_OTHERS},
        {.name = "nor what came while something was deployed",
         .script = WORKER "2000 write 99 " A "\n29950000 msi Contoso\n"
                          "29960000 write 99 " B "\n" LATE_SHELL,
         .requests = {CALLED},
         .found = WITHOUT_OTHERS},
        {.name = "nor what another finding has",
         .script = WORKER "2000 write 10 " B "\n" SHELL(3000) "9000 write 99 " A
                                                              "\n10000 start 21 10 cmd.exe\n",
         .requests = {{A, 9500, 3, 0}},
         .found = "b.aspx medium 70: shell file same-pool written-by-server / file_created "
                  "process_created\n" WITHOUT_OTHERS},
        {.name = "each once, however many shells",
         .script = WORKER "2000 write 99 " A "\n2100 write 10 " CONTROL
                          "\n" SHELL(3000) "3100 start 21 10 cmd.exe\n",
         .requests = {CALLED},
         .found = "a.aspx high 80: shell file request same-pool / file_created candidate request "
                  "process_created process_created"},
        {.name = "four, and how many more there are",
         .script = WORKER "2000 write 99 " A "\n2100 write 10 C:\\inetpub\\shop\\1.ascx\n"
                          "2110 write 10 C:\\inetpub\\shop\\2.ascx\n"
                          "2120 write 10 C:\\inetpub\\shop\\3.ascx\n"
                          "2130 write 10 C:\\inetpub\\shop\\4.ascx\n"
                          "2140 write 10 C:\\inetpub\\shop\\5.ascx\n"
                          "2150 write 10 C:\\inetpub\\shop\\6.ascx\n" SHELL(3000),
         .requests = {CALLED},
         .found = "a.aspx high 80: shell file request same-pool / file_created candidate candidate "
                  "candidate candidate request process_created",
         .why = "2 more files fit"},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_server_wrote),
        cmocka_unit_test(what_all_ask_for),
        cmocka_unit_test(others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
