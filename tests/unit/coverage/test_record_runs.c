/*
 * Runs of record ids: the same set whatever the order, the ends of 64 bits, the limit and one past.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "coverage/record_runs.h"
#include "tests/support/skip_because.h"

#define MOST 5U

static const struct {
    struct iw_record_run added[MOST], expected[MOST]; /* end with first = 0 */
} CASES[] = {
    {{{.first = 0}}, {{.first = 0}}},
    {{{1, 1, 0, 0}}, {{1, 1, 0, 0}}},
    {{{1, 1, 0, 0}, {2, 2, 0, 0}, {3, 3, 0, 0}}, {{1, 3, 0, 0}}},
    {{{1, 1, 0, 0}, {3, 3, 0, 0}}, {{1, 1, 0, 0}, {3, 3, 0, 0}}},
    {{{5, 9, 0, 0}, {1, 4, 0, 0}}, {{1, 9, 0, 0}}},
    {{{5, 9, 0, 0}, {1, 3, 0, 0}}, {{1, 3, 0, 0}, {5, 9, 0, 0}}},
    {{{1, 10, 0, 0}, {2, 3, 0, 0}, {4, 12, 0, 0}}, {{1, 12, 0, 0}}},
    {{{1, 10, 0, 0}, {1, 10, 0, 0}, {1, 10, 0, 0}}, {{1, 10, 0, 0}}},
    {{{1, 2, 0, 0}, {4, 5, 0, 0}, {7, 8, 0, 0}, {3, 3, 0, 0}, {6, 6, 0, 0}}, {{1, 8, 0, 0}}},
    {{{UINT64_MAX, UINT64_MAX, 0, 0}, {1, 1, 0, 0}},
     {{1, 1, 0, 0}, {UINT64_MAX, UINT64_MAX, 0, 0}}},
    {{{UINT64_MAX - 1, UINT64_MAX - 1, 0, 0}, {UINT64_MAX, UINT64_MAX, 0, 0}},
     {{UINT64_MAX - 1, UINT64_MAX, 0, 0}}},
    {{{UINT64_MAX, UINT64_MAX, 0, 0},
      {UINT64_MAX, UINT64_MAX, 0, 0},
      {UINT64_MAX - 2, UINT64_MAX - 2, 0, 0}},
     {{UINT64_MAX - 2, UINT64_MAX - 2, 0, 0}, {UINT64_MAX, UINT64_MAX, 0, 0}}},
    {{{1, UINT64_MAX, 0, 0}, {7, 9, 0, 0}}, {{1, UINT64_MAX, 0, 0}}},
};

/* When a record of that id was written, here. */
static int64_t time_of(uint64_t id)
{
    return (int64_t)(id >> 1);
}

static enum iw_rc add_run(struct iw_record_runs *runs, uint64_t first, uint64_t last)
{
    const struct iw_record_run run = {first, last, time_of(first), time_of(last)};
    return iw_record_runs_add(runs, &run);
}

static void check_order(const struct iw_record_run *added, const size_t *order, size_t n,
                        const struct iw_record_run *expected)
{
    struct iw_record_runs runs = {.items = NULL};
    uint64_t lowest = 0, highest = 0;
    size_t i;
    for (i = 0; i < n; i++)
        assert_int_equal(add_run(&runs, added[order[i]].first, added[order[i]].last), IW_OK);
    iw_record_runs_settle(&runs);
    for (i = 0; i < MOST && expected[i].first != 0; i++) {
        assert_true(i < runs.n && runs.items[i].first == expected[i].first &&
                    runs.items[i].last == expected[i].last);
        assert_true(runs.items[i].first_ns == time_of(expected[i].first) &&
                    runs.items[i].last_ns == time_of(expected[i].last));
        lowest = i == 0 ? expected[0].first : lowest;
        highest = expected[i].last;
    }
    assert_int_equal(runs.n, i);
    assert_false(runs.is_cut);
    assert_true(runs.lowest == lowest && runs.highest == highest);
    iw_record_runs_done(&runs);
}

/* Every order, by counting in base n and leaving out what is no permutation. */
static void any_order_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        size_t n = 0, n_codes = 1;
        while (n < MOST && CASES[i].added[n].first != 0)
            n++;
        for (size_t k = 0; k < n; k++)
            n_codes *= n;
        for (size_t code = 0; code < n_codes; code++) {
            size_t order[MOST] = {0}, rest = code, seen = 0;
            for (size_t k = 0; k < n; k++, rest /= n) {
                order[k] = rest % n;
                seen |= (size_t)1 << order[k];
            }
            if (seen == ((size_t)1 << n) - 1)
                check_order(CASES[i].added, order, n, CASES[i].expected);
        }
    }
}

