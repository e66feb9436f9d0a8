/*
 * One value must not cost a record: every UTF-16 unit from 0 to 0xFF and every surrogate that
 * stands alone, every byte of an 8-bit text, in the middle record of three. That record and its
 * neighbours are delivered, with the text the unit stands for (U+FFFD for half a pair).
 */
#include "tests/unit/input/evtx_rig.h"

#include "base/utf.h"

#define UTF16 0x01
#define ANSI 0x02

static void put_record(struct rig_maker *maker, uint8_t guid_byte, const struct rig_value *value)
{
    const struct rig_value values[] = {RIG_EVENT_ID(7), *value};
    uint32_t definition;

    rig_begin_record(maker);
    definition = rig_begin_root(maker, guid_byte);
    rig_data_slot(maker, "Odd", 1, value->type);
    rig_end_root(maker, definition);
    rig_values(maker, values, 2);
    rig_end_record(maker);
}

/* Three records; the middle one's value is *value*. */
static struct rig_result read_three(const struct rig_value *value)
{
    static const uint8_t plain[] = {'o', 0, 'k', 0};
    const struct rig_value neighbour = {UTF16, sizeof plain, plain};
    struct rig_maker *maker = rig_maker_new();
    struct rig_result result;
    struct rig_file file;

    put_record(maker, 1, &neighbour);
    put_record(maker, 2, value);
    put_record(maker, 3, &neighbour);
    file = rig_file_of(&maker, 1);
    result = rig_read(file.bytes, file.n, NULL);
    rig_file_done(&file);
    rig_maker_free(maker);
    assert_int_equal(result.n, 3);
    assert_true(rig_has(&result.events[0], "\"Odd\":\"ok\""));
    assert_true(rig_has(&result.events[2], "\"Odd\":\"ok\""));
    assert_int_equal(rig_losses(&result), 0);
    return result;
}

/* The character as JSON of ours shows it. */
static void shown(uint32_t c, char out[16])
{
    size_t n;
    if (c == '"' || c == '\\')
        (void)snprintf(out, 16, "\\%c", (char)c);
    else if (c == '\n' || c == '\r' || c == '\t')
        (void)snprintf(out, 16, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    else if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD)
        (void)snprintf(out, 16, "\\u%04x", c);
    else {
        n = iw_utf8_put(c, out);
        out[n] = '\0';
    }
}

static void expect_middle(const struct rig_value *value, uint32_t c)
{
    struct rig_result result = read_three(value);
    char character[16], expected[64];

    shown(c, character);
    (void)snprintf(expected, sizeof expected, "\"Odd\":\"a%sb\"", character);
    if (!rig_has(&result.events[1], expected))
        fail_msg("expected %s in %s", expected, result.events[1].json);
    rig_result_done(&result);
}

static void every_unit(void **state)
{
    (void)state;
    for (uint32_t unit = 0; unit < 0x100; unit++) {
        const uint8_t bytes[] = {'a', 0, (uint8_t)unit, 0, 'b', 0};
        expect_middle(&(struct rig_value){UTF16, sizeof bytes, bytes}, unit);
    }
}

static void every_lone_surrogate(void **state)
{
    (void)state;
    for (uint32_t unit = 0xD800; unit <= 0xDFFF; unit++) {
        const uint8_t bytes[] = {'a', 0, (uint8_t)unit, (uint8_t)(unit >> 8), 'b', 0};
        expect_middle(&(struct rig_value){UTF16, sizeof bytes, bytes}, 0xFFFD);
    }
}

/* 8-bit text that is not UTF-8 is read as windows-1252, whose five holes are no characters. */
static void every_byte(void **state)
{
    static const uint16_t HIGH[32] = {
        0x20AC, 0xFFFD, 0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
        0x2039, 0x152,  0xFFFD, 0x17D,  0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0xFFFD, 0x17E,  0x178};

    (void)state;
    for (uint32_t byte = 0; byte < 0x100; byte++) {
        const uint8_t bytes[] = {'a', (uint8_t)byte, 'b'};
        uint32_t c = byte >= 0x80 && byte < 0xA0 ? HIGH[byte - 0x80] : byte;
        expect_middle(&(struct rig_value){ANSI, sizeof bytes, bytes}, c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit),
        cmocka_unit_test(every_lone_surrogate),
        cmocka_unit_test(every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
