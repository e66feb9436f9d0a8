/*
 * Which names handlers of a configuration run, and where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "detect/chain/web_file_path.h"

struct handler {
    const char *kind, *name, *scope, *image, *type, *path, *modules, *state;
    bool is_disabled;
};

#define ASP "C:\\Windows\\System32\\inetsrv\\asp.dll"
#define FORBIDDEN "System.Web.HttpForbiddenHandler, System.Web, Version=4.0.0.0"

static const struct handler HANDLERS[] = {
    {"handler", "foo", "", ASP, "", "*.FOO,*.bar", "IsapiModule", "written", false},
    {"handler", "one", "Shop", "", "Acme.Logo, Acme", "logo.png", "", "written", false},
    {"handler", "deep", "Shop/app", ASP, "", "/up/x*.dat", "IsapiModule", "written", false},
    {"handler", "cgi", "Shop", "", "", "*.py", "CgiModule", "written", false},
    {"aspNetHandler", "*.net1,*.net2", "", "", "Acme.Net", "", "", "written", false},
    {"aspNetHandler", "*.cs", "", "", FORBIDDEN, "", "", "written", false},
    {"handler", "static", "", "", "", "*.txt", "StaticFileModule, DirectoryListingModule",
     "written", false},
    {"handler", "sent", "", "", "System.Web.StaticFileHandler", "*.sent", "", "written", false},
    {"handler", "all", "", ASP, "", "*", "IsapiModule", "written", false},
    {"handler", "names", "", ASP, "", "*.*", "IsapiModule", "written", false},
    {"handler", "dll", "", "", "", "*.dll", "IsapiModule", "written", false},
    {"handler", "off", "", ASP, "", "*.off", "IsapiModule", "written", true},
    {"handler", "refused", "Shop", ASP, "", "*.refused", "IsapiModule", "refused", false},
    {"handler", "wild", "Shop", ASP, "", "*.qu*x", "IsapiModule", "written", false},
    {"handler", "self", "Shop", ASP, "", "up/w*g", "IsapiModule", "written", false},
    {"handler", "wide", "", ASP, "", "a*", "IsapiModule", "written", false},
    {"handler", "page", "", ASP, "", "x*.aspx", "IsapiModule", "written", false},
    {"globalModule", "m", "", ASP, "", "*.module", "IsapiModule", "written", false},
};
#define N_HANDLERS (sizeof HANDLERS / sizeof HANDLERS[0])

struct world {
    struct iw_inventory inventory;
    struct iw_inventory_server server;
    struct iw_inventory_component components[N_HANDLERS];
    struct iw_inventory_root root;
    struct iw_str attributes[N_HANDLERS][2];
    char texts[N_HANDLERS][2][128];
    struct iw_chain_settings settings;
};

static void begin(struct world *world)
{
    memset(world, 0, sizeof *world);
    for (size_t i = 0; i < N_HANDLERS; i++) {
        const struct handler *handler = &HANDLERS[i];
        struct iw_inventory_component *component = &world->components[i];
        (void)snprintf(world->texts[i][0], sizeof world->texts[i][0], "modules=%s",
                       handler->modules);
        (void)snprintf(world->texts[i][1], sizeof world->texts[i][1], "path=%s", handler->path);
        world->attributes[i][0] = iw_str_of(world->texts[i][0]);
        world->attributes[i][1] = iw_str_of(world->texts[i][1]);
        component->kind = handler->kind;
        component->name = iw_str_of(handler->name);
        component->scope = iw_str_of(handler->scope);
        component->image = iw_str_of(handler->image);
        component->type = iw_str_of(handler->type);
        component->state = handler->state;
        component->is_disabled = handler->is_disabled;
        component->attributes.items = world->attributes[i];
        component->attributes.n = 2;
    }
    world->root.path = IW_STR("C:\\Windows\\Servicing\\site");
    world->server.components = world->components;
    world->server.n_components = N_HANDLERS;
    world->server.roots = &world->root;
    world->server.n_roots = 1;
    world->inventory.servers = &world->server;
    world->inventory.n_servers = 1;
    iw_chain_settings_init(&world->settings);
    assert_int_equal(iw_chain_settings_know(&world->settings, &world->inventory), IW_OK);
}

static void files_that_handlers_run(void **state)
{
    static const struct {
        const char *path;
        enum iw_web_file_class class;
    } CASES[] = {
        {"D:\\any\\x.foo", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\X.Foo. ", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\x.bar", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\logo.png", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\other.png", IW_WEB_FILE_OTHER},
        {"D:\\any\\x1.dat", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\x.py", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\x.net2", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\x.cs", IW_WEB_FILE_OTHER},
        {"D:\\any\\x.txt", IW_WEB_FILE_OTHER},
        {"D:\\any\\x.sent", IW_WEB_FILE_OTHER},
        {"D:\\any\\x.off", IW_WEB_FILE_OTHER},
        {"D:\\any\\x.refused", IW_WEB_FILE_OTHER},
        {"D:\\any\\x.module", IW_WEB_FILE_OTHER},
        {"D:\\any\\x.dll", IW_WEB_FILE_OTHER},
        {"D:\\any\\foo", IW_WEB_FILE_OTHER},
        {"D:\\any\\a.QUUX", IW_WEB_FILE_SCRIPT},
        {"D:\\any\\a.quy", IW_WEB_FILE_OTHER},
        {"D:\\any\\web.config", IW_WEB_FILE_SUPPORT}, /* and is asked for */
        {"D:\\any\\wag", IW_WEB_FILE_OTHER},
        {"D:\\any\\abc.xyz", IW_WEB_FILE_OTHER},
        {"C:\\Windows\\WinSxS\\y\\x.foo", IW_WEB_FILE_OTHER},
        /* A site whose folder lies where nobody keeps one. */
        {"C:\\Windows\\Servicing\\site\\x.aspx", IW_WEB_FILE_SCRIPT},
        {"C:\\Windows\\Servicing\\other\\x.aspx", IW_WEB_FILE_OTHER},
    };
    struct world world;
    (void)state;
    begin(&world);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        enum iw_web_file_class found =
            iw_web_file_class_of(iw_str_of(CASES[i].path), &world.settings);
        if (found != CASES[i].class)
            fail_msg("%s: %d", CASES[i].path, (int)found);
    }
    assert_false(iw_web_file_is_never_asked_for(IW_STR("D:\\any\\web.config"), &world.settings));
    assert_true(iw_web_file_is_never_asked_for(IW_STR("D:\\any\\web.config"), NULL));
    assert_true(iw_web_file_is_never_asked_for(IW_STR("D:\\any\\App_Code\\x.cs"), NULL));
    assert_false(iw_web_file_is_never_asked_for(IW_STR("D:\\any\\services\\x.wsdl"), NULL));
    iw_chain_settings_done(&world.settings);
}

