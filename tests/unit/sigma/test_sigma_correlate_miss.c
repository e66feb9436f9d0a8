/*
 * Why a correlation did not hold: what it came nearest to, and by how much.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "sigma/sigma_correlate_miss.h"
#include "tests/support/flat_event.h"
#include "tests/support/sigma_bench.h"

#define SECOND 1000000000LL
#define RULE(name)                                                                                 \
    "title: " name "\nname: " name "\nlogsource: {product: windows}\n"                             \
    "detection: {s: {T: " name "}, condition: s}\n---\n"
#define AB RULE("a") RULE("b")
#define CORRELATION(name, body) "title: " name "\nname: " name "\ncorrelation: {" body "}\n---\n"
#define DAY                                                                                        \
    AB CORRELATION("x", "type: temporal_ordered, rules: [a, b], group-by: [Computer], timespan: "  \
                        "24h")

static void put(struct iw_buffer *out, const struct iw_correlate_miss *miss)
{
    switch (miss->kind) {
    case IW_MISS_WINDOW:
        iw_buffer_printf(out, "window %g s for %g s", (double)miss->needed_ns / SECOND,
                         (double)miss->span_ns / SECOND);
        break;
    case IW_MISS_ORDER:
        iw_buffer_printf(out, "order");
        break;
    case IW_MISS_GROUP:
        iw_buffer_printf(out, "%.*s %.*s/%.*s", IW_STR_ARG(miss->field), IW_STR_ARG(miss->one),
                         IW_STR_ARG(miss->other));
        break;
    case IW_MISS_VALUE:
        iw_buffer_printf(out, "%g of %g", miss->number, miss->wanted);
        break;
    case IW_MISS_RULE:
        iw_buffer_printf(out, "no %s%u", miss->is_correlation ? "c" : "r", miss->rule);
        break;
    }
    for (size_t i = 0; i < miss->n_evidence; i++)
        iw_buffer_printf(out, " %llu", (unsigned long long)miss->evidence[i].ordinal);
    iw_buffer_add_char(out, '\n');
}

static enum iw_rc give(struct iw_correlate_missing *missing, struct iw_sigma_scanner *scanner,
                       const struct iw_event *event, int64_t time_ns, uint64_t ordinal)
{
    struct iw_correlate_match match = {
        .time_ns = time_ns, .host = event->computer, .ordinal = ordinal};
    enum iw_rc rc = iw_sigma_scanner_match(scanner, event, &match.rules, &match.n_rules);
    if (rc == IW_OK)
        rc = iw_sigma_scanner_carry(scanner, event, match.rules, match.n_rules, &match.values,
                                    &match.n_values);
    return rc == IW_OK ? iw_correlate_missing_feed(missing, &match) : rc;
}

/* Feeds lines of `SECONDS EVENT`; what correlation *at* came nearest to. */
static void expect(const char *yaml, size_t at, const char *events, const char *expected)
{
    const struct iw_sigma_options options = {.runs_correlations = true};
    struct iw_correlate_missing *missing;
    const struct iw_correlate_miss *answer;
    struct iw_sigma_scanner *scanner;
    struct sigma_bench bench;
    struct iw_buffer out;
    uint64_t ordinal = 0;
    size_t n;

    sigma_bench_load_with(&bench, iw_str_of(yaml), &options);
    missing = iw_correlate_missing_new(bench.ruleset, at);
    scanner = iw_sigma_scanner_new(bench.ruleset);
    assert_non_null(missing);
    assert_non_null(scanner);
    while (*events != '\0') {
        const char *end = strchr(events, '\n');
        char line[256];
        char *rest;
        struct iw_event event;
        int64_t time_ns;
        n = end != NULL ? (size_t)(end - events) : strlen(events);
        assert_true(n < sizeof line);
        memcpy(line, events, n);
        line[n] = '\0';
        time_ns = (int64_t)(strtod(line, &rest) * SECOND);
        assert_true(flat_event_from_text(rest, &bench.names, &bench.arena, &event));
        assert_int_equal(give(missing, scanner, &event, time_ns, ordinal++), IW_OK);
        events = end != NULL ? end + 1 : events + n;
    }
    answer = iw_correlate_missing_answer(missing, &n);
    iw_buffer_init(&out);
    for (size_t i = 0; i < n; i++)
        put(&out, &answer[i]);
    iw_buffer_add_char(&out, '\0');
    assert_string_equal(iw_buffer_str(&out).p, expected);
    assert_true((n == 0) == (iw_correlate_missing_held(missing) != 0));
    iw_buffer_done(&out);
    iw_sigma_scanner_free(scanner);
    iw_correlate_missing_free(missing);
    sigma_bench_done(&bench);
}

static void a_window_may_be_too_short(void **state)
{
    (void)state;
    /* The shell came 61 s after the 24 h window; an earlier pair was further apart. */
    expect(DAY, 0,
           "0 {T: a, Computer: w}\n100000 {T: b, Computer: w}\n200000 {T: a, Computer: w}\n"
           "286461 {T: b, Computer: w}",
           "window 86461 s for 86400 s 2 3\n1 of 2 0\n");
    expect(AB CORRELATION("x", "type: event_count, rules: [a], timespan: 10s, condition: "
                               "{gte: 3}"),
           0, "0 {T: a}\n100 {T: a}\n106 {T: a}\n111 {T: a}\n200 {T: a}",
           "window 11 s for 10 s 1 2 3\n2 of 3 1 2\n");
    expect(AB CORRELATION("x", "type: value_count, rules: [a], timespan: 10s, condition: "
                               "{field: U, gt: 1}"),
           0, "0 {T: a, U: p}\n4 {T: a, U: p}\n20 {T: a, U: q}",
           "window 16 s for 10 s 1 2\n1 of 1 0\n");
}

