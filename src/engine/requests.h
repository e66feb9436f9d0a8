/**
 * Requests of web logs in a run: what becomes of them when the temporary file takes no more, and
 * what is said of those that were not kept apart.
 */
#ifndef IW_ENGINE_REQUESTS_H
#define IW_ENGINE_REQUESTS_H

#include "context/url_requests.h"
#include "result/run.h"

/** Ends a feed; where it finds no room, run->failure says so. IW_OK or IW_ENOMEM. */
enum iw_rc iw_requests_end(struct iw_url_requests_feed *feed, struct iw_run *run);
/**
 * Settles all requests under their hosts. Where that finds no room they are freed and *requests* is
 * NULL: nobody was asked, and run->failure says so. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_requests_settle(struct iw_url_requests **requests, const struct iw_hosts *hosts,
                              struct iw_run *run);

#endif
