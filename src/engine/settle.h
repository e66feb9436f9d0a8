/**
 * Pass 2: what can only be said when all events were seen: hosts, duplicates, blind spots, order.
 */
#ifndef IW_ENGINE_SETTLE_H
#define IW_ENGINE_SETTLE_H

#include "coverage/collector.h"
#include "result/run.h"

/** Settles host names and fills run->telemetry and run->hosts. *hosts* was initialised. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_settle_hosts(const struct iw_collector *collector, struct iw_hosts *hosts,
                           struct iw_run *run);

/**
 * Settles run->findings: hosts, duplicate events joined (design §4: the same record from two copies
 * is one event with two sources), blind spots named, ids and order. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_settle_findings(const struct iw_hosts *hosts, struct iw_run *run);

/** Fills what is known only at the end: the time since *started_ns* (iw_clock_ns) and peak memory.
 */
void iw_settle_resources(struct iw_run *run, uint64_t started_ns);

#endif
