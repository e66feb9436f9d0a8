/*
 * Strings that know their length, errors, hashes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/path_name.h"
#include "base/str.h"

static void comparing(void **state)
{
    (void)state;
    assert_int_equal(iw_str_compare(IW_STR("a"), IW_STR("a")), 0);
    assert_true(iw_str_compare(IW_STR("a"), IW_STR("ab")) < 0);
    assert_true(iw_str_compare(IW_STR("b"), IW_STR("ab")) > 0);
    assert_true(iw_str_compare(IW_STR("\xFF"), IW_STR("a")) > 0); /* bytes, not signed chars */
    assert_true(iw_str_compare(IW_STR(""), (struct iw_str){NULL, 0}) == 0);
    assert_true(iw_str_equal(IW_STR("a\0b"), IW_STR("a\0b")));
    assert_false(iw_str_equal(IW_STR("a\0b"), IW_STR("a\0c")));
    assert_true(iw_str_equal((struct iw_str){NULL, 0}, IW_STR("")));
    assert_int_equal(iw_str_of(NULL).n, 0);
}

static void letter_case(void **state)
{
    (void)state;
    assert_true(iw_str_equal_nocase(IW_STR("AbC[z"), IW_STR("aBc[Z")));
    assert_int_equal(iw_str_compare_nocase(IW_STR("AbC[z"), IW_STR("aBc[Z")), 0);
    assert_true(iw_str_compare_nocase(IW_STR("a"), IW_STR("B")) < 0);
    assert_true(iw_str_compare_nocase(IW_STR("Ab"), IW_STR("a")) > 0);
    assert_true(iw_str_compare_nocase(IW_STR("Z"), IW_STR("\xC4")) < 0); /* bytes are unsigned */
    assert_false(iw_str_equal_nocase(IW_STR("@"), IW_STR("`")));         /* 32 apart, no letters */
    assert_false(iw_str_equal_nocase(IW_STR("["), IW_STR("{")));
    assert_false(iw_str_equal_nocase(IW_STR("\xC4"), IW_STR("\xE4"))); /* ASCII only */
    assert_true(iw_str_ends_nocase(IW_STR("a.EVTX"), IW_STR(".evtx")));
    assert_false(iw_str_ends_nocase(IW_STR("evtx"), IW_STR(".evtx")));
    assert_true(iw_str_ends_nocase(IW_STR(""), IW_STR("")));
    assert_true(iw_str_begins_nocase(IW_STR("HKLM\\x"), IW_STR("hklm")));
    assert_false(iw_str_begins_nocase(IW_STR("hk"), IW_STR("hklm")));
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(iw_str_find(IW_STR("abcabd"), IW_STR("abd")), 3);
    assert_int_equal(iw_str_find(IW_STR("a\0b"), IW_STR("b")), 2);
    assert_int_equal(iw_str_find(IW_STR("abc"), IW_STR("")), 0);
    assert_int_equal(iw_str_find((struct iw_str){NULL, 0}, IW_STR("")), 0);
    assert_true(iw_str_find((struct iw_str){NULL, 0}, IW_STR("a")) == SIZE_MAX);
    assert_true(iw_str_find(IW_STR("ab"), IW_STR("abc")) == SIZE_MAX);
    assert_int_equal(iw_str_find_nocase(IW_STR("xAbaB"), IW_STR("aB")), 1); /* the first */
    assert_int_equal(iw_str_find_nocase((struct iw_str){NULL, 0}, IW_STR("")), 0);
    assert_true(iw_str_find_nocase(IW_STR("ab"), IW_STR("abc")) == SIZE_MAX);
}

/* At every place of texts of every length around those that are looked at together. */
static void holding_anywhere(void **state)
{
    static const char *const PARTS[] = {"q", "\\", "Zq", "z\\temp\\q", "@bc"};
    char text[120];
    (void)state;
    for (size_t k = 0; k < sizeof PARTS / sizeof PARTS[0]; k++) {
        struct iw_str part = iw_str_of(PARTS[k]);
        for (size_t n = part.n; n < sizeof text; n++) {
            memset(text, '`', n); /* what `@` is taken for at first */
            assert_false(iw_str_holds_nocase((struct iw_str){text, n}, part));
            for (size_t at = 0; at + part.n <= n; at++) {
                memset(text, 'z', n);
                memcpy(text + at, part.p, part.n);
                assert_true(iw_str_holds_nocase((struct iw_str){text, n}, part));
                assert_int_equal(iw_str_find_nocase((struct iw_str){text, n}, part), at);
                text[at + part.n - 1] = '~';
                assert_false(iw_str_holds_nocase((struct iw_str){text, n}, part));
            }
        }
    }
}

