/*
 * Loading: what each document becomes, every refusal with its place, limits at the limit and one
 * past.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "sigma/sigma.h"

#define HEAD "title: t\nlogsource: {product: windows}\n"
#define ONE(detection) HEAD "detection:\n" detection

struct loaded {
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
};

static void load(struct loaded *loaded, struct iw_str yaml)
{
    struct iw_sigma_compiler *compiler;
    assert_int_equal(iw_names_init(&loaded->names), IW_OK);
    iw_rule_account_init(&loaded->account);
    compiler = iw_sigma_compiler_new(&loaded->names, &loaded->account);
    assert_non_null(compiler);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x.yml", false, yaml), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &loaded->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
}

static void unload(struct loaded *loaded)
{
    iw_sigma_ruleset_free(loaded->ruleset);
    iw_rule_account_done(&loaded->account);
    iw_names_done(&loaded->names);
}

/* The one entry of *yaml* has this state, place and words. */
static void expect(const char *yaml, enum iw_rule_state rule_state, uint32_t line, uint32_t column,
                   const char *words)
{
    struct loaded loaded;
    const struct iw_rule_entry *entry;

    load(&loaded, iw_str_of(yaml));
    assert_int_equal(loaded.account.n, 1);
    entry = &loaded.account.entries[0];
    if (entry->state != rule_state || entry->line != line || entry->column != column ||
        iw_str_find(entry->reason, iw_str_of(words)) == SIZE_MAX)
        (void)fprintf(stderr, "%s\n=> state %d, %u:%u: %.*s\n", yaml, (int)entry->state,
                      entry->line, entry->column, IW_STR_ARG(entry->reason));
    assert_int_equal(entry->state, rule_state);
    assert_int_equal(entry->line, line);
    assert_int_equal(entry->column, column);
    assert_true(iw_str_find(entry->reason, iw_str_of(words)) != SIZE_MAX);
    unload(&loaded);
}

static void refused(const char *yaml, uint32_t line, uint32_t column, const char *words)
{
    expect(yaml, IW_RULE_REFUSED, line, column, words);
}

