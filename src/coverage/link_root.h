/**
 * The web roots of a host, each of which is asked about by itself. Inside of this room only.
 */
#ifndef IW_COVERAGE_LINK_ROOT_H
#define IW_COVERAGE_LINK_ROOT_H

#include "coverage/link_state.h"

/** The deepest root of the host, but for those far, that a folded path is or lies in; NULL: it lies
 * in none. */
const struct iw_link_root *iw_link_root_of(const struct iw_link_host *host, struct iw_str key);

/** The deepest one that another root lies in; NULL: it lies in none, or its folder is not known. */
const struct iw_link_root *iw_link_root_around(const struct iw_link_host *host,
                                               const struct iw_link_root *root);

/** Why no log of this host shows what is written to a root that is far; static. */
struct iw_str iw_link_root_far_words(const struct iw_link_root *root);

#endif
