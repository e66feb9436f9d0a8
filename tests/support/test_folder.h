/**
 * A folder for one test, in $TMPDIR or where temporary files usually are. Header only.
 */
#ifndef IW_TESTS_SUPPORT_TEST_FOLDER_H
#define IW_TESTS_SUPPORT_TEST_FOLDER_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define TEST_FOLDER_BYTES 512

/** Makes an empty folder and writes its path. */
static inline bool test_folder_make(char path[TEST_FOLDER_BYTES])
{
    const char *parent = getenv("TMPDIR");
    int n =
        snprintf(path, TEST_FOLDER_BYTES, "%s/iw-test.XXXXXX", parent != NULL ? parent : "/tmp");
    return n > 0 && n < TEST_FOLDER_BYTES && mkdtemp(path) != NULL;
}

#endif
