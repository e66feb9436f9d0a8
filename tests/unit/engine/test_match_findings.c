/*
 * Matched events to findings of rules and correlations: what a correlation's finding says, events
 * read in other forms, memory that ends, a disk that is full. The rules are Sigma's; what must come
 * of these events stands beside them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>

#include "base/alloc.h"
#include "engine/match_findings.h"
#include "engine/rule_finding.h"
#include "tests/support/test_findings.h"

#define SECOND IW_NS_PER_SECOND

static const char RULES[] =
    "title: A\nname: a\nlogsource: {product: windows, service: security}\n"
    "detection: {s: {EventID: 1}, condition: s}\n"
    "---\n"
    "title: B\nname: b\nlogsource: {product: windows, service: security}\n"
    "detection: {s: {EventID: 2}, condition: s}\n"
    "---\n"
    "title: A then B\nid: 5f7d2c1e-9a51-4c0b-8a58-3d6f7c0f1a11\ndescription: both\nlevel: high\n"
    "tags: [attack.t1505.003, iiswarden.an1108]\n"
    "correlation: {type: temporal_ordered, rules: [a, b], group-by: [User], timespan: 1m}\n"
    "---\n"
    "title: many\nlevel: low\n"
    "correlation: {type: event_count, rules: [b], group-by: [Computer], timespan: 1h, "
    "condition: {gte: 2}}\n";

struct scene {
    struct iw_names names;
    struct iw_run run;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_rule rules[2], correlations[2];
    struct iw_order *order;
    struct iw_order_feed feed;
    struct iw_hosts hosts;
    struct iw_match_input input;
};

static void keep_rules(struct scene *scene)
{
    assert_int_equal(iw_sigma_ruleset_count(scene->ruleset), 2);
    assert_int_equal(iw_correlate_count(scene->ruleset), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(iw_rule_finding_keep_rule(iw_sigma_ruleset_rule(scene->ruleset, i),
                                                   &scene->run.arena, &scene->rules[i]),
                         IW_OK);
        assert_int_equal(iw_rule_finding_keep_rule(iw_correlate_rule(scene->ruleset, i),
                                                   &scene->run.arena, &scene->correlations[i]),
                         IW_OK);
    }
}

static void begin(struct scene *scene, size_t budget_bytes)
{
    struct iw_sigma_compiler *compiler;
    memset(scene, 0, sizeof *scene);
    assert_int_equal(iw_names_init(&scene->names), IW_OK);
    iw_run_init(&scene->run);
    iw_spill_open(&scene->run.spill);
    scene->run.findings.budget_bytes = (size_t)1 << 20;
    compiler = iw_sigma_compiler_new(&scene->names, &scene->run.rules);
    assert_non_null(compiler);
    iw_sigma_compiler_set_options(compiler, &(struct iw_sigma_options){.runs_correlations = true});
    assert_int_equal(iw_sigma_compiler_add(compiler, "rules.yml", false, iw_str_of(RULES)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &scene->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    keep_rules(scene);
    iw_hosts_init(&scene->hosts);
    assert_int_equal(iw_hosts_add(&scene->hosts, IW_STR("WEB01")), IW_OK);
    assert_int_equal(iw_hosts_add(&scene->hosts, IW_STR("web01.corp")), IW_OK);
    assert_int_equal(iw_hosts_add(&scene->hosts, IW_STR("WEB02")), IW_OK);
    assert_int_equal(iw_hosts_settle(&scene->hosts), IW_OK);
    scene->order = iw_order_new(&scene->run.spill, budget_bytes);
    assert_non_null(scene->order);
    assert_int_equal(iw_order_feed_init(&scene->feed, scene->order), IW_OK);
    scene->input = (struct iw_match_input){.order = scene->order,
                                           .ruleset = scene->ruleset,
                                           .rules = scene->rules,
                                           .correlations = scene->correlations,
                                           .n_correlations = 2,
                                           .since_ns = IW_TIME_UNKNOWN,
                                           .until_ns = IW_TIME_UNKNOWN,
                                           .budget_bytes = budget_bytes};
}

static void end(struct scene *scene)
{
    iw_order_feed_done(&scene->feed);
    iw_order_free(scene->order);
    iw_sigma_ruleset_free(scene->ruleset);
    iw_hosts_done(&scene->hosts);
    iw_run_done(&scene->run);
    iw_names_done(&scene->names);
}

/* The slot of a field, as the correlations number them. */
static uint32_t slot_of(const struct scene *scene, const char *field)
{
    uint32_t id = iw_names_find(&scene->names, iw_str_of(field));
    for (uint32_t i = 0; i < iw_correlate_n_slots(scene->ruleset); i++) {
        if (iw_correlate_slot(scene->ruleset, i).field == id)
            return i;
    }
    fail_msg("no slot for %s", field);
    return 0;
}

