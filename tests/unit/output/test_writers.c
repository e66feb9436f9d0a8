/*
 * Every form of output over runs made by hand: contract, honesty, hostile text, no memory.
 */
#include <setjmp.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "output/finding_advice.h"
#include "output/output.h"
#include "failing_forms.h"
#include "sample_run.h"
#include "tests/support/skip_because.h"

static const struct iw_style PLAIN_80 = {false, 80};
static const struct iw_style COLOR_80 = {true, 80};
static const struct iw_style PLAIN_WIDE = {false, 0};

static struct iw_run run;
static struct iw_buffer out;

static int begin_sample(void **state)
{
    (void)state;
    sample_run_init(&run);
    iw_buffer_init(&out);
    return 0;
}

static int begin_hostile(void **state)
{
    (void)state;
    hostile_run_init(&run);
    iw_buffer_init(&out);
    return 0;
}

static int begin_empty(void **state)
{
    (void)state;
    empty_run_init(&run);
    iw_buffer_init(&out);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sample_run_done(&run);
    iw_buffer_done(&out);
    return 0;
}

static const char *shown(void)
{
    assert_false(out.failed);
    iw_buffer_add_char(&out, '\0');
    out.n--;
    return out.p;
}

static void assert_shows(const char *text)
{
    if (strstr(shown(), text) == NULL)
        fail_msg("not shown: %s\nin:\n%s", text, out.p);
}

static void assert_shows_not(const char *text)
{
    if (strstr(shown(), text) != NULL)
        fail_msg("shown: %s\nin:\n%s", text, out.p);
}

static void write_ndjson(enum iw_level min_level)
{
    enum iw_rc rc = iw_output_findings_ndjson(&run, min_level, &out, NULL);
    assert_true(rc == IW_OK || out.failed);
}

static void write_table(enum iw_level min_level, const struct iw_style *style)
{
    enum iw_rc rc = iw_output_findings_table(&run, min_level, style, &out, NULL);
    assert_true(rc == IW_OK || out.failed);
}

static void ndjson_keeps_the_contract(void **state)
{
    (void)state;
    write_ndjson(IW_LEVEL_HIGH);
    assert_string_equal(
        shown(),
        "{\"schema\":\"iiswarden.finding/1\",\"id\":\"f-dec9f5a8a2d27fea\",\"kind\":\"rule\","
        "\"title\":\"Web server process starts a shell\",\"level\":\"high\",\"score\":70,"
        "\"analytic\":[\"AN1108\"],\"partial\":true,\"attack\":[\"T1059.003\"],"
        "\"rule\":{\"id\":\"11111111-2222-3333-4444-555555555555\","
        "\"title\":\"Web server process starts a shell\"},\"host\":\"IEWIN7\","
        "\"first_time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"last_time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"subject\":{\"type\":\"process\",\"name\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"},"
        "\"change\":{\"status\":\"not-checked\",\"record\":null,\"why\":null},"
        "\"why\":[\"parent is the IIS worker w3wp.exe\",\"command line starts a shell\"],"
        "\"evidence\":[{\"role\":\"match\",\"time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"event_id\":1,\"record_id\":1044,"
        "\"source\":\"web/shell.evtx\",\"offset\":4608,\"line\":null,"
        "\"fields\":{\"ProcessId\":\"2404\"}},"
        "{\"role\":\"copy\",\"time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"event_id\":1,\"record_id\":1044,"
        "\"source\":\"web/copy.evtx\",\"offset\":4608,\"line\":null,"
        "\"fields\":{\"ProcessId\":\"2404\"},\"host\":\"COLLECTOR\"}],"
        "\"blind\":[],\"triage\":[\"list files written under the web root before this\"],"
        "\"event\":{\"EventID\":1,\"EventRecordID\":1044}}\n");
}

/* A finding of which nothing is known still has every key. */
static void ndjson_has_every_key_when_nothing_is_known(void **state)
{
    struct iw_finding *finding = sample_run_add(IW_FINDING_CHAIN);
    (void)state;
    finding->first_time_ns = finding->last_time_ns = IW_TIME_UNKNOWN;
    sample_run_put(&run, SAMPLE_ALL);
    write_ndjson(IW_LEVEL_INFORMATIONAL);
    assert_string_equal(
        shown(), "{\"schema\":\"iiswarden.finding/"
                 "1\",\"id\":\"f-1fef2db9ce468f46\",\"kind\":\"chain\",\"title\":\"\","
                 "\"level\":\"informational\",\"score\":0,\"analytic\":[],\"partial\":false,"
                 "\"attack\":[],\"rule\":null,\"host\":null,\"first_time\":null,\"last_time\":null,"
                 "\"subject\":{\"type\":null,\"name\":null},"
                 "\"change\":{\"status\":\"not-checked\",\"record\":null,\"why\":null},"
                 "\"why\":[],\"evidence\":[],\"blind\":[],\"triage\":[]}\n");
}

