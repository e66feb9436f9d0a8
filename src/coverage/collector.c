/*
 * Collecting the telemetry profile. The path every event takes is short: what its kind is (shape),
 * a look into a cache of rows by computer and shape, a few sums; for decoded events one table
 * look-up per payload field, by the hash the name already carries.
 *
 * Names of fields and texts stand once for each shape, not for each host: a thousand servers have
 * thousands of rows that are alike but for their numbers.
 *
 * Slices of a log go to several threads, so that to each its record ids are full of gaps that the
 * others fill. A thread therefore hands them over now and then to what all share, where they join.
 *
 * A moment of a log mostly falls into the part of time that the one before fell into: two
 * comparisons. Samples are a few kinds of events; their fields are read as facts read them.
 */
#include "coverage/collector_state.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/limits.h"
#include "coverage/raw_text.h"

/* Record ids a thread keeps before it hands them over. */
#define OWN_RUN_BYTES ((size_t)1024 * 1024)
/* Parts of a presence that are always kept. */
#define FEWEST_PARTS 8U

struct iw_collector *iw_collector_new(void)
{
    struct iw_collector *collector = iw_calloc(1, sizeof *collector);
    if (collector == NULL)
        return NULL;
    collector->most_parts = IW_LIMIT_PRESENCE_PARTS;
    iw_arena_init(&collector->arena, 0);
    iw_arena_init(&collector->scratch, 0);
    iw_map_init(&collector->shapes);
    iw_map_init(&collector->rows);
    iw_map_init(&collector->streams);
    iw_buffer_init(&collector->key);
    (void)pthread_mutex_init(&collector->lock, NULL);
    return collector;
}

struct iw_collector *iw_collector_new_beside(struct iw_collector *shared)
{
    struct iw_collector *collector = iw_collector_new();
    if (collector == NULL)
        return NULL;
    collector->shared = shared;
    collector->folders = shared->folders;
    return collector;
}

void iw_collector_watch(struct iw_collector *collector, const struct iw_watched_folders *folders)
{
    collector->folders = folders;
}

static void stream_done(struct collector_stream *stream)
{
    iw_record_runs_done(&stream->runs);
    iw_presence_done(&stream->presence);
    iw_free(stream->sources);
    for (struct collector_sample *sample = stream->samples; sample != NULL; sample = sample->next)
        iw_presence_done(&sample->presence);
}

void iw_collector_free(struct iw_collector *collector)
{
    if (collector == NULL)
        return;
    for (size_t i = 0; i < collector->shapes.n; i++)
        iw_shape_done(collector->shapes.entries[i].value.pointer);
    for (size_t i = 0; i < collector->rows.n; i++)
        iw_free(((struct collector_row *)collector->rows.entries[i].value.pointer)->fills);
    for (size_t i = 0; i < collector->streams.n; i++)
        stream_done(collector->streams.entries[i].value.pointer);
    iw_map_done(&collector->shapes);
    iw_map_done(&collector->rows);
    iw_map_done(&collector->streams);
    iw_buffer_done(&collector->key);
    iw_arena_done(&collector->arena);
    iw_arena_done(&collector->scratch);
    (void)pthread_mutex_destroy(&collector->lock);
    iw_free(collector);
}

/* --- rows
 * ---------------------------------------------------------------------------------------------------------
 */

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
static enum iw_rc stream_look(struct iw_collector *c, struct iw_str computer, struct iw_str channel,
                              struct collector_stream **ret)
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
static struct collector_stream *stream_find(struct iw_collector *c, struct iw_str computer,
                                            struct iw_str channel)
{
    struct iw_map_entry *entry;
    struct collector_stream *stream;
    struct iw_str key;
    if (stream_look(c, computer, channel, &stream) != IW_OK)
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
    entry = stream->computer.p != NULL && stream->channel.p != NULL
                ? iw_map_add(&c->streams, key, NULL)
                : NULL;
    if (entry == NULL)
        return NULL;
    entry->value.pointer = stream;
    return stream;
}

