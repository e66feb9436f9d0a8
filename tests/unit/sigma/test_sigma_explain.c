/*
 * Explaining: the answer is the matcher's for every truth table; what is blamed is what must
 * change; texts are those of rule and event. And rule tests as they are written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sigma/sigma_explain.h"
#include "sigma/sigma_rule_test.h"
#include "tests/support/flat_event.h"

#define SOURCE "title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n"

struct bench {
    struct iw_arena arena;
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_scanner *scanner;
    struct iw_sigma_explainer *explainer;
};

static void begin(struct bench *bench, const char *detection)
{
    static const struct iw_sigma_options OPTIONS = {.takes_context = true};
    struct iw_sigma_compiler *compiler;
    char yaml[4096];
    (void)snprintf(yaml, sizeof yaml, SOURCE "%s", detection);
    iw_arena_init(&bench->arena, 0);
    iw_rule_account_init(&bench->account);
    assert_int_equal(iw_names_init(&bench->names), IW_OK);
    compiler = iw_sigma_compiler_new(&bench->names, &bench->account);
    assert_non_null(compiler);
    iw_sigma_compiler_set_options(compiler, &OPTIONS);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x.yml", false, iw_str_of(yaml)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &bench->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    assert_int_equal(iw_sigma_ruleset_count(bench->ruleset), 1);
    bench->scanner = iw_sigma_scanner_new(bench->ruleset);
    bench->explainer = iw_sigma_explainer_new(bench->ruleset, 0);
    assert_true(bench->scanner != NULL && bench->explainer != NULL);
}

static void end(struct bench *bench)
{
    iw_sigma_scanner_free(bench->scanner);
    iw_sigma_explainer_free(bench->explainer);
    iw_sigma_ruleset_free(bench->ruleset);
    iw_rule_account_done(&bench->account);
    iw_names_done(&bench->names);
    iw_arena_done(&bench->arena);
}

#define SYSMON_1 "Channel: Microsoft-Windows-Sysmon/Operational\nEventID: 1\n"

/* Explains an event; asserts that matcher, measure and explanation agree. */
static struct iw_explanation explain(struct bench *bench, const char *fields)
{
    struct iw_explanation explanation;
    struct iw_event event;
    char yaml[2048];
    const uint32_t *rules;
    size_t n, n_failing = 0;
    enum iw_answer answer;
    (void)snprintf(yaml, sizeof yaml, SYSMON_1 "%s", fields);
    assert_true(flat_event_from_text(yaml, &bench->names, &bench->arena, &event));
    assert_true(iw_sigma_explainer_wants(bench->explainer, event.channel, event.event_id));
    assert_int_equal(iw_sigma_scanner_match(bench->scanner, &event, &rules, &n), IW_OK);
    assert_int_equal(
        iw_sigma_explainer_measure(bench->explainer, &event, &answer, &n_failing, NULL), IW_OK);
    assert_int_equal(
        iw_sigma_explainer_explain(bench->explainer, &event, &bench->arena, &explanation), IW_OK);
    assert_int_equal(n == 1, explanation.answer == IW_ANSWER_YES);
    assert_int_equal(answer, explanation.answer);
    assert_int_equal(n_failing, explanation.n_failing);
    return explanation;
}

static void assert_change(const struct iw_explanation *explanation, size_t index, const char *words)
{
    assert_true(index < explanation->changes.n);
    if (iw_str_find(explanation->changes.items[index], iw_str_of(words)) == SIZE_MAX)
        fail_msg("'%.*s' does not hold '%s'", IW_STR_ARG(explanation->changes.items[index]), words);
}

/* Every condition over three selections, for all eight events: the answer is the matcher's, and
 * the number of failing items is the least number of fields that would have to be otherwise. */
