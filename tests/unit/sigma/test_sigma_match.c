/*
 * Matching: null, empty, absent, several values, unknown, places, and the names of a 4688.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "tests/support/flat_event.h"
#include "sigma/sigma.h"

#define RULE(source, detection)                                                                    \
    "title: t\nlogsource: {product: windows" source "}\ndetection:\n" detection

enum answer { NO, YES, UNKNOWN };

static enum answer answer_for(const char *yaml, const char *event_yaml, enum iw_place place)
{
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_scanner *scanner;
    struct iw_arena arena;
    struct iw_event event;
    const uint32_t *rules;
    enum answer answer;
    size_t n;

    iw_arena_init(&arena, 0);
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x", false, iw_str_of(yaml)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    if (iw_sigma_ruleset_count(ruleset) != 1)
        (void)fprintf(stderr, "%.*s\n", IW_STR_ARG(account.entries[0].reason));
    assert_int_equal(iw_sigma_ruleset_count(ruleset), 1);
    scanner = iw_sigma_scanner_new(ruleset);
    assert_non_null(scanner);
    assert_true(flat_event_from_text(event_yaml, &names, &arena, &event));
    for (uint32_t i = 0; i < event.n_fields; i++) {
        struct iw_field *fields = iw_arena_alloc(&arena, event.n_fields * sizeof *fields);
        memcpy(fields, event.fields, event.n_fields * sizeof *fields);
        fields[i].place = (uint8_t)place;
        event.fields = fields;
    }
    assert_int_equal(iw_sigma_scanner_match(scanner, &event, &rules, &n), IW_OK);
    answer = iw_sigma_scanner_unknown(scanner, 0) != 0 ? UNKNOWN : n != 0 ? YES : NO;
    iw_sigma_scanner_free(scanner);
    iw_sigma_ruleset_free(ruleset);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    iw_arena_done(&arena);
    return answer;
}

static enum answer ask(const char *detection, const char *event)
{
    char rule[4096];
    (void)snprintf(rule, sizeof rule, RULE("", "%s"), detection);
    return answer_for(rule, event, IW_PLACE_EVENT_DATA);
}

static void null_empty_and_absent_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(ask("  a: {F: null}\n  condition: a", "{G: x}"), YES);
    assert_int_equal(ask("  a: {F: null}\n  condition: a", "{F: null}"), YES);
    assert_int_equal(ask("  a: {F: null}\n  condition: a", "{F: ''}"), NO);
    assert_int_equal(ask("  a: {F: ''}\n  condition: a", "{F: ''}"), YES);
    assert_int_equal(ask("  a: {F: ''}\n  condition: a", "{F: null}"), YES);
    assert_int_equal(ask("  a: {F: ''}\n  condition: a", "{G: ''}"), NO);
    assert_int_equal(ask("  a: {F: ''}\n  condition: a", "{F: ' '}"), NO);
    assert_int_equal(ask("  a: {F|exists: true}\n  condition: a", "{F: ''}"), YES);
    assert_int_equal(ask("  a: {F|exists: true}\n  condition: a", "{F: null}"), YES);
    assert_int_equal(ask("  a: {F|exists: true}\n  condition: a", "{G: 1}"), NO);
    assert_int_equal(ask("  a: {F|exists: false}\n  condition: a", "{G: 1}"), YES);
    assert_int_equal(ask("  a: {F|contains: ''}\n  condition: a", "{F: ''}"), YES);
    assert_int_equal(ask("  a: {F|contains: ''}\n  condition: a", "{G: ''}"), NO);
    assert_int_equal(ask("  a: {F|neq: x}\n  condition: a", "{G: x}"), YES);
    assert_int_equal(ask("  a: {F: x}\n  condition: not a", "{G: x}"), YES);
}

static void a_field_that_repeats_matches_by_any_value(void **state)
{
    (void)state;
    assert_int_equal(ask("  a: {Data: two}\n  condition: a", "{Data: [one, two]}"), YES);
    assert_int_equal(
        ask("  a: {Data|contains|all: [one, two]}\n  condition: a", "{Data: [one, two]}"), YES);
    assert_int_equal(ask("  a: {Data: onetwo}\n  condition: a", "{Data: [one, two]}"), NO);
}

static void names_ignore_case_and_spaces(void **state)
{
    (void)state;
    assert_int_equal(ask("  a: {ThreatName: x}\n  condition: a", "{'Threat Name': X}"), YES);
    assert_int_equal(ask("  a: {sourceprocessguid: x}\n  condition: a", "{SourceProcessGUID: x}"),
                     YES);
}

static void numbers_compare_as_their_text(void **state)
{
    (void)state;
    assert_int_equal(ask("  a: {EventID: 4624}\n  condition: a", "{EventID: 4624}"), YES);
    assert_int_equal(ask("  a: {EventID: '4624'}\n  condition: a", "{EventID: 4624}"), YES);
    assert_int_equal(ask("  a: {EventID: 4624}\n  condition: a", "{EventID: 4625}"), NO);
    assert_int_equal(ask("  a: {Signed: true}\n  condition: a", "{Signed: 'True'}"), YES);
    assert_int_equal(ask("  a: {F: 0x17}\n  condition: a", "{F: 23}"), NO);
}

static void keywords_search_values_anywhere(void **state)
{
    (void)state;
    assert_int_equal(ask("  a: [needle]\n  condition: a", "{F: 'a NEEDLE b'}"), YES);
    assert_int_equal(ask("  a: [needle]\n  condition: a", "{needle: x}"), NO);
    assert_int_equal(ask("  a: {'|all': [one, two]}\n  condition: a", "{F: one, G: two}"), YES);
    assert_int_equal(ask("  a: {'|all': [one, two]}\n  condition: a", "{F: one}"), NO);
    assert_int_equal(ask("  a: [host]\n  condition: a", "{Computer: HOST1}"), YES);
}

static void rendering_never_matches(void **state)
{
    (void)state;
    assert_int_equal(
        answer_for(RULE("", "  a: {F: x}\n  condition: a"), "{F: x}", IW_PLACE_RENDERING), NO);
    assert_int_equal(answer_for(RULE("", "  a: [x]\n  condition: a"), "{F: x}", IW_PLACE_RENDERING),
                     NO);
    assert_int_equal(
        answer_for(RULE("", "  a: {F: null}\n  condition: a"), "{F: x}", IW_PLACE_RENDERING), YES);
}

static void a_regex_at_its_limit_is_unknown_not_false(void **state)
{
    /* Exponential: nested repetition over text that cannot match. */
    static const char SLOW[] = "  a: {F|re: '^(a+|b+|ab+)+(c|d)+$'}\n";
    static const char EVENT[] =
        "{F: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'}";
    char detection[512];

    (void)state;
    (void)snprintf(detection, sizeof detection, "%s  condition: a", SLOW);
    assert_int_equal(ask(detection, EVENT), UNKNOWN);
    (void)snprintf(detection, sizeof detection, "%s  condition: not a", SLOW);
    assert_int_equal(ask(detection, EVENT), UNKNOWN);
    (void)snprintf(detection, sizeof detection, "%s  b: {F|contains: aa}\n  condition: b or a",
                   SLOW);
    assert_int_equal(ask(detection, EVENT), YES);
    (void)snprintf(detection, sizeof detection, "%s  b: {F: x}\n  condition: a and b", SLOW);
    assert_int_equal(ask(detection, EVENT), NO);
}

