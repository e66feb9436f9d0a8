/*
 * Values as text, numbers and times: reference/evtx.md A8 (MS-EVEN6 2.2.12), MS-DTYP for SIDs,
 * event/value.h for what is left open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "event/value.h"

struct text_case {
    uint8_t type;
    uint32_t n;
    const char *bytes;
    const char *text;
};

#define FF8 "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
#define MAX_I64 "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"
#define MIN_I64 "\0\0\0\0\0\0\0\x80"

static const struct text_case WHOLE_NUMBERS[] = {
    {IW_VALUE_I8, 1, "\x80", "-128"},
    {IW_VALUE_I8, 1, "\x7F", "127"},
    {IW_VALUE_U8, 1, "\x00", "0"},
    {IW_VALUE_U8, 1, "\xFF", "255"},
    {IW_VALUE_I16, 2, "\x00\x80", "-32768"},
    {IW_VALUE_U16, 2, "\x50\x12", "4688"},
    {IW_VALUE_U16, 2, "\xFF\xFF", "65535"},
    {IW_VALUE_I32, 4, "\0\0\0\x80", "-2147483648"},
    {IW_VALUE_I32, 4, "\xFF\xFF\xFF\xFF", "-1"},
    {IW_VALUE_U32, 4, "\xFF\xFF\xFF\xFF", "4294967295"},
    {IW_VALUE_I64, 8, MIN_I64, "-9223372036854775808"},
    {IW_VALUE_I64, 8, MAX_I64, "9223372036854775807"},
    {IW_VALUE_U64, 8, FF8, "18446744073709551615"},
    {IW_VALUE_HEX32, 4, "\0\0\0\0", "0x0"},
    {IW_VALUE_HEX32, 4, "\xEF\xBE\xAD\xDE", "0xdeadbeef"},
    {IW_VALUE_HEX32, 4, "\xE7\x03\0\0", "0x3e7"},
    {IW_VALUE_HEX64, 8, FF8, "0xffffffffffffffff"},
    {IW_VALUE_HEX64, 8, "\xE7\x03\0\0\0\0\0\0", "0x3e7"},
    {IW_VALUE_SIZE, 4, "\x0A\0\0\0", "0xa"},
    {IW_VALUE_SIZE, 8, "\x0A\0\0\0\0\0\0\x10", "0x100000000000000a"},
    {IW_VALUE_BOOL, 4, "\0\0\0\0", "false"},
    {IW_VALUE_BOOL, 4, "\x01\0\0\0", "true"},
    {IW_VALUE_BOOL, 4, "\xFF\xFF\xFF\xFF", "true"},
    {IW_VALUE_BOOL, 4, "\0\0\0\x80", "true"},
};

static const struct text_case WRONG_SIZES[] = {
    {IW_VALUE_I8, 2, "\xAB\xCD", "ABCD"},
    {IW_VALUE_U8, 3, "\x01\x02\x03", "010203"},
    {IW_VALUE_U16, 1, "\x0F", "0F"},
    {IW_VALUE_U16, 3, "\x0F\0\0", "0F0000"},
    {IW_VALUE_U32, 3, "\xAA\xBB\xCC", "AABBCC"},
    {IW_VALUE_U32, 8, FF8, "FFFFFFFFFFFFFFFF"},
    {IW_VALUE_U64, 4, "\x01\x02\x03\x04", "01020304"},
    {IW_VALUE_I64, 7, "\1\2\3\4\5\6\7", "01020304050607"},
    {IW_VALUE_FLOAT, 8, FF8, "FFFFFFFFFFFFFFFF"},
    {IW_VALUE_DOUBLE, 4, "\0\0\x80\x3F", "0000803F"},
    {IW_VALUE_BOOL, 1, "\x01", "01"},
    {IW_VALUE_BOOL, 8, "\1\0\0\0\0\0\0\0", "0100000000000000"},
    {IW_VALUE_GUID, 15, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", "0102030405060708090A0B0C0D0E0F"},
    {IW_VALUE_SIZE, 2, "\x01\x02", "0102"},
    {IW_VALUE_SIZE, 16, FF8 FF8, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"},
    {IW_VALUE_FILETIME, 4, "\1\2\3\4", "01020304"},
    {IW_VALUE_SYSTEMTIME, 8, FF8, "FFFFFFFFFFFFFFFF"},
    {IW_VALUE_HEX32, 8, "\1\0\0\0\0\0\0\0", "0100000000000000"},
    {IW_VALUE_HEX64, 4, "\1\0\0\0", "01000000"},
    {IW_VALUE_BINARY, 4, "\x00\x7f\x80\xff", "007F80FF"},
    {0x21, 2, "\xAB\x01", "AB01"}, /* nested BinXML is the reader's; an unknown type is bytes */
    {0x7F, 1, "\xAB", "AB"},
};

