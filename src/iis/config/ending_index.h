/**
 * Paths of handlers by the ending they ask for, so that a file is asked of those that may take it
 * and not of thousands. Most paths are `*.ending`; any other is tried for every file.
 */
#ifndef IW_IIS_ENDING_INDEX_H
#define IW_IIS_ENDING_INDEX_H

#include "base/arena.h"

struct iw_ending {
    struct iw_str ending; /* ".aspx", as written */
    size_t at;
};

struct iw_ending_index {
    struct iw_ending *endings; /* by ending without letter case, then by place */
    size_t n_endings;
    size_t *others; /* ascending */
    size_t n_others;
};

/** *paths* are borrowed. Everything lies in *arena*. False: no memory. */
bool iw_ending_index_make(const struct iw_str *paths, size_t n, struct iw_arena *arena,
                          struct iw_ending_index *ret);

struct iw_ending_walk {
    const struct iw_ending_index *index;
    size_t ending, ending_end, other;
};

/** Begins with the paths that may fit a URL. */
void iw_ending_walk_begin(const struct iw_ending_index *index, struct iw_str url,
                          struct iw_ending_walk *ret);
/** The next of them, in the order of the paths; false: there is none. */
bool iw_ending_walk_next(struct iw_ending_walk *walk, size_t *ret_at);

#endif
