/*
 * Lines as events. Where nobody asks for lines of the channel only their time (and host, where a
 * column names it) is read: that is what profiles and coverage count.
 */
#include "input/iislog/iislog_event.h"

#include "base/utf.h"
#include "event/web_log.h"
#include "input/iislog/iislog_text.h"

#define NS_PER_MS INT64_C(1000000)
/* A longer time-taken is no time (49 days in milliseconds are 2^32). */
#define LONGEST_MS (UINT64_C(1) << 40)

enum iw_rc iislog_events_init(struct iislog_events *events, const struct iw_reader_options *options)
{
    memset(events, 0, sizeof *events);
    iw_event_builder_init(&events->builder, options->names, options->route);
    iislog_directives_init(&events->directives);
    events->route = options->route;
    events->names = options->names;
    iw_names_describe(options->names, IW_STR("s-sitename"), &events->site_name);
    iw_names_describe(options->names, IW_STR("x-request-start"), &events->start_name);
    iw_names_describe(options->names, IW_STR("x-beyond-fields"), &events->beyond_name);
    return iislog_bare_init(&events->bare, options->names, &events->clock);
}

void iislog_events_done(struct iislog_events *events)
{
    iislog_bare_done(&events->bare);
    iislog_directives_done(&events->directives);
    iw_event_builder_done(&events->builder);
}

void iislog_events_settle(struct iislog_events *events)
{
    const struct iislog_directives *directives = &events->directives;
    bool is_refused = directives->is_http_sys || directives->columns.reason != IISLOG_NO_COLUMN;
    events->channel = iw_str_of(is_refused ? IW_CHANNEL_HTTPERR : events->place.channel);
    events->is_wanted =
        iw_route_wants(events->route, iw_route_find(events->route, events->channel), 0);
}

/* --- what a line says --- */

/* A line taken apart. */
struct parts {
    const struct iislog_columns *columns;
    size_t n; /* values there are */
    struct iw_str beyond;
    int64_t time_ns;
    bool is_local, is_cut;
    enum iw_damage assumption; /* about its columns; IW_DAMAGE_COUNT: none */
};

static struct iw_str value_at(const struct parts *parts, size_t column)
{
    return column < parts->n ? parts->columns->values[column] : IW_STR("");
}

/* The columns every line is asked for. */
static size_t count_head_columns(const struct iislog_columns *columns)
{
    size_t n = 0;
    if (columns->date != IISLOG_NO_COLUMN)
        n = columns->date + 1;
    if (columns->time != IISLOG_NO_COLUMN && columns->time >= n)
        n = columns->time + 1;
    return n;
}

static int64_t time_of(struct iislog_events *events, const struct parts *parts)
{
    const struct iislog_columns *columns = parts->columns;
    const struct iislog_day day = {events->directives.date_ns, events->place.day_ns};
    int64_t day_ns, time_ns;

    if (!iislog_clock_time(value_at(parts, columns->time), &time_ns))
        return IW_TIME_UNKNOWN;
    if (columns->date == IISLOG_NO_COLUMN)
        day_ns = iislog_day_of(&day, time_ns);
    else if (!iislog_clock_date(&events->clock, value_at(parts, columns->date), &day_ns))
        return IW_TIME_UNKNOWN;
    return iw_time_known(day_ns) ? day_ns + time_ns : IW_TIME_UNKNOWN;
}

static void split_whole(struct iislog_columns *columns, struct iw_str text, struct parts *parts)
{
    struct iislog_split split = iislog_columns_split(columns, text);
    parts->n = split.n;
    parts->beyond = split.beyond;
    parts->is_cut = split.n < columns->n || (columns->is_cut && split.beyond.n != 0);
}

