/**
 * Sets of time as spans [from, to): sorted, apart from one another. Memory of an arena.
 */
#ifndef IW_COVERAGE_SPAN_SET_H
#define IW_COVERAGE_SPAN_SET_H

#include "base/arena.h"
#include "base/error.h"
#include "base/timestamp.h"

struct iw_span {
    int64_t from_ns, to_ns;
};

/** From one moment to another, which may be as far apart as times are: at most INT64_MAX. */
static inline int64_t iw_span_length(int64_t from_ns, int64_t to_ns)
{
    int64_t length;
    return __builtin_sub_overflow(to_ns, from_ns, &length) ? INT64_MAX : length;
}

/** Whether one moment is later than another, and by more than that. */
static inline bool iw_span_is_longer(int64_t from_ns, int64_t to_ns, int64_t than_ns)
{
    return to_ns > from_ns && iw_span_length(from_ns, to_ns) > than_ns;
}

/** Zero-initialise but for the arena. */
struct iw_span_set {
    struct iw_arena *arena;
    struct iw_span *items;
    size_t n, cap;
};

/** Adds a span, which may overlap others; an empty one (from >= to) adds nothing. Settle before
 * anything else is asked. IW_OK or IW_ENOMEM. */
enum iw_rc iw_span_set_add(struct iw_span_set *set, int64_t from_ns, int64_t to_ns);
/** Sorts, and joins what touches or overlaps. */
void iw_span_set_settle(struct iw_span_set *set);
/** What is in *set* and not in *taken*, both settled, in *ret* (zeroed but for the arena). IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_span_set_without(const struct iw_span_set *set, const struct iw_span_set *taken,
                               struct iw_span_set *ret);
/** The first span of a settled set that ends behind a moment; n: none does. */
size_t iw_span_set_first_behind(const struct iw_span_set *set, int64_t time_ns);
/** Whether a moment is in a settled set. */
bool iw_span_set_has(const struct iw_span_set *set, int64_t time_ns);

#endif
