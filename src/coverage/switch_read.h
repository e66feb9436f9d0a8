/**
 * One event read as a switch (switches.h).
 */
#ifndef IW_COVERAGE_SWITCH_READ_H
#define IW_COVERAGE_SWITCH_READ_H

#include "coverage/switches.h"

/** A quick look at channel and event id. */
bool iw_switch_may_be(const struct iw_event *event);
/** Reads it. Texts lie in *scratch* or the event. IW_OK; IW_END: it is none; IW_ENOMEM. */
enum iw_rc iw_switch_read(const struct iw_event *event, struct iw_arena *scratch,
                          struct iw_switch *ret);

#endif
