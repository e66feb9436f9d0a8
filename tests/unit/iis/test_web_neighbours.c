/*
 * Marks of web files by name, folder and neighbours; default roots and endings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/timestamp.h"
#include "iis/web/web_neighbours.h"

#define DAY_NS (INT64_C(24) * 3600 * 1000000000)

static struct iw_arena arena;
static struct iw_web_neighbour files[32];
static size_t n_files;

static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    n_files = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static void add(const char *name, bool executes, int64_t modified_ns)
{
    files[n_files++] = (struct iw_web_neighbour){iw_str_of(name), modified_ns, executes};
}

/* Names of the marks of one file of the folder. */
static const char *marks_of(const char *path, size_t which)
{
    static char told[512];
    struct iw_web_mark_set set = {0};
    struct iw_web_folder folder;
    size_t n = 0;
    assert_int_equal(iw_web_folder_read(iw_str_of(path), files, n_files, &arena, &folder), IW_OK);
    iw_web_neighbour_marks(&folder, &files[which], &set);
    told[0] = '\0';
    for (unsigned i = 0; i < IW_WEB_MARK_COUNT; i++) {
        if (iw_web_mark_is_set(&set, (enum iw_web_mark_kind)i))
            n += (size_t)snprintf(told + n, sizeof told - n, "%s%s", n != 0 ? " " : "",
                                  iw_web_mark_name((enum iw_web_mark_kind)i));
    }
    return told;
}

