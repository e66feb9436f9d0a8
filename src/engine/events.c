/*
 * `events`: every event as a line of NDJSON, in the order of the evidence. Lines are made by the
 * threads that read and written in turn.
 *
 * `host` is the label of the computer name as written; the settled identity of hosts (two names of
 * one machine) is known only at the end of a run and is in the profile.
 */
#include "engine/begin.h"
#include "engine/pipeline.h"
#include "engine/settle.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/where.h"
#include "event/flatten.h"

struct events_run {
    const struct iw_events_options *options;
    const struct iw_event_sink *sink;
    struct iw_run *run;
    struct iw_where where;
    uint32_t *ids; /* --fields; NULL = all */
    struct iw_collector *collector;
};

struct events_thread {
    struct events_run *shared;
    struct iw_collector *collector;
    struct iw_buffer out;
    struct iw_arena scratch;
};

static enum iw_rc thread_end(void *state, bool keep)
{
    struct events_thread *thread = state;
    enum iw_rc rc = keep ? iw_collector_merge(thread->shared->collector, thread->collector) : IW_OK;
    iw_collector_free(thread->collector);
    iw_buffer_done(&thread->out);
    iw_arena_done(&thread->scratch);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct events_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = context;
    thread->collector = iw_collector_new_beside(thread->shared->collector);
    iw_buffer_init(&thread->out);
    iw_arena_init(&thread->scratch, 0);
    if (thread->collector != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

static void write_event(struct events_thread *thread, const struct iw_event *event)
{
    const struct events_run *shared = thread->shared;
    const struct iw_source *source = &shared->run->ledger.sources[event->source];
    struct iw_json json;
    iw_json_init(&json, &thread->out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.event/1"));
    iw_json_member_text_or_null(&json, "host", iw_host_label(event->computer));
    iw_json_member_time(&json, "time", event->time_ns);
    iw_json_member_text_or_null(&json, "channel", event->channel);
    iw_json_member_text_or_null(&json, "provider", event->provider);
    iw_json_member_u64(&json, "event_id", event->event_id);
    iw_json_member_u64(&json, "record_id", event->record_id);
    iw_json_member_text(&json, "source", source->path);
    iw_json_member_u64(&json, "offset", event->offset);
    if (event->line != 0)
        iw_json_member_u64(&json, "line", event->line);
    iw_json_member_bool(&json, "recovered", (event->flags & IW_EVENT_RECOVERED) != 0);
    iw_json_member_bool(&json, "cut", (event->flags & IW_EVENT_CUT) != 0);
    iw_json_key(&json, IW_STR("fields"));
    iw_json_object(&json);
    iw_event_flatten_some(event, shared->ids, shared->options->n_fields, &json, &thread->scratch);
    iw_json_object_end(&json);
    iw_json_object_end(&json);
    iw_buffer_add_char(&thread->out, '\n');
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct events_thread *thread = state;
    const struct events_run *shared = thread->shared;
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        bool matches;
        iw_arena_reset(&thread->scratch);
        /* Before --where: what it leaves out is no gap in the log. */
        IW_TRY(iw_collector_add(thread->collector, event));
        if (shared->options->profile_only)
            continue;
        IW_TRY(iw_where_matches(&shared->where, event, &thread->scratch, &matches));
        if (!matches)
            continue;
        write_event(thread, event);
        if (thread->out.failed)
            return IW_ENOMEM;
    }
    return IW_OK;
}

static enum iw_rc close_slice(void *state, struct iw_error *err)
{
    struct events_thread *thread = state;
    const struct iw_event_sink *sink = thread->shared->sink;
    enum iw_rc rc = IW_OK;
    if (thread->out.n != 0)
        rc = sink->write(sink->context, iw_buffer_str(&thread->out), err);
    iw_buffer_clear(&thread->out);
    return rc;
}

/* Registers the names asked for, before reading begins. */
static enum iw_rc prepare(struct events_run *events, struct iw_names *names, struct iw_error *err)
{
    const struct iw_events_options *options = events->options;
    IW_TRY(iw_where_init(&events->where, options->where, options->n_where, names, err));
    if (options->n_fields == 0)
        return IW_OK;
    events->ids = iw_calloc(options->n_fields, sizeof *events->ids);
    if (events->ids == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t i = 0; i < options->n_fields; i++) {
        struct iw_str name = iw_str_of(options->fields[i]);
        if (!iw_name_is_askable(name))
            return iw_error_set(err, IW_EUSAGE, "--fields: '%.64s' is too long for a field name",
                                options->fields[i]);
        events->ids[i] = iw_names_add(names, name);
        if (events->ids[i] == IW_NAME_UNASKED)
            return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    return IW_OK;
}

static enum iw_rc read_events(const struct iw_engine_options *options, struct events_run *events,
                              const struct iw_names *names, struct iw_error *err)
{
    struct iw_consumer consumer = {events, thread_begin, take_batch, close_slice, thread_end};
    struct iw_route route;
    struct iw_pass0 pass0;
    struct iw_hosts hosts;
    enum iw_rc rc;

    iw_route_init(&route);
    iw_hosts_init(&hosts);
    iw_route_want_all(&route);
    rc = iw_pass0_run(options, events->run, &pass0, err);
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, names, &route, &pass0.evidence, events->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    if (rc == IW_OK) {
        rc = iw_settle_hosts(events->collector, NULL, &hosts, events->run);
        if (rc != IW_OK)
            (void)iw_error_set(err, rc, "no memory");
    }
    iw_pass0_done(&pass0);
    iw_hosts_done(&hosts);
    iw_route_done(&route);
    return rc;
}

enum iw_rc iw_engine_events(const struct iw_engine_options *options,
                            const struct iw_events_options *events,
                            const struct iw_event_sink *sink, struct iw_run *run,
                            struct iw_error *err)
{
    struct events_run state = {.options = events, .sink = sink, .run = run};
    struct iw_names names;
    uint64_t started_ns = iw_clock_ns();
    enum iw_rc rc;

    if (iw_names_init(&names) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    state.collector = iw_collector_new();
    rc = state.collector != NULL ? prepare(&state, &names, err)
                                 : iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = read_events(options, &state, &names, err);
    iw_collector_free(state.collector);
    iw_where_done(&state.where);
    iw_free(state.ids);
    iw_names_done(&names);
    iw_settle_resources(run, started_ns);
    return rc;
}
