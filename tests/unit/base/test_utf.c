/*
 * UTF-16 and UTF-8: every unit alone, every pair at the edges, every byte, all over-long forms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf.h"

static size_t convert(const uint16_t *units, size_t n, char *out, size_t *bad)
{
    uint8_t bytes[64];
    for (size_t i = 0; i < n; i++) {
        bytes[2 * i] = (uint8_t)(units[i] & 0xFF);
        bytes[2 * i + 1] = (uint8_t)(units[i] >> 8);
    }
    return iw_utf16_to_utf8(bytes, 2 * n, out, bad);
}

/* Table 3-6 of the Unicode standard. */
static size_t expected_utf8(uint32_t c, char *out)
{
    static const unsigned char LEAD[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(n == 1 ? c : LEAD[n] | c);
    return n;
}

/* Every unit, alone and between ASCII of every distance, so that the fast path is left and entered
 * everywhere. */
static void every_unit_alone(void **state)
{
    (void)state;
    for (uint32_t unit = 0; unit <= 0xFFFF; unit++) {
        bool is_surrogate = unit >= 0xD800 && unit <= 0xDFFF;
        size_t lead = unit % 17, bad = 0;
        uint16_t units[20];
        char out[60], expected[8];
        size_t n_expected = expected_utf8(is_surrogate ? 0xFFFD : unit, expected), n;
        for (size_t i = 0; i < lead + 3; i++)
            units[i] = 'a';
        units[lead] = (uint16_t)unit;
        n = convert(units, lead + 3, out, &bad);
        assert_int_equal(n, lead + n_expected + 2);
        assert_memory_equal(out + lead, expected, n_expected);
        assert_int_equal(out[0], lead != 0 ? 'a' : expected[0]);
        assert_memory_equal(out + lead + n_expected, "aa", 2);
        assert_int_equal(bad, is_surrogate);
        n = convert(units + lead, 1, out, NULL); /* and at the very end */
        assert_int_equal(n, n_expected);
    }
}

static void pairs(void **state)
{
    static const struct {
        uint16_t units[3];
        uint32_t code_point; /* 0: no pair */
        size_t n_bad;
    } CASES[] = {
        {{0xD800, 0xDC00, 'x'}, 0x10000, 0},  {{0xDBFF, 0xDFFF, 'x'}, 0x10FFFF, 0},
        {{0xD83D, 0xDE00, 'x'}, 0x1F600, 0},  {{0xD800, 0xDFFF, 'x'}, 0x103FF, 0},
        {{0xDBFF, 0xDC00, 'x'}, 0x10FC00, 0}, {{0xDC00, 0xD800, 'x'}, 0, 2},
        {{0xD800, 0xD800, 'x'}, 0, 2},        {{0xDC00, 0xDC00, 'x'}, 0, 2},
        {{0xD800, 0xE000, 'x'}, 0, 1},        {{0xD800, 0xDBFF, 'x'}, 0, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        size_t bad = 0, n;
        char out[12], expected[4];
        n = convert(CASES[i].units, 3, out, &bad);
        assert_int_equal(bad, CASES[i].n_bad);
        assert_int_equal(out[n - 1], 'x');
        if (CASES[i].code_point != 0) {
            assert_int_equal(n, 5);
            assert_int_equal(expected_utf8(CASES[i].code_point, expected), 4);
            assert_memory_equal(out, expected, 4);
        } else {
            assert_int_equal(n, 7);
        }
        assert_true(iw_utf8_valid((struct iw_str){out, n}));
    }
}

/* A high half, a whole pair behind it: the pair survives. */
static void a_lone_half_spares_its_neighbour(void **state)
{
    static const uint16_t UNITS[] = {0xD83D, 0xD83D, 0xDE00};
    size_t bad = 0;
    char out[9];
    (void)state;
    assert_int_equal(convert(UNITS, 3, out, &bad), 7);
    assert_memory_equal(out, IW_UTF8_REPLACEMENT "\xF0\x9F\x98\x80", 7);
    assert_int_equal(bad, 1);
}

static void odd_and_empty(void **state)
{
    struct iw_arena arena;
    struct iw_str text;
    char out[8];
    (void)state;
    assert_int_equal(iw_utf16_to_utf8((const uint8_t *)"a\0b", 3, out, NULL), 1);
    assert_int_equal(iw_utf16_to_utf8((const uint8_t *)"a", 1, out, NULL), 0);
    iw_arena_init(&arena, 0);
    text = iw_utf16_to_arena((const uint8_t *)"", 0, &arena);
    assert_non_null(text.p);
    assert_int_equal(text.n, 0);
    text = iw_utf16_to_arena((const uint8_t *)"a\0\0\0b\0", 6, &arena);
    assert_true(iw_str_equal(text, IW_STR("a\0b"))); /* NUL is text */
    iw_arena_done(&arena);
#ifdef IW_FAULT_INJECTION
    iw_arena_init(&arena, 0);
    iw_alloc_fail_at(1);
    assert_null(iw_utf16_to_arena((const uint8_t *)"a", 2, &arena).p);
    iw_alloc_fail_at(1);
    assert_null(iw_ansi_to_arena((const uint8_t *)"\xFF", 1, &arena).p);
    iw_alloc_fail_at(0);
    iw_arena_done(&arena);
#endif
}

static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x110000; c++) {
        bool is_scalar = c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF);
        char out[4], expected[4];
        size_t at = 0, n = iw_utf8_put(c, out);
        assert_int_equal(n, expected_utf8(is_scalar ? c : 0xFFFD, expected));
        assert_memory_equal(out, expected, n);
        assert_int_equal(iw_utf8_next((struct iw_str){out, n}, &at), is_scalar ? c : 0xFFFD);
        assert_int_equal(at, n);
        if (c >= 0x80) { /* cut short, it is no character any more */
            at = 0;
            assert_int_equal(iw_utf8_next((struct iw_str){out, n - 1}, &at), 0xFFFD);
            assert_int_equal(at, 1);
        }
    }
}

