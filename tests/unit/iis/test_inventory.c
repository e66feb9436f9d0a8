/*
 * From trees of files to servers. What is expected follows from Microsoft's documentation of IIS:
 * where files lie, which of two twins a worker loads, what a web.config may add, what executes.
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
#include "tests/support/skip_because.h"

/* --- images and their twins ------------------------------------------------------------------ */

static void both_twins_are_read(void **state)
{
    const struct iw_inventory_component *component;
    (void)state;
    put_server(CONFIG "applicationHost.config",
               "<applicationPools><add name='P' enable32BitAppOnWin64='true'/></applicationPools>",
               "<globalModules><add name='A' image='%windir%\\System32\\inetsrv\\a.dll'/>"
               "<add name='B' image='%windir%\\System32\\inetsrv\\b.dll' "
               "preCondition='bitness32'/>"
               "<add name='C' image='%windir%\\System32\\inetsrv\\a.dll' "
               "preCondition='bitness64'/></globalModules>");
    put_program(INETSRV "a.dll", &MODULE);
    put_program(INETSRV_32 "a.dll", &MODULE);
    put_program(INETSRV_32 "b.dll", &MODULE);
    inventory_of(NULL);
    component = component_of(server_of("WEB01"), "globalModule", "A");
    assert_string_equal(files_of(component), "read:x64 read:x86");
    assert_string_equal(component->files[0].machine, "x64");
    assert_int_equal(component->files[0].roles.n, 1);
    assert_true(
        iw_str_equal(component->files[1].path, IW_STR("C:\\Windows\\SysWOW64\\inetsrv\\a.dll")));
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "B")),
                        "read:x86");
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "C")),
                        "read:x64");
}

static void a_twin_nobody_loads_is_told_where_it_lies(void **state)
{
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='A' image='%windir%\\System32\\inetsrv\\a.dll'/>"
               "<add name='B' image='%windir%\\System32\\inetsrv\\b.dll'/></globalModules>");
    put_program(INETSRV "a.dll", &MODULE);
    put_program(INETSRV "b.dll", &MODULE);
    put_program(INETSRV_32 "b.dll", &MODULE);
    inventory_of(NULL);
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "A")),
                        "read:x64");
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "B")),
                        "read:x64 read:x86");
}

static void missing_or_not_collected(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\Windows\\System32\\inetsrv\\a.dll'/>"
               "<add name='B' image='C:\\Windows\\System32\\inetsrv\\b.dll'/>"
               "<add name='C' image='C:\\Windows\\System32\\inetsrv\\c.dll'/>"
               "<add name='D' image='C:\\Elsewhere\\d.dll'/>"
               "<add name='E' image='%IIS_BIN%\\e.dll'/><add name='F' image='f.dll'/>"
               "<add name='G' image='\\\\srv\\share\\g.dll'/></globalModules>");
    put_program(INETSRV "a.dll", &MODULE);
    put_program(INETSRV "b.dll", &MODULE);
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(files_of(component_of(server, "globalModule", "C")), "missing:x64");
    assert_string_equal(files_of(component_of(server, "globalModule", "D")), "not-collected");
    assert_string_equal(files_of(component_of(server, "globalModule", "E")), "unresolved");
    assert_string_equal(files_of(component_of(server, "globalModule", "F")), "unresolved");
    assert_string_equal(files_of(component_of(server, "globalModule", "G")), "remote");
}

/* Half of what is registered there is no proof that the folder was collected. */
static void half_a_folder_is_not_collected(void **state)
{
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\Windows\\System32\\inetsrv\\a.dll'/>"
               "<add name='B' image='C:\\Windows\\System32\\inetsrv\\b.dll'/></globalModules>");
    put_program(INETSRV "a.dll", &MODULE);
    inventory_of(NULL);
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "B")),
                        "not-collected:x64");
}

