/*
 * rules and its commands from words to exit status, over an engine of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "command_rig.h"
#include "fake_engine.h"

static void commands_of_two_words(void **state)
{
    (void)state;
    assert_int_equal(RUN("rules"), 64);
    assert_string_equal(complained, "iiswarden: rules: which command?\n"
                                    "iiswarden: see: iiswarden rules --help\n");
    assert_int_equal(RUN("rules", "lsit"), 64);
    assert_string_equal(complained, "iiswarden: unknown command rules lsit; did you mean list?\n"
                                    "iiswarden: see: iiswarden rules --help\n");
    assert_int_equal(RUN("rule"), 64);
    assert_complained("did you mean rules?");
    assert_int_equal(RUN("rules", "-h"), 0);
    assert_said("rules explain");
    assert_null(strstr(said, "hunt"));
    assert_int_equal(RUN("help", "rules", "list"), 0);
    assert_said("Usage: iiswarden rules list [OPTION]... [PATTERN]\n");
    assert_int_equal(RUN("help", "rules"), 0);
    assert_int_equal(RUN("help", "rules", "nothing"), 64);
    assert_complained("unknown command rules nothing");
    assert_int_equal(RUN("help", "hunt", "events"), 64);
    assert_complained("help takes one command");
    assert_int_equal(RUN("rules", "list", "--nothing"), 64);
    assert_complained("see: iiswarden rules list --help");
    assert_int_equal(fake_engine.n_calls, 0);
}

static void add_entries(struct iw_run *run)
{
    const struct iw_rule_entry loaded = {.state = IW_RULE_LOADED,
                                         .file = IW_STR("a.yml"),
                                         .line = 1,
                                         .title = IW_STR("First \033[31m"),
                                         .level = IW_STR("high")};
    const struct iw_rule_entry refused = {.state = IW_RULE_REFUSED,
                                          .file = IW_STR("b.yml"),
                                          .line = 3,
                                          .column = 7,
                                          .title = IW_STR("Second"),
                                          .reason = IW_STR("it is wrong")};
    assert_int_equal(iw_rule_account_add(&run->rules, &loaded), 0);
    assert_int_equal(iw_rule_account_add(&run->rules, &refused), 1);
}

static void rules_are_listed(void **state)
{
    (void)state;
    fake_engine.fill = add_entries;
    assert_int_equal(RUN("rules", "list", "--format", "table"), 0);
    assert_false(fake_engine.choice.no_builtin);
    assert_said("First \\x1b[31m");
    assert_said("b.yml:3:7\n");
    assert_said("it is wrong\n");
    assert_said("2 documents: 1 loaded, 0 not-applicable, 0 not-yet, 1 refused.\n");
    assert_int_equal(RUN("rules", "list", "--format", "table", "SECOND"), 0);
    assert_said("1 document: 0 loaded, 0 not-applicable, 0 not-yet, 1 refused. 1 not shown.\n");
    assert_int_equal(RUN("rules", "list", "--level", "medium", "--only-rules", "."), 0);
    assert_true(fake_engine.choice.no_builtin);
    assert_int_equal(fake_engine.choice.n_paths, 1);
    assert_said("\"title\":\"First \\u001b[31m\"");
    assert_null(strstr(said, "Second"));
    assert_int_equal(RUN("rules", "list", "a", "b"), 64);
    assert_int_equal(RUN("rules", "list", "--rules", ".", "--only-rules", "."), 64);
    assert_int_equal(RUN("rules", "list", "--rules", "nowhere"), 64);
    fake_engine.rc = IW_ENOMEM;
    assert_int_equal(RUN("rules", "list"), 70);
}

static void problems_set_the_status(void **state)
{
    static const struct iw_rule_check WARNING = {"some-check", IW_SEVERITY_WARNING, "w"};
    (void)state;
    fake_engine.fill = add_entries;
    assert_int_equal(RUN("rules", "check"), 64);
    assert_int_equal(RUN("rules", "check", "nowhere"), 64);
    assert_int_equal(RUN("rules", "check", "."), 0);
    fake_engine.problems[0] = (struct iw_rule_problem){&WARNING, 1, 4, 5, IW_STR("a\033b")};
    fake_engine.n_problems = 1;
    assert_int_equal(RUN("rules", "check", ".", "--format", "table"), 0);
    assert_said("b.yml:4:5: warning: some-check\n    a\\x1bb\n");
    assert_said("2 documents, 1 loaded: 0 errors, 1 warning, 0 notes.\n");
    assert_int_equal(RUN("rules", "check", ".", "--fail-on", "warning"), 1);
    assert_int_equal(RUN("rules", "check", ".", "--fail-on", "note"), 1);
    assert_int_equal(RUN("rules", "check", ".", "--fail-on", "all"), 64);
    assert_int_equal(RUN("rules", "check", "--list", "--format", "table"), 0);
    assert_said("a-check");
    fake_engine.fill = NULL;
    fake_engine.n_problems = 0;
    assert_int_equal(RUN("rules", "check", "."), 64);
    assert_complained("no rule document found");
}

static void explain_asks_the_engine(void **state)
{
    (void)state;
    fake_engine.fill = add_entries;
    fake_engine.finds_rule = true;
    assert_int_equal(RUN("rules", "explain", "First"), 64);
    assert_complained("name a rule, then evidence");
    assert_int_equal(RUN("rules", "explain", "First", "x", "y", "-w", "A=b", "--record", "7", "-q"),
                     0);
    assert_string_equal(fake_engine.first_rule, "First");
    assert_int_equal(fake_engine.options.n_paths, 2);
    assert_string_equal(fake_engine.first_path, "x");
    assert_int_equal(fake_engine.explain.n_where, 1);
    assert_int_equal(fake_engine.explain.record_id, 7);
    assert_int_equal(fake_engine.explain.limit, 5);
    assert_said("\"schema\":\"iiswarden.explained-rule/1\"");
    fake_engine.finds_rule = false;
    assert_int_equal(RUN("rules", "explain", "First\033", "x"), 64);
    assert_complained("no rule has the file, id or title 'First\\x1b'");
    assert_int_equal(RUN("rules", "explain", "First", "x", "--limit", "0"), 64);
}

static void failed_tests_set_the_status(void **state)
{
    (void)state;
    assert_int_equal(RUN("rules", "test"), 64);
    assert_int_equal(RUN("rules", "test", "."), 0);
    assert_int_equal(RUN("rules", "test", "--rules", "."), 0);
    assert_int_equal(fake_engine.n_test_paths, 1);
    assert_true(fake_engine.options.confine);
    fake_engine.test_state = IW_RULE_TEST_SKIPPED;
    assert_int_equal(RUN("rules", "test", ".", "--format", "table"), 0);
    assert_said("t.yml: skipped: x\n    r: w\n");
    assert_said("1 test in 0 files: 0 passed, 0 failed, 1 skipped.\n");
    fake_engine.test_state = IW_RULE_TEST_FAILED;
    assert_int_equal(RUN("rules", "test", "."), 1);
    assert_said("\"state\":\"failed\"");
    fake_engine.test_state = IW_RULE_TEST_BROKEN;
    assert_int_equal(RUN("rules", "test", ".", "--no-confine"), 1);
    assert_false(fake_engine.options.confine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_of_two_words),       TEST(rules_are_listed),
        TEST(problems_set_the_status),     TEST(explain_asks_the_engine),
        TEST(failed_tests_set_the_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
