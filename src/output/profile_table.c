/*
 * The telemetry profile for people: host, channel, event ids, and which fields are always, partly
 * or never filled.
 *
 * A percentage is rounded down and never to 0 or 100 unless it is: a field that is missing once in
 * a million is not "always" there, because that one may be the event that matters.
 */
#include "output/display.h"

#define GAPS_SHOWN 3U
#define CHANNEL_INDENT 2U
#define ROW_INDENT 4U
#define FIELD_LABEL_COLUMNS 8U
#define FIELD_INDENT 12U

enum fill { FILL_ALWAYS = 0, FILL_PARTLY, FILL_NEVER, FILL_COUNT };

static enum fill fill_of(const struct iw_telemetry_row *row, const struct iw_field_fill *field)
{
    if (field->n_filled == 0)
        return FILL_NEVER;
    return field->n_filled >= row->n_decoded ? FILL_ALWAYS : FILL_PARTLY;
}

static void add_percent(struct iw_buffer *out, uint64_t part, uint64_t whole)
{
    uint64_t percent = (uint64_t)((double)part * 100.0 / (double)whole);
    if (percent == 0)
        iw_buffer_add(out, IW_STR(" under 1 %"));
    else
        iw_buffer_printf(out, " %llu %%", (unsigned long long)(percent < 100 ? percent : 99));
}

static void add_fields(const struct iw_telemetry_row *row, enum fill fill,
                       const struct iw_style *style, struct iw_buffer *scratch,
                       struct iw_buffer *out)
{
    static const char *const LABELS[FILL_COUNT] = {"always", "partly", "never"};
    iw_buffer_clear(scratch);
    for (size_t i = 0; i < row->n_fields; i++) {
        if (fill_of(row, &row->fields[i]) != fill)
            continue;
        if (scratch->n != 0)
            iw_buffer_add(scratch, IW_STR(", "));
        iw_buffer_add(scratch, row->fields[i].name);
        if (fill == FILL_PARTLY)
            add_percent(scratch, row->fields[i].n_filled, row->n_decoded);
    }
    out->failed |= scratch->failed;
    if (scratch->n == 0)
        return;
    iw_display_spaces(out, FIELD_INDENT);
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_display_cell(out, iw_str_of(LABELS[fill]), FIELD_LABEL_COLUMNS);
    iw_display_plain(out, style);
    iw_display_wrapped(out, style, FIELD_INDENT + FIELD_LABEL_COLUMNS, 12, iw_buffer_str(scratch));
}

static void add_row(const struct iw_telemetry_row *row, const struct iw_style *style,
                    struct iw_buffer *scratch, struct iw_buffer *out)
{
    iw_display_spaces(out, ROW_INDENT);
    iw_buffer_printf(out, "%6u  ", row->event_id);
    iw_buffer_clear(scratch);
    iw_display_counted(scratch, row->n_events, "event", "events");
    if (row->n_decoded < row->n_events) {
        iw_buffer_add(scratch, IW_STR(" ("));
        iw_display_count(scratch, row->n_decoded);
        iw_buffer_add(scratch, IW_STR(" decoded)"));
    }
    if (row->provider.n != 0 && !iw_str_begins_nocase(row->channel, row->provider)) {
        iw_buffer_add(scratch, IW_STR(" of "));
        iw_buffer_add(scratch, row->provider);
    }
    iw_buffer_add(scratch, IW_STR(", "));
    iw_display_span(scratch, row->first_ns, row->last_ns);
    out->failed |= scratch->failed;
    iw_display_wrapped(out, style, FIELD_INDENT, 2, iw_buffer_str(scratch));
    for (enum fill fill = FILL_ALWAYS; fill < FILL_COUNT; fill++)
        add_fields(row, fill, style, scratch, out);
    if (row->n_fields_hidden != 0) {
        iw_display_spaces(out, FIELD_INDENT);
        iw_display_counted(out, row->n_fields_hidden, "more field", "more fields");
        iw_buffer_add(out, IW_STR(" under names past the limit\n"));
    }
}

static void add_range(struct iw_buffer *out, uint64_t first, uint64_t last)
{
    iw_buffer_add_u64(out, first);
    if (first == last)
        return;
    iw_buffer_add(out, IW_STR(" to "));
    iw_buffer_add_u64(out, last);
}

