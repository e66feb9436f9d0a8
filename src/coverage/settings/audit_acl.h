/**
 * The audit list (SACL) of a file or folder in the security descriptor definition language.
 *
 * Format: Microsoft, "Security Descriptor String Format" and "ACE Strings"; rights of files:
 * winnt.h (FILE_WRITE_DATA 0x2, ...).
 */
#ifndef IW_COVERAGE_AUDIT_ACL_H
#define IW_COVERAGE_AUDIT_ACL_H

#include "base/str.h"

/* Rights of files (winnt.h). */
#define IW_AUDIT_WRITE 0x2U
#define IW_AUDIT_APPEND 0x4U
#define IW_AUDIT_DELETE 0x10000U /* also of what is renamed or moved away */
/** All by which something comes to lie in a folder under its name. */
#define IW_AUDIT_PLACES (IW_AUDIT_WRITE | IW_AUDIT_APPEND | IW_AUDIT_DELETE)
/** And by which a file is changed: attributes, rights and owner. */
#define IW_AUDIT_CHANGES (IW_AUDIT_PLACES | 0x10U | 0x100U | 0x40000U | 0x80000U)

/** Which rights are audited where, of IW_AUDIT_CHANGES, by an entry that is written at a folder or
 * file. An entry for objects (OI) that does not stop (NP) reaches the files of all folders below:
 * Windows hands it on through them. */
struct iw_audit_reach {
    uint32_t itself;   /* of the file it is written at */
    uint32_t directly; /* of files right in the folder */
    uint32_t below;    /* and of those of folders below, however deep */
};

struct iw_audit_acl {
    bool is_there;      /* the descriptor has an audit list, perhaps an empty one */
    bool is_protected;  /* takes nothing from the folder above */
    bool is_odd;        /* entries that could not be read */
    struct iw_str text; /* of the list */
    /* What is audited where it succeeds: by everyone (Everyone, Authenticated Users); by groups
     * that workers of IIS are in as it is installed, and where a condition decides; by others. */
    struct iw_audit_reach everyone, workers, others;
};

/** All that is audited by anybody. */
struct iw_audit_reach iw_audit_acl_all(const struct iw_audit_acl *acl);

/** Reads `O:...G:...D:...S:...`, in any order and with any part missing. False: it is no such
 * text. Entries past IW_LIMIT_PROOF_ACES are odd. */
bool iw_audit_acl_read(struct iw_str sddl, struct iw_audit_acl *ret);

#endif
