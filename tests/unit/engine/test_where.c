/*
 * `--where`: patterns, terms that are refused, which fields are looked at (engine/where.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "engine/where.h"
#include "tests/support/test_event.h"
#include "tests/support/skip_because.h"

static const struct {
    const char *pattern, *text;
    bool matches;
} PATTERNS[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "", false},
    {"*", "", true},
    {"**", "", true},
    {"*", "anything", true},
    {"abc", "abc", true},
    {"abc", "ABC", true},
    {"ABC", "abc", true},
    {"abc", "abcd", false},
    {"abcd", "abc", false},
    {"a*", "a", true},
    {"a*c", "abbbc", true},
    {"a*c", "abbbcd", false},
    {"*c", "abc", true},
    {"*b*", "abc", true},
    {"*d*", "abc", false},
    {"a*b*c", "a-b-b-c", true},
    {"a*b*c", "a-c-b", false},
    {"*aab", "aaaab", true},
    {"*.exe", "C:\\x\\CMD.EXE", true},
    {"a?c", "abc", false}, /* ? is no wildcard */
    {"a?c", "a?c", true},
    {"a\\*", "a\\b", true}, /* nothing escapes a star */
    {"a*", "*", false},
    {"[a]", "a", false},
    {"\xC3\xA4*", "\xC3\xA4x", true},
    {"\xC3\xA4", "\xC3\x84", false}, /* only ASCII case is folded */
};

static void patterns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PATTERNS / sizeof PATTERNS[0]; i++) {
        if (iw_text_matches(iw_str_of(PATTERNS[i].pattern), iw_str_of(PATTERNS[i].text)) !=
            PATTERNS[i].matches)
            fail_msg("'%s' on '%s'", PATTERNS[i].pattern, PATTERNS[i].text);
    }
}

/* An exponential matcher would not come back from this: 5,000 stars on 50,000 characters. */
static void many_stars(void **state)
{
    enum { STARS = 5000, TEXT = 50000 };
    char *pattern = test_malloc(2 * STARS + 1), *text = test_malloc(TEXT);
    (void)state;
    for (size_t i = 0; i < STARS; i++)
        memcpy(pattern + 2 * i, "*a", 2);
    pattern[2 * STARS] = 'b';
    memset(text, 'a', TEXT);
    assert_false(
        iw_text_matches((struct iw_str){pattern, 2 * STARS + 1}, (struct iw_str){text, TEXT}));
    text[TEXT - 1] = 'b';
    assert_true(
        iw_text_matches((struct iw_str){pattern, 2 * STARS + 1}, (struct iw_str){text, TEXT}));
    test_free(pattern);
    test_free(text);
}

static void refusals(void **state)
{
    char long_term[IW_LIMIT_FIELD_NAME_BYTES + 4];
    const char *const terms[] = {
        "no equals sign", "=text",       "", "=", long_term, "Web.AppPool=Shop",
        "logon.type=10",  "Ancestor.X=1"};
    (void)state;
    memset(long_term, 'x', sizeof long_term);
    memcpy(long_term + IW_LIMIT_FIELD_NAME_BYTES + 1, "=y", 3);
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        const char *const two[] = {"Good=1", terms[i]};
        struct iw_names names;
        struct iw_where where;
        struct iw_error err;
        assert_int_equal(iw_names_init(&names), IW_OK);
        assert_int_equal(iw_where_init(&where, two, 2, &names, &err), IW_EUSAGE);
        assert_int_equal(err.rc, IW_EUSAGE);
        assert_non_null(strstr(err.message, "--where"));
        iw_where_done(&where);
        iw_names_done(&names);
    }
}

static void longest_name(void **state)
{
    char term[IW_LIMIT_FIELD_NAME_BYTES + 3];
    const char *const terms[] = {term};
    struct iw_names names;
    struct iw_where where;
    (void)state;
    memset(term, 'x', sizeof term);
    memcpy(term + IW_LIMIT_FIELD_NAME_BYTES, "=y", 3);
    assert_int_equal(iw_names_init(&names), IW_OK);
    assert_int_equal(iw_where_init(&where, terms, 1, &names, NULL), IW_OK);
    iw_where_done(&where);
    iw_names_done(&names);
}

static const struct test_field FIELDS[] = {
    {"EventID", "4688", IW_PLACE_SYSTEM},        {"Image", "C:\\cmd.exe", IW_PLACE_EVENT_DATA},
    {"Data", "first", IW_PLACE_EVENT_DATA},      {"Data", "second", IW_PLACE_EVENT_DATA},
    {"Message", "rendered", IW_PLACE_RENDERING}, {"Empty", "", IW_PLACE_EVENT_DATA},
    {"Null", NULL, IW_PLACE_EVENT_DATA},         {"Threat Name", "a=b", IW_PLACE_USER_DATA},
};

static const struct {
    const char *terms[3];
    bool matches;
} TERMS[] = {
    {{NULL}, true}, /* no condition */
    {{"EventID=4688"}, true},
    {{"eventid=4688"}, true},
    {{"EventID=04688"}, false}, /* text, not number */
    {{"Image=*\\CMD.EXE"}, true},
    {{"Image=cmd.exe"}, false},
    {{"Data=first"}, true},
    {{"Data=second"}, true}, /* any of them */
    {{"Data=first", "Data=second"}, true},
    {{"Data=third"}, false},
    {{"Message=rendered"}, false}, /* never RenderingInfo */
    {{"Missing=*"}, false},
    {{"Missing="}, false},
    {{"Empty="}, true},
    {{"Null="}, true},
    {{"Null=*"}, true},
    {{"ThreatName=a=b"}, true}, /* the first = ends the name */
    {{"EventID=4688", "Image=*cmd*", "Data=*"}, true},
    {{"EventID=4688", "Image=nothing"}, false},
};

static void terms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TERMS / sizeof TERMS[0]; i++) {
        struct iw_names names;
        struct iw_arena arena;
        struct iw_where where;
        struct iw_event event;
        bool matches;
        size_t n = 0;
        while (n < 3 && TERMS[i].terms[n] != NULL)
            n++;
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_names_init(&names), IW_OK);
        assert_int_equal(iw_where_init(&where, TERMS[i].terms, n, &names, NULL), IW_OK);
        event =
            test_event(&names, &arena, "Security", 4688, FIELDS, sizeof FIELDS / sizeof FIELDS[0]);
        assert_int_equal(iw_where_matches(&where, &event, &arena, &matches), IW_OK);
        if (matches != TERMS[i].matches)
            fail_msg("row %zu", i);
        iw_where_done(&where);
        iw_names_done(&names);
        iw_arena_done(&arena);
    }
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1;; n++) {
        static const char *const TWO[] = {"A name nobody has=1", "B=2"};
        struct iw_names names;
        struct iw_where where;
        enum iw_rc rc;
        bool has_failed;
        assert_int_equal(iw_names_init(&names), IW_OK);
        iw_alloc_fail_at(n);
        rc = iw_where_init(&where, TWO, 2, &names, NULL);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        iw_where_done(&where);
        iw_names_done(&names);
        if (!has_failed)
            break;
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns),     cmocka_unit_test(many_stars), cmocka_unit_test(refusals),
        cmocka_unit_test(longest_name), cmocka_unit_test(terms),      cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
