/**
 * What the rules of a ruleset ask of telemetry, so that they can match at all: which channels and
 * event ids, and which fields must hold something. Rules that ask for the same are one demand, so
 * that whoever compares demands with what hosts logged does it once, not once for each rule.
 *
 * A demand may err only towards "could match": a field is asked for only where the condition is
 * false whenever it is absent, empty or `-`, whatever all other fields hold. Not asked: what stands
 * in the System part of every record, fields of context, keywords, other fields a value is compared
 * with (fieldref), and which event id a field belongs to where a rule names several.
 */
#ifndef IW_SIGMA_SIGMA_DEMAND_H
#define IW_SIGMA_SIGMA_DEMAND_H

#include "sigma/sigma.h"

/** Every event id of the channel. */
#define IW_DEMAND_ANY_ID UINT32_MAX

/** Where events of a rule can come from. */
struct iw_demand_source {
    struct iw_str channel; /* as the table of log sources spells it; empty: any channel */
    uint32_t event_id;     /* IW_DEMAND_ANY_ID: any */
};

/** Fields of which one must hold something. */
struct iw_demand_choice {
    const uint32_t *fields; /* name ids, ascending */
    size_t n;
};

struct iw_sigma_demand {
    const struct iw_demand_source *sources; /* one is enough; by channel, id */
    size_t n_sources;
    const struct iw_demand_choice *choices; /* all must be met by the event */
    size_t n_choices;
    bool by_taxonomy;      /* fields are named as the taxonomy does: the rule is of a category */
    const uint32_t *rules; /* indices in the ruleset, ascending */
    size_t n_rules;
};

struct iw_sigma_demands {
    struct iw_arena arena;
    struct iw_sigma_demand *items; /* in the order of their first rule */
    size_t n;
};

void iw_sigma_demands_init(struct iw_sigma_demands *demands);
void iw_sigma_demands_done(struct iw_sigma_demands *demands);

/** Whether a rule is to be looked at. */
typedef bool iw_sigma_rule_is_asked(void *context, const struct iw_sigma_rule *rule);

/** Finds the demands of the rules that *is_asked* (NULL: all) chooses; rules of correlations are
 * among them, correlations are not. *ret was initialised; texts of channels are its own. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_sigma_demands_find(const struct iw_sigma_ruleset *ruleset,
                                 iw_sigma_rule_is_asked *is_asked, void *context,
                                 struct iw_sigma_demands *ret);

#endif
