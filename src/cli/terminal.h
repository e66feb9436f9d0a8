/**
 * What the terminal behind a descriptor can show.
 */
#ifndef IW_CLI_TERMINAL_H
#define IW_CLI_TERMINAL_H

#include "cli/cli.h"
#include "output/output.h"

/** Fills *ret: width 0 where *fd* is no terminal; colour as *color* says, where auto means a
 * terminal that is not TERM=dumb, and NO_COLOR unset or empty. */
void iw_terminal_style(int fd, enum iw_when color, struct iw_style *ret);

#endif
