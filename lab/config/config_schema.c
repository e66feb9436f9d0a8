/*
 * Sections and their keys (see config_schema.h).
 *
 * Source: the attributes marked isUniqueKey, isCombinedKey and caseSensitive in Microsoft's
 * system.webServer and system.applicationHost reference; allowDefinition of installed servers.
 * That handlers added through the configuration system come first follows from mergeAppend="false".
 * What it ignores: types and ranges of values; required attributes other than keys.
 */
#include "lab/config/config_schema.h"

#include <stdio.h>
#include <string.h>

#define WEB "system.webServer/"
#define HOST "system.applicationHost/"
#define SITE HOST "sites/site"
#define FILTERING WEB "security/requestFiltering"
#define AUTHENTICATION WEB "security/authentication/"
#define EXACT IW_LAB_CONFIG_EXACT
#define COMBINED IW_LAB_CONFIG_COMBINED
#define SERVER IW_LAB_CONFIG_SERVER_ONLY
#define UNLOCKED IW_LAB_CONFIG_UNLOCKED
#define FRONT IW_LAB_CONFIG_AT_FRONT
#define NESTED IW_LAB_CONFIG_NESTED

/* What the last parts of a path find is the first that fits. */
static const struct iw_lab_config_section sections[] = {
    {WEB "globalModules", "add", {"name"}, EXACT | SERVER},
    {WEB "modules", "add", {"name"}, EXACT | UNLOCKED},
    {WEB "handlers", "add", {"name"}, EXACT | UNLOCKED | FRONT},
    {WEB "isapiFilters", "filter", {"name"}, 0},
    {WEB "security/isapiCgiRestriction", "add", {"path"}, SERVER},
    {WEB "fastCgi", "application", {"fullPath", "arguments"}, COMBINED | SERVER},
    {WEB "fastCgi/application/environmentVariables",
     "environmentVariable",
     {"name"},
     SERVER | NESTED},
    {WEB "httpCompression", "scheme", {"name"}, SERVER},
    {WEB "httpCompression/staticTypes", "add", {"mimeType"}, SERVER},
    {WEB "httpCompression/dynamicTypes", "add", {"mimeType"}, SERVER},
    {WEB "httpLogging", NULL, {NULL}, 0},
    {WEB "httpTracing", NULL, {NULL}, 0},
    {WEB "httpErrors", "error", {"statusCode", "subStatusCode"}, COMBINED},
    {WEB "httpProtocol", NULL, {NULL}, 0},
    {WEB "httpProtocol/customHeaders", "add", {"name"}, 0},
    {WEB "httpProtocol/redirectHeaders", "add", {"name"}, 0},
    {WEB "httpRedirect", "add", {"wildcard"}, 0},
    {WEB "defaultDocument", NULL, {NULL}, 0},
    {WEB "defaultDocument/files", "add", {"value"}, 0},
    {WEB "directoryBrowse", NULL, {NULL}, 0},
    {WEB "asp", NULL, {NULL}, 0},
    {WEB "cgi", NULL, {NULL}, 0},
    {WEB "caching", NULL, {NULL}, 0},
    {WEB "caching/profiles", "add", {"extension"}, 0},
    {WEB "odbcLogging", NULL, {NULL}, 0},
    {WEB "serverRuntime", NULL, {NULL}, 0},
    {WEB "serverSideInclude", NULL, {NULL}, 0},
    {WEB "staticContent", "mimeMap", {"fileExtension"}, 0},
    {WEB "applicationInitialization", "add", {"initializationPage"}, 0},
    {WEB "urlCompression", NULL, {NULL}, 0},
    {WEB "validation", NULL, {NULL}, 0},
    {WEB "webSocket", NULL, {NULL}, 0},
    {WEB "webdav/authoring", NULL, {NULL}, 0},
    {WEB "webdav/authoringRules", "add", {"users", "roles", "path"}, COMBINED},
    {WEB "tracing/traceFailedRequests", "add", {"path"}, 0},
    {WEB "tracing/traceProviderDefinitions", "add", {"name"}, 0},
    {WEB "security/access", NULL, {NULL}, 0},
    {WEB "security/applicationDependencies", "application", {"name"}, 0},
    {WEB "security/authorization", "add", {"users", "roles", "verbs"}, COMBINED},
    {WEB "security/ipSecurity", "add", {"ipAddress", "subnetMask", "domainName"}, COMBINED},
    {WEB "security/dynamicIpSecurity", NULL, {NULL}, 0},
    {FILTERING, NULL, {NULL}, 0},
    {FILTERING "/fileExtensions", "add", {"fileExtension"}, 0},
    {FILTERING "/hiddenSegments", "add", {"segment"}, 0},
    {FILTERING "/verbs", "add", {"verb"}, 0},
    {FILTERING "/requestLimits", NULL, {NULL}, 0},
    {FILTERING "/alwaysAllowedUrls", "add", {"url"}, 0},
    {FILTERING "/denyUrlSequences", "add", {"sequence"}, 0},
    {FILTERING "/filteringRules", "filteringRule", {"name"}, 0},
    {AUTHENTICATION "anonymousAuthentication", NULL, {NULL}, 0},
    {AUTHENTICATION "basicAuthentication", NULL, {NULL}, 0},
    {AUTHENTICATION "clientCertificateMappingAuthentication", NULL, {NULL}, 0},
    {AUTHENTICATION "digestAuthentication", NULL, {NULL}, 0},
    {AUTHENTICATION "iisClientCertificateMappingAuthentication", NULL, {NULL}, 0},
    {AUTHENTICATION "windowsAuthentication", NULL, {NULL}, 0},
    {AUTHENTICATION "windowsAuthentication/providers", "add", {"value"}, 0},
    {WEB "rewrite/globalRules", "rule", {"name"}, SERVER},
    {WEB "rewrite/rules", "rule", {"name"}, 0},
    {WEB "rewrite/outboundRules", "rule", {"name"}, 0},
    {WEB "rewrite/providers", "provider", {"name"}, 0},
    {WEB "rewrite/providers/provider/settings", "add", {"key"}, NESTED},
    {WEB "rewrite/rewriteMaps", "rewriteMap", {"name"}, 0},
    {WEB "rewrite/allowedServerVariables", "add", {"name"}, 0},
    {WEB "proxy", NULL, {NULL}, SERVER},
    {WEB "aspNetCore", NULL, {NULL}, 0},
    {WEB "aspNetCore/environmentVariables", "environmentVariable", {"name"}, 0},
    {WEB "httpPlatform", NULL, {NULL}, 0},
    {HOST "applicationPools", "add", {"name"}, SERVER},
    {HOST "applicationPools/applicationPoolDefaults", NULL, {NULL}, SERVER},
    {HOST "applicationPools/add/environmentVariables", "add", {"name"}, SERVER | NESTED},
    {HOST "configHistory", NULL, {NULL}, SERVER},
    {HOST "listenerAdapters", "add", {"name"}, SERVER},
    {HOST "log", NULL, {NULL}, SERVER},
    {HOST "serviceAutoStartProviders", "add", {"name"}, SERVER},
    {HOST "sites", "site", {"name", "id"}, SERVER},
    {HOST "sites/siteDefaults", NULL, {NULL}, SERVER},
    {HOST "sites/applicationDefaults", NULL, {NULL}, SERVER},
    {HOST "sites/virtualDirectoryDefaults", NULL, {NULL}, SERVER},
    {SITE, "application", {"path"}, SERVER | NESTED},
    {SITE "/application", "virtualDirectory", {"path"}, SERVER | NESTED},
    {SITE "/bindings", "binding", {"protocol", "bindingInformation"}, COMBINED | SERVER | NESTED},
    {SITE "/logFile/customFields", "add", {"logFieldName"}, SERVER | NESTED},
    {HOST "sites/siteDefaults/logFile/customFields", "add", {"logFieldName"}, SERVER},
    {HOST "webLimits", NULL, {NULL}, SERVER},
    {"system.ftpServer/providerDefinitions", "add", {"name"}, SERVER},
    {"system.web/httpModules", "add", {"name"}, EXACT},
    {"system.web/httpHandlers", "add", {"path", "verb"}, COMBINED},
    {"system.web/compilation", NULL, {NULL}, 0},
    {"system.web/compilation/assemblies", "add", {"assembly"}, 0},
    {"system.web/compilation/buildProviders", "add", {"extension"}, 0},
    {"system.web/customErrors", NULL, {NULL}, 0},
    {"system.web/machineKey", NULL, {NULL}, 0},
    {"system.web/pages", NULL, {NULL}, 0},
    {"system.web/hostingEnvironment", NULL, {NULL}, 0},
    {"system.codedom/compilers", "compiler", {"language", "extension"}, COMBINED},
    {"appSettings", "add", {"key"}, 0},
    {"connectionStrings", "add", {"name"}, 0},
    {"configurationRedirection", NULL, {NULL}, SERVER},
};

