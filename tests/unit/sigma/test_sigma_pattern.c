/*
 * Wildcards and escaping: each consequence the Sigma specification names, and what is easily got
 * wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fold.h"
#include "sigma/sigma_encode.h"
#include "sigma/sigma_number.h"

static bool fits(const char *value, const char *text)
{
    struct iw_arena arena;
    struct iw_pattern pattern;
    bool result;
    iw_arena_init(&arena, 0);
    assert_true(iw_pattern_parse(iw_str_of(value), &arena, &pattern));
    result = iw_pattern_match(&pattern, iw_str_of(text));
    iw_arena_done(&arena);
    return result;
}

static bool fits_opened(const char *value, bool front, bool behind, const char *text)
{
    struct iw_arena arena;
    struct iw_pattern pattern;
    bool result;
    iw_arena_init(&arena, 0);
    assert_true(iw_pattern_parse(iw_str_of(value), &arena, &pattern));
    assert_true(iw_pattern_open(&pattern, front, behind, &arena));
    result = iw_pattern_match(&pattern, iw_str_of(text));
    iw_arena_done(&arena);
    return result;
}

static void escaping_is_the_specifications(void **state)
{
    (void)state;
    /* `\\*`: a backslash, then a wildcard */
    assert_true(fits("a\\\\*", "a\\xyz"));
    assert_true(fits("a\\\\*", "a\\"));
    assert_false(fits("a\\\\*", "a*"));
    /* `\*`: a star */
    assert_true(fits("a\\*", "a*"));
    assert_false(fits("a\\*", "axyz"));
    assert_false(fits("a\\*", "a\\xyz"));
    /* `\\\*`: a backslash and a star */
    assert_true(fits("a\\\\\\*", "a\\*"));
    assert_false(fits("a\\\\\\*", "a\\x"));
    /* `\\`: one backslash; `\\\\` and `\\\x`: two, and two with an x */
    assert_true(fits("a\\\\b", "a\\b"));
    assert_true(fits("\\\\\\\\host", "\\\\host"));
    assert_true(fits("\\\\\\x", "\\\\x"));
    /* a single backslash before anything else, or at the end, is itself */
    assert_true(fits("C:\\x", "C:\\x"));
    assert_true(fits("x\\", "x\\"));
    /* `C:\*\x` is a literal star: a common slip in rules */
    assert_true(fits("C:\\*\\x", "C:*\\x"));
    assert_false(fits("C:\\*\\x", "C:\\any\\x"));
    assert_true(fits("\\?", "?"));
    assert_false(fits("\\?", "x"));
}

static void wildcards_cover_what_they_should(void **state)
{
    (void)state;
    assert_true(fits("", ""));
    assert_false(fits("", "x"));
    assert_true(fits("*", ""));
    assert_true(fits("a*c", "abbc"));
    assert_true(fits("a*c", "a\r\nc"));
    assert_false(fits("a*c", "abcd"));
    assert_true(fits("*ab*ab", "abxab"));
    assert_false(fits("*ab*ab", "ab"));
    assert_true(fits("a?c", "a\nc"));
    assert_false(fits("a?c", "ac"));
    assert_true(fits("?", "é"));
    assert_true(fits("*??", "éx"));
    assert_false(fits("*??", "é"));
    assert_true(fits("*?b", "aab"));
    assert_true(fits("a*?", "ab"));
    assert_false(fits("a*?", "a"));
}

static void modifiers_add_their_star_after_parsing(void **state)
{
    (void)state;
    assert_true(fits_opened("\\Temp\\", true, true, "C:\\Temp\\x"));
    assert_false(fits_opened("\\Temp\\", true, true, "C:\\Temp"));
    assert_true(fits_opened("\\\\", true, false, "a\\"));
    assert_true(fits_opened("*x", true, false, "ax"));
    assert_true(fits_opened("", true, true, ""));
}

static void windash_takes_every_dash_at_the_start_of_a_word(void **state)
{
    static const char *const YES[] = {"a -f x", "a /f x",
                                      "a \xE2\x80\x93"
                                      "f x",
                                      "a \xE2\x80\x95"
                                      "f x"};
    struct iw_arena arena;
    struct iw_pattern pattern;

    (void)state;
    iw_arena_init(&arena, 0);
    assert_true(iw_pattern_parse(IW_STR("a -f x"), &arena, &pattern));
    assert_true(iw_pattern_windash(&pattern, &arena));
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++)
        assert_true(iw_pattern_match(&pattern, iw_str_of(YES[i])));
    assert_false(iw_pattern_match(&pattern, IW_STR("a +f x")));
    /* inside a word it is no switch */
    assert_true(iw_pattern_parse(IW_STR("a-f"), &arena, &pattern));
    assert_true(iw_pattern_windash(&pattern, &arena));
    assert_false(iw_pattern_match(&pattern, IW_STR("a/f")));
    iw_arena_done(&arena);
}

