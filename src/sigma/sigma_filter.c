/*
 * Filters (Sigma 2.1, "Sigma Filters"). The effect is `(rule) and (filter)`, so that exclusion is
 * written `condition: not selection`; the text of the specification and its example disagree here,
 * and this is how pySigma and the filters in use have it. A filter's selections are names of its
 * own: the rule's `them` does not see them.
 *
 * A filter applies where its log source covers the rule's: each name it gives is the rule's.
 */
#include "sigma/sigma_filter.h"

#include <stdio.h>

#include "base/limits.h"
#include "sigma/sigma_detection.h"
#include "sigma/sigma_source.h"

/* --- one document --- */

static enum iw_rc read_rules(const struct iw_load *load, const struct iw_yaml_node *node,
                             struct iw_filter *filter)
{
    const struct iw_yaml_node *rules = iw_yaml_find(node, "rules");

    if (rules == NULL || iw_yaml_is_null(rules))
        return iw_load_refuse(load, node, "filter: 'rules' is missing (a list, or any)");
    filter->takes_any = rules->kind == IW_YAML_SCALAR
                            ? iw_str_equal_nocase(rules->text, IW_STR("any"))
                            : rules->kind == IW_YAML_SEQUENCE && rules->n_entries == 0;
    if (filter->takes_any)
        return IW_OK;
    return iw_references_load(load, rules, "filter: rules", &filter->rules, &filter->n_rules);
}

static bool has_negated_item(const struct iw_selection *selection)
{
    for (size_t g = 0; g < selection->n_groups; g++) {
        for (size_t i = 0; i < selection->groups[g].n_items; i++) {
            if (selection->groups[g].items[i].negated)
                return true;
        }
    }
    return false;
}

static bool excludes_nothing(const struct iw_rule_plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].kind == IW_STEP_NOT)
            return false;
    }
    for (size_t i = 0; i < plan->n_selections; i++) {
        if (has_negated_item(&plan->selections[i]))
            return false;
    }
    return true;
}

enum iw_rc iw_filter_load(const struct iw_load *load, const struct iw_yaml_node *root,
                          struct iw_filter **ret)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, "filter");
    const struct iw_yaml_node *condition = iw_yaml_find(node, "condition");
    const struct iw_yaml_node *title = iw_yaml_find(root, "title");
    struct iw_filter *filter = iw_arena_calloc(load->arena, 1, sizeof *filter);

    *ret = filter;
    if (filter == NULL)
        return iw_load_no_memory(load);
    filter->line = root->line;
    filter->column = root->column;
    if (title == NULL || title->kind != IW_YAML_SCALAR || iw_yaml_is_null(title))
        return iw_load_refuse(load, root, "title: is missing");
    if (node->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, node, "filter: must be a map");
    IW_TRY(iw_source_read(load, root, &filter->plan.source));
    IW_TRY(read_rules(load, node, filter));
    if (condition != NULL && condition->kind != IW_YAML_SCALAR)
        return iw_load_refuse(load, condition, "filter: the condition must be one text");
    IW_TRY(iw_detection_load(load, node, "rules", &filter->plan));
    filter->is_bare = excludes_nothing(&filter->plan);
    return IW_OK;
}

/* --- all of them --- */

/* A filter among those of one rule. */
struct use {
    const struct iw_filter *filter;
    struct use *next;
};

struct applier {
    const struct iw_filter_job *job;
    struct iw_rule_plan **plan_of; /* by account entry */
    struct use **first, **last;    /* by account entry, in order of the filters */
    size_t *n_uses;
    size_t n_left; /* of IW_LIMIT_FILTER_STEPS */
    bool is_full;  /* a filter was too much: those after it are not even tried */
    /* By account entry, the first of an id or name: the filter that has gone through them all. */
    const struct iw_filter **seen_id, **seen_name;
    /* The filter at hand. */
    const struct iw_filter *filter;
    size_t n_applied;
    char trouble[256]; /* the first rule it names and cannot be applied to */
    bool is_over;
};

static void tell(struct applier *a, const struct iw_reference *reference, const char *why)
{
    if (a->trouble[0] != '\0')
        return;
    (void)snprintf(a->trouble, sizeof a->trouble, "rule '%.*s' %s",
                   reference->text.n < 120 ? (int)reference->text.n : 120, reference->text.p, why);
}

static enum iw_rc apply_to(struct applier *a, size_t entry)
{
    size_t cost = a->filter->plan.n_steps + a->filter->plan.n_selections + 2;
    struct use *use;

    if (a->last[entry] != NULL && a->last[entry]->filter == a->filter)
        return IW_OK;
    if (cost > a->n_left) {
        a->is_over = true;
        return IW_OK;
    }
    use = iw_arena_calloc(a->job->arena, 1, sizeof *use);
    if (use == NULL)
        return IW_ENOMEM;
    use->filter = a->filter;
    if (a->last[entry] != NULL)
        a->last[entry]->next = use;
    else
        a->first[entry] = use;
    a->last[entry] = use;
    a->n_left -= cost;
    a->n_uses[entry]++;
    a->n_applied++;
    return IW_OK;
}

/* Whether the filter names these rules a second time. */
static bool is_seen(struct applier *a, size_t entry, const size_t *next)
{
    const struct iw_filter **seen =
        next == a->job->index->next_id ? &a->seen_id[entry] : &a->seen_name[entry];
    bool result = *seen == a->filter;
    *seen = a->filter;
    return result;
}

static enum iw_rc apply_named(struct applier *a, const struct iw_reference *reference)
{
    const size_t *next;
    size_t entry = iw_reference_find(a->job->index, reference->text, &next);