static void every_byte(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char text[20];
        for (size_t place = 0; place < 17; place++) { /* around the 8-byte fast path */
            memset(text, 'a', sizeof text);
            text[place] = (char)byte;
            assert_int_equal(iw_utf8_valid((struct iw_str){text, 17}), byte < 0x80);
        }
    }
}

static void ill_formed(void **state)
{
    static const char *const BAD[] = {
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\x80",
        "\xC2",
        "\xE2\x82",
        "\xF0\x9F\x98",
        "\xC2\x41",
        "\xE2\x82\x41",
        "\xF0\x9F\x98\x41",
        "\xC2\xC2\x80",
    };
    static const char *const GOOD[] = {
        "\xC2\x80",         "\xDF\xBF",         "\xE0\xA0\x80",
        "\xED\x9F\xBF",     "\xEE\x80\x80",     "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        size_t at = 0;
        assert_false(iw_utf8_valid(iw_str_of(BAD[i])));
        assert_int_equal(iw_utf8_next(iw_str_of(BAD[i]), &at), 0xFFFD);
        assert_int_equal(at, 1);
    }
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        assert_true(iw_utf8_valid(iw_str_of(GOOD[i])));
}

/* Each single byte that is not UTF-8, as windows-1252 (the table of the WHATWG encoding standard
 * gives C1 controls for the five that are not assigned; here they are U+FFFD). */
/* A NUL at every place of texts around the width of a vector, at both alignments; bytes of a NUL in
 * two characters are none. */
static void first_nul(void **state)
{
    uint8_t bytes[82];
    (void)state;
    for (size_t n = 0; n <= 80; n++) {
        for (size_t shift = 0; shift < 2; shift++) {
            memset(bytes, 0x41, sizeof bytes);
            assert_int_equal(iw_utf16_nul(bytes + shift, n), n & ~(size_t)1);
            for (size_t at = 0; at + 2 <= n; at += 2) {
                bytes[shift + at] = bytes[shift + at + 1] = 0;
                assert_int_equal(iw_utf16_nul(bytes + shift, n), at);
                bytes[shift + at] = bytes[shift + at + 1] = 0x41;
            }
            for (size_t at = 1; at + 2 < n; at += 2) {
                bytes[shift + at] = bytes[shift + at + 1] = 0;
                assert_int_equal(iw_utf16_nul(bytes + shift, n), n & ~(size_t)1);
                bytes[shift + at] = bytes[shift + at + 1] = 0x41;
            }
        }
    }
}

static void eight_bit_text(void **state)
{
    static const uint8_t UNASSIGNED[] = {0x81, 0x8D, 0x8F, 0x90, 0x9D};
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_true(iw_str_equal(iw_ansi_to_arena((const uint8_t *)"\x80 \xE4\x93", 4, &arena),
                             IW_STR("\xE2\x82\xAC \xC3\xA4\xE2\x80\x9C")));
    assert_true(iw_str_equal(iw_ansi_to_arena((const uint8_t *)"\xC3\xA4", 2, &arena),
                             IW_STR("\xC3\xA4"))); /* valid UTF-8 stays */
    for (size_t i = 0; i < sizeof UNASSIGNED; i++)
        assert_true(
            iw_str_equal(iw_ansi_to_arena(&UNASSIGNED[i], 1, &arena), IW_STR(IW_UTF8_REPLACEMENT)));
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t one = (uint8_t)byte;
        assert_true(iw_utf8_valid(iw_ansi_to_arena(&one, 1, &arena)));
    }
    iw_arena_done(&arena);
}

static void cut_between_characters(void **state)
{
    static const struct {
        const char *text;
        size_t most;
        const char *cut;
    } CASES[] = {
        {"", 0, ""},
        {"", 4, ""},
        {"abc", 0, ""},
        {"abc", 2, "ab"},
        {"abc", 3, "abc"},
        {"abc", 4, "abc"},
        {"a\xC3\xA4z", 1, "a"},
        {"a\xC3\xA4z", 2, "a"},
        {"a\xC3\xA4z", 3, "a\xC3\xA4"},
        {"a\xF0\x9F\x98\x80", 4, "a"},
        {"a\xF0\x9F\x98\x80", 5, "a\xF0\x9F\x98\x80"},
        {"\x80\x80\x80", 2, ""}, /* no character begins there */
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_true(iw_str_equal(iw_utf8_cut(iw_str_of(CASES[i].text), CASES[i].most),
                                 iw_str_of(CASES[i].cut)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_alone),
        cmocka_unit_test(first_nul),
        cmocka_unit_test(pairs),
        cmocka_unit_test(a_lone_half_spares_its_neighbour),
        cmocka_unit_test(odd_and_empty),
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(every_byte),
        cmocka_unit_test(ill_formed),
        cmocka_unit_test(eight_bit_text),
        cmocka_unit_test(cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
