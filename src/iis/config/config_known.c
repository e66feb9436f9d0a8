/*
 * Sections and collections. Sources: the lock matrix of configSections of installed servers, and
 * Microsoft's reference (isUniqueKey, isCombinedKey, caseSensitive, mergeAppend). What a file
 * declares in configSections goes before these rows; they stand in where the declaring file is not
 * in the evidence. What is ignored: types and ranges of values.
 */
#include "iis/config/config_known.h"

#define HOST "system.applicationHost/"
#define WEB "system.webServer/"
#define SECURITY WEB "security/"
#define AUTHENTICATION SECURITY "authentication/"
#define NET "system.web/"
#define ANY IW_CONFIG_EVERYWHERE
#define APP IW_CONFIG_TO_APPLICATION
#define SERVER IW_CONFIG_SERVER_ONLY
#define MACHINE IW_CONFIG_MACHINE_ONLY
#define DENY true
#define ALLOW false

static const struct iw_config_known SECTIONS[] = {
    {HOST "applicationPools", SERVER, DENY},
    {HOST "configHistory", SERVER, DENY},
    {HOST "customMetadata", SERVER, DENY},
    {HOST "listenerAdapters", SERVER, DENY},
    {HOST "log", SERVER, DENY},
    {HOST "serviceAutoStartProviders", SERVER, DENY},
    {HOST "sites", SERVER, DENY},
    {HOST "webLimits", SERVER, DENY},
    {WEB "applicationInitialization", APP, ALLOW},
    {WEB "asp", ANY, DENY},
    {WEB "aspNetCore", ANY, ALLOW},
    {WEB "caching", ANY, ALLOW},
    {WEB "cgi", ANY, DENY},
    {WEB "cors", ANY, ALLOW},
    {WEB "defaultDocument", ANY, ALLOW},
    {WEB "directoryBrowse", ANY, ALLOW},
    {WEB "fastCgi", SERVER, DENY},
    {WEB "globalModules", SERVER, DENY},
    {WEB "handlers", ANY, DENY},
    {WEB "httpCompression", SERVER, DENY},
    {WEB "httpErrors", ANY, ALLOW},
    {WEB "httpLogging", ANY, DENY},
    {WEB "httpPlatform", ANY, ALLOW},
    {WEB "httpProtocol", ANY, ALLOW},
    {WEB "httpRedirect", ANY, ALLOW},
    {WEB "httpTracing", ANY, DENY},
    {WEB "isapiFilters", APP, DENY},
    {WEB "management/authentication", SERVER, DENY},
    {WEB "management/authorization", SERVER, DENY},
    {WEB "management/delegation", SERVER, DENY},
    {WEB "modules", APP, DENY},
    {WEB "odbcLogging", ANY, DENY},
    {WEB "proxy", SERVER, DENY},
    {WEB "serverRuntime", ANY, DENY},
    {WEB "serverSideInclude", ANY, DENY},
    {WEB "staticContent", ANY, ALLOW},
    {WEB "urlCompression", ANY, ALLOW},
    {WEB "validation", ANY, ALLOW},
    {WEB "webSocket", ANY, DENY},
    {WEB "rewrite/allowedServerVariables", ANY, DENY},
    {WEB "rewrite/globalRules", SERVER, DENY},
    {WEB "rewrite/outboundRules", ANY, ALLOW},
    {WEB "rewrite/providers", ANY, ALLOW},
    {WEB "rewrite/rewriteMaps", ANY, ALLOW},
    {WEB "rewrite/rules", ANY, ALLOW},
    {WEB "tracing/traceFailedRequests", ANY, ALLOW},
    {WEB "tracing/traceProviderDefinitions", ANY, DENY},
    {WEB "webdav/authoring", ANY, DENY},
    {WEB "webdav/authoringRules", ANY, DENY},
    {WEB "webdav/globalSettings", ANY, DENY},
    {SECURITY "access", ANY, DENY},
    {SECURITY "applicationDependencies", ANY, DENY},
    {SECURITY "authorization", ANY, ALLOW},
    {SECURITY "dynamicIpSecurity", ANY, DENY},
    {SECURITY "ipSecurity", ANY, DENY},
    {SECURITY "isapiCgiRestriction", SERVER, DENY},
    {SECURITY "requestFiltering", ANY, ALLOW},
    {AUTHENTICATION "anonymousAuthentication", ANY, DENY},
    {AUTHENTICATION "basicAuthentication", ANY, DENY},
    {AUTHENTICATION "clientCertificateMappingAuthentication", ANY, DENY},
    {AUTHENTICATION "digestAuthentication", ANY, DENY},
    {AUTHENTICATION "iisClientCertificateMappingAuthentication", ANY, DENY},
    {AUTHENTICATION "windowsAuthentication", ANY, DENY},
    {"system.serviceModel/extensions", APP, ALLOW},
    {"system.ftpServer/log", SERVER, DENY},
    {"system.ftpServer/providerDefinitions", SERVER, DENY},
    {"system.ftpServer/security/authentication", SERVER, DENY},
    {"system.ftpServer/security/authorization", ANY, DENY},
    {"configurationRedirection", SERVER, ALLOW},
    {"configProtectedData", SERVER, ALLOW},
    {"moduleProviders", SERVER, ALLOW},
    {"modules", APP, ALLOW},
    {"trustedProviders", SERVER, ALLOW},
    {"administrators", SERVER, ALLOW},
    {"administratorsProviders", SERVER, ALLOW},
    {"appSettings", ANY, ALLOW},
    {"connectionStrings", ANY, ALLOW},
    {"runtime", ANY, ALLOW},
    {"startup", ANY, ALLOW},
    {"system.codedom", ANY, ALLOW},
    {"system.diagnostics", ANY, ALLOW},
    {NET "authentication", APP, ALLOW},
    {NET "authorization", ANY, ALLOW},
    {NET "caching/outputCache", APP, ALLOW},
    {NET "clientTarget", ANY, ALLOW},
    {NET "compilation", ANY, ALLOW},
    {NET "customErrors", ANY, ALLOW},
    {NET "globalization", ANY, ALLOW},
    {NET "healthMonitoring", APP, ALLOW},
    {NET "hostingEnvironment", APP, ALLOW},
    {NET "httpCookies", ANY, ALLOW},
    {NET "httpHandlers", ANY, ALLOW},
    {NET "httpModules", APP, ALLOW},
    {NET "httpRuntime", ANY, ALLOW},
    {NET "identity", ANY, ALLOW},
    {NET "machineKey", APP, ALLOW},
    {NET "membership", APP, ALLOW},
    {NET "pages", ANY, ALLOW},
    {NET "processModel", MACHINE, ALLOW},
    {NET "profile", APP, ALLOW},
    {NET "roleManager", APP, ALLOW},
    {NET "securityPolicy", APP, ALLOW},
    {NET "sessionState", APP, ALLOW},
    {NET "siteMap", APP, ALLOW},
    {NET "trace", ANY, ALLOW},
    {NET "trust", APP, ALLOW},
    {NET "webServices", ANY, ALLOW},
    {NET "xhtmlConformance", ANY, ALLOW},
};

