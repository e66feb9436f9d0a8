/*
 * The telemetry profile as plain rows (result/telemetry.h), in their order.
 */
#include "coverage/collector_state.h"

#include <stdlib.h>

#include "coverage/log_lives.h"

static int compare_fills(const void *left, const void *right)
{
    const struct iw_field_fill *a = left, *b = right;
    return iw_str_compare(a->name, b->name);
}

static int compare_rows(const void *left, const void *right)
{
    const struct iw_telemetry_row *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    if (order == 0)
        order = iw_str_compare(a->channel, b->channel);
    if (order == 0)
        order = (a->event_id > b->event_id) - (a->event_id < b->event_id);
    return order != 0 ? order : iw_str_compare(a->provider, b->provider);
}

static int compare_channels(const void *left, const void *right)
{
    const struct iw_telemetry_channel *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    return order != 0 ? order : iw_str_compare(a->channel, b->channel);
}

static enum iw_rc export_row(const struct collector_row *from, struct iw_arena *arena,
                             struct iw_telemetry_row *row)
{
    const struct iw_shape *shape = from->shape;
    row->channel = iw_arena_copy(arena, shape->channel);
    row->provider = iw_arena_copy(arena, shape->provider);
    row->host = iw_arena_copy(arena, from->stream->computer);
    row->event_id = shape->event_id;
    row->n_events = from->n_events;
    row->n_decoded = from->n_decoded;
    row->first_ns = from->first_ns;
    row->last_ns = from->last_ns;
    row->n_fields_hidden = from->n_fields_hidden;
    row->fields = iw_arena_calloc(arena, from->n_fills, sizeof *row->fields);
    if (row->channel.p == NULL || row->provider.p == NULL || row->host.p == NULL ||
        row->fields == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < from->n_slots; i++) {
        struct iw_field_fill *fill = &row->fields[row->n_fields];
        const struct collector_fill counted = iw_collector_fill_of(from, i);
        if (counted.n_present == 0)
            continue;
        *fill = (struct iw_field_fill){iw_arena_copy(arena, iw_shape_name(shape, i)->text),
                                       counted.n_present, counted.n_filled};
        if (fill->name.p == NULL)
            return IW_ENOMEM;
        row->n_fields++;
    }
    if (row->n_fields != 0)
        qsort(row->fields, row->n_fields, sizeof *row->fields, compare_fills);
    return IW_OK;
}

static enum iw_rc export_parts(const struct iw_presence *from, struct iw_arena *arena,
                               struct iw_time_part **ret, size_t *ret_n)
{
    *ret = iw_arena_calloc(arena, from->n, sizeof **ret);
    if (*ret == NULL)
        return IW_ENOMEM;
    for (; *ret_n < from->n; ++*ret_n)
        (*ret)[*ret_n] = (struct iw_time_part){from->parts[*ret_n].first_ns,
                                               from->parts[*ret_n].last_ns, from->parts[*ret_n].n};
    return IW_OK;
}

static int compare_samples(const void *left, const void *right)
{
    const struct iw_telemetry_sample *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return iw_str_compare(a->folder, b->folder);
}

