/*
 * Builds the world of a scenario: its hosts, as installed and running when the evidence begins.
 *
 * What it does: roles and the scenario's own pools, sites and files become pools, mappings, files
 * and a configuration; each host gets its clock, sessions and processes. What it ignores: what
 * happens then (lab/act/, lab/life/).
 */
#include "lab/lab_alloc.h"
#include "lab/log/lab_log.h"
#include "lab/world/lab_agenda.h"
#include "lab/world/world_role.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HOSTS 1000U /* of a scenario; --scale makes more of them, one farm after the other */

bool iw_lab_world_fail(struct iw_lab_world *world, const struct iw_lab_yaml_node *node,
                       const char *format, ...)
{
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (world->is_failed) {
        return false;
    }
    world->is_failed = true;
    node = node != NULL ? node : world->at; /* what is wrong came of it */
    return node != NULL ? iw_lab_yaml_fail(&world->scenario->yaml, node, world->error, "%s", reason)
                        : iw_lab_error_set(world->error, "%s", reason);
}

bool iw_lab_world_is_without(const struct iw_lab_world *world, const char *source)
{
    for (size_t i = 0; i < world->options.n_without; i++) {
        if (strcmp(world->options.without[i], source) == 0) {
            return true;
        }
    }
    return false;
}

struct iw_lab_host *iw_lab_world_host(const struct iw_lab_world *world, const char *name)
{
    for (size_t i = 0; i < world->n_hosts; i++) {
        if (strcasecmp(world->hosts[i]->name, name) == 0) {
            return world->hosts[i];
        }
    }
    return NULL;
}

struct iw_lab_pool *iw_lab_host_pool(const struct iw_lab_host *host, const char *name)
{
    struct iw_lab_pool *pool = host->pools;
    while (pool != NULL && strcasecmp(pool->name, name) != 0) {
        pool = pool->next;
    }
    return pool;
}

struct iw_lab_site *iw_lab_host_site(const struct iw_lab_host *host, const char *name)
{
    struct iw_lab_site *site = host->sites;
    while (site != NULL && strcasecmp(site->name, name) != 0) {
        site = site->next;
    }
    return site;
}

#define N_TEXT_SLOTS 256U

struct iw_lab_text {
    struct iw_lab_text *next;
    char text[];
};

const char *iw_lab_host_intern(struct iw_lab_host *host, const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    if (host->texts == NULL) {
        host->texts = iw_lab_arena_take(&host->arena, N_TEXT_SLOTS, sizeof(struct iw_lab_text *));
    }
    struct iw_lab_text **slot = &host->texts[iw_lab_random_of_text(text) % N_TEXT_SLOTS];
    struct iw_lab_text *found = *slot;
    while (found != NULL && strcmp(found->text, text) != 0) {
        found = found->next;
    }
    if (found == NULL) {
        size_t size_bytes = strlen(text) + 1;
        found = iw_lab_arena_take(&host->arena, 1, sizeof *found + size_bytes);
        memcpy(found->text, text, size_bytes);
        found->next = *slot;
        *slot = found;
    }
    return found->text;
}

/* ---- pools and sites */

static struct iw_lab_pool *add_pool(struct iw_lab_host *host, const char *name, const char *clr,
                                    const char *identity, bool is_32)
{
    struct iw_lab_pool *pool = iw_lab_arena_take(&host->arena, 1, sizeof *pool);
    struct iw_lab_config_pool shape = {
        .name = name, .clr = clr, .identity = identity, .is_32 = is_32};
    *pool = (struct iw_lab_pool){
        .name = name, .clr = clr, .identity = identity, .is_32 = is_32, .next = host->pools};
    host->pools = pool;
    iw_lab_config_add_pool(host->config, &shape);
    return pool;
}

