/*
 * Why groups of a correlation held or did not: what they came nearest to, and by how much.
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
#include "sigma/sigma_correlate_explain.h"
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
#define COUNT(n)                                                                                   \
    AB CORRELATION("x", "type: event_count, rules: [a], group-by: [U], timespan: 10s, "            \
                        "condition: {gte: " n "}")
#define CHAIN                                                                                      \
    AB CORRELATION("in", "type: event_count, rules: [a], group-by: [U], timespan: 10s, "           \
                         "condition: {gte: 2}")                                                    \
        CORRELATION("x", "type: temporal_ordered, rules: [in, b], group-by: [U], timespan: 60s")

#define MOST 10U

static void put_events(struct iw_buffer *out, const struct iw_correlate_named *events)
{
    for (size_t i = 0; i < events->n; i++)
        iw_buffer_printf(out, " %llu", (unsigned long long)events->items[i].ordinal);
    if (events->n < events->n_all)
        iw_buffer_printf(out, " of %llu", (unsigned long long)events->n_all);
}

static void put_miss(struct iw_buffer *out, const struct iw_correlate_miss *miss)
{
    switch (miss->kind) {
    case IW_MISS_WINDOW:
        iw_buffer_printf(out, "window %g s for %g s", (double)miss->needed_ns / SECOND,
                         (double)miss->span_ns / SECOND);
        break;
    case IW_MISS_ORDER:
        iw_buffer_printf(out, "order");
        break;
    case IW_MISS_EXCLUDED:
        iw_buffer_printf(out, "excluded %zu", miss->at);
        break;
    case IW_MISS_VALUE:
        iw_buffer_printf(out, "%g of %g", miss->number, miss->wanted);
        break;
    case IW_MISS_RULE:
        iw_buffer_printf(out, "no %zu", miss->at);
        break;
    case IW_MISS_APART:
        iw_buffer_printf(out, "field %zu in %g s", miss->at, (double)miss->needed_ns / SECOND);
        break;
    case IW_MISS_COUNT:
        fail();
        break;
    }
    put_events(out, &miss->events);
}

/* `[key,key] nEVENTS: held …` or what it missed; of groups apart `apart [key]: …`. */
static void put_group(struct iw_buffer *out, const struct iw_correlate_group_told *group)
{
    iw_buffer_printf(out, "[");
    for (size_t i = 0; i < group->n_key; i++)
        iw_buffer_printf(out, "%s%.*s", i == 0 ? "" : ",", IW_STR_ARG(group->key[i].text));
    iw_buffer_printf(out, "] n%llu", (unsigned long long)group->n_events);
    for (size_t i = 0; i < group->n_episodes; i++) {
        const struct iw_correlate_episode_told *episode = &group->episodes[i];
        iw_buffer_printf(out, " | held %g..%g..%g =%g n%llu h%llu",
                         (double)episode->first_ns / SECOND,
                         (double)episode->completing_ns / SECOND, (double)episode->last_ns / SECOND,
                         episode->number, (unsigned long long)episode->n_events,
                         (unsigned long long)episode->n_held);
        put_events(out, &episode->events);
    }
    if (group->n_episodes < group->n_episodes_all)
        iw_buffer_printf(out, " | of %llu", (unsigned long long)group->n_episodes_all);
    for (size_t i = 0; i < group->n_misses; i++) {
        iw_buffer_printf(out, " | ");
        put_miss(out, &group->misses[i]);
    }
    iw_buffer_printf(out, "%s\n", group->is_cut ? " cut" : "");
}

struct rig {
    struct sigma_bench bench;
    struct iw_sigma_scanner *scanner;
    struct iw_spill spill;
    struct iw_correlate_inquiry *inquiry;
    uint64_t n_events;
};

static void rig_open(struct rig *rig, const char *yaml, size_t at, size_t limit)
{
    const struct iw_sigma_options options = {.runs_correlations = true};

    memset(rig, 0, sizeof *rig);
    iw_spill_init(&rig->spill);
    sigma_bench_load_with(&rig->bench, iw_str_of(yaml), &options);
    rig->scanner = iw_sigma_scanner_new(rig->bench.ruleset);
    rig->inquiry = iw_correlate_inquiry_new(rig->bench.ruleset, at, &rig->spill, 1 << 20, limit);
    assert_non_null(rig->scanner);
    assert_non_null(rig->inquiry);
}

