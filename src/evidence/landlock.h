/**
 * The file-system half of the confinement (evidence/confine.h).
 */
#ifndef IW_EVIDENCE_LANDLOCK_H
#define IW_EVIDENCE_LANDLOCK_H

#include <stddef.h>

/**
 * From now on this thread and its children may read what lies at or below *paths* and do nothing
 * else to the file system; descriptors already open stay as they are. Paths that are missing are
 * passed over, "-" too. Sets no_new_privs. Returns 0, or an errno: ENOSYS or EOPNOTSUPP where the
 * kernel has no Landlock.
 */
int iw_landlock_confine(const char *const *paths, size_t n_paths);

#endif
