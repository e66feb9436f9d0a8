/*
 * `hunt`: rules compiled, evidence read, events profiled and matched, findings settled.
 */
#include "engine/begin.h"
#include "engine/coverage_judge.h"
#include "engine/hunt_state.h"
#include "engine/learning.h"
#include "engine/settle.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "context/context_fact.h"
#include "coverage/sample.h"
#include "engine/requests.h"
#include "engine/rule_finding.h"
#include "engine/rulebook.h"
#include "engine/server_findings.h"
#include "engine/user_file.h"
#include "order/log_mark.h"

/* Of the memory for sorting matches, what decisions may take: they are few and short. */
#define DECISIONS_SHARE 8U

static enum iw_rc account_rules(struct hunt_run *hunt)
{
    struct iw_run *run = hunt->run;
    for (size_t i = 0; i < hunt->n_rules; i++) {
        struct iw_rule_entry *entry =
            &run->rules.entries[iw_sigma_ruleset_rule(hunt->gathering.ruleset, i)->account_index];
        entry->n_matches = hunt->counts[i].n_matches;
        entry->n_unkept = hunt->counts[i].n_unkept;
        entry->n_unknown = hunt->counts[i].n_unknown;
    }
    if (hunt->gathering.has_hidden_hosts)
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

/* What surrounds events is put together, rules that wait for it are decided, chains are made. */
static enum iw_rc decide_by_context(struct hunt_run *hunt, struct iw_chain_findings *chains,
                                    struct iw_error *err)
{
    const struct iw_context_pass pass = {.order = hunt->gathering.order,
                                         .ruleset = hunt->gathering.ruleset,
                                         .names = hunt->names,
                                         .rules = hunt->rules,
                                         .places = hunt->places,
                                         .sid_names = hunt->gathering.sid_names,
                                         .rule_changes = &hunt->rule_changes,
                                         .decisions = hunt->decisions,
                                         .chains = chains,
                                         .cancelled = hunt->cancelled};
    IW_TRY(iw_context_pass_run(&pass, hunt->run, err));
    return iw_decisions_settle(hunt->decisions, &hunt->gathering.hosts, err);
}

/* What could have been seen, of all times. */
static struct iw_coverage_ask coverage_ask(const struct hunt_run *hunt)
{
    return (struct iw_coverage_ask){.switches = &hunt->switch_list,
                                    .estate = hunt->servers.approvals.estate,
                                    .clocks = hunt->gathering.clocks,
                                    .proofs = hunt->proofs,
                                    .ask = iw_proofs_ask,
                                    .canary = hunt->hunt_options->canary,
                                    .cancelled = hunt->cancelled,
                                    .since_ns = IW_TIME_UNKNOWN,
                                    .until_ns = IW_TIME_UNKNOWN};
}

static enum iw_rc find_chains(struct hunt_run *hunt, struct iw_chain_findings_input *input,
                              struct iw_error *err)
{
    const struct iw_coverage_ask ask = coverage_ask(hunt);
    const struct iw_coverage_input reach = iw_coverage_input_of(&ask, hunt->run);
    struct iw_chain_findings *chains = NULL;
    enum iw_rc rc = IW_ENOMEM;
    input->reach = iw_coverage_reach_new(&reach);
    if (input->reach != NULL)
        chains = iw_chain_findings_new(input, hunt->run);
    if (chains != NULL)
        rc = decide_by_context(hunt, chains, err);
    else
        iw_error_set(err, rc, "no memory");
    iw_chain_findings_free(chains);
    iw_coverage_reach_free(input->reach);
    return rc;
}

static enum iw_rc go_through_hosts(struct hunt_run *hunt, struct iw_error *err)
{
    struct iw_progress *progress = hunt->options->progress;
    struct iw_chain_findings_input input = {
        .settings = &hunt->chain_settings,
        .requests = hunt->requests,
        .places = hunt->places,
        .changes = hunt->servers.approvals.changes,
        .decisions = hunt->decisions,
        .inventory = &hunt->run->inventory,
        .web_files = &hunt->told,
        .behaviour = iw_behaviour_is_asked(&hunt->behaviour) ? &hunt->behaviour : NULL,
        .learn = hunt->hunt_options->learn,
        .since_ns = hunt->hunt_options->since_ns,
        .until_ns = hunt->hunt_options->until_ns,
        .n_findings = progress != NULL ? &progress->n_findings : NULL};
    if (!hunt->has_chains)
        return decide_by_context(hunt, NULL, err);
    input.trails = hunt->trails =
        iw_component_trails_new(&hunt->chain_settings, &hunt->run->ledger);
    if (hunt->trails == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (input.behaviour != NULL)
        iw_component_trails_ask(hunt->trails, iw_behaviour_answer_of, &hunt->behaviour);
    return find_chains(hunt, &input, err);
}

/* Findings of rules are asked about in what all hosts told. */
static enum iw_rc ask_around(struct hunt_run *hunt, const struct iw_match_input *input,
                             const struct iw_server_facts *facts, struct iw_error *err)
{
    const struct iw_coverage_ask ask = coverage_ask(hunt);
    const struct iw_coverage_input coverage = iw_coverage_input_of(&ask, hunt->run);
    struct iw_coverage_reach *reach = iw_coverage_reach_new(&coverage);
    struct iw_unpacked_pages unpacked;
    struct iw_direct_writes writes;
    struct iw_failed_loads loads;
    const struct iw_settle_asked asked = {.changes = &hunt->rule_changes,
                                          .unpacked = &unpacked,
                                          .writes = &writes,
                                          .components = &hunt->told_events,
                                          .failed_loads = &loads};
    enum iw_rc rc;
    if (reach == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    iw_unpacked_pages_init(&unpacked, facts);
    iw_direct_writes_init(&writes, hunt->trails, reach);
    rc = iw_failed_loads_init(&loads, facts, &hunt->run->ledger, &hunt->told_events);
    if (rc == IW_OK)
        rc = iw_settle_findings(input, &asked, hunt->run, err);
    else
        iw_error_set(err, rc, "no memory");
    iw_failed_loads_done(&loads);
    iw_direct_writes_done(&writes);
    iw_unpacked_pages_done(&unpacked);
    iw_coverage_reach_free(reach);
    return rc;
}

static enum iw_rc settle_matches(struct hunt_run *hunt, const struct iw_server_facts *facts,
                                 struct iw_error *err)
{
    const struct iw_hunt_options *options = hunt->hunt_options;
    struct iw_run *run = hunt->run;
    const struct iw_match_input input = {.order = hunt->gathering.order,
                                         .decisions = hunt->decisions,
                                         .ruleset = hunt->gathering.ruleset,
                                         .rules = hunt->rules,
                                         .correlations = hunt->correlations,
                                         .n_correlations = hunt->n_correlations,
                                         .fire_every = options->fire_every,
                                         .since_ns = options->since_ns,
                                         .until_ns = options->until_ns,
                                         .budget_bytes = run->findings.budget_bytes,
                                         .cancelled = hunt->cancelled};
    IW_TRY(ask_around(hunt, &input, facts, err));
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
        .names = hunt->gathering.sid_names,
        .estate = hunt->servers.approvals.estate,
        .requests = hunt->requests,
        .places = hunt->places,
        .trails = hunt->trails,
        .told = &hunt->told,
        .told_events = &hunt->told_events,
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
    iw_behaviour_asking_init(&hunt->behaviour, hunt->servers.baselines.baseline,
                             hunt->servers.baselines.now_ns);
    hunt->places = iw_web_places_new(&hunt->run->inventory);
    if (hunt->places == NULL)
        return IW_ENOMEM;
    iw_told_components_init(&hunt->told_events);
    IW_TRY(iw_told_web_files_init(&hunt->told, &hunt->run->inventory));
    return iw_rule_changes_init(&hunt->rule_changes, hunt->servers.approvals.changes,
                                hunt->gathering.sid_names, &hunt->run->inventory);
}

/* What happened becomes entries of the servers when all else was judged without them. */
static enum iw_rc learn(struct hunt_run *hunt, struct iw_error *err)
{
    const struct iw_learn_options *options = hunt->hunt_options->learn;
    enum iw_rc rc = IW_OK;
    if (options != NULL && !hunt->run->interrupted)
        rc = iw_learning_settle(hunt->run, options);
    if (rc == IW_OK)
        rc = iw_servers_compare(&hunt->servers, hunt->options, hunt->run);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

/* What could have been seen; findings are settled. */
static enum iw_rc judge_coverage(struct hunt_run *hunt, const struct iw_server_facts *facts,
                                 struct iw_error *err)
{
    const struct iw_hunt_options *options = hunt->hunt_options;
    struct iw_coverage_ask ask = coverage_ask(hunt);
    ask.since_ns = options->since_ns; /* of the same span as findings, or "clear" is said of more */
    ask.until_ns = options->until_ns;
    ask.facts = facts;
    ask.rules = (struct iw_coverage_of_rules){.ruleset = hunt->gathering.ruleset,
                                              .names = hunt->names,
                                              .of_rule = options->of_rule,
                                              .keeps_reasons = options->by_rule};
    return iw_coverage_of_run(&ask, hunt->run, err);
}

static enum iw_rc settle(struct hunt_run *hunt, struct iw_error *err)
{
    struct iw_server_facts facts = {0};
    enum iw_rc rc = account_rules(hunt);
    hunt->cancelled = hunt->run->interrupted ? NULL : hunt->options->cancelled;
    if (rc == IW_OK)
        rc = iw_url_requests_hosts(hunt->requests, &hunt->gathering.hosts);
    if (rc == IW_OK)
        rc = iw_gathering_settle(&hunt->gathering, &facts);
    if (rc == IW_OK)
        rc = iw_requests_settle(&hunt->requests, &hunt->gathering.hosts, hunt->run);
    if (rc == IW_OK && hunt->canaries != NULL)
        rc = iw_canary_watch_settle(hunt->canaries, &hunt->gathering.hosts, &hunt->run->ledger,
                                    hunt->hunt_options->canary->report);
    if (rc == IW_OK)
        rc = iw_servers_settle(&hunt->servers, &hunt->gathering.trees, &hunt->gathering.hosts,
                               hunt->options, &facts, hunt->run);
    if (rc == IW_OK)
        rc = iw_proof_files_settle(hunt->proofs, &hunt->gathering.trees, &hunt->gathering.hosts,
                                   hunt->options, hunt->run);
    if (rc == IW_OK)
        rc = iw_coverage_settle_switches(hunt->switches, &hunt->gathering.hosts,
                                         hunt->gathering.clocks, hunt->proofs, &hunt->switch_list);
    if (rc == IW_OK)
        rc = settle_surroundings(hunt);
    if (rc != IW_OK)
        return iw_error_set(err, rc, "no memory");
    IW_TRY(iw_gathering_settle_order(&hunt->gathering, err));
    IW_TRY(go_through_hosts(hunt, err));
    /* What happened around a component stands in what the hosts told. */
    IW_TRY(judge_servers(hunt, &facts, err));
    IW_TRY(settle_matches(hunt, &facts, err));
    IW_TRY(learn(hunt, err));
    IW_TRY(judge_coverage(hunt, &facts, err));
    if (hunt->cancelled != NULL && atomic_load(hunt->cancelled)) /* between two steps */
        hunt->run->interrupted = true;
    return IW_OK;
}

/* Where files are written that show what is logged: of all servers that files tell of. */
static enum iw_rc watch_folders(struct hunt_run *hunt)
{
    IW_TRY(iw_watched_folders_know(&hunt->folders, &hunt->run->inventory));
    iw_collector_watch(hunt->gathering.collector, &hunt->folders);
    return IW_OK;
}

/* Handlers whose files are not known by their names. */
static enum iw_rc note_patterns(struct hunt_run *hunt)
{
    uint64_t n = hunt->chain_settings.handled.n_hidden;
    if (n == 0)
        return IW_OK;
    return iw_run_note(hunt->run,
                       "%llu %s of handlers with a `*` in the ending %s more than is kept: files "
                       "that only these run are no links of chains",
                       (unsigned long long)n, n == 1 ? "path" : "paths", n == 1 ? "is" : "are");
}

/* The plan, and what looks for its acts. */
static enum iw_rc open_canaries(struct hunt_run *hunt, struct iw_error *err)
{
    const struct iw_canary_ask *ask = hunt->hunt_options->canary;
    if (ask == NULL)
        return IW_OK;
    IW_TRY(iw_canary_ask_open(ask, err));
    hunt->canaries = iw_canary_watch_new(ask->plan);
    return hunt->canaries != NULL ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc read_and_settle(const struct iw_engine_options *options, struct hunt_run *hunt,
                                  const struct iw_names *names, const struct iw_route *route,
                                  struct iw_error *err)
{
    struct iw_consumer consumer = iw_hunt_consumer(hunt);
    struct iw_pass0 pass0;
    enum iw_rc rc;
    IW_TRY(iw_servers_open(&hunt->servers, &hunt->hunt_options->servers, err));
    hunt->servers.is_compared_later = hunt->hunt_options->learn != NULL;
    IW_TRY(iw_proof_files_open(hunt->proofs, hunt->hunt_options->telemetry_paths,
                               hunt->hunt_options->n_telemetry_paths, err));
    IW_TRY(open_canaries(hunt, err));
    hunt->servers.hear_registry = iw_proof_files_hear;
    hunt->servers.hear_context = hunt->proofs;
    iw_spill_open(&hunt->run->spill); /* before the process is confined */
    rc = iw_pass0_run(options, hunt->run, &pass0, err);
    if (rc == IW_OK)
        rc = iw_servers_read(&hunt->servers, options, &pass0, hunt->run, err);
    if (rc == IW_OK && !hunt->run->interrupted)
        rc = iw_proof_files_read(&pass0.evidence, options, hunt->proofs, hunt->run, err);
    if (rc == IW_OK &&
        (watch_folders(hunt) != IW_OK || iw_gathering_know_ledger(&hunt->gathering) != IW_OK ||
         iw_url_requests_know(hunt->requests, &hunt->run->inventory) != IW_OK ||
         iw_chain_settings_know(&hunt->chain_settings, &hunt->run->inventory) != IW_OK))
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK && note_patterns(hunt) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, names, route, &pass0.evidence, hunt->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    IW_TRY(rc);
    return settle(hunt, err);
}

/* A file first, so that a word on the command line adds to it. */
static enum iw_rc read_settings(struct hunt_run *hunt, struct iw_error *err)
{
    const struct iw_hunt_options *options = hunt->hunt_options;
    struct iw_chain_settings *settings = &hunt->chain_settings;
    if (options->settings_path != NULL) {
        struct iw_str text;
        IW_TRY(iw_user_file_read(options->settings_path, IW_LIMIT_SETTINGS_BYTES, &settings->arena,
                                 &text, err));
        IW_TRY(iw_chain_settings_read(settings, text, options->settings_path, err));
    }
    for (size_t i = 0; i < options->n_settings; i++)
        IW_TRY(iw_chain_settings_set(settings, iw_str_of(options->settings[i]), err));
    return IW_OK;
}

static enum iw_rc keep_rules(struct hunt_run *hunt)
{
    hunt->rules = iw_arena_calloc(&hunt->run->arena, hunt->n_rules, sizeof *hunt->rules);
    if (hunt->rules == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < hunt->n_rules; i++)
        IW_TRY(iw_rule_finding_keep_rule(iw_sigma_ruleset_rule(hunt->gathering.ruleset, i),
                                         &hunt->run->arena, &hunt->rules[i]));
    hunt->n_correlations = iw_correlate_count(hunt->gathering.ruleset);
    hunt->correlations =
        iw_arena_calloc(&hunt->run->arena, hunt->n_correlations, sizeof *hunt->correlations);
    if (hunt->correlations == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < hunt->n_correlations; i++)
        IW_TRY(iw_rule_finding_keep_rule(iw_correlate_rule(hunt->gathering.ruleset, i),
                                         &hunt->run->arena, &hunt->correlations[i]));
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
                            .names = names,
                            .has_chains = !hunt_options->no_builtin,
                            .n_rules = iw_sigma_ruleset_count(ruleset)};
    struct iw_route route;
    enum iw_rc rc;

    if (options->sort_bytes != 0)
        run->findings.budget_bytes = options->sort_bytes;
    hunt.gathering.needs_context = true;
    iw_route_init(&route);
    iw_chain_settings_init(&hunt.chain_settings);
    hunt.switches = iw_switches_new();
    iw_watched_folders_init(&hunt.folders);
    hunt.proofs = iw_proofs_new();
    hunt.decisions = iw_decisions_new(&run->spill, run->findings.budget_bytes / DECISIONS_SHARE);
    hunt.requests = iw_url_requests_new(&run->spill, run->findings.budget_bytes / 2);
    hunt.counts = iw_calloc(hunt.n_rules, sizeof *hunt.counts);
    /* Overall and of hosts: a whole budget each. */
    if (iw_gathering_init(&hunt.gathering, run, ruleset, &run->spill,
                          2 * run->findings.budget_bytes) != IW_OK ||
        hunt.switches == NULL || hunt.proofs == NULL || hunt.decisions == NULL ||
        hunt.requests == NULL || hunt.counts == NULL ||
        iw_gathering_route(&hunt.gathering, &route) != IW_OK ||
        iw_url_requests_route(&route) != IW_OK || iw_switches_route(&route) != IW_OK ||
        iw_sample_route(&route) != IW_OK ||
        (hunt_options->canary != NULL && iw_canary_route(&route) != IW_OK) ||
        (hunt.has_chains && iw_chain_fact_route(&route) != IW_OK) || keep_rules(&hunt) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    else
        rc = read_settings(&hunt, err);
    if (rc == IW_OK)
        rc = read_and_settle(options, &hunt, names, &route, err);
    iw_servers_close(&hunt.servers);
    iw_rule_changes_done(&hunt.rule_changes);
    iw_behaviour_asking_done(&hunt.behaviour);
    iw_decisions_free(hunt.decisions);
    iw_web_places_free(hunt.places);
    iw_told_web_files_done(&hunt.told);
    iw_told_components_done(&hunt.told_events);
    iw_component_trails_free(hunt.trails);
    iw_chain_settings_done(&hunt.chain_settings);
    iw_gathering_done(&hunt.gathering);
    iw_free(hunt.counts);
    iw_url_requests_free(hunt.requests);
    iw_switches_free(hunt.switches);
    iw_canary_watch_free(hunt.canaries);
    iw_watched_folders_done(&hunt.folders);
    iw_proofs_free(hunt.proofs);
    iw_route_done(&route);
    return rc;
}

/* Said before anything is read. */
static enum iw_rc check_of_rule(const struct iw_sigma_ruleset *ruleset, const char *of_rule,
                                const struct iw_rule_account *account, struct iw_error *err)
{
    for (size_t i = 0; of_rule != NULL && i < iw_sigma_ruleset_count(ruleset); i++) {
        size_t entry = iw_sigma_ruleset_rule(ruleset, i)->account_index;
        if (iw_rule_entry_has(&account->entries[entry], iw_str_of(of_rule)))
            return IW_OK;
    }
    return of_rule == NULL ? IW_OK
                           : iw_error_set(err, IW_EUSAGE,
                                          "--of-rule %.200s: no loaded rule of single events has "
                                          "that in title, id, log source or file",
                                          of_rule);
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
        rc = check_of_rule(book.ruleset, hunt->of_rule, &run->rules, err);
    if (rc == IW_OK)
        rc = hunt_with_rules(options, hunt, book.ruleset, &book.names, run, err);
    iw_rulebook_close(&book);
    iw_settle_resources(run, started_ns);
    return rc;
}
