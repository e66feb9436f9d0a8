/**
 * Full names of managed types, as configuration and reflection write them: Namespace.Outer+Inner.
 * Inside iis/pe/ only.
 */
#ifndef IW_IIS_PE_CLR_NAMES_H
#define IW_IIS_PE_CLR_NAMES_H

#include "iis/pe/clr_metadata.h"

struct iw_clr_names {
    struct iw_clr_metadata *metadata; /* borrowed */
    uint32_t *outer;                  /* by row of TypeDef: the type it stands in; 0: none */
    uint32_t n_defs;
};

/** Finds which types stand in others. *n_defs* bounds the rows of TypeDef. */
void iw_clr_names_begin(struct iw_clr_names *names, struct iw_clr_metadata *metadata,
                        uint32_t n_defs);
/** The name of a TypeDef or TypeRef; empty for anything else. In the arena where it has parts. */
struct iw_str iw_clr_full_name(struct iw_clr_names *names, struct iw_clr_place place);

#endif
