/**
 * Points in time as JSON writers spell them.
 */
#ifndef IW_INPUT_JSON_JSON_TIME_H
#define IW_INPUT_JSON_JSON_TIME_H

#include "base/timestamp.h"

/**
 * Reads what iw_time_parse reads, and also: a space before the zone and zones without a colon
 * (`2026-01-05 11:00:00 +0100`), slashes in the date, `/Date(1767607200123)/`, and numbers:
 * seconds, milliseconds, microseconds or nanoseconds since 1970 by their size. False when it is
 * none.
 *
 * @param ret_has_zone  NULL, or whether the text says which clock it means
 */
bool json_time_parse(struct iw_str text, int64_t *ret_ns, bool *ret_has_zone);

#endif
