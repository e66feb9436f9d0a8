#include "event/context_name.h"

static const char *const NAMES[] = {
    "Web.Site",       "Web.AppPool",    "Web.Root",         "Web.Url",        "Web.Executable",
    "Component.Kind", "Component.Name", "Component.Status", "Change.Status",  "Ancestor.Image",
    "Logon.Type",     "Logon.User",     "Logon.IpAddress",  "Logon.Elevated", "Ancestor.Seen",
};

bool iw_context_name_is_one(struct iw_str name)
{
    static const char *const SPACES[] = {"Web.", "Component.", "Change.", "Ancestor.", "Logon."};
    for (size_t i = 0; i < sizeof SPACES / sizeof SPACES[0]; i++) {
        if (iw_str_begins_nocase(name, iw_str_of(SPACES[i])))
            return true;
    }
    return false;
}

bool iw_context_name_is_known(struct iw_str name)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(NAMES[i])))
            return true;
    }
    return false;
}

struct iw_str iw_context_name_at(size_t index)
{
    return iw_str_of(index < sizeof NAMES / sizeof NAMES[0] ? NAMES[index] : NULL);
}