/* Whether the profile has taken all the memory it may. */
static bool is_full(const struct iw_collector *c)
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
    if (c->shapes.n >= IW_LIMIT_PROFILE_ROWS || is_full(c))
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
    row->stream = stream_find(c, computer, shape->channel);
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
    IW_TRY(stream_look(c, computer, shape->channel, &stream));
    key[1] = stream;
    if (stream != NULL)
        entry = iw_map_find(&c->rows, (struct iw_str){(const char *)key, ROW_KEY_BYTES});
    *ret = entry != NULL ? entry->value.pointer : NULL;
    return IW_OK;
}

/* The row of an event, made when needed; *ret NULL when the limit is reached. */
static enum iw_rc row_find(struct iw_collector *c, struct iw_str computer, struct iw_str channel,
                           struct iw_str provider, uint32_t event_id, struct collector_row **ret)
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
        if (c->rows.n >= IW_LIMIT_PROFILE_ROWS || is_full(c))
            return IW_OK;
        *ret = row_make(c, shape, computer);
        if (*ret == NULL)
            return IW_ENOMEM;
    }
    *cached = shape->latest = *ret;
    return IW_OK;
}

/* --- field fill
 * ---------------------------------------------------------------------------------------------------
 */

/* Room for the counters of the shape's names up to *number*. */
static bool fills_grow(struct iw_collector *c, struct collector_row *row, uint32_t number)
{
    size_t n_slots = row->shape->n_names > number ? row->shape->n_names : (size_t)number + 1;
    struct collector_fill *fills;
    if (n_slots < row->n_slots + row->n_slots / 4)
        n_slots = row->n_slots + row->n_slots / 4;
    fills = iw_calloc(n_slots, sizeof *fills);
    if (fills == NULL)
        return false;
    if (row->fills != NULL && row->n_slots != 0)
        memcpy(fills, row->fills, row->n_slots * sizeof *fills);
    iw_free(row->fills);
    row->fills = fills;
    c->fill_bytes += (n_slots - row->n_slots) * sizeof *fills;
    row->n_slots = n_slots;
    return true;
}

/* The counter of a name that was counted before, or NULL. */
static struct collector_fill *fill_look(const struct collector_row *row,
                                        const struct iw_shape_name *name)
{
    return name != NULL && row->fills != NULL && name->number < row->n_slots &&
                   row->fills[name->number].n_present != 0
               ? &row->fills[name->number]
               : NULL;
}

/* One for a name that was not (*ret_name NULL: in no row either); *ret NULL when the row has no
 * room for another. */
static enum iw_rc fill_add(struct iw_collector *c, struct collector_row *row, struct iw_str text,
                           uint32_t hash, struct iw_shape_name **ret_name,
                           struct collector_fill **ret)
{
    struct iw_shape_name *name = *ret_name;
    *ret = NULL;
    if (row->n_fills >= IW_LIMIT_PROFILE_FIELDS || is_full(c))
        return IW_OK;
    if (name == NULL) {
        size_t bytes_before = row->shape->table_bytes;
        name = iw_shape_add(row->shape, &c->arena, text, hash);
        if (name == NULL)
            return IW_ENOMEM;
        c->fill_bytes += row->shape->table_bytes - bytes_before;
    }
    if (name->number >= row->n_slots && !fills_grow(c, row, name->number))
        return IW_ENOMEM;
    row->n_fills++;
    *ret_name = name;
    *ret = &row->fills[name->number];
    return IW_OK;
}

static bool is_counted_field(const struct iw_field *field)
{
    return field->place != IW_PLACE_SYSTEM && field->place != IW_PLACE_RENDERING;
}

/* Nearly all events of a kind have the same names in the same order: as long as they do, counting
 * is all there is to do. *ret_number: of the first name that did not come. The first field that is
 * left, or n_fields. */
