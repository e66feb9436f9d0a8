/*
 * Marks of requests in words, and of what ASP.NET compiles for them.
 */
#include "detect/chain/chain_why.h"

#define SITE_NOT_PROVED "; that the URL was this file's then is not proved"

void iw_chain_say_request(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    iw_chain_say(&telling->why, "%s %.*s was asked for at %s, %sbefore the shell%s", head,
                 IW_STR_ARG(request->url.n != 0 ? request->url : IW_STR("its URL")),
                 iw_chain_request_time_text(telling, telling->best->join.request_begin_ns),
                 (telling->marks & (IW_MARK(PAGE_UNSEEN) | IW_MARK(COLLECTED_FILE))) != 0
                     ? ""
                     : "after the writing and ",
                 request->is_site_known ? "" : SITE_NOT_PROVED);
}

void iw_chain_say_request_undecided(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    iw_chain_say(&telling->why,
                 "%s %.*s was asked for at %s, within the second of the shell: its log knows no "
                 "parts of seconds, and it may have come after it",
                 head, IW_STR_ARG(request->url.n != 0 ? request->url : IW_STR("its URL")),
                 iw_chain_request_time_text(telling, telling->best->join.request_begin_ns));
}

void iw_chain_say_request_served(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    struct iw_str url = request->url.n != 0 ? request->url : IW_STR("its URL");
    const char *when = iw_chain_request_time_text(telling, telling->best->join.request_begin_ns);
    if (request->is_served_before)
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for at %s, after the writing, as it was answered before "
                     "it: that proves little",
                     head, IW_STR_ARG(url), when);
    else
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for at %s, after the writing, as it is by more than %u "
                     "addresses: that proves little",
                     head, IW_STR_ARG(url), when, IW_CHAIN_MANY_ADDRESSES);
}

void iw_chain_say_request_after(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    iw_chain_say(&telling->why, "%s %.*s was first asked for at %s, after it was written%s", head,
                 IW_STR_ARG(request->url.n != 0 ? request->url : IW_STR("its URL")),
                 iw_chain_request_time_text(telling, request->begin_ns),
                 request->is_site_known ? "" : SITE_NOT_PROVED);
}

void iw_chain_say_rare(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s one address and one agent alone asked for it (%llu request%s)",
                 head, (unsigned long long)telling->request.n_requests,
                 telling->request.n_requests == 1 ? "" : "s");
}

/* A page's name tells nothing of its folder, and neither the page nor its application is told to be
 * that of the shell. */
void iw_chain_say_compiled_before(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_item *compiled = telling->best->join.compiled;
    const char *deployment = telling->best->join.deployment;
    struct iw_chain_fact fact;
    struct iw_str page, application;
    if (compiled == NULL || !iw_chain_fact_parse(compiled->payload, &fact))
        return;
    page = iw_web_compiled_page(fact.path);
    application = iw_web_compiled_application(fact.path.n != 0 ? fact.path : fact.command_line);
    iw_chain_say(&telling->why,
                 "%s the same worker compiled %.*s%s%.*s%s %.*s before it: ASP.NET does so when a "
                 "page is asked for the first time, and again when it or what it needs was "
                 "changed%s%s%s; that the shell came from %s page is not told",
                 head, IW_STR_ARG(page.n != 0 ? page : IW_STR("a page")),
                 application.n != 0 ? " (application " : "", IW_STR_ARG(application),
                 application.n != 0 ? ")" : "",
                 IW_STR_ARG(iw_chain_distance_text(telling, compiled->moment.time_ns,
                                                   telling->best->moment.time_ns)),
                 deployment != NULL ? " (" : "", deployment != NULL ? deployment : "",
                 deployment != NULL ? " within ten minutes of it)" : "",
                 page.n != 0 ? "that" : "such a");
}
