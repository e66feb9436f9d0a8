/*
 * What `coverage` does in place of verdicts, over an engine of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/coverage_other.h"
#include "cli/session.h"
#include "command_rig.h"
#include "fake_engine.h"
#include "tests/unit/output/sample_inventory.h"
#include "tests/unit/output/sample_run.h"

static char evidence[] = "x", *operand = evidence;

/* As the command would, with what it prints read back. */
static int run_other(struct iw_arguments arguments)
{
    int kept_out, kept_err, status;
    arguments.operands = (struct iw_word_list){.items = &operand, .n = 1};
    if (arguments.since_ns == 0)
        arguments.since_ns = IW_TIME_UNKNOWN;
    if (arguments.until_ns == 0)
        arguments.until_ns = IW_TIME_UNKNOWN;
    assert_true(iw_coverage_is_other(&arguments));
    kept_out = redirect(STDOUT_FILENO, "stdout");
    kept_err = redirect(STDERR_FILENO, "stderr");
    status = iw_coverage_other(&arguments);
    restore(STDOUT_FILENO, kept_out);
    restore(STDERR_FILENO, kept_err);
    read_back("stdout", said, sizeof said);
    read_back("stderr", complained, sizeof complained);
    return status;
}

static void nothing_else_is_asked(void **state)
{
    const struct iw_arguments arguments = {.format = IW_FORMAT_TABLE, .marker = "x"};
    (void)state;
    assert_false(iw_coverage_is_other(&arguments));
}

/* What would be passed over in silence is refused. */
static void a_marker_is_of_a_plan(void **state)
{
    struct iw_arguments arguments = {.marker = "iwc0123456"};
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    assert_int_equal(iw_coverage_check_format(&arguments, &err), IW_EUSAGE);
    arguments.canary = "manifest";
    assert_int_equal(iw_coverage_check_format(&arguments, &err), IW_EUSAGE);
    arguments.canary = NULL;
    arguments.canary_plan = "manifest";
    assert_int_equal(iw_coverage_check_format(&arguments, &err), IW_OK);
}

static void sysmon_for_the_servers(void **state)
{
    (void)state;
    fake_engine.fill = sample_inventory_fill;
    assert_int_equal(run_other((struct iw_arguments){.emit = 1}), 0);
    assert_said("<Sysmon schemaversion=\"4.90\">");
    assert_said("2 servers,");
    fake_engine.fill = sample_run_fill;
    assert_int_equal(run_other((struct iw_arguments){.emit = 1}), 2);
    fake_engine.rc = IW_EIO;
    assert_int_equal(run_other((struct iw_arguments){.emit = 1}), 70);
    assert_string_equal(said, "");
}

static void plan_in_two_forms(void **state)
{
    char plan[4000], first[4000];
    (void)state;
    fake_engine.fill = NULL;
    assert_int_equal(
        run_other((struct iw_arguments){.canary_plan = "manifest", .marker = "iwc0123456"}), 0);
    assert_memory_equal(said, "# Canaries iwc0123456.", 22);
    read_back("manifest", plan, sizeof plan);
    assert_memory_equal(plan, "{\"schema\":\"iiswarden.canary-plan/1\",\"marker\":\"iwc0123456\"",
                        57);
    /* Without a marker: another one each time. */
    assert_int_equal(run_other((struct iw_arguments){.canary_plan = "manifest"}), 0);
    read_back("manifest", first, sizeof first);
    assert_int_equal(run_other((struct iw_arguments){.canary_plan = "manifest"}), 0);
    read_back("manifest", plan, sizeof plan);
    assert_string_not_equal(first, plan);
}

static void canaries_are_looked_for(void **state)
{
    (void)state;
    write_file("manifest", "{}", 2);
    assert_int_equal(
        run_other((struct iw_arguments){.canary = "manifest", .format = IW_FORMAT_TABLE}), 0);
    assert_string_equal(fake_engine.canary, "manifest");
    assert_said("0 of 0 acts were seen.\n");
    /* Of nothing at all nothing was seen. */
    assert_int_equal(run_other((struct iw_arguments){.canary = "manifest", .fail_on_blind = true}),
                     4);
    assert_int_equal(run_other((struct iw_arguments){.canary = "absent"}), 64);
    /* The plan is never written over. */
    assert_int_equal(run_other((struct iw_arguments){.canary = "manifest", .output = "manifest"}),
                     64);
}

static void what_cannot_be(void **state)
{
    static const struct iw_arguments BAD[] = {
        {.emit = 1, .canary = "manifest"},
        {.emit = 1, .audit = true},
        {.emit = 1, .format = IW_FORMAT_TABLE},
        {.canary_plan = "manifest", .marker = "short"},
        {.canary_plan = "manifest", .marker = "UPPERCASE1"},
        {.canary_plan = "manifest", .output = "manifest"},
        {.canary = "manifest", .marker = "iwc0123456"},
        {.emit = 1, .marker = "iwc0123456"},
        {.emit = 1, .fail_on_blind = true},
        {.canary_plan = "manifest", .fail_on_blind = true},
        {.canary_plan = "manifest", .since_ns = 1},
        {.emit = 1, .until_ns = 1},
        {.emit = 1, .telemetry = {.items = &operand, .n = 1}},
        {.canary_plan = "absent/plan"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        int status = run_other(BAD[i]);
        if (status != (i + 1 < sizeof BAD / sizeof *BAD ? 64 : 70))
            fail_msg("%zu: %d, %s", i, status, complained);
    }
    assert_int_equal(fake_engine.n_calls, 0);
}

/* As the command would after its run. */
static void audit_in_each_form(void **state)
{
    static const struct {
        int format;
        const char *begin;
    } FORMS[] = {{IW_FORMAT_TABLE, "Is the server inventoried"},
                 {IW_FORMAT_NDJSON, "{\"schema\":\"iiswarden.audit/1\",\"host\":\"WEB01\""},
                 {IW_FORMAT_MARKDOWN, "# Audit of web servers\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        struct iw_arguments arguments = {
            .audit = true, .format = FORMS[i].format, .output = "out", .quiet = true};
        struct iw_session session;
        struct iw_error err = {.rc = IW_OK};
        enum iw_rc rc;
        arguments.operands = (struct iw_word_list){.items = &operand, .n = 1};
        assert_false(iw_coverage_is_other(&arguments));
        assert_int_equal(iw_coverage_check_format(&arguments, &err), IW_OK);
        assert_int_equal(iw_session_begin(&session, &arguments, &err), IW_OK);
        sample_inventory_fill(&session.run);
        assert_int_equal(iw_findings_settle(&session.run.findings, NULL), IW_OK);
        rc = iw_coverage_write_audit(&session, &err);
        assert_int_equal(iw_session_finish(&session, rc, &err, 0), 0);
        read_back("out", said, sizeof said);
        if (strstr(said, FORMS[i].begin) == NULL)
            fail_msg("%s", said);
        arguments.audit = false;
        assert_int_equal(iw_coverage_check_format(&arguments, &err),
                         FORMS[i].format == IW_FORMAT_MARKDOWN ? IW_EUSAGE : IW_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_else_is_asked), TEST(a_marker_is_of_a_plan),   TEST(sysmon_for_the_servers),
        TEST(plan_in_two_forms),     TEST(canaries_are_looked_for), TEST(what_cannot_be),
        TEST(audit_in_each_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
