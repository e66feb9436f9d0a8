/**
 * What a request was to: its site, and the folder and file its URL names, by the configuration of
 * that moment. What the log and the configuration do not prove is not known, or assumed.
 *
 * A site is found by its id, `s-sitename`; a log that has none may still tell the address, port and
 * host name the request came to, and bindings may leave one site only (Microsoft, "Site Bindings":
 * the most specific binding takes the request).
 */
#ifndef IW_CONTEXT_REQUEST_ROOT_H
#define IW_CONTEXT_REQUEST_ROOT_H

#include "context/context_subject.h"
#include "context/web_places.h"

struct iw_request_root {
    struct iw_str site;                   /* empty: not known */
    const struct iw_inventory_root *root; /* the deepest folder its URL lies in; NULL: not known */
    struct iw_str named; /* the part of its URL that names a file, without what is given to that */
    struct iw_str file;  /* its path; empty: not known */
    bool is_assumed;     /* holds by assumption */
};

/**
 * @param state   of its host at *time_ns*
 * @param server  of its host; NULL: none is known
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_request_root_find(const struct iw_web_state *state,
                                const struct iw_inventory_server *server,
                                const struct iw_context_request *request, int64_t time_ns,
                                struct iw_arena *arena, struct iw_request_root *ret);

#endif
