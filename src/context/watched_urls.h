/**
 * The URLs of the files somebody asks about: so that of millions of requests only those for these
 * files are looked at and kept.
 *
 * Filled before events flow, then immutable and shared by all threads. A URL is compared with the
 * stem of a request by site and folded text; `/a/shell.aspx/more` is a request for
 * `/a/shell.aspx`, because what stands behind a file's name is given to it (PATH_INFO).
 *
 * Not told: a request for a folder that is answered by its default document.
 */
#ifndef IW_CONTEXT_WATCHED_URLS_H
#define IW_CONTEXT_WATCHED_URLS_H

#include "context/web_request.h"
#include "event/route.h"

/** One URL of one file. Texts live as long as the set. */
struct iw_watched_url {
    struct iw_str host; /* as it was given */
    struct iw_str path; /* the file, as it was given */
    struct iw_str url;  /* as the site spells it */
    uint64_t site_id;
    struct iw_str site;                /* its name */
    const struct iw_watched_url *next; /* the same URL of another site or host, or NULL */
};

struct iw_watched_urls {
    struct iw_arena arena;
    struct iw_map by_key; /* site id and folded URL → the first iw_watched_url */
};

void iw_watched_urls_init(struct iw_watched_urls *urls);
void iw_watched_urls_done(struct iw_watched_urls *urls);
/** Watches every URL that names the file *path* on the server. IW_OK, also when none does;
 * IW_ENOMEM. */
enum iw_rc iw_watched_urls_add(struct iw_watched_urls *urls, struct iw_str host,
                               const struct iw_server *server, struct iw_str path);
/** Asks for the log of requests, where any URL is watched. IW_OK or IW_ENOMEM. */
enum iw_rc iw_watched_urls_route(const struct iw_watched_urls *urls, struct iw_route *route);

/**
 * The watched URLs a request may be for: of its site, or of any where the log does not name one.
 * *ret NULL: none. Any thread. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_watched_urls_find(const struct iw_watched_urls *urls,
                                const struct iw_web_request *request, struct iw_arena *scratch,
                                const struct iw_watched_url **ret);

#endif
