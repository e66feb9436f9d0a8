/*
 * Verdicts over hosts made by hand: each source alone and each one missing, gaps, settings and what
 * contradicts them, findings, hosts of which there is nothing.
 */
#include "coverage_rig.h"

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
    assert_int_equal(record->spans[0].to_ns, 10 * HOUR); /* as times are told */
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
    const struct iw_coverage_record *record;
    (void)state;
    configure_anew(12 * HOUR, IW_SAMPLE_FILE);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->n_spans, 2);
    assert_int_equal(record->spans[1].from_ns, 12 * HOUR);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_BLIND);
}

/* Where one sample of files is, and at which hour. */
/* --- settings ------------------------------------------------------------------------------- */

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

/* --- findings and hosts --------------------------------------------------------------------- */

static void findings_join(void **state)
{
    static const struct iw_str IDS[] = {{"f-1", 3}};
    static const struct iw_span SEEN[] = {{2 * HOUR, 3 * HOUR}};
    struct iw_coverage_told told = {.host = IW_STR("web01"),
                                    .analytic = IW_STR("AN1108"),
                                    .ids = {IDS, 1},
                                    .n_more = 2,
                                    .n_standing = {[IW_LEVEL_LOW] = 1, [IW_LEVEL_HIGH] = 2},
                                    .complete = SEEN,
                                    .n_complete = 1};
    const struct iw_coverage_record *record;
    (void)state;
    input.told = &told;
    input.n_told = 1;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_DETECTED);
    assert_true(record->is_partial); /* each finding is */
    told.has_whole = true;
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_DETECTED);
    assert_false(record->is_partial);
    assert_int_equal(record->n_spans, 3);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_DETECTED);
    assert_int_equal(record->spans[1].from_ns, 2 * HOUR);
    assert_int_equal(record->spans[1].to_ns, 3 * HOUR);
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
    told.n_complete = 0; /* a shell alone: clear of what is complete, and not of findings */
    judge();
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_CLEAR);
    assert_true(iw_coverage_is_clear_but(record));
    assert_int_equal(iw_coverage_n_standing(record, IW_COVERAGE_STANDING), 3);
    assert_int_equal(iw_coverage_n_standing(record, IW_LEVEL_MEDIUM), 2);
    assert_false(iw_coverage_is_clear_but(record_of(0, "AN0184")));
    /* What is informational stands nowhere. */
    memset(told.n_standing, 0, sizeof told.n_standing);
    told.n_standing[IW_LEVEL_INFORMATIONAL] = 1;
    judge();
    assert_false(iw_coverage_is_clear_but(record_of(0, "AN1108")));
    told.n_standing[IW_LEVEL_LOW] = 1;
    judge();
    assert_true(iw_coverage_is_clear_but(record_of(0, "AN1108")));
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

static _Atomic bool *stops;

static enum iw_rc stop_and_say(const struct iw_proofs *proofs, struct iw_str host,
                               enum iw_sense sense, const struct iw_sense_subject *subject,
                               int64_t time_ns, struct iw_arena *scratch,
                               struct iw_proof_answer *ret)
{
    *stops = true;
    return say(proofs, host, sense, subject, time_ns, scratch, ret);
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
    assert_true(iw_str_holds_nocase(link_of(IW_LINK_FILE_CREATED)->why,
                                    IW_STR("neither a configuration nor a log of IIS")));
    /* What a worker loads or speaks to, requests, and changes by the configuration system tell of
     * one: then the root is the one that setup makes. */
    for (size_t w = 0; w < iw_n_link_witnesses; w++) {
        const struct iw_link_witness *witness = &iw_link_witnesses[w];
        is_on[w] = true;
        judge();
        assert_int_equal(iw_str_holds_nocase(link_of(IW_LINK_FILE_CREATED)->why,
                                             IW_STR("neither a configuration nor a log of IIS")),
                         witness->sample == IW_SAMPLE_FILE ||
                             witness->sample == IW_SAMPLE_PROCESS ||
                             witness->sample == IW_SAMPLE_LOGON);
        is_on[w] = witness->sample == IW_SAMPLE_FILE;
    }
    all_on(false); /* nothing at all */
    judge();
    assert_int_equal(coverage.n_records, 0);
}

