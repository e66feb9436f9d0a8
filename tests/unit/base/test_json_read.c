/*
 * Reading JSON: what RFC 8259 allows is read, everything else refused; limits at the limit and one
 * past it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/json_read.h"
#include "base/limits.h"

static enum iw_rc read_it(struct iw_str text, struct iw_arena *arena,
                          const struct iw_json_node **ret)
{
    struct iw_error err;
    iw_arena_init(arena, 0);
    return iw_json_read(text, arena, ret, &err);
}

static void test_values(void **state)
{
    const struct iw_json_node *top, *at;
    struct iw_arena arena;
    (void)state;
    assert_int_equal(read_it(IW_STR(" {\"a\" : [1, -2.5e+3, true, false, null, \"\"], \"\": {}}\n"),
                             &arena, &top),
                     IW_OK);
    assert_int_equal(top->kind, IW_JSON_OBJECT);
    assert_int_equal(top->n, 2);
    at = iw_json_find(top, IW_STR("a"));
    assert_int_equal(at->kind, IW_JSON_ARRAY);
    assert_int_equal(at->n, 6);
    at = at->first;
    assert_int_equal(at->kind, IW_JSON_NUMBER);
    assert_true(iw_str_equal(at->text, IW_STR("1")));
    at = at->next;
    assert_true(iw_str_equal(at->text, IW_STR("-2.5e+3")));
    at = at->next;
    assert_int_equal(at->kind, IW_JSON_TRUE);
    at = at->next;
    assert_int_equal(at->kind, IW_JSON_FALSE);
    at = at->next;
    assert_int_equal(at->kind, IW_JSON_NULL);
    at = at->next;
    assert_int_equal(at->kind, IW_JSON_TEXT);
    assert_null(at->next);
    assert_int_equal(iw_json_find(top, IW_STR(""))->kind, IW_JSON_OBJECT);
    assert_null(iw_json_find(top, IW_STR("b")));
    assert_null(iw_json_find(NULL, IW_STR("b")));
    iw_arena_done(&arena);
}

static void test_escapes(void **state)
{
    const struct iw_json_node *top;
    struct iw_arena arena;
    (void)state;
    assert_int_equal(
        read_it(IW_STR("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\u0000z\""),
                &arena, &top),
        IW_OK);
    assert_true(iw_str_equal(top->text, IW_STR("\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC"
                                               "\xF0\x9F\x98\x80\0z")));
    iw_arena_done(&arena);
}

static void test_refused(void **state)
{
    static const struct iw_str BAD[] = {
        IW_STR(""),
        IW_STR(" "),
        IW_STR("{"),
        IW_STR("}"),
        IW_STR("[1,]"),
        IW_STR("[,1]"),
        IW_STR("[1 2]"),
        IW_STR("{\"a\"}"),
        IW_STR("{\"a\":}"),
        IW_STR("{\"a\":1,}"),
        IW_STR("{a:1}"),
        IW_STR("{\"a\":1 \"b\":2}"),
        IW_STR("01"),
        IW_STR("1."),
        IW_STR(".5"),
        IW_STR("1e"),
        IW_STR("+1"),
        IW_STR("-"),
        IW_STR("tru"),
        IW_STR("nulll"),
        IW_STR("1 2"),
        IW_STR("\"a"),
        IW_STR("\"\\"),
        IW_STR("\"\\x\""),
        IW_STR("\"\\u12\""),
        IW_STR("\"a\nb\""),
        IW_STR("\"\\ud800\""),
        IW_STR("\"\\ude00\""),
        IW_STR("\"\\ud83d\\u0041\""),
        IW_STR("\"\xFF\""),
        IW_STR("{\"a\":1,\"a\":2}"),
        IW_STR("{\"a\":1,\"\\u0061\":2}"),
        IW_STR("\"a\0b\""),
        IW_STR("1\0"),
        IW_STR("[1}"),
        IW_STR("\xEF\xBB\xBF"
               "1"),
        IW_STR("//\n1"),
        IW_STR("NaN"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        const struct iw_json_node *top;
        struct iw_arena arena;
        if (read_it(BAD[i], &arena, &top) != IW_EFORMAT)
            fail_msg("taken: %.*s", IW_STR_ARG(BAD[i]));
        assert_null(top);
        iw_arena_done(&arena);
    }
}

/* Every beginning of a document is refused, none is read beyond its end. */
static void test_cut(void **state)
{
    struct iw_str whole = IW_STR("{\"a\":[1,{\"b\":\"\\u00e9\\n\"},null],\"c\":true}");
    (void)state;
    for (size_t n = 0; n < whole.n; n++) {
        char *copy = malloc(n + 1);
        const struct iw_json_node *top;
        struct iw_arena arena;
        assert_non_null(copy);
        memcpy(copy, whole.p, n);
        assert_int_equal(read_it((struct iw_str){copy, n}, &arena, &top), IW_EFORMAT);
        iw_arena_done(&arena);
        free(copy);
    }
}

/* An array of *n* zeros, or an object of *n* members. */
static enum iw_rc wide(bool is_object, size_t n)
{
    const struct iw_json_node *top;
    struct iw_buffer text;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_buffer_init(&text);
    iw_buffer_add_char(&text, is_object ? '{' : '[');
    for (size_t i = 0; i < n; i++) {
        if (i != 0)
            iw_buffer_add_char(&text, ',');
        if (is_object)
            iw_buffer_printf(&text, "\"%zu\":", i);
        iw_buffer_add_char(&text, '0');
    }
    iw_buffer_add_char(&text, is_object ? '}' : ']');
    assert_false(text.failed);
    rc = read_it(iw_buffer_str(&text), &arena, &top);
    iw_arena_done(&arena);
    iw_buffer_done(&text);
    return rc;
}

static enum iw_rc nested(size_t n)
{
    const struct iw_json_node *top;
    struct iw_buffer text;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_buffer_init(&text);
    for (size_t i = 0; i < n; i++)
        iw_buffer_add_char(&text, '[');
    for (size_t i = 0; i < n; i++)
        iw_buffer_add_char(&text, ']');
    rc = read_it(iw_buffer_str(&text), &arena, &top);
    iw_arena_done(&arena);
    iw_buffer_done(&text);
    return rc;
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(nested(IW_LIMIT_TREE_DEPTH), IW_OK);
    assert_int_equal(nested(IW_LIMIT_TREE_DEPTH + 1), IW_ELIMIT);
    assert_int_equal(nested(1000000), IW_ELIMIT);
    /* The array is a value too. */
    assert_int_equal(wide(false, IW_LIMIT_TREE_VALUES - 1), IW_OK);
    assert_int_equal(wide(false, IW_LIMIT_TREE_VALUES), IW_ELIMIT);
    assert_int_equal(wide(true, IW_LIMIT_TREE_MEMBERS), IW_OK);
    assert_int_equal(wide(true, IW_LIMIT_TREE_MEMBERS + 1), IW_ELIMIT);
}

static void test_no_memory(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    for (uint64_t n = 1; rc == IW_ENOMEM; n++) {
        const struct iw_json_node *top;
        struct iw_arena arena;
        iw_alloc_fail_at(n);
        rc = read_it(IW_STR("{\"a\":[\"\\n\",{\"b\":2}]}"), &arena, &top);
        iw_alloc_fail_at(0);
        if (n == 1)
            assert_int_equal(rc, IW_ENOMEM);
        iw_arena_done(&arena);
    }
    assert_int_equal(rc, IW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),  cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_limits),  cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
