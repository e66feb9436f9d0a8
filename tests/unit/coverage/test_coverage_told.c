/*
 * What is told beside verdicts over hosts made by hand: canaries as proofs, clocks that were set,
 * events that were lost, and what to do about what is open.
 */
#include "coverage_rig.h"

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
                                         .subject = IW_STR("D:\\Sites\\Shop\\"),
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
                                     iw_str_of(sources[i]), 12 * HOUR + SECOND, acts[i].subject};
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
    const struct iw_coverage_record *record;
    (void)state;
    configure_anew(9 * HOUR, IW_SAMPLE_LOAD);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
