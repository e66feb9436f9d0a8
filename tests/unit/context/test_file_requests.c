/*
 * Requests for a file: two sites and a moment; what is asked of the logs, against what was put into
 * them, in whatever portions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "context/file_requests.h"
#include "context/page_requests.h"
#include "context/request_callers.h"
#include "event/web_log.h"
#include "tests/support/flat_event.h"
#include "tests/unit/context/file_requests_rig.h"

static void before_and_after_the_file(void **state)
{
    struct fixture *f = *state;
    const struct iw_file_requests *got;
    struct iw_evidence_item item;
    put(f, 0, LINE(.seconds = 100, .offset = 100, .status = "404", .address = "10.0.0.1"));
    put(f, 1, LINE(.seconds = 203, .offset = 300, .method = "POST", .took_ms = "1500"));
    put(f, 0, LINE(.seconds = 9000, .offset = 900, .method = "POST", .agent = "Mozilla/5.0"));
    put(f, 2, LINE(.seconds = 50, .offset = 0, .stem = "/site.css"));
    settle(f);
    got = ask(f, SHELL, 200 * S);
    assert_int_equal(got->n_urls, 2); /* Shop and Twin share the folder */
    assert_true(iw_str_equal(got->urls[0].url, IW_STR("/up/shell.aspx")));
    assert_int_equal(got->urls[0].site_id, 1);
    assert_true(iw_str_equal(got->urls[1].url, IW_STR("/s/up/shell.aspx")));
    assert_true(got->is_proved && !got->is_partial);
    assert_int_equal(got->log, IW_REQUEST_LOG_COVERS);
    assert_int_equal(got->log_first_ns, 50 * S);
    assert_int_equal(got->log_last_ns, 9000 * S);
    assert_int_equal(got->use.n, 3);
    assert_int_equal(got->use.n_posts, 2);
    assert_int_equal(got->use.n_answered, 2);
    assert_int_equal(got->use.by_status[4], 1);
    assert_int_equal(got->use.by_status[2], 2);
    assert_int_equal(got->use.methods, IW_METHOD_GET | IW_METHOD_POST);
    assert_int_equal(got->use.first.end_ns, 100 * S);
    assert_int_equal(got->use.last_ns, 9000 * S);
    assert_int_equal(got->use.addresses.n, 2);
    assert_true(iw_str_equal(got->use.addresses.items[0], IW_STR("10.0.0.1")));
    assert_int_equal(got->use.agents.n, 2);
    assert_true(iw_str_equal(got->use.agents.items[1], IW_STR("Mozilla/5.0")));
    assert_int_equal(got->n_before, 1);
    assert_int_equal(got->n_after, 2);
    assert_int_equal(got->n_before_or_after, 0);
    assert_true(got->has_next && got->is_next_exact && got->is_next_certain);
    assert_int_equal(got->next.end_ns, 203 * S);
    assert_int_equal(got->next.start_ns, 203 * S - 3 * S / 2);
    assert_int_equal(got->next.offset, 300);
    item = iw_request_evidence(&got->next, IW_STR("u_ex.log"));
    assert_true(iw_str_equal(item.role, IW_STR("request")));
    assert_true(iw_str_equal(item.channel, IW_STR("IIS/W3SVC")));
    assert_int_equal(item.line, 4);
    /* All columns under their own names, also those nobody knows. */
    assert_true(iw_str_ends_nocase(
        item.fields_json,
        IW_STR(",\"s-sitename\":\"W3SVC1\",\"cs-method\":\"POST\",\"cs-uri-stem\":\"/up/"
               "shell.aspx\",\"cs-uri-query\":\"-\",\"c-ip\":\"10.0.0.9\",\"cs(User-Agent)\":"
               "\"curl/8.0\",\"sc-status\":\"200\",\"time-taken\":\"1500\",\"x-own\":"
               "\"value\"}")));
}

static void a_moment_within_a_second_is_not_certain(void **state)
{
    struct fixture *f = *state;
    put(f, 0, LINE(.seconds = 200, .offset = 1));
    settle(f);
    assert_true(ask(f, SHELL, 200 * S)->is_next_certain);
    assert_true(ask(f, SHELL, 200 * S + S / 2)->has_next);
    assert_false(f->got.is_next_certain);
    assert_int_equal(f->got.n_after, 1);
    assert_false(ask(f, SHELL, 201 * S)->has_next);
    assert_int_equal(f->got.n_before, 1);
    assert_int_equal(f->got.log, IW_REQUEST_LOG_EARLIER);
    assert_false(ask(f, SHELL, IW_TIME_UNKNOWN)->has_next);
    assert_int_equal(f->got.use.n, 1);
    assert_int_equal(f->got.n_before + f->got.n_after, 0);
}

