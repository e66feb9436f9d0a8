/**
 * The walk: whether a rule matches an event, three-valued, straight from the plan.
 *
 * Simple on purpose: faster matchers are tested against it.
 */
#ifndef IW_SIGMA_SIGMA_EVAL_H
#define IW_SIGMA_SIGMA_EVAL_H

#include "sigma/sigma_plan.h"
#include "sigma/sigma_view.h"

struct iw_eval {
    struct iw_view view;
    struct iw_regex_worker *worker;
    uint8_t *stack; /* enum iw_truth; room for the deepest rule */
    bool is_probe;  /* only EventID is known: every other comparison is unknown */
    bool no_memory;
};

/** The truth of a rule for the event the view is set to. */
enum iw_truth iw_eval_rule(struct iw_eval *eval, const struct iw_rule_plan *plan);

#endif
