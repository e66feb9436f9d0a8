/*
 * The configuration of one server out of the collected files. Two rounds: the files of the server
 * itself tell where its web roots are, and only then it is known which web.config is which place's.
 */
#include "iis/inventory/server_build.h"

#include "base/limits.h"
#include "base/path_name.h"

/* --- what other files name ------------------------------------------------------------------ */

/* `x\y.config` beside the file that names it, in either kind of tree. */
static const struct iw_collected_file *find_named(const struct iw_server_build *build,
                                                  struct iw_str base, struct iw_str name,
                                                  struct iw_arena *arena, bool *ret_no_memory)
{
    const struct iw_map_entry *entry = iw_map_find(&build->collection->by_source, base);
    const struct iw_collected_file *from = entry != NULL ? entry->value.pointer : NULL;
    bool is_placed = from != NULL && from->key.n != 0;
    struct iw_str folder = iw_path_folder(is_placed ? from->path : base);
    struct iw_server_path path;
    char *joined = iw_arena_alloc(arena, folder.n + name.n + 1);

    *ret_no_memory = joined == NULL;
    if (joined == NULL)
        return NULL;
    if (folder.n != 0)
        memcpy(joined, folder.p, folder.n);
    joined[folder.n] = is_placed ? '\\' : '/';
    for (size_t i = 0; i < name.n; i++)
        joined[folder.n + 1 + i] = !is_placed && name.p[i] == '\\' ? '/' : name.p[i];
    if (!is_placed) {
        entry = iw_map_find(&build->collection->by_source,
                            (struct iw_str){joined, folder.n + 1 + name.n});
        return entry != NULL ? entry->value.pointer : NULL;
    }
    *ret_no_memory =
        !iw_server_path_read((struct iw_str){joined, folder.n + 1 + name.n}, false, arena, &path);
    return *ret_no_memory ? NULL : iw_collection_find(build->collection, path.key);
}

static enum iw_rc load_named(void *context, struct iw_str base, struct iw_str name,
                             struct iw_arena *arena, struct iw_str *ret_name,
                             struct iw_str *ret_bytes)
{
    struct iw_server_build *build = context;
    bool no_memory;
    const struct iw_collected_file *file = find_named(build, base, name, arena, &no_memory);
    enum iw_rc rc;
    if (file == NULL)
        return no_memory ? IW_ENOMEM : IW_END;
    *ret_name = file->source;
    rc = iw_config_bytes(build, file, arena, ret_bytes);
    return rc == IW_EIO || rc == IW_ELIMIT ? IW_END : rc;
}

/* --- reading -------------------------------------------------------------------------------- */

enum iw_rc iw_config_bytes(struct iw_server_build *build, const struct iw_collected_file *file,
                           struct iw_arena *arena, struct iw_str *ret)
{
    struct iw_error error = {.rc = IW_OK};
    struct iw_account account = {0};
    enum iw_rc rc =
        iw_collected_read(file, build->ledger, IW_LIMIT_CONFIG_FILE_BYTES, arena, ret, &error);
    if (rc == IW_EIO || rc == IW_ELIMIT)
        iw_ledger_lose(build->ledger, file->file->ledger_index, error.message);
    if (rc != IW_OK)
        return rc;
    /* A file may be asked for by several; its bytes count once. */
    if (build->ledger->sources[file->file->ledger_index].account.read_bytes == 0)
        account.read_bytes = ret->n;
    iw_ledger_use(build->ledger, file->file->ledger_index, &account);
    return IW_OK;
}

enum iw_rc iw_config_take(struct iw_server_build *build, struct iw_config *config,
                          const struct iw_collected_file *file, enum iw_config_role role,
                          struct iw_str place)
{
    struct iw_config_source source = {.role = role, .name = file->source, .place = place};
    enum iw_rc rc;
    /* One web.config may be in force at any number of places, and is read for each. */
    if (config->n_bytes >= IW_LIMIT_CONFIG_SERVER_BYTES)
        return iw_build_problem(build, "limit", file->source, 0, 0, place,
                                iw_keep_format(build,
                                               "more than %lu bytes of configuration: what this "
                                               "file configures there is unknown",
                                               IW_LIMIT_CONFIG_SERVER_BYTES));
    rc = iw_config_bytes(build, file, &build->work, &source.bytes);
    if (rc == IW_EIO || rc == IW_ELIMIT)
        return iw_build_problem(
            build, "unreadable", file->source, 0, 0, place,
            IW_STR("the file could not be read: what it configures is unknown"));
    IW_TRY(rc);
    return iw_config_add(config, &source);
}

