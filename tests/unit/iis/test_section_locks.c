/*
 * What a web.config may add to. Sources: Microsoft's "How to Use Locking in IIS Configuration"
 * (overrideModeDefault, overrideMode, allowOverride, lockItem, lockElements, lockAttributes);
 * allowDefinition of the schema; configSections of real servers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "iis/config/section_locks.h"
#include "tests/unit/iis/config_rig.h"

/* The declarations of an installed IIS, as far as code goes. */
#define DECLARED                                                                                   \
    "<configSections><sectionGroup name='system.webServer'>"                                       \
    "<section name='globalModules' allowDefinition='AppHostOnly' overrideModeDefault='Deny'/>"     \
    "<section name='handlers' overrideModeDefault='Deny'/>"                                        \
    "<section name='httpCompression' overrideModeDefault='Allow'/>"                                \
    "<section name='isapiFilters' allowDefinition='MachineToApplication'"                          \
    " overrideModeDefault='Deny'/>"                                                                \
    "<section name='modules' allowDefinition='MachineToApplication' overrideModeDefault='Deny'/>"  \
    "<section name='aspNetCore' overrideModeDefault='Allow'/>"                                     \
    "</sectionGroup></configSections>"                                                             \
    "<system.applicationHost><sites><site name='S' id='1'><application path='/'>"                  \
    "<virtualDirectory path='/' physicalPath='C:\\w'/></application></site></sites>"               \
    "</system.applicationHost>"
#define SERVER(inside) "<configuration>" DECLARED inside "</configuration>"
#define LOCATION(attributes, inside)                                                               \
    "<location " attributes "><system.webServer>" inside "</system.webServer></location>"

static struct iw_config *config;
static struct iw_arena arena;
static char shown[2048];

/* Sections of IIS, or of .NET, with that answer, without "system.webServer/", by spaces. */
static const char *list(const char *place, bool is_net, enum iw_section_answer answer)
{
    struct iw_config_place at;
    size_t n, end = 0;
    const struct iw_code_section *rows = iw_code_sections(&n);

    assert_true(iw_config_place_read(IW_STR(""), iw_str_of(place), &arena, &at));
    shown[0] = 0;
    for (size_t i = 0; i < n; i++) {
        const char *path = rows[i].path;
        if (rows[i].is_net != is_net || iw_section_answer_at(config, &rows[i], &at) != answer)
            continue;
        if (strncmp(path, "system.webServer/", 17) == 0)
            path += 17;
        end += (size_t)snprintf(shown + end, sizeof shown - end, "%s%s", end == 0 ? "" : " ", path);
    }
    return shown;
}

static const char *allowed(const char *place)
{
    return list(place, false, IW_SECTION_ALLOWED);
}

static void of_server(const char *text)
{
    iw_config_free(config);
    config = config_of_server(text);
}

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_config_free(config);
    config = NULL;
    iw_arena_done(&arena);
    return 0;
}

static void declarations_decide(void **state)
{
    (void)state;
    of_server(SERVER(""));
    assert_string_equal(allowed("S"), "aspNetCore httpCompression");
    /* A server whose configSections are not there at all: as a server is installed. */
    of_server("<configuration/>");
    assert_string_equal(allowed("S"), "aspNetCore httpPlatform rewrite/providers");
}

static void a_location_unlocks_and_locks(void **state)
{
    (void)state;
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'", "<handlers/><modules/>")));
    assert_string_equal(allowed("S"), "aspNetCore handlers httpCompression modules");
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'", "<handlers/>")
                         LOCATION("path='S' overrideMode='Deny'", "<handlers/><aspNetCore/>")));
    assert_string_equal(allowed("S"), "httpCompression");
    assert_string_equal(allowed("S/app"), "httpCompression");
    assert_string_equal(allowed("T"), "aspNetCore handlers httpCompression");
    /* The older attribute. */
    of_server(SERVER(LOCATION("path='S' allowOverride='true'", "<isapiFilters/>")));
    assert_string_equal(allowed("S"), "aspNetCore httpCompression isapiFilters");
    assert_string_equal(allowed("T"), "aspNetCore httpCompression");
    of_server(SERVER(LOCATION("allowOverride='false'", "<httpCompression/>")));
    assert_string_equal(allowed("S"), "aspNetCore");
}

