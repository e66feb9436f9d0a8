/*
 * Verdicts over hosts made by hand: each source alone and each one missing, gaps, settings and what
 * contradicts them, findings, hosts of which there is nothing.
 */
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

static struct iw_str folder_of(enum iw_link_folders folders)
{
    static const struct iw_str FOLDERS[] = {
        [IW_FOLDERS_NONE] = {"", 0},
        [IW_FOLDERS_ROOTS] = {"d:\\sites\\shop", 13},
        [IW_FOLDERS_CONFIG] = {"c:\\windows\\system32\\inetsrv\\config", 34},
        [IW_FOLDERS_COMPILED] = {"c:\\windows\\microsoft.net", 24}};
    return FOLDERS[folders];
}

/* Logs as the witnesses that are on would write them. */
static void fill_channels(void)
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

static void all_on(bool on)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        is_on[i] = on;
}

static int begin(void **state)
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
    root = (struct iw_inventory_root){.path = IW_STR("D:\\Sites\\Shop"), .is_resolved = true};
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

static int end(void **state)
{
    (void)state;
    iw_coverage_done(&coverage);
    return 0;
}

static void judge(void)
{
    fill_channels();
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
}

/* AN0184 stands before AN1108. */
static const struct iw_coverage_record *record_of(size_t host, const char *analytic)
{
    const struct iw_coverage_record *record =
        &coverage.records[2 * host + (strcmp(analytic, "AN1108") == 0)];
    assert_true(2 * host + 1 < coverage.n_records);
    assert_true(iw_str_equal(record->analytic, iw_str_of(analytic)));
    return record;
}

static const struct iw_coverage_link *link_of(enum iw_link link)
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

static bool is_open(enum iw_link link)
{
    return link_of(link)->state < IW_LINK_STATED;
}

static bool has_another(size_t witness)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (i != witness && iw_link_witnesses[i].link == iw_link_witnesses[witness].link)
            return true;
    }
    return false;
}

static void a_full_log_is_clear(void **state)
{
    (void)state;
    judge();
    assert_int_equal(coverage.n_records, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct iw_coverage_record *record = &coverage.records[i];
        assert_int_equal(record->verdict, IW_VERDICT_CLEAR);
        assert_false(record->is_partial);
        assert_int_equal(record->n_spans, 1);
        assert_int_equal(record->spans[0].from_ns, 0);
        assert_int_equal(record->spans[0].to_ns, DAY + 1);
        for (size_t k = 0; k < record->n_links; k++)
            assert_int_equal(record->links[k].state, IW_LINK_PROVED);
    }
}

/* Each source of events taken away alone, and each one there alone: exactly its links change. */
static void sources_and_their_links(void **state)
{
    (void)state;
    assert_true(iw_n_link_witnesses <= COUNT(is_on));
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        all_on(true);
        is_on[w] = false;
        judge();
        for (enum iw_link link = 0; link < IW_LINK_COUNT; link++)
            assert_int_equal(is_open(link), link == iw_link_witnesses[w].link && !has_another(w));
        all_on(false);
        is_on[w] = true;
        judge();
        for (enum iw_link link = 0; link < IW_LINK_COUNT; link++)
            assert_int_equal(is_open(link),
                             link != iw_link_witnesses[w].link && link != IW_LINK_CONFIGURATION);
    }
}

/* A required link that is open makes its analytic blind, and no other one; optional ones none. */
static void only_required_links_decide(void **state)
{
    (void)state;
    for (enum iw_link off = 0; off < IW_LINK_COUNT; off++) {
        for (size_t w = 0; w < iw_n_link_witnesses; w++)
            is_on[w] = iw_link_witnesses[w].link != off;
        server.is_authoritative = off != IW_LINK_CONFIGURATION;
        judge();
        assert_int_equal(record_of(0, "AN0184")->verdict == IW_VERDICT_BLIND,
                         off == IW_LINK_CONFIGURATION || off == IW_LINK_REGISTRATION ||
                             off == IW_LINK_MODULE_LOAD);
        assert_int_equal(record_of(0, "AN1108")->verdict == IW_VERDICT_BLIND,
                         off == IW_LINK_FILE_CREATED || off == IW_LINK_PROCESS_CREATED);
    }
}

static void on_only(const char *name)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        is_on[i] = strcmp(iw_link_witnesses[i].channel, name) == 0;
}

static void a_cleared_log_is_blind_for_its_span(void **state)
{
    const struct iw_coverage_record *record;
    (void)state;
    on_only(SYSMON);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CLEARED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(SYSMON),
                                     .by = IW_STR("System 104"),
                                     .time_ns = 10 * HOUR + SECOND};
    switch_list.n = 1;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->n_spans, 3);
    assert_int_equal(record->spans[0].verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record->spans[0].to_ns, 10 * HOUR + 1);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->spans[1].why.n, 2); /* of both links */
    assert_int_equal(record->spans[1].to_ns, 11 * HOUR);
    assert_int_equal(record->spans[2].verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record->spans[2].to_ns, DAY + 1);
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_GAP);
    all_on(true); /* Security tells the same all the while */
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_BLIND);
}

