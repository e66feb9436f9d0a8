/**
 * Files of the user's own, beside the evidence: anchors, rules, records. What is wrong with one of
 * them is a wrong use and decides the exit status, whatever the code says of its format or size.
 */
#ifndef IW_ENGINE_USER_FILE_H
#define IW_ENGINE_USER_FILE_H

#include "base/arena.h"
#include "base/error.h"

/** IW_EFORMAT, IW_ERULE and IW_ELIMIT become IW_EUSAGE, in *err* too; others stay. */
enum iw_rc iw_user_file_rc(enum iw_rc rc, struct iw_error *err);
/** iw_file_read of such a file: one too large is IW_EUSAGE. */
enum iw_rc iw_user_file_read(const char *path, size_t max_bytes, struct iw_arena *arena,
                             struct iw_str *ret, struct iw_error *err);

#endif
