/*
 * Habits: what recurs, what makes it none, and files that came beside. Expectations are made from
 * the rules of docs/DETECTIONS.md, with the ways somebody could hide behind a habit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "detect/chain/habit.h"
#include "tests/unit/detect/chain_scenario.h"

/* --- on a host ---------------------------------------------------------------------------------
 */

/* One run a day, an hour after the beginning, and a file six hours before it. */
#define R0 "3600000 start 100 10 cmd.exe cmd /c ver\n"
#define R1 "90000000 start 101 10 cmd.exe cmd /c ver\n"
#define R2 "176400000 start 102 10 cmd.exe cmd /c ver\n"
#define R3 "262800000 start 103 10 cmd.exe cmd /c ver\n"
#define R4 "349200000 start 104 10 cmd.exe cmd /c ver\n"
#define R5 "435600000 start 105 10 cmd.exe cmd /c ver\n"
#define R6 "522000000 start 106 10 cmd.exe cmd /c ver\n"
#define R7 "608400000 start 107 10 cmd.exe cmd /c ver\n"
#define R8 "694800000 start 108 10 cmd.exe cmd /c ver\n"
#define R9 "781200000 start 109 10 cmd.exe cmd /c ver\n"
#define TO_2 WORKER R0 R1 R2
#define TO_4 TO_2 R3 R4
#define TO_7 TO_4 R5 R6 R7
#define TO_9 TO_7 R8 R9
#define FILE_8 "673200000 write 99 " A "\n"
#define LOGS                                                                                       \
    {                                                                                              \
        0, 784800000                                                                               \
    }
#define TEN                                                                                        \
    " / process_created process_created process_created process_created process_created "          \
    "process_created process_created process_created process_created process_created"
#define USUAL_TEN "w3wp.exe low 30 partial: shell usual-here" TEN
#define UNUSUAL_TEN "w3wp.exe medium 50 partial: shell" TEN
#define NINE                                                                                       \
    " / process_created process_created process_created process_created process_created "          \
    "process_created process_created process_created process_created"
#define USUAL_NINE "w3wp.exe low 30 partial: shell usual-here" NINE
#define UNUSUAL_NINE "w3wp.exe medium 50 partial: shell" NINE
/* Nine, with the file and the run that came after it: what the reason is about. */
#define UNUSUAL_BEHIND                                                                             \
    "w3wp.exe medium 50 partial: shell / file_created process_created process_created "            \
    "process_created process_created process_created process_created process_created "             \
    "process_created process_created process_created"