/* Behind a new configuration a sample of before shows nothing. */
static void a_new_configuration_needs_a_new_sample(void **state)
{
    static struct iw_time_part early[1] = {{HOUR, HOUR, 1}};
    const struct iw_coverage_record *record;
    (void)state;
    on_only(SYSMON);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_CONFIGURED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 16"),
                                     .time_ns = 12 * HOUR};
    switch_list.n = 1;
    fill_channels();
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == IW_SAMPLE_FILE) {
            channels[0].samples[i].parts = early;
            channels[0].samples[i].n_parts = 1;
        }
    }
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->n_spans, 2);
    assert_int_equal(record->spans[1].from_ns, 12 * HOUR);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_BLIND);
}

/* Where one sample of files is, and at which hour. */
static void one_file_sample(int64_t time_ns)
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

/* --- settings ------------------------------------------------------------------------------- */

static struct iw_proof_answer said;
static enum iw_sense said_of;
static bool is_all_said; /* of each sense */

static enum iw_rc say(const struct iw_proofs *proofs, struct iw_str host, enum iw_sense sense,
                      const struct iw_sense_subject *subject, int64_t time_ns,
                      struct iw_arena *scratch, struct iw_proof_answer *ret)
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

static void set_said(enum iw_proof_state state, bool is_stated)
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

static void settings_prove_and_take_away(void **state)
{
    static const struct {
        enum iw_proof_state state;
        bool is_stated, is_contradicted, has_sample;
        enum iw_link_state expected;
    } CASES[] = {
        {IW_PROOF_SILENT, false, false, true, IW_LINK_PROVED},
        {IW_PROOF_SILENT, false, false, false, IW_LINK_NOT_PROVED},
        {IW_PROOF_LOGGED, false, false, false, IW_LINK_PROVED},
        {IW_PROOF_LOGGED, true, false, false, IW_LINK_STATED},
        {IW_PROOF_LOGGED, true, false, true, IW_LINK_PROVED},
        {IW_PROOF_LOGGED, false, true, false, IW_LINK_NOT_PROVED}, /* and by another not */
        {IW_PROOF_LOGGED, false, true, true, IW_LINK_PROVED},
        {IW_PROOF_LOGGED, true, true, false, IW_LINK_NOT_PROVED},
        {IW_PROOF_PARTLY, false, false, true, IW_LINK_PROVED}, /* the sample's part is logged */
        {IW_PROOF_PARTLY, false, false, false, IW_LINK_NOT_PROVED},
        {IW_PROOF_PARTLY, false, true, false, IW_LINK_NOT_PROVED},
        {IW_PROOF_NOT_LOGGED, false, false, true, IW_LINK_ABSENT},
        {IW_PROOF_NOT_LOGGED, false, false, false, IW_LINK_ABSENT},
        {IW_PROOF_NOT_LOGGED, true, false, true, IW_LINK_ABSENT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        on_only(SYSMON);
        for (size_t w = 0; w < iw_n_link_witnesses; w++) {
            if (iw_link_witnesses[w].link == IW_LINK_FILE_CREATED && !CASES[i].has_sample)
                is_on[w] = false;
        }
        set_said(CASES[i].state, CASES[i].is_stated);
        said.is_contradicted = CASES[i].is_contradicted;
        judge();
        if (link_of(IW_LINK_FILE_CREATED)->state != CASES[i].expected)
            fail_msg("case %zu: %s", i, iw_link_state_name(link_of(IW_LINK_FILE_CREATED)->state));
        assert_int_equal(record_of(0, "AN1108")->verdict == IW_VERDICT_CLEAR,
                         CASES[i].expected >= IW_LINK_STATED);
    }
}

static void assert_why(enum iw_link link, const char *part)
{
    struct iw_str why = link_of(link)->why;
    if (iw_str_find(why, iw_str_of(part)) == SIZE_MAX)
        fail_msg("%.*s", IW_STR_ARG(why));
}

static void logged_in_part_is_told_beside_samples(void **state)
{
    (void)state;
    on_only(SYSMON);
    set_said(IW_PROOF_PARTLY, false);
    judge();
    assert_why(IW_LINK_FILE_CREATED, "logged only in part by sysmon.xml: FileCreate");
    set_said(IW_PROOF_LOGGED, false);
    said.is_contradicted = true;
    judge();
    assert_why(IW_LINK_FILE_CREATED, "another statement says otherwise");
    set_said(IW_PROOF_NOT_LOGGED, false);
    judge();
    assert_why(IW_LINK_FILE_CREATED, "not logged by sysmon.xml: FileCreate");
    assert_why(IW_LINK_FILE_CREATED, "(although such events were seen)");
}

/* What settings say in part, or against each other, proves nothing: the reason says so, and what
 * would. Where the log itself is missing, that is what lacks. */
static void logged_in_part_is_not_proved(void **state)
{
    (void)state;
    on_only(SYSMON);
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        if (iw_link_witnesses[w].link == IW_LINK_FILE_CREATED)
            is_on[w] = false;
    }
    set_said(IW_PROOF_PARTLY, false);
    judge();
    assert_why(IW_LINK_FILE_CREATED, "logged only in part by sysmon.xml: FileCreate");
    assert_why(IW_LINK_FILE_CREATED, "no Sysmon 11 under a web root was seen: one would prove it");
    set_said(IW_PROOF_LOGGED, false);
    said.is_contradicted = true;
    judge();
    assert_why(IW_LINK_FILE_CREATED,
               "is logged by sysmon.xml: FileCreate; another statement says otherwise");
    assert_why(IW_LINK_FILE_CREATED, "one would prove it");
    set_said(IW_PROOF_PARTLY, false);
    on_only("IIS/W3SVC");
    judge();
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_ABSENT);
    assert_why(IW_LINK_FILE_CREATED, "no log of Sysmon 11");
}

