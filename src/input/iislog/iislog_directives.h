/**
 * What is in force where a line stands: `#Software`, `#Date`, `#Fields` (W3C "Extended Log File
 * Format", WD-logfile-960323). HTTP.sys writes all of them anew whenever logging starts or its
 * fields change, in the middle of a file too; any other line with `#` is a comment.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_DIRECTIVES_H
#define IW_INPUT_IISLOG_IISLOG_DIRECTIVES_H

#include "base/timestamp.h"
#include "input/iislog/iislog_columns.h"

#define IISLOG_SOFTWARE_BYTES 128U

struct iislog_directives {
    struct iislog_columns columns;
    char software[IISLOG_SOFTWARE_BYTES]; /* UTF-8, cut where it is longer */
    size_t n_software;
    int64_t date_ns;  /* of `#Date`; IW_TIME_UNKNOWN */
    bool is_http_sys; /* the software is HTTP.sys itself: HTTPERR */
};

void iislog_directives_init(struct iislog_directives *directives);
void iislog_directives_done(struct iislog_directives *directives);
/** As at the beginning of a file. */
void iislog_directives_clear(struct iislog_directives *directives);

/** What of that to which events point a line would change: they must be gone before. */
enum iislog_change { IISLOG_CHANGE_NONE = 0, IISLOG_CHANGE_SOFTWARE, IISLOG_CHANGE_COLUMNS };

enum iislog_change iislog_directives_change(const struct iislog_directives *directives,
                                            struct iw_str line);
/** Takes a line that begins with `#`. IW_OK or IW_ENOMEM. */
enum iw_rc iislog_directives_take(struct iislog_directives *directives,
                                  const struct iw_names *names, struct iw_str line);

#endif
