/*
 * Windows as rings. Growing and shrinking leave room on both sides, so that each costs a constant
 * number of copies an item.
 */
#include "sigma/sigma_correlate_ring.h"

#include <string.h>

#define SMALLEST 4U

static bool resize(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap, size_t cap,
                   size_t item_bytes)
{
    char *items;

    if (cap > SIZE_MAX / 2 / item_bytes)
        return false;
    items = iw_correlate_take(heap, cap * item_bytes);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < ring->n; i++)
        memcpy(items + i * item_bytes, iw_correlate_ring_at(ring, i, item_bytes), item_bytes);
    iw_correlate_give(heap, ring->items, ring->cap * item_bytes);
    ring->items = items;
    ring->first = 0;
    ring->cap = cap;
    return true;
}

bool iw_correlate_ring_add(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap,
                           const void *item, size_t item_bytes)
{
    if (ring->n == ring->cap &&
        !resize(ring, heap, ring->cap != 0 ? 2 * ring->cap : SMALLEST, item_bytes))
        return false;
    ring->n++;
    memcpy(iw_correlate_ring_at(ring, ring->n - 1, item_bytes), item, item_bytes);
    return true;
}

void iw_correlate_ring_drop(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap,
                            size_t item_bytes)
{
    ring->first = (ring->first + 1) & (ring->cap - 1);
    ring->n--;
    /* Without memory for less it stays as large as it is. */
    if (ring->cap > SMALLEST && ring->n < ring->cap / 8)
        (void)resize(ring, heap, ring->cap / 4 > SMALLEST ? ring->cap / 4 : SMALLEST, item_bytes);
}

void iw_correlate_ring_done(struct iw_correlate_ring *ring, struct iw_correlate_heap *heap,
                            size_t item_bytes)
{
    iw_correlate_give(heap, ring->items, ring->cap * item_bytes);
    memset(ring, 0, sizeof *ring);
}