static void holding(void **state)
{
    const struct iw_str nothing = {NULL, 0};
    (void)state;
    assert_true(iw_str_holds_nocase(IW_STR("C:\\Windows\\x"), IW_STR("\\WINDOWS\\")));
    assert_true(iw_str_holds_nocase(IW_STR("aaB"), IW_STR("ab"))); /* behind a false start */
    assert_true(iw_str_holds_nocase(IW_STR("\\\\Ab\\ac"), IW_STR("\\AC")));
    assert_false(iw_str_holds_nocase(IW_STR("x\\a"), IW_STR("\\ab")));
    assert_false(iw_str_holds_nocase(IW_STR("x"), IW_STR("\\ab")));
    assert_false(iw_str_holds_nocase(nothing, IW_STR("\\")));
    assert_true(iw_str_holds_nocase(IW_STR("a\0b"), IW_STR("B")));
    assert_false(iw_str_holds_nocase(IW_STR("ab"), IW_STR("abc")));
    assert_false(iw_str_holds_nocase(IW_STR("\xC4"), IW_STR("\xE4"))); /* ASCII only */
    assert_true(iw_str_holds_nocase(IW_STR("a"), IW_STR("")));
    assert_true(iw_str_holds_nocase(nothing, IW_STR("")));
    assert_false(iw_str_holds_nocase(nothing, IW_STR("a")));
}

