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
    refuse("a: 1\nb: *x\n", 2, "aliases");
    refuse("f: ${nobody}\n", 1, "no such name");
    refuse("f: '${open'\n", 1, "no such name");
    refuse("a: [1\nb: 2\n", 2, "");
    refuse("? [x]\n: y\n", 1, "a key must be text");
    refuse("", 1, "empty");
    refuse("a: 1\n---\nb: 2\n", 2, "second document");
    refuse("a: \"x\\0y\"\n", 1, "NUL");
    refuse("a: &x 1\n", 1, "anchors and tags");
    refuse("a: 1\nb: &x [1]\n", 2, "anchors and tags");
    refuse("b: !t {c: 1}\n", 1, "anchors and tags");
    refuse("a: !!int 1\n", 1, "anchors and tags");
    refuse("names: {page: []}\nx: ${page}\n", 2, "no such name");
    refuse("a: 1\nb: 2\nc: \xff\n", 3, ""); /* no UTF-8 */
    memset(deep + 3, '[', 23);              /* the map and 23 lists: the limit */
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
        uint64_t steps; /* of 100 ns */
    } good[] = {{"250ms", 2500000},          {"15s", 150000000},
                {"1.5s", 15000000},          {"3m", 1800000000},
                {"2h", 72000000000},         {"4d", 3456000000000},
                {"1h30m", 54000000000},      {"1d2h3m4s5ms", 937840050000},
                {"3660d", 3162240000000000}, {"0s", 0}};
    static const char *const bad[] = {
        "",    "5",      "s",   "5x",   "5 s",   "1e99s", "--5s",
        "5sm", "ms",     "5s-", "-30s", "+2h",   "0x10s", "nan",
        "inf", "1.2.3s", ".5s", "1y",   "3661d", "1ms2x", "99999999999999999999999d"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint64_t steps = 1;
        assert_true(iw_lab_yaml_read_span(good[i].text, &steps));
        assert_int_equal(steps, good[i].steps);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t steps = 0;
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

/* A text is as long as an event can hold, also with its names put in. */
static void texts_have_a_length(void **state)
{
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    char text[3 * IW_LAB_YAML_TEXT_BYTES] = "a: ";
    (void)state;
    memset(text + 3, 'x', IW_LAB_YAML_TEXT_BYTES);
    assert_true(read_text(&yaml, text, 1, &error));
    iw_lab_yaml_done(&yaml);
    text[3 + IW_LAB_YAML_TEXT_BYTES] = 'x';
    refuse(text, 1, "text too long");
    int used = snprintf(text, sizeof text, "names: {n: ");
    memset(text + used, 'x', 15000);
    snprintf(text + used + 15000, 60, "}\na: ${n}${n}\nb: ${n}${n}${n}${n}\n");
    refuse(text, 3, "text too long with its names put in");
}

/* The complaint of a check without its file; "" for none. */
static const char *check(const char *text, const char *keys)
{
    static struct iw_lab_error error;
    struct iw_lab_yaml yaml;
    assert_true(read_text(&yaml, text, 1, &error));
    error.text[0] = '\0';
    bool ok = iw_lab_yaml_check(&yaml, &yaml.nodes[0], keys, &error);
    iw_lab_yaml_done(&yaml);
    return ok ? "" : strchr(error.text, ':') + 1;
}

static void values_have_their_shape(void **state)
{
    static const char keys[] = "one* two list:texts* rows:maps map:map odd:any";
    (void)state;
    assert_string_equal(check("{one: 1, list: [a, b], rows: [{x: 1}], map: {}, odd: [1]}", keys),
                        "");
    assert_string_equal(check("{one: 1, list: []}", keys), "");
    assert_string_equal(check("{list: []}", keys), "1: \"one\" is missing");
    assert_string_equal(check("{one: 1}", keys), "1: \"list\" is missing");
    assert_string_equal(check("{one: 1, list: [], three: 1}", keys),
                        "1: unknown key \"three\" (known: one two list rows map odd)");
    assert_string_equal(check("{one: [1], list: []}", keys), "1: \"one\" must be one text");
    assert_string_equal(check("one: 1\nlist: a", keys), "2: \"list\" must be a list of texts");
    assert_string_equal(check("one: 1\nlist:\n- a\n- {}", keys),
                        "4: \"list\" must be a list of texts");
    assert_string_equal(check("{one: 1, list: [], rows: [a]}", keys),
                        "1: \"rows\" must be a list of maps");
    assert_string_equal(check("{one: 1, list: [], map: []}", keys), "1: \"map\" must be a map");
    assert_string_equal(check("[a]", keys), "1: a map is expected (one two list rows map odd)");
    assert_string_equal(check("{by: 1, any: [1]}", "by* …"), "");
    assert_true(iw_lab_yaml_is_word("at after id", "after"));
    assert_false(iw_lab_yaml_is_word("at after id", "after id"));
    assert_false(iw_lab_yaml_is_word("at after id", ""));
    assert_false(iw_lab_yaml_is_word("at after id", "afte"));
}

static void shifts_have_a_sign(void **state)
{
    struct iw_lab_yaml yaml;
    struct iw_lab_error error = {.text = ""};
    int64_t value = 7;
    (void)state;
    assert_true(read_text(&yaml, "{a: -30s, b: +2h, c: 1s, d: --1s, e: '-'}", 1, &error));
    const struct iw_lab_yaml_node *root = &yaml.nodes[0];
    assert_true(iw_lab_yaml_shift(&yaml, root, "absent", &value, &error));
    assert_int_equal(value, 7);
    assert_true(iw_lab_yaml_shift(&yaml, root, "a", &value, &error));
    assert_int_equal(value, -300000000);
    assert_true(iw_lab_yaml_shift(&yaml, root, "b", &value, &error));
    assert_int_equal(value, 72000000000);
    assert_true(iw_lab_yaml_shift(&yaml, root, "c", &value, &error));
    assert_int_equal(value, 10000000);
    assert_false(iw_lab_yaml_shift(&yaml, root, "d", &value, &error));
    assert_false(iw_lab_yaml_shift(&yaml, root, "e", &value, &error));
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
        cmocka_unit_test(texts_have_a_length),
        cmocka_unit_test(values_have_their_shape),
        cmocka_unit_test(shifts_have_a_sign),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
