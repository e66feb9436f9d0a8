/**
 * Runs made by hand: what the writers are tested on.
 */
#ifndef IW_TESTS_UNIT_OUTPUT_SAMPLE_RUN_H
#define IW_TESTS_UNIT_OUTPUT_SAMPLE_RUN_H

#include "result/run.h"

/** 2019-05-24T01:33:53.1120000Z, the web shell of the reference evidence. */
#define SAMPLE_TIME_NS 1558661633112000000LL

/** Two hosts, a shell, four repeats of one rule, one finding below low, damage, refused rules. */
void sample_run_init(struct iw_run *run);
/** The same into a run that was made already. */
void sample_run_fill(struct iw_run *run);
/** One finding whose every text is an attack on the terminal, with a command line of 100 kB. */
void hostile_run_init(struct iw_run *run);
/** Frees what either made. */
void sample_run_done(struct iw_run *run);

/** Whether *text* holds a byte or code point a terminal would obey, or is not UTF-8. Line ends are
 * allowed; colour sequences of the program only with *allow_color*. */
bool text_is_unsafe(struct iw_str text, bool allow_color);

#endif