static void path_parts(void **state)
{
    static const struct {
        const char *path, *folder, *name;
    } CASES[] = {
        {"C:\\a\\b.dll", "C:\\a", "b.dll"},
        {"a/b\\c", "a/b", "c"},
        {"a\\b/c", "a\\b", "c"},
        {"b.dll", "", "b.dll"},
        {"a\\", "a", ""},
        {"\\", "", ""},
        {"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct iw_str path = iw_str_of(CASES[i].path);
        assert_true(iw_str_equal(iw_path_folder(path), iw_str_of(CASES[i].folder)));
        assert_true(iw_str_equal(iw_path_name(path), iw_str_of(CASES[i].name)));
    }
    assert_int_equal(iw_path_name((struct iw_str){NULL, 0}).n, 0);
    assert_int_equal(iw_path_folder((struct iw_str){NULL, 0}).n, 0);
}

static void hexadecimal(void **state)
{
    static const char *const BAD[] = {"", "0", "00f", "00fg", "00f ", "0x0f", "00fF0"};
    uint8_t bytes[2] = {0};
    char text[5] = "....";
    (void)state;
    assert_int_equal(iw_hex_digit('0'), 0);
    assert_int_equal(iw_hex_digit('9'), 9);
    assert_int_equal(iw_hex_digit('a'), 10);
    assert_int_equal(iw_hex_digit('F'), 15);
    for (int c = 0; c < 256; c++) {
        bool is_digit = c != 0 && strchr("0123456789abcdefABCDEF", c) != NULL;
        assert_int_equal(iw_hex_digit((char)c) >= 0, is_digit);
    }
    assert_true(iw_hex_read(IW_STR("0aFf"), bytes, 2));
    assert_int_equal(bytes[0], 0x0A);
    assert_int_equal(bytes[1], 0xFF);
    assert_true(iw_hex_read(IW_STR(""), bytes, 0));
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_false(iw_hex_read(iw_str_of(BAD[i]), bytes, 2));
    iw_hex_write((const uint8_t *)"\x0A\xFF", 2, text);
    assert_string_equal(text, "0aff");
}

static void numbers(void **state)
{
    static const char *const BAD[] = {
        "", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "99999999999999999999"};
    uint64_t value = 5;
    (void)state;
    assert_true(iw_str_to_u64(IW_STR("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
    assert_true(iw_str_to_u64(IW_STR("007"), &value));
    assert_int_equal(value, 7);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(iw_str_to_u64(iw_str_of(BAD[i]), &value));
    assert_int_equal(value, 7);
}

static void errors(void **state)
{
    struct iw_error err;
    char long_text[600];
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(iw_error_set(NULL, IW_EIO, "%d", 1), IW_EIO);
    assert_int_equal(iw_error_set(&err, IW_ERULE, "%s", long_text), IW_ERULE);
    assert_int_equal(strlen(err.message), sizeof err.message - 1); /* cut, not overrun */
    iw_error_place(&err, long_text, 3, 4);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
    iw_error_place(&err, "elsewhere", 5, 6); /* the first place stays */
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 4);
    assert_int_equal(err.where[0], 'x');
    iw_error_place(NULL, "x", 1, 1);
    for (unsigned rc = 0; rc < IW_RC_COUNT; rc++)
        assert_memory_equal(iw_rc_name((enum iw_rc)rc), "IW_", 3);
    assert_string_equal(iw_rc_name(IW_ENOMEM), "IW_ENOMEM");
}

/* FIPS 180-2, appendix B.1, and the hash of nothing. */
static void sha256(void **state)
{
    static const uint8_t ABC[32] = {0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA,
                                    0x41, 0x41, 0x40, 0xDE, 0x5D, 0xAE, 0x22, 0x23,
                                    0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17, 0x7A, 0x9C,
                                    0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD};
    static const uint8_t NOTHING[4] = {0xE3, 0xB0, 0xC4, 0x42};
    uint8_t digest[32];
    (void)state;
    assert_true(iw_sha256(IW_STR("abc"), digest));
    assert_memory_equal(digest, ABC, 32);
    assert_true(iw_sha256((struct iw_str){NULL, 0}, digest));
    assert_memory_equal(digest, NOTHING, 4);
}

/* FIPS 180-2, appendix A.1; RFC 1321, A.5. */
static void sha1_and_md5(void **state)
{
    static const uint8_t SHA1[20] = {0xA9, 0x99, 0x3E, 0x36, 0x47, 0x06, 0x81, 0x6A, 0xBA, 0x3E,
                                     0x25, 0x71, 0x78, 0x50, 0xC2, 0x6C, 0x9C, 0xD0, 0xD8, 0x9D};
    static const uint8_t MD5[16] = {0x90, 0x01, 0x50, 0x98, 0x3C, 0xD2, 0x4F, 0xB0,
                                    0xD6, 0x96, 0x3F, 0x7D, 0x28, 0xE1, 0x7F, 0x72};
    uint8_t digest[20];
    (void)state;
    assert_true(iw_sha1(IW_STR("abc"), digest));
    assert_memory_equal(digest, SHA1, sizeof SHA1);
    assert_true(iw_md5(IW_STR("abc"), digest));
    assert_memory_equal(digest, MD5, sizeof MD5);
}

static void table_hash(void **state)
{
    char text[40] = "0123456789abcdefghijklmnopqrstuvwxyz";
    (void)state;
    for (size_t n = 0; n < 36; n++) {
        uint64_t hash = iw_hash_bytes(text, n, 1);
        assert_true(hash == iw_hash_bytes(text, n, 1));
        assert_true(hash != iw_hash_bytes(text, n, 2));
        assert_true(hash != iw_hash_bytes(text, n + 1, 1));
        for (size_t at = 0; at < n; at++) { /* every byte counts, at any length */
            text[at] ^= 1;
            assert_true(hash != iw_hash_bytes(text, n, 1));
            text[at] ^= 1;
        }
    }
    assert_true(iw_hash_bytes("\0", 1, 0) != iw_hash_bytes("\0\0", 2, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),        cmocka_unit_test(letter_case),
        cmocka_unit_test(finding),          cmocka_unit_test(holding),
        cmocka_unit_test(holding_anywhere), cmocka_unit_test(hexadecimal),
        cmocka_unit_test(path_parts),       cmocka_unit_test(numbers),
        cmocka_unit_test(errors),           cmocka_unit_test(sha256),
        cmocka_unit_test(sha1_and_md5),     cmocka_unit_test(table_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
