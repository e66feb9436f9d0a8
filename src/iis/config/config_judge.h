/**
 * Whether a section may stand in a web.config of a place: the rules by which layers are judged
 * (allowDefinition, overrideMode, allowOverride), asked of a file that is not there.
 *
 * Nothing is kept or owned; asking changes nothing: any thread may, once the configuration is
 * settled.
 */
#ifndef IW_IIS_CONFIG_JUDGE_H
#define IW_IIS_CONFIG_JUDGE_H

#include "iis/config/config_effective.h"

/** Are they? Only where applicationHost.config is in evidence, whole and authoritative. */
bool iw_config_locks_are_known(const struct iw_config *config);

/** A section in a web.config that could be written. Do not copy: the layer points into it. */
struct iw_config_trial {
    struct iw_config_file file;
    struct iw_config_layer layer; /* has no element */
};

/** *place* is borrowed. */
void iw_config_trial_init(struct iw_config_trial *trial, const struct iw_config_section *section,
                          const struct iw_config_place *place);
/** Would IIS refuse that section there? To be believed only where locks are known. */
bool iw_config_would_refuse(const struct iw_config *config, const struct iw_config_trial *trial);

#endif
