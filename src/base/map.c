/*
 * Map: entries in order of insertion, a table of indices with linear probing at most three quarters
 * full.
 */
#include "base/map.h"

#include "base/alloc.h"
#include "base/hash.h"

void iw_map_init(struct iw_map *map)
{
    memset(map, 0, sizeof *map);
}

void iw_map_done(struct iw_map *map)
{
    iw_free(map->entries);
    iw_free(map->slots);
    memset(map, 0, sizeof *map);
}

/* The slot that holds *key*, or the free one where it belongs. */
static size_t slot_of(const struct iw_map *map, struct iw_str key, uint64_t hash)
{
    size_t at = (size_t)hash & (map->n_slots - 1);
    while (map->slots[at] != 0) {
        const struct iw_map_entry *entry = &map->entries[map->slots[at] - 1];
        if (entry->hash == hash && iw_str_equal(entry->key, key))
            break;
        at = (at + 1) & (map->n_slots - 1);
    }
    return at;
}

static bool grow_slots(struct iw_map *map)
{
    size_t n_slots = map->n_slots != 0 ? map->n_slots * 2 : 16;
    uint32_t *slots = iw_calloc(n_slots, sizeof *slots);
    if (slots == NULL)
        return false;
    iw_free(map->slots);
    map->slots = slots;
    map->n_slots = n_slots;
    for (size_t i = 0; i < map->n; i++)
        slots[slot_of(map, map->entries[i].key, map->entries[i].hash)] = (uint32_t)(i + 1);
    return true;
}

struct iw_map_entry *iw_map_find(const struct iw_map *map, struct iw_str key)
{
    size_t at;
    if (map->n == 0)
        return NULL;
    at = slot_of(map, key, iw_hash_bytes(key.p, key.n, 0));
    return map->slots[at] != 0 ? &map->entries[map->slots[at] - 1] : NULL;
}

struct iw_map_entry *iw_map_add(struct iw_map *map, struct iw_str key, bool *ret_new)
{
    uint64_t hash = iw_hash_bytes(key.p, key.n, 0);
    struct iw_map_entry *entry;
    size_t at;

    if (ret_new != NULL)
        *ret_new = false;
    if (map->n_slots != 0) {
        at = slot_of(map, key, hash);
        if (map->slots[at] != 0)
            return &map->entries[map->slots[at] - 1];
    }
    if (map->n >= UINT32_MAX - 1 ||
        !iw_array_reserve(&map->entries, &map->cap, map->n + 1, sizeof *map->entries))
        return NULL;
    if (map->n_slots / 4 * 3 <= map->n && !grow_slots(map))
        return NULL;
    entry = &map->entries[map->n];
    memset(entry, 0, sizeof *entry);
    entry->key = key;
    entry->hash = hash;
    map->slots[slot_of(map, key, hash)] = (uint32_t)(++map->n);
    if (ret_new != NULL)
        *ret_new = true;
    return entry;
}
