/*
 * Words of eight bytes, four at a time: a byte below 0x20 borrows into its high bit when 0x20 is
 * taken from it. The lowest bit found is exact, those above it may be the borrow's.
 */
#include "input/iislog/iislog_scan.h"

#include <string.h>

#include "base/bytes.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Non-zero where a byte of *word* is below 0x20. */
static uint64_t low_bytes(uint64_t word)
{
    return (word - EACH_BYTE(0x20)) & ~word & EACH_BYTE(0x80);
}

/* Moves scan->at to the next byte below 0x20, or to *n*. */
static void skip_plain(const char *p, size_t n, struct iislog_scan *scan)
{
    size_t at = scan->at;
    uint64_t any = scan->any_bits;

    while (n - at >= 32) {
        const uint8_t *from = (const uint8_t *)p + at;
        uint64_t a = iw_load_u64(from), b = iw_load_u64(from + 8);
        uint64_t c = iw_load_u64(from + 16), d = iw_load_u64(from + 24);
        if ((low_bytes(a) | low_bytes(b) | low_bytes(c) | low_bytes(d)) != 0)
            break;
        any |= a | b | c | d;
        at += 32;
    }
    while (at < n) {
        uint64_t word = iw_load_u64((const uint8_t *)p + at);
        uint64_t low = low_bytes(word);
        size_t left = n - at, plain = low != 0 ? (size_t)__builtin_ctzll(low) / 8 : 8;
        if (plain == 8 && left >= 8) {
            any |= word;
            at += 8;
            continue;
        }
        if (plain > left)
            plain = left;
        if (plain != 0)
            any |= word << (64 - 8 * plain);
        at += plain;
        break;
    }
    scan->at = at;
    scan->any_bits = any;
}

size_t iislog_count_nuls(const char *p, size_t n)
{
    size_t at = 0;
    while (n - at >= 4096 && iw_bytes_are_zero(p + at, 4096))
        at += 4096;
    while (at < n && p[at] == '\0')
        at++;
    return at;
}

enum iislog_end iislog_scan_line(const char *p, size_t n, bool at_end, struct iislog_scan *scan)
{
    for (;;) {
        size_t nuls;
        skip_plain(p, n, scan);
        if (scan->at == n)
            return IISLOG_END_NONE;
        if (p[scan->at] == '\n' || p[scan->at] == '\r')
            return IISLOG_END_LINE;
        if (p[scan->at] != '\0') {
            scan->at++;
            continue;
        }
        nuls = iislog_count_nuls(p + scan->at, n - scan->at);
        if (nuls >= IISLOG_PADDING_NULS)
            return IISLOG_END_PADDING;
        if (scan->at + nuls == n)
            return at_end ? IISLOG_END_PADDING : IISLOG_END_NONE;
        scan->at += nuls;
    }
}
