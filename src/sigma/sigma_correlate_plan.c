/*
 * From correlations as they are written to correlations as they are run: references become numbers,
 * fields become places, and what is asked of each rule is gathered.
 */
#include "sigma/sigma_correlate_plan.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_ruleset.h"

struct maker {
    struct iw_sigma_ruleset *ruleset;
    struct iw_arena *arena;
    struct iw_correlate_program *program;
    size_t *plan_of;    /* account entry → rule; SIZE_MAX: none */
    size_t *running_of; /* account entry → running correlation; SIZE_MAX: none */
    size_t slots_cap;
};

/* --- places --- */

static enum iw_rc slot_of(struct maker *m, struct iw_correlate_slot slot, uint32_t *ret)
{
    struct iw_correlate_program *program = m->program;

    for (size_t i = 0; i < program->n_slots; i++) {
        if (program->slots[i].field == slot.field &&
            program->slots[i].by_taxonomy == slot.by_taxonomy) {
            *ret = (uint32_t)i;
            return IW_OK;
        }
    }
    if (program->n_slots == m->slots_cap) {
        size_t cap = 2 * m->slots_cap + 8;
        struct iw_correlate_slot *slots = iw_arena_calloc(m->arena, cap, sizeof *slots);
        if (slots == NULL)
            return IW_ENOMEM;
        if (program->n_slots != 0)
            memcpy(slots, program->slots, program->n_slots * sizeof *slots);
        program->slots = slots;
        m->slots_cap = cap;
    }
    *ret = (uint32_t)program->n_slots;
    program->slots[program->n_slots++] = slot;
    return IW_OK;
}

/* What a field of group-by or `field` is called in matches of one rule; false: nothing. */
static bool name_in(const struct iw_correlation_field *field, size_t entry, uint32_t *ret)
{
    *ret = field->field;
    if (field->alias == NULL)
        return true;
    for (size_t i = 0; i < field->alias->n; i++) {
        if (field->alias->fields[i].rule.entry == entry) {
            *ret = field->alias->fields[i].field;
            return true;
        }
    }
    return false;
}

/* The values an inner correlation's result has are those of its group. */
static struct iw_correlate_place place_in_key(const struct iw_correlation *inner, uint32_t field)
{
    for (size_t i = 0; i < inner->n_group_by; i++) {
        if (inner->group_by[i].field == field)
            return (struct iw_correlate_place){IW_FROM_KEY, (uint32_t)i};
    }
    return (struct iw_correlate_place){IW_FROM_NOWHERE, 0};
}

static enum iw_rc place_of(struct maker *m, const struct iw_correlate_step *step,
                           const struct iw_correlation_field *field, size_t entry,
                           struct iw_correlate_place *ret)
{
    struct iw_correlate_slot slot = {.field = 0};
    const struct iw_rule_plan *plan;

    *ret = (struct iw_correlate_place){IW_FROM_NOWHERE, 0};
    if (!name_in(field, entry, &slot.field))
        return IW_OK;
    if (step->is_correlation) {
        *ret = place_in_key(m->program->plans[step->rule].correlation, slot.field);
        return IW_OK;
    }
    if (slot.field == IW_FIELD_COMPUTER) {
        ret->origin = IW_FROM_HOST;
        return IW_OK;
    }
    plan = m->ruleset->plans[step->rule];
    slot.by_taxonomy = plan->category != NULL;
    ret->origin = IW_FROM_SLOT;
    return slot_of(m, slot, &ret->at);
}

