#include "engine/open_folders.h"

#include "base/arena_text.h"
#include "iis/config/server_path.h"
#include "iis/web/web_defaults.h"

/* On whatever drive. What lies below them anybody may have written, or the worker for a request. */
static const char *const EVERYWHERE[] = {
    "\\inetpub\\wwwroot\\", "\\inetpub\\ftproot\\", "\\inetpub\\temp\\",
    "\\windows\\temp\\",    "\\users\\public\\",    "\\temporary asp.net files\\",
};

/* p NULL: no memory. */
static struct iw_str root_key(struct iw_str host, struct iw_str path, struct iw_arena *arena)
{
    struct iw_str folded = iw_arena_lower(arena, host);
    if (folded.p == NULL)
        return folded;
    return iw_arena_format(arena, "%.*s|%.*s", IW_STR_ARG(folded), IW_STR_ARG(path));
}

static enum iw_rc add_roots(struct iw_open_folders *folders, struct iw_str host,
                            const struct iw_inventory_root *roots, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct iw_server_path path;
        struct iw_str key;
        if (!roots[i].is_resolved)
            continue;
        if (!iw_server_path_read(roots[i].path, false, &folders->arena, &path))
            return IW_ENOMEM;
        key = root_key(host, path.key, &folders->arena);
        if (key.p == NULL || iw_map_add(&folders->roots, key, NULL) == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

enum iw_rc iw_open_folders_init(struct iw_open_folders *folders,
                                const struct iw_inventory *inventory)
{
    iw_arena_init(&folders->arena, 0);
    iw_arena_init(&folders->scratch, 0);
    iw_map_init(&folders->roots);
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        IW_TRY(add_roots(folders, server->host, server->roots, server->n_roots));
        for (size_t k = 0; k < server->n_versions; k++)
            IW_TRY(add_roots(folders, server->host, server->versions[k].roots,
                             server->versions[k].n_roots));
    }
    return IW_OK;
}

void iw_open_folders_done(struct iw_open_folders *folders)
{
    iw_map_done(&folders->roots);
    iw_arena_done(&folders->scratch);
    iw_arena_done(&folders->arena);
}

static bool is_open_everywhere(struct iw_str key)
{
    for (size_t i = 0; i < sizeof EVERYWHERE / sizeof EVERYWHERE[0]; i++) {
        if (iw_str_holds_nocase(key, iw_str_of(EVERYWHERE[i])))
            return true;
    }
    for (size_t i = 0; i < iw_web_n_default_roots; i++) {
        struct iw_str root = iw_web_default_roots[i].path;
        if (key.n > root.n && key.p[root.n] == '\\' && iw_str_begins_nocase(key, root))
            return true;
    }
    return false;
}

/* Folded, or nearly so: what tells of no path on the server is in no known root. */
static enum iw_rc key_of(struct iw_open_folders *folders, const struct iw_source *source,
                         struct iw_str *ret)
{
    struct iw_server_path path;
    char *text;
    if (source->windows_path.n != 0) {
        if (!iw_server_path_of_file(source->windows_path, &folders->scratch, &path))
            return IW_ENOMEM;
        *ret = path.key;
        return IW_OK;
    }
    text = iw_arena_alloc(&folders->scratch, source->path.n + 1);
    if (text == NULL)
        return IW_ENOMEM;
    text[0] = '\\';
    for (size_t i = 0; i < source->path.n; i++)
        text[i + 1] = source->path.p[i] == '/' ? '\\' : source->path.p[i];
    *ret = (struct iw_str){text, source->path.n + 1};
    return IW_OK;
}

enum iw_rc iw_open_folders_hold(struct iw_open_folders *folders, const struct iw_source *source,
                                struct iw_str host, bool *ret)
{
    struct iw_str key, whole;
    size_t n_host = host.n + 1;
    iw_arena_reset(&folders->scratch);
    IW_TRY(key_of(folders, source, &key));
    *ret = is_open_everywhere(key);
    whole = root_key(host, key, &folders->scratch);
    if (whole.p == NULL)
        return IW_ENOMEM;
    for (size_t n = whole.n; !*ret && n-- > n_host;) {
        if (whole.p[n] == '\\')
            *ret = iw_map_find(&folders->roots, (struct iw_str){whole.p, n}) != NULL;
    }
    return IW_OK;
}
