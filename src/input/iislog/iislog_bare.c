#include "input/iislog/iislog_bare.h"

#include <stdio.h>

#define NS_PER_SECOND INT64_C(1000000000)

/* Columns of each form, as `#Fields` would name them. */
static const char *const COLUMNS[IISLOG_FORM_COUNT] = {
    [IISLOG_FORM_IIS] = "c-ip cs-username date time s-sitename s-computername s-ip time-taken "
                        "cs-bytes sc-bytes sc-status sc-win32-status cs-method cs-uri-stem "
                        "cs-uri-query",
    [IISLOG_FORM_NCSA] = "c-ip x-logname cs-username x-time cs-method cs-uri-stem cs-uri-query "
                         "cs-version sc-status sc-bytes cs(Referer) cs(User-Agent)",
    [IISLOG_FORM_W3C] = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username "
                        "c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status "
                        "time-taken",
    [IISLOG_FORM_HTTPERR] = "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri "
                            "sc-status s-siteid s-reason s-queuename",
    [IISLOG_FORM_HTTPERR_2] = "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri "
                              "streamid sc-status s-siteid s-reason s-queuename",
    [IISLOG_FORM_UNKNOWN] = "date time x-line",
};

enum { IIS_COLUMNS = 15, IIS_DATE = 2, IIS_TIME = 3, IIS_STATUS = 10 };
enum {
    NCSA_HOST = 0,
    NCSA_LOGNAME,
    NCSA_USER,
    NCSA_TIME,
    NCSA_METHOD,
    NCSA_STEM,
    NCSA_QUERY,
    NCSA_VERSION,
    NCSA_STATUS,
    NCSA_BYTES,
    NCSA_REFERER,
    NCSA_AGENT,
    NCSA_COLUMNS
};

enum iw_rc iislog_bare_init(struct iislog_bare *bare, const struct iw_names *names,
                            struct iislog_clock *clock)
{
    bare->clock = clock;
    for (size_t i = 0; i < IISLOG_FORM_COUNT; i++)
        iislog_columns_init(&bare->columns[i]);
    for (size_t i = 0; i < IISLOG_FORM_COUNT; i++)
        IW_TRY(iislog_columns_set(&bare->columns[i], names, iw_str_of(COLUMNS[i])));
    return IW_OK;
}

void iislog_bare_done(struct iislog_bare *bare)
{
    for (size_t i = 0; i < IISLOG_FORM_COUNT; i++)
        iislog_columns_done(&bare->columns[i]);
}

static struct iw_str after(struct iw_str text, size_t n)
{
    return (struct iw_str){text.p + n, text.n - n};
}

static struct iw_str trimmed(struct iw_str text)
{
    while (text.n != 0 && text.p[0] == ' ')
        text = after(text, 1);
    while (text.n != 0 && text.p[text.n - 1] == ' ')
        text.n--;
    return text;
}

/* Takes what stands before the first *mark* off *rest*, and the mark. False when there is none. */
static bool take_until(struct iw_str *rest, struct iw_str mark, struct iw_str *ret)
{
    size_t at = iw_str_find(*rest, mark);
    if (at == SIZE_MAX)
        return false;
    *ret = (struct iw_str){rest->p, at};
    *rest = after(*rest, at + mark.n);
    return true;
}

static bool is_status(struct iw_str text)
{
    uint64_t status;
    return text.n == 3 && iw_str_to_u64(text, &status) && status >= 100;
}

/* A moment from its parts, each of them a number in decimal. */
static bool moment(uint64_t year, uint64_t month, uint64_t day, struct iw_str time, int64_t *ret_ns)
{
    char text[48];
    if (year > 9999 || month > 12 || day > 31 || time.n > 8)
        return false;
    (void)snprintf(text, sizeof text, "%04u-%02u-%02u %s%.*s", (unsigned)year, (unsigned)month,
                   (unsigned)day, time.n == 7 ? "0" : "", IW_STR_ARG(time));
    return iw_time_parse(iw_str_of(text), ret_ns);
}

/* --- IIS log file format --- */

/* `month/day/year`, two digits or four. The format is fixed, whatever the server's language. */
static bool iis_moment(struct iw_str date, struct iw_str time, int64_t *ret_ns)
{
    uint64_t month, day, year;
    struct iw_str part;
    if (!take_until(&date, IW_STR("/"), &part) || !iw_str_to_u64(part, &month) ||
        !take_until(&date, IW_STR("/"), &part) || !iw_str_to_u64(part, &day) ||
        !iw_str_to_u64(date, &year))
        return false;
    return moment(date.n == 2 ? 2000 + year : year, month, day, time, ret_ns);
}

