#include "context/share_path.h"

#include "base/arena_text.h"

struct iw_str iw_share_target(struct iw_event_reading *reading)
{
    return iw_reading_named(reading, "RelativeTargetName");
}

struct iw_str iw_share_path(struct iw_event_reading *reading, struct iw_str target)
{
    struct iw_str folder = iw_reading_named(reading, "ShareLocalPath");
    if (folder.n == 0)
        folder = iw_reading_named(reading, "ShareName");
    while (folder.n != 0 && (folder.p[folder.n - 1] == '\\' || folder.p[folder.n - 1] == '\0'))
        folder.n--;
    return iw_arena_format(reading->scratch, "%.*s\\%.*s", IW_STR_ARG(folder), IW_STR_ARG(target));
}
