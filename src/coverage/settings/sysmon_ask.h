/**
 * Whether a configuration of Sysmon would have logged what an attacker does on a web server.
 *
 * The question is about many events at once (any file of a folder that can run, whoever writes it),
 * so the answer is one of three: all are logged, none is, or a condition decides by what is not
 * asked. What is asked is put as examples (each ending that runs, each program an attack goes
 * through, and any other program); README.md of the room says which and why.
 */
#ifndef IW_COVERAGE_SYSMON_ASK_H
#define IW_COVERAGE_SYSMON_ASK_H

#include "coverage/proofs.h"
#include "coverage/settings/sysmon_config.h"

/**
 * Asks. *sense* is one of IW_SENSE_SYSMON_*; *ret gets state, loses_first, why, and where not all
 * is logged lack and mends (in *arena*), these with the source that it has; its other members are
 * left alone. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_sysmon_ask(const struct iw_sysmon_config *config, enum iw_sense sense,
                         const struct iw_sense_subject *subject, struct iw_arena *arena,
                         struct iw_proof_answer *ret);

#endif
