/*
 * What comes out of odd but legal content: records without template, text in pieces, arrays, names
 * that repeat or clash, empty and missing values, broken UTF-16 (traps T1, T2, T10–T16). The JSON
 * expected is written from evtx.md A8 and the traps.
 */
#include "tests/unit/input/evtx_rig.h"

static struct rig_result read_maker(struct rig_maker *maker)
{
    struct rig_file file = rig_file_of(&maker, 1);
    struct rig_result result = rig_read(file.bytes, file.n, NULL);
    rig_file_done(&file);
    rig_maker_free(maker);
    return result;
}

/* One record of the root template with *n* values behind the event id; slots 1… are put by *body*.
 */
static struct rig_result read_one(void (*body)(struct rig_maker *maker),
                                  const struct rig_value *values, uint32_t n)
{
    struct rig_maker *maker = rig_maker_new();
    struct rig_value all[16] = {RIG_EVENT_ID(7)};
    uint32_t definition;
    for (uint32_t i = 0; i < n; i++)
        all[i + 1] = values[i];
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 1);
    body(maker);
    rig_end_root(maker, definition);
    rig_values(maker, all, n + 1);
    rig_end_record(maker);
    return read_maker(maker);
}

static void expect(struct rig_result result, const char *text)
{
    assert_int_equal(result.n, 1);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    if (!rig_has(&result.events[0], text))
        fail_msg("expected %s in %s", text, result.events[0].json);
    rig_result_done(&result);
}

/* T1, T2: no template, no dependency ids, all values text, text in pieces around entities, in
 * attributes too; the event id is a number all the same. */
static void test_bare(void **state)
{
    struct rig_maker *maker = rig_maker_new();
    struct rig_result result;
    (void)state;
    rig_begin_record(maker);
    (void)rig_open(maker, "Event", false);
    (void)rig_open(maker, "System", false);
    (void)rig_open(maker, "EventID", false);
    rig_text(maker, "1116");
    rig_close(maker);
    rig_close(maker);
    (void)rig_open(maker, "EventData", false);
    iw_lab_chunk_put_u8(&maker->chunk, 0x41);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    (void)rig_put_name(maker, "Data");
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    iw_lab_chunk_put_u8(&maker->chunk, 0x06);
    (void)rig_put_name(maker, "Name");
    rig_text(maker, "a");
    iw_lab_chunk_put_u8(&maker->chunk, 0x49);
    (void)rig_put_name(maker, "amp");
    rig_text(maker, "b");
    iw_lab_chunk_put_u8(&maker->chunk, 0x02);
    rig_text(maker, "x ");
    iw_lab_chunk_put_u8(&maker->chunk, 0x49);
    (void)rig_put_name(maker, "gt");
    rig_text(maker, " y");
    iw_lab_chunk_put_u8(&maker->chunk, 0x08); /* character reference */
    iw_lab_chunk_put_u16(&maker->chunk, 0xE9);
    rig_close(maker);
    rig_close(maker);
    rig_close(maker);
    rig_end_record(maker);
    result = read_maker(maker);
    assert_int_equal(result.n, 1);
    assert_int_equal(result.events[0].event_id, 1116);
    assert_true((result.events[0].flags & IW_EVENT_BARE) != 0);
    expect(result, "\"a&b\":\"x > y\xC3\xA9\"");
}

static void unnamed(struct rig_maker *maker)
{
    (void)rig_open(maker, "Data", true);
    rig_slot(maker, 1, 0x81, false);
    rig_close(maker);
}

/* T10: one field an item, empty items too; the last NUL may be missing. */
static void test_arrays(void **state)
{
    (void)state;
    expect(read_one(unnamed, &(struct rig_value){0x81, 12, "a\0\0\0\0\0b\0\0\0c\0"}, 1),
           "\"Data\":[\"a\",\"\",\"b\",\"c\"]");
    expect(read_one(unnamed, &(struct rig_value){0x81, 0, ""}, 1), "\"Data\":[\"\"]");
    expect(read_one(unnamed, &(struct rig_value){0x88, 8, "\1\0\0\0\2\0\0\0"}, 1),
           "\"Data\":[\"1\",\"2\"]");
}

