/*
 * Events as text XML, as `wevtutil qe /f:xml` prints them: HOST/events/<channel>.xml, an Event
 * element a line, no root element, no declaration.
 *
 * Format: elements and attributes of the event schema (win/2004/08/events) in the order Windows
 * renders them, attributes in single quotes. What it does otherwise: line ends inside values are
 * character references where Windows writes them raw, so that an event stays a line. What it
 * ignores: RenderingInfo.
 */
#include "lab/form/form_xml.h"

#include "lab/form/form_lines.h"
#include "lab/form/lab_form_list.h"

#include <inttypes.h>

#define EVENT_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

static void put_text(struct iw_lab_form_text *line, const char *string)
{
    iw_lab_form_text_put_xml(line, string, strlen(string));
}

static void put_attribute(struct iw_lab_form_text *line, const char *name, const char *string)
{
    iw_lab_form_text_print(line, " %s='", name);
    put_text(line, string);
    iw_lab_form_text_put(line, "'");
}

static void put_element(struct iw_lab_form_text *line, const char *name, const char *string)
{
    iw_lab_form_text_print(line, "<%s>", name);
    put_text(line, string);
    iw_lab_form_text_print(line, "</%s>", name);
}

static void put_provider(struct iw_lab_form_text *line, const struct iw_lab_kind *kind)
{
    char guid[40];
    iw_lab_form_text_put(line, "<Provider");
    put_attribute(line, "Name", kind->provider);
    if (kind->provider_guid != NULL) {
        iw_lab_form_print_guid(kind->provider_guid, false, true, guid);
        put_attribute(line, "Guid", guid);
    }
    if (kind->event_source != NULL) {
        put_attribute(line, "EventSourceName", kind->event_source);
    }
    iw_lab_form_text_put(line, "/>");
}

static void put_correlation(struct iw_lab_form_text *line, const struct iw_lab_event *event)
{
    struct iw_lab_form_value value;
    iw_lab_form_text_put(line, "<Correlation");
    if (event->activity_id != NULL) {
        struct iw_lab_value guid = iw_lab_value_bytes(IW_LAB_TYPE_GUID, event->activity_id, 16);
        iw_lab_form_value_read(&value, &guid);
        put_attribute(line, "ActivityID", value.text);
    }
    iw_lab_form_text_put(line, "/>");
}

static void put_system(struct iw_lab_form_text *line, const struct iw_lab_form_options *options,
                       const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    char time[48];
    iw_lab_form_print_time(record->header.filetime, 7, 'T', "Z", time);
    iw_lab_form_text_put(line, "<System>");
    put_provider(line, kind);
    iw_lab_form_text_put(line, "<EventID");
    if (kind->qualifiers >= 0) {
        iw_lab_form_text_print(line, " Qualifiers='%" PRId32 "'", kind->qualifiers);
    }
    iw_lab_form_text_print(line,
                           ">%u</EventID><Version>%u</Version><Level>%u</Level><Task>%u</Task>"
                           "<Opcode>%u</Opcode><Keywords>0x%" PRIx64 "</Keywords>",
                           kind->event_id, kind->version, kind->level, kind->task, kind->opcode,
                           kind->keywords);
    iw_lab_form_text_print(
        line, "<TimeCreated SystemTime='%s'/><EventRecordID>%" PRIu64 "</EventRecordID>", time,
        record->header.record_id);
    put_correlation(line, &record->header);
    iw_lab_form_text_print(line, "<Execution ProcessID='%" PRIu32 "' ThreadID='%" PRIu32 "'/>",
                           record->header.process_id, record->header.thread_id);
    put_element(line, "Channel", iw_lab_kind_channel(kind));
    put_element(line, "Computer", iw_lab_form_computer(options, record));
    iw_lab_form_text_put(line, "<Security");
    if (record->user_sid_text != NULL) {
        put_attribute(line, "UserID", record->user_sid_text);
    }
    iw_lab_form_text_put(line, "/></System>");
}