/* Told to stop: the hosts that were judged till then stand, whole, and no other. */
static void cancelled_between_hosts(void **state)
{
    static const struct iw_str ESTATE[] = {{"WEB77", 5}};
    static _Atomic bool cancelled;
    (void)state;
    cancelled = true;
    input.estate = (struct iw_text_list){ESTATE, COUNT(ESTATE)};
    input.cancelled = &cancelled;
    fill_channels();
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_ECANCELLED);
    assert_int_equal(coverage.n_records, 0);
    cancelled = false;
    set_said(IW_PROOF_LOGGED, false);
    input.ask = stop_and_say; /* asked of WEB01, before WEB77 */
    stops = &cancelled;
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_ECANCELLED);
    assert_int_equal(coverage.n_records, 2);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
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

/* What others write to a share, or to a folder nobody knows, no setting of this host shows. */
static void far_roots_need_a_sample(void **state)
{
    static const char *const PATHS[] = {"\\\\filer\\web$", "%SiteRoot%\\shop"};
    (void)state;
    set_said(IW_PROOF_LOGGED, false);
    for (size_t i = 0; i < COUNT(PATHS); i++) {
        root.path = iw_str_of(PATHS[i]);
        root.is_resolved = i == 0;
        judge();
        assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
        assert_true(record_of(0, "AN1108")->notes.n != 0);
        assert_true(iw_str_find(record_of(0, "AN1108")->notes.items[0], root.path) != SIZE_MAX);
    }
    root.path = IW_STR("E:\\shop");
    root.is_resolved = true;
    judge();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record_of(0, "AN1108")->notes.n, 0);
}

/* What a web.config adds nobody read: the verdict stands on applicationHost.config, and says so. */
static void roots_that_were_not_collected_are_told(void **state)
{
    (void)state;
    set_said(IW_PROOF_LOGGED, false);
    root.path = IW_STR("E:\\shop");
    root.is_collected = false;
    judge();
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record_of(0, "AN0184")->n_unread_roots, 1);
    assert_int_equal(record_of(0, "AN1108")->n_unread_roots, 0);
    assert_int_equal(record_of(0, "AN0184")->notes.n, 1);
    assert_true(iw_str_find(record_of(0, "AN0184")->notes.items[0],
                            IW_STR("no file of web root E:\\shop is in evidence")) != SIZE_MAX);
    root.path = IW_STR("\\\\filer\\web$"); /* of a share, too */
    judge();
    assert_int_equal(record_of(0, "AN0184")->n_unread_roots, 1);
    assert_true(iw_str_find(record_of(0, "AN0184")->notes.items[0],
                            IW_STR("no file of web root \\\\filer\\web$ is in evidence")) !=
                SIZE_MAX);
    root.path = IW_STR("E:\\shop");
    root.is_collected = true;
    judge();
    assert_int_equal(record_of(0, "AN0184")->n_unread_roots, 0);
    assert_int_equal(record_of(0, "AN0184")->notes.n, 0);
}

/* Of a log of requests nobody expects ids. */
static void logs_without_ids_are_noted(void **state)
{
    const struct iw_text_list *notes;
    (void)state;
    judge();
    assert_int_equal(record_of(0, "AN1108")->notes.n, 0);
    for (size_t i = 0; i < N_CHANNELS; i++)
        channels[i].first_id = 0;
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    notes = &record_of(0, "AN1108")->notes;
    assert_int_equal(notes->n, 3);
    assert_true(iw_str_equal(notes->items[1],
                             IW_STR("records of " SYSMON " have no ids in evidence: whether some "
                                    "of them are missing cannot be noticed")));
}

/* An event tells that a web.config was written there: what it says since then is not in evidence.
 */
