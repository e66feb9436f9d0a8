/*
 * Escapes of JSON (RFC 8259 section 7) and XML (1.0 sections 2.2 and 2.4), GUIDs and times as the
 * writers spell them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab/form/form_json.h"
#include "lab/json/lab_json.h"

#define LITERAL(text) (text), sizeof(text) - 1
#define MARK "\xEF\xBF\xBD"

static void check_text(struct iw_lab_form_text *text, const char *expected)
{
    assert_int_equal(text->n_bytes, strlen(expected));
    assert_memory_equal(text->bytes, expected, text->n_bytes);
    iw_lab_form_text_done(text);
}

static void check_json(const char *bytes, size_t size_bytes, const char *expected)
{
    struct iw_lab_form_text text = {.bytes = NULL};
    iw_lab_form_text_put_json(&text, bytes, size_bytes);
    check_text(&text, expected);
}

static void check_xml(const char *bytes, size_t size_bytes, const char *expected)
{
    struct iw_lab_form_text text = {.bytes = NULL};
    iw_lab_form_text_put_xml(&text, bytes, size_bytes);
    iw_lab_form_text_add(&text, "", 0);
    check_text(&text, expected);
}

static void test_json_escapes(void **state)
{
    (void)state;
    check_json(LITERAL(""), "\"\"");
    check_json(LITERAL("C:\\a \"b\""), "\"C:\\\\a \\\"b\\\"\"");
    check_json(LITERAL("a\r\nb\tc"), "\"a\\r\\nb\\tc\"");
    check_json(LITERAL("\0\b\f\x1F\x7F"), "\"\\u0000\\u0008\\u000c\\u001f\x7F\"");
    check_json(LITERAL("&<>'/"), "\"&<>'/\"");
    check_json(LITERAL("\xC3\xBC\xE2\x82\xAC\xF0\x9D\x84\x9E"),
               "\"\xC3\xBC\xE2\x82\xAC\xF0\x9D\x84\x9E\"");
}

static void test_every_ascii_byte_is_read_back(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 0x80; c++) {
        struct iw_lab_form_text text = {.bytes = NULL};
        struct iw_lab_json json;
        char byte = (char)c;
        iw_lab_form_text_put_json(&text, &byte, 1);
        assert_true(iw_lab_json_parse(&json, text.bytes, text.n_bytes, NULL));
        assert_int_equal(json.nodes[0].size_bytes, 1);
        assert_int_equal((unsigned char)json.nodes[0].text[0], c);
        iw_lab_json_done(&json);
        iw_lab_form_text_done(&text);
    }
}

static void test_json_of_what_is_no_text(void **state)
{
    (void)state;
    check_json(LITERAL("\xFF"
                       "a"),
               "\"" MARK "a\"");
    check_json(LITERAL("a\xC3"), "\"a" MARK "\"");
    check_json(LITERAL("\xE2\x82"
                       "b"),
               "\"" MARK MARK "b\"");
    check_json(LITERAL("\xC0\xAF"), "\"" MARK MARK "\"");
    check_json(LITERAL("\xE0\x80\xAF"), "\"" MARK MARK MARK "\"");
    check_json(LITERAL("\xF4\x90\x80\x80"), "\"" MARK MARK MARK MARK "\"");
    check_json(LITERAL("\xED\xA0\x80."), "\"" MARK ".\"");
}

static void test_xml_escapes(void **state)
{
    (void)state;
    check_xml(LITERAL(""), "");
    check_xml(LITERAL("a<b & c>\"d\" 'e'"), "a&lt;b &amp; c&gt;\"d\" &apos;e&apos;");
    check_xml(LITERAL("a\r\nb\tc"), "a&#13;&#10;b&#9;c");
    check_xml(LITERAL("]]>&amp;"), "]]&gt;&amp;amp;");
    check_xml(LITERAL("\0\x01\x1F\x7F"), MARK MARK MARK "\x7F");
    check_xml(LITERAL("\xED\xA0\x80\xEF\xBF\xBE\xEF\xBF\xBF"), MARK MARK MARK);
    check_xml(LITERAL("\xC3\xBC\xF0\x9D\x84\x9E\\"), "\xC3\xBC\xF0\x9D\x84\x9E\\");
    check_xml(LITERAL("\xFF\xC3"), MARK MARK);
}

static void test_documents(void **state)
{
    (void)state;
    struct iw_lab_form_text text = {.bytes = NULL};
    struct iw_lab_form_json json = {.text = &text};
    iw_lab_form_json_begin(&json, NULL, '{');
    iw_lab_form_json_text(&json, "a b", "c");
    iw_lab_form_json_begin(&json, "list", '[');
    iw_lab_form_json_text(&json, NULL, "x");
    iw_lab_form_json_word(&json, NULL, "null");
    iw_lab_form_json_end(&json, ']');
    iw_lab_form_json_begin(&json, "none", '{');
    iw_lab_form_json_end(&json, '}');
    iw_lab_form_json_number(&json, "n", UINT64_MAX);
    iw_lab_form_json_bytes(&json, "\"", NULL, 0);
    iw_lab_form_json_end(&json, '}');
    check_text(&text, "{\"a b\":\"c\",\"list\":[\"x\",null],\"none\":{},"
                      "\"n\":18446744073709551615,\"\\\"\":\"\"}");
}

static void test_values(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x7E, 0, 0, 0xC1};
    struct iw_lab_form_value value;
    struct iw_lab_value content = iw_lab_value_text("a\xC3\xBC");
    iw_lab_form_value_read(&value, &content);
    assert_int_equal(value.size_bytes, 3);
    assert_memory_equal(value.text, "a\xC3\xBC", 3);
    content = iw_lab_value_number(IW_LAB_TYPE_HEX64, 0x3E7);
    iw_lab_form_value_read(&value, &content);
    assert_string_equal(value.text, "0x3e7");
    content = iw_lab_value_number(IW_LAB_TYPE_BOOL, 1);
    iw_lab_form_value_read(&value, &content);
    assert_string_equal(value.text, "true");
    content = iw_lab_value_bytes(IW_LAB_TYPE_BINARY, bytes, sizeof bytes);
    iw_lab_form_value_read(&value, &content);
    assert_string_equal(value.text, "7E0000C1");
    content = (struct iw_lab_value){.type = IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY};
    iw_lab_form_value_read(&value, &content);
    assert_int_equal(value.size_bytes, 0);
}

static void test_spellings(void **state)
{
    (void)state;
    static const char guid[] = "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}";
    char out[40];
    char time[48];
    iw_lab_form_print_guid(guid, false, true, out);
    assert_string_equal(out, "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}");
    iw_lab_form_print_guid(out, true, false, out);
    assert_string_equal(out, "5770385F-C22A-43E0-BF4C-06F5698FFBD9");
    /* 11644473600 seconds lie between 1601 and 1970. */
    iw_lab_form_print_time(116444736001234567ULL, 7, 'T', "", time);
    assert_string_equal(time, "1970-01-01T00:00:00.1234567");
    iw_lab_form_print_time(116444736009999999ULL, 3, 'T', "Z", time);
    assert_string_equal(time, "1970-01-01T00:00:00.999Z");
    iw_lab_form_print_time(116444736009999999ULL, 0, ' ', "+00:00", time);
    assert_string_equal(time, "1970-01-01 00:00:00+00:00");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_escapes),
        cmocka_unit_test(test_every_ascii_byte_is_read_back),
        cmocka_unit_test(test_json_of_what_is_no_text),
        cmocka_unit_test(test_xml_escapes),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_spellings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
