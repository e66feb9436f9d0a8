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

const char *iw_change_status_name(enum iw_change_status status)
{
    static const char *const NAMES[IW_CHANGE_STATUS_COUNT] = {
        [IW_CHANGE_NOT_CHECKED] = "not-checked", [IW_CHANGE_EXPLAINED] = "explained",
        [IW_CHANGE_PARTLY] = "partly",           [IW_CHANGE_UNVERIFIED] = "unverified",
        [IW_CHANGE_EXPIRED] = "expired",         [IW_CHANGE_UNEXPLAINED] = "unexplained",
    };
    return NAMES[status];
}
