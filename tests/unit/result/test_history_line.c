/*
 * Lines of former configurations: no name cuts them anywhere but where they were put together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "result/history_line.h"

static const struct {
    const char *name, *place, *image, *line;
} LINES[] = {
    {"Evil", "", "C:\\x.dll", "module Evil: C:\\x.dll"},
    {"Evil", "Default Web Site/app", "", "module Evil at Default Web Site/app"},
    {"Evil", "S", "T: at x", "module Evil at S: T: at x"},
    {"", "S", "", "module  at S"},
    {"", "", "", "module "},
    {"Contoso at Work", "", "x", "module \"Contoso at Work\": x"},
    {"Contoso: Work", "S", "x", "module \"Contoso: Work\" at S: x"},
    {"x at", "p", "", "module \"x at\" at p"},
    {"x:", "p", "", "module \"x:\" at p"},
    {"at x", "p", "", "module at x at p"},
    {"\"Evil\" at S: x", "", "", "module \"\\\"Evil\\\" at S: x\""},
    {"\"", "", "y", "module \"\\\"\": y"},
    {"a\\ at b", "a: b", "y", "module \"a\\\\ at b\" at \"a: b\": y"},
};

static struct iw_str line_of(size_t i, struct iw_buffer *text)
{
    iw_buffer_init(text);
    iw_history_line_write(IW_STR("module"), iw_str_of(LINES[i].name), iw_str_of(LINES[i].place),
                          iw_str_of(LINES[i].image), text);
    assert_false(text->failed);
    return iw_buffer_str(text);
}

static void there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        struct iw_buffer text;
        struct iw_str line = line_of(i, &text);
        struct iw_history_line parts = iw_history_line_read(line);
        if (!iw_str_equal(line, iw_str_of(LINES[i].line)))
            fail_msg("'%.*s', not '%s'", IW_STR_ARG(line), LINES[i].line);
        assert_true(iw_str_equal(parts.kind, IW_STR("module")));
        for (size_t k = 0; k < sizeof LINES / sizeof LINES[0]; k++) {
            bool is_name = strcmp(LINES[k].name, LINES[i].name) == 0;
            bool is_place = strcmp(LINES[k].place, LINES[i].place) == 0;
            assert_int_equal(iw_history_name_is(parts.name, iw_str_of(LINES[k].name)), is_name);
            assert_int_equal(iw_history_name_is(parts.place, iw_str_of(LINES[k].place)), is_place);
        }
        assert_true(iw_str_equal(parts.image, iw_str_of(LINES[i].image)));
        assert_int_equal(parts.head.n,
                         line.n - (parts.image.n != 0 ? parts.image.n + strlen(": ") : 0));
        iw_buffer_done(&text);
    }
}

/* Lines that nobody wrote so are read without harm. */
static void odd_lines(void **state)
{
    static const char *const ODD[] = {
        "", " ", "module", "module \"", "module \"x\\", "module \"x\"y"};
    (void)state;
    for (size_t i = 0; i < sizeof ODD / sizeof ODD[0]; i++) {
        struct iw_history_line parts = iw_history_line_read(iw_str_of(ODD[i]));
        assert_true(iw_str_equal(parts.head, iw_str_of(ODD[i])));
        assert_int_equal(parts.image.n, 0);
    }
    assert_false(iw_history_name_is(IW_STR("\"x\\"), IW_STR("x")));
    assert_false(iw_history_name_is(IW_STR("\""), IW_STR("")));
    assert_false(iw_history_name_is(IW_STR("\"x\""), IW_STR("xy")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(odd_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