static void only_script(void **state)
{
    (void)state;
    add("x.aspx", true, IW_TIME_UNKNOWN);
    add("a.css", false, IW_TIME_UNKNOWN);
    add("b.PNG", false, IW_TIME_UNKNOWN);
    add("web.config", false, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web", 0), "");
    add("c.html", false, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web", 0), "only-script");
    add("y.aspx", true, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web", 0), "");
}

static void upload_folders(void **state)
{
    static const char *const YES[] = {"C:\\web\\uploads", "C:\\web\\UPLOADS\\2026\\01",
                                      "C:\\web\\images\\shop", "/srv/web/tmp/",
                                      "C:\\inetpub\\wwwroot\\aspnet_client\\system_web\\4_0_30319"};
    static const char *const NO[] = {
        "C:\\web", "", "C:\\inetpub\\wwwroot", "C:\\media\\site\\app", "C:\\web\\uploader", "2026"};
    (void)state;
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++)
        assert_true(iw_web_is_upload_folder(iw_str_of(YES[i])));
    for (size_t i = 0; i < sizeof NO / sizeof NO[0]; i++)
        assert_false(iw_web_is_upload_folder(iw_str_of(NO[i])));
    add("x.aspx", true, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web\\img", 0), "upload-folder");
}

static void double_endings(void **state)
{
    static const char *const YES[] = {"x.jpg.aspx",  "x.aspx;.jpg",  "x.aspx.",     "x.asp ",
                                      "x.txt:y.asp", "x.php::$DATA", "logo.PNG.Php"};
    static const char *const NO[] = {"x.aspx", "x.min.js", "x.aspx.cs", "a.b.aspx", "v1.0.svc",
                                     "x.jpg",  "x;y.aspx", "readme.",   "",         "jpg.aspx"};
    (void)state;
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++) {
        if (!iw_web_is_double_ending(iw_str_of(YES[i])))
            fail_msg("%s", YES[i]);
    }
    for (size_t i = 0; i < sizeof NO / sizeof NO[0]; i++) {
        if (iw_web_is_double_ending(iw_str_of(NO[i])))
            fail_msg("%s", NO[i]);
    }
}

static void random_names(void **state)
{
    static const char *const YES[] = {"8f3a2b1c.aspx", "k9x2mq7d.aspx", "xkqzwvtb.asp",
                                      "3F2504E0-4F89-11D3-9A0C-0305E82C3301.aspx",
                                      "a1b2c3d4e5.php"};
    static const char *const NO[] = {"default.aspx",        "index.php",
                                     "global.asax",         "WebResource.axd",
                                     "OutlookCN.aspx",      "errorFE.aspx",
                                     "20260105.aspx",       "xmlrpc.php",
                                     "html5shiv.aspx",      "mp3player.aspx",
                                     "page2of10.aspx",      "AutoDiscover.asmx",
                                     "logon.aspx",          "frowny.aspx",
                                     "sha256sum.aspx",      "Feed2024.aspx",
                                     "GetIdToken.aspx",     "spinstall0.aspx",
                                     "TimeoutLogoff.aspx",  "x.aspx",
                                     "ProductDetails.aspx", "deadbeef.aspx",
                                     "_vti_cnf.aspx",       "rss2.aspx",
                                     "ErrorFE404.aspx",     "",
                                     "rpcproxy.asp",        "tst_1234567.asp"};
    (void)state;
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++) {
        if (!iw_web_is_random_name(iw_str_of(YES[i])))
            fail_msg("%s", YES[i]);
    }
    for (size_t i = 0; i < sizeof NO / sizeof NO[0]; i++) {
        if (iw_web_is_random_name(iw_str_of(NO[i])))
            fail_msg("%s", NO[i]);
    }
}

static void alone_in_its_language(void **state)
{
    (void)state;
    add("x.php", true, IW_TIME_UNKNOWN);
    add("a.aspx", true, IW_TIME_UNKNOWN);
    add("b.ashx", true, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web", 0), "");
    add("c.asmx", true, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web", 0), "alone-in-language");
    assert_string_equal(marks_of("C:\\web", 1), "");
    add("y.php", true, IW_TIME_UNKNOWN);
    assert_string_equal(marks_of("C:\\web", 0), "");
}

static void far_younger(void **state)
{
    (void)state;
    add("x.aspx", true, 30 * DAY_NS);
    for (unsigned i = 0; i < 4; i++)
        add("a.aspx", true, -(int64_t)i * DAY_NS);
    assert_string_equal(marks_of("C:\\web", 0), ""); /* too few to tell */
    add("a.aspx", true, 0);
    assert_string_equal(marks_of("C:\\web", 0), "younger-than-neighbours");
    assert_string_equal(marks_of("C:\\web", 1), "");
    files[0].modified_ns = 30 * DAY_NS - 1;
    assert_string_equal(marks_of("C:\\web", 0), "");
    files[0].modified_ns = IW_TIME_UNKNOWN;
    assert_string_equal(marks_of("C:\\web", 0), "");
    files[0].modified_ns = INT64_MAX;
    for (size_t i = 1; i < n_files; i++)
        files[i].modified_ns = INT64_MIN + 2;
    (void)marks_of("C:\\web", 0); /* a difference no number holds */
}

static void no_memory(void **state)
{
    struct iw_web_folder folder;
    (void)state;
    add("x.aspx", true, 0);
    iw_alloc_fail_at(1);
    assert_int_equal(iw_web_folder_read(IW_STR("C:\\web"), files, 1, &arena, &folder), IW_ENOMEM);
    iw_alloc_fail_at(0);
}

static void endings(void **state)
{
    (void)state;
    assert_string_equal(iw_web_ending_of(IW_STR("A.ASPX"))->processor, "ASP.NET");
    assert_true(iw_web_ending_of(IW_STR("global.asax"))->is_indirect);
    assert_int_equal(iw_web_ending_of(IW_STR("x.php7"))->language, IW_WEB_LANGUAGE_PHP);
    assert_null(iw_web_ending_of(IW_STR("x.html")));
    assert_null(iw_web_ending_of(IW_STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_script, begin, end),
        cmocka_unit_test_setup_teardown(upload_folders, begin, end),
        cmocka_unit_test_setup_teardown(double_endings, begin, end),
        cmocka_unit_test_setup_teardown(random_names, begin, end),
        cmocka_unit_test_setup_teardown(alone_in_its_language, begin, end),
        cmocka_unit_test_setup_teardown(far_younger, begin, end),
        cmocka_unit_test_setup_teardown(no_memory, begin, end),
        cmocka_unit_test_setup_teardown(endings, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
