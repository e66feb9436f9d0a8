/**
 * Where the public test evidence lies: ${IISWARDEN_SHARED:-<repository>/../shared}. A test that
 * needs it and does not find it says so and is skipped.
 */
#ifndef IW_TESTS_SUPPORT_SHARED_DATA_H
#define IW_TESTS_SUPPORT_SHARED_DATA_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SKIPPED 77

/** Writes the path of *name* there into *out*; false (and a word on stderr) when it is not there.
 */
static inline bool shared_data(const char *name, char *out, size_t room)
{
    const char *folder = getenv("IISWARDEN_SHARED");
    if (folder != NULL)
        (void)snprintf(out, room, "%s/%s", folder, name);
    else
        (void)snprintf(out, room, "%s/../shared/%s", IW_TEST_SOURCE_DIR, name);
    if (access(out, R_OK) == 0)
        return true;
    (void)fprintf(stderr, "SKIP: no %s (set IISWARDEN_SHARED)\n", out);
    return false;
}

#endif
