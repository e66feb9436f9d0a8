/**
 * Rules say that a file of the configuration was written; whether that went past the configuration
 * system they cannot see. Here its own log is asked: events 29 and 50 of the process that wrote,
 * and where there are none, whether they were logged at all.
 */
#ifndef IW_ENGINE_DIRECT_WRITE_H
#define IW_ENGINE_DIRECT_WRITE_H

#include "coverage/coverage_reach.h"
#include "detect/chain/component_trails.h"
#include "result/finding.h"

struct iw_direct_writes {
    const struct iw_component_trails *trails; /* all hosts are read; NULL: nothing is said */
    struct iw_coverage_reach *reach;          /* NULL: nothing is said */
    struct iw_arena arena;                    /* of one finding */
    struct iw_buffer host;                    /* whose reach is asked */
};

/** *trails* and *reach* live longer; done is needed. */
void iw_direct_writes_init(struct iw_direct_writes *writes,
                           const struct iw_component_trails *trails,
                           struct iw_coverage_reach *reach);
void iw_direct_writes_done(struct iw_direct_writes *writes);

/**
 * Adds a line to `why` of a rule's finding about a written applicationHost.config,
 * administration.config or redirection.config (Sysmon 11): written through the configuration
 * system, past it, one of several of which fewer were told, or not known and why. What went through
 * it and is low becomes informational: event 29 says what was changed, and rules speak of that.
 * Other findings are left as they are.
 *
 * @param finding  its host is settled; its texts live until the next call
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_direct_writes_judge(struct iw_direct_writes *writes, struct iw_finding *finding);

#endif
