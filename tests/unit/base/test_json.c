/*
 * JSON: everything escaped can be read back by a strict reader, nothing unsafe is left raw, and
 * commas stand where they must.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "base/utf.h"
#include "tests/support/skip_because.h"

static uint32_t hex4(const char *p)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef";
        const char *at = strchr(digits, p[i]);
        assert_non_null(at);
        assert_true(p[i] != '\0');
        value = value * 16 + (uint32_t)(at - digits);
    }
    return value;
}

/* A strict reader of what stands between the quotes (RFC 8259, section 7). Writes code points and
 * returns their number. */
static size_t read_string(struct iw_str text, uint32_t *out)
{
    size_t at = 0, n = 0;
    assert_true(iw_utf8_valid(text));
    while (at < text.n) {
        uint32_t c = iw_utf8_next(text, &at);
        assert_true(c >= 0x20 && c != '"');
        assert_true(c == '\\' || !iw_code_point_is_unsafe(c)); /* nothing unsafe raw */
        if (c == '\\') {
            static const char FROM[] = "\"\\nrt", TO[] = "\"\\\n\r\t";
            char kind = text.p[at++];
            const char *simple = strchr(FROM, kind);
            assert_true(at <= text.n);
            if (kind == 'u') {
                assert_true(text.n - at >= 4);
                c = hex4(text.p + at);
                at += 4;
                if (c >= 0xD800 && c <= 0xDBFF) {
                    assert_true(text.n - at >= 6);
                    assert_memory_equal(text.p + at, "\\u", 2);
                    c = 0x10000 + ((c - 0xD800) << 10) + (hex4(text.p + at + 2) - 0xDC00);
                    at += 6;
                }
            } else {
                assert_non_null(simple);
                c = (uint32_t)(unsigned char)TO[simple - FROM];
            }
        }
        out[n++] = c;
    }
    return n;
}

static void every_code_point(void **state)
{
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        uint32_t back[8];
        char raw[6] = "a";
        size_t n;
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        n = 1 + iw_utf8_put(c, raw + 1);
        raw[n++] = 'b';
        iw_buffer_clear(&out);
        iw_json_escape(&out, (struct iw_str){raw, n});
        assert_int_equal(read_string(iw_buffer_str(&out), back), 3);
        assert_int_equal(back[0], 'a');
        assert_int_equal(back[1], c);
        assert_int_equal(back[2], 'b');
    }
    iw_buffer_done(&out);
}

/* Two bytes of any kind: what is no UTF-8 is repaired, its neighbours stay. */
static void every_pair_of_bytes(void **state)
{
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char raw[4] = {'a', (char)(pair >> 8), (char)(pair & 0xFF), 'b'};
        uint32_t back[8], expected[8];
        size_t n, n_expected = 0, at = 0;
        while (at < 4)
            expected[n_expected++] = iw_utf8_next((struct iw_str){raw, 4}, &at);
        iw_buffer_clear(&out);
        iw_json_escape(&out, (struct iw_str){raw, 4});
        n = read_string(iw_buffer_str(&out), back);
        assert_int_equal(n, n_expected);
        assert_memory_equal(back, expected, n * sizeof *back);
    }
    iw_buffer_done(&out);
}

static void what_is_unsafe(void **state)
{
    static const uint32_t UNSAFE[] = {0x00,   0x07,   0x08,   0x09,   0x0A,    0x1B,    0x7F,
                                      0x80,   0x9B,   0x9F,   0xAD,   0x061C,  0x200B,  0x200D,
                                      0x200E, 0x200F, 0x2028, 0x2029, 0x202A,  0x202E,  0x2060,
                                      0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xE0001, 0xE007F, 0x034F,
                                      0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800,  0x3164,  0xFFA0};
    static const uint32_t SAFE[] = {' ',     '~',    0xA0,   0xE4,   0x2010, 0x2030, 0xFFFD,
                                    0x1F600, 0x4E00, 0x034E, 0x0350, 0x115E, 0x1161, 0x17B3,
                                    0x17B6,  0x27FF, 0x2801, 0x3163, 0x3165, 0xFF9F, 0xFFA1};
    (void)state;
    for (size_t i = 0; i < sizeof UNSAFE / sizeof UNSAFE[0]; i++)
        assert_true(iw_code_point_is_unsafe(UNSAFE[i]));
    for (size_t i = 0; i < sizeof SAFE / sizeof SAFE[0]; i++)
        assert_false(iw_code_point_is_unsafe(SAFE[i]));
}

