/**
 * The rows of every command that looks at web servers: what the user knows of them.
 */
#ifndef IW_CLI_OPTIONS_SERVER_H
#define IW_CLI_OPTIONS_SERVER_H

#include "cli/options_common.h"

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
    {                                                                                              \
        .kind = IW_OPTION_LIST, .name = "web-root", .argument = "PATH",                            \
        .help = "a folder of the server (C:\\sites\\shop) that is a web root although no "         \
                "configuration says so; may be repeated",                                          \
        .member = IW_MEMBER(web_roots)                                                             \
    }

#endif