static const struct text_case EMPTY[] = {
    {IW_VALUE_NULL, 0, "", ""},   {IW_VALUE_NULL, 2, "ab", ""}, {IW_VALUE_UTF16, 0, "", ""},
    {IW_VALUE_ANSI, 0, "", ""},   {IW_VALUE_U32, 0, "", ""},    {IW_VALUE_BOOL, 0, "", ""},
    {IW_VALUE_BINARY, 0, "", ""}, {IW_VALUE_SID, 0, "", ""},    {IW_VALUE_UTF8, 0, "", ""},
    {IW_VALUE_GUID, 0, "", ""},
};

static const struct text_case REALS[] = {
    {IW_VALUE_FLOAT, 4, "\0\0\0\0", "0.000000"},
    {IW_VALUE_FLOAT, 4, "\0\0\xC0\xBF", "-1.500000"},
    {IW_VALUE_FLOAT, 4, "\0\0\x80\x7F", "1.#INF"},
    {IW_VALUE_FLOAT, 4, "\0\0\x80\xFF", "-1.#INF"},
    {IW_VALUE_FLOAT, 4, "\0\0\xC0\x7F", "-1.#IND"},
    {IW_VALUE_FLOAT, 4, "\0\0\xC0\xFF", "-1.#IND"},
    {IW_VALUE_DOUBLE, 8, "\0\0\0\0\0\0\xF0\x3F", "1.000000"},
    {IW_VALUE_DOUBLE, 8, "\0\0\0\0\0\0\x00\x80", "-0.000000"},
    {IW_VALUE_DOUBLE, 8, "\0\0\0\0\0\0\xF0\x7F", "1.#INF"},
    {IW_VALUE_DOUBLE, 8, "\0\0\0\0\0\0\xF0\xFF", "-1.#INF"},
    {IW_VALUE_DOUBLE, 8, "\0\0\0\0\0\0\xF8\x7F", "-1.#IND"},
    {IW_VALUE_DOUBLE, 8, "\1\0\0\0\0\0\0\0", "0.000000"},
};

#define PART "\x01\0\0\0"
#define PARTS5 PART PART PART PART PART
static const struct text_case SIDS[] = {
    {IW_VALUE_SID, 8, "\1\0\0\0\0\0\0\5", "S-1-5"},
    {IW_VALUE_SID, 12, "\1\1\0\0\0\0\0\5\x12\0\0\0", "S-1-5-18"},
    {IW_VALUE_SID, 12, "\1\1\0\0\0\0\0\x10\0\x30\0\0", "S-1-16-12288"},
    {IW_VALUE_SID, 12, "\1\1\0\0\0\0\0\1\xFF\xFF\xFF\xFF", "S-1-1-4294967295"},
    {IW_VALUE_SID, 68, "\1\17\0\0\0\0\0\5" PARTS5 PARTS5 PARTS5,
     "S-1-5-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1"},
    /* 16 sub-authorities: past what a SID may have */
    {IW_VALUE_SID, 72, "\1\20\0\0\0\0\0\5" PARTS5 PARTS5 PARTS5 PART,
     "0110000000000005"
     "01000000010000000100000001000000"
     "01000000010000000100000001000000"
     "01000000010000000100000001000000"
     "01000000010000000100000001000000"},
    {IW_VALUE_SID, 7, "\1\0\0\0\0\0\0", "01000000000000"},
    {IW_VALUE_SID, 11, "\1\1\0\0\0\0\0\5\x12\0\0", "0101000000000005120000"},
    {IW_VALUE_SID, 13, "\1\1\0\0\0\0\0\5\x12\0\0\0\0", "01010000000000051200000000"},
    {IW_VALUE_SID, 8, "\1\xFF\0\0\0\0\0\5", "01FF000000000005"},
};

