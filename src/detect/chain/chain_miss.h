/**
 * Inside of chains: the file that nearly was the one a shell goes to, and why it is not.
 */
#ifndef IW_DETECT_CHAIN_MISS_H
#define IW_DETECT_CHAIN_MISS_H

#include "detect/chain/chain_state.h"

enum iw_chain_miss_reason { IW_CHAIN_MISS_LATE = 0, IW_CHAIN_MISS_POOL };

/** The nearest file that did not fit; zeroed: none. */
struct iw_chain_miss {
    const struct iw_chain_file *file; /* NULL: none */
    int64_t distance_ns;              /* how far it is from the shell, without sign */
    enum iw_chain_miss_reason why;
    int64_t past_ns;                             /* past the window */
    const struct iw_inventory_web_file *younger; /* a page that is younger than the shell; or
                                                    NULL */
};

/** It came longer before the shell than TimeWindow, by *past_ns*. */
void iw_chain_miss_note_late(struct iw_chain_miss *miss, const struct iw_chain_file *file,
                             int64_t distance_ns, int64_t past_ns);
/** The configuration gives it to another pool. */
void iw_chain_miss_note_pool(struct iw_chain_miss *miss, const struct iw_chain_file *file,
                             int64_t distance_ns);
/** Sets the near miss of a shell, where there is one. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_miss_tell(struct iw_chains *chains, const struct iw_chain_miss *miss,
                              struct iw_chain_shell *shell);

#endif
