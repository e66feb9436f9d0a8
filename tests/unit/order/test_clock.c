/*
 * Local clocks written as UTC: what is a witness, what makes a piece, which times are corrected.
 * The rules stand in order/clock.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "order/clock.h"
#include "order/clock_pieces.h"
#include "tests/support/test_event.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define SECOND IW_NS_PER_SECOND
#define QUARTER (900 * SECOND)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define NOW (INT64_C(1767607200) * SECOND) /* 2026-01-05 10:00:00 */

/* --- witnesses ---------------------------------------------------------------------------- */

static void test_quarters(void **state)
{
    static const struct {
        int64_t off_ns;
        bool is_witness;
        int32_t quarters;
    } CASES[] = {
        {0, true, 0},
        {5 * SECOND, true, 0},
        {5 * SECOND + 1, false, 0},
        {-5 * SECOND, true, 0},
        {-5 * SECOND - 1, false, 0},
        {QUARTER, true, 1},
        {QUARTER - 5 * SECOND, true, 1},
        {QUARTER + 5 * SECOND + 1, false, 0},
        {-QUARTER - 5 * SECOND, true, -1},
        {7 * QUARTER + QUARTER / 2, false, 0},
        {5 * HOUR + HOUR / 2, true, 22},
        {-5 * HOUR, true, -20},
        {14 * HOUR, true, 56},
        {14 * HOUR + QUARTER, false, 0},
        {-14 * HOUR, true, -56},
        {-14 * HOUR - QUARTER, false, 0},
        {INT64_MAX / 2, false, 0},
    };
    int32_t quarters;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        quarters = 99;
        assert_int_equal(iw_clock_quarters(NOW + CASES[i].off_ns, NOW, &quarters),
                         CASES[i].is_witness);
        if (CASES[i].is_witness)
            assert_int_equal(quarters, CASES[i].quarters);
    }
    assert_false(iw_clock_quarters(IW_TIME_UNKNOWN, NOW, &quarters));
    assert_false(iw_clock_quarters(NOW, IW_TIME_UNKNOWN, &quarters));
    assert_false(iw_clock_quarters(INT64_MAX, -INT64_MAX, &quarters));
}

/* --- pieces ------------------------------------------------------------------------------- */

