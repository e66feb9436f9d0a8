/*
 * Checks: each on a rule that has the mistake, at its place, and on one that has not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "sigma/sigma_lint.h"

/* A rule nothing is wrong with; the test puts lines of its own in place of these. */
#define ID "id: 11111111-2222-3333-4444-555555555555\n"
#define ABOUT "status: test\ndescription: d\ndate: 2026-01-05\nlevel: high\n"
#define SYSMON "logsource: {product: windows, category: process_creation}\n"
#define SERVICE "logsource: {product: windows, service: security}\n"
#define HEAD "title: t\n" ID ABOUT
#define RULE(detection) HEAD SYSMON "detection:\n" detection
#define PLAIN RULE("  sel: {CommandLine|contains: x}\n  condition: sel\n")
#define VALUE(pair) RULE("  sel:\n    " pair "\n  condition: sel\n")

static size_t count(const char *yaml, const char *check, uint32_t *ret_line)
{
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_rule_problems problems;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_compiler *compiler;
    size_t n = 0;

    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    iw_rule_problems_init(&problems);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x.yml", false, iw_str_of(yaml)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    assert_int_equal(iw_sigma_lint(ruleset, &account, &names, &problems), IW_OK);
    for (size_t i = 0; i < problems.n; i++) {
        if (check != NULL && strcmp(problems.items[i].check->name, check) != 0)
            continue;
        if (check == NULL)
            (void)fprintf(stderr, "%s: %.*s\n", problems.items[i].check->name,
                          IW_STR_ARG(problems.items[i].message));
        if (n++ == 0 && ret_line != NULL)
            *ret_line = problems.items[i].line;
    }
    iw_sigma_ruleset_free(ruleset);
    iw_rule_problems_done(&problems);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    return n;
}

struct lint_case {
    const char *check;
    const char *with;
    uint32_t line; /* of the problem */
    const char *without;
};

