/*
 * `inventory`: which web servers there are, what each loads and runs, and what stands behind it.
 */
#include <stdatomic.h>

#include "cli/options_baseline.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "output/output.h"

static const char *const FORMATS[] = {"auto", "table", "ndjson", "csv", NULL};

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Inventory"},
    {.kind = IW_OPTION_FLAG,
     .letter = 'a',
     .name = "all",
     .help = "list in the table also what is approved and as usual; NDJSON and CSV always have all",
     .member = IW_MEMBER(show_all)},
    IW_OPTIONS_SERVER,
    IW_OPTION_ESTATE,
    IW_OPTIONS_BASELINE,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT_OF("table|ndjson|csv", FORMATS, IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static enum iw_rc check(const struct iw_arguments *arguments, struct iw_error *err)
{
    IW_TRY(iw_baseline_check_paths(arguments, err));
    return iw_server_options_check(arguments, err);
}

static enum iw_rc read_servers(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    struct iw_server_options servers = {0};
    struct iw_engine_options engine = iw_session_engine_options(session);
    enum iw_rc rc;
    iw_server_options_of(arguments, &servers);
    iw_baseline_server_options(arguments, &servers);
    rc = iw_engine_inventory(&engine, &servers, &session->run, err);
    return iw_session_end_reading(session, rc);
}

/* Where records go while they are written. */
struct sink {
    struct iw_session *session;
    struct iw_error *err;
    enum iw_rc rc;
    bool was_interrupted; /* before writing began: what there is, is written */
    bool is_stopped;
};

static bool drain(void *context, struct iw_str text)
{
    struct sink *sink = context;
    sink->is_stopped = !sink->was_interrupted && atomic_load(iw_signals_begin());
    if (sink->is_stopped)
        return false;
    sink->rc = iw_outlet_write(&sink->session->data, text, sink->err);
    return sink->rc == IW_OK;
}

static enum iw_rc write_inventory(struct iw_session *session, struct iw_error *err)
{
    struct sink sink = {session, err, IW_OK, session->run.interrupted, false};
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    text.drain = drain;
    text.drain_context = &sink;
    if (session->format == IW_FORMAT_TABLE)
        iw_output_inventory_table(&session->run, session->arguments->show_all, &session->style,
                                  &text);
    else if (session->format == IW_FORMAT_CSV)
        iw_output_inventory_csv(&session->run, &text);
    else
        iw_output_inventory_ndjson(&session->run, &text);
    session->run.interrupted |= sink.is_stopped;
    rc = sink.rc;
    if (rc == IW_OK && !sink.is_stopped)
        rc = iw_session_write(session, &text, "inventory", err);
    iw_buffer_done(&text);
    return rc;
}

static int run_inventory(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_error err = {.rc = IW_OK};
    int status = IW_EXIT_NOTHING;
    enum iw_rc rc = check(arguments, &err);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    rc = iw_session_begin(&session, arguments, &err);
    if (rc == IW_OK)
        rc = read_servers(&session, &err);
    if (rc == IW_OK)
        rc = write_inventory(&session, &err);
    if (iw_ledger_has_loss(&session.run.ledger) || session.run.baseline == IW_RUN_BASELINE_REFUSED)
        status = IW_EXIT_LOSS;
    return iw_session_finish(&session, rc, &err, status);
}

const struct iw_command iw_command_inventory = {
    .name = "inventory",
    .operands = "EVIDENCE...",
    .summary = "list web servers, what they load and run, and their files",
    .description =
        "Reads the configuration, programs, web files and registry hives of IIS servers\n"
        "found in EVIDENCE (files, folders) and lists sites, pools, components and files\n"
        "that execute, with hash and signature. The table lists what stands out and\n"
        "counts the rest.",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_inventory,
};
