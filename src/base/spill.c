/*
 * The temporary file of a run: space is handed out from its growing end, so that threads need no
 * lock, and holes are made where it was read to the end (fallocate(2), FALLOC_FL_PUNCH_HOLE). A
 * file system without holes keeps the space until the process ends; that is not an error.
 */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

void iw_spill_init(struct iw_spill *spill)
{
    spill->fd = -1;
    spill->open_errno = 0;
    atomic_init(&spill->end, 0);
}

void iw_spill_done(struct iw_spill *spill)
{
    if (spill->fd >= 0)
        (void)close(spill->fd);
    iw_spill_init(spill);
}

void iw_spill_open(struct iw_spill *spill)
{
    spill->fd = iw_file_open_unnamed();
    spill->open_errno = spill->fd < 0 ? errno : 0;
}

uint64_t iw_spill_reserve(struct iw_spill *spill, uint64_t n)
{
    return atomic_fetch_add(&spill->end, n);
}

enum iw_rc iw_spill_write(const struct iw_spill *spill, uint64_t offset, struct iw_str bytes,
                          struct iw_error *err)
{
    enum iw_rc rc;
    if (spill->fd < 0)
        return iw_error_set(
            err, IW_EIO,
            "more results than memory may hold, and no temporary file (set TMPDIR): %s",
            spill->open_errno != 0 ? strerror(spill->open_errno) : "not opened");
    rc = iw_fd_write_at(spill->fd, bytes, offset, err);
    if (rc != IW_OK)
        iw_error_place(err, "temporary file (set TMPDIR)", 0, 0);
    return rc;
}

enum iw_rc iw_spill_read(const struct iw_spill *spill, uint64_t offset, void *out, size_t n,
                         struct iw_error *err)
{
    int read_errno;
    if (iw_fd_read_at(spill->fd, out, n, offset, &read_errno) == n)
        return IW_OK;
    (void)iw_error_set(err, IW_EIO, "cannot be read back: %s",
                       read_errno != 0 ? strerror(read_errno) : "shorter than what was written");
    iw_error_place(err, "temporary file", 0, 0);
    return IW_EIO;
}

void iw_spill_release(const struct iw_spill *spill, uint64_t offset, uint64_t n)
{
    if (spill->fd >= 0 && n != 0)
        (void)fallocate(spill->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
                        (off_t)n);
}

uint64_t iw_spill_bytes(const struct iw_spill *spill)
{
    return atomic_load(&spill->end);
}
