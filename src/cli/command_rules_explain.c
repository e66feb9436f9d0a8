/*
 * `rules explain`: why a rule matched an event, or did not.
 */
#include "base/file.h"
#include "cli/options_baseline.h"
#include "cli/options_rules.h"
#include "cli/options_server.h"
#include "cli/report.h"
#include "cli/session.h"
#include "engine/rules.h"
#include "output/rules.h"

#include <unistd.h>

#define DEFAULT_LIMIT 5U
#define MOST_SHOWN 10000U

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Rules"},
    IW_OPTIONS_CHOOSE_RULES,
    {.kind = IW_OPTION_HEADING, .help = "Events"},
    {.kind = IW_OPTION_CONDITION,
     .letter = 'w',
     .name = "where",
     .argument = "FIELD=TEXT",
     .help = "only events whose FIELD is TEXT; letter case is ignored, * is any text; repeated: "
             "all must hold",
     .member = IW_MEMBER(where)},
    {.kind = IW_OPTION_NUMBER,
     .name = "record",
     .argument = "N",
     .help = "only events with this EventRecordID",
     .member = IW_MEMBER(record_id),
     .min = 1,
     .max = UINT64_MAX},
    {.kind = IW_OPTION_NUMBER,
     .letter = 'n',
     .name = "limit",
     .argument = "N",
     .help = "events shown, the matches first, then the nearest misses; at most 10000, default: 5; "
             "groups of a correlation, at most 1000",
     .member = IW_MEMBER(limit),
     .min = 1,
     .max = MOST_SHOWN},
    IW_OPTIONS_BASELINE,
    IW_OPTIONS_CHANGES,
    IW_OPTIONS_SERVER,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT(IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static enum iw_rc write_explanation(struct iw_session *session,
                                    const struct iw_explain_report *report, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    if (session->format == IW_FORMAT_TABLE)
        iw_output_explanation_table(&session->run, report, &session->style, &text);
    else
        iw_output_explanation_ndjson(&session->run, report, &text);
    rc = iw_session_write(session, &text, "explanation", err);
    iw_buffer_done(&text);
    return rc;
}

/* Says which rules a name might mean. */
static enum iw_rc refuse_name(const struct iw_session *session, const char *name,
                              const struct iw_explain_report *report, struct iw_error *err)
{
    struct iw_buffer text;
    if (report->n_candidates == 0)
        return iw_error_set(err, IW_EUSAGE,
                            "no rule has the file, id or title '%.120s'; see: iiswarden rules list",
                            name);
    iw_cli_say("'%.120s' may mean %zu rules; name one by its id:", name, report->n_candidates);
    iw_buffer_init(&text);
    iw_output_candidates(&session->run, report, &text);
    if (!text.failed)
        (void)iw_fd_write(STDERR_FILENO, iw_buffer_str(&text), NULL);
    iw_buffer_done(&text);
    return iw_error_set(err, IW_EUSAGE, "which rule is meant?");
}

static enum iw_rc explain(struct iw_session *session, const char *rule,
                          const struct iw_rule_choice *choice, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    struct iw_explain_options options = {
        .rules = *choice,
        .rule = rule,
        .where = (const char *const *)arguments->where.items,
        .n_where = arguments->where.n,
        .record_id = arguments->record_id,
        .limit = arguments->limit != 0 ? (size_t)arguments->limit : DEFAULT_LIMIT,
    };
    struct iw_engine_options engine = iw_session_engine_options(session);
    struct iw_explain_report report;
    enum iw_rc rc;
    iw_server_options_of(arguments, &options.servers);
    iw_baseline_server_options(arguments, &options.servers);
    iw_explain_report_init(&report);
    rc = iw_engine_rules_explain(&engine, &options, &session->run, &report, err);
    rc = iw_session_end_reading(session, rc);
    if (rc == IW_OK && !report.is_found)
        rc = refuse_name(session, rule, &report, err);
    if (rc == IW_OK)
        rc = write_explanation(session, &report, err);
    iw_explain_report_done(&report);
    return rc;
}

static int run_explain(const struct iw_arguments *given)
{
    /* The first operand is the rule; what follows is evidence. */
    struct iw_arguments arguments = *given;
    struct iw_session session;
    struct iw_rule_choice choice;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = iw_report_choose_rules(given, &choice, &err);
    if (rc == IW_OK && given->operands.n < 2)
        rc = iw_error_set(&err, IW_EUSAGE, "name a rule, then evidence: files, folders or -");
    if (rc == IW_OK)
        rc = iw_baseline_check_paths(given, &err);
    if (rc == IW_OK)
        rc = iw_server_options_check(given, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    arguments.operands.items++;
    arguments.operands.n--;
    rc = iw_session_begin(&session, &arguments, &err);
    if (rc == IW_OK)
        rc = explain(&session, given->operands.items[0], &choice, &err);
    return iw_session_finish(&session, rc, &err,
                             iw_ledger_has_loss(&session.run.ledger) ? IW_EXIT_LOSS
                                                                     : IW_EXIT_NOTHING);
}

const struct iw_command iw_command_rules_explain = {
    .name = "rules explain",
    .operands = "RULE EVIDENCE...",
    .summary = "say why a rule matched an event, or why it did not",
    .description =
        "Walks through the condition of RULE (a file, an id, a name, a title or a part\n"
        "of one) for the events of its log source: what the rule asks for, what the event\n"
        "has, and what would have to change. Matches come first, then the nearest misses.\n"
        "Of a rule that asks for context (Web.Site, Ancestor.Image ...): with what a hunt\n"
        "would know of it, and where that decides nothing why, and what evidence would.\n"
        "Of a correlation: what its rules matched, and group by group when it held, or\n"
        "what it came nearest to.\n\n"
        "  iiswarden rules explain my_rule.yml collected/\n"
        "  iiswarden rules explain 'starts PowerShell' collected/ --record 1044\n"
        "  iiswarden rules explain my_rule.yml collected/ -w 'Image=*\\cmd.exe' -n 20\n"
        "  iiswarden rules explain my_correlation.yml collected/",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_explain,
};
