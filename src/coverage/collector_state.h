/**
 * Inside of collector: what is gathered (collector.c), by rows, fields and times
 * (collector_rows.c, collector_fields.c, collector_times.c), made one (collector_merge.c) and made
 * into plain rows (collector_export.c).
 */
#ifndef IW_COVERAGE_COLLECTOR_STATE_H
#define IW_COVERAGE_COLLECTOR_STATE_H

#include <pthread.h>

#include "base/buffer.h"
#include "base/map.h"
#include "coverage/collector.h"
#include "coverage/presence.h"
#include "coverage/profile_shape.h"
#include "coverage/record_runs.h"
#include "coverage/sample.h"

#define SHAPE_CACHE_SLOTS 256U
#define ROW_CACHE_SLOTS 16384U
/* Processes that ran as the account of a pool, of all hosts; past it none is said to be untold. */
#define IW_MOST_SERVED_PROCESSES 32768U
struct collector_fill {
    uint64_t n_present, n_filled;
};

struct collector_row {
    /* Its key. */
    struct iw_shape *shape;
    struct collector_stream *stream;

    enum iw_sample_kind kind;             /* of its events */
    bool tells_process;                   /* its events start or end one, and name it */
    struct collector_sample *last_sample; /* that one of its events was */
    uint64_t n_events, n_decoded;
    int64_t first_ns, last_ns;
    struct collector_fill
        *fills; /* by number of the shape's names; those behind n_slots are zero */
    size_t n_slots;
    size_t n_fills; /* names that were present */
    /* Of the shape's first names: so many were all present once, and in so many events the first
     * n_alike came in order, which stand in no counter yet. */
    uint32_t n_leading, n_alike;
    uint64_t n_alike_events;
    uint64_t n_fields_hidden;
};

#define ROW_KEY_BYTES (2 * sizeof(void *))

/* When samples of one kind were there. */
struct collector_sample {
    struct collector_sample *next;
    enum iw_sample_kind kind;
    uint32_t folder; /* of a file: the watched folder */
    struct iw_presence presence;
};

/* One (computer, channel). */
struct collector_stream {
    struct iw_str computer, channel;
    uint64_t n_events;
    int64_t first_ns, last_ns;
    struct iw_record_runs runs;
    struct iw_presence presence; /* of live events */
    struct collector_sample *samples;
    size_t n_samples;
    struct iw_map served; /* ProcessGuid → struct collector_served *: as the account of a pool */
    uint32_t *sources;    /* in no order */
    size_t n_sources, sources_cap;
    uint32_t last_source; /* that was told */
    bool sources_cut;
};

struct iw_collector {
    struct iw_arena arena;
    struct iw_map shapes;  /* key → struct iw_shape * */
    struct iw_map rows;    /* key → struct collector_row * */
    struct iw_map streams; /* key → struct collector_stream * */
    struct iw_shape *shape_cache[SHAPE_CACHE_SLOTS];
    struct collector_row *row_cache[ROW_CACHE_SLOTS];
    struct iw_buffer key;
    uint64_t serial;
    uint64_t n_hidden;
    size_t n_served;                          /* of all streams */
    bool served_cut;                          /* there are more */
    size_t fill_bytes;                        /* of all rows and shapes, about */
    size_t run_bytes;                         /* of all streams */
    bool has_ids_only;                        /* runs of ids are joined whatever their times */
    size_t presence_bytes;                    /* of all streams */
    size_t most_parts;                        /* of one presence */
    const struct iw_watched_folders *folders; /* NULL: nobody asks about files */
    struct iw_arena scratch;                  /* of one event */
    struct iw_collector *shared;              /* takes the record ids; NULL: they stay */
    pthread_mutex_t lock;                     /* of the streams, where others hand theirs over */
};

/* --- rows (collector_rows.c) --- */

/** Whether the profile has taken all the memory it may. */
bool iw_collector_is_full(const struct iw_collector *c);
/** The stream of a computer and channel when it is known already. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_stream_look(struct iw_collector *c, struct iw_str computer,
                                    struct iw_str channel, struct collector_stream **ret);
/** The same, made when needed; NULL: no memory. */
struct collector_stream *iw_collector_stream_find(struct iw_collector *c, struct iw_str computer,
                                                  struct iw_str channel);
