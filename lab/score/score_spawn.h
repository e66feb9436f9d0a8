/*
 * Runs the detector as its user would: a program with arguments, without a shell.
 */
#ifndef IW_LAB_SCORE_SPAWN_H
#define IW_LAB_SCORE_SPAWN_H

#include "lab/lab_error.h"

#include <stdbool.h>

struct iw_lab_spawn {
    const char *program;      /* absolute path */
    const char *const *words; /* its arguments, the program's name first, NULL last */
    const char *folder;       /* where it runs */
    const char *output;       /* file in that folder for standard output; replaced */
    const char *log;          /* likewise for standard error; appended to */
    unsigned time_limit_s;
};

/* Runs it and waits. True with its exit status in *status; false with the reason in error when it
 * could not be started (status 127 of ours), ended by a signal, or was ended after the time limit.
 */
bool iw_lab_spawn(const struct iw_lab_spawn *spawn, int *status, struct iw_lab_error *error);

#endif
