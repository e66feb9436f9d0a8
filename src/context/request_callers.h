/**
 * Who called something that ran again and again: the URL of a host that was asked for whenever it
 * ran, and seldom beside.
 *
 * A program that a page starts runs while the request for the page does. Logs write the end of a
 * request in whole seconds, so a request counts for a run up to two seconds off.
 */
#ifndef IW_CONTEXT_REQUEST_CALLERS_H
#define IW_CONTEXT_REQUEST_CALLERS_H

#include "context/url_requests.h"

/** Times that are looked at. */
#define IW_CALLER_TIMES 64U

/**
 * Looks for a URL for which a request ran at half of the times at least, and so seldom beside that
 * this is no chance: its requests cover one time in twenty at most, one in a hundred where more
 * than two addresses asked for it. Beside is from the first of the times to the last: what was
 * asked before or after that says nothing. By how many is no reason by itself: whoever has one
 * address has three. Reads the requests of the host once through: to be asked for few.
 *
 * @param requests  settled
 * @param times_ns  some times of runs, in any order; those past IW_CALLER_TIMES are not looked at
 * @param n_runs    all runs there were
 * @param ret_url   in *arena*; empty: there is none
 * @return IW_OK; IW_ENOMEM; IW_EIO: the temporary file cannot be read
 */
enum iw_rc iw_request_callers_find(struct iw_url_requests *requests, struct iw_str host,
                                   const int64_t *times_ns, size_t n_times, struct iw_arena *arena,
                                   struct iw_str *ret_url, struct iw_error *err);

#endif