static void ndjson_honours_the_level(void **state)
{
    size_t n_lines = 0;
    (void)state;
    write_ndjson(IW_LEVEL_MEDIUM);
    for (const char *p = shown(); *p != '\0'; p++)
        n_lines += *p == '\n';
    assert_int_equal(n_lines, 5);
}

static void table_is_laid_out(void **state)
{
    (void)state;
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_string_equal(
        shown(),
        "IEWIN7   5 findings in 43 events, 2019-05-24 01:33:53 to 2019-05-25 01:33:53 UTC\n"
        "\n"
        "  high      2019-05-24 01:33:53.112  Web server process starts a shell\n"
        "                                     [T1059.003]\n"
        "            who   IIS APPPOOL\\DefaultAppPool\n"
        "            pool  DefaultAppPool\n"
        "            what  \"c:\\windows\\system32\\cmd.exe\" /c net user\n"
        "            why   parent is the IIS worker w3wp.exe\n"
        "                  command line starts a shell\n"
        "            from  web/shell.evtx, record 1044, and 1 copy\n"
        "            next  list files written under the web root before this\n"
        "\n"
        "  medium    2019-05-24 01:33:54.112  Web server configuration listed by its\n"
        "                                     worker, 4 events\n"
        "            who   IIS APPPOOL\\DefaultAppPool, and others\n"
        "            what  2019-05-24 01:33:54.112  appcmd.exe list vdir\n"
        "                  2019-05-24 01:33:55.112  appcmd.exe list apppool\n"
        "                  2019-05-24 01:33:56.112  appcmd.exe list site\n"
        "                  2019-05-24 01:33:57.112  appcmd.exe list wp\n"
        "            from  web/list.evtx, record 5876 (the first)\n"
        "\n"
        "5 findings on 1 host: 1 high, 4 medium.\n"
        "Below low and not shown: 1 informational (--min-level informational shows all).\n"
        "2 files were not read, or only in part:\n"
        "  web/damaged.evtx\n"
        "  web/locked.evtx\n");
}

static void table_says_that_nothing_was_found(void **state)
{
    (void)state;
    sample_run_put(&run, 0);
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_shows("No findings at or above low in 44 events of 2 hosts.\n"
                 "Whether these logs could have shown an attack is another question: ask\n"
                 "`iiswarden coverage`. In short:\n"
                 "AN1108 (web shells) blind on 2 hosts.\n");
    assert_shows("2 files were not read, or only in part:\n  web/damaged.evtx\n");
    assert_shows_not("clear");
}

static void table_says_that_nothing_was_read(void **state)
{
    (void)state;
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_string_equal(shown(), "No events were read, so nothing could be found.\n");
}

static void table_says_that_it_was_interrupted(void **state)
{
    (void)state;
    run.interrupted = true;
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_shows("Interrupted: only part of the evidence was looked at.\n5 findings");
}

static void results_found_no_room(void **state)
{
    (void)state;
    (void)iw_error_set(&run.failure, IW_EIO, "cannot be written: No space left on device");
    run.rules.entries[0].n_unkept = 1;
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_shows("No room for more results: this is only part of what there is.\n5 findings");
    iw_buffer_clear(&out);
    iw_output_account(&run, &PLAIN_80, &out);
    assert_memory_equal(shown(), "Stopped   no room for more results", 34);
    assert_shows("1 finding not kept: the temporary file took no more\n");
    iw_buffer_clear(&out);
    iw_output_manifest(&run, "x", &out);
    assert_shows("\n \"failure\": \"cannot be written: No space left on device\",\n");
    assert_shows("\"unkept\": 1\n");
}

static void table_puts_the_worst_host_first(void **state)
{
    const char *first, *second;
    (void)state;
    sample_finding(5)->level = IW_LEVEL_CRITICAL;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    first = strstr(shown(), "WEB02   1 finding");
    second = strstr(out.p, "IEWIN7   5 findings");
    assert_non_null(first);
    assert_non_null(second);
    assert_true(first < second);
}