static void a_loose_file_is_found_by_its_only_name(void **state)
{
    (void)state;
    put_server("given/applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\Windows\\System32\\inetsrv\\a.dll'/>"
               "<add name='B' image='C:\\Windows\\System32\\inetsrv\\b.dll'/></globalModules>");
    put_program("given/a.dll", &MODULE);
    put_program("given/one/b.dll", &MODULE);
    put_program("given/two/b.dll", &MODULE);
    inventory_of(NULL);
    assert_string_equal(files_of(component_of(&rig_run.inventory.servers[0], "globalModule", "A")),
                        "read:x64");
    assert_string_equal(files_of(component_of(&rig_run.inventory.servers[0], "globalModule", "B")),
                        "not-collected:x64");
}

/* What configuration names is read, whatever it is; else it would look as if it were not there. */
static void images_that_are_no_programs(void **state)
{
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\Temp\\a.txt'/>"
               "<add name='B' image='C:\\Windows\\WinSxS\\b\\b.dll'/></globalModules>");
    put_text("WEB01/C/Temp/a.txt", "echo");
    put_program("WEB01/C/Windows/WinSxS/b/b.dll", &MODULE);
    inventory_of(NULL);
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "A")), "read");
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "B")), "read");
    assert_string_equal(ledger_of("b.dll"), "read");
}

/* --- pools ----------------------------------------------------------------------------------- */

static void pools_by_precondition(void **state)
{
    const struct iw_inventory_component *component;
    (void)state;
    put_server(CONFIG "applicationHost.config",
               "<applicationPools><add name='P'/><add name='Q' enable32BitAppOnWin64='true'/>"
               "</applicationPools>",
               "<globalModules><add name='A' image='C:\\a.dll' preCondition='appPoolName=Q'/>"
               "<add name='B' image='C:\\b.dll' preCondition='bitness64'/>"
               "<add name='C' image='C:\\c.dll' preCondition='nobodyKnows'/></globalModules>");
    inventory_of(NULL);
    component = component_of(server_of("WEB01"), "globalModule", "A");
    assert_int_equal(component->pools.n, 1);
    assert_true(iw_str_equal(component->pools.items[0], IW_STR("Q")));
    component = component_of(server_of("WEB01"), "globalModule", "B");
    assert_int_equal(component->pools.n, 1);
    assert_true(iw_str_equal(component->pools.items[0], IW_STR("P")));
    assert_true(component_of(server_of("WEB01"), "globalModule", "C")->pools_unknown);
}

/* --- managed types --------------------------------------------------------------------------- */

/* One file more than are listed is told. */
static void assembly_in_many_bins(void **state)
{
    const struct iw_inventory_component *handler;
    (void)state;
    for (unsigned n = IW_LIMIT_COMPONENT_FILES; n <= IW_LIMIT_COMPONENT_FILES + 1; n++) {
        char sites[4096] = "<sites><site name='S' id='1'>";
        for (unsigned i = 0; i < n; i++) {
            char path[64];
            size_t at = strlen(sites);
            (void)snprintf(sites + at, sizeof sites - at,
                           "<application path='/a%u'><virtualDirectory path='/' "
                           "physicalPath='C:\\a%u'/></application>",
                           i, i);
            (void)snprintf(path, sizeof path, "WEB01/C/a%u/bin/Asm.dll", i);
            put_text(path, "MZ");
        }
        (void)snprintf(sites + strlen(sites), sizeof sites - strlen(sites), "</site></sites>");
        put_server(CONFIG "applicationHost.config", sites,
                   "<handlers><add name='h' path='*.q' verb='*' type='A.B, Asm'/></handlers>");
        inventory_of(NULL);
        handler = component_of(server_of("WEB01"), "handler", "h");
        assert_int_equal(handler->n_files, IW_LIMIT_COMPONENT_FILES);
        assert_string_equal(problems_of(server_of("WEB01")),
                            n > IW_LIMIT_COMPONENT_FILES ? "limit:1" : "");
    }
}

/* As many pools, applications and entries as a small file has room for: by the cube this took
 * minutes. */