static bool read_iis(struct iw_str line, struct iislog_bare_line *ret)
{
    struct iw_str *values = ret->columns->values, rest = line;
    size_t n = 0;

    for (; n + 1 < IIS_COLUMNS; n++) {
        if (!take_until(&rest, IW_STR(","), &values[n]))
            return false;
        values[n] = trimmed(values[n]);
    }
    rest = trimmed(rest); /* the last one: whatever it holds, but for the comma that ends a line */
    if (rest.n != 0 && rest.p[rest.n - 1] == ',')
        rest.n--;
    values[n] = trimmed(rest);
    ret->n = IIS_COLUMNS;
    ret->is_local = iis_moment(values[IIS_DATE], values[IIS_TIME], &ret->time_ns);
    return is_status(values[IIS_STATUS]) && iw_str_find(values[IIS_DATE], IW_STR("/")) != SIZE_MAX;
}

/* --- NCSA --- */

static uint64_t month_of(struct iw_str name)
{
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (uint64_t i = 0; i < 12; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(MONTHS[i])))
            return i + 1;
    }
    return 0;
}

/* `±hhmm` as nanoseconds east of UTC. */
static bool zone_of(struct iw_str text, int64_t *ret_ns)
{
    uint64_t digits;
    if (text.n != 5 || (text.p[0] != '+' && text.p[0] != '-') ||
        !iw_str_to_u64(after(text, 1), &digits) || digits / 100 > 14 || digits % 100 > 59)
        return false;
    *ret_ns = (int64_t)(digits / 100 * 3600 + digits % 100 * 60) * NS_PER_SECOND;
    if (text.p[0] == '-')
        *ret_ns = -*ret_ns;
    return true;
}

/* `day/month/year:hh:mm:ss zone`; without a zone it is local time of an unknown clock. */
static void ncsa_moment(struct iw_str text, struct iislog_bare_line *ret)
{
    uint64_t day, year, month;
    struct iw_str part, time = text;
    int64_t local_ns, zone_ns;

    if (!take_until(&time, IW_STR("/"), &part) || !iw_str_to_u64(part, &day) ||
        !take_until(&time, IW_STR("/"), &part) || (month = month_of(part)) == 0 ||
        !take_until(&time, IW_STR(":"), &part) || !iw_str_to_u64(part, &year) || time.n < 8 ||
        !moment(year, month, day, (struct iw_str){time.p, 8}, &local_ns))
        return;
    ret->is_local = !zone_of(trimmed(after(time, 8)), &zone_ns);
    ret->time_ns = ret->is_local ? local_ns : local_ns - zone_ns;
}

static bool is_end_of_request(struct iw_str rest, size_t at)
{
    return at + 5 <= rest.n && rest.p[at] == '"' && rest.p[at + 1] == ' ' &&
           is_status((struct iw_str){rest.p + at + 2, 3});
}

static void split_request(struct iw_str request, struct iw_str *values)
{
    struct iw_str url = request, stem;
    const char *last;

    values[NCSA_METHOD] = values[NCSA_STEM] = values[NCSA_QUERY] = values[NCSA_VERSION] =
        IW_STR("-");
    if (!take_until(&url, IW_STR(" "), &values[NCSA_METHOD]))
        values[NCSA_METHOD] = IW_STR("-");
    last = url.n != 0 ? memrchr(url.p, ' ', url.n) : NULL;
    if (last != NULL &&
        iw_str_begins_nocase(after(url, (size_t)(last + 1 - url.p)), IW_STR("HTTP/"))) {
        values[NCSA_VERSION] = after(url, (size_t)(last + 1 - url.p));
        url.n = (size_t)(last - url.p);
    }
    if (take_until(&url, IW_STR("?"), &stem)) {
        values[NCSA_STEM] = stem;
        if (url.n != 0)
            values[NCSA_QUERY] = url;
    } else if (url.n != 0) {
        values[NCSA_STEM] = url;
    }
}

