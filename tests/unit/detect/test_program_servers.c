/*
 * Which processes serve the web, and what is found of what they start: by their image, and of Java
 * by what it was told. What only looks like a server, or works beside one, is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "detect/chain/program_kind.h"
#include "tests/unit/detect/chain_scenario.h"

#define NO IW_SERVES_NOTHING
#define LIKELY IW_SERVES_LIKELY
#define YES IW_SERVES_WEB
#define JAVA "C:\\Program Files\\Java\\jre\\bin\\java.exe"

static void who_serves(void **state)
{
    static const struct {
        const char *image, *command;
        enum iw_program_serving serves;
    } CASES[] = {
        {"C:\\Windows\\System32\\inetsrv\\w3wp.exe", "", YES},
        {"C:\\Program Files (x86)\\ScreenConnect\\ScreenConnect.Service.exe", "", YES},
        {"C:\\Program Files (x86)\\ScreenConnect Client (1a)\\ScreenConnect.ClientService.exe", "",
         NO},
        {"C:\\Program Files\\PaperCut MF\\server\\bin\\win\\pc-app.exe", "", YES},
        {"C:\\Program Files\\PaperCut MF\\client\\win\\pc-client.exe", "", NO},
        {"C:\\Program Files\\RhinoSoft\\Serv-U\\Serv-U.exe", "", YES},
        {"C:\\Program Files\\RhinoSoft\\Serv-U\\Serv-U-Tray.exe", "", NO},
        {"C:\\Program Files\\SSRS\\ReportingServicesService.exe", "", YES},
        {"C:\\CrushFTP10\\CrushFTPService.exe", "", YES},
        {"C:\\Program Files (x86)\\Wing FTP Server\\WFTPServer.exe", "WFTPServer.exe service", YES},
        {"C:\\Program Files\\Openfire\\bin\\openfire-service.exe", "", YES},
        /* It is the Node Manager as well, and starts servers by cmd.exe. */
        {"C:\\oracle\\wlserver\\server\\bin\\wlsvc.exe", "", LIKELY},
        {"C:\\bea\\wlserver_10.3\\server\\bin\\beasvc.exe", "", LIKELY},
        {"C:\\Program Files (x86)\\SmarterTools\\SmarterMail\\Service\\MailService.exe", "", YES},
        {"C:\\Acme\\MailService.exe", "", NO}, /* anybody's name */
        {"C:\\t\\tomcat12.exe", "", YES},
        /* It serves administrators. */
        {"C:\\Windows\\System32\\inetsrv\\WMSvc.exe", "", NO},
        /* Java: its folder, or what it was told. */
        {"C:\\ManageEngine\\ADSelfService Plus\\jre\\bin\\java.exe", "", YES},
        {"C:\\Program Files\\DesktopCentral_Server\\jre\\bin\\java.exe", "", YES},
        {"C:\\Program Files\\HelpSystems\\GoAnywhere\\jre\\bin\\java.exe", "", YES},
        {"C:\\VLTrader\\jre\\bin\\javaw.exe", "", YES},
        {"C:\\Harmony\\jre\\bin\\javaw.exe", "", YES},
        {JAVA, "java -Dcatalina.home=C:\\t -jar C:\\t\\bin\\bootstrap.jar start", YES},
        {JAVA,
         "java -jar D:\\wildfly\\jboss-modules.jar -mp D:\\wildfly\\modules org.jboss.as.standalone"
         " -Djboss.home.dir=D:\\wildfly",
         YES},
        {JAVA, "java -cp C:\\wl\\weblogic.jar -Dweblogic.Name=AdminServer weblogic.Server", YES},
        {JAVA, "java -classpath \"C:\\my wl\\weblogic.jar\" weblogic.Server", YES},
        {JAVA, "java -jar CrushFTP.jar -d", YES},
        {JAVA, "java -Dactivemq.home=C:\\mq -jar C:\\mq\\bin\\activemq.jar start", YES},
        {JAVA, "java -server -Djetty.port=8983 -jar start.jar --module=http", YES},
        {JAVA, "java -jar C:\\tomcat\\webapps\\jenkins.war", YES},
        /* It has one built in, or it is a job that uses the libraries of one. */
        {JAVA, "java -Xmx2g -cp \"C:\\p\\tomcat-embed-core-9.jar;C:\\p.jar\" com.acme.Main",
         LIKELY},
        {JAVA, "java -cp C:\\p\\undertow-core-2.3.jar;C:\\p.jar com.acme.Main", LIKELY},
        {JAVA, "java -cp C:\\tomcat\\lib\\tomcat-jdbc.jar;C:\\jobs\\j.jar com.acme.Nightly",
         LIKELY},
        {JAVA, "java --class-path \"C:\\jetty home\\lib\\x.jar\" com.acme.Nightly", LIKELY},
        {JAVA, "java -cp C:\\jobs\\j.jar com.acme.Nightly -cp C:\\tomcat\\lib", LIKELY},
        /* What a program is told says what it looks after, not what it is. */
        {JAVA, "java -jar C:\\jobs\\backup.jar D:\\tomcat\\conf", LIKELY},
        {JAVA, "java -Xmx1g -jar C:\\jobs\\backup.jar --source D:\\tomcat --quiet", LIKELY},
        {JAVA, "java -cp C:\\jobs\\j.jar com.acme.Restart tomcat9", LIKELY},
        {JAVA, "java --add-modules java.se -p C:\\tomcat\\lib -m acme.jobs/com.acme.Main", LIKELY},
        {JAVA, "java -jar C:\\jobs\\j.jar -Dcatalina.home=C:\\t", YES},
        {JAVA, "java -jar start.jar jetty.http.port=8080", YES},
        {JAVA, "java -jar C:\\jobs\\j.jar jetty.http.port=8080", LIKELY},
        {JAVA, "java -cp C:\\x\\a.jar org.eclipse.jetty.start.Main", YES},
        {JAVA, "java -Djava.io.tmpdir=C:\\tomcat\\temp -cp a.jar com.acme.Main", YES},
        {JAVA, "java -cp", NO},
        {JAVA, "java -jar C:\\jobs\\report.jar", NO},
        {JAVA, "java -jar C:\\ManageEngine\\OpManager\\lib\\framework.jar", NO},
        {JAVA, "java -jar C:\\Harmony\\tool.jar", NO},
        {JAVA, "", NO},
        {"C:\\Program Files\\JetBrains\\IntelliJ IDEA\\jbr\\bin\\java.exe",
         "java -cp idea.jar;lib\\tomcat.jar com.intellij.rt.Main", LIKELY},
        /* Agents run commands by design. */
        {"C:\\Jenkins\\jre\\bin\\java.exe", "java -jar C:\\Jenkins\\jenkins.war", NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str image = iw_str_of(CASES[i].image), command = iw_str_of(CASES[i].command);
        if (iw_program_serves(image, command, NULL) != (CASES[i].serves != NO) ||
            iw_program_serving(image, command, NULL) != CASES[i].serves)
            fail_msg("%s | %s", CASES[i].image, CASES[i].command);
        if (CASES[i].serves != NO)
            assert_true(iw_program_may_serve(image, NULL));
    }
}