static void habits(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "every day as long as the logs reach",
         .script = TO_9,
         .log_ms = LOGS,
         .found = USUAL_TEN,
         .why = "ran 10 times on 10 days"},
        {.name = "six days are no week",
         .script = TO_4 R5,
         .log_ms = {0, 439200000},
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created process_created",
         .why = "the command ran 6 times on 6 days (UTC) from 2020-09-13T13:26:40Z to "
                "2020-09-18T13:26:40Z and is no habit all the same: its first and its last "
                "day (UTC) lie within less than a week"},
        {.name = "four days are too few, however far apart",
         .script = WORKER R0 R2 R5 R8,
         .log_ms = LOGS,
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created",
         .not_why = "no habit all the same"},
        {.name = "five runs on four days",
         .script = WORKER R0 R2 R5 "439200000 start 130 10 cmd.exe cmd /c ver\n" R8,
         .log_ms = LOGS,
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created",
         .why = "the command ran 5 times on 4 days (UTC) from 2020-09-13T13:26:40Z to "
                "2020-09-21T13:26:40Z and is no habit all the same: it ran on fewer than five "
                "days (UTC)"},
        {.name = "seven days are",
         .script = TO_4 R5 R6,
         .log_ms = {0, 525600000},
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created"},
        {.name = "it began inside the evidence",
         .script = TO_9,
         .log_ms = {-86400000 * 3, 784800000},
         .found = UNUSUAL_TEN,
         .why = "the logs of commands begin well before its first run"},
        {.name = "and a pause before it that is as long as its own is none",
         .script = TO_9,
         .log_ms = {3600000 - 86400000, 784800000},
         .found = USUAL_TEN},
        {.name = "a millisecond more is one",
         .script = TO_9,
         .log_ms = {3600000 - 86400001, 784800000},
         .found = UNUSUAL_TEN},
        {.name = "it ended long ago",
         .script = TO_9,
         .log_ms = {0, 781200000 + 86400000 * 4},
         .found = UNUSUAL_TEN,
         .why = "it ended well before the logs of commands do"},
        {.name = "a long pause within",
         .script = WORKER R0 R1 R2 R3 "266400000 start 120 10 cmd.exe cmd /c ver\n270000000 start "
                                      "121 10 cmd.exe cmd /c ver\n" R9,
         .log_ms = LOGS,
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created",
         .why = "it came at irregular times"},
        {.name = "another command each day",
         .script = WORKER
         "3600000 start 100 10 cmd.exe cmd /c a\n90000000 start 101 10 cmd.exe cmd /c b\n"
         "176400000 start 102 10 cmd.exe cmd /c c\n262800000 start 103 10 cmd.exe cmd /c d\n"
         "349200000 start 104 10 cmd.exe cmd /c e\n435600000 start 105 10 cmd.exe cmd /c f\n"
         "522000000 start 106 10 cmd.exe cmd /c g\n",
         .log_ms = {0, 525600000},
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* What it did, who called it, what is not logged. */
static void circumstances(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "one of its runs tells of the machine",
         .script = TO_7 "608401000 start 200 107 whoami.exe whoami /all\n" R8 R9,
         .log_ms = LOGS,
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created\n"
                  "w3wp.exe medium 53 partial: shell discovery / process_created child_created "
                  "process_created process_created",
         .why = "of its run at 2020-09-20T13:26:40Z it is told that it tells of the machine"},
        {.name = "one of its first runs tells of the machine",
         .script = TO_2 "176401000 start 200 102 whoami.exe whoami /all\n" R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .found = "w3wp.exe medium 53 partial: shell discovery / process_created process_created "
                  "process_created child_created process_created process_created process_created "
                  "process_created process_created process_created process_created",
         .why = "is no habit all the same: it tells of the machine",
         .not_why = "told apart"},
        {.name = "each of its runs tells of the machine",
         .script = WORKER R0 "3601000 start 200 100 whoami.exe whoami\n" R1 R2 R3 R4 R5 R6 R7,
         .log_ms = LOGS,
         .found = "w3wp.exe medium 53 partial: shell discovery / process_created child_created "
                  "process_created process_created process_created process_created "
                  "process_created process_created process_created"},
        {.name = "one of its runs connects",
         .script = TO_7 "608401000 connect 107 203.0.113.9\n" R8 R9,
         .log_ms = LOGS,
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created\n"
                  "w3wp.exe medium 55 partial: shell network / process_created network "
                  "process_created process_created",
         .why = "that it connected"},
        {.name = "one of its runs starts what the others do not",
         .script = TO_7 "608401000 start 200 107 reg.exe reg query HKLM\\Software\\X\n" R8 R9,
         .log_ms = LOGS,
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created process_created child_created process_created process_created",
         .why = "and is no habit all the same, for what it started (1 time on 1 day (UTC)): it ran "
                "on fewer than five days (UTC)"},
        {.name = "all of them start the same",
         .script = TO_2 "176401000 start 200 102 reg.exe reg query X\n" R3
                        "262801000 start 201 103 reg.exe reg query X\n" R4
                        "349201000 start 202 104 reg.exe reg query X\n" R5
                        "435601000 start 203 105 reg.exe reg query X\n" R6
                        "522001000 start 204 106 reg.exe reg query X\n" R7
                        "608401000 start 205 107 reg.exe reg query X\n" R8
                        "694801000 start 206 108 reg.exe reg query X\n" R9
                        "781201000 start 207 109 reg.exe reg query X\n",
         .log_ms = {176400000 - 86400000, 784800000},
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created child_created process_created child_created process_created "
                  "child_created process_created child_created process_created child_created "
                  "process_created child_created process_created child_created process_created "
                  "child_created",
         .not_why = "usual-here"},
        {.name = "a page was asked for whenever it ran",
         .script = TO_9,
         .log_ms = LOGS,
         .is_called = true,
         .found = UNUSUAL_TEN,
         .why = "a page that is seldom asked for beside was asked for whenever it ran"},
        {.name = "no log of requests",
         .script = TO_9,
         .log_ms = LOGS,
         .has_no_requests_log = true,
         .found = UNUSUAL_TEN,
         .why = "no log of requests could show who called it"},
        {.name = "no command lines",
         .script = WORKER "3600000L start 100 10 cmd.exe -\n90000000L start 101 10 cmd.exe -\n"
                          "176400000L start 102 10 cmd.exe -\n262800000L start 103 10 cmd.exe -\n"
                          "349200000L start 104 10 cmd.exe -\n435600000L start 105 10 cmd.exe -\n"
                          "522000000L start 106 10 cmd.exe -\n",
         .log_ms = {0, 525600000},
         .found = "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

static void files_beside(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a file beside it",
         .script = TO_7 FILE_8 R8 R9,
         .log_ms = LOGS,
         .found = USUAL_TEN,
         .why = "beside: " A " was written 21600 s before it, but the command had run 8 times"},
        {.name = "a file beside it that was asked for in between",
         .script = TO_7 FILE_8 R8 R9,
         .log_ms = LOGS,
         .requests = {{A, 680000000, 2, 0}},
         .found = USUAL_TEN},
        {.name = "a file beside a habit that is not regular enough to be usual",
         .script = TO_7 FILE_8 R8 R9,
         .log_ms = {-86400000 * 3, 784800000},
         .found = UNUSUAL_TEN,
         .why = "it is not joined"},
        {.name = "the file was asked for as the shell started",
         .script = TO_7 FILE_8 R8 R9,
         .log_ms = LOGS,
         .requests = {{A, 694799500, 1, 0}},
         .found = "a.aspx high 85: shell file request request-rare same-pool / file_created "
                  "request process_created\n" USUAL_NINE,
         .why = "its file speaks for itself"},
        {.name = "twice it was asked for as the shell started",
         .script = TO_7 FILE_8 R8 "716400000 start 150 10 cmd.exe cmd /c ver\n" R9,
         .log_ms = LOGS,
         .requests = {{A, 694799500, 1, 0}, {A, 716399500, 1, 0}},
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created process_created\n"
                  "a.aspx high 85: shell file request request-rare same-pool / file_created "
                  "request process_created request_running process_created\n"
                  "w3wp.exe medium 50 partial: shell / file_created process_created "
                  "process_created"},
        {.name = "three seconds before it is not as it started",
         .script = TO_7 FILE_8 R8 R9,
         .log_ms = LOGS,
         .requests = {{A, 694797000, 1, 0}},
         .found = USUAL_TEN},
        {.name = "the file was compiled just before",
         .script = TO_7 FILE_8 "694795000 compiled 10 a.aspx.12345678.compiled\n" R8 R9,
         .log_ms = LOGS,
         .found = "a.aspx high 75: shell file compiled same-pool / file_created page_compiled "
                  "process_created\n" USUAL_NINE},
        {.name = "the web server itself wrote the file",
         .script = TO_7 "673200000 write 10 " A "\n" R8 R9,
         .log_ms = LOGS,
         .found = "a.aspx medium 70: shell file same-pool written-by-server / file_created "
                  "process_created\n" USUAL_NINE},
        {.name = "its time stamps were changed",
         .script = TO_7 FILE_8 "673201000 times 99 " A "\n" R8 R9,
         .log_ms = LOGS,
         .found = "a.aspx medium 70: shell file same-pool times-changed / file_created "
                  "file_times_changed process_created\n" USUAL_NINE},
        {.name = "a page that stands out before the fourth of its runs",
         .script = TO_2 "241200000 write 10 " A "\n" R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created process_created "
                  "process_created\n"
                  "a.aspx medium 70: shell file same-pool written-by-server / file_created "
                  "process_created\n"
                  "w3wp.exe medium 50 partial: shell / file_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created process_created"},
        {.name = "another command has no habit",
         .script = TO_7 FILE_8 "694700000 start 300 10 cmd.exe cmd /c dir\n" R8 R9,
         .log_ms = LOGS,
         .found =
             "a.aspx medium 65: shell file same-pool / file_created process_created\n" USUAL_TEN},
        {.name = "the file came before the first run",
         .script = WORKER "1800000 write 99 " A "\n" R0 R1 R2 R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .found = "a.aspx medium 65: shell file same-pool / file_created "
                  "process_created\n" UNUSUAL_BEHIND},
        {.name = "two runs before the file are too few",
         .script = WORKER R0 R1 "154800000 write 99 " A "\n" R2 R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created\n"
                  "w3wp.exe low 30 partial: shell usual-here / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created process_created process_created"},
        {.name = "three runs before it, of a habit that goes on, are enough",
         .script = TO_2 "241200000 write 99 " A "\n" R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .found = USUAL_TEN,
         .why = "beside: " A " was written 21600 s before it, but the command had run 3 times"},
        {.name = "three runs before it, of one that began inside the evidence, are not",
         .script = TO_2 "241200000 write 99 " A "\n" R3 R4 R5 R6 R7 R8 R9,
         .log_ms = {-86400000 * 3, 784800000},
         .found = "a.aspx medium 65: shell file same-pool / file_created "
                  "process_created\n" UNUSUAL_NINE},
    };
    (void)state;
    RUN(CASES);
}

/* A file before the first run, half an hour before it. */
#define DFSR "1100 system 50 4 C:\\Windows\\System32\\dfsrs.exe\n"
#define EARLY(pid) "1800000 write " #pid " " A "\n"
#define PUBLIC                                                                                     \
    {                                                                                              \
        {                                                                                          \
            A, 1900000, 20, 30                                                                     \
        }                                                                                          \
    }
#define BEHIND R0 R1 R2 R3 R4 R5 R6 R7 R8 R9
#define ONE_JOINED                                                                                 \
    "a.aspx medium 70: shell file request-served same-pool / file_created request "                \
    "process_created\n" UNUSUAL_BEHIND

static void files_before_the_first_run(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "replication, of a page that everybody asks for",
         .script = WORKER DFSR EARLY(50) BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = USUAL_TEN,
         .why = "beside: " A " was written 1800 s before it, but replication of folders (DFSR) "
                "wrote it, and more than 16 addresses ask for it: it is not joined"},
        {.name = "a backup agent in its place",
         .script = WORKER "1100 system 50 4 C:\\Windows\\System32\\wbengine.exe\n" EARLY(50) BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = USUAL_TEN,
         .why = "but Windows Server Backup wrote it, and more than 16"},
        {.name = "robocopy",
         .script =
             WORKER AGENT("1100") "1100 user 50 70 CORP\\deploy robocopy.exe\n" EARLY(50) BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = USUAL_TEN,
         .why = "but robocopy wrote it, and more than 16"},
        {.name = "replication of a page that nobody is seen to ask for",
         .script = WORKER DFSR EARLY(50) BEHIND,
         .log_ms = LOGS,
         .found = "a.aspx medium 65: shell file same-pool / file_created "
                  "process_created\n" UNUSUAL_BEHIND},
        {.name = "anybody, of a page that everybody asks for",
         .script = WORKER EARLY(99) BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = ONE_JOINED,
         .why = "a file among web files came before its first run: " A ", written at "
                "2020-09-13T12:56:40Z, before the run at 2020-09-13T13:26:40Z"},
        {.name = "sixteen addresses are not everybody",
         .script = WORKER DFSR EARLY(50) BEHIND,
         .log_ms = LOGS,
         .requests = {{A, 1900000, 16, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created\n" UNUSUAL_BEHIND},
        {.name = "anybody, on three days, of such a page",
         .script = WORKER EARLY(99) R0 "88200000 write 99 " A "\n" R1 "174600000 write 99 " A
                                       "\n" R2 R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = USUAL_TEN,
         .why = "but the same writer wrote it on 3 days, and more than 16 addresses ask for it"},
        {.name = "on two days",
         .script = WORKER EARLY(99) R0 "88200000 write 99 " A "\n" R1 R2 R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created file_created process_created\n"
                  "w3wp.exe medium 50 partial: shell / file_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created process_created process_created process_created"},
        {.name = "replication on three days",
         .script = WORKER DFSR EARLY(50) R0 "88200000 write 50 " A "\n" R1 "174600000 write 50 " A
                                            "\n" R2 R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .found = USUAL_TEN,
         .why = "but replication of folders (DFSR) wrote it, and the same writer wrote it on 3 "
                "days: it"},
        {.name = "replication, and somebody else too",
         .script = WORKER DFSR EARLY(50) "1850000 write 99 " A "\n" BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created "
                  "file_created request process_created\n" UNUSUAL_BEHIND},
        {.name = "replication, of a page that was asked for whenever it ran",
         .script = WORKER DFSR EARLY(50) BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .is_called = true,
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created\n" UNUSUAL_NINE,
         .why = "a page that is seldom asked for beside was asked for whenever it ran"},
        {.name = "a program elsewhere that is named like replication",
         .script = WORKER "1100 system 50 4 C:\\Users\\Public\\dfsrs.exe\n" EARLY(50) BEHIND,
         .log_ms = LOGS,
         .requests = PUBLIC,
         .found = ONE_JOINED},
        {.name = "no log of requests",
         .script = WORKER DFSR EARLY(50) R0 "88200000 write 50 " A "\n" R1 "174600000 write 50 " A
                                            "\n" R2 R3 R4 R5 R6 R7 R8 R9,
         .log_ms = LOGS,
         .has_no_requests_log = true,
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created "
                  "file_created process_created file_created process_created\n"
                  "w3wp.exe medium 50 partial: shell / process_created process_created "
                  "process_created process_created process_created process_created "
                  "process_created",
         .why = "no log of requests could show who called it"},
        {.name = "learned from what is hunted, with such a file beside",
         .script = WORKER DFSR EARLY(50) R0,
         .requests = PUBLIC,
         .behaviour = IW_BEHAVIOUR_KNOWN_HERE,
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created"},
        {.name = "one run is no habit",
         .script = WORKER DFSR EARLY(50) R0,
         .requests = PUBLIC,
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* Many runs of five days are no habit of a week, but they are not the page's either. And of what
 * one of them did, or of another page's, nothing is hidden by more runs than are shown. */
static void a_file_before_many_runs(void **state)
{
    struct chain_rig rig;
    struct chain_request public = {
        .path = A, .begin_ms = 1900000, .n_addresses = 20, .n_before = 30};
    char line[128];
    (void)state;
    for (int odd = 0; odd < 2; odd++) {
        rig_init(&rig);
        rig.requests = &public;
        rig.n_requests = 1;
        rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].first_ns = CHAIN_EPOCH_NS;
        rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].last_ns = CHAIN_EPOCH_NS + 5 * DAY_MS * MS;
        rig_begin(&rig);
        rig_script(&rig, WORKER DFSR);
        for (int i = 0; i < 60; i++) { /* every two hours for five days; the page each night */
            if (i % 12 == 0) {
                (void)snprintf(line, sizeof line, "%lld write 50 " A "\n",
                               1800000LL + i / 12 * DAY_MS);
                rig_script(&rig, line);
            }
            (void)snprintf(line, sizeof line, "%lld start %d 10 cmd.exe cmd /c ver\n",
                           3600000LL + i * 7200000LL, 1000 + i);
            rig_script(&rig, line);
            if (odd != 0 && i == 50)
                rig_script(&rig, "363700000 start 5000 1050 whoami.exe whoami\n");
        }
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        assert_int_equal(rig.findings[0].level, IW_LEVEL_MEDIUM);
        assert_true(iw_str_equal(rig.findings[0].subject_type,
                                 odd != 0 ? IW_STR("file") : IW_STR("process")));
        assert_true(rig_says(&rig.findings[0].why, "60 programs were started"));
        assert_true(rig_says(&rig.findings[0].why,
                             odd != 0 ? "it tells of the machine" : "less than a week"));
        rig_done(&rig);
    }
}

static void baselines(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "what it starts is in no baseline",
         .script = WORKER SHELL(3000) "3500 start 21 20 reg.exe reg query X\n",
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .unknown_image = "reg.exe",
         .found = "w3wp.exe medium 50 partial: shell / process_created child_created"},
        {.name = "what runs as a pool's account without a parent is asked about too",
         .script = WORKER "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                          "3000 start 20 12 powershell.exe powershell\n",
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .found = "ShopPool informational 0 partial: pool-identity usual / process_created"},
        {.name = "what it starts is in the baseline too",
         .script = WORKER SHELL(3000) "3500 start 21 20 reg.exe reg query X\n",
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .found = "w3wp.exe informational 10 partial: shell usual / process_created child_created"},
        {.name = "a file came beside it",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .found = "w3wp.exe informational 10 partial: shell usual / process_created",
         .why = "the baseline of behaviour has the command: it is not joined"},
        {.name = "a file that was asked for as it started",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .requests = {{A, 2500, 1, 0}},
         .found = "a.aspx high 85: shell file request request-rare same-pool / file_created "
                  "request process_created"},
        {.name = "learned inside of what is hunted, a file is a reason all the same",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN_HERE,
         .found = "a.aspx low 45: shell file same-pool usual-here / file_created process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* A page that stands out makes the runs behind it doubtful, not those before it. */
static void runs_before_a_page(void **state)
{
    struct chain_rig rig;
    char line[128];
    (void)state;
    for (int called = 0; called < 2; called++) {
        const struct iw_finding *low, *doubt;
        rig_init(&rig);
        rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].first_ns = CHAIN_EPOCH_NS;
        rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].last_ns = CHAIN_EPOCH_NS + 12 * DAY_MS * MS;
        rig.is_called = called != 0;
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (int i = 0; i < 96; i++) { /* every three hours for twelve days; a page on the third */
            if (i == 16)
                rig_script(&rig, "175200000 write 10 " A "\n");
            (void)snprintf(line, sizeof line, "%lld start %d 10 cmd.exe cmd /c ver\n",
                           3600000LL + i * 10800000LL, 1000 + i);
            rig_script(&rig, line);
        }
        rig_end(&rig);
        /* Where a page was asked for whenever it ran it never was a habit: that is told once. */
        assert_int_equal(rig.n_findings, called != 0 ? 2 : 3);
        low = &rig.findings[0];
        doubt = &rig.findings[rig.n_findings - 1];
        if (called != 0) {
            assert_int_equal(doubt->level, IW_LEVEL_MEDIUM);
            assert_true(rig_says(&doubt->why, "88 programs were started"));
            assert_true(rig_says(&doubt->why, "was asked for whenever it ran"));
            assert_false(rig_says(&doubt->why, "told apart"));
            rig_done(&rig);
            continue;
        }
        assert_int_equal(low->level, IW_LEVEL_LOW);
        assert_true(rig_says(&low->why, "16 programs were started"));
        assert_true(rig_says(&low->why, "ran 96 times on 13 days (UTC)"));
        assert_true(rig_says(&low->why, A " was written at 2020-09-15T13:06:40Z: from then on its "
                                          "runs are in doubt, and told apart"));
        assert_true(low->last_time_ns < CHAIN_EPOCH_NS + 175200000 * MS);
        assert_int_equal(doubt->level, IW_LEVEL_MEDIUM);
        assert_true(rig_says(&doubt->why, "72 programs were started"));
        assert_true(rig_says(&doubt->why, "a page that stands out came before one of its runs: " A
                                          ", written at 2020-09-15T13:06:40Z, before the run at "
                                          "2020-09-15T13:26:40Z"));
        assert_true(iw_str_equal(doubt->evidence[0].role, IW_STR("file_created")));
        assert_true(doubt->evidence[1].time_ns == CHAIN_EPOCH_NS + 176400000 * MS);
        assert_int_equal(doubt->n_evidence, IW_LIMIT_CHAIN_SHELLS + 2);
        rig_done(&rig);
    }
}

/* Two days before a page are no habit: their own reason is told, and not the page. */
static void too_few_runs_before_a_page(void **state)
{
    struct chain_rig rig;
    char line[128];
    (void)state;
    rig_init(&rig);
    rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].first_ns = CHAIN_EPOCH_NS;
    rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].last_ns = CHAIN_EPOCH_NS + 4 * DAY_MS * MS;
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < 32; i++) {
        if (i == 16)
            rig_script(&rig, "175200000 write 10 " A "\n");
        (void)snprintf(line, sizeof line, "%lld start %d 10 cmd.exe cmd /c ver\n",
                       3600000LL + i * 10800000LL, 1000 + i);
        rig_script(&rig, line);
    }
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct iw_finding *one = &rig.findings[i];
        if (!iw_str_equal(one->subject_type, IW_STR("process")))
            continue;
        assert_int_equal(one->level, IW_LEVEL_MEDIUM);
        assert_int_equal(one->n_evidence, 24);
        assert_true(rig_says(&one->why, "32 times on 5 days (UTC)"));
        assert_true(rig_says(&one->why, "lie within less than a week"));
        assert_false(rig_says(&one->why, "a.aspx, written"));
    }
    rig_done(&rig);
}

