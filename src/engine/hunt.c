/*
 * `hunt`: rules compiled, evidence read, events profiled and matched, findings settled.
 */
#include "engine/begin.h"
#include "engine/pipeline.h"
#include "engine/settle.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "engine/hits.h"
#include "engine/rule_finding.h"
#include "engine/rulebook.h"
#include "engine/server_findings.h"
#include "engine/servers.h"

/* What became of one rule. */
struct rule_count {
    uint64_t n_matches, n_unkept, n_unknown;
};

struct hunt_run {
    const struct iw_engine_options *options;
    const struct iw_hunt_options *hunt_options;
    struct iw_run *run;
    const struct iw_sigma_ruleset *ruleset;
    size_t n_rules;
    struct iw_sigma_rule *rules; /* by index, in run->arena: findings borrow their texts */
    struct iw_collector *collector;
    struct iw_servers servers;
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_hits hits;
    struct rule_count *counts; /* by rule, of all threads */
    struct iw_hosts hosts;
    _Atomic bool has_hidden_hosts; /* more names than IW_LIMIT_HOSTS */
};

struct hunt_thread {
    struct hunt_run *shared;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_sigma_scanner *scanner;
    struct iw_hit_feed hits;
    struct iw_hosts hosts; /* names of the hits' computers */
    struct rule_count *counts;
    struct iw_arena finding, scratch; /* of one hit */
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
    IW_TRY(iw_tree_hosts_merge(&shared->trees, &thread->trees));
    IW_TRY(iw_server_events_merge(shared->server_events, thread->server_events));
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
    iw_hit_feed_done(&thread->hits);
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
    thread->scanner = iw_sigma_scanner_new(shared->ruleset);
    thread->counts = iw_calloc(shared->n_rules, sizeof *thread->counts);
    if (iw_hit_feed_init(&thread->hits, &shared->hits) == IW_OK &&
        iw_tree_hosts_init(&thread->trees, &shared->run->ledger) == IW_OK &&
        thread->collector != NULL && thread->server_events != NULL && thread->scanner != NULL &&
        thread->counts != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* --since and --until choose findings by their last time, before any is left out for another
 * reason; one without a time is always shown. */
static bool is_in_window(const struct iw_hunt_options *options, int64_t time_ns)
{
    if (!iw_time_known(time_ns))
        return true;
    return (!iw_time_known(options->since_ns) || time_ns >= options->since_ns) &&
           (!iw_time_known(options->until_ns) || time_ns <= options->until_ns);
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
static enum iw_rc stop_reading(struct hunt_thread *thread, uint32_t rule,
                               const struct iw_error *failure)
{
    thread->counts[rule].n_unkept++;
    thread->failure = *failure;
    return IW_ECANCELLED;
}

static enum iw_rc keep_hit(struct hunt_thread *thread, const struct iw_event *event, uint32_t rule)
{
    struct hunt_run *shared = thread->shared;
    const struct iw_source *source = &shared->run->ledger.sources[event->source];
    struct iw_error failure = {.rc = IW_OK};
    struct iw_finding finding;
    enum iw_rc rc;
    iw_arena_reset(&thread->finding);
    iw_arena_reset(&thread->scratch);
    IW_TRY(keep_host(thread, event->computer));
    IW_TRY(iw_rule_finding_make(&shared->rules[rule], event, source->path, &thread->finding,
                                &thread->scratch, &finding));
    rc = iw_hit_feed_add(&thread->hits, &finding, &failure);
    return rc == IW_EIO ? stop_reading(thread, rule, &failure) : rc;
}

static enum iw_rc take_hit(struct hunt_thread *thread, const struct iw_event *event, uint32_t rule)
{
    struct hunt_run *shared = thread->shared;
    if (!is_in_window(shared->hunt_options, event->time_ns)) {
        thread->n_outside_window++;
        return IW_OK;
    }
    thread->counts[rule].n_matches++;
    if (shared->options->progress != NULL)
        shared->options->progress->n_findings++;
    return keep_hit(thread, event, rule);
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
        IW_TRY(iw_sigma_scanner_match(thread->scanner, event, &rules, &n_rules));
        for (size_t k = 0; k < n_rules; k++)
            IW_TRY(take_hit(thread, event, rules[k]));
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
    if (run->n_outside_window == 0)
        return IW_OK;
    return iw_run_note(run, "%llu matched events lie outside --since and --until and are not shown",
                       (unsigned long long)run->n_outside_window);
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
        .estate = hunt->servers.approvals.estate,
        .since_ns = hunt->hunt_options->since_ns,
        .until_ns = hunt->hunt_options->until_ns,
        .n_findings = progress != NULL ? &progress->n_findings : NULL};
    if (hunt->run->interrupted) /* what was not read would seem to be missing */
        return IW_OK;
    return iw_server_findings(facts, &input, hunt->run, err);
}

static enum iw_rc settle_findings(struct hunt_run *hunt, struct iw_error *err)
{
    struct iw_rule_changes rule_changes;
    enum iw_rc rc =
        iw_rule_changes_init(&rule_changes, hunt->servers.approvals.changes, &hunt->run->inventory);
    rc = rc == IW_OK ? iw_settle_findings(&hunt->hosts, &hunt->hits, &rule_changes, hunt->run, err)
                     : iw_error_set(err, rc, "no memory");
    iw_rule_changes_done(&rule_changes);
    return rc;
}

static enum iw_rc settle(struct hunt_run *hunt, struct iw_error *err)
{
    struct iw_server_facts facts = {0};
    enum iw_rc rc = account_rules(hunt);
    if (rc == IW_OK)
        rc = iw_server_events_hosts(hunt->server_events, &hunt->hosts);
    if (rc == IW_OK)
        rc = iw_settle_hosts(hunt->collector, &hunt->hosts, hunt->run);
    if (rc == IW_OK)
        rc = iw_server_events_settle(hunt->server_events, &hunt->hosts, &facts);
    if (rc == IW_OK)
        rc = iw_servers_settle(&hunt->servers, &hunt->trees, &hunt->hosts, hunt->options, &facts,
                               hunt->run);
    if (rc != IW_OK)
        return iw_error_set(err, rc, "no memory");
    IW_TRY(judge_servers(hunt, &facts, err));
    return settle_findings(hunt, err);
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
    if (rc == IW_OK && iw_tree_hosts_init(&hunt->trees, &hunt->run->ledger) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
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
                            .n_rules = iw_sigma_ruleset_count(ruleset)};
    struct iw_route route;
    enum iw_rc rc;

    if (options->sort_bytes != 0)
        run->findings.budget_bytes = options->sort_bytes;
    iw_route_init(&route);
    iw_hosts_init(&hunt.hosts);
    hunt.collector = iw_collector_new();
    hunt.server_events = iw_server_events_new();
    hunt.counts = iw_calloc(hunt.n_rules, sizeof *hunt.counts);
    if (iw_hits_init(&hunt.hits, &run->spill, run->findings.budget_bytes) != IW_OK ||
        hunt.collector == NULL || hunt.server_events == NULL || hunt.counts == NULL ||
        iw_sigma_ruleset_route(ruleset, &route) != IW_OK ||
        iw_server_events_route(&route) != IW_OK || keep_rules(&hunt) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    else
        rc = read_and_settle(options, &hunt, names, &route, err);
    iw_servers_close(&hunt.servers);
    iw_tree_hosts_done(&hunt.trees);
    iw_hits_done(&hunt.hits);
    iw_hosts_done(&hunt.hosts);
    iw_free(hunt.counts);
    iw_server_events_free(hunt.server_events);
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
                                          .placeholders_path = hunt->placeholders_path};
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
