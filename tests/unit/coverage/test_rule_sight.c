/*
 * Rules over hosts made by hand: each thing a rule can lack, alone and together, gaps that sources
 * make up for and gaps they share, and what is too much to tell.
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
#include "base/buffer.h"
#include "base/limits.h"
#include "coverage/rule_sight.h"
#include "tests/support/skip_because.h"

#define SECOND IW_NS_PER_SECOND
#define HOUR (3600 * SECOND)
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MOST 8U
#define N_ALIKE 67U /* rules of one reason */

static struct iw_names names;
static struct iw_rule_account account;
static struct iw_sigma_ruleset *ruleset;
static struct iw_sigma_demands demands;
static struct iw_rule_coverage told;
static struct iw_time_part parts[25]; /* every hour of a day */
static struct iw_telemetry_channel channels[MOST];
static struct iw_telemetry_row rows[MOST];
static struct iw_field_fill fills[MOST][4];
static struct iw_telemetry telemetry;
static struct iw_switch_list switches;
static struct iw_coverage_record records[4];
static struct iw_coverage coverage;
static bool keeps_reasons;

static void load(const char *yaml)
{
    struct iw_sigma_compiler *compiler;
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x.yml", false, iw_str_of(yaml)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    iw_sigma_demands_init(&demands);
    assert_int_equal(iw_sigma_demands_find(ruleset, NULL, NULL, &demands), IW_OK);
}

static void unload(void)
{
    iw_sigma_demands_done(&demands);
    iw_sigma_ruleset_free(ruleset);
    iw_rule_account_done(&account);
    iw_names_done(&names);
}

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parts); i++)
        parts[i] = (struct iw_time_part){(int64_t)i * HOUR, (int64_t)i * HOUR, 1};
    memset(channels, 0, sizeof channels);
    memset(rows, 0, sizeof rows);
    memset(fills, 0, sizeof fills);
    telemetry = (struct iw_telemetry){.rows = rows, .channels = channels};
    for (size_t i = 0; i < 4; i++)
        records[i] = (struct iw_coverage_record){.host = i < 2 ? IW_STR("WEB01") : IW_STR("WEB02")};
    coverage = (struct iw_coverage){.records = records, .n_records = 2};
    keeps_reasons = true;
    iw_rule_coverage_init(&told);
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_rule_coverage_done(&told);
    return 0;
}

/* Channels and rows are added in their order: by host, channel, event id. */
static struct iw_telemetry_channel *add_channel(const char *host, const char *channel)
{
    struct iw_telemetry_channel *own = &channels[telemetry.n_channels++];
    *own = (struct iw_telemetry_channel){.host = iw_str_of(host),
                                         .channel = iw_str_of(channel),
                                         .n_events = COUNT(parts),
                                         .first_id = 1,
                                         .parts = parts,
                                         .n_parts = COUNT(parts)};
    return own;
}

/* *fields*: "A B -C": B is filled, C is there and never is. */
static struct iw_telemetry_row *add_row(const char *host, const char *channel, uint32_t event_id,
                                        const char *const *fields, size_t n_fields)
{
    struct iw_field_fill *own = fills[telemetry.n_rows];
    struct iw_telemetry_row *row = &rows[telemetry.n_rows++];
    for (size_t i = 0; i < n_fields; i++)
        own[i] = fields[i][0] == '-' ? (struct iw_field_fill){iw_str_of(fields[i] + 1), 9, 0}
                                     : (struct iw_field_fill){iw_str_of(fields[i]), 9, 1};
    *row = (struct iw_telemetry_row){.host = iw_str_of(host),
                                     .channel = iw_str_of(channel),
                                     .event_id = event_id,
                                     .n_events = 9,
                                     .n_decoded = 9,
                                     .fields = own,
                                     .n_fields = n_fields};
    return row;
}

#define FIELDS(...) (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__}))

static enum iw_rc try_judging(void)
{
    static const struct iw_inventory NO_SERVERS;
    const struct iw_coverage_input known = {.telemetry = &telemetry,
                                            .switches = &switches,
                                            .inventory = &NO_SERVERS,
                                            .since_ns = IW_TIME_UNKNOWN,
                                            .until_ns = IW_TIME_UNKNOWN};
    const struct iw_rule_sight_input input = {.demands = &demands,
                                              .ruleset = ruleset,
                                              .names = &names,
                                              .known = &known,
                                              .coverage = &coverage,
                                              .keeps_reasons = keeps_reasons};
    iw_rule_coverage_done(&told);
    iw_rule_coverage_init(&told);
    return iw_rule_sight_judge(&input, &told);
}

