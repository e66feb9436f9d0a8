/*
 * PowerShell: about_Quoting_Rules, and the language specification's single-quote-character, which
 * is any of U+0027, U+2018, U+2019, U+201A, U+201B. XML 1.0: section 2.2, Char. YAML 1.2: section
 * 5.7, escapes of double-quoted scalars.
 */
#include "base/script_quote.h"

#include "base/json.h"
#include "base/utf.h"

#define REPLACEMENT 0xFFFDU

static void add_code_point(struct iw_buffer *out, uint32_t code_point)
{
    char bytes[4];
    iw_buffer_add(out, (struct iw_str){bytes, iw_utf8_put(code_point, bytes)});
}

void iw_quote_powershell(struct iw_buffer *out, struct iw_str text)
{
    iw_buffer_add_char(out, '\'');
    for (size_t at = 0; at < text.n;) {
        uint32_t c = iw_utf8_next(text, &at);
        if (iw_code_point_is_unsafe(c))
            c = REPLACEMENT;
        if (c == '\'' || (c >= 0x2018 && c <= 0x201B))
            add_code_point(out, c);
        add_code_point(out, c);
    }
    iw_buffer_add_char(out, '\'');
}

static bool xml_may_hold(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

void iw_quote_xml(struct iw_buffer *out, struct iw_str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t c = iw_utf8_next(text, &at);
        if (!xml_may_hold(c))
            c = REPLACEMENT;
        if (c == '&')
            iw_buffer_add(out, IW_STR("&amp;"));
        else if (c == '<')
            iw_buffer_add(out, IW_STR("&lt;"));
        else if (c == '>')
            iw_buffer_add(out, IW_STR("&gt;"));
        else if (c == '"')
            iw_buffer_add(out, IW_STR("&quot;"));
        else if (c == '\'' || c < 0x20 || c >= 0x7F)
            iw_buffer_printf(out, "&#%u;", c);
        else
            add_code_point(out, c);
    }
}

void iw_quote_yaml(struct iw_buffer *out, struct iw_str text)
{
    iw_buffer_add_char(out, '"');
    for (size_t at = 0; at < text.n;) {
        uint32_t c = iw_utf8_next(text, &at);
        if (c == '"' || c == '\\') {
            iw_buffer_add_char(out, '\\');
            iw_buffer_add_char(out, (char)c);
        } else if (iw_code_point_is_unsafe(c) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF) {
            iw_buffer_printf(out, c > 0xFFFF ? "\\U%08X" : "\\u%04X", c);
        } else {
            add_code_point(out, c);
        }
    }
    iw_buffer_add_char(out, '"');
}

void iw_quote_markdown(struct iw_buffer *out, struct iw_str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t c = iw_utf8_next(text, &at);
        if (iw_code_point_is_unsafe(c)) {
            iw_buffer_printf(out, c < 0x80 ? "\\\\x%02X" : "\\\\u\\{%X\\}", c);
            continue;
        }
        if (c == '<')
            iw_buffer_add(out, IW_STR("&lt;"));
        else if (c == '&')
            iw_buffer_add(out, IW_STR("&amp;"));
        else if (c < 0x80 && strchr("\\`*_{}[]()#|>!~", (int)c) != NULL) {
            iw_buffer_add_char(out, '\\');
            iw_buffer_add_char(out, (char)c);
        } else {
            add_code_point(out, c);
        }
    }
}

bool iw_path_can_be_pasted(struct iw_str text)
{
    if (text.n == 0 || !iw_utf8_valid(text))
        return false;
    for (size_t at = 0; at < text.n;) {
        uint32_t c = iw_utf8_next(text, &at);
        if (iw_code_point_is_unsafe(c) || c == 0xFFFE || c == 0xFFFF ||
            (c < 0x80 && strchr("\"<>|*?", (int)c) != NULL))
            return false;
    }
    return true;
}
