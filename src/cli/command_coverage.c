/*
 * `coverage`: what could have been seen. A hunt is run, for what was found is part of the answer.
 */
#include "cli/coverage_other.h"
#include "cli/options_baseline.h"
#include "cli/options_coverage.h"
#include "cli/options_hunt.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "output/output.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Window"},
    {.kind = IW_OPTION_SINCE,
     .name = "since",
     .argument = "TIME",
     .help = "ask about the time from TIME (UTC) on, such as 2021-03-14T06:40; default: from the "
             "first event of a host on",
     .member = IW_MEMBER(since_ns)},
    {.kind = IW_OPTION_UNTIL,
     .name = "until",
     .argument = "TIME",
     .help = "and up to TIME (UTC); default: up to the last event of a host",
     .member = IW_MEMBER(until_ns)},
    IW_OPTION_FAIL_ON_BLIND,
    IW_OPTION_TELEMETRY,
    IW_OPTIONS_COVERAGE_OTHER,
    {.kind = IW_OPTION_HEADING, .help = "Rules that could have matched"},
    {.kind = IW_OPTION_FLAG,
     .name = "by-rule",
     .help = "say of the rules instead which could have matched on each host, and why not",
     .member = IW_MEMBER(by_rule)},
    {.kind = IW_OPTION_TEXT,
     .name = "of-rule",
     .argument = "TEXT",
     .help = "the same of rules with TEXT in title, id, log source or file alone",
     .member = IW_MEMBER(of_rule)},
    IW_OPTIONS_RULES,
    IW_OPTIONS_CHAINS,
    IW_OPTIONS_BASELINE,
    IW_OPTIONS_CHANGES,
    IW_OPTIONS_SERVER,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT_OF("table|ndjson|markdown", iw_coverage_format_choices, IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static bool is_of_rules(const struct iw_arguments *arguments)
{
    return arguments->by_rule || arguments->of_rule != NULL;
}

static enum iw_rc write_coverage(struct iw_session *session, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    if (is_of_rules(session->arguments) && session->format == IW_FORMAT_TABLE)
        iw_output_rule_coverage_table(&session->run, &session->style, &text);
    else if (is_of_rules(session->arguments))
        iw_output_rule_coverage_ndjson(&session->run, &text);
    else if (session->format == IW_FORMAT_TABLE)
        iw_output_coverage_table(&session->run, &session->style, &text);
    else
        iw_output_coverage_ndjson(&session->run, &text);
    rc = iw_session_write(session, &text, "coverage", err);
    iw_buffer_done(&text);
    return rc;
}

static int run_coverage(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc;
    if (iw_coverage_is_other(arguments))
        return iw_coverage_other(arguments);
    rc = iw_hunt_check(arguments, &err);
    if (rc == IW_OK)
        rc = iw_coverage_check_format(arguments, &err);
    if (rc == IW_OK && arguments->audit && is_of_rules(arguments))
        rc = iw_error_set(&err, IW_EUSAGE,
                          "--audit and --by-rule are outputs of their own: choose one");
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin(&session, arguments, &err);
    if (rc == IW_OK)
        rc = iw_hunt_read(&session, &err);
    if (rc == IW_OK)
        rc = arguments->audit ? iw_coverage_write_audit(&session, &err)
                              : write_coverage(&session, &err);
    return iw_session_finish(&session, rc, &err,
                             iw_loss_status(arguments, &session.run) +
                                 iw_blind_status(arguments, &session.run));
}

const struct iw_command iw_command_coverage = {
    .name = "coverage",
    .operands = "EVIDENCE...",
    .summary = "tell what could have been seen: detected, clear or blind",
    .description = "Hunts in EVIDENCE (files, folders, - for standard input) and tells, for each\n"
                   "host and analytic, which spans of time are clear, in which something was\n"
                   "detected, and in which it could not have been seen, why, and what to paste to\n"
                   "see more.",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_coverage,
};
