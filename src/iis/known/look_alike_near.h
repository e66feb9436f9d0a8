/**
 * Which of Microsoft's names a name is near to. Between look_alike.c and look_alike_near.c.
 */
#ifndef IW_IIS_KNOWN_LOOK_ALIKE_NEAR_H
#define IW_IIS_KNOWN_LOOK_ALIKE_NEAR_H

#include "base/limits.h"
#include "iis/known/look_alike.h"

/** A name as code points: as written (folded), and as it looks. */
struct iw_look_alike_name {
    uint32_t written[IW_LIMIT_LOOK_ALIKE_LETTERS], looks[IW_LIMIT_LOOK_ALIKE_LETTERS];
    size_t n_written, n_looks;
};

/** Adds at most one note: what the name is near to. */
void iw_look_alike_near(enum iw_look_alike_of of, const struct iw_look_alike_name *name,
                        struct iw_notes *notes);

#endif
