/*
 * Requests for watched files: which URL names which file, who asked first, and how many did.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "context/url_history.h"
#include "event/web_log.h"
#include "iis/config/config_server.h"
#include "tests/support/flat_event.h"
#include "tests/unit/iis/config_rig.h"

#define SECOND INT64_C(1000000000)

static const char CONFIG[] =
    "<configuration><system.applicationHost><sites>"
    "<site name='Default Web Site' id='1'><application path='/'>"
    "<virtualDirectory path='/' physicalPath='C:\\inetpub\\wwwroot'/>"
    "<virtualDirectory path='/up' physicalPath='D:\\uploads'/></application></site>"
    "<site name='Shop' id='7'><application path='/'>"
    "<virtualDirectory path='/' physicalPath='D:\\shop'/></application></site>"
    "</sites></system.applicationHost></configuration>";

static struct iw_arena arena;
static struct iw_names names;
static struct iw_config *config;
static struct iw_server server;

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_names_init(&names), IW_OK);
    config = config_of_server(CONFIG);
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_config_free(config);
    iw_names_done(&names);
    iw_arena_done(&arena);
    return 0;
}

/* A request, by what the tests vary. */
static struct iw_event request(const char *computer, const char *site, const char *stem,
                               const char *address, const char *status, int64_t seconds)
{
    char text[1024];
    struct iw_event event;
    (void)snprintf(text, sizeof text,
                   "{Channel: IIS/W3SVC, EventID: 0, Computer: '%s', s-sitename: '%s', cs-method: "
                   "GET, cs-uri-stem: '%s', cs-uri-query: '-', c-ip: '%s', 'cs(User-Agent)': "
                   "agent, sc-status: '%s', time-taken: '1500'}",
                   computer, site, stem, address, status);
    assert_true(flat_event_from_text(text, &names, &arena, &event));
    event.flags |= IW_EVENT_DECODED;
    event.time_ns = event.created_ns = seconds < 0 ? IW_TIME_UNKNOWN : seconds * SECOND;
    event.offset = (uint64_t)(seconds < 0 ? 0 : seconds);
    event.line = 3;
    return event;
}

static void a_line_is_a_request_with_beginning_and_end(void **state)
{
    struct iw_event event = request("WEB01", "W3SVC7", "/a/b.aspx", "10.0.0.9", "404", 100);
    struct iw_web_request read;
    struct iw_web_spot spot;
    (void)state;
    assert_int_equal(iw_web_request_read(&event, &arena, &read), IW_OK);
    assert_int_equal(read.site_id, 7);
    assert_int_equal(read.status, 404);
    assert_int_equal(read.end_ns, 100 * SECOND);
    assert_int_equal(read.start_ns, 100 * SECOND - 3 * SECOND / 2);
    assert_int_equal(read.query.n, 0);
    assert_int_equal(iw_web_request_file(&server, &read, &arena, &spot), IW_OK);
    assert_true(iw_str_equal(spot.file.path, IW_STR("D:\\shop\\a\\b.aspx")));
    read.site_id = 1;
    read.stem = IW_STR("/UP/x.aspx");
    assert_int_equal(iw_web_request_file(&server, &read, &arena, &spot), IW_OK);
    assert_true(iw_str_equal(spot.file.path, IW_STR("D:\\uploads\\x.aspx")));
    read.site_id = 2;
    assert_int_equal(iw_web_request_file(&server, &read, &arena, &spot), IW_END);
    read.site_id = 0;
    assert_int_equal(iw_web_request_file(&server, &read, &arena, &spot), IW_END);
    event.flags = 0;
    assert_int_equal(iw_web_request_read(&event, &arena, &read), IW_END);
    event.flags = IW_EVENT_DECODED;
    event.channel = IW_STR(IW_CHANNEL_HTTPERR);
    assert_int_equal(iw_web_request_read(&event, &arena, &read), IW_END);
}

static void stems_are_compared_as_the_server_does(void **state)
{
    static const struct {
        const char *site, *stem;
        bool is_watched;
    } CASES[] = {
        {"W3SVC1", "/up/shell.aspx", true},
        {"w3svc1", "/UP/Shell.ASPX", true},
        {"W3SVC1", "/up/shell.aspx/more/of/it", true},
        {"-", "/up/shell.aspx", true}, /* the log names no site */
        {"W3SVC7", "/up/shell.aspx", false},
        {"W3SVC1", "/up/shell.aspx2", false},
        {"W3SVC1", "/shell.aspx", false},
        {"W3SVC1", "/up", false},
        {"W3SVC1", "-", false},
    };
    struct iw_watched_urls urls;
    (void)state;
    iw_watched_urls_init(&urls);
    assert_int_equal(
        iw_watched_urls_add(&urls, IW_STR("WEB01"), &server, IW_STR("D:\\uploads\\shell.aspx")),
        IW_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_event event = request("WEB01", CASES[i].site, CASES[i].stem, "::1", "200", 1);
        struct iw_web_request read;
        const struct iw_watched_url *url;
        assert_int_equal(iw_web_request_read(&event, &arena, &read), IW_OK);
        assert_int_equal(iw_watched_urls_find(&urls, &read, &arena, &url), IW_OK);
        assert_int_equal(url != NULL, CASES[i].is_watched);
        if (url != NULL)
            assert_true(iw_str_equal(url->path, IW_STR("D:\\uploads\\shell.aspx")));
    }
    iw_watched_urls_done(&urls);
}

