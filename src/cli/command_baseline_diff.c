/*
 * `baseline diff`: the servers of the evidence against a document.
 */
#include "cli/options_baseline.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "output/baseline.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Baseline"},
    IW_OPTIONS_BASELINE_KEY,
    IW_OPTIONS_BEHAVIOUR("compare as well what workers start, who writes web files, who "
                         "administers"),
    IW_OPTION_WEB_ROOT,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT(IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static enum iw_rc read_evidence(struct iw_session *session, struct iw_error *err)
{
    struct iw_server_options servers = {0};
    enum iw_rc rc;
    iw_baseline_server_options(session->arguments, &servers);
    iw_web_roots_of(session->arguments, &servers);
    rc = iw_behaviour_read(session, &servers, true, err);
    return iw_session_end_reading(session, rc);
}

static enum iw_rc write_differences(struct iw_session *session, struct iw_error *err)
{
    const struct iw_run *run = &session->run;
    struct iw_buffer text;
    enum iw_rc rc;
    if (run->baseline != IW_RUN_BASELINE_USED)
        return IW_OK; /* a note says why */
    iw_buffer_init(&text);
    if (session->format == IW_FORMAT_TABLE)
        iw_output_differences_table(&run->differences, &session->style, &text);
    else
        iw_output_differences_ndjson(&run->differences, &text);
    rc = iw_session_write(session, &text, "differences", err);
    iw_buffer_done(&text);
    return rc;
}

static int status_of(const struct iw_run *run)
{
    int status = run->differences.n_unapproved != 0 ? IW_EXIT_FINDINGS : IW_EXIT_NOTHING;
    /* Nothing compared is not the same as no difference. */
    if (iw_ledger_has_loss(&run->ledger) || run->baseline == IW_RUN_BASELINE_REFUSED ||
        run->differences.n_compared == 0)
        status += IW_EXIT_LOSS;
    return status;
}

static int run_diff(const struct iw_arguments *arguments)
{
    struct iw_arguments own = *arguments; /* borrowed: the first operand is the baseline */
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc;
    if (arguments->operands.n < 2) {
        (void)iw_error_set(&err, IW_EUSAGE, "name a baseline, then evidence");
        return iw_cli_fail(&err);
    }
    own.baseline = arguments->operands.items[0];
    own.operands.items++;
    own.operands.n--;
    rc = iw_baseline_check_paths(&own, &err);
    if (rc == IW_OK)
        rc = iw_web_roots_check(&own, &err);
    if (rc == IW_OK)
        rc = iw_behaviour_check(&own, false, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin(&session, &own, &err);
    if (rc == IW_OK)
        rc = read_evidence(&session, &err);
    if (rc == IW_OK)
        rc = write_differences(&session, &err);
    return iw_session_finish(&session, rc, &err, status_of(&session.run));
}

const struct iw_command iw_command_baseline_diff = {
    .name = "baseline diff",
    .operands = "FILE EVIDENCE...",
    .summary = "compare servers with a baseline",
    .description =
        "Says what the servers in EVIDENCE load and run otherwise than FILE, the\n"
        "baseline, says. Spelling and order make no difference; what the evidence\n"
        "cannot show is told as a note.\n"
        "Exit status: 1 for differences that nobody approved, plus 2 when evidence was\n"
        "lost, the baseline is refused or no server could be compared; 64 wrong usage;\n"
        "70 could not run.\n\n"
        "  iiswarden baseline diff web01.baseline web01/\n"
        "  iiswarden baseline diff --format ndjson web01.baseline web01/ -o today.ndjson",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_diff,
};
