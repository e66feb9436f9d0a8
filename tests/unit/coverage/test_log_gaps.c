/*
 * Gaps of a log made by hand: ends, silence at the edge and one past it, jumps of record ids,
 * clears and switches, damage. Sets of spans beside them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "coverage/log_gaps.h"

#define SECOND IW_NS_PER_SECOND
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define MS (SECOND / 1000)
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define MOST 256U

static struct iw_arena arena;
static struct iw_telemetry_channel channels[2];
static struct iw_time_part parts[2][MOST];
static struct iw_record_gap jumps[2];
static struct iw_switch switches[2];
static struct iw_log_host host;
static struct iw_log_gaps gaps;

/* A log of Sysmon and one of Security, both from 0 to 24 h, a part every ten minutes. */
static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    memset(channels, 0, sizeof channels);
    for (size_t i = 0; i < 2; i++) {
        channels[i] =
            (struct iw_telemetry_channel){.channel = i == 0 ? IW_STR(SYSMON) : IW_STR("Security"),
                                          .n_events = 1,
                                          .first_id = 1,
                                          .parts = parts[i]};
    }
    host = (struct iw_log_host){.channels = channels, .n_channels = 2, .to_ns = 24 * HOUR + 1};
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static void put(size_t log, int64_t time_ns)
{
    parts[log][channels[log].n_parts++] = (struct iw_time_part){time_ns, time_ns, 1};
}

/* Moments every *step* between two. */
static void fill(size_t log, int64_t from_ns, int64_t to_ns, int64_t step_ns)
{
    for (int64_t time_ns = from_ns; time_ns <= to_ns; time_ns += step_ns)
        put(log, time_ns);
}

static void find(void)
{
    assert_int_equal(iw_log_gaps_find(&host, &channels[0], &arena, &gaps), IW_OK);
}

static void assert_gap(size_t i, int64_t from_ns, int64_t to_ns, const char *why)
{
    assert_true(i < gaps.n);
    if (!iw_str_holds_nocase(gaps.items[i].why, iw_str_of(why)))
        fail_msg("%.*s", IW_STR_ARG(gaps.items[i].why));
    assert_int_equal(gaps.items[i].from_ns, from_ns);
    assert_int_equal(gaps.items[i].to_ns, to_ns);
}

static void an_hour_at_either_end_is_no_gap(void **state)
{
    (void)state;
    fill(0, HOUR, 23 * HOUR, 30 * MINUTE); /* ten times half an hour: not late by one */
    find();
    assert_int_equal(gaps.n, 0);
    channels[0].n_parts = 0;
    put(0, HOUR); /* two moments have no usual pause */
    put(0, 23 * HOUR);
    host.to_ns = 24 * HOUR + 1;
    put(1, 23 * HOUR + 1); /* nothing goes on between */
    find();
    assert_int_equal(gaps.n, 0);
    host.from_ns = -1; /* one past it, at both ends */
    host.to_ns = 24 * HOUR + 2;
    find();
    assert_int_equal(gaps.n, 2);
    assert_gap(0, -1, HOUR, "the log of Sysmon begins at 1970-01-01 01:00:00");
    assert_gap(1, 23 * HOUR + 1, 24 * HOUR + 2, "ends at 1970-01-01 23:00:00");
}

/* Records before the first one are gone: an hour of its silence is none that may have been so. */
static void a_beginning_that_is_lost_counts_beyond_the_longest_pause(void **state)
{
    const int64_t late_ns = 55 * MINUTE;
    (void)state;
    fill(0, late_ns, 24 * HOUR - 40 * MINUTE, 10 * MINUTE);
    put(0, 24 * HOUR - 5 * MINUTE);
    channels[0].part_ns = 5 * MINUTE;
    channels[0].ids = (struct iw_record_run){700, 900, late_ns, 24 * HOUR};
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 0, late_ns,
               "the log of Sysmon begins with record 700 at 1970-01-01 00:55:00: those before it "
               "are gone");
    host.from_ns = -HOUR; /* beyond the hour it is told once */
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, -HOUR, late_ns, "begins at 1970-01-01 00:55:00");
    host.from_ns = 15 * MINUTE; /* as long as it is silent once more */
    find();
    assert_int_equal(gaps.n, 0);
    host.from_ns = 15 * MINUTE - 1;
    find();
    assert_int_equal(gaps.n, 1);
}