static uint32_t count_alike(struct collector_row *row, const struct iw_event *event,
                            uint32_t *ret_number)
{
    const struct iw_shape *shape = row->shape;
    const struct iw_shape_name *name = shape->names;
    struct collector_fill *fill = row->fills;
    size_t n_known = shape->n_names < row->n_slots ? shape->n_names : row->n_slots;
    const struct iw_field *field = event->fields, *end = field + event->n_fields;
    while (field < end && field->place == IW_PLACE_SYSTEM)
        field++;
    for (; field < end; field++) {
        if (!is_counted_field(field))
            continue;
        if (n_known == 0 || fill->n_present == 0 ||
            !iw_shape_name_is(name, field->name->text, field->name->hash))
            break;
        fill->n_present++;
        fill->n_filled += iw_raw_says(field);
        name++;
        fill++;
        n_known--;
    }
    *ret_number = (uint32_t)(name - shape->names);
    return (uint32_t)(field - event->fields);
}

/* Of the first *n* fields, which count_alike counted: a name that comes once more is to be known.
 */
static void mark_counted(struct iw_collector *c, const struct collector_row *row,
                         const struct iw_event *event, uint32_t n)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct iw_field *field = &event->fields[i];
        struct iw_shape_name *name;
        if (!is_counted_field(field))
            continue;
        name = &row->shape->names[number++];
        name->last_event = c->serial;
        if (iw_raw_says(field))
            name->last_filled = c->serial;
    }
}

static enum iw_rc count_fields(struct iw_collector *c, struct collector_row *row,
                               const struct iw_event *event)
{
    const struct iw_name *last = NULL;
    struct iw_shape_name *name = NULL;
    struct collector_fill *fill = NULL;
    uint32_t expected; /* number of the next name */
    uint32_t i = count_alike(row, event, &expected);
    row->n_decoded++;
    if (i < event->n_fields)
        mark_counted(c, row, event, i);
    for (; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if (!is_counted_field(field))
            continue;
        /* Values of a list share a name, which may be long. */
        if (field->name != last) {
            name = iw_shape_look_at(row->shape, expected, field->name->text, field->name->hash);
            fill = fill_look(row, name);
            if (fill == NULL)
                IW_TRY(fill_add(c, row, field->name->text, field->name->hash, &name, &fill));
            if (name != NULL)
                expected = name->number + 1;
        }
        last = field->name;
        row->n_fields_hidden += fill == NULL;
        if (fill == NULL)
            continue;
        if (name->last_event != c->serial)
            fill->n_present++;
        name->last_event = c->serial;
        if (name->last_filled == c->serial || !iw_raw_says(field))
            continue;
        name->last_filled = c->serial;
        fill->n_filled++;
    }
    return IW_OK;
}

/* --- time
 * ---------------------------------------------------------------------------------------------------------
 */

/* Keeps no more parts of one presence than of any. */
static void keep_parts(struct iw_collector *c, struct iw_presence *presence)
{
    iw_presence_keep_within(presence, c->most_parts + 1);
    iw_presence_give_back(presence);
    c->presence_bytes += presence->cap * sizeof *presence->parts;
}

/* There is no room for more parts: of each presence half as many are kept, which are longer. */
static void make_room_for_parts(struct iw_collector *c)
{
    while (c->presence_bytes >= IW_LIMIT_PRESENCE_BYTES && c->most_parts > FEWEST_PARTS) {
        c->most_parts /= 2;
        c->presence_bytes = 0;
        for (size_t i = 0; i < c->streams.n; i++) {
            struct collector_stream *stream = c->streams.entries[i].value.pointer;
            keep_parts(c, &stream->presence);
            for (struct collector_sample *own = stream->samples; own != NULL; own = own->next)
                keep_parts(c, &own->presence);
        }
    }
}

/* It has more parts than before. */
static void count_parts(struct iw_collector *c, struct iw_presence *presence, size_t cap_before)
{
    if (presence->n > c->most_parts)
        iw_presence_keep_within(presence, c->most_parts + 1);
    if (presence->cap == cap_before)
        return;
    c->presence_bytes += (presence->cap - cap_before) * sizeof *presence->parts;
    make_room_for_parts(c);
}

