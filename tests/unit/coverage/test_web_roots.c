/*
 * Each web root of a host needs its own proof: an audit list is a folder's, and a filter of Sysmon
 * is of the beginning of a path, so that a file in one root shows nothing of another.
 */
#include "coverage_rig.h"

#define SHOP "d:\\sites\\shop"
#define PAY "e:\\lohn"
#define MOST_ROOTS 6U

static struct iw_inventory_root roots[MOST_ROOTS];

static void serve(const char *const *paths, size_t n)
{
    assert_true(n <= MOST_ROOTS);
    for (size_t i = 0; i < n; i++)
        roots[i] = (struct iw_inventory_root){
            .path = iw_str_of(paths[i]), .is_resolved = paths[i][0] != '%', .is_collected = true};
    server.roots = roots;
    server.n_roots = n;
}

static void serve_both(void)
{
    static const char *const BOTH[] = {"E:\\Lohn", "D:\\Sites\\Shop"};
    serve(BOTH, COUNT(BOTH));
}

/* In a log the samples of files in roots become those of these folders, each all the day. */
static void see_files(const char *log, const char *const *folders, size_t n)
{
    for (size_t c = 0; c < telemetry.n_channels; c++) {
        struct iw_telemetry_channel *channel = &channels[c];
        size_t kept = 0;
        if (!iw_str_equal(channel->channel, iw_str_of(log)))
            continue;
        for (size_t i = 0; i < channel->n_samples; i++) {
            if (channel->samples[i].kind != IW_SAMPLE_FILE ||
                !iw_str_equal(channel->samples[i].folder, folder_of(IW_FOLDERS_ROOTS)))
                channel->samples[kept++] = channel->samples[i];
        }
        for (size_t i = 0; i < n; i++)
            channel->samples[kept++] =
                (struct iw_telemetry_sample){IW_SAMPLE_FILE, iw_str_of(folders[i]), parts, N_PARTS};
        channel->n_samples = kept;
    }
}

static void judge_as_filled(void)
{
    iw_coverage_done(&coverage);
    iw_coverage_init(&coverage);
    assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
}

/* Of the log of files that is there alone. */
static void judge_with(const char *log, const char *const *folders, size_t n)
{
    on_only(log);
    fill_channels();
    see_files(log, folders, n);
    judge_as_filled();
}

static enum iw_link_state state(void)
{
    return link_of(IW_LINK_FILE_CREATED)->state;
}

static bool fix_has(const char *part)
{
    return iw_str_find(link_of(IW_LINK_FILE_CREATED)->fix, iw_str_of(part)) != SIZE_MAX;
}

static void a_file_in_one_root_shows_nothing_of_another(void **state_)
{
    static const char *const LOGS[] = {SYSMON, "Security"}, *const ONE[] = {SHOP},
                             *const BOTH[] = {SHOP, PAY};
    (void)state_;
    serve_both();
    for (size_t i = 0; i < COUNT(LOGS); i++) {
        judge_with(LOGS[i], ONE, 1);
        assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
        assert_int_equal(state(), IW_LINK_NOT_PROVED);
        assert_why(IW_LINK_FILE_CREATED, "web root E:\\Lohn: ");
        assert_why(IW_LINK_FILE_CREATED, " under it");
        assert_true(iw_str_find(link_of(IW_LINK_FILE_CREATED)->why, IW_STR("Shop")) == SIZE_MAX);
        /* What is to be done is told of that root alone. */
        assert_true(fix_has("'E:\\Lohn'"));
        assert_true(fix_has(">E:\\Lohn\\</TargetFilename>"));
        assert_false(fix_has("Shop"));
        judge_with(LOGS[i], BOTH, 2);
        assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
        assert_why(IW_LINK_FILE_CREATED, "under " SHOP);
        assert_why(IW_LINK_FILE_CREATED, "under " PAY);
        judge_with(LOGS[i], NULL, 0); /* of none: no name is needed */
        assert_why(IW_LINK_FILE_CREATED, " under a web root");
        assert_true(fix_has("'D:\\Sites\\Shop', 'E:\\Lohn'"));
    }
}

