/*
 * Gaps are gathered by kind, each with its words, then cut to the window and sorted.
 *
 * Left out on purpose: silence of all sources at once (the machine was off, or nothing tells it
 * from that); silence of a log that speaks only when somebody acts (IIS-Configuration).
 */
#include "coverage/log_gaps.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "event/event.h"
#include "event/web_log.h"
#include "event/channel.h"

/* The shortest gap: the clock of event logs. */
#define LEAST_NS (INT64_C(1000) * 1000)
#define FEWEST_PAUSES 3U
/* So late after the first sign of life the kernel's own record of the start may be stamped. */
#define START_TAKES_NS (INT64_C(300) * IW_NS_PER_SECOND)

struct gathering {
    const struct iw_log_host *host;
    const struct iw_telemetry_channel *channel;
    struct iw_arena *arena;
    struct iw_log_gap *gaps;
    size_t n_gaps, gaps_cap;
    struct iw_log_break *breaks;
    size_t n_breaks, breaks_cap;
    int64_t silence_ns; /* beyond which it counts; INT64_MAX: it never does */
    enum iw_lack lack;  /* of the gaps that are added next */
};

/* What people call the log. */
static struct iw_str log_name(const struct gathering *in)
{
    static const struct {
        const char *channel;
        struct iw_str name;
    } NAMES[] = {{IW_CHANNEL_SYSMON, {"the log of Sysmon", 17}},
                 {IW_CHANNEL_SECURITY, {"the Security log", 16}},
                 {IW_CHANNEL_IIS_CONFIGURATION, {"the log of IIS-Configuration", 28}},
                 {IW_CHANNEL_W3SVC, {"the log of requests", 19}}};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_equal_nocase(in->channel->channel, iw_str_of(NAMES[i].channel)))
            return NAMES[i].name;
    }
    return in->channel->channel;
}

struct iw_str iw_log_time(int64_t time_ns, struct iw_arena *arena)
{
    char text[IW_TIME_TEXT_BYTES];
    iw_time_format(time_ns, text);
    text[10] = ' ';
    return iw_arena_copy(arena, (struct iw_str){text, 19});
}

/* Room for one more of an array in the arena. */
static void *grow(struct iw_arena *arena, void *items, size_t n, size_t *cap, size_t item_bytes)
{
    void *more;
    if (n < *cap)
        return items;
    *cap = *cap != 0 ? 2 * *cap : 8;
    more = iw_arena_alloc(arena, *cap * item_bytes);
    if (more != NULL && n != 0)
        memcpy(more, items, n * item_bytes);
    return more;
}

static enum iw_rc add_gap(struct gathering *in, int64_t from_ns, int64_t to_ns,
                          enum iw_gap_scope scope, struct iw_str why)
{
    if (why.p == NULL)
        return IW_ENOMEM;
    if (to_ns < from_ns) { /* the clock was set, or the log begun anew, in between */
        int64_t swapped = from_ns;
        from_ns = to_ns;
        to_ns = swapped;
    }
    if (to_ns - LEAST_NS < from_ns)
        to_ns = from_ns > INT64_MAX - LEAST_NS ? INT64_MAX : from_ns + LEAST_NS;
    if (from_ns < in->host->from_ns)
        from_ns = in->host->from_ns;
    if (to_ns > in->host->to_ns)
        to_ns = in->host->to_ns;
    if (from_ns >= to_ns)
        return IW_OK;
    in->gaps = grow(in->arena, in->gaps, in->n_gaps, &in->gaps_cap, sizeof *in->gaps);
    if (in->gaps == NULL)
        return IW_ENOMEM;
    in->gaps[in->n_gaps++] = (struct iw_log_gap){
        .from_ns = from_ns, .to_ns = to_ns, .scope = scope, .lack = in->lack, .why = why};
    return IW_OK;
}

