/*
 * `iiswarden-lab corpus`: dense event logs of any size for benchmarks, streamed to disk, the same
 * bytes for a seed.
 */
#ifndef IW_LAB_CORPUS_H
#define IW_LAB_CORPUS_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stdint.h>

struct iw_lab_corpus_options {
    uint64_t size_bytes; /* of all files together, met within one chunk a file */
    uint64_t seed;
    uint32_t n_hosts; /* at least 1; sizes are shared equally */
    /* Nine events in ten are process creations, of programs as they start in life. */
    bool is_processes;
};

/* Writes DIR/README.txt and DIR/<HOST>/C/Windows/System32/winevt/Logs/ *.evtx. */
bool iw_lab_corpus_write(const char *directory, const struct iw_lab_corpus_options *options,
                         struct iw_lab_error *error);

#endif
