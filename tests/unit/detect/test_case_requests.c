/*
 * What a finding about a web file says of who asked for it: requests before and after the file, a
 * log that is silent, one that does not cover the moment, none at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "event/web_log.h"
#include "tests/support/flat_event.h"
#include "tests/unit/detect/reconcile_rig.h"

#define SHELL "C:\\inetpub\\wwwroot\\up\\shell.aspx"
#define NOON INT64_C(1767614400) /* 2026-01-05 12:00:00 */

static const struct iw_str MARKS[] = {{"starts-process: starts a process (line 6)", 41}};

/* A line of the log, *after_s* from noon. */
struct line {
    int64_t after_s;
    const char *stem, *method, *status, *address, *agent, *site;
};

struct story {
    struct line lines[8]; /* up to one without a stem */
    int64_t written_s;    /* of the file; 0: no event tells */
    bool has_no_root, is_assumed;
    const char *says[6], *is_silent_of[4];
};

struct stage {
    struct rig rig;
    struct iw_arena arena;
    struct iw_names names;
    struct iw_spill spill;
    struct iw_hosts hosts;
    struct iw_inventory_root root;
    struct iw_inventory_site site;
    struct iw_web_places *places;
    struct iw_url_requests *requests;
};

static void put(struct stage *stage, struct iw_url_requests_feed *feed, const struct line *line,
                uint64_t number)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_event event;
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "{Channel: IIS/W3SVC, EventID: 0, Computer: WEB01, s-sitename: '%s', "
                   "cs-method: '%s', cs-uri-stem: '%s', c-ip: '%s', 'cs(User-Agent)': '%s', "
                   "sc-status: '%s'}",
                   line->site != NULL ? line->site : "W3SVC1",
                   line->method != NULL ? line->method : "GET", line->stem,
                   line->address != NULL ? line->address : "10.0.0.9",
                   line->agent != NULL ? line->agent : "curl/8.0",
                   line->status != NULL ? line->status : "200");
    assert_true(flat_event_from_text(text, &stage->names, &stage->arena, &event));
    event.flags |= IW_EVENT_DECODED;
    event.time_ns = event.created_ns = T(NOON + line->after_s);
    event.offset = 100 * number;
    event.line = number;
    assert_int_equal(iw_url_requests_add(feed, &event, &err), IW_OK);
}

static void tell_requests(struct stage *stage, const struct story *story)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_url_requests_feed *feed;
    stage->requests = iw_url_requests_new(&stage->spill, 1 << 20);
    assert_non_null(stage->requests);
    feed = iw_url_requests_feed_new(stage->requests);
    assert_non_null(feed);
    for (uint64_t i = 0; i < 8 && story->lines[i].stem != NULL; i++)
        put(stage, feed, &story->lines[i], i + 1);
    assert_int_equal(iw_url_requests_feed_end(feed, &err), IW_OK);
    assert_int_equal(iw_url_requests_hosts(stage->requests, &stage->hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(&stage->hosts), IW_OK);
    assert_int_equal(iw_url_requests_settle(stage->requests, &stage->hosts, &err), IW_OK);
}

static void begin(struct stage *stage, const struct story *story)
{
    struct rig *rig = &stage->rig;
    struct iw_inventory_web_file *web_file;
    memset(stage, 0, sizeof *stage);
    rig_init(rig);
    iw_arena_init(&stage->arena, 0);
    iw_spill_init(&stage->spill);
    iw_spill_open(&stage->spill);
    iw_hosts_init(&stage->hosts);
    assert_int_equal(iw_names_init(&stage->names), IW_OK);
    stage->root = (struct iw_inventory_root){.site = IW_STR("Default Web Site"),
                                             .application = IW_STR("/"),
                                             .directory = IW_STR("/"),
                                             .path = IW_STR("C:\\inetpub\\wwwroot"),
                                             .is_resolved = true};
    stage->site = (struct iw_inventory_site){.name = stage->root.site, .id = 1};
    rig->servers[0].roots = &stage->root;
    rig->servers[0].n_roots = !story->has_no_root;
    rig->servers[0].sites = &stage->site;
    rig->servers[0].n_sites = 1;
    rig->servers[0].config_written_ns = story->is_assumed ? T(2 * NOON) : T(1);
    web_file = rig_web_file(rig, SHELL);
    web_file->marks = (struct iw_text_list){MARKS, 1};
    web_file->n_strong_marks = 1;
    if (story->written_s != 0)
        rig_fact(rig, IW_FACT_FILE_WRITTEN, SHELL, NOON + story->written_s);
    stage->places = iw_web_places_new(&rig->inventory);
    assert_non_null(stage->places);
    tell_requests(stage, story);
    rig->input.requests = stage->requests;
    rig->input.places = stage->places;
}

