/**
 * Commands: what recurs of them, and what clients of web shells write.
 *
 * Pure; any thread.
 */
#ifndef IW_DETECT_COMMAND_SHAPE_H
#define IW_DETECT_COMMAND_SHAPE_H

#include "base/arena.h"

/**
 * The shape of a command line: lower case, runs of blanks as one, runs of digits as `#`, names in
 * temporary folders as `*`, hexadecimal runs of eight and more as `#`. Two runs of one job have one
 * shape. p NULL: no memory.
 */
struct iw_str iw_command_shape(struct iw_str command_line, struct iw_arena *arena);
/** What makes a command line look like one that a web shell's client sent; NULL: nothing. Static.
 */
const char *iw_command_of_web_shell(struct iw_str command_line);
/** Whether a command line asks for secrets: passwords of pools, parts of the registry and processes
 * that hold credentials. */
bool iw_command_reads_secrets(struct iw_str command_line);

#endif
