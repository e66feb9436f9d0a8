/*
 * What a responder reads of a correlation that did not hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/correlation_words.h"

#define SECOND IW_NS_PER_SECOND

static void lengths_of_time_are_short(void **state)
{
    static const struct {
        int64_t span_ns;
        const char *words;
    } CASES[] = {
        {0, "0 s"},
        {1, "0.000000001 s"},
        {1500000000, "1.5 s"},
        {10 * SECOND, "10 s"},
        {60 * SECOND, "1 min"},
        {61 * SECOND, "61 s"},
        {600 * SECOND, "10 min"},
        {3600 * SECOND, "1 h"},
        {86400 * SECOND, "24 h"},
        {86461 * SECOND, "1 d 1 min 1 s"},
        {172800 * SECOND, "2 d"},
        {3723 * SECOND + 500000000, "1 h 2 min 3.5 s"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct iw_buffer out;
        iw_buffer_init(&out);
        iw_words_of_span(CASES[i].span_ns, &out);
        iw_buffer_add_char(&out, '\0');
        assert_string_equal(iw_buffer_str(&out).p, CASES[i].words);
        iw_buffer_done(&out);
    }
}

static const struct iw_explained_step_event EVENTS[] = {
    {.step = IW_STR("Script"), .time_ns = 0, .value = IW_STR("WEB1")},
    {.step = IW_STR("Upload"), .time_ns = SECOND, .value = IW_STR("web1")},
    {.step = IW_STR("Shell"), .time_ns = 5 * SECOND, .value = IW_STR("WEB2")}};

static void expect(const struct iw_explained_miss *miss, const char *type, const char *words)
{
    struct iw_correlate_form form = {.type = iw_str_of(type), .condition = IW_STR("at least 5")};
    struct iw_explained_miss own = *miss;
    struct iw_buffer out;
    form.is_temporal = strncmp(type, "temporal", 8) == 0;
    form.counts_values = strcmp(type, "value_count") == 0;
    own.events = EVENTS;
    own.n_shown = own.n_all = 3;
    iw_buffer_init(&out);
    iw_words_of_miss(&own, &form, &out);
    iw_buffer_add_char(&out, '\0');
    assert_string_equal(iw_buffer_str(&out).p, words);
    iw_buffer_done(&out);
}

static void every_kind_has_a_sentence(void **state)
{
    struct iw_explained_miss miss = {.kind = IW_MISS_WINDOW,
                                     .span_ns = 86400 * SECOND,
                                     .needed_ns = 86461 * SECOND,
                                     .number = 3,
                                     .step = IW_STR("Shell"),
                                     .field = IW_STR("Computer")};
    (void)state;
    expect(&miss, "temporal_ordered",
           "'Shell' came 61 s after the 24 h window that 'Script' began");
    expect(&miss, "event_count",
           "the 3 events it takes lie 1 d 1 min 1 s apart, 61 s more than the 24 h window");
    expect(&miss, "value_count",
           "the 3 events with different values it takes lie 1 d 1 min 1 s apart, 61 s more than "
           "the 24 h window");
    miss.kind = IW_MISS_ORDER;
    expect(&miss, "temporal_ordered",
           "all are there within 24 h, but in another order: 'Script' before 'Upload' before "
           "'Shell'");
    miss.kind = IW_MISS_EXCLUDED;
    expect(&miss, "temporal", "'Shell' was there within 24 h, which the condition rules out");
    miss.kind = IW_MISS_VALUE;
    expect(&miss, "event_count",
           "3 events, where the rule asks for at least 5 within 24 h (best window 1970-01-01 "
           "00:00:00.000 to 1970-01-01 00:00:05.000)");
    miss.number = 4.5;
    expect(&miss, "value_avg",
           "avg came to 4.5, where the rule asks for at least 5 within 24 h (best window "
           "1970-01-01 00:00:00.000 to 1970-01-01 00:00:05.000)");
    miss.kind = IW_MISS_RULE;
    expect(&miss, "temporal", "no event of 'Shell'");
    miss.kind = IW_MISS_APART;
    miss.needed_ns = 5 * SECOND;
    expect(&miss, "temporal",
           "Computer differs: WEB1 / WEB2; without it the rule would hold, within 5 s");
}

/* A value of any length is cut between characters. */
static void long_values_are_cut(void **state)
{
    static char title[400];
    const struct iw_explained_miss miss = {.kind = IW_MISS_RULE, .step = {title, sizeof title}};
    struct iw_correlate_form form = {.type = IW_STR("temporal"), .is_temporal = true};
    struct iw_buffer out;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof title; i += 2)
        memcpy(title + i, "\xc3\xa9", 2);
    title[0] = 'x'; /* what follows is no character: the cut falls into one */
    title[1] = 'y';
    memmove(title + 1, title + 2, sizeof title - 2);
    iw_buffer_init(&out);
    iw_words_of_miss(&miss, &form, &out);
    assert_true(iw_buffer_str(&out).n < 160);
    assert_true(iw_str_ends_nocase(iw_buffer_str(&out), IW_STR("\xc3\xa9…'")));
    iw_buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_of_time_are_short),
        cmocka_unit_test(every_kind_has_a_sentence),
        cmocka_unit_test(long_values_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
