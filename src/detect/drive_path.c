/*
 * Sources: Win32 and native namespaces ("Naming Files, Paths, and Namespaces", "Naming a Volume",
 * Microsoft).
 */
#include "detect/drive_path.h"

static const struct iw_str NONE = {"", 0};

static bool skip(struct iw_str *text, struct iw_str what)
{
    if (!iw_str_begins_nocase(*text, what))
        return false;
    *text = (struct iw_str){text->p + what.n, text->n - what.n};
    return true;
}

/* No name is empty, `.` or `..`, and no separator is `/`. */
static bool is_normal(struct iw_str path)
{
    size_t begin = 0;
    if (path.n == 0)
        return false;
    for (size_t i = 0; i <= path.n; i++) {
        size_t n = i - begin;
        if (i < path.n && path.p[i] == '/')
            return false;
        if (i < path.n && path.p[i] != '\\')
            continue;
        if (n == 0 || (n == 1 && path.p[begin] == '.') ||
            (n == 2 && path.p[begin] == '.' && path.p[begin + 1] == '.'))
            return false;
        begin = i + 1;
    }
    return true;
}

struct iw_str iw_path_behind_system_drive(struct iw_str path)
{
    if (!skip(&path, IW_STR("\\\\?\\")))
        (void)skip(&path, IW_STR("\\??\\"));
    return skip(&path, IW_STR("C:\\")) && is_normal(path) ? path : NONE;
}

/* --- folders ---------------------------------------------------------------------------------- */

static struct iw_str next_name(struct iw_str *left)
{
    const char *end = left->n != 0 ? memchr(left->p, '\\', left->n) : NULL;
    struct iw_str name = {left->p, end != NULL ? (size_t)(end - left->p) : left->n};
    size_t n = name.n + (end != NULL);
    *left = (struct iw_str){left->p + n, left->n - n};
    return name;
}

static bool name_fits(struct iw_str name, struct iw_str pattern)
{
    const char *star = pattern.n != 0 ? memchr(pattern.p, '*', pattern.n) : NULL;
    struct iw_str head, tail;
    if (star == NULL)
        return iw_str_equal_nocase(name, pattern);
    head = (struct iw_str){pattern.p, (size_t)(star - pattern.p)};
    tail = (struct iw_str){star + 1, pattern.n - head.n - 1};
    return name.n >= head.n + tail.n && iw_str_begins_nocase(name, head) &&
           iw_str_ends_nocase(name, tail);
}

static bool is_in(struct iw_str left, struct iw_str folder)
{
    bool is_deep = folder.n != 0 && folder.p[folder.n - 1] == '\\';
    while (folder.n != 0) {
        struct iw_str pattern = next_name(&folder);
        if (!name_fits(next_name(&left), pattern) || left.n == 0)
            return false;
    }
    return is_deep || memchr(left.p, '\\', left.n) == NULL;
}

bool iw_path_is_in_one_of(struct iw_str path, const char *const *folders, size_t n)
{
    struct iw_str left = iw_path_behind_system_drive(path);
    for (size_t i = 0; left.n != 0 && i < n && folders[i] != NULL; i++) {
        if (is_in(left, iw_str_of(folders[i])))
            return true;
    }
    return false;
}
