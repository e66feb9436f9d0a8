/*
 * `hunt`: rules compiled, evidence read, events profiled and matched, findings settled.
 */
#include "engine/begin.h"
#include "engine/pipeline.h"
#include "engine/settle.h"

#include "base/alloc.h"
#include "engine/keeper.h"
#include "engine/rule_finding.h"
#include "engine/rulebook.h"

struct hunt_run {
    const struct iw_engine_options *options;
    const struct iw_hunt_options *hunt_options;
    struct iw_run *run;
    const struct iw_sigma_ruleset *ruleset;
    size_t n_rules;
    struct iw_sigma_rule *rules; /* by index, in run->arena: findings borrow their texts */
    struct iw_collector *collector;
    struct iw_keeper *keepers; /* by rule: what all threads kept */
    uint64_t *n_unknown;       /* by rule */
};

struct hunt_thread {
    struct hunt_run *shared;
    struct iw_collector *collector;
    struct iw_sigma_scanner *scanner;
    struct iw_findings findings;
    struct iw_keeper *keepers;
    struct iw_arena scratch;
    uint64_t n_outside_window;
};

/* --- one thread
 * ---------------------------------------------------------------------------------------------------
 */

static enum iw_rc keep_results(struct hunt_thread *thread)
{
    struct hunt_run *shared = thread->shared;
    shared->run->n_outside_window += thread->n_outside_window;
    IW_TRY(iw_collector_merge(shared->collector, thread->collector));
    for (size_t i = 0; i < shared->n_rules; i++) {
        IW_TRY(iw_keeper_merge(&shared->keepers[i], &thread->keepers[i]));
        shared->n_unknown[i] += iw_sigma_scanner_unknown(thread->scanner, i);
    }
    return iw_findings_merge(&shared->run->findings, &thread->findings);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct hunt_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    for (size_t i = 0; thread->keepers != NULL && i < thread->shared->n_rules; i++)
        iw_keeper_done(&thread->keepers[i]);
    iw_free(thread->keepers);
    iw_findings_done(&thread->findings);
    iw_sigma_scanner_free(thread->scanner);
    iw_collector_free(thread->collector);
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
    iw_findings_init(&thread->findings);
    iw_arena_init(&thread->scratch, 0);
    thread->collector = iw_collector_new();
    thread->scanner = iw_sigma_scanner_new(shared->ruleset);
    thread->keepers = iw_calloc(shared->n_rules, sizeof *thread->keepers);
    if (thread->collector != NULL && thread->scanner != NULL && thread->keepers != NULL)
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

static enum iw_rc take_hit(struct hunt_thread *thread, const struct iw_event *event, uint32_t rule)
{
    struct hunt_run *shared = thread->shared;
    const struct iw_source *source = &shared->run->ledger.sources[event->source];
    struct iw_finding *finding;
    if (!is_in_window(shared->hunt_options, event->time_ns)) {
        thread->n_outside_window++;
        return IW_OK;
    }
    if (!iw_keeper_wants(&thread->keepers[rule], event))
        return IW_OK;
    iw_arena_reset(&thread->scratch);
    IW_TRY(iw_rule_finding_add(&shared->rules[rule], event, source->path, &thread->findings,
                               &thread->scratch, &finding));
    if (shared->options->progress != NULL)
        shared->options->progress->n_findings++;
    return iw_keeper_add(&thread->keepers[rule], event, finding);
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct hunt_thread *thread = state;
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        const uint32_t *rules;
        size_t n_rules;
        IW_TRY(iw_collector_add(thread->collector, event));
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

/* Cuts every rule to its limit; what run->findings then holds is exactly what is kept. */
static enum iw_rc settle_rules(struct hunt_run *hunt)
{
    struct iw_run *run = hunt->run;
    size_t n = 0;
    for (size_t i = 0; i < hunt->n_rules; i++) {
        struct iw_rule_entry *entry =
            &run->rules.entries[iw_sigma_ruleset_rule(hunt->ruleset, i)->account_index];
        entry->n_matches = hunt->keepers[i].n_seen;
        entry->n_unkept = iw_keeper_settle(&hunt->keepers[i]);
        entry->n_unknown = hunt->n_unknown[i];
        for (size_t k = 0; k < hunt->keepers[i].n; k++)
            run->findings.items[n++] = hunt->keepers[i].items[k].finding;
        if (entry->n_unkept != 0)
            IW_TRY(iw_run_note(run, "rule '%.*s': the first %zu of %llu matches are shown",
                               IW_STR_ARG(entry->title), hunt->keepers[i].n,
                               (unsigned long long)entry->n_matches));
    }
    run->findings.n = n;
    if (run->n_outside_window != 0)
        IW_TRY(iw_run_note(run,
                           "%llu matched events lie outside --since and --until and are not shown",
                           (unsigned long long)run->n_outside_window));
    return IW_OK;
}

static enum iw_rc settle(struct hunt_run *hunt)
{
    struct iw_hosts hosts;
    enum iw_rc rc;
    iw_hosts_init(&hosts);
    rc = settle_rules(hunt);
    for (size_t i = 0; i < hunt->run->findings.n && rc == IW_OK; i++)
        rc = iw_hosts_add(&hosts, hunt->run->findings.items[i]->computer);
    if (rc == IW_OK)
        rc = iw_settle_hosts(hunt->collector, &hosts, hunt->run);
    if (rc == IW_OK) {
        rc = iw_settle_findings(&hosts, hunt->run);
    }
    iw_hosts_done(&hosts);
    return rc;
}

static enum iw_rc read_and_settle(const struct iw_engine_options *options, struct hunt_run *hunt,
                                  const struct iw_names *names, const struct iw_route *route,
                                  struct iw_error *err)
{
    struct iw_consumer consumer = {hunt, thread_begin, take_batch, NULL, thread_end};
    struct iw_pass0 pass0;
    enum iw_rc rc = iw_pass0_run(options, hunt->run, &pass0, err);
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, names, route, &pass0.evidence, hunt->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    IW_TRY(rc);
    rc = settle(hunt);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
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

    iw_route_init(&route);
    hunt.collector = iw_collector_new();
    hunt.keepers = iw_calloc(hunt.n_rules, sizeof *hunt.keepers);
    hunt.n_unknown = iw_calloc(hunt.n_rules, sizeof *hunt.n_unknown);
    if (hunt.collector == NULL || hunt.keepers == NULL || hunt.n_unknown == NULL ||
        iw_sigma_ruleset_route(ruleset, &route) != IW_OK || keep_rules(&hunt) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    else
        rc = read_and_settle(options, &hunt, names, &route, err);
    for (size_t i = 0; hunt.keepers != NULL && i < hunt.n_rules; i++)
        iw_keeper_done(&hunt.keepers[i]);
    iw_free(hunt.keepers);
    iw_free(hunt.n_unknown);
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
