/**
 * A window over a text file: the bytes from where a record may begin up to as far as was needed,
 * always as UTF-8, with the place of each byte in the file.
 *
 * What readers of text share: private reads, records that run over the end of a slice, byte order
 * marks, and UTF-16LE or UTF-16BE files (PowerShell writes them) turned into UTF-8. UTF-8 itself is
 * not checked here: bytes are passed on as they stand. One window per reader, one thread. Pointers
 * into the view are valid until the next call of begin or more (drop moves no bytes).
 */
#ifndef IW_INPUT_TEXT_TEXT_WINDOW_H
#define IW_INPUT_TEXT_TEXT_WINDOW_H

#include "input/reader.h"

enum iw_text_encoding { IW_TEXT_UTF8 = 0, IW_TEXT_UTF16LE, IW_TEXT_UTF16BE };

struct iw_text_window {
    const char *p;   /* the view */
    size_t n;        /* its bytes; IW_TEXT_PADDING zero bytes stand behind them */
    uint64_t offset; /* of the view's first byte, in the file */
    /* A record that begins at this offset of the file or behind belongs to the next slice. */
    uint64_t own_end;
    bool at_end; /* nothing comes behind the view */
    enum iw_text_encoding encoding;
    /* private */
    int fd;
    uint64_t own_begin;
    uint64_t file_bytes;
    uint64_t read_offset; /* of the next byte to be read */
    uint8_t *raw;         /* UTF-16 only: what was read and not yet turned */
    size_t n_raw;
    char *buffer;
    size_t buffer_bytes;
    struct iw_account *account;
    uint64_t n_bad_units; /* unpaired surrogates of UTF-16 that became U+FFFD, since begin */
};

/** Bytes behind the view that may be read (simdjson wants them). */
#define IW_TEXT_PADDING 64U

void iw_text_window_init(struct iw_text_window *window);
void iw_text_window_done(struct iw_text_window *window);

/**
 * Goes to the beginning of a slice. The view is empty until more is called; a byte order mark at
 * the file's beginning is not part of it. Bytes of the slice are counted as read as they come into
 * view. Where *offset* of a slice is not 0 the view begins ONE character before the slice, so that
 * the reader sees whether a record begins exactly there. *fd* stays the caller's. IW_OK or
 * IW_ENOMEM.
 */
enum iw_rc iw_text_window_begin(struct iw_text_window *window, int fd,
                                const struct iw_evidence_file *file, const struct iw_slice *slice,
                                struct iw_account *account);

/**
 * Brings more of the file into view, behind what is there: at least one byte, normally 256 KiB.
 *
 * @return IW_OK; IW_END: there is no more (at_end); IW_ELIMIT: the view already holds
 *         more than IW_LIMIT_TEXT_RECORD_BYTES: drop some; IW_ENOMEM. A read that fails or a file
 * that shrank is counted in the account and ends the file.
 */
enum iw_rc iw_text_window_more(struct iw_text_window *window);

/** Forgets the first *n* bytes of the view (n <= window->n). Moves no bytes. */
void iw_text_window_drop(struct iw_text_window *window, size_t n);

/** The offset in the file of byte *at* of the view (at <= n). Costs a walk for UTF-16. */
uint64_t iw_text_window_offset(const struct iw_text_window *window, size_t at);

#endif