static void end(struct stage *stage)
{
    iw_url_requests_free(stage->requests);
    iw_web_places_free(stage->places);
    iw_names_done(&stage->names);
    iw_hosts_done(&stage->hosts);
    iw_spill_done(&stage->spill);
    iw_arena_done(&stage->arena);
    rig_done(&stage->rig);
}

static void a_finding_says_who_asked(void **state)
{
    static const struct story STORIES[] = {
        /* The usual: dropped, asked for, by one. */
        {.lines = {{.after_s = -100, .stem = "/site.css"},
                   {.after_s = 3, .stem = "/up/shell.aspx", .method = "POST"},
                   {.after_s = 8, .stem = "/up/shell.aspx", .method = "POST"},
                   {.after_s = 90, .stem = "/up/shell.aspx", .status = "404"}},
         .written_s = 1,
         .says = {"why: asked for: first seen 2026-01-05 12:00:03, 3 requests (2 POST), 2 "
                  "answered, 1 address 10.0.0.9, agent curl/8.0\n",
                  "why: first request after it was written at 2026-01-05 12:00:01: 2026-01-05 "
                  "12:00:03\n",
                  "evidence: request t/log.evtx", "\"c-ip\":\"10.0.0.9\"",
                  "triage: follow 10.0.0.9, which asked for it first"},
         .is_silent_of = {"blind: ", "before it was written"}},
        /* Looked for before it was there. */
        {.lines =
             {{.after_s = -60, .stem = "/up/shell.aspx", .status = "404", .address = "10.0.0.7"},
              {.after_s = 60, .stem = "/up/shell.aspx", .agent = "x/1"}},
         .written_s = 1,
         .says =
             {"1 request before it was written at 2026-01-05 12:00:01: for another file at its "
              "place, or for none\n",
              "2 requests, 1 answered, 2 addresses: 10.0.0.7; 10.0.0.9, 2 agents: curl/8.0; "
              "x/1\n",
              "first request after it was written at 2026-01-05 12:00:01: 2026-01-05 12:01:00"}},
        {.lines = {{.after_s = -60, .stem = "/up/shell.aspx", .status = "404"},
                   {.after_s = 60, .stem = "/x.css"}},
         .written_s = 1,
         .says = {"1 request, none answered", "why: no request after it was written at 2026-01-05 "
                                              "12:00:01\n"}},
        /* No event tells when it was written. */
        {.lines = {{.after_s = 3, .stem = "/up/shell.aspx"}},
         .says = {"why: asked for: first seen 2026-01-05 12:00:03, 1 request, 1 address 10.0.0.9"},
         .is_silent_of = {"after it was written", "blind: logs of requests"}},
        /* A log that covers the time, and is silent. */
        {.lines = {{.after_s = -60, .stem = "/x.css"}, {.after_s = 60, .stem = "/x.css"}},
         .written_s = 1,
         .says = {"why: no request for /up/shell.aspx in logs that reach from 2026-01-05 11:59:00 "
                  "to 2026-01-05 12:01:00\n"},
         .is_silent_of = {"blind: ", "asked for: ", "evidence: request"}},
        {.lines = {{.after_s = -60, .stem = "/x.css"},
                   {.after_s = 60, .stem = "/x.css"},
                   {.after_s = 4 * 86400, .stem = "/x.css"}},
         .written_s = 1,
         .says = {"why: no request for /up/shell.aspx",
                  "blind: 3 days have no line in the logs of requests\n"}},
        /* Logs that cannot show it. */
        {.lines = {{.after_s = -60, .stem = "/x.css"}},
         .written_s = 1,
         .says = {"blind: logs of requests end before it was written, at 2026-01-05 11:59:00\n"},
         .is_silent_of = {"why: no request", "asked for: "}},
        {.lines = {{.after_s = 60, .stem = "/up/shell.aspx"}},
         .written_s = 1,
         .says = {"blind: logs of requests begin after it was written, at 2026-01-05 12:01:00\n",
                  "why: asked for: first seen 2026-01-05 12:01:00"}},
        {.lines = {{.after_s = -60, .stem = "/x.css", .site = "W3SVC2"},
                   {.after_s = 60, .stem = "/x.css", .site = "W3SVC2"}},
         .written_s = 1,
         .says = {"blind: no log of requests to its site: whether anybody asked for it is not "
                  "known\n"}},
        {.written_s = 1,
         .says = {"blind: no log of requests to its site: whether anybody asked for it is not "
                  "known\n"},
         .is_silent_of = {"why: no request", "asked for: "}},
        /* Whose request it was. */
        {.lines = {{.after_s = 3, .stem = "/up/shell.aspx", .site = "-"}},
         .written_s = 1,
         .says = {"blind: that these requests were for this file is not proved: not all say which "
                  "site they were to\n"}},
        {.lines = {{.after_s = 3, .stem = "/up/shell.aspx"}},
         .written_s = 1,
         .is_assumed = true,
         .says = {"blind: that these requests were for this file is not proved: no configuration "
                  "in evidence is known to have been in force then\n"}},
        {.lines = {{.after_s = 3, .stem = "/up/shell.aspx"}},
         .written_s = 1,
         .has_no_root = true,
         .says = {"blind: no URL of it is known: whether anybody asked for it is not either\n"}},
        /* Too close, a short name. */
        {.lines = {{.after_s = 0, .stem = "/up/SHELL~1.ASP"},
                   {.after_s = 1, .stem = "/up/shell.aspx"}},
         .written_s = 1,
         .says = {"why: 1 request asks for the short name", "why: asked for: "}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof STORIES / sizeof STORIES[0]; i++) {
        const struct story *story = &STORIES[i];
        struct stage *stage = test_calloc(1, sizeof *stage);
        begin(stage, story);
        /* Level and identity do not depend on requests. */
        rig_one(&stage->rig, IW_LEVEL_LOW, "Web file does what a request tells it: shell.aspx");
        for (size_t k = 0; k < 6 && story->says[k] != NULL; k++) {
            if (strstr(stage->rig.seen[0].all, story->says[k]) == NULL)
                fail_msg("story %zu does not say '%s':\n%s", i, story->says[k],
                         stage->rig.seen[0].all);
        }
        for (size_t k = 0; k < 4 && story->is_silent_of[k] != NULL; k++) {
            if (strstr(stage->rig.seen[0].all, story->is_silent_of[k]) != NULL)
                fail_msg("story %zu says '%s':\n%s", i, story->is_silent_of[k],
                         stage->rig.seen[0].all);
        }
        end(stage);
        test_free(stage);
    }
}

/* A time within the second of the log. */
static void what_is_too_close_is_told(void **state)
{
    static const struct story STORY = {.lines = {{.after_s = 1, .stem = "/up/shell.aspx"}},
                                       .written_s = 1};
    struct stage *stage = test_calloc(1, sizeof *stage);
    (void)state;
    begin(stage, &STORY);
    stage->rig.fact_items[0].time_ns += T(1) / 2;
    (void)rig_run(&stage->rig);
    rig_says(&stage->rig, "2026-01-05 12:00:01 (too close to tell which came first)");
    end(stage);
    test_free(stage);
}

/* That somebody asked is one reason more; that nobody did is none. */
static void only_what_was_asked_weighs(void **state)
{
    static const struct story STORIES[] = {
        {.written_s = 1},
        {.lines = {{.after_s = -60, .stem = "/x.css"}, {.after_s = 60, .stem = "/x.css"}},
         .written_s = 1},
        {.lines = {{.after_s = -60, .stem = "/x.css"}, {.after_s = 60, .stem = "/up/shell.aspx"}},
         .written_s = 1},
    };
    uint32_t scores[3];
    char ids[3][IW_FINDING_ID_BYTES];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct stage *stage = test_calloc(1, sizeof *stage);
        begin(stage, &STORIES[i]);
        assert_int_equal(rig_run(&stage->rig), 1);
        scores[i] = stage->rig.seen[0].finding.score;
        memcpy(ids[i], stage->rig.seen[0].finding.id, sizeof ids[i]);
        end(stage);
        test_free(stage);
    }
    assert_int_equal(scores[0], scores[1]);
    assert_true(scores[2] > scores[1]);
    assert_string_equal(ids[0], ids[1]);
    assert_string_equal(ids[0], ids[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_says_who_asked),
        cmocka_unit_test(what_is_too_close_is_told),
        cmocka_unit_test(only_what_was_asked_weighs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
