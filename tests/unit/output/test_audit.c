/*
 * The audit view: each answer from its evidence, never better than that; three forms, hostile text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "failing_forms.h"
#include "output/audit.h"
#include "sample_run.h"
#include "tests/support/skip_because.h"

#define HOUR (INT64_C(3600) * IW_NS_PER_SECOND)
#define LINK(name_, state_)                                                                        \
    {                                                                                              \
        .name = IW_STR(name_), .state = (state_), .source = IW_STR("Sysmon"), .why = IW_STR("why") \
    }

static struct iw_run run;
static struct iw_audit audit;
static struct iw_coverage_link component_links[5], shell_links[1];
static struct iw_coverage_span spans[2];
static const struct iw_coverage_span clear_span = {0, 3 * HOUR, IW_VERDICT_CLEAR, {NULL, 0}};
static struct iw_coverage_record records[2];
static struct iw_inventory_component components[2];
static struct iw_inventory_root root;
static struct iw_str pathways[2];
static struct iw_inventory_server server;

/* A host of which everything is known and good; each test takes something away. */
static void fill_good(void)
{
    static const struct iw_coverage_link COMPONENT[] = {
        LINK("configuration", IW_LINK_PROVED), LINK("registration", IW_LINK_PROVED),
        LINK("module_load", IW_LINK_PROVED), LINK("process_created", IW_LINK_PROVED),
        LINK("logon", IW_LINK_PROVED)};
    static const struct iw_coverage_link SHELL[] = {LINK("file_created", IW_LINK_PROVED)};
    memcpy(component_links, COMPONENT, sizeof COMPONENT);
    memcpy(shell_links, SHELL, sizeof SHELL);
    spans[0] = (struct iw_coverage_span){0, HOUR, IW_VERDICT_CLEAR, {NULL, 0}};
    spans[1] = (struct iw_coverage_span){HOUR, 3 * HOUR, IW_VERDICT_CLEAR, {NULL, 0}};
    records[0] = (struct iw_coverage_record){.host = IW_STR("WEB01"),
                                             .analytic = IW_STR("AN0184"),
                                             .links = component_links,
                                             .n_links = 5,
                                             .spans = spans,
                                             .n_spans = 2};
    records[1] = (struct iw_coverage_record){.host = IW_STR("web01"),
                                             .analytic = IW_STR("AN1108"),
                                             .links = shell_links,
                                             .n_links = 1,
                                             .spans = spans,
                                             .n_spans = 2};
    components[0].approval = IW_APPROVAL_BASELINE;
    components[1].approval = IW_APPROVAL_CATALOGUE;
    pathways[0] = IW_STR("webdav: on");
    pathways[1] = IW_STR("webdav: on");
    root = (struct iw_inventory_root){.path = IW_STR("C:\\inetpub\\wwwroot"),
                                      .pathways = {pathways, 2}};
    server = (struct iw_inventory_server){.host = IW_STR("WEB01"),
                                          .source = IW_STR("a.config"),
                                          .known_by = IW_SERVER_BY_ESTATE,
                                          .is_authoritative = true,
                                          .components = components,
                                          .n_components = 2,
                                          .roots = &root,
                                          .n_roots = 1};
    run.coverage.records = records;
    run.coverage.n_records = 2;
    run.inventory.servers = &server;
    run.inventory.n_servers = 1;
    run.baseline = IW_RUN_BASELINE_USED;
}

static void put(enum iw_change_status status)
{
    struct iw_finding finding = {.kind = IW_FINDING_COMPONENT,
                                 .title = IW_STR("A module"),
                                 .host = IW_STR("WEB01"),
                                 .user = IW_STR("CORP\\alice"),
                                 .subject_type = IW_STR("component"),
                                 .change = {.status = status}};
    assert_int_equal(iw_findings_put(&run.findings, &finding, NULL), IW_OK);
}

static int setup(void **state)
{
    (void)state;
    iw_run_init(&run);
    iw_audit_init(&audit);
    fill_good();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    run.coverage.records = NULL;
    run.coverage.n_records = 0;
    run.inventory.servers = NULL;
    run.inventory.n_servers = 0;
    iw_audit_done(&audit);
    iw_run_done(&run);
    return 0;
}

