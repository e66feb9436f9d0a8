/**
 * Memory of running correlations, counted: of each correlation, and of all together. What is
 * counted is what was asked for, so that the limit is reached at the same event on every machine.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_HEAP_H
#define IW_SIGMA_SIGMA_CORRELATE_HEAP_H

#include <stddef.h>

#include "base/alloc.h"

struct iw_correlate_total {
    size_t held_bytes, peak_bytes;
};

struct iw_correlate_heap {
    size_t held_bytes;
    struct iw_correlate_total *total;
};

/** Zeroed; NULL: no memory. Given back with its size. */
static inline void *iw_correlate_take(struct iw_correlate_heap *heap, size_t size_bytes)
{
    void *p = iw_calloc(1, size_bytes);
    if (p == NULL)
        return NULL;
    heap->held_bytes += size_bytes;
    heap->total->held_bytes += size_bytes;
    if (heap->total->held_bytes > heap->total->peak_bytes)
        heap->total->peak_bytes = heap->total->held_bytes;
    return p;
}

/** NULL is fine. */
static inline void iw_correlate_give(struct iw_correlate_heap *heap, void *p, size_t size_bytes)
{
    if (p == NULL)
        return;
    heap->held_bytes -= size_bytes;
    heap->total->held_bytes -= size_bytes;
    iw_free(p);
}

#endif
