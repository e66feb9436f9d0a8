/*
 * The engine as its callers see it, over EVTX files the lab writes: pass 0, `events` and `hunt`
 * with any number of threads, nothing at all, refusals, a writer that fails, a copy of a file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "engine/begin.h"
#include "lab/evtx/lab_evtx.h"
#include "tests/support/test_findings.h"
#include "tests/support/test_folder.h"

#define N_RECORDS 9000U /* of many slices */

static char folder[TEST_FOLDER_BYTES];
static char empty_folder[600], one_file[600], copy_file[600], rule_file[600], every_file[600];

static void write_evtx(const char *path, unsigned n)
{
    static const struct iw_lab_field FIELDS[] = {
        {.name = "ParentImage", .type = IW_LAB_TYPE_STRING},
        {.name = "Image", .type = IW_LAB_TYPE_STRING},
        {.name = "ProcessId", .type = IW_LAB_TYPE_U32},
    };
    static const struct iw_lab_schema SCHEMA = {.provider = "Microsoft-Windows-Sysmon",
                                                .channel = "Microsoft-Windows-Sysmon/Operational",
                                                .computer = "WEB01.corp.example",
                                                .event_id = 1,
                                                .qualifiers = -1,
                                                .payload = IW_LAB_PAYLOAD_EVENT_DATA,
                                                .fields = FIELDS,
                                                .n_fields = 3};
    struct iw_lab_evtx *file = iw_lab_evtx_new(path, NULL, NULL);
    size_t schema;
    assert_non_null(file);
    schema = iw_lab_evtx_define(file, &SCHEMA);
    for (unsigned i = 0; i < n; i++) {
        struct iw_lab_value values[3] = {
            iw_lab_value_text("C:\\Windows\\System32\\inetsrv\\w3wp.exe"),
            iw_lab_value_text(i % 1000 == 7 ? "C:\\cmd.exe" : "C:\\other.exe"),
            iw_lab_value_number(IW_LAB_TYPE_U32, i)};
        struct iw_lab_event event = {
            .filetime = 132521632812990045ULL + i * 10000000ULL, .values = values, .n_values = 3};
        assert_true(iw_lab_evtx_add(file, schema, &event, NULL));
    }
    assert_true(iw_lab_evtx_close(file, NULL));
}

static bool write_text(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");
    return stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0;
}

static int make_evidence(void **state)
{
    static const char RULE[] = "title: Command processor\n"
                               "id: 0aa1b2c3-0000-4000-8000-000000000001\n"
                               "logsource: {product: windows, category: process_creation}\n"
                               "detection: {s: {Image|endswith: '\\cmd.exe'}, condition: s}\n"
                               "level: high\n";
    static const char EVERY[] = "title: Every event\n"
                                "id: 0aa1b2c3-0000-4000-8000-000000000002\n"
                                "logsource: {product: windows}\n"
                                "detection: {s: {EventID: 1}, condition: s}\n"
                                "level: low\n";
    (void)state;
    if (!test_folder_make(folder))
        return -1;
    (void)snprintf(empty_folder, sizeof empty_folder, "%s/empty", folder);
    (void)snprintf(one_file, sizeof one_file, "%s/one.evtx", folder);
    (void)snprintf(copy_file, sizeof copy_file, "%s/two.evtx", folder);
    (void)snprintf(rule_file, sizeof rule_file, "%s/rule.yml", folder);
    (void)snprintf(every_file, sizeof every_file, "%s/every.yml", folder);
    write_evtx(one_file, N_RECORDS);
    write_evtx(copy_file, N_RECORDS);
    if (!write_text(rule_file, RULE) || !write_text(every_file, EVERY))
        return -1;
    return mkdir(empty_folder, 0700);
}

static int remove_evidence(void **state)
{
    (void)state;
    (void)unlink(one_file);
    (void)unlink(copy_file);
    (void)unlink(rule_file);
    (void)unlink(every_file);
    (void)rmdir(empty_folder);
    return rmdir(folder);
}

/* --- pass 0 ------------------------------------------------------------------------------- */

static void count_call(void *context)
{
    ++*(unsigned *)context;
}