static enum iw_rc add_moment(struct iw_collector *c, struct iw_presence *presence, int64_t time_ns)
{
    size_t cap_before = presence->cap;
    IW_TRY(iw_presence_add(presence, time_ns));
    if (presence->n > c->most_parts || presence->cap != cap_before)
        count_parts(c, presence, cap_before);
    return IW_OK;
}

static enum iw_rc merge_presence(struct iw_collector *c, struct iw_presence *into,
                                 const struct iw_presence *from)
{
    size_t cap_before = into->cap;
    IW_TRY(iw_presence_merge(into, from));
    count_parts(c, into, cap_before);
    return IW_OK;
}

/* The samples of a kind and folder, made when needed; *ret NULL when there are too many. */
static enum iw_rc sample_find(struct iw_collector *c, struct collector_stream *stream,
                              enum iw_sample_kind kind, uint32_t folder,
                              struct collector_sample **ret)
{
    struct collector_sample *sample = stream->samples;
    while (sample != NULL && (sample->kind != kind || sample->folder != folder))
        sample = sample->next;
    *ret = sample;
    if (sample != NULL || stream->n_samples >= IW_LIMIT_SAMPLES || is_full(c))
        return IW_OK;
    sample = iw_arena_calloc(&c->arena, 1, sizeof *sample);
    if (sample == NULL)
        return IW_ENOMEM;
    sample->kind = kind;
    sample->folder = folder;
    sample->next = stream->samples;
    stream->samples = *ret = sample;
    stream->n_samples++;
    return IW_OK;
}

static enum iw_rc count_sample(struct iw_collector *c, struct collector_row *row,
                               const struct iw_event *event)
{
    struct collector_sample *sample = row->last_sample;
    enum iw_sample_kind kind = row->kind;
    uint32_t folder;
    enum iw_rc rc;
    if (row->kind == IW_SAMPLE_NONE || (event->flags & IW_EVENT_RECOVERED) != 0)
        return IW_OK;
    iw_arena_reset(&c->scratch);
    rc = iw_sample_read(event, &kind, c->folders, &c->scratch, &folder);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    if (sample == NULL || sample->folder != folder || sample->kind != kind)
        IW_TRY(sample_find(c, row->stream, kind, folder, &sample));
    row->last_sample = sample;
    return sample != NULL ? add_moment(c, &sample->presence, event->time_ns) : IW_OK;
}

static enum iw_rc add_source(struct collector_stream *stream, uint32_t source)
{
    stream->last_source = source;
    for (size_t i = 0; i < stream->n_sources; i++) {
        if (stream->sources[i] == source)
            return IW_OK;
    }
    if (stream->n_sources >= IW_LIMIT_STREAM_SOURCES) {
        stream->sources_cut = true;
        return IW_OK;
    }
    if (!iw_array_reserve(&stream->sources, &stream->sources_cap, stream->n_sources + 1,
                          sizeof *stream->sources))
        return IW_ENOMEM;
    stream->sources[stream->n_sources++] = source;
    return IW_OK;
}

/* All streams together hold too many runs: ids alone take fewer. */
static void make_room_for_ids(struct iw_collector *c)
{
    c->has_ids_only = true;
    c->run_bytes = 0;
    for (size_t i = 0; i < c->streams.n; i++) {
        struct collector_stream *stream = c->streams.entries[i].value.pointer;
        iw_record_runs_ids_only(&stream->runs);
        c->run_bytes += stream->runs.cap * sizeof *stream->runs.items;
    }
}

/* Adds record ids unless all streams together hold too many runs; then this one's gaps are no
 * longer told. */
static enum iw_rc add_ids(struct iw_collector *c, struct collector_stream *stream,
                          const struct iw_record_run *run)
{
    size_t cap_before;
    if (c->run_bytes >= IW_LIMIT_RECORD_ID_BYTES && !c->has_ids_only)
        make_room_for_ids(c);
    stream->runs.is_ids_only |= c->has_ids_only;
    cap_before = stream->runs.cap;
    if (c->run_bytes >= IW_LIMIT_RECORD_ID_BYTES && stream->runs.n == stream->runs.cap) {
        iw_record_runs_settle(&stream->runs);
        stream->runs.is_cut |= stream->runs.n == stream->runs.cap;
    }
    if (stream->runs.is_cut && stream->runs.n == stream->runs.cap) {
        iw_record_runs_widen(&stream->runs, run->first, run->last);
        return IW_OK;
    }
    IW_TRY(iw_record_runs_add(&stream->runs, run));
    c->run_bytes += (stream->runs.cap - cap_before) * sizeof *stream->runs.items;
    return IW_OK;
}

