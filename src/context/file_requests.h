/**
 * Who asked for a file: the URLs that reach it by the configuration of a moment, and what the logs
 * of requests say of these before and after it.
 *
 * What is not told: a request for a folder that is answered by its default document; requests that
 * a module rewrote to the file; anything a module kept out of the log.
 *
 * A file that no site of IIS reaches may be a page of another server, for which IIS stands as a
 * proxy: then its URL is what stands behind that server's folder, in whatever site. Only requests
 * that were answered tell so; without one nothing is known of its URLs, for the other server has a
 * log of its own.
 */
#ifndef IW_CONTEXT_FILE_REQUESTS_H
#define IW_CONTEXT_FILE_REQUESTS_H

#include "context/url_requests.h"
#include "context/web_places.h"

/** Whether the logs of the site that has the URL could show a request at and after a moment. */
enum iw_request_log {
    IW_REQUEST_LOG_NONE = 0, /* no log of requests of this host and site is in evidence */
    IW_REQUEST_LOG_EARLIER,  /* there is one; it ends before the moment */
    IW_REQUEST_LOG_LATER,    /* there is one; it begins after the moment */
    IW_REQUEST_LOG_COVERS    /* it has requests at or before and at or after the moment */
};

/** One URL of the file. */
struct iw_file_url {
    struct iw_str site; /* its name; empty: no configuration names one */
    uint64_t site_id;   /* 0: not known */
    struct iw_str url;  /* "/shop/x.aspx" */
    bool is_proved;     /* by the configuration of that moment */
};

/** What logs say of the requests for one file. Lives in the arena it was asked for with. */
struct iw_file_requests {
    const struct iw_file_url *urls; /* that can reach it; n_urls 0: none is known */
    size_t n_urls;
    bool is_partial;    /* there may be URLs that no configuration in evidence tells */
    bool is_proved;     /* the URLs are, and the requests name their site: else another file of that
                           URL may have been asked for */
    bool is_site_named; /* all requests are of logs that say which site they were to */
    enum iw_request_log log;
    int64_t log_first_ns,
        log_last_ns;        /* of these logs, whatever was asked for; or IW_TIME_UNKNOWN */
    uint64_t n_silent_days; /* whole days (UTC) between the moment (or the log's begin, if that is
                               later) and the log's end that have no line at all */
    struct iw_request_use use; /* of all time; first ever: use.first */
    uint64_t n_short_name;     /* requests for the short name that Windows gives such a file first
                                  (`SHELL~1.ASP`): not in *use*, because it may be another's */

    /* Of the moment that was asked about; all zero where that was not known. A request is *after*
     * it if it may have ended at it or later: times of logs are whole seconds. */
    uint64_t n_before, n_after; /* of requests with a time */
    uint64_t n_before_or_after; /* in the moment's own hour, of which not all are kept: either */
    bool has_next; /* where is_next_exact is false: its columns may be missing (`{}`) */
    struct iw_request_moment next; /* the first after it */
    bool is_next_exact;            /* false: another may stand between them, in the moment's hour */
    bool is_next_certain;          /* false: within the second of the moment; may be before it */
};

/**
 * Asks for the file *path* (as events write it) of *host* (settled), made at *time_ns*
 * (IW_TIME_UNKNOWN: not known).
 *
 * @param requests  settled
 * @param places    of the same hosts
 * @return IW_OK; IW_ENOMEM; IW_EIO: the temporary file cannot be read
 */
enum iw_rc iw_file_requests_find(struct iw_url_requests *requests,
                                 const struct iw_web_places *places, struct iw_str host,
                                 struct iw_str path, int64_t time_ns, struct iw_arena *arena,
                                 struct iw_file_requests *ret, struct iw_error *err);

/** The request for a file that ran as something happened. */
struct iw_running_request {
    bool is_found;   /* *moment* is set */
    bool is_running; /* it had begun and not ended then; else it ended shortly before, and none ran
                      */
    bool is_hidden;  /* one ran within a second of it, of which that is all that is known: more came
                        in that hour than are kept whole */
    uint64_t n_at_once; /* that ran then, of those kept whole; *moment* is the one begun last */
    struct iw_request_moment moment;
};
/** A request that ended so long before a moment is the one shortly before. */
#define IW_REQUEST_BEFORE_NS (10 * IW_NS_PER_SECOND)
/**
 * Asks which request for the file ran at each of *times_ns*, or else ended at most
 * IW_REQUEST_BEFORE_NS before it. Of a log without `time-taken` only the second in which a request
 * ended is known. Requests of a clock whose offset is not known are none.
 *
 * @param made_ns  as for iw_file_requests_find: whose configuration tells the URLs
 * @param ret      one for each time; texts in *arena*
 * @return as iw_file_requests_find
 */
enum iw_rc iw_file_requests_running(struct iw_url_requests *requests,
                                    const struct iw_web_places *places, struct iw_str host,
                                    struct iw_str path, int64_t made_ns, const int64_t *times_ns,
                                    size_t n, struct iw_arena *arena,
                                    struct iw_running_request *ret, struct iw_error *err);

/** A request as a piece of evidence, role `request`; *source* is the path of its file. */
struct iw_evidence_item iw_request_evidence(const struct iw_request_moment *moment,
                                            struct iw_str source);

#endif
