#include "engine/servers.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/event_servers.h"
#include "engine/user_file.h"
#include "iis/inventory/said_root.h"

/* --- what the user brings ------------------------------------------------------------------- */

static enum iw_rc read_trust(struct iw_servers *servers, const char *path, struct iw_error *err)
{
    struct iw_str bytes;
    enum iw_rc rc;
    IW_TRY(iw_user_file_read(path, IW_LIMIT_ANCHOR_FILE_BYTES, &servers->arena, &bytes, err));
    rc = iw_anchors_add(servers->anchors, bytes, NULL, err);
    if (rc == IW_OK)
        return IW_OK;
    iw_error_place(err, path, 0, 0);
    return iw_user_file_rc(rc, err);
}

static enum iw_rc read_trusts(struct iw_servers *servers, struct iw_error *err)
{
    if (servers->options->n_trust_paths == 0)
        return IW_OK;
    servers->anchors = iw_anchors_new();
    if (servers->anchors == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t i = 0; i < servers->options->n_trust_paths; i++)
        IW_TRY(read_trust(servers, servers->options->trust_paths[i], err));
    return IW_OK;
}

static enum iw_rc read_yara(struct iw_servers *servers, struct iw_error *err)
{
    if (servers->options->n_yara_paths == 0)
        return IW_OK;
    IW_TRY(iw_yara_new(&servers->yara, err));
    for (size_t i = 0; i < servers->options->n_yara_paths; i++) {
        const char *path = servers->options->yara_paths[i];
        struct iw_str text;
        IW_TRY(iw_user_file_read(path, IW_LIMIT_YARA_FILE_BYTES, &servers->arena, &text, err));
        IW_TRY(iw_yara_add(servers->yara, text, path, err));
    }
    return iw_yara_seal(servers->yara, err);
}

static enum iw_rc keep_web_roots(struct iw_servers *servers, struct iw_error *err)
{
    size_t n = servers->options->n_web_roots;
    struct iw_str *items = iw_arena_calloc(&servers->arena, n + 1, sizeof *items);
    if (items == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t i = 0; i < n; i++)
        items[i] = iw_str_of(servers->options->web_roots[i]);
    servers->web_roots = (struct iw_text_list){items, n};
    return IW_OK;
}

enum iw_rc iw_servers_open(struct iw_servers *servers, const struct iw_server_options *options,
                           struct iw_error *err)
{
    memset(servers, 0, sizeof *servers);
    servers->options = options;
    iw_arena_init(&servers->arena, 0);
    IW_TRY(iw_baselines_open(&servers->baselines, options, err));
    IW_TRY(iw_approvals_open(&servers->approvals, options, err));
    IW_TRY(read_trusts(servers, err));
    IW_TRY(read_yara(servers, err));
    return keep_web_roots(servers, err);
}

void iw_servers_close(struct iw_servers *servers)
{
    iw_baselines_close(&servers->baselines);
    iw_approvals_close(&servers->approvals);
    iw_yara_free(servers->yara);
    iw_anchors_free(servers->anchors);
    iw_arena_done(&servers->arena);
}

/* --- pass 0 --------------------------------------------------------------------------------- */

static unsigned count_jobs(const struct iw_engine_options *options)
{
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (options->n_jobs != 0)
        return options->n_jobs;
    return n_processors > 0 ? (unsigned)n_processors : 1;
}

/* A root that was said of a host nobody met is in no inventory. */
static enum iw_rc note_unmet_roots(const struct iw_servers *servers, struct iw_run *run)
{
    for (size_t i = 0; i < servers->web_roots.n; i++) {
        struct iw_said_root root;
        bool is_met = !iw_said_root_read(servers->web_roots.items[i], &root);
        for (size_t k = 0; k < run->inventory.n_servers && !is_met; k++)
            is_met = iw_said_root_is_of(&root, run->inventory.servers[k].host);
        if (!is_met && root.host.n != 0)
            IW_TRY(iw_run_note(run, "--web-root %.*s: no server of that host is in the evidence",
                               IW_STR_ARG(servers->web_roots.items[i])));
    }
    return IW_OK;
}

static enum iw_rc note_untried(const struct iw_yara_budget *budget, struct iw_run *run)
{
    uint64_t n = atomic_load(&budget->n_untried);
    if (n == 0)
        return IW_OK;
    return iw_run_note(run,
                       "--yara: %llu programs and web files were not tried: matching the others "
                       "took %llu seconds, which is all it may take",
                       (unsigned long long)n,
                       (unsigned long long)(budget->limit_ns / IW_NS_PER_SECOND));
}

