/*
 * "Some" is always safe: it never makes anything clear. So wherever beginning and end alone do not
 * settle a condition, it is the answer.
 */
#include "coverage/settings/sysmon_condition.h"

#include "base/path_name.h"

static const char *const NAMES[IW_SYSMON_CONDITION_COUNT] = {
    [IW_SYSMON_IS] = "is",
    [IW_SYSMON_IS_NOT] = "is not",
    [IW_SYSMON_IS_ANY] = "is any",
    [IW_SYSMON_CONTAINS] = "contains",
    [IW_SYSMON_CONTAINS_ANY] = "contains any",
    [IW_SYSMON_CONTAINS_ALL] = "contains all",
    [IW_SYSMON_EXCLUDES] = "excludes",
    [IW_SYSMON_EXCLUDES_ANY] = "excludes any",
    [IW_SYSMON_EXCLUDES_ALL] = "excludes all",
    [IW_SYSMON_BEGIN_WITH] = "begin with",
    [IW_SYSMON_NOT_BEGIN_WITH] = "not begin with",
    [IW_SYSMON_END_WITH] = "end with",
    [IW_SYSMON_NOT_END_WITH] = "not end with",
    [IW_SYSMON_LESS_THAN] = "less than",
    [IW_SYSMON_MORE_THAN] = "more than",
    [IW_SYSMON_IMAGE] = "image",
};

const char *iw_sysmon_condition_name(enum iw_sysmon_condition condition)
{
    return NAMES[condition];
}

bool iw_sysmon_condition_parse(struct iw_str text, enum iw_sysmon_condition *ret)
{
    for (unsigned i = 0; i < IW_SYSMON_CONDITION_COUNT; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(NAMES[i]))) {
            *ret = (enum iw_sysmon_condition)i;
            return true;
        }
    }
    return false;
}

bool iw_sysmon_condition_is_list(enum iw_sysmon_condition condition)
{
    return condition == IW_SYSMON_IS_ANY || condition == IW_SYSMON_CONTAINS_ANY ||
           condition == IW_SYSMON_CONTAINS_ALL || condition == IW_SYSMON_EXCLUDES_ANY ||
           condition == IW_SYSMON_EXCLUDES_ALL;
}

/* --- of all, of some, of none --------------------------------------------------------------- */

enum iw_sysmon_share iw_sysmon_not(enum iw_sysmon_share share)
{
    return (enum iw_sysmon_share)(IW_SYSMON_ALL - share);
}

enum iw_sysmon_share iw_sysmon_and(enum iw_sysmon_share a, enum iw_sysmon_share b)
{
    return a < b ? a : b;
}

enum iw_sysmon_share iw_sysmon_or(enum iw_sysmon_share a, enum iw_sysmon_share b)
{
    return a > b ? a : b;
}

static enum iw_sysmon_share whole(bool holds)
{
    return holds ? IW_SYSMON_ALL : IW_SYSMON_NONE;
}

/* --- texts; folded, so bytes are compared --------------------------------------------------- */

static bool begins(struct iw_str text, struct iw_str with)
{
    return with.n <= text.n && (with.n == 0 || memcmp(text.p, with.p, with.n) == 0);
}

static bool ends(struct iw_str text, struct iw_str with)
{
    return with.n <= text.n &&
           (with.n == 0 || memcmp(text.p + text.n - with.n, with.p, with.n) == 0);
}

static bool holds(struct iw_str text, struct iw_str part)
{
    return iw_str_find(text, part) != SIZE_MAX;
}

/* `c:\...`: a colon stands nowhere else in the path of a file, so what contains this begins so. */
static bool names_drive(struct iw_str text)
{
    return text.n >= 3 && text.p[0] >= 'a' && text.p[0] <= 'z' && text.p[1] == ':' &&
           text.p[2] == '\\';
}

static enum iw_sysmon_share begin_with(const struct iw_sysmon_values *values, struct iw_str wanted)
{
    if (values->is_whole || begins(values->begin, wanted))
        return whole(begins(values->begin, wanted));
    return begins(wanted, values->begin) ? IW_SYSMON_SOME : IW_SYSMON_NONE;
}

static enum iw_sysmon_share end_with(const struct iw_sysmon_values *values, struct iw_str wanted)
{
    if (values->is_whole)
        return whole(ends(values->begin, wanted));
    if (ends(values->end, wanted))
        return IW_SYSMON_ALL;
    return ends(wanted, values->end) ? IW_SYSMON_SOME : IW_SYSMON_NONE;
}

