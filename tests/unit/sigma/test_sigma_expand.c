/*
 * Placeholders: the file, what they stand for in a value, what is refused, limits at the edge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "tests/support/sigma_bench.h"

#define ONE(item) "{a: {" item "}, condition: a}"

static bool ask(const char *detection, const char *placeholders, const char *value)
{
    char event[512];
    (void)snprintf(event, sizeof event, "{F: '%s'}", value);
    return sigma_rule_matches(detection, placeholders, event);
}

static void a_placeholder_stands_for_each_of_its_values(void **state)
{
    (void)state;
    assert_true(ask(ONE("F|expand: '%x%'"), "{x: [bob, alice]}", "ALICE"));
    assert_true(ask(ONE("F|expand: '%x%'"), "{x: bob}", "bob"));
    assert_false(ask(ONE("F|expand: '%x%'"), "{x: [bob, alice]}", "bobalice"));
    assert_true(ask(ONE("F|expand: '%x%'"), "{x: [1, 2]}", "2"));
    assert_true(ask(ONE("F|expand: ['q', '<%x%>']"), "{x: bob}", "<bob>"));
    assert_true(ask(ONE("F|expand: plain"), "{}", "plain"));
    assert_true(ask(ONE("F|expand: '%x%-%y%'"), "{x: [1, 2], y: [3, 4]}", "2-3"));
    assert_false(ask(ONE("F|expand: '%x%-%y%'"), "{x: [1, 2], y: [3, 4]}", "3-2"));
    assert_true(ask(ONE("F|expand: '%x%%x%'"), "{x: [1, 2]}", "21"));
}

static void other_modifiers_see_what_it_stands_for(void **state)
{
    (void)state;
    assert_true(ask(ONE("F|contains|expand: '%x%'"), "{x: b}", "abc"));
    assert_true(ask(ONE("F|expand|contains: '%x%'"), "{x: b}", "abc"));
    assert_true(ask(ONE("F|startswith|expand: '%x%'"), "{x: b}", "bc"));
    assert_false(ask(ONE("F|startswith|expand: '%x%'"), "{x: b}", "ab"));
    assert_true(ask(ONE("F|expand|neq: '%x%'"), "{x: [b, c]}", "a"));
    assert_false(ask(ONE("F|expand|neq: '%x%'"), "{x: [b, c]}", "c"));
    assert_true(ask(ONE("F|expand|base64: '%x%'"), "{x: [z, foo]}", "Zm9v"));
    assert_true(
        ask(ONE("F|expand|base64offset|contains: '%x%'"), "{x: [zzzzzz, foobar]}", "XXZvb2Jhc"));
    assert_true(ask(ONE("F|expand|windash|contains: '%x%'"), "{x: [' -q', ' -n']}", "a /n"));
    assert_true(ask(ONE("F|expand|cased: '%x%'"), "{x: [q, Bob]}", "Bob"));
    assert_false(ask(ONE("F|expand|cased: '%x%'"), "{x: [q, Bob]}", "bob"));
    /* Under `all` each value of the rule must be found, in any of its forms. */
    assert_true(ask(ONE("F|expand|contains|all: ['%x%', c]"), "{x: [a, b]}", "bc"));
    assert_false(ask(ONE("F|expand|contains|all: ['%x%', c]"), "{x: [a, b]}", "ab"));
}

static void escapes_and_wildcards_are_read_piece_by_piece(void **state)
{
    (void)state;
    assert_true(ask(ONE("F|expand: '\\%x\\%'"), "{x: b}", "%x%"));
    assert_true(ask(ONE("F|expand: '100% %x%'"), "{x: b}", "100% b"));
    assert_true(ask(ONE("F|expand: '%%x%%'"), "{x: b}", "%b%"));
    assert_true(ask(ONE("F|expand: 'C:\\\\%x%'"), "{x: b}", "C:\\b"));
    assert_true(ask(ONE("F|expand: '\\*%x%'"), "{x: b}", "*b"));
    assert_false(ask(ONE("F|expand: '\\*%x%'"), "{x: b}", "ab"));
    assert_true(ask(ONE("F|expand: '%x%'"), "{x: 'b*'}", "bcd"));
    assert_false(ask(ONE("F|expand: '%x%'"), "{x: 'b\\*'}", "bcd"));
    /* A backslash at the end of a replacement escapes nothing of the rule. */
    assert_true(ask(ONE("F|expand: '%x%*'"), "{x: 'C:\\'}", "C:\\dir"));
    assert_true(ask(ONE("F|expand: '%x%%y%'"), "{x: 'C:\\', y: '*d'}", "C:\\abcd"));
    /* What looks like a placeholder in a replacement is text. */
    assert_true(ask(ONE("F|expand: '%x%'"), "{x: '%y%', y: b}", "%y%"));
    /* Without the modifier a percent sign is one. */
    assert_true(ask(ONE("F: '%x%'"), "{x: b}", "%x%"));
}