/* Reads a line under `#Fields`. False: it is no line of them. */
static bool read_line(struct iislog_events *events, struct iw_str text, struct parts *parts)
{
    struct iislog_columns *columns = &events->directives.columns;

    *parts =
        (struct parts){.columns = columns, .beyond = IW_STR(""), .assumption = IW_DAMAGE_COUNT};
    if (events->is_wanted || columns->computer != IISLOG_NO_COLUMN)
        split_whole(columns, text, parts);
    else
        parts->n = iislog_columns_split_first(columns, text, count_head_columns(columns));
    parts->time_ns = time_of(events, parts);
    if (iw_time_known(parts->time_ns))
        return true;
    /* Too few values, and what should be a time is none: noise, or the end of a lost line. */
    split_whole(columns, text, parts);
    return parts->n == columns->n || (columns->time == IISLOG_NO_COLUMN && parts->n > 1);
}

/* Reads a line without `#Fields`. False: it has no form that is known. */
static bool read_bare_line(struct iislog_events *events, const struct iislog_line *line,
                           struct parts *parts, struct iw_str *channel)
{
    struct iislog_bare_line bare = iislog_bare_read(&events->bare, line->text);

    *parts = (struct parts){.columns = bare.columns,
                            .n = bare.n,
                            .beyond = IW_STR(""),
                            .time_ns = bare.time_ns,
                            .is_local = bare.is_local,
                            .assumption = IW_DAMAGE_COUNT};
    switch (bare.form) {
    case IISLOG_FORM_COUNT:
        return false;
    case IISLOG_FORM_IIS:
    case IISLOG_FORM_NCSA:
        break;
    case IISLOG_FORM_HTTPERR:
    case IISLOG_FORM_HTTPERR_2:
        *channel = IW_STR(IW_CHANNEL_HTTPERR);
        parts->assumption = IW_DAMAGE_FIELDS_ASSUMED;
        break;
    case IISLOG_FORM_W3C:
        parts->assumption = IW_DAMAGE_FIELDS_ASSUMED;
        break;
    case IISLOG_FORM_UNKNOWN:
        parts->assumption = IW_DAMAGE_FIELDS_UNKNOWN;
        break;
    }
    return true;
}

/* --- the event --- */

/* The value as text; *is_repaired is set where bytes were replaced. */
static enum iw_rc text_of(const struct iislog_events *events, struct iw_str value,
                          struct iw_arena *arena, bool *is_repaired, struct iw_str *ret)
{
    bool was_bad;
    if (events->place.is_ansi) {
        *ret = iw_ansi_to_arena((const uint8_t *)value.p, value.n, arena);
    } else {
        *ret = iislog_text_utf8(value, arena, &was_bad);
        *is_repaired |= was_bad;
    }
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc add(struct iislog_events *events, const struct iw_name *name, struct iw_str value,
                      const struct iislog_line *line, bool *is_repaired)
{
    if (!line->is_ascii)
        IW_TRY(text_of(events, value, &events->builder.batch->arena, is_repaired, &value));
    return iw_event_builder_add_known(&events->builder, IW_PLACE_EVENT_DATA, name, value);
}

/* When the request began: its end less the milliseconds it took. */
static enum iw_rc add_start(struct iislog_events *events, const struct parts *parts)
{
    struct iw_arena *arena = &events->builder.batch->arena;
    uint64_t took_ms;
    char *text;

