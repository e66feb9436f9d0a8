/**
 * A batch: the events a reader hands over in one go, with the memory they need.
 *
 * The caller makes it once per thread and passes it to the reader again and again; each call
 * empties it first.
 */
#ifndef IW_EVENT_BATCH_H
#define IW_EVENT_BATCH_H

#include "event/event.h"

#define IW_BATCH_EVENTS 128U

struct iw_batch {
    struct iw_event events[IW_BATCH_EVENTS];
    size_t n;
    struct iw_arena arena; /* fields and decoded text */
};

/** IW_LIMIT_BATCH_BYTES caps its memory. Allocates nothing. */
void iw_batch_init(struct iw_batch *batch);
void iw_batch_done(struct iw_batch *batch);
/** Empties it for the next events. */
void iw_batch_clear(struct iw_batch *batch);

#endif