static void every_refusal_names_its_place(void **state)
{
    (void)state;
    refused("[a]\n", 1, 1, "must be a map");
    refused("logsource: {product: windows}\ndetection: {a: {b: c}, condition: a}\n", 1, 1, "title");
    refused("title: t\ndetection: {a: {b: c}, condition: a}\n", 1, 1, "logsource");
    refused("title: t\nlogsource: {definition: x}\n", 2, 12, "names no product");
    refused("title: t\nlogsource: {product: windows, service: nosuch}\n", 2, 40, "'nosuch'");
    refused("title: t\nlogsource:\n  product: windows\n  category: nosuch\n", 4, 13, "'nosuch'");
    refused("title: t\ntaxonomy: ecs\nlogsource: {product: windows}\n", 2, 11, "taxonomy");
    refused("title: t\nlevel: urgent\n", 2, 8, "level");
    refused(HEAD, 1, 1, "detection");
    refused(ONE("  a: {b: c}\n"), 4, 3, "condition");
    refused(ONE("  a: {b: c}\n  condition: b\n"), 5, 14, "'b' names no selection");
    refused(ONE("  a: {b: c}\n  condition: 1 of x*\n"), 5, 14, "'x*' names no selection");
    refused(ONE("  a: {b: c}\n  condition: a | count() > 3\n"), 5, 14, "left the language");
    refused(ONE("  a: {b: c}\n  condition: 2 of a*\n"), 5, 14, "does not exist");
    refused(ONE("  a: {b: c}\n  condition: (a\n"), 5, 14, "'(' without ')'");
    refused(ONE("  a: {b: c}\n  condition: a)\n"), 5, 14, "')' without '('");
    refused(ONE("  a: {b: c}\n  condition: a a\n"), 5, 14, "missing before 'a'");
    refused(ONE("  a: {b: c}\n  condition: not\n"), 5, 14, "missing at the end");
    refused(ONE("  a: {b: c}\n  condition: a and or a\n"), 5, 14, "missing before 'or'");
    refused(ONE("  a: {b|nosuch: c}\n  condition: a\n"), 4, 7, "'nosuch' is not known");
    refused(ONE("  a: {b|expand: '%c%'}\n  condition: a\n"), 4, 17, "'%c%': give --placeholders");
    refused(ONE("  a: {b|base64|expand: c}\n  condition: a\n"), 4, 7, "before an encoding");
    refused(ONE("  a: {b|re|expand: c}\n  condition: a\n"), 4, 7, "'expand' needs text");
    refused(ONE("  a: {b|hour: x}\n  condition: a\n"), 4, 15, "number");
    refused(ONE("  a: {b|hour: 1.5}\n  condition: a\n"), 4, 15, "whole number");
    refused(ONE("  a: {b|hour: -1}\n  condition: a\n"), 4, 15, "whole number");
    refused(ONE("  a: {b|hour|minute: 1}\n  condition: a\n"), 4, 7, "must come first");
    refused(ONE("  a: {b|gt|hour: 1}\n  condition: a\n"), 4, 7, "must come first");
    refused(ONE("  a: {b|hour|gt|lt: 1}\n  condition: a\n"), 4, 7, "behind a part of a time");
    refused(ONE("  a: {b|contains|gt: 1}\n  condition: a\n"), 4, 7, "must come first");
    refused(ONE("  a: {'|hour': 1}\n  condition: a\n"), 4, 7, "keyword");
    refused(ONE("  a: {b|contains|re: c}\n  condition: a\n"), 4, 7, "must come first");
    refused(ONE("  a: {b|i: c}\n  condition: a\n"), 4, 7, "belongs to 're'");
    refused(ONE("  a: {b|re: '('}\n  condition: a\n"), 4, 13, "bad regular expression");
    refused(ONE("  a: {b|wide: c}\n  condition: a\n"), 4, 7, "needs base64");
    refused(ONE("  a: {b|base64: 'c*'}\n  condition: a\n"), 4, 17, "wildcard");
    refused(ONE("  a: {b|gt: x}\n  condition: a\n"), 4, 13, "number");
    refused(ONE("  a: {b|cidr: 10.0.0.1/8}\n  condition: a\n"), 4, 15, "network");
    refused(ONE("  a: {b|exists|neq: true}\n  condition: a\n"), 4, 7, "no other modifier");
    refused(ONE("  a: {b|exists|cased: true}\n  condition: a\n"), 4, 7, "no other modifier");
    refused(ONE("  a: {b|exists: maybe}\n  condition: a\n"), 4, 17, "true or false");
    refused(ONE("  a: {b|contains: null}\n  condition: a\n"), 4, 19, "null");
    refused(ONE("  a: {b|all: c}\n  condition: a\n"), 4, 7, "several values");
    refused(ONE("  a: {b: {c: d}}\n  condition: a\n"), 4, 10, "value");
    refused(ONE("  a: {b: []}\n  condition: a\n"), 4, 10, "empty");
    refused(ONE("  a: {}\n  condition: a\n"), 4, 6, "empty");
    refused(ONE("  a: []\n  condition: a\n"), 4, 6, "empty");
    refused(ONE("  a: [[b]]\n  condition: a\n"), 4, 7, "list in a list");
    refused(ONE("  a: [null]\n  condition: a\n"), 4, 7, "keyword");
    refused("title: t\ntitle: u\n", 2, 1, "twice");
    refused("title: !!int t\n", 1, 8, "tags");
    refused("<<: {a: b}\ntitle: t\n", 1, 1, "merge");
    refused("title: *nosuch\n", 1, 8, "no anchor");
    refused("title: t\n  bad: [\n", 2, 6, "not valid YAML");
}

static void other_rules_are_set_aside_with_a_reason(void **state)
{
    (void)state;
    expect("title: t\nlogsource: {product: linux}\n", IW_RULE_NOT_APPLICABLE, 1, 1, "'linux'");
    expect("title: t\nlogsource: {category: proxy}\n", IW_RULE_NOT_APPLICABLE, 1, 1,
           "not one of Windows");
    expect("title: t\nlogsource: {product: windows, category: file_access}\n",
           IW_RULE_NOT_APPLICABLE, 1, 1, "no event channel");
    expect("- {rule: t, event: {a: b}, match: true}\n- {rule: t, match: false}\n",
           IW_RULE_NOT_APPLICABLE, 1, 1, "a rule test");
    expect("action: global\nlevel: low\n", IW_RULE_NOT_APPLICABLE, 1, 1, "collection action");
    expect("title: t\nlogsource: {product: windows}\n"
           "detection: {a: {Web.Site: x}, condition: a}\n",
           IW_RULE_NOT_YET, 1, 1, "needs context field 'Web.Site'");
    expect("title: t\nlogsource: {product: windows}\n"
           "detection: {a: {F|fieldref: ancestor.image}, condition: a}\n",
           IW_RULE_NOT_YET, 1, 1, "needs context field 'ancestor.image'");
    expect("title: t\nlogsource: {product: windows}\n"
           "detection: {a: {Web.Pool: x}, condition: a}\n",
           IW_RULE_REFUSED, 3, 12, "'Web.Pool': there is no such context field");
    expect("title: t\nlogsource: {product: windows}\n"
           "detection: {a: {F|fieldref: [Image, logon.id]}, condition: a}\n",
           IW_RULE_REFUSED, 3, 12, "'logon.id': there is no such context field");
}

