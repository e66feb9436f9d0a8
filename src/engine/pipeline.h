/**
 * Pass 1: slices of files handed to threads, batches of events handed to a consumer.
 *
 * Slices are given out in the order of the evidence. A consumer has a state per thread; nothing
 * mutable is shared while events flow. A consumer that writes may hold what a slice gave it in a
 * buffer: slices are closed in order, one at a time, whatever thread read them.
 */
#ifndef IW_ENGINE_PIPELINE_H
#define IW_ENGINE_PIPELINE_H

#include "engine/engine.h"
#include "input/reader.h"

/** What is done with events. All functions return IW_OK, IW_ENOMEM or, for close_slice, the
 * writer's error; batch also IW_ECANCELLED: reading ends here, as if the user had interrupted it.
 */
struct iw_consumer {
    void *context;
    /** A state for one thread; NULL: no memory. */
    void *(*thread_begin)(void *context);
    enum iw_rc (*batch)(void *state, const struct iw_batch *batch);
    /** Called in the order of slices, by one thread at a time. May be NULL. */
    enum iw_rc (*close_slice)(void *state, struct iw_error *err);
    /** Called once per state when all threads have ended, in a fixed order. *keep* false: the run
     * failed, only free. */
    enum iw_rc (*thread_end)(void *state, bool keep);
};

struct iw_pipeline {
    const struct iw_engine_options *options;
    const struct iw_names *names;
    const struct iw_route *route;
    const struct iw_evidence *evidence;
    struct iw_run *run; /* ledger and interrupted are written */
};

/**
 * Reads all of the evidence. IW_OK also when the run was cancelled (run->interrupted) or evidence
 * was lost (ledger); IW_ENOMEM; a consumer's error.
 */
enum iw_rc iw_pipeline_run(const struct iw_pipeline *pipeline, const struct iw_consumer *consumer,
                           struct iw_error *err);

#endif
