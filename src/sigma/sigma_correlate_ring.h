/**
 * A window: items of one size, added behind and taken away in front. Grows by doubling; shrinks
 * when it has become almost empty, so that a burst is not paid for until its group ends.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_RING_H
#define IW_SIGMA_SIGMA_CORRELATE_RING_H

#include <stdint.h>

#include "sigma/sigma_correlate_heap.h"

/** An event in a window. The first member of all that a ring holds. */
struct iw_correlate_entry {
    int64_t time_ns;
    uint64_t ordinal;
    uint64_t sequence; /* its place in the order of feeding */
    uint32_t step;     /* the first step it is */
};

struct iw_correlate_ring {
    char *items;
    size_t first, n, cap; /* cap: a power of two, or 0 */
};

/** Item *at*, counted from the oldest. */
static inline void *iw_correlate_ring_at(const struct iw_correlate_ring *ring, size_t at,
                                         size_t item_bytes)
{
    return ring->items + ((ring->first + at) & (ring->cap - 1)) * item_bytes;
}

/** Adds an item (copied). False: no memory. */
bool iw_correlate_ring_add(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap,
                           const void *item, size_t item_bytes);
/** Takes away the oldest; there is one. */
void iw_correlate_ring_drop(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap,
                            size_t item_bytes);
void iw_correlate_ring_done(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap,
                            size_t item_bytes);

#endif
