/*
 * The user's YARA rules: what matches, what is no rule, and that matching ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "iis/yara/yara_rules.h"
#include "tests/support/skip_because.h"

static struct iw_arena arena;

static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static void names_of_rules_that_match(void **state)
{
    static const struct iw_str RULES =
        IW_STR("private rule base { strings: $a = \"one\" condition: $a }\n"
               "rule zebra { strings: $a = \"ONE\" nocase condition: $a and base }\n"
               "rule apple { condition: filesize > 2 }\n"
               "rule absent { strings: $a = \"absent\" condition: $a }\n");
    struct iw_text_list names;
    struct iw_error error;
    struct iw_yara *yara;
    (void)state;
    if (!iw_yara_is_there()) {
        assert_int_equal(iw_yara_new(&yara, &error), IW_EUSAGE);
        skip_because("libyara is not installed");
    }
    assert_int_equal(iw_yara_new(&yara, &error), IW_OK);
    assert_int_equal(iw_yara_add(yara, RULES, "a.yar", &error), IW_OK);
    assert_int_equal(iw_yara_add(yara, IW_STR("rule more { condition: true }"), "b.yar", &error),
                     IW_OK);
    assert_int_equal(iw_yara_seal(yara, &error), IW_OK);
    assert_int_equal(iw_yara_scan(yara, NULL, IW_STR("xx one xx"), &arena, &names), IW_OK);
    assert_int_equal(names.n, 3);
    assert_true(iw_str_equal(names.items[0], IW_STR("apple")));
    assert_true(iw_str_equal(names.items[1], IW_STR("more")));
    assert_true(iw_str_equal(names.items[2], IW_STR("zebra")));
    assert_int_equal(iw_yara_scan(yara, NULL, IW_STR(""), &arena, &names), IW_OK);
    assert_int_equal(names.n, 1);
    iw_yara_free(yara);
}

/* The last nanosecond of a budget still pays for a file; used up, none is tried, and each counted.
 */
static void time_for_all_files(void **state)
{
    struct iw_yara_budget budget;
    struct iw_text_list names;
    struct iw_error error;
    struct iw_yara *yara;
    (void)state;
    if (!iw_yara_is_there())
        skip_because("libyara is not installed");
    assert_int_equal(iw_yara_new(&yara, &error), IW_OK);
    assert_int_equal(
        iw_yara_add(yara, IW_STR("rule all_of_it { condition: true }"), "a.yar", &error), IW_OK);
    assert_int_equal(iw_yara_seal(yara, &error), IW_OK);
    iw_yara_budget_init(&budget, IW_LIMIT_YARA_TOTAL_SECONDS);
    budget.spent_ns = budget.limit_ns - 1;
    assert_int_equal(iw_yara_scan(yara, &budget, IW_STR("x"), &arena, &names), IW_OK);
    assert_int_equal(names.n, 1);
    assert_true(budget.spent_ns >= budget.limit_ns);
    assert_int_equal(budget.n_untried, 0);
    budget.spent_ns = budget.limit_ns;
    for (uint64_t i = 1; i <= 2; i++) {
        assert_int_equal(iw_yara_scan(yara, &budget, IW_STR("x"), &arena, &names), IW_ELIMIT);
        assert_int_equal(names.n, 0);
        assert_int_equal(budget.n_untried, i);
    }
    iw_yara_free(yara);
}

static void what_is_no_rule(void **state)
{
    static const struct iw_str TEXTS[] = {
        {"rule x { condition: nothing }", 29},
        {"\n\nrule { }", 10},
        {"include \"/etc/passwd\"", 21},
        {"rule a { condition: true }\0", 27},
    };
    (void)state;
    if (!iw_yara_is_there())
        skip_because("libyara is not installed");
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        struct iw_error error = {.rc = IW_OK};
        struct iw_yara *yara;
        assert_int_equal(iw_yara_new(&yara, &error), IW_OK);
        assert_int_equal(iw_yara_add(yara, TEXTS[i], "a.yar", &error), IW_EUSAGE);
        assert_string_equal(error.where, "a.yar");
        assert_int_not_equal(error.message[0], '\0');
        iw_yara_free(yara);
    }
    iw_yara_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_of_rules_that_match, begin, end),
        cmocka_unit_test_setup_teardown(time_for_all_files, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_rule, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
