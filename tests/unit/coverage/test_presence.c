/*
 * Presence: parts of time, the same whatever the order and the division, pauses to the nanosecond,
 * the limit and one past it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "coverage/presence.h"

#define SECOND IW_NS_PER_SECOND
#define PART IW_PRESENCE_PART_NS

static void add(struct iw_presence *presence, int64_t time_ns)
{
    if (!iw_presence_add_near(presence, time_ns))
        assert_int_equal(iw_presence_place(presence, time_ns), IW_OK);
}

static void assert_equal(const struct iw_presence *a, const struct iw_presence *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->doubled, b->doubled);
    for (size_t i = 0; i < a->n; i++)
        assert_memory_equal(&a->parts[i], &b->parts[i], sizeof a->parts[i]);
}

static void moments_of_a_part_are_one(void **state)
{
    struct iw_presence presence = {0};
    (void)state;
    add(&presence, IW_TIME_UNKNOWN);
    assert_int_equal(presence.n, 0);
    add(&presence, 10 * SECOND);
    add(&presence, PART - 1);
    add(&presence, 0);
    add(&presence, PART); /* the next part */
    add(&presence, -1);   /* the one before */
    assert_int_equal(presence.n, 3);
    assert_int_equal(presence.parts[0].first_ns, -1);
    assert_int_equal(presence.parts[1].first_ns, 0);
    assert_int_equal(presence.parts[1].last_ns, PART - 1);
    assert_int_equal(presence.parts[1].n, 3);
    assert_int_equal(presence.parts[2].first_ns, PART);
    iw_presence_done(&presence);
}

/* A number that looks like none, from a number. */
static uint64_t mixed(uint64_t i)
{
    i = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    return i ^ (i >> 31);
}

static void order_and_division_do_not_matter(void **state)
{
    struct iw_presence ahead = {0}, back = {0}, halves[2] = {{0}, {0}};
    (void)state;
    for (uint64_t i = 0; i < 9000; i++)
        add(&ahead, (int64_t)(mixed(i) % 5000) * PART / 3);
    for (uint64_t i = 9000; i-- != 0;) {
        int64_t time_ns = (int64_t)(mixed(i) % 5000) * PART / 3;
        add(&back, time_ns);
        add(&halves[time_ns % 2], time_ns);
    }
    assert_equal(&ahead, &back);
    assert_int_equal(iw_presence_merge(&halves[0], &halves[1]), IW_OK);
    assert_equal(&ahead, &halves[0]);
    iw_presence_done(&ahead);
    iw_presence_done(&back);
    iw_presence_done(&halves[0]);
    iw_presence_done(&halves[1]);
}

static void the_limit_makes_parts_longer(void **state)
{
    struct iw_presence presence = {0}, fine = {0};
    (void)state;
    for (int64_t i = 0; i < (int64_t)IW_LIMIT_PRESENCE_PARTS; i++)
        add(&presence, i * PART);
    assert_int_equal(presence.n, IW_LIMIT_PRESENCE_PARTS);
    assert_int_equal(presence.doubled, 0);
    add(&presence, (int64_t)IW_LIMIT_PRESENCE_PARTS * PART);
    assert_int_equal(presence.n, IW_LIMIT_PRESENCE_PARTS / 2 + 1);
    assert_int_equal(presence.doubled, 1);
    assert_int_equal(presence.parts[0].first_ns, 0);
    assert_int_equal(presence.parts[0].last_ns, PART);
    assert_int_equal(presence.parts[0].n, 2);
    add(&fine, 3 * PART);
    assert_int_equal(iw_presence_merge(&fine, &presence), IW_OK);
    assert_int_equal(fine.doubled, 1);
    assert_int_equal(fine.parts[1].n, 3);
    iw_presence_done(&presence);
    iw_presence_done(&fine);
}

/* Without room for more parts, they become longer: nothing is lost. */
static void no_more_room(void **state)
{
    struct iw_presence presence = {0};
    uint64_t n = 0;
    (void)state;
    for (int64_t i = 0; i < 100; i++) {
        if (i >= 10)
            iw_presence_keep_within(&presence, 10);
        add(&presence, i * PART);
    }
    assert_true(presence.n <= 10);
    iw_presence_give_back(&presence);
    assert_int_equal(presence.cap, presence.n);
    for (size_t i = 0; i < presence.n; i++)
        n += presence.parts[i].n;
    assert_int_equal(n, 100);
    assert_int_equal(presence.parts[0].first_ns, 0);
    assert_int_equal(presence.parts[presence.n - 1].last_ns, 99 * PART);
    iw_presence_done(&presence);
}

static void ends_of_time(void **state)
{
    struct iw_presence presence = {0};
    (void)state;
    add(&presence, INT64_MAX);
    add(&presence, INT64_MIN + 1);
    add(&presence, INT64_MAX - 1);
    assert_int_equal(presence.n, 2);
    assert_true(presence.parts[1].last_ns == INT64_MAX);
    iw_presence_done(&presence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_of_a_part_are_one),
        cmocka_unit_test(order_and_division_do_not_matter),
        cmocka_unit_test(the_limit_makes_parts_longer),
        cmocka_unit_test(no_more_room),
        cmocka_unit_test(ends_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
