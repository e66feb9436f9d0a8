/*
 * Hunting a collected tree: its configuration is judged without any event, events add what they
 * tell, and nothing depends on threads or on the order of what was given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/hash.h"
#include "engine/engine.h"
#include "result/finding_record.h"
#include "tests/support/test_findings.h"
#include "tests/support/test_folder.h"

static char folder[TEST_FOLDER_BYTES];
static char tree[600], config_file[700], event_file[600], rule_file[600];

static const char *const FOLDERS[] = {"/WEB01",    "/C",       "/Windows",
                                      "/System32", "/inetsrv", "/config"};
#define N_FOLDERS (sizeof FOLDERS / sizeof FOLDERS[0])

static const char CONFIG[] =
    "<configuration><configSections>"
    "<sectionGroup name=\"system.webServer\"><section name=\"globalModules\" "
    "allowDefinition=\"AppHostOnly\" overrideModeDefault=\"Deny\" /></sectionGroup>"
    "</configSections><system.webServer><globalModules>"
    "<add name=\"UriCacheModule\" image=\"%windir%\\System32\\inetsrv\\cachuri.dll\" />"
    "<add name=\"Evil\" image=\"C:\\ProgramData\\evil.dll\" />"
    "</globalModules></system.webServer></configuration>\n";

#define EVENT(provider, channel, id, record, computer, second, data)                               \
    "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"" provider                  \
    "\"}},\"EventID\":" id ",\"EventRecordID\":" record ",\"Channel\":\"" channel                  \
    "\",\"Computer\":\"" computer                                                                  \
    "\",\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2026-01-05T10:00:" second               \
    ".000000Z\"}},\"Security\":{\"#attributes\":{\"UserID\":\"S-1-5-21-1-2-3-500\"}}},"            \
    "\"EventData\":{" data "}}}\n"
#define SYSMON(id, record, computer, second, data)                                                 \
    EVENT("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", id, record,          \
          computer, second, data)
#define W3WP "\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\""

static const char EVENTS[] =
    EVENT("Microsoft-Windows-IIS-Configuration", "Microsoft-IIS-Configuration/Operational", "29",
          "5", "WEB01.corp.example", "10",
          "\"Configuration\":\"/system.webServer/globalModules/add\",\"NewValue\":\"Evil\"")
        SYSMON("7", "6", "WEB01.corp.example", "20",
               "\"Image\":" W3WP ",\"ImageLoaded\":\"C:\\\\ProgramData\\\\evil.dll\"")
            SYSMON("1", "7", "WEB01.corp.example", "15",
                   "\"Image\":" W3WP ",\"CommandLine\":\"w3wp.exe -ap \\\"Shop\\\"\"")
                SYSMON("1", "8", "WEB09.corp.example", "15", "\"Image\":" W3WP);

static bool write_text(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");
    return stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0;
}

static int make_evidence(void **state)
{
    static const char RULE[] = "title: Nothing here\n"
                               "id: 0aa1b2c3-0000-4000-8000-000000000003\n"
                               "logsource: {product: windows, category: process_creation}\n"
                               "detection: {s: {Image|endswith: '\\none.exe'}, condition: s}\n"
                               "level: high\n";
    size_t n;
    (void)state;
    if (!test_folder_make(folder))
        return -1;
    n = (size_t)snprintf(config_file, sizeof config_file, "%s", folder);
    for (size_t i = 0; i < N_FOLDERS; i++) {
        n += (size_t)snprintf(config_file + n, sizeof config_file - n, "%s", FOLDERS[i]);
        if (mkdir(config_file, 0700) != 0)
            return -1;
    }
    (void)snprintf(config_file + n, sizeof config_file - n, "/applicationHost.config");
    (void)snprintf(tree, sizeof tree, "%s/WEB01", folder);
    (void)snprintf(event_file, sizeof event_file, "%s/events.json", folder);
    (void)snprintf(rule_file, sizeof rule_file, "%s/rule.yml", folder);
    return write_text(config_file, CONFIG) && write_text(event_file, EVENTS) &&
                   write_text(rule_file, RULE)
               ? 0
               : -1;
}

static int remove_evidence(void **state)
{
    (void)state;
    (void)unlink(event_file);
    (void)unlink(rule_file);
    for (size_t i = 0; i <= N_FOLDERS; i++) { /* the file, then its folders upwards */
        (void)remove(config_file);
        *strrchr(config_file, '/') = '\0';
    }
    return rmdir(folder);
}

