/*
 * When a log is silent.
 *
 * Left out on purpose: silence of all sources at once (the machine was off, or nothing tells it
 * from that); silence of a log that speaks only when somebody acts (IIS-Configuration).
 */
#include "coverage/log_gaps_inside.h"

#include "coverage/log_rhythm.h"
#include "event/channel.h"

#define FEWEST_PAUSES 3U
/* So late after the first sign of life the kernel's own record of the start may be stamped. */
#define START_TAKES_NS (INT64_C(300) * IW_NS_PER_SECOND)

int64_t iw_log_usual_pause(const struct iw_telemetry_channel *channel)
{
    int64_t sum = 0, longest = 0;
    if (channel->n_parts < FEWEST_PAUSES + 1)
        return 0;
    for (size_t i = 1; i < channel->n_parts; i++) {
        int64_t pause;
        if (__builtin_sub_overflow(channel->parts[i].first_ns, channel->parts[i - 1].last_ns,
                                   &pause) ||
            __builtin_add_overflow(sum, pause, &sum))
            return INT64_MAX;
        longest = pause > longest ? pause : longest;
    }
    return (sum - longest) / (int64_t)(channel->n_parts - 2);
}

int64_t iw_longest_pause(const struct iw_time_part *parts, size_t n)
{
    int64_t longest = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t pause = iw_span_length(parts[i - 1].last_ns, parts[i].first_ns);
        longest = pause > longest ? pause : longest;
    }
    return longest;
}

static void set_silence(struct iw_gap_gathering *in)
{
    int64_t pause = iw_log_usual_pause(in->channel);
    in->silence_ns = IW_SILENCE_NS;
    if (pause > IW_SILENCE_NS / IW_SILENCE_PAUSES)
        in->silence_ns =
            pause > INT64_MAX / IW_SILENCE_PAUSES ? INT64_MAX : pause * IW_SILENCE_PAUSES;
    if (!iw_gap_speaks_by_itself(in))
        in->silence_ns = INT64_MAX;
}

/* The longest time in which no other source of the host tells of anything between the two moments:
 * the machine may have been off. When it comes up, some log is the first. */
static enum iw_rc longest_of_all(const struct iw_gap_gathering *in, int64_t from_ns, int64_t to_ns,
                                 int64_t *ret_ns)
{
    struct iw_span_set window = {.arena = in->arena}, told = {.arena = in->arena},
                       silent = {.arena = in->arena};
    for (size_t i = 0; i < in->host->n_channels; i++) {
        const struct iw_telemetry_channel *other = &in->host->channels[i];
        if (other == in->channel)
            continue;
        /* what ends where the silence begins tells nothing of it */
        for (size_t k = iw_first_part_from(other->parts, other->n_parts, from_ns + 1);
             k < other->n_parts && other->parts[k].first_ns < to_ns; k++) {
            const struct iw_time_part *part = &other->parts[k];
            IW_TRY(iw_span_set_add(&told, part->first_ns,
                                   part->last_ns < INT64_MAX ? part->last_ns + 1 : INT64_MAX));
        }
    }
    iw_span_set_settle(&told);
    IW_TRY(iw_span_set_add(&window, from_ns, to_ns));
    IW_TRY(iw_span_set_without(&window, &told, &silent));
    *ret_ns = 0;
    for (size_t i = 0; i < silent.n; i++) {
        int64_t length = iw_span_length(silent.items[i].from_ns, silent.items[i].to_ns);
        *ret_ns = length > *ret_ns ? length : *ret_ns;
    }
    return IW_OK;
}

/* How long others must go on for a silence to count; INT64_MAX: it does not, however long they do.
 * Between two events it may be usual; at an end nothing shows that the log goes on. */
static int64_t silence_counts_from(const struct iw_gap_gathering *in, int64_t from_ns,
                                   int64_t to_ns, bool is_between)
{
    enum iw_log_rhythm rhythm;
    if (in->silence_ns == INT64_MAX || !iw_span_is_longer(from_ns, to_ns, IW_SILENCE_NS))
        return INT64_MAX;
    rhythm = iw_log_rhythm_of(in->channel, from_ns, to_ns);
    if (iw_span_is_longer(from_ns, to_ns, in->silence_ns))
        return is_between && rhythm == IW_RHYTHM_USUAL ? INT64_MAX : in->silence_ns;
    return rhythm == IW_RHYTHM_ODD ? IW_SILENCE_NS : INT64_MAX;
}

static bool is_end(const struct iw_gap_gathering *in, int64_t from_ns, int64_t to_ns)
{
    return silence_counts_from(in, from_ns, to_ns, false) != INT64_MAX;
}

static enum iw_rc find_ends(struct iw_gap_gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    int64_t first_ns = channel->parts[0].first_ns;
    int64_t last_ns = channel->parts[channel->n_parts - 1].last_ns;
    in->lack = IW_LACK_ROOM;
    if (is_end(in, in->host->from_ns, first_ns))
        IW_TRY(iw_gap_add(in, in->host->from_ns, first_ns, IW_GAP_OF_ALL,
                          iw_arena_format(in->arena, "%.*s begins at %.*s",
                                          IW_STR_ARG(iw_gap_log_name(in)),
                                          IW_STR_ARG(iw_log_time(first_ns, in->arena)))));
    in->lack = IW_LACK_COPY;
    if (is_end(in, last_ns, in->host->to_ns - 1))
        IW_TRY(iw_gap_add(in, last_ns + 1, in->host->to_ns, IW_GAP_OF_ALL,
                          iw_arena_format(in->arena, "%.*s ends at %.*s",
                                          IW_STR_ARG(iw_gap_log_name(in)),
                                          IW_STR_ARG(iw_log_time(last_ns, in->arena)))));
    return IW_OK;
}

