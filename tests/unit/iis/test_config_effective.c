/*
 * Which sections are in force where. Sources: Microsoft's reference of locking, inheritance,
 * <location>, configSource and protected configuration; allowDefinition and overrideModeDefault of
 * an installed IIS 10.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "iis/config/config_merge.h"
#include "tests/unit/iis/config_rig.h"

#define WEB_SERVER(inside) "<system.webServer>" inside "</system.webServer>"
#define LOCATION(attributes, inside) "<location " attributes ">" WEB_SERVER(inside) "</location>\n"
#define CONFIGURATION(inside) "<configuration>\n" inside "</configuration>"
#define MODULES "system.webServer/modules"
#define HANDLERS "system.webServer/handlers"
#define END                                                                                        \
    {                                                                                              \
        .text = NULL                                                                               \
    }

static struct iw_config *config;

static int tear_down(void **state)
{
    (void)state;
    iw_config_free(config);
    config = NULL;
    return 0;
}

static const char *modules(const char *place)
{
    return config_in_force(config, MODULES, "", "name", place);
}

static void locations_merge(void **state)
{
    (void)state;
    config = config_of_server(CONFIGURATION(
        WEB_SERVER("<modules><add name='A'/></modules>") "\n" LOCATION(
            "path='Default Web Site'", "<modules><add name='B'/></modules>")
            LOCATION("path='DEFAULT WEB SITE/App'", "<modules><add name='C'/></modules>")
                LOCATION("path='/default web site\\'", "<modules><add name='D'/></modules>")
                    LOCATION("path='Default Web Sites'", "<modules><add name='E'/></modules>")));
    assert_string_equal(modules(""), "A");
    assert_string_equal(modules("Default Web Site"), "A B D");
    assert_string_equal(modules("default web site/APP/x/y"), "A B D C");
    assert_string_equal(modules("Default Web Site/Apples"), "A B D");
    assert_string_equal(config_problems(config), "");
}

static void clear_and_remove(void **state)
{
    (void)state;
    config = config_of_server(CONFIGURATION(
        WEB_SERVER("<modules><add name='A'/><add name='B'/></modules>") "\n" LOCATION(
            "path='S'", "<modules><remove name='A'/><remove name='b'/><add name='A'/></modules>")
            LOCATION("path='S/a'", "<modules><add name='X'/><clear/><add name='C'/></modules>")));
    assert_string_equal(modules("S"), "B A"); /* names of modules differ in letter case */
    assert_string_equal(modules("S/a"), "C");
    assert_string_equal(config_problems(config), "");
}

/* mergeAppend="false" */
static void handlers_of_the_child_come_first(void **state)
{
    (void)state;
    config = config_of_server(CONFIGURATION(
        WEB_SERVER("<handlers><add name='A'/><add name='B'/></handlers>") "\n" LOCATION(
            "path='S'", "<handlers><remove name='A'/><add name='C'/><add name='D'/></handlers>")
            LOCATION("path='S/a'", "<handlers><add name='E'/></handlers>")));
    assert_string_equal(config_in_force(config, HANDLERS, "", "name", ""), "A B");
    assert_string_equal(config_in_force(config, HANDLERS, "", "name", "S"), "C D B");
    assert_string_equal(config_in_force(config, HANDLERS, "", "name", "S/a"), "E C D B");
}

static void keys(void **state)
{
    (void)state;
    config = config_of_server(CONFIGURATION(
        "<system.webServer><isapiFilters><filter name='F'/></isapiFilters>\n"
        "<fastCgi><application fullPath='p.exe' arguments='-a'/><application fullPath='P.EXE' "
        "arguments='-b'/></fastCgi>\n"
        "<modules><add name='M'/><add name='M'/><add name='m'/></modules></system.webServer>\n"
        "<system.web><httpModules><add name='N' type='one'/><add name='N' type='two'/>"
        "</httpModules></system.web>\n" LOCATION(
            "path='S'", "<isapiFilters><remove name='f'/></isapiFilters>"
                        "<fastCgi><remove fullPath='P.exe' arguments='-A'/></fastCgi>")));
    assert_string_equal(config_in_force(config, "system.webServer/isapiFilters", "", "name", "S"),
                        "");
    assert_string_equal(config_in_force(config, "system.webServer/fastCgi", "", "arguments", "S"),
                        "-b");
    assert_string_equal(modules(""), "M M m");
    assert_string_equal(config_in_force(config, "system.web/httpModules", "", "type", ""), "two");
    assert_string_equal(config_problems(config), "duplicate:4");
}

