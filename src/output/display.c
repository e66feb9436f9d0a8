/*
 * Words, numbers and colours for people.
 *
 * Widths of characters come from two small tables (Unicode 15: East Asian Width W and F; general
 * category Mn of common scripts), because what wcwidth() says depends on the locale and a report
 * must not. Clusters joined by ZWJ are not seen as one: the joiner is escaped, as every invisible
 * character is.
 */
#include "output/display.h"

#include "base/json.h"
#include "base/utf.h"

/* Below it nothing can be laid out: a narrower terminal wraps by itself. */
#define MIN_WIDTH 48U
/* Columns kept for the words that stand for cut text. */
#define CUT_NOTE_COLUMNS 24U

struct range {
    uint32_t first, last;
};

static const struct range WIDE[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

static const struct range ZERO[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF},
};

static bool is_in(const struct range *ranges, size_t n, uint32_t code_point)
{
    for (size_t i = 0; i < n && code_point >= ranges[i].first; i++) {
        if (code_point <= ranges[i].last)
            return true;
    }
    return false;
}

/* Columns of one code point as iw_printable_add writes it. */
static size_t columns_of(uint32_t code_point)
{
    if (iw_code_point_is_unsafe(code_point)) {
        size_t n = 4; /* \xNN, and \u{} around the digits */
        if (code_point < 0x100)
            return n;
        for (; code_point != 0; code_point >>= 4)
            n++;
        return n;
    }
    if (code_point < 0x300)
        return 1;
    if (is_in(ZERO, sizeof ZERO / sizeof *ZERO, code_point))
        return 0;
    return is_in(WIDE, sizeof WIDE / sizeof *WIDE, code_point) ? 2 : 1;
}

/* How far text may go from *at* within *max* columns: whole characters only. */
static size_t fit(struct iw_str text, size_t at, size_t max, size_t *ret_columns)
{
    size_t columns = 0;
    while (at < text.n) {
        size_t next = at, width = columns_of(iw_utf8_next(text, &next));
        if (width > max - columns)
            break;
        columns += width;
        at = next;
    }
    *ret_columns = columns;
    return at;
}

size_t iw_display_columns(struct iw_str text)
{
    size_t columns;
    (void)fit(text, 0, SIZE_MAX, &columns);
    return columns;
}

size_t iw_display_fit(struct iw_str text, size_t max_characters)
{
    size_t columns, at = 0, end = fit(text, 0, 2 * max_characters, &columns);
    for (size_t n = 0; n < max_characters && at < end; n++)
        (void)iw_utf8_next(text, &at);
    return at;
}

static struct iw_str part(struct iw_str text, size_t from, size_t to)
{
    return (struct iw_str){text.p + from, to - from};
}

size_t iw_display_text(struct iw_buffer *out, struct iw_str text, size_t max_columns)
{
    size_t columns, end = fit(text, 0, max_columns != 0 ? max_columns : SIZE_MAX, &columns);
    if (end == text.n) {
        iw_printable_add(out, text);
        return columns;
    }
    end = fit(text, 0, max_columns - 1, &columns);
    iw_printable_add(out, part(text, 0, end));
    iw_buffer_add(out, IW_STR("…"));
    return columns + 1;
}

struct iw_str iw_display_host(struct iw_str host)
{
    return host.n != 0 ? host : IW_STR("(host unknown)");
}

void iw_display_server(struct iw_buffer *out, struct iw_str host, struct iw_str server)
{
    iw_buffer_add(out, iw_display_host(host));
    if (server.n != 0)
        iw_buffer_add(out, IW_STR(" of "));
    iw_buffer_add(out, server);
}

void iw_display_spaces(struct iw_buffer *out, size_t n)
{
    for (; n != 0; n--)
        iw_buffer_add_char(out, ' ');
}

void iw_display_cell(struct iw_buffer *out, struct iw_str text, size_t columns)
{
    bool is_cut = iw_display_columns(text) > columns && columns > 1;
    size_t used = iw_display_text(out, text, is_cut ? columns - 1 : columns);
    iw_display_spaces(out, used < columns ? columns - used : 0);
}

/* Where a line that reaches *end* is better broken: after a space in its second half. */
static size_t soft_end(struct iw_str text, size_t at, size_t end)
{
    for (size_t i = end; i > at + (end - at) / 2; i--) {
        if (text.p[i - 1] == ' ')
            return i;
    }
    return end;
}

static void add_last_line(struct iw_buffer *out, struct iw_str text, size_t at, size_t room)
{
    size_t columns, end = fit(text, at, room, &columns);
    if (end < text.n)
        end = fit(text, at, room - CUT_NOTE_COLUMNS, &columns);
    iw_printable_add(out, part(text, at, end));
    if (end < text.n) {
        iw_buffer_add(out, IW_STR("… ("));
        iw_display_counted(out, text.n - end, "byte more)", "bytes more)");
    }
    iw_buffer_add_char(out, '\n');
}

