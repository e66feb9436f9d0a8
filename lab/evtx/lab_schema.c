/*
 * The templates of an event shape (see lab_schema.h).
 *
 * What it does: the System template with the slots, dependencies and literals that real files have,
 * in both variants (provider and channel as slots 14..16 of 18, or as literals with 20 slots), and
 * the payload template. Format: seen in real files: `<Event xmlns><System>…</System>` with the
 * nested fragment as last slot (type 0x21); around UserData the System template itself holds
 * `<UserData>`; elements of EventData use normal substitutions. What it ignores: RenderingInfo of
 * forwarded events.
 */
#include "lab/evtx/lab_schema.h"

#include "lab/lab_alloc.h"

#define EVENT_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

static char *copy_text(const char *text)
{
    return text == NULL ? NULL : iw_lab_alloc_text(text, strlen(text));
}

static void release_text(const char *text)
{
    void *block = NULL;
    memcpy(&block, &text,
           sizeof block); /* these strings are our own copies, const only to the reader */
    iw_lab_alloc_release(block);
}

void iw_lab_schema_copy(struct iw_lab_schema *to, const struct iw_lab_schema *from)
{
    *to = *from;
    to->provider = copy_text(from->provider);
    to->provider_guid = copy_text(from->provider_guid);
    to->event_source = copy_text(from->event_source);
    to->channel = copy_text(from->channel);
    to->computer = copy_text(from->computer);
    to->payload_root = copy_text(from->payload_root);
    to->payload_namespace = copy_text(from->payload_namespace);
    to->event_data_name = copy_text(from->event_data_name);
    struct iw_lab_field *fields = iw_lab_alloc_zeroed(from->n_fields, sizeof *fields);
    for (size_t i = 0; i < from->n_fields; i++) {
        fields[i] = from->fields[i];
        fields[i].element = copy_text(from->fields[i].element);
        fields[i].name = copy_text(from->fields[i].name);
        fields[i].literal = copy_text(from->fields[i].literal);
    }
    to->fields = fields;
}

void iw_lab_schema_release(struct iw_lab_schema *schema)
{
    release_text(schema->provider);
    release_text(schema->provider_guid);
    release_text(schema->event_source);
    release_text(schema->channel);
    release_text(schema->computer);
    release_text(schema->payload_root);
    release_text(schema->payload_namespace);
    release_text(schema->event_data_name);
    for (size_t i = 0; i < schema->n_fields; i++) {
        release_text(schema->fields[i].element);
        release_text(schema->fields[i].name);
        release_text(schema->fields[i].literal);
    }
    void *block = NULL;
    memcpy(&block, &schema->fields, sizeof block);
    iw_lab_alloc_release(block);
    memset(schema, 0, sizeof *schema);
}

static bool equal_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool iw_lab_schema_equal(const struct iw_lab_schema *a, const struct iw_lab_schema *b)
{
    if (a->event_id != b->event_id || a->n_fields != b->n_fields ||
        a->qualifiers != b->qualifiers || a->version != b->version || a->level != b->level ||
        a->task != b->task || a->opcode != b->opcode || a->keywords != b->keywords ||
        a->payload != b->payload || a->literal_channel != b->literal_channel ||
        a->template_less != b->template_less || !equal_text(a->provider, b->provider) ||
        !equal_text(a->provider_guid, b->provider_guid) ||
        !equal_text(a->event_source, b->event_source) || !equal_text(a->channel, b->channel) ||
        !equal_text(a->computer, b->computer) || !equal_text(a->payload_root, b->payload_root) ||
        !equal_text(a->payload_namespace, b->payload_namespace) ||
        !equal_text(a->event_data_name, b->event_data_name)) {
        return false;
    }
    for (size_t i = 0; i < a->n_fields; i++) {
        const struct iw_lab_field *x = &a->fields[i];
        const struct iw_lab_field *y = &b->fields[i];
        if (x->type != y->type || x->optional != y->optional || x->form != y->form ||
            !equal_text(x->element, y->element) || !equal_text(x->name, y->name) ||
            !equal_text(x->literal, y->literal)) {
            return false;
        }
    }
    return true;
}

