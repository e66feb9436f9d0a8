/*
 * The table of coverage over records made by hand: each gap once, each advice once, hosts of which
 * the same is true together, names that do not fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_forms.h"
#include "output/display.h"
#include "output/output.h"

#define HOUR (INT64_C(3600) * IW_NS_PER_SECOND)
#define AT(hour) ((hour)*HOUR)
#define LINK(name_, state_, why_, fix_)                                                            \
    {                                                                                              \
        .name = IW_STR(name_), .state = (state_), .is_required = true, .why = IW_STR(why_),        \
        .fix = IW_STR(fix_)                                                                        \
    }

static struct iw_run run;
static struct iw_coverage_record records[3];
static struct iw_coverage_link links[3];
static struct iw_buffer out;
static const struct iw_style plain = {false, 0}, colour = {true, 60};

static int setup(void **state)
{
    (void)state;
    iw_run_init(&run);
    iw_buffer_init(&out);
    memset(records, 0, sizeof records);
    memset(links, 0, sizeof links);
    run.coverage.records = records;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    run.coverage.records = NULL;
    run.coverage.n_records = 0;
    run.coverage.notes = (struct iw_text_list){NULL, 0};
    iw_run_done(&run);
    iw_buffer_done(&out);
    return 0;
}

static void write_table(void)
{
    iw_buffer_clear(&out);
    iw_output_coverage_table(&run, &plain, &out);
    assert_false(out.failed);
}

static size_t count(const char *text)
{
    struct iw_str rest = iw_buffer_str(&out);
    size_t n = 0, at;
    for (; (at = iw_str_find(rest, iw_str_of(text))) != SIZE_MAX; n++)
        rest = (struct iw_str){rest.p + at + 1, rest.n - at - 1};
    return n;
}

static void shows(const char *text)
{
    if (count(text) == 0)
        fail_msg("not shown: %s\nin:\n%.*s", text, IW_STR_ARG(iw_buffer_str(&out)));
}

/* A record of two links with a gap each. */
static void fill_gaps(const struct iw_coverage_span *spans, size_t n)
{
    links[0] = (struct iw_coverage_link)LINK("registration", IW_LINK_GAP, "x", "");
    links[1] = (struct iw_coverage_link)LINK("module_load", IW_LINK_GAP, "x", "");
    records[0] = (struct iw_coverage_record){.host = IW_STR("WEB01"),
                                             .analytic = IW_STR("AN0184"),
                                             .verdict = IW_VERDICT_BLIND,
                                             .links = links,
                                             .n_links = 2,
                                             .spans = spans,
                                             .n_spans = n};
    run.coverage.n_records = 1;
}

/* Three spans, because a second gap begins and ends within the first: two lines, with their time.
 */
static void a_gap_is_one_line(void **state)
{
    static const struct iw_str OUTER[] = {IW_STR("registration: Sysmon was stopped"),
                                          IW_STR("module_load: Sysmon was stopped")};
    static const struct iw_str INNER[] = {IW_STR("registration: Sysmon was stopped"),
                                          IW_STR("registration: record 7 is missing"),
                                          IW_STR("module_load: Sysmon was stopped")};
    static const struct iw_coverage_span SPANS[] = {
        {AT(0), AT(1), IW_VERDICT_CLEAR, {NULL, 0}},
        {AT(1), AT(2), IW_VERDICT_BLIND, {OUTER, 2}},
        {AT(2), AT(3), IW_VERDICT_BLIND, {INNER, 3}},
        {AT(3), AT(4), IW_VERDICT_BLIND, {OUTER, 2}},
        {AT(4), AT(5), IW_VERDICT_CLEAR, {NULL, 0}},
        {AT(5), AT(6), IW_VERDICT_BLIND, {OUTER, 2}},
        {AT(6), AT(7) + 1, IW_VERDICT_CLEAR, {NULL, 0}}};
    (void)state;
    fill_gaps(SPANS, 7);
    write_table();
    shows("\nWEB01 AN0184 blind within 1970-01-01 00:00:00 to 1970-01-01 07:00:00\n"
          "    1970-01-01 01:00:00 to 1970-01-01 04:00:00  registration, module_load: Sysmon was "
          "stopped\n"
          "    1970-01-01 02:00:00 to 1970-01-01 03:00:00  registration: record 7 is missing\n"
          "    1970-01-01 05:00:00 to 1970-01-01 06:00:00  registration, module_load: Sysmon was "
          "stopped\n\n");
}