static const struct text_case TIMES[] = {
    {IW_VALUE_FILETIME, 8, "\0\0\0\0\0\0\0\0", "1601-01-01T00:00:00.0000000Z"},
    {IW_VALUE_FILETIME, 8, "\1\0\0\0\0\0\0\0", "1601-01-01T00:00:00.0000001Z"},
    /* 116444736000000000: 1970 */
    {IW_VALUE_FILETIME, 8, "\x00\x80\x3E\xD5\xDE\xB1\x9D\x01", "1970-01-01T00:00:00.0000000Z"},
    /* 132521632812990045, reference/evtx.md A8 */
    {IW_VALUE_FILETIME, 8, "\x5D\x7E\xDF\x10\xB9\xCF\xD6\x01", "2020-12-11T12:28:01.2990045Z"},
    {IW_VALUE_SYSTEMTIME, 16, "\xE4\x07\x0C\0\5\0\x0B\0\x0C\0\x1C\0\x01\0\x2B\x01",
     "2020-12-11T12:28:01.2990000Z"},
    {IW_VALUE_SYSTEMTIME, 16, "\x41\x06\1\0\1\0\1\0\0\0\0\0\0\0\0\0",
     "1601-01-01T00:00:00.0000000Z"},
    {IW_VALUE_SYSTEMTIME, 16, "\xE4\x07\2\0\0\0\x1D\0\x17\0\x3B\0\x3B\0\xE7\3",
     "2020-02-29T23:59:59.9990000Z"},
    {IW_VALUE_SYSTEMTIME, 16, "\xB8\x0B\2\0\0\0\x1C\0\0\0\0\0\0\0\0\0",
     "3000-02-28T00:00:00.0000000Z"},
    {IW_VALUE_SYSTEMTIME, 16, "\x0F\x27\x0C\0\0\0\x1F\0\0\0\0\0\0\0\0\0",
     "9999-12-31T00:00:00.0000000Z"},
    {IW_VALUE_SYSTEMTIME, 16, "\x6B\x78\x0C\0\0\0\x1F\0\0\0\0\0\0\0\0\0",
     "30827-12-31T00:00:00.0000000Z"},
    /* out of range: 2021-02-29, month 13, hour 24, 1000 ms, 3000-02-29, year 1600, 30828, 65535 */
    {IW_VALUE_SYSTEMTIME, 16, "\xE5\x07\2\0\0\0\x1D\0\0\0\0\0\0\0\0\0",
     "E507020000001D000000000000000000"},
    {IW_VALUE_SYSTEMTIME, 16, "\xE4\x07\x0D\0\0\0\1\0\0\0\0\0\0\0\0\0",
     "E4070D00000001000000000000000000"},
    {IW_VALUE_SYSTEMTIME, 16, "\xE4\x07\1\0\0\0\1\0\x18\0\0\0\0\0\0\0",
     "E4070100000001001800000000000000"},
    {IW_VALUE_SYSTEMTIME, 16, "\xE4\x07\1\0\0\0\1\0\0\0\0\0\0\0\xE8\3",
     "E407010000000100000000000000E803"},
    {IW_VALUE_SYSTEMTIME, 16, "\xB8\x0B\2\0\0\0\x1D\0\0\0\0\0\0\0\0\0",
     "B80B020000001D000000000000000000"},
    {IW_VALUE_SYSTEMTIME, 16, "\x40\x06\1\0\0\0\1\0\0\0\0\0\0\0\0\0",
     "40060100000001000000000000000000"},
    {IW_VALUE_SYSTEMTIME, 16, "\x6C\x78\1\0\0\0\1\0\0\0\0\0\0\0\0\0",
     "6C780100000001000000000000000000"},
    {IW_VALUE_SYSTEMTIME, 16, FF8 FF8, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"},
    {IW_VALUE_SYSTEMTIME, 16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
     "00000000000000000000000000000000"},
    {IW_VALUE_GUID, 16, "\x44\x33\x22\x11\x66\x55\x88\x77\x99\xAA\xBB\xCC\xDD\xEE\xFF\x00",
     "{11223344-5566-7788-99aa-bbccddeeff00}"},
};

#define BAD "\xEF\xBF\xBD"
static const struct text_case TEXTS[] = {
    {IW_VALUE_UTF16, 6, "a\0\xE4\0\xAC\x20", "a\xC3\xA4\xE2\x82\xAC"},
    {IW_VALUE_UTF16, 4, "\x3D\xD8\x00\xDE", "\xF0\x9F\x98\x80"}, /* a pair: U+1F600 */
    {IW_VALUE_UTF16, 4, "\x3D\xD8x\0", BAD "x"},                 /* high alone */
    {IW_VALUE_UTF16, 4, "\x00\xDEx\0", BAD "x"},                 /* low alone */
    {IW_VALUE_UTF16, 2, "\x3D\xD8", BAD},                        /* high at the end */
    {IW_VALUE_UTF16, 6, "\x3D\xD8\x3D\xD8\x00\xDE", BAD "\xF0\x9F\x98\x80"},
    {IW_VALUE_UTF16, 3, "a\0b", "a"},                   /* half a character at the end */
    {IW_VALUE_ANSI, 3, "\xE2\x82\xAC", "\xE2\x82\xAC"}, /* valid UTF-8 stays */
    {IW_VALUE_ANSI, 2, "\x80x", "\xE2\x82\xACx"},       /* windows-1252: the euro */
    {IW_VALUE_ANSI, 2, "\xE4\xDF", "\xC3\xA4\xC3\x9F"},
    {IW_VALUE_UTF8, 5, "hello", "hello"},
};

static void check_texts(const struct text_case *cases, size_t n)
{
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < n; i++) {
        /* A copy of exact size, so that reading past it is seen. */
        uint8_t *bytes = test_malloc(cases[i].n + 1);
        uint8_t *begin = bytes + 1; /* and not aligned */
        memcpy(begin, cases[i].bytes, cases[i].n);
        struct iw_str text =
            iw_value_text((struct iw_value){begin, cases[i].n, cases[i].type}, &arena);
        if (!iw_str_equal(text, iw_str_of(cases[i].text)))
            fail_msg("row %zu, type 0x%02x: '%.*s' is not '%s'", i, cases[i].type, IW_STR_ARG(text),
                     cases[i].text);
        test_free(bytes);
    }
    iw_arena_done(&arena);
}

