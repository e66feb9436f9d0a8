/**
 * Chains of evidence in a run: facts to findings host by host in pass 2 (detect/chain/chains.h),
 * and the trails of components beside them, with what the run knows of requests, places, names and
 * change records.
 */
#ifndef IW_ENGINE_CHAIN_FINDINGS_H
#define IW_ENGINE_CHAIN_FINDINGS_H

#include "context/url_requests.h"
#include "context/web_places.h"
#include "coverage/coverage_reach.h"
#include "detect/chain/chains.h"
#include "detect/chain/component_trails.h"
#include "engine/behaviour.h"
#include "engine/decisions.h"
#include "engine/engine.h"
#include "engine/told_web_files.h"
#include "result/run.h"

struct iw_chain_findings_input {
    const struct iw_chain_settings *settings;
    struct iw_component_trails *trails; /* gathered beside chains */
    struct iw_url_requests *requests;   /* settled; NULL: nobody may be asked */
    const struct iw_web_places *places;
    const struct iw_changes *changes;      /* NULL: nobody planned anything */
    struct iw_decisions *decisions;        /* not settled: gets which events are links */
    const struct iw_inventory *inventory;  /* whose web files may be pages nobody saw come; NULL */
    struct iw_told_web_files *web_files;   /* gets which of them chains tell; NULL: nobody asks */
    struct iw_behaviour_asking *behaviour; /* NULL: no baseline knows any */
    struct iw_coverage_reach *reach;       /* what could have been seen; NULL: not asked */
    const struct iw_learn_options *learn;  /* NULL: nothing is learned */
    int64_t since_ns, until_ns;            /* of findings' last time; IW_TIME_UNKNOWN = open */
    _Atomic uint64_t *n_findings;          /* counts along; may be NULL */
};

struct iw_chain_findings;

/** All of *input*, and *run*, whose telemetry is settled, lives longer. NULL: no memory. */
struct iw_chain_findings *iw_chain_findings_new(const struct iw_chain_findings_input *input,
                                                struct iw_run *run);
void iw_chain_findings_free(struct iw_chain_findings *findings);
/** The next host, whose *context* has begun. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_findings_begin(struct iw_chain_findings *findings,
                                   const struct iw_host_context *context, struct iw_error *err);
/** A fact of kind IW_FACT_CHAIN of the host. IW_OK, IW_ENOMEM, IW_EIO. Findings go to
 * run->findings; where these find no room, run->failure says so, and that is IW_OK. */
enum iw_rc iw_chain_findings_see(struct iw_chain_findings *findings, const struct iw_fact *fact,
                                 struct iw_error *err);
/** The host is told. As above. */
enum iw_rc iw_chain_findings_end(struct iw_chain_findings *findings, struct iw_error *err);
/** All hosts are: what could not be kept becomes notes of the run. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_findings_tell(const struct iw_chain_findings *findings);

#endif