void iw_display_wrapped(struct iw_buffer *out, const struct iw_style *style, size_t indent,
                        unsigned max_lines, struct iw_str text)
{
    size_t width = style->width == 0 || style->width > MIN_WIDTH ? style->width : MIN_WIDTH;
    size_t room = SIZE_MAX, at = 0;
    if (width != 0) /* not the last column: some terminals wrap when it is written */
        room = width > indent + CUT_NOTE_COLUMNS + 8 ? width - indent - 1 : CUT_NOTE_COLUMNS + 8;
    for (unsigned line = 1; line < max_lines; line++) {
        size_t columns, end = fit(text, at, room, &columns);
        if (end == text.n)
            break;
        end = soft_end(text, at, end);
        /* The line's end stands for the space it was broken at. */
        iw_printable_add(out, part(text, at, end > at && text.p[end - 1] == ' ' ? end - 1 : end));
        iw_buffer_add_char(out, '\n');
        iw_display_spaces(out, indent);
        at = end;
    }
    add_last_line(out, text, at, room);
}

void iw_display_count(struct iw_buffer *out, uint64_t n)
{
    char digits[20], text[26];
    size_t n_digits = 0, at = sizeof text;
    do {
        digits[n_digits++] = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    for (size_t i = 0; i < n_digits; i++) {
        if (i != 0 && i % 3 == 0)
            text[--at] = ',';
        text[--at] = digits[i];
    }
    iw_buffer_add(out, (struct iw_str){text + at, sizeof text - at});
}

void iw_display_counted(struct iw_buffer *out, uint64_t n, const char *singular, const char *plural)
{
    iw_display_count(out, n);
    iw_buffer_add_char(out, ' ');
    iw_buffer_add(out, iw_str_of(n == 1 ? singular : plural));
}

void iw_display_bytes(struct iw_buffer *out, uint64_t n_bytes)
{
    static const char *const UNITS[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    uint64_t unit = 1000;
    size_t at = 0;
    if (n_bytes < 1000) {
        iw_display_counted(out, n_bytes, "byte", "bytes");
        return;
    }
    while (at + 1 < sizeof UNITS / sizeof *UNITS && n_bytes / unit >= 1000) {
        unit *= 1000;
        at++;
    }
    iw_buffer_add_u64(out, n_bytes / unit);
    iw_buffer_add_char(out, '.');
    iw_buffer_add_u64(out, n_bytes % unit / (unit / 10));
    iw_buffer_add_char(out, ' ');
    iw_buffer_add(out, iw_str_of(UNITS[at]));
}

void iw_display_time(struct iw_buffer *out, int64_t time_ns, bool with_milliseconds)
{
    char text[IW_TIME_TEXT_BYTES];
    if (!iw_time_known(time_ns)) {
        iw_buffer_add(out, IW_STR("time unknown"));
        return;
    }
    iw_time_format(time_ns, text);
    text[10] = ' ';
    iw_buffer_add(out, (struct iw_str){text, with_milliseconds ? 23 : 19});
}

void iw_display_span(struct iw_buffer *out, int64_t first_ns, int64_t last_ns)
{
    iw_display_time(out, first_ns, false);
    if (!iw_time_known(first_ns) || !iw_time_known(last_ns) ||
        first_ns / IW_NS_PER_SECOND == last_ns / IW_NS_PER_SECOND)
        return;
    iw_buffer_add(out, IW_STR(" to "));
    iw_display_time(out, last_ns, false);
}

static const char *const TONES[IW_TONE_COUNT] = {
    [IW_TONE_STRONG] = "\033[1m",   [IW_TONE_FAINT] = "\033[2m",
    [IW_TONE_WARNING] = "\033[33m", [IW_TONE_CRITICAL] = "\033[1;31m",
    [IW_TONE_HIGH] = "\033[31m",    [IW_TONE_MEDIUM] = "\033[33m",
    [IW_TONE_LOW] = "\033[36m",     [IW_TONE_INFORMATIONAL] = "\033[2m",
};

void iw_display_tone(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone)
{
    if (style->color)
        iw_buffer_add(out, iw_str_of(TONES[tone]));
}

void iw_display_plain(struct iw_buffer *out, const struct iw_style *style)
{
    if (style->color)
        iw_buffer_add(out, IW_STR("\033[0m"));
}

void iw_display_toned(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone,
                      const char *text)
{
    iw_display_tone(out, style, tone);
    iw_buffer_add(out, iw_str_of(text));
    iw_display_plain(out, style);
}

enum iw_tone iw_display_level_tone(enum iw_level level)
{
    static const enum iw_tone OF[IW_LEVEL_COUNT] = {
        [IW_LEVEL_INFORMATIONAL] = IW_TONE_INFORMATIONAL,
        [IW_LEVEL_LOW] = IW_TONE_LOW,
        [IW_LEVEL_MEDIUM] = IW_TONE_MEDIUM,
        [IW_LEVEL_HIGH] = IW_TONE_HIGH,
        [IW_LEVEL_CRITICAL] = IW_TONE_CRITICAL,
    };
    return OF[level];
}
