/**
 * What the tests of IIS configuration share: real files of the public evidence.
 */
#ifndef IW_TESTS_CONFIG_RIG_H
#define IW_TESTS_CONFIG_RIG_H

#include "base/file.h"
#include "base/limits.h"
#include "tests/support/shared_data.h"

/** Reads data/iisconfig/NAME of the public evidence; false, after a word, when it is not there. */
static inline bool config_evidence(const char *name, struct iw_arena *arena, struct iw_str *ret)
{
    char inside[512], path[4096];

    (void)snprintf(inside, sizeof inside, "data/iisconfig/%s", name);
    return shared_data(inside, path, sizeof path) &&
           iw_file_read(path, IW_LIMIT_CONFIG_FILE_BYTES, arena, ret, NULL) == IW_OK;
}

#endif
