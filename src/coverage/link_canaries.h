/**
 * What canaries show of one witness of a link, of the web root asked about where it is about roots.
 * Inside of this room only.
 */
#ifndef IW_COVERAGE_LINK_CANARIES_H
#define IW_COVERAGE_LINK_CANARIES_H

#include "coverage/link_state.h"

/** Set all but the misses. */
struct iw_link_canaries {
    const struct iw_link_host *host;
    const struct iw_link_witness *row;
    struct iw_arena *arena;
    struct iw_canary_misses misses; /* canaries that the witness did not see */
};

/** Finds the misses. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_canaries_find(struct iw_link_canaries *canaries);
/** The first canary that the witness saw in a span, which is as good as a sample; IW_TIME_UNKNOWN:
 * none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_canary_seen(const struct iw_link_canaries *canaries, const struct iw_span *span,
                               int64_t *ret);
/** Of a canary that was done in a span, and that the witness did not see; empty: there is none; p
 * NULL: no memory. */
struct iw_str iw_link_canary_missed(const struct iw_link_canaries *canaries,
                                    const struct iw_span *span);

#endif