static void many_pools_and_entries(void **state)
{
    enum { N = 3000, ROOM = N * 480 };
    char *text = malloc(ROOM);
    const struct iw_inventory_server *server;
    size_t n = 0;
    (void)state;
    assert_non_null(text);
#define ADD(...) n += (size_t)snprintf(text + n, ROOM - n, __VA_ARGS__)
    ADD("<configuration><system.applicationHost><applicationPools>");
    for (int i = 0; i < N; i++)
        ADD("<add name='P%d'/>", i);
    ADD("</applicationPools><sites><site name='S' id='1'>");
    for (int i = 0; i < N; i++)
        ADD("<application path='/a%d' applicationPool='P%d'><virtualDirectory path='/' "
            "physicalPath='C:\\a%d'/></application>",
            i, i, i);
    ADD("</site></sites></system.applicationHost>");
    for (int i = 0; i < N; i++)
        ADD("<location path='S/a%d'><system.webServer><modules><add name='M%d' type='T, A%d'/>"
            "</modules></system.webServer></location>",
            i, i, i);
    ADD("</configuration>");
#undef ADD
    assert_true(n < ROOM);
    put_text(CONFIG "applicationHost.config", text);
    free(text);
    inventory_of(NULL);
    server = server_of("WEB01");
    n = 0;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        if (strcmp(row->kind, "managedModule") != 0)
            continue;
        n++;
        assert_int_equal(row->pools.n, 1);
        assert_int_equal(row->pools.items[0].n, row->name.n);
        assert_memory_equal(row->pools.items[0].p + 1, row->name.p + 1, row->name.n - 1);
    }
    assert_int_equal(n, N);
}

static void types_lead_to_assemblies(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", SITE("/", "D:\\shop"), "");
    put_text("WEB01/D/shop/web.config",
             "<configuration><system.webServer><modules>"
             "<add name='M' type='Shop.Audit, Shop.Audit'/>"
             "<add name='N' type='Shop.Lone'/>"
             "<add name='O' type='Cached.Module, Cached, Version=1.0.0.0, Culture=neutral, "
             "PublicKeyToken=0123456789abcdef'/>"
             "</modules></system.webServer></configuration>");
    put_program(
        "WEB01/D/shop/bin/Shop.Audit.dll",
        &(struct iw_lab_pe_options){.kind = IW_LAB_PE_MANAGED_MODULE, .type_name = "Shop.Audit"});
    put_program(
        "WEB01/D/shop/bin/Other.dll",
        &(struct iw_lab_pe_options){.kind = IW_LAB_PE_MANAGED_MODULE, .type_name = "Shop.Lone"});
    put_program("WEB01/C/Windows/Microsoft.NET/assembly/GAC_MSIL/Cached/"
                "v4.0_1.0.0.0__0123456789abcdef/Cached.dll",
                &(struct iw_lab_pe_options){.kind = IW_LAB_PE_MANAGED_MODULE,
                                            .type_name = "Cached.Module"});
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_string_equal(files_of(component_of(server, "managedModule", "M")), "read");
    assert_true(iw_str_equal(component_of(server, "managedModule", "M")->scope, IW_STR("S")));
    assert_string_equal(files_of(component_of(server, "managedModule", "N")), "read");
    assert_string_equal(files_of(component_of(server, "managedModule", "O")), "read");
    assert_null(component_of(server, "assemblyFile", "Shop.Audit.dll")); /* it is registered */
}

/* --- write pathways -------------------------------------------------------------------------- */

#define WMSVC "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\WebManagement\\Server]\n"
#define SERVICE(name, start)                                                                       \
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\" name "]\n\"Start\"=dword:" start  \
    "\n"

static const char *lines_of(struct iw_text_list lines)
{
    static char shown[2048];
    size_t n = 0;
    shown[0] = 0;
    for (size_t i = 0; i < lines.n; i++)
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%.*s", i == 0 ? "" : "|",
                              IW_STR_ARG(lines.items[i]));
    return shown;
}

