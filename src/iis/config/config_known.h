/**
 * What is known of sections before any file is read: where they may stand, whether they may be
 * overridden, and which of them hold keyed collections. Immutable tables.
 */
#ifndef IW_IIS_CONFIG_KNOWN_H
#define IW_IIS_CONFIG_KNOWN_H

#include "base/str.h"

/** Where a section may stand (allowDefinition). */
enum iw_config_allow {
    IW_CONFIG_EVERYWHERE,
    IW_CONFIG_TO_APPLICATION, /* MachineToApplication: not in folders of an application */
    IW_CONFIG_SERVER_ONLY,    /* AppHostOnly and MachineToRootWeb: not in a web.config of a site */
    IW_CONFIG_MACHINE_ONLY
};

struct iw_config_known {
    const char *path;
    enum iw_config_allow allow;
    bool denies_override; /* overrideModeDefault="Deny" */
};

/** The rows, and their number. */
const struct iw_config_known *iw_config_known_sections(size_t *ret_n);

enum { IW_CONFIG_MAX_KEYS = 3 };

enum iw_config_collection_rule {
    IW_CONFIG_CASE_COUNTS = 1, /* keys that differ in letter case are two */
    IW_CONFIG_PREPENDS = 2,    /* mergeAppend="false": entries of the child come first */
    IW_CONFIG_REPLACES = 4 /* .NET: an entry with the key of another replaces it; in IIS it is an
                              error */
};

struct iw_config_collection {
    const char *section;
    const char *below;                    /* elements from the section to the collection; "" */
    const char *element;                  /* add, filter, ... */
    const char *keys[IW_CONFIG_MAX_KEYS]; /* together they name an entry; NULL behind the last */
    unsigned rules;                       /* enum iw_config_collection_rule, or-ed */
};

/** The rows, and their number. */
const struct iw_config_collection *iw_config_collections(size_t *ret_n);
/** The collection of that section with that element (*below* "" for the section itself), or NULL.
 */
const struct iw_config_collection *iw_config_collection_of(const char *section, const char *below);

#endif
