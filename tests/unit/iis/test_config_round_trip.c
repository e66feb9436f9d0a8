/*
 * What the lab's writer of configuration writes is read again. The lab shares no code with the
 * reader; its list of the native modules of a pool is an opinion of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "iis/config/components.h"
#include "iis/config/web_map.h"
#include "lab/config/config_file.h"
#include "lab/config/lab_config.h"
#include "lab/lab_alloc.h"
#include "tests/unit/iis/config_rig.h"

#define EVERYTHING                                                                                 \
    (IW_LAB_CONFIG_ASPNET | IW_LAB_CONFIG_ASP | IW_LAB_CONFIG_REWRITE | IW_LAB_CONFIG_ARR |        \
     IW_LAB_CONFIG_EXCHANGE | IW_LAB_CONFIG_SHAREPOINT | IW_LAB_CONFIG_FTP)

static struct iw_arena arena;

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
    return 0;
}

/* Prints the lab's file and reads it. *written* must live as long as the result. */
static struct iw_config *read_again(const struct iw_lab_config *lab)
{
    char *text = iw_lab_config_print(lab);
    struct iw_config *config = config_of_server(text);

    iw_lab_alloc_release(text);
    assert_int_equal(config->n_problems, 0);
    return config;
}

/* --- what is written is read -------------------------------------------------------------- */

struct change {
    enum iw_component_kind kind;
    const char *section, *location;
    const char *words[8]; /* names and values in turn */
    const char *name, *image, *type;
};

static const struct change CHANGES[] = {
    {IW_COMPONENT_GLOBAL_MODULE,
     "globalModules",
     NULL,
     {"name", "X&<\">", "image", "C:\\x.dll"},
     "X&<\">",
     "C:\\x.dll",
     ""},
    {IW_COMPONENT_NATIVE_MODULE, "system.webServer/modules", NULL, {"name", "X"}, "X", "", ""},
    {IW_COMPONENT_MANAGED_MODULE,
     "system.webServer/modules",
     "Shop",
     {"name", "M", "type", "T, A"},
     "M",
     "",
     "T, A"},
    {IW_COMPONENT_HANDLER,
     "handlers",
     "Shop/api",
     {"name", "H", "path", "*.x", "verb", "*", "scriptProcessor", "p.exe|-a"},
     "H",
     "p.exe",
     ""},
    {IW_COMPONENT_ISAPI_FILTER,
     "isapiFilters",
     NULL,
     {"name", "F", "path", "f.dll"},
     "F",
     "f.dll",
     ""},
    {IW_COMPONENT_ISAPI_CGI_RESTRICTION,
     "isapiCgiRestriction",
     NULL,
     {"path", "e.dll", "allowed", "true"},
     "e.dll",
     "e.dll",
     ""},
    {IW_COMPONENT_FAST_CGI,
     "fastCgi",
     NULL,
     {"fullPath", "p.exe", "arguments", "-x"},
     "p.exe",
     "p.exe",
     ""},
    {IW_COMPONENT_COMPRESSION_SCHEME,
     "httpCompression",
     NULL,
     {"name", "br", "dll", "b.dll"},
     "br",
     "b.dll",
     ""},
    {IW_COMPONENT_AUTO_START_PROVIDER,
     "serviceAutoStartProviders",
     NULL,
     {"name", "A", "type", "T"},
     "A",
     "",
     "T"},
    {IW_COMPONENT_REWRITE_PROVIDER,
     "rewrite/providers",
     NULL,
     {"name", "R", "type", "T"},
     "R",
     "",
     "T"},
    {IW_COMPONENT_FTP_PROVIDER,
     "system.ftpServer/providerDefinitions",
     NULL,
     {"name", "P", "type", "T"},
     "P",
     "",
     "T"},
    {IW_COMPONENT_RUNTIME_LOADER,
     "applicationPools",
     NULL,
     {"name", "L", "managedRuntimeLoader", "l.dll"},
     "L",
     "l.dll",
     ""},
    {IW_COMPONENT_ENVIRONMENT,
     "applicationPools",
     NULL,
     {"name", "E", "environmentVariables/add[@name='COR_PROFILER']/@value", "{1}"},
     "COR_PROFILER",
     "{1}",
     ""},
};

