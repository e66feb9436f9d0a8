/*
 * Marks of requests in words, and of what ASP.NET compiles for them.
 */
#include "detect/chain/chain_why.h"

#include <stdio.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"

/* Of an address, an agent, a method. */
#define TEXT_BYTES 128U
/* Named in the table. */
#define ASKERS 4U
#define SITE_NOT_PROVED "; that the URL was this file's then is not proved"

/* --- one request ------------------------------------------------------------------------------ */

static struct iw_str kept(struct iw_telling *telling, struct iw_str text)
{
    if (text.p != NULL)
        return text;
    telling->why.no_memory = true;
    return IW_STR("");
}

/* A text of a log in a line: whoever sent it chose how long it is. */
static struct iw_str shortened(struct iw_telling *telling, struct iw_str text)
{
    return iw_chain_cut_to(telling, text, TEXT_BYTES);
}

/* "10.0.0.5 (for 203.0.113.9, by X-Forwarded-For)" */
static struct iw_str address_text(struct iw_telling *telling,
                                  const struct iw_request_moment *moment)
{
    if (moment->forwarded.n == 0)
        return shortened(telling, moment->address);
    return kept(telling, iw_arena_format(telling->arena, "%.*s (for %.*s, by X-Forwarded-For)",
                                         IW_STR_ARG(shortened(telling, moment->address)),
                                         IW_STR_ARG(shortened(telling, moment->forwarded))));
}

/* "203.0.113.9, curl/8.0" */
static struct iw_str asker_text(struct iw_telling *telling, const struct iw_request_moment *moment)
{
    struct iw_str address = address_text(telling, moment);
    if (moment->agent.n == 0)
        return address;
    return kept(telling, iw_arena_format(telling->arena, "%.*s%s%.*s", IW_STR_ARG(address),
                                         address.n != 0 ? ", " : "",
                                         IW_STR_ARG(shortened(telling, moment->agent))));
}

/* The log has the second in which a request ended: that is what can be found in it. */
static struct iw_str when_text(struct iw_telling *telling, const struct iw_request_moment *moment)
{
    const char *logged = iw_chain_request_time_text(telling, moment->end_ns);
    if (moment->start_ns == moment->end_ns)
        return kept(telling, iw_arena_format(telling->arena, "logged at %s", logged));
    return kept(telling,
                iw_arena_format(telling->arena,
                                "logged at %s; begun at %s, reckoned by its "
                                "time-taken",
                                logged, iw_chain_request_time_text(telling, moment->start_ns)));
}

/* "GET from 203.0.113.9, curl/8.0; answered 200; logged at ..." */
static struct iw_str request_text(struct iw_telling *telling,
                                  const struct iw_request_moment *moment)
{
    struct iw_str asker = asker_text(telling, moment);
    char status[32] = "";
    if (moment->status != 0)
        (void)snprintf(status, sizeof status, "answered %llu; ",
                       (unsigned long long)moment->status);
    return kept(telling, iw_arena_format(telling->arena, "%.*s%s%.*s%s%s%.*s",
                                         IW_STR_ARG(shortened(telling, moment->method)),
                                         asker.n != 0 ? " from " : "", IW_STR_ARG(asker),
                                         moment->method.n + asker.n != 0 ? "; " : "", status,
                                         IW_STR_ARG(when_text(telling, moment))));
}

/* The request that a shell was joined by is the first after its writing; where the page was asked
 * about from another moment on, it is known by its beginning alone. */
static struct iw_str joined_text(struct iw_telling *telling)
{
    const struct iw_chain_request *request = &telling->request;
    int64_t begin_ns = telling->best->join.request_begin_ns;
    if (request->is_found && request->begin_ns == begin_ns)
        return request_text(telling, &request->moment);
    return kept(telling, iw_arena_format(telling->arena, "begun at %s",
                                         iw_chain_request_time_text(telling, begin_ns)));
}

static struct iw_str url_of(const struct iw_telling *telling)
{
    return telling->request.url.n != 0 ? telling->request.url : IW_STR("its URL");
}

/* --- marks ------------------------------------------------------------------------------------ */

void iw_chain_say_request(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s %.*s was asked for %sbefore the shell (%.*s)%s", head,
                 IW_STR_ARG(url_of(telling)),
                 (telling->marks & (IW_MARK(PAGE_UNSEEN) | IW_MARK(COLLECTED_FILE))) != 0
                     ? ""
                     : "after the writing and ",
                 IW_STR_ARG(joined_text(telling)),
                 telling->request.is_site_known ? "" : SITE_NOT_PROVED);
}

void iw_chain_say_request_undecided(struct iw_telling *telling, const char *head)
{
    if (telling->best->is_trace)
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for before the shell was seen, which may have started "
                     "before that (%.*s)",
                     head, IW_STR_ARG(url_of(telling)), IW_STR_ARG(joined_text(telling)));
    else
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for within the second of the shell (%.*s): its log knows "
                     "no parts of seconds, and it may have come after it",
                     head, IW_STR_ARG(url_of(telling)), IW_STR_ARG(joined_text(telling)));
}

void iw_chain_say_request_served(struct iw_telling *telling, const char *head)
{
    struct iw_str url = url_of(telling), joined = joined_text(telling);
    if (telling->request.is_served_before)
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for after the writing (%.*s), as it was answered before "
                     "it: that proves little",
                     head, IW_STR_ARG(url), IW_STR_ARG(joined));
    else
        iw_chain_say(&telling->why,
                     "%s %.*s was asked for after the writing (%.*s), as it is by more than %u "
                     "addresses: that proves little",
                     head, IW_STR_ARG(url), IW_STR_ARG(joined), IW_CHAIN_MANY_ADDRESSES);
}

