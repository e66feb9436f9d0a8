/*
 * What is missing by the ids of records, and by damage of files.
 */
#include "coverage/log_gaps_inside.h"

#include <inttypes.h>

#include "coverage/log_lives.h"
#include "coverage/record_runs.h"

/* So many parts of time tell what pauses a log makes. */
#define FEWEST_PARTS 24U

static struct iw_str jump_words(const struct iw_gap_gathering *in, const struct iw_record_gap *gap)
{
    uint64_t n = gap->before - gap->after - 1;
    if (n == 1)
        return iw_arena_format(in->arena, "record %" PRIu64 " of %.*s is missing", gap->after + 1,
                               IW_STR_ARG(iw_gap_log_name(in)));
    return iw_arena_format(in->arena,
                           "%" PRIu64 " records of %.*s are missing, from %" PRIu64 " on", n,
                           IW_STR_ARG(iw_gap_log_name(in)), gap->after + 1);
}

static enum iw_rc add_jumps(struct iw_gap_gathering *in, const struct iw_record_gap *gaps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct iw_record_gap *gap = &gaps[i];
        bool is_timed = iw_time_known(gap->after_ns) && iw_time_known(gap->before_ns);
        bool is_forward = is_timed && gap->after_ns < gap->before_ns;
        IW_TRY(iw_gap_add(in, is_timed ? gap->after_ns + is_forward : in->host->from_ns,
                          is_timed ? gap->before_ns : in->host->to_ns, IW_GAP_OF_ALL,
                          jump_words(in, gap)));
    }
    return IW_OK;
}

/* Each life lacks what it lacks, and nothing of the time between two of them is there. */
static enum iw_rc add_lives(struct iw_gap_gathering *in, const struct iw_log_lives *lives)
{
    for (size_t i = 0; i < lives->n; i++) {
        const struct iw_log_life *own = &lives->items[i], *old = own - 1;
        struct iw_record_gap *gaps = iw_arena_alloc(in->arena, own->n_runs * sizeof *gaps);
        if (gaps == NULL)
            return IW_ENOMEM;
        IW_TRY(add_jumps(in, gaps, iw_record_gaps_find(own->runs, own->n_runs, gaps)));
        if (i == 0)
            continue;
        IW_TRY(iw_gap_add(
            in, old->last_ns + 1, own->first_ns, IW_GAP_OF_ALL,
            iw_arena_format(
                in->arena,
                "%.*s was begun anew between %.*s and %.*s: its records go "
                "back from %" PRIu64 " to %" PRIu64,
                IW_STR_ARG(iw_gap_log_name(in)), IW_STR_ARG(iw_log_time(old->last_ns, in->arena)),
                IW_STR_ARG(iw_log_time(own->first_ns, in->arena)), old->highest, own->lowest)));
    }
    return IW_OK;
}

/* Pauses that are shorter than this are not all known. */
static int64_t least_pause(const struct iw_telemetry_channel *channel)
{
    int64_t pause;
    return __builtin_mul_overflow(channel->part_ns, 2, &pause) ? INT64_MAX : pause;
}

/* Its longest pause; INT64_MAX: there are too few to know what is long. */
static int64_t longest_pause(const struct iw_telemetry_channel *channel)
{
    int64_t least = least_pause(channel), longest;
    if (channel->n_parts < FEWEST_PARTS || channel->part_ns <= 0)
        return INT64_MAX;
    longest = iw_longest_pause(channel->parts, channel->n_parts);
    return longest > least ? longest : least;
}

static bool has_gap(const struct iw_gap_gathering *in, int64_t from_ns, int64_t to_ns)
{
    for (size_t i = 0; i < in->n_gaps; i++) {
        if (in->gaps[i].from_ns <= from_ns && in->gaps[i].to_ns >= to_ns)
            return true;
    }
    return false;
}

