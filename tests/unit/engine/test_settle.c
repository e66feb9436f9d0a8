/*
 * Pass 2: copies joined, conflicts noted, blind spots named, hosts and their spans (design §4, §9).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "engine/settle.h"
#include "tests/support/test_event.h"

/* A finding as the matcher makes it, of one event. */
struct hit {
    const char *rule, *computer, *source;
    uint64_t record_id, offset;
    int64_t time_ns;
    const char *event_json;
};

static struct iw_finding *add_hit(struct iw_run *run, const struct hit *hit)
{
    struct iw_finding *finding = iw_findings_add(&run->findings);
    struct iw_evidence_item *item = iw_arena_calloc(&run->findings.arena, 1, sizeof *item);
    assert_non_null(finding);
    assert_non_null(item);
    *item = (struct iw_evidence_item){.role = IW_STR("match"),
                                      .time_ns = hit->time_ns,
                                      .channel = IW_STR("C"),
                                      .record_id = hit->record_id,
                                      .source = iw_str_of(hit->source),
                                      .offset = hit->offset};
    finding->rule_id = finding->rule_title = iw_str_of(hit->rule);
    finding->rule_account = (size_t)hit->rule[0]; /* another letter, another rule */
    finding->computer = iw_str_of(hit->computer);
    finding->first_time_ns = finding->last_time_ns = hit->time_ns;
    finding->subject_type = IW_STR("process");
    finding->event_json = iw_str_of(hit->event_json);
    finding->evidence = item;
    finding->n_evidence = 1;
    return finding;
}

/* Settles hosts (from the findings' computers) and findings. */
static void settle(struct iw_run *run, const struct iw_collector *collector)
{
    struct iw_hosts hosts;
    iw_hosts_init(&hosts);
    for (size_t i = 0; i < run->findings.n; i++)
        assert_int_equal(iw_hosts_add(&hosts, run->findings.items[i]->computer), IW_OK);
    assert_int_equal(iw_settle_hosts(collector, &hosts, run), IW_OK);
    assert_int_equal(iw_settle_findings(&hosts, run), IW_OK);
    iw_hosts_done(&hosts);
}

#define UNKNOWN IW_TIME_UNKNOWN

static const struct {
    struct hit a, b;
    size_t n_findings, n_notes;
} PAIRS[] = {
    /* the same record in two files: one finding, two sources */
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 7, 9, 5, "{}"}, 1, 0},
    /* FQDN in one copy and NetBIOS in the other: one host */
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "h.corp", "b", 7, 9, 5, "{}"}, 1, 0},
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "a", 7, 9, 5, "{}"}, 1, 0}, /* twice in one file */
    /* without a record id: identical time and payload */
    {{"r", "H", "a", 0, 1, 5, "{}"}, {"r", "H", "b", 0, 9, 5, "{}"}, 1, 0},
    {{"r", "H", "a", 0, 1, 5, "{}"}, {"r", "H", "b", 0, 9, 5, "{1}"}, 2, 0},
    {{"r", "H", "a", 0, 1, UNKNOWN, "{}"}, {"r", "H", "b", 0, 9, UNKNOWN, "{}"}, 2, 0},
    {{"r", "H", "a", 7, 1, UNKNOWN, "{}"}, {"r", "H", "b", 7, 9, UNKNOWN, "{}"}, 1, 0},
    /* same id, other content: both kept, and a note */
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 7, 9, 5, "{1}"}, 2, 1},
    /* not the same record */
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"s", "H", "b", 7, 9, 5, "{}"}, 2, 0},
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "I", "b", 7, 9, 5, "{}"}, 2, 0},
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 8, 9, 5, "{}"}, 2, 0},
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 7, 9, 6, "{}"}, 2, 0},
};