static enum iw_rc add_break(struct gathering *in, int64_t time_ns, struct iw_str why)
{
    if (why.p == NULL)
        return IW_ENOMEM;
    in->breaks = grow(in->arena, in->breaks, in->n_breaks, &in->breaks_cap, sizeof *in->breaks);
    if (in->breaks == NULL)
        return IW_ENOMEM;
    in->breaks[in->n_breaks++] = (struct iw_log_break){time_ns, why};
    return IW_OK;
}

/* --- silence -------------------------------------------------------------------------------- */

static int compare_times(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

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

/* A log that speaks only when somebody acts is never late. */
static bool speaks_by_itself(struct iw_str channel)
{
    return !iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_IIS_CONFIGURATION));
}

static void set_silence(struct gathering *in)
{
    int64_t pause = iw_log_usual_pause(in->channel);
    in->silence_ns = IW_SILENCE_NS;
    if (pause > IW_SILENCE_NS / IW_SILENCE_PAUSES)
        in->silence_ns =
            pause > INT64_MAX / IW_SILENCE_PAUSES ? INT64_MAX : pause * IW_SILENCE_PAUSES;
    if (!speaks_by_itself(in->channel->channel))
        in->silence_ns = INT64_MAX;
}

/* Differences of times that may be as far apart as times are. */
static bool is_longer(int64_t from_ns, int64_t to_ns, int64_t than_ns)
{
    int64_t length;
    return to_ns > from_ns && (__builtin_sub_overflow(to_ns, from_ns, &length) || length > than_ns);
}

/* The longest time in which no other source of the host tells of anything between the two moments:
 * the machine may have been off. When it comes up, some log is the first. */
static enum iw_rc longest_of_all(const struct gathering *in, int64_t from_ns, int64_t to_ns,
                                 int64_t *ret_ns)
{
    struct iw_span_set window = {.arena = in->arena}, told = {.arena = in->arena},
                       silent = {.arena = in->arena};
    for (size_t i = 0; i < in->host->n_channels; i++) {
        const struct iw_telemetry_channel *other = &in->host->channels[i];
        for (size_t k = 0; other != in->channel && k < other->n_parts; k++) {
            const struct iw_time_part *part = &other->parts[k];
            if (part->last_ns > from_ns && part->first_ns < to_ns)
                IW_TRY(iw_span_set_add(&told, part->first_ns,
                                       part->last_ns < INT64_MAX ? part->last_ns + 1 : INT64_MAX));
        }
    }
    iw_span_set_settle(&told);
    IW_TRY(iw_span_set_add(&window, from_ns, to_ns));
    IW_TRY(iw_span_set_without(&window, &told, &silent));
    *ret_ns = 0;
    for (size_t i = 0; i < silent.n; i++) {
        int64_t length;
        if (__builtin_sub_overflow(silent.items[i].to_ns, silent.items[i].from_ns, &length))
            length = INT64_MAX;
        *ret_ns = length > *ret_ns ? length : *ret_ns;
    }
    return IW_OK;
}

