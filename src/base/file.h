/**
 * Whole small files into memory (rules, options), and writing results where the user asked for
 * them.
 */
#ifndef IW_BASE_FILE_H
#define IW_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/**
 * Reads a regular file of at most *limit_bytes* into *arena*.
 *
 * @return IW_OK; IW_EIO (cannot open or read, not a regular file); IW_ELIMIT (larger); IW_ENOMEM.
 * *err* names the path.
 */
enum iw_rc iw_file_read(const char *path, size_t limit_bytes, struct iw_arena *arena,
                        struct iw_str *ret, struct iw_error *err);

/** Writes all of *text* to a file descriptor, again after EINTR. IW_OK, or IW_EIO with errno's
 * words. */
enum iw_rc iw_fd_write(int fd, struct iw_str text, struct iw_error *err);

/** Writes all of *text* at *offset*, again after EINTR. IW_OK, or IW_EIO with errno's words. */
enum iw_rc iw_fd_write_at(int fd, struct iw_str text, uint64_t offset, struct iw_error *err);

/**
 * A temporary file without a name, gone with the process: in $TMPDIR, /var/tmp or /tmp. Opened
 * before the process is confined. The descriptor is the caller's; -1 with errno when no folder
 * takes one.
 */
int iw_file_open_unnamed(void);

/**
 * Reads up to *n* bytes at *offset*, again after EINTR. Returns their number: fewer only at the end
 * of the file (*ret_errno 0) or where the system refused (*ret_errno; what was read before counts).
 */
size_t iw_fd_read_at(int fd, void *out, size_t n, uint64_t offset, int *ret_errno);

#endif
