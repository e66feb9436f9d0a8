/**
 * Hosts made by hand for tests of coverage: a server with four logs of a day in which each witness
 * can be switched off, and settings that say what a test wants. One file of tests includes it once.
 */
#ifndef IW_TESTS_COVERAGE_RIG_H
#define IW_TESTS_COVERAGE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "coverage/coverage_reach.h"
#include "coverage/coverage_verdict.h"

#define SECOND IW_NS_PER_SECOND
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define N_PARTS 25U
#define N_CHANNELS 4U
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct iw_coverage coverage;
static struct iw_time_part parts[N_PARTS]; /* every hour of a day */
static struct iw_telemetry_channel channels[N_CHANNELS];
static struct iw_telemetry_sample samples[N_CHANNELS][16];
static struct iw_telemetry_row rows[1];
static struct iw_field_fill columns[4];
static struct iw_telemetry telemetry;
static struct iw_inventory_root root;
static struct iw_inventory_server server;
static struct iw_inventory inventory;
static struct iw_switch switches[2];
static struct iw_switch_list switch_list;
static struct iw_coverage_input input;
static bool is_on[32]; /* by witness */

static const char *const CHANNELS[N_CHANNELS] = {
    "IIS/W3SVC", "Microsoft-IIS-Configuration/Operational", SYSMON, "Security"};

static inline struct iw_str folder_of(enum iw_link_folders folders)
{
    static const struct iw_str FOLDERS[] = {
        [IW_FOLDERS_NONE] = {"", 0},
        [IW_FOLDERS_ROOTS] = {"d:\\sites\\shop", 13},
        [IW_FOLDERS_CONFIG] = {"c:\\windows\\system32\\inetsrv\\config", 34},
        [IW_FOLDERS_COMPILED] = {"c:\\windows\\microsoft.net", 24}};
    return FOLDERS[folders];
}

/* Logs as the witnesses that are on would write them. */
static inline void fill_channels(void)
{
    telemetry.n_channels = 0;
    telemetry.n_rows = 0;
    for (size_t c = 0; c < N_CHANNELS; c++) {
        struct iw_telemetry_channel *channel = &channels[telemetry.n_channels];
        bool is_written = false;
        *channel = (struct iw_telemetry_channel){.host = IW_STR("WEB01"),
                                                 .channel = iw_str_of(CHANNELS[c]),
                                                 .n_events = N_PARTS,
                                                 .first_id = 1,
                                                 .parts = parts,
                                                 .n_parts = N_PARTS,
                                                 .samples = samples[c]};
        for (size_t i = 0; i < iw_n_link_witnesses; i++) {
            const struct iw_link_witness *witness = &iw_link_witnesses[i];
            if (!is_on[i] || strcmp(witness->channel, CHANNELS[c]) != 0)
                continue;
            is_written = true;
            if (witness->sample != IW_SAMPLE_NONE)
                samples[c][channel->n_samples++] = (struct iw_telemetry_sample){
                    witness->sample, folder_of(witness->folders), parts, N_PARTS};
        }
        telemetry.n_channels += is_written;
        telemetry.n_rows += is_written && c == 0;
    }
}

static inline void all_on(bool on)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        is_on[i] = on;
}

static inline int begin(void **state)
{
    static const char *const COLUMNS[] = {"c-ip", "cs-method", "cs-uri-stem", "sc-status"};
    (void)state;
    iw_coverage_init(&coverage);
    for (size_t i = 0; i < N_PARTS; i++)
        parts[i] = (struct iw_time_part){(int64_t)i * HOUR, (int64_t)i * HOUR, 1};
    for (size_t i = 0; i < COUNT(COLUMNS); i++)
        columns[i] = (struct iw_field_fill){iw_str_of(COLUMNS[i]), 1, 1};
    rows[0] = (struct iw_telemetry_row){.host = IW_STR("WEB01"),
                                        .channel = iw_str_of(CHANNELS[0]),
                                        .fields = columns,
                                        .n_fields = COUNT(COLUMNS)};
    root = (struct iw_inventory_root){
        .path = IW_STR("D:\\Sites\\Shop"), .is_resolved = true, .is_collected = true};
    server = (struct iw_inventory_server){.host = IW_STR("web01"),
                                          .source = IW_STR("applicationHost.config"),
                                          .known_by = IW_SERVER_BY_CONFIGURATION,
                                          .is_authoritative = true,
                                          .why_not = IW_STR(""),
                                          .roots = &root,
                                          .n_roots = 1};
    inventory.servers = &server;
    inventory.n_servers = 1;
    telemetry = (struct iw_telemetry){.rows = rows, .channels = channels};
    switch_list = (struct iw_switch_list){.items = switches};
    input = (struct iw_coverage_input){.telemetry = &telemetry,
                                       .switches = &switch_list,
                                       .inventory = &inventory,
                                       .since_ns = IW_TIME_UNKNOWN,
                                       .until_ns = IW_TIME_UNKNOWN};
    all_on(true);
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    iw_coverage_done(&coverage);
    return 0;
}

