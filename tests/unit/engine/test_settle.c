/*
 * Pass 2: copies joined, conflicts noted, blind spots named, hosts and their spans.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <fcntl.h>

#include "base/limits.h"
#include "engine/settle.h"
#include "tests/support/test_event.h"
#include "tests/support/test_findings.h"
#include "tests/support/skip_because.h"

#define PLENTY ((size_t)1 << 20)

/* A finding as the matcher makes it, of one event. */
struct hit {
    const char *rule, *computer, *source;
    uint64_t record_id, offset;
    int64_t time_ns;
    const char *event_json;
};

/* What a thread does with a hit, and what pass 2 makes of all. */
struct scene {
    struct iw_run run;
    struct iw_order *order;
    struct iw_order_feed feed;
    struct iw_sigma_rule rules[128]; /* by the letter of their name */
    struct iw_hosts hosts;
    struct iw_tree_hosts trees; /* of none: there are no trees */
    struct iw_collector *collector;
    struct test_findings findings; /* once settled */
};

static void begin(struct scene *scene, size_t budget_bytes)
{
    memset(scene, 0, sizeof *scene);
    iw_run_init(&scene->run);
    iw_spill_open(&scene->run.spill);
    scene->run.findings.budget_bytes = budget_bytes;
    iw_hosts_init(&scene->hosts);
    scene->order = iw_order_new(&scene->run.spill, budget_bytes);
    assert_non_null(scene->order);
    assert_int_equal(iw_order_feed_init(&scene->feed, scene->order), IW_OK);
    for (unsigned i = 0; i < 128; i++)
        (void)iw_rule_account_add(&scene->run.rules,
                                  &(struct iw_rule_entry){.state = IW_RULE_LOADED});
    scene->collector = iw_collector_new();
}

static void end(struct scene *scene)
{
    test_findings_done(&scene->findings);
    iw_order_feed_done(&scene->feed);
    iw_order_free(scene->order);
    iw_hosts_done(&scene->hosts);
    iw_run_done(&scene->run);
    iw_collector_free(scene->collector);
}

/* The ledger's entry of a path, in the order of paths. */
static uint32_t source_of(struct scene *scene, const char *path)
{
    struct iw_source source = {.kind = IW_STR("evtx"),
                               .windows_path = IW_STR(""),
                               .host_hint = IW_STR(""),
                               .reason = IW_STR("")};
    for (char letter = 'a'; scene->run.ledger.n < 2; letter++) {
        source.path = (struct iw_str){&letter, 1};
        assert_true(iw_ledger_add(&scene->run.ledger, &source) != SIZE_MAX);
    }
    return path[0] == 'a' ? 0 : 1;
}

/* As pass 1 keeps an event that one rule matched. */
static void add_finding(struct scene *scene, const struct hit *hit, const struct iw_str *analytic,
                        const char *subject_type)
{
    struct iw_evidence_item item = {
        .role = IW_STR("match"), .channel = IW_STR("C"), .record_id = hit->record_id};
    struct iw_finding finding = {.computer = iw_str_of(hit->computer),
                                 .subject_type = iw_str_of(subject_type),
                                 .event_json = iw_str_of(hit->event_json),
                                 .evidence = &item,
                                 .n_evidence = 1};
    uint32_t rule = (uint32_t)hit->rule[0]; /* another letter, another rule */
    struct iw_match match = {.rules = &rule, .n_rules = 1};
    struct iw_fact fact = {.kind = IW_FACT_MATCH,
                           .time_ns = hit->time_ns,
                           .channel = item.channel,
                           .computer = finding.computer,
                           .record_id = hit->record_id,
                           .content = {(uint8_t)strlen(hit->event_json)},
                           .place = {source_of(scene, hit->source), hit->offset, 0}};
    struct iw_buffer payload;
    scene->rules[rule] = (struct iw_sigma_rule){.id = iw_str_of(hit->rule),
                                                .title = iw_str_of(hit->rule),
                                                .analytic = {analytic, analytic != NULL},
                                                .account_index = rule};
    iw_buffer_init(&payload);
    iw_match_write(&match, &finding, &payload);
    fact.payload = iw_buffer_str(&payload);
    assert_int_equal(iw_order_add(&scene->feed, IW_ORDER_OVERALL, &fact, NULL), IW_OK);
    iw_buffer_done(&payload);
    assert_int_equal(iw_hosts_add(&scene->hosts, finding.computer), IW_OK);
}

static void add_hit(struct scene *scene, const struct hit *hit)
{
    add_finding(scene, hit, NULL, "process");
}

