/*
 * What correlations stand on: found once all documents are known. They are settled from the bottom
 * up (those that stand on rules alone first), so that what is left at the end is a circle, or
 * stands on one. No recursion: a chain may be as long as a rule file.
 */
#include <stdio.h>

#include "base/limits.h"
#include "sigma/sigma_correlation.h"

/* One edge of the graph: *upper* stands on the correlation whose list it is in. */
struct edge {
    size_t upper;
    struct edge *next;
};

struct checker {
    struct iw_rule_account *account;
    const struct iw_reference_index *index;
    struct iw_correlation *const *correlations;
    size_t n;
    struct iw_arena arena;
    size_t *of_entry;    /* account entry → correlation; SIZE_MAX: none */
    struct edge **upper; /* by correlation: those that stand on it */
    size_t *n_below;     /* by correlation: references to correlations not settled yet */
    size_t *queue;
    size_t n_queue;
};

static int shown(struct iw_str text)
{
    return text.n < 120 ? (int)text.n : 120;
}

static enum iw_rc settle(struct checker *c, const struct iw_correlation *correlation,
                         enum iw_rule_state state, const struct iw_reference *reference,
                         const char *why)
{
    const struct iw_rule_entry *entry = &c->account->entries[correlation->rule.account_index];
    char reason[256];

    if (entry->state == IW_RULE_REFUSED)
        return IW_OK;
    if (reference == NULL)
        return iw_rule_account_settle(c->account, correlation->rule.account_index, state,
                                      correlation->line, correlation->column, iw_str_of(why));
    (void)snprintf(reason, sizeof reason, "correlation: rule '%.*s' %s", shown(reference->text),
                   reference->text.p, why);
    return iw_rule_account_settle(c->account, correlation->rule.account_index, state,
                                  reference->line, reference->column, iw_str_of(reason));
}

/* --- references --- */

static enum iw_rc add_edge(struct checker *c, size_t upper, size_t lower)
{
    struct edge *edge = iw_arena_calloc(&c->arena, 1, sizeof *edge);
    if (edge == NULL)
        return IW_ENOMEM;
    edge->upper = upper;
    edge->next = c->upper[lower];
    c->upper[lower] = edge;
    c->n_below[upper]++;
    return IW_OK;
}

static enum iw_rc resolve(struct checker *c, size_t at, struct iw_reference *reference)
{
    const struct iw_correlation *correlation = c->correlations[at];
    const size_t *next;
    char text[256];

    reference->entry = iw_reference_find(c->index, reference->text, &next);
    if (reference->entry == SIZE_MAX)
        return settle(c, correlation, IW_RULE_REFUSED, reference, "is not among the rules given");
    if (next[reference->entry] != SIZE_MAX) {
        (void)snprintf(text, sizeof text,
                       "'%.*s' is the id or name of several rules: the first "
                       "is meant",
                       shown(reference->text), reference->text.p);
        IW_TRY(iw_rule_account_note(c->account, correlation->rule.account_index, iw_str_of(text)));
    }
    return c->of_entry[reference->entry] != SIZE_MAX
               ? add_edge(c, at, c->of_entry[reference->entry])
               : IW_OK;
}

/* The rule of an alias is one of the correlation's own. */
static enum iw_rc resolve_alias(struct checker *c, const struct iw_correlation *correlation,
                                struct iw_reference *reference)
{
    const size_t *next;
    size_t entry = iw_reference_find(c->index, reference->text, &next);

    for (size_t i = 0; i < correlation->n_rules; i++) {
        if (entry != SIZE_MAX && correlation->rules[i].entry == entry) {
            reference->entry = entry;
            return IW_OK;
        }
    }
    return settle(c, correlation, IW_RULE_REFUSED, reference,
                  "of an alias is not one of the correlation");
}

static enum iw_rc resolve_all(struct checker *c, size_t at)
{
    struct iw_correlation *correlation = c->correlations[at];

    for (size_t i = 0; i < correlation->n_rules; i++)
        IW_TRY(resolve(c, at, &correlation->rules[i]));
    for (size_t i = 0; i < correlation->n_aliases; i++) {
        for (size_t k = 0; k < correlation->aliases[i].n; k++)
            IW_TRY(resolve_alias(c, correlation, &correlation->aliases[i].fields[k].rule));
    }
    return IW_OK;
}

/* --- conditions that cannot hold --- */

static bool count_satisfies(const struct iw_correlation *correlation, uint64_t count)
{
    for (size_t i = 0; i < correlation->n_bounds; i++) {
        const struct iw_correlation_bound *bound = &correlation->bounds[i];
        uint64_t value = bound->value.magnitude;
        const bool holds[] = {
            [IW_BOUND_LT] =
                count<value, [IW_BOUND_LTE] = count <= value, [IW_BOUND_GT] = count> value,
            [IW_BOUND_GTE] = count >= value,
            [IW_BOUND_EQ] = count == value,
            [IW_BOUND_NEQ] = count != value,
        };
        if (!holds[bound->kind])
            return false;
    }
    return true;
}