enum iw_rc iw_servers_read(struct iw_servers *servers, const struct iw_engine_options *options,
                           const struct iw_pass0 *pass0, struct iw_run *run, struct iw_error *err)
{
    struct iw_yara_budget budget;
    struct iw_inventory_options inventory = {
        .anchors = servers->anchors,
        .yara = servers->yara,
        .yara_budget = &budget,
        .now_s = (int64_t)time(NULL),
        .web_roots = servers->web_roots,
        .n_jobs = count_jobs(options),
        .cancelled = options->cancelled,
        .hear_registry = servers->hear_registry,
        .hear_context = servers->hear_context,
        .done_bytes = options->progress != NULL ? &options->progress->done_bytes : NULL,
    };
    enum iw_rc rc;
    if (run->interrupted)
        return IW_OK;
    iw_yara_budget_init(&budget, IW_LIMIT_YARA_TOTAL_SECONDS);
    rc = iw_inventory_build(&pass0->evidence, &inventory, run, err);
    if (rc == IW_OK &&
        (note_unmet_roots(servers, run) != IW_OK || note_untried(&budget, run) != IW_OK))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc != IW_ECANCELLED)
        return rc;
    run->interrupted = true;
    return IW_OK;
}

/* --- what is not known ----------------------------------------------------------------------- */

#define UNKNOWNS_TOLD 20U

/* Problems that leave something of a server unknown, and what is to be said of them. */
static const struct {
    const char *kind, *so;
} UNKNOWNS[] = {
    {"damaged", ": what stands before it was read, what stands behind it is unknown"},
    {"unreadable", ""},
    {"not-at-hand", ""},
    {"encrypted", ""},
    {"redirected", ""},
    {"circular", ": what stands there is unknown"},
    {"limit", ""},
    {"copy", ""},
    {"odd-name", ""},
    {"unknown-element", ""},
};

/* NULL: all is known. */
static const char *unknown_so(const struct iw_inventory_problem *problem)
{
    for (size_t i = 0; i < sizeof UNKNOWNS / sizeof UNKNOWNS[0]; i++) {
        if (iw_str_equal(problem->kind, iw_str_of(UNKNOWNS[i].kind)))
            return UNKNOWNS[i].so;
    }
    return NULL;
}

static enum iw_rc note_problem(struct iw_run *run, const struct iw_inventory_problem *problem,
                               const char *so)
{
    if (problem->line == 0)
        return iw_run_note(run, "%.*s: %.*s%s", IW_STR_ARG(problem->source),
                           IW_STR_ARG(problem->what), so);
    return iw_run_note(run, "%.*s:%u:%u: %.*s%s", IW_STR_ARG(problem->source), problem->line,
                       problem->column, IW_STR_ARG(problem->what), so);
}

/* What is not known of a server is told with its place, whatever else is found there: a hunt that
 * could not see the modules must not look like one that saw them. */
static enum iw_rc note_unknown(struct iw_run *run)
{
    const struct iw_inventory *inventory = &run->inventory;
    size_t n = 0;
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; k < server->n_problems; k++) {
            const struct iw_inventory_problem *problem = &server->problems[k];
            const char *so = unknown_so(problem);
            if (so == NULL || n++ >= UNKNOWNS_TOLD)
                continue;
            IW_TRY(note_problem(run, problem, so));
        }
    }
    if (n <= UNKNOWNS_TOLD)
        return IW_OK;
    return iw_run_note(run, "%zu more places of configurations are unknown: see the inventory",
                       n - UNKNOWNS_TOLD);
}

/* --- pass 2 --------------------------------------------------------------------------------- */

/* What lies in no tree, where the run is about one host: it is of that host. */
static struct iw_str only_host(const struct iw_run *run)
{
    return run->n_hosts == 1 ? run->hosts[0].host : IW_STR("");
}

static int compare_servers(const void *left, const void *right)
{
    const struct iw_inventory_server *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    return order != 0 ? order : iw_str_compare(a->source, b->source);
}

enum iw_rc iw_servers_settle(struct iw_servers *servers, const struct iw_tree_hosts *trees,
                             const struct iw_hosts *hosts, const struct iw_engine_options *options,
                             const struct iw_server_facts *facts, struct iw_run *run)
{
    struct iw_inventory *inventory = &run->inventory;
    for (size_t i = 0; i < inventory->n_servers; i++) {
        struct iw_inventory_server *server = &inventory->servers[i];
        struct iw_str host = server->host;
        if (options->host == NULL && host.n == 0)
            host = only_host(run);
        else if (options->host == NULL)
            host = iw_tree_hosts_of(trees, &run->ledger, hosts, host);
        server->host = host.n != 0 ? iw_arena_copy(&inventory->arena, host) : IW_STR("");
        if (server->host.p == NULL)
            return IW_ENOMEM;
    }
    if (facts != NULL)
        IW_TRY(iw_event_servers_tell(facts, inventory));
    IW_TRY(note_unknown(run));
    if (inventory->n_servers != 0)
        qsort(inventory->servers, inventory->n_servers, sizeof *inventory->servers,
              compare_servers);
    if (!servers->is_compared_later)
        IW_TRY(iw_baselines_settle(&servers->baselines, options->cancelled, run));
    IW_TRY(iw_approvals_tell(&servers->approvals, run));
    if (inventory->n_servers != 0) /* those of the estate came last */
        qsort(inventory->servers, inventory->n_servers, sizeof *inventory->servers,
              compare_servers);
    return IW_OK;
}

enum iw_rc iw_servers_compare(struct iw_servers *servers, const struct iw_engine_options *options,
                              struct iw_run *run)
{
    return servers->is_compared_later
               ? iw_baselines_settle(&servers->baselines, options->cancelled, run)
               : IW_OK;
}
