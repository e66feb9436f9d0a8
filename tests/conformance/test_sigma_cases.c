/*
 * The public Sigma conformance cases (conformance/sigma-conformance.json of the shared material):
 * every case is met; only correlations may be "not yet", and only a case that is marked ambiguous
 * may be met by its other reading (docs/RULES.md has the decision).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "sigma/sigma.h"
#include "tests/support/flat_event.h"
#include "tests/support/shared_data.h"

enum outcome { MET, NOT_YET, OTHER_READING, WRONG, N_OUTCOMES };

struct bench {
    struct iw_arena arena;
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
};

/* The placeholders of a case, as the file a user would write. */
static struct iw_sigma_placeholders *placeholders_of(const struct iw_yaml_node *test)
{
    const struct iw_yaml_node *map = iw_yaml_find(test, "placeholders");
    struct iw_sigma_placeholders *placeholders;
    struct iw_buffer text;

    if (map == NULL)
        return NULL;
    iw_buffer_init(&text);
    for (const struct iw_yaml_entry *entry = map->first; entry != NULL; entry = entry->next) {
        iw_buffer_printf(&text, "%.*s:\n", IW_STR_ARG(entry->key->text));
        for (const struct iw_yaml_entry *item = entry->value->first; item != NULL;
             item = item->next)
            iw_buffer_printf(&text, "- '%.*s'\n", IW_STR_ARG(item->value->text));
    }
    assert_int_equal(iw_sigma_placeholders_parse(iw_buffer_str(&text), &placeholders, NULL), IW_OK);
    iw_buffer_done(&text);
    return placeholders;
}

static void load(struct bench *bench, const struct iw_yaml_node *test)
{
    struct iw_str yaml = iw_yaml_find(test, "rule_yaml")->text;
    struct iw_sigma_placeholders *placeholders = placeholders_of(test);
    struct iw_sigma_options options = {.placeholders = placeholders};
    struct iw_sigma_compiler *compiler;
    iw_arena_init(&bench->arena, 0);
    assert_int_equal(iw_names_init(&bench->names), IW_OK);
    iw_rule_account_init(&bench->account);
    compiler = iw_sigma_compiler_new(&bench->names, &bench->account);
    assert_non_null(compiler);
    iw_sigma_compiler_set_options(compiler, &options);
    assert_int_equal(iw_sigma_compiler_add(compiler, "case", false, yaml), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &bench->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    iw_sigma_placeholders_free(placeholders);
}

static void unload(struct bench *bench)
{
    iw_sigma_ruleset_free(bench->ruleset);
    iw_rule_account_done(&bench->account);
    iw_names_done(&bench->names);
    iw_arena_done(&bench->arena);
}

static bool matches_title(const struct bench *bench, struct iw_sigma_scanner *scanner,
                          const struct iw_event *event, struct iw_str title)
{
    const uint32_t *rules;
    size_t n;
    assert_int_equal(iw_sigma_scanner_match(scanner, event, &rules, &n), IW_OK);
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal(iw_sigma_ruleset_rule(bench->ruleset, rules[i])->title, title))
            return true;
    }
    return false;
}

static bool is_true(const struct iw_yaml_node *node)
{
    return node != NULL && iw_str_equal(node->text, IW_STR("true"));
}

/* Whether a list of expected truth values is what the rule says. */
static bool agrees(struct bench *bench, const struct iw_yaml_node *test,
                   const struct iw_yaml_node *expect, bool tell)
{
    const struct iw_yaml_node *main_title = iw_yaml_find(test, "main");
    struct iw_str title = main_title != NULL ? main_title->text : IW_STR("t");
    struct iw_sigma_scanner *scanner = iw_sigma_scanner_new(bench->ruleset);
    const struct iw_yaml_entry *want = expect->first;
    bool all = true;
    size_t i = 0;

    assert_non_null(scanner);
    for (const struct iw_yaml_entry *entry = iw_yaml_find(test, "events")->first; entry != NULL;
         entry = entry->next, want = want->next, i++) {
        struct iw_event event;
        assert_true(flat_event_from_yaml(entry->value, &bench->names, &bench->arena, &event));
        if (want == NULL)
            break;
        if (matches_title(bench, scanner, &event, title) != is_true(want->value)) {
            all = false;
            if (tell)
                (void)fprintf(stderr, "  event %zu: should be %s\n", i, want->value->text.p);
        }
    }
    iw_sigma_scanner_free(scanner);
    return all;
}

