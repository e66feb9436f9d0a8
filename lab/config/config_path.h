/*
 * Attribute names that are paths below an element: name, logFile/@enabled,
 * application[@path='/']/@applicationPool.
 */
#ifndef IW_LAB_CONFIG_PATH_H
#define IW_LAB_CONFIG_PATH_H

#include "lab/config/config_tree.h"

#include <stdbool.h>

/* One part of a path; the texts point into the path. */
struct iw_lab_config_part {
    char name[64];
    char key[64]; /* of [@key='value']; empty: none */
    char value[512];
    bool is_attribute; /* the last part */
};

/* Reads the part at *path and moves *path behind it and its slash. False: it is none that can be
 * read. */
bool iw_lab_config_path_next(const char **path, struct iw_lab_config_part *part);
/* Can the whole of it be read, and does it end with an attribute? */
bool iw_lab_config_path_check(const char *path);
/* The child that the part names, or NULL. */
struct iw_lab_element *iw_lab_config_path_child(const struct iw_lab_element *element,
                                                const struct iw_lab_config_part *part);

#endif
