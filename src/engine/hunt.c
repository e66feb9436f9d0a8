/*
 * `hunt`: rules compiled, evidence read, events profiled and matched, findings settled.
 */
#include "context/context_fact.h"
#include "context/context_subject.h"
#include "engine/begin.h"
#include "engine/context_pass.h"
#include "engine/pipeline.h"
#include "engine/settle.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/limits.h"
#include "engine/event_finding.h"
#include "engine/requests.h"
#include "engine/rule_finding.h"
#include "engine/rulebook.h"
#include "engine/server_findings.h"
#include "engine/servers.h"
#include "order/log_mark.h"

/* Of the memory for sorting matches, what decisions may take: they are few and short. */
#define DECISIONS_SHARE 8U

/* What became of one rule. */
struct rule_count {
    uint64_t n_matches, n_unkept, n_unknown;
};

struct hunt_run {
    const struct iw_engine_options *options;
    const struct iw_hunt_options *hunt_options;
    struct iw_run *run;
    const struct iw_sigma_ruleset *ruleset;
    const struct iw_names *names;
    size_t n_rules;
    struct iw_sigma_rule *rules;        /* by index, in run->arena: findings borrow their texts */
    struct iw_sigma_rule *correlations; /* by number, likewise */
    size_t n_correlations;
    struct iw_collector *collector;
    struct iw_servers servers;
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_sid_names *sid_names;
    struct iw_url_requests *requests;
    struct iw_order *order;
    struct iw_decisions *decisions;
    struct iw_web_places *places; /* NULL until servers are settled */
    struct iw_rule_changes rule_changes;
    struct iw_clocks *clocks;  /* made when the ledger is complete */
    struct rule_count *counts; /* by rule, of all threads */
    struct iw_hosts hosts;
    _Atomic bool has_hidden_hosts; /* more names than IW_LIMIT_HOSTS */
};

struct hunt_thread {
    struct hunt_run *shared;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_sid_names *sid_names;
    struct iw_url_requests_feed *requests;
    struct iw_sigma_scanner *scanner;
    struct iw_order_feed order;
    struct iw_clocks *clocks;
    struct iw_hosts hosts; /* names of the facts' computers */
    struct rule_count *counts;
    struct iw_arena finding, scratch; /* of one event */
    struct iw_buffer payload, subject;
    uint32_t *kept; /* rules of one event; room for all, twice: with those that wait */
    struct iw_sigma_perhaps *waiting; /* rules of one event that wait for context; room for all */
    uint64_t n_outside_window;
    struct iw_error failure; /* why hits are not kept any more */
};

/* --- one thread
 * ---------------------------------------------------------------------------------------------------
 */

static enum iw_rc keep_hosts(struct iw_hosts *into, const struct iw_hosts *from)
{
    for (size_t i = 0; i < from->by_computer.n; i++)
        IW_TRY(iw_hosts_add(into, from->by_computer.entries[i].key));
    return IW_OK;
}

