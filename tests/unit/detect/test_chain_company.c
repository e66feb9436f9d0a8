/*
 * Pages that came by the way: restored by a backup, or one of many that one writer wrote, and asked
 * for by all the world. A shell that does nothing odd is not theirs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

/* Ten files of one writer. */
#define FILE_OF(ms, pid, name) ms " write " pid " C:\\inetpub\\shop\\" name "\n"
#define TEN_OF(ms, pid, x)                                                                         \
    FILE_OF(ms, pid, x "0.config")                                                                 \
    FILE_OF(ms, pid, x "1.config")                                                                 \
    FILE_OF(ms, pid, x "2.config")                                                                 \
    FILE_OF(ms, pid, x "3.config")                                                                 \
    FILE_OF(ms, pid, x "4.config")                                                                 \
    FILE_OF(ms, pid, x "5.config")                                                                 \
    FILE_OF(ms, pid, x "6.config")                                                                 \
    FILE_OF(ms, pid, x "7.config")                                                                 \
    FILE_OF(ms, pid, x "8.config")                                                                 \
    FILE_OF(ms, pid, x "9.config")
#define MANY(ms, pid) TEN_OF(ms, pid, "y") TEN_OF(ms, pid, "z")
#define BACKUP "1100 system 50 4 C:\\Windows\\System32\\wbengine.exe\n"
#define REPLICATION "1100 system 50 4 C:\\Windows\\System32\\dfsrs.exe\n"
#define LATER(command) "1202000 start 20 10 cmd.exe " command "\n"
#define PUBLIC                                                                                     \
    {                                                                                              \
        {                                                                                          \
            .path = A, .begin_ms = 100000, .n_addresses = 20                                       \
        }                                                                                          \
    }
#define OF_ALL "a.aspx medium 70: shell file request-served same-pool / "

static void restored(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a backup brought a page of the public back",
         .script = WORKER BACKUP "2000 write 50 " A "\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = ALONE,
         .why = "beside: " A " was written 1200 s before it, but Windows Server Backup wrote it, "
                "and more than 16 addresses ask for it: it is not joined"},
        {.name = "whose shell looks around",
         .script = WORKER BACKUP
         "2000 write 50 " A "\n" LATER("cmd /c ver") "1202100 start 21 20 whoami.exe whoami /all\n",
         .requests = PUBLIC,
         .found = "a.aspx medium 73: shell file request-served same-pool discovery / file_created "
                  "request process_created child_created"},
        {.name = "that few ask for",
         .script = WORKER BACKUP "2000 write 50 " A "\n" LATER("cmd /c ver"),
         .requests = {{.path = A, .begin_ms = 100000, .n_addresses = 16}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created"},
        {.name = "that somebody else wrote too",
         .script = WORKER BACKUP "1900 write 99 " A "\n2000 write 50 " A "\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = OF_ALL "file_created file_created request process_created"},
        {.name = "that was compiled as the shell came",
         .script = WORKER BACKUP
         "2000 write 50 " A "\n1195000 compiled 10 a.aspx.cdcab7d2.compiled\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = "a.aspx high 80: shell file request-served compiled same-pool / file_created "
                  "request page_compiled process_created"},
        {.name = "whose time stamps were changed",
         .script = WORKER BACKUP "2000 write 50 " A "\n2100 times 50 " A "\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = "a.aspx high 75: shell file request-served same-pool times-changed / "
                  "file_created file_times_changed request process_created"},
        {.name = "replication brings what somebody wrote elsewhere",
         .script = WORKER REPLICATION "2000 write 50 " A "\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = OF_ALL "file_created request process_created"},
    };
    (void)state;
    RUN(CASES);
}

static void of_many(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "an updater of the web server's own",
         .script = WORKER "2000 write 10 " A "\n" MANY("2000", "10") LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = ALONE,
         .why = "but its writer wrote 21 such files within ten minutes, and more than 16 addresses "
                "ask for it: it is not joined"},
        {.name = "files behind the shell are no company",
         .script = WORKER "2000 write 10 " A "\n" TEN_OF(
             "2000", "10", "y") "300000 start 20 10 "
                                "cmd.exe cmd /c ver\n" TEN_OF("301000", "10", "z"),
         .requests = PUBLIC,
         .found = "a.aspx high 75: shell file request-served same-pool written-by-server / "
                  "candidate candidate candidate candidate file_created request process_created"},
        {.name = "one of them is asked for by few",
         .script = WORKER "2000 write 10 " A "\n" MANY("2000", "10") LATER("cmd /c ver"),
         .requests = {{.path = A, .begin_ms = 100000, .n_addresses = 2}},
         .found = "a.aspx high 80: shell file request same-pool written-by-server burst / "
                  "file_created request process_created"},
        {.name = "one of them has a name made to be overlooked",
         .script = WORKER "2000 write 10 C:\\inetpub\\shop\\a.txt:b.aspx\n" MANY("2000", "10")
             LATER("cmd /c ver"),
         .requests = {{.path = "C:\\inetpub\\shop\\a.txt", .begin_ms = 100000, .n_addresses = 20}},
         .found = "a.txt high 75: shell file request-served same-pool written-by-server "
                  "odd-name burst / file_created request process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* A page that all ask for is compiled by anybody. */
static void compiled_by_anybody(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "20 minutes before the shell",
         .script = WORKER "2000 write 99 " A
                          "\n100000 compiled 10 a.aspx.cdcab7d2.compiled\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = OF_ALL "file_created request process_created",
         .why = "as it does when anybody asks for a page that was written: that weighs nothing"},
        {.name = "and the shell right behind",
         .script = WORKER "2000 write 99 " A
                          "\n1193000 compiled 10 a.aspx.cdcab7d2.compiled\n" LATER("cmd /c ver"),
         .requests = PUBLIC,
         .found = "a.aspx high 80: shell file request-served compiled same-pool / file_created "
                  "request page_compiled process_created"},
        {.name = "of a page that few ask for",
         .script = WORKER "2000 write 99 " A
                          "\n100000 compiled 10 a.aspx.cdcab7d2.compiled\n" LATER("cmd /c ver"),
         .requests = {{.path = A, .begin_ms = 99000, .n_addresses = 16}},
         .found = "a.aspx critical 90: shell file request compiled same-pool / file_created "
                  "request page_compiled process_created"},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restored),
        cmocka_unit_test(of_many),
        cmocka_unit_test(compiled_by_anybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