static void documents_of_a_file_have_an_entry_each(void **state)
{
    struct loaded loaded;
    (void)state;
    load(
        &loaded,
        IW_STR(ONE("  a: {b: c}\n  condition: a\n") "---\ntitle: t\ntitle: u\n---\n"
                                                    "# nothing here\n---\n" ONE(
                                                        "  a: {b: c}\n  condition: a\n") "---\n["));
    assert_int_equal(loaded.account.n, 4);
    assert_int_equal(loaded.account.n_by_state[IW_RULE_LOADED], 2);
    assert_int_equal(loaded.account.entries[1].state, IW_RULE_REFUSED);
    assert_int_equal(loaded.account.entries[1].line, 8);
    assert_int_equal(loaded.account.entries[2].line, 12);
    assert_int_equal(loaded.account.entries[3].state, IW_RULE_REFUSED);
    unload(&loaded);
}

static void metadata_reaches_the_rule(void **state)
{
    struct loaded loaded;
    const struct iw_sigma_rule *rule;
    (void)state;
    load(&loaded,
         IW_STR("title: T\nid: 5\nlevel: High\ndescription: d\n"
                "tags: [attack.t1505.003, attack.persistence, detection.an1108, attack.t1.x]\n"
                "falsepositives: [a, b]\ntriage: do it\nlogsource: {product: windows}\n"
                "detection: {a: [k], condition: a}\n"));
    assert_int_equal(iw_sigma_ruleset_count(loaded.ruleset), 1);
    rule = iw_sigma_ruleset_rule(loaded.ruleset, 0);
    assert_int_equal(rule->level, IW_LEVEL_HIGH);
    assert_int_equal(rule->attack.n, 1);
    assert_true(iw_str_equal(rule->attack.items[0], IW_STR("T1505.003")));
    assert_int_equal(rule->analytic.n, 1);
    assert_true(iw_str_equal(rule->analytic.items[0], IW_STR("AN1108")));
    assert_int_equal(rule->falsepositives.n, 2);
    assert_int_equal(rule->triage.n, 1);
    unload(&loaded);
}

static void the_route_asks_for_no_more_than_rules_can_match(void **state)
{
    struct loaded loaded;
    struct iw_route route;
    (void)state;
    load(&loaded, IW_STR("title: t\nlogsource: {product: windows, service: security}\n"
                         "detection:\n  a: {EventID: [4624, 4625], X: y}\n  f: {EventID: 4625}\n"
                         "  condition: a and not f\n---\n"
                         "title: u\nlogsource: {product: windows, category: process_creation}\n"
                         "detection: {a: {Image: x}, condition: a}\n---\n"
                         "title: v\nlogsource: {product: windows, service: system}\n"
                         "detection: {a: {EventID: 1}, condition: not a}\n"));
    iw_route_init(&route);
    assert_int_equal(iw_sigma_ruleset_route(loaded.ruleset, &route), IW_OK);
    assert_true(iw_route_wants(&route, iw_route_find(&route, IW_STR("Security")), 4624));
    assert_false(iw_route_wants(&route, iw_route_find(&route, IW_STR("Security")), 4625));
    assert_true(iw_route_wants(&route, iw_route_find(&route, IW_STR("Security")), 4688));
    assert_true(iw_route_wants(&route, iw_route_find(&route, IW_STR("SYSTEM")), 9));
    assert_false(iw_route_wants(&route, iw_route_find(&route, IW_STR("Application")), 9));
    iw_route_done(&route);
    unload(&loaded);
}

/* --- limits --- */

