/**
 * Explaining one rule over evidence: with what an event's record says alone, or, where the rule
 * asks for context, with what a hunt would know of it.
 */
#ifndef IW_ENGINE_EXPLAIN_CONTEXT_H
#define IW_ENGINE_EXPLAIN_CONTEXT_H

#include "engine/explain_tally.h"
#include "engine/rulebook.h"
#include "engine/where.h"

/** What is explained. */
struct iw_explaining {
    const struct iw_explain_options *options;
    const struct iw_rulebook *book;
    size_t rule, n_items;
    struct iw_spill *spill; /* for context */
    struct iw_where where;
    bool is_chosen; /* events were chosen by options */
};

/** Whether an event is to be explained: chosen, and of the rule's log source; counts it. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_explaining_chooses(const struct iw_explaining *what,
                                 const struct iw_sigma_explainer *explainer,
                                 const struct iw_event *event, struct iw_arena *scratch,
                                 struct iw_explain_tally *tally, bool *ret);
/** What has to be decoded for that. IW_OK or IW_ENOMEM. */
enum iw_rc iw_explaining_route(const struct iw_explaining *what,
                               const struct iw_sigma_explainer *explainer, struct iw_route *route);

/**
 * Explains rule *rule*, no correlation, over the evidence of *options*; fills run and *report*.
 * options->rules and ->rule of *explain* are not looked at. Codes as iw_engine_rules_explain.
 *
 * @param spill  opened where the rule asks for context; lives as long as the run
 */
enum iw_rc iw_explain_one_rule(const struct iw_engine_options *options,
                               const struct iw_explain_options *explain, struct iw_rulebook *book,
                               size_t rule, struct iw_spill *spill, struct iw_run *run,
                               struct iw_explain_report *report, struct iw_error *err);
/** The same of a rule that asks for context; *explainer* is of it. */
enum iw_rc iw_explain_in_context(const struct iw_engine_options *options,
                                 const struct iw_explaining *what,
                                 const struct iw_sigma_explainer *explainer, struct iw_run *run,
                                 struct iw_explain_report *report, struct iw_error *err);

#endif
