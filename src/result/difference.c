#include "result/difference.h"

const char *iw_baseline_change_name(enum iw_baseline_change change)
{
    static const char *const NAMES[IW_BASELINE_CHANGE_COUNT] = {
        [IW_BASELINE_ADDED] = "added",
        [IW_BASELINE_REMOVED] = "removed",
        [IW_BASELINE_MODIFIED] = "modified",
    };
    return NAMES[change];
}
