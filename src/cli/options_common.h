/**
 * The rows every command that reads evidence has: written once, so that they stay the same.
 */
#ifndef IW_CLI_OPTIONS_COMMON_H
#define IW_CLI_OPTIONS_COMMON_H

#include "base/limits.h"
#include "cli/cli.h"

#define IW_MEMBER(name) offsetof(struct iw_arguments, name)

extern const char *const iw_format_choices[];
extern const char *const iw_when_choices[];

/** What `%name%` in rules stands for. */
#define IW_OPTION_PLACEHOLDERS                                                                     \
    {                                                                                              \
        .kind = IW_OPTION_TEXT, .name = "placeholders", .argument = "FILE",                        \
        .help = "what placeholders of rules (%name%) stand for: a YAML or JSON map from names to " \
                "values",                                                                          \
        .member = IW_MEMBER(placeholders)                                                          \
    }

#define IW_OPTIONS_EVIDENCE                                                                        \
    {.kind = IW_OPTION_HEADING, .help = "Evidence"},                                               \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "host",                                                                           \
         .argument = "NAME",                                                                       \
         .help = "the host of evidence that names none",                                           \
         .member = IW_MEMBER(host)},                                                               \
        {.kind = IW_OPTION_FLAG,                                                                   \
         .name = "recover",                                                                        \
         .help = "also read former records and carve damaged files; both are marked",              \
         .member = IW_MEMBER(recover)},                                                            \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .name = "verify",                                                  \
        .help = "check the checksums of the files and tell which do not fit",                      \
        .member = IW_MEMBER(verify)                                                                \
    }

/** What --format says by default. */
#define IW_FORMAT_HELP "form of the output; default: table on a terminal, else NDJSON"

#define IW_OPTIONS_OUTPUT(format_help)                                                             \
    IW_OPTIONS_OUTPUT_OF("table|ndjson", iw_format_choices, format_help)

/** The same for a command with forms of its own. */
#define IW_OPTIONS_OUTPUT_OF(format_argument, format_choices, format_help)                         \
    {.kind = IW_OPTION_HEADING, .help = "Output"},                                                 \
        {.kind = IW_OPTION_CHOICE,                                                                 \
         .letter = 'f',                                                                            \
         .name = "format",                                                                         \
         .argument = (format_argument),                                                            \
         .help = (format_help),                                                                    \
         .member = IW_MEMBER(format),                                                              \
         .choices = (format_choices)},                                                             \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .letter = 'o',                                                                            \
         .name = "output",                                                                         \
         .argument = "FILE",                                                                       \
         .help = "write to FILE instead of standard output; never over evidence",                  \
         .member = IW_MEMBER(output)},                                                             \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "manifest",                                                                       \
         .argument = "FILE",                                                                       \
         .help = "write the account of the run to FILE, as JSON",                                  \
         .member = IW_MEMBER(manifest)},                                                           \
        {.kind = IW_OPTION_CHOICE,                                                                 \
         .name = "color",                                                                          \
         .argument = "auto|always|never",                                                          \
         .help = "colours; auto: on a terminal, unless NO_COLOR is set",                           \
         .member = IW_MEMBER(color),                                                               \
         .choices = iw_when_choices},                                                              \
        {.kind = IW_OPTION_CHOICE,                                                                 \
         .name = "progress",                                                                       \
         .argument = "auto|always|never",                                                          \
         .help = "the progress line; auto: on a terminal",                                         \
         .member = IW_MEMBER(progress),                                                            \
         .choices = iw_when_choices},                                                              \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .letter = 'q', .name = "quiet",                                    \
        .help = "no progress and no account on standard error, only errors",                       \
        .member = IW_MEMBER(quiet)                                                                 \
    }

#define IW_OPTIONS_RUN                                                                             \
    {.kind = IW_OPTION_HEADING, .help = "Run"},                                                    \
        {.kind = IW_OPTION_NUMBER,                                                                 \
         .letter = 'j',                                                                            \
         .name = "jobs",                                                                           \
         .argument = "N",                                                                          \
         .help = "threads that read; default: as many as processors",                              \
         .member = IW_MEMBER(n_jobs),                                                              \
         .min = 1,                                                                                 \
         .max = IW_LIMIT_JOBS},                                                                    \
        {.kind = IW_OPTION_FLAG,                                                                   \
         .name = "no-confine",                                                                     \
         .help = "do not confine the process (Landlock, seccomp) before evidence is read",         \
         .member = IW_MEMBER(no_confine)},                                                         \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .letter = 'h', .name = "help", .help = "show this help",           \
        .member = IW_MEMBER(help)                                                                  \
    }

#endif
