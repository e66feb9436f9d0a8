/*
 * `rules explain`: one rule against every event of its log source. Each thread measures its events
 * and keeps the best few explained. A rule that asks for context is explained when that is known
 * (explain_context.c).
 */
#include "engine/explain_context.h"

#include "base/alloc.h"
#include "engine/begin.h"
#include "engine/explain_correlation.h"
#include "engine/explain_rule.h"
#include "engine/pipeline.h"
#include "engine/settle.h"

struct explain_run {
    const struct iw_explaining *what;
    struct iw_run *run;
    struct iw_collector *collector;
    struct iw_explain_tally tally; /* of all threads */
};

struct explain_thread {
    struct explain_run *shared;
    struct iw_collector *collector;
    struct iw_sigma_explainer *explainer;
    struct iw_arena scratch;
    struct iw_explain_tally tally;
};

/* --- one thread --- */

static enum iw_rc thread_end(void *state, bool keep)
{
    struct explain_thread *thread = state;
    enum iw_rc rc = IW_OK;
    if (keep) {
        rc = iw_collector_merge(thread->shared->collector, thread->collector);
        iw_explain_tally_merge(&thread->shared->tally, &thread->tally);
    }
    iw_collector_free(thread->collector);
    iw_sigma_explainer_free(thread->explainer);
    iw_explain_tally_done(&thread->tally);
    iw_arena_done(&thread->scratch);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct explain_run *shared = context;
    const struct iw_explaining *what = shared->what;
    struct explain_thread *thread = iw_calloc(1, sizeof *thread);
    bool is_ready;
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    iw_arena_init(&thread->scratch, 0);
    is_ready = iw_explain_tally_init(&thread->tally, what->n_items, what->options->limit) == IW_OK;
    thread->collector = iw_collector_new_beside(shared->collector);
    thread->explainer = iw_sigma_explainer_new(what->book->ruleset, what->rule);
    if (is_ready && thread->collector != NULL && thread->explainer != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

static enum iw_rc explain_event(struct explain_thread *thread, const struct iw_event *event)
{
    struct iw_explain_tally *tally = &thread->tally;
    struct iw_explained_event entry = iw_explain_place_of(event);
    IW_TRY(iw_sigma_explainer_measure(thread->explainer, event, &entry.explanation.answer,
                                      &entry.explanation.n_failing, tally->blamed));
    iw_explain_tally_count(tally, entry.explanation.answer);
    if (!iw_explain_tally_wants(tally, &entry))
        return IW_OK;
    entry.source = thread->shared->run->ledger.sources[event->source].path;
    IW_TRY(iw_sigma_explainer_explain(thread->explainer, event, &tally->arena, &entry.explanation));
    return iw_explain_tally_keep(tally, &entry);
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct explain_thread *thread = state;
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        bool is_wanted;
        iw_arena_reset(&thread->scratch);
        IW_TRY(iw_collector_add(thread->collector, event));
        IW_TRY(iw_explaining_chooses(thread->shared->what, thread->explainer, event,
                                     &thread->scratch, &thread->tally, &is_wanted));
        if (is_wanted)
            IW_TRY(explain_event(thread, event));
    }
    return IW_OK;
}

/* --- which events --- */

enum iw_rc iw_explaining_chooses(const struct iw_explaining *what,
                                 const struct iw_sigma_explainer *explainer,
                                 const struct iw_event *event, struct iw_arena *scratch,
                                 struct iw_explain_tally *tally, bool *ret)
{
    uint64_t record_id = what->options->record_id;
    bool is_chosen = record_id == 0 || event->record_id == record_id;
    *ret = false;
    tally->n_events++;
    if (!is_chosen || (event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    if (what->where.n != 0)
        IW_TRY(iw_where_matches(&what->where, event, scratch, &is_chosen));
    if (!is_chosen)
        return IW_OK;
    *ret = iw_sigma_explainer_wants(explainer, event->channel, event->event_id);
    return *ret || !what->is_chosen ? IW_OK : iw_explain_tally_elsewhere(tally, event);
}

/* With --where or --record everything is decoded: what was meant may be of another log source, and
 * that is worth saying. */
enum iw_rc iw_explaining_route(const struct iw_explaining *what,
                               const struct iw_sigma_explainer *explainer, struct iw_route *route)
{
    if (what->is_chosen) {
        iw_route_want_all(route);
        return IW_OK;
    }
    return iw_sigma_explainer_route(explainer, route);
}

/* --- the run --- */

static enum iw_rc settle(struct explain_run *explain)
{
    struct iw_hosts hosts;
    enum iw_rc rc;
    iw_hosts_init(&hosts);
    rc = iw_settle_hosts(explain->collector, NULL, &hosts, explain->run);
    iw_hosts_done(&hosts);
    return rc;
}

static enum iw_rc read_events(const struct iw_engine_options *options, struct explain_run *explain,
                              const struct iw_sigma_explainer *explainer, struct iw_error *err)
{
    struct iw_consumer consumer = {explain, thread_begin, take_batch, NULL, thread_end};
    struct iw_route route;
    struct iw_pass0 pass0;
    enum iw_rc rc;

    iw_route_init(&route);
    if (iw_explaining_route(explain->what, explainer, &route) != IW_OK) {
        iw_route_done(&route);
        return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    rc = iw_pass0_run(options, explain->run, &pass0, err);
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, &explain->what->book->names, &route,
                                       &pass0.evidence, explain->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    iw_route_done(&route);
    IW_TRY(rc);
    return settle(explain) == IW_OK ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc explain_record(const struct iw_engine_options *options,
                                 const struct iw_explaining *what,
                                 const struct iw_sigma_explainer *explainer, struct iw_run *run,
                                 struct iw_explain_report *report, struct iw_error *err)
{
    struct explain_run explain = {.what = what, .run = run};
    enum iw_rc rc = iw_explain_tally_init(&explain.tally, what->n_items, what->options->limit);
    explain.collector = iw_collector_new();
    if (rc != IW_OK || explain.collector == NULL)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = read_events(options, &explain, explainer, err);
    if (rc == IW_OK && iw_explain_tally_report(&explain.tally, explainer, report) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    iw_collector_free(explain.collector);
    iw_explain_tally_done(&explain.tally);
    return rc;
}

static enum iw_rc describe(const struct iw_sigma_explainer *explainer,
                           struct iw_explain_report *report)
{
    IW_TRY(iw_sigma_explainer_conditions(explainer, &report->arena, &report->conditions));
    return iw_sigma_explainer_channels(explainer, &report->arena, &report->wanted_channels);
}

enum iw_rc iw_explain_one_rule(const struct iw_engine_options *options,
                               const struct iw_explain_options *explain, struct iw_rulebook *book,
                               size_t rule, struct iw_spill *spill, struct iw_run *run,
                               struct iw_explain_report *report, struct iw_error *err)
{
    struct iw_explaining what = {.options = explain,
                                 .book = book,
                                 .spill = spill,
                                 .rule = rule,
                                 .is_chosen = explain->n_where != 0 || explain->record_id != 0};
    struct iw_sigma_explainer *explainer;
    /* Names of --where come after those of the rules: a view has no place for them and needs none.
     */
    enum iw_rc rc = iw_where_init(&what.where, explain->where, explain->n_where, &book->names, err);
    explainer = iw_sigma_explainer_new(book->ruleset, rule);
    report->is_chosen = what.is_chosen;
    if (rc == IW_OK && (explainer == NULL || describe(explainer, report) != IW_OK))
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK) {
        what.n_items = iw_sigma_explainer_count_items(explainer);
        rc = iw_sigma_ruleset_asks_context(book->ruleset, rule)
                 ? iw_explain_in_context(options, &what, explainer, run, report, err)
                 : explain_record(options, &what, explainer, run, report, err);
    }
    iw_sigma_explainer_free(explainer);
    iw_where_done(&what.where);
    return rc;
}

static enum iw_rc run_explain(const struct iw_engine_options *options,
                              const struct iw_explain_options *explain, struct iw_rulebook *book,
                              struct iw_run *run, struct iw_explain_report *report,
                              struct iw_error *err)
{
    bool is_correlation = false;
    size_t rule = 0;
    IW_TRY(iw_explain_find_rule(explain->rule, book, run, report, &rule, &is_correlation, err));
    if (!report->is_found)
        return IW_OK;
    if (is_correlation)
        return iw_explain_correlation(options, explain, book, rule, run, report, err);
    if (iw_sigma_ruleset_asks_context(book->ruleset, rule))
        iw_spill_open(&run->spill); /* before the process is confined */
    return iw_explain_one_rule(options, explain, book, rule, &run->spill, run, report, err);
}

enum iw_rc iw_engine_rules_explain(const struct iw_engine_options *options,
                                   const struct iw_explain_options *explain, struct iw_run *run,
                                   struct iw_explain_report *report, struct iw_error *err)
{
    struct iw_rulebook book;
    uint64_t started_ns = iw_clock_ns();
    enum iw_rc rc = iw_explain_open_rules(explain, &book, run, err);
    if (rc == IW_OK)
        rc = run_explain(options, explain, &book, run, report, err);
    iw_rulebook_close(&book);
    iw_settle_resources(run, started_ns);
    return rc;
}