static void regexes_search_and_take_flags(void **state)
{
    (void)state;
    assert_int_equal(ask("  a: {F|re: 'b+'}\n  condition: a", "{F: abbc}"), YES);
    assert_int_equal(ask("  a: {F|re: 'B+'}\n  condition: a", "{F: abbc}"), NO);
    assert_int_equal(ask("  a: {F|re|i: 'B+'}\n  condition: a", "{F: abbc}"), YES);
    assert_int_equal(ask("  a: {F|re: '^b'}\n  condition: a", "{F: \"a\\nb\"}"), NO);
    assert_int_equal(ask("  a: {F|re|m: '^b'}\n  condition: a", "{F: \"a\\nb\"}"), YES);
    assert_int_equal(ask("  a: {F|re: 'a.b'}\n  condition: a", "{F: \"a\\nb\"}"), NO);
    assert_int_equal(ask("  a: {F|re|s: 'a.b'}\n  condition: a", "{F: \"a\\nb\"}"), YES);
}

static void a_4688_answers_to_the_names_of_a_process_creation(void **state)
{
    static const char EVENT[] =
        "{Channel: Security, EventID: 4688, NewProcessName: 'C:\\x\\cmd.exe', NewProcessId: "
        "'0x964',"
        " ProcessId: '0xa14', ParentProcessName: 'C:\\w3wp.exe', SubjectUserName: pool,"
        " SubjectDomainName: IIS, MandatoryLabel: S-1-16-12288}";
    static const char *const YESES[] = {"Image|endswith: '\\cmd.exe'",
                                        "ParentImage|endswith: '\\w3wp.exe'",
                                        "ProcessId: 2404",
                                        "ParentProcessId: 2580",
                                        "User: 'iis\\pool'",
                                        "IntegrityLevel: high",
                                        "OriginalFileName: null",
                                        "NewProcessName|endswith: cmd.exe"};
    char rule[1024];

    (void)state;
    for (size_t i = 0; i < sizeof YESES / sizeof YESES[0]; i++) {
        (void)snprintf(rule, sizeof rule,
                       RULE(", category: process_creation", "  a:\n    %s\n  condition: a"),
                       YESES[i]);
        assert_int_equal(answer_for(rule, EVENT, IW_PLACE_EVENT_DATA), YES);
    }
    /* A rule of the service sees the record's own names. */
    assert_int_equal(
        answer_for(RULE(", service: security", "  a: {ProcessId: '0xa14'}\n  condition: a"), EVENT,
                   IW_PLACE_EVENT_DATA),
        YES);
    assert_int_equal(answer_for(RULE(", service: security", "  a: {Image: null}\n  condition: a"),
                                EVENT, IW_PLACE_EVENT_DATA),
                     YES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_empty_and_absent_are_told_apart),
        cmocka_unit_test(a_field_that_repeats_matches_by_any_value),
        cmocka_unit_test(names_ignore_case_and_spaces),
        cmocka_unit_test(numbers_compare_as_their_text),
        cmocka_unit_test(keywords_search_values_anywhere),
        cmocka_unit_test(rendering_never_matches),
        cmocka_unit_test(a_regex_at_its_limit_is_unknown_not_false),
        cmocka_unit_test(regexes_search_and_take_flags),
        cmocka_unit_test(a_4688_answers_to_the_names_of_a_process_creation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