static void make(void)
{
    assert_int_equal(iw_findings_settle(&run.findings, NULL), IW_OK);
    assert_int_equal(iw_audit_make(&run, &audit, NULL), IW_OK);
    assert_int_equal(audit.n_hosts, 1);
}

static void is(enum iw_audit_question question, enum iw_audit_answer answer, const char *why)
{
    const struct iw_audit_reply *reply = &audit.hosts[0].replies[question];
    if (reply->answer != answer || iw_str_find(reply->why, iw_str_of(why)) == SIZE_MAX)
        fail_msg("%s: %s, %.*s", iw_audit_question_name(question),
                 iw_audit_answer_name(reply->answer), IW_STR_ARG(reply->why));
}

static bool has_evidence(enum iw_audit_question question, const char *line)
{
    struct iw_text_list lines = audit.hosts[0].replies[question].evidence;
    for (size_t i = 0; i < lines.n; i++) {
        if (iw_str_equal(lines.items[i], iw_str_of(line)))
            return true;
    }
    return false;
}

/* --- forms --- */

static struct iw_buffer out;
static const struct iw_style plain = {false, 0}, colour = {true, 50};

static void write_form(size_t form)
{
    if (form == 0)
        iw_output_audit_table(&audit, &plain, &out);
    else if (form == 1)
        iw_output_audit_markdown(&audit, &out);
    else if (form == 2)
        iw_output_audit_ndjson(&audit, &out);
    else
        iw_output_audit_table(&audit, &colour, &out);
}

static void says(size_t form, const char *text)
{
    iw_buffer_init(&out);
    write_form(form);
    if (iw_str_find(iw_buffer_str(&out), iw_str_of(text)) == SIZE_MAX)
        fail_msg("form %zu lacks: %s\n%.*s", form, text, IW_STR_ARG(iw_buffer_str(&out)));
    iw_buffer_done(&out);
}

/* --- answers --- */

static void all_is_well(void **state)
{
    (void)state;
    put(IW_CHANGE_EXPLAINED);
    make();
    for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++)
        is((enum iw_audit_question)question, IW_AUDIT_YES, "");
    assert_true(has_evidence(IW_AUDIT_INVENTORY,
                             "2 components: 2 approved, 0 not approved or no longer, 0 that "
                             "nothing vouches for"));
    assert_true(has_evidence(IW_AUDIT_CHANGES, "AN1108 file_created: proved, Sysmon; why"));
    assert_true(has_evidence(IW_AUDIT_ADMINISTRATION, "acted: CORP\\alice"));
    assert_true(has_evidence(IW_AUDIT_MONITORING, "AN0184: never blind in 3 h"));
    assert_int_equal(audit.n_answers[IW_AUDIT_PERSISTENCE][IW_AUDIT_YES], 1);
    is(IW_AUDIT_PERSISTENCE, IW_AUDIT_YES, "and nothing was found");
}

static void clear_beside_findings(void **state)
{
    (void)state;
    records[1].n_standing[IW_LEVEL_HIGH] = 3;
    make();
    is(IW_AUDIT_PERSISTENCE, IW_AUDIT_YES, "nothing complete was found; findings stand");
    assert_true(has_evidence(IW_AUDIT_PERSISTENCE, "AN0184: clear, no finding"));
    assert_true(
        has_evidence(IW_AUDIT_PERSISTENCE, "AN1108: clear but for 3 findings of medium or above"));
}

static void nothing_is_known(void **state)
{
    (void)state;
    run.coverage.n_records = 0;
    server.source = IW_STR("");
    server.known_by = IW_SERVER_BY_EVENTS;
    make();
    for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++)
        is((enum iw_audit_question)question, IW_AUDIT_NOT_PROVABLE, "");
}