static void files_inherit_from_the_server_down(void **state)
{
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_WEB, NULL, "S/a",
             CONFIGURATION(WEB_SERVER("<modules><add name='4'/></modules>"))},
            {IW_CONFIG_WEB, NULL, "S",
             CONFIGURATION(WEB_SERVER("<modules><add name='3'/></modules>")
                               LOCATION("path='a'", "<modules><add name='3a'/></modules>"))},
            {IW_CONFIG_SERVER, NULL, NULL,
             CONFIGURATION(
                 LOCATION("path='' overrideMode='Allow'", "<modules><add name='2'/></modules>")
                     LOCATION("path='S/a'", "<modules><add name='2a'/></modules>"))},
            {IW_CONFIG_MACHINE, NULL, NULL,
             CONFIGURATION(WEB_SERVER("<modules><add name='1'/></modules>"))},
            END},
        NULL);
    assert_string_equal(modules("S"), "1 2 3");
    assert_string_equal(modules("S/a/b"), "1 2 3 2a 3a 4");
    assert_string_equal(modules("T"), "1 2");
    assert_string_equal(config_problems(config), "");
}

static void sections_that_are_locked(void **state)
{
    static const char WEB[] =
        CONFIGURATION(WEB_SERVER("<modules><add name='W'/></modules>\n"
                                 "<globalModules><add name='G' image='x.dll'/></globalModules>"
                                 "<httpLogging dontLog='true'/>"));
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_SERVER, NULL, NULL,
             CONFIGURATION(
                 LOCATION("path='Open' overrideMode='Allow'", "<modules><add name='A'/></modules>")
                     LOCATION("path='Old' allowOverride='true'", "<httpLogging/>"))},
            {IW_CONFIG_WEB, "open.config", "Open", WEB},
            {IW_CONFIG_WEB, "shut.config", "Shut", WEB},
            {IW_CONFIG_WEB, "old.config", "Old", WEB},
            END},
        NULL);
    assert_string_equal(modules("Open"), "A W");
    assert_string_equal(modules("Shut"), "");
    assert_string_equal(
        config_in_force(config, "system.webServer/globalModules", "", "name", "Open"), "");
    /* globalModules thrice where none may be; modules in Shut and Old; httpLogging in Open, Shut */
    assert_string_equal(config_problems(config), "misplaced:3 misplaced:3 misplaced:3 locked:3 "
                                                 "locked:3 locked:2 locked:2");
}

/* Without the server's file nobody knows what it unlocks, nor where it is cut or not the real one.
 */