static void add_attribute_text(struct iw_lab_xml *xml, const char *name, const char *text)
{
    iw_lab_xml_attribute(xml, name);
    iw_lab_xml_escaped(xml, text, strlen(text));
}

static void add_attribute_slot(struct iw_lab_xml *xml, const char *name, uint32_t slot,
                               uint8_t type)
{
    iw_lab_xml_attribute(xml, name);
    iw_lab_xml_slot(xml, slot, type, true);
}

static void add_slot_element(struct iw_lab_xml *xml, const char *name, uint32_t slot, uint8_t type)
{
    iw_lab_xml_open(xml, name, slot);
    iw_lab_xml_begin_content(xml);
    iw_lab_xml_slot(xml, slot, type, true);
    iw_lab_xml_close(xml);
}

static void add_text_element(struct iw_lab_xml *xml, const char *name, const char *text)
{
    iw_lab_xml_open(xml, name, IW_LAB_NO_DEPENDENCY);
    if (*text != '\0') {
        iw_lab_xml_begin_content(xml);
        iw_lab_xml_escaped(xml, text, strlen(text));
    }
    iw_lab_xml_close(xml);
}

static void build_provider(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    iw_lab_xml_open(xml, "Provider", IW_LAB_NO_DEPENDENCY);
    if (schema->literal_channel) {
        add_attribute_text(xml, "Name", schema->provider);
        if (schema->provider_guid != NULL) {
            add_attribute_text(xml, "Guid", schema->provider_guid);
        }
    } else {
        add_attribute_slot(xml, "Name", IW_LAB_SLOT_PROVIDER, IW_LAB_TYPE_STRING);
        add_attribute_slot(xml, "Guid", IW_LAB_SLOT_PROVIDER_GUID, IW_LAB_TYPE_GUID);
    }
    if (schema->event_source != NULL) {
        add_attribute_text(xml, "EventSourceName", schema->event_source);
    }
    iw_lab_xml_close(xml);
}

static void build_correlation(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    uint32_t related = schema->literal_channel ? IW_LAB_LITERAL_SLOT_RELATED_ACTIVITY_ID
                                               : IW_LAB_SLOT_RELATED_ACTIVITY_ID;
    iw_lab_xml_open(xml, "Correlation", IW_LAB_NO_DEPENDENCY);
    add_attribute_slot(xml, "ActivityID", IW_LAB_SLOT_ACTIVITY_ID, IW_LAB_TYPE_GUID);
    add_attribute_slot(xml, "RelatedActivityID", related, IW_LAB_TYPE_GUID);
    iw_lab_xml_close(xml);
    iw_lab_xml_open(xml, "Execution", IW_LAB_NO_DEPENDENCY);
    add_attribute_slot(xml, "ProcessID", IW_LAB_SLOT_PROCESS_ID, IW_LAB_TYPE_U32);
    add_attribute_slot(xml, "ThreadID", IW_LAB_SLOT_THREAD_ID, IW_LAB_TYPE_U32);
    iw_lab_xml_close(xml);
}

