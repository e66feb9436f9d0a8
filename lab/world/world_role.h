/*
 * The roles of hosts as tables. Used by world_build.c only.
 */
#ifndef IW_LAB_WORLD_ROLE_H
#define IW_LAB_WORLD_ROLE_H

#include "lab/world/lab_world.h"

struct iw_lab_role_pool {
    const char *name, *clr, *identity; /* ends with NULL */
};
struct iw_lab_role_site {
    const char *name;
    uint32_t id;
    const char *binding, *pool, *root; /* ends with NULL */
};
struct iw_lab_role_place { /* an application; a virtual directory when pool is NULL */
    const char *site, *url, *pool, *root;
};
struct iw_lab_role {
    const char *name;
    unsigned features;                    /* enum iw_lab_config_feature */
    const struct iw_lab_role_pool *pools; /* NULL: no IIS */
    const struct iw_lab_role_site *sites;
    const struct iw_lab_role_place *places;
    const char *const *files;
};

/* NULL: no such role. */
const struct iw_lab_role *iw_lab_role_find(const char *name);

#endif