static void judge(void)
{
    assert_int_equal(try_judging(), IW_OK);
}

/* The one rule on the first host. */
static void assert_told(enum iw_sight sight, const char *why)
{
    const struct iw_rule_coverage_host *host = &told.hosts[0];
    judge();
    host = &told.hosts[0];
    assert_int_equal(told.n_hosts, 1);
    assert_int_equal(told.n_rules, 1);
    assert_int_equal(host->n_reasons, 1);
    if (host->reasons[0].sight != sight || !iw_str_equal(host->reasons[0].why, iw_str_of(why)))
        fail_msg("%s: %.*s\nwanted %s: %s", iw_sight_name(host->reasons[0].sight),
                 IW_STR_ARG(host->reasons[0].why), iw_sight_name(sight), why);
    assert_int_equal(host->n_rules[sight], 1);
    assert_int_equal(host->reasons[0].n_rules, 1);
    assert_int_equal(host->reasons[0].n_listed, 1);
    assert_int_equal(host->reasons[0].rules[0], 0);
}

#define PROCESS(detection)                                                                         \
    "title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n" detection
#define SECURITY(detection)                                                                        \
    "title: t\nlogsource: {product: windows, service: security}\ndetection:\n" detection
#define LINE "  a: {CommandLine|contains: x}\n  condition: a\n"

static void what_is_lacking(void **state)
{
    (void)state;
    load(PROCESS(LINE));
    assert_told(IW_SIGHT_BLIND, "Sysmon, Security are not in evidence");
    (void)add_channel("WEB01", "Security");
    (void)add_row("WEB01", "Security", 4624, FIELDS("LogonType"));
    assert_told(IW_SIGHT_NOT_PROVED, "Security has no event 4688; Sysmon is not in evidence");
    (void)add_row("WEB01", "Security", 4688, FIELDS("-CommandLine", "NewProcessName"));
    assert_told(IW_SIGHT_BLIND, "Security 4688 never fills CommandLine; Sysmon is not in evidence");
    fills[1][0].n_filled = 1;
    assert_told(IW_SIGHT_ABLE, "Security 4688");
    unload();
}

/* Under the names rules of a category have, and under the record's own where there is none. */
static void names_of_the_taxonomy(void **state)
{
    (void)state;
    (void)add_channel("WEB01", "Security");
    (void)add_row("WEB01", "Security", 4688, FIELDS("NewProcessName", "ProcessId"));
    load(PROCESS("  a: {Image: x}\n  condition: a\n"));
    assert_told(IW_SIGHT_ABLE, "Security 4688");
    unload();
    /* A 4688's ProcessId is the parent's: without NewProcessId nothing has the name. */
    load(PROCESS("  a: {ProcessId: 4}\n  condition: a\n"));
    assert_told(IW_SIGHT_BLIND, "Security 4688 never fills ProcessId; Sysmon is not in evidence");
    unload();
    load(SECURITY("  a: {EventID: 4688, Image: x}\n  condition: a\n"));
    assert_told(IW_SIGHT_BLIND, "Security 4688 never fills Image");
    unload();
    load(SECURITY("  a: {EventID: 4688, newprocessname: x}\n  condition: a\n"));
    assert_told(IW_SIGHT_ABLE, "Security 4688");
    unload();
}

/* md5 is a part of Hashes, for every rule. */
static void parts_of_a_field(void **state)
{
    (void)state;
    (void)add_channel("WEB01", SYSMON);
    (void)add_row("WEB01", SYSMON, 1, FIELDS("Hashes"));
    load("title: t\nlogsource: {product: windows, service: sysmon}\ndetection:\n"
         "  a: {EventID: 1, md5: x}\n  condition: a\n");
    assert_told(IW_SIGHT_ABLE, "Sysmon 1");
    fills[0][0].n_filled = 0;
    assert_told(IW_SIGHT_BLIND, "Sysmon 1 never fills md5");
    unload();
}

static void choices_in_words(void **state)
{
    (void)state;
    (void)add_channel("WEB01", "Security");
    (void)add_row("WEB01", "Security", 4624, FIELDS("Other"));
    load(SECURITY("  a: {EventID: [4624, 4625], LogonType: 3}\n  b: {IpAddress: x}\n"
                  "  c: {WorkstationName: y}\n  condition: a and (b or c)\n"));
    assert_told(IW_SIGHT_NOT_PROVED,
                "Security has no event 4625; Security 4624 never fills LogonType and any of "
                "IpAddress, WorkstationName");
    unload();
}

