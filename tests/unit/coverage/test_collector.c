/*
 * The telemetry profile: rows and channels of events made by hand, what counts as filled, hosts
 * falling together, the same result however events are divided, limits, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "coverage/collector.h"
#include "tests/support/test_event.h"
#include "tests/support/skip_because.h"

#define EVT IW_PLACE_EVENT_DATA

struct fixture {
    struct iw_names names;
    struct iw_arena arena;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    if (iw_names_init(&f->names) != IW_OK)
        return -1;
    iw_arena_init(&f->arena, 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    iw_arena_done(&f->arena);
    iw_names_done(&f->names);
    test_free(f);
    return 0;
}

/* IW_OK, or what failed first. *ret was initialised. */
static enum iw_rc finish(const struct iw_collector *collector, struct iw_telemetry *ret)
{
    struct iw_hosts hosts;
    enum iw_rc rc;
    iw_hosts_init(&hosts);
    rc = iw_collector_hosts(collector, &hosts);
    if (rc == IW_OK)
        rc = iw_hosts_settle(&hosts);
    if (rc == IW_OK)
        rc = iw_collector_finish(collector, &hosts, ret);
    iw_hosts_done(&hosts);
    return rc;
}

static void write_str(struct iw_buffer *out, struct iw_str text)
{
    iw_buffer_printf(out, "'%.*s' ", IW_STR_ARG(text));
}

/* Everything a profile says, as text. */
static void write_telemetry(struct iw_buffer *out, const struct iw_telemetry *t)
{
    iw_buffer_printf(out, "hidden %llu\n", (unsigned long long)t->n_rows_hidden);
    for (size_t i = 0; i < t->n_rows; i++) {
        const struct iw_telemetry_row *row = &t->rows[i];
        write_str(out, row->host);
        write_str(out, row->channel);
        write_str(out, row->provider);
        iw_buffer_printf(out, "%u: %llu/%llu %lld..%lld hidden %llu", row->event_id,
                         (unsigned long long)row->n_events, (unsigned long long)row->n_decoded,
                         (long long)row->first_ns, (long long)row->last_ns,
                         (unsigned long long)row->n_fields_hidden);
        for (size_t k = 0; k < row->n_fields; k++) {
            iw_buffer_add_char(out, ' ');
            write_str(out, row->fields[k].name);
            iw_buffer_printf(out, "%llu/%llu", (unsigned long long)row->fields[k].n_filled,
                             (unsigned long long)row->fields[k].n_present);
        }
        iw_buffer_add_char(out, '\n');
    }
    for (size_t i = 0; i < t->n_channels; i++) {
        const struct iw_telemetry_channel *c = &t->channels[i];
        write_str(out, c->host);
        write_str(out, c->channel);
        iw_buffer_printf(out, "%llu %lld..%lld ids %llu..%llu missing %llu cut %d",
                         (unsigned long long)c->n_events, (long long)c->first_ns,
                         (long long)c->last_ns, (unsigned long long)c->first_id,
                         (unsigned long long)c->last_id, (unsigned long long)c->n_missing_ids,
                         c->gaps_cut);
        for (size_t k = 0; k < c->n_gaps; k++)
            iw_buffer_printf(out, " (%llu,%llu)", (unsigned long long)c->gaps[k].after,
                             (unsigned long long)c->gaps[k].before);
        iw_buffer_add_char(out, '\n');
    }
}

/* The profile of one collector as text in *out*. */
static void profile(const struct iw_collector *collector, struct iw_buffer *out)
{
    struct iw_telemetry telemetry;
    iw_telemetry_init(&telemetry);
    assert_int_equal(finish(collector, &telemetry), IW_OK);
    write_telemetry(out, &telemetry);
    iw_telemetry_done(&telemetry);
}

static void assert_profile(const struct iw_collector *collector, const char *expected)
{
    struct iw_buffer out;
    iw_buffer_init(&out);
    profile(collector, &out);
    iw_buffer_add_char(&out, '\0');
    assert_string_equal(out.p, expected);
    iw_buffer_done(&out);
}

