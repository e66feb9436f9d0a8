/**
 * A guess at how often a piece of text occurs in the fields of ordinary Windows events.
 *
 * Only speed depends on it, never an answer. Filled once, then immutable; any thread.
 */
#ifndef IW_SIGMA_SIGMA_FREQUENCY_H
#define IW_SIGMA_SIGMA_FREQUENCY_H

#include "base/str.h"

/** How often a field holds anything beyond ASCII. */
#define IW_FREQUENCY_FOREIGN 0.02

/** What stands in a sample of such text: which two bytes side by side, and (by a hash, so perhaps
 * more) which four. */
struct iw_frequencies {
    uint64_t pairs[65536 / 64];
    uint64_t fours[65536 / 64];
};

void iw_frequencies_init(struct iw_frequencies *frequencies);

/** Of a part of some field's text (folded), 0 to 1. */
double iw_frequency_of_part(const struct iw_frequencies *frequencies, struct iw_str text);
/** Of *n* (up to four) bytes of folded text at some place: only good for comparing. */
double iw_frequency_of_bytes(const struct iw_frequencies *frequencies, const char *p, size_t n);
/** Of a program's file name (folded, without its folder). */
double iw_frequency_of_basename(struct iw_str name);

#endif
