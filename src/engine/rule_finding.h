/**
 * What a rule adds to a finding of an event it matched.
 */
#ifndef IW_ENGINE_RULE_FINDING_H
#define IW_ENGINE_RULE_FINDING_H

#include "event/event.h"
#include "result/finding.h"
#include "sigma/sigma.h"

/** What a finding says of a time that was read off a clock nobody knows the offset of. */
#define IW_LOCAL_TIME_WORDS                                                                        \
    "its time is of the server's local clock, whose offset from UTC is not known: up to 14 hours " \
    "off"

/**
 * Copies what findings need of a rule into *arena*, once for all of them; the description becomes
 * one line. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_rule_finding_keep_rule(const struct iw_sigma_rule *rule, struct iw_arena *arena,
                                     struct iw_sigma_rule *ret);

/**
 * Makes *finding* (of iw_event_finding_make, times settled) the finding of *rule*: all that comes
 * of the rule, `why`, and the anchor.
 *
 * @param rule   kept by iw_rule_finding_keep_rule: its texts live longer than the finding
 * @param arena  gets the finding's texts and lists
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_rule_finding_complete(const struct iw_sigma_rule *rule, struct iw_arena *arena,
                                    struct iw_finding *finding);

#endif
