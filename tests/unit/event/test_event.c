/*
 * Questions about an event, its time (docs/DATA-MODEL.md: Sysmon's UtcTime, else TimeCreated), and
 * batches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "event/batch.h"
#include "tests/support/test_event.h"
#include "tests/support/skip_because.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define MS 1000000LL

static const struct {
    const char *channel;
    const char *utc_time; /* NULL: a null value */
    enum iw_place place;
    uint32_t flags;
    int64_t created_ns, time_ns;
} TIMES[] = {
    {SYSMON, "1970-01-01 00:00:01.002", IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, 5, 1002 * MS},
    {"microsoft-windows-SYSMON/operational", "1970-01-01 00:00:01.002", IW_PLACE_EVENT_DATA,
     IW_EVENT_DECODED, 5, 1002 * MS},
    {SYSMON, "1970-01-01 00:00:01.002", IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, IW_TIME_UNKNOWN,
     1002 * MS},
    {SYSMON, "1970-01-01 00:00:01.002", IW_PLACE_EVENT_DATA, 0, 5, 5}, /* not decoded */
    {SYSMON, "yesterday", IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, 5, 5},
    {SYSMON, "", IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, 5, 5},
    {SYSMON, NULL, IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, 5, 5},
    {SYSMON, "1970-01-01 00:00:01.002", IW_PLACE_RENDERING, IW_EVENT_DECODED, 5, 5},
    {"Security", "1970-01-01 00:00:01.002", IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, 5, 5},
    {"", "1970-01-01 00:00:01.002", IW_PLACE_EVENT_DATA, IW_EVENT_DECODED, IW_TIME_UNKNOWN,
     IW_TIME_UNKNOWN},
};

static void time_of_event(void **state)
{
    struct iw_names names;
    struct iw_arena arena;
    (void)state;
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct test_field field = {"UtcTime", TIMES[i].utc_time, TIMES[i].place};
        struct iw_event event = test_event(&names, &arena, TIMES[i].channel, 1, &field, 1);
        event.flags = TIMES[i].flags;
        event.created_ns = TIMES[i].created_ns;
        event.time_ns = 77;
        iw_event_settle_time(&event);
        if (event.time_ns != TIMES[i].time_ns)
            fail_msg("row %zu: %lld", i, (long long)event.time_ns);
    }
    iw_arena_done(&arena);
    iw_names_done(&names);
}

static void finding_fields(void **state)
{
    static const struct test_field FIELDS[] = {
        {"User", "rendered", IW_PLACE_RENDERING},
        {"USER", "first", IW_PLACE_EVENT_DATA},
        {"User", "second", IW_PLACE_EVENT_DATA},
        {"Image", NULL, IW_PLACE_EVENT_DATA},
    };
    struct iw_names names;
    struct iw_arena arena;
    struct iw_event event;
    (void)state;
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_arena_init(&arena, 0);
    event = test_event(&names, &arena, "C", 1, FIELDS, 4);
    assert_ptr_equal(iw_event_find(&event, IW_FIELD_USER), &event.fields[1]);
    assert_true(iw_str_equal(iw_event_text(&event, IW_FIELD_USER, &arena), IW_STR("first")));
    assert_non_null(iw_event_find(&event, IW_FIELD_IMAGE)); /* there, and empty */
    assert_int_equal(iw_event_text(&event, IW_FIELD_IMAGE, &arena).n, 0);
    assert_null(iw_event_find(&event, IW_FIELD_HASHES));
    assert_non_null(iw_event_text(&event, IW_FIELD_HASHES, &arena).p);
    iw_arena_done(&arena);
    iw_names_done(&names);
}

static void batches(void **state)
{
    struct iw_batch *batch = test_malloc(sizeof *batch);
    (void)state;
    assert_int_equal(iw_batch_init(batch), IW_OK);
    assert_int_equal(batch->n, 0);
    batch->fields[IW_BATCH_FIELDS - 1].n = 1; /* room for all of them */
    batch->n = 3;
    batch->n_fields = 9;
    assert_non_null(iw_arena_alloc(&batch->arena, 1000));
    assert_null(iw_arena_alloc(&batch->arena, IW_LIMIT_BATCH_BYTES));
    assert_true(batch->arena.hit_cap);
    iw_batch_clear(batch);
    assert_int_equal(batch->n, 0);
    assert_int_equal(batch->n_fields, 0);
    assert_false(batch->arena.hit_cap);
    iw_batch_done(batch);
    iw_batch_done(batch); /* a finished one is fine */
    test_free(batch);
}

static void batch_without_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    struct iw_batch *batch = test_malloc(sizeof *batch);
    iw_alloc_fail_at(1);
    assert_int_equal(iw_batch_init(batch), IW_ENOMEM);
    iw_alloc_fail_at(0);
    iw_batch_done(batch);
    test_free(batch);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_of_event),
        cmocka_unit_test(finding_fields),
        cmocka_unit_test(batches),
        cmocka_unit_test(batch_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