    if (!iw_time_known(parts->time_ns) || parts->is_local ||
        !iw_str_to_u64(value_at(parts, parts->columns->time_taken), &took_ms) ||
        took_ms > LONGEST_MS)
        return IW_OK;
    text = iw_arena_alloc(arena, IW_TIME_TEXT_BYTES);
    if (text == NULL)
        return IW_ENOMEM;
    iw_time_format(parts->time_ns - (int64_t)took_ms * NS_PER_MS, text);
    return iw_event_builder_add_known(&events->builder, IW_PLACE_OTHER, &events->start_name,
                                      (struct iw_str){text, IW_TIME_TEXT_BYTES});
}

static enum iw_rc add_fields(struct iislog_events *events, const struct parts *parts,
                             const struct iislog_line *line, bool *is_repaired)
{
    for (size_t i = 0; i < parts->n; i++)
        IW_TRY(
            add(events, &parts->columns->names[i], parts->columns->values[i], line, is_repaired));
    if (parts->beyond.n != 0)
        IW_TRY(add(events, &events->beyond_name, parts->beyond, line, is_repaired));
    if (parts->columns->site == IISLOG_NO_COLUMN && events->place.site.n != 0)
        IW_TRY(iw_event_builder_add_known(&events->builder, IW_PLACE_OTHER, &events->site_name,
                                          events->place.site));
    return add_start(events, parts);
}

/* `-` is nobody's name, and of a line whose values do not fit its columns none is believed. */
static enum iw_rc computer_of(struct iislog_events *events, const struct parts *parts,
                              struct iw_batch *batch, struct iw_str *ret)
{
    bool ignored = false;
    *ret = value_at(parts, parts->columns->computer);
    if (iw_str_equal(*ret, IW_STR("-")) || parts->is_cut || parts->beyond.n != 0)
        *ret = IW_STR("");
    return text_of(events, *ret, &batch->arena, &ignored, ret);
}

static enum iw_rc build(struct iislog_events *events, struct iw_batch *batch,
                        const struct parts *parts, struct iw_str channel,
                        const struct iislog_line *line, bool *is_repaired)
{
    struct iw_event_builder *builder = &events->builder;
    struct iw_event_head head = {
        .channel = channel,
        .provider = {events->directives.software, events->directives.n_software},
        .created_ns = parts->time_ns};
    IW_TRY(computer_of(events, parts, batch, &head.computer));
    builder->event->line = line->number;
    if (parts->is_local)
        builder->event->flags |= IW_EVENT_TIME_LOCAL;
    if (parts->is_cut)
        iw_event_builder_cut(builder);
    if (!iw_event_builder_head(builder, &head))
        return IW_OK;
    return add_fields(events, parts, line, is_repaired);
}

static void count(struct iislog_events *events, const struct parts *parts, uint64_t offset,
                  bool is_repaired)
{
    struct iw_account *account = events->account;
    account->n_records++;
    account->n_decoded += (events->builder.event->flags & IW_EVENT_DECODED) != 0;
    if (parts->assumption != IW_DAMAGE_COUNT)
        iw_account_damage(account, parts->assumption, offset, 1);
    if (!iw_time_known(parts->time_ns))
        iw_account_damage(account, IW_DAMAGE_TIME_UNKNOWN, offset, 1);
    else if (parts->is_local)
        iw_account_damage(account, IW_DAMAGE_TIME_LOCAL, offset, 1);
    if (parts->beyond.n != 0)
        iw_account_damage(account, IW_DAMAGE_COLUMNS, offset, 1);
    if (is_repaired)
        iw_account_damage(account, IW_DAMAGE_TEXT_REPAIRED, offset, 1);
    if (iw_event_builder_end(&events->builder))
        iw_account_damage(account, IW_DAMAGE_RECORD_CUT, offset, 1);
}

static void lose(struct iislog_events *events, enum iw_damage kind, const struct iislog_line *line)
{
    iw_account_damage(events->account, kind, line->offset, 1);
    events->account->lost_bytes += line->text.n;
}

enum iw_rc iislog_events_add(struct iislog_events *events, struct iw_batch *batch,
                             const struct iislog_line *line)
{
    struct iw_str channel = events->channel;
    struct parts parts;
    bool is_repaired = false;
    enum iw_rc rc;

    if (events->directives.columns.n != 0) {
        if (!read_line(events, line->text, &parts)) {
            lose(events, IW_DAMAGE_RECORD, line);
            return IW_OK;
        }
    } else if (!read_bare_line(events, line, &parts, &channel)) {
        lose(events, IW_DAMAGE_FORM_UNKNOWN, line);
        return IW_OK;
    }
    iw_event_builder_begin(&events->builder, batch, events->source, line->offset);
    rc = build(events, batch, &parts, channel, line, &is_repaired);
    if (rc == IW_OK) {
        count(events, &parts, line->offset, is_repaired);
        return IW_OK;
    }
    iw_event_builder_cancel(&events->builder);
    return rc == IW_ENOMEM && batch->arena.hit_cap && batch->n != 0 ? IW_ELIMIT : rc;
}