static enum iw_rule_state state_of(struct iw_buffer *yaml)
{
    struct loaded loaded;
    enum iw_rule_state result;
    assert_false(yaml->failed);
    load(&loaded, iw_buffer_str(yaml));
    assert_int_equal(loaded.account.n, 1);
    result = loaded.account.entries[0].state;
    unload(&loaded);
    iw_buffer_done(yaml);
    return result;
}

/* A rule whose document has *n* nodes in all. */
static enum iw_rule_state with_nodes(size_t n)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    /* root, 3 pairs with title, map of 1, map of 2 → 14 nodes and the list with its items */
    iw_buffer_add(&yaml, IW_STR("title: t\nlogsource: {product: windows}\n"
                                "detection:\n  condition: a\n  a:\n"));
    for (size_t i = 13; i < n; i++)
        iw_buffer_add(&yaml, IW_STR("   - k\n"));
    return state_of(&yaml);
}

static enum iw_rule_state with_depth(size_t n)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR(ONE("  a: {b: c}\n  condition: a\n") "own: "));
    for (size_t i = 1; i < n; i++)
        iw_buffer_add_char(&yaml, '[');
    for (size_t i = 1; i < n; i++)
        iw_buffer_add_char(&yaml, ']');
    return state_of(&yaml);
}

static enum iw_rule_state with_condition_depth(size_t n)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR(ONE("  a: {b: c}\n  condition: ")));
    for (size_t i = 0; i < n; i++)
        iw_buffer_add_char(&yaml, '(');
    iw_buffer_add_char(&yaml, 'a');
    for (size_t i = 0; i < n; i++)
        iw_buffer_add_char(&yaml, ')');
    return state_of(&yaml);
}

/* Tokens: the words and the end. */
static enum iw_rule_state with_condition_tokens(size_t n)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR(ONE("  a: {b: c}\n  condition: a")));
    if (n % 2 != 0)
        iw_buffer_add(&yaml, IW_STR(" and not a"));
    for (size_t i = n % 2 != 0 ? 5 : 2; i < n; i += 2)
        iw_buffer_add(&yaml, IW_STR(" or a"));
    return state_of(&yaml);
}

/* `1 of them` over n selections takes 3 n - 2 steps. */
static enum iw_rule_state with_condition_steps(size_t n)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR(ONE("  condition: 1 of them\n")));
    for (size_t i = 0; i < (n + 4) / 3; i++)
        iw_buffer_printf(&yaml, "  s%zu: k\n", i);
    return state_of(&yaml);
}

static enum iw_rule_state with_regex_bytes(size_t n)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    /* A comment: compiles to nothing, so that no limit of PCRE2's own is met first. */
    iw_buffer_add(&yaml, IW_STR(ONE("  condition: a\n  a: {b|re: '(?#")));
    for (size_t i = 4; i < n; i++)
        iw_buffer_add_char(&yaml, 'x');
    iw_buffer_add(&yaml, IW_STR(")'}"));
    return state_of(&yaml);
}

static enum iw_rule_state with_file_bytes(size_t n)
{
    static const struct iw_str START = {ONE("  a: {b: c}\n  condition: a\n#"),
                                        sizeof ONE("  a: {b: c}\n  condition: a\n#") - 1};
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, START);
    for (size_t i = START.n; i < n; i++)
        iw_buffer_add_char(&yaml, 'x');
    return state_of(&yaml);
}

static void limits_hold_at_the_limit_and_one_past(void **state)
{
    static const struct {
        enum iw_rule_state (*make)(size_t n);
        size_t limit;
    } LIMITS[] = {
        {with_nodes, IW_LIMIT_YAML_NODES},
        {with_depth, IW_LIMIT_YAML_DEPTH},
        {with_condition_depth, IW_LIMIT_CONDITION_DEPTH},
        {with_condition_tokens, IW_LIMIT_CONDITION_TOKENS},
        {with_condition_steps, IW_LIMIT_CONDITION_STEPS},
        {with_regex_bytes, IW_LIMIT_REGEX_BYTES},
        {with_file_bytes, IW_LIMIT_RULE_FILE_BYTES},
    };
    (void)state;
    for (size_t i = 0; i < sizeof LIMITS / sizeof LIMITS[0]; i++) {
        (void)fprintf(stderr, "limit %zu: %zu\n", i, LIMITS[i].limit);
        assert_int_equal(LIMITS[i].make(LIMITS[i].limit), IW_RULE_LOADED);
        assert_int_equal(LIMITS[i].make(LIMITS[i].limit + 1), IW_RULE_REFUSED);
    }
}

