/**
 * Late starts: where samples in an unbroken run of a log show nothing of its beginning, or of a
 * part of it. Inside of this room only.
 *
 * - What was switched on within the run (an audit, the audit list of a folder, a channel, logs of
 *   requests) was off before, however short, unless a sample stands before it.
 * - What comes by a rate of its own and begins more than an hour and more than ten times its pause
 *   behind the run's beginning was not logged before. Processes start all the time: theirs is the
 *   usual pause. Files that the Security log tells of are written, and workers started, when
 *   somebody wants it: theirs is the longest pause, the end included, and they must go on at least
 *   half as long as they were not there. Pauses are those of parts of presence, as in log_gaps.h;
 *   less than three of them tell no rate. Sysmon tells of a new configuration, so that its files
 *   begin late only where they are written late.
 * - Processes whose ends are logged (Security 4689) have started: where, for more than an hour,
 *   ends come in three parts of presence or more, and no start, starts were not logged. Nor were
 *   they where none comes for more than an hour at which they come on other days (log_rhythm.h),
 *   or for more than a week and ten times their longest pause otherwise, and the log goes on. Ends
 * that Sysmon tells of (5) are not asked: its configuration may leave out starts of programs whose
 * ends it logs.
 */
#ifndef IW_COVERAGE_LATE_START_H
#define IW_COVERAGE_LATE_START_H

#include "coverage/witness_samples.h"

struct iw_late_spans {
    struct iw_log_gap *items; /* by time, none overlaps another; NULL: there are none */
    size_t n;
};

/**
 * Finds them in *run*, a span without gap of a witness' log.
 *
 * @param seen_ns  when a canary was seen in it, which is a sample; IW_TIME_UNKNOWN: none was
 * @param ret      texts lie in *arena*
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_late_spans_find(const struct iw_witness_log *of, const struct iw_span *run,
                              int64_t seen_ns, struct iw_arena *arena, struct iw_late_spans *ret);

#endif
