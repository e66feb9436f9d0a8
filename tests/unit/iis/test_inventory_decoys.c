/*
 * Files, folders and names that an intruder makes to be taken for others: what is read, and what is
 * told of it. What Windows takes for which follows from Microsoft's "Naming Files, Paths, and
 * Namespaces".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/iis/inventory_rig.h"

/* `config.` sorts before `config`; a folder made around the rules of Windows takes nothing's place.
 */
static void names_made_to_be_taken_for_others(void **state)
{
    static const char *const DECOYS[] = {"config.", "config "};
    const struct iw_inventory_server *server;
    (void)state;
    put_server("W/C/Windows/System32/inetsrv/config/applicationHost.config", NULL,
               "<globalModules><add name='A' image='a.dll'/></globalModules>");
    put_text("W/C/web/a.aspx", "<% eval(Request.Item[\"x\"]) %>");
    for (size_t i = 0; i < sizeof DECOYS / sizeof DECOYS[0]; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "W/C/Windows/System32/inetsrv/%s/applicationHost.config",
                       DECOYS[i]);
        put_server(path, NULL, "");
    }
    put_text("W/C/web./a.aspx", "harmless");
    put_text("W/C/web./web.config", "<configuration><system.webServer><handlers><clear/>"
                                    "</handlers></system.webServer></configuration>");
    inventory_of("W");
    server = server_of("W");
    assert_non_null(component_of(server, "globalModule", "A"));
    assert_string_equal(web_files_of(server), "C:\\web\\a.aspx");
    assert_string_not_equal(marks_of(&server->web_files[0]), "");
    assert_string_equal(problems_of(server), "odd-name:0");
}

/* `C:\Windows ` and `C:\web\...` are folders of their own, also where the configuration names them.
 */
static void folders_made_to_look_like_others(void **state)
{
    static const struct {
        const char *written, *file;
        bool is_genuine;
    } MODULES[] = {
        {"%windir%\\System32\\inetsrv\\cachhttp.dll", "W/C/Windows/System32/inetsrv/cachhttp.dll",
         true},
        {"%windir%.\\System32\\inetsrv\\cachhttp.dll.", "W/C/Windows/System32/inetsrv/cachhttp.dll",
         true},
        {"%windir% \\System32\\inetsrv\\cachhttp.dll", "W/C/Windows /System32/inetsrv/cachhttp.dll",
         false},
        {"%windir%\\...\\System32\\inetsrv\\cachhttp.dll",
         "W/C/Windows/.../System32/inetsrv/cachhttp.dll", false},
    };
    const struct iw_lab_pe_options program = {.company = "Microsoft Corporation"};
    (void)state;
    for (size_t i = 0; i < sizeof MODULES / sizeof MODULES[0]; i++)
        put_program(MODULES[i].file, &program);
    put_text("W/C/web /shell.aspx", "<% eval(Request.Item[\"x\"]) %>");
    put_text("W/C/web/a.aspx", "a");
    for (size_t i = 0; i < sizeof MODULES / sizeof MODULES[0]; i++) {
        char modules[256];
        const struct iw_inventory_server *server;
        const struct iw_inventory_component *row;
        (void)snprintf(modules, sizeof modules,
                       "<globalModules><add name='HttpCacheModule' image='%s'/></globalModules>",
                       MODULES[i].written);
        put_server("W/C/Windows/System32/inetsrv/config/applicationHost.config",
                   "<sites><site name='S' id='1'><application path='/'><virtualDirectory path='/' "
                   "physicalPath='C:\\web \\'/></application></site></sites>",
                   modules);
        inventory_of("W");
        server = server_of("W");
        row = component_of(server, "globalModule", "HttpCacheModule");
        assert_non_null(row);
        assert_int_equal(row->known == IW_ITEM_KNOWN_AS_IT_IS, MODULES[i].is_genuine);
        assert_int_equal(row->notes.n, MODULES[i].is_genuine ? 0 : 1);
        assert_non_null(strstr(files_of(row), "read"));
        assert_non_null(strstr(row->files[0].source.p, MODULES[i].file + 4));
        assert_string_equal(web_files_of(server), "C:\\web \\shell.aspx");
        assert_int_equal(server->n_roots, 1);
        assert_true(server->roots[0].is_collected);
    }
}

/* U+017F folds to s; the file system knows both names. */
static void names_that_fold_to_one(void **state)
{
    (void)state;
    put_server("W/C/Windows/System32/inetsrv/config/applicationHost.config", NULL, "");
    put_text("W/C/web/shell.aspx", "a");
    put_text("W/C/web/\xC5\xBFhell.aspx", "b");
    inventory_of("W");
    assert_string_equal(web_files_of(server_of("W")),
                        "C:\\web\\shell.aspx C:\\web\\\xC5\xBFhell.aspx");
}

static void copies_of_one_path(void **state)
{
    (void)state;
    put_server("a/W/C/Windows/System32/inetsrv/config/applicationHost.config", NULL, "");
    put_text("a/W/C/web/x.aspx", "same");
    put_server("b/W/C/Windows/System32/inetsrv/config/applicationHost.config", NULL, "");
    put_text("b/W/C/web/x.aspx", "same");
    inventory_of(".");
    assert_string_equal(problems_of(server_of("W")), "");
    assert_string_equal(ledger_of("b/W/C/web/x.aspx"),
                        "skipped: another copy of the same path was read");
    put_text("b/W/C/web/x.aspx", "othr");
    inventory_of(".");
    assert_string_equal(problems_of(server_of("W")), "copy:0");
}

static void a_page_that_begins_like_a_program(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server("W/C/Windows/System32/inetsrv/config/applicationHost.config", NULL, "");
    put_text("W/C/web/a.aspx", "MZ<%@ Page Language=\"Jscript\"%><%eval(Request.Item[\"x\"]);%>");
    inventory_of("W");
    server = server_of("W");
    assert_int_equal(server->n_web_files, 1);
    assert_non_null(strstr(marks_of(&server->web_files[0]), "evaluates-request"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, inventory_enter, inventory_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_made_to_be_taken_for_others),
        TEST(folders_made_to_look_like_others),
        TEST(names_that_fold_to_one),
        TEST(copies_of_one_path),
        TEST(a_page_that_begins_like_a_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
