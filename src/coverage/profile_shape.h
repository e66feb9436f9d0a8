/**
 * What many rows of the telemetry profile share: one kind of event (channel, provider, event id)
 * and the names of its fields, each with a number by which rows count. Owned by a collector, one
 * thread.
 */
#ifndef IW_COVERAGE_PROFILE_SHAPE_H
#define IW_COVERAGE_PROFILE_SHAPE_H

#include "base/arena.h"

struct iw_shape_name {
    struct iw_str text;
    uint32_t hash;
    uint32_t number;
    /* Serials of the last event counted: a repeated name counts once, and is filled when any is. */
    uint64_t last_event, last_filled;
};

struct iw_shape {
    struct iw_str channel, provider;
    uint32_t event_id;
    uint32_t number;             /* of the shape */
    struct iw_shape_name *names; /* by number */
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
/* Names are short, and compared by the million: most in one look or two. */
static inline bool iw_shape_name_is(const struct iw_shape_name *name, struct iw_str text,
                                    uint32_t hash)
{
    uint64_t here, there, here_end, there_end;
    if (name->hash != hash || name->text.n != text.n)
        return false;
    if (text.n < sizeof here || text.n > 2 * sizeof here)
        return iw_str_equal(name->text, text);
    memcpy(&here, name->text.p, sizeof here);
    memcpy(&there, text.p, sizeof there);
    memcpy(&here_end, name->text.p + text.n - sizeof here, sizeof here_end);
    memcpy(&there_end, text.p + text.n - sizeof there, sizeof there_end);
    return here == there && here_end == there_end;
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
