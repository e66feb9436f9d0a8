/*
 * A correlation explained with those it stands on: records, the events they name, sentences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "engine/correlation_why.h"
#include "tests/support/flat_event.h"
#include "tests/support/sigma_bench.h"

#define RULE(name)                                                                                 \
    "title: Rule " name "\nname: " name "\nlogsource: {product: windows}\n"                        \
    "detection: {s: {T: " name "}, condition: s}\n---\n"
static const char RULES[] =
    RULE("a") RULE("b") "title: Inner\nname: in\n"
                        "correlation: {type: event_count, rules: [a], group-by: [U], "
                        "timespan: 10s, condition: {gte: 2}}\n---\n"
                        "title: Outer\nname: out\n"
                        "correlation: {type: temporal_ordered, rules: [in, b], group-by: [U], "
                        "timespan: 60s}\n";
/* Two of a in p, then b in q: the inner one holds in p, the outer one has its events apart. */
static const char *const EVENTS[] = {"{T: a, U: p}", "{T: a, U: p}", "{T: b, U: q}"};
#define N_EVENTS 3U

struct rig {
    struct sigma_bench bench;
    struct iw_sigma_scanner *scanner;
    struct iw_spill spill;
    struct iw_event events[N_EVENTS];
    struct iw_arena told;
};

static void rig_open(struct rig *rig)
{
    const struct iw_sigma_options options = {.runs_correlations = true};
    memset(rig, 0, sizeof *rig);
    sigma_bench_load_with(&rig->bench, iw_str_of(RULES), &options);
    rig->scanner = iw_sigma_scanner_new(rig->bench.ruleset);
    assert_non_null(rig->scanner);
    iw_spill_init(&rig->spill);
    iw_arena_init(&rig->told, 0);
    for (size_t i = 0; i < N_EVENTS; i++)
        assert_true(
            flat_event_from_text(EVENTS[i], &rig->bench.names, &rig->bench.arena, &rig->events[i]));
}

static void rig_close(struct rig *rig)
{
    iw_arena_done(&rig->told);
    iw_spill_done(&rig->spill);
    iw_sigma_scanner_free(rig->scanner);
    sigma_bench_done(&rig->bench);
}

static enum iw_rc match(struct rig *rig, size_t at, struct iw_correlate_match *ret)
{
    *ret = (struct iw_correlate_match){
        .time_ns = (int64_t)at * IW_NS_PER_SECOND, .host = IW_STR("WEB1"), .ordinal = at};
    IW_TRY(iw_sigma_scanner_match(rig->scanner, &rig->events[at], &ret->rules, &ret->n_rules));
    return iw_sigma_scanner_carry(rig->scanner, &rig->events[at], ret->rules, ret->n_rules,
                                  &ret->values, &ret->n_values);
}

static enum iw_rc run(struct rig *rig, struct iw_correlation_why *why,
                      const struct iw_explained_correlation **ret, size_t *ret_n)
{
    struct iw_correlate_match fed;
    for (size_t i = 0; i < N_EVENTS; i++) {
        IW_TRY(match(rig, i, &fed));
        IW_TRY(iw_correlation_why_feed(why, &fed, NULL));
    }
    IW_TRY(iw_correlation_why_finish(why, NULL));
    for (size_t i = 0; i < N_EVENTS; i++) {
        const struct iw_explained_step_event shown = {.host = IW_STR("WEB1"),
                                                      .channel = IW_STR("Security"),
                                                      .source = IW_STR("a.evtx"),
                                                      .event_id = 100 + (uint32_t)i,
                                                      .record_id = 200 + i,
                                                      .n_copies = i};
        if (!iw_correlation_why_wants(why, i))
            continue;
        IW_TRY(match(rig, i, &fed));
        IW_TRY(iw_correlation_why_see(why, &fed, &shown));
    }
    return iw_correlation_why_tell(why, ret, ret_n);
}

static struct iw_correlation_why *new_why(struct rig *rig, bool with_parts)
{
    const struct iw_correlation_why_input input = {.ruleset = rig->bench.ruleset,
                                                   .correlation = 1,
                                                   .with_parts = with_parts,
                                                   .spill = &rig->spill,
                                                   .budget_bytes = 1 << 16,
                                                   .limit = 5,
                                                   .arena = &rig->told};
    return iw_correlation_why_new(&input);
}

