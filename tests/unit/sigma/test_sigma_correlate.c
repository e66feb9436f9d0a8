/*
 * Correlations over streams of events. The tests called pitfall_N are the ways others get this
 * wrong; the table of them all is in docs/RULES.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/support/correlate_rig.h"

#define RULE(name)                                                                                 \
    "title: " name "\nname: " name "\nid: id-" name "\nlogsource: {product: windows}\n"            \
    "detection: {s: {T: " name "}, condition: s}\n---\n"
#define A RULE("a")
#define AB RULE("a") RULE("b")
#define ABC AB RULE("c")
#define CORRELATION(name, body) "title: " name "\nname: " name "\ncorrelation: {" body "}\n---\n"
#define ORDERED_AB                                                                                 \
    AB CORRELATION("x", "type: temporal_ordered, rules: [a, b], group-by: [U], timespan: 10s")
#define ANY_AB AB CORRELATION("x", "type: temporal, rules: [a, b], group-by: [U], timespan: 10s")
#define COUNT(condition)                                                                           \
    A CORRELATION("x", "type: event_count, rules: [a], group-by: [U], timespan: 10s, condition: "  \
                       "{" condition "}")

/* A local clock nobody knows the offset of: its times compare with those of the same host's alone.
 */
static void local_times_stay_among_themselves(void **state)
{
    static const char ORDERED[] =
        AB CORRELATION("x", "type: temporal_ordered, rules: [a, b], timespan: 10s");
    static const char COUNTED[] =
        A CORRELATION("x", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}");
    static const char CHAINED[] =
        ABC CORRELATION("in", "type: event_count, rules: [b], timespan: 10m, condition: {gte: 1}")
            CORRELATION("x", "type: temporal_ordered, rules: [a, in], timespan: 5m");
    (void)state;
    correlate_rig_expect(ORDERED, "0 {T: a, Computer: w}\n5L {T: b, Computer: w}", "");
    correlate_rig_expect(ORDERED, "0L {T: a, Computer: w}\n5 {T: b, Computer: w}", "");
    correlate_rig_expect(ORDERED, "0L {T: a, Computer: w}\n5L {T: b, Computer: v}", "");
    correlate_rig_expect(ORDERED, "0L {T: a, Computer: w}\n5L {T: b, Computer: w}",
                         "x[] @1 0..5 =2 n2 h1 0:a 1:b\n");
    correlate_rig_expect(COUNTED, "0 {T: a}\n1L {T: a}\n2 {T: a}\n3L {T: a}",
                         "x[] @2 0..2 =2 n2 h1 0:a 2:a\nx[] @3 1..3 =2 n2 h1 1:a 3:a\n");
    /* A result keeps the clock of its events. */
    correlate_rig_expect(CHAINED, "0 {T: a}\n60L {T: b}", "");
    correlate_rig_expect(CHAINED, "0L {T: a}\n60L {T: b}", "x[] @1 0..60 =2 n2 h1 0:a 1:in\n");
}

/* --- the pitfalls --- */

static void pitfall_1_order_is_asked_for(void **state)
{
    (void)state;
    correlate_rig_expect(ORDERED_AB, "0 {T: b, U: x}\n5 {T: a, U: x}", "");
    correlate_rig_expect(ORDERED_AB, "0 {T: a, U: x}\n5 {T: b, U: x}",
                         "x[x] @1 0..5 =2 n2 h1 0:a 1:b\n");
}

static void pitfall_2_an_old_event_does_not_hide_a_new_pair(void **state)
{
    (void)state;
    correlate_rig_expect(ORDERED_AB, "0 {T: a, U: x}\n86400 {T: a, U: x}\n86405 {T: b, U: x}",
                         "x[x] @2 86400..86405 =2 n2 h1 1:a 2:b\n");
}

static void pitfall_3_counts_have_a_window(void **state)
{
    (void)state;
    correlate_rig_expect(COUNT("gte: 3"), "0 {T: a, U: x}\n10 {T: a, U: x}\n20 {T: a, U: x}", "");
}

static void pitfall_4_every_result_of_an_inner_one_counts(void **state)
{
    static const char RULES[] =
        ABC CORRELATION("in", "type: event_count, rules: [b], timespan: 10m, condition: {gte: 1}")
            CORRELATION("x", "type: temporal_ordered, rules: [a, in], timespan: 5m");
    (void)state;
    /* The benign b before the drop a does not take the place of the one behind it. */
    correlate_rig_expect(RULES, "0 {T: b}\n60 {T: a}\n120 {T: b}",
                         "x[] @2 60..120 =2 n2 h1 1:a 2:in\n");
    correlate_rig_expect(ORDERED_AB, "0 {T: b, U: x}\n1 {T: a, U: x}\n2 {T: b, U: x}",
                         "x[x] @2 1..2 =2 n2 h1 1:a 2:b\n");
}

static void pitfall_5_any_order_lies_in_one_window(void **state)
{
    static const char RULES[] =
        ABC CORRELATION("x", "type: temporal, rules: [a, b, c], timespan: 10s");
    (void)state;
    /* b and c each within 10 s of a, but 16 s apart. */
    correlate_rig_expect(RULES, "0 {T: b}\n8 {T: a}\n16 {T: c}", "");
    correlate_rig_expect(RULES, "0 {T: b}\n5 {T: a}\n10 {T: c}",
                         "x[] @2 0..10 =3 n3 h1 0:b 1:a 2:c\n");
}

static void pitfall_6_evidence_names_an_event_of_every_rule(void **state)
{
    (void)state;
    correlate_rig_expect(ANY_AB, "0 {T: b, U: x}\n1 {T: b, U: x}\n2 {T: a, U: x}",
                         "x[x] @2 1..2 =2 n2 h1 1:b 2:a\n");
}

