/**
 * Map from byte strings to numbers or pointers: open addressing, grows, never shrinks.
 *
 * Keys are borrowed: the caller keeps their bytes alive and unchanged as long as the map. Order of
 * iteration is order of insertion, so that what is printed from a map does not depend on the hash
 * seed. One thread at a time; read-only use by many threads is fine.
 */
#ifndef IW_BASE_MAP_H
#define IW_BASE_MAP_H

#include "base/str.h"

struct iw_map_entry {
    struct iw_str key;
    uint64_t hash;
    union {
        void *pointer;
        uint64_t number;
    } value;
};

struct iw_map {
    struct iw_map_entry *entries; /* in order of insertion */
    size_t n;
    size_t cap;
    uint32_t *slots; /* index + 1 into entries, 0 = free */
    size_t n_slots;  /* power of two, or 0 */
};

void iw_map_init(struct iw_map *map);
void iw_map_done(struct iw_map *map);
/** The entry of *key*, or NULL. Valid until the next insertion. */
struct iw_map_entry *iw_map_find(const struct iw_map *map, struct iw_str key);
/**
 * The entry of *key*, made with a zero value when there was none (*ret_new, may be NULL, says so).
 * NULL when there is no memory. Valid until the next insertion.
 */
struct iw_map_entry *iw_map_add(struct iw_map *map, struct iw_str key, bool *ret_new);

#endif