static void pass_0(void **state)
{
    const char *paths[] = {one_file, "/nonexistent/x"};
    struct iw_progress progress = {.total_bytes = 0};
    unsigned n_ready = 0;
    struct iw_engine_options options = {.paths = paths,
                                        .n_paths = 2,
                                        .progress = &progress,
                                        .ready = count_call,
                                        .ready_context = &n_ready};
    struct iw_pass0 pass0;
    struct iw_run run;
    struct stat status;
    (void)state;
    iw_run_init(&run);
    assert_int_equal(iw_pass0_run(&options, &run, &pass0, NULL), IW_OK);
    assert_int_equal(n_ready, 1);
    assert_int_equal(pass0.evidence.n, 1);
    assert_int_equal(pass0.input.fd, -1);
    assert_int_equal(stat(one_file, &status), 0);
    assert_int_equal(progress.total_bytes, status.st_size);
    assert_int_equal(run.ledger.n, 2);
    assert_true(iw_ledger_has_loss(&run.ledger)); /* what does not exist is named, and lost */
    assert_false(run.interrupted);
    iw_pass0_done(&pass0);
    iw_run_done(&run);
}

static void pass_0_cancelled(void **state)
{
    const char *paths[] = {one_file};
    _Atomic bool cancelled = true;
    struct iw_engine_options options = {.paths = paths, .n_paths = 1, .cancelled = &cancelled};
    struct iw_pass0 pass0;
    struct iw_run run;
    (void)state;
    iw_run_init(&run);
    assert_int_equal(iw_pass0_run(&options, &run, &pass0, NULL), IW_OK);
    assert_true(run.interrupted);
    iw_pass0_done(&pass0);
    iw_run_done(&run);
}

/* --- events ------------------------------------------------------------------------------- */

struct sink {
    struct iw_buffer out;
    unsigned n_calls, fail_at;
};

static enum iw_rc take_text(void *context, struct iw_str ndjson, struct iw_error *err)
{
    struct sink *sink = context;
    if (++sink->n_calls == sink->fail_at)
        return iw_error_set(err, IW_EIO, "disk full");
    iw_buffer_add(&sink->out, ndjson);
    return IW_OK;
}

static enum iw_rc events(const char *path, unsigned n_jobs, struct sink *sink,
                         const struct iw_events_options *options, struct iw_run *run,
                         struct iw_error *err)
{
    struct iw_engine_options engine = {.paths = &path, .n_paths = 1, .n_jobs = n_jobs};
    struct iw_event_sink event_sink = {take_text, sink};
    return iw_engine_events(&engine, options, &event_sink, run, err);
}

