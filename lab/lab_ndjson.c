/*
 * Events from NDJSON to EVTX (see lab_ndjson.h).
 *
 * What it does: every member of a line has one row in a table; an unknown member is an error, so
 * that a typing mistake in a test cannot pass as an absent field. Format: lab/README.md. What it
 * ignores: empty lines and lines that begin with #.
 */
#include "lab/lab_ndjson.h"

#include "lab/evtx/lab_text.h"
#include "lab/json/lab_json.h"
#include "lab/lab_alloc.h"
#include "lab/lab_ndjson_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTLOG_NAMESPACE "http://manifests.microsoft.com/win/2004/08/windows/eventlog"

struct line {
    const struct iw_lab_json *json;
    struct iw_lab_scratch *scratch;
    struct iw_lab_schema schema;
    struct iw_lab_event event;
    struct iw_lab_field *fields;
    struct iw_lab_value *values;
    size_t n_fields;
    bool has_time;
};

typedef bool read_member(struct line *line, const struct iw_lab_json_node *node,
                         struct iw_lab_error *error);

static bool read_text_member(const struct iw_lab_json_node *node, const char **text,
                             struct iw_lab_error *error)
{
    *text = node->text;
    return (node->kind == IW_LAB_JSON_STRING && strlen(node->text) == node->size_bytes &&
            node->size_bytes < 2000) ||
           iw_lab_error_set(error, "\"%s\" must be a string without NUL, below 2000 bytes",
                            node->key);
}

static bool read_number_member(const struct iw_lab_json_node *node, uint64_t max, uint64_t *number,
                               struct iw_lab_error *error)
{
    return iw_lab_ndjson_number(node, max, number) ||
           iw_lab_error_set(error, "\"%s\" must be a whole number up to %llu", node->key,
                            (unsigned long long)max);
}

static bool read_time_member(struct line *line, const struct iw_lab_json_node *node,
                             struct iw_lab_error *error)
{
    line->has_time = true;
    return iw_lab_text_parse_time(node->text, &line->event.filetime) ||
           iw_lab_error_set(error, "\"time\" must look like 2026-01-05T10:00:00.1234567Z");
}

static bool read_channel(struct line *line, const struct iw_lab_json_node *node,
                         struct iw_lab_error *error)
{
    return read_text_member(node, &line->schema.channel, error);
}

static bool read_provider(struct line *line, const struct iw_lab_json_node *node,
                          struct iw_lab_error *error)
{
    return read_text_member(node, &line->schema.provider, error);
}

static bool read_provider_guid(struct line *line, const struct iw_lab_json_node *node,
                               struct iw_lab_error *error)
{
    uint8_t guid[16];
    return read_text_member(node, &line->schema.provider_guid, error) &&
           (iw_lab_text_parse_guid(node->text, guid) ||
            iw_lab_error_set(error, "\"provider_guid\" is not a GUID"));
}

static bool read_event_source(struct line *line, const struct iw_lab_json_node *node,
                              struct iw_lab_error *error)
{
    return read_text_member(node, &line->schema.event_source, error);
}

static bool read_computer(struct line *line, const struct iw_lab_json_node *node,
                          struct iw_lab_error *error)
{
    return read_text_member(node, &line->schema.computer, error);
}

static bool read_event_data_name(struct line *line, const struct iw_lab_json_node *node,
                                 struct iw_lab_error *error)
{
    return read_text_member(node, &line->schema.event_data_name, error);
}

static bool read_namespace(struct line *line, const struct iw_lab_json_node *node,
                           struct iw_lab_error *error)
{
    return read_text_member(node, &line->schema.payload_namespace, error);
}

static bool read_event_id(struct line *line, const struct iw_lab_json_node *node,
                          struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT16_MAX, &number, error);
    line->schema.event_id = (uint16_t)number;
    return ok;
}

static bool read_qualifiers(struct line *line, const struct iw_lab_json_node *node,
                            struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT16_MAX, &number, error);
    line->schema.qualifiers = (int32_t)number;
    return ok;
}

static bool read_version(struct line *line, const struct iw_lab_json_node *node,
                         struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT8_MAX, &number, error);
    line->schema.version = (uint8_t)number;
    return ok;
}

static bool read_level(struct line *line, const struct iw_lab_json_node *node,
                       struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT8_MAX, &number, error);
    line->schema.level = (uint8_t)number;
    return ok;
}

static bool read_task(struct line *line, const struct iw_lab_json_node *node,
                      struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT16_MAX, &number, error);
    line->schema.task = (uint16_t)number;
    return ok;
}