static enum iw_rc find_ends(struct gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    int64_t first_ns = channel->parts[0].first_ns;
    int64_t last_ns = channel->parts[channel->n_parts - 1].last_ns;
    in->lack = IW_LACK_ROOM;
    if (is_longer(in->host->from_ns, first_ns, in->silence_ns))
        IW_TRY(add_gap(in, in->host->from_ns, first_ns, IW_GAP_OF_ALL,
                       iw_arena_format(in->arena, "%.*s begins at %.*s", IW_STR_ARG(log_name(in)),
                                       IW_STR_ARG(iw_log_time(first_ns, in->arena)))));
    in->lack = IW_LACK_COPY;
    if (is_longer(last_ns, in->host->to_ns - 1, in->silence_ns))
        IW_TRY(add_gap(in, last_ns + 1, in->host->to_ns, IW_GAP_OF_ALL,
                       iw_arena_format(in->arena, "%.*s ends at %.*s", IW_STR_ARG(log_name(in)),
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

/* Whether all sources are silent between the moments because nothing could happen: Windows starts
 * behind it, or the clock was set past it. Where nobody would tell, that is taken for so. */
static bool may_have_been_off(const struct gathering *in, int64_t from_ns, int64_t to_ns)
{
    int64_t late_ns;
    if (__builtin_add_overflow(to_ns, START_TAKES_NS, &late_ns))
        late_ns = INT64_MAX;
    for (size_t i = 0; i < in->host->n_switches; i++) {
        const struct iw_switch *own = &in->host->switches[i];
        if ((own->kind == IW_SWITCH_WINDOWS_STARTED || own->kind == IW_SWITCH_CLOCK_SET) &&
            own->time_ns > from_ns && own->time_ns <= late_ns)
            return true;
    }
    return !would_tell_start(in->host, from_ns, to_ns);
}

static enum iw_rc find_silence(struct gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    in->lack = IW_LACK_UNBROKEN;
    for (size_t i = 1; i < channel->n_parts; i++) {
        int64_t from_ns = channel->parts[i - 1].last_ns, to_ns = channel->parts[i].first_ns, of_all;
        bool is_of_all;
        if (!is_longer(from_ns, to_ns, in->silence_ns))
            continue;
        IW_TRY(longest_of_all(in, from_ns, to_ns, &of_all));
        is_of_all = of_all > in->silence_ns && !is_longer(from_ns, to_ns - of_all, in->silence_ns);
        if (is_of_all && may_have_been_off(in, from_ns, to_ns))
            continue; /* others hardly went on */
        IW_TRY(add_gap(in, from_ns + 1, to_ns, IW_GAP_OF_ALL,
                       iw_arena_format(in->arena, "%.*s is silent from %.*s to %.*s %s",
                                       IW_STR_ARG(log_name(in)),
                                       IW_STR_ARG(iw_log_time(from_ns, in->arena)),
                                       IW_STR_ARG(iw_log_time(to_ns, in->arena)),
                                       is_of_all ? "as all are, and Windows did not start behind it"
                                                 : "while others go on")));
    }
    return IW_OK;
}

/* --- record ids ----------------------------------------------------------------------------- */

static struct iw_str jump_words(const struct gathering *in, const struct iw_record_gap *gap)
{
    uint64_t n = gap->before - gap->after - 1;
    if (n == 1)
        return iw_arena_format(in->arena, "record %" PRIu64 " of %.*s is missing", gap->after + 1,
                               IW_STR_ARG(log_name(in)));
    return iw_arena_format(in->arena,
                           "%" PRIu64 " records of %.*s are missing, from %" PRIu64 " on", n,
                           IW_STR_ARG(log_name(in)), gap->after + 1);
}

static enum iw_rc find_jumps(struct gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    in->lack = IW_LACK_UNBROKEN;
    if (channel->gaps_cut)
        return add_gap(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL,
                       iw_arena_format(in->arena,
                                       "record ids of %.*s jump more often than can be kept",
                                       IW_STR_ARG(log_name(in))));
    for (size_t i = 0; i < channel->n_gaps; i++) {
        const struct iw_record_gap *gap = &channel->gaps[i];
        bool is_timed = iw_time_known(gap->after_ns) && iw_time_known(gap->before_ns);
        bool is_forward = is_timed && gap->after_ns < gap->before_ns;
        IW_TRY(add_gap(in, is_timed ? gap->after_ns + is_forward : in->host->from_ns,
                       is_timed ? gap->before_ns : in->host->to_ns, IW_GAP_OF_ALL,
                       jump_words(in, gap)));
    }
    return IW_OK;
}

/* --- switches ------------------------------------------------------------------------------- */

static struct iw_str words(struct gathering *in, const char *what, const struct iw_switch *from)
{
    return iw_arena_format(in->arena, "%s at %.*s (%.*s)", what,
                           IW_STR_ARG(iw_log_time(from->time_ns, in->arena)), IW_STR_ARG(from->by));
}

/* From when to when nothing of *parts* is there around a moment at which it was switched off. */
static void find_silent_around(const struct iw_time_part *parts, size_t n, int64_t time_ns,
                               const struct gathering *in, int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = time_ns;
    *ret_to = in->host->to_ns;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].first_ns > time_ns) {
            *ret_to = parts[i].first_ns;
            return;
        }
        if (parts[i].last_ns > time_ns)
            *ret_from = parts[i].last_ns;
    }
}

/* When the next switch of that kind (and subject, where there is one) came; INT64_MAX: never. */
static int64_t next_switch(const struct gathering *in, size_t after, enum iw_switch_kind kind,
                           struct iw_str subject)
{
    for (size_t i = after + 1; i < in->host->n_switches; i++) {
        const struct iw_switch *other = &in->host->switches[i];
        if (other->kind == kind && iw_str_equal_nocase(other->subject, subject))
            return other->time_ns;
    }
    return INT64_MAX;
}

/* Off from a moment on: till it was switched on, or there is something again. What still came in
 * the same part of time may have been on its way: it shows nothing. */
static enum iw_rc add_off(struct gathering *in, const struct iw_time_part *parts, size_t n,
                          int64_t time_ns, int64_t on_ns, enum iw_gap_scope scope,
                          struct iw_str why)
{
    int64_t from_ns, to_ns;
    find_silent_around(parts, n, time_ns, in, &from_ns, &to_ns);
    if (on_ns < to_ns || on_ns <= from_ns)
        to_ns = on_ns;
    return add_gap(in, time_ns, to_ns, scope, why);
}

/* Events were lost at a moment, and how many and of what kind nobody says. */
static enum iw_rc add_lost(struct gathering *in, const struct iw_switch *own)
{
    int64_t again_ns, next_ns;
    size_t n = in->n_gaps;
    find_silent_around(in->channel->parts, in->channel->n_parts, own->time_ns, in, &again_ns,
                       &next_ns);
    if (again_ns == own->time_ns)
        again_ns = next_ns;
    IW_TRY(add_gap(in, own->time_ns, again_ns, IW_GAP_OF_ALL,
                   own->subject.n != 0
                       ? iw_arena_format(in->arena, "Sysmon lost events at %.*s (%.*s: %.*s)",
                                         IW_STR_ARG(iw_log_time(own->time_ns, in->arena)),
                                         IW_STR_ARG(own->by), IW_STR_ARG(own->subject))
                       : words(in, "Sysmon lost events", own)));
    if (in->n_gaps != n)
        in->gaps[n].lasts_till_proof = true;
    return IW_OK;
}

/* What was logged until then is gone: up to the last record before it that is still there. */
static enum iw_rc add_cleared(struct gathering *in, const struct iw_switch *cleared)
{
    const struct iw_telemetry_channel *channel = in->channel;
    int64_t from_ns = in->host->from_ns, to_ns = cleared->time_ns;
    for (size_t i = 0; i < channel->n_parts; i++) {
        const struct iw_time_part *part = &channel->parts[i];
        if (part->last_ns < cleared->time_ns)
            from_ns = part->last_ns + 1;
        else if (part->first_ns < cleared->time_ns)
            from_ns = part->first_ns; /* which of it came before is not known */
        if (part->first_ns >= cleared->time_ns) {
            to_ns = part->first_ns;
            break;
        }
    }
    if (from_ns > cleared->time_ns)
        from_ns = cleared->time_ns;
    return add_gap(in, from_ns, to_ns, IW_GAP_OF_ALL,
                   iw_arena_format(in->arena, "%.*s was cleared at %.*s (%.*s)",
                                   IW_STR_ARG(log_name(in)),
                                   IW_STR_ARG(iw_log_time(cleared->time_ns, in->arena)),
                                   IW_STR_ARG(cleared->by)));
}

/* The samples of a kind, in one list. */
static enum iw_rc samples_of(const struct gathering *in, enum iw_sample_kind kind,
                             struct iw_time_part **ret, size_t *ret_n)
{
    size_t n = 0;
    *ret_n = 0;
    for (size_t i = 0; i < in->channel->n_samples; i++)
        n += in->channel->samples[i].kind == kind ? in->channel->samples[i].n_parts : 0;
    *ret = iw_arena_alloc(in->arena, (n + 1) * sizeof **ret);
    if (*ret == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->channel->n_samples; i++) {
        const struct iw_telemetry_sample *sample = &in->channel->samples[i];
        for (size_t k = 0; sample->kind == kind && k < sample->n_parts; k++)
            (*ret)[(*ret_n)++] = sample->parts[k];
    }
    if (*ret_n > 1)
        qsort(*ret, *ret_n, sizeof **ret, compare_times); /* first_ns is the first member */
    return IW_OK;
}

static enum iw_rc add_audit_off(struct gathering *in, size_t i)
{
    static const struct {
        const char *subject;
        enum iw_gap_scope scope;
        enum iw_sample_kind kind;
        enum iw_lack lack;
    } AUDITS[] = {{"process creation", IW_GAP_OF_PROCESSES, IW_SAMPLE_PROCESS, IW_LACK_POLICY},
                  {"file system", IW_GAP_OF_FILES, IW_SAMPLE_FILE, IW_LACK_POLICY},
                  {"logon", IW_GAP_OF_LOGONS, IW_SAMPLE_LOGON, IW_LACK_POLICY},
                  {"command lines", IW_GAP_OF_PROCESSES, IW_SAMPLE_PROCESS, IW_LACK_COMMAND_LINE}};
    const struct iw_switch *off = &in->host->switches[i];
    bool is_all = iw_str_equal(off->subject, IW_STR("everything"));
    for (size_t k = 0; k < sizeof AUDITS / sizeof AUDITS[0]; k++) {
        struct iw_time_part *parts;
        size_t n;
        struct iw_str why;
        if (!iw_str_equal(off->subject, iw_str_of(AUDITS[k].subject)) &&
            !(is_all && AUDITS[k].lack == IW_LACK_POLICY))
            continue;
        in->lack = AUDITS[k].lack;
        IW_TRY(samples_of(in, AUDITS[k].kind, &parts, &n));
        why = iw_arena_format(in->arena, "the audit of %s was switched off at %.*s (%.*s)",
                              AUDITS[k].subject, IW_STR_ARG(iw_log_time(off->time_ns, in->arena)),
                              IW_STR_ARG(off->by));
        IW_TRY(add_off(in, parts, n, off->time_ns,
                       next_switch(in, i, IW_SWITCH_AUDIT_ON, iw_str_of(AUDITS[k].subject)),
                       AUDITS[k].scope, why));
    }
    return IW_OK;
}

static enum iw_rc add_sacl_off(struct gathering *in, const struct iw_switch *off)
{
    struct iw_time_part *parts;
    size_t n;
    IW_TRY(samples_of(in, IW_SAMPLE_FILE, &parts, &n));
    return add_off(in, parts, n, off->time_ns, INT64_MAX, IW_GAP_OF_FILES,
                   iw_arena_format(in->arena, "the audit of %.*s was removed at %.*s (%.*s)",
                                   IW_STR_ARG(off->subject),
                                   IW_STR_ARG(iw_log_time(off->time_ns, in->arena)),
                                   IW_STR_ARG(off->by)));
}

static bool is_of_sysmon(const struct gathering *in)
{
    return iw_channel_is_sysmon(in->channel->channel);
}

static bool is_of_security(const struct gathering *in)
{
    return iw_str_equal_nocase(in->channel->channel, IW_STR(IW_CHANNEL_SECURITY));
}

/* The service goes on, and with it events that are not the driver's: only samples show that it is
 * there again, or a start of Sysmon. */
static enum iw_rc add_driver_off(struct gathering *in, size_t i)
{
    const struct iw_switch *off = &in->host->switches[i];
    int64_t on_ns = next_switch(in, i, IW_SWITCH_SYSMON_STARTED, IW_STR(""));
    size_t n = in->n_gaps;
    IW_TRY(add_off(in, in->channel->parts, in->channel->n_parts, off->time_ns, on_ns, IW_GAP_OF_ALL,
                   words(in, "Sysmon's driver was unloaded", off)));
    if (in->n_gaps != n && in->gaps[n].to_ns < on_ns)
        in->gaps[n].lasts_till_sample = true;
    return IW_OK;
}

static enum iw_rc see_sysmon(struct gathering *in, size_t i)
{
    const struct iw_telemetry_channel *channel = in->channel;
    const struct iw_switch *own = &in->host->switches[i];
    if (!is_of_sysmon(in))
        return IW_OK;
    if (own->kind == IW_SWITCH_SYSMON_STOPPED)
        return add_off(in, channel->parts, channel->n_parts, own->time_ns,
                       next_switch(in, i, IW_SWITCH_SYSMON_STARTED, IW_STR("")), IW_GAP_OF_ALL,
                       words(in, "Sysmon was stopped", own));
    if (own->kind == IW_SWITCH_SYSMON_ERROR)
        return add_lost(in, own);
    if (own->kind == IW_SWITCH_DRIVER_OFF)
        return add_driver_off(in, i);
    return add_break(in, own->time_ns, words(in, "Sysmon was configured anew", own));
}

/* What a switch takes away. */
static const enum iw_lack LACKS[IW_SWITCH_KIND_COUNT] = {
    [IW_SWITCH_CLEARED] = IW_LACK_UNBROKEN,     [IW_SWITCH_AUDIT_OFF] = IW_LACK_POLICY,
    [IW_SWITCH_SACL_OFF] = IW_LACK_AUDIT_ENTRY, [IW_SWITCH_SYSMON_STOPPED] = IW_LACK_RUNNING,
    [IW_SWITCH_SYSMON_ERROR] = IW_LACK_QUEUE,   [IW_SWITCH_DRIVER_OFF] = IW_LACK_RUNNING,
    [IW_SWITCH_CHANNEL_OFF] = IW_LACK_CHANNEL,  [IW_SWITCH_SERVICE_OFF] = IW_LACK_RUNNING,
    [IW_SWITCH_REQUESTS_OFF] = IW_LACK_CHANNEL,
};

static enum iw_rc see_switch(struct gathering *in, size_t i)
{
    const struct iw_telemetry_channel *channel = in->channel;
    const struct iw_switch *own = &in->host->switches[i];
    bool is_this = iw_str_equal_nocase(own->subject, channel->channel);
    in->lack = LACKS[own->kind];
    switch (own->kind) {
    case IW_SWITCH_CLEARED:
        return is_this ? add_cleared(in, own) : IW_OK;
    case IW_SWITCH_AUDIT_OFF:
        return is_of_security(in) ? add_audit_off(in, i) : IW_OK;
    case IW_SWITCH_SACL_OFF:
        return is_of_security(in) ? add_sacl_off(in, own) : IW_OK;
    case IW_SWITCH_SYSMON_STOPPED:
    case IW_SWITCH_SYSMON_CONFIGURED:
    case IW_SWITCH_SYSMON_ERROR:
    case IW_SWITCH_DRIVER_OFF:
        return see_sysmon(in, i);
    case IW_SWITCH_CHANNEL_OFF:
        return !is_this ? IW_OK
                        : add_off(in, channel->parts, channel->n_parts, own->time_ns,
                                  next_switch(in, i, IW_SWITCH_CHANNEL_ON, own->subject),
                                  IW_GAP_OF_ALL, words(in, "its channel was disabled", own));
    case IW_SWITCH_SERVICE_OFF:
        if (iw_channel_is_web_log(channel->channel) ||
            (iw_str_equal(own->subject, IW_STR("Sysmon")) && !is_of_sysmon(in)))
            return IW_OK;
        return add_off(in, channel->parts, channel->n_parts, own->time_ns,
                       next_switch(in, i, IW_SWITCH_SERVICE_ON, own->subject), IW_GAP_OF_ALL,
                       words(in, "its service was stopped or disabled", own));
    case IW_SWITCH_REQUESTS_OFF:
        return !iw_str_equal(channel->channel, IW_STR(IW_CHANNEL_W3SVC))
                   ? IW_OK
                   : add_off(in, NULL, 0, own->time_ns,
                             next_switch(in, i, IW_SWITCH_REQUESTS_ON, own->subject), IW_GAP_OF_ALL,
                             words(in, "logs of requests were switched off", own));
    case IW_SWITCH_AUDIT_ON: /* the end of what another one began */
    case IW_SWITCH_SYSMON_STARTED:
    case IW_SWITCH_CHANNEL_ON:
    case IW_SWITCH_SERVICE_ON:
    case IW_SWITCH_REQUESTS_ON:
    case IW_SWITCH_WINDOWS_STARTED: /* it was off before: nothing could happen */
    case IW_SWITCH_CLOCK_SET:       /* what was logged is there, under another time */
    case IW_SWITCH_KIND_COUNT:
        break;
    }
    return IW_OK;
}

/* --- damage --------------------------------------------------------------------------------- */

static bool has_damage(const struct iw_source *source)
{
    return source->state == IW_SOURCE_LOST || source->state == IW_SOURCE_PENDING ||
           iw_account_has_loss(&source->account);
}

/* Of a log in more files than are kept: whether one that is damaged is of it is not known. */
static enum iw_rc find_damage_anywhere(struct gathering *in)
{
    const struct iw_ledger *ledger = in->host->ledger;
    for (size_t i = 0; i < ledger->n; i++) {
        if (!has_damage(&ledger->sources[i]))
            continue;
        return add_gap(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL,
                       iw_arena_format(in->arena,
                                       "parts of %.*s could not be read, and the log is in more "
                                       "files than are kept: it may be one of them",
                                       IW_STR_ARG(ledger->sources[i].path)));
    }
    return IW_OK;
}

/* Records that are lost and jump no id were before the first or after the last; where there are no
 * ids, anywhere. */
static enum iw_rc find_damage(struct gathering *in)
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
        if (channel->first_id == 0)
            return add_gap(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL, why);
        IW_TRY(add_gap(in, in->host->from_ns, channel->parts[0].first_ns, IW_GAP_OF_ALL, why));
        IW_TRY(add_gap(in, channel->parts[channel->n_parts - 1].last_ns, in->host->to_ns,
                       IW_GAP_OF_ALL, why));
    }
    return IW_OK;
}