/* A record whose fields are not all known, or were never looked at, is taken to have them. */
static void what_is_not_known_is_there(void **state)
{
    struct iw_telemetry_row *row;
    (void)state;
    (void)add_channel("WEB01", "Security");
    row = add_row("WEB01", "Security", 4688, FIELDS("Other"));
    load(PROCESS(LINE));
    row->n_fields_hidden = 1;
    assert_told(IW_SIGHT_ABLE, "Security 4688");
    row->n_fields_hidden = 0;
    row->n_decoded = 0;
    assert_told(IW_SIGHT_ABLE, "Security 4688");
    row->n_decoded = 9;
    assert_told(IW_SIGHT_BLIND, "Security 4688 never fills CommandLine; Sysmon is not in evidence");
    unload();
}

static void any_channel_and_any_event(void **state)
{
    (void)state;
    load("title: t\nlogsource: {product: windows}\ndetection:\n  a: {EventID: 7, Image: x}\n"
         "  condition: a\n");
    assert_told(IW_SIGHT_BLIND, "any log is not in evidence");
    (void)add_channel("WEB01", "Application");
    (void)add_row("WEB01", "Application", 9, FIELDS("Image"));
    assert_told(IW_SIGHT_NOT_PROVED, "any log has no event 7");
    (void)add_channel("WEB01", "System");
    (void)add_row("WEB01", "System", 7, FIELDS("Image"));
    assert_told(IW_SIGHT_ABLE, "any log 7");
    unload();
    load("title: t\nlogsource: {product: windows, service: system}\ndetection:\n"
         "  a: {Image: x}\n  condition: a\n");
    assert_told(IW_SIGHT_ABLE, "System");
    unload();
}

/* Sysmon lacks the morning, Security the evening: together they have all of it. */
static void gaps_that_others_fill(void **state)
{
    struct iw_telemetry_channel *security, *sysmon;
    static struct iw_record_gap gap = {.after = 5, .before = 9};
    static struct iw_record_gap other = {.after = 50, .before = 90};
    (void)state;
    sysmon = add_channel("WEB01", SYSMON);
    security = add_channel("WEB01", "Security");
    (void)add_row("WEB01", SYSMON, 1, FIELDS("CommandLine"));
    (void)add_row("WEB01", "Security", 4688, FIELDS("CommandLine"));
    gap.after_ns = 2 * HOUR;
    gap.before_ns = 3 * HOUR;
    other.after_ns = 20 * HOUR;
    other.before_ns = 21 * HOUR;
    load(PROCESS(LINE));
    sysmon->gaps = &gap;
    sysmon->n_gaps = 1;
    assert_told(IW_SIGHT_ABLE, "Sysmon 1, Security 4688");
    security->gaps = &other;
    security->n_gaps = 1;
    assert_told(IW_SIGHT_ABLE, "Sysmon 1, Security 4688");
    other.after_ns = 2 * HOUR + 1;
    judge();
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_PARTLY], 1);
    assert_true(iw_str_begins_nocase(told.hosts[0].reasons[0].why, IW_STR("Sysmon 1: ")));
    assert_int_not_equal(iw_str_find(told.hosts[0].reasons[0].why, IW_STR("; Security 4688: ")),
                         SIZE_MAX);
    unload();
}

/* What comes by itself and begins late was not logged before: as for the analytics. Rules that ask
 * for no command line have processes that came without one. */
