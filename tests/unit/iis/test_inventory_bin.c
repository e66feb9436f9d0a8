/*
 * DLLs in the bin of an application that have no role of a module. What ASP.NET loads from where
 * follows from Microsoft's "How the runtime locates assemblies" and its reference of compilation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/iis/inventory_rig.h"

/* ASP.NET loads what lies in the bin of an application, and there alone. */
static void libraries_in_bin(void **state)
{
    static const struct iw_lab_pe_options LIBRARY = {.kind = IW_LAB_PE_LIBRARY};
    const struct iw_inventory_server *server;
    const struct iw_inventory_component *component;
    (void)state;
    put_server(CONFIG "applicationHost.config", SITE("/", "D:\\shop"), "");
    put_program("WEB01/D/shop/bin/helper.dll", &LIBRARY);
    put_program("WEB01/D/shop/bin/tool.exe", &LIBRARY);
    put_program("WEB01/D/shop/sub/bin/other.dll", &LIBRARY);
    put_program("WEB01/D/elsewhere/bin/none.dll", &LIBRARY);
    inventory_of(NULL);
    server = server_of("WEB01");
    component = component_of(server, "binFile", "helper.dll");
    assert_non_null(component);
    assert_string_equal(component->state, "file");
    assert_string_equal(files_of(component), "read");
    assert_true(iw_str_equal(component->scope, IW_STR("S")));
    assert_null(component_of(server, "binFile", "tool.exe"));
    assert_null(component_of(server, "binFile", "other.dll"));
    assert_null(component_of(server, "binFile", "none.dll"));
    component = component_of(server, "virtualDirectory", "/");
    assert_true(iw_str_equal(component->image_path, IW_STR("D:\\shop")));
    assert_int_equal(component->n_files, 0);
    assert_int_equal(component->known, IW_ITEM_KNOWN_NOT_ASKED);
}

static void libraries_of_an_assumed_root(void **state)
{
    (void)state;
    put_text("WEB01/C/inetpub/wwwroot/default.aspx", "<%@ Page %>");
    put_program("WEB01/C/inetpub/wwwroot/bin/helper.dll",
                &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY});
    put_program("WEB01/C/inetpub/wwwroot/a/bin/other.dll",
                &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY});
    inventory_of(NULL);
    assert_non_null(component_of(server_of("WEB01"), "binFile", "helper.dll"));
    assert_null(component_of(server_of("WEB01"), "binFile", "other.dll"));
}

/* The configuration of the server is not in evidence: which folder is an application is not known,
 * and the nearest bin above the web.config that has the assembly is taken. */
static void assembly_of_an_unplaced_web_config(void **state)
{
    static const struct iw_lab_pe_options LIBRARY = {.kind = IW_LAB_PE_LIBRARY};
#define NAMES(name)                                                                                \
    "<configuration><system.webServer><modules><add name='" name "' type='Ns." name ", " name      \
    "'/></modules></system.webServer></configuration>"
    const struct iw_inventory_server *server;
    const struct iw_inventory_component *component;
    (void)state;
    put_text("WEB01/C/inetpub/wwwroot/default.aspx", "<%@ Page %>");
    put_text("WEB01/D/sites/shop/web.config", NAMES("Beside"));
    put_program("WEB01/D/sites/shop/bin/Beside.dll", &LIBRARY);
    put_text("WEB01/D/sites/shop/admin/web.config", NAMES("Above"));
    put_program("WEB01/D/sites/shop/bin/Above.dll", &LIBRARY);
    put_program("WEB01/D/sites/bin/Above.dll", &LIBRARY);
    put_text("WEB01/D/sites/other/web.config", NAMES("Elsewhere"));
    put_program("WEB01/D/sites/shop/bin/Elsewhere.dll", &LIBRARY);
    /* Fifteen folders above its own are looked into, not sixteen. */
    put_text("WEB01/D/a/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/web.config", NAMES("Deep"));
    put_program("WEB01/D/a/bin/Deep.dll", &LIBRARY);
    put_text("WEB01/D/b/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/web.config", NAMES("Deeper"));
    put_program("WEB01/D/b/bin/Deeper.dll", &LIBRARY);
    inventory_of(NULL);
    server = server_of("WEB01");
    component = component_of(server, "managedModule", "Beside");
    assert_non_null(component);
    assert_int_equal(component->n_files, 1);
    assert_true(iw_str_equal(component->files[0].path, IW_STR("D:\\sites\\shop\\bin\\Beside.dll")));
    component = component_of(server, "managedModule", "Above");
    assert_non_null(component);
    assert_int_equal(component->n_files, 1);
    assert_true(iw_str_equal(component->files[0].path, IW_STR("D:\\sites\\shop\\bin\\Above.dll")));
    assert_int_equal(component_of(server, "managedModule", "Elsewhere")->n_files, 0);
    assert_int_equal(component_of(server, "managedModule", "Deep")->n_files, 1);
    assert_int_equal(component_of(server, "managedModule", "Deeper")->n_files, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, inventory_enter, inventory_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(libraries_in_bin),
        TEST(libraries_of_an_assumed_root),
        TEST(assembly_of_an_unplaced_web_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
