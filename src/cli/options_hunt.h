/**
 * Options of the commands that hunt: `hunt` and `coverage`, and what they do with them.
 */
#ifndef IW_CLI_OPTIONS_HUNT_H
#define IW_CLI_OPTIONS_HUNT_H

#include "cli/session.h"

#define IW_FIRE_EVERY 1 /* of correlation_fire */

#define IW_OPTIONS_RULES                                                                           \
    {.kind = IW_OPTION_HEADING, .help = "Rules"},                                                  \
        {.kind = IW_OPTION_LIST,                                                                   \
         .letter = 'r',                                                                            \
         .name = "rules",                                                                          \
         .argument = "DIR",                                                                        \
         .help =                                                                                   \
             "Sigma rules, a file or folder, to run beside the built-in ones; may be repeated",    \
         .member = IW_MEMBER(rules)},                                                              \
        {.kind = IW_OPTION_LIST,                                                                   \
         .name = "only-rules",                                                                     \
         .argument = "DIR",                                                                        \
         .help = "Sigma rules to run instead of the built-in ones; may be repeated",               \
         .member = IW_MEMBER(only_rules)},                                                         \
        IW_OPTION_PLACEHOLDERS,                                                                    \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .name = "strict",                                                  \
        .help = "a refused rule or change record counts as a loss (exit status 2)",                \
        .member = IW_MEMBER(strict)                                                                \
    }

#define IW_OPTIONS_CHAINS                                                                          \
    {.kind = IW_OPTION_HEADING, .help = "Chains of evidence"},                                     \
        {.kind = IW_OPTION_LIST,                                                                   \
         .name = "set",                                                                            \
         .argument = "NAME=VALUE",                                                                 \
         .help = "TimeWindow=48h, UserContext, WatchedPaths, WebRootPath, ParentProcess, "         \
                 "ParentProcessName, DLLNameEntropyThreshold",                                     \
         .member = IW_MEMBER(settings)},                                                           \
    {                                                                                              \
        .kind = IW_OPTION_TEXT, .name = "settings", .argument = "FILE",                            \
        .help = "such settings, one a line, read before those of --set",                           \
        .member = IW_MEMBER(settings_file)                                                         \
    }

#define IW_OPTION_FAIL_ON_BLIND                                                                    \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .name = "fail-on-blind",                                           \
        .help = "exit status + 4 where an analytic is blind on a host",                            \
        .member = IW_MEMBER(fail_on_blind)                                                         \
    }

/** What can be wrong with them. IW_OK or IW_EUSAGE. */
enum iw_rc iw_hunt_check(const struct iw_arguments *arguments, struct iw_error *err);
/** Hunts. Codes as iw_engine_hunt. */
enum iw_rc iw_hunt_read(struct iw_session *session, struct iw_error *err);
/** The exit status of a hunt that went well. */
int iw_hunt_status(const struct iw_arguments *arguments, const struct iw_run *run);
/** IW_EXIT_BLIND where that is asked for and something is blind or no host was met, else 0. */
int iw_blind_status(const struct iw_arguments *arguments, const struct iw_run *run);
/** IW_EXIT_LOSS where evidence was lost, or with --strict something refused, else 0. */
int iw_loss_status(const struct iw_arguments *arguments, const struct iw_run *run);

#endif
