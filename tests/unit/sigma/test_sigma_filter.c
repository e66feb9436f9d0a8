/*
 * Filters: what they do to rules, what becomes of them, the limit on what they add.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "tests/support/sigma_bench.h"

#define RULE(title, id, source, detection)                                                         \
    "title: " title "\nid: " id "\nname: n_" title "\nlogsource: {product: windows" source "}\n"   \
    "detection: " detection "\n---\n"
#define R1 RULE("r1", "AAAA", ", service: application", "{s: {A: 1}, condition: s}")
#define R2 RULE("r2", "bbbb", ", service: system", "{s: {A: 1}, t: {B: 1}, condition: 1 of them}")
#define FILTER(source, body)                                                                       \
    "title: f\nlogsource: {product: windows" source "}\nfilter: {" body "}\n---\n"
#define NOT_U "s: {U: x}, condition: not s"

#define APPLICATION "{Channel: Application, A: 1, U: x}"
#define SYSTEM "{Channel: System, A: 1, U: x}"

/* Which of r1 and r2 match an event each that the filter would exclude. */
static void expect(const char *yaml, const char *application, const char *system)
{
    struct sigma_bench bench;
    sigma_bench_load(&bench, iw_str_of(yaml), NULL);
    assert_string_equal(sigma_bench_match(&bench, APPLICATION), application);
    assert_string_equal(sigma_bench_match(&bench, SYSTEM), system);
    if (*application != '\0')
        assert_string_equal(sigma_bench_match(&bench, "{Channel: Application, A: 1}"), "r1");
    sigma_bench_done(&bench);
}

static void a_filter_limits_the_rules_it_names(void **state)
{
    (void)state;
    expect(R1 R2, "r1", "r2");
    expect(R1 R2 FILTER("", "rules: [aaaa], " NOT_U), "", "r2");
    expect(R1 R2 FILTER("", "rules: AAAA, " NOT_U), "", "r2");
    expect(R1 R2 FILTER("", "rules: [n_r2], " NOT_U), "r1", "");
    expect(R1 R2 FILTER("", "rules: [aaaa, n_r2, bbbb], " NOT_U), "", "");
    expect(R1 R2 FILTER("", "rules: any, " NOT_U), "", "");
    expect(R1 R2 FILTER("", "rules: [], " NOT_U), "", "");
    expect(R1 R2 FILTER(", service: System", "rules: any, " NOT_U), "r1", "");
    /* Whatever the order of the documents. */
    expect(FILTER("", "rules: [aaaa], " NOT_U) R1 R2, "", "r2");
    expect(R1 R2 FILTER("", "rules: any, s: {U: z}, condition: not s")
               FILTER("", "rules: any, " NOT_U),
           "", "");
    expect(R1 R2 FILTER("", "rules: any, f_1: {U: z}, f_2: {U: x}, condition: not 1 of f_*"), "",
           "");
}

static void names_of_selections_are_the_filters_own(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench,
                     IW_STR(RULE("r1", "a", "", "{s: {A: 1}, t: {B: 1}, condition: all of them}")
                                FILTER("", "rules: any, s: {U: x}, t: {V: x}, condition: not (s "
                                           "and t)")),
                     NULL);
    assert_string_equal(sigma_bench_match(&bench, "{A: 1, B: 1, U: x}"), "r1");
    assert_string_equal(sigma_bench_match(&bench, "{A: 1, B: 1, U: x, V: x}"), "");
    assert_string_equal(sigma_bench_match(&bench, "{A: 1, U: y}"), "");
    sigma_bench_done(&bench);
}

static void a_filter_holds_for_every_condition_of_a_rule(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench,
                     IW_STR(RULE("r1", "a", "", "{s: {A: 1}, t: {B: 1}, condition: [s, t]}")
                                FILTER("", "rules: any, " NOT_U)),
                     NULL);
    assert_string_equal(sigma_bench_match(&bench, "{A: 1}"), "r1");
    assert_string_equal(sigma_bench_match(&bench, "{B: 1}"), "r1");
    assert_string_equal(sigma_bench_match(&bench, "{B: 1, U: x}"), "");
    sigma_bench_done(&bench);
}

static void becomes(const char *yaml, enum iw_rule_state rule_state, const char *words)
{
    struct sigma_bench bench;
    size_t n;
    sigma_bench_load(&bench, iw_str_of(yaml), NULL);
    n = bench.account.n;
    sigma_bench_expect(&bench, n - 1, rule_state, words);
    assert_int_equal(bench.account.entries[n - 1].kind, IW_RULE_KIND_FILTER);
    /* The rules run whatever becomes of a filter. */
    assert_int_equal(iw_sigma_ruleset_count(bench.ruleset), n - 1);
    sigma_bench_done(&bench);
}