static void build_system(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    iw_lab_xml_open(xml, "System", IW_LAB_NO_DEPENDENCY);
    build_provider(schema, xml);
    iw_lab_xml_open(xml, "EventID", IW_LAB_SLOT_EVENT_ID);
    add_attribute_slot(xml, "Qualifiers", IW_LAB_SLOT_QUALIFIERS, IW_LAB_TYPE_U16);
    iw_lab_xml_begin_content(xml);
    iw_lab_xml_slot(xml, IW_LAB_SLOT_EVENT_ID, IW_LAB_TYPE_U16, true);
    iw_lab_xml_close(xml);
    add_slot_element(xml, "Version", IW_LAB_SLOT_VERSION, IW_LAB_TYPE_U8);
    add_slot_element(xml, "Level", IW_LAB_SLOT_LEVEL, IW_LAB_TYPE_U8);
    add_slot_element(xml, "Task", IW_LAB_SLOT_TASK, IW_LAB_TYPE_U16);
    add_slot_element(xml, "Opcode", IW_LAB_SLOT_OPCODE, IW_LAB_TYPE_U8);
    add_slot_element(xml, "Keywords", IW_LAB_SLOT_KEYWORDS, IW_LAB_TYPE_HEX64);
    iw_lab_xml_open(xml, "TimeCreated", IW_LAB_NO_DEPENDENCY);
    add_attribute_slot(xml, "SystemTime", IW_LAB_SLOT_TIME, IW_LAB_TYPE_FILETIME);
    iw_lab_xml_close(xml);
    add_slot_element(xml, "EventRecordID", IW_LAB_SLOT_RECORD_ID, IW_LAB_TYPE_U64);
    build_correlation(schema, xml);
    if (schema->literal_channel) {
        add_text_element(xml, "Channel", schema->channel);
    } else {
        add_slot_element(xml, "Channel", IW_LAB_SLOT_CHANNEL, IW_LAB_TYPE_STRING);
    }
    add_text_element(xml, "Computer", schema->computer);
    iw_lab_xml_open(xml, "Security", IW_LAB_NO_DEPENDENCY);
    add_attribute_slot(xml, "UserID", IW_LAB_SLOT_USER_ID, IW_LAB_TYPE_SID);
    iw_lab_xml_close(xml);
    iw_lab_xml_close(xml);
}

void iw_lab_schema_build_root(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    uint32_t payload = schema->literal_channel ? IW_LAB_LITERAL_SLOT_PAYLOAD : IW_LAB_SLOT_PAYLOAD;
    bool user_data = schema->payload == IW_LAB_PAYLOAD_USER_DATA;
    bool event_data = schema->payload == IW_LAB_PAYLOAD_EVENT_DATA;
    iw_lab_xml_open(xml, "Event", event_data ? payload : IW_LAB_NO_DEPENDENCY);
    add_attribute_text(xml, "xmlns", EVENT_NAMESPACE);
    build_system(schema, xml);
    if (user_data) {
        add_slot_element(xml, "UserData", payload, IW_LAB_TYPE_BINXML);
    } else if (event_data) {
        iw_lab_xml_slot(xml, payload, IW_LAB_TYPE_BINXML, true);
    }
    iw_lab_xml_close(xml);
}

static void open_payload(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    bool user_data = schema->payload == IW_LAB_PAYLOAD_USER_DATA;
    iw_lab_xml_open(xml, user_data ? schema->payload_root : "EventData", IW_LAB_NO_DEPENDENCY);
    if (user_data && schema->payload_namespace != NULL) {
        add_attribute_text(xml, "xmlns", schema->payload_namespace);
    }
    if (!user_data && schema->event_data_name != NULL) {
        add_attribute_text(xml, "Name", schema->event_data_name);
    }
    if (schema->n_fields > 0) {
        iw_lab_xml_begin_content(xml);
    }
}

static void open_field(struct iw_lab_xml *xml, const struct iw_lab_field *field,
                       uint32_t dependency)
{
    iw_lab_xml_open(xml, field->element != NULL ? field->element : "Data", dependency);
    if (field->name != NULL) {
        add_attribute_text(xml, "Name", field->name);
    }
}

