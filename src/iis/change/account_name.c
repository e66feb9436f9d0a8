/*
 * Names of accounts. Reference: Microsoft "User Name Formats" (down-level logon name DOMAIN\name,
 * user principal name name@domain) and "SID Components". Deliberately not done: names of well-known
 * SIDs, which Windows translates.
 */
#include "iis/change/account_name.h"

#include "base/fold.h"

static bool is_sid(struct iw_str text)
{
    return iw_str_begins_nocase(text, IW_STR("S-1-"));
}

static struct iw_str part(struct iw_str text, size_t from, size_t to)
{
    return (struct iw_str){text.p + from, to - from};
}

bool iw_account_name_read(struct iw_str text, struct iw_arena *arena, struct iw_account_name *ret)
{
    struct iw_str folded = iw_fold_text(text, arena);
    size_t backslash, at;

    *ret = (struct iw_account_name){.name = folded};
    if (folded.p == NULL)
        return false;
    if (is_sid(folded)) {
        *ret = (struct iw_account_name){.sid = folded};
        return true;
    }
    backslash = iw_str_find(folded, IW_STR("\\"));
    at = iw_str_find(folded, IW_STR("@"));
    if (backslash != SIZE_MAX) {
        ret->domain = part(folded, 0, backslash);
        ret->name = part(folded, backslash + 1, folded.n);
    } else if (at != SIZE_MAX) {
        ret->name = part(folded, 0, at);
        ret->domain = part(folded, at + 1, folded.n);
    }
    return true;
}

bool iw_account_name_set_sid(struct iw_account_name *account, struct iw_str sid,
                             struct iw_arena *arena)
{
    if (sid.n == 0)
        return true;
    account->sid = iw_fold_text(sid, arena);
    return account->sid.p != NULL;
}

static bool has_dot(struct iw_str text)
{
    return iw_str_find(text, IW_STR(".")) != SIZE_MAX;
}

static enum iw_holds same_domain(struct iw_str listed, struct iw_str actual)
{
    if (listed.n == 0 || iw_str_equal(listed, actual))
        return IW_HOLDS_YES;
    if (actual.n == 0 || has_dot(listed) != has_dot(actual))
        return IW_HOLDS_UNKNOWN;
    return IW_HOLDS_NO;
}

static enum iw_holds is_same(const struct iw_account_name *listed,
                             const struct iw_account_name *actor)
{
    if (listed->sid.n != 0) {
        if (actor->sid.n == 0)
            return IW_HOLDS_UNKNOWN;
        return iw_str_equal(listed->sid, actor->sid) ? IW_HOLDS_YES : IW_HOLDS_NO;
    }
    if (actor->name.n == 0)
        return IW_HOLDS_UNKNOWN;
    return iw_str_equal(listed->name, actor->name) ? same_domain(listed->domain, actor->domain)
                                                   : IW_HOLDS_NO;
}

enum iw_holds iw_account_name_is_listed(const struct iw_account_name *listed, size_t n,
                                        const struct iw_account_name *actor)
{
    enum iw_holds best = IW_HOLDS_NO;

    for (size_t i = 0; i < n && best != IW_HOLDS_YES; i++) {
        const enum iw_holds one = is_same(&listed[i], actor);
        if (one != IW_HOLDS_NO)
            best = one;
    }
    return best;
}