static void pitfall_7_groups_are_compared_across_rules(void **state)
{
    static const char RULES[] =
        AB CORRELATION("x", "type: temporal, rules: [a, b], group-by: [Computer], timespan: 10s");
    (void)state;
    correlate_rig_expect(ANY_AB, "0 {T: a, U: x}\n1 {T: b, U: y}", "");
    correlate_rig_expect(RULES, "0 {T: a, Computer: web1}\n1 {T: b, Computer: web2}", "");
    correlate_rig_expect(RULES, "0 {T: a, Computer: web1}\n1 {T: b, Computer: web1}",
                         "x[web1] @1 0..1 =2 n2 h1 0:a 1:b\n");
}

static void pitfall_8_what_lacks_a_group_field_takes_no_part(void **state)
{
    static const char RULES[] =
        A CORRELATION("x", "type: event_count, rules: [a], group-by: [U, V], timespan: 10s, "
                           "condition: {gte: 2}");
    const struct iw_correlate_account *account;
    struct correlate_rig rig;

    (void)state;
    correlate_rig_open(&rig, RULES, NULL);
    correlate_rig_events(&rig, "0 {T: a, U: x}\n0 {T: a, U: x}\n0 {T: a, V: x}\n0 {T: a, V: x}\n"
                               "0 {T: a, U: x, V: ''}\n0 {T: a, U: x, V: null}\n0 {T: a}\n"
                               "1 {T: a, U: x, V: y}\n2 {T: a, U: x, V: '-'}");
    assert_string_equal(correlate_rig_end(&rig), "");
    account = iw_correlator_account(rig.correlator, 0);
    assert_int_equal(account->n_lacking, 7);
    assert_true(iw_str_equal(account->lacking, IW_STR("V")));
    assert_int_equal(account->n_events, 2);
    correlate_rig_close(&rig);
}

static void pitfall_9_tuples_do_not_run_together(void **state)
{
    static const char RULES[] =
        A CORRELATION("x", "type: event_count, rules: [a], group-by: [U, V], timespan: 10s, "
                           "condition: {gte: 2}");
    (void)state;
    correlate_rig_expect(RULES, "0 {T: a, U: 'a,b', V: c}\n0 {T: a, U: a, V: 'b,c'}", "");
    correlate_rig_expect(RULES, "0 {T: a, U: ab, V: c}\n0 {T: a, U: a, V: bc}", "");
    correlate_rig_expect(RULES, "0 {T: a, U: a, V: b}\n0 {T: a, U: b, V: a}", "");
    /* The first 128 bytes of a long value do not stand for all of it. */
    {
        char events[1024];
        int n = 0;
        for (int i = 0; i < 2; i++)
            n += snprintf(events + n, sizeof events - (size_t)n, "0 {T: a, U: q, V: %0200d}\n", i);
        correlate_rig_expect(RULES, events, "");
    }
}

static void pitfall_10_every_comparison_counts(void **state)
{
    static const char EVENTS[] = "0 {T: a, U: x}\n1 {T: a, U: x}\n2 {T: a, U: x}";
    static const struct {
        const char *rules, *lines;
    } CASES[] = {
        {COUNT("gt: 2"), "x[x] @2 0..2 =3 n3 h1 0:a 1:a 2:a\n"},
        {COUNT("gt: 3"), ""},
        {COUNT("gte: 3"), "x[x] @2 0..2 =3 n3 h1 0:a 1:a 2:a\n"},
        {COUNT("lt: 2"), "x[x] @0 0..0 =1 n1 h1 0:a\n"},
        {COUNT("lte: 2"), "x[x] @0 0..1 =1 n2 h2 0:a\n"},
        {COUNT("eq: 2"), "x[x] @1 0..1 =2 n2 h1 0:a 1:a\n"},
        {COUNT("neq: 2"), "x[x] @0 0..0 =1 n1 h1 0:a\nx[x] @2 0..2 =3 n3 h1 0:a 1:a 2:a\n"},
        {COUNT("gte: 2, lte: 2"), "x[x] @1 0..1 =2 n2 h1 0:a 1:a\n"},
        {COUNT("lte: 2, gte: 2"), "x[x] @1 0..1 =2 n2 h1 0:a 1:a\n"},
        {COUNT("gte: 1, neq: 1"), "x[x] @1 0..2 =2 n3 h2 0:a 1:a\n"},
        /* Asked at events only, where there is always one. */
        {COUNT("eq: 0"), ""},
        {COUNT("lt: 1"), ""},
        {COUNT("gte: 0"), "x[x] @0 0..2 =1 n3 h3 0:a\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        correlate_rig_expect(CASES[i].rules, EVENTS, CASES[i].lines);
}

static void pitfall_11_timespans_have_all_units(void **state)
{
    static const struct {
        const char *span;
        int64_t seconds;
    } CASES[] = {{"2s", 2},       {"2m", 120},         {"2h", 7200},        {"2d", 172800},
                 {"2w", 1209600}, {"2M", 2 * 2629746}, {"2y", 2 * 31556952}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        for (int64_t beyond = 0; beyond < 2; beyond++) {
            struct correlate_rig rig;
            char rules[512];
            (void)snprintf(rules, sizeof rules,
                           "%stitle: x\ncorrelation: {type: event_count, rules: [a], timespan: %s, "
                           "condition: {gte: 2}}\n",
                           A, CASES[i].span);
            correlate_rig_open(&rig, rules, NULL);
            correlate_rig_event(&rig, 0, "{T: a}");
            correlate_rig_event(&rig, CASES[i].seconds * RIG_SECOND + beyond, "{T: a}");
            assert_int_equal(correlate_rig_end(&rig)[0] == 'x', beyond == 0);
            correlate_rig_close(&rig);
        }
    }
}

static void pitfall_12_an_unknown_time_takes_no_part(void **state)
{
    struct correlate_rig rig;

    (void)state;
    correlate_rig_open(&rig, COUNT("gte: 2"), NULL);
    correlate_rig_events(&rig, "? {T: a, U: x}\n0 {T: a, U: x}\n? {T: a, U: x}\n? {T: b, U: x}");
    assert_string_equal(correlate_rig_end(&rig), "");
    assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_untimed, 2);
    assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_events, 1);
    correlate_rig_close(&rig);
}