/* All record ids of a stream. */
static enum iw_rc take_runs(struct iw_collector *into, struct collector_stream *stream,
                            const struct iw_record_runs *from)
{
    stream->runs.is_cut = stream->runs.is_cut || from->is_cut;
    stream->runs.is_ids_only = stream->runs.is_ids_only || from->is_ids_only;
    for (size_t i = 0; i < from->n; i++)
        IW_TRY(add_ids(into, stream, &from->items[i]));
    if (from->lowest != 0)
        iw_record_runs_widen(&stream->runs, from->lowest, from->highest);
    return IW_OK;
}

/* Hands all record ids over to what the threads share. */
static enum iw_rc hand_over(struct iw_collector *c)
{
    enum iw_rc rc = IW_OK;
    (void)pthread_mutex_lock(&c->shared->lock);
    for (size_t i = 0; i < c->streams.n && rc == IW_OK; i++) {
        struct collector_stream *stream = c->streams.entries[i].value.pointer, *into;
        if (stream->runs.n == 0)
            continue;
        into = stream_find(c->shared, stream->computer, stream->channel);
        rc = into != NULL ? take_runs(c->shared, into, &stream->runs) : IW_ENOMEM;
        iw_record_runs_done(&stream->runs);
    }
    (void)pthread_mutex_unlock(&c->shared->lock);
    c->run_bytes = 0;
    return rc;
}

static enum iw_rc count_in_stream(struct iw_collector *c, struct collector_stream *stream,
                                  const struct iw_event *event)
{
    struct iw_record_run run;
    stream->n_events++;
    iw_time_widen(&stream->first_ns, &stream->last_ns, event->time_ns);
    if (event->source != stream->last_source)
        IW_TRY(add_source(stream, event->source));
    if ((event->flags & IW_EVENT_RECOVERED) != 0)
        return IW_OK;
    IW_TRY(add_moment(c, &stream->presence, event->time_ns));
    if (event->record_id == 0)
        return IW_OK;
    run =
        (struct iw_record_run){event->record_id, event->record_id, event->time_ns, event->time_ns};
    IW_TRY(add_ids(c, stream, &run));
    return c->shared != NULL && c->run_bytes >= OWN_RUN_BYTES ? hand_over(c) : IW_OK;
}

enum iw_rc iw_collector_add(struct iw_collector *collector, const struct iw_event *event)
{
    struct collector_row *row;
    struct collector_stream *stream;
    IW_TRY(row_find(collector, event->computer, event->channel, event->provider, event->event_id,
                    &row));
    if (row == NULL) {
        /* An event without a row is still no gap in its channel. */
        collector->n_hidden++;
        IW_TRY(stream_look(collector, event->computer, event->channel, &stream));
        return stream != NULL ? count_in_stream(collector, stream, event) : IW_OK;
    }
    collector->serial++;
    row->n_events++;
    iw_time_widen(&row->first_ns, &row->last_ns, event->time_ns);
    IW_TRY(count_in_stream(collector, row->stream, event));
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    IW_TRY(count_sample(collector, row, event));
    return count_fields(collector, row, event);
}

/* --- merging
 * ------------------------------------------------------------------------------------------------------
 */

