/*
 * Components of every kind. Sources: Microsoft's reference of the sections, as the reference of
 * this project's load points names them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "iis/config/component_attributes.h"
#include "iis/config/component_table.h"
#include "tests/unit/iis/config_rig.h"

#define IN(group, inside) "<" group ">" inside "</" group ">"
#define WEB(inside) IN("system.webServer", inside)
#define HOST(inside) IN("system.applicationHost", inside)
#define NET(inside) IN("system.web", inside)
#define POOL(inside) HOST("<applicationPools>" inside "</applicationPools>")
#define END                                                                                        \
    {                                                                                              \
        .text = NULL                                                                               \
    }

static struct iw_arena arena;
static struct iw_config *config;
static struct iw_components components;

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

struct expected {
    enum iw_component_kind kind;
    const char *text; /* inside of <configuration> */
    const char *name, *image, *type, *arguments, *clsid, *precondition, *owner;
};

/* clang-format off */
static const struct expected CASES[] = {
    {IW_COMPONENT_GLOBAL_MODULE, WEB("<globalModules><add name='A' image='%windir%\\a.dll' preCondition='bitness64'/></globalModules>"),
     "A", "%windir%\\a.dll", "", "", "", "bitness64", ""},
    {IW_COMPONENT_NATIVE_MODULE, WEB("<modules><add name='A' lockItem='true'/></modules>"), "A", "", "", "", "", "", ""},
    {IW_COMPONENT_MANAGED_MODULE, WEB("<modules><add name='A' type='N.C, Asm' preCondition='managedHandler'/></modules>"),
     "A", "", "N.C, Asm", "", "", "managedHandler", ""},
    {IW_COMPONENT_HANDLER, WEB("<handlers><add name='php' path='*.php' scriptProcessor='C:\\php\\php-cgi.exe|-d host=x'/></handlers>"),
     "php", "C:\\php\\php-cgi.exe", "", "-d host=x", "", "", ""},
    {IW_COMPONENT_ISAPI_FILTER, WEB("<isapiFilters><filter name='F' path='f.dll' preCondition='bitness32'/></isapiFilters>"),
     "F", "f.dll", "", "", "", "bitness32", ""},
    {IW_COMPONENT_ISAPI_CGI_RESTRICTION, WEB("<security><isapiCgiRestriction><add path='x.dll' allowed='true'/></isapiCgiRestriction></security>"),
     "x.dll", "x.dll", "", "", "", "", ""},
    {IW_COMPONENT_FAST_CGI, WEB("<fastCgi><application fullPath='p.exe' arguments='-a'/></fastCgi>"), "p.exe", "p.exe", "", "-a", "", "", ""},
    {IW_COMPONENT_COMPRESSION_SCHEME, WEB("<httpCompression><scheme name='gzip' dll='gzip.dll'/></httpCompression>"), "gzip", "gzip.dll", "", "", "", "", ""},
    {IW_COMPONENT_WEBDAV_STORE, WEB("<webdav><globalSettings><propertyStores><add name='P' image='p.dll'/></propertyStores></globalSettings></webdav>"), "P", "p.dll", "", "", "", "", ""},
    {IW_COMPONENT_WEBDAV_STORE, WEB("<webdav><globalSettings><lockStores><add name='L' image32='l.dll'/></lockStores></globalSettings></webdav>"), "L", "l.dll", "", "", "", "", ""},
    {IW_COMPONENT_LOG_PLUGIN, HOST("<sites><site name='S'><logFile customLogPluginClsid='{1}'/></site></sites>"), "", "", "", "", "{1}", "", "S"},
    {IW_COMPONENT_LOG_PLUGIN, HOST("<sites><siteDefaults><logFile customLogPluginClsid='{2}'/></siteDefaults></sites>"), "", "", "", "", "{2}", "", ""},
    {IW_COMPONENT_AUTO_START_PROVIDER, HOST("<serviceAutoStartProviders><add name='W' type='T, A'/></serviceAutoStartProviders>"), "W", "", "T, A", "", "", "", ""},
    {IW_COMPONENT_LISTENER_ADAPTER, HOST("<listenerAdapters><add name='http'/><add name='x' protocolManagerDll='x.dll'/></listenerAdapters>"), "x", "x.dll", "", "", "", "", ""},
    {IW_COMPONENT_REWRITE_PROVIDER, WEB("<rewrite><providers><provider name='P' type='T'><settings><add key='a'/></settings></provider></providers></rewrite>"),
     "P", "", "T", "", "", "", ""},
    {IW_COMPONENT_RUNTIME_LOADER, POOL("<add name='P' managedRuntimeLoader='l.dll'/>"), "P", "l.dll", "", "", "", "", ""},
    {IW_COMPONENT_RUNTIME_LOADER, POOL("<applicationPoolDefaults managedRuntimeLoader='d.dll'/>"), "", "d.dll", "", "", "", "", ""},
    {IW_COMPONENT_CLR_CONFIG, POOL("<add name='P' CLRConfigFile='c.config'/>"), "P", "c.config", "", "", "", "", ""},
    {IW_COMPONENT_ENVIRONMENT, POOL("<add name='P'><environmentVariables><add name='A' value='b'/><add name='cor_profiler_path' value='p.dll'/></environmentVariables></add>"),
     "cor_profiler_path", "p.dll", "", "", "", "", "P"},
    {IW_COMPONENT_ASP_NET_CORE_PROCESS, WEB("<aspNetCore processPath='dotnet' arguments='.\\a.dll'/>"), "", "dotnet", "", ".\\a.dll", "", "", ""},
    {IW_COMPONENT_HTTP_PLATFORM_PROCESS, WEB("<httpPlatform processPath='java.exe' arguments='-jar x'/>"), "", "java.exe", "", "-jar x", "", "", ""},
    {IW_COMPONENT_NET_MODULE, NET("<httpModules><add name='M' type='T'/></httpModules>"), "M", "", "T", "", "", "", ""},
    {IW_COMPONENT_NET_HANDLER, NET("<httpHandlers><add path='*.x' verb='*' type='T'/></httpHandlers>"), "*.x", "", "T", "", "", "", ""},
    {IW_COMPONENT_BUILD_PROVIDER, NET("<compilation><buildProviders><add extension='.x' type='T'/></buildProviders></compilation>"), ".x", "", "T", "", "", "", ""},
    {IW_COMPONENT_BUILD_PROVIDER, NET("<compilation><folderLevelBuildProviders><add name='F' type='T'/></folderLevelBuildProviders></compilation>"), "F", "", "T", "", "", "", ""},
    {IW_COMPONENT_BUILD_PROVIDER, NET("<compilation assemblyPostProcessorType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_EXPRESSION_BUILDER, NET("<compilation><expressionBuilders><add expressionPrefix='E' type='T'/></expressionBuilders></compilation>"), "E", "", "T", "", "", "", ""},
    {IW_COMPONENT_ASSEMBLY, NET("<compilation><assemblies><add assembly='Evil'/></assemblies></compilation>"), "Evil", "", "Evil", "", "", "", ""},
    {IW_COMPONENT_COMPILER, NET("<compilation><compilers><compiler language='c#' type='T'/></compilers></compilation>"), "c#", "", "T", "", "", "", ""},
    {IW_COMPONENT_COMPILER, IN("system.codedom", "<compilers><compiler language='js' type='T'/></compilers>"), "js", "", "T", "", "", "", ""},
    {IW_COMPONENT_PAGE_FILTER, NET("<pages pageParserFilterType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_PAGE_BASE, NET("<pages pageBaseType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_NET_PROVIDER, NET("<membership><providers><add name='P' type='T'/></providers></membership>"), "P", "", "T", "", "", "", ""},
    {IW_COMPONENT_NET_PROVIDER, NET("<sessionState sessionIDManagerType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_NET_PROVIDER, NET("<sessionState partitionResolverType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_NET_PROVIDER, NET("<globalization resourceProviderFactoryType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_NET_PROVIDER, NET("<profile inherits='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_SOAP_EXTENSION, NET("<webServices><soapExtensionTypes><add type='T'/></soapExtensionTypes></webServices>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_RUNTIME_TYPE, NET("<httpRuntime encoderType='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_HOSTING_TYPE, NET("<hostingEnvironment appDomainResourcePerfMonitor='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_WCF_EXTENSION, IN("system.serviceModel", "<extensions><behaviorExtensions><add name='B' type='T'/></behaviorExtensions></extensions>"), "B", "", "T", "", "", "", ""},
    {IW_COMPONENT_TRACE_LISTENER, IN("system.diagnostics", "<trace><listeners><add name='L' type='T'/></listeners></trace>"), "L", "", "T", "", "", "", ""},
    {IW_COMPONENT_APP_DOMAIN_MANAGER, IN("runtime", "<appDomainManagerType value='T'/>"), "", "", "T", "", "", "", ""},
    {IW_COMPONENT_CODE_BASE, IN("runtime", "<assemblyBinding xmlns='urn:schemas-microsoft-com:asm.v1'><dependentAssembly><assemblyIdentity name='X'/><codeBase version='1' href='http://x/x.dll'/></dependentAssembly></assemblyBinding>"),
     "1", "http://x/x.dll", "", "", "", "", ""},
    {IW_COMPONENT_REMOVED_ENTRY, WEB("<globalModules><remove name='A'/></globalModules>"), "A", "", "", "", "", "", "globalModules"},
    {IW_COMPONENT_REMOVED_ENTRY, WEB("<modules><remove name='RequestFilteringModule'/></modules>"), "RequestFilteringModule", "", "", "", "", "", "modules"},
    {IW_COMPONENT_REMOVED_ENTRY, WEB("<modules><clear/></modules>"), "<clear/>", "", "", "", "", "", "modules"},
    {IW_COMPONENT_REMOVED_ENTRY, WEB("<handlers><remove name='H'/></handlers>"), "H", "", "", "", "", "", "handlers"},
    {IW_COMPONENT_REMOVED_ENTRY, WEB("<isapiFilters><remove name='F'/></isapiFilters>"), "F", "", "", "", "", "", "isapiFilters"},
    {IW_COMPONENT_REMOVED_ENTRY, NET("<httpModules><remove name='M'/></httpModules>"), "M", "", "", "", "", "", "httpModules"},
    {IW_COMPONENT_REMOVED_ENTRY, NET("<httpHandlers><remove path='*.x' verb='GET'/></httpHandlers>"), "*.x", "", "", "GET", "", "", "httpHandlers"},
    {IW_COMPONENT_ACCESS_POLICY, WEB("<handlers accessPolicy='Read, Script'/>"), "", "", "", "", "", "", ""},
    {IW_COMPONENT_VIRTUAL_DIRECTORY, HOST("<sites><site name='S'><application path='/a'><virtualDirectory path='/d' physicalPath='D:\\d'/></application></site></sites>"),
     "/d", "D:\\d", "", "", "", "", ""},
    {IW_COMPONENT_FTP_PROVIDER, IN("system.ftpServer", "<providerDefinitions><add name='P' type='T' clsid='{3}'/></providerDefinitions>"), "P", "", "T", "", "{3}", "", ""},
    {IW_COMPONENT_ADMIN_PROVIDER, "<moduleProviders><add name='P' type='T'/></moduleProviders>", "P", "", "T", "", "", "", ""},
};
/* clang-format on */

static void read_text(const char *inside)
{
    char text[1024];

    (void)snprintf(text, sizeof text, "<configuration>%s</configuration>", inside);
    config = config_of_server(text);
    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
}

static void every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_component *component;
        read_text(CASES[i].text);
        if (components.n != 1)
            fail_msg("%zu components in %s", components.n, CASES[i].text);
        component = &components.items[0];
        assert_string_equal(iw_component_kind_name(component->kind),
                            iw_component_kind_name(CASES[i].kind));
        is_text(component->name, CASES[i].name);
        is_text(component->image, CASES[i].image);
        is_text(component->type, CASES[i].type);
        is_text(component->arguments, CASES[i].arguments);
        is_text(component->clsid, CASES[i].clsid);
        is_text(component->precondition, CASES[i].precondition);
        is_text(component->owner, CASES[i].owner);
        assert_int_equal(component->state, IW_COMPONENT_WRITTEN);
        assert_int_equal(component->scope, IW_COMPONENT_OF_SERVER);
        assert_true(component->line == 1 && component->column != 0);
        (void)tear_down(NULL);
        (void)set_up(NULL);
    }
}

/* Of each kind there is a case above, a name, and a row; rows of a kind stand together. */
static void the_table_is_whole(void **state)
{
    bool seen[IW_COMPONENT_KIND_COUNT] = {false}, tried[IW_COMPONENT_KIND_COUNT] = {false};
    size_t n;
    const struct iw_component_row *rows = iw_component_rows(&n);
    (void)state;

    for (size_t i = 0; i < n; i++) {
        assert_true(!seen[rows[i].kind] || rows[i - 1].kind == rows[i].kind);
        seen[rows[i].kind] = true;
    }
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        tried[CASES[i].kind] = true;
    for (size_t kind = 0; kind < IW_COMPONENT_KIND_COUNT; kind++) {
        bool is_special = kind == IW_COMPONENT_SECTION_HANDLER; /* of configSections */
        assert_non_null(iw_component_kind_name((enum iw_component_kind)kind));
        assert_true(seen[kind] != is_special && tried[kind] != is_special);
    }
}

static const char *where(const struct iw_component *component)
{
    static char text[128];
    static const char *const SCOPES[] = {"server", "location", "web"};
    static const char *const STATES[] = {"", " refused", " unknown"};

    (void)snprintf(text, sizeof text, "%.*s %s \"%.*s\" %.*s:%u%s", IW_STR_ARG(component->name),
                   SCOPES[component->scope], IW_STR_ARG(component->place),
                   IW_STR_ARG(component->file), component->line, STATES[component->state]);
    return text;
}

/* clang-format off */
static const char SCOPES_SERVER[] =
    "<configuration>\n"
    "<location path='' overrideMode='Allow'>" WEB("<modules><add name='A' type='T'/></modules>") "</location>\n"
    "<location path='S/a'>" WEB("<modules><add name='B' type='T'/></modules>") "</location>\n"
    WEB("<isapiFilters configProtectionProvider='P'/>") "</configuration>";
static const char SCOPES_WEB[] =
    "<configuration>\n"
    "<location path='.'>" WEB("<modules><add name='C' type='T'/></modules>") "</location>\n"
    "<location path='x'>" WEB("<modules><add name='D' type='T'/></modules>") "</location>\n"
    WEB("<isapiFilters><filter name='E'/></isapiFilters>") "</configuration>";
/* clang-format on */

/* In the order of merging: place before file. */
static void scopes_and_states(void **state)
{
    static const char *const EXPECTED[] = {
        "A server \"\" applicationHost.config:2",        "C web \"S\" web.config:2",
        "B location \"S/a\" applicationHost.config:3",   "D location \"S/x\" web.config:3",
        " server \"\" applicationHost.config:4 unknown", "E web \"S\" web.config:4 refused",
        " server \"\" applicationHost.config:4 unknown", /* whether any is removed */
    };
    (void)state;
    config = config_of((const struct config_text[]){{IW_CONFIG_SERVER, NULL, NULL, SCOPES_SERVER},
                                                    {IW_CONFIG_WEB, NULL, "S", SCOPES_WEB},
                                                    END},
                       NULL);
    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    assert_int_equal(components.n, sizeof EXPECTED / sizeof EXPECTED[0]);
    for (size_t i = 0; i < components.n; i++)
        assert_string_equal(where(&components.items[i]), EXPECTED[i]);
}

static void disabled_is_said(void **state)
{
    (void)state;
    read_text(WEB("<isapiFilters><filter name='F' enabled='false'/></isapiFilters>"
                  "<security><isapiCgiRestriction><add path='x' allowed='false'/>"
                  "<add path='y' allowed='true'/></isapiCgiRestriction></security>"));
    assert_int_equal(components.n, 3);
    assert_true(components.items[0].is_disabled && components.items[1].is_disabled);
    assert_false(components.items[2].is_disabled);
}

/* Entities, comments, names that only look alike, blanks: nothing is normalised, nothing missed. */
static void hiding_does_not_help(void **state)
{
    (void)state;
    read_text(WEB("<modules><!--<add name='no' type='T'/>--><clear/><add name='&#65;&#x42;'"
                  " type='T&amp;x'/><add name='Static&#x421;ompression ' type='T'/></modules>"));
    assert_int_equal(components.n, 3);
    is_text(components.items[0].name, "AB");
    is_text(components.items[0].type, "T&x");
    is_text(components.items[1].name, "Static\xD0\xA1ompression ");
    is_text(components.items[2].name, "<clear/>");
}

/* What is taken away stands at its place, also where others are added there; a folder at that of
 * its application. */
static void what_is_taken_away_and_where_folders_are(void **state)
{
    static const char *const EXPECTED[] = {
        "RequestFilteringModule web \"S/up\" web.config:1",
        "<clear/> location \"S/up/x\" web.config:1",
        "/ server \"S\" applicationHost.config:1",
        "/d server \"S/shop\" applicationHost.config:1",
    };
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_SERVER, NULL, NULL,
             "<configuration>" HOST("<sites><siteDefaults/><site name='S'><application "
                                    "path='/'>"
                                    "<virtualDirectory path='/' "
                                    "physicalPath='C:\\w'/></application>"
                                    "<application path='/shop'><virtualDirectory path='/d' "
                                    "physicalPath='D:\\d'/>"
                                    "</application></site></sites>") "</configuration>"},
            {IW_CONFIG_WEB, NULL, "S/up",
             "<configuration>" WEB(
                 "<modules><remove "
                 "name='RequestFilteringModule'/></"
                 "modules>") "<location path='x'>" WEB("<modules><clear/></modules>") "</location>"
                                                                                      "</"
                                                                                      "configuratio"
                                                                                      "n>"},
            END},
        NULL);
    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    assert_int_equal(components.n, sizeof EXPECTED / sizeof EXPECTED[0]);
    for (size_t i = 0; i < components.n; i++)
        assert_int_equal(strncmp(where(&components.items[i]), EXPECTED[i], strlen(EXPECTED[i])), 0);
    is_text(components.items[3].image, "D:\\d");
    is_text(components.items[3].owner, "");
}

/* Order, blanks, letter case and repetition of flags are no change. */
static void flags_are_a_set(void **state)
{
    struct iw_text_list list;
    static const char *const SAME[] = {"Read, Script", "Script,Read", "read,SCRIPT , Read"};
    (void)state;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, WEB("<handlers accessPolicy='%s'/>"), SAME[i]);
        read_text(text);
        assert_int_equal(iw_component_attributes(&components.items[0], &arena, &list), IW_OK);
        assert_int_equal(list.n, 1);
        is_text(list.items[0], "accessPolicy=read,script");
        (void)tear_down(NULL);
        (void)set_up(NULL);
    }
}