static void truth_tables_are_the_matchers(void **state)
{
    static const char *const CONDITIONS[] = {"a",
                                             "not a",
                                             "a and b",
                                             "a or b",
                                             "a and not b",
                                             "not (a and b)",
                                             "not (a or b)",
                                             "a and (b or c)",
                                             "a or b and c",
                                             "not a and not b",
                                             "a and not (b or c)",
                                             "1 of them",
                                             "all of them",
                                             "not 1 of them",
                                             "not all of them",
                                             "not not a",
                                             "a and b and c",
                                             "(a or b) and (b or c)"};
    (void)state;
    for (size_t c = 0; c < sizeof CONDITIONS / sizeof *CONDITIONS; c++) {
        struct bench bench;
        char detection[256];
        bool matches[8];
        size_t n_failing[8];
        (void)snprintf(detection, sizeof detection,
                       "  a: {Image: y}\n  b: {User: y}\n  c: {Company: y}\n  condition: %s\n",
                       CONDITIONS[c]);
        begin(&bench, detection);
        for (unsigned bits = 0; bits < 8; bits++) {
            char fields[128];
            struct iw_explanation explanation;
            (void)snprintf(fields, sizeof fields, "Image: %s\nUser: %s\nCompany: %s\n",
                           (bits & 1U) != 0 ? "y" : "n", (bits & 2U) != 0 ? "y" : "n",
                           (bits & 4U) != 0 ? "y" : "n");
            explanation = explain(&bench, fields);
            matches[bits] = explanation.answer == IW_ANSWER_YES;
            n_failing[bits] = explanation.n_failing;
        }
        for (unsigned bits = 0; bits < 8; bits++) {
            size_t least = SIZE_MAX;
            for (unsigned other = 0; other < 8; other++) {
                size_t n = (size_t)__builtin_popcount(bits ^ other);
                if (matches[other] && n < least)
                    least = n;
            }
            /* A selection that stands twice in the condition is counted twice. */
            if (least != SIZE_MAX && strcmp(CONDITIONS[c], "(a or b) and (b or c)") != 0)
                assert_int_equal(n_failing[bits], least);
            assert_int_equal(n_failing[bits] == 0, matches[bits]);
        }
        end(&bench);
    }
}

static void the_nearest_group_is_blamed(void **state)
{
    struct bench bench;
    struct iw_explanation explanation;
    (void)state;
    begin(&bench, "  a:\n    - {Image|endswith: '\\x.exe', User: u, Company: c}\n"
                  "    - {Image|endswith: '\\cmd.exe', User: u}\n  condition: a\n");
    explanation = explain(&bench, "Image: C:\\CMD.exe\nUser: other\n");
    assert_int_equal(explanation.answer, IW_ANSWER_NO);
    assert_int_equal(explanation.n_failing, 1);
    assert_int_equal(explanation.selections[0].blame, IW_BLAME_MUST_HOLD);
    assert_false(explanation.selections[0].groups[0].items[0].is_blamed);
    assert_false(explanation.selections[0].groups[1].items[0].is_blamed);
    assert_true(explanation.selections[0].groups[1].items[1].is_blamed);
    assert_int_equal(explanation.selections[0].groups[1].items[1].line, 6);
    assert_int_equal(explanation.changes.n, 1);
    assert_change(&explanation, 0, "User must be 'u'; the event has 'other'");
    end(&bench);
}

static void values_are_told_one_by_one(void **state)
{
    struct bench bench;
    struct iw_explanation explanation;
    const struct iw_explained_item *item;
    (void)state;
    begin(&bench, "  a: {CommandLine|contains|all: [One, two, three]}\n  condition: a\n");
    explanation = explain(&bench, "CommandLine: one three\n");
    item = &explanation.selections[0].groups[0].items[0];
    assert_int_equal(item->n_values, 3);
    assert_int_equal(item->values[0].answer, IW_ANSWER_YES);
    assert_int_equal(item->values[1].answer, IW_ANSWER_NO);
    assert_int_equal(item->values[2].answer, IW_ANSWER_YES);
    assert_true(iw_str_equal(item->values[0].text, IW_STR("One")));
    assert_true(iw_str_equal(item->event_values[0], IW_STR("one three")));
    assert_change(&explanation, 0, "must be all of 'two'; the event has 'one three'");
    end(&bench);
}