static enum iw_rc export_samples(const struct iw_collector *c, const struct collector_stream *from,
                                 struct iw_arena *arena, struct iw_telemetry_channel *channel)
{
    channel->samples = iw_arena_calloc(arena, from->n_samples, sizeof *channel->samples);
    if (channel->samples == NULL)
        return IW_ENOMEM;
    for (const struct collector_sample *own = from->samples; own != NULL; own = own->next) {
        struct iw_telemetry_sample *sample = &channel->samples[channel->n_samples++];
        sample->kind = own->kind;
        sample->folder = own->kind == IW_SAMPLE_FILE || own->kind == IW_SAMPLE_FILE_ON_DEVICE
                             ? iw_arena_copy(arena, iw_watched_folder(c->folders, own->folder))
                             : IW_STR("");
        if (sample->folder.p == NULL)
            return IW_ENOMEM;
        IW_TRY(export_parts(&own->presence, arena, &sample->parts, &sample->n_parts));
    }
    if (channel->n_samples > 1)
        qsort(channel->samples, channel->n_samples, sizeof *channel->samples, compare_samples);
    return IW_OK;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* What else is known of its time than first and last. */
static enum iw_rc export_time(const struct iw_collector *c, const struct collector_stream *from,
                              struct iw_arena *arena, struct iw_telemetry_channel *channel)
{
    channel->part_ns = IW_PRESENCE_PART_NS << from->presence.doubled;
    channel->sources_cut = from->sources_cut;
    channel->sources = iw_arena_calloc(arena, from->n_sources, sizeof *channel->sources);
    if (channel->sources == NULL)
        return IW_ENOMEM;
    for (; channel->n_sources < from->n_sources; channel->n_sources++)
        channel->sources[channel->n_sources] = from->sources[channel->n_sources];
    if (channel->n_sources > 1)
        qsort(channel->sources, channel->n_sources, sizeof *channel->sources, compare_numbers);
    IW_TRY(export_parts(&from->presence, arena, &channel->parts, &channel->n_parts));
    return export_samples(c, from, arena, channel);
}

static void widen_ids(struct iw_record_run *ids, const struct iw_record_run *run)
{
    if (!iw_time_known(run->first_ns) || !iw_time_known(run->last_ns))
        return;
    if (ids->first == 0 || run->first_ns < ids->first_ns) {
        ids->first = run->first;
        ids->first_ns = run->first_ns;
    }
    if (ids->last == 0 || run->last_ns > ids->last_ns) {
        ids->last = run->last;
        ids->last_ns = run->last_ns;
    }
}

/* Which records there are: what is missing, and whether it may be several logs. */
static enum iw_rc export_ids(const struct iw_record_runs *runs, struct iw_arena *scratch,
                             struct iw_arena *arena, struct iw_telemetry_channel *channel)
{
    struct iw_log_lives lives;
    channel->first_id = runs->lowest;
    channel->last_id = runs->highest;
    channel->gaps_cut = runs->is_cut;
    channel->ids = (struct iw_record_run){0, 0, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN};
    channel->gaps = iw_arena_calloc(arena, runs->n, sizeof *channel->gaps);
    if (channel->gaps == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < runs->n; i++)
        widen_ids(&channel->ids, &runs->items[i]);
    if (runs->is_cut)
        return IW_OK;
    channel->n_gaps = iw_record_gaps_find(runs->items, runs->n, channel->gaps);
    for (size_t i = 0; i < channel->n_gaps; i++)
        channel->n_missing_ids += channel->gaps[i].before - channel->gaps[i].after - 1;
    IW_TRY(iw_log_lives_find(runs->items, runs->n, NULL, 0, scratch, &lives));
    if (lives.n < 2)
        return IW_OK;
    channel->runs = iw_arena_alloc(arena, runs->n * sizeof *channel->runs);
    if (channel->runs == NULL)
        return IW_ENOMEM;
    memcpy(channel->runs, runs->items, runs->n * sizeof *channel->runs);
    channel->n_runs = runs->n;
    return IW_OK;
}

static enum iw_rc export_channel(const struct iw_collector *c, const struct collector_stream *from,
                                 struct iw_arena *arena, struct iw_telemetry_channel *channel)
{
    struct iw_record_runs runs = {.is_ids_only = from->runs.is_ids_only,
                                  .is_cut = from->runs.is_cut};
    struct iw_arena scratch;
    enum iw_rc rc = IW_OK;
    iw_arena_init(&scratch, 0);
    for (size_t i = 0; i < from->runs.n && rc == IW_OK; i++)
        rc = iw_record_runs_add(&runs, &from->runs.items[i]);
    iw_record_runs_settle(&runs);
    runs.lowest = from->runs.lowest; /* also of ids that found no room */
    runs.highest = from->runs.highest;
    if (rc == IW_OK)
        rc = export_ids(&runs, &scratch, arena, channel);
    iw_arena_done(&scratch);
    iw_record_runs_done(&runs);
    IW_TRY(rc);
    channel->host = iw_arena_copy(arena, from->computer);
    channel->channel = iw_arena_copy(arena, from->channel);
    channel->n_events = from->n_events;
    channel->first_ns = from->first_ns;
    channel->last_ns = from->last_ns;
    if (channel->host.p == NULL || channel->channel.p == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_collector_export_served(c, from, arena, channel));
    return export_time(c, from, arena, channel);
}

enum iw_rc iw_collector_export(const struct iw_collector *c, struct iw_telemetry *ret)
{
    ret->n_rows_hidden = c->n_hidden;
    ret->rows = iw_arena_calloc(&ret->arena, c->rows.n, sizeof *ret->rows);
    ret->channels = iw_arena_calloc(&ret->arena, c->streams.n, sizeof *ret->channels);
    if (ret->rows == NULL || ret->channels == NULL)
        return IW_ENOMEM;
    for (; ret->n_rows < c->rows.n; ret->n_rows++)
        IW_TRY(export_row(c->rows.entries[ret->n_rows].value.pointer, &ret->arena,
                          &ret->rows[ret->n_rows]));
    for (; ret->n_channels < c->streams.n; ret->n_channels++)
        IW_TRY(export_channel(c, c->streams.entries[ret->n_channels].value.pointer, &ret->arena,
                              &ret->channels[ret->n_channels]));
    if (ret->n_rows != 0)
        qsort(ret->rows, ret->n_rows, sizeof *ret->rows, compare_rows);
    if (ret->n_channels != 0)
        qsort(ret->channels, ret->n_channels, sizeof *ret->channels, compare_channels);
    return IW_OK;
}
