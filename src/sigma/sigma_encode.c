/*
 * UTF-16 (RFC 2781) and base64 (RFC 4648 §4) of rule values.
 */
#include "sigma/sigma_encode.h"

#include "base/utf.h"

static char *put_unit(char *out, uint32_t unit, bool big_endian)
{
    out[big_endian ? 0 : 1] = (char)(unsigned char)(unit >> 8);
    out[big_endian ? 1 : 0] = (char)(unsigned char)(unit & 0xFFU);
    return out + 2;
}

struct iw_str iw_encode_utf16(struct iw_str text, bool big_endian, bool with_mark,
                              struct iw_arena *arena)
{
    /* A code point of n bytes in UTF-8 takes at most 2 n in UTF-16. */
    char *start = iw_arena_alloc(arena, 2 * text.n + 2), *out = start;

    if (start == NULL)
        return (struct iw_str){NULL, 0};
    if (with_mark)
        out = put_unit(out, 0xFEFF, big_endian);
    for (size_t at = 0; at < text.n;) {
        uint32_t c = iw_utf8_next(text, &at);
        if (c >= 0x10000) {
            out = put_unit(out, 0xD800U + ((c - 0x10000U) >> 10), big_endian);
            c = 0xDC00U + ((c - 0x10000U) & 0x3FFU);
        }
        out = put_unit(out, c, big_endian);
    }
    return (struct iw_str){start, (size_t)(out - start)};
}

struct iw_str iw_encode_base64(struct iw_str bytes, struct iw_arena *arena)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)bytes.p;
    char *start = iw_arena_alloc(arena, (bytes.n + 2) / 3 * 4 + 1), *out = start;

    if (start == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t at = 0; at < bytes.n; at += 3) {
        size_t left = bytes.n - at;
        uint32_t three = (uint32_t)p[at] << 16;
        if (left > 1)
            three |= (uint32_t)p[at + 1] << 8;
        if (left > 2)
            three |= p[at + 2];
        *out++ = DIGITS[three >> 18];
        *out++ = DIGITS[(three >> 12) & 63U];
        *out++ = left > 1 ? DIGITS[(three >> 6) & 63U] : '=';
        *out++ = left > 2 ? DIGITS[three & 63U] : '=';
    }
    return (struct iw_str){start, (size_t)(out - start)};
}

struct iw_str iw_encode_base64_at(struct iw_str bytes, size_t offset, struct iw_arena *arena)
{
    static const size_t FRONT[3] = {0, 2, 3}; /* digits shared with what stands before */
    static const size_t BACK[3] = {0, 3, 2}; /* by length modulo 3: shared with what stands after */
    char *padded = iw_arena_alloc(arena, bytes.n + offset + 1);
    struct iw_str whole;
    size_t cut;

    if (padded == NULL)
        return (struct iw_str){NULL, 0};
    memset(padded, 0, offset);
    memcpy(padded + offset, bytes.p, bytes.n);
    whole = iw_encode_base64((struct iw_str){padded, bytes.n + offset}, arena);
    if (whole.p == NULL)
        return whole;
    cut = FRONT[offset] + BACK[(bytes.n + offset) % 3];
    return (struct iw_str){whole.p + FRONT[offset], whole.n > cut ? whole.n - cut : 0};
}