static size_t count_lines(struct iw_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void events_in_order(void **state)
{
    struct iw_events_options options = {.n_where = 0};
    struct iw_buffer first;
    (void)state;
    iw_buffer_init(&first);
    for (unsigned n_jobs = 1; n_jobs <= 5; n_jobs++) {
        struct sink sink = {.n_calls = 0};
        struct iw_run run;
        iw_run_init(&run);
        assert_int_equal(events(one_file, n_jobs, &sink, &options, &run, NULL), IW_OK);
        assert_int_equal(count_lines(iw_buffer_str(&sink.out)), N_RECORDS);
        if (n_jobs == 1)
            iw_buffer_add(&first, iw_buffer_str(&sink.out));
        assert_true(iw_str_equal(iw_buffer_str(&first), iw_buffer_str(&sink.out)));
        assert_int_equal(run.telemetry.n_channels, 1);
        assert_int_equal(run.telemetry.channels[0].last_id, N_RECORDS);
        assert_int_equal(run.telemetry.channels[0].n_gaps, 0);
        assert_true(run.peak_memory_bytes != 0);
        iw_buffer_done(&sink.out);
        iw_run_done(&run);
    }
    iw_buffer_done(&first);
}

static void events_chosen(void **state)
{
    const char *const where[] = {"Image=*\\CMD.exe"}, *const fields[] = {"processid"};
    struct iw_events_options options = {
        .where = where, .n_where = 1, .fields = fields, .n_fields = 1};
    struct sink sink = {.n_calls = 0};
    struct iw_run run;
    (void)state;
    iw_run_init(&run);
    assert_int_equal(events(one_file, 2, &sink, &options, &run, NULL), IW_OK);
    assert_int_equal(count_lines(iw_buffer_str(&sink.out)), N_RECORDS / 1000);
    assert_true(iw_str_find(iw_buffer_str(&sink.out),
                            IW_STR("\"fields\":{\"ProcessId\":\"7\"}}\n")) != SIZE_MAX);
    assert_true(iw_str_find(iw_buffer_str(&sink.out), IW_STR("\"Image\"")) == SIZE_MAX);
    iw_buffer_done(&sink.out);
    iw_run_done(&run);
}

/* No evidence is no failure: the first thing somebody meets who names the wrong folder. */
static void nothing_to_read(void **state)
{
    const char *path = empty_folder;
    struct iw_engine_options engine = {.paths = &path, .n_paths = 1};
    struct iw_hunt_options hunt = {.since_ns = IW_TIME_UNKNOWN, .until_ns = IW_TIME_UNKNOWN};
    struct iw_events_options options = {.profile_only = true};
    struct sink sink = {.n_calls = 0};
    struct iw_run run;
    (void)state;
    iw_run_init(&run);
    assert_int_equal(events(empty_folder, 1, &sink, &options, &run, NULL), IW_OK);
    assert_int_equal(sink.n_calls, 0);
    iw_run_done(&run);
    iw_run_init(&run);
    assert_int_equal(iw_engine_hunt(&engine, &hunt, &run, NULL), IW_OK);
    assert_int_equal(run.findings.n, 0);
    iw_run_done(&run);
}

static void writer_fails(void **state)
{
    struct iw_events_options options = {.n_where = 0};
    (void)state;
    for (unsigned at = 1; at <= 3; at++) {
        struct sink sink = {.fail_at = at};
        struct iw_error err = {.rc = IW_OK};
        struct iw_run run;
        iw_run_init(&run);
        assert_int_equal(events(one_file, 2, &sink, &options, &run, &err), IW_EIO);
        assert_string_equal(err.message, "disk full");
        assert_int_equal(sink.n_calls, at); /* not asked again */
        iw_buffer_done(&sink.out);
        iw_run_done(&run);
    }
}

static void refusals(void **state)
{
    const char *const bad_where[] = {"nothing"};
    char long_name[400];
    const char *const bad_fields[] = {long_name};
    const struct iw_events_options options[] = {{.where = bad_where, .n_where = 1},
                                                {.fields = bad_fields, .n_fields = 1}};
    (void)state;
    memset(long_name, 'x', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    for (size_t i = 0; i < 2; i++) {
        struct sink sink = {.n_calls = 0};
        struct iw_error err = {.rc = IW_OK};
        struct iw_run run;
        iw_run_init(&run);
        assert_int_equal(events(one_file, 1, &sink, &options[i], &run, &err), IW_EUSAGE);
        assert_true(err.message[0] != '\0');
        iw_run_done(&run);
    }
}

/* --- hunt --------------------------------------------------------------------------------- */

static void hunt_joins_copies(void **state)
{
    const char *paths[] = {copy_file, one_file}, *rules[] = {rule_file};
    struct iw_hunt_options hunt = {.rule_paths = rules,
                                   .n_rule_paths = 1,
                                   .no_builtin = true,
                                   .since_ns = IW_TIME_UNKNOWN,
                                   .until_ns = IW_TIME_UNKNOWN};
    (void)state;
    for (unsigned n_jobs = 1; n_jobs <= 3; n_jobs++) {
        struct iw_engine_options engine = {.paths = paths, .n_paths = 2, .n_jobs = n_jobs};
        struct test_findings findings;
        struct iw_run run;
        iw_run_init(&run);
        assert_int_equal(iw_engine_hunt(&engine, &hunt, &run, NULL), IW_OK);
        assert_int_equal(run.findings.n, N_RECORDS / 1000);
        assert_int_equal(run.n_duplicate_events, N_RECORDS / 1000);
        assert_int_equal(iw_spill_bytes(&run.spill), 0);
        assert_true(test_findings_read(&run.findings, &findings));
        for (size_t i = 0; i < findings.n; i++) {
            const struct iw_finding *f = &findings.items[i];
            assert_int_equal(f->n_evidence, 2);
            assert_true(iw_str_ends_nocase(f->evidence[0].source, IW_STR("one.evtx")));
            assert_true(iw_str_ends_nocase(f->evidence[1].source, IW_STR("two.evtx")));
            assert_true(iw_str_equal(f->host, IW_STR("WEB01")));
        }
        test_findings_done(&findings);
        iw_run_done(&run);
    }
}

/* A hunt over both files with a rule that matches every event. */
static enum iw_rc hunt_everything(unsigned n_jobs, size_t sort_bytes, struct iw_run *run)
{
    const char *paths[] = {copy_file, one_file}, *rules[] = {every_file, rule_file};
    struct iw_hunt_options hunt = {.rule_paths = rules,
                                   .n_rule_paths = 2,
                                   .no_builtin = true,
                                   .since_ns = IW_TIME_UNKNOWN,
                                   .until_ns = IW_TIME_UNKNOWN};
    struct iw_engine_options engine = {
        .paths = paths, .n_paths = 2, .n_jobs = n_jobs, .sort_bytes = sort_bytes};
    return iw_engine_hunt(&engine, &hunt, run, NULL);
}

struct stopping {
    struct iw_progress progress;
    _Atomic bool cancelled, is_over;
};

/* Stops the run as soon as all events were read. */
static void *stop_then(void *context)
{
    struct stopping *stopping = context;
    while (!stopping->is_over && stopping->progress.n_events < 2 * N_RECORDS)
        sched_yield();
    stopping->cancelled = !stopping->is_over;
    return NULL;
}

/* Told to stop when there is nothing to be read any more, while it judges: the run says so. */
static void stopped_while_it_judges(void **state)
{
    const char *paths[] = {copy_file, one_file}, *rules[] = {every_file, rule_file};
    struct iw_hunt_options hunt = {.rule_paths = rules,
                                   .n_rule_paths = 2,
                                   .no_builtin = true,
                                   .since_ns = IW_TIME_UNKNOWN,
                                   .until_ns = IW_TIME_UNKNOWN};
    (void)state;
    for (unsigned n_jobs = 1; n_jobs <= 2; n_jobs++) {
        struct stopping stopping = {.cancelled = false};
        struct iw_engine_options engine = {.paths = paths,
                                           .n_paths = 2,
                                           .n_jobs = n_jobs,
                                           .progress = &stopping.progress,
                                           .cancelled = &stopping.cancelled};
        struct iw_run run;
        pthread_t thread;
        iw_run_init(&run);
        assert_int_equal(pthread_create(&thread, NULL, stop_then, &stopping), 0);
        assert_int_equal(iw_engine_hunt(&engine, &hunt, &run, NULL), IW_OK);
        stopping.is_over = true;
        (void)pthread_join(thread, NULL);
        assert_int_equal(run.interrupted, stopping.cancelled);
        if (run.interrupted && !iw_ledger_has_loss(&run.ledger))
            assert_true(run.findings.n <= N_RECORDS + N_RECORDS / 1000 + 1);
        iw_run_done(&run);
    }
}

/* Everything there is to say of the findings, in a digest. */
static void digest_findings(const struct iw_run *run, uint8_t digest[32])
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    struct iw_buffer all;
    iw_buffer_init(&all);
    assert_int_equal(iw_finding_cursor_init(&cursor, &run->findings, NULL), IW_OK);
    while (iw_finding_cursor_next(&cursor, &finding, NULL) == IW_OK)
        iw_finding_record_write(finding, &all);
    assert_int_equal(cursor.position, run->findings.n);
    iw_finding_cursor_done(&cursor);
    assert_false(all.failed);
    assert_true(iw_sha256(iw_buffer_str(&all), digest));
    iw_buffer_done(&all);
}

/* Findings are the same whatever the threads and the memory: all of it, a part, none. */
static void memory_does_not_show(void **state)
{
    static const size_t SORT_BYTES[] = {0, 1000000, 5000};
    uint8_t first[32], now[32];
    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct iw_run run;
        iw_run_init(&run);
        assert_int_equal(hunt_everything(1 + i % 2 * 2, SORT_BYTES[i / 2], &run), IW_OK);
        assert_int_equal(run.failure.rc, IW_OK);
        assert_int_equal(run.findings.n, N_RECORDS + N_RECORDS / 1000);
        assert_int_equal(run.n_duplicate_events, N_RECORDS); /* events, whatever matched them */
        assert_int_equal(run.findings.n_by_level[IW_LEVEL_HIGH], N_RECORDS / 1000);
        assert_true((iw_spill_bytes(&run.spill) != 0) == (i >= 2));
        digest_findings(&run, i == 0 ? first : now);
        if (i != 0)
            assert_memory_equal(first, now, sizeof first);
        iw_run_done(&run);
    }
}

