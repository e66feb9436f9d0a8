/**
 * What rules lack of events that begin late, or that are bare: the same as links of analytics do
 * (late_start.h, bare_processes.h). Inside of this room only.
 */
#ifndef IW_COVERAGE_RULE_SIGHT_LATE_H
#define IW_COVERAGE_RULE_SIGHT_LATE_H

#include "coverage/link_state.h"

/** Events of one kind in one log. */
struct iw_sight_source_events {
    const struct iw_link_host *host;
    const struct iw_telemetry_channel *channel;
    uint32_t event_id;
    int64_t first_ns; /* of the earliest one, whatever it is about; IW_TIME_UNKNOWN */
    /* The rule asks for the command line or the parent: processes without them are nothing. */
    bool needs_line;
};

/** Adds to *missing*, which is settled, the spans in which these events were not logged, or not as
 * the rule asks for them, and counts them; *ret_why* is set to the first reason where it is empty.
 * *missing* is settled afterwards. Texts lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sight_late_find(const struct iw_sight_source_events *of, struct iw_arena *arena,
                              struct iw_span_set *missing, size_t *n, struct iw_str *ret_why);

#endif
