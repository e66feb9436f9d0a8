/*
 * Rows of the table, the roots of products, those of the user and of the configuration become one
 * list; then, where evidence was looked at, what a host has is taken away.
 *
 * What a host has is decided by files that lay where the row says (the ledger), by channels whose
 * events came from anywhere (the telemetry), and by names of files that commands were told to
 * write. In doubt a thing is needed: to bring it twice costs less than to miss it.
 */
#include "coverage/needs.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/path_name.h"
#include "base/script_quote.h"
#include "event/host.h"
#include "iis/config/server_path.h"
#include "iis/inventory/said_root.h"
#include "iis/web/web_defaults.h"

#define ROOT_WHAT_HERE "AN1108: a web root of this server; pages, programs and their neighbours"

/* A host of the evidence, and what is known of its configuration. */
struct host {
    struct iw_str name;
    bool has_configuration;
};

struct finder {
    struct iw_needs *needs;
    const struct iw_run *run; /* NULL: nothing was looked at */
    struct iw_arena scratch;
    size_t cap;
    struct iw_str *keys;     /* of the needs' folders */
    const char **channels;   /* of the needs; NULL: none */
    struct iw_str *only_for; /* the one host a need is of; empty: every one */
    struct iw_str *roots;
    size_t n_roots;
    struct host *hosts;
    size_t n_hosts;
    bool *has; /* need × host */
    size_t n_unfit;
};

/* --- the list --- */

/* The need before *n* that is about the same files, for the same host; SIZE_MAX: none. */
static size_t find_same(const struct finder *finder, size_t n, struct iw_str key,
                        struct iw_str mask, const struct iw_str *only_for)
{
    for (size_t i = 0; i < n; i++) {
        const struct iw_need *other = &finder->needs->items[i];
        if (other->form == IW_NEED_FILES && iw_str_equal(finder->keys[i], key) &&
            iw_str_equal_nocase(other->mask, mask) &&
            (only_for == NULL || iw_str_equal_nocase(finder->only_for[i], *only_for)))
            return i;
    }
    return SIZE_MAX;
}

/* The folder of the need added last, unless another one before it is about the same. */
static void add_root(struct finder *finder)
{
    size_t last = finder->needs->n - 1;
    for (size_t i = 0; i < last; i++) {
        if (finder->needs->items[i].is_root && iw_str_equal(finder->keys[i], finder->keys[last]))
            return;
    }
    finder->roots[finder->n_roots++] = finder->needs->items[last].folder;
}

static enum iw_rc add(struct finder *finder, const struct iw_need *need, struct iw_str key,
                      const char *channel, struct iw_str only_for)
{
    struct iw_needs *needs = finder->needs;
    if (need->form == IW_NEED_FILES &&
        find_same(finder, needs->n, key, need->mask, &only_for) != SIZE_MAX)
        return IW_OK;
    assert(needs->n < finder->cap);
    finder->keys[needs->n] = key;
    finder->channels[needs->n] = channel;
    finder->only_for[needs->n] = only_for;
    needs->items[needs->n++] = *need;
    if (need->is_root)
        add_root(finder);
    return IW_OK;
}

static enum iw_rc key_of(struct finder *finder, struct iw_str folder, struct iw_server_path *ret)
{
    return iw_server_path_read(folder, false, &finder->scratch, ret) ? IW_OK : IW_ENOMEM;
}

static enum iw_rc add_row(struct finder *finder, const struct iw_need_row *row)
{
    struct iw_server_path path = {0};
    const struct iw_need need = {.form = row->form,
                                 .weight = row->weight,
                                 .name = iw_str_of(row->name),
                                 .what_for = iw_str_of(row->what_for),
                                 .kind = iw_str_of(row->kind),
                                 .folder = iw_str_of(row->folder),
                                 .mask = iw_str_of(row->mask),
                                 .is_recursive = row->is_recursive,
                                 .is_root = row->is_root,
                                 .key = iw_str_of(row->key),
                                 .command = iw_str_of(row->command),
                                 .file = iw_str_of(row->file),
                                 .needs_roots = row->needs_roots};
    if (row->form == IW_NEED_FILES)
        IW_TRY(key_of(finder, need.folder, &path));
    return add(finder, &need, path.key, row->channel, IW_STR(""));
}