/* The disk fills while reading: what there was room for is there, what was read after is counted,
 * and the files that were not read to their end are named. */
static void disk_fills(void **state)
{
    struct rlimit before, limit;
    struct iw_run run;
    uint64_t n_matches = 0, n_unkept = 0;
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (unsigned n_jobs = 1; n_jobs <= 2; n_jobs++) {
        limit = before;
        limit.rlim_cur = 1000000;
        iw_run_init(&run);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        assert_int_equal(hunt_everything(n_jobs, 300000, &run), IW_OK);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(run.failure.rc, IW_EIO);
        assert_true(run.interrupted);
        assert_true(run.findings.n > 100 && run.findings.n < N_RECORDS);
        assert_true(iw_ledger_has_loss(&run.ledger) ||
                    run.ledger.sources[1].state == IW_SOURCE_PENDING);
        for (size_t i = 0; i < run.rules.n; i++) {
            n_matches += run.rules.entries[i].n_matches;
            n_unkept += run.rules.entries[i].n_unkept;
        }
        assert_true(n_unkept > 0 && n_unkept < n_matches);
        iw_run_done(&run);
    }
}

/* --since and --until hold at their ends. */
static void hunt_in_a_window(void **state)
{
    const char *paths[] = {one_file}, *rules[] = {rule_file};
    const int64_t first_ns = (132521632812990045LL - 116444736000000000LL) * 100 + 7000000000LL;
    const struct {
        int64_t since_ns, until_ns;
        size_t n;
    } WINDOWS[] = {
        {IW_TIME_UNKNOWN, IW_TIME_UNKNOWN, N_RECORDS / 1000},
        {first_ns, first_ns, 1},
        {first_ns + 1, IW_TIME_UNKNOWN, N_RECORDS / 1000 - 1},
        {IW_TIME_UNKNOWN, first_ns - 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof WINDOWS / sizeof WINDOWS[0]; i++) {
        struct iw_engine_options engine = {.paths = paths, .n_paths = 1};
        struct iw_hunt_options hunt = {.rule_paths = rules,
                                       .n_rule_paths = 1,
                                       .no_builtin = true,
                                       .since_ns = WINDOWS[i].since_ns,
                                       .until_ns = WINDOWS[i].until_ns};
        struct iw_run run;
        iw_run_init(&run);
        assert_int_equal(iw_engine_hunt(&engine, &hunt, &run, NULL), IW_OK);
        assert_int_equal(run.findings.n, WINDOWS[i].n);
        /* What the window leaves out is counted and said. */
        assert_int_equal(run.n_outside_window, N_RECORDS / 1000 - WINDOWS[i].n);
        assert_int_equal(run.notes.n, run.n_outside_window != 0);
        iw_run_done(&run);
    }
}

static void rules_that_are_not_there(void **state)
{
    const char *paths[] = {one_file}, *rules[] = {"/nonexistent/rules"};
    struct iw_engine_options engine = {.paths = paths, .n_paths = 1};
    struct iw_hunt_options hunt = {.rule_paths = rules, .n_rule_paths = 1};
    struct iw_error err = {.rc = IW_OK};
    struct iw_run run;
    (void)state;
    iw_run_init(&run);
    assert_int_equal(iw_engine_hunt(&engine, &hunt, &run, &err), IW_EIO);
    assert_int_equal(err.rc, IW_EIO);
    assert_true(err.message[0] != '\0');
    iw_run_done(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pass_0),
        cmocka_unit_test(pass_0_cancelled),
        cmocka_unit_test(stopped_while_it_judges),
        cmocka_unit_test(events_in_order),
        cmocka_unit_test(events_chosen),
        cmocka_unit_test(nothing_to_read),
        cmocka_unit_test(writer_fails),
        cmocka_unit_test(refusals),
        cmocka_unit_test(hunt_joins_copies),
        cmocka_unit_test(memory_does_not_show),
        cmocka_unit_test(disk_fills),
        cmocka_unit_test(hunt_in_a_window),
        cmocka_unit_test(rules_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, make_evidence, remove_evidence);
}
