/*
 * Field names. The key of the map is the folded spelling (ASCII lower case, spaces removed).
 */
#include "event/name.h"

#include <stdatomic.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/limits.h"

/* Folds into *out*; returns the length, or SIZE_MAX when the name is too long to be asked for. */
static size_t fold_name(struct iw_str text, char out[IW_LIMIT_FIELD_NAME_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ')
            continue;
        if (n == IW_LIMIT_FIELD_NAME_BYTES)
            return SIZE_MAX;
        out[n++] = iw_ascii_lower(text.p[i]);
    }
    return n;
}

static const struct iw_str CANONICAL[IW_FIELD_COUNT] = {[IW_FIELD_NONE] = {"", 0},
#define IW_FIELD_TEXT(symbol, text) [IW_FIELD_##symbol] = {"" text, sizeof(text) - 1},
                                                        IW_CANONICAL_FIELDS(IW_FIELD_TEXT)
#undef IW_FIELD_TEXT
};

struct iw_str iw_field_canonical_text(uint32_t field_id)
{
    return field_id < IW_FIELD_COUNT ? CANONICAL[field_id] : CANONICAL[IW_FIELD_NONE];
}

enum iw_rc iw_names_init(struct iw_names *names)
{
    memset(names, 0, sizeof *names);
    iw_arena_init(&names->arena, 0);
    iw_map_init(&names->by_key);
    if (!iw_array_reserve(&names->names, &names->cap, IW_FIELD_COUNT, sizeof *names->names))
        return IW_ENOMEM;
    names->names[IW_NAME_UNASKED] = NULL;
    names->n = 1;
    for (size_t i = 1; i < IW_FIELD_COUNT; i++) {
        if (iw_names_add(names, CANONICAL[i]) == IW_NAME_UNASKED) {
            iw_names_done(names);
            return IW_ENOMEM;
        }
    }
    return IW_OK;
}

void iw_names_done(struct iw_names *names)
{
    iw_map_done(&names->by_key);
    iw_arena_done(&names->arena);
    iw_free(names->names);
    memset(names, 0, sizeof *names);
}

bool iw_name_is_askable(struct iw_str text)
{
    char folded[IW_LIMIT_FIELD_NAME_BYTES];
    return fold_name(text, folded) != SIZE_MAX;
}

uint32_t iw_names_add(struct iw_names *names, struct iw_str text)
{
    char folded[IW_LIMIT_FIELD_NAME_BYTES];
    size_t n = fold_name(text, folded);
    struct iw_map_entry *entry;
    struct iw_name *name;
    struct iw_str key;

    if (n == SIZE_MAX)
        return IW_NAME_UNASKED;
    entry = iw_map_find(&names->by_key, (struct iw_str){folded, n});
    if (entry != NULL)
        return (uint32_t)entry->value.number;
    key = iw_arena_copy(&names->arena, (struct iw_str){folded, n});
    name = iw_arena_alloc(&names->arena, sizeof *name);
    if (key.p == NULL || name == NULL ||
        !iw_array_reserve(&names->names, &names->cap, names->n + 1, sizeof *names->names))
        return IW_NAME_UNASKED;
    name->text = iw_arena_copy(&names->arena, text);
    name->id = (uint32_t)names->n;
    name->hash = (uint32_t)iw_hash_bytes(text.p, text.n, 0);
    name->serial = IW_NAME_WITHOUT_SERIAL;
    if (name->text.p == NULL)
        return IW_NAME_UNASKED;
    entry = iw_map_add(&names->by_key, key, NULL);
    if (entry == NULL)
        return IW_NAME_UNASKED;
    entry->value.number = name->id;
    names->names[names->n++] = name;
    return name->id;
}

uint32_t iw_names_find(const struct iw_names *names, struct iw_str text)
{
    char folded[IW_LIMIT_FIELD_NAME_BYTES];
    size_t n = fold_name(text, folded);
    const struct iw_map_entry *entry =
        n != SIZE_MAX ? iw_map_find(&names->by_key, (struct iw_str){folded, n}) : NULL;
    return entry != NULL ? (uint32_t)entry->value.number : IW_NAME_UNASKED;
}

/* Names are described once for each template, and of records without one: the count may be shared.
 */
static uint64_t next_serial(void)
{
    static _Atomic uint64_t latest = IW_NAME_WITHOUT_SERIAL;
    return atomic_fetch_add_explicit(&latest, 1, memory_order_relaxed) + 1;
}

void iw_names_describe(const struct iw_names *names, struct iw_str text, struct iw_name *name)
{
    name->text = text;
    name->id = iw_names_find(names, text);
    name->hash = (uint32_t)iw_hash_bytes(text.p, text.n, 0);
    name->serial = next_serial();
}

struct iw_str iw_names_text(const struct iw_names *names, uint32_t id)
{
    return id != IW_NAME_UNASKED && id < names->n ? names->names[id]->text : (struct iw_str){"", 0};
}
