/*
 * Elements that stand in a collection and are none of it: IIS refuses a file that has one (500.19),
 * a newer IIS may know it, and nobody here reads it. Each name is told once a file, with how often
 * it stands there. Sources: the schema of IIS (collectionElement, and the elements beside it).
 */
#include "base/buffer.h"
#include "iis/config/config_inside.h"

/* Elements of a section beside those of its collection. */
static const struct {
    const char *section, *element;
} BESIDE[] = {
    {"system.applicationHost/applicationPools", "applicationPoolDefaults"},
    {"system.applicationHost/sites", "siteDefaults"},
    {"system.applicationHost/sites", "applicationDefaults"},
    {"system.applicationHost/sites", "virtualDirectoryDefaults"},
    {"system.webServer/httpCompression", "staticTypes"},
    {"system.webServer/httpCompression", "dynamicTypes"},
    {"system.webServer/staticContent", "clientCache"},
    {"system.ftpServer/providerDefinitions", "activation"},
};

/* A name that is met, where first, and how often. */
struct stranger {
    const struct iw_config_layer *layer;
    const struct iw_config_element *element;
    const struct iw_config_collection *collection;
    size_t n;
};

struct finding {
    struct iw_config *config;
    struct iw_map met; /* file, collection, name → struct stranger */
    struct iw_buffer key;
};

static bool is_beside(const char *section, struct iw_str name)
{
    for (size_t i = 0; i < sizeof BESIDE / sizeof BESIDE[0]; i++) {
        if (strcmp(BESIDE[i].section, section) == 0 &&
            iw_str_equal(name, iw_str_of(BESIDE[i].element)))
            return true;
    }
    return false;
}

static bool is_of(const struct iw_config_collection *collection, struct iw_str name)
{
    return iw_str_equal(name, iw_str_of(collection->element)) ||
           iw_str_equal(name, IW_STR("remove")) || iw_str_equal(name, IW_STR("clear")) ||
           (collection->below[0] == '\0' && is_beside(collection->section, name));
}

static void meet(struct finding *finding, const struct iw_config_collection *collection,
                 const struct iw_config_layer *layer, const struct iw_config_element *element)
{
    struct iw_config *config = finding->config;
    struct iw_map_entry *entry;
    struct stranger *stranger;
    struct iw_str key;
    iw_buffer_clear(&finding->key);
    iw_buffer_add(&finding->key, layer->tree->name);
    iw_buffer_printf(&finding->key, "\n%s/%s\n", collection->section, collection->below);
    iw_buffer_add(&finding->key, element->name);
    key = finding->key.failed ? (struct iw_str){NULL, 0} : iw_buffer_str(&finding->key);
    entry = key.p != NULL ? iw_map_find(&finding->met, key) : NULL;
    if (entry == NULL && key.p != NULL) {
        key = iw_arena_copy(&config->arena, key);
        stranger = iw_arena_calloc(&config->arena, 1, sizeof *stranger);
        entry = key.p != NULL && stranger != NULL ? iw_map_add(&finding->met, key, NULL) : NULL;
        if (entry != NULL) {
            *stranger = (struct stranger){layer, element, collection, 0};
            entry->value.pointer = stranger;
        }
    }
    if (entry == NULL) {
        config->no_memory = true;
        return;
    }
    stranger = entry->value.pointer;
    stranger->n++;
}

static void look_in(struct finding *finding, const struct iw_config_collection *collection,
                    const struct iw_config_layer *layer, const struct iw_config_element *container)
{
    for (const struct iw_config_element *at = container->first;
         at != NULL && !finding->config->no_memory; at = at->next) {
        if (!is_of(collection, at->name))
            meet(finding, collection, layer, at);
    }
}

static void look_at(struct finding *finding, const struct iw_config_collection *collection,
                    const struct iw_config_layer *layer)
{
    struct iw_str below = iw_str_of(collection->below);
    if (layer->is_encrypted || layer->is_missing)
        return;
    if (below.n == 0)
        look_in(finding, collection, layer, layer->element);
    for (const struct iw_config_element *at = below.n != 0 ? iw_config_child(layer->element, below)
                                                           : NULL;
         at != NULL; at = iw_config_sibling(at, below))
        look_in(finding, collection, layer, at);
}

static void tell_all(struct finding *finding)
{
    for (size_t i = 0; i < finding->met.n && !finding->config->no_memory; i++) {
        const struct stranger *stranger = finding->met.entries[i].value.pointer;
        const struct iw_config_collection *collection = stranger->collection;
        iw_config_report(
            finding->config, IW_CONFIG_PROBLEM_STRANGER,
            iw_config_in_layer(stranger->layer, stranger->element),
            "<%.*s> is no element of %s%s%s that is known: %zu passed over in this file",
            (int)(stranger->element->name.n < 100 ? stranger->element->name.n : 100),
            stranger->element->name.p, collection->section, collection->below[0] != '\0' ? "/" : "",
            collection->below, stranger->n);
    }
}

void iw_config_tell_strangers(struct iw_config *config)
{
    struct finding finding = {.config = config};
    size_t n;
    const struct iw_config_collection *collections = iw_config_collections(&n);
    iw_map_init(&finding.met);
    iw_buffer_init(&finding.key);
    for (size_t i = 0; i < n; i++) {
        const struct iw_config_section *section =
            iw_config_section_of(config, iw_str_of(collections[i].section));
        for (size_t k = 0; section != NULL && k < section->n_layers; k++)
            look_at(&finding, &collections[i], section->layers[k]);
    }
    tell_all(&finding);
    iw_map_done(&finding.met);
    iw_buffer_done(&finding.key);
}