static void add_mapping(struct iw_lab_host *host, struct iw_lab_site *site, const char *url,
                        const char *root, struct iw_lab_pool *pool)
{
    struct iw_lab_mapping *mapping = iw_lab_arena_take(&host->arena, 1, sizeof *mapping);
    struct iw_lab_mapping **link = &site->mappings;
    *mapping = (struct iw_lab_mapping){.url = url, .root = root, .pool = pool};
    while (*link != NULL && strlen((*link)->url) > strlen(url)) { /* longest first */
        link = &(*link)->next;
    }
    mapping->next = *link;
    *link = mapping;
}

/* `ADDRESS:PORT:HOST` */
static bool read_binding(const char *binding, unsigned *port)
{
    const char *colon = strchr(binding, ':');
    char *end = NULL;
    if (colon == NULL || colon == binding ||
        memchr(binding, ' ', (size_t)(colon - binding)) != NULL || colon[1] < '0' ||
        colon[1] > '9') {
        return false;
    }
    unsigned long number = strtoul(colon + 1, &end, 10);
    *port = (unsigned)number;
    return *end == ':' && number > 0 && number <= 65535 && strpbrk(end + 1, ": ") == NULL;
}

static struct iw_lab_site *add_site(struct iw_lab_host *host, const char *name, uint32_t id,
                                    const char *binding, struct iw_lab_pool *pool, const char *root)
{
    struct iw_lab_site *site = iw_lab_arena_take(&host->arena, 1, sizeof *site);
    struct iw_lab_site **link = &host->sites;
    unsigned port = 80;
    read_binding(binding, &port);
    *site = (struct iw_lab_site){.name = name, .id = id, .port = port, .is_logging = true};
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = site;
    iw_lab_config_add_site(host->config, name, id, binding, pool->name, root);
    add_mapping(host, site, "/", root, pool);
    return site;
}

/* An application, or a virtual directory of the application around it when pool is NULL. */
static void add_place(struct iw_lab_host *host, struct iw_lab_site *site, const char *url,
                      const char *root, struct iw_lab_pool *pool)
{
    if (pool != NULL) {
        iw_lab_config_add_application(host->config, site->name, url, pool->name, root);
        add_mapping(host, site, url, root, pool);
        return;
    }
    char path[1024];
    iw_lab_site_resolve(site, url, path, sizeof path, &pool);
    struct iw_lab_config_directory directory = {
        .site = site->name, .application = "/", .directory = url, .root = root};
    iw_lab_config_add_directory(host->config, &directory);
    add_mapping(host, site, url, root, pool);
}

bool iw_lab_site_resolve(const struct iw_lab_site *site, const char *url, char *path,
                         size_t size_bytes, struct iw_lab_pool **pool)
{
    const struct iw_lab_mapping *mapping = site->mappings;
    for (; mapping != NULL; mapping = mapping->next) {
        size_t length = strcmp(mapping->url, "/") == 0 ? 0 : strlen(mapping->url);
        if (strncasecmp(url, mapping->url, length) != 0 ||
            (url[length] != '/' && url[length] != '\0')) {
            continue;
        }
        size_t root = strlen(mapping->root), rest = strlen(url + length);
        if (root + rest >= size_bytes) {
            return false;
        }
        memcpy(path, mapping->root, root);
        for (size_t i = 0; i <= rest; i++) {
            path[root + i] = url[length + i] == '/' ? '\\' : url[length + i];
        }
        *pool = mapping->pool;
        return true;
    }
    return false;
}

/* ---- files */

static void put_old(struct iw_lab_host *host, const char *path, bool is_inbox)
{
    struct iw_lab_content content = iw_lab_content_by_name(host, path);
    if (content.kind == IW_LAB_CONTENT_PE && is_inbox) {
        const char *name = content.pe.name; /* lives as the host, unlike path */
        content.pe.company = "Microsoft Corporation";
        content.pe.product = "Internet Information Services";
        content.pe.description = name;
        content.pe.version = host->windows == 2016   ? "10.0.14393.0"
                             : host->windows == 2019 ? "10.0.17763.1"
                                                     : "10.0.20348.1";
        content.pe.original_name = name;
    }
    struct iw_lab_file *file = iw_lab_file_put(host, path, &content);
    uint64_t days = 30 + iw_lab_random_of_text(is_inbox ? "inbox" : path) % 300;
    file->created = file->changed = host->now - days * 86400 * IW_LAB_SECOND;
    file->is_inbox = is_inbox;
    file->act = NULL;
}