void iw_lab_schema_build_payload(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    uint32_t slot = 0;
    open_payload(schema, xml);
    for (size_t i = 0; i < schema->n_fields; i++) {
        const struct iw_lab_field *field = &schema->fields[i];
        bool omit = field->form == IW_LAB_FIELD_SLOT && field->optional;
        open_field(xml, field, omit ? slot : IW_LAB_NO_DEPENDENCY);
        iw_lab_xml_begin_content(xml);
        switch (field->form) {
        case IW_LAB_FIELD_SLOT:
            iw_lab_xml_slot(xml, slot++, field->type, field->optional);
            break;
        case IW_LAB_FIELD_LITERAL:
            iw_lab_xml_escaped(xml, field->literal, strlen(field->literal));
            break;
        case IW_LAB_FIELD_CDATA:
            iw_lab_xml_cdata(xml, field->literal, strlen(field->literal));
            break;
        }
        iw_lab_xml_close(xml);
    }
    iw_lab_xml_close(xml);
}

static void add_number_element(struct iw_lab_xml *xml, const char *name, uint8_t type,
                               uint64_t number)
{
    struct iw_lab_value value = iw_lab_value_number(type, number);
    char text[40];
    iw_lab_value_print(&value, text, sizeof text);
    add_text_element(xml, name, text);
}

static void add_number_attribute(struct iw_lab_xml *xml, const char *name, uint8_t type,
                                 uint64_t number)
{
    struct iw_lab_value value = iw_lab_value_number(type, number);
    char text[40];
    iw_lab_value_print(&value, text, sizeof text);
    add_attribute_text(xml, name, text);
}

static void build_text_provider(const struct iw_lab_schema *schema, struct iw_lab_xml *xml)
{
    iw_lab_xml_open(xml, "Provider", IW_LAB_NO_DEPENDENCY);
    add_attribute_text(xml, "Name", schema->provider);
    if (schema->provider_guid != NULL) {
        add_attribute_text(xml, "Guid", schema->provider_guid);
    }
    if (schema->event_source != NULL) {
        add_attribute_text(xml, "EventSourceName", schema->event_source);
    }
    iw_lab_xml_close(xml);
    iw_lab_xml_open(xml, "EventID", IW_LAB_NO_DEPENDENCY);
    if (schema->qualifiers >= 0) {
        add_number_attribute(xml, "Qualifiers", IW_LAB_TYPE_U16, (uint64_t)schema->qualifiers);
    }
    char text[16];
    struct iw_lab_value id = iw_lab_value_number(IW_LAB_TYPE_U16, schema->event_id);
    iw_lab_value_print(&id, text, sizeof text);
    iw_lab_xml_begin_content(xml);
    iw_lab_xml_text(xml, text, strlen(text));
    iw_lab_xml_close(xml);
}

static void build_text_tail(const struct iw_lab_schema *schema, const struct iw_lab_event *event,
                            struct iw_lab_xml *xml)
{
    char text[256];
    iw_lab_xml_open(xml, "Correlation", IW_LAB_NO_DEPENDENCY);
    if (event->activity_id != NULL) {
        struct iw_lab_value id = iw_lab_value_bytes(IW_LAB_TYPE_GUID, event->activity_id, 16);
        iw_lab_value_print(&id, text, sizeof text);
        add_attribute_text(xml, "ActivityID", text);
    }
    iw_lab_xml_close(xml);
    iw_lab_xml_open(xml, "Execution", IW_LAB_NO_DEPENDENCY);
    add_number_attribute(xml, "ProcessID", IW_LAB_TYPE_U32, event->process_id);
    add_number_attribute(xml, "ThreadID", IW_LAB_TYPE_U32, event->thread_id);
    iw_lab_xml_close(xml);
    add_text_element(xml, "Channel", schema->channel);
    add_text_element(xml, "Computer", schema->computer);
    iw_lab_xml_open(xml, "Security", IW_LAB_NO_DEPENDENCY);
    if (event->user_sid != NULL) {
        struct iw_lab_value sid =
            iw_lab_value_bytes(IW_LAB_TYPE_SID, event->user_sid, event->user_sid_bytes);
        iw_lab_value_print(&sid, text, sizeof text);
        add_attribute_text(xml, "UserID", text);
    }
    iw_lab_xml_close(xml);
}