/** The row that an event of this shape was counted in last, if it is this event's: it is of nearly
 * every one. NULL: it is to be looked for. */
static inline struct collector_row *iw_collector_row_near(const struct iw_collector *c,
                                                          const struct iw_event *event)
{
    const struct iw_shape *shape = c->shape_cache[event->event_id % SHAPE_CACHE_SLOTS];
    if (shape == NULL || shape->latest == NULL ||
        !iw_shape_is(shape, event->channel, event->provider, event->event_id) ||
        !iw_str_equal(shape->latest->stream->computer, event->computer))
        return NULL;
    return shape->latest;
}

/** The row of an event, made when needed; *ret NULL when the limit is reached. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_collector_row_find(struct iw_collector *c, struct iw_str computer,
                                 struct iw_str channel, struct iw_str provider, uint32_t event_id,
                                 struct collector_row **ret);

/* --- processes of pools (collector_served.c) --- */

/** Whether events of that kind name a process that started or ended. Pure. */
bool iw_collector_tells_process(struct iw_str channel, uint32_t event_id);
/** Counts a decoded event of that kind. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_count_served(struct iw_collector *c, struct collector_stream *stream,
                                     const struct iw_event *event);
/** Adds those of *from* to *into*, a stream of *c*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_merge_served(struct iw_collector *c, struct collector_stream *into,
                                     const struct collector_stream *from);
/** Those whose end was told and whose start was not, into *channel*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_export_served(const struct iw_collector *c,
                                      const struct collector_stream *from, struct iw_arena *arena,
                                      struct iw_telemetry_channel *channel);

/* --- fields (collector_fields.c) --- */

/** What was counted of the name with that number, one below n_slots. (n_filled may stand below 0
 * until events that are alike are added.) */
static inline struct collector_fill iw_collector_fill_of(const struct collector_row *row,
                                                         size_t number)
{
    struct collector_fill fill = row->fills[number];
    if (number < row->n_alike) {
        fill.n_present += row->n_alike_events;
        fill.n_filled += row->n_alike_events;
    }
    return fill;
}

/** The counter of a name that was counted before, or NULL. */
struct collector_fill *iw_collector_fill_look(const struct collector_row *row,
                                              const struct iw_shape_name *name);
/** One for a name that was not (*ret_name NULL: in no row either); *ret NULL when the row has no
 * room for another. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_fill_add(struct iw_collector *c, struct collector_row *row,
                                 struct iw_str text, uint32_t hash, struct iw_shape_name **ret_name,
                                 struct collector_fill **ret);
/** Counts those of a decoded event. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_count_fields(struct iw_collector *c, struct collector_row *row,
                                     const struct iw_event *event);

/* --- times and record ids (collector_times.c); all IW_OK or IW_ENOMEM --- */

enum iw_rc iw_collector_count_in_stream(struct iw_collector *c, struct collector_stream *stream,
                                        const struct iw_event *event);
enum iw_rc iw_collector_count_sample(struct iw_collector *c, struct collector_row *row,
                                     const struct iw_event *event);
/** The samples of a kind and folder, made when needed; *ret NULL when there are too many. */
enum iw_rc iw_collector_sample_find(struct iw_collector *c, struct collector_stream *stream,
                                    enum iw_sample_kind kind, uint32_t folder,
                                    struct collector_sample **ret);
enum iw_rc iw_collector_merge_presence(struct iw_collector *c, struct iw_presence *into,
                                       const struct iw_presence *from);
enum iw_rc iw_collector_add_source(struct collector_stream *stream, uint32_t source);
/** All record ids of a stream. */
enum iw_rc iw_collector_take_runs(struct iw_collector *into, struct collector_stream *stream,
                                  const struct iw_record_runs *from);

/** Makes the rows, sorted, of what was merged under the names of hosts; *ret was initialised. IW_OK
 * or IW_ENOMEM. */
enum iw_rc iw_collector_export(const struct iw_collector *c, struct iw_telemetry *ret);

#endif