static inline void judge(void)
{
    fill_channels();
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
}

/* AN0184 stands before AN1108. */
static inline const struct iw_coverage_record *record_of(size_t host, const char *analytic)
{
    const struct iw_coverage_record *record =
        &coverage.records[2 * host + (strcmp(analytic, "AN1108") == 0)];
    assert_true(2 * host + 1 < coverage.n_records);
    assert_true(iw_str_equal(record->analytic, iw_str_of(analytic)));
    return record;
}

static inline const struct iw_coverage_link *link_of(enum iw_link link)
{
    for (size_t i = 0; i < coverage.n_records; i++) {
        for (size_t k = 0; k < coverage.records[i].n_links; k++) {
            if (iw_str_equal(coverage.records[i].links[k].name, iw_str_of(iw_link_name(link))))
                return &coverage.records[i].links[k];
        }
    }
    fail_msg("no link %s", iw_link_name(link));
    return NULL;
}

static inline bool is_open(enum iw_link link)
{
    return link_of(link)->state < IW_LINK_STATED;
}

static inline bool has_another(size_t witness)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (i != witness && iw_link_witnesses[i].link == iw_link_witnesses[witness].link)
            return true;
    }
    return false;
}

static inline void on_only(const char *name)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        is_on[i] = strcmp(iw_link_witnesses[i].channel, name) == 0;
}

static inline void one_file_sample(int64_t time_ns)
{
    static struct iw_time_part only[1];
    only[0] = (struct iw_time_part){time_ns, time_ns, 1};
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == IW_SAMPLE_FILE) {
            channels[0].samples[i].parts = only;
            channels[0].samples[i].n_parts = 1;
        }
    }
}

static struct iw_proof_answer said;
static enum iw_sense said_of;
static bool is_all_said; /* of each sense */

static inline enum iw_rc say(const struct iw_proofs *proofs, struct iw_str host,
                             enum iw_sense sense, const struct iw_sense_subject *subject,
                             int64_t time_ns, struct iw_arena *scratch, struct iw_proof_answer *ret)
{
    (void)proofs;
    (void)time_ns;
    (void)scratch;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    if (sense == said_of || is_all_said)
        *ret = said;
    if (sense == IW_SENSE_SYSMON_LOAD)
        assert_true(subject->is_of_worker);
    return IW_OK;
}

static inline void set_said(enum iw_proof_state state, bool is_stated)
{
    said_of = IW_SENSE_SYSMON_FILE;
    said = (struct iw_proof_answer){.state = state,
                                    .is_stated = is_stated,
                                    .source = IW_STR("sysmon.xml"),
                                    .why = IW_STR("FileCreate"),
                                    .from_ns = IW_TIME_UNKNOWN,
                                    .to_ns = IW_TIME_UNKNOWN};
    input.ask = say;
}

static inline void assert_why(enum iw_link link, const char *part)
{
    struct iw_str why = link_of(link)->why;
    if (iw_str_find(why, iw_str_of(part)) == SIZE_MAX)
        fail_msg("%.*s", IW_STR_ARG(why));
}

/* Sysmon alone, configured anew at a moment: its samples of a kind are of before. */
static inline void configure_anew(int64_t time_ns, enum iw_sample_kind kind)
{
    static struct iw_time_part early[1] = {{HOUR, HOUR, 1}};
    on_only(SYSMON);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_CONFIGURED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 16"),
                                     .time_ns = time_ns};
    switch_list.n = 1;
    fill_channels();
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == kind) {
            channels[0].samples[i].parts = early;
            channels[0].samples[i].n_parts = 1;
        }
    }
}

#define HOST(test) cmocka_unit_test_setup_teardown(test, begin, end)

#endif