static void part_of_it_is_missing(void **state)
{
    (void)state;
    components[0].approval = IW_APPROVAL_NOT_ASKED;
    component_links[1].state = IW_LINK_GAP;
    shell_links[0].state = IW_LINK_NOT_PROVED;
    records[0].verdict = IW_VERDICT_BLIND;
    spans[1].verdict = IW_VERDICT_BLIND;
    pathways[1] = IW_STR("unknown: ftp: no configuration");
    put(IW_CHANGE_UNVERIFIED);
    put(IW_CHANGE_EXPLAINED);
    make();
    is(IW_AUDIT_INVENTORY, IW_AUDIT_PARTLY, "nothing vouches for 1 component and");
    is(IW_AUDIT_CHANGES, IW_AUDIT_PARTLY, "not shown for: registration, file_created");
    is(IW_AUDIT_PERSISTENCE, IW_AUDIT_PARTLY, "one of two");
    is(IW_AUDIT_CHANGE_CONTROL, IW_AUDIT_PARTLY, "1 finding could not be verified");
    is(IW_AUDIT_ADMINISTRATION, IW_AUDIT_PARTLY, "not shown for: registration");
    is(IW_AUDIT_WRITE_PATHWAYS, IW_AUDIT_PARTLY, "known: 1 pathway, not known: 1 kind");
    is(IW_AUDIT_MONITORING, IW_AUDIT_PARTLY, "2 spans are blind");
    assert_true(has_evidence(IW_AUDIT_MONITORING, "AN0184: blind for 2 h of 3 h, in 1 span"));
    assert_true(has_evidence(IW_AUDIT_MONITORING, "registration (no verdict hangs on it): why"));
}

static void it_is_not_so(void **state)
{
    (void)state;
    components[1].approval = IW_APPROVAL_NONE;
    for (size_t i = 0; i < 3; i++)
        component_links[i].state = IW_LINK_ABSENT;
    shell_links[0].state = IW_LINK_ABSENT;
    records[0].verdict = records[1].verdict = IW_VERDICT_BLIND;
    spans[0].verdict = spans[1].verdict = IW_VERDICT_BLIND;
    put(IW_CHANGE_UNEXPLAINED);
    make();
    is(IW_AUDIT_INVENTORY, IW_AUDIT_NO, "not approved: 1 component and 0 web files");
    is(IW_AUDIT_CHANGES, IW_AUDIT_NO, "no source");
    is(IW_AUDIT_PERSISTENCE, IW_AUDIT_NO, "both");
    is(IW_AUDIT_CHANGE_CONTROL, IW_AUDIT_NO, "explains 1 finding");
    is(IW_AUDIT_MONITORING, IW_AUDIT_NO, "all the time");
}

/* Adjoining spans of one verdict are one stretch of time: they differ in why. */
static void blind_spans_are_stretches(void **state)
{
    (void)state;
    spans[0].verdict = spans[1].verdict = IW_VERDICT_BLIND;
    records[1].n_spans = 1;
    records[1].spans = &clear_span;
    make();
    is(IW_AUDIT_MONITORING, IW_AUDIT_PARTLY, "1 span is blind");
    assert_true(has_evidence(IW_AUDIT_MONITORING, "AN0184: blind for 3 h of 3 h, in 1 span"));
    assert_true(has_evidence(IW_AUDIT_MONITORING, "AN1108: never blind in 3 h"));
}

/* What another log makes up for was interrupted all the same. */
static void what_was_interrupted_is_not_continuous(void **state)
{
    static const struct iw_str CLEARED = IW_STR("the log Security was cleared at noon");
    (void)state;
    records[0].switched = records[1].switched = (struct iw_text_list){&CLEARED, 1};
    make();
    is(IW_AUDIT_MONITORING, IW_AUDIT_PARTLY,
       "no span is blind, but the log Security was cleared at noon");
    assert_true(has_evidence(IW_AUDIT_MONITORING, "the log Security was cleared at noon"));
    assert_int_equal(audit.hosts[0].replies[IW_AUDIT_MONITORING].evidence.n, 3); /* once */
}

static void a_gap_of_what_decides_nothing_counts(void **state)
{
    (void)state;
    component_links[4].state = IW_LINK_GAP;
    make();
    is(IW_AUDIT_MONITORING, IW_AUDIT_PARTLY, "no span is blind, but logon");
    assert_true(has_evidence(IW_AUDIT_MONITORING, "logon (no verdict hangs on it): why"));
}

