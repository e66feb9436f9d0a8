/*
 * Processes of a pool's account whose end Sysmon tells and whose start it does not: starts of
 * others are a choice then, and prove nothing.
 */
#include "coverage_rig.h"

#include "coverage/collector.h"
#include "tests/support/test_event.h"

#define SECOND_OF_2026 INT64_C(1793682620) /* 2026-11-03 05:10:20 */
#define POOL "IIS APPPOOL\\DefaultAppPool"
#define CMD "C:\\Windows\\System32\\cmd.exe"

struct fixture {
    struct iw_names names;
    struct iw_arena arena;
    struct iw_collector *collectors[2];
    struct iw_telemetry telemetry;
};

static int setup(void **state_)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    if (iw_names_init(&f->names) != IW_OK)
        return -1;
    iw_arena_init(&f->arena, 0);
    iw_telemetry_init(&f->telemetry);
    f->collectors[0] = iw_collector_new();
    f->collectors[1] = iw_collector_new();
    *state_ = f;
    return 0;
}

static int teardown(void **state_)
{
    struct fixture *f = *state_;
    iw_collector_free(f->collectors[0]);
    iw_collector_free(f->collectors[1]);
    iw_telemetry_done(&f->telemetry);
    iw_arena_done(&f->arena);
    iw_names_done(&f->names);
    test_free(f);
    return 0;
}

/* An event about the process of that number; it started so many seconds behind the moment. */
static void tell(struct fixture *f, size_t collector, uint32_t event_id, unsigned number,
                 const char *user)
{
    char guid[64];
    unsigned long long second = (unsigned long long)SECOND_OF_2026 + number;
    struct test_field fields[] = {
        {"ProcessGuid", guid, IW_PLACE_EVENT_DATA},
        {"Image", CMD, IW_PLACE_EVENT_DATA},
        {"User", user, IW_PLACE_EVENT_DATA},
    };
    struct iw_event event;
    (void)snprintf(guid, sizeof guid, "{d5f22f07-%04llx-%04llx-4b5e-2d%010x}", second & 0xffff,
                   second >> 16, number);
    event = test_event(&f->names, &f->arena, SYSMON, event_id, fields, COUNT(fields));
    event.computer = IW_STR("WEB01");
    event.time_ns = (SECOND_OF_2026 + 1000) * SECOND;
    assert_int_equal(iw_collector_add(f->collectors[collector], &event), IW_OK);
}

static const struct iw_telemetry_channel *finish(struct fixture *f)
{
    struct iw_hosts hosts;
    iw_hosts_init(&hosts);
    assert_int_equal(iw_collector_merge(f->collectors[0], f->collectors[1]), IW_OK);
    assert_int_equal(iw_collector_hosts(f->collectors[0], &hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    assert_int_equal(iw_collector_finish(f->collectors[0], &hosts, &f->telemetry), IW_OK);
    iw_hosts_done(&hosts);
    assert_int_equal(f->telemetry.n_channels, 1);
    return &f->telemetry.channels[0];
}

static void ends_without_a_start_are_known_over_threads(void **state_)
{
    struct fixture *f = *state_;
    const struct iw_telemetry_channel *channel;
    tell(f, 0, 5, 7, POOL); /* untold */
    tell(f, 1, 5, 7, POOL); /* a copy */
    tell(f, 0, 5, 3, POOL); /* untold, earlier */
    tell(f, 1, 1, 4, POOL); /* told by another thread, before */
    tell(f, 0, 5, 4, POOL);
    tell(f, 0, 5, 5, POOL); /* and behind */
    tell(f, 0, 1, 5, "iis apppool\\x");
    tell(f, 0, 1, 6, POOL); /* it runs on */
    tell(f, 0, 5, 8, "NT AUTHORITY\\SYSTEM");
    tell(f, 0, 5, 9, NULL);
    channel = finish(f);
    assert_int_equal(channel->n_untold, 2);
    assert_int_equal(channel->untold[0].start_ns, (SECOND_OF_2026 + 3) * SECOND);
    assert_int_equal(channel->untold[1].start_ns, (SECOND_OF_2026 + 7) * SECOND);
    assert_true(iw_str_equal(channel->untold[0].image, IW_STR(CMD)));
}

/* Past the limit none is said to be untold: its start may not have been kept. */
static void too_many_are_none(void **state_)
{
    struct fixture *f = *state_;
    for (unsigned i = 0; i < 32769; i++)
        tell(f, 0, 5, i, POOL);
    assert_int_equal(finish(f)->n_untold, 0);
}

/* --- what follows ----------------------------------------------------------------------------- */

static enum iw_link_state state_with(const char *image, int64_t start_ns)
{
    static struct iw_untold_process untold[1];
    untold[0] = (struct iw_untold_process){start_ns, iw_str_of(image)};
    on_only(SYSMON);
    fill_channels();
    channels[0].untold = untold;
    channels[0].n_untold = 1;
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    return link_of(IW_LINK_PROCESS_CREATED)->state;
}

static void a_start_that_was_not_told_makes_others_a_choice(void **state_)
{
    (void)state_;
    assert_int_equal(state_with(CMD, 8 * HOUR), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_PROCESS_CREATED,
               CMD " started at 1970-01-01 08:00:00 as the account of a pool, as its end says "
                   "(Sysmon 5), and no Sysmon 1 tells of it");
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    /* a name alone makes no program of Windows */
    assert_int_equal(state_with("C:\\inetpub\\wwwroot\\csc.exe", 8 * HOUR), IW_LINK_NOT_PROVED);
    assert_int_equal(state_with(CMD, 2 * SECOND), IW_LINK_NOT_PROVED);
}

/* Before the log began or as it did, behind it, what workers run by themselves; a configuration
 * that is in force says more. */
static void starts_that_show_nothing(void **state_)
{
    (void)state_;
    assert_int_equal(state_with(CMD, -HOUR), IW_LINK_PROVED);
    assert_int_equal(state_with(CMD, SECOND), IW_LINK_PROVED);
    assert_int_equal(state_with(CMD, DAY), IW_LINK_PROVED);
    assert_int_equal(state_with("C:\\Windows\\System32\\conhost.exe", 8 * HOUR), IW_LINK_PROVED);
    set_said(IW_PROOF_LOGGED, false);
    said_of = IW_SENSE_SYSMON_PROCESS;
    assert_int_equal(state_with(CMD, 8 * HOUR), IW_LINK_PROVED);
    set_said(IW_PROOF_PARTLY, false);
    said_of = IW_SENSE_SYSMON_PROCESS;
    assert_int_equal(state_with(CMD, 8 * HOUR), IW_LINK_NOT_PROVED);
    assert_int_equal(state_with(CMD, -HOUR), IW_LINK_PROVED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ends_without_a_start_are_known_over_threads, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(too_many_are_none, setup, teardown),
        cmocka_unit_test_setup_teardown(a_start_that_was_not_told_makes_others_a_choice, begin,
                                        end),
        cmocka_unit_test_setup_teardown(starts_that_show_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
