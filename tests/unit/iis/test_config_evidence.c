/*
 * Real configuration files. Expectations: the evidence's own README (what is well-formed, how many
 * files and components, which files differ in no component), xmllint (line of the damage), grep
 * (what stands before it; elements of a name).
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "iis/config/components.h"
#include "iis/config/web_handler.h"
#include "tests/unit/iis/config_rig.h"

static struct iw_arena arena;

static struct iw_config_tree read_file(const char *name)
{
    struct iw_config_tree tree;
    struct iw_str bytes;

    if (!config_evidence(name, &arena, &bytes))
        skip();
    assert_int_equal(iw_config_tree_read(bytes, iw_str_of(name), &arena, &tree), IW_OK);
    return tree;
}

/* xmllint: "128: parser error: Opening and ending tag mismatch: sectionGroup line 52 and
 * configSections". */
static void malformed_file_is_read_up_to_its_damage(void **state)
{
    struct iw_config_tree tree = read_file("servers/malformed_applicationHost.config");
    const struct iw_config_element *at = tree.root;
    size_t n_sections = 0;
    (void)state;

    assert_int_equal(tree.defect, IW_CONFIG_MALFORMED);
    assert_int_equal(tree.error.line, 128);
    assert_int_equal(tree.error.column, 7); /* the name in `    </configSections>` */
    assert_string_equal(tree.error.message, "mismatched tag");
    for (; at != NULL; at = iw_config_following(tree.root, at, false)) {
        assert_true(at->line < 128);
        n_sections += iw_str_equal(at->name, IW_STR("section"));
    }
    assert_int_equal(n_sections, 66); /* head -127 | grep -c '<section ' */
}

static void every_web_config_is_whole(void **state)
{
    char folder[4096];
    size_t n = 0;
    DIR *entries;
    (void)state;

    if (!shared_data("data/iisconfig/exchange2016/webconfig", folder, sizeof folder))
        skip();
    entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char name[512];
        struct iw_config_tree tree;
        if (strstr(entry->d_name, ".config") == NULL)
            continue;
        (void)snprintf(name, sizeof name, "exchange2016/webconfig/%s", entry->d_name);
        tree = read_file(name);
        assert_int_equal(tree.defect, IW_CONFIG_WHOLE);
        assert_true(iw_str_equal(tree.root->name, IW_STR("configuration")));
        n++;
    }
    (void)closedir(entries);
    assert_int_equal(n, 23);
}

/* --- components -------------------------------------------------------------------------- */

static const char BEFORE[] = "exchange2016/E16_NotConfigured_ApplicationHost.config";
static const char AFTER[] = "exchange2016/E16_Configured_ApplicationHost.config";

/* The server of one applicationHost.config; the caller frees it. */
static struct iw_config *read_server(const char *name)
{
    struct iw_config_source source = {.role = IW_CONFIG_SERVER, .name = iw_str_of(name)};
    struct iw_config *config;

    if (!config_evidence(name, &arena, &source.bytes))
        skip();
    config = iw_config_new(NULL);
    assert_non_null(config);
    assert_int_equal(iw_config_add(config, &source), IW_OK);
    assert_int_equal(iw_config_settle(config), IW_OK);
    return config;
}

static bool is_classic(const struct iw_component *component)
{
    return component->kind <= IW_COMPONENT_ISAPI_CGI_RESTRICTION;
}

static size_t count_classic(const char *name)
{
    struct iw_config *config = read_server(name);
    struct iw_components components;
    size_t n = 0;

    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    for (size_t i = 0; i < components.n; i++)
        n += is_classic(&components.items[i]);
    iw_config_free(config);
    return n;
}

