/*
 * The advice does what it says: applied to the settings a host has, the product's own reader says
 * that the link is logged, for every link, required or not; and what was logged before still is.
 *
 * Expectations come from Microsoft's description of Sysmon (exclude takes precedence over include;
 * an include logs nothing else), of auditpol and of audit entries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "coverage/coverage_verdict.h"
#include "event/channel.h"
#include "iis/hive/registry_facts.h"

#define HOUR (3600 * IW_NS_PER_SECOND)
#define N_PARTS 25U
#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define GROUP "<RuleGroup name=\"\" groupRelation=\"or\">\n"
#define AND_GROUP "<RuleGroup name=\"\" groupRelation=\"and\">\n"
#define END_GROUP "</RuleGroup>\n"
#define MOST_LINES 256U
/* What the audit rule of the advice is as text: everyone's success, for folders and files in it;
 * the rights it names ([MS-DTYP] 2.4.3). */
#define AUDITED "S:(AU;OICISA;0xd0106;;;WD)"

/* One filter a line, and nothing of the advice's own making. */
#define EXCLUDES                                                                                   \
    "<FileCreate onmatch=\"exclude\">\n"                                                           \
    "<TargetFilename condition=\"begin with\">C:\\inetpub\\</TargetFilename>\n"                    \
    "<TargetFilename condition=\"begin with\">D:\\Sites</TargetFilename>\n"                        \
    "<TargetFilename condition=\"end with\">.aspx</TargetFilename>\n"                              \
    "<TargetFilename condition=\"contains\">inetsrv</TargetFilename>\n"                            \
    "<Image condition=\"is\">C:\\Windows\\System32\\svchost.exe</Image>\n"                         \
    "<Image condition=\"is\">C:\\Program Files\\AV\\scan.exe</Image>\n"                            \
    "</FileCreate>\n"                                                                              \
    "<ProcessCreate onmatch=\"exclude\">\n"                                                        \
    "<ParentImage condition=\"image\">w3wp.exe</ParentImage>\n"                                    \
    "<Image condition=\"end with\">\\whoami.exe</Image>\n"                                         \
    "</ProcessCreate>\n"                                                                           \
    "<ImageLoad onmatch=\"exclude\">\n"                                                            \
    "<ImageLoaded condition=\"begin with\">C:\\Windows\\</ImageLoaded>\n"                          \
    "<Image condition=\"image\">w3wp.exe</Image>\n"                                                \
    "</ImageLoad>\n"

#define INCLUDES                                                                                   \
    "<FileCreate onmatch=\"include\">\n"                                                           \
    "<TargetFilename condition=\"end with\">.exe</TargetFilename>\n"                               \
    "</FileCreate>\n"                                                                              \
    "<ProcessCreate onmatch=\"include\">\n"                                                        \
    "<Image condition=\"image\">powershell.exe</Image>\n"                                          \
    "</ProcessCreate>\n"                                                                           \
    "<ImageLoad onmatch=\"include\">\n"                                                            \
    "<Image condition=\"image\">lsass.exe</Image>\n"                                               \
    "</ImageLoad>\n"

#define RULE(type, first, second)                                                                  \
    "<" type " onmatch=\"exclude\">\n<Rule groupRelation=\"and\">" first second "</Rule>\n"        \
    "<Rule groupRelation=\"and\"><Image condition=\"is\">C:\\x.exe</Image>"                        \
    "<Image condition=\"is\">C:\\y.exe</Image></Rule>\n</" type ">\n"

