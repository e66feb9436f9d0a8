/**
 * Inside of url_requests: which logs of requests there are, and from when to when each has lines,
 * whatever was asked for. Without that, "nobody asked for it" and "nobody wrote it down" look
 * alike.
 */
#ifndef IW_CONTEXT_REQUEST_LOGS_H
#define IW_CONTEXT_REQUEST_LOGS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/timestamp.h"

/** The lines of one site of one computer. */
struct iw_request_log_span {
    struct iw_str computer; /* as written */
    struct iw_str host;     /* once settled */
    uint64_t site_id;       /* 0: the log does not say */
    uint64_t n;
    int64_t first_ns, last_ns;                     /* or IW_TIME_UNKNOWN */
    uint64_t days[IW_LIMIT_REQUEST_LOG_DAYS / 64]; /* with lines, as bits, from 1990 on */
};

/** One per thread, then merged. */
struct iw_request_logs {
    struct iw_arena arena;
    struct iw_buffer key;
    struct iw_map by_key;             /* site id and computer → struct iw_request_log_span * */
    struct iw_request_log_span *last; /* lines of one log come together */
    uint64_t n_hidden;                /* lines of logs past IW_LIMIT_REQUEST_LOGS */
};

void iw_request_logs_init(struct iw_request_logs *logs);
void iw_request_logs_done(struct iw_request_logs *logs);
/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_request_logs_add(struct iw_request_logs *logs, struct iw_str computer,
                               uint64_t site_id, int64_t time_ns);
enum iw_rc iw_request_logs_merge(struct iw_request_logs *into, const struct iw_request_logs *from);
/** Whole days (UTC) after *from_ns* and before the last line, without any line in *days*. */
uint64_t iw_request_days_silent(const uint64_t *days, int64_t from_ns, int64_t last_ns);

#endif
