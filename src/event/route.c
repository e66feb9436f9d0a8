/*
 * Routing tables: a bitmap of event ids per channel, channels by their lower-case name.
 */
#include "event/route.h"

#include "base/alloc.h"

#define LONGEST_CHANNEL 512U

void iw_route_init(struct iw_route *route)
{
    memset(route, 0, sizeof *route);
    iw_map_init(&route->by_channel);
}

void iw_route_done(struct iw_route *route)
{
    for (size_t i = 0; i < route->by_channel.n; i++) {
        struct iw_map_entry *entry = &route->by_channel.entries[i];
        iw_free(entry->value.pointer);
    }
    iw_map_done(&route->by_channel);
}

void iw_route_want_all(struct iw_route *route)
{
    route->all = true;
}

/* Lower-case copy into *out*; an over-long channel is nobody's. */
static struct iw_str fold_channel(struct iw_str channel, char out[LONGEST_CHANNEL])
{
    if (channel.n > LONGEST_CHANNEL)
        return (struct iw_str){"", 0};
    for (size_t i = 0; i < channel.n; i++)
        out[i] = iw_ascii_lower(channel.p[i]);
    return (struct iw_str){out, channel.n};
}

/* A channel's wishes with its name behind them, so that one block holds both. */
struct named_channel {
    struct iw_route_channel wishes;
    char name[];
};

static struct iw_route_channel *channel_add(struct iw_route *route, struct iw_str channel)
{
    char folded[LONGEST_CHANNEL];
    struct iw_str key = fold_channel(channel, folded);
    struct iw_map_entry *entry = iw_map_find(&route->by_channel, key);
    struct named_channel *made;
    if (entry != NULL)
        return entry->value.pointer;
    made = iw_calloc(1, sizeof *made + key.n + 1);
    if (made == NULL)
        return NULL;
    memcpy(made->name, key.p, key.n);
    entry = iw_map_add(&route->by_channel, (struct iw_str){made->name, key.n}, NULL);
    if (entry == NULL) {
        iw_free(made);
        return NULL;
    }
    entry->value.pointer = made;
    return &made->wishes;
}

enum iw_rc iw_route_want_channel(struct iw_route *route, struct iw_str channel)
{
    struct iw_route_channel *wishes = channel_add(route, channel);
    if (wishes == NULL)
        return IW_ENOMEM;
    wishes->all = true;
    return IW_OK;
}

enum iw_rc iw_route_want(struct iw_route *route, struct iw_str channel, uint32_t event_id)
{
    struct iw_route_channel *wishes =
        channel.n != 0 ? channel_add(route, channel) : &route->anywhere;
    if (wishes == NULL)
        return IW_ENOMEM;
    if (event_id < IW_ROUTE_EVENT_IDS)
        wishes->bits[event_id / 64] |= (uint64_t)1 << (event_id % 64);
    return IW_OK;
}

const struct iw_route_channel *iw_route_find(const struct iw_route *route, struct iw_str channel)
{
    char folded[LONGEST_CHANNEL];
    const struct iw_map_entry *entry =
        iw_map_find(&route->by_channel, fold_channel(channel, folded));
    return entry != NULL ? entry->value.pointer : &route->anywhere;
}