static void apply(struct iw_lab_config *lab, const struct change *change)
{
    struct iw_lab_config_attribute attributes[4];
    struct iw_lab_config_change order = {.verb = IW_LAB_CONFIG_ADD,
                                         .section = change->section,
                                         .location = change->location,
                                         .attributes = attributes};
    struct iw_lab_error error = {0};

    for (; order.n_attributes < 4 && change->words[2 * order.n_attributes] != NULL;
         order.n_attributes++)
        attributes[order.n_attributes] = (struct iw_lab_config_attribute){
            change->words[2 * order.n_attributes], change->words[2 * order.n_attributes + 1]};
    if (!iw_lab_config_apply(lab, &order, NULL, &error))
        fail_msg("%s: not written", change->section);
}

static bool is_it(const struct iw_component *component, const struct change *change)
{
    return component->kind == change->kind &&
           iw_str_equal(component->name, iw_str_of(change->name)) &&
           iw_str_equal(component->image, iw_str_of(change->image)) &&
           iw_str_equal(component->type, iw_str_of(change->type)) &&
           iw_str_equal(component->place,
                        iw_str_of(change->location != NULL ? change->location : ""));
}

static size_t count(const struct iw_components *components, const struct change *change)
{
    size_t n = 0;

    for (size_t i = 0; i < components->n; i++)
        n += is_it(&components->items[i], change);
    return n;
}

static struct iw_lab_config *new_farm(void)
{
    struct iw_lab_config *lab = iw_lab_config_new_server(EVERYTHING);

    iw_lab_config_add_site(lab, "Shop", 2, "*:443:shop.lab.example", NULL, "D:\\shop");
    iw_lab_config_add_application(lab, "Shop", "/api", NULL, "%SystemDrive%\\api");
    return lab;
}

static void every_component_is_read(void **state)
{
    struct iw_lab_config *lab = new_farm();
    struct iw_components before, after;
    struct iw_config *old = read_again(lab), *new;
    (void)state;

    assert_int_equal(iw_components_read(old, &arena, &before), IW_OK);
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++)
        apply(lab, &CHANGES[i]);
    new = read_again(lab);
    assert_int_equal(iw_components_read(new, &arena, &after), IW_OK);
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++) {
        if (count(&before, &CHANGES[i]) != 0 || count(&after, &CHANGES[i]) != 1)
            fail_msg("%s: %zu then %zu", iw_component_kind_name(CHANGES[i].kind),
                     count(&before, &CHANGES[i]), count(&after, &CHANGES[i]));
    }
    assert_int_equal(after.n, before.n + sizeof CHANGES / sizeof CHANGES[0]);
    iw_config_free(old);
    iw_config_free(new);
    iw_lab_config_free(lab);
}

/* Elements of a name within elements of another, in the lab's own tree. */
static size_t count_elements(const struct iw_lab_config *lab, const char *parent, const char *name)
{
    size_t n = 0;

    for (const struct iw_lab_element *at = lab->root; at != NULL;
         at = iw_lab_element_following(lab->root, at))
        n += at->name != NULL && strcmp(at->name, name) == 0 && at->parent != NULL &&
             at->parent->name != NULL && strcmp(at->parent->name, parent) == 0;
    return n;
}

static void a_fresh_server_is_read_whole(void **state)
{
    static const struct {
        enum iw_component_kind first, last;
        const char *parent, *element;
    } KINDS[] = {
        {IW_COMPONENT_GLOBAL_MODULE, IW_COMPONENT_GLOBAL_MODULE, "globalModules", "add"},
        {IW_COMPONENT_NATIVE_MODULE, IW_COMPONENT_MANAGED_MODULE, "modules", "add"},
        {IW_COMPONENT_HANDLER, IW_COMPONENT_HANDLER, "handlers", "add"},
        {IW_COMPONENT_ISAPI_FILTER, IW_COMPONENT_ISAPI_FILTER, "isapiFilters", "filter"},
        {IW_COMPONENT_ISAPI_CGI_RESTRICTION, IW_COMPONENT_ISAPI_CGI_RESTRICTION,
         "isapiCgiRestriction", "add"},
        {IW_COMPONENT_COMPRESSION_SCHEME, IW_COMPONENT_COMPRESSION_SCHEME, "httpCompression",
         "scheme"},
    };
    struct iw_lab_config *lab = new_farm();
    struct iw_config *config = read_again(lab);
    struct iw_components components;
    (void)state;

    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    for (size_t k = 0; k < sizeof KINDS / sizeof KINDS[0]; k++) {
        size_t n = 0;
        for (size_t i = 0; i < components.n; i++)
            n += components.items[i].kind >= KINDS[k].first &&
                 components.items[i].kind <= KINDS[k].last;
        assert_true(n != 0);
        assert_int_equal(n, count_elements(lab, KINDS[k].parent, KINDS[k].element));
    }
    iw_config_free(config);
    iw_lab_config_free(lab);
}

