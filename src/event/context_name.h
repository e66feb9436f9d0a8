/**
 * Names of the fields that no record carries (event/context_answer.h): what rules may ask for, and
 * what context/ and engine/ answer.
 */
#ifndef IW_EVENT_CONTEXT_NAME_H
#define IW_EVENT_CONTEXT_NAME_H

#include "base/str.h"

/** Whether a name is in one of their spaces (`Web.`, `Logon.` …), letter case ignored: Windows' own
 * fields have no dot, so no record has it. */
bool iw_context_name_is_one(struct iw_str name);
/** Whether there is such a field, letter case ignored. */
bool iw_context_name_is_known(struct iw_str name);
/** The one at *index*, as it is written; p is NULL behind the last. */
struct iw_str iw_context_name_at(size_t index);

#endif
