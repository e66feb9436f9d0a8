/*
 * Merging of collections, as Microsoft's reference of <clear>, <remove>, <add>, mergeAppend and the
 * lock attributes describes it. Entries of all layers go into one list with an index by key; it
 * costs time linear in the entries, whatever is cleared and removed how often.
 */
#include "iis/config/config_merge.h"

#include "base/alloc.h"
#include "base/fold.h"
#include "base/limits.h"
#include "iis/config/config_inside.h"
#include "iis/config/config_lock.h"

struct entry {
    struct iw_config_item item;
    size_t same; /* the entry before it with the same key: index + 1, 0 = none */
    bool is_gone, is_locked;
};

struct merge {
    const struct iw_config_collection *collection;
    struct iw_config *report; /* NULL: problems are not told */
    struct iw_str report_key; /* only those of layers at this place are */
    struct iw_arena *arena;
    struct iw_map last; /* key → index + 1 of the last entry */
    struct entry *entries;
    size_t n, cap, cleared; /* entries below `cleared` met a clear already */
    size_t n_steps;
    const struct iw_config_layer *layer; /* being merged */
    struct iw_config_locks locks;
    bool no_memory;
};

static bool tells(const struct merge *merge)
{
    return merge->report != NULL && iw_str_equal(merge->layer->place.key, merge->report_key);
}

static void tell_locked(struct merge *merge, const struct iw_config_element *element,
                        struct iw_str what)
{
    if (tells(merge))
        iw_config_report(merge->report, IW_CONFIG_PROBLEM_ITEM,
                         iw_config_in_layer(merge->layer, element),
                         "\"%.*s\" in %s is locked above: <%.*s> is not honoured", IW_STR_ARG(what),
                         merge->collection->section, IW_STR_ARG(element->name));
}

/* --- keys -------------------------------------------------------------------------------- */

/* The values of the key attributes, one behind the other. p NULL: no memory. */
static struct iw_str key_of(struct merge *merge, const struct iw_config_element *element)
{
    const struct iw_config_collection *collection = merge->collection;
    struct iw_str values[IW_CONFIG_MAX_KEYS], key;
    size_t n_keys = 0, n = 1, at = 0;
    char *out;

    for (; n_keys < IW_CONFIG_MAX_KEYS && collection->keys[n_keys] != NULL; n_keys++) {
        values[n_keys] = iw_config_value(element, iw_str_of(collection->keys[n_keys]), IW_STR(""));
        n += values[n_keys].n + 1;
    }
    if (n_keys == 1 && (collection->rules & IW_CONFIG_CASE_COUNTS) != 0)
        return values[0];
    out = iw_arena_alloc(merge->arena, n);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < n_keys; i++) {
        if (i != 0)
            out[at++] = '\x1f';
        memcpy(out + at, values[i].p, values[i].n);
        at += values[i].n;
    }
    key = (struct iw_str){out, at};
    return (collection->rules & IW_CONFIG_CASE_COUNTS) != 0 ? key : iw_fold_text(key, merge->arena);
}

static struct iw_map_entry *slot_of(struct merge *merge, const struct iw_config_element *element)
{
    struct iw_str key = key_of(merge, element);
    struct iw_map_entry *slot = key.p == NULL ? NULL : iw_map_add(&merge->last, key, NULL);

    merge->no_memory |= slot == NULL;
    return slot;
}

/* --- one layer's words ------------------------------------------------------------------- */

/* False: it is locked, and stays. */
static bool take_out(struct merge *merge, struct entry *entry,
                     const struct iw_config_element *element)
{
    if (entry->is_locked && iw_config_lock_binds(entry->item.layer, merge->layer)) {
        tell_locked(merge, element,
                    iw_config_value(entry->item.element, iw_str_of(merge->collection->keys[0]),
                                    IW_STR("")));
        return false;
    }
    entry->is_gone = true;
    return true;
}

static void clear(struct merge *merge, const struct iw_config_element *element)
{
    for (; merge->cleared < merge->n; merge->cleared++)
        if (!merge->entries[merge->cleared].is_gone)
            (void)take_out(merge, &merge->entries[merge->cleared], element);
}

/* The newest entry of a key that is still there, or 0. */
static size_t newest(struct merge *merge, struct iw_map_entry *slot)
{
    size_t at = (size_t)slot->value.number;

    while (at != 0 && merge->entries[at - 1].is_gone)
        at = merge->entries[at - 1].same;
    slot->value.number = at;
    return at;
}

