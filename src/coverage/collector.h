/**
 * Collecting the telemetry profile while events pass: per (computer, channel, provider, event id)
 * how many, when, with which fields filled; per (computer, channel) which record ids, from when to
 * when between its pauses, and when there were events that show what is logged (sample.h).
 *
 * One collector per thread; merged and turned into plain rows (result/telemetry.h) at the end.
 * Within the limits nothing in the result depends on how events were divided among threads. Memory
 * is bounded by limits.h; what finds no room is counted, and which row or name that is depends on
 * the order they came in.
 */
#ifndef IW_COVERAGE_COLLECTOR_H
#define IW_COVERAGE_COLLECTOR_H

#include "coverage/watched_folders.h"
#include "event/event.h"
#include "event/host.h"
#include "result/telemetry.h"

struct iw_collector;

/** NULL when there is no memory. */
struct iw_collector *iw_collector_new(void);
/**
 * For one thread of several that read the same logs: its record ids go over to *shared* now and
 * then, where they join those of the others; a log of which each thread reads every other slice has
 * as many gaps to each as it has slices. *shared* outlives it, and is not added to meanwhile.
 */
struct iw_collector *iw_collector_new_beside(struct iw_collector *shared);
/** Before the first event and before threads get theirs: files in these folders are samples.
 * *folders* outlives the collector and does not change. */
void iw_collector_watch(struct iw_collector *collector, const struct iw_watched_folders *folders);
void iw_collector_free(struct iw_collector *collector);
/** Counts one event. Recovered events count as events but not for record ids. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_collector_add(struct iw_collector *collector, const struct iw_event *event);
/** Adds all of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_merge(struct iw_collector *into, const struct iw_collector *from);
/** Tells *hosts* every computer name seen. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_hosts(const struct iw_collector *collector, struct iw_hosts *hosts);
/** Makes the rows, sorted; *hosts* is settled. *ret was initialised. IW_OK or IW_ENOMEM. */
enum iw_rc iw_collector_finish(const struct iw_collector *collector, const struct iw_hosts *hosts,
                               struct iw_telemetry *ret);

#endif