static void a_beginning_that_may_be_one(void **state)
{
    const int64_t late_ns = 55 * MINUTE;
    (void)state;
    fill(0, late_ns, 24 * HOUR, 10 * MINUTE);
    channels[0].part_ns = 5 * MINUTE;
    channels[0].ids = (struct iw_record_run){1, 900, late_ns, 24 * HOUR}; /* the first ever */
    find();
    assert_int_equal(gaps.n, 0);
    channels[0].ids = (struct iw_record_run){0, 0, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN};
    find();
    assert_int_equal(gaps.n, 0);
    /* something of it without an id is there before */
    channels[0].ids = (struct iw_record_run){700, 900, late_ns + 1, 24 * HOUR};
    find();
    assert_int_equal(gaps.n, 0);
    /* what its pauses are few parts do not tell, nor long ones */
    channels[0].ids.first_ns = late_ns;
    channels[0].n_parts = 23;
    host.to_ns = parts[0][22].last_ns + 1;
    find();
    assert_int_equal(gaps.n, 0);
    channels[0].n_parts = 40;
    host.to_ns = parts[0][39].last_ns + 1;
    find();
    assert_int_equal(gaps.n, 1);
    channels[0].part_ns = 28 * MINUTE;
    find();
    assert_int_equal(gaps.n, 0);
}

static void silence_counts_beyond_ten_usual_pauses(void **state)
{
    (void)state;
    /* 23 pauses of ten minutes and one that is longer, which does not count: ten times ten minutes.
     */
    int64_t most = 100 * MINUTE;
    fill(0, 0, 230 * MINUTE, 10 * MINUTE);
    put(0, 230 * MINUTE + most - MINUTE);
    host.to_ns = 230 * MINUTE + most;
    fill(1, 0, host.to_ns - 1, 20 * MINUTE);
    find();
    assert_int_equal(gaps.n, 0);
    channels[0].n_parts--;
    put(0, 230 * MINUTE + most + MINUTE);
    host.to_ns = 230 * MINUTE + most + 2 * MINUTE;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 230 * MINUTE + 1, 230 * MINUTE + most + MINUTE, "is silent from");
}

/* Years before the rest, or one silence among few pauses: neither excuses a silence. */
static void one_long_pause_excuses_none(void **state)
{
    (void)state;
    put(0, 0); /* of a template */
    fill(0, 1000 * HOUR, 1002 * HOUR, 10 * MINUTE);
    put(0, 1014 * HOUR);
    host.to_ns = 1014 * HOUR + 1;
    fill(1, 1000 * HOUR, 1014 * HOUR, 30 * MINUTE);
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 1002 * HOUR + 1, 1014 * HOUR, "is silent from");
    /* Three pauses of days and one of ten: it speaks so seldom. */
    channels[0].n_parts = 0;
    fill(0, 0, 96 * HOUR, 48 * HOUR);
    put(0, 120 * HOUR);
    put(0, 360 * HOUR);
    channels[1].n_parts = 0;
    fill(1, 0, 360 * HOUR, 12 * HOUR);
    host.to_ns = 360 * HOUR + 1;
    find();
    assert_int_equal(gaps.n, 0);
}

/* The Security log would have told that Windows started, and does not. */
/* A start explains no silence in which Windows ran on: when it ended the kernel tells then. */
static void silence_of_all_before_the_end(void **state)
{
    (void)state;
    channels[1].channel = IW_STR("Security");
    fill(0, 0, 100 * MINUTE, 10 * MINUTE);
    fill(0, 20 * HOUR, 24 * HOUR, 10 * MINUTE);
    put(1, 0);
    put(1, 19 * HOUR); /* 13 itself */
    put(1, 24 * HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_WINDOWS_ENDED, .time_ns = 19 * HOUR};
    switches[1] = (struct iw_switch){.kind = IW_SWITCH_WINDOWS_STARTED, .time_ns = 20 * HOUR};
    host.switches = switches;
    host.n_switches = 2;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 100 * MINUTE + 1, 19 * HOUR, "as all are, and Windows ended at 1970-01-01 19:00");
    /* It went on for less than counts, ten usual pauses; for longer it is one. */
    parts[1][1].first_ns = parts[1][1].last_ns = switches[0].time_ns = 199 * MINUTE;
    find();
    assert_int_equal(gaps.n, 0);
    parts[1][1].first_ns = parts[1][1].last_ns = switches[0].time_ns = 200 * MINUTE + 1;
    find();
    assert_int_equal(gaps.n, 1);
}

