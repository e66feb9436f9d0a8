/**
 * The pipeline: walk → read → match → settle. The only room that knows all stages, and the only
 * header cli/ needs of it.
 *
 * Pass 0 walks the evidence and reads what is not events; pass 1 decodes events in parallel,
 * matches and profiles them; pass 2 settles hosts, removes duplicates and orders findings.
 */
#ifndef IW_ENGINE_ENGINE_H
#define IW_ENGINE_ENGINE_H

#include <stdatomic.h>

#include "engine/canary.h"
#include "result/run.h"

/** What a running job tells the person waiting; written by the engine, read by a progress display
 * in another thread. */
struct iw_progress {
    _Atomic uint64_t total_bytes; /* 0 until the walk is done */
    _Atomic bool is_open_ended;   /* more may come than total_bytes: standard input */
    _Atomic uint64_t done_bytes;
    _Atomic uint64_t n_events;
    _Atomic uint64_t n_findings;
    _Atomic bool done;
};

struct iw_engine_options {
    const char *const *paths; /* evidence: files, folders, "-" */
    size_t n_paths;
    const char *host; /* --host or NULL */
    unsigned n_jobs;  /* 0 = as many as processors */
    bool recover;
    bool verify;
    bool confine;                  /* normally true */
    size_t sort_bytes;             /* memory of one sorting; 0 = IW_LIMIT_SORT_BYTES */
    const _Atomic bool *cancelled; /* set by the signal handler; may be NULL */
    struct iw_progress *progress;  /* may be NULL */
    /** Called once, after confinement and before the first byte of evidence is read: the place to
     * start a thread of one's own (a progress display), so that it is confined as well. May be
     * NULL. */
    void (*ready)(void *context);
    void *ready_context;
};

/** What the user knows of servers: read before evidence is. NULL and 0: nothing. */
struct iw_server_options {
    const char *const *trust_paths; /* certificates that prove who signed a program */
    size_t n_trust_paths;
    const char *const *yara_paths; /* the user's YARA rules */
    size_t n_yara_paths;
    const char *const *change_paths; /* change records: *.csv by the map, anything else is YAML */
    size_t n_change_paths;
    const char *change_map_path; /* which column of CSV is which clause */
    const char *estate_path;
    const char *const *web_roots; /* folders that are web roots: iis/inventory/said_root.h */
    size_t n_web_roots;
    const char *baseline_path;     /* or NULL; fills run->differences and approvals */
    const char *baseline_key_path; /* public key its signature must be of, or NULL: not verified */
    uint64_t baseline_sequence;    /* lowest sequence number of the signature; 0: any */
    const char *const *known_hash_paths; /* lists of hashes of files the user vouches for */
    size_t n_known_hash_paths;
};

/** A span whose behaviour is learned, as what is usual; IW_TIME_UNKNOWN: open. */
struct iw_learn_options {
    int64_t since_ns, until_ns;
    bool keeps_refused; /* what is refused becomes an entry too: to be compared, not to be kept */
};

struct iw_hunt_options {
    const char *const *rule_paths; /* --rules / --only-rules */
    size_t n_rule_paths;
    bool no_builtin;               /* --only-rules */
    const char *placeholders_path; /* --placeholders or NULL */
    int64_t since_ns, until_ns; /* of findings' last time, and of coverage; IW_TIME_UNKNOWN: open */
    bool by_rule;               /* run->rule_coverage gets reasons, not numbers alone */
    const char *of_rule; /* of rules with this in title, id, log source or file; NULL: of all */
    const char *const *settings; /* NAME=VALUE of the analytics (docs/DETECTIONS.md) */
    size_t n_settings;
    const char *settings_path;          /* file of such lines, read before these; or NULL */
    const char *const *telemetry_paths; /* --telemetry: the operator's word on what is logged */
    size_t n_telemetry_paths;
    const struct iw_canary_ask *canary; /* NULL: no canaries are looked for */
    bool fire_every; /* a finding for each event at which a correlation holds, not each episode */
    struct iw_server_options servers;
    const struct iw_learn_options *learn; /* NULL: nothing is learned. Else run->learned is filled,
                                             the servers of run->inventory get what was learned as
                                             entries, and a baseline is compared with these too */
};

/** Where `events` writes: called from one thread at a time, in the order of the evidence. IW_OK
 * goes on; anything else ends the run. */
struct iw_event_sink {
    enum iw_rc (*write)(void *context, struct iw_str ndjson, struct iw_error *err);
    void *context;
};

struct iw_events_options {
    /** Conditions `Field=text` that must all hold; text is compared whole, letter case ignored, `*`
     * is any run of characters. */
    const char *const *where;
    size_t n_where;
    /** Fields to show (in this order of names), or n_fields == 0 for all. */
    const char *const *fields;
    size_t n_fields;
    /** No event is written, only run->telemetry is filled. The profile is always of all events,
     * whatever *where* chooses. */
    bool profile_only;
};

/**
 * `hunt` and `coverage`: fills *run (initialised by the caller). IW_OK also when evidence was lost,
 * the run was interrupted, or results found no room in the temporary file (run->failure: a partial
 * report is to be written); IW_EUSAGE / IW_EIO for options (also: no rule is as *of_rule* says),
 * rule paths and a temporary file that cannot be read; IW_ENOMEM.
 */
enum iw_rc iw_engine_hunt(const struct iw_engine_options *options,
                          const struct iw_hunt_options *hunt, struct iw_run *run,
                          struct iw_error *err);

/** `inventory`: fills run->inventory and what iw_engine_events fills. IW_OK also when evidence was
 * lost or the run interrupted; IW_EUSAGE / IW_EIO for the user's files; IW_ENOMEM. */
enum iw_rc iw_engine_inventory(const struct iw_engine_options *options,
                               const struct iw_server_options *servers, struct iw_run *run,
                               struct iw_error *err);

/** `events`: writes every event to *sink* and fills run's ledger and telemetry. Codes as
 * iw_engine_hunt, and the sink's own. */
enum iw_rc iw_engine_events(const struct iw_engine_options *options,
                            const struct iw_events_options *events,
                            const struct iw_event_sink *sink, struct iw_run *run,
                            struct iw_error *err);

#endif
