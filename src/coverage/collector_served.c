/*
 * Processes that ran as the account of a pool: whether Sysmon told of their start where it told of
 * their end. They are few on a server whose pages start none, and what a page starts is among them.
 *
 * Field facts: Sysmon 1 and 5 name a process by its ProcessGuid: four bytes of the machine, the
 * second in which the process started (two halves, the lower one first), and what makes it unique.
 * Sysmon 5 has User since schema 4.60.
 */
#include "coverage/collector_state.h"

#include <stdlib.h>

#include "context/context_fact.h"
#include "context/event_reading.h"
#include "coverage/raw_text.h"
#include "event/channel.h"

#define SYSMON_START 1U
#define SYSMON_END 5U
/* An image that is longer is cut. */
#define MOST_IMAGE_BYTES 512U

struct collector_served {
    struct iw_process_guid guid;
    struct iw_str image;
    bool is_started, is_ended;
};

bool iw_collector_tells_process(struct iw_str channel, uint32_t event_id)
{
    return (event_id == SYSMON_START || event_id == SYSMON_END) &&
           iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_SYSMON));
}

/* The entry of a process, made when needed; *ret NULL: there are too many. */
static enum iw_rc find(struct iw_collector *c, struct collector_stream *stream,
                       const struct iw_process_guid *guid, struct iw_str image,
                       struct collector_served **ret)
{
    struct iw_str key = {(const char *)guid->bytes, sizeof guid->bytes};
    struct iw_map_entry *entry = iw_map_find(&stream->served, key);
    *ret = entry != NULL ? entry->value.pointer : NULL;
    if (entry != NULL)
        return IW_OK;
    if (c->n_served >= IW_MOST_SERVED_PROCESSES || iw_collector_is_full(c)) {
        c->served_cut = true;
        return IW_OK;
    }
    if (image.n > MOST_IMAGE_BYTES)
        image.n = MOST_IMAGE_BYTES;
    *ret = iw_arena_calloc(&c->arena, 1, sizeof **ret);
    if (*ret == NULL)
        return IW_ENOMEM;
    (*ret)->guid = *guid;
    (*ret)->image = iw_arena_copy(&c->arena, image);
    if ((*ret)->image.p == NULL)
        return IW_ENOMEM;
    key.p = (const char *)(*ret)->guid.bytes;
    entry = iw_map_add(&stream->served, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = *ret;
    c->n_served++;
    return IW_OK;
}

enum iw_rc iw_collector_count_served(struct iw_collector *c, struct collector_stream *stream,
                                     const struct iw_event *event)
{
    struct iw_event_reading reading = {.event = event, .scratch = &c->scratch};
    struct collector_served *served;
    struct iw_process_guid guid;
    struct iw_str image;
    if (!iw_raw_begins(iw_event_find(event, IW_FIELD_USER), IW_STR("iis apppool\\")))
        return IW_OK;
    iw_arena_reset(&c->scratch);
    guid = iw_process_guid_read(iw_reading_own(&reading, IW_FIELD_PROCESS_GUID));
    image = iw_reading_own(&reading, IW_FIELD_IMAGE);
    if (reading.no_memory)
        return IW_ENOMEM;
    if (!iw_process_guid_known(guid))
        return IW_OK;
    IW_TRY(find(c, stream, &guid, image, &served));
    if (served == NULL)
        return IW_OK;
    served->is_started |= event->event_id == SYSMON_START;
    served->is_ended |= event->event_id == SYSMON_END && (event->flags & IW_EVENT_RECOVERED) == 0;
    return IW_OK;
}

enum iw_rc iw_collector_merge_served(struct iw_collector *c, struct collector_stream *into,
                                     const struct collector_stream *from)
{
    for (size_t i = 0; i < from->served.n; i++) {
        const struct collector_served *own = from->served.entries[i].value.pointer;
        struct collector_served *served;
        IW_TRY(find(c, into, &own->guid, own->image, &served));
        if (served == NULL)
            return IW_OK;
        served->is_started |= own->is_started;
        served->is_ended |= own->is_ended;
    }
    return IW_OK;
}

static int64_t start_of(const struct iw_process_guid *guid)
{
    const uint8_t *at = guid->bytes;
    int64_t seconds =
        ((int64_t)at[6] << 24) | ((int64_t)at[7] << 16) | ((int64_t)at[4] << 8) | (int64_t)at[5];
    return seconds * IW_NS_PER_SECOND;
}

static int compare_untold(const void *left, const void *right)
{
    const struct iw_untold_process *a = left, *b = right;
    if (a->start_ns != b->start_ns)
        return a->start_ns < b->start_ns ? -1 : 1;
    return iw_str_compare(a->image, b->image);
}

enum iw_rc iw_collector_export_served(const struct iw_collector *c,
                                      const struct collector_stream *from, struct iw_arena *arena,
                                      struct iw_telemetry_channel *channel)
{
    if (from->served.n == 0 || c->served_cut)
        return IW_OK;
    channel->untold = iw_arena_alloc(arena, from->served.n * sizeof *channel->untold);
    if (channel->untold == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < from->served.n; i++) {
        const struct collector_served *own = from->served.entries[i].value.pointer;
        struct iw_untold_process *untold = &channel->untold[channel->n_untold];
        if (own->is_started || !own->is_ended)
            continue;
        *untold =
            (struct iw_untold_process){start_of(&own->guid), iw_arena_copy(arena, own->image)};
        if (untold->image.p == NULL)
            return IW_ENOMEM;
        channel->n_untold++;
    }
    if (channel->n_untold > 1)
        qsort(channel->untold, channel->n_untold, sizeof *channel->untold, compare_untold);
    return IW_OK;
}
