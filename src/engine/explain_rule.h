/**
 * Which rule `rules explain` is about.
 */
#ifndef IW_ENGINE_EXPLAIN_RULE_H
#define IW_ENGINE_EXPLAIN_RULE_H

#include "engine/rulebook.h"

/** Compiles the chosen rules, and the file itself where explain->rule is one. Codes as
 * iw_rulebook_open(). */
enum iw_rc iw_explain_open_rules(const struct iw_explain_options *explain, struct iw_rulebook *book,
                                 struct iw_run *run, struct iw_error *err);

/**
 * Finds the rule or correlation meant by *name*: all of a file of that name, else the one with that
 * id, else with that title, else with that `name`, else those with it in their title (letter case
 * is ignored throughout). Of a file, where others of it stand on one, the outermost is meant.
 *
 * @param ret  index in the ruleset, when report->is_found
 * @param ret_is_correlation  then it is the number of a correlation
 * @return IW_OK (several, or none: report->candidates); IW_EUSAGE when the only one meant is not
 * loaded, with its reason; IW_ENOMEM
 */
enum iw_rc iw_explain_find_rule(const char *name, const struct iw_rulebook *book,
                                const struct iw_run *run, struct iw_explain_report *report,
                                size_t *ret, bool *ret_is_correlation, struct iw_error *err);

#endif
