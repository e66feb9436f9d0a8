/*
 * The books of a host's logs (see lab_log.h).
 *
 * What it does: record ids and times of each channel, filters, the forms in which events are
 * collected, the traces of acts. What it ignores: what the events say.
 */
#include "lab/log/lab_log.h"

#include "lab/evtx/lab_text.h"
#include "lab/generate/lab_output.h"
#include "lab/lab_alloc.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_CHANNELS 32U
#define SCRATCH_BYTES 65536U

struct channel {
    const char *name;
    uint64_t next_id, last_time;
};

struct seen {
    const struct iw_lab_act *act;
    const char *channel;
    unsigned id;
};

/* A trace of an act; told when the log it is in can no longer be cleared. */
struct told {
    struct iw_lab_trace trace; /* no channel: gone */
    const char *copy;          /* where the second form has it, or NULL */
};

struct iw_lab_logs {
    struct channel channels[MAX_CHANNELS];
    size_t n_channels;
    const struct iw_lab_form_class *classes[2];
    struct iw_lab_form *forms[2];
    struct iw_lab_weblog *weblog;
    struct iw_lab_record record;
    char scratch[SCRATCH_BYTES];
    size_t scratch_used;
    struct iw_lab_arena overflow; /* what does not fit into scratch */
    struct seen *seen;
    size_t n_seen, n_seen_room;
    struct told *told;
    size_t n_told, n_told_room;
};

static const char *const short_names[][2] = {
    {"Sysmon", IW_LAB_SYSMON},
    {"IIS-Configuration", IW_LAB_IIS_CONFIGURATION},
    {"PowerShell", IW_LAB_POWERSHELL},
    {"Defender", "Microsoft-Windows-Windows Defender/Operational"},
    {"TaskScheduler", "Microsoft-Windows-TaskScheduler/Operational"},
};

bool iw_lab_log_knows_channel(const char *name)
{
    const char *whole = iw_lab_log_channel(name);
    const struct iw_lab_kind *kind = NULL;
    for (size_t i = 0; (kind = iw_lab_kind_at(i)) != NULL; i++) {
        if (strcmp(iw_lab_kind_channel(kind), whole) == 0) {
            return true;
        }
    }
    return strchr(whole, '/') != NULL && whole[0] != '/' && strlen(whole) <= 200;
}

const char *iw_lab_log_channel(const char *name)
{
    for (size_t i = 0; i < sizeof short_names / sizeof short_names[0]; i++) {
        if (strcasecmp(short_names[i][0], name) == 0) {
            return short_names[i][1];
        }
    }
    return name;
}

/* ---- opening and closing */

static struct iw_lab_form *open_form(struct iw_lab_host *host,
                                     const struct iw_lab_form_class *class)
{
    const struct iw_lab_output *output = host->world->options.output;
    struct iw_lab_form_options options = {.root = output->evidence,
                                          .host = host->name,
                                          .computer = host->computer,
                                          .header_shift = host->collection.header_clock,
                                          .stream = output->stream};
    return class->open(&options);
}

bool iw_lab_logs_open(struct iw_lab_host *host)
{
    struct iw_lab_output *output = host->world->options.output;
    struct iw_lab_logs *logs = host->logs = iw_lab_alloc_zeroed(1, sizeof *logs);
    if (output == NULL) {
        return true;
    }
    logs->classes[0] = iw_lab_form_find(host->collection.form);
    if (output->stream != NULL && !logs->classes[0]->is_stream_able) {
        logs->classes[0] = iw_lab_form_find("otrf");
    }
    if (host->collection.also != NULL && output->stream == NULL) {
        logs->classes[1] = iw_lab_form_find(host->collection.also);
    }
    for (size_t i = 0; i < 2 && logs->classes[i] != NULL; i++) {
        logs->forms[i] = open_form(host, logs->classes[i]);
    }
    if (host->is_web && output->stream == NULL) {
        logs->weblog = iw_lab_weblog_new(output->evidence, host->name);
    }
    return true;
}

