/*
 * Plans put together: a rule AND what limits it (filters, conditions of its log source).
 */
#include "sigma/sigma_plan.h"

/* Appends one part: `… skip-if-false over it, its steps, AND`. */
static void append(struct iw_rule_plan *plan, const struct iw_rule_plan *part)
{
    uint32_t first_selection = (uint32_t)plan->n_selections;
    uint32_t first_step = (uint32_t)plan->n_steps + 1;
    struct iw_step *steps = plan->steps;

    if (part->n_selections != 0)
        memcpy(plan->selections + plan->n_selections, part->selections,
               part->n_selections * sizeof *part->selections);
    plan->n_selections += part->n_selections;
    steps[plan->n_steps++] =
        (struct iw_step){IW_STEP_SKIP_IF_FALSE, (uint32_t)(first_step + part->n_steps + 1)};
    for (size_t i = 0; i < part->n_steps; i++) {
        struct iw_step step = part->steps[i];
        if (step.kind == IW_STEP_SELECTION)
            step.operand += first_selection;
        else if (step.kind == IW_STEP_SKIP_IF_FALSE || step.kind == IW_STEP_SKIP_IF_TRUE)
            step.operand += first_step;
        steps[plan->n_steps++] = step;
    }
    steps[plan->n_steps++] = (struct iw_step){IW_STEP_AND, 0};
    if (part->stack_depth + 1 > plan->stack_depth)
        plan->stack_depth = part->stack_depth + 1;
}

bool iw_plan_limit(struct iw_rule_plan *plan, const struct iw_rule_plan *const *parts, size_t n,
                   struct iw_arena *arena)
{
    struct iw_rule_plan joined = *plan;
    size_t n_selections = plan->n_selections, n_steps = plan->n_steps;

    for (size_t i = 0; i < n; i++) {
        n_selections += parts[i]->n_selections;
        n_steps += parts[i]->n_steps + 2;
    }
    joined.selections = iw_arena_calloc(arena, n_selections, sizeof *joined.selections);
    joined.steps = iw_arena_calloc(arena, n_steps, sizeof *joined.steps);
    if (joined.selections == NULL || joined.steps == NULL)
        return false;
    memcpy(joined.selections, plan->selections, plan->n_selections * sizeof *plan->selections);
    memcpy(joined.steps, plan->steps, plan->n_steps * sizeof *plan->steps);
    for (size_t i = 0; i < n; i++)
        append(&joined, parts[i]);
    *plan = joined;
    return true;
}
