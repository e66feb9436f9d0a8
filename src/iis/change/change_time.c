/*
 * Times of change records: ISO 8601 by base/timestamp, others are brought into that form first. A
 * time without a zone is refused where nothing says which one holds: an hour more or less decides
 * about a window.
 */
#include "iis/change/change_time.h"

#include <stdio.h>

#include "base/timestamp.h"

#define NO_TIME "not a time of this form"

bool change_time_order_parse(struct iw_str text, enum change_time_order *ret)
{
    static const char *const NAMES[] = {
        [CHANGE_TIME_ISO] = "iso",
        [CHANGE_TIME_DOTS] = "dd.mm.yyyy hh:mm",
        [CHANGE_TIME_SLASHES] = "mm/dd/yyyy hh:mm",
    };
    for (unsigned i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(NAMES[i]))) {
            *ret = (enum change_time_order)i;
            return true;
        }
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where a zone begins: `Z` or a sign behind the time of day; text.n: there is none. */
static size_t zone_at(struct iw_str text)
{
    size_t colon = iw_str_find(text, IW_STR(":"));

    for (size_t i = colon != SIZE_MAX ? colon : text.n; i < text.n; i++)
        if (text.p[i] == '+' || text.p[i] == '-' || iw_ascii_lower(text.p[i]) == 'z')
            return i;
    return text.n;
}

bool change_time_zone_parse(struct iw_str text, int32_t *ret_seconds)
{
    char whole[40];
    int64_t time_ns;
    int n;

    if (text.n == 0 || text.n > 6 || memchr(text.p, '\0', text.n) != NULL ||
        (!memchr("+-", text.p[0], 2) && !iw_str_equal_nocase(text, IW_STR("Z"))))
        return false;
    n = snprintf(whole, sizeof whole, "1970-01-03T00:00:00%.*s", IW_STR_ARG(text));
    if (!iw_time_parse((struct iw_str){whole, (size_t)n}, &time_ns))
        return false;
    /* Two days, in seconds, less what UTC made of them. */
    *ret_seconds = (int32_t)(INT64_C(172800) - time_ns / IW_NS_PER_SECOND);
    return true;
}

struct clock_parts {
    unsigned day, month, year, hour, minute, second;
};

static bool take_number(struct iw_str text, size_t *at, unsigned least, unsigned most,
                        unsigned *ret)
{
    size_t first = *at;

    for (*ret = 0; *at < text.n && *at - first < most && is_digit(text.p[*at]); (*at)++)
        *ret = *ret * 10 + (unsigned)(text.p[*at] - '0');
    return *at - first >= least;
}

static bool take(struct iw_str text, size_t *at, char c)
{
    bool is_there = *at < text.n && text.p[*at] == c;
    *at += is_there;
    return is_there;
}

/* " AM", "PM" at the end, of a clock of twelve hours. */
static bool take_half(struct iw_str text, size_t *at, struct clock_parts *parts)
{
    struct iw_str rest;

    (void)take(text, at, ' ');
    rest = (struct iw_str){text.p + *at, text.n - *at};
    if (rest.n == 0)
        return true;
    if (parts->hour < 1 || parts->hour > 12)
        return false;
    if (iw_str_equal_nocase(rest, IW_STR("AM")))
        parts->hour %= 12;
    else if (iw_str_equal_nocase(rest, IW_STR("PM")))
        parts->hour = parts->hour % 12 + 12;
    else
        return false;
    *at = text.n;
    return true;
}

/* Days and months of one or two digits, separated by *mark*. */
static bool read_parts(struct iw_str text, char mark, struct clock_parts *parts)
{
    unsigned first, second;
    size_t at = 0;

    *parts = (struct clock_parts){0};
    if (!take_number(text, &at, 1, 2, &first) || !take(text, &at, mark) ||
        !take_number(text, &at, 1, 2, &second) || !take(text, &at, mark) ||
        !take_number(text, &at, 4, 4, &parts->year) || !take(text, &at, ' ') ||
        !take_number(text, &at, 1, 2, &parts->hour) || !take(text, &at, ':') ||
        !take_number(text, &at, 2, 2, &parts->minute))
        return false;
    if (take(text, &at, ':') && !take_number(text, &at, 2, 2, &parts->second))
        return false;
    parts->day = mark == '.' ? first : second;
    parts->month = mark == '.' ? second : first;
    return (mark == '.' || take_half(text, &at, parts)) && at == text.n;
}

/* "2026-01-05 10:00" has no seconds. */
static bool lacks_seconds(struct iw_str text)
{
    return text.n == 16 && text.p[13] == ':' && is_digit(text.p[15]);
}

const char *change_time_parse(struct iw_str text, const struct change_time_form *form,
                              int64_t *ret_ns)
{
    size_t zone = zone_at(text);
    struct iw_str clock = {text.p, zone}, offset = {text.p + zone, text.n - zone};
    int32_t zone_seconds = form->zone_seconds;
    struct clock_parts parts;
    char whole[64];
    int64_t shift_ns;
    int n = 0;

    while (clock.n != 0 && clock.p[clock.n - 1] == ' ')
        clock.n--;
    if (clock.n > 40 || (clock.n != 0 && memchr(clock.p, '\0', clock.n) != NULL))
        return NO_TIME;
    if (form->order == CHANGE_TIME_ISO)
        n = snprintf(whole, sizeof whole, "%.*s%sZ", IW_STR_ARG(clock),
                     lacks_seconds(clock) ? ":00" : "");
    else if (read_parts(clock, form->order == CHANGE_TIME_DOTS ? '.' : '/', &parts))
        n = snprintf(whole, sizeof whole, "%04u-%02u-%02uT%02u:%02u:%02uZ", parts.year, parts.month,
                     parts.day, parts.hour, parts.minute, parts.second);
    if (n <= 0 || !iw_time_parse((struct iw_str){whole, (size_t)n}, ret_ns))
        return NO_TIME;
    if (offset.n == 0 && !form->has_zone)
        return "a time needs its zone (`Z`, `+01:00`)";
    if (offset.n != 0 && !change_time_zone_parse(offset, &zone_seconds))
        return "not a zone: write an offset (`Z`, `+01:00`)";
    shift_ns = (int64_t)zone_seconds * IW_NS_PER_SECOND;
    if (__builtin_sub_overflow(*ret_ns, shift_ns, ret_ns) || !iw_time_known(*ret_ns))
        return NO_TIME;
    return NULL;
}
