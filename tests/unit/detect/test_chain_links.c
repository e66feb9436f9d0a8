/*
 * Chains of AN1108: which events are links of one, and what is none or less. Expectations are made
 * from the plan of the analytic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

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
         .requests = {{A, 2500, 1, 0}},
         .found = "a.aspx critical 100: shell file request request-rare compiled same-pool "
                  "written-by-server / file_created request page_compiled process_created",
         .why = "= 100: critical"},
        {.name = "more than the most: the sum is told", /* 100 as above, and 3 of discovery */
         .script = WORKER "2000 write 10 " A "\n"
                          "2600 compiled 10 a.aspx.cdcab7d2.compiled\n" SHELL(
                              3000) "3100 start 21 20 whoami.exe whoami\n",
         .requests = {{A, 2500, 1, 0}},
         .found = "a.aspx critical 100: shell file request request-rare compiled same-pool "
                  "written-by-server discovery / file_created request page_compiled "
                  "process_created child_created",
         .why = "= 100 (of 103, at most 100): critical"},
        {.name = "with a request: high",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 3, 0}},
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
                  "page_compiled process_created"},
        {.name = "a request after the shell is no link",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 9000, 1, 0}},
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created",
         .why = "/x was first asked for after the shell, logged at"},
        {.name = "a request within the second of the shell",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 4000, 3, 0}},
         .found = "a.aspx medium 73: shell file request-undecided same-pool / file_created "
                  "process_created request",
         .why = "knows no parts of seconds"},
        {.name = "a request 1002 ms after the shell is none",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 4002, 3, 0}},
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "replication brings what lies elsewhere",
         .script = WORKER "1100 system 50 4 C:\\Windows\\System32\\dfsrs.exe\n2000 write 50 " A
                          "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created",
         .why = "replication of folders (DFSR) wrote the file: it brings what lies elsewhere"},
        {.name = "System writes for SMB, and for drivers",
         .script = WORKER "2000 write 4 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created",
         .why = "System wrote the file: it may have come over the network (SMB)"},
        {.name = "System writes while somebody is there over the network",
         .script = WORKER "1500 logon 3 bob 10.0.0.5\n2000 write 4 " A "\n" SHELL(3000),
         .found = "a.aspx medium 70: shell file same-pool written-over-network / logon "
                  "file_created process_created",
         .why = "(perhaps for bob, who logged on over the network from 10.0.0.5 500 ms before)"},
        {.name = "ten minutes before is near",
         .script = WORKER "1500 logon 3 bob 10.0.0.5\n601500 write 4 " A
                          "\n602000 start 20 10 cmd.exe cmd /c ver\n",
         .found = "a.aspx medium 70: shell file same-pool written-over-network / logon "
                  "file_created process_created",
         .why = "from 10.0.0.5 600 s before"},
        {.name = "a millisecond more is not",
         .script = WORKER "1500 logon 3 bob 10.0.0.5\n601501 write 4 " A
                          "\n602000 start 20 10 cmd.exe cmd /c ver\n",
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "at the console is not over the network",
         .script = WORKER "1500 logon 2 bob 127.0.0.1\n2000 write 4 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "nor is the machine's own loopback",
         .script = WORKER "1500 logon 3 bob ::1\n2000 write 4 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "a share's audit beside it proves it",
         .script = WORKER "2000 share 10.0.0.5 " A "\n2001 write 4 " A "\n" SHELL(3000),
         .found = "a.aspx medium 70: shell file same-pool written-over-network / file_written "
                  "file_created process_created",
         .why = "the file came over the network (SMB)"},
        {.name = "a share, told by Security",
         .script = WORKER "2000 share 10.0.0.5 " A "\n" SHELL(3000),
         .found = "a.aspx medium 70: shell file same-pool written-over-network / file_written "
                  "process_created",
         .why = "CORP\\bob (from 10.0.0.5; by which program is not told)"},
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
    };
    (void)state;
    RUN(CASES);
}

/* --- files and web servers ---------------------------------------------------------------------
 */

