/*
 * Sites, pools, logs, files and URLs. Sources: Microsoft's reference of system.applicationHost;
 * "Naming Files, Paths, and Namespaces"; defaults of the schema of IIS 10.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "iis/config/web_map.h"
#include "tests/unit/iis/config_rig.h"

#define HOST(inside) "<system.applicationHost>" inside "</system.applicationHost>\n"
#define WEB_SERVER(inside) "<system.webServer>" inside "</system.webServer>\n"
#define DIRECTORY(path, root) "<virtualDirectory path='" path "' physicalPath='" root "'/>"

static const char FARM[] = "<configuration>" HOST(
    "<applicationPools><add name='Shop' managedRuntimeVersion='' enable32BitAppOnWin64='true'>"
    "<processModel identityType='SpecificUser' userName='CORP\\web' password='[enc:x:y:enc]'/>"
    "</add><add name='Old' managedPipelineMode='Classic' managedRuntimeVersion='v2.0'"
    " autoStart='false' CLRConfigFile='c.config' managedRuntimeLoader='l.dll'/><add name='Plain'/>"
    "<applicationPoolDefaults startMode='AlwaysRunning'><processModel identityType='LocalSystem'/>"
    "</applicationPoolDefaults></applicationPools>"
    "<sites><site name='Default Web Site' id='1'>"
    "<application path='/' applicationPool='Old'>" DIRECTORY("/", "%SystemDrive%\\inetpub\\wwwroot")
        DIRECTORY(
            "/docs",
            "D:\\docs\\") "</application>"
                          "<application path='/Shop' applicationPool='SHOP'>" DIRECTORY(
                              "/", "\\\\?\\D:\\sites\\.\\shop")
                              DIRECTORY("/img", "\\\\nas\\images\\shop") DIRECTORY(
                                  "/lost",
                                  "%NOWHERE%\\x") "</"
                                                  "application><bindings><binding "
                                                  "protocol='http' "
                                                  "bindingInformation='*:80:'/>"
                                                  "<binding protocol='https' "
                                                  "bindingInformation='10.0.0.1:"
                                                  "443:shop.example'/></bindings>"
                                                  "<logFile logFormat='W3C' "
                                                  "period='Hourly' "
                                                  "customLogPluginClsid='{1}'><"
                                                  "customFields>"
                                                  "<add logFieldName='x' "
                                                  "sourceName='X-Forwarded-For' "
                                                  "sourceType='RequestHeader'/>"
                                                  "</customFields></logFile></site>"
                                                  "<site name='Second' "
                                                  "id='2'><application "
                                                  "path='/'>" DIRECTORY(
                                                      "/",
                                                      "C:/INETPUB/wwwroot/"
                                                      "two/") "</"
                                                              "application></"
                                                              "site>"
                                                              "<siteDefaults><"
                                                              "logFile "
                                                              "directory='L:"
                                                              "\\logs' "
                                                              "enabled='false'"
                                                              "/></"
                                                              "siteDefaults>"
                                                              "<applicationDef"
                                                              "aults "
                                                              "applicationPool"
                                                              "='Plain'/></"
                                                              "sites>") "<loca"
                                                                        "tion "
                                                                        "path="
                                                                        "'seco"
                                                                        "nd'"
                                                                        ">" WEB_SERVER(
                                                                            "<httpLogging "
                                                                            "dontLog='true' "
                                                                            "selectiveLogging='"
                                                                            "LogError'/>") "</"
                                                                                           "locatio"
                                                                                           "n></"
                                                                                           "configu"
                                                                                           "ration"
                                                                                           ">";

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

static void pools(void **state)
{
    const struct iw_server_pool *pool;
    (void)state;

    read_server(FARM);
    assert_int_equal(server.n_pools, 3);
    pool = iw_server_pool_of(&server, IW_STR("shop"));
    is_text(pool->name, "Shop");
    is_text(pool->clr, "");
    is_text(pool->identity, "SpecificUser");
    is_text(pool->user, "CORP\\web");
    is_text(pool->start_mode, "AlwaysRunning");
    assert_true(pool->is_32 && !pool->is_classic && pool->auto_start);
    pool = iw_server_pool_of(&server, IW_STR("Old"));
    is_text(pool->clr, "v2.0");
    is_text(pool->identity, "LocalSystem");
    is_text(pool->clr_config_file, "c.config");
    is_text(pool->runtime_loader, "l.dll");
    assert_true(!pool->is_32 && pool->is_classic && !pool->auto_start);
    is_text(iw_server_pool_of(&server, IW_STR("Plain"))->clr, "v4.0");
    assert_null(iw_server_pool_of(&server, IW_STR("None")));
}

static void sites(void **state)
{
    const struct iw_server_site *site;
    (void)state;

    read_server(FARM);
    assert_true(server.is_known && server.is_authoritative && !server.sites_unknown);
    assert_int_equal(server.n_sites, 2);
    site = iw_server_site_of(&server, IW_STR("DEFAULT web site"));
    assert_int_equal(site->id, 1);
    assert_int_equal(site->n_bindings, 2);
    is_text(site->bindings[1].protocol, "https");
    is_text(site->bindings[1].information, "10.0.0.1:443:shop.example");
    assert_int_equal(site->n_applications, 2);
    assert_ptr_equal(site->applications[1].pool, &server.pools[0]);
    is_text(site->applications[1].place.path, "Default Web Site/Shop");
    assert_int_equal(site->applications[1].n_directories, 3);
    is_text(site->applications[1].directories[1].place.key, "default web site/shop/img");
    is_text(site->applications[1].directories[1].root.path, "\\\\nas\\images\\shop");
    assert_false(site->applications[1].directories[2].root.is_resolved);
    is_text(server.sites[1].applications[0].pool_name, "Plain");
    assert_ptr_equal(server.sites[1].applications[0].pool, &server.pools[2]);
}

static void logs(void **state)
{
    const struct iw_server_log *log;
    (void)state;

    read_server(FARM);
    log = &server.sites[0].log;
    assert_false(log->is_enabled);
    is_text(log->folder.path, "L:\\logs");
    is_text(log->period, "Hourly");
    is_text(log->plugin, "{1}");
    is_text(log->format, "W3C");
    assert_true(iw_str_begins_nocase(log->fields, IW_STR("Date, Time, ClientIP")));
    is_text(iw_config_value(log->custom_fields->first, IW_STR("sourceName"), IW_STR("")),
            "X-Forwarded-For");
    is_text(server.sites[1].log_name, "W3SVC2");
    assert_true(server.sites[1].skips_log && !server.sites[0].skips_log);
    is_text(server.sites[1].selects, "LogError");
    is_text(server.sites[0].selects, "LogAll");
    assert_int_equal(server.log_mode, IW_SERVER_LOG_SITES);
}

static void central_logs(void **state)
{
    (void)state;
    read_server("<configuration>" HOST(
        "<log centralLogFileMode='CentralW3C'><centralBinaryLogFile directory='B:\\'/>"
        "<centralW3CLogFile enabled='true' directory='%SystemDrive%\\all' period='Monthly'/></log>"
        "<sites><site name='S' id='x'/></sites>") "</configuration>");
    assert_int_equal(server.log_mode, IW_SERVER_LOG_CENTRAL_W3C);
    is_text(server.central_log.folder.path, "C:\\all");
    is_text(server.central_log.period, "Monthly");
    is_text(server.sites[0].log.folder.path, "C:\\inetpub\\logs\\LogFiles");
    assert_true(server.sites[0].log.is_enabled);
    assert_int_equal(server.sites[0].id, 0);
}

static void unknown_is_said(void **state)
{
    (void)state;
    read_server("<configuration>" HOST("<sites configProtectionProvider='P'><EncryptedData/>"
                                       "</sites>") "</configuration>");
    assert_true(server.sites_unknown && !server.is_known && !server.pools_unknown);
    assert_int_equal(server.n_sites, 0);
}

/* --- paths ------------------------------------------------------------------------------- */