/* The first requests of an hour are kept, the others counted. */
static void a_busy_hour_is_known_to_the_hour(void **state)
{
    struct fixture *f = *state;
    const struct iw_file_requests *got;
    for (int i = 0; i <= (int)IW_LIMIT_HOUR_MOMENTS; i++)
        put(f, (size_t)i % 3, LINE(.seconds = HOUR + 10 * i, .offset = (uint64_t)(100 * i)));
    put(f, 0, LINE(.seconds = 2 * HOUR, .offset = 5000));
    settle(f);
    got = ask(f, SHELL, (HOUR + 15) * S);
    assert_true(got->is_next_exact);
    assert_int_equal(got->next.end_ns, (HOUR + 20) * S);
    assert_int_equal(got->n_before, 2);
    assert_int_equal(got->n_after, IW_LIMIT_HOUR_MOMENTS);
    /* Behind the last that is kept: the hour's last, or the next hour's first, which has columns.
     */
    got = ask(f, SHELL, (HOUR + 35) * S);
    assert_true(got->has_next && !got->is_next_exact);
    assert_int_equal(got->next.end_ns, 2 * HOUR * S);
    assert_int_equal(got->n_before, IW_LIMIT_HOUR_MOMENTS);
    assert_int_equal(got->n_after, 2);
    assert_int_equal(got->n_before_or_after, 0);
    /* Behind all of the hour. */
    got = ask(f, SHELL, (HOUR + 41) * S);
    assert_true(got->is_next_exact);
    assert_int_equal(got->n_before, IW_LIMIT_HOUR_MOMENTS + 1);
    assert_int_equal(got->n_after, 1);
}

static void the_last_hour_has_only_its_last(void **state)
{
    struct fixture *f = *state;
    const struct iw_file_requests *got;
    for (int i = 0; i < 10; i++)
        put(f, 0, LINE(.seconds = HOUR + 10 * i, .offset = (uint64_t)(100 * i)));
    settle(f);
    got = ask(f, SHELL, (HOUR + 55) * S);
    assert_true(got->has_next && !got->is_next_exact && got->is_next_certain);
    assert_int_equal(got->next.end_ns, (HOUR + 90) * S);
    assert_int_equal(got->next.line, 10);
    assert_true(iw_str_equal(got->next.fields_json, IW_STR("{}")));
    assert_int_equal(got->n_before, 4);
    assert_int_equal(got->n_after, 1);
    assert_int_equal(got->n_before_or_after, 5);
}

/* --- whose request it is -------------------------------------------------------------------- */

static void a_request_is_of_its_site_and_host(void **state)
{
    struct fixture *f = *state;
    const struct iw_file_requests *got;
    put(f, 0, LINE(.seconds = 10, .offset = 1));
    put(f, 0, LINE(.seconds = 11, .offset = 2, .site = "W3SVC2"));
    put(f, 0, LINE(.seconds = 12, .offset = 3, .site = "W3SVC3", .stem = "/s/up/SHELL.aspx/x"));
    put(f, 0, LINE(.seconds = 13, .offset = 4, .site = "W3SVC3"));
    put(f, 0, LINE(.seconds = 14, .offset = 5, .computer = "WEB02"));
    put(f, 0, LINE(.seconds = 15, .offset = 6, .computer = "web01.corp.example"));
    settle(f);
    got = ask(f, SHELL, 1 * S);
    assert_int_equal(got->use.n, 3); /* 10, 12, 15 */
    assert_int_equal(got->use.first.end_ns, 10 * S);
    assert_int_equal(got->use.last_ns, 15 * S);
    assert_true(got->is_proved);
    got = ask(f, IW_STR("C:\\inetpub\\portal\\up\\shell.aspx"), 1 * S);
    assert_int_equal(got->use.n, 1);
    assert_int_equal(got->log_first_ns, 11 * S);
    /* The application takes the URL: no file of the site's own folder is asked for. */
    got = ask(f, IW_STR("C:\\inetpub\\shop\\api\\x.aspx"), 1 * S);
    assert_int_equal(got->n_urls, 1); /* of Twin, which has no such application */
    got = ask(f, IW_STR("E:\\elsewhere\\x.aspx"), 1 * S);
    assert_int_equal(got->n_urls, 0);
    assert_int_equal(got->log, IW_REQUEST_LOG_NONE);
    assert_false(got->is_proved);
}

/* IIS stands before another server, whose folder its configuration does not have: what was answered
 * came from there. What was not tells nothing, for that server may be asked without IIS. */
static void a_page_of_another_server(void **state)
{
    struct fixture *f = *state;
    const struct iw_file_requests *got;
    put(f, 0, LINE(.seconds = 10, .offset = 1, .stem = "/a/x.jsp", .status = "404"));
    put(f, 0, LINE(.seconds = 20, .offset = 2, .site = "W3SVC2", .stem = "/a/x.jsp"));
    put(f, 0, LINE(.seconds = 30, .offset = 3, .stem = "/a/y.jsp", .status = "404"));
    put(f, 0, LINE(.seconds = 40, .offset = 4, .stem = "/b.jsp"));
    settle(f);
    got = ask(f, IW_STR("D:\\tomcat\\webapps\\a\\x.jsp"), 15 * S);
    assert_int_equal(got->n_urls, 1);
    assert_true(iw_str_equal(got->urls[0].url, IW_STR("/a/x.jsp")));
    assert_int_equal(got->use.n, 2); /* of whatever site */
    assert_int_equal(got->n_before, 1);
    assert_int_equal(got->next.end_ns, 20 * S);
    assert_false(got->is_proved);
    got = ask(f, IW_STR("D:\\tomcat\\webapps\\ROOT\\b.jsp"), 15 * S);
    assert_int_equal(got->use.n, 1);
    /* Asked for and not there; not asked for: whether IIS passes it on is not known. */
    got = ask(f, IW_STR("D:\\tomcat\\webapps\\a\\y.jsp"), 15 * S);
    assert_int_equal(got->n_urls, 0);
    assert_int_equal(got->use.n, 0);
    assert_false(got->has_next);
    assert_int_equal(got->log, IW_REQUEST_LOG_NONE);
    assert_true(got->is_partial);
    got = ask(f, IW_STR("D:\\tomcat\\webapps\\a\\z.jsp"), 15 * S);
    assert_int_equal(got->log, IW_REQUEST_LOG_NONE);
    /* A folder of a site is IIS's, however it is called. */
    got = ask(f, IW_STR("C:\\inetpub\\shop\\webapps\\a\\x.jsp"), 15 * S);
    assert_int_equal(got->use.n, 0);
    assert_int_equal(got->log, IW_REQUEST_LOG_COVERS);
}