static void refused(const char *item, const char *placeholders, uint32_t column, const char *words)
{
    struct sigma_bench bench;
    char yaml[512];
    (void)snprintf(
        yaml, sizeof yaml,
        "title: t\nlogsource: {product: windows}\ndetection:\n  condition: a\n  a: {%s}\n", item);
    sigma_bench_load(&bench, iw_str_of(yaml), placeholders);
    sigma_bench_expect(&bench, 0, IW_RULE_REFUSED, words);
    assert_int_equal(bench.account.entries[0].line, 5);
    assert_int_equal(bench.account.entries[0].column, column);
    sigma_bench_done(&bench);
}

static void what_is_not_known_refuses_the_rule(void **state)
{
    (void)state;
    refused("F|expand: '%x%'", NULL, 17, "'%x%': give --placeholders");
    refused("F|expand: '%x%'", "{}", 17, "'%x%' is not in the file of --placeholders");
    refused("F|expand: '%x%'", "{X: b}", 17, "'%x%' is not in the file");
    refused("F|expand: [b, '%x%']", "{x: []}", 21, "'%x%' stands for an empty list");
    refused("F|expand: null", "{}", 17, "null takes no modifier");
}

/* The program's own lists are there without a file, and no file says otherwise. */
static void lists_of_web_servers_are_always_there(void **state)
{
    static const char *const IMAGES = ONE("F|endswith|expand: ['%iiswarden.web_servers%', '\\q']");
    static const char *const WORDS = ONE("F|contains|expand: '%iiswarden.java_web_servers%'");
    static const char *const FOLDERS =
        ONE("F|contains|expand: '%iiswarden.java_web_server_folders%'");
    (void)state;
    assert_true(ask(IMAGES, NULL, "C:\\x\\W3WP.exe"));
    assert_true(ask(IMAGES, "{iiswarden.web_servers: nothing}", "C:\\x\\pc-app.exe"));
    assert_true(ask(IMAGES, "{}", "C:\\a\\SmarterMail\\Service\\MailService.exe"));
    assert_true(ask(IMAGES, NULL, "C:\\q"));
    assert_false(ask(IMAGES, NULL, "C:\\a\\MailService.exe"));
    assert_false(ask(IMAGES, NULL, "C:\\x\\notw3wp.exe"));
    assert_false(ask(IMAGES, NULL, "C:\\inetsrv\\WMSvc.exe"));
    assert_false(ask(IMAGES, NULL, "nothing"));
    assert_true(ask(WORDS, NULL, "java -Dcatalina.home=x"));
    assert_false(ask(WORDS, NULL, "C:\\ManageEngine\\ServiceDesk\\jre\\bin\\java.exe"));
    assert_true(ask(FOLDERS, NULL, "C:\\ManageEngine\\ServiceDesk\\jre\\bin\\java.exe"));
    assert_false(ask(WORDS, NULL, "java -jar report.jar"));
    refused("F|expand: '%iiswarden.x%'", NULL, 17, "give --placeholders");
}