static struct iw_lab_config *add_web_config(struct iw_lab_host *host, const char *path,
                                            struct iw_lab_config *config)
{
    struct iw_lab_web_config *web = iw_lab_arena_take(&host->arena, 1, sizeof *web);
    *web = (struct iw_lab_web_config){
        .path = iw_lab_arena_copy(&host->arena, path), .config = config, .next = host->web_configs};
    host->web_configs = web;
    return config;
}

/* The DLLs the configuration names: of Windows for both bitnesses, others as they are. */
static void put_modules(struct iw_lab_host *host)
{
    static const char system32[] = "C:\\Windows\\System32\\";
    struct iw_lab_config_modules modules;
    for (int is_32 = 0; is_32 < 2; is_32++) {
        iw_lab_config_native_modules(host->config, "", is_32 != 0, "v4.0", &modules);
        for (size_t i = 0; i < modules.n_items; i++) {
            const char *image = modules.items[i].image;
            bool is_system = strncasecmp(image, system32, sizeof system32 - 1) == 0;
            char path[1024];
            snprintf(path, sizeof path, "%s%s",
                     is_32 != 0 && is_system ? "C:\\Windows\\SysWOW64\\" : "",
                     is_32 != 0 && is_system ? image + sizeof system32 - 1 : image);
            if (iw_lab_host_file(host, path) != NULL) {
                continue;
            }
            put_old(host, path, true);
            struct iw_lab_file *file = iw_lab_host_file(host, path);
            file->content.pe.kind = IW_LAB_PE_NATIVE_MODULE;
            file->content.pe.is_32 = is_32 != 0;
        }
        iw_lab_config_modules_done(&modules);
    }
}

struct iw_lab_config *iw_lab_host_config(struct iw_lab_host *host, const char *path)
{
    struct iw_lab_web_config *web = host->web_configs;
    if (path == NULL) {
        return host->config;
    }
    while (web != NULL && strcasecmp(web->path, path) != 0) {
        web = web->next;
    }
    return web != NULL ? web->config : add_web_config(host, path, iw_lab_config_new_web());
}

/* machine.config and the root web.config of both frameworks. */
static void put_framework(struct iw_lab_host *host)
{
    static const char *const folders[] = {
        "C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\Config\\",
        "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Config\\"};
    for (size_t i = 0; i < 4; i++) {
        const char *path = iw_lab_arena_print(&host->arena, "%s%s", folders[i / 2],
                                              i % 2 == 0 ? "machine.config" : "web.config");
        struct iw_lab_content live = {.kind = IW_LAB_CONTENT_CONFIG,
                                      .config = add_web_config(host, path,
                                                               i % 2 == 0
                                                                   ? iw_lab_config_new_machine()
                                                                   : iw_lab_config_new_root_web())};
        struct iw_lab_content content = iw_lab_content_copy(host, &live);
        struct iw_lab_file *file = iw_lab_file_put(host, path, &content);
        file->created = file->changed = host->now - UINT64_C(400) * 86400 * IW_LAB_SECOND;
    }
}

static void put_configuration(struct iw_lab_host *host)
{
    struct iw_lab_content content = {.kind = IW_LAB_CONTENT_CONFIG, .config = host->config};
    struct iw_lab_file *file = iw_lab_file_put(host, IW_LAB_APPHOST, &content);
    file->created = file->changed = host->now - UINT64_C(90) * 86400 * IW_LAB_SECOND;
    content = (struct iw_lab_content){
        .kind = IW_LAB_CONTENT_TEXT,
        .text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<configuration>\r\n    "
                "<configSections>\r\n        <section name=\"configurationRedirection\" />\r\n    "
                "</configSections>\r\n    <configurationRedirection />\r\n</configuration>\r\n"};
    file = iw_lab_file_put(host, IW_LAB_CONFIG_FOLDER "\\redirection.config", &content);
    file->created = file->changed = host->now - UINT64_C(400) * 86400 * IW_LAB_SECOND;
}

