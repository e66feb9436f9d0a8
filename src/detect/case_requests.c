/*
 * Who asked for a web file, or for a component that is one (an ISAPI extension in a folder in which
 * requests may execute): what the logs of requests say of its URL. A log that is silent is told
 * from one that is not there; neither says that nobody was there, because modules may keep requests
 * out of the log.
 */
#include "detect/judgment.h"

#include "base/buffer.h"

/* Long agents are shown in the evidence item. */
#define SHOWN_BYTES 160U

struct telling {
    struct iw_case *named;
    const struct iw_file_requests *requests;
    int64_t written_ns; /* the file, as events tell; IW_TIME_UNKNOWN: they do not */
    struct iw_buffer text;
};

/* --- words ---------------------------------------------------------------------------------- */

/* To the second, as these logs know it: "2026-01-05 10:00:03". */
static void add_time(struct iw_buffer *text, int64_t time_ns)
{
    char full[IW_TIME_TEXT_BYTES];
    iw_time_format(time_ns, full);
    iw_buffer_printf(text, "%.10s %.8s", full, full + 11);
}

static void add_count(struct iw_buffer *text, uint64_t n, const char *one, const char *several)
{
    iw_buffer_printf(text, "%llu %s", (unsigned long long)n, n == 1 ? one : several);
}

static void add_short(struct iw_buffer *text, struct iw_str value)
{
    size_t n = SHOWN_BYTES;
    if (value.n <= n) {
        iw_buffer_add(text, value);
        return;
    }
    while (n != 0 && ((uint8_t)value.p[n] & 0xC0U) == 0x80U)
        n--;
    iw_buffer_add(text, (struct iw_str){value.p, n});
    iw_buffer_add(text, IW_STR("..."));
}

/* ", 1 address 10.0.0.9", ", 3 agents: a; b; c". *one* is what a single one is called. */
static void add_values(struct iw_buffer *text, const struct iw_request_values *values,
                       const char *one, const char *several)
{
    if (values->n == 0)
        return;
    if (values->n == 1)
        iw_buffer_printf(text, ", %s ", one);
    else if (values->n > IW_LIMIT_URL_VALUES)
        iw_buffer_printf(text, ", more than %u %s: ", IW_LIMIT_URL_VALUES, several);
    else
        iw_buffer_printf(text, ", %u %s: ", values->n, several);
    for (size_t i = 0; i < values->n_items; i++) {
        if (i != 0)
            iw_buffer_add(text, IW_STR("; "));
        add_short(text, values->items[i]);
    }
    if (values->n > values->n_items)
        iw_buffer_add(text, IW_STR("; ..."));
}

static enum iw_rc say(struct telling *telling, struct iw_lines *lines)
{
    enum iw_rc rc = telling->text.failed ? IW_ENOMEM
                                         : iw_case_line(telling->named, lines, "%.*s",
                                                        IW_STR_ARG(iw_buffer_str(&telling->text)));
    iw_buffer_clear(&telling->text);
    return rc;
}

static enum iw_rc remark(struct telling *telling)
{
    enum iw_rc rc =
        telling->text.failed
            ? IW_ENOMEM
            : iw_case_remark(telling->named, "%.*s", IW_STR_ARG(iw_buffer_str(&telling->text)));
    iw_buffer_clear(&telling->text);
    return rc;
}

/* --- what there is -------------------------------------------------------------------------- */

/* "asked for: first seen 2026-01-05 10:00:03, 3 requests (2 POST), 1 address 10.0.0.9, ..." */
static enum iw_rc tell_use(struct telling *telling)
{
    const struct iw_request_use *use = &telling->requests->use;
    struct iw_buffer *text = &telling->text;
    iw_buffer_add(text, IW_STR("asked for: "));
    if (use->has_moments) {
        iw_buffer_add(text, IW_STR("first seen "));
        add_time(text, use->first.end_ns);
        iw_buffer_add(text, use->first.is_local ? IW_STR(" (local time), ") : IW_STR(", "));
    }
    add_count(text, use->n, "request", "requests");
    if (use->n_posts != 0)
        iw_buffer_printf(text, " (%llu POST)", (unsigned long long)use->n_posts);
    if (use->n_answered == 0)
        iw_buffer_add(text, IW_STR(", none answered"));
    else if (use->n_answered != use->n)
        iw_buffer_printf(text, ", %llu answered", (unsigned long long)use->n_answered);
    add_values(text, &use->addresses, "1 address", "addresses");
    add_values(text, &use->agents, "agent", "agents");
    return say(telling, &telling->named->why);
}

static enum iw_rc tell_before(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    if (requests->n_before == 0)
        return IW_OK;
    add_count(&telling->text, requests->n_before, "request", "requests");
    iw_buffer_add(&telling->text, IW_STR(" before it was written at "));
    add_time(&telling->text, telling->written_ns);
    iw_buffer_add(&telling->text, IW_STR(": for another file at its place, or for none"));
    return remark(telling);
}

static enum iw_rc tell_next(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    struct iw_buffer *text = &telling->text;
    if (!requests->has_next) {
        iw_buffer_add(text, IW_STR("no request after it was written at "));
        add_time(text, telling->written_ns);
        return remark(telling);
    }
    iw_buffer_add(text, IW_STR("first request after it was written at "));
    add_time(text, telling->written_ns);
    iw_buffer_add(text, requests->is_next_exact ? IW_STR(": ") : IW_STR(": at the latest "));
    add_time(text, requests->next.end_ns);
    if (!requests->is_next_certain)
        iw_buffer_add(text, IW_STR(" (too close to tell which came first)"));
    return say(telling, &telling->named->why);
}

