/*
 * Modules that did not load, beside the change that registered them: spelling, counting, limits,
 * and which findings are left alone. How both come out of a run: run_failed_loads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "engine/failed_loads.h"

#define CONFIGURATION "Microsoft-IIS-Configuration/Operational"
#define DLL "C:\\x\\m.dll"

static const struct iw_str AN0184 = {"AN0184", 6}, AN1108 = {"AN1108", 6};

static struct iw_server_fact failure(const char *host, const char *path, int64_t time_ns)
{
    return (struct iw_server_fact){.kind = IW_FACT_LOAD_FAILURE,
                                   .host = iw_str_of(host),
                                   .path = iw_str_of(path),
                                   .channel = IW_STR("Application"),
                                   .event_id = 2280,
                                   .record_id = 7,
                                   .time_ns = time_ns,
                                   .last_ns = time_ns,
                                   .n = 1};
}

struct change_case {
    const char *name, *json, *host, *channel;
    uint32_t event_id;
    const struct iw_str *analytic;
    bool is_joined;
};

static void changes_and_dlls(void **state)
{
    static const struct change_case CASES[] = {
        {"its DLL", "{\"NewValue\":\"C:\\\\x\\\\m.dll\"}", "WEB01", CONFIGURATION, 29, &AN0184,
         true},
        {"spelt otherwise", "{\"NewValue\":\"%SystemDrive%/X/y/../M.DLL\"}", "web01", CONFIGURATION,
         29, &AN0184, true},
        {"another DLL", "{\"NewValue\":\"C:\\\\x\\\\n.dll\"}", "WEB01", CONFIGURATION, 29, &AN0184,
         false},
        {"a name", "{\"NewValue\":\"m\"}", "WEB01", CONFIGURATION, 29, &AN0184, false},
        {"no text", "{\"NewValue\":7}", "WEB01", CONFIGURATION, 29, &AN0184, false},
        {"no value", "{}", "WEB01", CONFIGURATION, 29, &AN0184, false},
        {"no object", "[", "WEB01", CONFIGURATION, 29, &AN0184, false},
        {"another host", "{\"NewValue\":\"C:\\\\x\\\\m.dll\"}", "WEB02", CONFIGURATION, 29, &AN0184,
         false},
        {"another event", "{\"NewValue\":\"C:\\\\x\\\\m.dll\"}", "WEB01", CONFIGURATION, 50,
         &AN0184, false},
        {"another log", "{\"NewValue\":\"C:\\\\x\\\\m.dll\"}", "WEB01", "Application", 29, &AN0184,
         false},
        {"another analytic", "{\"NewValue\":\"C:\\\\x\\\\m.dll\"}", "WEB01", CONFIGURATION, 29,
         &AN1108, false},
    };
    const struct iw_server_fact facts[] = {failure("WEB01", DLL, 30), failure("WEB01", DLL, 20)};
    const struct iw_server_facts all = {.items = facts, .n = 2};
    const struct iw_ledger ledger = {0};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_evidence_item match = {.role = IW_STR("match"),
                                         .time_ns = 10,
                                         .channel = iw_str_of(CASES[i].channel),
                                         .event_id = CASES[i].event_id,
                                         .record_id = 1};
        struct iw_finding finding = {.kind = IW_FINDING_RULE,
                                     .level = IW_LEVEL_MEDIUM,
                                     .host = iw_str_of(CASES[i].host),
                                     .analytic = {CASES[i].analytic, 1},
                                     .event_json = iw_str_of(CASES[i].json),
                                     .first_time_ns = 10,
                                     .last_time_ns = 10,
                                     .evidence = &match,
                                     .n_evidence = 1};
        struct iw_evidence_item again = {
            .channel = IW_STR("Application"), .event_id = 2282, .record_id = 99, .time_ns = 40};
        const struct iw_finding of_failure = {.kind = IW_FINDING_RULE,
                                              .level = IW_LEVEL_LOW,
                                              .host = IW_STR("WEB01"),
                                              .analytic = {&AN0184, 1},
                                              .event_json =
                                                  IW_STR("{\"Data\":[\"x\",\"c:\\\\X\\\\M.dll\"]}"),
                                              .evidence = &again,
                                              .n_evidence = 1};
        struct iw_told_components told;
        struct iw_failed_loads loads;
        bool is_told;
        iw_told_components_init(&told);
        assert_int_equal(iw_failed_loads_init(&loads, &all, &ledger, &told), IW_OK);
        assert_int_equal(iw_failed_loads_join(&loads, &finding), IW_OK);
        if ((finding.n_evidence == 2) != CASES[i].is_joined)
            fail_msg("%s", CASES[i].name);
        assert_int_equal(finding.why.n, CASES[i].is_joined);
        if (CASES[i].is_joined) {
            assert_true(iw_str_equal(finding.evidence[0].role, IW_STR("match")));
            assert_int_equal(finding.evidence[1].time_ns, 20); /* the first of both */
            assert_int_equal(finding.last_time_ns, 20);
            assert_true(iw_str_holds_nocase(finding.why.items[0], IW_STR("2 times until")));
        }
        assert_int_equal(iw_told_components_ask(&told, &of_failure, &is_told), IW_OK);
        assert_int_equal(is_told, CASES[i].is_joined);
        assert_int_equal(told.n_folded, CASES[i].is_joined);
        iw_failed_loads_done(&loads);
        iw_told_components_done(&told);
    }
}

