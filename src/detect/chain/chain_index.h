/**
 * Finding things by a key where things also go away: nodes lie in the things themselves, so that
 * memory is that of what is there. Inside this folder only; one thread at a time.
 */
#ifndef IW_DETECT_CHAIN_INDEX_H
#define IW_DETECT_CHAIN_INDEX_H

#include "base/str.h"

struct iw_chain_node {
    struct iw_chain_node *next;
    struct iw_str key; /* NULL text: in no index; else it lives as long as the node is in it */
    void *owner;
};

struct iw_chain_index {
    struct iw_chain_node **buckets;
};

/** False: no memory. done is needed in every case. */
bool iw_chain_index_init(struct iw_chain_index *index);
void iw_chain_index_done(struct iw_chain_index *index);
/** The owner, or NULL. */
void *iw_chain_index_find(const struct iw_chain_index *index, struct iw_str key);
/** Adds a node of a key that is not there. */
void iw_chain_index_add(struct iw_chain_index *index, struct iw_chain_node *node, struct iw_str key,
                        void *owner);
/** Nothing where it is in none. */
void iw_chain_index_remove(struct iw_chain_index *index, struct iw_chain_node *node);

#endif
