/*
 * The keeper: the lowest N by time, source and offset, at the limit and past it, whatever the order
 * and the division among threads; everything seen is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "engine/keeper.h"

#define LIMIT ((size_t)IW_LIMIT_FINDINGS_PER_RULE)

/* Key number i of any order: three events share a time, told apart by source and offset. */
static struct iw_event event_of(size_t i)
{
    static const uint32_t SOURCES[] = {0, 0, 1};
    static const uint64_t OFFSETS[] = {5, 6, 0};
    return (struct iw_event){
        .time_ns = (int64_t)(i / 3) - 1000, .source = SOURCES[i % 3], .offset = OFFSETS[i % 3]};
}

/* What a thread does with event *i*; the address of a marker stands for its finding. */
static void meet(struct iw_keeper *keeper, size_t i, char *markers)
{
    struct iw_event event = event_of(i);
    if (iw_keeper_wants(keeper, &event))
        assert_int_equal(iw_keeper_add(keeper, &event, (struct iw_finding *)(void *)(markers + i)),
                         IW_OK);
}

/* What is kept of events 0 .. n-1 are the lowest ones, each once. */
static void assert_lowest(struct iw_keeper *keeper, size_t n, const char *markers)
{
    size_t n_kept = n < LIMIT ? n : LIMIT;
    char *seen = test_calloc(n, 1);
    assert_int_equal(iw_keeper_settle(keeper), n - n_kept);
    assert_int_equal(keeper->n_seen, n);
    assert_int_equal(keeper->n, n_kept);
    for (size_t k = 0; k < n_kept; k++) {
        size_t i = (size_t)((const char *)keeper->items[k].finding - markers);
        assert_true(i < n_kept);
        assert_int_equal(seen[i], 0);
        seen[i] = 1;
    }
    test_free(seen);
}

enum order { FORWARDS, BACKWARDS, MIXED, ORDER_COUNT };

/* The i-th event to come in an order; *n* has no factor 7919. */
static size_t nth(enum order order, size_t i, size_t n)
{
    if (order == FORWARDS)
        return i;
    return order == BACKWARDS ? n - 1 - i : i * 7919 % n;
}

static void any_order_and_division(void **state)
{
    static const size_t SIZES[] = {0, 1, LIMIT - 1, LIMIT, LIMIT + 1, 2 * LIMIT + 1, 3 * LIMIT + 7};
    char *markers = test_malloc(3 * LIMIT + 7);
    (void)state;
    for (size_t s = 0; s < sizeof SIZES / sizeof SIZES[0]; s++) {
        for (enum order order = FORWARDS; order < ORDER_COUNT; order++) {
            struct iw_keeper parts[3] = {{.items = NULL}}, sum = {.items = NULL};
            for (size_t i = 0; i < SIZES[s]; i++) {
                size_t event = nth(order, i, SIZES[s]);
                meet(&parts[order == MIXED ? event % 3 : i * 3 / SIZES[s]], event, markers);
            }
            for (unsigned k = 0; k < 3; k++) {
                assert_int_equal(iw_keeper_merge(&sum, &parts[2 - k]), IW_OK);
                iw_keeper_done(&parts[2 - k]);
            }
            assert_lowest(&sum, SIZES[s], markers);
            iw_keeper_done(&sum);
        }
    }
    test_free(markers);
}

/* One keeper alone, and never more room than twice the limit. */
static void one_thread(void **state)
{
    char *markers = test_malloc(4 * LIMIT);
    (void)state;
    for (enum order order = FORWARDS; order < ORDER_COUNT; order++) {
        struct iw_keeper keeper = {.items = NULL};
        for (size_t i = 0; i < 4 * LIMIT; i++) {
            meet(&keeper, nth(order, i, 4 * LIMIT), markers);
            assert_true(keeper.n <= 2 * LIMIT);
        }
        assert_lowest(&keeper, 4 * LIMIT, markers);
        iw_keeper_done(&keeper);
    }
    test_free(markers);
}

/* Past the limit a later event need not be made, an earlier one must. */
static void wants_only_what_can_stay(void **state)
{
    struct iw_keeper keeper = {.items = NULL};
    char *markers = test_malloc(1001 + 2 * LIMIT);
    struct iw_event event;
    (void)state;
    for (size_t i = 0; i <= 2 * LIMIT; i++)
        meet(&keeper, 1000 + i, markers);
    event = event_of(1000 + 2 * LIMIT);
    assert_false(iw_keeper_wants(&keeper, &event));
    event = event_of(999);
    assert_true(iw_keeper_wants(&keeper, &event));
    event.time_ns = IW_TIME_UNKNOWN;
    assert_true(iw_keeper_wants(&keeper, &event));
    assert_int_equal(keeper.n_seen, 2 * LIMIT + 4);
    iw_keeper_done(&keeper);
    iw_keeper_done(&keeper);
    test_free(markers);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    struct iw_keeper keeper = {.items = NULL}, other = {.items = NULL};
    struct iw_event event = event_of(0);
    iw_alloc_fail_at(1);
    assert_true(iw_keeper_wants(&keeper, &event));
    assert_int_equal(iw_keeper_add(&keeper, &event, NULL), IW_ENOMEM);
    iw_alloc_fail_at(0);
    assert_int_equal(iw_keeper_add(&keeper, &event, NULL), IW_OK);
    iw_alloc_fail_at(1);
    assert_int_equal(iw_keeper_merge(&other, &keeper), IW_ENOMEM);
    iw_alloc_fail_at(0);
    iw_keeper_done(&keeper);
    iw_keeper_done(&other);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_and_division),
        cmocka_unit_test(one_thread),
        cmocka_unit_test(wants_only_what_can_stay),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
