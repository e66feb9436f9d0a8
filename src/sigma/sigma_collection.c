/*
 * Collection actions (Sigma 1; gone from the text of 2, read by pySigma, whose behaviour this is):
 * maps are merged deeply, anything else is replaced, and the global document wins. A second global
 * one takes the place of the first. Correlations and filters are not merged.
 *
 * Merging goes over a list of its own, not by recursion; what was merged shares the rest of its
 * trees.
 */
#include "sigma/sigma_collection.h"

#include "base/limits.h"
#include "base/map.h"

/* Two maps that become one. */
struct merge {
    const struct iw_yaml_node *base, *over;
    struct iw_yaml_node *made;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static struct iw_yaml_node *new_map(struct iw_arena *arena, const struct iw_yaml_node *like)
{
    struct iw_yaml_node *node = iw_arena_calloc(arena, 1, sizeof *node);
    if (node != NULL) {
        node->kind = IW_YAML_MAPPING;
        node->line = like->line;
        node->column = like->column;
    }
    return node;
}

static bool append(struct iw_arena *arena, struct iw_yaml_node *map, const struct iw_yaml_node *key,
                   const struct iw_yaml_node *value)
{
    struct iw_yaml_entry *entry = iw_arena_calloc(arena, 1, sizeof *entry);
    if (entry == NULL)
        return false;
    entry->key = key;
    entry->value = value;
    if (map->last != NULL)
        map->last->next = entry;
    else
        map->first = entry;
    map->last = entry;
    map->n_entries++;
    return true;
}

/* Every key of *map* in *keys*. */
static bool index_keys(const struct iw_yaml_node *map, struct iw_map *keys)
{
    for (const struct iw_yaml_entry *entry = map->first; entry != NULL; entry = entry->next) {
        struct iw_map_entry *slot = iw_map_add(keys, entry->key->text, NULL);
        if (slot == NULL)
            return false;
        slot->value.pointer = (void *)(uintptr_t)entry->value;
    }
    return true;
}

/* Merges one level; maps that both have go to *inner*, from *n_inner on, for which merge_trees made
 * room. */
static bool merge_level(struct iw_arena *arena, const struct merge *merge, struct iw_map *base_keys,
                        struct iw_map *over_keys, struct merge *inner, size_t *n_inner)
{
    if (!index_keys(merge->base, base_keys) || !index_keys(merge->over, over_keys))
        return false;
    for (const struct iw_yaml_entry *entry = merge->base->first; entry != NULL;
         entry = entry->next) {
        const struct iw_map_entry *slot = iw_map_find(over_keys, entry->key->text);
        const struct iw_yaml_node *over = slot != NULL ? slot->value.pointer : NULL;
        const struct iw_yaml_node *value = over != NULL ? over : entry->value;
        if (over != NULL && over->kind == IW_YAML_MAPPING &&
            entry->value->kind == IW_YAML_MAPPING) {
            struct iw_yaml_node *made = new_map(arena, entry->value);
            if (made == NULL)
                return false;
            inner[(*n_inner)++] = (struct merge){entry->value, over, made};
            value = made;
        }
        if (!append(arena, merge->made, entry->key, value))
            return false;
    }
    for (const struct iw_yaml_entry *entry = merge->over->first; entry != NULL;
         entry = entry->next) {
        if (iw_map_find(base_keys, entry->key->text) == NULL &&
            !append(arena, merge->made, entry->key, entry->value))
            return false;
    }
    return true;
}

/* *base* with *over* merged into it. */
static enum iw_rc merge_trees(struct iw_arena *arena, const struct iw_yaml_node *base,
                              const struct iw_yaml_node *over, const struct iw_yaml_node **ret,
                              struct iw_error *err)
{
    size_t n_nodes = base->n_nodes + over->n_nodes, n = 1;
    /* Every pair of maps takes a node of each side. */
    size_t room = (base->n_nodes < over->n_nodes ? base->n_nodes : over->n_nodes) + 1;
    struct iw_yaml_node *made = new_map(arena, base);
    struct merge *list = iw_arena_calloc(arena, room, sizeof *list);