/* Everything of a component but where in the file it stands. */
static char *describe(const struct iw_component *component)
{
    struct iw_buffer text;
    struct iw_str words;

    iw_buffer_init(&text);
    iw_buffer_printf(&text, "%s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%d|%d",
                     iw_component_kind_name(component->kind), IW_STR_ARG(component->name),
                     IW_STR_ARG(component->image), IW_STR_ARG(component->arguments),
                     IW_STR_ARG(component->type), IW_STR_ARG(component->clsid),
                     IW_STR_ARG(component->precondition), IW_STR_ARG(component->owner),
                     IW_STR_ARG(component->place), (int)component->state,
                     (int)component->is_disabled);
    words = iw_arena_copy(&arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    union {
        const char *from;
        char *to;
    } out = {.from = words.p};
    return out.to;
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static char **described(const char *name, size_t *ret_n)
{
    struct iw_config *config = read_server(name);
    struct iw_components components;
    char **texts;

    assert_int_equal(iw_components_read(config, &arena, &components), IW_OK);
    texts = iw_arena_calloc(&arena, components.n + 1, sizeof texts[0]);
    for (size_t i = 0; i < components.n; i++)
        texts[i] = describe(&components.items[i]);
    qsort(texts, components.n, sizeof texts[0], compare_texts);
    *ret_n = components.n;
    iw_config_free(config);
    return texts;
}

static void same_components(const char *one, const char *other)
{
    size_t n_one, n_other;
    char **texts = described(one, &n_one), **others = described(other, &n_other);

    assert_true(n_one != 0);
    assert_int_equal(n_one, n_other);
    for (size_t i = 0; i < n_one; i++)
        assert_string_equal(texts[i], others[i]);
}

/* README: 241 in globalModules, modules, isapiFilters, isapiCgiRestriction and handlers. */
static void components_are_counted(void **state)
{
    (void)state;
    assert_int_equal(count_classic(BEFORE), 241);
    assert_int_equal(count_classic(AFTER), 241);
    /* <add> and <filter> of these five elements, counted in the parsed files by another program */
    assert_int_equal(count_classic("servers/aspnet_applicationHost.config"), 95);
    assert_int_equal(count_classic("servers/container_applicationHost.config"), 165);
    assert_int_equal(count_classic("servers/aspnetcore_applicationHost.config"), 28);
    assert_int_equal(count_classic("servers/minimal_applicationHost.config"), 26);
}

/* README: about 59 changed lines, and no change of a component. */
static void other_changes_are_no_components(void **state)
{
    (void)state;
    same_components(BEFORE, AFTER);
    same_components("servers/aspnetcore_applicationHost.config",
                    "servers/aspnetcore_ssl_applicationHost.config");
}

/* --- a real server ----------------------------------------------------------------------- */

static void what_is_mapped_is_found_again(const struct iw_server *server)
{
    size_t n = 0;

    for (size_t i = 0; i < server->n_sites; i++)
        for (size_t k = 0; k < server->sites[i].n_applications; k++)
            for (size_t d = 0; d < server->sites[i].applications[k].n_directories; d++) {
                const struct iw_server_directory *directory =
                    &server->sites[i].applications[k].directories[d];
                struct iw_web_spots spots;
                assert_true(directory->root.is_resolved);
                assert_int_equal(iw_web_urls_of(server, directory->root.path, &arena, &spots),
                                 IW_OK);
                assert_true(spots.n != 0);
                n++;
            }
    assert_int_equal(n, 34); /* grep -c '<virtualDirectory path' */
}

static void exchange_is_a_server(void **state)
{
    struct iw_config *config = read_server(BEFORE);
    struct iw_server server;
    struct iw_web_spots spots;
    struct iw_web_answer answer;
    (void)state;

    assert_int_equal(config->n_problems, 0);
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
    assert_int_equal(server.n_sites, 2);
    assert_true(iw_str_equal(server.sites[1].name, IW_STR("Exchange Back End")));
    what_is_mapped_is_found_again(&server);
    assert_int_equal(
        iw_web_urls_of(&server,
                       IW_STR("c:\\program files\\microsoft\\exchange server\\v15\\frontend\\"
                              "httpproxy\\owa\\auth\\shell.aspx"),
                       &arena, &spots),
        IW_OK);
    /* Four applications have that folder: owa, owa/Calendar, owa/Integrated, owa/oma. */
    assert_int_equal(spots.n, 4);
    assert_true(iw_str_equal_nocase(spots.items[0].place.path,
                                    IW_STR("Default Web Site/owa/auth/shell.aspx")));
    assert_true(
        iw_str_equal(spots.items[0].application->pool_name, IW_STR("MSExchangeOWAAppPool")));
    assert_int_equal(iw_web_answer_at(config, &spots.items[0], &arena, &answer), IW_OK);
    assert_int_equal(answer.verdict, IW_WEB_EXECUTES);
    iw_config_free(config);
}

/* Places of the web.config files by the names they were collected under: "DefaultWebSite-EAS_". */
static void place_of(const char *name, char *out, size_t room)
{
    static const char *const NAMES[][2] = {
        {"AutoD", "Autodiscover"},     {"EAS", "Microsoft-Server-ActiveSync"},
        {"MapiEmsmdb", "mapi/emsmdb"}, {"MapiNspi", "mapi/nspi"},
        {"Push", "PushNotifications"}, {"Rest", "API"}};
    const char *site = name[0] == 'D' ? "Default Web Site" : "Exchange Back End";
    const char *dash = strchr(name, '-');
    size_t n = dash == NULL ? 0 : strcspn(dash + 1, "_");

    (void)snprintf(out, room, "%s/%.*s", site, (int)n, dash == NULL ? "" : dash + 1);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (n == strlen(NAMES[i][0]) && strncmp(dash + 1, NAMES[i][0], n) == 0)
            (void)snprintf(out, room, "%s/%s", site, NAMES[i][1]);
}

/* A server that worked: nothing in its files is locked, misplaced or there twice. */
static void exchange_with_its_web_configs(void **state)
{
    struct iw_config_source source = {.role = IW_CONFIG_SERVER, .name = IW_STR("server")};
    struct iw_config *config = iw_config_new(NULL);
    char folder[4096], name[512], place[256];
    DIR *entries;
    (void)state;

    if (!config_evidence(BEFORE, &arena, &source.bytes) ||
        !shared_data("data/iisconfig/exchange2016/webconfig", folder, sizeof folder)) {
        iw_config_free(config);
        skip();
    }
    assert_int_equal(iw_config_add(config, &source), IW_OK);
    entries = opendir(folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strstr(entry->d_name, ".config") == NULL)
            continue;
        place_of(entry->d_name, place, sizeof place);
        (void)snprintf(name, sizeof name, "exchange2016/webconfig/%s", entry->d_name);
        source = (struct iw_config_source){
            .role = IW_CONFIG_WEB, .name = iw_str_of(name), .place = iw_str_of(place)};
        assert_true(config_evidence(name, &arena, &source.bytes));
        assert_int_equal(iw_config_add(config, &source), IW_OK);
    }
    (void)closedir(entries);
    assert_int_equal(iw_config_settle(config), IW_OK);
    for (const struct iw_config_problem *at = config->problems; at != NULL; at = at->next)
        print_message("%.*s:%u %.*s\n", IW_STR_ARG(at->file), at->line, IW_STR_ARG(at->what));
    assert_int_equal(config->n_problems, 0);
    iw_config_free(config);
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
    iw_arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_file_is_read_up_to_its_damage),
        cmocka_unit_test(every_web_config_is_whole),
        cmocka_unit_test(components_are_counted),
        cmocka_unit_test(other_changes_are_no_components),
        cmocka_unit_test(exchange_is_a_server),
        cmocka_unit_test(exchange_with_its_web_configs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
