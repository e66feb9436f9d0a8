/**
 * Where a collected file lay on the Windows machine, and which machine that was, read off its path.
 */
#ifndef IW_EVIDENCE_WINDOWS_PATH_H
#define IW_EVIDENCE_WINDOWS_PATH_H

#include "base/arena.h"
#include "base/map.h"

struct iw_windows_path {
    struct iw_str windows_path; /* `C:\Windows\...`, or empty where the tree keeps none */
    struct iw_str host_hint;    /* name of the collection's folder, or empty */
    struct iw_str tree;         /* the part of *path* above the drive, with its slash */
    bool is_drive;              /* the folder *tree* is the drive itself: a mounted image */
};

/**
 * Reads *path* as reached from an argument. Texts lie in *arena* or borrow from *path*. False only
 * when there is no memory.
 */
bool iw_windows_path_read(struct iw_str path, struct iw_arena *arena, struct iw_windows_path *ret);

/** Trees of a collection: what one path tells of its tree holds for all paths of it. Keys borrow
 * from the paths. */
struct iw_windows_trees {
    struct iw_map by_folder; /* tree → IW_WINDOWS_TREE_… */
};

void iw_windows_trees_init(struct iw_windows_trees *trees);
void iw_windows_trees_done(struct iw_windows_trees *trees);
/** Learns from one path that was read. False only when there is no memory. */
bool iw_windows_trees_learn(struct iw_windows_trees *trees, const struct iw_windows_path *path);
/**
 * Reads a path that tells nothing by itself: `WEB01/D/sites/x.aspx` is on drive D where `WEB01` is
 * known to hold drives, `WEB01/inetpub/x.aspx` on C where `WEB01` is known to be one. What lies
 * beside the drives (`WEB01/registry/x.reg`) is of that host, in no place on it.
 */
bool iw_windows_trees_read(const struct iw_windows_trees *trees, struct iw_str path,
                           struct iw_arena *arena, struct iw_windows_path *ret);

#endif
