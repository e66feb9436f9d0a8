/*
 * Change records as YAML: what is taken, every problem with its place, and limits. Expectations
 * come from docs/CHANGES.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "iis/change/changes.h"

#define NEEDED "id: C, hosts: a, from: 2026-01-05T10:00:00Z, to: 2026-01-05T11:00:00Z"

static struct iw_changes *changes;
static struct iw_error err;

static enum iw_rc add(struct iw_str yaml)
{
    memset(&err, 0, sizeof err);
    return iw_changes_add_yaml(changes, yaml, "c.yml", &err);
}

static const struct iw_change_problem *problems(size_t *ret_n)
{
    return iw_changes_problems(changes, ret_n);
}

static void expect_problem(size_t i, uint32_t line, uint32_t column, const char *id,
                           const char *what)
{
    size_t n;
    const struct iw_change_problem *problem = problems(&n) + i;
    if (i >= n)
        fail_msg("only %zu problems, expected \"%s\"", n, what);
    if (problem->line != line || problem->column != column ||
        !iw_str_equal(problem->what, iw_str_of(what)) || !iw_str_equal(problem->id, iw_str_of(id)))
        fail_msg("got %u:%u [%.*s] \"%.*s\", expected %u:%u [%s] \"%s\"", problem->line,
                 problem->column, IW_STR_ARG(problem->id), IW_STR_ARG(problem->what), line, column,
                 id, what);
    assert_true(iw_str_equal(problem->file, IW_STR("c.yml")));
}

static size_t n_problems(void)
{
    size_t n;
    (void)problems(&n);
    return n;
}

/* The example of docs/CHANGES.md, word for word. */
static void test_the_example(void **state)
{
    (void)state;
    assert_int_equal(add(IW_STR("changes:\n"
                                "  - id: CHG-1042\n"
                                "    hosts: [WEB01, \"web*.corp.example\"]\n"
                                "    from: 2026-01-05T10:00:00Z\n"
                                "    to: 2026-01-05T11:00:00Z\n"
                                "    actors: ['CORP\\deploy', S-1-5-21-1-2-3-1104]\n"
                                "    action: [add, modify, remove]\n"
                                "    component: {kind: globalModule, name: ContosoAuth}\n"
                                "    path: 'C:\\inetpub\\wwwroot\\shop\\**'\n"
                                "    sha256: "
                                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n"
                                "    publisher: Contoso Ltd\n"
                                "    expires: 2026-06-30T00:00:00Z\n"
                                "    reason: Release 4.2\n"
                                "    approved_by: change board\n")),
                     IW_OK);
    assert_int_equal(iw_changes_count(changes), 1);
    assert_int_equal(n_problems(), 0);
}

static void test_json_and_several_documents(void **state)
{
    (void)state;
    assert_int_equal(
        add(IW_STR("{\"changes\": [{\"id\": 7, \"hosts\": [\"a\"], \"from\": "
                   "\"2026-01-05T11:00:00+01:00\", \"to\": \"2026-01-05T10:00:00Z\", \"path\": "
                   "\"C:\\\\x\"}]}")),
        IW_OK);
    assert_int_equal(iw_changes_count(changes), 1);
    assert_int_equal(add(IW_STR("--- {changes: [{" NEEDED ", path: '**'}]}\n---\n--- "
                                "{changes: [{" NEEDED ", component: {name: x}}]}\n")),
                     IW_OK);
    assert_int_equal(iw_changes_count(changes), 3);
    assert_int_equal(n_problems(), 1); /* the id C stands twice */
    expect_problem(0, 3, 16, "C", "the id stands at c.yml:1 already; both records are taken");
    assert_int_equal(add(IW_STR("changes:\n")), IW_OK);
    assert_int_equal(add(IW_STR("changes: []\n")), IW_OK);
    assert_int_equal(iw_changes_count(changes), 3);
}

