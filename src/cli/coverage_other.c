#include "cli/coverage_other.h"

#include <sys/random.h>

#include "cli/options_hunt.h"
#include "cli/options_server.h"
#include "cli/session.h"
#include "coverage/canary_plan.h"
#include "coverage/sysmon_rules.h"
#include "output/audit.h"
#include "output/canary.h"

const char *const iw_emit_choices[] = {"nothing", "sysmon", NULL};
const char *const iw_coverage_format_choices[] = {"auto", "table", "ndjson", "markdown", NULL};

#define MARKER_BYTES 16U

bool iw_coverage_is_other(const struct iw_arguments *arguments)
{
    return arguments->emit != 0 || arguments->canary_plan != NULL || arguments->canary != NULL;
}

enum iw_rc iw_coverage_check_format(const struct iw_arguments *arguments, struct iw_error *err)
{
    if (arguments->marker != NULL && arguments->canary_plan == NULL)
        return iw_error_set(err, IW_EUSAGE,
                            "--marker is of --canary-plan: without it there is "
                            "nothing to mark");
    return arguments->format == IW_FORMAT_MARKDOWN && !arguments->audit
               ? iw_error_set(err, IW_EUSAGE, "--format markdown is a form of --audit")
               : IW_OK;
}

/* Where no verdict is made, what is said of verdicts would be passed over in silence. */
static enum iw_rc check_verdicts(const struct iw_arguments *arguments, struct iw_error *err)
{
    bool is_said = arguments->fail_on_blind || iw_time_known(arguments->since_ns) ||
                   iw_time_known(arguments->until_ns) || arguments->telemetry.n != 0;
    return is_said && arguments->canary == NULL
               ? iw_error_set(err, IW_EUSAGE,
                              "--fail-on-blind, --since, --until and --telemetry are of verdicts; "
                              "--emit and --canary-plan make none")
               : IW_OK;
}

static enum iw_rc check(const struct iw_arguments *arguments, struct iw_error *err)
{
    int n = (arguments->emit != 0) + (arguments->canary_plan != NULL) + (arguments->canary != NULL);
    if (n > 1 || arguments->audit || arguments->by_rule || arguments->of_rule != NULL)
        return iw_error_set(err, IW_EUSAGE,
                            "--emit, --canary-plan, --canary, --audit and --by-rule are outputs of "
                            "their own: choose one");
    if (arguments->canary == NULL && arguments->format != IW_FORMAT_AUTO)
        return iw_error_set(err, IW_EUSAGE, "--emit and --canary-plan have one form: no --format");
    IW_TRY(iw_coverage_check_format(arguments, err));
    IW_TRY(check_verdicts(arguments, err));
    if (arguments->marker != NULL && !iw_canary_marker_fits(iw_str_of(arguments->marker)))
        return iw_error_set(err, IW_EUSAGE,
                            "--marker %.64s: expected 8 to 32 lower-case letters and digits, a "
                            "letter first",
                            arguments->marker);
    IW_TRY(iw_session_check_path("--canary", arguments->canary, err));
    if (arguments->canary != NULL)
        return iw_hunt_check(arguments, err);
    return iw_web_roots_check(arguments, err);
}

/* --- a Sysmon configuration, a plan --- */

static enum iw_rc read_servers(struct iw_session *session, struct iw_error *err)
{
    struct iw_server_options servers = {0};
    struct iw_engine_options engine = iw_session_engine_options(session);
    iw_web_roots_of(session->arguments, &servers);
    return iw_session_end_reading(session,
                                  iw_engine_inventory(&engine, &servers, &session->run, err));
}

static enum iw_rc emit_sysmon(struct iw_session *session, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    rc = iw_sysmon_configuration(&session->run.inventory, &text);
    if (rc != IW_OK)
        (void)iw_error_set(err, rc, "no memory");
    else
        rc = iw_session_write(session, &text, "configuration", err);
    iw_buffer_done(&text);
    return rc;
}