static void a_log_without_site_proves_nothing(void **state)
{
    struct fixture *f = *state;
    put(f, 0, LINE(.seconds = 10, .offset = 1, .site = "-"));
    settle(f);
    assert_int_equal(ask(f, SHELL, 0)->use.n, 1);
    assert_false(f->got.is_proved);
    assert_int_equal(f->got.log, IW_REQUEST_LOG_COVERS - 1); /* it begins later */
}

/* A folder's name stands for the host its tree is of: requests under it are the host's. */
static void a_name_of_a_folder_stands_for_its_host(void **state)
{
    struct fixture *f = *state;
    struct iw_error err = {.rc = IW_OK};
    static struct iw_str WEB01 = {"WEB01", 5};
    put(f, 0, LINE(.seconds = 10, .offset = 1, .computer = "C-drive"));
    put(f, 0, LINE(.seconds = 20, .offset = 2));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(iw_url_requests_feed_end(f->feeds[i], &err), IW_OK);
    assert_int_equal(iw_url_requests_hosts(f->requests, &f->hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(&f->hosts), IW_OK);
    iw_map_find(&f->hosts.by_computer, IW_STR("C-drive"))->value.pointer = &WEB01;
    assert_int_equal(iw_url_requests_settle(f->requests, &f->hosts, &err), IW_OK);
    assert_int_equal(ask(f, SHELL, 0)->use.n, 2);
    assert_int_equal(f->got.use.first.end_ns, 10 * S);
}

static void how_a_url_is_written_does_not_matter(void **state)
{
    static const char *const STEMS[] = {
        "/UP/Shell.ASPX",        "/up/shell.aspx/x/y",          "/x/%2e%2e/up/shell.aspx",
        "/up/shell.aspx::$DATA", "/up/shell.aspx;jsessionid=1", "/up//shell%2easpx",
        "/up/shell.aspx.",
    };
    static const char *const OTHERS[] = {"/up/shell%252easpx", "/up/shell.aspx2", "/up/SHELL~1.ASP",
                                         "/shell.aspx", "/up/shell.asp"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof STEMS / sizeof STEMS[0]; i++)
        put(f, 0, LINE(.seconds = 10 + (int)i, .offset = i, .stem = STEMS[i]));
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        put(f, 0, LINE(.seconds = 1, .offset = i + 100, .stem = OTHERS[i]));
    settle(f);
    assert_int_equal(ask(f, SHELL, 0)->use.n, sizeof STEMS / sizeof STEMS[0]);
    /* Of the short name it is only told that somebody asked. */
    assert_int_equal(f->got.n_short_name, 1);
}

static void a_known_file_needs_no_ending(void **state)
{
    struct fixture *f = *state;
    put(f, 0, LINE(.seconds = 10, .offset = 1, .stem = "/app/run"));
    put(f, 0, LINE(.seconds = 10, .offset = 2, .stem = "/app/other"));
    settle(f);
    assert_int_equal(ask(f, IW_STR("C:\\inetpub\\shop\\app\\run"), 0)->use.n, 1);
    assert_int_equal(ask(f, IW_STR("C:\\inetpub\\shop\\app\\other"), 0)->use.n, 0);
}

/* --- logs ----------------------------------------------------------------------------------- */

static void a_log_covers_what_it_covers(void **state)
{
    static const struct {
        int64_t seconds;
        enum iw_request_log log;
        uint64_t n_silent_days;
    } CASES[] = {
        {10 * DAY - 1, IW_REQUEST_LOG_LATER, 2}, {10 * DAY, IW_REQUEST_LOG_COVERS, 2},
        {12 * DAY, IW_REQUEST_LOG_COVERS, 1},    {13 * DAY, IW_REQUEST_LOG_COVERS, 0},
        {14 * DAY, IW_REQUEST_LOG_COVERS, 0},    {14 * DAY + 1, IW_REQUEST_LOG_EARLIER, 0},
    };
    struct fixture *f = *state;
    /* Days 11 and 13 of 1990 have no line. */
    static const int DAYS[] = {10, 12, 14};
    for (size_t i = 0; i < 3; i++)
        put(f, i, LINE(.seconds = (7305 + DAYS[i]) * (int64_t)DAY, .offset = i, .stem = "/x.css"));
    settle(f);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_file_requests *got =
            ask(f, SHELL, (7305 * (int64_t)DAY + CASES[i].seconds) * S);
        assert_int_equal(got->log, CASES[i].log);
        assert_int_equal(got->n_silent_days, CASES[i].n_silent_days);
        assert_int_equal(got->use.n, 0);
    }
}

static void lines_without_time_are_counted(void **state)
{
    struct fixture *f = *state;
    put(f, 0, LINE(.seconds = -1, .offset = 1));
    put(f, 0, LINE(.seconds = 10, .offset = 2));
    settle(f);
    assert_int_equal(ask(f, SHELL, 0)->use.n, 2);
    assert_int_equal(f->got.use.n_timeless, 1);
    assert_int_equal(f->got.n_after, 1);
}

