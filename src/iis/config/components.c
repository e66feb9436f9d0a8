/*
 * Layers to components, by the table. A section's entries are looked for in all of its element, so
 * that an entry stands in the list wherever in the section it was put.
 */
#include "iis/config/components.h"

#include "base/alloc.h"
#include "iis/config/component_table.h"

struct reading {
    const struct iw_config *config;
    struct iw_arena *arena;
    struct iw_component *items;
    size_t n, cap;
    bool no_memory;
};

static const char *const KIND_NAMES[IW_COMPONENT_KIND_COUNT] = {
    [IW_COMPONENT_GLOBAL_MODULE] = "globalModule",
    [IW_COMPONENT_NATIVE_MODULE] = "nativeModule",
    [IW_COMPONENT_MANAGED_MODULE] = "managedModule",
    [IW_COMPONENT_HANDLER] = "handler",
    [IW_COMPONENT_ISAPI_FILTER] = "isapiFilter",
    [IW_COMPONENT_ISAPI_CGI_RESTRICTION] = "isapiCgiRestriction",
    [IW_COMPONENT_FAST_CGI] = "fastCgi",
    [IW_COMPONENT_COMPRESSION_SCHEME] = "compressionScheme",
    [IW_COMPONENT_WEBDAV_STORE] = "webDavStore",
    [IW_COMPONENT_LOG_PLUGIN] = "logPlugin",
    [IW_COMPONENT_AUTO_START_PROVIDER] = "autoStartProvider",
    [IW_COMPONENT_LISTENER_ADAPTER] = "listenerAdapter",
    [IW_COMPONENT_REWRITE_PROVIDER] = "rewriteProvider",
    [IW_COMPONENT_RUNTIME_LOADER] = "managedRuntimeLoader",
    [IW_COMPONENT_CLR_CONFIG] = "clrConfig",
    [IW_COMPONENT_ENVIRONMENT] = "environmentVariable",
    [IW_COMPONENT_ASP_NET_CORE_PROCESS] = "aspNetCoreProcess",
    [IW_COMPONENT_HTTP_PLATFORM_PROCESS] = "httpPlatformProcess",
    [IW_COMPONENT_NET_MODULE] = "aspNetModule",
    [IW_COMPONENT_NET_HANDLER] = "aspNetHandler",
    [IW_COMPONENT_BUILD_PROVIDER] = "buildProvider",
    [IW_COMPONENT_EXPRESSION_BUILDER] = "expressionBuilder",
    [IW_COMPONENT_ASSEMBLY] = "assembly",
    [IW_COMPONENT_COMPILER] = "compiler",
    [IW_COMPONENT_PAGE_FILTER] = "pageParserFilter",
    [IW_COMPONENT_PAGE_BASE] = "pageBase",
    [IW_COMPONENT_NET_PROVIDER] = "aspNetProvider",
    [IW_COMPONENT_SOAP_EXTENSION] = "soapExtension",
    [IW_COMPONENT_RUNTIME_TYPE] = "httpRuntimeType",
    [IW_COMPONENT_HOSTING_TYPE] = "hostingType",
    [IW_COMPONENT_WCF_EXTENSION] = "wcfExtension",
    [IW_COMPONENT_TRACE_LISTENER] = "traceListener",
    [IW_COMPONENT_APP_DOMAIN_MANAGER] = "appDomainManager",
    [IW_COMPONENT_CODE_BASE] = "codeBase",
    [IW_COMPONENT_SECTION_HANDLER] = "sectionHandler",
    [IW_COMPONENT_FTP_PROVIDER] = "ftpProvider",
    [IW_COMPONENT_ADMIN_PROVIDER] = "adminProvider",
    [IW_COMPONENT_REMOVED_ENTRY] = "removedEntry",
    [IW_COMPONENT_ACCESS_POLICY] = "accessPolicy",
    [IW_COMPONENT_VIRTUAL_DIRECTORY] = "virtualDirectory",
};

const char *iw_component_kind_name(enum iw_component_kind kind)
{
    return KIND_NAMES[kind];
}

static struct iw_component *new_component(struct reading *reading)
{
    if (!iw_array_reserve(&reading->items, &reading->cap, reading->n + 1,
                          sizeof reading->items[0])) {
        reading->no_memory = true;
        return NULL;
    }
    return &reading->items[reading->n++];
}