static void one_root_by_each_source(void **state_)
{
    static const char *const ONE[] = {SHOP}, *const OTHER[] = {PAY};
    (void)state_;
    serve_both();
    fill_channels();
    see_files(SYSMON, ONE, 1);
    see_files("Security", OTHER, 1);
    judge_as_filled();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(state(), IW_LINK_PROVED);
    assert_true(
        iw_str_equal(link_of(IW_LINK_FILE_CREATED)->source, IW_STR("Sysmon 11, Security 4663")));
}

/* A folder below a root takes part in its list, and in what its path begins with; a root that it
 * lies in does not take part in its own. */
static void roots_within_roots(void **state_)
{
    static const char *const PATHS[] = {"D:\\Sites\\Shop\\api", "D:\\Sites\\Shop"},
                             *const OUTER[] = {SHOP}, *const INNER[] = {SHOP "\\api"};
    (void)state_;
    serve(PATHS, COUNT(PATHS));
    judge_with("Security", OUTER, 1);
    assert_int_equal(state(), IW_LINK_PROVED);
    judge_with("Security", INNER, 1);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "web root D:\\Sites\\Shop: ");
    /* What is a root of another host alone is a folder of this one's. */
    serve(PATHS + 1, 1);
    judge_with("Security", INNER, 1);
    assert_int_equal(state(), IW_LINK_PROVED);
}

static enum iw_rc say_of_drive_d(const struct iw_proofs *proofs, struct iw_str host,
                                 enum iw_sense sense, const struct iw_sense_subject *subject,
                                 int64_t time_ns, struct iw_arena *scratch,
                                 struct iw_proof_answer *ret)
{
    if (subject->path.n != 0 && subject->path.p[0] != 'd')
        return IW_OK;
    return say(proofs, host, sense, subject, time_ns, scratch, ret);
}

/* A statement is of the folders it covers: the rest needs a sample. */
static void settings_of_one_root(void **state_)
{
    static const char *const OTHER[] = {PAY};
    (void)state_;
    serve_both();
    set_said(IW_PROOF_LOGGED, false);
    input.ask = say_of_drive_d;
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "web root E:\\Lohn: no Sysmon 11 under it");
    judge_with(SYSMON, OTHER, 1);
    assert_int_equal(state(), IW_LINK_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "web root D:\\Sites\\Shop: sysmon.xml: FileCreate");
    assert_why(IW_LINK_FILE_CREATED, "25 seen, under " PAY);
    said.is_stated = true; /* by the operator: a part that is stated makes the whole that */
    judge_with(SYSMON, OTHER, 1);
    assert_int_equal(state(), IW_LINK_STATED);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    /* What takes one root away takes nothing from the other. */
    set_said(IW_PROOF_NOT_LOGGED, false);
    input.ask = say_of_drive_d;
    judge_with(SYSMON, OTHER, 1);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "web root D:\\Sites\\Shop: Sysmon 11 is not logged");
}

/* What was a root once is asked about until then. */
static void roots_of_the_history(void **state_)
{
    static const char *const ONE[] = {"D:\\Sites\\Shop"}, *const SEEN[] = {SHOP};
    static struct iw_inventory_root old;
    static struct iw_inventory_version version;
    const struct iw_coverage_record *record;
    (void)state_;
    serve(ONE, 1);
    old = (struct iw_inventory_root){.path = IW_STR("E:\\Lohn"), .is_resolved = true};
    version = (struct iw_inventory_version){
        .from_ns = IW_TIME_UNKNOWN, .until_ns = -HOUR, .roots = &old, .n_roots = 1};
    server.versions = &version;
    server.n_versions = 1;
    judge_with(SYSMON, SEEN, 1); /* before there was any event */
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    version.until_ns = 6 * HOUR;
    judge_with(SYSMON, SEEN, 1);
    record = record_of(0, "AN1108");
    assert_int_equal(record->verdict, IW_VERDICT_BLIND);
    assert_int_equal(state(), IW_LINK_GAP);
    assert_int_equal(record->n_spans, 2);
    assert_int_equal(record->spans[0].verdict, IW_VERDICT_BLIND);
    assert_int_equal(record->spans[0].to_ns, 6 * HOUR);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_CLEAR);
    version.until_ns = IW_TIME_UNKNOWN; /* nobody knows how long: all the time */
    judge_with(SYSMON, SEEN, 1);
    assert_int_equal(record_of(0, "AN1108")->n_spans, 1);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    server.config_written_ns = -HOUR; /* at the latest until what is now was written */
    judge_with(SYSMON, SEEN, 1);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
}

