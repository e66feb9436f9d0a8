/*
 * When one log had events, samples and which record ids.
 *
 * Slices of a log go to several threads, so that to each its record ids are full of gaps that the
 * others fill. A thread therefore hands them over now and then to what all share, where they join.
 *
 * A moment of a log mostly falls into the part of time that the one before fell into: two
 * comparisons. Samples are a few kinds of events; their fields are read as facts read them.
 */
#include "coverage/collector_state.h"

#include "base/alloc.h"
#include "base/limits.h"

/* Record ids a thread keeps before it hands them over. */
#define OWN_RUN_BYTES ((size_t)1024 * 1024)
/* Parts of a presence that are always kept. */
#define FEWEST_PARTS 8U

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

static enum iw_rc add_moment_elsewhere(struct iw_collector *c, struct iw_presence *presence,
                                       int64_t time_ns)
{
    size_t cap_before = presence->cap;
    IW_TRY(iw_presence_place(presence, time_ns));
    if (presence->n > c->most_parts || presence->cap != cap_before)
        count_parts(c, presence, cap_before);
    return IW_OK;
}

static inline enum iw_rc add_moment(struct iw_collector *c, struct iw_presence *presence,
                                    int64_t time_ns)
{
    return iw_presence_add_near(presence, time_ns) ? IW_OK
                                                   : add_moment_elsewhere(c, presence, time_ns);
}

enum iw_rc iw_collector_merge_presence(struct iw_collector *c, struct iw_presence *into,
                                       const struct iw_presence *from)
{
    size_t cap_before = into->cap;
    IW_TRY(iw_presence_merge(into, from));
    count_parts(c, into, cap_before);
    return IW_OK;
}

/* The samples of a kind and folder, made when needed; *ret NULL when there are too many. */
enum iw_rc iw_collector_sample_find(struct iw_collector *c, struct collector_stream *stream,
                                    enum iw_sample_kind kind, uint32_t folder,
                                    struct collector_sample **ret)
{
    struct collector_sample *sample = stream->samples;
    while (sample != NULL && (sample->kind != kind || sample->folder != folder))
        sample = sample->next;
    *ret = sample;
    if (sample != NULL || stream->n_samples >= IW_LIMIT_SAMPLES || iw_collector_is_full(c))
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

enum iw_rc iw_collector_count_sample(struct iw_collector *c, struct collector_row *row,
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
        IW_TRY(iw_collector_sample_find(c, row->stream, kind, folder, &sample));
    row->last_sample = sample;
    return sample != NULL ? add_moment(c, &sample->presence, event->time_ns) : IW_OK;
}

enum iw_rc iw_collector_add_source(struct collector_stream *stream, uint32_t source)
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
enum iw_rc iw_collector_take_runs(struct iw_collector *into, struct collector_stream *stream,
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
        into = iw_collector_stream_find(c->shared, stream->computer, stream->channel);
        rc = into != NULL ? iw_collector_take_runs(c->shared, into, &stream->runs) : IW_ENOMEM;
        iw_record_runs_done(&stream->runs);
    }
    (void)pthread_mutex_unlock(&c->shared->lock);
    c->run_bytes = 0;
    return rc;
}

enum iw_rc iw_collector_count_in_stream(struct iw_collector *c, struct collector_stream *stream,
                                        const struct iw_event *event)
{
    struct iw_record_run run;
    stream->n_events++;
    iw_time_widen(&stream->first_ns, &stream->last_ns, event->time_ns);
    if (event->source != stream->last_source)
        IW_TRY(iw_collector_add_source(stream, event->source));
    if ((event->flags & IW_EVENT_RECOVERED) != 0)
        return IW_OK;
    IW_TRY(add_moment(c, &stream->presence, event->time_ns));
    if (event->record_id == 0 ||
        iw_record_runs_go_on(&stream->runs, event->record_id, event->time_ns))
        return IW_OK;
    run =
        (struct iw_record_run){event->record_id, event->record_id, event->time_ns, event->time_ns};
    IW_TRY(add_ids(c, stream, &run));
    return c->shared != NULL && c->run_bytes >= OWN_RUN_BYTES ? hand_over(c) : IW_OK;
}