/* The link comes before what stands beside it, whenever that was. */
static void from_is_what_the_finding_is_made_of(void **state)
{
    struct iw_evidence_item items[3] = {
        {.role = IW_STR("file"), .time_ns = SAMPLE_TIME_NS - 2, .source = IW_STR("tree/a.aspx")},
        {.role = IW_STR("logon"),
         .time_ns = SAMPLE_TIME_NS - 1,
         .source = IW_STR("logon.evtx"),
         .channel = IW_STR("Security"),
         .record_id = 7},
        {.role = IW_STR("process_created"),
         .time_ns = SAMPLE_TIME_NS,
         .source = IW_STR("shell.evtx"),
         .channel = IW_STR("Security"),
         .record_id = 8},
    };
    struct iw_finding *finding = sample_run_add(IW_FINDING_CHAIN);
    (void)state;
    finding->level = IW_LEVEL_CRITICAL;
    finding->host = IW_STR("WEB03");
    finding->title = IW_STR("A chain");
    finding->evidence = items;
    finding->n_evidence = 3;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_CRITICAL, &PLAIN_80);
    assert_shows("from  shell.evtx, record 8\n");
    finding->n_evidence = 1;
    sample_run_put(&run, SAMPLE_ALL);
    iw_buffer_clear(&out);
    write_table(IW_LEVEL_CRITICAL, &PLAIN_80);
    assert_shows("from  tree/a.aspx\n");
}

/* A log of requests knows whole seconds: no digits behind them are shown, and columns stay. */
static void seconds_are_shown_as_seconds(void **state)
{
    struct iw_evidence_item item = {.role = IW_STR("match"),
                                    .time_ns = SAMPLE_TIME_NS / IW_NS_PER_SECOND * IW_NS_PER_SECOND,
                                    .source = IW_STR("u_ex190524.log"),
                                    .channel = IW_STR("IIS/W3SVC"),
                                    .line = 7};
    struct iw_finding *finding = sample_run_add(IW_FINDING_RULE);
    (void)state;
    finding->level = IW_LEVEL_CRITICAL;
    finding->host = IW_STR("WEB03");
    finding->title = IW_STR("A request");
    finding->first_time_ns = finding->last_time_ns = item.time_ns;
    finding->evidence = &item;
    finding->n_evidence = 1;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_CRITICAL, &PLAIN_WIDE);
    assert_shows("critical  2019-05-24 01:33:53      A request\n");
    item.channel = IW_STR("Security"); /* which has the digits, also where they are zero */
    sample_run_put(&run, SAMPLE_ALL);
    iw_buffer_clear(&out);
    write_table(IW_LEVEL_CRITICAL, &PLAIN_WIDE);
    assert_shows("critical  2019-05-24 01:33:53.000  A request\n");
}

static void advise(const char *host, enum iw_level level, const char *title,
                   struct iw_text_list triage)
{
    struct iw_finding *finding = sample_run_add(IW_FINDING_RULE);
    finding->level = level;
    finding->host = iw_str_of(host);
    finding->title = finding->rule_id = iw_str_of(title);
    finding->first_time_ns = finding->last_time_ns = SAMPLE_TIME_NS;
    finding->triage = triage;
}

/* What a host was to do is said once, in the order of the table, and referred to; to another host
 * it is said again. */
static void advice_is_said_once(void **state)
{
    static struct iw_str lines[] = {
        {"keep the file, its hash and its signature before anything else", 62},
        {"look for its first request", 26},
        {"ask who deployed", 16}};
    (void)state;
    advise("WEB03", IW_LEVEL_HIGH, "later in the table", (struct iw_text_list){lines, 3});
    advise("WEB03", IW_LEVEL_CRITICAL, "first in the table", (struct iw_text_list){lines, 2});
    advise("WEB04", IW_LEVEL_CRITICAL, "another host", (struct iw_text_list){lines, 1});
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows(
        "first in the table\n"
        "            next  keep the file, its hash and its signature before anything else\n"
        "                  look for its first request\n\n");
    assert_shows("later in the table\n"
                 "            next  ask who deployed\n"
                 "                  as above: keep the file, its hash and its…; look for its first "
                 "request\n\n");
    assert_shows(
        "another host\n"
        "            next  keep the file, its hash and its signature before anything else\n\n");
}

static void say(struct iw_finding_advice *advice, struct iw_str line)
{
    const struct iw_text_list triage = {&line, 1};
    struct iw_buffer bytes, scratch;
    iw_buffer_init(&bytes);
    iw_buffer_init(&scratch);
    iw_finding_advice_pack(&triage, &bytes);
    iw_buffer_clear(&out);
    assert_int_equal(
        iw_finding_advice_write(advice, iw_buffer_str(&bytes), &PLAIN_WIDE, &scratch, &out), IW_OK);
    iw_buffer_done(&bytes);
    iw_buffer_done(&scratch);
}

