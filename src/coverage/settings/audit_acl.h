/**
 * The audit list (SACL) of a file or folder in the security descriptor definition language.
 *
 * Format: Microsoft, "Security Descriptor String Format" and "ACE Strings"; rights of files:
 * winnt.h (FILE_WRITE_DATA 0x2, ...).
 */
#ifndef IW_COVERAGE_AUDIT_ACL_H
#define IW_COVERAGE_AUDIT_ACL_H

#include "base/str.h"

/** Which files an entry audits that is written at a folder or file. An entry for objects (OI) that
 * does not stop (NP) reaches the files of all folders below: Windows hands it on through them. */
struct iw_audit_reach {
    bool itself;   /* the file it is written at */
    bool directly; /* files right in the folder */
    bool below;    /* and those of folders below, however deep */
};

struct iw_audit_acl {
    bool is_there;      /* the descriptor has an audit list, perhaps an empty one */
    bool is_protected;  /* takes nothing from the folder above */
    bool is_odd;        /* entries that could not be read */
    struct iw_str text; /* of the list */
    /* Which files are audited for successful writing (0x2): by everyone (Everyone, Authenticated
     * Users), by some accounts or under a condition. */
    struct iw_audit_reach everyone, some;
};

/** Reads `O:...G:...D:...S:...`, in any order and with any part missing. False: it is no such
 * text. Entries past IW_LIMIT_PROOF_ACES are odd. */
bool iw_audit_acl_read(struct iw_str sddl, struct iw_audit_acl *ret);

#endif
