/*
 * Field values of the lab's NDJSON input (see lab_ndjson_value.h).
 *
 * What it does: one table from type names to format types, one reader for each group of types.
 * Format: the type names are those of lab/README.md; `name[]` is an array.
 * What it ignores: nothing; an unknown type or a value that does not fit its type is an error.
 */
#include "lab/lab_ndjson_value.h"

#include "lab/evtx/lab_text.h"
#include "lab/lab_alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FIELD_BYTES 65000U

static const struct {
    const char *name;
    uint8_t declared;
    uint8_t instance;
    uint64_t max; /* of whole numbers; 0: not a whole number */
} type_names[] = {
    {"string", IW_LAB_TYPE_STRING, IW_LAB_TYPE_STRING, 0},
    {"ansi", IW_LAB_TYPE_ANSI, IW_LAB_TYPE_ANSI, 0},
    {"i8", IW_LAB_TYPE_I8, IW_LAB_TYPE_I8, INT8_MAX},
    {"u8", IW_LAB_TYPE_U8, IW_LAB_TYPE_U8, UINT8_MAX},
    {"i16", IW_LAB_TYPE_I16, IW_LAB_TYPE_I16, INT16_MAX},
    {"u16", IW_LAB_TYPE_U16, IW_LAB_TYPE_U16, UINT16_MAX},
    {"i32", IW_LAB_TYPE_I32, IW_LAB_TYPE_I32, INT32_MAX},
    {"u32", IW_LAB_TYPE_U32, IW_LAB_TYPE_U32, UINT32_MAX},
    {"i64", IW_LAB_TYPE_I64, IW_LAB_TYPE_I64, INT64_MAX},
    {"u64", IW_LAB_TYPE_U64, IW_LAB_TYPE_U64, UINT64_MAX},
    {"f32", IW_LAB_TYPE_F32, IW_LAB_TYPE_F32, 0},
    {"f64", IW_LAB_TYPE_F64, IW_LAB_TYPE_F64, 0},
    {"bool", IW_LAB_TYPE_BOOL, IW_LAB_TYPE_BOOL, UINT32_MAX},
    {"binary", IW_LAB_TYPE_BINARY, IW_LAB_TYPE_BINARY, 0},
    {"guid", IW_LAB_TYPE_GUID, IW_LAB_TYPE_GUID, 0},
    {"size32", IW_LAB_TYPE_SIZE, IW_LAB_TYPE_HEX32, UINT32_MAX},
    {"size64", IW_LAB_TYPE_SIZE, IW_LAB_TYPE_HEX64, UINT64_MAX},
    {"filetime", IW_LAB_TYPE_FILETIME, IW_LAB_TYPE_FILETIME, 0},
    {"systemtime", IW_LAB_TYPE_SYSTEMTIME, IW_LAB_TYPE_SYSTEMTIME, 0},
    {"sid", IW_LAB_TYPE_SID, IW_LAB_TYPE_SID, 0},
    {"hex32", IW_LAB_TYPE_HEX32, IW_LAB_TYPE_HEX32, UINT32_MAX},
    {"hex64", IW_LAB_TYPE_HEX64, IW_LAB_TYPE_HEX64, UINT64_MAX},
};

#define N_TYPE_NAMES (sizeof type_names / sizeof type_names[0])

void *iw_lab_scratch_take(struct iw_lab_scratch *scratch, size_t n_items, size_t item_bytes)
{
    if (scratch->n_blocks == scratch->n_room) {
        scratch->n_room = scratch->n_room * 2 + 32;
        scratch->blocks =
            iw_lab_alloc_resize(scratch->blocks, scratch->n_room, sizeof *scratch->blocks);
    }
    void *block = iw_lab_alloc_zeroed(n_items, item_bytes);
    scratch->blocks[scratch->n_blocks++] = block;
    return block;
}