static bool is_tagged(const struct iw_yaml_node *test, const char *tag)
{
    const struct iw_yaml_entry *entry = iw_yaml_find(test, "tags")->first;
    for (; entry != NULL; entry = entry->next) {
        if (iw_str_equal(entry->value->text, iw_str_of(tag)))
            return true;
    }
    return false;
}

/* What became of the case's documents: the worst of them counts. */
static enum outcome judge_refusal(const struct bench *bench, const struct iw_yaml_node *test)
{
    const struct iw_yaml_node *alt = iw_yaml_find(test, "alt_expect");
    bool may_reject = is_true(iw_yaml_find(test, "expect_reject"));
    bool alt_reject = alt != NULL && iw_str_equal(alt->text, IW_STR("reject"));

    for (size_t i = 0; i < bench->account.n; i++) {
        const struct iw_rule_entry *entry = &bench->account.entries[i];
        if (entry->state == IW_RULE_LOADED)
            continue;
        assert_true(entry->reason.n != 0);
        /* Collection actions, and filters that concern none of the rules. */
        if (entry->state == IW_RULE_NOT_APPLICABLE)
            continue;
        if (entry->state == IW_RULE_NOT_YET)
            return is_tagged(test, "correlation") ? NOT_YET : WRONG;
        if (may_reject)
            return MET;
        if (alt_reject)
            return OTHER_READING;
        (void)fprintf(stderr, "  %u:%u: %.*s\n", entry->line, entry->column,
                      IW_STR_ARG(entry->reason));
        return WRONG;
    }
    return may_reject ? WRONG : N_OUTCOMES;
}

static enum outcome run_case(const struct iw_yaml_node *test)
{
    const struct iw_yaml_node *alt = iw_yaml_find(test, "alt_expect");
    struct bench bench;
    enum outcome outcome;

    load(&bench, test);
    outcome = judge_refusal(&bench, test);
    if (outcome == N_OUTCOMES) {
        const struct iw_yaml_node *expect = iw_yaml_find(test, "expect");
        if (agrees(&bench, test, expect, alt == NULL))
            outcome = MET;
        else if (alt != NULL && alt->kind == IW_YAML_SEQUENCE && agrees(&bench, test, alt, true))
            outcome = OTHER_READING;
        else
            outcome = WRONG;
    }
    unload(&bench);
    return outcome;
}

static void every_case_is_met(void **state)
{
    static const char *const NAMES[N_OUTCOMES] = {"met", "not yet", "other reading", "WRONG"};
    size_t counts[N_OUTCOMES] = {0};
    struct iw_arena arena;
    struct iw_str text;
    struct iw_yaml_stream *stream;
    const struct iw_yaml_node *root = NULL;
    char path[4096];

    (void)state;
    if (!shared_data("conformance/sigma-conformance.json", path, sizeof path))
        skip();
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_file_read(path, 16U << 20, &arena, &text, NULL), IW_OK);
    stream = iw_yaml_stream_new(text, &arena);
    assert_non_null(stream);
    assert_int_equal(iw_yaml_stream_next(stream, &root, NULL), IW_OK);
    for (const struct iw_yaml_entry *entry = iw_yaml_find(root, "cases")->first; entry != NULL;
         entry = entry->next) {
        enum outcome outcome = run_case(entry->value);
        counts[outcome]++;
        if (outcome == OTHER_READING)
            assert_true(is_true(iw_yaml_find(entry->value, "ambiguous")));
        if (outcome != MET)
            (void)fprintf(stderr, "%s: %s\n", NAMES[outcome],
                          iw_yaml_find(entry->value, "name")->text.p);
    }
    for (size_t i = 0; i < N_OUTCOMES; i++)
        (void)fprintf(stderr, "%-14s %zu\n", NAMES[i], counts[i]);
    assert_int_equal(counts[WRONG], 0);
    assert_int_equal(counts[NOT_YET], 49);
    assert_int_equal(counts[OTHER_READING], 3);
    assert_int_equal(counts[MET], 183);
    iw_yaml_stream_free(stream);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_is_met)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
