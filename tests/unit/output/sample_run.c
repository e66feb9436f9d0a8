/*
 * Runs made by hand. The shell is the one of the reference evidence (host, time, user, pool,
 * command line, record as its ground truth says); the rest is invented.
 */
#include "sample_run.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct iw_str SHELL_WHY[] = {
    {"parent is the IIS worker w3wp.exe", 33},
    {"command line starts a shell", 27},
};
static const struct iw_str SHELL_ATTACK[] = {{"T1059.003", 9}};
static const struct iw_str SHELL_ANALYTIC[] = {{"AN1108", 6}};
static const struct iw_str SHELL_TRIAGE[] = {
    {"list files written under the web root before this", 49}};

static struct iw_evidence_item shell_evidence[2];
static struct iw_evidence_item list_evidence[4];
static struct iw_host_span hosts[2];
static struct iw_telemetry_channel channels[1];
static struct iw_telemetry_row rows[2];
static struct iw_field_fill fields[3];
static struct iw_record_gap gaps[1] = {
    {1047, 5875, SAMPLE_TIME_NS, SAMPLE_TIME_NS + 3600000000000LL}};
static struct iw_coverage_record coverage[2];
static struct iw_coverage_link links[3];
static struct iw_coverage_span spans[2];

static struct iw_finding findings[10];
static size_t n_findings;

struct iw_finding *sample_finding(size_t i)
{
    return &findings[i];
}

void sample_run_put(struct iw_run *run, size_t n)
{
    iw_findings_done(&run->findings);
    for (size_t i = 0; i < n && i < n_findings; i++) {
        if (iw_findings_put(&run->findings, &findings[i], NULL) != IW_OK)
            abort();
    }
    if (iw_findings_settle(&run->findings, NULL) != IW_OK)
        abort();
}

struct iw_finding *sample_run_add(enum iw_finding_kind kind)
{
    if (n_findings == COUNT(findings))
        abort();
    findings[n_findings] = (struct iw_finding){.kind = kind};
    return &findings[n_findings++];
}

static struct iw_finding *add(enum iw_level level, const char *title, int64_t time_ns)
{
    struct iw_finding *finding = sample_run_add(IW_FINDING_RULE);
    finding->level = level;
    finding->title = iw_str_of(title);
    finding->rule_title = finding->title;
    finding->host = IW_STR("IEWIN7");
    finding->first_time_ns = finding->last_time_ns = time_ns;
    finding->subject_type = IW_STR("process");
    return finding;
}

static void add_shell(void)
{
    struct iw_finding *finding =
        add(IW_LEVEL_HIGH, "Web server process starts a shell", SAMPLE_TIME_NS);
    shell_evidence[0] = (struct iw_evidence_item){
        .role = IW_STR("match"),
        .time_ns = SAMPLE_TIME_NS,
        .channel = IW_STR("Microsoft-Windows-Sysmon/Operational"),
        .event_id = 1,
        .record_id = 1044,
        .source = IW_STR("web/shell.evtx"),
        .offset = 4608,
        .fields_json = IW_STR("{\"ProcessId\":\"2404\"}"),
    };
    shell_evidence[1] = shell_evidence[0];
    shell_evidence[1].role = IW_STR("copy");
    shell_evidence[1].source = IW_STR("web/copy.evtx");
    shell_evidence[1].host = IW_STR("COLLECTOR");
    finding->score = 70;
    finding->is_partial = true;
    finding->rule_id = IW_STR("11111111-2222-3333-4444-555555555555");
    finding->attack = (struct iw_text_list){SHELL_ATTACK, COUNT(SHELL_ATTACK)};
    finding->analytic = (struct iw_text_list){SHELL_ANALYTIC, COUNT(SHELL_ANALYTIC)};
    finding->why = (struct iw_text_list){SHELL_WHY, COUNT(SHELL_WHY)};
    finding->triage = (struct iw_text_list){SHELL_TRIAGE, COUNT(SHELL_TRIAGE)};
    finding->subject_name = IW_STR("C:\\Windows\\System32\\cmd.exe");
    finding->user = IW_STR("IIS APPPOOL\\DefaultAppPool");
    finding->pool = IW_STR("DefaultAppPool");
    finding->detail = IW_STR("\"c:\\windows\\system32\\cmd.exe\" /c net user");
    finding->evidence = shell_evidence;
    finding->n_evidence = 2;
    finding->event_json = IW_STR("{\"EventID\":1,\"EventRecordID\":1044}");
}

