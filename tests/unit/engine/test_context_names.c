/*
 * Every context field a rule may ask for is answered by somebody, and nobody answers one that no
 * rule may ask for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "context/context_fields.h"
#include "event/context_name.h"

static void all_are_answered(void **state)
{
    size_t n = 0;
    (void)state;
    for (struct iw_str name = iw_context_name_at(n); name.p != NULL;
         name = iw_context_name_at(++n)) {
        bool is_change = iw_str_equal(name, IW_STR("Change.Status")); /* engine/context_pass.c */
        assert_true(iw_context_name_is_one(name));
        assert_true(iw_context_name_is_known(name));
        assert_int_equal(iw_context_field_is_here(name), !is_change);
    }
    assert_int_equal(n, 15); /* docs/RULES.md, "Context fields" */
    assert_true(iw_context_name_is_known(IW_STR("web.apppool")));
    assert_true(iw_context_name_is_one(IW_STR("Web.Pool")));
    assert_false(iw_context_name_is_known(IW_STR("Web.Pool")));
    assert_false(iw_context_name_is_one(IW_STR("Website")));
    assert_false(iw_context_name_is_one(IW_STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_are_answered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