static const struct {
    const char *name, *filters;
    bool is_blind; /* of all links; else some are logged as it is */
} CONFIGS[] = {
    {"excluding", GROUP EXCLUDES END_GROUP GROUP INCLUDES END_GROUP, true},
    {"exclude-only", GROUP EXCLUDES END_GROUP, true},
    {"exclude-only, in no group", EXCLUDES, true},
    {"exclude-only, joined by and", AND_GROUP EXCLUDES END_GROUP, true},
    {"include-only", GROUP INCLUDES END_GROUP, true},
    {"include-only, joined by and", AND_GROUP INCLUDES END_GROUP, true},
    {"empty", "", false}, /* processes are logged without a filter */
    {"includes of nothing",
     GROUP "<FileCreate onmatch=\"include\"/>\n<ProcessCreate onmatch=\"include\"/>\n"
           "<ImageLoad onmatch=\"include\"/>\n" END_GROUP,
     true},
    {"rules",
     GROUP RULE("FileCreate", "<TargetFilename condition=\"begin with\">D:\\</TargetFilename>",
                "<Image condition=\"image\">w3wp.exe</Image>")
         RULE("ProcessCreate", "<ParentImage condition=\"image\">w3wp.exe</ParentImage>",
              "<Image condition=\"image\">cmd.exe</Image>")
             RULE("ImageLoad", "<Image condition=\"image\">w3wp.exe</Image>",
                  "<ImageLoaded condition=\"end with\">.dll</ImageLoaded>") END_GROUP,
     true},
    {"neither the one nor the other",
     GROUP "<FileCreate onmatch=\"maybe\"/>\n<ProcessCreate/>\n<ImageLoad/>\n" END_GROUP, true},
};

static struct iw_time_part parts[N_PARTS];
static struct iw_telemetry_channel channel;
static struct iw_telemetry telemetry = {.channels = &channel, .n_channels = 1};
static const struct iw_switch_list no_switches;
static struct iw_inventory_root roots[] = {
    {.path = IW_STR("D:\\Sites\\Shop"), .is_resolved = true},
    {.path = IW_STR("D:\\Sites\\O'Neil & S\xC3\xB6hne"), .is_resolved = true},
    {.path = IW_STR("C:\\inetpub\\wwwroot"), .is_resolved = true},
};
/* Files in a folder of before count as well. */
static struct iw_inventory_root former[] = {
    {.path = IW_STR("D:\\Sites\\Shop"), .is_resolved = true},
    {.path = IW_STR("F:\\Former"), .is_resolved = true},
};
static struct iw_inventory_version versions[] = {{.roots = former, .n_roots = COUNT(former)}};
static struct iw_inventory_server server = {.host = IW_STR("WEB01"),
                                            .source = IW_STR("applicationHost.config"),
                                            .known_by = IW_SERVER_BY_CONFIGURATION,
                                            .is_authoritative = true,
                                            .roots = roots,
                                            .n_roots = COUNT(roots),
                                            .versions = versions,
                                            .n_versions = COUNT(versions)};
static const struct iw_inventory inventory = {.servers = &server, .n_servers = 1};

/* --- settings as text, changed by advice ------------------------------------------------------ */

struct settings {
    const char *lines[MOST_LINES]; /* of Sysmon's configuration; NULL: removed */
    size_t line_bytes[MOST_LINES];
    size_t n_lines;
    struct iw_buffer pasted; /* elements, into <EventFiltering> */
    bool has_sysmon;
    bool audits_processes, audits_files, audits_logons, has_command_lines;
    unsigned audited; /* a bit for each of FOLDERS */
};

