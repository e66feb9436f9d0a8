/* Levels by the answer of change records. */
#include "result/change_level.h"

enum iw_level iw_change_level(enum iw_change_status status, enum iw_level level)
{
    if (status == IW_CHANGE_EXPLAINED)
        return IW_LEVEL_INFORMATIONAL;
    if (status == IW_CHANGE_UNVERIFIED && level > IW_LEVEL_LOW)
        return (enum iw_level)(level - 1);
    return level;
}