static void configuration_that_was_rewritten_and_not_collected(void **state)
{
    static struct iw_server_fact written;
    static struct iw_server_facts facts = {.items = &written, .n = 1};
    static const struct {
        const char *path;
        uint32_t event_id;
        bool is_blind;
    } CASES[] = {
        {"E:\\Shop\\web.config", 11, true},     {"E:\\shop\\admin\\WEB.CONFIG", 4663, true},
        {"E:\\shop\\web.config", 2, false}, /* other times, the same content */
        {"E:\\shop2\\web.config", 11, false},   {"E:\\shop\\bin\\a.dll", 11, false},
        {"E:\\shop\\my-web.config", 11, false},
    };
    (void)state;
    set_said(IW_PROOF_LOGGED, false);
    root.path = IW_STR("E:\\shop");
    input.facts = &facts;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        written = (struct iw_server_fact){.kind = IW_FACT_FILE_WRITTEN,
                                          .host = IW_STR("web01"),
                                          .path = iw_str_of(CASES[i].path),
                                          .event_id = CASES[i].event_id,
                                          .record_id = 77,
                                          .time_ns = 5 * HOUR,
                                          .last_ns = 5 * HOUR};
        root.is_collected = false;
        judge();
        if (!CASES[i].is_blind) {
            assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
            continue;
        }
        assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_BLIND);
        assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
        assert_int_equal(link_of(IW_LINK_CONFIGURATION)->state, IW_LINK_GAP);
        assert_why(IW_LINK_CONFIGURATION, CASES[i].path);
        assert_why(IW_LINK_CONFIGURATION, "record 77) and is not in evidence");
        assert_true(iw_str_find(link_of(IW_LINK_CONFIGURATION)->fix,
                                IW_STR("bring the web.config files")) != SIZE_MAX);
        /* Before it nothing was lacking. */
        assert_int_equal(record_of(0, "AN0184")->spans[0].verdict, IW_VERDICT_CLEAR);
        assert_int_equal(record_of(0, "AN0184")->spans[0].to_ns, 5 * HOUR);
        root.is_collected = true; /* what it says is judged */
        judge();
        assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
    }
    written.path = IW_STR("E:\\shop\\web.config"); /* behind the window that is asked for */
    written.event_id = 11;
    written.time_ns = 6 * HOUR;
    root.is_collected = false;
    input.until_ns = 5 * HOUR;
    judge();
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
}

/* A section that can hold load points is encrypted, or in a file not at hand: any number of them
 * may be in it. */
static void sections_that_cannot_be_read(void **state)
{
    static struct iw_inventory_component entries[3];
    static struct iw_inventory_problem problem = {
        .kind = IW_STR("not-at-hand"),
        .source = IW_STR("web.config"),
        .line = 7,
        .column = 3,
        .what = IW_STR("\"m.config\" is not at hand: what it holds is unknown")};
    (void)state;
    set_said(IW_PROOF_LOGGED, false);
    for (size_t i = 0; i < COUNT(entries); i++)
        entries[i] =
            (struct iw_inventory_component){.kind = i == 0 ? "nativeModule" : "removedEntry",
                                            .state = "written",
                                            .scope = IW_STR("Shop"),
                                            .config_source = IW_STR("web.config"),
                                            .config_path = IW_STR("D:\\s\\web.config"),
                                            .line = 7,
                                            .column = 3};
    server.components = entries;
    server.n_components = COUNT(entries);
    server.problems = &problem;
    server.n_problems = 1;
    entries[0].state = "refused";
    judge();
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
    entries[0].state = entries[1].state = "unknown"; /* of one section */
    judge();
    assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(link_of(IW_LINK_CONFIGURATION)->state, IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_CONFIGURATION,
               "registered as nativeModule in D:\\s\\web.config line 7 is not "
               "known: \"m.config\" is not at hand");
    assert_true(iw_str_find(link_of(IW_LINK_CONFIGURATION)->fix,
                            IW_STR("bring the files that configSource names")) != SIZE_MAX);
    entries[2].state = "unknown";
    entries[2].line = 9;
    problem.line = 8;
    judge();
    assert_why(IW_LINK_CONFIGURATION,
               "line 7 is not known, nor is 1 more section: encrypted or not at hand");
}

