/*
 * Chains of AN1108: what happens on a host, and what must be found. Expectations are made from the
 * plan of the analytic: links, floors, windows, clocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_rig.h"

#define A "C:\\inetpub\\shop\\a.aspx"
#define B "C:\\inetpub\\shop\\b.aspx"
#define P "C:\\inetpub\\portal\\p.aspx"
#define WORKER "1000 worker 10 ShopPool\n"
#define SHELL(ms) #ms " start 20 10 cmd.exe cmd /c ver\n"
#define DAY_MS 86400000

struct scenario {
    const char *name;
    const char *script;
    const char *found;         /* rig_found */
    const char *why, *not_why; /* parts of the first finding's why; NULL: not asked */
    struct chain_request requests[2];
    enum iw_chain_behaviour behaviour;
    enum iw_change_status change;
    bool is_assumed;     /* the configuration is not authoritative */
    bool is_unknown;     /* no configuration at all */
    const char *setting; /* NULL: the defaults */
};

/* Scenarios that did not come out; all are told before the test fails. */
static size_t n_wrong;

static void wrong(const struct chain_rig *rig, const struct scenario *scenario, const char *what,
                  const char *expected)
{
    n_wrong++;
    print_error("%s: %s not\n  %s\n", scenario->name, what, expected);
    for (size_t i = 0; i < rig->n_findings; i++) {
        for (size_t k = 0; k < rig->findings[i].why.n; k++)
            print_error("    %.*s\n", IW_STR_ARG(rig->findings[i].why.items[k]));
    }
}

static void check(struct chain_rig *rig, const struct scenario *scenario)
{
    struct iw_str found = rig_found(rig);
    if (!iw_str_equal(found, iw_str_of(scenario->found)))
        wrong(rig, scenario, found.p, scenario->found);
    else if (scenario->why != NULL && !rig_says(&rig->findings[0].why, scenario->why))
        wrong(rig, scenario, "the reasons do", scenario->why);
    else if (scenario->not_why != NULL && rig_says(&rig->findings[0].why, scenario->not_why))
        wrong(rig, scenario, "the reasons should", scenario->not_why);
}

static void run(const struct scenario *scenario)
{
    struct chain_rig rig;
    rig_init(&rig);
    rig.requests = scenario->requests;
    while (rig.n_requests < 2 && scenario->requests[rig.n_requests].path != NULL)
        rig.n_requests++;
    rig.behaviour = scenario->behaviour;
    rig.change = scenario->change;
    rig.server.is_authoritative = !scenario->is_assumed;
    if (scenario->is_unknown)
        rig.inventory.n_servers = 0;
    if (scenario->setting != NULL)
        assert_int_equal(iw_chain_settings_set(&rig.settings, iw_str_of(scenario->setting), NULL),
                         IW_OK);
    rig_begin(&rig);
    rig_script(&rig, scenario->script);
    rig_end(&rig);
    check(&rig, scenario);
    rig_done(&rig);
}

#define RUN(table)                                                                                 \
    do {                                                                                           \
        n_wrong = 0;                                                                               \
        for (size_t i = 0; i < sizeof(table) / sizeof(table)[0]; i++)                              \
            run(&(table)[i]);                                                                      \
        assert_int_equal(n_wrong, 0);                                                              \
    } while (0)

/* --- links ------------------------------------------------------------------------------------ */

