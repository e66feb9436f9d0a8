/**
 * What the path of a log tells: the site, the day, the service and how its bytes are to be read.
 *
 * `%SystemDrive%\inetpub\logs\LogFiles\W3SVC<id>\u_ex<YYMMDD>.log` and its kin (Microsoft, "Log
 * Files for a Web Site <logFile>": period, directory, logFormat; KB820729 for HTTPERR). Paths come
 * from the collection and may have been renamed: what they say is used only where the log itself
 * does not speak.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_PLACE_H
#define IW_INPUT_IISLOG_IISLOG_PLACE_H

#include "base/str.h"
#include "base/timestamp.h"

struct iislog_place {
    const char *channel; /* event/web_log.h; static */
    struct iw_str site;  /* the folder's name, "W3SVC1"; empty when it is none; borrowed */
    int64_t day_ns;      /* midnight of the day in the name, or IW_TIME_UNKNOWN */
    bool is_ansi;        /* the name says: not UTF-8 (`ex…`, `in…`, `nc…` without `u_`) */
};

/** Reads *path* (either kind of separator); an empty one tells nothing. */
struct iislog_place iislog_place_read(struct iw_str path);

#endif