static void locks_are_not_guessed(void **state)
{
    static const char WEB[] = CONFIGURATION(WEB_SERVER("<modules><add name='W'/></modules>"));
    static const char CUT[] = "<configuration><system.applicationHost><sites><site name='X'>"
                              "<application path='/'/></site></sites></system.applicationHost>"
                              "<location path=''";
    static const char REDIRECTION[] =
        CONFIGURATION("<configurationRedirection enabled='true' path='x'/>");
    static const struct {
        struct config_text files[4];
        const char *problems;
    } CASES[] = {
        {{{IW_CONFIG_WEB, NULL, "S", WEB}, END}, ""},
        {{{IW_CONFIG_WEB, NULL, "S", WEB}, {IW_CONFIG_SERVER, NULL, NULL, CUT}, END}, "file:1"},
        {{{IW_CONFIG_WEB, NULL, "S", WEB},
          {IW_CONFIG_SERVER, NULL, NULL, CONFIGURATION("")},
          {IW_CONFIG_REDIRECTION, NULL, NULL, REDIRECTION},
          END},
         "redirected:2"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        config = config_of(CASES[i].files, NULL);
        assert_string_equal(modules("S"), "W");
        assert_string_equal(config_problems(config), CASES[i].problems);
        (void)tear_down(NULL);
    }
}

static void declarations_decide(void **state)
{
    static const char SERVER[] = CONFIGURATION(
        "<configSections><sectionGroup name='system.webServer'>"
        "<section name='modules' overrideModeDefault='Allow' allowDefinition='Everywhere'/>"
        "<section name='own' allowDefinition='AppHostOnly' allowLocation='false'/>"
        "<sectionGroup name='deep'><section name='er' overrideModeDefault='Deny'/></sectionGroup>"
        "</sectionGroup></configSections>\n" LOCATION("path='S'", "<own/>"));
    static const char WEB[] = CONFIGURATION(
        "<configSections><sectionGroup name='system.webServer'><section name='globalModules'/>"
        "<section name='mine'/></sectionGroup></configSections>\n" WEB_SERVER(
            "<modules><add name='W'/></modules>\n<own/>\n<deep><er/></deep>\n<mine/>\n"
            "<globalModules/>\n<odd/>"));
    (void)state;
    config = config_of((const struct config_text[]){{IW_CONFIG_SERVER, NULL, NULL, SERVER},
                                                    {IW_CONFIG_WEB, NULL, "S", WEB},
                                                    END},
                       NULL);
    assert_string_equal(modules("S"), "W");
    assert_string_equal(config_problems(config),
                        "undeclared:8 misplaced:7 misplaced:3 misplaced:4 locked:5");
}

/* MachineToApplication: in a web.config of an application, not of a folder in one. */
static void folders_are_no_applications(void **state)
{
    static const char WEB[] = CONFIGURATION(WEB_SERVER("<modules><add name='W'/></modules>"));
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_SERVER, NULL, NULL,
             CONFIGURATION(
                 "<system.applicationHost><sites><site name='S'><application path='/'/>"
                 "<application path='/App'/></site></sites></system.applicationHost>\n" LOCATION(
                     "path='' overrideMode='Allow'", "<modules/>"))},
            {IW_CONFIG_WEB, "a.config", "S", WEB},
            {IW_CONFIG_WEB, "b.config", "S/app", WEB},
            {IW_CONFIG_WEB, "c.config", "S/folder", WEB},
            END},
        NULL);
    assert_string_equal(config_problems(config), "misplaced:2 duplicate:2");
    assert_string_equal(modules("S/folder"), "W");
}

static void child_applications_may_not_inherit(void **state)
{
    (void)state;
    config = config_of_server(CONFIGURATION(
        "<system.applicationHost><sites><site name='S'><application path='/'/>"
        "<application path='/App'/></site></sites></system.applicationHost>\n" LOCATION(
            "path='S' inheritInChildApplications='false'", "<modules><add name='A'/></modules>")));
    assert_string_equal(modules("S"), "A");
    assert_string_equal(modules("s/folder"), "A");
    assert_string_equal(modules("S/app"), "");
    assert_string_equal(modules("S/app/folder"), "");
    assert_string_equal(modules("S/Apple"), "A");
}

static void items_that_are_locked(void **state)
{
    (void)state;
    config = config_of_server(CONFIGURATION(
        WEB_SERVER("<modules><add name='A' lockItem='true'/><add "
                   "name='B'/></modules>") "\n" LOCATION("path='S'",
                                                         "<modules><remove name='A'/><remove "
                                                         "name='B'/></modules>")
            LOCATION("path='T'", "<modules><clear/></modules>")
                LOCATION("path='U'", "<modules><remove name='B'/></modules>")));
    assert_string_equal(modules("S"), "A");
    assert_string_equal(modules("T"), "A");
    assert_string_equal(modules("U"), "A");
    assert_string_equal(config_problems(config), "item:3 item:4");
}

static void attributes_and_elements_that_are_locked(void **state)
{
    struct iw_config_setting setting;
    (void)state;
    config = config_of_server(CONFIGURATION(
        "<system.webServer><handlers accessPolicy='Read' lockAttributes='x, accessPolicy'>"
        "<add name='A'/></handlers><modules lockElements='remove,clear'><add name='M'/></modules>"
        "<isapiFilters lockAllElementsExcept='filter'><filter name='F'/></isapiFilters>"
        "<defaultDocument lockElements='files'><files><add value='d'/></files></defaultDocument>"
        "</system.webServer>\n" LOCATION(
            "path='S'",
            "<handlers accessPolicy='Write'><add name='B'/></handlers>\n"
            "<modules><remove name='M'/><add name='N'/></modules>\n"
            "<isapiFilters><clear/><filter name='G'/></isapiFilters>\n"
            "<defaultDocument><files><clear/><add value='e'/></files></defaultDocument>")));
    assert_string_equal(modules("S"), "M N");
    assert_string_equal(config_in_force(config, HANDLERS, "", "name", "S"), "B A");
    assert_string_equal(config_in_force(config, "system.webServer/isapiFilters", "", "name", "S"),
                        "F G");
    assert_string_equal(
        config_in_force(config, "system.webServer/defaultDocument", "files", "value", "S"), "d");
    setting = iw_config_setting_at(config, iw_config_section_of(config, IW_STR(HANDLERS)),
                                   IW_STR("accessPolicy"), IW_STR("s"));
    assert_true(setting.is_set && !setting.is_unknown);
    assert_int_equal(setting.layer->place.depth, 0);
    assert_true(iw_str_equal(setting.value, IW_STR("Read")));
    assert_string_equal(config_problems(config), "item:6 item:3 item:5 item:4");
}

