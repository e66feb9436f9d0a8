/*
 * The few statistics of the quality report.
 */
#ifndef IW_LAB_SCORE_STATISTICS_H
#define IW_LAB_SCORE_STATISTICS_H

#include <stdint.h>

struct iw_lab_interval {
    double low;
    double high;
};

/* The exact (Garwood) two-sided 95 % interval of a Poisson mean of which n_events were counted
 * once; low is 0 for no events. Good for n_events up to a million. */
struct iw_lab_interval iw_lab_poisson_interval(uint64_t n_events);

#endif