static void links(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "file, then shell",
         .script = WORKER "2000 write 10 " A "\n" SHELL(3000),
         .found = "a.aspx medium 70: shell file same-pool written-by-server / file_created "
                  "process_created"},
        {.name = "file, request, compiling, shell",
         .script = WORKER "2000 write 10 " A "\n"
                          "2600 compiled 10 a.aspx.cdcab7d2.compiled\n" SHELL(3000),
         .requests = {{A, 2500, 1}},
         .found = "a.aspx critical 100: shell file request request-rare compiled same-pool "
                  "written-by-server / file_created request page_compiled process_created"},
        {.name = "with a request: high",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 3}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created"},
        {.name = "with compiling: high, by the floor",
         .script = WORKER "2000 write 99 " A "\n"
                          "2600 compiled 10 a.aspx.cdcab7d2.compiled\n" SHELL(3000),
         .found = "a.aspx high 75: shell file compiled same-pool / file_created page_compiled "
                  "process_created",
         .not_why = "raised"},
        {.name = "compiling of a page that is not named",
         .script = WORKER "2000 write 99 " A "\n"
                          "2600 compiled 10 App_Web_x1y2.dll\n" SHELL(3000),
         .found = "a.aspx medium 68: shell file compiled-something same-pool / file_created "
                  "process_created"},
        {.name = "a request after the shell is no link",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 9000, 1}},
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created",
         .why = "first asked for at"},
        {.name = "a request within the second of the shell",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 4000, 3}},
         .found = "a.aspx medium 73: shell file request-undecided same-pool / file_created "
                  "process_created request",
         .why = "knows no parts of seconds"},
        {.name = "a request 1002 ms after the shell is none",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 4002, 3}},
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "over the network",
         .script = WORKER "2000 write 4 " A "\n" SHELL(3000),
         .found = "a.aspx medium 70: shell file same-pool written-over-network / file_created "
                  "process_created"},
        {.name = "a share, told by Security",
         .script = WORKER "2000 share 10.0.0.5 " A "\n" SHELL(3000),
         .found = "a.aspx medium 70: shell file same-pool written-over-network / file_written "
                  "process_created",
         .why = "CORP\\bob (from 10.0.0.5)"},
        {.name = "a shell alone",
         .script = WORKER SHELL(3000),
         .found = "w3wp.exe medium 50 partial: shell / process_created"},
        {.name = "a shell behind a program of the application, and what it did",
         .script = WORKER "2000 start 15 10 C:\\app\\app.exe\n"
                          "3000 start 20 15 cmd.exe\n"
                          "3100 start 21 20 whoami.exe\n"
                          "3150 start 22 20 C:\\app\\evil.exe\n"
                          "3200 connect 20 10.9.8.7\n",
         .found = "w3wp.exe medium 58 partial: shell discovery network / process_created "
                  "child_created child_created network"},
        {.name = "a library of bin counts",
         .script = WORKER "2000 write 99 C:\\inetpub\\shop\\bin\\evil.dll\n" SHELL(3000),
         .found = "evil.dll medium 65: shell file same-pool / file_created process_created"},
        {.name = "the same file in other spellings",
         .script = WORKER "2000 write 99 \\\\?\\C:\\INETPUB\\Shop\\A.ASPX\n"
                          "2100 write 99 C:/inetpub/shop/x/../a.aspx.\n" SHELL(3000),
         .found = "A.ASPX medium 65: shell file same-pool / file_created file_created "
                  "process_created"},
        {.name = "a script in a stream",
         .script = WORKER "2000 write 99 C:\\inetpub\\shop\\a.txt:b.asp\n" SHELL(3000),
         .found = "a.txt medium 70: shell file same-pool odd-name / file_created process_created"},
        {.name = "times changed, and deleted",
         .script = WORKER "2000 write 99 " A "\n2100 times 99 " A
                          "\n" SHELL(3000) "4000 delete 99 " A "\n",
         .found = "a.aspx high 75: shell file same-pool times-changed deleted / file_created "
                  "file_times_changed process_created file_deleted"},
        {.name = "deleted before it was written is no link",
         .script =
             WORKER "1500 write 99 " A "\n1600 delete 99 " A "\n2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created file_created "
                  "process_created"},
        {.name = "as SYSTEM",
         .script = WORKER "3000 start 20 10 cmd.exe\n3100 system 21 20 C:\\x\\potato.exe\n",
         .found = "w3wp.exe medium 65 partial: shell system / process_created child_created"},
        {.name = "a client's command",
         .script = WORKER "3000 start 20 10 cmd.exe cmd /c cd /d \"C:\\x\"&whoami&echo [S]&cd&echo "
                          "[E]\n",
         .found = "w3wp.exe medium 60 partial: shell command-shape / process_created"},
        {.name = "passwords of pools",
         .script = WORKER "3000 start 20 10 powershell.exe\n3100 start 21 20 inetsrv\\appcmd.exe "
                          "appcmd list apppool /text:processmodel.password\n",
         .found = "w3wp.exe medium 60 partial: shell credentials / process_created child_created"},
        {.name = "Tomcat, without any configuration",
         .script = "1000 start 10 1 C:\\tomcat\\bin\\tomcat9.exe\n"
                   "2000 write 10 C:\\tomcat\\webapps\\ROOT\\a.jsp\n" SHELL(3000),
         .is_unknown = true,
         .found = "a.jsp medium 65: shell file written-by-server / file_created process_created"},
        {.name = "java is a web server where its command line says so",
         .script = "1000 start 10 1 C:\\jdk\\java.exe java -jar agent.jar\n" SHELL(
             3000) "4000 start 11 1 C:\\jdk\\java.exe java org.apache.catalina.startup.Bootstrap\n"
                   "5000 start 21 11 cmd.exe\n",
         .is_unknown = true,
         .found = "java.exe medium 50 partial: shell / process_created"},
        {.name = "IIS Express",
         .script = "1000 start 10 1 C:\\tools\\iisexpress.exe\n" SHELL(3000),
         .found = "iisexpress.exe low 35 partial: shell developer-server / process_created"},
        {.name = "a child by WMI",
         .script = WORKER "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                          "3000 start 20 12 powershell.exe powershell\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "a child by WMI, and a file of the pool",
         .script = WORKER "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                          "2000 write 10 " A "\n"
                          "3000 start 20 12 powershell.exe powershell\n",
         .found = "a.aspx medium 50: pool-identity file same-pool written-by-server / file_created "
                  "process_created"},
        {.name = "two witnesses of one process are one shell",
         .script =
             WORKER "2000 write 99 " A "\n" SHELL(3000) "3001L start 20 10 cmd.exe cmd /c ver\n",
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created "
                  "process_created",
         .not_why = "programs were started"},
    };
    (void)state;
    RUN(CASES);
}

