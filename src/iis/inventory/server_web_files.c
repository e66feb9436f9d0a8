/*
 * Files below web roots that execute when asked for. Configuration decides where there is any;
 * where there is none, the ending of the name does, and the answer is marked as not certain.
 */
#include "iis/inventory/server_build.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "iis/inventory/file_facts.h"
#include "iis/inventory/handler_cache.h"
#include "iis/web/web_config_page.h"
#include "iis/web/web_defaults.h"
#include "iis/web/web_mark.h"

/* Handlers of one folder, kept while its files are asked for. */
struct folder_answers {
    struct iw_str folder; /* key */
    struct iw_web_spots spots;
    const struct iw_web_handlers **handlers; /* by index of spots; in *arena* */
    struct iw_arena arena;                   /* of this folder alone */
};

struct finding {
    struct iw_server_build *build;
    struct folder_answers folder;
    struct iw_handler_cache cache;
    struct iw_rows hits; /* struct hit */
};

struct hit {
    size_t index;                   /* of the file */
    const struct iw_web_spot *spot; /* NULL: its root is assumed */
    struct iw_str name, processor;  /* of the handler */
    bool is_certain;
    bool is_made_to_run; /* a configuration file, and its handler names such */
    struct iw_text_list urls;
};

static bool ends(struct iw_str name, const char *ending)
{
    return iw_str_ends_nocase(name, iw_str_of(ending));
}

