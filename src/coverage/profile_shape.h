/**
 * What many rows of the telemetry profile share: one kind of event (channel, provider, event id)
 * and the names of its fields, each with a number by which rows count. Owned by a collector, one
 * thread.
 */
#ifndef IW_COVERAGE_PROFILE_SHAPE_H
#define IW_COVERAGE_PROFILE_SHAPE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "event/name.h"

struct iw_shape_name {
    struct iw_str text;
    uint32_t hash;
    uint32_t number;
    /* Of the field that was this one last, which is one that is counted; UINT64_MAX: of none. */
    uint64_t serial;
    uint8_t place; /* enum iw_place */
    /* Serials of the last event counted: a repeated name counts once, and is filled when any is. */
    uint64_t last_event, last_filled;
};

struct collector_row;

struct iw_shape {
    struct iw_str channel, provider;
    uint32_t event_id;
    uint32_t number;              /* of the shape */
    struct collector_row *latest; /* that one of its events was counted in; NULL: none */
    struct iw_shape_name *names;  /* by number */
    uint32_t n_names, names_cap;
    uint32_t *slots; /* open addressing: number + 1, 0 = free; a power of two of them, or none */
    size_t n_slots;
    size_t table_bytes; /* of names and slots */
};

/** In *arena*, with copies of the texts; its tables need iw_shape_done. NULL: no memory. */
struct iw_shape *iw_shape_make(struct iw_arena *arena, struct iw_str channel,
                               struct iw_str provider, uint32_t event_id, uint32_t number);
void iw_shape_done(struct iw_shape *shape);

static inline bool iw_shape_is(const struct iw_shape *shape, struct iw_str channel,
                               struct iw_str provider, uint32_t event_id)
{
    return shape->event_id == event_id && iw_str_equal(shape->channel, channel) &&
           iw_str_equal(shape->provider, provider);
}

/** The name, or NULL. Valid until another one is added. */
struct iw_shape_name *iw_shape_look(const struct iw_shape *shape, struct iw_str text,
                                    uint32_t hash);
/* Names are short, and compared by the million: as words from both ends, which meet in the middle,
 * in place of a loop. */
#define IW_SHAPE_ENDS_ARE(load, bytes, a, b, n)                                                    \
    (load(a) == load(b) && load((a) + (n) - (bytes)) == load((b) + (n) - (bytes)))

static inline bool iw_shape_name_is(const struct iw_shape_name *name, struct iw_str text,
                                    uint32_t hash)
{
    const uint8_t *a = (const uint8_t *)name->text.p, *b = (const uint8_t *)text.p;
    size_t n = text.n;
    if (name->hash != hash || name->text.n != n)
        return false;
    if (n >= 8 && n <= 16)
        return IW_SHAPE_ENDS_ARE(iw_load_u64, 8, a, b, n);
    if (n >= 4 && n < 8)
        return IW_SHAPE_ENDS_ARE(iw_load_u32, 4, a, b, n);
    if (n > 16 && n <= 32)
        return IW_SHAPE_ENDS_ARE(iw_load_u64, 8, a, b, n) &&
               IW_SHAPE_ENDS_ARE(iw_load_u64, 8, a + 8, b + 8, n - 16);
    return iw_str_equal(name->text, text);
}

/** The same of a name of an event: without a look at its text where it is that of the last. */
static inline bool iw_shape_name_is_of(struct iw_shape_name *name, const struct iw_name *of)
{
    if (name->serial == of->serial)
        return true;
    if (!iw_shape_name_is(name, of->text, of->hash))
        return false;
    if (of->serial != IW_NAME_WITHOUT_SERIAL)
        name->serial = of->serial;
    return true;
}

/** The same of the name that mostly has the number *expected*, at which is looked first: events of
 * a kind have their names in one order. */
static inline struct iw_shape_name *
iw_shape_look_at(const struct iw_shape *shape, uint32_t expected, struct iw_str text, uint32_t hash)
{
    if (expected < shape->n_names && iw_shape_name_is(&shape->names[expected], text, hash))
        return &shape->names[expected];
    return iw_shape_look(shape, text, hash);
}
/** Adds a name that is not there; its text is copied to *arena*. NULL: no memory. */
struct iw_shape_name *iw_shape_add(struct iw_shape *shape, struct iw_arena *arena,
                                   struct iw_str text, uint32_t hash);

/** The name of that number, which is there. */
static inline struct iw_shape_name *iw_shape_name(const struct iw_shape *shape, size_t number)
{
    return &shape->names[number];
}

#endif
