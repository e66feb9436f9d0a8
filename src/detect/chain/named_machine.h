/**
 * Machines that a command line names.
 *
 * Pure; any thread.
 */
#ifndef IW_DETECT_NAMED_MACHINE_H
#define IW_DETECT_NAMED_MACHINE_H

#include "base/str.h"

/**
 * Length of the name of a machine that begins at *at*, in bytes; 0: none begins there. Names stand
 * in UNC paths (`\\fs01\share`, `\\?\UNC\fs01\share`), in URLs with user and port
 * (`https://deploy@10.1.2.3:8172/`), in remotes of git and ssh (`git@fs01:shop`, `fs01:shop`), as
 * Web Deploy takes them (`computerName=fs01`, `wmsvc=fs01`), and as four numbers anywhere. What is
 * written the same way and is no machine (`http:`, `C:\\17`) is taken for one. A walk over a
 * command line that goes on behind each name is linear.
 */
size_t iw_named_machine(struct iw_str command_line, size_t at);

#endif