#define CHECK_TABLE(name, table)                                                                   \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        check_texts(table, sizeof table / sizeof table[0]);                                        \
    }

CHECK_TABLE(whole_numbers, WHOLE_NUMBERS)
CHECK_TABLE(wrong_sizes_are_hex, WRONG_SIZES)
CHECK_TABLE(empty_values, EMPTY)
CHECK_TABLE(reals, REALS)
CHECK_TABLE(sids, SIDS)
CHECK_TABLE(times_and_guids, TIMES)
CHECK_TABLE(texts, TEXTS)

/* A FILETIME past year 9999 still gives 28 characters that begin with that year (timestamp.h). */
static void largest_filetime(void **state)
{
    struct iw_arena arena;
    struct iw_str text;
    (void)state;
    iw_arena_init(&arena, 0);
    text = iw_value_text((struct iw_value){(const uint8_t *)FF8, 8, IW_VALUE_FILETIME}, &arena);
    assert_int_equal(text.n, 28);
    assert_memory_equal(text.p, "9999-", 5);
    iw_arena_done(&arena);
}

static void nul_inside_text_stays(void **state)
{
    struct iw_arena arena;
    struct iw_str text;
    (void)state;
    iw_arena_init(&arena, 0);
    text =
        iw_value_text((struct iw_value){(const uint8_t *)"a\0\0\0b\0", 6, IW_VALUE_UTF16}, &arena);
    assert_int_equal(text.n, 3);
    assert_memory_equal(text.p, "a\0b", 3);
    text = iw_value_text((struct iw_value){(const uint8_t *)"a\0b", 3, IW_VALUE_ANSI}, &arena);
    assert_int_equal(text.n, 3);
    assert_memory_equal(text.p, "a\0b", 3);
    iw_arena_done(&arena);
}