static void who_may_write_from_afar(void **state)
{
    static const struct {
        const char *registry, *lines;
    } CASES[] = {
        {WMSVC "\"EnableRemoteManagement\"=dword:00000001\n"
               "\"RequiresWindowsCredentials\"=dword:00000001\n\n" SERVICE("WMSVC", "00000002")
                   SERVICE("FTPSVC", "00000004"),
         "wmsvc: remote management is enabled, Windows accounts only; its service starts by "
         "itself"},
        {WMSVC "\"EnableRemoteManagement\"=dword:00000001\n"
               "\"RequiresWindowsCredentials\"=dword:00000000\n\n" SERVICE("WMSVC", "00000004")
                   SERVICE("FTPSVC", "00000003"),
         "ftpsvc: the FTP service is installed; its service is started by hand|wmsvc: remote "
         "management is enabled, also accounts that only IIS knows; its service is disabled"},
        {WMSVC "\"EnableRemoteManagement\"=dword:00000000\n\n" SERVICE("FTPSVC", "00000004"), ""},
        {WMSVC "\"EnableRemoteManagement\"=\"yes\"\n\n" SERVICE("FTPSVC", "00000004"),
         "unknown: wmsvc: EnableRemoteManagement cannot be read"},
        {"[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp]\n\"MajorVersion\"=dword:0000000a\n",
         "unknown: ftpsvc: no registry of the server in evidence|unknown: wmsvc: no registry of "
         "the server in evidence"},
    };
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL, "");
    put_text(CONFIG "administration.config", "<configuration/>");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[2048];
        (void)snprintf(text, sizeof text, "REGEDIT4\n\n%s", CASES[i].registry);
        put_text("WEB01/C/x.reg", text);
        inventory_of(NULL);
        assert_string_equal(lines_of(server_of("WEB01")->pathways), CASES[i].lines);
    }
}

static void roots_say_who_may_write(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", SITE("/", "C:\\web"), "");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_int_equal(server->n_roots, 1);
    assert_string_equal(lines_of(server->roots[0].pathways),
                        "sub-config: web.config of subfolders are read|unlocked-net: all sections "
                        "of .NET that add code (as installed)|unlocked: handlers, modules");
    assert_string_equal(lines_of(server->pathways),
                        "unknown: delegation: administration.config is not in evidence|unknown: "
                        "ftpsvc: no registry of the server in evidence|unknown: wmsvc: no registry "
                        "of the server in evidence");
}

