/**
 * One condition of a filter of Sysmon, asked of a value of which perhaps only the beginning and the
 * end are known.
 *
 * What the words mean: Microsoft, "Sysmon" (Sysinternals), event filtering entries; letter case is
 * ignored. Values and texts are folded (base/fold.h) by whoever calls.
 */
#ifndef IW_COVERAGE_SYSMON_CONDITION_H
#define IW_COVERAGE_SYSMON_CONDITION_H

#include "base/str.h"

enum iw_sysmon_condition {
    IW_SYSMON_IS = 0, /* also where none is written */
    IW_SYSMON_IS_NOT,
    IW_SYSMON_IS_ANY, /* values between `;`, as with all that have "any" or "all" in their name */
    IW_SYSMON_CONTAINS,
    IW_SYSMON_CONTAINS_ANY,
    IW_SYSMON_CONTAINS_ALL,
    IW_SYSMON_EXCLUDES,
    IW_SYSMON_EXCLUDES_ANY, /* does not contain one or more of them */
    IW_SYSMON_EXCLUDES_ALL, /* contains none of them */
    IW_SYSMON_BEGIN_WITH,
    IW_SYSMON_NOT_BEGIN_WITH,
    IW_SYSMON_END_WITH,
    IW_SYSMON_NOT_END_WITH,
    IW_SYSMON_LESS_THAN,
    IW_SYSMON_MORE_THAN,
    IW_SYSMON_IMAGE, /* the whole path, or the name alone */
    IW_SYSMON_CONDITION_COUNT
};

/** "is", "contains any", ... as configurations write it; never NULL. */
const char *iw_sysmon_condition_name(enum iw_sysmon_condition condition);
/** False: no such word. Letter case is ignored. */
bool iw_sysmon_condition_parse(struct iw_str text, enum iw_sysmon_condition *ret);
/** Whether its value is a list between `;`. */
bool iw_sysmon_condition_is_list(enum iw_sysmon_condition condition);

/** Of how many of the values that are meant something holds. */
enum iw_sysmon_share {
    IW_SYSMON_NONE = 0,
    IW_SYSMON_SOME, /* or it cannot be told */
    IW_SYSMON_ALL
};

/** Values that begin and end so, with anything between; or one value. */
struct iw_sysmon_values {
    struct iw_str begin, end;
    bool is_whole; /* *begin* is the value */
};

/** Of how many of *values* the condition holds. *wanted*: n texts, more than one only of lists. */
enum iw_sysmon_share iw_sysmon_condition_holds(enum iw_sysmon_condition condition,
                                               const struct iw_str *wanted, size_t n,
                                               const struct iw_sysmon_values *values);

enum iw_sysmon_share iw_sysmon_not(enum iw_sysmon_share share);
enum iw_sysmon_share iw_sysmon_and(enum iw_sysmon_share a, enum iw_sysmon_share b);
enum iw_sysmon_share iw_sysmon_or(enum iw_sysmon_share a, enum iw_sysmon_share b);

#endif
