/**
 * Who writes below a web root, as a baseline of behaviour learns it and is asked about it: the
 * program, and the kind of account that it ran as. "robocopy as some user" would be everybody who
 * has an account: of a tool that does what it is told (deployment.h) it is the account itself, what
 * started it past shells and scripts, and the shape of the command with the machines that it names
 * (command_shape.h). That is what a job that recurs has in common with itself, and what somebody
 * who has the account's password and comes over WMI, or copies from a machine of his own, has not.
 */
#ifndef IW_DETECT_USUAL_WRITER_H
#define IW_DETECT_USUAL_WRITER_H

#include "detect/chain/chain_fact.h"
#include "detect/chain/chains.h"

/**
 * Describes a writer, but for the root (usage.scope).
 *
 * @param process  of the writing; NULL: not known
 * @param arena    gets the name of a tool's usage
 * @param ret      name empty: a tool whose account, command or starter is not known, of which
 *                 nothing can be said
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_usual_writer(const struct iw_chain_fact *what, const struct iw_process *process,
                           int64_t time_ns, struct iw_arena *arena, struct iw_chain_usage *ret);

#endif