/* Of a page that came as pages do, one other command is left; what recurs goes, shown or not. */
static void others_stay_with_the_page(void **state)
{
    struct chain_rig rig;
    struct chain_request public = {
        .path = A, .begin_ms = 1900000, .n_addresses = 20, .n_before = 30};
    char line[128];
    (void)state;
    rig_init(&rig);
    rig.requests = &public;
    rig.n_requests = 1;
    rig_begin(&rig);
    rig_script(&rig, WORKER DFSR EARLY(50));
    for (int i = 0; i < 80; i++) {
        if (i == 5)
            rig_script(&rig, "5500000 start 4000 10 cmd.exe cmd /c dir\n");
        if (i != 0 && i % 16 == 0) {
            (void)snprintf(line, sizeof line, "%lld write 50 " A "\n",
                           3600000LL + i * 5400000LL - 1000000);
            rig_script(&rig, line);
        }
        (void)snprintf(line, sizeof line, "%lld start %d 10 cmd.exe cmd /c ver\n",
                       3600000LL + (i < 5 ? i * 300000LL : i * 5400000LL), 1000 + i);
        rig_script(&rig, line);
    }
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 2);
    for (size_t i = 0; i < 2; i++) {
        bool is_page = iw_str_equal(rig.findings[i].subject_type, IW_STR("file"));
        assert_true(is_page || rig_says(&rig.findings[i].why, "80 programs were started"));
        assert_true(is_page || rig_says(&rig.findings[i].why, "replication of folders"));
        assert_false(is_page && rig_says(&rig.findings[i].why, "programs were started"));
        assert_true(!is_page || rig.findings[i].last_time_ns == CHAIN_EPOCH_NS + 5500000 * MS);
    }
    rig_done(&rig);
}