static enum iw_rc keep_results(struct hunt_thread *thread)
{
    struct hunt_run *shared = thread->shared;
    shared->run->n_outside_window += thread->n_outside_window;
    if (shared->run->failure.rc == IW_OK)
        shared->run->failure = thread->failure;
    for (size_t i = 0; i < shared->n_rules; i++) {
        shared->counts[i].n_matches += thread->counts[i].n_matches;
        shared->counts[i].n_unkept += thread->counts[i].n_unkept;
        shared->counts[i].n_unknown += iw_sigma_scanner_unknown(thread->scanner, i);
    }
    IW_TRY(keep_hosts(&shared->hosts, &thread->hosts));
    IW_TRY(iw_clocks_merge(shared->clocks, thread->clocks));
    IW_TRY(iw_tree_hosts_merge(&shared->trees, &thread->trees));
    IW_TRY(iw_server_events_merge(shared->server_events, thread->server_events));
    IW_TRY(iw_sid_names_merge(shared->sid_names, thread->sid_names));
    IW_TRY(iw_requests_end(thread->requests, shared->run));
    return iw_collector_merge(shared->collector, thread->collector);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct hunt_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    iw_free(thread->counts);
    iw_hosts_done(&thread->hosts);
    iw_tree_hosts_done(&thread->trees);
    iw_server_events_free(thread->server_events);
    iw_sid_names_free(thread->sid_names);
    iw_order_feed_done(&thread->order);
    iw_clocks_free(thread->clocks);
    iw_buffer_done(&thread->payload);
    iw_buffer_done(&thread->subject);
    iw_free(thread->kept);
    iw_free(thread->waiting);
    iw_sigma_scanner_free(thread->scanner);
    iw_collector_free(thread->collector);
    iw_arena_done(&thread->finding);
    iw_arena_done(&thread->scratch);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct hunt_run *shared = context;
    struct hunt_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    iw_hosts_init(&thread->hosts);
    iw_arena_init(&thread->finding, 0);
    iw_arena_init(&thread->scratch, 0);
    thread->collector = iw_collector_new();
    thread->server_events = iw_server_events_new();
    thread->sid_names = iw_sid_names_new();
    thread->requests = iw_url_requests_feed_new(shared->requests);
    thread->scanner = iw_sigma_scanner_new(shared->ruleset);
    thread->counts = iw_calloc(shared->n_rules, sizeof *thread->counts);
    thread->kept = iw_calloc(2 * shared->n_rules, sizeof *thread->kept);
    thread->waiting = iw_calloc(shared->n_rules, sizeof *thread->waiting);
    thread->clocks = iw_clocks_new_beside(shared->clocks);
    iw_buffer_init(&thread->payload);
    iw_buffer_init(&thread->subject);
    if (iw_order_feed_init(&thread->order, shared->order) == IW_OK && thread->clocks != NULL &&
        thread->kept != NULL && thread->waiting != NULL && thread->sid_names != NULL &&
        iw_tree_hosts_init(&thread->trees, &shared->run->ledger) == IW_OK &&
        thread->collector != NULL && thread->server_events != NULL && thread->requests != NULL &&
        thread->scanner != NULL && thread->counts != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* Past the limit a name is no longer settled with the others, and shown by its label. */
static enum iw_rc keep_host(struct hunt_thread *thread, struct iw_str computer)
{
    if (thread->hosts.by_computer.n < IW_LIMIT_HOSTS)
        return iw_hosts_add(&thread->hosts, computer);
    if (iw_map_find(&thread->hosts.by_computer, computer) == NULL)
        thread->shared->has_hidden_hosts = true;
    return IW_OK;
}

/* Finds no room on the disk: the thread reads no further, and says why at the end. */
static enum iw_rc stop_reading(struct hunt_thread *thread, const uint32_t *rules, size_t n,
                               const struct iw_error *failure)
{
    for (size_t i = 0; i < n; i++)
        thread->counts[rules[i]].n_unkept++;
    thread->failure = *failure;
    return IW_ECANCELLED;
}

/* Adds the fact whose payload was written; *rules* are those that would be missing with it. */
static enum iw_rc keep_fact(struct hunt_thread *thread, enum iw_order_reading reading,
                            struct iw_fact *fact, const uint32_t *rules, size_t n)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (thread->payload.failed)
        return IW_ENOMEM;
    fact->payload = iw_buffer_str(&thread->payload);
    IW_TRY(keep_host(thread, fact->computer));
    rc = iw_order_add(&thread->order, reading, fact, &failure);
    return rc == IW_EIO ? stop_reading(thread, rules, n, &failure) : rc;
}

/* What must be known of the event to decide rules that wait for its context. */
static enum iw_rc add_subject(struct hunt_thread *thread, const struct iw_event *event,
                              struct iw_match *match)
{
    struct iw_context_subject subject;
    if (match->n_perhaps == 0)
        return IW_OK;
    IW_TRY(iw_context_subject_read(event, &thread->scratch, &subject));
    iw_buffer_clear(&thread->subject);
    iw_context_subject_write(&subject, &thread->subject);
    match->subject = iw_buffer_str(&thread->subject);
    return thread->subject.failed ? IW_ENOMEM : IW_OK;
}

/* An event that rules matched or perhaps match: kept once, for all of them. *rules* has room for
 * the second, too. */
static enum iw_rc keep_match(struct hunt_thread *thread, const struct iw_event *event,
                             uint32_t *rules, size_t n, size_t n_waiting)
{
    struct iw_match match = {
        .rules = rules, .n_rules = n, .perhaps = thread->waiting, .n_perhaps = n_waiting};
    size_t n_all = n + n_waiting;
    struct iw_finding finding;
    struct iw_fact fact;
    iw_arena_reset(&thread->finding);
    iw_arena_reset(&thread->scratch);
    for (size_t i = 0; i < n_waiting; i++)
        rules[n + i] = thread->waiting[i].rule;
    IW_TRY(iw_sigma_scanner_carry(thread->scanner, event, rules, n_all, &match.values,
                                  &match.n_values));
    IW_TRY(iw_event_finding_make(event, &thread->finding, &thread->scratch, &finding));
    IW_TRY(add_subject(thread, event, &match));
    IW_TRY(iw_fact_of_event(event, &thread->scratch, &fact));
    fact.kind = IW_FACT_MATCH;
    iw_buffer_clear(&thread->payload);
    iw_match_write(&match, &finding, &thread->payload);
    if (n_waiting != 0)
        IW_TRY(keep_fact(thread, IW_ORDER_OF_HOSTS, &fact, rules, n_all));
    return keep_fact(thread, IW_ORDER_OVERALL, &fact, rules, n_all);
}

/* A time that may yet be corrected decides nothing; what correlations stand on is always kept. */
static bool is_wanted(const struct hunt_run *shared, const struct iw_event *event, uint32_t rule)
{
    const struct iw_hunt_options *options = shared->hunt_options;
    return iw_match_is_shown(options->since_ns, options->until_ns, event->time_ns) ||
           iw_event_clock(event) == IW_CLOCK_EXPORT ||
           (shared->n_correlations != 0 && iw_correlate_wants(shared->ruleset, rule));
}

static enum iw_rc take_matches(struct hunt_thread *thread, const struct iw_event *event,
                               const uint32_t *rules, size_t n)
{
    struct hunt_run *shared = thread->shared;
    const struct iw_sigma_perhaps *perhaps;
    size_t n_kept = 0, n_waiting = 0, n_perhaps;
    perhaps = iw_sigma_scanner_perhaps(thread->scanner, &n_perhaps);
    for (size_t i = 0; i < n_perhaps; i++) {
        if (is_wanted(shared, event, perhaps[i].rule))
            thread->waiting[n_waiting++] = perhaps[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(shared, event, rules[i])) {
            thread->n_outside_window++;
            continue;
        }
        thread->counts[rules[i]].n_matches++;
        thread->kept[n_kept++] = rules[i];
    }
    if (shared->options->progress != NULL)
        shared->options->progress->n_findings += n_kept;
    if (n_kept == 0 && n_waiting == 0)
        return IW_OK;
    return keep_match(thread, event, thread->kept, n_kept, n_waiting);
}

/* What a log says of itself and of its clock. */
static enum iw_rc take_log_mark(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_log_mark mark;
    struct iw_fact fact;
    enum iw_rc rc;
    iw_arena_reset(&thread->scratch);
    rc = iw_log_mark_read(event, &thread->scratch, &mark);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(iw_fact_of_event(event, &thread->scratch, &fact));
    fact.kind = IW_FACT_LOG_MARK;
    iw_buffer_clear(&thread->payload);
    iw_log_mark_write(&mark, &thread->payload);
    return keep_fact(thread, IW_ORDER_OVERALL, &fact, NULL, 0);
}

/* What it says of processes and logons. Two such facts are copies when they say the same: no more
 * of the event is needed to know that, and its digest would cost more than the fact. */
static enum iw_rc take_context(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_context_fact context;
    struct iw_fact fact;
    uint64_t hash[2];
    enum iw_rc rc;
    iw_arena_reset(&thread->scratch);
    rc = iw_context_fact_read(event, &thread->scratch, &context);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    iw_buffer_clear(&thread->payload);
    iw_context_fact_write(&context, &thread->payload);
    iw_fact_of_record(event, &fact);
    fact.kind = IW_FACT_CONTEXT;
    hash[0] = iw_hash_bytes(thread->payload.p, thread->payload.n, 0);
    hash[1] = iw_hash_bytes(thread->payload.p, thread->payload.n, hash[0]);
    memcpy(fact.content, hash, sizeof fact.content);
    return keep_fact(thread, IW_ORDER_OF_HOSTS, &fact, NULL, 0);
}

static enum iw_rc take_request(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc = iw_url_requests_add(thread->requests, event, &failure);
    return rc == IW_EIO ? stop_reading(thread, NULL, 0, &failure) : rc;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct hunt_thread *thread = state;
    IW_TRY(iw_tree_hosts_add(&thread->trees, batch));
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        const uint32_t *rules;
        size_t n_rules;
        IW_TRY(iw_collector_add(thread->collector, event));
        IW_TRY(iw_server_events_add(thread->server_events, event));
        if ((event->flags & IW_EVENT_DECODED) == 0)
            continue;
        IW_TRY(iw_clocks_add(thread->clocks, event));
        IW_TRY(take_log_mark(thread, event));
        IW_TRY(iw_sid_names_add(thread->sid_names, event));
        IW_TRY(take_context(thread, event));
        IW_TRY(take_request(thread, event));
        IW_TRY(iw_sigma_scanner_match(thread->scanner, event, &rules, &n_rules));
        IW_TRY(take_matches(thread, event, rules, n_rules));
    }
    return IW_OK;
}

