/*
 * Indenting JSON that was written compactly. It knows strings from structure and nothing else; it
 * must only be given what base/json.h wrote.
 */
#include "output/json_indent.h"

static void new_line(struct iw_buffer *out, size_t depth)
{
    iw_buffer_add_char(out, '\n');
    for (; depth != 0; depth--)
        iw_buffer_add_char(out, ' ');
}

/* End of the string that begins at *at*, its quotes included. */
static size_t string_end(struct iw_str json, size_t at)
{
    for (at++; at < json.n && json.p[at] != '"'; at++)
        at += json.p[at] == '\\';
    return at < json.n ? at + 1 : json.n;
}

void iw_json_indent(struct iw_buffer *out, struct iw_str json)
{
    size_t depth = 0;
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        if (c == '"') {
            size_t end = string_end(json, i);
            iw_buffer_add(out, (struct iw_str){json.p + i, end - i});
            i = end - 1;
            continue;
        }
        if ((c == '}' || c == ']') && json.p[i - 1] != '{' && json.p[i - 1] != '[')
            new_line(out, --depth);
        else if (c == '}' || c == ']')
            depth--;
        iw_buffer_add_char(out, c);
        if (c == ':')
            iw_buffer_add_char(out, ' ');
        else if (c == ',')
            new_line(out, depth);
        else if (c == '{' || c == '[') {
            depth++;
            if (i + 1 < json.n && json.p[i + 1] != '}' && json.p[i + 1] != ']')
                new_line(out, depth);
        }
    }
    iw_buffer_add_char(out, '\n');
}
