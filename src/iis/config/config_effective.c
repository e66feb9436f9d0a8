/*
 * Files into one configuration: the order of inheritance (machine.config, root web.config,
 * applicationHost.config, web.config of site, application and folder), and the list of problems.
 * administration.config and redirection.config are not inherited from; the first has sections of
 * its own.
 */
#include "iis/config/config_effective.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/config/config_inside.h"

/* Depth of a web.config comes on top of this. */
enum { RANK_WEB = 16 };

/* --- problems ---------------------------------------------------------------------------- */

static const char *const PROBLEM_NAMES[IW_CONFIG_PROBLEM_COUNT] = {
    [IW_CONFIG_PROBLEM_FILE] = "a file that is not read to its end",
    [IW_CONFIG_PROBLEM_TEXT] = "characters that are none",
    [IW_CONFIG_PROBLEM_ENCRYPTED] = "an encrypted section: unknown",
    [IW_CONFIG_PROBLEM_REDIRECTED] = "the configuration is elsewhere",
    [IW_CONFIG_PROBLEM_SOURCE] = "a file named by another is not at hand",
    [IW_CONFIG_PROBLEM_CIRCULAR] = "a file that names itself",
    [IW_CONFIG_PROBLEM_LOCKED] = "a section that is locked above",
    [IW_CONFIG_PROBLEM_MISPLACED] = "a section where it may not stand",
    [IW_CONFIG_PROBLEM_UNDECLARED] = "a section nobody declared",
    [IW_CONFIG_PROBLEM_ITEM] = "an entry that is locked above",
    [IW_CONFIG_PROBLEM_DUPLICATE] = "an entry that is there already",
    [IW_CONFIG_PROBLEM_STRANGER] = "an element nobody knows",
    [IW_CONFIG_PROBLEM_LIMIT] = "a limit was reached",
};

const char *iw_config_problem_name(enum iw_config_problem_kind kind)
{
    return PROBLEM_NAMES[kind];
}

/* A file that ends early is known by the place of its damage. */
static bool is_damage(enum iw_config_problem_kind kind, struct iw_config_where where)
{
    return kind == IW_CONFIG_PROBLEM_FILE && where.tree->defect != IW_CONFIG_WHOLE;
}

static uint32_t line_of(enum iw_config_problem_kind kind, struct iw_config_where where)
{
    if (where.element != NULL)
        return where.element->line;
    return is_damage(kind, where) ? where.tree->error.line : 0;
}

static uint32_t column_of(enum iw_config_problem_kind kind, struct iw_config_where where)
{
    if (where.element != NULL)
        return where.element->column;
    return is_damage(kind, where) ? where.tree->error.column : 0;
}

void iw_config_report(struct iw_config *config, enum iw_config_problem_kind kind,
                      struct iw_config_where where, const char *format, ...)
{
    struct iw_config_problem *problem;
    char words[512];
    va_list arguments;

    if (config->n_problems == IW_LIMIT_CONFIG_PROBLEMS) {
        config->n_hidden++;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    problem = iw_arena_calloc(&config->arena, 1, sizeof *problem);
    if (problem == NULL) {
        config->no_memory = true;
        return;
    }
    *problem = (struct iw_config_problem){
        .kind = kind,
        .file = where.tree->name,
        .line = line_of(kind, where),
        .column = column_of(kind, where),
        .place = where.place,
        .what = iw_arena_copy(&config->arena, iw_str_of(words)),
    };
    config->no_memory |= problem->what.p == NULL;
    *config->last_problem = problem;
    config->last_problem = &problem->next;
    config->n_problems++;
}

struct iw_config_where iw_config_in_layer(const struct iw_config_layer *layer,
                                          const struct iw_config_element *element)
{
    return (struct iw_config_where){layer->tree, element != NULL ? element : layer->element,
                                    layer->place.path};
}

/* --- files ------------------------------------------------------------------------------- */

struct iw_config *iw_config_new(const struct iw_config_loader *loader)
{
    struct iw_config *config = iw_calloc(1, sizeof *config);

    if (config == NULL)
        return NULL;
    iw_arena_init(&config->arena, 0);
    iw_map_init(&config->sections);
    iw_map_init(&config->groups);
    iw_map_init(&config->applications);
    iw_map_init(&config->sources);
    config->last_layer = &config->first_layer;
    config->last_problem = &config->problems;
    if (loader != NULL)
        config->loader = *loader;
    return config;
}

void iw_config_free(struct iw_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->sections.n; i++) {
        struct iw_config_section *section = config->sections.entries[i].value.pointer;
        if (section != NULL)
            iw_map_done(&section->first_at);
    }
    iw_map_done(&config->sections);
    iw_map_done(&config->groups);
    iw_map_done(&config->applications);
    iw_map_done(&config->sources);
    iw_arena_done(&config->arena);
    iw_free(config);
}