/* Entries with the key of *element* go, the newest first, until one is locked. */
static void remove_same(struct merge *merge, const struct iw_config_element *element,
                        struct iw_map_entry *slot)
{
    for (size_t at = newest(merge, slot); at != 0; at = newest(merge, slot))
        if (!take_out(merge, &merge->entries[at - 1], element))
            return;
}

static void tell_duplicate(struct merge *merge, const struct iw_config_element *element,
                           struct iw_map_entry *slot)
{
    size_t at = newest(merge, slot);
    const struct iw_config_item *other = at == 0 ? NULL : &merge->entries[at - 1].item;

    if (other != NULL)
        iw_config_report(
            merge->report, IW_CONFIG_PROBLEM_DUPLICATE, iw_config_in_layer(merge->layer, element),
            "\"%.*s\" in %s is there already (%.*s, line %u): both are kept",
            IW_STR_ARG(iw_config_value(element, iw_str_of(merge->collection->keys[0]), IW_STR(""))),
            merge->collection->section, IW_STR_ARG(other->layer->tree->name), other->element->line);
}

static void add(struct merge *merge, const struct iw_config_element *element)
{
    struct iw_map_entry *slot = slot_of(merge, element);

    if (slot == NULL ||
        !iw_array_reserve(&merge->entries, &merge->cap, merge->n + 1, sizeof merge->entries[0])) {
        merge->no_memory = true;
        return;
    }
    if ((merge->collection->rules & IW_CONFIG_REPLACES) != 0)
        remove_same(merge, element, slot);
    else if (tells(merge))
        tell_duplicate(merge, element, slot);
    merge->entries[merge->n] =
        (struct entry){.item = {element, merge->layer},
                       .same = (size_t)slot->value.number,
                       .is_locked = iw_config_flag(element, IW_STR("lockItem"), false)};
    slot->value.number = ++merge->n;
}

static void merge_words(struct merge *merge, const struct iw_config_element *container,
                        bool is_below)
{
    struct iw_str name = iw_str_of(merge->collection->element);

    for (const struct iw_config_element *at = container->first; at != NULL && !merge->no_memory;
         at = at->next) {
        merge->n_steps++;
        if (iw_config_locks_element(&merge->locks, merge->layer, is_below, at->name)) {
            tell_locked(merge, at, at->name);
        } else if (iw_str_equal(at->name, name)) {
            add(merge, at);
        } else if (iw_str_equal(at->name, IW_STR("clear"))) {
            clear(merge, at);
        } else if (iw_str_equal(at->name, IW_STR("remove"))) {
            struct iw_map_entry *slot = slot_of(merge, at);
            if (slot != NULL)
                remove_same(merge, at, slot);
        }
    }
}

/* --- layers ------------------------------------------------------------------------------ */

static void tell_attributes(struct merge *merge, const struct iw_config_element *element,
                            bool is_below)
{
    for (size_t i = 0; tells(merge) && i < element->n_attributes; i++)
        if (iw_config_locks_attribute(&merge->locks, merge->layer, is_below,
                                      element->attributes[i].name))
            tell_locked(merge, element, element->attributes[i].name);
}

static void hold(struct merge *merge, const struct iw_config_element *element, bool is_below)
{
    if (!iw_config_locks_add(&merge->locks, merge->layer, element, is_below) && tells(merge))
        iw_config_report(
            merge->report, IW_CONFIG_PROBLEM_LIMIT, iw_config_in_layer(merge->layer, element),
            "more than %u locks above one place: this one is not honoured", IW_LIMIT_CONFIG_LOCKS);
}

static void merge_layer(struct merge *merge, const struct iw_config_layer *layer)
{
    struct iw_str below = iw_str_of(merge->collection->below);

    merge->layer = layer;
    tell_attributes(merge, layer->element, false);
    if (below.n == 0) {
        merge_words(merge, layer->element, false);
        hold(merge, layer->element, false);
        return;
    }
    for (const struct iw_config_element *at = iw_config_child(layer->element, below); at != NULL;
         at = iw_config_sibling(at, below)) {
        if (iw_config_locks_element(&merge->locks, layer, false, below)) {
            tell_locked(merge, at, below);
            continue;
        }
        tell_attributes(merge, at, true);
        merge_words(merge, at, true);
        hold(merge, at, true);
    }
    hold(merge, layer->element, false);
}

/* Those that are there, layer by layer; of collections that prepend, the last layer first. */
static void hand_out(const struct merge *merge, struct iw_config_items *ret)
{
    bool prepends = (merge->collection->rules & IW_CONFIG_PREPENDS) != 0;
    size_t end = prepends ? merge->n : 0;

    for (size_t i = 0; !prepends && i < merge->n; i++)
        if (!merge->entries[i].is_gone)
            ret->items[ret->n++] = merge->entries[i].item;
    while (end != 0) {
        size_t start = end - 1;
        while (start != 0 &&
               merge->entries[start - 1].item.layer == merge->entries[end - 1].item.layer)
            start--;
        for (size_t i = start; i < end; i++)
            if (!merge->entries[i].is_gone)
                ret->items[ret->n++] = merge->entries[i].item;
        end = start;
    }
}

