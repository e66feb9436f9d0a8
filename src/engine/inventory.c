/*
 * `inventory`: servers by their files, then all events for what they say of hosts and workers.
 */
#include "base/alloc.h"
#include "engine/pipeline.h"
#include "engine/servers.h"
#include "engine/settle.h"

struct inventory_run {
    const struct iw_engine_options *options;
    struct iw_run *run;
    struct iw_servers servers;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_server_events *events;
    struct iw_hosts hosts;
};

struct inventory_thread {
    struct inventory_run *shared;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_server_events *events;
};

/* --- one thread ----------------------------------------------------------------------------- */

static enum iw_rc keep_results(struct inventory_thread *thread)
{
    IW_TRY(iw_tree_hosts_merge(&thread->shared->trees, &thread->trees));
    IW_TRY(iw_server_events_merge(thread->shared->events, thread->events));
    return iw_collector_merge(thread->shared->collector, thread->collector);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct inventory_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    iw_collector_free(thread->collector);
    iw_tree_hosts_done(&thread->trees);
    iw_server_events_free(thread->events);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct inventory_run *shared = context;
    struct inventory_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    thread->collector = iw_collector_new_beside(shared->collector);
    thread->events = iw_server_events_new();
    if (iw_tree_hosts_init(&thread->trees, &shared->run->ledger) == IW_OK &&
        thread->collector != NULL && thread->events != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct inventory_thread *thread = state;
    for (size_t i = 0; i < batch->n; i++) {
        IW_TRY(iw_collector_add(thread->collector, &batch->events[i]));
        IW_TRY(iw_server_events_add(thread->events, &batch->events[i]));
    }
    return iw_tree_hosts_add(&thread->trees, batch);
}

/* --- the run -------------------------------------------------------------------------------- */

static enum iw_rc settle(struct inventory_run *inventory, struct iw_error *err)
{
    struct iw_server_facts facts = {0};
    enum iw_rc rc = iw_server_events_hosts(inventory->events, &inventory->hosts);
    if (rc == IW_OK)
        rc = iw_settle_hosts(inventory->collector, &inventory->trees, &inventory->hosts,
                             inventory->run);
    if (rc == IW_OK)
        rc = iw_server_events_settle(inventory->events, &inventory->hosts, &facts);
    if (rc == IW_OK)
        rc = iw_servers_settle(&inventory->servers, &inventory->trees, &inventory->hosts,
                               inventory->options, &facts, inventory->run);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

static enum iw_rc read_events(struct inventory_run *inventory, const struct iw_pass0 *pass0,
                              const struct iw_names *names, struct iw_error *err)
{
    const struct iw_consumer consumer = {inventory, thread_begin, take_batch, NULL, thread_end};
    struct iw_pipeline pipeline = {.options = inventory->options,
                                   .names = names,
                                   .evidence = &pass0->evidence,
                                   .run = inventory->run};
    struct iw_route route;
    enum iw_rc rc = iw_tree_hosts_init(&inventory->trees, &inventory->run->ledger);
    iw_route_init(&route);
    if (rc == IW_OK)
        rc = iw_server_events_route(&route);
    pipeline.route = &route;
    if (rc != IW_OK)
        rc = iw_error_set(err, rc, "no memory");
    else
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    iw_route_done(&route);
    return rc;
}

static enum iw_rc read_all(struct inventory_run *inventory, const struct iw_names *names,
                           struct iw_error *err)
{
    struct iw_pass0 pass0;
    enum iw_rc rc = iw_pass0_run(inventory->options, inventory->run, &pass0, err);
    if (rc == IW_OK)
        rc = iw_servers_read(&inventory->servers, inventory->options, &pass0, inventory->run, err);
    if (rc == IW_OK)
        rc = read_events(inventory, &pass0, names, err);
    iw_pass0_done(&pass0);
    return rc == IW_OK ? settle(inventory, err) : rc;
}

enum iw_rc iw_engine_inventory(const struct iw_engine_options *options,
                               const struct iw_server_options *servers, struct iw_run *run,
                               struct iw_error *err)
{
    struct inventory_run inventory = {.options = options, .run = run};
    struct iw_names names;
    uint64_t started_ns = iw_clock_ns();
    enum iw_rc rc;
    if (iw_names_init(&names) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    iw_hosts_init(&inventory.hosts);
    inventory.collector = iw_collector_new();
    inventory.events = iw_server_events_new();
    rc = iw_servers_open(&inventory.servers, servers, err);
    if (rc == IW_OK && (inventory.collector == NULL || inventory.events == NULL))
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = read_all(&inventory, &names, err);
    iw_servers_close(&inventory.servers);
    iw_tree_hosts_done(&inventory.trees);
    iw_hosts_done(&inventory.hosts);
    iw_server_events_free(inventory.events);
    iw_collector_free(inventory.collector);
    iw_names_done(&names);
    iw_settle_resources(run, started_ns);
    return rc;
}
