/*
 * Conditions of Sysmon's filters. What is expected is what Microsoft says of each word ("Sysmon",
 * event filtering entries), put as: of all, of some, of none of the values meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "coverage/settings/sysmon_condition.h"

#define WHOLE(text)                                                                                \
    {                                                                                              \
        {text, sizeof(text) - 1}, {"", 0}, true                                                    \
    }
#define BETWEEN(begin, end)                                                                        \
    {                                                                                              \
        {begin, sizeof(begin) - 1}, {end, sizeof(end) - 1}, false                                  \
    }
#define PAGE BETWEEN("c:\\inetpub\\wwwroot\\", ".aspx")
#define CMD WHOLE("c:\\windows\\system32\\cmd.exe")

static const struct {
    enum iw_sysmon_condition condition;
    const char *wanted[3];
    struct iw_sysmon_values values;
    enum iw_sysmon_share share;
} CASES[] = {
    /* One value: it holds or it does not. */
    {IW_SYSMON_IS, {"c:\\windows\\system32\\cmd.exe"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_IS, {"cmd.exe"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_IS_NOT, {"cmd.exe"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_IS_NOT, {"c:\\windows\\system32\\cmd.exe"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_IS_ANY, {"a", "c:\\windows\\system32\\cmd.exe"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_IS_ANY, {"a", "b"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_CONTAINS, {"\\system32\\"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_CONTAINS, {"\\syswow64\\"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_CONTAINS_ANY, {"x#", "cmd"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_CONTAINS_ALL, {"x#", "cmd"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_CONTAINS_ALL, {"windows", "cmd"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_EXCLUDES, {"cmd"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_EXCLUDES, {"x#"}, CMD, IW_SYSMON_ALL},
    /* "does not contain one or more of the values", "does not contain any of the values" */
    {IW_SYSMON_EXCLUDES_ANY, {"cmd", "x#"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_EXCLUDES_ANY, {"cmd", "windows"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_EXCLUDES_ALL, {"cmd", "x#"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_EXCLUDES_ALL, {"y#", "x#"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_BEGIN_WITH, {"c:\\windows\\"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_BEGIN_WITH, {"windows"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_NOT_BEGIN_WITH, {"windows"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_END_WITH, {"\\cmd.exe"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_END_WITH, {"cmd"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_NOT_END_WITH, {"cmd"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_IMAGE, {"cmd.exe"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_IMAGE, {"c:\\windows\\system32\\cmd.exe"}, CMD, IW_SYSMON_ALL},
    {IW_SYSMON_IMAGE, {"md.exe"}, CMD, IW_SYSMON_NONE},
    {IW_SYSMON_LESS_THAN, {"1024"}, WHOLE("443"), IW_SYSMON_ALL},
    {IW_SYSMON_LESS_THAN, {"443"}, WHOLE("443"), IW_SYSMON_NONE},
    {IW_SYSMON_MORE_THAN, {"442"}, WHOLE("443"), IW_SYSMON_ALL},
    {IW_SYSMON_MORE_THAN, {"443"}, WHOLE("443"), IW_SYSMON_NONE},
    {IW_SYSMON_MORE_THAN, {"x"}, WHOLE("443"), IW_SYSMON_SOME},
    /* Every page of a folder. */
    {IW_SYSMON_END_WITH, {".aspx"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_END_WITH, {"x"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_END_WITH, {".ashx"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_END_WITH, {"shell.aspx"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_NOT_END_WITH, {".aspx"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_BEGIN_WITH, {"c:\\inetpub\\"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_BEGIN_WITH, {"c:\\inetpub\\wwwroot\\upload\\"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_BEGIN_WITH, {"d:\\"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_CONTAINS, {"\\wwwroot\\"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_CONTAINS, {".as"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_CONTAINS, {"\\upload\\"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_CONTAINS, {"c:\\windows\\"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_CONTAINS, {"c:\\inetpub\\wwwroot\\upload"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_EXCLUDES, {"\\wwwroot\\"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_EXCLUDES, {"\\upload\\"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_CONTAINS_ALL, {"\\wwwroot\\", ".aspx"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_CONTAINS_ALL, {"\\wwwroot\\", "\\upload\\"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_CONTAINS_ANY, {"\\wwwroot\\", "\\upload\\"}, PAGE, IW_SYSMON_ALL},
    {IW_SYSMON_IS, {"c:\\inetpub\\wwwroot\\a.aspx"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_IS, {"c:\\inetpub\\wwwroot\\a.txt"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_IS, {"c:\\inetpub\\wwwroot\\aspx"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_IS_NOT, {"c:\\inetpub\\wwwroot\\a.aspx"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_IMAGE, {"a.aspx"}, PAGE, IW_SYSMON_SOME},
    {IW_SYSMON_IMAGE, {"a.txt"}, PAGE, IW_SYSMON_NONE},
    {IW_SYSMON_LESS_THAN, {"5"}, PAGE, IW_SYSMON_SOME},
    /* Anything at all. */
    {IW_SYSMON_IS, {"x"}, BETWEEN("", ""), IW_SYSMON_SOME},
    {IW_SYSMON_BEGIN_WITH, {"x"}, BETWEEN("", ""), IW_SYSMON_SOME},
    {IW_SYSMON_END_WITH, {"x"}, BETWEEN("", ""), IW_SYSMON_SOME},
    {IW_SYSMON_CONTAINS, {"c:\\x"}, BETWEEN("", ""), IW_SYSMON_SOME},
    {IW_SYSMON_IMAGE, {"c:\\x"}, BETWEEN("", ""), IW_SYSMON_SOME},
};

static void every_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str wanted[3];
        size_t n = 0;
        for (; n < 3 && CASES[i].wanted[n] != NULL; n++)
            wanted[n] = iw_str_of(CASES[i].wanted[n]);
        if (iw_sysmon_condition_holds(CASES[i].condition, wanted, n, &CASES[i].values) !=
            CASES[i].share)
            fail_msg("case %zu: %s %s", i, iw_sysmon_condition_name(CASES[i].condition),
                     CASES[i].wanted[0]);
    }
}

static void every_name_is_read_back(void **state)
{
    enum iw_sysmon_condition got;
    (void)state;
    for (unsigned i = 0; i < IW_SYSMON_CONDITION_COUNT; i++) {
        assert_true(iw_sysmon_condition_parse(
            iw_str_of(iw_sysmon_condition_name((enum iw_sysmon_condition)i)), &got));
        assert_int_equal(got, i);
    }
    assert_true(iw_sysmon_condition_parse(IW_STR("Begin With"), &got));
    assert_int_equal(got, IW_SYSMON_BEGIN_WITH);
    assert_false(iw_sysmon_condition_parse(IW_STR("begins with"), &got));
    assert_false(iw_sysmon_condition_parse(IW_STR(""), &got));
}

/* A share is of values that exist: whatever is between, all is never claimed of what a value of the
 * set contradicts. */
static void nothing_is_claimed_that_a_value_contradicts(void **state)
{
    static const char *const MIDDLES[] = {"a", "upload\\a", "a.aspx\\b", "windows", "."};
    static const char *const WANTED[] = {
        "a",       ".aspx", "c:\\inetpub\\", "c:\\inetpub\\wwwroot\\a.aspx",
        "upload",  "\\",    "a.aspx",        "windows",
        "root\\a", "x",     ".ashx",         "c:\\inetpub\\wwwroot\\upload\\"};
    const struct iw_sysmon_values set = PAGE;
    (void)state;
    for (unsigned condition = 0; condition < IW_SYSMON_LESS_THAN; condition++) {
        for (size_t i = 0; i < sizeof WANTED / sizeof WANTED[0]; i++) {
            struct iw_str wanted = iw_str_of(WANTED[i]);
            enum iw_sysmon_share claimed =
                iw_sysmon_condition_holds((enum iw_sysmon_condition)condition, &wanted, 1, &set);
            for (size_t k = 0; k < sizeof MIDDLES / sizeof MIDDLES[0]; k++) {
                char text[128];
                struct iw_sysmon_values one = {.is_whole = true};
                enum iw_sysmon_share real;
                (void)snprintf(text, sizeof text, "c:\\inetpub\\wwwroot\\%s.aspx", MIDDLES[k]);
                one.begin = iw_str_of(text);
                real = iw_sysmon_condition_holds((enum iw_sysmon_condition)condition, &wanted, 1,
                                                 &one);
                assert_true(real != IW_SYSMON_SOME);
                assert_true(claimed == IW_SYSMON_SOME || claimed == real);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word),
        cmocka_unit_test(every_name_is_read_back),
        cmocka_unit_test(nothing_is_claimed_that_a_value_contradicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