bool iw_lab_logs_close(struct iw_lab_host *host)
{
    struct iw_lab_logs *logs = host->logs;
    struct iw_lab_error error = {.text = ""};
    bool ok = true;
    for (size_t i = 0; i < logs->n_told; i++) {
        if (logs->told[i].trace.channel != NULL) {
            iw_lab_output_trace(host->world->options.output, &logs->told[i].trace);
        }
    }
    logs->n_told = 0;
    for (size_t i = 0; i < 2 && logs->classes[i] != NULL; i++) {
        ok = logs->classes[i]->close(logs->forms[i], &error) && ok;
        logs->forms[i] = NULL;
    }
    ok = iw_lab_weblog_close(logs->weblog, &error) && ok;
    logs->weblog = NULL;
    return ok || iw_lab_world_fail(host->world, NULL, "%s", error.text);
}

void iw_lab_logs_free(struct iw_lab_logs *logs)
{
    if (logs == NULL) {
        return;
    }
    for (size_t i = 0; i < 2 && logs->classes[i] != NULL; i++) {
        logs->classes[i]->close(logs->forms[i], NULL);
    }
    iw_lab_weblog_close(logs->weblog, NULL);
    iw_lab_arena_done(&logs->overflow);
    iw_lab_alloc_release(logs->seen);
    iw_lab_alloc_release(logs->told);
    iw_lab_alloc_release(logs);
}

struct iw_lab_weblog *iw_lab_log_requests(struct iw_lab_host *host)
{
    return host->logs->weblog;
}

/* ---- texts */

const char *iw_lab_log_print(struct iw_lab_host *host, const char *format, ...)
{
    struct iw_lab_logs *logs = host->logs;
    char *out = logs->scratch + logs->scratch_used;
    size_t room = SCRATCH_BYTES - logs->scratch_used;
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t size_bytes = (size_t)vsnprintf(out, room, format, arguments) + 1;
    va_end(arguments);
    if (size_bytes > room) {
        out = iw_lab_arena_take(&logs->overflow, size_bytes, 1);
        vsnprintf(out, size_bytes, format, again);
    } else {
        logs->scratch_used += size_bytes;
    }
    va_end(again);
    return out;
}

const char *iw_lab_log_user(struct iw_lab_host *host, const struct iw_lab_session *session)
{
    return iw_lab_log_print(host, "%s\\%s", session->domain, session->user);
}

const char *iw_lab_log_utc(struct iw_lab_host *host, uint64_t true_time)
{
    char text[32];
    iw_lab_text_print_time(true_time + (uint64_t)host->skew, text);
    text[10] = ' ';
    text[23] = '\0';
    return iw_lab_log_print(host, "%s", text);
}

void iw_lab_log_set_subject(struct iw_lab_record *record, struct iw_lab_host *host,
                            const char *prefix, const struct iw_lab_session *session)
{
    bool is_system = strcmp(session->sid, "S-1-5-18") == 0 && strcmp(prefix, "Subject") == 0;
    iw_lab_record_set(record, iw_lab_log_print(host, "%sUserSid", prefix), session->sid);
    iw_lab_record_set(record, iw_lab_log_print(host, "%sUserName", prefix),
                      is_system ? iw_lab_log_print(host, "%s$", host->name) : session->user);
    iw_lab_record_set(record, iw_lab_log_print(host, "%sDomainName", prefix),
                      is_system ? host->world->scenario->domain : session->domain);
    iw_lab_record_set(record, iw_lab_log_print(host, "%sLogonId", prefix), session->logon_id);
}

/* ---- what is logged */

bool iw_lab_log_has(const struct iw_lab_host *host, const char *channel)
{
    const struct iw_lab_telemetry *telemetry = &host->telemetry;
    const struct iw_lab_world *world = host->world;
    for (size_t i = 0; i < telemetry->n_off_channels; i++) {
        if (strcasecmp(telemetry->off_channels[i], channel) == 0) {
            return false;
        }
    }
    if (telemetry->is_silent) {
        return false;
    }
    if (strcmp(channel, "Security") == 0) {
        return telemetry->has_security;
    }
    if (strcmp(channel, IW_LAB_SYSMON) == 0) {
        return telemetry->sysmon.is_installed;
    }
    if (strcmp(channel, IW_LAB_IIS_CONFIGURATION) == 0) {
        return telemetry->has_iis_configuration;
    }
    if (strcmp(channel, IW_LAB_POWERSHELL) == 0) {
        return telemetry->has_script_blocks;
    }
    bool is_other = strcmp(channel, "System") != 0 && strcmp(channel, "Application") != 0;
    if (world->options.is_only_4688) {
        return false;
    }
    return is_other ||
           !iw_lab_world_is_without(world, channel[0] == 'S' ? "system" : "application");
}

