/**
 * A case given to the correlator and to the reference, and what they said compared.
 */
#ifndef IW_TESTS_SUPPORT_CORRELATE_DIFFER_H
#define IW_TESTS_SUPPORT_CORRELATE_DIFFER_H

#include "tests/support/correlate_case.h"

/** How many cases did what, so that a test can tell that it tests something. */
struct differ_tally {
    uint64_t n_cases, n_refused, n_reports;
    uint64_t n_of_type[8]; /* reports by type */
};

/** False: they differ, and *ret_why (a static text) says how. A case whose rules are refused (too
 * strange an alias) agrees. */
bool correlate_differ(const uint8_t *bytes, size_t n, struct differ_tally *tally,
                      const char **ret_why);

#endif