static void pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof PAIRS / sizeof PAIRS[0]; i++) {
        const struct hit *a = &PAIRS[i / 2].a, *b = &PAIRS[i / 2].b;
        struct iw_collector *collector = iw_collector_new();
        struct iw_run run;
        iw_run_init(&run);
        (void)add_hit(&run, i % 2 != 0 ? b : a); /* in both orders */
        (void)add_hit(&run, i % 2 != 0 ? a : b);
        settle(&run, collector);
        if (run.findings.n != PAIRS[i / 2].n_findings || run.notes.n != PAIRS[i / 2].n_notes)
            fail_msg("row %zu: %zu findings, %zu notes", i / 2, run.findings.n, run.notes.n);
        assert_int_equal(run.n_duplicate_events, 2 - run.findings.n);
        if (run.findings.n == 1) {
            const struct iw_finding *f = run.findings.items[0];
            assert_int_equal(f->n_evidence, 2);
            assert_true(iw_str_equal(f->evidence[0].role, IW_STR("match")));
            assert_true(iw_str_equal(f->evidence[1].role, IW_STR("copy")));
            assert_true(f->evidence[0].time_ns == f->evidence[1].time_ns);
            assert_true(iw_str_equal(f->evidence[0].source, IW_STR("a")));
            assert_int_equal(f->evidence[1].offset, 9);
            assert_true(iw_str_equal(f->host, IW_STR("H")));
        }
        iw_run_done(&run);
        iw_collector_free(collector);
    }
}

static void copies_shown(void **state)
{
    static const struct {
        size_t n_events, n_evidence, n_hidden;
    } CASES[] = {{1, 1, 0},
                 {IW_LIMIT_COPIES_SHOWN + 1, IW_LIMIT_COPIES_SHOWN + 1, 0},
                 {IW_LIMIT_COPIES_SHOWN + 2, IW_LIMIT_COPIES_SHOWN + 1, 1},
                 {100, IW_LIMIT_COPIES_SHOWN + 1, 99 - IW_LIMIT_COPIES_SHOWN}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_collector *collector = iw_collector_new();
        struct iw_run run;
        iw_run_init(&run);
        for (size_t k = 0; k < CASES[i].n_events; k++)
            (void)add_hit(&run, &(struct hit){"r", "H", "a", 7, 1000 - k, 5, "{}"});
        settle(&run, collector);
        assert_int_equal(run.findings.n, 1);
        assert_int_equal(run.findings.items[0]->n_evidence, CASES[i].n_evidence);
        assert_int_equal(run.findings.items[0]->n_copies_hidden, CASES[i].n_hidden);
        assert_int_equal(run.n_duplicate_events, CASES[i].n_events - 1);
        assert_int_equal(run.findings.items[0]->why.n, CASES[i].n_hidden != 0); /* and says so */
        for (size_t k = 1; k < CASES[i].n_evidence;
             k++) /* by place, whatever the order they came */
            assert_true(run.findings.items[0]->evidence[k - 1].offset <
                        run.findings.items[0]->evidence[k].offset);
        iw_run_done(&run);
        iw_collector_free(collector);
    }
}

static void add_event(struct iw_collector *collector, const char *computer, const char *channel,
                      uint32_t event_id, int64_t time_ns)
{
    struct iw_event event = {.computer = iw_str_of(computer),
                             .channel = iw_str_of(channel),
                             .event_id = event_id,
                             .time_ns = time_ns};
    assert_int_equal(iw_collector_add(collector, &event), IW_OK);
}

static void hosts_and_spans(void **state)
{
    struct iw_collector *collector = iw_collector_new();
    struct iw_run run;
    (void)state;
    iw_run_init(&run);
    add_event(collector, "WEB02", "Security", 1, 50);
    add_event(collector, "WEB01.corp", "Security", 1, IW_TIME_UNKNOWN);
    add_event(collector, "WEB01", "System", 1, 30);
    add_event(collector, "web01", "Security", 1, -7);
    settle(&run, collector);
    assert_int_equal(run.n_hosts, 2);
    assert_true(iw_str_equal(run.hosts[0].host, IW_STR("WEB01")));
    assert_int_equal(run.hosts[0].n_events, 3);
    assert_true(run.hosts[0].first_ns == -7 && run.hosts[0].last_ns == 30);
    assert_true(iw_str_equal(run.hosts[1].host, IW_STR("WEB02")));
    assert_true(run.hosts[1].first_ns == 50 && run.hosts[1].last_ns == 50);
    iw_run_done(&run);
    iw_collector_free(collector);
}

