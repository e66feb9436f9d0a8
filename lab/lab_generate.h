/*
 * Makes the evidence of one scenario: DIR/evidence, DIR/before, DIR/README.txt and the truth in
 * DIR/manifest.ndjson (lab/scenarios/README.md, lab/score/README.md).
 */
#ifndef IW_LAB_GENERATE_H
#define IW_LAB_GENERATE_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All texts are the caller's. A member that is 0, NULL or false changes nothing of the scenario. */
struct iw_lab_generate_options {
    const char *scenario;       /* path of the .yml file; needed */
    const char *output;         /* DIR, made when it is not there; NULL: the scenario is played and
                                   checked, nothing is written */
    bool is_stream;             /* events of all hosts as JSON lines to standard output, no files */
    uint64_t seed;              /* 0: the scenario's own */
    uint32_t names;             /* which word of each list of `names`, from 1 on; 0 is 1 */
    int64_t jitter_ns;          /* how far times may move, in nanoseconds */
    const char *const *without; /* sources left out, as in the truth's `without`; NULL when none */
    size_t n_without;
    bool is_only_4688; /* of process telemetry only Security 4688: no Sysmon, nothing else of
                          Security */
    uint32_t scale; /* that many farms: the scenario's own, and others like it in which only daily
                       life goes on; 0 is 1 */
};

/* Same scenario and options, same bytes. False with the reason in error (file and line for what is
 * wrong in the scenario); then DIR may hold a part. No argument may be NULL but error. */
bool iw_lab_generate(const struct iw_lab_generate_options *options, struct iw_lab_error *error);

#endif
