/*
 * The command `iiswarden-lab score`.
 */
#ifndef IW_LAB_COMMAND_SCORE_H
#define IW_LAB_COMMAND_SCORE_H

#include "lab/score/score_run.h"

#include <stdio.h>

/* Reads its options from argv (argv[0] is the command's own name), plays and judges, writes the
 * report. generate makes the evidence; nothing may be NULL. Returns the exit code: 0 done, 1
 * something could not be done, was not judged, or got worse than expected (said on standard error),
 * 2 wrong use. Not to be called twice at a time: it uses getopt. */
int iw_lab_command_score(int argc, char **argv, iw_lab_generate_function *generate);

/* The lines of the usage text about it. */
void iw_lab_command_score_usage(FILE *stream);

#endif
