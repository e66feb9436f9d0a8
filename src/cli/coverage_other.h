/**
 * What `coverage` does in place of verdicts: a Sysmon configuration for the servers in evidence, a
 * plan of canaries; and before them: what the evidence says of a plan. Its options are rows of the
 * command's table.
 */
#ifndef IW_CLI_COVERAGE_OTHER_H
#define IW_CLI_COVERAGE_OTHER_H

#include "cli/options_common.h"

extern const char *const iw_emit_choices[];
/** Forms of the command: the third is of --audit alone. */
extern const char *const iw_coverage_format_choices[];

#define IW_OPTIONS_COVERAGE_OTHER                                                                  \
    {.kind = IW_OPTION_HEADING, .help = "Seeing more"},                                            \
        {.kind = IW_OPTION_CHOICE,                                                                 \
         .name = "emit",                                                                           \
         .argument = "sysmon",                                                                     \
         .help = "write a minimal Sysmon configuration for the web roots and pools in evidence",   \
         .member = IW_MEMBER(emit),                                                                \
         .choices = iw_emit_choices},                                                              \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "canary-plan",                                                                    \
         .argument = "FILE",                                                                       \
         .help = "print harmless acts with a marker for an administrator, as PowerShell, and "     \
                 "write the plan to FILE",                                                         \
         .member = IW_MEMBER(canary_plan)},                                                        \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "marker",                                                                         \
         .argument = "TEXT",                                                                       \
         .help = "the marker of the plan: 8 to 32 lower-case letters and digits; default: a "      \
                 "random one",                                                                     \
         .member = IW_MEMBER(marker)},                                                             \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "canary",                                                                         \
         .argument = "FILE",                                                                       \
         .help = "say act by act whether, when and by which source those of the plan were seen; "  \
                 "with --fail-on-blind exit status + 4 where one was not",                         \
         .member = IW_MEMBER(canary)},                                                             \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .name = "audit",                                                   \
        .help = "answer an auditor's questions host by host instead", .member = IW_MEMBER(audit)   \
    }

/** Whether the arguments ask for any of it. */
bool iw_coverage_is_other(const struct iw_arguments *arguments);
/** Does it, from checks to exit status. */
int iw_coverage_other(const struct iw_arguments *arguments);
/** Whether --format and --marker go with the other words: IW_OK, IW_EUSAGE. */
enum iw_rc iw_coverage_check_format(const struct iw_arguments *arguments, struct iw_error *err);
/** Writes the audit view of a session whose run is whole: findings, inventory, coverage. IW_OK,
 * IW_ENOMEM, IW_EIO. */
struct iw_session;
enum iw_rc iw_coverage_write_audit(struct iw_session *session, struct iw_error *err);

#endif
