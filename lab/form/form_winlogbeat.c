/*
 * Events as Winlogbeat 8 sends them, before any ingest pipeline: siem/winlogbeat-HOST.ndjson.
 *
 * Format: exported fields of Winlogbeat and the code of Beats (winlogbeat/eventlog): event_id and
 * all of event_data are strings; empty values are left out; unnamed strings are param1, param2, …;
 * CR LF becomes LF and line ends at a value's end go; UserData has xml_name beside its members.
 * What it ignores: the rendered message and names of tasks, which come from the provider's
 * resources.
 */
#include "lab/form/form_lines.h"
#include "lab/form/lab_form_list.h"

#include <inttypes.h>

#define RECEIVED_LATER 11830000U /* FILETIME steps until the shipper has read the event */
#define AUDIT_SUCCESS_BIT 0x20000000000000ULL
#define AUDIT_FAILURE_BIT 0x10000000000000ULL
#define CLASSIC_BIT 0x80000000000000ULL

static const char *level_name(uint8_t level)
{
    static const char *const names[] = {"information", "critical",    "error",
                                        "warning",     "information", "verbose"};
    return names[level < sizeof names / sizeof names[0] ? level : 0];
}

static void put_time(struct iw_lab_form_json *json, const char *name, uint64_t filetime)
{
    char time[48];
    iw_lab_form_print_time(filetime, 3, 'T', "Z", time);
    iw_lab_form_json_text(json, name, time);
}

/* The value as Beats keeps it. */
static void tidy(const struct iw_lab_form_value *value, struct iw_lab_form_text *out)
{
    out->n_bytes = 0;
    for (size_t i = 0; i < value->size_bytes; i++) {
        bool is_pair =
            value->text[i] == '\r' && i + 1 < value->size_bytes && value->text[i + 1] == '\n';
        if (!is_pair) {
            iw_lab_form_text_add(out, value->text + i, 1);
        }
    }
    while (out->n_bytes > 0 && out->bytes[out->n_bytes - 1] == '\n') {
        out->n_bytes--;
    }
}

static void put_value(struct iw_lab_form_json *json, const char *name,
                      const struct iw_lab_value *content, struct iw_lab_form_text *scratch)
{
    struct iw_lab_form_value value;
    iw_lab_form_value_read(&value, content);
    if (value.size_bytes > 0) {
        tidy(&value, scratch);
        iw_lab_form_json_bytes(json, name, scratch->bytes, scratch->n_bytes);
    }
}

static void put_strings(struct iw_lab_form_json *json, const struct iw_lab_value *strings,
                        struct iw_lab_form_text *scratch)
{
    char name[24];
    for (uint32_t i = 0; i < strings->n_items; i++) {
        snprintf(name, sizeof name, "param%" PRIu32, i + 1);
        put_value(json, name, &strings->items[i], scratch);
    }
}

static void put_payload(struct iw_lab_form_json *json, const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    struct iw_lab_form_text scratch = {.bytes = NULL};
    bool is_user_data = kind->user_data_root != NULL;
    iw_lab_form_json_begin(json, is_user_data ? "user_data" : "event_data", '{');
    for (size_t i = 0; i < record->n_values; i++) {
        if (iw_lab_form_is_unnamed(record, i)) {
            put_strings(json, &record->values[i], &scratch);
        } else {
            put_value(json, kind->fields[i].name, &record->values[i], &scratch);
        }
    }
    if (is_user_data) {
        iw_lab_form_json_text(json, "xml_name", kind->user_data_root);
    }
    iw_lab_form_json_end(json, '}');
    iw_lab_form_text_done(&scratch);
}

static void put_keywords(struct iw_lab_form_json *json, uint64_t keywords)
{
    const char *name = (keywords & AUDIT_SUCCESS_BIT) != 0   ? "Audit Success"
                       : (keywords & AUDIT_FAILURE_BIT) != 0 ? "Audit Failure"
                       : (keywords & CLASSIC_BIT) != 0       ? "Classic"
                                                             : NULL;
    if (name != NULL) {
        iw_lab_form_json_begin(json, "keywords", '[');
        iw_lab_form_json_text(json, NULL, name);
        iw_lab_form_json_end(json, ']');
    }
}

