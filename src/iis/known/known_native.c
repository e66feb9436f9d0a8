/*
 * Native components: modules, filters, restrictions, compression, runtime loader.
 *
 * Sources: Microsoft's "IIS Modules Overview" and the applicationHost.config of installed servers
 * (Server 2008 R2 to 2022, Exchange 2016); Microsoft's documentation of URL Rewrite, Application
 * Request Routing, IIS Compression (registers br and gzip itself), ASP.NET Core Module, SharePoint
 * and WSUS. What is not confirmed first-hand has UNVERIFIED.
 */
#include "iis/known/known_table.h"

#define INETSRV IW_KNOWN_INETSRV
#define SYSTEM32 IW_KNOWN_SYSTEM32
#define PROGRAMS "C:\\Program Files\\"
#define EXCHANGE PROGRAMS "Microsoft\\Exchange Server\\V15\\"
#define SHAREPOINT PROGRAMS "Common Files\\Microsoft Shared\\Web Server Extensions\\"
#define UNVERIFIED IW_KNOWN_UNVERIFIED
#define MOVABLE IW_KNOWN_MOVABLE

#define NATIVE(kind_, name_, image_, product_, rules_)                                             \
    {                                                                                              \
        .kind = IW_COMPONENT_##kind_, .name = (name_), .image = (image_), .product = (product_),   \
        .rules = (rules_)                                                                          \
    }
#define MODULE(name, file) NATIVE(GLOBAL_MODULE, name, INETSRV file, "IIS", 0)
#define MODULE_AT(name, image, product, rules) NATIVE(GLOBAL_MODULE, name, image, product, rules)
#define FILTER(name, image, product, rules) NATIVE(ISAPI_FILTER, name, image, product, rules)
#define ALLOWED(image, product, rules)                                                             \
    NATIVE(ISAPI_CGI_RESTRICTION, NULL, image, product, (rules) | IW_KNOWN_ANY_NAME)
#define SCHEME(name, image, product, rules) NATIVE(COMPRESSION_SCHEME, name, image, product, rules)
/* Microsoft, "WebDAV Global Settings", as setup of WebDAV Publishing writes them. */
#define INETSRV_32 "C:\\Windows\\SysWOW64\\inetsrv\\"
#define STORE(name, image) NATIVE(WEBDAV_STORE, name, image, "IIS", 0)
/* Settings of the CLR for a pool of any name; text, so that its content has to be read. Seen on
 * servers, not documented one by one. */
#define CLR_CONFIG(file)                                                                           \
    NATIVE(CLR_CONFIG, NULL, EXCHANGE "bin\\" file, "Exchange Server",                             \
           IW_KNOWN_ANY_NAME | MOVABLE | UNVERIFIED)
#define LOADER(image) NATIVE(RUNTIME_LOADER, NULL, image, "ASP.NET", IW_KNOWN_ANY_NAME)

