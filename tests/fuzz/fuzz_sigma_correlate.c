/*
 * Correlations: any bytes make rules and a stream of matches (tests/support/correlate_case.c); the
 * correlator must tell what the definition says, at every event and by episodes.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdio.h>

#include "tests/support/correlate_differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct differ_tally tally = {0};
    const char *why;

    if (size > 1024)
        return 0;
    if (!correlate_differ(data, size, &tally, &why)) {
        (void)fprintf(stderr, "%s", why);
        FUZZ_REQUIRE(false);
    }
    return 0;
}
