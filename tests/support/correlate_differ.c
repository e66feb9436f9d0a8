/*
 * The correlator against the reference.
 */
#include "tests/support/correlate_differ.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "sigma/sigma_correlate_explain.h"
#include "sigma/sigma_ruleset.h"
#include "tests/support/correlate_reference.h"

#define SECOND 1000000000LL

struct engine {
    const struct correlate_case *test;
    const struct iw_sigma_ruleset *ruleset;
    struct iw_names names;
    struct iw_arena arena;
    struct reference_report *reports;
    size_t n_reports;
    const char *wrong; /* a report that cannot be right, whatever the reference says */
};

static char why[2048];

/* --- the correlator's side --- */

static int correlation_number(const struct engine *engine, size_t running)
{
    return iw_correlate_rule(engine->ruleset, running)->title.p[1] - '0';
}

static bool event_is(const struct engine *engine, const struct iw_correlate_evidence *evidence)
{
    const struct case_event *event = &engine->test->events[evidence->ordinal];
    return evidence->is_correlation || (event->rules >> evidence->rule & 1) != 0;
}

/* What must be so of all evidence. */
static void check_evidence(struct engine *engine, const struct iw_correlate_report *report)
{
    const struct case_correlation *c =
        &engine->test->correlations[correlation_number(engine, report->correlation)];

    if (report->n_evidence == 0 || report->n_evidence_all != report->n_evidence ||
        report->evidence[0].time_ns != report->first_ns)
        engine->wrong = "evidence: how many, or since when";
    for (size_t i = 0; i < report->n_evidence; i++) {
        const struct iw_correlate_evidence *evidence = &report->evidence[i];
        if (evidence->time_ns != engine->test->events[evidence->ordinal].time * SECOND ||
            evidence->time_ns > report->completing_ns ||
            evidence->time_ns < report->completing_ns - c->span * SECOND)
            engine->wrong = "evidence: not in the window";
        if (!event_is(engine, evidence))
            engine->wrong = "evidence: stands for a rule it did not match";
        if (i != 0 && evidence->ordinal <= report->evidence[i - 1].ordinal)
            engine->wrong = "evidence: not in order, or one event twice";
    }
}

static enum iw_rc tell(void *user, const struct iw_correlate_report *report)
{
    struct engine *engine = user;
    struct reference_report *to = &engine->reports[engine->n_reports++];
    size_t at = 0;

    *to = (struct reference_report){
        .correlation = correlation_number(engine, report->correlation),
        .completing = (int)report->completing,
        .first = report->first_ns / SECOND,
        .last = report->last_ns / SECOND,
        .value = report->number,
        .n_events = report->n_events,
        .n_held = report->n_held,
    };
    for (size_t i = 0; i < report->n_key; i++) {
        struct iw_str text = iw_fold_text(report->key[i].text, &engine->arena);
        at += (size_t)snprintf(to->key + at, sizeof to->key - at, "%.*s\x1f", IW_STR_ARG(text));
    }
    if (report->is_count && (double)report->count != report->number)
        engine->wrong = "count and number differ";
    check_evidence(engine, report);
    return IW_OK;
}

static size_t values_of(const struct engine *engine, const struct case_event *event,
                        struct iw_correlate_value *ret)
{
    size_t n = 0;

    for (size_t slot = 0; slot < iw_correlate_n_slots(engine->ruleset); slot++) {
        uint32_t field = iw_correlate_slot(engine->ruleset, slot).field;
        for (int f = CASE_U; f <= CASE_N; f++) {
            const char *name = correlate_case_field((enum case_field)f);
            if (iw_names_find(&engine->names, iw_str_of(name)) != field)
                continue;
            for (int i = 0; i < CASE_VALUES; i++) {
                if (event->values[f][i] != NULL)
                    ret[n++] =
                        (struct iw_correlate_value){(uint32_t)slot, iw_str_of(event->values[f][i])};
            }
        }
    }
    return n;
}

/* Room for a match of an event. */
struct fed {
    struct iw_correlate_value values[8 * CASE_VALUES];
    uint32_t rules[CASE_RULES];
};

static struct iw_correlate_match match_of(const struct engine *engine, int e, struct fed *fed)
{
    const struct case_event *event = &engine->test->events[e];
    struct iw_correlate_match match = {
        .time_ns = event->time * SECOND,
        .host = iw_str_of(correlate_case_host(event->host)),
        .ordinal = (uint64_t)e,
        .rules = fed->rules,
        .values = fed->values,
        .n_values = values_of(engine, event, fed->values),
    };
    for (uint32_t i = 0; i < CASE_RULES; i++) {
        if ((event->rules >> i & 1) != 0)
            fed->rules[match.n_rules++] = i;
    }
    return match;
}