/* What others write to a share, or to a folder that nobody knows, this host does not tell, whatever
 * it tells of its own folders; the operator may say so. */
static void roots_that_are_far(void **state_)
{
    static const char *const SHARE[] = {"D:\\Sites\\Shop", "\\\\filer\\web$"},
                             *const UNKNOWN[] = {"D:\\Sites\\Shop", "%SiteRoot%\\x"},
                             *const SEEN[] = {SHOP, "\\\\filer\\web$"};
    (void)state_;
    serve(SHARE, 2);
    judge_with(SYSMON, SEEN, 2);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_why(IW_LINK_FILE_CREATED,
               "web root \\\\filer\\web$: what others write there only the logs of the server");
    assert_true(fix_has("--telemetry"));
    assert_false(fix_has("auditpol"));
    serve(UNKNOWN, 2);
    judge_with(SYSMON, SEEN, 1);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_why(IW_LINK_FILE_CREATED, "web root %SiteRoot%\\x: which folder that is is not known");
    set_said(IW_PROOF_LOGGED, false); /* a file of settings is of this host */
    judge_with(SYSMON, SEEN, 1);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    set_said(IW_PROOF_LOGGED, true);
    judge_with(SYSMON, SEEN, 1);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_CLEAR);
    assert_int_equal(state(), IW_LINK_STATED);
}

/* The device of a volume has no letter: it is a root's where all that fit have one letter. */
static void files_on_devices(void **state_)
{
    static const char *const TWINS[] = {"D:\\Sites\\Shop", "E:\\Sites\\Shop"},
                             *const SEEN[] = {SHOP}, *const OTHER[] = {"D:\\Sites\\Shop", "E:\\x"};
    (void)state_;
    serve(OTHER + 0, 1);
    on_only(SYSMON);
    fill_channels();
    see_files(SYSMON, SEEN, 1);
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == IW_SAMPLE_FILE)
            channels[0].samples[i].kind = IW_SAMPLE_FILE_ON_DEVICE;
    }
    judge_as_filled();
    assert_int_equal(state(), IW_LINK_PROVED);
    serve(OTHER, 2);
    judge_as_filled();
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "web root E:\\x: ");
    serve(TWINS, 2);
    judge_as_filled();
    assert_why(IW_LINK_FILE_CREATED, "no Sysmon 11 under a web root");
}

/* --- pages that contradict -------------------------------------------------------------------- */

static struct iw_inventory_web_file page;

static void collect_page(const char *path, int64_t written_ns)
{
    page = (struct iw_inventory_web_file){
        .file = {.state = IW_ITEM_FILE_READ, .path = iw_str_of(path), .modified_ns = written_ns},
        .keeps_time = true};
    server.web_files = &page;
    server.n_web_files = 1;
}

/* A file of settings that nothing shows to have been loaded, and a page whose own time says that it
 * was written while the source told of nothing there. */
static void a_page_that_nobody_told_of_contradicts(void **state_)
{
    static const char *const ONE[] = {"D:\\Sites\\Shop"}, *const SEEN[] = {SHOP};
    static struct iw_time_part early[1] = {{2 * HOUR, 2 * HOUR, 1}},
                               late[1] = {{9 * HOUR, 9 * HOUR, 1}};
    const struct iw_coverage_record *record;
    (void)state_;
    serve(ONE, 1);
    set_said(IW_PROOF_LOGGED, true);
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_STATED);
    collect_page("D:\\Sites\\Shop\\a.aspx", 8 * HOUR);
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED,
               "D:\\Sites\\Shop\\a.aspx was written at 1970-01-01 08:00:00, as its "
               "collected file says, and no Sysmon 11");
    assert_true(fix_has(">D:\\Sites\\Shop\\</TargetFilename>"));
    /* What is known to be in force stands, for Sysmon does not see all ways; an audit list does. */
    set_said(IW_PROOF_LOGGED, false);
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_PROVED);
    said_of = IW_SENSE_AUDIT_FILE;
    judge_with("Security", NULL, 0);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    /* A sample behind it may be of its coming; one before shows what was told until then. */
    input.ask = NULL;
    on_only(SYSMON);
    fill_channels();
    see_files(SYSMON, SEEN, 1);
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == IW_SAMPLE_FILE) {
            channels[0].samples[i].parts = late;
            channels[0].samples[i].n_parts = 1;
        }
    }
    judge_as_filled();
    assert_int_equal(state(), IW_LINK_PROVED);
    for (size_t i = 0; i < channels[0].n_samples; i++) {
        if (channels[0].samples[i].kind == IW_SAMPLE_FILE)
            channels[0].samples[i].parts = early;
    }
    judge_as_filled();
    record = record_of(0, "AN1108");
    assert_int_equal(state(), IW_LINK_GAP);
    assert_int_equal(record->n_spans, 2);
    assert_int_equal(record->spans[0].verdict, IW_VERDICT_CLEAR);
    assert_int_equal(record->spans[1].from_ns, 2 * HOUR);
    assert_int_equal(record->spans[1].verdict, IW_VERDICT_BLIND);
}