static void advice_remembered_has_a_limit(void **state)
{
    struct iw_finding_advice advice;
    struct iw_buffer scratch;
    char line[16];
    (void)state;
    iw_finding_advice_init(&advice);
    iw_buffer_init(&scratch);
    for (unsigned i = 0; i <= IW_LIMIT_ADVICE_KEPT; i++) {
        (void)snprintf(line, sizeof line, "line %u", i);
        say(&advice, iw_str_of(line));
    }
    say(&advice, iw_str_of(line)); /* the one past the limit: said again */
    assert_shows_not("as above");
    (void)snprintf(line, sizeof line, "line %u", IW_LIMIT_ADVICE_KEPT - 1);
    say(&advice, iw_str_of(line));
    assert_shows("next  as above: line ");
    iw_finding_advice_forget(&advice);
    say(&advice, iw_str_of(line));
    assert_shows_not("as above");
    iw_buffer_clear(&out);
    assert_int_equal(iw_finding_advice_write(&advice, (struct iw_str){"\0\1\5ab", 5}, &PLAIN_WIDE,
                                             &scratch, &out),
                     IW_EIO);
    iw_buffer_done(&scratch);
    iw_finding_advice_done(&advice);
}

static void color_only_where_asked(void **state)
{
    (void)state;
    write_table(IW_LEVEL_LOW, &COLOR_80);
    assert_shows("\033[31mhigh    \033[0m");
    iw_buffer_clear(&out);
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_null(memchr(out.p, '\033', out.n));
}

static void account_tells_all(void **state)
{
    (void)state;
    iw_output_account(&run, &PLAIN_80, &out);
    assert_shows(
        "Read      2 files, 139.2 kB, 44 events (34 decoded: no rule asks for the others)\n");
    assert_shows("Lost      1 file could not be read\n"
                 "          web/locked.evtx: cannot be opened: Permission denied\n");
    assert_shows("Damage    1 block of 64 KiB that is neither a chunk nor empty:\n"
                 "          web/damaged.evtx, offset 65536\n");
    assert_shows("Skipped   1 file in which nothing is looked for\n"
                 "          web/notes.txt: unknown type\n");
    assert_shows("Hosts     IEWIN7  43 events, 2019-05-24 01:33:53 to 2019-05-25 01:33:53 UTC\n"
                 "          WEB02   1 event, 2019-05-24 01:33:53 UTC\n");
    assert_shows("Rules     1 loaded, 1 not applicable, 12 refused\n"
                 "          rules/odd.yml:10: unknown modifier `windash`\n");
    assert_shows("rules/odd.yml:19: ");
    assert_shows_not("rules/odd.yml:20: ");
    assert_shows("          and 2 more\n");
    assert_shows("Confined  seccomp on, Landlock not: the kernel lacks Landlock\n");
    assert_shows("Note      host WEB02 by folder name\n");
    assert_shows("Copies    1 matching event was a copy of another and told once\n");
    assert_shows("Took      500 ms, 12.3 MB of memory at most\n");
}

/* The rate of a run too short to have one is noise. */
static void account_has_rates_from_a_second_on(void **state)
{
    (void)state;
    run.elapsed_ns = 999999999;
    iw_output_account(&run, &PLAIN_80, &out);
    assert_shows_not("events/s");
    run.elapsed_ns = 1000000000;
    iw_output_account(&run, &PLAIN_80, &out);
    assert_shows("Took      1.0 s, 139.2 kB/s, 44 events/s, 12.3 MB of memory at most\n");
}

static void account_of_nothing_is_short(void **state)
{
    (void)state;
    run.landlock = run.seccomp = IW_CONFINEMENT_ON;
    iw_output_account(&run, &PLAIN_80, &out);
    assert_string_equal(shown(), "Read      0 files, 0 bytes, 0 events\nTook      0 ms\n");
}

static void account_says_that_it_is_partial(void **state)
{
    (void)state;
    run.interrupted = true;
    run.ledger.sources[3].state = IW_SOURCE_PENDING;
    iw_output_account(&run, &PLAIN_80, &out);
    assert_memory_equal(shown(), "Stopped   interrupted", 21);
    assert_shows("Unread    1 file not reached\n");
}

