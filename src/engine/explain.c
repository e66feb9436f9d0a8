/*
 * `rules explain`: one rule against every event of its log source. Each thread measures its events
 * and keeps the best few explained; "best" is decided by content (matches first, then the fewest
 * failing items, then place in the evidence), so that the threads' number does not show.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "engine/begin.h"
#include "engine/explain_correlation.h"
#include "engine/explain_rule.h"
#include "engine/pipeline.h"
#include "engine/settle.h"
#include "engine/where.h"
#include "sigma/sigma_explain.h"

struct explain_run {
    const struct iw_explain_options *options;
    const struct iw_rulebook *book;
    size_t rule;
    struct iw_run *run;
    struct iw_explain_report *report;
    struct iw_where where;
    struct iw_collector *collector;
    struct iw_explained_event *kept; /* of all threads */
    size_t n_kept, kept_cap;
    struct iw_explained_event elsewhere; /* the first chosen event of another log source */
    uint64_t *blamed;                    /* by item of the rule */
    size_t n_items;
};

struct explain_thread {
    struct explain_run *shared;
    struct iw_collector *collector;
    struct iw_sigma_explainer *explainer;
    struct iw_arena arena; /* of the explanations kept */
    struct iw_arena scratch;
    struct iw_explained_event *kept; /* in order, at most options->limit */
    size_t n_kept;
    uint64_t *blamed;
    uint64_t n_events, n_of_source, n_matched, n_unknown, n_elsewhere;
    struct iw_explained_event elsewhere; /* the first in the evidence; n_elsewhere != 0 */
};

/* --- order --- */

