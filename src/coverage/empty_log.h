/**
 * Logs that are in evidence and have nothing in them. Inside of this room only.
 */
#ifndef IW_COVERAGE_EMPTY_LOG_H
#define IW_COVERAGE_EMPTY_LOG_H

#include "coverage/link_state.h"

/** The file of a witness' log of that host that is in evidence with nothing in it; NULL: there is
 * none. */
const struct iw_source *iw_empty_log_find(const struct iw_link_host *host,
                                          const struct iw_link_witness *row);

#endif