static bool matches(const struct iw_lab_record *record, const struct iw_lab_condition *condition)
{
    char buffer[256];
    const char *text = iw_lab_record_get(record, condition->field, buffer, sizeof buffer);
    size_t length = text == NULL ? 0 : strlen(text);
    size_t want = strlen(condition->value);
    if (text == NULL) {
        return false;
    }
    switch (condition->word) {
    case IW_LAB_IS:
        return strcasecmp(text, condition->value) == 0;
    case IW_LAB_CONTAINS:
        return strcasestr(text, condition->value) != NULL;
    case IW_LAB_BEGIN:
        return strncasecmp(text, condition->value, want) == 0;
    case IW_LAB_END:
        return length >= want && strcasecmp(text + length - want, condition->value) == 0;
    case IW_LAB_IMAGE:
        return strcasecmp(text, condition->value) == 0 ||
               (length > want && text[length - want - 1] == '\\' &&
                strcasecmp(text + length - want, condition->value) == 0);
    }
    return false;
}

/* Sysmon's own events (4, 16, 255) are always logged. */
static bool sysmon_wants(const struct iw_lab_host *host, const struct iw_lab_record *record)
{
    const struct iw_lab_sysmon *sysmon = &host->telemetry.sysmon;
    unsigned id = record->kind->event_id;
    if (id == 4 || id == 16 || id == 255) {
        return true;
    }
    if (!sysmon->is_running || id >= IW_LAB_MAX_SYSMON_ID) {
        return false;
    }
    const struct iw_lab_filter *filter = &sysmon->filters[id];
    for (size_t i = 0; i < filter->n_exclude; i++) {
        if (matches(record, &filter->exclude[i])) {
            return false;
        }
    }
    bool is_wanted = filter->is_all;
    for (size_t i = 0; i < filter->n_include && !is_wanted; i++) {
        is_wanted = matches(record, &filter->include[i]);
    }
    return is_wanted;
}

static bool security_wants(const struct iw_lab_host *host, unsigned id)
{
    static const struct {
        uint16_t id;
        enum iw_lab_audit audit;
    } rows[] = {
        {4688, IW_LAB_AUDIT_PROCESS_CREATION},
        {4689, IW_LAB_AUDIT_PROCESS_TERMINATION},
        {4624, IW_LAB_AUDIT_LOGON},
        {4625, IW_LAB_AUDIT_LOGON},
        {4634, IW_LAB_AUDIT_LOGON},
        {4647, IW_LAB_AUDIT_LOGON},
        {4648, IW_LAB_AUDIT_LOGON},
        {4672, IW_LAB_AUDIT_LOGON},
        {4656, IW_LAB_AUDIT_FILE_SYSTEM},
        {4660, IW_LAB_AUDIT_FILE_SYSTEM},
        {4663, IW_LAB_AUDIT_FILE_SYSTEM},
        {4670, IW_LAB_AUDIT_FILE_SYSTEM},
        {5145, IW_LAB_AUDIT_FILE_SHARE},
        {4719, IW_LAB_AUDIT_POLICY_CHANGE},
        {4907, IW_LAB_AUDIT_POLICY_CHANGE},
        {4657, IW_LAB_AUDIT_REGISTRY},
        {4698, IW_LAB_AUDIT_OTHER_OBJECT},
        {4702, IW_LAB_AUDIT_OTHER_OBJECT},
    };
    char source[32];
    snprintf(source, sizeof source, "security:%u", id);
    if (iw_lab_world_is_without(host->world, source)) {
        return false;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].id == id) {
            return host->telemetry.audits[rows[i].audit];
        }
    }
    return !host->world->options.is_only_4688;
}

static struct channel *channel_of(struct iw_lab_host *host, const char *name)
{
    struct iw_lab_logs *logs = host->logs;
    size_t i = 0;
    while (i < logs->n_channels && strcmp(logs->channels[i].name, name) != 0) {
        i++;
    }
    if (i == logs->n_channels && i < MAX_CHANNELS) { /* a log that has been running for a while */
        logs->channels[i].name = iw_lab_arena_copy(&host->arena, name);
        logs->channels[i].next_id =
            200 + iw_lab_random_of_text(name) % 3000 + iw_lab_random_of_text(host->name) % 90000;
        logs->n_channels++;
    }
    return i == MAX_CHANNELS ? NULL : &logs->channels[i];
}

