/*
 * Attempts: the correlation with one demand less, run by the correlator itself, so that what is
 * explained is what runs. Inner correlations stay as they are.
 */
#include "sigma/sigma_correlate_miss.h"

#include <math.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_correlate_tuple.h"
#include "sigma/sigma_ruleset.h"

/* The demands that are dropped one at a time; those of group-by follow. */
enum { AS_IT_IS = 0, NO_WINDOW, NO_ORDER, NO_BOUNDS, NO_FIELD };

struct attempt {
    struct iw_correlate_missing *missing;
    unsigned dropped; /* NO_FIELD + i: without field i of group-by */
    bool is_off;      /* says nothing about this correlation */
    struct iw_correlate_program program;
    struct iw_correlator *correlator;
    uint64_t n_held;
    double badness; /* of the best attempt so far */
    struct iw_correlate_miss best;
    struct iw_correlate_evidence evidence[IW_LIMIT_CORRELATION_EVIDENCE];
};

/* The host of an event, and its value for each field of group-by. */
struct kept {
    uint64_t ordinal;
    struct iw_str *texts;
};

struct iw_correlate_missing {
    struct iw_arena arena;
    const struct iw_correlate_program *program;
    size_t at;
    struct attempt *attempts;
    size_t n_attempts;
    uint64_t *n_of_step; /* events of each step */
    struct kept kept[IW_LIMIT_CORRELATION_MISS_EVENTS];
    uint64_t n_kept;
    struct iw_correlate_miss *answer;
};

/* --- how near an attempt came --- */

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

/* The bound that is missed by most, and by how much. */
static double worst_bound(const struct iw_correlate_plan *plan, double number, double *ret_wanted)
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

static enum iw_rc hear(void *user, const struct iw_correlate_report *report)
{
    struct attempt *attempt = user;
    const struct iw_correlate_plan *plan = &attempt->missing->program->plans[attempt->missing->at];
    double badness = (double)report->completing_ns - (double)report->first_ns;
    double wanted = 0;

    attempt->n_held++;
    if (attempt->dropped == NO_BOUNDS)
        badness = worst_bound(plan, report->number, &wanted);
    if (attempt->n_held > 1 && badness >= attempt->badness)
        return IW_OK;
    attempt->badness = badness;
    memcpy(attempt->evidence, report->evidence, report->n_evidence * sizeof *report->evidence);
    attempt->best = (struct iw_correlate_miss){
        .evidence = attempt->evidence,
        .n_evidence = report->n_evidence,
        .completing = report->completing,
        .span_ns = plan->span_ns,
        .needed_ns = report->completing_ns - report->first_ns,
        .number = report->number,
        .wanted = wanted,
    };
    return IW_OK;
}

/* --- one demand less --- */

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

static void drop_window(struct attempt *attempt, struct iw_correlate_plan *plan)
{
    bool counts = plan->way == IW_WAY_COUNT || plan->way == IW_WAY_DISTINCT;

    plan->span_ns = INT64_MAX;
    attempt->is_off = plan->way == IW_WAY_NUMBERS;
    if (!counts)
        return;
    /* Of the latest events only as many as are needed: how far back do these reach? */
    plan->keep = (size_t)least_counted(plan);
    attempt->is_off = plan->keep == 0;
}

static bool drop_bounds(struct attempt *attempt, struct iw_correlate_plan *plan,
                        struct iw_arena *arena)
{
    struct iw_correlation_bound *bound = iw_arena_calloc(arena, 1, sizeof *bound);

    attempt->is_off = plan->n_bounds == 0;
    if (bound == NULL)
        return false;
    bound->kind = IW_BOUND_GTE;
    bound->value = (struct iw_number){.real = -HUGE_VAL};
    plan->bounds = bound;
    plan->n_bounds = 1;
    if (plan->way == IW_WAY_TRACKS)
        plan->way = IW_WAY_LONGEST;
    return true;
}

static bool drop_field(struct iw_correlate_plan *plan, size_t field, struct iw_arena *arena)
{
    struct iw_correlate_step *steps = iw_arena_calloc(arena, plan->n_steps, sizeof *steps);

    if (steps == NULL)
        return false;
    plan->n_group--;
    for (size_t s = 0; s < plan->n_steps; s++) {
        steps[s] = plan->steps[s];
        steps[s].group = iw_arena_calloc(arena, plan->n_group + 1, sizeof *steps[s].group);
        if (steps[s].group == NULL)
            return false;
        for (size_t i = 0; i < plan->n_group; i++)
            steps[s].group[i] = plan->steps[s].group[i < field ? i : i + 1];
    }
    plan->steps = steps;
    return true;
}