static void add_gaps(const struct iw_telemetry_channel *channel, const struct iw_style *style,
                     struct iw_buffer *out)
{
    if (channel->gaps_cut) {
        iw_display_spaces(out, ROW_INDENT);
        iw_display_toned(out, style, IW_TONE_WARNING,
                         "more runs of record ids than can be kept: gaps are incomplete");
        iw_buffer_add_char(out, '\n');
    }
    if (channel->n_gaps == 0)
        return;
    iw_display_spaces(out, ROW_INDENT);
    iw_display_tone(out, style, IW_TONE_WARNING);
    iw_display_counted(out, channel->n_missing_ids, "record id", "record ids");
    iw_buffer_add(out, IW_STR(" missing in "));
    iw_display_counted(out, channel->n_gaps, "gap", "gaps");
    iw_display_plain(out, style);
    for (size_t i = 0; i < channel->n_gaps && i < GAPS_SHOWN; i++) {
        iw_buffer_add(out, i == 0 ? IW_STR(": ") : IW_STR(", "));
        add_range(out, channel->gaps[i].after + 1, channel->gaps[i].before - 1);
    }
    if (channel->n_gaps > GAPS_SHOWN)
        iw_buffer_add(out, IW_STR(", …"));
    iw_buffer_add_char(out, '\n');
}

static void add_channel(const struct iw_telemetry_channel *channel, const struct iw_style *style,
                        struct iw_buffer *scratch, struct iw_buffer *out)
{
    iw_display_spaces(out, CHANNEL_INDENT);
    iw_display_tone(out, style, IW_TONE_STRONG);
    (void)iw_display_text(out, channel->channel.n != 0 ? channel->channel : IW_STR("(no channel)"),
                          72);
    iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
    iw_buffer_clear(scratch);
    iw_display_counted(scratch, channel->n_events, "event", "events");
    iw_buffer_add(scratch, IW_STR(", "));
    iw_display_span(scratch, channel->first_ns, channel->last_ns);
    if (channel->first_id != 0) {
        bool is_one = channel->first_id == channel->last_id;
        iw_buffer_add(scratch, is_one ? IW_STR(", record ") : IW_STR(", records "));
        add_range(scratch, channel->first_id, channel->last_id);
    }
    out->failed |= scratch->failed;
    iw_display_spaces(out, ROW_INDENT);
    iw_display_wrapped(out, style, ROW_INDENT, 2, iw_buffer_str(scratch));
    add_gaps(channel, style, out);
}

static void add_host(struct iw_str host, bool is_first, const struct iw_style *style,
                     struct iw_buffer *out)
{
    if (!is_first)
        iw_buffer_add_char(out, '\n');
    iw_display_tone(out, style, IW_TONE_STRONG);
    (void)iw_display_text(out, iw_display_host(host), 72);
    iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
}

void iw_output_profile_table(const struct iw_run *run, const struct iw_style *style,
                             struct iw_buffer *out)
{
    const struct iw_telemetry *telemetry = &run->telemetry;
    struct iw_buffer scratch;
    size_t row = 0;

    iw_buffer_init(&scratch);
    for (size_t i = 0; i < telemetry->n_channels; i++) {
        const struct iw_telemetry_channel *channel = &telemetry->channels[i];
        if (i == 0 || !iw_str_equal(channel[-1].host, channel->host))
            add_host(channel->host, i == 0, style, out);
        add_channel(channel, style, &scratch, out);
        /* Rows come in the order of the channels. */
        for (; row < telemetry->n_rows && iw_str_equal(telemetry->rows[row].host, channel->host) &&
               iw_str_equal(telemetry->rows[row].channel, channel->channel);
             row++)
            add_row(&telemetry->rows[row], style, &scratch, out);
    }
    if (telemetry->n_channels == 0)
        iw_buffer_add(out, IW_STR("No events were read: there is no telemetry to describe.\n"));
    else
        iw_buffer_add(out, IW_STR("\nTimes are UTC. A field is filled when it holds more than "
                                  "nothing or `-`.\n"));
    if (telemetry->n_rows_hidden != 0) {
        iw_display_counted(out, telemetry->n_rows_hidden, "event is", "events are");
        iw_buffer_add(out, IW_STR(" in no row above: there are more kinds than can be kept.\n"));
    }
    iw_buffer_done(&scratch);
}
