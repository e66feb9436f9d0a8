/*
 * Written configurations, and what the log of the configuration system tells of each writing: one
 * change that it tells of stands for one writing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/detect/chain_rig.h"

#define APPLICATION_HOST "C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config"
#define ADMINISTRATION "C:\\Windows\\System32\\inetsrv\\config\\administration.config"
#define CHANGE " S-1-5-21-9 /system.webServer/globalModules\n"
#define WRITE " " APPLICATION_HOST "\n"
#define OF_31 "web01", APPLICATION_HOST, 31

struct writing_case {
    const char *name, *script;
    const char *host, *path;
    uint64_t pid;
    int64_t ms[4]; /* of the writings that are asked about; 0: no more */
    enum iw_trail_commit_kind is[4];
};

static const struct writing_case NEAR[] = {
    {"of the same process",
     "1000 change 31" CHANGE "1040 write 31" WRITE,
     OF_31,
     {1040},
     {IW_TRAIL_COMMIT_OWN}},
    {"spelt otherwise",
     "1000 change 31" CHANGE
     "1040 write 31 c:\\windows\\system32\\inetsrv\\config\\APPLICATIONHOST.CONFIG\n",
     "WEB01",
     "c:\\windows\\system32\\inetsrv\\config\\APPLICATIONHOST.CONFIG",
     31,
     {1040},
     {IW_TRAIL_COMMIT_OWN}},
    {"told a second after",
     "1000 write 31" WRITE "2000 change 31" CHANGE,
     OF_31,
     {1000},
     {IW_TRAIL_COMMIT_OWN}},
    {"told more than a second after",
     "1000 write 31" WRITE "2001 change 31" CHANGE,
     OF_31,
     {1000},
     {IW_TRAIL_COMMIT_NONE}},
    {"told more than a second before",
     "1000 change 31" CHANGE "2001 write 31" WRITE,
     OF_31,
     {2001},
     {IW_TRAIL_COMMIT_NONE}},
    {"of another process at once",
     "1000 change 32" CHANGE "1002 write 31" WRITE,
     OF_31,
     {1002},
     {IW_TRAIL_COMMIT_OTHER}},
    {"of another process, by both clocks later",
     "1000 change 32" CHANGE "1003 write 31" WRITE,
     OF_31,
     {1003},
     {IW_TRAIL_COMMIT_NONE}},
    {"of a process that is not told",
     "1000 change - " CHANGE "1001 write 31" WRITE,
     OF_31,
     {1001},
     {IW_TRAIL_COMMIT_OTHER}},
    {"the own one counts, whichever comes first",
     "1000 change 31" CHANGE "1001 change 32" CHANGE "1001 write 31" WRITE,
     OF_31,
     {1001},
     {IW_TRAIL_COMMIT_OWN}},
    {"of another file",
     "1000 change 31" CHANGE "1001 write 31 " ADMINISTRATION "\n",
     "web01",
     ADMINISTRATION,
     31,
     {1001},
     {IW_TRAIL_COMMIT_NONE}},
    {"of another host",
     "1000 change 31" CHANGE "1001 write 31" WRITE,
     "web02",
     APPLICATION_HOST,
     31,
     {1001},
     {IW_TRAIL_COMMIT_NONE}},
    {"a module written is no change",
     "1000 write 31 C:\\Windows\\System32\\inetsrv\\evil.dll\n1001 write 31" WRITE,
     OF_31,
     {1001},
     {IW_TRAIL_COMMIT_NONE}},
    {"nothing else happened", "1001 write 31" WRITE, OF_31, {1001}, {IW_TRAIL_COMMIT_NONE}},
};

