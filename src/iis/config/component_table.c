/*
 * The load points of IIS and ASP.NET, and what takes them away or says where they are used.
 * Sources: Microsoft's reference of system.webServer, system.applicationHost, system.web, runtime
 * and system.codedom; the environment variables of the CLR's profiling and hosting documentation.
 * Left out: what only refers to another entry by name (modules of administration.config, custom
 * features of FTP sites), and files that no configuration names (bin, App_Code, GAC).
 */
#include "iis/config/component_table.h"

#define K(kind) IW_COMPONENT_##kind
#define HOST "system.applicationHost/"
#define WEB "system.webServer/"
#define NET "system.web/"
#define POOLS HOST "applicationPools"
#define TYPED IW_COMPONENT_WITH_TYPE
#define UNTYPED IW_COMPONENT_WITHOUT_TYPE
#define IMAGED IW_COMPONENT_WITH_IMAGE
#define VARIABLES IW_COMPONENT_VARIABLES
#define PIPED IW_COMPONENT_PIPED
#define CLEARS IW_COMPONENT_CLEARS
#define POLICY IW_COMPONENT_WITH_POLICY
#define SITED IW_COMPONENT_OF_A_SITE

/* kind, section, parent, element; attributes: name, image, type, arguments, clsid; rules */
static const struct iw_component_row ROWS[] = {
    {K(GLOBAL_MODULE), WEB "globalModules", NULL, "add", "name", "image", NULL, NULL, NULL, 0},
    {K(NATIVE_MODULE), WEB "modules", NULL, "add", "name", NULL, "type", NULL, NULL, UNTYPED},
    {K(MANAGED_MODULE), WEB "modules", NULL, "add", "name", NULL, "type", NULL, NULL, TYPED},
    {K(HANDLER), WEB "handlers", NULL, "add", "name", "scriptProcessor", "type", NULL, NULL, PIPED},
    {K(ISAPI_FILTER), WEB "isapiFilters", NULL, "filter", "name", "path", NULL, NULL, NULL, 0},
    {K(ISAPI_CGI_RESTRICTION), WEB "security/isapiCgiRestriction", NULL, "add", "path", "path",
     NULL, NULL, NULL, 0},
    {K(FAST_CGI), WEB "fastCgi", NULL, "application", "fullPath", "fullPath", NULL, "arguments",
     NULL, 0},
    {K(COMPRESSION_SCHEME), WEB "httpCompression", NULL, "scheme", "name", "dll", NULL, NULL, NULL,
     0},
    {K(WEBDAV_STORE), WEB "webdav/globalSettings", NULL, "add", "name", "image", NULL, NULL, NULL,
     IMAGED},
    {K(WEBDAV_STORE), WEB "webdav/globalSettings", NULL, "add", "name", "image32", NULL, NULL, NULL,
     IMAGED},
    {K(LOG_PLUGIN), HOST "sites", NULL, "logFile", NULL, NULL, NULL, NULL, "customLogPluginClsid",
     IMAGED},
    {K(AUTO_START_PROVIDER), HOST "serviceAutoStartProviders", NULL, "add", "name", NULL, "type",
     NULL, NULL, 0},
    {K(LISTENER_ADAPTER), HOST "listenerAdapters", NULL, "add", "name", "protocolManagerDll", NULL,
     NULL, NULL, IMAGED},
    {K(REWRITE_PROVIDER), WEB "rewrite/providers", NULL, "provider", "name", NULL, "type", NULL,
     NULL, 0},
    {K(RUNTIME_LOADER), POOLS, NULL, "add", "name", "managedRuntimeLoader", NULL, NULL, NULL,
     IMAGED},
    {K(RUNTIME_LOADER), POOLS, NULL, "applicationPoolDefaults", NULL, "managedRuntimeLoader", NULL,
     NULL, NULL, IMAGED},
    {K(CLR_CONFIG), POOLS, NULL, "add", "name", "CLRConfigFile", NULL, NULL, NULL, IMAGED},
    {K(CLR_CONFIG), POOLS, NULL, "applicationPoolDefaults", NULL, "CLRConfigFile", NULL, NULL, NULL,
     IMAGED},
    {K(ENVIRONMENT), POOLS, "environmentVariables", "add", "name", "value", NULL, NULL, NULL,
     VARIABLES},
    {K(ENVIRONMENT), WEB "fastCgi", "environmentVariables", "environmentVariable", "name", "value",
     NULL, NULL, NULL, VARIABLES},
    {K(ENVIRONMENT), WEB "aspNetCore", "environmentVariables", "environmentVariable", "name",
     "value", NULL, NULL, NULL, VARIABLES},
    {K(ENVIRONMENT), WEB "httpPlatform", "environmentVariables", "environmentVariable", "name",
     "value", NULL, NULL, NULL, VARIABLES},
    {K(ASP_NET_CORE_PROCESS), WEB "aspNetCore", NULL, "aspNetCore", NULL, "processPath", NULL,
     "arguments", NULL, IMAGED},
    {K(HTTP_PLATFORM_PROCESS), WEB "httpPlatform", NULL, "httpPlatform", NULL, "processPath", NULL,
     "arguments", NULL, IMAGED},
    {K(NET_MODULE), NET "httpModules", NULL, "add", "name", NULL, "type", NULL, NULL, 0},
    {K(NET_HANDLER), NET "httpHandlers", NULL, "add", "path", NULL, "type", NULL, NULL, 0},
    {K(BUILD_PROVIDER), NET "compilation", "buildProviders", "add", "extension", NULL, "type", NULL,
     NULL, 0},
    {K(BUILD_PROVIDER), NET "compilation", "folderLevelBuildProviders", "add", "name", NULL, "type",
     NULL, NULL, 0},
    {K(BUILD_PROVIDER), NET "compilation", NULL, "compilation", NULL, NULL,
     "assemblyPostProcessorType", NULL, NULL, TYPED},
    {K(EXPRESSION_BUILDER), NET "compilation", "expressionBuilders", "add", "expressionPrefix",
     NULL, "type", NULL, NULL, 0},
    {K(ASSEMBLY), NET "compilation", "assemblies", "add", "assembly", NULL, "assembly", NULL, NULL,
     0},
    {K(COMPILER), NET "compilation", "compilers", "compiler", "language", NULL, "type", NULL, NULL,
     0},
    {K(COMPILER), "system.codedom", "compilers", "compiler", "language", NULL, "type", NULL, NULL,
     0},
    {K(PAGE_FILTER), NET "pages", NULL, "pages", NULL, NULL, "pageParserFilterType", NULL, NULL,
     TYPED},
    {K(PAGE_BASE), NET "pages", NULL, "pages", NULL, NULL, "pageBaseType", NULL, NULL, TYPED},
    {K(PAGE_BASE), NET "pages", NULL, "pages", NULL, NULL, "userControlBaseType", NULL, NULL,
     TYPED},
    {K(NET_PROVIDER), NET "membership", "providers", "add", "name", NULL, "type", NULL, NULL, 0},
    {K(NET_PROVIDER), NET "roleManager", "providers", "add", "name", NULL, "type", NULL, NULL, 0},
    {K(NET_PROVIDER), NET "profile", "providers", "add", "name", NULL, "type", NULL, NULL, 0},
    {K(NET_PROVIDER), NET "siteMap", "providers", "add", "name", NULL, "type", NULL, NULL, 0},
    {K(NET_PROVIDER), NET "sessionState", "providers", "add", "name", NULL, "type", NULL, NULL, 0},
    {K(NET_PROVIDER), NET "healthMonitoring", "providers", "add", "name", NULL, "type", NULL, NULL,
     0},
    {K(NET_PROVIDER), NET "caching/outputCache", "providers", "add", "name", NULL, "type", NULL,
     NULL, 0},
    {K(NET_PROVIDER), NET "sessionState", NULL, "sessionState", NULL, NULL, "sessionIDManagerType",
     NULL, NULL, TYPED},
    {K(NET_PROVIDER), NET "sessionState", NULL, "sessionState", NULL, NULL, "partitionResolverType",
     NULL, NULL, TYPED},
    {K(NET_PROVIDER), NET "globalization", NULL, "globalization", NULL, NULL,
     "resourceProviderFactoryType", NULL, NULL, TYPED},
    {K(NET_PROVIDER), NET "profile", NULL, "profile", NULL, NULL, "inherits", NULL, NULL, TYPED},
    {K(SOAP_EXTENSION), NET "webServices", NULL, "add", NULL, NULL, "type", NULL, NULL, TYPED},
    {K(RUNTIME_TYPE), NET "httpRuntime", NULL, "httpRuntime", NULL, NULL, "encoderType", NULL, NULL,
     TYPED},
    {K(RUNTIME_TYPE), NET "httpRuntime", NULL, "httpRuntime", NULL, NULL, "requestValidationType",
     NULL, NULL, TYPED},
    {K(HOSTING_TYPE), NET "hostingEnvironment", NULL, "hostingEnvironment", NULL, NULL,
     "appDomainResourcePerfMonitor", NULL, NULL, TYPED},
    {K(WCF_EXTENSION), "system.serviceModel/extensions", NULL, "add", "name", NULL, "type", NULL,
     NULL, TYPED},
    {K(TRACE_LISTENER), "system.diagnostics", NULL, "add", "name", NULL, "type", NULL, NULL, TYPED},
    {K(APP_DOMAIN_MANAGER), "runtime", NULL, "appDomainManagerType", NULL, NULL, "value", NULL,
     NULL, 0},
    {K(APP_DOMAIN_MANAGER), "runtime", NULL, "appDomainManagerAssembly", NULL, NULL, "value", NULL,
     NULL, 0},
    {K(CODE_BASE), "runtime", NULL, "codeBase", "version", "href", NULL, NULL, NULL, 0},
    {K(FTP_PROVIDER), "system.ftpServer/providerDefinitions", NULL, "add", "name", NULL, "type",
     NULL, "clsid", 0},
    {K(ADMIN_PROVIDER), "moduleProviders", NULL, "add", "name", NULL, "type", NULL, NULL, 0},
    {K(REMOVED_ENTRY), WEB "globalModules", NULL, "remove", "name", NULL, NULL, NULL, NULL, CLEARS},
    {K(REMOVED_ENTRY), WEB "modules", NULL, "remove", "name", NULL, NULL, NULL, NULL, CLEARS},
    {K(REMOVED_ENTRY), WEB "handlers", NULL, "remove", "name", NULL, NULL, NULL, NULL, CLEARS},
    {K(REMOVED_ENTRY), WEB "isapiFilters", NULL, "remove", "name", NULL, NULL, NULL, NULL, CLEARS},
    {K(REMOVED_ENTRY), NET "httpModules", NULL, "remove", "name", NULL, NULL, NULL, NULL, CLEARS},
    {K(REMOVED_ENTRY), NET "httpHandlers", NULL, "remove", "path", NULL, NULL, "verb", NULL,
     CLEARS},
    {K(ACCESS_POLICY), WEB "handlers", NULL, "handlers", NULL, NULL, NULL, NULL, NULL, POLICY},
    {K(VIRTUAL_DIRECTORY), HOST "sites", NULL, "virtualDirectory", "path", "physicalPath", NULL,
     NULL, NULL, SITED},
};