static void folding_is_simple_unicode(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_true(iw_str_equal(iw_fold_text(IW_STR("CMD.Exe"), &arena), IW_STR("cmd.exe")));
    assert_true(iw_str_equal(iw_fold_text(IW_STR("ÉΣςЖ"), &arena), IW_STR("éσσж")));
    assert_true(iw_str_equal(iw_fold_text(IW_STR("ẞß"), &arena), IW_STR("ßß")));
    assert_int_equal(iw_fold_code_point(0x212A), 'k');    /* Kelvin sign */
    assert_int_equal(iw_fold_code_point(0x0130), 0x0130); /* no simple folding */
    assert_int_equal(iw_fold_code_point(0x10400), 0x10428);
    assert_int_equal(iw_fold_code_point(0x023A), 0x2C65); /* grows by a byte */
    iw_arena_done(&arena);
}

static void encodings_are_the_standards(void **state)
{
    struct iw_arena arena;
    struct iw_str wide;
    (void)state;
    iw_arena_init(&arena, 0);
    /* RFC 4648 §10 */
    assert_true(iw_str_equal(iw_encode_base64(IW_STR("foobar"), &arena), IW_STR("Zm9vYmFy")));
    assert_true(iw_str_equal(iw_encode_base64(IW_STR("fooba"), &arena), IW_STR("Zm9vYmE=")));
    assert_true(iw_str_equal(iw_encode_base64(IW_STR("f"), &arena), IW_STR("Zg==")));
    assert_true(iw_str_equal(iw_encode_base64(IW_STR(""), &arena), IW_STR("")));
    /* "foo" at each distance: in base64 of "foo", "xfoo", "xxfoo" */
    assert_true(iw_str_equal(iw_encode_base64_at(IW_STR("foo"), 0, &arena), IW_STR("Zm9v")));
    assert_true(iw_str_equal(iw_encode_base64_at(IW_STR("foo"), 1, &arena), IW_STR("Zvb")));
    assert_true(iw_str_equal(iw_encode_base64_at(IW_STR("foo"), 2, &arena), IW_STR("mb2")));
    wide = iw_encode_utf16(IW_STR("a\xF0\x9F\x98\x80"), false, true, &arena);
    assert_int_equal(wide.n, 8);
    assert_memory_equal(wide.p,
                        "\xFF\xFE"
                        "a\0\x3D\xD8\x00\xDE",
                        8);
    iw_arena_done(&arena);
}

static void numbers_and_networks(void **state)
{
    struct iw_number a, b;
    struct iw_network net;
    (void)state;
    assert_true(iw_number_parse(IW_STR("18446744073709551615"), &a));
    assert_true(iw_number_parse(IW_STR("18446744073709551614"), &b));
    assert_true(iw_number_compare(&a, &b) > 0);
    assert_true(iw_number_parse(IW_STR("-2"), &a) && iw_number_parse(IW_STR("-1.5"), &b));
    assert_true(iw_number_compare(&a, &b) < 0);
    assert_false(iw_number_parse(IW_STR("0x10"), &a));
    assert_false(iw_number_parse(IW_STR("nan"), &a));
    assert_false(iw_number_parse(IW_STR(" 1"), &a));
    assert_false(iw_number_parse(IW_STR(""), &a));
    assert_true(iw_network_parse(IW_STR("10.0.0.0/9"), &net));
    assert_true(iw_network_holds(&net, IW_STR("10.127.255.255")));
    assert_false(iw_network_holds(&net, IW_STR("10.128.0.0")));
    assert_false(iw_network_holds(&net, IW_STR("::ffff:10.0.0.1")));
    assert_false(iw_network_parse(IW_STR("10.0.0.1/9"), &net));
    assert_false(iw_network_parse(IW_STR("10.0.0.0/33"), &net));
    assert_true(iw_network_parse(IW_STR("fe80::/10"), &net));
    assert_true(iw_network_holds(&net, IW_STR("fe80::1")));
    assert_false(iw_network_holds(&net, IW_STR("fec0::1")));
    assert_true(iw_network_parse(IW_STR("0.0.0.0/0"), &net));
    assert_true(iw_network_holds(&net, IW_STR("203.0.113.9")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escaping_is_the_specifications),
        cmocka_unit_test(wildcards_cover_what_they_should),
        cmocka_unit_test(modifiers_add_their_star_after_parsing),
        cmocka_unit_test(windash_takes_every_dash_at_the_start_of_a_word),
        cmocka_unit_test(folding_is_simple_unicode),
        cmocka_unit_test(encodings_are_the_standards),
        cmocka_unit_test(numbers_and_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
