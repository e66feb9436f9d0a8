/**
 * What commands that use a baseline have in common.
 */
#ifndef IW_CLI_OPTIONS_BASELINE_H
#define IW_CLI_OPTIONS_BASELINE_H

#include "cli/options_common.h"
#include "engine/engine.h"

#define IW_OPTIONS_BASELINE_KEY                                                                    \
    {.kind = IW_OPTION_TEXT,                                                                       \
     .name = "baseline-key",                                                                       \
     .argument = "PUB.pem",                                                                        \
     .help = "the baseline must be signed by this Ed25519 key, or it is refused",                  \
     .member = IW_MEMBER(baseline_key)},                                                           \
    {                                                                                              \
        .kind = IW_OPTION_NUMBER, .name = "minimum-sequence", .argument = "N",                     \
        .help = "refuse a signature with a lower sequence number",                                 \
        .member = IW_MEMBER(minimum_sequence), .min = 1, .max = UINT64_MAX                         \
    }

#define IW_OPTIONS_BASELINE                                                                        \
    {.kind = IW_OPTION_HEADING, .help = "What is known to be right"},                              \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "baseline",                                                                       \
         .argument = "FILE",                                                                       \
         .help = "compare servers with this baseline (baseline create)",                           \
         .member = IW_MEMBER(baseline)},                                                           \
        IW_OPTIONS_BASELINE_KEY,                                                                   \
    {                                                                                              \
        .kind = IW_OPTION_LIST, .name = "known-hashes", .argument = "FILE",                        \
        .help = "SHA-256 of files that are known to be good, one a line; may be repeated",         \
        .member = IW_MEMBER(known_hashes)                                                          \
    }

/** *help*: what it does in this command. */
#define IW_OPTIONS_BEHAVIOUR(help_text)                                                            \
    {.kind = IW_OPTION_FLAG,                                                                       \
     .name = "behaviour",                                                                          \
     .help = (help_text),                                                                          \
     .member = IW_MEMBER(behaviour)},                                                              \
        {.kind = IW_OPTION_SINCE,                                                                  \
         .name = "since",                                                                          \
         .argument = "TIME",                                                                       \
         .help = "behaviour from TIME (UTC) on, such as 2026-01-05T06:00",                         \
         .member = IW_MEMBER(since_ns)},                                                           \
    {                                                                                              \
        .kind = IW_OPTION_UNTIL, .name = "until", .argument = "TIME",                              \
        .help = "behaviour up to TIME (UTC)", .member = IW_MEMBER(until_ns)                        \
    }

/** Whether these options fit together; *needs_span*: both ends must be named. IW_OK or IW_EUSAGE.
 */
enum iw_rc iw_behaviour_check(const struct iw_arguments *arguments, bool needs_span,
                              struct iw_error *err);
/** Reads the evidence: what the servers are, and where it was asked for what they did; what is not
 * to be learned too, where *keeps_refused*. Codes as iw_engine_hunt. */
struct iw_session;
enum iw_rc iw_behaviour_read(struct iw_session *session, const struct iw_server_options *servers,
                             bool keeps_refused, struct iw_error *err);

/** The members of the engine's options that these options say. */
void iw_baseline_server_options(const struct iw_arguments *arguments,
                                struct iw_server_options *ret);
/** Whether their files can be read; IW_EUSAGE names the first that cannot. */
enum iw_rc iw_baseline_check_paths(const struct iw_arguments *arguments, struct iw_error *err);

/** Reads the one operand of a command, a baseline. IW_OK, IW_EUSAGE, IW_EIO, IW_ELIMIT, IW_ENOMEM.
 */
struct iw_arena;
enum iw_rc iw_baseline_read_operand(const struct iw_arguments *arguments, struct iw_arena *arena,
                                    struct iw_str *ret, struct iw_error *err);

#endif
