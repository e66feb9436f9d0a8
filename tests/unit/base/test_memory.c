/*
 * Memory: allocation that can be made to fail, arenas, buffers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/arena_text.h"
#include "base/buffer.h"
#include "tests/support/skip_because.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static void nothing_is_something(void **state)
{
    void *p = iw_malloc(0), *q = iw_calloc(0, 5), *r = iw_realloc(NULL, 0);
    (void)state;
    assert_non_null(p);
    assert_non_null(q);
    assert_non_null(r);
    iw_free(p);
    iw_free(q);
    iw_free(r);
    iw_free(NULL);
}

static void sizes_that_overflow(void **state)
{
    char *items = NULL;
    size_t cap = 0;
    volatile size_t huge = SIZE_MAX; /* the compiler need not know */
    (void)state;
    assert_null(iw_calloc(huge / 2, 3));
    assert_false(iw_array_reserve(&items, &cap, huge / 4, 8));
    assert_false(iw_array_reserve(&items, &cap, huge, 1));
    assert_null(items);
    assert_int_equal(cap, 0);
}

static void arrays_grow_and_keep(void **state)
{
    uint32_t *items = NULL;
    size_t cap = 0;
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        size_t before = cap;
        assert_true(iw_array_reserve(&items, &cap, i + 1U, sizeof *items));
        assert_true(cap == before || cap >= 2 * before);
        items[i] = i;
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    iw_free(items);
}

static void the_nth_allocation_fails(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    char *first, *second, *copy;
    iw_alloc_fail_at(2);
    first = iw_malloc(1);
    second = iw_malloc(1);
    copy = iw_strdup("x"); /* once only */
    assert_non_null(first);
    assert_null(second);
    assert_non_null(copy);
    assert_int_equal(iw_alloc_count(), 3);
    iw_alloc_fail_at(1);
    assert_null(iw_realloc(copy, 100));
    assert_string_equal(copy, "x"); /* the old block stays */
    iw_alloc_fail_at(0);
    iw_free(first);
    iw_free(copy);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

static void arena_blocks_do_not_move(void **state)
{
    struct iw_arena arena;
    char *texts[3000];
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t round = 0; round < 3; round++) {
        size_t held = arena.held_bytes;
        for (size_t i = 0; i < 3000; i++) {
            texts[i] = iw_arena_alloc(&arena, i);
            assert_non_null(texts[i]);
            assert_int_equal((uintptr_t)texts[i] % 8, 0);
            memset(texts[i], (int)(i % 251), i);
        }
        for (size_t i = 0; i < 3000; i++) {
            for (size_t at = 0; at < i; at++)
                assert_int_equal((unsigned char)texts[i][at], i % 251);
        }
        assert_true(round == 0 || arena.held_bytes == held); /* warm: nothing new */
        iw_arena_reset(&arena);
    }
    iw_arena_done(&arena);
    iw_arena_done(&arena);
}

static void arena_gives_nothing_a_place(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_non_null(iw_arena_alloc(&arena, 0)); /* of an arena that holds no block yet */
    iw_arena_done(&arena);
    iw_arena_init(&arena, 0);
    assert_non_null(iw_arena_calloc(&arena, 0, 8));
    assert_non_null(iw_arena_copy(&arena, IW_STR("")).p);
    iw_arena_done(&arena);
}

static void arena_refuses(void **state)
{
    volatile size_t huge = SIZE_MAX;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 100000);
    assert_null(iw_arena_alloc(&arena, huge));
    assert_null(iw_arena_alloc(&arena, huge - 7));
    assert_null(iw_arena_alloc(&arena, huge - 8));
    assert_null(iw_arena_calloc(&arena, huge / 2, 3));
    assert_null(iw_arena_copy(&arena, (struct iw_str){"", huge}).p);
    assert_non_null(iw_arena_alloc(&arena, 60000));
    assert_true(arena.held_bytes <= 100000);
    assert_null(iw_arena_alloc(&arena, 60000)); /* past the cap */
    assert_non_null(iw_arena_alloc(&arena, 1000));
    assert_true(arena.held_bytes <= 100000);
    iw_arena_done(&arena);
#ifdef IW_FAULT_INJECTION
    iw_arena_init(&arena, 0);
    iw_alloc_fail_at(1);
    assert_null(iw_arena_copy(&arena, IW_STR("x")).p);
    assert_non_null(iw_arena_copy(&arena, IW_STR("x")).p);
    iw_alloc_fail_at(0);
    iw_arena_done(&arena);
#endif
}

static void arena_takes_over_another(void **state)
{
    struct iw_arena into, from;
    struct iw_str a, b;
    size_t held;
    (void)state;
    iw_arena_init(&into, 0);
    iw_arena_init(&from, 500000);
    iw_arena_adopt(&into, &from); /* nothing into nothing */
    a = iw_arena_copy(&from, IW_STR("from"));
    assert_non_null(iw_arena_alloc(&from, 100000)); /* a second block */
    held = from.held_bytes;
    iw_arena_adopt(&into, &from);
    assert_int_equal(into.held_bytes, held);
    assert_int_equal(from.held_bytes, 0);
    b = iw_arena_copy(&into, IW_STR("into"));
    assert_non_null(iw_arena_copy(&from, IW_STR("again")).p);
    assert_null(iw_arena_alloc(&from, 500000)); /* its cap is still its own */
    iw_arena_adopt(&into, &from);
    for (unsigned i = 0; i < 1000; i++)
        assert_non_null(iw_arena_copy(&into, IW_STR("something else")).p);
    assert_true(iw_str_equal(a, IW_STR("from")));
    assert_true(iw_str_equal(b, IW_STR("into")));
    iw_arena_done(&from);
    iw_arena_done(&into);
}