/* A detected span within a gap does not cut it; a gap that is all detected is none. */
static void what_was_detected_is_not_blind(void **state)
{
    static const struct iw_str GAP = IW_STR("registration: Sysmon was stopped");
    static const struct iw_str OTHER = IW_STR("registration: record 7 is missing");
    static const struct iw_coverage_span SPANS[] = {
        {AT(0), AT(1), IW_VERDICT_BLIND, {&GAP, 1}},
        {AT(1), AT(2), IW_VERDICT_DETECTED, {&GAP, 1}},
        {AT(2), AT(3), IW_VERDICT_BLIND, {&GAP, 1}},
        {AT(3), AT(4), IW_VERDICT_DETECTED, {&OTHER, 1}}};
    (void)state;
    fill_gaps(SPANS, 4);
    records[0].verdict = IW_VERDICT_DETECTED;
    write_table();
    shows(" detected, and blind in part within 1970-01-01 00:00:00 to 1970-01-01 03:59:59\n"
          "    1970-01-01 00:00:00 to 1970-01-01 03:00:00  registration: Sysmon was stopped\n\n");
}

static void a_cleared_log_is_told_once(void **state)
{
    static const struct iw_str WHY[] = {
        IW_STR("registration: the log of Sysmon begins at T"),
        IW_STR("registration: the log of Sysmon was cleared at U (1102)"),
        IW_STR("registration: the Security log begins at T"),
        IW_STR("module_load: the log of Sysmon begins at T")};
    static const struct iw_coverage_span SPANS[] = {{AT(0), AT(1), IW_VERDICT_BLIND, {WHY, 4}},
                                                    {AT(1), AT(2), IW_VERDICT_CLEAR, {NULL, 0}}};
    (void)state;
    fill_gaps(SPANS, 2);
    write_table();
    assert_int_equal(count("registration: the log of Sysmon was cleared at U (1102)\n"), 1);
    assert_int_equal(count("registration: the log of Sysmon begins"), 0);
    assert_int_equal(count("registration: the Security log begins at T\n"), 1); /* another log */
    /* Another link: nothing says that clearing took it. */
    assert_int_equal(count("module_load: the log of Sysmon begins at T\n"), 1);
}

/* Two hosts and two links that lack the same, and one host that lacks it with a time. */
static void fill_fleet(void)
{
    links[0] = (struct iw_coverage_link)LINK("registration", IW_LINK_ABSENT, "no events", "do A");
    links[1] = (struct iw_coverage_link)LINK("module_load", IW_LINK_ABSENT, "no events", "do A");
    links[2] = (struct iw_coverage_link)LINK("configuration", IW_LINK_ABSENT, "no file", "do B");
    records[0] = (struct iw_coverage_record){.host = IW_STR("WEB01"),
                                             .analytic = IW_STR("AN0184"),
                                             .verdict = IW_VERDICT_BLIND,
                                             .links = links,
                                             .n_links = 3};
    records[1] = records[2] = records[0];
    records[1].host = IW_STR("WEB02");
    records[2].host = IW_STR("win-dc-mhaag-attack-range-01");
    records[2].n_links = 1;
    run.coverage.n_records = 3;
}

static void what_is_the_same_is_told_once(void **state)
{
    (void)state;
    fill_fleet();
    write_table();
    shows("\nAN0184 blind throughout on 2 hosts\n"
          "    registration, module_load: no events\n"
          "    configuration: no file\n"
          "    WEB01: nothing of it has a time\n"
          "    WEB02: nothing of it has a time\n"
          "\nwin-dc-mhaag-attack-range-01 AN0184 blind: nothing of it has a time\n"
          "    registration: no events\n"
          "\nTo see registration, module_load on WEB01, WEB02, win-dc-mhaag-attack-range-01:\n"
          "    do A\n"
          "To see configuration on WEB01, WEB02:\n"
          "    do B\n");
}

/* Ways to the same are told apart: one that is the same for two links is told once. */
static void other_ways_are_told_once(void **state)
{
    (void)state;
    fill_fleet();
    links[0].fix = IW_STR("do A\n" IW_COVERAGE_OR "\n# remark\ndo B\n# or bring C");
    links[1].fix = IW_STR("do D\n" IW_COVERAGE_OR "\n# remark\ndo B");
    run.coverage.n_records = 1;
    records[0].n_links = 2;
    write_table();
    shows("\n\nTo see registration on WEB01:\n"
          "    do A\n"
          "Another way to see registration, module_load on WEB01:\n"
          "    # remark\n"
          "    do B\n"
          "Another way to see registration on WEB01:\n"
          "    # bring C\n"
          "To see module_load on WEB01:\n"
          "    do D\n");
}

