/*
 * Configuration files of an invented IIS (see lab_config.h): making them, pools, sites,
 * applications.
 *
 * What it does: puts the parts of a fresh server together and adds what a farm has on it, where IIS
 * Manager would put it (pools and sites before their defaults, applications before bindings).
 * Source: Microsoft's sites and applicationPools reference.
 * What it ignores: certificates, FTP sites, limits.
 */
#include "lab/config/lab_config.h"

#include "lab/config/config_file.h"
#include "lab/config/config_rows.h"
#include "lab/lab_alloc.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* As WAS writes an encrypted password: base64 of a sentence that says it is none. */
#define NO_PASSWORD                                                                                \
    "[enc:IISWASOnlyAesProvider:bm8gcGFzc3dvcmQ6IGludmVudGVkIGJ5IGlpc3dhcmRlbi1sYWI=:enc]"

static struct iw_lab_config *new_file(enum iw_lab_config_kind kind)
{
    struct iw_lab_config *config = iw_lab_alloc_zeroed(1, sizeof *config);
    config->kind = kind;
    config->root = iw_lab_element_new(NULL, "configuration");
    return config;
}

struct iw_lab_config *iw_lab_config_new_server(unsigned features)
{
    if ((features & IW_LAB_CONFIG_ARR) != 0) {
        features |= IW_LAB_CONFIG_REWRITE;
    }
    if ((features & (IW_LAB_CONFIG_EXCHANGE | IW_LAB_CONFIG_SHAREPOINT)) != 0) {
        features |= IW_LAB_CONFIG_ASPNET;
    }
    struct iw_lab_config *config = new_file(IW_LAB_CONFIG_KIND_SERVER);
    iw_lab_element_new_comment(config->root,
                               "Configuration of IIS. The schema of its sections is "
                               "%windir%\\system32\\inetsrv\\config\\schema\\IIS_schema.xml.");
    iw_lab_config_add_sections(config->root, features);
    iw_lab_config_add_host(config->root, features);
    iw_lab_config_add_web(config->root, features);
    iw_lab_config_add_locations(config->root, features);
    return config;
}

struct iw_lab_config *iw_lab_config_new_web(void)
{
    return new_file(IW_LAB_CONFIG_KIND_WEB);
}

struct iw_lab_config *iw_lab_config_new_redirection(void)
{
    static const struct iw_lab_config_row rows[] = {
        {1, 0, "configSections"},
        {2, 0, "section name='configurationRedirection'"},
        {1, 0, "configProtectedData"},
        {2, 0, "providers"},
        {3, 0,
         "add name='IISRsaProvider' type='' description='Uses RsaCryptoServiceProvider to encrypt "
         "and decrypt' keyContainerName='iisConfigurationKey' cspProviderName='' "
         "useMachineContainer='true' useOAEP='false'"},
        {1, 0, "configurationRedirection"},
    };
    struct iw_lab_config *config = new_file(IW_LAB_CONFIG_KIND_REDIRECTION);
    iw_lab_config_rows_grow(config->root, rows, sizeof rows / sizeof rows[0], 0);
    return config;
}

struct iw_lab_config *iw_lab_config_copy(const struct iw_lab_config *config)
{
    struct iw_lab_config *copy = iw_lab_alloc_zeroed(1, sizeof *copy);
    copy->kind = config->kind;
    copy->root = iw_lab_element_copy(config->root);
    return copy;
}

void iw_lab_config_free(struct iw_lab_config *config)
{
    if (config != NULL) {
        iw_lab_element_free(config->root);
        iw_lab_alloc_release(config);
    }
}

struct iw_lab_element *iw_lab_config_find_location(const struct iw_lab_config *config,
                                                   const char *path)
{
    return iw_lab_element_find(config->root, "location", "path", path);
}

static struct iw_lab_element *host_section(const struct iw_lab_config *config, const char *name)
{
    return iw_lab_element_child(iw_lab_element_child(config->root, "system.applicationHost"), name);
}

/* A new child before the first one called `before`, or last. */
static struct iw_lab_element *add_before(struct iw_lab_element *parent, const char *name,
                                         const char *before)
{
    struct iw_lab_element *sibling = iw_lab_element_child(parent, before);
    struct iw_lab_element *element = iw_lab_element_new(parent, name);
    iw_lab_element_move_before(element, sibling);
    return element;
}

