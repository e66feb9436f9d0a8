/**
 * What the witnesses of a link tell together: of one web root, or of a link that is about no
 * folder, or about the same on every server. Inside of this room only.
 */
#ifndef IW_COVERAGE_LINK_TOLD_H
#define IW_COVERAGE_LINK_TOLD_H

#include "coverage/link_state.h"

/** As iw_link_state_find, of a link that is seen in events, and of the root that *host* asks about.
 */
enum iw_rc iw_link_told_find(const struct iw_link_host *host, enum iw_link link,
                             struct iw_arena *arena, struct iw_link_result *ret);

/** Adds what is not among the wants, and joins what is to be mended of the same; there is room for
 * it. */
void iw_link_want_add(struct iw_link_want *wants, size_t *n, const struct iw_link_want *want);
/** The first of the holes that take away most; NULL: there are none. */
const struct iw_link_hole *iw_link_longest_hole(const struct iw_link_hole *holes, size_t n);
/** Why a link with that hole and some more is open, in short; p NULL: no memory. */
struct iw_str iw_link_hole_words(const struct iw_link_hole *hole, size_t n_more,
                                 struct iw_arena *arena);
/** In order of begin, end, why: for qsort. */
int iw_link_compare_holes(const void *left, const void *right);

#endif