uint32_t iw_config_rank(enum iw_config_role role, uint32_t depth)
{
    return role == IW_CONFIG_WEB ? (uint32_t)RANK_WEB + depth : (uint32_t)role;
}

/* Behind all files of the same rank. */
static void put_in_order(struct iw_config *config, struct iw_config_file *file)
{
    struct iw_config_file **at = &config->files;

    while (*at != NULL && (*at)->rank <= file->rank)
        at = &(*at)->next;
    file->next = *at;
    *at = file;
}

static void report_file(struct iw_config *config, const struct iw_config_file *file)
{
    const struct iw_config_tree *tree = &file->tree;
    struct iw_config_where where = {tree, NULL, file->place.path};

    if (tree->defect != IW_CONFIG_WHOLE)
        iw_config_report(config, IW_CONFIG_PROBLEM_FILE, where, "%s", tree->error.message);
    if (tree->n_replaced != 0)
        iw_config_report(config, IW_CONFIG_PROBLEM_TEXT, where, "%zu UTF-16 units are no text",
                         tree->n_replaced);
    if (tree->root != NULL && !iw_str_equal(tree->root->name, IW_STR("configuration")))
        iw_config_report(config, IW_CONFIG_PROBLEM_FILE, where,
                         "its root is <%.*s>, not <configuration>: nothing in it is read",
                         IW_STR_ARG(tree->root->name));
}

enum iw_rc iw_config_add(struct iw_config *config, const struct iw_config_source *source)
{
    struct iw_config_file *file = iw_arena_calloc(&config->arena, 1, sizeof *file);
    struct iw_str place = source->role == IW_CONFIG_WEB ? source->place : IW_STR("");
    struct iw_str name;

    if (file == NULL)
        return IW_ENOMEM;
    file->role = source->role;
    name = iw_arena_copy(&config->arena, source->name);
    if (name.p == NULL ||
        !iw_config_place_read((struct iw_str){NULL, 0}, place, &config->arena, &file->place))
        return IW_ENOMEM;
    file->rank = iw_config_rank(file->role, file->place.depth);
    IW_TRY(iw_config_tree_read(source->bytes, name, &config->arena, &file->tree));
    put_in_order(config, file);
    config->n_bytes += source->bytes.n;
    config->has_server |= source->role == IW_CONFIG_SERVER && file->tree.defect == IW_CONFIG_WHOLE;
    return config->no_memory ? IW_ENOMEM : IW_OK;
}

/* --- settling ---------------------------------------------------------------------------- */

static void read_redirection(struct iw_config *config, const struct iw_config_file *file)
{
    const struct iw_config_element *element =
        iw_config_child(file->tree.root, IW_STR("configurationRedirection"));

    if (element == NULL || !iw_config_flag(element, IW_STR("enabled"), false))
        return;
    config->is_redirected = true;
    config->redirected_to = iw_config_value(element, IW_STR("path"), IW_STR(""));
    iw_config_report(config, IW_CONFIG_PROBLEM_REDIRECTED,
                     (struct iw_config_where){&file->tree, element, file->place.path},
                     "configuration is read from \"%.*s\": the local applicationHost.config is not "
                     "authoritative",
                     IW_STR_ARG(config->redirected_to));
}

/* Keys of "Site" and "Site/application" of every <site>. */
static void learn_applications(struct iw_config *config)
{
    const struct iw_config_section *sites =
        iw_config_section_of(config, IW_STR("system.applicationHost/sites"));

    for (size_t i = 0; sites != NULL && i < sites->n_layers; i++) {
        const struct iw_config_element *top = sites->layers[i]->element, *at = top;
        for (; at != NULL; at = iw_config_following(top, at, false)) {
            struct iw_config_place place;
            if (!iw_str_equal(at->name, IW_STR("application")) || at->parent == NULL)
                continue;
            if (!iw_config_place_read(iw_config_value(at->parent, IW_STR("name"), IW_STR("")),
                                      iw_config_value(at, IW_STR("path"), IW_STR("")),
                                      &config->arena, &place) ||
                iw_map_add(&config->applications, place.key, NULL) == NULL)
                config->no_memory = true;
        }
    }
}