static const char *const FOLDERS[] = {"D:\\Sites\\Shop",
                                      "F:\\Former",
                                      "D:\\Sites\\O'Neil & S\xC3\xB6hne",
                                      "C:\\inetpub\\wwwroot",
                                      "C:\\Windows\\System32\\inetsrv\\config",
                                      ("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                                       "Temporary ASP.NET Files")};
#define ALL_FOLDERS 63U

static void settings_init(struct settings *settings, const char *filters)
{
    *settings = (struct settings){.has_sysmon = filters != NULL};
    iw_buffer_init(&settings->pasted);
    for (const char *at = filters; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1) {
        assert_true(settings->n_lines < MOST_LINES);
        settings->lines[settings->n_lines] = at;
        settings->line_bytes[settings->n_lines++] = (size_t)(strchr(at, '\n') - at);
    }
}

static void settings_done(struct settings *settings)
{
    iw_buffer_done(&settings->pasted);
}

/* The first line of the file is the one that begins it, so that filters begin in the second. */
static struct iw_proofs *read_settings(const struct settings *settings)
{
    static const struct iw_str SOURCES[] = {{"SOFTWARE", 8}};
    const struct iw_proof_place sysmon = {IW_STR("WEB01"), IW_STR("it's/sysmon.xml")};
    const struct iw_proof_place other = {IW_STR("WEB01"), IW_STR("settings.txt")};
    struct iw_registry_facts facts = {0};
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_buffer text;
    struct iw_error err;
    iw_buffer_init(&text);
    assert_non_null(proofs);
    iw_buffer_add(&text, IW_STR("<Sysmon schemaversion=\"4.90\"><EventFiltering>\n"));
    for (size_t i = 0; i < settings->n_lines; i++) {
        if (settings->lines[i] != NULL)
            iw_buffer_add(&text, (struct iw_str){settings->lines[i], settings->line_bytes[i]});
        iw_buffer_add_char(&text, '\n');
    }
    iw_buffer_add(&text, iw_buffer_str(&settings->pasted));
    iw_buffer_add(&text, IW_STR("</EventFiltering></Sysmon>\n"));
    if (settings->has_sysmon) {
        if (iw_proofs_add_file(proofs, IW_PROOF_SYSMON_CONFIG, iw_buffer_str(&text), &sysmon,
                               &err) != IW_OK)
            fail_msg("%s:\n%.*s", err.message, IW_STR_ARG(iw_buffer_str(&text)));
    } else {
        iw_buffer_clear(&text);
        iw_buffer_printf(&text,
                         "System audit policy\n  Process Creation  %s\n  File System  %s\n"
                         "  Logon  %s\n",
                         settings->audits_processes ? "Success" : "No Auditing",
                         settings->audits_files ? "Success" : "No Auditing",
                         settings->audits_logons ? "Success" : "No Auditing");
        assert_int_equal(
            iw_proofs_add_file(proofs, IW_PROOF_AUDIT_POLICY, iw_buffer_str(&text), &other, &err),
            IW_OK);
        iw_buffer_clear(&text);
        for (size_t i = 0; i < COUNT(FOLDERS); i++)
            iw_buffer_printf(&text, "%s\n%s\n", FOLDERS[i],
                             (settings->audited >> i & 1) != 0 ? AUDITED : "D:AIS:");
        assert_int_equal(
            iw_proofs_add_file(proofs, IW_PROOF_AUDIT_ENTRIES, iw_buffer_str(&text), &other, &err),
            IW_OK);
        facts.values[IW_REGISTRY_COMMAND_LINE_AUDIT] =
            (struct iw_registry_fact){.state = IW_FACT_KNOWN,
                                      .key = IW_STR("HKLM\\K"),
                                      .name = IW_STR("V"),
                                      .has_number = true,
                                      .number = settings->has_command_lines,
                                      .written_ns = IW_TIME_UNKNOWN};
        assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("WEB01"), &facts, SOURCES), IW_OK);
    }
    iw_buffer_done(&text);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    return proofs;
}

static void remove_line(struct settings *settings, struct iw_str after)
{
    unsigned long line = strtoul(after.p, NULL, 10);
    assert_true(line >= 2 && line - 2 < settings->n_lines);
    settings->lines[line - 2] = NULL;
}

/* Each path in quotes behind `foreach ($path in`. */
static void add_folders(struct settings *settings, struct iw_str line)
{
    size_t i = iw_str_find(line, IW_STR(" in '")) + 4;
    while (i < line.n && line.p[i] == '\'') {
        struct iw_buffer path;
        size_t known = 0;
        iw_buffer_init(&path);
        for (i++; line.p[i] != '\'' || line.p[i + 1] == '\''; i++) {
            iw_buffer_add_char(&path, line.p[i]);
            i += line.p[i] == '\'';
        }
        while (known < COUNT(FOLDERS) &&
               !iw_str_equal(iw_buffer_str(&path), iw_str_of(FOLDERS[known])))
            known++;
        if (known == COUNT(FOLDERS))
            fail_msg("%.*s", IW_STR_ARG(line));
        settings->audited |= 1U << known;
        iw_buffer_done(&path);
        i += line.p[i + 1] == ',' ? 3 : 1;
    }
}

