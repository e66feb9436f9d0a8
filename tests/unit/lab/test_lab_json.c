/*
 * The lab's JSON reader: what it accepts, what it refuses, and where it stops.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab/json/lab_json.h"

static bool accepts(const char *text)
{
    struct iw_lab_json json;
    struct iw_lab_error error;
    bool ok = iw_lab_json_parse(&json, text, strlen(text), &error);
    iw_lab_json_done(&json);
    return ok;
}

static void test_tree(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\":[1,-2.5e3,true,null],\"b\":\"x\\u00fc\\n\\ud834\\udd1e\\u0000y\"}";
    struct iw_lab_json json;
    struct iw_lab_error error;
    assert_true(iw_lab_json_parse(&json, text, strlen(text), &error));
    const struct iw_lab_json_node *list = iw_lab_json_member(&json, &json.nodes[0], "a");
    assert_non_null(list);
    assert_int_equal(list->n_children, 4);
    const struct iw_lab_json_node *second = iw_lab_json_next(&json, iw_lab_json_first(&json, list));
    assert_string_equal(second->text, "-2.5e3");
    const struct iw_lab_json_node *b = iw_lab_json_member(&json, &json.nodes[0], "b");
    assert_int_equal(b->size_bytes, 10);
    assert_memory_equal(b->text, "x\xC3\xBC\n\xF0\x9D\x84\x9E\0y", 10);
    assert_null(iw_lab_json_member(&json, &json.nodes[0], "c"));
    iw_lab_json_done(&json);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",          "{",         "{\"a\"}", "{\"a\":}", "[1,]",
        "[1 2]",     "\"x",       "nul",     "{} {}",    "\"\\q\"",
        "\"\\u12\"", "[\"a\n\"]", "{1:2}",   "]",        "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(accepts(wrong[i]));
    }
    assert_true(accepts("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]")); /* sixteen deep is the limit */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
