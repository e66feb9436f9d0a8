/**
 * A hunt between its files: what the whole run holds, and its consumer of events (hunt_thread.c).
 */
#ifndef IW_ENGINE_HUNT_STATE_H
#define IW_ENGINE_HUNT_STATE_H

#include "context/url_requests.h"
#include "coverage/canary_watch.h"
#include "coverage/switches.h"
#include "detect/chain/component_trails.h"
#include "engine/behaviour.h"
#include "engine/context_pass.h"
#include "engine/pipeline.h"
#include "engine/proof_files.h"
#include "engine/servers.h"
#include "engine/told_components.h"

/* What became of one rule. */
struct rule_count {
    uint64_t n_matches, n_unkept, n_unknown;
};

struct hunt_run {
    const struct iw_engine_options *options;
    const struct iw_hunt_options *hunt_options;
    /* Ends the judging. NULL where reading was interrupted: of what was read all is told. */
    const _Atomic bool *cancelled;
    struct iw_run *run;
    struct iw_gathering gathering;
    const struct iw_names *names;
    size_t n_rules;
    struct iw_sigma_rule *rules;        /* by index, in run->arena: findings borrow their texts */
    struct iw_sigma_rule *correlations; /* by number, likewise */
    size_t n_correlations;
    struct iw_watched_folders folders; /* files in them show what is logged */
    struct iw_switches *switches;
    struct iw_switch_list switch_list; /* of these, once hosts are settled */
    struct iw_canary_watch *canaries;  /* NULL: none are looked for */
    struct iw_proofs *proofs;          /* what files say is logged; hosts are theirs once settled */
    struct iw_servers servers;
    struct iw_url_requests *requests;
    struct iw_decisions *decisions;
    struct iw_chain_settings chain_settings;
    bool has_chains;                       /* they are looked for */
    struct iw_component_trails *trails;    /* NULL: they are not */
    struct iw_web_places *places;          /* NULL until servers are settled */
    struct iw_told_web_files told;         /* the same */
    struct iw_told_components told_events; /* what findings about components show */
    struct iw_rule_changes rule_changes;
    struct iw_behaviour_asking behaviour; /* of the baseline, once servers are settled */
    struct rule_count *counts;            /* by rule, of all threads */
};

/** What reads events into it: a consumer whose context is the struct hunt_run. */
struct iw_consumer iw_hunt_consumer(struct hunt_run *hunt);

#endif