static int compare_layers(const void *left, const void *right)
{
    const struct iw_config_layer *a = *(struct iw_config_layer *const *)left;
    const struct iw_config_layer *b = *(struct iw_config_layer *const *)right;

    if (a->place.depth != b->place.depth)
        return a->place.depth < b->place.depth ? -1 : 1;
    /* Of places of one depth at most one matters to anybody. */
    if (!iw_str_equal(a->place.key, b->place.key))
        return iw_str_compare(a->place.key, b->place.key);
    if (a->file->rank != b->file->rank)
        return a->file->rank < b->file->rank ? -1 : 1;
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* Sorts the layers of a section, numbers them, and indexes them by place. */
static void order_section(struct iw_config *config, struct iw_config_section *section)
{
    qsort(section->layers, section->n_layers, sizeof section->layers[0], compare_layers);
    iw_map_init(&section->first_at);
    for (size_t i = 0; i < section->n_layers; i++) {
        bool is_new = false;
        struct iw_map_entry *entry =
            iw_map_add(&section->first_at, section->layers[i]->place.key, &is_new);
        section->layers[i]->rank = i;
        if (entry == NULL)
            config->no_memory = true;
        else if (is_new)
            entry->value.number = i;
    }
}

/* Gives each section its layers, in order. */
static void sort_layers(struct iw_config *config)
{
    struct iw_config_section *section;

    for (size_t i = 0; i < config->sections.n; i++) {
        section = config->sections.entries[i].value.pointer;
        section->layers = iw_arena_calloc(&config->arena, section->n_layers + 1,
                                          sizeof(struct iw_config_layer *));
        if (section->layers == NULL) {
            config->no_memory = true;
            return;
        }
        section->n_layers = 0;
    }
    for (struct iw_config_layer *layer = config->first_layer; layer != NULL;
         layer = layer->next_read) {
        section = iw_map_find(&config->sections, layer->section->path)->value.pointer;
        section->layers[section->n_layers++] = layer;
    }
    for (size_t i = 0; i < config->sections.n; i++)
        order_section(config, config->sections.entries[i].value.pointer);
}

enum iw_rc iw_config_settle(struct iw_config *config)
{
    iw_config_define_known(config);
    for (const struct iw_config_file *file = config->files; file != NULL; file = file->next) {
        report_file(config, file);
        iw_config_define_declared(config, file);
    }
    for (const struct iw_config_file *file = config->files; file != NULL; file = file->next) {
        if (file->role == IW_CONFIG_REDIRECTION)
            read_redirection(config, file);
        else
            iw_config_read_layers(config, file);
    }
    if (config->no_memory)
        return IW_ENOMEM;
    sort_layers(config);
    if (config->no_memory)
        return IW_ENOMEM;
    learn_applications(config);
    iw_config_judge(config);
    iw_config_check_collections(config);
    iw_config_tell_strangers(config);
    return config->no_memory ? IW_ENOMEM : IW_OK;
}

/* --- asking ------------------------------------------------------------------------------ */

const struct iw_config_section *iw_config_section_of(const struct iw_config *config,
                                                     struct iw_str path)
{
    const struct iw_map_entry *entry = iw_map_find(&config->sections, path);
    return entry == NULL ? NULL : entry->value.pointer;
}

/* Does an application begin below the place *above*, at or above the place *key*? */
static bool application_between(const struct iw_config *config, struct iw_str above,
                                struct iw_str key)
{
    for (size_t n = above.n + 1; n <= key.n; n++)
        if ((n == key.n || key.p[n] == '/') &&
            iw_map_find(&config->applications, (struct iw_str){key.p, n}) != NULL)
            return true;
    return false;
}

static bool applies(const struct iw_config *config, const struct iw_config_layer *layer,
                    struct iw_str key)
{
    return !layer->is_refused &&
           !(layer->stops_at_applications && application_between(config, layer->place.key, key));
}

/* Length of the next longer prefix of a place: 0, then a part more each; SIZE_MAX: there is none.
 */
static size_t longer(struct iw_str key, size_t n)
{
    if (n >= key.n)
        return SIZE_MAX;
    for (n++; n < key.n && key.p[n] != '/';)
        n++;
    return n;
}

const struct iw_config_layer *iw_config_layer_at(const struct iw_config *config,
                                                 const struct iw_config_section *section,
                                                 struct iw_str key,
                                                 const struct iw_config_layer *after)
{
    size_t n = after == NULL ? 0 : after->place.key.n, i = 0;
    uint32_t depth = after == NULL ? 0 : after->place.depth, deepest;

    if (section == NULL || section->n_layers == 0)
        return NULL;
    deepest = section->layers[section->n_layers - 1]->place.depth;
    for (; n != SIZE_MAX && depth <= deepest; n = longer(key, n), depth++) {
        struct iw_str prefix = {key.p, n};
        const struct iw_map_entry *entry =
            after == NULL ? iw_map_find(&section->first_at, prefix) : NULL;
        if (after == NULL && entry == NULL)
            continue;
        i = after != NULL ? after->rank + 1 : (size_t)entry->value.number;
        after = NULL;
        for (; i < section->n_layers && iw_str_equal(section->layers[i]->place.key, prefix); i++)
            if (applies(config, section->layers[i], key))
                return section->layers[i];
    }
    return NULL;
}
