/*
 * Events as NXLog sends them (im_msvistalog and to_json, the generation with ExecutionProcessID):
 * siem/nxlog-HOST.ndjson.
 *
 * Format: field list of im_msvistalog; samples. All of EventData lies flat beside the header, all
 * values strings. Names compare without letter case there: where a field has a header's name, the
 * header's stays. UserData is XML in one field. Unnamed strings are no fields at all: they show in
 * Message alone. Times have an offset; with header_shift they are local and have none, to the
 * second. What it ignores: rendered messages of events with named fields, names of categories.
 */
#include "lab/form/form_nxlog.h"

#include "lab/form/form_xml.h"
#include "lab/form/lab_form_list.h"

#include <inttypes.h>
#include <strings.h>

#define AUDIT_SUCCESS_BIT 0x20000000000000ULL
#define AUDIT_FAILURE_BIT 0x10000000000000ULL

static bool is_header_name(const char *name)
{
    static const char *const names[] = {
        "EventTime",
        "Hostname",
        "Keywords",
        "LevelValue",
        "EventType",
        "SeverityValue",
        "Severity",
        "EventID",
        "SourceName",
        "ProviderGuid",
        "Version",
        "TaskValue",
        "OpcodeValue",
        "RecordNumber",
        "ActivityID",
        "ExecutionProcessID",
        "ExecutionThreadID",
        "Channel",
        "Domain",
        "AccountName",
        "UserID",
        "AccountType",
        "Message",
        "Opcode",
        "UserData",
        "EventReceivedTime",
        "SourceModuleName",
        "SourceModuleType",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (((names[i][0] ^ name[0]) & ~0x20) == 0 && strcasecmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

struct severity {
    const char *type;
    const char *name;
    uint64_t value;
};

static struct severity severity_of(const struct iw_lab_kind *kind)
{
    static const struct severity by_level[] = {{"INFO", "INFO", 2},   {"CRITICAL", "CRITICAL", 5},
                                               {"ERROR", "ERROR", 4}, {"WARNING", "WARNING", 3},
                                               {"INFO", "INFO", 2},   {"VERBOSE", "DEBUG", 1}};
    if ((kind->keywords & AUDIT_SUCCESS_BIT) != 0) {
        return (struct severity){"AUDIT_SUCCESS", "INFO", 2};
    }
    if ((kind->keywords & AUDIT_FAILURE_BIT) != 0) {
        return (struct severity){"AUDIT_FAILURE", "ERROR", 4};
    }
    return by_level[kind->level < sizeof by_level / sizeof by_level[0] ? kind->level : 0];
}

static void put_account(struct iw_lab_form_json *json, const char *sid)
{
    static const struct {
        const char *sid;
        const char *name;
    } known[] = {
        {"S-1-5-18", "SYSTEM"}, {"S-1-5-19", "LOCAL SERVICE"}, {"S-1-5-20", "NETWORK SERVICE"}};
    if (sid == NULL) {
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].sid, sid) == 0) {
            iw_lab_form_json_text(json, "Domain", "NT AUTHORITY");
            iw_lab_form_json_text(json, "AccountName", known[i].name);
        }
    }
    iw_lab_form_json_text(json, "UserID", sid);
    iw_lab_form_json_text(json, "AccountType", "User");
}

static void put_header(struct iw_lab_form_json *json, const struct iw_lab_form_options *options,
                       const struct iw_lab_record *record, const char *event_time)
{
    const struct iw_lab_kind *kind = record->kind;
    struct severity severity = severity_of(kind);
    char keywords[24];
    snprintf(keywords, sizeof keywords, "%" PRIu64, kind->keywords);
    iw_lab_form_json_text(json, "EventTime", event_time);
    iw_lab_form_json_text(json, "Hostname", iw_lab_form_computer(options, record));
    iw_lab_form_json_text(json, "Keywords", keywords);
    iw_lab_form_json_number(json, "LevelValue", kind->level);
    iw_lab_form_json_text(json, "EventType", severity.type);
    iw_lab_form_json_number(json, "SeverityValue", severity.value);
    iw_lab_form_json_text(json, "Severity", severity.name);
    iw_lab_form_json_number(json, "EventID", kind->event_id);
    iw_lab_form_json_text(json, "SourceName", kind->provider);
    if (kind->provider_guid != NULL) {
        iw_lab_form_json_text(json, "ProviderGuid", kind->provider_guid);
    }
    iw_lab_form_json_number(json, "Version", kind->version);
    iw_lab_form_json_number(json, "TaskValue", kind->task);
    iw_lab_form_json_number(json, "OpcodeValue", kind->opcode);
    iw_lab_form_json_number(json, "RecordNumber", record->header.record_id);
    iw_lab_form_json_number(json, "ExecutionProcessID", record->header.process_id);
    iw_lab_form_json_number(json, "ExecutionThreadID", record->header.thread_id);
    iw_lab_form_json_text(json, "Channel", iw_lab_kind_channel(kind));
    put_account(json, record->user_sid_text);
    iw_lab_form_json_text(json, "Opcode", "Info");
}

