/**
 * Inside of rule_sight: the logs of one host as demands of rules ask for them.
 */
#ifndef IW_COVERAGE_RULE_SIGHT_HOST_H
#define IW_COVERAGE_RULE_SIGHT_HOST_H

#include "base/map.h"
#include "coverage/rule_sight.h"

/** What the window lacks in one log, for one kind of its events. */
struct iw_sight_missing {
    bool is_known;
    struct iw_span_set spans;
    size_t n_gaps;
    struct iw_str why; /* of the first gap */
};

/** Which of the fields demands ask for are filled in events of a row. */
struct iw_sight_row {
    const struct iw_telemetry_row *row;
    const uint64_t *plain;    /* bits by number of the field, under the record's own names */
    const uint64_t *taxonomy; /* the same under names of the taxonomy */
};

/** One log of the host. */
struct iw_sight_log {
    struct iw_str name;                         /* as demands have it */
    const struct iw_telemetry_channel *channel; /* NULL: not in evidence */
    const struct iw_sight_row *rows;            /* by event id, provider */
    size_t n_rows;
    bool knows_gaps;
    struct iw_log_gaps gaps;
    /* By the kind of sample that events are, and whether the rule needs the command line. */
    struct iw_sight_missing missing[IW_SAMPLE_KIND_COUNT][2];
};

struct iw_sight_logs {
    const struct iw_rule_sight_input *input;
    struct iw_arena arena;   /* of all hosts */
    struct iw_arena work;    /* of one host */
    struct iw_arena scratch; /* of one demand */
    uint32_t *number_of;     /* by name id: number of the field + 1; 0: nobody asks for it */
    size_t n_names, n_fields, n_words;
    uint8_t *is_filled;        /* by name id, of one row */
    struct iw_map by_channel;  /* lower case → index into logs */
    struct iw_sight_log *logs; /* one for each channel that demands name; the first: any channel */
    size_t n_logs, logs_cap;
    uint32_t **log_of; /* by demand, source: index into logs */
    struct iw_link_host host;
    struct iw_sight_missing nothing; /* of logs that are not there */
};

enum iw_sight_seen_kind {
    IW_SEEN_NO_LOG = 0, /* the log is not in evidence */
    IW_SEEN_NO_EVENT,   /* it has no event of that id */
    IW_SEEN_LACKING,    /* it has, but a field asked for is never filled */
    IW_SEEN
};

/** What one source of a demand came to. */
struct iw_sight_seen {
    enum iw_sight_seen_kind kind;
    uint32_t log;
    struct iw_str channel;
    uint32_t event_id;
    const struct iw_sight_row *row;         /* LACKING: the one that lacks least */
    const struct iw_sight_missing *missing; /* never NULL */
};

/** Finds what demands ask for. iw_sight_logs_done() must follow. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sight_logs_init(struct iw_sight_logs *logs, const struct iw_rule_sight_input *input);
void iw_sight_logs_done(struct iw_sight_logs *logs);
/** Turns to another host; its window is in logs->host.log (from_ns == to_ns: it has none). IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_sight_logs_of_host(struct iw_sight_logs *logs, struct iw_str host);
/** What source *number* of a demand came to on that host. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sight_source(struct iw_sight_logs *logs, const struct iw_sigma_demand *demand,
                           size_t number, struct iw_sight_seen *ret);
/** Whether one field of the choice is filled in events of the row. */
bool iw_sight_row_meets(const struct iw_sight_logs *logs, const struct iw_sight_row *row,
                        const struct iw_sigma_demand *demand,
                        const struct iw_demand_choice *choice);
/** What people call a log: "Sysmon", "Security". */
struct iw_str iw_sight_log_name(struct iw_str channel);

#endif