static enum iw_component_scope scope_of(const struct iw_config_layer *layer)
{
    if (layer->location != NULL && layer->place.depth != layer->file->place.depth)
        return IW_COMPONENT_OF_LOCATION;
    return layer->file->role == IW_CONFIG_WEB ? IW_COMPONENT_OF_WEB_CONFIG : IW_COMPONENT_OF_SERVER;
}

/* An attribute that the row may have. */
static struct iw_str value(const struct iw_config_element *element, const char *attribute)
{
    return attribute == NULL ? IW_STR("")
                             : iw_config_value(element, iw_str_of(attribute), IW_STR(""));
}

/* Name of the nearest element around the entry, within the section, that has one. */
static struct iw_str owner_of(const struct iw_config_element *top,
                              const struct iw_config_element *element)
{
    struct iw_str name = IW_STR("");

    while (element != top && name.n == 0) {
        element = element->parent;
        name = iw_config_value(element, IW_STR("name"),
                               iw_config_value(element, IW_STR("fullPath"), IW_STR("")));
    }
    return name;
}

static bool is_clear(const struct iw_component_row *row, const struct iw_config_element *element)
{
    return (row->rules & IW_COMPONENT_CLEARS) != 0 && iw_str_equal(element->name, IW_STR("clear"));
}

static bool fits(const struct iw_component_row *row, const struct iw_config_element *element)
{
    if (is_clear(row, element))
        return true;
    if (!iw_str_equal(element->name, iw_str_of(row->element)) ||
        (row->parent != NULL &&
         (element->parent == NULL || !iw_str_equal(element->parent->name, iw_str_of(row->parent)))))
        return false;
    if ((row->rules & IW_COMPONENT_WITH_TYPE) != 0 && value(element, row->type).n == 0)
        return false;
    if ((row->rules & IW_COMPONENT_WITHOUT_TYPE) != 0 && value(element, row->type).n != 0)
        return false;
    if ((row->rules & IW_COMPONENT_WITH_IMAGE) != 0 && value(element, row->image).n == 0 &&
        value(element, row->clsid).n == 0)
        return false;
    if ((row->rules & IW_COMPONENT_WITH_POLICY) != 0 && value(element, "accessPolicy").n == 0)
        return false;
    return (row->rules & IW_COMPONENT_VARIABLES) == 0 ||
           iw_component_variable(value(element, row->name));
}

/* `program|arguments` into both. */
static void split_image(struct iw_component *component)
{
    size_t at = iw_str_find(component->image, IW_STR("|"));
    struct iw_str image = component->image;

    if (at == SIZE_MAX)
        return;
    component->image = (struct iw_str){image.p, at};
    component->arguments = (struct iw_str){image.p + at + 1, image.n - at - 1};
}

static const struct iw_config_element *around(const struct iw_config_element *element,
                                              const char *name)
{
    while (element != NULL && !iw_str_equal(element->name, iw_str_of(name)))
        element = element->parent;
    return element;
}

/* Where a folder is reached: "Default Web Site/app". */
static struct iw_str place_of(struct reading *reading, const struct iw_config_element *element)
{
    struct iw_config_place place;
    struct iw_str site = iw_config_value(around(element, "site"), IW_STR("name"), IW_STR(""));
    struct iw_str path =
        iw_config_value(around(element, "application"), IW_STR("path"), IW_STR(""));

    if (iw_config_place_read(site, path, reading->arena, &place))
        return place.path;
    reading->no_memory = true;
    return IW_STR("");
}

/* What the rules of the row say beyond its attributes. */
static void apply_rules(struct reading *reading, const struct iw_component_row *row,
                        const struct iw_config_layer *layer, struct iw_component *component)
{
    if ((row->rules & IW_COMPONENT_PIPED) != 0)
        split_image(component);
    if ((row->rules & IW_COMPONENT_CLEARS) != 0)
        component->owner = layer->element->name;
    if (is_clear(row, component->element))
        component->name = IW_STR(IW_COMPONENT_ALL_REMOVED);
    if ((row->rules & IW_COMPONENT_OF_A_SITE) != 0) {
        component->place = place_of(reading, component->element);
        component->owner = IW_STR("");
    }
}