/* A command line is logged where its event is: settings prove 4688 by both, or not at all. */
static void command_lines_need_their_event(void **state)
{
    (void)state;
    on_only("Security");
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        if (iw_link_witnesses[w].link == IW_LINK_PROCESS_CREATED)
            is_on[w] = false;
    }
    set_said(IW_PROOF_LOGGED, false);
    said_of = IW_SENSE_AUDIT_COMMAND_LINE;
    judge();
    assert_int_equal(link_of(IW_LINK_PROCESS_CREATED)->state, IW_LINK_NOT_PROVED);
    is_all_said = true;
    judge();
    assert_int_equal(link_of(IW_LINK_PROCESS_CREATED)->state, IW_LINK_PROVED);
    is_all_said = false;
}

static void settings_of_a_part_of_the_time(void **state)
{
    const struct iw_coverage_record *record;
    (void)state;
    on_only(SYSMON);
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        if (iw_link_witnesses[w].link == IW_LINK_FILE_CREATED)
            is_on[w] = false;
    }
    set_said(IW_PROOF_LOGGED, false);
    input.since_ns = HOUR;
    input.until_ns = 5 * HOUR;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record->spans[0].from_ns, HOUR); /* the window asked for */
    assert_int_equal(record->spans[0].to_ns, 5 * HOUR + 1);
}

/* --- canaries ------------------------------------------------------------------------------- */

static struct iw_canary_act acts[3];
static struct iw_canary_outcome outcomes[3];
static struct iw_canary_sighting sightings[3][1];
static struct iw_canary_proof proofs[3];
static struct iw_canary_report report;

/* A page and the child of a worker, and a page of another folder; which of them which source saw
 * (NULL: none), all at noon. */
static void set_canaries(const char *page, const char *child, const char *other)
{
    const char *const sources[] = {page, child, other};
    static const char *const IDS[] = {"c001", "c001", "f002"};
    report = (struct iw_canary_report){.outcomes = outcomes, .n_outcomes = 3, .proofs = proofs};
    for (size_t i = 0; i < 3; i++) {
        acts[i] = (struct iw_canary_act){.id = iw_str_of(IDS[i]),
                                         .kind = i == 1 ? IW_CANARY_CHILD : IW_CANARY_FILE,
                                         .host = IW_STR("web01.corp.example")};
        outcomes[i] = (struct iw_canary_outcome){&acts[i], sightings[i], sources[i] != NULL};
        if (sources[i] == NULL)
            continue;
        sightings[i][0] = (struct iw_canary_sighting){.source = iw_str_of(sources[i]),
                                                      .host = IW_STR("WEB01"),
                                                      .n = 1,
                                                      .time_ns = 12 * HOUR + SECOND,
                                                      .done_ns = 12 * HOUR};
        proofs[report.n_proofs++] =
            (struct iw_canary_proof){IW_STR("WEB01"), iw_str_of(iw_canary_kind_link(acts[i].kind)),
                                     iw_str_of(sources[i]), 12 * HOUR + SECOND};
    }
    input.canaries = &report;
}

/* Logs without any sample of the two links of shells. */
static void without_samples(void)
{
    all_on(true);
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        enum iw_link link = iw_link_witnesses[w].link;
        is_on[w] = link != IW_LINK_FILE_CREATED && link != IW_LINK_PROCESS_CREATED;
    }
}

static bool is_noted(const struct iw_coverage_record *record, const char *part)
{
    for (size_t i = 0; i < record->notes.n; i++) {
        if (iw_str_find(record->notes.items[i], iw_str_of(part)) != SIZE_MAX)
            return true;
    }
    return false;
}

static void a_canary_is_as_good_as_a_sample(void **state)
{
    (void)state;
    without_samples();
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    set_canaries("Sysmon 11", "Sysmon 1", "Sysmon 11");
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_why(IW_LINK_FILE_CREATED, "a canary was seen at 1970-01-01 12:00:01");
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_PROVED);
    /* Security never saw them, and its log goes on: said, and nothing is lost by it. */
    assert_true(is_noted(record_of(0, "AN1108"), "canary c001 (child) of 1970-01-01 12:00:00 was "
                                                 "not seen by Security 4688, whose log goes on"));
    assert_true(is_noted(record_of(0, "AN1108"), "another source saw it"));
    /* What settings say of it stands above what was seen, as for samples. */
    set_said(IW_PROOF_NOT_LOGGED, false);
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    /* Of whichever folder, also where no web server is known. */
    input.ask = NULL;
    inventory.n_servers = 0;
    judge();
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_PROVED);
}