/* The same log twice, once as it was before its last lines; and another log of the same moment. */
static void a_copy_of_a_log_counts_once(void **state)
{
    struct fixture *f = *state;
    for (uint32_t source = 0; source < 3; source++) {
        for (int i = 0; i < 6; i++) {
            if (source == 1 && i >= 4)
                continue;
            put(f, (source + (size_t)i) % 3,
                LINE(.seconds = 10 + i, .offset = (uint64_t)(100 * i) + (source == 2 ? 7 : 0),
                     .source = source, .address = i == 5 ? "10.0.0.5" : "10.0.0.9"));
        }
    }
    settle(f);
    assert_int_equal(ask(f, SHELL, 11 * S)->use.n, 12);
    assert_int_equal(f->got.n_before, 2);
    assert_int_equal(f->got.n_after, 10);
    assert_int_equal(f->got.next.end_ns, 11 * S);
    assert_int_equal(f->got.next.source, 0);
    assert_int_equal(f->got.use.addresses.n, 2);
}

/* Other logs, and what was not decoded, are no requests to a site. */
static void only_requests_count(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = event_of(f, LINE(.seconds = 10, .offset = 1));
    struct iw_error err = {.rc = IW_OK};
    event.flags &= ~(uint32_t)IW_EVENT_DECODED;
    assert_int_equal(iw_url_requests_add(f->feeds[0], &event, &err), IW_OK);
    event.flags |= IW_EVENT_DECODED;
    event.channel = IW_STR(IW_CHANNEL_HTTPERR);
    assert_int_equal(iw_url_requests_add(f->feeds[0], &event, &err), IW_OK);
    event.channel = IW_STR("iis/w3svc");
    assert_int_equal(iw_url_requests_add(f->feeds[0], &event, &err), IW_OK);
    settle(f);
    assert_int_equal(ask(f, SHELL, 1 * S)->use.n, 1);
}

static enum iw_rc try_all(struct fixture *f, const struct iw_event *event)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_file_requests got;
    struct iw_arena arena;
    struct iw_url_requests *requests = iw_url_requests_new(&f->spill, 1);
    struct iw_url_requests_feed *feed =
        requests != NULL ? iw_url_requests_feed_new(requests) : NULL;
    enum iw_rc rc = feed != NULL ? iw_url_requests_know(requests, &f->inventory) : IW_ENOMEM;
    iw_arena_init(&arena, 0);
    if (rc == IW_OK)
        rc = iw_url_requests_add(feed, event, &err);
    if (rc == IW_OK)
        rc = iw_url_requests_feed_end(feed, &err);
    if (rc == IW_OK)
        rc = iw_url_requests_settle(requests, &f->hosts, &err);
    if (rc == IW_OK)
        rc = iw_file_requests_find(requests, f->places, HOST, SHELL, 1 * S, &arena, &got, &err);
    if (rc == IW_OK)
        assert_int_equal(got.use.n, 1);
    iw_arena_done(&arena);
    iw_url_requests_free(requests);
    return rc;
}

/* Each allocation fails once: told, or done without (the sorter keeps what it cannot write). */
static void no_memory_is_told(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = event_of(f, LINE(.seconds = 10, .offset = 1));
    uint64_t n, n_told = 0;
    assert_int_equal(iw_hosts_add(&f->hosts, HOST), IW_OK);
    assert_int_equal(iw_hosts_settle(&f->hosts), IW_OK);
    iw_alloc_fail_at(0);
    assert_int_equal(try_all(f, &event), IW_OK);
    n = iw_alloc_count();
    for (uint64_t i = 1; i <= n; i++) {
        enum iw_rc rc;
        iw_alloc_fail_at(i);
        rc = try_all(f, &event);
        assert_true(rc == IW_ENOMEM || rc == IW_OK);
        n_told += rc == IW_ENOMEM;
    }
    assert_true(n_told + 8 > n);
    iw_alloc_fail_at(0);
    assert_int_equal(try_all(f, &event), IW_OK);
}

/* Without a temporary file what does not fit is refused, and said. */
static void a_full_disk_is_told(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = event_of(f, LINE(.seconds = 10, .offset = 1));
    iw_spill_done(&f->spill);
    assert_int_equal(try_all(f, &event), IW_EIO);
    iw_spill_open(&f->spill);
    assert_int_equal(try_all(f, &event), IW_OK);
}

/* --- limits --------------------------------------------------------------------------------- */

static void values_past_the_limit_are_more(void **state)
{
    struct fixture *f = *state;
    for (int over = 0; over < 2; over++) {
        for (int i = 0; i < (int)IW_LIMIT_URL_VALUES + over; i++) {
            char address[32];
            (void)snprintf(address, sizeof address, "10.0.%d.%d", i / 256, i % 256);
            put(f, (size_t)i % 3,
                LINE(.seconds = 10 + i, .offset = (uint64_t)i, .address = address));
        }
        settle(f);
        assert_int_equal(ask(f, SHELL, 0)->use.addresses.n, (int)IW_LIMIT_URL_VALUES + over);
        assert_int_equal(f->got.use.addresses.n_items, IW_LIMIT_URL_VALUES_SHOWN);
        assert_true(iw_str_equal(f->got.use.addresses.items[0], IW_STR("10.0.0.0")));
        assert_true(iw_str_equal(f->got.use.addresses.items[3], IW_STR("10.0.0.3")));
        assert_int_equal(f->got.use.agents.n, 1);
        finish(f);
        begin(f, 1 << 20);
    }
}

