/**
 * What is kept of one group of one correlation: enough to tell at each event whether the condition
 * holds over the window that ends there, and which events made it hold. One row of functions for
 * each way of keeping it.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_STATE_H
#define IW_SIGMA_SIGMA_CORRELATE_STATE_H

#include "base/limits.h"
#include "sigma/sigma_correlate_plan.h"
#include "sigma/sigma_correlate_rank.h"
#include "sigma/sigma_correlate_ring.h"
#include "sigma/sigma_correlate_sum.h"
#include "sigma/sigma_correlate_table.h"

/** What all groups of a correlation have in common. */
struct iw_correlate_setting {
    const struct iw_correlate_plan *plan;
    struct iw_correlate_heap heap;
    /* Events or values kept of one group: beyond it the condition cannot change any more. */
    size_t cap;
    struct iw_arena *scratch; /* emptied before the next event */
};

/** An event on its way into one group. */
struct iw_correlate_arrival {
    struct iw_correlate_entry entry;
    int64_t cutoff_ns; /* the window: [cutoff_ns, entry.time_ns] */
    uint64_t steps;    /* temporal types: all steps it is */
    const struct iw_str *values;
    size_t n_values;
    const struct iw_number *numbers;
    size_t n_numbers;
};

struct iw_correlate_outcome {
    bool holds;
    bool is_count;
    struct iw_number number; /* what the condition was asked about */
};

/** The events that made a condition hold, in the order of time: all of them, or of more than there
 * is room for the first and the last half. */
struct iw_correlate_chosen {
    struct iw_correlate_entry entries[IW_LIMIT_CORRELATION_EVIDENCE];
    size_t n;
    uint64_t n_all;
    int64_t first_ns;
};

/** Adds the next event; the same one twice in a row counts once. False: there is no room. */
bool iw_correlate_choose(struct iw_correlate_chosen *chosen,
                         const struct iw_correlate_entry *entry);

/** A number in a window. */
struct iw_correlate_item {
    struct iw_correlate_entry entry;
    struct iw_number number;
};

struct iw_correlate_numbers {
    struct iw_correlate_ring ring;
    size_t n_events;
    struct iw_correlate_sum *sum;   /* value_sum, value_avg */
    struct iw_correlate_rank *rank; /* value_percentile, value_median */
};

/** An event that is several steps at once. */
struct iw_correlate_shared {
    struct iw_correlate_entry entry;
    uint64_t steps;
};

struct iw_correlate_distinct {
    struct iw_correlate_table table; /* values, by the event that had them last */
    size_t n_events;                 /* different ones */
};

struct iw_correlate_any_order {
    struct iw_correlate_entry *alone; /* by step: the latest event that is this step only */
    struct iw_correlate_shared *shared;
    size_t n_shared, shared_cap;
};

struct iw_correlate_node;

struct iw_correlate_in_order {
    struct iw_correlate_node **cells;
    size_t n_cells;
    int64_t *last_ns; /* by step */
};

union iw_correlate_state {
    struct iw_correlate_ring count;
    struct iw_correlate_distinct distinct;
    struct iw_correlate_numbers numbers;
    struct iw_correlate_any_order any_order;
    struct iw_correlate_in_order in_order;
};

struct iw_correlate_methods {
    /* Makes a zeroed state ready. False: no memory; *done* is called anyway. */
    bool (*init)(struct iw_correlate_setting *setting, union iw_correlate_state *state);
    /* Takes an event, and leaves behind what is before its window. False: no memory. */
    bool (*add)(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival);
    /* Asks the condition, right after an event was added. False: no memory. */
    bool (*ask)(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival, struct iw_correlate_outcome *ret);
    /* The events that made it hold, right after it was asked. False: no memory. */
    bool (*choose)(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                   const struct iw_correlate_arrival *arrival, struct iw_correlate_chosen *ret);
    void (*done)(struct iw_correlate_setting *setting, union iw_correlate_state *state);
};

extern const struct iw_correlate_methods iw_correlate_by_count;
extern const struct iw_correlate_methods iw_correlate_by_distinct;
extern const struct iw_correlate_methods iw_correlate_by_numbers;
extern const struct iw_correlate_methods iw_correlate_by_any_order;
extern const struct iw_correlate_methods iw_correlate_by_order; /* TRACKS and LONGEST */

const struct iw_correlate_methods *iw_correlate_methods_of(enum iw_correlate_way way);

/** A count as a number. */
struct iw_number iw_correlate_number_of(uint64_t count);
/** Whether all bounds of the condition hold for *number*. */
bool iw_correlate_bounds_hold(const struct iw_correlate_plan *plan, const struct iw_number *number);
/** The outcome of a count. */
struct iw_correlate_outcome iw_correlate_count_outcome(const struct iw_correlate_plan *plan,
                                                       uint64_t count);
/** Whether an entry is there and in the window. */
static inline bool iw_correlate_is_in(const struct iw_correlate_entry *entry, int64_t cutoff_ns)
{
    return entry->time_ns >= cutoff_ns;
}

#endif
