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
/** Finding *i* of the run made last, in the order they were made; may be changed. */
struct iw_finding *sample_finding(size_t i);
/** Puts the first *n* findings of the run made last into *run*, in place of those it has. */
void sample_run_put(struct iw_run *run, size_t n);
/** All of them. */
#define SAMPLE_ALL SIZE_MAX
/** Adds a finding, empty but for its kind; sample_run_put makes it seen. */
struct iw_finding *sample_run_add(enum iw_finding_kind kind);
/** Nothing at all. */
void empty_run_init(struct iw_run *run);
/** Frees what any of them made. */
void sample_run_done(struct iw_run *run);

/** Whether *text* holds a byte or code point a terminal would obey, or is not UTF-8. Line ends are
 * allowed; colour sequences of the program only with *allow_color*. */
bool text_is_unsafe(struct iw_str text, bool allow_color);

#endif