void iw_lab_scratch_reset(struct iw_lab_scratch *scratch)
{
    for (size_t i = 0; i < scratch->n_blocks; i++) {
        iw_lab_alloc_release(scratch->blocks[i]);
    }
    scratch->n_blocks = 0;
}

void iw_lab_scratch_done(struct iw_lab_scratch *scratch)
{
    iw_lab_scratch_reset(scratch);
    iw_lab_alloc_release(scratch->blocks);
    memset(scratch, 0, sizeof *scratch);
}

static bool has_text(const struct iw_lab_json_node *node)
{
    return node->kind == IW_LAB_JSON_NUMBER || node->kind == IW_LAB_JSON_STRING;
}

bool iw_lab_ndjson_number(const struct iw_lab_json_node *node, uint64_t max, uint64_t *number)
{
    char *end = NULL;
    if (!has_text(node) || node->text[0] == '\0' || node->text[0] == '-') {
        return false;
    }
    errno = 0;
    *number = strtoull(node->text, &end, 0);
    return errno == 0 && *end == '\0' && *number <= max;
}

/* Signed types take a minus; the low bytes of the two's complement are what is stored. */
static bool read_integer(const struct iw_lab_json_node *node, uint64_t max,
                         struct iw_lab_value *value)
{
    bool is_signed = value->type == IW_LAB_TYPE_I8 || value->type == IW_LAB_TYPE_I16 ||
                     value->type == IW_LAB_TYPE_I32 || value->type == IW_LAB_TYPE_I64;
    if (value->type == IW_LAB_TYPE_BOOL &&
        (node->kind == IW_LAB_JSON_TRUE || node->kind == IW_LAB_JSON_FALSE)) {
        value->number = node->kind == IW_LAB_JSON_TRUE ? 1 : 0;
        return true;
    }
    if (!is_signed || !has_text(node) || node->text[0] != '-') {
        return iw_lab_ndjson_number(node, max, &value->number);
    }
    char *end = NULL;
    errno = 0;
    int64_t number = strtoll(node->text, &end, 10);
    value->number = (uint64_t)number;
    return errno == 0 && *end == '\0' && number >= -(int64_t)max - 1;
}

static bool read_hex(const struct iw_lab_json_node *node, struct iw_lab_scratch *scratch,
                     struct iw_lab_value *value)
{
    size_t n_bytes = node->size_bytes / 2;
    uint8_t *bytes = iw_lab_scratch_take(scratch, n_bytes, 1);
    for (size_t i = 0; i < n_bytes; i++) {
        char pair[3] = {node->text[2 * i], node->text[2 * i + 1], '\0'};
        char *end = NULL;
        bytes[i] = (uint8_t)strtoul(pair, &end, 16);
        if (end != pair + 2) {
            return false;
        }
    }
    value->data = bytes;
    value->size_bytes = (uint32_t)n_bytes;
    return node->kind == IW_LAB_JSON_STRING && node->size_bytes % 2 == 0;
}

static bool read_time(const struct iw_lab_json_node *node, struct iw_lab_scratch *scratch,
                      struct iw_lab_value *value)
{
    if (!has_text(node) || !iw_lab_text_parse_time(node->text, &value->number)) {
        return false;
    }
    if (value->type == IW_LAB_TYPE_SYSTEMTIME) {
        uint16_t *words = iw_lab_scratch_take(scratch, 8, sizeof *words);
        iw_lab_text_split_time(value->number, words);
        value->data = words;
        value->size_bytes = 16;
    }
    return true;
}

static bool read_text(const struct iw_lab_json_node *node, struct iw_lab_value *value)
{
    value->data = node->text;
    value->size_bytes = (uint32_t)node->size_bytes;
    return node->kind == IW_LAB_JSON_STRING && node->size_bytes <= MAX_FIELD_BYTES;
}