static void add_lists(void)
{
    static const char *const WHAT[] = {"appcmd.exe list vdir", "appcmd.exe list apppool",
                                       "appcmd.exe list site", "appcmd.exe list wp"};
    for (size_t i = 0; i < COUNT(WHAT); i++) {
        int64_t time_ns = SAMPLE_TIME_NS + (int64_t)(i + 1) * 1000000000LL;
        struct iw_finding *finding =
            add(IW_LEVEL_MEDIUM, "Web server configuration listed by its worker", time_ns);
        list_evidence[i] = (struct iw_evidence_item){
            .role = IW_STR("match"),
            .time_ns = time_ns,
            .source = IW_STR("web/list.evtx"),
            .record_id = 5876 + i,
        };
        finding->rule_id = IW_STR("rule-list");
        finding->user =
            i == 3 ? IW_STR("NT AUTHORITY\\SYSTEM") : IW_STR("IIS APPPOOL\\DefaultAppPool");
        finding->detail = iw_str_of(WHAT[i]);
        finding->evidence = &list_evidence[i];
        finding->n_evidence = 1;
    }
}

static void add_sources(struct iw_run *run)
{
    struct iw_source source = {.path = IW_STR("web/damaged.evtx"),
                               .kind = IW_STR("evtx"),
                               .windows_path =
                                   IW_STR("C:\\Windows\\System32\\winevt\\Logs\\a.evtx"),
                               .size_bytes = 69632,
                               .state = IW_SOURCE_READ};
    (void)iw_ledger_add(&run->ledger, &source);
    run->ledger.sources[0].account.n_records = 40;
    run->ledger.sources[0].account.n_decoded = 30;
    run->ledger.sources[0].account.read_bytes = 69632;
    iw_account_damage(&run->ledger.sources[0].account, IW_DAMAGE_CHUNK, 65536, 1);
    source = (struct iw_source){.path = IW_STR("web/locked.evtx"),
                                .kind = IW_STR("evtx"),
                                .state = IW_SOURCE_LOST,
                                .reason = IW_STR("cannot be opened: Permission denied")};
    (void)iw_ledger_add(&run->ledger, &source);
    source = (struct iw_source){.path = IW_STR("web/notes.txt"),
                                .kind = IW_STR("unknown"),
                                .state = IW_SOURCE_SKIPPED,
                                .reason = IW_STR("unknown type")};
    (void)iw_ledger_add(&run->ledger, &source);
    source = (struct iw_source){.path = IW_STR("web/shell.evtx"),
                                .kind = IW_STR("evtx"),
                                .size_bytes = 69632,
                                .state = IW_SOURCE_READ};
    (void)iw_ledger_add(&run->ledger, &source);
    run->ledger.sources[3].account.n_records = 4;
    run->ledger.sources[3].account.n_decoded = 4;
    run->ledger.sources[3].account.read_bytes = 69632;
}

static void add_rules(struct iw_run *run)
{
    struct iw_rule_entry entry = {.state = IW_RULE_LOADED,
                                  .is_builtin = true,
                                  .file = IW_STR("builtin:shell.yml"),
                                  .id = IW_STR("11111111-2222-3333-4444-555555555555"),
                                  .title = IW_STR("Web server process starts a shell"),
                                  .n_matches = 2};
    (void)iw_rule_account_add(&run->rules, &entry);
    entry = (struct iw_rule_entry){.state = IW_RULE_NOT_APPLICABLE,
                                   .file = IW_STR("rules/linux.yml"),
                                   .line = 1,
                                   .reason = IW_STR("product linux")};
    (void)iw_rule_account_add(&run->rules, &entry);
    for (uint32_t i = 0; i < 12; i++) {
        entry = (struct iw_rule_entry){.state = IW_RULE_REFUSED,
                                       .file = IW_STR("rules/odd.yml"),
                                       .line = 10 + i,
                                       .reason = IW_STR("unknown modifier `windash`")};
        (void)iw_rule_account_add(&run->rules, &entry);
    }
}