static const struct iw_known_row ROWS[] = {
    MODULE("AnonymousAuthenticationModule", "authanon.dll"),
    MODULE("ApplicationInitializationModule", "warmup.dll"),
    MODULE("BasicAuthenticationModule", "authbas.dll"),
    MODULE("CertificateMappingAuthenticationModule", "authcert.dll"),
    MODULE("CgiModule", "cgi.dll"),
    MODULE("ConfigurationValidationModule", "validcfg.dll"),
    MODULE("CustomErrorModule", "custerr.dll"),
    MODULE("CustomLoggingModule", "logcust.dll"),
    MODULE("DefaultDocumentModule", "defdoc.dll"),
    MODULE("DigestAuthenticationModule", "authmd5.dll"),
    MODULE("DirectoryListingModule", "dirlist.dll"),
    MODULE("DynamicCompressionModule", "compdyn.dll"),
    MODULE("DynamicIpRestrictionModule", "diprestr.dll"),
    MODULE("FailedRequestsTracingModule", "iisfreb.dll"),
    MODULE("FastCgiModule", "iisfcgi.dll"),
    MODULE("FileCacheModule", "cachfile.dll"),
    MODULE("HttpCacheModule", "cachhttp.dll"),
    MODULE("HttpLoggingModule", "loghttp.dll"),
    MODULE("HttpRedirectionModule", "redirect.dll"),
    MODULE("IISCertificateMappingAuthenticationModule", "authmap.dll"),
    MODULE("IpRestrictionModule", "iprestr.dll"),
    MODULE("IsapiFilterModule", "filter.dll"),
    MODULE("IsapiModule", "isapi.dll"),
    MODULE("ProtocolSupportModule", "protsup.dll"),
    MODULE("RequestFilteringModule", "modrqflt.dll"),
    MODULE("RequestMonitorModule", "iisreqs.dll"),
    MODULE("ServerSideIncludeModule", "iis_ssi.dll"),
    MODULE("StaticCompressionModule", "compstat.dll"),
    MODULE("StaticFileModule", "static.dll"),
    MODULE("TokenCacheModule", "cachtokn.dll"),
    MODULE("TracingModule", "iisetw.dll"),
    MODULE("UriCacheModule", "cachuri.dll"),
    MODULE("UrlAuthorizationModule", "urlauthz.dll"),
    MODULE("WebDAVModule", "webdav.dll"),
    MODULE("WebSocketModule", "iiswsock.dll"),
    MODULE("WindowsAuthenticationModule", "authsspi.dll"),
    MODULE_AT("ManagedEngine", IW_KNOWN_NET20_32 "webengine.dll", "ASP.NET", 0),
    MODULE_AT("ManagedEngine64", IW_KNOWN_NET20_64 "webengine.dll", "ASP.NET", 0),
    MODULE_AT("ManagedEngineV4.0_32bit", IW_KNOWN_NET40_32 "webengine4.dll", "ASP.NET", 0),
    MODULE_AT("ManagedEngineV4.0_64bit", IW_KNOWN_NET40_64 "webengine4.dll", "ASP.NET", 0),
    MODULE_AT("RewriteModule", INETSRV "rewrite.dll", "URL Rewrite", 0),
    MODULE_AT("ApplicationRequestRouting",
              PROGRAMS "IIS\\Application Request Routing\\requestRouter.dll",
              "Application Request Routing", 0),
    MODULE_AT("CorsModule", INETSRV "iiscors.dll", "IIS CORS", 0),
    MODULE_AT("AspNetCoreModule", INETSRV "aspnetcore.dll", "ASP.NET Core Module", 0),
    MODULE_AT("AspNetCoreModuleV2", PROGRAMS "IIS\\Asp.Net Core Module\\V2\\aspnetcorev2.dll",
              "ASP.NET Core Module", 0),
    MODULE_AT("httpPlatformHandler", INETSRV "httpPlatformHandler.dll", "HttpPlatformHandler", 0),
    MODULE_AT("PasswordExpiryModule", SYSTEM32 "rpcproxy\\rpcproxy.dll", "Windows", 0),
    MODULE_AT("WSMan", SYSTEM32 "wsmsvc.dll", "Windows", 0),
    MODULE_AT("kerbauth", EXCHANGE "Bin\\kerbauth.dll", "Exchange Server", MOVABLE),
    MODULE_AT("exppw", EXCHANGE "ClientAccess\\Owa\\auth\\exppw.dll", "Exchange Server", MOVABLE),
    MODULE_AT("cafe_exppw", EXCHANGE "FrontEnd\\HttpProxy\\bin\\exppw.dll", "Exchange Server",
              MOVABLE),
    /* Newer versions go on registering under the first name. */
    MODULE_AT("SharePoint14Module", SHAREPOINT "14\\isapi\\owssvr.dll", "SharePoint Server", 0),
    MODULE_AT("SharePoint14Module", SHAREPOINT "15\\isapi\\owssvr.dll", "SharePoint Server",
              UNVERIFIED),
    MODULE_AT("SharePoint14Module", SHAREPOINT "16\\isapi\\owssvr.dll", "SharePoint Server",
              UNVERIFIED),
    MODULE_AT("SharePoint15Module", SHAREPOINT "15\\isapi\\owssvr.dll", "SharePoint Server",
              UNVERIFIED),
    MODULE_AT("SharePoint16Module", SHAREPOINT "16\\isapi\\owssvr.dll", "SharePoint Server",
              UNVERIFIED),
    FILTER("ASP.Net_2.0.50727.0", IW_KNOWN_NET20_32 "aspnet_filter.dll", "ASP.NET", 0),
    FILTER("ASP.Net_2.0.50727-64", IW_KNOWN_NET20_64 "aspnet_filter.dll", "ASP.NET", 0),
    FILTER("ASP.Net_4.0_32bit", IW_KNOWN_NET40_32 "aspnet_filter.dll", "ASP.NET", 0),
    FILTER("ASP.Net_4.0_64bit", IW_KNOWN_NET40_64 "aspnet_filter.dll", "ASP.NET", 0),
    FILTER("Exchange ActiveSync ISAPI Filter", EXCHANGE "FrontEnd\\HttpProxy\\bin\\AirFilter.dll",
           "Exchange Server", MOVABLE),
    FILTER("Exchange OWA Cookie Authentication ISAPI Filter",
           EXCHANGE "ClientAccess\\owa\\auth\\owaauth.dll", "Exchange Server", MOVABLE),
    FILTER("Exchange OWA Cookie Authentication ISAPI Filter",
           EXCHANGE "FrontEnd\\HttpProxy\\bin\\owaauth.dll", "Exchange Server", MOVABLE),
    ALLOWED(INETSRV "asp.dll", "IIS", 0),
    ALLOWED(INETSRV "webdav.dll", "IIS", 0),
    ALLOWED(IW_KNOWN_NET20_32 "aspnet_isapi.dll", "ASP.NET", 0),
    ALLOWED(IW_KNOWN_NET20_64 "aspnet_isapi.dll", "ASP.NET", 0),
    ALLOWED(IW_KNOWN_NET40_32 "aspnet_isapi.dll", "ASP.NET", 0),
    ALLOWED(IW_KNOWN_NET40_64 "aspnet_isapi.dll", "ASP.NET", 0),
    ALLOWED(SYSTEM32 "RpcProxy\\RpcProxy.dll", "Windows", 0),
    ALLOWED(SYSTEM32 "RpcProxy\\RpcProxyShim.dll", "Windows", 0),
    ALLOWED(EXCHANGE "ClientAccess\\owa\\auth\\owaauth.dll", "Exchange Server", MOVABLE),
    ALLOWED(EXCHANGE "FrontEnd\\HttpProxy\\bin\\owaauth.dll", "Exchange Server", MOVABLE),
    SCHEME("gzip", INETSRV "gzip.dll", "IIS", 0),
    SCHEME("deflate", INETSRV "gzip.dll", "IIS", 0),
    SCHEME("xpress", PROGRAMS "Update Services\\WebServices\\suscomp.dll", "WSUS", 0),
    SCHEME("br", PROGRAMS "IIS\\IIS Compression\\iisbrotli.dll", "IIS Compression", 0),
    SCHEME("gzip", PROGRAMS "IIS\\IIS Compression\\iiszlib.dll", "IIS Compression", 0),
    SCHEME("deflate", PROGRAMS "IIS\\IIS Compression\\iiszlib.dll", "IIS Compression", 0),
    STORE("webdav_simple_prop", INETSRV "webdav_simple_prop.dll"),
    STORE("webdav_simple_prop", INETSRV_32 "webdav_simple_prop.dll"),
    STORE("webdav_simple_lock", INETSRV "webdav_simple_lock.dll"),
    STORE("webdav_simple_lock", INETSRV_32 "webdav_simple_lock.dll"),
    CLR_CONFIG("GenericAppPoolConfigWithGCServerEnabledFalse.config"),
    CLR_CONFIG("GenericAppPoolConfigWithGCServerEnabledTrue.config"),
    CLR_CONFIG("MSExchangeMapiAddressBookAppPool_CLRConfig.config"),
    CLR_CONFIG("MSExchangeMapiFrontEndAppPool_CLRConfig.config"),
    CLR_CONFIG("MSExchangeMapiMailboxAppPool_CLRConfig.config"),
    CLR_CONFIG("MSExchangeRpcProxyAppPool_CLRConfig.config"),
    CLR_CONFIG("MSExchangeRpcProxyFrontEndAppPool_CLRConfig.config"),
    CLR_CONFIG("MSExchangeSyncAppPool_CLRConfig.config"),
    LOADER("webengine4.dll"),
    LOADER("webengine.dll"),
};

const struct iw_known_part iw_known_native = {ROWS, sizeof ROWS / sizeof ROWS[0]};

/* Loaded by workers or run beside them; partly unverified, which harms nothing: these names only
 * keep an inbox file from looking like another one. */
const char *const *iw_known_other_files(size_t *ret_n)
{
    static const char *const FILES[] = {
        "nativerd", "iisutil",  "w3dt",     "w3wphost", "w3tp",    "iiscore", "iisres",
        "hwebcore", "wbhst_pm", "w3ctrlps", "rsca",     "w3wp",    "asp",     "appcmd",
        "inetinfo", "iisreg",   "gzip",     "urlscan",  "rscaext", "appobj",
    };

    *ret_n = sizeof FILES / sizeof FILES[0];
    return FILES;
}
