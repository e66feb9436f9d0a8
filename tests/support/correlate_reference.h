/**
 * Correlations by their definition, for tests: at every event all events of its group that lie in
 * its window are looked at, and whether the condition holds for them is tried out. Slow, and simple
 * enough to be seen to be right; shares nothing with the correlator.
 */
#ifndef IW_TESTS_SUPPORT_CORRELATE_REFERENCE_H
#define IW_TESTS_SUPPORT_CORRELATE_REFERENCE_H

#include "tests/support/correlate_case.h"

/** What is compared of a report. */
struct reference_report {
    int correlation;
    char key[64];
    int completing;      /* event */
    int64_t first, last; /* first: -1 where several choices of events are right */
    double value;        /* NAN: the same */
    uint64_t n_events;   /* 0: the same */
    uint64_t n_held;
};

#define REFERENCE_REPORTS (CASE_CORRELATIONS * CASE_EVENTS * 16)

/** All reports of a case, in no order. */
size_t correlate_reference(const struct correlate_case *test, bool every,
                           struct reference_report *ret);

#endif
