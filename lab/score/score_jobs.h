/*
 * Plays many scenarios, several at a time, each in a process of its own.
 */
#ifndef IW_LAB_SCORE_JOBS_H
#define IW_LAB_SCORE_JOBS_H

#include "lab/lab_error.h"
#include "lab/score/score_list.h"
#include "lab/score/score_run.h"

/* Plays the scenario files paths.items into FOLDER/<names.items>; names are as many as paths.
 * n_jobs is at least 1. False when no process could be started; a scenario whose process dies
 * leaves runs without status and does not stop the others. */
bool iw_lab_run_all(const struct iw_lab_run_options *options, const struct iw_lab_words *paths,
                    const struct iw_lab_words *names, const char *folder, unsigned n_jobs,
                    struct iw_lab_error *error);

#endif