void iw_chain_say_request_after(struct iw_telling *telling, const char *head)
{
    iw_chain_say(&telling->why, "%s %.*s was first asked for after it was written (%.*s)%s", head,
                 IW_STR_ARG(url_of(telling)),
                 IW_STR_ARG(request_text(telling, &telling->request.moment)),
                 telling->request.is_site_known ? "" : SITE_NOT_PROVED);
}

void iw_chain_say_rare(struct iw_telling *telling, const char *head)
{
    const struct iw_chain_request *request = &telling->request;
    struct iw_request_moment who = request->moment;
    struct iw_str asker;
    if (who.address.n == 0 && request->addresses.n_items != 0)
        who.address = request->addresses.items[0];
    asker = asker_text(telling, &who);
    iw_chain_say(&telling->why,
                 "%s one address and one agent alone asked for it (%llu request%s)%s"
                 "%.*s",
                 head, (unsigned long long)request->n_requests, request->n_requests == 1 ? "" : "s",
                 asker.n != 0 ? ": " : "", IW_STR_ARG(asker));
}

/* --- the requests that ran shells --------------------------------------------------------------
 */

static void say_best_running(struct iw_telling *telling, const struct iw_chain_running *running)
{
    const struct iw_running_request *request = &running->request;
    struct iw_str image = iw_path_name(telling->best->image), many = IW_STR("");
    if (!request->is_found)
        return;
    if (request->n_at_once > 1)
        many = kept(telling, iw_arena_format(telling->arena, ", the latest of %llu",
                                             (unsigned long long)request->n_at_once));
    iw_chain_say(&telling->why, "%s as %.*s was started at %s%.*s: %.*s",
                 request->is_running ? "a request for the page ran"
                                     : "a request for the page had just ended",
                 IW_STR_ARG(image), iw_chain_time_text(telling, running->time_ns), IW_STR_ARG(many),
                 IW_STR_ARG(request_text(telling, &request->moment)));
}

void iw_chain_say_running(struct iw_telling *telling)
{
    size_t n_more = 0, n_hidden = 0;
    for (size_t i = 0; i < telling->n_running; i++) {
        const struct iw_chain_running *running = &telling->running[i];
        n_hidden += running->request.is_hidden && !running->request.is_running;
        if (i + 1 == telling->best_running)
            say_best_running(telling, running);
        else
            n_more += running->request.is_found && !running->is_shown_before;
    }
    if (n_more != 0)
        iw_chain_say(&telling->why,
                     "%zu more request%s for the page ran, or had just ended, as it started other "
                     "programs: evidence request_running, request_before",
                     n_more, n_more == 1 ? "" : "s");
    if (n_hidden != 0)
        iw_chain_say(&telling->why,
                     "which request for the page may have run as %zu such program%s started is not "
                     "known: of one hour the first %u are kept, its log has the others",
                     n_hidden, n_hidden == 1 ? "" : "s", IW_LIMIT_HOUR_MOMENTS);
}

/* --- who asked, for the table ------------------------------------------------------------------
 */

struct askers {
    struct iw_telling *telling;
    struct iw_str addresses[ASKERS];
    size_t n;
    struct iw_str text;
};

/* The first as a request that can be found, the others by who they are. */
static void add_asker(struct askers *askers, const struct iw_request_moment *moment)
{
    struct iw_telling *telling = askers->telling;
    struct iw_str one, text;
    if (moment->address.n == 0 || askers->n == ASKERS)
        return;
    one = address_text(telling, moment);
    for (size_t i = 0; i < askers->n; i++) {
        if (iw_str_equal(askers->addresses[i], one))
            return;
    }
    text = askers->n == 0 ? request_text(telling, moment) : asker_text(telling, moment);
    askers->addresses[askers->n++] = one;
    askers->text =
        kept(telling, iw_arena_format(telling->arena, "%.*s%s%.*s", IW_STR_ARG(askers->text),
                                      askers->text.n != 0 ? "; " : "", IW_STR_ARG(text)));
}

struct iw_str iw_chain_askers(struct iw_telling *telling)
{
    const struct iw_chain_request *request = &telling->request;
    struct askers askers = {.telling = telling, .text = IW_STR("")};
    bool is_public = request->n_addresses > IW_CHAIN_MANY_ADDRESSES;
    if (!request->is_found || ((telling->marks & IW_MARKS_REQUEST) == 0 && telling->n_running == 0))
        return IW_STR("");
    if (telling->best_running != 0)
        add_asker(&askers, &telling->running[telling->best_running - 1].request.moment);
    for (size_t i = 0; i < telling->n_running; i++)
        add_asker(&askers, &telling->running[i].request.moment);
    add_asker(&askers, &request->moment);
    for (size_t i = 0; i < request->addresses.n_items && !is_public && request->n_forwarded == 0;
         i++)
        add_asker(&askers, &(struct iw_request_moment){.address = request->addresses.items[i],
                                                       .agent = IW_STR(""),
                                                       .forwarded = IW_STR("")});
    if (is_public && request->n_addresses > IW_LIMIT_URL_VALUES)
        return kept(telling, iw_arena_format(telling->arena, "%.*s; and more than %u addresses",
                                             IW_STR_ARG(askers.text), IW_LIMIT_URL_VALUES));
    if (request->n_addresses > askers.n && request->n_forwarded == 0)
        return kept(telling,
                    iw_arena_format(telling->arena, "%.*s; and %zu more", IW_STR_ARG(askers.text),
                                    request->n_addresses - askers.n));
    return askers.text;
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