static enum iw_sysmon_share contains(const struct iw_sysmon_values *values, struct iw_str wanted)
{
    if (values->is_whole)
        return whole(holds(values->begin, wanted));
    if (holds(values->begin, wanted) || holds(values->end, wanted))
        return IW_SYSMON_ALL;
    if (names_drive(wanted) && names_drive(values->begin))
        return begin_with(values, wanted);
    return IW_SYSMON_SOME;
}

static enum iw_sysmon_share is(const struct iw_sysmon_values *values, struct iw_str wanted)
{
    if (values->is_whole)
        return whole(iw_str_equal(values->begin, wanted));
    return begins(wanted, values->begin) && ends(wanted, values->end) &&
                   wanted.n >= values->begin.n + values->end.n
               ? IW_SYSMON_SOME
               : IW_SYSMON_NONE;
}

static enum iw_sysmon_share image(const struct iw_sysmon_values *values, struct iw_str wanted)
{
    if (wanted.n != 0 && memchr(wanted.p, '\\', wanted.n) != NULL)
        return is(values, wanted);
    if (values->is_whole)
        return whole(iw_str_equal(iw_path_name(values->begin), wanted));
    return ends(wanted, values->end) ? IW_SYSMON_SOME : IW_SYSMON_NONE;
}

static enum iw_sysmon_share compare(const struct iw_sysmon_values *values, struct iw_str wanted,
                                    bool is_less)
{
    uint64_t value, limit;
    if (!values->is_whole || !iw_str_to_u64(values->begin, &value) ||
        !iw_str_to_u64(wanted, &limit))
        return IW_SYSMON_SOME;
    return whole(is_less ? value < limit : value > limit);
}

/* --- conditions ----------------------------------------------------------------------------- */

static enum iw_sysmon_share
any(enum iw_sysmon_share (*one)(const struct iw_sysmon_values *values, struct iw_str wanted),
    const struct iw_str *wanted, size_t n, const struct iw_sysmon_values *values)
{
    enum iw_sysmon_share share = IW_SYSMON_NONE;
    for (size_t i = 0; i < n && share != IW_SYSMON_ALL; i++)
        share = iw_sysmon_or(share, one(values, wanted[i]));
    return share;
}

static enum iw_sysmon_share contains_all(const struct iw_str *wanted, size_t n,
                                         const struct iw_sysmon_values *values)
{
    enum iw_sysmon_share share = n != 0 ? IW_SYSMON_ALL : IW_SYSMON_NONE;
    for (size_t i = 0; i < n && share != IW_SYSMON_NONE; i++)
        share = iw_sysmon_and(share, contains(values, wanted[i]));
    return share;
}

enum iw_sysmon_share iw_sysmon_condition_holds(enum iw_sysmon_condition condition,
                                               const struct iw_str *wanted, size_t n,
                                               const struct iw_sysmon_values *values)
{
    switch (condition) {
    case IW_SYSMON_IS:
    case IW_SYSMON_IS_ANY:
        return any(is, wanted, n, values);
    case IW_SYSMON_IS_NOT:
        return iw_sysmon_not(any(is, wanted, n, values));
    case IW_SYSMON_CONTAINS:
    case IW_SYSMON_CONTAINS_ANY:
        return any(contains, wanted, n, values);
    case IW_SYSMON_CONTAINS_ALL:
        return contains_all(wanted, n, values);
    case IW_SYSMON_EXCLUDES:
    case IW_SYSMON_EXCLUDES_ALL:
        return iw_sysmon_not(any(contains, wanted, n, values));
    case IW_SYSMON_EXCLUDES_ANY:
        return iw_sysmon_not(contains_all(wanted, n, values));
    case IW_SYSMON_BEGIN_WITH:
        return any(begin_with, wanted, n, values);
    case IW_SYSMON_NOT_BEGIN_WITH:
        return iw_sysmon_not(any(begin_with, wanted, n, values));
    case IW_SYSMON_END_WITH:
        return any(end_with, wanted, n, values);
    case IW_SYSMON_NOT_END_WITH:
        return iw_sysmon_not(any(end_with, wanted, n, values));
    case IW_SYSMON_LESS_THAN:
    case IW_SYSMON_MORE_THAN:
        return n != 0 ? compare(values, wanted[0], condition == IW_SYSMON_LESS_THAN)
                      : IW_SYSMON_SOME;
    case IW_SYSMON_IMAGE:
        return any(image, wanted, n, values);
    case IW_SYSMON_CONDITION_COUNT:
        break;
    }
    return IW_SYSMON_SOME;
}
