/**
 * What is asked of a configuration of Sysmon, as examples: what an attack writes and starts, and
 * through which programs.
 *
 * Sources: domain knowledge written down in docs/COVERAGE.md; the programs are those every Windows
 * has in their usual places.
 */
#ifndef IW_COVERAGE_SYSMON_EXAMPLES_H
#define IW_COVERAGE_SYSMON_EXAMPLES_H

#include "coverage/proofs.h"
#include "coverage/settings/sysmon_decide.h"

struct iw_sysmon_examples {
    enum iw_sysmon_type type;
    struct iw_sysmon_example *items;
    size_t n;
};

/** All examples of a question, in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sysmon_examples_make(enum iw_sense sense, const struct iw_sense_subject *subject,
                                   struct iw_arena *arena, struct iw_sysmon_examples *ret);

#endif
