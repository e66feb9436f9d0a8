/*
 * Correlations: read completely, checked completely, set aside; malformed ones refused with their
 * place; their rules run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "sigma/sigma_ruleset.h"
#include "tests/support/sigma_bench.h"

#define RULE(name)                                                                                 \
    "title: " name "\nname: " name "\nid: id-" name "\nlogsource: {product: windows}\n"            \
    "detection: {s: {T: " name "}, condition: s}\n---\n"
#define AB RULE("ra") RULE("rb")
#define CORRELATION(name, body) "title: " name "\nname: " name "\ncorrelation: {" body "}\n---\n"
#define COUNT "type: event_count, timespan: 1m, condition: {gte: 2}, "

static void aside(const char *yaml)
{
    struct sigma_bench bench;
    sigma_bench_load(&bench, iw_str_of(yaml), NULL);
    sigma_bench_expect(&bench, bench.account.n - 1, IW_RULE_NOT_YET,
                       "correlations are run by hunt alone");
    assert_int_equal(bench.account.entries[bench.account.n - 1].kind, IW_RULE_KIND_CORRELATION);
    sigma_bench_done(&bench);
}

static void refused(const char *body, uint32_t column, const char *words)
{
    struct sigma_bench bench;
    char yaml[2048];
    (void)snprintf(yaml, sizeof yaml, "%stitle: c\ncorrelation: {%s}\n", AB, body);
    sigma_bench_load(&bench, iw_str_of(yaml), NULL);
    sigma_bench_expect(&bench, 2, IW_RULE_REFUSED, words);
    assert_int_equal(bench.account.entries[2].line, 14);
    if (bench.account.entries[2].column != column)
        (void)fprintf(stderr, "%s: column %u\n", body, bench.account.entries[2].column);
    assert_int_equal(bench.account.entries[2].column, column);
    assert_string_equal(sigma_bench_match(&bench, "{T: ra}"), "ra");
    sigma_bench_done(&bench);
}

static void every_type_is_read_and_set_aside(void **state)
{
    (void)state;
    aside(AB CORRELATION("c", COUNT "rules: [ra]"));
    aside(AB CORRELATION("c", COUNT "rules: ID-RA, group-by: U, generate: true"));
    aside(AB CORRELATION("c", "type: value_count, rules: [ra], group-by: [U, V], timespan: 2h, "
                              "condition: {field: [W, X], gt: 3, lte: 9}"));
    aside(AB CORRELATION("c", "type: temporal, rules: [ra, rb], timespan: 1d"));
    aside(
        AB CORRELATION("c", "type: temporal, rules: [ra, rb], timespan: 1d, condition: {gte: 1}"));
    aside(AB CORRELATION("c", "type: temporal_ordered, rules: [ra, rb], timespan: 1w, aliases: "
                              "{ip: {ra: S, rb: D}}, group-by: [ip]"));
    aside(AB CORRELATION("c", "type: temporal, rules: [ra, rb], timespan: 1M, condition: ra and "
                              "not rb"));
    aside(AB CORRELATION("c", "type: temporal, timespan: 1y, condition: (ra or rb) and ra"));
    aside(AB CORRELATION("c", "type: value_sum, rules: [ra], timespan: 1s, condition: {field: B, "
                              "gt: -1.5}"));
    aside(AB CORRELATION("c", "type: value_avg, rules: [ra], timespan: 1s, condition: {field: B, "
                              "neq: 1}"));
    aside(AB CORRELATION("c", "type: value_percentile, rules: [ra], timespan: 1s, condition: "
                              "{field: B, percentile: 99.5, gt: 1}"));
    aside(AB CORRELATION("c", "type: value_median, rules: [ra], timespan: 1s, condition: {field: "
                              "B, eq: 1}"));
    /* Also before the rules it stands on. */
    aside(CORRELATION("c", COUNT "rules: [d]") AB CORRELATION("d", COUNT "rules: [ra]"));
}

static void the_rules_of_a_correlation_run(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench, IW_STR(AB CORRELATION("c", COUNT "rules: [ra], generate: false")),
                     NULL);
    assert_string_equal(sigma_bench_match(&bench, "{T: ra}"), "ra");
    sigma_bench_done(&bench);
}