#define EXACT IW_CONFIG_CASE_COUNTS
#define FRONT IW_CONFIG_PREPENDS
#define DOTNET IW_CONFIG_REPLACES

static const struct iw_config_collection COLLECTIONS[] = {
    {HOST "applicationPools", "", "add", {"name"}, 0},
    {HOST "listenerAdapters", "", "add", {"name"}, 0},
    {HOST "serviceAutoStartProviders", "", "add", {"name"}, 0},
    {HOST "sites", "", "site", {"name"}, 0},
    {WEB "defaultDocument", "files", "add", {"value"}, FRONT},
    {WEB "fastCgi", "", "application", {"fullPath", "arguments"}, 0},
    {WEB "globalModules", "", "add", {"name"}, EXACT},
    {WEB "handlers", "", "add", {"name"}, EXACT | FRONT},
    {WEB "httpCompression", "", "scheme", {"name"}, 0},
    {WEB "isapiFilters", "", "filter", {"name"}, 0},
    {WEB "modules", "", "add", {"name"}, EXACT},
    {WEB "rewrite/providers", "", "provider", {"name"}, 0},
    {WEB "staticContent", "", "mimeMap", {"fileExtension"}, 0},
    {WEB "webdav/authoringRules", "", "add", {"users", "roles", "path"}, 0},
    {SECURITY "isapiCgiRestriction", "", "add", {"path"}, 0},
    {SECURITY "requestFiltering", "fileExtensions", "add", {"fileExtension"}, 0},
    {SECURITY "requestFiltering", "hiddenSegments", "add", {"segment"}, 0},
    {SECURITY "requestFiltering", "verbs", "add", {"verb"}, 0},
    {"system.ftpServer/providerDefinitions", "", "add", {"name"}, 0},
    {"system.ftpServer/security/authorization", "", "add", {"users", "roles", "permissions"}, 0},
    {"moduleProviders", "", "add", {"name"}, 0},
    {"modules", "", "add", {"name"}, 0},
    {"system.codedom", "compilers", "compiler", {"language", "extension"}, DOTNET},
    {NET "compilation", "assemblies", "add", {"assembly"}, DOTNET},
    {NET "compilation", "buildProviders", "add", {"extension"}, DOTNET},
    {NET "compilation", "expressionBuilders", "add", {"expressionPrefix"}, DOTNET},
    {NET "httpHandlers", "", "add", {"path", "verb"}, DOTNET},
    {NET "httpModules", "", "add", {"name"}, EXACT | DOTNET},
};

const struct iw_config_known *iw_config_known_sections(size_t *ret_n)
{
    *ret_n = sizeof SECTIONS / sizeof SECTIONS[0];
    return SECTIONS;
}

const struct iw_config_collection *iw_config_collections(size_t *ret_n)
{
    *ret_n = sizeof COLLECTIONS / sizeof COLLECTIONS[0];
    return COLLECTIONS;
}

const struct iw_config_collection *iw_config_collection_of(const char *section, const char *below)
{
    for (size_t i = 0; i < sizeof COLLECTIONS / sizeof COLLECTIONS[0]; i++)
        if (strcmp(COLLECTIONS[i].section, section) == 0 &&
            strcmp(COLLECTIONS[i].below, below) == 0)
            return &COLLECTIONS[i];
    return NULL;
}
