/*
 * `rules check`: what is wrong with rules, and what looks wrong.
 */
#include "cli/options_rules.h"
#include "cli/report.h"
#include "cli/session.h"
#include "engine/rules.h"
#include "output/rules.h"

static const char *const SEVERITY_CHOICES[] = {"note", "warning", "error", NULL};

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Checks"},
    {.kind = IW_OPTION_CHOICE,
     .name = "fail-on",
     .argument = "note|warning|error",
     .help = "problems from this severity on set the exit status to 1; default: error",
     .member = IW_MEMBER(fail_on),
     .choices = SEVERITY_CHOICES},
    {.kind = IW_OPTION_FLAG,
     .name = "list",
     .help = "list the checks instead",
     .member = IW_MEMBER(list_checks)},
    IW_OPTION_PLACEHOLDERS,
    IW_OPTIONS_REPORT,
};

static void list_checks(const struct iw_report *report, struct iw_buffer *text)
{
    size_t n;
    const struct iw_rule_check *checks = iw_engine_rule_checks(&n);
    if (report->format == IW_FORMAT_TABLE)
        iw_output_checks_table(checks, n, &report->style, text);
    else
        iw_output_checks_ndjson(checks, n, text);
}

static enum iw_rc check_rules(const struct iw_report *report, const struct iw_arguments *arguments,
                              struct iw_buffer *text, int *ret_status, struct iw_error *err)
{
    const struct iw_rule_choice choice = {.paths = (const char *const *)arguments->operands.items,
                                          .n_paths = arguments->operands.n,
                                          .no_builtin = true,
                                          .placeholders_path = arguments->placeholders};
    int fail_on = arguments->fail_on >= 0 ? arguments->fail_on : (int)IW_SEVERITY_ERROR;
    struct iw_rule_problems problems;
    struct iw_run run;
    enum iw_rc rc;
    iw_run_init(&run);
    iw_rule_problems_init(&problems);
    rc = iw_engine_rules_check(&choice, &run, &problems, err);
    if (rc == IW_OK && run.rules.n == 0)
        rc = iw_error_set(err, IW_EUSAGE, "no rule document found");
    if (rc == IW_OK && report->format == IW_FORMAT_TABLE)
        iw_output_problems_table(&run.rules, &problems, &report->style, text);
    else if (rc == IW_OK)
        iw_output_problems_ndjson(&run.rules, &problems, text);
    for (int severity = fail_on; severity < (int)IW_SEVERITY_COUNT; severity++) {
        if (problems.n_by_severity[severity] != 0)
            *ret_status = IW_EXIT_FINDINGS;
    }
    iw_rule_problems_done(&problems);
    iw_run_done(&run);
    return rc;
}

static int run_check(const struct iw_arguments *arguments)
{
    struct iw_report report;
    struct iw_buffer text;
    struct iw_error err = {.rc = IW_OK};
    int status = IW_EXIT_NOTHING;
    enum iw_rc rc = iw_session_check_paths("rules check", &arguments->operands, &err);
    if (rc == IW_OK && arguments->operands.n == 0 && !arguments->list_checks)
        rc = iw_error_set(&err, IW_EUSAGE, "no rules given: name files or folders");
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    iw_buffer_init(&text);
    rc = iw_report_begin(&report, arguments, &arguments->operands, &err);
    if (rc == IW_OK && arguments->list_checks)
        list_checks(&report, &text);
    else if (rc == IW_OK)
        rc = check_rules(&report, arguments, &text, &status, &err);
    if (rc == IW_OK)
        rc = iw_report_write(&report, &text, &err);
    iw_buffer_done(&text);
    return iw_report_finish(&report, rc, &err, status);
}

const struct iw_command iw_command_rules_check = {
    .name = "rules check",
    .operands = "PATH...",
    .summary = "find mistakes in rules",
    .description =
        "Loads rules and says, with file, line and column, what is wrong with each: why\n"
        "it is refused or does not apply, and what loads but was probably not meant.\n"
        "Exit status: 0, or 1 when there are problems at or above --fail-on; 64 wrong\n"
        "usage; 70 could not run.\n\n"
        "  iiswarden rules check my_rules/\n"
        "  iiswarden rules check --fail-on warning my_rules/ other.yml",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_check,
};