static void empty_profile(void **state)
{
    struct iw_collector *collector = iw_collector_new();
    (void)state;
    assert_profile(collector, "hidden 0\n");
    iw_collector_free(collector);
    iw_collector_free(NULL);
}

static void rows_by_hand(void **state)
{
    static const struct test_field FIELDS[] = {
        {"Channel", "Security", IW_PLACE_SYSTEM}, /* not of the payload */
        {"Message", "text", IW_PLACE_RENDERING},  /* nor this */
        {"Image", "x", EVT},
        {"Dash", "-", EVT},
        {"Empty", "", EVT},
        {"Null", NULL, EVT},
        {"Dashes", "--", EVT},
        {"Space", " ", EVT},
        {"Twice", "", EVT},
        {"Twice", "x", EVT},
        {"Leaf", "x", IW_PLACE_USER_DATA},
        {"Odd", "x", IW_PLACE_OTHER},
    };
    struct fixture *f = *state;
    struct iw_collector *collector = iw_collector_new();
    struct iw_event event = test_event(&f->names, &f->arena, "Security", 4688, FIELDS, 12);
    event.computer = IW_STR("B");
    event.record_id = 7;
    event.time_ns = 100;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    event.flags = 0; /* seen, not decoded */
    event.record_id = 9;
    event.time_ns = 50;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    event.flags = IW_EVENT_RECOVERED; /* an event, no record id */
    event.record_id = 1000;
    event.time_ns = IW_TIME_UNKNOWN;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    event.flags = 0;
    event.provider = IW_STR("Another");
    event.record_id = 0; /* unknown */
    event.time_ns = -3;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    event.computer = IW_STR("A");
    event.event_id = 65536;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    assert_profile(collector,
                   "hidden 0\n"
                   "'A' 'Security' 'Another' 65536: 1/0 -3..-3 hidden 0\n"
                   "'B' 'Security' 'Another' 4688: 1/0 -3..-3 hidden 0\n"
                   "'B' 'Security' 'Provider' 4688: 3/1 50..100 hidden 0 'Dash' 0/1 'Dashes' 1/1 "
                   "'Empty' 0/1 'Image' 1/1 'Leaf' 1/1 'Null' 0/1 'Odd' 1/1 'Space' 1/1 'Twice' "
                   "1/1\n"
                   "'A' 'Security' 1 -3..-3 ids 0..0 missing 0 cut 0\n"
                   "'B' 'Security' 4 -3..100 ids 7..9 missing 1 cut 0 (7,9)\n");
    iw_collector_free(collector);
}

/* What counts as filled, for every way a text can be held. */
static void filled_or_not(void **state)
{
    static const struct {
        struct iw_value value;
        bool is_filled;
    } VALUES[] = {
        {{NULL, 0, IW_VALUE_NULL}, false},
        {{(const uint8_t *)"ab", 2, IW_VALUE_NULL}, false},
        {{(const uint8_t *)"", 0, IW_VALUE_UTF16}, false},
        {{(const uint8_t *)"-\0", 2, IW_VALUE_UTF16}, false},
        {{(const uint8_t *)"-\x20", 2, IW_VALUE_UTF16}, true}, /* U+202D */
        {{(const uint8_t *)"-\0-\0", 4, IW_VALUE_UTF16}, true},
        {{(const uint8_t *)"-", 1, IW_VALUE_ANSI}, false},
        {{(const uint8_t *)"-", 1, IW_VALUE_UTF8}, false},
        {{(const uint8_t *)"-", 1, IW_VALUE_U8}, true}, /* the number 45 */
        {{(const uint8_t *)"-", 1, IW_VALUE_BINARY}, true},
        {{(const uint8_t *)"\0\0\0\0", 4, IW_VALUE_U32}, true}, /* 0 says something */
        {{(const uint8_t *)"", 0, IW_VALUE_U32}, false},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        struct iw_field field = test_field(&f->names, &f->arena, IW_STR("F"), VALUES[i].value, EVT);
        struct iw_event event = {.flags = IW_EVENT_DECODED, .fields = &field, .n_fields = 1};
        struct iw_collector *collector = iw_collector_new();
        struct iw_telemetry telemetry;
        iw_telemetry_init(&telemetry);
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        assert_int_equal(finish(collector, &telemetry), IW_OK);
        assert_int_equal(telemetry.rows[0].fields[0].n_present, 1);
        if (telemetry.rows[0].fields[0].n_filled != VALUES[i].is_filled)
            fail_msg("row %zu", i);
        iw_telemetry_done(&telemetry);
        iw_collector_free(collector);
    }
}