static void rig_close(struct rig *rig)
{
    iw_correlate_inquiry_free(rig->inquiry);
    iw_sigma_scanner_free(rig->scanner);
    iw_spill_done(&rig->spill);
    sigma_bench_done(&rig->bench);
}

static enum iw_rc give(struct iw_correlate_inquiry *inquiry, struct iw_sigma_scanner *scanner,
                       const struct iw_event *event, int64_t time_ns, uint64_t ordinal)
{
    struct iw_correlate_match match = {
        .time_ns = time_ns, .host = event->computer, .ordinal = ordinal};
    enum iw_rc rc = iw_sigma_scanner_match(scanner, event, &match.rules, &match.n_rules);
    if (rc == IW_OK)
        rc = iw_sigma_scanner_carry(scanner, event, match.rules, match.n_rules, &match.values,
                                    &match.n_values);
    return rc == IW_OK ? iw_correlate_inquiry_feed(inquiry, &match, NULL) : rc;
}

static void rig_event(struct rig *rig, int64_t time_ns, const char *yaml)
{
    struct iw_event event;
    assert_true(flat_event_from_text(yaml, &rig->bench.names, &rig->bench.arena, &event));
    assert_int_equal(give(rig->inquiry, rig->scanner, &event, time_ns, rig->n_events++), IW_OK);
}

/* Feeds lines of `SECONDS EVENT`. */
static void rig_events(struct rig *rig, const char *events)
{
    while (*events != '\0') {
        const char *end = strchr(events, '\n');
        size_t n = end != NULL ? (size_t)(end - events) : strlen(events);
        char line[256];
        char *rest;
        int64_t time_ns;
        assert_true(n < sizeof line);
        memcpy(line, events, n);
        line[n] = '\0';
        time_ns = (int64_t)(strtod(line, &rest) * SECOND);
        rig_event(rig, time_ns, rest);
        events = end != NULL ? end + 1 : events + n;
    }
}

static void rig_text(struct rig *rig, struct iw_buffer *out)
{
    const struct iw_correlate_told *told;

    assert_int_equal(iw_correlate_inquiry_finish(rig->inquiry, &told, NULL), IW_OK);
    iw_buffer_init(out);
    for (size_t i = 0; i < told->n; i++)
        put_group(out, &told->groups[i]);
    for (size_t i = 0; i < told->n_apart; i++) {
        iw_buffer_printf(out, "apart ");
        put_group(out, &told->apart[i]);
    }
    iw_buffer_add_char(out, '\0');
}

/* All in one: rules, events, what correlation *at* is told of. */
static void expect(const char *yaml, size_t at, const char *events, const char *expected)
{
    struct iw_buffer out;
    struct rig rig;

    rig_open(&rig, yaml, at, MOST);
    rig_events(&rig, events);
    rig_text(&rig, &out);
    assert_string_equal(iw_buffer_str(&out).p, expected);
    iw_buffer_done(&out);
    rig_close(&rig);
}

static void a_window_may_be_too_short(void **state)
{
    (void)state;
    /* The shell came 61 s after the 24 h window; an earlier pair was further apart. */
    expect(DAY, 0,
           "0 {T: a, Computer: w}\n100000 {T: b, Computer: w}\n200000 {T: a, Computer: w}\n"
           "286461 {T: b, Computer: w}",
           "[w] n4 | window 86461 s for 86400 s 2 3\n");
    expect(AB CORRELATION("x", "type: event_count, rules: [a], timespan: 10s, condition: "
                               "{gte: 3}"),
           0, "0 {T: a}\n100 {T: a}\n106 {T: a}\n111 {T: a}\n200 {T: a}",
           "[] n5 | window 11 s for 10 s 1 2 3 | 2 of 3 1 2\n");
    expect(AB CORRELATION("x", "type: value_count, rules: [a], timespan: 10s, condition: "
                               "{field: U, gt: 1}"),
           0, "0 {T: a, U: p}\n4 {T: a, U: p}\n20 {T: a, U: q}",
           "[] n3 | window 16 s for 10 s 1 2 | 1 of 1 0\n");
}

