/**
 * Which page a name means: a page of which only the file's name is known (ASP.NET writes it when it
 * compiles the page) and that was asked for within a span, as the paths its URLs have in the
 * configuration of that time.
 */
#ifndef IW_CONTEXT_PAGE_REQUESTS_H
#define IW_CONTEXT_PAGE_REQUESTS_H

#include "context/url_requests.h"
#include "context/web_places.h"

/** Pages of one name that are told apart; past that none is told. */
#define IW_PAGES_OF_NAME 4U

struct iw_page_paths {
    struct iw_str items[IW_PAGES_OF_NAME]; /* different ones, in no order that matters */
    size_t n;
    bool has_more; /* there are others: nothing can be said */
};

/**
 * Asks for pages *name* ("shell.aspx") that a site of *pool* has and for which a request ran at
 * some time from *from_ns* to *until_ns*. Reads the requests of the host once through: to be asked
 * for few.
 *
 * @param requests  settled
 * @param ret       texts in *arena*
 * @return IW_OK; IW_ENOMEM; IW_EIO: the temporary file cannot be read
 */
enum iw_rc iw_page_requests_find(struct iw_url_requests *requests,
                                 const struct iw_web_places *places, struct iw_str host,
                                 struct iw_str pool, struct iw_str name, int64_t from_ns,
                                 int64_t until_ns, struct iw_arena *arena,
                                 struct iw_page_paths *ret, struct iw_error *err);

#endif