static void lists_of_rules_are_always_there(void **state)
{
    static const char *const FILES = ONE("F|endswith|expand: '%iiswarden.files_of_iis%'");
    static const char *const HAND =
        ONE("F|endswith|expand: ['%iiswarden.consoles%', '\\\\reg.exe']");
    static const char *const VALUE =
        ONE("F|endswith|expand: '\\\\Environment\\\\%iiswarden.profiler_variables%'");
    (void)state;
    assert_true(ask(FILES, NULL, "C:\\Windows\\System32\\inetsrv\\ASP.dll"));
    assert_false(ask(FILES, NULL, "C:\\Windows\\System32\\inetsrv\\evil.dll"));
    assert_false(ask(FILES, "{iiswarden.files_of_iis: evil.dll}", "C:\\evil.dll"));
    assert_true(ask(HAND, NULL, "C:\\x\\cmd.exe"));
    assert_true(ask(HAND, NULL, "C:\\x\\reg.exe"));
    assert_false(ask(HAND, NULL, "C:\\x\\notcmd.exe"));
    assert_true(ask(VALUE, NULL, "HKLM\\x\\Environment\\COR_PROFILER"));
    assert_false(ask(VALUE, NULL, "HKLM\\x\\Environment\\Path"));
}

/* Two placeholders of *n* and 1000 values. */
static enum iw_rule_state with_combinations(size_t n)
{
    struct sigma_bench bench;
    struct iw_buffer map;
    enum iw_rule_state result;

    iw_buffer_init(&map);
    iw_buffer_add(&map, IW_STR("x: [0"));
    for (size_t i = 1; i < n; i++)
        iw_buffer_printf(&map, ",%zu", i);
    iw_buffer_add(&map, IW_STR("]\ny: [0"));
    for (size_t i = 1; i < 1000; i++)
        iw_buffer_printf(&map, ",%zu", i);
    iw_buffer_add(&map, IW_STR("]\n"));
    iw_buffer_add_char(&map, '\0');
    sigma_bench_load(&bench,
                     IW_STR("title: t\nlogsource: {product: windows}\n"
                            "detection: {a: {F|expand: '%x%-%y%'}, condition: a}\n"),
                     map.p);
    result = bench.account.entries[0].state;
    if (result == IW_RULE_LOADED)
        assert_string_equal(sigma_bench_match(&bench, "{F: '99-999'}"), "t");
    sigma_bench_done(&bench);
    iw_buffer_done(&map);
    return result;
}

/* One value of *n* bytes: eight of the rule's and the rest of the placeholder's. */
static enum iw_rule_state with_bytes(size_t n)
{
    struct sigma_bench bench;
    struct iw_buffer map;
    enum iw_rule_state result;

    iw_buffer_init(&map);
    iw_buffer_add(&map, IW_STR("x: "));
    for (size_t i = 8; i < n; i++)
        iw_buffer_add_char(&map, 'b');
    iw_buffer_add_char(&map, '\0');
    sigma_bench_load(&bench,
                     IW_STR("title: t\nlogsource: {product: windows}\n"
                            "detection: {a: {F|expand: '12345678%x%'}, condition: a}\n"),
                     map.p);
    result = bench.account.entries[0].state;
    sigma_bench_done(&bench);
    iw_buffer_done(&map);
    return result;
}

static void limits_hold_at_the_limit_and_one_past(void **state)
{
    (void)state;
    assert_int_equal(with_combinations(IW_LIMIT_EXPANDED_VALUES / 1000), IW_RULE_LOADED);
    assert_int_equal(with_combinations(IW_LIMIT_EXPANDED_VALUES / 1000 + 1), IW_RULE_REFUSED);
    assert_int_equal(with_bytes(IW_LIMIT_EXPANDED_BYTES), IW_RULE_LOADED);
    assert_int_equal(with_bytes(IW_LIMIT_EXPANDED_BYTES + 1), IW_RULE_REFUSED);
}