static void groups_may_be_apart(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: a, Computer: WEB1}\n5 {T: b, Computer: WEB2}",
           "[WEB1] n1 | no 1\n[WEB2] n1 | no 0\napart [] n2 | field 0 in 5 s 0 1\n");
    expect(AB CORRELATION("x", "type: temporal, rules: [a, b], group-by: [U, V], timespan: 10s"), 0,
           "0 {T: a, U: p, V: q}\n5 {T: b, U: P, V: r}",
           "[p,q] n1 | no 1\n[P,r] n1 | no 0\napart [P] n2 | field 1 in 5 s 0 1\n");
    /* What holds in one group is not apart: it holds without the field as well. */
    expect(DAY, 0, "0 {T: a, Computer: w}\n5 {T: b, Computer: w}",
           "[w] n2 | held 0..5..5 =2 n2 h1 0 1\n");
    /* An event without the field is apart from nothing: the field would say nothing of it. */
    expect(DAY, 0, "0 {T: a, Computer: w}\n5 {T: b}", "[w] n1 | no 1\n");
}

static void the_order_may_be_another(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: b, Computer: w}\n5 {T: a, Computer: w}", "[w] n2 | order 0 1\n");
}

static void an_event_may_be_ruled_out(void **state)
{
    (void)state;
    expect(AB CORRELATION("x", "type: temporal, rules: [a, b], timespan: 10s, condition: a and "
                               "not b"),
           0, "0 {T: b}\n5 {T: a}", "[] n2 | excluded 1 1\n");
    expect(AB CORRELATION("x", "type: temporal, rules: [a, b], timespan: 10s, condition: a and "
                               "not b"),
           0, "0 {T: b}\n11 {T: a}", "[] n2 | held 11..11..11 =1 n1 h1 1\n");
}

static void a_value_may_fall_short(void **state)
{
    (void)state;
    expect(COUNT("5"), 0,
           "0 {T: a, U: p}\n0 {T: a, U: q}\n1 {T: a, U: q}\n2 {T: a, U: q}\n3 {T: a, U: q}",
           "[q] n4 | 4 of 5 1 2 3 4\n[p] n1 | 1 of 5 0\napart [] n5 | field 0 in 3 s 0 1 2 3 4\n");
    expect(AB CORRELATION("x", "type: value_sum, rules: [a], timespan: 10s, condition: {field: N, "
                               "lt: 3}"),
           0, "0 {T: a, N: 7}\n20 {T: a, N: 4.5}\n40 {T: a, N: 5}", "[] n3 | 4.5 of 3 1\n");
    /* Two of three rules, in one window; of two rules one is nothing to tell. */
    expect(AB RULE("c") CORRELATION("x", "type: temporal, rules: [a, b, c], timespan: 10s"), 0,
           "0 {T: a}\n5 {T: b}\n20 {T: c}", "[] n3 | window 20 s for 10 s 0 1 2 | 2 of 3 0 1\n");
}

static void a_rule_may_never_match(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: a, Computer: w}", "[w] n1 | no 1\n");
    expect(DAY, 0, "", "");
}

static void chains_are_explained_by_their_parts(void **state)
{
    (void)state;
    /* One a is no result of the inner one, so the group has an event of b alone. */
    expect(CHAIN, 1, "0 {T: a, U: p}\n1 {T: b, U: p}", "[p] n1 | no 0\n");
    expect(CHAIN, 0, "0 {T: a, U: p}\n1 {T: b, U: p}", "[p] n1 | 1 of 2 0\n");
    expect(CHAIN, 1, "0 {T: a, U: p}\n1 {T: a, U: p}\n62 {T: b, U: p}",
           "[p] n2 | window 61 s for 60 s 1 2\n");
    /* The result has the values of its group: p and q are apart. */
    expect(CHAIN, 1, "0 {T: a, U: p}\n1 {T: a, U: p}\n2 {T: b, U: q}",
           "[p] n1 | no 1\n[q] n1 | no 0\napart [] n2 | field 0 in 1 s 1 2\n");
}

static void what_held_was_not_missed(void **state)
{
    (void)state;
    expect(DAY, 0, "0 {T: a, Computer: w}\n86400 {T: b, Computer: w}",
           "[w] n2 | held 0..86400..86400 =2 n2 h1 0 1\n");
    expect(COUNT("2"), 0,
           "0 {T: a, U: p}\n1 {T: a, U: p}\n2 {T: a, U: p}\n50 {T: a, U: p}\n"
           "51 {T: a, U: p}",
           "[p] n5 | held 0..1..2 =2 n3 h2 0 1 | held 50..51..51 =2 n2 h1 3 4\n");
}