/* More shells than a chain shows are judged by what is kept of them. */
static void hidden_runs(void **state)
{
    struct chain_rig rig;
    char line[128];
    (void)state;
    for (int odd = 0; odd < 2; odd++) {
        rig_init(&rig);
        rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].first_ns = CHAIN_EPOCH_NS;
        rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].last_ns = CHAIN_EPOCH_NS + 10 * DAY_MS * MS;
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (int i = 0; i < 80; i++) { /* every three hours for ten days, a file on the sixth */
            if (i == 48)
                rig_script(&rig, "517500000 write 99 " A "\n");
            (void)snprintf(line, sizeof line, "%lld start %d 10 cmd.exe cmd /c ver\n",
                           3600000LL + i * 10800000LL, 1000 + i);
            rig_script(&rig, line);
            if (odd != 0 && i == 70)
                rig_script(&rig, "759700000 start 5000 1070 whoami.exe whoami\n");
        }
        rig_end(&rig);
        assert_int_equal(rig.n_findings, odd != 0 ? 2 : 1);
        assert_int_equal(rig.findings[0].level, IW_LEVEL_LOW);
        assert_true(rig_says(&rig.findings[0].why,
                             odd != 0 ? "70 programs were started" : "80 programs were started"));
        assert_int_equal(rig.n_caller_asks, 1);
        if (odd != 0) { /* the odd run and those behind it, at its time */
            assert_int_equal(rig.findings[1].level, IW_LEVEL_MEDIUM);
            assert_true(rig_says(&rig.findings[1].why, "10 programs were started"));
            assert_int_equal(rig.findings[1].first_time_ns, CHAIN_EPOCH_NS + 759600000 * MS);
        }
        rig_done(&rig);
    }
}