static bool has(struct iw_str line, const char *what)
{
    return iw_str_find(line, iw_str_of(what)) != SIZE_MAX;
}

static void apply_line(struct settings *settings, struct iw_str line)
{
    static const char REMOVE[] = "# in 'it''s/sysmon.xml' remove line ";
    size_t n = sizeof REMOVE - 1;
    if (line.n > n && memcmp(line.p, REMOVE, n) == 0)
        remove_line(settings, (struct iw_str){line.p + n, line.n - n});
    else if (line.p[0] == '#' || has(line, "<!--"))
        return;
    else if (line.p[0] == '<' || line.p[0] == ' ')
        iw_buffer_printf(&settings->pasted, "%.*s\n", IW_STR_ARG(line));
    else if (has(line, "foreach ($path in '"))
        add_folders(settings, line);
    settings->audits_processes |= has(line, "/set /subcategory:'{0CCE922B");
    settings->audits_files |= has(line, "/set /subcategory:'{0CCE921D");
    settings->audits_logons |= has(line, "/set /subcategory:'{0CCE9215");
    settings->has_command_lines |=
        has(line, "ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 ");
}

static void apply(struct settings *settings, struct iw_str fix)
{
    while (fix.n != 0) {
        const char *end = memchr(fix.p, '\n', fix.n);
        size_t n = end != NULL ? (size_t)(end - fix.p) : fix.n;
        if (n != 0)
            apply_line(settings, (struct iw_str){fix.p, n});
        n += end != NULL;
        fix = (struct iw_str){fix.p + n, fix.n - n};
    }
}

/* --- judging --------------------------------------------------------------------------------- */

static void judge(const struct settings *settings, const char *log, struct iw_coverage *ret)
{
    struct iw_proofs *proofs = read_settings(settings);
    const struct iw_coverage_input input = {.telemetry = &telemetry,
                                            .switches = &no_switches,
                                            .inventory = &inventory,
                                            .proofs = proofs,
                                            .ask = iw_proofs_ask,
                                            .since_ns = IW_TIME_UNKNOWN,
                                            .until_ns = IW_TIME_UNKNOWN};
    for (size_t i = 0; i < N_PARTS; i++)
        parts[i] = (struct iw_time_part){(int64_t)i * HOUR, (int64_t)i * HOUR, 1};
    channel = (struct iw_telemetry_channel){.host = IW_STR("WEB01"),
                                            .channel = iw_str_of(log),
                                            .n_events = N_PARTS,
                                            .first_id = 1,
                                            .parts = parts,
                                            .n_parts = N_PARTS};
    iw_coverage_init(ret);
    assert_int_equal(iw_coverage_judge(&input, ret), IW_OK);
    iw_proofs_free(proofs);
}

static bool is_seen_in(enum iw_link link, const char *log)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (iw_link_witnesses[i].link == link && strcmp(iw_link_witnesses[i].channel, log) == 0)
            return true;
    }
    return false;
}

static const struct iw_coverage_link *link_of(const struct iw_coverage *coverage, size_t record,
                                              enum iw_link link)
{
    for (size_t i = 0; i < coverage->records[record].n_links; i++) {
        if (iw_str_equal(coverage->records[record].links[i].name, iw_str_of(iw_link_name(link))))
            return &coverage->records[record].links[i];
    }
    fail_msg("no link %s", iw_link_name(link));
    return NULL;
}

/* Each link that the log can show: judged, mended as it says, judged again. The number of
 * those that had to be mended. */