static void largest_double(void **state)
{
    struct iw_arena arena;
    struct iw_str text;
    (void)state;
    iw_arena_init(&arena, 0);
    text = iw_value_text(
        (struct iw_value){(const uint8_t *)"\xFF\xFF\xFF\xFF\xFF\xFF\xEF\xFF", 8, IW_VALUE_DOUBLE},
        &arena);
    assert_int_equal(text.n, 1 + 309 + 7); /* -1.797e308 in full, six decimals */
    assert_memory_equal(text.p, "-179769313486231570814527423731704356798070", 43);
    iw_arena_done(&arena);
}

struct number_case {
    uint8_t type;
    uint32_t n;
    const char *bytes;
    bool is_number;
    uint64_t number;
};

static const struct number_case NUMBERS[] = {
    {IW_VALUE_U16, 2, "\x50\x12", true, 4688},
    {IW_VALUE_U64, 8, FF8, true, UINT64_MAX},
    {IW_VALUE_I64, 8, MAX_I64, true, INT64_MAX},
    {IW_VALUE_I8, 1, "\x7F", true, 127},
    {IW_VALUE_I8, 1, "\xFF", false, 0},
    {IW_VALUE_I64, 8, MIN_I64, false, 0},
    {IW_VALUE_HEX64, 8, FF8, true, UINT64_MAX},
    {IW_VALUE_SIZE, 4, "\1\0\0\0", true, 1},
    {IW_VALUE_SIZE, 3, "\1\0\0", false, 0},
    {IW_VALUE_U32, 3, "\1\0\0", false, 0},
    {IW_VALUE_FLOAT, 4, "\0\0\0\0", false, 0},
    {IW_VALUE_BOOL, 4, "\1\0\0\0", false, 0},
    {IW_VALUE_NULL, 0, "", false, 0},
    {IW_VALUE_NULL, 4, "\1\0\0\0", false, 0},
    {IW_VALUE_BINARY, 0, "", false, 0},
    {IW_VALUE_GUID, 16, FF8 FF8, false, 0},
    {IW_VALUE_UTF8, 4, "1116", true, 1116},
    {IW_VALUE_UTF16, 8,
     "1\0"
     "1\0"
     "1\0"
     "6\0",
     true, 1116},
    {IW_VALUE_ANSI, 2, "07", true, 7},
    {IW_VALUE_UTF8, 20, "18446744073709551615", true, UINT64_MAX},
    {IW_VALUE_UTF8, 20, "18446744073709551616", false, 0},
    {IW_VALUE_UTF8, 18, "0xffffffffffffffff", true, UINT64_MAX},
    {IW_VALUE_UTF8, 19, "0x10000000000000000", false, 0},
    {IW_VALUE_UTF8, 5, "0X3E7", true, 999},
    {IW_VALUE_UTF8, 2, "0x", false, 0},
    {IW_VALUE_UTF8, 4, "0xfg", false, 0},
    {IW_VALUE_UTF8, 2, "-1", false, 0},
    {IW_VALUE_UTF8, 2, " 1", false, 0},
    {IW_VALUE_UTF8, 0, "", false, 0},
    {IW_VALUE_UTF16, 4, "1\0\x31\x04", false, 0}, /* not an ASCII digit */
};

static void numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        const struct number_case *c = &NUMBERS[i];
        uint64_t number = 0;
        bool is_number =
            iw_value_u64((struct iw_value){(const uint8_t *)c->bytes, c->n, c->type}, &number);
        if (is_number != c->is_number || (is_number && number != c->number))
            fail_msg("row %zu: %d %llu", i, is_number, (unsigned long long)number);
    }
}

