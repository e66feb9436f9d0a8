/**
 * Accounts of application pools: `IIS APPPOOL\Name`, and the SID that is made of the name.
 *
 * Format: S-1-5-82 followed by the five 32-bit words (little-endian) of the SHA-1 of the pool's
 * name in lower case as UTF-16LE. DefaultAppPool is
 * S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415 on every machine.
 */
#ifndef IW_CONTEXT_POOL_ACCOUNT_H
#define IW_CONTEXT_POOL_ACCOUNT_H

#include "base/arena.h"

/** The pool an account belongs to (`IIS APPPOOL\Name`); empty: it is no pool's. Borrowed. */
struct iw_str iw_pool_of_account(struct iw_str account);
/** Whether a SID is that of a pool, whichever. */
bool iw_is_pool_sid(struct iw_str sid);
/** Whether an account (either text may be empty) is the one that IIS gives to anonymous visitors
 * (`NT AUTHORITY\\IUSR`, S-1-5-17): nothing else runs as it. Source: learn.microsoft.com,
 * "Understanding Built-In User and Group Accounts in IIS 7". */
bool iw_is_visitor_account(struct iw_str user, struct iw_str sid);
/** The SID of a pool's account. p == NULL: no memory. */
struct iw_str iw_pool_sid(struct iw_str pool, struct iw_arena *arena);

#endif
