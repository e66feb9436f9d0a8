/*
 * Web files of an inventory: which execute, what stands out of them, and whose roots they lie in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "tests/unit/evidence/tree.h"
#include "tests/unit/iis/inventory_rig.h"

static void files_that_execute(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL, ASPX);
    put_text("WEB01/C/web/a.aspx", "<%@ Page %>");
    put_text("WEB01/C/web/pic.png", "x");
    put_text("WEB01/C/web/sub/B.ASPX",
             "{\"EventID\":1,\"Channel\":\"C\"}\n"); /* looks like a log */
    put_text("WEB01/C/web/none.php", "<?php ?>");    /* no handler runs it */
    put_text("WEB01/C/web/App_Code/c.cs", "class C {}");
    put_text("WEB01/C/other/c.aspx", "<%@ Page %>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(web_files_of(server), "C:\\web\\App_Code\\c.cs C:\\web\\a.aspx "
                                              "C:\\web\\sub\\B.ASPX");
    assert_true(iw_str_equal(server->web_files[1].handler, IW_STR("Pages")));
    assert_true(iw_str_equal(server->web_files[1].urls.items[0], IW_STR("/a.aspx")));
    assert_true(server->web_files[1].is_certain);
    assert_int_equal(server->web_files[1].file.size_bytes, 11);
    assert_int_equal(server->roots[0].n_files, 5);
    assert_int_equal(server->roots[0].n_executable, 3);
    assert_string_equal(ledger_of("pic.png"),
                        "skipped: below a web root, and does not execute: not read");
    assert_string_equal(ledger_of("other/c.aspx"), "skipped: unknown type");
}

static void roots_without_configuration(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_text("WEB01/C/inetpub/wwwroot/a.aspx", "<%@ Page %>");
    put_text("WEB01/C/inetpub/wwwroot/a.txt", "x");
    put_text("WEB01/C/inetpub/other/a.aspx", "<%@ Page %>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(web_files_of(server), "C:\\inetpub\\wwwroot\\a.aspx");
    assert_false(server->web_files[0].is_certain);
    assert_true(server->roots[0].is_assumed);
    assert_false(server->is_authoritative);
}

/* Marks by content first, then by place; what only says what a page is makes none stand out. */
static void web_files_that_stand_out(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL, ASPX);
    put_text("WEB01/C/web/a.aspx", "<%@ Page Inherits=\"A\" %>");
    put_text("WEB01/C/web/b.aspx", "<%@ Page Inherits=\"A\" %>\n<% x %>");
    put_text("WEB01/C/web/img/a.png", "x");
    put_text("WEB01/C/web/img/b.css", "x");
    put_text("WEB01/C/web/img/c.html", "x");
    put_text("WEB01/C/web/img/t.aspx", "<%@ Page %>\n<% Process.Start(x) %>");
    put_program("WEB01/C/web/p.aspx", &MODULE);
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(web_files_of(server), "C:\\web\\a.aspx C:\\web\\b.aspx "
                                              "C:\\web\\img\\t.aspx C:\\web\\p.aspx");
    assert_string_equal(marks_of(&server->web_files[0]), "code-elsewhere");
    assert_false(server->web_files[0].stands_out);
    assert_string_equal(marks_of(&server->web_files[1]), "");
    assert_string_equal(marks_of(&server->web_files[2]),
                        "starts-process only-script upload-folder");
    assert_true(iw_str_equal(server->web_files[2].marks.items[0],
                             IW_STR("starts-process: starts a process (line 2)")));
    assert_true(server->web_files[2].stands_out);
    assert_string_equal(marks_of(&server->web_files[3]), "is-program");
}

#define ASP_HANDLER(path)                                                                          \
    "<handlers><add name='x' path='" path "' verb='*' modules='IsapiModule' "                      \
    "scriptProcessor='C:\\Windows\\System32\\inetsrv\\asp.dll'/></handlers>"
#define LET_THROUGH                                                                                \
    "<security><requestFiltering><hiddenSegments><remove segment='web.config'/></hiddenSegments>"  \
    "</requestFiltering></security>"

