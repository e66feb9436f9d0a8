/**
 * The rows of every command that looks at web servers: what the user knows of them.
 */
#ifndef IW_CLI_OPTIONS_SERVER_H
#define IW_CLI_OPTIONS_SERVER_H

#include "cli/options_common.h"
#include "engine/engine.h"

/** What of the evidence is a web root: also of the commands that read servers for a baseline. */
#define IW_OPTION_WEB_ROOT                                                                         \
    {                                                                                              \
        .kind = IW_OPTION_LIST, .name = "web-root", .argument = "[HOST:]PATH",                     \
        .help = "a folder of the server (C:\\sites\\shop; WEB01:C:\\sites of one host) that is a " \
                "web root although no configuration says so; may be repeated",                     \
        .member = IW_MEMBER(web_roots)                                                             \
    }

#define IW_OPTIONS_SERVER                                                                          \
    {.kind = IW_OPTION_HEADING, .help = "Servers"},                                                \
        {.kind = IW_OPTION_LIST,                                                                   \
         .name = "trust",                                                                          \
         .argument = "FILE",                                                                       \
         .help = "certificates (PEM or DER) that prove who signed a program, such as Microsoft's " \
                 "roots; may be repeated",                                                         \
         .member = IW_MEMBER(trust)},                                                              \
        {.kind = IW_OPTION_LIST,                                                                   \
         .name = "yara",                                                                           \
         .argument = "FILE",                                                                       \
         .help = "YARA rules to try on the programs and web files of servers; may be repeated",    \
         .member = IW_MEMBER(yara)},                                                               \
        IW_OPTION_WEB_ROOT

/** Who may change what: `--estate`. */
#define IW_OPTION_ESTATE                                                                           \
    {                                                                                              \
        .kind = IW_OPTION_TEXT, .name = "estate", .argument = "FILE",                              \
        .help = "the servers that should exist, their operators and deployment accounts (YAML)",   \
        .member = IW_MEMBER(estate)                                                                \
    }

#define IW_OPTIONS_CHANGES                                                                         \
    {.kind = IW_OPTION_HEADING, .help = "What was planned"},                                       \
        {.kind = IW_OPTION_LIST,                                                                   \
         .name = "changes",                                                                        \
         .argument = "FILE",                                                                       \
         .help = "change records (YAML; *.csv with --changes-map) that explain what was found; "   \
                 "may be repeated",                                                                \
         .member = IW_MEMBER(changes)},                                                            \
        {.kind = IW_OPTION_TEXT,                                                                   \
         .name = "changes-map",                                                                    \
         .argument = "FILE",                                                                       \
         .help = "which column of the CSV is which clause (YAML)",                                 \
         .member = IW_MEMBER(changes_map)},                                                        \
        IW_OPTION_ESTATE

/** The web roots alone, and whether they are such: IW_OK, IW_EUSAGE. */
void iw_web_roots_of(const struct iw_arguments *arguments, struct iw_server_options *ret);
enum iw_rc iw_web_roots_check(const struct iw_arguments *arguments, struct iw_error *err);
/** The members of the engine's options that these options say. */
void iw_server_options_of(const struct iw_arguments *arguments, struct iw_server_options *ret);
/** Whether their files can be read; IW_EUSAGE names the first that cannot. */
enum iw_rc iw_server_options_check(const struct iw_arguments *arguments, struct iw_error *err);

#endif
