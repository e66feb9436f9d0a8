/*
 * What the service of event logs tells of itself: that it ends, with Windows or alone; that a log
 * is full; that events are lost.
 *
 * Every shutdown of Windows ends the service, seconds before the kernel ends: that is a gap only
 * where the machine ran on, which other sources show, or the kernel's own moment of the end (event
 * 13, which is written at the next start), or that the kernel tells of the start and of no end.
 *
 * Left out on purpose: Kernel-Power 41, which says what EventLog's 6008 says; what a shutdown that
 * takes less than five minutes hides.
 */
#include "coverage/log_gaps_inside.h"

#include "event/channel.h"
#include "event/web_log.h"

/* So long Windows goes on behind the end of the service, at most: updates are put in. Also how far
 * apart the kernel and services tell of one start. */
#define ENDS_WITHIN_NS (INT64_C(300) * IW_NS_PER_SECOND)
/* So often Windows notes that it lives: when it ended is known no better (6008). */
#define HEARTBEAT_NS (INT64_C(300) * IW_NS_PER_SECOND)
/* Within that time records are on the disk. */
#define WRITTEN_NS (INT64_C(60) * IW_NS_PER_SECOND)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether any source of the host tells of something surely between two moments. */
static bool speaks_between(const struct iw_log_host *host, int64_t from_ns, int64_t to_ns)
{
    for (size_t i = 0; i < host->n_channels; i++) {
        const struct iw_telemetry_channel *channel = &host->channels[i];
        size_t at = iw_first_part_from(channel->parts, channel->n_parts, iw_gap_later(from_ns, 1));
        if (at < channel->n_parts &&
            (channel->parts[at].last_ns < to_ns ||
             (channel->parts[at].first_ns > from_ns && channel->parts[at].first_ns < to_ns)))
            return true;
    }
    return false;
}

/* The last moment before another at which a log surely speaks. IW_TIME_UNKNOWN: none. */
static int64_t last_before(const struct iw_telemetry_channel *channel, int64_t time_ns)
{
    size_t at = iw_first_part_from(channel->parts, channel->n_parts, time_ns);
    if (at < channel->n_parts && channel->parts[at].first_ns < time_ns)
        return channel->parts[at].first_ns;
    return at != 0 ? channel->parts[at - 1].last_ns : IW_TIME_UNKNOWN;
}

/* The same of all sources of the host. */
static int64_t last_sign(const struct iw_log_host *host, int64_t time_ns)
{
    int64_t last_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < host->n_channels; i++) {
        int64_t own_ns = last_before(&host->channels[i], time_ns);
        if (iw_time_known(own_ns) && (!iw_time_known(last_ns) || own_ns > last_ns))
            last_ns = own_ns;
    }
    return last_ns;
}

/* The start of Windows shortly before a switch, as it was first told; NULL: there is none. */
static const struct iw_switch *start_before(const struct iw_log_host *host,
                                            const struct iw_switch *own)
{
    const struct iw_switch *first = NULL;
    for (size_t i = (size_t)(own - host->switches); i-- != 0;) {
        const struct iw_switch *other = &host->switches[i];
        if (iw_span_is_longer(other->time_ns, own->time_ns, 2 * ENDS_WITHIN_NS))
            break;
        if (other->kind == IW_SWITCH_WINDOWS_STARTED)
            first = other;
    }
    return first;
}

/* Security and System tell the same. */
static bool is_told_before(const struct iw_log_host *host, const struct iw_switch *own)
{
    for (size_t i = (size_t)(own - host->switches); i-- != 0;) {
        const struct iw_switch *other = &host->switches[i];
        if (iw_span_is_longer(other->time_ns, own->time_ns, IW_SWITCH_CONFIRMED_NS))
            return false;
        if (other->kind == own->kind)
            return true;
    }
    return false;
}

