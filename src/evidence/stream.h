/**
 * Standard input that is read while it is used: as a file of which what was read is given back, so
 * that any amount of lines passes through little space.
 *
 * Readers read at any offset, which a pipe cannot; so what comes is copied to a temporary file
 * without a name, every byte at its offset. It begins with a head, by which the kind is recognised.
 * Then either all of it is taken at once (iw_stream_take_all), or piece by piece: pieces are whole
 * lines, may be read by several threads at a time, and are given back when they are done, which
 * makes a hole of their space. The first block stays (readers look there for the encoding), and so
 * does the block before the first piece that is not given back (a reader looks at the byte before
 * its piece).
 *
 * A stream is owned by who began it. Taking is one thread's at a time, giving back any thread's at
 * any time.
 */
#ifndef IW_EVIDENCE_STREAM_H
#define IW_EVIDENCE_STREAM_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/str.h"

/** More than recognising a kind ever looks at. */
#define IW_STREAM_HEAD_BYTES ((uint64_t)17 * 1024 * 1024)

struct iw_stream {
    int in_fd;                     /* borrowed; -1: nothing more comes from it */
    int fd;                        /* what came, at its offsets; -1: not begun */
    uint64_t n_bytes;              /* that came so far */
    uint64_t limit_bytes;          /* that may be kept at a time */
    const _Atomic bool *cancelled; /* may be NULL */
    char *buffer;
    /* Pieces. */
    uint64_t given;    /* end of the last piece given out */
    uint64_t line_end; /* behind the last line end that came */
    pthread_mutex_t lock;
    uint64_t open[IW_LIMIT_JOBS]; /* where pieces begin that are not given back */
    size_t n_open;
    uint64_t released; /* what lies before it is a hole */
};

struct iw_stream_piece {
    uint64_t offset, n_bytes;
    bool is_last;
};

/** A stream of nothing, to be begun; iw_stream_done may be called on it. */
void iw_stream_init(struct iw_stream *stream);
void iw_stream_done(struct iw_stream *stream);

/**
 * Begins with the head of *in_fd* (to its end, where that comes first). A regular file that nobody
 * has read from is used as it is. Call before confinement.
 *
 * @param in_fd  stays the caller's, and open until the stream is done
 * @return IW_OK; IW_EIO; IW_ENOMEM; IW_ELIMIT (more than *limit_bytes*); IW_ECANCELLED
 */
enum iw_rc iw_stream_begin(struct iw_stream *stream, int in_fd, uint64_t limit_bytes,
                           const _Atomic bool *cancelled, struct iw_error *err);

/** Whether all has come. */
bool iw_stream_has_ended(const struct iw_stream *stream);

/** All the rest. As iw_stream_begin. */
enum iw_rc iw_stream_take_all(struct iw_stream *stream, struct iw_error *err);

/**
 * The next piece: whole lines, at least *want_bytes* of them unless the stream ends. The last one
 * may be empty. At most IW_LIMIT_JOBS pieces may be out at a time. As iw_stream_begin.
 */
enum iw_rc iw_stream_take_piece(struct iw_stream *stream, uint64_t want_bytes,
                                struct iw_stream_piece *ret, struct iw_error *err);

/** The piece that begins at *offset* is not read any more. */
void iw_stream_give_back(struct iw_stream *stream, uint64_t offset);

/** Whether it can be cut into lines byte by byte: false for UTF-16. */
bool iw_stream_has_lines(const struct iw_stream *stream);

#endif
