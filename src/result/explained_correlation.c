/*
 * The records of an explained correlation; they are filled by engine/.
 */
#include "result/explained_correlation.h"

#include <assert.h>

const char *iw_miss_kind_name(enum iw_miss_kind kind)
{
    static const char *const NAMES[IW_MISS_COUNT] = {"order", "excluded", "window",
                                                     "value", "rule",     "apart"};
    assert((unsigned)kind < IW_MISS_COUNT);
    return NAMES[kind];
}
