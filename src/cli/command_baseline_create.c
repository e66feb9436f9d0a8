/*
 * `baseline create`: the servers of the evidence as a document.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/options_baseline.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "iis/baseline/baseline.h"
#include "output/baseline.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Baseline"},
    {.kind = IW_OPTION_FLAG,
     .name = "farm",
     .help = "the servers should be alike: write each entry once, and say what only some have",
     .member = IW_MEMBER(farm)},
    IW_OPTIONS_BEHAVIOUR("learn as well what workers start, who writes web files, who administers, "
                         "from --since to --until: a span you know to be clean"),
    IW_OPTION_WEB_ROOT,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT("form of messages; the baseline has one form only"),
    IW_OPTIONS_RUN,
};

static enum iw_rc read_evidence(struct iw_session *session, struct iw_error *err)
{
    struct iw_server_options servers = {0};
    enum iw_rc rc;
    iw_web_roots_of(session->arguments, &servers);
    rc = iw_behaviour_read(session, &servers, false, err);
    return iw_session_end_reading(session, rc);
}

static enum iw_rc add_notes(struct iw_run *run, const struct iw_text_list *notes)
{
    enum { TOLD = 50 };
    for (size_t i = 0; i < notes->n && i < TOLD; i++)
        IW_TRY(iw_run_note(run, "%.*s", IW_STR_ARG(notes->items[i])));
    return notes->n > TOLD ? iw_run_note(run, "%zu more notes of this kind", notes->n - TOLD)
                           : IW_OK;
}

/* What was learned is to be read before it is trusted: it goes to the terminal, whatever the form
 * of the messages. */
static enum iw_rc show_learned(const struct iw_session *session, struct iw_error *err)
{
    struct iw_style style;
    struct iw_buffer text;
    bool has_failed;
    if (!session->arguments->behaviour || session->arguments->quiet)
        return IW_OK;
    iw_buffer_init(&text);
    iw_terminal_style(STDERR_FILENO, (enum iw_when)session->arguments->color, &style);
    iw_output_learned_table(&session->run.learned, &style, &text);
    has_failed = text.failed;
    if (!has_failed)
        (void)fwrite(text.p, 1, text.n, stderr);
    iw_buffer_done(&text);
    return has_failed ? iw_error_set(err, IW_ENOMEM, "no memory") : IW_OK;
}

/* Half a server is no baseline: a run that was interrupted writes none. */
static enum iw_rc write_baseline(struct iw_session *session, struct iw_error *err)
{
    struct iw_run *run = &session->run;
    struct iw_text_list notes;
    struct iw_buffer text;
    enum iw_rc rc;
    if (run->interrupted)
        return IW_OK;
    if (run->inventory.n_servers == 0)
        return iw_error_set(err, IW_EUSAGE, "no web server in the evidence: no baseline written");
    iw_buffer_init(&text);
    rc = iw_baseline_write(&run->inventory, session->arguments->farm, &run->inventory.arena, &text,
                           &notes, err);
    if (rc == IW_OK)
        rc = iw_session_replace(session, &text, "baseline", err);
    if (rc == IW_OK && add_notes(run, &notes) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    iw_buffer_done(&text);
    return rc == IW_OK ? show_learned(session, err) : rc;
}

static int run_create(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    int status = IW_EXIT_NOTHING;
    enum iw_rc rc = iw_web_roots_check(arguments, &err);
    if (rc == IW_OK)
        rc = iw_behaviour_check(arguments, true, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin_keeping(&session, arguments, &err);
    if (rc == IW_OK)
        rc = read_evidence(&session, &err);
    if (rc == IW_OK)
        rc = write_baseline(&session, &err);
    if (iw_ledger_has_loss(&session.run.ledger))
        status = IW_EXIT_LOSS;
    return iw_session_finish(&session, rc, &err, status);
}

const struct iw_command iw_command_baseline_create = {
    .name = "baseline create",
    .operands = "EVIDENCE...",
    .summary = "write down what the servers load and run",
    .description =
        "Writes the components and executable web files of all servers in EVIDENCE as\n"
        "a baseline: JSON, one a line, sorted. Equal evidence gives equal bytes.\n"
        "Exit status: 0, or 2 when evidence was lost; 64 wrong usage; 70 could not run.\n\n"
        "With --behaviour also what happened in a span that was clean: programs that\n"
        "workers start, writers of web files, administrators. What is odd is refused,\n"
        "what may be an attacker's is learned with a doubt: read the table.\n\n"
        "  iiswarden baseline create web01/ -o web01.baseline\n"
        "  iiswarden baseline create --farm web*/ -o farm.baseline\n"
        "  iiswarden baseline create --behaviour --since 2026-01-05 --until 2026-01-18\n"
        "      web01/ -o web01.baseline",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_create,
};