static bool feed_all(struct engine *engine, struct iw_correlator *correlator)
{
    for (int e = 0; e < engine->test->n_events; e++) {
        struct fed fed;
        const struct iw_correlate_match match = match_of(engine, e, &fed);
        if (iw_correlator_feed(correlator, &match) != IW_OK)
            return false;
    }
    return iw_correlator_finish(correlator) == IW_OK;
}

static bool run_engine(struct engine *engine, bool every)
{
    const struct iw_correlate_options options = {.fire_every = every, .tell = tell, .user = engine};
    struct iw_correlator *correlator = iw_correlator_new(engine->ruleset, &options);
    bool ok = correlator != NULL && feed_all(engine, correlator);
    iw_correlator_free(correlator);
    return ok;
}

/* --- comparing --- */

static int compare(const void *a, const void *b)
{
    const struct reference_report *x = a, *y = b;
    if (x->correlation != y->correlation)
        return x->correlation - y->correlation;
    if (x->completing != y->completing)
        return x->completing - y->completing;
    return strcmp(x->key, y->key);
}

static size_t show(char *out, size_t n, const char *who, const struct reference_report *r)
{
    return (size_t)snprintf(out, n, "%s c%d[%s] @%d %lld..%lld =%g n%llu h%llu\n", who,
                            r->correlation, r->key, r->completing, (long long)r->first,
                            (long long)r->last, r->value, (unsigned long long)r->n_events,
                            (unsigned long long)r->n_held);
}

static bool same(const struct reference_report *expected, const struct reference_report *got)
{
    return compare(expected, got) == 0 &&
           (expected->first == -1 || expected->first == got->first) &&
           expected->last == got->last && expected->n_held == got->n_held &&
           (expected->n_events == 0 || expected->n_events == got->n_events) &&
           (isnan(expected->value) || expected->value == got->value);
}

static bool compare_all(struct reference_report *expected, size_t n_expected,
                        const struct engine *engine, bool every)
{
    size_t at = (size_t)snprintf(why, sizeof why, "every: %d; %zu expected, %zu told\n", every,
                                 n_expected, engine->n_reports);

    qsort(expected, n_expected, sizeof *expected, compare);
    qsort(engine->reports, engine->n_reports, sizeof *expected, compare);
    for (size_t i = 0; i < n_expected || i < engine->n_reports; i++) {
        if (i < n_expected && i < engine->n_reports && same(&expected[i], &engine->reports[i]))
            continue;
        if (i < n_expected)
            at += show(why + at, sizeof why - at, "expected", &expected[i]);
        if (i < engine->n_reports)
            (void)show(why + at, sizeof why - at, "told", &engine->reports[i]);
        return false;
    }
    if (engine->wrong != NULL)
        (void)snprintf(why, sizeof why, "%s", engine->wrong);
    return engine->wrong == NULL;
}

/* --- explained ----------------------------------------------------------------------------- */

/* A report of the correlator that an episode is. */
static bool was_told(const struct engine *engine, int correlation,
                     const struct iw_correlate_episode_told *episode)
{
    for (size_t i = 0; i < engine->n_reports; i++) {
        const struct reference_report *report = &engine->reports[i];
        if (report->correlation == correlation && report->first == episode->first_ns / SECOND &&
            report->last == episode->last_ns / SECOND && report->n_held == episode->n_held &&
            report->n_events == episode->n_events && report->value == episode->number)
            return true;
    }
    return false;
}

