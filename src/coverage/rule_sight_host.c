/*
 * One host at a time, gathered as for verdicts. Rows of a log stand by event id. Which fields a row
 * fills is worked out once for each row, also under the names of the taxonomy; which gaps a log has
 * when a demand first sees an event in it.
 */
#include "coverage/rule_sight_host.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "coverage/rule_sight_late.h"
#include "coverage/sample.h"
#include "event/channel.h"
#include "event/taxonomy.h"
#include "event/web_log.h"

#define WORD_BITS 64U

/* --- what demands ask for ------------------------------------------------------------------- */

static void number_fields(struct iw_sight_logs *logs, const struct iw_sigma_demand *demand)
{
    for (size_t i = 0; i < demand->n_choices; i++) {
        for (size_t k = 0; k < demand->choices[i].n; k++) {
            uint32_t *number = &logs->number_of[demand->choices[i].fields[k]];
            if (*number == 0)
                *number = (uint32_t)++logs->n_fields;
        }
    }
}

static enum iw_rc number_log(struct iw_sight_logs *logs, struct iw_str channel, uint32_t *ret)
{
    struct iw_str key = iw_arena_lower(&logs->arena, channel);
    struct iw_map_entry *entry;
    bool is_new = false;
    *ret = 0; /* any */
    if (channel.n == 0)
        return IW_OK;
    entry = key.p != NULL ? iw_map_add(&logs->by_channel, key, &is_new) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new) {
        if (!iw_array_reserve(&logs->logs, &logs->logs_cap, logs->n_logs + 1, sizeof *logs->logs))
            return IW_ENOMEM;
        entry->value.number = logs->n_logs;
        logs->logs[logs->n_logs++] = (struct iw_sight_log){.name = channel};
    }
    *ret = (uint32_t)entry->value.number;
    return IW_OK;
}

static enum iw_rc number_sources(struct iw_sight_logs *logs, size_t demand)
{
    const struct iw_sigma_demand *own = &logs->input->demands->items[demand];
    uint32_t *log_of = iw_arena_calloc(&logs->arena, own->n_sources + 1, sizeof *log_of);
    if (log_of == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < own->n_sources; i++)
        IW_TRY(number_log(logs, own->sources[i].channel, &log_of[i]));
    logs->log_of[demand] = log_of;
    return IW_OK;
}

enum iw_rc iw_sight_logs_init(struct iw_sight_logs *logs, const struct iw_rule_sight_input *input)
{
    memset(logs, 0, sizeof *logs);
    logs->input = input;
    iw_arena_init(&logs->arena, 0);
    iw_arena_init(&logs->work, 0);
    iw_arena_init(&logs->scratch, 0);
    iw_map_init(&logs->by_channel);
    logs->n_names = input->names->n;
    logs->number_of = iw_calloc(logs->n_names + 1, sizeof *logs->number_of);
    logs->is_filled = iw_calloc(logs->n_names + 1, 1);
    logs->log_of = iw_arena_calloc(&logs->arena, input->demands->n + 1, sizeof *logs->log_of);
    if (logs->number_of == NULL || logs->is_filled == NULL || logs->log_of == NULL ||
        !iw_array_reserve(&logs->logs, &logs->logs_cap, 1, sizeof *logs->logs))
        return IW_ENOMEM;
    logs->logs[logs->n_logs++] = (struct iw_sight_log){.name = IW_STR("")};
    for (size_t i = 0; i < input->demands->n; i++) {
        number_fields(logs, &input->demands->items[i]);
        IW_TRY(number_sources(logs, i));
    }
    logs->n_words = logs->n_fields / WORD_BITS + 1;
    logs->nothing.is_known = true;
    return IW_OK;
}

