/*
 * One event of the demo being put together: fields by name, as text, turned into the types of the
 * catalogue.
 */
#ifndef IW_LAB_DEMO_EVENT_H
#define IW_LAB_DEMO_EVENT_H

#include "lab/lab_catalogue.h"

/* Texts given to it must live until it is written. */
struct iw_lab_demo_event {
    const struct iw_lab_kind *kind;
    struct iw_lab_event header;
    struct iw_lab_value values[IW_LAB_KIND_MAX_FIELDS];
    uint8_t bytes[IW_LAB_KIND_MAX_FIELDS][68];
    uint8_t user_sid[68];
    size_t n_values;
};

/* Every field begins as `-`, 0, a zero GUID or the null SID. The kind must be in the catalogue. */
void iw_lab_demo_event_begin(struct iw_lab_demo_event *event, enum iw_lab_channel channel,
                             uint16_t event_id, uint64_t filetime, const char *process_id,
                             const char *user_sid);

/* Sets a field; a name the kind has not got, or text that does not fit the field's type, is a
 * mistake in the tables and stops the program. */
void iw_lab_demo_event_set(struct iw_lab_demo_event *event, const char *name, const char *text);

/* Sets the strings of an unnamed field; items live until the event is written. */
void iw_lab_demo_event_set_items(struct iw_lab_demo_event *event, const struct iw_lab_value *items,
                                 uint32_t n_items);

#endif
