/**
 * Kinds of accounts: what stays the same when the person or the server changes.
 *
 * Pure; any thread.
 */
#ifndef IW_DETECT_ACCOUNT_KIND_H
#define IW_DETECT_ACCOUNT_KIND_H

#include "base/str.h"

#define IW_ACCOUNT_USER "user"

/** "system", "service" (of Windows, or virtual), "pool", "computer", "user", "unknown"; static.
 * *user*: DOMAIN\\name; either may be empty. Well-known SIDs: learn.microsoft.com, "Security
 * identifiers". */
const char *iw_account_kind(struct iw_str user, struct iw_str sid);

#endif