/* A small file of many values that each stand for much: named, and soon over. */
static void a_file_of_many_products_meets_the_total(void **state)
{
    struct sigma_bench bench;
    struct iw_buffer yaml, map;
    size_t n_refused;

    (void)state;
    iw_buffer_init(&map);
    iw_buffer_add(&map, IW_STR("x: [0"));
    for (size_t i = 1; i < 300; i++)
        iw_buffer_printf(&map, ",%zu", i);
    iw_buffer_add(&map, IW_STR("]\n"));
    iw_buffer_add_char(&map, '\0');
    iw_buffer_init(&yaml);
    for (size_t i = 0; i < 400; i++)
        iw_buffer_add(&yaml, IW_STR("title: t\nlogsource: {product: windows}\n"
                                    "detection: {a: {F|expand: '%x%%x%'}, condition: a}\n---\n"));
    sigma_bench_load(&bench, iw_buffer_str(&yaml), map.p);
    n_refused = bench.account.n_by_state[IW_RULE_REFUSED];
    assert_true(n_refused > 380 && n_refused < 400);
    sigma_bench_expect(&bench, 399, IW_RULE_REFUSED, "stand for too much");
    sigma_bench_done(&bench);
    iw_buffer_done(&yaml);
    iw_buffer_done(&map);
}

/* --- the file --- */

static void parse_fails(const char *text, uint32_t line, uint32_t column, const char *words)
{
    struct iw_sigma_placeholders *placeholders;
    struct iw_error err = {0};

    assert_int_equal(iw_sigma_placeholders_parse(iw_str_of(text), &placeholders, &err), IW_EUSAGE);
    assert_null(placeholders);
    assert_int_equal(err.rc, IW_EUSAGE);
    if (err.line != line || err.column != column || strstr(err.message, words) == NULL)
        (void)fprintf(stderr, "%s: %u:%u: %s\n", text, err.line, err.column, err.message);
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
    assert_non_null(strstr(err.message, words));
}

static void a_file_that_is_no_such_map_says_where(void **state)
{
    (void)state;
    parse_fails("", 1, 1, "no map");
    parse_fails("# nothing\n", 1, 1, "no map");
    parse_fails("[a]\n", 1, 1, "must be a map");
    parse_fails("x: 1\ny:\n  z: 2\n", 3, 3, "a text or a number");
    parse_fails("x: [1, [2]]\n", 1, 8, "a text or a number");
    parse_fails("x: null\n", 1, 4, "a text or a number");
    parse_fails("x: 1\nx: 2\n", 2, 1, "twice");
    parse_fails("x: [1\n", 2, 1, "not valid YAML");
    parse_fails("x: 1\n---\ny: 2\n", 3, 1, "second document");
}

static void json_and_a_byte_order_mark_are_read(void **state)
{
    (void)state;
    assert_true(
        ask(ONE("F|expand: '%x%'"), "\xEF\xBB\xBF{\"x\": [\"bob\", 7],\n\t\"y\": 1}\n", "7"));
}

static void a_file_is_read_or_named(void **state)
{
    char path[] = "placeholders.XXXXXX";
    struct iw_sigma_placeholders *placeholders;
    struct iw_error err = {0};
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "{}\n", 3), 3);
    assert_int_equal(close(fd), 0);
    assert_int_equal(iw_sigma_placeholders_read(path, &placeholders, &err), IW_OK);
    assert_non_null(placeholders);
    iw_sigma_placeholders_free(placeholders);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(iw_sigma_placeholders_read(path, &placeholders, &err), IW_EUSAGE);
    assert_string_equal(err.where, path);
    assert_int_equal(err.line, 1);
    assert_int_equal(truncate(path, (off_t)IW_LIMIT_RULE_FILE_BYTES + 1), 0);
    assert_int_equal(iw_sigma_placeholders_read(path, &placeholders, NULL), IW_EUSAGE);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(iw_sigma_placeholders_read(path, &placeholders, &err), IW_EUSAGE);
    assert_null(placeholders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_placeholder_stands_for_each_of_its_values),
        cmocka_unit_test(other_modifiers_see_what_it_stands_for),
        cmocka_unit_test(escapes_and_wildcards_are_read_piece_by_piece),
        cmocka_unit_test(what_is_not_known_refuses_the_rule),
        cmocka_unit_test(lists_of_web_servers_are_always_there),
        cmocka_unit_test(lists_of_rules_are_always_there),
        cmocka_unit_test(limits_hold_at_the_limit_and_one_past),
        cmocka_unit_test(a_file_of_many_products_meets_the_total),
        cmocka_unit_test(a_file_that_is_no_such_map_says_where),
        cmocka_unit_test(json_and_a_byte_order_mark_are_read),
        cmocka_unit_test(a_file_is_read_or_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