static void add_telemetry(struct iw_run *run)
{
    fields[0] = (struct iw_field_fill){IW_STR("CommandLine"), 43, 43};
    fields[1] = (struct iw_field_fill){IW_STR("Company"), 43, 0};
    fields[2] = (struct iw_field_fill){IW_STR("ParentUser"), 43, 42};
    rows[0] = (struct iw_telemetry_row){.host = IW_STR("IEWIN7"),
                                        .channel = IW_STR("Microsoft-Windows-Sysmon/Operational"),
                                        .provider = IW_STR("Microsoft-Windows-Sysmon"),
                                        .event_id = 1,
                                        .n_events = 43,
                                        .n_decoded = 43,
                                        .first_ns = SAMPLE_TIME_NS,
                                        .last_ns = SAMPLE_TIME_NS + 86400000000000LL,
                                        .fields = fields,
                                        .n_fields = COUNT(fields)};
    rows[1] = rows[0];
    rows[1].event_id = 10;
    rows[1].n_events = 1;
    rows[1].n_decoded = 0;
    rows[1].last_ns = rows[1].first_ns;
    rows[1].fields = NULL;
    rows[1].n_fields = 0;
    channels[0] = (struct iw_telemetry_channel){
        .host = IW_STR("IEWIN7"),
        .channel = IW_STR("Microsoft-Windows-Sysmon/Operational"),
        .n_events = 44,
        .first_id = 1044,
        .last_id = 5914,
        .n_missing_ids = 4827,
        .gaps = gaps,
        .n_gaps = COUNT(gaps),
        .first_ns = SAMPLE_TIME_NS,
        .last_ns = SAMPLE_TIME_NS + 86400000000000LL,
    };
    run->telemetry.rows = rows;
    run->telemetry.n_rows = COUNT(rows);
    run->telemetry.channels = channels;
    run->telemetry.n_channels = COUNT(channels);
}

/* IEWIN7: the page could not be seen in the first hour; WEB02: nothing of it could. */
static void add_coverage(struct iw_run *run)
{
    static const struct iw_str IDS[] = {{"f-0123456789abcdef", 18}};
    static const struct iw_str WHY[] = {{"file_created: records 1048 to 5874 are missing", 46}};
    static const struct iw_str BEYOND[] = {{"what a page does in memory", 26}};
    static const struct iw_str NOTES[] = {{"the clock was set", 17}};
    links[0] = (struct iw_coverage_link){IW_STR("file_created"),
                                         IW_LINK_GAP,
                                         true,
                                         IW_STR("Sysmon 11"),
                                         IW_STR("records 1048 to 5874 are missing"),
                                         IW_STR("auditpol /set")};
    links[1] = (struct iw_coverage_link){IW_STR("process_created"), IW_LINK_PROVED,    true,
                                         IW_STR("Sysmon 1"),        IW_STR("43 seen"), IW_STR("")};
    links[2] = (struct iw_coverage_link){IW_STR("request"), IW_LINK_ABSENT,   false,
                                         IW_STR(""),        IW_STR("no log"), IW_STR("")};
    spans[0] = (struct iw_coverage_span){
        SAMPLE_TIME_NS, SAMPLE_TIME_NS + 3600000000000LL, IW_VERDICT_BLIND, {WHY, COUNT(WHY)}};
    spans[1] = (struct iw_coverage_span){SAMPLE_TIME_NS + 3600000000000LL,
                                         SAMPLE_TIME_NS + 86400000000000LL,
                                         IW_VERDICT_CLEAR,
                                         {NULL, 0}};
    coverage[0] = (struct iw_coverage_record){
        .host = IW_STR("IEWIN7"),
        .analytic = IW_STR("AN1108"),
        .verdict = IW_VERDICT_BLIND,
        .is_partial = true,
        .findings = {IDS, COUNT(IDS)},
        .n_standing = {[IW_LEVEL_HIGH] = 1},
        .named = {{IW_LEVEL_HIGH, SAMPLE_TIME_NS, IW_STR("A page in a web root"), IW_STR("")}},
        .n_named = 1,
        .links = links,
        .n_links = COUNT(links),
        .spans = spans,
        .n_spans = COUNT(spans),
        .beyond = {BEYOND, COUNT(BEYOND)},
        .notes = {NOTES, COUNT(NOTES)}};
    coverage[1] = (struct iw_coverage_record){.host = IW_STR("WEB02"),
                                              .analytic = IW_STR("AN1108"),
                                              .verdict = IW_VERDICT_BLIND,
                                              .links = links,
                                              .n_links = COUNT(links),
                                              .beyond = {BEYOND, COUNT(BEYOND)}};
    run->coverage.records = coverage;
    run->coverage.n_records = COUNT(coverage);
}