static void set_identity(struct iw_lab_element *pool, const char *identity)
{
    static const char *const built_in[] = {"LocalSystem", "NetworkService", "LocalService"};
    if (identity == NULL || strcmp(identity, "ApplicationPoolIdentity") == 0) {
        return; /* that is what applicationPoolDefaults says */
    }
    struct iw_lab_element *model = iw_lab_element_new(pool, "processModel");
    for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++) {
        if (strcmp(identity, built_in[i]) == 0) {
            iw_lab_element_set(model, "identityType", identity);
            return;
        }
    }
    iw_lab_element_set(model, "identityType", "SpecificUser");
    iw_lab_element_set(model, "userName", identity);
    iw_lab_element_set(model, "password", NO_PASSWORD);
}

void iw_lab_config_add_pool(struct iw_lab_config *config, const struct iw_lab_config_pool *pool)
{
    struct iw_lab_element *pools = host_section(config, "applicationPools");
    assert(pools != NULL);
    struct iw_lab_element *add = add_before(pools, "add", "applicationPoolDefaults");
    iw_lab_element_set(add, "name", pool->name);
    iw_lab_element_set(add, "managedRuntimeVersion", pool->clr == NULL ? "" : pool->clr);
    if (pool->is_32) {
        iw_lab_element_set(add, "enable32BitAppOnWin64", "true");
    }
    set_identity(add, pool->identity);
}

static void add_virtual_directory(struct iw_lab_element *application, const char *path,
                                  const char *root)
{
    struct iw_lab_element *directory = iw_lab_element_new(application, "virtualDirectory");
    iw_lab_element_set(directory, "path", path);
    iw_lab_element_set(directory, "physicalPath", root);
}

/* https where the port is 444 (Exchange Back End) or ends with 443, else http. */
static const char *protocol_of(const char *binding)
{
    const char *port = strchr(binding, ':');
    if (port == NULL) {
        return "http";
    }
    port++;
    size_t size_bytes = strcspn(port, ":");
    bool is_secure = size_bytes >= 3 && (strncmp(port + size_bytes - 3, "443", 3) == 0 ||
                                         (size_bytes == 3 && strncmp(port, "444", 3) == 0));
    return is_secure ? "https" : "http";
}

static void add_application(struct iw_lab_element *site, const char *path, const char *pool,
                            const char *root)
{
    struct iw_lab_element *application = add_before(site, "application", "bindings");
    iw_lab_element_set(application, "path", path);
    if (pool != NULL) {
        iw_lab_element_set(application, "applicationPool", pool);
    }
    add_virtual_directory(application, "/", root);
}

void iw_lab_config_add_site(struct iw_lab_config *config, const char *name, uint32_t id,
                            const char *binding, const char *pool, const char *root)
{
    struct iw_lab_element *sites = host_section(config, "sites");
    assert(sites != NULL);
    char number[16];
    snprintf(number, sizeof number, "%u", (unsigned)id);
    struct iw_lab_element *site = add_before(sites, "site", "siteDefaults");
    iw_lab_element_set(site, "name", name);
    iw_lab_element_set(site, "id", number);
    add_application(site, "/", pool, root);
    struct iw_lab_element *bindings = iw_lab_element_new(site, "bindings");
    struct iw_lab_element *element = iw_lab_element_new(bindings, "binding");
    iw_lab_element_set(element, "protocol", protocol_of(binding));
    iw_lab_element_set(element, "bindingInformation", binding);
    if (strcmp(protocol_of(binding), "https") == 0) {
        const char *host = strrchr(binding, ':');
        iw_lab_element_set(element, "sslFlags", host[1] == '\0' ? "0" : "1"); /* 1: by name (SNI) */
    }
}

void iw_lab_config_add_application(struct iw_lab_config *config, const char *site, const char *path,
                                   const char *pool, const char *root)
{
    struct iw_lab_element *found =
        iw_lab_element_find(host_section(config, "sites"), "site", "name", site);
    assert(found != NULL);
    if (found != NULL) {
        add_application(found, path, pool, root);
    }
}

void iw_lab_config_add_directory(struct iw_lab_config *config,
                                 const struct iw_lab_config_directory *directory)
{
    struct iw_lab_element *site =
        iw_lab_element_find(host_section(config, "sites"), "site", "name", directory->site);
    struct iw_lab_element *application =
        iw_lab_element_find(site, "application", "path", directory->application);
    assert(application != NULL);
    if (application != NULL) {
        add_virtual_directory(application, directory->directory, directory->root);
    }
}
