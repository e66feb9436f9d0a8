/*
 * What the roles bring: sites, pools, applications and files of an IIS as it is found in life.
 *
 * Source: paths and names of Exchange, SharePoint and ARR installations as documented publicly.
 * What it ignores: everything of them that no web request meets.
 */
#include "lab/world/world_role.h"

#include <string.h>

#define WWWROOT "C:\\inetpub\\wwwroot"
#define EXCHANGE "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
#define PROXY EXCHANGE "FrontEnd\\HttpProxy\\"
#define CLIENT EXCHANGE "ClientAccess\\"
#define LAYOUTS                                                                                    \
    "C:\\Program Files\\Common Files\\Microsoft Shared\\Web Server "                               \
    "Extensions\\16\\TEMPLATE\\LAYOUTS"
#define SHAREPOINT_ROOT WWWROOT "\\wss\\VirtualDirectories\\80"

static const struct iw_lab_role_pool iis_pools[] = {
    {"DefaultAppPool", "", "ApplicationPoolIdentity"}, {NULL, NULL, NULL}};
static const struct iw_lab_role_pool aspnet_pools[] = {
    {"DefaultAppPool", "v4.0", "ApplicationPoolIdentity"}, {NULL, NULL, NULL}};
static const struct iw_lab_role_pool exchange_pools[] = {
    {"DefaultAppPool", "v4.0", "ApplicationPoolIdentity"},
    {"MSExchangeOWAAppPool", "v4.0", "LocalSystem"},
    {"MSExchangeECPAppPool", "v4.0", "LocalSystem"},
    {"MSExchangeServicesAppPool", "v4.0", "LocalSystem"},
    {"MSExchangeOABAppPool", "v4.0", "LocalSystem"},
    {"MSExchangeAutodiscoverAppPool", "v4.0", "LocalSystem"},
    {"MSExchangePowerShellAppPool", "v4.0", "LocalSystem"},
    {"MSExchangeOWACalendarAppPool", "v4.0", "LocalSystem"},
    {NULL, NULL, NULL}};
static const struct iw_lab_role_pool sharepoint_pools[] = {
    {"DefaultAppPool", "v4.0", "ApplicationPoolIdentity"},
    {"SharePoint - 80", "v4.0", "LAB\\svc_sp"},
    {"SharePoint Web Services Root", "v4.0", "LocalService"},
    {NULL, NULL, NULL}};

static const struct iw_lab_role_site iis_sites[] = {
    {"Default Web Site", 1, "*:80:", "DefaultAppPool", WWWROOT}, {NULL, 0, NULL, NULL, NULL}};
static const struct iw_lab_role_site exchange_sites[] = {
    {"Default Web Site", 1, "*:443:", "DefaultAppPool", WWWROOT},
    {"Exchange Back End", 2, "*:444:", "DefaultAppPool", WWWROOT},
    {NULL, 0, NULL, NULL, NULL}};
static const struct iw_lab_role_site sharepoint_sites[] = {
    {"Default Web Site", 1, "*:8080:", "DefaultAppPool", WWWROOT},
    {"SharePoint - 80", 2, "*:80:", "SharePoint - 80", SHAREPOINT_ROOT},
    {NULL, 0, NULL, NULL, NULL}};

static const struct iw_lab_role_place no_places[] = {{NULL, NULL, NULL, NULL}};
static const struct iw_lab_role_place exchange_places[] = {
    {"Default Web Site", "/owa", "MSExchangeOWAAppPool", PROXY "owa"},
    {"Default Web Site", "/owa/Calendar", "MSExchangeOWACalendarAppPool", PROXY "owa\\Calendar"},
    {"Default Web Site", "/ecp", "MSExchangeECPAppPool", PROXY "ecp"},
    {"Default Web Site", "/EWS", "MSExchangeServicesAppPool", PROXY "EWS"},
    {"Default Web Site", "/OAB", "MSExchangeOABAppPool", PROXY "OAB"},
    {"Default Web Site", "/Autodiscover", "MSExchangeAutodiscoverAppPool", PROXY "Autodiscover"},
    {"Default Web Site", "/PowerShell", "MSExchangePowerShellAppPool", PROXY "PowerShell"},
    {"Exchange Back End", "/owa", "MSExchangeOWAAppPool", CLIENT "owa"},
    {"Exchange Back End", "/ecp", "MSExchangeECPAppPool", CLIENT "ecp"},
    {"Exchange Back End", "/EWS", "MSExchangeServicesAppPool", CLIENT "exchweb\\EWS"},
    {"Exchange Back End", "/PowerShell", "MSExchangePowerShellAppPool", CLIENT "PowerShell-Proxy"},
    {NULL, NULL, NULL, NULL}};
