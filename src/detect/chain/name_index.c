/*
 * A table of hashes with open addresses: names are few, and no two of a table are the same.
 */
#include "detect/chain/name_index.h"

#include <string.h>

#define SLOT_MASK (sizeof((struct iw_name_index *)NULL)->slots - 1)

/* Eight bytes at most, letters in one case: what is no letter may fall together with another. */
static uint64_t folded_word(const char *p, size_t n)
{
    uint64_t word = 0;
    if (n >= sizeof word)
        memcpy(&word, p, sizeof word);
    else
        memcpy(&word, p, n);
    return word | UINT64_C(0x2020202020202020);
}

/* Both ends of a name and its length: names of a table differ in them, and what stands between
 * costs no look. */
static size_t hash_of(struct iw_str name)
{
    size_t n_end = name.n < 8 ? name.n : 8;
    uint64_t hash = folded_word(name.p, name.n) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ (hash >> 32) ^ folded_word(name.p + name.n - n_end, n_end) ^ name.n) *
           UINT64_C(0xD6E8FEB86659FD93);
    return (size_t)(hash >> 40);
}

static struct iw_str name_of(const struct iw_name_index *index, size_t row)
{
    const char *name;
    memcpy(&name, index->rows + row * index->row_bytes, sizeof name);
    return iw_str_of(name);
}

void iw_name_index_build(struct iw_name_index *index, const void *rows, size_t row_bytes, size_t n)
{
    memset(index, 0, sizeof *index);
    index->rows = rows;
    index->row_bytes = row_bytes;
    for (size_t row = 0; row < n && row < IW_NAME_INDEX_ROWS; row++) {
        struct iw_str name = name_of(index, row);
        size_t slot = hash_of(name) & SLOT_MASK;
        if (name.n > index->longest)
            index->longest = name.n;
        while (index->slots[slot] != 0)
            slot = (slot + 1) & SLOT_MASK;
        index->slots[slot] = (uint8_t)(row + 1);
    }
}

const void *iw_name_index_find(const struct iw_name_index *index, struct iw_str name)
{
    size_t slot;
    if (name.n == 0 || name.n > index->longest)
        return NULL;
    for (slot = hash_of(name) & SLOT_MASK; index->slots[slot] != 0; slot = (slot + 1) & SLOT_MASK) {
        size_t row = index->slots[slot] - 1U;
        if (iw_str_equal_nocase(name, name_of(index, row)))
            return index->rows + row * index->row_bytes;
    }
    return NULL;
}
