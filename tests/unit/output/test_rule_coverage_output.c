/*
 * Rules that could have matched, as a table and as NDJSON: numbers, names, what is left out, text
 * of evidence, memory that runs out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "output/display.h"
#include "tests/support/skip_because.h"

#define N_HOSTS 21U
#define N_REASONS 13U

static struct iw_run run;
static struct iw_rule_entry entries[2];
static const uint32_t NAMED[] = {0, 1};
static struct iw_rule_reason reasons[N_REASONS];
static char whys[N_REASONS][32];
static struct iw_rule_coverage_host hosts[N_HOSTS];
static const struct iw_style STYLE = {.color = false, .width = 100};

static int begin(void **state)
{
    (void)state;
    memset(&run, 0, sizeof run);
    entries[0] = (struct iw_rule_entry){
        .id = IW_STR("11"), .title = IW_STR("one\x1b[2J"), .file = IW_STR("a.yml")};
    entries[1] = (struct iw_rule_entry){.file = IW_STR("b.yml")};
    run.rules.entries = entries;
    run.rules.n = 2;
    for (size_t i = 0; i < N_REASONS; i++) {
        (void)snprintf(whys[i], sizeof whys[i], "why %zu", i);
        reasons[i] = (struct iw_rule_reason){.sight = i == 0 ? IW_SIGHT_BLIND : IW_SIGHT_ABLE,
                                             .why = iw_str_of(whys[i]),
                                             .n_rules = 2,
                                             .rules = NAMED,
                                             .n_listed = 2};
    }
    for (size_t i = 0; i < N_HOSTS; i++)
        hosts[i] = (struct iw_rule_coverage_host){.host = IW_STR("WEB\x1b"),
                                                  .from_ns = 0,
                                                  .to_ns = IW_NS_PER_SECOND,
                                                  .n_rules = {1, 20, 300, 4000},
                                                  .reasons = reasons,
                                                  .n_reasons = 1};
    run.rule_coverage = (struct iw_rule_coverage){.hosts = hosts, .n_hosts = 1, .n_rules = 4321};
    return 0;
}

static void assert_has(const struct iw_buffer *text, const char *part, bool has)
{
    if ((iw_str_find(iw_buffer_str(text), iw_str_of(part)) != SIZE_MAX) != has)
        fail_msg("%s: %s\nin:\n%.*s", has ? "lacks" : "has", part, (int)text->n, text->p);
}

static void table(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    iw_output_rule_coverage_table(&run, &STYLE, &text);
    assert_has(&text, "WEB\\x1b                        4,000         300          20           1\n",
               true);
    assert_has(&text, "within 1970-01-01 00:00:00 to 1970-01-01 00:00:01\n", true);
    assert_has(&text, "    blind              2  why 0\n", true);
    assert_has(&text, "4,321 rules of single events.", true);
    assert_has(&text, "more", false);
    assert_has(&text, "one\\x1b", false); /* there are too many to name them */
    assert_has(&text, "\x1b", false);
    iw_buffer_clear(&text);
    run.rule_coverage.n_rules = 20;
    iw_output_rule_coverage_table(&run, &STYLE, &text);
    assert_has(&text, "one\\x1b[2J  11\n", true);
    assert_has(&text, "(no title)  b.yml\n", true);
    iw_buffer_clear(&text);
    run.rule_coverage.n_hosts = 0;
    iw_output_rule_coverage_table(&run, &STYLE, &text);
    assert_has(&text, "No host was met", true);
    iw_buffer_done(&text);
}

static void what_is_left_out_is_counted(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    hosts[0].n_reasons = N_REASONS;
    iw_output_rule_coverage_table(&run, &STYLE, &text);
    assert_has(&text, "why 11\n", true);
    assert_has(&text, "why 12\n", false);
    assert_has(&text, "    1 more reason of 2 rules (--format ndjson lists them)\n", true);
    iw_buffer_clear(&text);
    hosts[0].n_reasons_hidden = 4;
    hosts[0].n_rules_hidden = 7;
    run.rule_coverage.n_hosts = N_HOSTS;
    iw_output_rule_coverage_table(&run, &STYLE, &text);
    assert_has(&text, "    5 more reasons of 9 rules", true);
    assert_has(&text, "\nReasons of 1 more host: --format ndjson\n", true);
    iw_buffer_done(&text);
}

static void ndjson(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    hosts[0].n_rules_hidden = 7;
    hosts[0].n_reasons_hidden = 4;
    iw_output_rule_coverage_ndjson(&run, &text);
    iw_buffer_add_char(&text, '\0');
    assert_string_equal(
        text.p,
        "{\"schema\":\"iiswarden.rule-coverage/1\",\"record\":\"host\",\"host\":\"WEB\\u001b\","
        "\"from\":\"1970-01-01T00:00:00.0000000Z\",\"to\":\"1970-01-01T00:00:01.0000000Z\","
        "\"rules\":4321,\"able\":4000,\"partly\":300,\"not_proved\":20,\"blind\":1,"
        "\"reasons_hidden\":4,\"rules_hidden\":7}\n"
        "{\"schema\":\"iiswarden.rule-coverage/1\",\"record\":\"reason\",\"host\":\"WEB\\u001b\","
        "\"state\":\"blind\",\"why\":\"why 0\",\"rules\":2,\"first\":["
        "{\"id\":\"11\",\"title\":\"one\\u001b[2J\",\"file\":\"a.yml\"},"
        "{\"id\":null,\"title\":null,\"file\":\"b.yml\"}]}\n");
    iw_buffer_done(&text);
}

static void in_short(void **state)
{
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    assert_true(iw_rule_coverage_short_line(&run.rule_coverage, 0, &text));
    assert_has(&text, ": of 4,321 rules 1 blind, 20 not proved, 300 able in part", true);
    iw_buffer_clear(&text);
    memset(hosts[0].n_rules, 0, sizeof hosts[0].n_rules);
    hosts[0].n_rules[IW_SIGHT_ABLE] = 4321;
    assert_true(iw_rule_coverage_short_line(&run.rule_coverage, 0, &text));
    assert_has(&text, ": of 4,321 rules all able", true);
    assert_false(iw_rule_coverage_short_line(&run.rule_coverage, 1, &text));
    iw_buffer_done(&text);
}

static void every_allocation_may_fail(void **state)
{
    uint64_t n = 1;
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    run.rule_coverage.n_rules = 2;
    for (;; n++) {
        struct iw_buffer text;
        bool is_table_whole, is_ndjson_whole;
        iw_buffer_init(&text);
        iw_alloc_fail_at(n);
        iw_output_rule_coverage_table(&run, &STYLE, &text);
        is_table_whole = !text.failed;
        iw_buffer_done(&text);
        iw_buffer_init(&text);
        iw_output_rule_coverage_ndjson(&run, &text);
        is_ndjson_whole = !text.failed;
        iw_buffer_done(&text);
        if (iw_alloc_count() < n)
            break;
        assert_true(is_table_whole != is_ndjson_whole);
    }
    iw_alloc_fail_at(0);
    assert_true(n > 2);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(table),    TEST(what_is_left_out_is_counted), TEST(ndjson),
        TEST(in_short), TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
