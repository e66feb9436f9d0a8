/*
 * Host by host: which configurations there are, programs read, then one server after the other.
 *
 * A host has one server where its files lie in a tree with Windows paths. Configurations that were
 * given without any are servers of their own, each with nothing but itself; what else was given so
 * belongs to a server nobody knows.
 */
#include "iis/inventory/inventory_build.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/config/config_decode.h"
#include "iis/inventory/file_facts.h"
#include "iis/inventory/server_build.h"
#include "iis/signature/catalogue.h"

#define HEAD_BYTES 65536U

/* What all servers of one host share. */
struct host_build {
    const struct iw_inventory_options *options;
    struct iw_run *run;
    const struct iw_collection *collection;
    struct iw_arena work;
    struct iw_host_registry registry;
    struct iw_catalogues *catalogues;
    struct iw_item_file *facts;
    struct iw_fact_reading reading;
    struct iw_config_candidate *configs;
    size_t n_configs;
};

/* --- configurations ------------------------------------------------------------------------- */

static enum iw_rc read_head(struct host_build *host, const struct iw_collected_file *file,
                            struct iw_str *ret)
{
    struct iw_config_text text;
    struct iw_error error;
    struct iw_str bytes;
    enum iw_rc rc;
    *ret = IW_STR("");
    if (file->key.n != 0 || file->file->kind != IW_EVIDENCE_CONFIG)
        return IW_OK; /* its place and name decide */
    rc = iw_collected_read(file, &host->run->ledger, IW_LIMIT_CONFIG_FILE_BYTES, &host->work,
                           &bytes, &error);
    if (rc != IW_OK)
        return rc == IW_ENOMEM ? rc : IW_OK;
    bytes.n = bytes.n < HEAD_BYTES ? bytes.n : HEAD_BYTES;
    if (!iw_config_decode(bytes, &host->work, &text))
        return IW_ENOMEM;
    *ret = text.text;
    return IW_OK;
}

static enum iw_rc find_configs(struct host_build *host)
{
    const struct iw_collection *collection = host->collection;
    host->configs = iw_arena_calloc(&host->work, collection->n + 1, sizeof *host->configs);
    if (host->configs == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < collection->n; i++) {
        const struct iw_collected_file *file = &collection->files[i];
        enum iw_config_part part;
        struct iw_str head;
        IW_TRY(read_head(host, file, &head));
        part = iw_config_part_of(file, head);
        if (part != IW_CONFIG_PART_NONE)
            host->configs[host->n_configs++] =
                (struct iw_config_candidate){.file = file, .part = part};
        else if (file->file->kind == IW_EVIDENCE_CONFIG)
            iw_ledger_pass_over(&host->run->ledger, file->file->ledger_index,
                                "configuration of a program, not of the web server");
    }
    return IW_OK;
}

/* --- programs ------------------------------------------------------------------------------- */

static enum iw_rc add_catalogue(struct host_build *host, const struct iw_collected_file *file)
{
    struct iw_account account = {0};
    const struct iw_catalogue *added = NULL;
    struct iw_error error = {.rc = IW_OK};
    struct iw_str bytes;
    struct iw_arena work;
    enum iw_rc rc;
    iw_arena_init(&work, 0);
    rc = iw_collected_read(file, &host->run->ledger, IW_LIMIT_CATALOGUE_BYTES, &work, &bytes,
                           &error);
    if (rc == IW_OK)
        rc = iw_catalogues_add(host->catalogues, file->source, bytes, &host->reading.signature,
                               &added, &error);
    if (rc == IW_OK) {
        account.read_bytes = bytes.n;
        for (unsigned i = 0; i < IW_SIGNATURE_DAMAGE_COUNT; i++)
            iw_account_damage(&account, IW_DAMAGE_SIGNATURE, added->damage[i].first_offset,
                              added->damage[i].count);
        iw_ledger_use(&host->run->ledger, file->file->ledger_index, &account);
    } else if (rc != IW_ENOMEM) {
        iw_ledger_lose(&host->run->ledger, file->file->ledger_index, error.message);
        rc = IW_OK;
    }
    iw_arena_done(&work);
    return rc;
}

static enum iw_rc read_catalogues(struct host_build *host)
{
    host->reading.signature.anchors = host->options->anchors;
    host->reading.signature.now_s = host->options->now_s;
    host->catalogues = iw_catalogues_new();
    if (host->catalogues == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < host->collection->n; i++) {
        if (host->collection->files[i].file->kind == IW_EVIDENCE_CATALOGUE)
            IW_TRY(add_catalogue(host, &host->collection->files[i]));
    }
    iw_catalogues_seal(host->catalogues);
    host->reading.signature.catalogues = host->catalogues;
    return IW_OK;
}

