#include "detect/chain/account_kind.h"

#include "context/pool_account.h"

static const struct {
    const char *sid, *name, *kind;
} KNOWN[] = {
    {"S-1-5-18", "SYSTEM", "system"},
    {"S-1-5-19", "LOCAL SERVICE", "service"},
    {"S-1-5-20", "NETWORK SERVICE", "service"},
};

const char *iw_account_kind(struct iw_str user, struct iw_str sid)
{
    if (iw_pool_of_account(user).n != 0 || iw_is_pool_sid(sid))
        return "pool";
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        if (iw_str_equal_nocase(sid, iw_str_of(KNOWN[i].sid)))
            return KNOWN[i].kind;
        if (iw_str_begins_nocase(user, IW_STR("NT AUTHORITY\\")) &&
            iw_str_ends_nocase(user, iw_str_of(KNOWN[i].name)))
            return KNOWN[i].kind;
    }
    if (iw_str_begins_nocase(user, IW_STR("NT SERVICE\\")) ||
        iw_str_begins_nocase(sid, IW_STR("S-1-5-80-")))
        return "service";
    if (user.n == 0 && sid.n == 0)
        return "unknown";
    return user.n != 0 && user.p[user.n - 1] == '$' ? "computer" : IW_ACCOUNT_USER;
}
