/**
 * How a case of cmocka is skipped: never without its reason, which `scripts/test` prints in its
 * summary.
 */
#ifndef IW_TESTS_SUPPORT_SKIP_BECAUSE_H
#define IW_TESTS_SUPPORT_SKIP_BECAUSE_H

#include <stdio.h>

/** Says why on a line of its own and leaves the case. cmocka.h has to be included. */
#define skip_because(reason)                                                                       \
    do {                                                                                           \
        (void)fprintf(stderr, "SKIP: %s\n", reason);                                               \
        skip();                                                                                    \
    } while (0)

#define BUILT_WITHOUT_FAULTS "built without fault injection"

#endif
