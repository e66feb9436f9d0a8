/**
 * A batch: the events a reader hands over in one go, with the memory they need.
 *
 * The caller makes it once per thread and passes it to the reader again and again; each call
 * empties it first.
 */
#ifndef IW_EVENT_BATCH_H
#define IW_EVENT_BATCH_H

#include "base/limits.h"
#include "event/event.h"

/** Events of one batch at most: few enough that their fields stay in the second-level cache. */
#define IW_BATCH_EVENTS 64U
/** Room for fields; a reader stops filling when less than IW_LIMIT_EVENT_FIELDS is left. */
#define IW_BATCH_FIELDS (2UL * IW_LIMIT_EVENT_FIELDS)

struct iw_batch {
    struct iw_event events[IW_BATCH_EVENTS];
    size_t n;
    struct iw_field *fields; /* room for IW_BATCH_FIELDS, made on first use */
    size_t n_fields;
    struct iw_arena arena; /* decoded text */
};

/** IW_LIMIT_BATCH_BYTES caps its arena. IW_OK or IW_ENOMEM. */
enum iw_rc iw_batch_init(struct iw_batch *batch);
void iw_batch_done(struct iw_batch *batch);
/** Empties it for the next events. */
void iw_batch_clear(struct iw_batch *batch);

#endif
