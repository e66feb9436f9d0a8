/*
 * A file's path is cut at each separator from its end, and looked up where a folder of that length
 * is known at all.
 */
#include "coverage/watched_folders.h"

#include "base/limits.h"
#include "coverage/coverage_links.h"
#include "iis/config/server_path.h"
#include "iis/web/web_defaults.h"

#define LENGTHS 1024U

void iw_watched_folders_init(struct iw_watched_folders *folders)
{
    memset(folders, 0, sizeof *folders);
    iw_arena_init(&folders->arena, 0);
    iw_map_init(&folders->by_key);
    iw_map_init(&folders->above);
}

void iw_watched_folders_done(struct iw_watched_folders *folders)
{
    iw_map_done(&folders->above);
    iw_map_done(&folders->by_key);
    iw_arena_done(&folders->arena);
}

static size_t slot_of(size_t length)
{
    return length < LENGTHS ? length : LENGTHS - 1;
}

enum iw_rc iw_watched_folders_add(struct iw_watched_folders *folders, struct iw_str path)
{
    struct iw_server_path read;
    size_t slot;
    if (!iw_server_path_read(path, false, &folders->arena, &read))
        return IW_ENOMEM;
    if (!read.is_resolved || read.key.n < 2 || (read.key.p[1] != ':' && read.key.p[0] != '\\') ||
        iw_map_find(&folders->by_key, read.key) != NULL)
        return IW_OK;
    if (folders->by_key.n >= IW_LIMIT_WATCHED_FOLDERS) {
        folders->is_cut = true;
        return IW_OK;
    }
    if (iw_map_add(&folders->by_key, read.key, NULL) == NULL)
        return IW_ENOMEM;
    for (size_t n = read.key.n; n > 1; n--) {
        bool is_new = true;
        if (n != read.key.n && read.key.p[n] != '\\')
            continue;
        if (iw_map_add(&folders->above, (struct iw_str){read.key.p, n}, &is_new) == NULL)
            return IW_ENOMEM;
        if (!is_new) /* and so is what that lies in */
            break;
    }
    slot = slot_of(read.key.n);
    folders->lengths[slot / 64] |= UINT64_C(1) << (slot % 64);
    return IW_OK;
}

static enum iw_rc add_roots(struct iw_watched_folders *folders,
                            const struct iw_inventory_root *roots, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (roots[i].is_resolved)
            IW_TRY(iw_watched_folders_add(folders, roots[i].path));
    }
    return IW_OK;
}

enum iw_rc iw_watched_folders_know(struct iw_watched_folders *folders,
                                   const struct iw_inventory *inventory)
{
    for (int i = 0; i < IW_FOLDERS_COUNT; i++) {
        struct iw_str key = iw_link_folder((enum iw_link_folders)i)->key;
        if (key.n != 0)
            IW_TRY(iw_watched_folders_add(folders, key));
    }
    for (size_t i = 0; i < iw_web_n_default_roots; i++)
        IW_TRY(iw_watched_folders_add(folders, iw_web_default_roots[i].path));
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        IW_TRY(add_roots(folders, server->roots, server->n_roots));
        for (size_t k = 0; k < server->n_versions; k++)
            IW_TRY(add_roots(folders, server->versions[k].roots, server->versions[k].n_roots));
    }
    return IW_OK;
}

bool iw_watched_folders_any_below(const struct iw_watched_folders *folders, struct iw_str key)
{
    return folders->is_cut || iw_map_find(&folders->above, key) != NULL;
}

uint32_t iw_watched_folders_of(const struct iw_watched_folders *folders, struct iw_str key)
{
    for (size_t n = key.n; n > 1;) {
        size_t slot = slot_of(n);
        const char *separator;
        const struct iw_map_entry *entry =
            ((folders->lengths[slot / 64] >> (slot % 64)) & 1U) != 0
                ? iw_map_find(&folders->by_key, (struct iw_str){key.p, n})
                : NULL;
        if (entry != NULL)
            return (uint32_t)(entry - folders->by_key.entries);
        separator = memrchr(key.p, '\\', n);
        n = separator != NULL ? (size_t)(separator - key.p) : 0;
    }
    return IW_WATCHED_NONE;
}

uint32_t iw_watched_folders_of_any_drive(const struct iw_watched_folders *folders, char *key,
                                         size_t n)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz";
    uint32_t deepest = IW_WATCHED_NONE;
    for (size_t i = 0; i < sizeof LETTERS - 1; i++) {
        uint32_t one;
        key[0] = LETTERS[i];
        one = iw_watched_folders_of(folders, (struct iw_str){key, n});
        if (one != IW_WATCHED_NONE &&
            (deepest == IW_WATCHED_NONE ||
             iw_watched_folder(folders, one).n > iw_watched_folder(folders, deepest).n))
            deepest = one;
    }
    if (deepest != IW_WATCHED_NONE)
        key[0] = iw_watched_folder(folders, deepest).p[0];
    return deepest;
}

struct iw_str iw_watched_folder(const struct iw_watched_folders *folders, uint32_t number)
{
    return folders->by_key.entries[number].key;
}
