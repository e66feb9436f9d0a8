/*
 * `inventory`: which web servers there are, what each loads and runs, and what stands behind it.
 */
#include "cli/options_baseline.h"
#include "cli/options_server.h"
#include "cli/session.h"
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
    IW_OPTIONS_BASELINE,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT_OF("table|ndjson|csv", FORMATS, IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

/* `C:\...` or `\\server\...`: a path of the server, not of this machine. */
static bool is_windows_path(const char *path)
{
    bool has_drive = ((path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z')) &&
                     path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return has_drive || (path[0] == '\\' && path[1] == '\\' && path[2] != '\0');
}

static enum iw_rc check(const struct iw_arguments *arguments, struct iw_error *err)
{
    for (size_t i = 0; i < arguments->web_roots.n; i++) {
        if (!is_windows_path(arguments->web_roots.items[i]))
            return iw_error_set(err, IW_EUSAGE,
                                "--web-root %s: expected a path of the server, such as C:\\sites",
                                arguments->web_roots.items[i]);
    }
    IW_TRY(iw_baseline_check_paths(arguments, err));
    IW_TRY(iw_session_check_paths("--trust", &arguments->trust, err));
    return iw_session_check_paths("--yara", &arguments->yara, err);
}

static enum iw_rc read_servers(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    struct iw_server_options servers = {
        .trust_paths = (const char *const *)arguments->trust.items,
        .n_trust_paths = arguments->trust.n,
        .yara_paths = (const char *const *)arguments->yara.items,
        .n_yara_paths = arguments->yara.n,
        .web_roots = (const char *const *)arguments->web_roots.items,
        .n_web_roots = arguments->web_roots.n,
    };
    struct iw_engine_options engine = iw_session_engine_options(session);
    enum iw_rc rc;
    iw_baseline_server_options(arguments, &servers);
    rc = iw_engine_inventory(&engine, &servers, &session->run, err);
    return iw_session_end_reading(session, rc);
}

/* Where records go while they are written. */
struct sink {
    struct iw_session *session;
    struct iw_error *err;
    enum iw_rc rc;
};

static bool drain(void *context, struct iw_str text)
{
    struct sink *sink = context;
    sink->rc = iw_outlet_write(&sink->session->data, text, sink->err);
    return sink->rc == IW_OK;
}

static enum iw_rc write_inventory(struct iw_session *session, struct iw_error *err)
{
    struct sink sink = {session, err, IW_OK};
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
    rc = sink.rc != IW_OK ? sink.rc : iw_session_write(session, &text, "inventory", err);
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
