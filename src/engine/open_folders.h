/**
 * Folders of servers in which the attacker may have written what was collected there: web roots,
 * what the server writes for itself, and what all users write to. A file in one of them says
 * nothing of what its host logs.
 */
#ifndef IW_ENGINE_OPEN_FOLDERS_H
#define IW_ENGINE_OPEN_FOLDERS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "result/inventory.h"
#include "result/ledger.h"

/** One thread's. */
struct iw_open_folders {
    struct iw_arena arena, scratch;
    struct iw_map roots; /* host and key of a root */
};

/** The roots of all servers, of now and of their history; hosts are settled. iw_open_folders_done
 * is due whatever is returned. IW_OK or IW_ENOMEM. */
enum iw_rc iw_open_folders_init(struct iw_open_folders *folders,
                                const struct iw_inventory *inventory);
void iw_open_folders_done(struct iw_open_folders *folders);
/** Whether a file lies in such a folder of *host* (settled): by its path on the server; where the
 * tree keeps none, by that of the evidence. IW_OK or IW_ENOMEM. */
enum iw_rc iw_open_folders_hold(struct iw_open_folders *folders, const struct iw_source *source,
                                struct iw_str host, bool *ret);

#endif
