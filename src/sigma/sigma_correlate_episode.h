/**
 * An episode: from the event at which a condition began to hold for a group to the last one at
 * which it did. It is a report that grows, in one block with all it points to.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_EPISODE_H
#define IW_SIGMA_SIGMA_CORRELATE_EPISODE_H

#include "sigma/sigma_correlate_state.h"
#include "sigma/sigma_correlate_tuple.h"

struct iw_correlate_episode {
    size_t size_bytes;
    struct iw_correlate_report report;
};

/** What an episode begins with. */
struct iw_correlate_beginning {
    size_t correlation;
    const struct iw_correlate_entry *entry; /* the completing event */
    const struct iw_correlate_match *match;
    const struct iw_correlate_tuple *tuple;
    const struct iw_correlate_outcome *outcome;
    const struct iw_correlate_chosen *chosen;
};

/** NULL: no memory. */
struct iw_correlate_episode *iw_correlate_episode_new(struct iw_correlate_setting *setting,
                                                      const struct iw_correlate_beginning *begin);
/** NULL is fine. */
void iw_correlate_episode_free(struct iw_correlate_setting *setting,
                               struct iw_correlate_episode *episode);
/** It holds at one more event. */
void iw_correlate_episode_go_on(struct iw_correlate_episode *episode,
                                const struct iw_correlate_entry *entry);

#endif
