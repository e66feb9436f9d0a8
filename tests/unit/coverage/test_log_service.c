/*
 * What the service of event logs tells of itself, at the edges: a shutdown that takes its time and
 * a machine that runs on, a crash, events that were lost, a log that is full, an audit of one user.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "coverage/log_gaps.h"

#define SECOND IW_NS_PER_SECOND
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define MS (SECOND / 1000)
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define MOST 64U
#define DOWN (5 * HOUR + MINUTE) /* the service ends */
#define UP (7 * HOUR)            /* Windows starts */

static struct iw_arena arena;
static struct iw_telemetry_channel channels[3]; /* Sysmon, Security, requests */
static struct iw_time_part parts[3][MOST];
static struct iw_switch switches[8];
static struct iw_log_host host;
static struct iw_log_gaps gaps;

static void put(size_t log, int64_t time_ns)
{
    parts[log][channels[log].n_parts++] = (struct iw_time_part){time_ns, time_ns, 1};
}

static void fill(size_t log, int64_t from_ns, int64_t to_ns)
{
    for (int64_t time_ns = from_ns; time_ns <= to_ns; time_ns += 30 * MINUTE)
        put(log, time_ns);
}

/* Sysmon up to 5 h and from the start on, to 12 h. */
static int begin(void **state)
{
    static const char *const NAMES[] = {SYSMON, "Security", "IIS/W3SVC"};
    (void)state;
    iw_arena_init(&arena, 0);
    memset(channels, 0, sizeof channels);
    for (size_t i = 0; i < 3; i++)
        channels[i] = (struct iw_telemetry_channel){
            .channel = iw_str_of(NAMES[i]), .n_events = 1, .first_id = 1, .parts = parts[i]};
    fill(0, 0, 5 * HOUR);
    put(0, UP + 20 * SECOND);
    fill(0, UP + 10 * MINUTE, 12 * HOUR);
    host = (struct iw_log_host){
        .channels = channels, .n_channels = 3, .switches = switches, .to_ns = 12 * HOUR + 1};
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

/* Behind those before it. */
static void say(enum iw_switch_kind kind, const char *subject, const char *by, int64_t time_ns)
{
    switches[host.n_switches++] = (struct iw_switch){
        .kind = kind, .subject = iw_str_of(subject), .by = iw_str_of(by), .time_ns = time_ns};
}

/* The gaps that are not of silence. */
static size_t find(void)
{
    size_t n = 0;
    struct iw_log_gap *kept;
    assert_int_equal(iw_log_gaps_find(&host, &channels[0], &arena, &gaps), IW_OK);
    kept = iw_arena_alloc(&arena, (gaps.n + 1) * sizeof *kept);
    assert_non_null(kept);
    for (size_t i = 0; i < gaps.n; i++) {
        if (!iw_str_holds_nocase(gaps.items[i].why, IW_STR("silent")))
            kept[n++] = gaps.items[i];
    }
    gaps.items = kept;
    gaps.n = n;
    return n;
}

static void assert_gap(int64_t from_ns, int64_t to_ns, const char *why)
{
    assert_int_equal(find(), 1);
    if (!iw_str_holds_nocase(gaps.items[0].why, iw_str_of(why)))
        fail_msg("%.*s", IW_STR_ARG(gaps.items[0].why));
    assert_int_equal(gaps.items[0].from_ns, from_ns);
    assert_int_equal(gaps.items[0].to_ns, to_ns);
}

/* Two hours off between an end and a start: nothing was there to be told. */
static void a_restart_is_no_gap(void **state)
{
    (void)state;
    say(IW_SWITCH_LOGGING_ENDED, "", "Security 1100", DOWN);
    say(IW_SWITCH_LOGGING_ENDED, "", "System 6006", DOWN);
    say(IW_SWITCH_WINDOWS_ENDED, "", "System 13", DOWN + 9 * SECOND);
    say(IW_SWITCH_WINDOWS_STARTED, "kernel", "System 12", UP);
    say(IW_SWITCH_WINDOWS_STARTED, "", "Security 4608", UP + 10 * SECOND);
    say(IW_SWITCH_SERVICE_ON, "EventLog", "System 6005", UP + 14 * SECOND);
    put(1, DOWN);
    put(1, UP + 10 * SECOND);
    assert_int_equal(find(), 0);
    /* So is one that only Security tells of, and an end behind which there is nothing at all. */
    host.n_switches = 1;
    say(IW_SWITCH_WINDOWS_STARTED, "", "Security 4608", UP + 10 * SECOND);
    assert_int_equal(find(), 0);
    host.n_switches = 1;
    channels[0].n_parts = 11;
    channels[1].n_parts = 1;
    host.to_ns = DOWN + 1;
    assert_int_equal(find(), 0);
}

/* The kernel ended five minutes later: updates; a moment later still: somebody had it so. */
static void a_machine_that_ran_on(void **state)
{
    int64_t ended_ns = DOWN + 5 * MINUTE;
    (void)state;
    say(IW_SWITCH_LOGGING_ENDED, "", "Security 1100", DOWN);
    say(IW_SWITCH_WINDOWS_ENDED, "", "System 13", ended_ns);
    say(IW_SWITCH_WINDOWS_STARTED, "kernel", "System 12", UP);
    put(1, ended_ns); /* 13 itself is of the log of System */
    put(1, UP);
    assert_int_equal(find(), 0);
    parts[1][0].first_ns = parts[1][0].last_ns = switches[1].time_ns = ended_ns + 1;
    assert_gap(DOWN, ended_ns + 1,
               "the service of event logs was shut down at 1970-01-01 05:01:00 (Security 1100)");
    assert_int_equal(gaps.items[0].lack, IW_LACK_RUNNING);
}

/* Requests are served, and the service is gone; till the log speaks. */
static void requests_go_on(void **state)
{
    (void)state;
    say(IW_SWITCH_LOGGING_ENDED, "", "Security 1100", DOWN);
    say(IW_SWITCH_WINDOWS_STARTED, "", "Security 4608", UP);
    put(2, DOWN + 5 * MINUTE + 1);
    put(2, UP + HOUR);
    assert_gap(DOWN, UP + 20 * SECOND, "shut down");
    parts[2][0].first_ns = parts[2][0].last_ns = DOWN + 5 * MINUTE; /* while Windows ended */
    assert_int_equal(find(), 0);
    parts[2][0].first_ns = parts[2][0].last_ns = UP - 5 * MINUTE; /* while it started */
    assert_int_equal(find(), 0);
    parts[2][0].first_ns = parts[2][0].last_ns = UP - 5 * MINUTE - 1;
    assert_gap(DOWN, UP + 20 * SECOND, "shut down");
}

/* The service alone was started again: until then. */
static void a_service_that_comes_back(void **state)
{
    (void)state;
    say(IW_SWITCH_LOGGING_ENDED, "", "Security 1100", 2 * HOUR);
    say(IW_SWITCH_SERVICE_ON, "EventLog", "System 6005", 2 * HOUR + 4 * SECOND);
    assert_gap(2 * HOUR, 2 * HOUR + 4 * SECOND, "shut down");
    host.n_switches = 1;
    assert_gap(2 * HOUR, 2 * HOUR + 30 * MINUTE, "shut down");
}

/* The kernel tells of the start, and of no end: that was no shutdown. */
static void an_end_that_nobody_tells(void **state)
{
    (void)state;
    say(IW_SWITCH_LOGGING_ENDED, "", "Security 1100", DOWN);
    say(IW_SWITCH_WINDOWS_STARTED, "kernel", "System 12", UP);
    assert_gap(DOWN, UP + 20 * SECOND, "shut down");
}

static void requests_are_no_event_log(void **state)
{
    struct iw_telemetry_channel kept = channels[0];
    (void)state;
    say(IW_SWITCH_LOGGING_ENDED, "", "Security 1100", DOWN);
    say(IW_SWITCH_WINDOWS_CRASHED, "", "System 6008", UP);
    channels[0].channel = IW_STR("IIS/W3SVC");
    assert_int_equal(find(), 0);
    channels[0] = kept;
}

/* What was logged in the last minute may not be there, up to five minutes behind the last sign. */
static void what_a_crash_takes(void **state)
{
    (void)state;
    say(IW_SWITCH_WINDOWS_STARTED, "kernel", "System 12", UP);
    say(IW_SWITCH_WINDOWS_CRASHED, "", "System 6008", UP + 15 * SECOND);
    put(1, 5 * HOUR + 20 * MINUTE); /* the last sign of all is of another log */
    put(1, UP + 15 * SECOND);
    assert_gap(5 * HOUR + 19 * MINUTE, 5 * HOUR + 25 * MINUTE,
               "Windows ended unexpectedly after 1970-01-01 05:20:00 (System 6008)");
    assert_int_equal(gaps.items[0].lack, IW_LACK_UNBROKEN);
    put(0, 0);
    for (size_t i = channels[0].n_parts - 1; i > 11; i--) /* this one went on as long */
        parts[0][i] = parts[0][i - 1];
    parts[0][11] = (struct iw_time_part){5 * HOUR + 20 * MINUTE, 5 * HOUR + 20 * MINUTE, 1};
    assert_gap(5 * HOUR + 20 * MINUTE + 1, 5 * HOUR + 25 * MINUTE, "ended unexpectedly");
    parts[1][0].first_ns = parts[1][0].last_ns = UP - MINUTE; /* cut at the start */
    assert_gap(UP - 2 * MINUTE, UP, "ended unexpectedly");
}

static void what_the_audit_lost(void **state)
{
    (void)state;
    say(IW_SWITCH_EVENTS_LOST, "Security", "Security 4612", 5 * HOUR + 10 * MINUTE);
    assert_int_equal(find(), 0); /* another log */
    channels[0].channel = IW_STR("Security");
    assert_gap(5 * HOUR + 1, 5 * HOUR + 10 * MINUTE,
               "events of the Security log were lost before 1970-01-01 05:10:00 (Security 4612)");
    assert_int_equal(gaps.items[0].lack, IW_LACK_AUDIT_QUEUE);
    /* In a part that goes over it: from its begin, for what of it came before is not known. */
    parts[0][10].last_ns = 5 * HOUR + 11 * MINUTE;
    assert_gap(5 * HOUR, 5 * HOUR + 10 * MINUTE, "lost before");
    parts[0][10].last_ns = 5 * HOUR;
    /* At a start: before that, and no longer than the machine can have run. */
    switches[0].by = IW_STR("Security 1101");
    switches[0].time_ns = UP + 25 * SECOND;
    switches[1] = switches[0];
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_WINDOWS_STARTED, .time_ns = UP};
    host.n_switches = 2;
    assert_gap(5 * HOUR + 1, 5 * HOUR + 5 * MINUTE, "(Security 1101)");
}

