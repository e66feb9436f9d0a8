/*
 * Texts of IIS-Configuration event 29 for changes of a tree.
 */
#ifndef IW_LAB_CONFIG_STEP_H
#define IW_LAB_CONFIG_STEP_H

#include "lab/config/config_tree.h"
#include "lab/config/lab_config.h"

/* Each with steps NULL does nothing. An element's step comes before it is removed, and after it was
 * added and has its keys. */
void iw_lab_config_step_add(struct iw_lab_config_steps *steps,
                            const struct iw_lab_element *element);
void iw_lab_config_step_remove(struct iw_lab_config_steps *steps,
                               const struct iw_lab_element *element);
void iw_lab_config_step_set(struct iw_lab_config_steps *steps, const struct iw_lab_element *element,
                            const char *attribute, const char *old_value, const char *new_value);

#endif