static void files_and_servers(void **state)
{
    static const struct scenario CASES[] = {
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
         .script = "1000 user 10 1 CORP\\svc C:\\jdk\\java.exe java -jar agent.jar\n"
                   "3000 user 20 10 CORP\\svc cmd.exe\n"
                   "4000 start 11 1 C:\\jdk\\java.exe java org.apache.catalina.startup.Bootstrap\n"
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

/* --- what is no chain, or less -----------------------------------------------------------------
 */

static void benign(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "files alone",
         .script = WORKER "2000 write 10 " A "\n",
         .requests = {{A, 2500, 1, 0}},
         .found = ""},
        {.name = "ASP.NET compiles",
         .script =
             WORKER "3000 start 20 10 C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc"
                    ".exe csc /noconfig @\"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                    "Temporary ASP.NET Files\\root\\1\\a.cmdline\"\n"
                    "3100 start 21 20 C:\\Windows\\Microsoft.NET\\cvtres.exe\n",
         .found = ""},
        {.name = "ASP.NET compiles, and command lines are not logged",
         .script = WORKER "3000 start 20 10 C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                          "csc.exe -\n",
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
         .requests = {{A, 2500, 2, 0}},
         .change = IW_CHANGE_EXPLAINED,
         .found = "a.aspx medium 70: shell file request same-pool file-explained / file_created "
                  "request process_created",
         .why = "CHG-1 explains the file"},
        {.name = "the file is explained, the shell is usual: not joined",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN,
         .change = IW_CHANGE_EXPLAINED,
         .found = "w3wp.exe informational 10 partial: shell usual / process_created"},
        {.name = "the file is explained, the shell was usual in what is hunted",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .behaviour = IW_BEHAVIOUR_KNOWN_HERE,
         .change = IW_CHANGE_EXPLAINED,
         .found = "a.aspx informational 0: shell file same-pool file-explained usual-here / "
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
         .script = AGENT("500") WORKER COPY_BY("1900", "70") "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx medium 65: shell file request same-pool deployment-writer "
                  "deployment-near / file_created request process_created",
         .why = "robocopy wrote the file"},
        {.name = "copied by a tool that the baseline of behaviour has there",
         .script = WORKER "1800 user 70 1 CORP\\deploy svchost.exe\n" COPY_BY(
             "1900", "70") "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .writer = IW_BEHAVIOUR_KNOWN,
         .found = "a.aspx high 75: shell file request same-pool usual-writer / file_created "
                  "request process_created"},
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

#define NOT_EXCUSED                                                                                \
    "a.aspx high 80: shell file request same-pool / file_created request process_created"

/* A name excuses nothing: neither a program's, nor a folder's. */
static void names_excuse_nothing(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "an agent may lie anywhere: a service's is named, in other words",
         .script = "400 system 60 4 services.exe\n" WORKER
                   "1500 user 70 60 CORP\\deploy D:\\agent\\bin\\Agent.Worker.exe\n"
                   "1900 user 71 70 CORP\\deploy D:\\agent\\externals\\tool.exe\n"
                   "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx medium 74: shell file request same-pool deployment-like / "
                  "file_created request process_created",
         .why = "a service's program that is named like an agent of Azure DevOps wrote the file"},
        {.name = "named like an agent, and no service's: that excuses nothing",
         .script = WORKER "1500 user 70 1 CORP\\deploy D:\\agent\\bin\\Agent.Worker.exe\n"
                          "2000 write 70 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created",
         .not_why = "Azure"},
        {.name = "named like an agent, by way of WMI",
         .script = "400 system 60 4 services.exe\n500 system 61 60 svchost.exe\n"
                   "600 system 62 61 wbem\\wmiprvse.exe\n" WORKER
                   "1500 user 70 62 CORP\\deploy D:\\agent\\bin\\Agent.Worker.exe\n"
                   "2000 write 70 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created",
         .not_why = "Azure"},
        {.name = "a tool that whoever has an account may run: by WMI",
         .script = "400 system 60 4 services.exe\n500 system 61 60 svchost.exe\n"
                   "600 system 62 61 wbem\\wmiprvse.exe\n" WORKER COPY_BY(
                       "1900", "62") "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = NOT_EXCUSED,
         .not_why = "robocopy wrote"},
        {.name = "by WinRM, through a shell",
         .script = WORKER "1500 user 62 1 CORP\\deploy wsmprovhost.exe\n"
                          "1600 user 63 62 CORP\\deploy cmd.exe\n" COPY_BY(
                              "1900", "63") "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = NOT_EXCUSED,
         .not_why = "robocopy wrote"},
        {.name = "by a task",
         .script =
             "400 system 60 4 services.exe\n"
             "500 system 61 60 svchost.exe svchost.exe -k netsvcs -p -s Schedule\n" WORKER COPY_BY(
                 "1900", "61") "2000 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = NOT_EXCUSED,
         .not_why = "robocopy wrote"},
        {.name = "and that it ran near by excuses no other file",
         .script = WORKER COPY_BY("1900", "1") "1950 user 72 1 CORP\\deploy iisreset.exe\n"
                                               "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = NOT_EXCUSED,
         .not_why = "ten minutes"},
        {.name = "a service's, where anybody may write",
         .script = "400 system 60 4 services.exe\n" WORKER
                   "1500 user 70 60 CORP\\deploy C:\\Windows\\Temp\\agent.worker.exe\n"
                   "2000 write 70 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created",
         .not_why = "Azure"},
        {.name = "a copy of the shell under the name of what reports crashes",
         .script = WORKER "2000 write 99 " A "\n3000 start 20 10 werfault.exe=Cmd.Exe cmd /c ver\n",
         .found = JOINED},
        {.name = "what reports crashes, itself",
         .script =
             WORKER "2000 write 99 " A "\n3000 start 20 10 werfault.exe=WerFault.exe -u -p 9\n",
         .found = ""},
        {.name =
             "an interpreter of scripts whose command line has the name of a server of Python's",
         .script =
             WORKER "2000 write 99 " A "\n3000 start 20 10 mshta.exe mshta http://x/waitress\n",
         .found = JOINED},
        {.name = "a page in a folder of the site that is named like one of Windows",
         .script =
             WORKER "2000 write 99 C:\\inetpub\\shop\\Windows\\Servicing\\a.aspx\n" SHELL(3000),
         .found = JOINED},
        {.name = "a page in a folder of the site that is named like ASP.NET's",
         .script = WORKER
         "2000 write 99 C:\\inetpub\\shop\\Temporary ASP.NET Files\\a.aspx\n" SHELL(3000),
         .found = JOINED},
    };
    (void)state;
    RUN(CASES);
}

