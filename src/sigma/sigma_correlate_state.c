/*
 * What the ways of keeping a group have in common.
 */
#include "sigma/sigma_correlate_state.h"

#include "sigma/sigma_number.h"

const struct iw_correlate_methods *iw_correlate_methods_of(enum iw_correlate_way way)
{
    static const struct iw_correlate_methods *const METHODS[] = {
        [IW_WAY_COUNT] = &iw_correlate_by_count,
        [IW_WAY_DISTINCT] = &iw_correlate_by_distinct,
        [IW_WAY_NUMBERS] = &iw_correlate_by_numbers,
        [IW_WAY_ANY_ORDER] = &iw_correlate_by_any_order,
        [IW_WAY_TRACKS] = &iw_correlate_by_order,
        [IW_WAY_LONGEST] = &iw_correlate_by_order,
    };
    return METHODS[way];
}

struct iw_number iw_correlate_number_of(uint64_t count)
{
    return (struct iw_number){true, false, count, (double)count};
}

static bool bound_holds(enum iw_bound_kind kind, int order)
{
    switch (kind) {
    case IW_BOUND_LT:
        return order < 0;
    case IW_BOUND_LTE:
        return order <= 0;
    case IW_BOUND_GT:
        return order > 0;
    case IW_BOUND_GTE:
        return order >= 0;
    case IW_BOUND_EQ:
        return order == 0;
    case IW_BOUND_NEQ:
        return order != 0;
    }
    return false;
}

bool iw_correlate_bounds_hold(const struct iw_correlate_plan *plan, const struct iw_number *number)
{
    for (size_t i = 0; i < plan->n_bounds; i++) {
        if (!bound_holds(plan->bounds[i].kind, iw_number_compare(number, &plan->bounds[i].value)))
            return false;
    }
    return true;
}

struct iw_correlate_outcome iw_correlate_count_outcome(const struct iw_correlate_plan *plan,
                                                       uint64_t count)
{
    struct iw_correlate_outcome outcome = {.is_count = true,
                                           .number = iw_correlate_number_of(count)};
    outcome.holds = iw_correlate_bounds_hold(plan, &outcome.number);
    return outcome;
}

bool iw_correlate_choose(struct iw_correlate_chosen *chosen, const struct iw_correlate_entry *entry)
{
    if (chosen->n != 0 && chosen->entries[chosen->n - 1].ordinal == entry->ordinal)
        return true;
    if (chosen->n == IW_LIMIT_CORRELATION_EVIDENCE)
        return false;
    if (chosen->n_all++ == 0)
        chosen->first_ns = entry->time_ns;
    chosen->entries[chosen->n++] = *entry;
    return true;
}