struct iw_config *iw_config_begin(struct iw_server_build *build)
{
    const struct iw_config_loader loader = {load_named, build};
    return iw_config_new(&loader);
}

/* --- which files ---------------------------------------------------------------------------- */

static const struct iw_collected_file *find_part(const struct iw_server_build *build,
                                                 enum iw_config_part part)
{
    for (size_t i = 0; i < build->n_configs; i++) {
        const struct iw_config_candidate *candidate = &build->configs[i];
        if (candidate->part == part && !candidate->file->is_copy && candidate->file->key.n != 0)
            return candidate->file;
    }
    return NULL;
}

/* The framework most pools run in: 64 bits, version 4. The others are read beside it. */
bool iw_config_is_main_framework(const struct iw_collected_file *file)
{
    struct iw_str framework = iw_config_framework(file->key);
    return framework.n == 0 || iw_str_begins_nocase(framework, IW_STR("framework64\\v4."));
}

static enum iw_rc take_frameworks(struct iw_server_build *build, struct iw_config *config)
{
    for (size_t i = 0; i < build->n_configs; i++) {
        const struct iw_config_candidate *candidate = &build->configs[i];
        enum iw_config_role role =
            candidate->part == IW_CONFIG_PART_ROOT_WEB ? IW_CONFIG_ROOT_WEB : IW_CONFIG_MACHINE;
        if ((candidate->part != IW_CONFIG_PART_MACHINE &&
             candidate->part != IW_CONFIG_PART_ROOT_WEB &&
             candidate->part != IW_CONFIG_PART_RUNTIME) ||
            candidate->file->is_copy || candidate->file->key.n == 0 ||
            !iw_config_is_main_framework(candidate->file))
            continue;
        IW_TRY(iw_config_take(build, config, candidate->file, role, IW_STR("")));
    }
    return IW_OK;
}

/* Where configuration is redirected to a folder that was collected, what lies there is in force. */
static enum iw_rc find_redirected(struct iw_server_build *build,
                                  const struct iw_collected_file *redirection,
                                  const struct iw_collected_file **ret)
{
    struct iw_config *config = iw_config_begin(build);
    enum iw_rc rc = config != NULL ? iw_config_take(build, config, redirection,
                                                    IW_CONFIG_REDIRECTION, IW_STR(""))
                                   : IW_ENOMEM;
    *ret = NULL;
    if (rc == IW_OK)
        rc = iw_config_settle(config);
    if (rc == IW_OK && config->is_redirected) {
        struct iw_server_path path;
        struct iw_str named = iw_keep_format(build, "%.*s\\applicationHost.config",
                                             IW_STR_ARG(config->redirected_to));
        if (named.p == NULL || !iw_server_path_read(named, false, &build->work, &path))
            rc = IW_ENOMEM;
        else
            *ret = iw_collection_find(build->collection, path.key);
    }
    iw_config_free(config);
    return rc;
}

/* Settles which applicationHost.config is in force, before anything is read from it. */
static enum iw_rc resolve_redirection(struct iw_server_build *build)
{
    const struct iw_collected_file *elsewhere;
    build->redirection = NULL;
    if (build->live == NULL || build->live->key.n == 0)
        return IW_OK;
    build->redirection = find_part(build, IW_CONFIG_PART_REDIRECTION);
    if (build->redirection == NULL)
        return IW_OK;
    IW_TRY(find_redirected(build, build->redirection, &elsewhere));
    if (elsewhere == NULL || elsewhere == build->live)
        return IW_OK;
    IW_TRY(iw_build_problem(build, "redirected", build->redirection->source, 0, 0, IW_STR(""),
                            iw_keep_format(build,
                                           "configuration is read from %.*s, which is in "
                                           "evidence; %.*s is not in force",
                                           IW_STR_ARG(elsewhere->path),
                                           IW_STR_ARG(build->live->source))));
    build->live = elsewhere;
    build->redirection = NULL;
    return IW_OK;
}

