/*
 * Rule tests over evidence: all files that tests name are read in one run, and every event is held
 * against the tests of its file. Tests of correlations (rule_test_correlation.c) and of rules that
 * ask for context read theirs once more, each for itself; here they are read for what is damaged.
 */
#include <stdio.h>

#include "base/alloc.h"
#include "engine/begin.h"
#include "engine/explain_context.h"
#include "engine/pipeline.h"
#include "engine/rule_tests.h"

struct evidence_thread {
    struct iw_rule_tests *tests;
    struct iw_sigma_scanner *scanner;
    struct iw_arena arena; /* of reasons kept */
    uint64_t *n_seen, *n_matched;
    struct iw_text_list *changes;
};

/* Whether a file of the ledger is, or lies below, the evidence a test names. */
static bool is_below(struct iw_str source, struct iw_str evidence)
{
    while (evidence.n > 1 && evidence.p[evidence.n - 1] == '/')
        evidence.n--;
    return source.n >= evidence.n && memcmp(source.p, evidence.p, evidence.n) == 0 &&
           (source.n == evidence.n || source.p[evidence.n] == '/');
}

bool iw_rule_test_is_cut(const struct iw_rule_tests *tests, const struct iw_running_test *item,
                         char *words, size_t words_bytes)
{
    const struct iw_ledger *ledger = &tests->run->ledger;
    for (size_t i = 0; i < ledger->n; i++) {
        const struct iw_source *source = &ledger->sources[i];
        if (!is_below(source->path, iw_str_of(item->evidence)))
            continue;
        if (source->state == IW_SOURCE_LOST) {
            (void)snprintf(words, words_bytes, "evidence %.*s %s: %.*s", IW_STR_ARG(source->path),
                           source->account.n_records != 0 ? "was read in part"
                                                          : "could not be read",
                           IW_STR_ARG(source->reason));
            return true;
        }
        for (size_t kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
            const struct iw_damage_row *row = iw_damage_row((enum iw_damage)kind);
            unsigned long long count = source->account.damage[kind].count;
            if (count == 0 || !row->is_loss)
                continue;
            (void)snprintf(
                words, words_bytes, "evidence %.*s was read in part: %llu %s, offset %llu",
                IW_STR_ARG(source->path), count, count == 1 ? row->sentence_one : row->sentence,
                (unsigned long long)source->account.damage[kind].first_offset);
            return true;
        }
    }
    return false;
}

static enum iw_rc explain(struct evidence_thread *thread, size_t rule, const struct iw_event *event,
                          struct iw_text_list *ret)
{
    struct iw_sigma_explainer *explainer =
        iw_sigma_explainer_new(thread->tests->hunting->ruleset, rule);
    struct iw_explanation explanation;
    enum iw_rc rc = IW_ENOMEM;
    if (explainer != NULL)
        rc = iw_sigma_explainer_explain(explainer, event, &thread->arena, &explanation);
    if (rc == IW_OK)
        rc = iw_rule_test_reasons(&explanation, &thread->arena, ret);
    iw_sigma_explainer_free(explainer);
    return rc;
}

static enum iw_rc hold_against(struct evidence_thread *thread, size_t index,
                               const struct iw_event *event, const uint32_t *rules, size_t n_rules)
{
    const struct iw_running_test *item = &thread->tests->items[index];
    const struct iw_source *source = &thread->tests->run->ledger.sources[event->source];
    bool matched = false;
    if (!item->is_ready || item->evidence == NULL || item->is_correlation ||
        iw_rule_test_needs_context(thread->tests, item) ||
        (item->test.record_id != 0 && item->test.record_id != event->record_id) ||
        !is_below(source->path, iw_str_of(item->evidence)))
        return IW_OK;
    for (size_t i = 0; i < n_rules; i++)
        matched |= rules[i] == item->hunted;
    thread->n_seen[index]++;
    thread->n_matched[index] += matched;
    if (item->test.record_id != 0 && matched != item->test.wants_match &&
        thread->changes[index].n == 0)
        return explain(thread, item->hunted, event, &thread->changes[index]);
    return IW_OK;
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct evidence_thread *thread = state;
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        const uint32_t *rules;
        size_t n_rules;
        if ((event->flags & IW_EVENT_DECODED) == 0)
            continue;
        IW_TRY(iw_sigma_scanner_match(thread->scanner, event, &rules, &n_rules));
        for (size_t k = 0; k < thread->tests->n; k++)
            IW_TRY(hold_against(thread, k, event, rules, n_rules));
    }
    return IW_OK;
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct evidence_thread *thread = state;
    struct iw_rule_tests *tests = thread->tests;
    for (size_t i = 0; keep && i < tests->n; i++) {
        tests->items[i].n_seen += thread->n_seen[i];
        tests->items[i].n_matched += thread->n_matched[i];
        if (tests->items[i].changes.n == 0)
            tests->items[i].changes = thread->changes[i];
    }
    if (keep)
        iw_arena_adopt(&tests->report->arena, &thread->arena);
    iw_arena_done(&thread->arena);
    iw_sigma_scanner_free(thread->scanner);
    iw_free(thread->n_seen);
    iw_free(thread->n_matched);
    iw_free(thread->changes);
    iw_free(thread);
    return IW_OK;
}

