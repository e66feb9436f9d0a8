/*
 * Logs of requests. Directives of W3C logs may stand in any order, so all lines with `#` at the
 * beginning are looked at: one that names the software of IIS or HTTP.sys, or columns of requests,
 * settles it. Files without their beginning are recognised by the shape of their first line.
 */
#include "evidence/sniff_weblog.h"

#include <string.h>

#include "evidence/sniff_text.h"

/* Lines looked at: the first may be what is left of a longer one. */
#define LINES_LOOKED_AT 3U

/* Takes the next line off *rest*; empty lines and zeros between lines are passed over. */
static bool next_line(struct iw_str *rest, struct iw_str *ret)
{
    size_t n = 0;
    while (rest->n != 0 && (rest->p[0] == '\n' || rest->p[0] == '\r' || rest->p[0] == '\0')) {
        rest->p++;
        rest->n--;
    }
    while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r' && rest->p[n] != '\0')
        n++;
    *ret = (struct iw_str){rest->p, n};
    rest->p += n;
    rest->n -= n;
    return n != 0;
}

/* Whether *name* is one of the words of *text*. */
static bool has_word(struct iw_str text, const char *name)
{
    size_t n = strlen(name);
    for (size_t at = 0; at + n <= text.n; at++) {
        bool begins = at == 0 || text.p[at - 1] == ' ';
        bool ends = at + n == text.n || text.p[at + n] == ' ';
        if (begins && ends && iw_str_equal_nocase((struct iw_str){text.p + at, n}, iw_str_of(name)))
            return true;
    }
    return false;
}

static bool is_web_directive(struct iw_str line)
{
    static const char *const COLUMNS[] = {"cs-method", "cs-uri-stem", "cs-uri", "sc-status",
                                          "s-reason"};
    if (iw_str_begins_nocase(line, IW_STR("#Software:")))
        return iw_str_holds_nocase(line, IW_STR("Microsoft Internet Information Services")) ||
               iw_str_holds_nocase(line, IW_STR("Microsoft HTTP API"));
    if (!iw_str_begins_nocase(line, IW_STR("#Fields:")))
        return false;
    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++) {
        if (has_word(line, COLUMNS[i]))
            return true;
    }
    return false;
}

static bool has_shape(struct iw_str text, const char *shape)
{
    size_t n = strlen(shape);
    for (size_t i = 0; i < n && i < text.n; i++) {
        bool is_digit = text.p[i] >= '0' && text.p[i] <= '9';
        if (shape[i] == '0' ? !is_digit : text.p[i] != shape[i])
            return false;
    }
    return text.n >= n;
}

static bool has_method(struct iw_str line)
{
    static const char *const METHODS[] = {"GET",    "POST",  "HEAD",        "PUT",
                                          "DELETE", "TRACE", "OPTIONS",     "PROPFIND",
                                          "PATCH",  "DEBUG", "RPC_IN_DATA", "CONNECT"};
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++) {
        if (has_word(line, METHODS[i]))
            return true;
    }
    return false;
}

/* A W3C line of some `#Fields` that is not here: date, time, a method, a path. */
static bool is_w3c_line(struct iw_str line)
{
    return has_shape(line, "0000-00-00 00:00:00 ") && has_method(line) &&
           iw_str_find(line, IW_STR(" /")) != SIZE_MAX;
}

/* HTTPERR without directives (KB820729): date, time, two addresses with ports. */
static bool is_httperr_line(struct iw_str line)
{
    return has_shape(line, "0000-00-00 00:00:00 ") &&
           (iw_str_find(line, IW_STR(" HTTP/")) != SIZE_MAX ||
            iw_str_find(line, IW_STR(" Timer_")) != SIZE_MAX);
}

static bool is_ncsa_line(struct iw_str line)
{
    size_t at = iw_str_find(line, IW_STR(" ["));
    size_t end = iw_str_find(line, IW_STR("] \""));
    if (at == SIZE_MAX || end == SIZE_MAX || end < at || end - at < 20)
        return false;
    return has_shape((struct iw_str){line.p + at + 2, 3}, "00/") && line.p[at + 8] == '/' &&
           line.p[at + 13] == ':';
}

/* `address, user, m/d/y, h:m:s, W3SVC1, …` */
static bool is_iis_line(struct iw_str line)
{
    size_t n_commas = 0, n_slashes = 0;
    bool has_service = iw_str_holds_nocase(line, IW_STR(", W3SVC")) ||
                       iw_str_holds_nocase(line, IW_STR(", MSFTPSVC")) ||
                       iw_str_holds_nocase(line, IW_STR(", FTPSVC"));
    for (size_t i = 0; i < line.n; i++) {
        n_commas += line.p[i] == ',';
        n_slashes += n_commas == 2 && line.p[i] == '/';
    }
    return n_commas >= 14 && n_slashes == 2 && has_service;
}

bool iw_sniff_is_web_log(struct iw_str head)
{
    char out[IW_SNIFF_TEXT_BYTES];
    struct iw_str rest = iw_sniff_narrow(head, out), line;
    size_t n_lines = 0;

    while (n_lines < LINES_LOOKED_AT && next_line(&rest, &line)) {
        if (line.p[0] == '#') {
            if (is_web_directive(line))
                return true;
            continue;
        }
        n_lines++;
        if (is_w3c_line(line) || is_httperr_line(line) || is_ncsa_line(line) || is_iis_line(line))
            return true;
    }
    return false;
}
