/*
 * Sections that stand in files of their own: configSource (the whole section) and childSource (what
 * is inside of it). A file that names itself, or a chain of more than IW_LIMIT_CONFIG_CHAIN files,
 * is refused and named. Each file is read once, however often it is named. Both attributes are
 * honoured at a section's own element, where IIS and .NET know them; a childSource deeper down is
 * reported as not followed.
 */
#include "base/fold.h"
#include "base/limits.h"
#include "iis/config/config_inside.h"

/* The files that led here, folded names. */
struct chain {
    struct iw_str names[IW_LIMIT_CONFIG_CHAIN + 1];
    size_t n;
};

static bool fold_name(struct iw_config *config, struct iw_str name, struct iw_str *ret)
{
    *ret = iw_fold_text(name, &config->arena);
    config->no_memory |= ret->p == NULL;
    return ret->p != NULL;
}

/* Reads a file that was named before, or now. NULL: not read, and why was reported. */
static const struct iw_config_tree *read_source(struct iw_config *config,
                                                struct iw_config_where where, struct iw_str name,
                                                struct iw_str bytes, struct iw_str key)
{
    struct iw_map_entry *entry = iw_map_find(&config->sources, key);
    struct iw_config_tree *tree;

    if (entry != NULL)
        return entry->value.pointer;
    if (config->sources.n == IW_LIMIT_CONFIG_SOURCES) {
        iw_config_report(config, IW_CONFIG_PROBLEM_LIMIT, where,
                         "more than %u files named by others: \"%.*s\" is not read",
                         IW_LIMIT_CONFIG_SOURCES, IW_STR_ARG(name));
        return NULL;
    }
    tree = iw_arena_calloc(&config->arena, 1, sizeof *tree);
    if (tree == NULL || iw_config_tree_read(bytes, name, &config->arena, tree) != IW_OK ||
        (entry = iw_map_add(&config->sources, key, NULL)) == NULL) {
        config->no_memory = true;
        return NULL;
    }
    entry->value.pointer = tree;
    if (tree->defect != IW_CONFIG_WHOLE)
        iw_config_report(config, IW_CONFIG_PROBLEM_FILE,
                         (struct iw_config_where){tree, NULL, where.place}, "%s",
                         tree->error.message);
    return tree;
}

/* Gets the file and adds it to the chain. NULL: not read, and why was reported. */
static const struct iw_config_tree *follow(struct iw_config *config, struct iw_config_where where,
                                           struct iw_str named, struct chain *chain)
{
    struct iw_str name = {NULL, 0}, bytes = {NULL, 0}, key;
    enum iw_rc rc = IW_END;

    if (config->loader.load != NULL)
        rc = config->loader.load(config->loader.context, where.tree->name, named, &config->arena,
                                 &name, &bytes);
    if (rc != IW_OK) {
        config->no_memory |= rc == IW_ENOMEM;
        iw_config_report(config, IW_CONFIG_PROBLEM_SOURCE, where,
                         "\"%.*s\" is not at hand: what it holds is unknown", IW_STR_ARG(named));
        return NULL;
    }
    if (!fold_name(config, name, &key))
        return NULL;
    for (size_t i = 0; i < chain->n; i++) {
        if (!iw_str_equal(chain->names[i], key))
            continue;
        iw_config_report(config, IW_CONFIG_PROBLEM_CIRCULAR, where,
                         "\"%.*s\" leads back to itself: refused", IW_STR_ARG(name));
        return NULL;
    }
    if (chain->n > IW_LIMIT_CONFIG_CHAIN) {
        iw_config_report(config, IW_CONFIG_PROBLEM_LIMIT, where,
                         "\"%.*s\" is the end of more than %u files that name one another",
                         IW_STR_ARG(name), IW_LIMIT_CONFIG_CHAIN);
        return NULL;
    }
    chain->names[chain->n++] = key;
    return read_source(config, where, name, bytes, key);
}

/* The root of a file that stands for *element*, or NULL after a report. */
static const struct iw_config_element *root_for(struct iw_config *config,
                                                const struct iw_config_element *element,
                                                const struct iw_config_tree *tree,
                                                struct iw_str place)
{
    if (tree->root != NULL && iw_str_equal(tree->root->name, element->name))
        return tree->root;
    iw_config_report(config, IW_CONFIG_PROBLEM_SOURCE,
                     (struct iw_config_where){tree, tree->root, place},
                     "its root is not <%.*s>: nothing in it is read", IW_STR_ARG(element->name));
    return NULL;
}

static void follow_whole(struct iw_config *config, struct iw_config_layer *layer,
                         struct chain *chain)
{
    const struct iw_config_attribute *named;

    while ((named = iw_config_attribute(layer->element, IW_STR("configSource"))) != NULL) {
        const struct iw_config_tree *tree =
            follow(config, iw_config_in_layer(layer, NULL), named->value, chain);
        const struct iw_config_element *root =
            tree == NULL ? NULL : root_for(config, layer->element, tree, layer->place.path);
        if (root == NULL) {
            layer->is_missing = true;
            return;
        }
        layer->element = root;
        layer->tree = tree;
    }
}

static void report_deeper(struct iw_config *config, const struct iw_config_layer *layer)
{
    const struct iw_config_element *at = layer->element;

    while ((at = iw_config_following(layer->element, at, false)) != NULL) {
        const struct iw_config_attribute *named = iw_config_attribute(at, IW_STR("childSource"));
        if (named == NULL)
            named = iw_config_attribute(at, IW_STR("configSource"));
        if (named != NULL)
            iw_config_report(config, IW_CONFIG_PROBLEM_SOURCE, iw_config_in_layer(layer, at),
                             "%.*s=\"%.*s\" inside of a section is not followed: what it names is "
                             "unknown",
                             IW_STR_ARG(named->name), IW_STR_ARG(named->value));
    }
}

void iw_config_follow_sources(struct iw_config *config, struct iw_config_layer *layer,
                              struct iw_config_layer *ret_more)
{
    struct chain chain = {.n = 1};
    const struct iw_config_attribute *named;
    const struct iw_config_tree *tree;

    ret_more->element = NULL;
    if (!fold_name(config, layer->tree->name, &chain.names[0]))
        return;
    follow_whole(config, layer, &chain);
    report_deeper(config, layer);
    named = iw_config_attribute(layer->element, IW_STR("childSource"));
    if (named == NULL || layer->is_missing)
        return;
    tree = follow(config, iw_config_in_layer(layer, NULL), named->value, &chain);
    *ret_more = *layer;
    ret_more->element =
        tree == NULL ? NULL : root_for(config, layer->element, tree, layer->place.path);
    ret_more->tree = tree;
    layer->is_missing = ret_more->element == NULL;
}
