/*
 * Chained slots, doubled when there are more nodes than slots; a list through all nodes in the
 * order of their last touch. A table that once was large keeps its slots until it is done with.
 */
#include "sigma/sigma_correlate_table.h"

#include "base/hash.h"

#define FEWEST 4U

uint64_t iw_correlate_hash(struct iw_str key)
{
    return iw_hash_bytes(key.p, key.n, 0x636f7272U);
}

struct iw_correlate_link *iw_correlate_table_find(const struct iw_correlate_table *table,
                                                  struct iw_str key, uint64_t hash)
{
    struct iw_correlate_link *link =
        table->n_slots != 0 ? table->slots[hash & (table->n_slots - 1)] : NULL;
    while (link != NULL && (link->hash != hash || !iw_str_equal(link->key, key)))
        link = link->next;
    return link;
}

static bool grow(struct iw_correlate_table *table, struct iw_correlate_heap *heap)
{
    size_t n_slots = table->n_slots != 0 ? 2 * table->n_slots : FEWEST;
    struct iw_correlate_link **slots = iw_correlate_take(heap, n_slots * sizeof(void *));

    if (slots == NULL)
        return false;
    for (struct iw_correlate_link *link = table->oldest; link != NULL; link = link->newer) {
        link->next = slots[link->hash & (n_slots - 1)];
        slots[link->hash & (n_slots - 1)] = link;
    }
    iw_correlate_give(heap, table->slots, table->n_slots * sizeof(void *));
    table->slots = slots;
    table->n_slots = n_slots;
    return true;
}

static void append(struct iw_correlate_table *table, struct iw_correlate_link *link)
{
    link->newer = NULL;
    link->older = table->newest;
    if (table->newest != NULL)
        table->newest->newer = link;
    else
        table->oldest = link;
    table->newest = link;
}

static void unlink_order(struct iw_correlate_table *table, struct iw_correlate_link *link)
{
    if (link->older != NULL)
        link->older->newer = link->newer;
    else
        table->oldest = link->newer;
    if (link->newer != NULL)
        link->newer->older = link->older;
    else
        table->newest = link->older;
}

bool iw_correlate_table_add(struct iw_correlate_table *table, struct iw_correlate_heap *heap,
                            struct iw_correlate_link *link)
{
    struct iw_correlate_link **slot;

    if (table->n == table->n_slots && !grow(table, heap))
        return false;
    slot = &table->slots[link->hash & (table->n_slots - 1)];
    link->next = *slot;
    *slot = link;
    append(table, link);
    table->n++;
    return true;
}

void iw_correlate_table_touch(struct iw_correlate_table *table, struct iw_correlate_link *link)
{
    unlink_order(table, link);
    append(table, link);
}

void iw_correlate_table_remove(struct iw_correlate_table *table, struct iw_correlate_link *link)
{
    struct iw_correlate_link **at = &table->slots[link->hash & (table->n_slots - 1)];

    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    unlink_order(table, link);
    table->n--;
}

void iw_correlate_table_done(struct iw_correlate_table *table, struct iw_correlate_heap *heap)
{
    iw_correlate_give(heap, table->slots, table->n_slots * sizeof(void *));
    memset(table, 0, sizeof *table);
}
