/**
 * Checking loaded rules for what loads but was probably not meant.
 *
 * A check has a stable name and a severity; all of them stand in one table (sigma_lint.c). Nothing
 * here changes what a rule matches.
 */
#ifndef IW_SIGMA_SIGMA_LINT_H
#define IW_SIGMA_SIGMA_LINT_H

#include "result/rule_account.h"
#include "result/rule_problem.h"
#include "sigma/sigma.h"

/** Adds a problem for every document that is not loaded, and those of the loaded ones, in order.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_lint(const struct iw_sigma_ruleset *ruleset,
                         const struct iw_rule_account *account, const struct iw_names *names,
                         struct iw_rule_problems *problems);

/** Every check, by name; *ret_n is their number. */
const struct iw_rule_check *iw_sigma_checks(size_t *ret_n);

#endif