void iw_sight_logs_done(struct iw_sight_logs *logs)
{
    iw_free(logs->number_of);
    iw_free(logs->is_filled);
    iw_free(logs->logs);
    iw_map_done(&logs->by_channel);
    iw_arena_done(&logs->arena);
    iw_arena_done(&logs->work);
    iw_arena_done(&logs->scratch);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void set_bit(const struct iw_sight_logs *logs, uint64_t *bits, uint32_t field, bool is_set)
{
    uint32_t number = field < logs->n_names ? logs->number_of[field] : 0;
    uint64_t bit = UINT64_C(1) << number % WORD_BITS;
    if (number != 0)
        bits[number / WORD_BITS] =
            is_set ? bits[number / WORD_BITS] | bit : bits[number / WORD_BITS] & ~bit;
}

static bool has_bit(const uint64_t *bits, uint32_t number)
{
    return (bits[number / WORD_BITS] >> number % WORD_BITS & 1U) != 0;
}

/* Fields under names of the taxonomy; a virtual one gives way to the record's own. */
static void set_renamed(struct iw_sight_logs *logs, const struct iw_telemetry_row *row,
                        uint64_t *plain, uint64_t *taxonomy)
{
    const struct iw_taxonomy *table = iw_taxonomy_of(row->channel, row->event_id);
    for (size_t i = 0; table != NULL && i < table->n_rows; i++) {
        uint32_t canonical = table->rows[i].canonical;
        bool is_filled = logs->is_filled[table->rows[i].from] != 0;
        if (!table->is_virtual) {
            set_bit(logs, taxonomy, canonical, is_filled);
        } else if (is_filled) {
            set_bit(logs, plain, canonical, true);
            set_bit(logs, taxonomy, canonical, true);
        }
    }
}

static uint32_t name_of(const struct iw_sight_logs *logs, struct iw_str text)
{
    uint32_t id = iw_names_find(logs->input->names, text);
    return id < logs->n_names ? id : IW_NAME_UNASKED;
}

static enum iw_rc read_row(struct iw_sight_logs *logs, const struct iw_telemetry_row *row,
                           struct iw_sight_row *ret)
{
    uint64_t *plain = iw_arena_calloc(&logs->work, 2 * logs->n_words, sizeof *plain);
    uint64_t *taxonomy = plain + logs->n_words;
    if (plain == NULL)
        return IW_ENOMEM;
    *ret = (struct iw_sight_row){row, plain, taxonomy};
    if (row->n_decoded == 0 || row->n_fields_hidden != 0) { /* not all is known */
        memset(plain, 0xFF, 2 * logs->n_words * sizeof *plain);
        return IW_OK;
    }
    for (size_t i = 0; i < row->n_fields; i++) {
        uint32_t id = name_of(logs, row->fields[i].name);
        if (row->fields[i].n_filled == 0 || id == IW_NAME_UNASKED)
            continue;
        logs->is_filled[id] = 1;
        set_bit(logs, plain, id, true);
        set_bit(logs, taxonomy, id, true);
    }
    set_renamed(logs, row, plain, taxonomy);
    for (size_t i = 0; i < row->n_fields; i++)
        logs->is_filled[name_of(logs, row->fields[i].name)] = 0;
    return IW_OK;
}

static bool meets(const struct iw_sight_logs *logs, const uint64_t *bits,
                  const struct iw_demand_choice *choice)
{
    for (size_t i = 0; i < choice->n; i++) {
        if (has_bit(bits, logs->number_of[choice->fields[i]]))
            return true;
    }
    return false;
}

bool iw_sight_row_meets(const struct iw_sight_logs *logs, const struct iw_sight_row *row,
                        const struct iw_sigma_demand *demand, const struct iw_demand_choice *choice)
{
    return meets(logs, demand->by_taxonomy ? row->taxonomy : row->plain, choice);
}

/* --- hosts ---------------------------------------------------------------------------------- */

/* The log that demands ask for by that name; NULL: none does. */
static enum iw_rc find_log(struct iw_sight_logs *logs, struct iw_str channel,
                           struct iw_sight_log **ret)
{
    struct iw_str key = iw_arena_lower(&logs->work, channel);
    const struct iw_map_entry *entry;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&logs->by_channel, key);
    *ret = entry != NULL ? &logs->logs[entry->value.number] : NULL;
    return IW_OK;
}

