/*
 * Managed components: modules of applicationHost.config; modules, handlers, build providers,
 * assemblies and providers of .NET's own machine.config and root web.config; FTP and
 * administration. Sources: Microsoft's reference of these sections (their defaults), and the files
 * of installed servers.
 *
 * Only assemblies that .NET, IIS or SharePoint install into the GAC stand here: one that lies in an
 * application's bin may carry any name and key token (strong names are not verified in full trust),
 * so it cannot be known by its name.
 */
#include "iis/known/known_table.h"

#define TYPE(kind_, name_, type_, assembly_, product_, rules_)                                     \
    {                                                                                              \
        .kind = IW_COMPONENT_##kind_, .name = (name_), .type = (type_), .assembly = (assembly_),   \
        .product = (product_), .rules = (rules_)                                                   \
    }
/* Of both the integrated and the classic list. */
#define MODULE(name, type, assembly)                                                               \
    TYPE(MANAGED_MODULE, name, type, assembly, "ASP.NET", 0),                                      \
        TYPE(NET_MODULE, name, type, assembly, "ASP.NET", 0)
#define WEB_MODULE(name, type) MODULE(name, "System.Web." type, IW_KNOWN_SYSTEM_WEB)
#define HANDLER(path, type, assembly) TYPE(NET_HANDLER, path, type, assembly, "ASP.NET", 0)
#define WEB_HANDLER(path, type) HANDLER(path, "System.Web." type, IW_KNOWN_SYSTEM_WEB)
/* Its only answer is a refusal, so the path does not matter. */
#define REFUSAL(type)                                                                              \
    TYPE(NET_HANDLER, NULL, "System.Web." type, IW_KNOWN_SYSTEM_WEB, "ASP.NET", IW_KNOWN_ANY_NAME)
#define RUNTIME(type)                                                                              \
    TYPE(RUNTIME_TYPE, NULL, "System.Web." type, IW_KNOWN_SYSTEM_WEB, "ASP.NET", IW_KNOWN_ANY_NAME)
#define BUILD(extension, type)                                                                     \
    TYPE(BUILD_PROVIDER, extension, "System.Web.Compilation." type, IW_KNOWN_SYSTEM_WEB,           \
         "ASP.NET", 0)
#define EXPRESSION(prefix, type)                                                                   \
    TYPE(EXPRESSION_BUILDER, prefix, "System.Web.Compilation." type, IW_KNOWN_SYSTEM_WEB,          \
         "ASP.NET", 0)
#define PROVIDER(name, type)                                                                       \
    TYPE(NET_PROVIDER, name, "System.Web." type, IW_KNOWN_SYSTEM_WEB, "ASP.NET", 0)
#define ASSEMBLY(assembly) TYPE(ASSEMBLY, NULL, NULL, assembly, ".NET Framework", IW_KNOWN_ANY_NAME)
#define COMPILER(languages, type)                                                                  \
    TYPE(COMPILER, languages, type, "System/b77a5c561934e089", ".NET Framework", 0)
/* The list differs with version and role services; the assembly decides. */
#define ADMIN(assembly)                                                                            \
    TYPE(ADMIN_PROVIDER, NULL, NULL, assembly "/31bf3856ad364e35", "IIS",                          \
         IW_KNOWN_ANY_NAME | IW_KNOWN_UNVERIFIED)
#define FTP(name, type)                                                                            \
    TYPE(FTP_PROVIDER, name, "Microsoft.Web.FtpServer.Security." type,                             \
         "Microsoft.Web.FtpServer/31bf3856ad364e35", "IIS", 0)

