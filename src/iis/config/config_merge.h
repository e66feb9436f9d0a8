/**
 * What is in force at a place: entries of keyed collections and single attributes, merged over the
 * layers of a section. Asking changes nothing: any thread may.
 */
#ifndef IW_IIS_CONFIG_MERGE_H
#define IW_IIS_CONFIG_MERGE_H

#include "iis/config/config_effective.h"

struct iw_config_item {
    const struct iw_config_element *element;
    const struct iw_config_layer *layer;
};

struct iw_config_items {
    struct iw_config_item *items; /* in the order of evaluation */
    size_t n;
    bool is_unknown; /* a layer is encrypted or missing: there may be others */
};

/**
 * The entries in force at the place *key*, in *arena*.
 *
 * `<clear/>` and `<remove>` are honoured unless the entry is locked above; what a lock forbids is
 * passed over (and stands in the problems of the configuration). An entry with the key of another
 * is kept beside it in IIS sections and replaces it in .NET ones.
 *
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_config_collect(const struct iw_config *config,
                             const struct iw_config_collection *collection, struct iw_str key,
                             struct iw_arena *arena, struct iw_config_items *ret);

struct iw_config_setting {
    struct iw_str value; /* only when is_set */
    bool is_set;
    bool is_unknown;                     /* a layer is encrypted or missing: may be otherwise */
    const struct iw_config_layer *layer; /* that set it */
};

/** An attribute of the section's element at the place *key*. *section* may be NULL. */
struct iw_config_setting iw_config_setting_at(const struct iw_config *config,
                                              const struct iw_config_section *section,
                                              struct iw_str name, struct iw_str key);

#endif