static void paths(void **state)
{
    static const struct {
        const char *written;
        bool is_32, is_resolved;
        const char *path, *key;
    } CASES[] = {
        {"%SystemDrive%\\inetpub\\wwwroot", false, true, "C:\\inetpub\\wwwroot",
         "c:\\inetpub\\wwwroot"},
        {"%WINDIR%/System32//inetsrv\\x.dll", false, true, "C:\\Windows\\System32\\inetsrv\\x.dll",
         "c:\\windows\\system32\\inetsrv\\x.dll"},
        {"%ProgramFiles%\\a", false, true, "C:\\Program Files\\a", "c:\\program files\\a"},
        {"%ProgramFiles%\\a", true, true, "C:\\Program Files (x86)\\a",
         "c:\\program files (x86)\\a"},
        {"%ProgramFiles(x86)%\\a", false, true, "C:\\Program Files (x86)\\a",
         "c:\\program files (x86)\\a"},
        {"%IIS_BIN%\\%windir%", false, false, "%IIS_BIN%\\C:\\Windows", "%iis_bin%\\c:\\windows"},
        {"C:\\100%", false, true, "C:\\100%", "c:\\100%"},
        {"\\\\?\\D:\\web\\", false, true, "D:\\web", "d:\\web"},
        {"\\\\?\\UNC\\srv\\share\\x", false, true, "\\\\srv\\share\\x", "\\\\srv\\share\\x"},
        {"\\??\\D:\\web", false, true, "D:\\web", "d:\\web"},
        {"//Srv/Share/x/..", false, true, "\\\\Srv\\Share", "\\\\srv\\share"},
        {"\\\\srv\\share\\..\\..\\x", false, true, "\\\\srv\\share\\x", "\\\\srv\\share\\x"},
        {"C:\\a\\.\\b\\..\\c", false, true, "C:\\a\\c", "c:\\a\\c"},
        {"C:\\..\\..\\a", false, true, "C:\\a", "c:\\a"},
        {"C:\\a.\\b.aspx. ", false, true, "C:\\a\\b.aspx", "c:\\a\\b.aspx"},
        {"C:\\a\\b. . ", false, true, "C:\\a\\b", "c:\\a\\b"},
        {"C:\\a\\...", false, true, "C:\\a", "c:\\a"},
        /* Folders of their own. */
        {"C:\\Windows \\x", false, true, "C:\\Windows \\x", "c:\\windows \\x"},
        {"C:\\Windows/.../x", false, true, "C:\\Windows\\...\\x", "c:\\windows\\...\\x"},
        {"C:\\a. .\\x", false, true, "C:\\a. \\x", "c:\\a. \\x"},
        {"C:\\a..\\x", false, true, "C:\\a..\\x", "c:\\a..\\x"},
        {"C:\\a\\ \\x", false, true, "C:\\a\\ \\x", "c:\\a\\ \\x"},
        {"C:\\a\\...\\..\\x", false, true, "C:\\a\\x", "c:\\a\\x"},
        {"C:\\web \\", false, true, "C:\\web ", "c:\\web "},
        {"C:\\web \\.", false, true, "C:\\web ", "c:\\web "},
        {"C:\\web.\\", false, true, "C:\\web", "c:\\web"},
        {"\\\\?\\C:\\a.\\x. ", false, true, "C:\\a.\\x. ", "c:\\a.\\x. "},
        {"\\\\.\\C:\\a.\\x. ", false, true, "C:\\a\\x", "c:\\a\\x"},
        {"D:\\", false, true, "D:\\", "d:"},
        {"d:", false, true, "d:\\", "d:"},
        {"...\\x", false, true, "...\\x", "...\\x"},
        {"", false, true, "", ""},
        {"C:\\\xC3\x89\xC3\x80", false, true, "C:\\\xC3\x89\xC3\x80", "c:\\\xC3\xA9\xC3\xA0"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_server_path path;
        assert_true(
            iw_server_path_read(iw_str_of(CASES[i].written), CASES[i].is_32, &arena, &path));
        is_text(path.path, CASES[i].path);
        is_text(path.key, CASES[i].key);
        assert_int_equal(path.is_resolved, CASES[i].is_resolved);
    }
    for (size_t i = 0; i < 2; i++) { /* a file that was found: its name stands for itself */
        struct iw_server_path path;
        assert_true(iw_server_path_of_file(i == 0 ? IW_STR("C:\\a. .\\.\\x\\..\\b.aspx. ")
                                                  : IW_STR("C:\\%windir%\\b."),
                                           &arena, &path));
        is_text(path.path, i == 0 ? "C:\\a. .\\b.aspx. " : "C:\\%windir%\\b.");
        assert_true(path.is_resolved);
    }
    assert_true(iw_server_path_is_odd(IW_STR("C:\\Windows \\x")));
    assert_true(iw_server_path_is_odd(IW_STR("C:\\...\\x")));
    assert_true(iw_server_path_is_odd(IW_STR("C:\\x.")));
    assert_false(iw_server_path_is_odd(IW_STR("C:\\a b\\.x\\...y\\x.dll")));
    assert_false(iw_server_path_is_odd(IW_STR("")));
    assert_true(iw_server_path_covers(IW_STR("c:\\a"), IW_STR("c:\\a\\b")));
    assert_true(iw_server_path_covers(IW_STR("c:"), IW_STR("c:\\a")));
    assert_false(iw_server_path_covers(IW_STR("c:\\a"), IW_STR("c:\\ab")));
    assert_false(iw_server_path_covers(IW_STR(""), IW_STR("c:\\ab")));
}

/* --- files and URLs ---------------------------------------------------------------------- */

static void file_is(const char *site, const char *url, const char *file)
{
    struct iw_web_spot spot;

    assert_int_equal(
        iw_web_file_of(iw_server_site_of(&server, iw_str_of(site)), iw_str_of(url), &arena, &spot),
        IW_OK);
    is_text(spot.file.path, file);
}

static void urls_name_files(void **state)
{
    struct iw_server_site none = {.n_applications = 0};
    struct iw_web_spot spot;
    (void)state;

    read_server(FARM);
    file_is("Default Web Site", "/x/y.aspx", "C:\\inetpub\\wwwroot\\x\\y.aspx");
    file_is("Default Web Site", "/", "C:\\inetpub\\wwwroot");
    file_is("Default Web Site", "/DOCS/a.pdf", "D:\\docs\\a.pdf");
    file_is("Default Web Site", "/docsets/a", "C:\\inetpub\\wwwroot\\docsets\\a");
    file_is("Default Web Site", "/shop/a.aspx", "D:\\sites\\shop\\a.aspx");
    file_is("Default Web Site", "/Shop/img/up/a.png", "\\\\nas\\images\\shop\\up\\a.png");
    file_is("Default Web Site", "/shop/../../../docs/./a", "D:\\docs\\a");
    file_is("Second", "/shop/img/a", "C:\\INETPUB\\wwwroot\\two\\shop\\img\\a");
    assert_int_equal(iw_web_file_of(&server.sites[0], IW_STR("/shop/lost/a"), &arena, &spot),
                     IW_OK);
    assert_false(spot.file.is_resolved);
    assert_int_equal(iw_web_file_of(&none, IW_STR("/"), &arena, &spot), IW_END);
}

static const char *urls_of(const char *path)
{
    static char shown[512];
    struct iw_web_spots spots;
    size_t n = 0;

    assert_int_equal(iw_web_urls_of(&server, iw_str_of(path), &arena, &spots), IW_OK);
    shown[0] = 0;
    for (size_t i = 0; i < spots.n; i++)
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%.*s", i == 0 ? "" : "|",
                              IW_STR_ARG(spots.items[i].place.path));
    return shown;
}

