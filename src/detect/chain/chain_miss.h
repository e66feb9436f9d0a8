/**
 * Inside of chains: the file that nearly was the one a shell goes to, and why it is not.
 */
#ifndef IW_DETECT_CHAIN_MISS_H
#define IW_DETECT_CHAIN_MISS_H

#include "detect/chain/chain_state.h"

enum iw_chain_miss_reason {
    IW_CHAIN_MISS_LATE = 0, /* it came longer before the shell than TimeWindow */
    IW_CHAIN_MISS_POOL      /* the configuration gives it to another pool */
};

/** The nearest file that did not fit; zeroed: none. */
struct iw_chain_miss {
    const struct iw_chain_file *file; /* NULL: none */
    int64_t distance_ns;              /* how far it is from the shell, without sign */
    int64_t written_ns;               /* so long before the shell it was written */
    struct iw_chain_moment since;     /* since when it counts: its writing, or its first use */
    bool is_woken;                    /* the latter */
    enum iw_chain_miss_reason why;
    int64_t past_ns;                             /* past the window */
    const struct iw_inventory_web_file *younger; /* a page that is younger than the shell; or
                                                    NULL */
};

/** A writing of a file that counts from *since* and is no reason for a shell, if it is the nearest
 * such. *past_ns*: with IW_CHAIN_MISS_LATE, how much longer before the shell than TimeWindow it
 * came. */
void iw_chain_miss_note(struct iw_chain_miss *miss, const struct iw_chain_file *file,
                        const struct iw_chain_item *write, struct iw_chain_moment since,
                        const struct iw_chain_shell *shell, enum iw_chain_miss_reason why,
                        int64_t past_ns);
/** Sets the near miss of a shell, where there is one. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_miss_tell(struct iw_chains *chains, const struct iw_chain_miss *miss,
                              struct iw_chain_shell *shell);

#endif
