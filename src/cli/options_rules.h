/**
 * The rows the `rules` commands share.
 */
#ifndef IW_CLI_OPTIONS_RULES_H
#define IW_CLI_OPTIONS_RULES_H

#include "cli/options_common.h"

#define IW_OPTIONS_CHOOSE_RULES                                                                    \
    {.kind = IW_OPTION_LIST,                                                                       \
     .letter = 'r',                                                                                \
     .name = "rules",                                                                              \
     .argument = "DIR",                                                                            \
     .help = "Sigma rules, a file or folder, beside the built-in ones; may be repeated",           \
     .member = IW_MEMBER(rules)},                                                                  \
        {.kind = IW_OPTION_LIST,                                                                   \
         .name = "only-rules",                                                                     \
         .argument = "DIR",                                                                        \
         .help = "Sigma rules instead of the built-in ones; may be repeated",                      \
         .member = IW_MEMBER(only_rules)},                                                         \
        IW_OPTION_PLACEHOLDERS

#define IW_OPTIONS_REPORT                                                                          \
    {.kind = IW_OPTION_HEADING, .help = "Output"},                                                 \
        {.kind = IW_OPTION_CHOICE,                                                                 \
         .letter = 'f',                                                                            \
         .name = "format",                                                                         \
         .argument = "table|ndjson",                                                               \
         .help = IW_FORMAT_HELP,                                                                   \
         .member = IW_MEMBER(format),                                                              \
         .choices = iw_format_choices},                                                            \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .letter = 'o',                                                                            \
         .name = "output",                                                                         \
         .argument = "FILE",                                                                       \
         .help = "write to FILE instead of standard output",                                       \
         .member = IW_MEMBER(output)},                                                             \
        {.kind = IW_OPTION_CHOICE,                                                                 \
         .name = "color",                                                                          \
         .argument = "auto|always|never",                                                          \
         .help = "colours; auto: on a terminal, unless NO_COLOR is set",                           \
         .member = IW_MEMBER(color),                                                               \
         .choices = iw_when_choices},                                                              \
    {                                                                                              \
        .kind = IW_OPTION_FLAG, .letter = 'h', .name = "help", .help = "show this help",           \
        .member = IW_MEMBER(help)                                                                  \
    }

#endif
