#include "tests/unit/iis/config_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/fold.h"
#include "iis/config/config_merge.h"

static char shown[4096];

bool config_evidence(const char *name, struct iw_arena *arena, struct iw_str *ret)
{
    char inside[512], path[4096];

    (void)snprintf(inside, sizeof inside, "data/iisconfig/%s", name);
    return shared_data(inside, path, sizeof path) &&
           iw_file_read(path, IW_LIMIT_CONFIG_FILE_BYTES, arena, ret, NULL) == IW_OK;
}

static enum iw_rc load(void *context, struct iw_str base, struct iw_str name,
                       struct iw_arena *arena, struct iw_str *ret_name, struct iw_str *ret_bytes)
{
    (void)base, (void)arena;
    for (const struct config_text *at = context; at != NULL && at->text != NULL; at++) {
        if (!iw_str_equal_nocase(iw_str_of(at->name), name))
            continue;
        *ret_name = iw_str_of(at->name);
        *ret_bytes = iw_str_of(at->text);
        return IW_OK;
    }
    return IW_END;
}

struct iw_config *config_of(const struct config_text *files, const struct config_text *named)
{
    static const char *const NAMES[] = {"machine.config",         "root.web.config",
                                        "applicationHost.config", "administration.config",
                                        "redirection.config",     "web.config"};
    union {
        const struct config_text *from;
        void *to;
    } context = {.from = named};
    struct iw_config_loader loader = {load, context.to};
    struct iw_config *config = iw_config_new(&loader);

    assert_non_null(config);
    for (; files->text != NULL; files++) {
        struct iw_config_source source = {
            .role = files->role,
            .name = iw_str_of(files->name != NULL ? files->name : NAMES[files->role]),
            .place = iw_str_of(files->place != NULL ? files->place : ""),
            .bytes = iw_str_of(files->text)};
        assert_int_equal(iw_config_add(config, &source), IW_OK);
    }
    assert_int_equal(iw_config_settle(config), IW_OK);
    return config;
}

struct iw_config *config_of_server(const char *text)
{
    return config_of(
        (const struct config_text[]){{.role = IW_CONFIG_SERVER, .text = text}, {.text = NULL}},
        NULL);
}

const char *config_in_force(const struct iw_config *config, const char *section, const char *below,
                            const char *attribute, const char *place)
{
    struct iw_config_items items;
    struct iw_config_place at;
    struct iw_arena arena;
    size_t n = 0;

    iw_arena_init(&arena, 0);
    assert_non_null(iw_config_collection_of(section, below));
    assert_true(iw_config_place_read(IW_STR(""), iw_str_of(place), &arena, &at));
    assert_int_equal(
        iw_config_collect(config, iw_config_collection_of(section, below), at.key, &arena, &items),
        IW_OK);
    shown[0] = 0;
    for (size_t i = 0; i < items.n; i++)
        n += (size_t)snprintf(
            shown + n, sizeof shown - n, "%s%.*s", n == 0 ? "" : " ",
            IW_STR_ARG(iw_config_value(items.items[i].element, iw_str_of(attribute), IW_STR("-"))));
    if (items.is_unknown)
        (void)snprintf(shown + n, sizeof shown - n, "%s?", n == 0 ? "" : " ");
    iw_arena_done(&arena);
    return shown;
}

const char *config_problems(const struct iw_config *config)
{
    static const char *const KINDS[IW_CONFIG_PROBLEM_COUNT] = {
        "file",      "text",       "encrypted", "redirected", "source",   "circular", "locked",
        "misplaced", "undeclared", "item",      "duplicate",  "stranger", "limit"};
    size_t n = 0;

    shown[0] = 0;
    for (const struct iw_config_problem *at = config->problems; at != NULL; at = at->next) {
        assert_true(at->what.n != 0);
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%s:%u", n == 0 ? "" : " ",
                              KINDS[at->kind], at->line);
    }
    return shown;
}
