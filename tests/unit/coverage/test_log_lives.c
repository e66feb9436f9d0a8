/*
 * Lives of a log: ids that go back while time goes on, and what looks like it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "coverage/log_lives.h"
#include "coverage/record_runs.h"

#define MINUTE (60 * IW_NS_PER_SECOND)
#define BACK IW_RECORD_BACK_NS
#define SAME IW_RECORD_SAME_NS
#define REST IW_LOG_LIVES_REST_NS
#define MOST 4U

static const struct {
    struct iw_record_run runs[MOST]; /* end with first = 0 */
    size_t n_lives;
    int64_t from_ns, to_ns; /* the clock was set; both 0: it was not */
} CASES[] = {
    {{{.first = 0}}, 0, 0, 0},
    {{{1, 9, 0, MINUTE}}, 1, 0, 0},
    {{{1, 9, 0, MINUTE}, {20, 30, 2 * MINUTE, 3 * MINUTE}}, 1, 0, 0},
    {{{1, 9, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN}}, 0, 0, 0},
    {{{1, 9, 0, MINUTE}, {1, 5, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN}}, 1, 0, 0},
    /* Begun anew: its first id again, at the edge and one past it. */
    {{{1, 9, 0, BACK - 1}, {1, 5, BACK, 10 * MINUTE}}, 1, 0, 0},
    {{{1, 9, 0, BACK - 1}, {1, 5, BACK + 1, 10 * MINUTE}}, 2, 0, 0},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 61 * MINUTE, 99 * MINUTE}}, 2, 0, 0},
    {{{300, 500, 0, 60 * MINUTE}, {1, 400, 61 * MINUTE, 99 * MINUTE}}, 2, 0, 0},
    /* Its beginning is gone, within the ids of the last run and before them. */
    {{{1, 500, 0, 60 * MINUTE}, {40, 99, 60 * MINUTE + SAME, 99 * MINUTE}}, 1, 0, 0},
    {{{1, 500, 0, 60 * MINUTE}, {40, 99, 60 * MINUTE + SAME + 1, 99 * MINUTE}}, 2, 0, 0},
    {{{1, 9, 0, MINUTE},
      {300, 500, 2 * MINUTE, 60 * MINUTE},
      {40, 99, 60 * MINUTE + BACK, 99 * MINUTE}},
     1,
     0,
     0},
    {{{1, 9, 0, MINUTE},
      {300, 500, 2 * MINUTE, 60 * MINUTE},
      {40, 99, 60 * MINUTE + BACK + 1, 99 * MINUTE}},
     2,
     0,
     0},
    {{{1, 9, 0, MINUTE}, {1, 9, 20 * MINUTE, 21 * MINUTE}, {1, 9, 40 * MINUTE, 41 * MINUTE}},
     3,
     0,
     0},
    /* In the time of another: the clock, or a copy of another clock. */
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 60 * MINUTE, 99 * MINUTE}}, 1, 0, 0},
    {{{1, 500, 0, 90 * MINUTE}, {1, 500, 60 * MINUTE, 150 * MINUTE}}, 1, 0, 0},
    /* Each record has the same id. */
    {{{7, 7, 0, 0}, {7, 7, 60 * MINUTE, 60 * MINUTE}, {7, 7, 99 * MINUTE, 99 * MINUTE}}, 1, 0, 0},
    /* The clock was set back: from behind the last record before it to before the first behind it,
     * each to the edge and one past it. */
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}}, 1, 99 * MINUTE - SAME, SAME},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}},
     2,
     99 * MINUTE - SAME - 1,
     SAME},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}},
     2,
     99 * MINUTE - SAME,
     SAME + 1},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}},
     2,
     IW_TIME_UNKNOWN,
     60 * MINUTE},
    /* Only what has higher ids came behind it. */
    {{{1, 200, 0, 50 * MINUTE},
      {300, 500, 50 * MINUTE, 60 * MINUTE},
      {201, 299, 90 * MINUTE, 99 * MINUTE}},
     1,
     99 * MINUTE,
     50 * MINUTE},
    {{{1, 200, 0, 50 * MINUTE},
      {300, 500, 50 * MINUTE, 60 * MINUTE},
      {201, 299, 90 * MINUTE, 99 * MINUTE}},
     2,
     99 * MINUTE,
     50 * MINUTE + SAME + 1},
    /* Over the time between alone; over years around it; forward over it. */
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}}, 2, 90 * MINUTE, 60 * MINUTE},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}}, 1, 99 * MINUTE + REST, 0},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}},
     2,
     99 * MINUTE + REST + 1,
     0},
    {{{300, 500, 0, REST}, {1, 299, 2 * REST, 3 * REST}}, 1, 6 * REST, 0},
    {{{300, 500, 0, REST}, {1, 299, 2 * REST, 3 * REST}}, 2, 6 * REST + 1, 0},
    {{{300, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}}, 2, 0, 99 * MINUTE},
    /* No clock gives an id twice. */
    {{{1, 500, 0, 60 * MINUTE}, {1, 299, 90 * MINUTE, 99 * MINUTE}}, 2, 99 * MINUTE, 0},
    {{{300, 500, 0, 60 * MINUTE}, {1, 300, 90 * MINUTE, 99 * MINUTE}}, 2, 99 * MINUTE, 0},
    {{{1, 9, INT64_MIN + 1, 0}, {1, 9, INT64_MAX - 1, INT64_MAX}}, 2, 0, 0},
};

