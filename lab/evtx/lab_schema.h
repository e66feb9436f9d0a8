/*
 * From the shape of an event to its templates: used by the EVTX writer only.
 */
#ifndef IW_LAB_SCHEMA_H
#define IW_LAB_SCHEMA_H

#include "lab/evtx/lab_evtx.h"
#include "lab/evtx/lab_xml.h"

/* Slots of the System part. Provider and channel are slots 14..16, or literals and a longer list
 * ([EVTX] A7). */
enum iw_lab_slot {
    IW_LAB_SLOT_LEVEL = 0,
    IW_LAB_SLOT_OPCODE = 1,
    IW_LAB_SLOT_TASK = 2,
    IW_LAB_SLOT_EVENT_ID = 3,
    IW_LAB_SLOT_QUALIFIERS = 4,
    IW_LAB_SLOT_KEYWORDS = 5,
    IW_LAB_SLOT_TIME = 6,
    IW_LAB_SLOT_ACTIVITY_ID = 7,
    IW_LAB_SLOT_PROCESS_ID = 8,
    IW_LAB_SLOT_THREAD_ID = 9,
    IW_LAB_SLOT_RECORD_ID = 10,
    IW_LAB_SLOT_VERSION = 11,
    IW_LAB_SLOT_USER_ID = 12,
    IW_LAB_SLOT_RELATED_ACTIVITY_ID = 13,
    IW_LAB_SLOT_PROVIDER = 14,
    IW_LAB_SLOT_PROVIDER_GUID = 15,
    IW_LAB_SLOT_CHANNEL = 16,
    IW_LAB_SLOT_PAYLOAD = 17,
    IW_LAB_LITERAL_SLOT_RELATED_ACTIVITY_ID = 18,
    IW_LAB_LITERAL_SLOT_PAYLOAD = 19,
    IW_LAB_MAX_SLOTS = 20
};

/* A deep copy; freed with iw_lab_schema_release. */
void iw_lab_schema_copy(struct iw_lab_schema *to, const struct iw_lab_schema *from);
void iw_lab_schema_release(struct iw_lab_schema *schema);
bool iw_lab_schema_equal(const struct iw_lab_schema *a, const struct iw_lab_schema *b);

/* The System template, with a payload slot unless the schema has no payload. */
void iw_lab_schema_build_root(const struct iw_lab_schema *schema, struct iw_lab_xml *xml);

/* The EventData or UserData template. */
void iw_lab_schema_build_payload(const struct iw_lab_schema *schema, struct iw_lab_xml *xml);

/* One whole event as text, for records without template. False: a value has no text form (named in
 * error). */
bool iw_lab_schema_build_text(const struct iw_lab_schema *schema, const struct iw_lab_event *event,
                              uint64_t record_id, struct iw_lab_xml *xml,
                              struct iw_lab_error *error);

#endif