static bool read_opcode(struct line *line, const struct iw_lab_json_node *node,
                        struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT8_MAX, &number, error);
    line->schema.opcode = (uint8_t)number;
    return ok;
}

static bool read_keywords(struct line *line, const struct iw_lab_json_node *node,
                          struct iw_lab_error *error)
{
    return read_number_member(node, UINT64_MAX, &line->schema.keywords, error);
}

static bool read_record_id(struct line *line, const struct iw_lab_json_node *node,
                           struct iw_lab_error *error)
{
    return read_number_member(node, UINT64_MAX, &line->event.record_id, error);
}

static bool read_process_id(struct line *line, const struct iw_lab_json_node *node,
                            struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT32_MAX, &number, error);
    line->event.process_id = (uint32_t)number;
    return ok;
}

static bool read_thread_id(struct line *line, const struct iw_lab_json_node *node,
                           struct iw_lab_error *error)
{
    uint64_t number = 0;
    bool ok = read_number_member(node, UINT32_MAX, &number, error);
    line->event.thread_id = (uint32_t)number;
    return ok;
}

static bool read_user_sid(struct line *line, const struct iw_lab_json_node *node,
                          struct iw_lab_error *error)
{
    uint8_t *sid = iw_lab_scratch_take(line->scratch, 68, 1);
    line->event.user_sid = sid;
    return iw_lab_text_parse_sid(node->text, sid, &line->event.user_sid_bytes) ||
           iw_lab_error_set(error, "\"user_sid\" is not a SID");
}

static bool read_activity_id(struct line *line, const struct iw_lab_json_node *node,
                             struct iw_lab_error *error)
{
    uint8_t *guid = iw_lab_scratch_take(line->scratch, 16, 1);
    line->event.activity_id = guid;
    return iw_lab_text_parse_guid(node->text, guid) ||
           iw_lab_error_set(error, "\"activity_id\" is not a GUID");
}

static bool read_literal_channel(struct line *line, const struct iw_lab_json_node *node,
                                 struct iw_lab_error *error)
{
    (void)error;
    line->schema.literal_channel = node->kind == IW_LAB_JSON_TRUE;
    return true;
}

static bool read_template_less(struct line *line, const struct iw_lab_json_node *node,
                               struct iw_lab_error *error)
{
    (void)error;
    line->schema.template_less = node->kind == IW_LAB_JSON_TRUE;
    return true;
}

static bool reserve_fields(struct line *line, size_t n_more, struct iw_lab_error *error)
{
    size_t n_room = line->n_fields + n_more;
    if (n_room > 1000) {
        return iw_lab_error_set(error, "more than 1000 fields");
    }
    struct iw_lab_field *fields = iw_lab_scratch_take(line->scratch, n_room, sizeof *fields);
    struct iw_lab_value *values = iw_lab_scratch_take(line->scratch, n_room, sizeof *values);
    if (line->n_fields > 0) {
        memcpy(fields, line->fields, line->n_fields * sizeof *fields);
        memcpy(values, line->values, line->n_fields * sizeof *values);
    }
    line->fields = fields;
    line->values = values;
    return true;
}

/* Members of an object as fields: `<Data Name="key">`, or `<key>` under UserData. */
static bool read_named_fields(struct line *line, const struct iw_lab_json_node *object,
                              bool key_is_element, struct iw_lab_error *error)
{
    if (!reserve_fields(line, object->n_children, error)) {
        return false;
    }
    const struct iw_lab_json_node *child = iw_lab_json_first(line->json, object);
    for (; child != NULL; child = iw_lab_json_next(line->json, child)) {
        struct iw_lab_field *field = &line->fields[line->n_fields];
        *field = (struct iw_lab_field){.element = NULL};
        struct iw_lab_error reason = {.text = ""};
        if (key_is_element) {
            field->element = child->key;
        } else {
            field->name = child->key;
        }
        if (!iw_lab_ndjson_value(line->json, child, line->scratch, field,
                                 &line->values[line->n_fields], &reason)) {
            return iw_lab_error_set(error, "field \"%s\": %s", child->key, reason.text);
        }
        line->n_fields++;
    }
    return true;
}

/* A list becomes one `<Data>` that is fed by one array of strings, as classic event sources have
 * it. */
