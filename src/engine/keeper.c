/*
 * Keeping the lowest N of what comes. The array grows to twice the limit, then is sorted and cut:
 * amortised, and the same whatever the order.
 */
#include "engine/keeper.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"

void iw_keeper_done(struct iw_keeper *keeper)
{
    iw_free(keeper->items);
    memset(keeper, 0, sizeof *keeper);
}

static int compare_keys(const struct iw_keeper_key *a, const struct iw_keeper_key *b)
{
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static int compare_kept(const void *left, const void *right)
{
    const struct iw_kept_finding *a = left, *b = right;
    return compare_keys(&a->key, &b->key);
}

static struct iw_keeper_key key_of(const struct iw_event *event)
{
    return (struct iw_keeper_key){event->time_ns, event->source, event->offset};
}

static void cut(struct iw_keeper *keeper)
{
    if (keeper->n <= IW_LIMIT_FINDINGS_PER_RULE)
        return;
    qsort(keeper->items, keeper->n, sizeof *keeper->items, compare_kept);
    keeper->n = IW_LIMIT_FINDINGS_PER_RULE;
    keeper->is_full = true;
    keeper->worst = keeper->items[keeper->n - 1].key;
}

bool iw_keeper_wants(struct iw_keeper *keeper, const struct iw_event *event)
{
    struct iw_keeper_key key = key_of(event);
    keeper->n_seen++;
    return !keeper->is_full || compare_keys(&key, &keeper->worst) < 0;
}

static enum iw_rc append(struct iw_keeper *keeper, struct iw_kept_finding kept)
{
    if (keeper->n == 2 * (size_t)IW_LIMIT_FINDINGS_PER_RULE)
        cut(keeper);
    if (!iw_array_reserve(&keeper->items, &keeper->cap, keeper->n + 1, sizeof *keeper->items))
        return IW_ENOMEM;
    keeper->items[keeper->n++] = kept;
    return IW_OK;
}

enum iw_rc iw_keeper_add(struct iw_keeper *keeper, const struct iw_event *event,
                         struct iw_finding *finding)
{
    return append(keeper, (struct iw_kept_finding){key_of(event), finding});
}

enum iw_rc iw_keeper_merge(struct iw_keeper *into, const struct iw_keeper *from)
{
    into->n_seen += from->n_seen;
    for (size_t i = 0; i < from->n; i++)
        IW_TRY(append(into, from->items[i]));
    return IW_OK;
}

uint64_t iw_keeper_settle(struct iw_keeper *keeper)
{
    cut(keeper);
    return keeper->n_seen - keeper->n;
}