/* Names in another order, left out, or once more: each counts once an event, and is filled when any
 * of it is. Names that differ in one letter, wherever it stands, are two. Small letter: says
 * nothing.
 */
static void fields_in_any_order(void **state)
{
    static const char *const NAMES[] = {"A",
                                        "Bab",
                                        "Ccccccc",
                                        "Ddddddddddddddd",
                                        "Eeeeeeeeeeeeeeeeeeeeeeeeeee",
                                        "Eeeeeeeeeeeeeeeeeeeeeeeeeef",
                                        "Eeeeeeeeeeeexeeeeeeeeeeeeee"};
    static const struct {
        const char *fields; /* numbers of names; behind a dash: without a value */
        unsigned present[7], filled[7];
    } EVENTS[] = {
        {"0123456", {1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1}},
        {"0123456", {2, 2, 2, 2, 2, 2, 2}, {2, 2, 2, 2, 2, 2, 2}},
        {"-012", {3, 3, 3, 2, 2, 2, 2}, {2, 3, 3, 2, 2, 2, 2}},
        {"-010", {4, 4, 3, 2, 2, 2, 2}, {3, 4, 3, 2, 2, 2, 2}},    /* filled the second time */
        {"01-00", {5, 5, 3, 2, 2, 2, 2}, {4, 5, 3, 2, 2, 2, 2}},   /* filled already */
        {"6543210", {6, 6, 4, 3, 3, 3, 3}, {5, 6, 4, 3, 3, 3, 3}}, /* backwards */
        {"03-4", {7, 6, 4, 4, 4, 3, 3}, {6, 6, 4, 4, 3, 3, 3}},    /* with holes */
        {"11", {7, 7, 4, 4, 4, 3, 3}, {6, 7, 4, 4, 3, 3, 3}},
        {"5", {7, 7, 4, 4, 4, 4, 3}, {6, 7, 4, 4, 3, 4, 3}},
    };
    const size_t n_events = sizeof EVENTS / sizeof EVENTS[0];
    static const struct iw_value SAYS = {(const uint8_t *)"x", 1, IW_VALUE_UTF8};
    struct fixture *f = *state;
    struct iw_name described[7]; /* as a template's are */
    for (size_t i = 0; i < 7; i++)
        iw_names_describe(&f->names, iw_str_of(NAMES[i]), &described[i]);
    for (size_t turn = 0; turn < 2 * n_events; turn++) {
        bool is_of_template = turn >= n_events;
        size_t n = turn % n_events + 1;
        struct iw_collector *collector = iw_collector_new();
        struct iw_telemetry telemetry;
        iw_telemetry_init(&telemetry);
        for (size_t i = 0; i < n; i++) {
            struct iw_field fields[8];
            struct iw_event event = {.flags = IW_EVENT_DECODED, .fields = fields};
            bool is_empty = false;
            for (const char *at = EVENTS[i].fields; *at != '\0'; at++) {
                struct iw_value value = SAYS;
                if (*at == '-') {
                    is_empty = true;
                    continue;
                }
                value.n = is_empty ? 0 : 1;
                fields[event.n_fields] =
                    test_field(&f->names, &f->arena, iw_str_of(NAMES[*at - '0']), value, EVT);
                if (is_of_template)
                    fields[event.n_fields].name = &described[*at - '0'];
                event.n_fields++;
                is_empty = false;
            }
            assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        }
        assert_int_equal(finish(collector, &telemetry), IW_OK);
        assert_int_equal(telemetry.rows[0].n_fields, 7);
        for (size_t k = 0; k < 7; k++) {
            const struct iw_field_fill *field = &telemetry.rows[0].fields[k];
            size_t which = 0;
            while (!iw_str_equal(field->name, iw_str_of(NAMES[which])))
                which++;
            if (field->n_present != EVENTS[n - 1].present[which] ||
                field->n_filled != EVENTS[n - 1].filled[which])
                fail_msg("after %zu events %s", n, NAMES[which]);
        }
        iw_telemetry_done(&telemetry);
        iw_collector_free(collector);
    }
}