static void a_filter_that_holds_is_named(void **state)
{
    struct bench bench;
    struct iw_explanation explanation;
    (void)state;
    begin(&bench, "  sel: {Image: x}\n  filter: {User: [u, v]}\n  condition: sel and not filter\n");
    explanation = explain(&bench, "Image: x\nUser: v\n");
    assert_int_equal(explanation.n_failing, 1);
    assert_int_equal(explanation.selections[0].blame, IW_BLAME_NONE);
    assert_int_equal(explanation.selections[1].blame, IW_BLAME_MUST_NOT_HOLD);
    assert_change(&explanation, 0,
                  "filter must not hold, but User holds with 'v': the event has 'v'");
    end(&bench);
}

static void words_say_absent_nearly_and_letter_case(void **state)
{
    struct bench bench;
    struct iw_explanation explanation;
    (void)state;
    begin(&bench, "  a: {Image|endswith: cmd}\n  b: {User|contains|cased: SYSTEM}\n"
                  "  c: {Company: x}\n  d: {Product|neq: p}\n  condition: all of them\n");
    explanation = explain(&bench, "Image: C:\\cmd.exe\nUser: system\nProduct: p\n");
    assert_int_equal(explanation.n_failing, 4);
    assert_change(&explanation, 0, "'cmd' is there, but elsewhere in it");
    assert_change(&explanation, 1, "'SYSTEM' is there in other letter case");
    assert_change(&explanation, 2, "Company must be 'x'; the event has no such field");
    assert_change(&explanation, 3, "Product|neq must be none of 'p'; the event has 'p'");
    assert_true(explanation.selections[2].groups[0].items[0].is_absent);
    end(&bench);
}

static void several_values_and_keywords(void **state)
{
    struct bench bench;
    struct iw_explanation explanation;
    const struct iw_explained_item *item;
    (void)state;
    begin(&bench, "  a: {Company: x}\n  keywords: [needle]\n  condition: a and keywords\n");
    explanation = explain(&bench, "Company: [1, 2, 3, 4, 5, 6]\nUser: hay\n");
    item = &explanation.selections[0].groups[0].items[0];
    assert_int_equal(item->n_event_values, IW_EXPLAINED_EVENT_VALUES);
    assert_int_equal(item->n_event_values_more, 2);
    assert_change(&explanation, 1, "keyword must be 'needle'; no field of the event has it");
    assert_int_equal(explain(&bench, "Company: x\nUser: a needle\n").answer, IW_ANSWER_YES);
    end(&bench);
}

/* Exponential over text that cannot match: past PCRE2's limit the answer is not known. */
static void an_expression_past_its_limit_is_unknown(void **state)
{
    struct bench bench;
    struct iw_explanation explanation;
    char fields[512] = "CommandLine: ";
    (void)state;
    begin(&bench, "  a: {CommandLine|re: '^(a+|b+|ab+)+(c|d)+$'}\n  condition: a\n");
    memset(fields + strlen(fields), 'a', 64);
    fields[strlen(fields)] = 'z';
    explanation = explain(&bench, fields);
    assert_int_equal(explanation.answer, IW_ANSWER_UNKNOWN);
    assert_int_equal(explanation.n_failing, 1);
    assert_change(&explanation, 0, "not known");
    end(&bench);
}