static const struct lint_case CASES[] = {
    {"always-true", RULE("  a: {CommandLine: x}\n  condition: a or not a\n"), 10,
     RULE("  a: {CommandLine: x}\n  condition: a\n")},
    {"bad-date",
     "title: t\n" ID "status: test\ndescription: d\ndate: 2026/01/05\nlevel: low\n" SYSMON
     "detection: {a: {CommandLine: x}, condition: a}\n",
     5, PLAIN},
    {"bad-id", "title: t\nid: 7\n" ABOUT SYSMON "detection: {a: {CommandLine: x}, condition: a}\n",
     2, PLAIN},
    {"bad-tag",
     HEAD "tags: [attack.t15]\n" SYSMON "detection: {a: {CommandLine: x}, condition: a}\n", 7,
     HEAD "tags: [attack.t1505.004, attack.persistence, cve.2021-26855]\n" SYSMON
          "detection: {a: {CommandLine: x}, condition: a}\n"},
    {"bad-tag",
     HEAD "tags: [attack.T1505]\n" SYSMON "detection: {a: {CommandLine: x}, condition: a}\n", 7,
     PLAIN},
    {"double-backslash", VALUE("CommandLine|startswith: '\\\\server\\share'"), 10,
     VALUE("CommandLine|startswith: '\\\\\\\\server\\share'")},
    {"duplicate-id", PLAIN "---\n" PLAIN, 13, PLAIN},
    {"duplicate-title", PLAIN "---\n" PLAIN, 12, PLAIN},
    {"duplicate-name", "name: n\n" PLAIN "---\nname: n\n" PLAIN, 13, "name: n\n" PLAIN},
    {"duplicate-value", VALUE("CommandLine: [a, b, A]"), 10, VALUE("CommandLine: [a, b]")},
    {"escaped-wildcard", VALUE("Image: 'C:\\*\\x'"), 10, VALUE("Image: 'C:\\\\*\\x'")},
    {"escaped-wildcard", VALUE("Image: '\\temp\\*.exe'"), 10,
     VALUE("CommandLine|contains: '/text:\\*'")},
    {"field-case", VALUE("commandline: x"), 10, VALUE("CommandLine: x")},
    {"filter-needs-sysmon",
     RULE("  sel: {Image: x}\n  filter: {OriginalFileName: y}\n  condition: sel and not filter\n"),
     9, RULE("  sel: {Image: x}\n  filter: {User: y}\n  condition: sel and not filter\n")},
    {"filter-not-negated",
     RULE("  sel: {Image: x}\n  filter_a: {User: y}\n  condition: sel and filter_a\n"), 10,
     RULE("  sel: {Image: x}\n  filter_a: {User: y}\n  condition: sel and not filter_a\n")},
    {"misspelt-key", "levle: high\n" PLAIN, 1, "x-own: high\n" PLAIN},
    {"missing-date",
     "title: t\n" ID "status: test\ndescription: d\nlevel: low\n" SYSMON
     "detection: {a: {CommandLine: x}, condition: a}\n",
     1, PLAIN},
    {"missing-description",
     "title: t\n" ID "status: test\ndate: 2026-01-05\nlevel: low\n" SYSMON
     "detection: {a: {CommandLine: x}, condition: a}\n",
     1, PLAIN},
    {"missing-id", "title: t\n" ABOUT SYSMON "detection: {a: {CommandLine: x}, condition: a}\n", 1,
     PLAIN},
    {"missing-level",
     "title: t\n" ID "status: test\ndescription: d\ndate: 2026-01-05\n" SYSMON
     "detection: {a: {CommandLine: x}, condition: a}\n",
     1, PLAIN},
    {"missing-status",
     "title: t\n" ID "description: d\ndate: 2026-01-05\nlevel: low\n" SYSMON
     "detection: {a: {CommandLine: x}, condition: a}\n",
     1, PLAIN},
    {"never-holds",
     RULE("  a:\n    Image: 'x.exe'\n    Image|endswith: '\\y.exe'\n  condition: a\n"), 10,
     RULE("  a:\n    Image: 'c:\\x.exe'\n    Image|endswith: '\\X.EXE'\n  condition: a\n")},
    {"never-holds", VALUE("CommandLine|all: [a, b]"), 10,
     VALUE("CommandLine|contains|all: [a, b]")},
    {"never-holds", VALUE("EventID: 11"), 10, VALUE("EventID: [1, 4688]")},
    {"never-holds",
     HEAD SERVICE "detection:\n  a:\n    Image: x\n    Image|neq: x\n  condition: a\n", 10,
     HEAD SERVICE "detection:\n  a:\n    Data: x\n    Data|neq: x\n  condition: a\n"},
    {"never-true", RULE("  a: {EventID: 11}\n  b: {Image: x}\n  condition: a and b\n"), 11,
     RULE("  a: {EventID: 11}\n  b: {Image: x}\n  condition: a or b\n")},
    {"not-applicable", HEAD "logsource: {product: linux}\ndetection: {a: {b: c}, condition: a}\n",
     1, PLAIN},
    {"not-yet", RULE("  a: {Web.Site: x}\n  condition: a\n"), 1, PLAIN},
    {"only-negative", RULE("  a: {Image: x}\n  condition: not a\n"), 10,
     RULE("  a: {Image: x}\n  b: {User: y}\n  condition: b and not a\n")},
    {"redundant-wildcard", VALUE("CommandLine|contains: '*x'"), 10,
     VALUE("CommandLine|contains: 'a*x'")},
    {"refused", VALUE("CommandLine|nosuch: x"), 10, PLAIN},
    {"refused", VALUE("CommandLine|contains|all: x"), 10, PLAIN},
    {"refused", RULE("  a: {Image: x}\n  condition: a | count() > 5\n"), 10, PLAIN},
    {"refused",
     "title: t\n" ID "level: huge\n" SYSMON "detection: {a: {CommandLine: x}, condition: a}\n", 3,
     PLAIN},
    {"regex-flags", VALUE("CommandLine|re: '(?i)a.c'"), 10, VALUE("CommandLine|re|i: 'a.c'")},
    {"regex-leading-any", VALUE("CommandLine|re: '^.*a\\d'"), 10,
     VALUE("CommandLine|re: 'a.*\\d'")},
    {"regex-not-needed", VALUE("CommandLine|re: '.*net\\.exe.*'"), 10,
     VALUE("CommandLine|re: 'net\\.exe\\s'")},
    {"regex-slow", VALUE("CommandLine|re: '(a+b?)+c'"), 10, VALUE("CommandLine|re: '([a+]b)+c+'")},
    {"regex-slow", VALUE("CommandLine|re: '((x{2,})y)*'"), 10,
     VALUE("CommandLine|re: '((x{2,3})y)*'")},
    {"selection-negated",
     RULE("  a: {Image: x}\n  selection_b: {User: y}\n  condition: a and not selection_b\n"), 10,
     RULE("  a: {Image: x}\n  selection_b: {User: y}\n  condition: a and selection_b\n")},
    {"sysmon-only", RULE("  a: {ParentCommandLine: x}\n  condition: a\n"), 9,
     RULE("  a: {ParentCommandLine: x}\n  b: {ParentImage: x}\n  condition: a or b\n")},
    {"timeframe", RULE("  a: {Image: x}\n  timeframe: 5m\n  condition: a\n"), 10, PLAIN},
    {"unknown-field", VALUE("CommmandLine: x"), 10, VALUE("CommandLine: x")},
    {"unknown-field", VALUE("TargetFilename: x"), 10, VALUE("Provider_Name: x")},
    {"unknown-status",
     "title: t\n" ID "status: stale\ndescription: d\ndate: 2026-01-05\nlevel: low\n" SYSMON
     "detection: {a: {CommandLine: x}, condition: a}\n",
     3, PLAIN},
    {"unused-selection", RULE("  a: {Image: x}\n  b: {User: y}\n  condition: a\n"), 10,
     RULE("  a: {Image: x}\n  _b: {User: y}\n  condition: a\n")},
    {"value-type", VALUE("ProcessId: 0777"), 10, VALUE("ProcessId: '0777'")},
    {"value-type", VALUE("User: yes"), 10, VALUE("User: 'yes'")},
    {"value-type", VALUE("User: 0x17"), 10, VALUE("User: true")},
    {"wildcards-for-modifier", VALUE("CommandLine: '*x*'"), 10, VALUE("CommandLine: 'a*x'")},
    {"wildcards-for-modifier", VALUE("Image: '*\\x.exe'"), 10, VALUE("Image|endswith: '\\x.exe'")},
};