static void test_encodings(void **state)
{
    static const char yaml[] = "changes: [{" NEEDED ", path: 'C:\\x'}]\n";
    uint8_t wide[2 * sizeof yaml], big[2 * sizeof yaml];
    struct iw_buffer marked;
    const size_t n = sizeof yaml - 1;
    (void)state;
    wide[0] = 0xFF, wide[1] = 0xFE, big[0] = 0xFE, big[1] = 0xFF;
    for (size_t i = 0; i < n; i++) {
        wide[2 + 2 * i] = big[3 + 2 * i] = (uint8_t)yaml[i];
        wide[3 + 2 * i] = big[2 + 2 * i] = 0;
    }
    iw_buffer_init(&marked);
    iw_buffer_add(&marked, IW_STR("\xEF\xBB\xBF"));
    iw_buffer_add(&marked, iw_str_of(yaml));
    assert_int_equal(add(iw_buffer_str(&marked)), IW_OK);
    assert_int_equal(add((struct iw_str){(const char *)wide, 2 + 2 * n}), IW_OK);
    assert_int_equal(add((struct iw_str){(const char *)wide + 2, 2 * n}), IW_OK);
    assert_int_equal(add((struct iw_str){(const char *)big, 2 + 2 * n}), IW_OK);
    assert_int_equal(iw_changes_count(changes), 4);
    iw_buffer_done(&marked);
}

struct bad {
    const char *record; /* one, in flow style */
    uint32_t line, column;
    const char *id, *what;
};

/* A record on line 2, which begins in column 3. */
static const struct bad BAD[] = {
    {"[a]", 2, 3, "", "a change record must be a map"},
    {"{id: C, host: a}", 2, 11, "C", "host: no such key in a change record"},
    {"{id: C, component: x}", 2, 22, "C", "component: must be a map of kind and name"},
    {"{id: C, component: {name: x, sort: y}}", 2, 32, "C", "sort: no such key in component"},
    {"{id: [C]}", 2, 8, "", "id: must be one text"},
    {"{id: C, hosts: []}", 2, 18, "C", "hosts: is an empty list"},
    {"{id: C, hosts: {a: b}}", 2, 18, "C", "hosts: must be a text or a list of texts"},
    {"{id: C, hosts: [[a]]}", 2, 18, "C", "hosts: must be one text"},
    {"{id: C, sha256: }", 2, 19, "C", "sha256: is empty: leave the key out, or give it a value"},
    {"{id: C, actors: [a, ~]}", 2, 19, "C",
     "actors: is empty: leave the key out, or give it a value"},
    {"{" NEEDED "}", 2, 3, "C",
     "a component (its name) or a path is needed: without one the record would speak of everything "
     "on its hosts"},
    {"{" NEEDED ", component: {kind: handler}}", 2, 3, "C",
     "a component (its name) or a path is needed: without one the record would speak of everything "
     "on its hosts"},
    {"{hosts: a, from: 2026-01-05T10:00:00Z, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 3, "",
     "id is missing"},
    {"{id: C, from: 2026-01-05T10:00:00Z, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 3, "C",
     "hosts is missing"},
    {"{id: C, hosts: a, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 3, "C", "from is missing"},
    {"{id: C, hosts: a, from: 2026-01-05T10:00:00Z, path: '**'}", 2, 3, "C", "to is missing"},
    {"{" NEEDED ", path: ' '}", 2, 81, "C", "path: is empty: \" \""},
    {"{id: C, hosts: a, from: 2026-01-05T10:00:00, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 27,
     "C", "from: a time needs its zone (`Z`, `+01:00`): \"2026-01-05T10:00:00\""},
    {"{id: C, hosts: a, from: 2026-01-05, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 27, "C",
     "from: not a time of this form: \"2026-01-05\""},
    {"{id: C, hosts: a, from: 2026-01-05T10:00:00+1, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 27,
     "C", "from: not a zone: write an offset (`Z`, `+01:00`): \"2026-01-05T10:00:00+1\""},
    {"{id: C, hosts: a, from: 2026-01-05T10:00:01Z, to: 2026-01-05T10:00:00Z, path: '**'}", 2, 53,
     "C", "to: is before from: \"2026-01-05T10:00:00Z\""},
    {"{" NEEDED ", path: '**', expires: never}", 2, 96, "C",
     "expires: not a time of this form: \"never\""},
    {"{" NEEDED ", path: 'shop\\*'}", 2, 81, "C",
     "path: must begin with a drive, a share or `**`, or it matches nothing: \"shop\\*\""},
    {"{" NEEDED ", path: 'C:\\a\\..\\**'}", 2, 81, "C",
     "path: no part of it may end with a dot or a space: \"C:\\a\\..\\**\""},
    {"{" NEEDED ", path: 'C:\\a\\*.'}", 2, 81, "C",
     "path: no part of it may end with a dot or a space: \"C:\\a\\*.\""},
    {"{" NEEDED ", path: '%Shop%\\**'}", 2, 81, "C",
     "path: has a variable without a usual value: \"%Shop%\\**\""},
    {"{" NEEDED ", path: '**', actors: 'CORP\\'}", 2, 95, "C",
     "actors: names no account: \"CORP\\\""},
    {"{" NEEDED ", path: '**', action: [add, delete]}", 2, 101, "C",
     "action: must be add, modify or remove: \"delete\""},
    {"{" NEEDED ", path: '**', sha256: 9f86d081}", 2, 95, "C",
     "sha256: must be 64 hexadecimal digits: \"9f86d081\""},
    {"{" NEEDED ", path: '**', sha256: "
     "xf86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}",
     2, 95, "C",
     "sha256: must be 64 hexadecimal digits: "
     "\"xf86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""},
};

/* A bad record is told; the good ones before and behind it are taken. */
static void test_every_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        char yaml[1024];
        changes = iw_changes_new();
        (void)snprintf(yaml, sizeof yaml,
                       "changes:\n- %s\n- {id: G, hosts: a, from: 2026-01-05T10:00:00Z, to: "
                       "2026-01-05T10:00:00Z, path: '**'}\n",
                       BAD[i].record);
        assert_int_equal(add(iw_str_of(yaml)), IW_OK);
        expect_problem(0, BAD[i].line, BAD[i].column, BAD[i].id, BAD[i].what);
        assert_int_equal(n_problems(), 1);
        assert_int_equal(iw_changes_count(changes), 1);
        iw_changes_free(changes);
    }
    changes = NULL;
}