/* --- order and window --------------------------------------------------------------------------
 */

static void times(void **state)
{
#define ALONE "w3wp.exe medium 50 partial: shell / process_created"
#define JOINED "a.aspx medium 65: shell file same-pool / file_created process_created"
#define UNDECIDED "a.aspx medium 58: shell file-undecided same-pool / file_created process_created"
#define LOGGED "a.aspx medium 65: shell file same-pool / file_written process_created"
    static const struct scenario CASES[] = {
        {.name = "10 ms before the file, on one clock",
         .script = WORKER SHELL(3000) "3010 write 99 " A "\n",
         .found = ALONE,
         .why = "near miss: " A " was written 10 ms after"},
        {.name = "1 ms before the file, on one clock",
         .script = WORKER SHELL(3000) "3001 write 99 " A "\n",
         .found = ALONE},
        {.name = "1 ms after the file, on one clock",
         .script = WORKER "2999 write 99 " A "\n" SHELL(3000),
         .found = JOINED},
        {.name = "exactly 24 hours",
         .script = WORKER "2000 write 99 " A "\n86402000 start 20 10 cmd.exe\n",
         .found = JOINED},
        {.name = "24 hours and a millisecond",
         .script = WORKER "2000 write 99 " A "\n86402001 start 20 10 cmd.exe\n",
         .found = ALONE,
         .why = "near miss: " A " was written before it, 1 s past TimeWindow of 86400 s"},
        {.name = "24 hours and 61 seconds",
         .script = WORKER "2000 write 99 " A "\n86463000 start 20 10 cmd.exe\n",
         .found = ALONE,
         .why = "61 s past TimeWindow"},
        {.name = "written again within the window",
         .script =
             WORKER "2000 write 99 " A "\n50000000 write 99 " A "\n100000000 start 20 10 cmd.exe\n",
         .found = JOINED},
        {.name = "equal times, file first",
         .script = WORKER "3000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 58: shell file-undecided same-pool / process_created file_created",
         .why = "their times are equal"},
        {.name = "equal times, shell first",
         .script = WORKER SHELL(3000) "3000 write 99 " A "\n",
         .found = "a.aspx medium 58: shell file-undecided same-pool / process_created file_created",
         .why = "their times are equal"},
        {.name = "two clocks, 2 ms apart: undecided",
         .script = WORKER "2998L write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 58: shell file-undecided same-pool / file_written process_created",
         .why = "of different clocks"},
        {.name = "two clocks, 2 ms apart the other way: undecided",
         .script = WORKER SHELL(3000) "3002L write 99 " A "\n",
         .found = "a.aspx medium 58: shell file-undecided same-pool / process_created "
                  "file_written"},
        {.name = "two clocks, 3 ms apart",
         .script = WORKER "2997L write 99 " A "\n" SHELL(3000),
         .found = LOGGED},
        {.name = "two clocks, 3 ms apart the other way",
         .script = WORKER SHELL(3000) "3003L write 99 " A "\n",
         .found = ALONE,
         .why = "written 3 ms after"},
    };
    (void)state;
    RUN(CASES);
}

