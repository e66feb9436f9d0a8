/*
 * Building events: the order of calls, what is borrowed and what is kept, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "event/builder.h"

struct fixture {
    struct iw_names names;
    struct iw_route route;
    struct iw_event_builder builder;
    struct iw_batch batch;
};

static struct fixture fixture;

static int make(void **state)
{
    (void)state;
    assert_int_equal(iw_names_init(&fixture.names), IW_OK);
    iw_route_init(&fixture.route);
    iw_event_builder_init(&fixture.builder, &fixture.names, &fixture.route);
    return iw_batch_init(&fixture.batch) == IW_OK ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    iw_batch_done(&fixture.batch);
    iw_event_builder_done(&fixture.builder);
    iw_route_done(&fixture.route);
    iw_names_done(&fixture.names);
    return 0;
}

static bool begin(const char *channel, uint32_t event_id)
{
    const struct iw_event_head head = {.channel = iw_str_of(channel),
                                       .provider = IW_STR("P"),
                                       .computer = IW_STR("WEB01"),
                                       .event_id = event_id,
                                       .record_id = 9,
                                       .created_ns = 5};
    iw_event_builder_begin(&fixture.builder, &fixture.batch, 3, 77);
    return iw_event_builder_head(&fixture.builder, &head);
}

static enum iw_rc add(const char *name, const char *text)
{
    return iw_event_builder_add_text(&fixture.builder, IW_PLACE_EVENT_DATA, iw_str_of(name),
                                     iw_str_of(text));
}

static void one_event(void **state)
{
    const struct iw_event *event = &fixture.batch.events[0];
    char name[] = "commandline";
    (void)state;
    iw_route_want_all(&fixture.route);
    assert_true(begin("Security", 4688));
    assert_int_equal(add(name, "cmd"), IW_OK);
    name[0] = 'X'; /* names are copied */
    assert_int_equal(add("Other", ""), IW_OK);
    assert_int_equal(iw_event_builder_add_text(&fixture.builder, IW_PLACE_SYSTEM, IW_STR("n"),
                                               (struct iw_str){NULL, 0}),
                     IW_OK);
    assert_int_equal(iw_event_builder_count(&fixture.builder), 3);
    assert_false(iw_event_builder_end(&fixture.builder));
    assert_int_equal(fixture.batch.n, 1);
    assert_int_equal(fixture.batch.n_fields, 3);
    assert_int_equal(event->flags, IW_EVENT_DECODED);
    assert_int_equal(event->event_id, 4688);
    assert_int_equal(event->record_id, 9);
    assert_int_equal(event->time_ns, 5);
    assert_int_equal(event->source, 3);
    assert_int_equal(event->offset, 77);
    assert_int_equal(event->n_fields, 3);
    assert_string_equal(event->fields[0].name->text.p, "commandline");
    assert_int_equal(event->fields[0].name->id, IW_FIELD_COMMAND_LINE);
    assert_int_equal(event->fields[0].place, IW_PLACE_EVENT_DATA);
    assert_int_equal(event->fields[1].name->id, IW_NAME_UNASKED);
    assert_non_null(event->fields[2].p);
    assert_int_equal(event->fields[2].place, IW_PLACE_SYSTEM);
}

static void who_wants_what(void **state)
{
    (void)state;
    assert_int_equal(iw_route_want(&fixture.route, IW_STR("Security"), 4688), IW_OK);
    for (int round = 0; round < 2; round++) {
        static const struct {
            const char *channel;
            uint32_t event_id;
            bool wanted;
        } CASES[] = {
            {"Security", 4688, true},      {"SECURITY", 4688, true}, {"Security", 4689, false},
            {"Application", 4688, false},  {"", 4688, false},        {"Security", 4688, true},
            {"", IW_ROUTE_EVENT_IDS, true}};
        for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
            assert_int_equal(begin(CASES[i].channel, CASES[i].event_id), CASES[i].wanted);
            iw_event_builder_cancel(&fixture.builder);
        }
    }
}

/* Names too long to be looked up: one for the values that come in a row, made anew for another, and
 * never that of a batch before. */
static void long_names(void **state)
{
    const struct iw_field *fields = fixture.batch.fields;
    char name[8192];
    (void)state;
    iw_route_want_all(&fixture.route);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int round = 0; round < 2; round++) {
        iw_batch_clear(&fixture.batch);
        assert_true(begin("Security", 1));
        assert_int_equal(add(name, "a"), IW_OK);
        assert_int_equal(add(name, "b"), IW_OK);
        name[sizeof name - 2] = 'm'; /* the same place and length, another name */
        assert_int_equal(add(name, "c"), IW_OK);
        assert_false(iw_event_builder_end(&fixture.builder));
        assert_ptr_equal(fields[0].name, fields[1].name);
        assert_ptr_not_equal(fields[1].name, fields[2].name);
        assert_int_equal(fields[0].name->text.p[sizeof name - 2], 'n');
        assert_string_equal(fields[2].name->text.p, name);
        name[sizeof name - 2] = 'n';
    }
}

