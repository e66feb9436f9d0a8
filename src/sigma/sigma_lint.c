/*
 * The checks by name, and the walk over all rules. What a check finds is decided in the files
 * sigma_lint_*.c; each works on the plan and on the YAML behind it.
 */
#include "sigma/sigma_lint.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "sigma/sigma_lint_rule.h"

static const struct iw_rule_check CHECKS[] = {
    {"always-true", IW_SEVERITY_WARNING, "the condition holds whatever the event is"},
    {"bad-date", IW_SEVERITY_NOTE, "date or modified is not YYYY-MM-DD"},
    {"bad-id", IW_SEVERITY_WARNING, "the id is not a UUID"},
    {"bad-tag", IW_SEVERITY_WARNING, "a tag that is not namespace.name, or no ATT&CK technique"},
    {"double-backslash", IW_SEVERITY_WARNING,
     "a value begins with \\\\, which is one backslash: a UNC path needs \\\\\\\\"},
    {"duplicate-id", IW_SEVERITY_WARNING, "two rules have the same id"},
    {"duplicate-name", IW_SEVERITY_WARNING, "two rules have the same name"},
    {"duplicate-title", IW_SEVERITY_WARNING, "two rules have the same title"},
    {"duplicate-value", IW_SEVERITY_NOTE, "a list holds the same value twice"},
    {"escaped-wildcard", IW_SEVERITY_WARNING, "\\* or \\? is that character itself, no wildcard"},
    {"field-case", IW_SEVERITY_NOTE, "a field in other letter case than the log writes"},
    {"filter-needs-sysmon", IW_SEVERITY_NOTE,
     "a filter over fields the Security log has not: it filters nothing there"},
    {"filter-not-negated", IW_SEVERITY_WARNING, "a filter that must hold for the rule to match"},
    {"missing-date", IW_SEVERITY_NOTE, "the rule has no date"},
    {"missing-description", IW_SEVERITY_NOTE, "the rule has no description"},
    {"missing-id", IW_SEVERITY_WARNING, "the rule has no id"},
    {"missing-level", IW_SEVERITY_WARNING, "the rule has no level: it is low"},
    {"missing-status", IW_SEVERITY_NOTE, "the rule has no status"},
    {"misspelt-key", IW_SEVERITY_WARNING, "a key nearly like one of Sigma's"},
    {"never-holds", IW_SEVERITY_WARNING, "a selection no event can satisfy"},
    {"never-true", IW_SEVERITY_WARNING, "no event can satisfy the condition"},
    {"not-applicable", IW_SEVERITY_NOTE, "a document for another product or log source"},
    {"not-yet", IW_SEVERITY_WARNING, "a document this version understands but does not run"},
    {"only-negative", IW_SEVERITY_WARNING, "the condition holds when no selection does"},
    {"redundant-wildcard", IW_SEVERITY_NOTE, "a wildcard the modifier adds anyway"},
    {"refused", IW_SEVERITY_ERROR, "a document that cannot be honoured exactly"},
    {"regex-flags", IW_SEVERITY_NOTE, "flags inside a regular expression: use |re|i, |m, |s"},
    {"regex-leading-any", IW_SEVERITY_NOTE, "a regular expression that begins with .*"},
    {"regex-not-needed", IW_SEVERITY_NOTE, "a regular expression that is plain text"},
    {"regex-slow", IW_SEVERITY_WARNING, "a repeated group that repeats: may take exponential time"},
    {"selection-negated", IW_SEVERITY_NOTE, "a selection that stands under not only"},
    {"sysmon-only", IW_SEVERITY_NOTE, "the Security log has not the fields the rule needs"},
    {"timeframe", IW_SEVERITY_WARNING, "timeframe left the language and does nothing"},
    {"unknown-field", IW_SEVERITY_WARNING, "a field the log source is not known to have"},
    {"unknown-status", IW_SEVERITY_WARNING, "a status Sigma does not know"},
    {"unused-selection", IW_SEVERITY_WARNING, "a selection the condition does not use"},
    {"value-type", IW_SEVERITY_WARNING, "a value YAML readers disagree on: 0777, yes, 0x17"},
    {"wildcards-for-modifier", IW_SEVERITY_NOTE,
     "*text*, *text or text* where contains, endswith or startswith is meant"},
};

#define N_CHECKS (sizeof CHECKS / sizeof CHECKS[0])

const struct iw_rule_check *iw_sigma_checks(size_t *ret_n)
{
    *ret_n = N_CHECKS;
    return CHECKS;
}

static const struct iw_rule_check *find_check(const char *name)
{
    for (size_t i = 0; i < N_CHECKS; i++) {
        if (strcmp(CHECKS[i].name, name) == 0)
            return &CHECKS[i];
    }
    assert(false && "a check has no row");
    return NULL;
}

static void add_problem(struct iw_lint *lint, const char *check, uint32_t line, uint32_t column,
                        struct iw_str message)
{
    const struct iw_rule_problem problem = {find_check(check), lint->entry, line, column, message};
    if (problem.check != NULL && iw_rule_problems_add(lint->problems, &problem) != IW_OK)
        lint->no_memory = true;
}

