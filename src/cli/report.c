/*
 * What the `rules` commands do around the engine.
 */
#include "cli/report.h"

#include <unistd.h>

#include "cli/session.h"
#include "cli/terminal.h"
#include "engine/rules.h"

enum iw_rc iw_report_begin(struct iw_report *report, const struct iw_arguments *arguments,
                           const struct iw_word_list *inputs, struct iw_error *err)
{
    memset(report, 0, sizeof *report);
    iw_outlet_init(&report->outlet);
    IW_TRY(iw_outlet_check_place(arguments->output, inputs, err));
    IW_TRY(iw_outlet_open(&report->outlet, arguments->output, err));
    IW_TRY(iw_outlet_refuse_inputs(&report->outlet, inputs, err));
    IW_TRY(iw_outlet_empty(&report->outlet, err));
    iw_terminal_style(report->outlet.fd, (enum iw_when)arguments->color, &report->style);
    report->format = (enum iw_format)arguments->format;
    if (report->format == IW_FORMAT_AUTO)
        report->format = isatty(report->outlet.fd) != 0 ? IW_FORMAT_TABLE : IW_FORMAT_NDJSON;
    return IW_OK;
}

enum iw_rc iw_report_write(struct iw_report *report, const struct iw_buffer *text,
                           struct iw_error *err)
{
    if (text->failed)
        return iw_error_set(err, IW_ENOMEM, "no memory to write the report");
    return iw_outlet_write(&report->outlet, iw_buffer_str(text), err);
}

int iw_report_finish(struct iw_report *report, enum iw_rc rc, const struct iw_error *err,
                     int status)
{
    struct iw_error own = *err;
    bool is_quiet = report->outlet.is_stdout && report->outlet.is_pipe_broken;
    if (rc == IW_EUSAGE)
        iw_outlet_discard(&report->outlet);
    if (is_quiet)
        rc = IW_OK;
    if (rc == IW_OK)
        rc = iw_outlet_close(&report->outlet, &own);
    (void)iw_outlet_close(&report->outlet, NULL);
    return rc == IW_OK ? status : iw_cli_fail(&own);
}

enum iw_rc iw_report_choose_rules(const struct iw_arguments *arguments, struct iw_rule_choice *ret,
                                  struct iw_error *err)
{
    bool only = arguments->only_rules.n != 0;
    const struct iw_word_list *rules = only ? &arguments->only_rules : &arguments->rules;
    if (only && arguments->rules.n != 0)
        return iw_error_set(err, IW_EUSAGE,
                            "--rules adds to the built-in rules, --only-rules replaces them: "
                            "give one of the two");
    IW_TRY(iw_session_check_paths("--rules", &arguments->rules, err));
    IW_TRY(iw_session_check_paths("--only-rules", &arguments->only_rules, err));
    *ret = (struct iw_rule_choice){.paths = (const char *const *)rules->items,
                                   .n_paths = rules->n,
                                   .no_builtin = only,
                                   .placeholders_path = arguments->placeholders};
    return IW_OK;
}