/* --- which file ------------------------------------------------------------------------------- */

static void choices(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "two files: the latest",
         .script = WORKER "2000 write 99 " A "\n2100 write 99 " B "\n" SHELL(3000),
         .found = "b.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "two files: the one that was asked for",
         .script = WORKER "2000 write 99 " A "\n2100 write 99 " B "\n" SHELL(3000),
         .requests = {{A, 2500, 2}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created"},
        {.name = "two files of one time: told apart by their names",
         .script = WORKER "2000 write 99 " B "\n2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "a page before a library that came later",
         .script = WORKER "2000 write 99 " A
                          "\n2100 write 99 C:\\inetpub\\shop\\bin\\x.dll\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "two shells of one file are one chain",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000) "4000 start 21 10 cmd.exe\n",
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created "
                  "process_created",
         .why = "2 programs were started"},
        {.name = "another site's file, proved",
         .script = WORKER "2000 write 99 " P "\n" SHELL(3000),
         .found = ALONE,
         .why = "the configuration gives it to pool PortalPool of site Portal"},
        {.name = "an application of the same site has a pool of its own",
         .script = WORKER "2000 write 99 C:\\inetpub\\shop\\admin\\a.aspx\n" SHELL(3000),
         .found = ALONE,
         .why = "gives it to pool AdminPool of site Shop"},
        {.name = "and that pool serves it",
         .script =
             "1000 worker 10 AdminPool\n2000 write 99 C:\\inetpub\\shop\\admin\\a.aspx\n" SHELL(
                 3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "a site whose folder lies above serves it too",
         .script = "1000 worker 10 OuterPool\n2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "another site's file, assumed",
         .script = WORKER "2000 write 99 " P "\n" SHELL(3000),
         .is_assumed = true,
         .found = "p.aspx medium 52: shell file other-pool / file_created process_created",
         .why = "assumed, not proved"},
        {.name = "no floor of high over an assumption",
         .script = WORKER "2000 write 99 " P "\n" SHELL(3000),
         .is_assumed = true,
         .requests = {{P, 2500, 2}},
         .found = "p.aspx medium 67: shell file request other-pool / file_created request "
                  "process_created"},
        {.name = "no configuration: a usual folder",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .is_unknown = true,
         .found = "a.aspx medium 60: shell file / file_created process_created"},
        {.name = "no configuration: only the ending speaks for it",
         .script = WORKER "2000 write 99 D:\\sites\\a.aspx\n" SHELL(3000),
         .is_unknown = true,
         .found = "a.aspx medium 55: shell file folder-possible / file_created process_created"},
        {.name = "the configuration has no such folder",
         .script = WORKER "2000 write 99 D:\\sites\\a.aspx\n" SHELL(3000),
         .found = ALONE},
    };
    (void)state;
    RUN(CASES);
}

/* --- the second shape --------------------------------------------------------------------------
 */

static void shell_first(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "the shell wrote the file",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n",
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created file_created",
         .why = "wrote " A},
        {.name = "its child wrote the file",
         .script = WORKER SHELL(3000) "3100 start 21 20 powershell.exe\n3500 write 21 " A "\n",
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created child_created "
                  "file_created"},
        {.name = "and the page was used: one chain",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n5000 start 30 10 cmd.exe\n",
         .found =
             "a.aspx high 75: shell file shell-wrote-file same-pool / process_created file_created "
             "process_created"},
        {.name = "the worker wrote it after a shell: no link",
         .script = WORKER SHELL(3000) "3500 write 10 " A "\n",
         .found = ALONE,
         .why = "near miss: " A " was written 500 ms after"},
        {.name = "a shell that one page explains wrote another",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000) "3500 write 20 " B "\n",
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created "
                  "file_written"},
        {.name = "among other shells of the worker",
         .script = WORKER "2500 start 19 10 cmd.exe\n" SHELL(3000) "3500 write 20 " A "\n",
         .found = "w3wp.exe medium 50 partial: shell / process_created\n"
                  "a.aspx medium 60: shell shell-wrote-file / process_created file_created"},
    };
    (void)state;
    RUN(CASES);
}

