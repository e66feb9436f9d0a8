/*
 * Checks of field names against what the log source is known to have, and of what is left of a rule
 * where the Security log is the only source: its events lack fields, so a selection over them never
 * holds and a filter over them never filters.
 */
#include "sigma/sigma_lint_rule.h"
#include "sigma/sigma_schema.h"

static struct iw_str category_of(const struct iw_lint *lint)
{
    return lint->plan->category != NULL ? iw_str_of(lint->plan->category->name) : IW_STR("");
}

/* The field as the rule writes it, without modifiers. */
static struct iw_str field_of(const struct iw_item *item)
{
    struct iw_str key = item->key != NULL ? item->key->text : IW_STR("");
    const char *bar = key.n != 0 ? memchr(key.p, '|', key.n) : NULL;
    return bar != NULL ? (struct iw_str){key.p, (size_t)(bar - key.p)} : key;
}

/* Fields of our own (`Web.Site`): filled from context, in no log. */
static bool is_context(struct iw_str field)
{
    return field.n != 0 && memchr(field.p, '.', field.n) != NULL;
}

static void say_unknown(struct iw_lint *lint, const struct iw_item *item, struct iw_str field)
{
    struct iw_str near = iw_schema_nearest(category_of(lint), field);
    if (near.n != 0)
        iw_lint_say(lint, "unknown-field", item->key, "%.*s has no field '%.*s'; %.*s?",
                    IW_LINT_ARG(category_of(lint)), IW_LINT_ARG(field), IW_LINT_ARG(near));
    else
        iw_lint_say(lint, "unknown-field", item->key, "%.*s has no field '%.*s'",
                    IW_LINT_ARG(category_of(lint)), IW_LINT_ARG(field));
}

static void check_field(struct iw_lint *lint, const struct iw_item *item)
{
    struct iw_str field = field_of(item), known;
    if (field.n == 0 || is_context(field))
        return;
    known = iw_schema_find(category_of(lint), field);
    if (known.p == NULL)
        return;
    if (known.n == 0)
        say_unknown(lint, item, field);
    else if (!iw_str_equal(known, field))
        iw_lint_say(lint, "field-case", item->key, "'%.*s' is written %.*s in the log",
                    IW_LINT_ARG(field), IW_LINT_ARG(known));
}

/* --- the Security log alone --- */

static enum iw_truth item_truth(struct iw_lint *lint, const struct iw_item *item)
{
    struct iw_str field = field_of(item);
    if (field.n == 0 || !iw_schema_is_sysmon_only(category_of(lint), field))
        return IW_UNKNOWN;
    /* The event of lint->eval has no fields. */
    return iw_eval_item(&lint->eval, item, true);
}

static enum iw_truth selection_truth(struct iw_lint *lint, const struct iw_selection *selection)
{
    enum iw_truth best = IW_FALSE;
    for (size_t g = 0; g < selection->n_groups; g++) {
        enum iw_truth least = IW_TRUE;
        for (size_t i = 0; i < selection->groups[g].n_items; i++) {
            enum iw_truth one = item_truth(lint, &selection->groups[g].items[i]);
            least = one < least ? one : least;
        }
        best = least > best ? least : best;
    }
    return best;
}

/* A rule by service, or by a category of one log, is what it is. */
static bool is_of_both_logs(const struct iw_rule_plan *plan)
{
    return plan->category != NULL && plan->n_category > 1 && plan->service == NULL;
}

static void check_security(struct iw_lint *lint)
{
    const struct iw_rule_plan *plan = lint->plan;
    uint8_t *truths = iw_arena_calloc(&lint->scratch, plan->n_selections + 1, 1);
    if (truths == NULL) {
        lint->no_memory = true;
        return;
    }
    for (size_t s = 0; s < plan->n_selections; s++)
        truths[s] = (uint8_t)selection_truth(lint, &plan->selections[s]);
    if (iw_tree_truth(&lint->tree, truths, lint->steps) == IW_FALSE) {
        iw_lint_say(lint, "sysmon-only", iw_yaml_find(plan->root, "detection"),
                    "works on Sysmon only: the Security log has not the fields it needs");
        return;
    }
    for (size_t s = 0; s < plan->n_selections; s++) {
        if (truths[s] == IW_FALSE && lint->polarities[s] == IW_WANT_FALSE &&
            lint->never_holds[s] == 0)
            iw_lint_say(lint, "filter-needs-sysmon", iw_yaml_find(plan->root, "detection"),
                        "'%.*s' never holds on the Security log, which has not its fields",
                        IW_LINT_ARG(plan->selections[s].name));
    }
}

void iw_lint_fields(struct iw_lint *lint)
{
    if (lint->plan->category == NULL)
        return;
    iw_lint_each_item(lint, check_field);
    if (is_of_both_logs(lint->plan))
        check_security(lint);
}