static enum iw_rc settle_some(struct scene *scene)
{
    const struct iw_match_input input = {.order = scene->order,
                                         .rules = scene->rules,
                                         .since_ns = IW_TIME_UNKNOWN,
                                         .until_ns = IW_TIME_UNKNOWN,
                                         .budget_bytes = PLENTY};
    IW_TRY(iw_settle_hosts(scene->collector, &scene->trees, &scene->hosts, &scene->run));
    IW_TRY(iw_order_settle(scene->order, &scene->hosts, NULL, NULL));
    return iw_settle_findings(&input, &(struct iw_settle_asked){0}, &scene->run, NULL);
}

static void settle(struct scene *scene)
{
    assert_int_equal(settle_some(scene), IW_OK);
    assert_true(test_findings_read(&scene->run.findings, &scene->findings));
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
    {{"r", "H", "a", 0, 1, UNKNOWN, "{}"}, {"r", "H", "b", 0, 9, UNKNOWN, "{}"}, 2, 1},
    {{"r", "H", "a", 7, 1, UNKNOWN, "{}"}, {"r", "H", "b", 7, 9, UNKNOWN, "{}"}, 1, 1},
    /* same id, other content: both kept, and a note */
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 7, 9, 5, "{1}"}, 2, 1},
    /* not the same record */
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "I", "b", 7, 9, 5, "{}"}, 2, 0},
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 8, 9, 5, "{}"}, 2, 0},
    {{"r", "H", "a", 7, 1, 5, "{}"}, {"r", "H", "b", 7, 9, 6, "{}"}, 2, 0},
};

static void pairs(void **state)
{
    static struct scene scene;
    (void)state;
    for (size_t i = 0; i < 4 * sizeof PAIRS / sizeof PAIRS[0]; i++) {
        const struct hit *a = &PAIRS[i / 4].a, *b = &PAIRS[i / 4].b;
        begin(&scene, i % 4 < 2 ? PLENTY : 1); /* with memory for all and for none */
        add_hit(&scene, i % 2 != 0 ? b : a);   /* in both orders */
        add_hit(&scene, i % 2 != 0 ? a : b);
        settle(&scene);
        if (scene.findings.n != PAIRS[i / 4].n_findings ||
            scene.run.notes.n != PAIRS[i / 4].n_notes)
            fail_msg("row %zu: %zu findings, %zu notes", i / 4, scene.findings.n,
                     scene.run.notes.n);
        assert_int_equal(scene.run.n_duplicate_events, 2 - scene.findings.n);
        if (scene.findings.n == 1) {
            const struct iw_finding *f = &scene.findings.items[0];
            assert_int_equal(f->n_evidence, 2);
            assert_true(iw_str_equal(f->evidence[0].role, IW_STR("match")));
            assert_true(iw_str_equal(f->evidence[1].role, IW_STR("copy")));
            assert_true(f->evidence[0].time_ns == f->evidence[1].time_ns);
            assert_true(iw_str_equal(f->evidence[0].source, IW_STR("a")));
            assert_int_equal(f->evidence[1].offset, 9);
            assert_true(iw_str_equal(f->host, IW_STR("H")));
        }
        end(&scene);
    }
}

/* Another form of the record matched another rule: its finding is there, and the event is one. */
static void forms_of_one_record(void **state)
{
    static struct scene scene;
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        begin(&scene, PLENTY);
        add_hit(&scene, &(struct hit){i == 0 ? "r" : "s", "H", "a", 7, 1, 5, "{}"});
        add_hit(&scene, &(struct hit){i == 0 ? "s" : "r", "H", "b", 7, 9, 5, "{}"});
        settle(&scene);
        assert_int_equal(scene.findings.n, 2);
        assert_int_equal(scene.run.n_duplicate_events, 1);
        assert_int_equal(scene.run.notes.n, 0);
        for (size_t k = 0; k < 2; k++)
            assert_int_equal(scene.findings.items[k].n_evidence, 2);
        assert_false(
            iw_str_equal(scene.findings.items[0].rule_id, scene.findings.items[1].rule_id));
        end(&scene);
    }
}

