#include "engine/approvals.h"

#include "base/limits.h"
#include "engine/user_file.h"
#include "event/host.h"

/* Problems of the user's files that are told; the rest is counted. */
#define PROBLEMS_TOLD 20U
#define MISSING_TOLD 100U

/* --- before confinement --------------------------------------------------------------------- */

static enum iw_rc read(struct iw_approvals *approvals, const char *path, struct iw_str *ret,
                       struct iw_error *err)
{
    return iw_user_file_read(path, IW_LIMIT_CHANGE_FILE_BYTES, &approvals->arena, ret, err);
}

static bool is_csv(const char *path)
{
    return iw_str_ends_nocase(iw_str_of(path), IW_STR(".csv"));
}

static enum iw_rc read_changes(struct iw_approvals *approvals,
                               const struct iw_server_options *options, struct iw_error *err)
{
    struct iw_str map = IW_STR("");
    if (options->n_change_paths == 0)
        return options->change_map_path == NULL
                   ? IW_OK
                   : iw_error_set(err, IW_EUSAGE, "--changes-map without --changes");
    approvals->changes = iw_changes_new();
    if (approvals->changes == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (options->change_map_path != NULL)
        IW_TRY(read(approvals, options->change_map_path, &map, err));
    for (size_t i = 0; i < options->n_change_paths; i++) {
        const char *path = options->change_paths[i];
        struct iw_str bytes;
        enum iw_rc rc;
        IW_TRY(read(approvals, path, &bytes, err));
        rc = is_csv(path) ? iw_changes_add_csv(approvals->changes, bytes, path, map,
                                               options->change_map_path, err)
                          : iw_changes_add_yaml(approvals->changes, bytes, path, err);
        IW_TRY(iw_user_file_rc(rc, err));
    }
    return IW_OK;
}

static enum iw_rc read_estate(struct iw_approvals *approvals,
                              const struct iw_server_options *options, struct iw_error *err)
{
    struct iw_str bytes;
    if (options->estate_path == NULL)
        return IW_OK;
    approvals->estate = iw_estate_new();
    if (approvals->estate == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(read(approvals, options->estate_path, &bytes, err));
    return iw_user_file_rc(iw_estate_add_yaml(approvals->estate, bytes, options->estate_path, err),
                           err);
}

enum iw_rc iw_approvals_open(struct iw_approvals *approvals,
                             const struct iw_server_options *options, struct iw_error *err)
{
    memset(approvals, 0, sizeof *approvals);
    iw_arena_init(&approvals->arena, 0);
    IW_TRY(read_changes(approvals, options, err));
    return read_estate(approvals, options, err);
}

void iw_approvals_close(struct iw_approvals *approvals)
{
    iw_changes_free(approvals->changes);
    iw_estate_free(approvals->estate);
    iw_arena_done(&approvals->arena);
    memset(approvals, 0, sizeof *approvals);
}

/* --- what was refused ----------------------------------------------------------------------- */

static enum iw_rc tell_problems(struct iw_run *run, const struct iw_change_problem *problems,
                                size_t n, size_t n_hidden)
{
    run->n_refused_records += n + n_hidden;
    for (size_t i = 0; i < n && i < PROBLEMS_TOLD; i++)
        IW_TRY(iw_run_note(run, "%.*s:%u:%u: %.*s%s%.*s", IW_STR_ARG(problems[i].file),
                           problems[i].line, problems[i].column, IW_STR_ARG(problems[i].id),
                           problems[i].id.n != 0 ? ": " : "", IW_STR_ARG(problems[i].what)));
    if (n + n_hidden <= PROBLEMS_TOLD)
        return IW_OK;
    return iw_run_note(run, "%zu more problems of change records or estate",
                       n + n_hidden - PROBLEMS_TOLD);
}

/* --- servers nobody collected --------------------------------------------------------------- */

static enum iw_rc mark_known(struct iw_inventory *inventory, const struct iw_estate *estate,
                             bool *is_there)
{
    size_t n_entries;
    const struct iw_estate_server *entries = iw_estate_servers(estate, &n_entries);
    for (size_t i = 0; i < inventory->n_servers; i++) {
        struct iw_inventory_server *server = &inventory->servers[i];
        const struct iw_estate_server *entry = NULL;
        if (server->host.n == 0)
            continue;
        IW_TRY(iw_estate_find(estate, server->host, server->host, &entry));
        if (entry == NULL)
            continue;
        server->known_by |= IW_SERVER_BY_ESTATE;
        is_there[entry - entries] = true;
    }
    return IW_OK;
}

static bool is_missing(const struct iw_estate_server *entry, bool is_there)
{
    return !is_there && !entry->is_glob;
}

static bool add_missing(struct iw_inventory *inventory, const struct iw_estate_server *entry)
{
    struct iw_str host = iw_arena_copy(&inventory->arena, iw_host_label(entry->host));
    if (host.p == NULL)
        return false;
    inventory->servers[inventory->n_servers++] = (struct iw_inventory_server){
        .host = host,
        .source = IW_STR(""),
        .known_by = IW_SERVER_BY_ESTATE,
        .why_not = IW_STR("the estate lists it, and nothing of it is in evidence"),
        .version = IW_STR(""),
    };
    return true;
}

static enum iw_rc tell_missing(const struct iw_estate_server *entries, size_t n_entries,
                               const bool *is_there, struct iw_run *run)
{
    size_t n_missing = 0, n_told = 0;
    for (size_t i = 0; i < n_entries; i++)
        n_missing += is_missing(&entries[i], is_there[i]);
    if (n_missing == 0)
        return IW_OK;
    if (!iw_inventory_reserve(&run->inventory, n_missing))
        return IW_ENOMEM;
    for (size_t i = 0; i < n_entries; i++) {
        if (!is_missing(&entries[i], is_there[i]))
            continue;
        if (!add_missing(&run->inventory, &entries[i]))
            return IW_ENOMEM;
        if (n_told++ < MISSING_TOLD)
            IW_TRY(iw_run_note(run, "%.*s: the estate lists it, and nothing of it is in evidence",
                               IW_STR_ARG(entries[i].host)));
    }
    if (n_missing <= MISSING_TOLD)
        return IW_OK;
    return iw_run_note(run,
                       "%zu more servers that the estate lists, with nothing of them in evidence: "
                       "see the inventory",
                       n_missing - MISSING_TOLD);
}

static enum iw_rc tell_estate(const struct iw_estate *estate, struct iw_run *run)
{
    size_t n_entries;
    const struct iw_estate_server *entries = iw_estate_servers(estate, &n_entries);
    bool *is_there = iw_arena_calloc(&run->arena, n_entries + 1, sizeof *is_there);
    if (is_there == NULL)
        return IW_ENOMEM;
    IW_TRY(mark_known(&run->inventory, estate, is_there));
    return tell_missing(entries, n_entries, is_there, run);
}

enum iw_rc iw_approvals_tell(const struct iw_approvals *approvals, struct iw_run *run)
{
    const struct iw_change_problem *problems;
    size_t n;
    if (approvals->changes != NULL) {
        problems = iw_changes_problems(approvals->changes, &n);
        IW_TRY(tell_problems(run, problems, n, iw_changes_problems_hidden(approvals->changes)));
    }
    if (approvals->estate == NULL)
        return IW_OK;
    problems = iw_estate_problems(approvals->estate, &n);
    IW_TRY(tell_problems(run, problems, n, iw_estate_problems_hidden(approvals->estate)));
    return tell_estate(approvals->estate, run);
}
