/*
 * What happens to a file: conditions, patterns, handlers, request filtering. Sources: Microsoft's
 * reference of handlers/add, accessPolicy, requestFiltering and SatisfiesPrecondition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "iis/config/precondition.h"
#include "iis/config/web_handler.h"
#include "iis/config/web_pattern.h"
#include "tests/unit/iis/config_rig.h"

#define HOST(inside) "<system.applicationHost>" inside "</system.applicationHost>\n"
#define WEB_SERVER(inside) "<system.webServer>" inside "</system.webServer>\n"
#define DIRECTORY(path, root) "<virtualDirectory path='" path "' physicalPath='" root "'/>"
#define END                                                                                        \
    {                                                                                              \
        .text = NULL                                                                               \
    }

static struct iw_arena arena;
static struct iw_config *config;
static struct iw_server server;

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
    iw_config_free(config);
    config = NULL;
    return 0;
}

static void is_text(struct iw_str text, const char *expected)
{
    if (text.n != strlen(expected) || memcmp(text.p, expected, text.n) != 0)
        fail_msg("\"%.*s\" is not \"%s\"", IW_STR_ARG(text), expected);
}

static void read_server(const char *text)
{
    config = config_of_server(text);
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
}

/* --- conditions and patterns ------------------------------------------------------------- */

static void preconditions(void **state)
{
    static const struct iw_server_pool POOL = {
        .name = {"Shop", 4}, .clr = {"v4.0", 4}, .is_32 = true};
    static const struct {
        const char *text;
        enum iw_precondition with, without;
    } CASES[] = {
        {"", IW_PRECONDITION_HOLDS, IW_PRECONDITION_HOLDS},
        {"managedHandler", IW_PRECONDITION_HOLDS, IW_PRECONDITION_HOLDS},
        {"bitness32", IW_PRECONDITION_HOLDS, IW_PRECONDITION_UNKNOWN},
        {"bitness64", IW_PRECONDITION_FAILS, IW_PRECONDITION_UNKNOWN},
        {"integratedMode, runtimeVersionv4.0 ,BITNESS32", IW_PRECONDITION_HOLDS,
         IW_PRECONDITION_UNKNOWN},
        {"integratedMode,runtimeVersionv2.0", IW_PRECONDITION_FAILS, IW_PRECONDITION_UNKNOWN},
        {"classicMode", IW_PRECONDITION_FAILS, IW_PRECONDITION_UNKNOWN},
        {"ISAPIMode", IW_PRECONDITION_FAILS, IW_PRECONDITION_UNKNOWN},
        {"appPoolName=Other; shop", IW_PRECONDITION_HOLDS, IW_PRECONDITION_UNKNOWN},
        {"appPoolName=Shops", IW_PRECONDITION_FAILS, IW_PRECONDITION_UNKNOWN},
        {"moonPhase", IW_PRECONDITION_UNKNOWN, IW_PRECONDITION_UNKNOWN},
        {"moonPhase,bitness64", IW_PRECONDITION_FAILS, IW_PRECONDITION_UNKNOWN},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_int_equal(iw_precondition_judge(iw_str_of(CASES[i].text), &POOL), CASES[i].with);
        assert_int_equal(iw_precondition_judge(iw_str_of(CASES[i].text), NULL), CASES[i].without);
    }
}

