/*
 * Plans with one demand less.
 */
#include "sigma/sigma_correlate_variant.h"

#include <math.h>

#include "base/limits.h"

/* By how much *number* misses one bound. */
static double shortfall(const struct iw_correlation_bound *bound, double number)
{
    double below = bound->value.real - number;

    switch (bound->kind) {
    case IW_BOUND_GTE:
        return below > 0 ? below : 0;
    case IW_BOUND_GT:
        return below >= 0 ? below + 1 : 0;
    case IW_BOUND_LTE:
        return below < 0 ? -below : 0;
    case IW_BOUND_LT:
        return below <= 0 ? 1 - below : 0;
    case IW_BOUND_EQ:
        return fabs(below);
    case IW_BOUND_NEQ:
        return below == 0;
    }
    return 0;
}

double iw_correlate_shortfall(const struct iw_correlate_plan *plan, double number,
                              double *ret_wanted)
{
    double worst = -1;

    for (size_t i = 0; i < plan->n_bounds; i++) {
        double missed = shortfall(&plan->bounds[i], number);
        if (missed > worst) {
            worst = missed;
            *ret_wanted = plan->bounds[i].value.real;
        }
    }
    return worst;
}

/* The least count that can satisfy the bounds; 0: they only say how many are too many. */
static uint64_t least_counted(const struct iw_correlate_plan *plan)
{
    uint64_t least = 0;

    for (size_t i = 0; i < plan->n_bounds; i++) {
        const struct iw_correlation_bound *bound = &plan->bounds[i];
        uint64_t needs = bound->kind == IW_BOUND_GTE || bound->kind == IW_BOUND_EQ
                             ? bound->value.magnitude
                         : bound->kind == IW_BOUND_GT ? bound->value.magnitude + 1
                                                      : 0;
        least = needs > least ? needs : least;
    }
    return least;
}

static bool counts(const struct iw_correlate_plan *plan)
{
    return plan->way == IW_WAY_COUNT || plan->way == IW_WAY_DISTINCT;
}

static void drop_window(struct iw_correlate_plan *plan, bool *ret_is_off)
{
    plan->span_ns = INT64_MAX;
    *ret_is_off = plan->way == IW_WAY_NUMBERS;
    if (!counts(plan))
        return;
    /* Of the latest events only as many as are needed: how far back do these reach? */
    plan->keep = (size_t)least_counted(plan);
    *ret_is_off = plan->keep == 0;
}

static enum iw_rc drop_absence(struct iw_correlate_plan *plan, struct iw_arena *arena,
                               bool *ret_is_off)
{
    struct iw_correlate_term *terms = iw_arena_calloc(arena, plan->n_terms + 1, sizeof *terms);

    if (terms == NULL)
        return IW_ENOMEM;
    *ret_is_off = true;
    for (size_t i = 0; i < plan->n_terms; i++) {
        terms[i].wants = plan->terms[i].wants;
        *ret_is_off &= plan->terms[i].forbids == 0;
    }
    plan->terms = terms;
    return IW_OK;
}

static enum iw_rc drop_bounds(struct iw_correlate_plan *plan, struct iw_arena *arena,
                              bool *ret_is_off)
{
    struct iw_correlation_bound *bound = iw_arena_calloc(arena, 1, sizeof *bound);

    if (bound == NULL)
        return IW_ENOMEM;
    *ret_is_off = plan->n_bounds == 0;
    bound->kind = IW_BOUND_GTE;
    bound->value = (struct iw_number){.real = -HUGE_VAL};
    plan->bounds = bound;
    plan->n_bounds = 1;
    if (plan->way == IW_WAY_TRACKS)
        plan->way = IW_WAY_LONGEST;
    /* What the condition cannot tell apart needs not be kept. */
    if (counts(plan) && plan->most_counted < SIZE_MAX / 2)
        plan->keep = (size_t)plan->most_counted + IW_LIMIT_CORRELATION_TUPLES;
    return IW_OK;
}

enum iw_rc iw_correlate_drop_demand(const struct iw_correlate_plan *plan,
                                    enum iw_correlate_demand demand, struct iw_arena *arena,
                                    struct iw_correlate_plan *ret, bool *ret_is_off)
{
    *ret = *plan;
    *ret_is_off = false;
    switch (demand) {
    case IW_DEMAND_WINDOW:
        drop_window(ret, ret_is_off);
        return IW_OK;
    case IW_DEMAND_ORDER:
        *ret_is_off = plan->way != IW_WAY_TRACKS && plan->way != IW_WAY_LONGEST;
        ret->way = *ret_is_off ? plan->way : IW_WAY_ANY_ORDER;
        return IW_OK;
    case IW_DEMAND_ABSENCE:
        return drop_absence(ret, arena, ret_is_off);
    case IW_DEMAND_BOUNDS:
        return drop_bounds(ret, arena, ret_is_off);
    case IW_DEMAND_COUNT:
        break;
    }
    *ret_is_off = true;
    return IW_OK;
}

enum iw_rc iw_correlate_drop_field(const struct iw_correlate_plan *plan, size_t field,
                                   struct iw_arena *arena, struct iw_correlate_plan *ret)
{
    struct iw_correlate_step *steps = iw_arena_calloc(arena, plan->n_steps, sizeof *steps);

    *ret = *plan;
    if (steps == NULL)
        return IW_ENOMEM;
    ret->n_group--;
    for (size_t s = 0; s < plan->n_steps; s++) {
        steps[s] = plan->steps[s];
        steps[s].group = iw_arena_calloc(arena, plan->n_group, sizeof *steps[s].group);
        if (steps[s].group == NULL)
            return IW_ENOMEM;
        for (size_t i = 0; i < ret->n_group; i++)
            steps[s].group[i] = plan->steps[s].group[i < field ? i : i + 1];
    }
    ret->steps = steps;
    if (counts(plan) && plan->most_counted < SIZE_MAX / 2)
        ret->keep = (size_t)plan->most_counted + IW_LIMIT_CORRELATION_TUPLES;
    return IW_OK;
}
