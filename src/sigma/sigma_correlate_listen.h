/**
 * Hearing what reaches one correlation, just as the correlator hands it on: inner correlations have
 * run, groups are made. For explaining (sigma_correlate_explain.h).
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_LISTEN_H
#define IW_SIGMA_SIGMA_CORRELATE_LISTEN_H

#include "sigma/sigma_correlate_group.h"

struct iw_correlate_listener {
    size_t correlation;
    void *user;
    /* An event, or a result of an inner correlation, is step *step*; *lacking* is the first field
     * of `group-by` it has no value of, SIZE_MAX: it has all. */
    void (*comes)(void *user, uint32_t step, size_t lacking);
    /* An event goes into a group. IW_OK; anything else ends the feeding. */
    enum iw_rc (*visits)(void *user, const struct iw_correlate_visit *visit);
};

/** *listener* lives as long as the correlator. */
void iw_correlator_listen(struct iw_correlator *correlator,
                          const struct iw_correlate_listener *listener);

#endif
