/*
 * Reading CSV (RFC 4180). A quote within a field that does not begin with one is a character like
 * others, as spreadsheets take it. A quoted field may hold line ends; one that never closes, or is
 * followed by more text, would swallow the rows behind it, so reading goes on behind the line where
 * its row began.
 */
#include "iis/change/csv_rows.h"

#define NOT_CLOSED "a quoted field that is not closed"
#define BEHIND_QUOTE "text behind a quoted field"
#define TOO_LONG "the row is too long"
#define TOO_MANY "the row has too many columns"

void csv_reader_init(struct csv_reader *reader, struct iw_str text, char delimiter)
{
    memset(reader, 0, sizeof *reader);
    reader->text = text;
    reader->delimiter = delimiter;
    reader->line = 1;
    iw_arena_init(&reader->arena, 0);
}

void csv_reader_done(struct csv_reader *reader)
{
    iw_arena_done(&reader->arena);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Bytes of the line end at *at*; 0: there is none. */
static size_t line_end_bytes(const struct csv_reader *reader, size_t at)
{
    const struct iw_str text = reader->text;

    if (at >= text.n || !is_line_end(text.p[at]))
        return 0;
    return text.p[at] == '\r' && at + 1 < text.n && text.p[at + 1] == '\n' ? 2 : 1;
}

static bool take_line_end(struct csv_reader *reader)
{
    const size_t n = line_end_bytes(reader, reader->at);

    reader->at += n;
    reader->line += n != 0;
    return n != 0;
}

/* The text between quotes with `""` as one quote; p NULL: no memory. */
static struct iw_str unquote(struct csv_reader *reader, struct iw_str quoted)
{
    char *out = iw_arena_alloc(&reader->arena, quoted.n + 1);
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < quoted.n; i++) {
        out[n++] = quoted.p[i];
        i += quoted.p[i] == '"';
    }
    return (struct iw_str){out, n};
}

/* A field that begins with a quote. IW_OK or IW_ENOMEM; *ret_wrong where it does not end well. */
static enum iw_rc read_quoted(struct csv_reader *reader, size_t row_begin, struct iw_str *ret,
                              const char **ret_wrong)
{
    const struct iw_str text = reader->text;
    const size_t begin = ++reader->at;
    bool has_quotes = false;

    for (;; reader->at++) {
        if (reader->at - row_begin > IW_LIMIT_CSV_ROW_BYTES || reader->at >= text.n) {
            *ret_wrong = reader->at >= text.n ? NOT_CLOSED : TOO_LONG;
            return IW_OK;
        }
        while (take_line_end(reader))
            ;
        if (reader->at >= text.n || text.p[reader->at] != '"')
            continue;
        if (reader->at + 1 >= text.n || text.p[reader->at + 1] != '"')
            break;
        has_quotes = true;
        reader->at++;
    }
    *ret = (struct iw_str){text.p + begin, reader->at - begin};
    reader->at++;
    if (reader->at < text.n && text.p[reader->at] != reader->delimiter &&
        !is_line_end(text.p[reader->at]))
        *ret_wrong = BEHIND_QUOTE;
    if (!has_quotes)
        return IW_OK;
    *ret = unquote(reader, *ret);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static struct iw_str read_plain(struct csv_reader *reader)
{
    const struct iw_str text = reader->text;
    const size_t begin = reader->at;

    while (reader->at < text.n && text.p[reader->at] != reader->delimiter &&
           !is_line_end(text.p[reader->at]))
        reader->at++;
    return (struct iw_str){text.p + begin, reader->at - begin};
}

/* Behind the line where a row began that cannot be read. */
static enum iw_rc resume(struct csv_reader *reader, size_t begin, uint32_t line)
{
    reader->n_rescanned += reader->at - begin;
    if (reader->n_rescanned > IW_LIMIT_CSV_SCAN_BYTES)
        return IW_ELIMIT;
    reader->at = begin;
    reader->line = line;
    while (reader->at < reader->text.n && !is_line_end(reader->text.p[reader->at]))
        reader->at++;
    (void)take_line_end(reader);
    return IW_OK;
}

static enum iw_rc read_row(struct csv_reader *reader, struct csv_row *row)
{
    const struct iw_str text = reader->text;
    const size_t begin = reader->at;

    for (;;) {
        struct iw_str field = {NULL, 0};
        if (reader->at < text.n && text.p[reader->at] == '"')
            IW_TRY(read_quoted(reader, begin, &field, &row->wrong));
        else
            field = read_plain(reader);
        if (row->wrong != NULL)
            return resume(reader, begin, row->line);
        if (row->n < IW_LIMIT_CSV_COLUMNS)
            row->fields[row->n] = field;
        row->n++;
        if (reader->at >= text.n || text.p[reader->at] != reader->delimiter)
            break;
        reader->at++;
    }
    if (row->n > IW_LIMIT_CSV_COLUMNS)
        row->wrong = TOO_MANY;
    else if (reader->at - begin > IW_LIMIT_CSV_ROW_BYTES)
        row->wrong = TOO_LONG;
    (void)take_line_end(reader);
    return IW_OK;
}

enum iw_rc csv_next(struct csv_reader *reader, struct csv_row *ret)
{
    iw_arena_reset(&reader->arena);
    while (take_line_end(reader))
        ;
    ret->n = 0;
    ret->line = reader->line;
    ret->wrong = NULL;
    return reader->at >= reader->text.n ? IW_END : read_row(reader, ret);
}
