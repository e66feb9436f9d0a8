/*
 * What rules ask of telemetry. Expectations come from what Sigma says of a field that is absent:
 * every comparison with it is false but null and `exists: false`, and what is negated is true.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "sigma/sigma_demand.h"
#include "tests/support/skip_because.h"

static struct iw_names names;
static struct iw_rule_account account;
static struct iw_sigma_ruleset *ruleset;
static struct iw_sigma_demands demands;

static void load(const char *yaml)
{
    struct iw_sigma_compiler *compiler;
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_int_equal(iw_sigma_compiler_add(compiler, "x.yml", false, iw_str_of(yaml)), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    iw_sigma_demands_init(&demands);
}

static void unload(void)
{
    iw_sigma_demands_done(&demands);
    iw_sigma_ruleset_free(ruleset);
    iw_rule_account_done(&account);
    iw_names_done(&names);
}

/* "Security 4624, System *: LogonType, IpAddress/WorkstationName" */
static void describe(const struct iw_sigma_demand *demand, struct iw_buffer *out)
{
    for (size_t i = 0; i < demand->n_sources; i++) {
        const struct iw_demand_source *source = &demand->sources[i];
        iw_buffer_printf(out, "%s%.*s ", i != 0 ? ", " : "",
                         source->channel.n != 0 ? (int)source->channel.n : 3,
                         source->channel.n != 0 ? source->channel.p : "any");
        if (source->event_id == IW_DEMAND_ANY_ID)
            iw_buffer_add_char(out, '*');
        else
            iw_buffer_printf(out, "%u", source->event_id);
    }
    iw_buffer_add_char(out, ':');
    for (size_t i = 0; i < demand->n_choices; i++) {
        for (size_t k = 0; k < demand->choices[i].n; k++)
            iw_buffer_printf(out, "%s%.*s",
                             k != 0   ? "/"
                             : i != 0 ? ", "
                                      : " ",
                             IW_STR_ARG(iw_names_text(&names, demand->choices[i].fields[k])));
    }
}

static void assert_demand(const char *yaml, const char *wanted)
{
    struct iw_buffer text;
    load(yaml);
    assert_int_equal(iw_sigma_demands_find(ruleset, NULL, NULL, &demands), IW_OK);
    iw_buffer_init(&text);
    for (size_t i = 0; i < demands.n; i++) {
        if (i != 0)
            iw_buffer_add_char(&text, '\n');
        describe(&demands.items[i], &text);
    }
    iw_buffer_add_char(&text, '\0');
    if (strcmp(text.p, wanted) != 0)
        fail_msg("of\n%s\nasked:\n%s\nwanted:\n%s", yaml, text.p, wanted);
    iw_buffer_done(&text);
    unload();
}

#define PROCESS "title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n"
#define SECURITY "title: t\nlogsource: {product: windows, service: security}\ndetection:\n"
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define BOTH SYSMON " 1, Security 4688:"

struct demand_case {
    const char *yaml, *wanted;
};

