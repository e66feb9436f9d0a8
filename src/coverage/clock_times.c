#include "coverage/clock_times.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "event/event.h"
#include "event/web_log.h"

struct correcting {
    const struct iw_clock_times *of;
    struct iw_arena *arena;
    struct iw_str *notes;
    size_t n_notes;
};

static int compare_parts(const void *left, const void *right)
{
    const struct iw_time_part *a = left, *b = right;
    return (a->first_ns > b->first_ns) - (a->first_ns < b->first_ns);
}

static enum iw_rc move_parts(const struct correcting *in, size_t clock, struct iw_time_part **parts,
                             size_t n)
{
    struct iw_time_part *moved = iw_arena_alloc(in->arena, (n + 1) * sizeof *moved);
    if (moved == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        moved[i] = (*parts)[i];
        moved[i].first_ns = iw_clocks_correct_by(in->of->clocks, clock, moved[i].first_ns);
        moved[i].last_ns = iw_clocks_correct_by(in->of->clocks, clock, moved[i].last_ns);
        if (moved[i].last_ns < moved[i].first_ns) /* the hour in which summer time ends */
            moved[i].last_ns = moved[i].first_ns;
    }
    if (n > 1)
        qsort(moved, n, sizeof *moved, compare_parts);
    *parts = moved;
    return IW_OK;
}

static void move(const struct correcting *in, size_t clock, int64_t *time_ns)
{
    if (iw_time_known(*time_ns))
        *time_ns = iw_clocks_correct_by(in->of->clocks, clock, *time_ns);
}

static enum iw_rc move_channel(const struct correcting *in, size_t clock,
                               struct iw_telemetry_channel *channel)
{
    struct iw_record_gap *gaps = iw_arena_alloc(in->arena, (channel->n_gaps + 1) * sizeof *gaps);
    struct iw_telemetry_sample *samples =
        iw_arena_alloc(in->arena, (channel->n_samples + 1) * sizeof *samples);
    struct iw_record_run *runs = iw_arena_alloc(in->arena, (channel->n_runs + 1) * sizeof *runs);
    if (gaps == NULL || samples == NULL || runs == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < channel->n_runs; i++) {
        runs[i] = channel->runs[i];
        move(in, clock, &runs[i].first_ns);
        move(in, clock, &runs[i].last_ns);
    }
    for (size_t i = 0; i < channel->n_gaps; i++) {
        gaps[i] = channel->gaps[i];
        move(in, clock, &gaps[i].after_ns);
        move(in, clock, &gaps[i].before_ns);
    }
    for (size_t i = 0; i < channel->n_samples; i++) {
        samples[i] = channel->samples[i];
        IW_TRY(move_parts(in, clock, &samples[i].parts, samples[i].n_parts));
    }
    channel->gaps = gaps;
    channel->runs = runs;
    move(in, clock, &channel->ids.first_ns);
    move(in, clock, &channel->ids.last_ns);
    channel->samples = samples;
    move(in, clock, &channel->first_ns);
    move(in, clock, &channel->last_ns);
    return move_parts(in, clock, &channel->parts, channel->n_parts);
}

/* Other files of an export's folder have another clock. */
static bool is_json(const struct correcting *in, uint32_t source)
{
    return iw_str_equal(in->of->ledger->sources[source].kind, IW_STR("json"));
}

/* Whether any of its files is of a clock that is off. */
static bool is_touched(const struct correcting *in, const struct iw_telemetry_channel *channel)
{
    for (size_t i = 0; i < channel->n_sources; i++) {
        size_t clock = iw_clocks_common(in->of->clocks, &channel->sources[i], 1, in->of->host);
        if (is_json(in, channel->sources[i]) && iw_clocks_is_off(in->of->clocks, clock))
            return true;
    }
    return false;
}

static bool is_all_json(const struct correcting *in, const struct iw_telemetry_channel *channel)
{
    for (size_t i = 0; i < channel->n_sources; i++) {
        if (!is_json(in, channel->sources[i]))
            return false;
    }
    return true;
}

static enum iw_rc note(struct correcting *in, struct iw_str text)
{
    if (text.p == NULL)
        return IW_ENOMEM;
    in->notes[in->n_notes++] = text;
    return IW_OK;
}

static enum iw_rc correct(struct correcting *in, struct iw_telemetry_channel *channel)
{
    int64_t first_ns, minutes;
    size_t clock;
    if (channel->n_parts == 0 || iw_channel_is_sysmon(channel->channel) ||
        iw_channel_is_web_log(channel->channel) || !is_touched(in, channel))
        return IW_OK;
    clock = iw_clocks_common(in->of->clocks, channel->sources, channel->n_sources, in->of->host);
    if (channel->sources_cut || !is_all_json(in, channel) ||
        !iw_clocks_is_off(in->of->clocks, clock)) {
        channel->n_runs = 0; /* a copy of another clock is no other log */
        return note(in, iw_arena_format(in->arena,
                                        "times of %.*s are in part those of a JSON export with a "
                                        "local clock: they are taken here as they were written",
                                        IW_STR_ARG(channel->channel)));
    }
    first_ns = channel->parts[0].first_ns;
    IW_TRY(move_channel(in, clock, channel));
    minutes = (first_ns - iw_clocks_correct_by(in->of->clocks, clock, first_ns)) /
              (60 * IW_NS_PER_SECOND);
    return note(in,
                iw_arena_format(in->arena,
                                "times of %.*s are corrected: its JSON export has a local "
                                "clock, %" PRId64 ":%02" PRId64 " h %s UTC at its beginning",
                                IW_STR_ARG(channel->channel), (int64_t)llabs(minutes) / 60,
                                (int64_t)llabs(minutes) % 60, minutes < 0 ? "behind" : "ahead of"));
}

enum iw_rc iw_clock_times_correct(const struct iw_clock_times *of, struct iw_arena *arena,
                                  const struct iw_telemetry_channel **ret_channels,
                                  struct iw_text_list *ret_notes)
{
    struct correcting in = {.of = of, .arena = arena};
    struct iw_telemetry_channel *channels;
    *ret_channels = of->channels;
    *ret_notes = (struct iw_text_list){NULL, 0};
    if (of->clocks == NULL || of->ledger == NULL || !iw_clocks_corrects(of->clocks))
        return IW_OK;
    channels = iw_arena_alloc(arena, (of->n_channels + 1) * sizeof *channels);
    in.notes = iw_arena_alloc(arena, (of->n_channels + 1) * sizeof *in.notes);
    if (channels == NULL || in.notes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < of->n_channels; i++) {
        channels[i] = of->channels[i];
        IW_TRY(correct(&in, &channels[i]));
    }
    *ret_channels = channels;
    *ret_notes = (struct iw_text_list){in.notes, in.n_notes};
    return IW_OK;
}