/* --- the run
 * ------------------------------------------------------------------------------------------------------
 */

static enum iw_rc account_rules(struct hunt_run *hunt)
{
    struct iw_run *run = hunt->run;
    for (size_t i = 0; i < hunt->n_rules; i++) {
        struct iw_rule_entry *entry =
            &run->rules.entries[iw_sigma_ruleset_rule(hunt->ruleset, i)->account_index];
        entry->n_matches = hunt->counts[i].n_matches;
        entry->n_unkept = hunt->counts[i].n_unkept;
        entry->n_unknown = hunt->counts[i].n_unknown;
    }
    if (hunt->has_hidden_hosts)
        IW_TRY(iw_run_note(run,
                           "more than %u computer names: whether those beyond are one host "
                           "was not asked",
                           IW_LIMIT_HOSTS));
    return IW_OK;
}

static enum iw_rc note_outside(struct iw_run *run)
{
    if (run->n_outside_window == 0)
        return IW_OK;
    return iw_run_note(run, "%llu matched events lie outside --since and --until and are not shown",
                       (unsigned long long)run->n_outside_window);
}

/* What surrounds events is put together, and rules that wait for it are decided. */
static enum iw_rc decide_by_context(struct hunt_run *hunt, struct iw_error *err)
{
    const struct iw_context_pass pass = {.order = hunt->order,
                                         .ruleset = hunt->ruleset,
                                         .names = hunt->names,
                                         .rules = hunt->rules,
                                         .places = hunt->places,
                                         .sid_names = hunt->sid_names,
                                         .rule_changes = &hunt->rule_changes,
                                         .decisions = hunt->decisions};
    IW_TRY(iw_context_pass_run(&pass, hunt->run, err));
    return iw_decisions_settle(hunt->decisions, &hunt->hosts, err);
}

