/*
 * Times of JSON writers brought into the one form iw_time_parse reads.
 *
 * Spellings seen: Wazuh `+0000`, Fluent Bit ` +0100`, fluentd `2025/09/07`, PowerShell's
 * ConvertTo-Json `/Date(ms)/`, Velociraptor's seconds with a fraction.
 */
#include "input/json/json_time.h"

#define LONGEST_TIME 40U

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whole units since 1970, and a decimal fraction of one. */
static bool parse_number(struct iw_str text, int64_t *ret_ns)
{
    uint64_t whole = 0, fraction = 0, scale = IW_NS_PER_SECOND, unit = IW_NS_PER_SECOND;
    size_t at = 0;
    for (; at < text.n && is_digit(text.p[at]); at++) {
        if (__builtin_mul_overflow(whole, 10U, &whole) ||
            __builtin_add_overflow(whole, (uint64_t)(text.p[at] - '0'), &whole))
            return false;
    }
    /* 11 digits of seconds are the year 5138, 14 of milliseconds likewise. */
    if (at == 0 || (at < text.n && text.p[at] != '.'))
        return false;
    if (whole >= 100000000000000000ULL)
        unit = 1;
    else if (whole >= 100000000000000ULL)
        unit = 1000;
    else if (whole >= 100000000000ULL)
        unit = 1000000;
    for (at++; at < text.n && is_digit(text.p[at]); at++) {
        if (scale > 1) {
            scale /= 10;
            fraction += (uint64_t)(text.p[at] - '0') * scale;
        }
    }
    if (at < text.n || __builtin_mul_overflow(whole, unit, &whole) || whole > INT64_MAX / 2)
        return false;
    *ret_ns = (int64_t)(whole + fraction / (uint64_t)IW_NS_PER_SECOND * unit +
                        fraction % (uint64_t)IW_NS_PER_SECOND * unit / (uint64_t)IW_NS_PER_SECOND);
    return true;
}

/* Copies a date and time with the spelling of its zone made regular; 0: too long. */
static size_t regular(struct iw_str text, char out[LONGEST_TIME + 1])
{
    size_t n = 0, zone = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (n >= LONGEST_TIME)
            return 0;
        if (c == '/' && i < 10)
            c = '-';
        if (c == ' ' && i > 10)
            continue;
        if (i > 10 && (c == '+' || c == '-'))
            zone = n;
        out[n++] = c;
    }
    if (zone != 0 && n == zone + 5) { /* +hhmm */
        out[n] = out[n - 1];
        out[n - 1] = out[n - 2];
        out[n - 2] = ':';
        n++;
    }
    return n;
}

bool json_time_parse(struct iw_str text, int64_t *ret_ns, bool *ret_has_zone)
{
    static const char DATE[] = "/Date(";
    char room[LONGEST_TIME + 1];
    struct iw_str made = {room, 0};
    bool ignored;
    if (ret_has_zone == NULL)
        ret_has_zone = &ignored;
    *ret_has_zone = true;
    if (text.n > 8 && memcmp(text.p, DATE, 6) == 0 && text.p[text.n - 1] == '/' &&
        text.p[text.n - 2] == ')')
        return parse_number((struct iw_str){text.p + 6, text.n - 8}, ret_ns);
    if (text.n < 16)
        return parse_number(text, ret_ns);
    if (text.p[4] != '-' && text.p[4] != '/')
        return parse_number(text, ret_ns);
    made.n = regular(text, room);
    *ret_has_zone = made.n > 6 && (room[made.n - 1] == 'Z' || room[made.n - 1] == 'z' ||
                                   room[made.n - 6] == '+' || room[made.n - 6] == '-');
    return made.n != 0 && iw_time_parse(made, ret_ns);
}
