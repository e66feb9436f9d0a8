/*
 * Statistics (see score_statistics.h).
 *
 * What it does: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936):
 * the low end is the mean for which n or more events have probability 0.025, the high end that for
 * which n or fewer have; which is chi-square(0.025; 2n)/2 and chi-square(0.975; 2n + 2)/2. The tail
 * is summed term by term and the mean found by halving. What it ignores: that the runs of one
 * scenario resemble each other; the report says which runs count.
 */
#include "lab/score/score_statistics.h"

#include <math.h>

#define TAIL 0.025
#define HALVINGS 200

/* Probability of n_events or fewer for this mean. */
static double at_most(uint64_t n_events, double mean)
{
    double sum = 0;
    for (uint64_t k = 0; k <= n_events; k++) {
        double count = (double)k;
        sum += exp(count * log(mean) - mean - lgamma(count + 1));
    }
    return sum;
}

/* The mean whose probability of n_events or fewer is p; it falls as the mean grows. */
static double find_mean(uint64_t n_events, double p)
{
    double low = 0;
    double high = 2 * (double)n_events + 20;
    for (int i = 0; i < HALVINGS && high - low > 1e-9 * high; i++) {
        double middle = (low + high) / 2;
        if (at_most(n_events, middle) > p) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

struct iw_lab_interval iw_lab_poisson_interval(uint64_t n_events)
{
    return (struct iw_lab_interval){.low = n_events == 0 ? 0 : find_mean(n_events - 1, 1 - TAIL),
                                    .high = find_mean(n_events, TAIL)};
}
