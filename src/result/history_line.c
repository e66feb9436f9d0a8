/* Writing and cutting lines of former configurations. */
#include "result/history_line.h"

#define AT " at "
#define IS ": "

static bool is_plain(struct iw_str name)
{
    return iw_str_find(name, IW_STR(AT)) == SIZE_MAX && iw_str_find(name, IW_STR(IS)) == SIZE_MAX &&
           !iw_str_ends_nocase(name, IW_STR(" at")) && !iw_str_ends_nocase(name, IW_STR(":")) &&
           (name.n == 0 || name.p[0] != '"');
}

static void write_name(struct iw_str name, struct iw_buffer *out)
{
    if (is_plain(name)) {
        iw_buffer_add(out, name);
        return;
    }
    iw_buffer_add_char(out, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"' || name.p[i] == '\\')
            iw_buffer_add_char(out, '\\');
        iw_buffer_add_char(out, name.p[i]);
    }
    iw_buffer_add_char(out, '"');
}

void iw_history_line_write(struct iw_str kind, struct iw_str name, struct iw_str place,
                           struct iw_str image, struct iw_buffer *out)
{
    iw_buffer_add(out, kind);
    iw_buffer_add_char(out, ' ');
    write_name(name, out);
    if (place.n != 0) {
        iw_buffer_add(out, IW_STR(AT));
        write_name(place, out);
    }
    if (image.n != 0) {
        iw_buffer_add(out, IW_STR(IS));
        iw_buffer_add(out, image);
    }
}

/* Behind the closing quote of a name; the end of the text where there is none. */
static size_t quoted_end(struct iw_str text)
{
    size_t at = 1;
    while (at < text.n && text.p[at] != '"')
        at += text.p[at] == '\\' ? 2 : 1;
    return at < text.n ? at + 1 : text.n;
}

static size_t plain_end(struct iw_str text)
{
    size_t at = iw_str_find(text, IW_STR(AT)), is = iw_str_find(text, IW_STR(IS));
    size_t end = at < is ? at : is;
    return end < text.n ? end : text.n;
}

/* Takes a name off the front of *rest*. */
static struct iw_str take_name(struct iw_str *rest)
{
    size_t end = rest->n != 0 && rest->p[0] == '"' ? quoted_end(*rest) : plain_end(*rest);
    struct iw_str name = {rest->p, end};
    *rest = (struct iw_str){rest->p + end, rest->n - end};
    return name;
}

static bool take(struct iw_str *rest, struct iw_str what)
{
    if (rest->n < what.n || memcmp(rest->p, what.p, what.n) != 0)
        return false;
    *rest = (struct iw_str){rest->p + what.n, rest->n - what.n};
    return true;
}

struct iw_history_line iw_history_line_read(struct iw_str line)
{
    struct iw_history_line parts = {
        .head = line, .name = IW_STR(""), .place = IW_STR(""), .image = IW_STR("")};
    size_t at = iw_str_find(line, IW_STR(" "));
    struct iw_str rest;
    parts.kind = (struct iw_str){line.p, at < line.n ? at : line.n};
    if (at >= line.n)
        return parts;
    rest = (struct iw_str){line.p + at + 1, line.n - at - 1};
    parts.name = take_name(&rest);
    if (take(&rest, IW_STR(AT)))
        parts.place = take_name(&rest);
    parts.head.n = line.n - rest.n;
    if (take(&rest, IW_STR(IS)))
        parts.image = rest;
    else
        parts.head = line; /* none that was written here */
    return parts;
}

bool iw_history_name_is(struct iw_str written, struct iw_str text)
{
    size_t at = 1;
    if (written.n == 0 || written.p[0] != '"')
        return iw_str_equal(written, text);
    for (size_t i = 0; i < text.n; i++) {
        at += at < written.n && written.p[at] == '\\';
        if (at >= written.n || written.p[at++] != text.p[i])
            return false;
    }
    return at + 1 == written.n && written.p[at] == '"';
}
