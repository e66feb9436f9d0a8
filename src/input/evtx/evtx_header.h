/**
 * The header of an event (id, channel, provider, computer, time, record id): from the keys of a
 * program before decoding, or from decoded fields where the keys cannot be believed.
 */
#ifndef IW_INPUT_EVTX_HEADER_H
#define IW_INPUT_EVTX_HEADER_H

#include "input/evtx/evtx_execute.h"

/**
 * Fills the header from the root program's keys where they can be believed (else is_header_late
 * stays set).
 *
 * @param ret_wanted  false when routing is sure that nobody wants the event
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc evtx_route_record(struct evtx_executor *x, struct iw_event *event, bool *ret_wanted);

/** Fills the header from the event's system fields. Two different values of one of them mark the
 * record as cut. IW_OK or IW_ENOMEM. */
enum iw_rc evtx_header_from_fields(struct evtx_executor *x, struct iw_event *event);

#endif
