#include "detect/chain/chain_index.h"

#include "base/alloc.h"
#include "base/hash.h"

/* As many as files and shells of one host may wait, about. */
#define N_BUCKETS 16384U

bool iw_chain_index_init(struct iw_chain_index *index)
{
    index->buckets = iw_calloc(N_BUCKETS, sizeof(struct iw_chain_node *));
    return index->buckets != NULL;
}

void iw_chain_index_done(struct iw_chain_index *index)
{
    iw_free(index->buckets);
    index->buckets = NULL;
}

static struct iw_chain_node **bucket_of(const struct iw_chain_index *index, struct iw_str key)
{
    return &index->buckets[iw_hash_bytes(key.p, key.n, 0) % N_BUCKETS];
}

void *iw_chain_index_find(const struct iw_chain_index *index, struct iw_str key)
{
    for (const struct iw_chain_node *node = *bucket_of(index, key); node != NULL;
         node = node->next) {
        if (iw_str_equal(node->key, key))
            return node->owner;
    }
    return NULL;
}

void iw_chain_index_add(struct iw_chain_index *index, struct iw_chain_node *node, struct iw_str key,
                        void *owner)
{
    struct iw_chain_node **bucket = bucket_of(index, key);
    *node = (struct iw_chain_node){*bucket, key, owner};
    *bucket = node;
}

void iw_chain_index_remove(struct iw_chain_index *index, struct iw_chain_node *node)
{
    struct iw_chain_node **at;
    if (node->key.p == NULL)
        return;
    at = bucket_of(index, node->key);
    while (*at != NULL && *at != node)
        at = &(*at)->next;
    if (*at != NULL)
        *at = node->next;
    node->key.p = NULL;
}