static void encrypted_is_unknown(void **state)
{
    (void)state;
    config = config_of_server(
        CONFIGURATION(WEB_SERVER("<modules><add name='A'/></modules>") "\n" LOCATION(
            "path='S'", "<modules configProtectionProvider='P'><EncryptedData/></modules>")
                          LOCATION("path='T'", "<handlers><EncryptedData/></handlers>")));
    assert_string_equal(modules("S"), "A ?");
    assert_string_equal(modules("T"), "A");
    assert_string_equal(config_in_force(config, HANDLERS, "", "name", "T"), "?");
    assert_string_equal(config_problems(config), "encrypted:3 encrypted:4");
}

static void sources_are_followed(void **state)
{
    static const struct config_text NAMED[] = {
        {.name = "modules.xml", .text = "<modules configSource='more.xml'/>"},
        {.name = "more.xml", .text = "<modules>\n<add name='B'/></modules>"},
        {.name = "handlers.xml", .text = "<handlers>\n<add name='I'/><br></handlers>"},
        END};
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_SERVER, NULL, NULL,
             CONFIGURATION(
                 WEB_SERVER("<modules configSource='Modules.xml'/>\n"
                            "<handlers childSource='handlers.xml'><add name='H'/></handlers>\n"
                            "<isapiFilters configSource='gone.xml'/>"))},
            END},
        NAMED);
    assert_string_equal(modules(""), "B");
    assert_string_equal(config_in_force(config, HANDLERS, "", "name", ""), "I H");
    assert_string_equal(config_in_force(config, "system.webServer/isapiFilters", "", "name", ""),
                        "?");
    assert_string_equal(config_problems(config), "file:2 source:4 stranger:2");
}

static void circular_sources_are_refused(void **state)
{
    static const struct config_text NAMED[] = {
        {.name = "a.xml", .text = "<modules configSource='b.xml'/>"},
        {.name = "b.xml", .text = "<modules\nconfigSource='A.xml'/>"},
        {.name = "applicationhost.config", .text = "<handlers/>"},
        {.name = "wrong.xml", .text = "<other/>"},
        END};
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_SERVER, NULL, NULL,
             CONFIGURATION(WEB_SERVER("<modules configSource='a.xml'/>\n"
                                      "<handlers configSource='applicationHost.config'/>\n"
                                      "<isapiFilters configSource='wrong.xml'/>"))},
            END},
        NAMED);
    assert_string_equal(modules(""), "?");
    assert_string_equal(config_problems(config), "circular:1 circular:3 source:1");
    assert_non_null(strstr(config->problems->what.p, "a.xml"));
}

static void long_chains_are_refused(void **state)
{
    static char texts[IW_LIMIT_CONFIG_CHAIN + 2][64], names[IW_LIMIT_CONFIG_CHAIN + 2][16];
    struct config_text named[IW_LIMIT_CONFIG_CHAIN + 3] = {0};
    const struct config_text FILES[] = {
        {IW_CONFIG_SERVER, NULL, NULL, CONFIGURATION(WEB_SERVER("<modules configSource='0'/>"))},
        END};
    (void)state;

    for (size_t n = IW_LIMIT_CONFIG_CHAIN; n <= IW_LIMIT_CONFIG_CHAIN + 1; n++) {
        for (size_t i = 0; i < n; i++) {
            (void)snprintf(names[i], sizeof names[i], "%zu", i);
            (void)snprintf(texts[i], sizeof texts[i],
                           i + 1 == n ? "<modules><add name='M'/></modules>"
                                      : "<modules configSource='%zu'/>",
                           i + 1);
            named[i] = (struct config_text){.name = names[i], .text = texts[i]};
        }
        config = config_of(FILES, named);
        assert_string_equal(modules(""), n == IW_LIMIT_CONFIG_CHAIN ? "M" : "?");
        assert_string_equal(config_problems(config), n == IW_LIMIT_CONFIG_CHAIN ? "" : "limit:1");
        if (n == IW_LIMIT_CONFIG_CHAIN)
            (void)tear_down(NULL);
    }
}

