/**
 * Pass 2 over matched events: findings of rules and of correlations, in event time.
 */
#ifndef IW_ENGINE_MATCH_FINDINGS_H
#define IW_ENGINE_MATCH_FINDINGS_H

#include "engine/decisions.h"
#include "result/run.h"

struct iw_match_input {
    struct iw_order *order;               /* settled; its facts are read and released */
    const struct iw_decisions *decisions; /* settled: rules that context decided; NULL: none */
    const struct iw_sigma_ruleset *ruleset;
    const struct iw_sigma_rule *rules;        /* by index, kept (engine/rule_finding.h) */
    const struct iw_sigma_rule *correlations; /* by number, kept */
    size_t n_correlations;
    bool fire_every;               /* --correlation-fire every */
    int64_t since_ns, until_ns;    /* of findings' last time; IW_TIME_UNKNOWN = open */
    size_t budget_bytes;           /* of one sorting */
    const _Atomic bool *cancelled; /* ends the reading: run->interrupted; may be NULL */
};

/** --since and --until choose findings by their last time; one without a time is always shown. */
bool iw_match_is_shown(int64_t since_ns, int64_t until_ns, int64_t last_time_ns,
                       bool is_local_time);

/** Takes a finding, host settled; it may be changed, and is gone after the call. IW_OK, or what
 * ends the reading. */
typedef enum iw_rc iw_take_finding(void *context, struct iw_finding *finding, struct iw_error *err);

/**
 * Reads all matches and hands over their findings, in no particular order. run->n_duplicate_events,
 * n_outside_window, notes and the rule account are filled.
 *
 * @return IW_OK, IW_ENOMEM, IW_EIO, and what *take* returns
 */
enum iw_rc iw_match_findings(const struct iw_match_input *input, struct iw_run *run,
                             iw_take_finding *take, void *context, struct iw_error *err);

#endif