static void manifest_has_everything(void **state)
{
    (void)state;
    iw_output_manifest(&run, "iiswarden hunt web", &out);
    assert_memory_equal(shown(), "{\n \"schema\": \"iiswarden.manifest/1\",\n \"version\": \"", 49);
    assert_shows("\n \"command\": \"iiswarden hunt web\",\n");
    assert_shows(
        "\n \"findings\": {\n  \"critical\": 0,\n  \"high\": 1,\n  \"medium\": 4,\n  \"low\": 0,\n"
        "  \"informational\": 1\n },\n");
    assert_shows("   \"state\": \"lost\",\n");
    assert_shows(
        "   \"reason\": \"cannot be opened: Permission denied\",\n   \"is_loss\": true,\n");
    assert_shows("     \"count\": 1,\n     \"first_offset\": 65536,\n     \"is_loss\": true\n");
    assert_shows(
        "   \"windows_path\": \"C:\\\\Windows\\\\System32\\\\winevt\\\\Logs\\\\a.evtx\",\n");
    assert_shows("    \"file\": \"rules/odd.yml\",\n    \"line\": 21,\n");
    assert_shows("      \"name\": \"ParentUser\",\n      \"present\": 43,\n");
    assert_shows("\"landlock\": \"unavailable\"");
    assert_shows(" \"run\": {\n  \"elapsed_ms\": 500,\n  \"peak_memory_bytes\": 12300000,\n"
                 "  \"spilled_bytes\": 0\n }\n}\n");
}

/* Everything that measures this one execution stands behind everything else. */
static void manifest_is_repeatable_before_run(void **state)
{
    size_t n_first;
    char *first;
    (void)state;
    iw_output_manifest(&run, "x", &out);
    first = strstr(shown(), "\n \"run\": {");
    assert_non_null(first);
    n_first = (size_t)(first - out.p);
    first = malloc(n_first);
    assert_non_null(first);
    memcpy(first, out.p, n_first);
    run.elapsed_ns = 7;
    run.peak_memory_bytes = 0;
    iw_buffer_clear(&out);
    iw_output_manifest(&run, "x", &out);
    assert_true(out.n > n_first);
    assert_memory_equal(first, out.p, n_first);
    free(first);
}

static void profile_is_laid_out(void **state)
{
    (void)state;
    iw_output_profile_table(&run, &PLAIN_80, &out);
    assert_string_equal(
        shown(), "IEWIN7\n"
                 "  Microsoft-Windows-Sysmon/Operational\n"
                 "    44 events, 2019-05-24 01:33:53 to 2019-05-25 01:33:53, records 1044 to 5914\n"
                 "    4,827 record ids missing in 1 gap: 1048 to 5874\n"
                 "         1  43 events, 2019-05-24 01:33:53 to 2019-05-25 01:33:53\n"
                 "            always  CommandLine\n"
                 "            partly  ParentUser 97 %\n"
                 "            never   Company\n"
                 "        10  1 event (0 decoded), 2019-05-24 01:33:53\n"
                 "\n"
                 "Times are UTC. A field is filled when it holds more than nothing or `-`.\n");
}

static void profile_rounds_honestly(void **state)
{
    (void)state;
    run.telemetry.rows[0].n_decoded = run.telemetry.rows[0].n_events = 1000000;
    run.telemetry.rows[0].fields[0].n_filled = 999999;
    run.telemetry.rows[0].fields[2].n_filled = 1;
    iw_output_profile_table(&run, &PLAIN_80, &out);
    assert_shows("partly  CommandLine 99 %, ParentUser under 1 %\n");
}

static void profile_ndjson_has_a_line_a_record(void **state)
{
    (void)state;
    run.telemetry.n_rows = 1;
    iw_output_profile_ndjson(&run, &out);
    assert_string_equal(
        shown(),
        "{\"schema\":\"iiswarden.telemetry/1\",\"record\":\"channel\",\"host\":\"IEWIN7\","
        "\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"events\":44,"
        "\"first_time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"last_time\":\"2019-05-25T01:33:53.1120000Z\",\"first_record_id\":1044,"
        "\"last_record_id\":5914,\"missing_record_ids\":4827,\"gaps_complete\":true,"
        "\"gaps\":[{\"after\":1047,\"before\":5875,\"after_time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"before_time\":\"2019-05-24T02:33:53.1120000Z\"}]}\n"
        "{\"schema\":\"iiswarden.telemetry/1\",\"record\":\"event_id\",\"host\":\"IEWIN7\","
        "\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"event_id\":1,"
        "\"provider\":\"Microsoft-Windows-Sysmon\",\"events\":43,\"decoded\":43,"
        "\"first_time\":\"2019-05-24T01:33:53.1120000Z\","
        "\"last_time\":\"2019-05-25T01:33:53.1120000Z\",\"fields\":["
        "{\"name\":\"CommandLine\",\"present\":43,\"filled\":43},"
        "{\"name\":\"Company\",\"present\":43,\"filled\":0},"
        "{\"name\":\"ParentUser\",\"present\":43,\"filled\":42}],\"fields_hidden\":0}\n");
}

