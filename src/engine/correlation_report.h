/**
 * What a correlation reported, as a record that can be kept, and as a finding.
 */
#ifndef IW_ENGINE_CORRELATION_REPORT_H
#define IW_ENGINE_CORRELATION_REPORT_H

#include "engine/match_findings.h"

/** One event a report names. */
struct iw_reported_event {
    uint32_t rule; /* or a correlation's number */
    bool is_correlation;
};

struct iw_reported_key {
    struct iw_str name, text;
};

struct iw_kept_report {
    size_t correlation;
    struct iw_str host;
    int64_t first_ns, last_ns;
    bool is_count;
    uint64_t count;
    double number;
    uint64_t n_events, n_held, n_evidence_all;
    const struct iw_reported_key *keys;
    size_t n_keys;
    const struct iw_reported_event *events; /* in the order of time */
    size_t n_events_named;
    size_t completing;    /* which of them completed it */
    bool adds_completing; /* the last one was not named but for having completed it */
};

/** Appends what is kept of a report. A failed allocation is remembered by the buffer. */
void iw_correlation_report_write(const struct iw_correlate_report *report, struct iw_buffer *out);
/** Reads it back; texts are borrowed, lists lie in *arena*. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_correlation_report_read(struct iw_str record, struct iw_arena *arena,
                                      struct iw_kept_report *ret, struct iw_error *err);
/** How many events a report needs, and which of the first n_evidence completes it (SIZE_MAX: one
 * more that is not among them). */
size_t iw_correlation_report_completing(const struct iw_correlate_report *report);

/**
 * Makes the finding of a report.
 *
 * @param events  what a finding shows of each event of report->events (iw_match_finding)
 * @param arena   gets the finding's texts and lists
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_correlation_report_finding(const struct iw_kept_report *report,
                                         const struct iw_match_input *input,
                                         const struct iw_finding *events, struct iw_arena *arena,
                                         struct iw_finding *ret);

#endif