static void lives_by_ids_and_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_record_run runs[MOST];
        struct iw_switch set = {
            .kind = IW_SWITCH_CLOCK_SET, .old_ns = CASES[i].from_ns, .new_ns = CASES[i].to_ns};
        struct iw_log_lives lives;
        struct iw_arena arena;
        size_t n = 0, n_runs = 0, n_timed = 0;
        while (n < MOST && CASES[i].runs[n].first != 0)
            n++;
        for (size_t turn = 0; turn < n + (n == 0); turn++) { /* in no order */
            for (size_t k = 0; k < n; k++)
                runs[k] = CASES[i].runs[(turn + k) % n];
            iw_arena_init(&arena, 0);
            assert_int_equal(
                iw_log_lives_find(runs, n, &set, set.old_ns != set.new_ns, &arena, &lives), IW_OK);
            if (lives.n != CASES[i].n_lives)
                fail_msg("case %zu: %zu lives", i, lives.n);
            n_runs = n_timed = 0;
            for (size_t k = 0; k < n; k++)
                n_timed += iw_time_known(runs[k].first_ns);
            for (size_t k = 0; k < lives.n; k++) {
                n_runs += lives.items[k].n_runs;
                assert_true(k == 0 || lives.items[k - 1].last_ns < lives.items[k].first_ns);
            }
            assert_int_equal(n_runs, n_timed);
            iw_arena_done(&arena);
        }
    }
}

/* What is missing of one life is not in another. */
static void each_life_has_its_gaps(void **state)
{
    static const struct iw_record_run RUNS[] = {{1, 3, 0, 3 * MINUTE},
                                                {5, 9, 5 * MINUTE, 9 * MINUTE},
                                                {1, 9, 20 * MINUTE, 29 * MINUTE},
                                                {2, 4, 21 * MINUTE, 23 * MINUTE}};
    struct iw_record_gap gaps[4];
    struct iw_log_lives lives;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_log_lives_find(RUNS, 4, NULL, 0, &arena, &lives), IW_OK);
    assert_int_equal(lives.n, 2);
    assert_true(lives.items[0].lowest == 1 && lives.items[0].highest == 9);
    assert_true(lives.items[0].last_ns == 9 * MINUTE && lives.items[1].first_ns == 20 * MINUTE);
    assert_int_equal(iw_record_gaps_find(lives.items[0].runs, lives.items[0].n_runs, gaps), 1);
    assert_true(gaps[0].after == 3 && gaps[0].before == 5);
    assert_true(gaps[0].after_ns == 3 * MINUTE && gaps[0].before_ns == 5 * MINUTE);
    assert_int_equal(iw_record_gaps_find(lives.items[1].runs, lives.items[1].n_runs, gaps), 0);
    iw_arena_done(&arena);
}

/* Of very many steps those past the limit excuse nothing. */
static void steps_of_a_clock_are_bounded(void **state)
{
    static struct iw_switch set[IW_LIMIT_CLOCK_STEPS + 1];
    static const struct iw_record_run RUNS[] = {{300, 500, 0, 60 * MINUTE},
                                                {1, 299, 90 * MINUTE, 99 * MINUTE}};
    struct iw_log_lives lives;
    struct iw_arena arena;
    (void)state;
    for (size_t i = 0; i < IW_LIMIT_CLOCK_STEPS + 1; i++) /* of another time */
        set[i] = (struct iw_switch){
            .kind = IW_SWITCH_CLOCK_SET, .old_ns = -200 * MINUTE, .new_ns = -300 * MINUTE};
    for (size_t i = IW_LIMIT_CLOCK_STEPS - 1; i <= IW_LIMIT_CLOCK_STEPS; i++) {
        struct iw_switch kept = set[i];
        set[i].old_ns = 99 * MINUTE;
        set[i].new_ns = 0;
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_log_lives_find(RUNS, 2, set, IW_LIMIT_CLOCK_STEPS + 1, &arena, &lives),
                         IW_OK);
        assert_int_equal(lives.n, i < IW_LIMIT_CLOCK_STEPS ? 1 : 2);
        iw_arena_done(&arena);
        set[i] = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_by_ids_and_times),
        cmocka_unit_test(each_life_has_its_gaps),
        cmocka_unit_test(steps_of_a_clock_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
