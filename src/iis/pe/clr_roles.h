/**
 * Which classes and interfaces of the framework make a type something IIS runs. Inside iis/pe/
 * only.
 */
#ifndef IW_IIS_PE_CLR_ROLES_H
#define IW_IIS_PE_CLR_ROLES_H

#include "base/str.h"

/** Roles (enum iw_clr_role) that whoever implements or extends this type has; 0: none known. */
uint8_t iw_clr_known_roles(struct iw_str space, struct iw_str name);

#endif