/* As many slashes as are looked at, and one more. */
static void what_stands_behind_a_file_is_cut_so_often(void **state)
{
    struct iw_watched_urls urls;
    (void)state;
    iw_watched_urls_init(&urls);
    assert_int_equal(
        iw_watched_urls_add(&urls, IW_STR("WEB01"), &server, IW_STR("D:\\uploads\\shell.aspx")),
        IW_OK);
    for (unsigned n = IW_LIMIT_URL_PARTS; n <= IW_LIMIT_URL_PARTS + 1; n++) {
        char stem[256] = "/up/shell.aspx";
        struct iw_event event;
        struct iw_web_request read;
        const struct iw_watched_url *url;
        for (unsigned i = 0; i < n; i++)
            (void)strcat(stem, "/x");
        event = request("WEB01", "W3SVC1", stem, "::1", "200", 1);
        assert_int_equal(iw_web_request_read(&event, &arena, &read), IW_OK);
        assert_int_equal(iw_watched_urls_find(&urls, &read, &arena, &url), IW_OK);
        assert_int_equal(url != NULL, n == IW_LIMIT_URL_PARTS);
    }
    iw_watched_urls_done(&urls);
}

static void only_watched_urls_ask_for_the_log(void **state)
{
    struct iw_watched_urls urls;
    struct iw_route route;
    (void)state;
    iw_watched_urls_init(&urls);
    iw_route_init(&route);
    assert_int_equal(iw_watched_urls_route(&urls, &route), IW_OK);
    assert_false(iw_route_wants(&route, iw_route_find(&route, IW_STR(IW_CHANNEL_W3SVC)), 0));
    /* A file no URL names. */
    assert_int_equal(iw_watched_urls_add(&urls, IW_STR("WEB01"), &server, IW_STR("E:\\x.aspx")),
                     IW_OK);
    assert_int_equal(iw_watched_urls_route(&urls, &route), IW_OK);
    assert_false(iw_route_wants(&route, iw_route_find(&route, IW_STR(IW_CHANNEL_W3SVC)), 0));
    assert_int_equal(
        iw_watched_urls_add(&urls, IW_STR("WEB01"), &server, IW_STR("D:\\shop\\a.aspx")), IW_OK);
    assert_int_equal(iw_watched_urls_route(&urls, &route), IW_OK);
    assert_true(iw_route_wants(&route, iw_route_find(&route, IW_STR(IW_CHANNEL_W3SVC)), 0));
    iw_route_done(&route);
    iw_watched_urls_done(&urls);
}

