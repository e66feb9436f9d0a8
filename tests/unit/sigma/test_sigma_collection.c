/*
 * Collection actions of Sigma 1, context fields, and rule files that ask for too much.
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

#define SOURCE "logsource: {product: windows}\n"

static void a_global_document_is_merged_into_what_follows(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench,
                     IW_STR("action: global\n" SOURCE
                            "level: high\ndetection: {x: {X: 1}, condition: s and x}\n---\n"
                            "title: a\nlevel: low\ndetection: {s: {A: 1}, condition: s}\n---\n"
                            "title: b\ndetection: {s: {B: 1}, x: {Y: 1}}\n---\n"
                            "action: reset\n---\n"
                            "title: c\n" SOURCE "detection: {s: {A: 1}, condition: s}\n"),
                     NULL);
    assert_int_equal(bench.account.n_by_state[IW_RULE_LOADED], 3);
    sigma_bench_expect(&bench, 0, IW_RULE_NOT_APPLICABLE, "collection action");
    sigma_bench_expect(&bench, 3, IW_RULE_NOT_APPLICABLE, "collection action");
    assert_int_equal(bench.account.entries[1].line, 6);
    assert_string_equal(sigma_bench_match(&bench, "{A: 1, X: 1}"), "a c");
    assert_string_equal(sigma_bench_match(&bench, "{A: 1}"), "c");
    /* Maps are merged at every level, and the global document wins. */
    assert_string_equal(sigma_bench_match(&bench, "{B: 1, X: 1, Y: 1}"), "b");
    assert_string_equal(sigma_bench_match(&bench, "{B: 1, X: 1}"), "");
    assert_int_equal(iw_sigma_ruleset_rule(bench.ruleset, 0)->level, IW_LEVEL_HIGH);
    sigma_bench_done(&bench);
}

static void a_repeated_document_changes_the_one_before(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench,
                     IW_STR("title: a\n" SOURCE "detection: {s: {A: 1}, condition: s}\n---\n"
                            "action: repeat\ntitle: b\ndetection: {s: {A: 2}}\n---\n"
                            "action: repeat\ntitle: c\ndetection: {s: {B: 3}}\n---\n"
                            "title: q\ncorrelation: {}\n---\n"
                            "action: repeat\ntitle: d\ndetection: {s: [k]}\n"),
                     NULL);
    assert_string_equal(sigma_bench_match(&bench, "{A: 1}"), "a");
    assert_string_equal(sigma_bench_match(&bench, "{A: 2}"), "b");
    assert_string_equal(sigma_bench_match(&bench, "{A: 2, B: 3}"), "b c");
    assert_string_equal(sigma_bench_match(&bench, "{Z: k}"), "d");
    sigma_bench_done(&bench);
}

static void correlations_and_filters_are_not_merged(void **state)
{
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load(&bench,
                     IW_STR("action: global\n" SOURCE "detection: {x: {X: 1}, condition: x}\n---\n"
                            "title: a\nname: a\n---\n"
                            "title: f\nfilter: {rules: any, s: {U: x}, condition: not s}\n---\n"
                            "title: c\ncorrelation: {type: temporal, rules: a, timespan: 1s}\n"),
                     NULL);
    assert_string_equal(sigma_bench_match(&bench, "{X: 1}"), "a");
    sigma_bench_expect(&bench, 2, IW_RULE_REFUSED, "logsource");
    sigma_bench_expect(&bench, 3, IW_RULE_NOT_YET, "");
    sigma_bench_done(&bench);
}

static void refused(const char *yaml, size_t at, uint32_t line, const char *words)
{
    struct sigma_bench bench;
    sigma_bench_load(&bench, iw_str_of(yaml), NULL);
    sigma_bench_expect(&bench, at, IW_RULE_REFUSED, words);
    assert_int_equal(bench.account.entries[at].line, line);
    sigma_bench_done(&bench);
}