/* Another template's names may lie where those of the last one lay, and a field may stand in a part
 * of the record that is not counted. */
static void names_in_one_place(void **state)
{
    struct fixture *f = *state;
    struct iw_collector *collector = iw_collector_new();
    struct iw_name name;
    struct iw_field field = {
        .name = &name, .p = (const uint8_t *)"x", .n = 1, .type = IW_VALUE_UTF8, .place = EVT};
    struct iw_event event = {.flags = IW_EVENT_DECODED, .fields = &field, .n_fields = 1};
    event.computer = event.channel = event.provider = IW_STR("x");
    for (int i = 0; i < 6; i++) {
        iw_names_describe(&f->names, i % 2 == 0 ? IW_STR("Even") : IW_STR("Odd."), &name);
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        field.place = IW_PLACE_RENDERING;
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        field.place = IW_PLACE_SYSTEM;
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        field.place = EVT;
    }
    assert_profile(collector, "hidden 0\n"
                              "'x' 'x' 'x' 0: 24/24 0..0 hidden 0 'Even' 6/6 'Odd.' 6/6\n"
                              "'x' 'x' 24 0..0 ids 0..0 missing 0 cut 0\n");
    iw_collector_free(collector);
}

/* Two names of one machine are one host: counts add up, record ids are one set. */
static void hosts_fall_together(void **state)
{
    static const struct test_field FIELDS[] = {{"F", "x", EVT}};
    static const char *const COMPUTERS[] = {"WEB01", "web01.corp.example", "WEB02.corp.example"};
    struct fixture *f = *state;
    struct iw_collector *collector = iw_collector_new();
    for (uint64_t id = 1; id <= 9; id++) {
        struct iw_event event = test_event(&f->names, &f->arena, "C", 1, FIELDS, 1);
        event.computer = iw_str_of(COMPUTERS[id % 3]);
        event.record_id = id;
        event.time_ns = (int64_t)id;
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    }
    /* 1 4 7 web01.corp, 2 5 8 WEB02, 3 6 9 WEB01 */
    assert_profile(collector, "hidden 0\n"
                              "'WEB01' 'C' 'Provider' 1: 6/6 1..9 hidden 0 'F' 6/6\n"
                              "'WEB02' 'C' 'Provider' 1: 3/3 2..8 hidden 0 'F' 3/3\n"
                              "'WEB01' 'C' 6 1..9 ids 1..9 missing 3 cut 0 (1,3) (4,6) (7,9)\n"
                              "'WEB02' 'C' 3 2..8 ids 2..8 missing 4 cut 0 (2,5) (5,8)\n");
    iw_collector_free(collector);
}

/* The ends of 64 bits: no sum overflows. */
static void extreme_record_ids(void **state)
{
    struct fixture *f = *state;
    struct iw_collector *collector = iw_collector_new();
    struct iw_event event = test_event(&f->names, &f->arena, "C", 1, NULL, 0);
    event.computer = IW_STR("H");
    event.record_id = UINT64_MAX;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    event.record_id = 1;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    assert_profile(collector,
                   "hidden 0\n"
                   "'H' 'C' 'Provider' 1: 2/2 -9223372036854775808..-9223372036854775808 hidden 0\n"
                   "'H' 'C' 2 -9223372036854775808..-9223372036854775808 ids "
                   "1..18446744073709551615 missing 18446744073709551613 cut 0 "
                   "(1,18446744073709551615)\n");
    iw_collector_free(collector);
}