static void pitfall_13_nanoseconds_count(void **state)
{
    struct correlate_rig rig;

    (void)state;
    /* Within one second, b first: no order. */
    correlate_rig_expect(ORDERED_AB, "0.25 {T: b, U: x}\n0.75 {T: a, U: x}", "");
    /* Ties stand in the order of feeding, which is decided. */
    correlate_rig_expect(ORDERED_AB, "1 {T: a, U: x}\n1 {T: b, U: x}",
                         "x[x] @1 1..1 =2 n2 h1 0:a 1:b\n");
    correlate_rig_expect(ORDERED_AB, "1 {T: b, U: x}\n1 {T: a, U: x}", "");
    correlate_rig_open(&rig, COUNT("gte: 2"), NULL);
    correlate_rig_event(&rig, 1, "{T: a, U: x}");
    correlate_rig_event(&rig, 10 * RIG_SECOND + 2, "{T: a, U: x}");
    assert_string_equal(correlate_rig_end(&rig), "");
    correlate_rig_close(&rig);
}

static void pitfall_15_a_rule_feeds_all_its_correlations(void **state)
{
    (void)state;
    correlate_rig_expect(
        AB CORRELATION("x", "type: temporal, rules: [a, b], timespan: 10s")
            CORRELATION("y", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 1}"),
        "0 {T: a}\n1 {T: b}", "x[] @1 0..1 =2 n2 h1 0:a 1:b\ny[] @0 0..0 =1 n1 h1 0:a\n");
}

static void pitfall_16_one_event_is_one_step(void **state)
{
    static const char BOTH[] = "title: a\nname: a\nlogsource: {product: windows}\n"
                               "detection: {s: {T|contains: a}, condition: s}\n---\n"
                               "title: b\nname: b\nlogsource: {product: windows}\n"
                               "detection: {s: {T|contains: b}, condition: s}\n---\n"
                               "title: c\nname: c\nlogsource: {product: windows}\n"
                               "detection: {s: {T|contains: c}, condition: s}\n---\n";
    char rules[2048];
    (void)state;
#define BOTH_WITH(body)                                                                            \
    ((void)snprintf(rules, sizeof rules, "%stitle: x\ncorrelation: {%s}\n", BOTH, body), rules)
    correlate_rig_expect(BOTH_WITH("type: temporal, rules: [a, b], timespan: 10s"), "0 {T: ab}",
                         "");
    correlate_rig_expect(BOTH_WITH("type: temporal_ordered, rules: [a, b], timespan: 10s"),
                         "0 {T: ab}", "");
    correlate_rig_expect(BOTH_WITH("type: temporal, timespan: 10s, condition: a and b"),
                         "0 {T: ab}", "");
    correlate_rig_expect(BOTH_WITH("type: temporal, timespan: 10s, condition: a or b"), "0 {T: ab}",
                         "x[] @0 0..0 =1 n1 h1 0:a\n");
    /* Two such events are both. */
    correlate_rig_expect(BOTH_WITH("type: temporal_ordered, rules: [a, b], timespan: 10s"),
                         "0 {T: ab}\n1 {T: ab}", "x[] @1 0..1 =2 n2 h1 0:a 1:b\n");
    /* An event is given to the rule that has no other. */
    correlate_rig_expect(BOTH_WITH("type: temporal, rules: [a, b, c], timespan: 10s"),
                         "0 {T: ab}\n1 {T: bc}\n2 {T: ab}", "x[] @2 0..2 =3 n3 h1 0:b 1:c 2:a\n");
    /* Counted once. */
    correlate_rig_expect(
        BOTH_WITH("type: event_count, rules: [a, b], timespan: 10s, condition: {gte: 2}"),
        "0 {T: ab}", "");
    /* A result stands for the event that completed it. */
    correlate_rig_expect(AB CORRELATION("in", "type: event_count, rules: [a], timespan: 1m, "
                                              "condition: {gte: 2}")
                             CORRELATION("x", "type: temporal_ordered, rules: [in, a], "
                                              "timespan: 1m"),
                         "0 {T: a}\n1 {T: a}", "");
}

static void pitfall_17_one_report_for_an_episode(void **state)
{
    static const char EVENTS[] = "0 {T: a, U: x}\n5 {T: a, U: x}\n9 {T: a, U: x}\n"
                                 "100 {T: a, U: x}\n105 {T: a, U: x}\n106 {T: a, U: y}";
    (void)state;
    correlate_rig_expect(COUNT("gte: 2"), EVENTS,
                         "x[x] @1 0..9 =2 n3 h2 0:a 1:a\nx[x] @4 100..105 =2 n2 h1 3:a 4:a\n");
    correlate_rig_expect_every(COUNT("gte: 2"), EVENTS,
                               "x[x] @1 0..5 =2 n2 h1 0:a 1:a\nx[x] @2 0..9 =3 n3 h1 0:a 1:a 2:a\n"
                               "x[x] @4 100..105 =2 n2 h1 3:a 4:a\n");
    /* An episode also ends where the window has become empty, though no event said so. */
    correlate_rig_expect(COUNT("gte: 1"), "0 {T: a, U: x}\n10 {T: a, U: x}\n20.5 {T: a, U: x}",
                         "x[x] @0 0..10 =1 n2 h2 0:a\nx[x] @2 20.5..20.5 =1 n1 h1 2:a\n");
}

