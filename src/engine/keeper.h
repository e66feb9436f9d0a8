/**
 * Keeping a bounded number of findings of each rule: the earliest ones, whatever thread met them.
 *
 * Which findings are kept depends on their time and place alone: the IW_LIMIT_FINDINGS_PER_RULE
 * lowest by (time, source, offset). What is not kept is counted, never silent.
 */
#ifndef IW_ENGINE_KEEPER_H
#define IW_ENGINE_KEEPER_H

#include "event/event.h"
#include "result/finding.h"

struct iw_keeper_key {
    int64_t time_ns;
    uint32_t source;
    uint64_t offset;
};

struct iw_kept_finding {
    struct iw_keeper_key key;
    struct iw_finding *finding;
};

/** Findings of one rule. Zero-initialise. */
struct iw_keeper {
    struct iw_kept_finding *items;
    size_t n;
    size_t cap;
    uint64_t n_seen;
    bool is_full; /* *worst* is valid: later ones need not be made */
    struct iw_keeper_key worst;
};

void iw_keeper_done(struct iw_keeper *keeper);
/** Whether a finding with this key could be among those kept: ask before making it. Counts it as
 * seen. */
bool iw_keeper_wants(struct iw_keeper *keeper, const struct iw_event *event);
/** Keeps it (a pointer; the finding lives elsewhere). IW_OK or IW_ENOMEM. */
enum iw_rc iw_keeper_add(struct iw_keeper *keeper, const struct iw_event *event,
                         struct iw_finding *finding);
/** Adds all of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_keeper_merge(struct iw_keeper *into, const struct iw_keeper *from);
/** Cuts down to the limit. Returns how many were seen and not kept. */
uint64_t iw_keeper_settle(struct iw_keeper *keeper);

#endif
