/**
 * Whether an account in the evidence is one that a list names: `CORP\deploy`, `deploy`,
 * `deploy@corp.example` or a SID, letter case ignored. Three-valued, for evidence often has only
 * one of name and SID.
 */
#ifndef IW_IIS_CHANGE_ACCOUNT_NAME_H
#define IW_IIS_CHANGE_ACCOUNT_NAME_H

#include "base/arena.h"

/** Does something hold? */
enum iw_holds { IW_HOLDS_NO = 0, IW_HOLDS_YES, IW_HOLDS_UNKNOWN };

/** All texts folded; empty: not known, or (domain) any. */
struct iw_account_name {
    struct iw_str domain, name, sid;
};

/** Reads a name or a SID. False only when there is no memory. */
bool iw_account_name_read(struct iw_str text, struct iw_arena *arena, struct iw_account_name *ret);
/** Adds the SID of an account (empty: not known). False only when there is no memory. */
bool iw_account_name_set_sid(struct iw_account_name *account, struct iw_str sid,
                             struct iw_arena *arena);

/**
 * Is *actor* one of *listed*? YES: one is the same. UNKNOWN: none is, but one may be: it is a SID
 * and the evidence has a name only (or the reverse), or their names are equal and the domain of one
 * is not known or spelt in the other way (CORP, corp.example). NO otherwise; also of an empty list.
 * A listed name without domain is any account of that name.
 */
enum iw_holds iw_account_name_is_listed(const struct iw_account_name *listed, size_t n,
                                        const struct iw_account_name *actor);

#endif
