/**
 * A sum that forgets nothing: numbers are added and taken away again in any order, and what is left
 * is exactly the sum of those still in it, rounded once when it is asked for.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_SUM_H
#define IW_SIGMA_SIGMA_CORRELATE_SUM_H

#include <stdbool.h>
#include <stdint.h>

/** 2200 bits of two's complement: every finite double, 2^64 times. */
#define IW_SUM_WORDS 35U

struct iw_correlate_sum {
    uint64_t words[IW_SUM_WORDS]; /* the lowest bit is worth 2^-1074 */
};

/** Adds a whole number, negated or not. */
void iw_correlate_sum_whole(struct iw_correlate_sum *sum, uint64_t magnitude, bool negative);
/** Adds a finite double. */
void iw_correlate_sum_real(struct iw_correlate_sum *sum, double real);
/** The nearest double, ties to even. */
double iw_correlate_sum_value(const struct iw_correlate_sum *sum);
/** Whether it is a whole number of at most 127 bits, and which. */
bool iw_correlate_sum_is_whole(const struct iw_correlate_sum *sum, __int128 *ret);

#endif