static void *thread_begin(void *context)
{
    struct evidence_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->tests = context;
    iw_arena_init(&thread->arena, 0);
    thread->scanner = iw_sigma_scanner_new(thread->tests->hunting->ruleset);
    thread->n_seen = iw_calloc(thread->tests->n + 1, sizeof *thread->n_seen);
    thread->n_matched = iw_calloc(thread->tests->n + 1, sizeof *thread->n_matched);
    thread->changes = iw_calloc(thread->tests->n + 1, sizeof *thread->changes);
    if (thread->scanner != NULL && thread->n_seen != NULL && thread->n_matched != NULL &&
        thread->changes != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* The evidence of all tests, each once. */
static size_t list_evidence(const struct iw_rule_tests *tests, const char **paths)
{
    size_t n = 0;
    for (size_t i = 0; i < tests->n; i++) {
        bool is_new = tests->items[i].is_ready && tests->items[i].evidence != NULL;
        for (size_t k = 0; k < n && is_new; k++)
            is_new = strcmp(paths[k], tests->items[i].evidence) != 0;
        if (is_new)
            paths[n++] = tests->items[i].evidence;
    }
    return n;
}

static enum iw_rc read_paths(struct iw_rule_tests *tests, const struct iw_engine_options *options,
                             struct iw_error *err)
{
    struct iw_consumer consumer = {tests, thread_begin, take_batch, NULL, thread_end};
    struct iw_route route;
    struct iw_pass0 pass0;
    enum iw_rc rc;
    iw_route_init(&route);
    iw_route_want_all(&route);
    rc = iw_pass0_run(options, tests->run, &pass0, err);
    if (rc == IW_OK) {
        struct iw_pipeline pipeline = {options, &tests->hunting->names, &route, &pass0.evidence,
                                       tests->run};
        rc = iw_pipeline_run(&pipeline, &consumer, err);
    }
    iw_pass0_done(&pass0);
    iw_route_done(&route);
    return rc;
}

enum iw_rc iw_rule_tests_read_evidence(struct iw_rule_tests *tests,
                                       const struct iw_engine_options *options,
                                       struct iw_error *err)
{
    struct iw_engine_options own = *options;
    const char **paths = iw_arena_calloc(&tests->arena, tests->n + 1, sizeof *paths);
    if (paths == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    own.n_paths = list_evidence(tests, paths);
    own.paths = paths;
    iw_spill_open(&tests->run->spill); /* before the process is confined */
    return own.n_paths != 0 ? read_paths(tests, &own, err) : IW_OK;
}

/* --- context ------------------------------------------------------------------------------- */

bool iw_rule_test_needs_context(const struct iw_rule_tests *tests,
                                const struct iw_running_test *item)
{
    return item->evidence != NULL && !item->is_correlation &&
           iw_sigma_ruleset_asks_context(tests->hunting->ruleset, item->hunted);
}

static enum iw_rc take_report(struct iw_rule_tests *tests, struct iw_running_test *item,
                              struct iw_explain_report *report)
{
    enum iw_rc rc = IW_OK;
    item->n_seen = report->is_chosen ? report->n_of_source + report->n_elsewhere : report->n_events;
    item->n_matched = report->n_matched;
    if (report->n_shown != 0)
        rc = iw_rule_test_reasons(&report->events[0].explanation, &tests->report->arena,
                                  &item->changes);
    iw_arena_adopt(&tests->report->arena, &report->arena); /* the reasons lie there */
    return rc;
}

enum iw_rc iw_rule_test_run_context(struct iw_rule_tests *tests,
                                    const struct iw_engine_options *options,
                                    struct iw_running_test *item, struct iw_error *err)
{
    const struct iw_explain_options explain = {.record_id = item->test.record_id, .limit = 1};
    struct iw_engine_options own = *options;
    struct iw_explain_report report;
    struct iw_run run;
    enum iw_rc rc;
    own.paths = &item->evidence;
    own.n_paths = 1;
    own.confine = false; /* it was, before the first evidence was read */
    own.ready = NULL;
    iw_run_init(&run);
    iw_explain_report_init(&report);
    rc = iw_explain_one_rule(&own, &explain, tests->hunting, item->hunted, &tests->run->spill, &run,
                             &report, err);
    if (rc == IW_OK && take_report(tests, item, &report) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    tests->run->interrupted |= run.interrupted;
    iw_explain_report_done(&report);
    iw_run_done(&run);
    return rc;
}
