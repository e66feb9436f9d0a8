/*
 * Very many holes of one witness that lie in very many open spans: each span keeps a reason, and
 * what is kept stays within the limit.
 */
#include "coverage_rig.h"

#define BEFORE 1200 /* hours in which Security alone tells */
#define MOST 401
#define ALL (BEFORE + 2 * MOST + 1)

static struct iw_time_part hours[ALL], even[MOST];
static struct iw_switch taken[2 * MOST];

/* Behind BEFORE the audit of one folder after the other is taken away for good, each two hours; and
 * Sysmon loses events each second hour, until its next sample. */
static void prepare(size_t n)
{
    size_t n_hours = BEFORE + 2 * n + 1, n_even = 0;
    for (size_t i = 0; i < n_hours; i++)
        hours[i] = (struct iw_time_part){(int64_t)i * HOUR, (int64_t)i * HOUR, 1};
    for (size_t i = 0; i < n; i++)
        even[n_even++] = hours[BEFORE + 2 * i];
    on_only("Security");
    fill_channels();
    for (size_t k = 0; k < channels[0].n_samples; k++) {
        channels[0].samples[k].parts = hours;
        channels[0].samples[k].n_parts = n_hours;
    }
    channels[0].parts = hours;
    channels[0].n_parts = n_hours;
    samples[3][0] =
        (struct iw_telemetry_sample){IW_SAMPLE_FILE, IW_STR("d:\\sites\\shop"), even, n_even};
    channels[1] = channels[0];
    channels[1].channel = IW_STR(SYSMON);
    channels[1].parts = even;
    channels[1].n_parts = n_even;
    channels[1].samples = &samples[3][0];
    channels[1].n_samples = 1;
    telemetry.n_channels = 2;
    for (size_t i = 0; i < n; i++) {
        int64_t time_ns = (int64_t)(BEFORE + 2 * i) * HOUR;
        taken[2 * i] = (struct iw_switch){.kind = IW_SWITCH_SACL_OFF,
                                          .host = IW_STR("WEB01"),
                                          .subject = IW_STR("D:\\Sites\\Shop\\x"),
                                          .by = IW_STR("Security 4907"),
                                          .time_ns = time_ns + 60 * SECOND};
        taken[2 * i + 1] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_ERROR,
                                              .host = IW_STR("WEB01"),
                                              .subject = IW_STR(""),
                                              .by = IW_STR("Sysmon 255"),
                                              .time_ns = time_ns + HOUR};
    }
    switch_list.items = taken;
    switch_list.n = 2 * n;
}

static void every_open_span_keeps_a_reason(void **state)
{
    static const struct {
        size_t n;
        bool is_whole;
    } CASES[] = {{300, true}, {MOST - 1, false}};
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const struct iw_coverage_record *record;
        size_t n_blind = 0;
        prepare(CASES[i].n);
        iw_coverage_done(&coverage);
        iw_coverage_init(&coverage);
        assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
        record = record_of(0, "AN1108");
        for (size_t k = 0; k < record->n_spans; k++) {
            bool is_blind = record->spans[k].verdict == IW_VERDICT_BLIND;
            n_blind += is_blind;
            assert_int_equal(is_blind, record->spans[k].why.n != 0);
            if (k > CASES[i].n) /* many took it away: all told, or as few as explain it */
                assert_int_equal(!is_blind || record->spans[k].why.n > 1 || !CASES[i].is_whole,
                                 true);
        }
        if (n_blind < CASES[i].n - 1)
            fail_msg("%zu: %zu blind", CASES[i].n, n_blind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {HOST(every_open_span_keeps_a_reason)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
