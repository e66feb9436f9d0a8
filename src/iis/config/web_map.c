/*
 * The rule of IIS: the application whose path covers the URL best, of its virtual directories the
 * one that does, then the rest of the URL below its folder. Letter case does not count in either.
 * `..` in a URL that would leave the site is dropped, as HTTP.sys does.
 */
#include "iis/config/web_map.h"

#include <stdlib.h>

#include "base/alloc.h"

/* Below the site: its name's slash and the parts of the URL, `..` resolved. */
static bool place_of(const struct iw_server_site *site, struct iw_str url, struct iw_arena *arena,
                     struct iw_config_place *ret)
{
    char *out = iw_arena_alloc(arena, url.n + 2);
    size_t n = 0;

    if (out == NULL)
        return false;
    for (size_t at = 0, end; at < url.n; at = end + 1) {
        end = at;
        while (end < url.n && url.p[end] != '/' && url.p[end] != '\\')
            end++;
        if (end - at == 2 && memcmp(url.p + at, "..", 2) == 0) {
            while (n != 0 && out[--n] != '/') {
            }
            continue;
        }
        if (end == at)
            continue;
        out[n++] = '/';
        memcpy(out + n, url.p + at, end - at);
        n += end - at;
    }
    return iw_config_place_read(site->place.path, (struct iw_str){out, n}, arena, ret);
}

/* Index of the first of *n* sorted places whose key is not before *key*. */
static size_t lower_bound(const struct iw_config_place *const *places, size_t n, struct iw_str key)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (iw_str_compare(places[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The deepest of the places that covers *key*; of equal ones the first of the file. Or NULL. */
static const void *deepest(const struct iw_config_place *const *places, size_t n, struct iw_str key)
{
    for (;;) {
        size_t at = lower_bound(places, n, key);
        if (at < n && iw_str_equal(places[at]->key, key))
            return places[at];
        if (key.n == 0)
            return NULL;
        while (key.n != 0 && key.p[key.n - 1] != '/')
            key.n--;
        key.n -= key.n != 0;
    }
}

static bool join(struct iw_str root, struct iw_str rest, struct iw_arena *arena, struct iw_str *ret)
{
    char *out = iw_arena_alloc(arena, root.n + rest.n + 1);

    if (out == NULL)
        return false;
    memcpy(out, root.p, root.n);
    out[root.n] = '/';
    if (rest.n != 0)
        memcpy(out + root.n + 1, rest.p, rest.n);
    *ret = (struct iw_str){out, root.n + rest.n + 1};
    return true;
}

/* The file at a place of this application and directory. False: no memory. */
static bool fill(struct iw_web_spot *spot, struct iw_arena *arena)
{
    const struct iw_server_directory *directory = spot->directory;
    struct iw_str joined;

    if (directory->root.path.n == 0) {
        spot->file = directory->root;
        spot->file.is_resolved = false;
        return true;
    }
    if (!join(directory->root.path, iw_config_place_below(spot->place.path, directory->place.depth),
              arena, &joined) ||
        !iw_server_path_read(joined, false, arena, &spot->file))
        return false;
    spot->file.is_resolved = directory->root.is_resolved;
    return true;
}

enum iw_rc iw_web_file_of(const struct iw_server_site *site, struct iw_str url,
                          struct iw_arena *arena, struct iw_web_spot *ret)
{
    *ret = (struct iw_web_spot){.site = site};
    if (!place_of(site, url, arena, &ret->place))
        return IW_ENOMEM;
    ret->application = deepest(site->by_place, site->n_applications, ret->place.key);
    if (ret->application != NULL)
        ret->directory =
            deepest(ret->application->by_place, ret->application->n_directories, ret->place.key);
    if (ret->directory == NULL)
        return IW_END;
    return fill(ret, arena) ? IW_OK : IW_ENOMEM;
}

/* --- the other way ----------------------------------------------------------------------- */

struct finding {
    struct iw_arena *arena;
    struct iw_server_path file;
    struct iw_web_spot *items;
    size_t n, cap;
};

/* Takes the directory's URL of the file, if that URL leads to it. IW_OK or IW_ENOMEM. */
static enum iw_rc try_directory(struct finding *finding, const struct iw_server_site *site,
                                const struct iw_server_directory *directory)
{
    size_t n_root = directory->root.key.n;
    struct iw_web_spot spot;
    struct iw_str url, rest;
    enum iw_rc rc;

    if (!iw_server_path_covers(directory->root.key, finding->file.key))
        return IW_OK;
    /* Folding may change lengths: the rest is cut where the folded root ends only if both agree. */
    rest = finding->file.path.n == finding->file.key.n ? finding->file.path : finding->file.key;
    rest = (struct iw_str){rest.p + n_root, rest.n - n_root};
    if (!join(iw_config_place_below(directory->place.path, site->place.depth), rest, finding->arena,
              &url))
        return IW_ENOMEM;
    rc = iw_web_file_of(site, url, finding->arena, &spot);
    if (rc != IW_OK || spot.directory != directory ||
        !iw_str_equal(spot.file.key, finding->file.key))
        return rc == IW_ENOMEM ? rc : IW_OK;
    if (!iw_array_reserve(&finding->items, &finding->cap, finding->n + 1, sizeof finding->items[0]))
        return IW_ENOMEM;
    finding->items[finding->n++] = spot;
    return IW_OK;
}

static enum iw_rc try_site(struct finding *finding, const struct iw_server_site *site)
{
    for (size_t i = 0; i < site->n_applications; i++)
        for (size_t k = 0; k < site->applications[i].n_directories; k++)
            IW_TRY(try_directory(finding, site, &site->applications[i].directories[k]));
    return IW_OK;
}

/* The deepest folder first; then in the order of the configuration. */
static int compare_spots(const void *left, const void *right)
{
    const struct iw_web_spot *a = left, *b = right;
    size_t n_a = a->directory->root.key.n, n_b = b->directory->root.key.n;

    if (n_a != n_b)
        return n_a > n_b ? -1 : 1;
    if (a->site != b->site)
        return a->site < b->site ? -1 : 1;
    if (a->directory->element->line != b->directory->element->line)
        return a->directory->element->line < b->directory->element->line ? -1 : 1;
    return a->directory->element->column < b->directory->element->column ? -1 : 1;
}

enum iw_rc iw_web_urls_of(const struct iw_server *server, struct iw_str path,
                          struct iw_arena *arena, struct iw_web_spots *ret)
{
    struct finding finding = {.arena = arena};
    enum iw_rc rc = IW_OK;

    *ret = (struct iw_web_spots){0};
    if (!iw_server_path_of_file(path, arena, &finding.file))
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_sites && rc == IW_OK; i++)
        rc = try_site(&finding, &server->sites[i]);
    ret->items = iw_arena_calloc(arena, finding.n + 1, sizeof ret->items[0]);
    if (ret->items == NULL)
        rc = IW_ENOMEM;
    if (rc == IW_OK && finding.n != 0) {
        qsort(finding.items, finding.n, sizeof finding.items[0], compare_spots);
        memcpy(ret->items, finding.items, finding.n * sizeof finding.items[0]);
        ret->n = finding.n;
    }
    iw_free(finding.items);
    return rc;
}