/* Two machines that share a label: copies are joined within each, never across. */
static void hosts_of_one_label(void **state)
{
    static const char *const COMPUTERS[] = {"h.one", "H.one", "h.two", "h.two", "h.one", "h.two"};
    static struct scene scene;
    (void)state;
    begin(&scene, PLENTY);
    for (size_t i = 0; i < 6; i++) /* two contents: the last two stand in for a conflict each */
        add_hit(&scene, &(struct hit){"r", COMPUTERS[i], "a", 7, i, 5, i < 4 ? "{}" : "{1}"});
    settle(&scene);
    assert_int_equal(scene.findings.n, 4);
    assert_int_equal(scene.run.n_duplicate_events, 2);
    assert_int_equal(scene.run.notes.n, 1);
    assert_true(iw_str_begins_nocase(scene.run.notes.items[0], IW_STR("2 matched events")));
    for (size_t i = 0; i < 4; i++)
        assert_true(
            iw_str_equal(scene.findings.items[i].host, i < 2 ? IW_STR("H.one") : IW_STR("h.two")));
    end(&scene);
}

static void copies_shown(void **state)
{
    static const struct {
        size_t n_events, n_evidence, n_hidden;
    } CASES[] = {{1, 1, 0},
                 {IW_LIMIT_COPIES_SHOWN + 1, IW_LIMIT_COPIES_SHOWN + 1, 0},
                 {IW_LIMIT_COPIES_SHOWN + 2, IW_LIMIT_COPIES_SHOWN + 1, 1},
                 {100, IW_LIMIT_COPIES_SHOWN + 1, 99 - IW_LIMIT_COPIES_SHOWN}};
    static struct scene scene;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_finding *finding = &scene.findings.items[0];
        begin(&scene, PLENTY);
        for (size_t k = 0; k < CASES[i].n_events; k++)
            add_hit(&scene, &(struct hit){"r", "H", "a", 7, 1000 - k, 5, "{}"});
        settle(&scene);
        assert_int_equal(scene.findings.n, 1);
        assert_int_equal(finding->n_evidence, CASES[i].n_evidence);
        assert_int_equal(finding->n_copies_hidden, CASES[i].n_hidden);
        assert_int_equal(scene.run.n_duplicate_events, CASES[i].n_events - 1);
        assert_int_equal(finding->why.n, CASES[i].n_hidden != 0); /* and says so */
        for (size_t k = 1; k < CASES[i].n_evidence;
             k++) /* by place, whatever the order they came */
            assert_true(finding->evidence[k - 1].offset < finding->evidence[k].offset);
        end(&scene);
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
    static struct scene scene;
    const struct iw_run *run = &scene.run;
    (void)state;
    begin(&scene, PLENTY);
    add_event(scene.collector, "WEB02", "Security", 1, 50);
    add_event(scene.collector, "WEB01.corp", "Security", 1, IW_TIME_UNKNOWN);
    add_event(scene.collector, "WEB01", "System", 1, 30);
    add_event(scene.collector, "web01", "Security", 1, -7);
    settle(&scene);
    assert_int_equal(run->n_hosts, 2);
    assert_true(iw_str_equal(run->hosts[0].host, IW_STR("WEB01")));
    assert_int_equal(run->hosts[0].n_events, 3);
    assert_true(run->hosts[0].first_ns == -7 && run->hosts[0].last_ns == 30);
    assert_true(iw_str_equal(run->hosts[1].host, IW_STR("WEB02")));
    assert_true(run->hosts[1].first_ns == 50 && run->hosts[1].last_ns == 50);
    end(&scene);
}

/* An export wrote a clock eight hours behind as UTC: the span is told as findings are. */
static void spans_of_a_local_clock(void **state)
{
    static struct scene scene;
    const int64_t HOUR_NS = 3600 * IW_NS_PER_SECOND, NOW_NS = 400000 * HOUR_NS;
    struct iw_source source = {.path = IW_STR("a/security.json"),
                               .kind = IW_STR("json"),
                               .windows_path = IW_STR(""),
                               .host_hint = IW_STR(""),
                               .reason = IW_STR("")};
    struct iw_event event = {.computer = IW_STR("WEB01"),
                             .channel = IW_STR("Security"),
                             .event_id = 4688,
                             .dialect = 5,
                             .time_ns = NOW_NS - 8 * HOUR_NS};
    struct iw_clocks *clocks;
    struct iw_names names;
    struct iw_arena arena;
    (void)state;
    begin(&scene, PLENTY);
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_names_init(&names), IW_OK);
    assert_int_equal(iw_ledger_add(&scene.run.ledger, &source), 0);
    clocks = iw_clocks_new(&scene.run.ledger);
    assert_non_null(clocks);
    for (int i = 0; i < 4; i++) {
        char text[IW_TIME_TEXT_BYTES + 1] = {0};
        struct test_field fields[] = {{"UtcTime", text, IW_PLACE_EVENT_DATA}};
        struct iw_event witness;
        iw_time_format(NOW_NS + i, text);
        witness = test_event(&names, &arena, "Microsoft-Windows-Sysmon/Operational", 1, fields, 1);
        witness.computer = IW_STR("WEB01");
        witness.dialect = 5;
        witness.time_ns = NOW_NS + i;
        witness.created_ns = NOW_NS + i - 8 * HOUR_NS;
        assert_int_equal(iw_clocks_add(clocks, &witness), IW_OK);
    }
    assert_int_equal(iw_collector_add(scene.collector, &event), IW_OK);
    settle(&scene);
    assert_true(scene.run.hosts[0].first_ns == NOW_NS - 8 * HOUR_NS);
    assert_int_equal(iw_clocks_settle(clocks, &scene.hosts), IW_OK);
    assert_int_equal(iw_settle_host_times(clocks, &scene.run), IW_OK);
    assert_true(scene.run.hosts[0].first_ns == NOW_NS);
    assert_true(scene.run.hosts[0].last_ns == NOW_NS);
    iw_clocks_free(clocks);
    iw_names_done(&names);
    iw_arena_done(&arena);
    end(&scene);
}

