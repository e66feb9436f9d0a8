/*
 * Values of an export: `"name"="text"`, `@=dword:0000000a`, `"n"=hex(7):61,00,\` and on, `"n"=-`.
 *
 * A text between quotes may go over lines, as regedit writes values with line breaks; when what
 * ends it is not the end of a line too, a quote was lost: the text is cut at its line and reading
 * goes on with the next. `\\` and `\"` are escapes, other backslashes are themselves.
 */
#include "base/hex.h"
#include "iis/hive/reg_inside.h"

/* A place in the text. */
struct spot {
    struct iw_reg_reader *reader;
    size_t at, line_end;
};

static void skip_blanks(struct spot *spot)
{
    while (spot->at < spot->line_end && memchr(" \t\r", spot->reader->text.p[spot->at], 3) != NULL)
        spot->at++;
}

static char here(const struct spot *spot)
{
    return spot->at < spot->line_end ? spot->reader->text.p[spot->at] : '\0';
}

/* The quote that ends a text begun before *at*; *end* when there is none. */
static size_t find_quote(struct iw_str text, size_t at, size_t end)
{
    while (at < end && text.p[at] != '"')
        at += text.p[at] == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at : end;
}

/* Bytes of the text without escapes, in the arena, NUL-terminated. */
static struct iw_str unescape(struct iw_reg_reader *reader, size_t begin, size_t end)
{
    const char *p = reader->text.p;
    char *out = iw_arena_alloc(reader->hive->arena, end - begin + 1);
    size_t n = 0;
    if (out == NULL) {
        reader->hive->no_memory = true;
        return IW_STR("");
    }
    for (size_t i = begin; i < end; i++) {
        if (p[i] == '\\' && i + 1 < end && (p[i + 1] == '\\' || p[i + 1] == '"'))
            i++;
        out[n++] = p[i];
    }
    out[n] = '\0';
    return iw_reg_utf8(reader, (struct iw_str){out, n});
}

/* Whether a line has nothing more at *at* but blanks and a remark. */
static bool ends_line(struct iw_reg_reader *reader, size_t at)
{
    struct spot spot = {reader, at, iw_reg_line_end(reader, at)};
    skip_blanks(&spot);
    return spot.at == spot.line_end || here(&spot) == ';';
}

/* Looks on the following lines for the quote that ends a text; *end* of its line: not there. */
static size_t find_far_quote(struct iw_reg_reader *reader, size_t begin, size_t line_end)
{
    size_t limit = reader->text.n, quote;
    if (limit - begin > IW_LIMIT_REG_TEXT_BYTES)
        limit = begin + IW_LIMIT_REG_TEXT_BYTES;
    if (limit - begin > reader->scan_left)
        return line_end;
    quote = find_quote(reader->text, begin, limit);
    if (quote < limit && ends_line(reader, quote + 1))
        return quote;
    reader->scan_left -= quote - begin;
    return line_end;
}

static void read_text(struct spot *spot, struct iw_hive_value *value)
{
    struct iw_reg_reader *reader = spot->reader;
    size_t begin = spot->at + 1, quote = find_quote(reader->text, begin, spot->line_end);

    if (quote == spot->line_end)
        quote = find_far_quote(reader, begin, spot->line_end);
    value->type = IW_HIVE_SZ;
    value->form = IW_HIVE_UTF8;
    value->is_whole = quote < reader->text.n && reader->text.p[quote] == '"';
    if (!value->is_whole || !ends_line(reader, quote + 1)) {
        value->is_whole = false;
        iw_reg_bad_line(reader, spot->at);
    }
    while (!value->is_whole && quote > begin && reader->text.p[quote - 1] == '\r')
        quote--;
    value->data = unescape(reader, begin, quote);
    spot->line_end = iw_reg_line_end(reader, quote);
}

/* Up to eight hexadecimal digits; false when there are none, or more. */
static bool read_number(struct spot *spot, uint32_t *ret)
{
    unsigned n = 0;
    *ret = 0;
    for (; iw_hex_digit(here(spot)) >= 0; spot->at++, n++)
        *ret = *ret << 4 | (uint32_t)iw_hex_digit(here(spot));
    return n >= 1 && n <= 8;
}

static bool take_word(struct spot *spot, struct iw_str word)
{
    struct iw_str left = {spot->reader->text.p + spot->at, spot->line_end - spot->at};
    if (!iw_str_begins_nocase(left, word))
        return false;
    spot->at += word.n;
    return true;
}

