/*
 * Sites and pools of system.applicationHost. What an element does not say comes from
 * siteDefaults, applicationDefaults, virtualDirectoryDefaults or applicationPoolDefaults (the
 * element's own of site or application first), then from the schema of IIS 10, whose defaults
 * stand beside the attributes here.
 */
#include "iis/config/config_server.h"

#include <stdlib.h>

#include <stdio.h>

#include "iis/config/precondition.h"
#include "iis/config/server_log.h"

#define SITES "system.applicationHost/sites"
#define POOLS "system.applicationHost/applicationPools"

struct reading {
    const struct iw_config *config;
    struct iw_arena *arena;
    struct iw_server *server;
    /* The last of each in force, or NULL. */
    const struct iw_config_element *pool_defaults, *site_defaults, *application_defaults,
        *directory_defaults;
    bool no_memory;
};

/* --- attributes and their defaults ------------------------------------------------------- */

/* Of the element, else of the first of two defaults that has it, else *otherwise*. */
static struct iw_str value_of(const struct iw_config_element *element,
                              const struct iw_config_element *near,
                              const struct iw_config_element *far, struct iw_str name,
                              struct iw_str otherwise)
{
    return iw_config_value(element, name,
                           iw_config_value(near, name, iw_config_value(far, name, otherwise)));
}

static bool flag_of(const struct iw_config_element *element,
                    const struct iw_config_element *defaults, struct iw_str name, bool otherwise)
{
    return iw_config_flag(element, name, iw_config_flag(defaults, name, otherwise));
}

static const struct iw_config_element *defaults_of(const struct iw_config *config,
                                                   const char *section, struct iw_str name)
{
    const struct iw_config_section *found = iw_config_section_of(config, iw_str_of(section));
    const struct iw_config_layer *layer = NULL;
    const struct iw_config_element *last = NULL;

    while ((layer = iw_config_layer_at(config, found, IW_STR(""), layer)) != NULL) {
        const struct iw_config_element *child = iw_config_child(layer->element, name);
        last = child != NULL ? child : last;
    }
    return last;
}

static size_t count(const struct iw_config_element *parent, struct iw_str name)
{
    size_t n = 0;

    for (const struct iw_config_element *at = iw_config_child(parent, name); at != NULL;
         at = iw_config_sibling(at, name))
        n++;
    return n;
}

/* Room for as many as there are children of that name; *ret_n is their number. */
static void *room(struct reading *reading, const struct iw_config_element *parent,
                  struct iw_str name, size_t item_bytes, size_t *ret_n)
{
    void *items;

    *ret_n = count(parent, name);
    items = iw_arena_calloc(reading->arena, *ret_n + 1, item_bytes);
    if (items == NULL) {
        reading->no_memory = true;
        *ret_n = 0;
    }
    return items;
}

/* --- pools ------------------------------------------------------------------------------- */

static void read_pool(const struct reading *reading, const struct iw_config_element *element,
                      struct iw_server_pool *ret)
{
    const struct iw_config_element *defaults = reading->pool_defaults;
    const struct iw_config_element *model = iw_config_child(element, IW_STR("processModel"));
    const struct iw_config_element *usual = iw_config_child(defaults, IW_STR("processModel"));

    *ret = (struct iw_server_pool){
        .name = iw_config_value(element, IW_STR("name"), IW_STR("")),
        .clr = value_of(element, defaults, NULL, IW_STR("managedRuntimeVersion"), IW_STR("v4.0")),
        .identity =
            value_of(model, usual, NULL, IW_STR("identityType"), IW_STR("ApplicationPoolIdentity")),
        .user = value_of(model, usual, NULL, IW_STR("userName"), IW_STR("")),
        .start_mode = value_of(element, defaults, NULL, IW_STR("startMode"), IW_STR("OnDemand")),
        .runtime_loader =
            value_of(element, defaults, NULL, IW_STR("managedRuntimeLoader"), IW_STR("")),
        .clr_config_file = value_of(element, defaults, NULL, IW_STR("CLRConfigFile"), IW_STR("")),
        .is_32 = flag_of(element, defaults, IW_STR("enable32BitAppOnWin64"), false),
        .is_classic = iw_str_equal_nocase(
            value_of(element, defaults, NULL, IW_STR("managedPipelineMode"), IW_STR("Integrated")),
            IW_STR("Classic")),
        .auto_start = flag_of(element, defaults, IW_STR("autoStart"), true),
        .element = element,
    };
}

static void read_pools(struct reading *reading)
{
    struct iw_config_items items;
    struct iw_server *server = reading->server;

    if (iw_config_collect(reading->config, iw_config_collection_of(POOLS, ""), IW_STR(""),
                          reading->arena, &items) != IW_OK)
        reading->no_memory = true;
    server->pools_unknown = items.is_unknown;
    server->pools = iw_arena_calloc(reading->arena, items.n + 1, sizeof server->pools[0]);
    if (server->pools == NULL || reading->no_memory) {
        reading->no_memory = true;
        return;
    }
    for (size_t i = 0; i < items.n; i++)
        read_pool(reading, items.items[i].element, &server->pools[server->n_pools++]);
}

