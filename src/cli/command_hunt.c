/*
 * `hunt`: the main job. Rules over all events, findings to the user, the account beside them.
 */
#include "cli/options_baseline.h"
#include "cli/options_coverage.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "output/output.h"

static const char *const FIRE_CHOICES[] = {"episode", "every", NULL}; /* as FIRE_EVERY */
#define FIRE_EVERY 1

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Rules"},
    {.kind = IW_OPTION_LIST,
     .letter = 'r',
     .name = "rules",
     .argument = "DIR",
     .help = "Sigma rules, a file or folder, to run beside the built-in ones; may be repeated",
     .member = IW_MEMBER(rules)},
    {.kind = IW_OPTION_LIST,
     .name = "only-rules",
     .argument = "DIR",
     .help = "Sigma rules to run instead of the built-in ones; may be repeated",
     .member = IW_MEMBER(only_rules)},
    IW_OPTION_PLACEHOLDERS,
    {.kind = IW_OPTION_FLAG,
     .name = "strict",
     .help = "a refused rule or change record counts as a loss (exit status 2)",
     .member = IW_MEMBER(strict)},
    {.kind = IW_OPTION_HEADING, .help = "Chains of evidence"},
    {.kind = IW_OPTION_LIST,
     .name = "set",
     .argument = "NAME=VALUE",
     .help = "a mutable element of the analytics, such as TimeWindow=48h or WebRootPath=D:\\sites "
             "(docs/DETECTIONS.md lists them); may be repeated",
     .member = IW_MEMBER(settings)},
    {.kind = IW_OPTION_TEXT,
     .name = "settings",
     .argument = "FILE",
     .help = "such settings, one a line, read before those of --set",
     .member = IW_MEMBER(settings_file)},
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
     .help = "only findings that end at or after TIME (UTC), such as 2021-03-14T06:40",
     .member = IW_MEMBER(since_ns)},
    {.kind = IW_OPTION_UNTIL,
     .name = "until",
     .argument = "TIME",
     .help = "only findings that end at or before TIME (UTC)",
     .member = IW_MEMBER(until_ns)},
    {.kind = IW_OPTION_CHOICE,
     .name = "correlation-fire",
     .argument = "episode|every",
     .help = "a finding of a correlation for each episode in which it holds, or for every event at "
             "which it does; default: episode",
     .member = IW_MEMBER(correlation_fire),
     .choices = FIRE_CHOICES},
    IW_OPTIONS_BASELINE,
    IW_OPTIONS_CHANGES,
    {.kind = IW_OPTION_HEADING, .help = "What could have been seen"},
    IW_OPTION_TELEMETRY,
    IW_OPTIONS_SERVER,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT(IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static enum iw_rc check(const struct iw_arguments *arguments, struct iw_error *err)
{
    if (arguments->rules.n != 0 && arguments->only_rules.n != 0)
        return iw_error_set(err, IW_EUSAGE,
                            "--rules adds to the built-in rules, --only-rules replaces them: "
                            "give one of the two");
    if (iw_time_known(arguments->since_ns) && iw_time_known(arguments->until_ns) &&
        arguments->since_ns > arguments->until_ns)
        return iw_error_set(err, IW_EUSAGE, "--since is later than --until");
    IW_TRY(iw_baseline_check_paths(arguments, err));
    IW_TRY(iw_server_options_check(arguments, err));
    IW_TRY(iw_coverage_options_check(arguments, err));
    IW_TRY(iw_session_check_paths("--rules", &arguments->rules, err));
    IW_TRY(iw_session_check_path("--placeholders", arguments->placeholders, err));
    IW_TRY(iw_session_check_path("--settings", arguments->settings_file, err));
    return iw_session_check_paths("--only-rules", &arguments->only_rules, err);
}

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

static enum iw_rc hunt(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    bool only = arguments->only_rules.n != 0;
    const struct iw_word_list *rules = only ? &arguments->only_rules : &arguments->rules;
    struct iw_hunt_options options = {
        .rule_paths = (const char *const *)rules->items,
        .n_rule_paths = rules->n,
        .no_builtin = only,
        .placeholders_path = arguments->placeholders,
        .settings = (const char *const *)arguments->settings.items,
        .n_settings = arguments->settings.n,
        .settings_path = arguments->settings_file,
        .since_ns = arguments->since_ns,
        .until_ns = arguments->until_ns,
        .fire_every = arguments->correlation_fire == FIRE_EVERY,
    };
    struct iw_engine_options engine = iw_session_engine_options(session);
    enum iw_rc rc;
    iw_server_options_of(arguments, &options.servers);
    iw_baseline_server_options(arguments, &options.servers);
    iw_coverage_options_of(arguments, &options);
    rc = iw_engine_hunt(&engine, &options, &session->run, err);
    return iw_session_end_reading(session, rc);
}

static int fail_status(const struct iw_arguments *arguments, const struct iw_run *run)
{
    int level = arguments->fail_level >= 0 ? arguments->fail_level : (int)IW_LEVEL_MEDIUM;
    int status = IW_EXIT_NOTHING;
    for (; level < (int)IW_LEVEL_COUNT; level++) {
        if (run->findings.n_by_level[level] != 0)
            status = IW_EXIT_FINDINGS;
    }
    if (iw_ledger_has_loss(&run->ledger) || run->baseline == IW_RUN_BASELINE_REFUSED ||
        (arguments->strict &&
         (run->rules.n_by_state[IW_RULE_REFUSED] != 0 || run->n_refused_records != 0)))
        status += IW_EXIT_LOSS;
    return status;
}

static int run_hunt(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = check(arguments, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin(&session, arguments, &err);
    if (rc == IW_OK)
        rc = hunt(&session, &err);
    if (rc == IW_OK)
        rc = write_findings(&session, &err);
    return iw_session_finish(&session, rc, &err, fail_status(arguments, &session.run));
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