static void test_join(void **state)
{
    static const struct {
        struct iw_clock_piece given[6];
        size_t n_given;
        struct iw_clock_piece left[3];
        size_t n_left;
        bool contradict;
    } CASES[] = {
        {{{0, 9, 4, 2}}, 1, {{0}}, 0, false},          /* two are too few */
        {{{0, 9, 4, 3}}, 1, {{0, 9, 4, 3}}, 1, false}, /* three are enough */
        {{{0, 1, 4, 1}, {2, 3, 4, 1}, {4, 5, 4, 1}}, 3, {{0, 5, 4, 3}}, 1, false},
        /* a stray one amid them */
        {{{0, 1, 4, 2}, {2, 2, 8, 1}, {3, 4, 4, 1}}, 3, {{0, 4, 4, 3}}, 1, false},
        {{{0, 9, 4, 3}, {5, 5, 8, 2}}, 2, {{0, 9, 4, 3}}, 1, false},
        /* summer and winter */
        {{{0, 9, 4, 3}, {10, 19, 8, 3}, {20, 29, 4, 3}},
         3,
         {{0, 9, 4, 3}, {10, 19, 8, 3}, {20, 29, 4, 3}},
         3,
         false},
        /* two opinions at one time */
        {{{0, 9, 4, 3}, {9, 19, 8, 3}}, 2, {{0, 9, 4, 3}, {9, 19, 8, 3}}, 2, true},
        {{{0, 30, 4, 3}, {10, 19, 8, 3}}, 2, {{0, 30, 4, 3}, {10, 19, 8, 3}}, 2, true},
        {{{0}}, 0, {{0}}, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_clock_piece pieces[6];
        size_t n;
        memcpy(pieces, CASES[i].given, sizeof pieces);
        n = iw_clock_pieces_join(pieces, CASES[i].n_given);
        assert_int_equal(n, CASES[i].n_left);
        for (size_t k = 0; k < n; k++)
            assert_true(pieces[k].first_ns == CASES[i].left[k].first_ns &&
                        pieces[k].last_ns == CASES[i].left[k].last_ns &&
                        pieces[k].quarters == CASES[i].left[k].quarters &&
                        pieces[k].n == CASES[i].left[k].n);
        assert_int_equal(iw_clock_pieces_contradict(pieces, n), CASES[i].contradict);
    }
}

/* Until noon the clock is two hours ahead, from one o'clock on (UTC) it is one hour ahead. */
static void test_correct(void **state)
{
    static const struct iw_clock_piece PIECES[] = {{0, 12 * HOUR, 8, 3},
                                                   {13 * HOUR, 24 * HOUR, 4, 3}};
    (void)state;
    assert_true(iw_clock_pieces_correct(PIECES, 2, 10 * HOUR) == 8 * HOUR);
    assert_true(iw_clock_pieces_correct(PIECES, 2, 14 * HOUR) == 12 * HOUR); /* in the first */
    assert_true(iw_clock_pieces_correct(PIECES, 2, 20 * HOUR) == 19 * HOUR);
    assert_true(iw_clock_pieces_correct(PIECES, 2, 99 * HOUR) == 98 * HOUR); /* behind all */
    assert_true(iw_clock_pieces_correct(PIECES, 2, -9 * HOUR) == -11 * HOUR);
    assert_true(iw_clock_pieces_correct(PIECES, 0, 7) == 7);
    assert_true(iw_clock_pieces_correct(PIECES, 2, IW_TIME_UNKNOWN) == IW_TIME_UNKNOWN);
    assert_true(iw_clock_pieces_correct(PIECES, 1, INT64_MIN + 1) == INT64_MIN + 1);
}

/* --- clocks ------------------------------------------------------------------------------- */

static struct iw_names names;
static struct iw_arena arena;
static struct iw_ledger ledger;
static struct iw_hosts hosts;

static const struct {
    const char *path, *windows_path;
} SOURCES[] = {
    {"a/security.json", ""},
    {"a/sysmon.json", ""},
    {"b/sysmon.json", ""},
    {"c/C/Windows/Logs/security.json", "C:\\Windows\\Logs\\security.json"},
    {"c/C/Windows/Temp/x/sysmon.json", "C:\\Windows\\Temp\\x\\sysmon.json"},
    {"sysmon.json", ""},
};
enum { A_SECURITY, A_SYSMON, B_SYSMON, C_SECURITY, C_SYSMON, TOP };

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    iw_ledger_init(&ledger);
    for (size_t i = 0; i < sizeof SOURCES / sizeof SOURCES[0]; i++) {
        struct iw_source source = {.path = iw_str_of(SOURCES[i].path),
                                   .kind = IW_STR("json"),
                                   .windows_path = iw_str_of(SOURCES[i].windows_path),
                                   .host_hint = IW_STR(""),
                                   .reason = IW_STR("")};
        assert_int_equal(iw_ledger_add(&ledger, &source), i);
    }
    iw_hosts_init(&hosts);
    assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB01")), IW_OK);
    assert_int_equal(iw_hosts_add(&hosts, IW_STR("web01.corp.example")), IW_OK);
    assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB02")), IW_OK);
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    return iw_names_init(&names) == IW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_hosts_done(&hosts);
    iw_ledger_done(&ledger);
    iw_names_done(&names);
    iw_arena_done(&arena);
    return 0;
}

static enum iw_rc witness(struct iw_clocks *clocks, uint32_t source, uint8_t dialect,
                          const char *computer, int64_t utc_ns, int64_t off_ns)
{
    char text[IW_TIME_TEXT_BYTES + 1] = {0};
    struct test_field fields[] = {{"UtcTime", text, IW_PLACE_EVENT_DATA}};
    struct iw_event event;
    iw_time_format(utc_ns, text);
    event = test_event(&names, &arena, SYSMON, 1, fields, 1);
    event.computer = iw_str_of(computer);
    event.source = source;
    event.dialect = dialect;
    event.time_ns = utc_ns;
    event.created_ns = utc_ns + off_ns;
    return iw_clocks_add(clocks, &event);
}

/* WEB01 in `a`, dialect 5: two hours ahead. WEB01 in `b`: right. WEB02 in `a`: one hour behind, but
 * by two witnesses only. `c`: half an hour ahead, in another folder of its drive. On top: at odds
 * with itself. The witnesses come from two threads. */
static enum iw_rc fill(struct iw_clocks *clocks, struct iw_clocks *beside)
{
    for (int64_t i = 0; i < 4; i++) {
        IW_TRY(witness(i % 2 == 0 ? clocks : beside, A_SYSMON, 5,
                       i == 1 ? "web01.corp.example" : "WEB01", NOW + i * DAY, 2 * HOUR + i));
        IW_TRY(witness(beside, B_SYSMON, 5, "WEB01", NOW + i * DAY, 3 * SECOND));
        IW_TRY(witness(clocks, C_SYSMON, 5, "WEB01", NOW + i * DAY, HOUR / 2));
        IW_TRY(witness(clocks, TOP, 5, "WEB01", NOW + i * DAY, HOUR));
        IW_TRY(witness(beside, TOP, 5, "WEB01", NOW + i * DAY + HOUR, 2 * HOUR));
    }
    IW_TRY(witness(clocks, A_SYSMON, 5, "WEB02", NOW, -HOUR));
    IW_TRY(witness(clocks, A_SYSMON, 5, "WEB02", NOW + 1, -HOUR));
    for (int64_t i = 0; i < 9; i++) /* EVTX is never a witness */
        IW_TRY(witness(clocks, A_SYSMON, 0, "WEB02", NOW + i, -HOUR));
    IW_TRY(iw_clocks_merge(clocks, beside));
    return iw_clocks_settle(clocks, &hosts);
}

