/**
 * Lines that stand under no `#Fields`: the IIS log file format, NCSA common and combined, and
 * continuations of W3C logs and HTTPERR whose beginning is not there. What a line is, it says by
 * its own shape: no line decides over another.
 *
 * IIS format: fixed columns with `, ` between them, local time ("IIS Log File Format", Microsoft
 * Open Specifications and IIS documentation). NCSA: `host logname user [day/month/year:time zone]
 * "request" status bytes`, local time with its offset ("NCSA Common log file format"). Their values
 * get the names W3C logs have for the same, so that one rule reads all; what W3C has no name for is
 * called `x-logname` and `x-time`.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_BARE_H
#define IW_INPUT_IISLOG_IISLOG_BARE_H

#include "input/iislog/iislog_clock.h"
#include "input/iislog/iislog_columns.h"

enum iislog_form {
    IISLOG_FORM_IIS = 0,
    IISLOG_FORM_NCSA,
    IISLOG_FORM_W3C,       /* IIS's default columns: assumed, because there are as many values */
    IISLOG_FORM_HTTPERR,   /* KB820729 */
    IISLOG_FORM_HTTPERR_2, /* with streamid, since Windows 10 and Server 2016 */
    IISLOG_FORM_UNKNOWN,   /* begins with date and time, columns not known: `x-line` is all of it */
    IISLOG_FORM_COUNT
};

struct iislog_bare {
    struct iislog_columns columns[IISLOG_FORM_COUNT];
    struct iislog_clock *clock; /* the reader's */
};

struct iislog_bare_line {
    enum iislog_form form; /* IISLOG_FORM_COUNT: none of them */
    struct iislog_columns *columns;
    size_t n;        /* values in columns->values, borrowed from the line */
    bool is_local;   /* time_ns is of a clock whose offset is not known, read as UTC */
    int64_t time_ns; /* or IW_TIME_UNKNOWN */
};

/** IW_OK or IW_ENOMEM; needs iislog_bare_done in every case. */
enum iw_rc iislog_bare_init(struct iislog_bare *bare, const struct iw_names *names,
                            struct iislog_clock *clock);
void iislog_bare_done(struct iislog_bare *bare);
/** Reads one line. */
struct iislog_bare_line iislog_bare_read(struct iislog_bare *bare, struct iw_str line);

#endif
