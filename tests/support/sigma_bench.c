/*
 * Rules from text, for tests.
 */
#include "tests/support/sigma_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "tests/support/flat_event.h"

void sigma_bench_load_with(struct sigma_bench *bench, struct iw_str yaml,
                           const struct iw_sigma_options *options)
{
    struct iw_sigma_compiler *compiler;

    iw_arena_init(&bench->arena, 0);
    assert_int_equal(iw_names_init(&bench->names), IW_OK);
    iw_rule_account_init(&bench->account);
    compiler = iw_sigma_compiler_new(&bench->names, &bench->account);
    assert_non_null(compiler);
    iw_sigma_compiler_set_options(compiler, options);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x.yml", false, yaml), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &bench->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
}

void sigma_bench_load(struct sigma_bench *bench, struct iw_str yaml, const char *placeholders)
{
    struct iw_sigma_placeholders *made = NULL;
    struct iw_sigma_options options = {0};

    if (placeholders != NULL)
        assert_int_equal(iw_sigma_placeholders_parse(iw_str_of(placeholders), &made, NULL), IW_OK);
    options.placeholders = made;
    sigma_bench_load_with(bench, yaml, &options);
    /* The ruleset needs them no more. */
    iw_sigma_placeholders_free(made);
}

void sigma_bench_done(struct sigma_bench *bench)
{
    iw_sigma_ruleset_free(bench->ruleset);
    iw_rule_account_done(&bench->account);
    iw_names_done(&bench->names);
    iw_arena_done(&bench->arena);
}

const char *sigma_bench_match(struct sigma_bench *bench, const char *event_yaml)
{
    struct iw_sigma_scanner *scanner = iw_sigma_scanner_new(bench->ruleset);
    struct iw_event event;
    struct iw_buffer titles;
    struct iw_str result;
    const uint32_t *rules;
    size_t n;

    assert_non_null(scanner);
    assert_true(flat_event_from_text(event_yaml, &bench->names, &bench->arena, &event));
    assert_int_equal(iw_sigma_scanner_match(scanner, &event, &rules, &n), IW_OK);
    iw_buffer_init(&titles);
    for (size_t i = 0; i < n; i++) {
        if (i != 0)
            iw_buffer_add_char(&titles, ' ');
        iw_buffer_add(&titles, iw_sigma_ruleset_rule(bench->ruleset, rules[i])->title);
    }
    result = iw_arena_copy(&bench->arena, iw_buffer_str(&titles));
    iw_buffer_done(&titles);
    iw_sigma_scanner_free(scanner);
    assert_non_null(result.p);
    return result.p;
}

void sigma_bench_expect(const struct sigma_bench *bench, size_t at, enum iw_rule_state state,
                        const char *words)
{
    const struct iw_rule_entry *entry = &bench->account.entries[at];
    struct iw_str said;

    assert_true(at < bench->account.n);
    said = entry->state == IW_RULE_LOADED ? entry->note : entry->reason;
    if (entry->state != state || iw_str_find(said, iw_str_of(words)) == SIZE_MAX)
        (void)fprintf(stderr, "document %zu: state %d, %u:%u: %.*s (note: %.*s)\n", at,
                      (int)entry->state, entry->line, entry->column, IW_STR_ARG(entry->reason),
                      IW_STR_ARG(entry->note));
    assert_int_equal(entry->state, state);
    assert_true(iw_str_find(said, iw_str_of(words)) != SIZE_MAX);
    assert_true(entry->line != 0 && entry->column != 0);
}

bool sigma_rule_matches(const char *detection, const char *placeholders, const char *event_yaml)
{
    struct sigma_bench bench;
    struct iw_buffer yaml;
    bool matches;

    iw_buffer_init(&yaml);
    iw_buffer_printf(&yaml, "title: t\nlogsource: {product: windows}\ndetection: %s\n", detection);
    assert_false(yaml.failed);
    sigma_bench_load(&bench, iw_buffer_str(&yaml), placeholders);
    sigma_bench_expect(&bench, 0, IW_RULE_LOADED, "");
    matches = *sigma_bench_match(&bench, event_yaml) != '\0';
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
    return matches;
}
