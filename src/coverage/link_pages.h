/**
 * Pages below web roots whose own time says that they were written within the window: what a source
 * that tells of all must have told of. Inside of this room only.
 *
 * A time that is kept by a copy, as of a deployment, is earlier than the page came; one that was
 * changed in place or renamed came without a file being created. So a page contradicts a source
 * only where that told of nothing in its root then or later, and only what nothing shows better: a
 * configuration of Sysmon that was in force stands, for Sysmon tells of neither renaming nor
 * changes in place.
 */
#ifndef IW_COVERAGE_LINK_PAGES_H
#define IW_COVERAGE_LINK_PAGES_H

#include "coverage/witness_samples.h"

/** A collected page of a web root. */
struct iw_link_page {
    const struct iw_link_root *root;
    int64_t written_ns;
    const struct iw_inventory_web_file *file;
};

/** Lists the pages of the host's roots that were written within its window, by root and time, in
 * *arena*; the roots are known. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_pages_list(struct iw_link_host *host, struct iw_arena *arena);

/**
 * The last page of the root asked about that was written in *run*, where the source told of nothing
 * there from then to the end of the run; NULL: there is none.
 *
 * @param seen_ns   when a canary was seen in the run, which is a sample; IW_TIME_UNKNOWN: none was
 * @param ret_from  from when on it contradicts: behind the last sample before it
 */
const struct iw_link_page *iw_link_page_unseen(const struct iw_witness_log *of,
                                               const struct iw_span *run, int64_t seen_ns,
                                               int64_t *ret_from);

#endif