static size_t mend_each(const struct settings *settings, const char *name, const char *log,
                        void (*check)(const struct settings *before, const struct settings *after))
{
    size_t n = 0;
    for (size_t a = 0; a < IW_ANALYTIC_COUNT; a++) {
        for (size_t k = 0; k < iw_analytics[a].n_links; k++) {
            enum iw_link link = iw_analytics[a].links[k].link;
            const struct iw_coverage_link *was, *is;
            struct iw_coverage before, after;
            struct settings mended = *settings;
            if (!is_seen_in(link, log))
                continue;
            iw_buffer_init(&mended.pasted);
            judge(settings, log, &before);
            was = link_of(&before, a, link);
            n += was->state < IW_LINK_STATED;
            apply(&mended, was->fix);
            judge(&mended, log, &after);
            is = link_of(&after, a, link);
            if (is->state < IW_LINK_STATED) /* a file that was pasted is not yet a loaded one */
                fail_msg("%s: %s is %s: %.*s\nafter:\n%.*s", name, iw_link_name(link),
                         iw_link_state_name(is->state), IW_STR_ARG(is->why), IW_STR_ARG(was->fix));
            assert_int_equal(is->fix.n, 0);
            if (check != NULL)
                check(settings, &mended);
            iw_coverage_done(&before);
            iw_coverage_done(&after);
            settings_done(&mended);
        }
    }
    return n;
}

/* --- Sysmon ---------------------------------------------------------------------------------- */

static enum iw_proof_state ask(const struct settings *settings, enum iw_sense sense)
{
    const struct iw_sense_subject subject = {.path = IW_STR("E:\\elsewhere\\x.txt"),
                                             .image = IW_STR("C:\\other.exe"),
                                             .parent_image = IW_STR("C:\\Windows\\explorer.exe")};
    struct iw_proofs *proofs = read_settings(settings);
    struct iw_proof_answer answer;
    struct iw_arena arena;
    enum iw_proof_state state;
    iw_arena_init(&arena, 0);
    assert_int_equal(
        iw_proofs_ask(proofs, IW_STR("WEB01"), sense, &subject, IW_TIME_UNKNOWN, &arena, &answer),
        IW_OK);
    state = answer.state;
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
    return state;
}

/* What has nothing to do with web servers and was logged is logged still. */
static void nothing_is_narrowed(const struct settings *before, const struct settings *after)
{
    static const enum iw_sense SENSES[] = {IW_SENSE_SYSMON_FILE, IW_SENSE_SYSMON_PROCESS,
                                           IW_SENSE_SYSMON_LOAD};
    for (size_t i = 0; i < COUNT(SENSES); i++) {
        if (ask(before, SENSES[i]) == IW_PROOF_LOGGED)
            assert_int_equal(ask(after, SENSES[i]), IW_PROOF_LOGGED);
    }
}

static void sysmon_logs_what_was_pasted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CONFIGS); i++) {
        struct settings settings;
        size_t n;
        settings_init(&settings, CONFIGS[i].filters);
        n = mend_each(&settings, CONFIGS[i].name, IW_CHANNEL_SYSMON, nothing_is_narrowed);
        if (CONFIGS[i].is_blind ? n != 8 : n < 4 || n == 8) /* links that Sysmon can show */
            fail_msg("%s: %zu were blind", CONFIGS[i].name, n);
        settings_done(&settings);
    }
}

/* The case of docs/COVERAGE.md: the line is named, and no include is given that it would defeat. */
static void what_is_in_the_way_is_named(void **state)
{
    struct settings settings;
    struct iw_coverage coverage;
    struct iw_str fix;
    (void)state;
    settings_init(&settings,
                  GROUP "<FileCreate onmatch=\"exclude\">\n"
                        "<TargetFilename condition=\"begin with\">D:\\Sites</TargetFilename>\n"
                        "</FileCreate>\n" END_GROUP);
    judge(&settings, IW_CHANNEL_SYSMON, &coverage);
    fix = link_of(&coverage, 1, IW_LINK_FILE_CREATED)->fix;
    assert_true(has(fix, "# in 'it''s/sysmon.xml' remove line 4: "
                         "'FileCreate onmatch=\"exclude\": TargetFilename begin with "
                         "\"D:\\Sites\"'\n"));
    assert_false(has(fix, "<FileCreate"));
    iw_coverage_done(&coverage);
    settings_done(&settings);
}