static void silence_of_all_without_a_start(void **state)
{
    struct iw_switch *start = &switches[0];
    (void)state;
    *start = (struct iw_switch){.kind = IW_SWITCH_WINDOWS_STARTED, .time_ns = 20 * HOUR + MINUTE};
    channels[1].channel = IW_STR("Security");
    fill(0, 0, 100 * MINUTE, 5 * MINUTE);
    fill(0, 20 * HOUR, 24 * HOUR, 10 * MINUTE);
    put(1, 0);
    put(1, 24 * HOUR);
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 100 * MINUTE + 1, 20 * HOUR, "Windows did not start");
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 0);
    start->time_ns = 20 * HOUR + 6 * MINUTE; /* another start, of later */
    find();
    assert_int_equal(gaps.n, 1);
    start->kind = IW_SWITCH_CLOCK_SET; /* set forward: there was no such time */
    start->time_ns = start->new_ns = 20 * HOUR;
    start->old_ns = 100 * MINUTE;
    find();
    assert_int_equal(gaps.n, 0);
    start->old_ns = 20 * HOUR - 1; /* as clocks are set every day */
    find();
    assert_int_equal(gaps.n, 1);
    start->old_ns = 21 * HOUR; /* back */
    find();
    assert_int_equal(gaps.n, 1);
    start->old_ns = IW_TIME_UNKNOWN;
    find();
    assert_int_equal(gaps.n, 1);
}

static void silence_of_all_is_none(void **state)
{
    (void)state;
    channels[1].channel = IW_STR("Application");
    fill(0, 0, 100 * MINUTE, 5 * MINUTE);
    fill(0, 24 * HOUR - 100 * MINUTE, 24 * HOUR, 5 * MINUTE);
    put(1, 100 * MINUTE); /* just where it ends and begins again */
    put(1, 24 * HOUR - 100 * MINUTE);
    find();
    assert_int_equal(gaps.n, 0);
    /* Another log goes on for as long as this one may be silent, or comes up before it. */
    int64_t allowed = IW_SILENCE_NS; /* ten pauses of five minutes are less */
    channels[1].n_parts = 0;
    put(1, 100 * MINUTE + allowed - 1);
    find();
    assert_int_equal(gaps.n, 0);
    channels[1].n_parts = 0;
    put(1, 24 * HOUR - 100 * MINUTE - allowed);
    find();
    assert_int_equal(gaps.n, 0);
    channels[1].n_parts = 0;
    put(1, 100 * MINUTE + allowed);
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 100 * MINUTE + 1, 24 * HOUR - 100 * MINUTE, "is silent from");
    /* Seldom, but all the time: it went on. */
    channels[1].n_parts = 0;
    fill(1, 100 * MINUTE, 24 * HOUR - 100 * MINUTE, allowed + MINUTE);
    find();
    assert_int_equal(gaps.n, 1);
}

static void a_log_of_acts_is_never_late(void **state)
{
    (void)state;
    channels[0].channel = IW_STR("Microsoft-IIS-Configuration/Operational");
    put(0, 12 * HOUR);
    fill(1, 0, 24 * HOUR, HOUR);
    find();
    assert_int_equal(gaps.n, 0);
}

/* But where its first records are gone, nobody knows when these were. */
static void a_log_of_acts_that_lost_its_beginning(void **state)
{
    (void)state;
    channels[0].channel = IW_STR("Microsoft-IIS-Configuration/Operational");
    put(0, 12 * HOUR);
    fill(1, 0, 24 * HOUR, HOUR);
    for (uint64_t first = 1; first <= 2; first++) {
        channels[0].ids = (struct iw_record_run){first, first, 12 * HOUR, 12 * HOUR};
        find();
        assert_int_equal(gaps.n, first - 1);
    }
    assert_gap(0, 0, 12 * HOUR, "begins with record 2 at 1970-01-01 12:00:00: those before it");
    host.from_ns = 11 * HOUR; /* late by an hour, and by more */
    find();
    assert_int_equal(gaps.n, 0);
    host.from_ns--;
    find();
    assert_int_equal(gaps.n, 1);
}

