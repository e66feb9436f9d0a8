/**
 * One event read as a switch (switches.h).
 */
#ifndef IW_COVERAGE_SWITCH_READ_H
#define IW_COVERAGE_SWITCH_READ_H

#include "coverage/switches.h"

/** A quick look at channel and event id. */
bool iw_switch_may_be(const struct iw_event *event);
/** Reads the *nth* (from 0) that it tells of: only a text of PowerShell tells of more than one.
 * Texts lie in *scratch* or the event. IW_OK; IW_END: there is no such; IW_ENOMEM. */
enum iw_rc iw_switch_read(const struct iw_event *event, size_t nth, struct iw_arena *scratch,
                          struct iw_switch *ret);

#endif