void iw_lint_say(struct iw_lint *lint, const char *check, const struct iw_yaml_node *node,
                 const char *format, ...)
{
    const struct iw_yaml_node *at = node != NULL ? node : lint->plan->root;
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    add_problem(lint, check, at->line, at->column, iw_str_of(message));
}

bool iw_lint_has_modifier(const struct iw_item *item, const char *modifier)
{
    struct iw_str key = item->key != NULL ? item->key->text : IW_STR(""),
                  word = iw_str_of(modifier);
    for (size_t at = 0; at < key.n; at++) {
        if (key.p[at] == '|' && key.n - at - 1 >= word.n &&
            memcmp(key.p + at + 1, word.p, word.n) == 0 &&
            (at + 1 + word.n == key.n || key.p[at + 1 + word.n] == '|'))
            return true;
    }
    return false;
}

void iw_lint_each_item(struct iw_lint *lint,
                       void (*visit)(struct iw_lint *lint, const struct iw_item *item))
{
    for (size_t s = 0; s < lint->plan->n_selections; s++) {
        const struct iw_selection *selection = &lint->plan->selections[s];
        for (size_t g = 0; g < selection->n_groups; g++) {
            for (size_t i = 0; i < selection->groups[g].n_items; i++)
                visit(lint, &selection->groups[g].items[i]);
        }
    }
}

/* --- all rules --- */

static bool begin_rule(struct iw_lint *lint, const struct iw_rule_plan *plan)
{
    struct iw_arena *arena = &lint->scratch;
    iw_arena_reset(arena);
    /* What filters and the log source add is not the rule's. */
    lint->own = *plan;
    lint->own.n_selections = plan->n_own_selections;
    lint->own.n_steps = plan->n_own_steps;
    lint->plan = plan = &lint->own;
    lint->entry = plan->rule.account_index;
    if (iw_tree_build(plan, arena, &lint->tree) != IW_OK)
        return false;
    lint->steps = iw_arena_calloc(arena, lint->tree.n + 1, 1);
    lint->polarities = iw_arena_calloc(arena, plan->n_selections + 1, 1);
    lint->never_holds = iw_arena_calloc(arena, plan->n_selections + 1, 1);
    if (lint->steps == NULL || lint->polarities == NULL || lint->never_holds == NULL)
        return false;
    iw_tree_polarity(&lint->tree, lint->steps, lint->polarities);
    return true;
}

static void check_rule(struct iw_lint *lint, const struct iw_rule_plan *plan)
{
    if (!begin_rule(lint, plan)) {
        lint->no_memory = true;
        return;
    }
    iw_lint_metadata(lint);
    iw_lint_values(lint);
    iw_lint_condition(lint);
    iw_lint_fields(lint);
}

static void check_state(struct iw_lint *lint, size_t index)
{
    static const char *const NAMES[IW_RULE_STATE_COUNT] = {
        [IW_RULE_NOT_APPLICABLE] = "not-applicable",
        [IW_RULE_NOT_YET] = "not-yet",
        [IW_RULE_REFUSED] = "refused",
    };
    const struct iw_rule_entry *entry = &lint->account->entries[index];
    lint->entry = index;
    if (iw_rule_entry_is_beside(entry))
        return;
    if (NAMES[entry->state] != NULL)
        add_problem(lint, NAMES[entry->state], entry->line, entry->column, entry->reason);
}

static enum iw_rc check_all(struct iw_lint *lint)
{
    static const struct iw_event NO_FIELDS;
    if (!iw_view_init(&lint->eval.view, lint->ruleset->n_names))
        return IW_ENOMEM;
    lint->eval.worker = iw_regex_worker_new();
    if (lint->eval.worker == NULL || !iw_view_set(&lint->eval.view, &NO_FIELDS))
        return IW_ENOMEM;
    for (size_t i = 0; i < lint->account->n; i++)
        check_state(lint, i);
    for (size_t i = 0; i < lint->ruleset->n_plans; i++)
        check_rule(lint, lint->ruleset->plans[i]);
    iw_rule_problems_sort(lint->problems);
    return lint->no_memory || lint->eval.no_memory || lint->eval.view.no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_sigma_lint(const struct iw_sigma_ruleset *ruleset,
                         const struct iw_rule_account *account, const struct iw_names *names,
                         struct iw_rule_problems *problems)
{
    struct iw_lint lint = {
        .ruleset = ruleset, .account = account, .names = names, .problems = problems};
    enum iw_rc rc;
    iw_arena_init(&lint.scratch, 0);
    iw_map_init(&lint.ids);
    iw_map_init(&lint.titles);
    iw_map_init(&lint.rule_names);
    rc = check_all(&lint);
    iw_view_done(&lint.eval.view);
    iw_regex_worker_free(lint.eval.worker);
    iw_map_done(&lint.ids);
    iw_map_done(&lint.titles);
    iw_map_done(&lint.rule_names);
    iw_arena_done(&lint.scratch);
    return rc;
}