static void groups_that_held_stand_first(void **state)
{
    (void)state;
    expect(DAY, 0,
           "0 {T: a, Computer: lone}\n1 {T: b, Computer: turned}\n2 {T: a, Computer: turned}\n"
           "3 {T: a, Computer: far}\n4 {T: a, Computer: held}\n5 {T: b, Computer: held}\n"
           "90000 {T: b, Computer: far}",
           "[held] n2 | held 4..5..5 =2 n2 h1 4 5\n[turned] n2 | order 1 2\n"
           "[far] n2 | window 89997 s for 86400 s 3 6\n[lone] n1 | no 1\n"
           "apart [] n2 | field 0 in 1 s 0 1\n");
}

/* Of more groups than are asked for the best stay, whatever the order they come in. */
static void only_the_best_are_kept(void **state)
{
    (void)state;
    for (unsigned turn = 0; turn < 2; turn++) {
        struct iw_buffer out;
        struct rig rig;
        rig_open(&rig, COUNT("9"), 0, 2);
        for (unsigned i = 0; i < 40; i++) {
            /* Group g has g events. */
            unsigned group = turn == 0 ? i : 39 - i;
            for (unsigned k = 0; group < 8 && k < group; k++) {
                char event[32];
                (void)snprintf(event, sizeof event, "{T: a, U: g%u}", group);
                rig_event(&rig, (int64_t)i * 100 * SECOND, event);
            }
        }
        rig_text(&rig, &out);
        assert_non_null(strstr(iw_buffer_str(&out).p, "[g7] n7 | 7 of 9"));
        assert_non_null(strstr(iw_buffer_str(&out).p, "\n[g6] n6 | 6 of 9"));
        assert_null(strstr(iw_buffer_str(&out).p, "[g5]"));
        iw_buffer_done(&out);
        rig_close(&rig);
    }
}

static void steps_are_counted(void **state)
{
    const struct iw_correlate_told *told;
    struct rig rig;

    (void)state;
    rig_open(&rig, DAY, 0, MOST);
    rig_events(&rig, "0 {T: a, Computer: p}\n1 {T: a, Computer: p}\n2 {T: a, Computer: q}\n"
                     "3 {T: b}\n4 {T: b, Computer: q}\n5 {T: c, Computer: q}");
    rig_event(&rig, IW_TIME_UNKNOWN, "{T: b, Computer: q}");
    assert_int_equal(iw_correlate_inquiry_finish(rig.inquiry, &told, NULL), IW_OK);
    assert_int_equal(told->n_steps, 2);
    assert_int_equal(told->steps[0].n_matched, 3);
    assert_int_equal(told->steps[0].n_in_groups, 3);
    assert_int_equal(told->steps[0].n_groups, 2);
    assert_int_equal(told->steps[0].n_lacking, 0);
    assert_int_equal(told->steps[1].n_matched, 3);
    assert_int_equal(told->steps[1].n_in_groups, 1);
    assert_int_equal(told->steps[1].n_groups, 1);
    assert_int_equal(told->steps[1].n_lacking, 1);
    assert_true(iw_str_equal(told->steps[1].lacking, IW_STR("Computer")));
    assert_int_equal(told->account->n_untimed, 1);
    assert_int_equal(told->n_groups, 2);
    assert_int_equal(told->n_groups_held, 1);
    assert_int_equal(told->n_episodes, 1);
    rig_close(&rig);
}

/* What is named and how many episodes are told is bounded, at the limit and one past it. */
static void lists_are_bounded(void **state)
{
    (void)state;
    for (unsigned beyond = 0; beyond < 2; beyond++) {
        struct iw_buffer out, expected;
        struct rig rig;
        rig_open(&rig, COUNT("100"), 0, MOST);
        iw_buffer_init(&expected);
        iw_buffer_printf(&expected, "[p] n%u | %u of 100", IW_EXPLAINED_EVENTS + beyond,
                         IW_EXPLAINED_EVENTS + beyond);
        for (unsigned i = 0; i < IW_EXPLAINED_EVENTS + beyond; i++) {
            rig_event(&rig, 0, "{T: a, U: p}");
            if (i != IW_EXPLAINED_EVENTS / 2 || beyond == 0)
                iw_buffer_printf(&expected, " %u", i);
        }
        if (beyond != 0)
            iw_buffer_printf(&expected, " of %u", IW_EXPLAINED_EVENTS + beyond);
        iw_buffer_printf(&expected, "\n");
        iw_buffer_add_char(&expected, '\0');
        rig_text(&rig, &out);
        assert_string_equal(iw_buffer_str(&out).p, iw_buffer_str(&expected).p);
        iw_buffer_done(&out);
        iw_buffer_done(&expected);
        rig_close(&rig);

        rig_open(&rig, COUNT("1"), 0, MOST);
        for (unsigned i = 0; i < IW_EXPLAINED_EPISODES + beyond; i++)
            rig_event(&rig, (int64_t)i * 100 * SECOND, "{T: a, U: p}");
        rig_text(&rig, &out);
        assert_true((strstr(iw_buffer_str(&out).p, " | of 9") != NULL) == (beyond != 0));
        iw_buffer_done(&out);
        rig_close(&rig);
    }
}