#define SC "C:\\SC\\ScreenConnect.Service.exe"
#define EXTENSION "C:\\Program Files (x86)\\ScreenConnect\\App_Extensions\\1a2b\\x.ashx"
#define JSP "C:\\oracle\\user_projects\\tmp\\_WL_internal\\a\\war\\x.jsp"

#define STARTED                                                                                    \
    "800 user 8 1 CORP\\web C:\\a\\httpd.exe\n900 user 9 8 CORP\\web cmd.exe cmd /c start.cmd\n"   \
    "1000 user 10 9 CORP\\web C:\\t\\tomcat9.exe\n"
#define EMBEDDED                                                                                   \
    "1000 user 10 1 CORP\\job C:\\jdk\\java.exe java -cp C:\\p\\tomcat-embed-core-9.jar Main\n"
#define HELP "C:\\apps\\portal\\webapps\\ROOT\\help.jsp"

static const struct scenario THEY_START[] = {
    {.name = "ScreenConnect: a page of an extension, and its shell",
     .script = "1000 user 10 1 "
               "NT~AUTHORITY\\SYSTEM " SC "\n2000 write 10 " EXTENSION
               "\n3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "x.ashx medium 65: shell file written-by-server / file_created process_created"},
    {.name = "its client runs commands by design",
     .script = "1000 user 10 1 NT~AUTHORITY\\SYSTEM C:\\SC\\ScreenConnect.ClientService.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .found = ""},
    {.name = "PaperCut starts a shell",
     .script = "1000 user 10 1 NT~AUTHORITY\\SYSTEM C:\\PaperCut\\pc-app.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .found = "pc-app.exe medium 50 partial: shell / process_created"},
    {.name = "WebLogic",
     .script = "1000 user 10 1 CORP\\wls C:\\jdk\\java.exe java weblogic.Server\n"
               "2000 write 10 " JSP "\n3000 user 20 10 CORP\\wls cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "x.jsp medium 65: shell file written-by-server / file_created process_created"},
    {.name = "the Node Manager of WebLogic starts a server by a command at boot",
     .script = "900 user 8 1 NT~AUTHORITY\\SYSTEM C:\\wl\\wlsvc.exe\n"
               "950 user 9 8 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c startWebLogic.cmd\n"
               "1000 user 10 9 NT~AUTHORITY\\SYSTEM C:\\jdk\\java.exe java weblogic.Server\n"
               "2000 write 10 " JSP "\n3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "x.jsp medium 65: shell file written-by-server / file_created process_created"},
    {.name = "WebLogic inside of its service",
     .script = "1000 user 10 1 NT~AUTHORITY\\SYSTEM C:\\wl\\beasvc.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .found = "beasvc.exe low 35 partial: shell likely-server / process_created",
     .why = "only likely"},
    {.name = "and its page",
     .script = "1000 user 10 1 NT~AUTHORITY\\SYSTEM C:\\wl\\wlsvc.exe\n2000 write 10 " JSP
               "\n3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "x.jsp medium 65: shell file written-by-server / file_created process_created"},
    {.name = "a command behind the start of a server",
     .script = "1000 user 10 1 NT~AUTHORITY\\SYSTEM C:\\wl\\wlsvc.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c startWebLogic.cmd & ver\n",
     .found = "wlsvc.exe low 35 partial: shell likely-server / process_created"},
    {.name = "the start of a server, and what its script runs",
     .script = "1000 user 10 1 NT~AUTHORITY\\SYSTEM C:\\wl\\wlsvc.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c "
               "\"C:\\d\\bin\\startWebLogic.cmd\"\n"
               "3100 user 21 20 NT~AUTHORITY\\SYSTEM cmd.exe cmd /c ver\n",
     .found = ""},
    {.name = "a web server below a shell starts shells of its own",
     .script = STARTED "2000 write 10 " HELP "\n3000 user 20 10 CORP\\web cmd.exe cmd /c ver\n"
                       "4000 user 21 20 CORP\\web whoami.exe whoami\n",
     .is_unknown = true,
     .found = "help.jsp high 78: shell file shell-wrote-file written-by-server discovery / "
              "process_created child_created file_created process_created child_created"},
    {.name = "what it starts that is no shell is still of the shell above",
     .script = STARTED "3000 user 20 10 CORP\\web C:\\x\\app.exe app\n",
     .found = "httpd.exe medium 50 partial: shell / process_created child_created "
              "child_created"},
    {.name = "a Java that only may be a server starts none of its own",
     .script = "800 user 8 1 CORP\\web C:\\a\\httpd.exe\n"
               "900 user 9 8 CORP\\web cmd.exe cmd /c ver\n"
               "1000 user 10 9 CORP\\web C:\\jdk\\java.exe java -cp C:\\tomcat\\a.jar Job\n"
               "3000 user 20 10 CORP\\web cmd.exe cmd /c ver\n",
     .found = "httpd.exe medium 50 partial: shell / process_created child_created "
              "child_created"},
    {.name = "a job on a class path of Tomcat",
     .script = EMBEDDED "3000 user 20 10 CORP\\job cmd.exe cmd /c ver\n",
     .found = "java.exe low 35 partial: shell likely-server / process_created"},
    {.name = "what has it built in writes a page and starts a shell",
     .script = EMBEDDED "2000 write 10 " HELP "\n3000 user 20 10 CORP\\job cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "help.jsp medium 65: shell file written-by-server / file_created process_created"},
    {.name = "or the page came from elsewhere",
     .script = EMBEDDED "1500 user 12 1 CORP\\bob cmd.exe cmd\n2000 write 12 " HELP
                        "\n3000 user 20 10 CORP\\job cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "help.jsp medium 60: shell file / file_created process_created"},
    {.name = "a page of a release does not make a server of it",
     .script = EMBEDDED AGENT("1500L") COPY_BY(
         "1600", "70") "2000 write 71 " HELP "\n3000 user 20 10 CORP\\job cmd.exe cmd /c ver\n",
     .is_unknown = true,
     .found = "help.jsp low 30: shell file likely-server deployment-writer deployment-near / "
              "file_created process_created"},
    {.name = "a server for certain goes before it",
     .script = "900 user 9 1 CORP\\job C:\\t\\tomcat9.exe\n"
               "1000 user 10 9 CORP\\job C:\\jdk\\java.exe java -cp C:\\tomcat\\a.jar Job\n"
               "3000 user 20 10 CORP\\job cmd.exe cmd /c ver\n",
     .found = "tomcat9.exe medium 50 partial: shell / process_created"},
    {.name = "the management service runs a command of an administrator",
     .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\LOCAL~SERVICE cmd.exe cmd /c ver\n",
     .found = "WMSvc.exe low 35 partial: shell management-server / process_created"},
    {.name = "or has Web Deploy run it",
     .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
               "2000 user 11 10 NT~AUTHORITY\\LOCAL~SERVICE C:\\x\\msdeploy.exe\n"
               "3000 user 20 11 NT~AUTHORITY\\LOCAL~SERVICE cmd.exe cmd /c ver\n",
     .found = "WMSvc.exe low 35 partial: shell management-server / process_created"},
    {.name = "a program that it wrote and started",
     .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
               "2000 write 10 C:\\tools\\t.exe\n"
               "3000 user 20 10 NT~AUTHORITY\\LOCAL~SERVICE C:\\tools\\t.exe t\n"
               "4000 user 21 20 NT~AUTHORITY\\LOCAL~SERVICE whoami.exe whoami\n",
     .found = "WMSvc.exe medium 50 partial: shell written-then-run discovery "
              "management-server / file_created process_created child_created"},
    {.name = "what it deployed and a site starts is the site's",
     .script = "900 user 9 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n" WORKER
               "2000 write 9 C:\\tools\\t.exe\n3000 start 20 10 C:\\tools\\t.exe t\n",
     .found = ""},
    {.name = "a release over what a web server wrote does not make it the release's",
     .script = "900 user 9 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n" WORKER
               "1500 write 10 C:\\tools\\t.exe\n2000 write 9 C:\\tools\\t.exe\n"
               "3000 start 20 10 C:\\tools\\t.exe t\n",
     .found = "w3wp.exe medium 60 partial: shell written-then-run / file_created process_created"},
    {.name = "a tool that copies by it is a deployment",
     .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
               "2000 user 11 10 NT~AUTHORITY\\LOCAL~SERVICE robocopy.exe robocopy a b\n",
     .found = ""},
    {.name = "and what it writes is no page of the web server's",
     .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
               "1500 worker 12 ShopPool\n2000 write 10 " A "\n3000 start 20 12 cmd.exe cmd /c "
               "ver\n",
     .found = "a.aspx medium 50: shell file same-pool deployment-writer deployment-near / "
              "file_created process_created"},
};

static void what_they_start(void **state)
{
    (void)state;
    RUN(THEY_START);
}

/* What is advised is what that server has. */
static void what_is_advised(void **state)
{
    static const struct {
        const char *script, *says[3], *not_says[3];
    } CASES[] = {
        {WORKER "2000 write 10 " A "\n" SHELL(3000),
         {"Temporary ASP.NET Files", "before its pool is recycled", "then recycle the pool"},
         {"restart"}},
        {"1000 user 10 1 CORP\\wls C:\\jdk\\java.exe java weblogic.Server\n2000 write 10 " JSP
         "\n3000 user 20 10 CORP\\wls cmd.exe cmd /c ver\n",
         {"(java.exe) if it still runs, before it is restarted", "then restart the web server"},
         {"ASP.NET", "pool"}},
        {"1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
         "3000 user 20 10 NT~AUTHORITY\\LOCAL~SERVICE cmd.exe cmd /c ver\n",
         {"before it is restarted", "who was connected to the management service"},
         {"the log of the site", "owner of the site", "pool"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.inventory.n_servers = i == 0 ? 1 : 0;
        rig_begin(&rig);
        rig_script(&rig, CASES[i].script);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        for (size_t k = 0; k < 3; k++) {
            if (CASES[i].says[k] != NULL)
                assert_true(rig_says(&rig.findings[0].triage, CASES[i].says[k]));
            if (CASES[i].not_says[k] != NULL)
                assert_false(rig_says(&rig.findings[0].triage, CASES[i].not_says[k]));
        }
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_serves),
        cmocka_unit_test(what_they_start),
        cmocka_unit_test(what_is_advised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
