/*
 * Flat JSON of an event: event/flatten.h. What is written is read back by a JSON reader of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "event/flatten.h"
#include "json_reader.h"
#include "tests/support/test_event.h"

struct fixture {
    struct iw_names names;
    struct iw_arena arena, scratch;
    struct iw_buffer out;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    if (iw_names_init(&f->names) != IW_OK)
        return -1;
    iw_arena_init(&f->arena, 0);
    iw_arena_init(&f->scratch, 0);
    iw_buffer_init(&f->out);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    iw_buffer_done(&f->out);
    iw_arena_done(&f->arena);
    iw_arena_done(&f->scratch);
    iw_names_done(&f->names);
    test_free(f);
    return 0;
}

enum form { ALL, SOME, PAYLOAD };

static struct iw_str write_event(struct fixture *f, const struct iw_event *event, enum form form,
                                 const uint32_t *ids, size_t n_ids)
{
    struct iw_json json;
    iw_buffer_clear(&f->out);
    iw_arena_reset(&f->scratch);
    iw_json_init(&json, &f->out);
    iw_json_object(&json);
    if (form == ALL)
        iw_event_flatten(event, &json, &f->scratch);
    else if (form == SOME)
        iw_event_flatten_some(event, ids, n_ids, &json, &f->scratch);
    else
        iw_event_flatten_payload(event, &json, &f->scratch);
    iw_json_object_end(&json);
    assert_false(f->out.failed);
    return iw_buffer_str(&f->out);
}

#define SYS IW_PLACE_SYSTEM
#define EVT IW_PLACE_EVENT_DATA
#define USR IW_PLACE_USER_DATA
#define REN IW_PLACE_RENDERING
#define OTH IW_PLACE_OTHER

static const struct {
    struct test_field fields[6];
    const char *all, *payload;
} CASES[] = {
    {{{NULL, NULL, SYS}}, "{}", "{}"},
    {{{"EventID", "1", SYS}, {"Image", "a", EVT}},
     "{\"EventID\":1,\"Image\":\"a\"}",
     "{\"Image\":\"a\"}"},
    /* every number field of the header, from text; what is no number stays text */
    {{{"Level", "4", SYS},
      {"Version", "x", SYS},
      {"Task", "18446744073709551616", SYS},
      {"Keywords", "1", SYS},
      {"EventID_Qualifiers", "0x10", SYS}},
     "{\"Level\":4,\"Version\":\"x\",\"Task\":\"18446744073709551616\",\"Keywords\":\"1\","
     "\"EventID_Qualifiers\":16}",
     "{}"},
    {{{"EventRecordID", "18446744073709551615", SYS},
      {"Opcode", "0", SYS},
      {"Execution_ProcessID", "4", SYS},
      {"Execution_ThreadID", "8", SYS}},
     "{\"EventRecordID\":18446744073709551615,\"Opcode\":0,\"Execution_ProcessID\":4,"
     "\"Execution_ThreadID\":8}",
     "{}"},
    /* a number field's name in the payload is text */
    {{{"EventID", "1", SYS}, {"Level", "9", EVT}},
     "{\"EventID\":1,\"Level\":\"9\"}",
     "{\"Level\":\"9\"}"},
    /* arrays: in the order of the evidence, at the place of the first */
    {{{"A", "1", EVT}, {"B", "2", EVT}, {"A", "3", EVT}},
     "{\"A\":[\"1\",\"3\"],\"B\":\"2\"}",
     "{\"A\":[\"1\",\"3\"],\"B\":\"2\"}"},
    /* unnamed Data: an array, always */
    {{{"Data", "1", EVT}}, "{\"Data\":[\"1\"]}", "{\"Data\":[\"1\"]}"},
    {{{"Data", "1", EVT}, {"Data", NULL, EVT}, {"Data", "", EVT}},
     "{\"Data\":[\"1\",\"\",\"\"]}",
     "{\"Data\":[\"1\",\"\",\"\"]}"},
    /* clashes with System, whatever was asked for */
    {{{"EventID", "1", SYS}, {"Channel", "c", SYS}, {"EventID", "2", USR}, {"Channel", "d", EVT}},
     "{\"EventID\":1,\"Channel\":\"c\",\"UserData.EventID\":\"2\",\"EventData.Channel\":\"d\"}",
     "{\"UserData.EventID\":\"2\",\"EventData.Channel\":\"d\"}"},
    /* ... also when the payload stands first: the system field keeps its name */
    {{{"EventID", "2", EVT}, {"EventID", "1", SYS}},
     "{\"EventData.EventID\":\"2\",\"EventID\":1}",
     "{\"EventData.EventID\":\"2\"}"},
    {{{"X", "0", EVT}, {"EventID", "1", SYS}, {"EventID", "2", USR}},
     "{\"X\":\"0\",\"EventID\":1,\"UserData.EventID\":\"2\"}",
     "{\"X\":\"0\",\"UserData.EventID\":\"2\"}"},
    /* letter case makes another key */
    {{{"EventID", "1", SYS}, {"eventid", "2", EVT}},
     "{\"EventID\":1,\"eventid\":\"2\"}",
     "{\"eventid\":\"2\"}"},
    /* a name that imitates a key of ours gets a prefix of its own */
    {{{"EventID", "1", SYS}, {"EventID", "2", EVT}, {"EventData.EventID", "3", EVT}},
     "{\"EventID\":1,\"EventData.EventID\":\"2\",\"EventData.EventData.EventID\":\"3\"}",
     "{\"EventData.EventID\":\"2\",\"EventData.EventData.EventID\":\"3\"}"},
    {{{"Message", "m", REN}, {"RenderingInfo.Message", "n", USR}, {"Message", "o", EVT}},
     "{\"RenderingInfo.Message\":\"m\",\"UserData.RenderingInfo.Message\":\"n\",\"Message\":\"o\"}",
     "{\"UserData.RenderingInfo.Message\":\"n\",\"Message\":\"o\"}"},
    {{{"Web.AppPool", "a", EVT}, {"Website", "b", EVT}, {"Web", "c", EVT}},
     "{\"EventData.Web.AppPool\":\"a\",\"Website\":\"b\",\"Web\":\"c\"}",
     "{\"EventData.Web.AppPool\":\"a\",\"Website\":\"b\",\"Web\":\"c\"}"},
    /* RenderingInfo is prefixed also where nothing clashes */
    {{{"Level", "4", SYS}, {"Level", "Information", REN}},
     "{\"Level\":4,\"RenderingInfo.Level\":\"Information\"}",
     "{}"},
    {{{"ErrorCode", "5", OTH}}, "{\"ErrorCode\":\"5\"}", "{\"ErrorCode\":\"5\"}"},
    /* the same system field twice */
    {{{"EventID", "1", SYS}, {"EventID", "x", SYS}}, "{\"EventID\":[1,\"x\"]}", "{}"},
    /* hostile names and values */
    {{{"a\"b\\", "\"\\\n\t", EVT}},
     "{\"a\\\"b\\\\\":\"\\\"\\\\\\n\\t\"}",
     "{\"a\\\"b\\\\\":\"\\\"\\\\\\n\\t\"}"},
    {{{"", "empty name", EVT}}, "{\"\":\"empty name\"}", "{\"\":\"empty name\"}"},
    {{{"EventID\":9,\"x", "1", EVT}},
     "{\"EventID\\\":9,\\\"x\":\"1\"}",
     "{\"EventID\\\":9,\\\"x\":\"1\"}"},
};