static const struct iw_known_row ROWS[] = {
    WEB_MODULE("OutputCache", "Caching.OutputCacheModule"),
    WEB_MODULE("Session", "SessionState.SessionStateModule"),
    WEB_MODULE("WindowsAuthentication", "Security.WindowsAuthenticationModule"),
    WEB_MODULE("FormsAuthentication", "Security.FormsAuthenticationModule"),
    WEB_MODULE("PassportAuthentication", "Security.PassportAuthenticationModule"),
    WEB_MODULE("DefaultAuthentication", "Security.DefaultAuthenticationModule"),
    WEB_MODULE("RoleManager", "Security.RoleManagerModule"),
    WEB_MODULE("UrlAuthorization", "Security.UrlAuthorizationModule"),
    WEB_MODULE("FileAuthorization", "Security.FileAuthorizationModule"),
    WEB_MODULE("AnonymousIdentification", "Security.AnonymousIdentificationModule"),
    WEB_MODULE("Profile", "Profile.ProfileModule"),
    WEB_MODULE("UrlMappingsModule", "UrlMappingsModule"),
    WEB_MODULE("UrlRoutingModule-4.0", "Routing.UrlRoutingModule"),
    MODULE("ScriptModule-4.0", "System.Web.Handlers.ScriptModule", IW_KNOWN_EXTENSIONS),
    MODULE("ScriptModule", "System.Web.Handlers.ScriptModule", IW_KNOWN_EXTENSIONS),
    MODULE("ErrorHandlerModule", "System.Web.Mobile.ErrorHandlerModule",
           "System.Web.Mobile/b03f5f7f11d50a3a"),
    MODULE("ServiceModel-4.0", "System.ServiceModel.Activation.ServiceHttpModule",
           IW_KNOWN_ACTIVATION),
    MODULE("ServiceModel", "System.ServiceModel.Activation.HttpModule", IW_KNOWN_SERVICE_MODEL),
    TYPE(MANAGED_MODULE, "SPRequestModule",
         "Microsoft.SharePoint.ApplicationRuntime.SPRequestModule",
         "Microsoft.SharePoint/71e9bce111e9429c", "SharePoint Server", IW_KNOWN_UNVERIFIED),
    WEB_HANDLER("trace.axd", "Handlers.TraceHandler"),
    WEB_HANDLER("WebAdmin.axd", "Handlers.WebAdminHandler"),
    WEB_HANDLER("WebResource.axd", "Handlers.AssemblyResourceLoader"),
    WEB_HANDLER("*.aspx", "UI.PageHandlerFactory"),
    WEB_HANDLER("*.ashx", "UI.SimpleHandlerFactory"),
    WEB_HANDLER("*", "DefaultHttpHandler"),
    WEB_HANDLER("*.", "Handlers.TransferRequestHandler"),
    HANDLER("*_AppService.axd", "System.Web.Script.Services.ScriptHandlerFactory",
            IW_KNOWN_EXTENSIONS),
    HANDLER("ScriptResource.axd", "System.Web.Handlers.ScriptResourceHandler", IW_KNOWN_EXTENSIONS),
    HANDLER("*.asmx", "System.Web.Script.Services.ScriptHandlerFactory", IW_KNOWN_EXTENSIONS),
    HANDLER("*.asmx", "System.Web.Services.Protocols.WebServiceHandlerFactory",
            IW_KNOWN_WEB_SERVICES),
    HANDLER("*.rem", "System.Runtime.Remoting.Channels.Http.HttpRemotingHandlerFactory",
            IW_KNOWN_REMOTING),
    HANDLER("*.soap", "System.Runtime.Remoting.Channels.Http.HttpRemotingHandlerFactory",
            IW_KNOWN_REMOTING),
    HANDLER("*.svc", "System.ServiceModel.Activation.ServiceHttpHandlerFactory",
            IW_KNOWN_ACTIVATION),
    HANDLER("*.svc", "System.ServiceModel.Activation.HttpHandler", IW_KNOWN_SERVICE_MODEL),
    HANDLER("*.xoml", "System.ServiceModel.Activation.ServiceHttpHandlerFactory",
            IW_KNOWN_ACTIVATION),
    HANDLER("*.rules", "System.ServiceModel.Activation.ServiceHttpHandlerFactory",
            IW_KNOWN_ACTIVATION),
    HANDLER("*.xamlx", "System.Xaml.Hosting.XamlHttpHandlerFactory", IW_KNOWN_XAML_HOSTING),
    REFUSAL("HttpForbiddenHandler"),
    REFUSAL("HttpNotFoundHandler"),
    REFUSAL("HttpMethodNotAllowedHandler"),
    BUILD(".aspx", "PageBuildProvider"),
    BUILD(".ascx", "UserControlBuildProvider"),
    BUILD(".master", "MasterPageBuildProvider"),
    BUILD(".asmx", "WebServiceBuildProvider"),
    BUILD(".ashx", "WebHandlerBuildProvider"),
    BUILD(".soap", "WebServiceBuildProvider"),
    BUILD(".resx", "ResXBuildProvider"),
    BUILD(".resources", "ResourcesBuildProvider"),
    BUILD(".wsdl", "WsdlBuildProvider"),
    BUILD(".xsd", "XsdBuildProvider"),
    BUILD(".js", "ForceCopyBuildProvider"),
    BUILD(".lic", "IgnoreFileBuildProvider"),
    BUILD(".licx", "IgnoreFileBuildProvider"),
    BUILD(".exclude", "IgnoreFileBuildProvider"),
    BUILD(".refresh", "IgnoreFileBuildProvider"),
    TYPE(BUILD_PROVIDER, ".svc", "System.ServiceModel.Activation.ServiceBuildProvider",
         IW_KNOWN_ACTIVATION, "WCF", 0),
    TYPE(BUILD_PROVIDER, ".xoml", "System.ServiceModel.Activation.WorkflowServiceBuildProvider",
         "System.WorkflowServices/31bf3856ad364e35", "WCF", 0),
    TYPE(BUILD_PROVIDER, ".xamlx", "System.Xaml.Hosting.XamlBuildProvider",
         "System.Xaml.Hosting/31bf3856ad364e35", "WCF", IW_KNOWN_UNVERIFIED),
    TYPE(BUILD_PROVIDER, ".edmx", "System.Data.Entity.Design.AspNet.EntityDesignerBuildProvider",
         "System.Data.Entity.Design/b77a5c561934e089", ".NET Framework", IW_KNOWN_UNVERIFIED),
    RUNTIME("Util.HttpEncoder"),
    RUNTIME("Util.RequestValidator"),
    RUNTIME("Security.AntiXss.AntiXssEncoder"),
    EXPRESSION("Resources", "ResourceExpressionBuilder"),
    EXPRESSION("ConnectionStrings", "ConnectionStringsExpressionBuilder"),
    EXPRESSION("AppSettings", "AppSettingsExpressionBuilder"),
    EXPRESSION("RouteUrl", "RouteUrlExpressionBuilder"),
    EXPRESSION("RouteValue", "RouteValueExpressionBuilder"),
    ASSEMBLY("*/"), /* all of bin: stands in the root web.config */
    ASSEMBLY("mscorlib/b77a5c561934e089"),
    ASSEMBLY("Microsoft.CSharp/b03f5f7f11d50a3a"),
    ASSEMBLY("System/b77a5c561934e089"),
    ASSEMBLY("System.Activities/31bf3856ad364e35"),
    ASSEMBLY("System.ComponentModel.DataAnnotations/31bf3856ad364e35"),
    ASSEMBLY("System.Configuration/b03f5f7f11d50a3a"),
    ASSEMBLY("System.Core/b77a5c561934e089"),
    ASSEMBLY("System.Data/b77a5c561934e089"),
    ASSEMBLY("System.Data.DataSetExtensions/b77a5c561934e089"),
    ASSEMBLY("System.Drawing/b03f5f7f11d50a3a"),
    ASSEMBLY("System.EnterpriseServices/b03f5f7f11d50a3a"),
    ASSEMBLY("System.IdentityModel/b77a5c561934e089"),
    ASSEMBLY("System.Runtime.Serialization/b77a5c561934e089"),
    ASSEMBLY(IW_KNOWN_SERVICE_MODEL),
    ASSEMBLY(IW_KNOWN_ACTIVATION),
    ASSEMBLY("System.ServiceModel.Activities/31bf3856ad364e35"),
    ASSEMBLY("System.ServiceModel.Web/31bf3856ad364e35"),
    ASSEMBLY(IW_KNOWN_SYSTEM_WEB),
    ASSEMBLY("System.Web.ApplicationServices/31bf3856ad364e35"),
    ASSEMBLY("System.Web.DynamicData/31bf3856ad364e35"),
    ASSEMBLY(IW_KNOWN_EXTENSIONS),
    ASSEMBLY(IW_KNOWN_WEB_SERVICES),
    ASSEMBLY("System.WorkflowServices/31bf3856ad364e35"),
    ASSEMBLY("System.Xml/b77a5c561934e089"),
    ASSEMBLY("System.Xml.Linq/b77a5c561934e089"),
    COMPILER("c#;cs;csharp", "Microsoft.CSharp.CSharpCodeProvider"),
    COMPILER("vb;vbs;visualbasic;vbscript", "Microsoft.VisualBasic.VBCodeProvider"),
    PROVIDER("AspNetSqlMembershipProvider", "Security.SqlMembershipProvider"),
    PROVIDER("AspNetSqlRoleProvider", "Security.SqlRoleProvider"),
    PROVIDER("AspNetWindowsTokenRoleProvider", "Security.WindowsTokenRoleProvider"),
    PROVIDER("AspNetSqlProfileProvider", "Profile.SqlProfileProvider"),
    PROVIDER("AspNetXmlSiteMapProvider", "XmlSiteMapProvider"),
    PROVIDER("EventLogProvider", "Management.EventLogWebEventProvider"),
    PROVIDER("SqlWebEventProvider", "Management.SqlWebEventProvider"),
    PROVIDER("WmiWebEventProvider", "Management.WmiWebEventProvider"),
    FTP("IisManagerAuth", "IisManagerAuthenticationProvider"),
    FTP("AspNetAuth", "AspNetFtpMembershipProvider"),
    ADMIN("Microsoft.Web.Management"),
    ADMIN("Microsoft.Web.Management.Iis"),
    ADMIN("Microsoft.Web.Management.Aspnet"),
    ADMIN("Microsoft.Web.Management.Ftp"),
};

const struct iw_known_part iw_known_managed = {ROWS, sizeof ROWS / sizeof ROWS[0]};
