/**
 * What of a configuration of Sysmon has to change so that all of what is asked about is logged.
 *
 * Exclude takes precedence over include: what an exclude takes is logged again only without that
 * exclude. An include beside excludes alone would make of "all but these" "nothing but this", so
 * one is asked for only where there are includes, or no filter of that event at all.
 */
#ifndef IW_COVERAGE_SYSMON_MEND_H
#define IW_COVERAGE_SYSMON_MEND_H

#include "coverage/settings/sysmon_examples.h"

/** Where not all examples are logged. *source* is borrowed, all else lies in *arena*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_sysmon_mend(const struct iw_sysmon_config *config,
                          const struct iw_sysmon_examples *examples, struct iw_str source,
                          struct iw_arena *arena, struct iw_proof_mend **ret);

#endif
