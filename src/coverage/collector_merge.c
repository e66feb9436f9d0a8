/*
 * Collectors of several threads made one, and one whose computers are hosts.
 */
#include "coverage/collector_state.h"

#include "base/limits.h"

/* *computer*: what the row's is called in *into*. */
static enum iw_rc merge_row(struct iw_collector *into, const struct collector_row *from,
                            struct iw_str computer)
{
    const struct iw_shape *shape = from->shape;
    struct collector_row *row;
    IW_TRY(iw_collector_row_find(into, computer, shape->channel, shape->provider, shape->event_id,
                                 &row));
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
        const struct collector_fill counted = iw_collector_fill_of(from, i);
        const struct iw_shape_name *name = iw_shape_name(shape, i);
        struct iw_shape_name *own;
        struct collector_fill *fill;
        if (counted.n_present == 0)
            continue;
        own = iw_shape_look(row->shape, name->text, name->hash);
        fill = iw_collector_fill_look(row, own);
        if (fill == NULL)
            IW_TRY(iw_collector_fill_add(into, row, name->text, name->hash, &own, &fill));
        if (fill == NULL) {
            row->n_fields_hidden += counted.n_present;
            continue;
        }
        fill->n_present += counted.n_present;
        fill->n_filled += counted.n_filled;
    }
    return IW_OK;
}

static enum iw_rc merge_stream(struct iw_collector *into, const struct collector_stream *from,
                               struct iw_str computer)
{
    struct collector_stream *stream = iw_collector_stream_find(into, computer, from->channel);
    if (stream == NULL)
        return IW_ENOMEM;
    stream->n_events += from->n_events;
    iw_time_widen(&stream->first_ns, &stream->last_ns, from->first_ns);
    iw_time_widen(&stream->first_ns, &stream->last_ns, from->last_ns);
    IW_TRY(iw_collector_merge_presence(into, &stream->presence, &from->presence));
    for (const struct collector_sample *own = from->samples; own != NULL; own = own->next) {
        struct collector_sample *sample;
        IW_TRY(iw_collector_sample_find(into, stream, own->kind, own->folder, &sample));
        if (sample != NULL)
            IW_TRY(iw_collector_merge_presence(into, &sample->presence, &own->presence));
    }
    IW_TRY(iw_collector_merge_served(into, stream, from));
    for (size_t i = 0; i < from->n_sources; i++)
        IW_TRY(iw_collector_add_source(stream, from->sources[i]));
    stream->sources_cut |= from->sources_cut;
    return iw_collector_take_runs(into, stream, &from->runs);
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
    into->served_cut |= from->served_cut;
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