static void actions_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    refused("title: a\naction: again\n", 0, 2, "global, reset or repeat");
    refused("title: a\naction: [global]\n", 0, 2, "global, reset or repeat");
    refused("action: repeat\ntitle: a\n", 0, 1, "no rule before it");
    /* What was refused as YAML cannot be repeated: the one before it is not meant. */
    refused("title: a\n" SOURCE "detection: {s: {A: 1}, condition: s}\n---\n"
            "title: b\ntitle: b\n---\naction: repeat\ntitle: c\n",
            2, 8, "no rule before it");
}

/* A key whose value counts 2 + n × 101 nodes. */
static void add_many_nodes(struct iw_buffer *yaml, const char *key, size_t n)
{
    iw_buffer_printf(yaml, "%s: [&a [", key);
    for (size_t i = 0; i < 99; i++)
        iw_buffer_add(yaml, IW_STR("x,"));
    iw_buffer_add(yaml, IW_STR("x]"));
    for (size_t i = 1; i < n; i++)
        iw_buffer_add(yaml, IW_STR(",*a"));
    iw_buffer_add(yaml, IW_STR("]\n"));
}

static void what_was_too_large_is_not_repeated(void **state)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    const size_t n = IW_LIMIT_YAML_NODES / 101 / 2 + 1;
    (void)state;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("action: global\n"));
    add_many_nodes(&yaml, "one", n);
    iw_buffer_add(&yaml, IW_STR("---\n" SOURCE "title: t\n"
                                "detection: {s: {A: 1}, condition: s}\n"));
    add_many_nodes(&yaml, "other", n);
    iw_buffer_add(&yaml, IW_STR("---\naction: reset\n---\naction: repeat\ntitle: u\n"));
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    assert_int_equal(bench.account.n, 4);
    sigma_bench_expect(&bench, 1, IW_RULE_REFUSED, "too large");
    sigma_bench_expect(&bench, 3, IW_RULE_REFUSED, "no rule before it");
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
}

static void a_second_file_begins_anew(void **state)
{
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    (void)state;
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add(compiler, "a", false, IW_STR("action: global\n" SOURCE)),
                     IW_OK);
    assert_int_equal(iw_sigma_compiler_add(compiler, "b", false, IW_STR("title: t\n")), IW_OK);
    assert_int_equal(account.entries[1].state, IW_RULE_REFUSED);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
}

/* --- context fields --- */

static void a_rule_test_may_give_context(void **state)
{
    static const struct iw_sigma_options OPTIONS = {.takes_context = true};
    struct sigma_bench bench;
    (void)state;
    sigma_bench_load_with(
        &bench, IW_STR("title: t\n" SOURCE "detection: {s: {Web.Site: shop}, condition: s}\n"),
        &OPTIONS);
    assert_string_equal(sigma_bench_match(&bench, "{Web.Site: Shop}"), "t");
    assert_string_equal(sigma_bench_match(&bench, "{A: shop}"), "");
    sigma_bench_done(&bench);
}

/* --- too much --- */

/* Documents of 10,000 nodes each by an alias, *n* in all. */
static size_t refused_of(size_t n)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    size_t result;

    iw_buffer_init(&yaml);
    for (size_t i = 0; i < n; i++) {
        /* 100 items; 13 more nodes; 99 aliases with a key each. */
        iw_buffer_add(&yaml, IW_STR("title: t\n" SOURCE "own: [&a ["));
        for (size_t k = 0; k < 99; k++)
            iw_buffer_add(&yaml, IW_STR("x,"));
        iw_buffer_add(&yaml, IW_STR("x]"));
        for (size_t k = 0; k < 98; k++)
            iw_buffer_add(&yaml, IW_STR(",*a"));
        /* root 1, title 2, logsource 4, own 2 and 99 lists of 101, detection 9 and the rest */
        iw_buffer_add(&yaml, IW_STR("]\ndetection: {a: {b: c}, condition: a}\n---\n"));
    }
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    assert_int_equal(bench.account.n, n);
    result = bench.account.n_by_state[IW_RULE_REFUSED];
    if (result != 0)
        sigma_bench_expect(&bench, n - 1, IW_RULE_REFUSED, "too many YAML nodes");
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
    return result;
}

