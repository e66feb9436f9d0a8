/**
 * The open groups of one running correlation, and what happens to a group when an event comes: the
 * window moves, the condition is asked, episodes begin, go on and end.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_GROUP_H
#define IW_SIGMA_SIGMA_CORRELATE_GROUP_H

#include "sigma/sigma_correlate_episode.h"

struct iw_correlate_running {
    size_t number;
    struct iw_correlate_setting setting;
    const struct iw_correlate_methods *methods;
    struct iw_correlate_table groups; /* by the time of their last event */
    struct iw_correlate_account account;
    const struct iw_correlate_options *options;
};

/** An event for one group. */
struct iw_correlate_visit {
    struct iw_correlate_arrival arrival;
    const struct iw_correlate_match *match;
    const struct iw_correlate_tuple *tuple;
};

void iw_correlate_running_init(struct iw_correlate_running *running,
                               const struct iw_correlate_plan *plan, size_t number,
                               const struct iw_correlate_options *options,
                               struct iw_correlate_total *total, struct iw_arena *scratch);
/** Frees all groups, telling nothing. */
void iw_correlate_running_done(struct iw_correlate_running *running);

/** The beginning of the window that ends at *time_ns*. */
int64_t iw_correlate_cutoff(const struct iw_correlate_running *running, int64_t time_ns);
/** Ends the groups whose window is empty at *time_ns*. IW_OK, or what the callback returned. */
enum iw_rc iw_correlate_expire(struct iw_correlate_running *running, int64_t time_ns);
/** Takes an event into its group. *ret_holds: the condition holds there. IW_OK, IW_ENOMEM, or what
 * the callback returned. */
enum iw_rc iw_correlate_visit_group(struct iw_correlate_running *running,
                                    const struct iw_correlate_visit *visit, bool *ret_holds);
/** Gives up the group that was longest without an event, if there is one, and counts it. */
enum iw_rc iw_correlate_give_up(struct iw_correlate_running *running, int64_t time_ns);
/** Ends all groups. */
enum iw_rc iw_correlate_end_all(struct iw_correlate_running *running);

#endif