static void settle(struct iw_url_history *history, struct iw_hosts *hosts,
                   struct iw_url_facts *facts)
{
    iw_hosts_init(hosts);
    assert_int_equal(iw_url_history_hosts(history, hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(hosts), IW_OK);
    assert_int_equal(iw_url_history_settle(history, hosts, facts), IW_OK);
}

/* The same requests over one thread and over two, in another order: the same facts. */
static void first_and_rarity_do_not_depend_on_threads(void **state)
{
    const struct iw_event events[] = {
        request("WEB01", "W3SVC1", "/up/shell.aspx", "10.0.0.1", "404", 50),
        request("web01.corp.example", "W3SVC1", "/up/shell.aspx", "10.0.0.2", "200", 60),
        request("WEB01", "W3SVC1", "/up/shell.aspx", "10.0.0.2", "200", 90),
        request("WEB01", "W3SVC1", "/up/shell.aspx", "10.0.0.1", "200", -1),
        request("WEB01", "W3SVC1", "/other.aspx", "10.0.0.3", "200", 10),
        request("WEB02", "W3SVC1", "/up/shell.aspx", "10.0.0.4", "200", 20), /* another host's */
    };
    enum { N = sizeof events / sizeof events[0] };
    struct iw_watched_urls urls;
    (void)state;
    iw_watched_urls_init(&urls);
    assert_int_equal(
        iw_watched_urls_add(&urls, IW_STR("WEB01"), &server, IW_STR("D:\\uploads\\shell.aspx")),
        IW_OK);
    for (int way = 0; way < 3; way++) {
        struct iw_url_history *one = iw_url_history_new(&urls), *two = iw_url_history_new(&urls);
        struct iw_hosts hosts;
        struct iw_url_facts facts;
        const struct iw_url_fact *fact;
        assert_true(one != NULL && two != NULL);
        for (size_t i = 0; i < N; i++) {
            size_t at = way == 0 ? i : N - 1 - i;
            assert_int_equal(iw_url_history_add(way == 2 && i % 2 ? two : one, &events[at]), IW_OK);
        }
        assert_int_equal(iw_url_history_merge(one, two), IW_OK);
        settle(one, &hosts, &facts);
        assert_int_equal(facts.n, 1);
        fact = &facts.items[0];
        assert_true(iw_str_equal_nocase(fact->host, IW_STR("WEB01")));
        assert_true(iw_str_equal(fact->url->path, IW_STR("D:\\uploads\\shell.aspx")));
        assert_true(iw_str_equal(fact->url->url, IW_STR("/up/shell.aspx")));
        assert_true(fact->is_site_known && fact->has_moments && fact->has_answer);
        assert_int_equal(fact->n_requests, 4);
        assert_int_equal(fact->n_answered, 3);
        assert_int_equal(fact->n_timeless, 1);
        assert_int_equal(fact->n_addresses, 2);
        assert_int_equal(fact->n_agents, 1);
        assert_int_equal(fact->methods, IW_METHOD_GET);
        assert_int_equal(fact->first.end_ns, 50 * SECOND);
        assert_int_equal(fact->first.offset, 50);
        assert_int_equal(fact->first_answered.end_ns, 60 * SECOND);
        assert_int_equal(fact->last.end_ns, 90 * SECOND);
        assert_int_equal(facts.n_hidden, 0);
        iw_hosts_done(&hosts);
        iw_url_history_free(one);
        iw_url_history_free(two);
    }
    iw_watched_urls_done(&urls);
}

/* As many addresses as are told apart, and one more: over one collector and over two. */
static void many_addresses_are_more(void **state)
{
    struct iw_watched_urls urls;
    (void)state;
    iw_watched_urls_init(&urls);
    assert_int_equal(
        iw_watched_urls_add(&urls, IW_STR("WEB01"), &server, IW_STR("D:\\shop\\a.aspx")), IW_OK);
    for (unsigned n = IW_LIMIT_URL_VALUES; n <= IW_LIMIT_URL_VALUES + 1; n++) {
        struct iw_url_history *one = iw_url_history_new(&urls), *two = iw_url_history_new(&urls);
        struct iw_hosts hosts;
        struct iw_url_facts facts;
        for (unsigned i = 0; i < 3 * n; i++) {
            char address[32];
            struct iw_event event;
            (void)snprintf(address, sizeof address, "10.0.0.%u", i % n);
            event = request("WEB01", "W3SVC7", "/a.aspx", address, "200", 1);
            assert_int_equal(iw_url_history_add(i % 2 ? two : one, &event), IW_OK);
        }
        assert_int_equal(iw_url_history_merge(one, two), IW_OK);
        settle(one, &hosts, &facts);
        assert_int_equal(facts.n, 1);
        assert_int_equal(facts.items[0].n_addresses, n);
        iw_hosts_done(&hosts);
        iw_url_history_free(one);
        iw_url_history_free(two);
    }
    iw_watched_urls_done(&urls);
}

/* As many URLs as are kept, and one more. */
static void urls_past_the_limit_are_counted(void **state)
{
    struct iw_watched_urls urls;
    struct iw_url_history *history;
    struct iw_hosts hosts;
    struct iw_url_facts facts;
    struct iw_arena kept = arena;
    (void)state;
    iw_watched_urls_init(&urls);
    assert_int_equal(iw_watched_urls_add(&urls, IW_STR("H0"), &server, IW_STR("D:\\shop\\a.aspx")),
                     IW_OK);
    history = iw_url_history_new(&urls);
    iw_arena_init(&arena, 0);
    for (unsigned i = 0; i <= IW_LIMIT_URL_FACTS; i++) {
        char computer[32];
        struct iw_event event;
        (void)snprintf(computer, sizeof computer, "H%u", i);
        event = request(computer, "W3SVC7", "/a.aspx", "::1", "200", 1);
        assert_int_equal(iw_url_history_add(history, &event), IW_OK);
        iw_arena_reset(&arena);
    }
    settle(history, &hosts, &facts);
    assert_int_equal(facts.n_hidden, 1);
    assert_int_equal(facts.n, 1);
    iw_hosts_done(&hosts);
    iw_url_history_free(history);
    iw_watched_urls_done(&urls);
    iw_arena_done(&arena);
    arena = kept;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_request_with_beginning_and_end),
        cmocka_unit_test(stems_are_compared_as_the_server_does),
        cmocka_unit_test(what_stands_behind_a_file_is_cut_so_often),
        cmocka_unit_test(only_watched_urls_ask_for_the_log),
        cmocka_unit_test(first_and_rarity_do_not_depend_on_threads),
        cmocka_unit_test(many_addresses_are_more),
        cmocka_unit_test(urls_past_the_limit_are_counted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