static void long_texts_are_cut_where_they_are_shown(void **state)
{
    struct fixture *f = *state;
    static char agent[3 * IW_LIMIT_REQUEST_TEXT_BYTES];
    memset(agent, 'a', sizeof agent - 1);
    for (int over = 0; over < 2; over++) {
        agent[IW_LIMIT_REQUEST_TEXT_BYTES + (size_t)over] = '\0';
        put(f, 0, LINE(.seconds = 10, .offset = (uint64_t)over, .agent = agent));
        agent[IW_LIMIT_REQUEST_TEXT_BYTES + (size_t)over] = 'a';
    }
    settle(f);
    assert_int_equal(ask(f, SHELL, 0)->use.agents.n, 2); /* told apart whole */
    assert_int_equal(f->got.use.agents.items[0].n, IW_LIMIT_REQUEST_TEXT_BYTES);
    assert_int_equal(f->got.use.agents.items[1].n, IW_LIMIT_REQUEST_TEXT_BYTES);
    /* The columns are whole. */
    assert_true(f->got.use.first.fields_json.n > IW_LIMIT_REQUEST_TEXT_BYTES);
}

static void logs_past_the_limit_are_told(void **state)
{
    struct fixture *f = *state;
    for (unsigned over = 0; over < 2; over++) {
        for (unsigned i = 0; i < IW_LIMIT_REQUEST_LOGS + over; i++) {
            char computer[16];
            (void)snprintf(computer, sizeof computer, "H%u", i);
            put(f, 0, LINE(.seconds = 10, .offset = i, .computer = computer, .stem = "/x.css"));
        }
        settle(f);
        assert_int_equal(iw_url_requests_hidden(f->requests), over);
        finish(f);
        begin(f, 1 << 20);
    }
}

/* --- against a plain count ------------------------------------------------------------------ */

static uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525U + 1013904223U;
    return *random >> 8;
}

static void check(struct fixture *f, const struct line *lines, size_t n, int64_t time_ns)
{
    const struct iw_file_requests *got = ask(f, SHELL, time_ns);
    uint64_t n_all = 0, n_before = 0, n_after = 0, n_posts = 0;
    int64_t next = INT64_MAX, first = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        int64_t end = lines[i].seconds * S;
        if (strcmp(lines[i].stem, "/up/shell.aspx") != 0)
            continue;
        n_all++;
        n_posts += strcmp(lines[i].method, "POST") == 0;
        first = end < first ? end : first;
        if (end + S > time_ns) {
            n_after++;
            next = end < next ? end : next;
        } else {
            n_before++;
        }
    }
    assert_int_equal(got->use.n, n_all);
    assert_int_equal(got->use.n_posts, n_posts);
    assert_true(n_all == 0 || got->use.first.end_ns == first);
    assert_true(got->n_before <= n_before && got->n_after <= n_after);
    assert_int_equal(got->n_before + got->n_after + got->n_before_or_after, n_all);
    assert_int_equal(got->has_next, next != INT64_MAX);
    if (got->is_next_exact)
        assert_int_equal(got->next.end_ns, next);
    else if (got->has_next)
        assert_true(got->next.end_ns >= next && got->next.end_ns - next < 2 * HOUR * S);
}

static bool same_use(const struct iw_request_use *a, const struct iw_request_use *b)
{
    bool same = a->n == b->n && a->methods == b->methods && a->addresses.n == b->addresses.n &&
                a->addresses.n_items == b->addresses.n_items && a->has_moments == b->has_moments &&
                a->last_ns == b->last_ns && a->first.offset == b->first.offset &&
                iw_str_equal(a->first.fields_json, b->first.fields_json);
    for (size_t i = 0; same && i < a->addresses.n_items; i++)
        same = iw_str_equal(a->addresses.items[i], b->addresses.items[i]);
    return same;
}

/* The same lines in three orders, over three feeds, with room and without. */
static void portions_and_order_do_not_matter(void **state)
{
    enum { LINES = 400 };
    static struct line lines[LINES];
    static char addresses[100][24];
    struct fixture *f = *state;
    uint32_t random = 42;
    for (int i = 0; i < 100; i++)
        (void)snprintf(addresses[i], sizeof addresses[i], "10.0.0.%d", i);
    for (int round = 0; round < 30; round++) {
        struct iw_file_requests before = {0};
        uint32_t hours = 1 + next_random(&random) % 6, n_addresses = 1 + next_random(&random) % 99;
        for (int i = 0; i < LINES; i++)
            lines[i] =
                *LINE(.seconds = next_random(&random) % (hours * HOUR), .offset = (uint64_t)i * 100,
                      .address = addresses[next_random(&random) % n_addresses],
                      .method = next_random(&random) % 3 == 0 ? "POST" : "GET",
                      .stem = next_random(&random) % 8 == 0 ? "/up/shell.aspx" : "/a.aspx");
        for (int way = 0; way < 3; way++) {
            finish(f);
            begin(f, way == 2 ? 4096 : 1 << 20);
            for (int i = 0; i < LINES; i++)
                put(f, way == 0 ? 0 : next_random(&random) % 3,
                    &lines[way == 1 ? LINES - 1 - i : i]);
            settle(f);
            for (int i = 0; i < 5; i++)
                check(f, lines, LINES, next_random(&random) % (hours * HOUR) * S + S / 3);
            (void)ask(f, SHELL, HOUR / 2 * S);
            if (way != 0) {
                assert_true(same_use(&before.use, &f->got.use));
                assert_int_equal(before.n_before, f->got.n_before);
                assert_int_equal(before.next.offset, f->got.next.offset);
            }
            before = f->got;
        }
    }
}

