/*
 * The run and the account of rules: notes, entries, counts, and memory failing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "result/run.h"
#include "tests/support/skip_because.h"

static void notes_stay_in_order(void **state)
{
    struct iw_run run;
    struct iw_buffer expected;
    (void)state;
    iw_run_init(&run);
    iw_buffer_init(&expected);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(iw_run_note(&run, "note %u of %s", i, "many"), IW_OK);
    assert_int_equal(run.notes.n, 100);
    for (unsigned i = 0; i < 100; i++) {
        iw_buffer_clear(&expected);
        iw_buffer_printf(&expected, "note %u of many", i);
        assert_true(iw_str_equal(run.notes.items[i], iw_buffer_str(&expected)));
    }
    iw_buffer_done(&expected);
    iw_run_done(&run);
}

static void rules_are_counted_by_state(void **state)
{
    struct iw_rule_account account;
    struct iw_rule_entry entry = {.state = IW_RULE_REFUSED, .line = 7, .reason = IW_STR("why")};
    char file[] = "a.yml";
    (void)state;
    iw_rule_account_init(&account);
    entry.file = iw_str_of(file);
    assert_int_equal(iw_rule_account_add(&account, &entry), 0);
    file[0] = 'b'; /* copied */
    entry.state = IW_RULE_LOADED;
    assert_int_equal(iw_rule_account_add(&account, &entry), 1);
    assert_int_equal(account.n_by_state[IW_RULE_REFUSED], 1);
    assert_int_equal(account.n_by_state[IW_RULE_LOADED], 1);
    assert_int_equal(account.n_by_state[IW_RULE_NOT_YET], 0);
    assert_true(iw_str_equal(account.entries[0].file, IW_STR("a.yml")));
    assert_true(iw_str_equal(account.entries[1].file, IW_STR("b.yml")));
    assert_string_equal(iw_rule_state_name(IW_RULE_NOT_APPLICABLE), "not-applicable");
    iw_rule_account_done(&account);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1; n <= 2; n++) {
        struct iw_run run;
        struct iw_rule_entry entry = {.file = IW_STR("a.yml")};
        iw_run_init(&run);
        iw_alloc_fail_at(n);
        assert_true(iw_rule_account_add(&run.rules, &entry) == SIZE_MAX);
        assert_int_equal(run.rules.n, 0);
        assert_int_equal(run.rules.n_by_state[IW_RULE_LOADED], 0);
        iw_alloc_fail_at(1);
        assert_int_equal(iw_run_note(&run, "x"), IW_ENOMEM);
        assert_int_equal(run.notes.n, 0);
        iw_alloc_fail_at(0);
        assert_int_equal(iw_run_note(&run, "x"), IW_OK);
        iw_run_done(&run);
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_stay_in_order),
        cmocka_unit_test(rules_are_counted_by_state),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
