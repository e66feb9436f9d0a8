/*
 * Section elements of a file, within <location> or not, to layers. An element whose path is a group
 * is entered; one whose path is a section, or neither, is a section. What is written beside
 * <location> inside of groups is found likewise; a <location> within another element is no location
 * (IIS refuses it) and is a section nobody declared.
 */
#include "base/limits.h"
#include "iis/config/config_inside.h"

struct walk {
    struct iw_config *config;
    const struct iw_config_file *file;
    const struct iw_config_element *location; /* NULL: in none */
    struct iw_config_place place;
    enum iw_config_override override;
    bool stops_at_applications;
    /* The path of the element that is open at each depth, as lengths of one buffer. */
    char path[IW_LIMIT_CONFIG_DEPTH * (IW_LIMIT_CONFIG_NAME_BYTES + 1)];
    size_t ends[IW_LIMIT_CONFIG_DEPTH + 1];
};

static bool is_encrypted(const struct iw_config_element *element)
{
    return iw_config_attribute(element, IW_STR("configProtectionProvider")) != NULL ||
           iw_config_child(element, IW_STR("EncryptedData")) != NULL;
}

static void hang_in(struct iw_config *config, struct iw_config_layer *layer)
{
    struct iw_map_entry *entry = iw_map_find(&config->sections, layer->section->path);
    struct iw_config_section *section = entry->value.pointer;

    layer->is_encrypted = is_encrypted(layer->element);
    layer->sequence = config->n_layers++;
    section->n_layers++;
    *config->last_layer = layer;
    config->last_layer = &layer->next_read;
    if (layer->is_encrypted)
        iw_config_report(config, IW_CONFIG_PROBLEM_ENCRYPTED, iw_config_in_layer(layer, NULL),
                         "%.*s is encrypted: what it holds is unknown", IW_STR_ARG(section->path));
}

static void add_layer(struct walk *walk, const struct iw_config_section *section,
                      const struct iw_config_element *element)
{
    struct iw_config *config = walk->config;
    struct iw_config_layer *layer = iw_arena_calloc(&config->arena, 2, sizeof *layer);

    if (layer == NULL) {
        config->no_memory = true;
        return;
    }
    layer[0] = (struct iw_config_layer){
        .section = section,
        .element = element,
        .file = walk->file,
        .tree = &walk->file->tree,
        .location = walk->location,
        .place = walk->place,
        .override = walk->override,
        .stops_at_applications = walk->stops_at_applications,
    };
    iw_config_follow_sources(config, &layer[0], &layer[1]);
    hang_in(config, &layer[0]);
    if (layer[1].element != NULL)
        hang_in(config, &layer[1]);
}

/* Only of the sections whose declarations should be in evidence: .NET declares in machine.config,
 * which is rarely collected. */
static void report_undeclared(struct walk *walk, const struct iw_config_element *element,
                              struct iw_str path)
{
    if (!walk->config->has_server || !(iw_str_begins_nocase(path, IW_STR("system.webServer/")) ||
                                       iw_str_begins_nocase(path, IW_STR("system.application"))))
        return;
    iw_config_report(walk->config, IW_CONFIG_PROBLEM_UNDECLARED,
                     (struct iw_config_where){&walk->file->tree, element, walk->place.path},
                     "%.*s is declared nowhere", IW_STR_ARG(path));
}

static void meet_section(struct walk *walk, const struct iw_config_element *element,
                         struct iw_str path)
{
    struct iw_config *config = walk->config;
    struct iw_config_where where = {&walk->file->tree, element, walk->place.path};
    const struct iw_config_section *section = iw_config_section_make(config, path, where);

    if (section == NULL)
        return;
    if (!section->is_known)
        report_undeclared(walk, element, path);
    if (config->n_layers < IW_LIMIT_CONFIG_LAYERS) {
        add_layer(walk, section, element);
    } else if (!config->has_hidden_layers) {
        config->has_hidden_layers = true;
        iw_config_report(config, IW_CONFIG_PROBLEM_LIMIT, where,
                         "more than %u sections in all files: from here on they are not read",
                         IW_LIMIT_CONFIG_LAYERS);
    }
}

/* The path of *element*: its parent's and its name. */
static struct iw_str path_of(struct walk *walk, const struct iw_config_element *element)
{
    size_t n = walk->ends[element->depth - 1];

    if (n != 0)
        walk->path[n++] = '/';
    memcpy(walk->path + n, element->name.p, element->name.n);
    walk->ends[element->depth] = n + element->name.n;
    return (struct iw_str){walk->path, n + element->name.n};
}

/* *top* is the root or a <location>, which has no part in paths. */
static void walk_sections(struct walk *walk, const struct iw_config_element *top)
{
    const struct iw_config_element *at = top->first;

    walk->ends[top->depth] = 0;
    while (at != NULL) {
        bool is_passed = at->parent == walk->file->tree.root &&
                         (iw_str_equal(at->name, IW_STR("location")) ||
                          iw_str_equal(at->name, IW_STR("configSections")));
        bool is_entered = false;
        if (!is_passed) {
            struct iw_str path = path_of(walk, at);
            is_entered = iw_map_find(&walk->config->sections, path) == NULL &&
                         iw_map_find(&walk->config->groups, path) != NULL;
            if (!is_entered)
                meet_section(walk, at, path);
        }
        at = iw_config_following(top, at, !is_entered);
    }
}

static enum iw_config_override read_override(const struct iw_config_element *location)
{
    struct iw_str mode = iw_config_value(location, IW_STR("overrideMode"), IW_STR("Inherit"));

    if (iw_str_equal_nocase(mode, IW_STR("Allow")))
        return IW_CONFIG_ALLOW;
    if (iw_str_equal_nocase(mode, IW_STR("Deny")))
        return IW_CONFIG_DENY;
    if (iw_config_attribute(location, IW_STR("allowOverride")) == NULL)
        return IW_CONFIG_INHERIT;
    return iw_config_flag(location, IW_STR("allowOverride"), true) ? IW_CONFIG_ALLOW
                                                                   : IW_CONFIG_DENY;
}

static void walk_location(struct walk *walk, const struct iw_config_element *location)
{
    struct iw_config *config = walk->config;

    walk->location = location;
    walk->override = read_override(location);
    walk->stops_at_applications =
        !iw_config_flag(location, IW_STR("inheritInChildApplications"), true);
    if (!iw_config_place_read(walk->file->place.path,
                              iw_config_value(location, IW_STR("path"), IW_STR("")), &config->arena,
                              &walk->place))
        config->no_memory = true;
    else if (walk->place.depth > IW_LIMIT_CONFIG_PLACE_PARTS)
        iw_config_report(config, IW_CONFIG_PROBLEM_LIMIT,
                         (struct iw_config_where){&walk->file->tree, location, IW_STR("")},
                         "a path of more than %u parts: this <location> is not read",
                         IW_LIMIT_CONFIG_PLACE_PARTS);
    else
        walk_sections(walk, location);
}

void iw_config_read_layers(struct iw_config *config, const struct iw_config_file *file)
{
    const struct iw_config_element *root = file->tree.root;
    struct walk walk = {.config = config, .file = file, .place = file->place};

    if (root == NULL || !iw_str_equal(root->name, IW_STR("configuration")))
        return;
    walk_sections(&walk, root);
    for (const struct iw_config_element *at = iw_config_child(root, IW_STR("location"));
         at != NULL && !config->no_memory; at = iw_config_sibling(at, IW_STR("location")))
        walk_location(&walk, at);
}