static void fields(void **state)
{
    static const struct demand_case CASES[] = {
        {PROCESS "  a: {CommandLine|contains: x}\n  condition: a\n", BOTH " CommandLine"},
        {PROCESS "  a: {CommandLine|contains: x, Image|endswith: y}\n  condition: a\n",
         BOTH " Image, CommandLine"},
        {PROCESS "  a: {Image: x}\n  b: {OriginalFileName: y}\n  condition: a or b\n",
         BOTH " Image/OriginalFileName"},
        {PROCESS "  a:\n    - Image: x\n    - OriginalFileName: y\n  condition: a\n",
         BOTH " Image/OriginalFileName"},
        {PROCESS "  a: {Image: x}\n  b: {Product: y}\n  c: {Company: z}\n"
                 "  condition: (a or b) and (a or c)\n",
         BOTH " Image/Company, Image/Product"},
        {PROCESS "  a: {Image: x}\n  b: {User: y}\n  c: {Company: z}\n  d: {Details: u}\n"
                 "  e: {Hashes: v}\n  condition: 1 of them\n",
         BOTH " Image/User/Hashes/Details/Company"},
        {PROCESS "  a: {Image: x}\n  f: {ParentImage: y}\n  condition: a and not f\n",
         BOTH " Image"},
        {PROCESS "  f: {ParentImage: y}\n  condition: not f\n", BOTH},
        {PROCESS "  a: {ParentImage: null}\n  condition: a\n", BOTH},
        {PROCESS "  a: {ParentImage|exists: false}\n  condition: a\n", BOTH},
        {PROCESS "  a: {ParentImage|neq: x}\n  condition: a\n", BOTH},
        {PROCESS "  a: {CommandLine: ''}\n  condition: a\n", BOTH},
        {PROCESS "  a: {CommandLine: '*'}\n  condition: a\n", BOTH},
        {PROCESS "  a: {CommandLine: '-'}\n  condition: a\n", BOTH},
        {PROCESS "  a: {CommandLine: ['-', x]}\n  condition: a\n", BOTH},
        {PROCESS "  a: {CommandLine|re: '^$'}\n  condition: a\n", BOTH},
        {PROCESS "  a: {CommandLine|re: 'x+'}\n  condition: a\n", BOTH " CommandLine"},
        {PROCESS "  a: {CommandLine|fieldref: ParentCommandLine}\n  condition: a\n",
         BOTH " CommandLine"},
        {PROCESS "  k: [mimikatz, procdump]\n  condition: k\n", BOTH},
        {PROCESS "  k: [mimikatz]\n  a: {User: x}\n  condition: k and a\n", BOTH " User"},
        /* What stands in System is in every record. */
        {PROCESS "  a: {Provider_Name: x, Level: 4, Execution_ProcessID: 4, User: x}\n"
                 "  condition: a\n",
         BOTH " User"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_demand(CASES[i].yaml, CASES[i].wanted);
}

static void sources(void **state)
{
    static const struct demand_case CASES[] = {
        {SECURITY "  a: {EventID: 4624, LogonType: 3}\n  condition: a\n",
         "Security 4624: LogonType"},
        {SECURITY "  a: {EventID: [4728, 4624], LogonType: 3}\n  condition: a\n",
         "Security 4624, Security 4728: LogonType"},
        {SECURITY "  a: {LogonType: 3}\n  condition: a\n", "Security *: LogonType"},
        {SECURITY "  a: {EventID: 1102}\n  condition: a\n", "Security 1102:"},
        {"title: t\nlogsource: {product: windows}\ndetection:\n  a: {Image: x}\n  condition: a\n",
         "any *: Image"},
        {"title: t\nlogsource: {product: windows}\ndetection:\n  a: {Image: x, EventID: 11}\n"
         "  condition: a\n",
         "any 11: Image"},
        {"title: t\nlogsource: {product: windows, category: registry_add}\ndetection:\n"
         "  a: {TargetObject: x}\n  condition: a\n",
         SYSMON " 12, Security 4657: TargetObject, EventType"},
        /* A rule of every channel stands in every list, and is one of any channel all the same. */
        {SECURITY "  a: {EventID: 4624, LogonType: 3}\n  condition: a\n---\n"
                  "title: u\nlogsource: {product: windows}\ndetection:\n  a: {Image: x}\n"
                  "  condition: a\n---\n" SECURITY "  a: {LogonType: 3}\n  condition: a\n",
         "Security 4624: LogonType\nany *: Image\nSecurity *: LogonType"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_demand(CASES[i].yaml, CASES[i].wanted);
}

static bool is_second(void *context, const struct iw_sigma_rule *rule)
{
    ++*(size_t *)context;
    return rule->account_index == 1;
}

/* Rules that ask for the same are one demand, whatever they look for. */
static void equal_rules_are_one(void **state)
{
    static const char RULES[] = PROCESS "  a: {CommandLine|contains: x}\n  condition: a\n---\n" //
        PROCESS "  a: {User: x}\n  condition: a\n---\n"                                         //
        PROCESS "  b: {CommandLine|endswith: [y, z]}\n  f: {User: y}\n  condition: b and not f\n";
    size_t n_asked = 0;
    (void)state;
    load(RULES);
    assert_int_equal(iw_sigma_demands_find(ruleset, NULL, NULL, &demands), IW_OK);
    assert_int_equal(demands.n, 2);
    assert_int_equal(demands.items[0].n_rules, 2);
    assert_int_equal(demands.items[0].rules[0], 0);
    assert_int_equal(demands.items[0].rules[1], 2);
    assert_int_equal(demands.items[1].n_rules, 1);
    assert_int_equal(demands.items[1].rules[0], 1);
    assert_true(demands.items[0].by_taxonomy);
    iw_sigma_demands_done(&demands);
    iw_sigma_demands_init(&demands);
    assert_int_equal(iw_sigma_demands_find(ruleset, is_second, &n_asked, &demands), IW_OK);
    assert_int_equal(n_asked, 3);
    assert_int_equal(demands.n, 1);
    assert_int_equal(demands.items[0].n_rules, 1);
    assert_int_equal(demands.items[0].rules[0], 1);
    unload();
}

/* (F0 or F1) and F2 and F3 …: a rule of *n* fields. */
static size_t count_choices(size_t n, size_t *ret_longest)
{
    struct iw_buffer yaml;
    size_t n_choices;
    iw_buffer_init(&yaml);
    iw_buffer_add(&yaml, IW_STR(SECURITY "  a: {F0: x}\n  b: {F1: x}\n  c:\n"));
    for (size_t i = 2; i < n; i++)
        iw_buffer_printf(&yaml, "    F%zu: x\n", i);
    iw_buffer_add(&yaml, IW_STR("  condition: (a or b) and c\n"));
    iw_buffer_add_char(&yaml, '\0');
    load(yaml.p);
    iw_buffer_done(&yaml);
    assert_int_equal(iw_sigma_demands_find(ruleset, NULL, NULL, &demands), IW_OK);
    assert_int_equal(demands.n, 1);
    n_choices = demands.items[0].n_choices;
    *ret_longest = 0;
    for (size_t i = 0; i < n_choices; i++) {
        if (demands.items[0].choices[i].n > *ret_longest)
            *ret_longest = demands.items[0].choices[i].n;
    }
    unload();
    return n_choices;
}

/* Up to the limit pairs are found; past it single fields alone, which asks for less. */
static void many_fields(void **state)
{
    size_t longest;
    (void)state;
    assert_int_equal(count_choices(IW_LIMIT_DEMAND_FIELDS, &longest), IW_LIMIT_DEMAND_FIELDS - 1);
    assert_int_equal(longest, 2);
    assert_int_equal(count_choices(IW_LIMIT_DEMAND_FIELDS + 1, &longest),
                     IW_LIMIT_DEMAND_FIELDS - 1);
    assert_int_equal(longest, 1);
    /* More than there are bits for: the rest is taken to be there. */
    assert_true(count_choices(200, &longest) < 64);
}

static void every_allocation_may_fail(void **state)
{
    uint64_t n = 1;
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    load(PROCESS "  a: {CommandLine|re: x, Image: y}\n  condition: a\n---\n" SECURITY
                 "  a: {EventID: 1, B: 2}\n  condition: a\n");
    for (;; n++) {
        enum iw_rc rc;
        iw_sigma_demands_done(&demands);
        iw_sigma_demands_init(&demands);
        iw_alloc_fail_at(n);
        rc = iw_sigma_demands_find(ruleset, NULL, NULL, &demands);
        if (iw_alloc_count() < n)
            break;
        if (rc == IW_OK) /* a stack for compiled expressions is not needed */
            assert_int_equal(demands.n, 2);
        else
            assert_int_equal(rc, IW_ENOMEM);
    }
    iw_alloc_fail_at(0);
    assert_int_equal(demands.n, 2);
    assert_true(n > 5);
    unload();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(sources),
        cmocka_unit_test(many_fields),
        cmocka_unit_test(equal_rules_are_one),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
