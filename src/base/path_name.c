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

static bool skip(struct iw_str *text, struct iw_str what)
{
    if (!iw_str_begins_nocase(*text, what))
        return false;
    *text = (struct iw_str){text->p + what.n, text->n - what.n};
    return true;
}

/* What stands behind `Volume{...}\`. */
static bool behind_volume(struct iw_str path, struct iw_str *ret)
{
    const char *end = skip(&path, IW_STR("Volume{")) ? memchr(path.p, '}', path.n) : NULL;
    size_t n = end != NULL ? (size_t)(end + 1 - path.p) : 0;
    if (n == 0 || n + 1 >= path.n || path.p[n] != '\\')
        return false;
    *ret = (struct iw_str){path.p + n + 1, path.n - n - 1};
    return true;
}

bool iw_path_behind_device(struct iw_str path, struct iw_str *ret)
{
    size_t n_digits = 0;
    if (!skip(&path, IW_STR("\\\\?\\")))
        (void)skip(&path, IW_STR("\\"));
    if (behind_volume(path, ret))
        return true;
    (void)skip(&path, IW_STR("GLOBALROOT\\"));
    if (!skip(&path, IW_STR("Device\\HarddiskVolume")))
        return false;
    while (n_digits < path.n && path.p[n_digits] >= '0' && path.p[n_digits] <= '9')
        n_digits++;
    if (n_digits == 0 || n_digits + 1 >= path.n || path.p[n_digits] != '\\')
        return false;
    *ret = (struct iw_str){path.p + n_digits + 1, path.n - n_digits - 1};
    return true;
}
