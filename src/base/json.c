/*
 * Writing JSON, and making hostile text safe to show. RFC 8259; what it allows raw but a terminal
 * would obey is escaped as well.
 */
#include "base/json.h"

#include "base/timestamp.h"
#include "base/utf.h"

static const char HEX[] = "0123456789abcdef";

/* Letters and marks that show nothing: two texts that differ in one look the same. */
static bool is_blank_letter(uint32_t c)
{
    return c == 0x34F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x2800 ||
           c == 0x3164 || c == 0xFFA0;
}

bool iw_code_point_is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE007F) || is_blank_letter(c);
}

/* Bytes at the start of *text* that may be written as they are: printable ASCII but quote and
 * backslash. */
static size_t plain_run(struct iw_str text)
{
    size_t i = 0;
    while (i < text.n) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\')
            break;
        i++;
    }
    return i;
}

static void add_u_escape(struct iw_buffer *out, uint32_t unit)
{
    char text[6] = {
        '\\',          'u', HEX[(unit >> 12) & 15], HEX[(unit >> 8) & 15], HEX[(unit >> 4) & 15],
        HEX[unit & 15]};
    iw_buffer_add(out, (struct iw_str){text, sizeof text});
}

static void escape_code_point(struct iw_buffer *out, uint32_t c)
{
    char utf8[4];
    if (c == '"' || c == '\\') {
        char text[2] = {'\\', (char)c};
        iw_buffer_add(out, (struct iw_str){text, 2});
    } else if (c == '\n') {
        iw_buffer_add(out, IW_STR("\\n"));
    } else if (c == '\r') {
        iw_buffer_add(out, IW_STR("\\r"));
    } else if (c == '\t') {
        iw_buffer_add(out, IW_STR("\\t"));
    } else if (!iw_code_point_is_unsafe(c)) {
        iw_buffer_add(out, (struct iw_str){utf8, iw_utf8_put(c, utf8)});
    } else if (c >= 0x10000) {
        add_u_escape(out, 0xD800 + ((c - 0x10000) >> 10));
        add_u_escape(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
        add_u_escape(out, c);
    }
}

void iw_json_escape(struct iw_buffer *out, struct iw_str text)
{
    while (text.n != 0) {
        size_t run = plain_run(text), at = 0;
        iw_buffer_add(out, (struct iw_str){text.p, run});
        text.p += run;
        text.n -= run;
        if (text.n == 0)
            return;
        escape_code_point(out, iw_utf8_next(text, &at));
        text.p += at;
        text.n -= at;
    }
}

void iw_printable_add(struct iw_buffer *out, struct iw_str text)
{
    size_t at = 0;
    while (at < text.n) {
        size_t start = at;
        uint32_t c = iw_utf8_next(text, &at);
        if (!iw_code_point_is_unsafe(c)) {
            if (c == 0xFFFD && at - start == 1)
                iw_buffer_add(out, IW_STR(IW_UTF8_REPLACEMENT));
            else
                iw_buffer_add(out, (struct iw_str){text.p + start, at - start});
        } else if (c < 0x100) {
            char code[4] = {'\\', 'x', HEX[c >> 4], HEX[c & 15]};
            iw_buffer_add(out, (struct iw_str){code, sizeof code});
        } else {
            iw_buffer_printf(out, "\\u{%x}", c);
        }
    }
}

void iw_json_init(struct iw_json *json, struct iw_buffer *out)
{
    json->out = out;
    json->need_comma = false;
}

static void before_value(struct iw_json *json)
{
    if (json->need_comma)
        iw_buffer_add_char(json->out, ',');
    json->need_comma = true;
}

void iw_json_object(struct iw_json *json)
{
    before_value(json);
    iw_buffer_add_char(json->out, '{');
    json->need_comma = false;
}

void iw_json_object_end(struct iw_json *json)
{
    iw_buffer_add_char(json->out, '}');
    json->need_comma = true;
}

void iw_json_array(struct iw_json *json)
{
    before_value(json);
    iw_buffer_add_char(json->out, '[');
    json->need_comma = false;
}

void iw_json_array_end(struct iw_json *json)
{
    iw_buffer_add_char(json->out, ']');
    json->need_comma = true;
}

static void add_quoted(struct iw_json *json, struct iw_str text)
{
    iw_buffer_add_char(json->out, '"');
    iw_json_escape(json->out, text);
    iw_buffer_add_char(json->out, '"');
}

void iw_json_key(struct iw_json *json, struct iw_str key)
{
    before_value(json);
    add_quoted(json, key);
    iw_buffer_add_char(json->out, ':');
    json->need_comma = false;
}

void iw_json_text(struct iw_json *json, struct iw_str value)
{
    before_value(json);
    add_quoted(json, value);
}

void iw_json_u64(struct iw_json *json, uint64_t value)
{
    before_value(json);
    iw_buffer_add_u64(json->out, value);
}

void iw_json_i64(struct iw_json *json, int64_t value)
{
    before_value(json);
    iw_buffer_add_i64(json->out, value);
}

void iw_json_bool(struct iw_json *json, bool value)
{
    before_value(json);
    iw_buffer_add(json->out, value ? IW_STR("true") : IW_STR("false"));
}

void iw_json_null(struct iw_json *json)
{
    before_value(json);
    iw_buffer_add(json->out, IW_STR("null"));
}

void iw_json_time(struct iw_json *json, int64_t time_ns)
{
    char text[IW_TIME_TEXT_BYTES];
    if (!iw_time_known(time_ns)) {
        iw_json_null(json);
        return;
    }
    iw_time_format(time_ns, text);
    before_value(json);
    iw_buffer_add_char(json->out, '"');
    iw_buffer_add(json->out, (struct iw_str){text, sizeof text});
    iw_buffer_add_char(json->out, '"');
}

void iw_json_member_text(struct iw_json *json, const char *key, struct iw_str value)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_text(json, value);
}

void iw_json_member_text_or_null(struct iw_json *json, const char *key, struct iw_str value)
{
    iw_json_key(json, iw_str_of(key));
    if (value.n != 0)
        iw_json_text(json, value);
    else
        iw_json_null(json);
}

void iw_json_member_u64(struct iw_json *json, const char *key, uint64_t value)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_u64(json, value);
}

void iw_json_member_bool(struct iw_json *json, const char *key, bool value)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_bool(json, value);
}

void iw_json_member_time(struct iw_json *json, const char *key, int64_t time_ns)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_time(json, time_ns);
}

void iw_json_member_null(struct iw_json *json, const char *key)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_null(json);
}
