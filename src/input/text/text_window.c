/*
 * The window over a text file. The buffer holds what was dropped lately, the view, and room for
 * what comes next; only when the room runs out is the view moved to the front.
 *
 * UTF-16 is turned into UTF-8 as it is read; a view offset is found again by counting: every code
 * point took one unit of two bytes, or two units where its UTF-8 has four bytes, and what was bad
 * was one unit.
 */
#include "input/text/text_window.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/utf.h"

#define READ_BYTES ((size_t)64 * 1024)
/* UTF-8 of one unit of UTF-16. */
#define GROWTH 3U

void iw_text_window_init(struct iw_text_window *window)
{
    memset(window, 0, sizeof *window);
    window->fd = -1;
}

void iw_text_window_done(struct iw_text_window *window)
{
    iw_free(window->buffer);
    iw_free(window->raw);
    window->buffer = NULL;
    window->raw = NULL;
}

/* Looks at the file's beginning; returns the bytes of its mark. */
static size_t detect_encoding(struct iw_text_window *window)
{
    uint8_t head[4] = {0};
    int ignored;
    size_t n = iw_fd_read_at(window->fd, head, sizeof head, 0, &ignored);

    window->encoding = IW_TEXT_UTF8;
    if (n >= 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF)
        return 3;
    if (n >= 2 && head[0] == 0xFF && head[1] == 0xFE)
        window->encoding = IW_TEXT_UTF16LE;
    else if (n >= 2 && head[0] == 0xFE && head[1] == 0xFF)
        window->encoding = IW_TEXT_UTF16BE;
    if (window->encoding != IW_TEXT_UTF8)
        return 2;
    /* Without a mark: `<` or `{` with a zero byte beside it. */
    if (n == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0)
        window->encoding = IW_TEXT_UTF16LE;
    else if (n == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0)
        window->encoding = IW_TEXT_UTF16BE;
    return 0;
}

enum iw_rc iw_text_window_begin(struct iw_text_window *window, int fd,
                                const struct iw_evidence_file *file, const struct iw_slice *slice,
                                struct iw_account *account)
{
    uint64_t start = slice->offset;
    size_t mark;

    window->fd = fd;
    window->file_bytes = file->size_bytes;
    window->account = account;
    window->own_begin = slice->offset;
    window->own_end = slice->offset + slice->n_bytes;
    window->at_end = false;
    window->n = window->n_raw = 0;
    window->n_bad_units = 0;
    if (window->buffer == NULL) {
        window->buffer_bytes = 4 * READ_BYTES;
        window->buffer = iw_malloc(window->buffer_bytes + IW_TEXT_PADDING);
        if (window->buffer == NULL)
            return IW_ENOMEM;
    }
    mark = detect_encoding(window);
    if (window->encoding != IW_TEXT_UTF8 && window->raw == NULL) {
        window->raw = iw_malloc(READ_BYTES + 4);
        if (window->raw == NULL)
            return IW_ENOMEM;
    }
    if (start == 0) {
        start = mark < slice->n_bytes ? mark : slice->n_bytes;
        account->read_bytes += start;
    } else if (window->encoding == IW_TEXT_UTF8) {
        start -= 1;
    } else {
        start -= start % 2 == 0 ? 2 : 1; /* units lie on even bytes */
    }
    window->offset = window->read_offset = start;
    window->p = window->buffer;
    memset(window->buffer, 0, IW_TEXT_PADDING);
    return IW_OK;
}

/* Counts the part of what was read that lies in the slice. */
static void count_read(struct iw_text_window *window, uint64_t from)
{
    uint64_t to = window->read_offset;
    if (from < window->own_begin)
        from = window->own_begin;
    if (to > window->own_end)
        to = window->own_end;
    if (to > from)
        window->account->read_bytes += to - from;
}

/* Makes room for *n* bytes behind the view. IW_OK or IW_ENOMEM. */
static enum iw_rc make_room(struct iw_text_window *window, size_t n)
{
    size_t before = (size_t)(window->p - window->buffer);
    size_t need = window->n + n;
    char *larger;

