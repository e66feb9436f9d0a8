/*
 * Events from names and values. Spellings of field names are looked up once and kept, up to a
 * limit: whoever writes the evidence chooses them, and past the limit a name lives with its batch.
 */
#include "event/builder.h"

#include <assert.h>

#include "base/limits.h"

/* A longer name is not looked up, but only compared with the last one: the values of a list come
 * one after the other, and to hash a megabyte for each of thousands takes seconds. */
#define LONGEST_KEPT_NAME_BYTES 4096U

void iw_event_builder_init(struct iw_event_builder *builder, const struct iw_names *names,
                           const struct iw_route *route)
{
    memset(builder, 0, sizeof *builder);
    builder->names = names;
    builder->route = route;
    iw_map_init(&builder->known);
    iw_arena_init(&builder->known_arena, IW_LIMIT_NAME_CACHE_BYTES);
}

void iw_event_builder_done(struct iw_event_builder *builder)
{
    iw_map_done(&builder->known);
    iw_arena_done(&builder->known_arena);
}

bool iw_event_builder_has_room(const struct iw_batch *batch)
{
    return batch->n < IW_BATCH_EVENTS && IW_BATCH_FIELDS - batch->n_fields >= IW_LIMIT_EVENT_FIELDS;
}

void iw_event_builder_begin(struct iw_event_builder *builder, struct iw_batch *batch,
                            uint32_t source, uint64_t offset)
{
    assert(builder->event == NULL && iw_event_builder_has_room(batch));
    builder->batch = batch;
    builder->event = &batch->events[batch->n];
    builder->first_field = batch->n_fields;
    builder->is_cut = false;
    builder->long_name = NULL;
    *builder->event = (struct iw_event){
        .time_ns = IW_TIME_UNKNOWN,
        .created_ns = IW_TIME_UNKNOWN,
        .channel = IW_STR(""),
        .provider = IW_STR(""),
        .computer = IW_STR(""),
        .fields = batch->fields + batch->n_fields,
        .source = source,
        .offset = offset,
    };
}

static const struct iw_route_channel *wishes_of(struct iw_event_builder *builder,
                                                struct iw_str channel)
{
    if (channel.n > sizeof builder->wishes_channel)
        return iw_route_find(builder->route, channel);
    if (builder->wishes == NULL || builder->wishes_n != channel.n ||
        (channel.n != 0 && memcmp(builder->wishes_channel, channel.p, channel.n) != 0)) {
        builder->wishes = iw_route_find(builder->route, channel);
        builder->wishes_n = channel.n;
        if (channel.n != 0)
            memcpy(builder->wishes_channel, channel.p, channel.n);
    }
    return builder->wishes;
}

bool iw_event_builder_head(struct iw_event_builder *builder, const struct iw_event_head *head)
{
    struct iw_event *event = builder->event;

    event->channel = head->channel;
    event->provider = head->provider;
    event->computer = head->computer;
    event->event_id = head->event_id;
    event->record_id = head->record_id;
    event->created_ns = head->created_ns;
    if (iw_route_wants(builder->route, wishes_of(builder, head->channel), head->event_id))
        event->flags |= IW_EVENT_DECODED;
    return (event->flags & IW_EVENT_DECODED) != 0;
}

static struct iw_name *make_name(struct iw_event_builder *builder, struct iw_arena *arena,
                                 struct iw_str text)
{
    struct iw_str copy = iw_arena_copy(arena, text);
    struct iw_name *name = iw_arena_alloc(arena, sizeof *name);
    if (copy.p == NULL || name == NULL)
        return NULL;
    iw_names_describe(builder->names, copy, name);
    return name;
}

/* A name too long to be kept; NULL when there is no memory. */
static const struct iw_name *long_name_of(struct iw_event_builder *builder, struct iw_str text)
{
    if (builder->long_name == NULL || !iw_str_equal(builder->long_name->text, text))
        builder->long_name = make_name(builder, &builder->batch->arena, text);
    return builder->long_name;
}

/* The name as the event carries it; NULL when there is no memory. */
static const struct iw_name *name_of(struct iw_event_builder *builder, struct iw_str text)
{
    struct iw_map_entry *entry;
    struct iw_name *name;

    if (text.n > LONGEST_KEPT_NAME_BYTES)
        return long_name_of(builder, text);
    entry = iw_map_find(&builder->known, text);
    if (entry != NULL)
        return entry->value.pointer;
    name = make_name(builder, &builder->known_arena, text);
    if (name == NULL)
        return builder->known_arena.hit_cap ? make_name(builder, &builder->batch->arena, text)
                                            : NULL;
    entry = iw_map_add(&builder->known, name->text, NULL);
    if (entry == NULL)
        return NULL;
    entry->value.pointer = name;
    return name;
}

enum iw_rc iw_event_builder_add(struct iw_event_builder *builder, enum iw_place place,
                                struct iw_str name, struct iw_value value)
{
    struct iw_batch *batch = builder->batch;
    const struct iw_name *known;

    if (builder->event->n_fields == IW_LIMIT_EVENT_FIELDS) {
        builder->is_cut = true;
        return IW_ELIMIT;
    }
    known = name_of(builder, name);
    if (known == NULL)
        return IW_ENOMEM;
    batch->fields[batch->n_fields++] = (struct iw_field){
        .name = known, .p = value.p, .n = value.n, .type = value.type, .place = (uint8_t)place};
    builder->event->n_fields++;
    return IW_OK;
}

enum iw_rc iw_event_builder_add_text(struct iw_event_builder *builder, enum iw_place place,
                                     struct iw_str name, struct iw_str text)
{
    const struct iw_value value = {(const uint8_t *)(text.p != NULL ? text.p : ""),
                                   (uint32_t)text.n, IW_VALUE_UTF8};
    return iw_event_builder_add(builder, place, name, value);
}

enum iw_rc iw_event_builder_add_known(struct iw_event_builder *builder, enum iw_place place,
                                      const struct iw_name *name, struct iw_str text)
{
    struct iw_batch *batch = builder->batch;

    if (builder->event->n_fields == IW_LIMIT_EVENT_FIELDS) {
        builder->is_cut = true;
        return IW_ELIMIT;
    }
    batch->fields[batch->n_fields++] =
        (struct iw_field){.name = name,
                          .p = (const uint8_t *)(text.p != NULL ? text.p : ""),
                          .n = (uint32_t)text.n,
                          .type = IW_VALUE_UTF8,
                          .place = (uint8_t)place};
    builder->event->n_fields++;
    return IW_OK;
}

size_t iw_event_builder_count(const struct iw_event_builder *builder)
{
    return builder->event->n_fields;
}

void iw_event_builder_cut(struct iw_event_builder *builder)
{
    builder->is_cut = true;
}

bool iw_event_builder_end(struct iw_event_builder *builder)
{
    struct iw_event *event = builder->event;

    if (builder->is_cut)
        event->flags |= IW_EVENT_CUT;
    iw_event_settle_time(event);
    builder->batch->n++;
    builder->event = NULL;
    return builder->is_cut;
}

void iw_event_builder_cancel(struct iw_event_builder *builder)
{
    builder->batch->n_fields = builder->first_field;
    builder->event = NULL;
}
