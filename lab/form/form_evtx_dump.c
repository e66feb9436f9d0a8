/*
 * Events as `evtx_dump -o jsonl` writes them from the host's logs: HOST/events/<channel>.jsonl.
 *
 * Format: output of evtx_dump 0.8: attributes under #attributes, text beside them under #text,
 * numbers and booleans typed, GUIDs in upper case without braces, times with six decimals, unnamed
 * strings a list. An empty binary is null. What it ignores: the wrapper with
 * event_record_id and timestamp, --separate-json-attributes.
 */
#include "lab/form/form_lines.h"
#include "lab/form/lab_form_list.h"

#include <inttypes.h>

#define EVENT_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

static void put_guid(struct iw_lab_form_json *json, const char *name, const char *guid)
{
    char bare[40];
    iw_lab_form_print_guid(guid, true, false, bare);
    iw_lab_form_json_text(json, name, bare);
}

static void put_time(struct iw_lab_form_json *json, const char *name, uint64_t filetime)
{
    char time[48];
    iw_lab_form_print_time(filetime, 6, 'T', "Z", time);
    iw_lab_form_json_text(json, name, time);
}

static void put_value(struct iw_lab_form_json *json, const char *name,
                      const struct iw_lab_value *content)
{
    struct iw_lab_form_value value;
    iw_lab_form_value_read(&value, content);
    switch ((enum iw_lab_type)content->type) {
    case IW_LAB_TYPE_I8:
    case IW_LAB_TYPE_U8:
    case IW_LAB_TYPE_I16:
    case IW_LAB_TYPE_U16:
    case IW_LAB_TYPE_I32:
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_I64:
    case IW_LAB_TYPE_U64:
    case IW_LAB_TYPE_BOOL:
        iw_lab_form_json_word(json, name, value.text);
        break;
    case IW_LAB_TYPE_GUID:
        put_guid(json, name, value.text);
        break;
    case IW_LAB_TYPE_FILETIME:
        put_time(json, name, content->number);
        break;
    case IW_LAB_TYPE_NULL:
        iw_lab_form_json_word(json, name, "null");
        break;
    case IW_LAB_TYPE_BINARY:
    case IW_LAB_TYPE_STRING:
    case IW_LAB_TYPE_ANSI:
    case IW_LAB_TYPE_F32:
    case IW_LAB_TYPE_F64:
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_SYSTEMTIME:
    case IW_LAB_TYPE_SID:
    case IW_LAB_TYPE_HEX32:
    case IW_LAB_TYPE_HEX64:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        if (value.size_bytes == 0 && content->type == IW_LAB_TYPE_BINARY) {
            iw_lab_form_json_word(json, name, "null");
        } else {
            iw_lab_form_json_bytes(json, name, value.text, value.size_bytes);
        }
        break;
    }
}

static void put_strings(struct iw_lab_form_json *json, const struct iw_lab_value *strings)
{
    if (strings->n_items == 0) {
        iw_lab_form_json_word(json, "Data", "null");
        return;
    }
    iw_lab_form_json_begin(json, "Data", '{');
    iw_lab_form_json_begin(json, "#text", '[');
    for (uint32_t i = 0; i < strings->n_items; i++) {
        put_value(json, NULL, &strings->items[i]);
    }
    iw_lab_form_json_end(json, ']');
    iw_lab_form_json_end(json, '}');
}

static void put_attribute(struct iw_lab_form_json *json, const char *name, const char *string)
{
    iw_lab_form_json_begin(json, "#attributes", '{');
    iw_lab_form_json_text(json, name, string);
    iw_lab_form_json_end(json, '}');
}

static void put_payload(struct iw_lab_form_json *json, const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    bool is_user_data = kind->user_data_root != NULL;
    iw_lab_form_json_begin(json, is_user_data ? "UserData" : "EventData", '{');
    if (is_user_data) {
        iw_lab_form_json_begin(json, kind->user_data_root, '{');
    }
    if (is_user_data && kind->user_data_namespace != NULL) {
        put_attribute(json, "xmlns", kind->user_data_namespace);
    }
    if (!is_user_data && kind->event_data_name != NULL) {
        put_attribute(json, "Name", kind->event_data_name);
    }
    for (size_t i = 0; i < record->n_values; i++) {
        if (iw_lab_form_is_unnamed(record, i)) {
            put_strings(json, &record->values[i]);
        } else {
            put_value(json, kind->fields[i].name, &record->values[i]);
        }
    }
    if (is_user_data) {
        iw_lab_form_json_end(json, '}');
    }
    iw_lab_form_json_end(json, '}');
}