void sample_run_init(struct iw_run *run)
{
    iw_run_init(run);
    sample_run_fill(run);
}

void sample_run_fill(struct iw_run *run)
{
    struct iw_finding *finding;
    n_findings = 0;
    add_shell();
    add_lists();
    finding = add(IW_LEVEL_INFORMATIONAL, "A worker starts", SAMPLE_TIME_NS + 9000000000LL);
    finding->host = IW_STR("WEB02");
    sample_run_put(run, SAMPLE_ALL);
    add_sources(run);
    add_rules(run);
    add_telemetry(run);
    add_coverage(run);
    hosts[0] = (struct iw_host_span){IW_STR("IEWIN7"), 43, SAMPLE_TIME_NS,
                                     SAMPLE_TIME_NS + 86400000000000LL};
    hosts[1] = (struct iw_host_span){IW_STR("WEB02"), 1, SAMPLE_TIME_NS, SAMPLE_TIME_NS};
    run->hosts = hosts;
    run->n_hosts = COUNT(hosts);
    (void)iw_run_note(run, "host %s by folder name", "WEB02");
    run->n_duplicate_events = 1;
    run->landlock = IW_CONFINEMENT_UNAVAILABLE;
    run->seccomp = IW_CONFINEMENT_ON;
    (void)snprintf(run->confinement_why, sizeof run->confinement_why, "the kernel lacks Landlock");
    run->elapsed_ns = 500000000;
    run->peak_memory_bytes = 12300000;
}

/* ESC and BEL, C1 CSI, right-to-left override, zero-width space, bad UTF-8, NUL, a JSON breaker. */
static const char ATTACK[] = "\033[2J\033]0;owned\007 \xC2\x9B"
                             "31m \xE2\x80\xAE"
                             "exe.cmd \xE2\x80\x8B \xFF\xC3( \0 \"}]\r\n\t\x7F 日本語 e\xCC\x81";