#define assert_text(text, expected) assert_true(iw_str_equal(text, iw_str_of(expected)))

static void parts_follow_what_stands_on_them(void **state)
{
    const struct iw_explained_correlation *told;
    struct iw_correlation_why *why;
    struct rig rig;
    size_t n;
    (void)state;
    rig_open(&rig);
    why = new_why(&rig, true);
    assert_non_null(why);
    assert_int_equal(run(&rig, why, &told, &n), IW_OK);
    assert_int_equal(n, 2);
    assert_text(told[0].title, "Outer");
    assert_text(told[0].type, "temporal_ordered");
    assert_text(told[0].span, "1 min");
    assert_text(told[0].steps[0].title, "Inner");
    assert_true(told[0].steps[0].is_correlation);
    assert_int_equal(told[0].steps[0].n_matched, 1);
    assert_int_equal(told[0].n_groups, 2);
    assert_int_equal(told[0].n_groups_held, 0);
    assert_text(told[0].groups[0].misses[0].words, "no event of 'Rule b'");
    assert_text(told[0].groups[1].misses[0].words, "no event of 'Inner'");
    assert_text(told[1].title, "Inner");
    assert_int_equal(told[1].n_groups_held, 1);
    assert_int_equal(told[1].groups[0].n_episodes, 1);
    assert_text(told[1].groups[0].keys[0].text, "p");
    iw_correlation_why_free(why);
    why = new_why(&rig, false);
    assert_int_equal(run(&rig, why, &told, &n), IW_OK);
    assert_int_equal(n, 1);
    iw_correlation_why_free(why);
    rig_close(&rig);
}

static void named_events_are_filled_in(void **state)
{
    const struct iw_explained_correlation *told;
    const struct iw_explained_miss *miss;
    struct iw_correlation_why *why;
    struct rig rig;
    size_t n;
    (void)state;
    rig_open(&rig);
    why = new_why(&rig, true);
    assert_int_equal(run(&rig, why, &told, &n), IW_OK);
    assert_int_equal(told[0].n_apart_shown, 1);
    miss = &told[0].apart[0].misses[0];
    assert_text(miss->field, "U");
    assert_text(miss->words, "U differs: p / q; without it the rule would hold, within 1 s");
    assert_int_equal(miss->n_shown, 2);
    assert_text(miss->events[0].step, "Inner");
    assert_text(miss->events[0].value, "p");
    assert_int_equal(miss->events[0].record_id, 201);
    assert_int_equal(miss->events[0].n_copies, 1);
    assert_text(miss->events[1].step, "Rule b");
    assert_text(miss->events[1].value, "q");
    assert_text(miss->events[1].source, "a.evtx");
    assert_int_equal(miss->events[1].event_id, 102);
    assert_int_equal(told[1].groups[0].episodes[0].n_shown, 2);
    assert_int_equal(told[1].groups[0].episodes[0].events[0].record_id, 200);
    assert_text(told[1].groups[0].episodes[0].events[1].channel, "Security");
    iw_correlation_why_free(why);
    rig_close(&rig);
}

static void every_allocation_may_fail(void **state)
{
    uint64_t n_allocations = 0;
    struct rig rig;
    (void)state;
    rig_open(&rig);
    for (uint64_t at = 0; at <= n_allocations; at++) {
        const struct iw_explained_correlation *told;
        struct iw_correlation_why *why;
        enum iw_rc rc = IW_ENOMEM;
        size_t n;
        iw_alloc_fail_at(at);
        why = new_why(&rig, true);
        if (why != NULL)
            rc = run(&rig, why, &told, &n);
        if (at == 0)
            n_allocations = iw_alloc_count();
        iw_alloc_fail_at(0);
        assert_true(rc == IW_ENOMEM || rc == IW_OK);
        iw_correlation_why_free(why);
    }
    assert_true(n_allocations > 50);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_what_stands_on_them),
        cmocka_unit_test(named_events_are_filled_in),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