/* --- all ------------------------------------------------------------------------------------ */

static int compare_gaps(const void *left, const void *right)
{
    const struct iw_log_gap *a = left, *b = right;
    if (a->from_ns != b->from_ns)
        return a->from_ns < b->from_ns ? -1 : 1;
    if (a->to_ns != b->to_ns)
        return a->to_ns < b->to_ns ? -1 : 1;
    if (a->scope != b->scope)
        return a->scope < b->scope ? -1 : 1;
    return iw_str_compare(a->why, b->why);
}

static int compare_breaks(const void *left, const void *right)
{
    const struct iw_log_break *a = left, *b = right;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return iw_str_compare(a->why, b->why);
}

enum iw_rc iw_log_gaps_find(const struct iw_log_host *host,
                            const struct iw_telemetry_channel *channel, struct iw_arena *arena,
                            struct iw_log_gaps *ret)
{
    struct gathering in = {.host = host, .channel = channel, .arena = arena};
    memset(ret, 0, sizeof *ret);
    if (channel->n_parts == 0)
        IW_TRY(add_gap(
            &in, host->from_ns, host->to_ns, IW_GAP_OF_ALL,
            iw_arena_format(in.arena, "no event of %.*s has a time", IW_STR_ARG(log_name(&in)))));
    else {
        set_silence(&in);
        IW_TRY(find_ends(&in));
        IW_TRY(find_silence(&in));
        IW_TRY(find_jumps(&in));
        IW_TRY(find_damage(&in));
        for (size_t i = 0; i < host->n_switches; i++)
            IW_TRY(see_switch(&in, i));
    }
    if (in.n_gaps > 1)
        qsort(in.gaps, in.n_gaps, sizeof *in.gaps, compare_gaps);
    if (in.n_breaks > 1)
        qsort(in.breaks, in.n_breaks, sizeof *in.breaks, compare_breaks);
    *ret = (struct iw_log_gaps){in.gaps, in.n_gaps, in.breaks, in.n_breaks};
    return IW_OK;
}
