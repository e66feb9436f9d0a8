/**
 * Where a line of a log ends. CR, LF and CRLF all end one (HTTP.sys writes CRLF, copies are often
 * rewritten); so does a long run of NULs, which is room that HTTP.sys had allocated and not filled:
 * inside a file it stands where the machine stopped.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_SCAN_H
#define IW_INPUT_IISLOG_IISLOG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** So many NULs in a row are padding; fewer are bad bytes of a line. */
#define IISLOG_PADDING_NULS 16U

enum iislog_end {
    IISLOG_END_NONE,    /* not in view */
    IISLOG_END_LINE,    /* CR or LF */
    IISLOG_END_PADDING, /* NULs */
};

struct iislog_scan {
    size_t at; /* bytes looked at: the end, once there is one */
    uint64_t
        any_bits; /* all bytes before *at*, or-ed: the line is ASCII where no high bit is set */
};

/**
 * Looks on from *scan* for the end of the line that begins at *p*.
 *
 * @param n       bytes in view; at least 8 readable bytes stand behind them
 * @param at_end  nothing comes behind the view: a run of NULs up to it is padding however short
 */
enum iislog_end iislog_scan_line(const char *p, size_t n, bool at_end, struct iislog_scan *scan);

/** The number of NULs *p* begins with. */
size_t iislog_count_nuls(const char *p, size_t n);

static inline bool iislog_scan_is_ascii(const struct iislog_scan *scan)
{
    return (scan->any_bits & UINT64_C(0x8080808080808080)) == 0;
}

#endif