static void the_log_source_is_told(void **state)
{
    struct bench bench;
    struct iw_text_list list;
    (void)state;
    begin(&bench, "  a: {Image: x}\n  condition: [a, not a]\n");
    assert_int_equal(iw_sigma_explainer_channels(bench.explainer, &bench.arena, &list), IW_OK);
    assert_int_equal(list.n, 2);
    assert_true(iw_str_equal(list.items[1], IW_STR("Security 4688")));
    assert_int_equal(iw_sigma_explainer_conditions(bench.explainer, &bench.arena, &list), IW_OK);
    assert_int_equal(list.n, 2);
    assert_true(iw_str_equal(list.items[1], IW_STR("not a")));
    assert_false(iw_sigma_explainer_wants(bench.explainer, IW_STR("Security"), 4624));
    assert_true(iw_sigma_explainer_wants(bench.explainer, IW_STR("security"), 4688));
    assert_int_equal(iw_sigma_explainer_count_items(bench.explainer), 1);
    assert_true(iw_str_equal(iw_sigma_explainer_item_name(bench.explainer, 0, &bench.arena),
                             IW_STR("a: Image")));
    end(&bench);
}

/* --- rule tests as they are written --- */

static void broken(const char *yaml, const char *words)
{
    struct bench bench;
    struct iw_rule_test *tests;
    size_t n;
    begin(&bench, "  a: {Image: x}\n  condition: a\n");
    assert_int_equal(
        iw_rule_tests_read(iw_str_of(yaml), &bench.names, &bench.arena, &tests, &n, NULL), IW_OK);
    assert_int_equal(n, 1);
    if (iw_str_find(tests[0].broken, iw_str_of(words)) == SIZE_MAX)
        fail_msg("'%.*s' does not hold '%s'", IW_STR_ARG(tests[0].broken), words);
    assert_int_equal(tests[0].broken.n == 0, words[0] == '\0');
    end(&bench);
}

static void tests_written_wrong_say_so(void **state)
{
    (void)state;
    broken("- {rule: t, match: true, event: {EventID: 1}}\n", "");
    broken("- {rule: t, evidence: x.evtx, matches: 3}\n", "");
    broken("- {rule: t, evidence: x.evtx, record: 3, match: false}\n", "");
    broken("- text\n", "must be a map");
    broken("- {match: true, event: {EventID: 1}}\n", "rule: is missing");
    broken("- {rule: t, event: {EventID: 1}}\n", "match: must be true or false");
    broken("- {rule: t, match: true}\n", "one of these");
    broken("- {rule: t, match: true, event: {EventID: 1}, evidence: x}\n", "one of these");
    broken("- {rule: t, match: true, matches: 1, evidence: x}\n", "not both");
    broken("- {rule: t, matches: 1, event: {EventID: 1}}\n", "whole evidence file");
    broken("- {rule: t, match: true, evidence: x, record: 0}\n", "EventRecordID");
    broken("- {rule: t, match: true, evnt: {EventID: 1}}\n", "'evnt' is no key");
    broken("- {rule: t, match: true, event: {Image: {a: b}}}\n", "the value of Image is no text");
    broken("- {rule: t, match: true, evidence: x, context: {Web.Site: a}}\n", "with an event only");
}

static void tests_of_correlations_written_wrong_say_so(void **state)
{
    (void)state;
    broken("- {rule: t, match: true, events: [{EventID: 1}]}\n", "");
    broken("- {rule: t, findings: 0, events: [{event: {EventID: 1}, after: 5m, repeat: 2}]}\n", "");
    broken("- {rule: t, groups: 3, evidence: x}\n", "");
    broken("- {rule: t, match: true, event: {EventID: 1}, events: [{EventID: 1}]}\n",
           "one of these");
    broken("- {rule: t, match: true, findings: 1, events: [{EventID: 1}]}\n", "stand without");
    broken("- {rule: t, findings: 1, matches: 1, evidence: x}\n", "stand without");
    broken("- {rule: t, findings: 1, record: 1, evidence: x}\n", "stand without");
    broken("- {rule: t, findings: many, evidence: x}\n", "findings: must be a number");
    broken("- {rule: t, groups: -1, evidence: x}\n", "groups: must be a number");
    broken("- {rule: t, match: true, events: {EventID: 1}}\n", "must be a list of events");
    broken("- {rule: t, match: true, events: []}\n", "must be a list of events");
    broken("- {rule: t, match: true, events: [text]}\n", "must be a map");
    broken("- {rule: t, match: true, events: [{event: text}]}\n", "are maps of fields");
    broken("- {rule: t, match: true, events: [{event: {A: b}, at: 5}]}\n",
           "an entry of events has");
    broken("- {rule: t, match: true, events: [{event: {A: b}, after: 5}]}\n", "after: must be");
    broken("- {rule: t, match: true, events: [{event: {A: b}, after: 99999999999999999y}]}\n",
           "after: must be");
    broken("- {rule: t, match: true, events: [{event: {A: b}, time: noon}]}\n", "time: must be");
    broken("- {rule: t, match: true, events: [{event: {A: b}, time: 2026-01-05T10:00:00Z, "
           "after: 1s}]}\n",
           "time or after");
    broken("- {rule: t, match: true, events: [{event: {A: b}, repeat: 0}]}\n", "repeat: must be");
    broken("- {rule: t, match: true, events: [{event: {A: b}}, {event: {A: b}, after: 290y}]}\n",
           "too far away");
    broken("- {rule: t, match: true, events: [{A: b}], context: {B: c}}\n", "with an event only");
}