/* What does not recur is shown past what does. */
static void rare_runs_are_shown(void **state)
{
    struct chain_rig rig;
    char line[128];
    bool is_there = false;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < 60; i++) {
        (void)snprintf(line, sizeof line, "%d start %d 10 cmd.exe cmd /c ver\n", 2000 + i * 1000,
                       1000 + i);
        rig_script(&rig, line);
    }
    rig_script(&rig, "90000 start 3000 10 cmd.exe cmd /c copy a b\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_true(rig_says(&rig.findings[0].why, "61 programs were started"));
    assert_true(rig_says(&rig.findings[0].why, "33 of them are shown"));
    assert_int_equal(rig.findings[0].n_evidence, IW_LIMIT_CHAIN_SHELLS + 1);
    for (size_t i = 0; i < rig.findings[0].n_evidence; i++)
        is_there |=
            iw_str_holds_nocase(rig.findings[0].evidence[i].fields_json, IW_STR("copy a b"));
    assert_true(is_there);
    rig_done(&rig);
}

/* --- the table alone ---------------------------------------------------------------------------
 */

#define DAY_NS (86400 * IW_NS_PER_SECOND)

static struct iw_habit *find_one(struct iw_habits *habits, const char *shape)
{
    struct iw_habit *habit;
    assert_int_equal(iw_habits_find(habits, NULL, IW_STR("Pool"), IW_STR("C:\\cmd.exe"),
                                    iw_str_of(shape), &habit),
                     IW_OK);
    return habit;
}