static const struct {
    uint32_t source;
    uint8_t dialect;
    const char *computer;
    int64_t off_ns;
} CORRECTIONS[] = {
    {A_SECURITY, 5, "WEB01", 2 * HOUR},
    {A_SYSMON, 5, "web01.corp.example", 2 * HOUR},
    {A_SECURITY, 5, "WEB01.never.told", 2 * HOUR}, /* the only machine with this label */
    {A_SECURITY, 4, "WEB01", 0},                   /* another dialect */
    {A_SECURITY, 0, "WEB01", 0},                   /* EVTX */
    {A_SECURITY, 5, "WEB02", 0},
    {B_SYSMON, 5, "WEB01", 0},
    {C_SECURITY, 5, "WEB01", HOUR / 2},
    {TOP, 5, "WEB01", 0},
    {99, 5, "WEB01", 0},
};

static void test_clocks(void **state)
{
    struct iw_run run;
    struct iw_clocks *clocks = iw_clocks_new(&ledger), *beside;
    (void)state;
    assert_non_null(clocks);
    beside = iw_clocks_new_beside(clocks);
    assert_non_null(beside);
    assert_int_equal(fill(clocks, beside), IW_OK);
    iw_clocks_free(beside);
    assert_true(iw_clocks_corrects(clocks));
    for (size_t i = 0; i < sizeof CORRECTIONS / sizeof CORRECTIONS[0]; i++) {
        int64_t header_ns = NOW + DAY + CORRECTIONS[i].off_ns;
        assert_true(iw_clocks_correct(clocks, CORRECTIONS[i].source, CORRECTIONS[i].dialect,
                                      iw_str_of(CORRECTIONS[i].computer), header_ns) == NOW + DAY);
    }
    iw_run_init(&run);
    assert_int_equal(iw_clocks_tell(clocks, &run), IW_OK);
    assert_int_equal(run.notes.n, 3);
    assert_true(iw_str_equal(
        run.notes.items[0],
        IW_STR("WEB01: times of its JSON export in a are a local clock written as UTC (from "
               "2026-01-05T10:00:00Z on 2:00 h ahead of UTC by 4 Sysmon events): "
               "corrected")));
    assert_true(iw_str_begins_nocase(run.notes.items[1], IW_STR("WEB01: times of its JSON export "
                                                                "in c/C are")));
    assert_true(iw_str_ends_nocase(run.notes.items[2],
                                   IW_STR("contradict one another: nothing was corrected")));
    iw_run_done(&run);
    iw_clocks_free(clocks);
}

/* Right clocks alone: nothing to correct, nothing to say. */
static void test_right_clocks(void **state)
{
    struct iw_run run;
    struct iw_clocks *clocks = iw_clocks_new(&ledger);
    (void)state;
    for (int64_t i = 0; i < 9; i++)
        assert_int_equal(witness(clocks, B_SYSMON, 5, "WEB01", NOW + i * DAY, SECOND), IW_OK);
    assert_int_equal(iw_clocks_settle(clocks, &hosts), IW_OK);
    assert_false(iw_clocks_corrects(clocks));
    iw_run_init(&run);
    assert_int_equal(iw_clocks_tell(clocks, &run), IW_OK);
    assert_int_equal(run.notes.n, 0);
    iw_run_done(&run);
    iw_clocks_free(clocks);
}

#ifdef IW_FAULT_INJECTION
static void test_no_memory(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct iw_clocks *clocks, *beside = NULL;
        enum iw_rc rc = IW_ENOMEM;
        uint64_t n_asked;
        iw_alloc_fail_at(n);
        clocks = iw_clocks_new(&ledger);
        if (clocks != NULL)
            beside = iw_clocks_new_beside(clocks);
        if (beside != NULL)
            rc = fill(clocks, beside);
        if (rc == IW_OK)
            (void)iw_clocks_correct(clocks, A_SECURITY, 5, IW_STR("WEB01"), NOW);
        n_asked = iw_alloc_count();
        iw_alloc_fail_at(0);
        iw_clocks_free(beside);
        iw_clocks_free(clocks);
        if (n_asked < n) {
            assert_int_equal(rc, IW_OK);
            assert_true(n > 20);
            return;
        }
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quarters),     cmocka_unit_test(test_join),
        cmocka_unit_test(test_correct),      cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_right_clocks),
#ifdef IW_FAULT_INJECTION
        cmocka_unit_test(test_no_memory),
#endif
    };
    return cmocka_run_group_tests_name("clock", tests, set_up, tear_down);
}