static void no_location_unlocks_what_belongs_to_the_server(void **state)
{
    (void)state;
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'",
                              "<globalModules/><security><isapiCgiRestriction/>"
                              "</security><fastCgi/>")));
    assert_string_equal(allowed("S"), "aspNetCore httpCompression");
}

static void modules_are_of_applications(void **state)
{
    (void)state;
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'", "<handlers/><modules/>")));
    assert_string_equal(allowed("S/folder"), "aspNetCore handlers httpCompression");
}

static void a_web_config_unlocks_nothing_for_itself(void **state)
{
    (void)state;
    config = config_of(
        (const struct config_text[]){
            {.role = IW_CONFIG_SERVER,
             .text = SERVER(LOCATION("path='' overrideMode='Allow'", "<handlers/>"))},
            {.role = IW_CONFIG_WEB,
             .place = "S",
             .text = "<configuration><location path='.' overrideMode='Allow'><system.webServer>"
                     "<modules/></system.webServer></location>"
                     "<location path='app' overrideMode='Deny'><system.webServer><handlers/>"
                     "</system.webServer></location></configuration>"},
            {.text = NULL}},
        NULL);
    assert_string_equal(allowed("S"), "aspNetCore handlers httpCompression");
    /* But it may lock what lies below. */
    assert_string_equal(allowed("S/app"), "aspNetCore httpCompression");
    assert_string_equal(allowed("S/app/x"), "aspNetCore httpCompression");
}

static void elements_and_attributes_lock_too(void **state)
{
    static const char *const LOCKED[] = {
        "<handlers lockElements='add'/>", "<handlers lockElements='clear, add'/>",
        "<handlers lockElements='*'/>", "<handlers lockAllElementsExcept='remove'/>",
        "<handlers lockItem='true'/>"};
    (void)state;

    for (size_t i = 0; i < sizeof LOCKED / sizeof LOCKED[0]; i++) {
        char text[4096];
        (void)snprintf(text, sizeof text,
                       SERVER(LOCATION("path='' overrideMode='Allow'", "%s<modules/>")), LOCKED[i]);
        of_server(text);
        assert_string_equal(allowed("S"), "aspNetCore httpCompression modules");
    }
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'",
                              "<handlers lockElements='clear'/>"
                              "<aspNetCore lockAttributes='processPath'/>")));
    assert_string_equal(allowed("S"), "handlers httpCompression");
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'",
                              "<aspNetCore lockAllAttributesExcept='processPath'/>")));
    assert_string_equal(allowed("S"), "aspNetCore httpCompression");
}

static void sections_of_net(void **state)
{
    (void)state;
    of_server(SERVER(""));
    assert_string_equal(list("S", true, IW_SECTION_DENIED), "");
    assert_non_null(strstr(list("S", true, IW_SECTION_ALLOWED), "system.web/httpModules"));
    assert_null(strstr(list("S/folder", true, IW_SECTION_ALLOWED), "system.web/httpModules"));
    assert_non_null(strstr(list("S/folder", true, IW_SECTION_ALLOWED), "system.web/httpHandlers"));
    iw_config_free(config);
    config = config_of(
        (const struct config_text[]){
            {.role = IW_CONFIG_ROOT_WEB,
             .text = "<configuration><location allowOverride='false'><system.web><httpModules/>"
                     "<compilation/></system.web></location></configuration>"},
            {.role = IW_CONFIG_SERVER, .text = SERVER("")},
            {.text = NULL}},
        NULL);
    assert_string_equal(list("S", true, IW_SECTION_DENIED),
                        "system.web/compilation system.web/httpModules");
}