static void read_dword(struct spot *spot, struct iw_hive_value *value)
{
    struct iw_reg_reader *reader = spot->reader;
    uint32_t number;
    size_t at = spot->at;

    value->type = IW_HIVE_DWORD;
    value->is_whole = read_number(spot, &number) && ends_line(reader, spot->at);
    if (!value->is_whole) {
        iw_reg_bad_line(reader, at);
        return;
    }
    value->data =
        iw_arena_copy(reader->hive->arena, (struct iw_str){(const char *)&number, sizeof number});
    reader->hive->no_memory |= value->data.p == NULL;
}

/* The end of the last line of bytes: lines go on while a backslash ends them. */
static size_t bytes_end(const struct spot *spot)
{
    const struct iw_str text = spot->reader->text;
    size_t end = spot->line_end;
    for (;;) {
        size_t last = end;
        while (last > spot->at && memchr(" \t\r", text.p[last - 1], 3) != NULL)
            last--;
        if (last == spot->at || text.p[last - 1] != '\\' || end >= text.n)
            return end;
        end = iw_reg_line_end(spot->reader, end + 1);
    }
}

static void read_bytes(struct spot *spot, struct iw_hive_value *value)
{
    struct iw_reg_reader *reader = spot->reader;
    const char *p = reader->text.p;
    size_t begin = spot->at, n = 0;
    char *out;

    spot->line_end = bytes_end(spot);
    out = iw_arena_alloc(reader->hive->arena, (spot->line_end - begin) / 2 + 2);
    if (out == NULL) {
        reader->hive->no_memory = true;
        return;
    }
    value->is_whole = true;
    while (spot->at < spot->line_end) {
        int digit = iw_hex_digit(p[spot->at]);
        if (digit < 0 && memchr(", \t\r\n\\", p[spot->at], 6) != NULL) {
            spot->at++;
            continue;
        }
        if (p[spot->at] == ';' && ends_line(reader, spot->at))
            break;
        value->is_whole =
            digit >= 0 && spot->at + 1 < spot->line_end && iw_hex_digit(p[spot->at + 1]) >= 0;
        if (!value->is_whole)
            break;
        out[n++] = (char)(digit << 4 | iw_hex_digit(p[spot->at + 1]));
        spot->at += 2;
    }
    if (!value->is_whole)
        iw_reg_bad_line(reader, spot->at);
    value->data = (struct iw_str){out, n};
    if (reader->is_regedit4 && (value->type == IW_HIVE_SZ || value->type == IW_HIVE_EXPAND_SZ ||
                                value->type == IW_HIVE_MULTI_SZ))
        value->form = IW_HIVE_ANSI;
}

/* What stands behind the `=`; false when it is none. */
static bool read_data(struct spot *spot, struct iw_hive_value *value)
{
    if (here(spot) == '"') {
        read_text(spot, value);
        return true;
    }
    if (take_word(spot, IW_STR("dword:"))) {
        read_dword(spot, value);
        return true;
    }
    if (take_word(spot, IW_STR("hex:"))) {
        value->type = IW_HIVE_BINARY;
        read_bytes(spot, value);
        return true;
    }
    if (take_word(spot, IW_STR("hex(")) && read_number(spot, &value->type) &&
        take_word(spot, IW_STR("):"))) {
        read_bytes(spot, value);
        return true;
    }
    return false;
}

/* A name and its `=`; false when it is none. */
static bool read_name(struct spot *spot, struct iw_str *ret)
{
    *ret = IW_STR("");
    if (here(spot) == '@') {
        spot->at++;
    } else {
        size_t begin = spot->at + 1, quote = find_quote(spot->reader->text, begin, spot->line_end);
        if (quote == spot->line_end)
            return false;
        *ret = unescape(spot->reader, begin, quote);
        spot->at = quote + 1;
    }
    skip_blanks(spot);
    if (here(spot) != '=')
        return false;
    spot->at++;
    skip_blanks(spot);
    return true;
}

void iw_reg_read_value(struct iw_reg_reader *reader)
{
    size_t begin = reader->at;
    struct spot spot = {reader, begin, iw_reg_line_end(reader, begin)};
    struct iw_hive_value value = {.name = IW_STR(""), .data = IW_STR("")};

    skip_blanks(&spot);
    bool is_good = read_name(&spot, &value.name);
    if (is_good && here(&spot) == '-' && ends_line(reader, spot.at + 1)) {
        iw_reg_delete_value(reader, value.name);
    } else {
        is_good = is_good && read_data(&spot, &value);
        if (is_good && reader->key != IW_HIVE_NO_ID) {
            iw_reg_add_value(reader, &value);
        } else if (!is_good || !reader->is_passed) {
            iw_reg_bad_line(reader, begin);
        }
    }
    reader->at = spot.line_end + 1;
}
