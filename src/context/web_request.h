/**
 * A line of a log of requests as a request.
 *
 * Columns are those of W3C logs (Microsoft, "W3C Logging"): the stem is the decoded path, the time
 * is that of the end, `time-taken` is in milliseconds, the site is `W3SVC<id>`. `c-ip` is whoever
 * connected, which may be a proxy; for whom it asked stands in a column that administrators add,
 * `X-Forwarded-For` (with Advanced Logging `cs(X-Forwarded-For)`), as the request had it: a client
 * that no proxy corrects may write there what it likes.
 */
#ifndef IW_CONTEXT_WEB_REQUEST_H
#define IW_CONTEXT_WEB_REQUEST_H

#include "base/error.h"
#include "event/event.h"

/** Texts are empty where the log does not say (`-` too); borrowed from the event or the arena. */
struct iw_web_request {
    uint64_t site_id; /* 0: not known */
    struct iw_str stem, query, method, address, agent;
    struct iw_str forwarded; /* `X-Forwarded-For` */
    uint64_t status;         /* 0: not known */
    int64_t end_ns;          /* or IW_TIME_UNKNOWN; to the second */
    int64_t start_ns;        /* the same less the time taken, where that is known; else end_ns */
    bool is_local;           /* times are of a clock whose offset is not known */
};

/** Reads a decoded event of the request log. IW_OK; IW_END: it is none, or was not decoded;
 * IW_ENOMEM. */
enum iw_rc iw_web_request_read(const struct iw_event *event, struct iw_arena *arena,
                               struct iw_web_request *ret);

#endif
