/**
 * What the run's baseline says of behaviour, for whoever judges what happened.
 */
#ifndef IW_ENGINE_BEHAVIOUR_H
#define IW_ENGINE_BEHAVIOUR_H

#include "detect/chain/chains.h"
#include "iis/baseline/baseline_behaviour.h"

/** Zero-initialised with *baseline* NULL: there is none, and nobody asks. One thread at a time. */
struct iw_behaviour_asking {
    const struct iw_baseline *baseline;
    int64_t now_ns; /* by which approvals expire */
    struct iw_arena scratch;
};

/** *baseline* may be NULL, and lives longer. */
void iw_behaviour_asking_init(struct iw_behaviour_asking *asking,
                              const struct iw_baseline *baseline, int64_t now_ns);
void iw_behaviour_asking_done(struct iw_behaviour_asking *asking);
/** Whether the baseline knows any. */
bool iw_behaviour_is_asked(const struct iw_behaviour_asking *asking);
/** An iw_chain_ask_behaviour: *context* is the struct iw_behaviour_asking. */
enum iw_rc iw_behaviour_answer_of(void *context, struct iw_str host,
                                  const struct iw_chain_usage *usage, enum iw_chain_behaviour *ret);
/** Which kind of entry a usage is. */
enum iw_behaviour_kind iw_behaviour_kind_of(enum iw_chain_usage_kind kind);

#endif
