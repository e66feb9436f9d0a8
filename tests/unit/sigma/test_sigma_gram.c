/*
 * Many literals at once, against looking for each; and the literal of a regular expression.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sigma/sigma_gram.h"
#include "sigma/sigma_regex_literal.h"

static uint64_t random_state = 7;

static uint32_t below(uint32_t n)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)((random_state >> 33) % n);
}

static struct iw_str random_text(char *out, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = "ab\\.\xC3\xA9"[below(6)];
    return (struct iw_str){out, n};
}

static bool mark(void *context, uint32_t payload)
{
    bool *found = context;
    found[payload] = true;
    return false;
}

static bool stands(const struct iw_gram_literal *literal, struct iw_str text)
{
    size_t n = literal->text.n;
    if (n > text.n)
        return false;
    if (literal->at_start && literal->at_end)
        return iw_str_equal(literal->text, text);
    if (literal->at_start)
        return memcmp(text.p, literal->text.p, n) == 0;
    if (literal->at_end)
        return memcmp(text.p + text.n - n, literal->text.p, n) == 0;
    return iw_str_find(text, literal->text) != SIZE_MAX;
}

static void finds_what_a_search_for_each_finds(void **state)
{
    enum { N = 40 };
    size_t n_found = 0;
    struct iw_frequencies frequencies;

    (void)state;
    iw_frequencies_init(&frequencies);
    for (int round = 0; round < 400; round++) {
        struct iw_gram_literal literals[N];
        char room[N][12], text_room[64];
        struct iw_gram_set *set;
        for (uint32_t i = 0; i < N; i++)
            literals[i] = (struct iw_gram_literal){random_text(room[i], 1 + below(9)),
                                                   below(4) == 0, below(4) == 0, i};
        assert_int_equal(iw_gram_set_new(&frequencies, literals, N, &set), IW_OK);
        for (int k = 0; k < 40; k++) {
            struct iw_str text = random_text(text_room, below(sizeof text_room));
            bool found[N] = {false}, any = false;
            assert_false(iw_gram_set_scan(set, text, mark, found));
            for (size_t i = 0; i < N; i++) {
                assert_int_equal(found[i], stands(&literals[i], text));
                any |= found[i];
                n_found += found[i];
            }
            assert_int_equal(iw_gram_set_any(set, text), any);
        }
        iw_gram_set_free(set);
    }
    assert_true(n_found > 10000);
}

static void literal_of_a_regular_expression(void **state)
{
    static const struct {
        const char *pattern, *literal;
    } CASES[] = {
        {"cmd\\.exe", "cmd.exe"},
        {"ab.*cdef", "cdef"},
        {"abc?d", "ab"},
        {"abcd+e", "abcd"},
        {"abcd{0,3}xy", "abc"},
        {"abcd{2}xy", "abcd"},
        {"ab{,3}cd", "cd"}, /* not a quantifier for PCRE2 10.42; safe either way */
        {"a{b}c", "a{b}c"},
        {"abc|def", ""},
        {"abc(d|e)fghi", "fghi"},
        {"x(abc)?yz", "yz"},
        {"[abc]def[^]]gh", "def"},
        {"[[:alpha:]\\]]xyz", "xyz"},
        {"[a[:]b|c:]def]xyz", ""},
        {"[a[.]b|c.]def]xyz", ""},
        {"[[:^digit:]]xyz", "xyz"},
        {"[\\Q]\\E]xyz", ""},
        {"\\d\\d\\d", ""},
        {"abc\\x41def", ""},
        {"abc\\Qd*f\\E", ""},
        {"(?i)powershell", "powershell"},
        {"(?x)power shell", ""},
        {"(?i:abc)def", "def"},
        {"(?<name>abc)def", "def"},
        {"(*UTF)abc", ""},
        {"ab\\\\cd", "ab\\cd"},
        {"ж+ab", "ж"},
        {"abж?cd", "ab"},
        {"^start$", "start"},
        {"a(?#x)bcd", ""},
        {"(unclosed abc", ""},
        {"abc*?def", "def"},
        {"(a|b)*", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char room[64];
        struct iw_str literal = iw_regex_literal_find(iw_str_of(CASES[i].pattern), room);
        if (!iw_str_equal(literal, iw_str_of(CASES[i].literal)))
            fail_msg("%s: '%.*s' instead of '%s'", CASES[i].pattern, IW_STR_ARG(literal),
                     CASES[i].literal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_search_for_each_finds),
        cmocka_unit_test(literal_of_a_regular_expression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