static void test_documents_that_are_refused(void **state)
{
    (void)state;
    assert_int_equal(
        add(IW_STR("changes: [{" NEEDED ", path: '**'}]\n---\nchanges: [{id: a, id: "
                   "b}]\n---\nother: x\n---\nchanges: 5\n---\nmore: y\nchanges: []\n")),
        IW_OK);
    assert_int_equal(iw_changes_count(changes), 1);
    expect_problem(0, 3, 19, "",
                   "the same key stands twice in one map; nothing of this document is taken");
    expect_problem(1, 5, 1, "", "a document without `changes`");
    expect_problem(2, 7, 10, "", "`changes` must be a list of records");
    expect_problem(3, 9, 1, "", "no such key beside `changes`");
    assert_int_equal(n_problems(), 4);
    assert_int_equal(add(IW_STR("changes: [{" NEEDED ", path: '**'}]\n---\nchanges: [\n")), IW_OK);
    assert_int_equal(iw_changes_count(changes), 2);
    assert_true(iw_str_ends_nocase(problems(&(size_t){0})[5].what,
                                   IW_STR("; the rest of the file is not read")));
}

static void test_files_nothing_can_be_taken_of(void **state)
{
    (void)state;
    assert_int_equal(add(IW_STR("")), IW_EFORMAT);
    assert_string_equal(err.message, "there is no `changes` in this file");
    assert_string_equal(err.where, "c.yml");
    assert_int_equal(add(IW_STR("other: x\n")), IW_EFORMAT);
    assert_int_equal(add(IW_STR("just text\n")), IW_EFORMAT);
    assert_int_equal(add(IW_STR("- {" NEEDED "}\n")), IW_EFORMAT);
    assert_int_equal(n_problems(), 3);
    assert_int_equal(add(IW_STR("changes: [a\n")), IW_EFORMAT);
    assert_int_equal(err.line, 2);
    assert_string_equal(err.where, "c.yml");
    assert_int_equal(add(IW_STR("changes: []\nchanges: []\n")), IW_ERULE);
    assert_int_equal(add(IW_STR("changes: \xFF\n")), IW_EFORMAT);
    assert_int_equal(n_problems(), 3); /* what is an error is no problem too */
}