static const struct writing_case ONE_FOR_ONE[] = {
    {"several changes in a second, each with its writing",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1020 commit 31\n"
     "1200 change 31" CHANGE "1201 change 31" CHANGE "1210 write 31" WRITE "1220 commit 31\n"
     "1400 change 31" CHANGE "1410 write 31" WRITE "1420 commit 31\n",
     OF_31,
     {1010, 1210, 1410},
     {IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_OWN}},
    {"they follow one another as fast as clocks can tell",
     "1000 change 31" CHANGE "1000 write 31" WRITE "1001 commit 31\n"
     "1001 change 31" CHANGE "1002 write 31" WRITE "1002 commit 31\n",
     OF_31,
     {1000, 1002},
     {IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_OWN}},
    {"written before anything is told, each by its own",
     "1000 write 31" WRITE "1020 change 31" CHANGE "1021 commit 31\n"
     "1500 write 31" WRITE "1520 change 31" CHANGE "1521 commit 31\n",
     OF_31,
     {1000, 1500},
     {IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_OWN}},
    {"two processes at once, each its own",
     "1000 change 31" CHANGE "1001 change 32" CHANGE "1010 write 31" WRITE "1011 write 32" WRITE
     "1020 commit 31\n1021 commit 32\n",
     OF_31,
     {1010},
     {IW_TRAIL_COMMIT_OWN}},
    {"their ends alone are told",
     "1010 write 31" WRITE "1020 commit 31\n1210 write 31" WRITE "1220 commit 31\n",
     OF_31,
     {1010, 1210},
     {IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_OWN}},
    {"a writing that no event shows takes nothing away",
     "1000 change 31" CHANGE "1020 commit 31\n1200 change 31" CHANGE "1210 write 31" WRITE
     "1220 commit 31\n",
     OF_31,
     {1210},
     {IW_TRAIL_COMMIT_OWN}},
    {"its end was lost",
     "1000 change 31" CHANGE "1010 write 31" WRITE,
     OF_31,
     {1010},
     {IW_TRAIL_COMMIT_OWN}},
    {"written once more behind its end",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1020 commit 31\n1300 write 31" WRITE,
     OF_31,
     {1010, 1300},
     {IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_ENDED}},
    {"behind its end, more than a second after",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1020 commit 31\n2021 write 31" WRITE,
     OF_31,
     {2021},
     {IW_TRAIL_COMMIT_NONE}},
    {"behind its end within what clocks can tell: which one is not known",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1020 commit 31\n1022 write 31" WRITE,
     OF_31,
     {1010, 1022},
     {IW_TRAIL_COMMIT_SHARED, IW_TRAIL_COMMIT_SHARED}},
    {"written twice before its end",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1015 write 31" WRITE "1020 commit 31\n",
     OF_31,
     {1010, 1015},
     {IW_TRAIL_COMMIT_SHARED, IW_TRAIL_COMMIT_SHARED}},
    {"written beforehand, then honestly",
     "600 write 31" WRITE "1000 change 31" CHANGE "1010 write 31" WRITE "1020 commit 31\n",
     OF_31,
     {600, 1010},
     {IW_TRAIL_COMMIT_SHARED, IW_TRAIL_COMMIT_SHARED}},
    {"one more between two: any of the three",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1020 commit 31\n1100 write 31" WRITE
     "1200 change 31" CHANGE "1210 write 31" WRITE "1220 commit 31\n",
     OF_31,
     {1010, 1100, 1210},
     {IW_TRAIL_COMMIT_OWN, IW_TRAIL_COMMIT_SHARED, IW_TRAIL_COMMIT_SHARED}},
    {"far from it, another change is none of this",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1015 write 31" WRITE "1020 commit 31\n"
     "9000 change 31" CHANGE "9010 write 31" WRITE "9020 commit 31\n",
     OF_31,
     {1010, 9010},
     {IW_TRAIL_COMMIT_SHARED, IW_TRAIL_COMMIT_OWN}},
    {"the end of the first of two was lost",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1200 change 31" CHANGE "1210 write 31" WRITE
     "1220 commit 31\n",
     OF_31,
     {1010, 1210},
     {IW_TRAIL_COMMIT_SHARED, IW_TRAIL_COMMIT_SHARED}},
    {"another process writes beside it",
     "1000 change 31" CHANGE "1010 write 31" WRITE "1015 write 32" WRITE "1020 commit 31\n",
     "web01",
     APPLICATION_HOST,
     32,
     {1015},
     {IW_TRAIL_COMMIT_NONE}},
};

/* The number of the record of the writing at that time: that of its line. */
static uint64_t record_at(const char *script, int64_t ms, uint64_t pid)
{
    uint64_t record = 1;
    char wanted[64];
    int n =
        snprintf(wanted, sizeof wanted, "%lld write %llu ", (long long)ms, (unsigned long long)pid);
    for (const char *line = script; line != NULL && *line != '\0'; record++) {
        if (strncmp(line, wanted, (size_t)n) == 0)
            return record;
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return 0;
}

static void ask(const struct writing_case *one, const struct chain_rig *rig)
{
    for (size_t i = 0; i < 4 && one->ms[i] != 0; i++) {
        struct iw_trail_commit commit;
        const struct iw_trail_writing writing = {.host = iw_str_of(one->host),
                                                 .path = iw_str_of(one->path),
                                                 .time_ns = CHAIN_EPOCH_NS + one->ms[i] * MS,
                                                 .record_id =
                                                     record_at(one->script, one->ms[i], one->pid)};
        iw_component_trails_commit(rig->trails, &writing, &commit);
        if (commit.kind != one->is[i])
            fail_msg("%s, at %lld: %d", one->name, (long long)one->ms[i], (int)commit.kind);
        assert_false(commit.is_cut);
        assert_int_equal(commit.event_id == 0, one->is[i] == IW_TRAIL_COMMIT_NONE);
        if (commit.kind == IW_TRAIL_COMMIT_SHARED)
            assert_true(commit.n_writings > commit.n_changes && commit.n_changes != 0);
    }
}

static void run(const struct writing_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.trails = iw_component_trails_new(&rig.settings, NULL);
        assert_non_null(rig.trails);
        rig_begin(&rig);
        iw_component_trails_begin(rig.trails, &rig.context);
        rig.given_record_id = 1;
        rig_script(&rig, cases[i].script);
        rig_end(&rig);
        assert_int_equal(iw_component_trails_end(rig.trails), IW_OK);
        ask(&cases[i], &rig);
        iw_component_trails_free(rig.trails);
        rig_done(&rig);
    }
}