/* *n* ids, every second one, in an order that never grows a run. */
static void add_apart(struct iw_record_runs *runs, size_t n, bool backwards)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t id = 2 * (backwards ? n - i : i + 1);
        assert_int_equal(add_run(runs, id, id), IW_OK);
    }
}

static void limit(void **state)
{
    static const struct {
        size_t n;
        bool backwards, is_cut;
    } LIMITS[] = {
        {IW_LIMIT_RECORD_ID_RUNS, false, false},    {IW_LIMIT_RECORD_ID_RUNS, true, false},
        {IW_LIMIT_RECORD_ID_RUNS + 1, false, true}, {IW_LIMIT_RECORD_ID_RUNS + 1, true, true},
        {5 * IW_LIMIT_RECORD_ID_RUNS, true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof LIMITS / sizeof LIMITS[0]; i++) {
        struct iw_record_runs runs = {.items = NULL};
        add_apart(&runs, LIMITS[i].n, LIMITS[i].backwards);
        add_apart(&runs, LIMITS[i].n, LIMITS[i].backwards); /* a second copy changes nothing */
        iw_record_runs_settle(&runs);
        assert_int_equal(runs.n, IW_LIMIT_RECORD_ID_RUNS);
        assert_int_equal(runs.is_cut, LIMITS[i].is_cut);
        assert_int_equal(runs.lowest, 2); /* right also when runs were left out */
        assert_int_equal(runs.highest, 2 * LIMITS[i].n);
        assert_true(runs.cap <= 2 * (size_t)IW_LIMIT_RECORD_ID_RUNS);
        iw_record_runs_done(&runs);
    }
}

/* Of records of one id: the first ends no later, the last begins no earlier than any of them. */
static void times_of_one_id(void **state)
{
    static const struct iw_record_run RUNS[] = {{5, 5, 50, 50},
                                                {5, 5, 40, 40},
                                                {5, 5, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN},
                                                {5, 5, 60, 60},
                                                {9, 9, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN}};
    (void)state;
    for (size_t begin = 0; begin < 5; begin++) {
        struct iw_record_runs runs = {.items = NULL};
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(iw_record_runs_add(&runs, &RUNS[(begin + i) % 5]), IW_OK);
        iw_record_runs_settle(&runs);
        assert_int_equal(runs.n, 2);
        assert_int_equal(runs.items[0].first_ns, 40);
        assert_int_equal(runs.items[0].last_ns, 60);
        assert_true(runs.items[1].first_ns == IW_TIME_UNKNOWN);
        iw_record_runs_done(&runs);
    }
}

/* The same id again and again takes no more room than the limit allows. */
static void one_id_many_times(void **state)
{
    struct iw_record_runs runs = {.items = NULL};
    (void)state;
    for (size_t i = 0; i < 10 * (size_t)IW_LIMIT_RECORD_ID_RUNS; i++)
        assert_int_equal(add_run(&runs, 7, 7), IW_OK);
    iw_record_runs_settle(&runs);
    assert_int_equal(runs.n, 1);
    assert_false(runs.is_cut);
    assert_true(runs.cap <= 2 * (size_t)IW_LIMIT_RECORD_ID_RUNS);
    iw_record_runs_done(&runs);
}

#define MINUTE (60 * IW_NS_PER_SECOND)

static void add_timed(struct iw_record_runs *runs, uint64_t first, uint64_t last, int64_t from_ns,
                      int64_t to_ns)
{
    const struct iw_record_run run = {first, last, from_ns, to_ns};
    assert_int_equal(iw_record_runs_add(runs, &run), IW_OK);
}

/* Two runs and in how many they end, whichever comes first: at the edge and one past it. */
static void runs_of_one_log_are_near_in_time(void **state)
{
    static const struct {
        struct iw_record_run a, b;
        size_t n;
    } PAIRS[] = {
        /* Neighbours: an hour on, five minutes back. */
        {{1, 5, 0, 50}, {6, 9, 50 + IW_RECORD_APART_NS, 60 + IW_RECORD_APART_NS}, 1},
        {{1, 5, 0, 50}, {6, 9, 51 + IW_RECORD_APART_NS, 60 + IW_RECORD_APART_NS}, 2},
        {{1, 5, 0, IW_RECORD_BACK_NS}, {6, 9, 0, MINUTE}, 1},
        {{1, 5, 0, IW_RECORD_BACK_NS + 1}, {6, 9, 0, MINUTE}, 2},
        {{1, 5, 0, 50}, {6, 9, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN}, 1},
        /* A copy of one record, first, last, and in between. */
        {{1, 5, 0, MINUTE}, {1, 1, IW_RECORD_SAME_NS, IW_RECORD_SAME_NS}, 1},
        {{1, 5, 0, MINUTE}, {1, 1, IW_RECORD_SAME_NS + 1, IW_RECORD_SAME_NS + 1}, 2},
        {{1, 5, 0, MINUTE}, {5, 5, MINUTE, MINUTE}, 1},
        {{1, 5, 0, MINUTE}, {5, 5, 29 * IW_NS_PER_SECOND, 29 * IW_NS_PER_SECOND}, 2},
        {{1, 5, 0, MINUTE}, {3, 3, MINUTE + IW_RECORD_SAME_NS, MINUTE + IW_RECORD_SAME_NS}, 1},
        {{1, 5, 0, MINUTE}, {3, 3, MINUTE + IW_RECORD_SAME_NS + 1, 2 * MINUTE}, 2},
        /* A copy that goes further, and another log with such ids. */
        {{1, 5, 0, 10 * MINUTE}, {3, 9, 5 * MINUTE, 20 * MINUTE}, 1},
        {{1, 5, 0, 10 * MINUTE}, {3, 9, 15 * MINUTE, 20 * MINUTE}, 2},
        {{1, 9, 0, 10 * MINUTE}, {1, 5, 15 * MINUTE, 20 * MINUTE}, 2},
        {{1, 9, 0, 10 * MINUTE}, {2, 5, 5 * MINUTE, 20 * MINUTE}, 2},
        {{1, 9, INT64_MIN + 1, 0}, {2, 5, INT64_MAX - 1, INT64_MAX}, 2},
    };
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof PAIRS / sizeof PAIRS[0]); i++) {
        const struct iw_record_run *one = i % 2 == 0 ? &PAIRS[i / 2].a : &PAIRS[i / 2].b;
        const struct iw_record_run *two = i % 2 == 0 ? &PAIRS[i / 2].b : &PAIRS[i / 2].a;
        struct iw_record_runs runs = {.items = NULL};
        assert_int_equal(iw_record_runs_add(&runs, one), IW_OK);
        assert_int_equal(iw_record_runs_add(&runs, two), IW_OK);
        iw_record_runs_settle(&runs);
        if (runs.n != PAIRS[i / 2].n)
            fail_msg("pair %zu: %zu runs", i / 2, runs.n);
        iw_record_runs_ids_only(&runs);
        assert_int_equal(runs.n, 1);
        iw_record_runs_done(&runs);
    }
}

