/*
 * Which sections there are, which of them are collections, and what names one of their elements.
 */
#ifndef IW_LAB_CONFIG_SCHEMA_H
#define IW_LAB_CONFIG_SCHEMA_H

#include "lab/config/config_tree.h"

#include <stdbool.h>

enum { IW_LAB_CONFIG_MAX_KEYS = 3 };

enum iw_lab_config_rule {
    IW_LAB_CONFIG_EXACT = 1,       /* keys differ when their letters' case does */
    IW_LAB_CONFIG_COMBINED = 2,    /* the keys name an element together, else each alone */
    IW_LAB_CONFIG_SERVER_ONLY = 4, /* neither under a location path nor in web.config */
    IW_LAB_CONFIG_UNLOCKED = 8,    /* the server's stands in <location path=""> */
    IW_LAB_CONFIG_AT_FRONT = 16,   /* new elements come first (mergeAppend="false") */
    IW_LAB_CONFIG_NESTED = 32      /* within an element of another collection: found by path only */
};

struct iw_lab_config_section {
    const char *path;    /* system.webServer/globalModules, or a collection within a section */
    const char *element; /* of the collection: add, filter, …; NULL: it is none */
    const char *keys[IW_LAB_CONFIG_MAX_KEYS]; /* NULL behind the last */
    unsigned rules;
};

/* By whole path, by what is behind system.webServer/ or system.applicationHost/, or by the last
 * parts of a path; NULL when there is none. Nested collections are not found. */
const struct iw_lab_config_section *iw_lab_config_find_section(const char *name);

/* The collection at exactly this path whose elements have that name (NULL: any); NULL when there is
 * none. */
const struct iw_lab_config_section *iw_lab_config_find_collection(const char *path,
                                                                  const char *element);

/* Does configSections of the file register the section that holds path? */
bool iw_lab_config_is_registered(const struct iw_lab_element *configuration, const char *path);

#endif