/* --- what is no chain, or less -----------------------------------------------------------------
 */

static void benign(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "files alone",
         .script = WORKER "2000 write 10 " A "\n",
         .requests = {{A, 2500, 1}},
         .found = ""},
        {.name = "ASP.NET compiles",
         .script =
             WORKER "3000 start 20 10 C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc"
                    ".exe csc /noconfig @\"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                    "Temporary ASP.NET Files\\root\\1\\a.cmdline\"\n"
                    "3100 start 21 20 C:\\Windows\\Microsoft.NET\\cvtres.exe\n",
         .found = ""},
        {.name = "a compiler elsewhere",
         .script = WORKER "3000 start 20 10 C:\\Windows\\csc.exe csc /out:C:\\x.exe C:\\x.cs\n",
         .found = "w3wp.exe medium 50 partial: shell / process_created"},
        {.name = "a crash is reported",
         .script = WORKER "3000 start 20 10 WerFault.exe\n",
         .found = ""},
        {.name = "a program that is no shell",
         .script = WORKER "3000 start 20 10 C:\\app\\wkhtmltopdf.exe\n",
         .found = ""},
        {.name = "the site is a program of Python",
         .script = WORKER "3000 start 20 10 C:\\py\\python.exe python wfastcgi.py\n",
         .found = ""},
        {.name = "the worker's id is another process's now",
         .script = "1000L worker 10 ShopPool\n1500L end 10\n"
                   "1600L user 10 1 bob C:\\Windows\\explorer.exe\n3000L user 20 10 bob cmd.exe\n",
         .found = ""},
        {.name = "an administrator's shell",
         .script =
             WORKER "2000 write 99 " A "\n2100 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
                    "3000 user 20 30 CORP\\bob cmd.exe\n",
         .found = ""},
        {.name = "an upload that cannot run",
         .script = WORKER "2000 write 10 C:\\inetpub\\shop\\up\\a.jpg\n" SHELL(3000),
         .found = ALONE},
        {.name = "a log of the site",
         .script = WORKER "2000 write 10 C:\\inetpub\\shop\\App_Data\\log.txt\n" SHELL(3000),
         .found = ALONE},
        {.name = "usual, by the baseline",
         .script = WORKER SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .found = "w3wp.exe informational 10 partial: shell usual / process_created"},
        {.name = "usual, learned inside of what is hunted",
         .script = WORKER SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN_HERE,
         .found = "w3wp.exe low 30 partial: shell usual-here / process_created",
         .why = "learned from the time that is hunted"},
        {.name = "the file is explained, the shell is not",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2}},
         .change = IW_CHANGE_EXPLAINED,
         .found = "a.aspx medium 70: shell file request same-pool file-explained / file_created "
                  "request process_created",
         .why = "CHG-1 explains the file"},
        {.name = "the file is explained, the shell is usual",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .change = IW_CHANGE_EXPLAINED,
         .found = "a.aspx informational 15: shell file same-pool file-explained usual / "
                  "file_created process_created"},
        {.name = "right file, wrong time: not explained",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .change = IW_CHANGE_PARTLY,
         .found = JOINED},
        {.name = "a record that cannot be checked lowers nothing: the shell is not explained",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .change = IW_CHANGE_UNVERIFIED,
         .found = JOINED},
        {.name = "deployed: named, and no floor of high",
         .script = "500 user 70 1 CORP\\deploy C:\\agent\\Agent.Worker.exe\n" WORKER
                   "1900 user 71 70 CORP\\deploy robocopy.exe\n"
                   "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2}},
         .found = "a.aspx medium 65: shell file request same-pool deployment-writer "
                  "deployment-near / file_created request process_created",
         .why = "robocopy wrote the file"},
        {.name = "something was installed",
         .script = WORKER "2000 write 99 " A "\n2500 msi Contoso\n" SHELL(3000),
         .found = "a.aspx medium 60: shell file same-pool deployment-near / file_created "
                  "process_created",
         .why = "an installation by Windows Installer"},
        {.name = "a deployment below a shell is none",
         .script = WORKER SHELL(3000) "3100 start 21 20 robocopy.exe\n3500 write 21 " A "\n",
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created child_created "
                  "file_created"},
    };
    (void)state;
    RUN(CASES);
}