/* Ids that go back while time goes on: another log, with holes of its own. */
static void a_log_that_was_begun_anew(void **state)
{
    struct iw_record_run runs[] = {
        {1, 5, 0, 5 * HOUR}, {8, 9, 8 * HOUR, 9 * HOUR}, {1, 20, 11 * HOUR, 24 * HOUR}};
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    channels[0].runs = runs;
    channels[0].n_runs = sizeof runs / sizeof runs[0];
    find();
    assert_int_equal(gaps.n, 2);
    assert_gap(0, 5 * HOUR + 1, 8 * HOUR, "2 records of the log of Sysmon are missing, from 6 on");
    assert_gap(1, 9 * HOUR + 1, 11 * HOUR,
               "the log of Sysmon was begun anew between 1970-01-01 09:00:00 and 1970-01-01 "
               "11:00:00: its records go back from 9 to 1");
    /* The clock was set back over it: one log, which has all of its ids. */
    runs[0] = (struct iw_record_run){8, 12, 0, 5 * HOUR};
    runs[1] = (struct iw_record_run){13, 20, 8 * HOUR, 9 * HOUR};
    runs[2] = (struct iw_record_run){1, 7, 11 * HOUR, 24 * HOUR};
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CLOCK_SET,
                                     .by = IW_STR("Security 4616"),
                                     .time_ns = 0,
                                     .old_ns = 24 * HOUR,
                                     .new_ns = 0};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 0);
}

static void jumps_always_count(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    jumps[0] = (struct iw_record_gap){5, 7, HOUR, HOUR};           /* one id, at one moment */
    jumps[1] = (struct iw_record_gap){9, 750, 3 * HOUR, 2 * HOUR}; /* the clock was set back */
    channels[0].gaps = jumps;
    channels[0].n_gaps = 2;
    find();
    assert_int_equal(gaps.n, 2);
    assert_gap(0, HOUR, HOUR + MS, "record 6 of the log of Sysmon is missing");
    assert_gap(1, 2 * HOUR, 3 * HOUR, "740 records of the log of Sysmon are missing, from 10 on");
    jumps[0].after_ns = IW_TIME_UNKNOWN; /* nobody knows when: anywhere */
    channels[0].n_gaps = 1;
    find();
    assert_gap(0, 0, 24 * HOUR + 1, "record 6");
    channels[0].gaps_cut = true;
    find();
    assert_gap(0, 0, 24 * HOUR + 1, "more often than can be kept");
}

static void a_cleared_log_is_blind_before(void **state)
{
    (void)state;
    fill(0, 14 * HOUR, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CLEARED,
                                     .subject = IW_STR(SYSMON),
                                     .by = IW_STR("System 104 by LAB\\adm"),
                                     .time_ns = 14 * HOUR - SECOND};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 2); /* it begins late, and why */
    assert_gap(1, 0, 14 * HOUR, "was cleared at 1970-01-01 13:59:59 (System 104 by LAB\\adm)");
    switches[0].subject = IW_STR("Security"); /* another log */
    find();
    assert_int_equal(gaps.n, 1);
}

static void a_copy_from_before_shortens_it(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CLEARED,
                                     .subject = IW_STR(SYSMON),
                                     .by = IW_STR("x"),
                                     .time_ns = 14 * HOUR + MINUTE};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 14 * HOUR + 1, 15 * HOUR, "was cleared");
}

static void stopped_till_it_starts(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){
        .kind = IW_SWITCH_SYSMON_STOPPED, .by = IW_STR("Sysmon 4"), .time_ns = 5 * HOUR + MINUTE};
    switches[1] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_STARTED,
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 4"),
                                     .time_ns = 5 * HOUR + 2 * MINUTE};
    host.switches = switches;
    host.n_switches = 2;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 5 * HOUR + MINUTE, 5 * HOUR + 2 * MINUTE, "Sysmon was stopped");
    host.n_switches = 1; /* till there is something again */
    find();
    assert_gap(0, 5 * HOUR + MINUTE, 6 * HOUR, "Sysmon was stopped");
    channels[0].n_parts = 6; /* or never */
    find();
    assert_gap(gaps.n - 1, 5 * HOUR + MINUTE, 24 * HOUR + 1, "Sysmon was stopped");
}

