/*
 * A table of hashes with open addresses: names are few, and no two of a table are the same.
 */
#include "detect/chain/name_index.h"

#include <pthread.h>
#include <string.h>

#include "base/bytes.h"

#define SLOT_MASK (sizeof((struct iw_name_index *)NULL)->slots - 1)

/* Eight bytes at most, letters in one case: what is no letter may fall together with another. */
static uint64_t folded_word(const char *p, size_t n)
{
    uint64_t word = 0;
    if (n >= sizeof word)
        word = iw_load_u64((const uint8_t *)p);
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

static const char *row_of(const struct iw_name_index *index, size_t row)
{
    return (const char *)index->rows + row * index->row_bytes;
}

static struct iw_str name_of(const struct iw_name_index *index, size_t row)
{
    const char *name;
    memcpy(&name, row_of(index, row), sizeof name);
    return iw_str_of(name);
}

static void build(struct iw_name_index *index, size_t n)
{
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

static void build_once(struct iw_name_index *index, size_t n)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&lock);
    if (!atomic_load_explicit(&index->is_built, memory_order_relaxed))
        build(index, n);
    atomic_store_explicit(&index->is_built, true, memory_order_release);
    (void)pthread_mutex_unlock(&lock);
}

const void *iw_name_index_find(struct iw_name_index *index, struct iw_str name)
{
    return iw_name_index_find_of(index, index->n, name);
}

const void *iw_name_index_find_of(struct iw_name_index *index, size_t n, struct iw_str name)
{
    size_t slot;
    if (!atomic_load_explicit(&index->is_built, memory_order_acquire))
        build_once(index, n);
    if (name.n == 0 || name.n > index->longest)
        return NULL;
    for (slot = hash_of(name) & SLOT_MASK; index->slots[slot] != 0; slot = (slot + 1) & SLOT_MASK) {
        size_t row = index->slots[slot] - 1U;
        if (iw_str_equal_nocase(name, name_of(index, row)))
            return row_of(index, row);
    }
    return NULL;
}
