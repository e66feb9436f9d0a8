/*
 * Times as events write them (FILETIME and SYSTEMTIME values are already text of this form). Sigma
 * 2.1: parts are taken without conversion of time zones. The week is that of ISO 8601: weeks begin
 * on Monday, week 1 holds the first Thursday.
 */
#include "sigma/sigma_time.h"

struct reader {
    struct iw_str text;
    size_t at;
};

struct moment {
    uint32_t year, month, day, hour, minute;
    bool has_time;
};

static bool take(struct reader *reader, char c)
{
    if (reader->at == reader->text.n || reader->text.p[reader->at] != c)
        return false;
    reader->at++;
    return true;
}

static bool is_digit_next(const struct reader *reader)
{
    return reader->at < reader->text.n && reader->text.p[reader->at] >= '0' &&
           reader->text.p[reader->at] <= '9';
}

/* Exactly *n* digits. */
static bool take_number(struct reader *reader, size_t n, uint32_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit_next(reader))
            return false;
        *ret = *ret * 10 + (uint32_t)(reader->text.p[reader->at++] - '0');
    }
    return true;
}

static bool is_leap_year(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return DAYS[month - 1] + (month == 2 && is_leap_year(year) ? 1U : 0U);
}

static bool take_date(struct reader *reader, struct moment *moment)
{
    char separator;
    if (!take_number(reader, 4, &moment->year) || reader->at == reader->text.n)
        return false;
    separator = reader->text.p[reader->at];
    if ((separator != '-' && separator != '/') || !take(reader, separator) ||
        !take_number(reader, 2, &moment->month) || !take(reader, separator) ||
        !take_number(reader, 2, &moment->day))
        return false;
    return moment->year != 0 && moment->month >= 1 && moment->month <= 12 && moment->day >= 1 &&
           moment->day <= days_of_month(moment->year, moment->month);
}

static bool take_zone(struct reader *reader)
{
    uint32_t hours, minutes;
    if (take(reader, 'Z') || take(reader, 'z'))
        return true;
    if (!take(reader, '+') && !take(reader, '-'))
        return true;
    if (!take_number(reader, 2, &hours))
        return false;
    (void)take(reader, ':');
    return take_number(reader, 2, &minutes) && hours <= 23 && minutes <= 59;
}

static bool take_clock(struct reader *reader, struct moment *moment)
{
    uint32_t second;
    if (!take_number(reader, 2, &moment->hour) || !take(reader, ':') ||
        !take_number(reader, 2, &moment->minute) || moment->hour > 23 || moment->minute > 59)
        return false;
    if (take(reader, ':')) {
        if (!take_number(reader, 2, &second) || second > 60)
            return false;
        if (take(reader, '.') || take(reader, ',')) {
            if (!is_digit_next(reader))
                return false;
            while (is_digit_next(reader))
                reader->at++;
        }
    }
    moment->has_time = true;
    return take_zone(reader);
}

static bool read_moment(struct iw_str text, struct moment *moment)
{
    struct reader reader = {text, 0};
    *moment = (struct moment){0};
    if (!take_date(&reader, moment))
        return false;
    if (reader.at == text.n)
        return true;
    if (!take(&reader, 'T') && !take(&reader, 't') && !take(&reader, ' '))
        return false;
    return take_clock(&reader, moment) && reader.at == text.n;
}

/* Days since 0001-01-01, a Monday. */
static uint32_t day_number(uint32_t year, uint32_t month, uint32_t day)
{
    uint32_t before = year - 1, days = before * 365 + before / 4 - before / 100 + before / 400;
    for (uint32_t m = 1; m < month; m++)
        days += days_of_month(year, m);
    return days + day - 1;
}

/* The day on which the ISO year begins: the Monday of the week with 4 January. */
static uint32_t iso_year_begin(uint32_t year)
{
    uint32_t fourth = day_number(year, 1, 4);
    return fourth - fourth % 7;
}

static uint32_t iso_week(const struct moment *moment)
{
    uint32_t day = day_number(moment->year, moment->month, moment->day);
    uint32_t begin = iso_year_begin(moment->year);

    if (day < begin)
        begin = iso_year_begin(moment->year - 1);
    else if (day >= iso_year_begin(moment->year + 1))
        begin = iso_year_begin(moment->year + 1);
    return (day - begin) / 7 + 1;
}

bool iw_time_part_read(struct iw_str text, enum iw_time_part part, uint32_t *ret)
{
    struct moment moment;

    if (!read_moment(text, &moment))
        return false;
    switch (part) {
    case IW_TIME_MINUTE:
        *ret = moment.minute;
        return moment.has_time;
    case IW_TIME_HOUR:
        *ret = moment.hour;
        return moment.has_time;
    case IW_TIME_DAY:
        *ret = moment.day;
        return true;
    case IW_TIME_WEEK:
        *ret = iso_week(&moment);
        return true;
    case IW_TIME_MONTH:
        *ret = moment.month;
        return true;
    case IW_TIME_YEAR:
        *ret = moment.year;
        return true;
    }
    return false;
}
