/**
 * The ruleset: plans and the index from (channel, event id) to the rules that may match there.
 */
#ifndef IW_SIGMA_SIGMA_RULESET_H
#define IW_SIGMA_SIGMA_RULESET_H

#include "base/map.h"
#include "sigma/sigma_correlate_plan.h"
#include "sigma/sigma_correlation.h"
#include "sigma/sigma_plan.h"
#include "sigma/sigma_store.h"

/** Rules of one event id, ascending. */
struct iw_rule_list {
    uint32_t event_id;
    const uint32_t *rules;
    size_t n;
    size_t bucket; /* its number in the store */
};

struct iw_rule_channel {
    struct iw_str name;       /* lower case; empty: any channel that has no entry of its own */
    struct iw_rule_list *ids; /* by event id */
    size_t n_ids;
    struct iw_rule_list other; /* every other event id */
};

struct iw_sigma_ruleset {
    struct iw_arena arena;
    struct iw_regex *regexes;
    struct iw_rule_plan **plans;
    size_t n_plans;
    /* Well-formed ones, also those the account then refuses or sets aside. */
    struct iw_correlation **correlations;
    size_t n_correlations;
    struct iw_correlate_program *correlate; /* those that run */
    size_t n_names;                         /* field ids in use */
    size_t stack_depth;                     /* of the deepest condition */
    struct iw_map by_channel;
    struct iw_rule_channel *channels; /* [0]: any channel */
    size_t n_channels;
    size_t n_lists;
    size_t n_shares, n_bodies;
    struct iw_sigma_store *store; /* made ready when first needed */
};

/** Builds the index over the plans. IW_OK or IW_ENOMEM. */
enum iw_rc iw_ruleset_index(struct iw_sigma_ruleset *ruleset);

/** The entry of a channel, never NULL. */
const struct iw_rule_channel *iw_ruleset_channel(const struct iw_sigma_ruleset *ruleset,
                                                 struct iw_str channel);
const struct iw_rule_list *iw_rule_channel_list(const struct iw_rule_channel *channel,
                                                uint32_t event_id);

#endif
