/*
 * Patterns of handlers/add/@path as Microsoft's reference describes them, without recursion: after
 * a mismatch only the last `*` takes one character more.
 */
#include "iis/config/web_pattern.h"

struct iw_str iw_web_list_next(struct iw_str *list, char separator)
{
    size_t n = 0;
    struct iw_str item;

    while (n < list->n && list->p[n] != separator)
        n++;
    item = (struct iw_str){list->p, n};
    n += n < list->n;
    *list = (struct iw_str){list->p + n, list->n - n};
    while (item.n != 0 && (item.p[0] == ' ' || item.p[0] == '\t'))
        item = (struct iw_str){item.p + 1, item.n - 1};
    while (item.n != 0 && (item.p[item.n - 1] == ' ' || item.p[item.n - 1] == '\t'))
        item.n--;
    return item;
}

static bool matches(struct iw_str pattern, struct iw_str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;

    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.n && iw_ascii_lower(pattern.p[p]) == iw_ascii_lower(text.p[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

struct iw_str iw_web_last_part(struct iw_str url)
{
    size_t at = url.n;

    while (at != 0 && url.p[at - 1] != '/')
        at--;
    return (struct iw_str){url.p + at, url.n - at};
}

bool iw_web_part_is_of_all(struct iw_str part)
{
    size_t n_stars = 0;

    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] != '*' && part.p[i] != '.')
            return false;
        n_stars += part.p[i] == '*';
    }
    return n_stars != 0;
}

static bool fits_one(struct iw_str path, struct iw_str url)
{
    struct iw_str name = iw_web_last_part(url);

    if (iw_str_equal(path, IW_STR("*.")))
        return iw_str_find(name, IW_STR(".")) == SIZE_MAX;
    if (iw_str_find(path, IW_STR("/")) == SIZE_MAX)
        return matches(path, name);
    /* Any beginning of the URL may stand before it, up to a slash. */
    for (size_t at = 0; at < url.n; at++)
        if ((at == 0 || url.p[at] == '/' || url.p[at - 1] == '/') &&
            matches(path, (struct iw_str){url.p + at, url.n - at}))
            return true;
    return false;
}

bool iw_web_path_fits(struct iw_str paths, struct iw_str url)
{
    while (paths.n != 0)
        if (fits_one(iw_web_list_next(&paths, ','), url))
            return true;
    return false;
}

struct iw_str iw_web_extension(struct iw_str url)
{
    struct iw_str name = iw_web_last_part(url);
    size_t at = name.n;

    while (at != 0 && name.p[at - 1] != '.')
        at--;
    return at == 0 ? IW_STR(".") : (struct iw_str){name.p + at - 1, name.n - at + 1};
}

bool iw_web_has_segment(struct iw_str url, struct iw_str segment)
{
    size_t at = 0;

    while (at < url.n) {
        size_t end = at;
        while (end < url.n && url.p[end] != '/')
            end++;
        if (iw_str_equal_nocase((struct iw_str){url.p + at, end - at}, segment))
            return segment.n != 0;
        at = end + 1;
    }
    return false;
}