static void all_that_running_needs_is_kept(void **state)
{
    struct sigma_bench bench;
    const struct iw_correlation *c;
    (void)state;
    sigma_bench_load(&bench,
                     IW_STR(AB CORRELATION("inner", COUNT "rules: [ra]") CORRELATION(
                         "c", "type: temporal_ordered, rules: [inner, id-rb], timespan: 90s, "
                              "group-by: [ip, Host], aliases: {ip: {inner: S, rb: D}}, "
                              "condition: inner and not id-rb, generate: true")),
                     NULL);
    assert_int_equal(bench.ruleset->n_correlations, 2);
    c = bench.ruleset->correlations[1];
    assert_int_equal(c->type, IW_CORRELATION_TEMPORAL_ORDERED);
    assert_true(iw_str_equal(c->rule.title, IW_STR("c")));
    assert_int_equal(c->rule.account_index, 3);
    assert_int_equal(c->timespan_ns, 90LL * 1000000000);
    assert_int_equal(c->n_rules, 2);
    assert_int_equal(c->rules[0].entry, 2);
    assert_int_equal(c->rules[1].entry, 1);
    assert_int_equal(c->depth, 2);
    assert_int_equal(bench.ruleset->correlations[0]->depth, 1);
    assert_true(c->generate);
    assert_int_equal(c->n_group_by, 2);
    assert_ptr_equal(c->group_by[0].alias, &c->aliases[0]);
    assert_null(c->group_by[1].alias);
    assert_int_equal(c->group_by[1].field, iw_names_find(&bench.names, IW_STR("Host")));
    assert_int_equal(c->aliases[0].n, 2);
    assert_int_equal(c->aliases[0].fields[1].rule.entry, 1); /* by name, listed by id */
    assert_int_equal(c->aliases[0].fields[1].field, iw_names_find(&bench.names, IW_STR("D")));
    /* inner, skip, id-rb, not, and */
    assert_int_equal(c->n_steps, 5);
    assert_int_equal(c->steps[2].operand, 1);
    assert_int_equal(c->stack_depth, 2);
    c = bench.ruleset->correlations[0];
    assert_int_equal(c->n_bounds, 1);
    assert_int_equal(c->bounds[0].kind, IW_BOUND_GTE);
    assert_int_equal(c->bounds[0].value.magnitude, 2);
    sigma_bench_done(&bench);
}

static void malformed_ones_are_refused_with_their_place(void **state)
{
    (void)state;
    refused("rules: [ra], timespan: 1m", 14, "'type' is missing");
    refused("type: nosuch, rules: [ra], timespan: 1m", 21, "type 'nosuch'");
    refused("type: temporal, timespan: 1m", 14, "'rules' is missing");
    refused("type: temporal, rules: [], timespan: 1m", 38, "rules is empty");
    refused("type: temporal, rules: {ra: 1}, timespan: 1m", 38, "list of rules");
    refused("type: temporal, rules: [ra]", 14, "'timespan' is missing");
    refused("type: temporal, rules: [ra], timespan: 5x", 54, "'5x'");
    refused("type: temporal, rules: [ra], timespan: m", 54, "'m'");
    refused("type: temporal, rules: [ra], timespan: -5m", 54, "'-5m'");
    refused("type: temporal, rules: [ra], timespan: 5", 54, "'5'");
    refused("type: temporal, rules: [ra], timespan: 300y", 54, "too long");
    refused("type: temporal, rules: [ra], timespan: 1m, groupby: [U]", 58, "'groupby'");
    refused("type: temporal, rules: [ra], timespan: 1m, group-by: {U: 1}", 68, "field names");
    refused("type: temporal, rules: [ra], timespan: 1m, generate: maybe", 68, "true or false");
    refused("type: event_count, rules: [ra], timespan: 1m", 14, "'condition' is missing");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: ra", 72, "temporal types");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: {}", 72, "has no lt");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: {gte: x}", 78, "number");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: {gte: 1.5}", 78, "whole");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: {gte: -1}", 78, "whole");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: {above: 1}", 73, "'above'");
    refused("type: event_count, rules: [ra], timespan: 1m, condition: {field: U, gte: 1}", 73,
            "'field'");
    refused("type: value_count, rules: [ra], timespan: 1m, condition: {gte: 2}", 72,
            "needs a field");
    refused("type: value_sum, rules: [ra], timespan: 1m, condition: {field: [A, B], gte: 2}", 70,
            "one field");
    refused("type: value_percentile, rules: [ra], timespan: 1m, condition: {field: A, gte: 2}", 77,
            "needs a percentile");
    refused("type: value_percentile, rules: [ra], timespan: 1m, condition: "
            "{field: A, percentile: 101, gte: 2}",
            100, "0 to 100");
    refused("type: value_sum, rules: [ra], timespan: 1m, condition: {field: A, percentile: 1}", 93,
            "only value_percentile");
    refused("type: temporal, rules: [ra], timespan: 1m, condition: ra and rb", 69,
            "'rb', which is not in rules");
    refused("type: temporal, rules: [ra], timespan: 1m, condition: 1 of r*", 69, "'1'");
    refused("type: temporal, timespan: 1m, condition: ra and", 56, "missing at the end");
    refused("type: temporal, rules: [ra], timespan: 1m, aliases: [a]", 67, "must be a map");
    refused("type: temporal, rules: [ra], timespan: 1m, aliases: {a: b}", 71, "map from rules");
    refused("type: temporal, rules: [ra], timespan: 1m, aliases: {a: {rb: F}}", 72,
            "not one of the correlation");
    refused("type: temporal, rules: [ra, rc], timespan: 1m", 43, "'rc' is not among the rules");
    refused("type: temporal, timespan: 1m, condition: ra and rc", 56,
            "'rc' is not among the rules");
}