static void put_value(struct iw_lab_form_text *line, const struct iw_lab_value *content)
{
    struct iw_lab_form_value value;
    iw_lab_form_value_read(&value, content);
    iw_lab_form_text_put_xml(line, value.text, value.size_bytes);
}

static void put_value_element(struct iw_lab_form_text *line, const char *name,
                              const struct iw_lab_value *content)
{
    iw_lab_form_text_print(line, "<%s>", name);
    put_value(line, content);
    iw_lab_form_text_print(line, "</%s>", name);
}

/* Every string has an element of its own; none at all is one that is empty. */
static void put_strings(struct iw_lab_form_text *line, const struct iw_lab_value *strings)
{
    for (uint32_t i = 0; i < strings->n_items; i++) {
        put_value_element(line, "Data", &strings->items[i]);
    }
    if (strings->n_items == 0) {
        iw_lab_form_text_put(line, "<Data></Data>");
    }
}

static void put_data(struct iw_lab_form_text *line, const char *name,
                     const struct iw_lab_value *content)
{
    iw_lab_form_text_put(line, "<Data");
    put_attribute(line, "Name", name);
    iw_lab_form_text_put(line, ">");
    put_value(line, content);
    iw_lab_form_text_put(line, "</Data>");
}

void iw_lab_form_xml_user_data(struct iw_lab_form_text *line, const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    iw_lab_form_text_print(line, "<%s", kind->user_data_root);
    if (kind->user_data_namespace != NULL) {
        put_attribute(line, "xmlns", kind->user_data_namespace);
    }
    iw_lab_form_text_put(line, ">");
    for (size_t i = 0; i < record->n_values; i++) {
        put_value_element(line, kind->fields[i].name, &record->values[i]);
    }
    iw_lab_form_text_print(line, "</%s>", kind->user_data_root);
}

static void put_event_data(struct iw_lab_form_text *line, const struct iw_lab_record *record)
{
    const struct iw_lab_kind *kind = record->kind;
    iw_lab_form_text_put(line, "<EventData");
    if (kind->event_data_name != NULL) {
        put_attribute(line, "Name", kind->event_data_name);
    }
    iw_lab_form_text_put(line, ">");
    for (size_t i = 0; i < record->n_values; i++) {
        if (iw_lab_form_is_unnamed(record, i)) {
            put_strings(line, &record->values[i]);
        } else if (kind->fields[i].type == IW_LAB_TYPE_BINARY) {
            put_value_element(line, kind->fields[i].name, &record->values[i]);
        } else {
            put_data(line, kind->fields[i].name, &record->values[i]);
        }
    }
    iw_lab_form_text_put(line, "</EventData>");
}

static void write_xml(struct iw_lab_form_text *line, const struct iw_lab_form_options *options,
                      const struct iw_lab_record *record)
{
    iw_lab_form_text_put(line, "<Event xmlns='" EVENT_NAMESPACE "'>");
    put_system(line, options, record);
    if (record->kind->user_data_root != NULL) {
        iw_lab_form_text_put(line, "<UserData>");
        iw_lab_form_xml_user_data(line, record);
        iw_lab_form_text_put(line, "</UserData>");
    } else {
        put_event_data(line, record);
    }
    iw_lab_form_text_put(line, "</Event>");
}

static const struct iw_lab_line_dialect dialect = {
    .before = "events/", .after = ".xml", .is_per_channel = true, .write = write_xml};

static struct iw_lab_form *xml_open(const struct iw_lab_form_options *options)
{
    return iw_lab_form_lines_open(&dialect, options);
}

const struct iw_lab_form_class iw_lab_form_xml = {
    .name = "xml",
    .about = "event XML as wevtutil exports it, one file a channel",
    .is_cleared = true,
    .open = xml_open,
    .add = iw_lab_form_lines_add,
    .clear = iw_lab_form_lines_clear,
    .close = iw_lab_form_lines_close,
};
