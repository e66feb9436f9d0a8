/**
 * What the log says of the watched URLs: when each was first and last asked for, and by how many.
 * A page that one address and one agent ever fetched, for the first time after it was written, is
 * another thing than a page everybody reads.
 *
 * One object per thread while events flow, then merged and settled. Within the limits nothing in
 * the result depends on how events were divided among threads, or on their order; past
 * IW_LIMIT_URL_FACTS requests are counted as hidden. Memory is that of watched URLs that were asked
 * for, whatever the size of the logs.
 */
#ifndef IW_CONTEXT_URL_HISTORY_H
#define IW_CONTEXT_URL_HISTORY_H

#include "context/watched_urls.h"
#include "event/host.h"

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

/** A request, to be found again. */
struct iw_url_moment {
    int64_t end_ns, start_ns;
    uint32_t source; /* in the ledger */
    uint64_t offset, line;
    bool is_local; /* see struct iw_web_request */
};

struct iw_url_fact {
    struct iw_str host; /* settled */
    const struct iw_watched_url *url;
    bool is_site_known; /* false: the log names no site, so that another site may have been asked */
    uint64_t n_requests;
    uint64_t n_answered;            /* of these, with a status below 400: the file was there */
    uint64_t n_timeless;            /* of these, without a time: neither first nor last */
    uint32_t n_addresses, n_agents; /* IW_LIMIT_URL_VALUES + 1: more than can be told apart */
    unsigned methods;               /* enum iw_url_method */
    bool has_moments;               /* any request with a time */
    struct iw_url_moment first, last, first_answered;
    bool has_answer; /* first_answered is set */
};

struct iw_url_facts {
    const struct iw_url_fact *items; /* by host, path, site, URL */
    size_t n;
    uint64_t n_hidden; /* requests that found no room */
};

struct iw_url_history;

/** NULL: no memory. *urls* outlives it and is filled already. */
struct iw_url_history *iw_url_history_new(const struct iw_watched_urls *urls);
void iw_url_history_free(struct iw_url_history *history);
/** Looks at one event: one look-up of its URL, and nothing where none is watched. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_url_history_add(struct iw_url_history *history, const struct iw_event *event);
/** Adds all of *from*, which watches the same URLs and is not changed. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_history_merge(struct iw_url_history *into, const struct iw_url_history *from);
/** Tells *hosts* the computers of all requests kept. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_history_hosts(const struct iw_url_history *history, struct iw_hosts *hosts);
/** The facts of URLs of their own host. *ret* lives as long as *history* and *hosts*; *hosts* is
 * settled. Call once, last. IW_OK or IW_ENOMEM. */
enum iw_rc iw_url_history_settle(struct iw_url_history *history, const struct iw_hosts *hosts,
                                 struct iw_url_facts *ret);

#endif