static void what_is_not_known_is_not_denied(void **state)
{
    size_t n;
    (void)state;

    (void)iw_code_sections(&n);
    /* Damaged: what unlocks may stand behind. */
    of_server("<configuration>" DECLARED "<location");
    assert_string_equal(allowed("S"), "");
    assert_string_equal(list("S", false, IW_SECTION_DENIED), "");
    /* Elsewhere. */
    iw_config_free(config);
    config = config_of(
        (const struct config_text[]){{.role = IW_CONFIG_REDIRECTION,
                                      .text =
                                          "<configuration><configurationRedirection enabled='true'"
                                          " path='\\\\nas\\iis'/></configuration>"},
                                     {.role = IW_CONFIG_SERVER, .text = SERVER("")},
                                     {.text = NULL}},
        NULL);
    assert_string_equal(allowed("S"), "");
    assert_string_equal(list("S", false, IW_SECTION_DENIED), "");
    /* None at all. */
    iw_config_free(config);
    config = config_of(
        (const struct config_text[]){
            {.role = IW_CONFIG_WEB, .place = "S", .text = "<configuration/>"}, {.text = NULL}},
        NULL);
    assert_string_equal(allowed("S"), "");
    assert_string_equal(list("S", true, IW_SECTION_DENIED), "");
    /* An encrypted section may hold lockElements; what is locked as a whole stays so. */
    of_server(SERVER(LOCATION("path='' overrideMode='Allow'",
                              "<handlers configProtectionProvider='p'><EncryptedData/></handlers>")
                         LOCATION("path='S' overrideMode='Inherit'",
                                  "<modules configProtectionProvider='p'/>")));
    assert_string_equal(list("S", false, IW_SECTION_UNKNOWN), "handlers");
    assert_string_equal(allowed("S"), "aspNetCore httpCompression");
}

/* --- real servers --------------------------------------------------------------------------- */

static const char *allowed_by_file(const char *name, const char *place)
{
    struct iw_config_source source = {.role = IW_CONFIG_SERVER, .name = iw_str_of(name)};

    if (!config_evidence(name, &arena, &source.bytes))
        skip();
    iw_config_free(config);
    config = iw_config_new(NULL);
    assert_non_null(config);
    assert_int_equal(iw_config_add(config, &source), IW_OK);
    assert_int_equal(iw_config_settle(config), IW_OK);
    return allowed(place);
}

/* Expectations: the attributes of <section> and <location path=""> in the files themselves. */
static void lock_matrix_of_real_servers(void **state)
{
    static const struct {
        const char *file, *allowed;
    } CASES[] = {
        {"exchange2016/E16_Configured_ApplicationHost.config",
         "handlers httpCompression modules rewrite/providers"},
        {"exchange2016/E16_NotConfigured_ApplicationHost.config",
         "handlers httpCompression modules rewrite/providers"},
        {"servers/aspnet_applicationHost.config", "handlers httpCompression modules"},
        {"servers/aspnetcore_applicationHost.config", "aspNetCore handlers httpCompression"},
        {"servers/aspnetcore_ssl_applicationHost.config", "aspNetCore handlers httpCompression"},
        {"servers/container_applicationHost.config", "handlers httpCompression modules"},
        {"servers/minimal_applicationHost.config", "httpCompression"},
        {"servers/malformed_applicationHost.config", ""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_string_equal(allowed_by_file(CASES[i].file, "Default Web Site"), CASES[i].allowed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(declarations_decide),
        TEST(a_location_unlocks_and_locks),
        TEST(no_location_unlocks_what_belongs_to_the_server),
        TEST(modules_are_of_applications),
        TEST(a_web_config_unlocks_nothing_for_itself),
        TEST(elements_and_attributes_lock_too),
        TEST(sections_of_net),
        TEST(what_is_not_known_is_not_denied),
        TEST(lock_matrix_of_real_servers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