struct iw_lab_record *iw_lab_log_begin_kind(struct iw_lab_host *host,
                                            const struct iw_lab_kind *kind, const char *pid,
                                            const char *sid)
{
    struct iw_lab_record *record = &host->logs->record;
    const char *channel = iw_lab_kind_channel(kind);
    if (!iw_lab_log_has(host, channel)) {
        return NULL;
    }
    if (strcmp(channel, "Security") == 0 && !security_wants(host, kind->event_id)) {
        return NULL;
    }
    host->logs->scratch_used = 0;
    iw_lab_arena_done(&host->logs->overflow);
    iw_lab_record_begin(record, kind, 0, pid, sid);
    record->host = host->name;
    record->computer = host->computer;
    return record;
}

struct iw_lab_record *iw_lab_log_begin(struct iw_lab_host *host, const char *channel, uint16_t id,
                                       const char *pid, const char *sid)
{
    const struct iw_lab_kind *kind = iw_lab_kind_named(channel, id);
    if (kind == NULL) {
        iw_lab_world_fail(host->world, NULL, "the catalogue has no event %u of %s", id, channel);
        return NULL;
    }
    return iw_lab_log_begin_kind(host, kind, pid, sid);
}

void iw_lab_log_lose(struct iw_lab_host *host, const char *channel, uint64_t n_records)
{
    struct channel *books = channel_of(host, channel);
    if (books != NULL) {
        books->next_id += n_records;
    }
}

/* ---- traces */

static void note_seen(struct iw_lab_host *host, const struct iw_lab_act *act,
                      const struct iw_lab_record *record)
{
    struct iw_lab_logs *logs = host->logs;
    if (act == NULL || act->seen == NULL) {
        return;
    }
    if (logs->n_seen == logs->n_seen_room) {
        logs->n_seen_room = logs->n_seen_room * 2 + 16;
        logs->seen = iw_lab_alloc_resize(logs->seen, logs->n_seen_room, sizeof *logs->seen);
    }
    logs->seen[logs->n_seen++] =
        (struct seen){act, iw_lab_kind_channel(record->kind), record->kind->event_id};
}

bool iw_lab_log_was_seen(const struct iw_lab_host *host, const struct iw_lab_act *act,
                         const char *channel, unsigned id)
{
    const struct iw_lab_logs *logs = host->logs;
    for (size_t i = 0; i < logs->n_seen; i++) {
        if (logs->seen[i].act == act && logs->seen[i].id == id &&
            strcmp(logs->seen[i].channel, iw_lab_log_channel(channel)) == 0) {
            return true;
        }
    }
    return false;
}

static void tell(struct iw_lab_host *host, const struct iw_lab_trace *trace, const char *copy)
{
    struct iw_lab_logs *logs = host->logs;
    if (trace->channel == NULL) {
        iw_lab_output_trace(host->world->options.output, trace);
        return;
    }
    if (logs->n_told == logs->n_told_room) {
        logs->n_told_room = logs->n_told_room * 2 + 64;
        logs->told = iw_lab_alloc_resize(logs->told, logs->n_told_room, sizeof *logs->told);
    }
    struct told *told = &logs->told[logs->n_told++];
    *told = (struct told){.trace = *trace};
    told->trace.source = iw_lab_arena_copy(&host->arena, trace->source);
    told->trace.channel = iw_lab_arena_copy(&host->arena, trace->channel);
    told->copy = copy[0] == '\0' ? NULL : iw_lab_arena_copy(&host->arena, copy);
}

/* Once for the act played, once for the one it goes back to. */
static void trace_both(struct iw_lab_host *host, struct iw_lab_trace *trace, const char *copy)
{
    struct iw_lab_world *world = host->world;
    struct iw_lab_output *output = world->options.output;
    if (output == NULL || output->manifest == NULL) {
        return;
    }
    trace->host = host->name;
    trace->link = world->link;
    if (world->act != NULL) {
        trace->act = world->act->id;
        tell(host, trace, copy);
    }
    if (world->cause != NULL && world->cause != world->act) {
        trace->act = world->cause->id;
        tell(host, trace, copy);
    }
}

