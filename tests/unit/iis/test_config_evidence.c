/*
 * Real configuration files. Expectations: the evidence's own README (what is well-formed, how many
 * files), xmllint (line of the damage), grep (what stands before it).
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "iis/config/config_elements.h"
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
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