/* What is in a copy is no newer than the copy: a change behind it is in none of what is judged. */
static void configuration_that_was_changed_behind_its_copy(void **state)
{
    static const char LIVE[] = "C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config";
    static struct iw_inventory_component entry;
    static struct iw_server_fact fact;
    static struct iw_server_facts facts = {.items = &fact, .n = 1};
    static const struct {
        const char *path;
        enum iw_server_fact_kind kind;
        uint32_t event_id;
        int64_t copy_ns, first_ns, last_ns, blind_ns; /* blind_ns 0: clear */
    } CASES[] = {
        {LIVE, IW_FACT_FILE_WRITTEN, 11, 2 * HOUR, 5 * HOUR, 5 * HOUR, 5 * HOUR},
        {"c:\\windows\\SYSTEM32\\inetsrv\\config\\APPLICATIONHOST.config", IW_FACT_CONFIG_CHANGE,
         29, 2 * HOUR, 5 * HOUR, 5 * HOUR, 5 * HOUR},
        {LIVE, IW_FACT_CONFIG_COMMIT, 50, 3 * HOUR, 2 * HOUR, 5 * HOUR, 3 * HOUR},
        {LIVE, IW_FACT_FILE_WRITTEN, 11, 5 * HOUR, 5 * HOUR, 5 * HOUR, 0},
        {LIVE, IW_FACT_CONFIG_CHANGE, 29, 5 * HOUR, 5 * HOUR + SECOND, 5 * HOUR + SECOND, 0},
        {LIVE, IW_FACT_FILE_WRITTEN, 11, 6 * HOUR, 5 * HOUR, 5 * HOUR, 0},
        {LIVE, IW_FACT_FILE_WRITTEN, 11, IW_TIME_UNKNOWN, 5 * HOUR, 5 * HOUR, 0},
        {LIVE, IW_FACT_FILE_WRITTEN, 11, 0, 5 * HOUR, 5 * HOUR, 0},
        {LIVE, IW_FACT_FILE_WRITTEN, 2, 2 * HOUR, 5 * HOUR, 5 * HOUR, 0}, /* other times alone */
        {LIVE, IW_FACT_FILE_DELETED, 23, 2 * HOUR, 5 * HOUR, 5 * HOUR, 0},
        {"C:\\inetpub\\history\\CFGHISTORY_0000000003\\applicationHost.config",
         IW_FACT_FILE_WRITTEN, 11, 2 * HOUR, 5 * HOUR, 5 * HOUR, 0},
        {"C:\\Windows\\System32\\inetsrv\\config\\administration.config", IW_FACT_FILE_WRITTEN, 11,
         2 * HOUR, 5 * HOUR, 5 * HOUR, 0},
    };
    (void)state;
    set_said(IW_PROOF_LOGGED, false);
    entry = (struct iw_inventory_component){.kind = "globalModule",
                                            .state = "written",
                                            .config_source = server.source,
                                            .config_path = iw_str_of(LIVE)};
    server.components = &entry;
    server.n_components = 1;
    input.facts = &facts;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        fact = (struct iw_server_fact){.kind = CASES[i].kind,
                                       .host = IW_STR("web01"),
                                       .path = iw_str_of(CASES[i].path),
                                       .event_id = CASES[i].event_id,
                                       .record_id = 77,
                                       .time_ns = CASES[i].first_ns,
                                       .last_ns = CASES[i].last_ns,
                                       .n = 1};
        server.config_copy_ns = CASES[i].copy_ns;
        judge();
        if (CASES[i].blind_ns == 0) {
            assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_CLEAR);
            continue;
        }
        assert_int_equal(record_of(0, "AN0184")->verdict, IW_VERDICT_BLIND);
        assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
        assert_int_equal(link_of(IW_LINK_CONFIGURATION)->state, IW_LINK_GAP);
        assert_why(IW_LINK_CONFIGURATION, "record 77), and the copy in evidence is of");
        assert_int_equal(record_of(0, "AN0184")->spans[0].verdict, IW_VERDICT_CLEAR);
        assert_int_equal(record_of(0, "AN0184")->spans[0].to_ns, CASES[i].blind_ns);
    }
}

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