static void twice(struct rig_maker *maker)
{
    rig_data_slot(maker, "LogonGuid", 1, 0x01);
    rig_data_slot(maker, "LogonGuid", 2, 0x01);
}

/* T11, T12, T13: names that repeat, that clash with System's, that are there and empty. */
static void clashing(struct rig_maker *maker)
{
    rig_data_slot(maker, "EventID", 1, 0x01);
}

static void test_names(void **state)
{
    const struct rig_value both[] = {{0x01, 2, "x\0"}, {0x01, 2, "y\0"}};
    struct rig_result result;
    (void)state;
    expect(read_one(twice, both, 2), "\"LogonGuid\":[\"x\",\"y\"]");
    result = read_one(clashing, both, 1);
    assert_true(rig_has(&result.events[0], "\"EventID\":7"));
    expect(result, "\"EventData.EventID\":\"x\"");
    expect(read_one(clashing, &(struct rig_value){0x01, 0, ""}, 1), "\"EventData.EventID\":\"\"");
    expect(read_one(clashing, &(struct rig_value){0x00, 16, NULL}, 1),
           "\"EventData.EventID\":\"\"");
}

static void one(struct rig_maker *maker)
{
    rig_data_slot(maker, "v", 1, 0x01);
}

/* T15, T16: message numbers stay, trailing NULs go, surrogates without their half are replaced. */
static void test_text(void **state)
{
    struct rig_result result;
    (void)state;
    expect(read_one(one, &(struct rig_value){0x01, 12, "%\0%\0001\0008\0003\0003\0"}, 1),
           "\"v\":\"%%1833\"");
    expect(read_one(one, &(struct rig_value){0x01, 8, "a\0\0\0\0\0\0\0"}, 1), "\"v\":\"a\"");
    expect(read_one(one,
                    &(struct rig_value){0x01, 6,
                                        "a\0\0\xD8"
                                        "b\0"},
                    1),
           "\"v\":\"a\xEF\xBF\xBD"
           "b\"");
    expect(read_one(one, &(struct rig_value){0x01, 4, "\x3D\xD8\0\xDE"}, 1),
           "\"v\":\"\xF0\x9F\x98\x80\"");
    expect(read_one(one, &(struct rig_value){0x01, 6, "a\0\0\0b\0"}, 1), "\"v\":\"a\\u0000b\"");
    result = read_one(one, &(struct rig_value){0x01, 3, "a\0b"}, 1);
    assert_int_equal(rig_count(&result, IW_DAMAGE_VALUE_ODD), 1); /* counted once */
    assert_true(rig_has(&result.events[0], "\"v\":\"a\""));
    rig_result_done(&result);
}

/* A8: what the instance says is the type, whatever the template declared; a bool may be 2. */
static void test_types(void **state)
{
    (void)state;
    expect(read_one(one, &(struct rig_value){0x0D, 4, "\2\0\0\0"}, 1), "\"v\":\"true\"");
    expect(read_one(one, &(struct rig_value){0x15, 8, "\xE7\3\0\0\0\0\0\0"}, 1), "\"v\":\"0x3e7\"");
    expect(read_one(one, &(struct rig_value){0x13, 12, "\1\1\0\0\0\0\0\5\x12\0\0\0"}, 1),
           "\"v\":\"S-1-5-18\"");
    expect(read_one(one, &(struct rig_value){0x02, 4, "caf\xE9"}, 1), "\"v\":\"caf\xC3\xA9\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bare), cmocka_unit_test(test_arrays), cmocka_unit_test(test_names),
        cmocka_unit_test(test_text), cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