static void nobody_configured_this_root(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_text("WEB01/C/inetpub/wwwroot/a.aspx", "<%@ Page %>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_int_equal(server->n_roots, 1);
    assert_true(server->roots[0].is_assumed);
    assert_string_equal(lines_of(server->roots[0].pathways),
                        "unknown: all: no configuration in evidence names this folder");
}

static void what_nothing_registers(void **state)
{
    const struct iw_inventory_server *server;
    const struct iw_inventory_component *component;
    (void)state;
    put_server(CONFIG "applicationHost.config", SITE("/", "D:\\shop"), "");
    put_program(INETSRV "lone.dll", &MODULE);
    put_program(INETSRV "plain.dll", &(struct iw_lab_pe_options){.kind = IW_LAB_PE_LIBRARY});
    put_program("WEB01/D/shop/bin/Start.dll",
                &(struct iw_lab_pe_options){.kind = IW_LAB_PE_AUTOSTART});
    put_program("WEB01/C/Windows/WinSxS/amd64_iis/iis.dll", &MODULE);
    inventory_of(NULL);
    server = server_of("WEB01");
    component = component_of(server, "moduleFile", "lone.dll");
    assert_non_null(component);
    assert_string_equal(component->state, "file");
    assert_string_equal(files_of(component), "read");
    component = component_of(server, "assemblyFile", "Start.dll");
    assert_non_null(component);
    assert_true(iw_str_equal(component->scope, IW_STR("S")));
    assert_null(component_of(server, "moduleFile", "plain.dll"));
    assert_null(component_of(server, "moduleFile", "iis.dll")); /* Windows' own store */
}

/* --- registry --------------------------------------------------------------------------------- */

static void what_the_registry_loads(void **state)
{
    const struct iw_inventory_server *server;
    const struct iw_inventory_component *component;
    (void)state;
    put_server(CONFIG "applicationHost.config",
               "<sites><site name='S' id='1'><application path='/'><virtualDirectory path='/' "
               "physicalPath='C:\\web'/></application><logFile "
               "customLogPluginClsid='{11111111-2222-3333-4444-555555555555}'/></site></sites>",
               "");
    put_text(
        "WEB01/registry/iis.reg", /* beside the drives: of that host all the same */
        "REGEDIT4\r\n\r\n"
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC]\r\n"
        "\"Environment\"=hex(7):43,4f,52,5f,50,52,4f,46,49,4c,45,52,5f,50,41,54,48,3d,43,3a,"
        "5c,70,2e,64,6c,6c,00,58,3d,31,00,00\r\n\r\n"
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters]\r\n"
        "\"Filter DLLs\"=\"C:\\\\one.dll, C:\\\\two.dll\"\r\n\r\n"
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\CLSID\\{11111111-2222-3333-4444-555555555555}"
        "\\InprocServer32]\r\n@=\"C:\\\\plug.dll\"\r\n\r\n"
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment]"
        "\r\n\"DOTNET_STARTUP_HOOKS\"=\"C:\\\\hook.dll\"\r\n\"Path\"=\"C:\\\\bin\"\r\n");
    put_program("WEB01/C/plug.dll", &MODULE);
    inventory_of(NULL);
    assert_int_equal(rig_run.inventory.n_servers, 1);
    server = server_of("WEB01");
    component = component_of(server, "environmentVariable", "COR_PROFILER_PATH");
    assert_non_null(component);
    assert_true(iw_str_equal(component->image, IW_STR("C:\\p.dll")));
    assert_true(iw_str_equal(component->owner, IW_STR("W3SVC")));
    assert_null(component_of(server, "environmentVariable", "X"));
    component = component_of(server, "environmentVariable", "DOTNET_STARTUP_HOOKS");
    assert_non_null(component);
    assert_true(iw_str_equal(component->image, IW_STR("C:\\hook.dll")));
    assert_null(component_of(server, "environmentVariable", "Path"));
    assert_non_null(component_of(server, "registryFilter", "Filter DLLs"));
    assert_string_equal(files_of(component_of(server, "logPlugin", "")), "read:x64");
}

/* --- configuration --------------------------------------------------------------------------- */

static void sources_are_read_from_the_tree(void **state)
{
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules configSource='parts\\modules.config'/>");
    put_text(CONFIG "parts/modules.config",
             "<globalModules><add name='Hidden' image='C:\\h.dll'/></globalModules>");
    inventory_of(NULL);
    assert_non_null(component_of(server_of("WEB01"), "globalModule", "Hidden"));
    assert_string_equal(ledger_of("modules.config"), "read");
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules configSource='nowhere.config'/>");
    inventory_of(NULL);
    assert_string_equal(problems_of(server_of("WEB01")), "not-at-hand:1");
    assert_string_equal(component_of(server_of("WEB01"), "globalModule", "")->state, "unknown");
}

