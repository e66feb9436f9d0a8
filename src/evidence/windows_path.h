/**
 * Where a collected file lay on the Windows machine, and which machine that was, read off its path.
 */
#ifndef IW_EVIDENCE_WINDOWS_PATH_H
#define IW_EVIDENCE_WINDOWS_PATH_H

#include "base/arena.h"

struct iw_windows_path {
    struct iw_str windows_path; /* `C:\Windows\...`, or empty where the tree keeps none */
    struct iw_str host_hint;    /* name of the collection's folder, or empty */
};

/**
 * Reads *path* as reached from an argument. Texts lie in *arena* or borrow from *path*. False only
 * when there is no memory.
 */
bool iw_windows_path_read(struct iw_str path, struct iw_arena *arena, struct iw_windows_path *ret);

#endif