static bool read_unnamed_fields(struct line *line, const struct iw_lab_json_node *list,
                                struct iw_lab_error *error)
{
    if (!reserve_fields(line, 1, error)) {
        return false;
    }
    struct iw_lab_value *items =
        iw_lab_scratch_take(line->scratch, list->n_children, sizeof *items);
    uint32_t n_items = 0;
    const struct iw_lab_json_node *child = iw_lab_json_first(line->json, list);
    for (; child != NULL; child = iw_lab_json_next(line->json, child)) {
        if (child->kind != IW_LAB_JSON_STRING) {
            return iw_lab_error_set(error, "unnamed data must be strings");
        }
        items[n_items].type = IW_LAB_TYPE_STRING;
        items[n_items].data = child->text;
        items[n_items].size_bytes = (uint32_t)child->size_bytes;
        n_items++;
    }
    uint8_t type = IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY;
    line->fields[line->n_fields] = (struct iw_lab_field){.type = type};
    line->values[line->n_fields] =
        (struct iw_lab_value){.type = type, .items = items, .n_items = n_items};
    line->n_fields++;
    return true;
}

static bool read_data(struct line *line, const struct iw_lab_json_node *node,
                      struct iw_lab_error *error)
{
    if (line->schema.payload == IW_LAB_PAYLOAD_USER_DATA) {
        return iw_lab_error_set(error, "\"data\" and \"user_data\" exclude each other");
    }
    line->schema.payload = IW_LAB_PAYLOAD_EVENT_DATA;
    if (node->kind == IW_LAB_JSON_ARRAY) {
        return read_unnamed_fields(line, node, error);
    }
    return node->kind == IW_LAB_JSON_OBJECT
               ? read_named_fields(line, node, false, error)
               : iw_lab_error_set(error, "\"data\" must be an object or a list");
}

static bool read_binary(struct line *line, const struct iw_lab_json_node *node,
                        struct iw_lab_error *error)
{
    static const char prefix[] = "\"binary\" must be hex digits";
    if (!reserve_fields(line, 1, error)) {
        return false;
    }
    size_t n_bytes = node->size_bytes / 2;
    uint8_t *bytes = iw_lab_scratch_take(line->scratch, n_bytes, 1);
    for (size_t i = 0; i < n_bytes; i++) {
        char pair[3] = {node->text[2 * i], node->text[2 * i + 1], '\0'};
        char *end = NULL;
        bytes[i] = (uint8_t)strtoul(pair, &end, 16);
        if (end != pair + 2) {
            return iw_lab_error_set(error, "%s", prefix);
        }
    }
    line->schema.payload = IW_LAB_PAYLOAD_EVENT_DATA;
    line->fields[line->n_fields] =
        (struct iw_lab_field){.element = "Binary", .type = IW_LAB_TYPE_BINARY};
    line->values[line->n_fields] = iw_lab_value_bytes(IW_LAB_TYPE_BINARY, bytes, n_bytes);
    line->n_fields++;
    return true;
}

static bool read_user_data(struct line *line, const struct iw_lab_json_node *node,
                           struct iw_lab_error *error)
{
    const struct iw_lab_json_node *root =
        node->kind == IW_LAB_JSON_OBJECT ? iw_lab_json_first(line->json, node) : NULL;
    if (line->schema.payload == IW_LAB_PAYLOAD_EVENT_DATA) {
        return iw_lab_error_set(error, "\"data\" and \"user_data\" exclude each other");
    }
    if (root == NULL || node->n_children != 1 || root->kind != IW_LAB_JSON_OBJECT) {
        return iw_lab_error_set(
            error, "\"user_data\" must hold one object, for example {\"LogFileCleared\":{…}}");
    }
    line->schema.payload = IW_LAB_PAYLOAD_USER_DATA;
    line->schema.payload_root = root->key;
    return read_named_fields(line, root, true, error);
}

static const struct {
    const char *key;
    read_member *read;
} members[] = {
    {"time", read_time_member},
    {"channel", read_channel},
    {"provider", read_provider},
    {"provider_guid", read_provider_guid},
    {"event_source", read_event_source},
    {"computer", read_computer},
    {"event_id", read_event_id},
    {"qualifiers", read_qualifiers},
    {"record_id", read_record_id},
    {"version", read_version},
    {"level", read_level},
    {"task", read_task},
    {"opcode", read_opcode},
    {"keywords", read_keywords},
    {"process_id", read_process_id},
    {"thread_id", read_thread_id},
    {"user_sid", read_user_sid},
    {"activity_id", read_activity_id},
    {"literal_channel", read_literal_channel},
    {"template_less", read_template_less},
    {"event_data_name", read_event_data_name},
    {"user_data_namespace", read_namespace},
    {"data", read_data},
    {"binary", read_binary},
    {"user_data", read_user_data},
};

