/*
 * One long silence is one, however many days it covers: it makes no silence beside it usual.
 */
#include "coverage/log_rhythm.h"

#include "coverage/log_gaps.h"

#define DAY_NS (INT64_C(24) * 3600 * IW_NS_PER_SECOND)
#define MOST_DAYS 7
#define MOST_WEEKS 4
#define FEWEST_WEEKS 2U
#define FEWEST_DAYS 6U

/* Days, or weeks, that a silence is held against. */
struct compared {
    unsigned n, n_dense, n_silent;
};

/* The same hours of another day. */
struct hours {
    int64_t from_ns, to_ns;
    int64_t fine_ns; /* a log that is silent no longer than that speaks throughout */
    bool is_dense;
    size_t silent; /* the part behind the silence that takes up most of them; 0: none does */
};

/* They lie within the log, whose ends are less far apart than times can be. */
static void look_at(const struct iw_telemetry_channel *channel, struct hours *hours)
{
    size_t i = iw_first_part_from(channel->parts, channel->n_parts, hours->from_ns);
    hours->is_dense = true;
    hours->silent = 0;
    for (i = i != 0 ? i : 1; i < channel->n_parts; i++) {
        int64_t from_ns = channel->parts[i - 1].last_ns, to_ns = channel->parts[i].first_ns;
        bool is_long = to_ns - from_ns > hours->fine_ns;
        int64_t within_ns;
        if (from_ns >= hours->to_ns)
            return;
        from_ns = from_ns > hours->from_ns ? from_ns : hours->from_ns;
        to_ns = to_ns < hours->to_ns ? to_ns : hours->to_ns;
        within_ns = to_ns - from_ns;
        if (within_ns > 0 && is_long)
            hours->is_dense = false;
        if (within_ns > (hours->to_ns - hours->from_ns) / 4 * 3)
            hours->silent = i;
    }
}

/* The same hours so many steps before (behind) the silence, up to *most*. */
static void compare_side(const struct iw_telemetry_channel *channel, const struct hours *silence,
                         int64_t step_ns, int most, struct compared *into)
{
    int64_t first_ns = channel->parts[0].first_ns;
    int64_t last_ns = channel->parts[channel->n_parts - 1].last_ns;
    int64_t length_ns = silence->to_ns - silence->from_ns;
    size_t before = 0;
    for (int k = 1; k <= most; k++) {
        struct hours hours = *silence;
        if (k * step_ns < length_ns && -k * step_ns < length_ns)
            continue; /* they would be a part of the silence itself */
        if (__builtin_add_overflow(silence->from_ns, k * step_ns, &hours.from_ns) ||
            __builtin_add_overflow(silence->to_ns, k * step_ns, &hours.to_ns) ||
            hours.from_ns < first_ns || hours.to_ns > last_ns)
            return;
        look_at(channel, &hours);
        into->n++;
        into->n_dense += hours.is_dense;
        into->n_silent += hours.silent != 0 && hours.silent != before;
        before = hours.silent;
    }
}

static struct compared compare(const struct iw_telemetry_channel *channel,
                               const struct hours *silence, int64_t step_ns, int most)
{
    struct compared ret = {0, 0, 0};
    compare_side(channel, silence, -step_ns, most, &ret);
    compare_side(channel, silence, step_ns, most, &ret);
    return ret;
}

enum iw_log_rhythm iw_log_rhythm_of(const struct iw_telemetry_channel *channel, int64_t from_ns,
                                    int64_t to_ns)
{
    struct hours silence = {.from_ns = from_ns, .to_ns = to_ns};
    struct compared days, weeks;
    int64_t length_ns, ignored;
    if (channel->n_parts == 0 || to_ns <= from_ns ||
        __builtin_sub_overflow(to_ns, from_ns, &length_ns) ||
        __builtin_sub_overflow(channel->parts[channel->n_parts - 1].last_ns,
                               channel->parts[0].first_ns, &ignored))
        return IW_RHYTHM_UNKNOWN;
    silence.fine_ns = length_ns / 4 > channel->part_ns ? length_ns / 4 : channel->part_ns;
    days = compare(channel, &silence, DAY_NS, MOST_DAYS);
    weeks = compare(channel, &silence, 7 * DAY_NS, MOST_WEEKS);
    if (channel->part_ns <= length_ns / 2 && days.n != 0 && weeks.n >= FEWEST_WEEKS &&
        2 * days.n_dense >= days.n && 4 * weeks.n_dense >= 3 * weeks.n)
        return IW_RHYTHM_ODD;
    if ((weeks.n >= FEWEST_WEEKS && 4 * weeks.n_silent >= 3 * weeks.n) ||
        (days.n >= FEWEST_DAYS && 4 * days.n_silent >= 3 * days.n))
        return IW_RHYTHM_USUAL;
    return IW_RHYTHM_UNKNOWN;
}
