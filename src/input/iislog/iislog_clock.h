/**
 * Times of log lines. Clocks of W3C logs and HTTPERR are UTC whatever the rollover (Microsoft, "W3C
 * Logging"); the time is that of the request's END, to the second.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_CLOCK_H
#define IW_INPUT_IISLOG_IISLOG_CLOCK_H

#include "base/str.h"
#include "base/timestamp.h"

/** Remembers the day read last: lines of one day come in runs. Zero-initialise. */
struct iislog_clock {
    char text[10]; /* "YYYY-MM-DD" */
    int64_t day_ns;
    bool is_set;
};

/** What is known of the day where lines have no `date` column. */
struct iislog_day {
    int64_t directive_ns; /* `#Date` in force, to the second; IW_TIME_UNKNOWN: none */
    int64_t name_ns;      /* midnight of the day in the file's name; IW_TIME_UNKNOWN: none */
};

/** `YYYY-MM-DD` to its midnight. False when it is anything else. */
bool iislog_clock_date(struct iislog_clock *clock, struct iw_str text, int64_t *ret_ns);
/** `hh:mm:ss`, perhaps with a fraction, to nanoseconds of the day. False when it is anything else.
 */
bool iislog_clock_time(struct iw_str text, int64_t *ret_ns);

/**
 * The day of a line at *time_of_day*, or IW_TIME_UNKNOWN where nothing proves one:
 * `#Date` and the file's name agree: that day. `#Date` alone: its day for lines at or after its
 * moment; a line before it may be of the next day. The name alone: its day.
 */
int64_t iislog_day_of(const struct iislog_day *day, int64_t time_of_day);

#endif
