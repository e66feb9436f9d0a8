/**
 * The event: what every stage passes on, whatever file or dialect it came from.
 *
 * An event is a flat list of fields in the order of the evidence. Names may repeat (an array, or
 * the same name twice in a template): a question about a field is true when it is true of any of
 * them. Everything an event points to lives in the reader's buffers or its batch and dies when the
 * next batch is asked for: copy what must live longer (event/flatten.h).
 */
#ifndef IW_EVENT_EVENT_H
#define IW_EVENT_EVENT_H

#include "base/timestamp.h"
#include "event/name.h"
#include "event/value.h"

/** Where in the record a field stood. */
enum iw_place {
    IW_PLACE_SYSTEM = 0, /* Event/System: named `Tag` or `Tag_Attribute` */
    IW_PLACE_EVENT_DATA, /* Event/EventData: named by @Name, or `Data` */
    IW_PLACE_USER_DATA,  /* Event/UserData: named by the leaf element or attribute */
    IW_PLACE_RENDERING,  /* Event/RenderingInfo of forwarded events: never matched by rules */
    IW_PLACE_OTHER,      /* ProcessingErrorData, DebugData, anything else */
    IW_PLACE_COUNT
};

struct iw_field {
    const struct iw_name *name;
    const uint8_t *p; /* value bytes */
    uint32_t n;       /* their number */
    uint8_t type;     /* enum iw_value_type */
    uint8_t place;    /* enum iw_place */
    uint16_t reserved;
};

enum iw_event_flags {
    IW_EVENT_DECODED =
        1U << 0, /* fields are there; otherwise routing found nobody who wants them */
    IW_EVENT_RECOVERED = 1U << 1, /* stale or carved (--recover): not part of the live log */
    IW_EVENT_BARE = 1U << 2,      /* record had no template (exported or forwarded) */
    IW_EVENT_CUT = 1U << 3, /* some fields were lost to damage or a limit; the ledger counts it */
    IW_EVENT_TIME_LOCAL = 1U << 4,   /* the time is of a local clock whose offset is not known, read
                                        as   UTC: off by up to 14 hours */
    IW_EVENT_HOST_ASSUMED = 1U << 5, /* computer is the name of the collection's folder: the record
                                        names none */
};

struct iw_event {
    int64_t time_ns;       /* event time: Sysmon's UtcTime where decoded, else TimeCreated;
                              IW_TIME_UNKNOWN if neither */
    int64_t created_ns;    /* System/TimeCreated */
    uint64_t record_id;    /* EventRecordID of System; 0 when unknown */
    struct iw_str channel; /* UTF-8; empty when unknown */
    struct iw_str provider;
    struct iw_str computer; /* as written: NetBIOS or FQDN */
    const struct iw_field *fields;
    uint32_t n_fields;
    uint32_t event_id;
    uint32_t flags;  /* enum iw_event_flags */
    uint32_t source; /* index of the file in the ledger */
    uint64_t offset; /* of the record in the file */
    uint8_t dialect; /* number of the JSON dialect whose writer set created_ns; 0: another form,
                        whose times are UTC by its definition */
    uint64_t line;   /* of a log that is read by lines, from 1; else 0 */
};

static inline struct iw_value iw_field_value(const struct iw_field *field)
{
    return (struct iw_value){field->p, field->n, field->type};
}

/** The first field with this id outside RenderingInfo, or NULL. */
const struct iw_field *iw_event_find(const struct iw_event *event, uint32_t name_id);

/** Its text; an empty string when the field is absent or there is no memory. */
struct iw_str iw_event_text(const struct iw_event *event, uint32_t name_id, struct iw_arena *arena);

/** Whether the channel is Sysmon's (`Microsoft-Windows-Sysmon/Operational`, letter case ignored).
 */
bool iw_channel_is_sysmon(struct iw_str channel);

/** Sets time_ns from UtcTime (Sysmon, decoded) or created_ns. Readers call it once an event is
 * whole. */
void iw_event_settle_time(struct iw_event *event);

#endif
