/**
 * Pass 2: what can only be said when all events were seen: hosts, duplicates, blind spots, order.
 */
#ifndef IW_ENGINE_SETTLE_H
#define IW_ENGINE_SETTLE_H

#include "coverage/collector.h"
#include "engine/direct_write.h"
#include "engine/failed_loads.h"
#include "engine/match_findings.h"
#include "engine/rule_change.h"
#include "engine/told_components.h"
#include "engine/unpacked_pages.h"
#include "engine/tree_hosts.h"
#include "order/clock.h"
#include "result/run.h"

/** Settles host names and fills run->telemetry and run->hosts. *hosts* was initialised; *trees*
 * (NULL: not asked) tells whose the events are that name no computer. IW_OK or IW_ENOMEM. */
enum iw_rc iw_settle_hosts(const struct iw_collector *collector, const struct iw_tree_hosts *trees,
                           struct iw_hosts *hosts, struct iw_run *run);

/** Puts the times of run->hosts right, as those of findings are: where an export wrote a local
 * clock as UTC. *clocks* is settled. IW_OK or IW_ENOMEM. */
enum iw_rc iw_settle_host_times(const struct iw_clocks *clocks, struct iw_run *run);

/** Who is asked about each finding of a rule; each may be NULL: nobody. */
struct iw_settle_asked {
    struct iw_rule_changes *changes;       /* change records */
    struct iw_unpacked_pages *unpacked;    /* archives that were written; NULL: nothing is said */
    struct iw_direct_writes *writes;       /* the log of the configuration system */
    struct iw_told_components *components; /* findings about components, which were made before */
    struct iw_failed_loads *failed_loads;  /* modules that did not load */
};

/**
 * Makes findings of matched events (engine/match_findings.h): blind spots named, what else is in
 * evidence asked, ids and order.
 * @return IW_OK; IW_ENOMEM; IW_EIO: the temporary file cannot be read, or takes no more of what
 * correlations need. Where it takes no more findings, run->findings holds what could be kept,
 * run->failure says why and the rule account how many are missing; that is IW_OK.
 */
enum iw_rc iw_settle_findings(const struct iw_match_input *input,
                              const struct iw_settle_asked *asked, struct iw_run *run,
                              struct iw_error *err);

/** Fills what is known only at the end: the time since *started_ns* (iw_clock_ns) and peak memory.
 */
void iw_settle_resources(struct iw_run *run, uint64_t started_ns);

#endif