/* Nothing was read: no hosts, no findings, and no failure. */
static void nothing_at_all(void **state)
{
    struct iw_collector *collector = iw_collector_new();
    struct iw_run run;
    (void)state;
    iw_run_init(&run);
    settle(&run, collector);
    assert_int_equal(run.n_hosts, 0);
    assert_int_equal(run.findings.n, 0);
    iw_run_done(&run);
    iw_collector_free(collector);
}

#define SYSMON "Microsoft-Windows-Sysmon/Operational"

static void blind_spots(void **state)
{
    static const struct {
        const char *computer, *channel; /* of the one event of the evidence */
        uint32_t event_id;
        const char *analytic, *subject_type;
        bool is_blind;
    } CASES[] = {
        {"H", "Security", 4688, "AN1108", "process", true},
        {"H", SYSMON, 1, "AN1108", "process", true},
        {"H", SYSMON, 11, "AN1108", "process", false},
        {"H.corp", "microsoft-windows-SYSMON/operational", 11, "AN1108", "process", false},
        {"H", "Security", 4663, "AN1108", "process", false},
        {"H", "Security", 11, "AN1108", "process", true},
        {"H", "System", 4663, "AN1108", "process", true},
        {"OTHER", SYSMON, 11, "AN1108", "process", true},
        {"H", "Security", 4688, "AN1108", "file", false},
        {"H", "Security", 4688, "AN0184", "process", false},
        {"H", "Security", 4688, NULL, "process", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_collector *collector = iw_collector_new();
        struct iw_str analytic = iw_str_of(CASES[i].analytic);
        struct iw_run run;
        struct iw_finding *finding;
        iw_run_init(&run);
        add_event(collector, CASES[i].computer, CASES[i].channel, CASES[i].event_id, 1);
        add_event(collector, "A", SYSMON, 11, 1); /* of no concern */
        add_event(collector, "Z", "Security", 4663, 1);
        finding = add_hit(&run, &(struct hit){"r", "H", "a", 7, 1, 5, "{}"});
        finding->analytic = (struct iw_text_list){&analytic, analytic.n != 0};
        finding->subject_type = iw_str_of(CASES[i].subject_type);
        settle(&run, collector);
        if (run.findings.items[0]->blind.n != CASES[i].is_blind)
            fail_msg("row %zu", i);
        iw_run_done(&run);
        iw_collector_free(collector);
    }
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1;; n++) {
        struct iw_collector *collector = iw_collector_new();
        struct iw_hosts hosts;
        struct iw_run run;
        enum iw_rc rc;
        bool has_failed;
        iw_run_init(&run);
        iw_hosts_init(&hosts);
        for (unsigned i = 0; i < 20; i++)
            (void)add_hit(&run,
                          &(struct hit){"r", "H", "a", 7 + i % 3, i, 5, i % 2 ? "{}" : "{1}"});
        add_event(collector, "H.x", "C", 1, 1);
        iw_alloc_fail_at(n);
        rc = iw_hosts_add(&hosts, IW_STR("H"));
        if (rc == IW_OK)
            rc = iw_settle_hosts(collector, &hosts, &run);
        if (rc == IW_OK)
            rc = iw_settle_findings(&hosts, &run);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        iw_hosts_done(&hosts);
        iw_run_done(&run);
        iw_collector_free(collector);
        if (!has_failed)
            break;
    }
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),           cmocka_unit_test(copies_shown),
        cmocka_unit_test(hosts_and_spans), cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(blind_spots),     cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
