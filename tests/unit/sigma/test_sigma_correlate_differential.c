/*
 * The correlator says what the definition says: random rules over random streams, held against a
 * reference that looks at every event of every window (tests/support/correlate_reference.c).
 *
 *     test_sigma_correlate_differential [SEED CASES]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "tests/support/correlate_differ.h"

#define CASES 4000U
#define CASE_BYTES 512U

static uint64_t seed = 20260105;
static uint64_t n_cases = CASES;

/* xorshift* */
static uint64_t next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1DU;
}

static void show(const uint8_t *bytes)
{
    struct correlate_case test;
    struct iw_buffer yaml;

    correlate_case_make(bytes, CASE_BYTES, &test);
    iw_buffer_init(&yaml);
    correlate_case_yaml(&test, &yaml);
    (void)fprintf(stderr, "%.*s", IW_STR_ARG(iw_buffer_str(&yaml)));
    for (int i = 0; i < test.n_events; i++) {
        const struct case_event *e = &test.events[i];
        (void)fprintf(stderr, "%d: t%lld rules %x host %d", i, (long long)e->time, e->rules,
                      e->host);
        for (int f = 0; f < 3; f++)
            (void)fprintf(stderr, " %s/%s", e->values[f][0] != NULL ? e->values[f][0] : "-",
                          e->values[f][1] != NULL ? e->values[f][1] : "-");
        (void)fprintf(stderr, "\n");
    }
    iw_buffer_done(&yaml);
}

static void they_agree(void **state)
{
    struct differ_tally tally = {0};

    (void)state;
    for (uint64_t i = 0; i < n_cases; i++) {
        uint64_t random = seed * 0x9E3779B97F4A7C15U + i + 1;
        uint8_t bytes[CASE_BYTES];
        const char *why;
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)(next(&random) >> 40);
        if (correlate_differ(bytes, sizeof bytes, &tally, &why))
            continue;
        (void)fprintf(stderr, "case %llu:\n%s", (unsigned long long)i, why);
        show(bytes);
        fail();
    }
    (void)fprintf(stderr, "%llu cases, %llu refused, %llu reports\n",
                  (unsigned long long)tally.n_cases, (unsigned long long)tally.n_refused,
                  (unsigned long long)tally.n_reports);
    /* Something was compared, of every type. */
    assert_true(tally.n_refused * 10 < tally.n_cases);
    for (size_t i = 0; i < 8; i++)
        assert_true(tally.n_of_type[i] * 100 > tally.n_cases);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(they_agree)};
    if (argc == 3) {
        seed = strtoull(argv[1], NULL, 10);
        n_cases = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
