/*
 * Keys compare as what they are made of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/sort_key.h"

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void numbers(void **state)
{
    static const int64_t VALUES[] = {INT64_MIN, INT64_MIN + 1, -256, -1, 0, 1, 255, 256, INT64_MAX};
    const size_t n = sizeof VALUES / sizeof VALUES[0];
    (void)state;
    for (size_t i = 0; i < n * n; i++) {
        int64_t a = VALUES[i / n], b = VALUES[i % n];
        struct iw_buffer x, y;
        iw_buffer_init(&x);
        iw_buffer_init(&y);
        iw_sort_key_i64(&x, a);
        iw_sort_key_i64(&y, b);
        assert_int_equal(sign(iw_str_compare(iw_buffer_str(&x), iw_buffer_str(&y))),
                         (a > b) - (a < b));
        assert_true(iw_sort_key_read_i64(x.p) == a);
        iw_buffer_clear(&x);
        iw_buffer_clear(&y);
        iw_sort_key_u64(&x, (uint64_t)a);
        iw_sort_key_u64(&y, (uint64_t)b);
        assert_int_equal(sign(iw_str_compare(iw_buffer_str(&x), iw_buffer_str(&y))),
                         ((uint64_t)a > (uint64_t)b) - ((uint64_t)a < (uint64_t)b));
        assert_true(iw_sort_key_read_u64(x.p) == (uint64_t)a);
        iw_buffer_clear(&x);
        iw_sort_key_u32(&x, (uint32_t)b);
        assert_int_equal(x.n, 4);
        assert_true(iw_sort_key_read_u32(x.p) == (uint32_t)b);
        iw_buffer_done(&x);
        iw_buffer_done(&y);
    }
}

/* Behind the first text of a key stands *second*; a text without an end is not passed over. */
static void check_passing(struct iw_str key, struct iw_str second)
{
    struct iw_str left = key, cut = {key.p, key.n - second.n - 1};
    assert_true(iw_sort_key_pass_text(&left));
    assert_true(iw_str_equal(left, second));
    assert_false(iw_sort_key_pass_text(&cut));
    assert_true(cut.p == key.p && cut.n == key.n - second.n - 1);
}

/* Texts one behind the other compare one after the other, whatever bytes they hold. */
static void texts(void **state)
{
    static const struct iw_str TEXTS[] = {
        {"", 0},     {"\0", 1},   {"\0\0", 2},   {"\0\xFF", 2},   {"\0a", 2}, {"\x01", 1},
        {"a", 1},    {"a\0", 2},  {"a\0\0", 3},  {"a\0b", 3},     {"aa", 2},  {"b", 1},
        {"\xFE", 1}, {"\xFF", 1}, {"\xFF\0", 2}, {"\xFF\xFF", 2},
    };
    const size_t n = sizeof TEXTS / sizeof TEXTS[0];
    (void)state;
    for (size_t i = 0; i < n * n * n; i++) {
        struct iw_str a = TEXTS[i % n], b = TEXTS[i / n % n], c = TEXTS[i / n / n];
        int order = iw_str_compare(a, b);
        struct iw_buffer x, y;
        iw_buffer_init(&x);
        iw_buffer_init(&y);
        iw_sort_key_text(&x, a);
        iw_sort_key_text(&x, c);
        iw_sort_key_text(&y, b);
        iw_sort_key_text(&y, a);
        if (order == 0)
            order = iw_str_compare(c, a);
        assert_int_equal(sign(iw_str_compare(iw_buffer_str(&x), iw_buffer_str(&y))), sign(order));
        iw_buffer_clear(&y);
        iw_sort_key_text(&y, c);
        check_passing(iw_buffer_str(&x), iw_buffer_str(&y));
        iw_buffer_done(&x);
        iw_buffer_done(&y);
    }
}

/* A long text takes bounded room; another end is another key. */
static void long_texts(void **state)
{
    static char text[100000];
    struct iw_buffer keys[4];
    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < 4; i++) {
        text[sizeof text - 1] = i < 2 ? 'x' : 'y';
        iw_buffer_init(&keys[i]);
        iw_sort_key_text(&keys[i],
                         (struct iw_str){text, i == 3 ? IW_SORT_KEY_TEXT_BYTES : sizeof text});
        assert_true(keys[i].n <= IW_SORT_KEY_TEXT_BYTES + 2 * 32 + 2);
    }
    assert_true(iw_str_equal(iw_buffer_str(&keys[0]), iw_buffer_str(&keys[1])));
    assert_false(iw_str_equal(iw_buffer_str(&keys[0]), iw_buffer_str(&keys[2])));
    assert_true(iw_str_compare(iw_buffer_str(&keys[3]), iw_buffer_str(&keys[0])) < 0);
    assert_int_equal(keys[3].n, IW_SORT_KEY_TEXT_BYTES + 2);
    for (size_t i = 0; i < 4; i++)
        iw_buffer_done(&keys[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
