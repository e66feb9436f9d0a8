/*
 * The native modules that come with IIS and with products on it: globalModules and their entries in
 * modules.
 *
 * Source: Microsoft's reference of IIS modules, module lists of installed servers, Exchange and
 * SharePoint administration documents.
 * What it ignores: optional role services that no feature of lab_config.h brings (WebDAV, CGI,
 * WebSocket, ASP.NET 3.5's engine); a change adds them. Exchange lists kerbauth, WSMan and exppw
 * only as global modules, and the web.config of its directories enables them.
 */
#include "lab/config/config_rows.h"
#include "lab/config/lab_config.h"

#define ASPNET IW_LAB_CONFIG_ASPNET
#define ASP IW_LAB_CONFIG_ASP
#define EXCHANGE IW_LAB_CONFIG_EXCHANGE
#define SHAREPOINT IW_LAB_CONFIG_SHAREPOINT
#define PRODUCT (EXCHANGE | SHAREPOINT)
#define INETSRV "%windir%\\System32\\inetsrv\\"
#define NET32 "%windir%\\Microsoft.NET\\Framework\\v4.0.30319\\"
#define NET64 "%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\"
#define V15 "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
#define WEB_SERVER_EXTENSIONS                                                                      \
    "C:\\Program Files\\Common Files\\Microsoft Shared\\Web Server Extensions\\"

enum entry {
    GLOBAL, /* only in globalModules */
    LOCKED, /* and in modules with lockItem, as IIS setup writes it */
    OPEN    /* and in modules without, as later installers write it */
};

struct native_row {
    unsigned features; /* any of them; 0: always */
    enum entry entry;
    const char *name;
    const char *image;
    const char *condition; /* NULL: none */
};

static const struct native_row native_rows[] = {
    {0, GLOBAL, "UriCacheModule", INETSRV "cachuri.dll", NULL},
    {0, GLOBAL, "FileCacheModule", INETSRV "cachfile.dll", NULL},
    {0, GLOBAL, "TokenCacheModule", INETSRV "cachtokn.dll", NULL},
    {0, LOCKED, "HttpCacheModule", INETSRV "cachhttp.dll", NULL},
    {PRODUCT, LOCKED, "DynamicCompressionModule", INETSRV "compdyn.dll", NULL},
    {0, LOCKED, "StaticCompressionModule", INETSRV "compstat.dll", NULL},
    {0, LOCKED, "DefaultDocumentModule", INETSRV "defdoc.dll", NULL},
    {0, LOCKED, "DirectoryListingModule", INETSRV "dirlist.dll", NULL},
    {0, LOCKED, "ProtocolSupportModule", INETSRV "protsup.dll", NULL},
    {PRODUCT, LOCKED, "HttpRedirectionModule", INETSRV "redirect.dll", NULL},
    {0, LOCKED, "StaticFileModule", INETSRV "static.dll", NULL},
    {0, LOCKED, "AnonymousAuthenticationModule", INETSRV "authanon.dll", NULL},
    {EXCHANGE, LOCKED, "CertificateMappingAuthenticationModule", INETSRV "authcert.dll", NULL},
    {PRODUCT, LOCKED, "BasicAuthenticationModule", INETSRV "authbas.dll", NULL},
    {PRODUCT, LOCKED, "WindowsAuthenticationModule", INETSRV "authsspi.dll", NULL},
    {EXCHANGE, LOCKED, "DigestAuthenticationModule", INETSRV "authmd5.dll", NULL},
    {0, LOCKED, "RequestFilteringModule", INETSRV "modrqflt.dll", NULL},
    {0, LOCKED, "CustomErrorModule", INETSRV "custerr.dll", NULL},
    {0, LOCKED, "HttpLoggingModule", INETSRV "loghttp.dll", NULL},
    {PRODUCT, GLOBAL, "TracingModule", INETSRV "iisetw.dll", NULL},
    {PRODUCT, LOCKED, "FailedRequestsTracingModule", INETSRV "iisfreb.dll", NULL},
    {ASPNET, GLOBAL, "RequestMonitorModule", INETSRV "iisreqs.dll", NULL},
    {ASPNET | ASP, LOCKED, "IsapiModule", INETSRV "isapi.dll", NULL},
    {ASPNET | ASP, LOCKED, "IsapiFilterModule", INETSRV "filter.dll", NULL},
    {ASPNET, LOCKED, "ConfigurationValidationModule", INETSRV "validcfg.dll", NULL},
    {ASPNET, GLOBAL, "ManagedEngineV4.0_32bit", NET32 "webengine4.dll",
     "integratedMode,runtimeVersionv4.0,bitness32"},
    {ASPNET, GLOBAL, "ManagedEngineV4.0_64bit", NET64 "webengine4.dll",
     "integratedMode,runtimeVersionv4.0,bitness64"},
    {IW_LAB_CONFIG_REWRITE, OPEN, "RewriteModule", "%SystemRoot%\\system32\\inetsrv\\rewrite.dll",
     NULL},
    {IW_LAB_CONFIG_ARR, OPEN, "ApplicationRequestRouting",
     "%ProgramFiles%\\IIS\\Application Request Routing\\requestRouter.dll", NULL},
    {EXCHANGE, GLOBAL, "kerbauth", V15 "Bin\\kerbauth.dll", "bitness64"},
    {EXCHANGE, GLOBAL, "WSMan", "C:\\Windows\\system32\\wsmsvc.dll", NULL},
    {EXCHANGE, GLOBAL, "exppw", V15 "ClientAccess\\Owa\\auth\\exppw.dll", NULL},
    {EXCHANGE, GLOBAL, "cafe_exppw", V15 "FrontEnd\\HttpProxy\\bin\\exppw.dll", NULL},
    {SHAREPOINT, GLOBAL, "SharePoint14Module", WEB_SERVER_EXTENSIONS "16\\isapi\\owssvr.dll",
     "appPoolName=SharePoint - 80,bitness64"},
};

static bool is_there(const struct native_row *row, unsigned features)
{
    return row->features == 0 || (row->features & features) != 0;
}

void iw_lab_config_add_native(struct iw_lab_element *global_modules, unsigned features)
{
    for (size_t i = 0; i < sizeof native_rows / sizeof native_rows[0]; i++) {
        const struct native_row *row = &native_rows[i];
        if (!is_there(row, features)) {
            continue;
        }
        struct iw_lab_element *add = iw_lab_element_new(global_modules, "add");
        iw_lab_element_set(add, "name", row->name);
        iw_lab_element_set(add, "image", row->image);
        if (row->condition != NULL) {
            iw_lab_element_set(add, "preCondition", row->condition);
        }
    }
}

static void add_entries(struct iw_lab_element *modules, unsigned features, enum entry entry)
{
    for (size_t i = 0; i < sizeof native_rows / sizeof native_rows[0]; i++) {
        const struct native_row *row = &native_rows[i];
        if (row->entry == entry && is_there(row, features)) {
            struct iw_lab_element *add = iw_lab_element_new(modules, "add");
            iw_lab_element_set(add, "name", row->name);
            if (entry == LOCKED) {
                iw_lab_element_set(add, "lockItem", "true");
            }
        }
    }
}

void iw_lab_config_add_native_entries(struct iw_lab_element *modules, unsigned features)
{
    add_entries(modules, features, LOCKED);
    add_entries(modules, features, OPEN);
}