/* More groups than a hunt can hold open: it gives some up, which is told; all are explained, the
 * same with little memory for sorting. */
static void groups_that_are_given_up_are_told(void **state)
{
    const unsigned n = 250000;

    (void)state;
    for (unsigned small = 0; small < 2; small++) {
        const struct iw_sigma_options options = {.runs_correlations = true};
        const struct iw_correlate_told *told;
        struct iw_buffer out;
        struct rig rig;
        memset(&rig, 0, sizeof rig);
        iw_spill_init(&rig.spill);
        iw_spill_open(&rig.spill);
        sigma_bench_load_with(&rig.bench, IW_STR(COUNT("2")), &options);
        rig.inquiry = iw_correlate_inquiry_new(rig.bench.ruleset, 0, &rig.spill,
                                               small != 0 ? 1 << 16 : 1 << 28, 3);
        assert_non_null(rig.inquiry);
        for (unsigned i = 0; i < n + 2; i++) {
            char user[16];
            const uint32_t rule = 0;
            struct iw_correlate_value value = {.slot = 0};
            const struct iw_correlate_match match = {.time_ns = SECOND,
                                                     .host = IW_STR("w"),
                                                     .ordinal = i,
                                                     .rules = &rule,
                                                     .n_rules = 1,
                                                     .values = &value,
                                                     .n_values = 1};
            (void)snprintf(user, sizeof user, "%06u", i < n ? i : i - n);
            value.text = iw_str_of(user);
            assert_int_equal(iw_correlate_inquiry_feed(rig.inquiry, &match, NULL), IW_OK);
        }
        assert_int_equal(iw_correlate_inquiry_finish(rig.inquiry, &told, NULL), IW_OK);
        assert_true(told->account->n_given_up > 0);
        assert_int_equal(told->account->given_up_ns, SECOND);
        assert_int_equal(told->n_groups, n);
        assert_int_equal(told->n_groups_held, 2);
        iw_buffer_init(&out);
        for (size_t i = 0; i < told->n; i++)
            put_group(&out, &told->groups[i]);
        iw_buffer_add_char(&out, '\0');
        assert_string_equal(iw_buffer_str(&out).p, "[000000] n2 | held 1..1..1 =2 n2 h1 0 250000\n"
                                                   "[000001] n2 | held 1..1..1 =2 n2 h1 1 250001\n"
                                                   "[000002] n1 | 1 of 2 2\n");
        iw_buffer_done(&out);
        rig_close(&rig);
    }
}

/* Events too long ago to be compared are said to be. */
static void values_of_long_ago_are_not_known(void **state)
{
    (void)state;
    for (unsigned beyond = 0; beyond < 2; beyond++) {
        const struct iw_correlate_told *told;
        struct iw_event event;
        struct rig rig;
        rig_open(&rig, DAY, 0, MOST);
        rig_event(&rig, 0, "{T: a, Computer: w}");
        assert_true(flat_event_from_text("{T: b}", &rig.bench.names, &rig.bench.arena, &event));
        for (unsigned i = 2; i < IW_LIMIT_CORRELATION_MISS_EVENTS + beyond; i++)
            assert_int_equal(give(rig.inquiry, rig.scanner, &event, SECOND, rig.n_events++), IW_OK);
        rig_event(&rig, 2 * SECOND, "{T: b, Computer: v}");
        assert_int_equal(iw_correlate_inquiry_finish(rig.inquiry, &told, NULL), IW_OK);
        assert_int_equal(told->n_apart, beyond == 0 ? 1 : 0);
        assert_int_equal(told->is_apart_cut, beyond != 0);
        rig_close(&rig);
    }
}

static void inner_rules_are_marked(void **state)
{
    bool rules[2] = {false, false}, inner[2] = {false, false};
    struct rig rig;

    (void)state;
    rig_open(&rig, CHAIN, 1, MOST);
    iw_correlate_mark_rules(rig.bench.ruleset, 0, rules, inner);
    assert_true(rules[0] && !rules[1] && inner[0] && !inner[1]);
    iw_correlate_mark_rules(rig.bench.ruleset, 1, rules, inner);
    assert_true(rules[0] && rules[1] && inner[0] && inner[1]);
    rig_close(&rig);
}

