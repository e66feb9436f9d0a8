/*
 * Escapes of letters: `\uXXXX` and `\UXXXXXXXX` of C# and JScript names, `&#x65;` and `&#101;` of
 * XML, which JSPX and configuration decode.
 */
#include "iis/web/web_escape.h"

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = iw_ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to *n_max* digits at *at*; moves behind them. */
static uint32_t number_at(struct iw_str text, size_t *at, int base, size_t n_max)
{
    uint32_t value = 0;
    for (size_t i = 0; i < n_max && *at < text.n; i++, (*at)++) {
        int digit = digit_of(text.p[*at]);
        if (digit < 0 || digit >= base)
            break;
        value = value * (uint32_t)base + (uint32_t)digit;
    }
    return value;
}

static uint32_t escape_at(struct iw_str text, size_t *at)
{
    uint32_t value;
    size_t left = text.n - *at;
    if (left > 2 && text.p[*at] == '\\' && iw_ascii_lower(text.p[*at + 1]) == 'u') {
        bool is_long = text.p[*at + 1] == 'U';
        *at += 2;
        return number_at(text, at, 16, is_long ? 8 : 4);
    }
    if (left > 3 && text.p[*at] == '&' && text.p[*at + 1] == '#') {
        bool is_hex = iw_ascii_lower(text.p[*at + 2]) == 'x';
        *at += is_hex ? 3 : 2;
        value = number_at(text, at, is_hex ? 16 : 10, 7);
        *at += *at < text.n && text.p[*at] == ';';
        return value;
    }
    return 0;
}

/* The next letter or digit of a word in lower case, escaped or not; 0: the word ends. */
static char letter_at(struct iw_str text, size_t *at)
{
    uint32_t c;
    if (*at >= text.n)
        return '\0';
    c = (unsigned char)text.p[*at];
    if (c == '\\' || c == '&')
        c = escape_at(text, at);
    else
        (*at)++;
    if (c >= 0x80)
        return '\0';
    c = (unsigned char)iw_ascii_lower((char)c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char)c : '\0';
}

static bool is_keyword(struct iw_str word)
{
    static const char *const WORDS[] = {
        "activator",
        "activexobject",
        "assembly",
        "assert",
        "classloader",
        "cmd",
        "convert",
        "createinstance",
        "createobject",
        "defineclass",
        "diagnostics",
        "eval",
        "exec",
        "execute",
        "executeglobal",
        "executestatement",
        "frombase64string",
        "getmethod",
        "getparameter",
        "getruntime",
        "gettype",
        "invoke",
        "invokemember",
        "item",
        "load",
        "passthru",
        "powershell",
        "process",
        "processbuilder",
        "processstartinfo",
        "reflection",
        "request",
        "runtime",
        "shell",
        "start",
        "startinfo",
        "system",
        "unsafe",
        "wscript",
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (iw_str_equal(word, iw_str_of(WORDS[i])))
            return true;
    }
    return false;
}

bool iw_web_is_escaped_keyword(struct iw_str text, size_t at)
{
    char word[IW_WEB_ESCAPED_WORD_BYTES];
    size_t start = at, n = 0;
    char c;
    while (start > 0 && at - start < IW_WEB_ESCAPED_WORD_BYTES) {
        size_t before = start - 1;
        if (letter_at((struct iw_str){text.p, start}, &before) == '\0' || before != start)
            break;
        start--;
    }
    while (n < sizeof word && (c = letter_at(text, &start)) != '\0')
        word[n++] = c;
    return is_keyword((struct iw_str){word, n});
}