static void pitfall_18_rules_are_named_by_id_or_name(void **state)
{
    (void)state;
    correlate_rig_expect(AB CORRELATION("x", "type: temporal, rules: [ID-A, b], timespan: 10s"),
                         "0 {T: a}\n1 {T: b}", "x[] @1 0..1 =2 n2 h1 0:a 1:b\n");
}

static void pitfall_19_generate_decides_who_is_reported(void **state)
{
    static const char RULES[] =
        ABC CORRELATION("in", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 1}")
            CORRELATION("both", "type: event_count, rules: [b, in], timespan: 10s, generate: true, "
                                "condition: {gte: 9}")
                CORRELATION("x", "type: event_count, rules: [a, b, in], timespan: 10s, "
                                 "condition: {gte: 9}");
    struct correlate_rig rig;

    (void)state;
    correlate_rig_open(&rig, RULES, NULL);
    /* a: only below those without; b: one has it; c: nothing stands on it. */
    assert_true(iw_correlate_hides(rig.bench.ruleset, 0));
    assert_false(iw_correlate_hides(rig.bench.ruleset, 1));
    assert_false(iw_correlate_hides(rig.bench.ruleset, 2));
    assert_true(iw_correlate_wants(rig.bench.ruleset, 0));
    assert_true(iw_correlate_wants(rig.bench.ruleset, 1));
    assert_false(iw_correlate_wants(rig.bench.ruleset, 2));
    /* The inner one is told because one that stands on it has it. */
    assert_false(iw_correlate_is_hidden(rig.bench.ruleset, 0));
    correlate_rig_events(&rig, "0 {T: a}");
    assert_string_equal(correlate_rig_end(&rig), "in[] @0 0..0 =1 n1 h1 0:a\n");
    correlate_rig_close(&rig);
    /* Not run: nothing is hidden. */
    sigma_bench_load(&rig.bench, iw_str_of(RULES), NULL);
    assert_int_equal(iw_correlate_count(rig.bench.ruleset), 0);
    assert_false(iw_correlate_hides(rig.bench.ruleset, 0));
    sigma_bench_done(&rig.bench);
}

static void pitfall_20_long_streams_cost_no_recursion(void **state)
{
    struct correlate_rig rig;
    char expected[64];

    (void)state;
    correlate_rig_open(&rig, ORDERED_AB, NULL);
    for (int i = 0; i < 3000; i++)
        correlate_rig_event(&rig, i, "{T: a, U: x}");
    correlate_rig_event(&rig, 3000, "{T: b, U: x}");
    (void)snprintf(expected, sizeof expected, "x[x] @3000 %g..%g =2 n2 h1 2999:a 3000:b\n",
                   2999.0 / RIG_SECOND, 3000.0 / RIG_SECOND);
    assert_string_equal(correlate_rig_end(&rig), expected);
    assert_true(iw_correlator_peak_bytes(rig.correlator) < 2000);
    correlate_rig_close(&rig);
}

static void pitfall_21_absence_is_asked_at_each_event(void **state)
{
    static const char RULES[] =
        AB CORRELATION("x", "type: temporal, rules: [a, b], timespan: 10s, condition: a and not b");
    (void)state;
    /* It holds at a while the window behind it has no b, and no longer once a b comes. */
    correlate_rig_expect(RULES, "0 {T: a}\n1 {T: b}\n100 {T: a}",
                         "x[] @0 0..0 =1 n1 h1 0:a\nx[] @2 100..100 =1 n1 h1 2:a\n");
    correlate_rig_expect(RULES, "0 {T: b}\n1 {T: a}\n10.5 {T: a}",
                         "x[] @2 10.5..10.5 =1 n1 h1 2:a\n");
    /* In order, what is forbidden is forbidden anywhere in the window. */
    correlate_rig_expect(ABC CORRELATION("x", "type: temporal_ordered, timespan: 10s, condition: "
                                              "a and b and not c"),
                         "0 {T: c}\n1 {T: a}\n2 {T: b}\n20 {T: b}\n21 {T: a}\n22 {T: b}",
                         "x[] @5 21..22 =2 n2 h1 4:a 5:b\n");
}

static void pitfall_26_reports_come_in_a_fixed_order(void **state)
{
    (void)state;
    /* As episodes end; those left at the end by correlation, then by their last event. */
    correlate_rig_expect(COUNT("gte: 1"),
                         "0 {T: a, U: q}\n1 {T: a, U: p}\n2 {T: a, U: q}\n3 {T: a, U: r}",
                         "x[p] @1 1..1 =1 n1 h1 1:a\nx[q] @0 0..2 =1 n2 h2 0:a\n"
                         "x[r] @3 3..3 =1 n1 h1 3:a\n");
}