/* A name of 28 columns in a cell of 18, and one that just fills it. */
static void names_do_not_touch(void **state)
{
    (void)state;
    fill_fleet();
    records[0].host = IW_STR("eighteen-columns-a");
    write_table();
    shows("\nwin-dc-mhaag-att… AN0184    blind     registration absent\n");
    shows("\neighteen-columns… AN0184    blind     registration absent, ");
}

static void names_of_analytics_are_explained(void **state)
{
    (void)state;
    fill_fleet();
    write_table();
    assert_int_equal(count("AN0184 IIS components, AN1108 web shells. Times are UTC.\nClear: "), 1);
}

/* Servers without a name: each with its configuration, and not one host. */
static void servers_without_a_name_are_apart(void **state)
{
    (void)state;
    fill_fleet();
    records[0].host = records[1].host = IW_STR("");
    records[1].server = IW_STR("old/applicationHost.config");
    write_table();
    shows("\n(host unknown)    AN0184    blind     registration absent, ");
    shows("\n(host unknown) of old/applicationHost.config\n"
          "                  AN0184    blind     registration absent, ");
    shows(
        "To see configuration on (host unknown), (host unknown) of old/applicationHost.config:\n");
}

/* Proved, but for something: a clear host whose table would else hide it. */
static void limits_of_a_proof_are_told(void **state)
{
    static const struct iw_coverage_span SPAN = {AT(0), AT(1), IW_VERDICT_CLEAR, {NULL, 0}};
    (void)state;
    links[0] = (struct iw_coverage_link)LINK("module_load", IW_LINK_PROVED, "3 seen", "");
    links[1] = (struct iw_coverage_link)LINK(
        "file_created", IW_LINK_PROVED,
        "3 seen (Sysmon 11 is logged only in part by a.xml: .ashx is left out)", "");
    records[0] = (struct iw_coverage_record){.host = IW_STR("WEB01"),
                                             .analytic = IW_STR("AN1108"),
                                             .verdict = IW_VERDICT_CLEAR,
                                             .links = links,
                                             .n_links = 1,
                                             .spans = &SPAN,
                                             .n_spans = 1};
    run.coverage.n_records = 1;
    write_table();
    assert_int_equal(count("3 seen"), 0);
    records[0].n_links = 2;
    write_table();
    shows("\nWEB01 AN1108 clear within 1970-01-01 00:00:00 to 1970-01-01 00:59:59\n"
          "    file_created proved: 3 seen (Sysmon 11 is logged only in part by a.xml: .ashx is "
          "left out)\n");
}

static void findings_are_named(void **state)
{
    static const struct iw_str IDS[] = {IW_STR("f-1"), IW_STR("f-2"), IW_STR("f-3")};
    (void)state;
    fill_fleet();
    run.coverage.n_records = 1;
    records[0].findings = (struct iw_text_list){IDS, 3};
    records[0].is_partial = true;
    records[0].named[0] =
        (struct iw_coverage_finding){IW_LEVEL_CRITICAL, AT(1), IW_STR("A shell\x1B[2J"),
                                     IW_STR("how it came is not\x1B[2J told")};
    records[0].named[1] =
        (struct iw_coverage_finding){IW_LEVEL_LOW, IW_TIME_UNKNOWN, IW_STR("A module"), IW_STR("")};
    records[0].n_named = 2;
    records[0].n_standing[IW_LEVEL_CRITICAL] = 1;
    records[0].n_standing[IW_LEVEL_LOW] = 2;
    write_table();
    shows("    3 findings, 1 of medium or above, the gravest:\n"
          "      critical      1970-01-01 01:00:00.000  A shell\\x1b[2J\n"
          "                    blind: how it came is not\\x1b[2J told\n"
          "      low           time unknown  A module\n");
    assert_int_equal(count("f-1"), 0);
}