static void patterns(void **state)
{
    static const struct {
        const char *paths, *url;
        bool fits;
    } CASES[] = {
        {"*", "/a/b.c", true},
        {"*.aspx", "/a/B.ASPX", true},
        {"*.aspx", "/a/b.aspx.jpg", false},
        {"*.aspx", "/a.aspx/b", false},
        {"trace.axd", "/x/Trace.axd", true},
        {"trace.axd", "/xtrace.axd", false},
        {"*.", "/a/b", true},
        {"*.", "/a/b.c", false},
        {"*_AppService.axd", "/x_appservice.axd", true},
        {"a*b*c", "/a1b2b3c", true},
        {"a*b*c", "/a1b2b3cd", false},
        {"*.vb, *.cs", "/x.cs", true},
        {"admin/*.jpg", "/x/admin/y.jpg", true},
        {"admin/*.jpg", "/xadmin/y.jpg", false},
        {"/admin/*.jpg", "/admin/y.jpg", true},
        {"", "/x", false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(iw_web_path_fits(iw_str_of(CASES[i].paths), iw_str_of(CASES[i].url)),
                         CASES[i].fits);
    is_text(iw_web_extension(IW_STR("/a.b/c.tar.gz")), ".gz");
    is_text(iw_web_extension(IW_STR("/a.b/c")), ".");
    is_text(iw_web_last_part(IW_STR("/a.b/c.d")), "c.d");
    is_text(iw_web_last_part(IW_STR("/a/")), "");
    is_text(iw_web_last_part(IW_STR("*.foo")), "*.foo");
    assert_true(iw_web_part_is_of_all(IW_STR("*")));
    assert_true(iw_web_part_is_of_all(IW_STR("*.*")));
    assert_true(iw_web_part_is_of_all(IW_STR("*.")));
    assert_false(iw_web_part_is_of_all(IW_STR("")));
    assert_false(iw_web_part_is_of_all(IW_STR("..")));
    assert_false(iw_web_part_is_of_all(IW_STR("*.a")));
    assert_true(iw_web_has_segment(IW_STR("/x/BIN/a.dll"), IW_STR("bin")));
    assert_false(iw_web_has_segment(IW_STR("/xbin/a.dll"), IW_STR("bin")));
}

/* --- handlers ---------------------------------------------------------------------------- */

#define SITES                                                                                      \
    HOST("<applicationPools><add name='P'/></applicationPools><sites><site name='S' id='1'>"       \
         "<application path='/' applicationPool='P'>" DIRECTORY(                                   \
             "/", "C:\\w") "</application></site></sites>")

static const char HANDLERS[] =
    "<configuration>" SITES "<location path='' overrideMode='Allow'>" WEB_SERVER(
        "<handlers accessPolicy='Read, Script'>"
        "<add name='TRACE' path='*' verb='TRACE' modules='ProtocolSupportModule'"
        " requireAccess='None'/>"
        "<add name='64' path='*.soap' verb='*' type='T' preCondition='bitness32'/>"
        "<add name='asp' path='*.asp' verb='GET,HEAD,POST' modules='IsapiModule'"
        " scriptProcessor='%windir%\\system32\\inetsrv\\asp.dll' resourceType='File'/>"
        "<add name='cer' path='*.cer' verb='*' modules='IsapiModule' "
        "scriptProcessor='asp.dll'/>"
        "<add name='dll' path='*.dll' verb='*' modules='IsapiModule' "
        "requireAccess='Execute'/>"
        "<add name='aspx' path='*.aspx' verb='GET' "
        "type='System.Web.UI.PageHandlerFactory'"
        " preCondition='integratedMode'/>"
        "<add name='cshtml' path='*.cshtml' verb='*' "
        "type='System.Web.HttpForbiddenHandler'/>"
        "<add name='odd' path='*.odd' verb='*' type='T' preCondition='moonPhase'/>"
        "<add name='verb' path='*.gif' verb='FOO' type='Evil.Handler, Evil'/>"
        "<add name='StaticFile' path='*' verb='*' requireAccess='Read'"
        " modules='StaticFileModule,DefaultDocumentModule,DirectoryListingModule'/></"
        "handlers>"
        "<security><requestFiltering><fileExtensions allowUnlisted='true'>"
        "<add fileExtension='.config' allowed='false'/></fileExtensions>"
        "<hiddenSegments><add "
        "segment='bin'/></hiddenSegments></requestFiltering></security>") "</location>"
                                                                          "<location "
                                                                          "path='S/"
                                                                          "up'"
                                                                          ">" WEB_SERVER(
                                                                              "<handle"
                                                                              "rs "
                                                                              "accessP"
                                                                              "olicy='"
                                                                              "Read'/"
                                                                              ">") "</"
                                                                                   "lo"
                                                                                   "ca"
                                                                                   "ti"
                                                                                   "on"
                                                                                   ">"
                                                                                   "<l"
                                                                                   "oc"
                                                                                   "at"
                                                                                   "io"
                                                                                   "n "
                                                                                   "pa"
                                                                                   "th"
                                                                                   "='"
                                                                                   "S/"
                                                                                   "co"
                                                                                   "re"
                                                                                   "'"
                                                                                   ">" WEB_SERVER(
                                                                                       "<handle"
                                                                                       "rs><"
                                                                                       "add "
                                                                                       "name='"
                                                                                       "core' "
                                                                                       "path='*"
                                                                                       "' "
                                                                                       "verb='*"
                                                                                       "'"
                                                                                       " module"
                                                                                       "s='"
                                                                                       "AspNetC"
                                                                                       "oreModu"
                                                                                       "leV2'"
                                                                                       " resour"
                                                                                       "ceType="
                                                                                       "'Unspec"
                                                                                       "ified'/"
                                                                                       "></"
                                                                                       "handler"
                                                                                       "s>") "<"
                                                                                             "/"
                                                                                             "l"
                                                                                             "o"
                                                                                             "c"
                                                                                             "a"
                                                                                             "t"
                                                                                             "i"
                                                                                             "o"
                                                                                             "n"
                                                                                             ">"
                                                                                             "<"
                                                                                             "/"
                                                                                             "c"
                                                                                             "o"
                                                                                             "n"
                                                                                             "f"
                                                                                             "i"
                                                                                             "g"
                                                                                             "u"
                                                                                             "r"
                                                                                             "a"
                                                                                             "t"
                                                                                             "i"
                                                                                             "o"
                                                                                             "n"
                                                                                             ">";

static struct iw_web_answer answer_to(const char *url)
{
    struct iw_web_answer answer;
    struct iw_web_spot spot;

    assert_int_equal(iw_web_file_of(&server.sites[0], iw_str_of(url), &arena, &spot), IW_OK);
    assert_int_equal(iw_web_answer_at(config, &spot, &arena, &answer), IW_OK);
    return answer;
}

static void answer_is(const char *url, enum iw_web_verdict verdict, const char *handler)
{
    struct iw_web_answer answer = answer_to(url);

    assert_int_equal(answer.verdict, verdict);
    if (handler == NULL)
        assert_null(answer.handler);
    else
        is_text(iw_config_value(answer.handler->element, IW_STR("name"), IW_STR("")), handler);
}

static void handlers_decide_what_executes(void **state)
{
    (void)state;
    read_server(HANDLERS);
    answer_is("/x/a.ASP", IW_WEB_EXECUTES, "asp");
    is_text(answer_to("/a.asp").processor, "%windir%\\system32\\inetsrv\\asp.dll");
    answer_is("/a.cer", IW_WEB_EXECUTES, "cer");
    answer_is("/a.aspx", IW_WEB_EXECUTES, "aspx");
    answer_is("/a.cshtml", IW_WEB_FORBIDDEN, "cshtml");
    answer_is("/a.jpg", IW_WEB_SERVES, "StaticFile");
    answer_is("/a.dll", IW_WEB_NO_ACCESS, "dll");
    answer_is("/a.soap", IW_WEB_SERVES, "StaticFile"); /* its handler is of 32-bit pools */
    answer_is("/a.gif", IW_WEB_EXECUTES, "verb");
    answer_is("/a.asp.jpg", IW_WEB_SERVES, "StaticFile");
    assert_true(answer_to("/a.asp").is_certain);
    assert_false(answer_to("/a.odd").is_certain);
    answer_is("/web.config", IW_WEB_FILTERED, NULL);
    answer_is("/x/BIN/a.aspx", IW_WEB_FILTERED, NULL);
    answer_is("/up/a.aspx", IW_WEB_NO_ACCESS, "aspx");
    answer_is("/up/a.jpg", IW_WEB_SERVES, "StaticFile");
    answer_is("/core/a.aspx", IW_WEB_FORWARDS, "core");
}

/* The ".config web shell": the extension is taken off the filter, a handler runs it. */
static void a_folder_may_change_what_executes(void **state)
{
    static const char WEB[] = "<configuration>" WEB_SERVER(
        "<handlers accessPolicy='Read, Script, Write'><add name='web_config' path='*.config'"
        " verb='*' modules='IsapiModule' scriptProcessor='asp.dll|x'/></handlers><security>"
        "<requestFiltering><fileExtensions><remove fileExtension='.config'/></fileExtensions>"
        "<hiddenSegments><remove segment='web.config'/></hiddenSegments></requestFiltering>"
        "</security>") "</configuration>";
    (void)state;
    config = config_of((const struct config_text[]){{IW_CONFIG_SERVER, NULL, NULL, HANDLERS},
                                                    {IW_CONFIG_WEB, NULL, "S/evil", WEB},
                                                    END},
                       NULL);
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
    answer_is("/evil/web.config", IW_WEB_EXECUTES, "web_config");
    is_text(answer_to("/evil/web.config").processor, "asp.dll");
    answer_is("/web.config", IW_WEB_FILTERED, NULL);
}

static void without_handlers_nothing_is_known(void **state)
{
    (void)state;
    read_server("<configuration>" SITES "</configuration>");
    assert_int_equal(answer_to("/a.aspx").verdict, IW_WEB_UNKNOWN);
    (void)tear_down(NULL);
    (void)set_up(NULL);
    read_server("<configuration>" SITES WEB_SERVER(
        "<handlers configProtectionProvider='P'><EncryptedData/></handlers>") "</configuration>");
    assert_int_equal(answer_to("/a.aspx").verdict, IW_WEB_UNKNOWN);
    (void)tear_down(NULL);
    (void)set_up(NULL);
    read_server(
        "<configuration>" SITES WEB_SERVER("<handlers><clear/></handlers>") "</configuration>");
    assert_int_equal(answer_to("/a.aspx").verdict, IW_WEB_NO_HANDLER);
}

static void memory_may_fail_anywhere(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    (void)state;

    config = config_of_server(HANDLERS);
    for (uint64_t n = 1; rc != IW_OK && n < 1000; n++) {
        struct iw_web_spots spots;
        struct iw_web_answer answer;
        struct iw_arena own;
        iw_arena_init(&own, 0);
        iw_alloc_fail_at(n);
        rc = iw_server_read(config, &own, &server);
        if (rc == IW_OK)
            rc = iw_web_urls_of(&server, IW_STR("C:\\w\\a.asp"), &own, &spots);
        if (rc == IW_OK)
            rc = iw_web_answer_at(config, &spots.items[0], &own, &answer);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        iw_arena_done(&own);
    }
    assert_int_equal(rc, IW_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(preconditions),
        TEST(patterns),
        TEST(handlers_decide_what_executes),
        TEST(a_folder_may_change_what_executes),
        TEST(without_handlers_nothing_is_known),
        TEST(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
