/*
 * Folders of a collected host: DIR/<HOST>/C/Windows/System32/winevt/Logs.
 */
#ifndef IW_LAB_TREE_H
#define IW_LAB_TREE_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>

/* Makes the log folder of a host and writes its path to out. */
bool iw_lab_tree_make_logs(const char *directory, const char *host, char *out, size_t size_bytes,
                           struct iw_lab_error *error);

/* Makes the folders above a file; parts of the path are separated by /. False: one cannot be made.
 */
bool iw_lab_tree_make_parents(const char *path, struct iw_lab_error *error);

/* Makes DIR and writes DIR/README.txt, which says that all of it is synthetic, with `about` behind
 * it. */
bool iw_lab_tree_write_readme(const char *directory, const char *about, struct iw_lab_error *error);

#endif