/* Not of the window, of a copy whose time is the collector's, in no root, or told of by another
 * source. */
static void pages_that_contradict_nothing(void **state_)
{
    static const char *const ONE[] = {"D:\\Sites\\Shop"}, *const SEEN[] = {SHOP};
    (void)state_;
    serve(ONE, 1);
    set_said(IW_PROOF_LOGGED, true);
    collect_page("D:\\Sites\\Shop\\a.aspx", -HOUR);
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_STATED);
    collect_page("D:\\Sites\\Shop\\a.aspx", 2 * DAY);
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_STATED);
    collect_page("D:\\Other\\a.aspx", 8 * HOUR);
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_STATED);
    collect_page("D:\\Sites\\Shop\\a.aspx", 8 * HOUR);
    page.keeps_time = false;
    judge_with(SYSMON, NULL, 0);
    assert_int_equal(state(), IW_LINK_STATED);
    page.keeps_time = true;
    all_on(true);
    fill_channels();
    see_files(SYSMON, NULL, 0);
    see_files("Security", SEEN, 1);
    judge_as_filled();
    assert_int_equal(state(), IW_LINK_PROVED);
}

/* --- pages that the server deleted ------------------------------------------------------------ */

static struct iw_server_fact page_facts[2];
static struct iw_server_facts facts;

/* A root of which Sysmon told of files, and a page there that a worker deleted at 8 o'clock. */
static void delete_page(void)
{
    static const char *const ONE[] = {"D:\\Sites\\Shop"};
    serve(ONE, 1);
    page_facts[0] = (struct iw_server_fact){
        .kind = IW_FACT_FILE_DELETED,
        .host = IW_STR("WEB01"),
        .path = IW_STR("D:\\Sites\\Shop\\up\\a.aspx"),
        .image = IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe"),
        .channel = IW_STR(SYSMON),
        .event_id = 23,
        .time_ns = 8 * HOUR,
        .last_ns = 8 * HOUR,
    };
    page_facts[1] = page_facts[0];
    page_facts[1].kind = IW_FACT_FILE_WRITTEN;
    page_facts[1].event_id = 11;
    page_facts[1].path = IW_STR("D:\\Sites\\Shop\\other.aspx");
    facts = (struct iw_server_facts){.items = page_facts, .n = 1};
    input.facts = &facts;
}

static enum iw_link_state state_with(const char *log)
{
    static const char *const SEEN[] = {SHOP};
    judge_with(log, SEEN, 1);
    return state();
}

static void a_page_that_the_server_deleted_makes_other_files_doubtful(void **state_)
{
    (void)state_;
    delete_page();
    assert_int_equal(state_with(SYSMON), IW_LINK_NOT_PROVED);
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_why(
        IW_LINK_FILE_CREATED,
        "the web server deleted D:\\Sites\\Shop\\up\\a.aspx at 1970-01-01 08:00:00, no event "
        "tells how it came, and no Sysmon 11 is of a page there");
    page_facts[0].image = IW_STR("C:\\Windows\\System32\\cmd.exe");
    page_facts[0].user = IW_STR("iis apppool\\Shop");
    assert_int_equal(state_with(SYSMON), IW_LINK_NOT_PROVED);
    /* a file that is told of and no page proves nothing of pages */
    facts.n = 2;
    page_facts[1].path = IW_STR("D:\\Sites\\Shop\\bin\\site.dll");
    assert_int_equal(state_with(SYSMON), IW_LINK_NOT_PROVED);
    page_facts[1].path = IW_STR("D:\\Sites\\Other\\a.aspx");
    assert_int_equal(state_with(SYSMON), IW_LINK_NOT_PROVED);
    page_facts[1].path = IW_STR("D:\\Sites\\Shop\\a.aspx");
    page_facts[1].event_id = 2; /* other times */
    assert_int_equal(state_with(SYSMON), IW_LINK_NOT_PROVED);
}

