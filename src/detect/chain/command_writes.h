/**
 * What a command line says that it writes: a page that a redirection, a copy, a download or a
 * cmdlet is told to put somewhere. Where no event tells of files being written, that is all there
 * is of the page.
 *
 * Only whole paths with a drive are read (`C:\inetpub\wwwroot\x.aspx`, also with slashes), of files
 * that run when they are asked for. What a script does with them behind variables, escapes and
 * encodings is not. Pure; any thread.
 */
#ifndef IW_DETECT_COMMAND_WRITES_H
#define IW_DETECT_COMMAND_WRITES_H

#include "base/str.h"
#include "detect/chain/chain_settings.h"

/** The first page that the command says it writes, as it is written there; empty: none. */
struct iw_str iw_command_written_page(struct iw_str command_line,
                                      const struct iw_chain_settings *settings);

#endif
