#include "input/iislog/iislog_directives.h"

#include "base/utf.h"

#define SOFTWARE "#Software:"
#define DATE "#Date:"
#define FIELDS "#Fields:"

void iislog_directives_init(struct iislog_directives *directives)
{
    memset(directives, 0, sizeof *directives);
    iislog_columns_init(&directives->columns);
    directives->date_ns = IW_TIME_UNKNOWN;
}

void iislog_directives_done(struct iislog_directives *directives)
{
    iislog_columns_done(&directives->columns);
}

void iislog_directives_clear(struct iislog_directives *directives)
{
    iislog_columns_clear(&directives->columns);
    directives->n_software = 0;
    directives->date_ns = IW_TIME_UNKNOWN;
    directives->is_http_sys = false;
}

/* What stands behind the directive *name* (any letter case), without blanks around it. */
static bool value_of(struct iw_str line, const char *name, struct iw_str *ret)
{
    struct iw_str begin = iw_str_of(name);
    if (!iw_str_begins_nocase(line, begin))
        return false;
    line.p += begin.n;
    line.n -= begin.n;
    while (line.n != 0 && (line.p[0] == ' ' || line.p[0] == '\t')) {
        line.p++;
        line.n--;
    }
    while (line.n != 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
        line.n--;
    *ret = line;
    return true;
}

/* As much of *text* as there is room for, as UTF-8. */
static size_t software_text(struct iw_str text, char out[IISLOG_SOFTWARE_BYTES])
{
    size_t n = 0;
    for (size_t at = 0; at < text.n && n + 4 <= IISLOG_SOFTWARE_BYTES;)
        n += iw_utf8_put(iw_utf8_next(text, &at), out + n);
    return n;
}

enum iislog_change iislog_directives_change(const struct iislog_directives *directives,
                                            struct iw_str line)
{
    struct iw_str value;
    if (value_of(line, FIELDS, &value))
        return iw_str_equal(value, directives->columns.text) ? IISLOG_CHANGE_NONE
                                                             : IISLOG_CHANGE_COLUMNS;
    return value_of(line, SOFTWARE, &value) ? IISLOG_CHANGE_SOFTWARE : IISLOG_CHANGE_NONE;
}

enum iw_rc iislog_directives_take(struct iislog_directives *directives,
                                  const struct iw_names *names, struct iw_str line)
{
    struct iw_str value;

    if (value_of(line, FIELDS, &value)) {
        if (iw_str_equal(value, directives->columns.text))
            return IW_OK;
        return iislog_columns_set(&directives->columns, names, value);
    }
    if (value_of(line, SOFTWARE, &value)) {
        directives->n_software = software_text(value, directives->software);
        directives->is_http_sys = iw_str_holds_nocase(value, IW_STR("HTTP API"));
        return IW_OK;
    }
    if (value_of(line, DATE, &value) && !iw_time_parse(value, &directives->date_ns))
        directives->date_ns = IW_TIME_UNKNOWN;
    return IW_OK;
}