static struct iw_str format(struct iw_arena *arena, const char *pattern, ...)
    __attribute__((format(printf, 2, 3)));

static struct iw_str format(struct iw_arena *arena, const char *pattern, ...)
{
    struct iw_str text;
    va_list args;
    va_start(args, pattern);
    text = iw_arena_vformat(arena, pattern, args);
    va_end(args);
    return text;
}

static void arena_makes_texts(void **state)
{
    struct iw_arena arena, small;
    struct iw_str text;
    (void)state;
    iw_arena_init(&arena, 0);
    text = format(&arena, "%s-%d", "a", 7);
    assert_string_equal(text.p, "a-7");
    assert_int_equal(text.n, 3);
    text = format(&arena, "%5000s", "x"); /* of any length */
    assert_int_equal(text.n, 5000);
    assert_int_equal(text.p[4999], 'x');
    text = iw_arena_lower(&arena, IW_STR("A\0[Z\xC4"));
    assert_true(iw_str_equal(text, IW_STR("a\0[z\xC4")));
    iw_arena_done(&arena);
    iw_arena_init(&small, 16);
    assert_null(format(&small, "%100s", "x").p);
    text = iw_arena_lower(&small, IW_STR("longer than sixteen bytes"));
    assert_null(text.p);
    assert_int_equal(text.n, 0);
    iw_arena_done(&small);
}

static void arena_poisons(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    struct iw_arena arena;
    char *p;
    iw_arena_init(&arena, 0);
    p = iw_arena_alloc(&arena, 16);
    assert_false(__asan_address_is_poisoned(p + 15));
    assert_true(__asan_address_is_poisoned(p + 16)); /* the gap */
    iw_arena_reset(&arena);
    assert_true(__asan_address_is_poisoned(p));
    iw_arena_done(&arena);
#else
    skip_because("built without ASan");
#endif
}

static void buffer_writes_numbers(void **state)
{
    struct iw_buffer buffer;
    (void)state;
    iw_buffer_init(&buffer);
    iw_buffer_add_u64(&buffer, 0);
    iw_buffer_add_char(&buffer, ' ');
    iw_buffer_add_u64(&buffer, UINT64_MAX);
    iw_buffer_add_char(&buffer, ' ');
    iw_buffer_add_i64(&buffer, INT64_MIN);
    iw_buffer_add_char(&buffer, ' ');
    iw_buffer_add_i64(&buffer, INT64_MAX);
    iw_buffer_printf(&buffer, " %s %d", "x", -7);
    iw_buffer_add(&buffer, IW_STR(""));
    iw_buffer_add_hex(&buffer, (const uint8_t[]){0x00, 0x9f, 0xff}, 3);
    assert_true(
        iw_str_equal(iw_buffer_str(&buffer), IW_STR("0 18446744073709551615 -9223372036854775808 "
                                                    "9223372036854775807 x -7009fff")));
    iw_buffer_clear(&buffer);
    assert_int_equal(buffer.n, 0);
    iw_buffer_done(&buffer);
}

static void buffer_remembers_failure(void **state)
{
    struct iw_buffer buffer;
    (void)state;
    iw_buffer_init(&buffer);
    iw_buffer_add(&buffer, IW_STR("abc"));
    assert_null(iw_buffer_room(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    iw_buffer_add(&buffer, IW_STR("d"));
    iw_buffer_printf(&buffer, "e");
    assert_true(iw_str_equal(iw_buffer_str(&buffer), IW_STR("abc")));
    iw_buffer_clear(&buffer);
    iw_buffer_add(&buffer, IW_STR("d"));
    assert_false(buffer.failed);
    iw_buffer_done(&buffer);
#ifdef IW_FAULT_INJECTION
    iw_alloc_fail_at(1);
    iw_buffer_add_u64(&buffer, 7);
    iw_alloc_fail_at(0);
    assert_true(buffer.failed);
    iw_buffer_done(&buffer);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_something),
        cmocka_unit_test(sizes_that_overflow),
        cmocka_unit_test(arrays_grow_and_keep),
        cmocka_unit_test(the_nth_allocation_fails),
        cmocka_unit_test(arena_blocks_do_not_move),
        cmocka_unit_test(arena_gives_nothing_a_place),
        cmocka_unit_test(arena_refuses),
        cmocka_unit_test(arena_takes_over_another),
        cmocka_unit_test(arena_makes_texts),
        cmocka_unit_test(arena_poisons),
        cmocka_unit_test(buffer_writes_numbers),
        cmocka_unit_test(buffer_remembers_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
