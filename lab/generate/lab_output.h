/*
 * Where a run's evidence and account go: the folder, the manifest, or a stream.
 */
#ifndef IW_LAB_OUTPUT_H
#define IW_LAB_OUTPUT_H

#include "lab/world/lab_world.h"

#include <stdio.h>

struct iw_lab_output {
    const char *evidence;  /* folder, DIR/evidence */
    const char *before;    /* folder, DIR/before */
    const char *directory; /* DIR */
    FILE *manifest;
    FILE *lineage; /* DIR/truth-lineage.ndjson, of the scenario's own hosts; or NULL */
    FILE *stream;  /* JSON events of all hosts go here and nothing else is written; or NULL */
};

/* A trace of an act: an event (record_id > 0), a line (line > 0), a file (path), or an entry of a
 * configuration (kind, name, image). Absent texts are NULL. */
struct iw_lab_trace {
    const char *act, *host, *source;
    const char *channel;
    unsigned event_id;
    uint64_t record_id, line, filetime;
    const char *path;
    const char *kind, *name, *image;
    const char *link; /* "compile": which link of a chain it is, when its act does not say */
};
void iw_lab_output_trace(struct iw_lab_output *output, const struct iw_lab_trace *trace);

/* A process that starts, as Windows shows its parent. */
void iw_lab_output_process(const struct iw_lab_host *host, const struct iw_lab_process *process,
                           const struct iw_lab_process *parent);

#endif