static enum iw_rc show(struct telling *telling, const struct iw_request_moment *moment)
{
    const struct iw_ledger *ledger = telling->named->judging->input->ledger;
    struct iw_evidence_item item =
        iw_request_evidence(moment, iw_ledger_path(ledger, moment->source));
    return iw_case_item(telling->named, &item);
}

/* The first ever, and the first after the file was written where that is another. */
static enum iw_rc show_moments(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    if (requests->use.has_moments)
        IW_TRY(show(telling, &requests->use.first));
    if (!requests->has_next || (requests->next.source == requests->use.first.source &&
                                requests->next.offset == requests->use.first.offset))
        return IW_OK;
    return show(telling, &requests->next);
}

static enum iw_rc tell_whose(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    struct iw_case *named = telling->named;
    bool is_url_proved = true;
    for (size_t i = 0; i < requests->n_urls; i++)
        is_url_proved &= requests->urls[i].is_proved;
    if (!is_url_proved)
        IW_TRY(iw_case_line(named, &named->blind,
                            "that these requests were for this file is not proved: no "
                            "configuration in evidence is known to have been in force then"));
    if (!requests->is_site_named)
        IW_TRY(iw_case_line(named, &named->blind,
                            "that these requests were for this file is not proved: not all say "
                            "which site they were to"));
    return IW_OK;
}

static enum iw_rc tell_first(struct telling *telling)
{
    const struct iw_request_use *use = &telling->requests->use;
    telling->named->is_asked_for = true;
    if (use->addresses.n_items != 0)
        telling->named->first_address = use->addresses.items[0];
    IW_TRY(show_moments(telling));
    IW_TRY(tell_use(telling));
    if (iw_time_known(telling->written_ns)) {
        IW_TRY(tell_before(telling));
        IW_TRY(tell_next(telling));
    }
    return tell_whose(telling);
}

/* --- what there is not ---------------------------------------------------------------------- */

static enum iw_rc tell_none(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    struct iw_buffer *text = &telling->text;
    iw_buffer_printf(text, "no request for %.*s in logs that reach from ",
                     IW_STR_ARG(requests->urls[0].url));
    add_time(text, requests->log_first_ns);
    iw_buffer_add(text, IW_STR(" to "));
    add_time(text, requests->log_last_ns);
    return remark(telling);
}

/* What the logs in evidence cannot show. */
static enum iw_rc tell_log(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    struct iw_lines *blind = &telling->named->blind;
    struct iw_buffer *text = &telling->text;
    switch (requests->log) {
    case IW_REQUEST_LOG_NONE:
        iw_buffer_add(text, IW_STR("no log of requests to its site: whether anybody asked for it "
                                   "is not known"));
        return say(telling, blind);
    case IW_REQUEST_LOG_EARLIER:
        iw_buffer_add(text, IW_STR("logs of requests end before it was written, at "));
        add_time(text, requests->log_last_ns);
        IW_TRY(say(telling, blind));
        break;
    case IW_REQUEST_LOG_LATER:
        iw_buffer_add(text, IW_STR("logs of requests begin after it was written, at "));
        add_time(text, requests->log_first_ns);
        IW_TRY(say(telling, blind));
        break;
    case IW_REQUEST_LOG_COVERS:
        break;
    }
    if (requests->n_silent_days == 0)
        return IW_OK;
    add_count(text, requests->n_silent_days, "day has", "days have");
    iw_buffer_add(text, IW_STR(" no line in the logs of requests"));
    return say(telling, blind);
}

static enum iw_rc tell_short_name(struct telling *telling)
{
    if (telling->requests->n_short_name == 0)
        return IW_OK;
    add_count(&telling->text, telling->requests->n_short_name, "request asks", "requests ask");
    iw_buffer_add(&telling->text, IW_STR(" for the short name (`NAMEXX~1`) it may have"));
    return remark(telling);
}

static enum iw_rc tell(struct telling *telling)
{
    const struct iw_file_requests *requests = telling->requests;
    struct iw_case *named = telling->named;
    if (requests->n_urls == 0)
        return iw_case_line(named, &named->blind,
                            "no URL of it is known: whether anybody asked for it is not either");
    if (requests->use.n != 0)
        IW_TRY(tell_first(telling));
    else if (requests->log == IW_REQUEST_LOG_COVERS || requests->log == IW_REQUEST_LOG_LATER)
        IW_TRY(tell_none(telling));
    IW_TRY(tell_short_name(telling));
    return tell_log(telling);
}

/* When the file was first written, as events tell. */
static int64_t written_of(const struct iw_case *named, struct iw_str path)
{
    struct iw_fact_span writes = iw_facts_at(named->judging, IW_FACT_FILE_WRITTEN, path);
    int64_t first_ns = IW_TIME_UNKNOWN, last_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < writes.n; i++)
        iw_time_widen(&first_ns, &last_ns, writes.items[i].time_ns);
    return first_ns;
}

enum iw_rc iw_case_requests(struct iw_case *named)
{
    const struct iw_judging *judging = named->judging;
    const struct iw_reconcile_input *input = judging->input;
    struct iw_file_requests requests;
    struct telling telling = {named, &requests, IW_TIME_UNKNOWN, {0}};
    struct iw_str path;
    enum iw_rc rc;
    const struct iw_inventory_web_file *file =
        named->web_file != NULL ? named->web_file : named->program;
    if (input->requests == NULL || file == NULL || judging->server->host.n == 0)
        return IW_OK;
    path = named->web_file != NULL ? named->image : file->file.path;
    telling.written_ns = written_of(named, path);
    IW_TRY(iw_file_requests_find(input->requests, input->places, judging->server->host, path,
                                 telling.written_ns, judging->arena, &requests, judging->err));
    iw_buffer_init(&telling.text);
    rc = tell(&telling);
    iw_buffer_done(&telling.text);
    return rc;
}