static bool put_listed(struct iw_lab_host *host, const char *root,
                       const struct iw_lab_yaml_node *list)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        char path[1024];
        int used = snprintf(path, sizeof path, "%s\\%s", root, item->text);
        if (used < 0 || (size_t)used >= sizeof path || !iw_lab_is_path(path)) {
            return iw_lab_world_fail(host->world, item, "no file: %s", item->text);
        }
        put_old(host, path, false);
    }
    return true;
}

/* ---- the scenario's own */

static bool has_none_of(const char *text, const char *characters)
{
    size_t length = strlen(text);
    return length > 0 && length <= 64 && strcspn(text, characters) == length;
}

static bool is_pool_name(const char *name)
{
    return has_none_of(name, "\\/\"|<>:*?[]+=;,@&%\n\r\t");
}

static bool is_site_name(const char *name)
{
    return has_none_of(name, "\\/?;:@&=+$,|\"<>*\n\r\t");
}

static bool read_pools(struct iw_lab_host *host, const struct iw_lab_yaml_node *list)
{
    struct iw_lab_world *world = host->world;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(yaml, list);
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        if (!iw_lab_yaml_check(yaml, node, "name* clr bitness identity", world->error)) {
            return !(world->is_failed = true);
        }
        const char *name = iw_lab_yaml_text(yaml, node, "name", "");
        const char *clr = iw_lab_yaml_text(yaml, node, "clr", "v4.0");
        const char *bitness = iw_lab_yaml_text(yaml, node, "bitness", "64");
        if (!is_pool_name(name)) {
            return iw_lab_world_fail(world, node, "\"%s\" is no pool name", name);
        }
        if (!iw_lab_yaml_is_word("64 32", bitness) || !iw_lab_yaml_is_word("v4.0 v2.0 none", clr)) {
            return iw_lab_world_fail(world, node, "bitness is 64 or 32, clr is v4.0, v2.0 or none");
        }
        if (iw_lab_host_pool(host, name) != NULL) {
            return iw_lab_world_fail(world, node, "there is a pool \"%s\" already", name);
        }
        add_pool(host, name, strcmp(clr, "none") == 0 ? "" : clr,
                 iw_lab_yaml_text(yaml, node, "identity", "ApplicationPoolIdentity"),
                 strcmp(bitness, "32") == 0);
    }
    return true;
}

static struct iw_lab_pool *need_pool(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    const char *name =
        iw_lab_yaml_text(&host->world->scenario->yaml, node, "pool", "DefaultAppPool");
    struct iw_lab_pool *pool = iw_lab_host_pool(host, name);
    if (pool == NULL) {
        iw_lab_world_fail(host->world, node, "there is no pool \"%s\" on %s", name, host->name);
    }
    return pool;
}

/* `/name`, `/name/name` */
static bool is_place(const char *url)
{
    size_t length = strlen(url);
    return length > 1 && length <= 200 && url[0] == '/' && url[length - 1] != '/' &&
           strstr(url, "//") == NULL && strcspn(url, "\\?;:@&=+$,|\"<>* ") == length;
}

static const struct iw_lab_mapping *find_place(const struct iw_lab_site *site, const char *url)
{
    const struct iw_lab_mapping *mapping = site->mappings;
    while (mapping != NULL && strcasecmp(mapping->url, url) != 0) {
        mapping = mapping->next;
    }
    return mapping;
}

