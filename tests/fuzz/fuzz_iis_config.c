/*
 * A configuration file, whatever its bytes: the tree is whole or says what is wrong, and is a tree.
 * The same bytes are then all files of one server at once (and whatever these name), so that they
 * merge with themselves: sites, components, mapping and handlers are asked for, and mapping there
 * and back must agree.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/limits.h"
#include "base/utf.h"
#include "iis/config/component_attributes.h"
#include "iis/config/components.h"
#include "iis/config/web_handler.h"

static void require_element(const struct iw_config_element *element)
{
    FUZZ_REQUIRE(element->name.n != 0 && element->name.n <= IW_LIMIT_CONFIG_NAME_BYTES);
    FUZZ_REQUIRE(iw_utf8_valid(element->name) && iw_utf8_valid(element->text));
    FUZZ_REQUIRE(element->line != 0 && element->column != 0);
    FUZZ_REQUIRE(element->depth == (element->parent == NULL ? 1 : element->parent->depth + 1));
    FUZZ_REQUIRE(element->depth <= IW_LIMIT_CONFIG_DEPTH);
    FUZZ_REQUIRE((element->first == NULL) == (element->last == NULL));
    for (size_t i = 0; i < element->n_attributes; i++)
        FUZZ_REQUIRE(iw_utf8_valid(element->attributes[i].value));
}

static void require_tree(const struct iw_config_tree *tree)
{
    const struct iw_config_element *at = tree->root;
    size_t n = 0;

    for (; at != NULL; at = iw_config_following(tree->root, at, false), n++)
        require_element(at);
    FUZZ_REQUIRE(n == tree->n_elements);
    if (tree->defect == IW_CONFIG_WHOLE)
        FUZZ_REQUIRE(tree->root != NULL && tree->root->is_closed);
    else
        FUZZ_REQUIRE(tree->error.message[0] != 0 && tree->error.line != 0);
}

static enum iw_rc load(void *context, struct iw_str base, struct iw_str name,
                       struct iw_arena *arena, struct iw_str *ret_name, struct iw_str *ret_bytes)
{
    (void)base, (void)arena;
    *ret_name = name;
    *ret_bytes = *(struct iw_str *)context;
    return IW_OK;
}

static struct iw_config *read_all(struct iw_str *bytes)
{
    struct iw_config *config =
        iw_config_new(&(struct iw_config_loader){.load = load, .context = bytes});

    FUZZ_REQUIRE(config != NULL);
    for (int role = IW_CONFIG_MACHINE; role <= IW_CONFIG_WEB; role++)
        FUZZ_REQUIRE(
            iw_config_add(config, &(struct iw_config_source){.role = (enum iw_config_role)role,
                                                             .name = IW_STR("x"),
                                                             .place = IW_STR("S/a"),
                                                             .bytes = *bytes}) == IW_OK);
    FUZZ_REQUIRE(iw_config_settle(config) == IW_OK);
    return config;
}

static void require_components(const struct iw_config *config, struct iw_arena *arena)
{
    struct iw_components components;
    struct iw_text_list attributes;

    FUZZ_REQUIRE(iw_components_read(config, arena, &components) == IW_OK);
    for (size_t i = 0; i < components.n; i++) {
        FUZZ_REQUIRE(components.items[i].line != 0);
        FUZZ_REQUIRE(iw_component_kind_name(components.items[i].kind) != NULL);
        FUZZ_REQUIRE(iw_utf8_valid(components.items[i].name));
        FUZZ_REQUIRE(iw_component_attributes(&components.items[i], arena, &attributes) == IW_OK);
    }
}

/* Places with one settled key have the same handlers: the answer read there is that of the place.
 */
static void require_settled(const struct iw_config *config, const struct iw_web_spot *spot,
                            const struct iw_web_answer *answer, struct iw_arena *arena)
{
    struct iw_config_place above = spot->place;
    struct iw_web_handlers *handlers;
    struct iw_web_answer other;

    above.key = iw_web_handlers_settled_at(config, &spot->place);
    FUZZ_REQUIRE(above.key.n <= spot->place.key.n);
    FUZZ_REQUIRE(iw_web_handlers_read(config, spot->application->pool, &above, arena, &handlers) ==
                 IW_OK);
    other = iw_web_answer_of(handlers,
                             iw_config_place_below(spot->place.path, spot->site->place.depth));
    FUZZ_REQUIRE(other.verdict == answer->verdict && other.is_certain == answer->is_certain);
    FUZZ_REQUIRE(iw_str_equal(other.processor, answer->processor));
}

static void require_spots(const struct iw_server *server, struct iw_str path,
                          struct iw_arena *arena)
{
    struct iw_web_spots spots;

    FUZZ_REQUIRE(iw_web_urls_of(server, path, arena, &spots) == IW_OK);
    for (size_t i = 0; i < spots.n && i < 4; i++) {
        struct iw_web_answer answer;
        struct iw_web_spot again;
        const struct iw_web_spot *spot = &spots.items[i];
        FUZZ_REQUIRE(iw_web_answer_at(server->config, spot, arena, &answer) == IW_OK);
        require_settled(server->config, spot, &answer, arena);
        FUZZ_REQUIRE(
            iw_web_file_of(spot->site,
                           iw_config_place_below(spot->place.path, spot->site->place.depth), arena,
                           &again) == IW_OK);
        FUZZ_REQUIRE(iw_str_equal(again.file.key, spot->file.key));
    }
}

static void require_server(const struct iw_config *config, struct iw_arena *arena)
{
    struct iw_server server;
    struct iw_server_modules modules;
    struct iw_web_spot spot;

    FUZZ_REQUIRE(iw_server_read(config, arena, &server) == IW_OK);
    FUZZ_REQUIRE(iw_server_modules_of(&server, server.n_pools != 0 ? &server.pools[0] : NULL, arena,
                                      &modules) == IW_OK);
    require_spots(&server, IW_STR("C:\\inetpub\\wwwroot\\a\\x.aspx"), arena);
    for (size_t i = 0; i < server.n_sites && i < 4; i++)
        if (iw_web_file_of(&server.sites[i], IW_STR("/a/../a/b/x.asp"), arena, &spot) == IW_OK)
            require_spots(&server, spot.file.path, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_arena arena;
    struct iw_str bytes = {(const char *)data, size};
    struct iw_config_tree tree;
    struct iw_config *config;

    iw_arena_init(&arena, 0);
    FUZZ_REQUIRE(iw_config_tree_read(bytes, IW_STR("x"), &arena, &tree) == IW_OK);
    require_tree(&tree);
    config = read_all(&bytes);
    require_components(config, &arena);
    require_server(config, &arena);
    iw_config_free(config);
    iw_arena_done(&arena);
    return 0;
}
