/*
 * <configSections> of an IIS 10 server: which sections there are, where they may be set, and
 * whether they are locked below.
 *
 * Source: the lock matrix of installed servers (allowDefinition, overrideModeDefault), Microsoft's
 * system.webServer and system.applicationHost reference. allowDefinition "Everywhere" is the
 * default and not written.
 * What it ignores: allowLocation, sections of system.web (machine.config registers those), Web
 * Deploy.
 */
#include "lab/config/config_rows.h"
#include "lab/config/lab_config.h"

#define HOST "AppHostOnly"
#define APPLICATION "MachineToApplication"
#define DENY "Deny"
#define ALLOW "Allow"
#define REWRITE IW_LAB_CONFIG_REWRITE
#define ARR IW_LAB_CONFIG_ARR
#define FTP IW_LAB_CONFIG_FTP

struct section_row {
    unsigned depth;
    unsigned features;
    const char *name;
    const char *definition; /* NULL: everywhere */
    const char *mode;       /* NULL: a group */
};

static const struct section_row section_rows[] = {
    {1, 0, "system.applicationHost", NULL, NULL},
    {2, 0, "applicationPools", HOST, DENY},
    {2, 0, "configHistory", HOST, DENY},
    {2, 0, "customMetadata", HOST, DENY},
    {2, 0, "listenerAdapters", HOST, DENY},
    {2, 0, "log", HOST, DENY},
    {2, 0, "serviceAutoStartProviders", HOST, DENY},
    {2, 0, "sites", HOST, DENY},
    {2, 0, "webLimits", HOST, DENY},
    {1, 0, "system.webServer", NULL, NULL},
    {2, 0, "asp", NULL, DENY},
    {2, 0, "caching", NULL, ALLOW},
    {2, 0, "cgi", NULL, DENY},
    {2, 0, "defaultDocument", NULL, ALLOW},
    {2, 0, "directoryBrowse", NULL, ALLOW},
    {2, 0, "fastCgi", HOST, DENY},
    {2, 0, "globalModules", HOST, DENY},
    {2, 0, "handlers", NULL, DENY},
    {2, 0, "httpCompression", HOST, DENY},
    {2, 0, "httpErrors", NULL, ALLOW},
    {2, 0, "httpLogging", NULL, DENY},
    {2, 0, "httpProtocol", NULL, ALLOW},
    {2, 0, "httpRedirect", NULL, ALLOW},
    {2, 0, "httpTracing", NULL, DENY},
    {2, 0, "isapiFilters", APPLICATION, DENY},
    {2, 0, "modules", APPLICATION, DENY},
    {2, 0, "applicationInitialization", APPLICATION, ALLOW},
    {2, 0, "odbcLogging", NULL, DENY},
    {2, 0, "security", NULL, NULL},
    {3, 0, "access", NULL, DENY},
    {3, 0, "applicationDependencies", NULL, DENY},
    {3, 0, "authentication", NULL, NULL},
    {4, 0, "anonymousAuthentication", NULL, DENY},
    {4, 0, "basicAuthentication", NULL, DENY},
    {4, 0, "clientCertificateMappingAuthentication", NULL, DENY},
    {4, 0, "digestAuthentication", NULL, DENY},
    {4, 0, "iisClientCertificateMappingAuthentication", NULL, DENY},
    {4, 0, "windowsAuthentication", NULL, DENY},
    {3, 0, "authorization", NULL, ALLOW},
    {3, 0, "ipSecurity", NULL, DENY},
    {3, 0, "dynamicIpSecurity", NULL, DENY},
    {3, 0, "isapiCgiRestriction", HOST, DENY},
    {3, 0, "requestFiltering", NULL, ALLOW},
    {2, 0, "serverRuntime", NULL, DENY},
    {2, 0, "serverSideInclude", NULL, DENY},
    {2, 0, "staticContent", NULL, ALLOW},
    {2, 0, "tracing", NULL, NULL},
    {3, 0, "traceFailedRequests", NULL, ALLOW},
    {3, 0, "traceProviderDefinitions", NULL, DENY},
    {2, 0, "urlCompression", NULL, ALLOW},
    {2, 0, "validation", NULL, ALLOW},
    {2, 0, "webdav", NULL, NULL},
    {3, 0, "globalSettings", NULL, DENY},
    {3, 0, "authoring", NULL, DENY},
    {3, 0, "authoringRules", NULL, DENY},
    {2, 0, "webSocket", NULL, DENY},
    {2, REWRITE, "rewrite", NULL, NULL},
    {3, REWRITE, "globalRules", HOST, DENY},
    {3, REWRITE, "rules", NULL, ALLOW},
    {3, REWRITE, "outboundRules", NULL, ALLOW},
    {3, REWRITE, "providers", NULL, ALLOW},
    {3, REWRITE, "rewriteMaps", NULL, ALLOW},
    {3, REWRITE, "allowedServerVariables", NULL, DENY},
    {2, ARR, "proxy", HOST, DENY},
    {1, FTP, "system.ftpServer", NULL, NULL},
    {2, FTP, "log", HOST, DENY},
    {2, FTP, "firewallSupport", HOST, DENY},
    {2, FTP, "caching", HOST, DENY},
    {2, FTP, "providerDefinitions", HOST, DENY},
    {2, FTP, "security", NULL, NULL},
    {3, FTP, "ipSecurity", NULL, DENY},
    {3, FTP, "requestFiltering", NULL, DENY},
    {3, FTP, "authorization", NULL, DENY},
    {3, FTP, "authentication", NULL, DENY},
    {2, FTP, "serverRuntime", HOST, DENY},
};

void iw_lab_config_add_sections(struct iw_lab_element *configuration, unsigned features)
{
    struct iw_lab_element *at[5] = {iw_lab_element_new(configuration, "configSections")};
    for (size_t i = 0; i < sizeof section_rows / sizeof section_rows[0]; i++) {
        const struct section_row *row = &section_rows[i];
        if (row->features != 0 && (row->features & features) == 0) {
            continue;
        }
        const char *kind = row->mode == NULL ? "sectionGroup" : "section";
        struct iw_lab_element *element = iw_lab_element_new(at[row->depth - 1], kind);
        iw_lab_element_set(element, "name", row->name);
        if (row->definition != NULL) {
            iw_lab_element_set(element, "allowDefinition", row->definition);
        }
        if (row->mode != NULL) {
            iw_lab_element_set(element, "overrideModeDefault", row->mode);
        }
        at[row->depth] = element;
    }
}