static bool read_places(struct iw_lab_host *host, struct iw_lab_site *site,
                        const struct iw_lab_yaml_node *list, bool is_application)
{
    struct iw_lab_world *world = host->world;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(yaml, list);
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        if (!iw_lab_yaml_check(yaml, node,
                               is_application ? "path* root* pool files:texts"
                                              : "path* root* files:texts",
                               world->error)) {
            return !(world->is_failed = true);
        }
        struct iw_lab_pool *pool = is_application ? need_pool(host, node) : NULL;
        const char *root = iw_lab_yaml_text(yaml, node, "root", "");
        const char *url = iw_lab_yaml_text(yaml, node, "path", "");
        if (is_application && pool == NULL) {
            return false;
        }
        if (!is_place(url) || find_place(site, url) != NULL) {
            return iw_lab_world_fail(world, node, "\"%s\" is no place of %s, or stands twice", url,
                                     site->name);
        }
        if (!iw_lab_is_path(root)) {
            return iw_lab_world_fail(world, node, "no folder: %s", root);
        }
        add_place(host, site, url, root, pool);
        if (!put_listed(host, root, iw_lab_yaml_get(yaml, node, "files"))) {
            return false;
        }
    }
    return true;
}

static bool read_sites(struct iw_lab_host *host, const struct iw_lab_yaml_node *list)
{
    struct iw_lab_world *world = host->world;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(yaml, list);
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        uint64_t id = 10;
        if (!iw_lab_yaml_check(yaml, node,
                               "name* id binding pool root* files:texts applications:maps "
                               "virtual_directories:maps",
                               world->error) ||
            !iw_lab_yaml_number(yaml, node, "id", 100000, &id, world->error)) {
            return !(world->is_failed = true);
        }
        if (id == 0) {
            return iw_lab_world_fail(world, node, "sites are counted from 1");
        }
        struct iw_lab_pool *pool = need_pool(host, node);
        const char *name = iw_lab_yaml_text(yaml, node, "name", "");
        const char *root = iw_lab_yaml_text(yaml, node, "root", "");
        const char *binding = iw_lab_yaml_text(yaml, node, "binding", "*:80:");
        unsigned port = 0;
        if (pool == NULL) {
            return false;
        }
        if (!is_site_name(name) || iw_lab_host_site(host, name) != NULL) {
            return iw_lab_world_fail(world, node, "\"%s\" is no site name, or stands twice", name);
        }
        if (!iw_lab_is_path(root)) {
            return iw_lab_world_fail(world, node, "no folder: %s", root);
        }
        if (!read_binding(binding, &port)) {
            return iw_lab_world_fail(world, node, "no binding: %s (as *:443:shop.lab.example)",
                                     binding);
        }
        for (struct iw_lab_site *other = host->sites; other != NULL; other = other->next) {
            if (other->id == id) {
                return iw_lab_world_fail(world, node, "two sites have the id %u", other->id);
            }
        }
        struct iw_lab_site *site = add_site(host, name, (uint32_t)id, binding, pool, root);
        if (!put_listed(host, root, iw_lab_yaml_get(yaml, node, "files")) ||
            !read_places(host, site, iw_lab_yaml_get(yaml, node, "applications"), true) ||
            !read_places(host, site, iw_lab_yaml_get(yaml, node, "virtual_directories"), false)) {
            return false;
        }
    }
    return true;
}

static bool is_replaced(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *sites,
                        const char *name)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(yaml, sites);
    while (node != NULL && strcasecmp(iw_lab_yaml_text(yaml, node, "name", ""), name) != 0) {
        node = iw_lab_yaml_next(yaml, node);
    }
    return node != NULL;
}