/* What a message made of the strings would show of them. */
static void put_message(struct iw_lab_form_json *json, const struct iw_lab_value *strings)
{
    struct iw_lab_form_text message = {.bytes = NULL};
    struct iw_lab_form_value value;
    for (uint32_t i = 0; i < strings->n_items; i++) {
        iw_lab_form_value_read(&value, &strings->items[i]);
        if (i > 0) {
            iw_lab_form_text_put(&message, "\r\n");
        }
        iw_lab_form_text_add(&message, value.text, value.size_bytes);
    }
    iw_lab_form_json_bytes(json, "Message", message.bytes, message.n_bytes);
    iw_lab_form_text_done(&message);
}

static void put_event_data(struct iw_lab_form_json *json, const struct iw_lab_record *record)
{
    struct iw_lab_form_value value;
    for (size_t i = 0; i < record->n_values; i++) {
        if (iw_lab_form_is_unnamed(record, i)) {
            put_message(json, &record->values[i]);
        } else if (!is_header_name(record->kind->fields[i].name)) {
            iw_lab_form_value_read(&value, &record->values[i]);
            iw_lab_form_json_bytes(json, record->kind->fields[i].name, value.text,
                                   value.size_bytes);
        }
    }
}

void iw_lab_form_nxlog_members(struct iw_lab_form_json *json,
                               const struct iw_lab_form_options *options,
                               const struct iw_lab_record *record, const char *event_time,
                               const char *received_time)
{
    put_header(json, options, record, event_time);
    if (record->kind->user_data_root != NULL) {
        struct iw_lab_form_text xml = {.bytes = NULL};
        iw_lab_form_xml_user_data(&xml, record);
        iw_lab_form_json_bytes(json, "UserData", xml.bytes, xml.n_bytes);
        iw_lab_form_text_done(&xml);
    } else {
        put_event_data(json, record);
    }
    iw_lab_form_json_text(json, "EventReceivedTime", received_time);
    iw_lab_form_json_text(json, "SourceModuleName", "eventlog");
    iw_lab_form_json_text(json, "SourceModuleType", "im_msvistalog");
}

static void print_time(uint64_t filetime, bool is_local, char out[48])
{
    if (is_local) {
        iw_lab_form_print_time(filetime, 0, ' ', "", out);
    } else {
        iw_lab_form_print_time(filetime, 6, 'T', "+00:00", out);
    }
}

static void write_nxlog(struct iw_lab_form_text *line, const struct iw_lab_form_options *options,
                        const struct iw_lab_record *record)
{
    struct iw_lab_form_json json = {.text = line};
    uint64_t time = iw_lab_form_header_time(options, record);
    bool is_local = options->header_shift != 0;
    char event_time[48];
    char received_time[48];
    print_time(time, is_local, event_time);
    print_time(time + IW_LAB_FORM_NXLOG_LATER, is_local, received_time);
    iw_lab_form_json_begin(&json, NULL, '{');
    iw_lab_form_nxlog_members(&json, options, record, event_time, received_time);
    iw_lab_form_json_end(&json, '}');
}

static const struct iw_lab_line_dialect dialect = {
    .before = "siem/nxlog-", .after = ".ndjson", .write = write_nxlog};

static struct iw_lab_form *nxlog_open(const struct iw_lab_form_options *options)
{
    return iw_lab_form_lines_open(&dialect, options);
}

const struct iw_lab_form_class iw_lab_form_nxlog = {
    .name = "nxlog",
    .about = "flat JSON of NXLog, one file a host",
    .is_stream_able = true,
    .open = nxlog_open,
    .add = iw_lab_form_lines_add,
    .clear = iw_lab_form_lines_clear,
    .close = iw_lab_form_lines_close,
};