/* An alias is the node it names: keys, not nodes, tell clauses apart. */
static void test_aliases(void **state)
{
    struct iw_arena arena;
    struct iw_change change;
    const struct iw_act act = {.host = IW_STR("a"),
                               .first_ns = 1767607200LL * IW_NS_PER_SECOND,
                               .last_ns = 1767607200LL * IW_NS_PER_SECOND,
                               .is_signature_known = true,
                               .publisher = IW_STR("Other"),
                               .path = IW_STR("C:\\x")};
    (void)state;
    assert_int_equal(add(IW_STR("changes: &list [{id: &x Contoso, hosts: a, from: &t "
                                "2026-01-05T10:00:00Z, to: *t, path: '**', publisher: *x}]\n"
                                "more: *list\n")),
                     IW_OK);
    assert_int_equal(iw_changes_count(changes), 1);
    expect_problem(0, 2, 1, "", "no such key beside `changes`");
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    assert_true(iw_str_equal(change.why, IW_STR("Contoso: another publisher: approved Contoso, "
                                                "found Other")));
    iw_arena_done(&arena);
}

static void test_texts_stay_on_one_line(void **state)
{
    struct iw_arena arena;
    struct iw_change change;
    const struct iw_act act = {.host = IW_STR("a"),
                               .first_ns = 1767607200LL * IW_NS_PER_SECOND,
                               .last_ns = 1767607200LL * IW_NS_PER_SECOND,
                               .path = IW_STR("C:\\x")};
    (void)state;
    assert_int_equal(add(IW_STR("changes: [{id: \"C\\n1\", hosts: a, from: 2026-01-05T10:00:00Z, "
                                "to: 2026-01-05T10:00:00Z, path: '**', reason: \"a\\tb\\n\"}]\n")),
                     IW_OK);
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    assert_int_equal(change.status, IW_CHANGE_EXPLAINED);
    assert_true(iw_str_equal(change.why, IW_STR("C 1: a b")));
    iw_arena_done(&arena);
    assert_int_equal(add(IW_STR("changes: [\"x\\ny\"]\n\n")), IW_OK);
    assert_int_equal(add(IW_STR("changes: [{\"k\\ny\": 1}]\n\n")), IW_OK);
    expect_problem(1, 1, 12, "", "k y: no such key in a change record");
}

/* --- limits ----------------------------------------------------------------------------------- */

static void add_list(struct iw_buffer *yaml, const char *key, const char *value, size_t n)
{
    iw_buffer_printf(yaml, "%s: [", key);
    for (size_t i = 0; i < n; i++)
        iw_buffer_printf(yaml, "%s%s", i != 0 ? ", " : "", value);
    iw_buffer_add(yaml, IW_STR("]"));
}

/* A record with lists of these lengths; what becomes of it. */
static bool is_taken(size_t n_paths, size_t n_actors, size_t n_reason)
{
    struct iw_buffer yaml;
    size_t before = iw_changes_count(changes);
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("changes:\n- {" NEEDED ", "));
    add_list(&yaml, "path", "'**'", n_paths);
    iw_buffer_add(&yaml, IW_STR(", "));
    add_list(&yaml, "actors", "x", n_actors);
    iw_buffer_add(&yaml, IW_STR(", reason: "));
    for (size_t i = 0; i < n_reason; i++)
        iw_buffer_add_char(&yaml, 'r');
    iw_buffer_add(&yaml, IW_STR("}\n"));
    assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
    iw_buffer_done(&yaml);
    return iw_changes_count(changes) == before + 1;
}

