/*
 * Roots: those nobody configured, how much of each was collected, and the order of all rows.
 */
#include "iis/inventory/server_build.h"

#include <stdlib.h>

#include "base/fold.h"
#include "iis/inventory/said_root.h"
#include "iis/web/web_defaults.h"

struct iw_inventory_root *iw_build_root(struct iw_server_build *build, struct iw_str key)
{
    struct iw_str *kept = iw_rows_add(&build->root_keys, sizeof *kept);
    if (kept == NULL)
        return NULL;
    *kept = key;
    return iw_rows_add(&build->roots, sizeof(struct iw_inventory_root));
}

static enum iw_rc assume(struct iw_server_build *build, struct iw_str path)
{
    struct iw_server_path normal;
    struct iw_inventory_root *root;
    struct iw_web_spots spots;
    if (!iw_server_path_read(path, false, &build->work, &normal))
        return IW_ENOMEM;
    IW_TRY(iw_web_urls_of(&build->web, normal.path, &build->work, &spots));
    if (spots.n != 0)
        return IW_OK; /* it is configured */
    root = iw_build_root(build, normal.key);
    if (root == NULL)
        return IW_ENOMEM;
    root->path = iw_keep(build, normal.path);
    root->is_assumed = root->is_resolved = true;
    return root->path.p != NULL ? IW_OK : IW_ENOMEM;
}

static bool is_collected(const struct iw_server_build *build, struct iw_str key)
{
    for (size_t i = 0; i < build->collection->n; i++) {
        if (iw_server_path_covers(key, build->collection->files[i].key))
            return true;
    }
    return false;
}

/* Folders of products nobody has shown to be there are no roots. */
static enum iw_rc assume_default(struct iw_server_build *build,
                                 const struct iw_web_default_root *root)
{
    struct iw_server_path normal;
    if (root->is_everywhere)
        return assume(build, root->path);
    if (!iw_server_path_read(root->path, false, &build->work, &normal))
        return IW_ENOMEM;
    return is_collected(build, normal.key) ? assume(build, root->path) : IW_OK;
}

/* What the user says is a root; where no site is known, the folders that setup makes roots. Of
 * those of other servers the configuration of IIS says nothing, however well it is known. */
enum iw_rc iw_build_assumed_roots(struct iw_server_build *build)
{
    const struct iw_text_list *said = &build->options->web_roots;
    bool is_known;
    if (!build->takes_placed)
        return IW_OK;
    for (size_t i = 0; i < said->n; i++) {
        struct iw_said_root root;
        if (iw_said_root_read(said->items[i], &root) &&
            iw_said_root_is_of(&root, build->collection->host))
            IW_TRY(assume(build, root.path));
    }
    is_known = build->web.is_known && build->web.is_authoritative && !build->web.sites_unknown;
    for (size_t i = 0; i < iw_web_n_default_roots; i++) {
        if (!is_known || iw_web_default_roots[i].is_beyond_iis)
            IW_TRY(assume_default(build, &iw_web_default_roots[i]));
    }
    return IW_OK;
}

/* --- counts --------------------------------------------------------------------------------- */

/* Keys of the web files, by their index; NULL: no memory. */
static struct iw_str *keys_of_web_files(struct iw_server_build *build)
{
    const struct iw_inventory_web_file *web_files = build->web_files.items;
    struct iw_str *keys = iw_arena_calloc(&build->work, build->web_files.n + 1, sizeof *keys);
    for (size_t i = 0; keys != NULL && i < build->web_files.n; i++) {
        keys[i] = iw_fold_text(web_files[i].file.path, &build->work);
        if (keys[i].p == NULL)
            return NULL;
    }
    return keys;
}

static void count_root(const struct iw_server_build *build, struct iw_str key,
                       const struct iw_str *web_files, struct iw_inventory_root *root)
{
    if (key.n == 0 || !build->takes_placed)
        return;
    for (size_t i = 0; i < build->collection->n; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        root->n_files +=
            !file->is_copy && file->key.n != 0 && iw_server_path_covers(key, file->key);
    }
    for (size_t i = 0; i < build->web_files.n; i++)
        root->n_executable += web_files[i].n != 0 && iw_server_path_covers(key, web_files[i]);
    root->is_collected = root->n_files != 0;
}

enum iw_rc iw_build_count_roots(struct iw_server_build *build)
{
    struct iw_inventory_root *roots = build->roots.items;
    const struct iw_str *keys = build->root_keys.items;
    const struct iw_str *web_files = keys_of_web_files(build);
    if (web_files == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < build->roots.n; i++)
        count_root(build, keys[i], web_files, &roots[i]);
    return IW_OK;
}

/* --- order ---------------------------------------------------------------------------------- */

static int compare_web_files(const void *left, const void *right)
{
    const struct iw_inventory_web_file *a = left, *b = right;
    int order = iw_str_compare(a->file.path, b->file.path);
    return order != 0 ? order : iw_str_compare(a->file.source, b->file.source);
}

/* Components stay in the order of merging, kind by kind, as they were read: it is that of the
 * files, and says which entry wins. */
enum iw_rc iw_build_order(struct iw_server_build *build)
{
    struct iw_inventory_server *server = build->server;
    if (server->n_web_files != 0)
        qsort(server->web_files, server->n_web_files, sizeof *server->web_files, compare_web_files);
    return IW_OK;
}