static void coverage_ndjson_keeps_the_contract(void **state)
{
    (void)state;
    run.coverage.n_records = 1;
    iw_output_coverage_ndjson(&run, &out);
    assert_string_equal(
        shown(),
        "{\"schema\":\"iiswarden.coverage/1\",\"host\":\"IEWIN7\",\"server\":null,"
        "\"analytic\":\"AN1108\",\"verdict\":\"blind\",\"partial\":true,\"findings\":[\"f-"
        "0123456789abcdef\"],\"standing\":{\"critical\":0,\"high\":1,\"medium\":0,\"low\":0},"
        "\"links\":["
        "{\"link\":\"file_created\",\"state\":\"gap\",\"required\":true,\"source\":\"Sysmon 11\","
        "\"why\":\"records 1048 to 5874 are missing\",\"fix\":\"auditpol /set\"},"
        "{\"link\":\"process_created\",\"state\":\"proved\",\"required\":true,"
        "\"source\":\"Sysmon 1\",\"why\":\"43 seen\",\"fix\":null},"
        "{\"link\":\"request\",\"state\":\"absent\",\"required\":false,\"source\":null,"
        "\"why\":\"no log\",\"fix\":null}],\"spans\":["
        "{\"from\":\"2019-05-24T01:33:53.1120000Z\",\"to\":\"2019-05-24T02:33:53.1120000Z\","
        "\"verdict\":\"blind\",\"why\":[\"file_created: records 1048 to 5874 are missing\"]},"
        "{\"from\":\"2019-05-24T02:33:53.1120000Z\",\"to\":\"2019-05-25T01:33:53.1120000Z\","
        "\"verdict\":\"clear\",\"why\":[]}],\"beyond\":[\"what a page does in memory\"],"
        "\"notes\":[\"the clock was set\"]}\n");
}

static void coverage_table_tells_when_and_why(void **state)
{
    (void)state;
    iw_output_coverage_table(&run, &PLAIN_80, &out);
    assert_shows(
        "HOST              ANALYTIC  VERDICT   REQUIRED LINKS\n"
        "IEWIN7            AN1108    blind     file_created gap, process_created proved\n");
    assert_shows("\nIEWIN7 AN1108 suspected, and blind within 2019-05-24 01:33:53 to "
                 "2019-05-25 01:33:53\n"
                 "    2019-05-24 01:33:53 to 2019-05-24 02:33:53  file_created: records 1048\n"
                 "      to 5874 are missing\n"
                 "    1 finding of medium or above:\n"
                 "      high          2019-05-24 01:33:53.112  A page in a web root\n");
    assert_shows("\nWEB02 AN1108 blind: nothing of it has a time\n"
                 "    file_created: records 1048 to 5874 are missing\n");
    assert_shows("\nTo see file_created on IEWIN7, WEB02:\n    auditpol /set\n");
    assert_shows("  AN1108 what a page does in memory\n");
    assert_shows("Note: IEWIN7: the clock was set\n");
}

static void coverage_of_nothing_says_so(void **state)
{
    (void)state;
    iw_output_coverage_table(&run, &PLAIN_80, &out);
    assert_string_equal(shown(), "No host was met: nothing can be said of anything.\n");
}

/* Findings that do not fit in memory are written the same. */
static void memory_does_not_show(void **state)
{
    struct iw_buffer first;
    (void)state;
    iw_buffer_init(&first);
    iw_spill_open(&run.spill);
    for (size_t budget_bytes = 0; budget_bytes < 3000; budget_bytes += 700) {
        iw_buffer_clear(&out);
        write_ndjson(IW_LEVEL_INFORMATIONAL);
        write_table(IW_LEVEL_INFORMATIONAL, &COLOR_80);
        write_table(IW_LEVEL_LOW, &PLAIN_WIDE);
        assert_false(out.failed);
        if (budget_bytes == 0) {
            iw_buffer_add(&first, iw_buffer_str(&out));
            assert_int_equal(iw_spill_bytes(&run.spill), 0);
        } else {
            assert_true(iw_spill_bytes(&run.spill) != 0);
        }
        assert_true(iw_str_equal(iw_buffer_str(&out), iw_buffer_str(&first)));
        run.findings.budget_bytes = budget_bytes;
        sample_run_put(&run, SAMPLE_ALL);
    }
    iw_buffer_done(&first);
}

/* No room to sort the table: the earliest findings, a word on it, and the reason. */
static void table_on_a_full_disk(void **state)
{
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    run.spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    if (run.spill.fd < 0)
        skip_because("no /dev/full here");
    run.findings.budget_bytes = 1250; /* for the shell and three of the lists */
    assert_int_equal(iw_output_findings_table(&run, IW_LEVEL_LOW, &PLAIN_80, &out, &err), IW_EIO);
    assert_non_null(strstr(err.message, "No space left on device"));
    assert_shows("Web server process starts a shell");
    assert_shows("No room in the temporary file: only the earliest are shown.\n");
    assert_shows("worker, 3 events\n");
}