static void conditions_have_words(void **state)
{
    static const struct {
        const char *body, *type, *condition;
    } CASES[] = {
        {"type: event_count, rules: [a], timespan: 10s, condition: {gte: 5}", "event_count",
         "at least 5"},
        {"type: value_count, rules: [a], timespan: 10s, condition: {field: U, gt: 1, lte: 9}",
         "value_count", "more than 1 and at most 9"},
        {"type: temporal, rules: [a, b], timespan: 10s", "temporal", "all rules"},
        {"type: temporal_ordered, rules: [a, b], timespan: 10s, condition: {gte: 1}",
         "temporal_ordered", "at least 1 of the rules"},
        {"type: temporal, rules: [a, b], timespan: 10s, condition: a and not b", "temporal",
         "a and not b"},
        {"type: temporal, rules: [a, b], timespan: 10s, condition: a or b", "temporal", "a, or b"},
        {"type: value_avg, rules: [a], timespan: 10s, condition: {field: N, lt: 2.5}", "value_avg",
         "fewer than 2.5"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct iw_correlate_form form;
        char yaml[1024];
        struct rig rig;
        (void)snprintf(yaml, sizeof yaml, "%stitle: x\nname: x\ncorrelation: {%s}\n", AB,
                       CASES[i].body);
        rig_open(&rig, yaml, 0, MOST);
        assert_int_equal(iw_correlate_form(rig.bench.ruleset, 0, &rig.bench.arena, &form), IW_OK);
        assert_true(iw_str_equal(form.type, iw_str_of(CASES[i].type)));
        assert_int_equal(form.condition.n, strlen(CASES[i].condition));
        assert_memory_equal(form.condition.p, CASES[i].condition, form.condition.n);
        rig_close(&rig);
    }
}

static void every_allocation_may_fail(void **state)
{
    const struct iw_sigma_options options = {.runs_correlations = true};
    struct sigma_bench bench;
    struct iw_sigma_scanner *scanner;
    struct iw_event events[2];
    struct iw_spill spill;
    uint64_t n = 0;

    (void)state;
    iw_spill_init(&spill);
    sigma_bench_load_with(&bench, IW_STR(CHAIN), &options);
    scanner = iw_sigma_scanner_new(bench.ruleset);
    assert_true(flat_event_from_text("{T: a, U: w}", &bench.names, &bench.arena, &events[0]));
    assert_true(flat_event_from_text("{T: b, U: v}", &bench.names, &bench.arena, &events[1]));
    for (uint64_t at = 0; at <= n; at++) {
        struct iw_correlate_inquiry *inquiry;
        const struct iw_correlate_told *told;
        enum iw_rc rc = IW_ENOMEM;
        iw_alloc_fail_at(at);
        inquiry = iw_correlate_inquiry_new(bench.ruleset, 1, &spill, 1 << 16, MOST);
        for (uint64_t i = 0; inquiry != NULL && i < 6; i++) {
            rc = give(inquiry, scanner, &events[i % 3 == 2], (int64_t)i, i);
            if (rc != IW_OK)
                break;
        }
        if (rc == IW_OK)
            rc = iw_correlate_inquiry_finish(inquiry, &told, NULL);
        if (at == 0)
            n = iw_alloc_count();
        iw_alloc_fail_at(0);
        assert_true(rc == IW_ENOMEM || (rc == IW_OK && inquiry != NULL));
        iw_correlate_inquiry_free(inquiry);
    }
    iw_sigma_scanner_free(scanner);
    iw_spill_done(&spill);
    sigma_bench_done(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_may_be_too_short),
        cmocka_unit_test(groups_may_be_apart),
        cmocka_unit_test(the_order_may_be_another),
        cmocka_unit_test(an_event_may_be_ruled_out),
        cmocka_unit_test(a_value_may_fall_short),
        cmocka_unit_test(a_rule_may_never_match),
        cmocka_unit_test(chains_are_explained_by_their_parts),
        cmocka_unit_test(what_held_was_not_missed),
        cmocka_unit_test(groups_that_held_stand_first),
        cmocka_unit_test(only_the_best_are_kept),
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(groups_that_are_given_up_are_told),
        cmocka_unit_test(values_of_long_ago_are_not_known),
        cmocka_unit_test(inner_rules_are_marked),
        cmocka_unit_test(conditions_have_words),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
