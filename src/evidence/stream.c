/*
 * Standard input as a file that shrinks at its front (see stream.h).
 *
 * Waiting is done in steps, so that an interruption is seen by whichever thread waits.
 */
#include "evidence/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

/* Read at once, and room of the pipe. */
#define COPY_BYTES ((size_t)256 * 1024)
#define WAIT_MS 200
/* Of a file system; holes are whole blocks. */
#define BLOCK_BYTES 4096U

void iw_stream_init(struct iw_stream *stream)
{
    memset(stream, 0, sizeof *stream);
    stream->in_fd = stream->fd = -1;
    (void)pthread_mutex_init(&stream->lock, NULL);
}

void iw_stream_done(struct iw_stream *stream)
{
    if (stream->fd >= 0)
        (void)close(stream->fd);
    iw_free(stream->buffer);
    (void)pthread_mutex_destroy(&stream->lock);
    iw_stream_init(stream);
}

bool iw_stream_has_ended(const struct iw_stream *stream)
{
    return stream->in_fd < 0;
}

/* --- copying
 * ----------------------------------------------------------------------------------------------------
 */

static bool is_cancelled(const struct iw_stream *stream)
{
    return stream->cancelled != NULL && atomic_load(stream->cancelled);
}

/* One read; waits where nothing has come. */
static enum iw_rc read_some(struct iw_stream *stream, size_t *ret_n, struct iw_error *err)
{
    for (;;) {
        struct pollfd wait = {.fd = stream->in_fd, .events = POLLIN};
        ssize_t got;
        int ready = poll(&wait, 1, WAIT_MS);
        if (is_cancelled(stream))
            return iw_error_set(err, IW_ECANCELLED, "interrupted");
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        got = read(stream->in_fd, stream->buffer, COPY_BYTES);
        if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
            continue;
        if (got < 0)
            return iw_error_set(err, IW_EIO, "standard input cannot be read: %s", strerror(errno));
        *ret_n = (size_t)got;
        return IW_OK;
    }
}

/* Copies what comes next, or notes the end. */
static enum iw_rc copy_some(struct iw_stream *stream, struct iw_error *err)
{
    const char *line_end;
    size_t n = 0;
    IW_TRY(read_some(stream, &n, err));
    if (n == 0) {
        stream->in_fd = -1;
        return IW_OK;
    }
    if (stream->n_bytes + n - stream->given > stream->limit_bytes)
        return iw_error_set(err, IW_ELIMIT, "standard input exceeds the limit of %llu bytes",
                            (unsigned long long)stream->limit_bytes);
    IW_TRY(iw_fd_write_at(stream->fd, (struct iw_str){stream->buffer, n}, stream->n_bytes, err));
    line_end = memrchr(stream->buffer, '\n', n);
    if (line_end != NULL)
        stream->line_end = stream->n_bytes + (uint64_t)(line_end - stream->buffer) + 1;
    stream->n_bytes += n;
    return IW_OK;
}

static enum iw_rc copy_until(struct iw_stream *stream, uint64_t n_bytes, struct iw_error *err)
{
    enum iw_rc rc = IW_OK;
    while (rc == IW_OK && !iw_stream_has_ended(stream) && stream->n_bytes < n_bytes)
        rc = copy_some(stream, err);
    return rc;
}

/* --- beginning, and all of it
 * -----------------------------------------------------------------------------------
 */

static enum iw_rc use_file(struct iw_stream *stream, int in_fd, const struct stat *status,
                           struct iw_error *err)
{
    stream->in_fd = -1;
    stream->n_bytes = status->st_size > 0 ? (uint64_t)status->st_size : 0;
    stream->fd = fcntl(in_fd, F_DUPFD_CLOEXEC, 3);
    return stream->fd >= 0 ? IW_OK
                           : iw_error_set(err, IW_EIO, "standard input cannot be kept open: %s",
                                          strerror(errno));
}

enum iw_rc iw_stream_begin(struct iw_stream *stream, int in_fd, uint64_t limit_bytes,
                           const _Atomic bool *cancelled, struct iw_error *err)
{
    struct stat status;

    if (fstat(in_fd, &status) == 0 && S_ISREG(status.st_mode) && lseek(in_fd, 0, SEEK_CUR) == 0)
        return use_file(stream, in_fd, &status, err);
    stream->in_fd = in_fd;
    stream->limit_bytes = limit_bytes;
    (void)fcntl(in_fd, F_SETPIPE_SZ, (int)COPY_BYTES); /* fewer switches; else it stays as it is */
    stream->cancelled = cancelled;
    stream->fd = iw_file_open_unnamed();
    if (stream->fd < 0)
        return iw_error_set(err, IW_EIO, "no temporary file for standard input (set TMPDIR): %s",
                            strerror(errno));
    stream->buffer = iw_malloc(COPY_BYTES);
    if (stream->buffer == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return copy_until(stream, IW_STREAM_HEAD_BYTES, err);
}

enum iw_rc iw_stream_take_all(struct iw_stream *stream, struct iw_error *err)
{
    return copy_until(stream, UINT64_MAX, err);
}

/* --- pieces
 * -----------------------------------------------------------------------------------------------------
 */

bool iw_stream_has_lines(const struct iw_stream *stream)
{
    uint8_t head[4] = {0};
    int ignored;
    size_t n = iw_fd_read_at(stream->fd, head, sizeof head, 0, &ignored);
    return n == sizeof head && memchr(head, 0, n) == NULL && head[0] < 0xFE;
}

enum iw_rc iw_stream_take_piece(struct iw_stream *stream, uint64_t want_bytes,
                                struct iw_stream_piece *ret, struct iw_error *err)
{
    uint64_t end;

    IW_TRY(copy_until(stream, stream->given + want_bytes, err));
    while (!iw_stream_has_ended(stream) && stream->line_end <= stream->given)
        IW_TRY(copy_some(stream, err));
    end = iw_stream_has_ended(stream) ? stream->n_bytes : stream->line_end;
    *ret =
        (struct iw_stream_piece){stream->given, end - stream->given, iw_stream_has_ended(stream)};
    (void)pthread_mutex_lock(&stream->lock);
    stream->open[stream->n_open++] = stream->given;
    stream->given = end;
    (void)pthread_mutex_unlock(&stream->lock);
    return IW_OK;
}

/* Makes a hole of what no piece needs. With the lock. */
static void release(struct iw_stream *stream)
{
    uint64_t needed = stream->given;
    for (size_t i = 0; i < stream->n_open; i++)
        needed = stream->open[i] < needed ? stream->open[i] : needed;
    needed = needed > BLOCK_BYTES ? (needed - 1) / BLOCK_BYTES * BLOCK_BYTES : 0;
    if (stream->released < BLOCK_BYTES)
        stream->released = BLOCK_BYTES;
    if (needed <= stream->released)
        return;
    (void)fallocate(stream->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)stream->released,
                    (off_t)(needed - stream->released));
    stream->released = needed;
}

void iw_stream_give_back(struct iw_stream *stream, uint64_t offset)
{
    (void)pthread_mutex_lock(&stream->lock);
    for (size_t i = 0; i < stream->n_open; i++) {
        if (stream->open[i] != offset)
            continue;
        stream->open[i] = stream->open[--stream->n_open];
        break;
    }
    release(stream);
    (void)pthread_mutex_unlock(&stream->lock);
}