static void write_form(size_t form)
{
    switch (form) {
    case 0:
        write_ndjson(IW_LEVEL_INFORMATIONAL);
        break;
    case 1:
        write_table(IW_LEVEL_INFORMATIONAL, &PLAIN_80);
        break;
    case 2:
        write_table(IW_LEVEL_INFORMATIONAL, &PLAIN_WIDE);
        break;
    case 3:
        write_table(IW_LEVEL_INFORMATIONAL, &COLOR_80);
        break;
    case 4:
        iw_output_account(&run, &COLOR_80, &out);
        break;
    case 5:
        iw_output_manifest(&run, "hunt", &out);
        break;
    case 6:
        iw_output_profile_table(&run, &COLOR_80, &out);
        break;
    case 8:
        iw_output_coverage_table(&run, &COLOR_80, &out);
        break;
    case 9:
        iw_output_coverage_ndjson(&run, &out);
        break;
    default:
        iw_output_profile_ndjson(&run, &out);
        break;
    }
}

#define N_FORMS 10U

static void hostile_text_is_made_harmless(void **state)
{
    (void)state;
    for (size_t form = 0; form < N_FORMS; form++) {
        iw_buffer_clear(&out);
        write_form(form);
        assert_false(out.failed);
        if (text_is_unsafe(iw_buffer_str(&out), form == 3 || form == 4 || form == 6 || form == 8))
            fail_msg("form %zu writes what a terminal obeys:\n%.*s", form, IW_STR_ARG(out));
    }
}

/* A command line of 100 kB takes a few lines of the terminal, and says how much is not shown. */
static void long_text_does_not_flood(void **state)
{
    (void)state;
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_true(out.n < 8000);
    assert_shows(" more characters; whole in NDJSON)\n");
}

/* Characters of three bytes, one before and one past the limit; never a half. */
static void long_what_is_cut_between_characters(void **state)
{
    static char text[3 * 2610];
    (void)state;
    for (size_t i = 0; i < sizeof text; i += 3)
        memcpy(text + i, "\xE6\x97\xA5", 3);
    sample_finding(0)->detail = (struct iw_str){text, 3 * 300};
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("what  \xE6\x97\xA5");
    assert_shows_not("more character");
    iw_buffer_clear(&out);
    sample_finding(0)->detail.n += 3;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("\xE6\x97\xA5… (1 more character; whole in NDJSON)\n");
    iw_buffer_clear(&out);
    sample_finding(0)->detail.n = sizeof text;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("\xE6\x97\xA5… (2,310 more characters; whole in NDJSON)\n");
    assert_false(text_is_unsafe(iw_buffer_str(&out), false));
    assert_shows_not("bytes more");
    iw_buffer_clear(&out);
    write_table(IW_LEVEL_HIGH, &PLAIN_80);
    assert_shows("NDJSON)\n"); /* wrapped, and cut once only */
    assert_shows_not("bytes more");
}

/* Of many reasons the weightiest are shown, in their order, and the sum. */
static void weighty_reasons_are_shown(void **state)
{
    static struct iw_str reasons[] = {
        {"+50 shell: it", 13}, {"+3 discovery: it", 16}, {"+2 a", 4},  {"+1 b", 4},
        {"+5 c", 4},           {"-20 usual: it", 13},    {"+10 d", 5}, {"+15 request: it", 15},
        {"= 66: medium", 12},  {"a remark", 8}};
    (void)state;
    sample_finding(0)->why = (struct iw_text_list){reasons, 10};
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("            why   +50 shell: it\n"
                 "                  +5 c\n"
                 "                  -20 usual: it\n"
                 "                  +10 d\n"
                 "                  +15 request: it\n"
                 "                  = 66: medium\n"
                 "                  and 4 more\n");
    iw_buffer_clear(&out);
    sample_finding(0)->why.n = 6;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("            why   +50 shell: it\n                  +3 discovery: it\n"
                 "                  +2 a\n                  +1 b\n                  +5 c\n"
                 "                  -20 usual: it\n            ");
    /* Reasons without points: the first. */
    iw_buffer_clear(&out);
    for (size_t i = 0; i < 10; i++)
        reasons[i] = (struct iw_str){&"abcdefghij"[i], 1};
    sample_finding(0)->why.n = 10;
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("                  f\n                  and 4 more\n");
}

/* Marks that take no column are characters all the same. */
static void marks_without_width_are_cut(void **state)
{
    static char text[2 * 1300];
    (void)state;
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "\xCC\x81", 2);
    sample_finding(0)->detail = (struct iw_str){text, sizeof text};
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_HIGH, &PLAIN_WIDE);
    assert_shows("… (1,000 more characters; whole in NDJSON)\n");
}