/* A root in a root: pages of the outer one show what is told of the inner one, not the other way
 * round, nor those of a folder whose name begins the same. */
static void a_page_of_the_outer_root_shows_what_is_told_of_the_inner_one(void **state_)
{
    static const char *const NESTED[] = {"D:\\Sites", "D:\\Sites\\Shop"},
                             *const BESIDE[] = {"D:\\Sites\\Sho", "D:\\Sites\\Shop"},
                             *const SEEN[] = {"d:\\sites", SHOP},
                             *const SEEN_BESIDE[] = {"d:\\sites\\sho", SHOP};
    (void)state_;
    delete_page();
    facts.n = 2;
    page_facts[1].path = IW_STR("D:\\Sites\\a.aspx");
    serve(NESTED, 2);
    judge_with(SYSMON, SEEN, 2);
    assert_int_equal(state(), IW_LINK_PROVED);
    page_facts[0].path = IW_STR("D:\\Sites\\old.aspx");
    page_facts[1].path = IW_STR("D:\\Sites\\Shop\\a.aspx");
    judge_with(SYSMON, SEEN, 2);
    assert_int_not_equal(state(), IW_LINK_PROVED);
    delete_page();
    facts.n = 2;
    page_facts[1].path = IW_STR("D:\\Sites\\Sho\\a.aspx");
    serve(BESIDE, 2);
    judge_with(SYSMON, SEEN_BESIDE, 2);
    assert_int_not_equal(state(), IW_LINK_PROVED);
}

/* A page that is told of, a deployment's or an administrator's deletion, a file that is no page,
 * another root; audit lists know no endings; and settings say more than samples. */
static void pages_that_were_deleted_and_make_nothing_doubtful(void **state_)
{
    (void)state_;
    delete_page();
    facts.n = 2;
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    facts.n = 1;
    page_facts[0].image = IW_STR("C:\\Windows\\explorer.exe");
    page_facts[0].user = IW_STR("LAB\\admin");
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    delete_page();
    page_facts[0].path = IW_STR("D:\\Sites\\Shop\\up\\a.tmp");
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    delete_page();
    page_facts[0].path = IW_STR("D:\\Other\\a.aspx");
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    delete_page();
    page_facts[0].time_ns = page_facts[0].last_ns = 3 * DAY;
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    delete_page();
    facts.n_hidden = 1;
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    delete_page();
    assert_int_equal(state_with("Security"), IW_LINK_PROVED);
    set_said(IW_PROOF_LOGGED, false);
    assert_int_equal(state_with(SYSMON), IW_LINK_PROVED);
    set_said(IW_PROOF_LOGGED, true); /* nothing shows that it was loaded */
    assert_int_equal(state_with(SYSMON), IW_LINK_STATED);
}

/* --- canaries -------------------------------------------------------------------------------- */