static bool drop(struct attempt *attempt, struct iw_correlate_plan *plan, struct iw_arena *arena)
{
    switch (attempt->dropped) {
    case AS_IT_IS:
        return true;
    case NO_WINDOW:
        drop_window(attempt, plan);
        return true;
    case NO_ORDER:
        attempt->is_off = plan->way != IW_WAY_TRACKS && plan->way != IW_WAY_LONGEST;
        plan->way = attempt->is_off ? plan->way : IW_WAY_ANY_ORDER;
        return true;
    case NO_BOUNDS:
        return drop_bounds(attempt, plan, arena);
    default:
        return drop_field(plan, attempt->dropped - NO_FIELD, arena);
    }
}

/* The program up to this correlation; it alone tells. */
static bool make_attempt(struct iw_correlate_missing *missing, struct attempt *attempt)
{
    const struct iw_correlate_options options = {.fire_every = true, .tell = hear, .user = attempt};
    const size_t n = missing->program->n;
    struct iw_correlate_plan *plans = iw_arena_calloc(&missing->arena, n, sizeof *plans);

    if (plans == NULL)
        return false;
    memcpy(plans, missing->program->plans, n * sizeof *plans);
    for (size_t i = 0; i < n; i++)
        plans[i].is_hidden = i != missing->at;
    attempt->missing = missing;
    attempt->program = *missing->program;
    attempt->program.plans = plans;
    if (!drop(attempt, &plans[missing->at], &missing->arena))
        return false;
    if (attempt->is_off)
        return true;
    attempt->correlator = iw_correlator_new_program(&attempt->program, &options);
    return attempt->correlator != NULL;
}

static bool make_all(struct iw_correlate_missing *missing)
{
    const struct iw_correlate_plan *plan = &missing->program->plans[missing->at];
    const size_t n = NO_FIELD + plan->n_group;

    missing->attempts = iw_arena_calloc(&missing->arena, n, sizeof *missing->attempts);
    missing->answer = iw_arena_calloc(&missing->arena, n + plan->n_steps, sizeof *missing->answer);
    missing->n_of_step =
        iw_arena_calloc(&missing->arena, plan->n_steps, sizeof *missing->n_of_step);
    if (missing->attempts == NULL || missing->answer == NULL || missing->n_of_step == NULL)
        return false;
    for (; missing->n_attempts < n; missing->n_attempts++) {
        missing->attempts[missing->n_attempts].dropped = (unsigned)missing->n_attempts;
        if (!make_attempt(missing, &missing->attempts[missing->n_attempts]))
            return false;
    }
    return true;
}

struct iw_correlate_missing *iw_correlate_missing_new(const struct iw_sigma_ruleset *ruleset,
                                                      size_t correlation)
{
    struct iw_correlate_missing *missing = iw_calloc(1, sizeof *missing);

    if (missing == NULL)
        return NULL;
    iw_arena_init(&missing->arena, 0);
    missing->program = ruleset->correlate;
    missing->at = correlation;
    if (make_all(missing))
        return missing;
    iw_correlate_missing_free(missing);
    return NULL;
}

void iw_correlate_missing_free(struct iw_correlate_missing *missing)
{
    if (missing == NULL)
        return;
    for (size_t i = 0; i < missing->n_attempts; i++)
        iw_correlator_free(missing->attempts[i].correlator);
    for (size_t i = 0; i < IW_LIMIT_CORRELATION_MISS_EVENTS; i++)
        iw_free(missing->kept[i].texts);
    iw_arena_done(&missing->arena);
    iw_free(missing);
}

/* --- events --- */

/* What the first step an event is has for a field of group-by. */
static struct iw_str value_of(const struct iw_correlate_match *match,
                              struct iw_correlate_place place)
{
    if (place.origin == IW_FROM_HOST)
        return match->host;
    for (size_t i = 0; place.origin == IW_FROM_SLOT && i < match->n_values; i++) {
        if (match->values[i].slot == place.at)
            return match->values[i].text;
    }
    return IW_STR("");
}

/* Keeps the values of an event in the place of the oldest. */
static enum iw_rc keep(struct iw_correlate_missing *missing, const struct iw_correlate_match *match,
                       const struct iw_correlate_step *step)
{
    const struct iw_correlate_plan *plan = &missing->program->plans[missing->at];
    struct kept *kept = &missing->kept[missing->n_kept % IW_LIMIT_CORRELATION_MISS_EVENTS];
    size_t size = plan->n_group * sizeof *kept->texts;
    char *at;

    for (size_t i = 0; i < plan->n_group; i++)
        size += value_of(match, step->group[i]).n;
    iw_free(kept->texts);
    kept->texts = iw_malloc(size);
    if (kept->texts == NULL)
        return IW_ENOMEM;
    at = (char *)(kept->texts + plan->n_group);
    for (size_t i = 0; i < plan->n_group; i++) {
        struct iw_str text = value_of(match, step->group[i]);
        if (text.n != 0)
            memcpy(at, text.p, text.n);
        kept->texts[i] = (struct iw_str){at, text.n};
        at += text.n;
    }
    kept->ordinal = match->ordinal;
    missing->n_kept++;
    return IW_OK;
}

