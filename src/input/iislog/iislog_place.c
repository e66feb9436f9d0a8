#include "input/iislog/iislog_place.h"

#include <stdio.h>

#include "base/path_name.h"
#include "event/web_log.h"

static bool is_digits(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    }
    return text.n != 0;
}

static struct iw_str after(struct iw_str text, size_t n)
{
    return (struct iw_str){text.p + n, text.n - n};
}

/* `<service><number>`: the folder of one site. */
static bool is_folder_of(struct iw_str folder, const char *service)
{
    struct iw_str name = iw_str_of(service);
    return iw_str_begins_nocase(folder, name) && is_digits(after(folder, name.n));
}

/* The day of `u_ex260105.log`, `ex260105.log`, `u_ex26010514_x.log` (with the hour, with custom
 * fields). Six digits may also be a week of a month: `u_ex260103` is told for the third either way,
 * which is why iislog_clock.h wants a second witness where there can be one. */
static int64_t day_of(struct iw_str digits)
{
    char text[32];
    int64_t day_ns;
    size_t n = 0;

    while (n < digits.n && digits.p[n] >= '0' && digits.p[n] <= '9')
        n++;
    if (n != 6 && n != 8)
        return IW_TIME_UNKNOWN;
    (void)snprintf(text, sizeof text, "20%.2s-%.2s-%.2s 00:00:00", digits.p, digits.p + 2,
                   digits.p + 4);
    return iw_time_parse(iw_str_of(text), &day_ns) ? day_ns : IW_TIME_UNKNOWN;
}

static void read_name(struct iw_str name, struct iislog_place *place)
{
    static const char *const PREFIXES[] = {"ex", "in", "nc"};
    bool is_utf8 = iw_str_begins_nocase(name, IW_STR("u_"));
    struct iw_str rest = is_utf8 ? after(name, 2) : name;

    if (name.n > 7 && iw_str_begins_nocase(name, IW_STR("httperr")) &&
        is_digits((struct iw_str){name.p + 7, 1}))
        place->channel = IW_CHANNEL_HTTPERR;
    for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        if (!iw_str_begins_nocase(rest, iw_str_of(PREFIXES[i])))
            continue;
        place->day_ns = day_of(after(rest, 2));
        place->is_ansi = !is_utf8 && iw_time_known(place->day_ns);
    }
}

/* Folders above the log, from the nearest up. */
static void read_folders(struct iw_str folder, struct iislog_place *place)
{
    static const char *const OTHERS[] = {"FTPSVC", "MSFTPSVC", "SMTPSVC", "NNTPSVC"};
    bool is_nearest = true;

    for (; folder.n != 0; folder = iw_path_folder(folder), is_nearest = false) {
        struct iw_str name = iw_path_name(folder);
        if (is_nearest && is_folder_of(name, "W3SVC"))
            place->site = name;
        for (size_t i = 0; is_nearest && i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
            if (!is_folder_of(name, OTHERS[i]))
                continue;
            place->site = name;
            place->channel = IW_CHANNEL_OTHER_SERVICE;
        }
        if (iw_str_equal_nocase(name, IW_STR("HTTPERR")))
            place->channel = IW_CHANNEL_HTTPERR;
        if (iw_str_equal_nocase(name, IW_STR("WMSvc")))
            place->channel = IW_CHANNEL_WMSVC;
    }
}

struct iislog_place iislog_place_read(struct iw_str path)
{
    struct iislog_place place = {IW_CHANNEL_W3SVC, IW_STR(""), IW_TIME_UNKNOWN, false};
    if (path.n == 0)
        return place;
    read_name(iw_path_name(path), &place);
    read_folders(iw_path_folder(path), &place);
    return place;
}
