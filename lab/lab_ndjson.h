/*
 * `iiswarden-lab write`: one event a line becomes an EVTX file. The line format is described in
 * lab/README.md.
 */
#ifndef IW_LAB_NDJSON_H
#define IW_LAB_NDJSON_H

#include "lab/evtx/lab_evtx.h"

struct iw_lab_ndjson_options {
    struct iw_lab_evtx_options evtx;
    bool literal_channel; /* for all lines */
    bool template_less;   /* for all lines */
};

/* Writes the events of the file at input_path to a new file at output_path. False: error says which
 * line and why, and there is no output file. n_records may be NULL. */
bool iw_lab_ndjson_write(const char *input_path, const char *output_path,
                         const struct iw_lab_ndjson_options *options, uint64_t *n_records,
                         struct iw_lab_error *error);

#endif
