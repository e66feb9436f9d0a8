/**
 * Pages below web roots that the web server itself deleted, and that no event tells to have come:
 * they make doubtful what samples of other files show. Inside of this room only.
 *
 * A filter of Sysmon is often one of endings. Pictures that are told of show that such files are
 * told of in that folder, and nothing of pages. As long as no page is known that nobody told of,
 * they count all the same. A page that a worker, or somebody as the account of a pool, deleted is
 * one: it may have been there before the log begins, or have come while it ran, and no event of any
 * page of that root shows that its coming would have been told. What an administrator or a
 * deployment deletes is mostly old, and says nothing.
 */
#ifndef IW_COVERAGE_LINK_GONE_H
#define IW_COVERAGE_LINK_GONE_H

#include "context/server_events.h"
#include "coverage/witness_samples.h"

/** A page of a web root that was deleted, or written. */
struct iw_link_gone {
    const struct iw_link_root *root;
    int64_t time_ns;
    int64_t last_ns; /* of writings: the latest of this root so far */
    const struct iw_server_fact *fact;
};

/** By root and time. */
struct iw_link_gone_list {
    struct iw_link_gone *items;
    size_t n;
};

/** Lists what the server deleted of pages below the host's roots, and what anybody wrote, in
 * *arena*; nothing where no page was deleted so, or some facts were not kept, which might be its
 * writing. The roots are known; *facts*: of all hosts, or NULL. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_gone_find(struct iw_link_host *host, const struct iw_server_facts *facts,
                             struct iw_arena *arena);

/** The first page of the root asked about that was deleted in *run*, where no writing of any page
 * there is known of that run; NULL: there is none, or the witness is not Sysmon's. */
const struct iw_server_fact *iw_link_gone_untold(const struct iw_witness_log *of,
                                                 const struct iw_span *run);

#endif