/* A small generator with a fixed seed (Park and Miller): the same events in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = (uint32_t)((uint64_t)*seed * 48271U % 2147483647U);
    return *seed;
}

#define N_EVENTS 3000U

static struct iw_event *random_events(struct fixture *f, uint32_t seed)
{
    static const char *const COMPUTERS[] = {"WEB01", "WEB01.corp", "web01", "DB.a", "DB.b", ""};
    static const char *const CHANNELS[] = {"Security", "System", "security"};
    static const char *const VALUES[] = {"x", "-", "", NULL, "longer value"};
    static const char *const NAMES[] = {"A", "B", "C", "D", "E", "a", "Field with spaces", ""};
    struct iw_event *events = iw_arena_alloc(&f->arena, N_EVENTS * sizeof *events);
    for (size_t i = 0; i < N_EVENTS; i++) {
        struct test_field fields[12];
        size_t n = next_random(&seed) % 12;
        for (size_t k = 0; k < n; k++)
            fields[k] =
                (struct test_field){NAMES[next_random(&seed) % 8], VALUES[next_random(&seed) % 5],
                                    (enum iw_place)(next_random(&seed) % IW_PLACE_COUNT)};
        events[i] = test_event(&f->names, &f->arena, CHANNELS[next_random(&seed) % 3],
                               next_random(&seed) % 7, fields, n);
        events[i].computer = iw_str_of(COMPUTERS[next_random(&seed) % 6]);
        events[i].provider = next_random(&seed) % 2 != 0 ? IW_STR("P") : IW_STR("Q");
        events[i].record_id = next_random(&seed) % 5000;
        events[i].time_ns =
            next_random(&seed) % 20 == 0 ? IW_TIME_UNKNOWN : (int64_t)next_random(&seed) - 1000000;
        events[i].flags = next_random(&seed) % 8; /* decoded, recovered, bare */
    }
    return events;
}

/* Any division among 1 to 5 collectors, merged in any order, says the same. */
static void any_division_is_the_same(void **state)
{
    struct fixture *f = *state;
    struct iw_event *events = random_events(f, 20260726);
    struct iw_buffer expected, got;
    uint32_t seed = 99;
    iw_buffer_init(&expected);
    iw_buffer_init(&got);
    for (unsigned n_parts = 1; n_parts <= 5; n_parts++) {
        struct iw_collector *parts[5], *sum = iw_collector_new();
        for (unsigned i = 0; i < n_parts; i++)
            parts[i] = iw_collector_new();
        for (size_t i = 0; i < N_EVENTS; i++)
            assert_int_equal(iw_collector_add(parts[next_random(&seed) % n_parts], &events[i]),
                             IW_OK);
        for (unsigned i = 0; i < n_parts; i++)
            assert_int_equal(iw_collector_merge(sum, parts[(i + n_parts / 2) % n_parts]), IW_OK);
        iw_buffer_clear(&got);
        profile(sum, n_parts == 1 ? &expected : &got);
        assert_true(n_parts == 1 || iw_str_equal(iw_buffer_str(&expected), iw_buffer_str(&got)));
        for (unsigned i = 0; i < n_parts; i++)
            iw_collector_free(parts[i]);
        iw_collector_free(sum);
    }
    assert_true(expected.n > 10000); /* the events were not all alike */
    iw_buffer_done(&expected);
    iw_buffer_done(&got);
}

/* Two threads read every other slice of a log: to each its ids are full of gaps, more than there is
 * room for; together there is the one gap that is in the log. */