static void add_entry(struct reading *reading, const struct iw_component_row *row,
                      const struct iw_config_layer *layer, const struct iw_config_element *element)
{
    struct iw_component *component = new_component(reading);

    if (component == NULL)
        return;
    *component = (struct iw_component){
        .kind = row->kind,
        .scope = scope_of(layer),
        .state = layer->is_refused ? IW_COMPONENT_REFUSED : IW_COMPONENT_WRITTEN,
        .is_disabled = !iw_config_flag(element, IW_STR("enabled"), true) ||
                       !iw_config_flag(element, IW_STR("allowed"), true),
        .name = value(element, row->name),
        .image = value(element, row->image),
        .arguments = value(element, row->arguments),
        .type = value(element, row->type),
        .clsid = value(element, row->clsid),
        .precondition = value(element, "preCondition"),
        .owner = owner_of(layer->element, element),
        .place = layer->place.path,
        .file = layer->tree->name,
        .line = element->line,
        .column = element->column,
        .element = element,
    };
    apply_rules(reading, row, layer, component);
}

static void add_unknown(struct reading *reading, const struct iw_component_row *row,
                        const struct iw_config_layer *layer)
{
    struct iw_component *component = new_component(reading);

    if (component != NULL)
        *component = (struct iw_component){
            .kind = row->kind,
            .scope = scope_of(layer),
            .state = IW_COMPONENT_UNKNOWN,
            .place = layer->place.path,
            .file = layer->tree->name,
            .line = layer->element->line,
            .column = layer->element->column,
            .element = layer->element,
        };
}

static void read_row(struct reading *reading, const struct iw_component_row *row)
{
    const struct iw_config_section *section =
        iw_config_section_of(reading->config, iw_str_of(row->section));

    for (size_t i = 0; section != NULL && i < section->n_layers; i++) {
        const struct iw_config_layer *layer = section->layers[i];
        const struct iw_config_element *at = layer->element;
        if (layer->is_encrypted || layer->is_missing)
            add_unknown(reading, row, layer);
        for (; at != NULL && !reading->no_memory;
             at = iw_config_following(layer->element, at, false))
            if (fits(row, at))
                add_entry(reading, row, layer, at);
    }
}

/* A web.config may bring the type that reads its own sections. */
static void read_section_handlers(struct reading *reading, const struct iw_config_file *file)
{
    const struct iw_config_element *top =
        iw_config_child(file->tree.root, IW_STR("configSections"));

    if (file->role != IW_CONFIG_WEB || top == NULL)
        return;
    for (const struct iw_config_element *at = top; at != NULL && !reading->no_memory;
         at = iw_config_following(top, at, false)) {
        struct iw_component *component;
        if (!iw_str_equal(at->name, IW_STR("section")) || value(at, "type").n == 0)
            continue;
        component = new_component(reading);
        if (component == NULL)
            return;
        *component = (struct iw_component){.kind = IW_COMPONENT_SECTION_HANDLER,
                                           .scope = IW_COMPONENT_OF_WEB_CONFIG,
                                           .name = value(at, "name"),
                                           .type = value(at, "type"),
                                           .owner = owner_of(top, at),
                                           .place = file->place.path,
                                           .file = file->tree.name,
                                           .line = at->line,
                                           .column = at->column,
                                           .element = at};
    }
}

enum iw_rc iw_components_read(const struct iw_config *config, struct iw_arena *arena,
                              struct iw_components *ret)
{
    struct reading reading = {.config = config, .arena = arena};
    size_t n_rows;
    const struct iw_component_row *rows = iw_component_rows(&n_rows);

    *ret = (struct iw_components){0};
    for (size_t i = 0; i < n_rows && !reading.no_memory; i++)
        read_row(&reading, &rows[i]);
    for (const struct iw_config_file *file = config->files; file != NULL; file = file->next)
        read_section_handlers(&reading, file);
    ret->items = iw_arena_calloc(arena, reading.n + 1, sizeof ret->items[0]);
    if (ret->items == NULL)
        reading.no_memory = true;
    if (!reading.no_memory && reading.n != 0) {
        memcpy(ret->items, reading.items, reading.n * sizeof reading.items[0]);
        ret->n = reading.n;
    }
    iw_free(reading.items);
    return reading.no_memory ? IW_ENOMEM : IW_OK;
}
