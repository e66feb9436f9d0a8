/*
 * What a server serves, and what is wrong with its configuration.
 */
#include "iis/inventory/server_build.h"

#include <stdio.h>

/* --- problems ------------------------------------------------------------------------------- */

static const char *const PROBLEM_KINDS[IW_CONFIG_PROBLEM_COUNT] = {
    [IW_CONFIG_PROBLEM_FILE] = "damaged",
    [IW_CONFIG_PROBLEM_TEXT] = "text",
    [IW_CONFIG_PROBLEM_ENCRYPTED] = "encrypted",
    [IW_CONFIG_PROBLEM_REDIRECTED] = "redirected",
    [IW_CONFIG_PROBLEM_SOURCE] = "not-at-hand",
    [IW_CONFIG_PROBLEM_CIRCULAR] = "circular",
    [IW_CONFIG_PROBLEM_LOCKED] = "locked",
    [IW_CONFIG_PROBLEM_MISPLACED] = "misplaced",
    [IW_CONFIG_PROBLEM_UNDECLARED] = "undeclared",
    [IW_CONFIG_PROBLEM_ITEM] = "locked-entry",
    [IW_CONFIG_PROBLEM_STRANGER] = "unknown-element",
    [IW_CONFIG_PROBLEM_DUPLICATE] = "duplicate",
    [IW_CONFIG_PROBLEM_LIMIT] = "limit",
};

/* What is read in part, or not at all, is evidence that was lost: the ledger has to say so. */
static void account_damage(struct iw_server_build *build, const struct iw_config_problem *problem)
{
    const struct iw_map_entry *entry = iw_map_find(&build->collection->by_source, problem->file);
    const struct iw_collected_file *file = entry != NULL ? entry->value.pointer : NULL;
    struct iw_account account = {0};
    if (file == NULL ||
        (problem->kind != IW_CONFIG_PROBLEM_FILE && problem->kind != IW_CONFIG_PROBLEM_LIMIT))
        return;
    if (build->ledger->sources[file->file->ledger_index].account.damage[IW_DAMAGE_CONFIG].count !=
        0)
        return; /* told already, by another server that shares the file */
    iw_account_damage(&account, IW_DAMAGE_CONFIG, 0, 1);
    iw_ledger_use(build->ledger, file->file->ledger_index, &account);
}

enum iw_rc iw_build_config_problems(struct iw_server_build *build, const struct iw_config *config)
{
    for (const struct iw_config_problem *at = config->problems; at != NULL; at = at->next) {
        account_damage(build, at);
        IW_TRY(iw_build_problem(build, PROBLEM_KINDS[at->kind], at->file, at->line, at->column,
                                at->place, at->what));
    }
    if (config->n_hidden == 0)
        return IW_OK;
    return iw_build_problem(
        build, "limit", IW_STR(""), 0, 0, IW_STR(""),
        iw_keep_format(build, "%zu more problems are not listed", config->n_hidden));
}

/* --- sites and pools ------------------------------------------------------------------------ */

static bool keep_site(struct iw_server_build *build, const struct iw_server_site *from,
                      struct iw_inventory_site *to)
{
    bool logs = from->log.is_enabled && !from->skips_log;
    to->name = iw_keep(build, from->name);
    to->id = from->id;
    to->auto_start = from->auto_start;
    to->log_folder = logs ? iw_keep_format(build, "%.*s\\%.*s", IW_STR_ARG(from->log.folder.path),
                                           IW_STR_ARG(from->log_name))
                          : IW_STR("");
    for (size_t i = 0; i < from->n_bindings; i++) {
        struct iw_str line =
            iw_keep_format(build, "%.*s %.*s", IW_STR_ARG(from->bindings[i].protocol),
                           IW_STR_ARG(from->bindings[i].information));
        if (!iw_keep_line(build, &to->bindings, line))
            return false;
    }
    return to->name.p != NULL && to->log_folder.p != NULL;
}

