/**
 * What change records say of rules' findings: the outcome is that of the act, so a rule's finding
 * about it gets the same answer as the reconciler's (design §6).
 */
#ifndef IW_ENGINE_RULE_CHANGE_H
#define IW_ENGINE_RULE_CHANGE_H

#include "base/map.h"
#include "iis/change/changes.h"
#include "result/inventory.h"

/** Zero-initialised it asks nobody. */
struct iw_rule_changes {
    const struct iw_changes *changes; /* NULL: none were given */
    struct iw_arena arena;            /* keys of files */
    struct iw_map files;  /* host and path in lower case → the file that was read there */
    struct iw_arena work; /* of one finding */
};

/** Lays ready which files are at hand, so that a record's hash can be checked. *inventory* is
 * settled and outlives it. Done is needed in every case. IW_OK or IW_ENOMEM. */
enum iw_rc iw_rule_changes_init(struct iw_rule_changes *rule_changes,
                                const struct iw_changes *changes,
                                const struct iw_inventory *inventory);
void iw_rule_changes_done(struct iw_rule_changes *rule_changes);

/** Sets change, level and score of a rule's finding whose host is settled. What is set lives until
 * the next call. IW_OK or IW_ENOMEM. */
enum iw_rc iw_rule_changes_judge(struct iw_rule_changes *rule_changes, struct iw_finding *finding);

#endif
