/**
 * What an entry says beyond the members of `struct iw_component`, as far as it decides what runs:
 * the path and verb of a handler, the modules it names, the hosting model of ASP.NET Core. Locks,
 * limits of time and number and descriptions are not among it.
 */
#ifndef IW_IIS_COMPONENT_ATTRIBUTES_H
#define IW_IIS_COMPONENT_ATTRIBUTES_H

#include "iis/config/components.h"
#include "result/finding.h"

/**
 * Lists them as "name=value", sorted by name; blanks around items of a list are dropped, letters of
 * what IIS compares without letter case are small. Texts lie in *arena*. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_component_attributes(const struct iw_component *component, struct iw_arena *arena,
                                   struct iw_text_list *ret);

#endif
