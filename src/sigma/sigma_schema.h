/**
 * Which fields the events of a log source have: Sysmon's schema, Security 4688 and 5156,
 * PowerShell. For checking rules; matching takes events as they are.
 *
 * Static tables; any thread.
 */
#ifndef IW_SIGMA_SIGMA_SCHEMA_H
#define IW_SIGMA_SIGMA_SCHEMA_H

#include "base/str.h"

/** The spelling the log uses for *field* in events of this category, letter case and spaces
 * ignored; an empty text when it has none. p NULL: the category has no table. */
struct iw_str iw_schema_find(struct iw_str category, struct iw_str field);
/** The known field nearest to *field*; empty when none is near. */
struct iw_str iw_schema_nearest(struct iw_str category, struct iw_str field);
/** Whether the category is also written by the Security log, but without this field. */
bool iw_schema_is_sysmon_only(struct iw_str category, struct iw_str field);

#endif