static void table(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        size_t n = 0;
        struct iw_event event;
        struct iw_str text;
        while (n < 6 && CASES[i].fields[n].name != NULL)
            n++;
        event = test_event(&f->names, &f->arena, "C", 1, CASES[i].fields, n);
        text = write_event(f, &event, ALL, NULL, 0);
        assert_true(json_is_valid(text));
        if (!iw_str_equal(text, iw_str_of(CASES[i].all)))
            fail_msg("row %zu: %.*s", i, IW_STR_ARG(text));
        text = write_event(f, &event, PAYLOAD, NULL, 0);
        assert_true(json_is_valid(text));
        if (!iw_str_equal(text, iw_str_of(CASES[i].payload)))
            fail_msg("row %zu, payload: %.*s", i, IW_STR_ARG(text));
    }
}

static void some_fields(void **state)
{
    static const struct test_field FIELDS[] = {{"EventID", "1", SYS}, {"Channel", "c", SYS},
                                               {"EventID", "2", EVT}, {"IMAGE", "i", EVT},
                                               {"Image", "k", EVT},   {"User", "u", EVT}};
    static const uint32_t IDS[] = {IW_FIELD_IMAGE, IW_FIELD_EVENT_ID};
    static const uint32_t NONE[] = {IW_FIELD_HASHES};
    struct fixture *f = *state;
    struct iw_event event = test_event(&f->names, &f->arena, "C", 1, FIELDS, 6);
    struct iw_str text = write_event(f, &event, SOME, IDS, 2);
    assert_true(iw_str_equal(
        text,
        IW_STR("{\"IMAGE\":\"i\",\"Image\":\"k\",\"EventID\":1,\"EventData.EventID\":\"2\"}")));
    assert_true(iw_str_equal(write_event(f, &event, SOME, NONE, 1), IW_STR("{}")));
    assert_int_equal(json_count(write_event(f, &event, SOME, NULL, 0)), 6);
}

