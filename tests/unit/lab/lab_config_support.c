/*
 * Shared by the tests of the invented IIS configuration (see lab_config_support.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab_config_support.h"

#include "lab/lab_alloc.h"

static bool apply(struct iw_lab_config *config, const struct line *line,
                  struct iw_lab_config_steps *steps, struct iw_lab_error *error)
{
    struct iw_lab_config_attribute attributes[MAX_ATTRIBUTES];
    size_t n = 0;
    while (line->words[2 * n] != NULL) {
        attributes[n] =
            (struct iw_lab_config_attribute){line->words[2 * n], line->words[2 * n + 1]};
        n++;
    }
    const struct iw_lab_config_change change = {
        .verb = line->verb,
        .section = line->section,
        .location = line->location,
        .attributes = attributes,
        .n_attributes = n,
    };
    return iw_lab_config_apply(config, &change, steps, error);
}

void must_apply(struct iw_lab_config *config, const struct line *line,
                struct iw_lab_config_steps *steps)
{
    struct iw_lab_error error = {""};
    if (!apply(config, line, steps, &error)) {
        fail_msg("%s: %s", line->section, error.text);
    }
}

void must_refuse(struct iw_lab_config *config, const struct line *line, const char *reason)
{
    struct iw_lab_error error = {""};
    struct iw_lab_config_steps steps = {0};
    char *before = iw_lab_config_print(config);
    assert_false(apply(config, line, &steps, &error));
    if (strstr(error.text, reason) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
    }
    char *after = iw_lab_config_print(config);
    assert_string_equal(before, after);
    assert_int_equal(steps.n_items, 0);
    iw_lab_alloc_release(before);
    iw_lab_alloc_release(after);
}

void check_step(const struct iw_lab_config_steps *steps, size_t i, const char *configuration,
                const char *old_value, const char *new_value)
{
    assert_true(i < steps->n_items);
    assert_string_equal(steps->items[i].configuration, configuration);
    assert_string_equal(steps->items[i].old_value, old_value);
    assert_string_equal(steps->items[i].new_value, new_value);
}

void add_shop(struct iw_lab_config *config)
{
    const struct iw_lab_config_pool pool = {"ShopPool", "v4.0", "LAB\\svc_shop", false};
    const struct iw_lab_config_directory directory = {"Shop", "/api", "/docs", "D:\\docs"};
    iw_lab_config_add_pool(config, &pool);
    iw_lab_config_add_site(config, "Shop", 2, "*:443:shop.lab.example", "ShopPool", "D:\\shop");
    iw_lab_config_add_application(config, "Shop", "/api", "ShopPool", "D:\\api");
    iw_lab_config_add_directory(config, &directory);
}

struct iw_lab_config *new_shop(void)
{
    struct iw_lab_config *config = iw_lab_config_new_server(IW_LAB_CONFIG_ASPNET);
    add_shop(config);
    return config;
}

void check_has(const struct iw_lab_config *config, const char *text)
{
    char *printed = iw_lab_config_print(config);
    if (strstr(printed, text) == NULL) {
        fail_msg("not in the file: %s", text);
    }
    iw_lab_alloc_release(printed);
}

void check_has_not(const struct iw_lab_config *config, const char *text)
{
    char *printed = iw_lab_config_print(config);
    assert_null(strstr(printed, text));
    iw_lab_alloc_release(printed);
}