/* An event that matched rule A or B (by its id: 1 or 2), read at *source*. */
struct event {
    uint32_t event_id;
    int64_t seconds;
    const char *computer, *user;
    uint64_t record_id;
    const char *event_json;
};

static enum iw_rc add(struct scene *scene, const struct event *event, uint32_t source)
{
    uint32_t rule = event->event_id - 1;
    struct iw_correlate_value value = {slot_of(scene, "User"), iw_str_of(event->user)};
    struct iw_match match = {.rules = &rule, .n_rules = 1, .values = &value, .n_values = 1};
    struct iw_evidence_item item = {.channel = IW_STR("Security"),
                                    .event_id = event->event_id,
                                    .record_id = event->record_id,
                                    .fields_json = IW_STR("{}")};
    struct iw_finding finding = {.subject_type = IW_STR("process"),
                                 .subject_name = IW_STR("x.exe"),
                                 .anchor = IW_STR("77"),
                                 .event_json = iw_str_of(event->event_json),
                                 .evidence = &item,
                                 .n_evidence = 1};
    struct iw_fact fact = {.kind = IW_FACT_MATCH,
                           .time_ns = event->seconds * SECOND,
                           .channel = item.channel,
                           .computer = iw_str_of(event->computer),
                           .event_id = event->event_id,
                           .record_id = event->record_id,
                           .place = {source, event->record_id * 100, 0}};
    struct iw_buffer payload;
    enum iw_rc rc;
    iw_buffer_init(&payload);
    iw_match_write(&match, &finding, &payload);
    fact.payload = iw_buffer_str(&payload);
    rc = iw_order_add(&scene->feed, IW_ORDER_OVERALL, &fact, NULL);
    iw_buffer_done(&payload);
    return rc;
}

/* bob: A at 0 s on WEB01, B at 5 s on WEB02 and at 20 s on WEB01; ann: B alone. The second is read
 * twice. */
static const struct event EVENTS[] = {
    {1, 0, "WEB01", "bob", 1, "{\"EventRecordID\":1}"},
    {2, 5, "WEB02", "BOB", 2, "{\"EventRecordID\":2}"},
    {2, 20, "web01.corp", "bob", 3, "{\"EventRecordID\":3}"},
    {2, 30, "WEB01", "ann", 4, "{\"EventRecordID\":4}"},
};

static enum iw_rc add_events(struct scene *scene)
{
    for (size_t i = sizeof EVENTS / sizeof EVENTS[0]; i-- > 0;)
        IW_TRY(add(scene, &EVENTS[i], 0));
    return add(scene, &EVENTS[1], 1);
}

static enum iw_rc put(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct scene *scene = context;
    return iw_findings_put(&scene->run.findings, finding, err);
}

static enum iw_rc find(struct scene *scene, struct iw_error *err)
{
    IW_TRY(iw_order_settle(scene->order, &scene->hosts, NULL, err));
    IW_TRY(iw_match_findings(&scene->input, &scene->run, put, scene, err));
    return iw_findings_settle(&scene->run.findings, err);
}

static void expect(struct iw_str got, const char *expected)
{
    if (!iw_str_equal(got, iw_str_of(expected)))
        fail_msg("\"%.*s\", not \"%s\"", IW_STR_ARG(got), expected);
}

#define WENT_ON "it went on: met at 2 events, 3 events in all, the last at 1970-01-01T00:00:20Z"

