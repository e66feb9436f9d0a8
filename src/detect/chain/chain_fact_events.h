/**
 * How each event is read as a chain fact. Inside this folder only.
 */
#ifndef IW_DETECT_CHAIN_FACT_EVENTS_H
#define IW_DETECT_CHAIN_FACT_EVENTS_H

#include "context/event_reading.h"
#include "detect/chain/chain_fact.h"

struct iw_chain_reading {
    struct iw_event_reading fields;
    const struct iw_chain_settings *settings; /* may be NULL */
    const struct iw_context_fact *known;      /* of the event; NULL: not read yet */
    struct iw_chain_fact *fact;               /* zero, but for its kind and action */
};

/** IW_OK; IW_END: it is no candidate; IW_ENOMEM. */
typedef enum iw_rc iw_chain_read(struct iw_chain_reading *reading);

iw_chain_read iw_chain_read_start, iw_chain_read_end, iw_chain_read_file, iw_chain_read_access,
    iw_chain_read_share, iw_chain_read_load, iw_chain_read_connection, iw_chain_read_query,
    iw_chain_read_change, iw_chain_read_record, iw_chain_read_clock, iw_chain_read_pool;

#endif