/* For the unbroken run of its log around it. */
static void a_canary_proves_its_run(void **state)
{
    const struct iw_coverage_record *record;
    (void)state;
    without_samples();
    set_canaries("Sysmon 11", "Sysmon 1", "Sysmon 11");
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_CONFIGURED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 16"),
                                     .time_ns = 10 * HOUR};
    switch_list.n = 1;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->n_spans, 2);
    assert_int_equal(record->spans[0].verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->spans[0].to_ns, 10 * HOUR);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_CLEAR);
}

/* An act that a source did not see shows that it does not tell of all, whatever samples of it show:
 * blind, unless another source saw it. */
static void a_canary_that_was_not_seen_is_said(void **state)
{
    (void)state;
    on_only(SYSMON);
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    set_canaries("Sysmon 11", "Sysmon 1", NULL);
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_NOT_PROVED);
    assert_int_equal(link_of(IW_LINK_PROCESS_CREATED)->state, IW_LINK_PROVED);
    assert_why(IW_LINK_FILE_CREATED,
               "canary f002 (file), done about 1970-01-01 12:00:00, was not seen by Sysmon 11");
    assert_true(is_noted(record_of(0, "AN1108"), "canary f002 (file)"));
    set_canaries("Sysmon 11", NULL, "Sysmon 11"); /* its page tells when it was done */
    judge();
    assert_int_equal(link_of(IW_LINK_PROCESS_CREATED)->state, IW_LINK_NOT_PROVED);
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_PROVED);
    all_on(true); /* Security has samples, and saw the page that Sysmon did not */
    set_canaries("Sysmon 11", "Sysmon 1", "Security 4663");
    for (size_t i = 0; i < 2; i++) { /* ... and all that Sysmon saw */
        outcomes[i].n = 0;
        acts[i].host = IW_STR("WEB02");
    }
    judge();
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_PROVED);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_true(is_noted(record_of(0, "AN1108"), "was not seen by Sysmon 11"));
}

/* Nobody knows whether they were done: it is said, and takes nothing away. */
static void canaries_that_nothing_saw(void **state)
{
    (void)state;
    set_canaries(NULL, NULL, NULL);
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_true(is_noted(record_of(0, "AN1108"), "none of the 3 canaries of this host was seen"));
    for (size_t i = 0; i < 3; i++)
        acts[i].host = IW_STR("WEB02");
    judge();
    assert_int_equal(record_of(0, "AN1108")->notes.n, 0);
}

/* --- clocks --------------------------------------------------------------------------------- */

/* A step that Security and System both tell of is one; what a time service does is none. */
static void a_clock_that_was_set_is_told(void **state)
{
    static struct iw_switch set[4];
    const struct iw_coverage_record *record;
    (void)state;
    for (size_t i = 0; i < 4; i++)
        set[i] = (struct iw_switch){.kind = IW_SWITCH_CLOCK_SET,
                                    .host = IW_STR("WEB01"),
                                    .subject = IW_STR(""),
                                    .by = i == 0 ? IW_STR("Security 4616 by LAB\\adm")
                                                 : IW_STR("System 1"),
                                    .time_ns = 8 * HOUR,
                                    .old_ns = 10 * HOUR,
                                    .new_ns = 8 * HOUR};
    set[1].old_ns += SECOND / 2;
    set[2].new_ns = set[2].old_ns + SECOND - 1;
    set[3].new_ns = set[3].old_ns + HOUR;
    switch_list = (struct iw_switch_list){.items = set, .n = 4};
    judge();
    record = record_of(0, "AN0184");
    assert_int_equal(record->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record->notes.n, 2);
    assert_true(is_noted(record, "the clock was set back from 1970-01-01 10:00:00 to 1970-01-01 "
                                 "08:00:00 (Security 4616 by LAB\\adm): a time between them stands "
                                 "for two moments"));
    assert_true(is_noted(record, "the clock was set forward from 1970-01-01 10:00:00 to 1970-01-01 "
                                 "11:00:00 (System 1): no time between them ever was"));
    set[0].new_ns = IW_TIME_UNKNOWN;
    switch_list.n = 1;
    judge();
    assert_true(is_noted(record_of(0, "AN1108"), "does not say by how much"));
}

/* Behind lost events each link is open until it is proved again: processes by the next sample, of
 * files there is none. Where settings say that files are logged, any event shows that Sysmon is
 * back. */
static void lost_events_need_a_new_proof(void **state)
{
    const struct iw_coverage_record *record;
    (void)state;
    on_only(SYSMON);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_ERROR,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR("queue"),
                                     .by = IW_STR("Sysmon 255"),
                                     .time_ns = 12 * HOUR};
    switch_list.n = 1;
    for (size_t i = 0; i < 3; i++) {
        fill_channels();
        one_file_sample(i == 1 ? 20 * HOUR : HOUR);
        if (i == 2)
            set_said(IW_PROOF_LOGGED, false);
        iw_coverage_done(&coverage);
        iw_coverage_init(&coverage);
        assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
        record = record_of(0, "AN1108");
        assert_int_equal(record->verdict, IW_VERDICT_BLIND);
        assert_int_equal(record->spans[1].from_ns, 12 * HOUR);
        assert_int_equal(record->spans[1].to_ns, 13 * HOUR);
        assert_int_equal(record->spans[1].why.n, 2);
        if (i == 2) {
            assert_int_equal(record->n_spans, 3);
            continue;
        }
        assert_int_equal(record->spans[2].verdict, IW_VERDICT_BLIND); /* files alone */
        assert_int_equal(record->spans[2].why.n, 1);
        assert_int_equal(record->spans[2].to_ns, i == 1 ? 20 * HOUR : DAY + 1);
        assert_int_equal(record->n_spans, i == 1 ? 4 : 3);
    }
}