/* A web.config runs by what is in force, whichever file says it and however it is written. */
static void web_configs_that_run(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               ASPX "<security><requestFiltering><fileExtensions/><hiddenSegments>"
                    "<add segment='web.config'/></hiddenSegments></requestFiltering></security>");
    /* It names itself. */
    put_text("WEB01/C/web/a/web.config",
             "<configuration><system.webServer>" ASP_HANDLER("web&#46;c*") LET_THROUGH
             "</system.webServer>"
             "</configuration>");
    /* The folder above names it. */
    put_text("WEB01/C/web/b/web.config", "<configuration><system.webServer>" ASP_HANDLER(
                                             "*.con*") "</system.webServer></configuration>");
    put_text("WEB01/C/web/b/c/web.config",
             "<configuration><system.webServer>" LET_THROUGH "</system.webServer></configuration>");
    /* Request filtering refuses it. */
    put_text("WEB01/C/web/d/web.config", "<configuration><system.webServer>" ASP_HANDLER(
                                             "*.config") "</system.webServer></configuration>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(web_files_of(server), "C:\\web\\a\\web.config C:\\web\\b\\c\\web.config");
    assert_string_equal(marks_of(&server->web_files[0]), "runs-configuration lifts-filter");
    assert_string_equal(marks_of(&server->web_files[1]), "lifts-filter runs-configuration");
    assert_true(server->web_files[1].n_strong_marks == 1);
}

/* Where no configuration of the server is in evidence, by what the file says itself. */
static void web_configs_that_say_they_run(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_text("WEB01/C/inetpub/wwwroot/a.aspx", "<%@ Page %>");
    put_text("WEB01/D/sites/shop/up/web.config",
             "<configuration><system.webServer>" ASP_HANDLER("*.con*") "</system.webServer>"
                                                                       "</configuration>");
    put_text("WEB01/D/sites/shop/web.config",
             "<configuration><system.webServer>" ASP_HANDLER("*.foo") "</system.webServer>"
                                                                      "</configuration>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(web_files_of(server), "C:\\inetpub\\wwwroot\\a.aspx "
                                              "D:\\sites\\shop\\up\\web.config");
    assert_string_equal(marks_of(&server->web_files[1]), "runs-configuration");
    assert_false(server->web_files[1].is_certain);
}

static void set_day(const char *path, time_t day)
{
    const struct timespec times[2] = {{.tv_sec = day * 24 * 3600}, {.tv_sec = day * 24 * 3600}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Times say something only where the collector kept them. */
static void a_file_younger_than_its_neighbours(void **state)
{
    static const char *const FILES[] = {"WEB01/C/web/a.aspx", "WEB01/C/web/b.aspx",
                                        "WEB01/C/web/c.aspx", "WEB01/C/web/d.aspx",
                                        "WEB01/C/web/e.aspx", "WEB01/C/web/x.aspx"};
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL, ASPX);
    set_day(CONFIG "applicationHost.config", 20000);
    for (size_t i = 0; i < 6; i++) {
        put_text(FILES[i], "<%@ Page %>");
        set_day(FILES[i], 20000);
    }
    inventory_of(NULL);
    assert_string_equal(marks_of(&server_of("WEB01")->web_files[5]), "");
    for (size_t i = 0; i < 5; i++)
        set_day(FILES[i], 19900 - (time_t)i);
    inventory_of(NULL);
    assert_string_equal(marks_of(&server_of("WEB01")->web_files[5]), "younger-than-neighbours");
    assert_string_equal(marks_of(&server_of("WEB01")->web_files[0]), "");
}

/* What is in a copy is no newer than the copy: but for the stamp of an archive. */
static void time_of_the_copy_of_the_configuration(void **state)
{
    static const char *const FILES[] = {"WEB01/C/web/a.aspx", "WEB01/C/web/b.aspx",
                                        "WEB01/C/web/c.aspx"};
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL, ASPX);
    set_day(CONFIG "applicationHost.config", 19000);
    for (size_t i = 0; i < 3; i++) {
        put_text(FILES[i], "<%@ Page %>");
        set_day(FILES[i], 20000); /* as collected: the one time is its own all the same */
    }
    inventory_of(NULL);
    assert_int_equal(server_of("WEB01")->config_copy_ns,
                     INT64_C(19000) * 24 * 3600 * IW_NS_PER_SECOND);
    for (size_t i = 0; i < 3; i++)
        set_day(FILES[i], 19000);
    inventory_of(NULL);
    assert_int_equal(server_of("WEB01")->config_copy_ns, IW_TIME_UNKNOWN);
}