/* What is told of a time is told to a tenth of a microsecond: no span begins and ends at one. */
static void no_span_is_of_no_length(void **state)
{
    const struct iw_coverage_record *record;
    (void)state;
    on_only(SYSMON);
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        is_on[i] |= strcmp(iw_link_witnesses[i].channel, "IIS/W3SVC") == 0;
    end_sysmon_early(); /* with its last event at the moment it is stopped */
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SYSMON_STOPPED,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(""),
                                     .by = IW_STR("Sysmon 4"),
                                     .time_ns = 12 * HOUR};
    switch_list.n = 1;
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_true(record->n_spans > 1);
    assert_int_equal(record->spans[record->n_spans - 1].to_ns, DAY + 1);
    for (size_t i = 0; i < record->n_spans; i++) {
        const struct iw_coverage_span *span = &record->spans[i];
        assert_int_not_equal(span->from_ns / 100, span->to_ns / 100);
        assert_int_equal(span->from_ns, i == 0 ? 0 : record->spans[i - 1].to_ns);
    }
    assert_int_equal(record->spans[record->n_spans - 1].why.n, 4);
}

static struct iw_link_reach reach_of(struct iw_coverage_reach *reach, enum iw_link link,
                                     int64_t from_ns, int64_t until_ns)
{
    struct iw_link_reach ret;
    assert_int_equal(iw_coverage_reach_ask(reach, link, IW_STR(""), from_ns, until_ns, &ret),
                     IW_OK);
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

static bool is_written(struct iw_coverage_reach *reach, enum iw_link link, const char *channel,
                       int64_t time_ns)
{
    struct iw_str why;
    bool ret;
    assert_int_equal(
        iw_coverage_reach_ask_log(reach, link, iw_str_of(channel), time_ns, &ret, &why), IW_OK);
    assert_true(ret || why.n != 0);
    return ret;
}

/* What another witness of the link shows does not make up for a log. */
static void reach_of_one_log(void **state)
{
    struct iw_coverage_reach *reach = iw_coverage_reach_new(&input);
    (void)state;
    assert_non_null(reach);
    end_sysmon_early();
    iw_coverage_reach_begin(reach, IW_STR("WEB01"));
    assert_true(is_written(reach, IW_LINK_MODULE_LOAD, SYSMON, HOUR));
    assert_false(is_written(reach, IW_LINK_FILE_CREATED, SYSMON, 20 * HOUR));
    assert_true(is_written(reach, IW_LINK_FILE_CREATED, "Security", 20 * HOUR));
    assert_false(is_written(reach, IW_LINK_FILE_CREATED, "no such log", HOUR));
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
        HOST(no_span_is_of_no_length),
        HOST(far_roots_need_a_sample),
        HOST(roots_that_were_not_collected_are_told),
        HOST(logs_without_ids_are_noted),
        HOST(configuration_that_was_rewritten_and_not_collected),
        HOST(sections_that_cannot_be_read),
        HOST(configuration_that_was_changed_behind_its_copy),
        HOST(findings_join),
        HOST(servers_without_a_name),
        HOST(what_was_switched_off_is_told),
        HOST(hosts_of_which_there_is_nothing),
        HOST(cancelled_between_hosts),
        HOST(more_spans_than_are_kept),
        HOST(reach_says_what_the_verdict_will),
        HOST(reach_of_one_log),
        HOST(reach_of_a_host_nobody_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