/* Two servers without a name are two, and each has the findings that are made of its files. */
static void servers_without_a_name_are_apart(void **state)
{
    static struct iw_inventory_server two[2];
    static struct iw_evidence_item item = {.role = IW_STR("registered"),
                                           .source = IW_STR("b/web.config")};
    static struct iw_inventory_component other = {.config_source = IW_STR("b/web.config")};
    struct iw_finding finding = {.kind = IW_FINDING_COMPONENT,
                                 .title = IW_STR("A module"),
                                 .subject_type = IW_STR("component"),
                                 .change = {.status = IW_CHANGE_UNEXPLAINED},
                                 .evidence = &item,
                                 .n_evidence = 1};
    (void)state;
    two[0] = two[1] = server;
    two[0].host = two[1].host = IW_STR("");
    two[0].source = IW_STR("a/applicationHost.config");
    two[1].source = IW_STR("b/applicationHost.config");
    two[1].components = &other;
    two[1].n_components = 1;
    run.inventory.servers = two;
    run.inventory.n_servers = 2;
    records[0].host = records[1].host = IW_STR("");
    records[0].server = records[1].server = two[0].source;
    assert_int_equal(iw_findings_put(&run.findings, &finding, NULL), IW_OK);
    assert_int_equal(iw_findings_settle(&run.findings, NULL), IW_OK);
    assert_int_equal(iw_audit_make(&run, &audit, NULL), IW_OK);
    assert_int_equal(audit.n_hosts, 2);
    assert_true(iw_str_equal(audit.hosts[0].server, two[0].source));
    assert_true(iw_str_equal(audit.hosts[1].server, two[1].source));
    assert_int_equal(audit.hosts[0].replies[IW_AUDIT_CHANGE_CONTROL].answer, IW_AUDIT_NOT_PROVABLE);
    assert_int_equal(audit.hosts[1].replies[IW_AUDIT_CHANGE_CONTROL].answer, IW_AUDIT_NO);
    assert_int_equal(audit.hosts[0].replies[IW_AUDIT_MONITORING].answer, IW_AUDIT_YES);
    assert_int_equal(audit.hosts[1].replies[IW_AUDIT_MONITORING].answer, IW_AUDIT_NOT_PROVABLE);
    says(0, "\n(host unknown) of b/applicationHost.config\n");
    says(1, " of a/applicationHost.config\n");
    says(2, "{\"schema\":\"iiswarden.audit/1\",\"host\":null,"
            "\"server\":\"b/applicationHost.config\",\"question\":\"inventory\"");
}

/* Nothing is yes because nobody asked. */
static void silence_is_no_yes(void **state)
{
    (void)state;
    server.is_authoritative = false;
    server.why_not = IW_STR("it is shared");
    component_links[1].state = IW_LINK_NOT_PROVED;
    component_links[0].state = component_links[2].state = IW_LINK_NOT_PROVED;
    shell_links[0].state = IW_LINK_NOT_PROVED;
    component_links[3].state = component_links[4].state = IW_LINK_ABSENT;
    records[0].n_spans = 0;
    put(IW_CHANGE_NOT_CHECKED);
    make();
    is(IW_AUDIT_INVENTORY, IW_AUDIT_NOT_PROVABLE, "it is shared");
    is(IW_AUDIT_CHANGES, IW_AUDIT_NOT_PROVABLE, "nothing shows");
    is(IW_AUDIT_CHANGE_CONTROL, IW_AUDIT_NOT_PROVABLE, "no change records were given");
    is(IW_AUDIT_ADMINISTRATION, IW_AUDIT_NOT_PROVABLE, "nothing shows");
    is(IW_AUDIT_WRITE_PATHWAYS, IW_AUDIT_NOT_PROVABLE, "it is shared");
    is(IW_AUDIT_MONITORING, IW_AUDIT_NOT_PROVABLE, "no time");
}

