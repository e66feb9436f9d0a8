#include "cli/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static enum iw_rc fail(const char *path, const char *what, struct iw_error *err)
{
    (void)iw_error_set(err, IW_EIO, "%s: %s", what, strerror(errno));
    iw_error_place(err, path, 0, 0);
    return IW_EIO;
}

/* New files get the mode that any program would give them. */
static mode_t mode_for(const char *path)
{
    struct stat status;
    mode_t mask;
    if (stat(path, &status) == 0)
        return status.st_mode & 0777;
    mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

enum iw_rc iw_replace_file(const char *path, struct iw_str text, struct iw_error *err)
{
    char beside[PATH_MAX];
    struct stat status;
    enum iw_rc rc;
    int fd;
    if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return iw_error_set(err, IW_EUSAGE, "%s is no regular file", path);
    if (snprintf(beside, sizeof beside, "%s.XXXXXX", path) >= (int)sizeof beside)
        return iw_error_set(err, IW_EUSAGE, "%s: the path is too long", path);
    fd = mkstemp(beside);
    if (fd < 0)
        return fail(path, "cannot be written", err);
    rc = iw_fd_write(fd, text, err);
    if (rc == IW_OK && (fchmod(fd, mode_for(path)) != 0 || fsync(fd) != 0))
        rc = fail(path, "cannot be written", err);
    if (close(fd) != 0 && rc == IW_OK)
        rc = fail(path, "cannot be written", err);
    if (rc == IW_OK && rename(beside, path) != 0)
        rc = fail(path, "cannot be replaced", err);
    if (rc != IW_OK) {
        (void)unlink(beside);
        iw_error_place(err, path, 0, 0);
    }
    return rc;
}