static void threads_join_their_ids(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = test_event(&f->names, &f->arena, "C", 1, NULL, 0);
    struct iw_collector *sum = iw_collector_new();
    struct iw_collector *threads[2] = {iw_collector_new_beside(sum), iw_collector_new_beside(sum)};
    const uint64_t n_ids = 6 * 2 * (uint64_t)IW_LIMIT_RECORD_ID_RUNS;
    event.computer = IW_STR("WEB01");
    event.time_ns = 7;
    for (uint64_t id = 1; id <= n_ids; id++) {
        event.record_id = id;
        if (id != 1000)
            assert_int_equal(iw_collector_add(threads[id / 3 % 2], &event), IW_OK);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(iw_collector_merge(sum, threads[i]), IW_OK);
        iw_collector_free(threads[i]);
    }
    assert_profile(sum, "hidden 0\n"
                        "'WEB01' 'C' 'Provider' 1: 786431/786431 7..7 hidden 0\n"
                        "'WEB01' 'C' 786431 7..7 ids 1..786432 missing 1 cut 0 (999,1001)\n");
    iw_collector_free(sum);
}

#define N_SERVERS 1000U
#define N_KINDS 25U
#define N_NAMES 25U

/* Rows that are alike but for the host take little room each: those of a thousand servers find it.
 */
static void a_thousand_servers_have_room(void **state)
{
    struct fixture *f = *state;
    struct iw_collector *collector = iw_collector_new();
    struct test_field fields[N_NAMES];
    char names[N_NAMES][32], computer[32];
    struct iw_telemetry telemetry;
    for (unsigned i = 0; i < N_NAMES; i++) {
        (void)snprintf(names[i], sizeof names[i], "SomeFieldOfTheEvent%u", i);
        fields[i] = (struct test_field){names[i], "x", EVT};
    }
    for (unsigned kind = 0; kind < N_KINDS; kind++) {
        struct iw_event event = test_event(&f->names, &f->arena, "Security", kind, fields, N_NAMES);
        event.provider = IW_STR("Microsoft-Windows-Security-Auditing");
        event.flags |= IW_EVENT_DECODED;
        for (unsigned server = 0; server < N_SERVERS; server++) {
            (void)snprintf(computer, sizeof computer, "WEB%04u.corp.example", server);
            event.computer = iw_str_of(computer);
            event.record_id = kind + 1;
            assert_int_equal(iw_collector_add(collector, &event), IW_OK);
        }
    }
    iw_telemetry_init(&telemetry);
    assert_int_equal(finish(collector, &telemetry), IW_OK);
    assert_int_equal(telemetry.n_rows_hidden, 0);
    assert_int_equal(telemetry.n_rows, N_SERVERS * N_KINDS);
    assert_int_equal(telemetry.rows[0].n_fields, N_NAMES);
    assert_int_equal(telemetry.rows[0].n_fields_hidden, 0);
    iw_telemetry_done(&telemetry);
    iw_collector_free(collector);
}

/* Rows at the limit and past it. An event without a row is still no gap in its channel. */
static void limit_of_rows(void **state)
{
    struct fixture *f = *state;
    struct iw_collector *collector = iw_collector_new();
    struct iw_event event = test_event(&f->names, &f->arena, "C", 1, NULL, 0);
    struct iw_telemetry telemetry;
    for (uint32_t i = 0; i < IW_LIMIT_PROFILE_ROWS + 3; i++) {
        if (i == IW_LIMIT_PROFILE_ROWS) {
            iw_telemetry_init(&telemetry);
            assert_int_equal(finish(collector, &telemetry), IW_OK);
            assert_int_equal(telemetry.n_rows, IW_LIMIT_PROFILE_ROWS);
            assert_int_equal(telemetry.n_rows_hidden, 0);
            iw_telemetry_done(&telemetry);
        }
        event.event_id = i;
        event.record_id = i + 1;
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    }
    event.event_id = 5; /* a row that is there still counts */
    event.record_id++;
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    iw_telemetry_init(&telemetry);
    assert_int_equal(finish(collector, &telemetry), IW_OK);
    assert_int_equal(telemetry.n_rows, IW_LIMIT_PROFILE_ROWS);
    assert_int_equal(telemetry.n_rows_hidden, 3);
    assert_int_equal(telemetry.rows[5].n_events, 2);
    assert_int_equal(telemetry.n_channels, 1);
    assert_int_equal(telemetry.channels[0].n_events, IW_LIMIT_PROFILE_ROWS + 4);
    assert_int_equal(telemetry.channels[0].last_id, IW_LIMIT_PROFILE_ROWS + 4);
    assert_int_equal(telemetry.channels[0].n_gaps, 0);
    iw_telemetry_done(&telemetry);
    iw_collector_free(collector);
}