/* Nothing was read: no hosts, no findings, and no failure. */
static void nothing_at_all(void **state)
{
    static struct scene scene;
    (void)state;
    begin(&scene, PLENTY);
    settle(&scene);
    assert_int_equal(scene.run.n_hosts, 0);
    assert_int_equal(scene.run.findings.n, 0);
    end(&scene);
}

/* A name nobody told of (there were too many): its label, as it is written. */
static void unsettled_host(void **state)
{
    static struct scene scene;
    (void)state;
    begin(&scene, PLENTY);
    add_hit(&scene, &(struct hit){"r", "Web9.corp", "a", 7, 1, 5, "{}"});
    iw_hosts_done(&scene.hosts);
    iw_hosts_init(&scene.hosts);
    settle(&scene);
    assert_true(iw_str_equal(scene.findings.items[0].host, IW_STR("Web9")));
    end(&scene);
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
    static struct scene scene;
    struct iw_str analytic;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        begin(&scene, PLENTY);
        add_event(scene.collector, CASES[i].computer, CASES[i].channel, CASES[i].event_id, 1);
        add_event(scene.collector, "A", SYSMON, 11, 1); /* of no concern */
        add_event(scene.collector, "Z", "Security", 4663, 1);
        analytic = CASES[i].analytic != NULL ? iw_str_of(CASES[i].analytic) : IW_STR("");
        add_finding(&scene, &(struct hit){"r", "H", "a", 7, 1, 5, "{}"},
                    CASES[i].analytic != NULL ? &analytic : NULL, CASES[i].subject_type);
        settle(&scene);
        if (scene.findings.items[0].blind.n != CASES[i].is_blind)
            fail_msg("row %zu", i);
        end(&scene);
    }
}

/* The file takes no more: what found room is there, the rest is counted by rule, and why. */
static void full_disk(void **state)
{
    static struct scene scene;
    (void)state;
    begin(&scene, PLENTY);
    for (unsigned i = 0; i < 100; i++)
        add_hit(&scene, &(struct hit){"r", "H", "a", 1000 + i, i, (int64_t)i * 1000000, "{}"});
    iw_spill_done(&scene.run.spill);
    scene.run.spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    scene.run.findings.budget_bytes = 6000;
    settle(&scene);
    assert_int_equal(scene.run.failure.rc, IW_EIO);
    assert_true(scene.findings.n > 5 && scene.findings.n < 100);
    assert_int_equal(scene.run.rules.entries['r'].n_unkept, 100 - scene.findings.n);
    end(&scene);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    static struct scene scene;
    for (uint64_t n = 1;; n++) {
        enum iw_rc rc;
        bool has_failed;
        begin(&scene, PLENTY);
        for (unsigned i = 0; i < 20; i++)
            add_hit(&scene, &(struct hit){"r", "H", "a", 7 + i % 3, i, 5, i % 2 ? "{}" : "{1}"});
        add_event(scene.collector, "H.x", "C", 1, 1);
        iw_alloc_fail_at(n);
        rc = settle_some(&scene);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        end(&scene);
        if (!has_failed)
            break;
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(forms_of_one_record),
        cmocka_unit_test(copies_shown),
        cmocka_unit_test(hosts_of_one_label),
        cmocka_unit_test(unsettled_host),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(spans_of_a_local_clock),
        cmocka_unit_test(hosts_and_spans),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(blind_spots),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