static bool same_episodes(const struct engine *engine, size_t running,
                          const struct iw_correlate_told *told)
{
    int correlation = correlation_number(engine, running);
    uint64_t n_reports = 0, n_events = 0;

    for (size_t i = 0; i < engine->n_reports; i++)
        n_reports += engine->reports[i].correlation == correlation;
    if (n_reports != told->n_episodes && !iw_correlate_is_hidden(engine->ruleset, running)) {
        (void)snprintf(why, sizeof why, "explained: %llu episodes of c%d, %llu told",
                       (unsigned long long)told->n_episodes, correlation,
                       (unsigned long long)n_reports);
        return false;
    }
    for (size_t g = 0; g < told->n; g++) {
        const struct iw_correlate_group_told *group = &told->groups[g];
        n_events += group->n_events;
        if (group->n_episodes_all != 0 && group->n_misses != 0) {
            (void)snprintf(why, sizeof why, "explained: a group held and missed");
            return false;
        }
        for (size_t i = 0; i < group->n_episodes; i++) {
            if (iw_correlate_is_hidden(engine->ruleset, running) ||
                was_told(engine, correlation, &group->episodes[i]))
                continue;
            (void)snprintf(why, sizeof why, "explained: an episode of c%d that was not told",
                           correlation);
            return false;
        }
    }
    if (n_events == told->account->n_events || told->n < told->n_groups)
        return true;
    (void)snprintf(why, sizeof why, "explained: events of groups and of the correlator differ");
    return false;
}

static bool explain(const struct engine *engine, size_t running, struct iw_spill *spill)
{
    struct iw_correlate_inquiry *inquiry =
        iw_correlate_inquiry_new(engine->ruleset, running, spill, 1 << 16, 64);
    const struct iw_correlate_told *told;
    bool ok = inquiry != NULL;

    for (int e = 0; ok && e < engine->test->n_events; e++) {
        struct fed fed;
        const struct iw_correlate_match match = match_of(engine, e, &fed);
        ok = iw_correlate_inquiry_feed(inquiry, &match, NULL) == IW_OK;
    }
    ok = ok && iw_correlate_inquiry_finish(inquiry, &told, NULL) == IW_OK;
    if (!ok)
        (void)snprintf(why, sizeof why, "explaining failed");
    ok = ok && same_episodes(engine, running, told);
    iw_correlate_inquiry_free(inquiry);
    return ok;
}

/* What is explained is what was told. */
static bool explain_all(const struct engine *engine)
{
    struct iw_spill spill;
    bool ok = true;

    iw_spill_init(&spill);
    for (size_t i = 0; ok && i < iw_correlate_count(engine->ruleset); i++)
        ok = explain(engine, i, &spill);
    iw_spill_done(&spill);
    return ok;
}

static bool run_both(const struct correlate_case *test, struct engine *engine,
                     struct differ_tally *tally, bool every)
{
    static struct reference_report expected[REFERENCE_REPORTS], told[REFERENCE_REPORTS];
    size_t n_expected = correlate_reference(test, every, expected);

    engine->reports = told;
    engine->n_reports = 0;
    if (!run_engine(engine, every)) {
        (void)snprintf(why, sizeof why, "the correlator failed");
        return false;
    }
    tally->n_reports += n_expected;
    for (size_t i = 0; i < n_expected; i++)
        tally->n_of_type[test->correlations[expected[i].correlation].type]++;
    return compare_all(expected, n_expected, engine, every) && (every || explain_all(engine));
}

bool correlate_differ(const uint8_t *bytes, size_t n, struct differ_tally *tally,
                      const char **ret_why)
{
    static struct correlate_case test;
    const struct iw_sigma_options options = {.runs_correlations = true};
    struct engine engine = {.test = &test};
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset = NULL;
    struct iw_rule_account account;
    struct iw_buffer yaml;
    bool ok;

    *ret_why = why;
    correlate_case_make(bytes, n, &test);
    iw_buffer_init(&yaml);
    correlate_case_yaml(&test, &yaml);
    iw_arena_init(&engine.arena, 0);
    iw_rule_account_init(&account);
    ok = iw_names_init(&engine.names) == IW_OK;
    compiler = iw_sigma_compiler_new(&engine.names, &account);
    iw_sigma_compiler_set_options(compiler, &options);
    ok = ok && iw_sigma_compiler_add(compiler, "x", false, iw_buffer_str(&yaml)) == IW_OK &&
         iw_sigma_compiler_finish(compiler, &ruleset) == IW_OK;
    engine.ruleset = ruleset;
    tally->n_cases++;
    if (ok && account.n_by_state[IW_RULE_LOADED] != account.n) {
        tally->n_refused++;
    } else {
        ok = ok && run_both(&test, &engine, tally, false) && run_both(&test, &engine, tally, true);
    }
    iw_sigma_compiler_free(compiler);
    iw_sigma_ruleset_free(ruleset);
    iw_rule_account_done(&account);
    iw_names_done(&engine.names);
    iw_arena_done(&engine.arena);
    iw_buffer_done(&yaml);
    return ok;
}