/* Where the first record is not the first that was written, others are gone, and nobody knows of
 * when. A log that speaks only when somebody acts may have had nothing to say before: it is late as
 * others are, by more than an hour. One that speaks by itself and was never silent for so long did
 * speak then. */
static enum iw_rc find_lost_beginning(struct iw_gap_gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    const struct iw_record_run *ids = &channel->ids;
    int64_t most_ns = iw_gap_speaks_by_itself(in) ? longest_pause(channel) : IW_SILENCE_NS;
    if (ids->first <= 1 || ids->first_ns <= in->host->from_ns ||
        !iw_span_is_longer(in->host->from_ns, ids->first_ns, most_ns) ||
        (iw_gap_speaks_by_itself(in) && (channel->parts[0].first_ns < ids->first_ns ||
                                         has_gap(in, in->host->from_ns, ids->first_ns))))
        return IW_OK;
    in->lack = IW_LACK_ROOM;
    return iw_gap_add(in, in->host->from_ns, ids->first_ns, IW_GAP_OF_ALL,
                      iw_arena_format(in->arena,
                                      "%.*s begins with record %" PRIu64
                                      " at %.*s: those before it are gone",
                                      IW_STR_ARG(iw_gap_log_name(in)), ids->first,
                                      IW_STR_ARG(iw_log_time(ids->first_ns, in->arena))));
}

enum iw_rc iw_gap_find_records(struct iw_gap_gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    struct iw_log_lives lives;
    IW_TRY(find_lost_beginning(in));
    in->lack = IW_LACK_UNBROKEN;
    if (channel->gaps_cut)
        return iw_gap_add(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL,
                          iw_arena_format(in->arena,
                                          "record ids of %.*s jump more often than can be kept",
                                          IW_STR_ARG(iw_gap_log_name(in))));
    IW_TRY(iw_log_lives_find(channel->runs, channel->n_runs, in->host->switches,
                             in->host->n_switches, in->arena, &lives));
    return lives.n > 1 ? add_lives(in, &lives) : add_jumps(in, channel->gaps, channel->n_gaps);
}

/* --- damage --------------------------------------------------------------------------------- */

static bool has_damage(const struct iw_source *source)
{
    return source->state == IW_SOURCE_LOST || source->state == IW_SOURCE_PENDING ||
           iw_account_has_loss(&source->account);
}

/* Of a log in more files than are kept: whether one that is damaged is of it is not known. */
static enum iw_rc find_damage_anywhere(struct iw_gap_gathering *in)
{
    const struct iw_ledger *ledger = in->host->ledger;
    for (size_t i = 0; i < ledger->n; i++) {
        if (!has_damage(&ledger->sources[i]))
            continue;
        return iw_gap_add(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL,
                          iw_arena_format(in->arena,
                                          "parts of %.*s could not be read, and the log is in more "
                                          "files than are kept: it may be one of them",
                                          IW_STR_ARG(ledger->sources[i].path)));
    }
    return IW_OK;
}

/* Records that are lost and jump no id were before the first or after the last that has one;
 * where there are no ids, anywhere. */
enum iw_rc iw_gap_find_damage(struct iw_gap_gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    in->lack = IW_LACK_COPY;
    if (in->host->ledger != NULL && channel->sources_cut)
        IW_TRY(find_damage_anywhere(in));
    for (size_t i = 0; in->host->ledger != NULL && i < channel->n_sources; i++) {
        const struct iw_source *source = &in->host->ledger->sources[channel->sources[i]];
        struct iw_str why;
        if (!has_damage(source))
            continue;
        why =
            iw_arena_format(in->arena, "parts of %.*s could not be read", IW_STR_ARG(source->path));
        if (channel->ids.first == 0)
            return iw_gap_add(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL, why);
        IW_TRY(iw_gap_add(in, in->host->from_ns, channel->ids.first_ns, IW_GAP_OF_ALL, why));
        IW_TRY(iw_gap_add(in, channel->ids.last_ns, in->host->to_ns, IW_GAP_OF_ALL, why));
    }
    return IW_OK;
}