static void known_escapes(void **state)
{
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    iw_json_escape(&out, IW_STR("\"\\/\b\n\r\t\x1B[31m\x7F \xC2\x9B \xE2\x80\xAE \xF3\xA0\x80\x81 "
                                "\xFF \xED\xA0\x80 ä"));
    assert_true(iw_str_equal(
        iw_buffer_str(&out),
        IW_STR("\\\"\\\\/\\u0008\\n\\r\\t\\u001b[31m\\u007f \\u009b \\u202e \\udb40\\udc01 "
               "\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD ä")));
    iw_buffer_done(&out);
}

static void commas(void **state)
{
    struct iw_buffer out;
    struct iw_json json;
    (void)state;
    iw_buffer_init(&out);
    iw_json_init(&json, &out);
    iw_json_object(&json);
    iw_json_member_text(&json, "a\"", IW_STR("x"));
    iw_json_member_text_or_null(&json, "b", IW_STR(""));
    iw_json_member_u64(&json, "c", UINT64_MAX);
    iw_json_member_bool(&json, "d", true);
    iw_json_member_time(&json, "e", 0);
    iw_json_member_time(&json, "f", IW_TIME_UNKNOWN);
    iw_json_member_null(&json, "g");
    iw_json_key(&json, IW_STR("h"));
    iw_json_array(&json);
    iw_json_array(&json);
    iw_json_array_end(&json);
    iw_json_object(&json);
    iw_json_object_end(&json);
    iw_json_i64(&json, -1);
    iw_json_null(&json);
    iw_json_bool(&json, false);
    iw_json_array_end(&json);
    iw_json_key(&json, IW_STR("i"));
    iw_json_object(&json);
    iw_json_object_end(&json);
    iw_json_object_end(&json);
    assert_true(
        iw_str_equal(iw_buffer_str(&out),
                     IW_STR("{\"a\\\"\":\"x\",\"b\":null,\"c\":18446744073709551615,\"d\":true,"
                            "\"e\":\"1970-01-01T00:00:00.0000000Z\",\"f\":null,\"g\":null,"
                            "\"h\":[[],{},-1,null,false],\"i\":{}}")));
    iw_buffer_done(&out);
}

static void for_a_terminal(void **state)
{
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    iw_printable_add(&out, IW_STR("a\x1B]0;x\a\t\n\xE2\x80\xAE\xF3\xA0\x81\xBF\xC2\x9B\xFFz ä"));
    assert_true(
        iw_str_equal(iw_buffer_str(&out),
                     IW_STR("a\\x1b]0;x\\x07\\x09\\x0a\\u{202e}\\u{e007f}\\x9b\xEF\xBF\xBDz ä")));
    iw_buffer_done(&out);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    struct iw_buffer out;
    struct iw_json json;
    iw_buffer_init(&out);
    iw_json_init(&json, &out);
    iw_alloc_fail_at(1);
    iw_json_member_text(&json, "key", IW_STR("value\n"));
    iw_alloc_fail_at(0);
    assert_true(out.failed);
    iw_buffer_done(&out);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point), cmocka_unit_test(every_pair_of_bytes),
        cmocka_unit_test(what_is_unsafe),   cmocka_unit_test(known_escapes),
        cmocka_unit_test(commas),           cmocka_unit_test(for_a_terminal),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
