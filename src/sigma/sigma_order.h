/**
 * A plan put into the order in which it is soonest known to be false.
 */
#ifndef IW_SIGMA_SIGMA_ORDER_H
#define IW_SIGMA_SIGMA_ORDER_H

#include "sigma/sigma_frequency.h"
#include "sigma/sigma_plan.h"

/** A copy of *plan* (its tests are shared with it) in *arena* whose items stand, in each group,
 * from the one that seldom holds to the one that often does. Says the same as *plan* of every
 * event. IW_OK or IW_ENOMEM. */
enum iw_rc iw_plan_order(const struct iw_rule_plan *plan, const struct iw_frequencies *frequencies,
                         struct iw_arena *arena, const struct iw_rule_plan **ret);

#endif