/* Gives each log its rows: those of one channel stand together. */
static enum iw_rc take_rows(struct iw_sight_logs *logs, const struct iw_telemetry_row *rows,
                            size_t n)
{
    struct iw_sight_row *read = iw_arena_calloc(&logs->work, n + 1, sizeof *read);
    if (read == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        IW_TRY(read_row(logs, &rows[i], &read[i]));
    logs->logs[0].rows = read;
    logs->logs[0].n_rows = n;
    for (size_t i = 0, k; i < n; i = k) {
        struct iw_sight_log *log;
        IW_TRY(find_log(logs, rows[i].channel, &log));
        for (k = i + 1; k < n && iw_str_equal(rows[k].channel, rows[i].channel); k++) {
        }
        if (log == NULL || log->n_rows != 0)
            continue;
        log->rows = &read[i];
        log->n_rows = k - i;
    }
    return IW_OK;
}

enum iw_rc iw_sight_logs_of_host(struct iw_sight_logs *logs, struct iw_str host)
{
    struct iw_sight_log *any;
    iw_arena_reset(&logs->work);
    IW_TRY(iw_coverage_host_gather(logs->input->known, host, &logs->work, &logs->host));
    any = logs->logs;
    assert(any != NULL);
    for (size_t i = 0; i < logs->n_logs; i++)
        logs->logs[i] = (struct iw_sight_log){.name = logs->logs[i].name};
    for (size_t i = 0; i < logs->host.log.n_channels; i++) {
        const struct iw_telemetry_channel *channel = &logs->host.log.channels[i];
        struct iw_sight_log *log;
        IW_TRY(find_log(logs, channel->channel, &log));
        if (log != NULL && log->channel == NULL)
            log->channel = channel;
    }
    if (logs->host.log.n_channels != 0)
        any->channel = &logs->host.log.channels[0];
    return take_rows(logs, logs->host.rows, logs->host.n_rows);
}

/* --- gaps ----------------------------------------------------------------------------------- */

static enum iw_gap_scope scope_of(struct iw_str channel, enum iw_sample_kind kind)
{
    if (!iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_SECURITY)))
        return IW_GAP_OF_ALL;
    switch (kind) {
    case IW_SAMPLE_PROCESS:
        return IW_GAP_OF_PROCESSES;
    case IW_SAMPLE_FILE:
        return IW_GAP_OF_FILES;
    case IW_SAMPLE_LOGON:
        return IW_GAP_OF_LOGONS;
    case IW_SAMPLE_PROCESS_END: /* no link is of it */
    case IW_SAMPLE_NONE:
    case IW_SAMPLE_LOAD:
    case IW_SAMPLE_CONNECTION:
    case IW_SAMPLE_BARE_PROCESS:
    case IW_SAMPLE_FILE_ON_DEVICE:
    case IW_SAMPLE_KIND_COUNT:
        break;
    }
    return IW_GAP_OF_ALL;
}

/* The window as a whole, where times say nothing. */
static enum iw_rc miss_all(const struct iw_sight_logs *logs, struct iw_str why,
                           struct iw_sight_missing *ret)
{
    bool has_window = logs->host.log.from_ns < logs->host.log.to_ns;
    ret->n_gaps = 1;
    ret->why = why;
    IW_TRY(iw_span_set_add(&ret->spans, has_window ? logs->host.log.from_ns : 0,
                           has_window ? logs->host.log.to_ns : 1));
    iw_span_set_settle(&ret->spans);
    return IW_OK;
}

static size_t first_row(const struct iw_sight_logs *logs, const struct iw_sight_log *log,
                        uint32_t event_id);

/* When the first event of an id is; IW_TIME_UNKNOWN: nobody knows. */
static int64_t first_event(const struct iw_sight_logs *logs, const struct iw_sight_log *log,
                           uint32_t event_id)
{
    int64_t first_ns = IW_TIME_UNKNOWN, ignored = IW_TIME_UNKNOWN;
    for (size_t i = first_row(logs, log, event_id);
         i < log->n_rows && log->rows[i].row->event_id == event_id; i++)
        iw_time_widen(&first_ns, &ignored, log->rows[i].row->first_ns);
    return first_ns;
}

/* Whether some choice of the rule is of command line and parent alone. */
static bool needs_line(const struct iw_sight_logs *logs, const struct iw_sigma_demand *demand)
{
    static const char *const LINES[] = {"CommandLine", "ParentImage", "ParentProcessName",
                                        "ParentCommandLine"};
    for (size_t i = 0; i < demand->n_choices; i++) {
        bool is_only = demand->choices[i].n != 0;
        for (size_t k = 0; k < demand->choices[i].n && is_only; k++) {
            struct iw_str name = iw_names_text(logs->input->names, demand->choices[i].fields[k]);
            is_only = false;
            for (size_t at = 0; at < sizeof LINES / sizeof LINES[0]; at++)
                is_only = is_only || iw_str_equal_nocase(name, iw_str_of(LINES[at]));
        }
        if (is_only)
            return true;
    }
    return false;
}