static void keys(void **state)
{
    struct iw_habits habits;
    struct iw_habit *one, *other;
    (void)state;
    iw_habits_init(&habits);
    one = find_one(&habits, "cmd /c ver");
    assert_ptr_equal(find_one(&habits, "cmd /c ver"), one);
    assert_ptr_not_equal(find_one(&habits, "cmd /c ver2"), one);
    assert_int_equal(iw_habits_find(&habits, NULL, IW_STR("POOL"), IW_STR("c:\\CMD.exe"),
                                    IW_STR("cmd /c ver"), &other),
                     IW_OK);
    assert_ptr_equal(other, one);
    /* Lengths are part of the key: no two splits of one text are one. */
    assert_int_equal(iw_habits_find(&habits, NULL, IW_STR("Poo"), IW_STR("lC:\\cmd.exe"),
                                    IW_STR("cmd /c ver"), &other),
                     IW_OK);
    assert_ptr_not_equal(other, one);
    assert_int_equal(iw_habits_find(&habits, one, IW_STR("Pool"), IW_STR("C:\\cmd.exe"),
                                    IW_STR("cmd /c ver"), &other),
                     IW_OK);
    assert_ptr_not_equal(other, one);
    assert_null(find_one(&habits, ""));
    assert_int_equal(one->shape.n, 0); /* texts are not kept unless somebody wants them */
    iw_habits_done(&habits);
}