/* A channel longer than what is remembered of the last one. */
static void a_long_channel(void **state)
{
    char channel[IW_BUILDER_CHANNEL_BYTES + 2];
    (void)state;
    memset(channel, 'c', sizeof channel);
    for (size_t n = IW_BUILDER_CHANNEL_BYTES - 1; n <= IW_BUILDER_CHANNEL_BYTES + 1; n++) {
        channel[n] = '\0';
        assert_int_equal(iw_route_want(&fixture.route, (struct iw_str){channel, n}, (uint32_t)n),
                         IW_OK);
        assert_true(begin(channel, (uint32_t)n));
        iw_event_builder_cancel(&fixture.builder);
        assert_false(begin(channel, 1));
        iw_event_builder_cancel(&fixture.builder);
        channel[n] = 'c';
    }
}

static void a_cancelled_event_leaves_nothing(void **state)
{
    (void)state;
    iw_route_want_all(&fixture.route);
    (void)begin("C", 1);
    assert_int_equal(add("a", "1"), IW_OK);
    iw_event_builder_cut(&fixture.builder);
    iw_event_builder_cancel(&fixture.builder);
    assert_int_equal(fixture.batch.n, 0);
    assert_int_equal(fixture.batch.n_fields, 0);
    (void)begin("C", 2);
    assert_int_equal(add("b", "2"), IW_OK);
    assert_false(iw_event_builder_end(&fixture.builder));
    assert_int_equal(fixture.batch.events[0].n_fields, 1);
    assert_int_equal(fixture.batch.events[0].flags, IW_EVENT_DECODED);
}

static void a_cut_event(void **state)
{
    (void)state;
    iw_route_want_all(&fixture.route);
    (void)begin("C", 1);
    iw_event_builder_cut(&fixture.builder);
    assert_true(iw_event_builder_end(&fixture.builder));
    assert_int_equal(fixture.batch.events[0].flags, IW_EVENT_DECODED | IW_EVENT_CUT);
    (void)begin("C", 1);
    assert_false(iw_event_builder_end(&fixture.builder));
}

static void most_fields(void **state)
{
    (void)state;
    iw_route_want_all(&fixture.route);
    for (int past = 0; past < 2; past++) {
        iw_batch_clear(&fixture.batch);
        assert_true(iw_event_builder_has_room(&fixture.batch));
        (void)begin("C", 1);
        for (unsigned i = 0; i < IW_LIMIT_EVENT_FIELDS; i++)
            assert_int_equal(add("f", "v"), IW_OK);
        if (past)
            assert_int_equal(add("f", "v"), IW_ELIMIT);
        assert_int_equal(iw_event_builder_end(&fixture.builder), past);
        assert_int_equal(fixture.batch.events[0].n_fields, IW_LIMIT_EVENT_FIELDS);
        assert_true(iw_event_builder_has_room(&fixture.batch));
        (void)begin("C", 1);
        assert_int_equal(add("f", "v"), IW_OK);
        (void)iw_event_builder_end(&fixture.builder);
        assert_false(iw_event_builder_has_room(&fixture.batch)); /* one field less than the most */
    }
}

static void most_events(void **state)
{
    (void)state;
    for (unsigned i = 0; i < IW_BATCH_EVENTS; i++) {
        assert_true(iw_event_builder_has_room(&fixture.batch));
        (void)begin("C", i);
        (void)iw_event_builder_end(&fixture.builder);
    }
    assert_false(iw_event_builder_has_room(&fixture.batch));
    assert_int_equal(fixture.batch.events[IW_BATCH_EVENTS - 1].event_id, IW_BATCH_EVENTS - 1);
}

/* Names chosen by whoever wrote the evidence: those past the limit live with their batch, and all
 * are right. */
static void more_names_than_are_kept(void **state)
{
    size_t held;
    (void)state;
    iw_route_want_all(&fixture.route);
    for (unsigned round = 0; round < 40; round++) {
        iw_batch_clear(&fixture.batch);
        (void)begin("C", 1);
        for (unsigned i = 0; i < 1000; i++) {
            char name[512];
            int n = snprintf(name, sizeof name, "%u-%0250u", round, i);
            const struct iw_field *field;
            assert_int_equal(add(name, "v"), IW_OK);
            field = &fixture.batch.fields[fixture.batch.n_fields - 1];
            assert_int_equal(field->name->text.n, n);
            assert_memory_equal(field->name->text.p, name, (size_t)n);
        }
        assert_int_equal(add("Image", "i"), IW_OK);
        assert_int_equal(fixture.batch.fields[fixture.batch.n_fields - 1].name->id, IW_FIELD_IMAGE);
        assert_false(iw_event_builder_end(&fixture.builder));
    }
    held = fixture.builder.known_arena.held_bytes;
    assert_true(held <= IW_LIMIT_NAME_CACHE_BYTES && fixture.builder.known_arena.hit_cap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_event, make, drop),
        cmocka_unit_test_setup_teardown(who_wants_what, make, drop),
        cmocka_unit_test_setup_teardown(a_long_channel, make, drop),
        cmocka_unit_test_setup_teardown(long_names, make, drop),
        cmocka_unit_test_setup_teardown(a_cancelled_event_leaves_nothing, make, drop),
        cmocka_unit_test_setup_teardown(a_cut_event, make, drop),
        cmocka_unit_test_setup_teardown(most_fields, make, drop),
        cmocka_unit_test_setup_teardown(most_events, make, drop),
        cmocka_unit_test_setup_teardown(more_names_than_are_kept, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
