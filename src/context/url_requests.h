/**
 * Requests of web logs, by what they ask for: for every host, site and URL that can name something
 * that executes (or a file the inventory knows), who asked, how often, and the moments that a later
 * stage may want.
 *
 * What matters is not known while events flow: the file a request belongs to may be told of by a
 * log that is read later, or by another thread. So nothing is asked of a request but its URL:
 *
 *  - a URL without a part that ends like a program is passed over at once;
 *  - the others are kept by the hour, as one row: counts, who asked, and the first
 *    IW_LIMIT_HOUR_MOMENTS requests of that hour whole. "The first request after a moment" is then
 *    one of these, or the first of a later hour; only where a URL is asked for more often than that
 *    within the very hour is it known to the hour alone, and said so.
 *
 * Rows are put together in little memory, and pass through a sorter when that is full: a million
 * URLs that somebody made up cost room in the temporary file and no more. Earliest, latest, sums,
 * unions and the earliest few of anything are the same in whatever order and portions requests
 * come, so nothing in the result depends on threads, memory, or the order of the evidence.
 */
#ifndef IW_CONTEXT_URL_REQUESTS_H
#define IW_CONTEXT_URL_REQUESTS_H

#include "base/limits.h"
#include "base/spill.h"
#include "context/web_request.h"
#include "event/host.h"
#include "event/route.h"
#include "result/inventory.h"

/** Methods as bits. */
enum iw_url_method {
    IW_METHOD_GET = 1U << 0,
    IW_METHOD_HEAD = 1U << 1,
    IW_METHOD_POST = 1U << 2,
    IW_METHOD_PUT = 1U << 3,
    IW_METHOD_DELETE = 1U << 4,
    IW_METHOD_OPTIONS = 1U << 5,
    IW_METHOD_OTHER = 1U << 6
};

/** One request, to be shown and to be found again. Texts are empty where the log does not say. */
struct iw_request_moment {
    int64_t end_ns, start_ns; /* see struct iw_web_request; always known */
    bool is_local;
    uint32_t source; /* in the ledger */
    uint64_t offset, line;
    uint64_t status;                            /* 0: not known */
    struct iw_str method, stem, address, agent; /* as the log writes them */
    struct iw_str forwarded;                    /* `X-Forwarded-For`, see struct iw_web_request */
    struct iw_str fields_json;                  /* all columns under their own names, an object */
};

/** Some of the values that were met, in the order they were first met; *n* of all there are. */
struct iw_request_values {
    struct iw_str items[IW_LIMIT_URL_VALUES_SHOWN];
    size_t n_items;
    uint32_t n; /* IW_LIMIT_URL_VALUES + 1: more than can be told apart */
};

/** What is known of some requests together. */
struct iw_request_use {
    uint64_t n;
    uint64_t n_posts;
    uint64_t n_answered;   /* with a status below 400: there was something */
    uint64_t by_status[6]; /* [2]: 200 to 299, ...; [0]: no status, or another */
    uint64_t n_timeless;   /* without a time: counted, but neither first nor last */
    unsigned methods;      /* enum iw_url_method */
    struct iw_request_values addresses, agents, forwarded;
    bool has_moments; /* the following are set */
    struct iw_request_moment first;
    int64_t last_ns;
};

struct iw_url_requests;
struct iw_url_requests_feed;

/** *spill* lives longer. NULL: no memory. */
struct iw_url_requests *iw_url_requests_new(struct iw_spill *spill, size_t budget_bytes);
/** Frees it and its feeds. */
void iw_url_requests_free(struct iw_url_requests *requests);
/** What executes by configuration, and which URLs the files of the inventory have. Before events
 * flow. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_requests_know(struct iw_url_requests *requests,
                                const struct iw_inventory *inventory);
/** Asks for logs of requests. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_requests_route(struct iw_route *route);

/** One more feed, owned by *requests*; made by one thread at a time. NULL: no memory. */
struct iw_url_requests_feed *iw_url_requests_feed_new(struct iw_url_requests *requests);
/** Looks at one event; nothing is done with what is no request. One thread at a time a feed. IW_OK;
 * IW_ENOMEM; IW_EIO: the temporary file takes no more, and the feed neither. */
enum iw_rc iw_url_requests_add(struct iw_url_requests_feed *feed, const struct iw_event *event,
                               struct iw_error *err);
/** Hands over what the feed holds; it takes nothing afterwards. One thread at a time. IW_OK,
 * IW_ENOMEM, IW_EIO. */
enum iw_rc iw_url_requests_feed_end(struct iw_url_requests_feed *feed, struct iw_error *err);

/** Tells *hosts* the computers of all requests. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_requests_hosts(const struct iw_url_requests *requests, struct iw_hosts *hosts);
/** All of it under its hosts, ready to be asked (context/file_requests.h). *hosts* is settled and
 * lives longer. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_url_requests_settle(struct iw_url_requests *requests, const struct iw_hosts *hosts,
                                  struct iw_error *err);
/** Lines of logs past IW_LIMIT_REQUEST_LOGS: whether these logs cover a moment is not known. */
uint64_t iw_url_requests_hidden(const struct iw_url_requests *requests);

#endif
