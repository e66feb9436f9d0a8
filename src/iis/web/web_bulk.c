/*
 * A run of at least N characters covers a multiple of N/2: only these places are looked at, so that
 * ordinary text costs next to nothing. Entropy is taken only of blocks with enough bytes above
 * ASCII: printable text with less than an eighth of them cannot reach the threshold.
 */
#include "iis/web/web_bulk.h"

#include <math.h>

static bool is_base64(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/* Lines of slashes, of one letter or of words in one case are no data. */
static bool is_mixed(struct iw_str run)
{
    bool lower = false, upper = false, digit = false;
    for (size_t i = 0; i < run.n && i < IW_WEB_LONG_BASE64 && !(lower && upper && digit); i++) {
        lower |= run.p[i] >= 'a' && run.p[i] <= 'z';
        upper |= run.p[i] >= 'A' && run.p[i] <= 'Z';
        digit |= run.p[i] >= '0' && run.p[i] <= '9';
    }
    return lower && upper && digit;
}

static bool is_data_url(struct iw_str text, size_t start)
{
    static const struct iw_str BEFORE = {"base64,", 7};
    return start >= BEFORE.n &&
           iw_str_begins_nocase((struct iw_str){text.p + start - BEFORE.n, BEFORE.n}, BEFORE);
}

size_t iw_web_long_base64(struct iw_str text)
{
    const size_t step = IW_WEB_LONG_BASE64 / 2;
    size_t past = 0; /* end of the last run looked at */
    for (size_t at = step - 1; at < text.n; at += step) {
        size_t start = at, end = at;
        if (at < past || !is_base64(text.p[at]))
            continue;
        while (start > past && is_base64(text.p[start - 1]))
            start--;
        while (end < text.n && is_base64(text.p[end]))
            end++;
        past = end;
        if (end - start >= IW_WEB_LONG_BASE64 &&
            is_mixed((struct iw_str){text.p + start, end - start}) && !is_data_url(text, start))
            return start;
    }
    return SIZE_MAX;
}

static double entropy_of(const uint8_t *block)
{
    uint32_t counts[256] = {0};
    double bits = 0;
    for (size_t i = 0; i < IW_WEB_ENTROPY_BLOCK; i++)
        counts[block[i]]++;
    for (size_t i = 0; i < 256; i++) {
        double share = (double)counts[i] / IW_WEB_ENTROPY_BLOCK;
        if (counts[i] != 0)
            bits -= share * log2(share);
    }
    return bits;
}

size_t iw_web_high_entropy(struct iw_str bytes)
{
    for (size_t at = 0; bytes.n - at >= IW_WEB_ENTROPY_BLOCK; at += IW_WEB_ENTROPY_BLOCK) {
        const uint8_t *block = (const uint8_t *)bytes.p + at;
        uint32_t n_high = 0;
        for (size_t i = 0; i < IW_WEB_ENTROPY_BLOCK; i++)
            n_high += block[i] >> 7;
        if (n_high >= IW_WEB_ENTROPY_BLOCK / 8 && entropy_of(block) >= IW_WEB_ENTROPY_BITS)
            return at;
    }
    return SIZE_MAX;
}
