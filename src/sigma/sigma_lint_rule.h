/**
 * The inside of sigma_lint.h: one rule being checked, and the groups of checks.
 */
#ifndef IW_SIGMA_SIGMA_LINT_RULE_H
#define IW_SIGMA_SIGMA_LINT_RULE_H

#include "base/map.h"
#include "result/rule_problem.h"
#include "sigma/sigma_eval.h"
#include "sigma/sigma_ruleset.h"
#include "sigma/sigma_tree.h"
#include "base/yaml_node.h"

/** Checking goes on without memory and says so once, at the end. */
struct iw_lint {
    const struct iw_sigma_ruleset *ruleset;
    const struct iw_rule_account *account;
    const struct iw_names *names;
    struct iw_rule_problems *problems;
    struct iw_arena scratch;               /* reset for every rule */
    struct iw_eval eval;                   /* its event has no fields */
    struct iw_map ids, titles, rule_names; /* first rule that has it: entry + 1 */
    bool no_memory;
    /* the rule */
    const struct iw_rule_plan *plan;
    struct iw_rule_plan own; /* the plan of the document alone; what *plan points to */
    size_t entry;
    struct iw_tree tree;
    uint8_t *steps;       /* room for tree.n */
    uint8_t *polarities;  /* by selection: IW_WANT_TRUE, IW_WANT_FALSE */
    uint8_t *never_holds; /* by selection */
};

/** Adds a problem of the check of that name at *node* (NULL: the document). */
void iw_lint_say(struct iw_lint *lint, const char *check, const struct iw_yaml_node *node,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/** For "%.*s": the text, at most 60 bytes of it. */
#define IW_LINT_ARG(s) (int)((s).n < 60 ? (s).n : 60), (s).p != NULL ? (s).p : ""

/** Id, title, level, status, date, description, tags, keys. */
void iw_lint_metadata(struct iw_lint *lint);
/** Values: wildcards, escapes, types, duplicates. */
void iw_lint_values(struct iw_lint *lint);
/** One regular expression. */
void iw_lint_regex(struct iw_lint *lint, const struct iw_yaml_node *value);
/** Selections that cannot hold (fills never_holds), and what the condition makes of selections. */
void iw_lint_condition(struct iw_lint *lint);
/** Field names against what the log source has. */
void iw_lint_fields(struct iw_lint *lint);

/** Whether `key` (`field|a|b`) has a modifier. */
bool iw_lint_has_modifier(const struct iw_item *item, const char *modifier);

/** Calls *visit* for every item of the rule. */
void iw_lint_each_item(struct iw_lint *lint,
                       void (*visit)(struct iw_lint *lint, const struct iw_item *item));

#endif
