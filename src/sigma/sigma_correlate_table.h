/**
 * A hash table of what comes and goes: groups, values. The nodes are the owner's and begin with a
 * link; keys are bytes.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_TABLE_H
#define IW_SIGMA_SIGMA_CORRELATE_TABLE_H

#include "base/str.h"
#include "sigma/sigma_correlate_heap.h"

struct iw_correlate_link {
    struct iw_correlate_link *next; /* of the same slot */
    struct iw_correlate_link *older, *newer;
    uint64_t hash;
    struct iw_str key; /* the node's own bytes */
};

/** Nodes by key, and in the order in which they were last touched. */
struct iw_correlate_table {
    struct iw_correlate_link **slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t n;
    struct iw_correlate_link *oldest, *newest;
};

uint64_t iw_correlate_hash(struct iw_str key);
/** The node of *key*, or NULL. */
struct iw_correlate_link *iw_correlate_table_find(const struct iw_correlate_table *table,
                                                  struct iw_str key, uint64_t hash);
/** Adds a node whose key and hash are set, as the newest. False: no memory, and it is not in. */
bool iw_correlate_table_add(struct iw_correlate_table *table, struct iw_correlate_heap *heap,
                            struct iw_correlate_link *link);
/** Makes a node the newest. */
void iw_correlate_table_touch(struct iw_correlate_table *table, struct iw_correlate_link *link);
/** Takes a node out; it is not freed. */
void iw_correlate_table_remove(struct iw_correlate_table *table, struct iw_correlate_link *link);
/** Frees the slots. The nodes were taken out before. */
void iw_correlate_table_done(struct iw_correlate_table *table, struct iw_correlate_heap *heap);

#endif