    if (entry == SIZE_MAX)
        tell(a, reference, "is not among the rules given");
    if (entry == SIZE_MAX || is_seen(a, entry, next))
        return IW_OK;
    for (; entry != SIZE_MAX && !a->is_over; entry = next[entry]) {
        if (a->job->account->entries[entry].kind == IW_RULE_KIND_CORRELATION)
            tell(a, reference, "is a correlation: filters apply to the rules it stands on");
        else if (a->plan_of[entry] == NULL)
            tell(a, reference, "is not loaded");
        else if (!iw_source_covers(&a->filter->plan.source, &a->plan_of[entry]->source))
            tell(a, reference, "has another log source");
        else
            IW_TRY(apply_to(a, entry));
    }
    return IW_OK;
}

static enum iw_rc apply_to_any(struct applier *a)
{
    for (size_t i = 0; i < a->job->n_plans && !a->is_over; i++) {
        if (iw_source_covers(&a->filter->plan.source, &a->job->plans[i]->source))
            IW_TRY(apply_to(a, a->job->plans[i]->rule.account_index));
    }
    return IW_OK;
}

/* Takes back what a filter did that reached the limit: it holds for all its rules or for none. */
static void take_back(struct applier *a)
{
    for (size_t i = 0; i < a->job->n_plans; i++) {
        size_t entry = a->job->plans[i]->rule.account_index;
        struct use *before = NULL;
        if (a->last[entry] == NULL || a->last[entry]->filter != a->filter)
            continue;
        for (struct use *use = a->first[entry]; use != a->last[entry]; use = use->next)
            before = use;
        a->last[entry] = before;
        if (before != NULL)
            before->next = NULL;
        else
            a->first[entry] = NULL;
        a->n_uses[entry]--;
    }
    a->n_left += a->n_applied * (a->filter->plan.n_steps + a->filter->plan.n_selections + 2);
}

static enum iw_rc settle(struct applier *a, enum iw_rule_state state, const char *reason)
{
    return iw_rule_account_settle(a->job->account, a->filter->account_index, state, a->filter->line,
                                  a->filter->column, iw_str_of(reason));
}

static enum iw_rc note(struct applier *a, const char *words)
{
    return iw_rule_account_note(a->job->account, a->filter->account_index, iw_str_of(words));
}

static enum iw_rc conclude(struct applier *a)
{
    struct iw_str product = a->filter->plan.source.product;

    if (a->is_over) {
        if (!a->is_full)
            take_back(a);
        a->is_full = true;
        return settle(a, IW_RULE_REFUSED, "filters add too much to the rules; they run without it");
    }
    if (a->n_applied == 0 && a->trouble[0] == '\0')
        (void)snprintf(a->trouble, sizeof a->trouble,
                       product.n != 0 && !iw_str_equal_nocase(product, IW_STR("windows"))
                           ? "for the product '%.*s'"
                           : "no rule that is loaded has its log source",
                       product.n < 80 ? (int)product.n : 80, product.p);
    if (a->n_applied == 0)
        return settle(a, IW_RULE_NOT_APPLICABLE, a->trouble);
    if (a->trouble[0] != '\0')
        IW_TRY(note(a, a->trouble));
    return a->filter->is_bare
               ? note(a, "its condition has no 'not': only what it selects is still found")
               : IW_OK;
}

static enum iw_rc apply(struct applier *a, const struct iw_filter *filter)
{
    a->filter = filter;
    a->n_applied = 0;
    a->trouble[0] = '\0';
    a->is_over = a->is_full;
    if (filter->takes_any)
        IW_TRY(apply_to_any(a));
    for (size_t i = 0; i < filter->n_rules && !a->is_over; i++)
        IW_TRY(apply_named(a, &filter->rules[i]));
    return conclude(a);
}

static enum iw_rc limit_plan(const struct applier *a, struct iw_rule_plan *plan)
{
    size_t entry = plan->rule.account_index, n = 0;
    const struct iw_rule_plan **parts;

    if (a->n_uses[entry] == 0)
        return IW_OK;
    parts = iw_arena_calloc(a->job->arena, a->n_uses[entry], sizeof *parts);
    if (parts == NULL)
        return IW_ENOMEM;
    for (const struct use *use = a->first[entry]; use != NULL; use = use->next)
        parts[n++] = &use->filter->plan;
    return iw_plan_limit(plan, parts, n, a->job->arena) ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_filters_apply(const struct iw_filter_job *job, struct iw_filter *const *filters,
                            size_t n_filters)
{
    struct applier a = {.job = job, .n_left = IW_LIMIT_FILTER_STEPS};
    size_t n = job->account->n + 1;

    if (n_filters == 0)
        return IW_OK;
    a.plan_of = iw_arena_calloc(job->arena, n, sizeof *a.plan_of);
    a.first = iw_arena_calloc(job->arena, n, sizeof *a.first);
    a.last = iw_arena_calloc(job->arena, n, sizeof *a.last);
    a.n_uses = iw_arena_calloc(job->arena, n, sizeof *a.n_uses);
    a.seen_id = iw_arena_calloc(job->arena, n, sizeof *a.seen_id);
    a.seen_name = iw_arena_calloc(job->arena, n, sizeof *a.seen_name);
    if (a.seen_id == NULL || a.seen_name == NULL)
        return IW_ENOMEM;
    if (a.plan_of == NULL || a.first == NULL || a.last == NULL || a.n_uses == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < job->n_plans; i++)
        a.plan_of[job->plans[i]->rule.account_index] = job->plans[i];
    for (size_t i = 0; i < n_filters; i++)
        IW_TRY(apply(&a, filters[i]));
    for (size_t i = 0; i < job->n_plans; i++)
        IW_TRY(limit_plan(&a, job->plans[i]));
    return IW_OK;
}
