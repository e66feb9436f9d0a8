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
/** The same, but machines that are named (named_machine.h) as they are, in lower case: a copy from
 * another one is another job. */
struct iw_str iw_command_shape_and_machines(struct iw_str command_line, struct iw_arena *arena);
/** What a command line tells, as one number below IW_COMMAND_JUDGEMENTS that can be kept where the
 * text is cut: a shape (iw_command_shape_words) and IW_COMMAND_READS_SECRETS. 0: nothing. */
#define IW_COMMAND_READS_SECRETS 0x80U
#define IW_COMMAND_JUDGEMENTS 0x100U
unsigned iw_command_judge(struct iw_str command_line);
/** What makes a judged command look like one that a web shell's client sent; NULL: nothing. Static.
 */
const char *iw_command_shape_words(unsigned judgement);
/** Whether a command line asks for secrets: passwords of pools, parts of the registry and processes
 * that hold credentials. */
bool iw_command_reads_secrets(struct iw_str command_line);

#endif
