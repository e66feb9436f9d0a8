/**
 * What tests of requests for files stand on: a server with sites and roots, lines of its logs, and
 * what becomes of them. Of one test program: its functions and tables are its own.
 */
#ifndef IW_TESTS_UNIT_CONTEXT_FILE_REQUESTS_RIG_H
#define IW_TESTS_UNIT_CONTEXT_FILE_REQUESTS_RIG_H

#include "base/alloc.h"
#include "context/file_requests.h"
#include "context/page_requests.h"
#include "context/request_callers.h"
#include "event/web_log.h"
#include "tests/support/flat_event.h"

#define S IW_NS_PER_SECOND
#define HOUR 3600
#define DAY 86400
#define HOST IW_STR("WEB01")
#define SHELL IW_STR("C:\\inetpub\\shop\\up\\shell.aspx")

#define ROOT(s, a, p)                                                                              \
    {                                                                                              \
        .site = {s, sizeof(s) - 1}, .application = {a, sizeof(a) - 1}, .directory = {"/", 1},      \
        .pool = {s, sizeof(s) - 1}, .path = {p, sizeof(p) - 1}, .is_resolved = true                \
    }

static struct iw_inventory_root roots[] = {
    ROOT("Shop", "/", "C:\\inetpub\\shop"),
    ROOT("Shop", "/api", "D:\\api"),
    ROOT("Portal", "/", "C:\\inetpub\\portal"),
    ROOT("Twin", "/s", "C:\\inetpub\\shop"),
};
static struct iw_inventory_site sites[] = {{.name = {"Shop", 4}, .id = 1},
                                           {.name = {"Portal", 6}, .id = 2},
                                           {.name = {"Twin", 4}, .id = 3}};
static const struct iw_str KNOWN_URL[] = {{"/app/run", 8}};

/* One line of a log; NULL: what most lines have. */
struct line {
    const char *computer, *site, *stem, *address, *agent, *method, *status;
    int64_t seconds; /* negative: no time */
    uint32_t source;
    uint64_t offset;
    const char *took_ms;   /* NULL: none */
    const char *forwarded; /* the column of a proxy; NULL: the log has none */
};

struct fixture {
    struct iw_arena arena;
    struct iw_names names;
    struct iw_inventory_server server;
    struct iw_inventory_web_file web_file;
    struct iw_inventory inventory;
    struct iw_web_places *places;
    struct iw_spill spill;
    struct iw_hosts hosts;
    struct iw_url_requests *requests;
    struct iw_url_requests_feed *feeds[3];
    struct iw_file_requests got;
};

static void begin(struct fixture *f, size_t budget_bytes)
{
    iw_hosts_init(&f->hosts);
    f->requests = iw_url_requests_new(&f->spill, budget_bytes);
    assert_non_null(f->requests);
    assert_int_equal(iw_url_requests_know(f->requests, &f->inventory), IW_OK);
    for (size_t i = 0; i < 3; i++) {
        f->feeds[i] = iw_url_requests_feed_new(f->requests);
        assert_non_null(f->feeds[i]);
    }
}

static void finish(struct fixture *f)
{
    iw_url_requests_free(f->requests);
    iw_hosts_done(&f->hosts);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    iw_arena_init(&f->arena, 0);
    iw_spill_init(&f->spill);
    iw_spill_open(&f->spill);
    f->web_file = (struct iw_inventory_web_file){.urls = {KNOWN_URL, 1}};
    f->server = (struct iw_inventory_server){.host = HOST,
                                             .known_by = IW_SERVER_BY_CONFIGURATION,
                                             .is_authoritative = true,
                                             .config_written_ns = 1,
                                             .sites = sites,
                                             .n_sites = sizeof sites / sizeof sites[0],
                                             .roots = roots,
                                             .n_roots = sizeof roots / sizeof roots[0],
                                             .web_files = &f->web_file,
                                             .n_web_files = 1};
    f->inventory = (struct iw_inventory){.servers = &f->server, .n_servers = 1};
    f->places = iw_web_places_new(&f->inventory);
    if (f->places == NULL || iw_names_init(&f->names) != IW_OK)
        return -1;
    begin(f, 1 << 20);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    finish(f);
    iw_web_places_free(f->places);
    iw_spill_done(&f->spill);
    iw_names_done(&f->names);
    iw_arena_done(&f->arena);
    free(f);
    return 0;
}

static const char *either(const char *text, const char *usual)
{
    return text != NULL ? text : usual;
}

static struct iw_event event_of(struct fixture *f, const struct line *line)
{
    struct iw_buffer text;
    struct iw_event event;
    iw_buffer_init(&text);
    iw_buffer_printf(&text,
                     "{Channel: IIS/W3SVC, EventID: 0, Computer: '%s', s-sitename: '%s', "
                     "cs-method: '%s', cs-uri-stem: '%s', cs-uri-query: '-', c-ip: '%s', "
                     "'cs(User-Agent)': '%s', sc-status: '%s', time-taken: '%s', ",
                     either(line->computer, "WEB01"), either(line->site, "W3SVC1"),
                     either(line->method, "GET"), either(line->stem, "/up/shell.aspx"),
                     either(line->address, "10.0.0.9"), either(line->agent, "curl/8.0"),
                     either(line->status, "200"), either(line->took_ms, "-"));
    if (line->forwarded != NULL)
        iw_buffer_printf(&text, "X-Forwarded-For: '%s', ", line->forwarded);
    iw_buffer_add(&text, IW_STR("x-own: value}"));
    iw_buffer_add_char(&text, '\0');
    assert_true(flat_event_from_text(text.p, &f->names, &f->arena, &event));
    iw_buffer_done(&text);
    event.flags |= IW_EVENT_DECODED;
    event.time_ns = event.created_ns = line->seconds < 0 ? IW_TIME_UNKNOWN : line->seconds * S;
    event.source = line->source;
    event.offset = line->offset;
    event.line = line->offset / 100 + 1;
    return event;
}

static void put(struct fixture *f, size_t feed, const struct line *line)
{
    struct iw_event event = event_of(f, line);
    struct iw_error err = {.rc = IW_OK};
    assert_int_equal(iw_url_requests_add(f->feeds[feed], &event, &err), IW_OK);
}

static void settle(struct fixture *f)
{
    struct iw_error err = {.rc = IW_OK};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(iw_url_requests_feed_end(f->feeds[i], &err), IW_OK);
    assert_int_equal(iw_url_requests_hosts(f->requests, &f->hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(&f->hosts), IW_OK);
    assert_int_equal(iw_url_requests_settle(f->requests, &f->hosts, &err), IW_OK);
}

static const struct iw_file_requests *ask(struct fixture *f, struct iw_str path, int64_t time_ns)
{
    struct iw_error err = {.rc = IW_OK};
    assert_int_equal(iw_file_requests_find(f->requests, f->places, HOST, path, time_ns, &f->arena,
                                           &f->got, &err),
                     IW_OK);
    return &f->got;
}

/* What is left out is usual. */
#define LINE(...) (&(struct line){__VA_ARGS__})

/* --- what an answer says -------------------------------------------------------------------- */

#endif
