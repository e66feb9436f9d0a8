/*
 * No memory at any one place: the correlator answers IW_ENOMEM and leaves nothing behind, whatever
 * way of keeping groups was at work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_correlate.h"
#include "tests/support/flat_event.h"
#include "tests/support/sigma_bench.h"
#include "tests/support/skip_because.h"

#define EVENTS 40

static const char RULES[] =
    "title: a\nname: a\nlogsource: {product: windows}\n"
    "detection: {s: {T|contains: a}, condition: s}\n---\n"
    "title: b\nname: b\nlogsource: {product: windows}\n"
    "detection: {s: {T|contains: b}, condition: s}\n---\n"
    "title: n\nname: n\ncorrelation: {type: event_count, rules: [a, b], group-by: [U, V], "
    "timespan: 9s, condition: {gte: 2}}\n---\n"
    "title: o\ncorrelation: {type: value_count, rules: [a], timespan: 9s, condition: {field: "
    "[U, Computer], gte: 2}}\n---\n"
    "title: p\ncorrelation: {type: value_avg, rules: [a, b], timespan: 9s, condition: {field: N, "
    "gte: 2}}\n---\n"
    "title: q\ncorrelation: {type: value_median, rules: [a, b], timespan: 9s, condition: {field: "
    "N, "
    "gte: 2}}\n---\n"
    "title: r\ncorrelation: {type: temporal, rules: [a, b], timespan: 9s}\n---\n"
    "title: s\ncorrelation: {type: temporal, timespan: 9s, condition: a and not b or n and "
    "b}\n---\n"
    "title: t\ncorrelation: {type: temporal_ordered, rules: [a, n, b], timespan: 9s, generate: "
    "true}\n---\n"
    "title: u\ncorrelation: {type: temporal_ordered, rules: [b, a], timespan: 9s, condition: "
    "{gte: 1}}\n";

static const char *const TEXTS[] = {"{T: ab, U: [\xC3\x89, f], V: x, N: [1, 2.5], Computer: h}",
                                    "{T: a, U: F, V: x, N: 3}", "{T: b, U: \xC3\xA9, V: X, N: 4}",
                                    "{T: ab, U: f, V: x, N: -7.25}"};

struct tally {
    size_t n_reports;
};

static enum iw_rc tell(void *user, const struct iw_correlate_report *report)
{
    struct tally *tally = user;
    tally->n_reports += report->n_evidence != 0;
    return IW_OK;
}

static enum iw_rc everything(const struct iw_sigma_ruleset *ruleset, const struct iw_event *events,
                             struct tally *tally)
{
    const struct iw_correlate_options options = {.limit_bytes = 12000, .tell = tell, .user = tally};
    struct iw_correlator *correlator = iw_correlator_new(ruleset, &options);
    struct iw_sigma_scanner *scanner = iw_sigma_scanner_new(ruleset);
    enum iw_rc rc = correlator != NULL && scanner != NULL ? IW_OK : IW_ENOMEM;

    for (int i = 0; rc == IW_OK && i < EVENTS; i++) {
        const struct iw_event *event = &events[i % 4];
        struct iw_correlate_match match = {.time_ns = 1000000000LL * (i + i / 20 * 20),
                                           .ordinal = (uint64_t)i,
                                           .host = event->computer};
        rc = iw_sigma_scanner_match(scanner, event, &match.rules, &match.n_rules);
        if (rc == IW_OK)
            rc = iw_sigma_scanner_carry(scanner, event, match.rules, match.n_rules, &match.values,
                                        &match.n_values);
        if (rc == IW_OK)
            rc = iw_correlator_feed(correlator, &match);
    }
    if (rc == IW_OK)
        rc = iw_correlator_finish(correlator);
    iw_sigma_scanner_free(scanner);
    iw_correlator_free(correlator);
    return rc;
}

static void every_allocation_may_fail(void **state)
{
    const struct iw_sigma_options options = {.runs_correlations = true};
    struct tally all = {0};
    struct iw_event events[4];
    struct sigma_bench bench;
    uint64_t n_allocations;

    (void)state;
    sigma_bench_load_with(&bench, iw_str_of(RULES), &options);
    assert_int_equal(iw_correlate_count(bench.ruleset), 8);
    for (size_t i = 0; i < 4; i++)
        assert_true(flat_event_from_text(TEXTS[i], &bench.names, &bench.arena, &events[i]));
    assert_int_equal(everything(bench.ruleset, events, &all), IW_OK);
    iw_alloc_fail_at(0);
    all.n_reports = 0;
    assert_int_equal(everything(bench.ruleset, events, &all), IW_OK);
    assert_true(all.n_reports > 8);
    n_allocations = iw_alloc_count();
    if (n_allocations == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t at = 1; at <= n_allocations; at++) {
        struct tally tally = {0};
        enum iw_rc rc;
        iw_alloc_fail_at(at);
        rc = everything(bench.ruleset, events, &tally);
        iw_alloc_fail_at(0);
        /* A window that cannot be made smaller stays as large as it is. */
        assert_true(rc == IW_ENOMEM || (rc == IW_OK && tally.n_reports == all.n_reports));
    }
    sigma_bench_done(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
