/*
 * `collect-list`: what to bring of a web server, by hand or by what others collect with.
 */
#include "cli/options_server.h"
#include "cli/report.h"
#include "cli/session.h"
#include "coverage/needs.h"
#include "output/collect.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Collecting"},
    {.kind = IW_OPTION_FLAG,
     .name = "kape",
     .help = "write a target of KAPE (.tkape)",
     .member = IW_MEMBER(kape)},
    {.kind = IW_OPTION_FLAG,
     .name = "velociraptor",
     .help = "write an artifact of Velociraptor (YAML)",
     .member = IW_MEMBER(velociraptor)},
    {.kind = IW_OPTION_FLAG,
     .name = "powershell",
     .help = "write a PowerShell script, which also reads the server's configuration for web roots",
     .member = IW_MEMBER(powershell)},
    IW_OPTION_WEB_ROOT,
    IW_OPTIONS_EVIDENCE,
    IW_OPTIONS_OUTPUT(IW_FORMAT_HELP),
    IW_OPTIONS_RUN,
};

static enum iw_rc check(const struct iw_arguments *arguments, struct iw_error *err)
{
    if (arguments->kape + arguments->velociraptor + arguments->powershell > 1)
        return iw_error_set(err, IW_EUSAGE,
                            "--kape, --velociraptor and --powershell are forms of one list: "
                            "choose one");
    if (arguments->format != IW_FORMAT_AUTO &&
        (arguments->kape || arguments->velociraptor || arguments->powershell))
        return iw_error_set(err, IW_EUSAGE,
                            "--format is for the list; --kape, --velociraptor and --powershell are "
                            "forms by themselves");
    if (arguments->operands.n == 0 && arguments->manifest != NULL)
        return iw_error_set(err, IW_EUSAGE, "--manifest is of evidence, and none is given");
    return iw_web_roots_check(arguments, err);
}

/* Writes what *run* lacks; NULL: everything there is to bring. */
static enum iw_rc make(const struct iw_arguments *arguments, const struct iw_run *run,
                       enum iw_format format, const struct iw_style *style, struct iw_buffer *text,
                       struct iw_error *err)
{
    struct iw_needs needs;
    enum iw_rc rc;
    iw_needs_init(&needs);
    rc = iw_needs_find((const char *const *)arguments->web_roots.items, arguments->web_roots.n, run,
                       &needs);
    if (rc != IW_OK)
        iw_error_set(err, rc, "no memory to make the list");
    else if (arguments->kape)
        iw_output_needs_kape(&needs, text);
    else if (arguments->velociraptor)
        iw_output_needs_velociraptor(&needs, text);
    else if (arguments->powershell)
        iw_output_needs_powershell(&needs, text);
    else if (format == IW_FORMAT_TABLE)
        iw_output_needs_table(&needs, style, text);
    else
        iw_output_needs_ndjson(&needs, text);
    iw_needs_done(&needs);
    return rc;
}

static int list_all(const struct iw_arguments *arguments)
{
    struct iw_report report;
    struct iw_buffer text;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc;
    iw_buffer_init(&text);
    rc = iw_report_begin(&report, arguments, &arguments->operands, &err);
    if (rc == IW_OK)
        rc = make(arguments, NULL, report.format, &report.style, &text, &err);
    if (rc == IW_OK)
        rc = iw_report_write(&report, &text, &err);
    iw_buffer_done(&text);
    return iw_report_finish(&report, rc, &err, IW_EXIT_NOTHING);
}

static int list_lacking(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_buffer text;
    struct iw_error err = {.rc = IW_OK};
    struct iw_server_options servers = {0};
    int status = IW_EXIT_NOTHING;
    enum iw_rc rc = iw_session_begin(&session, arguments, &err);
    iw_buffer_init(&text);
    iw_web_roots_of(arguments, &servers);
    if (rc == IW_OK) {
        struct iw_engine_options engine = iw_session_engine_options(&session);
        rc = iw_engine_inventory(&engine, &servers, &session.run, &err);
        rc = iw_session_end_reading(&session, rc);
    }
    if (rc == IW_OK)
        rc = make(arguments, &session.run, session.format, &session.style, &text, &err);
    if (rc == IW_OK)
        rc = iw_session_write(&session, &text, "list", &err);
    iw_buffer_done(&text);
    if (iw_ledger_has_loss(&session.run.ledger))
        status = IW_EXIT_LOSS;
    return iw_session_finish(&session, rc, &err, status);
}

static int run_collect_list(const struct iw_arguments *arguments)
{
    struct iw_error err = {.rc = IW_OK};
    if (check(arguments, &err) != IW_OK)
        return iw_cli_fail(&err);
    return arguments->operands.n != 0 ? list_lacking(arguments) : list_all(arguments);
}

const struct iw_command iw_command_collect_list = {
    .name = "collect-list",
    .operands = "[EVIDENCE...]",
    .summary = "list what to bring of a server, also for KAPE and others",
    .description = "Lists everything this program reads of a web server, and what for; with\n"
                   "EVIDENCE only what its hosts lack, with their own web roots. Nothing here\n"
                   "changes a server.\n\n"
                   "  iiswarden collect-list --powershell -o collect.ps1\n"
                   "  iiswarden collect-list --kape --web-root 'D:\\sites' -o IISWarden.tkape\n"
                   "  iiswarden collect-list evidence/WEB01",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_collect_list,
};