/* A folder that is named by evidence or by the user. */
static enum iw_rc add_folder(struct finder *finder, enum iw_need_weight weight, const char *name,
                             struct iw_str folder, const char *kind, struct iw_str mask,
                             const char *what_for, struct iw_str host)
{
    struct iw_arena *arena = &finder->needs->arena;
    struct iw_server_path path;
    struct iw_need need = {.weight = weight,
                           .kind = iw_str_of(kind),
                           .what_for = iw_str_of(what_for),
                           .mask = mask,
                           .is_literal = true};
    IW_TRY(key_of(finder, folder, &path));
    if (!iw_path_can_be_pasted(path.path) || !path.is_resolved) {
        finder->n_unfit++;
        return IW_OK;
    }
    need.folder = iw_arena_copy(arena, path.path);
    while (need.folder.n > 0 && need.folder.p[need.folder.n - 1] == '\\')
        need.folder.n--;
    need.name = iw_arena_format(arena, "%s %.*s", name, IW_STR_ARG(need.folder));
    need.is_root = strcmp(kind, "page") == 0;
    need.is_recursive = iw_str_find(mask, IW_STR("*")) != SIZE_MAX;
    if (need.folder.p == NULL || need.name.p == NULL || !iw_arena_keep(arena, &need.mask))
        return IW_ENOMEM;
    return add(finder, &need, path.key, NULL, host);
}

/* --- what the table does not know --- */

static enum iw_rc add_said_roots(struct finder *finder, const char *const *roots, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct iw_said_root root;
        if (!iw_said_root_read(iw_str_of(roots[i]), &root))
            continue; /* options are checked where they are read */
        IW_TRY(add_folder(finder, IW_NEED_TELLS, "web root", root.path, "page", IW_STR("*"),
                          ROOT_WHAT_HERE, IW_STR("")));
    }
    return IW_OK;
}

static enum iw_rc add_product_roots(struct finder *finder)
{
    for (size_t i = 0; i < iw_web_n_default_roots; i++) {
        const struct iw_web_default_root *root = &iw_web_default_roots[i];
        if (!root->is_everywhere)
            IW_TRY(add_folder(finder, IW_NEED_IF_INSTALLED, "web root", root->path, "page",
                              IW_STR("*"), "AN1108: a web root where that product is installed",
                              IW_STR("")));
    }
    return IW_OK;
}

/* Files that components name and that were not collected, one by one: their folders may be large.
 */
static enum iw_rc add_component_files(struct finder *finder,
                                      const struct iw_inventory_server *server)
{
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *component = &server->components[i];
        for (size_t k = 0; k < component->n_files; k++) {
            const struct iw_item_file *file = &component->files[k];
            struct iw_str name = iw_path_name(file->path);
            if (file->state != IW_ITEM_FILE_NOT_COLLECTED)
                continue;
            if (!iw_path_can_be_pasted(name)) {
                finder->n_unfit++;
                continue;
            }
            IW_TRY(add_folder(
                finder, IW_NEED_TELLS, "file of a component in", iw_path_folder(file->path), "pe",
                name, "AN0184: a component names it, and it was not collected", server->host));
        }
    }
    return IW_OK;
}

static enum iw_rc add_server(struct finder *finder, const struct iw_inventory_server *server)
{
    for (size_t i = 0; i < server->n_roots; i++) {
        const struct iw_inventory_root *root = &server->roots[i];
        if (root->is_assumed)
            continue;
        if (!root->is_resolved) {
            finder->n_unfit++;
            continue;
        }
        IW_TRY(add_folder(finder, IW_NEED_TELLS, "web root", root->path, "page", IW_STR("*"),
                          ROOT_WHAT_HERE, server->host));
    }
    for (size_t i = 0; i < server->n_sites; i++) {
        if (server->sites[i].log_folder.n != 0)
            IW_TRY(add_folder(finder, IW_NEED_TELLS, "logs of requests in",
                              server->sites[i].log_folder, "web-log", IW_STR("*.log"),
                              "AN1108 request: who asked for a page, and when", server->host));
    }
    return add_component_files(finder, server);
}