/* *computer*: what the row's is called in *into*. */
static enum iw_rc merge_row(struct iw_collector *into, const struct collector_row *from,
                            struct iw_str computer)
{
    const struct iw_shape *shape = from->shape;
    struct collector_row *row;
    IW_TRY(row_find(into, computer, shape->channel, shape->provider, shape->event_id, &row));
    if (row == NULL) {
        into->n_hidden += from->n_events;
        return IW_OK;
    }
    row->n_events += from->n_events;
    row->n_decoded += from->n_decoded;
    row->n_fields_hidden += from->n_fields_hidden;
    iw_time_widen(&row->first_ns, &row->last_ns, from->first_ns);
    iw_time_widen(&row->first_ns, &row->last_ns, from->last_ns);
    for (size_t i = 0; i < from->n_slots; i++) {
        const struct collector_fill *counted = &from->fills[i];
        const struct iw_shape_name *name = iw_shape_name(shape, i);
        struct iw_shape_name *own;
        struct collector_fill *fill;
        if (counted->n_present == 0)
            continue;
        own = iw_shape_look(row->shape, name->text, name->hash);
        fill = fill_look(row, own);
        if (fill == NULL)
            IW_TRY(fill_add(into, row, name->text, name->hash, &own, &fill));
        if (fill == NULL) {
            row->n_fields_hidden += counted->n_present;
            continue;
        }
        fill->n_present += counted->n_present;
        fill->n_filled += counted->n_filled;
    }
    return IW_OK;
}

static enum iw_rc merge_stream(struct iw_collector *into, const struct collector_stream *from,
                               struct iw_str computer)
{
    struct collector_stream *stream = stream_find(into, computer, from->channel);
    if (stream == NULL)
        return IW_ENOMEM;
    stream->n_events += from->n_events;
    iw_time_widen(&stream->first_ns, &stream->last_ns, from->first_ns);
    iw_time_widen(&stream->first_ns, &stream->last_ns, from->last_ns);
    IW_TRY(merge_presence(into, &stream->presence, &from->presence));
    for (const struct collector_sample *own = from->samples; own != NULL; own = own->next) {
        struct collector_sample *sample;
        IW_TRY(sample_find(into, stream, own->kind, own->folder, &sample));
        if (sample != NULL)
            IW_TRY(merge_presence(into, &sample->presence, &own->presence));
    }
    for (size_t i = 0; i < from->n_sources; i++)
        IW_TRY(add_source(stream, from->sources[i]));
    stream->sources_cut |= from->sources_cut;
    return take_runs(into, stream, &from->runs);
}

/* What the computer is called where hosts are settled; NULL: as it is. */
static struct iw_str named(const struct iw_hosts *hosts, struct iw_str computer)
{
    return hosts != NULL ? iw_hosts_find(hosts, computer) : computer;
}

static enum iw_rc merge_all(struct iw_collector *into, const struct iw_collector *from,
                            const struct iw_hosts *hosts)
{
    into->n_hidden += from->n_hidden;
    for (size_t i = 0; i < from->streams.n; i++) {
        const struct collector_stream *stream = from->streams.entries[i].value.pointer;
        IW_TRY(merge_stream(into, stream, named(hosts, stream->computer)));
    }
    for (size_t i = 0; i < from->rows.n; i++) {
        const struct collector_row *row = from->rows.entries[i].value.pointer;
        IW_TRY(merge_row(into, row, named(hosts, row->stream->computer)));
    }
    return IW_OK;
}

enum iw_rc iw_collector_merge(struct iw_collector *into, const struct iw_collector *from)
{
    return merge_all(into, from, NULL);
}

enum iw_rc iw_collector_hosts(const struct iw_collector *collector, struct iw_hosts *hosts)
{
    for (size_t i = 0; i < collector->streams.n; i++) {
        const struct collector_stream *stream = collector->streams.entries[i].value.pointer;
        IW_TRY(iw_hosts_add(hosts, stream->computer));
    }
    return IW_OK;
}

enum iw_rc iw_collector_finish(const struct iw_collector *collector, const struct iw_hosts *hosts,
                               struct iw_telemetry *ret)
{
    struct iw_collector *merged = iw_collector_new();
    if (merged != NULL)
        merged->folders = collector->folders;
    /* Names of one machine fall together. */
    enum iw_rc rc = merged != NULL ? merge_all(merged, collector, hosts) : IW_ENOMEM;
    if (rc == IW_OK)
        rc = iw_collector_export(merged, ret);
    iw_collector_free(merged);
    return rc;
}
