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
         .script = WORKER WMI AGENT("1700") COPY_BY("1800", "70") "2000 write 71 " A "\n" BY_WMI,
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

/* --- accounts that pools are given -------------------------------------------------------------
 */

#define SVC "CORP\\svc_web"
#define AS_SVC .identity = "SpecificUser", .pool_user = SVC
#define ITS_WORKER "1000 user 10 1 " SVC " inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n"
#define SVC_BY_WMI "3000 user 20 12 " SVC " cmd.exe cmd /c ver\n"
#define ONE_OF_SVC "svc_web low 30 partial: pool-identity shared-account / process_created"

static void accounts_of_pools(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "by WMI", .script = WMI SVC_BY_WMI, AS_SVC, .found = ONE_OF_SVC},
        {.name = "as the configuration may write it: of a domain by its other name",
         .script = WMI SVC_BY_WMI,
         .identity = "SpecificUser",
         .pool_user = "svc_web@corp.example",
         .found = ONE_OF_SVC},
        {.name = "without a domain",
         .script = WMI SVC_BY_WMI,
         .identity = "SpecificUser",
         .pool_user = "svc_web",
         .found = ONE_OF_SVC},
        {.name = "of another domain",
         .script = WMI SVC_BY_WMI,
         .identity = "SpecificUser",
         .pool_user = "LAB\\svc_web",
         .found = ""},
        {.name = "the name stands there, but the pool works as another",
         .script = WMI SVC_BY_WMI,
         .identity = "ApplicationPoolIdentity",
         .pool_user = SVC,
         .found = ""},
        {.name = "nobody's account", .script = WMI SVC_BY_WMI, .found = ""},
        {.name = "the desktop of another is said to be the parent",
         .script = "1500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
                   "3000 user 20 30 " SVC " cmd.exe cmd /c ver\n",
         AS_SVC,
         .found = ONE_OF_SVC},
        {.name = "a task",
         .script = "1500 user 30 1 NT~AUTHORITY\\SYSTEM svchost.exe svchost.exe -k netsvcs\n"
                   "3000 user 20 30 " SVC " cmd.exe cmd /c ver\n",
         AS_SVC,
         .found = ONE_OF_SVC},
        {.name = "its own desktop",
         .script = "1500 user 30 1 " SVC " C:\\Windows\\explorer.exe\n"
                   "3000 user 20 30 " SVC " cmd.exe cmd /c ver\n",
         AS_SVC,
         .found = ""},
        {.name = "a service of its own",
         .script = "1500 user 30 1 " SVC " C:\\agent\\agent.exe\n"
                   "3000 user 20 30 " SVC " cmd.exe cmd /c ver\n",
         AS_SVC,
         .found = ""},
        {.name = "a session of a person, begun by runas",
         .script = "900 logon 2 " SVC " 10.0.0.5\n"
                   "1500 user 30 1 CORP\\bob C:\\Windows\\System32\\runas.exe\n"
                   "3000 user 20 30 " SVC " cmd.exe cmd /c ver\n",
         AS_SVC,
         .found = ""},
        {.name = "a page the worker wrote",
         .script = ITS_WORKER WMI "2000 write 10 " A "\n" SVC_BY_WMI,
         AS_SVC,
         .found = "a.aspx medium 50: pool-identity shared-account file same-pool "
                  "written-by-server / file_created process_created"},
        {.name = "a page that somebody else wrote: a task may well come after a deployment",
         .script = ITS_WORKER WMI "2000 write 99 " A "\n" SVC_BY_WMI,
         AS_SVC,
         .found = "a.aspx low 40: pool-identity shared-account file same-pool / file_created "
                  "process_created"},
        {.name = "that is asked for",
         .script = ITS_WORKER WMI "2000 write 99 " A "\n" SVC_BY_WMI,
         AS_SVC,
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx medium 55: pool-identity shared-account file request same-pool / "
                  "file_created request process_created"},
        {.name = "a worker was seen to start as it",
         .script = ITS_WORKER WMI SVC_BY_WMI,
         .is_unknown = true,
         .found = ONE_OF_SVC},
        {.name = "and wrote a page",
         .script = ITS_WORKER WMI "2000 write 10 " A "\n" SVC_BY_WMI,
         .is_unknown = true,
         .found = "a.aspx medium 50: pool-identity shared-account file written-by-server / "
                  "file_created process_created"},
        {.name = "a copy of w3wp.exe makes nobody a web server",
         .script =
             "1000 user 10 1 " SVC " C:\\Temp\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n" WMI SVC_BY_WMI,
         .is_unknown = true,
         .found = ""},
        {.name = "nor does one that somebody started",
         .script = "900 user 9 1 " SVC " cmd.exe\n"
                   "1000 user 10 9 " SVC " inetsrv\\w3wp.exe w3wp.exe\n" WMI SVC_BY_WMI,
         .is_unknown = true,
         .found = ""},
    };
    (void)state;
    RUN(CASES);
}