static void put_winlog(struct iw_lab_form_json *json, const struct iw_lab_form_options *options,
                       const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    char event_id[8];
    char guid[40];
    snprintf(event_id, sizeof event_id, "%u", kind->event_id);
    iw_lab_form_json_begin(json, "winlog", '{');
    iw_lab_form_json_text(json, "channel", iw_lab_kind_channel(kind));
    iw_lab_form_json_text(json, "computer_name", iw_lab_form_computer(options, record));
    iw_lab_form_json_text(json, "event_id", event_id);
    iw_lab_form_json_number(json, "record_id", record->header.record_id);
    iw_lab_form_json_text(json, "provider_name", kind->provider);
    if (kind->provider_guid != NULL) {
        iw_lab_form_print_guid(kind->provider_guid, false, true, guid);
        iw_lab_form_json_text(json, "provider_guid", guid);
    }
    iw_lab_form_json_text(json, "api", "wineventlog");
    iw_lab_form_json_text(json, "opcode", "Info");
    if (kind->version > 0) {
        iw_lab_form_json_number(json, "version", kind->version);
    }
    put_keywords(json, kind->keywords);
    iw_lab_form_json_begin(json, "process", '{');
    iw_lab_form_json_number(json, "pid", record->header.process_id);
    iw_lab_form_json_begin(json, "thread", '{');
    iw_lab_form_json_number(json, "id", record->header.thread_id);
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_end(json, '}');
    if (record->user_sid_text != NULL) {
        iw_lab_form_json_begin(json, "user", '{');
        iw_lab_form_json_text(json, "identifier", record->user_sid_text);
        iw_lab_form_json_end(json, '}');
    }
    put_payload(json, record);
    iw_lab_form_json_end(json, '}');
}

static void put_one(struct iw_lab_form_json *json, const char *object, const char *name,
                    const char *string)
{
    iw_lab_form_json_begin(json, object, '{');
    iw_lab_form_json_text(json, name, string);
    iw_lab_form_json_end(json, '}');
}

static void write_winlogbeat(struct iw_lab_form_text *line,
                             const struct iw_lab_form_options *options,
                             const struct iw_lab_record *record)
{
    struct iw_lab_form_json json = {.text = line};
    uint64_t time = iw_lab_form_header_time(options, record);
    char event_id[8];
    snprintf(event_id, sizeof event_id, "%u", record->kind->event_id);
    iw_lab_form_json_begin(&json, NULL, '{');
    put_time(&json, "@timestamp", time);
    iw_lab_form_json_begin(&json, "@metadata", '{');
    iw_lab_form_json_text(&json, "beat", "winlogbeat");
    iw_lab_form_json_text(&json, "type", "_doc");
    iw_lab_form_json_text(&json, "version", "8.17.0");
    iw_lab_form_json_end(&json, '}');
    put_one(&json, "agent", "type", "winlogbeat");
    put_one(&json, "ecs", "version", "8.0.0");
    iw_lab_form_json_begin(&json, "event", '{');
    iw_lab_form_json_text(&json, "code", event_id);
    put_time(&json, "created", time + RECEIVED_LATER);
    iw_lab_form_json_text(&json, "kind", "event");
    iw_lab_form_json_text(&json, "provider", record->kind->provider);
    iw_lab_form_json_end(&json, '}');
    put_one(&json, "host", "name", options->host);
    put_one(&json, "log", "level", level_name(record->kind->level));
    put_winlog(&json, options, record);
    iw_lab_form_json_end(&json, '}');
}

static const struct iw_lab_line_dialect dialect = {
    .before = "siem/winlogbeat-", .after = ".ndjson", .write = write_winlogbeat};

static struct iw_lab_form *winlogbeat_open(const struct iw_lab_form_options *options)
{
    return iw_lab_form_lines_open(&dialect, options);
}

const struct iw_lab_form_class iw_lab_form_winlogbeat = {
    .name = "winlogbeat",
    .about = "JSON of Winlogbeat 8, one file a host",
    .is_stream_able = true,
    .open = winlogbeat_open,
    .add = iw_lab_form_lines_add,
    .clear = iw_lab_form_lines_clear,
    .close = iw_lab_form_lines_close,
};
