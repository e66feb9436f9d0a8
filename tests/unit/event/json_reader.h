/**
 * A strict JSON reader (RFC 8259) for tests: whether a text is one value, no key twice in one
 * object, and the raw text of a member of the outermost object.
 */
#ifndef IW_TESTS_JSON_READER_H
#define IW_TESTS_JSON_READER_H

#include "base/str.h"

/** Whether *text* is exactly one object of scalars and arrays of scalars, no key in it twice. */
bool json_is_valid(struct iw_str text);
/** The raw value of *key* (as it is written, quotes included) in the object *text*; p NULL: none.
 */
struct iw_str json_member(struct iw_str text, const char *key);
/** Number of members of the object *text*. */
size_t json_count(struct iw_str text);

#endif
