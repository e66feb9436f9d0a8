/*
 * The rhythm of a log: silence as it never is, as it often is, and where the log is too short to
 * tell. The rules stand in coverage/log_rhythm.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "coverage/log_rhythm.h"

#define MINUTE (60 * IW_NS_PER_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MOST 8192

static struct iw_time_part parts[MOST];
static struct iw_telemetry_channel channel;

struct span {
    int64_t from_ns, to_ns;
};

static bool is_within(int64_t time_ns, const struct span *spans, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (time_ns > spans[i].from_ns && time_ns < spans[i].to_ns)
            return true;
    }
    return false;
}

/* Moments every quarter of an hour from 0 on, but inside of the silences. */
static void speak(int64_t days, const struct span *silences, size_t n)
{
    channel = (struct iw_telemetry_channel){.parts = parts, .part_ns = 5 * MINUTE};
    for (int64_t time_ns = 0; time_ns <= days * DAY; time_ns += 15 * MINUTE) {
        if (is_within(time_ns, silences, n))
            continue;
        assert_true(channel.n_parts < MOST);
        parts[channel.n_parts++] = (struct iw_time_part){time_ns, time_ns, 1};
    }
}

static enum iw_log_rhythm ask(const struct span *silence)
{
    return iw_log_rhythm_of(&channel, silence->from_ns, silence->to_ns);
}

static void a_dense_log(void **state)
{
    const struct span noon = {30 * DAY + 12 * HOUR, 30 * DAY + 14 * HOUR};
    (void)state;
    speak(60, &noon, 1);
    assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
    speak(44, &noon, 1); /* two weeks before it, and two behind it, but for the last hours */
    assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
    channel.part_ns = HOUR; /* as long as half of it: more is not known */
    assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
    channel.part_ns++;
    assert_int_equal(ask(&noon), IW_RHYTHM_UNKNOWN);
}

/* Two weeks at least, on whichever side. */
static void a_short_log(void **state)
{
    struct span noon = {6 * DAY + 12 * HOUR, 6 * DAY + 14 * HOUR};
    (void)state;
    speak(20, &noon, 1); /* one week behind it */
    assert_int_equal(ask(&noon), IW_RHYTHM_UNKNOWN);
    speak(21, &noon, 1);
    assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
    noon = (struct span){15 * DAY - 2 * HOUR, 15 * DAY};
    speak(15, &noon, 1);
    assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
    channel.n_parts = 0;
    assert_int_equal(ask(&noon), IW_RHYTHM_UNKNOWN);
}

/* Silent for a quarter of it at that hour of other weeks: it speaks throughout; a moment longer on
 * more than a quarter of the weeks: it does not. */
static void how_dense(void **state)
{
    const struct span noon = {30 * DAY + 12 * HOUR, 30 * DAY + 14 * HOUR};
    struct span silences[4];
    (void)state;
    for (size_t n = 0; n < 4; n++) {
        silences[0] = noon;
        for (size_t i = 1; i <= n; i++) { /* weeks before */
            int64_t from_ns = noon.from_ns - (int64_t)i * 7 * DAY;
            silences[i] = (struct span){from_ns + HOUR, from_ns + HOUR + 30 * MINUTE};
        }
        speak(60, silences, n + 1);
        assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
        for (size_t i = 1; i <= n; i++)
            silences[i].to_ns += 15 * MINUTE;
        speak(60, silences, n + 1);
        assert_int_equal(ask(&noon), n <= 2 ? IW_RHYTHM_ODD : IW_RHYTHM_UNKNOWN);
    }
}

static void nights_and_weekends(void **state)
{
    static struct span silences[80];
    const struct span noon = {30 * DAY + 12 * HOUR, 30 * DAY + 14 * HOUR};
    size_t n = 0;
    (void)state;
    for (int64_t day = 0; day < 60; day++) /* every night, and two days of each week */
        silences[n++] = day % 7 == 6 ? (struct span){day * DAY + 18 * HOUR, day * DAY + 80 * HOUR}
                                     : (struct span){day * DAY + 18 * HOUR, day * DAY + 32 * HOUR};
    silences[n++] = noon;
    speak(60, silences, n);
    for (size_t i = 2; i < 59; i++) {
        if (i % 7 >= 2 && i % 7 <= 5) /* the others lie in a weekend */
            assert_int_equal(ask(&silences[i]), IW_RHYTHM_USUAL);
    }
    assert_int_equal(ask(&silences[27]), IW_RHYTHM_USUAL); /* a weekend */
    assert_int_equal(ask(&noon), IW_RHYTHM_ODD);
    /* Six nights are enough: of the last one the log must show that it ends. */
    speak(10, silences, n);
    assert_int_equal(ask(&silences[3]), IW_RHYTHM_USUAL);
    speak(9, silences, n);
    assert_int_equal(ask(&silences[3]), IW_RHYTHM_UNKNOWN);
}

/* Years of a template in store, or weeks in which it was off, are one silence. */
static void one_long_silence_excuses_none(void **state)
{
    const struct span silences[] = {{DAY, 50 * DAY}, {50 * DAY + 12 * HOUR, 51 * DAY}};
    (void)state;
    speak(52, silences, 2);
    assert_int_equal(ask(&silences[1]), IW_RHYTHM_UNKNOWN);
    assert_int_equal(ask(&silences[0]), IW_RHYTHM_UNKNOWN);
}

/* Before its first event, and behind its last. */
static void at_an_end(void **state)
{
    const struct span late = {-2 * HOUR, 0}, early = {30 * DAY, 30 * DAY + 2 * HOUR};
    (void)state;
    speak(30, NULL, 0);
    assert_int_equal(ask(&late), IW_RHYTHM_ODD);
    assert_int_equal(ask(&early), IW_RHYTHM_ODD);
}

static void ends_of_time(void **state)
{
    const struct span all = {INT64_MIN + 1, INT64_MAX}, none = {5, 5};
    const struct span last = {INT64_MAX - HOUR, INT64_MAX},
                      first = {INT64_MIN + 1, INT64_MIN + HOUR};
    (void)state;
    speak(30, NULL, 0);
    assert_int_equal(ask(&all), IW_RHYTHM_UNKNOWN);
    assert_int_equal(ask(&none), IW_RHYTHM_UNKNOWN);
    assert_int_equal(ask(&last), IW_RHYTHM_UNKNOWN);
    assert_int_equal(ask(&first), IW_RHYTHM_UNKNOWN);
    parts[0].first_ns = parts[0].last_ns = INT64_MIN + 1;
    parts[channel.n_parts - 1].first_ns = parts[channel.n_parts - 1].last_ns = INT64_MAX;
    assert_int_equal(ask(&all), IW_RHYTHM_UNKNOWN);
    assert_int_equal(ask(&last), IW_RHYTHM_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dense_log),
        cmocka_unit_test(a_short_log),
        cmocka_unit_test(how_dense),
        cmocka_unit_test(nights_and_weekends),
        cmocka_unit_test(one_long_silence_excuses_none),
        cmocka_unit_test(at_an_end),
        cmocka_unit_test(ends_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