static void urls_that_a_site_runs(void **state)
{
    static const struct {
        const char *site, *url;
        bool runs;
    } CASES[] = {
        {"Shop", "/a/x.foo", true},
        {"Other", "/a/x.foo", true},
        {"shop", "/logo.png", true},
        {"Other", "/logo.png", false},
        {"Shop", "/up/x1.dat", true},
        {"Shop", "/else/x1.dat", false},
        {"Shop", "/x.py", true},
        {"Other", "/x.py", false},
        {"Other", "/x.net1", true},
        {"Shop", "/x.txt", false},
        {"Shop", "/x", false},
        {"Shop", "", false},
        {"Shop", "/b/x.quux", true},
        {"Other", "/b/x.quux", false},
        {"Shop", "/up/web.config", true},
        {"Shop", "/web.config", false},
    };
    struct world world;
    (void)state;
    begin(&world);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (iw_handlers_run_url(&world.server, iw_str_of(CASES[i].site), iw_str_of(CASES[i].url)) !=
            CASES[i].runs)
            fail_msg("%s %s", CASES[i].site, CASES[i].url);
    }
    assert_false(iw_handlers_run_url(NULL, IW_STR("Shop"), IW_STR("/x.foo")));
    iw_chain_settings_done(&world.settings);
}

/* Servers that are not IIS run some by their folder. */
static void files_that_run_by_their_folder(void **state)
{
    static const struct {
        const char *path;
        enum iw_web_file_class class;
    } CASES[] = {
        {"C:\\Apache24\\cgi-bin\\x.py", IW_WEB_FILE_SCRIPT},
        {"C:\\Apache24\\cgi-bin\\x.fcgi", IW_WEB_FILE_SCRIPT},
        {"C:\\Python\\Lib\\x.py", IW_WEB_FILE_OTHER},
        {"C:\\inetpub\\wwwroot\\x.py", IW_WEB_FILE_OTHER},
        {"C:\\Tomcat\\webapps\\x.war", IW_WEB_FILE_SUPPORT},
        {"C:\\Users\\dev\\x.war", IW_WEB_FILE_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        enum iw_web_file_class found = iw_web_file_class_of(iw_str_of(CASES[i].path), NULL);
        if (found != CASES[i].class)
            fail_msg("%s: %d", CASES[i].path, (int)found);
    }
}

/* Past the limit they are counted. */
static void patterns_are_bounded(void **state)
{
    char paths[IW_LIMIT_HANDLED_PATTERNS + 1][32];
    struct iw_str attribute;
    struct iw_inventory_component component = {
        .kind = "handler", .state = "written", .image = IW_STR(ASP), .attributes = {&attribute, 1}};
    struct iw_inventory_server server = {.components = &component, .n_components = 1};
    const struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
    struct iw_handled_names handled;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    iw_handled_names_init(&handled);
    component.type = IW_STR("Acme.Page, Acme");
    for (unsigned i = 0; i <= IW_LIMIT_HANDLED_PATTERNS; i++) {
        assert_int_equal(handled.n_hidden, 0);
        (void)snprintf(paths[i], sizeof paths[i], "path=*.x%u*", i);
        attribute = iw_str_of(paths[i]);
        assert_int_equal(iw_handled_names_know(&handled, &inventory, &arena), IW_OK);
        if (i == 0) /* the same once more is none more */
            assert_int_equal(iw_handled_names_know(&handled, &inventory, &arena), IW_OK);
    }
    assert_int_equal(handled.n_patterns, IW_LIMIT_HANDLED_PATTERNS);
    assert_int_equal(handled.n_hidden, 1);
    assert_true(iw_handled_names_has(&handled, IW_STR("a.x63b")));
    assert_false(iw_handled_names_has(&handled, IW_STR("a.y")));
    iw_handled_names_done(&handled);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(files_that_handlers_run),
        cmocka_unit_test(urls_that_a_site_runs),
        cmocka_unit_test(files_that_run_by_their_folder),
        cmocka_unit_test(patterns_are_bounded),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