/* --- what the evidence has --- */

static bool is_host(struct iw_str a, struct iw_str b)
{
    return iw_str_equal_nocase(iw_host_label(a), iw_host_label(b));
}

static enum iw_rc add_host(struct finder *finder, struct iw_str name, bool has_configuration)
{
    for (size_t i = 0; i < finder->n_hosts; i++) {
        if (iw_str_equal_nocase(finder->hosts[i].name, name)) {
            finder->hosts[i].has_configuration |= has_configuration;
            return IW_OK;
        }
    }
    finder->hosts[finder->n_hosts++] = (struct host){name, has_configuration};
    return IW_OK;
}

static int by_name(const void *a, const void *b)
{
    return iw_str_compare(((const struct host *)a)->name, ((const struct host *)b)->name);
}

static enum iw_rc find_hosts(struct finder *finder)
{
    const struct iw_run *run = finder->run;
    finder->hosts = iw_arena_calloc(&finder->scratch, run->n_hosts + run->inventory.n_servers + 1,
                                    sizeof *finder->hosts);
    if (finder->hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < run->n_hosts; i++)
        IW_TRY(add_host(finder, run->hosts[i].host, false));
    for (size_t i = 0; i < run->inventory.n_servers; i++) {
        const struct iw_inventory_server *server = &run->inventory.servers[i];
        IW_TRY(add_host(finder, server->host, server->source.n != 0 && server->is_authoritative));
    }
    qsort(finder->hosts, finder->n_hosts, sizeof *finder->hosts, by_name);
    return IW_OK;
}

