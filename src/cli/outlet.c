/*
 * Where output goes. A file is compared with the evidence by device and inode, so that no other
 * name of it (a link, another path) lets it be overwritten; a file that begins like an event log is
 * refused wherever it lies. Folders of evidence are compared by real path, before anything is
 * created: a new file in them would be evidence of the next run.
 */
#include "cli/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void iw_outlet_init(struct iw_outlet *outlet)
{
    memset(outlet, 0, sizeof *outlet);
    outlet->fd = -1;
}

static enum iw_rc fail(const struct iw_outlet *outlet, const char *what, struct iw_error *err)
{
    (void)iw_error_set(err, IW_EIO, "%s: %s", what, strerror(errno));
    iw_error_place(err, outlet->name, 0, 0);
    return IW_EIO;
}

/* Where the file is or would be: its own real path, or that of the folder it is to be made in. */
static bool find_place(const char *path, char place[PATH_MAX])
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    if (realpath(path, place) != NULL)
        return true;
    if (n >= sizeof folder)
        return false;
    memcpy(folder, path, n);
    folder[n] = '\0';
    return realpath(n != 0 ? folder : ".", place) != NULL;
}

static bool is_in_folder(const char *place, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(place, folder, n) == 0 &&
           (place[n] == '\0' || place[n] == '/' || (n != 0 && folder[n - 1] == '/'));
}

enum iw_rc iw_outlet_check_place(const char *path, const struct iw_word_list *evidence,
                                 struct iw_error *err)
{
    char place[PATH_MAX], folder[PATH_MAX];
    struct stat status;
    if (path == NULL || strcmp(path, "-") == 0 || !find_place(path, place))
        return IW_OK;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return IW_OK; /* a device or pipe keeps nothing there */
    for (size_t i = 0; i < evidence->n; i++) {
        if (stat(evidence->items[i], &status) == 0 && S_ISDIR(status.st_mode) &&
            realpath(evidence->items[i], folder) != NULL && is_in_folder(place, folder))
            return iw_error_set(err, IW_EUSAGE, "output %s lies inside the evidence %s", path,
                                evidence->items[i]);
    }
    return IW_OK;
}

enum iw_rc iw_outlet_open(struct iw_outlet *outlet, const char *path, struct iw_error *err)
{
    outlet->is_stdout = path == NULL || strcmp(path, "-") == 0;
    outlet->name = outlet->is_stdout ? "standard output" : path;
    if (outlet->is_stdout) {
        outlet->fd = STDOUT_FILENO;
        return IW_OK;
    }
    /* A link that leads nowhere is not followed: its target was not checked. */
    outlet->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);
    outlet->is_new = outlet->fd >= 0;
    if (outlet->fd < 0 && errno == EEXIST)
        outlet->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return outlet->fd >= 0 ? IW_OK : fail(outlet, "cannot be opened for writing", err);
}

/* Whether the outlet is a regular file. */
static bool regular(const struct iw_outlet *outlet, struct stat *ret)
{
    return outlet->fd >= 0 && fstat(outlet->fd, ret) == 0 && S_ISREG(ret->st_mode);
}

static bool holds_event_log(const char *path)
{
    char magic[8];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t n = fd >= 0 ? pread(fd, magic, sizeof magic, 0) : -1;
    if (fd >= 0)
        (void)close(fd);
    return n == (ssize_t)sizeof magic &&
           (memcmp(magic, "ElfFile", 8) == 0 || memcmp(magic, "ElfChnk", 8) == 0);
}

enum iw_rc iw_outlet_refuse_inputs(const struct iw_outlet *outlet,
                                   const struct iw_word_list *inputs, struct iw_error *err)
{
    struct stat own, other;
    if (!regular(outlet, &own))
        return IW_OK;
    for (size_t i = 0; i < inputs->n; i++) {
        if (stat(inputs->items[i], &other) == 0 && other.st_dev == own.st_dev &&
            other.st_ino == own.st_ino)
            return iw_error_set(err, IW_EUSAGE, "%s is to be read and will not be overwritten",
                                inputs->items[i]);
    }
    if (!outlet->is_stdout && holds_event_log(outlet->name))
        return iw_error_set(err, IW_EUSAGE, "%s is an event log and will not be overwritten",
                            outlet->name);
    return IW_OK;
}

bool iw_outlet_is_same(const struct iw_outlet *a, const struct iw_outlet *b)
{
    struct stat first, second;
    if (a->fd < 0 || b->fd < 0)
        return false;
    if (a->is_stdout && b->is_stdout)
        return true;
    return regular(a, &first) && regular(b, &second) && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

enum iw_rc iw_outlet_empty(const struct iw_outlet *outlet, struct iw_error *err)
{
    struct stat status;
    if (outlet->is_stdout || !regular(outlet, &status) || status.st_size == 0)
        return IW_OK;
    return ftruncate(outlet->fd, 0) == 0 ? IW_OK : fail(outlet, "cannot be emptied", err);
}

enum iw_rc iw_outlet_write(struct iw_outlet *outlet, struct iw_str text, struct iw_error *err)
{
    while (text.n != 0) {
        ssize_t written = write(outlet->fd, text.p, text.n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            outlet->is_pipe_broken = errno == EPIPE;
            return fail(outlet, "cannot be written", err);
        }
        text.p += written;
        text.n -= (size_t)written;
    }
    return IW_OK;
}

/* posix_fallocate says what is wrong by its value. It may have made the file longer all the same.
 */
static enum iw_rc make_room(const struct iw_outlet *outlet, off_t had_bytes, size_t n,
                            struct iw_error *err)
{
    int wrong = n != 0 ? posix_fallocate(outlet->fd, 0, (off_t)n) : 0;
    if (wrong == 0)
        return IW_OK;
    if (ftruncate(outlet->fd, had_bytes) != 0)
        return fail(outlet, "cannot be written, and is longer than it was by zeros", err);
    errno = wrong;
    return fail(outlet, "cannot be written, and is as it was", err);
}

enum iw_rc iw_outlet_replace(struct iw_outlet *outlet, struct iw_str text, struct iw_error *err)
{
    struct stat status;
    if (outlet->is_stdout || !regular(outlet, &status))
        return iw_outlet_write(outlet, text, err);
    IW_TRY(make_room(outlet, status.st_size, text.n, err));
    IW_TRY(iw_outlet_write(outlet, text, err));
    if (ftruncate(outlet->fd, (off_t)text.n) != 0 || fsync(outlet->fd) != 0)
        return fail(outlet, "cannot be written", err);
    return IW_OK;
}

void iw_outlet_discard(const struct iw_outlet *outlet)
{
    struct stat own, named;
    if (outlet->is_new && regular(outlet, &own) && lstat(outlet->name, &named) == 0 &&
        own.st_dev == named.st_dev && own.st_ino == named.st_ino)
        (void)unlink(outlet->name);
}

enum iw_rc iw_outlet_close(struct iw_outlet *outlet, struct iw_error *err)
{
    int fd = outlet->fd;
    outlet->fd = -1;
    if (fd < 0 || outlet->is_stdout)
        return IW_OK;
    return close(fd) == 0 ? IW_OK : fail(outlet, "cannot be written", err);
}