static void the_limit(void **state)
{
    struct iw_habits habits;
    char shape[32];
    (void)state;
    iw_habits_init(&habits);
    for (unsigned i = 0; i < IW_LIMIT_CHAIN_HABITS; i++) {
        (void)snprintf(shape, sizeof shape, "command %u", i);
        assert_non_null(find_one(&habits, shape));
    }
    assert_int_equal(habits.n_not_kept, 0);
    assert_null(find_one(&habits, "one more"));
    assert_int_equal(habits.n_not_kept, 1);
    assert_non_null(find_one(&habits, "command 7"));
    iw_habits_clear(&habits);
    assert_int_equal(habits.n_not_kept, 0);
    assert_non_null(find_one(&habits, "one more"));
    iw_habits_done(&habits);
}

static void runs_before_a_moment(void **state)
{
    struct iw_habits habits;
    struct iw_habit *habit;
    (void)state;
    iw_habits_init(&habits);
    habit = find_one(&habits, "x");
    /* Every hour for fifty days: more than both rings hold. */
    for (int64_t i = 0; i < 50 * 24; i++)
        iw_habit_run(habit, i * 3600 * IW_NS_PER_SECOND);
    assert_int_equal(habit->n_days, 50);
    assert_int_equal(iw_habit_runs_before(habit, 1199 * 3600 * IW_NS_PER_SECOND), 1199);
    assert_int_equal(iw_habit_runs_before(habit, 1199 * 3600 * IW_NS_PER_SECOND + 1), 1200);
    /* Beyond the times that are kept: up to the end of the day before. */
    assert_int_equal(iw_habit_runs_before(habit, 40 * DAY_NS + 5), 40 * 24);
    /* Beyond the days that are kept: nobody knows, so none. */
    assert_int_equal(iw_habit_runs_before(habit, 3 * DAY_NS), 0);
    assert_true(iw_habit_was_before(habit, 49 * DAY_NS));
    assert_true(iw_habit_was_before(habit, 20 * DAY_NS));
    assert_false(iw_habit_was_before(habit, 3 * DAY_NS));
    iw_habit_spoil(habit, "odd");
    iw_habit_spoil(habit, "odder");
    assert_string_equal(habit->odd, "odd");
    assert_false(iw_habit_was_before(habit, 49 * DAY_NS));
    iw_habit_spoil(NULL, "nothing");
    iw_habits_done(&habits);
}

