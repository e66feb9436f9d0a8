/*
 * Quoting for other readers: what each of them would read is the text that went in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/script_quote.h"

typedef void (*quote)(struct iw_buffer *out, struct iw_str text);

static void is_quoted(quote with, const char *text, const char *expected)
{
    struct iw_buffer out;
    iw_buffer_init(&out);
    with(&out, iw_str_of(text));
    if (!iw_str_equal(iw_buffer_str(&out), iw_str_of(expected)))
        fail_msg("%s: %.*s instead of %s", text, IW_STR_ARG(iw_buffer_str(&out)), expected);
    iw_buffer_done(&out);
}

static void powershell_closes_nowhere(void **state)
{
    (void)state;
    is_quoted(iw_quote_powershell, "", "''");
    is_quoted(iw_quote_powershell, "C:\\my site", "'C:\\my site'");
    is_quoted(iw_quote_powershell, "C:\\O'Neil $(calc) `n \"x\" & %a%",
              "'C:\\O''Neil $(calc) `n \"x\" & %a%'");
    /* The quotes of printers, which PowerShell takes for its own. */
    is_quoted(iw_quote_powershell,
              "a\xE2\x80\x98"
              "b\xE2\x80\x99"
              "c\xE2\x80\x9A"
              "d\xE2\x80\x9B",
              "'a\xE2\x80\x98\xE2\x80\x98"
              "b\xE2\x80\x99\xE2\x80\x99"
              "c\xE2\x80\x9A\xE2\x80\x9A"
              "d\xE2\x80\x9B\xE2\x80\x9B'");
    is_quoted(iw_quote_powershell, "M\xC3\xBCller", "'M\xC3\xBCller'");
    is_quoted(iw_quote_powershell, "a\nb\x1B\xFF",
              "'a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD\xEF\xBF\xBD'");
}

static void xml_stays_one_text(void **state)
{
    (void)state;
    is_quoted(iw_quote_xml, "R&D <a> \"b\" 'c'", "R&amp;D &lt;a&gt; &quot;b&quot; &#39;c&#39;");
    is_quoted(iw_quote_xml, "a\nb\tc", "a&#10;b&#9;c");
    is_quoted(iw_quote_xml, "\x01\xEF\xBF\xBE\xC3\xBC", "&#65533;&#65533;&#252;");
    is_quoted(iw_quote_xml, "]]>", "]]&gt;");
}

static void yaml_stays_one_scalar(void **state)
{
    (void)state;
    is_quoted(iw_quote_yaml, "C:\\a \"b\": #c", "\"C:\\\\a \\\"b\\\": #c\"");
    is_quoted(iw_quote_yaml, "a\nb\xE2\x80\xAE", "\"a\\u000Ab\\u202E\"");
    is_quoted(iw_quote_yaml, "M\xC3\xBCller", "\"M\xC3\xBCller\"");
}

static void markdown_shows_marks(void **state)
{
    (void)state;
    is_quoted(iw_quote_markdown, "a|b <script> *x* [l](u) `c`",
              "a\\|b &lt;script\\> \\*x\\* \\[l\\]\\(u\\) \\`c\\`");
    is_quoted(iw_quote_markdown, "a\n# b &lt;", "a\\\\x0A\\# b &amp;lt;");
}

static void paths_that_can_be_pasted(void **state)
{
    static const struct {
        const char *path;
        bool can;
    } CASES[] = {
        {"C:\\inetpub\\wwwroot", true},
        {"D:\\O'Neil & S\xC3\xB6hne\\a b", true},
        {"\\\\nas\\web", true},
        {"", false},
        {"C:\\a\nb", false},
        {"C:\\a\"b", false},
        {"C:\\a\xE2\x80\xAE"
         "b",
         false},
        {"C:\\a\xFF", false},
        {"C:\\a*", false},
        {"C:\\<x>", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (iw_path_can_be_pasted(iw_str_of(CASES[i].path)) != CASES[i].can)
            fail_msg("%s", CASES[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powershell_closes_nowhere), cmocka_unit_test(xml_stays_one_text),
        cmocka_unit_test(yaml_stays_one_scalar),     cmocka_unit_test(markdown_shows_marks),
        cmocka_unit_test(paths_that_can_be_pasted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
