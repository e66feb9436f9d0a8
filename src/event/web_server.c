/*
 * Sources, beside each row: rules of the SigmaHQ repository (by the first digits of their ids),
 * vendors' own documentation, and reports of the attacks.
 *
 * Left out on purpose: agents that run commands by design (Jenkins, agents of TeamCity and Azure
 * DevOps, ScreenConnect.ClientService.exe: what they start is their work, and as bringers of files
 * they are deployments); services that serve no pages (owstimer.exe of SharePoint,
 * SolarWinds.BusinessLayerHost.exe, Veeam's); and what w3wp.exe, httpd.exe or Tomcat serve anyway
 * (MOVEit, Telerik, Sitecore, CentreStack, StoreFront, Confluence, Jira, TeamCity's server).
 */
#include "event/web_server.h"

#include "base/path_name.h"

#define PROGRAM IW_WEB_SERVER_PROGRAM
#define JAVA IW_WEB_SERVER_JAVA
#define JAVA_NAME IW_WEB_SERVER_JAVA_NAME
#define JAVA_OF IW_WEB_SERVER_JAVA_FOLDER
#define LIKELY IW_WEB_SERVER_LIKELY
#define DEVELOPER IW_WEB_SERVER_DEVELOPER
#define MANAGEMENT IW_WEB_SERVER_MANAGEMENT