static void check_sequence(const struct iw_finding *f)
{
    static const char *const WHY[] = {"both",
                                      "group: User = BOB",
                                      "count when the condition was met: 2",
                                      "events that met it: 2",
                                      WENT_ON,
                                      "events of other hosts took part"};
    assert_int_equal(f->kind, IW_FINDING_CORRELATION);
    assert_int_equal(f->level, IW_LEVEL_HIGH);
    assert_false(f->is_partial);
    expect(f->title, "A then B");
    expect(f->rule_id, "5f7d2c1e-9a51-4c0b-8a58-3d6f7c0f1a11");
    expect(f->host, "WEB02");
    expect(f->anchor, "security/2@5000:77|bob");
    expect(f->event_json, "{\"EventRecordID\":2}");
    expect(f->attack.items[0], "T1505.003");
    assert_true(f->first_time_ns == 0 && f->last_time_ns == 20 * SECOND);
    assert_int_equal(f->why.n, 6);
    for (size_t i = 0; i < 6; i++)
        expect(f->why.items[i], WHY[i]);
    assert_int_equal(f->n_evidence, 3);
    expect(f->evidence[0].role, "A");
    expect(f->evidence[0].host, "WEB01"); /* not the finding's */
    assert_true(f->evidence[0].record_id == 1 && f->evidence[0].offset == 100);
    expect(f->evidence[1].role, "B");
    expect(f->evidence[1].host, "");
    expect(f->evidence[2].role, "copy");
    assert_true(f->evidence[2].record_id == 2 && f->evidence[2].time_ns == 5 * SECOND);
}

static void findings(void **state)
{
    static const size_t BUDGETS[] = {(size_t)1 << 20, 1};
    static struct scene scene;
    (void)state;
    for (size_t i = 0; i < 2; i++) { /* memory for all, and for nothing */
        struct test_findings found;
        begin(&scene, BUDGETS[i]);
        assert_int_equal(add_events(&scene), IW_OK);
        assert_int_equal(find(&scene, NULL), IW_OK);
        assert_true(test_findings_read(&scene.run.findings, &found));
        /* WEB01 has two B, at 20 and 30 s; WEB02 one, whatever the copies. */
        assert_int_equal(found.n, 2);
        check_sequence(&found.items[0]);
        expect(found.items[1].title, "many");
        expect(found.items[1].host, "WEB01");
        expect(found.items[1].event_json, "{\"EventRecordID\":4}");
        assert_int_equal(found.items[1].n_evidence, 2);
        assert_int_equal(scene.run.n_duplicate_events, 1);
        assert_int_equal(scene.run.rules.entries[scene.correlations[0].account_index].n_matches, 1);
        test_findings_done(&found);
        end(&scene);
    }
}

/* A rule that says what the chain says is told by it, unless it says it louder; one that says
 * something else as well is, up to medium. */
static void links(void **state)
{
    static struct iw_str AN1108 = {"AN1108", 6}, SHELL[] = {{"T1505.003", 9}, {"T1059.003", 9}};
    static struct iw_str SECRETS[] = {{"T1059.003", 9}, {"T1003.001", 9}};
    static const struct {
        enum iw_level chain, rule; /* chain informational: the event is no link */
        bool is_of_analytic, reads_secrets, is_told;
    } CASES[] = {
        {IW_LEVEL_INFORMATIONAL, IW_LEVEL_LOW, true, false, true},
        {IW_LEVEL_MEDIUM, IW_LEVEL_MEDIUM, true, false, false},
        {IW_LEVEL_MEDIUM, IW_LEVEL_HIGH, true, false, true},
        {IW_LEVEL_HIGH, IW_LEVEL_HIGH, true, false, false},
        {IW_LEVEL_HIGH, IW_LEVEL_HIGH, false, false, false},
        {IW_LEVEL_HIGH, IW_LEVEL_CRITICAL, true, false, true},
        {IW_LEVEL_CRITICAL, IW_LEVEL_HIGH, true, true, true},
        {IW_LEVEL_CRITICAL, IW_LEVEL_MEDIUM, true, true, false},
        {IW_LEVEL_CRITICAL, IW_LEVEL_LOW, false, true, true},
    };
    static struct scene scene;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_fact link = {.kind = IW_FACT_MATCH,
                               .time_ns = 0,
                               .channel = IW_STR("Security"),
                               .computer = IW_STR("WEB01"),
                               .event_id = 1,
                               .record_id = 1};
        struct iw_decisions *decisions;
        begin(&scene, (size_t)1 << 20);
        scene.input.n_correlations = 0;
        scene.rules[0].level = CASES[i].rule;
        scene.rules[0].analytic = (struct iw_text_list){&AN1108, CASES[i].is_of_analytic};
        scene.rules[0].attack = (struct iw_text_list){CASES[i].reads_secrets ? SECRETS : SHELL, 2};
        scene.input.decisions = decisions = iw_decisions_new(&scene.run.spill, (size_t)1 << 20);
        assert_non_null(decisions);
        if (CASES[i].chain != IW_LEVEL_INFORMATIONAL)
            assert_int_equal(iw_decisions_add_link(decisions, &link, CASES[i].chain, NULL), IW_OK);
        assert_int_equal(iw_decisions_settle(decisions, &scene.hosts, NULL), IW_OK);
        assert_int_equal(add(&scene, &EVENTS[0], 0), IW_OK);
        assert_int_equal(find(&scene, NULL), IW_OK);
        if (scene.run.findings.n != CASES[i].is_told)
            fail_msg("case %zu: %llu findings", i, (unsigned long long)scene.run.findings.n);
        assert_int_equal(scene.run.notes.n, !CASES[i].is_told);
        iw_decisions_free(decisions);
        end(&scene);
    }
}