/* A record within a minute of the stop was on its way; one a moment later is none. */
static void late_records_end_nothing(void **state)
{
    int64_t stop_ns = 5 * HOUR - SECOND;
    (void)state;
    fill(0, 0, 4 * HOUR, HOUR);
    put(0, stop_ns + MINUTE);
    fill(0, 6 * HOUR, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){
        .kind = IW_SWITCH_SYSMON_STOPPED, .by = IW_STR("Sysmon 4"), .time_ns = stop_ns};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, stop_ns, 6 * HOUR, "Sysmon was stopped");
    parts[0][5].first_ns++;
    parts[0][5].last_ns++;
    find();
    assert_gap(0, stop_ns, stop_ns + MINUTE + 1, "Sysmon was stopped");
}

/* The same of samples of an audit, and of folders that its list was taken from. */
static void late_samples_end_nothing(void **state)
{
    int64_t off_ns = 3 * HOUR;
    struct iw_time_part seen[] = {{off_ns + MINUTE, off_ns + MINUTE, 1}, {9 * HOUR, 9 * HOUR, 1}};
    struct iw_telemetry_sample samples[] = {
        {IW_SAMPLE_FILE, IW_STR("c:\\inetpub\\wwwroot"), seen, sizeof seen / sizeof seen[0]}};
    (void)state;
    channels[0].channel = IW_STR("Security");
    channels[0].samples = samples;
    channels[0].n_samples = 1;
    fill(0, 0, 24 * HOUR, HOUR);
    host.switches = switches;
    host.n_switches = 1;
    for (int i = 0; i < 3; i++) {
        static const char *const SUBJECTS[] = {"file system", "C:\\inetpub\\wwwroot",
                                               "C:\\another"};
        switches[0] = (struct iw_switch){.kind = i == 0 ? IW_SWITCH_AUDIT_OFF : IW_SWITCH_SACL_OFF,
                                         .subject = iw_str_of(SUBJECTS[i]),
                                         .by = IW_STR("x"),
                                         .time_ns = off_ns};
        find();
        assert_int_equal(gaps.n, 1);
        assert_gap(0, off_ns, 9 * HOUR, "the audit of");
        seen[0].first_ns = seen[0].last_ns = off_ns + MINUTE + 1;
        find();
        assert_gap(0, off_ns, off_ns + MINUTE + 1, "the audit of");
        seen[0].first_ns = seen[0].last_ns = off_ns + MINUTE;
    }
}

/* What came in the same part of time behind the stop was on its way: nothing of the time from the
 * stop to the start is there. */
static void a_stop_counts_from_its_moment(void **state)
{
    (void)state;
    put(0, 0);
    put(0, 5 * HOUR);
    parts[0][1].last_ns = 5 * HOUR + 4 * MINUTE;
    fill(0, 6 * HOUR, 24 * HOUR, HOUR);
    fill(1, 0, 24 * HOUR, 5 * HOUR);
    switches[0] = (struct iw_switch){
        .kind = IW_SWITCH_SYSMON_STOPPED, .by = IW_STR("Sysmon 4"), .time_ns = 5 * HOUR + MINUTE};
    switches[1] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_STARTED,
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 4"),
                                     .time_ns = 6 * HOUR};
    host.switches = switches;
    host.n_switches = 2;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 5 * HOUR + MINUTE, 6 * HOUR, "Sysmon was stopped");
}

/* Lost until the log tells of something again, at the moment of the error or in its part of time
 * no more than behind it; or until the end. */
static void lost_events_are_missing_till_there_is_proof(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_ERROR,
                                     .subject = IW_STR("queue full"),
                                     .by = IW_STR("Sysmon 255"),
                                     .time_ns = 6 * HOUR};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 6 * HOUR, 7 * HOUR, "Sysmon lost events at 1970-01-01 06:00:00");
    assert_gap(0, 6 * HOUR, 7 * HOUR, "(Sysmon 255: queue full)");
    assert_true(gaps.items[0].lasts_till_proof);
    parts[0][6].last_ns = 6 * HOUR + MINUTE;
    find();
    assert_gap(0, 6 * HOUR, 6 * HOUR + MINUTE, "Sysmon lost events");
    switches[0].time_ns = 24 * HOUR;
    find();
    assert_gap(0, 24 * HOUR, 24 * HOUR + 1, "Sysmon lost events");
}