static void what_it_stands_on_decides(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(
        &bench,
        IW_STR("title: lin\nname: lin\nlogsource: {product: linux}\n---\n"
               "title: bad\nname: bad\nlogsource: {product: windows}\n---\n" CORRELATION(
                   "c1", COUNT "rules: [lin]") CORRELATION("c2", COUNT "rules: [bad]")
                   CORRELATION("c3", COUNT "rules: [c1]") CORRELATION("c4", COUNT "rules: [c2]")
                       CORRELATION("c5", "type: nosuch") CORRELATION("c6", COUNT "rules: [c5]")),
        NULL);
    sigma_bench_expect(&bench, 2, IW_RULE_NOT_APPLICABLE, "'lin' is not applicable");
    sigma_bench_expect(&bench, 3, IW_RULE_REFUSED, "'bad' was refused");
    sigma_bench_expect(&bench, 4, IW_RULE_NOT_APPLICABLE, "'c1' is not applicable");
    sigma_bench_expect(&bench, 5, IW_RULE_REFUSED, "'c2' was refused");
    sigma_bench_expect(&bench, 7, IW_RULE_REFUSED, "'c5' was refused");
    sigma_bench_done(&bench);
}

static void circles_are_refused(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(
        &bench,
        IW_STR(CORRELATION("a", COUNT "rules: [a]") CORRELATION("b", COUNT "rules: [c]")
                   CORRELATION("c", COUNT "rules: [b]") CORRELATION("d", COUNT "rules: [c]")
                       AB CORRELATION("e", COUNT "rules: [ra]")),
        NULL);
    for (size_t i = 0; i < 4; i++)
        sigma_bench_expect(&bench, i, IW_RULE_REFUSED, "circle");
    sigma_bench_expect(&bench, 6, IW_RULE_NOT_YET, "");
    sigma_bench_done(&bench);
}

/* The top of a tower of *n*, told from the top or from the bottom. */
static enum iw_rule_state tower(size_t n, bool from_top)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    enum iw_rule_state result;

    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR(RULE("c0")));
    for (size_t i = 1; i <= n; i++) {
        size_t at = from_top ? n + 1 - i : i;
        iw_buffer_printf(&yaml,
                         "title: t\nname: c%zu\ncorrelation: {" COUNT "rules: [c%zu]}\n---\n", at,
                         at - 1);
    }
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    result = bench.account.entries[from_top ? 1 : n].state;
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
    return result;
}

static void a_tower_has_a_limit(void **state)
{
    (void)state;
    assert_int_equal(tower(IW_LIMIT_CORRELATION_DEPTH, false), IW_RULE_NOT_YET);
    assert_int_equal(tower(IW_LIMIT_CORRELATION_DEPTH + 1, false), IW_RULE_REFUSED);
    assert_int_equal(tower(IW_LIMIT_CORRELATION_DEPTH, true), IW_RULE_NOT_YET);
    assert_int_equal(tower(IW_LIMIT_CORRELATION_DEPTH + 1, true), IW_RULE_REFUSED);
    assert_int_equal(tower(5000, true), IW_RULE_REFUSED);
}

static void a_name_of_several_rules_is_noted(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench, IW_STR(RULE("ra") RULE("ra") CORRELATION("c", COUNT "rules: [ra]")),
                     NULL);
    sigma_bench_expect(&bench, 2, IW_RULE_NOT_YET, "");
    assert_true(iw_str_find(bench.account.entries[2].note, IW_STR("several rules")) != SIZE_MAX);
    sigma_bench_done(&bench);
}