/* A name as Windows opens it: what is asked for under that name may be this file. */
static struct iw_str opened_name(struct iw_str name)
{
    while (name.n != 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
        name.n--;
    return name;
}

/* Source files that ASP.NET compiles when the application starts. */
static bool is_compiled_source(struct iw_str key)
{
    return iw_str_find(key, IW_STR("\\app_code\\")) != SIZE_MAX &&
           (ends(key, ".cs") || ends(key, ".vb"));
}

/* The file that says which handlers there are may name itself. */
static bool is_web_config(const struct iw_collected_file *file)
{
    return iw_str_equal_nocase(opened_name(file->name), IW_STR("web.config"));
}

/* Whether a handler was made for files of configuration, and this is one. */
static bool is_made_to_run(const struct iw_web_answer *answer, struct iw_str name)
{
    return answer->handler != NULL && ends(name, ".config") &&
           iw_web_config_path_of(iw_config_value(answer->handler->element, IW_STR("path"),
                                                 IW_STR(""))) == IW_WEB_PATH_CONFIGURATION;
}

/* What an ordinary installation would run, or NULL. */
static const char *usual_processor(struct iw_str name, struct iw_str key, bool *ret_indirect)
{
    const struct iw_web_ending *ending;
    *ret_indirect = true;
    if (is_compiled_source(key))
        return "ASP.NET (App_Code)";
    ending = iw_web_ending_of(name);
    if (ending == NULL)
        return NULL;
    *ret_indirect = ending->is_indirect;
    return ending->processor;
}

/* --- one folder ----------------------------------------------------------------------------- */

static enum iw_rc enter(struct finding *finding, const struct iw_collected_file *file)
{
    struct iw_server_build *build = finding->build;
    struct folder_answers *folder = &finding->folder;
    if (folder->handlers != NULL && iw_str_equal(folder->folder, file->folder))
        return IW_OK;
    folder->folder = file->folder;
    folder->handlers = NULL;
    iw_arena_reset(&folder->arena);
    iw_handler_cache_turn(&finding->cache);
    IW_TRY(iw_web_urls_of(&build->web, iw_path_folder(file->path), &build->work, &folder->spots));
    folder->handlers =
        iw_arena_calloc(&folder->arena, folder->spots.n + 1, sizeof *folder->handlers);
    if (folder->handlers == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < folder->spots.n; i++) {
        const struct iw_web_spot *spot = &folder->spots.items[i];
        IW_TRY(iw_handler_cache_get(&finding->cache, spot->application->pool, &spot->place,
                                    &folder->handlers[i]));
    }
    return IW_OK;
}

/* "/app/x.aspx" of a file right in the folder of a spot. */
static struct iw_str url_of(struct iw_server_build *build, const struct iw_web_spot *spot,
                            struct iw_str name)
{
    struct iw_str below = iw_config_place_below(spot->place.path, 1);
    return iw_keep_format(build, "%.*s/%.*s", IW_STR_ARG(below), IW_STR_ARG(name));
}

static bool runs(const struct iw_web_answer *answer, struct iw_str name, struct iw_str key,
                 const char **ret_assumed)
{
    bool is_indirect;
    const char *usual = usual_processor(name, key, &is_indirect);
    *ret_assumed = NULL;
    if (answer->verdict == IW_WEB_EXECUTES)
        return true;
    if (usual == NULL || (!is_indirect && answer->verdict != IW_WEB_UNKNOWN))
        return false;
    *ret_assumed = usual;
    return true;
}

static enum iw_rc ask(struct finding *finding, size_t index)
{
    struct iw_server_build *build = finding->build;
    const struct iw_collected_file *file = &build->collection->files[index];
    struct iw_str name = opened_name(file->name);
    struct hit hit = {.index = index};
    bool found = false;
    IW_TRY(enter(finding, file));
    for (size_t i = 0; i < finding->folder.spots.n; i++) {
        const struct iw_web_spot *spot = &finding->folder.spots.items[i];
        struct iw_str url = url_of(build, spot, name);
        struct iw_web_answer answer;
        const char *assumed;
        if (url.p == NULL)
            return IW_ENOMEM;
        answer = iw_web_answer_of(finding->folder.handlers[i], url);
        if (!runs(&answer, name, file->key, &assumed))
            continue;
        if (!iw_keep_line(build, &hit.urls, url))
            return IW_ENOMEM;
        if (found)
            continue;
        found = true;
        hit.spot = spot;
        hit.is_certain = answer.is_certain && assumed == NULL;
        hit.is_made_to_run = assumed == NULL && is_made_to_run(&answer, name);
        hit.processor = assumed != NULL ? iw_str_of(assumed) : answer.processor;
        if (assumed == NULL && answer.handler != NULL)
            hit.name = iw_config_value(answer.handler->element, IW_STR("name"), IW_STR(""));
    }
    if (found) {
        struct hit *row = iw_rows_add(&finding->hits, sizeof hit);
        if (row == NULL)
            return IW_ENOMEM;
        *row = hit;
    }
    return IW_OK;
}

/* --- roots nobody configured ----------------------------------------------------------------- */

/* Whether a file lies below a root that is assumed. */
static bool is_below_assumed(const struct iw_server_build *build, struct iw_str key)
{
    const struct iw_inventory_root *roots = build->roots.items;
    const struct iw_str *keys = build->root_keys.items;
    for (size_t i = 0; i < build->roots.n; i++) {
        if (roots[i].is_assumed && iw_server_path_covers(keys[i], key))
            return true;
    }
    return false;
}

/* A web.config that no place is known of runs where it is in force: by what it says itself. */
static enum iw_rc believe(struct finding *finding, size_t index)
{
    struct iw_server_build *build = finding->build;
    struct hit *row;
    if (!is_web_config(&build->collection->files[index]) ||
        !iw_web_mark_is_told(build->reading->marks[index], IW_WEB_MARK_RUNS_CONFIGURATION))
        return IW_OK;
    row = iw_rows_add(&finding->hits, sizeof *row);
    if (row == NULL)
        return IW_ENOMEM;
    row->index = index;
    row->processor = IW_STR("a handler of its own");
    return IW_OK;
}

/* By its ending alone: below an assumed root, or a file given without any place. */
static enum iw_rc assume(struct finding *finding, size_t index)
{
    struct iw_server_build *build = finding->build;
    const struct iw_collected_file *file = &build->collection->files[index];
    bool is_indirect;
    const char *usual = usual_processor(opened_name(file->name), file->key, &is_indirect);
    struct hit *row;
    if (usual == NULL || (file->key.n != 0 && !is_below_assumed(build, file->key)))
        return IW_OK;
    row = iw_rows_add(&finding->hits, sizeof *row);
    if (row == NULL)
        return IW_ENOMEM;
    row->index = index;
    row->processor = iw_str_of(usual);
    return IW_OK;
}

/* --- all ------------------------------------------------------------------------------------ */

static enum iw_rc find(struct finding *finding)
{
    struct iw_server_build *build = finding->build;
    for (size_t i = 0; i < build->collection->n; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        size_t n = finding->hits.n;
        if (iw_build_is_cancelled(build))
            return IW_ECANCELLED;
        if (file->is_copy || !iw_build_is_mine(build, file))
            continue;
        if (file->key.n != 0)
            IW_TRY(ask(finding, i));
        if (finding->hits.n == n && (file->key.n == 0 || finding->folder.spots.n == 0)) {
            IW_TRY(assume(finding, i));
            IW_TRY(believe(finding, i));
        } else if (finding->hits.n == n)
            iw_ledger_pass_over(build->ledger, file->file->ledger_index,
                                "below a web root, and does not execute: not read");
    }
    return IW_OK;
}

static bool keep(struct iw_server_build *build, const struct hit *hit)
{
    struct iw_inventory_web_file *row = iw_rows_add(&build->web_files, sizeof *row);
    if (row == NULL)
        return false;
    row->file = build->facts[hit->index];
    row->urls = hit->urls;
    row->handler = iw_keep(build, hit->name);
    row->processor = iw_keep(build, hit->processor);
    row->is_certain = hit->is_certain;
    row->keeps_time = build->collection->keeps_times;
    row->first_seen.time_ns = IW_TIME_UNKNOWN;
    row->site = iw_keep(build, hit->spot != NULL ? hit->spot->site->name : IW_STR(""));
    row->application =
        iw_keep(build, hit->spot != NULL ? hit->spot->application->path : IW_STR(""));
    return row->handler.p != NULL && row->processor.p != NULL && row->site.p != NULL &&
           row->application.p != NULL;
}

/* Files of all hits that are not read yet. */
static enum iw_rc read_unread(struct iw_server_build *build, const size_t *indices, size_t n)
{
    size_t *unread = iw_calloc(n + 1, sizeof *unread);
    size_t n_unread = 0;
    enum iw_rc rc;
    if (unread == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (build->facts[indices[i]].state == IW_ITEM_FILE_NONE)
            unread[n_unread++] = indices[i];
    }
    rc = iw_facts_read(build->reading, unread, n_unread);
    iw_free(unread);
    return rc;
}

/* Each web.config that may say of itself that it runs. */
static enum iw_rc read_web_configs(struct iw_server_build *build)
{
    const struct iw_collection *collection = build->collection;
    size_t *indices = iw_calloc(collection->n + 1, sizeof *indices);
    size_t n = 0;
    enum iw_rc rc;
    if (indices == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < collection->n; i++) {
        const struct iw_collected_file *file = &collection->files[i];
        if (is_web_config(file) && !file->is_copy && iw_build_is_mine(build, file))
            indices[n++] = i;
    }
    rc = read_unread(build, indices, n);
    iw_free(indices);
    return rc;
}

static enum iw_rc keep_hits(struct iw_server_build *build, const struct hit *hits, size_t n)
{
    size_t *indices = iw_calloc(n + 1, sizeof *indices);
    bool *made_to_run = iw_calloc(n + 1, sizeof *made_to_run);
    enum iw_rc rc = indices != NULL && made_to_run != NULL ? IW_OK : IW_ENOMEM;
    for (size_t i = 0; rc == IW_OK && i < n; i++) {
        indices[i] = hits[i].index;
        made_to_run[i] = hits[i].is_made_to_run;
    }
    if (rc == IW_OK)
        rc = read_unread(build, indices, n);
    for (size_t i = 0; rc == IW_OK && i < n; i++) {
        if (build->web_files.n >= IW_LIMIT_INVENTORY_ROWS)
            build->n_hidden_rows++;
        else if (!keep(build, &hits[i]))
            rc = IW_ENOMEM;
    }
    if (rc == IW_OK)
        rc = iw_build_web_marks(build, indices, made_to_run, n);
    iw_free(made_to_run);
    iw_free(indices);
    return rc;
}

enum iw_rc iw_build_web_files(struct iw_server_build *build)
{
    struct finding finding = {.build = build};
    enum iw_rc rc;
    iw_arena_init(&finding.folder.arena, 0);
    iw_handler_cache_init(&finding.cache, build->config);
    rc = read_web_configs(build);
    if (rc == IW_OK)
        rc = find(&finding);
    iw_handler_cache_done(&finding.cache);
    iw_arena_done(&finding.folder.arena);
    if (rc == IW_OK)
        rc = keep_hits(build, finding.hits.items, finding.hits.n);
    iw_free(finding.hits.items);
    return rc;
}
