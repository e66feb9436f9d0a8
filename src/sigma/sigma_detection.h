/**
 * Selections and their condition, of rules (`detection`) and of filters (`filter`).
 */
#ifndef IW_SIGMA_SIGMA_DETECTION_H
#define IW_SIGMA_SIGMA_DETECTION_H

#include "sigma/sigma_modifier.h"

/**
 * Reads the selections and the condition of the map *node* into plan->selections and plan->steps.
 *
 * @param passed  a key beside `condition` that is no selection
 * @return IW_OK; IW_ERULE or IW_ELIMIT with line, column and reason; IW_ENOMEM
 */
enum iw_rc iw_detection_load(const struct iw_load *load, const struct iw_yaml_node *node,
                             const char *passed, struct iw_rule_plan *plan);

/**
 * The first context field a plan asks for (`Web.Site`, `Ancestor.Image` …), or an empty text. Such
 * fields are not in events: they are made from what is known about the host.
 */
struct iw_str iw_detection_context_field(const struct iw_rule_plan *plan,
                                         const struct iw_names *names);

/** The first that looks like one (`Web.Foo`) and is none, or an empty text. */
struct iw_str iw_detection_unknown_field(const struct iw_rule_plan *plan,
                                         const struct iw_names *names);

/** Marks all that asks for such fields: it is unknown until context answers. */
void iw_detection_defer_context(struct iw_rule_plan *plan, const struct iw_names *names);

#endif
