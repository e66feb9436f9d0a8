/**
 * The log source of a rule: its words, and the channels and event ids they stand for.
 */
#ifndef IW_SIGMA_SIGMA_SOURCE_H
#define IW_SIGMA_SIGMA_SOURCE_H

#include "sigma/sigma_modifier.h"

/** Reads the words of the document's `logsource`. IW_OK; IW_ERULE: it is missing or names nothing.
 */
enum iw_rc iw_source_read(const struct iw_load *load, const struct iw_yaml_node *root,
                          struct iw_source_name *ret);

/**
 * Finds what plan->source stands for.
 *
 * @param ret_reason  room for *reason_bytes*: why the rule does not apply here, empty when it does
 * @return IW_OK; IW_ERULE (a name of Windows that is not known)
 */
enum iw_rc iw_source_bind(const struct iw_load *load, const struct iw_yaml_node *root,
                          struct iw_rule_plan *plan, char *ret_reason, size_t reason_bytes);

/** Adds to a loaded plan what its category asks of events beside their id (a registry_add is only a
 * CreateKey). IW_OK or IW_ENOMEM. */
enum iw_rc iw_source_limit(const struct iw_load *load, struct iw_rule_plan *plan);

/** Whether every name *outer* gives is that of *inner*; letter case is ignored. */
bool iw_source_covers(const struct iw_source_name *outer, const struct iw_source_name *inner);

#endif
