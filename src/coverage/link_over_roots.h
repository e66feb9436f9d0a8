/**
 * What a link about files in web roots is over all roots of a host: open where it is open for one
 * of them. Inside of this room only.
 */
#ifndef IW_COVERAGE_LINK_OVER_ROOTS_H
#define IW_COVERAGE_LINK_OVER_ROOTS_H

#include "coverage/link_state.h"

/** As iw_link_state_find; the host has a root at least, and a window. */
enum iw_rc iw_link_over_roots_find(const struct iw_link_host *host, enum iw_link link,
                                   struct iw_arena *arena, struct iw_link_result *ret);

#endif
