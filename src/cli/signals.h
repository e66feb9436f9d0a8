/**
 * Interrupting a run: the first SIGINT or SIGTERM asks it to stop and report, the second ends the
 * process.
 */
#ifndef IW_CLI_SIGNALS_H
#define IW_CLI_SIGNALS_H

#include <stdatomic.h>
#include <stdbool.h>

/** Catches the signals (and ignores SIGPIPE, so that writing tells of a reader that went away).
 * Returns the flag they set; may be called again. */
const _Atomic bool *iw_signals_begin(void);

#endif