static bool keep_pool(struct iw_server_build *build, const struct iw_server_pool *from,
                      struct iw_inventory_pool *to)
{
    *to = (struct iw_inventory_pool){.name = iw_keep(build, from->name),
                                     .clr = iw_keep(build, from->clr),
                                     .identity = iw_keep(build, from->identity),
                                     .user = iw_keep(build, from->user),
                                     .is_32 = from->is_32,
                                     .is_classic = from->is_classic};
    return to->name.p != NULL && to->clr.p != NULL && to->identity.p != NULL && to->user.p != NULL;
}

bool iw_keep_root(struct iw_server_build *build, const struct iw_server_site *site,
                  const struct iw_server_application *application,
                  const struct iw_server_directory *directory, struct iw_inventory_root *root)
{
    root->site = iw_keep(build, site->name);
    root->application = iw_keep(build, application->path);
    root->directory = iw_keep(build, directory->path);
    root->pool = iw_keep(build, application->pool_name);
    root->is_resolved = directory->root.is_resolved;
    root->path = iw_keep(build, directory->root.is_resolved ? directory->root.path
                                                            : directory->root.written);
    return root->site.p != NULL && root->application.p != NULL && root->directory.p != NULL &&
           root->pool.p != NULL && root->path.p != NULL;
}

static bool keep_root(struct iw_server_build *build, const struct iw_server_site *site,
                      const struct iw_server_application *application,
                      const struct iw_server_directory *directory)
{
    struct iw_inventory_root *root =
        iw_build_root(build, directory->root.is_resolved ? directory->root.key : IW_STR(""));
    return root != NULL && iw_keep_root(build, site, application, directory, root);
}

static bool keep_roots(struct iw_server_build *build, const struct iw_server_site *site)
{
    for (size_t i = 0; i < site->n_applications; i++) {
        const struct iw_server_application *application = &site->applications[i];
        for (size_t k = 0; k < application->n_directories; k++) {
            if (!keep_root(build, site, application, &application->directories[k]))
                return false;
        }
    }
    return true;
}

/* Why what is listed may not be all. */
static struct iw_str why_not_authoritative(const struct iw_server_build *build)
{
    const struct iw_server *web = &build->web;
    const struct iw_config_file *file = build->config->files;
    while (file != NULL && file->role != IW_CONFIG_SERVER)
        file = file->next;
    if (build->live == NULL)
        return IW_STR("no applicationHost.config in evidence");
    if (file == NULL)
        return IW_STR("applicationHost.config could not be read");
    if (file->tree.defect != IW_CONFIG_WHOLE)
        return IW_STR(
            "applicationHost.config is damaged: what stands behind the damage is unknown");
    if (!web->is_authoritative)
        return IW_STR("the configuration is redirected to a place that is not in evidence");
    if (web->pools_unknown || web->sites_unknown)
        return IW_STR("sites or pools stand in a section that is encrypted or not at hand");
    return IW_STR("");
}

enum iw_rc iw_build_sites(struct iw_server_build *build)
{
    struct iw_inventory_server *server = build->server;
    struct iw_arena *arena = &build->inventory->arena;
    bool ok = true;
    server->n_sites = build->web.n_sites;
    server->n_pools = build->web.n_pools;
    server->sites = iw_arena_calloc(arena, server->n_sites + 1, sizeof *server->sites);
    server->pools = iw_arena_calloc(arena, server->n_pools + 1, sizeof *server->pools);
    if (server->sites == NULL || server->pools == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; ok && i < server->n_sites; i++)
        ok = keep_site(build, &build->web.sites[i], &server->sites[i]) &&
             keep_roots(build, &build->web.sites[i]);
    for (size_t i = 0; ok && i < server->n_pools; i++)
        ok = keep_pool(build, &build->web.pools[i], &server->pools[i]);
    server->why_not = why_not_authoritative(build);
    server->is_authoritative = server->why_not.n == 0;
    return ok ? IW_OK : IW_ENOMEM;
}
