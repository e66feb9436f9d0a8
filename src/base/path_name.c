#include "base/path_name.h"

struct iw_str iw_path_name(struct iw_str path)
{
    size_t at = path.n;
    if (path.n == 0)
        return path; /* it may have no bytes at all */
    while (at > 0 && path.p[at - 1] != '\\' && path.p[at - 1] != '/')
        at--;
    return (struct iw_str){path.p + at, path.n - at};
}

struct iw_str iw_path_folder(struct iw_str path)
{
    size_t n = path.n - iw_path_name(path).n;
    return (struct iw_str){path.p, n > 0 ? n - 1 : 0};
}
