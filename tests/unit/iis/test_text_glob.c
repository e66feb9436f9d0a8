/*
 * Globs: each sign, and a naive matcher that tries every way as the reference for random patterns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/change/text_glob.h"

static struct iw_arena arena;

static struct iw_glob glob_of(const char *pattern)
{
    struct iw_glob glob;
    assert_int_equal(iw_glob_read(iw_str_of(pattern), '\\', &arena, &glob), IW_OK);
    return glob;
}

static bool matches(const char *pattern, const char *text)
{
    const struct iw_glob glob = glob_of(pattern);
    return iw_glob_matches(&glob, iw_str_of(text));
}

static void test_signs(void **state)
{
    const struct iw_glob any = glob_of("*");
    const struct iw_str nothing = {NULL, 0};
    (void)state;
    assert_true(iw_glob_matches(&any, nothing));
    assert_true(iw_glob_could_begin(&any, nothing));
    assert_true(iw_glob_could_end(&any, nothing));
    assert_true(matches("", ""));
    assert_false(matches("", "a"));
    assert_true(matches("c:\\a", "c:\\a"));
    assert_false(matches("c:\\a", "c:\\ab"));
    assert_true(matches("c:\\*", "c:\\ab"));
    assert_true(matches("c:\\*", "c:\\"));
    assert_false(matches("c:\\*", "c:\\a\\b"));
    assert_true(matches("c:\\**", "c:\\a\\b"));
    assert_false(matches("c:\\a\\**", "c:\\a"));
    assert_true(matches("c:\\a\\**\\b", "c:\\a\\b"));
    assert_true(matches("c:\\a\\**\\b", "c:\\a\\x\\y\\b"));
    assert_false(matches("c:\\a\\**\\b", "c:\\a\\xb"));
    assert_true(matches("**\\b", "b"));
    assert_true(matches("**\\b", "c:\\a\\b"));
    assert_false(matches("**\\b", "c:\\ab"));
    assert_true(matches("a**b", "a\\x\\b"));
    assert_true(matches("***", "a\\b"));
    assert_true(matches("a?c", "abc"));
    assert_true(matches("a?c", "a\xC3\xA9"
                               "c")); /* one character, two bytes */
    assert_false(matches("a?c", "a\\c"));
    assert_false(matches("a?c", "ac"));
}

static void test_partly_known_texts(void **state)
{
    const struct iw_glob glob = glob_of("c:\\web*\\**\\x.dll");
    (void)state;
    assert_true(iw_glob_could_begin(&glob, IW_STR("")));
    assert_true(iw_glob_could_begin(&glob, IW_STR("c:\\we")));
    assert_true(iw_glob_could_begin(&glob, IW_STR("c:\\web1\\a\\b")));
    assert_false(iw_glob_could_begin(&glob, IW_STR("c:\\wab")));
    assert_true(iw_glob_could_end(&glob, IW_STR("")));
    assert_true(iw_glob_could_end(&glob, IW_STR("bin\\x.dll")));
    assert_true(iw_glob_could_end(&glob, IW_STR("dll")));
    assert_false(iw_glob_could_end(&glob, IW_STR("y.dll")));
    assert_false(iw_glob_could_end(&glob, IW_STR("\\x.dl")));
}

/* A text cut within a character, against a pattern of that one alone. */
static void test_cut_character(void **state)
{
    const struct iw_glob glob = glob_of("\xF0\x9F\x98\x80");
    (void)state;
    assert_true(iw_glob_could_begin(&glob, IW_STR("")));
    assert_false(iw_glob_could_begin(&glob, IW_STR("\xF0\x9F\x98")));
    assert_true(iw_glob_matches(&glob, IW_STR("\xF0\x9F\x98\x80")));
    assert_false(iw_glob_matches(&glob, IW_STR("\xF0\x9F\x98\x81")));
}

/* --- the reference -----------------------------------------------------------------------------
 */

/* Tries every way; `**\` at the beginning of a part is tried as nothing and as `anything\`. */
static bool naive(const char *pattern, const char *text, bool begins_part)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (pattern[0] == '*' && pattern[1] == '*') {
        const char *rest = pattern + strspn(pattern, "*");
        if (begins_part && *rest == '\\') {
            if (naive(rest + 1, text, true))
                return true;
            for (const char *t = text; *t != '\0'; t++)
                if (*t == '\\' && naive(rest + 1, t + 1, true))
                    return true;
            return false;
        }
        for (const char *t = text;; t++) {
            if (naive(rest, t, false))
                return true;
            if (*t == '\0')
                return false;
        }
    }
    if (*pattern == '*') {
        for (const char *t = text;; t++) {
            if (naive(pattern + 1, t, false))
                return true;
            if (*t == '\0' || *t == '\\')
                return false;
        }
    }
    if (*text == '\0' || (*pattern == '?' ? *text == '\\' : *pattern != *text))
        return false;
    return naive(pattern + 1, text + 1, *pattern == '\\');
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

