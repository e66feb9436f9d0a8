/*
 * A scenario given as text, in a file of its own folder. Header only.
 */
#ifndef IW_TESTS_LAB_SCENARIO_SUPPORT_H
#define IW_TESTS_LAB_SCENARIO_SUPPORT_H

#include "tests/support/test_folder.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct scenario_file {
    char folder[TEST_FOLDER_BYTES];
    char path[TEST_FOLDER_BYTES + 64];
};

/* name.yml in a new folder. */
static inline bool scenario_file_make(struct scenario_file *file, const char *name)
{
    return test_folder_make(file->folder) &&
           snprintf(file->path, sizeof file->path, "%s/%s.yml", file->folder, name) > 0;
}

static inline bool scenario_file_write(const struct scenario_file *file, const char *text)
{
    FILE *stream = fopen(file->path, "wb");
    bool ok = stream != NULL && fputs(text, stream) >= 0;
    return stream != NULL && fclose(stream) == 0 && ok;
}

static inline void scenario_file_remove(const struct scenario_file *file)
{
    remove(file->path);
    rmdir(file->folder);
}

#endif
