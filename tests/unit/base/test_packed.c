/*
 * Numbers and texts as bytes: every length there and back, cut anywhere, larger than they may be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/packed.h"

static const uint64_t NUMBERS[] = {
    0, 1, 127, 128, 16383, 16384, UINT32_MAX, 1ULL << 62, (1ULL << 63) - 1, UINT64_MAX};
#define N_NUMBERS (sizeof NUMBERS / sizeof NUMBERS[0])

static void test_there_and_back(void **state)
{
    struct iw_buffer buffer;
    struct iw_unpacking in;
    char bytes[3];
    (void)state;
    iw_buffer_init(&buffer);
    for (size_t i = 0; i < N_NUMBERS; i++)
        iw_pack_number(&buffer, NUMBERS[i]);
    iw_pack_text(&buffer, IW_STR("a\0b"));
    iw_pack_text(&buffer, IW_STR(""));
    iw_buffer_add(&buffer, IW_STR("xyz"));
    for (size_t n = 0; n <= buffer.n; n++) {
        in = (struct iw_unpacking){{buffer.p, n}, false};
        for (size_t i = 0; i < N_NUMBERS; i++) {
            uint64_t number = iw_unpack_number(&in);
            assert_true(number == NUMBERS[i] || (in.is_broken && number == 0));
        }
        assert_true(iw_str_equal(iw_unpack_text(&in), IW_STR("a\0b")) || in.is_broken);
        assert_int_equal(iw_unpack_text(&in).n, 0);
        assert_int_equal(iw_unpack_bytes(&in, bytes, 3), n == buffer.n);
        assert_int_equal(iw_unpack_is_whole(&in), n == buffer.n);
    }
    assert_memory_equal(bytes, "xyz", 3);
    in = (struct iw_unpacking){{"x", 1}, false};
    assert_false(iw_unpack_is_whole(&in)); /* something is left */
    iw_buffer_done(&buffer);
}

static void test_bounds(void **state)
{
    static const char FIVE[] = {5}, COUNT[] = {3, 'a', 'b', 'c'}, MANY[] = {4, 'a', 'b', 'c'};
    struct iw_unpacking in = {{FIVE, 1}, false};
    (void)state;
    assert_int_equal(iw_unpack_below(&in, 6), 5);
    assert_false(in.is_broken);
    in = (struct iw_unpacking){{FIVE, 1}, false};
    assert_int_equal(iw_unpack_below(&in, 5), 0);
    assert_true(in.is_broken);
    in = (struct iw_unpacking){{COUNT, 4}, false};
    assert_int_equal(iw_unpack_count(&in), 3);
    assert_false(in.is_broken);
    in = (struct iw_unpacking){{MANY, 4}, false};
    assert_int_equal(iw_unpack_count(&in), 0);
    assert_true(in.is_broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests_name("packed", tests, NULL, NULL);
}
