/*
 * Gaps are gathered by kind, each with its words, then cut to the window and sorted.
 */
#include "coverage/log_gaps_inside.h"

#include <stdlib.h>

#include "event/event.h"
#include "event/web_log.h"
#include "event/channel.h"

/* The shortest gap: the clock of event logs. */
#define LEAST_NS (INT64_C(1000) * 1000)

struct iw_str iw_gap_log_name(const struct iw_gap_gathering *in)
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

size_t iw_log_first_switch(const struct iw_log_host *host, int64_t time_ns)
{
    size_t low = 0, high = host->n_switches;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (host->switches[middle].time_ns < time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t iw_first_part_from(const struct iw_time_part *parts, size_t n, int64_t from_ns)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (parts[middle].last_ns < from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
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

enum iw_rc iw_gap_add(struct iw_gap_gathering *in, int64_t from_ns, int64_t to_ns,
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

enum iw_rc iw_gap_add_break(struct iw_gap_gathering *in, int64_t time_ns, struct iw_str why)
{
    if (why.p == NULL)
        return IW_ENOMEM;
    in->breaks = grow(in->arena, in->breaks, in->n_breaks, &in->breaks_cap, sizeof *in->breaks);
    if (in->breaks == NULL)
        return IW_ENOMEM;
    in->breaks[in->n_breaks++] = (struct iw_log_break){time_ns, why};
    return IW_OK;
}

bool iw_gap_speaks_by_itself(const struct iw_gap_gathering *in)
{
    return !iw_str_equal_nocase(in->channel->channel, IW_STR(IW_CHANNEL_IIS_CONFIGURATION));
}

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

/* Which are missing is not known: any log may have been off at any time. */
static enum iw_rc find_cut_switches(struct iw_gap_gathering *in)
{
    in->lack = IW_LACK_UNBROKEN;
    return in->host->switches_cut
               ? iw_gap_add(in, in->host->from_ns, in->host->to_ns, IW_GAP_OF_ALL,
                            iw_arena_format(in->arena, "more events that switch logging off or on "
                                                       "than can be kept"))
               : IW_OK;
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
    struct iw_gap_gathering in = {.host = host, .channel = channel, .arena = arena};
    memset(ret, 0, sizeof *ret);
    if (channel->n_parts == 0)
        IW_TRY(iw_gap_add(&in, host->from_ns, host->to_ns, IW_GAP_OF_ALL,
                          iw_arena_format(in.arena, "no event of %.*s has a time",
                                          IW_STR_ARG(iw_gap_log_name(&in)))));
    else {
        IW_TRY(iw_gap_find_silence(&in));
        IW_TRY(iw_gap_find_records(&in));
        IW_TRY(iw_gap_find_damage(&in));
        IW_TRY(iw_gap_find_switches(&in));
        IW_TRY(find_cut_switches(&in));
    }
    if (in.n_gaps > 1)
        qsort(in.gaps, in.n_gaps, sizeof *in.gaps, compare_gaps);
    if (in.n_breaks > 1)
        qsort(in.breaks, in.n_breaks, sizeof *in.breaks, compare_breaks);
    *ret = (struct iw_log_gaps){in.gaps, in.n_gaps, in.breaks, in.n_breaks};
    return IW_OK;
}
