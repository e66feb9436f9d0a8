/*
 * What chains are made of: settings, paths, programs, commands, clocks, scores, telemetry, facts as
 * bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "detect/chain/chain_fact.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/chain_score.h"
#include "detect/chain/chain_telemetry.h"
#include "detect/chain/command_shape.h"
#include "detect/chain/carrier.h"
#include "detect/chain/deployment.h"
#include "detect/chain/program_kind.h"
#include "detect/chain/web_file_path.h"
#include "iis/web/web_defaults.h"

#define S IW_NS_PER_SECOND

/* --- settings --------------------------------------------------------------------------------- */

static void settings_are_read(void **state)
{
    struct iw_chain_settings settings;
    struct iw_error err;
    (void)state;
    iw_chain_settings_init(&settings);
    assert_int_equal(settings.window_ns, 24 * 3600 * S);
    assert_int_equal(iw_chain_settings_set(&settings, IW_STR("timewindow = 90m "), &err), IW_OK);
    assert_int_equal(settings.window_ns, 90 * 60 * S);
    assert_int_equal(iw_chain_settings_set(&settings, IW_STR("TimeWindow=3650d"), &err), IW_OK);
    assert_int_equal(iw_chain_settings_set(&settings, IW_STR("DLLNameEntropyThreshold=3.25"), &err),
                     IW_OK);
    assert_true(settings.dll_name_entropy > 3.249 && settings.dll_name_entropy < 3.251);
    assert_int_equal(
        iw_chain_settings_set(&settings, IW_STR("WebRootPath=D:\\sites; E:\\more ;"), &err), IW_OK);
    assert_int_equal(iw_chain_settings_set(&settings, IW_STR("WebRootPath=F:\\third"), &err),
                     IW_OK);
    assert_int_equal(settings.web_roots.n, 3);
    assert_true(iw_chain_list_covers(&settings.web_roots, IW_STR("e:\\MORE\\a\\b.aspx")));
    assert_true(iw_chain_list_covers(&settings.web_roots, IW_STR("F:\\third")));
    assert_false(iw_chain_list_covers(&settings.web_roots, IW_STR("E:\\moreover\\b.aspx")));
    assert_int_equal(iw_chain_settings_set(&settings, IW_STR("ParentProcess=mine.exe"), &err),
                     IW_OK);
    assert_true(iw_program_serves(IW_STR("C:\\x\\Mine.EXE"), IW_STR(""), &settings));
    assert_false(iw_program_serves(IW_STR("C:\\x\\Mine.EXE"), IW_STR(""), NULL));
    iw_chain_settings_done(&settings);
}

static void bad_settings_are_named(void **state)
{
    static const struct {
        const char *text, *says;
    } CASES[] = {
        {"TimeWindow", "write NAME=VALUE"},
        {"TimeWindow=", "TimeWindow: '' is no duration"},
        {"TimeWindow=24", "TimeWindow: '24' is no duration"},
        {"TimeWindow=0h", "is no duration"},
        {"TimeWindow=-1h", "is no duration"},
        {"TimeWindow=3651d", "ten years"},
        {"TimeWindow=99999999999999999999s", "is no duration"},
        {"TimeWindov=1h", "did you mean TimeWindow?"},
        {"Colour=1", "no setting is called 'Colour'"},
        {"DLLNameEntropyThreshold=9", "from 0 (off) to 8"},
        {"DLLNameEntropyThreshold=3,5", "from 0 (off) to 8"},
        {"DLLNameEntropyThreshold=.", "from 0 (off) to 8"},
        {"WatchedPaths= ; ", "WatchedPaths: no value"},
        {"=x", "no setting is called ''"},
    };
    struct iw_chain_settings settings;
    (void)state;
    iw_chain_settings_init(&settings);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_error err = {.rc = IW_OK};
        assert_int_equal(iw_chain_settings_set(&settings, iw_str_of(CASES[i].text), &err),
                         IW_EUSAGE);
        if (strstr(err.message, CASES[i].says) == NULL)
            fail_msg("%s: %s", CASES[i].text, err.message);
    }
    iw_chain_settings_done(&settings);
}

static void a_file_of_settings(void **state)
{
    struct iw_chain_settings settings;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    iw_chain_settings_init(&settings);
    assert_int_equal(iw_chain_settings_read(&settings,
                                            IW_STR("# ours\r\n\r\nTimeWindow=48h\r\n"
                                                   "UserContext=CORP\\svc_web\n"),
                                            "s.conf", &err),
                     IW_OK);
    assert_int_equal(settings.window_ns, 48 * 3600 * S);
    assert_true(iw_chain_list_has(&settings.users, IW_STR("corp\\SVC_WEB")));
    assert_int_equal(
        iw_chain_settings_read(&settings, IW_STR("TimeWindow=1h\n\nnothing\n"), "s.conf", &err),
        IW_EUSAGE);
    assert_int_equal(err.line, 3);
    assert_string_equal(err.where, "s.conf");
    iw_chain_settings_done(&settings);
}

/* --- paths ------------------------------------------------------------------------------------ */

#define TEMPORARY "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\"

