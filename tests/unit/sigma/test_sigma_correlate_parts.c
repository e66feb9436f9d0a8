/*
 * Sums that can be taken back, and numbers in order: what windows of numbers stand on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sigma/sigma_correlate_rank.h"
#include "sigma/sigma_correlate_sum.h"
#include "sigma/sigma_number.h"

static uint64_t random_state = 0x9E3779B97F4A7C15U;

static uint64_t next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Any finite double, all exponents alike; *near* keeps two of them in reach of one another. */
static double any_double(uint64_t near)
{
    uint64_t bits = next();
    double real;

    if (near != 0)
        bits = (bits & ~((uint64_t)0x7FF << 52)) | ((near + bits % 64) % 0x7FF) << 52;
    memcpy(&real, &bits, sizeof real);
    return real - real == 0 ? real : 0;
}

static void a_sum_of_two_is_rounded_once(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct iw_correlate_sum sum = {{0}};
        uint64_t near = i % 2 == 0 ? 0 : 1 + next() % 2000;
        double a = any_double(near), b = any_double(near), both = a + b;
        iw_correlate_sum_real(&sum, a);
        assert_true(iw_correlate_sum_value(&sum) == a);
        iw_correlate_sum_real(&sum, b);
        /* Beyond the largest double the hardware says infinity; so does the sum. */
        assert_true(iw_correlate_sum_value(&sum) == both);
        iw_correlate_sum_real(&sum, -a);
        assert_true(iw_correlate_sum_value(&sum) == b);
    }
}

static void what_was_added_can_be_taken_away(void **state)
{
    static const struct iw_correlate_sum NOTHING = {{0}};
    struct iw_correlate_sum sum = {{0}};
    double reals[500];

    (void)state;
    for (size_t i = 0; i < 500; i++) {
        reals[i] = any_double(0);
        iw_correlate_sum_real(&sum, reals[i]);
        iw_correlate_sum_whole(&sum, UINT64_MAX - i, i % 3 == 0);
    }
    for (size_t i = 0; i < 500; i++) {
        iw_correlate_sum_real(&sum, -reals[i]);
        iw_correlate_sum_whole(&sum, UINT64_MAX - i, i % 3 != 0);
    }
    assert_memory_equal(&sum, &NOTHING, sizeof sum);
}

static void whole_sums_are_exact(void **state)
{
    struct iw_correlate_sum sum = {{0}};
    __int128 whole = 1;

    (void)state;
    assert_true(iw_correlate_sum_is_whole(&sum, &whole) && whole == 0);
    iw_correlate_sum_whole(&sum, UINT64_MAX, false);
    iw_correlate_sum_whole(&sum, UINT64_MAX, false);
    assert_true(iw_correlate_sum_is_whole(&sum, &whole));
    assert_true(whole == (__int128)UINT64_MAX * 2);
    for (int i = 0; i < 3; i++)
        iw_correlate_sum_whole(&sum, UINT64_MAX, true);
    assert_true(iw_correlate_sum_is_whole(&sum, &whole));
    assert_true(whole == -(__int128)UINT64_MAX);
    iw_correlate_sum_real(&sum, 0.5);
    assert_false(iw_correlate_sum_is_whole(&sum, &whole));
    iw_correlate_sum_real(&sum, 1.5);
    assert_true(iw_correlate_sum_is_whole(&sum, &whole));
    assert_true(whole == 2 - (__int128)UINT64_MAX);
    iw_correlate_sum_real(&sum, 0x1p127);
    assert_false(iw_correlate_sum_is_whole(&sum, &whole) && whole < 0);
    iw_correlate_sum_real(&sum, 0x1p300);
    assert_false(iw_correlate_sum_is_whole(&sum, &whole));
}

/* --- numbers in order --- */

static struct iw_number any_number(void)
{
    static const char *const TEXTS[] = {"0",
                                        "1",
                                        "1.0",
                                        "-1",
                                        "2.5",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "-9007199254740993",
                                        "18446744073709551615",
                                        "1e300"};
    struct iw_number number;
    assert_true(iw_number_parse(iw_str_of(TEXTS[next() % 10]), &number));
    return number;
}

static int compare(const void *a, const void *b)
{
    const struct iw_number *x = a, *y = b;
    if (x->real != y->real)
        return x->real < y->real ? -1 : 1;
    if (x->is_whole && y->is_whole)
        return iw_number_compare(x, y);
    return (int)y->is_whole - (int)x->is_whole;
}

static void ranks_are_those_of_a_sorted_list(void **state)
{
    struct iw_correlate_total total = {0};
    struct iw_correlate_heap heap = {.total = &total};
    struct iw_correlate_rank rank = {.n = 0};
    struct iw_number numbers[300];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        /* Grows for a while, then shrinks. */
        if (n == 0 || (n < 300 && next() % 8 < (i / 1000 % 2 == 0 ? 5 : 3))) {
            numbers[n] = any_number();
            assert_true(iw_correlate_rank_add(&rank, &heap, &numbers[n]));
            n++;
        } else {
            size_t at = next() % n;
            iw_correlate_rank_remove(&rank, &heap, &numbers[at]);
            numbers[at] = numbers[--n];
        }
        assert_int_equal(rank.n, n);
        if (i % 16 != 0 || n == 0)
            continue;
        qsort(numbers, n, sizeof numbers[0], compare);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(compare(iw_correlate_rank_at(&rank, k), &numbers[k]), 0);
    }
    iw_correlate_rank_done(&rank, &heap);
    assert_int_equal(heap.held_bytes, 0);
    assert_int_equal(total.held_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_of_two_is_rounded_once),
        cmocka_unit_test(what_was_added_can_be_taken_away),
        cmocka_unit_test(whole_sums_are_exact),
        cmocka_unit_test(ranks_are_those_of_a_sorted_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