    if (made == NULL || list == NULL)
        return no_memory(err);
    if (n_nodes > IW_LIMIT_YAML_NODES) {
        iw_error_set(err, IW_ELIMIT, "the document is too large with its collection action");
        iw_error_place(err, "", over->line, over->column);
        return IW_ELIMIT;
    }
    made->n_nodes = n_nodes;
    list[0] = (struct merge){base, over, made};
    for (size_t at = 0; at < n; at++) {
        struct iw_map base_keys, over_keys;
        bool done;
        iw_map_init(&base_keys);
        iw_map_init(&over_keys);
        done = merge_level(arena, &list[at], &base_keys, &over_keys, list, &n);
        iw_map_done(&base_keys);
        iw_map_done(&over_keys);
        if (!done)
            return no_memory(err);
    }
    *ret = made;
    return IW_OK;
}

/* --- actions --- */

static enum iw_rc refuse(const struct iw_yaml_node *node, const char *what, struct iw_error *err)
{
    iw_error_set(err, IW_ERULE, "%s", what);
    iw_error_place(err, "", node->line, node->column);
    return IW_ERULE;
}

/* A copy of the map without its `action`. */
static enum iw_rc without_action(struct iw_arena *arena, const struct iw_yaml_node *root,
                                 const struct iw_yaml_node **ret, struct iw_error *err)
{
    struct iw_yaml_node *made = new_map(arena, root);

    if (made == NULL)
        return no_memory(err);
    made->n_nodes = root->n_nodes;
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next) {
        if (!iw_str_equal(entry->key->text, IW_STR("action")) &&
            !append(arena, made, entry->key, entry->value))
            return no_memory(err);
    }
    *ret = made;
    return IW_OK;
}

/* A rule with the global document over it. */
static enum iw_rc take_rule(struct iw_collection *collection, const struct iw_yaml_node *rule,
                            const struct iw_yaml_node *own, const struct iw_yaml_node **ret,
                            struct iw_error *err)
{
    struct iw_yaml_node *placed;

    *ret = collection->earlier = rule;
    if (collection->global != NULL)
        IW_TRY(merge_trees(collection->arena, rule, collection->global, ret, err));
    collection->earlier = *ret;
    if (*ret == own)
        return IW_OK;
    /* It stands where its own document does. */
    placed = iw_arena_calloc(collection->arena, 1, sizeof *placed);
    if (placed == NULL)
        return no_memory(err);
    *placed = **ret;
    placed->line = own->line;
    placed->column = own->column;
    *ret = placed;
    return IW_OK;
}

static enum iw_rc take_action(struct iw_collection *collection, const struct iw_yaml_node *root,
                              const struct iw_yaml_node *action, const struct iw_yaml_node **ret,
                              struct iw_error *err)
{
    struct iw_str word = action->kind == IW_YAML_SCALAR ? action->text : IW_STR("");
    const struct iw_yaml_node *own = NULL, *merged = NULL;

    *ret = NULL;
    if (iw_str_equal(word, IW_STR("reset"))) {
        collection->global = NULL;
        return IW_OK;
    }
    if (!iw_str_equal(word, IW_STR("global")) && !iw_str_equal(word, IW_STR("repeat")))
        return refuse(action, "action: must be global, reset or repeat", err);
    IW_TRY(without_action(collection->arena, root, &own, err));
    if (iw_str_equal(word, IW_STR("global"))) {
        collection->global = collection->earlier = own;
        return IW_OK;
    }
    if (collection->earlier == NULL)
        return refuse(action, "action: there is no rule before it to repeat", err);
    IW_TRY(merge_trees(collection->arena, collection->earlier, own, &merged, err));
    return take_rule(collection, merged, root, ret, err);
}

enum iw_rc iw_collection_take(struct iw_collection *collection, const struct iw_yaml_node *root,
                              const struct iw_yaml_node **ret, struct iw_error *err)
{
    const struct iw_yaml_node *action = iw_yaml_find(root, "action");
    enum iw_rc rc;

    *ret = root;
    if (root->kind != IW_YAML_MAPPING || iw_yaml_find(root, "correlation") != NULL ||
        iw_yaml_find(root, "filter") != NULL)
        return IW_OK;
    if (action != NULL)
        rc = take_action(collection, root, action, ret, err);
    else
        rc = take_rule(collection, root, root, ret, err);
    /* What was refused here is not there to be repeated, nor is the one before it meant. */
    if (rc != IW_OK)
        collection->earlier = NULL;
    return rc;
}

void iw_collection_lose(struct iw_collection *collection)
{
    collection->earlier = NULL;
}
