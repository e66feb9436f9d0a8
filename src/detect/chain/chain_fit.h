/**
 * Inside of chains: how well one writing of a file fits a shell, against another.
 */
#ifndef IW_DETECT_CHAIN_FIT_H
#define IW_DETECT_CHAIN_FIT_H

#include "detect/chain/chain_state.h"

/** What the web server itself wrote, and how that speaks for it. */
enum iw_chain_by_server {
    IW_CHAIN_BY_SERVER_NONE = 0, /* it did not; or a program; or one of many; or a page that was
                                    asked for by all, or by nobody though that would be logged */
    IW_CHAIN_BY_SERVER_EVER,     /* within TimeWindow, and nothing speaks against it */
    IW_CHAIN_BY_SERVER_NEAR      /* within ten minutes before the shell */
};

/** One file that fits, and how well. */
struct iw_chain_fit {
    struct iw_chain_file *file; /* NULL: none */
    struct iw_chain_item *write;
    struct iw_chain_moment since; /* that, or the first request or compiling it was joined by */
    iw_chain_marks marks;
    bool is_asked_for;  /* between the writing and the shell */
    bool is_called;     /* and not as it always was, nor by all */
    bool is_other_pool; /* as far as is known; not proved */
    bool is_deployed;
    bool is_undecided;
    enum iw_chain_by_server by_server;
    int64_t request_begin_ns; /* of the request between the two; or unknown */
};

/** Asks who asked for a file after a writing, once; only where a shell came: what is never used is
 * never looked up. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_fit_ask(struct iw_chains *chains, struct iw_chain_file *file,
                            struct iw_chain_item *write);
/** Sets what requests and the writing itself say of a fit whose file, writing, pool and order are
 * set; requests were asked for. */
void iw_chain_fit_weigh(const struct iw_chains *chains, struct iw_chain_fit *fit,
                        const struct iw_chain_shell *shell);
/** Whether many files were written with it. */
bool iw_chain_is_of_burst(const struct iw_chain_written *written);
/** Whether it was written at most ten minutes before a shell. */
bool iw_chain_is_near(const struct iw_chain_item *write, const struct iw_chain_shell *shell);
/** Above 0: *a* is the better one. No two files are equal. */
int iw_chain_fit_compare(const struct iw_chain_fit *a, const struct iw_chain_fit *b);

/** The best of the other files that fit a shell and that somebody must look at. */
struct iw_chain_others {
    struct iw_chain_fit items[IW_LIMIT_CHAIN_OTHERS + 1]; /* with the one it goes to */
    size_t n, n_more;
};
/** Keeps a fit, where it stands out and no better one of its file is kept. *choosing* behind. */
void iw_chain_others_note(const struct iw_chains *chains, const struct iw_chain_shell *shell,
                          const struct iw_chain_fit *fit, struct iw_chain_others *others);
/** Adds to *join* those that are not of the file the shell goes to. */
void iw_chain_others_join(const struct iw_chain_others *others, const struct iw_chain_file *file,
                          struct iw_chain_join *join);

#endif