static bool noted(const char *body)
{
    struct sigma_bench bench;
    struct iw_str note;
    char yaml[1024];
    bool found;

    (void)snprintf(yaml, sizeof yaml, "%stitle: c\ncorrelation: {%s}\n", AB, body);
    sigma_bench_load(&bench, iw_str_of(yaml), NULL);
    assert_int_equal(bench.account.entries[2].state, IW_RULE_NOT_YET);
    note = bench.account.entries[2].note;
    found = iw_str_find(note, IW_STR("can never hold")) != SIZE_MAX;
    sigma_bench_done(&bench);
    return found;
}

static void a_condition_that_cannot_hold_is_noted(void **state)
{
    static const char COUNTS[] = "type: event_count, rules: [ra], timespan: 1m, condition: ";
    static const struct {
        const char *bounds;
        bool is_noted;
    } CASES[] = {
        {"{eq: 0}", true},
        {"{lt: 1}", true},
        {"{lte: 0}", true},
        {"{gt: 3, lt: 4}", true},
        {"{gt: 3, lte: 4}", false},
        {"{gte: 0}", false},
        {"{lt: 2}", false},
        {"{neq: 1}", false},
        {"{neq: 1, lt: 2}", true},
        {"{gt: 18446744073709551615}", true},
        {"{gte: 18446744073709551615}", false},
    };
    char body[256];

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        (void)snprintf(body, sizeof body, "%s%s", COUNTS, CASES[i].bounds);
        assert_int_equal(noted(body), CASES[i].is_noted);
    }
    assert_true(noted("type: temporal, rules: [ra, rb], timespan: 1m, condition: {gte: 3}"));
    assert_false(noted("type: temporal, rules: [ra, rb], timespan: 1m, condition: {gte: 2}"));
    assert_true(noted("type: temporal, timespan: 1m, condition: ra and not ra"));
    assert_false(noted("type: temporal, timespan: 1m, condition: not ra"));
}

/* A temporal correlation of *n* rules, and a condition of so many alternatives of two. */
static enum iw_rule_state state_of(size_t n_rules, size_t n_pairs)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    enum iw_rule_state state;

    iw_buffer_init(&yaml);
    for (size_t i = 0; i < n_rules; i++)
        iw_buffer_printf(&yaml,
                         "title: r%zu\nname: r%zu\nlogsource: {product: windows}\n"
                         "detection: {s: {T: x}, condition: s}\n---\n",
                         i, i);
    iw_buffer_add(&yaml, IW_STR("title: c\ncorrelation: {type: temporal, timespan: 1m, rules: ["));
    for (size_t i = 0; i < n_rules; i++)
        iw_buffer_printf(&yaml, "%sr%zu", i != 0 ? ", " : "", i);
    iw_buffer_add(&yaml, IW_STR("]"));
    for (size_t i = 0; i < n_pairs; i++)
        iw_buffer_printf(&yaml, "%s(r%zu or r%zu)", i != 0 ? " and " : ", condition: ", 2 * i,
                         2 * i + 1);
    iw_buffer_add(&yaml, IW_STR("}\n"));
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    state = bench.account.entries[n_rules].state;
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
    return state;
}

static void rules_and_alternatives_have_limits(void **state)
{
    (void)state;
    assert_int_equal(state_of(IW_LIMIT_CORRELATION_STEPS, 0), IW_RULE_NOT_YET);
    assert_int_equal(state_of(IW_LIMIT_CORRELATION_STEPS + 1, 0), IW_RULE_REFUSED);
    /* 2 to the power of 10 alternatives, and of 11. */
    assert_int_equal(IW_LIMIT_CORRELATION_TERMS, 1024);
    assert_int_equal(state_of(20, 10), IW_RULE_NOT_YET);
    assert_int_equal(state_of(22, 11), IW_RULE_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read_and_set_aside),
        cmocka_unit_test(the_rules_of_a_correlation_run),
        cmocka_unit_test(all_that_running_needs_is_kept),
        cmocka_unit_test(malformed_ones_are_refused_with_their_place),
        cmocka_unit_test(what_it_stands_on_decides),
        cmocka_unit_test(circles_are_refused),
        cmocka_unit_test(a_tower_has_a_limit),
        cmocka_unit_test(a_name_of_several_rules_is_noted),
        cmocka_unit_test(a_condition_that_cannot_hold_is_noted),
        cmocka_unit_test(rules_and_alternatives_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
