/*
 * The built-in rules against their own tests in rules/tests: every rule has events it must match
 * and events it must not, and every rule loads.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/map.h"
#include "sigma/sigma.h"
#include "sigma/sigma_rule_test.h"

#define FOLDER IW_TEST_SOURCE_DIR "/rules/tests/"

struct suite {
    struct iw_arena arena;
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_scanner *scanner;
    uint8_t *seen; /* by rule: 1 a match, 2 a mismatch was asked for */
    size_t n_tests, n_failed;
};

static int set_up(void **state)
{
    static struct suite suite;
    static const struct iw_sigma_options OPTIONS = {.takes_context = true};
    struct iw_sigma_compiler *compiler;

    iw_arena_init(&suite.arena, 0);
    assert_int_equal(iw_names_init(&suite.names), IW_OK);
    iw_rule_account_init(&suite.account);
    compiler = iw_sigma_compiler_new(&suite.names, &suite.account);
    assert_non_null(compiler);
    iw_sigma_compiler_set_options(compiler, &OPTIONS);
    assert_int_equal(iw_sigma_compiler_add_builtin(compiler), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &suite.ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    suite.scanner = iw_sigma_scanner_new(suite.ruleset);
    suite.seen = iw_calloc(iw_sigma_ruleset_count(suite.ruleset), 1);
    assert_true(suite.scanner != NULL && suite.seen != NULL);
    *state = &suite;
    return 0;
}

static int tear_down(void **state)
{
    struct suite *suite = *state;
    iw_free(suite->seen);
    iw_sigma_scanner_free(suite->scanner);
    iw_sigma_ruleset_free(suite->ruleset);
    iw_rule_account_done(&suite->account);
    iw_names_done(&suite->names);
    iw_arena_done(&suite->arena);
    return 0;
}

static size_t rule_titled(const struct suite *suite, struct iw_str title)
{
    for (size_t i = 0; i < iw_sigma_ruleset_count(suite->ruleset); i++) {
        if (iw_str_equal(iw_sigma_ruleset_rule(suite->ruleset, i)->title, title))
            return i;
    }
    (void)fprintf(stderr, "no rule has the title '%.*s'\n", IW_STR_ARG(title));
    fail();
    return 0;
}

static void check_test(struct suite *suite, const char *file, const struct iw_yaml_node *test)
{
    size_t rule = rule_titled(suite, iw_yaml_find(test, "rule")->text);
    bool want = iw_str_equal(iw_yaml_find(test, "match")->text, IW_STR("true"));
    bool got = false;
    struct iw_event event;
    const uint32_t *rules;
    size_t n;

    assert_int_equal(iw_event_from_yaml(iw_yaml_find(test, "event"), iw_yaml_find(test, "context"),
                                        &suite->names, &suite->arena, &event, NULL),
                     IW_OK);
    assert_int_equal(iw_sigma_scanner_match(suite->scanner, &event, &rules, &n), IW_OK);
    for (size_t i = 0; i < n; i++)
        got |= rules[i] == rule;
    suite->seen[rule] |= want ? 1 : 2;
    suite->n_tests++;
    if (got == want)
        return;
    suite->n_failed++;
    (void)fprintf(stderr, "%s:%u: must %smatch: %.*s\n", file, test->line, want ? "" : "not ",
                  IW_STR_ARG(iw_yaml_find(test, "why")->text));
}

static void run_file(struct suite *suite, const char *path, const char *file)
{
    struct iw_yaml_stream *stream;
    const struct iw_yaml_node *root = NULL;
    struct iw_str text;

    assert_int_equal(iw_file_read(path, 1U << 20, &suite->arena, &text, NULL), IW_OK);
    stream = iw_yaml_stream_new(text, &suite->arena);
    assert_non_null(stream);
    assert_int_equal(iw_yaml_stream_next(stream, &root, NULL), IW_OK);
    assert_int_equal(root->kind, IW_YAML_SEQUENCE);
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next)
        check_test(suite, file, entry->value);
    iw_yaml_stream_free(stream);
}