static enum iw_rc places_of(struct maker *m, const struct iw_correlate_step *step,
                            const struct iw_correlation_field *fields, size_t n, size_t entry,
                            struct iw_correlate_place **ret)
{
    *ret = iw_arena_calloc(m->arena, n + 1, sizeof **ret);
    if (*ret == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        IW_TRY(place_of(m, step, &fields[i], entry, &(*ret)[i]));
    return IW_OK;
}

/* --- one correlation --- */

/* The count from which on all bounds stay as they are. */
static uint64_t most_counted(const struct iw_correlation *correlation)
{
    uint64_t most = 0;
    for (size_t i = 0; i < correlation->n_bounds; i++) {
        if (correlation->bounds[i].value.magnitude > most)
            most = correlation->bounds[i].value.magnitude;
    }
    return most;
}

static uint64_t all_steps(size_t n)
{
    return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

/* Whether only all *n* steps together satisfy the bounds. */
static bool wants_all(const struct iw_correlation_bound *bounds, size_t n_bounds, size_t n)
{
    const struct iw_number *value = &bounds->value;
    if (n_bounds != 1)
        return false;
    return (bounds->kind == IW_BOUND_GTE && value->magnitude == n) ||
           (bounds->kind == IW_BOUND_EQ && value->magnitude == n) ||
           (bounds->kind == IW_BOUND_GT && value->magnitude + 1 == n);
}

/* A temporal correlation without a condition: all its rules. */
static enum iw_rc want_all(struct maker *m, struct iw_correlate_plan *plan)
{
    struct iw_correlation_bound *bound = iw_arena_calloc(m->arena, 1, sizeof *bound);
    if (bound == NULL)
        return IW_ENOMEM;
    bound->kind = IW_BOUND_GTE;
    bound->value = (struct iw_number){true, false, (uint64_t)plan->n_steps, (double)plan->n_steps};
    plan->bounds = bound;
    plan->n_bounds = 1;
    return IW_OK;
}

static enum iw_rc choose_way(struct maker *m, struct iw_correlate_plan *plan)
{
    const struct iw_correlation *correlation = plan->correlation;
    bool is_temporal = correlation->type == IW_CORRELATION_TEMPORAL ||
                       correlation->type == IW_CORRELATION_TEMPORAL_ORDERED;

    plan->bounds = correlation->bounds;
    plan->n_bounds = correlation->n_bounds;
    plan->terms = correlation->terms;
    plan->n_terms = correlation->n_terms;
    plan->most_counted = most_counted(correlation);
    if (is_temporal && !correlation->is_extended && plan->n_bounds == 0)
        IW_TRY(want_all(m, plan));
    if (!is_temporal) {
        plan->way = correlation->type == IW_CORRELATION_EVENT_COUNT   ? IW_WAY_COUNT
                    : correlation->type == IW_CORRELATION_VALUE_COUNT ? IW_WAY_DISTINCT
                                                                      : IW_WAY_NUMBERS;
        return IW_OK;
    }
    if (correlation->type == IW_CORRELATION_TEMPORAL) {
        plan->way = IW_WAY_ANY_ORDER;
        return IW_OK;
    }
    plan->way = IW_WAY_TRACKS;
    if (correlation->is_extended)
        return IW_OK;
    if (!wants_all(plan->bounds, plan->n_bounds, plan->n_steps)) {
        plan->way = IW_WAY_LONGEST;
        return IW_OK;
    }
    plan->terms = iw_arena_calloc(m->arena, 1, sizeof *plan->terms);
    if (plan->terms == NULL)
        return IW_ENOMEM;
    plan->terms[0].wants = all_steps(plan->n_steps);
    plan->n_terms = 1;
    return IW_OK;
}

static enum iw_rc make_step(struct maker *m, const struct iw_correlation *correlation, size_t at,
                            struct iw_correlate_step *step)
{
    size_t entry = correlation->rules[at].entry;

    step->is_correlation = m->running_of[entry] != SIZE_MAX;
    step->rule = (uint32_t)(step->is_correlation ? m->running_of[entry] : m->plan_of[entry]);
    IW_TRY(places_of(m, step, correlation->group_by, correlation->n_group_by, entry, &step->group));
    return places_of(m, step, correlation->fields, correlation->n_fields, entry, &step->values);
}

static enum iw_rc make_plan(struct maker *m, struct iw_correlate_plan *plan)
{
    const struct iw_correlation *correlation = plan->correlation;

    plan->n_steps = correlation->n_rules;
    plan->n_group = correlation->n_group_by;
    plan->n_fields = correlation->n_fields;
    plan->span_ns = correlation->timespan_ns;
    plan->steps = iw_arena_calloc(m->arena, plan->n_steps + 1, sizeof *plan->steps);
    if (plan->steps == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < plan->n_steps; i++)
        IW_TRY(make_step(m, correlation, i, &plan->steps[i]));
    return choose_way(m, plan);
}

/* --- what is asked of rules and inner correlations --- */

static struct iw_correlate_uses *uses_of(struct maker *m, const struct iw_correlate_step *step)
{
    return step->is_correlation ? &m->program->above[step->rule]
                                : &m->program->rules[step->rule].uses;
}

static enum iw_rc note_uses(struct maker *m)
{
    struct iw_correlate_program *program = m->program;

    /* Counted first, then filled in. */
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < program->n; c++) {
            for (size_t s = 0; s < program->plans[c].n_steps; s++) {
                struct iw_correlate_uses *uses = uses_of(m, &program->plans[c].steps[s]);
                if (pass == 1 && uses->uses == NULL) {
                    uses->uses = iw_arena_calloc(m->arena, uses->n, sizeof *uses->uses);
                    if (uses->uses == NULL)
                        return IW_ENOMEM;
                    uses->n = 0;
                }
                if (pass == 1)
                    uses->uses[uses->n] = (struct iw_correlate_use){(uint32_t)c, (uint32_t)s};
                uses->n++;
            }
        }
    }
    return IW_OK;
}