static const struct iw_lab_role_place sharepoint_places[] = {
    {"SharePoint - 80", "/_layouts/15", NULL, LAYOUTS},
    {"SharePoint - 80", "/_layouts/16", NULL, LAYOUTS},
    {NULL, NULL, NULL, NULL}};

static const char *const iis_files[] = {WWWROOT "\\iisstart.htm", WWWROOT "\\iisstart.png", NULL};
static const char *const aspnet_files[] = {
    WWWROOT "\\Default.aspx",     WWWROOT "\\About.aspx",          WWWROOT "\\Contact.aspx",
    WWWROOT "\\web.config",       WWWROOT "\\bin\\Site.dll",       WWWROOT "\\Content\\site.css",
    WWWROOT "\\Scripts\\site.js", WWWROOT "\\uploads\\readme.txt", NULL};
static const char *const exchange_files[] = {PROXY "owa\\web.config",
                                             PROXY "owa\\auth\\logon.aspx",
                                             PROXY "owa\\auth\\logoff.aspx",
                                             PROXY "owa\\auth\\errorFE.aspx",
                                             PROXY "owa\\auth\\frowny.aspx",
                                             PROXY "owa\\auth\\expiredpassword.aspx",
                                             PROXY "owa\\auth\\signout.aspx",
                                             PROXY "owa\\auth\\OutlookCN.aspx",
                                             PROXY "owa\\auth\\RedirSuiteServiceProxy.aspx",
                                             PROXY "owa\\auth\\GetIdToken.htm",
                                             PROXY "ecp\\web.config",
                                             PROXY "ecp\\auth\\TimeoutLogoff.aspx",
                                             PROXY "OAB\\web.config",
                                             PROXY "EWS\\web.config",
                                             PROXY "Autodiscover\\web.config",
                                             PROXY "PowerShell\\web.config",
                                             CLIENT "owa\\web.config",
                                             CLIENT "ecp\\web.config",
                                             PROXY "bin\\exppw.dll",
                                             EXCHANGE "Bin\\kerbauth.dll",
                                             WWWROOT "\\iisstart.htm",
                                             WWWROOT "\\aspnet_client\\system_web\\readme.txt",
                                             NULL};
static const char *const sharepoint_files[] = {
    SHAREPOINT_ROOT "\\web.config",
    SHAREPOINT_ROOT "\\global.asax",
    LAYOUTS "\\start.aspx",
    LAYOUTS "\\settings.aspx",
    LAYOUTS "\\ToolPane.aspx",
    LAYOUTS "\\SignOut.aspx",
    LAYOUTS "\\viewlsts.aspx",
    LAYOUTS "\\upload.aspx",
    LAYOUTS "\\core.js",
    "C:\\Program Files\\Common Files\\Microsoft Shared\\Web Server "
    "Extensions\\16\\isapi\\owssvr.dll",
    NULL};
static const char *const arr_files[] = {
    WWWROOT "\\iisstart.htm", WWWROOT "\\iisstart.png",
    "C:\\Program Files\\IIS\\Application Request Routing\\requestRouter.dll", NULL};

static const struct iw_lab_role roles[] = {
    {"iis", 0, iis_pools, iis_sites, no_places, iis_files},
    {"aspnet", IW_LAB_CONFIG_ASPNET | IW_LAB_CONFIG_ASP, aspnet_pools, iis_sites, no_places,
     aspnet_files},
    {"exchange", IW_LAB_CONFIG_ASPNET | IW_LAB_CONFIG_EXCHANGE | IW_LAB_CONFIG_REWRITE,
     exchange_pools, exchange_sites, exchange_places, exchange_files},
    {"sharepoint", IW_LAB_CONFIG_ASPNET | IW_LAB_CONFIG_SHAREPOINT, sharepoint_pools,
     sharepoint_sites, sharepoint_places, sharepoint_files},
    {"arr", IW_LAB_CONFIG_REWRITE | IW_LAB_CONFIG_ARR, iis_pools, iis_sites, no_places, arr_files},
    {"other", 0, NULL, NULL, NULL, NULL},
};

const struct iw_lab_role *iw_lab_role_find(const char *name)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(roles[i].name, name) == 0) {
            return &roles[i];
        }
    }
    return NULL;
}
