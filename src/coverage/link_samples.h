/**
 * Which samples of a log show what a witness tells of. Inside of this room only; pure.
 */
#ifndef IW_COVERAGE_LINK_SAMPLES_H
#define IW_COVERAGE_LINK_SAMPLES_H

#include "coverage/link_state.h"

/** Whether one surely lies in *run*; *ret_folder* is that of the first, empty where it is of none.
 */
bool iw_link_samples_any(const struct iw_link_host *host, const struct iw_link_witness *row,
                         const struct iw_telemetry_channel *channel, const struct iw_span *run,
                         struct iw_str *ret_folder);
/** How many there are in all of the log. */
uint64_t iw_link_samples_count(const struct iw_link_host *host, const struct iw_link_witness *row,
                               const struct iw_telemetry_channel *channel);
/** The first moment from *from_ns* on at which one surely is; INT64_MAX: there is none. */
int64_t iw_link_samples_next(const struct iw_link_host *host, const struct iw_link_witness *row,
                             const struct iw_telemetry_channel *channel, int64_t from_ns);

#endif