static void files_have_urls(void **state)
{
    (void)state;
    read_server(FARM);
    assert_string_equal(urls_of("c:\\InetPub\\WWWroot\\a.aspx"), "Default Web Site/a.aspx");
    assert_string_equal(urls_of("\\\\?\\D:\\sites\\shop\\bin\\..\\a.ASPX"),
                        "Default Web Site/Shop/a.ASPX");
    assert_string_equal(urls_of("\\\\NAS\\Images\\shop\\a.png"), "Default Web Site/Shop/img/a.png");
    /* two roots, one inside the other */
    assert_string_equal(urls_of("C:\\inetpub\\wwwroot\\two\\a.asp"),
                        "Second/a.asp|Default Web Site/two/a.asp");
    /* hidden behind the application and the virtual directory of that name */
    assert_string_equal(urls_of("C:\\inetpub\\wwwroot\\shop\\a.asp"), "");
    assert_string_equal(urls_of("C:\\inetpub\\wwwroot\\docs\\a.asp"), "");
    assert_string_equal(urls_of("C:\\inetpub\\wwwroots\\a.asp"), "");
    assert_string_equal(urls_of("C:\\Windows\\a.asp"), "");
    assert_string_equal(urls_of("C:\\inetpub\\wwwroot"), "Default Web Site");
}

static void modules_of_a_pool(void **state)
{
    struct iw_server_modules modules;
    (void)state;

    read_server("<configuration>" HOST(
        "<applicationPools><add name='P' enable32BitAppOnWin64='true'/></applicationPools>")
                    WEB_SERVER("<globalModules>"
                               "<add name='A' image='%ProgramFiles%\\a.dll'/>"
                               "<add name='B' image='b.dll' preCondition='bitness64'/>"
                               "<add name='C' image='c.dll' preCondition='appPoolName=P'/>"
                               "<add name='D' image='d.dll' preCondition='moonPhase'/>"
                               "</globalModules>") "</configuration>");
    assert_int_equal(iw_server_modules_of(&server, &server.pools[0], &arena, &modules), IW_OK);
    assert_int_equal(modules.n, 3);
    is_text(modules.items[0].image.path, "C:\\Program Files (x86)\\a.dll");
    is_text(modules.items[1].name, "C");
    assert_true(modules.items[1].is_certain && !modules.items[2].is_certain);
    assert_false(modules.is_unknown);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pools),           TEST(sites),           TEST(logs),
        TEST(central_logs),    TEST(unknown_is_said), TEST(paths),
        TEST(urls_name_files), TEST(files_have_urls), TEST(modules_of_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