static void before_a_file(void **state)
{
    static const struct {
        int n, every_hours;
        int64_t at_hour;
        bool is_before;
    } CASES[] = {
        {7, 24, 168, true},  /* a week, on seven days, the next is due */
        {7, 24, 167, false}, /* an hour less than a week */
        {7, 24, 216, true},  /* two days later it may have been late */
        {7, 24, 217, false}, /* three pauses later it is over */
        {4, 48, 192, false}, /* four days only */
        {5, 48, 216, true},  /* five days within more than a week */
        {24, 3, 72, true},   /* many times on three days before */
        {23, 3, 72, false},  /* one less */
        {24, 1, 24, false},  /* many times on one day */
        {200, 1, 200, true}, /* of the last hours alone the times are kept */
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_habits habits;
        struct iw_habit *habit;
        bool is_before;
        iw_habits_init(&habits);
        habit = find_one(&habits, "x");
        for (int64_t k = 0; k < CASES[i].n; k++)
            iw_habit_run(habit, k * CASES[i].every_hours * 3600 * IW_NS_PER_SECOND);
        is_before = iw_habit_was_before(habit, CASES[i].at_hour * 3600 * IW_NS_PER_SECOND);
        if (is_before != CASES[i].is_before)
            print_error("case %zu\n", i);
        assert_int_equal(is_before, CASES[i].is_before);
        iw_habits_done(&habits);
    }
}

/* Its latest 32 runs are known by their times: that all of these came behind a file does not make
 * it the first run that did. */
static void what_ran_before_a_file_did(void **state)
{
    struct chain_rig rig;
    char line[64];
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < 70; i++) {
        if (i == 25)
            rig_script(&rig, "14900000 write 99 " A "\n");
        (void)snprintf(line, sizeof line, "%d start %d 10 cmd.exe cmd /c job\n", 600000 * i + 2000,
                       100 + i);
        rig_script(&rig, line);
    }
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(rig_says(&rig.findings[i].why, "no habit all the same"));
        assert_false(rig_says(&rig.findings[i].why, "before its first run"));
    }
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(habits),
        cmocka_unit_test(circumstances),
        cmocka_unit_test(files_beside),
        cmocka_unit_test(files_before_the_first_run),
        cmocka_unit_test(a_file_before_many_runs),
        cmocka_unit_test(baselines),
        cmocka_unit_test(runs_before_a_page),
        cmocka_unit_test(too_few_runs_before_a_page),
        cmocka_unit_test(others_stay_with_the_page),
        cmocka_unit_test(hidden_runs),
        cmocka_unit_test(rare_runs_are_shown),
        cmocka_unit_test(keys),
        cmocka_unit_test(the_limit),
        cmocka_unit_test(runs_before_a_moment),
        cmocka_unit_test(before_a_file),
        cmocka_unit_test(what_ran_before_a_file_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