static bool read_identity(const struct iw_lab_json_node *node, struct iw_lab_scratch *scratch,
                          struct iw_lab_value *value)
{
    size_t n_bytes = 16;
    uint8_t *bytes = iw_lab_scratch_take(scratch, 68, 1);
    value->data = bytes;
    bool ok = value->type == IW_LAB_TYPE_GUID ? iw_lab_text_parse_guid(node->text, bytes)
                                              : iw_lab_text_parse_sid(node->text, bytes, &n_bytes);
    value->size_bytes = (uint32_t)n_bytes;
    return ok;
}

static bool read_scalar(const struct iw_lab_json_node *node, uint64_t max,
                        struct iw_lab_scratch *scratch, struct iw_lab_value *value)
{
    if (max != 0) {
        return read_integer(node, max, value);
    }
    switch ((enum iw_lab_type)value->type) {
    case IW_LAB_TYPE_BINARY:
        return read_hex(node, scratch, value);
    case IW_LAB_TYPE_GUID:
    case IW_LAB_TYPE_SID:
        return read_identity(node, scratch, value);
    case IW_LAB_TYPE_FILETIME:
    case IW_LAB_TYPE_SYSTEMTIME:
        return read_time(node, scratch, value);
    case IW_LAB_TYPE_F32:
    case IW_LAB_TYPE_F64: {
        char *end = NULL;
        value->real = strtod(node->text, &end);
        return has_text(node) && end != node->text && *end == '\0';
    }
    case IW_LAB_TYPE_STRING:
    case IW_LAB_TYPE_ANSI:
        return read_text(node, value);
    case IW_LAB_TYPE_NULL:
    case IW_LAB_TYPE_I8:
    case IW_LAB_TYPE_U8:
    case IW_LAB_TYPE_I16:
    case IW_LAB_TYPE_U16:
    case IW_LAB_TYPE_I32:
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_I64:
    case IW_LAB_TYPE_U64:
    case IW_LAB_TYPE_BOOL:
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_HEX32:
    case IW_LAB_TYPE_HEX64:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        break;
    }
    return false;
}

/* Index in type_names of a name with or without "[]" behind it; N_TYPE_NAMES when there is none. */
static size_t find_type(const char *name, bool *array)
{
    size_t length = strlen(name);
    *array = length > 2 && strcmp(name + length - 2, "[]") == 0;
    length -= *array ? 2 : 0;
    size_t i = 0;
    while (i < N_TYPE_NAMES &&
           (strncmp(type_names[i].name, name, length) != 0 || type_names[i].name[length] != '\0')) {
        i++;
    }
    return i;
}

static bool read_array(const struct iw_lab_json *json, const struct iw_lab_json_node *node,
                       size_t type, struct iw_lab_scratch *scratch, struct iw_lab_value *value,
                       struct iw_lab_error *error)
{
    if (node->kind != IW_LAB_JSON_ARRAY || type_names[type].instance == IW_LAB_TYPE_BINARY) {
        return iw_lab_error_set(error,
                                "a list is expected for type %s[] (and binary has no arrays)",
                                type_names[type].name);
    }
    struct iw_lab_value *items = iw_lab_scratch_take(scratch, node->n_children, sizeof *items);
    uint32_t n_items = 0;
    const struct iw_lab_json_node *child = iw_lab_json_first(json, node);
    for (; child != NULL; child = iw_lab_json_next(json, child)) {
        items[n_items].type = type_names[type].instance;
        if (!read_scalar(child, type_names[type].max, scratch, &items[n_items])) {
            return iw_lab_error_set(error, "item %u does not fit type %s", n_items + 1,
                                    type_names[type].name);
        }
        n_items++;
    }
    *value = (struct iw_lab_value){.items = items, .n_items = n_items};
    value->type = (uint8_t)(type_names[type].instance | IW_LAB_TYPE_ARRAY);
    return true;
}