static enum iw_rc read_programs(struct host_build *host)
{
    const struct iw_collection *collection = host->collection;
    size_t *indices, n = 0;
    enum iw_rc rc;
    host->facts = iw_arena_calloc(&host->work, collection->n + 1, sizeof *host->facts);
    indices = iw_calloc(collection->n + 1, sizeof *indices);
    host->reading.marks =
        iw_arena_calloc(&host->work, collection->n + 1, sizeof *host->reading.marks);
    if (host->facts == NULL || host->reading.marks == NULL || indices == NULL) {
        iw_free(indices);
        return IW_ENOMEM;
    }
    for (size_t i = 0; i < collection->n; i++) {
        const struct iw_collected_file *file = &collection->files[i];
        if (file->file->kind != IW_EVIDENCE_PE)
            continue;
        if (iw_collected_is_stored(file))
            iw_ledger_pass_over(&host->run->ledger, file->file->ledger_index,
                                "in a store of Windows, from which nothing is loaded: not read");
        else
            indices[n++] = i;
    }
    host->reading.collection = collection;
    host->reading.ledger = &host->run->ledger;
    host->reading.yara = host->options->yara;
    host->reading.yara_budget = host->options->yara_budget;
    host->reading.n_jobs = host->options->n_jobs;
    host->reading.cancelled = host->options->cancelled;
    host->reading.done_bytes = host->options->done_bytes;
    host->reading.keep = &host->run->inventory.arena;
    host->reading.facts = host->facts;
    rc = iw_facts_read(&host->reading, indices, n);
    iw_free(indices);
    return rc;
}

/* --- one server ----------------------------------------------------------------------------- */

static enum iw_rc run_steps(struct iw_server_build *build)
{
    IW_TRY(iw_build_config(build));
    IW_TRY(iw_build_sites(build));
    IW_TRY(iw_build_assumed_roots(build));
    if (build->takes_placed || (build->takes_loose && build->collection->by_path.n == 0))
        IW_TRY(iw_build_registry(build)); /* of the host: told once */
    IW_TRY(iw_build_pathways(build));
    IW_TRY(iw_build_components(build));
    IW_TRY(iw_build_missing(build));
    IW_TRY(iw_build_modules(build));
    IW_TRY(iw_build_known(build));
    IW_TRY(iw_build_web_files(build));
    IW_TRY(iw_build_paths(build));
    return iw_build_versions(build);
}

static bool is_empty(const struct iw_server_build *build)
{
    return build->live == NULL && build->components.n == 0 && build->web_files.n == 0 &&
           build->problems.n == 0;
}

static enum iw_rc keep_server(struct iw_server_build *build)
{
    struct iw_inventory_server *server = build->server;
    if (build->n_hidden_rows != 0)
        IW_TRY(iw_build_problem(
            build, "limit", IW_STR(""), 0, 0, IW_STR(""),
            iw_keep_format(build, "%zu more rows are not listed", build->n_hidden_rows)));
    IW_TRY(iw_build_count_roots(build));
    if (!iw_rows_keep(build, &build->components, sizeof *server->components, &server->components,
                      &server->n_components) ||
        !iw_rows_keep(build, &build->problems, sizeof *server->problems, &server->problems,
                      &server->n_problems) ||
        !iw_rows_keep(build, &build->web_files, sizeof *server->web_files, &server->web_files,
                      &server->n_web_files) ||
        !iw_rows_keep(build, &build->roots, sizeof *server->roots, &server->roots,
                      &server->n_roots))
        return IW_ENOMEM;
    return iw_build_order(build);
}

static void end_server(struct iw_server_build *build)
{
    iw_free(build->components.items);
    iw_free(build->problems.items);
    iw_free(build->web_files.items);
    iw_free(build->roots.items);
    iw_free(build->root_keys.items);
    iw_map_done(&build->used);
    iw_map_done(&build->pool_answers);
    iw_map_done(&build->program_folders);
    iw_config_free(build->config);
    iw_arena_done(&build->work);
}

/* *rows* takes the server when there is anything to tell of it. */
static enum iw_rc build_server(struct host_build *host, const struct iw_collected_file *live,
                               bool takes_placed, bool takes_loose, struct iw_rows *rows)
{
    struct iw_inventory_server server = {.source = live != NULL ? live->source : IW_STR("")};
    struct iw_server_build build = {
        .options = host->options,
        .inventory = &host->run->inventory,
        .ledger = &host->run->ledger,
        .collection = host->collection,
        .server = &server,
        .facts = host->facts,
        .reading = &host->reading,
        .registry = &host->registry,
        .configs = host->configs,
        .n_configs = host->n_configs,
        .live = live,
        .takes_placed = takes_placed,
        .takes_loose = takes_loose,
    };
    struct iw_inventory_server *kept;
    enum iw_rc rc;
    iw_arena_init(&build.work, 0);
    iw_map_init(&build.used);
    iw_map_init(&build.pool_answers);
    iw_map_init(&build.program_folders);
    for (size_t i = 0; i < host->n_configs; i++)
        host->configs[i].is_placed = false;
    rc = run_steps(&build);
    if (rc == IW_OK && !is_empty(&build)) {
        server.host = iw_keep(&build, host->collection->host);
        server.source = iw_keep(&build, build.live != NULL ? build.live->source : IW_STR(""));
        server.known_by = live != NULL ? IW_SERVER_BY_CONFIGURATION : IW_SERVER_BY_FILES;
        rc = server.host.p != NULL && server.source.p != NULL ? keep_server(&build) : IW_ENOMEM;
        kept = rc == IW_OK ? iw_rows_add(rows, sizeof *kept) : NULL;
        if (kept != NULL)
            *kept = server;
        else
            rc = IW_ENOMEM;
    }
    end_server(&build);
    return rc;
}

