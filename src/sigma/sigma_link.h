/**
 * The last step of compiling: what documents say about one another.
 */
#ifndef IW_SIGMA_SIGMA_LINK_H
#define IW_SIGMA_SIGMA_LINK_H

#include "sigma/sigma_compiler.h"

/** Applies filters to rules, checks correlations, notes ids and names that stand twice. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_compiler_link(struct iw_sigma_compiler *compiler);

#endif