/* Matched events in event time, under corrected times, as findings. */
static enum iw_rc settle_matches(struct hunt_run *hunt, struct iw_error *err)
{
    const struct iw_hunt_options *options = hunt->hunt_options;
    struct iw_run *run = hunt->run;
    const struct iw_match_input input = {.order = hunt->order,
                                         .decisions = hunt->decisions,
                                         .ruleset = hunt->ruleset,
                                         .rules = hunt->rules,
                                         .correlations = hunt->correlations,
                                         .n_correlations = hunt->n_correlations,
                                         .fire_every = options->fire_every,
                                         .since_ns = options->since_ns,
                                         .until_ns = options->until_ns,
                                         .budget_bytes = run->findings.budget_bytes};
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc = iw_order_settle(hunt->order, &hunt->hosts, hunt->clocks, &failure);
    if (rc == IW_EIO && run->failure.rc == IW_OK)
        run->failure = failure;
    if (rc != IW_EIO && rc != IW_OK) {
        if (err != NULL)
            *err = failure;
        return rc;
    }
    IW_TRY(decide_by_context(hunt, err));
    IW_TRY(iw_settle_findings(&input, &hunt->rule_changes, run, err));
    return note_outside(run) == IW_OK ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc judge_servers(struct hunt_run *hunt, const struct iw_server_facts *facts,
                                struct iw_error *err)
{
    const char *baseline_path = hunt->hunt_options->servers.baseline_path;
    struct iw_progress *progress = hunt->options->progress;
    const struct iw_server_findings_input input = {
        .baseline_source = iw_str_of(baseline_path != NULL ? baseline_path : ""),
        .changes = hunt->servers.approvals.changes,
        .judge_change = iw_changes_judge,
        .cancelled = hunt->options->cancelled,
        .names = hunt->sid_names,
        .estate = hunt->servers.approvals.estate,
        .requests = hunt->requests,
        .places = hunt->places,
        .since_ns = hunt->hunt_options->since_ns,
        .until_ns = hunt->hunt_options->until_ns,
        .n_findings = progress != NULL ? &progress->n_findings : NULL};
    if (hunt->run->interrupted) /* what was not read would seem to be missing */
        return IW_OK;
    return iw_server_findings(facts, &input, hunt->run, err);
}

/* What pass 2 asks about every event: places, names, change records. */
static enum iw_rc settle_surroundings(struct hunt_run *hunt)
{
    IW_TRY(iw_sid_names_settle(hunt->sid_names, &hunt->hosts));
    hunt->places = iw_web_places_new(&hunt->run->inventory);
    if (hunt->places == NULL)
        return IW_ENOMEM;
    return iw_rule_changes_init(&hunt->rule_changes, hunt->servers.approvals.changes,
                                hunt->sid_names, &hunt->run->inventory);
}

static enum iw_rc settle(struct hunt_run *hunt, struct iw_error *err)
{
    struct iw_server_facts facts = {0};
    enum iw_rc rc = account_rules(hunt);
    if (rc == IW_OK)
        rc = iw_server_events_hosts(hunt->server_events, &hunt->hosts);
    if (rc == IW_OK)
        rc = iw_sid_names_hosts(hunt->sid_names, &hunt->hosts);
    if (rc == IW_OK)
        rc = iw_url_requests_hosts(hunt->requests, &hunt->hosts);
    if (rc == IW_OK)
        rc = iw_settle_hosts(hunt->collector, &hunt->trees, &hunt->hosts, hunt->run);
    if (rc == IW_OK)
        rc = iw_clocks_settle(hunt->clocks, &hunt->hosts);
    if (rc == IW_OK)
        rc = iw_clocks_tell(hunt->clocks, hunt->run);
    if (rc == IW_OK)
        rc = iw_server_events_settle(hunt->server_events, &hunt->hosts, &facts);
    if (rc == IW_OK)
        rc = iw_requests_settle(&hunt->requests, &hunt->hosts, hunt->run);
    if (rc == IW_OK)
        rc = iw_servers_settle(&hunt->servers, &hunt->trees, &hunt->hosts, hunt->options, &facts,
                               hunt->run);
    if (rc == IW_OK)
        rc = settle_surroundings(hunt);
    if (rc != IW_OK)
        return iw_error_set(err, rc, "no memory");
    IW_TRY(judge_servers(hunt, &facts, err));
    return settle_matches(hunt, err);
}

static enum iw_rc read_and_settle(const struct iw_engine_options *options, struct hunt_run *hunt,
                                  const struct iw_names *names, const struct iw_route *route,
                                  struct iw_error *err)
{
    struct iw_consumer consumer = {hunt, thread_begin, take_batch, NULL, thread_end};
    struct iw_pass0 pass0;
    enum iw_rc rc;
    IW_TRY(iw_servers_open(&hunt->servers, &hunt->hunt_options->servers, err));
    iw_spill_open(&hunt->run->spill); /* before the process is confined */
    rc = iw_pass0_run(options, hunt->run, &pass0, err);
    if (rc == IW_OK)
        rc = iw_servers_read(&hunt->servers, options, &pass0, hunt->run, err);
    if (rc == IW_OK && iw_url_requests_know(hunt->requests, &hunt->run->inventory) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK) {
        hunt->clocks = iw_clocks_new(&hunt->run->ledger);
        if (hunt->clocks == NULL || iw_tree_hosts_init(&hunt->trees, &hunt->run->ledger) != IW_OK)
            rc = iw_error_set(err, IW_ENOMEM, "no memory");
    }
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, names, route, &pass0.evidence, hunt->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    IW_TRY(rc);
    return settle(hunt, err);
}

static enum iw_rc keep_rules(struct hunt_run *hunt)
{
    hunt->rules = iw_arena_calloc(&hunt->run->arena, hunt->n_rules, sizeof *hunt->rules);
    if (hunt->rules == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < hunt->n_rules; i++)
        IW_TRY(iw_rule_finding_keep_rule(iw_sigma_ruleset_rule(hunt->ruleset, i), &hunt->run->arena,
                                         &hunt->rules[i]));
    hunt->n_correlations = iw_correlate_count(hunt->ruleset);
    hunt->correlations =
        iw_arena_calloc(&hunt->run->arena, hunt->n_correlations, sizeof *hunt->correlations);
    if (hunt->correlations == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < hunt->n_correlations; i++)
        IW_TRY(iw_rule_finding_keep_rule(iw_correlate_rule(hunt->ruleset, i), &hunt->run->arena,
                                         &hunt->correlations[i]));
    return IW_OK;
}

static enum iw_rc hunt_with_rules(const struct iw_engine_options *options,
                                  const struct iw_hunt_options *hunt_options,
                                  const struct iw_sigma_ruleset *ruleset,
                                  const struct iw_names *names, struct iw_run *run,
                                  struct iw_error *err)
{
    struct hunt_run hunt = {.options = options,
                            .hunt_options = hunt_options,
                            .run = run,
                            .ruleset = ruleset,
                            .names = names,
                            .n_rules = iw_sigma_ruleset_count(ruleset)};
    struct iw_route route;
    enum iw_rc rc;

