/*
 * What was seen of canaries, in both forms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_forms.h"
#include "output/canary.h"
#include "sample_run.h"

#define NOW INT64_C(1767607200000000000) /* 2026-01-05T10:00:00Z */
#define SECOND INT64_C(1000000000)

static const struct iw_canary_act acts[] = {
    {.id = IW_STR("f001"),
     .kind = IW_CANARY_FILE,
     .host = IW_STR("WEB01"),
     .subject = IW_STR("C:\\inetpub\\x\x1B[2J")},
    {.id = IW_STR("m001"),
     .kind = IW_CANARY_LOAD,
     .host = IW_STR("WEB01"),
     .subject = IW_STR("Pool")},
    {.id = IW_STR("m002"), .kind = IW_CANARY_LOAD, .host = IW_STR("WEB02")},
};
static const struct iw_canary_sighting sightings[] = {
    {.source = IW_STR("Sysmon 11"),
     .host = IW_STR("WEB01"),
     .n = 2,
     .time_ns = NOW + 3 * SECOND + SECOND / 2,
     .done_ns = NOW,
     .record_id = 7,
     .path = IW_STR("c/Sysmon.evtx")},
    {.source = IW_STR("Security 4663"),
     .host = IW_STR("WEB01"),
     .n = 1,
     .time_ns = NOW - 5 * SECOND,
     .done_ns = NOW,
     .path = IW_STR("c/Security.evtx")},
};
static struct iw_canary_outcome outcomes[] = {
    {&acts[0], sightings, 2}, {&acts[1], NULL, 0}, {&acts[2], NULL, 0}};
static const struct iw_canary_report report = {
    .outcomes = outcomes, .n_outcomes = 3, .n_foreign = 1, .n_hidden = 2};
static struct iw_host_span host = {.host = IW_STR("WEB01")};
static struct iw_coverage_link link = {
    .name = IW_STR("module_load"), .is_required = true, .fix = IW_STR("# one\nSet-It")};
static struct iw_coverage_record record = {.host = IW_STR("web01"), .links = &link, .n_links = 1};
static struct iw_run run = {
    .hosts = &host, .n_hosts = 1, .coverage = {.records = &record, .n_records = 1}};
static const struct iw_style plain = {false, 0}, colour = {true, 60};
static struct iw_buffer out;

static void write_form(size_t form)
{
    if (form == 0)
        iw_output_canary_table(&run, &report, &plain, &out);
    else if (form == 1)
        iw_output_canary_ndjson(&run, &report, &out);
    else
        iw_output_canary_table(&run, &report, &colour, &out);
}

static void is_written(size_t form, const char *expected)
{
    iw_buffer_init(&out);
    write_form(form);
    if (!iw_str_equal(iw_buffer_str(&out), iw_str_of(expected)))
        fail_msg("%.*s", IW_STR_ARG(iw_buffer_str(&out)));
    iw_buffer_done(&out);
}

static void for_people(void **state)
{
    (void)state;
    is_written(0, "WEB01\n"
                  "  f001  file_created, file: C:\\inetpub\\x\\x1b[2J\n"
                  "      seen by Sysmon 11 at 2026-01-05 10:00:03.500, 3 s after it was done, 2 "
                  "events\n"
                  "        c/Sysmon.evtx\n"
                  "      seen by Security 4663 at 2026-01-05 09:59:55.000, 5 s before it was done: "
                  "the clocks differ\n"
                  "        c/Security.evtx\n"
                  "  m001  module_load, load: Pool\n"
                  "      not seen by Sysmon 7; if it was done within the time of these logs, the "
                  "link is blind\n"
                  "      what closes it: below, to see module_load on WEB01\n"
                  "WEB02\n"
                  "  m002  module_load, load: \n"
                  "      not seen by Sysmon 7; no events of this host are in evidence\n"
                  "\n"
                  "1 of 3 acts were seen.\n"
                  "1 event has the marker and fit no act of the plan on their host.\n"
                  "2 events more found no room.\n");
}

