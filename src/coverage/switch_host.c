/*
 * Sources: "Naming Files, Paths, and Namespaces" (`\\.\`), the parameter -ComputerName of the
 * module Microsoft.PowerShell.Management (`.`, `localhost`), RFC 1122 (127.0.0.0/8) and RFC 4291
 * (::1).
 */
#include "coverage/switch_host.h"

struct iw_str iw_named_host_bare(struct iw_str name)
{
    size_t n = 0;
    while (name.n != 0 && (name.p[0] == '\\' || name.p[0] == '/'))
        name = (struct iw_str){name.p + 1, name.n - 1};
    while (n < name.n && name.p[n] != '\\' && name.p[n] != '/')
        n++;
    name.n = n;
    if (name.n > 1 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = (struct iw_str){name.p + 1, name.n - 2};
    return name;
}

/* Digits, dots and colons, and letters up to f where there is a colon. */
static bool is_address(struct iw_str name)
{
    bool is_v6 = memchr(name.p, ':', name.n) != NULL;
    for (size_t i = 0; i < name.n; i++) {
        char c = iw_ascii_lower(name.p[i]);
        if (!((c >= '0' && c <= '9') || c == '.' || c == ':' ||
              (is_v6 && ((c >= 'a' && c <= 'f') || c == '%'))))
            return false;
    }
    return true;
}

enum iw_named_host iw_named_host(struct iw_str name)
{
    static const char *const OWN[] = {".",   "localhost",       "localhost.localdomain",
                                      "::1", "0:0:0:0:0:0:0:1", "$null"};
    name = iw_named_host_bare(name);
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(OWN[i])))
            return IW_NAMED_HOST_OWN;
    }
    if (name.n == 0 || iw_str_begins_nocase(name, IW_STR("127.")))
        return IW_NAMED_HOST_OWN;
    return is_address(name) ? IW_NAMED_HOST_UNKNOWN : IW_NAMED_HOST_OTHER;
}
