/**
 * Placeholders: what `%name%` in a rule stands for (modifier `expand`).
 */
#ifndef IW_SIGMA_SIGMA_PLACEHOLDER_H
#define IW_SIGMA_SIGMA_PLACEHOLDER_H

#include "sigma/sigma_modifier.h"

/**
 * Writes out the placeholders of *text*, a value of the rule at *node*: one pattern for each
 * combination of what they stand for, in the load's arena. `\%` is a percent sign. Text and
 * replacements are read for wildcards each for itself, so that a backslash at the end of one does
 * not escape a star in the next.
 *
 * @return IW_OK; IW_ERULE (a placeholder that stands for nothing); IW_ELIMIT; IW_ENOMEM
 */
enum iw_rc iw_placeholders_expand(const struct iw_load *load, const struct iw_yaml_node *node,
                                  struct iw_str text, struct iw_pattern **ret, size_t *ret_n);

#endif
