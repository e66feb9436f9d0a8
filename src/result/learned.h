/**
 * What a run learned of behaviour, as plain records: what it takes for usual, with what doubt, and
 * what it refuses to. Filled by the engine, read by output/.
 *
 * Texts live in the arena of the inventory.
 */
#ifndef IW_RESULT_LEARNED_H
#define IW_RESULT_LEARNED_H

#include "base/str.h"

struct iw_learned {
    struct iw_str host;
    const char *kind; /* "childProcess", ...: static (iis/baseline/baseline_behaviour.h) */
    struct iw_str scope, name, image;
    uint64_t n, n_days;           /* times; days (UTC) */
    struct iw_str refused, doubt; /* why; empty: nothing */
};

struct iw_learned_list {
    struct iw_learned *items; /* by host, kind, scope, image, name */
    size_t n, cap;
    size_t n_bytes;    /* of texts */
    uint64_t n_hidden; /* past the limits */
};

#endif