/* --- settings --------------------------------------------------------------------------------- */

static void settings(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "TimeWindow, exactly",
         .setting = "TimeWindow=1h",
         .script = WORKER "2000 write 99 " A "\n3602000 start 20 10 cmd.exe\n",
         .found = JOINED},
        {.name = "TimeWindow, a millisecond past it",
         .setting = "TimeWindow=1h",
         .script = WORKER "2000 write 99 " A "\n3602001 start 20 10 cmd.exe\n",
         .found = ALONE,
         .why = "past TimeWindow of 3600 s"},
        {.name = "WebRootPath: a folder no configuration knows",
         .setting = "WebRootPath=D:\\sites",
         .script = WORKER "2000 write 99 D:\\sites\\a.aspx\n" SHELL(3000),
         .found = "a.aspx medium 60: shell file / file_created process_created"},
        {.name = "UserContext: another account of the web server",
         .setting = "UserContext=CORP\\svc_web",
         .script = "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                   "3000 user 20 12 CORP\\svc_web cmd.exe\n",
         .found = "svc_web low 30 partial: pool-identity / process_created"},
        {.name = "the same account, not told",
         .script = "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                   "3000 user 20 12 CORP\\svc_web cmd.exe\n",
         .found = ""},
        {.name = "ParentProcess: another web server",
         .setting = "ParentProcess=mine.exe",
         .script = "1000 user 10 1 CORP\\svc C:\\mine\\mine.exe\n" SHELL(3000),
         .found = "mine.exe medium 50 partial: shell / process_created"},
        {.name = "WatchedPaths: a library there is a module, but no file of a site",
         .setting = "WatchedPaths=D:\\modules",
         .script = WORKER "2000 write 99 D:\\modules\\x.dll\n" SHELL(3000),
         .found = ALONE},
    };
    (void)state;
    RUN(CASES);
}

/* --- one chain, more evidence ------------------------------------------------------------------
 */

static void more_evidence_extends(void **state)
{
    static const struct {
        const char *script;
        struct chain_request request;
    } GROWING[] = {
        {WORKER "2000 write 99 " A "\n" SHELL(3000), {NULL, 0, 0}},
        {WORKER "2000 write 99 " A "\n" SHELL(3000), {A, 2500, 1}},
        {WORKER "2000 write 99 " A "\n2005L write 99 " A "\n" SHELL(3000), {A, 2500, 1}},
        {WORKER "1995L write 99 " A "\n2000 write 99 " A
                "\n" SHELL(3000) "3001L start 20 10 cmd.exe cmd /c ver\n",
         {A, 2500, 1}},
        {WORKER "1995L write 99 " A "\n2000 write 99 " A "\n"
                "2600 compiled 10 a.aspx.cdcab7d2.compiled\n" SHELL(
                    3000) "3001L start 20 10 cmd.exe cmd /c ver\n3100 start 21 20 whoami.exe\n"
                          "9000 start 30 10 powershell.exe\n9100 delete 99 " A "\n",
         {A, 2500, 1}},
    };
    char id[IW_FINDING_ID_BYTES] = "";
    enum iw_level level = IW_LEVEL_INFORMATIONAL;
    (void)state;
    for (size_t i = 0; i < sizeof GROWING / sizeof GROWING[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.requests = &GROWING[i].request;
        rig.n_requests = GROWING[i].request.path != NULL;
        rig_begin(&rig);
        rig_script(&rig, GROWING[i].script);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        if (i == 0)
            memcpy(id, rig.findings[0].id, sizeof id);
        assert_string_equal(rig.findings[0].id, id);
        assert_true(rig.findings[0].level >= level);
        level = rig.findings[0].level;
        rig_done(&rig);
    }
    assert_int_equal(level, IW_LEVEL_CRITICAL);
}

/* What a worker did more keeps the id of the shell that came first. */
static void more_shells_keep_the_id(void **state)
{
    static const char *const SCRIPTS[] = {
        WORKER SHELL(3000), WORKER SHELL(3000) "3100 start 21 20 whoami.exe\n",
        WORKER SHELL(3000) "3100 start 21 20 whoami.exe\n9000 start 30 10 powershell.exe\n"};
    char id[IW_FINDING_ID_BYTES] = "";
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, SCRIPTS[i]);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        if (i == 0)
            memcpy(id, rig.findings[0].id, sizeof id);
        assert_string_equal(rig.findings[0].id, id);
        rig_done(&rig);
    }
}

