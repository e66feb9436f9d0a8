/*
 * Whole files, whole writes, files without a name. A FIFO or device named as a rule file must not
 * hang the run: opened without blocking, refused.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

static enum iw_rc read_open_file(int fd, size_t limit_bytes, struct iw_arena *arena,
                                 struct iw_str *ret, struct iw_error *err)
{
    struct stat status;
    size_t n = 0, size_bytes;
    char *p;

    if (fstat(fd, &status) != 0)
        return iw_error_set(err, IW_EIO, "cannot be examined: %s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return iw_error_set(err, IW_EIO, "not a regular file");
    if (status.st_size < 0 || (uint64_t)status.st_size > limit_bytes)
        return iw_error_set(err, IW_ELIMIT, "larger than the limit of %zu bytes", limit_bytes);
    size_bytes = (size_t)status.st_size;
    p = iw_arena_alloc(arena, size_bytes + 1);
    if (p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    while (n < size_bytes) {
        ssize_t got = read(fd, p + n, size_bytes - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return iw_error_set(err, IW_EIO, "cannot be read: %s", strerror(errno));
        if (got == 0)
            break;
        n += (size_t)got;
    }
    p[n] = '\0';
    *ret = (struct iw_str){p, n};
    return IW_OK;
}

enum iw_rc iw_file_read(const char *path, size_t limit_bytes, struct iw_arena *arena,
                        struct iw_str *ret, struct iw_error *err)
{
    enum iw_rc rc;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        rc = iw_error_set(err, IW_EIO, "cannot be opened: %s", strerror(errno));
    else
        rc = read_open_file(fd, limit_bytes, arena, ret, err);
    if (fd >= 0)
        (void)close(fd);
    if (rc != IW_OK)
        iw_error_place(err, path, 0, 0);
    return rc;
}

enum iw_rc iw_fd_write(int fd, struct iw_str text, struct iw_error *err)
{
    while (text.n != 0) {
        ssize_t written = write(fd, text.p, text.n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            (void)poll(&wait, 1, -1);
            continue;
        }
        if (written < 0)
            return iw_error_set(err, IW_EIO, "cannot be written: %s", strerror(errno));
        text.p += written;
        text.n -= (size_t)written;
    }
    return IW_OK;
}

enum iw_rc iw_fd_write_at(int fd, struct iw_str text, uint64_t offset, struct iw_error *err)
{
    while (text.n != 0) {
        ssize_t written = pwrite(fd, text.p, text.n, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return iw_error_set(err, IW_EIO, "cannot be written: %s", strerror(errno));
        text.p += written;
        text.n -= (size_t)written;
        offset += (uint64_t)written;
    }
    return IW_OK;
}

static int open_unnamed_in(const char *folder)
{
    char path[IW_LIMIT_PATH_BYTES];
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    /* Not every file system has O_TMPFILE. */
    if (snprintf(path, sizeof path, "%s/iiswarden.XXXXXX", folder) >= (int)sizeof path)
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

int iw_file_open_unnamed(void)
{
    const char *folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        int fd = folders[i] != NULL && folders[i][0] != '\0' ? open_unnamed_in(folders[i]) : -1;
        if (fd >= 0)
            return fd;
    }
    return -1;
}

size_t iw_fd_read_at(int fd, void *out, size_t n, uint64_t offset, int *ret_errno)
{
    size_t done = 0;
    *ret_errno = 0;
    while (done < n) {
        ssize_t got = pread(fd, (char *)out + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            *ret_errno = errno;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return done;
}
