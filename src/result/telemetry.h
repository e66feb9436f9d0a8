/**
 * The telemetry profile as plain rows: what each host logged, with which fields, when, and where
 * its record ids jump.
 *
 * Filled by coverage/, shown by `events --profile` and kept in the manifest.
 */
#ifndef IW_RESULT_TELEMETRY_H
#define IW_RESULT_TELEMETRY_H

#include "base/arena.h"
#include "base/timestamp.h"

/** How often a field was there. */
struct iw_field_fill {
    struct iw_str name;
    uint64_t n_present; /* events that have it, empty or not */
    uint64_t n_filled;  /* events where it holds something other than "" and "-" */
};

/** One (host, channel, provider, event id). */
struct iw_telemetry_row {
    struct iw_str host;
    struct iw_str channel;
    struct iw_str provider;
    uint32_t event_id;
    uint64_t n_events;
    uint64_t n_decoded; /* events whose fields were looked at: the base of the fill counts */
    int64_t first_ns, last_ns;
    struct iw_field_fill *fields; /* by name */
    size_t n_fields;
    uint64_t n_fields_hidden; /* fields of events whose name found no room because of the limit */
};

/** A jump of record ids within one (host, channel). */
struct iw_record_gap {
    uint64_t after;  /* last id before the gap */
    uint64_t before; /* first id after it */
};

/** One (host, channel): record ids and time. */
struct iw_telemetry_channel {
    struct iw_str host;
    struct iw_str channel;
    uint64_t n_events;
    uint64_t first_id, last_id; /* lowest and highest; 0 when none has one */
    uint64_t n_missing_ids;     /* between them */
    struct iw_record_gap *gaps; /* in order */
    size_t n_gaps;
    bool gaps_cut; /* more runs than the limit: gaps are not complete */
    int64_t first_ns, last_ns;
};

struct iw_telemetry {
    struct iw_arena arena;
    struct iw_telemetry_row *rows; /* by (host, channel, event id, provider) */
    size_t n_rows;
    struct iw_telemetry_channel *channels; /* by (host, channel) */
    size_t n_channels;
    uint64_t n_rows_hidden; /* events that found no row because of the limit */
};

void iw_telemetry_init(struct iw_telemetry *telemetry);
void iw_telemetry_done(struct iw_telemetry *telemetry);

#endif
