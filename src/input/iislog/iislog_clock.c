#include "input/iislog/iislog_clock.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_DAY (86400 * NS_PER_SECOND)

bool iislog_clock_date(struct iislog_clock *clock, struct iw_str text, int64_t *ret_ns)
{
    char whole[19];

    if (text.n != sizeof clock->text)
        return false;
    if (!clock->is_set || memcmp(clock->text, text.p, sizeof clock->text) != 0) {
        int64_t day_ns;
        memcpy(whole, text.p, sizeof clock->text);
        memcpy(whole + sizeof clock->text, " 00:00:00", 9);
        if (!iw_time_parse((struct iw_str){whole, sizeof whole}, &day_ns))
            return false;
        memcpy(clock->text, text.p, sizeof clock->text);
        clock->day_ns = day_ns;
        clock->is_set = true;
    }
    *ret_ns = clock->day_ns;
    return true;
}

/* Two digits below *limit*; -1 when they are not. */
static int two_digits(const char *p, int limit)
{
    int value;
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return -1;
    value = (p[0] - '0') * 10 + (p[1] - '0');
    return value < limit ? value : -1;
}

bool iislog_clock_time(struct iw_str text, int64_t *ret_ns)
{
    int hours, minutes, seconds;
    char whole[11 + 18] = "1970-01-01 ";

    if (text.n < 8)
        return false;
    if (text.n > 8) {
        if (text.p[8] != '.' || text.n > 18)
            return false;
        memcpy(whole + 11, text.p, text.n);
        return iw_time_parse((struct iw_str){whole, 11 + text.n}, ret_ns);
    }
    hours = two_digits(text.p, 24);
    minutes = two_digits(text.p + 3, 60);
    seconds = two_digits(text.p + 6, 60);
    if (hours < 0 || minutes < 0 || seconds < 0 || text.p[2] != ':' || text.p[5] != ':')
        return false;
    *ret_ns = ((hours * 60 + minutes) * 60 + seconds) * NS_PER_SECOND;
    return true;
}

int64_t iislog_day_of(const struct iislog_day *day, int64_t time_of_day)
{
    int64_t into_day, directive_day;

    if (!iw_time_known(day->directive_ns))
        return day->name_ns;
    into_day = day->directive_ns % NS_PER_DAY;
    if (into_day < 0)
        into_day += NS_PER_DAY;
    directive_day = day->directive_ns - into_day;
    if (directive_day == day->name_ns || time_of_day >= into_day)
        return directive_day;
    return IW_TIME_UNKNOWN;
}
