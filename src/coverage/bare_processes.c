/*
 * Starts without the fields are known by parts of time, as samples are: of a part only its first
 * and last moment are known, and how many there were. Within a part of samples nothing is told:
 * which came when is not known.
 */
#include "coverage/bare_processes.h"

#include <inttypes.h>

#include "base/arena_text.h"

static const struct iw_telemetry_sample *sample_of(const struct iw_telemetry_channel *channel,
                                                   enum iw_sample_kind kind)
{
    for (size_t i = 0; i < channel->n_samples; i++) {
        if (channel->samples[i].kind == kind)
            return &channel->samples[i];
    }
    return NULL;
}

/* Starts between two moments at which there were samples. */
struct stretch {
    int64_t first_ns, last_ns; /* of starts without the fields */
    uint64_t n_events;
};

/* What of *bare* lies behind *after_ns* and before *before_ns*; *at* goes on with the time. */
static struct stretch stretch_of(const struct iw_telemetry_sample *bare, size_t *at,
                                 int64_t after_ns, int64_t before_ns)
{
    struct stretch found = {.first_ns = INT64_MAX, .last_ns = INT64_MIN};
    while (*at < bare->n_parts && bare->parts[*at].last_ns <= after_ns)
        (*at)++;
    for (size_t i = *at; i < bare->n_parts && bare->parts[i].first_ns < before_ns; i++) {
        const struct iw_time_part *part = &bare->parts[i];
        bool is_inside = part->first_ns > after_ns && part->last_ns < before_ns;
        int64_t first_ns = part->first_ns > after_ns ? part->first_ns : part->last_ns;
        int64_t last_ns = part->last_ns < before_ns ? part->last_ns : part->first_ns;
        if (first_ns >= before_ns || last_ns <= after_ns)
            continue; /* its moments that are known lie on both sides */
        found.first_ns = first_ns < found.first_ns ? first_ns : found.first_ns;
        found.last_ns = last_ns > found.last_ns ? last_ns : found.last_ns;
        found.n_events += is_inside ? part->n : 1;
    }
    return found;
}

static bool counts(const struct stretch *stretch)
{
    int64_t length;
    return stretch->n_events >= IW_BARE_FEWEST && stretch->last_ns > stretch->first_ns &&
           (__builtin_sub_overflow(stretch->last_ns, stretch->first_ns, &length) ||
            length > IW_BARE_NS);
}

enum iw_rc iw_bare_processes_find(const struct iw_log_host *host,
                                  const struct iw_telemetry_channel *channel,
                                  struct iw_arena *arena, struct iw_bare_span **ret, size_t *ret_n)
{
    const struct iw_telemetry_sample *bare = sample_of(channel, IW_SAMPLE_BARE_PROCESS);
    const struct iw_telemetry_sample *good = sample_of(channel, IW_SAMPLE_PROCESS);
    size_t n_good = good != NULL ? good->n_parts : 0, at = 0;
    *ret_n = 0;
    *ret = iw_arena_calloc(arena, n_good + 1, sizeof **ret);
    if (*ret == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; bare != NULL && i <= n_good; i++) {
        int64_t after_ns = i != 0 ? good->parts[i - 1].last_ns : INT64_MIN;
        int64_t before_ns = i < n_good ? good->parts[i].first_ns : INT64_MAX;
        struct stretch stretch = stretch_of(bare, &at, after_ns, before_ns);
        struct iw_bare_span span = {stretch.first_ns, before_ns, stretch.n_events};
        if (!counts(&stretch))
            continue;
        span.from_ns = span.from_ns > host->from_ns ? span.from_ns : host->from_ns;
        span.to_ns = span.to_ns < host->to_ns ? span.to_ns : host->to_ns;
        if (span.from_ns < span.to_ns)
            (*ret)[(*ret_n)++] = span;
    }
    return IW_OK;
}

struct iw_str iw_bare_span_words(const struct iw_bare_span *span, const char *source,
                                 struct iw_arena *arena)
{
    struct iw_str from = iw_log_time(span->from_ns, arena);
    if (from.p == NULL)
        return from;
    return iw_arena_format(arena,
                           "from %.*s on %s comes without command line or parent "
                           "(%" PRIu64 " events)",
                           IW_STR_ARG(from), source, span->n_events);
}