static void events_of_a_test_have_times(void **state)
{
    static const char YAML[] = "- rule: t\n  match: true\n  events:\n"
                               "    - {A: b}\n"
                               "    - {event: {A: c}, after: 10m, repeat: 3}\n"
                               "    - {event: {A: d}, time: '1999-12-31T23:59:59Z'}\n"
                               "    - {event: {A: e}, context: {Web.Site: s}}\n";
    static const int64_t SECONDS[] = {0, 600, 1200, 1800, -1, 0};
    const int64_t first_ns = 946684800 * IW_NS_PER_SECOND; /* 2000-01-01 */
    struct bench bench;
    struct iw_rule_test *tests;
    size_t n;
    (void)state;
    begin(&bench, "  a: {Image: x}\n  condition: a\n");
    assert_int_equal(
        iw_rule_tests_read(iw_str_of(YAML), &bench.names, &bench.arena, &tests, &n, NULL), IW_OK);
    assert_int_equal(tests[0].broken.n, 0);
    assert_int_equal(tests[0].n_events, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(tests[0].events[i].time_ns, first_ns + SECONDS[i] * IW_NS_PER_SECOND);
    assert_int_equal(tests[0].events[5].n_fields, 2);
    end(&bench);
}

static void a_test_has_so_many_events(void **state)
{
    (void)state;
    for (unsigned beyond = 0; beyond < 2; beyond++) {
        char yaml[128];
        (void)snprintf(yaml, sizeof yaml,
                       "- {rule: t, match: true, events: [{A: b}, {event: {A: b}, repeat: %u}]}\n",
                       IW_LIMIT_RULE_TEST_EVENTS - 1 + beyond);
        broken(yaml, beyond == 0 ? "" : "too many events");
    }
}

static void numbers_of_an_event_are_numbers(void **state)
{
    (void)state;
    broken("- {rule: t, match: true, event: {EventID: 65535}}\n", "");
    broken("- {rule: t, match: true, event: {EventID: 65536}}\n",
           "line 1: EventID must be a number from 0 to 65535, not '65536'");
    broken("- {rule: t, match: true, event: {EventID: abc}}\n", "not 'abc'");
    broken("- {rule: t, match: true, event: {EventID: -1}}\n", "not '-1'");
    broken("- {rule: t, match: true, event: {EventID: null}}\n", "EventID must be a number");
    broken("- {rule: t, match: true, event: {EventRecordID: 5000000000}}\n", "");
    broken("- {rule: t, match: true, event: {EventRecordID: 5 or 6}}\n",
           "EventRecordID must be a number, not '5 or 6'");
}

static void every_document_of_a_file_is_read(void **state)
{
    struct bench bench;
    struct iw_rule_test *tests;
    struct iw_error err;
    size_t n;
    (void)state;
    begin(&bench, "  a: {Image: x}\n  condition: a\n");
    assert_int_equal(
        iw_rule_tests_read(IW_STR("---\n- {rule: a, match: true, event: {Image: x}}\n"
                                  "- {rule: b, match: true, event: {Image: x}}\n---\n"
                                  "---\n- {rule: c, match: false, event: {Image: y}}\n---\n[]\n"),
                           &bench.names, &bench.arena, &tests, &n, &err),
        IW_OK);
    assert_int_equal(n, 3);
    assert_true(iw_str_equal(tests[0].rule, IW_STR("a")));
    assert_true(iw_str_equal(tests[1].rule, IW_STR("b")));
    assert_true(iw_str_equal(tests[2].rule, IW_STR("c")));
    assert_int_equal(tests[2].line, 6);
    assert_int_equal(tests[2].event.n_fields, 1);
    assert_int_equal(iw_rule_tests_read(IW_STR("- {rule: a}\n---\na: b\n"), &bench.names,
                                        &bench.arena, &tests, &n, &err),
                     IW_EFORMAT);
    assert_int_equal(err.line, 3);
    assert_int_equal(iw_rule_tests_read(IW_STR("- {rule: a}\n---\n- {a: 1, a: 2}\n"), &bench.names,
                                        &bench.arena, &tests, &n, &err),
                     IW_ERULE);
    end(&bench);
}

static void context_is_part_of_the_event(void **state)
{
    struct bench bench;
    struct iw_rule_test *tests;
    struct iw_explanation explanation;
    size_t n;
    (void)state;
    begin(&bench, "  a: {Image: x, Web.Site: s}\n  condition: a\n");
    assert_int_equal(iw_rule_tests_read(IW_STR("- rule: t\n  match: true\n  event: {Image: x}\n"
                                               "  context: {Web.Site: S}\n"),
                                        &bench.names, &bench.arena, &tests, &n, NULL),
                     IW_OK);
    assert_int_equal(
        iw_sigma_explainer_explain(bench.explainer, &tests[0].event, &bench.arena, &explanation),
        IW_OK);
    assert_int_equal(explanation.answer, IW_ANSWER_YES);
    end(&bench);
}

static void a_file_that_is_no_list_is_refused(void **state)
{
    struct bench bench;
    struct iw_rule_test *tests;
    struct iw_error err;
    size_t n;
    (void)state;
    begin(&bench, "  a: {Image: x}\n  condition: a\n");
    assert_int_equal(
        iw_rule_tests_read(IW_STR("a: b\n"), &bench.names, &bench.arena, &tests, &n, &err),
        IW_EFORMAT);
    assert_int_equal(iw_rule_tests_read(IW_STR(""), &bench.names, &bench.arena, &tests, &n, &err),
                     IW_EFORMAT);
    assert_int_equal(
        iw_rule_tests_read(IW_STR("- {a\n"), &bench.names, &bench.arena, &tests, &n, &err),
        IW_EFORMAT);
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_tables_are_the_matchers),
        cmocka_unit_test(the_nearest_group_is_blamed),
        cmocka_unit_test(values_are_told_one_by_one),
        cmocka_unit_test(a_filter_that_holds_is_named),
        cmocka_unit_test(words_say_absent_nearly_and_letter_case),
        cmocka_unit_test(several_values_and_keywords),
        cmocka_unit_test(an_expression_past_its_limit_is_unknown),
        cmocka_unit_test(the_log_source_is_told),
        cmocka_unit_test(tests_written_wrong_say_so),
        cmocka_unit_test(tests_of_correlations_written_wrong_say_so),
        cmocka_unit_test(events_of_a_test_have_times),
        cmocka_unit_test(a_test_has_so_many_events),
        cmocka_unit_test(numbers_of_an_event_are_numbers),
        cmocka_unit_test(every_document_of_a_file_is_read),
        cmocka_unit_test(context_is_part_of_the_event),
        cmocka_unit_test(a_file_that_is_no_list_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
