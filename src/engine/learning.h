/**
 * Learning of behaviour in a run: what chains count of each host becomes entries of its server, as
 * components are, so that a baseline is made of them or compared with them.
 */
#ifndef IW_ENGINE_LEARNING_H
#define IW_ENGINE_LEARNING_H

#include "detect/chain/chains.h"
#include "engine/engine.h"

/** Keeps what was learned of one usage. IW_OK or IW_ENOMEM. */
enum iw_rc iw_learning_take(struct iw_run *run, struct iw_str host,
                            const struct iw_chain_learned *learned);
/** All hosts are told: what is not refused goes to the servers of the inventory, and what is
 * doubtful about the span becomes notes. IW_OK or IW_ENOMEM. */
enum iw_rc iw_learning_settle(struct iw_run *run, const struct iw_learn_options *options);

#endif
