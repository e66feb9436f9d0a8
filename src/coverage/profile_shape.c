#include "coverage/profile_shape.h"

#include "base/alloc.h"

struct iw_shape *iw_shape_make(struct iw_arena *arena, struct iw_str channel,
                               struct iw_str provider, uint32_t event_id, uint32_t number)
{
    struct iw_shape *shape = iw_arena_calloc(arena, 1, sizeof *shape);
    if (shape == NULL)
        return NULL;
    shape->channel = iw_arena_copy(arena, channel);
    shape->provider = iw_arena_copy(arena, provider);
    shape->event_id = event_id;
    shape->number = number;
    return shape->channel.p != NULL && shape->provider.p != NULL ? shape : NULL;
}

void iw_shape_done(struct iw_shape *shape)
{
    iw_free(shape->names);
    iw_free(shape->slots);
    shape->names = NULL;
    shape->slots = NULL;
}

static uint32_t *slot_of(const struct iw_shape *shape, struct iw_str text, uint32_t hash)
{
    size_t at = hash & (shape->n_slots - 1);
    while (shape->slots[at] != 0) {
        const struct iw_shape_name *name = &shape->names[shape->slots[at] - 1];
        if (name->hash == hash && iw_str_equal(name->text, text))
            break;
        at = (at + 1) & (shape->n_slots - 1);
    }
    return &shape->slots[at];
}

struct iw_shape_name *iw_shape_look(const struct iw_shape *shape, struct iw_str text, uint32_t hash)
{
    uint32_t number = shape->n_slots != 0 ? *slot_of(shape, text, hash) : 0;
    return number != 0 ? &shape->names[number - 1] : NULL;
}

static bool grow(struct iw_shape *shape)
{
    struct iw_shape grown = *shape;
    grown.n_slots = shape->n_slots != 0 ? 2 * shape->n_slots : 32;
    grown.slots = iw_calloc(grown.n_slots, sizeof *grown.slots);
    if (grown.slots == NULL)
        return false;
    for (uint32_t i = 0; i < shape->n_names; i++)
        *slot_of(&grown, shape->names[i].text, shape->names[i].hash) = i + 1;
    iw_free(shape->slots);
    *shape = grown;
    return true;
}

struct iw_shape_name *iw_shape_add(struct iw_shape *shape, struct iw_arena *arena,
                                   struct iw_str text, uint32_t hash)
{
    struct iw_shape_name *name;
    size_t cap = shape->names_cap;
    if (shape->n_slots / 2 <= shape->n_names && !grow(shape))
        return NULL;
    if (!iw_array_reserve(&shape->names, &cap, (size_t)shape->n_names + 1, sizeof *name))
        return NULL;
    shape->names_cap = (uint32_t)cap;
    shape->table_bytes = cap * sizeof *name + shape->n_slots * sizeof *shape->slots;
    name = &shape->names[shape->n_names];
    *name = (struct iw_shape_name){.text = iw_arena_copy(arena, text),
                                   .hash = hash,
                                   .number = shape->n_names,
                                   .serial = UINT64_MAX};
    if (name->text.p == NULL)
        return NULL;
    *slot_of(shape, text, hash) = ++shape->n_names;
    return name;
}