/* A host is named by its label or its full name; an address has no label. */
static void hosts_by_any_name(void **state)
{
    static const struct {
        const char *known, *planned;
        bool is_one;
    } NAMES[] = {{"WEB01", "web01.corp.example", true},
                 {"web01.corp.example", "WEB01", true},
                 {"10.0.0.5", "10.0.0.5", true},
                 {"10.0.0.5", "10.0.0.6", false},
                 {"fe80::1", "fe80::2", false}};
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct iw_host_span span = {.host = iw_str_of(NAMES[i].known)};
        struct iw_canary_act act = {
            .id = IW_STR("m001"), .kind = IW_CANARY_LOAD, .host = iw_str_of(NAMES[i].planned)};
        struct iw_canary_outcome outcome = {&act, NULL, 0};
        struct iw_coverage_record own = {.host = span.host, .links = &link, .n_links = 1};
        struct iw_run one = {
            .hosts = &span, .n_hosts = 1, .coverage = {.records = &own, .n_records = 1}};
        struct iw_canary_report told = {.outcomes = &outcome, .n_outcomes = 1};
        iw_buffer_init(&out);
        iw_output_canary_table(&one, &told, &plain, &out);
        if (iw_str_holds_nocase(iw_buffer_str(&out), IW_STR("no events of this host")) ==
                NAMES[i].is_one ||
            iw_str_holds_nocase(iw_buffer_str(&out), IW_STR("what closes it")) != NAMES[i].is_one)
            fail_msg("%s", NAMES[i].planned);
        iw_buffer_done(&out);
    }
}

static void for_programs(void **state)
{
    (void)state;
    is_written(
        1,
        "{\"schema\":\"iiswarden.canary/1\",\"host\":\"WEB01\",\"id\":\"f001\",\"kind\":\"file\","
        "\"link\":\"file_created\",\"subject\":\"C:\\\\inetpub\\\\x\\u001b[2J\",\"seen\":true,"
        "\"sightings\":[{\"source\":\"Sysmon 11\",\"host\":\"WEB01\",\"time\":"
        "\"2026-01-05T10:00:03.5000000Z\",\"done\":\"2026-01-05T10:00:00.0000000Z\",\"delay_s\":"
        "3,\"events\":2,\"record_id\":7,\"file\":\"c/Sysmon.evtx\"},{\"source\":\"Security "
        "4663\",\"host\":\"WEB01\",\"time\":\"2026-01-05T09:59:55.0000000Z\",\"done\":"
        "\"2026-01-05T10:00:00.0000000Z\",\"delay_s\":-5,\"events\":1,\"record_id\":0,\"file\":"
        "\"c/Security.evtx\"}],\"fix\":null}\n"
        "{\"schema\":\"iiswarden.canary/1\",\"host\":\"WEB01\",\"id\":\"m001\",\"kind\":\"load\","
        "\"link\":\"module_load\",\"subject\":\"Pool\",\"seen\":false,\"sightings\":[],\"fix\":\"# "
        "one\\nSet-It\"}\n"
        "{\"schema\":\"iiswarden.canary/1\",\"host\":\"WEB02\",\"id\":\"m002\",\"kind\":\"load\","
        "\"link\":\"module_load\",\"subject\":\"\",\"seen\":false,\"sightings\":[],\"fix\":null}"
        "\n");
}

/* The table of verdicts tells what closes required links only. */
static void what_closes_an_optional_link(void **state)
{
    (void)state;
    link.is_required = false;
    iw_buffer_init(&out);
    write_form(0);
    assert_true(
        iw_str_holds_nocase(iw_buffer_str(&out), IW_STR("      what closes it:\n        # one\n"
                                                        "        Set-It\nWEB02")));
    iw_buffer_done(&out);
    link.is_required = true;
}

static void no_form_steers_a_terminal(void **state)
{
    (void)state;
    for (size_t form = 0; form < 3; form++) {
        iw_buffer_init(&out);
        write_form(form);
        assert_false(text_is_unsafe(iw_buffer_str(&out), form == 2));
        iw_buffer_done(&out);
    }
}

static void failures_are_told(void **state)
{
    (void)state;
    iw_buffer_init(&out);
    every_form_survives_failures(3, write_form, &out);
    iw_buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(for_people),
        cmocka_unit_test(for_programs),
        cmocka_unit_test(hosts_by_any_name),
        cmocka_unit_test(what_closes_an_optional_link),
        cmocka_unit_test(no_form_steers_a_terminal),
        cmocka_unit_test(failures_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
