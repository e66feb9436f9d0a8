/*
 * Unicode simple case folding by binary search in a table of ranges (fold_table.h, made by
 * scripts/make-fold-table from the Unicode Character Database).
 *
 * Full folding (`ß` → `ss`) and the Turkic dotless i are deliberately left out: they would change
 * the number of code points, which wildcards count, or depend on a language.
 */
#include "base/fold.h"

#include "base/utf.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct fold_range {
    uint32_t first, last;
    uint32_t step;
    int32_t delta;
};

static const struct fold_range RANGES[] = {
#include "base/fold_table.h"
};

/* Folding makes no code point longer than 1.5 times its bytes (U+023A: two bytes to three). */
#define LONGEST_CODE_POINT 4U

uint32_t iw_fold_code_point(uint32_t code_point)
{
    size_t low = 0, high = sizeof RANGES / sizeof RANGES[0];

    if (code_point < 0x80)
        return (uint32_t)(unsigned char)iw_ascii_lower((char)code_point);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fold_range *range = &RANGES[middle];
        if (code_point < range->first)
            high = middle;
        else if (code_point > range->last)
            low = middle + 1;
        else if ((code_point - range->first) % range->step == 0)
            return (uint32_t)((int64_t)code_point + range->delta);
        else
            return code_point;
    }
    return code_point;
}

static struct iw_str fold_unicode(struct iw_str text, struct iw_arena *arena)
{
    char scratch[LONGEST_CODE_POINT];
    size_t n = 0;
    char *out;

    for (size_t at = 0; at < text.n;)
        n += iw_utf8_put(iw_fold_code_point(iw_utf8_next(text, &at)), scratch);
    out = iw_arena_alloc(arena, n + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    n = 0;
    for (size_t at = 0; at < text.n;)
        n += iw_utf8_put(iw_fold_code_point(iw_utf8_next(text, &at)), out + n);
    out[n] = '\0';
    return (struct iw_str){out, n};
}

struct iw_str iw_fold_text(struct iw_str text, struct iw_arena *arena)
{
    bool changes = false;
    unsigned char bits = 0;
    char *out;

    for (size_t i = 0; i < text.n; i++) {
        bits |= (unsigned char)text.p[i];
        changes |= text.p[i] >= 'A' && text.p[i] <= 'Z';
    }
    if (bits >= 0x80)
        return fold_unicode(text, arena);
    if (!changes)
        return text.p != NULL ? text : IW_STR("");
    out = iw_arena_alloc(arena, text.n + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < text.n; i++)
        out[i] = iw_ascii_lower(text.p[i]);
    out[text.n] = '\0';
    return (struct iw_str){out, text.n};
}

/* Writes the folded form of UTF-16 that is all ASCII; false when it is not. */
static bool fold_ascii_units(const uint8_t *in, size_t n_chars, char *out)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i high = _mm_set1_epi16((short)0xFF80);
    const __m128i below_a = _mm_set1_epi8('A' - 1), above_z = _mm_set1_epi8('Z' + 1);
    for (; i + 16 <= n_chars; i += 16) {
        __m128i first = _mm_loadu_si128((const __m128i *)(const void *)(in + 2 * i));
        __m128i second = _mm_loadu_si128((const __m128i *)(const void *)(in + 2 * i + 16));
        __m128i bytes = _mm_packus_epi16(first, second), is_upper;
        if (_mm_movemask_epi8(_mm_cmpeq_epi16(_mm_and_si128(_mm_or_si128(first, second), high),
                                              _mm_setzero_si128())) != 0xFFFF)
            return false;
        is_upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, below_a), _mm_cmpgt_epi8(above_z, bytes));
        bytes = _mm_or_si128(bytes, _mm_and_si128(is_upper, _mm_set1_epi8(0x20)));
        _mm_storeu_si128((__m128i *)(void *)(out + i), bytes);
    }
#endif
    for (; i < n_chars; i++) {
        if (in[2 * i + 1] != 0 || in[2 * i] >= 0x80)
            return false;
        out[i] = iw_ascii_lower((char)in[2 * i]);
    }
    return true;
}

struct iw_str iw_fold_utf16(const uint8_t *in, size_t n_bytes, struct iw_arena *arena,
                            bool *ret_ascii)
{
    size_t n_chars = n_bytes / 2;
    char *out = iw_arena_alloc(arena, n_chars + 1);
    struct iw_str text;

    *ret_ascii = true;
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    if (fold_ascii_units(in, n_chars, out))
        return (struct iw_str){out, n_chars};
    *ret_ascii = false;
    text = iw_utf16_to_arena(in, n_bytes, arena);
    return text.p != NULL ? iw_fold_text(text, arena) : text;
}
