/*
 * Plays one scenario in all its variants: makes the evidence, runs the detector on it, and leaves
 * what is to be judged in FOLDER/<variant>/: manifest.ndjson, findings.ndjson, coverage.ndjson and
 * a file `status`. It judges nothing itself, so that scenarios can be played side by side.
 */
#ifndef IW_LAB_SCORE_RUN_H
#define IW_LAB_SCORE_RUN_H

#include "lab/lab_error.h"
#include "lab/lab_generate.h"
#include "lab/score/score_variant.h"

#include <stdbool.h>
#include <stddef.h>

typedef bool iw_lab_generate_function(const struct iw_lab_generate_options *options,
                                      struct iw_lab_error *error);

struct iw_lab_run_options {
    iw_lab_generate_function *generate;
    const char *program; /* the detector, an absolute path */
    unsigned time_limit_s;
    struct iw_lab_plan plan;
    bool is_kept; /* the evidence stays */
};

enum iw_lab_run_state {
    IW_LAB_RUN_JUDGED,   /* there are findings to judge */
    IW_LAB_RUN_SAME,     /* evidence and truth are those of the base, or there is no such aid:
                            not played again */
    IW_LAB_RUN_NOT_MADE, /* no evidence: nothing can be said */
    IW_LAB_RUN_DETECTOR_FAILED, /* evidence, but no whole output: all that is due is missed */
    IW_LAB_RUN_NOT_ANSWERED     /* the detector does not know an aid (exit status 64) */
};

enum iw_lab_coverage_state {
    IW_LAB_COVERAGE_ANSWERED,
    IW_LAB_COVERAGE_NO_OPTION, /* the detector does not know how to be asked */
    IW_LAB_COVERAGE_FAILED,
    IW_LAB_COVERAGE_NOT_ASKED /* in runs with aids: they change no verdict */
};

/* What `status` says. */
struct iw_lab_run_status {
    enum iw_lab_run_state state;
    enum iw_lab_coverage_state coverage;
    char reason[512]; /* of what failed, else "" */
};

/* Plays all variants; what goes wrong stands in their status. scenario and folder are paths; folder
 * is made. */
void iw_lab_run_scenario(const struct iw_lab_run_options *options, const char *scenario,
                         const char *folder);

/* Writes the folder of a variant below FOLDER to out. */
bool iw_lab_run_folder(const char *folder, const struct iw_lab_variant *variant, char *out,
                       size_t size_bytes, struct iw_lab_error *error);

/* Reads `status` in a variant's folder. A run without one was never finished: IW_LAB_RUN_NOT_MADE.
 */
void iw_lab_run_status_read(const char *variant_folder, struct iw_lab_run_status *status);

#endif