#define N_MEMBERS (sizeof members / sizeof members[0])

static bool read_members(struct line *line, struct iw_lab_error *error)
{
    const struct iw_lab_json_node *child = iw_lab_json_first(line->json, &line->json->nodes[0]);
    for (; child != NULL; child = iw_lab_json_next(line->json, child)) {
        size_t i = 0;
        while (i < N_MEMBERS && strcmp(members[i].key, child->key) != 0) {
            i++;
        }
        if (i == N_MEMBERS) {
            return iw_lab_error_set(error, "unknown member \"%s\"", child->key);
        }
        if (!members[i].read(line, child, error)) {
            return false;
        }
    }
    if (!line->has_time || line->schema.channel == NULL || line->schema.provider == NULL ||
        line->schema.computer == NULL || line->schema.event_id == 0) {
        return iw_lab_error_set(error, "time, channel, provider, computer and event_id are needed");
    }
    return true;
}

static bool write_line(struct iw_lab_evtx *file, const struct iw_lab_json *json,
                       struct iw_lab_scratch *scratch, const struct iw_lab_ndjson_options *options,
                       struct iw_lab_error *error)
{
    struct line line = {.json = json, .scratch = scratch};
    line.schema.qualifiers = -1;
    line.schema.level = 4;
    line.schema.keywords = 0x8000000000000000ULL;
    line.schema.payload_namespace = EVENTLOG_NAMESPACE;
    line.schema.literal_channel = options->literal_channel;
    line.schema.template_less = options->template_less;
    line.event.process_id = 4;
    line.event.thread_id = 8;
    if (json->nodes[0].kind != IW_LAB_JSON_OBJECT) {
        return iw_lab_error_set(error, "a line must be one JSON object");
    }
    if (!read_members(&line, error)) {
        return false;
    }
    line.schema.fields = line.fields;
    line.schema.n_fields = line.n_fields;
    line.event.values = line.values;
    line.event.n_values = line.n_fields;
    size_t index = iw_lab_evtx_define(file, &line.schema);
    return iw_lab_evtx_add(file, index, &line.event, error);
}

static bool write_lines(FILE *input, const char *input_path, struct iw_lab_evtx *file,
                        const struct iw_lab_ndjson_options *options, struct iw_lab_error *error)
{
    struct iw_lab_scratch scratch = {0};
    char *text = NULL;
    size_t n_room = 0;
    ssize_t length = 0;
    size_t line_number = 0;
    bool ok = true;
    while (ok && (length = getline(&text, &n_room, input)) >= 0) {
        struct iw_lab_json json = {0};
        struct iw_lab_error reason = {.text = ""};
        line_number++;
        if (text[strspn(text, " \t\r\n")] == '\0' || text[0] == '#') {
            continue;
        }
        ok = iw_lab_json_parse(&json, text, (size_t)length, &reason) &&
             write_line(file, &json, &scratch, options, &reason);
        if (!ok) {
            iw_lab_error_set(error, "%s:%zu: %.380s", input_path, line_number, reason.text);
        }
        iw_lab_json_done(&json);
        iw_lab_scratch_reset(&scratch);
    }
    if (ok && ferror(input)) {
        ok = iw_lab_error_set(error, "%s: reading failed: %s", input_path, strerror(errno));
    }
    iw_lab_scratch_done(&scratch);
    iw_lab_alloc_release(text);
    return ok;
}

bool iw_lab_ndjson_write(const char *input_path, const char *output_path,
                         const struct iw_lab_ndjson_options *options, uint64_t *n_records,
                         struct iw_lab_error *error)
{
    bool standard = strcmp(input_path, "-") == 0;
    FILE *input = standard ? stdin : fopen(input_path, "rb");
    if (input == NULL) {
        return iw_lab_error_set(error, "%s: cannot open: %s", input_path, strerror(errno));
    }
    struct iw_lab_evtx *file = iw_lab_evtx_new(output_path, &options->evtx, error);
    bool ok = file != NULL &&
              write_lines(input, standard ? "standard input" : input_path, file, options, error);
    if (ok && n_records != NULL) {
        *n_records = iw_lab_evtx_n_records(file);
    }
    if (file != NULL) {
        ok = iw_lab_evtx_close(file, ok ? error : NULL) && ok;
        if (!ok) {
            unlink(output_path);
        }
    }
    if (!standard) {
        fclose(input);
    }
    return ok;
}
