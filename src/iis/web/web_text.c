/*
 * ASP and ASP.NET read pages in UTF-16 by their mark of byte order, and in UTF-7 where the page or
 * its configuration says code page 65000; both hide every word from a search in bytes.
 */
#include "iis/web/web_text.h"

#include "base/base64.h"
#include "base/utf.h"

/* Bytes at the start that show UTF-16 without a mark. */
#define HEAD_BYTES 64U

static size_t zeros(struct iw_str bytes, size_t first)
{
    size_t n = 0;
    for (size_t i = first; i < bytes.n && i < HEAD_BYTES; i += 2)
        n += bytes.p[i] == '\0';
    return n;
}

/* 0: no UTF-16; 1: little end first; 2: big end first. */
static int byte_order(struct iw_str bytes)
{
    size_t units = (bytes.n < HEAD_BYTES ? bytes.n : HEAD_BYTES) / 2;
    if (bytes.n >= 2 && memcmp(bytes.p, "\xFF\xFE", 2) == 0)
        return 1;
    if (bytes.n >= 2 && memcmp(bytes.p, "\xFE\xFF", 2) == 0)
        return 2;
    if (units < 4)
        return 0;
    if (zeros(bytes, 1) * 4 >= units * 3 && zeros(bytes, 0) * 4 <= units)
        return 1;
    return zeros(bytes, 0) * 4 >= units * 3 && zeros(bytes, 1) * 4 <= units ? 2 : 0;
}

struct iw_str iw_web_text_of(struct iw_str bytes, struct iw_arena *arena, bool *ret_is_utf16)
{
    int order = byte_order(bytes);
    char *swapped;
    *ret_is_utf16 = order != 0;
    if (order == 0)
        return bytes.p != NULL ? bytes : IW_STR("");
    if (order == 1)
        return iw_utf16_to_arena((const uint8_t *)bytes.p, bytes.n, arena);
    swapped = iw_arena_alloc(arena, bytes.n);
    if (swapped == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i + 1 < bytes.n; i += 2) {
        swapped[i] = bytes.p[i + 1];
        swapped[i + 1] = bytes.p[i];
    }
    return iw_utf16_to_arena((const uint8_t *)swapped, bytes.n / 2 * 2, arena);
}

/* --- UTF-7 ----------------------------------------------------------------------------------- */

bool iw_web_has_utf7_mark(struct iw_str text)
{
    return text.n >= 4 && memcmp(text.p, "+/v", 3) == 0 && strchr("89+/", text.p[3]) != NULL;
}

/* The units after a "+", as UTF-16LE; moves behind them and the "-" that may end them. */
static size_t read_shifted(struct iw_str text, size_t *at, uint8_t *ret)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    int value;
    while (*at < text.n && (value = iw_base64_digit(text.p[*at])) >= 0) {
        bits = bits << 6 | (uint32_t)value;
        n_bits += 6;
        (*at)++;
        if (n_bits >= 16) {
            uint32_t unit = bits >> (n_bits - 16) & 0xFFFF;
            n_bits -= 16;
            ret[n++] = (uint8_t)(unit & 0xFF);
            ret[n++] = (uint8_t)(unit >> 8);
        }
    }
    *at += *at < text.n && text.p[*at] == '-';
    return n;
}

/* Eight letters are three units at most, and a unit three bytes of UTF-8: twice the room is enough.
 */
struct iw_str iw_web_utf7(struct iw_str text, struct iw_arena *arena)
{
    char *out = iw_arena_alloc(arena, text.n * 2 + 1);
    uint8_t *units = iw_arena_alloc(arena, text.n + 2);
    size_t n = 0, at = 0;
    if (out == NULL || units == NULL)
        return (struct iw_str){NULL, 0};
    while (at < text.n) {
        char c = text.p[at++];
        if (c != '+') {
            out[n++] = c;
        } else if (at < text.n && text.p[at] == '-') {
            out[n++] = c;
            at++;
        } else {
            size_t n_units = read_shifted(text, &at, units);
            n += iw_utf16_to_utf8(units, n_units, out + n, NULL);
        }
    }
    return (struct iw_str){out, n};
}
