/**
 * Times as people write them in change records. Inside of iis/change only.
 */
#ifndef IW_IIS_CHANGE_CHANGE_TIME_H
#define IW_IIS_CHANGE_CHANGE_TIME_H

#include "base/str.h"

enum change_time_order {
    CHANGE_TIME_ISO = 0, /* 2026-01-05T10:00:00, 2026-01-05 10:00 */
    CHANGE_TIME_DOTS,    /* 05.01.2026 10:00 */
    CHANGE_TIME_SLASHES  /* 01/05/2026 10:00, 1/5/2026 10:00:00 AM: month first */
};

/** How the times of a file are written. Zeroed: ISO 8601, each with its zone. */
struct change_time_form {
    enum change_time_order order;
    bool has_zone; /* of times that have none of their own */
    int32_t zone_seconds;
};

/** Reads the name of an order: "iso", "dd.mm.yyyy hh:mm", "mm/dd/yyyy hh:mm". */
bool change_time_order_parse(struct iw_str text, enum change_time_order *ret);
/** Reads an offset: "Z", "+01:00", "-0530". Names of zones are none: whether daylight saving time
 * held would be a guess. */
bool change_time_zone_parse(struct iw_str text, int32_t *ret_seconds);

/** Reads a time. NULL and *ret_ns, or what is wrong with it (static). */
const char *change_time_parse(struct iw_str text, const struct change_time_form *form,
                              int64_t *ret_ns);

#endif
