/*
 * The public Sigma conformance cases (conformance/sigma-conformance.json of the shared material):
 * every case is met; only a case that is marked ambiguous may be met by its other reading
 * (docs/RULES.md has the decision). A correlation is expected to tell at every event at which it
 * holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "sigma/sigma_correlate.h"
#include "tests/support/flat_event.h"
#include "tests/support/shared_data.h"

enum outcome { MET, OTHER_READING, WRONG, N_OUTCOMES };

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
    struct iw_sigma_options options = {.placeholders = placeholders, .runs_correlations = true};
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

/* One case on its way: rules, and what a title's rules and correlations said of each event. */
struct run {
    const struct bench *bench;
    struct iw_str title;
    struct iw_sigma_scanner *scanner;
    struct iw_correlator *correlator;
    bool said[64];
};

static enum iw_rc hear(void *user, const struct iw_correlate_report *report)
{
    struct run *run = user;
    if (iw_str_equal(iw_correlate_rule(run->bench->ruleset, report->correlation)->title,
                     run->title))
        run->said[report->completing] = true;
    return IW_OK;
}

static void give(struct run *run, const struct iw_event *event, int64_t time_ns, uint64_t ordinal)
{
    const struct iw_sigma_ruleset *ruleset = run->bench->ruleset;
    struct iw_correlate_match match = {
        .time_ns = time_ns, .host = event->computer, .ordinal = ordinal};

    assert_int_equal(iw_sigma_scanner_match(run->scanner, event, &match.rules, &match.n_rules),
                     IW_OK);
    for (size_t i = 0; i < match.n_rules; i++) {
        if (iw_str_equal(iw_sigma_ruleset_rule(ruleset, match.rules[i])->title, run->title) &&
            !iw_correlate_hides(ruleset, match.rules[i]))
            run->said[ordinal] = true;
    }
    assert_int_equal(iw_sigma_scanner_carry(run->scanner, event, match.rules, match.n_rules,
                                            &match.values, &match.n_values),
                     IW_OK);
    assert_int_equal(iw_correlator_feed(run->correlator, &match), IW_OK);
}

static bool is_true(const struct iw_yaml_node *node)
{
    return node != NULL && iw_str_equal(node->text, IW_STR("true"));
}

/* Whether a list of expected truth values is what the rules of a title say. */
static bool title_agrees(struct bench *bench, const struct iw_yaml_node *test, struct iw_str title,
                         const struct iw_yaml_node *expect, bool tell)
{
    struct run run = {.bench = bench, .title = title};
    const struct iw_correlate_options options = {.fire_every = true, .tell = hear, .user = &run};
    const struct iw_yaml_entry *want = expect->first;
    bool all = true;
    size_t n = 0;

    run.scanner = iw_sigma_scanner_new(bench->ruleset);
    run.correlator = iw_correlator_new(bench->ruleset, &options);
    assert_non_null(run.scanner);
    assert_non_null(run.correlator);
    for (const struct iw_yaml_entry *entry = iw_yaml_find(test, "events")->first; entry != NULL;
         entry = entry->next) {
        const struct iw_yaml_node *stamp = iw_yaml_find(entry->value, "@timestamp");
        struct iw_event event;
        int64_t time_ns = 0;
        assert_true(stamp == NULL || iw_time_parse(stamp->text, &time_ns));
        assert_true(flat_event_from_yaml(entry->value, &bench->names, &bench->arena, &event));
        assert_true(n < sizeof run.said);
        give(&run, &event, time_ns, n++);
    }
    assert_int_equal(iw_correlator_finish(run.correlator), IW_OK);
    for (size_t i = 0; i < n && want != NULL; i++, want = want->next) {
        if (run.said[i] == is_true(want->value))
            continue;
        all = false;
        if (tell)
            (void)fprintf(stderr, "  event %zu: should be %s\n", i, want->value->text.p);
    }
    iw_correlator_free(run.correlator);
    iw_sigma_scanner_free(run.scanner);
    return all;
}

static bool agrees(struct bench *bench, const struct iw_yaml_node *test,
                   const struct iw_yaml_node *expect, bool tell)
{
    const struct iw_yaml_node *main_title = iw_yaml_find(test, "main");
    const struct iw_yaml_node *by_rule = iw_yaml_find(test, "expect_by_rule");
    bool all = title_agrees(bench, test, main_title != NULL ? main_title->text : IW_STR("t"),
                            expect, tell);

    if (by_rule != NULL && by_rule->kind == IW_YAML_MAPPING) {
        for (const struct iw_yaml_entry *rule = by_rule->first; rule != NULL; rule = rule->next)
            all = title_agrees(bench, test, rule->key->text, rule->value, tell) && all;
    }
    return all;
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
    static const char *const NAMES[N_OUTCOMES] = {"met", "other reading", "WRONG"};
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
    assert_int_equal(counts[OTHER_READING], 5);
    assert_int_equal(counts[MET], 230);
    iw_yaml_stream_free(stream);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_is_met)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