static const struct {
    const char *name;
    bool is_prefix;
} LOADING[] = {
    {"COR_PROFILER", true},
    {"COR_ENABLE_PROFILING", false},
    {"CORECLR_PROFILER", true},
    {"CORECLR_ENABLE_PROFILING", false},
    {"COMPLUS_", true},
    {"DOTNET_STARTUP_HOOKS", false},
    {"DOTNET_ADDITIONAL_DEPS", false},
    {"DOTNET_SHARED_STORE", false},
    {"DOTNET_ROOT", true},
    {"ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", false},
    {"APPDOMAIN_MANAGER_ASM", false},
    {"APPDOMAIN_MANAGER_TYPE", false},
    {"PATH", false},
    {"PHPRC", false},
    {"PHP_INI_SCAN_DIR", false},
    {"PERL5OPT", false},
    {"PYTHONPATH", false},
    {"PYTHONSTARTUP", false},
    {"NODE_OPTIONS", false},
    {"JAVA_TOOL_OPTIONS", false},
};

const struct iw_component_row *iw_component_rows(size_t *ret_n)
{
    *ret_n = sizeof ROWS / sizeof ROWS[0];
    return ROWS;
}

bool iw_component_variable(struct iw_str name)
{
    for (size_t i = 0; i < sizeof LOADING / sizeof LOADING[0]; i++) {
        struct iw_str known = iw_str_of(LOADING[i].name);
        if (LOADING[i].is_prefix ? iw_str_begins_nocase(name, known)
                                 : iw_str_equal_nocase(name, known))
            return true;
    }
    return false;
}

bool iw_component_variable_names_code(struct iw_str name)
{
    return iw_str_begins_nocase(name, IW_STR("COR_PROFILER")) ||
           iw_str_begins_nocase(name, IW_STR("CORECLR_PROFILER")) ||
           iw_str_begins_nocase(name, IW_STR("APPDOMAIN_MANAGER")) ||
           iw_str_equal_nocase(name, IW_STR("DOTNET_STARTUP_HOOKS")) ||
           iw_str_equal_nocase(name, IW_STR("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"));
}