/* A document nested *n* levels deep in all, and one behind it. How many were met. */
static size_t behind_depth(size_t n)
{
    struct loaded loaded;
    struct iw_buffer yaml;
    size_t n_entries;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("own: "));
    for (size_t i = 1; i < n; i++)
        iw_buffer_add_char(&yaml, '[');
    for (size_t i = 1; i < n; i++)
        iw_buffer_add_char(&yaml, ']');
    iw_buffer_add(&yaml, IW_STR("\n---\n" ONE("  a: {b: c}\n  condition: a\n")));
    load(&loaded, iw_buffer_str(&yaml));
    assert_int_equal(loaded.account.entries[0].state, IW_RULE_REFUSED);
    assert_true(iw_str_find(loaded.account.entries[0].reason, IW_STR("too deeply")) != SIZE_MAX);
    n_entries = loaded.account.n;
    if (n_entries == 2)
        assert_int_equal(loaded.account.entries[1].state, IW_RULE_LOADED);
    else
        assert_true(iw_str_find(loaded.account.entries[0].reason, IW_STR("rest of the file")) !=
                    SIZE_MAX);
    unload(&loaded);
    iw_buffer_done(&yaml);
    return n_entries;
}

static void a_bottomless_document_ends_its_file(void **state)
{
    (void)state;
    assert_int_equal(behind_depth(IW_LIMIT_YAML_DEPTH + 1), 2);
    assert_int_equal(behind_depth(IW_LIMIT_YAML_DEPTH_PASSED), 2);
    assert_int_equal(behind_depth(IW_LIMIT_YAML_DEPTH_PASSED + 1), 1);
    assert_int_equal(behind_depth(1000000), 1);
}

static void an_alias_bomb_meets_the_limit_on_nodes(void **state)
{
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("title: t\na0: &a0 [x, x]\n"));
    for (int i = 1; i < 40; i++)
        iw_buffer_printf(&yaml, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
    assert_int_equal(state_of(&yaml), IW_RULE_REFUSED);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    FILE *file;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_folder_is_read_in_order_and_a_bad_file_does_not_stop_it(void **state)
{
    static const char RULE[] = ONE("  a: {b: c}\n  condition: a\n");
    char folder[] = "rules.XXXXXX", path[512];
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_error err = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/b", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(folder, "c.yml", RULE);
    write_file(folder, "b/z.YAML", "title: [\n");
    write_file(folder, "a.yml", RULE);
    write_file(folder, "note.txt", "not a rule");
    (void)snprintf(path, sizeof path, "%s/b/gone.yml", folder);
    assert_int_equal(symlink("nowhere", path), 0);
    (void)snprintf(path, sizeof path, "%s/b/loop", folder);
    assert_int_equal(symlink("..", path), 0);

    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add_path(compiler, folder, &err), IW_OK);
    assert_int_equal(account.n, 4);
    assert_true(iw_str_ends_nocase(account.entries[0].file, IW_STR("/a.yml")));
    assert_true(iw_str_ends_nocase(account.entries[1].file, IW_STR("/b/gone.yml")));
    assert_int_equal(account.entries[1].state, IW_RULE_REFUSED);
    assert_int_equal(account.entries[2].state, IW_RULE_REFUSED);
    assert_true(iw_str_ends_nocase(account.entries[3].file, IW_STR("/c.yml")));
    assert_int_equal(iw_sigma_compiler_add_path(compiler, path, &err), IW_OK);
    (void)snprintf(path, sizeof path, "%s/nosuch", folder);
    assert_int_equal(iw_sigma_compiler_add_path(compiler, path, &err), IW_EIO);
    assert_string_equal(err.where, path);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    (void)snprintf(path, sizeof path, "rm -r -- %s", folder);
    assert_int_equal(system(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_names_its_place),
        cmocka_unit_test(other_rules_are_set_aside_with_a_reason),
        cmocka_unit_test(documents_of_a_file_have_an_entry_each),
        cmocka_unit_test(metadata_reaches_the_rule),
        cmocka_unit_test(the_route_asks_for_no_more_than_rules_can_match),
        cmocka_unit_test(limits_hold_at_the_limit_and_one_past),
        cmocka_unit_test(a_folder_is_read_in_order_and_a_bad_file_does_not_stop_it),
        cmocka_unit_test(a_bottomless_document_ends_its_file),
        cmocka_unit_test(an_alias_bomb_meets_the_limit_on_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
