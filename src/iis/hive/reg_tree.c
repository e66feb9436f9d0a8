/*
 * The tree an export is read into: keys and values as nodes of one array, names looked up in a map
 * while it grows.
 *
 * Ids are indices. A key that is taken away keeps its node, out of reach; when it comes again it is
 * a new one, so that nothing below the old one returns.
 */
#include "iis/hive/reg_inside.h"

#include "base/alloc.h"
#include "base/fold.h"

/* A new node; IW_HIVE_NO_ID past the limit or without memory. */
static uint32_t new_node(struct iw_reg_reader *reader, uint32_t parent, struct iw_str name)
{
    struct iw_hive *hive = reader->hive;
    if (hive->n_nodes >= IW_LIMIT_REG_NODES) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, reader->at);
        return IW_HIVE_NO_ID;
    }
    if (!iw_array_reserve(&hive->nodes, &hive->cap_nodes, hive->n_nodes + 1, sizeof *hive->nodes)) {
        hive->no_memory = true;
        return IW_HIVE_NO_ID;
    }
    hive->nodes[hive->n_nodes] = (struct iw_reg_node){.parent = parent,
                                                      .next = IW_HIVE_NO_ID,
                                                      .first_key = IW_HIVE_NO_ID,
                                                      .last_key = IW_HIVE_NO_ID,
                                                      .first_value = IW_HIVE_NO_ID,
                                                      .last_value = IW_HIVE_NO_ID,
                                                      .name = name};
    return (uint32_t)hive->n_nodes++;
}

bool iw_reg_tree_init(struct iw_reg_reader *reader)
{
    reader->hive->root = new_node(reader, IW_HIVE_NO_ID, IW_STR(""));
    return reader->hive->root != IW_HIVE_NO_ID;
}

static void append(struct iw_hive *hive, uint32_t *first, uint32_t *last, uint32_t id)
{
    if (*last == IW_HIVE_NO_ID)
        *first = id;
    else
        hive->nodes[*last].next = id;
    *last = id;
}

/* The entry of a name below a key; NULL when there is none and none is to be made. */
static struct iw_map_entry *entry_of(struct iw_reg_reader *reader, uint32_t parent, char tag,
                                     struct iw_str name, bool is_made)
{
    struct iw_map_entry *entry;
    struct iw_str key;

    iw_arena_reset(&reader->fold);
    iw_buffer_clear(&reader->scratch);
    key = iw_fold_text(name, &reader->fold);
    iw_buffer_add(&reader->scratch, (struct iw_str){(const char *)&parent, sizeof parent});
    iw_buffer_add_char(&reader->scratch, tag);
    if (key.p != NULL)
        iw_buffer_add(&reader->scratch, key);
    if (key.p == NULL || reader->scratch.failed) {
        reader->hive->no_memory = true;
        return NULL;
    }
    entry = iw_map_find(&reader->names, iw_buffer_str(&reader->scratch));
    if (entry != NULL || !is_made)
        return entry;
    key = iw_arena_copy(reader->hive->arena, iw_buffer_str(&reader->scratch));
    entry = key.p != NULL ? iw_map_add(&reader->names, key, NULL) : NULL;
    if (entry == NULL)
        reader->hive->no_memory = true;
    else
        entry->value.number = IW_HIVE_NO_ID;
    return entry;
}

uint32_t iw_reg_add_key(struct iw_reg_reader *reader, struct iw_str path)
{
    struct iw_hive *hive = reader->hive;
    uint32_t id = hive->root, depth = 0;

    for (struct iw_str name = iw_hive_take_name(&path); name.n != 0;
         name = iw_hive_take_name(&path)) {
        struct iw_map_entry *entry;
        if (depth == 0)
            name = iw_hive_top_name(name);
        if (++depth > IW_LIMIT_HIVE_DEPTH || name.n >= IW_HIVE_NAME_ROOM) {
            iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, reader->at);
            return IW_HIVE_NO_ID;
        }
        entry = entry_of(reader, id, 'K', name, true);
        if (entry == NULL)
            return IW_HIVE_NO_ID;
        if (entry->value.number == IW_HIVE_NO_ID || hive->nodes[entry->value.number].is_deleted) {
            uint32_t made = new_node(reader, id, name);
            if (made == IW_HIVE_NO_ID)
                return made;
            append(hive, &hive->nodes[id].first_key, &hive->nodes[id].last_key, made);
            entry->value.number = made;
        }
        id = (uint32_t)entry->value.number;
    }
    if (depth == 0)
        iw_reg_bad_line(reader, reader->at);
    return depth != 0 ? id : IW_HIVE_NO_ID;
}