/* --- pages by their name -------------------------------------------------------------------- */

static struct iw_page_paths pages(struct fixture *f, const char *pool, int64_t from, int64_t until)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_page_paths got;
    assert_int_equal(iw_page_requests_find(f->requests, f->places, HOST, iw_str_of(pool),
                                           IW_STR("NEW.aspx"), from * S, until * S, &f->arena, &got,
                                           &err),
                     IW_OK);
    return got;
}

static void pages_of_a_name_that_were_asked_for(void **state)
{
    struct fixture *f = *state;
    struct iw_page_paths got;
    put(f, 0, LINE(.seconds = 100, .offset = 1, .stem = "/old/new.aspx"));
    put(f, 1, LINE(.seconds = 1000, .offset = 2, .stem = "/up/new.aspx", .took_ms = "2000"));
    put(f, 2, LINE(.seconds = 1001, .offset = 3, .stem = "/up/new.aspx"));
    put(f, 0, LINE(.seconds = 1000, .offset = 4, .stem = "/up/xnew.aspx"));
    put(f, 0, LINE(.seconds = 1000, .offset = 5, .stem = "/new.aspx", .site = "W3SVC2"));
    settle(f);
    got = pages(f, "Shop", 999, 1000);
    assert_int_equal(got.n, 1);
    assert_false(got.has_more);
    assert_true(iw_str_equal_nocase(got.items[0], IW_STR("C:\\inetpub\\shop\\up\\new.aspx")));
    got = pages(f, "Portal", 999, 1000);
    assert_int_equal(got.n, 1);
    assert_true(iw_str_equal_nocase(got.items[0], IW_STR("C:\\inetpub\\portal\\new.aspx")));
    assert_int_equal(pages(f, "Shop", 100, 1000).n, 2);
    assert_int_equal(pages(f, "Shop", 990, 997).n, 0); /* it began at 998 */
    assert_int_equal(pages(f, "Shop", 990, 998).n, 1);
    assert_int_equal(pages(f, "Shop", 1002, 2000).n, 0); /* the last ended in second 1001 */
    assert_int_equal(pages(f, "Other", 0, 2000).n, 0);
    assert_int_equal(pages(f, "", 0, 2000).n, 0);
}

static void more_pages_of_a_name_than_are_told_apart(void **state)
{
    struct fixture *f = *state;
    static const char *const STEMS[] = {"/a/new.aspx", "/b/new.aspx", "/c/new.aspx", "/d/new.aspx",
                                        "/e/new.aspx"};
    for (size_t i = 0; i <= IW_PAGES_OF_NAME; i++)
        put(f, 0, LINE(.seconds = i < IW_PAGES_OF_NAME ? 100 : 200, .offset = i, .stem = STEMS[i]));
    settle(f);
    assert_int_equal(pages(f, "Shop", 100, 150).n, IW_PAGES_OF_NAME);
    assert_false(pages(f, "Shop", 100, 150).has_more);
    assert_true(pages(f, "Shop", 100, 250).has_more);
}

/* --- who called ----------------------------------------------------------------------------- */

static struct iw_str caller(struct fixture *f, const int64_t *seconds, size_t n)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_str url;
    int64_t times_ns[IW_CALLER_TIMES];
    assert_true(n <= IW_CALLER_TIMES);
    for (size_t i = 0; i < n; i++)
        times_ns[i] = seconds[i] * S;
    assert_int_equal(iw_request_callers_find(f->requests, HOST, times_ns, n, &f->arena, &url, &err),
                     IW_OK);
    return url;
}

static void a_page_asked_for_whenever_something_ran(void **state)
{
    struct fixture *f = *state;
    static const int64_t RUNS[] = {1 * DAY, 2 * DAY, 3 * DAY, 4 * DAY};
    for (int i = 1; i <= 4; i++) {
        /* One client: half of the runs. A probe: every time, and a thousand times a day beside.
         * Another host: all. */
        if (i <= 2)
            put(f, 0, LINE(.seconds = i * DAY + 1, .offset = (uint64_t)i, .took_ms = "1500"));
        put(f, 2,
            LINE(.seconds = i * DAY, .offset = 20 + (uint64_t)i, .stem = "/x.aspx",
                 .computer = "WEB02"));
        for (int k = 0; k < 1200; k++)
            put(f, 0,
                LINE(.seconds = i * DAY + k * 72, .offset = 1000 + (uint64_t)(i * 1200 + k),
                     .stem = "/probe.aspx"));
    }
    settle(f);
    assert_true(iw_str_equal(caller(f, RUNS, 4), IW_STR("/up/shell.aspx")));
    /* Of five runs two are less than half; one more run is nothing that requests came for. */
    assert_int_equal(caller(f, (const int64_t[]){DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY}, 5).n, 0);
    /* Two seconds off is near, three are not. */
    assert_int_not_equal(caller(f, (const int64_t[]){DAY + 3, 2 * DAY + 3}, 2).n, 0);
    assert_int_equal(caller(f, (const int64_t[]){DAY + 4, 2 * DAY + 4}, 2).n, 0);
    assert_int_not_equal(caller(f, (const int64_t[]){DAY - 2, 2 * DAY - 2}, 2).n, 0);
    assert_int_equal(caller(f, (const int64_t[]){DAY - 3, 2 * DAY - 3}, 2).n, 0);
    assert_int_equal(caller(f, RUNS, 0).n, 0);
}