/* --- what to do ------------------------------------------------------------------------------ */

static bool says(struct iw_str text, const char *what)
{
    return iw_str_find(text, iw_str_of(what)) != SIZE_MAX;
}

static void advise(size_t i, enum iw_link link, const char *has, const char *has_not)
{
    struct iw_str fix = link_of(link)->fix;
    if (!says(fix, has))
        fail_msg("case %zu lacks %s:\n%.*s", i, has, IW_STR_ARG(fix));
    if (says(fix, has_not))
        fail_msg("case %zu has %s:\n%.*s", i, has_not, IW_STR_ARG(fix));
}

/* What took a log away decides what is advised against it. */
static void advice_is_against_what_took_it_away(void **state)
{
    static const struct {
        enum iw_switch_kind kind;
        const char *subject, *only; /* the log that is there */
        enum iw_link link;
        const char *has, *has_not;
    } CASES[] = {
        {IW_SWITCH_CLEARED, SYSMON, SYSMON, IW_LINK_MODULE_LOAD, "event forwarding", "ImageLoad"},
        {IW_SWITCH_AUDIT_OFF, "file system", "Security", IW_LINK_FILE_CREATED, "0CCE921D",
         "forwarding"},
        {IW_SWITCH_AUDIT_OFF, "process creation", "Security", IW_LINK_PROCESS_CREATED, "0CCE922B",
         "forwarding"},
        {IW_SWITCH_AUDIT_OFF, "logon", "Security", IW_LINK_LOGON, "0CCE9215", "forwarding"},
        {IW_SWITCH_SACL_OFF, "D:\\Sites", "Security", IW_LINK_FILE_CREATED, "Set-Acl", "auditpol"},
        {IW_SWITCH_SYSMON_STOPPED, "", SYSMON, IW_LINK_FILE_CREATED, "Start-Service",
         "<FileCreate"},
        {IW_SWITCH_SYSMON_ERROR, "", SYSMON, IW_LINK_FILE_CREATED, "could not keep up",
         "forwarding"},
        {IW_SWITCH_CHANNEL_OFF, SYSMON, SYSMON, IW_LINK_FILE_CREATED, "/e:true", "<FileCreate"},
        {IW_SWITCH_SERVICE_OFF, "Sysmon", SYSMON, IW_LINK_FILE_CREATED, "Start-Service",
         "forwarding"},
        {IW_SWITCH_REQUESTS_OFF, "dontLog", "IIS/W3SVC", IW_LINK_REQUEST, "-Name dontLog",
         "wevtutil"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        on_only(CASES[i].only);
        switches[0] = (struct iw_switch){.kind = CASES[i].kind,
                                         .host = IW_STR("WEB01"),
                                         .subject = iw_str_of(CASES[i].subject),
                                         .by = IW_STR("somebody"),
                                         .time_ns = 10 * HOUR + SECOND};
        switch_list.n = 1;
        judge();
        assert_int_equal(link_of(CASES[i].link)->state, IW_LINK_GAP);
        advise(i, CASES[i].link, CASES[i].has, CASES[i].has_not);
    }
}

static void advice_against_logs_that_are_short(void **state)
{
    (void)state;
    on_only(SYSMON);
    input.since_ns = -DAY; /* it begins a day late */
    judge();
    advise(0, IW_LINK_FILE_CREATED, "/Operational /ms:", "forwarding");
    input.since_ns = IW_TIME_UNKNOWN;
    input.until_ns = 2 * DAY; /* and ends a day early */
    judge();
    advise(1, IW_LINK_FILE_CREATED, "# bring the log", "/ms:");
    on_only("IIS/W3SVC");
    judge();
    advise(2, IW_LINK_REQUEST, "# bring the log", "dontLog");
    input.until_ns = IW_TIME_UNKNOWN;
    rows[0].n_fields = 3; /* no sc-status */
    judge();
    advise(3, IW_LINK_REQUEST, "logExtFileFlags", "dontLog");
    server.is_authoritative = false;
    judge();
    advise(4, IW_LINK_CONFIGURATION, "redirection.config", "Sysmon");
}

/* Two gaps of one log: both are mended. Of several logs, one is enough. */
static void advice_for_several_gaps_and_logs(void **state)
{
    (void)state;
    on_only(SYSMON);
    input.since_ns = -DAY;
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CLEARED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(SYSMON),
                                     .by = IW_STR("System 104"),
                                     .time_ns = 10 * HOUR + SECOND};
    switch_list.n = 1;
    judge();
    advise(0, IW_LINK_MODULE_LOAD, "/Operational /ms:", "# or, in its place");
    advise(1, IW_LINK_MODULE_LOAD, "forwarding", "ImageLoad");
    all_on(false);
    is_on[0] = true; /* a log of Sysmon, and nothing that it could show of processes */
    switch_list.n = 0;
    judge();
    advise(2, IW_LINK_PROCESS_CREATED, "# or, in its place", "forwarding");
    advise(3, IW_LINK_PROCESS_CREATED, "<ProcessCreate", "forwarding");
    advise(4, IW_LINK_PROCESS_CREATED, "0CCE922B", "forwarding");
}