static void pitfall_27_the_limit_is_counted_and_told(void **state)
{
    const struct iw_correlate_options options = {.limit_bytes = 4000};
    const struct iw_correlate_account *account;
    struct correlate_rig rig;
    char event[64];

    (void)state;
    correlate_rig_open(&rig, COUNT("gte: 2"), &options);
    for (int i = 0; i < 100; i++) {
        (void)snprintf(event, sizeof event, "{T: a, U: u%d}", i);
        correlate_rig_event(&rig, 1000, event);
    }
    /* The last ones are still there, the first ones are not. */
    correlate_rig_event(&rig, 2000, "{T: a, U: u99}");
    correlate_rig_event(&rig, 2000, "{T: a, U: u0}");
    assert_string_equal(correlate_rig_end(&rig), "x[u99] @100 1e-06..2e-06 =2 n2 h1 99:a 100:a\n");
    account = iw_correlator_account(rig.correlator, 0);
    assert_in_range(account->n_given_up, 50, 99);
    assert_int_equal(account->given_up_ns, 1000);
    /* An event is always taken; what is over the limit goes right after it. */
    assert_in_range(iw_correlator_peak_bytes(rig.correlator), 4000, 4600);
    correlate_rig_close(&rig);
}

/* --- groups and values --- */

static void texts_compare_without_case_and_hosts_as_settled(void **state)
{
    (void)state;
    correlate_rig_expect(COUNT("gte: 2"), "0 {T: a, U: \xC3\x89va}\n1 {T: a, U: \xC3\xA9VA}",
                         "x[\xC3\xA9VA] @1 0..1 =2 n2 h1 0:a 1:a\n");
    correlate_rig_expect(
        A CORRELATION("x", "type: value_count, rules: [a], timespan: 10s, condition: {field: U, "
                           "gte: 2}"),
        "0 {T: a, U: Bob}\n1 {T: a, U: BOB}\n2 {T: a, U: eve}", "x[] @2 1..2 =2 n2 h1 1:a 2:a\n");
}

static void a_field_with_several_values_joins_several_groups(void **state)
{
    (void)state;
    correlate_rig_expect(COUNT("gte: 2"), "0 {T: a, U: [p, q, P]}\n1 {T: a, U: q}\n2 {T: a, U: p}",
                         "x[q] @1 0..1 =2 n2 h1 0:a 1:a\nx[p] @2 0..2 =2 n2 h1 0:a 2:a\n");
}

/* An event with *n* values of U. */
static void many_values(struct correlate_rig *rig, size_t n)
{
    struct iw_buffer event;
    iw_buffer_init(&event);
    iw_buffer_add(&event, IW_STR("{T: a, U: ["));
    for (size_t i = 0; i < n; i++)
        iw_buffer_printf(&event, "%su%zu", i != 0 ? ", " : "", i);
    iw_buffer_add(&event, IW_STR("]}"));
    iw_buffer_add_char(&event, '\0');
    correlate_rig_event(rig, 0, iw_buffer_str(&event).p);
    iw_buffer_done(&event);
}

static void more_values_than_the_limit_are_cut_and_counted(void **state)
{
    (void)state;
    for (size_t beyond = 0; beyond < 2; beyond++) {
        struct correlate_rig rig;
        correlate_rig_open(&rig, COUNT("gte: 9"), NULL);
        many_values(&rig, IW_LIMIT_CORRELATION_TUPLES + beyond);
        assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_cut, beyond);
        assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_events,
                         IW_LIMIT_CORRELATION_TUPLES);
        correlate_rig_close(&rig);
    }
}

static void aliases_name_fields_rule_by_rule(void **state)
{
    static const char RULES[] =
        AB CORRELATION("x", "type: temporal, rules: [a, b], group-by: [ip, H], timespan: 10s, "
                            "aliases: {ip: {a: S, b: D}}");
    (void)state;
    correlate_rig_expect(RULES, "0 {T: a, S: i, D: k, H: h}\n1 {T: b, S: k, D: i, H: h}",
                         "x[i,h] @1 0..1 =2 n2 h1 0:a 1:b\n");
    /* No falling back to a field of that name, and none of the rule's own. */
    correlate_rig_expect(RULES, "0 {T: a, ip: i, H: h}\n1 {T: b, ip: i, H: h}", "");
    /* Counted values have aliases too; a rule without one brings none. */
    correlate_rig_expect(
        ABC CORRELATION("x", "type: value_count, rules: [a, b, c], timespan: 10s, aliases: "
                             "{ip: {a: S, b: D}}, condition: {field: ip, gte: 2}"),
        "0 {T: a, S: i}\n1 {T: b, D: i}\n2 {T: c, S: k, D: k}\n3 {T: b, D: k}",
        "x[] @3 1..3 =2 n2 h1 1:b 3:b\n");
}

static void tuples_of_values_are_counted(void **state)
{
    (void)state;
    correlate_rig_expect(
        A CORRELATION("x", "type: value_count, rules: [a], timespan: 10s, condition: {field: "
                           "[U, V], gte: 3}"),
        "0 {T: a, U: p, V: q}\n1 {T: a, U: q, V: p}\n2 {T: a, U: p, V: q}\n3 {T: a, U: p}\n"
        "4 {T: a, U: p, V: p}",
        "x[] @4 1..4 =3 n3 h1 1:a 2:a 4:a\n");
}

static void of_many_values_the_latest_are_enough(void **state)
{
    static const char RULES[] =
        A CORRELATION("x", "type: value_count, rules: [a], timespan: 1000s, condition: {field: U, "
                           "eq: 3}");
    struct correlate_rig rig;
    char event[64];

    (void)state;
    /* Up past three, far beyond what is kept, and down again as they leave the window. */
    correlate_rig_open(&rig, RULES, NULL);
    for (int i = 0; i < 500; i++) {
        (void)snprintf(event, sizeof event, "{T: a, U: u%d}", i);
        correlate_rig_event(&rig, i * RIG_SECOND, event);
    }
    assert_true(iw_correlator_peak_bytes(rig.correlator) < 16000);
    correlate_rig_event(&rig, 1498 * RIG_SECOND, "{T: a, U: last}");
    assert_string_equal(correlate_rig_end(&rig), "x[] @2 0..2 =3 n3 h1 0:a 1:a 2:a\n"
                                                 "x[] @500 498..1498 =3 n3 h1 498:a 499:a 500:a\n");
    correlate_rig_close(&rig);
}