bool iw_lab_host_install_role(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const struct iw_lab_role *role = iw_lab_role_find(host->role);
    const struct iw_lab_yaml_node *sites = iw_lab_yaml_get(yaml, node, "sites");
    if (role == NULL) {
        return iw_lab_world_fail(host->world, node, "there is no role \"%s\"", host->role);
    }
    if (role->pools == NULL) {
        return (sites == NULL && iw_lab_yaml_get(yaml, node, "pools") == NULL) ||
               iw_lab_world_fail(host->world, node, "the role \"other\" has no sites and pools");
    }
    host->is_web = true;
    host->config = iw_lab_config_new_server(role->features);
    for (size_t i = 0; role->pools[i].name != NULL; i++) {
        add_pool(host, role->pools[i].name, role->pools[i].clr, role->pools[i].identity, false);
    }
    if (!read_pools(host, iw_lab_yaml_get(yaml, node, "pools"))) {
        return false;
    }
    for (size_t i = 0; role->sites[i].name != NULL; i++) {
        const struct iw_lab_role_site *site = &role->sites[i];
        if (!is_replaced(yaml, sites, site->name)) {
            add_site(host, site->name, site->id, site->binding, iw_lab_host_pool(host, site->pool),
                     site->root);
        }
    }
    for (size_t i = 0; role->places[i].site != NULL; i++) {
        const struct iw_lab_role_place *place = &role->places[i];
        struct iw_lab_site *site = iw_lab_host_site(host, place->site);
        if (site != NULL) {
            add_place(host, site, place->url, place->root,
                      place->pool == NULL ? NULL : iw_lab_host_pool(host, place->pool));
        }
    }
    for (size_t i = 0; role->files[i] != NULL; i++) {
        put_old(host, role->files[i], strncmp(role->files[i], "C:\\Program", 10) == 0);
    }
    put_modules(host);
    put_configuration(host);
    if ((role->features &
         (IW_LAB_CONFIG_ASPNET | IW_LAB_CONFIG_EXCHANGE | IW_LAB_CONFIG_SHAREPOINT)) != 0) {
        put_framework(host);
    }
    iw_lab_registry_install(host);
    return read_sites(host, sites);
}

/* ---- hosts */

static bool build_host(struct iw_lab_world *world, const struct iw_lab_yaml_node *node,
                       unsigned copy)
{
    const struct iw_lab_scenario *s = world->scenario;
    struct iw_lab_host *host = iw_lab_alloc_zeroed(1, sizeof *host);
    world->hosts[world->n_hosts++] = host;
    world->at = node;
    host->world = world;
    host->node = node;
    host->now = s->from;
    if (!iw_lab_yaml_check(
            &s->yaml, node,
            "name* address* role windows sites:maps pools:maps telemetry:map collect:map "
            "clock:map installed:map",
            world->error)) {
        return !(world->is_failed = true);
    }
    const char *name = iw_lab_yaml_text(&s->yaml, node, "name", "");
    const struct iw_lab_yaml_node *clock = iw_lab_yaml_get(&s->yaml, node, "clock");
    const char *windows = iw_lab_yaml_text(&s->yaml, node, "windows", "2022");
    if (!iw_lab_scenario_is_host_name(name)) {
        return iw_lab_world_fail(world, node, "\"%s\" is no host name", name);
    }
    if (!iw_lab_yaml_is_word("2016 2019 2022", windows)) {
        return iw_lab_world_fail(world, node, "windows is 2016, 2019 or 2022");
    }
    host->windows = (unsigned)strtoul(windows, NULL, 10);
    host->is_copy = copy > 0;
    host->name = copy == 0 ? name : iw_lab_arena_print(&host->arena, "%s-%u", name, copy);
    if (copy == 0 && world->n_hosts > 1 && iw_lab_world_host(world, host->name) != host) {
        return iw_lab_world_fail(world, node, "two hosts are called \"%s\"", name);
    }
    host->computer = iw_lab_arena_print(&host->arena, "%s.%s", host->name, s->dns);
    host->address = iw_lab_yaml_text(&s->yaml, node, "address", "");
    if (!iw_lab_scenario_is_address(host->address) || strchr(host->address, ':') != NULL) {
        return iw_lab_world_fail(world, node, "no address: \"%s\"", host->address);
    }
    for (size_t i = 0; copy == 0 && i + 1 < world->n_hosts; i++) {
        if (strcmp(world->hosts[i]->address, host->address) == 0) {
            return iw_lab_world_fail(world, node, "two hosts have the address %s", host->address);
        }
    }
    host->role = iw_lab_yaml_text(&s->yaml, node, "role", "aspnet");
    host->random.state = iw_lab_random_of_text(host->name) ^ (world->random.state * 7919);
    if (clock != NULL && (!iw_lab_yaml_check(&s->yaml, clock, "skew", world->error) ||
                          !iw_lab_yaml_shift(&s->yaml, clock, "skew", &host->skew, world->error))) {
        return !(world->is_failed = true);
    }
    if (!iw_lab_host_install_role(host, node) || !iw_lab_host_read_telemetry(host, node)) {
        return false;
    }
    if (host->is_web) {
        iw_lab_config_set_log(host->config,
                              host->telemetry.w3c_fields != NULL ? host->telemetry.w3c_fields
                                                                 : iw_lab_weblog_default_fields,
                              host->telemetry.w3c_fields != NULL);
    }
    if (host->is_web) {
        host->configs[0] = iw_lab_config_copy(host->config);
    }
    iw_lab_session_make_builtin(host);
    iw_lab_process_make_builtin(host);
    return iw_lab_logs_open(host);
}