    if (options->sort_bytes != 0)
        run->findings.budget_bytes = options->sort_bytes;
    iw_route_init(&route);
    iw_hosts_init(&hunt.hosts);
    hunt.collector = iw_collector_new();
    hunt.server_events = iw_server_events_new();
    hunt.sid_names = iw_sid_names_new();
    hunt.decisions = iw_decisions_new(&run->spill, run->findings.budget_bytes / DECISIONS_SHARE);
    hunt.requests = iw_url_requests_new(&run->spill, run->findings.budget_bytes / 2);
    hunt.counts = iw_calloc(hunt.n_rules, sizeof *hunt.counts);
    /* Overall and of hosts: a whole budget each. */
    hunt.order = iw_order_new(&run->spill, 2 * run->findings.budget_bytes);
    if (hunt.order == NULL || hunt.collector == NULL || hunt.server_events == NULL ||
        hunt.requests == NULL || hunt.sid_names == NULL || hunt.decisions == NULL ||
        hunt.counts == NULL || iw_sigma_ruleset_route(ruleset, &route) != IW_OK ||
        iw_server_events_route(&route) != IW_OK || iw_url_requests_route(&route) != IW_OK ||
        iw_log_mark_route(&route) != IW_OK || iw_context_fact_route(&route) != IW_OK ||
        iw_sid_names_route(&route) != IW_OK || keep_rules(&hunt) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    else
        rc = read_and_settle(options, &hunt, names, &route, err);
    iw_servers_close(&hunt.servers);
    iw_tree_hosts_done(&hunt.trees);
    iw_rule_changes_done(&hunt.rule_changes);
    iw_decisions_free(hunt.decisions);
    iw_order_free(hunt.order);
    iw_web_places_free(hunt.places);
    iw_sid_names_free(hunt.sid_names);
    iw_clocks_free(hunt.clocks);
    iw_hosts_done(&hunt.hosts);
    iw_free(hunt.counts);
    iw_server_events_free(hunt.server_events);
    iw_url_requests_free(hunt.requests);
    iw_collector_free(hunt.collector);
    iw_route_done(&route);
    return rc;
}

enum iw_rc iw_engine_hunt(const struct iw_engine_options *options,
                          const struct iw_hunt_options *hunt, struct iw_run *run,
                          struct iw_error *err)
{
    const struct iw_rule_choice choice = {.paths = hunt->rule_paths,
                                          .n_paths = hunt->n_rule_paths,
                                          .no_builtin = hunt->no_builtin,
                                          .placeholders_path = hunt->placeholders_path,
                                          .is_hunt = true};
    struct iw_rulebook book;
    uint64_t started_ns = iw_clock_ns();
    enum iw_rc rc = iw_rulebook_open(&book, &choice, run, err);

    if (rc == IW_OK && iw_sigma_ruleset_count(book.ruleset) == 0)
        rc = iw_error_set(err, IW_EUSAGE,
                          "no rule could be loaded: a hunt without rules would look clean");
    if (rc == IW_OK)
        rc = hunt_with_rules(options, hunt, book.ruleset, &book.names, run, err);
    iw_rulebook_close(&book);
    iw_settle_resources(run, started_ns);
    return rc;
}
