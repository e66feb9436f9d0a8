/**
 * Parts of a time, for the modifiers `minute` … `year`.
 */
#ifndef IW_SIGMA_SIGMA_TIME_H
#define IW_SIGMA_SIGMA_TIME_H

#include "base/str.h"

enum iw_time_part {
    IW_TIME_MINUTE = 0,
    IW_TIME_HOUR,
    IW_TIME_DAY,  /* of the month */
    IW_TIME_WEEK, /* ISO 8601: 1 to 53 */
    IW_TIME_MONTH,
    IW_TIME_YEAR
};

/**
 * Reads `YYYY-MM-DD[T ]hh:mm[:ss[.fraction]][Z|±hh[:]mm]`, also with `/` in the date, or a date
 * alone, and gives one part as it is written: no time zone is applied. False when the text is
 * anything else, is no date of the calendar, or has no such part.
 */
bool iw_time_part_read(struct iw_str text, enum iw_time_part part, uint32_t *ret);

#endif