static void redirected_is_not_authoritative(void **state)
{
    static const char SERVER[] = CONFIGURATION(WEB_SERVER("<modules><add name='A'/></modules>"));
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_REDIRECTION, NULL, NULL,
             CONFIGURATION("<configurationRedirection enabled='true' path='\\\\nas\\iis'/>")},
            {IW_CONFIG_SERVER, NULL, NULL, SERVER},
            END},
        NULL);
    assert_true(config->is_redirected);
    assert_true(iw_str_equal(config->redirected_to, IW_STR("\\\\nas\\iis")));
    assert_string_equal(config_problems(config), "redirected:2");
    (void)tear_down(NULL);
    config = config_of(
        (const struct config_text[]){{IW_CONFIG_REDIRECTION, NULL, NULL,
                                      CONFIGURATION("<configurationRedirection path='x'/>")},
                                     END},
        NULL);
    assert_false(config->is_redirected);
}

static void files_that_are_damaged(void **state)
{
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {IW_CONFIG_SERVER, NULL, NULL,
             "<configuration>" WEB_SERVER(
                 "<modules><add name='A'/></modules>") "<x></configuration>"},
            {IW_CONFIG_WEB, NULL, "S", "<html/>"},
            END},
        NULL);
    assert_string_equal(modules("S"), "A");
    /* The place of the damage; a wrong root is of the file as a whole. */
    assert_string_equal(config_problems(config), "file:1 file:0");
}

static void limit_of_layers(void **state)
{
    struct iw_buffer text;
    (void)state;

    for (size_t n = IW_LIMIT_CONFIG_LAYERS; n <= IW_LIMIT_CONFIG_LAYERS + 1; n++) {
        iw_buffer_init(&text);
        iw_buffer_add(&text, IW_STR("<configuration>"));
        for (size_t i = 0; i < n; i++)
            iw_buffer_add(&text, IW_STR("<location path='S'><appSettings/></location>"));
        iw_buffer_add(&text, IW_STR("</configuration>"));
        iw_buffer_add_char(&text, 0);
        config = config_of_server(text.p);
        assert_string_equal(config_problems(config), n == IW_LIMIT_CONFIG_LAYERS ? "" : "limit:1");
        assert_int_equal(config->n_layers, IW_LIMIT_CONFIG_LAYERS);
        (void)tear_down(NULL);
        iw_buffer_done(&text);
    }
}

static void limit_of_places(void **state)
{
    struct iw_buffer text;
    (void)state;

    for (size_t n = IW_LIMIT_CONFIG_PLACE_PARTS; n <= IW_LIMIT_CONFIG_PLACE_PARTS + 1; n++) {
        iw_buffer_init(&text);
        iw_buffer_add(&text, IW_STR("<configuration>\n<location path='"));
        for (size_t i = 0; i < n; i++)
            iw_buffer_add(&text, IW_STR("a/"));
        iw_buffer_add(&text, IW_STR("'><appSettings/></location></configuration>"));
        iw_buffer_add_char(&text, 0);
        config = config_of_server(text.p);
        assert_string_equal(config_problems(config),
                            n == IW_LIMIT_CONFIG_PLACE_PARTS ? "" : "limit:2");
        assert_int_equal(config->n_layers, n == IW_LIMIT_CONFIG_PLACE_PARTS);
        (void)tear_down(NULL);
        iw_buffer_done(&text);
    }
}

static void limit_of_problems(void **state)
{
    struct iw_buffer text;
    (void)state;

    iw_buffer_init(&text);
    iw_buffer_add(&text, IW_STR("<configuration><system.webServer>"));
    for (size_t i = 0; i < IW_LIMIT_CONFIG_PROBLEMS + 1; i++)
        iw_buffer_printf(&text, "<odd%zu/>", i);
    iw_buffer_add(&text, IW_STR("</system.webServer></configuration>"));
    iw_buffer_add_char(&text, 0);
    config = config_of_server(text.p);
    assert_int_equal(config->n_problems, IW_LIMIT_CONFIG_PROBLEMS);
    assert_int_equal(config->n_hidden, 1);
    iw_buffer_done(&text);
}

