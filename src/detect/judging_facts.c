/*
 * Facts of the host, found by kind and path.
 */
#include "detect/detect_text.h"
#include "detect/judgment.h"

/* The first fact of the span whose path is not before (or, *is_past*, is behind) *path*. */
static size_t lower_bound(const struct iw_fact_span *span, struct iw_str path, bool is_past)
{
    size_t low = 0, high = span->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = iw_compare_nocase(span->items[middle].path, path);
        if (order < 0 || (is_past && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct iw_fact_span iw_facts_at(const struct iw_judging *judging, enum iw_server_fact_kind kind,
                                struct iw_str path)
{
    const struct iw_fact_span *span = &judging->facts[kind];
    size_t first = lower_bound(span, path, false), end = lower_bound(span, path, true);
    return (struct iw_fact_span){span->items + first, end - first};
}
