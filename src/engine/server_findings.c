#include "engine/server_findings.h"

#include <stdlib.h>

/* --- servers that events know ----------------------------------------------------------------- */

static struct iw_inventory_server *server_of(const struct iw_inventory *inventory,
                                             struct iw_str host)
{
    for (size_t i = 0; i < inventory->n_servers; i++) {
        if (iw_str_equal_nocase(inventory->servers[i].host, host))
            return &inventory->servers[i];
    }
    return NULL;
}

static enum iw_rc add_server(struct iw_inventory *inventory, struct iw_str host)
{
    struct iw_inventory_server *servers =
        iw_arena_calloc(&inventory->arena, inventory->n_servers + 1, sizeof *servers);
    struct iw_str kept = iw_arena_copy(&inventory->arena, host);
    if (servers == NULL || kept.p == NULL)
        return IW_ENOMEM;
    if (inventory->n_servers != 0)
        memcpy(servers, inventory->servers, inventory->n_servers * sizeof *servers);
    servers[inventory->n_servers] =
        (struct iw_inventory_server){.host = kept,
                                     .source = IW_STR(""),
                                     .version = IW_STR(""),
                                     .known_by = IW_SERVER_BY_EVENTS,
                                     .why_not = IW_STR("no configuration in evidence")};
    inventory->servers = servers;
    inventory->n_servers++;
    return IW_OK;
}

static int compare_servers(const void *left, const void *right)
{
    const struct iw_inventory_server *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    return order != 0 ? order : iw_str_compare(a->source, b->source);
}

/* A loose configuration of no known host may be of any of them: it stays nameless. */
static enum iw_rc tell_servers(struct iw_inventory *inventory, const struct iw_server_facts *facts)
{
    size_t n_before = inventory->n_servers;
    for (size_t i = 0; i < facts->n; i++) {
        const struct iw_server_fact *fact = &facts->items[i];
        bool is_next = i == 0 || !iw_str_equal_nocase(fact->host, facts->items[i - 1].host);
        struct iw_inventory_server *server;
        /* Workers are the first facts of a host. */
        if (!is_next || fact->kind != IW_FACT_WORKER || fact->host.n == 0)
            continue;
        server = server_of(inventory, fact->host);
        if (server != NULL)
            server->known_by |= IW_SERVER_BY_EVENTS;
        else
            IW_TRY(add_server(inventory, fact->host));
    }
    if (inventory->n_servers != n_before)
        qsort(inventory->servers, inventory->n_servers, sizeof *inventory->servers,
              compare_servers);
    return IW_OK;
}

/* --- findings ------------------------------------------------------------------------------- */

struct putting {
    const struct iw_server_findings_input *input;
    struct iw_run *run;
    uint64_t n_outside;
};

static bool is_in_window(const struct iw_server_findings_input *input, int64_t time_ns)
{
    if (!iw_time_known(time_ns))
        return true;
    return (!iw_time_known(input->since_ns) || time_ns >= input->since_ns) &&
           (!iw_time_known(input->until_ns) || time_ns <= input->until_ns);
}

static enum iw_rc put(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct putting *putting = context;
    if (!is_in_window(putting->input, finding->last_time_ns)) {
        putting->n_outside++;
        return IW_OK;
    }
    if (putting->input->n_findings != NULL)
        (*putting->input->n_findings)++;
    return iw_findings_put(&putting->run->findings, finding, err);
}

static enum iw_rc note_limits(struct iw_run *run, const struct iw_server_facts *facts,
                              uint64_t n_outside)
{
    if (facts->n_hidden != 0)
        IW_TRY(iw_run_note(run,
                           "%llu events about web servers were more than is kept: findings about "
                           "components may lack them",
                           (unsigned long long)facts->n_hidden));
    if (facts->n_cut != 0)
        IW_TRY(iw_run_note(run, "%llu long texts of events about web servers were cut",
                           (unsigned long long)facts->n_cut));
    if (n_outside == 0)
        return IW_OK;
    return iw_run_note(run,
                       "%llu findings about servers lie outside --since and --until and are not "
                       "shown",
                       (unsigned long long)n_outside);
}

static enum iw_rc judge(struct putting *putting, const struct iw_server_facts *facts,
                        struct iw_error *err)
{
    struct iw_run *run = putting->run;
    const struct iw_reconcile_input input = {.inventory = &run->inventory,
                                             .differences = putting->input->differences,
                                             .baseline_source = putting->input->baseline_source,
                                             .facts = facts,
                                             .ledger = &run->ledger,
                                             .changes = putting->input->changes,
                                             .judge_change = putting->input->judge_change};
    struct iw_error failure = {.rc = IW_OK};
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_reconcile(&input, put, putting, &arena, &failure);
    iw_arena_done(&arena);
    if (rc == IW_EIO) { /* what there is will be reported, and the reason told with it */
        if (run->failure.rc == IW_OK)
            run->failure = failure;
        return IW_OK;
    }
    if (rc != IW_OK && err != NULL)
        *err = failure;
    return rc;
}

enum iw_rc iw_server_findings(struct iw_server_events *events, const struct iw_hosts *hosts,
                              const struct iw_server_findings_input *input, struct iw_run *run,
                              struct iw_error *err)
{
    struct putting putting = {.input = input, .run = run};
    struct iw_server_facts facts;
    if (iw_server_events_settle(events, hosts, &facts) != IW_OK ||
        tell_servers(&run->inventory, &facts) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(judge(&putting, &facts, err));
    if (note_limits(run, &facts, putting.n_outside) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return IW_OK;
}