/* The operator's word alone is no proof. */
static void what_is_stated_is_not_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++)
        component_links[i].state = IW_LINK_STATED;
    shell_links[0].state = IW_LINK_STATED;
    server.known_by = IW_SERVER_BY_CONFIGURATION;
    run.baseline = IW_RUN_BASELINE_REFUSED;
    make();
    is(IW_AUDIT_CHANGES, IW_AUDIT_PARTLY, "configuration");
    is(IW_AUDIT_ADMINISTRATION, IW_AUDIT_PARTLY, "registration");
    is(IW_AUDIT_INVENTORY, IW_AUDIT_NOT_PROVABLE, "the baseline was refused");
}

/* --- whole forms --- */

static void three_forms(void **state)
{
    (void)state;
    server.host = records[0].host = records[1].host = IW_STR("WEB\x1B[2J|*<b>");
    server.source = IW_STR("a\n# b\xE2\x80\xAE.config");
    make();
    says(0, "Are unauthorised changes monitored?\n  1 yes\n");
    says(0, "Monitoring: was it continuous over the time asked about?\n  1 yes\n\n"
            "AN0184 IIS components, AN1108 web shells.\n");
    says(1, "\nAN0184 IIS components, AN1108 web shells.\n");
    says(0, "\nWEB\\x1b[2J|*<b>\n  Is the server inventoried");
    says(0, "    yes: all of it is inventoried and approved\n"
            "    - configuration: a\\x0a# b\\u{202e}.config\n");
    says(1, "| Are unauthorised changes monitored? | 1 yes |\n");
    says(1, "\n## WEB\\\\x1B\\[2J\\|\\*&lt;b\\>\n");
    says(1, "* configuration: a\\\\x0A\\# b\\\\u\\{202E\\}.config\n");
    says(1, "**not provable from this evidence**: nothing was found that a change record could");
    says(2,
         "{\"schema\":\"iiswarden.audit/"
         "1\",\"host\":\"WEB\\u001b[2J|*<b>\",\"server\":null,\"question\":"
         "\"change-control\",\"executive\":false,\"asks\":\"Change control: does a change record "
         "explain what changed?\",\"answer\":\"not-provable\",\"why\":\"nothing was found that a "
         "change record could explain\",\"evidence\":[]}\n");
    for (size_t form = 0; form < 4; form++) {
        iw_buffer_init(&out);
        write_form(form);
        assert_false(text_is_unsafe(iw_buffer_str(&out), form == 3));
        iw_buffer_done(&out);
    }
}

static void no_server_at_all(void **state)
{
    (void)state;
    run.coverage.n_records = 0;
    run.inventory.n_servers = 0;
    assert_int_equal(iw_findings_settle(&run.findings, NULL), IW_OK);
    assert_int_equal(iw_audit_make(&run, &audit, NULL), IW_OK);
    assert_int_equal(audit.n_hosts, 0);
    says(0, "Are unauthorised changes monitored?\n  no server in evidence\n");
}

static void failures_are_told(void **state)
{
    (void)state;
    make();
    iw_buffer_init(&out);
    every_form_survives_failures(4, write_form, &out);
    iw_buffer_done(&out);
}

static void no_memory(void **state)
{
    (void)state;
    put(IW_CHANGE_UNEXPLAINED);
    assert_int_equal(iw_findings_settle(&run.findings, NULL), IW_OK);
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t n = 1;; n++) {
        enum iw_rc rc;
        iw_audit_done(&audit);
        iw_audit_init(&audit);
        iw_alloc_fail_at(n);
        rc = iw_audit_make(&run, &audit, NULL);
        if (iw_alloc_count() < n) {
            assert_int_equal(rc, IW_OK);
            break;
        }
        assert_int_equal(rc, IW_ENOMEM);
    }
    iw_alloc_fail_at(0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_is_well),
        TEST(clear_beside_findings),
        TEST(nothing_is_known),
        TEST(part_of_it_is_missing),
        TEST(it_is_not_so),
        TEST(silence_is_no_yes),
        TEST(what_is_stated_is_not_shown),
        TEST(blind_spans_are_stretches),
        TEST(what_was_interrupted_is_not_continuous),
        TEST(a_gap_of_what_decides_nothing_counts),
        TEST(servers_without_a_name_are_apart),
        TEST(three_forms),
        TEST(no_server_at_all),
        TEST(failures_are_told),
        TEST(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
