/*
 * `rules list`: what became of every rule document.
 */
#include "cli/options_rules.h"
#include "cli/report.h"
#include "engine/rules.h"
#include "output/rules.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Rules"},
    IW_OPTIONS_CHOOSE_RULES,
    {.kind = IW_OPTION_LEVEL,
     .name = "level",
     .argument = "LEVEL",
     .help = "only rules of this level and above: informational, low, medium, high or critical",
     .member = IW_MEMBER(min_level)},
    IW_OPTIONS_REPORT,
};

static enum iw_rc write_list(struct iw_report *report, const struct iw_arguments *arguments,
                             const struct iw_run *run, struct iw_error *err)
{
    const struct iw_rule_filter filter = {
        arguments->min_level, arguments->operands.n != 0 ? arguments->operands.items[0] : NULL};
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    if (report->format == IW_FORMAT_TABLE)
        iw_output_rules_table(&run->rules, &filter, &report->style, &text);
    else
        iw_output_rules_ndjson(&run->rules, &filter, &text);
    rc = iw_report_write(report, &text, err);
    iw_buffer_done(&text);
    return rc;
}

static int run_list(const struct iw_arguments *arguments)
{
    struct iw_report report;
    struct iw_rule_choice choice;
    struct iw_run run;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = iw_report_choose_rules(arguments, &choice, &err);
    if (rc == IW_OK && arguments->operands.n > 1)
        rc = iw_error_set(&err, IW_EUSAGE, "rules list takes one PATTERN");
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    iw_run_init(&run);
    rc = iw_report_begin(&report, arguments,
                         choice.no_builtin ? &arguments->only_rules : &arguments->rules, &err);
    if (rc == IW_OK)
        rc = iw_engine_rules_list(&choice, &run, &err);
    if (rc == IW_OK)
        rc = write_list(&report, arguments, &run, &err);
    iw_run_done(&run);
    return iw_report_finish(&report, rc, &err, IW_EXIT_NOTHING);
}

const struct iw_command iw_command_rules_list = {
    .name = "rules list",
    .operands = "[PATTERN]",
    .summary = "list rules and what became of each: loaded, refused and why",
    .description = "Lists every rule document: its state, level, title, id, log source and place;\n"
                   "with PATTERN those that have it in title, id, log source or file.\n\n"
                   "  iiswarden rules list\n"
                   "  iiswarden rules list --rules sigma/rules/windows --level high w3wp",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_list,
};