static void make_text(uint32_t *seed, const char *letters, size_t most, char *out)
{
    const size_t n = next_random(seed) % (most + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = letters[next_random(seed) % strlen(letters)];
    out[n] = '\0';
}

static void test_like_the_naive_matcher(void **state)
{
    uint32_t seed = 7;
    unsigned n_matches = 0;
    (void)state;
    for (unsigned i = 0; i < 200000; i++) {
        char pattern[12], text[12];
        bool expected;
        make_text(&seed, "ab\\**?*", sizeof pattern - 1, pattern);
        make_text(&seed, "ab\\", sizeof text - 1, text);
        expected = naive(pattern, text, true);
        n_matches += expected;
        if (matches(pattern, text) != expected)
            fail_msg("\"%s\" against \"%s\": expected %d", pattern, text, expected);
        iw_arena_reset(&arena);
    }
    assert_in_range(n_matches, 2000, 198000); /* the test asks both */
}

/* What could begin or end so is what some whole text shows. */
static void test_partly_like_whole(void **state)
{
    uint32_t seed = 11;
    (void)state;
    for (unsigned i = 0; i < 50000; i++) {
        char pattern[10], text[12];
        struct iw_glob glob;
        size_t n;
        make_text(&seed, "ab\\**?*", sizeof pattern - 1, pattern);
        make_text(&seed, "ab\\", sizeof text - 1, text);
        n = strlen(text);
        glob = glob_of(pattern);
        for (size_t cut = 0; iw_glob_matches(&glob, iw_str_of(text)) && cut <= n; cut++) {
            assert_true(iw_glob_could_begin(&glob, (struct iw_str){text, cut}));
            assert_true(iw_glob_could_end(&glob, (struct iw_str){text + cut, n - cut}));
        }
        iw_arena_reset(&arena);
    }
}

static void test_limit(void **state)
{
    char pattern[IW_LIMIT_CHANGE_GLOB_POINTS + 2];
    struct iw_glob glob;
    (void)state;
    memset(pattern, 'a', sizeof pattern);
    assert_int_equal(
        iw_glob_read((struct iw_str){pattern, IW_LIMIT_CHANGE_GLOB_POINTS}, '\\', &arena, &glob),
        IW_OK);
    assert_true(iw_glob_matches(&glob, (struct iw_str){pattern, IW_LIMIT_CHANGE_GLOB_POINTS}));
    assert_int_equal(iw_glob_read((struct iw_str){pattern, IW_LIMIT_CHANGE_GLOB_POINTS + 1}, '\\',
                                  &arena, &glob),
                     IW_ELIMIT);
    /* The last token is a pair. */
    memcpy(pattern + IW_LIMIT_CHANGE_GLOB_POINTS - 2, "\\**\\", 4);
    assert_int_equal(iw_glob_read((struct iw_str){pattern, IW_LIMIT_CHANGE_GLOB_POINTS + 2}, '\\',
                                  &arena, &glob),
                     IW_ELIMIT);
    memcpy(pattern + IW_LIMIT_CHANGE_GLOB_POINTS - 3, "\\**\\", 4);
    assert_int_equal(iw_glob_read((struct iw_str){pattern, IW_LIMIT_CHANGE_GLOB_POINTS + 1}, '\\',
                                  &arena, &glob),
                     IW_OK);
}

/* Patterns that ruin a matcher which goes back: the work is bounded by the product of lengths, so
 * this ends at once or not at all within the time of a test. */
static void test_no_going_back(void **state)
{
    char pattern[256], text[20000];
    (void)state;
    for (size_t i = 0; i + 2 < sizeof pattern; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[254] = 'b';
    pattern[255] = '\0';
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_false(matches(pattern, text));
}

static void test_no_memory(void **state)
{
    struct iw_glob glob;
    struct iw_arena small;
    (void)state;
    iw_arena_init(&small, 1);
    assert_int_equal(iw_glob_read(IW_STR("a*"), '\\', &small, &glob), IW_ENOMEM);
    iw_arena_done(&small);
}

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_signs),
        TEST(test_partly_known_texts),
        TEST(test_cut_character),
        TEST(test_like_the_naive_matcher),
        TEST(test_partly_like_whole),
        TEST(test_limit),
        TEST(test_no_going_back),
        TEST(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
