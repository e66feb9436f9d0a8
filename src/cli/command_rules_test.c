/*
 * `rules test`: rules against the events they must, and must not, match.
 */
#include "cli/options_rules.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "engine/rules.h"
#include "output/rules.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Rules"},
    {.kind = IW_OPTION_LIST,
     .letter = 'r',
     .name = "rules",
     .argument = "DIR",
     .help = "rules to test, a file or folder; may be repeated; default: of each folder PATH that "
             "has tests, its own, else the built-in ones",
     .member = IW_MEMBER(rules)},
    IW_OPTION_PLACEHOLDERS,
    {.kind = IW_OPTION_HEADING, .help = "Run"},
    {.kind = IW_OPTION_NUMBER,
     .letter = 'j',
     .name = "jobs",
     .argument = "N",
     .help = "threads that read evidence of tests; default: as many as processors",
     .member = IW_MEMBER(n_jobs),
     .min = 1,
     .max = IW_LIMIT_JOBS},
    {.kind = IW_OPTION_FLAG,
     .name = "no-confine",
     .help = "do not confine the process (Landlock, seccomp) before evidence is read",
     .member = IW_MEMBER(no_confine)},
    IW_OPTIONS_REPORT,
};

static int fail_status(const struct iw_rule_test_report *tests, const struct iw_run *run)
{
    if (run->interrupted)
        return IW_EXIT_INTERRUPTED;
    return tests->n_by_state[IW_RULE_TEST_FAILED] != 0 ||
                   tests->n_by_state[IW_RULE_TEST_BROKEN] != 0
               ? IW_EXIT_FINDINGS
               : IW_EXIT_NOTHING;
}

static enum iw_rc test_rules(const struct iw_report *report, const struct iw_arguments *arguments,
                             struct iw_buffer *text, int *ret_status, struct iw_error *err)
{
    const struct iw_rule_choice rules = {.paths = (const char *const *)arguments->rules.items,
                                         .n_paths = arguments->rules.n,
                                         .placeholders_path = arguments->placeholders};
    const struct iw_word_list *paths =
        arguments->operands.n != 0 ? &arguments->operands : &arguments->rules;
    struct iw_engine_options options = {.n_jobs = (unsigned)arguments->n_jobs,
                                        .confine = !arguments->no_confine,
                                        .cancelled = iw_signals_begin()};
    struct iw_rule_test_report tests;
    struct iw_run run;
    enum iw_rc rc;
    iw_run_init(&run);
    iw_rule_test_report_init(&tests);
    rc = iw_engine_rules_test(&options, &rules, (const char *const *)paths->items, paths->n, &run,
                              &tests, err);
    if (rc == IW_OK && report->format == IW_FORMAT_TABLE)
        iw_output_rule_tests_table(&tests, &report->style, text);
    else if (rc == IW_OK)
        iw_output_rule_tests_ndjson(&tests, text);
    if (iw_ledger_has_loss(&run.ledger))
        iw_cli_say("warning: evidence of tests was damaged or could not be read whole");
    *ret_status = fail_status(&tests, &run);
    iw_rule_test_report_done(&tests);
    iw_run_done(&run);
    return rc;
}

static int run_test(const struct iw_arguments *arguments)
{
    struct iw_report report;
    struct iw_buffer text;
    struct iw_error err = {.rc = IW_OK};
    int status = IW_EXIT_NOTHING;
    enum iw_rc rc = iw_session_check_paths("rules test", &arguments->operands, &err);
    if (rc == IW_OK)
        rc = iw_session_check_paths("--rules", &arguments->rules, &err);
    if (rc == IW_OK && arguments->operands.n == 0 && arguments->rules.n == 0)
        rc = iw_error_set(&err, IW_EUSAGE, "no tests given: name test files or folders of rules");
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    iw_buffer_init(&text);
    rc = iw_report_begin(&report, arguments, &arguments->operands, &err);
    if (rc == IW_OK)
        rc = test_rules(&report, arguments, &text, &status, &err);
    if (rc == IW_OK)
        rc = iw_report_write(&report, &text, &err);
    iw_buffer_done(&text);
    return iw_report_finish(&report, rc, &err, status);
}

const struct iw_command iw_command_rules_test = {
    .name = "rules test",
    .operands = "[PATH]...",
    .summary = "run the tests of rules",
    .description =
        "Runs rule tests, of rules and of correlations: of a folder those in its folder\n"
        "tests, with its rules; of a file its own, with --rules or the built-in rules.\n"
        "Exit status: 0 all passed or were skipped, 1 a test failed or cannot be run; 64\n"
        "wrong usage; 70 could not run.\n\n"
        "  iiswarden rules test my_rules/\n"
        "  iiswarden rules test --rules my_rules/one.yml my_rules/tests/one.yml",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_test,
};