/* What a finding about a component shows of it is told there, however often it happened. */
static void failures_of_components(void **state)
{
    struct iw_evidence_item shown = {.role = IW_STR("load_failure"),
                                     .channel = IW_STR("Application"),
                                     .event_id = 2280,
                                     .record_id = 7,
                                     .fields_json = IW_STR("{\"ModuleDll\":\"C:\\\\x\\\\m.dll\"}")};
    const struct iw_finding component = {.kind = IW_FINDING_COMPONENT,
                                         .level = IW_LEVEL_MEDIUM,
                                         .host = IW_STR("WEB01"),
                                         .evidence = &shown,
                                         .n_evidence = 1};
    struct iw_evidence_item match = {
        .channel = IW_STR("Application"), .event_id = 2280, .record_id = 8, .time_ns = 40};
    struct iw_finding rule = {.kind = IW_FINDING_RULE,
                              .level = IW_LEVEL_LOW,
                              .host = IW_STR("WEB01"),
                              .analytic = {&AN0184, 1},
                              .event_json = IW_STR("{\"ModuleDll\":\"C:\\\\x\\\\m.dll\"}"),
                              .evidence = &match,
                              .n_evidence = 1};
    struct iw_told_components told;
    bool is_told;
    (void)state;
    iw_told_components_init(&told);
    assert_int_equal(iw_told_components_tell(&told, &component), IW_OK);
    assert_int_equal(iw_told_components_ask(&told, &rule, &is_told), IW_OK);
    assert_true(is_told);
    rule.level = IW_LEVEL_HIGH;
    assert_int_equal(iw_told_components_ask(&told, &rule, &is_told), IW_OK);
    assert_false(is_told);
    rule.level = IW_LEVEL_LOW;
    match.event_id = 5011; /* no event of a DLL that did not load */
    assert_int_equal(iw_told_components_ask(&told, &rule, &is_told), IW_OK);
    assert_false(is_told);
    iw_told_components_done(&told);
}

static void dlls_are_bounded(void **state)
{
    struct iw_told_components told;
    struct iw_arena arena;
    (void)state;
    iw_told_components_init(&told);
    iw_arena_init(&arena, 0);
    for (unsigned i = 0; i <= IW_LIMIT_TOLD_EVENTS; i++) {
        char name[32];
        struct iw_str key;
        (void)snprintf(name, sizeof name, "C:\\%u.dll", i);
        key = iw_told_dll_key(IW_STR("WEB01"), iw_str_of(name), &arena);
        assert_non_null(key.p);
        assert_int_equal(iw_told_components_tell_dll(&told, key, IW_LEVEL_MEDIUM), IW_OK);
    }
    assert_int_equal(told.by_dll.n, IW_LIMIT_TOLD_EVENTS);
    iw_told_components_done(&told);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(changes_and_dlls),
        cmocka_unit_test(failures_of_components),
        cmocka_unit_test(dlls_are_bounded),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