enum { N_SECTIONS = sizeof sections / sizeof sections[0] };

static const struct iw_lab_config_section *find_path(const char *prefix, const char *name)
{
    size_t prefix_bytes = strlen(prefix);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        if ((sections[i].rules & NESTED) == 0 &&
            strncmp(sections[i].path, prefix, prefix_bytes) == 0 &&
            strcmp(sections[i].path + prefix_bytes, name) == 0) {
            return &sections[i];
        }
    }
    return NULL;
}

static const struct iw_lab_config_section *find_end(const char *name)
{
    size_t name_bytes = strlen(name);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        size_t path_bytes = strlen(sections[i].path);
        const char *end =
            sections[i].path + (path_bytes > name_bytes ? path_bytes - name_bytes : 0);
        if ((sections[i].rules & NESTED) == 0 && path_bytes > name_bytes && end[-1] == '/' &&
            strcmp(end, name) == 0) {
            return &sections[i];
        }
    }
    return NULL;
}

const struct iw_lab_config_section *iw_lab_config_find_section(const char *name)
{
    static const char *const prefixes[] = {"", WEB, HOST};
    name += *name == '/';
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        const struct iw_lab_config_section *section = find_path(prefixes[i], name);
        if (section != NULL) {
            return section;
        }
    }
    return *name == '\0' ? NULL : find_end(name);
}

const struct iw_lab_config_section *iw_lab_config_find_collection(const char *path,
                                                                  const char *element)
{
    for (size_t i = 0; i < N_SECTIONS; i++) {
        if (sections[i].element != NULL && strcmp(sections[i].path, path) == 0 &&
            (element == NULL || strcmp(sections[i].element, element) == 0)) {
            return &sections[i];
        }
    }
    return NULL;
}

bool iw_lab_config_is_registered(const struct iw_lab_element *configuration, const char *path)
{
    const struct iw_lab_element *at = iw_lab_element_child(configuration, "configSections");
    while (at != NULL && strcmp(at->name, "section") != 0) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "/"), path);
        path += strcspn(path, "/");
        path += *path == '/';
        const struct iw_lab_element *group = iw_lab_element_find(at, "sectionGroup", "name", name);
        at = group != NULL ? group : iw_lab_element_find(at, "section", "name", name);
    }
    return at != NULL;
}
