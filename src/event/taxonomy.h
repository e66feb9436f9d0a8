/**
 * Taxonomy: events that say the same under other names, read by their canonical names.
 *
 * A table per (channel, event id): canonical field ← field of the record, with a conversion of the
 * value. A table either *renames* (Security 4688 as a process creation: rules of a category read it
 * by these names, and a name may get a new meaning, as `ProcessId` of a 4688 does) or is *virtual*:
 * it adds parts of a field as fields of their own (`md5` out of `Hashes`), for every rule, where
 * the record has no field of that name. The fields of the record stay reachable under their own
 * names. Several rows of one name, one behind the other, are several values.
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
    IW_TAXONOMY_PROTOCOL,  /* 6 → tcp, 17 → udp */
    IW_TAXONOMY_OPERATION, /* %%1904 → CreateKey, %%1905 → SetValue, %%1906 → DeleteValue */
    IW_TAXONOMY_NEW_VALUE, /* %%1904 → SetValue, else absent: a value that is made is also set */
    IW_TAXONOMY_KEY,       /* \REGISTRY\MACHINE\… → HKLM\…, with the value's name behind it */
    IW_TAXONOMY_DATA,      /* a number of a DWORD or QWORD as Sysmon writes it */
    IW_TAXONOMY_FILE,      /* file:_C:\… → C:\… */
    IW_TAXONOMY_HASH,      /* the part of `SHA1=…,MD5=…` that has the canonical name */
    IW_TAXONOMY_SPACES,    /* each + of a log of requests, which stands for a blank there, as one */
    IW_TAXONOMY_URL,       /* stem, and ? and query where there is one */
    IW_TAXONOMY_STEM,      /* a URL up to its ? */
    IW_TAXONOMY_QUERY,     /* a URL behind its ?; - where there is none */
    IW_TAXONOMY_LINE       /* the line `Name=value` that has the canonical name, in any value */
};

struct iw_taxonomy_row {
    uint32_t canonical; /* enum iw_field_id */
    uint32_t from;      /* the record's field */
    uint32_t second;    /* domain of an account, value of a key, type of data */
    enum iw_taxonomy_change change;
};

struct iw_taxonomy {
    const char *channel;
    uint32_t event_id;
    const struct iw_taxonomy_row *rows;
    size_t n_rows;
    bool is_virtual; /* adds fields that the record lacks, and changes none */
};

/** The table for events of this channel and id; NULL when they already have canonical names. */
const struct iw_taxonomy *iw_taxonomy_of(struct iw_str channel, uint32_t event_id);

/** The first row for a canonical field, or NULL: the field has its own name. *taxonomy* may be
 * NULL. */
const struct iw_taxonomy_row *iw_taxonomy_find(const struct iw_taxonomy *taxonomy,
                                               uint32_t canonical);

/** The same for one event: NULL also where a virtual field gives way to the record's own. */
const struct iw_taxonomy_row *iw_taxonomy_row_of(const struct iw_event *event, uint32_t canonical);

/** The value of a row for an event. IW_OK; IW_END: the record has no such field; IW_ENOMEM. */
enum iw_rc iw_taxonomy_value(const struct iw_taxonomy_row *row, const struct iw_event *event,
                             struct iw_arena *arena, struct iw_str *ret);

/** The text of a canonical field, whatever the record calls it; an empty string when it is absent
 * or there is no memory. */
struct iw_str iw_taxonomy_text(const struct iw_event *event, uint32_t canonical_id,
                               struct iw_arena *arena);

#endif