/* A sample of before shows nothing of a new configuration: since when is said, and what to see to.
 */
static void advice_after_a_new_configuration(void **state)
{
    static struct iw_time_part early[1] = {{HOUR, HOUR, 1}};
    const struct iw_coverage_record *record;
    (void)state;
    on_only(SYSMON);
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_CONFIGURED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 16"),
                                     .time_ns = 9 * HOUR};
    switch_list.n = 1;
    fill_channels();
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == IW_SAMPLE_LOAD) {
            channels[0].samples[i].parts = early;
            channels[0].samples[i].n_parts = 1;
        }
    }
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    record = record_of(0, "AN0184");
    assert_int_equal(record->n_spans, 2);
    assert_true(says(record->spans[1].why.items[0],
                     "no Sysmon 7 of a worker since Sysmon was configured anew at 1970-01-01 "
                     "09:00:00 (Sysmon 16)"));
    advise(0, IW_LINK_MODULE_LOAD, "<ImageLoad", "forwarding");
    advise(1, IW_LINK_MODULE_LOAD, "collect-list names", "forwarding");
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->fix.n, 0); /* they came after it too */
}

/* A log that settings say is written is to be brought, not switched on. */
static void advice_for_a_log_that_was_left_behind(void **state)
{
    (void)state;
    on_only("Security");
    set_said(IW_PROOF_LOGGED, false);
    said_of = IW_SENSE_SYSMON_LOAD;
    judge();
    advise(0, IW_LINK_MODULE_LOAD, "# bring the log", "<ImageLoad");
    input.ask = NULL;
    judge();
    advise(1, IW_LINK_MODULE_LOAD, "# bring the log", "collect-list names");
    advise(2, IW_LINK_MODULE_LOAD, "<ImageLoad", "collect-list names");
}

/* --- findings and hosts --------------------------------------------------------------------- */

static void findings_join(void **state)
{
    static const struct iw_str IDS[] = {{"f-1", 3}};
    static const struct iw_span SEEN[] = {{2 * HOUR, 3 * HOUR}};
    struct iw_coverage_told told = {.host = IW_STR("web01"),
                                    .analytic = IW_STR("AN1108"),
                                    .ids = {IDS, 1},
                                    .complete = SEEN,
                                    .n_complete = 1};
    const struct iw_coverage_record *record;
    (void)state;
    input.told = &told;
    input.n_told = 1;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_DETECTED);
    assert_int_equal(record->n_spans, 3);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_DETECTED);
    assert_int_equal(record->spans[1].from_ns, 2 * HOUR);
    assert_int_equal(record->spans[1].to_ns, 3 * HOUR);
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
    told.n_complete = 0; /* a shell alone */
    is_on[0] = is_on[1] = false;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_true(record->is_partial);
    assert_int_equal(record->findings.n, 1);
}

/* Servers that nothing names are hosts of their own, and blind; logs that name no host are of
 * neither of two, and of the only one. */
static void servers_without_a_name(void **state)
{
    static const struct iw_str IDS[] = {{"f-1", 3}};
    static struct iw_inventory_server two[2];
    struct iw_coverage_told told = {
        .analytic = IW_STR("AN0184"), .server = IW_STR("b.config"), .ids = {IDS, 1}};
    (void)state;
    all_on(false);
    two[0] = two[1] = server;
    two[0].host = two[1].host = IW_STR("");
    two[0].source = IW_STR("a.config");
    two[1].source = IW_STR("b.config");
    inventory.servers = two;
    inventory.n_servers = 2;
    input.told = &told;
    input.n_told = 1;
    judge();
    assert_int_equal(coverage.n_records, 4);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(record_of(i, "AN0184")->host.n, 0);
        assert_true(iw_str_equal(record_of(i, "AN0184")->server, two[i].source));
        assert_int_equal(record_of(i, "AN0184")->verdict, IW_VERDICT_BLIND);
        assert_int_equal(record_of(i, "AN1108")->verdict, IW_VERDICT_BLIND);
        assert_int_equal(record_of(i, "AN0184")->findings.n, i); /* of the second one */
    }
    assert_int_equal(coverage.notes.n, 1);
    assert_true(iw_str_find(coverage.notes.items[0], IW_STR("2 hosts have no name")) == 0);
    told.server = IW_STR(""); /* of which of them nobody knows */
    judge();
    assert_int_equal(coverage.n_records, 6);
    assert_int_equal(record_of(0, "AN0184")->server.n, 0);
    assert_int_equal(record_of(0, "AN0184")->findings.n, 1);
    input.n_told = 0;
    all_on(true);
    fill_channels();
    for (size_t i = 0; i < telemetry.n_channels; i++)
        channels[i].host = IW_STR("");
    rows[0].host = IW_STR("");
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    assert_int_equal(coverage.n_records, 6);
    assert_int_equal(record_of(0, "AN1108")->n_spans, 1);
    assert_int_equal(record_of(1, "AN1108")->n_spans, 0);
    assert_int_equal(record_of(2, "AN1108")->n_spans, 0);
    inventory.n_servers = 1; /* the logs of the only one */
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    assert_int_equal(coverage.n_records, 2);
    assert_true(iw_str_equal(record_of(0, "AN1108")->server, two[0].source));
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
}

