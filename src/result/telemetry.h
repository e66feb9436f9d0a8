/**
 * The telemetry profile as plain rows: what each host logged, with which fields, when it was
 * silent, where its record ids jump, and when events were there that show what is logged.
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
    uint64_t after;              /* last id before the gap */
    uint64_t before;             /* first id after it */
    int64_t after_ns, before_ns; /* when these two were written; IW_TIME_UNKNOWN: not known */
};

/** Record ids without a gap, and when the first and the last of them were written;
 * IW_TIME_UNKNOWN: not known. */
struct iw_record_run {
    uint64_t first, last;
    int64_t first_ns, last_ns;
};

/** A part of time in which something was there; parts do not overlap. */
struct iw_time_part {
    int64_t first_ns, last_ns;
    uint64_t n; /* events */
};

/** What an event shows to be logged (coverage/sample.h). */
enum iw_sample_kind {
    IW_SAMPLE_NONE = 0,
    IW_SAMPLE_PROCESS,    /* a process that started, with command line and parent */
    IW_SAMPLE_FILE,       /* a file that was written, in a folder somebody asks about */
    IW_SAMPLE_LOAD,       /* a module a worker loaded */
    IW_SAMPLE_CONNECTION, /* a connection of a worker */
    IW_SAMPLE_LOGON,
    /* A file as IW_SAMPLE_FILE, told of by the device of its volume: the folder's letter is
     * assumed.
     */
    IW_SAMPLE_FILE_ON_DEVICE,
    IW_SAMPLE_BARE_PROCESS, /* the opposite of a sample: one that started, without either of these
                             */
    IW_SAMPLE_PROCESS_END,  /* a process that ended, as the Security log tells it */
    IW_SAMPLE_KIND_COUNT
};

/** When such events were there, in one channel. */
struct iw_telemetry_sample {
    enum iw_sample_kind kind;
    struct iw_str folder; /* of a file: the watched folder, folded; else empty */
    struct iw_time_part *parts;
    size_t n_parts;
};

/** A process as the account of a pool, whose end this log tells and whose start it does not. */
struct iw_untold_process {
    int64_t start_ns; /* the second */
    struct iw_str image;
};

/** One (host, channel): record ids and time. */
struct iw_telemetry_channel {
    struct iw_str host;
    struct iw_str channel;
    uint64_t n_events;
    uint64_t first_id, last_id; /* lowest and highest; 0 when none has one */
    uint64_t n_missing_ids;     /* between them */
    struct iw_record_gap *gaps; /* in order; what one log of that name lacks and another has, is
                                   none */
    size_t n_gaps;
    bool gaps_cut;              /* more runs than the limit: gaps are not complete */
    struct iw_record_run *runs; /* where it may be several logs, one begun anew after the other;
                                   else none. In no order */
    size_t n_runs;
    struct iw_record_run ids; /* the ids of the earliest and the latest record that has one, in
                                 time, and when these were written; 0: none */
    int64_t first_ns, last_ns;
    struct iw_time_part *parts; /* when live events of it are there, by time */
    size_t n_parts;
    int64_t part_ns;                     /* pauses longer than twice that are all known */
    struct iw_telemetry_sample *samples; /* by kind, folder */
    size_t n_samples;
    struct iw_untold_process *untold; /* by start; none where they were too many to be kept */
    size_t n_untold;
    uint32_t *sources; /* in the ledger, ascending: files it comes from */
    size_t n_sources;
    bool sources_cut; /* from more than these */
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
