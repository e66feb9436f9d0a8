/*
 * `hunt`: the main job. Rules over all events, findings to the user, the account beside them.
 */
#include "cli/options_baseline.h"
#include "cli/options_coverage.h"
#include "cli/options_hunt.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "output/output.h"

static const char *const FIRE_CHOICES[] = {"episode", "every", NULL}; /* as IW_FIRE_EVERY */

static const struct iw_option OPTIONS[] = {
    IW_OPTIONS_RULES,
    IW_OPTIONS_CHAINS,
    {.kind = IW_OPTION_HEADING, .help = "Findings"},
    {.kind = IW_OPTION_LEVEL,
     .name = "min-level",
     .argument = "LEVEL",
     .help =
         "show findings from this level on: informational, low, medium, high or critical; default: "
         "low in the table, informational in NDJSON",
     .member = IW_MEMBER(min_level)},
    {.kind = IW_OPTION_LEVEL,
     .name = "fail-level",
     .argument = "LEVEL",
     .help = "findings from this level on set the exit status; default: medium",
     .member = IW_MEMBER(fail_level)},
    {.kind = IW_OPTION_SINCE,
     .name = "since",
     .argument = "TIME",
     .help = "only findings that end at or after TIME (UTC), such as 2021-03-14T06:40, and what "
             "could have been seen since",
     .member = IW_MEMBER(since_ns)},
    {.kind = IW_OPTION_UNTIL,
     .name = "until",
     .argument = "TIME",
     .help =
         "only findings that end at or before TIME (UTC), and what could have been seen until then",
     .member = IW_MEMBER(until_ns)},
    {.kind = IW_OPTION_CHOICE,
     .name = "correlation-fire",
     .argument = "episode|every",
     .help = "a finding of a correlation for each episode in which it holds, or for every event at "
             "which it does; default: episode",
     .member = IW_MEMBER(correlation_fire),
     .choices = FIRE_CHOICES},
    IW_OPTION_FAIL_ON_BLIND,
    IW_OPTIONS_BASELINE,
    IW_OPTIONS_CHANGES,
    {.kind = IW_OPTION_HEADING, .help = "What could have been seen"},
    {.kind = IW_OPTION_TEXT,
     .name = "coverage",
     .argument = "FILE",
     .help = "write what could have been seen to FILE as NDJSON, as coverage does",
     .member = IW_MEMBER(coverage)},
    IW_OPTION_TELEMETRY,
    IW_OPTIONS_SERVER,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT(IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static enum iw_level min_level(const struct iw_session *session)
{
    if (session->arguments->min_level >= 0)
        return (enum iw_level)session->arguments->min_level;
    return session->format == IW_FORMAT_TABLE ? IW_LEVEL_LOW : IW_LEVEL_INFORMATIONAL;
}

/* Where findings go while they are written. */
struct finding_sink {
    struct iw_outlet *outlet;
    struct iw_error *err;
    enum iw_rc rc;
};

static bool drain_findings(void *context, struct iw_str text)
{
    struct finding_sink *sink = context;
    sink->rc = iw_outlet_write(sink->outlet, text, sink->err);
    return sink->rc == IW_OK;
}

static enum iw_rc write_findings(struct iw_session *session, struct iw_error *err)
{
    struct finding_sink sink = {&session->data, err, IW_OK};
    struct iw_buffer text;
    enum iw_rc rc, written = IW_OK;
    iw_buffer_init(&text);
    text.drain = drain_findings;
    text.drain_context = &sink;
    if (session->format == IW_FORMAT_TABLE)
        rc = iw_output_findings_table(&session->run, min_level(session), &session->style, &text,
                                      err);
    else
        rc = iw_output_findings_ndjson(&session->run, min_level(session), &text, err);
    if (sink.rc != IW_OK)
        rc = sink.rc;
    else if (!text.failed) /* also what could be written of findings that found no room */
        written = iw_session_write(session, &text, "findings", rc == IW_OK ? err : NULL);
    if (rc == IW_OK)
        rc = text.failed ? iw_session_write(session, &text, "findings", err) : written;
    iw_buffer_done(&text);
    return rc;
}

static int run_hunt(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = iw_hunt_check(arguments, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin(&session, arguments, &err);
    if (rc == IW_OK)
        rc = iw_hunt_read(&session, &err);
    if (rc == IW_OK)
        rc = write_findings(&session, &err);
    return iw_session_finish(&session, rc, &err, iw_hunt_status(arguments, &session.run));
}

const struct iw_command iw_command_hunt = {
    .name = "hunt",
    .operands = "EVIDENCE...",
    .summary = "search evidence for backdoors of web servers; the main job",
    .description =
        "Reads everything found in EVIDENCE (files, folders, - for standard input), runs\n"
        "the rules over it and prints the findings. Says what was read and what was not.",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_hunt,
};
