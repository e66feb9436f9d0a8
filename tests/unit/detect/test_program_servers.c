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

#define JAVA "C:\\Program Files\\Java\\jre\\bin\\java.exe"

static void who_serves(void **state)
{
    static const struct {
        const char *image, *command;
        bool serves;
    } CASES[] = {
        {"C:\\Windows\\System32\\inetsrv\\w3wp.exe", "", true},
        {"C:\\Program Files (x86)\\ScreenConnect\\ScreenConnect.Service.exe", "", true},
        {"C:\\Program Files (x86)\\ScreenConnect Client (1a)\\ScreenConnect.ClientService.exe", "",
         false},
        {"C:\\Program Files\\PaperCut MF\\server\\bin\\win\\pc-app.exe", "", true},
        {"C:\\Program Files\\PaperCut MF\\client\\win\\pc-client.exe", "", false},
        {"C:\\Program Files\\RhinoSoft\\Serv-U\\Serv-U.exe", "", true},
        {"C:\\Program Files\\RhinoSoft\\Serv-U\\Serv-U-Tray.exe", "", false},
        {"C:\\Program Files\\SSRS\\ReportingServicesService.exe", "", true},
        {"C:\\CrushFTP10\\CrushFTPService.exe", "", true},
        {"C:\\Program Files (x86)\\Wing FTP Server\\WFTPServer.exe", "WFTPServer.exe service",
         true},
        {"C:\\Program Files\\Openfire\\bin\\openfire-service.exe", "", true},
        {"C:\\oracle\\wlserver\\server\\bin\\beasvc.exe", "", true},
        {"C:\\Program Files (x86)\\SmarterTools\\SmarterMail\\Service\\MailService.exe", "", true},
        {"C:\\Acme\\MailService.exe", "", false}, /* anybody's name */
        {"C:\\t\\tomcat12.exe", "", true},
        /* It serves administrators. */
        {"C:\\Windows\\System32\\inetsrv\\WMSvc.exe", "", false},
        /* Java: its folder, or what it was told. */
        {"C:\\ManageEngine\\ADSelfService Plus\\jre\\bin\\java.exe", "", true},
        {"C:\\Program Files\\DesktopCentral_Server\\jre\\bin\\java.exe", "", true},
        {"C:\\Program Files\\HelpSystems\\GoAnywhere\\jre\\bin\\java.exe", "", true},
        {"C:\\VLTrader\\jre\\bin\\javaw.exe", "", true},
        {"C:\\Harmony\\jre\\bin\\javaw.exe", "", true},
        {JAVA, "java -Dcatalina.home=C:\\t -jar C:\\t\\bin\\bootstrap.jar start", true},
        {JAVA,
         "java -jar D:\\wildfly\\jboss-modules.jar -mp D:\\wildfly\\modules org.jboss.as.standalone"
         " -Djboss.home.dir=D:\\wildfly",
         true},
        {JAVA, "java -cp C:\\wl\\weblogic.jar -Dweblogic.Name=AdminServer weblogic.Server", true},
        {JAVA, "java -classpath \"C:\\my wl\\weblogic.jar\" weblogic.Server", true},
        {JAVA, "java -jar CrushFTP.jar -d", true},
        {JAVA, "java -Dactivemq.home=C:\\mq -jar C:\\mq\\bin\\activemq.jar start", true},
        /* A job that uses the libraries of a server is none. */
        {JAVA, "java -cp C:\\tomcat\\lib\\tomcat-jdbc.jar;C:\\jobs\\j.jar com.acme.Nightly", false},
        {JAVA, "java --class-path \"C:\\jetty home\\lib\\x.jar\" com.acme.Nightly", false},
        {JAVA, "java -cp C:\\jobs\\j.jar com.acme.Nightly -cp C:\\tomcat\\lib", false},
        {JAVA, "java -cp", false},
        {JAVA, "java -jar C:\\jobs\\report.jar", false},
        {JAVA, "java -jar C:\\ManageEngine\\OpManager\\lib\\framework.jar", false},
        {JAVA, "java -jar C:\\Harmony\\tool.jar", false},
        {JAVA, "", false},
        {"C:\\Program Files\\JetBrains\\IntelliJ IDEA\\jbr\\bin\\java.exe",
         "java -cp idea.jar;lib\\tomcat.jar com.intellij.rt.Main", false},
        /* Agents run commands by design. */
        {"C:\\Jenkins\\jre\\bin\\java.exe", "java -jar C:\\Jenkins\\jenkins.war", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (iw_program_serves(iw_str_of(CASES[i].image), iw_str_of(CASES[i].command), NULL) !=
            CASES[i].serves)
            fail_msg("%s | %s", CASES[i].image, CASES[i].command);
        if (CASES[i].serves)
            assert_true(iw_program_may_serve(iw_str_of(CASES[i].image), NULL));
    }
}

#define SC "C:\\SC\\ScreenConnect.Service.exe"
#define EXTENSION "C:\\Program Files (x86)\\ScreenConnect\\App_Extensions\\1a2b\\x.ashx"
#define JSP "C:\\oracle\\user_projects\\tmp\\_WL_internal\\a\\war\\x.jsp"

static void what_they_start(void **state)
{
    static const struct scenario CASES[] = {
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
        {.name = "a job on a class path of Tomcat",
         .script = "1000 user 10 1 CORP\\job C:\\jdk\\java.exe java -cp C:\\tomcat\\a.jar Job\n"
                   "3000 user 20 10 CORP\\job cmd.exe cmd /c ver\n",
         .found = ""},
        {.name = "the management service runs a command of an administrator",
         .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
                   "3000 user 20 10 NT~AUTHORITY\\LOCAL~SERVICE cmd.exe cmd /c ver\n",
         .found = "WMSvc.exe low 35 partial: shell management-server / process_created"},
        {.name = "what Web Deploy runs on its behalf is a deployment's",
         .script = "1000 user 10 1 NT~AUTHORITY\\LOCAL~SERVICE inetsrv\\WMSvc.exe\n"
                   "2000 user 11 10 NT~AUTHORITY\\LOCAL~SERVICE C:\\x\\msdeploy.exe\n"
                   "3000 user 20 11 NT~AUTHORITY\\LOCAL~SERVICE cmd.exe cmd /c ver\n",
         .found = ""},
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
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_serves),
        cmocka_unit_test(what_they_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