static bool read_literal(const struct iw_lab_json_node *node, enum iw_lab_field_form form,
                         struct iw_lab_field *field, struct iw_lab_error *error)
{
    if (node == NULL || node->kind != IW_LAB_JSON_STRING ||
        node->size_bytes > MAX_FIELD_BYTES / 4) {
        return iw_lab_error_set(error, "a literal needs a string value of at most %u bytes",
                                MAX_FIELD_BYTES / 4);
    }
    field->form = form;
    field->literal = node->text;
    return true;
}

static bool read_null(const struct iw_lab_json *json, const struct iw_lab_json_node *node,
                      struct iw_lab_value *value, struct iw_lab_error *error)
{
    const struct iw_lab_json_node *size = iw_lab_json_member(json, node, "size");
    uint64_t size_bytes = 0;
    if (size != NULL && !iw_lab_ndjson_number(size, 1024, &size_bytes)) {
        return iw_lab_error_set(error, "size of null must be 0..1024");
    }
    value->size_bytes = (uint32_t)size_bytes;
    return true;
}

static bool read_typed(const struct iw_lab_json *json, const struct iw_lab_json_node *node,
                       struct iw_lab_scratch *scratch, struct iw_lab_field *field,
                       struct iw_lab_value *value, struct iw_lab_error *error)
{
    const struct iw_lab_json_node *type = iw_lab_json_member(json, node, "type");
    const struct iw_lab_json_node *content = iw_lab_json_member(json, node, "value");
    const struct iw_lab_json_node *optional = iw_lab_json_member(json, node, "optional");
    field->optional = optional != NULL && optional->kind == IW_LAB_JSON_TRUE;
    if (type == NULL || type->kind != IW_LAB_JSON_STRING) {
        return iw_lab_error_set(error, "a value object needs \"type\"");
    }
    if (strcmp(type->text, "null") == 0) {
        return read_null(json, node, value, error);
    }
    if (strcmp(type->text, "literal") == 0) {
        return read_literal(content, IW_LAB_FIELD_LITERAL, field, error);
    }
    if (strcmp(type->text, "cdata") == 0) {
        return read_literal(content, IW_LAB_FIELD_CDATA, field, error);
    }
    bool array = false;
    size_t index = find_type(type->text, &array);
    if (index == N_TYPE_NAMES) {
        return iw_lab_error_set(error, "unknown type \"%s\"", type->text);
    }
    field->type = (uint8_t)(type_names[index].declared | (array ? IW_LAB_TYPE_ARRAY : 0));
    if (content == NULL || content->kind == IW_LAB_JSON_NULL) {
        return true;
    }
    if (array) {
        return read_array(json, content, index, scratch, value, error);
    }
    value->type = type_names[index].instance;
    return read_scalar(content, type_names[index].max, scratch, value) ||
           iw_lab_error_set(error, "value does not fit type %s", type->text);
}

bool iw_lab_ndjson_value(const struct iw_lab_json *json, const struct iw_lab_json_node *node,
                         struct iw_lab_scratch *scratch, struct iw_lab_field *field,
                         struct iw_lab_value *value, struct iw_lab_error *error)
{
    *value = iw_lab_value_null();
    field->type = IW_LAB_TYPE_STRING;
    field->form = IW_LAB_FIELD_SLOT;
    field->optional = false;
    field->literal = NULL;
    switch (node->kind) {
    case IW_LAB_JSON_NULL:
        return true;
    case IW_LAB_JSON_STRING:
        value->type = IW_LAB_TYPE_STRING;
        return read_text(node, value) ||
               iw_lab_error_set(error, "string longer than %u bytes", MAX_FIELD_BYTES);
    case IW_LAB_JSON_OBJECT:
        return read_typed(json, node, scratch, field, value, error);
    case IW_LAB_JSON_FALSE:
    case IW_LAB_JSON_TRUE:
    case IW_LAB_JSON_NUMBER:
    case IW_LAB_JSON_ARRAY:
        break;
    }
    return iw_lab_error_set(error, "a value is a string, null or {\"type\":…,\"value\":…}");
}
