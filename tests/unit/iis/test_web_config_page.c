/*
 * A web.config that makes itself run, in all the ways the same can be written, and configurations
 * that look like one and are none. What IIS does with each follows from Microsoft's reference of
 * handlers, requestFiltering and collections, and from XML 1.0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "iis/config/web_handler.h"
#include "iis/web/web_config_page.h"
#include "iis/web/web_marks.h"

#define ASP " scriptProcessor=\"C:\\Windows\\System32\\inetsrv\\asp.dll\""
#define ISAPI " verb=\"*\" modules=\"IsapiModule\"" ASP "/>"
#define WHOLE(inside)                                                                              \
    "<?xml version=\"1.0\"?>\n<configuration><system.webServer>\n" inside                          \
    "\n</system.webServer></configuration>\n"
#define HANDLERS(inside) WHOLE("<handlers>" inside "</handlers>")
#define FILTER(inside) WHOLE("<security><requestFiltering>" inside "</requestFiltering></security>")
#define RUNS "runs-configuration:3"
#define LIFTS "lifts-filter:3"

static struct iw_arena arena;

static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

/* The two marks of a text, with their lines. */
static void marks_of(struct iw_str bytes, char *told, size_t n_told)
{
    static const enum iw_web_mark_kind KINDS[] = {IW_WEB_MARK_RUNS_CONFIGURATION,
                                                  IW_WEB_MARK_LIFTS_FILTER};
    struct iw_web_mark_set set;
    size_t n = 0;
    iw_arena_reset(&arena);
    assert_int_equal(iw_web_marks_read(bytes, &arena, &set), IW_OK);
    told[0] = '\0';
    for (size_t i = 0; i < 2; i++) {
        if (iw_web_mark_is_set(&set, KINDS[i]))
            n += (size_t)snprintf(told + n, n_told - n, "%s%s:%u", n != 0 ? " " : "",
                                  iw_web_mark_name(KINDS[i]), set.lines[KINDS[i]]);
    }
}

struct page {
    const char *text, *marks;
};

static void check(const struct page *pages, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char told[128];
        marks_of(iw_str_of(pages[i].text), told, sizeof told);
        if (strcmp(told, pages[i].marks) != 0)
            fail_msg("%s\nhas '%s' instead of '%s'", pages[i].text, told, pages[i].marks);
    }
}
#define CHECK(pages) check(pages, sizeof(pages) / sizeof((pages)[0]))

