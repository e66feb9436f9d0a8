/*
 * Points in time. Civil dates by the days-from-civil method (proleptic Gregorian), no libc time
 * functions: they know zones.
 */
#include "base/timestamp.h"

#include <time.h>

#include "base/bytes.h"

#define FILETIME_1970 116444736000000000ULL
#define SECONDS_PER_DAY 86400

static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
    int64_t era;
    unsigned year_of_era, day_of_year, day_of_era;
    year -= month <= 2;
    era = (year >= 0 ? year : year - 399) / 400;
    year_of_era = (unsigned)(year - era * 400);
    day_of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
    day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int64_t)day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day)
{
    int64_t era;
    unsigned day_of_era, year_of_era, day_of_year, shifted_month;
    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    day_of_era = (unsigned)(days - era * 146097);
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    shifted_month = (5 * day_of_year + 2) / 153;
    *ret_day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *ret_month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *ret_year = (int64_t)year_of_era + era * 400 + (*ret_month <= 2);
}

static void put_digits(char *out, uint64_t value, unsigned n)
{
    while (n > 0) {
        out[--n] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* seconds since 1970, fraction in 100 ns */
static void format_parts(int64_t seconds, uint32_t ticks, char out[IW_TIME_TEXT_BYTES])
{
    int64_t days = seconds / SECONDS_PER_DAY, year;
    int64_t second_of_day = seconds % SECONDS_PER_DAY;
    unsigned month, day;
    if (second_of_day < 0) {
        second_of_day += SECONDS_PER_DAY;
        days--;
    }
    civil_from_days(days, &year, &month, &day);
    if (year > 9999)
        year = 9999;
    memcpy(out, "0000-00-00T00:00:00.0000000Z", IW_TIME_TEXT_BYTES);
    put_digits(out, (uint64_t)year, 4);
    put_digits(out + 5, month, 2);
    put_digits(out + 8, day, 2);
    put_digits(out + 11, (uint64_t)second_of_day / 3600, 2);
    put_digits(out + 14, (uint64_t)second_of_day / 60 % 60, 2);
    put_digits(out + 17, (uint64_t)second_of_day % 60, 2);
    put_digits(out + 20, ticks, 7);
}

int64_t iw_time_from_filetime(uint64_t filetime)
{
    int64_t ticks, time_ns;
    if (filetime > (uint64_t)INT64_MAX)
        return IW_TIME_UNKNOWN;
    ticks = (int64_t)filetime - (int64_t)FILETIME_1970;
    return __builtin_mul_overflow(ticks, (int64_t)100, &time_ns) ? IW_TIME_UNKNOWN : time_ns;
}

void iw_time_format(int64_t time_ns, char out[IW_TIME_TEXT_BYTES])
{
    int64_t seconds = time_ns / IW_NS_PER_SECOND, rest = time_ns % IW_NS_PER_SECOND;
    if (rest < 0) {
        rest += IW_NS_PER_SECOND;
        seconds--;
    }
    format_parts(seconds, (uint32_t)(rest / 100), out);
}

const char *iw_time_words(int64_t time_ns, bool is_second, char out[IW_TIME_TEXT_BYTES])
{
    enum { POINT = 19, TO_MILLISECONDS = 23 };
    size_t n = TO_MILLISECONDS;
    iw_time_format(time_ns, out);
    if (is_second || memcmp(out + POINT, ".000", TO_MILLISECONDS - POINT) == 0)
        n = POINT;
    memcpy(out + n, "Z", sizeof "Z");
    return out;
}

void iw_filetime_format(uint64_t filetime, char out[IW_TIME_TEXT_BYTES])
{
    int64_t seconds = (int64_t)(filetime / 10000000U) - (int64_t)(FILETIME_1970 / 10000000U);
    format_parts(seconds, (uint32_t)(filetime % 10000000U), out);
}

static bool to_time(int64_t days, int64_t second_of_day, int64_t fraction_ns, int64_t *ret_ns)
{
    int64_t seconds, time_ns;
    if (__builtin_mul_overflow(days, (int64_t)SECONDS_PER_DAY, &seconds) ||
        __builtin_add_overflow(seconds, second_of_day, &seconds) ||
        __builtin_mul_overflow(seconds, (int64_t)IW_NS_PER_SECOND, &time_ns) ||
        __builtin_add_overflow(time_ns, fraction_ns, &time_ns) || time_ns == IW_TIME_UNKNOWN)
        return false;
    *ret_ns = time_ns;
    return true;
}

static unsigned days_in_month(int64_t year, unsigned month)
{
    static const uint8_t DAYS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap ? 1U : 0U);
}

bool iw_time_from_systemtime(const uint8_t systemtime[16], int64_t *ret_ns)
{
    unsigned year = iw_load_u16(systemtime), month = iw_load_u16(systemtime + 2),
             day = iw_load_u16(systemtime + 6);
    unsigned hour = iw_load_u16(systemtime + 8), minute = iw_load_u16(systemtime + 10);
    unsigned second = iw_load_u16(systemtime + 12), millisecond = iw_load_u16(systemtime + 14);
    if (year < 1601 || year > 30827 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59 ||
        millisecond > 999)
        return false;
    return to_time(days_from_civil(year, month, day),
                   (int64_t)hour * 3600 + (int64_t)minute * 60 + second,
                   (int64_t)millisecond * 1000000, ret_ns);
}

/* *n* digits at *at*; false when there are fewer. */
static bool take_digits(struct iw_str text, size_t *at, unsigned n, unsigned *ret)
{
    unsigned value = 0;
    for (unsigned i = 0; i < n; i++, (*at)++) {
        if (*at >= text.n || text.p[*at] < '0' || text.p[*at] > '9')
            return false;
        value = value * 10 + (unsigned)(text.p[*at] - '0');
    }
    *ret = value;
    return true;
}

static bool take_char(struct iw_str text, size_t *at, const char *any_of)
{
    if (*at >= text.n || text.p[*at] == '\0' || strchr(any_of, text.p[*at]) == NULL)
        return false;
    (*at)++;
    return true;
}

/* At least one digit. */
static bool take_fraction(struct iw_str text, size_t *at, int64_t *ret_ns)
{
    int64_t fraction_ns = 0, unit = IW_NS_PER_SECOND / 10;
    const size_t first = *at;
    for (; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9'; (*at)++) {
        fraction_ns += unit * (text.p[*at] - '0');
        unit /= 10;
    }
    *ret_ns = fraction_ns;
    return *at > first;
}

/* Seconds east of UTC; nothing, `Z` or ±hh:mm up to the end of the text. */
static bool take_zone(struct iw_str text, size_t *at, int64_t *ret_seconds)
{
    unsigned hours, minutes;
    char sign;
    *ret_seconds = 0;
    if (*at == text.n)
        return true;
    if (take_char(text, at, "Zz"))
        return *at == text.n;
    sign = text.p[*at];
    if (!take_char(text, at, "+-") || !take_digits(text, at, 2, &hours))
        return false;
    (void)take_char(text, at, ":");
    if (!take_digits(text, at, 2, &minutes) || *at != text.n || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (int64_t)(hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return true;
}

bool iw_time_parse(struct iw_str text, int64_t *ret_ns)
{
    unsigned year, month, day, hour, minute, second;
    int64_t fraction_ns = 0, zone_seconds;
    size_t at = 0;

    if (!take_digits(text, &at, 4, &year) || !take_char(text, &at, "-") ||
        !take_digits(text, &at, 2, &month) || !take_char(text, &at, "-") ||
        !take_digits(text, &at, 2, &day) || !take_char(text, &at, "T t") ||
        !take_digits(text, &at, 2, &hour) || !take_char(text, &at, ":") ||
        !take_digits(text, &at, 2, &minute) || !take_char(text, &at, ":") ||
        !take_digits(text, &at, 2, &second))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
        minute > 59 || second > 60)
        return false;
    if (take_char(text, &at, ".,") && !take_fraction(text, &at, &fraction_ns))
        return false;
    if (!take_zone(text, &at, &zone_seconds))
        return false;
    return to_time(days_from_civil(year, month, day),
                   (int64_t)hour * 3600 + (int64_t)minute * 60 + second - zone_seconds, fraction_ns,
                   ret_ns);
}

uint64_t iw_clock_ns(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * IW_NS_PER_SECOND + (uint64_t)now.tv_nsec;
}