/* Counts are 1 at least, and of rules as many as there are at most. Whether one satisfies all
 * bounds changes at the bounds only. */
static bool can_hold(const struct iw_correlation *correlation)
{
    bool is_temporal = correlation->type == IW_CORRELATION_TEMPORAL ||
                       correlation->type == IW_CORRELATION_TEMPORAL_ORDERED;
    uint64_t most = is_temporal ? correlation->n_rules : UINT64_MAX;

    if (correlation->is_extended)
        return correlation->n_terms != 0;
    if (!is_temporal && correlation->type != IW_CORRELATION_EVENT_COUNT &&
        correlation->type != IW_CORRELATION_VALUE_COUNT)
        return true;
    if (count_satisfies(correlation, 1))
        return true;
    for (size_t i = 0; i < correlation->n_bounds; i++) {
        uint64_t value = correlation->bounds[i].value.magnitude;
        for (uint64_t beyond = 0; beyond < 3; beyond++) {
            uint64_t count = value + beyond - 1;
            if (count - 1 < most && count_satisfies(correlation, count))
                return true;
        }
    }
    return false;
}

static enum iw_rc note_condition(struct checker *c, const struct iw_correlation *correlation)
{
    if (can_hold(correlation))
        return IW_OK;
    return iw_rule_account_note(c->account, correlation->rule.account_index,
                                IW_STR("the condition can never hold: it is asked at events, "
                                       "so a count is 1 at least"));
}

/* --- from the bottom up --- */

/* What is below is settled. */
static enum iw_rc conclude(struct checker *c, struct iw_correlation *correlation)
{
    correlation->depth = 1;
    IW_TRY(note_condition(c, correlation));
    for (size_t i = 0; i < correlation->n_rules; i++) {
        const struct iw_reference *reference = &correlation->rules[i];
        const struct iw_rule_entry *entry;
        if (reference->entry == SIZE_MAX)
            continue;
        entry = &c->account->entries[reference->entry];
        if (c->of_entry[reference->entry] != SIZE_MAX) {
            uint32_t below = c->correlations[c->of_entry[reference->entry]]->depth;
            if (below >= correlation->depth)
                correlation->depth = below + 1;
        }
        if (entry->state == IW_RULE_REFUSED)
            return settle(c, correlation, IW_RULE_REFUSED, reference, "was refused");
        if (entry->state == IW_RULE_NOT_APPLICABLE)
            return settle(c, correlation, IW_RULE_NOT_APPLICABLE, reference, "is not applicable");
        if (entry->state == IW_RULE_NOT_YET &&
            c->account->entries[correlation->rule.account_index].state == IW_RULE_LOADED)
            return settle(c, correlation, IW_RULE_NOT_YET, reference, "is not run by this version");
    }
    if (correlation->depth > IW_LIMIT_CORRELATION_DEPTH)
        return settle(c, correlation, IW_RULE_REFUSED, NULL,
                      "correlation: too many correlations stand on one another");
    return IW_OK;
}

static enum iw_rc settle_from_below(struct checker *c)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->n_below[i] == 0)
            c->queue[c->n_queue++] = i;
    }
    for (size_t at = 0; at < c->n_queue; at++) {
        IW_TRY(conclude(c, c->correlations[c->queue[at]]));
        for (const struct edge *edge = c->upper[c->queue[at]]; edge != NULL; edge = edge->next) {
            if (--c->n_below[edge->upper] == 0)
                c->queue[c->n_queue++] = edge->upper;
        }
    }
    for (size_t i = 0; i < c->n; i++) {
        if (c->n_below[i] != 0)
            IW_TRY(settle(c, c->correlations[i], IW_RULE_REFUSED, NULL,
                          "correlation: its rules lead back to themselves in a circle"));
    }
    return IW_OK;
}

static enum iw_rc check(struct checker *c)
{
    size_t n = c->n + 1;

    c->of_entry = iw_arena_calloc(&c->arena, c->account->n + 1, sizeof *c->of_entry);
    c->upper = iw_arena_calloc(&c->arena, n, sizeof *c->upper);
    c->n_below = iw_arena_calloc(&c->arena, n, sizeof *c->n_below);
    c->queue = iw_arena_calloc(&c->arena, n, sizeof *c->queue);
    if (c->of_entry == NULL || c->upper == NULL || c->n_below == NULL || c->queue == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < c->account->n; i++)
        c->of_entry[i] = SIZE_MAX;
    for (size_t i = 0; i < c->n; i++)
        c->of_entry[c->correlations[i]->rule.account_index] = i;
    for (size_t i = 0; i < c->n; i++)
        IW_TRY(resolve_all(c, i));
    return settle_from_below(c);
}

enum iw_rc iw_correlations_check(struct iw_rule_account *account,
                                 const struct iw_reference_index *index,
                                 struct iw_correlation *const *correlations, size_t n)
{
    struct checker c = {.account = account, .index = index, .correlations = correlations, .n = n};
    enum iw_rc rc;

    if (n == 0)
        return IW_OK;
    iw_arena_init(&c.arena, 0);
    rc = check(&c);
    iw_arena_done(&c.arena);
    return rc;
}
