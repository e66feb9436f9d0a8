/*
 * No memory at any one place: loading, indexing and matching answer IW_ENOMEM and leave nothing
 * behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "sigma/sigma.h"
#include "tests/support/flat_event.h"
#include "tests/support/skip_because.h"

static const char RULES[] =
    "title: t\nid: i\nname: t\ntags: [attack.t1059, detection.an1108]\ntriage: [x]\n"
    "logsource: {product: windows, category: process_creation}\n"
    "detection:\n  a: &a {Image|endswith: ['\\CMD.exe', '*É?'], CommandLine|contains|all: [A, b]}\n"
    "  b: {C|re|i: '(a|b)+c', D|base64offset|contains: foobar, E|windash: ' -x'}\n"
    "  c: *a\n  k: [needle]\n  condition: 1 of a* or (b and not c) or k\n---\n"
    "title: f\nlogsource: {product: windows}\n"
    "filter: {rules: [i, nosuch], s: {U: x}, condition: not s}\n---\n"
    "action: global\nlevel: low\nlogsource: {product: windows}\n---\n"
    "title: u\nid: i\nname: u\n"
    "detection: {s: {P|expand: '<%x%>-%y%'}, t: {Q|hour: 3}, condition: s}\n---\n"
    "action: repeat\ntitle: v\nlogsource: {category: registry_delete}\n"
    "detection: {s: {P|expand: null}}\n---\n"
    "title: w\nname: w\nlogsource: {category: registry_delete}\n"
    "detection: {s: [k], condition: s}\n---\n"
    "title: c\nname: c\ncorrelation: {type: temporal, rules: [t, w], timespan: 1m,\n"
    "  group-by: [z], aliases: {z: {w: F}}, condition: t and not w}\n---\n"
    "title: d\ncorrelation: {type: value_sum, rules: [c, u], timespan: 1m,\n"
    "  condition: {field: S, gt: 1}}\n---\n"
    "title: [\n";
static const char PLACEHOLDERS[] = "{x: [1, 2], y: [3, '*']}";
static const char EVENT[] = "{Channel: Security, EventID: 4688, NewProcessName: 'C:\\CMD.EXE',"
                            " CommandLine: ÀABC, C: abababC, D: x, E: needle, F: 'NEEDLE'}";

/* Everything once; what it came to. */
static enum iw_rc everything(struct iw_names *names, const struct iw_event *event, size_t *ret_n)
{
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler = NULL;
    struct iw_sigma_placeholders *placeholders = NULL;
    struct iw_sigma_options options = {0};
    struct iw_sigma_ruleset *ruleset = NULL;
    struct iw_sigma_scanner *scanner = NULL;
    struct iw_route route;
    const uint32_t *rules;
    enum iw_rc rc = IW_ENOMEM;

    iw_rule_account_init(&account);
    iw_route_init(&route);
    if (iw_sigma_placeholders_parse(iw_str_of(PLACEHOLDERS), &placeholders, NULL) != IW_OK)
        goto done;
    compiler = iw_sigma_compiler_new(names, &account);
    if (compiler == NULL)
        goto done;
    options.placeholders = placeholders;
    options.runs_correlations = true;
    iw_sigma_compiler_set_options(compiler, &options);
    rc = iw_sigma_compiler_add(compiler, "x", false, iw_str_of(RULES));
    if (rc == IW_OK)
        rc = iw_sigma_compiler_finish(compiler, &ruleset);
    if (rc == IW_OK)
        rc = iw_sigma_ruleset_route(ruleset, &route);
    if (rc != IW_OK)
        goto done;
    scanner = iw_sigma_scanner_new(ruleset);
    rc = scanner != NULL ? iw_sigma_scanner_match(scanner, event, &rules, ret_n) : IW_ENOMEM;
done:
    iw_sigma_scanner_free(scanner);
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_sigma_placeholders_free(placeholders);
    iw_route_done(&route);
    iw_rule_account_done(&account);
    return rc;
}

static void every_allocation_may_fail(void **state)
{
    struct iw_names names;
    struct iw_arena arena;
    struct iw_event event;
    uint64_t n_allocations;
    size_t n = 0;

    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_names_init(&names), IW_OK);
    /* Registers the names first, so that the event has its ids. */
    assert_true(flat_event_from_text(EVENT, &names, &arena, &event));
    assert_int_equal(everything(&names, &event, &n), IW_OK);
    assert_true(flat_event_from_text(EVENT, &names, &arena, &event));
    iw_alloc_fail_at(0);
    assert_int_equal(everything(&names, &event, &n), IW_OK);
    assert_int_equal(n, 1);
    n_allocations = iw_alloc_count();
    if (n_allocations == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t at = 1; at <= n_allocations; at++) {
        enum iw_rc rc;
        n = 0;
        iw_alloc_fail_at(at);
        rc = everything(&names, &event, &n);
        iw_alloc_fail_at(0);
        /* PCRE2 and the JIT do without some of what they ask for. */
        assert_true(rc == IW_ENOMEM || (rc == IW_OK && n == 1));
    }
    iw_names_done(&names);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
