/*
 * Logs of exports whose clock is local: which are corrected as a whole, which stay as they are, and
 * what is noted. The rules stand in coverage/clock_times.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "coverage/clock_times.h"
#include "tests/support/test_event.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define SECOND IW_NS_PER_SECOND
#define HOUR (3600 * SECOND)
#define NOW (INT64_C(1767607200) * SECOND) /* 2026-01-05 10:00:00 */

static struct iw_names names;
static struct iw_arena arena;
static struct iw_ledger ledger;
static struct iw_hosts hosts;
static struct iw_clocks *clocks;

/* `a` is three hours ahead, `b` is right; an EVTX file lies beside the export in `a`. */
enum { A_SECURITY, A_SYSMON, A_EVTX, B_SECURITY, B_SYSMON };

static const struct {
    const char *path, *kind;
} SOURCES[] = {{"a/security.json", "json"},
               {"a/sysmon.json", "json"},
               {"a/Security.evtx", "evtx"},
               {"b/security.json", "json"},
               {"b/sysmon.json", "json"}};

static void witness(uint32_t source, int64_t utc_ns, int64_t off_ns)
{
    char text[IW_TIME_TEXT_BYTES + 1] = {0};
    struct test_field fields[] = {{"UtcTime", text, IW_PLACE_EVENT_DATA}};
    struct iw_event event;
    iw_time_format(utc_ns, text);
    event = test_event(&names, &arena, SYSMON, 1, fields, 1);
    event.computer = IW_STR("WEB01");
    event.source = source;
    event.dialect = 5;
    event.time_ns = utc_ns;
    event.created_ns = utc_ns + off_ns;
    assert_int_equal(iw_clocks_add(clocks, &event), IW_OK);
}

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    iw_ledger_init(&ledger);
    assert_int_equal(iw_names_init(&names), IW_OK);
    for (size_t i = 0; i < sizeof SOURCES / sizeof SOURCES[0]; i++) {
        struct iw_source source = {.path = iw_str_of(SOURCES[i].path),
                                   .kind = iw_str_of(SOURCES[i].kind),
                                   .windows_path = IW_STR(""),
                                   .host_hint = IW_STR(""),
                                   .reason = IW_STR("")};
        assert_int_equal(iw_ledger_add(&ledger, &source), i);
    }
    iw_hosts_init(&hosts);
    assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB01")), IW_OK);
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    clocks = iw_clocks_new(&ledger);
    assert_non_null(clocks);
    for (int64_t i = 0; i < 3; i++) {
        witness(A_SYSMON, NOW + i * HOUR, 3 * HOUR);
        witness(B_SYSMON, NOW + i * HOUR, 0);
    }
    assert_int_equal(iw_clocks_settle(clocks, &hosts), IW_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_clocks_free(clocks);
    iw_hosts_done(&hosts);
    iw_ledger_done(&ledger);
    iw_names_done(&names);
    iw_arena_done(&arena);
    return 0;
}

static struct iw_time_part parts[2];
static struct iw_telemetry_sample samples[1];
static struct iw_record_gap gaps[1];
static struct iw_record_run runs[2];

/* A log with two parts, a sample, a gap and ids that go back, as those files tell of it. */
static struct iw_telemetry_channel log_of(const char *channel, uint32_t *sources, size_t n)
{
    parts[0] = (struct iw_time_part){NOW + 3 * HOUR, NOW + 3 * HOUR + SECOND, 2};
    parts[1] = (struct iw_time_part){NOW + 5 * HOUR, NOW + 5 * HOUR, 1};
    samples[0] = (struct iw_telemetry_sample){IW_SAMPLE_PROCESS, IW_STR(""), parts, 2};
    runs[0] = (struct iw_record_run){1, 9, NOW + 3 * HOUR, NOW + 3 * HOUR + SECOND};
    runs[1] = (struct iw_record_run){1, 1, NOW + 5 * HOUR, IW_TIME_UNKNOWN};
    gaps[0] = (struct iw_record_gap){1, 3, NOW + 3 * HOUR, IW_TIME_UNKNOWN};
    return (struct iw_telemetry_channel){.host = IW_STR("WEB01"),
                                         .channel = iw_str_of(channel),
                                         .n_events = 3,
                                         .gaps = gaps,
                                         .n_gaps = 1,
                                         .runs = runs,
                                         .n_runs = 2,
                                         .ids = runs[0],
                                         .parts = parts,
                                         .n_parts = 2,
                                         .samples = samples,
                                         .n_samples = 1,
                                         .first_ns = NOW + 3 * HOUR,
                                         .last_ns = NOW + 5 * HOUR,
                                         .sources = sources,
                                         .n_sources = n};
}

