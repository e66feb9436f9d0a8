/*
 * What was switched on within a log, and what begins late in it, where files of settings and far
 * times are in play. What events alone tell: tests/integration/run/test_coverage_spans.py.
 */
#include "coverage_rig.h"

#define MINUTE (60 * SECOND)

static struct iw_time_part late[3]; /* of a log, or of samples */

static void switch_on(enum iw_switch_kind kind, const char *subject, int64_t time_ns)
{
    switches[0] = (struct iw_switch){.kind = kind,
                                     .host = IW_STR("WEB01"),
                                     .subject = iw_str_of(subject),
                                     .by = IW_STR("an event"),
                                     .time_ns = time_ns};
    switch_list.n = 1;
}

static void begin_late(int64_t first_ns)
{
    for (size_t i = 0; i < COUNT(late); i++)
        late[i] =
            (struct iw_time_part){first_ns + (int64_t)i * HOUR, first_ns + (int64_t)i * HOUR, 1};
}

static struct iw_telemetry_channel *channel_named(const char *name)
{
    for (size_t i = 0; i < telemetry.n_channels; i++) {
        if (iw_str_equal(channels[i].channel, iw_str_of(name)))
            return &channels[i];
    }
    fail_msg("no %s", name);
    return NULL;
}

/* The link's first reason and state; the log *name* speaks late alone. */
static const struct iw_coverage_link *judge_late_log(const char *name, enum iw_link link)
{
    struct iw_telemetry_channel *channel;
    fill_channels();
    channel = channel_named(name);
    channel->parts = late;
    channel->n_parts = COUNT(late);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    return link_of(link);
}

static void requests_switched_on(void **state)
{
    (void)state;
    switch_on(IW_SWITCH_REQUESTS_ON, "httpLogging/@dontLog", 40 * MINUTE);
    begin_late(50 * MINUTE); /* not late by itself */
    for (int64_t i = 0; i < 3; i++)
        late[i].last_ns += 8 * HOUR * i;
    late[2].last_ns = DAY;
    assert_int_equal(judge_late_log(CHANNELS[0], IW_LINK_REQUEST)->state, IW_LINK_GAP);
    assert_why(IW_LINK_REQUEST, "switched on at 1970-01-01 00:40:00");
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    switches[0].time_ns = 51 * MINUTE; /* it was on before */
    assert_int_equal(judge_late_log(CHANNELS[0], IW_LINK_REQUEST)->state, IW_LINK_PROVED);
}

/* A file tells what is so when it is collected; the event tells what was before. */
static void settings_of_a_channel_switched_on(void **state)
{
    (void)state;
    on_only(CHANNELS[1]);
    for (size_t i = 0; i < iw_n_link_witnesses; i++) /* holds the window open */
        is_on[i] |= iw_link_witnesses[i].link == IW_LINK_MODULE_LOAD;
    set_said(IW_PROOF_LOGGED, false);
    said_of = IW_SENSE_CONFIGURATION_LOG;
    begin_late(12 * HOUR);
    assert_int_equal(judge_late_log(CHANNELS[1], IW_LINK_REGISTRATION)->state, IW_LINK_PROVED);
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    switch_on(IW_SWITCH_CHANNEL_ON, CHANNELS[1], 11 * HOUR);
    assert_int_equal(judge_late_log(CHANNELS[1], IW_LINK_REGISTRATION)->state, IW_LINK_GAP);
    assert_why(IW_LINK_REGISTRATION, "switched on at 1970-01-01 11:00:00");
    assert_true(iw_str_find(link_of(IW_LINK_REGISTRATION)->fix, IW_STR("/e:true")) != SIZE_MAX);
}

/* A command tells what was off only where the event of the change may be missing. */
static void audits_switched_on_by_a_command(void **state)
{
    static struct iw_time_part soon[3];
    (void)state;
    on_only("Security");
    switch_on(IW_SWITCH_AUDIT_ASKED_ON, "file system", 11 * HOUR);
    for (uint64_t id = 0; id < 2; id++) {
        fill_channels();
        channels[0].first_id = id;
        for (size_t i = 0; i < COUNT(soon); i++)
            soon[i] = (struct iw_time_part){(int64_t)(12 + i) * HOUR, (int64_t)(12 + i) * HOUR, 1};
        for (size_t i = 0; i < channels[0].n_samples; i++) {
            if (channels[0].samples[i].kind != IW_SAMPLE_FILE)
                continue;
            channels[0].samples[i].parts = soon;
            channels[0].samples[i].n_parts = COUNT(soon);
        }
        iw_coverage_done(&coverage);
        iw_coverage_init(&coverage);
        assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
        assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state,
                         id == 0 ? IW_LINK_GAP : IW_LINK_PROVED);
        if (id == 0)
            assert_why(IW_LINK_FILE_CREATED, "switched on at 1970-01-01 11:00:00");
    }
}

static void far_times(void **state)
{
    static struct iw_time_part far[6];
    (void)state;
    on_only("Security");
    fill_channels();
    for (size_t i = 0; i < COUNT(far); i++)
        far[i] = (struct iw_time_part){INT64_MAX - (int64_t)(COUNT(far) - i) * HOUR,
                                       INT64_MAX - (int64_t)(COUNT(far) - i) * HOUR, 1};
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        channels[0].samples[i].parts = far;
        channels[0].samples[i].n_parts = COUNT(far);
    }
    parts[0].first_ns = INT64_MIN + 1; /* the log begins there */
    parts[N_PARTS - 1].last_ns = INT64_MAX;
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    assert_int_equal(link_of(IW_LINK_PROCESS_CREATED)->state, IW_LINK_GAP);
    assert_why(IW_LINK_PROCESS_CREATED, "shows one within every 61 min");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST(requests_switched_on),
        HOST(settings_of_a_channel_switched_on),
        HOST(audits_switched_on_by_a_command),
        HOST(far_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
