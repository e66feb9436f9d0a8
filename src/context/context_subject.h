/**
 * What an event leaves behind so that its context can be asked for later, without it: which
 * process, logon and file it is about, or which request. Travels as bytes beside whatever else is
 * kept of the event.
 */
#ifndef IW_CONTEXT_CONTEXT_SUBJECT_H
#define IW_CONTEXT_CONTEXT_SUBJECT_H

#include "context/context_fact.h"

/** A request to the web server, as a log tells it. */
struct iw_context_request {
    struct iw_str url;           /* "/shop/x.aspx" */
    uint64_t site_id, port;      /* 0: not told */
    struct iw_str address, host; /* it came to; empty: not told */
};

/** Texts are empty, and flags false, where the event does not say. */
struct iw_context_subject {
    struct iw_process_name process; /* who did it; of a start: who started */
    bool has_logon;
    uint64_t logon_id;
    struct iw_str user, sid; /* of who did it */
    struct iw_str file;      /* the file it is about: written, loaded, accessed */
    bool is_request;
    struct iw_context_request request;
};

/** Reads a decoded event. IW_OK or IW_ENOMEM. Texts lie in *scratch* or borrow from the event. */
enum iw_rc iw_context_subject_read(const struct iw_event *event, struct iw_arena *scratch,
                                   struct iw_context_subject *ret);
/** Appends it as bytes, texts cut at IW_LIMIT_CONTEXT_TEXT_BYTES. Missing memory shows in *out*. */
void iw_context_subject_write(const struct iw_context_subject *subject, struct iw_buffer *out);
/** Reads what was written; false: it is something else. Texts borrow from *bytes*. */
bool iw_context_subject_parse(struct iw_str bytes, struct iw_context_subject *ret);

#endif