/* Wherever a host is called clear, what stands on it is said in the same line. */
static void clear_is_never_said_alone_beside_findings(void **state)
{
    static const struct iw_coverage_span SPAN = {AT(0), AT(1), IW_VERDICT_CLEAR, {NULL, 0}};
    static const char *const NAMES[] = {"WEB01", "WEB02", "WEB03"};
    (void)state;
    links[0] = (struct iw_coverage_link)LINK("file_created", IW_LINK_PROVED, "3 seen", "");
    for (size_t i = 0; i < 3; i++)
        records[i] = (struct iw_coverage_record){.host = iw_str_of(NAMES[i]),
                                                 .analytic = IW_STR("AN1108"),
                                                 .verdict = IW_VERDICT_CLEAR,
                                                 .links = links,
                                                 .n_links = 1,
                                                 .spans = &SPAN,
                                                 .n_spans = 1};
    records[0].n_standing[IW_LEVEL_HIGH] = 2;
    records[0].n_standing[IW_LEVEL_MEDIUM] = 1;
    records[1].n_standing[IW_LEVEL_LOW] = 1;
    run.coverage.n_records = 3;
    write_table();
    shows("\nWEB01             AN1108    clear     but for 3 findings of medium or above; "
          "file_created proved\n");
    shows("\nWEB02             AN1108    clear     but for 1 finding below medium; file_created "
          "proved\n");
    shows("\nWEB03             AN1108    clear     file_created proved\n");
    shows("\nWEB01 AN1108 clear but for findings within 1970-01-01 00:00:00 to ");
    iw_buffer_clear(&out);
    assert_true(iw_coverage_short_line(&run.coverage, IW_ANALYTIC_WEB_SHELLS, &out));
    shows("AN1108 (web shells) clear but for findings on 2 hosts: WEB01 (3 findings of medium or "
          "above), WEB02 (1 finding below medium); clear on 1 host");
    iw_buffer_clear(&out);
    assert_true(iw_coverage_add_counts(&run.coverage, IW_ANALYTIC_WEB_SHELLS, &out));
    shows("AN1108 (web shells) clear but for findings on 2 hosts, clear on 1 host");
    records[2].n_unread_roots = 2;
    iw_buffer_clear(&out);
    assert_true(iw_coverage_add_counts(&run.coverage, IW_ANALYTIC_WEB_SHELLS, &out));
    shows("clear but for findings on 2 hosts, clear on 1 host (on 1 host but for web.config files "
          "of web roots that are not in evidence)");
    records[2].verdict = IW_VERDICT_DETECTED; /* these have a word of their own */
    records[2].n_standing[IW_LEVEL_HIGH] = 1;
    iw_buffer_clear(&out);
    assert_true(iw_coverage_short_line(&run.coverage, IW_ANALYTIC_WEB_SHELLS, &out));
    shows("AN1108 (web shells) detected on 1 host, clear but for findings on 2 hosts: WEB01 (");
    records[2].is_partial = true;
    iw_buffer_clear(&out);
    assert_true(iw_coverage_short_line(&run.coverage, IW_ANALYTIC_WEB_SHELLS, &out));
    shows("AN1108 (web shells) detected on 1 host (partial on 1), clear but for findings on 2 ");
    write_table();
    shows("\nWEB03             AN1108    detected  partial; file_created proved\n");
    shows("\nWEB03 AN1108 detected, partial within 1970-01-01 00:00:00 to ");
}

/* Six places are shown: those of the named, then of the nameless, each by its file. */
static void the_nameless_come_last_and_by_their_file(void **state)
{
    (void)state;
    links[0] = (struct iw_coverage_link)LINK("file_created", IW_LINK_ABSENT, "x", "");
    for (size_t i = 0; i < 3; i++)
        records[i] = (struct iw_coverage_record){.analytic = IW_STR("AN1108"),
                                                 .verdict = IW_VERDICT_BLIND,
                                                 .links = links,
                                                 .n_links = 1};
    records[0].server = IW_STR("old/applicationHost.config");
    records[2].host = IW_STR("WEB01");
    run.coverage.n_records = 3;
    iw_buffer_clear(&out);
    assert_true(iw_coverage_short_line(&run.coverage, IW_ANALYTIC_WEB_SHELLS, &out));
    shows("blind on 3 hosts: WEB01 (file_created), (host unknown) of old/applicationHost.config "
          "(file_created), (host unknown) (file_created)");
    records[0].server = records[2].host = (struct iw_str){NULL, 0};
}

static void write_form(size_t form)
{
    iw_output_coverage_table(&run, form == 0 ? &plain : &colour, &out);
}

static void failures_are_told(void **state)
{
    static const struct iw_str WHY = IW_STR("registration: Sysmon was stopped");
    static const struct iw_coverage_span SPANS[] = {{AT(0), AT(1), IW_VERDICT_BLIND, {&WHY, 1}},
                                                    {AT(1), AT(2), IW_VERDICT_CLEAR, {NULL, 0}}};
    (void)state;
    fill_fleet();
    records[2].spans = SPANS;
    records[2].n_spans = 2;
    every_form_survives_failures(2, write_form, &out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_gap_is_one_line),
        TEST(what_was_detected_is_not_blind),
        TEST(a_cleared_log_is_told_once),
        TEST(what_is_the_same_is_told_once),
        TEST(other_ways_are_told_once),
        TEST(names_do_not_touch),
        TEST(names_of_analytics_are_explained),
        TEST(servers_without_a_name_are_apart),
        TEST(limits_of_a_proof_are_told),
        TEST(findings_are_named),
        TEST(clear_is_never_said_alone_beside_findings),
        TEST(the_nameless_come_last_and_by_their_file),
        TEST(failures_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