static enum iw_rc collect(const struct iw_config *config, struct merge *merge, struct iw_str key,
                          struct iw_config_items *ret)
{
    const struct iw_config_section *section =
        iw_config_section_of(config, iw_str_of(merge->collection->section));
    const struct iw_config_layer *layer = NULL;

    *ret = (struct iw_config_items){0};
    iw_map_init(&merge->last);
    while (!merge->no_memory && (layer = iw_config_layer_at(config, section, key, layer)) != NULL) {
        merge->n_steps++;
        ret->is_unknown |= layer->is_encrypted || layer->is_missing;
        merge_layer(merge, layer);
    }
    ret->items = iw_arena_calloc(merge->arena, merge->n + 1, sizeof ret->items[0]);
    if (ret->items != NULL && !merge->no_memory)
        hand_out(merge, ret);
    iw_map_done(&merge->last);
    iw_free(merge->entries);
    return ret->items == NULL || merge->no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_config_collect(const struct iw_config *config,
                             const struct iw_config_collection *collection, struct iw_str key,
                             struct iw_arena *arena, struct iw_config_items *ret)
{
    struct merge merge = {.collection = collection, .arena = arena};
    return collect(config, &merge, key, ret);
}

struct iw_config_setting iw_config_setting_at(const struct iw_config *config,
                                              const struct iw_config_section *section,
                                              struct iw_str name, struct iw_str key)
{
    struct iw_config_setting setting = {0};
    struct iw_config_locks locks = {.n = 0};
    const struct iw_config_layer *layer = NULL;

    while ((layer = iw_config_layer_at(config, section, key, layer)) != NULL) {
        const struct iw_config_attribute *attribute = iw_config_attribute(layer->element, name);
        setting.is_unknown |= layer->is_encrypted || layer->is_missing;
        if (attribute != NULL && !iw_config_locks_attribute(&locks, layer, false, name)) {
            setting.value = attribute->value;
            setting.is_set = true;
            setting.layer = layer;
        }
        (void)iw_config_locks_add(&locks, layer, layer->element, false);
    }
    return setting;
}

/* --- all of it once ---------------------------------------------------------------------- */

/* What one layer's place yields. False: no memory, or enough was looked at. */
static bool check_place(struct iw_config *config, const struct iw_config_collection *collection,
                        const struct iw_config_layer *layer, struct iw_arena *arena,
                        size_t *n_steps)
{
    struct merge merge = {
        .collection = collection, .report = config, .report_key = layer->place.key, .arena = arena};
    struct iw_config_items items;

    if (collect(config, &merge, layer->place.key, &items) != IW_OK) {
        config->no_memory = true;
        return false;
    }
    iw_arena_reset(arena);
    *n_steps += merge.n_steps;
    if (*n_steps <= IW_LIMIT_CONFIG_CHECKED)
        return true;
    iw_config_report(config, IW_CONFIG_PROBLEM_LIMIT, iw_config_in_layer(layer, NULL),
                     "more than %u entries: from here on locks are not checked",
                     IW_LIMIT_CONFIG_CHECKED);
    return false;
}

static bool check_collection(struct iw_config *config,
                             const struct iw_config_collection *collection, struct iw_arena *arena,
                             size_t *n_steps)
{
    const struct iw_config_section *section =
        iw_config_section_of(config, iw_str_of(collection->section));
    struct iw_map seen;
    bool goes_on = true;

    iw_map_init(&seen);
    for (size_t i = 0; section != NULL && goes_on && i < section->n_layers; i++) {
        bool is_new = false;
        if (section->layers[i]->is_refused)
            continue;
        if (iw_map_add(&seen, section->layers[i]->place.key, &is_new) == NULL) {
            config->no_memory = true;
            goes_on = false;
        } else if (is_new) {
            goes_on = check_place(config, collection, section->layers[i], arena, n_steps);
        }
    }
    iw_map_done(&seen);
    return goes_on;
}

void iw_config_check_collections(struct iw_config *config)
{
    struct iw_arena arena;
    size_t n, n_steps = 0;
    const struct iw_config_collection *collections = iw_config_collections(&n);

    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < n; i++)
        if (!check_collection(config, &collections[i], &arena, &n_steps))
            break;
    iw_arena_done(&arena);
}
