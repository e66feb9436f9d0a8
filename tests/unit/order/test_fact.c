/*
 * What a record says, whoever carried it, and which clock told its time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "event/web_log.h"
#include "order/fact.h"
#include "tests/support/test_event.h"
#ifdef IW_FAULT_INJECTION
#include "tests/unit/order/memory_fails.h"
#endif

#define SYSMON "Microsoft-Windows-Sysmon/Operational"

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

#define DATA IW_PLACE_EVENT_DATA
#define N(fields) (sizeof(fields) / sizeof(fields)[0])

static const struct test_field PLAIN[] = {{"Image", "a", DATA}, {"User", "b", DATA}};
static const struct test_field TURNED[] = {{"u ser", "b", DATA}, {"IMAGE", "a", DATA}};
static const struct test_field WITH_EMPTY[] = {
    {"Image", "a", DATA}, {"Empty", "", DATA}, {"None", NULL, DATA}, {"User", "b", DATA}};
static const struct test_field WITH_SYSTEM[] = {{"Image", "a", DATA},
                                                {"User", "b", DATA},
                                                {"Computer", "other", IW_PLACE_SYSTEM},
                                                {"agent.name", "x", IW_PLACE_OTHER},
                                                {"Message", "y", IW_PLACE_RENDERING}};
static const struct test_field USER_DATA[] = {{"Image", "a", IW_PLACE_USER_DATA},
                                              {"User", "b", IW_PLACE_USER_DATA}};
static const struct test_field OTHER_VALUE[] = {{"Image", "a", DATA}, {"User", "c", DATA}};
static const struct test_field OTHER_CASE[] = {{"Image", "A", DATA}, {"User", "b", DATA}};
static const struct test_field MOVED[] = {{"Image", "au", DATA}, {"ser", "b", DATA}};
static const struct test_field TWICE[] = {
    {"Image", "a", DATA}, {"Image", "a", DATA}, {"User", "b", DATA}};

static const struct {
    const struct test_field *fields;
    size_t n;
    bool same_with_id;    /* as PLAIN, where events have a record id */
    bool same_without_id; /* and where they have none */
} CONTENTS[] = {
    {PLAIN, N(PLAIN), true, true},
    {TURNED, N(TURNED), true, true},
    {WITH_EMPTY, N(WITH_EMPTY), true, true},
    {WITH_SYSTEM, N(WITH_SYSTEM), true, false},
    {USER_DATA, N(USER_DATA), true, true},
    {OTHER_VALUE, N(OTHER_VALUE), false, false},
    {OTHER_CASE, N(OTHER_CASE), false, false},
    {MOVED, N(MOVED), false, false},
    {TWICE, N(TWICE), false, false},
    {PLAIN, 0, false, false},
};

static void content(const struct test_field *fields, size_t n, uint64_t record_id, uint8_t dialect,
                    uint8_t ret[IW_FACT_CONTENT_BYTES])
{
    struct iw_event event = test_event(&names, &arena, SYSMON, 1, fields, n);
    event.record_id = record_id;
    event.dialect = dialect;
    assert_int_equal(iw_event_content(&event, &arena, ret), IW_OK);
}

static void test_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(CONTENTS); i++) {
        uint8_t plain[IW_FACT_CONTENT_BYTES], other[IW_FACT_CONTENT_BYTES];
        content(PLAIN, N(PLAIN), 7, 0, plain);
        content(CONTENTS[i].fields, CONTENTS[i].n, 8, 2, other);
        assert_int_equal(memcmp(plain, other, sizeof plain) == 0, CONTENTS[i].same_with_id);
        content(PLAIN, N(PLAIN), 0, 2, plain);
        content(CONTENTS[i].fields, CONTENTS[i].n, 0, 2, other);
        assert_int_equal(memcmp(plain, other, sizeof plain) == 0, CONTENTS[i].same_without_id);
        content(CONTENTS[i].fields, CONTENTS[i].n, 0, 3, other); /* another dialect */
        assert_int_not_equal(memcmp(plain, other, sizeof plain), 0);
    }
}

