/**
 * Numbers in order, for percentiles: adding, taking away and asking for the k-th smallest each cost
 * the logarithm of how many there are.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_RANK_H
#define IW_SIGMA_SIGMA_CORRELATE_RANK_H

#include "sigma/sigma_correlate_heap.h"
#include "sigma/sigma_plan.h"

#define IW_RANK_LEVELS 20U

struct iw_rank_node;

struct iw_rank_lane {
    struct iw_rank_node *next;
    size_t span; /* nodes it passes over, the next included */
};

/** Zeroed: empty. */
struct iw_correlate_rank {
    struct iw_rank_lane lanes[IW_RANK_LEVELS];
    size_t n;
    uint64_t n_added;
};

/** False: no memory. */
bool iw_correlate_rank_add(struct iw_correlate_rank *rank, struct iw_correlate_heap *heap,
                           const struct iw_number *number);
/** Takes away one equal to *number*; there is one. */
void iw_correlate_rank_remove(struct iw_correlate_rank *rank, struct iw_correlate_heap *heap,
                              const struct iw_number *number);
/** The number *at*, from 0; at < n. */
const struct iw_number *iw_correlate_rank_at(const struct iw_correlate_rank *rank, size_t at);
void iw_correlate_rank_done(struct iw_correlate_rank *rank, struct iw_correlate_heap *heap);

#endif