/* `*` is any run of characters, `?` one byte: names in masks of the table are ASCII. */
static bool name_fits(struct iw_str mask, struct iw_str name)
{
    size_t m = 0, n = 0, star = SIZE_MAX, resume = 0;
    while (n < name.n) {
        if (m < mask.n && mask.p[m] == '*') {
            star = m++;
            resume = n;
        } else if (m < mask.n &&
                   (mask.p[m] == '?' || iw_ascii_lower(mask.p[m]) == iw_ascii_lower(name.p[n]))) {
            m++;
            n++;
        } else if (star != SIZE_MAX) {
            m = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (m < mask.n && mask.p[m] == '*')
        m++;
    return m == mask.n;
}

static bool is_brought(const struct iw_need *need, struct iw_str folder_key, struct iw_str key,
                       struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    if (need->form == IW_NEED_COMMAND)
        return iw_str_equal_nocase(iw_path_name(path), need->file);
    if (need->form != IW_NEED_FILES || key.n == 0 || folder_key.n == 0 ||
        !iw_server_path_covers(folder_key, key) || !name_fits(need->mask, name))
        return false;
    return need->is_recursive || key.n <= folder_key.n + 1 ||
           memchr(key.p + folder_key.n + 1, '\\', key.n - folder_key.n - 1) == NULL;
}

/* Marks a need as brought for the hosts that *host* means; a file of no host is of the only one. */
static void mark(struct finder *finder, size_t need, struct iw_str host)
{
    for (size_t i = 0; i < finder->n_hosts; i++) {
        if (host.n == 0 ? finder->n_hosts == 1 : is_host(finder->hosts[i].name, host))
            finder->has[need * finder->n_hosts + i] = true;
    }
}

static enum iw_rc look_at_file(struct finder *finder, const struct iw_source *source,
                               struct iw_arena *arena)
{
    struct iw_server_path path = {.path = source->path};
    iw_arena_reset(arena);
    if (source->state == IW_SOURCE_LOST)
        return IW_OK;
    if (source->windows_path.n != 0 && !iw_server_path_of_file(source->windows_path, arena, &path))
        return IW_ENOMEM;
    for (size_t i = 0; i < finder->needs->n; i++) {
        if (is_brought(&finder->needs->items[i], finder->keys[i], path.key, path.path))
            mark(finder, i, source->host_hint);
    }
    return IW_OK;
}

static enum iw_rc look_at_files(struct finder *finder)
{
    const struct iw_ledger *ledger = &finder->run->ledger;
    struct iw_arena arena;
    enum iw_rc rc = IW_OK;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < ledger->n && rc == IW_OK; i++)
        rc = look_at_file(finder, &ledger->sources[i], &arena);
    iw_arena_done(&arena);
    return rc;
}

static void look_at_channels(struct finder *finder)
{
    const struct iw_telemetry *telemetry = &finder->run->telemetry;
    for (size_t i = 0; i < telemetry->n_channels; i++) {
        const struct iw_telemetry_channel *channel = &telemetry->channels[i];
        for (size_t k = 0; k < finder->needs->n; k++) {
            if (finder->channels[k] != NULL &&
                iw_str_equal_nocase(channel->channel, iw_str_of(finder->channels[k])))
                mark(finder, k, channel->host);
        }
    }
}

/* Roots that the table assumes are none where the configuration names its own; the whole truth of
 * a host is in its configuration. */
static bool concerns(const struct finder *finder, size_t need, const struct host *host)
{
    const struct iw_need *item = &finder->needs->items[need];
    if (item->form == IW_NEED_ASKED)
        return false;
    if (finder->only_for[need].n != 0)
        return is_host(finder->only_for[need], host->name);
    return !(item->is_root && host->has_configuration && item->form == IW_NEED_FILES);
}

/* The hosts that lack a need; none: everybody has it. */
static enum iw_rc find_lacking(struct finder *finder, size_t need, struct iw_text_list *ret)
{
    struct iw_arena *arena = &finder->needs->arena;
    struct iw_str *lacking = iw_arena_calloc(arena, finder->n_hosts + 1, sizeof *lacking);
    *ret = (struct iw_text_list){lacking, 0};
    if (lacking == NULL)
        return IW_ENOMEM;
    for (size_t h = 0; h < finder->n_hosts; h++) {
        if (finder->has[need * finder->n_hosts + h] || !concerns(finder, need, &finder->hosts[h]))
            continue;
        lacking[ret->n] = finder->hosts[h].name;
        if (!iw_arena_keep(arena, &lacking[ret->n++]))
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* A folder that several hosts have is one need of all of them. */
static enum iw_rc keep(struct finder *finder, size_t need, struct iw_text_list hosts,
                       size_t *n_kept)
{
    struct iw_needs *needs = finder->needs;
    size_t same =
        needs->items[need].form == IW_NEED_FILES
            ? find_same(finder, *n_kept, finder->keys[need], needs->items[need].mask, NULL)
            : SIZE_MAX;
    if (same != SIZE_MAX)
        return iw_text_list_join(&needs->items[same].hosts, hosts, &needs->arena);
    finder->keys[*n_kept] = finder->keys[need];
    needs->items[*n_kept] = needs->items[need];
    needs->items[(*n_kept)++].hosts = hosts;
    return IW_OK;
}

static enum iw_rc list_hosts(struct finder *finder)
{
    struct iw_needs *needs = finder->needs;
    struct iw_str *hosts = iw_arena_calloc(&needs->arena, finder->n_hosts + 1, sizeof *hosts);
    if (hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < finder->n_hosts; i++) {
        hosts[i] = finder->hosts[i].name;
        if (!iw_arena_keep(&needs->arena, &hosts[i]))
            return IW_ENOMEM;
    }
    needs->hosts = (struct iw_text_list){hosts, finder->n_hosts};
    return IW_OK;
}

static enum iw_rc narrow(struct finder *finder)
{
    struct iw_needs *needs = finder->needs;
    size_t n_kept = 0;
    IW_TRY(list_hosts(finder));
    for (size_t i = 0; i < needs->n; i++) {
        struct iw_text_list hosts;
        IW_TRY(find_lacking(finder, i, &hosts));
        if (hosts.n != 0)
            IW_TRY(keep(finder, i, hosts, &n_kept));
    }
    needs->n = n_kept;
    needs->is_narrowed = true;
    return IW_OK;
}

/* --- all of it --- */

static size_t most_needs(const struct iw_run *run, size_t n_roots)
{
    size_t n = iw_need_n_rows + iw_web_n_default_roots + n_roots;
    for (size_t i = 0; run != NULL && i < run->inventory.n_servers; i++) {
        const struct iw_inventory_server *server = &run->inventory.servers[i];
        n += server->n_roots + server->n_sites;
        for (size_t k = 0; k < server->n_components; k++)
            n += server->components[k].n_files;
    }
    return n;
}

static enum iw_rc begin(struct finder *finder, size_t n)
{
    struct iw_needs *needs = finder->needs;
    finder->cap = n;
    needs->items = iw_arena_calloc(&needs->arena, n, sizeof *needs->items);
    finder->roots = iw_arena_calloc(&needs->arena, n, sizeof *finder->roots);
    finder->keys = iw_arena_calloc(&finder->scratch, n, sizeof *finder->keys);
    finder->channels = iw_arena_calloc(&finder->scratch, n, sizeof *finder->channels);
    finder->only_for = iw_arena_calloc(&finder->scratch, n, sizeof *finder->only_for);
    return needs->items == NULL || finder->roots == NULL || finder->keys == NULL ||
                   finder->channels == NULL || finder->only_for == NULL
               ? IW_ENOMEM
               : IW_OK;
}

static enum iw_rc note(struct finder *finder)
{
    struct iw_arena *arena = &finder->needs->arena;
    struct iw_str *line = iw_arena_calloc(arena, 1, sizeof *line);
    if (line == NULL)
        return IW_ENOMEM;
    if (finder->n_unfit == 0)
        return IW_OK;
    *line =
        iw_arena_format(arena,
                        "%zu %s left out: no path that can be written down (variables of "
                        "unknown value, characters no path may have); inventory shows more",
                        finder->n_unfit,
                        finder->n_unfit == 1 ? "folder or file that the configuration names is"
                                             : "folders or files that the configuration names are");
    finder->needs->notes = (struct iw_text_list){line, 1};
    return line->p == NULL ? IW_ENOMEM : IW_OK;
}

static enum iw_rc list(struct finder *finder, const char *const *roots, size_t n_roots)
{
    for (size_t i = 0; i < iw_need_n_rows; i++)
        IW_TRY(add_row(finder, &iw_need_rows[i]));
    IW_TRY(add_said_roots(finder, roots, n_roots));
    for (size_t i = 0; finder->run != NULL && i < finder->run->inventory.n_servers; i++)
        IW_TRY(add_server(finder, &finder->run->inventory.servers[i]));
    finder->needs->roots = (struct iw_text_list){finder->roots, finder->n_roots};
    return add_product_roots(finder);
}

static enum iw_rc subtract(struct finder *finder)
{
    IW_TRY(find_hosts(finder));
    finder->has =
        iw_arena_calloc(&finder->scratch, finder->needs->n * finder->n_hosts + 1, sizeof(bool));
    if (finder->has == NULL)
        return IW_ENOMEM;
    if (finder->n_hosts == 0)
        return IW_OK; /* of nobody: all of it is needed */
    IW_TRY(look_at_files(finder));
    look_at_channels(finder);
    return narrow(finder);
}

enum iw_rc iw_needs_find(const char *const *roots, size_t n_roots, const struct iw_run *run,
                         struct iw_needs *needs)
{
    struct finder finder = {.needs = needs, .run = run};
    enum iw_rc rc;
    iw_arena_init(&finder.scratch, 0);
    rc = begin(&finder, most_needs(run, n_roots));
    if (rc == IW_OK)
        rc = list(&finder, roots, n_roots);
    if (rc == IW_OK && run != NULL)
        rc = subtract(&finder);
    if (rc == IW_OK)
        rc = note(&finder);
    iw_arena_done(&finder.scratch);
    return rc;
}