#define THEN ", then the web server started cmd.exe: a.aspx"
#define SHELL_3 "259203000 start 20 10 cmd.exe cmd /c ver\n"
#define AGAIN "259202000 write 99 " A "\n" SHELL_3

/* What nothing says did not appear, and what was there was changed. */
static void titles(void **state)
{
    static const struct {
        const char *script, *title;
        struct chain_request request;
    } CASES[] = {
        {WORKER "2000 write 99 " A "\n" SHELL(3000), "File was written among web files" THEN, {0}},
        {WORKER "2000 write 99 " A "\n" SHELL(3000),
         "File among web files was changed" THEN,
         {.path = A, .begin_ms = 2500, .n_addresses = 20, .n_before = 30}},
        {WORKER "2000 write 99 " A "\n" SHELL(3000),
         "File was written among web files" THEN,
         {.path = A, .begin_ms = 2500, .n_addresses = 1}},
        /* Three days before somebody wrote it too: that is none of the chain. */
        {WORKER "2000 write 99 " A "\n" AGAIN, "File among web files was changed" THEN, {0}},
        {WORKER "2000 write 99 " A "\n5000 delete 99 " A "\n" AGAIN,
         "File was written among web files" THEN,
         {0}},
        {WORKER "2000 delete 99 " A "\n5000 write 99 " A "\n" AGAIN,
         "File among web files was changed" THEN,
         {0}},
        /* Of one chain: how it came is told. */
        {WORKER "259000000 write 99 " A "\n" AGAIN, "File was written among web files" THEN, {0}},
        {WORKER "2000 write 99 " A "\n2001 user 20 1 IIS~APPPOOL\\ShopPool cmd.exe cmd /c ver\n",
         "File was written among web files, then cmd.exe ran as the account of a web server: "
         "a.aspx",
         {0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.requests = &CASES[i].request;
        rig.n_requests = CASES[i].request.path != NULL;
        rig_begin(&rig);
        rig_script(&rig, CASES[i].script);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        if (!iw_str_equal(rig.findings[0].title, iw_str_of(CASES[i].title)))
            fail_msg("%zu: %.*s", i, IW_STR_ARG(rig.findings[0].title));
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles), cmocka_unit_test(links), cmocka_unit_test(files_and_servers),
        cmocka_unit_test(benign), cmocka_unit_test(names_excuse_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
