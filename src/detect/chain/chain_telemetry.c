/*
 * The telemetry profile as sources of links.
 */
#include "detect/chain/chain_telemetry.h"

#include "base/arena_text.h"
#include "event/web_log.h"
#include "event/channel.h"

/* Which rows are which source; with a field: only where it was ever filled. */
static const struct {
    enum iw_chain_source source;
    const char *channel;
    uint32_t event_id; /* 0: any */
    const char *field; /* NULL: the event alone does */
    const char *words;
} SOURCES[] = {
    {IW_CHAIN_SOURCE_FILES, IW_CHANNEL_SYSMON, 11, NULL, "Sysmon 11"},
    {IW_CHAIN_SOURCE_FILES, IW_CHANNEL_SYSMON, 15, NULL, "Sysmon 15"},
    {IW_CHAIN_SOURCE_FILES, "Security", 4663, NULL, "Security 4663"},
    {IW_CHAIN_SOURCE_FILES, "Security", 5145, NULL, "Security 5145"},
    {IW_CHAIN_SOURCE_PROCESSES, IW_CHANNEL_SYSMON, 1, NULL, "Sysmon 1"},
    {IW_CHAIN_SOURCE_PROCESSES, "Security", 4688, NULL, "Security 4688"},
    {IW_CHAIN_SOURCE_COMMAND_LINES, IW_CHANNEL_SYSMON, 1, "CommandLine", "Sysmon 1"},
    {IW_CHAIN_SOURCE_COMMAND_LINES, "Security", 4688, "CommandLine", "Security 4688"},
    {IW_CHAIN_SOURCE_PARENTS, IW_CHANNEL_SYSMON, 1, "ParentImage", "Sysmon 1"},
    {IW_CHAIN_SOURCE_PARENTS, "Security", 4688, "ParentProcessName", "Security 4688"},
    {IW_CHAIN_SOURCE_REQUESTS, IW_CHANNEL_W3SVC, 0, NULL, "the log of requests"},
    {IW_CHAIN_SOURCE_LOADS, IW_CHANNEL_SYSMON, 7, NULL, "Sysmon 7"},
    {IW_CHAIN_SOURCE_CONFIGURATION, IW_CHANNEL_IIS_CONFIGURATION, 0, NULL,
     IW_CHANNEL_IIS_CONFIGURATION},
};

static bool is_filled(const struct iw_telemetry_row *row, const char *field)
{
    for (size_t i = 0; field != NULL && i < row->n_fields; i++) {
        if (iw_str_equal_nocase(row->fields[i].name, iw_str_of(field)))
            return row->fields[i].n_filled != 0;
    }
    return field == NULL;
}

static enum iw_rc name_source(struct iw_chain_span *span, const char *words, struct iw_arena *arena)
{
    if (span->by.n != 0 && iw_str_holds_nocase(span->by, iw_str_of(words)))
        return IW_OK;
    span->by = span->by.n == 0 ? iw_str_of(words)
                               : iw_arena_format(arena, "%.*s, %s", IW_STR_ARG(span->by), words);
    return span->by.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_chain_telemetry_rows_init(struct iw_chain_telemetry_rows *rows,
                                        const struct iw_telemetry *telemetry)
{
    *rows = (struct iw_chain_telemetry_rows){.telemetry = telemetry};
    iw_arena_init(&rows->arena, 0);
    iw_map_init(&rows->by_host);
    rows->next = iw_arena_calloc(&rows->arena, telemetry->n_rows + 1, sizeof *rows->next);
    if (rows->next == NULL)
        return IW_ENOMEM;
    for (size_t i = telemetry->n_rows; i-- > 0;) { /* from behind: lists begin at the first row */
        struct iw_str host = iw_arena_lower(&rows->arena, telemetry->rows[i].host);
        struct iw_map_entry *entry = host.p != NULL ? iw_map_add(&rows->by_host, host, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        rows->next[i] = (size_t)entry->value.number;
        entry->value.number = i + 1;
    }
    return IW_OK;
}

void iw_chain_telemetry_rows_done(struct iw_chain_telemetry_rows *rows)
{
    if (rows->telemetry == NULL)
        return;
    iw_map_done(&rows->by_host);
    iw_arena_done(&rows->arena);
}

/* What one row says of the sources. */
static enum iw_rc read_row(const struct iw_telemetry_row *row, struct iw_arena *arena,
                           struct iw_chain_telemetry *ret)
{
    for (size_t k = 0; k < sizeof SOURCES / sizeof SOURCES[0]; k++) {
        struct iw_chain_span *span = &ret->of[SOURCES[k].source];
        if ((SOURCES[k].event_id != 0 && SOURCES[k].event_id != row->event_id) ||
            !iw_str_equal_nocase(row->channel, iw_str_of(SOURCES[k].channel)) ||
            !is_filled(row, SOURCES[k].field))
            continue;
        span->is_seen = true;
        iw_time_widen(&span->first_ns, &span->last_ns, row->first_ns);
        iw_time_widen(&span->first_ns, &span->last_ns, row->last_ns);
        IW_TRY(name_source(span, SOURCES[k].words, arena));
    }
    return IW_OK;
}

enum iw_rc iw_chain_telemetry_read(struct iw_chain_telemetry_rows *rows, struct iw_str host,
                                   struct iw_arena *arena, struct iw_chain_telemetry *ret)
{
    struct iw_str lower = iw_arena_lower(arena, host);
    const struct iw_map_entry *entry;
    if (lower.p == NULL)
        return IW_ENOMEM;
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < IW_CHAIN_SOURCE_COUNT; i++)
        ret->of[i] = (struct iw_chain_span){
            .first_ns = IW_TIME_UNKNOWN, .last_ns = IW_TIME_UNKNOWN, .by = IW_STR("")};
    entry = iw_map_find(&rows->by_host, lower);
    for (size_t at = entry != NULL ? (size_t)entry->value.number : 0; at != 0;
         at = rows->next[at - 1]) {
        rows->n_read++;
        IW_TRY(read_row(&rows->telemetry->rows[at - 1], arena, ret));
    }
    return IW_OK;
}
