/**
 * Taxonomy: events that say the same under other names, read by their canonical names.
 *
 * A table per (channel, event id): canonical field ← field of the record, with a conversion of the
 * value. Now: Security 4688 as a process creation, Security 5156 as a network connection. The
 * fields of the record stay reachable under their own names, but for a name the table gives a new
 * meaning
 * (`ProcessId` of a 4688 is the creator's).
 */
#ifndef IW_EVENT_TAXONOMY_H
#define IW_EVENT_TAXONOMY_H

#include "base/error.h"
#include "event/event.h"

enum iw_taxonomy_change {
    IW_TAXONOMY_AS_IS = 0,
    IW_TAXONOMY_DECIMAL,   /* a number, however it was written, in decimal */
    IW_TAXONOMY_ACCOUNT,   /* domain\name */
    IW_TAXONOMY_INTEGRITY, /* S-1-16-12288 → High */
    IW_TAXONOMY_INITIATED, /* %%14593 (outbound) → true */
    IW_TAXONOMY_PROTOCOL   /* 6 → tcp, 17 → udp */
};

struct iw_taxonomy_row {
    uint32_t canonical; /* enum iw_field_id */
    uint32_t from;      /* the record's field */
    uint32_t domain;    /* of an account */
    enum iw_taxonomy_change change;
};

struct iw_taxonomy {
    const char *channel;
    uint32_t event_id;
    const struct iw_taxonomy_row *rows;
    size_t n_rows;
};

/** The table for events of this channel and id; NULL when they already have canonical names. */
const struct iw_taxonomy *iw_taxonomy_of(struct iw_str channel, uint32_t event_id);

/** The row for a canonical field, or NULL: the field has its own name. *taxonomy* may be NULL. */
const struct iw_taxonomy_row *iw_taxonomy_find(const struct iw_taxonomy *taxonomy,
                                               uint32_t canonical);

/** The value of a row for an event. IW_OK; IW_END: the record has no such field; IW_ENOMEM. */
enum iw_rc iw_taxonomy_value(const struct iw_taxonomy_row *row, const struct iw_event *event,
                             struct iw_arena *arena, struct iw_str *ret);

/** The text of a canonical field, whatever the record calls it; an empty string when it is absent
 * or there is no memory. */
struct iw_str iw_taxonomy_text(const struct iw_event *event, uint32_t canonical_id,
                               struct iw_arena *arena);

#endif
