/* Levels by the answer of change records. */
#include "result/change_level.h"

enum iw_level iw_change_level(const struct iw_change *change, enum iw_level level)
{
    if (change->status == IW_CHANGE_EXPLAINED)
        return IW_LEVEL_INFORMATIONAL;
    if (change->status == IW_CHANGE_UNVERIFIED && !change->keeps_level && level > IW_LEVEL_LOW)
        return (enum iw_level)(level - 1);
    return level;
}