void iw_lab_log_trace_line(struct iw_lab_host *host, const struct iw_lab_place *place)
{
    struct iw_lab_trace trace = {.source = place->path, .line = place->line, .filetime = host->now};
    trace_both(host, &trace, "");
}

static void write_record(struct iw_lab_host *host, struct iw_lab_record *record)
{
    struct iw_lab_logs *logs = host->logs;
    const char *channel = iw_lab_kind_channel(record->kind);
    struct iw_lab_place places[2] = {{.path = ""}, {.path = ""}};
    struct iw_lab_error error = {.text = ""};
    for (size_t i = 0; i < 2 && logs->forms[i] != NULL; i++) {
        if (!logs->classes[i]->add(logs->forms[i], record, &places[i], &error)) {
            iw_lab_world_fail(host->world, NULL, "%s", error.text);
            return;
        }
    }
    struct iw_lab_trace trace = {.source = places[0].path,
                                 .channel = channel,
                                 .event_id = record->kind->event_id,
                                 .record_id = record->header.record_id,
                                 .filetime = record->header.filetime};
    trace_both(host, &trace, places[1].path);
}

void iw_lab_log_end(struct iw_lab_host *host, struct iw_lab_record *record)
{
    const char *name = iw_lab_kind_channel(record->kind);
    bool is_sysmon = strcmp(name, IW_LAB_SYSMON) == 0;
    struct channel *channel = channel_of(host, name);
    if (channel == NULL) {
        iw_lab_world_fail(host->world, NULL, "too many channels on %s", host->name);
        return;
    }
    if (is_sysmon && !sysmon_wants(host, record)) {
        return;
    }
    /* A record is written a moment after it happened, Sysmon's a little later than others. How much
     * depends on the record alone, so that a source taken away changes nothing of the others. */
    struct iw_lab_random random = {.state = channel->next_id ^ iw_lab_random_of_text(name)};
    uint64_t late = (is_sysmon ? 9000 : 1500) + iw_lab_random_below(&random, 21000);
    uint64_t time = iw_lab_host_time(host) + late;
    if (time <= channel->last_time && channel->last_time - time < 10 * IW_LAB_MILLISECOND) {
        time = channel->last_time + 7;
    }
    channel->last_time = time;
    record->header.filetime = time;
    record->header.record_id = channel->next_id++;
    note_seen(host, host->world->act, record);
    if (host->world->cause != host->world->act) {
        note_seen(host, host->world->cause, record);
    }
    if (host->world->options.output != NULL && !iw_lab_host_leaves_out(host, name)) {
        write_record(host, record);
    }
}

void iw_lab_log_texts(struct iw_lab_host *host, const char *channel, uint16_t id, const char *pid,
                      const char *sid, const char *const *texts, size_t n_texts)
{
    struct iw_lab_value items[32];
    struct iw_lab_record *record = iw_lab_log_begin(host, channel, id, pid, sid);
    if (record == NULL) {
        return;
    }
    for (size_t i = 0; i < n_texts && i < 32; i++) {
        items[i] = iw_lab_value_text(texts[i]);
    }
    iw_lab_record_set_items(record, items, (uint32_t)n_texts);
    iw_lab_log_end(host, record);
}

void iw_lab_log_clear(struct iw_lab_host *host, const char *channel)
{
    struct iw_lab_logs *logs = host->logs;
    struct iw_lab_error error = {.text = ""};
    for (size_t i = 0; i < 2 && logs->forms[i] != NULL; i++) {
        if (!logs->classes[i]->clear(logs->forms[i], channel, &error)) {
            iw_lab_world_fail(host->world, NULL, "%s", error.text);
        }
    }
    if (logs->classes[0] == NULL || !logs->classes[0]->is_cleared) {
        return;
    }
    bool is_copied = logs->classes[1] != NULL && !logs->classes[1]->is_cleared;
    for (size_t i = 0; i < logs->n_told; i++) {
        struct iw_lab_trace *trace = &logs->told[i].trace;
        if (trace->channel != NULL && strcmp(trace->channel, channel) == 0) {
            trace->source = logs->told[i].copy;
            trace->channel = is_copied ? trace->channel : NULL;
        }
    }
}
