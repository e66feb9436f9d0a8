/*
 * Which files run on a server: its handlers, what may hide others, and what is said where nothing
 * tells. Patterns of paths and modules are those of Microsoft's reference of handlers/add.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <string.h>

#include "base/limits.h"
#include "coverage/running_endings.h"

#define IIS "StaticFileModule,DefaultDocumentModule,DirectoryListingModule"
#define PIPELINE "modules=ManagedPipelineHandler"
#define PAGES "System.Web.UI.PageHandlerFactory"
#define MOST 4U

static struct iw_arena arena;
static struct iw_str attributes[MOST][2];
static struct iw_inventory_component components[MOST];
static struct iw_inventory_version version;
static struct iw_inventory_server server;

static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    memset(components, 0, sizeof components);
    memset(&version, 0, sizeof version);
    server = (struct iw_inventory_server){.known_by = IW_SERVER_BY_CONFIGURATION,
                                          .is_authoritative = true,
                                          .components = components,
                                          .versions = &version,
                                          .n_versions = 1};
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static void handler(const char *type, const char *modules, const char *path)
{
    size_t i = server.n_components++;
    attributes[i][0] = iw_str_of(modules);
    attributes[i][1] = iw_str_of(path);
    components[i] = (struct iw_inventory_component){.kind = "handler",
                                                    .name = IW_STR("h"),
                                                    .type = iw_str_of(type),
                                                    .attributes = {attributes[i], 2}};
}

static bool has(const struct iw_text_list *list, const char *ending)
{
    for (size_t i = 0; i < list->n; i++) {
        if (iw_str_equal(list->items[i], iw_str_of(ending)))
            return true;
    }
    return false;
}

static struct iw_text_list ask(void)
{
    struct iw_text_list list;
    assert_int_equal(iw_running_endings(&server, &arena, &list), IW_OK);
    return list;
}

static void a_proxy_runs_no_pages(void **state)
{
    struct iw_text_list list;
    (void)state;
    handler("", "modules=" IIS, "path=*");
    handler("", "modules=ProtocolSupportModule", "path=*");
    list = ask();
    assert_int_equal(list.n, 2);
    assert_true(has(&list, ".config") && has(&list, ".dll"));
}

static void handlers_say_what_runs(void **state)
{
    struct iw_text_list list;
    (void)state;
    handler("", "modules=CgiModule", "path=*.text,*.phtm");
    handler(PAGES, PIPELINE, "path=*.aspx");
    handler("System.Web.HttpForbiddenHandler", PIPELINE, "path=*.cshtml");
    handler("System.Web.Handlers.TraceHandler", PIPELINE, "path=trace.axd,*_service.axd");
    list = ask();
    assert_int_equal(list.n, 6);
    assert_true(has(&list, ".text") && has(&list, ".phtm") && has(&list, ".aspx") &&
                has(&list, ".axd"));
    components[1].is_disabled = true;
    list = ask();
    assert_false(has(&list, ".aspx"));
}

/* Each alone brings what IIS runs as it is installed beside what handlers say. */
static void what_may_hide_others(void **state)
{
    static const char *const ANY[] = {"path=*", "path=*.a*", "path=*.a?p", "path=/x", "path="};
    static const struct iw_str LINE[] = {{"handler Asp at Shop: asp.dll", 28}};
    static const struct iw_str OTHER[] = {{"module Asp", 10}};
    struct iw_text_list list;
    (void)state;
    handler(PAGES, PIPELINE, "path=*.aspx");
    version.added = (struct iw_text_list){OTHER, 1};
    list = ask();
    assert_false(has(&list, ".asp"));
    for (size_t i = 0; i < sizeof ANY / sizeof ANY[0]; i++) {
        server.n_components = 1;
        handler("Own.Handler, Own", PIPELINE, ANY[i]);
        list = ask();
        assert_true(has(&list, ".aspx") && has(&list, ".asp") && has(&list, ".axd"));
    }
    server.n_components = 1;
    handler("", "modules=AspNetCoreModuleV2", "path=*.x");
    list = ask();
    assert_true(has(&list, ".asp"));
    server.n_components = 1;
    server.is_authoritative = false;
    list = ask();
    assert_true(has(&list, ".asp"));
    server.is_authoritative = true;
    for (size_t i = 0; i < 3; i++) {
        version = (struct iw_inventory_version){0};
        *(i == 0   ? &version.added
          : i == 1 ? &version.removed
                   : &version.changed) = (struct iw_text_list){LINE, 1};
        list = ask();
        assert_true(has(&list, ".asp") && has(&list, ".aspx"));
    }
}

static void where_nothing_tells(void **state)
{
    struct iw_text_list list = {NULL, 1};
    (void)state;
    assert_int_equal(ask().n, 0); /* no handlers: the section is not at hand */
    handler(PAGES, PIPELINE, "path=*.aspx");
    server.known_by = IW_SERVER_BY_EVENTS;
    assert_int_equal(ask().n, 0);
    assert_int_equal(iw_running_endings(NULL, &arena, &list), IW_OK);
    assert_int_equal(list.n, 0);
}

/* As many endings as are kept, and one more: others are asked about beside them. */
static void more_endings_than_are_kept(void **state)
{
    static char text[2][8192];
    struct iw_text_list list;
    (void)state;
    for (size_t n = IW_LIMIT_RUNNING_ENDINGS; n <= IW_LIMIT_RUNNING_ENDINGS + 1; n++) {
        char *path = text[n - IW_LIMIT_RUNNING_ENDINGS];
        size_t at = (size_t)snprintf(path, sizeof text[0], "path=");
        for (size_t i = 0; i < n; i++)
            at += (size_t)snprintf(path + at, sizeof text[0] - at, "*.e%zu,", i);
        path[at - 1] = '\0';
        server.n_components = 0;
        handler(PAGES, PIPELINE, path);
        list = ask();
        assert_int_equal(has(&list, ".asp"), n > IW_LIMIT_RUNNING_ENDINGS);
        assert_true(has(&list, ".e511") && has(&list, ".dll"));
    }
}

#define SERVER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER(a_proxy_runs_no_pages),      SERVER(handlers_say_what_runs),
        SERVER(what_may_hide_others),       SERVER(where_nothing_tells),
        SERVER(more_endings_than_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