/* --- the order of equal times ------------------------------------------------------------------
 */

/* Lines of one millisecond may be read in any order: what is found is the same. */
static void equal_times_decide_nothing(void **state)
{
    static const char *const GROUP[] = {"3000 write 99 " A "\n",      "3000 write 99 " B "\n",
                                        "3000L write 98 " B "\n",     "3000 start 20 10 cmd.exe\n",
                                        "3000 start 21 10 cmd.exe\n", "3000 delete 99 " A "\n"};
    static const char AFTER[] =
        "3001 start 22 10 powershell.exe\n3002 write 99 " A "\n9000 start 23 10 cmd.exe\n";
    struct iw_str first = {NULL, 0};
    struct chain_rig rig, kept;
    (void)state;
    /* 97 of the 720 orders, and the first again. */
    for (unsigned order = 0; order < 98; order++) {
        char script[2048] = WORKER "2500 write 98 " B "\n";
        unsigned number = order * 7 % 720, left[6] = {0, 1, 2, 3, 4, 5};
        for (unsigned n = 6; n != 0; n--) {
            unsigned at = number % n;
            number /= n;
            strcat(script, GROUP[left[at]]);
            left[at] = left[n - 1];
        }
        strcat(script, AFTER);
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, script);
        rig_end(&rig);
        if (order == 0) {
            first = rig_found(&rig);
            kept = rig;
            assert_true(first.n != 0);
            continue;
        }
        if (!iw_str_equal(rig_found(&rig), first))
            fail_msg("order %u:\n%.*s\nnot\n%.*s", order, IW_STR_ARG(rig_found(&rig)),
                     IW_STR_ARG(first));
        rig_done(&rig);
    }
    rig_done(&kept);
}

/* --- the logon of the writer -------------------------------------------------------------------
 */

#define LOGON "300L logon 10 CORP\\bob 10.0.0.9\n400 user 99 1 CORP\\bob notepad.exe\n"

static void logons_of_writers(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "the writer's logon is evidence",
         .script = LOGON WORKER "2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / logon file_created process_created",
         .why = "logon type 10, from 10.0.0.9"},
        {.name = "two witnesses of one writing have one logon",
         .script = LOGON WORKER "2000 write 99 " A "\n2001L write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / logon file_created file_written "
                  "process_created"},
        {.name = "without its event there is none",
         .script =
             "400 user 99 1 CORP\\bob notepad.exe\n" WORKER "2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "written again by somebody nobody knows: not by the first one's logon",
         .script = LOGON WORKER "2000 write 99 " A "\n9000 write 98 " A "\n" SHELL(10000),
         .found = "a.aspx medium 65: shell file same-pool / file_created file_created "
                  "process_created",
         .not_why = "10.0.0.9"},
        {.name = "the logon of another file's writer is not told",
         .script = LOGON WORKER "1900 write 99 C:\\Windows\\Temp\\x.aspx\n2000 write 98 " A
                                "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created",
         .not_why = "10.0.0.9"},
    };
    (void)state;
    RUN(CASES);
}

/* Somebody may have logged on days before: the chain began when it began. */
static void logons_do_not_lengthen_chains(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, LOGON WORKER "2000 write 99 " A "\n" SHELL(3000));
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal(rig.findings[0].first_time_ns, CHAIN_EPOCH_NS + 2000 * MS);
    assert_int_equal(rig.findings[0].evidence[0].event_id, 4624);
    assert_true(iw_str_holds_nocase(rig.findings[0].evidence[0].fields_json,
                                    IW_STR("\"IpAddress\":\"10.0.0.9\"")));
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(links),
        cmocka_unit_test(times),
        cmocka_unit_test(choices),
        cmocka_unit_test(shell_first),
        cmocka_unit_test(benign),
        cmocka_unit_test(settings),
        cmocka_unit_test(equal_times_decide_nothing),
        cmocka_unit_test(more_evidence_extends),
        cmocka_unit_test(more_shells_keep_the_id),
        cmocka_unit_test(logons_of_writers),
        cmocka_unit_test(logons_do_not_lengthen_chains),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