static void writings_and_what_is_told_near(void **state)
{
    (void)state;
    run(NEAR, sizeof NEAR / sizeof NEAR[0]);
}

static void one_change_answers_one_writing(void **state)
{
    (void)state;
    run(ONE_FOR_ONE, sizeof ONE_FOR_ONE / sizeof ONE_FOR_ONE[0]);
}

static void see(struct chain_rig *rig, struct iw_chain_fact *what, uint32_t event_id,
                const char *channel, int64_t ms, uint64_t record_id)
{
    struct iw_fact fact = {.time_ns = CHAIN_EPOCH_NS + ms * MS,
                           .clock = IW_CLOCK_LOG,
                           .channel = iw_str_of(channel),
                           .event_id = event_id,
                           .record_id = record_id};
    iw_buffer_clear(&rig->bytes);
    iw_chain_fact_write(what, &rig->bytes);
    fact.payload = iw_buffer_str(&rig->bytes);
    assert_true(iw_chain_fact_parse(fact.payload, what));
    assert_int_equal(iw_component_trails_see(rig->trails, &fact, what), IW_OK);
}

/* Whoever writes it thousands of times in one second, and commits as often, costs no more than
 * that; one writing more than commits leaves all of them undecided. */
static void thousands_in_one_second(void **state)
{
    enum { N = 8000 };
    struct chain_rig rig;
    struct iw_trail_commit commit;
    struct iw_trail_writing writing = {.host = IW_STR("web01"),
                                       .path = IW_STR(APPLICATION_HOST),
                                       .time_ns = CHAIN_EPOCH_NS + 500 * MS};
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    assert_non_null(rig.trails);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    for (uint64_t i = 0; i <= N; i++) {
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_FILE,
                                     .action = IW_CHAIN_FILE_CREATED,
                                     .path = IW_STR(APPLICATION_HOST),
                                     .process = {.has_pid = true, .pid = 31}};
        see(&rig, &what, 11, SYSMON, 500, 1 + i);
    }
    for (uint64_t i = 0; i < N; i++) {
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_CHANGE,
                                     .path = IW_STR(APPLICATION_HOST),
                                     .process = {.has_pid = true, .pid = 31}};
        see(&rig, &what, 50, "Microsoft-IIS-Configuration/Operational", 501, 1 + i);
    }
    rig_end(&rig);
    assert_int_equal(iw_component_trails_end(rig.trails), IW_OK);
    for (uint64_t i = 0; i <= N; i += N / 2) {
        writing.record_id = 1 + i;
        iw_component_trails_commit(rig.trails, &writing, &commit);
        assert_int_equal(commit.kind, IW_TRAIL_COMMIT_SHARED);
        assert_int_equal(commit.n_writings, N + 1);
        assert_int_equal(commit.n_changes, N);
    }
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

/* Of a writing that found no room nothing is known. */
static void writings_are_bounded(void **state)
{
    struct chain_rig rig;
    struct iw_trail_commit commit;
    struct iw_trail_writing writing = {.host = IW_STR("web01"),
                                       .path = IW_STR(APPLICATION_HOST),
                                       .time_ns = CHAIN_EPOCH_NS + 500 * MS};
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    assert_non_null(rig.trails);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    for (uint64_t i = 0; i <= IW_LIMIT_TRAIL_WRITINGS; i++) {
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_FILE,
                                     .action = IW_CHAIN_FILE_CREATED,
                                     .path = IW_STR(APPLICATION_HOST),
                                     .process = {.has_pid = true, .pid = 31}};
        see(&rig, &what, 11, SYSMON, 500, 1 + i);
    }
    rig_end(&rig);
    assert_int_equal(iw_component_trails_end(rig.trails), IW_OK);
    assert_int_equal(iw_component_trails_account(rig.trails).n_hidden, 1);
    writing.record_id = 1 + IW_LIMIT_TRAIL_WRITINGS;
    iw_component_trails_commit(rig.trails, &writing, &commit);
    assert_int_equal(commit.kind, IW_TRAIL_COMMIT_NONE);
    assert_true(commit.is_cut);
    writing.record_id = 1;
    iw_component_trails_commit(rig.trails, &writing, &commit);
    assert_int_equal(commit.kind, IW_TRAIL_COMMIT_NONE);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(writings_and_what_is_told_near),
        cmocka_unit_test(one_change_answers_one_writing),
        cmocka_unit_test(thousands_in_one_second),
        cmocka_unit_test(writings_are_bounded),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