static void every_check_finds_its_mistake_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct lint_case *one = &CASES[i];
        uint32_t line = 0;
        if (count(one->with, one->check, &line) == 0)
            fail_msg("%s is not found in\n%s", one->check, one->with);
        if (line != one->line)
            fail_msg("%s is on line %u, not %u, of\n%s", one->check, line, one->line, one->with);
        if (count(one->without, one->check, NULL) != 0)
            fail_msg("%s is found in\n%s", one->check, one->without);
    }
}

static void a_rule_without_mistakes_has_no_problem(void **state)
{
    (void)state;
    assert_int_equal(count(PLAIN, NULL, NULL), 0);
    /* A test file below the folder of the rules is no document. */
    assert_int_equal(count("- rule: t\n  match: true\n  event: {EventID: 1}\n", NULL, NULL), 0);
}

static void every_check_is_tried(void **state)
{
    size_t n;
    const struct iw_rule_check *checks = iw_sigma_checks(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        bool is_tried = false;
        for (size_t k = 0; k < sizeof CASES / sizeof *CASES; k++)
            is_tried |= strcmp(CASES[k].check, checks[i].name) == 0;
        if (!is_tried)
            fail_msg("no case for %s", checks[i].name);
        if (i != 0 && strcmp(checks[i - 1].name, checks[i].name) >= 0)
            fail_msg("%s is not in order", checks[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_finds_its_mistake_and_no_other),
        cmocka_unit_test(a_rule_without_mistakes_has_no_problem),
        cmocka_unit_test(every_check_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