/* `iwc` and 12 hexadecimal digits: nobody else's, and nobody can know it before. */
static enum iw_rc choose_marker(const struct iw_arguments *arguments, char ret[MARKER_BYTES],
                                struct iw_str *ret_marker, struct iw_error *err)
{
    uint8_t random[6];
    struct iw_buffer hex;
    if (arguments->marker != NULL) {
        *ret_marker = iw_str_of(arguments->marker);
        return IW_OK;
    }
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return iw_error_set(err, IW_EIO, "no random numbers for a marker: give --marker");
    iw_buffer_init(&hex);
    iw_buffer_add(&hex, IW_STR("iwc"));
    iw_buffer_add_hex(&hex, random, sizeof random);
    if (!hex.failed)
        memcpy(ret, hex.p, hex.n);
    *ret_marker = (struct iw_str){ret, hex.n};
    iw_buffer_done(&hex);
    return ret_marker->n == 3 + 2 * sizeof random ? IW_OK
                                                  : iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc write_plan(struct iw_session *session, struct iw_outlet *file,
                             const struct iw_canary_plan *plan, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    iw_canary_plan_write(plan, &text);
    rc = text.failed ? iw_error_set(err, IW_ENOMEM, "no memory to write the plan")
                     : iw_outlet_replace(file, iw_buffer_str(&text), err);
    iw_buffer_clear(&text);
    if (rc == IW_OK) {
        iw_canary_plan_script(plan, &text);
        rc = iw_session_write(session, &text, "plan", err);
    }
    iw_buffer_done(&text);
    return rc;
}

static enum iw_rc make_plan(struct iw_session *session, struct iw_outlet *file,
                            struct iw_str marker, struct iw_error *err)
{
    struct iw_canary_plan plan;
    size_t n_left_out = 0;
    enum iw_rc rc;
    iw_canary_plan_init(&plan);
    rc = iw_canary_plan_make(&session->run.inventory, marker, &plan, &n_left_out);
    if (rc != IW_OK)
        (void)iw_error_set(err, rc, "no memory");
    else
        rc = write_plan(session, file, &plan, err);
    if (rc == IW_OK && n_left_out != 0 && !session->arguments->quiet)
        iw_cli_say("%zu acts are left out of the plan: folders on another machine or of unknown "
                   "place, sites without an http binding, or the limit",
                   n_left_out);
    iw_canary_plan_done(&plan);
    return rc;
}

static enum iw_rc open_plan_file(struct iw_session *session, struct iw_outlet *file,
                                 struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    if (arguments->canary_plan == NULL)
        return IW_OK;
    IW_TRY(iw_outlet_check_place(arguments->canary_plan, &arguments->operands, err));
    IW_TRY(iw_outlet_open(file, arguments->canary_plan, err));
    IW_TRY(iw_outlet_refuse_inputs(file, &arguments->operands, err));
    if (iw_outlet_is_same(file, &session->data) || iw_outlet_is_same(file, &session->manifest))
        return iw_error_set(err, IW_EUSAGE, "the plan and another output are the same file: %s",
                            arguments->canary_plan);
    return IW_OK;
}

static int run_on_servers(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_outlet file;
    struct iw_error err = {.rc = IW_OK};
    char kept[MARKER_BYTES];
    struct iw_str marker = {NULL, 0};
    int status = IW_EXIT_NOTHING;
    enum iw_rc rc = iw_session_begin(&session, arguments, &err);
    iw_outlet_init(&file);
    if (rc == IW_OK)
        rc = open_plan_file(&session, &file, &err);
    if (rc == IW_OK)
        rc = choose_marker(arguments, kept, &marker, &err);
    if (rc == IW_OK)
        rc = read_servers(&session, &err);
    if (rc == IW_OK)
        rc = arguments->emit != 0 ? emit_sysmon(&session, &err)
                                  : make_plan(&session, &file, marker, &err);
    if (rc == IW_OK)
        rc = iw_outlet_close(&file, &err);
    else if (rc == IW_EUSAGE)
        iw_outlet_discard(&file);
    (void)iw_outlet_close(&file, NULL);
    if (iw_ledger_has_loss(&session.run.ledger))
        status = IW_EXIT_LOSS;
    return iw_session_finish(&session, rc, &err, status);
}

/* --- what was seen of one, and the verdicts with it --- */

static enum iw_rc write_report(struct iw_session *session, const struct iw_canary_report *report,
                               struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    if (session->format == IW_FORMAT_TABLE) {
        iw_output_canary_table(&session->run, report, &session->style, &text);
        iw_buffer_add_char(&text, '\n');
        iw_output_coverage_table(&session->run, &session->style, &text);
    } else {
        iw_output_canary_ndjson(&session->run, report, &text);
        iw_output_coverage_ndjson(&session->run, &text);
    }
    rc = iw_session_write(session, &text, "report", err);
    iw_buffer_done(&text);
    return rc;
}

/* What was not seen is blind, as far as anybody can tell; so is a plan without acts. */
static int unseen_status(const struct iw_arguments *arguments,
                         const struct iw_canary_report *report)
{
    bool is_blind = report->n_outcomes == 0;
    for (size_t i = 0; i < report->n_outcomes; i++)
        is_blind |= report->outcomes[i].n == 0;
    return arguments->fail_on_blind && is_blind ? IW_EXIT_BLIND : IW_EXIT_NOTHING;
}

static int run_canary(const struct iw_arguments *arguments)
{
    struct iw_session session;
    struct iw_canary_plan plan;
    struct iw_canary_report report;
    struct iw_error err = {.rc = IW_OK};
    const struct iw_canary_ask ask = {arguments->canary, &plan, &report};
    int status;
    enum iw_rc rc = iw_session_begin(&session, arguments, &err);
    iw_canary_plan_init(&plan);
    iw_canary_report_init(&report);
    session.canary = &ask;
    if (rc == IW_OK)
        rc = iw_hunt_read(&session, &err);
    if (rc == IW_OK)
        rc = write_report(&session, &report, &err);
    status = iw_loss_status(arguments, &session.run) +
             (iw_blind_status(arguments, &session.run) | unseen_status(arguments, &report));
    iw_canary_report_done(&report);
    iw_canary_plan_done(&plan);
    return iw_session_finish(&session, rc, &err, status);
}

int iw_coverage_other(const struct iw_arguments *arguments)
{
    struct iw_error err = {.rc = IW_OK};
    if (check(arguments, &err) != IW_OK)
        return iw_cli_fail(&err);
    return arguments->canary != NULL ? run_canary(arguments) : run_on_servers(arguments);
}

/* --- the audit view --- */

enum iw_rc iw_coverage_write_audit(struct iw_session *session, struct iw_error *err)
{
    struct iw_audit audit;
    struct iw_buffer text;
    enum iw_rc rc;
    iw_audit_init(&audit);
    iw_buffer_init(&text);
    rc = iw_audit_make(&session->run, &audit, err);
    if (rc == IW_OK) {
        if (session->format == IW_FORMAT_TABLE)
            iw_output_audit_table(&audit, &session->style, &text);
        else if (session->format == IW_FORMAT_MARKDOWN)
            iw_output_audit_markdown(&audit, &text);
        else
            iw_output_audit_ndjson(&audit, &text);
        rc = iw_session_write(session, &text, "audit view", err);
    }
    iw_buffer_done(&text);
    iw_audit_done(&audit);
    return rc;
}