void hostile_run_init(struct iw_run *run)
{
    static struct iw_str list_items[2];
    static char command_line[100000];
    static struct iw_evidence_item item;
    struct iw_str attack = {ATTACK, sizeof ATTACK - 1};
    struct iw_source source = {.path = attack,
                               .kind = IW_STR("evtx"),
                               .state = IW_SOURCE_LOST,
                               .reason = attack,
                               .windows_path = attack,
                               .host_hint = attack};
    struct iw_rule_entry entry = {
        .state = IW_RULE_REFUSED, .file = attack, .id = attack, .title = attack, .reason = attack};
    struct iw_finding *finding;

    iw_run_init(run);
    n_findings = 0;
    finding = add(IW_LEVEL_CRITICAL, "", IW_TIME_UNKNOWN);
    for (size_t i = 0; i < sizeof command_line; i++)
        command_line[i] = ATTACK[i % (sizeof ATTACK - 1)];
    list_items[0] = list_items[1] = attack;
    finding->title = finding->rule_id = finding->rule_title = finding->host = attack;
    finding->subject_name = finding->user = finding->pool = attack;
    finding->detail = (struct iw_str){command_line, sizeof command_line};
    finding->why = finding->blind = finding->triage = finding->attack = finding->analytic =
        (struct iw_text_list){list_items, COUNT(list_items)};
    item = (struct iw_evidence_item){.role = IW_STR("match"),
                                     .time_ns = IW_TIME_UNKNOWN,
                                     .channel = attack,
                                     .source = attack,
                                     .host = attack};
    finding->evidence = &item;
    finding->n_evidence = 1;
    sample_run_put(run, SAMPLE_ALL);
    (void)iw_ledger_add(&run->ledger, &source);
    (void)iw_rule_account_add(&run->rules, &entry);
    hosts[0] = (struct iw_host_span){attack, 1, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN};
    run->hosts = hosts;
    run->n_hosts = 1;
    (void)iw_run_note(run, "%s", ATTACK);
    fields[0] = (struct iw_field_fill){attack, 1, 1};
    rows[0] = (struct iw_telemetry_row){.host = attack,
                                        .channel = attack,
                                        .provider = attack,
                                        .n_events = 1,
                                        .n_decoded = 1,
                                        .first_ns = IW_TIME_UNKNOWN,
                                        .last_ns = IW_TIME_UNKNOWN,
                                        .fields = fields,
                                        .n_fields = 1};
    channels[0] = (struct iw_telemetry_channel){.host = attack,
                                                .channel = attack,
                                                .n_events = 1,
                                                .first_ns = IW_TIME_UNKNOWN,
                                                .last_ns = IW_TIME_UNKNOWN};
    run->telemetry.rows = rows;
    run->telemetry.n_rows = 1;
    run->telemetry.channels = channels;
    run->telemetry.n_channels = 1;
    links[0] = (struct iw_coverage_link){attack, IW_LINK_NOT_PROVED, true, attack, attack, attack};
    spans[0] = (struct iw_coverage_span){0, 1, IW_VERDICT_BLIND, finding->why};
    spans[1] = (struct iw_coverage_span){1, 2, IW_VERDICT_CLEAR, {NULL, 0}};
    for (size_t i = 0; i < COUNT(coverage); i++)
        coverage[i] = (struct iw_coverage_record){.host = attack,
                                                  .analytic = IW_STR("AN1108"),
                                                  .verdict = IW_VERDICT_BLIND,
                                                  .is_partial = i == 0,
                                                  .findings = finding->why,
                                                  .n_standing = {[IW_LEVEL_LOW] = 1},
                                                  .named = {{IW_LEVEL_LOW, 0, attack, attack}},
                                                  .n_named = 1,
                                                  .links = links,
                                                  .n_links = 1,
                                                  .spans = spans,
                                                  .n_spans = 2 - i,
                                                  .beyond = finding->why,
                                                  .notes = finding->why};
    run->coverage.records = coverage;
    run->coverage.n_records = COUNT(coverage);
    run->coverage.notes = finding->why;
}

void empty_run_init(struct iw_run *run)
{
    iw_run_init(run);
    n_findings = 0;
}

void sample_run_done(struct iw_run *run)
{
    iw_run_done(run);
}

/* Length of one of our own colour sequences at *at*, or 0. */
static size_t color_length(struct iw_str text, size_t at)
{
    size_t end = at + 2;
    if (at + 3 >= text.n || text.p[at] != '\033' || text.p[at + 1] != '[')
        return 0;
    while (end < text.n && (text.p[end] == ';' || (text.p[end] >= '0' && text.p[end] <= '9')))
        end++;
    return end < text.n && text.p[end] == 'm' ? end + 1 - at : 0;
}

bool text_is_unsafe(struct iw_str text, bool allow_color)
{
    size_t at = 0;
    if (!iw_utf8_valid(text))
        return true;
    while (at < text.n) {
        size_t skip = allow_color ? color_length(text, at) : 0;
        uint32_t code_point;
        if (skip != 0) {
            at += skip;
            continue;
        }
        code_point = iw_utf8_next(text, &at);
        if (code_point != '\n' && iw_code_point_is_unsafe(code_point))
            return true;
    }
    return false;
}
