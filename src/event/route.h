/**
 * Routing: which events somebody wants decoded, by channel and event id, decided before any value
 * is touched.
 *
 * Built once from the union of what rules, context and coverage ask for; then immutable and shared
 * by all threads. Channels compare without regard to ASCII letter case.
 */
#ifndef IW_EVENT_ROUTE_H
#define IW_EVENT_ROUTE_H

#include "base/error.h"
#include "base/map.h"

/** Event ids of Windows are 16-bit; anything above asks for "all". */
#define IW_ROUTE_EVENT_IDS 65536U

struct iw_route_channel {
    bool all; /* every event id */
    uint64_t bits[IW_ROUTE_EVENT_IDS / 64];
};

struct iw_route {
    bool all;                         /* every channel, every event id */
    struct iw_map by_channel;         /* lower-case channel → struct iw_route_channel * */
    struct iw_route_channel anywhere; /* event ids wanted in whatever channel */
};

void iw_route_init(struct iw_route *route);
void iw_route_done(struct iw_route *route);
/** Everything is wanted. */
void iw_route_want_all(struct iw_route *route);
/** Every event of a channel. IW_OK or IW_ENOMEM. */
enum iw_rc iw_route_want_channel(struct iw_route *route, struct iw_str channel);
/** One event id of a channel; an empty channel means any. IW_OK or IW_ENOMEM. */
enum iw_rc iw_route_want(struct iw_route *route, struct iw_str channel, uint32_t event_id);

/** The wishes for a channel, never NULL; ask once per channel and keep it. */
const struct iw_route_channel *iw_route_find(const struct iw_route *route, struct iw_str channel);

static inline bool iw_route_wants(const struct iw_route *route,
                                  const struct iw_route_channel *channel, uint32_t event_id)
{
    if (route->all || channel->all || event_id >= IW_ROUTE_EVENT_IDS)
        return true;
    return ((channel->bits[event_id / 64] | route->anywhere.bits[event_id / 64]) >>
            (event_id % 64)) &
           1U;
}

#endif
