/**
 * Hosts by the names of folders: of a file that lies in no tree, the nearest folder above it that
 * is called like a host says whose it is.
 *
 * A folder is called like a host by the whole name (letter case ignored) or by the first label of
 * either. A label that several hosts share names none of them.
 */
#ifndef IW_ENGINE_FOLDER_HOSTS_H
#define IW_ENGINE_FOLDER_HOSTS_H

#include "base/map.h"
#include "event/host.h"
#include "result/run.h"

struct iw_folder_hosts {
    struct iw_arena arena;
    const struct iw_host_span *hosts;
    struct iw_map by_name; /* in lower case: whole names and labels → place in hosts + 1; 0: a label
                              of several */
};

/** Knows the hosts, which outlive it; done() is due either way. IW_OK or IW_ENOMEM. */
enum iw_rc iw_folder_hosts_init(struct iw_folder_hosts *folders, const struct iw_host_span *hosts,
                                size_t n);
void iw_folder_hosts_done(struct iw_folder_hosts *folders);
/** The host of the file at *path*; empty: no folder above it is called like one, or the nearest
 * that is has a label of several. IW_OK or IW_ENOMEM. */
enum iw_rc iw_folder_hosts_of(const struct iw_folder_hosts *folders, struct iw_str path,
                              struct iw_arena *scratch, struct iw_str *ret);

#endif
