/**
 * From facts and servers to findings: the reconciler (detect/reconcile.h) fed with what a run has.
 */
#ifndef IW_ENGINE_SERVER_FINDINGS_H
#define IW_ENGINE_SERVER_FINDINGS_H

#include "detect/reconcile.h"
#include "result/run.h"

/** What is not in the run, and which findings are wanted. */
struct iw_server_findings_input {
    const struct iw_baseline_differences *differences; /* NULL: no baseline */
    struct iw_str baseline_source;
    const struct iw_changes *changes; /* NULL: none */
    iw_change_judge *judge_change;    /* NULL: changes are not asked */
    int64_t since_ns, until_ns;       /* IW_TIME_UNKNOWN: no bound; by a finding's last time */
    _Atomic uint64_t *n_findings;     /* counts along; may be NULL */
};

/**
 * Settles the facts, tells the inventory which servers events know (a host with workers and without
 * configuration becomes a server), judges all servers and puts what is found into run->findings.
 * Hosts of the inventory are settled; run->findings is not yet.
 *
 * @return IW_OK, also where findings find no room (run->failure says why); IW_ENOMEM; IW_ELIMIT
 */
enum iw_rc iw_server_findings(struct iw_server_events *events, const struct iw_hosts *hosts,
                              const struct iw_server_findings_input *input, struct iw_run *run,
                              struct iw_error *err);

#endif