static void redirected_configuration(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='Local' image='C:\\l.dll'/></globalModules>");
    put_text(CONFIG "redirection.config",
             "<configuration><configurationRedirection enabled='true' path='E:\\farm'/>"
             "</configuration>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_false(server->is_authoritative);
    assert_int_not_equal(server->why_not.n, 0);
    put_server("WEB01/E/farm/applicationHost.config", NULL,
               "<globalModules><add name='Shared' image='C:\\s.dll'/></globalModules>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_true(server->is_authoritative);
    assert_non_null(component_of(server, "globalModule", "Shared"));
    assert_null(component_of(server, "globalModule", "Local"));
    assert_string_equal(problems_of(server), "redirected:0");
}

static void damaged_configuration_is_lost_evidence(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_text(CONFIG "applicationHost.config",
             "<configuration>\n<system.webServer>\n<globalModules>\n"
             "<add name='Before' image='C:\\b.dll'/>\n</oops>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_non_null(component_of(server, "globalModule", "Before"));
    assert_false(server->is_authoritative);
    assert_string_equal(problems_of(server), "damaged:5");
    assert_true(iw_ledger_has_loss(&rig_run.ledger));
}

/* A file that is none, under the name IIS reads: it is asked for, and told as damaged. */
static void no_xml_under_the_name(void **state)
{
    (void)state;
    put_text(CONFIG "applicationHost.config", "MZ no xml");
    inventory_of(NULL);
    assert_false(server_of("WEB01")->is_authoritative);
    assert_string_equal(problems_of(server_of("WEB01")), "damaged:1");
    assert_true(iw_ledger_has_loss(&rig_run.ledger));
}

static void loose_configurations_are_servers_of_their_own(void **state)
{
    (void)state;
    put_server("a/first_applicationHost.config", NULL, "");
    put_server("b/second.config", NULL, "");
    put_text("c/x_web.config",
             "<configuration><system.webServer><modules><add name='M' type='N.M, A'/></modules>"
             "</system.webServer></configuration>");
    put_text("c/app.exe.config", "<configuration><startup/></configuration>");
    inventory_of(NULL);
    assert_int_equal(rig_run.inventory.n_servers, 3);
    assert_int_equal(rig_run.inventory.servers[2].known_by, IW_SERVER_BY_FILES);
    assert_true(
        iw_str_equal(component_of(&rig_run.inventory.servers[2], "managedModule", "M")->scope,
                     IW_STR("?x_web.config")));
    assert_string_equal(ledger_of("app.exe.config"),
                        "skipped: configuration of a program, not of the web server");
}

static void web_configs_at_their_places(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config",
               "<applicationPools><add name='P'/></applicationPools><sites><site name='S' id='1'>"
               "<application path='/' applicationPool='P'>"
               "<virtualDirectory path='/' physicalPath='C:\\web'/>"
               "<virtualDirectory path='/again' physicalPath='C:\\web\\sub'/></application>"
               "<application path='/flat' applicationPool='P'><virtualDirectory path='/' "
               "physicalPath='C:\\flat' allowSubDirConfig='false'/></application></site></sites>",
               "");
    put_text("WEB01/C/web/sub/web.config",
             "<configuration><system.webServer><handlers><add name='H' path='*.h' verb='*' "
             "type='N.H'/></handlers></system.webServer></configuration>");
    put_text("WEB01/C/flat/deep/web.config",
             "<configuration><system.webServer><handlers><add name='D' path='*.d' verb='*' "
             "type='N.D'/></handlers></system.webServer></configuration>");
    put_text("WEB01/C/other/web.config",
             "<configuration><system.webServer><handlers><add name='O' path='*.o' verb='*' "
             "type='N.O'/></handlers></system.webServer></configuration>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_true(iw_str_equal(component_of(server, "handler", "H")->scope, IW_STR("S/again")) ||
                iw_str_equal(component_of(server, "handler", "H")->scope, IW_STR("S/sub")));
    assert_null(component_of(server, "handler", "D")); /* IIS does not read it */
    assert_true(iw_str_equal(component_of(server, "handler", "O")->scope,
                             IW_STR("?C:\\other\\web.config")));
    assert_non_null(strstr(problems_of(server), "not-in-force:0"));
}

/* As setup of WebDAV Publishing writes them (Microsoft, "WebDAV Global Settings"), and one more. */
static void stores_of_webdav(void **state)
{
    const struct iw_inventory_server *server;
    size_t n = 0;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<webdav><globalSettings><propertyStores><add name='webdav_simple_prop' "
               "image='%windir%\\system32\\inetsrv\\webdav_simple_prop.dll' "
               "image32='%windir%\\syswow64\\inetsrv\\webdav_simple_prop.dll'/>"
               "<add name='X' image='C:\\data\\x.dll'/></propertyStores>"
               "<lockStores><add name='webdav_simple_lock' "
               "image='%windir%\\system32\\inetsrv\\webdav_simple_lock.dll'/></lockStores>"
               "</globalSettings></webdav>");
    inventory_of(NULL);
    server = server_of("WEB01");
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        if (strcmp(row->kind, "webDavStore") != 0)
            continue;
        n++;
        assert_int_equal(row->known, iw_str_equal(row->name, IW_STR("X")) ? IW_ITEM_KNOWN_UNKNOWN
                                                                          : IW_ITEM_KNOWN_AS_IT_IS);
    }
    assert_int_equal(n, 4);
}

