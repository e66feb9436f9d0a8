/**
 * What change records say of rules' findings: the outcome is that of the act, so a rule's finding
 * about it gets the same answer as the reconciler's (design §6).
 */
#ifndef IW_ENGINE_RULE_CHANGE_H
#define IW_ENGINE_RULE_CHANGE_H

#include "base/map.h"
#include "context/sid_names.h"
#include "iis/change/changes.h"
#include "result/inventory.h"

/** Zero-initialised it asks nobody. */
struct iw_rule_changes {
    const struct iw_changes *changes; /* NULL: none were given */
    const struct iw_sid_names *names; /* settled; NULL: only the well-known SIDs have names */
    struct iw_arena arena;            /* keys of files */
    /* Host and path, or host, kind and name of a registered component, in lower case → the file
       that was read there; of several the first. */
    struct iw_map files;
    struct iw_arena work; /* of one finding */
};

/** Lays ready which files are at hand, so that a record's hash can be checked. *inventory* is
 * settled; it and *names* (may be NULL) outlive it. Done is needed in every case. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_rule_changes_init(struct iw_rule_changes *rule_changes,
                                const struct iw_changes *changes, const struct iw_sid_names *names,
                                const struct iw_inventory *inventory);
void iw_rule_changes_done(struct iw_rule_changes *rule_changes);

/** Sets change, level and score of a rule's finding whose host is settled. The texts of its change
 * live until the next call. IW_OK or IW_ENOMEM. */
enum iw_rc iw_rule_changes_judge(struct iw_rule_changes *rule_changes, struct iw_finding *finding);

#endif
