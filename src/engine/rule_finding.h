/**
 * A rule hit as a finding: what a responder wants to see of the event, copied out of the batch.
 */
#ifndef IW_ENGINE_RULE_FINDING_H
#define IW_ENGINE_RULE_FINDING_H

#include "event/event.h"
#include "result/finding.h"
#include "sigma/sigma.h"

/**
 * Copies what findings need of a rule into *arena*, once for all of them; the description becomes
 * one line. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_rule_finding_keep_rule(const struct iw_sigma_rule *rule, struct iw_arena *arena,
                                     struct iw_sigma_rule *ret);

/**
 * Makes a finding of *event* having matched *rule*. Host is not settled yet: `computer` is set.
 *
 * @param rule         kept by iw_rule_finding_keep_rule: its texts live longer than the finding
 * @param source_path  of the event's file; lives longer than the finding
 * @param arena        gets the finding's texts and lists
 * @param scratch      reset by the caller
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_rule_finding_make(const struct iw_sigma_rule *rule, const struct iw_event *event,
                                struct iw_str source_path, struct iw_arena *arena,
                                struct iw_arena *scratch, struct iw_finding *ret);

#endif
