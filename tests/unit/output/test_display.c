/*
 * Widths, cutting, wrapping, numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "output/display.h"

static struct iw_buffer out;

static const char *shown(void)
{
    assert_false(out.failed);
    iw_buffer_add_char(&out, '\0');
    return out.p;
}

static int clear(void **state)
{
    (void)state;
    iw_buffer_done(&out);
    iw_buffer_init(&out);
    return 0;
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(iw_display_columns(IW_STR("")), 0);
    assert_int_equal(iw_display_columns(IW_STR("abc")), 3);
    assert_int_equal(iw_display_columns(IW_STR("日本語")), 6);
    assert_int_equal(iw_display_columns(IW_STR("e\xCC\x81")), 1);
    assert_int_equal(iw_display_columns(IW_STR("\033")), 4);             /* \x1b */
    assert_int_equal(iw_display_columns(IW_STR("\xE2\x80\xAE")), 8);     /* \u{202e} */
    assert_int_equal(iw_display_columns(IW_STR("\xF3\xA0\x80\x81")), 9); /* \u{e0001} */
    assert_int_equal(iw_display_columns(IW_STR("\xFF")), 1);             /* U+FFFD */
}

/* What is measured is what is written: one column a byte for ASCII output. */
static void widths_are_what_is_written(void **state)
{
    static const char *const TEXTS[] = {"\001\002", "\xC2\x9B", "\xC2\xAD", "\xE2\x81\xA0", "a\tb"};
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        size_t columns;
        iw_buffer_clear(&out);
        columns = iw_display_text(&out, iw_str_of(TEXTS[i]), 0);
        assert_int_equal(columns, out.n);
    }
}

static void cuts_between_characters(void **state)
{
    (void)state;
    assert_int_equal(iw_display_text(&out, IW_STR("abcdef"), 6), 6);
    assert_int_equal(iw_display_text(&out, IW_STR("|abcdef"), 6), 6);
    assert_int_equal(iw_display_text(&out, IW_STR("|日本語"), 5), 4);   /* no half character */
    assert_int_equal(iw_display_text(&out, IW_STR("|ab\033cd"), 6), 4); /* no half escape */
    assert_string_equal(shown(), "abcdef|abcd…|日…|ab…");
}

static void cells(void **state)
{
    (void)state;
    iw_display_cell(&out, IW_STR("日"), 4);
    iw_display_cell(&out, IW_STR("abcdefgh"), 4);
    iw_display_cell(&out, IW_STR("abcd"), 4); /* as wide as the cell: whole */
    assert_string_equal(shown(), "日  ab… abcd");
}

static void wraps_at_spaces_and_counts_the_rest(void **state)
{
    struct iw_style style = {false, 48};
    static const char TEXT[] = "the quick brown fox jumps over the lazy dog and runs away from the "
                               "hounds that follow it through the wood";
    (void)state;
    iw_display_wrapped(&out, &style, 4, 2, iw_str_of(TEXT));
    assert_string_equal(shown(), "the quick brown fox jumps over the lazy\n"
                                 "    dog and runs away f… (46 bytes more)\n");
}

static void wraps_never_at_width_zero(void **state)
{
    struct iw_style style = {false, 0};
    (void)state;
    for (int i = 0; i < 1000; i++)
        iw_buffer_add(&out, IW_STR("word "));
    {
        struct iw_buffer line;
        iw_buffer_init(&line);
        iw_display_wrapped(&line, &style, 4, 2, iw_buffer_str(&out));
        assert_int_equal(line.n, 5001);
        iw_buffer_done(&line);
    }
}

static void lines_stay_inside_the_terminal(void **state)
{
    struct iw_style style = {false, 60};
    char text[5000];
    size_t start = 0;
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 7 == 0 ? 27 : i % 31 == 0 ? ' ' : 'x');
    iw_display_spaces(&out, 20);
    iw_display_wrapped(&out, &style, 20, 5, (struct iw_str){text, sizeof text});
    for (size_t i = 0; i < out.n; i++) {
        if (out.p[i] == '\n') {
            assert_true(iw_display_columns((struct iw_str){out.p + start, i - start}) < 60);
            start = i + 1;
        }
    }
    assert_int_equal(start, out.n);
}

static void numbers(void **state)
{
    (void)state;
    iw_display_count(&out, 0);
    iw_buffer_add_char(&out, ' ');
    iw_display_count(&out, 999);
    iw_buffer_add_char(&out, ' ');
    iw_display_count(&out, 1000);
    iw_buffer_add_char(&out, ' ');
    iw_display_count(&out, UINT64_MAX);
    iw_buffer_add_char(&out, ' ');
    iw_display_counted(&out, 1, "file", "files");
    assert_string_equal(shown(), "0 999 1,000 18,446,744,073,709,551,615 1 file");
}

static void byte_counts(void **state)
{
    static const uint64_t VALUES[] = {0, 1, 999, 1000, 1990, 999999, 104200000, UINT64_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++) {
        iw_display_bytes(&out, VALUES[i]);
        iw_buffer_add_char(&out, '|');
    }
    assert_string_equal(shown(),
                        "0 bytes|1 byte|999 bytes|1.0 kB|1.9 kB|999.9 kB|104.2 MB|18.4 EB|");
}

static void times(void **state)
{
    (void)state;
    iw_display_time(&out, 0, true);
    iw_buffer_add_char(&out, '|');
    iw_display_time(&out, IW_TIME_UNKNOWN, true);
    iw_buffer_add_char(&out, '|');
    iw_display_span(&out, 0, 999);
    iw_buffer_add_char(&out, '|');
    iw_display_span(&out, 0, 86400000000000LL);
    assert_string_equal(shown(), "1970-01-01 00:00:00.000|time unknown|1970-01-01 00:00:00|"
                                 "1970-01-01 00:00:00 to 1970-01-02 00:00:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(widths, clear, clear),
        cmocka_unit_test_setup_teardown(widths_are_what_is_written, clear, clear),
        cmocka_unit_test_setup_teardown(cuts_between_characters, clear, clear),
        cmocka_unit_test_setup_teardown(cells, clear, clear),
        cmocka_unit_test_setup_teardown(wraps_at_spaces_and_counts_the_rest, clear, clear),
        cmocka_unit_test_setup_teardown(wraps_never_at_width_zero, clear, clear),
        cmocka_unit_test_setup_teardown(lines_stay_inside_the_terminal, clear, clear),
        cmocka_unit_test_setup_teardown(numbers, clear, clear),
        cmocka_unit_test_setup_teardown(byte_counts, clear, clear),
        cmocka_unit_test_setup_teardown(times, clear, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
