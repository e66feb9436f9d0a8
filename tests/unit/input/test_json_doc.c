/*
 * The two readers of one record: alike on valid JSON, and what the tolerant one makes of the rest.
 */
#include "tests/unit/input/json_rig.h"

#include <fcntl.h>
#include <unistd.h>

#include "input/json/json_doc.h"
#include "input/json/json_time.h"
#include "tests/support/shared_data.h"
#include "tests/support/skip_because.h"

static struct json_doc strict, tolerant;
static struct iw_arena arena;

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return json_doc_init(&strict) == IW_OK && json_doc_init(&tolerant) == IW_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    json_doc_done(&strict);
    json_doc_done(&tolerant);
    iw_arena_done(&arena);
    return 0;
}

/* Both read it, and make the same of it. */
static void assert_alike(const char *text, size_t n)
{
    if (!json_doc_read(&strict, text, n))
        fail_msg("refused: %.*s", (int)(n < 300 ? n : 300), text);
    assert_true(json_doc_repair(&tolerant, text, n, true));
    assert_int_equal(strict.end, tolerant.end);
    assert_false(tolerant.is_cut || tolerant.is_repaired || tolerant.is_open || tolerant.is_dirty);
    assert_int_equal(strict.n_nodes, tolerant.n_nodes);
    for (uint32_t i = 0; i < strict.n_nodes; i++) {
        const struct json_node *a = &strict.nodes[i], *b = &tolerant.nodes[i];
        if (a->type != b->type || a->at != b->at || a->n != b->n || a->key_at != b->key_at ||
            a->key_n != b->key_n || a->next != b->next || a->is_member != b->is_member ||
            a->is_key_escaped != b->is_key_escaped)
            fail_msg("node %u differs in %.*s", i, (int)(n < 300 ? n : 300), text);
    }
}

static void valid_forms(void **state)
{
    static const char *const VALID[] = {
        "{}",
        "{ }",
        "{\"\":\"\"}",
        "{\"a\":[]}",
        "{\"a\":[[],{},[{}]]}",
        "{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }",
        "{\"a\":-0,\"b\":1e400,\"c\":1.50E+3,\"d\":0.1,\"e\":18446744073709551616}",
        "{\"a\":true,\"b\":false,\"c\":null}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"}",
        "{\"a\":\"}\",\"b\":\"{\",\"c\":\"]\",\"d\":\",\",\"e\":\":\"}",
        "{\"a\\\"b\":\"x\\\\\",\"a\":{\"a\":{\"a\":1}}}",
        "{\"k\":\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"}",
        "{\n\t\"a\":\r\n1}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof VALID / sizeof VALID[0]; i++)
        assert_alike(VALID[i], strlen(VALID[i]));
}

/* The strict reader takes valid JSON only; RFC 8259. */
static void invalid_forms(void **state)
{
    static const char *const INVALID[] = {
        "",
        "[]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":nulll}",
        "{\"a\":NaN}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":\"b\"\"c\":1}",
        "{\"a\" 1}",
        "{\"a\":1]",
        "{\"a\":[1}}",
        "{\"a\":\"\xFF\"}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"b}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof INVALID / sizeof INVALID[0]; i++) {
        if (json_doc_read(&strict, INVALID[i], strlen(INVALID[i])))
            fail_msg("taken: %s", INVALID[i]);
        assert_int_equal(strict.n_nodes, 0);
    }
}

static void assert_text(struct json_doc *doc, const char *name, const char *expected, size_t n,
                        bool is_bad)
{
    bool bad = false;
    uint32_t node = json_member(doc, 0, iw_str_of(name));
    struct iw_str text;
    assert_int_not_equal(node, JSON_NO_NODE);
    text = json_text(doc, node, &arena, &bad);
    assert_int_equal(text.n, n);
    assert_memory_equal(text.p, expected, n);
    assert_int_equal(bad, is_bad);
}