/* Events that are not the driver's go on: till a sample, or till Sysmon starts. */
static void an_unloaded_driver_lasts(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){
        .kind = IW_SWITCH_DRIVER_OFF, .by = IW_STR("Sysmon 1, fltMC.exe"), .time_ns = 6 * HOUR};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 6 * HOUR, 7 * HOUR,
               "Sysmon's driver was unloaded at 1970-01-01 06:00:00 (Sysmon 1");
    assert_true(gaps.items[0].lasts_till_sample);
    switches[1] =
        (struct iw_switch){.kind = IW_SWITCH_SYSMON_STARTED, .time_ns = 6 * HOUR + 30 * MINUTE};
    host.n_switches = 2;
    find();
    assert_gap(0, 6 * HOUR, 6 * HOUR + 30 * MINUTE, "driver");
    assert_false(gaps.items[0].lasts_till_sample);
}

/* Whatever was hidden may have been of this log. */
static void switches_past_the_limit(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, 30 * MINUTE);
    find();
    assert_int_equal(gaps.n, 0);
    host.switches_cut = true;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 0, 24 * HOUR + 1, "than can be kept");
    host.switches_cut = false;
}

/* A channel is off until it is on again; a command that asks for that may fail. */
static void asking_ends_nothing(void **state)
{
    (void)state;
    put(0, 0);
    put(0, 24 * HOUR);
    fill(1, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CHANNEL_OFF,
                                     .subject = channels[0].channel,
                                     .by = IW_STR("Sysmon 13"),
                                     .time_ns = 6 * HOUR};
    switches[1] = switches[0];
    switches[1].kind = IW_SWITCH_CHANNEL_ON;
    switches[1].time_ns = 7 * HOUR;
    switches[1].is_asked = true;
    host.switches = switches;
    host.n_switches = 2;
    find();
    assert_gap(gaps.n - 1, 6 * HOUR, 24 * HOUR, "");
    switches[1].is_asked = false;
    find();
    assert_gap(gaps.n - 1, 6 * HOUR, 7 * HOUR, "");
}

/* One command may take away every audit; what it takes of command lines is none of these. */
static void every_audit_off(void **state)
{
    (void)state;
    channels[0].channel = IW_STR("Security");
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_AUDIT_OFF,
                                     .subject = IW_STR("everything"),
                                     .by = IW_STR("Security 4688, auditpol.exe"),
                                     .time_ns = 6 * HOUR};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_gap(i, 6 * HOUR, 24 * HOUR + 1, "was switched off");
        assert_int_equal(gaps.items[i].scope, IW_GAP_OF_PROCESSES + i);
        assert_int_equal(gaps.items[i].lack, IW_LACK_POLICY);
    }
}

static void a_new_configuration_is_a_break(void **state)
{
    (void)state;
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){
        .kind = IW_SWITCH_SYSMON_CONFIGURED, .by = IW_STR("Sysmon 16"), .time_ns = 5 * HOUR};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n_breaks, 1);
    assert_int_equal(gaps.breaks[0].time_ns, 5 * HOUR);
    assert_int_equal(gaps.n, 0);
}

static void an_audit_is_off_till_a_sample(void **state)
{
    struct iw_time_part seen[] = {{HOUR, HOUR, 1}, {9 * HOUR, 9 * HOUR, 1}};
    struct iw_telemetry_sample samples[] = {
        {IW_SAMPLE_PROCESS, IW_STR(""), seen, sizeof seen / sizeof seen[0]}};
    (void)state;
    channels[0].channel = IW_STR("Security");
    channels[0].samples = samples;
    channels[0].n_samples = 1;
    fill(0, 0, 24 * HOUR, HOUR);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_AUDIT_OFF,
                                     .subject = IW_STR("process creation"),
                                     .by = IW_STR("Security 4719"),
                                     .time_ns = 3 * HOUR};
    host.switches = switches;
    host.n_switches = 1;
    find();
    assert_int_equal(gaps.n, 1);
    assert_gap(0, 3 * HOUR, 9 * HOUR, "the audit of process creation was switched off");
    assert_int_equal(gaps.items[0].scope, IW_GAP_OF_PROCESSES);
    samples[0].n_parts = 1;
    find();
    assert_gap(0, 3 * HOUR, 24 * HOUR + 1, "switched off");
}