static void classes_of_files(void **state)
{
    static const struct {
        const char *path;
        enum iw_web_file_class class;
    } CASES[] = {
        {"D:\\any\\a.aspx", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\A.ASHX", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\a.jsp", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\a.aspx. ", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\a.aspx::$DATA", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\a.txt:x.asp", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\a.aspx:Zone.Identifier", IW_WEB_FILE_OTHER},
        {"D:\\any\\a.asp;.jpg", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\a.ascx", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\a.jpg", IW_WEB_FILE_OTHER},
        {"D:\\any\\App_Code\\Utils.cs", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\app_code\\sub\\Utils.VB", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\App_GlobalResources\\a.resx", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\x\\App_LocalResources\\a.aspx.resx", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\App_WebReferences\\s\\a.wsdl", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\App_Code\\a.txt", IW_WEB_FILE_OTHER},
        {"D:\\any\\App_Data\\a.cs", IW_WEB_FILE_OTHER},
        {"D:\\any\\Controllers\\Home.cs", IW_WEB_FILE_OTHER},
        {"D:\\any\\App_Code.cs", IW_WEB_FILE_OTHER},
        {"D:\\any\\bin\\a.dll", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\lib\\a.dll", IW_WEB_FILE_OTHER},
        {"C:\\Windows\\System32\\inetsrv\\a.dll", IW_WEB_FILE_SUPPORT},
        {"C:\\inetpub\\wwwroot\\web.config", IW_WEB_FILE_SUPPORT},
        {"D:\\any\\app.config", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\wwwroot\\images\\.user.ini", IW_WEB_FILE_SUPPORT},
        {"C:\\inetpub\\wwwroot\\.HTACCESS", IW_WEB_FILE_SUPPORT},
        {"C:\\inetpub\\wwwroot\\php.ini", IW_WEB_FILE_SUPPORT},
        {"C:\\inetpub\\wwwroot\\x.user.ini", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\wwwroot\\desktop.ini", IW_WEB_FILE_OTHER},
        {"D:\\any\\.user.ini", IW_WEB_FILE_SUPPORT}, /* nothing else has such a name */
        {"C:\\Windows\\WinSxS\\x\\.user.ini", IW_WEB_FILE_OTHER},
        {"D:\\any\\php.ini", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\wwwroot\\a.exe", IW_WEB_FILE_PROGRAM},
        {"D:\\any\\a.exe", IW_WEB_FILE_OTHER},
        {"C:\\Windows\\WinSxS\\x\\a.aspx", IW_WEB_FILE_OTHER},
        {TEMPORARY "root\\1\\a.aspx.cdcab7d2.compiled", IW_WEB_FILE_COMPILED},
        {TEMPORARY "root\\1\\App_Web_x1.dll", IW_WEB_FILE_COMPILED},
        {TEMPORARY "root\\1\\other.dll", IW_WEB_FILE_OTHER},
        {TEMPORARY "root\\1\\x.aspx", IW_WEB_FILE_OTHER},
        {"C:\\Windows\\Temp\\Temporary ASP.NET Files\\root\\1\\App_Web_x1.dll",
         IW_WEB_FILE_COMPILED},
        {"C:\\Users\\ShopPool\\AppData\\Local\\Temp\\Temporary ASP.NET "
         "Files\\r\\x.aspx.12.compiled",
         IW_WEB_FILE_COMPILED},
        /* Folders that are only named like them. */
        {"C:\\inetpub\\wwwroot\\Temporary ASP.NET Files\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\inetpub\\wwwroot\\Temporary ASP.NET Files\\x.aspx.12ab.compiled", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\wwwroot\\Windows\\Servicing\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\inetpub\\wwwroot\\Windows\\WinSxS\\bin\\x.dll", IW_WEB_FILE_SUPPORT},
        {"C:\\inetpub\\wwwroot\\inetpub\\history\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\inetpub\\wwwroot\\inetpub\\logs\\x.exe", IW_WEB_FILE_PROGRAM},
        {"D:\\Windows\\Servicing\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\Windows\\WinSxS\\..\\..\\inetpub\\wwwroot\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\Windows \\Servicing\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\Windows\\Servicing\\x.aspx", IW_WEB_FILE_OTHER},
        {"\\??\\C:\\Windows\\SoftwareDistribution\\Download\\1\\x.aspx", IW_WEB_FILE_OTHER},
        {"C:\\Windows\\Installer\\x.aspx", IW_WEB_FILE_OTHER},
        {"C:\\Windows\\WinSxS\\y\\bin\\x.dll", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\history\\CFGHISTORY_1\\x.aspx", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\logs\\x.exe", IW_WEB_FILE_OTHER},
        {"C:\\elsewhere\\a.aspx.cdcab7d2.compiled", IW_WEB_FILE_OTHER},
        {"", IW_WEB_FILE_OTHER},
        {"\\", IW_WEB_FILE_OTHER},
        {":", IW_WEB_FILE_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        enum iw_web_file_class found = iw_web_file_class_of(iw_str_of(CASES[i].path), NULL);
        if (found != CASES[i].class)
            fail_msg("%s: %d not %d", CASES[i].path, (int)found, (int)CASES[i].class);
    }
}

/* Every ending that executes by default is one that is looked at. */
static void endings_that_execute_are_of_interest(void **state)
{
    static const char *const ENDINGS[] = {
        ".aspx",   ".ashx",   ".asmx", ".axd",     ".aspq",  ".svc",  ".xamlx", ".soap", ".rem",
        ".cshtml", ".vbhtml", ".asp",  ".asa",     ".cer",   ".cdx",  ".php",   ".php3", ".php4",
        ".php5",   ".php6",   ".php7", ".php8",    ".phtml", ".phar", ".pht",   ".jsp",  ".jspx",
        ".jspf",   ".cfm",    ".cfml", ".cfc",     ".cgi",   ".pl",   ".shtml", ".stm",  ".shtm",
        ".ascx",   ".master", ".asax", ".browser", ".skin"};
    (void)state;
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "D:\\any\\x%s", ENDINGS[i]);
        assert_non_null(iw_web_ending_of(iw_str_of(path)));
        if (iw_web_file_class_of(iw_str_of(path), NULL) == IW_WEB_FILE_OTHER)
            fail_msg("%s", path);
    }
}

static void one_file_many_spellings(void **state)
{
    static const char *const SAME[] = {"C:\\inetpub\\wwwroot\\a.aspx",
                                       "c:\\INETPUB\\wwwroot\\A.aspx",
                                       "C:/inetpub/wwwroot/a.aspx",
                                       "\\\\?\\C:\\inetpub\\wwwroot\\a.aspx",
                                       "\\??\\C:\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\localhost\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\127.0.0.1\\c$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\127.5.0.2\\c$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\WEB01\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\web01.corp.local\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "//WEB01/C$/inetpub/wwwroot/a.aspx",
                                       "\\\\?\\UNC\\localhost\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\??\\UNC\\WEB01\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\.\\UNC\\localhost\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\Device\\Mup\\localhost\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\0--1.ipv6-literal.net\\C$\\inetpub\\wwwroot\\a.aspx",
                                       "\\\\WEB01\\ADMIN$\\..\\inetpub\\wwwroot\\a.aspx",
                                       "C:\\inetpub\\\\x\\..\\wwwroot\\a.aspx",
                                       "C:\\inetpub\\wwwroot\\a.aspx::$DATA",
                                       "C:\\inetpub\\wwwroot\\a.aspx. ."};
    static const char *const OTHER[] = {"C:\\inetpub\\wwwroot\\b.aspx",
                                        "\\\\server\\C$\\inetpub\\wwwroot\\a.aspx",
                                        "\\\\WEB010\\C$\\inetpub\\wwwroot\\a.aspx",
                                        "\\\\10.0.0.1\\C$\\inetpub\\wwwroot\\a.aspx",
                                        "\\\\127.evil\\C$\\inetpub\\wwwroot\\a.aspx",
                                        "\\\\WEB01\\C\\inetpub\\wwwroot\\a.aspx",
                                        "\\\\?\\UNC\\server\\C$\\inetpub\\wwwroot\\a.aspx",
                                        "\\\\?\\WEB01\\C$\\inetpub\\wwwroot\\a.aspx",
                                        "D:\\inetpub\\wwwroot\\a.aspx"};
    struct iw_arena arena;
    struct iw_web_file_path first, path;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(
        iw_web_file_path_read(iw_str_of(SAME[0]), IW_STR("web01.corp.local"), &arena, &first),
        IW_OK);
    for (size_t i = 1; i < sizeof SAME / sizeof SAME[0]; i++) {
        assert_int_equal(
            iw_web_file_path_read(iw_str_of(SAME[i]), IW_STR("web01.corp.local"), &arena, &path),
            IW_OK);
        if (!iw_str_equal(path.key, first.key))
            fail_msg("%s: %.*s", SAME[i], IW_STR_ARG(path.key));
    }
    for (size_t i = 0; i < sizeof OTHER / sizeof OTHER[0]; i++) {
        assert_int_equal(
            iw_web_file_path_read(iw_str_of(OTHER[i]), IW_STR("web01.corp.local"), &arena, &path),
            IW_OK);
        assert_false(iw_str_equal(path.key, first.key));
    }
    assert_int_equal(iw_web_file_path_read(IW_STR("C:\\WEBSER~1\\a.aspx"),
                                           IW_STR("web01.corp.local"), &arena, &path),
                     IW_OK);
    assert_true(path.is_short);
    assert_int_equal(
        iw_web_file_path_read(IW_STR("\\\\?\\Volume{1-2}\\www\\a.aspx"), IW_STR(""), &arena, &path),
        IW_OK);
    assert_true(iw_str_equal(path.path, IW_STR("\\\\?\\Volume{1-2}\\www\\a.aspx")));
    assert_int_equal(iw_web_file_path_read(IW_STR(""), IW_STR("web01.corp.local"), &arena, &path),
                     IW_OK);
    assert_int_equal(path.key.n, 0);
    iw_arena_done(&arena);
}

static void pages_of_compiling(void **state)
{
    static const char *const CASES[][2] = {
        {"C:\\t\\shell.aspx.cdcab7d2.compiled", "shell.aspx"},
        {"C:\\t\\a.b.ashx.12ab.compiled", "a.b.ashx"},
        {"C:\\t\\App_Code.compiled", ""},
        {"C:\\t\\global.asax.compiled", ""},
        {"C:\\t\\App_Web_x.dll", ""},
        {".compiled", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str page = iw_web_compiled_page(iw_str_of(CASES[i][0]));
        if (!iw_str_equal(page, iw_str_of(CASES[i][1])))
            fail_msg("%s: '%.*s'", CASES[i][0], IW_STR_ARG(page));
    }
}

static void applications_of_compiling(void **state)
{
    static const char *const CASES[][2] = {
        {"C:\\W\\Temporary ASP.NET Files\\shop\\1a\\2b\\x.cmdline", "shop"},
        {"\"C:\\W\\csc.exe\" /noconfig @\"C:\\W\\temporary asp.net files\\root\\1\\x.cmdline\"",
         "root"},
        {"C:\\W\\Temporary ASP.NET Files\\shop", ""},
        {"C:\\W\\Temporary ASP.NET Files\\", ""},
        {"C:\\W\\Temporary ASP.NET Files\\\\x", ""},
        {"csc.exe /out:x", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str found = iw_web_compiled_application(iw_str_of(CASES[i][0]));
        if (!iw_str_equal(found, iw_str_of(CASES[i][1])))
            fail_msg("%s: '%.*s'", CASES[i][0], IW_STR_ARG(found));
    }
}

/* --- programs, commands ------------------------------------------------------------------------
 */

static void pages_are_compiled(void **state)
{
#define FRAMEWORK "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
#define PAGE "/noconfig /fullpaths @\"" FRAMEWORK "Temporary ASP.NET Files\\root\\1\\a.cmdline\""
    static const struct {
        const char *image, *command;
        bool is_page;
    } COMPILERS[] = {
        {FRAMEWORK "csc.exe", "csc.exe " PAGE, true},
        {FRAMEWORK "vbc.exe", "vbc.exe " PAGE, true},
        {"D:\\site\\bin\\roslyn\\csc.exe", "csc.exe /shared " PAGE, true},
        {FRAMEWORK "csc.exe", "", true},
        {FRAMEWORK "csc.exe", "csc.exe /out:C:\\x.exe C:\\x.cs", false},
        {FRAMEWORK "csc.exe", "csc.exe /out:\"C:\\Temporary ASP.NET Files\\x.exe\" C:\\x.cs",
         false},
        {"D:\\site\\bin\\roslyn\\csc.exe", "", false},
        {"C:\\Windows\\Temp\\csc.exe", "csc.exe " PAGE, false},
        {"C:\\Windows\\Temp\\csc.exe", "", false},
        {FRAMEWORK "installutil.exe", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof COMPILERS / sizeof COMPILERS[0]; i++) {
        struct iw_str image = iw_str_of(COMPILERS[i].image);
        if (iw_program_compiles_page(iw_program_find(image, IW_STR("")), image,
                                     iw_str_of(COMPILERS[i].command)) != COMPILERS[i].is_page)
            fail_msg("%s %s", COMPILERS[i].image, COMPILERS[i].command);
    }
}

static void programs_are_known(void **state)
{
    static const struct {
        const char *image, *original;
        enum iw_program_kind kind;
    } CASES[] = {
        {"C:\\Windows\\System32\\cmd.exe", "", IW_PROGRAM_SHELL},
        {"CMD.EXE", "", IW_PROGRAM_SHELL},
        {"C:\\x\\svchost32.exe", "Cmd.Exe", IW_PROGRAM_SHELL},
        {"C:\\x\\a.exe", "pwsh.dll", IW_PROGRAM_SHELL},
        {"C:\\x\\whoami.exe", "", IW_PROGRAM_DISCOVERY},
        {"C:\\x\\wusa.exe", "", IW_PROGRAM_TOOL},
        {"C:\\x\\adfind.exe", "", IW_PROGRAM_DISCOVERY},
        {"C:\\x\\7z.exe", "", IW_PROGRAM_ARCHIVER},
        {"C:\\x\\sqlcmd.exe", "", IW_PROGRAM_OTHER_TOOL}, /* Windows has none of these */
        {"C:\\x\\ssh.exe", "", IW_PROGRAM_OTHER_TOOL},
        {"C:\\x\\app.exe", "", IW_PROGRAM_OTHER},
        {"C:\\x\\cmd.exe.exe", "", IW_PROGRAM_OTHER},
        {"", "", IW_PROGRAM_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_program *found =
            iw_program_find(iw_str_of(CASES[i].image), iw_str_of(CASES[i].original));
        enum iw_program_kind kind = found != NULL ? found->kind : IW_PROGRAM_OTHER;
        if (kind != CASES[i].kind)
            fail_msg("%s: %d", CASES[i].image, (int)kind);
    }
    assert_true(iw_program_serves(IW_STR("C:\\t\\tomcat9.exe"), IW_STR(""), NULL));
    assert_false(iw_program_serves(IW_STR("C:\\t\\java.exe"), IW_STR("java -jar a.jar"), NULL));
    assert_true(
        iw_program_serves(IW_STR("C:\\t\\java.exe"), IW_STR("java -Dcatalina.home=x"), NULL));
    assert_false(iw_program_serves(IW_STR("C:\\t\\explorer.exe"), IW_STR("w3wp.exe"), NULL));
    assert_true(iw_program_serves(IW_STR("C:\\php.exe"), IW_STR("php -S 0.0.0.0:80 -t x"), NULL));
    assert_true(iw_program_serves(IW_STR("C:\\php.exe"), IW_STR("php -t x -S0.0.0.0:80"), NULL));
    assert_true(
        iw_program_serves(IW_STR("C:\\php.exe"), IW_STR("php \"\" --server [::]:80"), NULL));
    assert_true(iw_program_serves(IW_STR("C:\\php.exe"), IW_STR("php artisan serve"), NULL));
    assert_false(iw_program_serves(IW_STR("C:\\php.exe"), IW_STR("php -s x.php"), NULL));
    assert_false(iw_program_serves(IW_STR("C:\\php.exe"), IW_STR("php -Sx"), NULL));
    assert_false(iw_program_serves(IW_STR("C:\\php.exe"), IW_STR(""), NULL));
}

/* A name excuses nothing, and neither does a folder that is named like the genuine one. */
static void deployments_have_places(void **state)
{
    static const struct {
        const char *image;
        bool is_one;
    } CASES[] = {
        {"C:\\Program Files\\IIS\\Microsoft Web Deploy V3\\msdeploy.exe", true},
        {"C:\\Users\\Public\\msdeploy.exe", false},
        {"C:\\Windows\\System32\\msiexec.exe", true},
        {"C:\\Windows\\SysWOW64\\msiexec.exe", true},
        {"C:\\inetpub\\wwwroot\\msiexec.exe", false},
        {"C:\\Windows\\System32\\robocopy.exe", true},
        {"c:\\WINDOWS\\system32\\Robocopy.exe", true},
        {"C:\\Temp\\windows\\sysx\\robocopy.exe", false},
        {"C:\\Temp\\Windows\\System32\\robocopy.exe", false},
        {"D:\\Windows\\System32\\robocopy.exe", false},
        {"C:\\Windows\\System32\\spool\\drivers\\color\\robocopy.exe", false},
        {"C:\\Windows\\System32\\Tasks\\xcopy.exe", false},
        {"C:\\Windows\\System32\\..\\Temp\\xcopy.exe", false},
        {"C:\\Program Files\\Git\\cmd\\git.exe", true},
        {"C:\\Program Files (x86)\\Git\\mingw32\\bin\\git.exe", true},
        {"C:\\Windows\\Temp\\git.exe", false},
        {"C:\\Program Files x\\Git\\cmd\\git.exe", false},
        {"C:\\Windows\\Temp\\agent.worker.exe", false},
        {"D:\\agent\\bin\\Agent.Worker.exe", false},
        {"C:\\Program Files\\Octopus Deploy\\Tentacle\\Tentacle.exe", true},
        {"C:\\Octopus\\Tools\\Calamari\\28\\Calamari.exe", false},
        {"C:\\Windows\\WinSxS\\amd64_servicingstack_1\\TiWorker.exe", true},
        {"C:\\Windows\\WinSxS\\TiWorker.exe", false},
        {"C:\\Windows\\servicing\\TrustedInstaller.exe", true},
        {"C:\\inetpub\\wwwroot\\Windows\\servicing\\TrustedInstaller.exe", false},
        {"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_regiis.exe", true},
        {TEMPORARY "root\\aspnet_regiis.exe", false},
        {"C:\\Windows\\System32\\Dism\\DismHost.exe", true},
        {"C:\\Windows\\Temp\\1F2E\\dismhost.exe", false},
        {"robocopy.exe", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if ((iw_deployment_of_program(iw_str_of(CASES[i].image)) != NULL) != CASES[i].is_one)
            fail_msg("%s", CASES[i].image);
    }
    assert_non_null(iw_deployment_of_record(IW_STR("Application"), 11707));
    assert_null(iw_deployment_of_record(IW_STR("System"), 11707));
}

static void carriers_have_places(void **state)
{
    static const char *const CASES[][2] = {
        {"C:\\Windows\\System32\\dfsrs.exe", "replication of folders (DFSR)"},
        {"c:\\windows\\system32\\DFSRs.EXE", "replication of folders (DFSR)"},
        {"C:\\Users\\Public\\dfsrs.exe", NULL},
        {"D:\\Windows\\System32\\dfsrs.exe", NULL},
        {"C:\\Windows\\System32\\wbengine.exe", "Windows Server Backup"},
        {"C:\\Program Files\\Common Files\\Veeam\\Backup and Replication\\Agent\\VeeamAgent.exe",
         "a backup agent (Veeam)"},
        {"C:\\Program Files\\Veeam\\Endpoint Backup\\VeeamAgent.exe", "a backup agent (Veeam)"},
        {"C:\\Program Files (x86)\\Common Files\\Veeam\\Backup and "
         "Replication\\Agent\\VeeamAgent.exe",
         "a backup agent (Veeam)"},
        {"C:\\ProgramData\\Veeam\\VeeamAgent.exe", NULL},
        {"C:\\Program Files\\Veeam\\Endpoint Backup\\Veeam.EndPoint.Service.exe",
         "a backup agent (Veeam)"},
        {"C:\\Program Files\\Veritas\\NetBackup\\bin\\tar32.exe", "a backup agent (NetBackup)"},
        {"C:\\Program Files\\Veritas\\Backup Exec\\RAWS\\beremote.exe",
         "a backup agent (Backup Exec)"},
        {"C:\\Program Files\\Microsoft Azure Recovery Services Agent\\bin\\cbengine.exe",
         "a backup agent (Azure Backup)"},
        {"C:\\Windows\\System32\\robocopy.exe", NULL},
        {"dfsrs.exe", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const char *words = iw_carrier_words(iw_str_of(CASES[i][0]));
        if ((words == NULL) != (CASES[i][1] == NULL) ||
            (words != NULL && strcmp(words, CASES[i][1]) != 0))
            fail_msg("%s: %s", CASES[i][0], words != NULL ? words : "none");
        assert_int_equal(iw_carrier_restores(iw_str_of(CASES[i][0])),
                         words != NULL && strstr(words, "replication") == NULL);
        assert_null(words != NULL ? iw_deployment_of_program(iw_str_of(CASES[i][0])) : NULL);
    }
}

/* What a worker starts in ordinary work is that by its whole path; a copy of another program is
 * not, whatever it is called. */
static void housekeeping_is_windows_own(void **state)
{
    static const struct {
        const char *image, *original;
        bool is_own;
    } CASES[] = {
        {"C:\\Windows\\System32\\WerFault.exe", "WerFault.exe", true},
        {"C:\\Windows\\SysWOW64\\WerFault.exe", "", true},
        {"C:\\Windows\\System32\\wermgr.exe", "WerMgr", true},
        {"C:\\Windows\\System32\\conhost.exe", "CONHOST.EXE", true},
        {"C:\\Windows\\System32\\conhost.exe", "-", true},
        {"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\cvtres.exe", "CVTRES.EXE", true},
        {"C:\\Windows\\System32\\werfault.exe", "Cmd.Exe", false},
        {"C:\\Windows\\Temp\\werfault.exe", "Cmd.Exe", false},
        {"C:\\Windows\\Temp\\werfault.exe", "WerFault.exe", false},
        {"C:\\inetpub\\wwwroot\\Windows\\System32\\conhost.exe", "", false},
        {"conhost.exe", "", false},
        {"C:\\Windows\\System32\\cmd.exe", "Cmd.Exe", false},
        {"", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (iw_program_is_housekeeping(iw_str_of(CASES[i].image), iw_str_of(CASES[i].original)) !=
            CASES[i].is_own)
            fail_msg("%s %s", CASES[i].image, CASES[i].original);
    }
}

/* Python serving an application; the word anywhere else excuses nothing. */
static void applications_are_hosted(void **state)
{
    static const struct {
        const char *image, *command;
        bool is_hosted;
    } CASES[] = {
        {"C:\\Python\\python.exe", "python.exe D:\\site\\wfastcgi.py", true},
        {"C:\\Python\\python.exe", "\"C:\\Python\\python.exe\" \"D:\\my site\\wfastcgi.py\" x",
         true},
        {"C:\\Python\\python.exe", "python -m waitress --port=1 app:app", true},
        {"C:\\Python\\python.exe", "python -u -X utf8 -Wd -m uvicorn app:app", true},
        {"C:\\Python\\python.exe", "python -Im hypercorn app", true},
        {"C:\\Python\\python3.exe", "python3 C:\\Python\\Scripts\\waitress-serve.exe app", true},
        {"C:\\Python\\python.exe", "python C:\\Windows\\Temp\\wfastcgi.py", false},
        {"C:\\Python\\python.exe", "python -c \"import os #uvicorn\"", false},
        {"C:\\Python\\python.exe", "python x.py -m waitress", false},
        {"C:\\Python\\python.exe", "python x.py waitress", false},
        {"C:\\Python\\python.exe", "python -X waitress x.py", false},
        {"C:\\Python\\python.exe", "python -m notwaitress", false},
        {"C:\\Python\\python.exe", "python", false},
        {"C:\\Python\\python.exe", "", false},
        {"C:\\Windows\\System32\\mshta.exe", "mshta http://x/waitress", false},
        {"C:\\Windows\\System32\\mshta.exe", "mshta -m waitress", false},
        {"C:\\Windows\\System32\\cscript.exe", "cscript uvicorn", false},
        {"C:\\perl\\perl.exe", "perl -m waitress", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_program *program = iw_program_find(iw_str_of(CASES[i].image), IW_STR(""));
        assert_non_null(program);
        if (iw_program_is_hosted_application(program, iw_str_of(CASES[i].command)) !=
            CASES[i].is_hosted)
            fail_msg("%s", CASES[i].command);
    }
}

static void shapes_of_commands(void **state)
{
    static const char *const CASES[][2] = {
        {"\"C:\\x\\a.exe\"  /job 12345   /id 7f3a9c2e11", "\"c:\\x\\a.exe\" /job # /id #"},
        {"cmd /c C:\\Windows\\Temp\\tmp8A1.bat now", "cmd /c c:\\windows\\temp\\* now"},
        {"cmd /c ver ", "cmd /c ver"},
        {"", ""},
    };
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str shape = iw_command_shape(iw_str_of(CASES[i][0]), &arena);
        if (!iw_str_equal(shape, iw_str_of(CASES[i][1])))
            fail_msg("%s: '%.*s'", CASES[i][0], IW_STR_ARG(shape));
    }
    assert_non_null(iw_command_shape_words(
        iw_command_judge(IW_STR("cmd /c cd /d \"C:\\\"&net user&echo [S]&cd"))));
    assert_non_null(
        iw_command_shape_words(iw_command_judge(IW_STR("powershell -nop -W Hidden -Enc AAAA"))));
    assert_null(iw_command_shape_words(iw_command_judge(IW_STR("cmd /c ver"))));
    assert_true(
        iw_command_reads_secrets(IW_STR("appcmd list apppool /text:processModel.password")));
    assert_true(iw_command_reads_secrets(IW_STR("reg save HKLM\\SAM C:\\x")));
    assert_false(iw_command_reads_secrets(IW_STR("appcmd list apppool")));
    iw_arena_done(&arena);
}

/* Of what tools are told machines stand as they are. */
static void shapes_and_machines(void **state)
{
    static const char *const CASES[][2] = {
        {"robocopy \\\\FS01.lab\\release17 D:\\drop\\18 /R:3",
         "robocopy \\\\fs01.lab\\release# d:\\drop\\# /r:#"},
        {"robocopy \"\\\\10.20.3.5\\release\" D:\\x", "robocopy \"\\\\10.20.3.5\\release\" d:\\x"},
        {"robocopy //10.20.3.5/r D:\\x", "robocopy //10.20.3.5/r d:\\x"},
        {"xcopy \\/fs7\\r D:\\x", "xcopy \\/fs7\\r d:\\x"},
        {"xcopy \\\\?\\UNC\\fs7\\r9 D:\\x", "xcopy \\\\?\\unc\\fs7\\r# d:\\x"},
        {"xcopy \\\\?\\D:\\r9 D:\\x", "xcopy \\\\?\\d:\\r# d:\\x"},
        {"xcopy \\\\fs7@SSL@8443\\r9 D:\\x", "xcopy \\\\fs7@ssl@8443\\r# d:\\x"},
        {"xcopy \\\\deadbeef01\\r D:\\x", "xcopy \\\\deadbeef01\\r d:\\x"},
        {"git pull https://ci:x9@git2.lab:8443/shop9",
         "git pull https://ci:x9@git2.lab:8443/shop#"},
        {"git pull git@git2:shop9", "git pull git@git2:shop#"},
        {"git pull git@[2001:db8::5]:shop9", "git pull git@[2001:db8::5]:shop#"},
        {"git pull git2:shop9 v1.2.3", "git pull git2:shop# v#.#.#"},
        {"msdeploy -dest:auto,computerName=\"web2\",retry=3",
         "msdeploy -dest:auto,computername=\"web2\",retry=#"},
        {"msdeploy -dest:auto,wmsvc=web2,x=3", "msdeploy -dest:auto,wmsvc=web2,x=#"},
        {"tool 10.1.2.3 1.2.3 1.2.3.4.5", "tool 10.1.2.3 #.#.# #.#.#.#.#"},
        {"robocopy C:\\Windows\\Temp\\a1 D:\\x", "robocopy c:\\windows\\temp\\* d:\\x"},
        {"robocopy \\\\", "robocopy \\\\"},
        {"", ""},
    };
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str shape = iw_command_shape_and_machines(iw_str_of(CASES[i][0]), &arena);
        if (!iw_str_equal(shape, iw_str_of(CASES[i][1])))
            fail_msg("%s: '%.*s'", CASES[i][0], IW_STR_ARG(shape));
    }
    iw_arena_done(&arena);
}

/* --- clocks, scores ----------------------------------------------------------------------------
 */

static void order_of_clocks(void **state)
{
    const int64_t MS = 1000000;
    const uint8_t LOG = IW_CLOCK_LOG, SYS = IW_CLOCK_SYSMON, WEB = IW_CLOCK_REQUEST;
    const struct {
        struct iw_chain_moment a, b;
        enum iw_chain_order order;
    } CASES[] = {
        {{0, SYS}, {1, SYS}, IW_CHAIN_BEFORE},
        {{1, SYS}, {0, SYS}, IW_CHAIN_AFTER},
        {{1, SYS}, {1, SYS}, IW_CHAIN_UNDECIDED},
        {{0, SYS}, {2 * MS, LOG}, IW_CHAIN_UNDECIDED},
        {{0, SYS}, {2 * MS + 1, LOG}, IW_CHAIN_BEFORE},
        {{2 * MS, LOG}, {0, SYS}, IW_CHAIN_UNDECIDED},
        {{2 * MS + 1, LOG}, {0, SYS}, IW_CHAIN_AFTER},
        {{0, SYS}, {1001 * MS, WEB}, IW_CHAIN_UNDECIDED},
        {{0, SYS}, {1001 * MS + 1, WEB}, IW_CHAIN_BEFORE},
        {{IW_TIME_UNKNOWN, SYS}, {0, SYS}, IW_CHAIN_UNDECIDED},
        {{INT64_MAX, SYS}, {INT64_MIN + 1, SYS}, IW_CHAIN_AFTER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(iw_chain_order_of(CASES[i].a, CASES[i].b), CASES[i].order);
    assert_int_equal(iw_chain_longest_slack_ns(), 2 * MS);
}

static void levels_begin_where_they_say(void **state)
{
    (void)state;
    for (int i = IW_LEVEL_LOW; i < IW_LEVEL_COUNT; i++) {
        uint32_t begins = iw_chain_level_begins((enum iw_level)i);
        assert_int_equal(iw_chain_level(begins), i);
        assert_int_equal(iw_chain_level(begins - 1), i - 1);
    }
    assert_int_equal(iw_chain_score(IW_MARK(SHELL)), 50);
    assert_int_equal(iw_chain_score(IW_MARK(SHELL) | IW_MARK(BURST)), 50);
    assert_int_equal(iw_chain_score(IW_MARK(SHELL) | IW_MARK(USUAL)), 10);
    assert_int_equal(iw_chain_score(IW_MARK(SHELL) | IW_MARK(FILE) | IW_MARK(COMPILED)), 75);
    assert_int_equal(iw_chain_score(~(iw_chain_marks)0 & ~(IW_MARK(USUAL) | IW_MARK(USUAL_HERE))),
                     100);
}

/* The document and the code are one table. */
static void the_document_says_the_same(void **state)
{
    char path[1024], line[4096];
    bool is_told[IW_MARK_COUNT] = {false};
    size_t n_levels = 0;
    FILE *file;
    (void)state;
    (void)snprintf(path, sizeof path, "%s/docs/DETECTIONS.md", IW_TEST_SOURCE_DIR);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        for (int i = 0; i < IW_MARK_COUNT; i++) {
            const struct iw_chain_mark_row *row = iw_chain_mark_row((enum iw_chain_mark)i);
            char head[96];
            (void)snprintf(head, sizeof head, "| `%s` | %+d | ", row->name, (int)row->points);
            is_told[i] |= strncmp(line, head, strlen(head)) == 0;
        }
        for (int i = 0; i < IW_LEVEL_COUNT; i++) {
            char whole[64];
            (void)snprintf(whole, sizeof whole, "| %s | %u |\n", iw_level_name((enum iw_level)i),
                           iw_chain_level_begins((enum iw_level)i));
            n_levels += strcmp(line, whole) == 0;
        }
    }
    (void)fclose(file);
    for (int i = 0; i < IW_MARK_COUNT; i++) {
        if (!is_told[i])
            fail_msg("docs/DETECTIONS.md does not have %s with its points",
                     iw_chain_mark_row((enum iw_chain_mark)i)->name);
    }
    assert_int_equal(n_levels, IW_LEVEL_COUNT);
}

/* --- telemetry -------------------------------------------------------------------------------- */

static void sources_of_a_host(void **state)
{
    struct iw_field_fill with[] = {{IW_STR("CommandLine"), 4, 2}, {IW_STR("ParentImage"), 4, 0}};
    struct iw_telemetry_row rows[] = {
        {.host = IW_STR("web01"),
         .channel = IW_STR("Microsoft-Windows-Sysmon/Operational"),
         .event_id = 1,
         .first_ns = 10,
         .last_ns = 20,
         .fields = with,
         .n_fields = 2},
        {.host = IW_STR("web01"),
         .channel = IW_STR("Security"),
         .event_id = 4688,
         .first_ns = 5,
         .last_ns = 15},
        {.host = IW_STR("web02"),
         .channel = IW_STR("Microsoft-Windows-Sysmon/Operational"),
         .event_id = 11,
         .first_ns = 1,
         .last_ns = 2},
    };
    struct iw_telemetry telemetry = {.rows = rows, .n_rows = 3};
    struct iw_chain_telemetry_rows by_host;
    struct iw_chain_telemetry told;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_chain_telemetry_rows_init(&by_host, &telemetry), IW_OK);
    assert_int_equal(iw_chain_telemetry_read(&by_host, IW_STR("WEB01"), &arena, &told), IW_OK);
    assert_false(told.of[IW_CHAIN_SOURCE_FILES].is_seen);
    assert_true(told.of[IW_CHAIN_SOURCE_PROCESSES].is_seen);
    assert_int_equal(told.of[IW_CHAIN_SOURCE_PROCESSES].first_ns, 5);
    assert_int_equal(told.of[IW_CHAIN_SOURCE_PROCESSES].last_ns, 20);
    assert_true(
        iw_str_equal(told.of[IW_CHAIN_SOURCE_PROCESSES].by, IW_STR("Sysmon 1, Security 4688")));
    assert_true(told.of[IW_CHAIN_SOURCE_COMMAND_LINES].is_seen);
    assert_int_equal(told.of[IW_CHAIN_SOURCE_COMMAND_LINES].first_ns, 10);
    assert_false(told.of[IW_CHAIN_SOURCE_PARENTS].is_seen);
    assert_int_equal(iw_chain_telemetry_read(&by_host, IW_STR("WEB03"), &arena, &told), IW_OK);
    assert_false(told.of[IW_CHAIN_SOURCE_PROCESSES].is_seen);
    iw_chain_telemetry_rows_done(&by_host);
    iw_arena_done(&arena);
}

/* What is read for all hosts is every row once, however many hosts there are. */
static void sources_of_many_hosts(void **state)
{
    static struct iw_telemetry_row rows[5000];
    static char names[5000][24];
    struct iw_telemetry telemetry = {.rows = rows, .n_rows = sizeof rows / sizeof rows[0]};
    struct iw_chain_telemetry_rows by_host;
    struct iw_chain_telemetry told;
    struct iw_arena arena;
    (void)state;
    for (size_t i = 0; i < telemetry.n_rows; i++) {
        (void)snprintf(names[i], sizeof names[i], "h%05zu", i);
        rows[i] = (struct iw_telemetry_row){
            .host = iw_str_of(names[i]), .channel = IW_STR("Security"), .event_id = 4688};
    }
    assert_int_equal(iw_chain_telemetry_rows_init(&by_host, &telemetry), IW_OK);
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < telemetry.n_rows; i++) {
        iw_arena_reset(&arena);
        assert_int_equal(iw_chain_telemetry_read(&by_host, iw_str_of(names[i]), &arena, &told),
                         IW_OK);
        assert_true(told.of[IW_CHAIN_SOURCE_PROCESSES].is_seen);
    }
    assert_int_equal(by_host.n_read, telemetry.n_rows);
    iw_arena_done(&arena);
    iw_chain_telemetry_rows_done(&by_host);
}

/* --- facts as bytes ----------------------------------------------------------------------------
 */

static void facts_come_back(void **state)
{
    char long_text[IW_LIMIT_CONTEXT_TEXT_BYTES + 8];
    struct iw_chain_fact fact = {
        .kind = IW_CHAIN_FACT_PROCESS,
        .action = IW_CHAIN_NO_ACTION,
        .process = {.has_pid = true, .pid = UINT64_MAX, .image = IW_STR("C:\\x\\cmd.exe")},
        .has_logon = true,
        .logon_id = 0x3e7,
        .command_line = IW_STR("cmd"),
        .path = IW_STR("p"),
        .detail = IW_STR("d"),
        .new_value = IW_STR("n")};
    struct iw_chain_fact back;
    struct iw_buffer bytes;
    (void)state;
    memset(long_text, 'a', sizeof long_text);
    fact.process.guid.bytes[3] = 9;
    iw_buffer_init(&bytes);
    iw_chain_fact_write(&fact, &bytes);
    assert_true(iw_chain_fact_parse(iw_buffer_str(&bytes), &back));
    assert_int_equal(back.process.pid, UINT64_MAX);
    assert_int_equal(back.process.guid.bytes[3], 9);
    assert_int_equal(back.logon_id, 0x3e7);
    assert_true(iw_str_equal(back.process.image, fact.process.image));
    assert_true(iw_str_equal(back.new_value, fact.new_value));
    assert_false(back.parent.has_pid);
    for (size_t n = 0; n < bytes.n; n++)
        assert_false(iw_chain_fact_parse((struct iw_str){bytes.p, n}, &back));
    /* What a command tells is kept where its text is cut, and so is what a path ends with. */
    memset(long_text, ' ', sizeof long_text);
    memcpy(long_text + sizeof long_text - 6, " -enc ", 6);
    fact.command_line = (struct iw_str){long_text, sizeof long_text};
    iw_buffer_clear(&bytes);
    iw_chain_fact_write(&fact, &bytes);
    assert_true(iw_chain_fact_parse(iw_buffer_str(&bytes), &back));
    assert_int_equal(back.command_line.n, IW_LIMIT_CONTEXT_TEXT_BYTES);
    assert_string_equal(iw_command_shape_words(iw_chain_fact_command(&back)),
                        "an encoded command of PowerShell");
    iw_buffer_clear(&bytes); /* and once more, of what was read back */
    iw_chain_fact_write(&back, &bytes);
    assert_true(iw_chain_fact_parse(iw_buffer_str(&bytes), &back));
    assert_int_not_equal(iw_chain_fact_command(&back), 0);
    fact.command_line = IW_STR("powershell -enc x");
    assert_string_equal(iw_command_shape_words(iw_chain_fact_command(&fact)),
                        "an encoded command of PowerShell");
    memset(long_text, 'a', sizeof long_text);
    memcpy(long_text, "C:\\web\\", 7);
    memcpy(long_text + sizeof long_text - 7, "\\x.aspx", 7);
    fact.path = (struct iw_str){long_text, sizeof long_text};
    iw_buffer_clear(&bytes);
    iw_chain_fact_write(&fact, &bytes);
    assert_true(iw_chain_fact_parse(iw_buffer_str(&bytes), &back));
    assert_true(back.path.n <= IW_LIMIT_CONTEXT_TEXT_BYTES);
    assert_true(iw_str_begins_nocase(back.path, IW_STR("C:\\web\\aaa")));
    assert_true(iw_str_ends_nocase(back.path, IW_STR("aaa\\x.aspx")));
    assert_true(iw_str_find(back.path, IW_STR("...[2056 bytes, ")) != SIZE_MAX);
    assert_int_equal(iw_web_file_class_of(back.path, NULL), IW_WEB_FILE_SCRIPT);
    fact.path = (struct iw_str){long_text, IW_LIMIT_CONTEXT_TEXT_BYTES};
    iw_buffer_clear(&bytes);
    iw_chain_fact_write(&fact, &bytes);
    assert_true(iw_chain_fact_parse(iw_buffer_str(&bytes), &back));
    assert_int_equal(back.path.n, IW_LIMIT_CONTEXT_TEXT_BYTES);
    assert_true(iw_str_find(back.path, IW_STR("bytes")) == SIZE_MAX);
    fact.path = IW_STR("p");
    memset(long_text, 'a', sizeof long_text);
    /* Texts at the limit stay whole, one past it is cut. */
    for (size_t more = 0; more < 2; more++) {
        fact.command_line = (struct iw_str){long_text, IW_LIMIT_CONTEXT_TEXT_BYTES + more};
        iw_buffer_clear(&bytes);
        iw_chain_fact_write(&fact, &bytes);
        assert_true(iw_chain_fact_parse(iw_buffer_str(&bytes), &back));
        assert_int_equal(back.command_line.n, IW_LIMIT_CONTEXT_TEXT_BYTES);
    }
    iw_buffer_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(settings_are_read),
        cmocka_unit_test(bad_settings_are_named),
        cmocka_unit_test(a_file_of_settings),
        cmocka_unit_test(classes_of_files),
        cmocka_unit_test(endings_that_execute_are_of_interest),
        cmocka_unit_test(one_file_many_spellings),
        cmocka_unit_test(pages_of_compiling),
        cmocka_unit_test(applications_of_compiling),
        cmocka_unit_test(programs_are_known),
        cmocka_unit_test(pages_are_compiled),
        cmocka_unit_test(deployments_have_places),
        cmocka_unit_test(carriers_have_places),
        cmocka_unit_test(housekeeping_is_windows_own),
        cmocka_unit_test(applications_are_hosted),
        cmocka_unit_test(shapes_of_commands),
        cmocka_unit_test(shapes_and_machines),
        cmocka_unit_test(order_of_clocks),
        cmocka_unit_test(levels_begin_where_they_say),
        cmocka_unit_test(the_document_says_the_same),
        cmocka_unit_test(sources_of_a_host),
        cmocka_unit_test(sources_of_many_hosts),
        cmocka_unit_test(facts_come_back),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