static void every_rule_says_what_its_tests_say(void **state)
{
    struct suite *suite = *state;
    DIR *dir = opendir(FOLDER);
    const struct dirent *entry;
    char path[4096];

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (!iw_str_ends_nocase(iw_str_of(entry->d_name), IW_STR(".yml")))
            continue;
        (void)snprintf(path, sizeof path, "%s%s", FOLDER, entry->d_name);
        run_file(suite, path, entry->d_name);
    }
    (void)closedir(dir);
    (void)fprintf(stderr, "%zu tests, %zu failed\n", suite->n_tests, suite->n_failed);
    assert_int_equal(suite->n_failed, 0);
    for (size_t i = 0; i < iw_sigma_ruleset_count(suite->ruleset); i++) {
        if (suite->seen[i] != 3)
            (void)fprintf(stderr, "needs a match and a mismatch: %.*s\n",
                          IW_STR_ARG(iw_sigma_ruleset_rule(suite->ruleset, i)->title));
        assert_int_equal(suite->seen[i], 3);
    }
}

static void every_rule_loads_and_is_whole(void **state)
{
    const struct suite *suite = *state;
    struct iw_map ids;

    iw_map_init(&ids);
    for (size_t i = 0; i < suite->account.n; i++) {
        const struct iw_rule_entry *entry = &suite->account.entries[i];
        if (entry->state != IW_RULE_LOADED)
            (void)fprintf(stderr, "%.*s:%u: %.*s\n", IW_STR_ARG(entry->file), entry->line,
                          IW_STR_ARG(entry->reason));
        assert_int_equal(entry->state, IW_RULE_LOADED);
        assert_true(entry->is_builtin);
    }
    assert_true(iw_sigma_ruleset_count(suite->ruleset) >= 140);
    for (size_t i = 0; i < iw_sigma_ruleset_count(suite->ruleset); i++) {
        const struct iw_sigma_rule *rule = iw_sigma_ruleset_rule(suite->ruleset, i);
        bool is_new = false;
        assert_int_equal(rule->id.n, 36);
        assert_non_null(iw_map_add(&ids, rule->id, &is_new));
        assert_true(is_new);
        assert_true(rule->attack.n != 0 && rule->falsepositives.n != 0 && rule->triage.n != 0);
        assert_true(rule->description.n != 0);
        /* tests and readers name a rule by its title */
        is_new = false;
        assert_non_null(iw_map_add(&ids, rule->title, &is_new));
        assert_true(is_new);
    }
    iw_map_done(&ids);
}

/* The matrix of docs/DETECTIONS.md names every rule file. */
static void the_matrix_names_every_rule_file(void **state)
{
    struct suite *suite = *state;
    DIR *dir = opendir(IW_TEST_SOURCE_DIR "/rules");
    const struct dirent *entry;
    struct iw_str matrix;
    size_t n_missing = 0;

    assert_non_null(dir);
    assert_int_equal(iw_file_read(IW_TEST_SOURCE_DIR "/docs/DETECTIONS.md", 1U << 20, &suite->arena,
                                  &matrix, NULL),
                     IW_OK);
    while ((entry = readdir(dir)) != NULL) {
        struct iw_str name = iw_str_of(entry->d_name);
        char quoted[300];
        if (!iw_str_ends_nocase(name, IW_STR(".yml")))
            continue;
        (void)snprintf(quoted, sizeof quoted, "`%.*s`", (int)(name.n - 4), name.p);
        if (memmem(matrix.p, matrix.n, quoted, strlen(quoted)) == NULL) {
            (void)fprintf(stderr, "docs/DETECTIONS.md does not name %s\n", entry->d_name);
            n_missing++;
        }
    }
    (void)closedir(dir);
    assert_int_equal(n_missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_loads_and_is_whole),
        cmocka_unit_test(every_rule_says_what_its_tests_say),
        cmocka_unit_test(the_matrix_names_every_rule_file),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
