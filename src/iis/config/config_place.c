/*
 * Configuration paths of <location path> and of web.config files. `..` is not resolved: IIS does
 * not know it in a configuration path.
 */
#include "iis/config/config_place.h"

#include "base/fold.h"

struct writing {
    char *out;
    size_t n;
    uint32_t depth;
};

static void add_parts(struct writing *writing, struct iw_str text)
{
    size_t at = 0;

    while (at < text.n) {
        size_t end = at;
        while (end < text.n && text.p[end] != '/' && text.p[end] != '\\')
            end++;
        if (end != at && !(end - at == 1 && text.p[at] == '.')) {
            if (writing->n != 0)
                writing->out[writing->n++] = '/';
            memcpy(writing->out + writing->n, text.p + at, end - at);
            writing->n += end - at;
            writing->depth++;
        }
        at = end + 1;
    }
}

bool iw_config_place_read(struct iw_str outer, struct iw_str inner, struct iw_arena *arena,
                          struct iw_config_place *ret)
{
    struct writing writing = {.out = iw_arena_alloc(arena, outer.n + inner.n + 2)};

    if (writing.out == NULL)
        return false;
    add_parts(&writing, outer);
    add_parts(&writing, inner);
    ret->path = (struct iw_str){writing.out, writing.n};
    ret->key = iw_fold_text(ret->path, arena);
    ret->depth = writing.depth;
    return ret->key.p != NULL;
}

bool iw_config_place_covers(struct iw_str above, struct iw_str key)
{
    return above.n == 0 || (key.n >= above.n && memcmp(above.p, key.p, above.n) == 0 &&
                            (key.n == above.n || key.p[above.n] == '/'));
}

struct iw_str iw_config_place_below(struct iw_str path, uint32_t depth)
{
    size_t at = 0;

    for (; depth != 0 && at < path.n; depth--)
        for (at++; at < path.n && path.p[at] != '/';)
            at++;
    return (struct iw_str){path.p + at, path.n - at};
}