/* --- one host ------------------------------------------------------------------------------- */

static enum iw_rc build_loose_servers(struct host_build *host, struct iw_rows *rows)
{
    for (size_t i = 0; i < host->n_configs; i++) {
        const struct iw_config_candidate *candidate = &host->configs[i];
        if (candidate->part == IW_CONFIG_PART_SERVER && candidate->file->key.n == 0)
            IW_TRY(build_server(host, candidate->file, false, false, rows));
    }
    return IW_OK;
}

/* The applicationHost.config in force of a tree with paths, or NULL. */
static const struct iw_collected_file *find_live(const struct host_build *host)
{
    for (size_t i = 0; i < host->n_configs; i++) {
        const struct iw_config_candidate *candidate = &host->configs[i];
        if (candidate->part == IW_CONFIG_PART_SERVER && !candidate->file->is_copy &&
            iw_str_ends_nocase(candidate->file->folder,
                               IW_STR("\\windows\\system32\\inetsrv\\config")))
            return candidate->file;
    }
    return NULL;
}

static enum iw_rc build_servers(struct host_build *host, struct iw_rows *rows)
{
    if (host->collection->by_path.n != 0)
        IW_TRY(build_server(host, find_live(host), true, false, rows));
    IW_TRY(build_loose_servers(host, rows));
    return build_server(host, NULL, false, true, rows);
}

static enum iw_rc tell_registry(struct host_build *host)
{
    const struct iw_host_registry *registry = &host->registry;
    struct iw_str *sources;
    if (host->options->hear_registry == NULL || registry->n == 0)
        return IW_OK;
    sources = iw_arena_calloc(&host->work, registry->n, sizeof *sources);
    if (sources == NULL)
        return IW_ENOMEM;
    for (uint32_t i = 0; i < registry->n; i++)
        sources[i] = registry->files[i]->source;
    return host->options->hear_registry(host->options->hear_context, host->collection->host,
                                        &registry->facts, sources);
}

static enum iw_rc build_host(const struct iw_inventory_options *options,
                             const struct iw_collection *collection, struct iw_run *run,
                             struct iw_rows *rows)
{
    struct host_build host = {.options = options, .run = run, .collection = collection};
    enum iw_rc rc;
    iw_arena_init(&host.work, 0);
    rc = iw_host_registry_read(&host.registry, &run->ledger, collection);
    if (rc == IW_OK)
        rc = tell_registry(&host);
    if (rc == IW_OK)
        rc = find_configs(&host);
    if (rc == IW_OK)
        rc = read_catalogues(&host);
    if (rc == IW_OK)
        rc = read_programs(&host);
    if (rc == IW_OK)
        rc = build_servers(&host, rows);
    iw_host_registry_done(&host.registry, &run->ledger);
    iw_catalogues_free(host.catalogues);
    iw_arena_done(&host.work);
    return rc;
}

static enum iw_rc keep_servers(struct iw_inventory *inventory, const struct iw_rows *rows)
{
    if (rows->n == 0)
        return IW_OK;
    inventory->servers = iw_arena_calloc(&inventory->arena, rows->n, sizeof *inventory->servers);
    if (inventory->servers == NULL)
        return IW_ENOMEM;
    memcpy(inventory->servers, rows->items, rows->n * sizeof *inventory->servers);
    inventory->n_servers = rows->n;
    return IW_OK;
}

enum iw_rc iw_inventory_build(const struct iw_evidence *evidence,
                              const struct iw_inventory_options *options, struct iw_run *run,
                              struct iw_error *err)
{
    struct iw_collections collections;
    struct iw_rows rows = {NULL, 0, 0};
    enum iw_rc rc = iw_collections_make(evidence, &run->ledger, &collections);
    for (size_t i = 0; rc == IW_OK && i < collections.n; i++)
        rc = build_host(options, &collections.items[i], run, &rows);
    if (rc == IW_OK)
        rc = keep_servers(&run->inventory, &rows);
    iw_free(rows.items);
    iw_arena_adopt(&run->inventory.arena, &collections.arena); /* records borrow the paths */
    iw_collections_done(&collections);
    if (rc == IW_ENOMEM)
        return iw_error_set(err, rc, "no memory");
    return rc;
}