/* `dotnet publish` writes what is started from the application's folder on. */
static const char *hosted_of(const char *arguments)
{
    static char text[160];
    const struct iw_inventory_component *component;
    (void)snprintf(text, sizeof text,
                   "<configuration><system.webServer><aspNetCore processPath='%s'/>"
                   "</system.webServer></configuration>",
                   arguments);
    put_text("WEB01/C/web/web.config", text);
    inventory_of(NULL);
    component = component_of(server_of("WEB01"), "aspNetCoreProcess", "");
    if (component == NULL || component->hosted == NULL)
        return "none";
    (void)snprintf(text, sizeof text, "%s %.*s", iw_item_file_state_name(component->hosted->state),
                   IW_STR_ARG(component->hosted->path));
    return text;
}

static void what_a_hosted_process_runs(void **state)
{
    (void)state;
    put_server(CONFIG "applicationHost.config", SITE("/", "C:\\web"), "");
    assert_string_equal(hosted_of("dotnet' arguments='.\\A.dll"), "not-collected C:\\web\\A.dll");
    put_program("WEB01/C/web/a.dll", &MODULE);
    assert_string_equal(hosted_of("dotnet' arguments='.\\A.dll"), "read C:\\web\\a.dll");
    assert_string_equal(hosted_of("dotnet.exe' arguments='\"A.dll\" -x"), "read C:\\web\\a.dll");
    assert_string_equal(hosted_of("dotnet' arguments='.\\B.dll"), "missing C:\\web\\B.dll");
    assert_string_equal(hosted_of("dotnet' arguments='D:\\x\\A.dll"), "not-collected D:\\x\\A.dll");
    assert_string_equal(hosted_of("dotnet' arguments='..\\A.dll"), "not-collected C:\\A.dll");
    assert_string_equal(hosted_of(".\\A.exe"), "missing C:\\web\\A.exe");
    assert_string_equal(hosted_of("dotnet' arguments='run"), "none");
    assert_string_equal(hosted_of("C:\\x.exe' arguments='.\\A.dll"), "none");
}

/* --- former states ---------------------------------------------------------------------------- */

