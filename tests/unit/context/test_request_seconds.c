/*
 * Seconds of requests: a set that does not depend on the order, and what is left of too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/timestamp.h"
#include "context/request_seconds.h"

#define S IW_NS_PER_SECOND
#define EPOCH INT64_C(1600000000)

static bool near(const struct iw_request_seconds *seconds, int64_t at)
{
    return iw_request_seconds_near(seconds, (EPOCH + at) * S, 2 * S);
}

static void add(struct iw_request_seconds *seconds, int64_t from, int64_t until,
                struct iw_arena *arena)
{
    assert_int_equal(
        iw_request_seconds_add(seconds, (EPOCH + from) * S, (EPOCH + until) * S, arena), IW_OK);
}

static void within_two_seconds(void **state)
{
    struct iw_request_seconds seconds = {0};
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_false(near(&seconds, 0));
    add(&seconds, 100, 103, &arena);
    add(&seconds, 50, 50, &arena);
    add(&seconds, 50, 50, &arena);
    assert_int_equal(seconds.n, 5);
    assert_true(near(&seconds, 48) && near(&seconds, 52));
    assert_false(near(&seconds, 47) || near(&seconds, 53));
    assert_true(near(&seconds, 98) && near(&seconds, 101) && near(&seconds, 105));
    assert_false(near(&seconds, 97) || near(&seconds, 106));
    /* Times that are none. */
    assert_int_equal(iw_request_seconds_add(&seconds, -1, 5, &arena), IW_OK);
    assert_int_equal(iw_request_seconds_add(&seconds, 5, 4, &arena), IW_OK);
    assert_int_equal(iw_request_seconds_add(&seconds, INT64_MAX, INT64_MAX, &arena), IW_OK);
    assert_int_equal(seconds.n, 5);
    assert_false(iw_request_seconds_near(&seconds, IW_TIME_UNKNOWN, 2 * S));
    assert_false(iw_request_seconds_near(&seconds, INT64_MAX, 2 * S));
    iw_arena_done(&arena);
}

/* Up to the limit exactly; past it from the first to the last. */
static void more_than_are_known(void **state)
{
    for (unsigned more = 0; more < 2; more++) {
        struct iw_request_seconds up = {0}, down = {0}, parts[2] = {{0}, {0}}, back;
        struct iw_buffer bytes[2];
        struct iw_unpacking in;
        struct iw_arena arena;
        int64_t n = IW_LIMIT_HOUR_SECONDS + more;
        iw_arena_init(&arena, 0);
        for (int64_t i = 0; i < n; i++) {
            add(&up, 10 * i, 10 * i, &arena);
            add(&down, 10 * (n - 1 - i), 10 * (n - 1 - i), &arena);
            add(&parts[i % 2], 10 * i, 10 * i, &arena);
        }
        assert_int_equal(iw_request_seconds_unite(&parts[1], &parts[0], &arena), IW_OK);
        assert_int_equal(iw_request_seconds_unite(&parts[1], &up, &arena), IW_OK);
        iw_buffer_init(&bytes[0]);
        iw_buffer_init(&bytes[1]);
        iw_request_seconds_pack(&up, &bytes[0]);
        iw_request_seconds_pack(&down, &bytes[1]);
        assert_true(iw_str_equal(iw_buffer_str(&bytes[0]), iw_buffer_str(&bytes[1])));
        iw_buffer_clear(&bytes[1]);
        iw_request_seconds_pack(&parts[1], &bytes[1]);
        assert_true(iw_str_equal(iw_buffer_str(&bytes[0]), iw_buffer_str(&bytes[1])));
        assert_int_equal(near(&up, 5), more == 1);
        assert_true(near(&up, 0) && near(&up, 10 * (n - 1)));
        assert_false(near(&up, -3) || near(&up, 10 * (n - 1) + 3));
        in = (struct iw_unpacking){iw_buffer_str(&bytes[0]), false};
        assert_int_equal(iw_request_seconds_unpack(&in, &arena, &back), IW_OK);
        assert_true(iw_unpack_is_whole(&in));
        assert_int_equal(near(&back, 5), more == 1);
        add(&back, 99999, 99999, &arena); /* it can go on */
        assert_true(near(&back, 99999));
        iw_buffer_done(&bytes[0]);
        iw_buffer_done(&bytes[1]);
        iw_arena_done(&arena);
    }
    (void)state;
}

/* One request that runs for an hour. */
static void a_long_request(void **state)
{
    struct iw_request_seconds seconds = {0};
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    add(&seconds, 0, 3600, &arena);
    assert_int_equal(seconds.n, IW_LIMIT_HOUR_SECONDS + 1);
    assert_true(near(&seconds, 0) && near(&seconds, 1800) && near(&seconds, 3602));
    assert_false(near(&seconds, 3603));
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_two_seconds),
        cmocka_unit_test(more_than_are_known),
        cmocka_unit_test(a_long_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
