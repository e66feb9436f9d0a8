/*
 * Which events are marks, and what they say. Field names: those of the events' own manifests
 * (Security 4616 v1; System 104 and Security 1102, UserData/LogFileCleared; Kernel-General 1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "order/log_mark.h"
#include "tests/support/test_event.h"
#ifdef IW_FAULT_INJECTION
#include "tests/unit/order/memory_fails.h"
#endif

#define SECOND IW_NS_PER_SECOND
#define TEN (INT64_C(1767607200) * SECOND) /* 2026-01-05 10:00:00 */
#define DATA IW_PLACE_EVENT_DATA
#define USER IW_PLACE_USER_DATA
#define MOST_FIELDS 6U

static struct iw_names names;
static struct iw_arena arena;

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return iw_names_init(&names) == IW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_names_done(&names);
    iw_arena_done(&arena);
    return 0;
}

static const struct {
    const char *channel, *provider;
    uint32_t event_id;
    struct test_field fields[MOST_FIELDS];
    size_t n;
    enum iw_log_mark_kind kind; /* 0: no mark */
    const char *cleared, *user;
    int64_t old_ns, new_ns;
} CASES[] = {
    {"Security",
     "Microsoft-Windows-Eventlog",
     1102,
     {{"Channel", "Security", IW_PLACE_SYSTEM},
      {"SubjectUserSid", "S-1-5-21-1", USER},
      {"SubjectUserName", "eve", USER},
      {"SubjectDomainName", "CORP", USER}},
     4,
     IW_LOG_MARK_CLEARED,
     "Security",
     "CORP\\eve",
     IW_TIME_UNKNOWN,
     IW_TIME_UNKNOWN},
    {"SYSTEM",
     "microsoft-windows-eventlog",
     104,
     {{"Channel", "System", IW_PLACE_SYSTEM},
      {"SubjectUserName", "eve", USER},
      {"Channel", "Application", USER}},
     3,
     IW_LOG_MARK_CLEARED,
     "Application",
     "eve",
     IW_TIME_UNKNOWN,
     IW_TIME_UNKNOWN},
    {"System",
     "Microsoft-Windows-Eventlog",
     104,
     {{NULL, NULL, DATA}},
     0,
     IW_LOG_MARK_CLEARED,
     "",
     "",
     IW_TIME_UNKNOWN,
     IW_TIME_UNKNOWN},
    {"Security",
     "Microsoft-Windows-Security-Auditing",
     4616,
     {{"SubjectUserSid", "S-1-5-19", DATA},
      {"PreviousTime", "2026-01-05T10:00:00.0000000Z", DATA},
      {"NewTime", "2026-01-05T09:00:00.0000000Z", DATA}},
     3,
     IW_LOG_MARK_CLOCK_SET,
     "",
     "S-1-5-19",
     TEN,
     TEN - 3600 * SECOND},
    {"Security",
     "",
     4616,
     {{"PreviousTime", "10:00:00", DATA}},
     1,
     IW_LOG_MARK_CLOCK_SET,
     "",
     "",
     IW_TIME_UNKNOWN,
     IW_TIME_UNKNOWN},
    {"System",
     "Microsoft-Windows-Kernel-General",
     1,
     {{"NewTime", "2026-01-05T10:00:00.0000000Z", DATA},
      {"OldTime", "2026-01-05T09:59:59.0000000Z", DATA}},
     2,
     IW_LOG_MARK_CLOCK_SET,
     "",
     "",
     TEN - SECOND,
     TEN},
    {"System",
     "Microsoft-Windows-Power-Troubleshooter",
     1,
     {{NULL, NULL, DATA}},
     0,
     0,
     "",
     "",
     0,
     0},
    {"System", "SomeService", 104, {{NULL, NULL, DATA}}, 0, 0, "", "", 0, 0},
    {"Security", "x", 4624, {{NULL, NULL, DATA}}, 0, 0, "", "", 0, 0},
    {"Application", "Microsoft-Windows-Eventlog", 1102, {{NULL, NULL, DATA}}, 0, 0, "", "", 0, 0},
};
#define N_CASES (sizeof CASES / sizeof CASES[0])

static struct iw_event make(size_t i)
{
    struct iw_event event = test_event(&names, &arena, CASES[i].channel, CASES[i].event_id,
                                       CASES[i].fields, CASES[i].n);
    event.provider = iw_str_of(CASES[i].provider);
    return event;
}

static void check(const struct iw_log_mark *mark, size_t i)
{
    assert_int_equal(mark->kind, CASES[i].kind);
    assert_true(iw_str_equal(mark->channel, iw_str_of(CASES[i].cleared)));
    assert_true(iw_str_equal(mark->user, iw_str_of(CASES[i].user)));
    assert_true(mark->old_ns == CASES[i].old_ns && mark->new_ns == CASES[i].new_ns);
}

static void test_marks(void **state)
{
    struct iw_route route;
    (void)state;
    iw_route_init(&route);
    assert_int_equal(iw_log_mark_route(&route), IW_OK);
    for (size_t i = 0; i < N_CASES; i++) {
        struct iw_event event = make(i);
        struct iw_log_mark mark, read;
        struct iw_buffer payload;
        if (CASES[i].kind == 0) {
            assert_int_equal(iw_log_mark_read(&event, &arena, &mark), IW_END);
            continue;
        }
        assert_true(iw_route_wants(&route, iw_route_find(&route, event.channel), event.event_id));
        assert_int_equal(iw_log_mark_read(&event, &arena, &mark), IW_OK);
        check(&mark, i);
        iw_buffer_init(&payload);
        iw_log_mark_write(&mark, &payload);
        assert_true(iw_log_mark_parse(iw_buffer_str(&payload), &read));
        check(&read, i);
        for (size_t n = 0; n < payload.n; n++) /* cut anywhere */
            assert_false(iw_log_mark_parse((struct iw_str){payload.p, n}, &read));
        iw_buffer_done(&payload);
        event.flags = 0; /* not decoded: nothing is known of it */
        assert_int_equal(iw_log_mark_read(&event, &arena, &mark), IW_END);
    }
    iw_route_done(&route);
}

#ifdef IW_FAULT_INJECTION
static enum iw_rc read_mark(void *context, struct iw_arena *small)
{
    struct iw_log_mark mark;
    return iw_log_mark_read(context, small, &mark);
}

static void test_no_memory(void **state)
{
    struct iw_event event = make(0);
    (void)state;
    every_allocation_fails(read_mark, &event, 1);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
#ifdef IW_FAULT_INJECTION
        cmocka_unit_test(test_no_memory),
#endif
    };
    return cmocka_run_group_tests_name("log_mark", tests, set_up, tear_down);
}