static void test_limits_of_a_record(void **state)
{
    (void)state;
    assert_true(is_taken(IW_LIMIT_CHANGE_GLOBS - 1, 1, 1)); /* and one host */
    assert_false(is_taken(IW_LIMIT_CHANGE_GLOBS, 1, 1));
    assert_true(is_taken(1, IW_LIMIT_CHANGE_VALUES, 1));
    assert_false(is_taken(1, IW_LIMIT_CHANGE_VALUES + 1, 1));
    assert_true(is_taken(1, 1, IW_LIMIT_CHANGE_VALUE_BYTES));
    assert_false(is_taken(1, 1, IW_LIMIT_CHANGE_VALUE_BYTES + 1));
}

static void test_long_globs(void **state)
{
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    for (size_t extra = 0; extra < 2; extra++) {
        iw_buffer_clear(&yaml);
        iw_buffer_add(&yaml, IW_STR("changes: [{" NEEDED ", path: '*"));
        for (size_t i = 1; i < IW_LIMIT_CHANGE_GLOB_POINTS + extra; i++)
            iw_buffer_add_char(&yaml, 'a');
        iw_buffer_add(&yaml, IW_STR("'}]\n"));
        assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
        assert_int_equal(iw_changes_count(changes), 1);
    }
    assert_int_equal(n_problems(), 1);
    iw_buffer_clear(&yaml);
    iw_buffer_add(&yaml, IW_STR("changes: [{id: H, hosts: '"));
    for (size_t i = 0; i <= IW_LIMIT_CHANGE_GLOB_POINTS; i++)
        iw_buffer_add_char(&yaml, 'a');
    iw_buffer_add(&yaml, IW_STR("', from: 2026-01-05T10:00:00Z, to: 2026-01-05T10:00:00Z, path: "
                                "'**'}]\n"));
    assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
    assert_int_equal(iw_changes_count(changes), 1);
    iw_buffer_done(&yaml);
}

static void test_limit_of_problems(void **state)
{
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR("changes:\n"));
    for (size_t i = 0; i < IW_LIMIT_CHANGE_PROBLEMS; i++)
        iw_buffer_add(&yaml, IW_STR("- x\n"));
    assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
    assert_int_equal(n_problems(), IW_LIMIT_CHANGE_PROBLEMS);
    assert_int_equal(iw_changes_problems_hidden(changes), 0);
    assert_int_equal(add(IW_STR("changes: [x]\n")), IW_OK);
    assert_int_equal(n_problems(), IW_LIMIT_CHANGE_PROBLEMS);
    assert_int_equal(iw_changes_problems_hidden(changes), 1);
    iw_buffer_done(&yaml);
}

static void test_limit_of_size(void **state)
{
    const size_t n = IW_LIMIT_CHANGE_FILE_BYTES;
    char *text = iw_malloc(n + 1);
    (void)state;
    assert_non_null(text);
    memset(text, '#', n + 1); /* one comment, no document */
    assert_int_equal(add((struct iw_str){text, n}), IW_EFORMAT);
    assert_int_equal(add((struct iw_str){text, n + 1}), IW_ELIMIT);
    assert_string_equal(err.where, "c.yml");
    iw_free(text);
}

static int set_up(void **state)
{
    (void)state;
    changes = iw_changes_new();
    return changes != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_changes_free(changes);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_example),
        TEST(test_json_and_several_documents),
        TEST(test_encodings),
        cmocka_unit_test(test_every_problem),
        TEST(test_documents_that_are_refused),
        TEST(test_files_nothing_can_be_taken_of),
        TEST(test_aliases),
        TEST(test_texts_stay_on_one_line),
        TEST(test_limits_of_a_record),
        TEST(test_long_globs),
        TEST(test_limit_of_problems),
        TEST(test_limit_of_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