static enum iw_rc add_ended(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    int64_t kernel_ns, other_ns, start_ns, ended_ns, on_ns, until_ns = INT64_MAX;
    bool is_orderly, is_untold;
    if (iw_channel_is_web_log(in->channel->channel) || is_told_before(in->host, own))
        return IW_OK;
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_WINDOWS_STARTED, IW_STR("kernel"), &kernel_ns));
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_WINDOWS_STARTED, IW_STR(""), &other_ns));
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_WINDOWS_ENDED, IW_STR(""), &ended_ns));
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_SERVICE_ON, IW_STR("EventLog"), &on_ns));
    start_ns = least(kernel_ns, other_ns);
    is_orderly = ended_ns <= start_ns && ended_ns != INT64_MAX;
    is_untold = !is_orderly && kernel_ns != INT64_MAX &&
                !iw_span_is_longer(start_ns, kernel_ns, ENDS_WITHIN_NS);
    if (start_ns != INT64_MAX) /* its first signs come before what tells of it */
        until_ns = start_ns - ENDS_WITHIN_NS;
    if (!is_untold &&
        !speaks_between(in->host, iw_gap_later(own->time_ns, ENDS_WITHIN_NS), until_ns))
        return IW_OK;
    return iw_gap_add_off(in, in->channel->parts, in->channel->n_parts, own->time_ns,
                          is_orderly ? least(on_ns, ended_ns) : on_ns, IW_GAP_OF_ALL,
                          iw_gap_words(in, "the service of event logs was shut down", own));
}

/* What was logged last may not have been written. */
static enum iw_rc add_crashed(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    const struct iw_switch *start = start_before(in->host, own);
    int64_t start_ns = start != NULL ? start->time_ns : own->time_ns;
    int64_t sign_ns = last_sign(in->host, start_ns), from_ns, last_ns;
    if (iw_channel_is_web_log(in->channel->channel) || !iw_time_known(sign_ns))
        return IW_OK;
    from_ns = sign_ns - WRITTEN_NS;
    last_ns = last_before(in->channel, start_ns);
    if (iw_time_known(last_ns) && last_ns >= from_ns)
        from_ns = last_ns + 1;
    return iw_gap_add(
        in, from_ns, least(start_ns, iw_gap_later(sign_ns, HEARTBEAT_NS)), IW_GAP_OF_ALL,
        iw_arena_format(in->arena,
                        "Windows ended unexpectedly after %.*s (%.*s): what was not "
                        "written yet is lost",
                        IW_STR_ARG(iw_log_time(sign_ns, in->arena)), IW_STR_ARG(own->by)));
}

/* Lost from the last record on that is there before the event tells of it; where it does so at a
 * start of Windows, before that. */
static enum iw_rc add_lost_before(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    const struct iw_switch *start = start_before(in->host, own);
    int64_t at_ns = start != NULL ? start->time_ns : own->time_ns, to_ns = own->time_ns;
    int64_t last_ns = last_before(in->channel, at_ns), sign_ns = last_sign(in->host, at_ns);
    size_t at = iw_first_part_from(in->channel->parts, in->channel->n_parts, at_ns);
    bool is_over = at < in->channel->n_parts && in->channel->parts[at].first_ns < at_ns;
    if (start != NULL && iw_time_known(sign_ns))
        to_ns = least(at_ns, iw_gap_later(sign_ns, HEARTBEAT_NS));
    return iw_gap_add(
        in, iw_time_known(last_ns) ? last_ns + !is_over : in->host->from_ns, to_ns, IW_GAP_OF_ALL,
        iw_arena_format(in->arena, "events of %.*s were lost before %.*s (%.*s)",
                        IW_STR_ARG(iw_gap_log_name(in)),
                        IW_STR_ARG(iw_log_time(own->time_ns, in->arena)), IW_STR_ARG(own->by)));
}

static enum iw_rc add_full(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    return iw_gap_add_off(
        in, in->channel->parts, in->channel->n_parts, own->time_ns, INT64_MAX, IW_GAP_OF_ALL,
        iw_arena_format(in->arena, "%.*s was full at %.*s (%.*s)", IW_STR_ARG(iw_gap_log_name(in)),
                        IW_STR_ARG(iw_log_time(own->time_ns, in->arena)), IW_STR_ARG(own->by)));
}

enum iw_rc iw_gap_see_service(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    if (own->kind == IW_SWITCH_LOGGING_ENDED)
        return add_ended(in, own);
    if (own->kind == IW_SWITCH_WINDOWS_CRASHED)
        return add_crashed(in, own);
    if (!iw_str_equal_nocase(own->subject, in->channel->channel))
        return IW_OK;
    return own->kind == IW_SWITCH_LOG_FULL ? add_full(in, own) : add_lost_before(in, own);
}
