/*
 * <location path="" overrideMode="Allow">: handlers and modules of the server, which web.config may
 * add to; and the location of SharePoint's site.
 *
 * Source: default handler mappings and modules of installed servers, Microsoft's handlers/add
 * reference.
 * What it ignores: .NET 2.0 and 3.5, WCF activation. SharePoint writes its entries into web.config;
 * here they stand in the location of its site, which means the same.
 */
#include "lab/config/config_rows.h"
#include "lab/config/config_text.h"
#include "lab/config/lab_config.h"
#include "lab/lab_alloc.h"

#include <stdbool.h>
#include <string.h>

#define ASPNET IW_LAB_CONFIG_ASPNET
#define ASP IW_LAB_CONFIG_ASP
#define SHAREPOINT IW_LAB_CONFIG_SHAREPOINT
#define EXTENSIONS_4                                                                               \
    "System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"
#define REMOTING                                                                                   \
    "System.Runtime.Remoting.Channels.Http.HttpRemotingHandlerFactory, System.Runtime.Remoting, "  \
    "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"
#define FORBIDDEN "System.Web.HttpForbiddenHandler"
#define SCRIPT_FACTORY "System.Web.Script.Services.ScriptHandlerFactory, " EXTENSIONS_4
#define USUAL "GET,HEAD,POST,DEBUG"
#define PROTOCOL "modules='ProtocolSupportModule' requireAccess='None'"
#define N_OF(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct iw_lab_config_row first_handlers[] = {
    {1, ASP,
     "add name='ASPClassic' path='*.asp' verb='GET,HEAD,POST' modules='IsapiModule' "
     "scriptProcessor='%windir%\\system32\\inetsrv\\asp.dll' resourceType='File'"},
    {1, ASP,
     "add name='SecurityCertificate' path='*.cer' verb='GET,HEAD,POST' modules='IsapiModule' "
     "scriptProcessor='%windir%\\system32\\inetsrv\\asp.dll' resourceType='File'"},
    {1, ASP | ASPNET,
     "add name='ISAPI-dll' path='*.dll' verb='*' modules='IsapiModule' resourceType='File' "
     "requireAccess='Execute' allowPathInfo='true'"},
};

/* The last one must stay last: it takes what no other took. */
static const struct iw_lab_config_row last_handlers[] = {
    {1, 0, "add name='TRACEVerbHandler' path='*' verb='TRACE' " PROTOCOL},
    {1, 0, "add name='OPTIONSVerbHandler' path='*' verb='OPTIONS' " PROTOCOL},
    {1, 0,
     "add name='StaticFile' path='*' verb='*' "
     "modules='StaticFileModule,DefaultDocumentModule,DirectoryListingModule' "
     "resourceType='Either' requireAccess='Read'"},
};

/* A mapping that ASP.NET has for classic mode, once a bitness, for integrated mode, or both. */
struct managed_handler {
    const char *name;
    const char *path;
    const char *verb;
    const char *type; /* NULL: no mapping in integrated mode */
    bool is_classic;
};

static const struct managed_handler managed_handlers[] = {
    {"AXD", "*.axd", USUAL, NULL, true},
    {"TraceHandler", "trace.axd", USUAL, "System.Web.Handlers.TraceHandler", false},
    {"WebAdminHandler", "WebAdmin.axd", "GET,DEBUG", "System.Web.Handlers.WebAdminHandler", false},
    {"AssemblyResourceLoader", "WebResource.axd", "GET,DEBUG",
     "System.Web.Handlers.AssemblyResourceLoader", false},
    {"PageHandlerFactory", "*.aspx", USUAL, "System.Web.UI.PageHandlerFactory", true},
    {"SimpleHandlerFactory", "*.ashx", USUAL, "System.Web.UI.SimpleHandlerFactory", true},
    {"WebServiceHandlerFactory", "*.asmx", USUAL, SCRIPT_FACTORY, true},
    {"HttpRemotingHandlerFactory-rem", "*.rem", USUAL, REMOTING, true},
    {"HttpRemotingHandlerFactory-soap", "*.soap", USUAL, REMOTING, true},
    {"aspq", "*.aspq", "*", FORBIDDEN, true},
    {"cshtm", "*.cshtm", USUAL, FORBIDDEN, true},
    {"cshtml", "*.cshtml", USUAL, FORBIDDEN, true},
    {"vbhtm", "*.vbhtm", USUAL, FORBIDDEN, true},
    {"vbhtml", "*.vbhtml", USUAL, FORBIDDEN, true},
    {"ScriptHandlerFactoryAppServices", "*_AppService.axd", "*", SCRIPT_FACTORY, false},
    {"ScriptResourceIntegrated", "*ScriptResource.axd", "GET,HEAD",
     "System.Web.Handlers.ScriptResourceHandler, " EXTENSIONS_4, false},
    {"ExtensionlessUrlHandler", "*.", USUAL, "System.Web.Handlers.TransferRequestHandler", true},
};

