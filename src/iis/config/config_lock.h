/**
 * lockItem, lockAttributes, lockElements and their Except forms: what elements above a place forbid
 * to those below it.
 */
#ifndef IW_IIS_CONFIG_LOCK_H
#define IW_IIS_CONFIG_LOCK_H

#include "base/limits.h"
#include "iis/config/config_effective.h"

/** Elements that lock something; filled from the server down. */
struct iw_config_locks {
    struct {
        const struct iw_config_layer *layer;
        const struct iw_config_element *element;
        bool is_below; /* the collection's element, not the section's */
    } holders[IW_LIMIT_CONFIG_LOCKS];
    size_t n;
};

/** Is *layer* bound by what stands in *above*: another file, or a deeper place? */
bool iw_config_lock_binds(const struct iw_config_layer *above, const struct iw_config_layer *layer);
/** Remembers *element* where it locks something. False: there are too many. */
bool iw_config_locks_add(struct iw_config_locks *locks, const struct iw_config_layer *layer,
                         const struct iw_config_element *element, bool is_below);
/** May *layer* not set that attribute? */
bool iw_config_locks_attribute(const struct iw_config_locks *locks,
                               const struct iw_config_layer *layer, bool is_below,
                               struct iw_str name);
/** May *layer* not have that child element? */
bool iw_config_locks_element(const struct iw_config_locks *locks,
                             const struct iw_config_layer *layer, bool is_below,
                             struct iw_str name);

#endif
