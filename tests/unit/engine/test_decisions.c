/*
 * Decisions beside matches: each event gets its own, of its own host, whatever order they were made
 * in and however often they are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/spill.h"
#include "engine/decisions.h"

#define SECOND IW_NS_PER_SECOND

struct scene {
    struct iw_spill spill;
    struct iw_decisions *decisions;
    struct iw_hosts hosts;
    struct iw_arena arena;
};

static void begin(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    iw_spill_init(&scene->spill);
    iw_spill_open(&scene->spill);
    iw_arena_init(&scene->arena, 0);
    iw_hosts_init(&scene->hosts);
    assert_int_equal(iw_hosts_add(&scene->hosts, IW_STR("WEB01")), IW_OK);
    assert_int_equal(iw_hosts_add(&scene->hosts, IW_STR("WEB02")), IW_OK);
    assert_int_equal(iw_hosts_settle(&scene->hosts), IW_OK);
    scene->decisions = iw_decisions_new(&scene->spill, 1U << 20);
    assert_non_null(scene->decisions);
}

static void end(struct scene *scene)
{
    iw_decisions_free(scene->decisions);
    iw_hosts_done(&scene->hosts);
    iw_arena_done(&scene->arena);
    iw_spill_done(&scene->spill);
}

static struct iw_fact event(const char *host, int64_t seconds, uint64_t record_id, uint8_t content)
{
    struct iw_fact fact = {.kind = IW_FACT_MATCH,
                           .time_ns = seconds * SECOND,
                           .channel = IW_STR("Security"),
                           .computer = iw_str_of(host),
                           .host = iw_str_of(host),
                           .event_id = 4688,
                           .record_id = record_id};
    fact.content[0] = content;
    return fact;
}

static void decide(struct scene *scene, struct iw_fact fact, uint32_t rule, const char *why)
{
    const struct iw_str line = iw_str_of(why);
    const struct iw_decided_rule decided = {rule, {&line, 1}};
    assert_int_equal(iw_decisions_add(scene->decisions, &fact, &decided, 1, NULL), IW_OK);
}

static void has_level(struct scene *scene, struct iw_decision_reader *reader, struct iw_fact fact,
                      enum iw_level level)
{
    struct iw_match match = {.n_rules = 0};
    assert_int_equal(iw_decisions_apply(reader, &fact, &scene->arena, &match, NULL), IW_OK);
    assert_true(match.is_link);
    assert_int_equal(match.link_level, level);
}

/* What *reader* says of an event that waits for rules 3, 5 and 7, and matches 4 anyhow. */
static void is(struct scene *scene, struct iw_decision_reader *reader, struct iw_fact fact,
               const char *rules, bool is_link)
{
    static const struct iw_sigma_perhaps PERHAPS[] = {{3, {"", 0}}, {5, {"", 0}}, {7, {"", 0}}};
    static const uint32_t MATCHED[] = {4};
    struct iw_match match = {.rules = MATCHED, .n_rules = 1, .perhaps = PERHAPS, .n_perhaps = 3};
    char text[32] = "";
    assert_int_equal(iw_decisions_apply(reader, &fact, &scene->arena, &match, NULL), IW_OK);
    for (size_t i = 0; i < match.n_rules; i++)
        text[i] = (char)('0' + match.rules[i]);
    assert_string_equal(text, rules);
    assert_int_equal(match.is_link, is_link);
    for (size_t i = 0; i < match.n_decided; i++)
        assert_int_equal(match.decided[i].why.n, 1);
}

static void every_event_has_its_own(void **state)
{
    struct scene scene;
    struct iw_fact link = event("web01", 30, 9, 0), high_link = event("WEB01", 35, 10, 1);
    (void)state;
    begin(&scene);
    decide(&scene, event("WEB02", 20, 2, 1), 7, "b");
    decide(&scene, event("WEB01", 20, 2, 1), 3, "a");
    decide(&scene, event("WEB01", 20, 2, 2), 5, "another content");
    decide(&scene, event("WEB01", 10, 1, 1), 3, "first");
    decide(&scene, event("WEB01", 40, 3, 1), 9, "no rule that waits");
    /* Two forms of one record: both count. */
    decide(&scene, event("WEB01", 50, 4, 1), 7, "one form");
    decide(&scene, event("WEB01", 50, 4, 1), 3, "another");
    assert_int_equal(iw_decisions_add_link(scene.decisions, &link, IW_LEVEL_MEDIUM, NULL), IW_OK);
    /* Told when it became a link, and with the level of its chain. */
    assert_int_equal(iw_decisions_add_link(scene.decisions, &high_link, IW_LEVEL_CRITICAL, NULL),
                     IW_OK);
    assert_int_equal(iw_decisions_add_link(scene.decisions, &high_link, IW_LEVEL_MEDIUM, NULL),
                     IW_OK);
    assert_int_equal(iw_decisions_settle(scene.decisions, &scene.hosts, NULL), IW_OK);
    for (int pass = 0; pass < 2; pass++) {
        struct iw_decision_reader *reader;
        assert_int_equal(iw_decisions_open(scene.decisions, &reader, NULL), IW_OK);
        is(&scene, reader, event("WEB01", 5, 1, 1), "4", false);
        is(&scene, reader, event("WEB01", 10, 1, 1), "34", false);
        is(&scene, reader, event("WEB01", 20, 2, 1), "34", false);
        is(&scene, reader, event("WEB02", 20, 2, 1), "47", false);
        is(&scene, reader, event("WEB01", 20, 2, 2), "45", false);
        is(&scene, reader, event("WEB02", 30, 9, 0), "4", false);
        is(&scene, reader, event("WEB01", 30, 9, 0), "4", true);
        has_level(&scene, reader, event("WEB01", 30, 9, 0), IW_LEVEL_MEDIUM);
        has_level(&scene, reader, high_link, IW_LEVEL_CRITICAL);
        is(&scene, reader, event("WEB01", 40, 3, 1), "4", false);
        is(&scene, reader, event("WEB01", 50, 4, 1), "347", false);
        is(&scene, reader, event("WEB01", 60, 5, 1), "4", false);
        iw_decisions_close(reader);
    }
    end(&scene);
}

static void nothing_was_decided(void **state)
{
    struct scene scene;
    struct iw_decision_reader *reader;
    (void)state;
    begin(&scene);
    assert_int_equal(iw_decisions_settle(scene.decisions, &scene.hosts, NULL), IW_OK);
    assert_int_equal(iw_decisions_open(scene.decisions, &reader, NULL), IW_OK);
    is(&scene, reader, event("WEB01", 5, 1, 1), "4", false);
    iw_decisions_close(reader);
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_event_has_its_own),
                                       cmocka_unit_test(nothing_was_decided)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