void iw_reg_delete_key(struct iw_reg_reader *reader, struct iw_str path)
{
    struct iw_hive *hive = reader->hive;
    uint32_t id = hive->root;
    bool is_top = true;

    hive->info.n_deletions++;
    for (struct iw_str name = iw_hive_take_name(&path); name.n != 0;
         name = iw_hive_take_name(&path)) {
        struct iw_map_entry *entry =
            entry_of(reader, id, 'K', is_top ? iw_hive_top_name(name) : name, false);
        if (entry == NULL || entry->value.number == IW_HIVE_NO_ID ||
            hive->nodes[entry->value.number].is_deleted)
            return;
        is_top = false;
        id = (uint32_t)entry->value.number;
    }
    hive->nodes[id].is_deleted = id != hive->root;
}

void iw_reg_add_value(struct iw_reg_reader *reader, const struct iw_hive_value *value)
{
    struct iw_hive *hive = reader->hive;
    struct iw_map_entry *entry;

    if (value->name.n >= IW_LIMIT_HIVE_VALUE_NAME_BYTES) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, reader->at);
        return;
    }
    entry = entry_of(reader, reader->key, 'V', value->name, true);
    if (entry == NULL)
        return;
    if (entry->value.number == IW_HIVE_NO_ID) {
        struct iw_reg_node *key;
        uint32_t made = new_node(reader, reader->key, value->name);
        if (made == IW_HIVE_NO_ID)
            return;
        key = &hive->nodes[reader->key];
        append(hive, &key->first_value, &key->last_value, made);
        entry->value.number = made;
    }
    hive->nodes[entry->value.number].is_deleted = false;
    hive->nodes[entry->value.number].value = *value;
}

void iw_reg_delete_value(struct iw_reg_reader *reader, struct iw_str name)
{
    struct iw_map_entry *entry = NULL;
    reader->hive->info.n_deletions++;
    if (reader->key != IW_HIVE_NO_ID)
        entry = entry_of(reader, reader->key, 'V', name, false);
    if (entry != NULL && entry->value.number != IW_HIVE_NO_ID)
        reader->hive->nodes[entry->value.number].is_deleted = true;
}

/* --- as a source -------------------------------------------------------------------------- */

static bool reg_key(struct iw_hive *hive, uint32_t id, struct iw_hive_key *ret,
                    struct iw_hive_name_room *room)
{
    (void)room;
    *ret =
        (struct iw_hive_key){.id = id, .name = hive->nodes[id].name, .written_ns = IW_TIME_UNKNOWN};
    return true;
}

static void keys_begin(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret)
{
    *ret = (struct iw_hive_cursor){.owner = id, .next = hive->nodes[id].first_key};
}

static void values_begin(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret)
{
    *ret = (struct iw_hive_cursor){.owner = id, .next = hive->nodes[id].first_value};
}

static bool node_next(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret)
{
    while (cursor->next != IW_HIVE_NO_ID) {
        *ret = cursor->next;
        cursor->next = hive->nodes[*ret].next;
        if (!hive->nodes[*ret].is_deleted)
            return true;
    }
    return false;
}

static bool reg_value(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret,
                      struct iw_hive_name_room *room)
{
    (void)room;
    *ret = hive->nodes[id].value;
    return true;
}

static void reg_data(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret)
{
    ret->data = hive->nodes[id].value.data;
    if (!ret->is_whole)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_DATA, id);
}

const struct iw_hive_source_ops iw_reg_ops = {
    .key = reg_key,
    .keys_begin = keys_begin,
    .keys_next = node_next,
    .values_begin = values_begin,
    .values_next = node_next,
    .value = reg_value,
    .data = reg_data,
};
