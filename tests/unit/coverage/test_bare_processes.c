/*
 * Starts of processes without command line or parent: from the first of them to the next that has
 * both nobody could have told what ran. A few, or within the five minutes in which Windows starts,
 * are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "coverage/bare_processes.h"

#define MINUTE (60 * IW_NS_PER_SECOND)
#define END 240 /* of the window, in minutes */
#define MOST 4U

struct minutes {
    int64_t first, last;
    uint64_t n; /* 0: no more */
};

static const struct {
    const char *what;
    struct minutes good[MOST], bare[MOST];
    struct {
        int64_t from, to;
        uint64_t n;
    } spans[2];
} CASES[] = {
    {"nothing", {{0}}, {{0}}, {{0}}},
    {"all have them", {{0, 200, 50}}, {{0}}, {{0}}},
    {"none from an hour on", {{0, 59, 20}}, {{60, 63, 5}, {65, 200, 30}}, {{60, END, 35}}},
    {"none until two hours", {{120, 200, 20}}, {{10, 12, 5}, {90, 95, 5}}, {{10, 120, 10}}},
    {"none between", {{0, 9, 5}, {100, 110, 5}}, {{20, 24, 5}, {25, 29, 5}}, {{20, 100, 10}}},
    {"twice",
     {{0, 9, 5}, {100, 110, 5}},
     {{20, 29, 5}, {120, 129, 4}},
     {{20, 100, 5}, {120, END, 4}}},
    {"two are few", {{0, 9, 5}}, {{20, 20, 1}, {60, 60, 1}}, {{0}}},
    {"three are enough", {{0, 9, 5}}, {{20, 20, 1}, {60, 60, 2}}, {{20, END, 3}}},
    {"five minutes are short", {{0, 9, 5}}, {{20, 25, 9}}, {{0}}},
    {"six are not", {{0, 9, 5}}, {{20, 26, 9}}, {{20, END, 9}}},
    {"the first processes of Windows", {{0, 9, 5}, {61, 200, 50}}, {{60, 60, 12}}, {{0}}},
    {"never any", {{0}}, {{0, 100, 9}}, {{0, END, 9}}},
    /* Of a part that begins among samples its last moment alone is known to lie behind them. */
    {"one part of both", {{0, 9, 5}}, {{5, 10, 7}, {12, 20, 7}}, {{10, END, 8}}},
    {"one among the other", {{0, 30, 50}}, {{5, 25, 7}}, {{0}}},
};

static struct iw_telemetry_sample fill(enum iw_sample_kind kind, const struct minutes *minutes,
                                       struct iw_time_part *parts)
{
    struct iw_telemetry_sample sample = {.kind = kind, .parts = parts};
    for (; sample.n_parts < MOST && minutes[sample.n_parts].n != 0; sample.n_parts++)
        parts[sample.n_parts] =
            (struct iw_time_part){minutes[sample.n_parts].first * MINUTE,
                                  minutes[sample.n_parts].last * MINUTE, minutes[sample.n_parts].n};
    return sample;
}

static void spans_without_fields(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_time_part good[MOST], bare[MOST];
        struct iw_telemetry_sample samples[] = {fill(IW_SAMPLE_PROCESS, CASES[i].good, good),
                                                fill(IW_SAMPLE_BARE_PROCESS, CASES[i].bare, bare)};
        const struct iw_telemetry_channel channel = {.samples = samples, .n_samples = 2};
        const struct iw_log_host host = {.to_ns = END * MINUTE};
        struct iw_bare_span *spans;
        size_t n, wanted = 0;
        assert_int_equal(iw_bare_processes_find(&host, &channel, &arena, &spans, &n), IW_OK);
        for (; wanted < 2 && CASES[i].spans[wanted].n != 0; wanted++) {
            if (wanted >= n || spans[wanted].from_ns != CASES[i].spans[wanted].from * MINUTE ||
                spans[wanted].to_ns != CASES[i].spans[wanted].to * MINUTE ||
                spans[wanted].n_events != CASES[i].spans[wanted].n)
                fail_msg("%s: span %zu of %zu: %lld, %lld", CASES[i].what, wanted, n,
                         n > wanted ? (long long)(spans[wanted].from_ns / MINUTE) : -1,
                         n > wanted ? (long long)spans[wanted].n_events : -1);
        }
        if (n != wanted)
            fail_msg("%s: %zu spans", CASES[i].what, n);
    }
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(spans_without_fields)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