static void window(void **state)
{
    static struct scene scene;
    (void)state;
    begin(&scene, (size_t)1 << 20);
    scene.input.since_ns = 25 * SECOND;
    assert_int_equal(add_events(&scene), IW_OK);
    assert_int_equal(find(&scene, NULL), IW_OK);
    assert_int_equal(scene.run.findings.n, 1); /* "many" ends at 30 s, the other at 20 s */
    assert_int_equal(scene.run.notes.n, 1);
    assert_true(iw_str_begins_nocase(scene.run.notes.items[0],
                                     IW_STR("1 finding of a correlation ends outside")));
    end(&scene);
}

static _Atomic bool cancelled;

static enum iw_rc put_and_cancel(void *context, struct iw_finding *finding, struct iw_error *err)
{
    cancelled = true;
    return put(context, finding, err);
}

/* Told to stop: what was found till then stands. */
static void told_to_stop(void **state)
{
    static struct scene scene;
    (void)state;
    for (size_t n = 0; n <= 1; n++) {
        begin(&scene, (size_t)1 << 20);
        scene.input.n_correlations = 0;
        scene.input.cancelled = &cancelled;
        cancelled = n == 0;
        assert_int_equal(add_events(&scene), IW_OK);
        assert_int_equal(iw_order_settle(scene.order, &scene.hosts, NULL, NULL), IW_OK);
        assert_int_equal(iw_match_findings(&scene.input, &scene.run, put_and_cancel, &scene, NULL),
                         IW_OK);
        assert_int_equal(iw_findings_settle(&scene.run.findings, NULL), IW_OK);
        assert_int_equal(scene.run.findings.n, n);
        assert_true(scene.run.interrupted);
        end(&scene);
    }
}

/* The disk takes nothing more once correlations begin: what can be told is, and why not all. */
static void full_disk(void **state)
{
    static struct scene scene;
    (void)state;
    begin(&scene, (size_t)1 << 20);
    assert_int_equal(add_events(&scene), IW_OK);
    iw_spill_done(&scene.run.spill);
    scene.run.spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    scene.input.budget_bytes = 1;
    assert_int_equal(find(&scene, NULL), IW_OK);
    assert_int_equal(scene.run.failure.rc, IW_EIO);
    assert_int_equal(scene.run.notes.n, 1);
    assert_true(iw_str_begins_nocase(scene.run.notes.items[0],
                                     IW_STR("correlations could not be run to their end")));
    end(&scene);
}

#ifdef IW_FAULT_INJECTION
static void no_memory(void **state)
{
    static struct scene scene;
    (void)state;
    for (uint64_t n = 1;; n++) {
        enum iw_rc rc;
        bool has_failed;
        begin(&scene, (size_t)1 << 20);
        assert_int_equal(add_events(&scene), IW_OK);
        iw_alloc_fail_at(n);
        rc = find(&scene, NULL);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_true(rc == IW_ENOMEM || (rc == IW_OK && (!has_failed || scene.run.findings.n == 2)));
        end(&scene);
        if (!has_failed)
            break;
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings),     cmocka_unit_test(links),     cmocka_unit_test(window),
        cmocka_unit_test(told_to_stop), cmocka_unit_test(full_disk),
#ifdef IW_FAULT_INJECTION
        cmocka_unit_test(no_memory),
#endif
    };
    return cmocka_run_group_tests_name("match_findings", tests, NULL, NULL);
}