static enum iw_rc find_missing(struct iw_sight_logs *logs, struct iw_sight_log *log,
                               uint32_t event_id, bool line, struct iw_sight_missing *ret)
{
    enum iw_sample_kind kind = iw_sample_kind_of(log->name, event_id);
    enum iw_gap_scope scope = scope_of(log->name, kind);
    const struct iw_sight_source_events events = {&logs->host, log->channel, event_id,
                                                  first_event(logs, log, event_id), line};
    *ret = (struct iw_sight_missing){.is_known = true, .spans = {.arena = &logs->work}};
    if (logs->host.log.from_ns >= logs->host.log.to_ns || log->channel->n_parts == 0)
        return miss_all(logs, IW_STR("none of its events has a time"), ret);
    if (!log->knows_gaps)
        IW_TRY(iw_log_gaps_find(&logs->host.log, log->channel, &logs->work, &log->gaps));
    log->knows_gaps = true;
    for (size_t i = 0; i < log->gaps.n; i++) {
        const struct iw_log_gap *gap = &log->gaps.items[i];
        if (gap->scope != IW_GAP_OF_ALL && gap->scope != scope)
            continue;
        if (ret->n_gaps++ == 0)
            ret->why = gap->why;
        IW_TRY(iw_span_set_add(&ret->spans, gap->from_ns, gap->to_ns));
    }
    iw_span_set_settle(&ret->spans);
    return iw_sight_late_find(&events, &logs->work, &ret->spans, &ret->n_gaps, &ret->why);
}

static enum iw_rc missing_of(struct iw_sight_logs *logs, struct iw_sight_log *log,
                             const struct iw_sigma_demand *demand, uint32_t event_id,
                             const struct iw_sight_missing **ret)
{
    enum iw_sample_kind kind = iw_sample_kind_of(log->name, event_id);
    bool line = kind == IW_SAMPLE_PROCESS && needs_line(logs, demand);
    struct iw_sight_missing *missing = &log->missing[kind][line];
    if (log == &logs->logs[0]) /* any log: no gap of one of them is a gap of all */
        return IW_OK;
    if (!missing->is_known)
        IW_TRY(find_missing(logs, log, event_id, line, missing));
    *ret = missing;
    return IW_OK;
}

/* --- one source ----------------------------------------------------------------------------- */

/* The first row of an event id; rows of any log are in no order of ids. */
static size_t first_row(const struct iw_sight_logs *logs, const struct iw_sight_log *log,
                        uint32_t event_id)
{
    size_t low = 0, high = log->n_rows;
    if (event_id == IW_DEMAND_ANY_ID || log == &logs->logs[0])
        return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->rows[middle].row->event_id < event_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t count_lacking(const struct iw_sight_logs *logs, const struct iw_sight_row *row,
                            const struct iw_sigma_demand *demand)
{
    size_t n = 0;
    for (size_t i = 0; i < demand->n_choices; i++)
        n += !iw_sight_row_meets(logs, row, demand, &demand->choices[i]);
    return n;
}

/* The row of an event id that lacks least; NULL: there is none. */
static const struct iw_sight_row *best_row(const struct iw_sight_logs *logs,
                                           const struct iw_sight_log *log,
                                           const struct iw_sigma_demand *demand, uint32_t event_id,
                                           size_t *ret_lacking)
{
    const struct iw_sight_row *best = NULL;
    *ret_lacking = SIZE_MAX;
    for (size_t i = first_row(logs, log, event_id); i < log->n_rows && *ret_lacking != 0; i++) {
        size_t n;
        if (event_id != IW_DEMAND_ANY_ID && log->rows[i].row->event_id != event_id) {
            if (log == &logs->logs[0])
                continue;
            break;
        }
        n = count_lacking(logs, &log->rows[i], demand);
        if (n >= *ret_lacking)
            continue;
        best = &log->rows[i];
        *ret_lacking = n;
    }
    return best;
}

enum iw_rc iw_sight_source(struct iw_sight_logs *logs, const struct iw_sigma_demand *demand,
                           size_t number, struct iw_sight_seen *ret)
{
    const struct iw_demand_source *source = &demand->sources[number];
    uint32_t log_number = logs->log_of[demand - logs->input->demands->items][number];
    struct iw_sight_log *log = &logs->logs[log_number];
    size_t n_lacking;
    *ret = (struct iw_sight_seen){.log = log_number,
                                  .channel = source->channel,
                                  .event_id = source->event_id,
                                  .missing = &logs->nothing};
    if (log->channel == NULL)
        return IW_OK;
    ret->row = best_row(logs, log, demand, source->event_id, &n_lacking);
    ret->kind = ret->row == NULL ? IW_SEEN_NO_EVENT : n_lacking != 0 ? IW_SEEN_LACKING : IW_SEEN;
    return ret->kind == IW_SEEN ? missing_of(logs, log, demand, source->event_id, &ret->missing)
                                : IW_OK;
}

struct iw_str iw_sight_log_name(struct iw_str channel)
{
    if (channel.n == 0)
        return IW_STR("any log");
    if (iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_SYSMON)))
        return IW_STR("Sysmon");
    if (iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_W3SVC)))
        return IW_STR("log of requests");
    return channel;
}
