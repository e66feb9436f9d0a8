/*
 * Sources: documentation of the handlers of IIS 7 and later and of ASP.NET's machine.config
 * (buildProviders, httpHandlers); setup of Exchange, SharePoint, WSUS, Remote Desktop Web Access
 * and Certificate Services; the usual packages of PHP, Tomcat and ColdFusion.
 */
#include "iis/web/web_defaults.h"

#define ROOT(path)                                                                                 \
    {                                                                                              \
        {(path), sizeof(path) - 1}, false, false                                                   \
    }
#define BEYOND_IIS(path)                                                                           \
    {                                                                                              \
        {(path), sizeof(path) - 1}, false, true                                                    \
    }
#define EXCHANGE "C:\\Program Files\\Microsoft\\Exchange Server\\"
#define SHAREPOINT "C:\\Program Files\\Common Files\\Microsoft Shared\\Web Server Extensions\\"
#define SHAREPOINT_ROOTS(version)                                                                  \
    ROOT(SHAREPOINT version "\\TEMPLATE\\LAYOUTS"), ROOT(SHAREPOINT version "\\TEMPLATE\\ADMIN"),  \
        ROOT(SHAREPOINT version "\\TEMPLATE\\CONTROLTEMPLATES"),                                   \
        ROOT(SHAREPOINT version "\\ISAPI")

const struct iw_web_default_root iw_web_default_roots[] = {
    {{"C:\\inetpub\\wwwroot", 18}, true, false},
    ROOT(EXCHANGE "V15\\FrontEnd\\HttpProxy"),
    ROOT(EXCHANGE "V15\\ClientAccess"),
    ROOT(EXCHANGE "V14\\ClientAccess"),
    SHAREPOINT_ROOTS("12"),
    SHAREPOINT_ROOTS("14"),
    SHAREPOINT_ROOTS("15"),
    SHAREPOINT_ROOTS("16"),
    ROOT("C:\\Program Files\\Update Services\\WebServices"),
    ROOT("C:\\Windows\\Web\\RDWeb\\Pages"),
    ROOT("C:\\Windows\\System32\\certsrv"),
    BEYOND_IIS("C:\\xampp\\htdocs"),
    BEYOND_IIS("C:\\wamp\\www"),
    BEYOND_IIS("C:\\wamp64\\www"),
};
const size_t iw_web_n_default_roots = sizeof iw_web_default_roots / sizeof iw_web_default_roots[0];

#define RUNS(ending, processor, language)                                                          \
    {                                                                                              \
        {(ending), sizeof(ending) - 1}, (processor), IW_WEB_LANGUAGE_##language, false             \
    }
#define INDIRECT(ending, processor, language)                                                      \
    {                                                                                              \
        {(ending), sizeof(ending) - 1}, (processor), IW_WEB_LANGUAGE_##language, true              \
    }

const struct iw_web_ending iw_web_endings[] = {
    RUNS(".aspx", "ASP.NET", ASP_NET),
    RUNS(".ashx", "ASP.NET", ASP_NET),
    RUNS(".asmx", "ASP.NET", ASP_NET),
    RUNS(".axd", "ASP.NET", ASP_NET),
    RUNS(".aspq", "ASP.NET", ASP_NET),
    RUNS(".svc", "WCF", ASP_NET),
    RUNS(".xamlx", "WCF", ASP_NET),
    RUNS(".soap", "ASP.NET", ASP_NET),
    RUNS(".rem", "ASP.NET", ASP_NET),
    RUNS(".cshtml", "ASP.NET", ASP_NET),
    RUNS(".vbhtml", "ASP.NET", ASP_NET),
    RUNS(".asp", "ASP", ASP),
    INDIRECT(".asa", "ASP", ASP),
    RUNS(".cer", "ASP", ASP),
    RUNS(".cdx", "ASP", ASP),
    RUNS(".php", "PHP", PHP),
    RUNS(".php3", "PHP", PHP),
    RUNS(".php4", "PHP", PHP),
    RUNS(".php5", "PHP", PHP),
    RUNS(".php6", "PHP", PHP),
    RUNS(".php7", "PHP", PHP),
    RUNS(".php8", "PHP", PHP),
    RUNS(".phtml", "PHP", PHP),
    RUNS(".phar", "PHP", PHP),
    RUNS(".pht", "PHP", PHP),
    RUNS(".jsp", "Java", JAVA),
    RUNS(".jspx", "Java", JAVA),
    INDIRECT(".jspf", "Java", JAVA),
    RUNS(".cfm", "ColdFusion", COLD_FUSION),
    RUNS(".cfml", "ColdFusion", COLD_FUSION),
    INDIRECT(".cfc", "ColdFusion", COLD_FUSION),
    RUNS(".cgi", "CGI", CGI),
    RUNS(".pl", "CGI", CGI),
    RUNS(".shtml", "server-side include", INCLUDE),
    RUNS(".stm", "server-side include", INCLUDE),
    RUNS(".shtm", "server-side include", INCLUDE),
    INDIRECT(".ascx", "ASP.NET", ASP_NET),
    INDIRECT(".master", "ASP.NET", ASP_NET),
    INDIRECT(".asax", "ASP.NET", ASP_NET),
    INDIRECT(".browser", "ASP.NET", ASP_NET),
    INDIRECT(".skin", "ASP.NET", ASP_NET),
};
const size_t iw_web_n_endings = sizeof iw_web_endings / sizeof iw_web_endings[0];

const struct iw_web_ending *iw_web_ending_of(struct iw_str name)
{
    for (size_t i = 0; i < iw_web_n_endings; i++) {
        if (iw_str_ends_nocase(name, iw_web_endings[i].ending))
            return &iw_web_endings[i];
    }
    return NULL;
}