/* What others stand on makes no findings of its own unless one of them says so. */
static void note_hidden(struct maker *m)
{
    struct iw_correlate_program *program = m->program;

    for (size_t r = 0; r < m->ruleset->n_plans; r++) {
        const struct iw_correlate_uses *uses = &program->rules[r].uses;
        program->rules[r].is_hidden = uses->n != 0;
        for (size_t i = 0; i < uses->n; i++) {
            if (program->plans[uses->uses[i].correlation].correlation->generate)
                program->rules[r].is_hidden = false;
        }
    }
    for (size_t c = 0; c < program->n; c++) {
        program->plans[c].is_hidden = program->above[c].n != 0;
        for (size_t i = 0; i < program->above[c].n; i++) {
            if (program->plans[program->above[c].uses[i].correlation].correlation->generate)
                program->plans[c].is_hidden = false;
        }
    }
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t add_slots(uint32_t *slots, size_t n, const struct iw_correlate_place *places,
                        size_t n_places)
{
    for (size_t i = 0; i < n_places; i++) {
        if (places[i].origin == IW_FROM_SLOT)
            slots[n++] = places[i].at;
    }
    return n;
}

static enum iw_rc note_slots(struct maker *m, struct iw_correlate_rule_part *part)
{
    const struct iw_correlate_plan *plans = m->program->plans;
    size_t n = 0, most = 0;

    for (size_t i = 0; i < part->uses.n; i++) {
        const struct iw_correlate_plan *plan = &plans[part->uses.uses[i].correlation];
        most += plan->n_group + plan->n_fields;
    }
    part->slots = iw_arena_calloc(m->arena, most + 1, sizeof *part->slots);
    if (part->slots == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < part->uses.n; i++) {
        const struct iw_correlate_plan *plan = &plans[part->uses.uses[i].correlation];
        const struct iw_correlate_step *step = &plan->steps[part->uses.uses[i].step];
        n = add_slots(part->slots, n, step->group, plan->n_group);
        n = add_slots(part->slots, n, step->values, plan->n_fields);
    }
    if (n > 1)
        qsort(part->slots, n, sizeof *part->slots, compare_numbers);
    for (size_t i = 0; i < n; i++) {
        if (part->n_slots == 0 || part->slots[part->n_slots - 1] != part->slots[i])
            part->slots[part->n_slots++] = part->slots[i];
    }
    return IW_OK;
}

/* --- all of them --- */

static bool is_running(const struct iw_rule_account *account,
                       const struct iw_correlation *correlation)
{
    return account->entries[correlation->rule.account_index].state == IW_RULE_LOADED;
}

/* Inner ones before those that stand on them: by depth, then as they were given. */
static void number(struct maker *m, const struct iw_rule_account *account)
{
    struct iw_sigma_ruleset *ruleset = m->ruleset;

    for (uint32_t depth = 1; depth <= IW_LIMIT_CORRELATION_DEPTH; depth++) {
        for (size_t i = 0; i < ruleset->n_correlations; i++) {
            const struct iw_correlation *correlation = ruleset->correlations[i];
            if (correlation->depth != depth || !is_running(account, correlation))
                continue;
            m->running_of[correlation->rule.account_index] = m->program->n;
            m->program->plans[m->program->n++].correlation = correlation;
        }
    }
    for (size_t i = 0; i < ruleset->n_plans; i++)
        m->plan_of[ruleset->plans[i]->rule.account_index] = i;
}

static enum iw_rc make(struct maker *m, const struct iw_rule_account *account)
{
    struct iw_correlate_program *program = m->program;
    struct iw_sigma_ruleset *ruleset = m->ruleset;

    program->plans = iw_arena_calloc(m->arena, ruleset->n_correlations + 1, sizeof *program->plans);
    program->above = iw_arena_calloc(m->arena, ruleset->n_correlations + 1, sizeof *program->above);
    program->rules = iw_arena_calloc(m->arena, ruleset->n_plans + 1, sizeof *program->rules);
    if (program->plans == NULL || program->above == NULL || program->rules == NULL)
        return IW_ENOMEM;
    program->n_rules = ruleset->n_plans;
    number(m, account);
    for (size_t i = 0; i < program->n; i++)
        IW_TRY(make_plan(m, &program->plans[i]));
    IW_TRY(note_uses(m));
    for (size_t i = 0; i < ruleset->n_plans; i++)
        IW_TRY(note_slots(m, &program->rules[i]));
    note_hidden(m);
    return IW_OK;
}

enum iw_rc iw_correlate_program_make(struct iw_sigma_ruleset *ruleset,
                                     const struct iw_rule_account *account)
{
    struct maker m = {.ruleset = ruleset, .arena = &ruleset->arena};
    enum iw_rc rc = IW_ENOMEM;

    m.program = iw_arena_calloc(m.arena, 1, sizeof *m.program);
    m.plan_of = iw_calloc(account->n + 1, sizeof *m.plan_of);
    m.running_of = iw_calloc(account->n + 1, sizeof *m.running_of);
    if (m.program != NULL && m.plan_of != NULL && m.running_of != NULL) {
        for (size_t i = 0; i < account->n; i++)
            m.plan_of[i] = m.running_of[i] = SIZE_MAX;
        rc = make(&m, account);
    }
    iw_free(m.plan_of);
    iw_free(m.running_of);
    ruleset->correlate = m.program;
    return rc;
}

/* --- the public side --- */

size_t iw_correlate_count(const struct iw_sigma_ruleset *ruleset)
{
    return ruleset->correlate->n;
}

const struct iw_sigma_rule *iw_correlate_rule(const struct iw_sigma_ruleset *ruleset,
                                              size_t correlation)
{
    return &ruleset->correlate->plans[correlation].correlation->rule;
}

bool iw_correlate_is_hidden(const struct iw_sigma_ruleset *ruleset, size_t correlation)
{
    return ruleset->correlate->plans[correlation].is_hidden;
}

bool iw_correlate_is_inner(const struct iw_sigma_ruleset *ruleset, size_t correlation)
{
    return ruleset->correlate->above[correlation].n != 0;
}

bool iw_correlate_wants(const struct iw_sigma_ruleset *ruleset, size_t rule)
{
    return ruleset->correlate->rules[rule].uses.n != 0;
}

bool iw_correlate_hides(const struct iw_sigma_ruleset *ruleset, size_t rule)
{
    return ruleset->correlate->rules[rule].is_hidden;
}

size_t iw_correlate_n_slots(const struct iw_sigma_ruleset *ruleset)
{
    return ruleset->correlate->n_slots;
}

struct iw_correlate_slot iw_correlate_slot(const struct iw_sigma_ruleset *ruleset, size_t slot)
{
    return ruleset->correlate->slots[slot];
}

const uint32_t *iw_correlate_carries(const struct iw_sigma_ruleset *ruleset, size_t rule,
                                     size_t *ret_n)
{
    *ret_n = ruleset->correlate->rules[rule].n_slots;
    return ruleset->correlate->rules[rule].slots;
}
