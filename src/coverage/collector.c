/*
 * Collecting the telemetry profile. The path every event takes is short: what its kind is (shape),
 * a look into a cache of rows by computer and shape, a few sums; for decoded events which of their
 * fields are filled.
 */
#include "coverage/collector_state.h"

#include "base/alloc.h"
#include "base/limits.h"

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
    iw_map_done(&stream->served);
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

enum iw_rc iw_collector_add(struct iw_collector *collector, const struct iw_event *event)
{
    struct collector_row *row = iw_collector_row_near(collector, event);
    struct collector_stream *stream;
    if (row == NULL)
        IW_TRY(iw_collector_row_find(collector, event->computer, event->channel, event->provider,
                                     event->event_id, &row));
    if (row == NULL) {
        /* An event without a row is still no gap in its channel. */
        collector->n_hidden++;
        IW_TRY(iw_collector_stream_look(collector, event->computer, event->channel, &stream));
        return stream != NULL ? iw_collector_count_in_stream(collector, stream, event) : IW_OK;
    }
    collector->serial++;
    row->n_events++;
    iw_time_widen(&row->first_ns, &row->last_ns, event->time_ns);
    IW_TRY(iw_collector_count_in_stream(collector, row->stream, event));
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    IW_TRY(iw_collector_count_sample(collector, row, event));
    if (row->tells_process)
        IW_TRY(iw_collector_count_served(collector, row->stream, event));
    return iw_collector_count_fields(collector, row, event);
}
