/**
 * The audit policy as files say it: what `auditpol /get /category:*` prints in English, the same as
 * a report (`/r`) in any language, and the audit.csv of a group policy or of `auditpol /backup`.
 *
 * Formats: Microsoft, "auditpol get"; [MS-GPAC] 2.2.1 (columns; SettingValue: 0 unchanged,
 * 1 success, 2 failure, 3 both, 4 none). Subcategories are known by their ids ([MS-GPAC] 2.2.1.2),
 * in the English text by their names.
 */
#ifndef IW_COVERAGE_AUDIT_TEXT_H
#define IW_COVERAGE_AUDIT_TEXT_H

#include "base/arena.h"
#include "base/error.h"

/** Subcategories that links depend on. */
enum iw_audit_subcategory {
    IW_AUDIT_PROCESS_CREATION = 0, /* 4688 */
    IW_AUDIT_FILE_SYSTEM,          /* 4663 */
    IW_AUDIT_LOGON,                /* 4624 */
    IW_AUDIT_SUBCATEGORY_COUNT
};

/** "Process Creation", ...; never NULL. */
const char *iw_audit_subcategory_name(enum iw_audit_subcategory subcategory);

enum iw_audit_state {
    IW_AUDIT_UNSAID = 0,
    IW_AUDIT_OFF,      /* success is not audited; failure may be */
    IW_AUDIT_ON,       /* success is audited */
    IW_AUDIT_DISAGREES /* the file says both */
};

struct iw_audit_row {
    enum iw_audit_state state;
    uint32_t line;
};

struct iw_audit_policy_text {
    struct iw_audit_row rows[IW_AUDIT_SUBCATEGORY_COUNT];
    bool is_intended;      /* of a group policy: what should be, not what is */
    struct iw_str machine; /* that the first row names; empty: none does */
    uint32_t n_strangers;  /* rows of another machine: they do not count */
    uint32_t n_rows;       /* of any subcategory */
};

/** Reads a file. IW_OK; IW_EFORMAT: no row of a policy is in it; IW_ELIMIT; IW_ENOMEM. */
enum iw_rc iw_audit_text_read(struct iw_str bytes, struct iw_arena *arena,
                              struct iw_audit_policy_text *ret, struct iw_error *err);

#endif