static void texts(void **state)
{
    static const struct {
        const char *json, *text;
        size_t n;
        bool is_bad;
    } CASES[] = {
        {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "\"\\/\b\f\n\r\t", 8, false},
        {"{\"a\":\"x\\u0000y\"}", "x\0y", 3, false},
        {"{\"a\":\"\\u00e4\\u20AC\"}", "\xC3\xA4\xE2\x82\xAC", 5, false},
        {"{\"a\":\"\\ud83d\\ude00\"}", "\xF0\x9F\x98\x80", 4, false},
        {"{\"a\":\"\\ud83d\"}", "\xEF\xBF\xBD", 3, true},
        {"{\"a\":\"\\ude00\\ud83d\"}", "\xEF\xBF\xBD\xEF\xBF\xBD", 6, true},
        {"{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\xEF\xBF\xBD\xF0\x9F\x98\x80", 7, true},
        {"{\"a\":\"\\q\\u12\\uzzzz\"}", "\\q\\u12\\uzzzz", 12, true},
        {"{\"a\":1e400}", "1e400", 5, false},
        {"{\"a\":-0}", "-0", 2, false},
        {"{\"a\":1.0}", "1.0", 3, false},
        {"{\"a\":18446744073709551616}", "18446744073709551616", 20, false},
        {"{\"a\":true}", "true", 4, false},
        {"{\"a\":false}", "false", 5, false},
        {"{\"a\":null}", "", 0, false},
        {"{\"\\u0061\":\"b\"}", "b", 1, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_true(json_doc_read(&strict, CASES[i].json, strlen(CASES[i].json)));
        assert_text(&strict, "a", CASES[i].text, CASES[i].n, CASES[i].is_bad);
        assert_alike(CASES[i].json, strlen(CASES[i].json));
    }
}

static void what_the_tolerant_one_keeps(void **state)
{
    static const struct {
        const char *json, *name, *text; /* text NULL: the name is not there */
        bool is_cut, is_repaired;
    } CASES[] = {
        {"{\"a\":\"x\"y\"}", "a", "x\"y", false, true},
        {"{\"a\":\"cmd /c \"whoami\"\",\"b\":1}", "a", "cmd /c \"whoami\"", false, true},
        {"{\"a\":\"cmd /c \"whoami\"\",\"b\":1}", "b", "1", false, true},
        {"{\"a\":\"1\",\"b\":\"2", "a", "1", true, false},
        {"{\"a\":\"1\",\"b\":\"2", "b", NULL, true, false},
        {"{\"a\":\"1\",\"b\":12", "b", NULL, true, false},
        {"{\"a\":\"1\",\"b\":", "b", NULL, true, false},
        {"{\"a\":\"1\",\"b", "a", "1", true, false},
        {"{\"a\":\"1\"", "a", "1", true, false},
        {"{\"a\":NaN,\"b\":1}", "a", "NaN", false, true},
        {"{\"a\":01}", "a", "01", false, true},
        {"{\"a\":1,,\"b\":2,}", "b", "2", false, false},
        {"{\"a\":1 \"b\":2}", "b", "2", false, false},
        {"{\"a\":,\"b\":2}", "b", "2", false, true},
        {"{\xFF\"a\":1\xFE,\"b\":2}", "b", "2", false, true},
        {"{\"a\":1]],\"b\":2}", "b", "2", false, true},
        {"{\"a\":[1,2,\"b\":2}", "a", "", true, true},
        {"{\"a\":\"x\xC3(y\"}", "a", "x\xEF\xBF\xBD(y", false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        bool bad;
        uint32_t node;
        struct iw_str text;
        assert_true(json_doc_repair(&tolerant, CASES[i].json, strlen(CASES[i].json), true));
        node = json_member(&tolerant, 0, iw_str_of(CASES[i].name));
        if (tolerant.is_cut != CASES[i].is_cut)
            fail_msg("case %zu: is_cut %d", i, tolerant.is_cut);
        if (CASES[i].is_repaired && !tolerant.is_repaired)
            fail_msg("case %zu: not repaired", i);
        if ((node != JSON_NO_NODE) != (CASES[i].text != NULL))
            fail_msg("case %zu: %s there or not", i, CASES[i].name);
        if (node == JSON_NO_NODE)
            continue;
        text = json_text(&tolerant, node, &arena, &bad);
        assert_int_equal(text.n, strlen(CASES[i].text));
        assert_memory_equal(text.p, CASES[i].text, text.n);
    }
}

/* Not given the end, it asks for more as long as the record may go on. */
static void more_is_asked_for(void **state)
{
    const char *text = "{\"a\":{\"b\":[1,\"x\\\"y\"]},\"c\":null}";
    (void)state;
    for (size_t n = 1; n < strlen(text); n++)
        assert_false(json_doc_repair(&tolerant, text, n, false));
    assert_true(json_doc_repair(&tolerant, text, strlen(text), false));
    assert_false(tolerant.is_cut);
}

static void next_record_ends_a_broken_one(void **state)
{
    static const char *const FIRST[] = {"{\"a\":\"1\"", "{\"a\":\"1\",", "{\"a\":{\"b\":2}",
                                        "{\"a\":1,"};
    (void)state;
    for (size_t i = 0; i < sizeof FIRST / sizeof FIRST[0]; i++) {
        char text[128];
        size_t n = (size_t)snprintf(text, sizeof text, "%s{\"c\":\"3\"}", FIRST[i]);
        assert_true(json_doc_repair(&tolerant, text, n, true));
        assert_int_equal(tolerant.end, strlen(FIRST[i]));
        assert_true(tolerant.is_cut && tolerant.is_open);
    }
}

static void paths(void **state)
{
    const char *text = "{\"a.b\":{\"c\":1},\"a\":{\"b\":{\"d\":2}},\"x\":{\"y.z\":3}}";
    (void)state;
    assert_true(json_doc_read(&strict, text, strlen(text)));
    assert_int_not_equal(json_find(&strict, 0, "a.b.c"), JSON_NO_NODE);
    assert_int_not_equal(json_find(&strict, 0, "x.y.z"), JSON_NO_NODE);
    assert_int_equal(json_find(&strict, 0, "x.y"), JSON_NO_NODE);
    assert_int_equal(json_find(&strict, 0, "a.b.c.d"), JSON_NO_NODE);
}

static void nodes_at_the_limit(void **state)
{
    char *text = malloc(3 * JSON_MOST_NODES);
    (void)state;
    assert_non_null(text);
    /* The object, the array, and so many numbers. */
    for (size_t extra = JSON_MOST_NODES - 2; extra <= JSON_MOST_NODES - 1; extra++) {
        size_t n = (size_t)sprintf(text, "{\"a\":[");
        bool fits = extra == JSON_MOST_NODES - 2;
        for (size_t i = 0; i < extra; i++)
            n += (size_t)sprintf(text + n, i != 0 ? ",1" : "1");
        n += (size_t)sprintf(text + n, "]}");
        assert_int_equal(json_doc_read(&strict, text, n), fits);
        assert_true(json_doc_repair(&tolerant, text, n, true));
        assert_int_equal(tolerant.is_cut, !fits);
        assert_false(tolerant.is_open);
        assert_int_equal(tolerant.end, n);
        assert_int_equal(tolerant.n_nodes, JSON_MOST_NODES);
    }
    free(text);
}

static void longest_indexed(void **state)
{
    char *text = malloc(IW_JSON_INDEX_BYTES + 1);
    (void)state;
    assert_non_null(text);
    for (size_t n = IW_JSON_INDEX_BYTES; n <= IW_JSON_INDEX_BYTES + 1; n++) {
        memset(text, 'x', n);
        memcpy(text, "{\"a\":\"", 6);
        memcpy(text + n - 2, "\"}", 2);
        assert_int_equal(json_doc_read(&strict, text, n), n == IW_JSON_INDEX_BYTES);
        assert_true(json_doc_repair(&tolerant, text, n, true));
        assert_false(tolerant.is_cut || tolerant.is_repaired);
    }
    free(text);
}

static void evidence_read_both_ways(void **state)
{
    char path[512];
    char *line = NULL;
    size_t room = 0, n_lines = 0;
    ssize_t n;
    FILE *stream;
    (void)state;
    if (!shared_data("data/json", path, sizeof path))
        skip();
    (void)snprintf(path + strlen(path), sizeof path - strlen(path),
                   "/empire_shell_dcerpc_smb_service_dll_hijack.zip");
    {
        char command[700];
        (void)snprintf(command, sizeof command, "unzip -p '%s' 2>/dev/null", path);
        stream = popen(command, "r");
    }
    assert_non_null(stream);
    while ((n = getline(&line, &room, stream)) > 0) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            n--;
        assert_alike(line, (size_t)n);
        n_lines++;
    }
    free(line);
    (void)pclose(stream);
    if (n_lines == 0) {
        skip_because("unzip is not installed");
    }
    assert_int_equal(n_lines, 6349);
}

static void times(void **state)
{
    static const struct {
        const char *text;
        int64_t ns; /* IW_TIME_UNKNOWN: refused */
        bool has_zone;
    } CASES[] = {
        {"2026-01-05T10:00:00.123Z", 1767607200123000000, true},
        {"2026-01-05 10:00:00", 1767607200000000000, false},
        {"2026-01-05 11:00:00 +0100", 1767607200000000000, true},
        {"2026-01-05T10:00:01.005+0000", 1767607201005000000, true},
        {"2026-01-05T11:00:00+01:00", 1767607200000000000, true},
        {"2026/01/05 10:00:00.913", 1767607200913000000, false},
        {"/Date(1767607200123)/", 1767607200123000000, true},
        {"1767607200.123", 1767607200123000000, true},
        {"1767607200", 1767607200000000000, true},
        {"1767607200123", 1767607200123000000, true},
        {"1767607200123456", 1767607200123456000, true},
        {"1767607200123456789", 1767607200123456789, true},
        {"", IW_TIME_UNKNOWN, false},
        {"yesterday", IW_TIME_UNKNOWN, false},
        {"99999999999999999999", IW_TIME_UNKNOWN, false},
        {"2026-13-05T10:00:00Z", IW_TIME_UNKNOWN, false},
        {"/Date()/", IW_TIME_UNKNOWN, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t ns = IW_TIME_UNKNOWN;
        bool has_zone = false;
        bool ok = json_time_parse(iw_str_of(CASES[i].text), &ns, &has_zone);
        if (ok != (CASES[i].ns != IW_TIME_UNKNOWN) || (ok && ns != CASES[i].ns))
            fail_msg("%s: %d %lld", CASES[i].text, ok, (long long)ns);
        if (ok)
            assert_int_equal(has_zone, CASES[i].has_zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_forms),
        cmocka_unit_test(invalid_forms),
        cmocka_unit_test(texts),
        cmocka_unit_test(what_the_tolerant_one_keeps),
        cmocka_unit_test(more_is_asked_for),
        cmocka_unit_test(next_record_ends_a_broken_one),
        cmocka_unit_test(paths),
        cmocka_unit_test(nodes_at_the_limit),
        cmocka_unit_test(longest_indexed),
        cmocka_unit_test(evidence_read_both_ways),
        cmocka_unit_test(times),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