static const struct iw_lab_config_row managed_modules[] = {
    {1, ASPNET,
     "add name='UrlRoutingModule-4.0' type='System.Web.Routing.UrlRoutingModule' "
     "preCondition='managedHandler,runtimeVersionv4.0'"},
    {1, ASPNET,
     "add name='ScriptModule-4.0' type='System.Web.Handlers.ScriptModule, " EXTENSIONS_4
     "' preCondition='managedHandler,runtimeVersionv4.0'"},
    {1, ASPNET,
     "add name='OutputCache' type='System.Web.Caching.OutputCacheModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='Session' type='System.Web.SessionState.SessionStateModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='WindowsAuthentication' type='System.Web.Security.WindowsAuthenticationModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='FormsAuthentication' type='System.Web.Security.FormsAuthenticationModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='DefaultAuthentication' type='System.Web.Security.DefaultAuthenticationModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='RoleManager' type='System.Web.Security.RoleManagerModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='UrlAuthorization' type='System.Web.Security.UrlAuthorizationModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='FileAuthorization' type='System.Web.Security.FileAuthorizationModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='AnonymousIdentification' type='System.Web.Security.AnonymousIdentificationModule' "
     "preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='Profile' type='System.Web.Profile.ProfileModule' preCondition='managedHandler'"},
    {1, ASPNET,
     "add name='UrlMappingsModule' type='System.Web.UrlMappingsModule' "
     "preCondition='managedHandler'"},
};

static const struct iw_lab_config_row product_rows[] = {
    {1, SHAREPOINT, "location path='SharePoint - 80'"},
    {2, SHAREPOINT, "system.webServer"},
    {3, SHAREPOINT, "modules runAllManagedModulesForAllRequests='true'"},
    {4, SHAREPOINT,
     "add name='SPRequestModule' preCondition='integratedMode' "
     "type='Microsoft.SharePoint.ApplicationRuntime.SPRequestModule, Microsoft.SharePoint, "
     "Version=16.0.0.0, Culture=neutral, PublicKeyToken=71e9bce111e9429c'"},
    {4, SHAREPOINT, "add name='SharePoint14Module' preCondition='integratedMode'"},
};

static struct iw_lab_element *add_handler(struct iw_lab_element *handlers,
                                          const struct managed_handler *handler, const char *suffix)
{
    struct iw_lab_config_text name = {0};
    iw_lab_config_text_join(&name, handler->name, suffix, NULL);
    struct iw_lab_element *add = iw_lab_element_new(handlers, "add");
    iw_lab_element_set(add, "name", name.bytes);
    iw_lab_element_set(add, "path", handler->path);
    iw_lab_element_set(add, "verb", handler->verb);
    iw_lab_alloc_release(iw_lab_config_text_take(&name));
    return add;
}

static void add_classic(struct iw_lab_element *handlers, bool is_32)
{
    for (size_t i = 0; i < N_OF(managed_handlers); i++) {
        if (!managed_handlers[i].is_classic) {
            continue;
        }
        struct iw_lab_element *add = add_handler(handlers, &managed_handlers[i],
                                                 is_32 ? "-ISAPI-4.0_32bit" : "-ISAPI-4.0_64bit");
        iw_lab_element_set(add, "modules", "IsapiModule");
        iw_lab_element_set(
            add, "scriptProcessor",
            is_32 ? "%windir%\\Microsoft.NET\\Framework\\v4.0.30319\\aspnet_isapi.dll"
                  : "%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll");
        iw_lab_element_set(add, "preCondition",
                           is_32 ? "classicMode,runtimeVersionv4.0,bitness32"
                                 : "classicMode,runtimeVersionv4.0,bitness64");
        iw_lab_element_set(add, "responseBufferLimit", "0");
    }
}

static void add_integrated(struct iw_lab_element *handlers)
{
    for (size_t i = 0; i < N_OF(managed_handlers); i++) {
        const struct managed_handler *handler = &managed_handlers[i];
        if (handler->type == NULL) {
            continue;
        }
        bool is_script = strcmp(handler->name, "ScriptResourceIntegrated") == 0;
        struct iw_lab_element *add =
            add_handler(handlers, handler, is_script ? "-4.0" : "-Integrated-4.0");
        iw_lab_element_set(add, "type", handler->type);
        iw_lab_element_set(add, "preCondition", "integratedMode,runtimeVersionv4.0");
        if (strcmp(handler->path, "*.") == 0) {
            iw_lab_element_set(add, "responseBufferLimit", "0");
        }
    }
}

void iw_lab_config_add_locations(struct iw_lab_element *configuration, unsigned features)
{
    struct iw_lab_element *location = iw_lab_element_new(configuration, "location");
    iw_lab_element_set(location, "path", "");
    iw_lab_element_set(location, "overrideMode", "Allow");
    struct iw_lab_element *group = iw_lab_element_new(location, "system.webServer");
    struct iw_lab_element *handlers = iw_lab_element_new(group, "handlers");
    iw_lab_element_set(handlers, "accessPolicy", "Read, Script");
    iw_lab_config_rows_grow(handlers, first_handlers, N_OF(first_handlers), features);
    if ((features & ASPNET) != 0) {
        add_classic(handlers, false);
        add_classic(handlers, true);
        add_integrated(handlers);
    }
    iw_lab_config_rows_grow(handlers, last_handlers, N_OF(last_handlers), features);
    struct iw_lab_element *modules = iw_lab_element_new(group, "modules");
    iw_lab_config_add_native_entries(modules, features);
    iw_lab_config_rows_grow(modules, managed_modules, N_OF(managed_modules), features);
    iw_lab_config_rows_grow(configuration, product_rows, N_OF(product_rows), features);
}
