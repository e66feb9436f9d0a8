/**
 * Times of logs that a JSON export wrote by a local clock as if it were UTC, put right as those of
 * findings are (order/clock.h).
 *
 * A log is corrected as a whole: where all of its files are of exports of one such clock. Where it
 * comes from other files as well, which of its times are whose is not known any more: they stay as
 * they were written, and that is noted. Sysmon's events have a time of their own and need none.
 */
#ifndef IW_COVERAGE_CLOCK_TIMES_H
#define IW_COVERAGE_CLOCK_TIMES_H

#include "order/clock.h"
#include "result/finding.h"
#include "result/telemetry.h"

/** What is asked: the logs of one host. */
struct iw_clock_times {
    const struct iw_clocks *clocks; /* settled */
    const struct iw_ledger *ledger;
    struct iw_str host; /* settled */
    const struct iw_telemetry_channel *channels;
    size_t n_channels;
};

/**
 * Makes *ret_channels*: those of *of* where nothing is corrected, else copies with other times, in
 * *arena*; and notes of what is corrected and what is not, a line each. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_clock_times_correct(const struct iw_clock_times *of, struct iw_arena *arena,
                                  const struct iw_telemetry_channel **ret_channels,
                                  struct iw_text_list *ret_notes);

#endif