static void put_provider(struct iw_lab_form_json *json, const struct iw_lab_kind *kind)
{
    iw_lab_form_json_begin(json, "Provider", '{');
    iw_lab_form_json_begin(json, "#attributes", '{');
    iw_lab_form_json_text(json, "Name", kind->provider);
    if (kind->provider_guid != NULL) {
        put_guid(json, "Guid", kind->provider_guid);
    }
    if (kind->event_source != NULL) {
        iw_lab_form_json_text(json, "EventSourceName", kind->event_source);
    }
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_end(json, '}');
}

static void put_event_id(struct iw_lab_form_json *json, const struct iw_lab_kind *kind)
{
    if (kind->qualifiers < 0) {
        iw_lab_form_json_number(json, "EventID", kind->event_id);
        return;
    }
    iw_lab_form_json_begin(json, "EventID", '{');
    iw_lab_form_json_begin(json, "#attributes", '{');
    iw_lab_form_json_number(json, "Qualifiers", (uint64_t)kind->qualifiers);
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_number(json, "#text", kind->event_id);
    iw_lab_form_json_end(json, '}');
}

static void put_correlation(struct iw_lab_form_json *json, const uint8_t *activity_id)
{
    struct iw_lab_value value = iw_lab_value_bytes(IW_LAB_TYPE_GUID, activity_id, 16);
    if (activity_id == NULL) {
        iw_lab_form_json_word(json, "Correlation", "null");
        return;
    }
    iw_lab_form_json_begin(json, "Correlation", '{');
    iw_lab_form_json_begin(json, "#attributes", '{');
    put_value(json, "ActivityID", &value);
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_end(json, '}');
}

static void put_system(struct iw_lab_form_json *json, const struct iw_lab_form_options *options,
                       const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    char keywords[24];
    snprintf(keywords, sizeof keywords, "0x%" PRIx64, kind->keywords);
    iw_lab_form_json_begin(json, "System", '{');
    put_provider(json, kind);
    put_event_id(json, kind);
    iw_lab_form_json_number(json, "Version", kind->version);
    iw_lab_form_json_number(json, "Level", kind->level);
    iw_lab_form_json_number(json, "Task", kind->task);
    iw_lab_form_json_number(json, "Opcode", kind->opcode);
    iw_lab_form_json_text(json, "Keywords", keywords);
    iw_lab_form_json_begin(json, "TimeCreated", '{');
    iw_lab_form_json_begin(json, "#attributes", '{');
    put_time(json, "SystemTime", iw_lab_form_header_time(options, record));
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_number(json, "EventRecordID", record->header.record_id);
    put_correlation(json, record->header.activity_id);
    iw_lab_form_json_begin(json, "Execution", '{');
    iw_lab_form_json_begin(json, "#attributes", '{');
    iw_lab_form_json_number(json, "ProcessID", record->header.process_id);
    iw_lab_form_json_number(json, "ThreadID", record->header.thread_id);
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_end(json, '}');
    iw_lab_form_json_text(json, "Channel", iw_lab_kind_channel(kind));
    iw_lab_form_json_text(json, "Computer", iw_lab_form_computer(options, record));
    if (record->user_sid_text == NULL) {
        iw_lab_form_json_word(json, "Security", "null");
    } else {
        iw_lab_form_json_begin(json, "Security", '{');
        put_attribute(json, "UserID", record->user_sid_text);
        iw_lab_form_json_end(json, '}');
    }
    iw_lab_form_json_end(json, '}');
}

static void write_evtx_dump(struct iw_lab_form_text *line,
                            const struct iw_lab_form_options *options,
                            const struct iw_lab_record *record)
{
    struct iw_lab_form_json json = {.text = line};
    iw_lab_form_json_begin(&json, NULL, '{');
    iw_lab_form_json_begin(&json, "Event", '{');
    put_attribute(&json, "xmlns", EVENT_NAMESPACE);
    put_system(&json, options, record);
    put_payload(&json, record);
    iw_lab_form_json_end(&json, '}');
    iw_lab_form_json_end(&json, '}');
}

static const struct iw_lab_line_dialect dialect = {
    .before = "events/", .after = ".jsonl", .is_per_channel = true, .write = write_evtx_dump};

static struct iw_lab_form *evtx_dump_open(const struct iw_lab_form_options *options)
{
    return iw_lab_form_lines_open(&dialect, options);
}

const struct iw_lab_form_class iw_lab_form_evtx_dump = {
    .name = "evtx_dump",
    .about = "JSON of evtx_dump, one file a channel",
    .is_stream_able = true,
    .is_cleared = true,
    .open = evtx_dump_open,
    .add = iw_lab_form_lines_add,
    .clear = iw_lab_form_lines_clear,
    .close = iw_lab_form_lines_close,
};
