/*
 * What stands above applicationHost.config: machine.config and the root web.config of a framework.
 *
 * Source: the files that .NET Framework 4.8 installs, as Microsoft documents their sections
 * (httpModules, httpHandlers, buildProviders).
 * What it ignores: all that loads no code; machine.config's configSections.
 */
#include "lab/config/config_file.h"
#include "lab/config/config_rows.h"
#include "lab/config/lab_config.h"

#define N_OF(rows) (sizeof(rows) / sizeof(rows)[0])
#define V4(assembly, token) assembly ", Version=4.0.0.0, Culture=neutral, PublicKeyToken=" token
#define MICROSOFT "31bf3856ad364e35"
#define OFFICE "b03f5f7f11d50a3a"

static const struct iw_lab_config_row machine_rows[] = {
    {1, 0, "connectionStrings"},
    {2, 0,
     "add name='LocalSqlServer' connectionString='data source=.\\SQLEXPRESS;Integrated "
     "Security=SSPI;AttachDBFilename=|DataDirectory|aspnetdb.mdf;User Instance=true' "
     "providerName='System.Data.SqlClient'"},
    {1, 0, "system.web"},
    {2, 0, "processModel autoConfig='true'"},
    {2, 0, "httpHandlers"},
};

static const struct iw_lab_config_row root_rows[] = {
    {1, 0, "location allowOverride='true'"},
    {2, 0, "system.web"},
    {3, 0, "securityPolicy"},
    {4, 0, "trustLevel name='Full' policyFile='internal'"},
    {3, 0, "trust level='Full' originUrl=''"},
    {1, 0, "system.web"},
    {2, 0, "compilation"},
    {3, 0, "assemblies"},
    {4, 0, "add assembly='mscorlib'"},
    {4, 0, "add assembly='" V4("System.Web", OFFICE) "'"},
    {4, 0, "add assembly='" V4("System.Web.Extensions", MICROSOFT) "'"},
    {4, 0, "add assembly='*'"},
    {3, 0, "buildProviders"},
    {4, 0, "add extension='.aspx' type='System.Web.Compilation.PageBuildProvider'"},
    {4, 0, "add extension='.ascx' type='System.Web.Compilation.UserControlBuildProvider'"},
    {4, 0, "add extension='.master' type='System.Web.Compilation.MasterPageBuildProvider'"},
    {4, 0, "add extension='.asmx' type='System.Web.Compilation.WebServiceBuildProvider'"},
    {4, 0, "add extension='.ashx' type='System.Web.Compilation.WebHandlerBuildProvider'"},
    {4, 0, "add extension='.soap' type='System.Web.Compilation.WebServiceBuildProvider'"},
    {4, 0, "add extension='.resx' type='System.Web.Compilation.ResXBuildProvider'"},
    {4, 0, "add extension='.resources' type='System.Web.Compilation.ResourcesBuildProvider'"},
    {4, 0, "add extension='.wsdl' type='System.Web.Compilation.WsdlBuildProvider'"},
    {4, 0, "add extension='.xsd' type='System.Web.Compilation.XsdBuildProvider'"},
    {4, 0, "add extension='.js' type='System.Web.Compilation.ForceCopyBuildProvider'"},
    {4, 0, "add extension='.lic' type='System.Web.Compilation.IgnoreFileBuildProvider'"},
    {4, 0, "add extension='.licx' type='System.Web.Compilation.IgnoreFileBuildProvider'"},
    {4, 0, "add extension='.exclude' type='System.Web.Compilation.IgnoreFileBuildProvider'"},
    {4, 0, "add extension='.refresh' type='System.Web.Compilation.IgnoreFileBuildProvider'"},
    {2, 0, "httpModules"},
    {3, 0, "add name='OutputCache' type='System.Web.Caching.OutputCacheModule'"},
    {3, 0, "add name='Session' type='System.Web.SessionState.SessionStateModule'"},
    {3, 0,
     "add name='WindowsAuthentication' type='System.Web.Security.WindowsAuthenticationModule'"},
    {3, 0, "add name='FormsAuthentication' type='System.Web.Security.FormsAuthenticationModule'"},
    {3, 0,
     "add name='PassportAuthentication' type='System.Web.Security.PassportAuthenticationModule'"},
    {3, 0, "add name='RoleManager' type='System.Web.Security.RoleManagerModule'"},
    {3, 0, "add name='UrlAuthorization' type='System.Web.Security.UrlAuthorizationModule'"},
    {3, 0, "add name='FileAuthorization' type='System.Web.Security.FileAuthorizationModule'"},
    {3, 0,
     "add name='AnonymousIdentification' type='System.Web.Security.AnonymousIdentificationModule'"},
    {3, 0, "add name='Profile' type='System.Web.Profile.ProfileModule'"},
    {3, 0,
     "add name='ErrorHandlerModule' type='System.Web.Mobile.ErrorHandlerModule, " V4(
         "System.Web.Mobile", OFFICE) "'"},
    {3, 0, "add name='UrlRoutingModule-4.0' type='System.Web.Routing.UrlRoutingModule'"},
    {3, 0,
     "add name='ScriptModule-4.0' type='System.Web.Handlers.ScriptModule, " V4(
         "System.Web.Extensions", MICROSOFT) "'"},
    {2, 0, "httpHandlers"},
    {3, 0, "add path='trace.axd' verb='*' type='System.Web.Handlers.TraceHandler' validate='True'"},
    {3, 0, "add path='WebAdmin.axd' verb='*' type='System.Web.Handlers.WebAdminHandler'"},
    {3, 0,
     "add path='WebResource.axd' verb='GET' type='System.Web.Handlers.AssemblyResourceLoader'"},
    {3, 0, "add path='*.aspx' verb='*' type='System.Web.UI.PageHandlerFactory'"},
    {3, 0, "add path='*.ashx' verb='*' type='System.Web.UI.SimpleHandlerFactory'"},
    {3, 0, "add path='*.config' verb='*' type='System.Web.HttpForbiddenHandler'"},
    {3, 0, "add path='*.cs' verb='*' type='System.Web.HttpForbiddenHandler'"},
    {3, 0, "add path='*' verb='GET,HEAD,POST' type='System.Web.DefaultHttpHandler'"},
};

struct iw_lab_config *iw_lab_config_new_machine(void)
{
    struct iw_lab_config *config = iw_lab_config_new_web();
    iw_lab_config_rows_grow(config->root, machine_rows, N_OF(machine_rows), 0);
    return config;
}

struct iw_lab_config *iw_lab_config_new_root_web(void)
{
    struct iw_lab_config *config = iw_lab_config_new_web();
    iw_lab_config_rows_grow(config->root, root_rows, N_OF(root_rows), 0);
    return config;
}