/* --- native modules of pools --------------------------------------------------------------- */

static void agree(const struct iw_lab_config *lab, const struct iw_server *server,
                  const struct iw_lab_config_pool *pool)
{
    struct iw_lab_config_modules theirs = {0};
    struct iw_server_modules ours;

    iw_lab_config_native_modules(lab, pool->name, pool->is_32, NULL, &theirs);
    assert_int_equal(iw_server_modules_of(server, iw_server_pool_of(server, iw_str_of(pool->name)),
                                          &arena, &ours),
                     IW_OK);
    assert_true(ours.n > 10);
    assert_int_equal(ours.n, theirs.n_items);
    for (size_t i = 0; i < ours.n; i++) {
        struct iw_str name = ours.items[i].name, image = ours.items[i].image.path;
        assert_true(iw_str_equal(name, iw_str_of(theirs.items[i].name)));
        assert_true(iw_str_equal(image, iw_str_of(theirs.items[i].image)));
        assert_true(ours.items[i].is_certain);
    }
    iw_lab_config_modules_done(&theirs);
}

static void pools_load_the_same_modules(void **state)
{
    static const struct iw_lab_config_pool POOLS[] = {
        {"A", "v4.0", NULL, false},
        {"B", "v4.0", NULL, true},
        {"C", "v2.0", NULL, false},
        {"D", "", NULL, false},
        {"E", "", "LocalSystem", true},
        {"Only", "v4.0", NULL, false},
        {"SharePoint - 80", "v4.0", NULL, false},
    };
    static const struct change GATED[] = {
        {IW_COMPONENT_GLOBAL_MODULE,
         "globalModules",
         NULL,
         {"name", "G", "image", "%ProgramFiles%\\g.dll", "preCondition", "appPoolName=Only;B"},
         "",
         "",
         ""},
        {IW_COMPONENT_GLOBAL_MODULE,
         "globalModules",
         NULL,
         {"name", "K", "image", "%ProgramFiles%\\k.dll", "preCondition",
          "integratedMode,runtimeVersionv2.0"},
         "",
         "",
         ""},
    };
    struct iw_lab_config *lab = new_farm();
    struct iw_config *config;
    struct iw_server server;
    (void)state;

    for (size_t i = 0; i < sizeof POOLS / sizeof POOLS[0]; i++)
        iw_lab_config_add_pool(lab, &POOLS[i]);
    for (size_t i = 0; i < sizeof GATED / sizeof GATED[0]; i++)
        apply(lab, &GATED[i]);
    config = read_again(lab);
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
    for (size_t i = 0; i < sizeof POOLS / sizeof POOLS[0]; i++)
        agree(lab, &server, &POOLS[i]);
    iw_config_free(config);
    iw_lab_config_free(lab);
}

static void sites_and_logs_are_read(void **state)
{
    struct iw_lab_config *lab = new_farm();
    struct iw_config *config;
    struct iw_server server;
    struct iw_web_spot spot;
    (void)state;

    iw_lab_config_set_log(lab, "date time cs-uri-stem X-Real-IP", false);
    config = read_again(lab);
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
    assert_int_equal(server.n_sites, 1);
    assert_int_equal(server.sites[0].id, 2);
    assert_true(iw_str_equal(server.sites[0].bindings[0].protocol, IW_STR("https")));
    assert_false(server.sites[0].log.is_enabled);
    assert_true(iw_str_equal(server.sites[0].log.fields, IW_STR("Date, Time, UriStem")));
    assert_non_null(server.sites[0].log.custom_fields);
    assert_int_equal(iw_web_file_of(&server.sites[0], IW_STR("/api/a.aspx"), &arena, &spot), IW_OK);
    assert_true(iw_str_equal(spot.file.path, IW_STR("C:\\api\\a.aspx")));
    iw_config_free(config);
    iw_lab_config_free(lab);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_component_is_read),
        TEST(a_fresh_server_is_read_whole),
        TEST(pools_load_the_same_modules),
        TEST(sites_and_logs_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