static void former_configurations(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='A' image='%windir%\\a.dll'/></globalModules>");
    put_server("WEB01/C/inetpub/history/CFGHISTORY_0000000012/applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\Windows\\a.dll'/>"
               "<add name='Short' image='C:\\s.dll'/></globalModules>");
    put_server("WEB01/C/inetpub/history/CFGHISTORY_0000009/applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\old.dll'/></globalModules>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_int_equal(server->n_versions, 2);
    assert_int_equal(server->versions[0].number, 12);
    assert_int_equal(server->versions[0].added.n, 1); /* there then, gone now */
    assert_true(
        iw_str_equal(server->versions[0].added.items[0], IW_STR("globalModule Short: C:\\s.dll")));
    assert_int_equal(server->versions[0].removed.n + server->versions[0].changed.n, 0);
    assert_non_null(strstr(component_of(server, "globalModule", "A")->first_seen.source.p,
                           "CFGHISTORY_0000000012")); /* before it was another file */
    assert_int_equal(server->versions[0].n_roots, server->n_roots);
    assert_true(iw_str_equal(server->versions[0].roots[0].path, server->roots[0].path));
    assert_true(iw_str_equal(server->versions[0].roots[0].pool, server->roots[0].pool));
    assert_int_equal(server->versions[1].number, 9);
    assert_int_equal(server->versions[1].changed.n, 1);
    assert_int_equal(server->versions[1].removed.n, 1); /* came with 12 */
}

/* ` at ` and `: ` in a name are part of the name. */
static void former_names_that_look_like_lines(void **state)
{
    const struct iw_inventory_server *server;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               "<globalModules><add name='A at B' image='C:\\a.dll'/></globalModules>");
    put_server("WEB01/C/inetpub/history/CFGHISTORY_0000000012/applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\a.dll'/><add name='C: x' "
               "image='C:\\c.dll'/></globalModules>");
    inventory_of(NULL);
    server = server_of("WEB01");
    assert_int_equal(server->versions[0].changed.n, 0);
    assert_int_equal(server->versions[0].added.n, 2);
    assert_true(iw_str_equal(server->versions[0].added.items[0],
                             IW_STR("globalModule \"C: x\": C:\\c.dll")));
    assert_int_equal(server->versions[0].removed.n, 1);
    assert_true(iw_str_equal(server->versions[0].removed.items[0],
                             IW_STR("globalModule \"A at B\": C:\\a.dll")));
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static void nothing_of_a_server(void **state)
{
    (void)state;
    put_text("notes.txt", "x");
    inventory_of(NULL);
    assert_int_equal(rig_run.inventory.n_servers, 0);
}

static void hosts_stay_apart(void **state)
{
    (void)state;
    put_server("WEB01/C/Windows/System32/inetsrv/config/applicationHost.config", NULL,
               "<globalModules><add name='A' image='C:\\Windows\\a.dll'/></globalModules>");
    put_server("WEB02/C/Windows/System32/inetsrv/config/applicationHost.config", NULL, "");
    put_program("WEB02/C/Windows/a.dll", &MODULE);
    inventory_of(NULL);
    assert_int_equal(rig_run.inventory.n_servers, 2);
    assert_string_equal(files_of(component_of(server_of("WEB01"), "globalModule", "A")),
                        "not-collected");
}

static void failing_allocations(void **state)
{
    uint64_t n;
    (void)state;
    put_server(CONFIG "applicationHost.config", NULL,
               ASPX "<globalModules><add name='A' image='%windir%\\System32\\inetsrv\\a.dll'/>"
                    "</globalModules>");
    put_program(INETSRV "a.dll", &MODULE);
    put_text("WEB01/C/web/a.aspx", "<%@ Page %>");
    put_text("WEB01/C/web/web.config", "<configuration/>");
    put_text("WEB01/C/x.reg", "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp]\n"
                              "\"VersionString\"=\"Version 10.0\"\n");
    iw_alloc_fail_at(0);
    inventory_of(NULL);
    n = iw_alloc_count();
    if (n == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t i = 1; i <= n; i++) {
        iw_alloc_fail_at(i);
        assert_int_equal(inventory_read(NULL), IW_ENOMEM);
    }
    iw_alloc_fail_at(0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, inventory_enter, inventory_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_twins_are_read),
        TEST(a_twin_nobody_loads_is_told_where_it_lies),
        TEST(missing_or_not_collected),
        TEST(half_a_folder_is_not_collected),
        TEST(a_loose_file_is_found_by_its_only_name),
        TEST(images_that_are_no_programs),
        TEST(pools_by_precondition),
        TEST(assembly_in_many_bins),
        TEST(many_pools_and_entries),
        TEST(types_lead_to_assemblies),
        TEST(who_may_write_from_afar),
        TEST(roots_say_who_may_write),
        TEST(nobody_configured_this_root),
        TEST(what_nothing_registers),
        TEST(what_the_registry_loads),
        TEST(sources_are_read_from_the_tree),
        TEST(redirected_configuration),
        TEST(damaged_configuration_is_lost_evidence),
        TEST(no_xml_under_the_name),
        TEST(loose_configurations_are_servers_of_their_own),
        TEST(stores_of_webdav),
        TEST(what_a_hosted_process_runs),
        TEST(web_configs_at_their_places),
        TEST(former_configurations),
        TEST(former_names_that_look_like_lines),
        TEST(nothing_of_a_server),
        TEST(hosts_stay_apart),
        TEST(failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