/* The same marks whatever the number of threads and the order of files: many pages at once. */
static void many_pages_at_once(void **state)
{
    char path[64], text[64];
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL, ASPX);
    for (unsigned i = 0; i < 200; i++) {
        (void)snprintf(path, sizeof path, "WEB01/C/web/%03u.aspx", i);
        (void)snprintf(text, sizeof text, "%.*s<%% %s %%>", (int)(i % 7), "\n\n\n\n\n\n\n",
                       i % 2 != 0 ? "Process.Start(x)" : "x");
        put_text(path, text);
    }
    inventory_of(NULL);
    assert_int_equal(server_of("WEB01")->n_web_files, 200);
    for (unsigned i = 0; i < 200; i++) {
        const struct iw_inventory_web_file *page = &server_of("WEB01")->web_files[i];
        (void)snprintf(text, sizeof text, "starts-process: starts a process (line %u)", i % 7 + 1);
        assert_int_equal(page->marks.n, i % 2);
        if (i % 2 != 0)
            assert_true(iw_str_equal(page->marks.items[0], iw_str_of(text)));
    }
}

/* What Exchange's setup makes a root is assumed where something of it is there. */
static void roots_of_products(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_text("WEB01/C/Program Files/Microsoft/Exchange Server/V15/FrontEnd/HttpProxy/owa/auth/"
             "x.aspx",
             "<%@ Page %>");
    put_text("WEB01/C/Program Files/Microsoft/Exchange Server/V15/Bin/y.aspx", "<%@ Page %>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_int_equal(server->n_web_files, 1);
    assert_int_equal(server->n_roots, 2); /* and wwwroot, of which nothing is there */
    assert_true(server->roots[0].is_assumed && server->roots[1].is_assumed);
    assert_false(server->roots[0].is_collected);
    assert_true(server->roots[1].is_collected);
    assert_true(iw_str_equal(server->roots[1].path,
                             IW_STR("C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
                                    "FrontEnd\\HttpProxy")));
}

/* What the configuration of IIS says is nothing to the folder of another server. */
static void roots_of_other_servers(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_text("WEB01/C/Windows/System32/inetsrv/config/applicationHost.config",
             "<configuration><system.applicationHost><sites><site name=\"S\" id=\"1\">"
             "<application path=\"/\"><virtualDirectory path=\"/\" physicalPath=\"D:\\s\" />"
             "</application></site></sites></system.applicationHost></configuration>");
    put_text("WEB01/C/xampp/htdocs/x.php", "<?php ?>");
    put_text("WEB01/C/Program Files/Update Services/WebServices/y.aspx", "<%@ Page %>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_int_equal(server->n_roots, 2); /* the site's; none of WSUS, which runs below IIS */
    assert_false(server->roots[0].is_assumed);
    assert_true(server->roots[1].is_assumed && server->roots[1].is_collected);
    assert_true(iw_str_equal(server->roots[1].path, IW_STR("C:\\xampp\\htdocs")));
    assert_int_equal(server->n_web_files, 1);
}

static void a_page_given_alone(void **state)
{
    (void)state;
    put_text("x.aspx", "<%@ Page %>");
    put_text("y.txt", "text");
    inventory_of(NULL);
    assert_int_equal(rig_run.inventory.n_servers, 1);
    assert_int_equal(rig_run.inventory.servers[0].n_web_files, 1);
    assert_string_equal(ledger_of("x.aspx"), "read");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, inventory_enter, inventory_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_that_execute),
        TEST(roots_without_configuration),
        TEST(web_files_that_stand_out),
        TEST(web_configs_that_run),
        TEST(web_configs_that_say_they_run),
        TEST(a_file_younger_than_its_neighbours),
        TEST(time_of_the_copy_of_the_configuration),
        TEST(many_pages_at_once),
        TEST(roots_of_products),
        TEST(roots_of_other_servers),
        TEST(a_page_given_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
