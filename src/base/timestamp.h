/**
 * Points in time: signed 64-bit nanoseconds since 1970-01-01T00:00:00Z (years 1678 to 2261), never
 * local, never wall clock.
 */
#ifndef IW_BASE_TIMESTAMP_H
#define IW_BASE_TIMESTAMP_H

#include "base/str.h"

/** No time known. */
#define IW_TIME_UNKNOWN INT64_MIN
#define IW_NS_PER_SECOND 1000000000LL
/** Length of what iw_time_format writes, without a NUL. */
#define IW_TIME_TEXT_BYTES 28U

/** 100 ns units since 1601-01-01 (FILETIME) to nanoseconds since 1970; IW_TIME_UNKNOWN when out of
 * range. */
int64_t iw_time_from_filetime(uint64_t filetime);

/** Writes `2021-03-14T06:40:13.6590000Z` (always 28 bytes, no NUL). IW_TIME_UNKNOWN gives 28 bytes
 * as well: use iw_time_known first. */
void iw_time_format(int64_t time_ns, char out[IW_TIME_TEXT_BYTES]);

/**
 * For sentences: `2026-01-05T10:42:07.314Z`, to the millisecond; without the fraction where it is
 * zero, so that no time of a log of whole seconds is told with digits it has not.
 *
 * @param is_second  it is known to the second alone, whatever its fraction says (a request's begin,
 * which is its end less the time it took)
 * @return *out*, which has a NUL behind it
 */
const char *iw_time_words(int64_t time_ns, bool is_second, char out[IW_TIME_TEXT_BYTES]);

/** The same from a FILETIME, also outside the years of iw_time_format (years past 9999 are cut to
 * 9999). */
void iw_filetime_format(uint64_t filetime, char out[IW_TIME_TEXT_BYTES]);

/** From a SYSTEMTIME (8 × u16: year month weekday day hour minute second ms); false when a part is
 * out of range. */
bool iw_time_from_systemtime(const uint8_t systemtime[16], int64_t *ret_ns);

/**
 * Reads `YYYY-MM-DD hh:mm:ss[.fraction][Z|±hh:mm]` with `T` or a space between. Without a zone it
 * is UTC. Digits past the ninth of a fraction are ignored. False when it is anything else or out of
 * range.
 */
bool iw_time_parse(struct iw_str text, int64_t *ret_ns);

static inline bool iw_time_known(int64_t time_ns)
{
    return time_ns != IW_TIME_UNKNOWN;
}

/** Widens the span [first, last] by a time, where it is known; an end that is not known yet becomes
 * that time. */
static inline void iw_time_widen(int64_t *first_ns, int64_t *last_ns, int64_t time_ns)
{
    if (!iw_time_known(time_ns))
        return;
    if (!iw_time_known(*first_ns) || time_ns < *first_ns)
        *first_ns = time_ns;
    if (!iw_time_known(*last_ns) || time_ns > *last_ns)
        *last_ns = time_ns;
}

/** A clock that only counts, for measuring: nanoseconds from an arbitrary start. */
uint64_t iw_clock_ns(void);

#endif
