/*
 * Events of the demo by field name (see demo_event.h).
 *
 * What it does: finds the field in the catalogue, reads the text as the field's type.
 * What it ignores: nothing; the tables are part of the program, so a mistake in them is a bug and
 * asserted.
 */
#include "lab/demo/demo_event.h"

#include "lab/evtx/lab_text.h"

#include <assert.h>
#include <stdlib.h>

static size_t find_field(const struct iw_lab_demo_event *event, const char *name)
{
    size_t i = 0;
    while (i < event->n_values && (event->kind->fields[i].name == NULL ||
                                   strcmp(event->kind->fields[i].name, name) != 0)) {
        i++;
    }
    assert(i < event->n_values && "the kind has no such field");
    return i;
}

static void set_at(struct iw_lab_demo_event *event, size_t i, const char *text)
{
    uint8_t type = event->kind->fields[i].type;
    struct iw_lab_value *value = &event->values[i];
    bool ok = true;
    size_t n_bytes = 16;
    if (type == IW_LAB_TYPE_STRING) {
        *value = iw_lab_value_text(text);
    } else if (type == IW_LAB_TYPE_GUID) {
        ok = iw_lab_text_parse_guid(text, event->bytes[i]);
        *value = iw_lab_value_bytes(type, event->bytes[i], n_bytes);
    } else if (type == IW_LAB_TYPE_SID) {
        ok = iw_lab_text_parse_sid(text, event->bytes[i], &n_bytes);
        *value = iw_lab_value_bytes(type, event->bytes[i], n_bytes);
    } else if (type == IW_LAB_TYPE_BINARY) {
        *value = iw_lab_value_bytes(type, event->bytes[i], 0);
    } else {
        char *end = NULL;
        *value = iw_lab_value_number(type == IW_LAB_TYPE_SIZE ? IW_LAB_TYPE_HEX64 : type,
                                     strtoull(text, &end, 0));
        ok = *end == '\0';
    }
    assert(ok && "text does not fit the field's type");
    (void)ok;
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
    case IW_LAB_TYPE_BINARY:
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

void iw_lab_demo_event_begin(struct iw_lab_demo_event *event, enum iw_lab_channel channel,
                             uint16_t event_id, uint64_t filetime, const char *process_id,
                             const char *user_sid)
{
    memset(event, 0, sizeof *event);
    event->kind = iw_lab_kind_find(channel, event_id);
    assert(event->kind != NULL && "no such kind in the catalogue");
    event->header.filetime = filetime;
    event->header.process_id = (uint32_t)strtoul(process_id, NULL, 10);
    event->header.thread_id = event->header.process_id + 136;
    if (user_sid != NULL &&
        iw_lab_text_parse_sid(user_sid, event->user_sid, &event->header.user_sid_bytes)) {
        event->header.user_sid = event->user_sid;
    }
    while (event->kind->fields[event->n_values].type != IW_LAB_TYPE_NULL) {
        event->n_values++;
    }
    for (size_t i = 0; i < event->n_values; i++) {
        set_at(event, i, initial_text(event->kind->fields[i].type));
    }
}

void iw_lab_demo_event_set(struct iw_lab_demo_event *event, const char *name, const char *text)
{
    set_at(event, find_field(event, name), text);
}

void iw_lab_demo_event_set_items(struct iw_lab_demo_event *event, const struct iw_lab_value *items,
                                 uint32_t n_items)
{
    event->values[0] = (struct iw_lab_value){
        .type = IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY, .items = items, .n_items = n_items};
}