const struct iw_web_server iw_web_servers[] = {
    /* IIS and what is built upon it: learn.microsoft.com */
    {"w3wp.exe", PROGRAM, NULL, "IIS"},
    {"inetinfo.exe", PROGRAM, NULL, "IIS 5, and services of IIS beside the web"},
    {"aspnet_wp.exe", PROGRAM, NULL, "ASP.NET under IIS 5"},
    {"iisexpress.exe", DEVELOPER, NULL, "IIS Express"},
    {"wmsvc.exe", MANAGEMENT, NULL, "the web management service of IIS"},
    /* CVE-2021-26857 (Exchange), CVE-2025-59287 (WSUS): msrc.microsoft.com */
    {"umworkerprocess.exe", PROGRAM, NULL, "unified messaging of Exchange"},
    {"umservice.exe", PROGRAM, NULL, "unified messaging of Exchange"},
    {"wsusservice.exe", PROGRAM, NULL, "WSUS"},
    /* It is a server of HTTP.sys of its own since 2008 ("Reporting Services Report Server",
     * learn.microsoft.com); CVE-2020-0618 */
    {"reportingservicesservice.exe", PROGRAM, NULL, "SQL Server Reporting Services"},
    /* Servers for every purpose: Sigma 8202070f */
    {"httpd.exe", PROGRAM, NULL, "Apache (also of XAMPP and WAMP)"},
    {"apache.exe", PROGRAM, NULL, "Apache"},
    {"nginx.exe", PROGRAM, NULL, "nginx"},
    {"caddy.exe", PROGRAM, NULL, "Caddy"},
    {"php-cgi.exe", PROGRAM, NULL, "PHP"},
    {"tomcat.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat5.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat6.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat7.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat8.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat9.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat10.exe", PROGRAM, NULL, "Tomcat"},
    {"tomcat11.exe", PROGRAM, NULL, "Tomcat"},
    {"ws_tomcatservice.exe", PROGRAM, NULL, "VMware Horizon"},
    /* catalina.bat; start.ini and start.jar of Jetty */
    {"tomcat", JAVA_NAME, NULL, "Tomcat"},
    {"catalina", JAVA_NAME, NULL, "Tomcat"},
    {"catalina.home=", JAVA, NULL, "Tomcat"},
    {"catalina.base=", JAVA, NULL, "Tomcat"},
    {"org.apache.catalina.", JAVA, NULL, "Tomcat"},
    {"jetty", JAVA_NAME, NULL, "Jetty"},
    {"jetty.home=", JAVA, NULL, "Jetty"},
    {"jetty.base=", JAVA, NULL, "Jetty"},
    {"undertow", JAVA_NAME, NULL, "Undertow"},
    /* helpx.adobe.com: services of ColdFusion, its jvm.config */
    {"coldfusion.exe", PROGRAM, NULL, "ColdFusion"},
    {"jrun.exe", PROGRAM, NULL, "ColdFusion up to 9"},
    {"coldfusion", JAVA_NAME, NULL, "ColdFusion"},
    {"coldfusion.home=", JAVA, NULL, "ColdFusion"},
    /* enterprise.arcgis.com: processes of ArcGIS Server */
    {"arcsoc.exe", PROGRAM, NULL, "ArcGIS Server"},
    /* run.bat and standalone.bat of the distributions */
    {"jboss.home.dir", JAVA, NULL, "JBoss and WildFly"},
    {"org.jboss.main", JAVA, NULL, "JBoss up to 6"},
    /* Its services have the Java in them (beasvc -install, docs.oracle.com: "Setting Up a WebLogic
     * Server Instance as a Windows Service"); the Node Manager is the same program, and starts
     * servers by cmd.exe. CVE-2019-2725, CVE-2020-14882 */
    {"beasvc.exe", LIKELY, NULL, "services of WebLogic up to 12"},
    {"wlsvc.exe", LIKELY, NULL, "services of WebLogic"},
    /* The class that startWebLogic.cmd runs. */
    {" weblogic.server", JAVA, NULL, "WebLogic"},
    {"weblogic.name=", JAVA, NULL, "WebLogic"},
    {"com.ibm.ws.runtime.wsserver", JAVA, NULL, "WebSphere"},
    {"com.sun.enterprise.glassfish.bootstrap", JAVA, NULL, "GlassFish and Payara"},
    /* Its console is Jetty's; CVE-2023-46604 */
    {"activemq.home", JAVA, NULL, "ActiveMQ"},
    /* Its service listens on 9090 itself (igniterealtime.org); CVE-2023-32315 */
    {"openfire-service.exe", PROGRAM, NULL, "Openfire"},
    /* Remote support: the server, not what runs on machines that are supported. CVE-2024-1708 and
     * 1709; Elastic 3d00feab */
    {"screenconnect.service.exe", PROGRAM, NULL, "ScreenConnect (ConnectWise Control)"},
    /* Printing: CVE-2023-27350; Sigma 0934ac71 */
    {"pc-app.exe", PROGRAM, NULL, "PaperCut"},
    /* Files to and fro: CVE-2021-35211, Sigma 58f4ea09; CVE-2025-31161, Splunk's analytic about
     * crushftpservice.exe; CVE-2025-47812, the service that Wing FTP's setup makes;
     * CVE-2025-10035; CVE-2024-50623, Sigma f007b877 */
    {"serv-u.exe", PROGRAM, NULL, "Serv-U"},
    {"crushftpservice.exe", PROGRAM, NULL, "CrushFTP"},
    {"crushftp.jar", JAVA, NULL, "CrushFTP"},
    {"wftpserver.exe", PROGRAM, NULL, "Wing FTP Server"},
    {"\\goanywhere\\", JAVA_OF, NULL, "GoAnywhere MFT"},
    {"versalex", JAVA, NULL, "Cleo VersaLex"},
    {"vltrader", JAVA, NULL, "Cleo VLTrader"},
    {"lexicom", JAVA, NULL, "Cleo LexiCom"},
    {"\\harmony\\", JAVA_OF, NULL, "Cleo Harmony"},
    /* Help desks and their like. CVE-2020-10189, Sigma: DesktopCentral_Server\jre\bin\java.exe;
     * CVE-2021-44077, Sigma: java.exe below \ManageEngine\ServiceDesk\, and its sister (The DFIR
     * Report, "Will the Real Msiexec Please Stand Up"); CVE-2021-40539 (CISA AA21-259A);
     * CVE-2023-47246. Other products of the maker monitor and run commands by design. */
    {"\\desktopcentral_server\\", JAVA_OF, NULL, "ManageEngine Endpoint (Desktop) Central"},
    {"\\manageengine\\servicedesk\\", JAVA_OF, NULL, "ManageEngine ServiceDesk Plus"},
    {"\\supportcenterplus\\", JAVA_OF, NULL, "ManageEngine SupportCenter Plus"},
    {"\\adselfservice plus\\", JAVA_OF, NULL, "ManageEngine ADSelfService Plus"},
    {"\\sysaidserver\\", JAVA_OF, NULL, "SysAid"},
    /* It serves its web mail itself; CVE-2025-52691 */
    {"mailservice.exe", PROGRAM, "\\smartermail\\service", "SmarterMail"},
};
const size_t iw_n_web_servers = sizeof iw_web_servers / sizeof iw_web_servers[0];