/* Any byte in names and values: still JSON, and nothing that steers a terminal. */
static void every_byte(void **state)
{
    struct fixture *f = *state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char name[3] = {'n', (char)byte, 'm'};
        struct iw_value value = {(const uint8_t *)name, 3, IW_VALUE_ANSI};
        struct iw_field field =
            test_field(&f->names, &f->arena, (struct iw_str){name, 3}, value, EVT);
        struct iw_event event = {.fields = &field, .n_fields = 1};
        struct iw_str text = write_event(f, &event, ALL, NULL, 0);
        assert_true(json_is_valid(text));
        for (size_t i = 0; i < text.n; i++)
            assert_true((unsigned char)text.p[i] >= 0x20 && text.p[i] != 0x7F);
    }
}

static void binary_types(void **state)
{
    struct fixture *f = *state;
    static const struct iw_value VALUES[] = {
        {(const uint8_t *)"\x50\x12", 2, IW_VALUE_U16},
        {(const uint8_t *)"\x07", 1, IW_VALUE_U8},
        {(const uint8_t *)"\x01\x02\x03", 3, IW_VALUE_U64}, /* wrong size: not a number */
    };
    static const struct iw_str NAMES[] = {{"EventID", 7}, {"Level", 5}, {"EventRecordID", 13}};
    struct iw_field fields[3];
    struct iw_event event = {.fields = fields, .n_fields = 3};
    for (size_t i = 0; i < 3; i++)
        fields[i] = test_field(&f->names, &f->arena, NAMES[i], VALUES[i], SYS);
    assert_true(
        iw_str_equal(write_event(f, &event, ALL, NULL, 0),
                     IW_STR("{\"EventID\":4688,\"Level\":7,\"EventRecordID\":\"010203\"}")));
}

/* As many fields as an event may have: all different, all the same, all clashing with System. */
static void most_fields(void **state)
{
    struct fixture *f = *state;
    const uint32_t n = IW_LIMIT_EVENT_FIELDS;
    struct iw_field *fields = test_malloc(n * sizeof *fields);
    struct iw_event event = {.fields = fields, .n_fields = n};
    for (uint32_t i = 0; i < n; i++) {
        char *name = test_malloc(16);
        (void)snprintf(name, 16, "N%u", i / 2);
        fields[i] = test_field(&f->names, &f->arena, iw_arena_copy(&f->arena, iw_str_of(name)),
                               test_text("v"), i % 2 != 0 ? EVT : SYS);
        test_free(name);
    }
    assert_int_equal(json_count(write_event(f, &event, ALL, NULL, 0)), n);
    assert_true(
        iw_str_equal(json_member(iw_buffer_str(&f->out), "EventData.N4095"), IW_STR("\"v\"")));
    for (uint32_t i = 0; i < n; i++)
        fields[i] = test_field(&f->names, &f->arena, IW_STR("Same"), test_text("v"), EVT);
    assert_int_equal(json_count(write_event(f, &event, ALL, NULL, 0)), 1);
    assert_int_equal(json_member(iw_buffer_str(&f->out), "Same").n, 4 * n + 1);
    test_free(fields);
}

static void no_memory(void **state)
{
    static const struct test_field FIELDS[] = {{"EventID", "1", SYS}, {"EventID", "2", EVT}};
    struct fixture *f = *state;
    struct iw_event event = test_event(&f->names, &f->arena, "C", 1, FIELDS, 2);
    struct iw_arena tight;
    struct iw_json json;
    iw_arena_init(&tight, 1);
    iw_json_init(&json, &f->out);
    iw_json_object(&json);
    iw_event_flatten(&event, &json, &tight);
    assert_true(f->out.failed);
    iw_arena_done(&tight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(table, setup, teardown),
        cmocka_unit_test_setup_teardown(some_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(every_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(binary_types, setup, teardown),
        cmocka_unit_test_setup_teardown(most_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
