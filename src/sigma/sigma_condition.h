/**
 * Conditions: Sigma's expression over selections, as a postfix program (sigma_plan.h, struct
 * iw_step).
 */
#ifndef IW_SIGMA_SIGMA_CONDITION_H
#define IW_SIGMA_SIGMA_CONDITION_H

#include "sigma/sigma_modifier.h"

/**
 * Compiles the scalar *condition*, or a list of them (any may hold), over plan->selections into
 * plan->steps. IW_OK; IW_ERULE or IW_ELIMIT with line, column and reason; IW_ENOMEM.
 */
enum iw_rc iw_condition_load(const struct iw_load *load, const struct iw_yaml_node *condition,
                             struct iw_rule_plan *plan);

#endif
