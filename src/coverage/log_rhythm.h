/**
 * The rhythm of a log: whether it is silent as it often is at that hour, or as it never is.
 *
 * A silence is held against the same hours of the seven days on both sides of it and the same hours
 * of the same day of the four weeks on both sides, as far as the log reaches. It is odd where the
 * log speaks throughout on half of these days and three quarters of these weeks (two at least): at
 * no time silent for more than a quarter of the silence, or a part of presence where that is
 * longer. It is usual where three quarters of the weeks (two at least) or of the days (six at
 * least) have a silence of their own in it, which lasts for three quarters of its time: nights,
 * weekends. So a log of office hours may be silent at night, and not at noon.
 */
#ifndef IW_COVERAGE_LOG_RHYTHM_H
#define IW_COVERAGE_LOG_RHYTHM_H

#include "result/telemetry.h"

enum iw_log_rhythm {
    IW_RHYTHM_UNKNOWN = 0, /* neither, or the log is too short to tell */
    IW_RHYTHM_ODD,
    IW_RHYTHM_USUAL
};

/** What a silence of the log from a moment to a later one is; it may lie before its first or behind
 * its last event. */
enum iw_log_rhythm iw_log_rhythm_of(const struct iw_telemetry_channel *channel, int64_t from_ns,
                                    int64_t to_ns);

#endif