static void what_became_of_a_filter_is_said(void **state)
{
    (void)state;
    becomes(R1 FILTER("", "rules: any, " NOT_U), IW_RULE_LOADED, "");
    becomes(R1 FILTER("", "rules: any, s: {U: x}, condition: s"), IW_RULE_LOADED, "no 'not'");
    becomes(R1 FILTER("", "rules: [aaaa, cccc], " NOT_U), IW_RULE_LOADED,
            "rule 'cccc' is not among the rules given");
    becomes(R1 FILTER("", "rules: [cccc], " NOT_U), IW_RULE_NOT_APPLICABLE,
            "rule 'cccc' is not among the rules given");
    becomes(R1 FILTER(", service: system", "rules: [aaaa], " NOT_U), IW_RULE_NOT_APPLICABLE,
            "rule 'aaaa' has another log source");
    becomes(R1 FILTER(", service: system", "rules: any, " NOT_U), IW_RULE_NOT_APPLICABLE,
            "no rule that is loaded");
    becomes(R1 "title: f\nlogsource: {product: linux}\nfilter: {rules: any, " NOT_U "}\n",
            IW_RULE_NOT_APPLICABLE, "for the product 'linux'");
    becomes(R1 FILTER("", "rules: any, s: {Web.Site: x}, condition: not s"), IW_RULE_NOT_YET,
            "context field 'Web.Site'");
}

static void a_malformed_filter_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *yaml;
        uint32_t line, column;
        const char *words;
    } CASES[] = {
        {"title: f\nlogsource: {product: windows}\nfilter: [a]\n", 3, 9, "must be a map"},
        {"title: f\nlogsource: {product: windows}\nfilter: {s: {U: x}, condition: s}\n", 3, 9,
         "'rules' is missing"},
        {"title: f\nlogsource: {product: windows}\nfilter: {rules: {a: b}}\n", 3, 17, "list"},
        {"title: f\nlogsource: {product: windows}\nfilter: {rules: [[a]]}\n", 3, 18, "id or name"},
        {"title: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {U: x}}\n", 3, 9,
         "condition: is missing"},
        {"title: f\nlogsource: {product: windows}\n"
         "filter: {rules: any, s: {U: x}, condition: [s]}\n",
         3, 44, "one text"},
        {"title: f\nlogsource: {product: windows}\n"
         "filter: {rules: any, s: {U: x}, condition: q}\n",
         3, 44, "'q' names no selection"},
        {"title: f\nfilter: {rules: any, s: {U: x}, condition: s}\n", 1, 1, "logsource"},
        {"logsource: {product: windows}\nfilter: {rules: any, s: {U: x}, condition: s}\n", 1, 1,
         "title"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct sigma_bench bench;
        sigma_bench_load(&bench, iw_str_of(CASES[i].yaml), NULL);
        sigma_bench_expect(&bench, 0, IW_RULE_REFUSED, CASES[i].words);
        assert_int_equal(bench.account.entries[0].line, CASES[i].line);
        assert_int_equal(bench.account.entries[0].column, CASES[i].column);
        sigma_bench_done(&bench);
    }
}

static void a_filter_on_a_correlation_applies_to_nothing(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(
        &bench,
        IW_STR(R1 "title: c\nname: c\ncorrelation: {type: event_count, rules: [aaaa], "
                  "timespan: 1m, condition: {gte: 2}}\n---\n" FILTER("", "rules: [c], " NOT_U)),
        NULL);
    sigma_bench_expect(&bench, 2, IW_RULE_NOT_APPLICABLE, "'c' is a correlation");
    sigma_bench_done(&bench);
}

/* Every filter adds two selections' worth of steps to every rule: 1 selection, 2 steps and 2 more.
 */
static void what_filters_add_has_a_limit(void **state)
{
    const size_t n_rules = 1000, cost = 5 * n_rules, n_fit = IW_LIMIT_FILTER_STEPS / cost;
    struct sigma_bench bench;
    struct iw_buffer yaml;

    (void)state;
    assert_int_equal(IW_LIMIT_FILTER_STEPS % cost, 0);
    iw_buffer_init(&yaml);
    for (size_t i = 0; i < n_rules; i++)
        iw_buffer_add(&yaml, IW_STR(R1));
    for (size_t i = 0; i <= n_fit; i++)
        iw_buffer_add(&yaml, IW_STR(FILTER("", "rules: any, " NOT_U)));
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    sigma_bench_expect(&bench, n_rules + n_fit - 1, IW_RULE_LOADED, "");
    sigma_bench_expect(&bench, n_rules + n_fit, IW_RULE_REFUSED, "add too much");
    assert_string_equal(sigma_bench_match(&bench, APPLICATION), "");
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
}

static void twins_are_noted_and_both_filtered(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench, IW_STR(R1 R1 FILTER("", "rules: [aaaa], " NOT_U)), NULL);
    sigma_bench_expect(&bench, 0, IW_RULE_LOADED, "");
    assert_int_equal(bench.account.entries[0].note.n, 0);
    sigma_bench_expect(&bench, 1, IW_RULE_LOADED, "has the same id as x.yml:1");
    sigma_bench_expect(&bench, 1, IW_RULE_LOADED, "has the same name as x.yml:1");
    assert_string_equal(sigma_bench_match(&bench, "{Channel: Application, A: 1}"), "r1 r1");
    assert_string_equal(sigma_bench_match(&bench, APPLICATION), "");
    sigma_bench_done(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_limits_the_rules_it_names),
        cmocka_unit_test(names_of_selections_are_the_filters_own),
        cmocka_unit_test(a_filter_holds_for_every_condition_of_a_rule),
        cmocka_unit_test(what_became_of_a_filter_is_said),
        cmocka_unit_test(a_malformed_filter_is_refused_with_its_place),
        cmocka_unit_test(a_filter_on_a_correlation_applies_to_nothing),
        cmocka_unit_test(what_filters_add_has_a_limit),
        cmocka_unit_test(twins_are_noted_and_both_filtered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
