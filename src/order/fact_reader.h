/**
 * Reading facts back (the room's own part): hosts found, copies joined, facts of a label that
 * several machines share sorted by machine.
 *
 * iw_order_next, iw_order_account and iw_order_close of order/order.h are here, too.
 */
#ifndef IW_ORDER_FACT_READER_H
#define IW_ORDER_FACT_READER_H

#include "order/order.h"

struct iw_fact_reader_options {
    struct iw_spill *spill;
    size_t budget_bytes;      /* of one more sorting, where a label is shared */
    struct iw_sorter *sorter; /* finished */
    enum iw_order_reading reading;
    const struct iw_hosts *hosts;
    bool is_last;
};

/** IW_OK, IW_ENOMEM, IW_EIO. *ret is NULL after a failure. */
enum iw_rc iw_fact_reader_new(const struct iw_fact_reader_options *options,
                              struct iw_order_reader **ret, struct iw_error *err);

#endif
