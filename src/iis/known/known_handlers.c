/*
 * Handlers of applicationHost.config: Microsoft's reference of handlers and the files of installed
 * servers; those of ASP.NET Core and HttpPlatformHandler stand in Microsoft's documentation of
 * hosting on IIS. A row is known with its path and all that takes the request; verbs are not
 * compared.
 */
#include "iis/known/known_table.h"

#define MANAGED(name_, path_, type_, assembly_, product_)                                          \
    {                                                                                              \
        .kind = IW_COMPONENT_HANDLER, .name = (name_), .path = (path_), .type = (type_),           \
        .assembly = (assembly_), .product = (product_)                                             \
    }
#define ISAPI(name_, path_, image_)                                                                \
    {                                                                                              \
        .kind = IW_COMPONENT_HANDLER, .name = (name_), .path = (path_), .image = (image_),         \
        .modules = "IsapiModule", .product = "ASP.NET"                                             \
    }
#define NATIVE(name_, path_, image_, modules_, product_)                                           \
    {                                                                                              \
        .kind = IW_COMPONENT_HANDLER, .name = (name_), .path = (path_), .image = (image_),         \
        .modules = (modules_), .product = (product_)                                               \
    }
/* The classic forms of both bitnesses. */
#define ISAPI_20(name, path)                                                                       \
    ISAPI(name "-ISAPI-2.0", path, IW_KNOWN_NET20_32 "aspnet_isapi.dll"),                          \
        ISAPI(name "-ISAPI-2.0-64", path, IW_KNOWN_NET20_64 "aspnet_isapi.dll")
#define ISAPI_40(name, path)                                                                       \
    ISAPI(name "-ISAPI-4.0_32bit", path, IW_KNOWN_NET40_32 "aspnet_isapi.dll"),                    \
        ISAPI(name "-ISAPI-4.0_64bit", path, IW_KNOWN_NET40_64 "aspnet_isapi.dll")
#define WEB(name, path, type)                                                                      \
    MANAGED(name "-Integrated", path, type, IW_KNOWN_SYSTEM_WEB, "ASP.NET"),                       \
        MANAGED(name "-Integrated-4.0", path, type, IW_KNOWN_SYSTEM_WEB, "ASP.NET")
#define FORBIDDEN(name, path)                                                                      \
    MANAGED(name "-Integrated-4.0", path, "System.Web.HttpForbiddenHandler", IW_KNOWN_SYSTEM_WEB,  \
            "ASP.NET"),                                                                            \
        ISAPI_40(name, path)
#define REMOTING(name, path)                                                                       \
    MANAGED(name "-Integrated", path, REMOTING_TYPE, IW_KNOWN_REMOTING, "ASP.NET"),                \
        MANAGED(name "-Integrated-4.0", path, REMOTING_TYPE, IW_KNOWN_REMOTING, "ASP.NET"),        \
        ISAPI_20(name, path), ISAPI_40(name, path)
#define REMOTING_TYPE "System.Runtime.Remoting.Channels.Http.HttpRemotingHandlerFactory"
#define SCRIPT_FACTORY "System.Web.Script.Services.ScriptHandlerFactory"
#define SERVICE_FACTORY "System.ServiceModel.Activation.ServiceHttpHandlerFactory"