static void a_canary_is_of_its_root(void **state_)
{
    static const char *const ONE[] = {SHOP};
    static struct iw_canary_act acts[2];
    static struct iw_canary_sighting sighting;
    static struct iw_canary_outcome outcomes[2];
    static struct iw_canary_proof proof;
    static struct iw_canary_report report;
    (void)state_;
    serve_both();
    sighting = (struct iw_canary_sighting){.source = IW_STR("Sysmon 11"),
                                           .host = IW_STR("WEB01"),
                                           .n = 1,
                                           .time_ns = 12 * HOUR,
                                           .done_ns = 12 * HOUR,
                                           .proves = true};
    for (size_t i = 0; i < 2; i++) {
        acts[i] = (struct iw_canary_act){.id = i == 0 ? IW_STR("f001") : IW_STR("f002"),
                                         .kind = IW_CANARY_FILE,
                                         .host = IW_STR("WEB01"),
                                         .subject = IW_STR("D:\\Sites\\Shop")};
        outcomes[i] = (struct iw_canary_outcome){&acts[i], &sighting, i == 0};
    }
    proof = (struct iw_canary_proof){.host = IW_STR("WEB01"),
                                     .link = IW_STR("file_created"),
                                     .source = IW_STR("Sysmon 11"),
                                     .time_ns = 12 * HOUR,
                                     .subject = acts[0].subject};
    report = (struct iw_canary_report){
        .outcomes = outcomes, .n_outcomes = 1, .proofs = &proof, .n_proofs = 1};
    input.canaries = &report;
    judge_with(SYSMON, ONE, 1);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    proof.subject = acts[0].subject = IW_STR("E:\\Lohn\\");
    judge_with(SYSMON, ONE, 1);
    assert_int_equal(state(), IW_LINK_PROVED);
    report.n_outcomes = 2; /* and one in the other was not seen, whatever samples show there */
    judge_with(SYSMON, ONE, 1);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "web root D:\\Sites\\Shop: canary f002");
}

/* --- before there are verdicts ---------------------------------------------------------------- */

static void reach_is_that_of_the_root(void **state_)
{
    static const char *const ONE[] = {SHOP};
    static const struct {
        const char *file;
        bool is_seen;
    } CASES[] = {{"D:\\Sites\\Shop\\up\\a.aspx", true},
                 {"E:\\LOHN\\a.aspx", false},
                 {"C:\\elsewhere\\a.aspx", false},
                 {"", false}};
    struct iw_coverage_reach *reach = iw_coverage_reach_new(&input);
    (void)state_;
    assert_non_null(reach);
    serve_both();
    judge_with(SYSMON, ONE, 1);
    iw_coverage_reach_begin(reach, IW_STR("WEB01"));
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct iw_link_reach answer;
        assert_int_equal(iw_coverage_reach_ask(reach, IW_LINK_FILE_CREATED,
                                               iw_str_of(CASES[i].file), HOUR, 2 * HOUR, &answer),
                         IW_OK);
        assert_int_equal(answer.is_seen, CASES[i].is_seen);
    }
    iw_coverage_reach_free(reach);
}

/* More gaps than there is room for: roots that were not judged are said, and are not clear. */
static void more_roots_than_are_judged(void **state_)
{
    enum { N_JUMPS = IW_LIMIT_LINK_HOLES + 1 };
    static struct iw_record_gap jumps[N_JUMPS];
    static const char *const BOTH[] = {SHOP, PAY};
    (void)state_;
    serve_both();
    on_only(SYSMON);
    for (size_t i = 0; i < N_JUMPS; i++) {
        int64_t time_ns = HOUR + (int64_t)(2 * i) * SECOND / 10;
        jumps[i] = (struct iw_record_gap){2 * i + 1, 2 * i + 3, time_ns, time_ns + SECOND / 10};
    }
    fill_channels();
    see_files(SYSMON, BOTH, 2);
    channels[0].gaps = jumps;
    channels[0].n_gaps = N_JUMPS;
    judge_as_filled();
    assert_int_equal(record_of(0, "AN1108")->verdict, IW_VERDICT_BLIND);
    assert_int_equal(state(), IW_LINK_NOT_PROVED);
    assert_why(IW_LINK_FILE_CREATED, "1 more web root: there are too many gaps to judge each");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST(a_file_in_one_root_shows_nothing_of_another),
        HOST(one_root_by_each_source),
        HOST(roots_within_roots),
        HOST(settings_of_one_root),
        HOST(roots_of_the_history),
        HOST(roots_that_are_far),
        HOST(files_on_devices),
        HOST(a_page_that_nobody_told_of_contradicts),
        HOST(pages_that_contradict_nothing),
        HOST(a_page_that_the_server_deleted_makes_other_files_doubtful),
        HOST(a_page_of_the_outer_root_shows_what_is_told_of_the_inner_one),
        HOST(pages_that_were_deleted_and_make_nothing_doubtful),
        HOST(a_canary_is_of_its_root),
        HOST(reach_is_that_of_the_root),
        HOST(more_roots_than_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