/* What was cleared or switched off is told also where it flips no verdict, within the window. */
static void what_was_switched_off_is_told(void **state)
{
    (void)state;
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_CLEARED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR("Application"),
                                     .by = IW_STR("System 104"),
                                     .time_ns = 2 * HOUR};
    switches[1] = (struct iw_switch){.kind = IW_SWITCH_REQUESTS_OFF,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR("dontLog"),
                                     .by = IW_STR("IIS-Configuration 29"),
                                     .time_ns = 4 * HOUR};
    switch_list.n = 2;
    judge();
    for (size_t i = 0; i < 2; i++) {
        struct iw_text_list lines = coverage.records[i].switched;
        assert_int_equal(coverage.records[i].verdict, IW_VERDICT_CLEAR);
        assert_int_equal(lines.n, 2);
        assert_true(iw_str_equal(
            lines.items[0],
            IW_STR("the log Application was cleared at 1970-01-01 02:00:00 (System 104)")));
        assert_true(iw_str_equal(lines.items[1],
                                 IW_STR("logs of requests were switched off at 1970-01-01 04:00:00 "
                                        "(IIS-Configuration 29)")));
    }
    input.since_ns = 3 * HOUR;
    switches[1].kind = IW_SWITCH_REQUESTS_ON;
    judge();
    assert_int_equal(coverage.records[0].switched.n, 0);
}

static void hosts_of_which_there_is_nothing(void **state)
{
    static const struct iw_str ESTATE[] = {{"WEB01", 5}, {"WEB77", 5}};
    const struct iw_coverage_record *record;
    (void)state;
    input.estate = (struct iw_text_list){ESTATE, COUNT(ESTATE)};
    judge();
    assert_int_equal(coverage.n_records, 4);
    record = record_of(1, "AN1108");
    assert_true(iw_str_equal(record->host, IW_STR("WEB77")));
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->n_spans, 0);
    all_on(false); /* a configuration without events */
    input.estate.n = 0;
    judge();
    assert_int_equal(coverage.n_records, 2);
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(link_of(IW_LINK_CONFIGURATION)->state, IW_LINK_PROVED);
    assert_int_equal(link_of(IW_LINK_FILE_CREATED)->state, IW_LINK_ABSENT);
    inventory.n_servers = 0; /* events without configuration, and no web server was seen */
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        is_on[i] = iw_link_witnesses[i].sample == IW_SAMPLE_FILE;
    judge();
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(link_of(IW_LINK_CONFIGURATION)->state, IW_LINK_ABSENT);
    assert_true(
        iw_str_holds_nocase(link_of(IW_LINK_FILE_CREATED)->why, IW_STR("no web server was seen")));
    /* What a worker loads or speaks to, requests, and changes by the configuration system tell of
     * one: then the root is the one that setup makes. */
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        const struct iw_link_witness *witness = &iw_link_witnesses[w];
        is_on[w] = true;
        judge();
        assert_int_equal(iw_str_holds_nocase(link_of(IW_LINK_FILE_CREATED)->why,
                                             IW_STR("no web server was seen")),
                         witness->sample == IW_SAMPLE_FILE ||
                             witness->sample == IW_SAMPLE_PROCESS ||
                             witness->sample == IW_SAMPLE_LOGON);
        is_on[w] = witness->sample == IW_SAMPLE_FILE;
    }
    all_on(false); /* nothing at all */
    judge();
    assert_int_equal(coverage.n_records, 0);
}

/* As many spans as are kept, and one more: what lies behind is blind. Each jump is a span, and the
 * time between two is another. */
static void more_spans_than_are_kept(void **state)
{
    enum { N_JUMPS = IW_LIMIT_COVERAGE_SPANS / 2 };
    static struct iw_record_gap jumps[N_JUMPS];
    (void)state;
    on_only(SYSMON);
    for (size_t i = 0; i < N_JUMPS; i++) {
        int64_t time_ns = HOUR + (int64_t)(2 * i) * SECOND;
        jumps[i] = (struct iw_record_gap){2 * i + 1, 2 * i + 3, time_ns, time_ns + SECOND};
    }
    for (size_t n = N_JUMPS - 1; n <= N_JUMPS; n++) {
        const struct iw_coverage_record *record;
        const struct iw_coverage_span *last;
        fill_channels();
        channels[0].gaps = jumps;
        channels[0].n_gaps = n;
        iw_coverage_done(&coverage);
        iw_coverage_init(&coverage);
        assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
        record = record_of(0, "AN1108");
        last = &record->spans[record->n_spans - 1];
        assert_int_equal(last->to_ns, DAY + 1);
        assert_int_equal(record->n_spans, n < N_JUMPS ? 2 * n + 1 : IW_LIMIT_COVERAGE_SPANS);
        assert_int_equal(last->verdict, n < N_JUMPS ? IW_VERDICT_CLEAR : IW_VERDICT_BLIND);
    }
}

