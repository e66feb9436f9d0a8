/*
 * A trial is run by the correlator's own ways of keeping a group, so that what is explained is what
 * runs. It is asked at every event; of the attempts that hold, the first of the best stays.
 */
#include "sigma/sigma_correlate_trial.h"

enum iw_rc iw_correlate_trial_init(struct iw_correlate_trial *trial,
                                   const struct iw_correlate_plan *plan,
                                   enum iw_correlate_demand dropped, struct iw_arena *arena)
{
    memset(trial, 0, sizeof *trial);
    trial->dropped = dropped;
    trial->asked = plan;
    trial->is_off = true;
    IW_TRY(iw_correlate_drop_demand(plan, dropped, arena, &trial->plan, &trial->is_off));
    trial->setting.plan = &trial->plan;
    trial->setting.heap.total = &trial->total;
    trial->setting.cap = trial->plan.keep != 0 ? trial->plan.keep : SIZE_MAX;
    return IW_OK;
}

static void forget(struct iw_correlate_trial *trial)
{
    if (trial->is_begun)
        iw_correlate_methods_of(trial->plan.way)->done(&trial->setting, &trial->state);
    trial->is_begun = false;
}

void iw_correlate_trial_done(struct iw_correlate_trial *trial)
{
    forget(trial);
}

static enum iw_rc begin_state(struct iw_correlate_trial *trial)
{
    forget(trial);
    memset(&trial->state, 0, sizeof trial->state);
    trial->is_begun = true;
    return iw_correlate_methods_of(trial->plan.way)->init(&trial->setting, &trial->state)
               ? IW_OK
               : IW_ENOMEM;
}

enum iw_rc iw_correlate_trial_begin(struct iw_correlate_trial *trial)
{
    if (trial->is_off)
        return IW_OK;
    trial->n_held = 0;
    trial->is_cut = false;
    trial->excluded = 0;
    for (size_t s = 0; s < IW_LIMIT_CORRELATION_STEPS; s++)
        trial->last_ns[s] = IW_TIME_UNKNOWN;
    return begin_state(trial);
}

int64_t iw_correlate_plan_cutoff(const struct iw_correlate_plan *plan, int64_t time_ns)
{
    int64_t cutoff_ns;
    /* IW_TIME_UNKNOWN stands for "no event" and is never in a window. */
    if (__builtin_sub_overflow(time_ns, plan->span_ns, &cutoff_ns) || cutoff_ns == IW_TIME_UNKNOWN)
        return IW_TIME_UNKNOWN + 1;
    return cutoff_ns;
}

/* The steps in the window that some alternative rules out. */
static uint64_t ruled_out(const struct iw_correlate_trial *trial, int64_t cutoff_ns)
{
    uint64_t there = 0, forbidden = 0;

    for (size_t s = 0; s < trial->plan.n_steps && s < IW_LIMIT_CORRELATION_STEPS; s++)
        there |= trial->last_ns[s] >= cutoff_ns ? (uint64_t)1 << s : 0;
    for (size_t i = 0; i < trial->asked->n_terms; i++) {
        if ((trial->asked->terms[i].wants & ~there) == 0)
            forbidden |= trial->asked->terms[i].forbids;
    }
    return there & forbidden;
}

/* It holds here with one demand less: is that the best attempt so far? */
static enum iw_rc hear(struct iw_correlate_trial *trial, const struct iw_correlate_arrival *arrival,
                       const struct iw_correlate_outcome *outcome)
{
    struct iw_correlate_chosen chosen = {.n = 0};
    double badness = 0, wanted = 0;
    int64_t needed_ns;

    if (!iw_correlate_methods_of(trial->plan.way)
             ->choose(&trial->setting, &trial->state, arrival, &chosen))
        return IW_ENOMEM;
    if (chosen.n == 0)
        (void)iw_correlate_choose(&chosen, &arrival->entry);
    if (__builtin_sub_overflow(arrival->entry.time_ns, chosen.first_ns, &needed_ns))
        needed_ns = INT64_MAX;
    if (trial->dropped == IW_DEMAND_BOUNDS)
        badness = iw_correlate_shortfall(trial->asked, outcome->number.real, &wanted);
    else if (trial->dropped != IW_DEMAND_ABSENCE)
        badness = (double)needed_ns;
    if (trial->n_held++ != 0 && badness >= trial->badness)
        return IW_OK;
    trial->badness = badness;
    trial->number = outcome->number.real;
    trial->wanted = wanted;
    trial->needed_ns = needed_ns;
    trial->completing = arrival->entry.ordinal;
    trial->completing_ns = arrival->entry.time_ns;
    trial->chosen = chosen;
    trial->excluded = ruled_out(trial, arrival->cutoff_ns);
    return IW_OK;
}

enum iw_rc iw_correlate_trial_take(struct iw_correlate_trial *trial,
                                   const struct iw_correlate_arrival *arrival,
                                   struct iw_arena *scratch)
{
    const struct iw_correlate_methods *methods = iw_correlate_methods_of(trial->plan.way);
    struct iw_correlate_arrival own = *arrival;
    struct iw_correlate_outcome outcome;

    if (trial->is_off)
        return IW_OK;
    own.cutoff_ns = iw_correlate_plan_cutoff(&trial->plan, arrival->entry.time_ns);
    trial->setting.scratch = scratch;
    for (uint64_t left = trial->plan.n_steps <= IW_LIMIT_CORRELATION_STEPS ? arrival->steps : 0;
         left != 0; left &= left - 1)
        trial->last_ns[__builtin_ctzll(left)] = arrival->entry.time_ns;
    if (!methods->add(&trial->setting, &trial->state, &own) ||
        !methods->ask(&trial->setting, &trial->state, &own, &outcome))
        return IW_ENOMEM;
    if (outcome.holds)
        IW_TRY(hear(trial, &own, &outcome));
    if (trial->total.held_bytes <= IW_LIMIT_CORRELATION_BYTES)
        return IW_OK;
    trial->is_cut = true;
    return begin_state(trial);
}
