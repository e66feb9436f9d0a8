/*
 * Canaries looked for in a pass of its own: only events that can show one are decoded.
 */
#include "engine/canary.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "coverage/canary_watch.h"
#include "engine/begin.h"
#include "engine/pipeline.h"
#include "engine/settle.h"
#include "engine/user_file.h"

struct canary_run {
    struct iw_run *run;
    const struct iw_canary_plan *plan;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_canary_watch *watch;
};

struct canary_thread {
    struct canary_run *shared;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_canary_watch *watch;
};

static enum iw_rc keep_results(struct canary_thread *thread)
{
    IW_TRY(iw_tree_hosts_merge(&thread->shared->trees, &thread->trees));
    IW_TRY(iw_canary_watch_merge(thread->shared->watch, thread->watch));
    return iw_collector_merge(thread->shared->collector, thread->collector);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct canary_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    iw_collector_free(thread->collector);
    iw_tree_hosts_done(&thread->trees);
    iw_canary_watch_free(thread->watch);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct canary_run *shared = context;
    struct canary_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    thread->collector = iw_collector_new_beside(shared->collector);
    thread->watch = iw_canary_watch_new(shared->plan);
    if (thread->collector != NULL && thread->watch != NULL &&
        iw_tree_hosts_init(&thread->trees, &shared->run->ledger) == IW_OK)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct canary_thread *thread = state;
    IW_TRY(iw_tree_hosts_add(&thread->trees, batch));
    for (size_t i = 0; i < batch->n; i++) {
        IW_TRY(iw_collector_add(thread->collector, &batch->events[i]));
        IW_TRY(iw_canary_watch_see(thread->watch, &batch->events[i]));
    }
    return IW_OK;
}

static enum iw_rc settle(struct canary_run *state, struct iw_canary_report *report)
{
    struct iw_hosts hosts;
    enum iw_rc rc;
    iw_hosts_init(&hosts);
    rc = iw_settle_hosts(state->collector, &state->trees, &hosts, state->run);
    if (rc == IW_OK)
        rc = iw_canary_watch_settle(state->watch, &hosts, &state->run->ledger, report);
    iw_hosts_done(&hosts);
    return rc;
}

static enum iw_rc read_evidence(const struct iw_engine_options *options, struct canary_run *state,
                                const struct iw_names *names, struct iw_canary_report *report,
                                struct iw_error *err)
{
    struct iw_consumer consumer = {state, thread_begin, take_batch, NULL, thread_end};
    struct iw_route route;
    struct iw_pass0 pass0;
    enum iw_rc rc;
    iw_route_init(&route);
    rc = iw_pass0_run(options, state->run, &pass0, err);
    if (rc == IW_OK && (iw_canary_route(&route) != IW_OK ||
                        iw_tree_hosts_init(&state->trees, &state->run->ledger) != IW_OK))
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, names, &route, &pass0.evidence, state->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    if (rc == IW_OK && settle(state, report) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    iw_pass0_done(&pass0);
    iw_route_done(&route);
    return rc;
}

static enum iw_rc read_plan(const char *path, struct iw_canary_plan *plan, struct iw_error *err)
{
    struct iw_arena arena;
    struct iw_str text;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_user_file_read(path, IW_LIMIT_CANARY_PLAN_BYTES, &arena, &text, err);
    if (rc == IW_OK) {
        rc = iw_user_file_rc(iw_canary_plan_read(text, plan, err), err);
        if (rc != IW_OK && err != NULL && err->where[0] == '\0')
            iw_error_place(err, path, 0, 0);
    }
    iw_arena_done(&arena);
    return rc;
}

enum iw_rc iw_engine_canary(const struct iw_engine_options *options, const char *path,
                            struct iw_canary_plan *plan, struct iw_run *run,
                            struct iw_canary_report *report, struct iw_error *err)
{
    struct canary_run state = {.run = run, .plan = plan};
    struct iw_names names;
    uint64_t started_ns = iw_clock_ns();
    enum iw_rc rc;
    IW_TRY(read_plan(path, plan, err));
    if (iw_names_init(&names) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    state.collector = iw_collector_new();
    state.watch = iw_canary_watch_new(plan);
    rc = state.collector != NULL && state.watch != NULL
             ? read_evidence(options, &state, &names, report, err)
             : iw_error_set(err, IW_ENOMEM, "no memory");
    iw_canary_watch_free(state.watch);
    iw_tree_hosts_done(&state.trees);
    iw_collector_free(state.collector);
    iw_names_done(&names);
    iw_settle_resources(run, started_ns);
    return rc;
}