/* Setup of Tomcat, Exchange, SharePoint, WSUS, Remote Desktop Web Access, certificate services;
 * folders of the products above where a page that was put there was asked for: ScreenConnect
 * (Huntress, "A Catastrophe For Control"), SysAid (its setup), Reporting Services (its setup),
 * WildFly's scanner of deployments, WebLogic's unpacked applications. */
const char *const iw_web_server_folders[] = {"\\inetpub\\",
                                             "\\wwwroot\\",
                                             "\\htdocs\\",
                                             "\\webapps\\",
                                             "\\cgi-bin\\",
                                             "\\public_html\\",
                                             "\\www\\",
                                             "\\httpproxy\\",
                                             "\\clientaccess\\",
                                             "\\template\\layouts\\",
                                             "\\template\\admin\\",
                                             "\\controltemplates\\",
                                             "\\virtualdirectories\\",
                                             "\\update services\\webservices\\",
                                             "\\rdweb\\pages\\",
                                             "\\system32\\certsrv\\",
                                             "\\screenconnect\\app_extensions\\",
                                             "\\sysaidserver\\root\\",
                                             "\\reporting services\\reportserver\\",
                                             "\\ssrs\\reportserver\\",
                                             "\\standalone\\deployments\\",
                                             "\\_wl_internal\\",
                                             NULL};

/* Tomcat ("The Context Container": the path is that of the folder in webapps, ROOT is the empty
 * one), the setups of Apache, XAMPP and WAMP; ScriptAlias of httpd.conf. */
struct iw_str iw_web_server_page_of(struct iw_str path)
{
    static const struct {
        const char *folder;
        size_t n_kept; /* bytes of it that the URL has too */
    } FOLDERS[] = {{"\\webapps\\", 0},
                   {"\\htdocs\\", 0},
                   {"\\public_html\\", 0},
                   {"\\www\\", 0},
                   {"\\cgi-bin\\", 8}};
    const struct iw_str ROOT = IW_STR("ROOT\\");
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++) {
        struct iw_str folder = iw_str_of(FOLDERS[i].folder);
        size_t at = iw_str_find_nocase(path, folder);
        struct iw_str rest;
        if (at == SIZE_MAX || at + folder.n == path.n)
            continue;
        at += folder.n - FOLDERS[i].n_kept;
        rest = (struct iw_str){path.p + at, path.n - at};
        return i == 0 && iw_str_begins_nocase(rest, ROOT)
                   ? (struct iw_str){rest.p + ROOT.n, rest.n - ROOT.n}
                   : rest;
    }
    return IW_STR("");
}

bool iw_web_server_is_of_java(const struct iw_web_server *server)
{
    return server->kind == JAVA || server->kind == JAVA_NAME || server->kind == JAVA_OF;
}

bool iw_web_server_has_image(const struct iw_web_server *server, struct iw_str image)
{
    return !iw_web_server_is_of_java(server) &&
           (server->below == NULL ||
            iw_str_ends_nocase(iw_path_folder(image), iw_str_of(server->below)));
}

enum iw_web_server_list iw_web_server_list_of(struct iw_str name)
{
    static const char *const NAMES[] = {[IW_WEB_SERVER_LIST_IMAGES] = "iiswarden.web_servers",
                                        [IW_WEB_SERVER_LIST_JAVA] = "iiswarden.java_web_servers",
                                        [IW_WEB_SERVER_LIST_FOLDERS] =
                                            "iiswarden.java_web_server_folders"};
    for (size_t i = IW_WEB_SERVER_LIST_IMAGES; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_equal(name, iw_str_of(NAMES[i])))
            return (enum iw_web_server_list)i;
    }
    return IW_WEB_SERVER_LIST_NONE;
}

bool iw_web_server_is_in(const struct iw_web_server *server, enum iw_web_server_list list)
{
    switch (list) {
    case IW_WEB_SERVER_LIST_IMAGES:
        return server->kind == PROGRAM;
    case IW_WEB_SERVER_LIST_JAVA:
        return server->kind == JAVA;
    case IW_WEB_SERVER_LIST_FOLDERS:
        return server->kind == JAVA_OF || server->kind == JAVA_NAME;
    case IW_WEB_SERVER_LIST_NONE:
        break;
    }
    return false;
}