static void what_begins_late(void **state)
{
    static struct iw_time_part often[48], early[1] = {{0, 0, 1}};
    struct iw_telemetry_sample samples[] = {{IW_SAMPLE_PROCESS, IW_STR(""), often, COUNT(often)},
                                            {IW_SAMPLE_BARE_PROCESS, IW_STR(""), early, 1}};
    struct iw_telemetry_channel *sysmon, *security;
    struct iw_switch on = {.kind = IW_SWITCH_CHANNEL_ON,
                           .host = IW_STR("WEB01"),
                           .subject = IW_STR("System"),
                           .by = IW_STR("Sysmon 13"),
                           .time_ns = 0};
    (void)state;
    for (size_t i = 0; i < COUNT(often); i++)
        often[i] = (struct iw_time_part){20 * HOUR + (int64_t)i * 300 * SECOND,
                                         20 * HOUR + (int64_t)i * 300 * SECOND, 1};
    sysmon = add_channel("WEB01", SYSMON);
    sysmon->samples = samples;
    sysmon->n_samples = 1;
    (void)add_row("WEB01", SYSMON, 1, FIELDS("CommandLine", "Image", "ParentImage"));
    rows[0].first_ns = 20 * HOUR;
    load(PROCESS(LINE));
    assert_told(IW_SIGHT_PARTLY,
                "Sysmon 1: the first Sysmon 1 with command line and parent is of 1970-01-01 "
                "20:00:00, though its log goes on from 1970-01-01 00:00:00 and shows one within "
                "every 6 min since");
    /* Another source has the time before. */
    security = add_channel("WEB01", "Security");
    (void)add_row("WEB01", "Security", 4688, FIELDS("CommandLine", "NewProcessName"));
    assert_told(IW_SIGHT_ABLE, "Sysmon 1, Security 4688");
    telemetry.n_channels = telemetry.n_rows = 1;
    /* Processes came before, without command lines. */
    sysmon->n_samples = 2;
    rows[0].first_ns = 0;
    judge();
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_PARTLY], 1);
    unload();
    load(PROCESS("  a: {Image: x}\n  condition: a\n"));
    assert_told(IW_SIGHT_ABLE, "Sysmon 1");
    sysmon->n_samples = 1;
    judge();
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_PARTLY], 1);
    unload();
    /* Files of folders nobody watches came all the time. */
    samples[0].kind = IW_SAMPLE_LOAD;
    rows[0].event_id = 7;
    fills[0][0].name = IW_STR("ImageLoaded");
    load("title: t\nlogsource: {product: windows, category: image_load}\ndetection:\n"
         "  a: {ImageLoaded: x}\n  condition: a\n");
    assert_told(IW_SIGHT_ABLE, "Sysmon 7");
    unload();
    /* A channel that was enabled within its time, of whatever event. */
    telemetry.n_channels = telemetry.n_rows = 0;
    (void)security;
    sysmon = add_channel("WEB01", SYSMON);
    security = add_channel("WEB01", "System");
    security->parts = often;
    security->n_parts = COUNT(often);
    (void)add_row("WEB01", "System", 7045, FIELDS("ServiceName"));
    on.time_ns = 20 * HOUR - 60 * SECOND;
    switches = (struct iw_switch_list){.items = &on, .n = 1};
    load("title: t\nlogsource: {product: windows, service: system}\ndetection:\n"
         "  a: {EventID: 7045, ServiceName: x}\n  condition: a\n");
    judge();
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_PARTLY], 1);
    switches = (struct iw_switch_list){.n = 0};
    unload();
}

/* A host of which nothing has a time has no window that anything could be whole in. */
static void no_time(void **state)
{
    struct iw_telemetry_channel *channel;
    (void)state;
    channel = add_channel("WEB01", "Security");
    channel->n_parts = 0;
    (void)add_row("WEB01", "Security", 4688, FIELDS("CommandLine"));
    load(PROCESS(LINE));
    assert_told(IW_SIGHT_PARTLY, "Security 4688: none of its events has a time");
    unload();
}

/* Rules of one reason stand together, hosts each for itself, numbers also without reasons. */
static void many_rules_and_hosts(void **state)
{
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    for (size_t i = 0; i < N_ALIKE; i++)
        iw_buffer_printf(&yaml, "%s" SECURITY("  a: {EventID: 1, F%zu: x}\n  condition: a\n"),
                         i != 0 ? "---\n" : "", i % 2);
    iw_buffer_add(&yaml, IW_STR("---\n" PROCESS(LINE)));
    iw_buffer_add_char(&yaml, '\0');
    load(yaml.p);
    iw_buffer_done(&yaml);
    coverage.n_records = 4;
    (void)add_channel("WEB02", "Security");
    (void)add_row("WEB02", "Security", 1, FIELDS("F0"));
    judge();
    assert_int_equal(told.n_hosts, 2);
    assert_int_equal(told.n_rules, N_ALIKE + 1);
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_BLIND], N_ALIKE + 1);
    assert_int_equal(told.hosts[0].n_reasons, 2);
    assert_int_equal(told.hosts[0].reasons[0].n_rules, N_ALIKE);
    assert_int_equal(told.hosts[0].reasons[0].n_listed, N_ALIKE);
    for (size_t i = 0; i < N_ALIKE; i++) /* of two demands, in their order */
        assert_int_equal(told.hosts[0].reasons[0].rules[i], i);
    assert_int_equal(told.hosts[1].n_rules[IW_SIGHT_ABLE], N_ALIKE / 2 + 1);
    assert_int_equal(told.hosts[1].n_rules[IW_SIGHT_BLIND], N_ALIKE / 2);
    assert_int_equal(told.hosts[1].n_rules[IW_SIGHT_NOT_PROVED], 1);
    keeps_reasons = false;
    judge();
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_BLIND], N_ALIKE + 1);
    assert_int_equal(told.hosts[0].n_reasons, 0);
    unload();
}