static int compare_places(const struct iw_explained_event *a, const struct iw_explained_event *b)
{
    if (a->source_index != b->source_index)
        return a->source_index < b->source_index ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static int compare_kept(const void *left, const void *right)
{
    const struct iw_explained_event *a = left, *b = right;
    size_t n_a = a->explanation.n_failing, n_b = b->explanation.n_failing;
    bool a_matched = a->explanation.answer == IW_ANSWER_YES;
    bool b_matched = b->explanation.answer == IW_ANSWER_YES;
    if (a_matched != b_matched)
        return a_matched ? -1 : 1;
    if (n_a != n_b)
        return n_a < n_b ? -1 : 1;
    return compare_places(a, b);
}

/* --- one thread --- */

static enum iw_rc keep_results(struct explain_thread *thread)
{
    struct explain_run *shared = thread->shared;
    struct iw_explain_report *report = shared->report;
    IW_TRY(iw_collector_merge(shared->collector, thread->collector));
    if (!iw_array_reserve(&shared->kept, &shared->kept_cap, shared->n_kept + thread->n_kept + 1,
                          sizeof *shared->kept))
        return IW_ENOMEM;
    for (size_t i = 0; i < thread->n_kept; i++)
        shared->kept[shared->n_kept++] = thread->kept[i];
    for (size_t i = 0; i < shared->n_items; i++)
        shared->blamed[i] += thread->blamed[i];
    report->n_events += thread->n_events;
    report->n_of_source += thread->n_of_source;
    report->n_matched += thread->n_matched;
    report->n_unknown += thread->n_unknown;
    if (thread->n_elsewhere != 0 &&
        (report->n_elsewhere == 0 || compare_places(&thread->elsewhere, &shared->elsewhere) < 0))
        shared->elsewhere = thread->elsewhere;
    report->n_elsewhere += thread->n_elsewhere;
    iw_arena_adopt(&report->arena, &thread->arena);
    return IW_OK;
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct explain_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    iw_collector_free(thread->collector);
    iw_sigma_explainer_free(thread->explainer);
    iw_arena_done(&thread->arena);
    iw_arena_done(&thread->scratch);
    iw_free(thread->kept);
    iw_free(thread->blamed);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct explain_run *shared = context;
    struct explain_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    iw_arena_init(&thread->arena, 0);
    iw_arena_init(&thread->scratch, 0);
    thread->collector = iw_collector_new_beside(shared->collector);
    thread->explainer = iw_sigma_explainer_new(shared->book->ruleset, shared->rule);
    thread->kept = iw_calloc(shared->options->limit + 1, sizeof *thread->kept);
    thread->blamed = iw_calloc(shared->n_items + 1, sizeof *thread->blamed);
    if (thread->collector != NULL && thread->explainer != NULL && thread->kept != NULL &&
        thread->blamed != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

static struct iw_explained_event place_of(const struct iw_event *event)
{
    return (struct iw_explained_event){
        .time_ns = event->time_ns,
        .event_id = event->event_id,
        .source_index = event->source,
        .record_id = event->record_id,
        .offset = event->offset,
        .is_recovered = (event->flags & IW_EVENT_RECOVERED) != 0,
    };
}

static enum iw_rc copy(struct iw_arena *arena, struct iw_str text, struct iw_str *ret)
{
    *ret = iw_arena_copy(arena, text);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

/* Explains an event that belongs among the best, and puts it at its place. */
static enum iw_rc keep_event(struct explain_thread *thread, const struct iw_event *event,
                             struct iw_explained_event *entry)
{
    const struct iw_source *source = &thread->shared->run->ledger.sources[event->source];
    size_t at = thread->n_kept;
    IW_TRY(copy(&thread->arena, event->channel, &entry->channel));
    IW_TRY(copy(&thread->arena, event->computer, &entry->computer));
    entry->source = source->path;
    IW_TRY(
        iw_sigma_explainer_explain(thread->explainer, event, &thread->arena, &entry->explanation));
    while (at != 0 && compare_kept(&thread->kept[at - 1], entry) > 0) {
        thread->kept[at] = thread->kept[at - 1];
        at--;
    }
    thread->kept[at] = *entry;
    if (thread->n_kept < thread->shared->options->limit)
        thread->n_kept++;
    return IW_OK;
}

static enum iw_rc take_of_source(struct explain_thread *thread, const struct iw_event *event)
{
    struct iw_explained_event entry = place_of(event);
    const struct iw_explained_event *worst = &thread->kept[thread->shared->options->limit - 1];
    enum iw_answer answer;
    IW_TRY(iw_sigma_explainer_measure(thread->explainer, event, &answer,
                                      &entry.explanation.n_failing, thread->blamed));
    entry.explanation.answer = answer;
    thread->n_of_source++;
    thread->n_matched += answer == IW_ANSWER_YES;
    thread->n_unknown += answer == IW_ANSWER_UNKNOWN;
    if (thread->n_kept == thread->shared->options->limit && compare_kept(worst, &entry) < 0)
        return IW_OK;
    return keep_event(thread, event, &entry);
}

static enum iw_rc take_elsewhere(struct explain_thread *thread, const struct iw_event *event)
{
    if (thread->n_elsewhere++ != 0)
        return IW_OK;
    thread->elsewhere = place_of(event);
    return copy(&thread->arena, event->channel, &thread->elsewhere.channel);
}

static enum iw_rc take_event(struct explain_thread *thread, const struct iw_event *event)
{
    const struct explain_run *shared = thread->shared;
    uint64_t record_id = shared->options->record_id;
    bool is_chosen = record_id == 0 || event->record_id == record_id;
    thread->n_events++;
    IW_TRY(iw_collector_add(thread->collector, event));
    if (!is_chosen || (event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    if (shared->where.n != 0)
        IW_TRY(iw_where_matches(&shared->where, event, &thread->scratch, &is_chosen));
    if (!is_chosen)
        return IW_OK;
    if (iw_sigma_explainer_wants(thread->explainer, event->channel, event->event_id))
        return take_of_source(thread, event);
    return shared->report->is_chosen ? take_elsewhere(thread, event) : IW_OK;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct explain_thread *thread = state;
    for (size_t i = 0; i < batch->n; i++) {
        iw_arena_reset(&thread->scratch);
        IW_TRY(take_event(thread, &batch->events[i]));
    }
    return IW_OK;
}

/* --- the run --- */

static int compare_counts(const void *left, const void *right)
{
    const struct iw_explained_count *a = left, *b = right;
    if (a->n_blamed != b->n_blamed)
        return a->n_blamed > b->n_blamed ? -1 : 1;
    return iw_str_compare(a->name, b->name);
}

static enum iw_rc report_counts(struct explain_run *explain,
                                const struct iw_sigma_explainer *explainer)
{
    struct iw_explain_report *report = explain->report;
    struct iw_explained_count *counts =
        iw_arena_calloc(&report->arena, explain->n_items + 1, sizeof *counts);
    size_t n = 0;
    if (counts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < explain->n_items; i++) {
        if (explain->blamed[i] == 0)
            continue;
        counts[n].n_blamed = explain->blamed[i];
        counts[n].name = iw_sigma_explainer_item_name(explainer, i, &report->arena);
        if (counts[n++].name.p == NULL)
            return IW_ENOMEM;
    }
    qsort(counts, n, sizeof *counts, compare_counts);
    report->counts = counts;
    report->n_counts = n;
    return IW_OK;
}

static enum iw_rc report_events(struct explain_run *explain)
{
    struct iw_explain_report *report = explain->report;
    size_t n = explain->n_kept;
    struct iw_explained_event *events;
    if (n != 0)
        qsort(explain->kept, n, sizeof *explain->kept, compare_kept);
    n = n < explain->options->limit ? n : explain->options->limit;
    events = iw_arena_calloc(&report->arena, n + 1, sizeof *events);
    if (events == NULL)
        return IW_ENOMEM;
    if (n != 0)
        memcpy(events, explain->kept, n * sizeof *events);
    report->events = events;
    report->n_shown = n;
    return IW_OK;
}

static enum iw_rc report_elsewhere(struct explain_run *explain)
{
    struct iw_explain_report *report = explain->report;
    struct iw_buffer words;
    enum iw_rc rc = IW_OK;
    if (report->n_elsewhere == 0)
        return IW_OK;
    iw_buffer_init(&words);
    iw_buffer_add(&words, explain->elsewhere.channel);
    iw_buffer_printf(&words, " %u", explain->elsewhere.event_id);
    rc = words.failed ? IW_ENOMEM : copy(&report->arena, iw_buffer_str(&words), &report->elsewhere);
    iw_buffer_done(&words);
    return rc;
}

static enum iw_rc settle(struct explain_run *explain, const struct iw_sigma_explainer *explainer)
{
    struct iw_hosts hosts;
    enum iw_rc rc;
    IW_TRY(report_events(explain));
    IW_TRY(report_elsewhere(explain));
    IW_TRY(report_counts(explain, explainer));
    iw_hosts_init(&hosts);
    rc = iw_settle_hosts(explain->collector, NULL, &hosts, explain->run);
    iw_hosts_done(&hosts);
    return rc;
}

/* With --where or --record everything is decoded: what was meant may be of another log source, and
 * that is worth saying. */
static enum iw_rc make_route(const struct explain_run *explain,
                             const struct iw_sigma_explainer *explainer, struct iw_route *route)
{
    if (explain->report->is_chosen) {
        iw_route_want_all(route);
        return IW_OK;
    }
    return iw_sigma_explainer_route(explainer, route);
}

static enum iw_rc read_events(const struct iw_engine_options *options, struct explain_run *explain,
                              const struct iw_sigma_explainer *explainer, struct iw_error *err)
{
    struct iw_consumer consumer = {explain, thread_begin, take_batch, NULL, thread_end};
    struct iw_route route;
    struct iw_pass0 pass0;
    enum iw_rc rc;

    iw_route_init(&route);
    if (make_route(explain, explainer, &route) != IW_OK) {
        iw_route_done(&route);
        return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    rc = iw_pass0_run(options, explain->run, &pass0, err);
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, &explain->book->names, &route, &pass0.evidence,
                                       explain->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    iw_route_done(&route);
    IW_TRY(rc);
    rc = settle(explain, explainer);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

static enum iw_rc prepare(struct explain_run *explain, const struct iw_sigma_explainer *explainer)
{
    struct iw_explain_report *report = explain->report;
    if (explainer == NULL || explain->collector == NULL)
        return IW_ENOMEM;
    explain->n_items = iw_sigma_explainer_count_items(explainer);
    explain->blamed = iw_calloc(explain->n_items + 1, sizeof *explain->blamed);
    if (explain->blamed == NULL)
        return IW_ENOMEM;
    report->is_chosen = explain->options->n_where != 0 || explain->options->record_id != 0;
    IW_TRY(iw_sigma_explainer_conditions(explainer, &report->arena, &report->conditions));
    return iw_sigma_explainer_channels(explainer, &report->arena, &report->wanted_channels);
}

static enum iw_rc explain_rule(const struct iw_engine_options *options, struct explain_run *explain,
                               struct iw_error *err)
{
    struct iw_sigma_explainer *explainer;
    enum iw_rc rc;
    explainer = iw_sigma_explainer_new(explain->book->ruleset, explain->rule);
    explain->collector = iw_collector_new();
    rc = prepare(explain, explainer) == IW_OK ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = read_events(options, explain, explainer, err);
    iw_collector_free(explain->collector);
    iw_sigma_explainer_free(explainer);
    iw_free(explain->kept);
    iw_free(explain->blamed);
    return rc;
}

/* Names of --where come after those of the rules: a view has no place for them and needs none. */
static enum iw_rc run_explain(const struct iw_engine_options *options,
                              const struct iw_explain_options *explain, struct iw_rulebook *book,
                              struct iw_run *run, struct iw_explain_report *report,
                              struct iw_error *err)
{
    struct explain_run state = {.options = explain, .book = book, .run = run, .report = report};
    bool is_correlation = false;
    enum iw_rc rc =
        iw_explain_find_rule(explain->rule, book, run, report, &state.rule, &is_correlation, err);
    if (rc == IW_OK && report->is_found && is_correlation)
        return iw_explain_correlation(options, explain, book, state.rule, run, report, err);
    if (rc == IW_OK && report->is_found && iw_sigma_ruleset_asks_context(book->ruleset, state.rule))
        return iw_error_set(err, IW_EUSAGE, "rules that ask for context are not explained yet");
    if (rc == IW_OK && report->is_found)
        rc = iw_where_init(&state.where, explain->where, explain->n_where, &book->names, err);
    if (rc == IW_OK && report->is_found)
        rc = explain_rule(options, &state, err);
    iw_where_done(&state.where);
    return rc;
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
