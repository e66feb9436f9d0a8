/**
 * From facts and servers to findings: the reconciler (detect/reconcile.h) fed with what a run has.
 */
#ifndef IW_ENGINE_SERVER_FINDINGS_H
#define IW_ENGINE_SERVER_FINDINGS_H

#include "detect/chain/component_trails.h"
#include "detect/reconcile.h"
#include "engine/told_components.h"
#include "engine/told_web_files.h"
#include "result/run.h"

/** What is not in the run, and which findings are wanted. */
struct iw_server_findings_input {
    struct iw_str baseline_source;            /* file of run->baseline; empty: none */
    const struct iw_changes *changes;         /* NULL: none */
    iw_change_judge *judge_change;            /* NULL: changes are not asked */
    const struct iw_sid_names *names;         /* NULL: SIDs have no names */
    const struct iw_estate *estate;           /* NULL: none */
    struct iw_url_requests *requests;         /* settled; NULL: nobody asks them */
    const struct iw_web_places *places;       /* where there are requests */
    const struct iw_component_trails *trails; /* what happened around; NULL: nobody tells */
    struct iw_told_web_files *told;           /* what chains tell; NULL: nothing */
    struct iw_told_components *told_events;   /* gets what these findings show; NULL: nobody asks */
    const _Atomic bool *cancelled;            /* may be NULL */
    int64_t since_ns, until_ns;   /* IW_TIME_UNKNOWN: no bound; by a finding's last time */
    _Atomic uint64_t *n_findings; /* counts along; may be NULL */
};

/**
 * Judges all servers of the inventory and puts what is found into run->findings. Hosts are settled
 * and baselines compared; run->findings is not settled yet.
 *
 * @return IW_OK, also where findings find no room (run->failure says why); IW_ENOMEM; IW_ELIMIT
 */
enum iw_rc iw_server_findings(const struct iw_server_facts *facts,
                              const struct iw_server_findings_input *input, struct iw_run *run,
                              struct iw_error *err);

#endif