static void damage_is_before_or_after(void **state)
{
    struct iw_ledger ledger;
    struct iw_source source = {
        .path = IW_STR("a.evtx"), .kind = IW_STR("evtx"), .state = IW_SOURCE_READ};
    uint32_t sources[] = {0};
    (void)state;
    fill(0, MINUTE, 24 * HOUR - 14 * MINUTE, 5 * HOUR);
    iw_ledger_init(&ledger);
    assert_int_equal(iw_ledger_add(&ledger, &source), 0);
    host.ledger = &ledger;
    channels[0].sources = sources;
    channels[0].n_sources = 1;
    channels[0].ids = (struct iw_record_run){1, 9, MINUTE, 20 * HOUR + MINUTE};
    find();
    assert_int_equal(gaps.n, 0);
    iw_account_damage(&ledger.sources[0].account, IW_DAMAGE_CHUNK, 0, 1);
    find();
    assert_int_equal(gaps.n, 2);
    assert_gap(0, 0, MINUTE, "parts of a.evtx could not be read");
    assert_gap(1, 20 * HOUR + MINUTE, 24 * HOUR + 1, "parts of a.evtx could not be read");
    /* Beside a copy without ids: what has ids proves its own time alone. */
    channels[0].ids = (struct iw_record_run){4, 9, 5 * HOUR, 10 * HOUR};
    find();
    assert_int_equal(gaps.n, 2);
    assert_gap(0, 0, 5 * HOUR, "parts of a.evtx could not be read");
    assert_gap(1, 10 * HOUR, 24 * HOUR + 1, "parts of a.evtx could not be read");
    channels[0].ids.first = 0; /* without record ids it may be anywhere */
    find();
    assert_gap(0, 0, 24 * HOUR + 1, "parts of a.evtx");
    iw_ledger_done(&ledger);
}

static void sets_of_spans(void **state)
{
    struct iw_span_set all = {.arena = &arena}, taken = {.arena = &arena}, left = {.arena = &arena};
    (void)state;
    assert_int_equal(iw_span_set_add(&all, 20, 30), IW_OK);
    assert_int_equal(iw_span_set_add(&all, 0, 10), IW_OK);
    assert_int_equal(iw_span_set_add(&all, 5, 12), IW_OK);
    assert_int_equal(iw_span_set_add(&all, 12, 14), IW_OK); /* touches */
    assert_int_equal(iw_span_set_add(&all, 40, 40), IW_OK); /* empty */
    iw_span_set_settle(&all);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.items[0].to_ns, 14);
    assert_int_equal(iw_span_set_add(&taken, -5, 2), IW_OK);
    assert_int_equal(iw_span_set_add(&taken, 4, 6), IW_OK);
    assert_int_equal(iw_span_set_add(&taken, 10, 25), IW_OK);
    iw_span_set_settle(&taken);
    assert_int_equal(iw_span_set_without(&all, &taken, &left), IW_OK);
    assert_int_equal(left.n, 3);
    assert_true(left.items[0].from_ns == 2 && left.items[0].to_ns == 4);
    assert_true(left.items[1].from_ns == 6 && left.items[1].to_ns == 10);
    assert_true(left.items[2].from_ns == 25 && left.items[2].to_ns == 30);
    assert_true(iw_span_set_has(&left, 2) && !iw_span_set_has(&left, 4));
    assert_true(iw_span_set_has(&left, 29) && !iw_span_set_has(&left, 30));
}

#define LOG(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG(an_hour_at_either_end_is_no_gap),
        LOG(a_beginning_that_is_lost_counts_beyond_the_longest_pause),
        LOG(a_beginning_that_may_be_one),
        LOG(silence_counts_beyond_ten_usual_pauses),
        LOG(one_long_pause_excuses_none),
        LOG(silence_of_all_is_none),
        LOG(silence_of_all_without_a_start),
        LOG(silence_of_all_before_the_end),
        LOG(a_log_of_acts_is_never_late),
        LOG(a_log_of_acts_that_lost_its_beginning),
        LOG(jumps_always_count),
        LOG(a_log_that_was_begun_anew),
        LOG(a_cleared_log_is_blind_before),
        LOG(a_copy_from_before_shortens_it),
        LOG(stopped_till_it_starts),
        LOG(late_records_end_nothing),
        LOG(late_samples_end_nothing),
        LOG(a_stop_counts_from_its_moment),
        LOG(lost_events_are_missing_till_there_is_proof),
        LOG(an_unloaded_driver_lasts),
        LOG(switches_past_the_limit),
        LOG(asking_ends_nothing),
        LOG(every_audit_off),
        LOG(a_new_configuration_is_a_break),
        LOG(an_audit_is_off_till_a_sample),
        LOG(damage_is_before_or_after),
        LOG(sets_of_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