/* Pieces of two logs that lie in the same ids, in any order, as threads read them. */
static void two_logs_stay_apart(void **state)
{
    static const struct iw_record_run PIECES[] = {
        {1, 199, 0, 199 * MINUTE},
        {301, 400, 301 * MINUTE, 400 * MINUTE},
        {401, 500, 401 * MINUTE, 500 * MINUTE}, /* and the other one */
        {1, 199, 600 * MINUTE, 798 * MINUTE},
        {200, 350, 799 * MINUTE, 949 * MINUTE},
    };
    const size_t n = sizeof PIECES / sizeof PIECES[0];
    (void)state;
    for (size_t begin = 0; begin < 2 * n; begin++) {
        struct iw_record_runs runs = {.items = NULL};
        for (size_t i = 0; i < n; i++) {
            const struct iw_record_run *own =
                &PIECES[begin < n ? (begin + i) % n : (begin + n - i) % n];
            add_timed(&runs, own->first, own->last, own->first_ns, own->last_ns);
        }
        iw_record_runs_settle(&runs);
        assert_int_equal(runs.n, 3);
        assert_true(runs.items[0].last == 199 && runs.items[0].last_ns == 199 * MINUTE);
        assert_true(runs.items[1].last == 350 && runs.items[1].first_ns == 600 * MINUTE);
        assert_true(runs.items[2].first == 301 && runs.items[2].last == 500);
        iw_record_runs_done(&runs);
    }
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    struct iw_record_runs runs = {.items = NULL};
    iw_alloc_fail_at(1);
    assert_int_equal(add_run(&runs, 5, 5), IW_ENOMEM);
    iw_alloc_fail_at(0);
    assert_int_equal(runs.n, 0);
    assert_int_equal(add_run(&runs, 5, 5), IW_OK);
    iw_record_runs_done(&runs);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_is_the_same),
        cmocka_unit_test(times_of_one_id),
        cmocka_unit_test(runs_of_one_log_are_near_in_time),
        cmocka_unit_test(two_logs_stay_apart),
        cmocka_unit_test(limit),
        cmocka_unit_test(one_id_many_times),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