#define HOST(test) cmocka_unit_test_setup_teardown(test, begin, end)

/* --- before there are verdicts -----------------------------------------------------------------
 */

/* The log of Sysmon ends twelve hours before the others: more than ten of its pauses. */
static void end_sysmon_early(void)
{
    fill_channels();
    for (size_t i = 0; i < telemetry.n_channels; i++) {
        struct iw_telemetry_channel *channel = &channels[i];
        for (size_t k = 0;
             iw_str_equal(channel->channel, iw_str_of(SYSMON)) && k < channel->n_samples; k++)
            channel->samples[k].n_parts = N_PARTS - 12;
        if (iw_str_equal(channel->channel, iw_str_of(SYSMON)))
            channel->n_parts = N_PARTS - 12;
    }
}

static struct iw_link_reach reach_of(struct iw_coverage_reach *reach, enum iw_link link,
                                     int64_t from_ns, int64_t until_ns)
{
    struct iw_link_reach ret;
    assert_int_equal(iw_coverage_reach_ask(reach, link, from_ns, until_ns, &ret), IW_OK);
    return ret;
}

static void reach_says_what_the_verdict_will(void **state)
{
    struct iw_coverage_reach *reach = iw_coverage_reach_new(&input);
    struct iw_link_reach answer;
    (void)state;
    assert_non_null(reach);
    end_sysmon_early();
    iw_coverage_reach_begin(reach, IW_STR("WEB01"));
    /* Between two samples, and after the last one while the log goes on. */
    answer = reach_of(reach, IW_LINK_MODULE_LOAD, HOUR + 1, 2 * HOUR - 1);
    assert_true(answer.is_seen);
    assert_int_equal(answer.begins_ns, IW_TIME_UNKNOWN);
    answer = reach_of(reach, IW_LINK_REQUEST, 23 * HOUR, 23 * HOUR);
    assert_true(answer.is_seen);
    /* Sysmon is gone; of files the audit of the folder tells all the same. */
    answer = reach_of(reach, IW_LINK_MODULE_LOAD, 10 * HOUR, 23 * HOUR);
    assert_false(answer.is_seen);
    assert_int_equal(answer.from_ns, 12 * HOUR + 1);
    assert_int_equal(answer.to_ns, 23 * HOUR + 1);
    assert_true(answer.why.n != 0);
    assert_true(reach_of(reach, IW_LINK_FILE_CREATED, 10 * HOUR, 23 * HOUR).is_seen);
    /* The span begins before anything is known of the host. */
    answer = reach_of(reach, IW_LINK_MODULE_LOAD, -2 * HOUR, HOUR);
    assert_true(answer.is_seen);
    assert_int_equal(answer.begins_ns, 0);
    iw_coverage_reach_free(reach);
}

static void reach_of_a_host_nobody_met(void **state)
{
    struct iw_coverage_reach *reach = iw_coverage_reach_new(&input);
    struct iw_link_reach answer;
    (void)state;
    assert_non_null(reach);
    fill_channels();
    iw_coverage_reach_begin(reach, IW_STR("WEB02"));
    answer = reach_of(reach, IW_LINK_PROCESS_CREATED, 0, HOUR);
    assert_false(answer.is_seen);
    assert_true(iw_str_equal(answer.why, IW_STR("no events")));
    iw_coverage_reach_begin(reach, IW_STR("WEB01")); /* nothing of the last host is left */
    assert_true(reach_of(reach, IW_LINK_PROCESS_CREATED, 0, HOUR).is_seen);
    iw_coverage_reach_free(reach);
    iw_coverage_reach_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST(a_full_log_is_clear),
        HOST(sources_and_their_links),
        HOST(only_required_links_decide),
        HOST(a_cleared_log_is_blind_for_its_span),
        HOST(a_new_configuration_needs_a_new_sample),
        HOST(settings_prove_and_take_away),
        HOST(logged_in_part_is_told_beside_samples),
        HOST(logged_in_part_is_not_proved),
        HOST(command_lines_need_their_event),
        HOST(settings_of_a_part_of_the_time),
        HOST(lost_events_need_a_new_proof),
        HOST(a_canary_is_as_good_as_a_sample),
        HOST(a_canary_proves_its_run),
        HOST(a_canary_that_was_not_seen_is_said),
        HOST(canaries_that_nothing_saw),
        HOST(a_clock_that_was_set_is_told),
        HOST(advice_is_against_what_took_it_away),
        HOST(advice_against_logs_that_are_short),
        HOST(advice_for_several_gaps_and_logs),
        HOST(advice_after_a_new_configuration),
        HOST(advice_for_a_log_that_was_left_behind),
        HOST(findings_join),
        HOST(servers_without_a_name),
        HOST(what_was_switched_off_is_told),
        HOST(hosts_of_which_there_is_nothing),
        HOST(more_spans_than_are_kept),
        HOST(reach_says_what_the_verdict_will),
        HOST(reach_of_a_host_nobody_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