struct time_case {
    uint8_t type;
    uint32_t n;
    const char *bytes;
    bool is_time;
    int64_t time_ns;
};

static const struct time_case POINTS[] = {
    {IW_VALUE_FILETIME, 8, "\x00\x80\x3E\xD5\xDE\xB1\x9D\x01", true, 0},
    {IW_VALUE_FILETIME, 8, FF8, false, 0},
    {IW_VALUE_FILETIME, 8, "\0\0\0\0\0\0\0\0", false, 0}, /* 1601 is before our clock */
    {IW_VALUE_FILETIME, 7, "\0\0\0\0\0\0\0", false, 0},
    {IW_VALUE_SYSTEMTIME, 16, "\xB2\x07\1\0\0\0\1\0\0\0\0\0\1\0\2\0", true, 1002000000},
    {IW_VALUE_SYSTEMTIME, 16, FF8 FF8, false, 0},
    {IW_VALUE_UTF8, 23, "1970-01-01 00:00:01.002", true, 1002000000},
    {IW_VALUE_UTF8, 28, "1970-01-01T00:00:00.0000001Z", true, 100},
    {IW_VALUE_UTF8, 10, "1970-01-01", false, 0},
    {IW_VALUE_UTF8, 1, "-", false, 0},
    {IW_VALUE_NULL, 0, "", false, 0},
    {IW_VALUE_U64, 8, "\0\0\0\0\0\0\0\0", false, 0},
};

static void points_in_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof POINTS / sizeof POINTS[0]; i++) {
        const struct time_case *c = &POINTS[i];
        int64_t time_ns = 77;
        bool is_time =
            iw_value_time((struct iw_value){(const uint8_t *)c->bytes, c->n, c->type}, &time_ns);
        if (is_time != c->is_time || time_ns != (is_time ? c->time_ns : 77))
            fail_msg("row %zu: %d %lld", i, is_time, (long long)time_ns);
    }
}

static void fixed_sizes(void **state)
{
    static const uint8_t SIZES[] = {0, 0, 0, 1, 1,  2, 2, 4,  4, 8, 8,
                                    4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8};
    (void)state;
    for (unsigned type = 0; type <= UINT8_MAX; type++)
        assert_int_equal(iw_value_fixed_size((uint8_t)type), type < sizeof SIZES ? SIZES[type] : 0);
}

/* Without memory p is NULL, and only then. */
static void no_memory(void **state)
{
    static const struct iw_value VALUES[] = {
        {(const uint8_t *)"a\0", 2, IW_VALUE_UTF16},
        {(const uint8_t *)"\x80", 1, IW_VALUE_ANSI},
        {(const uint8_t *)FF8, 8, IW_VALUE_U64},
        {(const uint8_t *)FF8, 8, IW_VALUE_BINARY},
        {(const uint8_t *)FF8, 8, IW_VALUE_DOUBLE},
        {(const uint8_t *)FF8, 8, IW_VALUE_FILETIME},
        {(const uint8_t *)FF8, 8, IW_VALUE_HEX64},
        {(const uint8_t *)FF8 FF8, 16, IW_VALUE_GUID},
        {(const uint8_t *)"\1\0\0\0\0\0\0\5", 8, IW_VALUE_SID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        struct iw_arena arena;
        iw_arena_init(&arena, 1); /* a cap that nothing fits in */
        assert_null(iw_value_text(VALUES[i], &arena).p);
        iw_arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(wrong_sizes_are_hex),
        cmocka_unit_test(empty_values),
        cmocka_unit_test(reals),
        cmocka_unit_test(sids),
        cmocka_unit_test(times_and_guids),
        cmocka_unit_test(texts),
        cmocka_unit_test(largest_filetime),
        cmocka_unit_test(nul_inside_text_stays),
        cmocka_unit_test(largest_double),
        cmocka_unit_test(numbers),
        cmocka_unit_test(points_in_time),
        cmocka_unit_test(fixed_sizes),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