static bool matched(const struct iw_correlate_match *match, const struct iw_correlate_step *step)
{
    for (size_t i = 0; i < match->n_rules; i++) {
        if (!step->is_correlation && match->rules[i] == step->rule)
            return true;
    }
    return false;
}

enum iw_rc iw_correlate_missing_feed(struct iw_correlate_missing *missing,
                                     const struct iw_correlate_match *match)
{
    const struct iw_correlate_plan *plan = &missing->program->plans[missing->at];
    const struct iw_correlate_step *first = NULL;

    for (size_t s = 0; s < plan->n_steps; s++) {
        if (!matched(match, &plan->steps[s]))
            continue;
        missing->n_of_step[s]++;
        first = first != NULL ? first : &plan->steps[s];
    }
    if (first != NULL)
        IW_TRY(keep(missing, match, first));
    for (size_t i = 0; i < missing->n_attempts; i++) {
        if (missing->attempts[i].correlator != NULL)
            IW_TRY(iw_correlator_feed(missing->attempts[i].correlator, match));
    }
    return IW_OK;
}

/* --- the answer --- */

static struct iw_str kept_value(const struct iw_correlate_missing *missing, uint64_t ordinal,
                                size_t field)
{
    for (size_t i = 0; i < IW_LIMIT_CORRELATION_MISS_EVENTS && i < missing->n_kept; i++) {
        if (missing->kept[i].ordinal == ordinal)
            return missing->kept[i].texts[field];
    }
    return IW_STR("");
}

/* Two events of the attempt that differ in the field. */
static void tell_field(const struct iw_correlate_missing *missing, size_t field,
                       struct iw_correlate_miss *miss)
{
    const struct iw_correlate_plan *plan = &missing->program->plans[missing->at];

    miss->field = plan->correlation->group_by[field].name;
    for (size_t i = 0; i < miss->n_evidence; i++) {
        struct iw_str text = kept_value(missing, miss->evidence[i].ordinal, field);
        if (text.n == 0 || iw_str_equal_nocase(text, miss->one))
            continue;
        if (miss->one.n == 0) {
            miss->one = text;
        } else {
            miss->other = text;
            return;
        }
    }
}

/* A result of an inner correlation counts as a match of its step. */
static uint64_t matches_of_step(const struct iw_correlate_missing *missing, size_t s)
{
    const struct iw_correlate_step *step = &missing->program->plans[missing->at].steps[s];

    if (!step->is_correlation)
        return missing->n_of_step[s];
    return iw_correlator_account(missing->attempts[AS_IT_IS].correlator, step->rule)->n_held;
}

const struct iw_correlate_miss *iw_correlate_missing_answer(struct iw_correlate_missing *missing,
                                                            size_t *ret_n)
{
    static const enum iw_correlate_miss_kind KINDS[] = {
        [NO_WINDOW] = IW_MISS_WINDOW, [NO_ORDER] = IW_MISS_ORDER, [NO_BOUNDS] = IW_MISS_VALUE};
    /* As the enum of kinds has them. */
    const struct iw_correlate_plan *plan = &missing->program->plans[missing->at];
    size_t n = 0;

    *ret_n = 0;
    if (missing->attempts[AS_IT_IS].n_held != 0)
        return missing->answer;
    for (unsigned i = NO_WINDOW; i < NO_BOUNDS; i++) {
        if (missing->attempts[i].n_held == 0)
            continue;
        missing->answer[n] = missing->attempts[i].best;
        missing->answer[n++].kind = KINDS[i];
    }
    for (size_t i = 0; i < plan->n_group; i++) {
        if (missing->attempts[NO_FIELD + i].n_held == 0)
            continue;
        missing->answer[n] = missing->attempts[NO_FIELD + i].best;
        missing->answer[n].kind = IW_MISS_GROUP;
        tell_field(missing, i, &missing->answer[n++]);
    }
    if (missing->attempts[NO_BOUNDS].n_held != 0) {
        missing->answer[n] = missing->attempts[NO_BOUNDS].best;
        missing->answer[n++].kind = KINDS[NO_BOUNDS];
    }
    for (size_t s = 0; s < plan->n_steps; s++) {
        if (matches_of_step(missing, s) == 0)
            missing->answer[n++] =
                (struct iw_correlate_miss){.kind = IW_MISS_RULE,
                                           .rule = plan->steps[s].rule,
                                           .is_correlation = plan->steps[s].is_correlation};
    }
    *ret_n = n;
    return missing->answer;
}

uint64_t iw_correlate_missing_held(const struct iw_correlate_missing *missing)
{
    return missing->attempts[AS_IT_IS].n_held;
}
