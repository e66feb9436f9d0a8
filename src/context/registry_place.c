#include "context/registry_place.h"

#include "iis/config/component_table.h"

static bool is_control_set(struct iw_str part)
{
    static const struct iw_str NUMBERED = {"ControlSet", 10};
    if (iw_str_equal_nocase(part, IW_STR("CurrentControlSet")))
        return true;
    if (part.n != NUMBERED.n + 3 || !iw_str_begins_nocase(part, NUMBERED))
        return false;
    for (size_t i = NUMBERED.n; i < part.n; i++) {
        if (part.p[i] < '0' || part.p[i] > '9')
            return false;
    }
    return true;
}

struct iw_str iw_registry_place(struct iw_str key)
{
    for (size_t at = 0, end; at < key.n; at = end + 1) {
        end = at;
        while (end < key.n && key.p[end] != '\\')
            end++;
        if (end < key.n && is_control_set((struct iw_str){key.p + at, end - at}))
            return (struct iw_str){key.p + end + 1, key.n - end - 1};
    }
    return IW_STR("");
}

/* Variables whose value names what is loaded, and those that switch it on. */
static bool is_variable_of_interest(struct iw_str name)
{
    return iw_component_variable_names_code(name) ||
           iw_str_ends_nocase(name, IW_STR("_ENABLE_PROFILING"));
}

bool iw_registry_place_loads_code(struct iw_str place)
{
    static const char *const VALUES[] = {
        "Services\\W3SVC\\Environment",    "Services\\WAS\\Environment",
        "Services\\IISADMIN\\Environment", "Services\\WMSVC\\Environment",
        "Services\\FTPSVC\\Environment",   "Services\\W3SVC\\Parameters\\Filter DLLs"};
    static const struct iw_str MACHINE = {"Control\\Session Manager\\Environment\\", 36};
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        if (iw_str_equal_nocase(place, iw_str_of(VALUES[i])))
            return true;
    }
    return iw_str_begins_nocase(place, MACHINE) &&
           is_variable_of_interest((struct iw_str){place.p + MACHINE.n, place.n - MACHINE.n});
}
