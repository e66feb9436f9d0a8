/*
 * Rows and logs of a collector, found by what an event is (its shape) and whose it is.
 *
 * Names of fields and texts stand once for each shape, not for each host: a thousand servers have
 * thousands of rows that are alike but for their numbers.
 */
#include "coverage/collector_state.h"

#include "base/hash.h"
#include "base/limits.h"

/* Key of a row or stream: the texts with their lengths before them, so that no two keys run into
 * each other. */
static bool make_key(struct iw_buffer *key, const struct iw_str *texts, size_t n, uint32_t event_id)
{
    iw_buffer_clear(key);
    iw_buffer_add(key, (struct iw_str){(const char *)&event_id, sizeof event_id});
    for (size_t i = 0; i < n; i++) {
        iw_buffer_add(key, (struct iw_str){(const char *)&texts[i].n, sizeof texts[i].n});
        iw_buffer_add(key, texts[i]);
    }
    return !key->failed;
}

/* The stream of a computer and channel when it is known already. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_stream_look(struct iw_collector *c, struct iw_str computer,
                                    struct iw_str channel, struct collector_stream **ret)
{
    struct iw_str texts[2] = {computer, channel};
    struct iw_map_entry *entry;
    *ret = NULL;
    if (!make_key(&c->key, texts, 2, 0))
        return IW_ENOMEM;
    entry = iw_map_find(&c->streams, iw_buffer_str(&c->key));
    if (entry != NULL)
        *ret = entry->value.pointer;
    return IW_OK;
}

/* The same, made when needed; NULL: no memory. */
struct collector_stream *iw_collector_stream_find(struct iw_collector *c, struct iw_str computer,
                                                  struct iw_str channel)
{
    struct iw_map_entry *entry;
    struct collector_stream *stream;
    struct iw_str key;
    if (iw_collector_stream_look(c, computer, channel, &stream) != IW_OK)
        return NULL;
    if (stream != NULL)
        return stream;
    key = iw_arena_copy(&c->arena, iw_buffer_str(&c->key));
    stream = iw_arena_calloc(&c->arena, 1, sizeof *stream);
    if (key.p == NULL || stream == NULL)
        return NULL;
    stream->computer = iw_arena_copy(&c->arena, computer);
    stream->channel = iw_arena_copy(&c->arena, channel);
    stream->first_ns = stream->last_ns = IW_TIME_UNKNOWN;
    stream->last_source = UINT32_MAX;
    iw_map_init(&stream->served);
    entry = stream->computer.p != NULL && stream->channel.p != NULL
                ? iw_map_add(&c->streams, key, NULL)
                : NULL;
    if (entry == NULL)
        return NULL;
    entry->value.pointer = stream;
    return stream;
}

/* Whether the profile has taken all the memory it may. */
bool iw_collector_is_full(const struct iw_collector *c)
{
    return c->arena.held_bytes + c->fill_bytes >= IW_LIMIT_PROFILE_BYTES;
}

/* What an event is, made when needed; *ret NULL when the limit is reached. */
static enum iw_rc shape_find(struct iw_collector *c, struct iw_str channel, struct iw_str provider,
                             uint32_t event_id, struct iw_shape **ret)
{
    struct iw_shape **cached = &c->shape_cache[event_id % SHAPE_CACHE_SLOTS];
    struct iw_str texts[2] = {channel, provider};
    struct iw_map_entry *entry;
    struct iw_str key;

    *ret = *cached;
    if (*ret != NULL && iw_shape_is(*ret, channel, provider, event_id))
        return IW_OK;
    *ret = NULL;
    if (!make_key(&c->key, texts, 2, event_id))
        return IW_ENOMEM;
    entry = iw_map_find(&c->shapes, iw_buffer_str(&c->key));
    if (entry != NULL) {
        *ret = *cached = entry->value.pointer;
        return IW_OK;
    }
    if (c->shapes.n >= IW_LIMIT_PROFILE_ROWS || iw_collector_is_full(c))
        return IW_OK;
    key = iw_arena_copy(&c->arena, iw_buffer_str(&c->key));
    *ret = iw_shape_make(&c->arena, channel, provider, event_id, (uint32_t)c->shapes.n);
    entry = key.p != NULL && *ret != NULL ? iw_map_add(&c->shapes, key, NULL) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = *cached = *ret;
    return IW_OK;
}

static struct collector_row *row_make(struct iw_collector *c, struct iw_shape *shape,
                                      struct iw_str computer)
{
    struct collector_row *row = iw_arena_calloc(&c->arena, 1, sizeof *row);
    struct iw_map_entry *entry;
    if (row == NULL)
        return NULL;
    row->first_ns = row->last_ns = IW_TIME_UNKNOWN;
    row->shape = shape;
    row->kind = iw_sample_kind_of(shape->channel, shape->event_id);
    row->tells_process = iw_collector_tells_process(shape->channel, shape->event_id);
    row->stream = iw_collector_stream_find(c, computer, shape->channel);
    if (row->stream == NULL)
        return NULL;
    entry = iw_map_add(&c->rows, (struct iw_str){(const char *)row, ROW_KEY_BYTES}, NULL);
    if (entry == NULL)
        return NULL;
    entry->value.pointer = row;
    return row;
}

static bool row_is(const struct collector_row *row, const struct iw_shape *shape,
                   struct iw_str computer)
{
    return row != NULL && row->shape == shape && iw_str_equal(row->stream->computer, computer);
}

/* The row of a shape on a computer when it is known already. */
static enum iw_rc row_look(struct iw_collector *c, const struct iw_shape *shape,
                           struct iw_str computer, struct collector_row **ret)
{
    const void *key[2] = {shape, NULL};
    struct iw_map_entry *entry = NULL;
    struct collector_stream *stream;
    IW_TRY(iw_collector_stream_look(c, computer, shape->channel, &stream));
    key[1] = stream;
    if (stream != NULL)
        entry = iw_map_find(&c->rows, (struct iw_str){(const char *)key, ROW_KEY_BYTES});
    *ret = entry != NULL ? entry->value.pointer : NULL;
    return IW_OK;
}

/* The row of an event, made when needed; *ret NULL when the limit is reached. */
enum iw_rc iw_collector_row_find(struct iw_collector *c, struct iw_str computer,
                                 struct iw_str channel, struct iw_str provider, uint32_t event_id,
                                 struct collector_row **ret)
{
    struct iw_shape *shape;
    struct collector_row **cached;
    *ret = NULL;
    IW_TRY(shape_find(c, channel, provider, event_id, &shape));
    if (shape == NULL)
        return IW_OK;
    *ret = shape->latest;
    if (row_is(*ret, shape, computer))
        return IW_OK;
    cached = &c->row_cache[iw_hash_bytes(computer.p, computer.n, shape->number) % ROW_CACHE_SLOTS];
    *ret = *cached;
    if (row_is(*ret, shape, computer)) {
        shape->latest = *ret;
        return IW_OK;
    }
    IW_TRY(row_look(c, shape, computer, ret));
    if (*ret == NULL) {
        if (c->rows.n >= IW_LIMIT_PROFILE_ROWS || iw_collector_is_full(c))
            return IW_OK;
        *ret = row_make(c, shape, computer);
        if (*ret == NULL)
            return IW_ENOMEM;
    }
    *cached = shape->latest = *ret;
    return IW_OK;
}