static void logs_are_corrected_as_a_whole(void **state)
{
    static const struct {
        const char *channel;
        uint32_t sources[2];
        size_t n;
        const char *host;
        bool is_cut, is_corrected;
        const char *note; /* NULL: none */
    } CASES[] = {
        {"Security", {A_SECURITY}, 1, "WEB01", false, true, "Security are corrected"},
        {"Security", {A_SECURITY}, 1, "web01", false, true, "3:00 h ahead of UTC"},
        {"Security", {A_SECURITY, A_SYSMON}, 2, "WEB01", false, true, "corrected"},
        {"Security", {A_SECURITY}, 1, "WEB02", false, false, NULL}, /* nobody knows its clock */
        {"Security", {B_SECURITY}, 1, "WEB01", false, false, NULL},
        {"Security", {A_EVTX}, 1, "WEB01", false, false, NULL},
        {"Security", {A_SECURITY, A_EVTX}, 2, "WEB01", false, false, "as they were written"},
        {"Security", {A_SECURITY, B_SECURITY}, 2, "WEB01", false, false, "in part"},
        {"Security", {A_SECURITY}, 1, "WEB01", true, false, "in part"},
        {SYSMON, {A_SYSMON}, 1, "WEB01", false, false, NULL}, /* it has UtcTime */
        {"IIS/W3SVC", {A_SECURITY}, 1, "WEB01", false, false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        uint32_t sources[2] = {CASES[i].sources[0], CASES[i].sources[1]};
        struct iw_telemetry_channel channel = log_of(CASES[i].channel, sources, CASES[i].n);
        const struct iw_clock_times of = {clocks, &ledger, iw_str_of(CASES[i].host), &channel, 1};
        const struct iw_telemetry_channel *got;
        struct iw_text_list notes;
        int64_t off_ns = CASES[i].is_corrected ? 3 * HOUR : 0;
        channel.sources_cut = CASES[i].is_cut;
        assert_int_equal(iw_clock_times_correct(&of, &arena, &got, &notes), IW_OK);
        if (got->first_ns != NOW + 3 * HOUR - off_ns)
            fail_msg("case %zu", i);
        assert_int_equal(got->last_ns, NOW + 5 * HOUR - off_ns);
        assert_int_equal(got->parts[0].first_ns, NOW + 3 * HOUR - off_ns);
        assert_int_equal(got->parts[0].last_ns, NOW + 3 * HOUR + SECOND - off_ns);
        assert_int_equal(got->parts[1].first_ns, NOW + 5 * HOUR - off_ns);
        assert_int_equal(got->parts[0].n, 2);
        assert_int_equal(got->samples[0].parts[1].first_ns, NOW + 5 * HOUR - off_ns);
        assert_int_equal(got->gaps[0].after_ns, NOW + 3 * HOUR - off_ns);
        assert_int_equal(got->gaps[0].before_ns, IW_TIME_UNKNOWN);
        assert_int_equal(got->runs[0].first_ns, NOW + 3 * HOUR - off_ns);
        assert_int_equal(got->runs[0].last_ns, NOW + 3 * HOUR + SECOND - off_ns);
        assert_int_equal(got->runs[1].last_ns, IW_TIME_UNKNOWN);
        assert_int_equal(got->ids.last_ns, NOW + 3 * HOUR + SECOND - off_ns);
        /* Where times are of several clocks, ids that go back are those of copies. */
        assert_int_equal(got->n_runs, CASES[i].note == NULL || CASES[i].is_corrected ? 2 : 0);
        assert_int_equal(parts[0].first_ns, NOW + 3 * HOUR); /* what was given stays */
        assert_int_equal(notes.n, CASES[i].note != NULL);
        if (CASES[i].note != NULL &&
            iw_str_find(notes.items[0], iw_str_of(CASES[i].note)) == SIZE_MAX)
            fail_msg("case %zu: %.*s", i, IW_STR_ARG(notes.items[0]));
    }
}

static void without_clocks_nothing_is_done(void **state)
{
    uint32_t sources[] = {A_SECURITY};
    struct iw_telemetry_channel channel = log_of("Security", sources, 1);
    const struct iw_clock_times of = {NULL, &ledger, IW_STR("WEB01"), &channel, 1};
    const struct iw_telemetry_channel *got;
    struct iw_text_list notes;
    (void)state;
    assert_int_equal(iw_clock_times_correct(&of, &arena, &got, &notes), IW_OK);
    assert_ptr_equal(got, &channel);
    assert_int_equal(notes.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(logs_are_corrected_as_a_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_clocks_nothing_is_done, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