/* What a page is asked for beside decides, not by how many. */
static void pages_that_many_addresses_ask_for(void **state)
{
    struct fixture *f = *state;
    static const int64_t RUNS[] = {1 * DAY, 2 * DAY, 3 * DAY, 4 * DAY};
    static const char *const ADDRESSES[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
    /* Three days are 259,200 seconds, a request covers four: 648 are one time in a hundred, 3,240
     * one in twenty, beside those at the four runs. */
    static const struct {
        const char *stem;
        unsigned n_addresses;
        int n_beside;
        bool is_caller;
    } PAGES[] = {{"/three.aspx", 3, 0, true},
                 {"/three.aspx", 3, 640, true},
                 {"/three.aspx", 3, 656, false},
                 {"/three.aspx", 2, 656, true},
                 {"/three.aspx", 2, 3248, false}};
    for (size_t p = 0; p < sizeof PAGES / sizeof PAGES[0]; p++) {
        uint64_t offset = 0;
        if (p != 0) {
            tear_down(state);
            set_up(state);
            f = *state;
        }
        for (int i = 1; i <= 4; i++) {
            put(f, 0,
                LINE(.seconds = i * DAY, .offset = offset++, .stem = PAGES[p].stem,
                     .address = ADDRESSES[(unsigned)i % PAGES[p].n_addresses]));
            for (int k = 1; k <= PAGES[p].n_beside / 4; k++)
                put(f, 0,
                    LINE(.seconds = (i == 4 ? 3 * DAY + 30 : i * DAY) + k * 60, .offset = offset++,
                         .stem = PAGES[p].stem,
                         .address = ADDRESSES[(unsigned)k % PAGES[p].n_addresses]));
        }
        settle(f);
        assert_int_equal(caller(f, RUNS, 4).n != 0, PAGES[p].is_caller);
    }
}

/* Before it ran first, and after it ran last, a page may be asked for as often as it likes. */
static void a_caller_that_was_busy_at_other_times(void **state)
{
    struct fixture *f = *state;
    static const int64_t RUNS[] = {11 * DAY, 12 * DAY, 13 * DAY, 14 * DAY};
    uint64_t offset = 0;
    for (int i = 11; i <= 14; i++)
        put(f, 0, LINE(.seconds = i * DAY, .offset = offset++, .stem = "/up/a.aspx"));
    for (int k = 0; k < 6000; k++)
        put(f, 0,
            LINE(.seconds = (k % 2 == 0 ? 5 : 15) * DAY + k * 10, .offset = offset++,
                 .stem = "/up/a.aspx", .address = k % 3 == 0 ? "10.0.0.7" : "10.0.0.8"));
    settle(f);
    assert_true(iw_str_equal(caller(f, RUNS, 4), IW_STR("/up/a.aspx")));
    assert_int_equal(caller(f, (const int64_t[]){5 * DAY + 3, 15 * DAY + 13}, 2).n, 0);
}

/* Requests that are not kept whole, because the hour had others before, count as well. */
static void a_caller_among_others_of_its_hour(void **state)
{
    struct fixture *f = *state;
    static const int64_t RUNS[] = {1 * DAY + 1800, 2 * DAY + 1800, 3 * DAY + 1800, 4 * DAY + 1800};
    uint64_t offset = 0;
    for (int i = 1; i <= 4; i++) {
        for (int k = 0; k < (int)IW_LIMIT_HOUR_MOMENTS + 2; k++)
            put(f, 0, LINE(.seconds = i * DAY + 60 * k, .offset = offset++, .stem = "/up/a.aspx"));
        put(f, 0, LINE(.seconds = i * DAY + 1801, .offset = offset++, .stem = "/up/a.aspx"));
    }
    settle(f);
    assert_true(iw_str_equal(caller(f, RUNS, 4), IW_STR("/up/a.aspx")));
    assert_int_equal(caller(f, (const int64_t[]){DAY + 1805, 2 * DAY + 1805}, 2).n, 0);
    assert_int_equal(caller(f, (const int64_t[]){DAY + 1797, 2 * DAY + 1797}, 2).n, 0);
}

/* --- what ran at a moment ------------------------------------------------------------------- */

static struct iw_running_request running_at(struct fixture *f, int64_t time_ns)
{
    const int64_t TIMES[] = {1, time_ns}; /* others beside it change nothing */
    struct iw_running_request got[2];
    struct iw_error err = {.rc = IW_OK};
    assert_int_equal(iw_file_requests_running(f->requests, f->places, HOST, SHELL, S, TIMES, 2,
                                              &f->arena, got, &err),
                     IW_OK);
    assert_false(got[0].is_found);
    return got[1];
}

/* A request of 2.5 s that ended in second 102 began in second 99 at the earliest. */
static void what_ran_at_a_moment(void **state)
{
    struct fixture *f = *state;
    struct iw_running_request got;
    put(f, 0,
        LINE(.seconds = 102, .offset = 100, .took_ms = "2500", .method = "POST",
             .address = "10.0.0.7", .forwarded = "203.0.113.9"));
    put(f, 1, LINE(.seconds = 102, .offset = 200, .took_ms = "9000", .stem = "/up/other.aspx"));
    settle(f);
    got = running_at(f, 101 * S);
    assert_true(got.is_found && got.is_running && !got.is_hidden);
    assert_int_equal(got.n_at_once, 1);
    assert_int_equal(got.moment.end_ns, 102 * S);
    assert_true(iw_str_equal(got.moment.address, IW_STR("10.0.0.7")));
    assert_true(iw_str_equal(got.moment.forwarded, IW_STR("203.0.113.9")));
    assert_true(running_at(f, 99 * S + S / 2).is_running);
    assert_false(running_at(f, 99 * S + S / 2 - 1).is_found);
    assert_true(running_at(f, 103 * S - 1).is_running); /* its second */
    got = running_at(f, 103 * S);
    assert_true(got.is_found && !got.is_running);
    assert_true(running_at(f, 112 * S).is_found);
    assert_false(running_at(f, 112 * S + 1).is_found);
}

/* The one that began last; of equal ones, the one that sent something. */
static void which_of_several_ran(void **state)
{
    struct fixture *f = *state;
    struct iw_running_request got;
    put(f, 0, LINE(.seconds = 110, .offset = 1, .took_ms = "20000", .address = "10.0.0.1"));
    put(f, 1, LINE(.seconds = 106, .offset = 2, .took_ms = "6000", .address = "10.0.0.2"));
    put(f, 2,
        LINE(.seconds = 104, .offset = 3, .took_ms = "4000", .address = "10.0.0.3",
             .method = "POST"));
    put(f, 0, LINE(.seconds = 101, .offset = 4, .address = "10.0.0.4"));
    settle(f);
    got = running_at(f, 103 * S);
    assert_true(got.is_running);
    assert_int_equal(got.n_at_once, 3); /* what ended shortly before is none beside them */
    assert_true(iw_str_equal(got.moment.address, IW_STR("10.0.0.3")));
}

static void what_ran_and_is_not_kept_whole(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i <= (int)IW_LIMIT_HOUR_MOMENTS; i++)
        put(f, (size_t)i % 3, LINE(.seconds = HOUR + 60 * i, .offset = (uint64_t)(100 * i)));
    settle(f);
    assert_true(running_at(f, (HOUR + 60) * S + 1).is_running);
    assert_false(running_at(f, (HOUR + 60) * S + 1).is_hidden);
    assert_true(running_at(f, (HOUR + 60 * IW_LIMIT_HOUR_MOMENTS) * S + 1).is_hidden);
    assert_false(running_at(f, (HOUR + 60 * IW_LIMIT_HOUR_MOMENTS) * S + 1).is_found);
    assert_false(running_at(f, (HOUR + 60 * IW_LIMIT_HOUR_MOMENTS + 1) * S).is_hidden);
}

