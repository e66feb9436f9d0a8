/*
 * The lab's YAML reader: trees with lines, names put in, and what it refuses with which line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/scenario/lab_yaml.h"
#include "tests/unit/lab/lab_scenario_support.h"

static struct scenario_file file;

static int make_file(void **state)
{
    (void)state;
    return scenario_file_make(&file, "any") ? 0 : -1;
}

static int remove_file(void **state)
{
    (void)state;
    scenario_file_remove(&file);
    return 0;
}

static bool read_text(struct iw_lab_yaml *yaml, const char *text, unsigned names,
                      struct iw_lab_error *error)
{
    assert_true(scenario_file_write(&file, text));
    return iw_lab_yaml_read(yaml, file.path, names, error);
}

/* Refused, with this line and this reason. */
static void refuse(const char *text, unsigned line, const char *reason)
{
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    char place[64];
    assert_false(read_text(&yaml, text, 1, &error));
    snprintf(place, sizeof place, ":%u: ", line);
    assert_non_null(strstr(error.text, place));
    assert_non_null(strstr(error.text, reason));
    iw_lab_yaml_done(&yaml);
}

static void a_tree_remembers_its_lines(void **state)
{
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    (void)state;
    assert_true(read_text(&yaml, "a: 1\nlist:\n  - x\n  - {k: v, n: 7}\n# comment\nlast: end\n", 1,
                          &error));
    const struct iw_lab_yaml_node *root = &yaml.nodes[0];
    const struct iw_lab_yaml_node *list = iw_lab_yaml_get(&yaml, root, "list");
    assert_int_equal(root->kind, IW_LAB_YAML_MAP);
    assert_int_equal(root->n_children, 3);
    assert_string_equal(iw_lab_yaml_text(&yaml, root, "a", ""), "1");
    assert_int_equal(list->kind, IW_LAB_YAML_LIST);
    assert_int_equal(list->line, 2);
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(&yaml, list);
    assert_string_equal(item->text, "x");
    assert_int_equal(item->line, 3);
    item = iw_lab_yaml_next(&yaml, item);
    assert_int_equal(item->line, 4);
    assert_string_equal(iw_lab_yaml_text(&yaml, item, "n", ""), "7");
    assert_null(iw_lab_yaml_next(&yaml, item));
    assert_int_equal(iw_lab_yaml_get(&yaml, root, "last")->line, 6);
    assert_null(iw_lab_yaml_get(&yaml, root, "nothing"));
    iw_lab_yaml_done(&yaml);
}

static void names_are_put_in(void **state)
{
    static const char text[] =
        "names:\n  page: [one, zwei, größe]\n  root: here\nf: a/${page}.${root}\n";
    static const char *const wanted[] = {"a/one.here", "a/zwei.here", "a/größe.here", "a/one.here"};
    (void)state;
    for (unsigned i = 0; i < 4; i++) { /* past the last they begin again */
        struct iw_lab_yaml yaml;
        struct iw_lab_error error = {.text = ""};
        assert_true(read_text(&yaml, text, i + 1, &error));
        assert_string_equal(iw_lab_yaml_text(&yaml, &yaml.nodes[0], "f", ""), wanted[i]);
        iw_lab_yaml_done(&yaml);
    }
}

static void what_is_refused_names_its_line(void **state)
{
    char deep[200] = "a: ";
    (void)state;
    refuse("a: 1\nb: 2\na: 3\n", 3, "twice");
    refuse("a: &x 1\nb: *x\n", 2, "aliases");
    refuse("f: ${nobody}\n", 1, "no such name");
    refuse("f: '${open'\n", 1, "no such name");
    refuse("a: [1\nb: 2\n", 2, "");
    refuse("? [x]\n: y\n", 1, "a key must be text");
    refuse("", 1, "empty");
    refuse("a: 1\n---\nb: 2\n", 2, "second document");
    refuse("a: \"x\\0y\"\n", 1, "NUL");
    memset(deep + 3, '[', 23); /* the map and 23 lists: the limit */
    memset(deep + 26, ']', 23);
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    assert_true(read_text(&yaml, deep, 1, &error));
    iw_lab_yaml_done(&yaml);
    memset(deep + 3, '[', 24);
    memset(deep + 27, ']', 24);
    refuse(deep, 1, "nested too deeply");
}

static void keys_are_checked(void **state)
{
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    (void)state;
    assert_true(read_text(&yaml, "by: x\nfile: y\n", 1, &error));
    const struct iw_lab_yaml_node *root = &yaml.nodes[0];
    assert_true(iw_lab_yaml_check(&yaml, root, "by* file content", &error));
    assert_true(iw_lab_yaml_check(&yaml, root, "by* …", &error));
    assert_false(iw_lab_yaml_check(&yaml, root, "by*", &error));
    assert_non_null(strstr(error.text, ":2: unknown key \"file\""));
    assert_false(iw_lab_yaml_check(&yaml, root, "by file to*", &error));
    assert_non_null(strstr(error.text, "\"to\" is missing"));
    assert_false(iw_lab_yaml_check(&yaml, iw_lab_yaml_get(&yaml, root, "by"), "a", &error));
    assert_non_null(strstr(error.text, "a map is expected"));
    iw_lab_yaml_done(&yaml);
}

static void spans_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t steps; /* of 100 ns */
    } good[] = {{"250ms", 2500000},     {"15s", 150000000},
                {"1.5s", 15000000},     {"3m", 1800000000},
                {"2h", 72000000000},    {"4d", 3456000000000},
                {"1h30m", 54000000000}, {"-30s", -300000000},
                {"+2h", 72000000000},   {"0s", 0}};
    static const char *const bad[] = {"",      "5",    "s",   "5x", "5 s",
                                      "1e99s", "--5s", "5sm", "ms", "5s-"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t steps = 1;
        assert_true(iw_lab_yaml_read_span(good[i].text, &steps));
        assert_int_equal(steps, good[i].steps);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t steps = 0;
        assert_false(iw_lab_yaml_read_span(bad[i], &steps));
    }
}

static void numbers_and_flags_are_read(void **state)
{
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    uint64_t number = 5;
    bool flag = false;
    (void)state;
    assert_true(read_text(&yaml, "n: 70\nmany: 71\nword: x\nyes: true\nodd: maybe\n", 1, &error));
    const struct iw_lab_yaml_node *root = &yaml.nodes[0];
    assert_true(iw_lab_yaml_number(&yaml, root, "absent", 70, &number, &error));
    assert_int_equal(number, 5);
    assert_true(iw_lab_yaml_number(&yaml, root, "n", 70, &number, &error));
    assert_int_equal(number, 70);
    assert_false(iw_lab_yaml_number(&yaml, root, "many", 70, &number, &error));
    assert_false(iw_lab_yaml_number(&yaml, root, "word", 70, &number, &error));
    assert_true(iw_lab_yaml_flag(&yaml, root, "yes", &flag, &error));
    assert_true(flag);
    assert_false(iw_lab_yaml_flag(&yaml, root, "odd", &flag, &error));
    assert_non_null(strstr(error.text, ":5: "));
    iw_lab_yaml_done(&yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_remembers_its_lines),
        cmocka_unit_test(names_are_put_in),
        cmocka_unit_test(what_is_refused_names_its_line),
        cmocka_unit_test(keys_are_checked),
        cmocka_unit_test(spans_are_read),
        cmocka_unit_test(numbers_and_flags_are_read),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