static bool add_text_field(struct iw_lab_xml *xml, const struct iw_lab_field *field,
                           const struct iw_lab_value *value, struct iw_lab_error *error)
{
    char text[4096];
    const char *content = text;
    size_t content_bytes = 0;
    open_field(xml, field, IW_LAB_NO_DEPENDENCY);
    if (field->form != IW_LAB_FIELD_SLOT) {
        content = field->literal;
        content_bytes = strlen(content);
    } else if (value->type == IW_LAB_TYPE_STRING) {
        content = value->data;
        content_bytes = value->size_bytes;
    } else if (iw_lab_value_print(value, text, sizeof text)) {
        content_bytes = strlen(text);
    } else {
        return iw_lab_error_set(error,
                                "field %s: this type has no text form in a record without template",
                                field->name != NULL ? field->name : "(unnamed)");
    }
    if (content_bytes > 0) {
        iw_lab_xml_begin_content(xml);
        iw_lab_xml_escaped(xml, content, content_bytes);
    }
    iw_lab_xml_close(xml);
    return true;
}

static bool build_text_payload(const struct iw_lab_schema *schema, const struct iw_lab_event *event,
                               struct iw_lab_xml *xml, struct iw_lab_error *error)
{
    bool user_data = schema->payload == IW_LAB_PAYLOAD_USER_DATA;
    if (user_data) {
        iw_lab_xml_open(xml, "UserData", IW_LAB_NO_DEPENDENCY);
    }
    open_payload(schema, xml);
    for (size_t i = 0; i < schema->n_fields; i++) {
        const struct iw_lab_value *value = &event->values[i];
        bool array = (value->type & IW_LAB_TYPE_ARRAY) != 0;
        uint32_t n_values = array ? value->n_items : 1;
        for (uint32_t k = 0; k < n_values; k++) {
            if (!add_text_field(xml, &schema->fields[i], array ? &value->items[k] : value, error)) {
                return false;
            }
        }
    }
    iw_lab_xml_close(xml);
    if (user_data) {
        iw_lab_xml_close(xml);
    }
    return true;
}

bool iw_lab_schema_build_text(const struct iw_lab_schema *schema, const struct iw_lab_event *event,
                              uint64_t record_id, struct iw_lab_xml *xml,
                              struct iw_lab_error *error)
{
    iw_lab_xml_open(xml, "Event", IW_LAB_NO_DEPENDENCY);
    add_attribute_text(xml, "xmlns", EVENT_NAMESPACE);
    iw_lab_xml_open(xml, "System", IW_LAB_NO_DEPENDENCY);
    build_text_provider(schema, xml);
    add_number_element(xml, "Version", IW_LAB_TYPE_U8, schema->version);
    add_number_element(xml, "Level", IW_LAB_TYPE_U8, schema->level);
    add_number_element(xml, "Task", IW_LAB_TYPE_U16, schema->task);
    add_number_element(xml, "Opcode", IW_LAB_TYPE_U8, schema->opcode);
    add_number_element(xml, "Keywords", IW_LAB_TYPE_HEX64, schema->keywords);
    iw_lab_xml_open(xml, "TimeCreated", IW_LAB_NO_DEPENDENCY);
    add_number_attribute(xml, "SystemTime", IW_LAB_TYPE_FILETIME, event->filetime);
    iw_lab_xml_close(xml);
    add_number_element(xml, "EventRecordID", IW_LAB_TYPE_U64, record_id);
    build_text_tail(schema, event, xml);
    iw_lab_xml_close(xml);
    bool ok =
        schema->payload == IW_LAB_PAYLOAD_NONE || build_text_payload(schema, event, xml, error);
    if (ok) {
        iw_lab_xml_close(xml);
    }
    return ok;
}