/* Whoever asks through a proxy is told apart by what that says. */
static void for_whom_a_proxy_asked(void **state)
{
    struct fixture *f = *state;
    const struct iw_file_requests *got;
    put(f, 0, LINE(.seconds = 100, .offset = 1, .forwarded = "203.0.113.9"));
    put(f, 1, LINE(.seconds = 101, .offset = 2, .forwarded = "203.0.113.10"));
    put(f, 1, LINE(.seconds = 5000, .offset = 3, .forwarded = "203.0.113.9"));
    put(f, 1, LINE(.seconds = 5001, .offset = 4, .forwarded = "-"));
    settle(f);
    got = ask(f, SHELL, 50 * S);
    assert_int_equal(got->use.addresses.n, 1);
    assert_int_equal(got->use.forwarded.n, 2);
    assert_true(iw_str_equal(got->use.forwarded.items[0], IW_STR("203.0.113.9")));
    assert_true(iw_str_equal(got->next.forwarded, IW_STR("203.0.113.9")));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(pages_of_a_name_that_were_asked_for),
        CASE(more_pages_of_a_name_than_are_told_apart),
        CASE(a_page_asked_for_whenever_something_ran),
        CASE(pages_that_many_addresses_ask_for),
        CASE(a_caller_among_others_of_its_hour),
        CASE(a_caller_that_was_busy_at_other_times),
        CASE(before_and_after_the_file),
        CASE(a_moment_within_a_second_is_not_certain),
        CASE(a_busy_hour_is_known_to_the_hour),
        CASE(the_last_hour_has_only_its_last),
        CASE(a_request_is_of_its_site_and_host),
        CASE(a_page_of_another_server),
        CASE(a_log_without_site_proves_nothing),
        CASE(a_name_of_a_folder_stands_for_its_host),
        CASE(how_a_url_is_written_does_not_matter),
        CASE(a_known_file_needs_no_ending),
        CASE(a_log_covers_what_it_covers),
        CASE(lines_without_time_are_counted),
        CASE(a_copy_of_a_log_counts_once),
        CASE(only_requests_count),
        CASE(what_ran_at_a_moment),
        CASE(which_of_several_ran),
        CASE(what_ran_and_is_not_kept_whole),
        CASE(for_whom_a_proxy_asked),
        CASE(no_memory_is_told),
        CASE(a_full_disk_is_told),
        CASE(values_past_the_limit_are_more),
        CASE(long_texts_are_cut_where_they_are_shown),
        CASE(logs_past_the_limit_are_told),
        CASE(portions_and_order_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
