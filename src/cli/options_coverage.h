/**
 * The rows of every command that says what could have been seen.
 */
#ifndef IW_CLI_OPTIONS_COVERAGE_H
#define IW_CLI_OPTIONS_COVERAGE_H

#include "cli/options_common.h"
#include "engine/engine.h"

/** The operator's word on what hosts log. */
#define IW_OPTION_TELEMETRY                                                                        \
    {                                                                                              \
        .kind = IW_OPTION_LIST, .name = "telemetry", .argument = "FILE",                           \
        .help = "what hosts log by the operator's word (YAML), where no evidence shows it; may "   \
                "be repeated",                                                                     \
        .member = IW_MEMBER(telemetry)                                                             \
    }

/** The members of the engine's options that these options say. */
void iw_coverage_options_of(const struct iw_arguments *arguments, struct iw_hunt_options *ret);
/** Whether their files can be read; IW_EUSAGE names the first that cannot. */
enum iw_rc iw_coverage_options_check(const struct iw_arguments *arguments, struct iw_error *err);

#endif