/* Of two folders, each with lines of its own. */
static void add_exclusions(struct iw_buffer *text, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        iw_buffer_printf(text, "<TargetFilename condition=\"begin with\">%s\\%u</TargetFilename>\n",
                         i % 2 == 0 ? "C:\\inetpub\\wwwroot" : "D:\\Sites\\Shop", i);
}

/* More lines than are named: said, and those named are the first of the file. */
static void many_lines_are_cut(void **state)
{
    (void)state;
    for (unsigned n = IW_LIMIT_PROOF_MENDS; n <= IW_LIMIT_PROOF_MENDS + 1; n++) {
        struct iw_buffer text;
        struct settings settings;
        struct iw_coverage coverage;
        struct iw_str fix;
        char last[32];
        iw_buffer_init(&text);
        iw_buffer_add(&text, IW_STR("<FileCreate onmatch=\"exclude\">\n"));
        add_exclusions(&text, n);
        iw_buffer_printf(&text, "</FileCreate>\n%c", '\0');
        settings_init(&settings, text.p);
        judge(&settings, IW_CHANNEL_SYSMON, &coverage);
        fix = link_of(&coverage, 1, IW_LINK_FILE_CREATED)->fix;
        (void)snprintf(last, sizeof last, " remove line %u:", IW_LIMIT_PROOF_MENDS + 2);
        assert_true(has(fix, " remove line 3:"));
        assert_true(has(fix, last));
        (void)snprintf(last, sizeof last, " remove line %u:", IW_LIMIT_PROOF_MENDS + 3);
        assert_false(has(fix, last));
        assert_int_equal(has(fix, "and more lines"), n > IW_LIMIT_PROOF_MENDS);
        iw_coverage_done(&coverage);
        settings_done(&settings);
        iw_buffer_done(&text);
    }
}

/* A <Rule> with one filter less takes more: it goes as a whole. */
static void rules_go_as_a_whole(void **state)
{
    struct settings settings;
    struct iw_coverage coverage;
    (void)state;
    settings_init(&settings, RULE("ImageLoad", "<Image condition=\"image\">w3wp.exe</Image>",
                                  "<ImageLoaded condition=\"end with\">.dll</ImageLoaded>"));
    judge(&settings, IW_CHANNEL_SYSMON, &coverage);
    assert_true(has(link_of(&coverage, 0, IW_LINK_MODULE_LOAD)->fix,
                    " remove line 3: 'ImageLoad onmatch=\"exclude\": the whole "
                    "<Rule> of Image image \"w3wp.exe\"'"));
    iw_coverage_done(&coverage);
    settings_done(&settings);
}

/* --- Security -------------------------------------------------------------------------------- */

static void security_logs_what_was_switched_on(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 16; bits++) {
        struct settings settings;
        size_t n, off = 2; /* logons, of both analytics */
        settings_init(&settings, NULL);
        settings.audits_processes = (bits & 1) != 0;
        settings.audits_files = (bits & 2) != 0;
        settings.has_command_lines = (bits & 4) != 0;
        settings.audited = (bits & 8) != 0 ? ALL_FOLDERS : 0;
        n = mend_each(&settings, "Security", IW_CHANNEL_SECURITY, NULL);
        off += (bits & 5) != 5 ? 2 : 0;   /* processes, of both */
        off += (bits & 10) != 10 ? 3 : 0; /* files of web roots, the configuration, compiled */
        assert_int_equal(n, off);
        settings_done(&settings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sysmon_logs_what_was_pasted),
        cmocka_unit_test(what_is_in_the_way_is_named),
        cmocka_unit_test(many_lines_are_cut),
        cmocka_unit_test(rules_go_as_a_whole),
        cmocka_unit_test(security_logs_what_was_switched_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
