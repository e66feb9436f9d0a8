/*
 * Matches in event time. What is decoded is what a hunt with these rules decodes, so that clocks
 * are corrected by the same witnesses.
 */
#include "engine/matches.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "context/context_fact.h"
#include "context/sid_names.h"
#include "engine/begin.h"
#include "engine/event_finding.h"
#include "engine/event_servers.h"
#include "engine/pipeline.h"
#include "engine/settle.h"
#include "order/log_mark.h"

struct iw_matches {
    const struct iw_matches_input *input;
    struct iw_run *run;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_order *order;
    struct iw_clocks *clocks; /* made when the ledger is complete */
    struct iw_hosts hosts;
    uint64_t n_events;
};

struct thread {
    struct iw_matches *shared;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_sigma_scanner *scanner;
    struct iw_order_feed order;
    struct iw_clocks *clocks;
    struct iw_hosts hosts; /* names of the facts' computers */
    struct iw_arena finding, scratch;
    struct iw_buffer payload;
    uint32_t *kept; /* rules of one event; room for all */
    uint64_t n_events;
    struct iw_error failure; /* why matches are not kept any more */
};

/* --- one thread ---------------------------------------------------------------------------- */

static enum iw_rc keep_results(struct thread *thread)
{
    struct iw_matches *shared = thread->shared;
    if (shared->run->failure.rc == IW_OK)
        shared->run->failure = thread->failure;
    shared->n_events += thread->n_events;
    for (size_t i = 0; i < thread->hosts.by_computer.n; i++)
        IW_TRY(iw_hosts_add(&shared->hosts, thread->hosts.by_computer.entries[i].key));
    IW_TRY(iw_clocks_merge(shared->clocks, thread->clocks));
    IW_TRY(iw_tree_hosts_merge(&shared->trees, &thread->trees));
    return iw_collector_merge(shared->collector, thread->collector);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    iw_collector_free(thread->collector);
    iw_tree_hosts_done(&thread->trees);
    iw_sigma_scanner_free(thread->scanner);
    iw_order_feed_done(&thread->order);
    iw_clocks_free(thread->clocks);
    iw_hosts_done(&thread->hosts);
    iw_arena_done(&thread->finding);
    iw_arena_done(&thread->scratch);
    iw_buffer_done(&thread->payload);
    iw_free(thread->kept);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct iw_matches *shared = context;
    const struct iw_sigma_ruleset *ruleset = shared->input->book->ruleset;
    struct thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    iw_hosts_init(&thread->hosts);
    iw_arena_init(&thread->finding, 0);
    iw_arena_init(&thread->scratch, 0);
    iw_buffer_init(&thread->payload);
    thread->collector = iw_collector_new_beside(shared->collector);
    thread->scanner = iw_sigma_scanner_new(ruleset);
    thread->clocks = iw_clocks_new_beside(shared->clocks);
    thread->kept = iw_calloc(iw_sigma_ruleset_count(ruleset) + 1, sizeof *thread->kept);
    if (iw_order_feed_init(&thread->order, shared->order) == IW_OK && thread->collector != NULL &&
        thread->scanner != NULL && thread->clocks != NULL && thread->kept != NULL &&
        iw_tree_hosts_init(&thread->trees, &shared->run->ledger) == IW_OK)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* Past the limit a name is no longer settled with the others, and shown by its label. */
static enum iw_rc keep_host(struct thread *thread, struct iw_str computer)
{
    return thread->hosts.by_computer.n < IW_LIMIT_HOSTS ? iw_hosts_add(&thread->hosts, computer)
                                                        : IW_OK;
}

static enum iw_rc keep_match(struct thread *thread, const struct iw_event *event, size_t n)
{
    struct iw_match match = {.rules = thread->kept, .n_rules = n};
    struct iw_error failure = {.rc = IW_OK};
    struct iw_finding finding;
    struct iw_fact fact;
    enum iw_rc rc;
    iw_arena_reset(&thread->finding);
    iw_arena_reset(&thread->scratch);
    IW_TRY(iw_sigma_scanner_carry(thread->scanner, event, match.rules, n, &match.values,
                                  &match.n_values));
    IW_TRY(iw_event_finding_make(event, &thread->finding, &thread->scratch, &finding));
    IW_TRY(iw_fact_of_event(event, &thread->scratch, &fact));
    fact.kind = IW_FACT_MATCH;
    iw_buffer_clear(&thread->payload);
    iw_match_write(&match, &finding, &thread->payload);
    if (thread->payload.failed)
        return IW_ENOMEM;
    fact.payload = iw_buffer_str(&thread->payload);
    IW_TRY(keep_host(thread, fact.computer));
    rc = iw_order_add(&thread->order, IW_ORDER_OVERALL, &fact, &failure);
    if (rc != IW_EIO)
        return rc;
    /* No room on the disk: the thread reads no further, and says why at the end. */
    thread->failure = failure;
    return IW_ECANCELLED;
}

static enum iw_rc take_event(struct thread *thread, const struct iw_event *event)
{
    const uint32_t *rules;
    size_t n_rules, n = 0;
    thread->n_events++;
    IW_TRY(iw_collector_add(thread->collector, event));
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    IW_TRY(iw_clocks_add(thread->clocks, event));
    IW_TRY(iw_sigma_scanner_match(thread->scanner, event, &rules, &n_rules));
    for (size_t i = 0; i < n_rules; i++) {
        if (thread->shared->input->wanted[rules[i]])
            thread->kept[n++] = rules[i];
    }
    return n != 0 ? keep_match(thread, event, n) : IW_OK;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct thread *thread = state;
    IW_TRY(iw_tree_hosts_add(&thread->trees, batch));
    for (size_t i = 0; i < batch->n; i++)
        IW_TRY(take_event(thread, &batch->events[i]));
    return IW_OK;
}

/* --- reading ------------------------------------------------------------------------------- */

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc settle(struct iw_matches *matches, struct iw_error *err)
{
    struct iw_run *run = matches->run;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc = iw_settle_hosts(matches->collector, &matches->trees, &matches->hosts, run);
    if (rc == IW_OK)
        rc = iw_clocks_settle(matches->clocks, &matches->hosts);
    if (rc == IW_OK)
        rc = iw_clocks_tell(matches->clocks, run);
    if (rc != IW_OK)
        return no_memory(err);
    rc = iw_order_settle(matches->order, &matches->hosts, matches->clocks, &failure);
    if (rc == IW_EIO && run->failure.rc == IW_OK)
        run->failure = failure;
    if (rc == IW_OK || rc == IW_EIO)
        return IW_OK;
    if (err != NULL)
        *err = failure;
    return rc;
}

static enum iw_rc read_evidence(struct iw_matches *matches, const struct iw_route *route,
                                struct iw_error *err)
{
    const struct iw_engine_options *options = matches->input->options;
    struct iw_consumer consumer = {matches, thread_begin, take_batch, NULL, thread_end};
    struct iw_pass0 pass0;
    enum iw_rc rc = iw_pass0_run(options, matches->run, &pass0, err);
    if (rc == IW_OK) {
        matches->clocks = iw_clocks_new(&matches->run->ledger);
        if (matches->clocks == NULL ||
            iw_tree_hosts_init(&matches->trees, &matches->run->ledger) != IW_OK)
            rc = no_memory(err);
    }
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, &matches->input->book->names, route,
                                       &pass0.evidence, matches->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    IW_TRY(rc);
    return settle(matches, err);
}

enum iw_rc iw_matches_read(const struct iw_matches_input *input, struct iw_run *run,
                           struct iw_matches **ret, struct iw_error *err)
{
    struct iw_matches *matches = iw_calloc(1, sizeof *matches);
    struct iw_route route;
    enum iw_rc rc;
    *ret = matches;
    if (matches == NULL)
        return no_memory(err);
    matches->input = input;
    matches->run = run;
    iw_hosts_init(&matches->hosts);
    iw_route_init(&route);
    matches->collector = iw_collector_new();
    matches->order = iw_order_new(input->spill, input->budget_bytes);
    if (matches->collector == NULL || matches->order == NULL ||
        iw_sigma_ruleset_route(input->book->ruleset, &route) != IW_OK ||
        iw_context_fact_route(&route) != IW_OK || iw_sid_names_route(&route) != IW_OK ||
        iw_server_events_route(&route) != IW_OK || iw_log_mark_route(&route) != IW_OK)
        rc = no_memory(err);
    else
        rc = read_evidence(matches, &route, err);
    iw_route_done(&route);
    return rc;
}

void iw_matches_free(struct iw_matches *matches)
{
    if (matches == NULL)
        return;
    iw_order_free(matches->order);
    iw_clocks_free(matches->clocks);
    iw_hosts_done(&matches->hosts);
    iw_tree_hosts_done(&matches->trees);
    iw_collector_free(matches->collector);
    iw_free(matches);
}

uint64_t iw_matches_n_events(const struct iw_matches *matches)
{
    return matches->n_events;
}

/* --- in event time ------------------------------------------------------------------------- */

/* Other forms of the record may match more rules. */
static enum iw_rc join_variants(const struct iw_fact *fact, struct iw_arena *arena,
                                struct iw_match *known, struct iw_error *err)
{
    for (size_t i = 0; i < fact->n_variants; i++) {
        struct iw_match match;
        uint32_t *rules;
        IW_TRY(iw_match_read(fact->variants[i], arena, &match, err));
        rules = iw_arena_alloc(arena, (match.n_rules + 1) * sizeof *rules);
        if (rules == NULL)
            return no_memory(err);
        iw_match_keep_new_rules(known, &match, rules);
        if (iw_match_join(known, &match, arena) != IW_OK)
            return no_memory(err);
    }
    return IW_OK;
}

static enum iw_rc give_all(struct iw_matches *matches, struct iw_order_reader *reader,
                           struct iw_arena *arena, iw_take_match *take, void *context,
                           struct iw_error *err)
{
    struct iw_fact fact;
    struct iw_match match;
    uint64_t ordinal = 0;
    enum iw_rc rc;
    matches->run->n_duplicate_events = 0;
    while ((rc = iw_order_next(reader, &fact, err)) == IW_OK) {
        iw_arena_reset(arena);
        IW_TRY(iw_match_read(fact.payload, arena, &match, err));
        IW_TRY(join_variants(&fact, arena, &match, err));
        matches->run->n_duplicate_events += fact.n_copies + fact.n_copies_hidden;
        IW_TRY(take(context, ordinal++, &fact, &match, err));
    }
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_matches_each(struct iw_matches *matches, iw_take_match *take, void *context,
                           struct iw_error *err)
{
    struct iw_order_reader *reader;
    struct iw_arena arena;
    enum iw_rc rc;
    IW_TRY(iw_order_open(matches->order, IW_ORDER_OVERALL, false, &reader, err));
    iw_arena_init(&arena, 0);
    rc = give_all(matches, reader, &arena, take, context, err);
    iw_arena_done(&arena);
    iw_order_close(reader);
    return rc;
}
