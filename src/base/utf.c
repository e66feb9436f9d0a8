/*
 * UTF-16LE → UTF-8 with a fast path for ASCII (99 % of strings in event logs), eight characters at
 * a time where the processor has SSE2. Windows-1252 for "ANSI" strings: the system code page is not
 * in the file, this is the common one.
 */
#include "base/utf.h"

#include "base/bytes.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

size_t iw_utf8_put(uint32_t code_point, char *out)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = 0xFFFD;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | (code_point >> 6));
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | (code_point >> 12));
        out[1] = (char)(0x80 | ((code_point >> 6) & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (code_point >> 18));
    out[1] = (char)(0x80 | ((code_point >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((code_point >> 6) & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

struct iw_str iw_utf8_cut(struct iw_str text, size_t most)
{
    if (text.n <= most)
        return text;
    while (most != 0 && ((uint8_t)text.p[most] & 0xC0U) == 0x80U)
        most--;
    return (struct iw_str){text.p, most};
}

/* Copies the ASCII run at the start; returns its length in characters. */
static size_t copy_ascii(const uint8_t *in, size_t n_chars, char *out)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i high = _mm_set1_epi16((short)0xFF80);
    for (; i + 8 <= n_chars; i += 8) {
        __m128i chars = _mm_loadu_si128((const __m128i *)(const void *)(in + 2 * i));
        if (_mm_movemask_epi8(_mm_cmpeq_epi16(_mm_and_si128(chars, high), _mm_setzero_si128())) !=
            0xFFFF)
            break;
        _mm_storel_epi64((__m128i *)(void *)(out + i), _mm_packus_epi16(chars, chars));
    }
#endif
    for (; i < n_chars && in[2 * i + 1] == 0 && in[2 * i] < 0x80; i++)
        out[i] = (char)in[2 * i];
    return i;
}

size_t iw_utf16_to_utf8(const uint8_t *in, size_t n_bytes, char *out, size_t *ret_bad)
{
    size_t n_chars = n_bytes / 2, at = 0, written = 0;

    for (;;) {
        uint32_t unit;
        size_t run = copy_ascii(in + 2 * at, n_chars - at, out + written);
        at += run;
        written += run;
        if (at == n_chars)
            return written;
        unit = iw_load_u16(in + 2 * at);
        at++;
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            uint32_t low = at < n_chars ? iw_load_u16(in + 2 * at) : 0;
            if (unit < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at++;
            } else if (ret_bad != NULL) {
                (*ret_bad)++;
            }
        }
        /* A pair takes 4 bytes for 2 units, so 3 bytes a unit always suffice. */
        written += iw_utf8_put(unit, out + written);
    }
}

bool iw_utf8_is_ascii(struct iw_str text)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < text.n; i++)
        bits |= (unsigned char)text.p[i];
    return bits < 0x80;
}

size_t iw_utf16_nul(const uint8_t *in, size_t n_bytes)
{
    size_t at = 0;
    n_bytes &= ~(size_t)1;
#ifdef __SSE2__
    for (; at + 16 <= n_bytes; at += 16) {
        __m128i chars = _mm_loadu_si128((const __m128i *)(const void *)(in + at));
        int zeros = _mm_movemask_epi8(_mm_cmpeq_epi16(chars, _mm_setzero_si128()));
        if (zeros != 0)
            return at + (size_t)__builtin_ctz((unsigned)zeros);
    }
#endif
    while (at < n_bytes && (in[at] | in[at + 1]) != 0)
        at += 2;
    return at;
}

struct iw_str iw_utf16_to_arena(const uint8_t *in, size_t n_bytes, struct iw_arena *arena)
{
    char *out = iw_arena_alloc(arena, n_bytes / 2 * 3 + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    return (struct iw_str){out, iw_utf16_to_utf8(in, n_bytes, out, NULL)};
}

/* Length of the valid sequence at p, or 0. Table 3-7 of the Unicode standard. */
static size_t sequence_length(const unsigned char *p, size_t n)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t length;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        length = 2;
    else if (p[0] >= 0xE0 && p[0] <= 0xEF)
        length = 3;
    else if (p[0] >= 0xF0 && p[0] <= 0xF4)
        length = 4;
    else
        return 0;
    if (n < length)
        return 0;
    if (p[0] == 0xE0)
        low = 0xA0;
    else if (p[0] == 0xED)
        high = 0x9F;
    else if (p[0] == 0xF0)
        low = 0x90;
    else if (p[0] == 0xF4)
        high = 0x8F;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

bool iw_utf8_valid(struct iw_str text)
{
    size_t at = 0;
    while (at < text.n) {
        size_t length;
        uint64_t word;
        if (text.n - at >= 8) {
            memcpy(&word, text.p + at, 8);
            if ((word & 0x8080808080808080ULL) == 0) {
                at += 8;
                continue;
            }
        }
        length = sequence_length((const unsigned char *)text.p + at, text.n - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

uint32_t iw_utf8_next(struct iw_str text, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text.p + *at;
    size_t length = sequence_length(p, text.n - *at);
    if (length == 0) {
        (*at)++;
        return 0xFFFD;
    }
    *at += length;
    if (length == 1)
        return p[0];
    if (length == 2)
        return ((p[0] & 0x1FU) << 6) | (p[1] & 0x3FU);
    if (length == 3)
        return ((p[0] & 0x0FU) << 12) | ((p[1] & 0x3FU) << 6) | (p[2] & 0x3FU);
    return ((p[0] & 0x07U) << 18) | ((p[1] & 0x3FU) << 12) | ((p[2] & 0x3FU) << 6) | (p[3] & 0x3FU);
}

/* windows-1252, 0x80–0x9F; 0 = not assigned. */
static const uint16_t WINDOWS_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

struct iw_str iw_ansi_to_arena(const uint8_t *in, size_t n_bytes, struct iw_arena *arena)
{
    struct iw_str raw = {(const char *)in, n_bytes};
    size_t written = 0;
    char *out;

    if (iw_utf8_valid(raw))
        return iw_arena_copy(arena, raw);
    out = iw_arena_alloc(arena, n_bytes * 3 + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < n_bytes; i++) {
        uint32_t code_point = in[i];
        if (in[i] >= 0x80 && in[i] <= 0x9F)
            code_point = WINDOWS_1252[in[i] - 0x80] != 0 ? WINDOWS_1252[in[i] - 0x80] : 0xFFFD;
        written += iw_utf8_put(code_point, out + written);
    }
    return (struct iw_str){out, written};
}