static void hosts_may_differ(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: a, Computer: WEB1}\n5 {T: b, Computer: WEB2}",
           "Computer WEB1/WEB2 0 1\n1 of 2 0\n");
    expect(AB CORRELATION("x", "type: temporal, rules: [a, b], group-by: [U, V], timespan: 10s"), 0,
           "0 {T: a, U: p, V: q}\n5 {T: b, U: p, V: r}", "V q/r 0 1\n1 of 2 0\n");
}

static void the_order_may_be_another(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: b, Computer: w}\n5 {T: a, Computer: w}", "order 0 1\n1 of 2 0\n");
}

static void a_value_may_fall_short(void **state)
{
    (void)state;
    expect(AB CORRELATION("x", "type: event_count, rules: [a], group-by: [U], timespan: 10s, "
                               "condition: {gte: 5}"),
           0, "0 {T: a, U: p}\n0 {T: a, U: q}\n1 {T: a, U: q}\n2 {T: a, U: q}\n3 {T: a, U: q}",
           "U p/q 0 1 2 3 4\n4 of 5 1 2 3 4\n");
    expect(AB CORRELATION("x", "type: value_sum, rules: [a], timespan: 10s, condition: {field: N, "
                               "lt: 3}"),
           0, "0 {T: a, N: 7}\n20 {T: a, N: 4.5}\n40 {T: a, N: 5}", "4.5 of 3 1\n");
}

static void a_rule_may_never_match(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: a, Computer: w}", "1 of 2 0\nno r1\n");
    expect(DAY, 0, "", "no r0\nno r1\n");
    expect(AB CORRELATION("in", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}")
               CORRELATION("x", "type: temporal, rules: [in, b], timespan: 10s"),
           1, "0 {T: a}\n1 {T: b}", "1 of 2 1\nno c0\n");
    /* The same stream, asked of the inner one. */
    expect(AB CORRELATION("in", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}")
               CORRELATION("x", "type: temporal, rules: [in, b], timespan: 10s"),
           0, "0 {T: a}\n1 {T: b}", "1 of 2 0\n");
}

static void what_held_was_not_missed(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: a, Computer: w}\n86400 {T: b, Computer: w}", "");
}

static void values_of_long_ago_are_not_known(void **state)
{
    struct iw_buffer events;

    (void)state;
    for (unsigned beyond = 0; beyond < 2; beyond++) {
        iw_buffer_init(&events);
        iw_buffer_add(&events, IW_STR("0 {T: a, Computer: w}"));
        for (unsigned i = 2; i < IW_LIMIT_CORRELATION_MISS_EVENTS + beyond; i++)
            iw_buffer_add(&events, IW_STR("\n1 {T: b, Computer: ''}"));
        iw_buffer_add(&events, IW_STR("\n1 {T: b, Computer: v}"));
        iw_buffer_add_char(&events, '\0');
        expect(DAY, 0, iw_buffer_str(&events).p,
               beyond == 0 ? "Computer w/ 0 1\n1 of 2 0\n" : "Computer / 0 1\n1 of 2 0\n");
        iw_buffer_done(&events);
    }
}

static void every_allocation_may_fail(void **state)
{
    const struct iw_sigma_options options = {.runs_correlations = true};
    struct sigma_bench bench;
    struct iw_sigma_scanner *scanner;
    struct iw_event events[2];
    uint64_t n = 0;

    (void)state;
    sigma_bench_load_with(&bench, IW_STR(DAY), &options);
    scanner = iw_sigma_scanner_new(bench.ruleset);
    assert_true(
        flat_event_from_text("{T: a, Computer: w}", &bench.names, &bench.arena, &events[0]));
    assert_true(
        flat_event_from_text("{T: b, Computer: v}", &bench.names, &bench.arena, &events[1]));
    for (uint64_t at = 0; at <= n; at++) {
        struct iw_correlate_missing *missing;
        enum iw_rc rc = IW_ENOMEM;
        iw_alloc_fail_at(at);
        missing = iw_correlate_missing_new(bench.ruleset, 0);
        for (uint64_t i = 0; missing != NULL && i < 4; i++) {
            rc = give(missing, scanner, &events[i % 2], (int64_t)i, i);
            if (rc != IW_OK)
                break;
        }
        if (at == 0)
            n = iw_alloc_count();
        iw_alloc_fail_at(0);
        assert_true(rc == IW_ENOMEM || (rc == IW_OK && missing != NULL));
        iw_correlate_missing_free(missing);
    }
    iw_sigma_scanner_free(scanner);
    sigma_bench_done(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_may_be_too_short),
        cmocka_unit_test(hosts_may_differ),
        cmocka_unit_test(the_order_may_be_another),
        cmocka_unit_test(a_value_may_fall_short),
        cmocka_unit_test(a_rule_may_never_match),
        cmocka_unit_test(what_held_was_not_missed),
        cmocka_unit_test(values_of_long_ago_are_not_known),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
