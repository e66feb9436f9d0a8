#include "coverage/span_set.h"

#include <stdlib.h>

enum iw_rc iw_span_set_add(struct iw_span_set *set, int64_t from_ns, int64_t to_ns)
{
    if (from_ns >= to_ns)
        return IW_OK;
    if (set->n == set->cap) {
        size_t cap = set->cap != 0 ? 2 * set->cap : 1; /* of a run it is nearly always one */
        struct iw_span *items = iw_arena_alloc(set->arena, cap * sizeof *items);
        if (items == NULL)
            return IW_ENOMEM;
        for (size_t i = 0; i < set->n; i++)
            items[i] = set->items[i];
        set->items = items;
        set->cap = cap;
    }
    set->items[set->n++] = (struct iw_span){from_ns, to_ns};
    return IW_OK;
}

static int compare(const void *left, const void *right)
{
    const struct iw_span *a = left, *b = right;
    return (a->from_ns > b->from_ns) - (a->from_ns < b->from_ns);
}

void iw_span_set_settle(struct iw_span_set *set)
{
    size_t n = 0;
    if (set->n < 2)
        return;
    qsort(set->items, set->n, sizeof *set->items, compare);
    for (size_t i = 1; i < set->n; i++) {
        struct iw_span *last = &set->items[n];
        if (set->items[i].from_ns > last->to_ns)
            set->items[++n] = set->items[i];
        else if (set->items[i].to_ns > last->to_ns)
            last->to_ns = set->items[i].to_ns;
    }
    set->n = n + 1;
}

enum iw_rc iw_span_set_without(const struct iw_span_set *set, const struct iw_span_set *taken,
                               struct iw_span_set *ret)
{
    size_t k = 0;
    for (size_t i = 0; i < set->n; i++) {
        int64_t at = set->items[i].from_ns, end = set->items[i].to_ns;
        while (k < taken->n && taken->items[k].to_ns <= at)
            k++;
        for (size_t j = k; j < taken->n && taken->items[j].from_ns < end; j++) {
            IW_TRY(iw_span_set_add(ret, at, taken->items[j].from_ns));
            if (taken->items[j].to_ns > at)
                at = taken->items[j].to_ns;
        }
        IW_TRY(iw_span_set_add(ret, at, end));
    }
    return IW_OK;
}

size_t iw_span_set_first_behind(const struct iw_span_set *set, int64_t time_ns)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->items[middle].to_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool iw_span_set_has(const struct iw_span_set *set, int64_t time_ns)
{
    size_t at = iw_span_set_first_behind(set, time_ns);
    return at < set->n && set->items[at].from_ns <= time_ns;
}