/* *n* events of one row, each with one field: 0, 1, 2 ... */
static void add_names(struct fixture *f, struct iw_collector *collector, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        char name[16];
        struct test_field field = {name, "x", EVT};
        struct iw_event event;
        (void)snprintf(name, sizeof name, "%04u", i);
        event = test_event(&f->names, &f->arena, "C", 1, &field, 1);
        assert_int_equal(iw_collector_add(collector, &event), IW_OK);
    }
}

static void limit_of_fields(void **state)
{
    static const struct {
        unsigned n_first, n_second, n_hidden; /* names in one collector, in another, left out */
    } CASES[] = {
        {IW_LIMIT_PROFILE_FIELDS, 0, 0},
        {IW_LIMIT_PROFILE_FIELDS, IW_LIMIT_PROFILE_FIELDS, 0}, /* the same names */
        {IW_LIMIT_PROFILE_FIELDS + 1, 0, 1},
        {IW_LIMIT_PROFILE_FIELDS + 1, IW_LIMIT_PROFILE_FIELDS + 2, 3},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_collector *first = iw_collector_new(), *second = iw_collector_new();
        struct iw_telemetry telemetry;
        iw_telemetry_init(&telemetry);
        add_names(f, first, CASES[i].n_first);
        add_names(f, second, CASES[i].n_second);
        assert_int_equal(iw_collector_merge(first, second), IW_OK);
        assert_int_equal(finish(first, &telemetry), IW_OK);
        assert_int_equal(telemetry.rows[0].n_fields, IW_LIMIT_PROFILE_FIELDS);
        assert_int_equal(telemetry.rows[0].n_fields_hidden, CASES[i].n_hidden);
        assert_int_equal(telemetry.rows[0].n_events, CASES[i].n_first + CASES[i].n_second);
        iw_telemetry_done(&telemetry);
        iw_collector_free(first);
        iw_collector_free(second);
    }
}

#ifdef IW_FAULT_INJECTION
/* Adds, merges, finishes; IW_ENOMEM wherever memory ran out. */
static enum iw_rc whole_life(const struct iw_event *events, size_t n, struct iw_telemetry *ret)
{
    struct iw_collector *a = iw_collector_new(), *b = iw_collector_new();
    enum iw_rc rc = a != NULL && b != NULL ? IW_OK : IW_ENOMEM;
    for (size_t i = 0; i < n && rc == IW_OK; i++)
        rc = iw_collector_add(i % 2 != 0 ? a : b, &events[i]);
    if (rc == IW_OK)
        rc = iw_collector_merge(a, b);
    if (rc == IW_OK)
        rc = finish(a, ret);
    iw_collector_free(a);
    iw_collector_free(b);
    return rc;
}
#endif

static void no_memory(void **state)
{
#ifdef IW_FAULT_INJECTION
    struct fixture *f = *state;
    struct iw_event *events = random_events(f, 7);
    for (uint64_t n = 1;; n++) {
        struct iw_telemetry telemetry;
        enum iw_rc rc;
        bool has_failed;
        iw_telemetry_init(&telemetry);
        iw_alloc_fail_at(n);
        rc = whole_life(events, 200, &telemetry);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        iw_telemetry_done(&telemetry);
        if (!has_failed)
            break;
    }
#else
    (void)state;
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(empty_profile, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(filled_or_not, setup, teardown),
        cmocka_unit_test_setup_teardown(fields_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(names_in_one_place, setup, teardown),
        cmocka_unit_test_setup_teardown(hosts_fall_together, setup, teardown),
        cmocka_unit_test_setup_teardown(extreme_record_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(any_division_is_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(threads_join_their_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(a_thousand_servers_have_room, setup, teardown),
        cmocka_unit_test_setup_teardown(limit_of_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(limit_of_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