static bool read_ncsa(struct iw_str line, struct iislog_bare_line *ret)
{
    struct iw_str *values = ret->columns->values, rest = line;
    size_t end = 0;

    if (!take_until(&rest, IW_STR(" "), &values[NCSA_HOST]) ||
        !take_until(&rest, IW_STR(" "), &values[NCSA_LOGNAME]) ||
        !take_until(&rest, IW_STR(" ["), &values[NCSA_USER]) ||
        !take_until(&rest, IW_STR("] \""), &values[NCSA_TIME]))
        return false;
    while (end < rest.n && !is_end_of_request(rest, end))
        end++;
    if (end >= rest.n)
        return false;
    split_request((struct iw_str){rest.p, end}, values);
    rest = after(rest, end + 2);
    values[NCSA_STATUS] = (struct iw_str){rest.p, 3};
    rest = trimmed(after(rest, 3));
    ret->n = NCSA_REFERER;
    ncsa_moment(values[NCSA_TIME], ret);
    if (!take_until(&rest, IW_STR(" "), &values[NCSA_BYTES])) {
        values[NCSA_BYTES] = rest;
        return true;
    }
    if (rest.n >= 2 && rest.p[0] == '"' && take_until(&rest, IW_STR("\""), &values[NCSA_REFERER]) &&
        take_until(&rest, IW_STR("\" \""), &values[NCSA_REFERER])) {
        if (rest.n != 0 && rest.p[rest.n - 1] == '"')
            rest.n--;
        values[NCSA_AGENT] = rest;
        ret->n = NCSA_COLUMNS;
    }
    return true;
}

/* --- continuations without their beginning --- */

static bool begins_with_moment(struct iislog_bare *bare, struct iw_str line, int64_t *ret_ns)
{
    int64_t day_ns, time_ns;
    if (line.n < 20 || line.p[10] != ' ' || line.p[19] != ' ' ||
        !iislog_clock_date(bare->clock, (struct iw_str){line.p, 10}, &day_ns) ||
        !iislog_clock_time((struct iw_str){line.p + 11, 8}, &time_ns))
        return false;
    *ret_ns = day_ns + time_ns;
    return true;
}

static bool is_number(struct iw_str text)
{
    uint64_t ignored;
    return iw_str_to_u64(text, &ignored);
}

/* Whether the values fit what the columns of the form hold: their number alone proves little. */
static bool fits(enum iislog_form form, const struct iw_str *values)
{
    switch (form) {
    case IISLOG_FORM_W3C:
        return is_number(values[6]) && is_status(values[11]) && is_number(values[12]) &&
               is_number(values[13]) && is_number(values[14]);
    case IISLOG_FORM_HTTPERR:
        return iw_str_equal(values[9], IW_STR("-")) || is_status(values[9]);
    case IISLOG_FORM_HTTPERR_2:
        return iw_str_equal(values[10], IW_STR("-")) || is_status(values[10]);
    case IISLOG_FORM_IIS:
    case IISLOG_FORM_NCSA:
    case IISLOG_FORM_UNKNOWN:
    case IISLOG_FORM_COUNT:
        break;
    }
    return false;
}

static void read_continuation(struct iislog_bare *bare, struct iw_str line,
                              struct iislog_bare_line *ret)
{
    static const enum iislog_form FORMS[] = {IISLOG_FORM_W3C, IISLOG_FORM_HTTPERR,
                                             IISLOG_FORM_HTTPERR_2};
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct iislog_columns *columns = &bare->columns[FORMS[i]];
        struct iislog_split split = iislog_columns_split(columns, line);
        if (split.n != columns->n || split.beyond.n != 0 || !fits(FORMS[i], columns->values))
            continue;
        ret->form = FORMS[i];
        ret->columns = columns;
        ret->n = split.n;
        return;
    }
    ret->form = IISLOG_FORM_UNKNOWN;
    ret->columns = &bare->columns[IISLOG_FORM_UNKNOWN];
    ret->columns->values[0] = (struct iw_str){line.p, 10};
    ret->columns->values[1] = (struct iw_str){line.p + 11, 8};
    ret->columns->values[2] = line;
    ret->n = 3;
}

struct iislog_bare_line iislog_bare_read(struct iislog_bare *bare, struct iw_str line)
{
    struct iislog_bare_line result = {.time_ns = IW_TIME_UNKNOWN};

    if (begins_with_moment(bare, line, &result.time_ns)) {
        read_continuation(bare, line, &result);
        return result;
    }
    result.form = IISLOG_FORM_NCSA;
    result.columns = &bare->columns[IISLOG_FORM_NCSA];
    if (read_ncsa(line, &result))
        return result;
    result = (struct iislog_bare_line){.form = IISLOG_FORM_IIS,
                                       .columns = &bare->columns[IISLOG_FORM_IIS],
                                       .time_ns = IW_TIME_UNKNOWN};
    if (read_iis(line, &result))
        return result;
    return (struct iislog_bare_line){.form = IISLOG_FORM_COUNT, .time_ns = IW_TIME_UNKNOWN};
}
