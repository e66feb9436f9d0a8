/**
 * What is wrong, or looks wrong, with rules: one record a place, each kind with a stable name.
 */
#ifndef IW_RESULT_RULE_PROBLEM_H
#define IW_RESULT_RULE_PROBLEM_H

#include "base/arena.h"
#include "base/error.h"

enum iw_severity {
    IW_SEVERITY_NOTE = 0,
    IW_SEVERITY_WARNING,
    IW_SEVERITY_ERROR,
    IW_SEVERITY_COUNT
};

/** "note", "warning" or "error"; never NULL. */
const char *iw_severity_name(enum iw_severity severity);

/** A kind of problem. */
struct iw_rule_check {
    const char *name; /* stable: "unused-selection" */
    enum iw_severity severity;
    const char *what; /* one line for the list of checks */
};

struct iw_rule_problem {
    const struct iw_rule_check *check;
    size_t entry;          /* of the rule account */
    uint32_t line, column; /* 1-based */
    struct iw_str message; /* printable by the output only */
};

struct iw_rule_problems {
    struct iw_arena arena;
    struct iw_rule_problem *items;
    size_t n, cap;
    size_t n_by_severity[IW_SEVERITY_COUNT];
};

void iw_rule_problems_init(struct iw_rule_problems *problems);
void iw_rule_problems_done(struct iw_rule_problems *problems);
/** Adds one (message copied). IW_OK or IW_ENOMEM. */
enum iw_rc iw_rule_problems_add(struct iw_rule_problems *problems,
                                const struct iw_rule_problem *problem);
/** Orders them by entry, line, column, name. */
void iw_rule_problems_sort(struct iw_rule_problems *problems);

#endif