bool iw_lab_world_build(struct iw_lab_world *world)
{
    const struct iw_lab_scenario *s = world->scenario;
    unsigned n_copies = world->options.copy_end - world->options.copy_first;
    if (s->hosts->n_children == 0) {
        return iw_lab_world_fail(world, s->hosts, "a farm has at least one host");
    }
    const struct iw_lab_yaml_node *beyond = iw_lab_yaml_first(&s->yaml, s->hosts);
    for (size_t i = 0; beyond != NULL && i < MAX_HOSTS; i++) {
        beyond = iw_lab_yaml_next(&s->yaml, beyond);
    }
    if (beyond != NULL) {
        return iw_lab_world_fail(world, beyond, "a farm has at most %u hosts", MAX_HOSTS);
    }
    world->hosts = iw_lab_arena_take(&world->arena, (size_t)s->hosts->n_children * n_copies + 1,
                                     sizeof *world->hosts);
    for (unsigned copy = world->options.copy_first; copy < world->options.copy_end; copy++) {
        const struct iw_lab_yaml_node *node = iw_lab_yaml_first(&s->yaml, s->hosts);
        for (; node != NULL; node = iw_lab_yaml_next(&s->yaml, node)) {
            if (!build_host(world, node, copy)) {
                return false;
            }
        }
    }
    return true;
}

struct iw_lab_world *iw_lab_world_new(const struct iw_lab_scenario *scenario,
                                      const struct iw_lab_world_options *options,
                                      struct iw_lab_error *error)
{
    struct iw_lab_world *world = iw_lab_alloc_zeroed(1, sizeof *world);
    world->scenario = scenario;
    world->options = *options;
    world->error = error;
    world->random.state = options->seed != 0 ? options->seed : scenario->seed;
    world->agenda = iw_lab_agenda_new();
    size_t n_changes = scenario->changes == NULL ? 0 : scenario->changes->n_children;
    world->approved = iw_lab_arena_take(&world->arena, n_changes + 1, sizeof *world->approved);
    return world;
}

static void free_host(struct iw_lab_host *host)
{
    while (host->processes != NULL) {
        struct iw_lab_process *process = host->processes;
        host->processes = process->next;
        iw_lab_alloc_release(process->image);
        iw_lab_alloc_release(process->command);
        iw_lab_alloc_release(process);
    }
    while (host->sessions != NULL) {
        struct iw_lab_session *session = host->sessions;
        host->sessions = session->next;
        iw_lab_alloc_release(session);
    }
    for (struct iw_lab_web_config *web = host->web_configs; web != NULL; web = web->next) {
        iw_lab_config_free(web->config);
    }
    for (size_t i = 0; i < IW_LAB_MAX_CONFIGS; i++) {
        iw_lab_config_free(host->configs[i]);
    }
    iw_lab_config_free(host->config);
    iw_lab_alloc_release(host->file_slots);
    iw_lab_logs_free(host->logs);
    iw_lab_arena_done(&host->arena);
    iw_lab_alloc_release(host);
}

void iw_lab_world_free(struct iw_lab_world *world)
{
    if (world == NULL) {
        return;
    }
    for (size_t i = 0; i < world->n_hosts; i++) {
        free_host(world->hosts[i]);
    }
    iw_lab_agenda_free(world->agenda);
    iw_lab_arena_done(&world->arena);
    iw_lab_alloc_release(world);
}