    if (before + need <= window->buffer_bytes)
        return IW_OK;
    if (need <= window->buffer_bytes) {
        memmove(window->buffer, window->p, window->n);
        window->p = window->buffer;
        return IW_OK;
    }
    larger = iw_malloc(2 * need + IW_TEXT_PADDING);
    if (larger == NULL)
        return IW_ENOMEM;
    memcpy(larger, window->p, window->n);
    iw_free(window->buffer);
    window->buffer = larger;
    window->buffer_bytes = 2 * need;
    window->p = larger;
    return IW_OK;
}

/* The file ended earlier than it should, or could not be read on. */
static void count_loss(struct iw_text_window *window, int error)
{
    uint64_t end = window->own_end < window->file_bytes ? window->own_end : window->file_bytes;
    window->at_end = true;
    if (window->read_offset >= window->file_bytes)
        return;
    iw_account_damage(window->account, error != 0 ? IW_DAMAGE_READ_ERROR : IW_DAMAGE_SHRANK,
                      window->read_offset, 1);
    if (window->read_offset < end)
        window->account->lost_bytes += end - window->read_offset;
}

static void swap_bytes(uint8_t *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        uint8_t first = p[i];
        p[i] = p[i + 1];
        p[i + 1] = first;
    }
}

/* Turns the units that are whole into UTF-8 behind the view; a high surrogate at the end waits for
 * its other half. */
static void turn(struct iw_text_window *window, char *out, bool is_last)
{
    size_t whole = window->n_raw & ~(size_t)1, kept;
    size_t bad = 0;

    if (!is_last && whole >= 2 && (window->raw[whole - 1] & 0xFC) == 0xD8)
        whole -= 2;
    window->n += iw_utf16_to_utf8(window->raw, whole, out, &bad);
    window->n_bad_units += bad;
    kept = window->n_raw - whole;
    memmove(window->raw, window->raw + whole, kept);
    window->n_raw = is_last ? 0 : kept;
}

static enum iw_rc read_more(struct iw_text_window *window)
{
    bool wide = window->encoding != IW_TEXT_UTF8;
    uint64_t left = window->file_bytes - window->read_offset;
    size_t want = left < READ_BYTES ? (size_t)left : READ_BYTES, got;
    char *out;
    int error;

    if (wide)
        want = want > READ_BYTES - window->n_raw ? READ_BYTES - window->n_raw : want;
    IW_TRY(make_room(window, wide ? GROWTH * (want + window->n_raw) : want));
    out = window->buffer + (size_t)(window->p - window->buffer) + window->n;
    got = iw_fd_read_at(window->fd, wide ? (char *)window->raw + window->n_raw : out, want,
                        window->read_offset, &error);
    window->read_offset += got;
    if (got < want || window->read_offset == window->file_bytes)
        count_loss(window, error);
    if (!wide) {
        window->n += got;
        return IW_OK;
    }
    if (window->encoding == IW_TEXT_UTF16BE)
        swap_bytes(window->raw + window->n_raw, got);
    window->n_raw += got;
    turn(window, out, window->at_end);
    return IW_OK;
}

enum iw_rc iw_text_window_more(struct iw_text_window *window)
{
    size_t before = window->n;

    if (window->n > IW_LIMIT_TEXT_RECORD_BYTES)
        return IW_ELIMIT;
    /* A chunk of UTF-16 may hold half a character and nothing else. */
    while (!window->at_end && window->n == before) {
        uint64_t from = window->read_offset;
        IW_TRY(read_more(window));
        count_read(window, from);
    }
    memset(window->buffer + (size_t)(window->p - window->buffer) + window->n, 0, IW_TEXT_PADDING);
    return window->n > before ? IW_OK : IW_END;
}

uint64_t iw_text_window_offset(const struct iw_text_window *window, size_t at)
{
    uint64_t units = 0;
    if (window->encoding == IW_TEXT_UTF8)
        return window->offset + at;
    for (size_t i = 0; i < at; i++) {
        uint8_t byte = (uint8_t)window->p[i];
        units += (byte & 0xC0) != 0x80;
        units += byte >= 0xF0;
    }
    return window->offset + 2 * units;
}

void iw_text_window_drop(struct iw_text_window *window, size_t n)
{
    assert(n <= window->n);
    window->offset = iw_text_window_offset(window, n);
    window->p += n;
    window->n -= n;
}