/* Whether a log in which a start of Windows would stand speaks on both sides of a span. */
static bool would_tell_start(const struct iw_log_host *host, int64_t from_ns, int64_t to_ns)
{
    for (size_t i = 0; i < host->n_channels; i++) {
        const struct iw_telemetry_channel *channel = &host->channels[i];
        bool tells = iw_str_equal_nocase(channel->channel, IW_STR("System")) ||
                     iw_str_equal_nocase(channel->channel, IW_STR(IW_CHANNEL_SECURITY));
        if (tells && channel->n_parts != 0 && channel->parts[0].first_ns <= from_ns &&
            channel->parts[channel->n_parts - 1].last_ns >= to_ns)
            return true;
    }
    return false;
}

/* Whether the clock was set over the silence, or over so much of it that what is left does not
 * count: that time never was. Setting it by a second, as happens every day, explains nothing. */
static bool leaps_over(const struct iw_switch *own, int64_t from_ns, int64_t to_ns,
                       int64_t counts_ns)
{
    int64_t leap_ns, left_ns;
    if (!iw_time_known(own->old_ns) || !iw_time_known(own->new_ns) ||
        __builtin_sub_overflow(own->new_ns, own->old_ns, &leap_ns) || leap_ns <= 0 ||
        __builtin_sub_overflow(to_ns, from_ns, &left_ns))
        return false;
    return left_ns - leap_ns <= counts_ns;
}

/* When Windows ended in a silence, as the kernel told at the next start, where it ran on in it for
 * longer than counts; INT64_MAX: it did not, or nobody tells. */
static int64_t ended_late(const struct iw_log_host *host, int64_t from_ns, int64_t to_ns,
                          int64_t counts_ns)
{
    for (size_t i = iw_log_first_switch(host, from_ns); i < host->n_switches; i++) {
        const struct iw_switch *own = &host->switches[i];
        if (own->time_ns >= to_ns)
            break;
        if (own->kind == IW_SWITCH_WINDOWS_ENDED)
            return iw_span_is_longer(from_ns, own->time_ns, counts_ns) ? own->time_ns : INT64_MAX;
    }
    return INT64_MAX;
}

/* Whether all sources are silent between the moments because nothing could happen: Windows starts
 * behind it, or the clock was set past it. Where nobody would tell, that is taken for so. */
static bool may_have_been_off(const struct iw_gap_gathering *in, int64_t from_ns, int64_t to_ns,
                              int64_t counts_ns)
{
    int64_t late_ns;
    if (__builtin_add_overflow(to_ns, START_TAKES_NS, &late_ns))
        late_ns = INT64_MAX;
    for (size_t i = iw_log_first_switch(in->host, from_ns); i < in->host->n_switches; i++) {
        const struct iw_switch *own = &in->host->switches[i];
        bool explains =
            own->kind == IW_SWITCH_WINDOWS_STARTED ||
            (own->kind == IW_SWITCH_CLOCK_SET && leaps_over(own, from_ns, to_ns, counts_ns));
        if (own->time_ns > late_ns)
            break;
        if (explains && own->time_ns > from_ns)
            return true;
    }
    return !would_tell_start(in->host, from_ns, to_ns);
}

static struct iw_str silence_words(const struct iw_gap_gathering *in, int64_t from_ns,
                                   int64_t to_ns, bool is_of_all, int64_t ended_ns)
{
    struct iw_str name = iw_gap_log_name(in), from = iw_log_time(from_ns, in->arena);
    struct iw_str to = iw_log_time(to_ns, in->arena);
    if (is_of_all && ended_ns != INT64_MAX)
        return iw_arena_format(in->arena,
                               "%.*s is silent from %.*s to %.*s as all are, and Windows ended at "
                               "%.*s",
                               IW_STR_ARG(name), IW_STR_ARG(from), IW_STR_ARG(to),
                               IW_STR_ARG(iw_log_time(ended_ns, in->arena)));
    return iw_arena_format(in->arena, "%.*s is silent from %.*s to %.*s %s", IW_STR_ARG(name),
                           IW_STR_ARG(from), IW_STR_ARG(to),
                           is_of_all ? "as all are, and Windows did not start behind it"
                                     : "while others go on");
}

static enum iw_rc find_between(struct iw_gap_gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    in->lack = IW_LACK_UNBROKEN;
    for (size_t i = 1; i < channel->n_parts; i++) {
        int64_t from_ns = channel->parts[i - 1].last_ns, to_ns = channel->parts[i].first_ns;
        int64_t counts_ns = silence_counts_from(in, from_ns, to_ns, true), of_all, ended_ns;
        bool is_of_all;
        if (counts_ns == INT64_MAX)
            continue;
        IW_TRY(longest_of_all(in, from_ns, to_ns, &of_all));
        ended_ns = ended_late(in->host, from_ns, to_ns, counts_ns);
        is_of_all = of_all > counts_ns && !iw_span_is_longer(from_ns, to_ns - of_all, counts_ns);
        if (is_of_all && ended_ns == INT64_MAX && may_have_been_off(in, from_ns, to_ns, counts_ns))
            continue; /* others hardly went on */
        IW_TRY(iw_gap_add(in, from_ns + 1, is_of_all && ended_ns < to_ns ? ended_ns : to_ns,
                          IW_GAP_OF_ALL, silence_words(in, from_ns, to_ns, is_of_all, ended_ns)));
    }
    return IW_OK;
}

enum iw_rc iw_gap_find_silence(struct iw_gap_gathering *in)
{
    set_silence(in);
    IW_TRY(find_ends(in));
    return find_between(in);
}