/* --- by place ---------------------------------------------------------------------------- */

static int compare_places(const void *left, const void *right)
{
    const struct iw_config_place *a = *(const struct iw_config_place *const *)left;
    const struct iw_config_place *b = *(const struct iw_config_place *const *)right;
    int order = iw_str_compare(a->key, b->key);

    /* The places lie in one array: of equal ones the first is the first of the file. */
    return order != 0 ? order : a < b ? -1 : a > b;
}

/* Pointers to the places of *n* items, whose first member each place is, by key. */
static const struct iw_config_place **sorted_places(struct reading *reading, const void *items,
                                                    size_t n, size_t item_bytes)
{
    const struct iw_config_place **places =
        iw_arena_calloc(reading->arena, n + 1, sizeof places[0]);

    if (places == NULL) {
        reading->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        places[i] = (const void *)((const char *)items + i * item_bytes);
    qsort(places, n, sizeof places[0], compare_places);
    return places;
}

/* --- sites ------------------------------------------------------------------------------- */

static void read_directory(struct reading *reading, const struct iw_server_application *parent,
                           const struct iw_config_element *element, struct iw_server_directory *ret)
{
    const struct iw_config_element *near =
        iw_config_child(parent->element, IW_STR("virtualDirectoryDefaults"));
    const struct iw_config_element *far = reading->directory_defaults;
    struct iw_str root = value_of(element, near, far, IW_STR("physicalPath"), IW_STR(""));

    ret->element = element;
    ret->path = value_of(element, near, far, IW_STR("path"), IW_STR(""));
    ret->user = value_of(element, near, far, IW_STR("userName"), IW_STR(""));
    ret->allows_subfolder_config =
        iw_config_flag(element, IW_STR("allowSubDirConfig"),
                       flag_of(near, far, IW_STR("allowSubDirConfig"), true));
    if (!iw_config_place_read(parent->place.path, ret->path, reading->arena, &ret->place) ||
        !iw_server_path_read(root, parent->pool != NULL && parent->pool->is_32, reading->arena,
                             &ret->root))
        reading->no_memory = true;
}

static void read_application(struct reading *reading, const struct iw_server_site *site,
                             const struct iw_config_element *element,
                             struct iw_server_application *ret)
{
    const struct iw_config_element *near =
        iw_config_child(site->element, IW_STR("applicationDefaults"));
    const struct iw_config_element *far = reading->application_defaults;
    struct iw_str name = IW_STR("virtualDirectory");
    size_t n = 0;

    ret->element = element;
    ret->path = value_of(element, near, far, IW_STR("path"), IW_STR(""));
    ret->pool_name =
        value_of(element, near, far, IW_STR("applicationPool"), IW_STR("DefaultAppPool"));
    ret->pool = iw_server_pool_of(reading->server, ret->pool_name);
    if (!iw_config_place_read(site->name, ret->path, reading->arena, &ret->place))
        reading->no_memory = true;
    ret->directories =
        room(reading, element, name, sizeof ret->directories[0], &ret->n_directories);
    for (const struct iw_config_element *at = iw_config_child(element, name);
         at != NULL && n < ret->n_directories; at = iw_config_sibling(at, name))
        read_directory(reading, ret, at, &ret->directories[n++]);
    ret->by_place =
        sorted_places(reading, ret->directories, ret->n_directories, sizeof ret->directories[0]);
}

static void read_bindings(struct reading *reading, struct iw_server_site *site)
{
    const struct iw_config_element *parent = iw_config_child(site->element, IW_STR("bindings"));
    struct iw_str name = IW_STR("binding");
    size_t n = 0;

    if (parent == NULL)
        parent = iw_config_child(reading->site_defaults, IW_STR("bindings"));
    site->bindings = room(reading, parent, name, sizeof site->bindings[0], &site->n_bindings);
    for (const struct iw_config_element *at = iw_config_child(parent, name);
         at != NULL && n < site->n_bindings; at = iw_config_sibling(at, name))
        site->bindings[n++] = (struct iw_server_binding){
            .protocol = iw_config_value(at, IW_STR("protocol"), IW_STR("")),
            .information = iw_config_value(at, IW_STR("bindingInformation"), IW_STR("")),
            .element = at,
        };
}

static void read_applications(struct reading *reading, struct iw_server_site *site)
{
    struct iw_str name = IW_STR("application");
    size_t n = 0;

    site->applications =
        room(reading, site->element, name, sizeof site->applications[0], &site->n_applications);
    for (const struct iw_config_element *at = iw_config_child(site->element, name);
         at != NULL && n < site->n_applications && !reading->no_memory;
         at = iw_config_sibling(at, name))
        read_application(reading, site, at, &site->applications[n++]);
    site->by_place = sorted_places(reading, site->applications, site->n_applications,
                                   sizeof site->applications[0]);
}

static void read_site(struct reading *reading, const struct iw_config_element *element,
                      struct iw_server_site *ret)
{
    ret->element = element;
    ret->name = iw_config_value(element, IW_STR("name"), IW_STR(""));
    if (!iw_str_to_u64(iw_config_value(element, IW_STR("id"), IW_STR("")), &ret->id))
        ret->id = 0;
    ret->auto_start = flag_of(element, reading->site_defaults, IW_STR("serverAutoStart"), true);
    if (!iw_config_place_read(IW_STR(""), ret->name, reading->arena, &ret->place)) {
        reading->no_memory = true;
        return;
    }
    read_bindings(reading, ret);
    read_applications(reading, ret);
    if (!iw_server_log_of_site(reading->config, reading->site_defaults, reading->arena, ret))
        reading->no_memory = true;
}

static void read_sites(struct reading *reading)
{
    struct iw_config_items items;
    struct iw_server *server = reading->server;

    if (iw_config_collect(reading->config, iw_config_collection_of(SITES, ""), IW_STR(""),
                          reading->arena, &items) != IW_OK)
        reading->no_memory = true;
    server->sites_unknown = items.is_unknown;
    server->is_known = items.n != 0;
    server->sites = iw_arena_calloc(reading->arena, items.n + 1, sizeof server->sites[0]);
    if (server->sites == NULL)
        reading->no_memory = true;
    for (size_t i = 0; i < items.n && !reading->no_memory; i++)
        read_site(reading, items.items[i].element, &server->sites[server->n_sites++]);
}

enum iw_rc iw_server_read(const struct iw_config *config, struct iw_arena *arena,
                          struct iw_server *ret)
{
    struct reading reading = {
        .config = config,
        .arena = arena,
        .server = ret,
        .pool_defaults = defaults_of(config, POOLS, IW_STR("applicationPoolDefaults")),
        .site_defaults = defaults_of(config, SITES, IW_STR("siteDefaults")),
        .application_defaults = defaults_of(config, SITES, IW_STR("applicationDefaults")),
        .directory_defaults = defaults_of(config, SITES, IW_STR("virtualDirectoryDefaults")),
    };

    *ret = (struct iw_server){.config = config, .is_authoritative = !config->is_redirected};
    read_pools(&reading);
    if (!reading.no_memory)
        read_sites(&reading);
    if (!reading.no_memory && !iw_server_log_central(config, arena, ret))
        reading.no_memory = true;
    return reading.no_memory ? IW_ENOMEM : IW_OK;
}

/* --- asking ------------------------------------------------------------------------------ */

const struct iw_server_pool *iw_server_pool_of(const struct iw_server *server, struct iw_str name)
{
    for (size_t i = 0; i < server->n_pools; i++)
        if (iw_str_equal_nocase(server->pools[i].name, name))
            return &server->pools[i];
    return NULL;
}

const struct iw_server_site *iw_server_site_of(const struct iw_server *server, struct iw_str name)
{
    for (size_t i = 0; i < server->n_sites; i++)
        if (iw_str_equal_nocase(server->sites[i].name, name))
            return &server->sites[i];
    return NULL;
}

enum iw_rc iw_server_modules_of(const struct iw_server *server, const struct iw_server_pool *pool,
                                struct iw_arena *arena, struct iw_server_modules *ret)
{
    struct iw_config_items items;

    *ret = (struct iw_server_modules){0};
    IW_TRY(iw_config_collect(server->config,
                             iw_config_collection_of("system.webServer/globalModules", ""),
                             IW_STR(""), arena, &items));
    ret->is_unknown = items.is_unknown;
    ret->items = iw_arena_calloc(arena, items.n + 1, sizeof ret->items[0]);
    if (ret->items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < items.n; i++) {
        const struct iw_config_element *element = items.items[i].element;
        enum iw_precondition judgment = iw_precondition_judge(
            iw_config_value(element, IW_STR("preCondition"), IW_STR("")), pool);
        struct iw_server_module *module = &ret->items[ret->n];
        if (judgment == IW_PRECONDITION_FAILS)
            continue;
        module->name = iw_config_value(element, IW_STR("name"), IW_STR(""));
        module->is_certain = judgment == IW_PRECONDITION_HOLDS;
        module->item = items.items[i];
        if (!iw_server_path_read(iw_config_value(element, IW_STR("image"), IW_STR("")),
                                 pool != NULL && pool->is_32, arena, &module->image))
            return IW_ENOMEM;
        ret->n++;
    }
    return IW_OK;
}