static enum iw_rc take_server(struct iw_server_build *build, struct iw_config *config)
{
    const struct iw_collected_file *administration =
        build->live->key.n != 0 ? find_part(build, IW_CONFIG_PART_ADMINISTRATION) : NULL;
    if (build->redirection != NULL)
        IW_TRY(
            iw_config_take(build, config, build->redirection, IW_CONFIG_REDIRECTION, IW_STR("")));
    if (administration != NULL)
        IW_TRY(iw_config_take(build, config, administration, IW_CONFIG_ADMINISTRATION, IW_STR("")));
    return iw_config_take(build, config, build->live, IW_CONFIG_SERVER, IW_STR(""));
}

static enum iw_rc take_server_files(struct iw_server_build *build, struct iw_config *config)
{
    if (build->takes_placed)
        IW_TRY(take_frameworks(build, config));
    return build->live != NULL ? take_server(build, config) : IW_OK;
}

/* --- web.config ----------------------------------------------------------------------------- */

static enum iw_rc take_at(struct iw_server_build *build, struct iw_config *config,
                          const struct iw_collected_file *file, const struct iw_web_spot *spot)
{
    struct iw_server_path root = spot->directory->root;
    bool is_root = iw_str_equal(root.key, file->folder);
    if (!is_root && !spot->directory->allows_subfolder_config)
        return iw_build_problem(build, "not-in-force", file->source, 0, 0, spot->place.path,
                                IW_STR("allowSubDirConfig is false: IIS does not read this file"));
    return iw_config_take(build, config, file, IW_CONFIG_WEB, spot->place.path);
}

/* Every place the folder of a web.config has. *ret_n: how many. */
static enum iw_rc take_web_config(struct iw_server_build *build, const struct iw_server *server,
                                  struct iw_config *config, const struct iw_collected_file *file,
                                  size_t *ret_n)
{
    struct iw_web_spots spots;
    IW_TRY(iw_web_urls_of(server, iw_path_folder(file->path), &build->work, &spots));
    for (size_t i = 0; i < spots.n; i++)
        IW_TRY(take_at(build, config, file, &spots.items[i]));
    *ret_n = spots.n;
    return IW_OK;
}

static enum iw_rc take_web_configs(struct iw_server_build *build, const struct iw_server *server,
                                   struct iw_config *config)
{
    for (size_t i = 0; i < build->n_configs; i++) {
        struct iw_config_candidate *candidate = &build->configs[i];
        size_t n;
        if (candidate->part != IW_CONFIG_PART_WEB || candidate->file->is_copy ||
            candidate->file->key.n == 0)
            continue;
        IW_TRY(take_web_config(build, server, config, candidate->file, &n));
        if (n != 0)
            candidate->is_placed = true;
    }
    return IW_OK;
}

/* --- the whole ------------------------------------------------------------------------------ */

static enum iw_rc first_round(struct iw_server_build *build, struct iw_server *ret_server,
                              struct iw_config **ret)
{
    struct iw_config *config = iw_config_begin(build);
    enum iw_rc rc = config != NULL ? take_server_files(build, config) : IW_ENOMEM;
    if (rc == IW_OK)
        rc = iw_config_settle(config);
    if (rc == IW_OK)
        rc = iw_server_read(config, &build->work, ret_server);
    *ret = config;
    return rc;
}

static enum iw_rc second_round(struct iw_server_build *build, const struct iw_server *server)
{
    build->config = iw_config_begin(build);
    if (build->config == NULL)
        return IW_ENOMEM;
    IW_TRY(take_server_files(build, build->config));
    IW_TRY(take_web_configs(build, server, build->config));
    IW_TRY(iw_config_settle(build->config));
    return iw_server_read(build->config, &build->work, &build->web);
}

enum iw_rc iw_build_config(struct iw_server_build *build)
{
    struct iw_server server;
    struct iw_config *config = NULL;
    size_t n_problems;
    enum iw_rc rc = resolve_redirection(build);
    n_problems = build->problems.n;
    if (rc == IW_OK)
        rc = first_round(build, &server, &config);
    build->problems.n = n_problems; /* the second round meets them again */
    if (rc == IW_OK)
        rc = second_round(build, &server);
    iw_config_free(config);
    for (size_t i = 0; rc == IW_OK && i < build->web.n_pools; i++)
        build->has_32_bit |= build->web.pools[i].is_32;
    return rc;
}