static void numbers_are_summed_averaged_and_ranked(void **state)
{
    static const char EVENTS[] = "0 {T: a, N: 1}\n1 {T: a, N: '9'}\n2 {T: a, N: x}\n3 {T: a}\n"
                                 "4 {T: a, N: 2.5}\n5 {T: a, N: -4}";
    struct correlate_rig rig;
#define NUMBERS(type, condition)                                                                   \
    A CORRELATION("x", "type: " type                                                               \
                       ", rules: [a], timespan: 10s, condition: {field: N, " condition "}")
    (void)state;
    correlate_rig_expect(NUMBERS("value_sum", "gt: 12"), EVENTS,
                         "x[] @4 0..4 =12.5 n3 h1 0:a 1:a 4:a\n");
    correlate_rig_expect(NUMBERS("value_avg", "gte: 5"), EVENTS, "x[] @1 0..1 =5 n2 h1 0:a 1:a\n");
    correlate_rig_expect(NUMBERS("value_median", "eq: 1.75"), EVENTS,
                         "x[] @5 0..5 =1.75 n4 h1 0:a 1:a 4:a 5:a\n");
    correlate_rig_expect(NUMBERS("value_percentile", "percentile: 25, eq: 3"), EVENTS,
                         "x[] @1 0..1 =3 n2 h1 0:a 1:a\n");
    correlate_rig_expect(NUMBERS("value_percentile", "percentile: 100, gte: 9"), EVENTS,
                         "x[] @1 0..5 =9 n4 h3 0:a 1:a\n");
    correlate_rig_open(&rig, NUMBERS("value_sum", "gt: 1000"), NULL);
    correlate_rig_events(&rig, EVENTS);
    correlate_rig_events(&rig, "5 {T: a, N: 1e999}");
    assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_no_value, 3);
    assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_events, 4);
    correlate_rig_close(&rig);
}

static void sums_do_not_drift(void **state)
{
    (void)state;
    /* What leaves the window leaves nothing behind: 1e300 would swallow the rest of a running sum.
     */
    correlate_rig_expect_every(
        A CORRELATION("x", "type: value_sum, rules: [a], timespan: 1s, condition: {field: N, eq: "
                           "0.5}"),
        "0 {T: a, N: 1e300}\n1 {T: a, N: 0.25}\n2 {T: a, N: 0.25}\n2 {T: a, N: '-1e300'}\n"
        "3.5 {T: a, N: 0.5}",
        "x[] @2 1..2 =0.5 n2 h1 1:a 2:a\nx[] @4 3.5..3.5 =0.5 n1 h1 4:a\n");
    /* Whole numbers exactly, beyond the 53 bits of a double. */
    correlate_rig_expect(
        A CORRELATION("x", "type: value_sum, rules: [a], timespan: 1s, condition: {field: N, gt: "
                           "9007199254740992}"),
        "0 {T: a, N: 9007199254740992}", "");
    correlate_rig_expect(
        A CORRELATION("x", "type: value_sum, rules: [a], timespan: 1s, condition: {field: N, eq: "
                           "9007199254740993}"),
        "0 {T: a, N: 9007199254740992}\n0 {T: a, N: 1}", "x[] @1 0..0 =9.0072e+15 n2 h1 0:a 1:a\n");
}

/* --- more of the temporal types --- */

static void counts_of_rules_may_be_less_than_all(void **state)
{
    static const char ORDERED[] = ABC CORRELATION(
        "x", "type: temporal_ordered, rules: [a, b, c], timespan: 10s, condition: {gte: 2}");
    (void)state;
    correlate_rig_expect(ABC CORRELATION("x", "type: temporal, rules: [a, b, c], timespan: 10s, "
                                              "condition: {gte: 2}"),
                         "0 {T: c}\n1 {T: c}\n2 {T: a}", "x[] @2 1..2 =2 n2 h1 1:c 2:a\n");
    correlate_rig_expect(ORDERED, "0 {T: c}\n1 {T: a}", "");
    correlate_rig_expect(ORDERED, "0 {T: a}\n1 {T: c}", "x[] @1 0..1 =2 n2 h1 0:a 1:c\n");
    correlate_rig_expect(ORDERED, "0 {T: b}\n1 {T: c}\n2 {T: a}", "x[] @1 0..2 =2 n3 h2 0:b 1:c\n");
}

static void the_same_rule_twice_is_two_steps(void **state)
{
    static const char RULES[] =
        AB CORRELATION("x", "type: temporal_ordered, rules: [a, b, a], timespan: 10s");
    (void)state;
    correlate_rig_expect(RULES, "0 {T: a}\n1 {T: b}", "");
    correlate_rig_expect(RULES, "0 {T: a}\n1 {T: b}\n2 {T: a}",
                         "x[] @2 0..2 =3 n3 h1 0:a 1:b 2:a\n");
    correlate_rig_expect(AB CORRELATION("x", "type: temporal, rules: [a, a], timespan: 10s"),
                         "0 {T: a}\n1 {T: a}", "x[] @1 0..1 =2 n2 h1 0:a 1:a\n");
}

