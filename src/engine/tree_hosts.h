/**
 * Which machine a collected tree is of, by what its own events say: the folder's name is only a
 * hint.
 *
 * One object per thread while events flow, then merged; no result depends on who saw what.
 */
#ifndef IW_ENGINE_TREE_HOSTS_H
#define IW_ENGINE_TREE_HOSTS_H

#include "event/batch.h"
#include "event/host.h"
#include "result/ledger.h"

struct iw_tree_hosts {
    struct iw_arena arena;
    struct iw_str *computers; /* by source of the ledger: the one name its events have */
    bool *is_mixed;           /* by source: its events have several */
    size_t n;
};

/** Room for all sources of the ledger. IW_OK or IW_ENOMEM. */
enum iw_rc iw_tree_hosts_init(struct iw_tree_hosts *hosts, const struct iw_ledger *ledger);
void iw_tree_hosts_done(struct iw_tree_hosts *hosts);
/** Looks at the names of a batch that its records give. IW_OK or IW_ENOMEM. */
enum iw_rc iw_tree_hosts_add(struct iw_tree_hosts *hosts, const struct iw_batch *batch);
/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_tree_hosts_merge(struct iw_tree_hosts *into, const struct iw_tree_hosts *from);
/**
 * The settled host of a tree whose folder is called *hint*: the one host all its events name, else
 * the host of that name, else *hint* itself. *hosts* is settled.
 */
struct iw_str iw_tree_hosts_of(const struct iw_tree_hosts *trees, const struct iw_ledger *ledger,
                               const struct iw_hosts *hosts, struct iw_str hint);
/**
 * Events that name no computer were given the name of their tree's folder: from here on that name
 * stands for the host the tree is of, unless events call a machine so themselves. *hosts* is
 * settled. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_tree_hosts_adopt(const struct iw_tree_hosts *trees, const struct iw_ledger *ledger,
                               struct iw_hosts *hosts);

#endif