/* In a file, where no edge cuts, what is said again and again is cut as well. */
static void long_repeats_are_cut(void **state)
{
    static char text[301];
    (void)state;
    memset(text, 'a', sizeof text);
    sample_finding(1)->detail = (struct iw_str){text, sizeof text};
    sample_run_put(&run, SAMPLE_ALL);
    write_table(IW_LEVEL_LOW, &PLAIN_WIDE);
    assert_shows("aaaaa… (1 more character; whole in NDJSON)\n");
}

static void table_tells_of_former_records(void **state)
{
    (void)state;
    iw_account_damage(&run.ledger.sources[3].account, IW_DAMAGE_STALE, 4096, 76);
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_shows_not("former");
    iw_buffer_clear(&out);
    sample_run_put(&run, 0);
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_shows(
        "\n76 former records behind the live ones were not searched; --recover reads them.\n");
    iw_buffer_clear(&out);
    run.ledger.sources[3].account.damage[IW_DAMAGE_STALE].count = 1;
    write_table(IW_LEVEL_LOW, &PLAIN_80);
    assert_shows("\n1 former record behind the live ones was not searched; --recover reads it.\n");
}

/* Valid for a parser that is not ours. */
static void json_is_valid_for_jq(void **state)
{
    FILE *jq;
    (void)state;
    if (system("jq --version >jq-version.txt 2>&1") != 0)
        skip_because("jq is not installed");
    for (size_t form = 0; form < N_FORMS; form++) {
        if (form != 0 && form != 5 && form != 7 && form != 9)
            continue;
        iw_buffer_clear(&out);
        write_form(form);
        jq = popen("jq -e '.schema | startswith(\"iiswarden.\")' >jq-said.txt", "w");
        assert_non_null(jq);
        assert_int_equal(fwrite(out.p, 1, out.n, jq), out.n);
        assert_int_equal(pclose(jq), 0);
    }
    (void)remove("jq-version.txt");
    (void)remove("jq-said.txt");
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    every_form_survives_failures(N_FORMS, write_form, &out);
}

#define SAMPLE(test) cmocka_unit_test_setup_teardown(test, begin_sample, end)
#define HOSTILE(test)                                                                              \
    {                                                                                              \
        "hostile " #test, test, begin_hostile, end, NULL                                           \
    }
#define EMPTY(test)                                                                                \
    {                                                                                              \
        "empty " #test, test, begin_empty, end, NULL                                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE(ndjson_keeps_the_contract),
        EMPTY(ndjson_has_every_key_when_nothing_is_known),
        SAMPLE(ndjson_honours_the_level),
        SAMPLE(table_is_laid_out),
        SAMPLE(table_says_that_nothing_was_found),
        EMPTY(table_says_that_nothing_was_read),
        SAMPLE(table_says_that_it_was_interrupted),
        SAMPLE(results_found_no_room),
        SAMPLE(table_puts_the_worst_host_first),
        SAMPLE(from_is_what_the_finding_is_made_of),
        SAMPLE(seconds_are_shown_as_seconds),
        SAMPLE(advice_is_said_once),
        SAMPLE(advice_remembered_has_a_limit),
        SAMPLE(color_only_where_asked),
        SAMPLE(account_tells_all),
        SAMPLE(account_has_rates_from_a_second_on),
        EMPTY(account_of_nothing_is_short),
        SAMPLE(account_says_that_it_is_partial),
        SAMPLE(manifest_has_everything),
        SAMPLE(manifest_is_repeatable_before_run),
        SAMPLE(profile_is_laid_out),
        SAMPLE(profile_rounds_honestly),
        SAMPLE(profile_ndjson_has_a_line_a_record),
        SAMPLE(coverage_ndjson_keeps_the_contract),
        SAMPLE(coverage_table_tells_when_and_why),
        EMPTY(coverage_of_nothing_says_so),
        HOSTILE(hostile_text_is_made_harmless),
        HOSTILE(long_text_does_not_flood),
        SAMPLE(long_what_is_cut_between_characters),
        SAMPLE(weighty_reasons_are_shown),
        SAMPLE(marks_without_width_are_cut),
        SAMPLE(long_repeats_are_cut),
        SAMPLE(table_tells_of_former_records),
        SAMPLE(memory_does_not_show),
        SAMPLE(table_on_a_full_disk),
        SAMPLE(json_is_valid_for_jq),
        HOSTILE(json_is_valid_for_jq),
        SAMPLE(every_allocation_may_fail),
        HOSTILE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
