/**
 * Facts as records of a sorter: the room's own part (order/order.h is for everybody else).
 *
 * The key is what a reading is ordered by; among equal keys, which only copies have, records are
 * ordered by place, because that stands first in the payload.
 */
#ifndef IW_ORDER_FACT_RECORD_H
#define IW_ORDER_FACT_RECORD_H

#include "base/buffer.h"
#include "base/error.h"
#include "order/order.h"

/** Appends key and record. A failed allocation is remembered by the buffers. */
void iw_fact_record_write(const struct iw_fact *fact, enum iw_order_reading reading,
                          struct iw_buffer *key, struct iw_buffer *record);
/** Reads a fact; texts are borrowed from both. IW_OK, or IW_EIO: they do not hold one. */
enum iw_rc iw_fact_record_read(enum iw_order_reading reading, struct iw_str key,
                               struct iw_str record, struct iw_fact *ret, struct iw_error *err);
/** The part of a key that says which record it is of: all before the content. */
struct iw_str iw_fact_record_part(enum iw_order_reading reading, struct iw_str key);
/** How many bytes at the beginning of a key (of IW_ORDER_OF_HOSTS) are the label. */
size_t iw_fact_record_label_bytes(struct iw_str key);

#endif
