/**
 * Putting a new content in the place of a file at once: a reader sees the old one or the new one,
 * also when there is no more space or the power fails.
 */
#ifndef IW_CLI_REPLACE_H
#define IW_CLI_REPLACE_H

#include "base/error.h"
#include "base/str.h"

/**
 * Writes *text* beside *path* and renames it to *path*; the mode of a file that was there is kept.
 * IW_OK; IW_EIO: the file is as it was; IW_EUSAGE: *path* is there and no regular file.
 */
enum iw_rc iw_replace_file(const char *path, struct iw_str text, struct iw_error *err);

#endif