static enum iw_rc hunt(const char *const *paths, size_t n_paths, unsigned n_jobs, int64_t since_ns,
                       struct iw_run *run)
{
    const char *rules[] = {rule_file};
    struct iw_hunt_options options = {.rule_paths = rules,
                                      .n_rule_paths = 1,
                                      .no_builtin = true,
                                      .since_ns = since_ns,
                                      .until_ns = IW_TIME_UNKNOWN};
    struct iw_engine_options engine = {.paths = paths, .n_paths = n_paths, .n_jobs = n_jobs};
    iw_run_init(run);
    return iw_engine_hunt(&engine, &options, run, NULL);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void without_events(void **state)
{
    const char *paths[] = {tree};
    struct test_findings findings;
    struct iw_run run;
    (void)state;
    assert_int_equal(hunt(paths, 1, 1, IW_TIME_UNKNOWN, &run), IW_OK);
    assert_true(test_findings_read(&run.findings, &findings));
    assert_int_equal(findings.n, 1);
    assert_true(iw_str_equal(findings.items[0].subject_name, IW_STR("Evil")));
    assert_true(iw_str_equal(findings.items[0].host, IW_STR("WEB01")));
    assert_int_equal(findings.items[0].level, IW_LEVEL_MEDIUM);
    assert_int_equal(findings.items[0].kind, IW_FINDING_COMPONENT);
    assert_int_equal(findings.items[0].n_evidence, 1);
    assert_int_equal(run.inventory.servers[0].known_by & IW_SERVER_BY_EVENTS, 0);
    test_findings_done(&findings);
    iw_run_done(&run);
}

static void digest(const struct iw_run *run, uint8_t ret[32])
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    struct iw_buffer all;
    iw_buffer_init(&all);
    assert_int_equal(iw_finding_cursor_init(&cursor, &run->findings, NULL), IW_OK);
    while (iw_finding_cursor_next(&cursor, &finding, NULL) == IW_OK)
        iw_finding_record_write(finding, &all);
    iw_finding_cursor_done(&cursor);
    assert_true(!all.failed && all.n != 0 && iw_sha256(iw_buffer_str(&all), ret));
    iw_buffer_done(&all);
}

static void with_events(void **state)
{
    uint8_t first[32], now[32];
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        const char *paths[2] = {i % 2 == 0 ? tree : event_file, i % 2 == 0 ? event_file : tree};
        struct test_findings findings;
        struct iw_run run;
        assert_int_equal(hunt(paths, 2, 1 + i / 2 * 2, IW_TIME_UNKNOWN, &run), IW_OK);
        assert_true(test_findings_read(&run.findings, &findings));
        assert_int_equal(findings.n, 1);
        assert_int_equal(findings.items[0].n_evidence, 3);
        assert_true(iw_str_equal(findings.items[0].evidence[0].role, IW_STR("registration")));
        assert_int_equal(findings.items[0].evidence[0].record_id, 5);
        assert_true(
            iw_str_ends_nocase(findings.items[0].evidence[0].source, IW_STR("events.json")));
        assert_true(iw_str_equal(findings.items[0].evidence[1].role, IW_STR("module_load")));
        assert_true(iw_str_equal(findings.items[0].user, IW_STR("S-1-5-21-1-2-3-500")));
        test_findings_done(&findings);
        digest(&run, i == 0 ? first : now);
        if (i != 0)
            assert_memory_equal(first, now, sizeof first);
        iw_run_done(&run);
    }
}

/* A host with a worker is a server, whether or not anything of it was collected. */
static void servers_that_events_know(void **state)
{
    const char *paths[] = {tree, event_file};
    struct iw_run run;
    (void)state;
    assert_int_equal(hunt(paths, 2, 2, IW_TIME_UNKNOWN, &run), IW_OK);
    assert_int_equal(run.inventory.n_servers, 2);
    assert_true(iw_str_equal(run.inventory.servers[0].host, IW_STR("WEB01")));
    assert_int_equal(run.inventory.servers[0].known_by,
                     IW_SERVER_BY_CONFIGURATION | IW_SERVER_BY_EVENTS);
    assert_true(iw_str_equal(run.inventory.servers[1].host, IW_STR("WEB09")));
    assert_int_equal(run.inventory.servers[1].known_by, IW_SERVER_BY_EVENTS);
    assert_false(run.inventory.servers[1].is_authoritative);
    iw_run_done(&run);
}

/* --since looks at a finding's last time; one without a time is always shown. */
static void in_a_window(void **state)
{
    static const struct {
        const char *since;
        uint64_t n_alone, n_with_events;
    } WINDOWS[] = {
        {"2026-01-05T10:00:20Z", 1, 1},
        {"2026-01-05T10:00:21Z", 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *paths[] = {tree, event_file};
        struct iw_run run;
        int64_t since_ns;
        assert_true(iw_time_parse(iw_str_of(WINDOWS[i].since), &since_ns));
        assert_int_equal(hunt(paths, 1, 1, since_ns, &run), IW_OK);
        assert_int_equal(run.findings.n, WINDOWS[i].n_alone);
        iw_run_done(&run);
        assert_int_equal(hunt(paths, 2, 1, since_ns, &run), IW_OK);
        assert_int_equal(run.findings.n, WINDOWS[i].n_with_events);
        iw_run_done(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_events),
        cmocka_unit_test(with_events),
        cmocka_unit_test(servers_that_events_know),
        cmocka_unit_test(in_a_window),
    };
    return cmocka_run_group_tests(tests, make_evidence, remove_evidence);
}
