/**
 * Rows of CSV: RFC 4180, with any one character between fields and lines that end with CR LF, LF or
 * CR. A row that is not right costs that row: reading goes on behind its first line.
 *
 * Inside of iis/change, and for audit policies (coverage/settings).
 */
#ifndef IW_IIS_CHANGE_CSV_ROWS_H
#define IW_IIS_CHANGE_CSV_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"

struct csv_row {
    struct iw_str fields[IW_LIMIT_CSV_COLUMNS]; /* unquoted; valid until the next row */
    size_t n;                                   /* also past the limit, then `wrong` is set */
    uint32_t line;                              /* 1-based, of its beginning */
    const char *wrong;                          /* NULL, or why it cannot be used (static) */
};

struct csv_reader {
    struct iw_str text; /* UTF-8, borrowed */
    char delimiter;
    size_t at;
    uint32_t line;
    size_t n_rescanned;
    struct iw_arena arena; /* texts of the current row that had quotes in them */
};

/** *text* must outlive the reader. */
void csv_reader_init(struct csv_reader *reader, struct iw_str text, char delimiter);
void csv_reader_done(struct csv_reader *reader);
/** The next row that is not an empty line. IW_OK; IW_END; IW_ELIMIT: too much of the text had to be
 * read again behind quotes that never close (IW_LIMIT_CSV_SCAN_BYTES); IW_ENOMEM. */
enum iw_rc csv_next(struct csv_reader *reader, struct csv_row *ret);

#endif
