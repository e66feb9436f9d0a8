/*
 * What is behind struct iw_lab_config; for the files of this folder only.
 */
#ifndef IW_LAB_CONFIG_FILE_H
#define IW_LAB_CONFIG_FILE_H

#include "lab/config/config_tree.h"
#include "lab/config/lab_config.h"

enum iw_lab_config_kind {
    IW_LAB_CONFIG_KIND_SERVER,
    IW_LAB_CONFIG_KIND_WEB,
    IW_LAB_CONFIG_KIND_REDIRECTION
};

struct iw_lab_config {
    enum iw_lab_config_kind kind;
    struct iw_lab_element *root; /* <configuration> */
};

/* The <location> of that path (ASCII case ignored), or NULL. */
struct iw_lab_element *iw_lab_config_find_location(const struct iw_lab_config *config,
                                                   const char *path);

#endif
