#include "iis/config/ending_index.h"

#include <stdlib.h>

#include "iis/config/web_pattern.h"

/* `*.aspx`: fits what ends so, and nothing else. */
static bool is_plain(struct iw_str path)
{
    if (path.n < 3 || path.p[0] != '*' || path.p[1] != '.')
        return false;
    for (size_t i = 2; i < path.n; i++) {
        if (memchr("*,/. \t", path.p[i], 6) != NULL)
            return false;
    }
    return true;
}

static int compare_endings(struct iw_str a, struct iw_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++) {
        int left = (unsigned char)iw_ascii_lower(a.p[i]);
        int right = (unsigned char)iw_ascii_lower(b.p[i]);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

static int compare(const void *left, const void *right)
{
    const struct iw_ending *a = left, *b = right;
    int order = compare_endings(a->ending, b->ending);
    return order != 0 ? order : a->at < b->at ? -1 : a->at > b->at;
}

bool iw_ending_index_make(const struct iw_str *paths, size_t n, struct iw_arena *arena,
                          struct iw_ending_index *ret)
{
    *ret = (struct iw_ending_index){0};
    ret->endings = iw_arena_calloc(arena, n + 1, sizeof *ret->endings);
    ret->others = iw_arena_calloc(arena, n + 1, sizeof *ret->others);
    if (ret->endings == NULL || ret->others == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (is_plain(paths[i]))
            ret->endings[ret->n_endings++] =
                (struct iw_ending){{paths[i].p + 1, paths[i].n - 1}, i};
        else
            ret->others[ret->n_others++] = i;
    }
    if (ret->n_endings > 1)
        qsort(ret->endings, ret->n_endings, sizeof *ret->endings, compare);
    return true;
}

/* The first ending that is not below *wanted*; with *past*, that is above it. */
static size_t find(const struct iw_ending_index *index, struct iw_str wanted, bool past)
{
    size_t low = 0, high = index->n_endings;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_endings(index->endings[middle].ending, wanted);
        if (order < 0 || (past && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void iw_ending_walk_begin(const struct iw_ending_index *index, struct iw_str url,
                          struct iw_ending_walk *ret)
{
    struct iw_str ending = iw_web_extension(url);
    *ret = (struct iw_ending_walk){.index = index,
                                   .ending = find(index, ending, false),
                                   .ending_end = find(index, ending, true)};
}

bool iw_ending_walk_next(struct iw_ending_walk *walk, size_t *ret_at)
{
    const struct iw_ending_index *index = walk->index;
    bool has_ending = walk->ending < walk->ending_end;
    bool has_other = walk->other < index->n_others;
    if (!has_ending && !has_other)
        return false;
    if (has_ending && (!has_other || index->endings[walk->ending].at < index->others[walk->other]))
        *ret_at = index->endings[walk->ending++].at;
    else
        *ret_at = index->others[walk->other++];
    return true;
}