static void test_clocks(void **state)
{
    static const struct test_field UTC[] = {{"UtcTime", "2026-01-05 10:00:00.123", DATA}};
    static const struct test_field BROKEN[] = {{"UtcTime", "soon", DATA}};
    static const struct {
        const char *channel;
        const struct test_field *fields;
        size_t n;
        uint8_t dialect;
        enum iw_fact_clock clock;
        uint32_t flags;
    } CASES[] = {
        {SYSMON, UTC, 1, 0, IW_CLOCK_SYSMON, 0},
        {SYSMON, UTC, 1, 4, IW_CLOCK_SYSMON, 0},
        {SYSMON, UTC, 0, 0, IW_CLOCK_LOG, 0},
        {SYSMON, BROKEN, 1, 4, IW_CLOCK_EXPORT, 0},
        {"Security", UTC, 1, 0, IW_CLOCK_LOG, 0},
        {"Security", UTC, 1, 4, IW_CLOCK_EXPORT, 0},
        {IW_CHANNEL_W3SVC, UTC, 1, 0, IW_CLOCK_REQUEST, 0},
        {IW_CHANNEL_HTTPERR, UTC, 1, 0, IW_CLOCK_REQUEST, 0},
        {IW_CHANNEL_W3SVC, UTC, 1, 0, IW_CLOCK_LOCAL, IW_EVENT_TIME_LOCAL},
    };
    (void)state;
    for (size_t i = 0; i < N(CASES); i++) {
        struct iw_event event =
            test_event(&names, &arena, CASES[i].channel, 1, CASES[i].fields, CASES[i].n);
        event.dialect = CASES[i].dialect;
        event.flags |= CASES[i].flags;
        assert_int_equal(iw_event_clock(&event), CASES[i].clock);
    }
    assert_int_equal(iw_fact_clock_uncertainty_ns(IW_CLOCK_SYSMON), 1000000);
    assert_int_equal(iw_fact_clock_uncertainty_ns(IW_CLOCK_REQUEST), 1000000000);
    assert_int_equal(iw_fact_clock_uncertainty_ns(IW_CLOCK_LOCAL),
                     (14 * INT64_C(3600) + 1) * 1000000000);
}

static void test_fact(void **state)
{
    struct iw_event event = test_event(&names, &arena, "Security", 4624, PLAIN, N(PLAIN));
    struct iw_fact fact;
    uint8_t expected[IW_FACT_CONTENT_BYTES];
    (void)state;
    event.time_ns = 5;
    event.created_ns = 6;
    event.record_id = 7;
    event.source = 8;
    event.offset = 9;
    event.dialect = 3;
    assert_int_equal(iw_fact_of_event(&event, &arena, &fact), IW_OK);
    assert_true(fact.time_ns == 5 && fact.record_id == 7 && fact.event_id == 4624 &&
                fact.place.source == 8 && fact.place.offset == 9 && fact.place.line == 0 &&
                fact.dialect == 3 && fact.clock == IW_CLOCK_EXPORT && fact.payload.n == 0);
    assert_true(iw_str_equal(fact.computer, IW_STR("WEB01.corp.example")));
    content(PLAIN, N(PLAIN), 7, 3, expected);
    assert_memory_equal(fact.content, expected, sizeof expected);
}

#ifdef IW_FAULT_INJECTION
static enum iw_rc read_fact(void *context, struct iw_arena *small)
{
    struct iw_fact fact;
    return iw_fact_of_event(context, small, &fact);
}

static void test_no_memory(void **state)
{
    struct iw_event event = test_event(&names, &arena, "Security", 4624, TWICE, N(TWICE));
    (void)state;
    every_allocation_fails(read_fact, &event, 1);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_fact),
#ifdef IW_FAULT_INJECTION
        cmocka_unit_test(test_no_memory),
#endif
    };
    return cmocka_run_group_tests_name("fact", tests, set_up, tear_down);
}