static void the_nodes_of_a_file_have_a_limit(void **state)
{
    /* Of the document above: 1 + 2 + 4 + 2 + 99 × 101 + 9. */
    const size_t nodes = 1 + 2 + 4 + 2 + 99 * 101 + 9, n = IW_LIMIT_RULE_FILE_NODES / nodes;
    (void)state;
    assert_int_equal(refused_of(n), 0);
    assert_int_equal(refused_of(n + 1), 1);
}

static void repeating_without_end_is_refused(void **state)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("title: t\n" SOURCE "detection: {s: {A: 1}, condition: s}\n"));
    for (size_t i = 0; i < 20000; i++)
        iw_buffer_printf(&yaml, "---\naction: repeat\nk%zu: 1\n", i);
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    assert_int_equal(bench.account.n, 20001);
    sigma_bench_expect(&bench, 1, IW_RULE_LOADED, "");
    sigma_bench_expect(&bench, 20000, IW_RULE_REFUSED, "too many YAML nodes");
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
}

static void ten_thousand_selections_are_loaded(void **state)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("title: t\n" SOURCE "detection:\n  condition: 1 of s*\n"));
    for (size_t i = 0; i < 10000; i++)
        iw_buffer_printf(&yaml, "  s%zu: {A: v%zu}\n", i, i);
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    sigma_bench_expect(&bench, 0, IW_RULE_LOADED, "");
    assert_string_equal(sigma_bench_match(&bench, "{A: v9999}"), "t");
    assert_string_equal(sigma_bench_match(&bench, "{A: v10000}"), "");
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
}

static enum iw_rule_state with_name_bytes(size_t n, bool in_condition)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    enum iw_rule_state result;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("title: t\n" SOURCE "detection:\n  condition: "));
    for (size_t i = in_condition ? 0 : n - 1; i < n; i++)
        iw_buffer_add_char(&yaml, 'x');
    iw_buffer_add(&yaml, in_condition ? IW_STR("") : IW_STR(" or 1 of x*"));
    iw_buffer_add(&yaml, IW_STR("\n  x: [k]\n  "));
    for (size_t i = 0; i < n; i++)
        iw_buffer_add_char(&yaml, 'x');
    iw_buffer_add(&yaml, IW_STR(": {A: 1}\n"));
    sigma_bench_load(&bench, iw_buffer_str(&yaml), NULL);
    result = bench.account.entries[0].state;
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
    return result;
}

static void names_of_selections_have_a_limit(void **state)
{
    (void)state;
    assert_int_equal(with_name_bytes(IW_LIMIT_SELECTION_NAME_BYTES, false), IW_RULE_LOADED);
    assert_int_equal(with_name_bytes(IW_LIMIT_SELECTION_NAME_BYTES + 1, false), IW_RULE_REFUSED);
    assert_int_equal(with_name_bytes(IW_LIMIT_SELECTION_NAME_BYTES, true), IW_RULE_LOADED);
    assert_int_equal(with_name_bytes(IW_LIMIT_SELECTION_NAME_BYTES + 1, true), IW_RULE_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_global_document_is_merged_into_what_follows),
        cmocka_unit_test(a_repeated_document_changes_the_one_before),
        cmocka_unit_test(correlations_and_filters_are_not_merged),
        cmocka_unit_test(actions_that_make_no_sense_are_refused),
        cmocka_unit_test(what_was_too_large_is_not_repeated),
        cmocka_unit_test(a_second_file_begins_anew),
        cmocka_unit_test(a_rule_test_may_give_context),
        cmocka_unit_test(the_nodes_of_a_file_have_a_limit),
        cmocka_unit_test(repeating_without_end_is_refused),
        cmocka_unit_test(ten_thousand_selections_are_loaded),
        cmocka_unit_test(names_of_selections_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