static void a_log_that_is_full(void **state)
{
    (void)state;
    say(IW_SWITCH_LOG_FULL, "Security", "Security 1104", 5 * HOUR);
    assert_int_equal(find(), 0); /* another log */
    channels[0].channel = IW_STR("Security");
    assert_gap(5 * HOUR, UP + 20 * SECOND,
               "the Security log was full at 1970-01-01 05:00:00 (Security 1104)");
    assert_int_equal(gaps.items[0].lack, IW_LACK_ROOM);
}

/* Samples are of others, too: only the other switch ends it. */
static void an_audit_of_one_user(void **state)
{
    struct iw_time_part seen[] = {{2 * HOUR, 2 * HOUR, 1}, {4 * HOUR, 4 * HOUR, 1}};
    struct iw_telemetry_sample samples[] = {{IW_SAMPLE_PROCESS, IW_STR(""), seen, 2}};
    (void)state;
    channels[0].channel = IW_STR("Security");
    channels[0].samples = samples;
    channels[0].n_samples = 1;
    say(IW_SWITCH_USER_AUDIT_OFF, "process creation by S-1-5-82-7", "Security 4912 by LAB\\adm",
        3 * HOUR);
    say(IW_SWITCH_USER_AUDIT_ON, "process creation by S-1-5-82-8", "Security 4912", 9 * HOUR);
    say(IW_SWITCH_USER_AUDIT_ON, "process creation by S-1-5-82-7", "Security 4912", 10 * HOUR);
    assert_gap(3 * HOUR, 10 * HOUR,
               "the audit of process creation by S-1-5-82-7 was switched off at 1970-01-01 "
               "03:00:00 (Security 4912 by LAB\\adm)");
    assert_int_equal(gaps.items[0].scope, IW_GAP_OF_PROCESSES);
    assert_int_equal(gaps.items[0].lack, IW_LACK_POLICY);
    host.n_switches = 2;
    assert_gap(3 * HOUR, 12 * HOUR + 1, "switched off");
}

#define LOG(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG(a_restart_is_no_gap),      LOG(a_machine_that_ran_on),
        LOG(requests_go_on),           LOG(a_service_that_comes_back),
        LOG(an_end_that_nobody_tells), LOG(requests_are_no_event_log),
        LOG(what_a_crash_takes),       LOG(what_the_audit_lost),
        LOG(a_log_that_is_full),       LOG(an_audit_of_one_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
