/**
 * Reading an event's fields for a fact: texts live in the scratch arena or borrow from the event;
 * a field that is absent reads as empty. Missing memory is noted and never looks like an absent
 * field: whoever made the fact asks `no_memory` at the end.
 */
#ifndef IW_CONTEXT_EVENT_READING_H
#define IW_CONTEXT_EVENT_READING_H

#include "event/event.h"

struct iw_event_reading {
    const struct iw_event *event;
    struct iw_arena *scratch;
    bool no_memory;
};

/** A field by its canonical name, whatever the record calls it (event/taxonomy.h). */
struct iw_str iw_reading_text(struct iw_event_reading *reading, uint32_t canonical);
/** A field by the record's own name. Windows' "-" for nothing reads as empty. */
struct iw_str iw_reading_own(struct iw_event_reading *reading, uint32_t field);
/** A field by a name that is not canonical, letter case ignored. */
struct iw_str iw_reading_named(struct iw_event_reading *reading, const char *name);
/** A whole number of the record, decimal or `0x…`; false: absent or none. */
bool iw_reading_number(struct iw_event_reading *reading, uint32_t field, uint64_t *ret);
/** `DOMAIN\name` of two fields of the record; the name alone where there is no domain. */
struct iw_str iw_reading_account(struct iw_event_reading *reading, uint32_t name, uint32_t domain);
/** A SID of the record; the null SID (S-1-0-0) reads as empty. */
struct iw_str iw_reading_sid(struct iw_event_reading *reading, uint32_t field);

#endif
