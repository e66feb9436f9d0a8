/**
 * Marks: what logs say of themselves and of the clock they are written by. A log that was cleared
 * (Security 1102, System 104), a clock that was set (Security 4616,
 * Microsoft-Windows-Kernel-General 1 in System).
 *
 * Format: fields of 1102 and 104 stand in UserData/LogFileCleared; PreviousTime and NewTime of 4616
 * and OldTime and NewTime of Kernel-General 1 are points in time.
 */
#ifndef IW_ORDER_LOG_MARK_H
#define IW_ORDER_LOG_MARK_H

#include "event/route.h"
#include "order/fact.h"

enum iw_log_mark_kind {
    IW_LOG_MARK_CLEARED = 1, /* *channel* begins anew: record ids may begin at 1 again */
    IW_LOG_MARK_CLOCK_SET    /* times before and behind it are of two clocks */
};

struct iw_log_mark {
    enum iw_log_mark_kind kind;
    struct iw_str channel;  /* that was cleared, as written; empty when not said */
    struct iw_str user;     /* who did it, DOMAIN\name, else a SID; empty when not said */
    int64_t old_ns, new_ns; /* of the clock; IW_TIME_UNKNOWN when not said */
};

/** Adds the events that are marks to what is decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_log_mark_route(struct iw_route *route);
/** Reads an event. IW_OK; IW_END: it is no mark; IW_ENOMEM. Texts lie in *scratch* or the event. */
enum iw_rc iw_log_mark_read(const struct iw_event *event, struct iw_arena *scratch,
                            struct iw_log_mark *ret);
/** A mark as the payload of a fact of kind IW_FACT_LOG_MARK. */
void iw_log_mark_write(const struct iw_log_mark *mark, struct iw_buffer *out);
/** Reads the payload back; texts are borrowed from it. False: it is none. */
bool iw_log_mark_parse(struct iw_str payload, struct iw_log_mark *ret);

#endif