/* How many rules the first host names, of 500 on that many hosts. */
static size_t count_named(size_t n_hosts)
{
    struct iw_coverage_record *many = iw_calloc(n_hosts, sizeof *many);
    char(*labels)[16] = iw_calloc(n_hosts, sizeof *labels);
    size_t n_listed;
    assert_true(many != NULL && labels != NULL);
    for (size_t i = 0; i < n_hosts; i++) {
        int n = snprintf(labels[i], sizeof labels[i], "H%06zu", i);
        many[i] = (struct iw_coverage_record){.host = {labels[i], (size_t)n}};
    }
    coverage = (struct iw_coverage){.records = many, .n_records = n_hosts};
    judge();
    assert_int_equal(told.n_hosts, n_hosts);
    assert_int_equal(told.hosts[n_hosts - 1].reasons[0].n_rules, 500);
    n_listed = told.hosts[0].reasons[0].n_listed;
    iw_free(labels);
    iw_free(many);
    return n_listed;
}

/* All are named as long as the limit has room for all hosts, then each host names its share. */
static void many_names(void **state)
{
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    for (size_t i = 0; i < 500; i++)
        iw_buffer_printf(&yaml, "%s" SECURITY("  a: {EventID: 1}\n  condition: a\n"),
                         i != 0 ? "---\n" : "");
    iw_buffer_add_char(&yaml, '\0');
    load(yaml.p);
    iw_buffer_done(&yaml);
    assert_int_equal(count_named(IW_LIMIT_RULES_NAMED / 500), 500);
    assert_int_equal(count_named(IW_LIMIT_RULES_NAMED / 500 + 1), 250);
    unload();
}

/* As many reasons as are kept, and one more. */
static void assert_reasons(size_t n_rules, size_t n_hidden)
{
    struct iw_buffer yaml;
    iw_buffer_init(&yaml);
    for (size_t i = 0; i < n_rules; i++)
        iw_buffer_printf(&yaml, "%s" SECURITY("  a: {EventID: %zu}\n  condition: a\n"),
                         i != 0 ? "---\n" : "", i + 1);
    iw_buffer_add_char(&yaml, '\0');
    load(yaml.p);
    iw_buffer_done(&yaml);
    judge();
    assert_int_equal(told.hosts[0].n_rules[IW_SIGHT_NOT_PROVED], n_rules);
    assert_int_equal(told.hosts[0].n_reasons, n_rules - n_hidden);
    assert_int_equal(told.hosts[0].n_reasons_hidden, n_hidden);
    assert_int_equal(told.hosts[0].n_rules_hidden, n_hidden);
    unload();
}

static void many_reasons(void **state)
{
    (void)state;
    (void)add_channel("WEB01", "Security");
    assert_reasons(IW_LIMIT_RULE_REASONS, 0);
    assert_reasons(IW_LIMIT_RULE_REASONS + 1, 1);
}

static void every_allocation_may_fail(void **state)
{
    uint64_t n = 1;
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    (void)add_channel("WEB01", "Security");
    (void)add_row("WEB01", "Security", 4688, FIELDS("CommandLine"));
    load(PROCESS(LINE) "---\n" SECURITY("  a: {EventID: 1}\n  condition: a\n"));
    for (;; n++) {
        enum iw_rc rc;
        iw_alloc_fail_at(n);
        rc = try_judging();
        if (iw_alloc_count() < n)
            break;
        assert_int_equal(rc, IW_ENOMEM);
    }
    iw_alloc_fail_at(0);
    assert_int_equal(told.hosts[0].n_reasons, 2);
    assert_true(n > 5);
    unload();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_lacking),
        TEST(names_of_the_taxonomy),
        TEST(parts_of_a_field),
        TEST(choices_in_words),
        TEST(what_is_not_known_is_there),
        TEST(any_channel_and_any_event),
        TEST(gaps_that_others_fill),
        TEST(what_begins_late),
        TEST(no_time),
        TEST(many_rules_and_hosts),
        TEST(many_names),
        TEST(many_reasons),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