#define NS "NT~AUTHORITY\\NETWORK~SERVICE"
#define SYS "NT~AUTHORITY\\SYSTEM"
#define NS_WORKER "1000 user 10 1 " NS " inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n"
#define NS_BY_WMI(ms) #ms " user 20 12 " NS " cmd.exe cmd /c ver\n"

static void accounts_of_windows(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "alone it says nothing", .script = NS_WORKER WMI NS_BY_WMI(3000), .found = ""},
        {.name = "a page the worker wrote shortly before",
         .script = NS_WORKER WMI "2000 write 10 " A "\n" NS_BY_WMI(602000),
         .found = "a.aspx medium 50: pool-identity shared-account file same-pool "
                  "written-by-server / file_created process_created"},
        {.name = "by the configuration alone",
         .script = "1000 user 10 9 CORP\\bob inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n" WMI
                   "2000 write 10 " A "\n" NS_BY_WMI(602000),
         .identity = "NetworkService",
         .pool_user = "",
         .found = "a.aspx medium 50: pool-identity shared-account file same-pool "
                  "written-by-server / file_created process_created"},
        {.name = "longer before",
         .script = NS_WORKER WMI "2000 write 10 " A "\n" NS_BY_WMI(602001),
         .found = ""},
        {.name = "a page that somebody else wrote",
         .script = NS_WORKER WMI "2000 write 99 " A "\n" NS_BY_WMI(3000),
         .found = ""},
        {.name = "that is first asked for as it starts",
         .script = NS_WORKER WMI "2000 write 99 " A "\n" NS_BY_WMI(9000),
         .requests = {{A, 7000, 2, 0}},
         .found = "a.aspx medium 55: pool-identity shared-account file request same-pool / "
                  "file_created request process_created"},
        {.name = "and before",
         .script = NS_WORKER WMI "2000 write 99 " A "\n" NS_BY_WMI(9001),
         .requests = {{A, 7000, 2, 0}},
         .found = ""},
        {.name = "no pool works as it",
         .script = WORKER WMI "2000 write 10 " A "\n" NS_BY_WMI(3000),
         .found = ""},
        {.name = "what a service of SYSTEM starts is its own",
         .script = "1000 user 10 1 " SYS " inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n"
                   "1500 user 30 1 " SYS " C:\\agent\\agent.exe\n2000 write 10 " A
                   "\n3000 user 20 30 " SYS " cmd.exe cmd /c ver\n",
         .found = ""},
        {.name = "the desktop is said to be the parent",
         .script = "1000 user 10 1 " SYS " inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n"
                   "1500 user 30 1 " SYS " C:\\Windows\\explorer.exe\n2000 write 10 " A
                   "\n3000 user 20 30 " SYS " cmd.exe cmd /c ver\n",
         .found = "a.aspx medium 50: pool-identity shared-account file same-pool "
                  "written-by-server / file_created process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* A pool's account is nobody else's, and nor is the one of anonymous visitors: whatever WMI starts
 * as it is the web server's, also a program that no table knows. */
static void programs_in_no_table(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "by WMI",
         .script = WORKER WMI "3000 start 20 12 D:\\app\\upd.exe upd\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created",
         .why = "a program that WMI started"},
        {.name = "and a page before",
         .script = WORKER WMI "2000 write 10 " A "\n3000 start 20 12 D:\\app\\upd.exe upd\n",
         .found = "a.aspx medium 50: pool-identity file same-pool written-by-server / "
                  "file_created process_created"},
        {.name = "by a subscription",
         .script = WORKER "1500 user 12 1 SYSTEM wbem\\scrcons.exe\n"
                          "3000 start 20 12 D:\\app\\upd.exe upd\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "by COM: automation of an office program, as applications do",
         .script = WORKER "1500 user 12 1 SYSTEM svchost.exe svchost.exe -k DcomLaunch\n"
                          "3000 start 20 12 D:\\Office\\excel.exe excel -Embedding\n",
         .found = ""},
        {.name = "by whomever, from a folder in which no program lies",
         .script = WORKER "1500 user 12 1 SYSTEM svchost.exe svchost.exe -k netsvcs\n"
                          "3000 start 20 12 C:\\ProgramData\\upd.exe upd\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "told what only a shell understands",
         .script = WORKER "1500 user 12 1 SYSTEM svchost.exe svchost.exe -k netsvcs\n"
                          "3000 start 20 12 D:\\app\\mon.exe mon /c whoami\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "a worker, and the report of a crash",
         .script = WMI "2000 start 20 12 inetsrv\\w3wp.exe w3wp.exe -ap \"ShopPool\"\n"
                       "3000 start 21 12 WerFault.exe WerFault.exe -u -p 10\n",
         .found = ""},
        {.name = "by a web server whose name no table knows",
         .script = "1000 start 10 1 D:\\acme\\acmeweb.exe acmeweb\n"
                   "3000 start 20 10 cmd.exe cmd /c ver\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "the account of anonymous visitors",
         .script = "3000 user 20 12 NT~AUTHORITY\\IUSR cmd.exe cmd /c ver\n",
         .found = "IUSR low 30 partial: pool-identity / process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* Past the limit none is known, and that is counted. */
static void many_accounts(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    for (unsigned i = 0; i <= IW_LIMIT_WORKER_ACCOUNTS; i++) {
        char line[128];
        struct iw_str pool;
        (void)snprintf(line, sizeof line, "%u user %u 1 CORP\\svc%u inetsrv\\w3wp.exe\n", 1000 + i,
                       10 + i, i);
        rig_script(&rig, line);
        (void)snprintf(line, sizeof line, "CORP\\svc%u", i);
        assert_int_equal(iw_host_context_identity(&rig.context, iw_str_of(line), IW_STR(""), &pool),
                         i < IW_LIMIT_WORKER_ACCOUNTS ? IW_WEB_IDENTITY_ACCOUNT
                                                      : IW_WEB_IDENTITY_NONE);
    }
    assert_int_equal(rig.context.workers.n_not_kept, 1);
    rig_end(&rig);
    rig_done(&rig);
}

/* A shell whose start is in no event is known by its end: the account is a pool's own. */
static void known_by_its_end(void **state)
{
#define ENDED "3000 ended 20 cmd.exe\n"
    static const struct scenario CASES[] = {
        {.name = "its end alone",
         .script = WORKER ENDED,
         .found = "ShopPool low 30 partial: pool-identity / process_ended",
         .why = "its start is in no event"},
        {.name = "told twice",
         .script = WORKER ENDED "3001 ended 20 cmd.exe\n",
         .found = "ShopPool low 30 partial: pool-identity / process_ended"},
        {.name = "another one later",
         .script = WORKER ENDED "4000 ended 24 cmd.exe\n",
         .found = "ShopPool low 30 partial: pool-identity / process_ended process_ended"},
        {.name = "with a page that was asked for",
         .script = WORKER "2000 write 10 " A "\n" ENDED,
         .requests = {{A, 2900, 1, 0}},
         .found = "a.aspx medium 56: pool-identity file-undecided request-undecided request-rare "
                  "same-pool written-by-server / file_created request process_ended",
         .why = "it may have started before it was seen"},
        {.name = "its start is told",
         .script = WORKER SHELL(3000) "4000 ended 20 C:\\Windows\\System32\\cmd.exe\n",
         .found = ALONE},
        {.name = "of another account",
         .script = WORKER "3000 ended 20 cmd.exe CORP\n",
         .found = ""},
        {.name = "what no table has, and what sites are written in",
         .script = WORKER "3000 ended 20 app.exe\n4000 ended 21 python.exe\n5000 ended 22 csc.exe\n"
                          "6000 ended 23 conhost.exe\n",
         .found = ""},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_to_a_file),    cmocka_unit_test(accounts_of_pools),
        cmocka_unit_test(accounts_of_windows), cmocka_unit_test(programs_in_no_table),
        cmocka_unit_test(many_accounts),       cmocka_unit_test(known_by_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