/* Each name once a file and collection, with how often; what may stand beside a collection, what is
 * removed, and what stands inside of an entry is none. */
static void elements_nobody_knows(void **state)
{
    const struct iw_config_problem *problem;
    (void)state;
    config = config_of_server(
        "<configuration>\n<system.applicationHost><sites><siteDefaults/><applicationDefaults/>"
        "<virtualDirectoryDefaults/><site name='S'><odd/></site></sites></system.applicationHost>\n"
        "<system.webServer><staticContent><clientCache/><mimeMap fileExtension='.x'/>"
        "</staticContent><modules><clear/><remove name='A'/><add name='B'/>\n"
        "<Add name='Evil'/><Add name='Evil2'/><odd/></modules>\n"
        "<handlers><odd/></handlers><security><requestFiltering><other/><verbs>\n"
        "<allow/></verbs></requestFiltering></security></system.webServer>\n"
        "<location path='S'><system.webServer><modules><odd/></modules></system.webServer>"
        "</location></configuration>");
    assert_string_equal(config_problems(config), "stranger:5 stranger:4 stranger:4 stranger:6");
    problem = config->problems->next;
    assert_true(iw_str_equal(problem->what, IW_STR("<Add> is no element of "
                                                   "system.webServer/modules that is known: 2 "
                                                   "passed over in this file")));
    problem = problem->next;
    assert_true(iw_str_equal(problem->what, IW_STR("<odd> is no element of "
                                                   "system.webServer/modules that is known: 2 "
                                                   "passed over in this file")));
    assert_true(iw_str_equal(problem->next->what,
                             IW_STR("<allow> is no element of "
                                    "system.webServer/security/requestFiltering/verbs that is "
                                    "known: 1 passed over in this file")));
}

static void memory_may_fail_anywhere(void **state)
{
    static const char TEXT[] =
        CONFIGURATION(WEB_SERVER("<modules><add name='A'/><add name='A'/></modules>") LOCATION(
            "path='S'", "<handlers configSource='x'><clear/></handlers><modules><odd/></modules>"));
    enum iw_rc rc = IW_ENOMEM;
    (void)state;

    for (uint64_t n = 1; rc != IW_OK && n < 10000; n++) {
        struct iw_config_source source = {IW_CONFIG_SERVER, IW_STR("x"), IW_STR(""),
                                          iw_str_of(TEXT)};
        iw_alloc_fail_at(n);
        config = iw_config_new(NULL);
        rc = config == NULL ? IW_ENOMEM : iw_config_add(config, &source);
        if (rc == IW_OK)
            rc = iw_config_settle(config);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        (void)tear_down(NULL);
    }
    assert_int_equal(rc, IW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(locations_merge, tear_down),
        cmocka_unit_test_teardown(clear_and_remove, tear_down),
        cmocka_unit_test_teardown(handlers_of_the_child_come_first, tear_down),
        cmocka_unit_test_teardown(keys, tear_down),
        cmocka_unit_test_teardown(files_inherit_from_the_server_down, tear_down),
        cmocka_unit_test_teardown(sections_that_are_locked, tear_down),
        cmocka_unit_test_teardown(locks_are_not_guessed, tear_down),
        cmocka_unit_test_teardown(declarations_decide, tear_down),
        cmocka_unit_test_teardown(folders_are_no_applications, tear_down),
        cmocka_unit_test_teardown(child_applications_may_not_inherit, tear_down),
        cmocka_unit_test_teardown(items_that_are_locked, tear_down),
        cmocka_unit_test_teardown(attributes_and_elements_that_are_locked, tear_down),
        cmocka_unit_test_teardown(encrypted_is_unknown, tear_down),
        cmocka_unit_test_teardown(sources_are_followed, tear_down),
        cmocka_unit_test_teardown(circular_sources_are_refused, tear_down),
        cmocka_unit_test_teardown(long_chains_are_refused, tear_down),
        cmocka_unit_test_teardown(redirected_is_not_authoritative, tear_down),
        cmocka_unit_test_teardown(files_that_are_damaged, tear_down),
        cmocka_unit_test_teardown(limit_of_layers, tear_down),
        cmocka_unit_test_teardown(limit_of_places, tear_down),
        cmocka_unit_test_teardown(limit_of_problems, tear_down),
        cmocka_unit_test_teardown(elements_nobody_knows, tear_down),
        cmocka_unit_test_teardown(memory_may_fail_anywhere, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
