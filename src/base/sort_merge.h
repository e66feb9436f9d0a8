/**
 * Merging sorted runs: the sorter's own part (base/sorter.h is for everybody else).
 */
#ifndef IW_BASE_SORT_MERGE_H
#define IW_BASE_SORT_MERGE_H

#include "base/sort_run.h"
#include "base/sorter.h"

/** Runs in memory to be merged, sorted. */
struct iw_sort_held {
    const struct iw_sort_entry *entries;
    size_t n;
};

struct iw_sort_merge_options {
    const struct iw_spill *spill;
    const struct iw_sort_region *regions;
    size_t n_regions;
    const struct iw_sort_held *held; /* read at once: need not live longer than the call */
    size_t n_held;
    size_t buffer_bytes; /* of each region's reader */
    bool releases;
};

/** Opens a merge, to be read with iw_sorted_next. *ret is NULL after a failure. IW_OK, IW_ENOMEM,
 * IW_EIO. */
enum iw_rc iw_sort_merge_open(const struct iw_sort_merge_options *options, struct iw_sorted **ret,
                              struct iw_error *err);

/** Merges regions into one new region, *ret. What was merged is released when all of it was
 * written. IW_OK, IW_ENOMEM, IW_EIO: nothing has changed then. */
enum iw_rc iw_sort_merge_regions(struct iw_spill *spill, const struct iw_sort_region *regions,
                                 size_t n, size_t buffer_bytes, struct iw_sort_region *ret,
                                 struct iw_error *err);

#endif