static void section_handlers_of_a_web_config(void **state)
{
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_WEB, NULL, "S",
             "<configuration><configSections><sectionGroup name='g' type='G'>"
             "<section name='s' type='Evil.Handler, Evil'/></sectionGroup></configSections>"
             "</configuration>"},
            END},
        NULL);
    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    assert_int_equal(components.n, 1);
    assert_int_equal(components.items[0].kind, IW_COMPONENT_SECTION_HANDLER);
    is_text(components.items[0].type, "Evil.Handler, Evil");
    is_text(components.items[0].owner, "g");
}

static void attributes_that_decide_what_runs(void **state)
{
    struct iw_text_list list;
    (void)state;
    config = config_of_server(
        "<configuration>" WEB("<handlers><add name='H' path='*.ASPX, *.x' verb='GET,  POST' "
                              "lockItem='true'"
                              " modules=' A ,B' responseBufferLimit='7'/></handlers>"
                              "<globalModules><add name='G' image='g.dll' "
                              "lockItem='true'/></globalModules>") "</configuration>");
    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    assert_int_equal(components.n, 2);
    assert_int_equal(iw_component_attributes(&components.items[0], &arena, &list), IW_OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(iw_component_attributes(&components.items[1], &arena, &list), IW_OK);
    assert_int_equal(list.n, 6);
    is_text(list.items[0], "allowPathInfo=false");
    is_text(list.items[1], "modules=A,B");
    is_text(list.items[2], "path=*.aspx,*.x");
    is_text(list.items[3], "requireAccess=script");
    is_text(list.items[4], "resourceType=unspecified");
    is_text(list.items[5], "verb=GET,POST");
    {
        struct iw_arena own;
        iw_arena_init(&own, 0);
        iw_alloc_fail_at(1);
        assert_int_equal(iw_component_attributes(&components.items[1], &own, &list), IW_ENOMEM);
        iw_alloc_fail_at(0);
        iw_arena_done(&own);
    }
}

static void memory_may_fail_anywhere(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    (void)state;

    config = config_of_server("<configuration>" WEB(
        "<modules><add name='A'/><add name='B'/></modules>") "</configuration>");
    for (uint64_t n = 1; rc != IW_OK && n < 100; n++) {
        struct iw_arena own;
        iw_arena_init(&own, 0);
        iw_alloc_fail_at(n);
        rc = iw_components_read(config, &own, &components);
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
        TEST(every_kind),
        TEST(the_table_is_whole),
        TEST(scopes_and_states),
        TEST(disabled_is_said),
        TEST(hiding_does_not_help),
        TEST(what_is_taken_away_and_where_folders_are),
        TEST(flags_are_a_set),
        TEST(section_handlers_of_a_web_config),
        TEST(attributes_that_decide_what_runs),
        TEST(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
