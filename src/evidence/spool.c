/*
 * Standard input as a file. Readers read at any offset, which a pipe cannot; so it is copied to a
 * temporary file that has no name and is gone with the process. A regular file on standard input
 * is read in place, if nobody has read from it yet.
 */
#include "evidence/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"

#define COPY_BYTES ((size_t)256 * 1024)

/* One read; waits where the descriptor does not block. */
static ssize_t read_some(int fd, char *buffer, size_t n)
{
    ssize_t got = read(fd, buffer, n);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        (void)poll(&wait, 1, 1000);
        errno = EINTR;
    }
    return got;
}

static enum iw_rc copy_all(int in_fd, int out_fd, char *buffer, uint64_t limit_bytes,
                           const _Atomic bool *cancelled, struct iw_error *err)
{
    uint64_t copied_bytes = 0;
    for (;;) {
        ssize_t got = read_some(in_fd, buffer, COPY_BYTES);
        if (cancelled != NULL && atomic_load(cancelled))
            return iw_error_set(err, IW_ECANCELLED, "interrupted");
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return iw_error_set(err, IW_EIO, "standard input cannot be read: %s", strerror(errno));
        if (got == 0)
            return IW_OK;
        copied_bytes += (uint64_t)got;
        if (copied_bytes > limit_bytes)
            return iw_error_set(err, IW_ELIMIT, "standard input exceeds the limit of %llu bytes",
                                (unsigned long long)limit_bytes);
        IW_TRY(iw_fd_write(out_fd, (struct iw_str){buffer, (size_t)got}, err));
    }
}

enum iw_rc iw_spool(int in_fd, uint64_t limit_bytes, const _Atomic bool *cancelled, int *ret_fd,
                    struct iw_error *err)
{
    struct stat status;
    enum iw_rc rc;
    char *buffer;
    int fd;

    *ret_fd = -1;
    if (fstat(in_fd, &status) == 0 && S_ISREG(status.st_mode) && lseek(in_fd, 0, SEEK_CUR) == 0) {
        fd = fcntl(in_fd, F_DUPFD_CLOEXEC, 3);
        *ret_fd = fd;
        return fd >= 0 ? IW_OK
                       : iw_error_set(err, IW_EIO, "standard input cannot be kept open: %s",
                                      strerror(errno));
    }
    fd = iw_file_open_unnamed();
    if (fd < 0)
        return iw_error_set(err, IW_EIO, "no temporary file for standard input (set TMPDIR): %s",
                            strerror(errno));
    buffer = iw_malloc(COPY_BYTES);
    if (buffer != NULL)
        rc = copy_all(in_fd, fd, buffer, limit_bytes, cancelled, err);
    else
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    iw_free(buffer);
    if (rc == IW_OK)
        *ret_fd = fd;
    else
        (void)close(fd);
    return rc;
}

enum iw_rc iw_evidence_spool_stdin(const _Atomic bool *cancelled, int *ret_fd, struct iw_error *err)
{
    return iw_spool(STDIN_FILENO, IW_LIMIT_STDIN_BYTES, cancelled, ret_fd, err);
}