static void of_shared_events_enough_are_kept(void **state)
{
    /* Each event is a and b; c is asked for too. Thousands of them cost no more than a few. */
    static const char RULES[] =
        "title: a\nname: a\nlogsource: {product: windows}\n"
        "detection: {s: {T: [ab, a]}, condition: s}\n---\n"
        "title: b\nname: b\nlogsource: {product: windows}\n"
        "detection: {s: {T: ab}, condition: s}\n---\n" RULE("c")
            CORRELATION("x", "type: temporal, rules: [a, b, c], timespan: 1h");
    struct correlate_rig rig;

    (void)state;
    correlate_rig_open(&rig, RULES, NULL);
    for (int i = 0; i < 1000; i++)
        correlate_rig_event(&rig, i, "{T: ab}");
    correlate_rig_event(&rig, 1000, "{T: c}");
    assert_non_null(strstr(correlate_rig_end(&rig), "=3 n3 h1 998:b 999:a 1000:c\n"));
    assert_true(iw_correlator_peak_bytes(rig.correlator) < 4000);
    correlate_rig_close(&rig);
}

/* --- chains --- */

static void results_carry_their_group_and_nothing_else(void **state)
{
    static const char INNER[] =
        AB CORRELATION("in", "type: event_count, rules: [a], group-by: [U, Computer], timespan: "
                             "10s, condition: {gte: 2}");
    char rules[2048];
    struct correlate_rig rig;
    (void)state;
    (void)snprintf(rules, sizeof rules, "%s%s", INNER,
                   CORRELATION("x", "type: temporal_ordered, rules: [in, b], group-by: "
                                    "[Computer, u], timespan: 10s, aliases: {u: {in: U, b: W}}"));
    correlate_rig_expect(rules,
                         "0 {T: a, U: p, Computer: h}\n1 {T: a, U: P, Computer: h}\n"
                         "2 {T: b, W: p, Computer: h}",
                         "x[h,p] @2 1..2 =2 n2 h1 1:in 2:b\n");
    /* V is a field of its events, not of the result. */
    (void)snprintf(rules, sizeof rules, "%s%s", INNER,
                   CORRELATION("x", "type: event_count, rules: [in], group-by: [V], timespan: "
                                    "10s, condition: {gte: 1}"));
    correlate_rig_open(&rig, rules, NULL);
    correlate_rig_events(&rig, "0 {T: a, U: p, V: v, Computer: h}\n"
                               "1 {T: a, U: p, V: v, Computer: h}");
    assert_string_equal(correlate_rig_end(&rig), "");
    assert_int_equal(iw_correlator_account(rig.correlator, 1)->n_lacking, 1);
    correlate_rig_close(&rig);
}

static void chains_run_from_the_inside_out(void **state)
{
    /* Given from the outside in. */
    static const char RULES[] = CORRELATION(
        "z", "type: value_count, rules: [y], timespan: 1m, condition: {field: H, gte: 2}")
        CORRELATION("y", "type: event_count, rules: [x], group-by: [H], timespan: 1m, condition: "
                         "{gte: 1}")
            CORRELATION("x", "type: value_count, rules: [a], group-by: [H], timespan: 1m, "
                             "condition: {field: U, gte: 2}") A;
    (void)state;
    correlate_rig_expect(RULES,
                         "0 {T: a, H: 1, U: p}\n1 {T: a, H: 1, U: q}\n2 {T: a, H: 2, U: p}\n"
                         "3 {T: a, H: 2, U: q}",
                         "z[] @3 1..3 =2 n2 h1 1:y 3:y\n");
}

/* --- what matches carry --- */

static void matches_carry_what_their_rules_see(void **state)
{
    static const char RULES[] =
        "title: p\nname: p\nlogsource: {category: process_creation, product: windows}\n"
        "detection: {s: {Image|endswith: cmd.exe}, condition: s}\n---\n"
        "title: q\nname: q\nlogsource: {service: security, product: windows}\n"
        "detection: {s: {EventID: 4688}, condition: s}\n---\n" CORRELATION(
            "x", "type: event_count, rules: [p, q], group-by: [ProcessId], timespan: 10s, "
                 "condition: {gte: 1}");
    static const char EVENT[] = "{Channel: Security, EventID: 4688, NewProcessName: 'C:\\cmd.exe', "
                                "NewProcessId: '0x10', ProcessId: '0x20'}";
    struct correlate_rig rig;
    size_t n;

    (void)state;
    correlate_rig_open(&rig, RULES, NULL);
    assert_int_equal(iw_correlate_n_slots(rig.bench.ruleset), 2);
    assert_true(iw_correlate_slot(rig.bench.ruleset, 0).by_taxonomy);
    assert_false(iw_correlate_slot(rig.bench.ruleset, 1).by_taxonomy);
    (void)iw_correlate_carries(rig.bench.ruleset, 0, &n);
    assert_int_equal(n, 1);
    /* One event, two rules, each with its own ProcessId. */
    correlate_rig_event(&rig, 0, EVENT);
    assert_string_equal(correlate_rig_end(&rig), "x[16] @0 0..0 =1 n1 h1 0:p\n"
                                                 "x[0x20] @0 0..0 =1 n1 h1 0:q\n");
    correlate_rig_close(&rig);
}

/* --- evidence --- */

