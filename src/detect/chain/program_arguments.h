/**
 * Arguments of a command line, and whose they are.
 *
 * A shell that was renamed is known by its version information (Sysmon's OriginalFileName), which
 * Security 4688 does not have and which can be taken off. What it has to be told it understands
 * under any name: `/c whoami`, `-nop -w hidden -enc SQBFAFgA...`.
 *
 * Sources: `cmd /?`; about_PowerShell_exe (options may be cut short as long as they are one's own;
 * an encoded command is Base64 of UTF-16LE); `wscript //?`. Pure; any thread.
 */
#ifndef IW_DETECT_PROGRAM_ARGUMENTS_H
#define IW_DETECT_PROGRAM_ARGUMENTS_H

#include "detect/chain/program_kind.h"

/** The next argument, without its quotes; empty at the end. *left* moves behind it. Borrowed. */
struct iw_str iw_program_next_argument(struct iw_str *left);

/** The kind of shell or interpreter whose arguments a command line has, whatever its program is
 * called; NULL: of none. Static. */
const struct iw_program *iw_program_of_arguments(struct iw_str command_line);

#endif
