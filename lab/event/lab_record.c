/*
 * Events by field name (see lab_record.h).
 *
 * What it does: finds the field in the catalogue, reads the text as the field's type.
 * What it ignores: what a field means; that two fields agree is the caller's affair.
 */
#include "lab/event/lab_record.h"

#include "lab/evtx/lab_text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* Index of the field, or n_values. */
static size_t find_field(const struct iw_lab_record *record, const char *name)
{
    size_t i = 0;
    while (i < record->n_values && (record->kind->fields[i].name == NULL ||
                                    strcmp(record->kind->fields[i].name, name) != 0)) {
        i++;
    }
    return i;
}

/* The largest number of the type, as it stands in an instance. */
static uint64_t largest_number(uint8_t type)
{
    switch ((enum iw_lab_type)type) {
    case IW_LAB_TYPE_I8:
        return INT8_MAX;
    case IW_LAB_TYPE_U8:
        return UINT8_MAX;
    case IW_LAB_TYPE_I16:
        return INT16_MAX;
    case IW_LAB_TYPE_U16:
        return UINT16_MAX;
    case IW_LAB_TYPE_I32:
        return INT32_MAX;
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_BOOL:
    case IW_LAB_TYPE_HEX32:
        return UINT32_MAX;
    case IW_LAB_TYPE_I64:
        return INT64_MAX;
    case IW_LAB_TYPE_U64:
    case IW_LAB_TYPE_FILETIME:
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_HEX64:
    case IW_LAB_TYPE_NULL:
    case IW_LAB_TYPE_STRING:
    case IW_LAB_TYPE_ANSI:
    case IW_LAB_TYPE_F32:
    case IW_LAB_TYPE_F64:
    case IW_LAB_TYPE_BINARY:
    case IW_LAB_TYPE_GUID:
    case IW_LAB_TYPE_SYSTEMTIME:
    case IW_LAB_TYPE_SID:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        break;
    }
    return UINT64_MAX;
}

/* Decimal, 0x… or octal; true and false for BOOL, a UTC time for FILETIME. */
static bool parse_number(uint8_t type, const char *text, uint64_t *number)
{
    char *end = NULL;
    *number = 0;
    if (type == IW_LAB_TYPE_BOOL && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
        *number = *text == 't' ? 1 : 0;
        return true;
    }
    if (type == IW_LAB_TYPE_FILETIME && iw_lab_text_parse_time(text, number)) {
        return true;
    }
    errno = 0;
    *number = strtoull(text, &end, 0);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 &&
           *number <= largest_number(type);
}

static bool set_at(struct iw_lab_record *record, size_t i, const char *text)
{
    uint8_t type = record->kind->fields[i].type;
    struct iw_lab_value *value = &record->values[i];
    bool ok = true;
    size_t n_bytes = 16;
    if (type == IW_LAB_TYPE_STRING) {
        *value = iw_lab_value_text(text);
    } else if (type == IW_LAB_TYPE_GUID) {
        ok = iw_lab_text_parse_guid(text, record->bytes[i]);
        *value = iw_lab_value_bytes(type, record->bytes[i], n_bytes);
    } else if (type == IW_LAB_TYPE_SID) {
        ok = iw_lab_text_parse_sid(text, record->bytes[i], &n_bytes);
        *value = iw_lab_value_bytes(type, record->bytes[i], n_bytes);
    } else if (type == IW_LAB_TYPE_BINARY) {
        ok = iw_lab_text_parse_hex(text, record->bytes[i], sizeof record->bytes[i], &n_bytes);
        *value = iw_lab_value_bytes(type, record->bytes[i], n_bytes);
    } else if (type == (IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY)) {
        *value = (struct iw_lab_value){.type = type};
    } else {
        uint64_t number = 0;
        ok = parse_number(type, text, &number);
        *value = iw_lab_value_number(type == IW_LAB_TYPE_SIZE ? IW_LAB_TYPE_HEX64 : type, number);
    }
    return ok;
}

static const char *initial_text(uint8_t type)
{
    switch ((enum iw_lab_type)type) {
    case IW_LAB_TYPE_STRING:
        return "-";
    case IW_LAB_TYPE_GUID:
        return "{00000000-0000-0000-0000-000000000000}";
    case IW_LAB_TYPE_SID:
        return "S-1-0-0";
    case IW_LAB_TYPE_BINARY:
        return "";
    case IW_LAB_TYPE_NULL:
    case IW_LAB_TYPE_ANSI:
    case IW_LAB_TYPE_I8:
    case IW_LAB_TYPE_U8:
    case IW_LAB_TYPE_I16:
    case IW_LAB_TYPE_U16:
    case IW_LAB_TYPE_I32:
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_I64:
    case IW_LAB_TYPE_U64:
    case IW_LAB_TYPE_F32:
    case IW_LAB_TYPE_F64:
    case IW_LAB_TYPE_BOOL:
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_FILETIME:
    case IW_LAB_TYPE_SYSTEMTIME:
    case IW_LAB_TYPE_HEX32:
    case IW_LAB_TYPE_HEX64:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        break;
    }
    return "0";
}

void iw_lab_record_begin(struct iw_lab_record *record, const struct iw_lab_kind *kind,
                         uint64_t filetime, const char *process_id, const char *user_sid)
{
    memset(record, 0, sizeof *record);
    record->kind = kind;
    record->header.filetime = filetime;
    record->header.process_id = (uint32_t)strtoul(process_id, NULL, 10);
    record->header.thread_id = record->header.process_id + 136;
    if (user_sid != NULL &&
        iw_lab_text_parse_sid(user_sid, record->user_sid, &record->header.user_sid_bytes)) {
        record->header.user_sid = record->user_sid;
        record->user_sid_text = user_sid;
    }
    while (record->n_values < IW_LAB_KIND_MAX_FIELDS &&
           kind->fields[record->n_values].type != IW_LAB_TYPE_NULL) {
        record->n_values++;
    }
    for (size_t i = 0; i < record->n_values; i++) {
        set_at(record, i, initial_text(kind->fields[i].type));
    }
}

bool iw_lab_record_try_set(struct iw_lab_record *record, const char *name, const char *text)
{
    size_t i = find_field(record, name);
    return i < record->n_values && set_at(record, i, text);
}

void iw_lab_record_set(struct iw_lab_record *record, const char *name, const char *text)
{
    bool ok = iw_lab_record_try_set(record, name, text);
    assert(ok && "the kind has no such field, or the text does not fit its type");
    (void)ok;
}

void iw_lab_record_set_items(struct iw_lab_record *record, const struct iw_lab_value *items,
                             uint32_t n_items)
{
    record->values[0] = (struct iw_lab_value){
        .type = IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY, .items = items, .n_items = n_items};
}

const char *iw_lab_record_get(const struct iw_lab_record *record, const char *name, char *out,
                              size_t size_bytes)
{
    size_t i = find_field(record, name);
    if (i == record->n_values) {
        return NULL;
    }
    const struct iw_lab_value *value = &record->values[i];
    if (value->type == IW_LAB_TYPE_STRING) {
        return value->data;
    }
    return iw_lab_value_print(value, out, size_bytes) ? out : NULL;
}
