/**
 * Watching for canaries while events go by.
 *
 * A watch belongs to one thread; all of them are merged at the end, in any order, with the same
 * result. An event that cannot be of an act (by channel and id) costs two comparisons; one that can
 * costs a search for the marker in one or two of its fields. What is kept is an entry for each act,
 * source and computer, at most IW_LIMIT_CANARY_SIGHTINGS.
 */
#ifndef IW_COVERAGE_CANARY_WATCH_H
#define IW_COVERAGE_CANARY_WATCH_H

#include "coverage/canary_plan.h"
#include "event/event.h"
#include "event/host.h"
#include "event/route.h"
#include "result/ledger.h"

struct iw_canary_watch;

/** Adds the events that canaries are seen in to what is decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_canary_route(struct iw_route *route);

/** *plan* lives longer. NULL: no memory. */
struct iw_canary_watch *iw_canary_watch_new(const struct iw_canary_plan *plan);
void iw_canary_watch_free(struct iw_canary_watch *watch);
/** Looks at an event. IW_OK or IW_ENOMEM. */
enum iw_rc iw_canary_watch_see(struct iw_canary_watch *watch, const struct iw_event *event);
/** Adds all of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_canary_watch_merge(struct iw_canary_watch *into, const struct iw_canary_watch *from);
/** Fills *report* (initialised); *hosts* is settled and knows the computers, the plan must live as
 * long as it. IW_OK or IW_ENOMEM. */
enum iw_rc iw_canary_watch_settle(const struct iw_canary_watch *watch, const struct iw_hosts *hosts,
                                  const struct iw_ledger *ledger, struct iw_canary_report *report);

#endif