static void the_same_written_otherwise(void **state)
{
    static const struct page PAGES[] = {
        {HANDLERS("<add name=\"x\" path=\"*.config\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"*.con*\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"w*g\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"WEB.Config\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"up/*.config\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"*.htm, *.config\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"shell.config\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"web&#46;config\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"x\" path=\"web&#x2e;conf&#000105;g\"" ISAPI), RUNS},
        {HANDLERS("<add name=\"a > b\" note='<add>' path='*.config'" ISAPI), RUNS},
        {HANDLERS("<add name=\"path=&quot;*.asp&quot;\"\n path = '*.config'" ISAPI), RUNS},
        {HANDLERS("<clear/><add name=\"x\" path=\"*.config\"" ISAPI), RUNS},
        {HANDLERS("<remove name=\"x\"/><add name=\"x\" path=\"*.config\"" ISAPI), RUNS},
        /* Names differ in letter case. */
        {HANDLERS("<add name=\"x\" path=\"*.config\"" ISAPI "<remove name=\"X\"/>"), RUNS},
        {WHOLE("<!-- </handlers> --><handlers><!-- <clear/> --><add name=\"x\" "
               "path=\"*.config\"" ISAPI "</handlers>"),
         RUNS},
        {"<configuration><location path=\"up\"><system.webServer><handlers>\n\n<add name=\"x\" "
         "path=\"*.config\"" ISAPI "</handlers></system.webServer></location></configuration>",
         RUNS},
        /* What hands the request on decides, not a type that nobody asks for. */
        {HANDLERS(
             "<add name=\"x\" path=\"*.config\" type=\"System.Web.HttpForbiddenHandler\"" ISAPI),
         RUNS},
        {HANDLERS("<add name=\"x\" path=\"*.config\" verb=\"*\" "
                  "modules=\"StaticFileModule,IsapiModule\"" ASP "/>"),
         RUNS},
        {HANDLERS("<add name=\"x\" path=\"*.config\" verb=\"*\" "
                  "type=\"System.Web.HttpForbiddenHandler, Evil\"/>"),
         RUNS},
        {"<configuration><system.web><httpHandlers>\n\n<add verb=\"*\" path=\"web.config\" "
         "type=\"System.Web.UI.PageHandlerFactory\"/></httpHandlers></system.web></configuration>",
         RUNS},
        {HANDLERS("<add name=\"x\" path=\"*.config\" verb=\"GET\" modules=\"FastCgiModule\" "
                  "scriptProcessor=\"C:\\php\\php-cgi.exe|-d x=1\"/>"),
         RUNS},
        /* All files, and configuration let through. */
        {WHOLE("<handlers><add name=\"x\" path=\"*\"" ISAPI "</handlers><security>"
               "<requestFiltering><hiddenSegments><remove segment=\"web.config\"/>"
               "</hiddenSegments></requestFiltering></security>"),
         RUNS " " LIFTS},
    };
    (void)state;
    CHECK(PAGES);
}

static void what_does_not_run_it(void **state)
{
    static const struct page PAGES[] = {
        {HANDLERS("<add name=\"x\" path=\"*.asp\"" ISAPI), ""},
        {HANDLERS("<add name=\"x\" path=\"*\"" ISAPI), ""},
        {HANDLERS("<add name=\"x\" path=\"*.*\"" ISAPI), ""},
        {HANDLERS("<add name=\"x\" path=\"*.\"" ISAPI), ""},
        {HANDLERS("<add name=\"x\" path=\"\"" ISAPI), ""},
        {HANDLERS("<add name=\"x\" path=\"*.config\"" ISAPI "<remove name=\"x\"/>"), ""},
        {HANDLERS("<add name=\"x\" path=\"*.config\"" ISAPI "<clear/>"), ""},
        {HANDLERS("<!-- <add name=\"x\" path=\"*.config\"" ISAPI " -->"), ""},
        {HANDLERS("<![CDATA[<add name=\"x\" path=\"*.config\"" ISAPI "]]>"), ""},
        {HANDLERS("<add name=\"x\" path=\"*.config\" verb=\"*\" "
                  "type=\"System.Web.HttpForbiddenHandler, System.Web, Version=4.0.0.0\"/>"),
         ""},
        {HANDLERS("<add name=\"x\" path=\"*.config\" verb=\"*\" modules=\"StaticFileModule\"/>"),
         ""},
        {HANDLERS("<add name=\"x\" path=\"*.config\" verb=\"*\" modules=\"IsapiModule\" "
                  "scriptProcessor=\" | \"/>"),
         ""},
        {WHOLE("<rewrite><rules><add name=\"x\" path=\"*.config\"" ISAPI "</rules></rewrite>"), ""},
        {"<configuration><system.web><httpHandlers><add verb=\"*\" path=\"*.config\" "
         "type=\"Evil.H\"/><remove verb=\"*\" path=\"*.CONFIG\"/></httpHandlers></system.web>"
         "</configuration>",
         ""},
    };
    (void)state;
    CHECK(PAGES);
}

static void filters_that_are_lifted(void **state)
{
    static const struct page PAGES[] = {
        {FILTER("<hiddenSegments><remove segment=\"WEB.config\"/></hiddenSegments>"), LIFTS},
        {FILTER("<hiddenSegments><remove segment=\"web&#x2E;config\"/></hiddenSegments>"), LIFTS},
        {FILTER("<hiddenSegments><clear/></hiddenSegments>"), LIFTS},
        {FILTER("<fileExtensions><clear/></fileExtensions>"), LIFTS},
        {FILTER("<fileExtensions><remove fileExtension=\".CONFIG\"/></fileExtensions>"), LIFTS},
        {FILTER("<fileExtensions><remove fileExtension=\".config\"/><add allowed=\"true\" "
                "fileExtension=\".config\"/></fileExtensions>"),
         LIFTS},
        {FILTER("<fileExtensions><clear/><add fileExtension=\".config\" allowed=\"false\"/>"
                "</fileExtensions>"),
         ""},
        {FILTER("<hiddenSegments><clear/><add segment=\"web.config\"/></hiddenSegments>"), ""},
        {FILTER("<hiddenSegments><remove segment=\"bin\"/></hiddenSegments>"), ""},
        {FILTER("<!-- <hiddenSegments><clear/></hiddenSegments> -->"), ""},
        {WHOLE("<other><hiddenSegments><clear/></hiddenSegments></other>"), ""},
    };
    (void)state;
    CHECK(PAGES);
}

/* Where it is not read as a configuration, each element is read by itself. */
static void damaged_configurations(void **state)
{
    static const struct page PAGES[] = {
        {"<configuration><system.webServer><handlers>\n\n<add name=\"a>b\" "
         "path=\"web&#46;con*\"" ISAPI "</handlers><",
         RUNS},
        {"<configuration>&nope;\n\n<add name=\"x\" path=\"*.c&#111;nfig\"" ISAPI, RUNS},
        {"<configuration>&nope;\n\n<remove fileExtension=\"&#46;config\" />", LIFTS},
        {"<configuration>&nope;\n\n<add note=' path=\"*.config\" ' path=\"*.asp\"" ISAPI, ""},
        {"<configuration>&nope;\n\n<add path=\"*.config\" scriptProcessor=\"asp.dll", ""},
        {"<configuration>&nope;<add path=\"*.config\" modules=\"IsapiModule\" x=\"", ""},
        {"<add path=\"&#xFFFFFFFFFF;&#;&#x;&#99999999999;&unknown;*.config\" modules=\"M\"" ASP
         "/>",
         "runs-configuration:1"},
        {"<add", ""},
        {"<add ", ""},
        {"<add path", ""},
        {"<add path=", ""},
        {"<add path=*.config" ASP "/>", ""},
    };
    (void)state;
    CHECK(PAGES);
}

static void other_encodings(void **state)
{
    static const char TEXT[] = HANDLERS("<add name=\"x\" path=\"*.config\"" ISAPI);
    char told[128], bytes[2 * sizeof TEXT + 2];
    struct iw_buffer with_mark;
    (void)state;
    iw_buffer_init(&with_mark);
    iw_buffer_add(&with_mark, IW_STR("\xEF\xBB\xBF"));
    iw_buffer_add(&with_mark, iw_str_of(TEXT));
    marks_of(iw_buffer_str(&with_mark), told, sizeof told);
    assert_string_equal(told, RUNS);
    iw_buffer_done(&with_mark);
    for (unsigned is_big = 0; is_big < 2; is_big++) {
        memcpy(bytes, is_big ? "\xFE\xFF" : "\xFF\xFE", 2);
        for (size_t i = 0; i + 1 < sizeof TEXT; i++) {
            bytes[2 + 2 * i] = is_big ? '\0' : TEXT[i];
            bytes[3 + 2 * i] = is_big ? TEXT[i] : '\0';
        }
        marks_of((struct iw_str){bytes, 2 * sizeof TEXT}, told, sizeof told);
        assert_string_equal(told, RUNS);
    }
}

/* --- what is made to be expensive, or too deep --------------------------------------------------
 */

static void repeat(struct iw_buffer *text, const char *part, size_t n)
{
    for (size_t i = 0; i < n; i++)
        iw_buffer_add(text, iw_str_of(part));
}

static void check_built(struct iw_buffer *text, const char *wanted)
{
    char told[128];
    assert_false(text->failed);
    marks_of(iw_buffer_str(text), told, sizeof told);
    assert_string_equal(told, wanted);
    iw_buffer_done(text);
}

static void built_by_the_thousand(void **state)
{
    struct iw_buffer text;
    (void)state;
    /* As deep as is read, and deeper than IIS has sections: what stands before it counts. */
    iw_buffer_init(&text);
    repeat(&text,
           "<configuration><system.webServer><handlers>\n\n<add name=\"x\" path=\"*.config\"" ISAPI
           "</handlers>",
           1);
    repeat(&text, "<a>", 100000);
    check_built(&text, RUNS);
    /* An attribute of megabytes does not push the next one out of sight. */
    iw_buffer_init(&text);
    repeat(&text, "<configuration><system.webServer><handlers>\n\n<add name=\"", 1);
    repeat(&text, "0123456789abcdef", 200000);
    repeat(&text, "\" path=\"*.config\"" ISAPI "</handlers></system.webServer></configuration>", 1);
    check_built(&text, RUNS);
    /* Entries by the thousand, of which the last is no more removed than named. */
    iw_buffer_init(&text);
    repeat(&text, "<configuration><system.webServer><handlers>", 1);
    for (unsigned i = 0; i < 50000; i++)
        iw_buffer_printf(&text, "<add name=\"%u\" path=\"*.config\"" ISAPI "<remove name=\"%u\"/>",
                         i, i);
    repeat(&text,
           "\n\n<add name=\"x\" path=\"*.config\"" ISAPI
           "</handlers></system.webServer></configuration>",
           1);
    check_built(&text, RUNS);
    /* Quotes that never end, at every second place. */
    iw_buffer_init(&text);
    repeat(&text, "<add a=\"", 200000);
    check_built(&text, "");
    /* Past the limit on elements the rest is read by itself. */
    iw_buffer_init(&text);
    repeat(&text, "<configuration>", 1);
    repeat(&text, "<a/>", IW_LIMIT_CONFIG_ELEMENTS);
    repeat(&text,
           "<system.webServer><handlers>\n\n<add name=\"x\" path=\"*.config\"" ISAPI
           "</handlers></system.webServer></configuration>",
           1);
    check_built(&text, RUNS);
}

/* Seconds of processor for a collection of 95,000 entries and then 100,000 of *last*. */
static double seconds_of(const char *last, const char *expected)
{
    struct iw_buffer text;
    clock_t began;
    iw_buffer_init(&text);
    repeat(&text, "<configuration><system.webServer><handlers>\n\n", 1);
    for (unsigned i = 0; i < 95000; i++)
        iw_buffer_printf(&text, "<add name=\"%u\" path=\"*.config\"" ISAPI, i);
    repeat(&text, last, 100000);
    repeat(&text, "</handlers></system.webServer></configuration>", 1);
    began = clock();
    check_built(&text, expected);
    return (double)(clock() - began) / CLOCKS_PER_SEC;
}

/* Who clears often costs what as many other elements cost, not all that was ever added each time:
 * that were ten thousand million steps. */
static void cleared_by_the_thousand(void **state)
{
    struct iw_buffer text;
    double others = seconds_of("<other/>", RUNS), cleared = seconds_of("<clear/>", "");
    (void)state;
    assert_true(cleared < 4 * others + 1);
    /* What comes after it counts, under a name that was there before too. */
    iw_buffer_init(&text);
    repeat(&text, "<configuration><system.webServer><handlers>\n", 1);
    repeat(&text, "<add name=\"x\" path=\"*.config\"" ISAPI "<clear/>", 3);
    repeat(&text,
           "\n<add name=\"x\" path=\"*.config\"" ISAPI
           "</handlers></system.webServer></configuration>",
           1);
    check_built(&text, RUNS);
}

static void one_list_of_what_runs(void **state)
{
    static const struct {
        const char *type, *modules;
        enum iw_web_verdict verdict;
    } CASES[] = {
        {"Acme.Page, Acme", "", IW_WEB_EXECUTES},
        {"Acme.Page, Acme", "ManagedPipelineHandler", IW_WEB_EXECUTES},
        {"System.Web.HttpForbiddenHandler", "", IW_WEB_FORBIDDEN},
        {"System.Web.HttpForbiddenHandler, System.Web, Version=4.0.0.0", "ManagedPipelineHandler",
         IW_WEB_FORBIDDEN},
        {"System.Web.HttpForbiddenHandler, Acme", "", IW_WEB_EXECUTES},
        {"System.Web.HttpForbiddenHandler", "IsapiModule", IW_WEB_EXECUTES},
        {"System.Web.StaticFileHandler", "", IW_WEB_SERVES},
        {"", "ManagedPipelineHandler", IW_WEB_SERVES},
        {"", "StaticFileModule, DirectoryListingModule", IW_WEB_SERVES},
        {"", "StaticFileModule,Acme", IW_WEB_EXECUTES},
        {"", "AspNetCoreModuleV2", IW_WEB_FORWARDS},
        {"", "", IW_WEB_SERVES},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(iw_web_verdict_of(iw_str_of(CASES[i].type), iw_str_of(CASES[i].modules)),
                         CASES[i].verdict);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test_setup_teardown(the_same_written_otherwise, begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_run_it, begin, end),
        cmocka_unit_test_setup_teardown(filters_that_are_lifted, begin, end),
        cmocka_unit_test_setup_teardown(damaged_configurations, begin, end),
        cmocka_unit_test_setup_teardown(other_encodings, begin, end),
        cmocka_unit_test_setup_teardown(built_by_the_thousand, begin, end),
        cmocka_unit_test_setup_teardown(cleared_by_the_thousand, begin, end),
        cmocka_unit_test(one_list_of_what_runs),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