static const struct iw_known_row ROWS[] = {
    NATIVE("ASPClassic", "*.asp", IW_KNOWN_INETSRV "asp.dll", "IsapiModule", "IIS"),
    NATIVE("SecurityCertificate", "*.cer", IW_KNOWN_INETSRV "asp.dll", "IsapiModule", "IIS"),
    NATIVE("ISAPI-dll", "*.dll", NULL, "IsapiModule", "IIS"),
    NATIVE("CGI-exe", "*.exe", NULL, "CgiModule", "IIS"),
    NATIVE("SSINC-stm", "*.stm", NULL, "ServerSideIncludeModule", "IIS"),
    NATIVE("SSINC-shtm", "*.shtm", NULL, "ServerSideIncludeModule", "IIS"),
    NATIVE("SSINC-shtml", "*.shtml", NULL, "ServerSideIncludeModule", "IIS"),
    NATIVE("TRACEVerbHandler", "*", NULL, "ProtocolSupportModule", "IIS"),
    NATIVE("OPTIONSVerbHandler", "*", NULL, "ProtocolSupportModule", "IIS"),
    NATIVE("StaticFile", "*", NULL, "StaticFileModule,DefaultDocumentModule,DirectoryListingModule",
           "IIS"),
    NATIVE("RPCPROXY", "*", IW_KNOWN_SYSTEM32 "RpcProxy\\RpcProxyShim.dll", "IsapiModule",
           "RPC over HTTP Proxy"),
    NATIVE("WebDAV", "*", NULL, "WebDAVModule", "IIS"),
    NATIVE("aspNetCore", "*", NULL, "AspNetCoreModule", "ASP.NET Core Module"),
    NATIVE("aspNetCore", "*", NULL, "AspNetCoreModuleV2", "ASP.NET Core Module"),
    NATIVE("httpPlatformHandler", "*", NULL, "httpPlatformHandler", "HttpPlatformHandler"),
    WEB("TraceHandler", "trace.axd", "System.Web.Handlers.TraceHandler"),
    WEB("WebAdminHandler", "WebAdmin.axd", "System.Web.Handlers.WebAdminHandler"),
    WEB("AssemblyResourceLoader", "WebResource.axd", "System.Web.Handlers.AssemblyResourceLoader"),
    WEB("PageHandlerFactory", "*.aspx", "System.Web.UI.PageHandlerFactory"),
    WEB("SimpleHandlerFactory", "*.ashx", "System.Web.UI.SimpleHandlerFactory"),
    WEB("ExtensionlessUrlHandler", "*.", "System.Web.Handlers.TransferRequestHandler"),
    MANAGED("WebServiceHandlerFactory-Integrated", "*.asmx",
            "System.Web.Services.Protocols.WebServiceHandlerFactory", IW_KNOWN_WEB_SERVICES,
            "ASP.NET"),
    MANAGED("WebServiceHandlerFactory-Integrated-4.0", "*.asmx", SCRIPT_FACTORY,
            IW_KNOWN_EXTENSIONS, "ASP.NET"),
    MANAGED("ScriptHandlerFactoryAppServices-Integrated-4.0", "*_AppService.axd", SCRIPT_FACTORY,
            IW_KNOWN_EXTENSIONS, "ASP.NET"),
    MANAGED("ScriptResourceIntegrated-4.0", "*ScriptResource.axd",
            "System.Web.Handlers.ScriptResourceHandler", IW_KNOWN_EXTENSIONS, "ASP.NET"),
    ISAPI_20("AXD", "*.axd"),
    ISAPI_40("AXD", "*.axd"),
    ISAPI_20("PageHandlerFactory", "*.aspx"),
    ISAPI_40("PageHandlerFactory", "*.aspx"),
    ISAPI_20("SimpleHandlerFactory", "*.ashx"),
    ISAPI_40("SimpleHandlerFactory", "*.ashx"),
    ISAPI_20("WebServiceHandlerFactory", "*.asmx"),
    ISAPI_40("WebServiceHandlerFactory", "*.asmx"),
    ISAPI_20("ExtensionlessUrlHandler", "*."),
    ISAPI_40("ExtensionlessUrlHandler", "*."),
    REMOTING("HttpRemotingHandlerFactory-rem", "*.rem"),
    REMOTING("HttpRemotingHandlerFactory-soap", "*.soap"),
    FORBIDDEN("aspq", "*.aspq"),
    FORBIDDEN("cshtm", "*.cshtm"),
    FORBIDDEN("cshtml", "*.cshtml"),
    FORBIDDEN("vbhtm", "*.vbhtm"),
    FORBIDDEN("vbhtml", "*.vbhtml"),
    MANAGED("svc-Integrated", "*.svc", "System.ServiceModel.Activation.HttpHandler",
            IW_KNOWN_SERVICE_MODEL, "WCF"),
    MANAGED("svc-Integrated-4.0", "*.svc", SERVICE_FACTORY, IW_KNOWN_ACTIVATION, "WCF"),
    MANAGED("rules-Integrated-4.0", "*.rules", SERVICE_FACTORY, IW_KNOWN_ACTIVATION, "WCF"),
    MANAGED("xoml-Integrated-4.0", "*.xoml", SERVICE_FACTORY, IW_KNOWN_ACTIVATION, "WCF"),
    MANAGED("xamlx-Integrated-4.0", "*.xamlx", "System.Xaml.Hosting.XamlHttpHandlerFactory",
            IW_KNOWN_XAML_HOSTING, "WCF"),
    ISAPI_20("svc", "*.svc"),
    ISAPI_40("svc", "*.svc"),
    ISAPI_40("rules", "*.rules"),
    ISAPI_40("xoml", "*.xoml"),
    ISAPI_40("xamlx", "*.xamlx"),
};

const struct iw_known_part iw_known_handlers = {ROWS, sizeof ROWS / sizeof ROWS[0]};