static void of_many_events_the_ends_are_shown(void **state)
{
    (void)state;
    for (size_t beyond = 0; beyond < 2; beyond++) {
        const size_t n = IW_LIMIT_CORRELATION_EVIDENCE + beyond;
        struct correlate_rig rig;
        char text[512];
        const char *line;
        (void)snprintf(text, sizeof text,
                       "%stitle: x\ncorrelation: {type: event_count, rules: [a], timespan: 1h, "
                       "condition: {gte: %zu}}\n",
                       A, n);
        correlate_rig_open(&rig, text, NULL);
        for (size_t i = 0; i < n; i++)
            correlate_rig_event(&rig, 0, "{T: a}");
        line = correlate_rig_end(&rig);
        assert_non_null(strstr(line, " 30:a 31:a "));
        assert_int_equal(strstr(line, " 32:a ") == NULL, beyond == 1);
        assert_int_equal(strstr(line, " of 65\n") != NULL, beyond == 1);
        assert_non_null(strstr(line, " 33:a 34:a "));
        (void)snprintf(text, sizeof text, "=%zu n%zu h1 0:a", n, n);
        assert_non_null(strstr(line, text));
        correlate_rig_close(&rig);
    }
}

static enum iw_rc refuse(void *user, const struct iw_correlate_report *report)
{
    (void)user;
    (void)report;
    return IW_ECANCELLED;
}

static void a_callback_may_stop_the_feeding(void **state)
{
    const struct iw_correlate_options options = {.tell = refuse};
    const struct iw_sigma_options load = {.runs_correlations = true};
    static const uint32_t RULES[] = {0};
    struct iw_correlate_match match = {.rules = RULES, .n_rules = 1};
    struct iw_correlator *correlator;
    struct sigma_bench bench;

    (void)state;
    sigma_bench_load_with(&bench,
                          IW_STR(A CORRELATION("x", "type: event_count, rules: [a], timespan: 1s, "
                                                    "condition: {gte: 1}")),
                          &load);
    correlator = iw_correlator_new(bench.ruleset, &options);
    assert_int_equal(iw_correlator_feed(correlator, &match), IW_OK);
    match.time_ns = 2 * RIG_SECOND;
    assert_int_equal(iw_correlator_feed(correlator, &match), IW_ECANCELLED);
    iw_correlator_free(correlator);
    sigma_bench_done(&bench);
}

static void the_ends_of_time_are_in_bounds(void **state)
{
    struct correlate_rig rig;

    (void)state;
    correlate_rig_open(&rig,
                       A CORRELATION("x", "type: event_count, rules: [a], timespan: 250y, "
                                          "condition: {gte: 2}"),
                       NULL);
    correlate_rig_event(&rig, INT64_MIN + 1, "{T: a}");
    correlate_rig_event(&rig, INT64_MIN + 2, "{T: a}");
    correlate_rig_event(&rig, INT64_MAX, "{T: a}");
    assert_non_null(strstr(correlate_rig_end(&rig), "x[] @1 "));
    assert_int_equal(iw_correlator_account(rig.correlator, 0)->n_held, 1);
    correlate_rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_times_stay_among_themselves),
        cmocka_unit_test(pitfall_1_order_is_asked_for),
        cmocka_unit_test(pitfall_2_an_old_event_does_not_hide_a_new_pair),
        cmocka_unit_test(pitfall_3_counts_have_a_window),
        cmocka_unit_test(pitfall_4_every_result_of_an_inner_one_counts),
        cmocka_unit_test(pitfall_5_any_order_lies_in_one_window),
        cmocka_unit_test(pitfall_6_evidence_names_an_event_of_every_rule),
        cmocka_unit_test(pitfall_7_groups_are_compared_across_rules),
        cmocka_unit_test(pitfall_8_what_lacks_a_group_field_takes_no_part),
        cmocka_unit_test(pitfall_9_tuples_do_not_run_together),
        cmocka_unit_test(pitfall_10_every_comparison_counts),
        cmocka_unit_test(pitfall_11_timespans_have_all_units),
        cmocka_unit_test(pitfall_12_an_unknown_time_takes_no_part),
        cmocka_unit_test(pitfall_13_nanoseconds_count),
        cmocka_unit_test(pitfall_15_a_rule_feeds_all_its_correlations),
        cmocka_unit_test(pitfall_16_one_event_is_one_step),
        cmocka_unit_test(pitfall_17_one_report_for_an_episode),
        cmocka_unit_test(pitfall_18_rules_are_named_by_id_or_name),
        cmocka_unit_test(pitfall_19_generate_decides_who_is_reported),
        cmocka_unit_test(pitfall_20_long_streams_cost_no_recursion),
        cmocka_unit_test(pitfall_21_absence_is_asked_at_each_event),
        cmocka_unit_test(pitfall_26_reports_come_in_a_fixed_order),
        cmocka_unit_test(pitfall_27_the_limit_is_counted_and_told),
        cmocka_unit_test(texts_compare_without_case_and_hosts_as_settled),
        cmocka_unit_test(a_field_with_several_values_joins_several_groups),
        cmocka_unit_test(more_values_than_the_limit_are_cut_and_counted),
        cmocka_unit_test(aliases_name_fields_rule_by_rule),
        cmocka_unit_test(tuples_of_values_are_counted),
        cmocka_unit_test(of_many_values_the_latest_are_enough),
        cmocka_unit_test(numbers_are_summed_averaged_and_ranked),
        cmocka_unit_test(sums_do_not_drift),
        cmocka_unit_test(counts_of_rules_may_be_less_than_all),
        cmocka_unit_test(the_same_rule_twice_is_two_steps),
        cmocka_unit_test(of_shared_events_enough_are_kept),
        cmocka_unit_test(results_carry_their_group_and_nothing_else),
        cmocka_unit_test(chains_run_from_the_inside_out),
        cmocka_unit_test(matches_carry_what_their_rules_see),
        cmocka_unit_test(of_many_events_the_ends_are_shown),
        cmocka_unit_test(a_callback_may_stop_the_feeding),
        cmocka_unit_test(the_ends_of_time_are_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
