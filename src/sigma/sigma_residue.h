/**
 * What an event says of a rule that also asks for context: written when the event is at hand, so
 * that the rule can be decided when context is, without the event.
 *
 * Format, for this process only: a byte (enum iw_truth) for every item of the plan in its order,
 * IW_UNKNOWN for those that ask for context; then, for every value of a field of the event that is
 * compared with a context field, its id (4 bytes), length (4 bytes) and text.
 */
#ifndef IW_SIGMA_SIGMA_RESIDUE_H
#define IW_SIGMA_SIGMA_RESIDUE_H

#include "base/buffer.h"
#include "sigma/sigma_eval.h"

/** Items of a plan. */
size_t iw_plan_count_items(const struct iw_rule_plan *plan);
/** Whether one of them asks for context. */
bool iw_plan_asks_context(const struct iw_rule_plan *plan);

/** Appends the residue of *plan* for the event of the view. Missing memory shows in *eval* or
 * *out*. */
void iw_residue_write(struct iw_eval *eval, const struct iw_rule_plan *plan, struct iw_buffer *out);

#endif
